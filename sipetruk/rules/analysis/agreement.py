"""How far the assessors of a panel agree: intraclass correlation, Krippendorff's alpha, Kendall's W. Never official.

Everywhere a table has one row per subject (nominee) and one column per rater (assessor); None is a mark that is missing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import fsum
from typing import TypeVar

from sipetruk.rules.analysis.outcome import Answer, NotComputable
from sipetruk.rules.exact import over_one_denominator

Table = Sequence[Sequence[Fraction | int | None]]
"""n rows (subjects) by k columns (raters), all rows of equal length."""

_Value = TypeVar("_Value", int, Fraction | int)
_Differences = Callable[[Sequence[int]], int]

NOMINAL, ORDINAL, INTERVAL, RATIO = LEVELS = ("nominal", "ordinal", "interval", "ratio")

ONE_RATER = NotComputable("hanya ada satu penilai")
ONE_SUBJECT = NotComputable("kurang dari dua calon dinilai lengkap oleh semua penilai")
ALL_EQUAL = NotComputable("semua nilai sama, tidak ada keragaman")
NO_PAIRS = NotComputable("tidak ada calon yang dinilai oleh sedikitnya dua penilai")
NO_SUBJECT_VARIANCE = NotComputable("nilai para calon tidak berbeda cukup untuk dibandingkan dengan galat penilai")
NEGATIVE_RATIO = NotComputable("skala rasio tidak mengenal nilai di bawah nol")
ALL_TIED = NotComputable("setiap penilai memberi nilai yang sama kepada semua calon")


@dataclass(frozen=True)
class MeanSquares:
    """The two-way analysis of variance of a complete n x k table, exact. Never official.

    `between` subjects (BMS, n - 1 df), `raters` (JMS, k - 1 df), `residual` (EMS, (n - 1)(k - 1) df) and
    `within` subjects (WMS, n(k - 1) df); all are at least 0.
    """

    between: Fraction
    raters: Fraction
    residual: Fraction
    within: Fraction


@dataclass(frozen=True)
class Intraclass:
    """The six coefficients of Shrout & Fleiss (1979), "Intraclass correlations: uses in assessing rater reliability",
    Psychological Bulletin 86(2), 420-428. Never official.

    icc1, icc2, icc3 are ICC(1,1), ICC(2,1), ICC(3,1); icc1k, icc2k, icc3k those of the mean of k raters. Each is at most
    1 and may be negative. `left_out` subjects lack a mark and do not count.
    """

    subjects: int
    raters: int
    left_out: int
    mean_squares: MeanSquares
    icc1: Answer
    icc2: Answer
    icc3: Answer
    icc1k: Answer
    icc2k: Answer
    icc3k: Answer

    @property
    def mcgraw_wong(self) -> Mapping[str, Answer]:
        """The same by the names of McGraw & Wong (1996), Psychological Methods 1(1), 30-46: A agreement, C consistency."""
        return {"ICC(A,1)": self.icc2, "ICC(A,k)": self.icc2k, "ICC(C,1)": self.icc3, "ICC(C,k)": self.icc3k}

    @property
    def shrout_fleiss(self) -> Mapping[str, Answer]:
        """By the names of Shrout & Fleiss."""
        k = self.raters
        return {
            "ICC(1,1)": self.icc1,
            "ICC(2,1)": self.icc2,
            "ICC(3,1)": self.icc3,
            f"ICC(1,{k})": self.icc1k,
            f"ICC(2,{k})": self.icc2k,
            f"ICC(3,{k})": self.icc3k,
        }


@dataclass(frozen=True)
class Concordance:
    """Kendall's coefficient of concordance with correction for ties. Never official.

    `w` is in [0, 1]; `chi_square` = m (n - 1) W has `df` = n - 1. Sources: Kendall & Babington Smith (1939); Siegel &
    Castellan (1988), section 9.7; Legendre (2005), JABES 10(2), 226-245.
    """

    subjects: int
    raters: int
    left_out: int
    w: Fraction
    chi_square: Fraction
    df: int


def mean_squares(table: Table) -> MeanSquares:
    """The mean squares of a complete table of at least 2 x 2; ValueError for any other."""
    n, k = len(table), len(table[0]) if table else 0
    flat = [value for row in table for value in row if value is not None]
    if min(n, k) < 2 or len(flat) != n * k:
        raise ValueError("a complete table of at least two subjects and two raters is needed")
    values, scale = over_one_denominator([Fraction(value) for value in flat])
    rows = [values[at : at + k] for at in range(0, n * k, k)]
    grand = sum(values)
    correction = Fraction(grand * grand, n * k)
    total = sum(value * value for value in values) - correction
    between = Fraction(sum(sum(row) ** 2 for row in rows), k) - correction
    raters = Fraction(sum(sum(column) ** 2 for column in zip(*rows, strict=True)), n) - correction
    unit = scale * scale
    return MeanSquares(
        between=between / (n - 1) / unit,
        raters=raters / (k - 1) / unit,
        residual=(total - between - raters) / ((n - 1) * (k - 1)) / unit,
        within=(total - between) / (n * (k - 1)) / unit,
    )


def intraclass(table: Table) -> Intraclass | NotComputable:
    """All six intraclass correlations of the subjects that every rater marked."""
    complete, left_out = _complete(table)
    if len(table) > 0 and len(table[0]) < 2:
        return ONE_RATER
    if len(complete) < 2:
        return ONE_SUBJECT
    squares = mean_squares(complete)
    n, k = len(complete), len(complete[0])
    between, raters, residual, within = squares.between, squares.raters, squares.residual, squares.within
    if not between and not within:
        return ALL_EQUAL
    bias = (raters - residual) / n
    return Intraclass(
        subjects=n,
        raters=k,
        left_out=left_out,
        mean_squares=squares,
        icc1=_ratio(between - within, between + (k - 1) * within),
        icc2=_ratio(between - residual, between + (k - 1) * residual + k * bias),
        icc3=_ratio(between - residual, between + (k - 1) * residual),
        icc1k=_ratio(between - within, between),
        icc2k=_ratio(between - residual, between + bias),
        icc3k=_ratio(between - residual, between),
    )


def krippendorff(table: Table, level: str) -> Answer:
    """Krippendorff's alpha for marks that may be missing; at most 1, 0 is chance, negative is systematic disagreement.

    `level` is one of LEVELS and says what a difference between marks means. Source: Krippendorff (2011), "Computing
    Krippendorff's Alpha-Reliability". Nominal, ordinal and interval are exact; ratio is a float, for marks of at least 0.
    The ordinal difference of two values is the difference of their mid-ranks among all pairable values, which is the
    interval difference after that change of scale.
    """
    units = _pairable(table)
    if not units:
        return NO_PAIRS
    values = [value for unit in units for value in unit]
    counts = Counter(values)
    if len(counts) == 1:
        return ALL_EQUAL
    if level == NOMINAL:
        return _alpha(units, _unlike)
    if level == ORDINAL:
        places = _mid_positions(counts)
        return _alpha([[places[value] for value in unit] for unit in units], _squares)
    if level == INTERVAL:
        return _alpha(units, _squares)
    if level == RATIO:
        return NEGATIVE_RATIO if min(counts) < 0 else _ratio_alpha(units, counts)
    raise ValueError(f"unknown level {level!r}")


def kendall(table: Table) -> Concordance | NotComputable:
    """Kendall's W of the subjects that every rater marked, ties at their mid-rank."""
    complete, left_out = _complete(table)
    if len(table) > 0 and len(table[0]) < 2:
        return ONE_RATER
    if len(complete) < 2:
        return ONE_SUBJECT
    n, m = len(complete), len(complete[0])
    columns = [Counter(column) for column in zip(*complete, strict=True)]
    ties = sum(count**3 - count for column in columns for count in column.values())
    whole = m * m * (n**3 - n) - m * ties
    if not whole:
        return ALL_TIED
    positions = [_mid_positions(column) for column in columns]
    doubled = [sum(places[value] for places, value in zip(positions, row, strict=True)) for row in complete]
    deviation = sum(value * value for value in doubled) - Fraction(sum(doubled) ** 2, n)
    w = 12 * deviation / 4 / whole
    return Concordance(n, m, left_out, w, m * (n - 1) * w, n - 1)


def _complete(table: Table) -> tuple[list[list[Fraction | int]], int]:
    """The rows without a missing mark, and how many others there are."""
    rows = [present for row in table if len(present := [value for value in row if value is not None]) == len(row)]
    return rows, len(table) - len(rows)


def _ratio(above: Fraction, below: Fraction) -> Answer:
    """A coefficient is meaningless where what it is a share of is not positive."""
    return above / below if below > 0 else NO_SUBJECT_VARIANCE


def _pairable(table: Table) -> list[list[int]]:
    """The marks of the subjects that at least two raters marked, as whole numbers over one denominator."""
    rows = [present for row in table if len(present := [Fraction(value) for value in row if value is not None]) > 1]
    numerators, _ = over_one_denominator([value for row in rows for value in row])
    given = iter(numerators)
    return [[next(given) for _ in row] for row in rows]


def _alpha(units: Sequence[Sequence[int]], differences: _Differences) -> Fraction:
    """1 - observed / expected disagreement; `differences` sums a squared difference over all ordered pairs."""
    by_size: defaultdict[int, int] = defaultdict(int)
    for unit in units:
        by_size[len(unit)] += differences(unit)
    observed = sum((Fraction(found, size - 1) for size, found in by_size.items()), Fraction(0))
    values = [value for unit in units for value in unit]
    return 1 - observed * (len(values) - 1) / differences(values)


def _unlike(values: Sequence[int]) -> int:
    return len(values) ** 2 - sum(count * count for count in Counter(values).values())


def _squares(values: Sequence[int]) -> int:
    return 2 * (len(values) * sum(value * value for value in values) - sum(values) ** 2)


def _ratio_alpha(units: Sequence[Sequence[int]], counts: Mapping[int, int]) -> float:
    observed = fsum(2 * _relative(a, b) / (len(unit) - 1) for unit in units for a, b in combinations(unit, 2))
    expected = fsum(2 * counts[a] * counts[b] * _relative(a, b) for a, b in combinations(counts, 2))
    return 1 - observed * (sum(counts.values()) - 1) / expected


def _relative(a: int, b: int) -> float:
    return 0.0 if a == b else ((a - b) / (a + b)) ** 2


def _mid_positions(counts: Mapping[_Value, int]) -> dict[_Value, int]:
    """Twice the mid-rank of every value, less 1: twice the number below plus the number of equals."""
    positions = {}
    below = 0
    for value in sorted(counts):
        positions[value] = 2 * below + counts[value]
        below += counts[value]
    return positions
