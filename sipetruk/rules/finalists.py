"""Who goes on from a first ranking to the interview, and what the first stage brings into it.

The interview is a contest of its own with its own instrument. Where the first stage is to count in it, a criterion of that
instrument takes the exact total of the first ranking (source "first_stage"), and the weights of the instrument say how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sipetruk.rules.ranking import RANKED

Row = Mapping[str, Any]
"""A row of a sealed result."""


def finalists(rows: Iterable[Row], most: int) -> tuple[str, ...]:
    """The best `most` of a ranking, best first; all who share the rank at the border go on, since nothing tells them apart.

    Five nominees, of whom two share rank 2 and one is below a floor:

    >>> rows = [
    ...     {"id": "A", "status": "RANKED", "rank": 1},
    ...     {"id": "C", "status": "RANKED", "rank": 2},
    ...     {"id": "B", "status": "RANKED", "rank": 2},
    ...     {"id": "D", "status": "RANKED", "rank": 4},
    ...     {"id": "E", "status": "NOT_ELIGIBLE", "rank": None},
    ... ]
    >>> [finalists(rows, most) for most in (1, 2, 3, 9)]
    [('A',), ('A', 'B', 'C'), ('A', 'B', 'C'), ('A', 'B', 'C', 'D')]
    """
    ranked = sorted((row["rank"], row["id"]) for row in rows if row["status"] == RANKED)
    return tuple(who for rank, who in ranked if rank <= most)


def totals(rows: Iterable[Row]) -> dict[str, str]:
    """The exact total of everybody who was ranked, as the interview takes it over.

    SI PETRUK 2024's 248 of 300 points are 248/3. An interview whose instrument gives the first stage 60 % and the jury's
    90 points 40 % then makes of them 60 % of 248/3 and 40 % of 90, which is 428/5 and printed 85.60.

    >>> from fractions import Fraction
    >>> totals([{"id": "A", "status": "RANKED", "exact": "248/3"}, {"id": "E", "status": "NOT_ELIGIBLE", "exact": "40"}])
    {'A': '248/3'}
    >>> Fraction(60, 100) * Fraction(248, 3) + Fraction(40, 100) * 90
    Fraction(428, 5)
    """
    return {row["id"]: row["exact"] for row in rows if row["status"] == RANKED}
