"""From the criteria to the total, exact: panel points -> component score -> total, with every criterion's contribution.

The total is linear in the points: contribution = component factor x criterion factor x points (SCORING, "Arithmetic").
A mark that is missing makes the total missing; it never becomes 0. Abstained and recused marks leave the denominator.
What one criterion is worth stands in `weighing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from sipetruk.errors import Invalid
from sipetruk.rules import scales
from sipetruk.rules.definition import FULL_SCORE, FULL_WEIGHT, Component, Criterion, Definition, Policy
from sipetruk.rules.exact import exact_text, over_one_denominator, printed, rounded, shown_units, total, units_text
from sipetruk.rules.weighing import CriterionScore, Given, Mark, Reason, Weigher, aggregate

__all__ = ["ComponentScore", "Mark", "Reason", "Score", "Scorer", "aggregate", "component_factor", "criterion_factor", "gap", "score"]


@dataclass(frozen=True)
class ComponentScore:
    code: str
    score: Fraction | None


@dataclass(frozen=True)
class Score:
    """The score of one nominee. `total` is exact; None together with `missing` reasons when anything is missing.

    `shown` holds the printed contribution of every criterion; they add up to the printed total.
    """

    total: Fraction | None
    official: Fraction | None
    components: tuple[ComponentScore, ...]
    criteria: tuple[CriterionScore, ...]
    shown: tuple[str, ...]
    missing: tuple[Reason, ...]
    below_floor: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


def score(definition: Definition, marks: Mapping[str, Sequence[Mark]], values: Mapping[str, scales.Raw | None]) -> Score:
    """The score of one nominee.

    `marks` holds the panel's marks per assessor criterion, `values` the raw value of every other scored criterion; what
    is absent is missing. Raises Invalid for a value its scale does not allow, TypeError for a float.
    """
    return Scorer(definition).score(marks, values)


class Scorer:
    """Scores the nominees of one instrument, one after the other, and remembers what it worked out."""

    def __init__(self, definition: Definition) -> None:
        self._policy = definition.policy
        self._parts = [(part, component_factor(definition, part), _weighers(definition, part)) for part in _scored_components(definition)]

    def score(self, marks: Mapping[str, Sequence[Mark]], values: Mapping[str, scales.Raw | None]) -> Score:
        given = Given(marks, values, missing=[], warnings=[])
        criteria: list[CriterionScore] = []
        components: list[ComponentScore] = []
        for component, factor, weighers in self._parts:
            component_score, counted = self._component_score(component, factor, [weigher.weigh(given) for weigher in weighers])
            components.append(component_score)
            criteria += counted
        return self._score(criteria, components, given)

    def _score(self, criteria: Sequence[CriterionScore], components: Sequence[ComponentScore], given: Given) -> Score:
        rounding = self._policy.rounding
        found = official = None
        shown: tuple[str, ...] = ()
        if not given.missing:
            contributions = [each.contribution for each in criteria if each.contribution is not None]
            numerators, denominator = over_one_denominator(contributions)
            found = Fraction(sum(numerators), denominator)
            official = rounded(found, rounding.decimals, rounding.mode)
            units = shown_units(numerators, denominator, official, rounding.decimals)
            shown = tuple([units_text(each, rounding.decimals) for each in units])
        return Score(
            total=found,
            official=official,
            components=tuple(components),
            criteria=tuple(criteria),
            shown=shown,
            missing=tuple(given.missing),
            below_floor=tuple(_below_floor(self._policy, components)),
            warnings=tuple(given.warnings),
        )

    def _component_score(
        self, component: Component, factor: Fraction, counted: list[CriterionScore]
    ) -> tuple[ComponentScore, list[CriterionScore]]:
        """The component's score and its criteria with their exact contributions to the total.

        Where the policy rounds components, the contributions are stretched by rounded/unrounded so that they still sum
        exactly to what counts.
        """
        rounding = self._policy.rounding
        parts = [each.part for each in counted if each.part is not None]
        if len(parts) < len(counted):
            return ComponentScore(component.code, None), counted
        found = total(parts)
        if rounding.stage != "component":
            return ComponentScore(component.code, found), counted
        counts = rounded(found, rounding.decimals, rounding.mode)
        if found:
            stretch = factor * counts / found
            counted = [replace(each, contribution=part * stretch) for each, part in zip(counted, parts, strict=True)]
        return ComponentScore(component.code, counts), counted


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


def _weighers(definition: Definition, component: Component) -> list[Weigher]:
    outer = component_factor(definition, component)
    return [
        Weigher(definition.policy, component, criterion, criterion_factor(definition, component, criterion), outer)
        for criterion in component.scored
    ]


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
