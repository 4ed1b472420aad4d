"""Decisions that take two people: one of BKPSDM proposes, another one approves or rejects; nothing takes effect before."""

from __future__ import annotations

from typing import Any

from sipetruk.errors import Conflict, Forbidden, Invalid
from sipetruk.models import Category, DeterminationProposal
from sipetruk.queries import visible
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, clock, determination
from sipetruk.services.determination import Decision
from sipetruk.services.results import words
from sipetruk.services.transaction import held, held_category, transaction

STALE = "Usulan ini gugur: yang diusulkan mengacu pada pemeringkatan atau penetapan yang tidak berlaku lagi."


def propose_revocation(actor: Actor, *, category_id: int, reason: str) -> int:
    """Propose to take the determination of a category back, so that winners can be named anew. Returns the id of the proposal."""
    require(actor, Action.RESULT_DETERMINE)
    reason = words(reason, "reason", "Alasan wajib diisi.")
    if actor.user_id is None:
        raise Forbidden("Pencabutan penetapan diusulkan oleh orang yang masuk dengan akunnya.")
    with transaction():
        category = held_category(actor, category_id)
        determination.require_time(category)
        determination.require_nothing_waits(category)
        standing = determination.standing(category)
        if standing is None:
            raise Conflict("Kategori ini belum mempunyai penetapan.", "categoryId")
        proposal = DeterminationProposal.create(
            category=category,
            kind="revocation",
            ranking=standing.ranking_id,
            determination=standing,
            reason=reason,
            proposed_by=actor.user_id,
            proposed_at=clock.now(),
        )
        determination.tell(actor, category, Notice.REVOCATION_ASKED)
        after = {"decree_number": standing.decree_number}
        audit.record(actor, "result:propose_revocation", "category", category.id, after=after, reason=reason)
    return int(proposal.id)


def approve(actor: Actor, *, proposal_id: int, note: str = "") -> None:
    """Let a proposal take effect; only somebody other than its proposer may, and only while what it rests on still stands."""
    require(actor, Action.RESULT_DETERMINE)
    note = words(note, "note")
    with transaction():
        proposal = _waiting(actor, proposal_id)
        _require_second(actor, proposal)
        category = proposal.category
        determination.require_time(category)
        carried_out = _override(actor, category, proposal) if proposal.kind == "override" else _revoke(actor, category, proposal)
        _decide(actor, proposal, "approved", note, carried_out)
        determination.tell(actor, category, Notice.APPROVAL_GIVEN if proposal.kind == "override" else Notice.REVOCATION_GIVEN)
        audit.record(actor, "result:approve", "category", category.id, after={"proposal": proposal.id, "kind": proposal.kind}, reason=note)


def reject(actor: Actor, *, proposal_id: int, note: str) -> None:
    """Turn a proposal down, with a note; only somebody other than its proposer may."""
    require(actor, Action.RESULT_DETERMINE)
    note = words(note, "note", "Catatan penolakan wajib diisi.")
    with transaction():
        proposal = _waiting(actor, proposal_id)
        _require_second(actor, proposal)
        _decide(actor, proposal, "rejected", note)
        category = proposal.category
        determination.tell(actor, category, Notice.APPROVAL_REFUSED if proposal.kind == "override" else Notice.REVOCATION_REFUSED)
        audit.record(actor, "result:reject", "category", category.id, after={"proposal": proposal.id, "kind": proposal.kind}, reason=note)


def withdraw(actor: Actor, *, proposal_id: int) -> None:
    """Take back one's own proposal."""
    require(actor, Action.RESULT_DETERMINE)
    with transaction():
        proposal = _waiting(actor, proposal_id)
        if actor.user_id != proposal.proposed_by_id:
            raise Forbidden("Hanya pengusulnya yang dapat membatalkan usulan ini.")
        _decide(actor, proposal, "withdrawn", "")
        after = {"proposal": proposal.id, "kind": proposal.kind}
        audit.record(actor, "result:withdraw_proposal", "category", proposal.category_id, after=after)


def _waiting(actor: Actor, proposal_id: int) -> Any:
    """The proposal, held with its category, while nobody has decided it."""
    mine = visible.categories(actor).select(Category.id)
    scope = DeterminationProposal.select().where(DeterminationProposal.category.in_(mine))
    found = visible.get(scope, DeterminationProposal, proposal_id, "Usulan penetapan")
    held_category(actor, found.category_id)
    proposal = visible.get(held(scope), DeterminationProposal, proposal_id, "Usulan penetapan")
    if proposal.state == "void":
        raise Conflict(STALE, "proposalId")
    if proposal.state != "waiting":
        raise Conflict("Usulan ini sudah diputus.", "proposalId")
    return proposal


def _require_second(actor: Actor, proposal: Any) -> None:
    if actor.user_id is None or actor.user_id == proposal.proposed_by_id:
        raise Forbidden("Usulan ini diputus oleh admin BKPSDM lain, bukan oleh pengusulnya.")


def _override(actor: Actor, category: Any, proposal: Any) -> Any:
    """Determine what was proposed, with every check made again."""
    determination.require_free(category)
    try:
        ranking = determination.final_ranking(category, proposal.ranking_id)
        decision = Decision.of(proposal.content)
        placed = determination.winners(category, ranking, decision)
    except (Conflict, Invalid):
        raise Conflict(STALE, "proposalId") from None
    return determination.carry_out(actor, category, ranking, decision, placed, reason=proposal.reason)


def _revoke(actor: Actor, category: Any, proposal: Any) -> Any:
    standing = determination.standing(category)
    if standing is None or standing.id != proposal.determination_id:
        raise Conflict(STALE, "proposalId")
    determination.take_back(actor, category, standing, proposal.reason)
    return standing


def _decide(actor: Actor, proposal: Any, state: str, note: str, carried_out: Any = None) -> None:
    proposal.state, proposal.note = state, note
    proposal.decided_by, proposal.decided_at = actor.user_id, clock.now()
    if carried_out is not None:
        proposal.determination = carried_out
    proposal.save()
