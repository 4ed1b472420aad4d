"""Why a score is what it is, for whom it concerns: BKPSDM and auditors read every step, a unit the outcome of its own nominee."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Nomination, Period, Ranking, User
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.rankings import said_of_ties
from sipetruk.rules import explanation
from sipetruk.rules.explanation import Gap, Why
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.workflow import PeriodState

TOLD_TO_UNITS = frozenset({PeriodState.OBJECTION, PeriodState.DETERMINATION, PeriodState.PUBLISHED, PeriodState.ARCHIVED})
"""When a unit learns the score of its own nominee: once the ranking is final and the round has moved on."""


@dataclass(frozen=True)
class GapView:
    """What separates two nominees of a ranking, and who they are."""

    ranking_id: int
    names: tuple[str, str]
    gap: Gap


@dataclass(frozen=True)
class OwnCriterion:
    """What the panel's marks together came to on one criterion; single marks are not told. Texts as printed, with a comma."""

    label: str
    points: str
    most: str
    contribution: str


@dataclass(frozen=True)
class OwnComponent:
    label: str
    score: str
    contribution: str
    criteria: tuple[OwnCriterion, ...]


@dataclass(frozen=True)
class OwnScore:
    """The outcome of a unit's nominee in the final ranking; `score` is None where none could be computed, `reasons` say why."""

    nomination_id: int
    number: str
    score: str | None
    rank: int | None
    ranked: int
    components: tuple[OwnComponent, ...]
    reasons: tuple[str, ...]
    tie: str
    result_sha256: str
    winners: int = 0
    """How many win in the category, as the ranking was made."""
    is_proposed: bool = False
    """Whether the ranking proposes this nominee; winners are determined later."""


def why(actor: Actor, category_id: int, nomination_id: int, *, ranking_id: int | None = None) -> Why:
    """Every step from the marks of a nominee to the total, in the newest ranking of the category or in the one named."""
    chosen, document, people = _ranking(actor, category_id, ranking_id)
    return explanation.why(document, _number(people, nomination_id), said_of_ties(chosen, document))


def assessors(told: Why) -> dict[int, str]:
    """The names of those whose marks were told (1 statement)."""
    given = {int(mark.assessor) for part in told.components for each in part.criteria for mark in each.marks}
    return dict(User.select(User.id, User.name).where(User.id.in_(given)).tuples())


def gap(actor: Actor, category_id: int, better_id: int, other_id: int, *, ranking_id: int | None = None) -> GapView:
    """What separates two nominees (ids of nominations) criterion by criterion; Invalid where one of them has no score."""
    chosen, document, people = _ranking(actor, category_id, ranking_id)
    better, other = (_number(people, id_) for id_ in (better_id, other_id))
    names = (str(people[better_id].person["full_name"]), str(people[other_id].person["full_name"]))
    return GapView(chosen.id, names, explanation.gap(document, better, other, said_of_ties(chosen, document)))


def own_score(actor: Actor, nomination_id: int) -> OwnScore:
    """The outcome of a nomination, for its unit and for those who read rankings, once units are told; `NotFound` before (3 statements).

    Assessors and verifiers, who see the nomination itself, are not told what others gave.
    """
    scope = visible.nominations(actor, Action.SCORE_READ).select(Nomination, Category, Period).join(Category).join(Period)
    nomination: Any = visible.get(scope, Nomination, nomination_id, "Usulan")
    final = Ranking.get_or_none(Ranking.category == nomination.category_id, Ranking.state == "final")
    if final is None or PeriodState(nomination.category.period.state) not in TOLD_TO_UNITS:
        raise NotFound("%(what)s tidak ditemukan.", what="Nilai")
    document = _document(final)
    told = explanation.why(document, nomination.number, said_of_ties(final, document))
    maxima = explanation.maxima(document)
    return OwnScore(
        nomination_id=nomination_id,
        number=nomination.number,
        score=told.score,
        rank=told.rank,
        ranked=sum(row["rank"] is not None for row in document["result"]["rows"]),
        components=tuple(
            OwnComponent(
                part.label,
                part.score or "-",
                part.contribution_shown or "-",
                tuple(
                    OwnCriterion(each.label, each.points_shown or "-", maxima[each.code], each.contribution_shown or "-")
                    for each in part.criteria
                ),
            )
            for part in told.components
        ),
        reasons=told.reasons,
        tie=told.tie,
        result_sha256=str(final.result_sha256),
        winners=document["inputs"]["category"]["winners"],
        is_proposed=nomination.number in document["result"]["award"]["winners"],
    )


def _ranking(actor: Actor, category_id: int, ranking_id: int | None) -> tuple[Any, Mapping[str, Any], Mapping[int, Any]]:
    require(actor, Action.RANKING_READ)
    visible.get(visible.categories(actor), Category, category_id, "Kategori")
    require_not_assessing(actor, category_id)
    rows = visible.rankings_of(actor, Ranking.select()).where(Ranking.category == category_id)
    chosen = (rows if ranking_id is None else rows.where(Ranking.id == ranking_id)).order_by(Ranking.number.desc()).first()
    if chosen is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemeringkatan")
    people = Nomination.select(Nomination.id, Nomination.number, Nomination.person).where(Nomination.category == category_id)
    return chosen, _document(chosen), {row.id: row for row in people}


def _document(ranking: Any) -> Mapping[str, Any]:
    return {"inputs": json.loads(ranking.inputs), "result": json.loads(ranking.result)}


def _number(people: Mapping[int, Any], nomination_id: int) -> str:
    if nomination_id not in people:
        raise NotFound("%(what)s tidak ditemukan.", what="Calon")
    return str(people[nomination_id].number)
