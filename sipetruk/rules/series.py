"""Values taken over from another system by month or by year: the mean of what an instrument names, or nothing.

Values are kept in hundredths. A month without a value makes the whole incomplete; it never counts as 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sipetruk.rules.attendance import parse_month
from sipetruk.rules.definition import Source

WHOLE_YEAR = 0
"""Stands in the place of the month where a value is about a year."""

_HUNDRED = 100

Key = tuple[str | None, int | None, int]
"""Name of the series, year, and month or WHOLE_YEAR: ("ekinerja", 2024, 4)."""


def mean(source: Source, records: Mapping[Key, int]) -> Fraction | None:
    """The mean of the months that the source names, or the value of its year; None when one of them is missing."""
    months: list[Key] = [(source.series, *parse_month(month)) for month in source.months]
    values = [records.get(key) for key in months or [(source.series, source.year, WHOLE_YEAR)]]
    known = [value for value in values if value is not None]
    return Fraction(sum(known), len(known) * _HUNDRED) if len(known) == len(values) else None
