"""One version of an instrument as frozen values: policy, components, criteria, evidence and form fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from sipetruk.errors import NotFound
from sipetruk.rules import scales
from sipetruk.rules.exact import document_number
from sipetruk.rules.questions import FILE_TYPES, MOST_MB, EvidenceRequirement, FormField, Option, ShownWhen, Template
from sipetruk.rules.scales import Scale
from sipetruk.rules.vocabulary import (
    AGGREGATION,
    ATTRIBUTES,
    AWARD_LEVELS,
    COMBINE,
    FIELD_KINDS,
    ROUNDING_STAGE,
    SANCTION_CHECKS,
    SANCTION_LEVELS,
    SERIES,
    SOURCES,
    TIE_STEP,
)

__all__ = [
    "AGGREGATION",
    "ATTRIBUTES",
    "AWARD_LEVELS",
    "COMBINE",
    "FIELD_KINDS",
    "FILE_TYPES",
    "FORMAT",
    "FULL_SCORE",
    "FULL_WEIGHT",
    "MOST_MB",
    "ROUNDING_STAGE",
    "SANCTION_CHECKS",
    "SANCTION_LEVELS",
    "SERIES",
    "SOURCES",
    "TIE_STEP",
    "Aggregation",
    "Component",
    "Criterion",
    "Definition",
    "EvidenceRequirement",
    "Floor",
    "FormField",
    "Option",
    "Policy",
    "Rounding",
    "ShownWhen",
    "Source",
    "Template",
    "TieStep",
    "all_criteria",
    "component",
    "component_maximum",
    "criterion",
    "total_maximum",
]

FORMAT = "sipetruk-instrument/1"

FULL_WEIGHT = 10_000
FULL_SCORE = 100


@dataclass(frozen=True)
class Aggregation:
    """How the marks of several assessors on one criterion become one value; `k` marks are cut at each end when trimmed.

    The mean is that of SI PETRUK 2024, where every assessor counts alike; the median and the trimmed mean are SCORING's
    ("Policy"). Five assessors give 60, 80, 80, 85 and 100: their mean is 405 / 5, their median the third of them.

    >>> from sipetruk.rules.scoring import aggregate
    >>> marks = [Fraction(mark) for mark in (100, 80, 60, 85, 80)]
    >>> aggregate(Aggregation("mean"), marks), aggregate(Aggregation("median"), marks)
    (Fraction(81, 1), Fraction(80, 1))

    An even number has two marks in the middle; their mean counts.

    >>> aggregate(Aggregation("median"), marks[:4])
    Fraction(165, 2)

    Trimmed drops the k highest and the k lowest of the marks that are present, whoever gave them, as official judging
    sheets do: (80 + 80 + 85) / 3. It takes five marks, and more where more than two are dropped at each end.

    >>> aggregate(Aggregation("trimmed", 1), marks), aggregate(Aggregation("trimmed", 2), marks)
    (Fraction(245, 3), Fraction(80, 1))
    >>> [Aggregation("trimmed", k).least_marks() for k in (1, 2, 3)]
    [5, 5, 7]
    """

    kind: str = "mean"
    k: int = 1

    LEAST_TRIMMED: ClassVar[int] = 5

    def least_marks(self) -> int:
        """Fewer marks than this cannot be aggregated."""
        return max(self.LEAST_TRIMMED, 2 * self.k + 1) if self.kind == "trimmed" else 1


@dataclass(frozen=True)
class Rounding:
    """Where numbers are rounded on the way to the total, how, and to how many decimals (SCORING, "Arithmetic").

    `end` is what every round of SI PETRUK printed: only the total. `component` counts the printed score of every
    component; `criterion` is the judging sheet's way, where the printed value of every criterion counts. Two components
    of two criteria each, and three assessors who give 10, 11 and 11: 32/3 = 10.666... points on every criterion.

    >>> from sipetruk.rules.exact import ROUNDING_MODES, printed
    >>> from sipetruk.rules.scoring import Mark, score
    >>> points = scales.Points(max=Fraction(25), step=Fraction(1))
    >>> parts = tuple(Component(c, c, criteria=tuple(Criterion(c + n, n, points, Source()) for n in "12")) for c in "ab")
    >>> given = [Mark("a1", "scored", "10"), Mark("a2", "scored", "11"), Mark("a3", "scored", "11")]
    >>> def total(rounding):
    ...     instrument = Definition("", policy=Policy(rounding=rounding), components=parts)
    ...     return printed(score(instrument, dict.fromkeys(["a1", "a2", "b1", "b2"], given), {}).total, 2)
    >>> {stage: total(Rounding(stage)) for stage in ROUNDING_STAGE}  # 4 x 32/3; 21.33 + 21.33; 4 x 10.67
    {'end': '42.67', 'component': '42.66', 'criterion': '42.68'}

    Where criteria have weights, a judging sheet rounds twice: it drops the highest and the lowest mark, rounds the mean,
    multiplies by the factor, rounds again, and adds up. Marks of 7, 8, 8, 9 and 10 of 10 points leave 25/3, so 8.33; a
    third of the weight makes the factor 3.333 and 27.76389 of it, so 27.76; two thirds of 6 points are 40.00.

    >>> policy = Policy("weighted_sum", Aggregation("trimmed"), Rounding("criterion"), min_assessors=5)
    >>> ten = scales.Points(max=Fraction(10), step=Fraction(1))
    >>> thirds = tuple(Criterion(code, code, ten, Source(), weight=weight) for code, weight in (("x", 3333), ("y", 6667)))
    >>> sheet = Definition("", policy=policy, components=(Component("a", "A", weight=10_000, criteria=thirds),))
    >>> given = {"x": ("7", "8", "8", "9", "10"), "y": ("6", "6", "6", "6", "6")}
    >>> marks = {code: [Mark(str(at), "scored", value) for at, value in enumerate(values)] for code, values in given.items()}
    >>> found = score(sheet, marks, {})
    >>> [(printed(part.points, 2), printed(part.part, 2)) for part in found.criteria], printed(found.total, 2)
    ([('8.33', '27.76'), ('6.00', '40.00')], '67.76')

    `half_up` rounds as people do on paper; 2 decimals print 248 / 3 as 82.67 (2024: 248 of 300 points).

    >>> [printed(Fraction("82.665"), 2, mode) for mode in ROUNDING_MODES]  # half_up, half_even, down
    ['82.67', '82.66', '82.66']
    >>> [printed(Fraction(248, 3), decimals) for decimals in range(4)]
    ['83', '82.7', '82.67', '82.667']
    """

    stage: str = "end"
    mode: str = "half_up"
    decimals: int = 2


@dataclass(frozen=True)
class Floor:
    """A component score below this makes a nominee not eligible; the score is kept.

    SI PETRUK 2023 asks for the predicate BAIK at least, which that round's table makes 90 points. The printed score is
    compared, the one that people can check.

    >>> from sipetruk.rules.scoring import score
    >>> table = scales.parse_scale({"kind": "predicate", "table": {"BAIK": 90, "BUTUH PERBAIKAN": 70}})
    >>> work = Component("kinerja", "Kinerja", criteria=(Criterion("skp", "SKP", table, Source("predicate", year=2022)),))
    >>> instrument = Definition("", policy=Policy(floors=(Floor("kinerja", Fraction(90)),)), components=(work,))
    >>> score(instrument, {}, {"skp": "BAIK"}).below_floor
    ()
    >>> found = score(instrument, {}, {"skp": "BUTUH PERBAIKAN"})
    >>> found.total, found.below_floor
    (Fraction(70, 1), ({'code': 'BELOW_FLOOR', 'component': 'kinerja', 'score': '70.00', 'at_least': '90'},))
    """

    component: str
    at_least: Fraction


@dataclass(frozen=True)
class TieStep:
    """One step that splits equal printed scores: a component, a criterion or an attribute, the higher printed value first.

    SI PETRUK 2024 compares Inovatif, then Kinerja dan Disiplin, then the length of service; `ranking.rank` shows the
    steps at work.

    >>> TieStep("component", "inovatif").name
    'component:inovatif'
    """

    by: str
    code: str

    @property
    def name(self) -> str:
        """The step as results name it: "component:inovatif"."""
        return f"{self.by}:{self.code}"


@dataclass(frozen=True)
class Policy:
    """How an instrument counts; frozen with its version (SCORING, "Policy").

    `combine` makes a total of the points. Three criteria of three components, of 100 points each, with 90, 80 and 78:

    >>> from sipetruk.rules.scoring import Mark, score
    >>> points = scales.Points(max=Fraction(100), step=Fraction(1))
    >>> def total(combine, weights=(None, None, None)):
    ...     parts = tuple(
    ...         Component(code, code, weight=weight, criteria=(Criterion(code, code, points, Source()),))
    ...         for code, weight in zip("abc", weights)
    ...     )
    ...     instrument = Definition("", policy=Policy(combine, min_assessors=1), components=parts)
    ...     return score(instrument, {code: [Mark("a1", "scored", value)] for code, value in zip("abc", ("90", "80", "78"))}, {}).total

    `sum_of_points` (SI PETRUK 2021) adds them all, so that an instrument's points must be 100 together.
    `mean_of_components` (SI PETRUK 2024) divides by the number of components: 248 / 3, printed 82.67.

    >>> total("sum_of_points"), total("mean_of_components")
    (Fraction(248, 1), Fraction(248, 3))

    `weighted_sum` (ministry of manpower 2025: 30, 30, 20, 20 %) scores each component from 0 to 100 and adds up the
    weighted scores: 50 % of 90, 30 % of 80 and 20 % of 78.

    >>> total("weighted_sum", (5000, 3000, 2000))
    Fraction(423, 5)

    `min_assessors` marks at least stand behind every criterion (SCORING, "Marks"); who abstained or stepped back gives
    none. With fewer there is no total: what is missing is never 0.

    >>> part = Component("a", "A", criteria=(Criterion("a", "A", points, Source()),))
    >>> two = [Mark("a1", "scored", "90"), Mark("a2", "scored", "80"), Mark("a3", "recused")]
    >>> found = score(Definition("", components=(part,)), {"a": two}, {})
    >>> found.total, found.missing
    (None, ({'code': 'TOO_FEW_MARKS', 'criterion': 'a', 'found': 2, 'needed': 3},))
    >>> score(Definition("", policy=Policy(min_assessors=2), components=(part,)), {"a": two}, {}).total
    Fraction(85, 1)

    `aggregation`, `rounding`, `floors` and `tie_chain` have examples of their own.
    """

    combine: str = "sum_of_points"
    aggregation: Aggregation = Aggregation()
    rounding: Rounding = Rounding()
    min_assessors: int = 3
    floors: tuple[Floor, ...] = ()
    tie_chain: tuple[TieStep, ...] = ()

    def least_marks(self) -> int:
        return max(self.min_assessors, self.aggregation.least_marks())

    def to_dict(self) -> dict[str, Any]:
        aggregation: dict[str, Any] = {"kind": self.aggregation.kind}
        if self.aggregation.kind == "trimmed":
            aggregation["k"] = self.aggregation.k
        return {
            "combine": self.combine,
            "aggregation": aggregation,
            "rounding": {"stage": self.rounding.stage, "mode": self.rounding.mode, "decimals": self.rounding.decimals},
            "min_assessors": self.min_assessors,
            "floors": [{"component": floor.component, "at_least": document_number(floor.at_least)} for floor in self.floors],
            "tie_chain": [{"by": step.by, "code": step.code} for step in self.tie_chain],
        }


@dataclass(frozen=True)
class Source:
    """Who gives the value of a criterion, and which records count where data is taken over.

    `months` ("2024-04"), `year` and `years` name the time of the data; `check`, `within_years` and `levels` say from
    which sanctions a person must be free.
    """

    kind: str = "assessor"
    months: tuple[str, ...] = ()
    year: int | None = None
    series: str | None = None
    years: tuple[int, ...] = ()
    check: str | None = None
    within_years: int | None = None
    levels: tuple[str, ...] = ()

    @property
    def named_years(self) -> tuple[int, ...]:
        """The years of the data, whether one or several are named."""
        return self.years or (() if self.year is None else (self.year,))

    def to_dict(self) -> dict[str, Any]:
        """The document; a key is there when this kind of source uses it."""
        document: dict[str, Any] = {"kind": self.kind}
        if self.series is not None:
            document["series"] = self.series
        if self.kind == "attendance" or self.months:
            document["months"] = list(self.months)
        if self.years or self.kind == "award":
            document["years"] = list(self.years)
        elif self.kind == "predicate" or self.year is not None:
            document["year"] = self.year
        if self.kind == "sanction":
            document["check"] = self.check
            if self.within_years is not None:
                document["within_years"] = self.within_years
            if self.check != "examination":
                document["levels"] = list(self.levels)
        return document


@dataclass(frozen=True)
class Criterion:
    """One thing that is valued. `weight` is in basis points of its component."""

    code: str
    label: str
    scale: Scale
    source: Source
    help: str = ""
    weight: int | None = None
    evidence: tuple[str, ...] = ()
    note_min_chars: int = 0

    @property
    def is_scored(self) -> bool:
        return scales.is_scored(self.scale)

    @property
    def maximum(self) -> Fraction:
        return self.scale.maximum

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label,
            "help": self.help,
            "weight": self.weight,
            "scale": scales.to_dict(self.scale),
            "source": self.source.to_dict(),
            "evidence": list(self.evidence),
            "note_min_chars": self.note_min_chars,
        }


@dataclass(frozen=True)
class Component:
    """A group of criteria. `weight` is in basis points of the total and only used by `weighted_sum`."""

    code: str
    label: str
    help: str = ""
    weight: int | None = None
    criteria: tuple[Criterion, ...] = ()

    @property
    def scored(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.is_scored)

    @property
    def is_weighted(self) -> bool:
        """Whether the criteria of this component carry weights."""
        return any(criterion.weight is not None for criterion in self.criteria)

    @property
    def maximum(self) -> Fraction:
        """The sum of the largest points of its criteria."""
        return sum((criterion.maximum for criterion in self.criteria), Fraction(0))

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label,
            "help": self.help,
            "weight": self.weight,
            "criteria": [criterion.to_dict() for criterion in self.criteria],
        }


@dataclass(frozen=True)
class Definition:
    """A whole instrument version. Its document (`to_dict`) is what is stored, hashed and exported."""

    title: str
    description: str = ""
    source: str = ""
    policy: Policy = field(default_factory=Policy)
    components: tuple[Component, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    fields: tuple[FormField, ...] = ()

    @property
    def requirements(self) -> tuple[EvidenceRequirement, ...]:
        """Every file that may be uploaded: the evidence, then the questions of the form that ask for files."""
        asked = (field.requirement for field in self.fields)
        return (*self.evidence, *(requirement for requirement in asked if requirement is not None))

    def to_dict(self) -> dict[str, Any]:
        """The document; `parse` reads it back to an equal definition."""
        return {
            "format": FORMAT,
            "title": self.title,
            "description": self.description,
            "source": self.source,
            "policy": self.policy.to_dict(),
            "components": [component.to_dict() for component in self.components],
            "evidence": [requirement.to_dict() for requirement in self.evidence],
            "fields": [field.to_dict() for field in self.fields],
        }


def all_criteria(definition: Definition) -> Iterator[tuple[Component, Criterion]]:
    """Every criterion with its component, in the order of the instrument."""
    for component in definition.components:
        for criterion in component.criteria:
            yield component, criterion


def component(definition: Definition, code: str) -> Component:
    """The component with this code; NotFound otherwise."""
    for found in definition.components:
        if found.code == code:
            return found
    raise NotFound("Komponen ini tidak ada dalam instrumen.")


def criterion(definition: Definition, code: str) -> Criterion:
    """The criterion with this code; NotFound otherwise."""
    for _, found in all_criteria(definition):
        if found.code == code:
            return found
    raise NotFound("Kriteria ini tidak ada dalam instrumen.")


def component_maximum(definition: Definition, part: Component) -> Fraction:
    """The highest score of a component as results print it: points, or 0 to 100 when the instrument is weighted."""
    if definition.policy.combine == "weighted_sum":
        return Fraction(FULL_SCORE) if part.scored else Fraction(0)
    return part.maximum


def total_maximum(definition: Definition) -> Fraction:
    """The highest total that a nominee can reach; 100 for every instrument that may be locked."""
    parts = [part for part in definition.components if part.scored]
    if definition.policy.combine == "weighted_sum":
        return sum((Fraction(part.weight or 0, FULL_SCORE) for part in parts), Fraction(0))
    points = sum((part.maximum for part in parts), Fraction(0))
    if definition.policy.combine == "mean_of_components":
        return points / len(parts) if parts else Fraction(0)
    return points
