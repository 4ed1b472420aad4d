"""Numbers as the award uses them: exact fractions inside, decimal text outside, one place that rounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

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
        return Fraction(text)
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


def rounded(value: Fraction, decimals: int, mode: str = "half_up") -> Fraction:
    """Round to a number of decimals; half_up moves away from zero, as people do on paper."""
    unit = 10**decimals
    return Fraction(_units(value, unit, mode), unit)


def printed(value: Fraction, decimals: int, mode: str = "half_up") -> str:
    """The rounded value with a decimal point and exactly `decimals` digits: "82.67"."""
    units = _units(value, 10**decimals, mode)
    sign, digits = ("-" if units < 0 else ""), str(abs(units)).rjust(decimals + 1, "0")
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def format_number(value: Fraction, decimals: int | None = None) -> str:
    """The value as Indonesian paper shows it: "82,67"; without `decimals` as few digits as are exact, at most four."""
    if decimals is not None:
        return printed(value, decimals).replace(".", ",")
    text = printed(value, 4)
    return text.rstrip("0").rstrip(".").replace(".", ",")


def shown_parts(parts: Sequence[Fraction], total: Fraction, decimals: int) -> list[Fraction]:
    """Round parts so that they add up to the already rounded `total` (largest remainder, earlier part first).

    `total` must be the sum of the parts rounded to `decimals`.
    """
    unit = 10**decimals
    floors = [part * unit // 1 for part in parts]
    left = int(total * unit) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda at: (floors[at] - parts[at] * unit, at))
    for at in by_remainder[:left]:
        floors[at] += 1
    return [Fraction(floor, unit) for floor in floors]


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
