"""A ranking as a weighted sum of parts, as robustness looks at it: weights that sum to 1, scores from 0 to 100. Never official.

Every policy is such a sum before rounding. The weight of a part (component or criterion) is the share of the highest total
that it can contribute: the declared weight of a weighted instrument, and the implied one of any other: maximum points
over the maximum of all for a sum of points, equal weights for a mean of components.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sipetruk.rules.definition import Component, Definition
from sipetruk.rules.ranking import RANKED, Ranking, Row
from sipetruk.rules.scoring import component_factor, criterion_factor

FULL = 100

WEIGHTS_SOURCE = {
    "weighted_sum": "Bobot yang dipakai adalah bobot yang tertulis dalam instrumen.",
    "sum_of_points": "Instrumen ini menjumlahkan poin tanpa bobot. Yang dipakai adalah bobot tersirat: poin tertinggi setiap bagian dibagi "
    "poin tertinggi seluruhnya.",
    "mean_of_components": "Instrumen ini merata-ratakan komponen tanpa bobot. Yang dipakai adalah bobot tersirat: semua komponen "
    "sama besar.",
}


@dataclass(frozen=True)
class Part:
    """A component or criterion; `weight` in [0, 1], those of a model sum to 1. Never official."""

    code: str
    label: str
    weight: Fraction


@dataclass(frozen=True)
class Model:
    """Parts, and for every alternative its score in [0, 100] on each part. Never official.

    `alternatives` are in the order of their official places, the first is the leader.
    """

    parts: tuple[Part, ...]
    alternatives: tuple[str, ...]
    scores: tuple[tuple[Fraction, ...], ...]

    def totals(self) -> tuple[Fraction, ...]:
        """The weighted sums, in [0, 100], before any rounding."""
        return tuple(sum((part.weight * s for part, s in zip(self.parts, row, strict=True)), Fraction(0)) for row in self.scores)


def by_component(definition: Definition, ranking: Ranking) -> Model:
    """The model over components, of the nominees that have a place."""
    parts = [(part.code, part.label, component_factor(definition, part) * _component_top(definition, part)) for part in _scored(definition)]

    def contributions(row: Row) -> Mapping[str, Fraction]:
        found = {component.code: Fraction(0) for component in row.score.components}
        for criterion in row.score.criteria:
            found[criterion.component] += criterion.contribution or 0
        return found

    return _model(parts, ranking, contributions)


def by_criterion(definition: Definition, ranking: Ranking) -> Model:
    """The model over criteria, of the nominees that have a place."""
    parts = [
        (
            criterion.code,
            criterion.label,
            component_factor(definition, part) * criterion_factor(definition, part, criterion) * criterion.maximum,
        )
        for part in _scored(definition)
        for criterion in part.scored
    ]
    return _model(parts, ranking, lambda row: {criterion.code: criterion.contribution or Fraction(0) for criterion in row.score.criteria})


def _scored(definition: Definition) -> list[Component]:
    return [part for part in definition.components if part.scored]


def _component_top(definition: Definition, part: Component) -> Fraction:
    return sum((criterion_factor(definition, part, criterion) * criterion.maximum for criterion in part.scored), Fraction(0))


def _model(parts: Sequence[tuple[str, str, Fraction]], ranking: Ranking, contributions: Callable[[Row], Mapping[str, Fraction]]) -> Model:
    """Scores are contributions in per cent of the highest possible; a part that can contribute nothing scores 0."""
    whole = sum((top for _, _, top in parts), Fraction(0))
    rows = [row for row in ranking.rows if row.status == RANKED]
    given = [contributions(row) for row in rows]
    return Model(
        parts=tuple(Part(code, label, top / whole) for code, label, top in parts),
        alternatives=tuple(row.id for row in rows),
        scores=tuple(tuple(FULL * found[code] / top if top else Fraction(0) for code, _, top in parts) for found in given),
    )
