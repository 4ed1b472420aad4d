"""Inputs made quickly are those that Strawberry makes."""

from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    coerce_input_value,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_argument

from sipetruk.api.staff.schema import SCHEMA

KINDS = {name: kind for name, kind in SCHEMA._schema.type_map.items() if isinstance(kind, GraphQLInputObjectType)}
TEXTS = {"Date": "2026-11-24", "DateTime": "2026-11-24T08:00:00Z", "Decimal": "12.5", "Int": 3, "Boolean": True}


def sample(kind: Any, how: str, depth: int = 0) -> Any:
    """A value of the type: "full" with everything, "least" with what must be there, "empty" with null and empty lists."""
    if isinstance(kind, GraphQLNonNull):
        return sample(kind.of_type, how, depth)
    if isinstance(kind, GraphQLList):
        return [] if how == "empty" or depth > 3 else [sample(kind.of_type, how, depth + 1) for _ in range(2)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {name: given(field, how, depth) for name, field in kind.fields.items() if is_given(field, how, depth)}
    return TEXTS.get(kind.name, "contoh")


def is_given(field: Any, how: str, depth: int) -> bool:
    return isinstance(field.type, GraphQLNonNull) or (how != "least" and depth < 4)


def given(field: Any, how: str, depth: int) -> Any:
    return None if how == "empty" and not isinstance(field.type, GraphQLNonNull) else sample(field.type, how, depth + 1)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_an_input_is_the_one_that_strawberry_makes(name, monkeypatch):
    definition = KINDS[name].extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    valid = [coerce_input_value(sample(KINDS[name], how), KINDS[name]) for how in ("full", "least", "empty")]

    def made() -> list[Any]:
        return [convert_argument(each, definition.origin, SCHEMA.schema_converter.scalar_registry, SCHEMA.config) for each in valid]

    assert definition.from_input is not None
    quick = [made(), made()]
    for kind in KINDS.values():
        monkeypatch.setattr(kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF], "from_input", None)
    assert quick == [made(), made()]
