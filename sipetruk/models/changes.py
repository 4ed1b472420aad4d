"""Whether anything was committed to the database since it was last asked: far cheaper than reading it again."""

from __future__ import annotations

import mmap
import os
import sqlite3
import struct
import threading
import time
from contextlib import nullcontext
from typing import NamedTuple

import peewee as pw

from sipetruk.models.base import database

NOBODY_WROTE = "SELECT pg_current_snapshot()::text"
"""Two equal snapshots see the same rows: the database itself says so."""
ANYBODY_WROTE = "PRAGMA data_version"
"""Another number after every commit of another connection to the file."""
LOOK_EVERY = 0.05
"""Seconds after which it is looked whether another file has taken the place of the database."""

_HEADER = struct.Struct("=I8xB35x")
"""The header of a WAL index (sqlite.org/walformat.html): its format, eight bytes, whether it is in use, and what each commit changes."""
_FORMAT = 3_007_000
_indexes: dict[str, tuple[int, int, mmap.mmap]] = {}
"""Of each file: the number of its WAL index on the disk, the descriptor by which it is open, and its header."""


class Glance(NamedTuple):
    """How to see without asking that nothing was committed: that of this engine these bytes still begin the WAL index."""

    engine: pw.Database
    until: float
    """The monotonic moment at which it must be asked again all the same."""
    header: mmap.mmap
    begins: bytes

    def holds(self) -> bool:
        return self.header[: len(self.begins)] == self.begins and time.monotonic() < self.until and database.obj is self.engine


class Changes:
    """`stamp()` is another one after every commit of any process; equal stamps mean that nothing was committed between them.

    SQLite answers through a connection kept for this alone, or, without being asked, by the header of its WAL index: readers
    of SQLite tell by the same bytes whether what they have is the latest. Every system call lets another thread go first,
    which costs a busy server several times what the call does; so there is none while nothing changes. PostgreSQL is asked
    for its snapshot, over a connection of the pool.
    """

    def __init__(self, look_every: float = LOOK_EVERY) -> None:
        self._look_every = look_every
        self._lock = threading.Lock()
        self._path = ""
        self._file = (0, 0)
        self._look_at = 0.0
        self._opened: sqlite3.Connection | None = None
        self._header: mmap.mmap | None = None
        self._openings = 0

    def stamp(self) -> object:
        engine = database.obj
        if isinstance(engine, pw.SqliteDatabase):
            with self._lock:
                return self._of_file(engine.database)
        with database.connection_context() if database.is_closed() else nullcontext():
            return database.execute_sql(NOBODY_WROTE).fetchone()[0]

    def glance(self, stamp: object) -> Glance | None:
        """How to see that this stamp is still the one; None where that takes a question."""
        engine = database.obj
        with self._lock:
            if self._header is None or not isinstance(stamp, tuple) or stamp[0] != self._openings or engine.database != self._path:
                return None
            return Glance(engine, self._look_at, self._header, stamp[1])

    def _of_file(self, path: str) -> object:
        opened, now = self._opened, time.monotonic()
        if opened is None or now >= self._look_at or path != self._path:
            opened, self._look_at = self._looked(path), now + self._look_every
        if self._header is not None:
            return self._openings, self._header[: _HEADER.size]
        return self._openings, opened.execute(ANYBODY_WROTE).fetchone()[0]

    def _looked(self, path: str) -> sqlite3.Connection:
        """A connection to the file that is there now."""
        found = os.stat(path)  # noqa: PTH116  # a Path costs four times as much
        file = (found.st_dev, found.st_ino)
        if self._opened is None or file != self._file or path != self._path:
            self.close()
            # in autocommit a PRAGMA leaves no transaction behind; the lock lets one thread in at a time
            self._opened = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._opened.execute(ANYBODY_WROTE).fetchone()
            self._path, self._file, self._header = path, file, _header(path)
            self._openings += 1
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = self._header = None


def _header(path: str) -> mmap.mmap | None:
    """The WAL index of a file to which a connection is open, as memory; None where it has none, or not one that we know.

    Whoever closes a file gives up the locks of his whole process on it, those of SQLite too: it is open once, and stays so for
    as long as it is the one in its place.
    """
    for gone in [each for each, (number, *_) in _indexes.items() if _number(each) != number]:
        os.close(_indexes.pop(gone)[1])
    if path not in _indexes:
        number = _number(path)
        if number is None:
            return None
        descriptor = os.open(f"{path}-shm", os.O_RDONLY | os.O_CLOEXEC)
        _indexes[path] = number, descriptor, mmap.mmap(descriptor, _HEADER.size, access=mmap.ACCESS_READ)
    header = _indexes[path][2]
    return header if _HEADER.unpack_from(header) == (_FORMAT, 1) else None


def _number(path: str) -> int | None:
    try:
        return os.stat(f"{path}-shm").st_ino  # noqa: PTH116  # as above
    except OSError:
        return None
