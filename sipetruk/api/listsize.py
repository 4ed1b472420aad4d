"""The `@listSize` directive: how many items a bounded list is assumed to have when an operation is priced."""

from __future__ import annotations

from collections.abc import Iterator

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="A bounded list: the number of items assumed when the cost of an operation is computed.",
)
class ListSize:
    assumed_size: int = strawberry.directive_field(name="assumedSize")


def list_sizes(schema: GraphQLSchema) -> dict[tuple[str, str], int]:
    """(type, field) -> assumed size, for every field that carries the directive."""
    return {place: directive.assumed_size for place, directive in directives_of(schema) if isinstance(directive, ListSize)}


def directives_of(schema: GraphQLSchema) -> Iterator[tuple[tuple[str, str], object]]:
    """Every directive of every field, with its type and name."""
    for named in schema.type_map.values():
        if isinstance(named, GraphQLObjectType):
            for name, field in named.fields.items():
                definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                yield from (((named.name, name), directive) for directive in getattr(definition, "directives", ()))
