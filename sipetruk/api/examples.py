"""Stored documents as examples to try: the text, and variables in the shape that it asks for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    OperationDefinitionNode,
    OperationType,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
    parse,
    type_from_ast,
    value_from_ast_untyped,
)

from sipetruk.api.operations import ENGINES
from sipetruk.api.stored import digest, documents

EMPTY: dict[str, Any] = {"Boolean": False, "Int": 1}
"""What stands in for a value that has to be given; a text where nothing is said here."""


@dataclass(frozen=True)
class Example:
    """A stored document; `about` is the comment at its head."""

    name: str
    text: str
    about: str
    variables: str
    document_id: str
    is_mutation: bool


@cache
def examples(schema: str) -> dict[str, Example]:
    """By name, those that only read first."""
    found = [_example(schema, name, text) for name, text in documents(schema).named.items()]
    return {each.name: each for each in sorted(found, key=lambda each: (each.is_mutation, each.name))}


def _example(schema: str, name: str, text: str) -> Example:
    (operation,) = (node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode))
    about = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    given = json.dumps(_variables(schema, operation), indent=2, ensure_ascii=False)
    is_mutation = operation.operation is OperationType.MUTATION
    return Example(name, text, " ".join(about), given, f"sha256:{digest(text)}", is_mutation)


def _variables(schema: str, operation: OperationDefinitionNode) -> dict[str, Any]:
    """Defaults as they are, and something to be written over for what has to be given; the rest may stay away."""
    variables: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        kind: Any = type_from_ast(ENGINES[schema].schema, definition.type)
        if definition.default_value is not None:
            variables[definition.variable.name.value] = value_from_ast_untyped(definition.default_value)
        elif is_non_null_type(kind):
            variables[definition.variable.name.value] = _blank(kind)
    return variables


def _blank(kind: GraphQLInputType) -> Any:
    inner = get_nullable_type(kind)
    if is_list_type(inner):
        return []
    if isinstance(inner, GraphQLInputObjectType):
        return {name: _blank(field.type) for name, field in inner.fields.items() if is_required_input_field(field)}
    if isinstance(inner, GraphQLEnumType):
        return next(iter(inner.values))
    return EMPTY.get(str(inner), "")
