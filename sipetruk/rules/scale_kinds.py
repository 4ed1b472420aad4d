"""All kinds of scale by name; here are those whose raw value is no number: predicate, tally, text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from sipetruk.errors import Invalid
from sipetruk.rules import predicate as predicates
from sipetruk.rules.exact import document_number
from sipetruk.rules.exact import format_number as show
from sipetruk.rules.reading import clean_text
from sipetruk.rules.scale_base import MOST_COUNT, Raw, Scale
from sipetruk.rules.scale_numbers import Choice, Count, Percentage, Points, Rubric, Threshold, YesNo


@dataclass(frozen=True)
class Predicate(Scale):
    """The yearly performance predicate through a table; the table is data, offices differ."""

    kind: ClassVar[str] = "predicate"
    label: ClassVar[str] = "Predikat kinerja"
    table: tuple[tuple[str, Fraction], ...]

    def points(self, raw: object) -> Fraction:
        return dict(self.table)[self.read(raw)]

    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise Invalid("Pilih predikat kinerja.")
        name = predicates.parse_predicate(value)
        if name not in dict(self.table):
            raise Invalid("Predikat %(name)s tidak ada dalam tabel instrumen ini.", name=name)
        return name

    @property
    def maximum(self) -> Fraction:
        return max((value for _, value in self.table), default=Fraction(0))

    def describe(self) -> str:
        return "; ".join(f"{name.capitalize()} {show(value)} poin" for name, value in self.table) or "Tabel predikat belum diisi"

    def body(self) -> Mapping[str, object]:
        return {"table": {name: document_number(value) for name, value in self.table}}


@dataclass(frozen=True)
class TallyEntry:
    code: str
    label: str
    points: Fraction


@dataclass(frozen=True)
class Tally(Scale):
    """How many of each entry; their points are added up to a cap."""

    kind: ClassVar[str] = "tally"
    label: ClassVar[str] = "Daftar hitungan"
    entries: tuple[TallyEntry, ...]
    cap: Fraction

    def points(self, raw: object) -> Fraction:
        counts = self.counts(raw)
        return min(self.cap, sum((entry.points * counts.get(entry.code, 0) for entry in self.entries), Fraction(0)))

    def read(self, value: object) -> Raw:
        counts = self.counts(value)
        return {entry.code: counts.get(entry.code, 0) for entry in self.entries}

    def counts(self, raw: object) -> dict[str, int]:
        """Counts per entry code, from a mapping or from "nasional=1, provinsi=2"; a code alone counts once."""
        pairs = _count_pairs(raw) if isinstance(raw, str) else raw
        if not isinstance(pairs, Mapping):
            raise Invalid("Isi jumlah untuk setiap jenis.")
        labels = {entry.code: entry.label for entry in self.entries}
        if not all(code in labels for code in pairs):
            raise Invalid("Jenis ini tidak ada dalam daftar.")
        return {code: _whole(given, labels[code]) for code, given in pairs.items()}

    @property
    def maximum(self) -> Fraction:
        return self.cap if any(entry.points for entry in self.entries) else Fraction(0)

    def describe(self) -> str:
        entries = ", ".join(f"{entry.label} {show(entry.points)}" for entry in self.entries) or "belum diisi"
        return f"Hitungan: {entries}; paling banyak {show(self.cap)} poin"

    def body(self) -> Mapping[str, object]:
        entries = [{"code": x.code, "label": x.label, "points": document_number(x.points)} for x in self.entries]
        return {"entries": entries, "cap": document_number(self.cap)}


@dataclass(frozen=True)
class Text(Scale):
    """Words without points."""

    kind: ClassVar[str] = "text"
    label: ClassVar[str] = "Uraian tanpa poin"
    max_chars: int

    def points(self, raw: object) -> Fraction:
        self.read(raw)
        return Fraction(0)

    def read(self, value: object) -> Raw:
        text = clean_text(value) if isinstance(value, str) else None
        if text is None:
            raise Invalid("Harus berupa teks biasa.")
        if len(text) > self.max_chars:
            raise Invalid("Paling banyak %(longest)s karakter; Anda menulis %(found)s.", longest=self.max_chars, found=len(text))
        return text

    @property
    def maximum(self) -> Fraction:
        return Fraction(0)

    def describe(self) -> str:
        return f"Uraian paling banyak {self.max_chars} karakter, tanpa poin"

    def body(self) -> Mapping[str, object]:
        return {"max_chars": self.max_chars}


KINDS: dict[str, type[Scale]] = {
    kind.kind: kind for kind in (Points, Rubric, Threshold, Choice, YesNo, Predicate, Percentage, Tally, Count, Text)
}
"""Every kind by its name in documents, in the order in which people choose it."""


def _count_pairs(text: str) -> dict[str, str]:
    counts: dict[str, str] = {}
    parts: Iterable[str] = text.replace(";", ",").replace("\n", ",").split(",")
    for code, equals, count in (part.partition("=") for part in parts if part.strip()):
        if code.strip() in counts:
            raise Invalid("Jenis ini tertulis dua kali.")
        counts[code.strip()] = count.strip() if equals else "1"
    return counts


def _whole(given: object, label: str) -> int:
    count = 0 if given is None or given == "" else given
    if isinstance(count, float):
        raise TypeError("a count is an int, not a float")
    if isinstance(count, str) and count.isascii() and count.isdecimal() and len(count) <= len(str(MOST_COUNT)):
        count = int(count)
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_COUNT:
        raise Invalid("Jumlah untuk “%(label)s” harus bilangan bulat antara 0 dan %(high)s.", label=label, high=str(MOST_COUNT))
    return count
