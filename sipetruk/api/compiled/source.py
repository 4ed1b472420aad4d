"""Writes the Python source of an operation: a function for each object that is asked for, a dict display with its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.schema.schema_converter import GraphQLCoreConverter

from sipetruk.api.compiled.unusual import Unusual
from sipetruk.api.compiled.values import TAKEN_AS_THEY_ARE, by_type, checked, leaf, listed

LARGEST_INT = 2**31 - 1
MOST_FUNCTIONS = 400
"""Objects asked for in one document that are worth a function; the limits allow fewer in almost every case."""


@dataclass(frozen=True)
class Resolved:
    """A field that is found by calling its resolver."""

    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]


@dataclass
class Written:
    """The source, what its names stand for, and the resolvers that each execution gives it as `r0`, `r1` ..."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    resolved: list[Resolved] = field(default_factory=list)

    def function(self) -> Callable[..., dict[str, Any]]:
        given = ", ".join(f"r{number}" for number in range(len(self.resolved)))
        body = "\n".join(f"    {line}" for line in self.lines)
        names = dict(self.names)
        exec(compile(f"def answer(shown, {given}):\n{body}\n    return o0(None)\n", "<query>", "exec"), names)  # noqa: S102  # written here, from names that were validated
        made: Callable[..., dict[str, Any]] = names["answer"]
        return made


class Writer:
    """Writes one operation, for one set of values of the variables that include or skip fields."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = {name: FragmentDetails(node) for name, node in fragments.items()}
        self.variables = variables
        self.written = Written(names={"listed": listed})
        self._count = 0

    def write(self) -> Written:
        root = self.schema.get_root_type(self.operation.operation)
        if root is None:
            raise Unusual
        found = collect_fields(self.schema, self.fragments, self.variables, root, self.operation)
        if self.operation.operation is OperationType.MUTATION:
            self._acts(root, found.grouped_field_set)
        else:
            self._object("o0", root, found.grouped_field_set)
        return self.written

    def _acts(self, kind: GraphQLObjectType, asked: Mapping[str, list[FieldDetails]]) -> None:
        """One act after the other, each shown before the next is done; what is shown already stays when a later one is unusual."""
        acts = [f"shown[{key!r}] = {self._field(kind, details)}" for key, details in asked.items()]
        self.written.lines.append(f"def o0(o): {'; '.join([*acts, 'return shown'])}")

    def _object(self, name: str, kind: GraphQLObjectType, asked: Mapping[str, list[FieldDetails]]) -> None:
        if len(self.written.lines) > MOST_FUNCTIONS:
            raise Unusual
        items = [f"{key!r}: {self._field(kind, details)}" for key, details in asked.items()]
        check = ""
        if name != "o0":
            good: set[type] = set()
            known, look = self._named("g", good), self._named("c", checked(kind, good))
            check = f"o.__class__ in {known} or {look}(o); "
        self.written.lines.append(f"def {name}(o): {check}return {{{', '.join(items)}}}")

    def _field(self, parent: GraphQLObjectType, details: list[FieldDetails]) -> str:
        name = details[0].node.name.value
        if name == "__typename":
            return repr(parent.name)
        definition = self.schema.get_field(parent, name)
        if definition is None:
            raise Unusual
        return self._value(definition.type, self._found(parent, definition, details), details)

    def _found(self, parent: GraphQLObjectType, definition: GraphQLField, details: list[FieldDetails]) -> str:
        """The expression that finds a field's value: an attribute, or a call of its resolver."""
        ours = definition.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        if ours is not None and ours.is_basic_field and ours.default_resolver is getattr and not definition.args:
            attribute = ours.python_name
            if not attribute.isidentifier():
                raise Unusual
            return f"o.{attribute}"
        self.written.resolved.append(Resolved(parent, definition, [each.node for each in details]))
        return f"r{len(self.written.resolved) - 1}(o)"

    def _value(self, kind: Any, found: str, details: list[FieldDetails]) -> str:
        """The expression that completes a value."""
        if isinstance(kind, GraphQLNonNull):
            return self._some(kind.of_type, found, details)
        value = self._name("v")
        return f"(None if ({value} := {found}) is None else {self._some(kind, value, details)})"

    def _some(self, kind: Any, found: str, details: list[FieldDetails]) -> str:
        """The expression for a value that must be there."""
        if isinstance(kind, GraphQLList):
            item = self._name("i")
            return f"[{self._value(kind.of_type, item, details)} for {item} in listed({found})]"
        if isinstance(kind, GraphQLObjectType):
            return f"{self._shown(kind, details)}({found})"
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            possible = [(each.name, self._shown(each, details)) for each in self.schema.get_possible_types(kind)]
            table = ", ".join(f"({name!r}, {function})" for name, function in possible)
            chooser, made = self._named("t", partial(by_type, self.schema)), self._named("k", kind)
            return f"{chooser}({made}, ({table},))({found})"
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(kind, found)
        raise Unusual

    def _shown(self, kind: GraphQLObjectType, details: list[FieldDetails]) -> str:
        asked = collect_subfields(self.schema, self.fragments, self.variables, self.operation, kind, details)
        name = self._name("o")
        self._object(name, kind, asked.grouped_field_set)
        return name

    def _leaf(self, kind: GraphQLScalarType | GraphQLEnumType, found: str) -> str:
        written = self._named("w", leaf(kind))
        value = self._name("v")
        if kind.name in TAKEN_AS_THEY_ARE:
            return f"({value} if ({value} := {found}).__class__ is {TAKEN_AS_THEY_ARE[kind.name]} else {written}({value}))"
        if kind.name == "Int":
            fits = f"({value} := {found}).__class__ is int and -{LARGEST_INT} <= {value} <= {LARGEST_INT}"
            return f"({value} if {fits} else {written}({value}))"
        return f"{written}({found})"

    def _named(self, letter: str, value: Any) -> str:
        """A name in the source for a value."""
        name = self._name(letter)
        self.written.names[name] = value
        return name

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"
