"""What a person reads of everything that a schema offers: queries made from the schema, and what came back of each field.

Each field of the root is asked with all that can be reached below it, a type within itself only by its name. A field counts
as read when an answer held something there: neither null nor an empty text or list nor the number 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from sipetruk.api import ids
from sipetruk.api.context import Context
from sipetruk.api.engine import Answer, Engine
from sipetruk.api.limits import Limits
from sipetruk.rules.permissions import Actor

WIDE = Limits(
    cost=10**9,
    fields=10**6,
    aliases=10**6,
    depth=60,
    directives=10**4,
    tokens=10**6,
    source_chars=10**7,
    seconds=60,
    errors=50,
)
PAGE = 100


@dataclass
class Seen:
    """What came back to one person: fields that held something, fields that were asked, errors by field, ids by kind."""

    read: set[tuple[str, str]] = field(default_factory=set)
    asked: set[tuple[str, str]] = field(default_factory=set)
    refused: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)


class Reach:
    """Everything that one schema offers for reading."""

    def __init__(self, engine: Engine) -> None:
        self.engine = Engine(engine.strawberry, hide_suggestions=True, limits=WIDE)
        self.schema: GraphQLSchema = engine.schema
        self.documents: dict[tuple[str, ...], str] = {}

    def fields(self) -> list[tuple[str, str]]:
        """Every field of every type that can be read: not what acts, nor what acts answer, nor plain paging."""
        acts = {"Mutation", "UserError", *(each.name for each in self._payloads())}
        return [
            (kind.name, name)
            for kind in self.schema.type_map.values()
            if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__") and kind.name not in acts
            for name in kind.fields
        ]

    def _payloads(self) -> Sequence[GraphQLObjectType]:
        payload = self.schema.get_type("Payload")
        return self.schema.get_possible_types(payload) if isinstance(payload, GraphQLInterfaceType) else ()

    def root(self) -> Mapping[str, GraphQLField]:
        assert self.schema.query_type is not None
        return self.schema.query_type.fields

    def required(self, name: str) -> list[str]:
        """The arguments without which a field of the root cannot be asked."""
        return [each for each, argument in self.root()[name].args.items() if is_required_argument(argument)]

    def document(self, name: str, given: Iterable[str]) -> str:
        """One field of the root with everything below it; the arguments named come in variables."""
        key = (name, *sorted(given))
        if key not in self.documents:
            definition = self.root()[name]
            declared = ", ".join(f"${each}: {definition.args[each].type}" for each in key[1:])
            arguments = ", ".join(f"{each}: ${each}" for each in key[1:])
            head, arguments = (f"({declared})", f"({arguments})") if declared else ("", "")
            self.documents[key] = f"query Asked{head} {{ {name}{arguments}{self.below(definition, ('Query',))} }}"
        return self.documents[key]

    def below(self, definition: GraphQLField, path: tuple[str, ...]) -> str:
        """All that can be asked below a field; `path` are the types on the way to it."""
        kind = get_named_type(definition.type)
        if is_leaf_type(kind):
            return ""
        if kind.name in path or path[-1].endswith("Edge"):
            return " { __typename }"
        if isinstance(kind, GraphQLInterfaceType):
            parts = [f"... on {each.name} {self._selection(each, path, each.name + '_')}" for each in self.schema.get_possible_types(kind)]
            return f" {{ __typename {' '.join(parts)} }}"
        assert isinstance(kind, GraphQLObjectType)
        return " " + self._selection(kind, path)

    def _selection(self, kind: GraphQLObjectType, path: tuple[str, ...], alias: str = "") -> str:
        parts = ["__typename"]
        for name, definition in kind.fields.items():
            assert not any(is_required_argument(each) for each in definition.args.values()), f"{kind.name}.{name} takes what nobody gives"
            page = f"(first: {PAGE})" if "first" in definition.args else ""
            parts.append((f"{alias}{name}: " if alias else "") + name + page + self.below(definition, (*path, kind.name)))
        return "{ " + " ".join(parts) + " }"

    def ask(self, seen: Seen, who: Actor | None, name: str, given: Mapping[str, Any]) -> Answer:
        """Ask for one field of the root and remember what came back."""
        variables = dict(given)
        if "first" in self.root()[name].args:
            variables.setdefault("first", PAGE)
        operation = self.engine.plan(self.document(name, variables), variables, None)
        answer = self.engine.run(operation, Context(who, "r"))
        for error in answer.errors:
            code = error["extensions"]["code"]
            assert code != "INTERNAL_SERVER_ERROR", f"{name}({given}) of {who and who.username}: {error}"
            at = [each for each in error.get("path", [name]) if isinstance(each, str)]
            seen.refused.setdefault(self._owner(at), set()).add(code)
        self._walk(seen, "Query", answer.data or {})
        return answer

    def _owner(self, path: Sequence[str]) -> tuple[str, str]:
        """The type and field at the end of a path of an answer."""
        kind: Any = self.schema.query_type
        owner = ""
        for key in path:
            alias, _, name = key.rpartition("_")
            kind = self.schema.get_type(alias) if alias else kind
            owner, kind = kind.name, get_named_type(kind.fields[name].type)
        return owner, path[-1].rpartition("_")[2]

    def _walk(self, seen: Seen, owner: str, data: Mapping[str, Any]) -> None:
        owner = data.get("__typename", owner)
        for key, value in data.items():
            if key == "__typename":
                continue
            name = key.rpartition("_")[2]
            seen.asked.add((owner, name))
            if value is not None and value not in ("", [], {}) and (value is False or value != 0):
                seen.read.add((owner, name))
            for each in _leaves(value):
                if isinstance(each, dict) and "__typename" in each:
                    self._walk(seen, owner, each)
                elif isinstance(each, str):
                    self._remember(seen, each)
                else:
                    seen.texts.add(str(each))

    @staticmethod
    def _remember(seen: Seen, text: str) -> None:
        found = ids.decode(text)
        if found is None:
            seen.texts.add(text)
        else:
            seen.ids.setdefault(found[0], set()).add(text)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield value


def sample(kind: Any, name: str, things: Mapping[str, str]) -> Any:
    """A value for an argument or a field of an input that its type allows; `things` are ids by the names of what asks for them."""
    if isinstance(kind, GraphQLNonNull):
        return sample(kind.of_type, name, things)
    if isinstance(kind, GraphQLList):
        return [sample(kind.of_type, name.removesuffix("s"), things)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return {
            each: sample(inner.type, each, things)
            for each, inner in kind.fields.items()
            if is_required_input_field(inner) or get_named_type(inner.type).name == "ID"
        }
    if kind.name == "ID":
        return things[name]
    of_kind = {"Int": 1, "Boolean": True, "Decimal": "1", "Date": "2024-11-21", "DateTime": "2024-11-21T00:00:00Z", "Document": {}}
    return of_kind.get(kind.name, "contoh")
