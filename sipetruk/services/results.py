"""Results: winners determined from the final ranking by a decree, and the public copy of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import Category, Determination, Nomination, Period, Publication, PublishedWinner, Ranking, Winner
from sipetruk.queries import visible
from sipetruk.queries.ranking_inputs import RANKABLE
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.rules.workflow import PERIOD_LABELS, NominationMove, NominationState, PeriodMove, PeriodState, next_nomination_state
from sipetruk.services import audience, audit, clock, notifications, periods, public_copy
from sipetruk.services.rankings import final_of
from sipetruk.services.transaction import held, transaction

DECREE_LENGTH = 120
CITATION_LENGTH = 1_000
REASON_LENGTH = 2_000


def determine(
    actor: Actor,
    *,
    category_id: int,
    ranking_id: int,
    nomination_ids: Sequence[int],
    decree_number: str,
    decree_on: date,
    citations: Mapping[int, str] | None = None,
    override_reason: str | None = None,
) -> int:
    """Name the winners of a category by decree; other winners than the ranking proposes need a written reason.

    Returns the id of the determination.
    """
    require(actor, Action.RESULT_DETERMINE)
    citations = {nomination_id: text.strip() for nomination_id, text in (citations or {}).items()}
    reason = (override_reason or "").strip()
    _check_words(decree_number, decree_on, citations, reason)
    with transaction():
        category = visible.get(held(visible.categories(actor)), Category, category_id, "Kategori")
        _require_state(category.period_id, PeriodState.DETERMINATION, "menetapkan pemenang")
        if Determination.select().where(Determination.category == category).exists():
            raise Conflict("Pemenang kategori ini sudah ditetapkan.", "categoryId")
        ranking = _final_ranking(category, ranking_id)
        result = json.loads(ranking.result)
        _require_decided(result)
        nominations = _ranked(category)
        winners = _winners(result, nominations, nomination_ids, category.winners)
        _require_known(citations, nomination_ids)
        _check_deviation(result, winners, reason)
        determination = Determination.create(
            category=category,
            ranking=ranking,
            decree_number=decree_number.strip(),
            decree_on=decree_on,
            override_reason=reason,
            determined_by=actor.user_id,
            determined_at=clock.now(),
        )
        for nomination, place in winners:
            Winner.create(determination=determination, nomination=nomination, place=place, citation=citations.get(nomination.id, ""))
        _settle(nominations, {nomination.id for nomination, _ in winners})
        admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
        where = {"category": category.name, "period": category.period.name}
        notifications.tell(admins, Notice.RESULT_DETERMINED, thing="category", thing_id=category.id, **where)
        audit.record(
            actor,
            Action.RESULT_DETERMINE,
            "category",
            category.id,
            after={
                "ranking": ranking.number,
                "result_sha256": ranking.result_sha256,
                "decree_number": determination.decree_number,
                "decree_on": decree_on.isoformat(),
                "winners": [{"nomination": nomination.number, "place": place} for nomination, place in winners],
            },
            reason=reason,
        )
    return int(determination.id)


def publish(actor: Actor, *, period_id: int, policy: str = "names") -> int:
    """Make the public copy of a period's winners, holding no more than the policy allows. Returns its id."""
    require(actor, Action.RESULT_PUBLISH)
    if policy not in POLICIES:
        raise Invalid("Pilih salah satu: %(options)s.", "policy", options=", ".join(POLICIES))
    with transaction():
        period = visible.get(held(visible.periods(actor)), Period, period_id, "Periode")
        _require_publishable(period)
        number = (Publication.select(pw.fn.MAX(Publication.number)).where(Publication.period == period).scalar() or 0) + 1
        counts, now = public_copy.statistics(period.id), clock.now()
        publication = Publication.create(
            period=period,
            number=number,
            policy=policy,
            statistics=counts,
            file=public_copy.file(period, number=number, published_at=now, policy=policy, counts=counts),
            published_at=now,
            published_by=actor.user_id,
        )
        winners = public_copy.winners(period, policy)
        if winners:
            PublishedWinner.insert_many([{"publication": publication, **winner} for winner in winners]).execute()
        audience.result(actor, period, Notice.RESULT_PUBLISHED)
        audit.record(
            actor,
            Action.RESULT_PUBLISH,
            "publication",
            publication.id,
            after={"period": period.slug, "number": publication.number, "policy": policy, "winners": len(winners)},
        )
        if period.state == PeriodState.DETERMINATION:
            periods.advance(actor, period, PeriodMove.PUBLISH)
    return int(publication.id)


@dataclass(frozen=True)
class Preview:
    """What a publication would hold if it were made now: rows of public winners and counts per unit."""

    winners: tuple[Mapping[str, Any], ...]
    statistics: Mapping[str, Any]


def preview(actor: Actor, *, period_id: int, policy: str) -> Preview:
    """The public copy that `publish` would make under a policy, made by the same code; nothing is saved."""
    require(actor, Action.RESULT_PUBLISH)
    if policy not in POLICIES:
        raise Invalid("Pilih salah satu: %(options)s.", "policy", options=", ".join(POLICIES))
    period = visible.get(visible.periods(actor), Period, period_id, "Periode")
    return Preview(tuple(public_copy.winners(period, policy)), public_copy.statistics(period.id))


def unpublish(actor: Actor, *, publication_id: int, note: str) -> None:
    """Withdraw a publication from the public; the copy and the reason stay on record."""
    require(actor, Action.RESULT_PUBLISH)
    note = note.strip()
    if not note:
        raise Invalid("Alasan penarikan wajib diisi.", "note")
    if len(note) > REASON_LENGTH:
        raise Invalid("Paling banyak %(longest)s karakter.", "note", longest=REASON_LENGTH)
    with transaction():
        scope = Publication.select().where(Publication.period.in_(visible.periods(actor).select(Period.id)))
        publication = visible.get(held(scope), Publication, publication_id, "Pengumuman")
        if publication.withdrawn_at is not None:
            raise Conflict("Pengumuman ini sudah ditarik.", "publicationId")
        publication.withdrawn_at, publication.withdrawal_note = clock.now(), note
        publication.save(only=[Publication.withdrawn_at, Publication.withdrawal_note])
        audience.result(actor, publication.period, Notice.RESULT_WITHDRAWN)
        audit.record(actor, Action.RESULT_PUBLISH, "publication", publication.id, after={"withdrawn": True}, reason=note)


def _check_words(decree_number: str, decree_on: date, citations: Mapping[int, str], reason: str) -> None:
    problems = []
    if not 1 <= len(decree_number.strip()) <= DECREE_LENGTH:
        problems.append(
            Problem("Nomor SK wajib diisi, paling banyak %(longest)s karakter.", ("decreeNumber",), params={"longest": DECREE_LENGTH})
        )
    if decree_on > clock.today():
        problems.append(Problem("Tanggal SK tidak boleh setelah hari ini.", ("decreeOn",)))
    problems += [
        Problem("Paling banyak %(longest)s karakter.", ("citations", str(nomination_id)), params={"longest": CITATION_LENGTH})
        for nomination_id, text in citations.items()
        if len(text) > CITATION_LENGTH
    ]
    if len(reason) > REASON_LENGTH:
        problems.append(Problem("Paling banyak %(longest)s karakter.", ("overrideReason",), params={"longest": REASON_LENGTH}))
    if problems:
        raise Invalid(problems)


def _require_state(period_id: int, wanted: PeriodState, what: str) -> None:
    state = PeriodState(held(Period.select().where(Period.id == period_id)).get().state)
    if state is not wanted:
        raise IllegalMove(
            "Periode berada pada tahap “%(state)s”: belum atau tidak lagi saatnya %(what)s.", state=PERIOD_LABELS[state], what=what
        )


def _final_ranking(category: Any, ranking_id: int) -> Ranking:
    ranking = final_of(category)
    if ranking is None or ranking.id != ranking_id:
        raise Conflict("Penetapan harus mengacu pada pemeringkatan final kategori ini.", "rankingId")
    return ranking


def _require_decided(result: Mapping[str, Any]) -> None:
    if result["award"]["blocked"]:
        raise Invalid("Masih ada nilai seri pada batas pemenang. Putuskan urutannya dan tetapkan ulang pemeringkatan.", "rankingId")


def _ranked(category: Any) -> list[Any]:
    rows = Nomination.select().where(Nomination.category == category, Nomination.state == NominationState.RANKED)
    return list(held(rows.order_by(Nomination.number)))


def _winners(result: Mapping[str, Any], nominations: Iterable[Any], nomination_ids: Sequence[int], most: int) -> list[tuple[Any, int]]:
    """The chosen nominations, best first, with their place among the chosen; equal ranks share a place."""
    by_id = {nomination.id: nomination for nomination in nominations}
    ranks = {row["id"]: row["rank"] for row in result["rows"] if row["status"] == "RANKED"}
    if len(set(nomination_ids)) != len(nomination_ids):
        raise Invalid("Pemenang yang sama disebut dua kali.", "nominationIds")
    if len(nomination_ids) > most:
        raise Invalid("Pemenang kategori ini paling banyak %(most)s.", "nominationIds", most=most)
    chosen = [by_id[nomination_id] for nomination_id in nomination_ids if nomination_id in by_id]
    if len(chosen) != len(nomination_ids) or any(nomination.number not in ranks for nomination in chosen):
        raise Invalid("Pemenang harus calon yang mempunyai peringkat dalam pemeringkatan final.", "nominationIds")
    chosen.sort(key=lambda nomination: (ranks[nomination.number], nomination.number))
    return [(nomination, 1 + sum(ranks[other.number] < ranks[nomination.number] for other in chosen)) for nomination in chosen]


def _require_known(citations: Mapping[int, str], nomination_ids: Sequence[int]) -> None:
    if set(citations) - set(nomination_ids):
        raise Invalid("Alasan penghargaan hanya diisi untuk pemenang.", "citations")


def _check_deviation(result: Mapping[str, Any], winners: Iterable[tuple[Any, int]], reason: str) -> None:
    deviates = {nomination.number for nomination, _ in winners} != set(result["award"]["winners"])
    if deviates and not reason:
        raise Invalid("Pilihan ini menyimpang dari peringkat. Tuliskan alasannya.", "overrideReason")
    if reason and not deviates:
        raise Invalid("Pilihan ini sesuai peringkat; kosongkan alasan menyimpang.", "overrideReason")


def _settle(nominations: Iterable[Any], winning: set[int]) -> None:
    """Ranked nominations become awarded or not awarded."""
    settled: dict[NominationState, list[int]] = {}
    for nomination in nominations:
        move = NominationMove.AWARD if nomination.id in winning else NominationMove.PASS_OVER
        settled.setdefault(next_nomination_state(NominationState(nomination.state), move), []).append(nomination.id)
    for state, ids in settled.items():
        Nomination.update(state=state, row_version=Nomination.row_version + 1, updated_at=clock.now()).where(
            Nomination.id.in_(ids)
        ).execute()


def _require_publishable(period: Any) -> None:
    if PeriodState(period.state) not in {PeriodState.DETERMINATION, PeriodState.PUBLISHED}:
        raise IllegalMove(
            "Hasil hanya dapat diumumkan setelah penetapan; periode berada pada tahap “%(state)s”.",
            state=PERIOD_LABELS[PeriodState(period.state)],
        )
    if Publication.select().where(Publication.period == period, Publication.withdrawn_at.is_null()).exists():
        raise Conflict("Hasil periode ini sudah diumumkan. Tarik dahulu pengumuman itu.", "periodId")
    waiting = Nomination.select(Nomination.category).where(Nomination.state.in_(RANKABLE))
    determined = Determination.select(Determination.category)
    undetermined = Category.select().where(Category.period == period, Category.id.in_(waiting), Category.id.not_in(determined))
    problems = [
        Problem("Pemenang kategori “%(name)s” belum ditetapkan.", ("categories", row.slug), params={"name": row.name})
        for row in undetermined.order_by(Category.position)
    ]
    if problems:
        raise Invalid(problems)
