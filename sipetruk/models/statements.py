"""SQL texts that are written once, for the statements of every act: Peewee takes ten times as long to write one as it takes to run.

Peewee writes each text the first time, with places for the values, converts the values and makes the rows, as it would itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from sipetruk.models.base import DocumentField, Table, database
from sipetruk.models.looks import LookingDatabase
from sipetruk.models.numbers import LastingNumberField

KEPT = 128
"""Texts kept of each statement: one for every actor that a scope is made for."""
_TEXTS = frozenset({pw.CharField, pw.TextField})
_NUMBERS = frozenset({pw.AutoField, LastingNumberField, pw.IntegerField})


class Remembered:
    """A query made by a function whose last `places` arguments are values; what comes before them, hashable, makes another text.

    The function gets nodes in the place of the values, and looks at nothing but its arguments and what the engine can do.
    """

    def __init__(self, build: Callable[..., Any], *, places: int) -> None:
        self.build, self._places = build, places
        self._written: Callable[..., _Written] = lru_cache(KEPT)(self._write)

    def all(self, *given: Any) -> list[Any]:
        """The rows, as Peewee makes them of this query."""
        written, cursor = self._execute(given)
        rows = cursor.fetchall()
        if not rows:
            return []
        if written.maker is None:
            written.maker = _maker(written.query, cursor)
        return [written.maker(row) for row in rows]

    def first(self, *given: Any) -> Any:
        """The first row, or None."""
        rows = self.all(*given)
        return rows[0] if rows else None

    def run(self, *given: Any) -> None:
        """Send a statement that writes."""
        written, parameters = self._prepared(given)
        _write(written.text, parameters)

    def sql(self, *given: Any) -> tuple[str, list[Any]]:
        """What is sent to the database."""
        written, parameters = self._prepared(given)
        return written.text, parameters

    def _execute(self, given: tuple[Any, ...]) -> tuple[_Written, Any]:
        written, parameters = self._prepared(given)
        return written, database.obj.execute_sql(written.text, parameters)

    def _prepared(self, given: tuple[Any, ...]) -> tuple[_Written, list[Any]]:
        last = len(given) - self._places
        written = self._written(_engine(), *given[:last])
        return written, written.parameters.filled(given[last:])

    def _write(self, _engine: str, *shape: Any) -> _Written:
        query = self.build(*shape, *(_Place(number) for number in range(self._places)))
        if isinstance(query, pw.Update):
            given = query._update  # noqa: SLF001  # Peewee converts values of an update, but no nodes
            given.update({field: _Place(each.number, field.db_value) for field, each in given.items() if isinstance(each, _Place)})
        text, parameters = query.sql()
        return _Written(query, text, _Parameters(parameters))


@dataclass
class _Written:
    """A query with its text, and what makes its rows of those of the driver once the first have come."""

    query: Any
    text: str
    parameters: _Parameters
    maker: Callable[[Sequence[Any]], Any] | None = None


def _maker(query: Any, cursor: Any) -> Callable[[Sequence[Any]], Any]:
    """What makes a row of one of the driver: what Peewee finds out about the columns of a cursor, found out once."""
    wrapper = query._get_cursor_wrapper(cursor)  # noqa: SLF001  # as Peewee does itself; pinned and tested
    wrapper.initialize()
    wrapper.cursor = None
    if isinstance(wrapper, pw.ModelObjectCursorWrapper) and wrapper.is_model:
        return _maker_of_one(wrapper)
    if not isinstance(wrapper, pw.ModelCursorWrapper) or any(
        is_outer or not is_reference for *_, is_outer, is_reference in wrapper.src_to_dest
    ):
        return wrapper.process_row  # type: ignore[no-any-return]  # Peewee has no types
    models = [model for model, _, _ in wrapper._constructor_list]  # noqa: SLF001  # as above
    columns = [
        (at, models.index(model), name, None if _plain(convert) else convert)
        for at, model, name, convert in wrapper._row_spec  # noqa: SLF001  # as above
    ]
    joins = [(models.index(of), name, models.index(to)) for of, name, to, *_ in wrapper.src_to_dest]
    main = models.index(wrapper.model)

    def make(row: Sequence[Any]) -> Any:
        found = [_empty(model) for model in models]
        for at, model, name, convert in columns:
            value = row[at]
            found[model].__data__[name] = value if convert is None or value is None else convert(value)
        for of, name, to in joins:
            found[of].__rel__[name] = found[to]
        return found[main]

    return make


def _maker_of_one(wrapper: Any) -> Callable[[Sequence[Any]], Any]:
    """The same for rows of one table."""
    model, known = wrapper.constructor, wrapper.constructor._meta.combined
    if any(name not in known for name in wrapper.unique_columns):
        return wrapper.process_row  # type: ignore[no-any-return]  # as above
    columns = [
        (at, known[name].name, None if _plain(convert) else convert)
        for at, (name, convert) in enumerate(zip(wrapper.unique_columns, wrapper.converters, strict=True))
    ]

    def make(row: Sequence[Any]) -> Any:
        found = _empty(model)
        data = found.__data__
        for at, name, convert in columns:
            value = row[at]
            data[name] = value if convert is None or value is None else convert(value)
        return found

    return make


def _empty(model: Any) -> Any:
    """A row of which nothing is known, as Peewee makes one without defaults."""
    row = model.__new__(model)
    row.__data__, row.__rel__, row._dirty = {}, {}, set()  # noqa: SLF001  # as above
    return row


def _plain(convert: Any) -> type | None:
    """The type of the values that the field of a converter leaves as they are, and that both drivers give; None where it has none."""
    field = getattr(convert, "__self__", None)
    if isinstance(field, pw.ForeignKeyField):
        field = field.rel_field
    return str if type(field) in _TEXTS else int if type(field) in _NUMBERS else None


def insert(row: Table) -> None:
    """Add a row; it is not told its number."""
    model: Any = type(row)
    key = model._meta.primary_key
    insert_many(model, [{name: value for name, value in row.__data__.items() if name != key.name or value is not None}])


def insert_many(model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of a table that name the same columns, in one statement; none of them is told its number.

    TypeError where they leave a default to Peewee: it would stay what it was when the text was written.
    """
    if rows:
        names = tuple(rows[0])
        text, parameters = _insert_text(_engine(), model, names, len(rows))
        _write(text, parameters.filled([row[name] for row in rows for name in names]))


def save(row: Table) -> None:
    """Save what was changed of a row, and its documents, which may have been changed inside."""
    model: Any = type(row)
    key = model._meta.primary_key
    changed = (row._dirty - {key.name}) | (_documents(model) & row.__data__.keys())  # noqa: SLF001  # as above
    if changed:
        names = tuple(sorted(changed))
        text, parameters = _update_text(_engine(), model, names)
        _write(text, parameters.filled([*(row.__data__[name] for name in names), row.__data__[key.name]]))
    row._dirty.clear()  # noqa: SLF001  # as Peewee does itself


def attach(row: Table, name: str, other: Table) -> None:
    """Give a row what it refers to, which was read beside it: nothing of the row is changed."""
    row.__rel__[name] = other


def _write(text: str, parameters: list[Any]) -> None:
    """Send a statement at whose outcome nobody looks, as late as the engine can."""
    engine = database.obj
    send = engine.execute_later if isinstance(engine, LookingDatabase) else engine.execute_sql
    send(text, parameters)


def _engine() -> str:
    return type(database.obj).__name__


@lru_cache(KEPT)
def _insert_text(_engine: str, model: Any, names: tuple[str, ...], count: int) -> tuple[str, _Parameters]:
    if lacking := {field.name for field in model._meta.defaults} - {*names}:
        raise TypeError(f"{model.__name__} is added without {sorted(lacking)}")
    text, parameters = model.insert_many([_places(model, names, at * len(names)) for at in range(count)]).sql()
    return text, _Parameters(parameters)


@lru_cache(KEPT)
def _update_text(_engine: str, model: Any, names: tuple[str, ...]) -> tuple[str, _Parameters]:
    text, parameters = model.update(_places(model, names)).where(model._meta.primary_key == _Place(len(names))).sql()
    return text, _Parameters(parameters)


def _places(model: Any, names: Sequence[str], first: int = 0) -> dict[Any, _Place]:
    fields = [model._meta.fields[name] for name in names]
    return {field: _Place(number, field.db_value) for number, field in enumerate(fields, first)}


@lru_cache(None)
def _documents(model: Any) -> frozenset[str]:
    return frozenset(field.name for field in model._meta.sorted_fields if isinstance(field, DocumentField))


class _Slot(NamedTuple):
    """A parameter that is not known yet, and how it is converted. What is compared is not None: `IS NULL` is another text."""

    number: int
    convert: Callable[[Any], Any] | None
    is_compared: bool


class _Place(pw.Value):
    """A value that is not known yet; it is converted as Peewee would convert one that stood here."""

    def __init__(self, number: int, convert: Callable[[Any], Any] | None = None) -> None:
        super().__init__(None, convert, unpack=False)
        self.number = number

    def __sql__(self, ctx: Any) -> Any:
        ctx._values.append(_Slot(self.number, self.converter or ctx.state.converter, is_compared=self.converter is None))  # noqa: SLF001  # as above
        return ctx.literal(ctx.state.param or "?")


class _Parameters:
    """The parameters of a text, of which some are not known yet."""

    def __init__(self, parameters: Sequence[Any]) -> None:
        self._all = [None if isinstance(each, _Slot) else each for each in parameters]
        self._slots = [(at, *each, _plain(each.convert)) for at, each in enumerate(parameters) if isinstance(each, _Slot)]

    def filled(self, values: Sequence[Any]) -> list[Any]:
        found = self._all.copy()
        for at, number, convert, is_compared, plain in self._slots:
            value = values[number]
            if value is None and is_compared:
                raise TypeError("None is compared by another text")
            found[at] = value if convert is None or type(value) is plain else convert(value)
        return found
