"""Determinations and publications of a period as BKPSDM and auditors read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import peewee as pw

from sipetruk.models import (
    Category,
    Determination,
    DeterminationProposal,
    Nomination,
    Period,
    Publication,
    PublishedWinner,
    Ranking,
    User,
    Winner,
)
from sipetruk.models.results import PROPOSAL_KINDS, PROPOSAL_STATES
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor, can, require
from sipetruk.rules.workflow import DETERMINABLE_IN, PeriodState


class PublicationState(StrEnum):
    """Where a publication stands at a moment."""

    SCHEDULED = "scheduled"
    PUBLIC = "public"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


PUBLICATION_LABELS: dict[PublicationState, str] = {
    PublicationState.SCHEDULED: "Terjadwal",
    PublicationState.PUBLIC: "Tampil",
    PublicationState.WITHDRAWN: "Ditarik",
    PublicationState.CANCELLED: "Dibatalkan",
}


@dataclass(frozen=True)
class DeterminedWinner:
    nomination_id: int
    number: str
    place: int
    name: str
    unit_name: str
    citation: str


@dataclass(frozen=True)
class DeterminationView:
    """Winners by decree; `override_reason` is empty where they are those that the ranking proposed.

    `decree_name` is empty while the decree's file is not kept; a determination that was taken back says when and why.
    """

    determination_id: int
    ranking_id: int
    decree_number: str
    decree_on: date
    decree_name: str
    decree_sha256: str
    override_reason: str
    determined_at: datetime
    determined_by: str
    revoked_at: datetime | None
    revocation_reason: str
    winners: tuple[DeterminedWinner, ...]


@dataclass(frozen=True)
class ProposedWinner:
    nomination_id: int
    number: str
    name: str
    unit_name: str
    citation: str


@dataclass(frozen=True)
class ProposalView:
    """What one person proposed; `kind` is "override" or "revocation", `winners` those of an override.

    What the reader may do with it now: `may_decide` as the second person, `may_withdraw` as the proposer.
    """

    proposal_id: int
    category_id: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    reason: str
    note: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decree_number: str
    decree_on: date | None
    winners: tuple[ProposedWinner, ...]
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True)
class CategoryResult:
    """Where a category stands: its final ranking, its determination and what waits for a second person, as far as there are any.

    `decided_in` names its interview, in which the winners are determined; `finalists` counts who goes on into this one.
    """

    category_id: int
    slug: str
    name: str
    winners_max: int
    quota_per_unit: int | None
    winners_per_unit: int | None
    finalists: int | None
    decided_in: str
    final_ranking_id: int | None
    determination: DeterminationView | None
    proposal: ProposalView | None
    is_time: bool

    @property
    def may_be_determined(self) -> bool:
        """Whether winners could be named now by somebody with the right to."""
        is_free = self.determination is None and self.proposal is None and not self.decided_in
        return self.is_time and self.final_ranking_id is not None and is_free


@dataclass(frozen=True)
class PublicationView:
    """A publication; it is public from `published_at` on. `awaits_release` says that its moment came and nobody was told yet."""

    publication_id: int
    number: int
    policy: str
    state: PublicationState
    state_label: str
    content_sha256: str
    made_at: datetime
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    withdrawal_note: str
    winners: int
    awaits_release: bool


@dataclass(frozen=True)
class ResultsView:
    """`may_publish` says that everything which has to be determined is."""

    period_id: int
    period_name: str
    period_slug: str
    period_state: PeriodState
    categories: tuple[CategoryResult, ...]
    publications: tuple[PublicationView, ...]

    @property
    def standing(self) -> PublicationView | None:
        """The publication that the public sees now."""
        return next((each for each in self.publications if each.state is PublicationState.PUBLIC), None)

    @property
    def scheduled(self) -> PublicationView | None:
        """The publication that waits for its moment."""
        return next((each for each in self.publications if each.state is PublicationState.SCHEDULED), None)

    @property
    def may_publish(self) -> bool:
        is_open = self.period_state in DETERMINABLE_IN and self.standing is None and self.scheduled is None
        return is_open and all(
            each.proposal is None and (each.final_ranking_id is None or each.determination is not None or each.decided_in)
            for each in self.categories
        )


def results(actor: Actor, period_id: int, *, now: datetime) -> ResultsView:
    """The results of a period: category by category, then its publications, newest first."""
    require(actor, Action.RANKING_READ)
    period: Any = visible.get(visible.periods(actor), Period, period_id, "Periode")
    categories = list(Category.select().where(Category.period == period_id).order_by(Category.position, Category.id))
    interviews = {row.first_stage_id: row.name for row in categories if row.first_stage_id is not None}
    finals = dict(
        Ranking.select(Ranking.category, Ranking.id)
        .join(Category)
        .where(Category.period == period_id, Ranking.state == "final")
        .order_by(Ranking.number)
        .tuples()
    )
    determinations = {row.category_id: view for row, view in _determinations(Category.period == period_id) if row.revoked_at is None}
    waiting = {
        each.category_id: each for each in _proposals(actor, (Category.period == period_id) & (DeterminationProposal.state == "waiting"))
    }
    publications = _publications(period_id, now)
    stands = any(each.withdrawn_at is None for each in publications)
    is_time = PeriodState(period.state) in DETERMINABLE_IN and not stands
    return ResultsView(
        period_id=period.id,
        period_name=period.name,
        period_slug=period.slug,
        period_state=PeriodState(period.state),
        categories=tuple(
            CategoryResult(
                category_id=row.id,
                slug=row.slug,
                name=row.name,
                winners_max=row.winners,
                quota_per_unit=row.quota_per_unit,
                winners_per_unit=row.winners_per_unit,
                finalists=row.finalists,
                decided_in=interviews.get(row.id, ""),
                final_ranking_id=finals.get(row.id),
                determination=determinations.get(row.id),
                proposal=waiting.get(row.id),
                is_time=is_time,
            )
            for row in categories
        ),
        publications=publications,
    )


def proposals_of(actor: Actor, category_id: int) -> tuple[ProposalView, ...]:
    """Everything that was proposed for a category, newest first."""
    require(actor, Action.RANKING_READ)
    return _proposals(actor, DeterminationProposal.category == category_id)


def revoked_of(actor: Actor, category_id: int) -> tuple[DeterminationView, ...]:
    """The determinations of a category that were taken back, newest first."""
    require(actor, Action.RANKING_READ)
    found = _determinations((Determination.category == category_id) & Determination.revoked_at.is_null(is_null=False))
    return tuple(view for _, view in reversed(found))


def _determinations(scope: Any) -> list[tuple[Any, DeterminationView]]:
    """Determinations with their winners, in the order in which they were made (2 statements)."""
    rows = list(
        Determination.select(Determination, User)
        .join_from(Determination, Category)
        .join_from(Determination, User, pw.JOIN.LEFT_OUTER, on=Determination.determined_by)
        .where(scope)
        .order_by(Determination.id)
    )
    winners: dict[int, list[Any]] = {}
    for winner in (
        Winner.select(Winner, Nomination)
        .join_from(Winner, Nomination)
        .where(Winner.determination.in_([row.id for row in rows]))
        .order_by(Winner.place, Nomination.number)
    ):
        winners.setdefault(winner.determination_id, []).append(winner)
    return [(row, _determination(row, winners.get(row.id, []))) for row in rows]


def _determination(row: Any, winners: Iterable[Any]) -> DeterminationView:
    return DeterminationView(
        determination_id=row.id,
        ranking_id=row.ranking_id,
        decree_number=row.decree_number,
        decree_on=row.decree_on,
        decree_name=row.decree_name,
        decree_sha256=row.decree_id or "",
        override_reason=row.override_reason,
        determined_at=row.determined_at,
        determined_by=row.determined_by.name if row.determined_by_id else "",
        revoked_at=row.revoked_at,
        revocation_reason=row.revocation_reason,
        winners=tuple(
            DeterminedWinner(
                nomination_id=winner.nomination_id,
                number=winner.nomination.number,
                place=winner.place,
                name=winner.nomination.person["full_name"],
                unit_name=winner.nomination.person["unit_name"],
                citation=winner.citation,
            )
            for winner in winners
        ),
    )


def _proposals(actor: Actor, scope: Any) -> tuple[ProposalView, ...]:
    """Proposals with the people behind them, newest first (2 statements)."""
    decider = User.alias()
    rows = list(
        DeterminationProposal.select(DeterminationProposal, User, decider)
        .join_from(DeterminationProposal, Category)
        .join_from(DeterminationProposal, User, on=DeterminationProposal.proposed_by)
        .join_from(DeterminationProposal, decider, pw.JOIN.LEFT_OUTER, on=(DeterminationProposal.decided_by == decider.id), attr="decider")
        .where(scope)
        .order_by(DeterminationProposal.id.desc())
    )
    named = {id_ for row in rows for id_ in row.content.get("nominations", ())}
    people = {row.id: row for row in Nomination.select().where(Nomination.id.in_(sorted(named)))}
    return tuple(_proposal(actor, row, people) for row in rows)


def _proposal(actor: Actor, row: Any, people: Mapping[int, Any]) -> ProposalView:
    content = row.content
    may_act = row.state == "waiting" and can(actor, Action.RESULT_DETERMINE) and actor.user_id is not None
    is_own = row.proposed_by_id == actor.user_id
    return ProposalView(
        proposal_id=row.id,
        category_id=row.category_id,
        kind=row.kind,
        kind_label=PROPOSAL_KINDS[row.kind],
        state=row.state,
        state_label=PROPOSAL_STATES[row.state],
        reason=row.reason,
        note=row.note,
        proposed_by=row.proposed_by.name,
        proposed_at=row.proposed_at,
        decided_by=row.decider.name if row.decided_by_id else "",
        decided_at=row.decided_at,
        decree_number=content.get("decree_number", ""),
        decree_on=date.fromisoformat(content["decree_on"]) if "decree_on" in content else None,
        winners=tuple(
            ProposedWinner(
                nomination_id=id_,
                number=people[id_].number,
                name=people[id_].person["full_name"],
                unit_name=people[id_].person["unit_name"],
                citation=content["citations"].get(str(id_), ""),
            )
            for id_ in content.get("nominations", ())
        ),
        may_decide=may_act and not is_own,
        may_withdraw=may_act and is_own,
    )


def _publications(period_id: int, now: datetime) -> tuple[PublicationView, ...]:
    count = pw.fn.COUNT(PublishedWinner.id)
    columns = [field for field in Publication._meta.sorted_fields if field.name not in {"file", "statistics"}]
    rows = (
        Publication.select(*columns, User.name, count.alias("named"))
        .join_from(Publication, User, pw.JOIN.LEFT_OUTER, on=Publication.published_by)
        .join_from(Publication, PublishedWinner, pw.JOIN.LEFT_OUTER)
        .where(Publication.period == period_id)
        .group_by(*columns, User.name)
        .order_by(Publication.number.desc())
    )
    return tuple(_publication(row, now) for row in rows)


def _publication(row: Any, now: datetime) -> PublicationView:
    state = _state(row, now)
    return PublicationView(
        publication_id=row.id,
        number=row.number,
        policy=row.policy,
        state=state,
        state_label=PUBLICATION_LABELS[state],
        content_sha256=row.content_sha256,
        made_at=row.made_at,
        published_at=row.published_at,
        published_by=row.published_by.name if row.published_by_id else "",
        withdrawn_at=row.withdrawn_at,
        withdrawal_note=row.withdrawal_note,
        winners=row.named,
        awaits_release=state is PublicationState.PUBLIC and row.released_at is None,
    )


def _state(row: Any, now: datetime) -> PublicationState:
    if row.withdrawn_at is not None:
        return PublicationState.WITHDRAWN if row.withdrawn_at >= row.published_at else PublicationState.CANCELLED
    return PublicationState.PUBLIC if row.published_at <= now else PublicationState.SCHEDULED
