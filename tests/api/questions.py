"""Queries made up from a schema: every field, argument, alias, fragment and condition that it allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)
from hypothesis import strategies as st

DEEPEST = 6
WIDEST = 5


@dataclass
class Question:
    """A document with the variables that it is asked with."""

    source: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    aliases: int = 0


def questions(schema: GraphQLSchema, values: dict[str, list[Any]]) -> st.SearchStrategy[Question]:
    """Documents of one query; `values` are good values for arguments by their name."""

    @st.composite
    def made(draw: Any) -> Question:
        asked = Question()
        selection = _Asker(schema, values, draw, asked).selection(schema.query_type, 0)
        declared = ", ".join(f"${name}: {kind}" for name, kind in asked.declared.items())
        asked.source = "\n".join([f"query Asked{f'({declared})' if declared else ''} {selection}", *asked.fragments])
        return asked

    return made()


class _Asker:
    def __init__(self, schema: GraphQLSchema, values: dict[str, list[Any]], draw: Any, asked: Question) -> None:
        self.schema = schema
        self.values = values
        self.draw = draw
        self.asked = asked

    def selection(self, kind: Any, depth: int) -> str:
        names = ["__typename"]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            deep = depth >= DEEPEST
            names += [name for name, each in kind.fields.items() if not deep or is_leaf_type(get_named_type(each.type))]
        chosen = self.draw(st.lists(st.sampled_from(names), min_size=1, max_size=WIDEST))
        parts = [self.field(kind, name, depth) for name in chosen]
        return "{ " + " ".join(self.wrapped(kind, part) for part in parts) + " }"

    def field(self, kind: Any, name: str, depth: int) -> str:
        if name == "__typename":
            return self.alias() + name + self.condition()
        definition = kind.fields[name]
        inner = get_named_type(definition.type)
        given = [text for argument, each in definition.args.items() if (text := self.argument(argument, each))]
        arguments = f"({', '.join(given)})" if given else ""
        below = "" if is_leaf_type(inner) else " " + self.selection(inner, depth + 1)
        bare = not definition.args and self.draw(st.booleans())
        return ("" if bare else self.alias()) + name + arguments + self.condition() + below

    def alias(self) -> str:
        self.asked.aliases += 1
        return f"a{self.asked.aliases}: "

    def wrapped(self, kind: Any, text: str) -> str:
        """The field as it is, or inside a fragment on its own type, on an interface or on another type of an interface."""
        how = self.draw(st.sampled_from(["plain"] * 4 + ["inline", "on type", "named", "on interface"]))
        if how == "plain":
            return text
        if how == "inline":
            return f"...{self.condition()} {{ {text} }}"
        if how == "on interface" and isinstance(kind, GraphQLInterfaceType):
            other = self.draw(st.sampled_from(self.schema.get_possible_types(kind)))
            return f"... on {other.name}{self.condition()} {self.selection(other, DEEPEST)}"
        if how == "named":
            name = f"F{len(self.asked.fragments)}"
            self.asked.fragments.append(f"fragment {name} on {kind.name} {{ {text} }}")
            return f"...{name}{self.condition()}" + (f" ...{name}" if self.draw(st.booleans()) else "")
        return f"... on {kind.name}{self.condition()} {{ {text} }}"

    def condition(self) -> str:
        how = self.draw(st.sampled_from([""] * 6 + ["skip", "include"]))
        if not how:
            return ""
        value = self.draw(st.booleans())
        if self.draw(st.booleans()):
            return f" @{how}(if: {str(value).lower()})"
        return f" @{how}(if: ${self.variable('Boolean!', value)})"

    def argument(self, name: str, definition: Any) -> str:
        if not is_required_argument(definition) and self.draw(st.booleans()):
            return ""
        value = self.value(name, definition.type)
        if self.draw(st.booleans()):
            missing = not isinstance(definition.type, GraphQLNonNull) and self.draw(st.booleans())
            variable = self.variable(str(definition.type), value)
            if missing:
                del self.asked.variables[variable]
            return f"{name}: ${variable}"
        return f"{name}: {self.literal(definition.type, value)}"

    def variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.asked.declared)}"
        self.asked.declared[name] = kind
        self.asked.variables[name] = value
        return name

    def value(self, name: str, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self.value(name, kind.of_type)
        if isinstance(kind, GraphQLList):
            return [self.value(name, kind.of_type) for _ in range(self.draw(st.integers(0, 2)))]
        if isinstance(kind, GraphQLEnumType):
            return self.draw(st.sampled_from(sorted(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            chosen = self.draw(st.lists(st.sampled_from(sorted(kind.fields)), max_size=2, unique=True))
            return {each: self.value(each, kind.fields[each].type) for each in chosen}
        known = self.values.get(name, [])
        of_kind: dict[str, list[Any]] = {"Int": [0, 1, 2, 3, 100, 2026], "Boolean": [True, False], "Float": [0.5], "Decimal": ["1.5"]}
        return self.draw(st.sampled_from([*known, *known, *of_kind.get(kind.name, ["", "a", "tidak-ada"])]))

    def literal(self, kind: Any, value: Any) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self.literal(kind.of_type, value)
        if isinstance(value, list):
            return f"[{', '.join(self.literal(kind.of_type, each) for each in value)}]"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name}: {self.literal(kind.fields[name].type, each)}" for name, each in value.items()) + "}"
        if isinstance(kind, GraphQLEnumType):
            return str(value)
        if isinstance(value, bool):
            return str(value).lower()
        return f'"{value}"' if isinstance(value, str) else str(value)
