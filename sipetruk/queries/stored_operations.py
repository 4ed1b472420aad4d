"""The documents in `graphql/operations/` as the content of messages: which of them read, and what each must be given."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from graphql import DocumentNode, FieldNode, NonNullTypeNode, OperationDefinitionNode, OperationType, VariableNode, parse

from sipetruk.rules.webhooks import Payload
from sipetruk.windows import window

SCHEMAS = ("public", "staff")


@cache
def payloads() -> Mapping[str, Payload]:
    """Every stored operation that reads, by its schema and name (`public/Period`)."""
    folder = window("graphql") / "operations"
    found = (
        _payload(schema, path.stem, parse(path.read_text(encoding="utf-8")))
        for schema in SCHEMAS
        for path in sorted((folder / schema).glob("*.graphql"))
    )
    return {each.name: each for each in found if each.is_query}


def _payload(schema: str, name: str, document: DocumentNode) -> Payload:
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    required: dict[str, set[str]] = {
        each.variable.name.value: set()
        for each in operation.variable_definitions or ()
        if isinstance(each.type, NonNullTypeNode) and each.default_value is None
    }
    fields = [each for each in operation.selection_set.selections if isinstance(each, FieldNode)]
    for field in fields:
        for argument in field.arguments or ():
            if isinstance(argument.value, VariableNode) and argument.value.name.value in required:
                required[argument.value.name.value].add(f"{field.name.value}.{argument.name.value}")
    places = {variable: frozenset(found) for variable, found in required.items()}
    return Payload(f"{schema}/{name}", schema, operation.operation is OperationType.QUERY, places)
