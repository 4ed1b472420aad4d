"""How full each caller's bucket is, in a small file that all processes of a server map into their memory.

The file is a hash table of fixed size: 4,096 rows of 8 places; a place is a caller's digest, the level and the moment at
which it was that. A row is locked while it is changed (`fcntl` between processes, a mutex between threads), so that
two processes never spend the same rest. The kernel gives a lock back when its process dies. Where a row is full, the
fullest bucket makes way: whoever has spent least loses least. The digest is salted anew for each file, so nobody can
choose whose row to crowd, and the file names no address.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import mmap
import os
import secrets
import struct
import threading
import weakref
from collections.abc import Callable
from pathlib import Path

ROWS, PLACES = 4096, 8
HEADER = 64
MARK = b"sipetruk-rate/1\n"
_PLACE = struct.Struct("<16sdd")
_ROW = _PLACE.size * PLACES
SIZE = HEADER + ROWS * _ROW
_EMPTY = bytes(16)


class Buckets:
    """One table: of a file for all processes that open it, each once, or without a file for this process alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._mutex = threading.Lock()
        self._descriptor: int | None = None
        if path is None:
            self._map = mmap.mmap(-1, SIZE)
            self._salt = secrets.token_bytes(16)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            weakref.finalize(self, os.close, self._descriptor)
            self._salt = self._prepare(self._descriptor)
            self._map = mmap.mmap(self._descriptor, SIZE)

    def take(self, caller: str, price: float, limit: float, window: float, now: float) -> tuple[bool, float]:
        """Whether the caller's bucket held the price, which is then taken out of it; and what is in it now."""
        digest = hashlib.blake2b(caller.encode("utf-8", "backslashreplace"), digest_size=16, key=self._salt).digest()
        start = HEADER + int.from_bytes(digest[:4], "little") % ROWS * _ROW
        with self._mutex:
            if self._descriptor is not None:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX, _ROW, start)
            try:
                return self._taken(digest, start, price, _filled(limit, window, now), now)
            finally:
                if self._descriptor is not None:
                    fcntl.lockf(self._descriptor, fcntl.LOCK_UN, _ROW, start)

    def _taken(self, digest: bytes, start: int, price: float, filled: Callable[[float, float], float], now: float) -> tuple[bool, float]:
        row = self._map[start : start + _ROW]
        place, level = self._place(row, digest, filled)
        is_enough = level >= price
        if is_enough:
            level -= price
        _PLACE.pack_into(self._map, start + place, digest, level, now)
        return is_enough, level

    @staticmethod
    def _place(row: bytes, digest: bytes, filled: Callable[[float, float], float]) -> tuple[int, float]:
        """Where the caller's bucket is or may be put, and how full it is."""
        found = row.find(digest)
        if found >= 0 and found % _PLACE.size == 0:
            _, level, at = _PLACE.unpack_from(row, found)
            return found, filled(level, at)
        fullest, most = 0, -1.0
        for place, (known, level, at) in zip(range(0, _ROW, _PLACE.size), _PLACE.iter_unpack(row), strict=True):
            level_now = math.inf if known == _EMPTY else filled(level, at)
            if level_now > most:
                fullest, most = place, level_now
        return fullest, filled(math.inf, 0.0)

    @staticmethod
    def _prepare(descriptor: int) -> bytes:
        """The salt of the file; whatever is no table of ours becomes an empty one."""
        fcntl.lockf(descriptor, fcntl.LOCK_EX, HEADER)
        try:
            header = os.pread(descriptor, HEADER, 0)
            if os.fstat(descriptor).st_size != SIZE or not header.startswith(MARK):
                os.ftruncate(descriptor, 0)
                os.ftruncate(descriptor, SIZE)
                header = MARK + secrets.token_bytes(16)
                os.pwrite(descriptor, header, 0)
            if hasattr(os, "posix_fallocate"):  # a page without a block on a full disk kills whoever writes to it
                os.posix_fallocate(descriptor, 0, SIZE)
            return header[len(MARK) : len(MARK) + 16]
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN, HEADER)


def _filled(limit: float, window: float, now: float) -> Callable[[float, float], float]:
    """How full a bucket is now. The clock counts from the start of the machine: a moment of before is long ago."""

    def filled(level: float, at: float) -> float:
        if not at <= now or not level >= 0:
            return limit
        return min(limit, level + (now - at) * limit / window)

    return filled
