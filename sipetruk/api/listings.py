"""Connections that can be filtered and ordered: `where`, `orderBy` and the page, made from the table of a list.

`Lists(table).connection(...)` decorates a resolver that takes `page`; the arguments of the contract take its place.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum, StrEnum
from typing import Annotated, Any

import strawberry
from strawberry.annotation import StrawberryAnnotation

from sipetruk.api import ids
from sipetruk.api.connections import After, Before, First, Last
from sipetruk.api.enums import described
from sipetruk.api.filters import FILTERS, SortDirection, of_enum
from sipetruk.api.narrowing import DEEPEST, MOST_CONDITIONS
from sipetruk.errors import Invalid
from sipetruk.queries import paging
from sipetruk.queries.conditions import Comparison, Condition, Field, Group, Joint, Kind, Operator
from sipetruk.queries.listing import Listing

MOST_VALUES = 100
MOST_SORTS = 3
LONGEST_TEXT = 200
JOINTS = {"and_": Joint.AND, "or_": Joint.OR, "not_": Joint.NOT}


class Lists:
    """The inputs of one list, and the fields that give it."""

    def __init__(self, listing: Listing, *, enums: Mapping[str, type[Enum]] | None = None) -> None:
        self.listing = listing
        self.where = _where_type(listing, enums or {})
        self.order = _order_type(listing)

    def connection(self, *, description: str, directives: Sequence[object] = ()) -> Callable[[Callable[..., Any]], Any]:
        """A field of the contract from a resolver with a parameter `page`."""

        def made(resolver: Callable[..., Any]) -> Any:
            @functools.wraps(resolver)
            def resolve(
                *args: Any,
                where: Any = None,
                order_by: Any = None,
                first: int | None = None,
                after: str | None = None,
                last: int | None = None,
                before: str | None = None,
                **others: Any,
            ) -> Any:
                page = paging.asked(first=first, after=after, last=last, before=before)
                if where is not None or order_by:
                    page = replace(page, where=self._condition(where), order=self._sorted(order_by or ()))
                return resolver(*args, page=page, **others)

            resolve.__signature__ = _in_place_of("page", resolver, self._arguments())  # type: ignore[attr-defined]  # what strawberry reads
            return strawberry.field(resolve, description=description, directives=directives)

        return made

    def narrowed(self, *, description: str, directives: Sequence[object] = ()) -> Callable[[Callable[..., Any]], Any]:
        """A field about the rows that meet `where`, from a resolver with a parameter `condition`."""

        def made(resolver: Callable[..., Any]) -> Any:
            @functools.wraps(resolver)
            def resolve(*args: Any, where: Any = None, **others: Any) -> Any:
                return resolver(*args, condition=self._condition(where), **others)

            resolve.__signature__ = _in_place_of("condition", resolver, {"where": self._where_argument()})  # type: ignore[attr-defined]  # as above
            return strawberry.field(resolve, description=description, directives=directives)

        return made

    def _arguments(self) -> dict[str, Any]:
        words = f"Urutan, paling banyak {MOST_SORTS} tingkat; yang tetap sama diurutkan seperti tanpa `orderBy`."
        order: Any = list[self.order] | None  # type: ignore[name-defined]  # a type made at run time
        return {
            "where": self._where_argument(),
            "order_by": Annotated[order, strawberry.argument(description=words)],
            "first": First,
            "after": After,
            "last": Last,
            "before": Before,
        }

    def _where_argument(self) -> Any:
        return Annotated[self.where | None, strawberry.argument(description="Syarat yang harus dipenuhi baris.")]

    def _condition(self, where: Any) -> Condition | None:
        return None if where is None else Group(Joint.AND, tuple(_parts(self.listing, where, ("where",))))

    def _sorted(self, order_by: Sequence[Any]) -> tuple[paging.Sorted, ...]:
        if len(order_by) > MOST_SORTS:
            raise Invalid("`orderBy`: paling banyak %(most)s tingkat urutan.", "orderBy", most=MOST_SORTS)
        fields = [str(each.field.value) for each in order_by]
        if len(set(fields)) < len(fields):
            raise Invalid("`orderBy`: satu isian disebut dua kali.", "orderBy")
        return tuple(paging.Sorted(str(each.field.value), each.direction is SortDirection.DESC) for each in order_by)


def _in_place_of(name: str, resolver: Callable[..., Any], arguments: Mapping[str, Any]) -> inspect.Signature:
    """The signature of a resolver with optional arguments in place of one parameter."""
    given = inspect.signature(resolver)
    own = [each for each in given.parameters.values() if each.name != name]
    more = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind) for key, kind in arguments.items()]
    return given.replace(parameters=[*own, *more])


# Reading a condition ----------------------------------------------------------------------------------------------------


def _parts(listing: Listing, where: Any, path: tuple[str, ...]) -> Iterator[Condition]:
    """What an input asks for; all of it must be met."""
    for name, joint in JOINTS.items():
        given, key = getattr(where, name), name.rstrip("_")
        if given is None:
            continue
        if joint is Joint.NOT:
            yield Group(joint, tuple(_parts(listing, given, (*path, key))))
        else:
            groups = [Group(Joint.AND, tuple(_parts(listing, each, (*path, key, str(at))))) for at, each in enumerate(given)]
            yield Group(joint, tuple(groups))
    for name, field in listing.fields.items():
        tests = getattr(where, name)
        if tests is not None:
            yield from _tests(name, field, tests, (*path, _camel(name)))


def _tests(name: str, field: Field, tests: Any, path: tuple[str, ...]) -> Iterator[Comparison]:
    for operator in Operator:
        given = getattr(tests, "in_" if operator is Operator.IN else operator.value, None)
        if given is None:
            continue
        place = ".".join((*path, _camel(operator.value)))
        if operator is Operator.IS_NULL:
            value: Any = given
        elif operator is Operator.IN:
            if len(given) > MOST_VALUES:
                raise Invalid("`%(place)s`: paling banyak %(most)s nilai.", *path, place=place, most=MOST_VALUES)
            value = [_read(field, each, place) for each in given]
        else:
            value = _read(field, given, place)
        yield Comparison(name, operator, value)


def _read(field: Field, given: Any, place: str) -> Any:
    """A value of the contract as the list holds it."""
    if field.kind is Kind.REFERENCE:
        kind, key = ids.decode(given) or ("", "")
        number = ids.as_number(key) if kind == field.thing else None
        return -1 if number is None else number  # no row has it
    if isinstance(given, Enum):
        return str(given.value)
    if isinstance(given, str) and len(given) > LONGEST_TEXT:
        raise Invalid("`%(place)s`: paling panjang %(most)s karakter.", *place.split("."), place=place, most=LONGEST_TEXT)
    return given


# Making the inputs ------------------------------------------------------------------------------------------------------


def _where_type(listing: Listing, enums: Mapping[str, type[Enum]]) -> Any:
    name = f"{listing.name}Where"
    members: dict[str, Any] = {"__annotations__": {}}
    for key, field in listing.fields.items():
        kind = of_enum(_enum_of(listing, key, field, enums)) if field.kind is Kind.CHOICE else FILTERS[field.kind]
        members["__annotations__"][key] = kind | None
        members[key] = strawberry.field(default=None, description=field.words)
    for key, words in (
        ("and_", "Semua harus cocok; daftar kosong cocok dengan setiap baris."),
        ("or_", "Salah satu harus cocok; daftar kosong tidak cocok dengan baris mana pun."),
        ("not_", "Tidak boleh cocok."),
    ):
        members["__annotations__"][key] = Any
        members[key] = strawberry.field(default=None, name=key.rstrip("_"), description=words)
    made: Any = strawberry.input(
        type(name, (), members),
        description=f"Syarat bagi baris `{listing.name}`; semua yang diisi harus cocok."
        f" Paling dalam {DEEPEST} tingkat, paling banyak {MOST_CONDITIONS} syarat.",
    )
    for each in made.__strawberry_definition__.fields:
        if each.python_name in JOINTS:
            each.type_annotation = StrawberryAnnotation(made | None if each.python_name == "not_" else list[made] | None)
    return made


def _order_type(listing: Listing) -> Any:
    sortable = {key: field for key, field in listing.fields.items() if field.is_sortable}
    field: Any = StrEnum(f"{listing.name}OrderField", {key.upper(): key for key in sortable})  # type: ignore[misc]  # made from a table
    described(field, f"Isian yang dapat mengurutkan `{listing.name}`.", {key: each.words for key, each in sortable.items()})
    members: dict[str, Any] = {
        "__annotations__": {"field": field, "direction": SortDirection},
        "field": strawberry.field(description="Menurut isian apa."),
        "direction": strawberry.field(default=SortDirection.ASC, description="Ke arah mana."),
    }
    return strawberry.input(type(f"{listing.name}Order", (), members), description=f"Satu tingkat urutan `{listing.name}`.")


def _enum_of(listing: Listing, key: str, field: Field, enums: Mapping[str, type[Enum]]) -> type[Enum]:
    kind = enums.get(key) or type(field.choices[0])
    if not issubclass(kind, Enum):
        raise TypeError(f"{listing.name}.{key} needs its enum")
    return kind


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
