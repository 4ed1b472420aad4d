"""The contract as pages show it: every type of a schema with what leads to it and the stored documents that use it.

Read from the SDL once per process. English is looked up by the Indonesian text, in `graphql/descriptions.en.toml`: whoever
changes the one finds the other missing, and never finds it out of date.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    get_named_type,
    is_introspection_type,
    parse,
    print_ast,
    visit,
)

from sipetruk import windows
from sipetruk.api.cost import words
from sipetruk.api.operations import ENGINES
from sipetruk.api.sdl import SDL
from sipetruk.api.stored import documents

TYPE_NAME = re.compile(r"`[A-Z]\w*`")
KINDS: dict[type[GraphQLNamedType], str] = {
    GraphQLObjectType: "object",
    GraphQLInterfaceType: "interface",
    GraphQLUnionType: "union",
    GraphQLInputObjectType: "input",
    GraphQLEnumType: "enum",
    GraphQLScalarType: "scalar",
}


@dataclass(frozen=True)
class Member:
    """A field, an argument, an input field or a value of an enum; `weight` and `size` are what its directives set."""

    name: str
    description: str
    type: str = ""
    leads_to: str = ""
    default: str = ""
    deprecation: str = ""
    arguments: tuple[Member, ...] = ()
    weight: int | None = None
    size: int | None = None
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """One type. `used_by` are (type, member) that lead to it, `operations` the stored documents that read or send it."""

    name: str
    kind: str
    description: str
    members: tuple[Member, ...]
    related: tuple[str, ...] = ()
    used_by: tuple[tuple[str, str], ...] = ()
    operations: tuple[str, ...] = ()


@dataclass
class _Uses:
    """Which stored documents and which members lead where."""

    operations: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    members: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


@cache
def described(schema: str) -> dict[str, Described]:
    """The types of a schema by name; `Query` and `Mutation` are among them."""
    built = build_schema(SDL[schema](), assume_valid=True)
    uses = _uses(schema, built)
    named = (each for each in built.type_map.values() if not is_introspection_type(each))
    return {each.name: _type(schema, built, each, uses) for each in sorted(named, key=lambda each: each.name)}


def search(schema: str, text: str, language: str) -> list[tuple[Described, Member | None]]:
    """Types and members in whose name or description all words stand; names first, in the order of the alphabet."""
    wanted = text.casefold().split()
    found: list[tuple[int, str, Described, Member | None]] = []
    for each in described(schema).values():
        for member in (None, *each.members):
            thing = member or each
            name = thing.name.casefold()
            if all(word in name for word in wanted):
                found.append((0, thing.name, each, member))
            elif all(word in f"{name} {in_language(thing.description, language).casefold()}" for word in wanted):
                found.append((1, thing.name, each, member))
    found.sort(key=lambda row: (row[0], row[1].casefold(), row[2].name))
    return [(each, member) for _, _, each, member in found]


@cache
def english() -> dict[str, str]:
    """Indonesian description -> English; `*` stands for the name of a type in both."""
    found: dict[str, str] = tomllib.loads((windows.window("graphql") / "descriptions.en.toml").read_text(encoding="utf-8"))
    return found


def in_language(text: str, language: str) -> str:
    """A description in `id` or `en`; in Indonesian where nobody has translated it."""
    if language != "en":
        return text
    found = english().get(TYPE_NAME.sub("`*`", text), text)
    for name in TYPE_NAME.findall(text):
        found = found.replace("`*`", name, 1)
    return found


def _type(schema: str, built: GraphQLSchema, named: GraphQLNamedType, uses: _Uses) -> Described:
    kind = next(word for each, word in KINDS.items() if isinstance(named, each))
    return Described(
        named.name,
        kind,
        named.description or "",
        tuple(_members(schema, named, uses)),
        tuple(sorted(_related(built, named))),
        tuple(sorted(uses.members[named.name])),
        tuple(sorted(uses.operations[named.name])),
    )


def _related(built: GraphQLSchema, named: GraphQLNamedType) -> set[str]:
    """The interfaces of an object, and what stands behind an interface or a union."""
    if isinstance(named, GraphQLObjectType):
        return {each.name for each in named.interfaces}
    return {each.name for each in built.get_possible_types(named)} if isinstance(named, GraphQLInterfaceType | GraphQLUnionType) else set()


def _members(schema: str, named: GraphQLNamedType, uses: _Uses) -> list[Member]:
    if isinstance(named, GraphQLEnumType):
        return [Member(name, value.description or "", deprecation=value.deprecation_reason or "") for name, value in named.values.items()]
    if isinstance(named, GraphQLInputObjectType):
        return [_input(name, each) for name, each in named.fields.items()]
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return [_field(schema, named.name, name, each, uses) for name, each in named.fields.items()]
    return []


def _input(name: str, each: GraphQLArgument | GraphQLInputField) -> Member:
    node = each.ast_node
    return Member(
        name,
        each.description or "",
        str(each.type),
        get_named_type(each.type).name,
        print_ast(node.default_value) if node and node.default_value else "",
        each.deprecation_reason or "",
    )


def _field(schema: str, parent: str, name: str, each: GraphQLField, uses: _Uses) -> Member:
    weight, size = (sizes.get((parent, name)) for sizes in (ENGINES[schema].weights, ENGINES[schema].list_sizes))
    return Member(
        name,
        (each.description or "").removesuffix(words(weight, size)).strip(),
        str(each.type),
        get_named_type(each.type).name,
        deprecation=each.deprecation_reason or "",
        arguments=tuple(_input(argument, given) for argument, given in each.args.items()),
        weight=weight,
        size=size,
        operations=tuple(sorted(uses.operations[f"{parent}.{name}"])),
    )


def _uses(schema: str, built: GraphQLSchema) -> _Uses:
    uses = _Uses()
    for named in built.type_map.values():
        for name, each in (getattr(named, "fields", None) or {}).items():
            if not is_introspection_type(named):
                uses.members[get_named_type(each.type).name].add((named.name, name))
                for given in getattr(each, "args", {}).values():
                    uses.members[get_named_type(given.type).name].add((named.name, name))
    for operation, text in documents(schema).named.items():
        info = TypeInfo(built)
        visit(parse(text), TypeInfoVisitor(info, _Noting(info, uses, operation)))
    return uses


class _Noting(Visitor):
    """Notes every field that a stored document reads, and every type that it reads or sends."""

    def __init__(self, info: TypeInfo, uses: _Uses, operation: str) -> None:
        super().__init__()
        self.info, self.uses, self.operation = info, uses, operation

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent, here = self.info.get_parent_type(), self.info.get_type()
        if parent is not None and here is not None:
            self._note(parent.name, f"{parent.name}.{node.name.value}", get_named_type(here).name)

    def enter_variable_definition(self, *_: Any) -> None:
        given = self.info.get_input_type()
        if given is not None:
            self._note(get_named_type(given).name)

    def _note(self, *places: str) -> None:
        for place in places:
            self.uses.operations[place].add(self.operation)
