"""Pages by key: a page begins behind the sort values of a row, so rows that come or go never repeat or skip others."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeAlias, TypeVar

import peewee as pw

from sipetruk.errors import Invalid
from sipetruk.models.base import UTCDateTimeField

T = TypeVar("T")
Value: TypeAlias = str | int | date | datetime
Key: TypeAlias = tuple[Value, ...]

DEFAULT_SIZE = 20
LARGEST_SIZE = 100
LONGEST_CURSOR = 1_000


@dataclass(frozen=True)
class PageRequest:
    """Which rows are wanted: `size` of them behind `after`, or, going backward, in front of `before`."""

    size: int = DEFAULT_SIZE
    after: str | None = None
    before: str | None = None
    is_backward: bool = False


@dataclass(frozen=True)
class Page(Generic[T]):
    """The rows of a page in the order of the list; `total` counts the whole list that the reader may see."""

    rows: tuple[T, ...]
    cursors: tuple[str, ...]
    has_next: bool
    has_previous: bool
    total: int


def asked(*, first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None) -> PageRequest:
    """The page that these arguments describe; `Invalid` when they describe none."""
    for name, size in (("first", first), ("last", last)):
        if size is not None and not 1 <= size <= LARGEST_SIZE:
            raise Invalid("`%(name)s` harus antara 1 dan %(most)s.", name, name=name, most=LARGEST_SIZE)
    if first is not None and last is not None:
        raise Invalid("Pakai `first` atau `last`, jangan keduanya.", "last")
    size = last if last is not None else first
    return PageRequest(DEFAULT_SIZE if size is None else size, after or None, before or None, last is not None)


def select(query: Any, columns: Sequence[tuple[Any, bool]], page: PageRequest) -> Page[Any]:  # peewee is untyped
    """A page of a Peewee query in two statements: the count, and the rows with one more than asked for.

    `columns` are (column, descending); none may be NULL and together they must be unique. Each row must have them as
    attributes.
    """
    total = query.count()
    for cursor, is_before in ((page.after, False), (page.before, True)):
        if cursor is not None:
            values = _decode(cursor, len(columns))
            if not all(_fits(column, value) for (column, _), value in zip(columns, values, strict=True)):
                raise Invalid("Penanda halaman tidak dikenal.", "cursor")
            query = query.where(_beyond(columns, values, is_before=is_before))
    order = [column.desc() if down != page.is_backward else column.asc() for column, down in columns]
    rows = list(query.order_by(*order).limit(page.size + 1))
    return _page(rows, page, total, lambda row: tuple(getattr(row, column.name) for column, _ in columns))


def cut(rows: Sequence[T], key: Callable[[T], Key], page: PageRequest, *, descending: tuple[bool, ...] = ()) -> Page[T]:
    """A page of a list that is already in order by `key`; a bounded list, read as a whole."""
    total = len(rows)
    found = list(rows)
    if page.after is not None:
        found = [row for row in found if _is_behind(key(row), _decode(page.after, len(key(row))), descending)]
    if page.before is not None:
        found = [row for row in found if _is_behind(_decode(page.before, len(key(row))), key(row), descending)]
    if page.is_backward:
        found.reverse()
    return _page(found[: page.size + 1], page, total, key)


def _page(rows: list[T], page: PageRequest, total: int, key: Callable[[T], Key]) -> Page[T]:
    has_more = len(rows) > page.size
    rows = rows[: page.size]
    if page.is_backward:
        rows.reverse()
    return Page(
        tuple(rows),
        tuple(encode(key(row)) for row in rows),
        has_next=page.before is not None if page.is_backward else has_more,
        has_previous=has_more if page.is_backward else page.after is not None,
        total=total,
    )


def encode(key: Key) -> str:
    """The cursor of a row: its sort values, opaque to the reader."""
    text = json.dumps([[type(value).__name__, str(value)] for value in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _moment(text: str) -> datetime:
    """A moment as it is compared and kept: in UTC where it has a zone."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is None else found.astimezone(UTC)


_READERS: dict[str, Callable[[str], Value]] = {
    "str": str,
    "int": int,
    "date": date.fromisoformat,
    "datetime": _moment,
}
_LARGEST_INT = 2**63 - 1


def _decode(cursor: str, length: int) -> Key:
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError(cursor)  # noqa: TRY301  # every fault of a cursor is the same refusal
        pairs = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        key = tuple(_READERS[kind](text) for kind, text in pairs)
        if len(key) != length or any(isinstance(value, int) and abs(value) > _LARGEST_INT for value in key):
            raise ValueError(cursor)  # noqa: TRY301  # as above
        "".join(value for value in key if isinstance(value, str)).encode()
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        raise Invalid("Penanda halaman tidak dikenal.", "cursor") from None
    return key


_KINDS: tuple[tuple[Any, type], ...] = ((pw.IntegerField, int), (pw.DateTimeField, datetime), (pw.DateField, date))


def _fits(column: Any, value: Value) -> bool:
    """Whether the value is of the kind that its column holds: a forged cursor must not reach the database."""
    kind = next((kind for field, kind in _KINDS if isinstance(column, field)), str)
    if type(value) is not kind:
        return False
    if isinstance(value, datetime):
        return _has_zone(value) == isinstance(column, UTCDateTimeField)
    return not isinstance(value, str) or "\x00" not in value


def _beyond(columns: Sequence[tuple[Any, bool]], values: Sequence[Value], *, is_before: bool) -> Any:  # as above
    """Rows strictly behind these values, or strictly in front of them."""
    steps = []
    for i, (column, is_descending) in enumerate(columns):
        same = [columns[j][0] == values[j] for j in range(i)]
        step = column < values[i] if is_descending != is_before else column > values[i]
        steps.append(reduce(and_, [*same, step]))
    return reduce(or_, steps)


def _has_zone(value: Value) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _is_behind(key: Key, other: Key, descending: tuple[bool, ...]) -> bool:
    for i, (mine, theirs) in enumerate(zip(key, other, strict=True)):
        if type(mine) is not type(theirs) or _has_zone(mine) != _has_zone(theirs):
            raise Invalid("Penanda halaman tidak dikenal.", "cursor")
        if mine != theirs:
            is_greater = bool(mine > theirs)  # type: ignore[operator]  # of one type, as just checked
            return is_greater != (i < len(descending) and descending[i])
    return False
