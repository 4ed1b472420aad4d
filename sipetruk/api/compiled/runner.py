"""Keeps compiled operations and runs them."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_argument_values,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import Path

from sipetruk.api.compiled.source import Resolved, Writer
from sipetruk.api.compiled.unusual import Unusual
from sipetruk.api.compiled.variables import Expected, Variables, values
from sipetruk.api.context import Context

MOST_KEPT = 48
TIMES_SEEN = 2
"""How often a document has to be asked for before it is worth compiling; that takes as long as running it once or twice."""

LONGEST_ARGUMENTS = 1_000
"""As Python writes them; what is found by longer ones is not kept."""


@dataclass(frozen=True)
class _Known:
    """What is known about a document: its fragments, and the variables that include or skip fields."""

    document: DocumentNode
    fragments: dict[str, FragmentDefinitionNode]
    conditions: tuple[str, ...]
    key: object = field(default_factory=object)
    """Stands for this document and never for another, as its identity might once it is gone."""
    expected: dict[int, tuple[Expected, ...]] = field(default_factory=dict)
    """The variables of each operation that was asked for, by its identity."""


@dataclass(frozen=True)
class _Function:
    answer: Callable[..., dict[str, Any]]
    resolved: tuple[Resolved, ...]


class Compiled:
    """The compiled operations of one schema."""

    def __init__(self, schema: GraphQLSchema, *, times_seen: int = TIMES_SEEN, most_kept: int = MOST_KEPT) -> None:
        self.schema = schema
        self.most_kept = most_kept
        self.times_seen = times_seen
        self._variables = Variables(schema)
        self._functions: OrderedDict[object, _Function | int | None] = OrderedDict()
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._lock = threading.Lock()

    def run(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any], context: Context
    ) -> dict[str, Any] | None:
        """The `data` of a validated operation; None where graphql-core has to answer: not compiled, unusual, or any error.

        Acts that were done by then are in the context, and those that were shown: neither is done or shown again.
        """
        if operation.operation is OperationType.SUBSCRIPTION:
            return None
        try:
            known = self._about(document)
            given = self._given(known, operation, variables)
            if given is None:
                return None
            function = self._function(operation, given, known)
            if function is None:
                return None
            calls = [_call(self.schema, operation, known.fragments, each, given, context) for each in function.resolved]
            return _settled(function.answer(context.shown, *calls), context)
        except Exception:  # noqa: BLE001  # whatever it is, graphql-core meets it again and words it
            return None

    def _given(self, known: _Known, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> VariableValues | None:
        """The variables as they are meant; None where they are wrong."""
        try:
            if id(operation) not in known.expected:
                known.expected[id(operation)] = self._variables.expected(operation)
            return values(known.expected[id(operation)], variables)
        except Exception:  # noqa: BLE001  # unusual, or refused by a scalar: graphql-core decides
            read = get_variable_values(self.schema, operation.variable_definitions or (), dict(variables), max_errors=1)
            return read if isinstance(read, VariableValues) else None

    def _function(self, operation: OperationDefinitionNode, given: VariableValues, known: _Known) -> _Function | None:
        """The function for this operation and these conditions, made when it has been asked for often enough."""
        key = (known.key, id(operation), tuple(given.coerced.get(name) for name in known.conditions))
        with self._lock:
            found = self._functions.pop(key, 0)
            self._functions[key] = found
            while len(self._functions) > self.most_kept:
                self._functions.popitem(last=False)
            if isinstance(found, int):
                found = self._functions[key] = found + 1
                if found < self.times_seen:
                    return None
        if isinstance(found, int):
            made: _Function | None = None
            try:
                written = Writer(self.schema, operation, known.fragments, given).write()
                made = _Function(written.function(), tuple(written.resolved))
            except (Unusual, SyntaxError, RecursionError, MemoryError):
                made = None
            found = self._functions[key] = made
        return found

    def _about(self, document: DocumentNode) -> _Known:
        with self._lock:
            known = self._known.get(id(document))
            if known is not None and known.document is document:
                self._known.move_to_end(id(document))
                return known
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        known = _Known(document, fragments, _conditions(document))
        with self._lock:
            self._known[id(document)] = known
            while len(self._known) > self.most_kept:
                self._known.popitem(last=False)
        return known


def _call(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: dict[str, FragmentDefinitionNode],
    asked: Resolved,
    given: VariableValues,
    context: Context,
) -> Callable[[Any], Any]:
    """The resolver of a field with its arguments, as graphql-core would call it; it stops at the deadline as well."""
    arguments = get_argument_values(asked.definition, asked.nodes[0], given) if asked.definition.args else {}
    resolve = asked.definition.resolve
    if resolve is None:
        raise Unusual
    nowhere: Any = None
    place = asked.nodes[0].alias or asked.nodes[0].name
    info: Any = GraphQLResolveInfo(
        asked.nodes[0].name.value,
        asked.nodes,
        asked.definition.type,
        asked.parent,
        Path(None, place.value, asked.parent.name),  # an act is known by its place at the root; no other resolver asks for its own
        schema,
        fragments,
        None,
        operation,
        given,
        context,
        _never,
        None,
        nowhere,
    )

    def call(source: Any) -> Any:
        if time.monotonic() > context.deadline:
            raise Unusual
        return resolve(source, info, **arguments)

    snapshot = context.snapshot
    if snapshot is None:
        return call
    spelling = repr(arguments)
    name = (asked.parent.name, asked.nodes[0].name.value, spelling)
    if len(spelling) > LONGEST_ARGUMENTS or any(each.startswith("__") for each in name[:2]):
        return call
    return lambda source: snapshot.once((name, id(source)), source, lambda: call(source))


def _settled(data: dict[str, Any], context: Context) -> dict[str, Any]:
    """The answer, once what was read for it is kept for the next one."""
    if context.snapshot is not None:
        context.snapshot.settle()
    return data


def _never(_value: object) -> TypeGuard[Any]:
    """Our resolvers are plain functions: nothing they return is awaited."""
    return False


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    """The names of the variables in directives."""
    found: list[str] = []

    class Look(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            found.extend(each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode))

    visit(document, Look())
    return tuple(dict.fromkeys(found))
