"""Numbers as the award uses them: exact fractions inside, decimal text outside, one place that rounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import lcm

_DECIMAL = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,12})?")
_RATIO = re.compile(r"-?[0-9]{1,60}/[0-9]{1,60}")

ROUNDING_MODES = ("half_up", "half_even", "down")


def fraction(value: object) -> Fraction:
    """Read an int, a Fraction, a decimal text ("17.5", "17,5") or a ratio text ("586/6").

    A float (or a bool) is a fault of the caller and raises TypeError: its digits are already lost.
    Text that is no number raises ValueError.
    """
    if isinstance(value, Fraction):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str):
        raise TypeError(f"an exact number is an int, a Fraction or a text, not {type(value).__name__}")
    text = value.strip().replace(",", ".")
    if _DECIMAL.fullmatch(text):
        whole, _, decimals = text.partition(".")
        return Fraction(int(whole + decimals), 10 ** len(decimals))
    if _RATIO.fullmatch(text):
        above, below = text.split("/")
        if int(below):
            return Fraction(int(above), int(below))
    raise ValueError("not a number")


def exact_text(value: Fraction) -> str:
    """The one spelling of a value: "17", "17.5", or "248/3" where no short decimal is exact.

    >>> exact_text(Fraction(35, 2)), exact_text(Fraction(248, 3))
    ('17.5', '248/3')
    """
    if value.denominator == 1:
        return str(value.numerator)
    for decimals in range(1, 5):
        if 10**decimals % value.denominator == 0:
            return printed(value, decimals)
    return ratio_text(value)


def ratio_text(value: Fraction) -> str:
    """The value as "n/d", always with a denominator, as result rows carry it."""
    return f"{value.numerator}/{value.denominator}"


def document_number(value: Fraction) -> int | str:
    """A number as a document carries it: an int where it is whole, else a text."""
    return int(value) if value.denominator == 1 else exact_text(value)


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum, reduced once at the end instead of at every addition."""
    numerators, denominator = over_one_denominator(values)
    return Fraction(sum(numerators), denominator)


def over_one_denominator(values: Iterable[Fraction]) -> tuple[list[int], int]:
    """Numerators over the denominator that all share; as plain numbers they compare, add and hash much faster.

    >>> over_one_denominator([Fraction(1, 2), Fraction(2, 3)])
    ([3, 4], 6)
    """
    return over_one_denominator_of([value.as_integer_ratio() for value in values])


def over_one_denominator_of(ratios: Sequence[tuple[int, int]]) -> tuple[list[int], int]:
    """The same for values that are given as numerator and denominator."""
    shared = lcm(*{denominator for _, denominator in ratios})
    return [numerator * (shared // denominator) for numerator, denominator in ratios], shared


def rounded(value: Fraction, decimals: int, mode: str = "half_up") -> Fraction:
    """Round to a number of decimals; half_up moves away from zero, as people do on paper."""
    unit = 10**decimals
    return Fraction(_units(value, unit, mode), unit)


def printed(value: Fraction, decimals: int, mode: str = "half_up") -> str:
    """The rounded value with a decimal point and exactly `decimals` digits: "82.67"."""
    return units_text(_units(value, 10**decimals, mode), decimals)


@lru_cache(maxsize=2**15)
def units_text(units: int, decimals: int) -> str:
    """A whole number of the last printed digit, with its decimal point: 8267 is "82.67".

    >>> units_text(8267, 2), units_text(-5, 2), units_text(83, 0)
    ('82.67', '-0.05', '83')
    """
    sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def format_number(value: Fraction, decimals: int | None = None) -> str:
    """The value as Indonesian paper shows it: "82,67"; without `decimals` as few digits as are exact, at most four."""
    if decimals is not None:
        return printed(value, decimals).replace(".", ",")
    text = printed(value, 4)
    return text.rstrip("0").rstrip(".").replace(".", ",")


def shown_units(numerators: Sequence[int], denominator: int, whole: int, decimals: int) -> list[int]:
    """Parts in units of the last printed digit, rounded so that they add up to the already rounded `whole`, in units too.

    The parts are given over one denominator; `whole` must be their sum rounded to `decimals`. The largest remainder is
    rounded up first, the earlier part where remainders are equal.
    """
    unit = 10**decimals
    units = [numerator * unit // denominator for numerator in numerators]
    left = whole - sum(units)
    if left:
        lost = [numerator * unit % denominator for numerator in numerators]
        for at in sorted(range(len(units)), key=lost.__getitem__, reverse=True)[:left]:
            units[at] += 1
    return units


def _units(value: Fraction, unit: int, mode: str) -> int:
    """The value in whole units of 1/unit, rounded; in integers, since this is done for every printed number."""
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value.numerator) * unit, value.denominator)
    twice = 2 * rest
    if mode == "half_up":
        whole += twice >= value.denominator
    elif mode == "half_even":
        whole += twice > value.denominator or (twice == value.denominator and whole % 2 == 1)
    elif mode != "down":
        raise ValueError(f"unknown rounding mode {mode!r}")
    return sign * whole
