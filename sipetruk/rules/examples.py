"""Made-up nominees that belong to an instrument version, with what is expected of them: read and written as documents.

Here stands their form alone; whether their values fit an instrument, and what comes out, is found by `tryout`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from sipetruk.rules.definition import ATTRIBUTES
from sipetruk.rules.exact import exact_text, fraction
from sipetruk.rules.ranking import STATUSES
from sipetruk.rules.reading import Problems, Reader, clean_text, is_code, safe_key
from sipetruk.rules.scale_base import MOST_COUNT, Raw

MOST_EXAMPLES = 50
MOST_ASSESSORS = 20
LONGEST_NAME = 80
_LONGEST_VALUE = 1000

T = TypeVar("T")


@dataclass(frozen=True)
class Expected:
    """What should come out; a score or rank that is None is not checked."""

    status: str
    score: Fraction | None = None
    rank: int | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"status": self.status, "score": None if self.score is None else exact_text(self.score), "rank": self.rank}


@dataclass(frozen=True)
class Example:
    """One made-up nominee.

    `marks` holds one entry per made-up assessor (None: abstained), `values` the raw value of every other criterion;
    what is absent is missing.
    """

    name: str
    unit: str | None = None
    marks: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    values: Mapping[str, Raw] = field(default_factory=dict)
    attributes: Mapping[str, int] = field(default_factory=dict)
    expected: Expected | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "unit": self.unit,
            "marks": {code: list(marks) for code, marks in self.marks.items()},
            "values": {code: dict(value) if isinstance(value, dict) else value for code, value in self.values.items()},
            "attributes": dict(self.attributes),
            "expected": None if self.expected is None else self.expected.to_dict(),
        }


def parse(document: object) -> tuple[Example, ...]:
    """Read any JSON value as a list of examples; raises Invalid with every problem at its place below "examples".

    A mark that is null or an empty text is an abstention, since not every file format knows null.
    """
    problems = Problems()
    reader = Reader({"examples": document}, (), problems)
    found = reader.objects("examples", read_example, MOST_EXAMPLES)
    reader.refuse_doubles("examples", (example.name for example in found), "Nama contoh yang sama tertulis dua kali.")
    problems.refuse_if_any()
    return found


def to_document(examples: Sequence[Example]) -> list[dict[str, Any]]:
    """The list as it is stored and exported; `parse` reads it back to equal examples."""
    return [example.to_dict() for example in examples]


def read_example(reader: Reader) -> Example:
    """Read one example as part of a larger reading; problems are noted at the reader."""
    attributes = _object(reader, "attributes")
    known = {code: attributes.optional_integer(code, -1_000_000, 1_000_000) for code in ATTRIBUTES}
    attributes.done()
    example = Example(
        name=reader.text("name", LONGEST_NAME),
        unit=reader.text("unit", LONGEST_NAME, required=False) or None,
        marks={code: marks for code, marks in _by_code(reader, "marks", _read_marks).items() if marks},
        values={code: value for code, value in _by_code(reader, "values", _read_value).items() if value is not None},
        attributes={code: value for code, value in known.items() if value is not None},
        expected=_read_expected(reader.nested("expected")) if reader.has("expected") else None,
    )
    reader.raw("expected")
    reader.done()
    return example


def _object(reader: Reader, key: str) -> Reader:
    """A nested object that may be left out."""
    reader.raw(key)
    return reader.nested(key) if reader.has(key) else Reader({}, (*reader.path, key), reader.problems)


def _by_code(reader: Reader, key: str, read: Callable[[Reader, str], T]) -> dict[str, T]:
    part = _object(reader, key)
    found: dict[str, T] = {}
    for code in part.value:
        if isinstance(code, str) and is_code(code):
            found[code] = read(part, code)
        else:
            part.note(safe_key(code), "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")
    return found


def _read_marks(reader: Reader, code: str) -> tuple[str | None, ...]:
    part = Reader({}, (*reader.path, code), reader.problems)
    return tuple(_read_mark(part, at, item) for at, item in reader.items(code, MOST_ASSESSORS))


def _read_mark(reader: Reader, at: str, given: object) -> str | None:
    if given is None or given == "":
        return None
    number = reader.check_number(at, given)
    return None if number is None else exact_text(number)


def _read_value(reader: Reader, code: str) -> Raw | None:
    """A text, a number, or counts; what the scale of the criterion makes of it is not known here."""
    given = reader.raw(code)
    if isinstance(given, dict):
        counts = reader.nested(code)
        return {name: counts.integer(name, 0, MOST_COUNT) for name in _names(counts)}
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**15:
        return str(given)
    text = clean_text(given) if isinstance(given, str) else None
    if given is None or text == "":
        return None
    if text is None or len(text) > _LONGEST_VALUE:
        reader.note(code, "Tulis nilai sebagai bilangan bulat atau teks.")
    return text


def _names(counts: Reader) -> list[str]:
    names = [name for name in counts.value if isinstance(name, str) and is_code(name)]
    if len(names) < len(counts.value):
        counts.note(None, "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")
    return names


def _read_expected(reader: Reader) -> Expected:
    expected = Expected(
        status=reader.one_of("status", STATUSES),
        score=_read_score(reader),
        rank=reader.optional_integer("rank", 1, MOST_EXAMPLES),
    )
    reader.done()
    return expected


def _read_score(reader: Reader) -> Fraction | None:
    given = reader.raw("score")
    if given is None or given == "":
        return None
    try:
        number = fraction(given)
    except (TypeError, ValueError):
        reader.note("score", 'Tulis nilai sebagai bilangan bulat atau teks desimal, misalnya "82.67".')
        return None
    if "/" in exact_text(number):
        reader.note("score", "Paling banyak empat angka di belakang koma.")
    return number
