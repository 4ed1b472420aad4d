"""Variables of a request that are as they should be; graphql-core reads all others, and words what is wrong.

It finds out at every value of what kind its type is; here that is done once for each type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

from sipetruk.api.compiled.unusual import Unusual

DEEPEST = 40
"""How deep lists and inputs may lie in one another here; graphql-core says when it is too deep for anybody."""

Read: TypeAlias = Callable[[Any, int], Any]
"""Gives what is meant by a value, which may be null, at a depth."""
Expected: TypeAlias = tuple[GraphQLVariableSignature, Read]


class Variables:
    """What the variables of operations of one schema are read by."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._inputs: dict[str, Read] = {}

    def expected(self, operation: OperationDefinitionNode) -> tuple[Expected, ...]:
        """What an operation expects; raises `Unusual` where it names a type that no variable can have."""
        found = []
        for node in operation.variable_definitions or ():
            signature = get_variable_signature(self._schema, node)
            if isinstance(signature, GraphQLError):
                raise Unusual
            found.append((signature, self._read(signature.type)))
        return tuple(found)

    def _read(self, kind: Any) -> Read:
        if is_non_null_type(kind):
            return _never_null(self._read(kind.of_type))
        if is_list_type(kind):
            return _list(self._read(kind.of_type))
        if not is_input_object_type(kind):
            return _leaf(kind)
        if kind.name not in self._inputs:
            self._inputs[kind.name] = self._input(kind)
        return self._inputs[kind.name]

    def _input(self, kind: GraphQLInputObjectType) -> Read:
        fields: tuple[tuple[str, str, Read, Callable[[], Any] | None], ...] = ()

        def read(value: Any, depth: int) -> Any:
            nonlocal fields
            if value is None:
                return None
            if type(value) is not dict or depth > DEEPEST or kind.is_one_of:
                raise Unusual
            if not fields:  # now that all inputs are known, which may hold one another; at once, for other threads read here too
                fields = tuple(
                    [(name, each.out_name or name, self._read(each.type), _otherwise(each)) for name, each in kind.fields.items()]
                )
            found, used = {}, 0
            for name, own_name, meant, otherwise in fields:
                if name in value:
                    used += 1
                    found[own_name] = meant(value[name], depth + 1)
                elif otherwise is not None:
                    found[own_name] = otherwise()
            if used != len(value):
                raise Unusual
            return kind.out_type(found)

        return read


def values(expected: tuple[Expected, ...], given: Mapping[str, Any]) -> VariableValues:
    """The variables as graphql-core would read them; raises `Unusual`, or what a scalar raises, where it has to do that itself."""
    sources, coerced = {}, {}
    for signature, meant in expected:
        name = signature.name
        if name in given:
            sources[name] = VariableValueSource(signature, given[name])
            coerced[name] = meant(given[name], 0)
        elif signature.default is not None or is_non_null_type(signature.type):
            raise Unusual
        else:
            sources[name] = VariableValueSource(signature)
    return VariableValues(sources, coerced)


def _otherwise(field: GraphQLInputField) -> Callable[[], Any] | None:
    """What stands for a field that is not given; None where nothing does."""
    if is_required_input_field(field):
        return _lacking
    return None if coerce_default_value(field) is Undefined else lambda: coerce_default_value(field)


def _lacking() -> None:
    raise Unusual


def _never_null(meant: Read) -> Read:
    def read(value: Any, depth: int) -> Any:
        if value is None:
            raise Unusual
        return meant(value, depth)

    return read


def _list(meant: Read) -> Read:
    def read(value: Any, depth: int) -> list[Any] | None:
        if value is None:
            return None
        if type(value) is not list or depth > DEEPEST:
            raise Unusual
        return [meant(one, depth + 1) for one in value]

    return read


def _leaf(kind: Any) -> Read:
    def read(value: Any, _depth: int) -> Any:
        found = None if value is None else kind.coerce_input_value(value)
        if found is Undefined:
            raise Unusual
        return found

    return read
