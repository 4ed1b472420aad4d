"""The analysis of a ranking: asked for on a page, made by the worker from the sealed document alone. Never official."""

from __future__ import annotations

from typing import Any

from sipetruk.models import Ranking
from sipetruk.queries import analysis, visible
from sipetruk.rules import seal
from sipetruk.rules.analysis.account import account
from sipetruk.rules.analysis.report import analyse
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import jobs
from sipetruk.services.rankings import stored_seal
from sipetruk.services.transaction import transaction

KIND = analysis.KIND


def request(actor: Actor, *, ranking_id: int) -> int:
    """Ask for the analysis of a ranking; asked again it is the same work, and what is done is not done twice. Returns the job's id."""
    require(actor, Action.ANALYSIS_READ)
    with transaction():
        ranking: Any = visible.get(visible.rankings_of(actor, Ranking.select()), Ranking, ranking_id, "Pemeringkatan")
        return jobs.ask(actor, kind=KIND, subject=analysis.subject(ranking.id))


def work(subject: str) -> dict[str, Any]:
    """The analysis of the ranking that the job's subject names."""
    ranking = Ranking.get_by_id(int(subject))
    return account(analyse(seal.document(stored_seal(ranking))))
