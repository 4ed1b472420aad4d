"""A day as it is written on paper and in every message: 24 November 2026."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)

YEARS = range(2000, 2201)
"""Years that a period may have."""
BAD_YEAR = "Tahun harus antara 2000 dan 2200."


def day_text(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def shifted_day(day: date, by: int) -> date:
    """The same day of another year; 29 February becomes the 28th where that year has none."""
    try:
        return day.replace(year=day.year + by)
    except ValueError:
        return day.replace(year=day.year + by, day=28)


def shifted_month(month: str, by: int) -> str:
    """The same month of another year: "2024-04" and 1 give "2025-04"."""
    year, _, number = month.partition("-")
    return f"{int(year) + by:04}-{number}"
