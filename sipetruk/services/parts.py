"""Bytes of uploads that are not whole yet: a file each, in a folder that nothing serves, longer by what has come.

The length of a file is the offset of its upload: what was written counts, also when the process that wrote it was killed.
A file is locked only while it grows, never while the network is waited for, so that a new connection may go on at once
where an old one hangs; of two that write at the same place the second is refused.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sipetruk.errors import Conflict, TooManyAttempts


class Moved(Conflict):
    """The upload does not stand where the sender believes."""


class Full(TooManyAttempts):
    """There is no room on the disk."""


class Parts:
    """A folder of files, each under the id of its upload."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, name: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))

    def size(self, name: str) -> int | None:
        """How many bytes have come; None when there is no such file."""
        try:
            return (self.folder / name).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, name: str) -> BinaryIO:
        return (self.folder / name).open("rb")

    def append(self, name: str, at: int, chunk: bytes) -> int:
        """Write at the end, if that is where the sender believes it is; returns the new end. Survives the death of the process."""
        with (self.folder / name).open("r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # let go with the file, also by a kill
            end = file.seek(0, os.SEEK_END)
            if end != at:
                raise Moved("Unggahan ini sudah sampai byte ke-%(end)s.", "offset", end=end)
            try:
                _write(file.fileno(), chunk)
            except OSError as error:
                file.truncate(at)
                if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                    raise Full("Ruang penyimpanan server penuh. Coba lagi nanti, atau hubungi BKPSDM.", "file") from None
                raise
        return at + len(chunk)

    def settle(self, name: str) -> None:
        """Wait until what was written is on the disk: survives the loss of power."""
        descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def discard(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)

    def untouched_since(self, moment: float) -> Iterator[str]:
        """The names of files that were last written before a moment."""
        if not self.folder.is_dir():
            return
        for entry in list(os.scandir(self.folder)):
            if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < moment:
                yield entry.name

    def used(self) -> int:
        """The size of all files."""
        return sum(entry.stat().st_size for entry in os.scandir(self.folder)) if self.folder.is_dir() else 0


def _write(descriptor: int, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[os.write(descriptor, left) :]
