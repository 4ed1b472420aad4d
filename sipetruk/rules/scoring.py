"""From the criteria to the total, exact: panel points -> component score -> total, with every criterion's contribution.

The total is linear in the points: contribution = component factor x criterion factor x points (SCORING, "Arithmetic").
A mark that is missing makes the total missing; it never becomes 0. Abstained and recused marks leave the denominator.
What one criterion is worth stands in `weighing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.rules import scales
from sipetruk.rules.canonical import written
from sipetruk.rules.definition import FULL_SCORE, FULL_WEIGHT, Component, Criterion, Definition, Policy
from sipetruk.rules.exact import (
    exact_text,
    over_one_denominator,
    over_one_denominator_of,
    printed,
    ratio_text,
    rounded,
    shown_units,
    total,
    units_text,
)
from sipetruk.rules.weighing import CriterionScore, Given, Mark, Reason, Sums, Weigher, aggregate

__all__ = ["ComponentScore", "Mark", "Reason", "Score", "Scorer", "aggregate", "component_factor", "criterion_factor", "score"]


@dataclass(frozen=True)
class ComponentScore:
    """What a component comes to; the same value for every nominee with this score."""

    code: str
    score: Fraction | None
    printed: str | None = None
    official: Fraction | None = None

    @cached_property
    def document(self) -> dict[str, Any]:
        """Its line in the result."""
        return {"code": self.code, "exact": None if self.score is None else ratio_text(self.score), "score": self.printed}

    @cached_property
    def text(self) -> str:
        """The line as canonical JSON."""
        return written(self.document)


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
        self._parts = [_Part(definition, part) for part in _scored_components(definition)]
        self._totals: dict[tuple[int, int], tuple[Fraction, Fraction, int]] = {}

    def score(self, marks: Mapping[str, Sequence[Mark]], values: Mapping[str, scales.Raw | None]) -> Score:
        given = Given(marks, values, missing=[], warnings=[])
        return self._score([[weigher.weigh(given) for weigher in part.weighers] for part in self._parts], given)

    def score_sums(self, sums: Mapping[str, Sums], values: Mapping[str, scales.Raw | None], panel: int, recused: int = 0) -> Score:
        """The score from what the marks of a panel add up to, of whom some stepped back, where the instrument takes their mean.

        It is the score of the marks themselves; only who has not marked yet is not known, "waiting" says how many.
        """
        given = Given({}, values, missing=[], warnings=[])
        counted = [[weigher.weigh_sums(sums, panel, recused, given) for weigher in part.weighers] for part in self._parts]
        return self._score(counted, given)

    def _score(self, counted: Sequence[list[CriterionScore]], given: Given) -> Score:
        if given.missing or self._policy.rounding.stage == "component":
            pairs = [part.carefully(scores) for part, scores in zip(self._parts, counted, strict=True)]
            components = [component for component, _ in pairs]
            criteria = [each for _, scores in pairs for each in scores]
            numerators, denominator = over_one_denominator(each.contribution or Fraction(0) for each in criteria)
        else:
            criteria = [each for scores in counted for each in scores]
            numerators, denominator = over_one_denominator_of([each.ratio for each in criteria])
            components = []
            first = 0
            for part, scores in zip(self._parts, counted, strict=True):
                after = first + len(scores)
                components.append(part.of_sum(sum(numerators[first:after]), denominator, scores))
                first = after
        found = official = None
        shown: tuple[str, ...] = ()
        if not given.missing:
            found, official, units = self._total(sum(numerators), denominator)
            decimals = self._policy.rounding.decimals
            shown = tuple([units_text(each, decimals) for each in shown_units(numerators, denominator, units, decimals)])
        return Score(
            total=found,
            official=official,
            components=tuple(components),
            criteria=tuple(criteria),
            shown=shown,
            missing=tuple(given.missing),
            below_floor=tuple(_below_floor(self._policy, components)) if self._policy.floors else (),
            warnings=tuple(given.warnings),
        )

    def _total(self, numerator: int, denominator: int) -> tuple[Fraction, Fraction, int]:
        """A total, rounded, and in units of its last printed digit; many nominees share one."""
        known = self._totals.get((numerator, denominator))
        if known is None:
            rounding = self._policy.rounding
            found = Fraction(numerator, denominator)
            official = rounded(found, rounding.decimals, rounding.mode)
            known = self._totals[numerator, denominator] = found, official, int(official * 10**rounding.decimals)
        return known


class _Part:
    """Scores one component, and remembers the scores it worked out."""

    def __init__(self, definition: Definition, component: Component) -> None:
        self._rounding = definition.policy.rounding
        self._code = component.code
        self._factor = component_factor(definition, component)
        self.weighers = [
            Weigher(definition.policy, component, each, criterion_factor(definition, component, each), self._factor)
            for each in component.scored
        ]
        self._known: dict[tuple[int, int], ComponentScore] = {}

    def of_sum(self, numerator: int, denominator: int, counted: Sequence[CriterionScore]) -> ComponentScore:
        """The score whose contribution to the total is this; from its parts where it contributes nothing whatever it is."""
        if not self._factor:
            return self._component(total(each.part for each in counted if each.part is not None))
        known = self._known.get((numerator, denominator))
        if known is None:
            known = self._known[numerator, denominator] = self._component(Fraction(numerator, denominator) / self._factor)
        return known

    def carefully(self, counted: list[CriterionScore]) -> tuple[ComponentScore, list[CriterionScore]]:
        """The component's score and its criteria with their exact contributions to the total.

        Where the policy rounds components, the contributions are stretched by rounded/unrounded so that they still sum
        exactly to what counts.
        """
        parts = [each.part for each in counted if each.part is not None]
        if len(parts) < len(counted):
            return ComponentScore(self._code, None), counted
        found = total(parts)
        if self._rounding.stage != "component":
            return self._component(found), counted
        counts = rounded(found, self._rounding.decimals, self._rounding.mode)
        if found:
            stretch = self._factor * counts / found
            counted = [replace(each, contribution=part * stretch) for each, part in zip(counted, parts, strict=True)]
        return self._component(counts), counted

    def _component(self, score: Fraction) -> ComponentScore:
        decimals, mode = self._rounding.decimals, self._rounding.mode
        return ComponentScore(self._code, score, printed(score, decimals, mode), rounded(score, decimals, mode))


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


def _scored_components(definition: Definition) -> tuple[Component, ...]:
    return tuple(component for component in definition.components if component.scored)


def _below_floor(policy: Policy, components: Sequence[ComponentScore]) -> list[Reason]:
    """Floors are compared with the printed component score, the one people can check."""
    found = {part.code: part for part in components}
    return [
        {
            "code": "BELOW_FLOOR",
            "component": floor.component,
            "score": part.printed,
            "at_least": exact_text(floor.at_least),
        }
        for floor in policy.floors
        if (part := found.get(floor.component)) is not None and part.official is not None and part.official < floor.at_least
    ]
