"""Places from sums: what the database added up becomes totals, printed scores and ranks, exactly those of the marks themselves.

Where a total is one whole-number combination of the sums of its criteria (`linear`), the database adds all of it, and a
nominee is one whole number; who is incomplete or tied is looked at again, by the same code as every official ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import groupby
from math import gcd, lcm
from operator import attrgetter
from typing import NamedTuple

from sipetruk.rules import ranking, reasons, scales
from sipetruk.rules.contest import Decision
from sipetruk.rules.definition import Criterion, Definition
from sipetruk.rules.exact import rounded, units_text
from sipetruk.rules.ranking import RANKED, UNRESOLVED
from sipetruk.rules.scoring import ComponentScore, Score, component_factor, criterion_factor
from sipetruk.rules.weighing import MILLION, CriterionScore

PACKED = 2**15
"""A sum and how many marks are in it are added as one number, sum x PACKED + marks: half the work for the database."""

_LARGEST = 2**62 // PACKED
"""Sums stay below this, so that no database has to add beyond 64 bits."""

_HUNDRED = 100
_Equals = tuple[Fraction, list[int]]
"""An exact total, and who has it."""


@dataclass(frozen=True)
class Line:
    """A value as one sum: every unit given on a criterion adds its weight, and the value is so many `unit`s."""

    weights: Mapping[str, int]
    unit: Fraction

    @property
    def is_plain(self) -> bool:
        """Whether every criterion weighs the same, so that nothing has to be multiplied."""
        return set(self.weights.values()) == {1}


@dataclass(frozen=True)
class Linear(Line):
    """A total as one sum, for a nominee with `marks` marks, which is every mark that the panel can give.

    `steps` are the lines of what the tie chain compares, by the name of the step; attributes have none.
    """

    marks: int
    steps: Mapping[str, Line]


class Place(NamedTuple):
    """Where a nominee stands. `total` is exact; `tie_group` is the rank at which the nominees of an equal printed score begin."""

    id: int
    status: str
    total: Fraction | None
    printed: str | None
    rank: int | None
    tie_group: int | None
    decided_by: str | None


_PLACE: Callable[[tuple[object, ...]], Place] = partial(tuple.__new__, Place)
"""Makes a place of its seven parts, at half the cost: there may be a million."""


@dataclass(frozen=True)
class Closer:
    """What a closer look at some nominees shows: their scores, and the attributes that may break their ties."""

    scores: Mapping[int, Score]
    attributes: Mapping[int, Mapping[str, int | None]]


Look = Callable[[Sequence[int]], Closer]
Compare = Callable[[Sequence[int]], tuple[Mapping[int, Sequence[int]], Mapping[int, Mapping[str, int | None]]]]
"""The sum of every step of the chain that has a line, in the order of `Linear.steps`, and the attributes, by nominee."""


def linear(definition: Definition, panel: int) -> Linear | None:
    """How sums of points, in millionths, make a total; None where the instrument needs more than sums.

    A median, rounding on the way, floors and values from elsewhere need more.
    """
    return _linear(definition, panel, lambda _: Fraction(1, MILLION))


def linear_raw(definition: Definition, panel: int) -> Linear | None:
    """The same for sums of the raw values of marks, in hundredths; None also where points are not in proportion to them."""
    return _linear(definition, panel, lambda criterion: slope(criterion.scale))


def slope(scale: scales.Scale) -> Fraction | None:
    """The points of one hundredth of a raw value, where all points are in proportion to the raw value."""
    match scale:
        case scales.Points() | scales.Rubric() | scales.Choice():
            return Fraction(1, _HUNDRED)
        case scales.Percentage():
            return scale.max / _HUNDRED / _HUNDRED
        case scales.YesNo() if not scale.no:
            return scale.yes / _HUNDRED
    return None


def places(
    definition: Definition,
    line: Linear,
    sums: Iterable[tuple[int, int | None]],
    look: Look,
    compare: Compare,
    *,
    apart: Collection[int] = (),
    decisions: Sequence[tuple[int, ...]] = (),
) -> list[Place]:
    """Everybody's place, best first, from rows of (nominee, weighted sum x PACKED + number of marks).

    `look` is asked for those whose marks are not complete and for those who stand `apart` because somebody stepped back;
    `compare` for those whom a tie chain or a decision may separate.
    """
    by_sum, unusual = _gathered(sums, line.marks, frozenset(apart))
    seen = look(unusual) if unusual else Closer({}, {})
    rounding = definition.policy.rounding
    unit = 10**rounding.decimals
    groups: dict[int, list[_Equals]] = {}
    for found, members in by_sum.items():
        total = found * line.unit
        groups.setdefault(int(rounded(total, rounding.decimals, rounding.mode) * unit), []).append((total, members))
    without_rank: list[Place] = []
    for who, score in seen.scores.items():
        if score.total is not None and score.official is not None:
            groups.setdefault(int(score.official * unit), []).append((score.total, [who]))
        else:
            without_rank.append(Place(who, ranking.INCOMPLETE, None, None, None, None, None))
    separated = bool(definition.policy.tie_chain or decisions)
    tied = [who for same in groups.values() if separated and _is_tie(same) for _, members in same for who in members]
    compared, attributes = compare(tied) if tied else ({}, {})
    known = _Compared(definition, line)
    ranked: list[Place] = []
    for units in sorted(groups, reverse=True):
        same = groups[units]
        if separated and _is_tie(same):
            official = Fraction(units, unit)
            scores = {
                who: seen.scores.get(who) or known.score(total, official, compared.get(who, ()))
                for total, members in same
                for who in members
            }
            ranked += _shifted(places_of_scores(definition, scores, attributes, decisions), len(ranked))
        else:
            ranked += _sharing(same, units_text(units, rounding.decimals), len(ranked) + 1)
    return ranked + without_rank


class _Compared:
    """Scores as far as a tie chain compares them, from the sum of each of its steps; many nominees share a part."""

    def __init__(self, definition: Definition, line: Linear) -> None:
        self._rounding = definition.policy.rounding
        self._steps = [(step, line.steps[step.name]) for step in definition.policy.tie_chain if step.name in line.steps]
        self._components: dict[tuple[str, int], ComponentScore] = {}
        self._criteria: dict[tuple[str, int], CriterionScore] = {}

    def score(self, total: Fraction, official: Fraction, sums: Sequence[int]) -> Score:
        components, criteria = [], []
        for (step, line), found in zip(self._steps, sums, strict=True):
            key = step.code, found
            if step.by == "component":
                known = self._components.get(key)
                if known is None:
                    known = self._components[key] = self._component(step.code, found * line.unit)
                components.append(known)
            else:
                part = self._criteria.get(key)
                if part is None:
                    part = self._criteria[key] = CriterionScore(step.code, "", None, found * line.unit, 0)
                criteria.append(part)
        return Score(total, official, tuple(components), tuple(criteria), (), (), (), ())

    def _component(self, code: str, score: Fraction) -> ComponentScore:
        return ComponentScore(code, score, None, rounded(score, self._rounding.decimals, self._rounding.mode))


def _gathered(sums: Iterable[tuple[int, int | None]], marks: int, apart: frozenset[int]) -> tuple[dict[int, list[int]], list[int]]:
    """Those of an equal sum together, and those whose sum says too little."""
    by_sum: dict[int, list[int]] = {}
    unusual: list[int] = []
    for who, found in sums:
        if found is not None and found % PACKED == marks:
            if found in by_sum:
                by_sum[found].append(who)
            else:
                by_sum[found] = [who]
        else:
            unusual.append(who)
    if apart:
        unusual += [who for members in by_sum.values() for who in members if who in apart]
        by_sum = {found: [who for who in members if who not in apart] for found, members in by_sum.items()}
    return {found // PACKED: members for found, members in by_sum.items() if members}, unusual


def open_ties(
    ranked: Iterable[Place], incomplete: Iterable[int], most: int, quota: int | None, unit_of: Mapping[int, str], *, is_first_stage: bool
) -> dict[int, str]:
    """What an official ranking would say of the open ties among these places (`reasons.open_ties`), by nominee.

    `ranked` are the best first, as far as the awards reach; `unit_of` is asked for only where units have a quota.
    """
    blocks = [ranking.Block(tuple(str(place.id) for place in same)) for _, same in groupby(ranked, key=attrgetter("rank"))]
    units = {str(who): unit for who, unit in unit_of.items()}
    award = ranking.award(blocks, units, most, quota, [str(who) for who in incomplete], ())
    document = {"inputs": {"category": {"quota_per_unit": quota}}, "result": {"award": award.to_dict()}}
    said = reasons.open_ties(document, is_first_stage=is_first_stage)
    return {int(who): text for group, text in said.items() for who in group}


def places_of_scores(
    definition: Definition,
    scores: Mapping[int, Score],
    attributes: Mapping[int, Mapping[str, int | None]],
    decisions: Sequence[tuple[int, ...]] = (),
) -> list[Place]:
    """Everybody's place, best first, from scores: the order of the official ranking."""
    rounding = definition.policy.rounding
    named = {str(who): who for who in scores}
    order = ranking.place(
        definition.policy,
        {name: scores[who] for name, who in named.items()},
        {name: attributes.get(who, {}) for name, who in named.items()},
        [Decision(tuple(map(str, decided)), "") for decided in decisions],
    )
    return [
        Place(
            named[row.id],
            row.status,
            row.score.total,
            None if row.score.official is None else units_text(int(row.score.official * 10**rounding.decimals), rounding.decimals),
            row.rank,
            row.tie_group,
            row.decided_by,
        )
        for row in order.rows
    ]


def _linear(definition: Definition, panel: int, per_unit_of: Callable[[Criterion], Fraction | None]) -> Linear | None:
    policy = definition.policy
    is_plain = policy.aggregation.kind == "mean" and policy.rounding.stage == "end" and not policy.floors
    if not is_plain or panel < max(policy.least_marks(), 1):
        return None
    shares: dict[str, Fraction] = {}
    parts: dict[str, dict[str, Fraction]] = {}
    units: dict[str, Fraction] = {}
    for component in definition.components:
        of_component = component_factor(definition, component)
        for criterion in component.scored:
            per_unit = per_unit_of(criterion)
            if criterion.source.kind != "assessor" or per_unit is None:
                return None
            points, factor = per_unit / panel, criterion_factor(definition, component, criterion)
            parts[f"criterion:{criterion.code}"] = {criterion.code: points}
            parts.setdefault(f"component:{component.code}", {})[criterion.code] = points * factor
            shares[criterion.code] = points * factor * of_component
            units[criterion.code] = criterion.maximum / points
    whole = _line(shares)
    steps = {step.name: _line(parts[step.name]) for step in policy.tie_chain if step.name in parts}
    fits = all(sum(weight * units[code] for code, weight in line.weights.items()) < _LARGEST for line in (whole, *steps.values()))
    if not any(shares.values()) or not fits or panel * len(shares) >= PACKED:
        return None
    return Linear(whole.weights, whole.unit, panel * len(shares), steps)


def _line(shares: Mapping[str, Fraction]) -> Line:
    """The whole-number weights with the greatest unit that give these shares."""
    denominator = lcm(*(share.denominator for share in shares.values()))
    unit = Fraction(gcd(*(int(share * denominator) for share in shares.values())), denominator) or Fraction(1)
    return Line({code: int(share / unit) for code, share in shares.items()}, unit)


def _is_tie(same: Sequence[_Equals]) -> bool:
    return len(same) > 1 or len(same[0][1]) > 1


def _shifted(found: Iterable[Place], before: int) -> Iterable[Place]:
    """The places of a group whose first rank comes after so many others."""
    return [
        place._replace(
            rank=None if place.rank is None else place.rank + before,
            tie_group=None if place.tie_group is None else place.tie_group + before,
        )
        for place in found
    ]


def _sharing(same: Sequence[_Equals], printed: str, rank: int) -> list[Place]:
    """All of them on one rank; where there are several, nothing separates them."""
    if not _is_tie(same):
        total, (who,) = same[0]
        return [Place(who, RANKED, total, printed, rank, None, None)]
    return [_PLACE((who, RANKED, total, printed, rank, rank, UNRESOLVED)) for total, members in same for who in members]
