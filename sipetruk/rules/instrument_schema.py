"""The JSON Schema (2020-12) of the instrument format, made by watching the rules read a document.

A `Recorder` stands in for the reader of a document: it answers every question with a harmless value and writes down what
was asked (names, lengths, bounds, words to choose from). So the schema cannot say anything that the rules do not, and
never refuses what they accept. Parts that depend on their kind are read once for every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from sipetruk.rules import examples, parsing, scales
from sipetruk.rules.definition import FORMAT, SOURCES
from sipetruk.rules.reading import LARGEST, Problems, Reader
from sipetruk.rules.scale_base import MOST_COUNT

T = TypeVar("T")
Schema = dict[str, Any]
Place = tuple[str, ...]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NAME = "instrument-1.json"

_ITEM = "[]"
_NULL: Schema = {"type": "null"}
_LABELS: tuple[Mapping[str, str], ...] = (scales.LABELS, SOURCES)
_DECIMAL = r"^\s*-?([0-9]{1,15}([.,][0-9]{1,12})?|[0-9]{1,60}/[0-9]{1,60})\s*$"
_CODE = r"^\s*[a-z][a-z0-9_]{0,49}\s*$"


def instrument_schema() -> Schema:
    """The published schema of `sipetruk-instrument/1`."""
    root = _shape(parsing.read_definition)
    example = _example()
    root["properties"]["examples"] = _or_null({"type": "array", "maxItems": examples.MOST_EXAMPLES, "items": example})
    return {
        "$schema": DIALECT,
        "$id": NAME,
        "title": "SI PETRUK: instrument",
        "description": f"An instrument version ({FORMAT}) with its examples. Numbers are integers or decimal texts.",
        **root,
    }


def _example() -> Schema:
    """An example; what it says by codes of criteria is no fixed set of names, so it is written here."""
    shape = _shape(examples.read_example)
    mark = {"anyOf": [_number(0, LARGEST), {"const": ""}, {"type": "null"}]}
    marks = {"anyOf": [{"type": "array", "maxItems": examples.MOST_ASSESSORS, "items": mark}, {"type": "null"}]}
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": MOST_COUNT}}
    value = {"anyOf": [{"type": ["string", "integer", "null"]}, counts]}
    for key, entry in (("marks", marks), ("values", value)):
        shape["properties"][key] = _or_null({"type": "object", "propertyNames": {"pattern": _CODE}, "additionalProperties": entry})
    return shape


class Recorder(Reader):
    """Reads nothing and writes down what is asked. `chosen` fixes the kind at some places."""

    def __init__(self, path: Place, chosen: Mapping[Place, str], found: dict[Place, Collection[str]]) -> None:
        super().__init__({}, path, Problems())
        self.chosen, self.found = chosen, found
        self.properties: dict[str, Schema] = {}
        self.needed: list[str] = []
        self._optional: set[str] = set()
        self._nested: dict[str, Recorder] = {}

    def schema(self) -> Schema:
        for key, part in self._nested.items():
            self.properties[key] = part.schema() if key in self.needed else _or_null(part.schema())
        return {"type": "object", "properties": self.properties, "required": sorted(self.needed), "additionalProperties": False}

    def _note(self, key: str, schema: Schema, *, required: bool) -> None:
        needed = required and key not in self._optional
        self.properties[key] = schema if needed else _or_null(schema)
        if needed and key not in self.needed:
            self.needed.append(key)

    def done(self) -> None:
        pass

    def has(self, key: str) -> bool:
        self._optional.add(key)
        return True

    def raw(self, key: str) -> object:
        if key not in self.properties and key not in self._nested:
            self._note(key, {}, required=False)
        return None

    def text(self, key: str, longest: int = 300, *, required: bool = True) -> str:
        self._note(key, {"type": "string", "maxLength": longest} | ({"pattern": r"\S"} if required else {}), required=required)
        return ""

    def code(self, key: str = "code") -> str:
        self._note(key, {"type": "string", "pattern": _CODE}, required=True)
        return ""

    def one_of(self, key: str, options: Collection[str], default: str | None = None) -> str:
        labels = options if isinstance(options, Mapping) else next((x for x in _LABELS if set(x) == set(options)), {})
        if len(options) > 1:
            self.found[*self.path, key] = options
        fixed = self.chosen.get((*self.path, key))
        words = [fixed] if fixed else list(options)
        self._note(key, _words(words, labels), required=default is None)
        return fixed or default or next(iter(options))

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        self._note(key, {"type": "integer", "minimum": low, "maximum": high}, required=default is None)
        return low if default is None else default

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        self._note(key, {"type": "integer", "minimum": low, "maximum": high}, required=False)
        return None

    def number(self, key: str, low: int = 0, high: int = LARGEST, default: Fraction | None = None) -> Fraction:
        self._note(key, _number(low, high), required=default is None)
        return Fraction(low) if default is None else default

    def optional_number(self, key: str, low: int = 0, high: int = LARGEST) -> Fraction | None:
        self._note(key, _number(low, high), required=False)
        return None

    def check_number(self, key: str, value: object, low: int = 0, high: int = LARGEST) -> Fraction | None:
        """A member of a list that is being read: the list holds numbers."""
        del value
        if "items" in (listed := self._list(key)):
            listed["items"] = _number(low, high)
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        self._note(key, {"type": "boolean"}, required=False)
        return default

    def items(self, key: str, most: int = 200) -> Iterator[tuple[str, object]]:
        self._note(key, {"type": "array", "maxItems": most, "items": {}}, required=False)
        yield "0", None

    def objects(self, key: str, read: Callable[[Reader], T], most: int = 200) -> tuple[T, ...]:
        part = Recorder((*self.path, key, _ITEM), self.chosen, self.found)
        read(part)
        self._note(key, {"type": "array", "maxItems": most, "items": part.schema()}, required=False)
        return ()

    def texts(self, key: str, most: int = 200, longest: int = 100) -> tuple[str, ...]:
        item = {"type": "string", "pattern": r"\S", "maxLength": longest}
        self._note(key, {"type": "array", "maxItems": most, "items": item}, required=False)
        return ()

    def refuse_doubles(self, key: str, values: Iterable[object], template: str) -> None:
        pass

    def nested(self, key: str) -> Recorder:
        if key not in self._nested:
            self._nested[key] = Recorder((*self.path, key), self.chosen, self.found)
            if key not in self._optional:
                self.needed.append(key)
        return self._nested[key]

    def _list(self, key: str) -> Schema:
        known = self.properties.get(key, {})
        return known if "items" in known else {}


def _shape(read: Callable[[Reader], object], chosen: Mapping[Place, str] | None = None, only: Place | None = None) -> Schema:
    """The schema of what `read` reads, with a choice of shapes wherever they depend on a word; `only` looks at one place."""
    chosen = chosen or {}
    found: dict[Place, Collection[str]] = {}
    recorder = Recorder((), chosen, found)
    read(recorder)
    plain = recorder.schema()
    for place in sorted(found.keys() - chosen.keys(), key=len):
        *outer, key = place
        path = tuple(outer)
        if only is not None and path != only:
            continue
        shapes = [_at(_shape(read, {**chosen, place: option}, path), path) for option in found[place]]
        if any(_but(shape, key) != _but(shapes[0], key) for shape in shapes):
            target = _at(plain, path)
            target.clear()
            target.update({"anyOf": shapes})
    return plain


def _at(schema: Schema, path: Place) -> Schema:
    """The part of a schema that describes a place of the document."""
    for step in path:
        bare = _bare(schema)
        schema = bare["items"] if step == _ITEM else bare["properties"][step]
    return _bare(schema)


def _bare(schema: Schema) -> Schema:
    """A schema without the null that may stand in its place."""
    parts = schema.get("anyOf", [])
    return parts[0] if len(parts) == 2 and parts[1] == _NULL else schema


def _but(schema: Schema, key: str) -> Schema:
    """A shape without one of its keys."""
    if "properties" not in schema:
        return schema
    return schema | {"properties": {name: part for name, part in schema["properties"].items() if name != key}}


def _or_null(schema: Schema) -> Schema:
    """What is empty may be null as well; said by the type where there is one, so that problems are found inside."""
    if isinstance(kind := schema.get("type"), str):
        return schema | {"type": [kind, "null"]}
    return {"anyOf": [schema, _NULL]} if schema and "type" not in schema and _bare(schema) is schema else schema


def _words(words: Collection[str], labels: Mapping[str, str]) -> Schema:
    if len(words) == 1:
        return {"const": next(iter(words))} | ({"title": labels[next(iter(words))]} if labels else {})
    return {"oneOf": [{"const": word, "title": labels[word]} for word in words]} if labels else {"enum": list(words)}


def _number(low: int, high: int) -> Schema:
    return {"oneOf": [{"type": "integer", "minimum": low, "maximum": high}, {"type": "string", "pattern": _DECIMAL}]}
