"""Where assessors differ: the distance between the highest and the lowest of what they gave, against a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

DEFAULT_LIMIT = 3_000
"""30 % of the most points that a criterion gives, in basis points."""
WHOLE = 10_000


@dataclass(frozen=True)
class Difference:
    """How far apart the assessors of a nominee are on a criterion, in points; `most` is what it gives at most."""

    criterion: str
    label: str
    lowest: Fraction
    highest: Fraction
    most: Fraction
    assessors: int

    @property
    def size(self) -> Fraction:
        return self.highest - self.lowest

    @property
    def share(self) -> Fraction:
        """The size in basis points of the most that the criterion gives."""
        return self.size / self.most * WHOLE


def differences(
    points: Mapping[str, Sequence[Fraction]], most: Mapping[str, tuple[str, Fraction]], limit: int = DEFAULT_LIMIT
) -> tuple[Difference, ...]:
    """The criteria on which the given points lie further apart than the limit allows, the greatest share first.

    `points` are what submitted sheets gave, by criterion; `most` has label and most points of each. A difference as
    large as the limit is still within it; one mark alone differs from nobody.

    >>> twelve, twenty = Fraction(12), Fraction(20)
    >>> differences({"gagasan": [twelve, twenty]}, {"gagasan": ("Gagasan", Fraction(20))}, 4_000)
    ()
    >>> [str(found.size) for found in differences({"gagasan": [twelve, twenty]}, {"gagasan": ("Gagasan", Fraction(20))}, 3_999)]
    ['8']
    """
    found = []
    for criterion, (label, whole) in most.items():
        given = points.get(criterion, ())
        if len(given) > 1 and whole > 0:
            difference = Difference(criterion, label, min(given), max(given), whole, len(given))
            if difference.share > limit:
                found.append(difference)
    return tuple(sorted(found, key=lambda each: -each.share))
