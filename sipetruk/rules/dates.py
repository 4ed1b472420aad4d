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
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_SMALL = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")

YEARS = range(2000, 2201)
"""Years that a period may have."""
BAD_YEAR = "Tahun harus antara 2000 dan 2200."


def day_text(day: date) -> str:
    """24 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def span_text(first: date, last: date) -> str:
    """From one day to another, each part said once.

    >>> span_text(date(2024, 10, 1), date(2024, 10, 15)), span_text(date(2024, 10, 28), date(2024, 11, 3))
    ('1–15 Oktober 2024', '28 Oktober – 3 November 2024')
    """
    if first == last:
        return day_text(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_text(last)}"
    begin = day_text(first).removesuffix(f" {last.year}")
    return f"{begin} – {day_text(last)}"


def day_in_words(day: date) -> str:
    """A day as the first sentence of minutes has it.

    >>> day_in_words(date(2026, 11, 24))
    'Selasa tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam'
    """
    month = MONTHS[day.month - 1]
    return f"{WEEKDAYS[day.weekday()]} tanggal {number_in_words(day.day)} bulan {month} tahun {number_in_words(day.year)}"


def number_in_words(number: int) -> str:
    """A whole number from 0 to 9999 in Indonesian words.

    >>> [number_in_words(number) for number in (11, 16, 40, 100, 1945, 2026)]
    ['sebelas', 'enam belas', 'empat puluh', 'seratus', 'seribu sembilan ratus empat puluh lima', 'dua ribu dua puluh enam']
    """
    if not 0 <= number <= 9999:
        raise ValueError("only numbers from 0 to 9999 are put into words")
    if number < len(_SMALL):
        return _SMALL[number]
    if number < 20:
        return f"{_SMALL[number - 10]} belas"
    size, word = next(pair for pair in ((1000, "ribu"), (100, "ratus"), (10, "puluh")) if number >= pair[0])
    count, rest = divmod(number, size)
    counted = f"se{word}" if count == 1 else f"{_SMALL[count]} {word}"
    return f"{counted} {number_in_words(rest)}" if rest else counted


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
