"""The determination desk: all that the committee needs to know of one category before it names winners."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Determination, EmployeeAward, Nomination, Objection, Period, Winner
from sipetruk.queries import periods, rankings, results
from sipetruk.queries.rankings import RankingRow, RankingView
from sipetruk.queries.results import CategoryResult, DeterminationView, ProposalView, ResultsView
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.ranking import INCOMPLETE, NOT_ELIGIBLE, RANKED
from sipetruk.rules.vocabulary import AWARD_LEVELS
from sipetruk.rules.workflow import ObjectionState


@dataclass(frozen=True)
class EarlierAward:
    """An award that a nominee has won before, and where that is on record."""

    year: int
    name: str
    level: str
    is_from_here: bool


@dataclass(frozen=True)
class Candidate:
    """A ranked nominee. `passed_over` says why the ranking proposes somebody behind; `unit_rank` counts within the own unit."""

    row: RankingRow
    earlier: tuple[EarlierAward, ...]
    passed_over: str
    unit_rank: int


@dataclass(frozen=True)
class PendingObjection:
    number: str
    nomination_id: int
    nomination_number: str
    name: str
    filed_at: datetime


@dataclass(frozen=True)
class Desk:
    """`candidates` are best first; `below` miss a floor or cannot be ranked, each with its reasons.

    `places_left` counts the places for which the ranking proposes nobody.
    """

    results: ResultsView
    category: CategoryResult
    ranking: RankingView
    candidates: tuple[Candidate, ...]
    below: tuple[RankingRow, ...]
    places_left: int
    objections: tuple[PendingObjection, ...]
    proposals: tuple[ProposalView, ...]
    revoked: tuple[DeterminationView, ...]

    @property
    def proposed(self) -> tuple[Candidate, ...]:
        return tuple(each for each in self.candidates if each.row.is_proposed)

    @property
    def others(self) -> tuple[Candidate, ...]:
        return tuple(each for each in self.candidates if not each.row.is_proposed)


def desk(actor: Actor, category_id: int, *, now: datetime) -> Desk:
    """The desk of a category with a final ranking; `NotFound` while it has none."""
    require(actor, Action.RANKING_READ)
    period, _ = periods.category(actor, category_id)
    view = results.results(actor, period.id, now=now)
    category = next(each for each in view.categories if each.category_id == category_id)
    if category.final_ranking_id is None:
        raise NotFound("Kategori ini belum mempunyai pemeringkatan final.")
    ranking = rankings.ranking(actor, category_id, ranking_id=category.final_ranking_id)
    ranked = [row for row in ranking.rows if row.status == RANKED]
    earlier = _earlier({row.nomination_id for row in ranked}, category_id)
    reasons = {each.nomination_id: each.reason for each in ranking.award.passed_over}
    return Desk(
        results=view,
        category=category,
        ranking=ranking,
        candidates=tuple(
            Candidate(row, earlier.get(row.nomination_id, ()), reasons.get(row.nomination_id, ""), _unit_rank(row, ranked))
            for row in ranked
        ),
        below=tuple(row for row in ranking.rows if row.status in {NOT_ELIGIBLE, INCOMPLETE}),
        places_left=max(category.winners_max - len(ranking.award.winners), 0),
        objections=_objections(category_id),
        proposals=results.proposals_of(actor, category_id),
        revoked=results.revoked_of(actor, category_id),
    )


def _unit_rank(row: RankingRow, ranked: Collection[RankingRow]) -> int:
    return 1 + sum(1 for other in ranked if other.unit_code == row.unit_code and (other.rank or 0) < (row.rank or 0))


def _earlier(nomination_ids: Collection[int], category_id: int) -> Mapping[int, tuple[EarlierAward, ...]]:
    """What nominees have won before: in rounds of this application, and as the personnel records say (3 statements)."""
    owners = dict(Nomination.select(Nomination.id, Nomination.employee).where(Nomination.id.in_(sorted(nomination_ids))).tuples())
    people = sorted(set(owners.values()))
    found: dict[int, list[EarlierAward]] = {employee_id: [] for employee_id in people}
    here = (
        Winner.select(Nomination.employee, Period.year, Period.name, Category.name, Winner.place)
        .join_from(Winner, Determination)
        .join_from(Winner, Nomination)
        .join_from(Determination, Category)
        .join_from(Category, Period)
        .where(Nomination.employee.in_(people), Determination.revoked_at.is_null(), Category.id != category_id)
    )
    for employee_id, year, period, category, place in here.tuples():
        found[employee_id].append(
            EarlierAward(year, f"{category}, {period}, tempat ke-{place}", AWARD_LEVELS["kabupaten"], is_from_here=True)
        )
    on_record = EmployeeAward.select(EmployeeAward.employee, EmployeeAward.year, EmployeeAward.name, EmployeeAward.level)
    for employee_id, year, name, level in on_record.where(EmployeeAward.employee.in_(people)).tuples():
        found[employee_id].append(EarlierAward(year, name, AWARD_LEVELS.get(level, level), is_from_here=False))
    return {id_: tuple(sorted(found[employee_id], key=lambda each: (-each.year, each.name))) for id_, employee_id in owners.items()}


def _objections(category_id: int) -> tuple[PendingObjection, ...]:
    rows: Any = (
        Objection.select(Objection, Nomination)
        .join(Nomination)
        .where(Nomination.category == category_id, Objection.state == ObjectionState.FILED)
        .order_by(Objection.id)
    )
    return tuple(
        PendingObjection(row.number, row.nomination_id, row.nomination.number, row.nomination.person["full_name"], row.filed_at)
        for row in rows
    )
