"""Checks that the compiled function leaves to Python: what graphql-core does with a value before it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLUnionType, Undefined

from sipetruk.api.compiled.unusual import Unusual

TAKEN_AS_THEY_ARE = {"String": "str", "ID": "str", "Boolean": "bool"}
"""Scalars whose own Python type needs no conversion."""


LISTS = {list, tuple, type({}.values()), type({}.items())}


def listed(value: Any) -> Any:
    """A list, a tuple or what a dictionary holds, as the schema gives it of itself; nothing else that one could walk along."""
    if value.__class__ in LISTS:
        return value
    raise Unusual


def leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    """How a value that is not None is written."""
    write = kind.coerce_output_value

    def written(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Unusual
        found = write(value)
        if found is None or found is Undefined:
            raise Unusual
        return found

    members = getattr(kind, "wrapped_cls", None)
    return written if members is None else _member(members, written)


def _member(of_class: type, written: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same for an enum, whose members are looked up once."""
    known: dict[Any, Any] = {}

    def member(value: Any) -> Any:
        if value.__class__ is not of_class:
            return written(value)
        found = known.get(value)
        if found is None:
            found = known[value] = written(value)
        return found

    return member


def checked(kind: GraphQLObjectType, good: set[type]) -> Callable[[Any], None]:
    """Refuses a value that is no object of this type; each class that is one goes into `good` and is not looked at again."""

    def check(value: Any) -> None:
        if value is None or value is Undefined or isinstance(value, Exception | dict):
            raise Unusual
        if kind.is_type_of is not None and kind.is_type_of(value, None) is not True:  # type: ignore[arg-type]  # asks the class alone
            raise Unusual
        good.add(value.__class__)

    return check


@dataclass(frozen=True)
class OnlySchema:
    """All of an execution that finding the type of an object asks about."""

    schema: GraphQLSchema
    field_name: str = ""


def by_type(
    schema: GraphQLSchema, kind: GraphQLInterfaceType | GraphQLUnionType, made: Iterable[tuple[str, Callable[[Any], dict[str, Any]]]]
) -> Callable[[Any], dict[str, Any]]:
    """Shows an object as the one of the possible types that it has."""
    shows = dict(made)
    info: Any = OnlySchema(schema)

    def show(value: Any) -> dict[str, Any]:
        if value is None or kind.resolve_type is None:
            raise Unusual
        name = kind.resolve_type(value, info, kind)
        if not isinstance(name, str) or name not in shows:
            raise Unusual
        return shows[name](value)

    return show
