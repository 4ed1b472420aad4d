"""Writers of one SQLite file take turns: all who wait look equally often whether it is free, where SQLite looks ever more seldom."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from typing import Any

import peewee as pw

PATIENCE = 10.0
"""Seconds after which a turn is no longer waited for: a holder that hangs is then SQLite's to judge."""
LOOK_EVERY = 0.000_5
"""Seconds; to be woken by the system instead took longer on a busy machine, and knows no patience."""


class TurnsDatabase(pw.SqliteDatabase):
    """A SQLite database whose transactions hold a lock on a file beside it, from before BEGIN until after COMMIT or ROLLBACK.

    SQLite's own lock still decides who writes; this one only says whose turn it is. So a turn that cannot be had, in a folder
    that is only read or behind a holder that hangs, is no fault.
    """

    def __init__(self, *args: Any, patience: float = PATIENCE, **options: Any) -> None:
        self._patience = patience
        self._mine = threading.local()
        super().__init__(*args, **options)

    def begin(self, lock_type: str | None = None) -> None:
        self._leave()
        self._mine.turn = take(f"{self.database}.turn", self._patience)
        try:
            super().begin(lock_type)
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        """A commit that fails keeps the turn: the transaction is still open, and is rolled back."""
        super().commit()
        self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def _close(self, conn: Any) -> None:
        try:
            super()._close(conn)
        finally:
            self._leave()

    def _leave(self) -> None:
        turn, self._mine.turn = getattr(self._mine, "turn", None), None
        if turn is not None:
            release(turn)


def take(path: str, patience: float) -> int | None:
    """The descriptor that holds the lock, which dies with its process; None where there is none to be had, or not in time.

    It is opened anew each time: so threads exclude one another as well, and a file that took the place of another has its own.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None
    try:
        if _locked(descriptor, time.monotonic() + patience):
            return descriptor
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None


def release(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)  # a child that was forked meanwhile has the descriptor too, and does not close it
    os.close(descriptor)


def _locked(descriptor: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_EVERY)
        except OSError:
            return False
        else:
            return True
