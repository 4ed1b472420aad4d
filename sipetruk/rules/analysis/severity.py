"""How strict, how spread and how unusual each assessor marks, compared with the rest of the panel. Never official."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import mean, median

from sipetruk.rules.analysis.outcome import Answer, NotComputable
from sipetruk.rules.exact import over_one_denominator

CONSISTENCY = 0.6745
"""The MAD of a normal distribution in standard deviations; Iglewicz & Hoaglin (1993)."""
MEAN_CONSISTENCY = 1.253314
"""What the mean absolute deviation is divided by it, sqrt(pi / 2); used where the MAD is 0 (half of the marks are alike)."""
ODD_SCORE = 3.5
"""A modified z-score beyond this is odd; Iglewicz & Hoaglin (1993), "How to Detect and Handle Outliers", ASQC, section 3.3."""
ODD_DISTANCE = 10
"""No mark nearer than this (per cent of the criterion's maximum) to the median of the panel is called odd."""
FEWEST_MARKS = 3

RULE = (
    "Sebuah nilai ditandai bila berjarak sedikitnya 10 % dari poin tertinggi kriteria terhadap median seluruh tim untuk calon yang "
    "sama, dan skor z termodifikasi jarak itu di antara semua jarak pada kriteria tersebut melebihi 3,5 (Iglewicz & Hoaglin, 1993). "
    "Median seluruh tim dipakai agar satu nilai ganjil tidak membuat nilai lain tampak ganjil."
)

NOBODY_ELSE = NotComputable("tidak ada calon yang dinilai bersama penilai lain")
NO_SPREAD = NotComputable("kurang dari dua nilai pada setiap kriteria, atau semua nilai tim sama")


@dataclass(frozen=True)
class Cell:
    """What the panel gave one nominee on one criterion. Never official.

    `marks` maps assessor -> points in per cent of the criterion's maximum (0 to 100); who gave none is absent.
    """

    nominee: str
    criterion: str
    marks: Mapping[str, Fraction]


@dataclass(frozen=True)
class AssessorSeverity:
    """One assessor. Never official.

    `marks` given; `severity` is the mean difference to the panel's mean of the same cells in percentage points (positive:
    generous, negative: strict), over `compared` cells that somebody else marked as well; `spread` is the standard deviation
    within criteria divided by the root mean square of those of all assessors (1: as the panel, below 1: flatter);
    `odd` is the number of odd marks.
    """

    assessor: str
    marks: int
    compared: int
    severity: Answer
    spread: Answer
    odd: int


@dataclass(frozen=True)
class OddMark:
    """A mark far from what the panel gave the same nominee. Never official.

    `mark`, `others` (the median of the other marks) and `distance` (to the median of all) are in per cent of the criterion's
    maximum; `z` is the modified z-score of the distance.
    """

    assessor: str
    nominee: str
    criterion: str
    mark: Fraction
    others: Fraction
    distance: Fraction
    z: float


@dataclass(frozen=True)
class Severity:
    """Every assessor of the panel, and the odd marks, the farthest first. Never official."""

    assessors: tuple[AssessorSeverity, ...]
    odd_marks: tuple[OddMark, ...]
    rule: str = RULE


def severity(panel: Sequence[str], cells: Sequence[Cell]) -> Severity:
    """Severity, spread and odd marks of every member of the panel, in the panel's order."""
    odd = odd_marks(cells)
    differences = _differences(cells)
    deviations = _deviations(cells)
    typical = [found for found in deviations.values() if found is not None]
    scale = sqrt(mean([found**2 for found in typical])) if typical else 0.0
    marks = Counter(assessor for cell in cells for assessor in cell.marks)
    odd_of = Counter(mark.assessor for mark in odd)
    return Severity(tuple(_assessor(who, marks, differences, deviations.get(who), scale, odd_of) for who in panel), odd)


def odd_marks(cells: Sequence[Cell]) -> tuple[OddMark, ...]:
    """The marks that RULE calls odd; a cell counts where at least three gave a mark."""
    by_criterion: defaultdict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        if len(cell.marks) >= FEWEST_MARKS:
            by_criterion[cell.criterion].append(cell)
    odd = [mark for comparable in by_criterion.values() for mark in _beyond(comparable)]
    return tuple(sorted(odd, key=lambda mark: (-abs(mark.distance), mark.assessor, mark.nominee, mark.criterion)))


def modified_z(values: Sequence[float]) -> list[float]:
    """The modified z-scores of Iglewicz & Hoaglin (1993): 0.6745 (x - median) / MAD.

    Where the MAD is 0 the mean absolute deviation takes its place, and where all values are equal every score is 0.
    """
    if not values:
        return []
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    typical = median(distances) / CONSISTENCY or mean(distances) * MEAN_CONSISTENCY
    return [(value - middle) / typical if typical else 0.0 for value in values]


def _assessor(
    who: str,
    marks: Mapping[str, int],
    differences: Mapping[str, Sequence[Fraction]],
    deviation: float | None,
    scale: float,
    odd: Mapping[str, int],
) -> AssessorSeverity:
    compared = differences.get(who, ())
    return AssessorSeverity(
        assessor=who,
        marks=marks.get(who, 0),
        compared=len(compared),
        severity=sum(compared, Fraction(0)) / len(compared) if compared else NOBODY_ELSE,
        spread=NO_SPREAD if deviation is None or not scale else deviation / scale,
        odd=odd.get(who, 0),
    )


def _differences(cells: Sequence[Cell]) -> dict[str, list[Fraction]]:
    """For every assessor the differences to the panel's mean, of the cells that at least two marked."""
    found: defaultdict[str, list[Fraction]] = defaultdict(list)
    for cell in cells:
        if len(cell.marks) > 1:
            middle = sum(cell.marks.values(), Fraction(0)) / len(cell.marks)
            for who, mark in cell.marks.items():
                found[who].append(mark - middle)
    return found


def _deviations(cells: Sequence[Cell]) -> dict[str, float | None]:
    """The standard deviation of every assessor's marks within criteria, pooled; None without two marks on any criterion."""
    given: defaultdict[str, defaultdict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        for who, mark in cell.marks.items():
            given[who][cell.criterion].append(mark)
    return {who: _pooled(list(by_criterion.values())) for who, by_criterion in given.items()}


def _pooled(groups: Sequence[Sequence[Fraction]]) -> float | None:
    freedom = sum(len(group) - 1 for group in groups)
    squares = [sum(mark * mark for mark in group) - sum(group) ** 2 / len(group) for group in groups]
    return sqrt(sum(squares) / freedom) if freedom else None


def _beyond(cells: Sequence[Cell]) -> Iterator[OddMark]:
    """The odd marks of one criterion."""
    distances = [
        (cell, who, mark - middle) for cell in cells for middle in [median(cell.marks.values())] for who, mark in cell.marks.items()
    ]
    numerators, _ = over_one_denominator([distance for _, _, distance in distances])
    for (cell, who, distance), z in zip(distances, modified_z(numerators), strict=True):
        if abs(z) > ODD_SCORE and abs(distance) >= ODD_DISTANCE:
            others = median([mark for name, mark in cell.marks.items() if name != who])
            yield OddMark(who, cell.nominee, cell.criterion, cell.marks[who], others, distance, z)
