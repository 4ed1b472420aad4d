"""Rankings: computed from the marks, decided where they tie, made final once and sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import Category, DeterminationProposal, Nomination, Period, Ranking, TieDecision
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.interviews import interview_of, is_held
from sipetruk.queries.ranking_inputs import RANKABLE, input_sha256, ranking_inputs
from sipetruk.queries.rankings import said_of_ties
from sipetruk.rules import objecting, reasons, seal
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import (
    COMPUTABLE_IN,
    DECIDABLE_IN,
    FINALISABLE_IN,
    NOMINATION_LABELS,
    PERIOD_LABELS,
    NominationMove,
    NominationState,
    PeriodState,
    next_nomination_state,
)
from sipetruk.services import audit, clock, events, notifications, objections
from sipetruk.services.transaction import held, held_category, transaction

OPEN_TIE = "Nilai %(numbers)s seri pada batas pemenang. Putuskan urutannya terlebih dahulu."
DECIDED_TIE = "Urutan %(numbers)s pada batas pemenang sudah diputuskan. Hitung ulang agar berlaku, periksa hasilnya, lalu tetapkan."
STALE = "Data berubah sejak pemeringkatan ini dihitung. Hitung ulang, periksa hasilnya, lalu tetapkan."


def compute(actor: Actor, *, category_id: int) -> int:
    """Rank the nominees of a category as they stand now; the new draft replaces earlier drafts. Returns its id."""
    require(actor, Action.RANKING_COMPUTE)
    category = _category(actor, category_id)
    _require_state(category, COMPUTABLE_IN, "menghitung pemeringkatan")
    written = seal.write(ranking_inputs(category.id))
    with transaction():
        category = held_category(actor, category_id)
        _require_state(category, COMPUTABLE_IN, "menghitung pemeringkatan")
        Ranking.update(state="superseded").where(Ranking.category == category, Ranking.state == "draft").execute()
        ranking = Ranking.create(
            category=category,
            number=_last_number(category) + 1,
            engine=written.engine,
            inputs=written.inputs,
            input_sha256=written.input_sha256,
            result=written.result,
            result_sha256=written.result_sha256,
            computed_at=clock.now(),
            computed_by=actor.user_id,
        )
        audit.record(actor, Action.RANKING_COMPUTE, "ranking", ranking.id, after=_hashes(ranking))
    return int(ranking.id)


def decide_tie(actor: Actor, *, category_id: int, order: Sequence[int], reason: str) -> int:
    """Write down the committee's order (ids of nominations, best first) of nominees whom the tie chain left equal.

    It takes effect with the next computation. Returns the id of the decision.
    """
    require(actor, Action.RANKING_COMPUTE)
    if not reason.strip():
        raise Invalid("Alasan keputusan wajib diisi.", "reason")
    text = objecting.read_reason(reason)
    with transaction():
        category = held_category(actor, category_id)
        _require_state(category, DECIDABLE_IN, "memutus nilai seri")
        numbers = _numbers(category, order)
        if set(numbers) not in _decidable(category):
            raise Invalid("Urutan harus memuat tepat calon yang nilainya masih seri pada perhitungan terakhir.", "order")
        decision = TieDecision.create(category=category, order=numbers, reason=text, decided_by=actor.user_id, decided_at=clock.now())
        audit.record(actor, "ranking:decide_tie", "category", category.id, after={"order": numbers}, reason=decision.reason)
    return int(decision.id)


def finalise(actor: Actor, *, ranking_id: int, expected_result_sha256: str) -> None:
    """Make the latest computation final: refused while anything is missing, tied across the last place, or changed since."""
    require(actor, Action.RANKING_FINALISE)
    with transaction():
        ranking = _ranking(actor, ranking_id, hold=True)
        category = ranking.category
        _require_state(category, FINALISABLE_IN, "menetapkan pemeringkatan")
        _require_current(ranking, expected_result_sha256)
        if is_held(category.id):
            raise IllegalMove("Tahap wawancara sudah dibuka dari pemeringkatan final kategori ini, sehingga tidak diubah lagi.")
        _require_complete(ranking, is_first_stage=interview_of(category.id) is not None)
        nominations = list(held(Nomination.select().where(Nomination.category == category, Nomination.state.in_(RANKABLE))))
        _require_assessed(nominations)
        if input_sha256(category.id) != ranking.input_sha256:
            raise Conflict(STALE, "rankingId")
        former = final_of(category)
        Ranking.update(state="superseded").where(Ranking.category == category, Ranking.state == "final").execute()
        ranking.state, ranking.finalised_at, ranking.finalised_by = "final", clock.now(), actor.user_id
        ranking.save()
        moved = _move_to_ranked(nominations)
        settled = objections.settle(actor, former, ranking)
        _void_proposals(category)
        admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
        where = {"category": category.name, "period": category.period.name}
        notifications.tell(admins, Notice.RANKING_FINAL, thing="category", thing_id=category.id, **where)
        events.happened(Event.RANKING_FINALISED, category.id, slug=category.slug)
        audit.record(
            actor,
            Action.RANKING_FINALISE,
            "ranking",
            ranking.id,
            after=_hashes(ranking) | {"ranked": moved} | ({"objections": settled} if settled else {}),
        )


def export(actor: Actor, *, ranking_id: int) -> dict[str, Any]:
    """The sealed document of a final ranking, from which `sipetruk verify` recomputes it with nothing else."""
    require(actor, Action.RANKING_READ)
    ranking = _ranking(actor, ranking_id)
    require_not_assessing(actor, ranking.category_id)
    if ranking.finalised_at is None:
        raise Invalid("Hanya pemeringkatan final yang dapat diekspor.", "rankingId")
    return seal.document(stored_seal(ranking))


def stored_seal(ranking: Ranking) -> seal.Sealed:
    """A ranking as it was sealed when computed."""
    return seal.Sealed(
        inputs=json.loads(str(ranking.inputs)),
        input_sha256=str(ranking.input_sha256),
        result=json.loads(str(ranking.result)),
        result_sha256=str(ranking.result_sha256),
        engine=str(ranking.engine),
    )


def final_of(category: Category) -> Ranking | None:
    """The final ranking of a category; a second one, after an objection, replaces the first."""
    final: Ranking | None = Ranking.get_or_none(Ranking.category == category, Ranking.state == "final")
    return final


def _category(actor: Actor, category_id: int) -> Any:
    return visible.get(visible.categories(actor), Category, category_id, "Kategori")


def _ranking(actor: Actor, ranking_id: int, *, hold: bool = False) -> Any:
    query = visible.rankings_of(actor, Ranking.select())
    ranking = visible.get(query, Ranking, ranking_id, "Pemeringkatan")
    if hold:  # after its category, as a computation holds them
        category = held_category(actor, ranking.category_id)
        ranking = visible.get(held(query), Ranking, ranking_id, "Pemeringkatan")
        ranking.category = category
    return ranking


def _require_state(category: Any, allowed: Iterable[PeriodState], what: str) -> None:
    state = PeriodState(held(Period.select().where(Period.id == category.period_id)).get().state)
    if state not in allowed:
        raise IllegalMove(
            "Periode berada pada tahap “%(state)s”: belum atau tidak lagi saatnya %(what)s.", state=PERIOD_LABELS[state], what=what
        )


def _last_number(category: Any) -> int:
    return Ranking.select(pw.fn.MAX(Ranking.number)).where(Ranking.category == category).scalar() or 0


def _require_current(ranking: Any, expected_result_sha256: str) -> None:
    if ranking.state == "final":
        raise Conflict("Pemeringkatan ini sudah final.", "rankingId")
    if ranking.number != _last_number(ranking.category):
        raise Conflict("Sudah ada perhitungan yang lebih baru.", "rankingId")
    if ranking.result_sha256 != expected_result_sha256:
        raise Conflict("Hasil yang Anda periksa bukan hasil pemeringkatan ini.", "expectedResultSha256")


def _require_complete(ranking: Any, *, is_first_stage: bool) -> None:
    """Every score is there; and, where winners are taken from this ranking, no tie lies across the last place."""
    result = json.loads(ranking.result)
    problems = [
        Problem("Nilai calon %(number)s belum lengkap.", ("nominees", row["id"]), params={"number": row["id"]})
        for row in result["rows"]
        if row["status"] == "INCOMPLETE"
    ]
    across = [tuple(reason["ids"]) for reason in result["award"]["blocked"] if "ids" in reason]
    if across and not is_first_stage:
        ties = said_of_ties(ranking, {"inputs": json.loads(ranking.inputs), "result": result})
        problems += [
            Problem(DECIDED_TIE if ties[ids] == reasons.DECIDED else OPEN_TIE, ("ties",), params={"numbers": ", ".join(ids)})
            for ids in across
        ]
    if problems:
        raise Invalid(problems)


def _require_assessed(nominations: Iterable[Any]) -> None:
    problems = [
        Problem(
            "Usulan %(number)s berstatus “%(state)s”: lembar penilaiannya belum dikirim semua.",
            ("nominees", nomination.number),
            params={"number": nomination.number, "state": NOMINATION_LABELS[NominationState(nomination.state)]},
        )
        for nomination in nominations
        if nomination.state == NominationState.VERIFIED
    ]
    if problems:
        raise Invalid(problems)


def _void_proposals(category: Any) -> None:
    """What was proposed on the ranking before this one no longer stands."""
    waiting = (DeterminationProposal.category == category) & (DeterminationProposal.state == "waiting")
    DeterminationProposal.update(state="void", decided_at=clock.now()).where(waiting).execute()


def _move_to_ranked(nominations: Iterable[Any]) -> list[str]:
    moving = [nomination for nomination in nominations if nomination.state != NominationState.RANKED]
    for nomination in moving:
        next_nomination_state(NominationState(nomination.state), NominationMove.RANK)
    Nomination.update(state=NominationState.RANKED, row_version=Nomination.row_version + 1, updated_at=clock.now()).where(
        Nomination.id.in_([nomination.id for nomination in moving])
    ).execute()
    return sorted(nomination.number for nomination in moving)


def _numbers(category: Any, nomination_ids: Sequence[int]) -> list[str]:
    """Numbers of nominations of the category, in the order of their ids as given."""
    found = {
        row.id: row.number
        for row in Nomination.select(Nomination.id, Nomination.number).where(
            Nomination.category == category, Nomination.id.in_(list(nomination_ids))
        )
    }
    if len(set(nomination_ids)) != len(nomination_ids) or len(found) != len(nomination_ids):
        raise Invalid("Urutan memuat usulan yang tidak dikenal atau disebut dua kali.", "order")
    return [found[nomination_id] for nomination_id in nomination_ids]


def _decidable(category: Any) -> list[set[str]]:
    """Groups that the tie chain left equal in the last computation, and groups already decided, which may be decided anew."""
    ranking = Ranking.select().where(Ranking.category == category).order_by(Ranking.number.desc()).first()
    unresolved = json.loads(ranking.result)["award"]["unresolved"] if ranking else []
    decided = [row.order for row in TieDecision.select().where(TieDecision.category == category)]
    return [set(group) for group in (*unresolved, *decided)]


def _hashes(ranking: Any) -> dict[str, Any]:
    return {"number": ranking.number, "input_sha256": ranking.input_sha256, "result_sha256": ranking.result_sha256}
