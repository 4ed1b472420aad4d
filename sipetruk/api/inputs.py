"""Inputs made of values that were found valid: Strawberry looks up the type of every field of each one, which is done here once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

import strawberry
from graphql import is_input_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import InputContext, _is_leaf_type
from strawberry.types.base import StrawberryList, StrawberryOptional

Make: TypeAlias = Callable[[type, Mapping[str, Any], InputContext], Any]
Convert: TypeAlias = Callable[[Any, InputContext], Any]


def make_quickly(schema: strawberry.Schema) -> None:
    """Let every input type of the schema be made from what is known of its fields; the values are those of Strawberry's own way."""
    for kind in schema._schema.type_map.values():  # noqa: SLF001  # the graphql-core schema has no public name; pinned and tested
        if is_input_object_type(kind):
            definition = kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            if definition.from_input is None:
                definition.from_input = _maker(definition, schema)


def _maker(definition: Any, schema: strawberry.Schema) -> Make:
    lacking = {each.python_name: None for each in definition.fields if each.default_value is MISSING and each.default_factory is MISSING}
    fields: list[tuple[str, str, Convert | None]] = []

    def make(kind: type, given: Mapping[str, Any], context: InputContext) -> Any:
        if not fields:  # once all types are known, which may name one another
            fields.extend(_field(each, definition, schema) for each in definition.fields)
        values = dict(lacking)
        for name, python_name, convert in fields:
            if name in given:
                value = given[name]
                values[python_name] = value if convert is None else convert(value, context)
        return kind(**values)

    return make


def _field(field: Any, definition: Any, schema: strawberry.Schema) -> tuple[str, str, Convert | None]:
    name, kind = schema.config.name_converter.from_field(field), field.resolve_type(type_definition=definition)
    return name, field.python_name, _convert(kind, name, schema.schema_converter.scalar_registry)


def _convert(kind: Any, name: str, scalars: Any) -> Convert | None:
    """How a value of the type is converted; None where it stays as it is."""
    if isinstance(kind, StrawberryOptional):
        some = _convert(kind.of_type, name, scalars)
        return None if some is None else lambda value, context: None if value is None else some(value, context)
    if _is_leaf_type(kind, scalars):
        return None
    inner = kind.of_type if isinstance(kind, StrawberryList) else None
    known = getattr(inner, "__strawberry_definition__", None)
    if known is not None and known.is_input:
        return lambda value, context: [known.from_input(inner, each, context) for each in value]
    return lambda value, context: context.convert(value, kind, name)
