"""Reads the scale of a criterion from an instrument document, noting every problem at its place."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from sipetruk.rules import predicate as predicates
from sipetruk.rules.reading import Problems, Reader
from sipetruk.rules.scale_base import MOST_NUMBER, Scale
from sipetruk.rules.scale_kinds import KINDS, Predicate, Tally, TallyEntry, Text
from sipetruk.rules.scale_numbers import Band, Choice, Count, Level, Percentage, Points, Rubric, Threshold, YesNo


def parse_scale(document: object) -> Scale:
    """Read a scale document; raises Invalid with every problem and its place."""
    problems = Problems()
    scale = read_scale(Reader(document, (), problems))
    problems.refuse_if_any()
    return scale


def read_scale(reader: Reader) -> Scale:
    """Read a scale as part of a larger document; problems are noted at the reader."""
    kind = reader.one_of("kind", tuple(KINDS)) if reader.is_object else "text"
    scale = _READERS[kind](reader)
    reader.done()
    return scale


def _read_points(reader: Reader) -> Points:
    scale = Points(reader.number("max"), reader.number("step"), reader.number("min", default=Fraction(0)))
    if not reader.sound("max", "step", "min"):
        return scale
    if scale.max <= scale.min:
        reader.note("max", "Poin tertinggi harus lebih besar daripada poin terendah.")
    elif scale.step <= 0:
        reader.note("step", "Langkah harus lebih besar dari 0.")
    elif ((scale.max - scale.min) / scale.step).denominator != 1:
        reader.note("step", "Poin tertinggi harus dapat dicapai dengan langkah ini.")
    return scale


def _read_rubric(reader: Reader) -> Rubric:
    def level(part: Reader) -> Level:
        read = Level(part.number("points"), part.text("label", 200), part.text("description", 1000, required=False))
        part.done()
        return read

    levels = reader.objects("levels", level, 50)
    reader.refuse_doubles("levels", (x.points for x in levels), "Dua tingkat tidak boleh mempunyai poin yang sama.")
    return Rubric(levels)


def _read_threshold(reader: Reader) -> Threshold:
    def band(part: Reader) -> Band:
        read = Band(part.number("at_least", 0, MOST_NUMBER), part.number("points"))
        part.done()
        return read

    bands = reader.objects("bands", band, 50)
    reader.refuse_doubles("bands", (x.at_least for x in bands), "Dua ambang tidak boleh sama.")
    return Threshold(bands, reader.number("else"))


def _read_choice(reader: Reader) -> Choice:
    read = [reader.check_number("points", item) for _, item in reader.items("points")]
    allowed = tuple(option for option in read if option is not None)
    reader.refuse_doubles("points", allowed, "Poin yang sama tertulis dua kali.")
    return Choice(allowed)


def _read_predicate(reader: Reader) -> Predicate:
    table = reader.nested("table")
    rows = tuple((name, table.number(name)) for name in predicates.PREDICATES if table.has(name))
    table.done()
    return Predicate(rows)


def _read_tally(reader: Reader) -> Tally:
    def entry(part: Reader) -> TallyEntry:
        read = TallyEntry(part.code(), part.text("label", 200), part.number("points"))
        part.done()
        return read

    entries = reader.objects("entries", entry)
    reader.refuse_doubles("entries", (x.code for x in entries), "Dua isian tidak boleh mempunyai kode yang sama.")
    return Tally(entries, reader.number("cap"))


_READERS: dict[str, Callable[[Reader], Scale]] = {
    "points": _read_points,
    "rubric": _read_rubric,
    "threshold": _read_threshold,
    "choice": _read_choice,
    "yes_no": lambda reader: YesNo(reader.number("yes"), reader.number("no")),
    "predicate": _read_predicate,
    "percentage": lambda reader: Percentage(reader.number("max")),
    "tally": _read_tally,
    "count": lambda reader: Count(reader.number("points_each"), reader.number("cap")),
    "text": lambda reader: Text(reader.integer("max_chars", 1, 20_000)),
}
