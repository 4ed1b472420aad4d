"""A list over a Peewee model: search, filters and sorting through references, always in one statement plus a count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import peewee as pw

SEARCH_WORDS = 8
LAST_PAGE = 1_000_000


class Listing:
    """Builds the query of a list; columns are named by path, `unit.name` reaches through the reference `unit`."""

    def __init__(self, query: Any, model: Any, related: Iterable[str]) -> None:
        self.query, self.model = query, model
        self._joined: dict[str, Any] = {}
        for path in related:
            self._join(path)

    def search(self, text: str | None, paths: Sequence[str]) -> None:
        """Keep rows in which every word occurs somewhere in the searched columns."""
        if not paths:
            return
        for word in (text or "").replace("\x00", "").split()[:SEARCH_WORDS]:
            found = [self.column(path).contains(word) for path in paths]
            condition = found[0]
            for other in found[1:]:
                condition = condition | other
            self.query = self.query.where(condition)

    def filter(self, filters: Iterable[tuple[Any, Any]]) -> None:
        for flt, value in filters:
            self.query = self.query.where(flt.where(self.column(flt.path), value))

    def count(self) -> int:
        return int(self.query.count())

    def page(self, order: Iterable[tuple[str, bool]], number: int, size: int) -> list[Any]:
        """The rows of one page; rows without a value come last, equal rows in the order of their ids."""
        clauses = []
        for path, is_descending in order:
            column = self.column(path)
            clauses.append(column.desc(nulls="LAST") if is_descending else column.asc(nulls="LAST"))
        query = self.query.select(self.model, *self._joined.values()).order_by(*clauses, *_primary_key(self.model))
        if size > 0:
            query = query.limit(size).offset(min(max(number, 0), LAST_PAGE) * size)
        return list(query)

    def column(self, path: str) -> Any:
        through, _, name = path.rpartition(".")
        return getattr(self._join(through) if through else self.model, name)

    def _join(self, path: str) -> Any:
        """The alias of the table at the end of `path`, joined once."""
        if path not in self._joined:
            through, _, name = path.rpartition(".")
            near = self._join(through) if through else self.model
            reference = getattr(near, name)
            field = reference.field if isinstance(reference, pw.FieldAlias) else reference
            far = field.rel_model.alias()
            condition = reference == getattr(far, field.rel_field.name)
            self.query = self.query.join_from(near, far, pw.JOIN.LEFT_OUTER, on=condition, attr=name)
            self._joined[path] = far
        return self._joined[path]


def column_at(model: Any, path: str) -> Any:
    """The column that a path names."""
    *through, name = path.split(".")
    for step in through:
        model = getattr(model, step).rel_model
    return getattr(model, name)


def _primary_key(model: Any) -> list[Any]:
    key = model._meta.primary_key  # Peewee's public name
    return [getattr(model, name) for name in key.field_names] if isinstance(key, pw.CompositeKey) else [key]
