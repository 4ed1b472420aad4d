"""Whether anything was committed to the database since it was last asked: far cheaper than reading it again."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import nullcontext

import peewee as pw

from sipetruk.models.base import database

NOBODY_WROTE = "SELECT pg_current_snapshot()::text"
"""Two equal snapshots see the same rows: the database itself says so."""


class Changes:
    """`stamp()` is another one after every commit of any process; equal stamps mean that nothing was committed between them.

    SQLite answers from the memory that its processes share, through a connection kept for this alone; the file is looked at
    too, since another one may have taken its place. PostgreSQL is asked for its snapshot, over a connection of the pool.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path = ""
        self._file: tuple[int, int] | None = None
        self._opened: sqlite3.Connection | None = None
        self._openings = 0

    def stamp(self) -> object:
        engine = database.obj
        if isinstance(engine, pw.SqliteDatabase):
            with self._lock:
                return self._of_file(str(engine.database))
        with database.connection_context() if database.is_closed() else nullcontext():
            return database.execute_sql(NOBODY_WROTE).fetchone()[0]

    def _of_file(self, path: str) -> object:
        found = os.stat(path)  # noqa: PTH116  # asked at every request, and a Path costs four times as much
        file = (found.st_dev, found.st_ino)
        if self._opened is None or file != self._file or path != self._path:
            self.close()
            # in autocommit a PRAGMA leaves no transaction behind; the lock above lets one thread in at a time
            self._opened = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
            self._path, self._file = path, file
            self._openings += 1
        return self._openings, self._opened.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
