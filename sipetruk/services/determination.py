"""What naming winners comes down to, whoever decides it: the checks of a decree, its winners, and taking a determination back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import Determination, DeterminationProposal, Nomination, Period, Publication, Ranking, Winner
from sipetruk.queries import interviews
from sipetruk.rules.notices import Notice, params_of
from sipetruk.rules.permissions import Action, Actor, Role
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import DETERMINABLE_IN, PERIOD_LABELS, NominationMove, NominationState, PeriodState, next_nomination_state
from sipetruk.services import audit, clock, events, notifications
from sipetruk.services.rankings import final_of
from sipetruk.services.transaction import held

DECREE_LENGTH = 120
CITATION_LENGTH = 1_000
REASON_LENGTH = 2_000
WITHDRAW_FIRST = "Hasil periode ini sudah diumumkan atau dijadwalkan. Tarik pengumuman itu atau batalkan jadwalnya dahulu."

Placed = tuple[Any, int]
"""A nomination that wins, and its place."""


@dataclass(frozen=True)
class Decision:
    """Whom a decree names, and what is said of each."""

    nomination_ids: tuple[int, ...]
    decree_number: str
    decree_on: date
    citations: Mapping[int, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As a proposal keeps it."""
        return {
            "nominations": list(self.nomination_ids),
            "decree_number": self.decree_number,
            "decree_on": self.decree_on.isoformat(),
            "citations": {str(id_): text for id_, text in self.citations.items()},
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Decision:
        citations = {int(id_): text for id_, text in kept["citations"].items()}
        return cls(tuple(kept["nominations"]), kept["decree_number"], date.fromisoformat(kept["decree_on"]), citations)


def decided(nomination_ids: Sequence[int], decree_number: str, decree_on: date, citations: Mapping[int, str] | None) -> Decision:
    """The decision as it was written down, or `Invalid` saying what is wrong with its words."""
    texts = {nomination_id: text.strip() for nomination_id, text in (citations or {}).items()}
    problems = []
    if not 1 <= len(decree_number.strip()) <= DECREE_LENGTH:
        problems.append(
            Problem("Nomor SK wajib diisi, paling banyak %(longest)s karakter.", ("decreeNumber",), params={"longest": DECREE_LENGTH})
        )
    if decree_on > clock.today():
        problems.append(Problem("Tanggal SK tidak boleh setelah hari ini.", ("decreeOn",)))
    problems += [
        Problem("Paling banyak %(longest)s karakter.", ("citations", str(nomination_id)), params={"longest": CITATION_LENGTH})
        for nomination_id, text in texts.items()
        if len(text) > CITATION_LENGTH
    ]
    if problems:
        raise Invalid(problems)
    if set(texts) - set(nomination_ids):
        raise Invalid("Alasan penghargaan hanya diisi untuk pemenang.", "citations")
    return Decision(tuple(nomination_ids), decree_number.strip(), decree_on, texts)


def standing(category: Any) -> Any:
    """The determination of a category that has not been taken back, or None."""
    return Determination.get_or_none(Determination.category == category, Determination.revoked_at.is_null())


def waiting(category: Any) -> Any:
    """The proposal on a category that waits for its second person, or None."""
    return DeterminationProposal.get_or_none(DeterminationProposal.category == category, DeterminationProposal.state == "waiting")


def require_time(category: Any) -> None:
    """Refuse unless winners may be named now: the period determines, or what it published was taken back."""
    state = PeriodState(held(Period.select().where(Period.id == category.period_id)).get().state)
    if state not in DETERMINABLE_IN:
        raise IllegalMove(
            "Periode berada pada tahap “%(state)s”: belum atau tidak lagi saatnya %(what)s.",
            state=PERIOD_LABELS[state],
            what="menetapkan pemenang",
        )
    if Publication.select().where(Publication.period == category.period_id, Publication.withdrawn_at.is_null()).exists():
        raise Conflict(WITHDRAW_FIRST, "categoryId")


def require_free(category: Any) -> None:
    """Refuse while the category has its winners, and where they are named in its interview."""
    interview = interviews.interview_of(category.id)
    if interview is not None:
        raise IllegalMove("Pemenang ditetapkan pada tahap wawancaranya, kategori “%(name)s”.", name=interview.name)
    if standing(category) is not None:
        raise Conflict("Pemenang kategori ini sudah ditetapkan.", "categoryId")


def require_nothing_waits(category: Any) -> None:
    if waiting(category) is not None:
        raise Conflict("Masih ada usulan penetapan kategori ini yang menunggu persetujuan.", "categoryId")


def final_ranking(category: Any, ranking_id: int) -> Ranking:
    """The final ranking that a determination rests on; it must be the one that was read and leave nothing open."""
    ranking = final_of(category)
    if ranking is None or ranking.id != ranking_id:
        raise Conflict("Penetapan harus mengacu pada pemeringkatan final kategori ini.", "rankingId")
    if json.loads(str(ranking.result))["award"]["blocked"]:
        raise Invalid("Masih ada nilai seri pada batas pemenang. Putuskan urutannya dan tetapkan ulang pemeringkatan.", "rankingId")
    return ranking


def winners(category: Any, ranking: Any, decision: Decision) -> list[Placed]:
    """The chosen nominations, best first, with their place among the chosen; equal ranks share a place."""
    chosen_ids = decision.nomination_ids
    by_id = {nomination.id: nomination for nomination in _of_category(category, (NominationState.RANKED,))}
    ranks = {row["id"]: row["rank"] for row in json.loads(ranking.result)["rows"] if row["status"] == "RANKED"}
    if len(set(chosen_ids)) != len(chosen_ids):
        raise Invalid("Pemenang yang sama disebut dua kali.", "nominationIds")
    if len(chosen_ids) > category.winners:
        raise Invalid("Pemenang kategori ini paling banyak %(most)s.", "nominationIds", most=category.winners)
    chosen = [by_id[nomination_id] for nomination_id in chosen_ids if nomination_id in by_id]
    if len(chosen) != len(chosen_ids) or any(nomination.number not in ranks for nomination in chosen):
        raise Invalid("Pemenang harus calon yang mempunyai peringkat dalam pemeringkatan final.", "nominationIds")
    chosen.sort(key=lambda nomination: (ranks[nomination.number], nomination.number))
    return [(nomination, 1 + sum(ranks[other.number] < ranks[nomination.number] for other in chosen)) for nomination in chosen]


def deviates(ranking: Any, placed: Iterable[Placed]) -> bool:
    """Whether these are other winners than the ranking proposes."""
    return {nomination.number for nomination, _ in placed} != set(json.loads(ranking.result)["award"]["winners"])


def carry_out(actor: Actor, category: Any, ranking: Any, decision: Decision, placed: Sequence[Placed], *, reason: str = "") -> Any:
    """Record the winners and settle the nominations of the category, within the caller's transaction."""
    determination = Determination.create(
        category=category,
        ranking=ranking,
        decree_number=decision.decree_number,
        decree_on=decision.decree_on,
        override_reason=reason,
        determined_by=actor.user_id,
        determined_at=clock.now(),
    )
    for nomination, place in placed:
        Winner.create(determination=determination, nomination=nomination, place=place, citation=decision.citations.get(nomination.id, ""))
    winning = {nomination.id for nomination, _ in placed}
    ranked = _of_category(category, (NominationState.RANKED,))
    _settle(ranked, lambda nomination: NominationMove.AWARD if nomination.id in winning else NominationMove.PASS_OVER)
    if category.first_stage_id is not None:  # those who won here have won; everybody else of the first stage has not
        people = {nomination.employee_id for nomination, _ in placed}
        first = _of_category(category.first_stage_id, (NominationState.RANKED,))
        _settle(first, lambda nomination: NominationMove.AWARD if nomination.employee_id in people else NominationMove.PASS_OVER)
    tell(actor, category, Notice.RESULT_DETERMINED)
    events.happened(Event.RESULT_DETERMINED, category.id, slug=category.slug)
    audit.record(
        actor,
        Action.RESULT_DETERMINE,
        "category",
        category.id,
        after={
            "ranking": ranking.number,
            "result_sha256": ranking.result_sha256,
            "decree_number": determination.decree_number,
            "decree_on": decision.decree_on.isoformat(),
            "winners": [{"nomination": nomination.number, "place": place} for nomination, place in placed],
        },
        reason=reason,
    )
    return determination


def take_back(actor: Actor, category: Any, determination: Any, reason: str) -> None:
    """Revoke a determination: it stays on record, and its nominees stand where the ranking put them."""
    determination.revoked_at, determination.revocation_reason = clock.now(), reason
    determination.save(only=[Determination.revoked_at, Determination.revocation_reason])
    settled = _of_category(category, (NominationState.AWARDED, NominationState.NOT_AWARDED))
    _settle(settled, lambda _: NominationMove.REINSTATE)
    if category.first_stage_id is not None:
        first = _of_category(category.first_stage_id, (NominationState.AWARDED, NominationState.NOT_AWARDED))
        _settle(first, lambda _: NominationMove.REINSTATE)
    events.happened(Event.RESULT_REVOKED, category.id, slug=category.slug)
    before = {"decree_number": determination.decree_number, "winners": sorted(row.number for row in settled if row.state == "awarded")}
    audit.record(actor, "result:revoke", "category", category.id, before=before, after={"revoked": True}, reason=reason)


def tell(actor: Actor, category: Any, notice: Notice) -> None:
    """Tell the other people of BKPSDM about a category."""
    admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
    notifications.tell(admins, notice, thing="category", thing_id=category.id, **_places(notice, category))


def _places(notice: Notice, category: Any) -> dict[str, str]:
    words = {"category": category.name, "period": category.period.name}
    return {name: words[name] for name in params_of(notice)}


def _of_category(category: Any, states: Iterable[NominationState]) -> list[Any]:
    rows = Nomination.select().where(Nomination.category == category, Nomination.state.in_(list(states)))
    return list(held(rows.order_by(Nomination.number)))


def _settle(nominations: Iterable[Any], move: Callable[[Any], NominationMove]) -> None:
    """Each nomination makes its move."""
    settled: dict[NominationState, list[int]] = {}
    for nomination in nominations:
        settled.setdefault(next_nomination_state(NominationState(nomination.state), move(nomination)), []).append(nomination.id)
    for state, ids in settled.items():
        Nomination.update(state=state, row_version=Nomination.row_version + 1, updated_at=clock.now()).where(
            Nomination.id.in_(ids)
        ).execute()
