"""What an analysis answers: a number, or the reason why there is none. Never official."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isclose

from sipetruk.rules.exact import format_number

Number = Fraction | float
"""Exact where the formula allows it, else a float."""

_SAME = 1e-9


@dataclass(frozen=True)
class NotComputable:
    """The statistic is not defined for these data. Never official.

    `reason` is an Indonesian clause without its full stop; `message` is the whole sentence.
    """

    reason: str

    @property
    def message(self) -> str:
        return f"Tidak dapat dihitung: {self.reason}."


Answer = Number | NotComputable


def shown(answer: Answer, decimals: int = 3) -> str:
    """The answer as Indonesian text; never official.

    >>> shown(Fraction(5, 7), 2), shown(NotComputable("hanya ada satu penilai"))
    ('0,71', 'tidak dapat dihitung')
    """
    if isinstance(answer, NotComputable):
        return "tidak dapat dihitung"
    return format_number(Fraction(answer), decimals)


def percent(share: Fraction) -> str:
    """A share as a percentage with at most one decimal: "23,7 %".

    >>> percent(Fraction(3, 10)), percent(Fraction(237, 1000))
    ('30 %', '23,7 %')
    """
    text = format_number(share * 100, 1)
    return f"{text.removesuffix(',0')} %"


def places(values: Sequence[Number]) -> tuple[int, ...]:
    """Standard competition ranks, the highest value first; floats that differ by less than 1e-9 of their size are equal.

    >>> places([2.0, 3.0, 2.0, 1.0])
    (2, 1, 2, 4)
    """
    ordered = sorted(range(len(values)), key=lambda at: values[at], reverse=True)
    found = [0] * len(values)
    first = 0
    for position, at in enumerate(ordered):
        if not isclose(values[at], values[ordered[first]], rel_tol=_SAME, abs_tol=_SAME):
            first = position
        found[at] = first + 1
    return tuple(found)


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: "A, B dan C"."""
    *before, last = names
    return f"{', '.join(before)} dan {last}" if before else last
