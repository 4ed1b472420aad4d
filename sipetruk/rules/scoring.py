"""From marks to a total, exact: marks -> panel points -> component score -> total, with every criterion's contribution.

The total is linear in the points: contribution = component factor x criterion factor x points (SCORING, "Arithmetic").
A mark that is missing makes the total missing; it never becomes 0. Abstained and recused marks leave the denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules import scales
from sipetruk.rules.definition import FULL_SCORE, FULL_WEIGHT, Aggregation, Component, Criterion, Definition, Policy
from sipetruk.rules.exact import exact_text, printed, rounded, shown_parts

SCORED, ABSTAINED, RECUSED, NOT_YET, NOT_APPLICABLE = MARK_STATES = ("scored", "abstained", "recused", "not_yet", "not_applicable")

Reason = dict[str, Any]
"""Why something is as it is: {"code": ..., and the facts}; `reasons.explain` puts it into words."""


@dataclass(frozen=True)
class Mark:
    """What one assessor gave on one criterion; `value` is the raw number, only when scored."""

    assessor: str
    state: str
    value: Fraction | None = None


@dataclass(frozen=True)
class CriterionScore:
    """`panel_value` is what the panel (or the data) says, `points` what counts, `contribution` its part of the total."""

    code: str
    component: str
    panel_value: str | dict[str, int] | None
    points: Fraction | None
    marks: int
    contribution: Fraction | None = None
    shown_contribution: Fraction | None = None


@dataclass(frozen=True)
class ComponentScore:
    code: str
    score: Fraction | None


@dataclass(frozen=True)
class Score:
    """The score of one nominee. `total` is exact; None together with `missing` reasons when anything is missing."""

    total: Fraction | None
    official: Fraction | None
    components: tuple[ComponentScore, ...]
    criteria: tuple[CriterionScore, ...]
    missing: tuple[Reason, ...]
    below_floor: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


def score(definition: Definition, marks: Mapping[str, Sequence[Mark]], values: Mapping[str, scales.Raw | None]) -> Score:
    """The score of one nominee.

    `marks` holds the panel's marks per assessor criterion, `values` the raw value of every other scored criterion; what
    is absent is missing. Raises Invalid for a value its scale does not allow, TypeError for a float.
    """
    policy = definition.policy
    missing: list[Reason] = []
    warnings: list[Reason] = []
    criteria: list[CriterionScore] = []
    components: list[ComponentScore] = []
    for component in _scored_components(definition):
        counted = [_criterion_score(policy, component, each, marks, values, missing, warnings) for each in component.scored]
        component_score, counted = _component_score(definition, component, counted)
        components.append(component_score)
        criteria += counted
    complete = not missing
    total = sum((part.contribution or Fraction(0) for part in criteria), Fraction(0)) if complete else None
    official = None if total is None else rounded(total, policy.rounding.decimals, policy.rounding.mode)
    return Score(
        total=total,
        official=official,
        components=tuple(components),
        criteria=tuple(criteria if official is None else _with_shown_parts(criteria, official, policy.rounding.decimals)),
        missing=tuple(missing),
        below_floor=tuple(_below_floor(policy, components)),
        warnings=tuple(warnings),
    )


def aggregate(aggregation: Aggregation, values: Sequence[Fraction]) -> Fraction:
    """One value for the panel's points on a criterion; there must be enough of them (`Aggregation.least_marks`)."""
    if any(not isinstance(value, (Fraction, int)) for value in values):
        raise TypeError("points are exact fractions")
    if len(values) < aggregation.least_marks():
        raise ValueError("too few values for this aggregation")
    ordered = sorted(values)
    if aggregation.kind == "median":
        middle = len(ordered) // 2
        ordered = ordered[middle : middle + 1] if len(ordered) % 2 else ordered[middle - 1 : middle + 1]
    elif aggregation.kind == "trimmed":
        ordered = ordered[aggregation.k : -aggregation.k]
    return sum(ordered, Fraction(0)) / len(ordered)


def component_factor(definition: Definition, component: Component) -> Fraction:
    """What one point of a component's score adds to the total."""
    match definition.policy.combine:
        case "mean_of_components":
            return Fraction(1, len(_scored_components(definition)))
        case "weighted_sum":
            return Fraction(component.weight or 0, FULL_WEIGHT)
    return Fraction(1)


def criterion_factor(definition: Definition, component: Component, criterion: Criterion) -> Fraction:
    """What one point of a criterion adds to its component's score."""
    if definition.policy.combine != "weighted_sum":
        return Fraction(1)
    whole = criterion.maximum if component.is_weighted else component.maximum
    if not whole:
        raise Invalid("Skala ini belum lengkap: tidak ada nilai yang memberi poin.", "criteria", criterion.code, "scale")
    share = Fraction(criterion.weight or 0, FULL_WEIGHT) if component.is_weighted else Fraction(1)
    return share * FULL_SCORE / whole


def gap(better: Score, other: Score) -> list[tuple[str, Fraction]]:
    """What separates two complete scores, criterion by criterion, largest difference first; sums to the difference of the totals."""
    if better.total is None or other.total is None:
        raise ValueError("only complete scores can be compared")
    others = {part.code: part.contribution or Fraction(0) for part in other.criteria}
    differences = [(part.code, (part.contribution or Fraction(0)) - others[part.code]) for part in better.criteria]
    return sorted(differences, key=lambda pair: (-abs(pair[1]), pair[0]))


def _scored_components(definition: Definition) -> tuple[Component, ...]:
    return tuple(component for component in definition.components if component.scored)


def _criterion_score(
    policy: Policy,
    component: Component,
    criterion: Criterion,
    marks: Mapping[str, Sequence[Mark]],
    values: Mapping[str, scales.Raw | None],
    missing: list[Reason],
    warnings: list[Reason],
) -> CriterionScore:
    """Points of one criterion before they are weighed; notes what is missing."""
    panel_value: scales.Raw | None
    if criterion.source.kind == "assessor":
        given = marks.get(criterion.code, ())
        points, count = _panel_points(policy, criterion, given, missing, warnings)
        panel_value = None if points is None else exact_text(points)
    else:
        panel_value, count = values.get(criterion.code), 0
        points = None if panel_value is None else scales.points(criterion.scale, panel_value)
        if points is None:
            missing.append({"code": "VALUE_MISSING", "criterion": criterion.code})
    if points is not None and policy.rounding.stage == "criterion":
        points = rounded(points, policy.rounding.decimals, policy.rounding.mode)
    return CriterionScore(criterion.code, component.code, panel_value, points, count)


def _panel_points(
    policy: Policy, criterion: Criterion, marks: Sequence[Mark], missing: list[Reason], warnings: list[Reason]
) -> tuple[Fraction | None, int]:
    """The panel's points on a criterion and the number of marks behind them."""
    points = [scales.points(criterion.scale, mark.value) for mark in marks if mark.state == SCORED]
    waiting = sorted(mark.assessor for mark in marks if mark.state == NOT_YET)
    needed = policy.least_marks()
    if waiting:
        missing.append({"code": "MARKS_NOT_YET", "criterion": criterion.code, "assessors": waiting})
        return None, len(points)
    if len(points) < needed:
        missing.append({"code": "TOO_FEW_MARKS", "criterion": criterion.code, "found": len(points), "needed": needed})
        return None, len(points)
    if len(points) < len(marks):
        warnings.append({"code": "FEWER_MARKS", "criterion": criterion.code, "found": len(points), "panel": len(marks)})
    return aggregate(policy.aggregation, points), len(points)


def _component_score(
    definition: Definition, component: Component, counted: list[CriterionScore]
) -> tuple[ComponentScore, list[CriterionScore]]:
    """The component's score and its criteria with their exact contributions to the total.

    Where the policy rounds components, the contributions are stretched by rounded/unrounded so that they still sum
    exactly to what counts.
    """
    rounding = definition.policy.rounding
    factors = [criterion_factor(definition, component, criterion) for criterion in component.scored]
    parts = [None if each.points is None else each.points * factor for each, factor in zip(counted, factors, strict=True)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return ComponentScore(component.code, None), counted
    total = sum(known, Fraction(0))
    counts = rounded(total, rounding.decimals, rounding.mode) if rounding.stage == "component" else total
    stretch = component_factor(definition, component) * (counts / total if total else 1)
    return ComponentScore(component.code, counts), [
        replace(each, contribution=part * stretch) for each, part in zip(counted, known, strict=True)
    ]


def _with_shown_parts(criteria: Sequence[CriterionScore], official: Fraction, decimals: int) -> list[CriterionScore]:
    shown = shown_parts([each.contribution or Fraction(0) for each in criteria], official, decimals)
    return [replace(each, shown_contribution=part) for each, part in zip(criteria, shown, strict=True)]


def _below_floor(policy: Policy, components: Sequence[ComponentScore]) -> list[Reason]:
    """Floors are compared with the printed component score, the one people can check."""
    decimals, mode = policy.rounding.decimals, policy.rounding.mode
    scores = {part.code: part.score for part in components}
    return [
        {
            "code": "BELOW_FLOOR",
            "component": floor.component,
            "score": printed(found, decimals, mode),
            "at_least": exact_text(floor.at_least),
        }
        for floor in policy.floors
        if (found := scores.get(floor.component)) is not None and rounded(found, decimals, mode) < floor.at_least
    ]
