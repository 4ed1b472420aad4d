"""Pages by key: a page begins behind the sort values of a row, so rows that come or go never repeat or skip others.

A request may also say which rows are wanted and in which order; `queries.listing` reads that.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeAlias, TypeVar, overload

from sipetruk.errors import Invalid
from sipetruk.queries.conditions import Condition

T = TypeVar("T")
R = TypeVar("R")
Value: TypeAlias = str | int | bool | Decimal | date | datetime
Key: TypeAlias = tuple[Value | None, ...]

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LONGEST_CURSOR = 8_000
UNKNOWN = "Penanda halaman tidak dikenal."
OTHER_ORDER = "Penanda halaman ini berasal dari urutan lain; mulai lagi dari halaman pertama."


@dataclass(frozen=True)
class Sorted:
    """By which field of a list, and in which direction; rows without a value come last either way."""

    field: str
    is_descending: bool = False


@dataclass(frozen=True)
class PageRequest:
    """Which rows are wanted: `size` of them behind `after`, or, going backward, in front of `before`.

    Of a list that has fields: only rows that meet `where`, by `order` and, where that leaves rows equal, by the list's own order.
    """

    size: int = DEFAULT_SIZE
    after: str | None = None
    before: str | None = None
    is_backward: bool = False
    where: Condition | None = None
    order: tuple[Sorted, ...] = ()


class Cursors(Sequence[str]):
    """The cursors of rows, each made when it is asked for."""

    def __init__(self, rows: Sequence[T], key: Callable[[T], Key], order: str) -> None:
        self._rows = rows
        self._key: Callable[[Any], Key] = key
        self._order = order

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            return [encode(self._key(row), self._order) for row in self._rows[at]]
        return encode(self._key(self._rows[at]), self._order)


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of a page in the order of the list; `total` counts the whole list that the reader may see, when it is asked for."""

    rows: tuple[T, ...]
    cursors: Sequence[str]
    has_next: bool
    has_previous: bool
    count: Callable[[], int]

    @cached_property
    def total(self) -> int:
        return self.count()

    def of(self, rows: Sequence[R]) -> Page[R]:
        """The same page with each row read as something else."""
        return Page(tuple(rows), self.cursors, self.has_next, self.has_previous, lambda: self.total)


def asked(*, first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None) -> PageRequest:
    """The page that these arguments describe; `Invalid` when they describe none."""
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= LARGEST_SIZE:
            raise Invalid("`%(name)s` harus antara 1 dan %(most)s.", name, name=name, most=LARGEST_SIZE)
    if first is not None and last is not None:
        raise Invalid("Pakai `first` atau `last`, jangan keduanya.", "last")
    size = last if last is not None else first
    return PageRequest(DEFAULT_SIZE if size is None else size, after or None, before or None, last is not None)


def page_of(found: list[T], page: PageRequest, key: Callable[[T], Key], count: Callable[[], int], order: str) -> Page[T]:
    """The page that these rows make: at most one more than asked for, read backward where the request is.

    `order` is what their cursors say of the order that they belong to.
    """
    has_more = len(found) > page.size
    rows = found[: page.size]
    if page.is_backward:
        rows.reverse()
    return Page(
        tuple(rows),
        Cursors(rows, key, order),
        has_next=page.before is not None if page.is_backward else has_more,
        has_previous=has_more if page.is_backward else page.after is not None,
        count=count,
    )


def encode(key: Key, order: str = "") -> str:
    """The cursor of a row: its sort values in an order, opaque to the reader."""
    text = json.dumps([order, *([type(value).__name__, str(value)] for value in key)], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _moment(text: str) -> datetime:
    """A moment as it is compared and kept: in UTC where it has a zone."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is None else found.astimezone(UTC)


def _number(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_READERS: dict[str, Callable[[str], Value | None]] = {
    "str": str,
    "int": int,
    "bool": {"True": True, "False": False}.__getitem__,
    "Decimal": _number,
    "date": date.fromisoformat,
    "datetime": _moment,
    "NoneType": lambda _: None,
}
_LARGEST_INT = 2**63 - 1


def decode(cursor: str, length: int, order: str = "") -> Key:
    """The sort values in a cursor of this order; `Invalid` for one that is of another, or none of ours."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError(cursor)  # noqa: TRY301  # every fault of a cursor is the same refusal
        made_for, *pairs = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        key = tuple(_READERS[kind](text) for kind, text in pairs)
        if not isinstance(made_for, str) or any(isinstance(value, int) and abs(value) > _LARGEST_INT for value in key):
            raise ValueError(cursor)  # noqa: TRY301  # as above
        "".join(value for value in key if isinstance(value, str)).encode()
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError, binascii.Error):
        raise Invalid(UNKNOWN, "cursor") from None
    if made_for != order:
        raise Invalid(OTHER_ORDER, "cursor")
    if len(key) != length:
        raise Invalid(UNKNOWN, "cursor")
    return key
