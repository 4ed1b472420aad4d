"""Conditions on the rows of a list: trees of tests joined by and, or, not; the same answer from SQL and for rows in memory.

Every test is either met or not: a value that is missing meets none but `is_null`, so `not` means the same in both.
Text is compared character by character by code point, on every engine and under every locale; `contains` takes the letters A-Z
in either case as equal and nothing else. A moment is compared as it is shown, to the second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import and_, attrgetter, or_
from string import ascii_lowercase, ascii_uppercase
from typing import Any, TypeAlias

import peewee as pw

from sipetruk.models.base import database

_LOWERED = str.maketrans(ascii_uppercase, ascii_lowercase)
_SECOND = timedelta(seconds=1)


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    CHOICE = "choice"
    REFERENCE = "reference"


class Operator(StrEnum):
    EQ = "eq"
    IN = "in"
    CONTAINS = "contains"
    GTE = "gte"
    LTE = "lte"
    IS_NULL = "is_null"


class Joint(StrEnum):
    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True)
class Comparison:
    """One field against one value (of the field's own type; several for `in`)."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True)
class Group:
    """Parts that must all be met, of which one must be, or none may be."""

    joint: Joint
    parts: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Group


@dataclass(frozen=True, eq=False)
class Field:
    """One thing by which a list may be filtered and ordered.

    `at` is the path to it on a row, `column` the same in SQL. `choices` are the values of a CHOICE in their order, `thing` is the
    kind of thing that a REFERENCE names.
    """

    kind: Kind
    words: str
    at: str
    column: Any = None
    is_nullable: bool = False
    choices: tuple[str, ...] = ()
    thing: str = ""
    is_sortable: bool = True

    def value(self, row: Any) -> Any:
        return attrgetter(self.at)(row)

    def key(self, row: Any) -> Any:
        """What a row is ordered by: a choice by its place among the choices."""
        found = self.value(row)
        if found is None:
            return None
        if self.kind is Kind.CHOICE:
            return self.choices.index(str(found))
        return Decimal(found) if self.kind is Kind.DECIMAL else found

    def ordered(self, column: Any) -> Any:
        """The column as an expression that is ordered alike everywhere."""
        if self.kind is Kind.TEXT:
            return exact(column)
        if self.kind is Kind.CHOICE:
            return pw.Case(column, [(value, place) for place, value in enumerate(self.choices)], len(self.choices))
        return as_number(column) if self.kind is Kind.DECIMAL else column

    def operand(self, value: Any) -> Any:
        """A sort value as it is compared with `ordered`."""
        return as_number(str(value)) if self.kind is Kind.DECIMAL else value


# On a database ----------------------------------------------------------------------------------------------------------


def is_postgres() -> bool:
    return isinstance(database.obj, pw.PostgresqlDatabase)


def exact(column: Any) -> Any:
    """A text that is compared and ordered by code point: what SQLite does anyway, and PostgreSQL under `C`."""
    return pw.NodeList((column, pw.SQL('COLLATE "C"'))) if is_postgres() else column


def contains(column: Any, part: str) -> Any:
    """Whether a text holds another one, A-Z in either case; a percent sign or an underscore is nothing special."""
    lowered = pw.fn.LOWER(exact(column))
    place = pw.fn.STRPOS if is_postgres() else pw.fn.INSTR
    return place(lowered, part.translate(_LOWERED)) > 0


def as_number(value: Any) -> Any:
    """A decimal that is kept as text, as a number."""
    return (value if isinstance(value, pw.Node) else pw.Value(value)).cast("NUMERIC")


def in_sql(condition: Condition, fields: Mapping[str, Field], columns: Mapping[str, Any]) -> Any:
    """The condition as an expression; `columns` stand in for those of the fields."""
    if isinstance(condition, Group):
        parts = [in_sql(part, fields, columns) for part in condition.parts]
        if condition.joint is Joint.OR:
            return reduce(or_, parts) if parts else _NEVER
        all_ = reduce(and_, parts) if parts else _ALWAYS
        return ~all_ if condition.joint is Joint.NOT else all_
    field = fields[condition.field]
    column = columns.get(condition.field, field.column)
    if condition.operator is Operator.IS_NULL:
        return column.is_null(condition.value) if field.is_nullable else (_NEVER if condition.value else _ALWAYS)
    test = _TESTS[field.kind](column, condition.operator, condition.value)
    return column.is_null(is_null=False) & test if field.is_nullable else test


_NEVER, _ALWAYS = pw.SQL("(1 = 0)"), pw.SQL("(1 = 1)")


def _plain(column: Any, operator: Operator, value: Any) -> Any:
    match operator:
        case Operator.EQ:
            return column == value
        case Operator.IN:
            return column.in_(value) if value else _NEVER
        case Operator.GTE:
            return column >= value
    return column <= value


def _text(column: Any, operator: Operator, value: Any) -> Any:
    if operator is Operator.CONTAINS:
        return contains(column, value)
    return _plain(exact(column), operator, value)


def _decimal(column: Any, operator: Operator, value: Any) -> Any:
    values = [as_number(str(each)) for each in value] if operator is Operator.IN else as_number(str(value))
    return _plain(as_number(column), operator, values)


def _moment(column: Any, operator: Operator, value: Any) -> Any:
    if operator is Operator.IN:
        return reduce(or_, [_moment(column, Operator.EQ, each) for each in value]) if value else _NEVER
    begins = value.replace(microsecond=0)
    ends = _next_second(begins)
    since = column >= begins
    until = _ALWAYS if ends is None else column < ends
    return {Operator.EQ: since & until, Operator.GTE: since, Operator.LTE: until}[operator]


def _next_second(moment: datetime) -> datetime | None:
    """None behind the last second that there is."""
    try:
        return moment + _SECOND
    except OverflowError:
        return None


_TESTS: Mapping[Kind, Callable[[Any, Operator, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _plain,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _plain,
    Kind.MOMENT: _moment,
    Kind.FLAG: _plain,
    Kind.CHOICE: _plain,
    Kind.REFERENCE: _plain,
}

# In memory --------------------------------------------------------------------------------------------------------------


def is_met(condition: Condition, fields: Mapping[str, Field], row: Any) -> bool:
    """Whether a row in memory meets the condition."""
    if isinstance(condition, Group):
        met = (is_met(part, fields, row) for part in condition.parts)
        if condition.joint is Joint.OR:
            return any(met)
        return all(met) is not (condition.joint is Joint.NOT)
    field = fields[condition.field]
    found, wanted = field.value(row), condition.value
    if condition.operator is Operator.IS_NULL:
        return (found is None) is bool(wanted)
    return found is not None and _holds(_compared(field.kind, found), condition.operator, wanted, field.kind)


def _holds(found: Any, operator: Operator, wanted: Any, kind: Kind) -> bool:
    match operator:
        case Operator.CONTAINS:
            return wanted.translate(_LOWERED) in found.translate(_LOWERED)
        case Operator.IN:
            return found in [_compared(kind, each) for each in wanted]
        case Operator.EQ:
            return bool(found == _compared(kind, wanted))
        case Operator.GTE:
            return bool(found >= _compared(kind, wanted))
    return bool(found <= _compared(kind, wanted))


def _compared(kind: Kind, value: Any) -> Any:
    if kind is Kind.MOMENT:
        return value.replace(microsecond=0)
    return Decimal(value) if kind is Kind.DECIMAL else value


def words_in(columns: Sequence[Any], search: str, *, most: int = 5) -> list[Any]:
    """Conditions for a search: each word that was typed is in one of the columns."""
    words = search.replace("\x00", "").split()[:most]
    return [reduce(or_, [contains(column, word) for column in columns]) for word in words]
