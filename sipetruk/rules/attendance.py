"""Attendance over the months that a period names: the mean of the monthly realisation, or which months are missing.

A month's realisation is 100 minus its deductions, never below 0, kept in hundredths of a percent. A month without a
record makes the percentage incomplete; it never counts as 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from sipetruk.errors import Invalid
from sipetruk.rules.reading import is_month

Month = tuple[int, int]
"""Year and month: (2024, 4)."""

FULL = 100 * 100
"""100 percent in hundredths."""


@dataclass(frozen=True)
class Incomplete:
    """There is no percentage since these months have no record."""

    missing: tuple[Month, ...]


def percentage(wanted: Iterable[Month | str], records: Mapping[Month, int]) -> Fraction | Incomplete:
    """The mean of the wanted months in percent, exact.

    `wanted` holds (year, month) or "2024-04"; `records` hundredths of a percent per month. Raises Invalid when no month
    is wanted or a record is out of range, TypeError for a record that is no int.
    """
    months = sorted({parse_month(month) if isinstance(month, str) else month for month in wanted})
    if not months:
        raise Invalid("Sebutkan bulan kehadiran yang dihitung.")
    missing = tuple(month for month in months if records.get(month) is None)
    if missing:
        return Incomplete(missing)
    return Fraction(sum(_checked(records[month]) for month in months), 100 * len(months))


def realisation(deductions: int) -> int:
    """A month's realisation for its deductions, both in hundredths of a percent."""
    if not isinstance(deductions, int) or isinstance(deductions, bool):
        raise TypeError("deductions are hundredths of a percent as int")
    if deductions < 0:
        raise Invalid("Pengurang tidak boleh negatif.")
    return max(0, FULL - deductions)


@lru_cache(maxsize=1_024)
def parse_month(text: str) -> Month:
    """Year and month of "2024-04"."""
    if not is_month(text):
        raise Invalid("Tulis bulan seperti 2024-04.")
    year, month = text.split("-")
    return int(year), int(month)


def _checked(record: int) -> int:
    if not isinstance(record, int) or isinstance(record, bool):
        raise TypeError("attendance is kept in hundredths of a percent as int")
    if not 0 <= record <= FULL:
        raise Invalid("Kehadiran harus antara 0 dan 100 persen.")
    return record
