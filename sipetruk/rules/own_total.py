"""What an assessor's own marks come to so far: exact, and only of what is already marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.rules import scales
from sipetruk.rules.definition import Component, Criterion, Definition
from sipetruk.rules.scoring import component_factor, criterion_factor


@dataclass(frozen=True)
class OwnTotal:
    """What the marks add to the final score, as far as they would count alone: `most` is what all of them could add.

    `marked` of `criteria` have a mark; `settled` of them say something, an abstention adds nothing.
    """

    code: str
    label: str
    added: Fraction
    most: Fraction
    marked: int
    settled: int
    criteria: int


@dataclass(frozen=True)
class OwnTotals:
    components: tuple[OwnTotal, ...]
    whole: OwnTotal


def own_totals(definition: Definition, values: Mapping[str, Fraction | None]) -> OwnTotals:
    """The totals of one assessor's sheet: `values` has the raw number of each scored criterion, None for an abstention.

    Rounding belongs to the official number and is not done here.
    """
    parts = []
    for component in definition.components:
        criteria = [each for each in component.criteria if each.source.kind == "assessor"]
        if criteria:
            parts.append(_component(definition, component, criteria, values))
    whole = OwnTotal(
        "",
        "",
        sum((part.added for part in parts), Fraction(0)),
        sum((part.most for part in parts), Fraction(0)),
        sum(part.marked for part in parts),
        sum(part.settled for part in parts),
        sum(part.criteria for part in parts),
    )
    return OwnTotals(tuple(parts), whole)


def _component(definition: Definition, component: Component, criteria: list[Criterion], values: Mapping[str, Fraction | None]) -> OwnTotal:
    added = most = Fraction(0)
    marked = settled = 0
    for criterion in criteria:
        if criterion.is_scored:
            factor = component_factor(definition, component) * criterion_factor(definition, component, criterion)
            most += factor * criterion.maximum
            value = values.get(criterion.code)
            if value is not None:
                added += factor * scales.points(criterion.scale, value)
                settled += 1
        marked += criterion.code in values
    return OwnTotal(component.code, component.label, added, most, marked, settled, len(criteria))
