"""The `@cost` directive: what a field costs beside its selection, where finding it is far more work than showing it."""

from __future__ import annotations

import strawberry
from graphql import GraphQLSchema
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
