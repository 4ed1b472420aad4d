"""Scales: every way an instrument turns a value into points, and how such a value is typed, bounded and described.

The raw value of a mark is the points picked (points, rubric, choice), 1 or 0 (yes_no), the number itself (threshold,
percentage, count), the predicate's name (predicate), a count per entry (tally) or the words (text). A missing value
never has points: asking for them is refused, so that it cannot become 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sipetruk.errors import Invalid
from sipetruk.rules.exact import document_number, format_number
from sipetruk.rules.scale_base import Bounds, Raw, Scale
from sipetruk.rules.scale_kinds import KINDS, Predicate, Tally, TallyEntry, Text
from sipetruk.rules.scale_numbers import Band, Choice, Count, Level, NumberScale, Percentage, Points, Rubric, Threshold, YesNo
from sipetruk.rules.scale_reading import parse_scale, read_scale

__all__ = [
    "KINDS",
    "LABELS",
    "Band",
    "Choice",
    "Count",
    "Level",
    "NumberScale",
    "Percentage",
    "Points",
    "Predicate",
    "Raw",
    "Rubric",
    "Scale",
    "Tally",
    "TallyEntry",
    "Text",
    "Threshold",
    "YesNo",
    "describe",
    "document_number",
    "format_number",
    "is_missing",
    "is_scored",
    "maximum",
    "parse_raw",
    "parse_scale",
    "points",
    "raw_bounds",
    "read_scale",
    "to_dict",
]

LABELS = {name: kind.label for name, kind in KINDS.items()}
"""The Indonesian name of every kind."""


def points(scale: Scale, raw: object) -> Fraction:
    """The points of a raw value (Fraction, int, text, or counts for a tally), exact.

    Raises Invalid for a missing value and for one that the scale does not allow, TypeError for a float.
    """
    if raw is None:
        raise Invalid("Nilai belum diisi.")
    return scale.points(raw)


def maximum(scale: Scale) -> Fraction:
    """The most points that the scale can give; 0 for text and for an unfinished scale."""
    return scale.maximum


def is_scored(scale: Scale) -> bool:
    """Whether values of this scale have points at all."""
    return not isinstance(scale, Text)


def raw_bounds(scale: Scale) -> Bounds | None:
    """Smallest, largest and step of a raw number in hundredths; None where the raw value is no number."""
    return scale.bounds


def is_missing(raw: object) -> bool:
    """Nothing was given: None, blank text, counts that are all left blank (0 is an answer)."""
    if raw is None or isinstance(raw, str):
        return not raw or raw.isspace()
    return isinstance(raw, Mapping) and all(count is None or count == "" for count in raw.values())


def parse_raw(scale: Scale, value: object) -> Raw:
    """Read what somebody typed ("12,5", "ya", "baik", "nasional=1, provinsi=2") into the canonical raw value.

    Raises Invalid with a sentence that says what is allowed; TypeError for a float.
    """
    if is_missing(value):
        raise Invalid("Nilai belum diisi.")
    return scale.read(value)


def describe(scale: Scale) -> str:
    """One Indonesian line that says how the scale works."""
    return scale.describe()


def to_dict(scale: Scale) -> dict[str, object]:
    """The scale as it stands in an instrument document."""
    return {"kind": scale.kind, **scale.body()}
