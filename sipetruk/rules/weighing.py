"""From the marks on one criterion to its points, exact, and to what those points add to the component and to the total.

Many nominees share an outcome (the same sum of the same number of marks), so each distinct one is worked out once: a
`Weigher` adds marks as whole numbers, and only a sum it has not seen yet, or anything unusual, takes the careful way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from sipetruk.rules import scales
from sipetruk.rules.canonical import written
from sipetruk.rules.definition import Aggregation, Component, Criterion, Policy
from sipetruk.rules.exact import exact_text, ratio_text, rounded, total

SCORED, ABSTAINED, RECUSED, NOT_YET, NOT_APPLICABLE = MARK_STATES = ("scored", "abstained", "recused", "not_yet", "not_applicable")

Reason = dict[str, Any]
"""Why something is as it is: {"code": ..., and the facts}; `reasons.explain` puts it into words."""

MILLION = 10**6
"""Points are added in millionths: every scale gives a whole number of them for a mark with at most two decimals."""

_Value = TypeVar("_Value", int, Fraction)
_Outcome = tuple[int, int, int]
"""All that the marks decide when none is missing: sum (in millionths) and number of those that count, number of all."""


@dataclass(frozen=True)
class Mark:
    """What one assessor gave on one criterion; `value` is the raw number, only when scored, `document` its entry in the inputs."""

    assessor: str
    state: str
    value: str | Fraction | None = None
    document: dict[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "document", {"assessor": self.assessor, "state": self.state, "value": self.value})

    @cached_property
    def text(self) -> str:
        """The entry as canonical JSON."""
        return written(self.document)


@dataclass(frozen=True)
class CriterionScore:
    """One criterion of one nominee.

    `panel_value` is what the panel (or the data) says, `points` what counts, `part` what it adds to the component's
    score, `contribution` what it adds to the total.
    """

    code: str
    component: str
    panel_value: str | dict[str, int] | None
    points: Fraction | None
    marks: int
    part: Fraction | None = None
    contribution: Fraction | None = None

    @cached_property
    def document(self) -> dict[str, Any]:
        """Its line in the result, as far as it is the same for every nominee with this outcome."""
        return {
            "code": self.code,
            "component": self.component,
            "panel_value": self.panel_value,
            "points": None if self.points is None else ratio_text(self.points),
            "contribution": None if self.contribution is None else ratio_text(self.contribution),
            "shown_contribution": None,
            "marks": self.marks,
        }

    @cached_property
    def text(self) -> str:
        """The line as canonical JSON, up to the shown contribution: the last key, and the only one that differs between nominees."""
        return written(self.document).removesuffix("null}")

    @cached_property
    def ratio(self) -> tuple[int, int]:
        """The contribution as numerator and denominator; (0, 1) where there is none."""
        return (0, 1) if self.contribution is None else self.contribution.as_integer_ratio()


def millionths(scale: scales.Scale, raw: object) -> int:
    """The points of a raw value in millionths; ValueError where they are no whole number of them."""
    points = scales.points(scale, raw) * MILLION
    if points.denominator != 1:
        raise ValueError("not a whole number of millionths")
    return points.numerator


class Sums(NamedTuple):
    """What the marks on one criterion of one nominee add up to: points in millionths, how many were given, how many abstained from."""

    points: int
    scored: int
    abstained: int = 0


_NO_SUMS = Sums(0, 0)


@dataclass
class Given:
    """All that is given on one nominee, and what was noticed while weighing it."""

    marks: Mapping[str, Sequence[Mark]]
    values: Mapping[str, scales.Raw | None]
    missing: list[Reason]
    warnings: list[Reason]


class _FinePoints(dict[object, int]):
    """The points of raw values in millionths, each worked out once; KeyError for points that are no whole number of them.

    Only text is remembered: True and 1.0 would pass for the 1 that they equal.
    """

    def __init__(self, scale: scales.Scale) -> None:
        super().__init__()
        self._scale = scale

    def __missing__(self, raw: object) -> int:
        try:
            points = millionths(self._scale, raw)
        except ValueError:
            raise KeyError(raw) from None
        if isinstance(raw, str):
            self[raw] = points
        return points


class Weigher:
    """Weighs one criterion: `factor` is what a point adds to the component's score, `component_factor` what that adds to the total."""

    def __init__(self, policy: Policy, component: Component, criterion: Criterion, factor: Fraction, component_factor: Fraction) -> None:
        self._policy = policy
        self._needed = policy.least_marks()
        self._is_mean = policy.aggregation.kind == "mean"
        self._component = component.code
        self._criterion = criterion
        self._by_assessors = criterion.source.kind == "assessor"
        self._factor = factor
        self._component_factor = component_factor
        self._fine_points = _FinePoints(criterion.scale)
        self._known: dict[_Outcome, CriterionScore] = {}
        self._known_values: dict[str, CriterionScore] = {}

    def weigh(self, given: Given) -> CriterionScore:
        """The score of the criterion; notes what is missing. Raises Invalid and TypeError as `scales.points` does."""
        code = self._criterion.code
        if self._by_assessors:
            marks = given.marks.get(code, ())
            outcome = self._outcome(marks)
            if outcome is None:
                return self._of_marks(marks, given)
            return self._known.get(outcome) or self._of_outcome(outcome)
        value = given.values.get(code)
        if not isinstance(value, str):
            return self._of_value(value, given)
        known = self._known_values.get(value)
        if known is None:
            known = self._known_values[value] = self._of_value(value, given)
        return known

    def weigh_sums(self, sums: Mapping[str, Sums], panel: int, recused: int, given: Given) -> CriterionScore:
        """The same from sums of the marks of a panel, of whom some stepped back; ValueError unless the policy takes their mean."""
        if not self._by_assessors:
            return self.weigh(given)
        if not self._is_mean:
            raise ValueError("only a mean can be taken from a sum")
        found = sums.get(self._criterion.code, _NO_SUMS)
        if found.scored == panel >= self._needed and not recused:
            outcome = found.points, panel, panel
            return self._known.get(outcome) or self._of_outcome(outcome)
        waiting = panel - recused - found.scored - found.abstained
        if waiting < 0:
            raise ValueError("more marks than assessors")
        if waiting:
            given.missing.append({"code": "MARKS_NOT_YET", "criterion": self._criterion.code, "waiting": waiting})
        elif not self._is_short(found.scored, panel, given):
            outcome = found.points, found.scored, found.scored
            return self._known.get(outcome) or self._of_outcome(outcome)
        return self._weighed(None, None, found.scored)

    def _outcome(self, marks: Sequence[Mark]) -> _Outcome | None:
        """None where a mark is missing, too few are given, or one is no whole number of millionths."""
        known = self._fine_points
        try:
            points = [known[mark.value] for mark in marks if mark.state == SCORED]
        except (KeyError, TypeError):
            return None
        given = len(points)
        if given < len(marks) or given < self._needed:
            return None
        if self._is_mean:
            return sum(points), given, given
        counted = _counted(self._policy.aggregation, points)
        return sum(counted), len(counted), given

    def _of_outcome(self, outcome: _Outcome) -> CriterionScore:
        fine, counted, marks = outcome
        points = Fraction(fine, counted * MILLION)
        found = self._known[outcome] = self._weighed(exact_text(points), points, marks)
        return found

    def _of_marks(self, marks: Sequence[Mark], given: Given) -> CriterionScore:
        points = [scales.points(self._criterion.scale, mark.value) for mark in marks if mark.state == SCORED]
        if self._is_missing(marks, len(points), given):
            return self._weighed(None, None, len(points))
        found = aggregate(self._policy.aggregation, points)
        return self._weighed(exact_text(found), found, len(points))

    def _is_missing(self, marks: Sequence[Mark], found: int, given: Given) -> bool:
        """Whether the marks give no points yet; notes why, and where fewer marks than the panel has are behind them."""
        waiting = sorted(mark.assessor for mark in marks if mark.state == NOT_YET)
        if waiting:
            given.missing.append({"code": "MARKS_NOT_YET", "criterion": self._criterion.code, "assessors": waiting})
        return bool(waiting) or self._is_short(found, len(marks), given)

    def _is_short(self, found: int, panel: int, given: Given) -> bool:
        code, needed = self._criterion.code, self._needed
        if found < needed:
            given.missing.append({"code": "TOO_FEW_MARKS", "criterion": code, "found": found, "needed": needed})
        elif found < panel:
            given.warnings.append({"code": "FEWER_MARKS", "criterion": code, "found": found, "panel": panel})
        return found < needed

    def _of_value(self, value: scales.Raw | None, given: Given) -> CriterionScore:
        if value is None:
            given.missing.append({"code": "VALUE_MISSING", "criterion": self._criterion.code})
            return self._weighed(None, None, 0)
        return self._weighed(value, scales.points(self._criterion.scale, value), 0)

    def _weighed(self, panel_value: scales.Raw | None, points: Fraction | None, marks: int) -> CriterionScore:
        code, rounding = self._criterion.code, self._policy.rounding
        if points is None:
            return CriterionScore(code, self._component, None, None, marks)
        part = points * self._factor
        if rounding.stage == "criterion":
            points = rounded(points, rounding.decimals, rounding.mode)
            part = rounded(points * self._factor, rounding.decimals, rounding.mode)
        return CriterionScore(code, self._component, panel_value, points, marks, part, part * self._component_factor)


def aggregate(aggregation: Aggregation, values: Sequence[Fraction]) -> Fraction:
    """One value for the panel's points on a criterion; there must be enough of them (`Aggregation.least_marks`)."""
    if any(not isinstance(value, (Fraction, int)) for value in values):
        raise TypeError("points are exact fractions")
    if len(values) < aggregation.least_marks():
        raise ValueError("too few values for this aggregation")
    counted = _counted(aggregation, values)
    return total(counted) / len(counted)


def _counted(aggregation: Aggregation, values: Sequence[_Value]) -> Sequence[_Value]:
    """Those values whose mean is the panel's value."""
    if aggregation.kind == "mean":
        return values
    ordered = sorted(values)
    if aggregation.kind == "median":
        return ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    return ordered[aggregation.k : -aggregation.k]
