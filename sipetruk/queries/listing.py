"""Lists that are filtered, ordered and read page by page: each says once what may be asked of it.

From that table come the condition in SQL, the same for rows in memory, and the order by key; a list adds keys of its own that make
every row's place unique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any, TypeVar

from sipetruk.errors import Invalid
from sipetruk.models.base import UTCDateTimeField
from sipetruk.queries.conditions import Field, Kind, in_sql, is_met
from sipetruk.queries.paging import UNKNOWN, Key, Page, PageRequest, Value, decode, page_of

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Sort:
    """One step of an order."""

    field: Field
    is_descending: bool = False


@dataclass(frozen=True, eq=False)
class Listing:
    """What may be asked of a list: its fields by name, and its own order, which no two rows share.

    `name` is what its rows are called in the contract.
    """

    name: str
    fields: Mapping[str, Field]
    order: tuple[Sort, ...]
    order_name: str = ""

    def select(
        self, query: Any, page: PageRequest, *, read: Callable[[Any], T] | None = None, columns: Mapping[str, Any] | None = None
    ) -> Page[T]:  # peewee is untyped
        """A page of a Peewee query: one statement for one row more than asked for, and one for the count when that is asked for.

        `read` makes the row of which the fields are read from what the query gives. `columns` stand in for those of the fields
        where they depend on the reader; such a field is not for sorting.
        """
        if page.where is not None:
            query = query.where(in_sql(page.where, self.fields, columns or {}))
        all_ = query
        order = self._order(page)
        for cursor, is_before in ((page.after, False), (page.before, True)):
            if cursor is not None:
                query = query.where(_beyond(order, self._decoded(cursor, page, order), is_before=is_before))
        found = query.order_by(*(step for sort in order for step in _sql_steps(sort, is_backward=page.is_backward))).limit(page.size + 1)
        rows: list[T] = [read(row) for row in found] if read else list(found)
        return page_of(rows, page, lambda row: _key(order, row), all_.count, self._order_name(page))

    def cut(self, rows: Iterable[T], page: PageRequest, *, is_sorted: bool = False) -> Page[T]:
        """A page of a list in memory, read as a whole; `is_sorted` says that it comes in the order of the list."""
        found = list(rows)
        if (wanted := page.where) is not None:
            found = [row for row in found if is_met(wanted, self.fields, row)]
        order, total = self._order(page), len(found)
        if page.order or not is_sorted:
            found = _in_order(found, order)
        if page.after is not None:
            after = self._decoded(page.after, page, order)
            found = [row for row in found if _is_behind(_key(order, row), after, order)]
        if page.before is not None:
            before = self._decoded(page.before, page, order)
            found = [row for row in found if _is_behind(before, _key(order, row), order)]
        if page.is_backward:
            found.reverse()
        return page_of(found[: page.size + 1], page, lambda row: _key(order, row), lambda: total, self._order_name(page))

    def sorted(self, query: Any) -> Any:
        """A Peewee query in the order of the list, as a whole."""
        return query.order_by(*(step for sort in self.order for step in _sql_steps(sort, is_backward=False)))

    def in_order(self, name: str, *steps: Sort) -> Listing:
        """The same list with another order of its own, which its cursors name."""
        return replace(self, order=steps, order_name=name)

    def _order(self, page: PageRequest) -> tuple[Sort, ...]:
        wanted = [Sort(self.fields[each.field], each.is_descending) for each in page.order]
        named = {id(each.field) for each in wanted}
        return (*wanted, *(each for each in self.order if id(each.field) not in named))

    def _order_name(self, page: PageRequest) -> str:
        return ",".join((self.name, self.order_name, *(f"{'-' if each.is_descending else ''}{each.field}" for each in page.order)))

    def _decoded(self, cursor: str, page: PageRequest, order: Sequence[Sort]) -> Key:
        key = decode(cursor, len(order), self._order_name(page))
        if not all(_fits(sort.field, value) for sort, value in zip(order, key, strict=True)):
            raise Invalid(UNKNOWN, "cursor")
        return key


def text(words: str, at: str, column: Any = None, *, is_sortable: bool = True) -> Field:
    return Field(Kind.TEXT, words, at, column, is_sortable=is_sortable)


def integer(words: str, at: str, column: Any = None, *, is_nullable: bool = False) -> Field:
    return Field(Kind.INTEGER, words, at, column, is_nullable)


def decimal(words: str, at: str, column: Any = None, *, is_nullable: bool = False) -> Field:
    return Field(Kind.DECIMAL, words, at, column, is_nullable)


def day(words: str, at: str, column: Any = None, *, is_nullable: bool = False) -> Field:
    return Field(Kind.DATE, words, at, column, is_nullable)


def moment(words: str, at: str, column: Any = None, *, is_nullable: bool = False) -> Field:
    return Field(Kind.MOMENT, words, at, column, is_nullable)


def flag(words: str, at: str, column: Any = None, *, is_sortable: bool = True) -> Field:
    return Field(Kind.FLAG, words, at, column, is_sortable=is_sortable)


def choice(words: str, at: str, choices: Iterable[str], column: Any = None, *, is_sortable: bool = True) -> Field:
    return Field(Kind.CHOICE, words, at, column, choices=tuple(choices), is_sortable=is_sortable)


def reference(words: str, at: str, thing: str, column: Any = None, *, is_nullable: bool = False) -> Field:
    """A thing by its id, which is not for sorting."""
    return Field(Kind.REFERENCE, words, at, column, is_nullable, thing=thing, is_sortable=False)


# Keys -------------------------------------------------------------------------------------------------------------------

_TYPES: Mapping[Kind, type] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.DATE: date,
    Kind.MOMENT: datetime,
    Kind.FLAG: bool,
    Kind.CHOICE: int,
    Kind.REFERENCE: int,
}


def _key(order: Sequence[Sort], row: Any) -> Key:
    return tuple(sort.field.key(row) for sort in order)


def _fits(field: Field, value: Value | None) -> bool:
    """Whether the value is of the kind that the field holds: a forged cursor must not reach the database."""
    if value is None:
        return field.is_nullable
    if type(value) is not _TYPES[field.kind]:
        return False
    if isinstance(value, datetime):
        return (value.tzinfo is not None) == (field.column is None or isinstance(field.column, UTCDateTimeField))
    return not isinstance(value, str) or "\x00" not in value


def _sql_steps(sort: Sort, *, is_backward: bool) -> list[Any]:
    column = sort.field.ordered(sort.field.column)
    step = column.desc() if sort.is_descending != is_backward else column.asc()
    if not sort.field.is_nullable:
        return [step]
    missing = sort.field.column.is_null()
    return [missing.desc() if is_backward else missing.asc(), step]


def _beyond(order: Sequence[Sort], values: Key, *, is_before: bool) -> Any:
    """Rows strictly behind these values, or strictly in front of them."""
    steps = []
    for i, (sort, value) in enumerate(zip(order, values, strict=True)):
        step = _past(sort, value, is_before=is_before)
        if step is not None:
            same = [_same(order[j].field, values[j]) for j in range(i)]
            steps.append(reduce(and_, [*same, step]))
    return reduce(or_, steps)


def _same(field: Field, value: Value | None) -> Any:
    return field.column.is_null() if value is None else field.ordered(field.column) == field.operand(value)


def _past(sort: Sort, value: Value | None, *, is_before: bool) -> Any:
    """Strictly past a value; None where nothing is, since what is missing comes last."""
    field = sort.field
    if value is None:
        return field.column.is_null(is_null=False) if is_before else None
    column, operand = field.ordered(field.column), field.operand(value)
    step = column < operand if sort.is_descending != is_before else column > operand
    return step | field.column.is_null() if field.is_nullable and not is_before else step


def _in_order(rows: list[T], order: Sequence[Sort]) -> list[T]:
    found = rows
    for sort in reversed(order):
        keyed = [(sort.field.key(row), row) for row in found]
        given = [each for each in keyed if each[0] is not None]
        given.sort(key=lambda each: each[0], reverse=sort.is_descending)
        found = [row for _, row in given] + [row for key, row in keyed if key is None]
    return found


def _is_behind(key: Key, other: Key, order: Sequence[Sort]) -> bool:
    for sort, mine, theirs in zip(order, key, other, strict=True):
        if mine == theirs:
            continue
        if mine is None or theirs is None:
            return mine is None
        is_greater = bool(mine > theirs)  # type: ignore[operator]  # of one type, as the fields say
        return is_greater != sort.is_descending
    return False
