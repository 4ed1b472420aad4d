"""The analysis of a ranking as its page shows it: how far the work is, and what it found, with names in place of ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Job, Nomination, Period, Ranking, User
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.rankings import RankingSummary, summaries, summary_of
from sipetruk.rules.permissions import Action, Actor, require

KIND = "analysis"
NONE = "none"
"""The state of an analysis nobody has asked for yet; the others are those of a job."""


@dataclass(frozen=True)
class AnalysisView:
    """`state` is none, waiting, done or failed; `document` (`rules.analysis.account`) is there when done.

    `names` maps the ids of nominees to names, `assessors` those of the panel, `numbers` the ids of nominees to nominations.
    """

    ranking: RankingSummary
    category_id: int
    category_name: str
    period_name: str
    state: str
    made_at: datetime | None
    document: Mapping[str, Any] | None
    names: Mapping[str, str]
    assessors: Mapping[str, str]
    numbers: Mapping[str, int]


def subject(ranking_id: int) -> str:
    """What the work on a ranking is called; a ranking that was computed never changes, so its id says it all."""
    return str(ranking_id)


def analysis(actor: Actor, category_id: int, *, ranking_id: int | None = None) -> AnalysisView:
    """The analysis of a category's newest ranking, or of the one named; `NotFound` while nothing has been computed (5 statements)."""
    require(actor, Action.ANALYSIS_READ)
    category: Any = visible.get(visible.categories(actor).select(Category, Period).join(Period), Category, category_id, "Kategori")
    require_not_assessing(actor, category_id)
    rankings = visible.rankings_of(actor, summaries()).where(Ranking.category == category_id)
    if ranking_id is not None:
        ranking = visible.get(rankings, Ranking, ranking_id, "Pemeringkatan")
    elif (ranking := rankings.order_by(Ranking.number.desc()).first()) is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemeringkatan")
    job: Any = Job.get_or_none(kind=KIND, subject=subject(ranking.id))
    document = job.result if job is not None else None
    people = list(
        Nomination.select(Nomination.id, Nomination.number, Nomination.person).where(
            Nomination.category == category_id, Nomination.person.is_null(is_null=False)
        )
    )
    panel = [int(who) for who in (document["panel"] if document else [])]
    return AnalysisView(
        ranking=summary_of(ranking),
        category_id=category_id,
        category_name=category.name,
        period_name=category.period.name,
        state=NONE if job is None else str(job.state),
        made_at=job.finished_at if job is not None else None,
        document=document,
        names={row.number: row.person["full_name"] for row in people},
        assessors={str(user.id): user.name for user in User.select(User.id, User.name).where(User.id.in_(panel))},
        numbers={row.number: row.id for row in people},
    )
