"""Inputs and calls of resolvers made quickly are those that Strawberry makes."""

from types import SimpleNamespace
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    coerce_input_value,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_argument

from sipetruk.api.public import schema as public
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


def fields(schema):
    """The fields of a schema that are found by a function, by type and name."""
    return {
        f"{kind.name}.{name}": each
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, each in kind.fields.items()
        if (ours := each.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)) is not None and ours.base_resolver is not None
    }


@pytest.mark.parametrize("schema", [SCHEMA, public.SCHEMA], ids=["staff", "public"])
def test_a_resolver_is_called_as_strawberry_calls_it(schema, monkeypatch):
    found = fields(schema)
    assert len(found) > 20
    assert any(each.args for each in found.values())
    for name, field in found.items():
        ours, seen = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF], []
        source, info = object(), SimpleNamespace(field_name=name)
        with monkeypatch.context() as patch:
            patch.setattr(ours.base_resolver, "wrapped_func", lambda *given, seen=seen, **named: seen.append((given, named)) or "found")
            for how in ("full", "least", "empty"):
                given_here = {
                    each: coerce_input_value(given(argument, how, 0), argument.type)
                    for each, argument in field.args.items()
                    if is_given(argument, how, 0)
                }
                quick_way = getattr(field.resolve, "resolve", field.resolve)  # without what the engine puts around an act
                own_way = schema.schema_converter.from_resolver(ours)
                assert quick_way.__module__ == "sipetruk.api.inputs"
                assert [way(source, info, **given_here) for way in (quick_way, own_way)] == ["found", "found"]
                quick, slow = (_told(call) for call in seen[-2:])
                assert quick == slow, name


def _told(call):
    """A call, with the request that its info is of in the place of the info."""
    positional, named = call
    told = {name: (value._raw_info, value._field) if isinstance(value, strawberry.Info) else value for name, value in named.items()}
    return positional, told
