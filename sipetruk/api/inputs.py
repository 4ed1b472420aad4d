"""Inputs and calls of resolvers, made of values that were found valid: what Strawberry looks up for each of them is looked up here once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

import strawberry
from graphql import GraphQLResolveInfo, is_input_object_type, is_object_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import InputContext, _is_leaf_type
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.field import StrawberryField

Make: TypeAlias = Callable[[type, Mapping[str, Any], InputContext], Any]
Convert: TypeAlias = Callable[[Any, InputContext], Any]
Resolve: TypeAlias = Callable[..., Any]


def make_quickly(schema: strawberry.Schema) -> None:
    """Let every input and every call of a resolver be made from what is known of it; the values are those of Strawberry's own way."""
    kinds = schema._schema.type_map.values()  # noqa: SLF001  # the graphql-core schema has no public name; pinned and tested
    for kind in filter(is_input_object_type, kinds):
        definition = kind.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if definition.from_input is None:
            definition.from_input = _maker(definition, schema)
    for kind in filter(is_object_type, kinds):
        for each in kind.fields.values():
            field = each.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
            if _is_plain(field):
                each.resolve = _caller(field, schema)


def _is_plain(field: Any) -> bool:
    """Whether nothing but its function stands between a field and its value."""
    return type(field) is StrawberryField and field.base_resolver is not None and not (field.extensions or field.is_async)


def _caller(field: StrawberryField, schema: strawberry.Schema) -> Resolve:
    resolver: Any = field.base_resolver
    info_class, scalars = schema.config.info_class, schema.schema_converter.scalar_registry
    names = [(schema.config.name_converter.from_argument(each), each.python_name, each.type) for each in field.arguments]
    arguments = [(name, python_name, _convert(kind, name, scalars)) for name, python_name, kind in names]
    takes_source = resolver.self_parameter is not None
    sources = [each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each is not None]
    info_name = resolver.info_parameter.name if resolver.info_parameter is not None else None

    def call(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        named = dict.fromkeys(sources, source)
        own: Any = info_class(_raw_info=info, _field=field)
        for name, python_name, convert in arguments:
            if name in given:
                value = given[name]
                named[python_name] = value if convert is None else convert(value, InputContext(own, schema.config, scalars, (name,)))
        if info_name is not None:
            named[info_name] = own
        return resolver.wrapped_func(source, **named) if takes_source else resolver.wrapped_func(**named)

    return call


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
    inner = kind.of_type if isinstance(kind, StrawberryList) else kind
    known = getattr(inner, "__strawberry_definition__", None)
    if known is not None and getattr(known, "is_input", False):
        if inner is kind:
            return lambda value, context: known.from_input(inner, value, context)
        return lambda value, context: [known.from_input(inner, each, context) for each in value]
    return lambda value, context: context.convert(value, kind, name)
