"""Runs operations on a schema: parse, limit, validate, execute, each with its own kind of refusal.

A document is parsed and validated once and kept; so is what it costs for the page sizes that come in variables.
Strawberry builds the schema; running it here instead of through its `execute_sync` is what allows the limits between
parsing and validation, hidden suggestions and a deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, TypeGuard

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    specified_rules,
    validate,
)
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from sipetruk.api.compiled import Compiled
from sipetruk.api.context import Context
from sipetruk.api.cost import describe_costs, weights
from sipetruk.api.faults import Code, refuse, shown
from sipetruk.api.introspection import MOST_KEPT, asks_only_about_schema
from sipetruk.api.limits import LIMITS, Limits, Shape, measure, page_variables, sizes_of, where_variables
from sipetruk.api.listsize import list_sizes

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
DOCUMENTS_KEPT = 48
"""Parsed documents kept; the largest allowed one takes about 1 MB."""
SHAPES_KEPT = 256
"""Prices kept, one for each document and its page sizes."""
TOO_DEEP = "Permintaan bersarang terlalu dalam."


@dataclass(frozen=True)
class Operation:
    """An operation that may run."""

    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    variables: Mapping[str, Any]
    shape: Shape

    @property
    def is_mutation(self) -> bool:
        return self.node.operation is OperationType.MUTATION

    @cached_property
    def is_about_schema(self) -> bool:
        """Whether everybody gets the same answer, as long as this process runs."""
        return asks_only_about_schema(self.document, self.node)


@dataclass(frozen=True)
class Answer:
    """What goes back: `data` is absent where the request itself was refused."""

    errors: tuple[dict[str, Any], ...] = ()
    data: dict[str, Any] | None = None
    has_data: bool = False
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.errors:
            body["errors"] = list(self.errors)
        if self.has_data:
            body["data"] = self.data
        if self.extensions:
            body["extensions"] = dict(self.extensions)
        return body


class DocumentRefused(Exception):
    """The document cannot run: it does not parse, is too large, or does not fit the schema."""

    def __init__(self, errors: list[GraphQLError], otherwise: Code) -> None:
        super().__init__(errors[0].message)
        self.errors = errors
        self.otherwise = otherwise

    def answer(self, request_id: str) -> Answer:
        return Answer(errors=tuple(shown(error, request_id, self.otherwise) for error in self.errors))


class Engine:
    """One schema with its limits; with `compiles`, documents that are asked for again run as functions of their own.

    Questions about the schema itself run so the first time already: they show tens of thousands of values.
    """

    def __init__(self, schema: strawberry.Schema, *, hide_suggestions: bool, limits: Limits = LIMITS, compiles: bool = False) -> None:
        self.strawberry = schema
        self.schema = schema._schema  # noqa: SLF001  # the graphql-core schema has no public name; pinned and tested
        self.hide_suggestions = hide_suggestions
        self.limits = limits
        self.list_sizes = list_sizes(self.schema)
        self.weights = weights(self.schema)
        describe_costs(self.schema, self.list_sizes, self.weights)
        _do_acts_once(self.schema)
        self.compiled = Compiled(self.schema) if compiles else None
        self.compiled_about_schema = Compiled(self.schema, times_seen=1, most_kept=MOST_KEPT)
        self._parsed: Callable[[str], DocumentNode] = lru_cache(DOCUMENTS_KEPT)(self._parse)
        self._judged: Callable[[str], tuple[GraphQLError, ...]] = lru_cache(DOCUMENTS_KEPT)(self._validate)
        self._sized_by: Callable[[str], tuple[str, ...]] = lru_cache(DOCUMENTS_KEPT)(lambda source: page_variables(self._parsed(source)))
        self._narrowed_by: Callable[[str], tuple[str, ...]] = lru_cache(DOCUMENTS_KEPT)(
            lambda source: where_variables(self._parsed(source))
        )
        self._measured: Callable[[str, tuple[tuple[str, int | None], ...]], Shape] = lru_cache(SHAPES_KEPT)(self._measure)

    def plan(self, source: str, variables: Mapping[str, Any], operation_name: str | None) -> Operation:
        """The operation that the request asks for, measured and valid; raises `DocumentRefused`."""
        try:
            document = self._parsed(source)
        except GraphQLError as error:
            raise DocumentRefused([error], Code.PARSE_FAILED) from None
        try:
            shape = self._shape(source, document, variables)
            node = _chosen(document, operation_name)
        except GraphQLError as error:
            raise DocumentRefused([error], Code.BAD_REQUEST) from None
        if errors := self._judged(source):
            raise DocumentRefused(list(errors), Code.VALIDATION_FAILED)
        return Operation(document, node, operation_name, variables, shape)

    def _shape(self, source: str, document: DocumentNode, variables: Mapping[str, Any]) -> Shape:
        """What the operation asks for; measured anew only where a variable brings conditions."""
        if any(variables.get(name) is not None for name in self._narrowed_by(source)):
            return measure(self.schema, document, variables, list_sizes=self.list_sizes, weights=self.weights, limits=self.limits)
        return self._measured(source, sizes_of(variables, self._sized_by(source)))

    def run(self, operation: Operation, context: Context) -> Answer:
        """Execute a planned operation."""
        context.begin(time.monotonic() + self.limits.seconds)
        compiled = self.compiled_about_schema if operation.is_about_schema else self.compiled
        if compiled is not None:
            data = compiled.run(operation.document, operation.node, operation.variables, context)
            if data is not None:
                return Answer(data=data, has_data=True, extensions=self._extensions(operation))
        try:
            result: Any = execute(
                self.schema,
                operation.document,
                context_value=context,
                variable_values=dict(operation.variables),
                operation_name=operation.name,
                executor_class=_Executor,
                is_awaitable=_never,
                is_async_iterable=_never,
                hide_suggestions=self.hide_suggestions,
                max_coercion_errors=self.limits.errors,
                operation_extensions={},
            )
        except GraphQLError as error:
            return self._refused([error], operation, context)
        except RecursionError:
            return self._refused([refuse(TOO_DEEP, Code.TOO_COMPLEX, limit="nesting")], operation, context)
        if result.data is None and result.errors and all(error.path is None for error in result.errors):
            return self._refused(result.errors, operation, context)
        errors = tuple(shown(error, context.request_id, Code.INTERNAL) for error in result.errors or ())
        return Answer(errors, result.data, has_data=True, extensions=self._extensions(operation))

    def _refused(self, errors: list[GraphQLError], operation: Operation, context: Context) -> Answer:
        some = errors[: self.limits.errors]
        return Answer(
            errors=tuple(shown(error, context.request_id, Code.BAD_USER_INPUT) for error in some),
            extensions=self._extensions(operation),
        )

    def _extensions(self, operation: Operation) -> dict[str, Any]:
        return {"cost": {"requested": operation.shape.cost, "max": self.limits.cost, "depth": operation.shape.depth}}

    def _parse(self, source: str) -> DocumentNode:
        return parse(
            source,
            max_lexical_tokens=self.limits.tokens,
            max_comments=self.limits.comments,
            max_source_length=self.limits.source_chars,
            allow_empty_selection_sets=False,
        )

    def _measure(self, source: str, sizes: tuple[tuple[str, int | None], ...]) -> Shape:
        return measure(self.schema, self._parsed(source), dict(sizes), list_sizes=self.list_sizes, weights=self.weights, limits=self.limits)

    def _validate(self, source: str) -> tuple[GraphQLError, ...]:
        try:
            errors = validate(
                self.schema, self._parsed(source), RULES, max_errors=self.limits.errors, hide_suggestions=self.hide_suggestions
            )
        except RecursionError:
            errors = [refuse(TOO_DEEP, Code.TOO_COMPLEX, limit="nesting")]
        return tuple(errors[: self.limits.errors])


class _Executor(StrawberryGraphQLCoreExecutionContext):
    """Stops an operation that has run too long, at the next field, and shows acts that a compiled function has shown already as it did.

    An error raised here lies outside the handling of a single field, so it ends the whole operation.
    """

    def execute_field(self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Path, *more: Any) -> Any:
        if path.prev is None and path.key in self.context_value.shown:
            return self.context_value.shown[path.key]
        return super().execute_field(parent_type, source, field_details_list, path, *more)

    def build_resolve_info(
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> GraphQLResolveInfo[Any]:
        if time.monotonic() > self.context_value.deadline:
            raise refuse("Permintaan memakan waktu terlalu lama.", Code.TOO_COMPLEX, limit="seconds")
        return super().build_resolve_info(field_def, field_nodes, parent_type, path)


def _do_acts_once(schema: GraphQLSchema) -> None:
    """An act whose document has to be run again, because something about it is unusual, is not done again."""
    for each in schema.mutation_type.fields.values() if schema.mutation_type else ():
        if each.resolve is not None and not isinstance(each.resolve, _Act):
            each.resolve = _Act(each.resolve)


@dataclass(frozen=True)
class _Act:
    """The resolver of a mutation, which does its act once for each place in the answer of a request."""

    resolve: Callable[..., Any]

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        return info.context.act(info.path.key, lambda: self.resolve(source, info, **given))


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) != 1:
            raise refuse("Sebutkan `operationName`: dokumen ini memuat bukan satu operasi.", Code.BAD_REQUEST)
        return operations[0]
    for node in operations:
        if node.name and node.name.value == name:
            return node
    raise refuse("Operasi dengan nama `operationName` tidak ada di dokumen ini.", Code.BAD_REQUEST)


def _never(_value: object) -> TypeGuard[Any]:
    """Our resolvers are plain functions: nothing they return is awaited."""
    return False
