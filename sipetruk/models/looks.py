"""Acts that look before they write: on SQLite they read and check beside whoever writes, and take their turn for the writing alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import peewee as pw

from sipetruk.models.turns import TurnsDatabase

Row = tuple[Any, ...]


class Overtaken(Exception):
    """What an act had read was no longer so when it was to write; nothing is written."""


class LookingDatabase(TurnsDatabase):
    """A SQLite database in which the first transaction of a block `looking` begins without a turn.

    It reads one state of the file, whatever is committed meanwhile. When it first sends anything but a SELECT, it takes its turn,
    begins anew and asks once more all that it has asked: if every answer is the same to the letter, it goes on as though it had held
    its turn from the start, and otherwise it is `Overtaken`. What is given to `execute_later` waits until something else is asked or
    sent, or the transaction is to be committed: so the turn is as short as can be. One that writes nothing has seen one state of the file.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self._look = _Look()
        super().__init__(*args, **options)

    @contextmanager
    def looking(self) -> Iterator[None]:
        self._look.is_next = True
        try:
            yield
        finally:
            self._look.is_next = False

    def begin(self, lock_type: str | None = None) -> None:
        if not self._look.is_next:
            super().begin(lock_type)
            return
        self._look.is_next = False
        self.begin_without_turn()
        self._look.seen, self._look.later = [], []

    def execute_later(self, sql: str, params: Any = None) -> None:
        """Execute a statement that writes and whose outcome nobody looks at, at once or before the transaction ends."""
        if self._look.seen is None:
            self.execute_sql(sql, params)
        else:
            self._look.later.append((sql, params))

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        seen = self._look.seen
        if seen is None:
            return super().execute_sql(sql, params)
        if self._look.later or not sql.startswith("SELECT"):
            self._take_turn(seen)
            return super().execute_sql(sql, params)
        cursor = super().execute_sql(sql, params)
        rows = cursor.fetchall()
        seen.append((sql, params, rows))
        return _Answer(cursor.description, rows)

    def commit(self) -> None:
        if self._look.seen is not None and self._look.later:
            self._take_turn(self._look.seen)
        super().commit()

    def _take_turn(self, seen: list[tuple[str, Any, list[Row]]]) -> None:
        later = self._look.later
        super().rollback()
        try:
            super().begin()
        except BaseException:
            self.begin_without_turn()  # for whoever ends this transaction
            raise
        with pw.__exception_wrapper__:
            ask = self.connection().execute
            if any(ask(sql, params or ()).fetchall() != rows for sql, params, rows in seen):
                raise Overtaken
        for sql, params in later:
            self.execute_sql(sql, params)

    def _leave(self) -> None:
        self._look.seen, self._look.later = None, []
        super()._leave()


class _Look(threading.local):
    """Of one thread: whether its next transaction looks first; what that has asked, with the answers, and what it is to write."""

    def __init__(self) -> None:
        self.is_next = False
        self.seen: list[tuple[str, Any, list[Row]]] | None = None
        self.later: list[tuple[str, Any]] = []


class _Answer:
    """Rows that were fetched, as a cursor gives them."""

    def __init__(self, description: Any, rows: list[Row]) -> None:
        self.description = description
        self._left = iter(rows)

    def __iter__(self) -> Iterator[Row]:
        return self._left

    def fetchone(self) -> Row | None:
        return next(self._left, None)

    def fetchall(self) -> list[Row]:
        return list(self._left)

    def close(self) -> None:
        """There is nothing to close."""
