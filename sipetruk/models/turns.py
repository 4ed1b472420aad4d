"""Writers of one SQLite file take turns: whoever waits is woken when the file is free, instead of looking again in ever longer steps."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from typing import Any

import peewee as pw

EAGER = 0.005
"""Seconds in which who waits stays awake: most turns are over before a process is put to sleep and woken."""
PATIENCE = 10.0
"""Seconds after which a turn is no longer waited for: a holder that hangs is then SQLite's to judge."""


class TurnsDatabase(pw.SqliteDatabase):
    """A SQLite database whose transactions hold a lock on a file beside it, from before BEGIN until after COMMIT or ROLLBACK.

    SQLite's own lock still decides who writes; this one only says whose turn it is. So a turn that cannot be had, in a folder
    that is only read or behind a holder that hangs, is no fault.
    """

    def __init__(self, *args: Any, patience: float = PATIENCE, **options: Any) -> None:
        self._patience = patience
        self._mine = threading.local()
        super().__init__(*args, **options)

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """The cursor of a statement, as Peewee gives it, without its log and hooks, which nobody listens to."""
        with pw.__exception_wrapper__:
            return self.cursor().execute(sql, params or ())

    def begin(self, lock_type: str | None = None) -> None:
        self._leave()
        self._mine.turn = take(f"{self.database}.turn", self._patience)
        try:
            super().begin(lock_type)
        except BaseException:
            self._leave()
            raise

    def begin_without_turn(self) -> None:
        """Begin a transaction that only reads."""
        self._leave()
        super().begin("DEFERRED")

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
        has = _has_soon(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor if has or _Wait(descriptor).succeeds(patience) else None


def release(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)  # a child that was forked meanwhile has the descriptor too, and does not close it
    os.close(descriptor)


def _has_soon(descriptor: int) -> bool:
    """Whether the lock was had while others went on with what they do on this processor."""
    last = time.monotonic() + EAGER
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= last:
                return False
            os.sched_yield()
        else:
            return True


class _Wait:
    """The system wakes who waits for a lock, but waits for as long as it takes: a thread does that, and gives up what came too late."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._either = threading.Lock()
        self._ended = threading.Event()
        self._has = self._gave_up = False

    def succeeds(self, patience: float) -> bool:
        """Whether the lock was had in time; otherwise the descriptor is closed, at once or when the lock comes."""
        try:
            threading.Thread(target=self._wait, name="turn", daemon=True).start()
        except RuntimeError:  # no more threads
            os.close(self._descriptor)
            return False
        try:
            self._ended.wait(patience)
        except BaseException:
            if self._has_now():
                release(self._descriptor)
            raise
        return self._has_now()

    def _has_now(self) -> bool:
        with self._either:
            self._gave_up = not self._has
            return self._has

    def _wait(self) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            has = True
        except OSError:
            has = False
        with self._either:
            self._has = has and not self._gave_up
            if not self._has:
                os.close(self._descriptor)
        self._ended.set()
