"""Filters of a list: one control each, its choices asked at every request, a value that makes no sense is no filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

import peewee as pw
from flask_admin.model.filters import BaseFilter

from sipetruk.models.base import UTCDateTimeField
from sipetruk.panel.kit.fields import whole
from sipetruk.queries.conditions import contains
from sipetruk.rules.workflow import WITA

RESERVED = frozenset({"page", "page_size", "sort", "desc", "search", "url", "id"})
"""Names in the address of a list that no filter may take."""


class ListFilter(BaseFilter):  # type: ignore[misc]  # flask_admin is untyped
    """One filter: `key` is its name in the address, `path` the column, perhaps through references (`unit.name`)."""

    kind: ClassVar[str] = "text"

    def __init__(self, key: str, path: str, label: str, choices: Callable[[], Iterable[tuple[str, str]]] | None = None) -> None:
        if key in RESERVED:
            raise ValueError(f"{key!r} means something else in the address of a list")
        super().__init__(label)
        self.key, self.path, self.label, self._choices = key, path, label, choices

    def choices(self) -> list[tuple[str, str]]:
        """The options of a select, asked at every request."""
        return [(str(key), str(label)) for key, label in self._choices()] if self._choices else []

    def get_options(self, view: object) -> None:
        """Nothing: Flask-Admin would ask for options at start-up, before any request and without a database."""

    def operation(self) -> str:
        return ""

    def read(self, text: str) -> Any:
        """The typed value; ValueError when it makes no sense."""
        if not text or "\x00" in text:
            raise ValueError(text)
        return text

    def where(self, column: Any, value: Any) -> Any:
        return column == value


class TextHas(ListFilter):
    def where(self, column: Any, value: Any) -> Any:
        return contains(column, value)


class ChoiceIs(ListFilter):
    kind = "select"


class ReferenceIs(ListFilter):
    kind = "select"

    def read(self, text: str) -> int:
        return whole(text)


class FlagIs(ListFilter):
    kind = "select"

    def choices(self) -> list[tuple[str, str]]:
        return [("1", "Ya"), ("0", "Tidak")]

    def read(self, text: str) -> bool:
        return {"1": True, "0": False}[text] if text in {"0", "1"} else _senseless(text)


class NumberIs(ListFilter):
    kind = "number"

    def read(self, text: str) -> int:
        return whole(text)


class DayFrom(ListFilter):
    """From a day on; for moments the day begins at 00.00 WITA."""

    kind = "date"
    is_moment: bool = False

    def read(self, text: str) -> Any:
        day = date.fromisoformat(text)
        return _midnight(day) if self.is_moment else day

    def where(self, column: Any, value: Any) -> Any:
        return column >= value


class DayUntil(DayFrom):
    """Up to and including a day."""

    def read(self, text: str) -> Any:
        day = date.fromisoformat(text)
        if day == date.max:
            _senseless(text)
        return _midnight(day + timedelta(days=1)) if self.is_moment else day + timedelta(days=1)

    def where(self, column: Any, value: Any) -> Any:
        return column < value


def filters_for(column: Any, path: str, label: str, references: Callable[[], Iterable[tuple[str, str]]] | None) -> list[ListFilter]:
    """The filters that suit a column; a subclassed column is what its base is."""
    key = path.replace(".", "-")
    if isinstance(column, pw.ForeignKeyField):
        if references is None:
            raise TypeError(f"filter {path!r} needs its choices: a reference is never listed unscoped")
        return [ReferenceIs(key, path, label, references)]
    if references is not None or column.choices:
        return [ChoiceIs(key, path, label, references or (lambda: column.choices))]
    if isinstance(column, (pw.DateTimeField, pw.DateField)):
        return _period(key, path, label, is_moment=isinstance(column, UTCDateTimeField))
    for kind, made in ((pw.BooleanField, FlagIs), (pw.IntegerField, NumberIs), (pw.CharField, TextHas), (pw.TextField, TextHas)):
        if isinstance(column, kind):
            return [made(key, path, label)]
    raise TypeError(f"no filter for a {type(column).__name__} ({path!r})")


def _period(key: str, path: str, label: str, *, is_moment: bool) -> list[ListFilter]:
    start, end = DayFrom(f"{key}-from", path, f"{label} sejak"), DayUntil(f"{key}-until", path, f"{label} sampai")
    start.is_moment = end.is_moment = is_moment
    return [start, end]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, WITA).astimezone(UTC)


def _senseless(text: str) -> Any:
    raise ValueError(text)
