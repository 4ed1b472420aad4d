"""Determinations and publications of a period as BKPSDM and auditors read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.models import Category, Determination, Nomination, Period, Publication, PublishedWinner, Ranking, Winner
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.workflow import PeriodState


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
    """Winners by decree; `override_reason` is empty where they are those that the ranking proposed."""

    determination_id: int
    ranking_id: int
    decree_number: str
    decree_on: date
    override_reason: str
    determined_at: datetime
    winners: tuple[DeterminedWinner, ...]


@dataclass(frozen=True)
class CategoryResult:
    """Where a category stands: its final ranking and its determination, as far as there are any."""

    category_id: int
    slug: str
    name: str
    winners_max: int
    final_ranking_id: int | None
    determination: DeterminationView | None


@dataclass(frozen=True)
class PublicationView:
    publication_id: int
    number: int
    policy: str
    published_at: datetime
    withdrawn_at: datetime | None
    withdrawal_note: str
    winners: int


@dataclass(frozen=True)
class ResultsView:
    period_id: int
    period_name: str
    period_slug: str
    period_state: PeriodState
    categories: tuple[CategoryResult, ...]
    publications: tuple[PublicationView, ...]

    @property
    def standing(self) -> PublicationView | None:
        """The publication that the public sees now."""
        return next((publication for publication in self.publications if publication.withdrawn_at is None), None)


def results(actor: Actor, period_id: int) -> ResultsView:
    """The results of a period: category by category, then its publications, newest first."""
    require(actor, Action.RANKING_READ)
    period: Any = visible.get(visible.periods(actor), Period, period_id, "Periode")
    categories = list(Category.select().where(Category.period == period_id).order_by(Category.position, Category.id))
    finals = dict(
        Ranking.select(Ranking.category, Ranking.id)
        .join(Category)
        .where(Category.period == period_id, Ranking.state == "final")
        .order_by(Ranking.number)
        .tuples()
    )
    determinations = _determinations(period_id)
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
                final_ranking_id=finals.get(row.id),
                determination=determinations.get(row.id),
            )
            for row in categories
        ),
        publications=_publications(period_id),
    )


def _determinations(period_id: int) -> dict[int, DeterminationView]:
    rows = Determination.select().join(Category).where(Category.period == period_id)
    winners: dict[int, list[Any]] = {}
    for winner in (
        Winner.select(Winner, Nomination)
        .join_from(Winner, Nomination)
        .join_from(Nomination, Category)
        .where(Category.period == period_id)
        .order_by(Winner.place, Nomination.number)
    ):
        winners.setdefault(winner.determination_id, []).append(winner)
    return {row.category_id: _determination(row, winners.get(row.id, [])) for row in rows}


def _determination(row: Any, winners: Iterable[Any]) -> DeterminationView:
    return DeterminationView(
        determination_id=row.id,
        ranking_id=row.ranking_id,
        decree_number=row.decree_number,
        decree_on=row.decree_on,
        override_reason=row.override_reason,
        determined_at=row.determined_at,
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


def _publications(period_id: int) -> tuple[PublicationView, ...]:
    counted = PublishedWinner.select(PublishedWinner.publication).join(Publication).where(Publication.period == period_id)
    counts: dict[int, int] = {}
    for (publication_id,) in counted.tuples():
        counts[publication_id] = counts.get(publication_id, 0) + 1
    rows = Publication.select().where(Publication.period == period_id).order_by(Publication.number.desc())
    return tuple(
        PublicationView(
            publication_id=row.id,
            number=row.number,
            policy=row.policy,
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            withdrawal_note=row.withdrawal_note,
            winners=counts.get(row.id, 0),
        )
        for row in rows
    )
