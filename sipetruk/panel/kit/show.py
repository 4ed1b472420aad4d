"""How dates, moments and numbers are written on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sipetruk.rules.dates import day_text, span_text
from sipetruk.rules.exact import format_number, fraction
from sipetruk.rules.moments import moment_text
from sipetruk.rules.permissions import ROLE_LABELS, Actor, Role


def day(value: date | None) -> str:
    """24 November 2026."""
    return "–" if value is None else day_text(value)


def moment(value: datetime | None) -> str:
    """24 November 2026 pukul 08.05 WITA, from an aware moment."""
    return "–" if value is None else moment_text(value)


def sentence(text: str) -> str:
    """The text with a capital at its beginning; acronyms in it stay as they are."""
    return text[:1].upper() + text[1:]


def number(value: Decimal | Fraction | int | str | None, decimals: int | None = None) -> str:
    """A number of the award with a decimal comma: 82,67."""
    if value is None:
        return "–"
    return format_number(Fraction(value) if isinstance(value, Decimal) else fraction(value), decimals)


def score(text: str | None, decimals: int = 0) -> str:
    """A printed score of a result, "82.60", with the decimals that it was printed with, or more: 82,60."""
    if text is None:
        return "–"
    whole, _, fraction_part = text.partition(".")
    digits = fraction_part.ljust(decimals, "0")
    return f"{whole},{digits}" if digits else whole


def decimals(texts: Iterable[str | None]) -> int:
    """How many decimals the longest of these printed scores has: what a column of them is written with."""
    return max((len(text.partition(".")[2]) for text in texts if text), default=0)


def percent(basis_points: int | None) -> str:
    """Basis points as a percentage: 1250 is 12,5 %."""
    return "–" if basis_points is None else f"{number(Fraction(basis_points, 100))} %"


def role_words(actor: Actor) -> str:
    """What a person is in the award, in words."""
    return ", ".join(ROLE_LABELS[role] for role in Role if role in actor.roles)


HELPERS: dict[str, Callable[..., Any]] = {
    "date": day,
    "moment": moment,
    "date_span": span_text,
    "num": number,
    "percent": percent,
    "score": score,
    "sentence": sentence,
    "role_words": role_words,
}
"""What templates call."""
