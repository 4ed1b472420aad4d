"""The `@cost` directive: what a field costs beside its selection, where finding it is far more work than showing it."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from sipetruk.api.listsize import directives_of


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="A field that takes much work: what it adds to the cost of an operation each time it is asked for.",
)
class Cost:
    weight: int


def weights(schema: GraphQLSchema) -> dict[tuple[str, str], int]:
    """(type, field) -> weight, for every field that carries the directive."""
    return {place: directive.weight for place, directive in directives_of(schema) if isinstance(directive, Cost)}


def words(weight: int | None, size: int | None) -> str:
    """What the description of a field says of its cost; nothing where it costs what any field does."""
    parts = [f"Biaya tambahan: {weight}."] if weight is not None else []
    return " ".join(parts + ([f"Biayanya dihitung untuk {size} butir."] if size is not None else []))


def describe_costs(schema: GraphQLSchema, sizes: Mapping[tuple[str, str], int], weights: Mapping[tuple[str, str], int]) -> None:
    """Say in the descriptions what the directives set: tools that read a schema over the wire see no directives."""
    for type_name, name in {*sizes, *weights}:
        named = schema.type_map[type_name]
        if isinstance(named, GraphQLObjectType):
            said = words(weights.get((type_name, name)), sizes.get((type_name, name)))
            before = (named.fields[name].description or "").removesuffix(said).strip()  # said once, however often this runs
            named.fields[name].description = f"{before} {said}".strip()
