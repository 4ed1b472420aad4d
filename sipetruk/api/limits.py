"""How much an operation may ask for: one linear pass over the parsed document, before it is validated.

Each fragment is measured once and its numbers are reused, so a document of n nodes costs O(n) however often its
fragments double. The price of an operation: a scalar 0, an object 1, a list 1 + size x (1 + what is asked of each), each
condition of a `where` 1, and whatever weight a field has of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from sipetruk.api.faults import Code, refuse
from sipetruk.api.narrowing import WHERE, Counter


@dataclass(frozen=True)
class Limits:
    tokens: int = 1_500
    source_chars: int = 15_000
    comments: int = 100
    depth: int = 10
    fields: int = 300
    aliases: int = 30
    directives: int = 50
    operations: int = 10
    variables: int = 50
    page: int = 100
    default_page: int = 20
    cost: int = 2_000
    schema_cost: int = 200
    mutations: int = 4
    errors: int = 5
    seconds: float = 5.0


LIMITS = Limits()

PAGE_ARGUMENTS = ("first", "last")
NESTING = 60
"""Selections within selections and fragments within fragments that are followed at all."""
CAP = 10**9
"""Keeps the numbers small however often a fragment doubles."""
INT_DIGITS = 10
MOST_SCHEMAS = 1
SCHEMA_LISTS = {"fields", "inputFields", "interfaces", "possibleTypes"}
MOST_SCHEMA_LISTS = 1
"""`__schema` once, and no fields of the types of fields of every type: what every tool asks is within, and neither is ever needed."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a selection asks for; `per_item` is the part that a connection pays once per row.

    `schemas` counts `__schema`, and `lists` how deep the lists of a type of the schema stand within each other.
    """

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0
    per_item: int = 0
    width: int = 0
    schemas: int = 0
    lists: int = 0

    def beside(self, other: Shape) -> Shape:
        return Shape(
            max(self.depth, other.depth),
            min(CAP, self.fields + other.fields),
            min(CAP, self.aliases + other.aliases),
            min(CAP, self.cost + other.cost),
            min(CAP, self.per_item + other.per_item),
            min(CAP, self.width + other.width),
            min(CAP, self.schemas + other.schemas),
            max(self.lists, other.lists),
        )


NOTHING = Shape()


def measure(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Mapping[str, Any],
    *,
    list_sizes: Mapping[tuple[str, str], int],
    weights: Mapping[tuple[str, str], int],
    limits: Limits = LIMITS,
) -> Shape:
    """The shape of the largest operation of the document; refuses whatever exceeds a limit."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    _check("operations", len(operations), limits.operations)
    _check("directives", _directives(document), limits.directives)
    worst = NOTHING
    for operation in operations:
        _check("variables", len(operation.variable_definitions or ()), limits.variables)
        meter = _Meter(schema, fragments, _sizes_given(operation, variables), list_sizes, weights, limits)
        shape = meter.selections(operation.selection_set, schema.get_root_type(operation.operation), 0)
        for what in ("depth", "fields", "aliases", "cost"):
            _check(what, getattr(shape, what), getattr(limits, what))
        _check("schemas", shape.schemas, MOST_SCHEMAS)
        if operation.operation is OperationType.MUTATION:
            _check("mutations", shape.width, limits.mutations)
        if shape.cost >= worst.cost:
            worst = shape
    return worst


def page_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables that bring page sizes: the price depends on these and on those of a `where`, and on no others."""
    found: dict[str, None] = {}
    for node in _nodes(document):
        if isinstance(node, ArgumentNode) and node.name.value in PAGE_ARGUMENTS and isinstance(node.value, VariableNode):
            found[node.value.name.value] = None
    return tuple(found)


def where_variables(document: DocumentNode) -> tuple[str, ...]:
    """The variables that bring conditions."""
    wheres = (node.value for node in _nodes(document) if isinstance(node, ArgumentNode) and node.name.value == WHERE)
    inside = (node.name.value for where in wheres for node in _nodes(where) if isinstance(node, VariableNode))
    return tuple(dict.fromkeys(inside))


def sizes_of(variables: Mapping[str, Any], names: Iterable[str]) -> tuple[tuple[str, int | None], ...]:
    """Those that were sent, each as a number or as nothing that could be one."""
    return tuple((name, _as_size(variables[name])) for name in names if name in variables)


def _as_size(given: object) -> int | None:
    """A size; 100.0 counts as 100 for graphql-core as well."""
    if isinstance(given, float) and given.is_integer():
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _check(what: str, found: int, most: int) -> None:
    if found > most:
        raise refuse(
            f"Permintaan terlalu besar: {what} {found}, paling banyak {most}.", Code.TOO_COMPLEX, limit=what, found=found, max=most
        )


def _directives(document: DocumentNode) -> int:
    """How many directives the document writes; on its way refuses text that no database can hold."""
    found = 0
    for node in _nodes(document):
        if isinstance(node, DirectiveNode):
            found += 1
        elif isinstance(node, StringValueNode) and "\x00" in node.value:
            raise refuse("Teks tidak boleh memuat karakter NUL.", Code.BAD_USER_INPUT)
    return found


def _nodes(whole: Node) -> Iterator[Node]:
    """Every node of a document or of a part of it."""
    stack: list[Node] = [whole]
    while stack:
        node = stack.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                stack.append(value)
            elif isinstance(value, list | tuple):
                stack.extend(value)


def _sizes_given(operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the variables, with the defaults of those that were not sent, as they stand in the document."""
    sizes: dict[str, Any] = {}
    for definition in operation.variable_definitions or ():
        default = definition.default_value
        if default is not None:
            sizes[definition.variable.name.value] = _integer(default) if isinstance(default, IntValueNode) else default
    return {**sizes, **variables}


def _integer(node: IntValueNode) -> int:
    return int(node.value) if len(node.value) <= INT_DIGITS else CAP


class _Meter:
    """Measures one operation."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
        list_sizes: Mapping[tuple[str, str], int],
        weights: Mapping[tuple[str, str], int],
        limits: Limits,
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.list_sizes = list_sizes
        self.weights = weights
        self.limits = limits
        self.known: dict[str, Shape] = {}

    def selections(self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None, level: int) -> Shape:
        _check("nesting", level, NESTING)
        total = NOTHING
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                total = total.beside(self._field(node, parent, level))
            elif isinstance(node, FragmentSpreadNode):
                total = total.beside(self._fragment(node.name.value, level))
            elif isinstance(node, InlineFragmentNode):
                named = self.schema.get_type(node.type_condition.name.value) if node.type_condition else parent
                total = total.beside(self.selections(node.selection_set, named, level + 1))
        return total

    def _fragment(self, name: str, level: int) -> Shape:
        if name in self.known:
            return self.known[name]
        fragment = self.fragments.get(name)
        if fragment is None:
            return NOTHING
        self.known[name] = NOTHING  # a cycle ends here; validation reports it
        named = self.schema.get_type(fragment.type_condition.name.value)
        self.known[name] = self.selections(fragment.selection_set, named, level + 1)
        return self.known[name]

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, level: int) -> Shape:
        name = node.name.value
        field = parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None
        alias = 1 if node.alias else 0
        weight = self.weights.get((parent.name if parent else "", name), 0)
        if not node.selection_set:
            return Shape(fields=1, aliases=alias, cost=weight, width=1)
        inner = self.selections(node.selection_set, self._child(name, field), level + 1)
        fields = min(CAP, 1 + inner.fields)
        aliases = min(CAP, alias + inner.aliases)
        if name in {"__schema", "__type"} or (parent is not None and parent.name.startswith("__")):
            is_schema = name == "__schema"
            lists = inner.lists + (name in SCHEMA_LISTS)
            if is_schema:
                _check("lists", lists, MOST_SCHEMA_LISTS)
            price = self.limits.schema_cost if is_schema else 1
            return Shape(0, fields, aliases, price, 0, 1, int(is_schema) + inner.schemas, lists)
        cost, per_item = self._price(node, parent, field, inner)
        cost += weight + self._conditions(node)
        return Shape(1 + inner.depth, fields, aliases, min(CAP, cost), min(CAP, per_item), 1, inner.schemas)

    def _child(self, name: str, field: GraphQLField | None) -> GraphQLNamedType | None:
        if name in {"__schema", "__type"}:
            return self.schema.get_type("__Schema" if name == "__schema" else "__Type")
        return get_named_type(field.type) if field else None

    def _price(self, node: FieldNode, parent: GraphQLNamedType | None, field: GraphQLField | None, inner: Shape) -> tuple[int, int]:
        """What the field costs, and what it costs once per row of the connection that it belongs to."""
        if field is None:
            return 1 + inner.cost, 0
        if _is_connection(get_named_type(field.type)):
            return 1 + inner.cost + self._page(node) * inner.per_item, 0
        if not _is_list(field):
            return 1 + inner.cost, 0
        if parent is not None and _is_connection(parent):
            return 1, 1 + inner.cost
        size = self.list_sizes.get((parent.name if parent else "", node.name.value), self.limits.default_page)
        return 1 + size * (1 + inner.cost), 0

    def _conditions(self, node: FieldNode) -> int:
        wheres = [argument.value for argument in node.arguments or () if argument.name.value == WHERE]
        return sum(Counter(self.variables).count(where) for where in wheres)

    def _page(self, node: FieldNode) -> int:
        """How many rows are asked for: the larger of both sizes, since one of them may turn out to be no size at all."""
        sizes: list[int] = []
        for argument in node.arguments or ():
            if argument.name.value in PAGE_ARGUMENTS:
                size = self._size(argument.value)
                if size is not None and not 1 <= size <= self.limits.page:
                    raise refuse(
                        f"`{argument.name.value}` harus antara 1 dan {self.limits.page}.",
                        Code.BAD_USER_INPUT,
                        argument=argument.name.value,
                        max=self.limits.page,
                    )
                sizes += [] if size is None else [size]
        return max(sizes, default=self.limits.default_page)

    def _size(self, value: ValueNode) -> int | None:
        """The number in an argument."""
        if isinstance(value, IntValueNode):
            return _integer(value)
        return _as_size(self.variables.get(value.name.value)) if isinstance(value, VariableNode) else None


def _is_connection(named: GraphQLNamedType) -> bool:
    return named.name.endswith("Connection")


def _is_list(field: GraphQLField) -> bool:
    kind: Any = field.type
    while is_non_null_type(kind):
        kind = kind.of_type
    return is_list_type(kind)
