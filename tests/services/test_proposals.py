"""What deviates from the ranking, and what takes a determination back, needs a second person; nothing happens before."""

from __future__ import annotations

from datetime import date

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Determination, DeterminationProposal, Nomination, Notification, Period, Publication, Ranking, Winner
from sipetruk.queries.worklist import Target, worklist
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import clock, proposals, rankings, results
from tests.services import builders
from tests.services.second import second_admin
from tests.services.test_results import determine, determining, published

REASON = "Peringkat dua pindah ke luar daerah."


def proposed(cast):
    """Ranks one and three proposed in place of one and two."""
    round_, ids, ranking_id = determining(cast)
    outcome = determine(cast, round_, ranking_id, [ids[0], ids[2]], override_reason=REASON, citations={ids[2]: "Tetap teladan."})
    return round_, ids, ranking_id, outcome.proposal_id


def nothing_happened(ids):
    assert (Determination.select().count(), Winner.select().count()) == (0, 0)
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked"] * len(ids)


def told(user_id):
    rows = Notification.select().where(Notification.recipient == user_id).order_by(Notification.id)
    return [row.notice for row in rows if row.notice.startswith(("approval", "revocation", "result"))]


def test_another_person_approves_and_then_it_is_decided(db, cast):
    second = second_admin()
    _, ids, ranking_id, proposal_id = proposed(cast)
    assert told(second.user_id) == ["approval_asked"]
    with builders.standing_at(2024, 11, 9):
        proposals.approve(second, proposal_id=proposal_id, note=" Sudah dibahas. ")
    row = Determination.get()
    assert (row.ranking_id, row.override_reason, row.determined_by_id) == (ranking_id, REASON, second.user_id)
    assert (row.decree_number, row.decree_on) == ("188.45/1/Kum/2024", date(2024, 11, 7))
    assert [(w.nomination_id, w.place, w.citation) for w in Winner.select().order_by(Winner.place)] == [
        (ids[0], 1, ""),
        (ids[2], 2, "Tetap teladan."),
    ]
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["awarded", "not_awarded", "awarded"]
    kept = DeterminationProposal.get()
    assert (kept.state, kept.note, kept.decided_by_id, kept.determination_id) == ("approved", "Sudah dibahas.", second.user_id, row.id)
    steps = [(e.action, e.actor, e.reason) for e in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)]
    assert steps == [("result:approve", "bkpsdm2", "Sudah dibahas."), ("result:determine", "bkpsdm2", REASON)]
    assert told(cast.bkpsdm.user_id) == ["result_determined", "approval_given"]


def test_nobody_decides_on_an_own_proposal(db, cast):
    _, ids, _, proposal_id = proposed(cast)
    for actor in (cast.bkpsdm, SYSTEM):
        with pytest.raises(Forbidden, match="admin BKPSDM lain"):
            proposals.approve(actor, proposal_id=proposal_id)
        with pytest.raises(Forbidden, match="admin BKPSDM lain"):
            proposals.reject(actor, proposal_id=proposal_id, note="Tidak.")
    nothing_happened(ids)
    assert DeterminationProposal.get().state == "waiting"


def test_the_database_refuses_a_decision_by_the_proposer_as_well(db, cast):
    _, _, _, proposal_id = proposed(cast)
    change = {"state": "approved", "decided_by": cast.bkpsdm.user_id, "decided_at": DeterminationProposal.get().proposed_at}
    with pytest.raises(pw.IntegrityError), db.atomic():
        DeterminationProposal.update(change).execute()
    assert DeterminationProposal.get_by_id(proposal_id).state == "waiting"


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider"])
def test_others_may_not_even_try(db, cast, who):
    round_, ids, _, proposal_id = proposed(cast)
    actor, before = getattr(cast, who), AuditEntry.select().count()
    for act in (
        lambda: proposals.approve(actor, proposal_id=proposal_id),
        lambda: proposals.reject(actor, proposal_id=proposal_id, note="Tidak."),
        lambda: proposals.withdraw(actor, proposal_id=proposal_id),
        lambda: proposals.propose_revocation(actor, category_id=round_.category_id, reason="Salah."),
    ):
        with pytest.raises(Forbidden):
            act()
    nothing_happened(ids)
    assert AuditEntry.select().count() == before


def test_a_rejection_needs_a_note_and_leaves_everything_as_it_was(db, cast):
    second = second_admin()
    round_, ids, ranking_id, proposal_id = proposed(cast)
    with pytest.raises(Invalid, match="wajib diisi") as refusal:
        proposals.reject(second, proposal_id=proposal_id, note="  ")
    assert refusal.value.problems[0].path == ("note",)
    with pytest.raises(Invalid, match="Paling banyak"):
        proposals.reject(second, proposal_id=proposal_id, note="x" * 2_001)
    proposals.reject(second, proposal_id=proposal_id, note="Ikuti peringkat.")
    nothing_happened(ids)
    assert (DeterminationProposal.get().state, DeterminationProposal.get().note) == ("rejected", "Ikuti peringkat.")
    assert told(cast.bkpsdm.user_id) == ["approval_refused"]
    for act in (proposals.approve, proposals.withdraw):
        with pytest.raises(Conflict, match="sudah diputus"):
            act(second, proposal_id=proposal_id)
    assert determine(cast, round_, ranking_id, ids[:2]).determination_id == Determination.get().id


def test_the_proposer_takes_it_back_and_nobody_else_does(db, cast):
    second = second_admin()
    round_, ids, ranking_id, proposal_id = proposed(cast)
    with pytest.raises(Forbidden, match="pengusulnya"):
        proposals.withdraw(second, proposal_id=proposal_id)
    proposals.withdraw(cast.bkpsdm, proposal_id=proposal_id)
    nothing_happened(ids)
    with pytest.raises(Conflict, match="sudah diputus"):
        proposals.approve(second, proposal_id=proposal_id)
    again = determine(cast, round_, ranking_id, [ids[0], ids[2]], override_reason=REASON)
    assert [row.state for row in DeterminationProposal.select().order_by(DeterminationProposal.id)] == ["withdrawn", "waiting"]
    assert again.proposal_id != proposal_id


def test_while_one_waits_nothing_else_is_decided(db, cast):
    round_, ids, ranking_id, _ = proposed(cast)
    with pytest.raises(Conflict, match="menunggu persetujuan"):
        determine(cast, round_, ranking_id, ids[:2])
    with pytest.raises(Conflict, match="menunggu persetujuan"):
        determine(cast, round_, ranking_id, ids[1:], override_reason=REASON)
    with builders.standing_at(2024, 11, 16), pytest.raises(Invalid) as refusal:
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert [problem.message for problem in refusal.value.problems] == [
        "Pemenang kategori “ASN Inovatif” belum ditetapkan.",
        "Usulan penetapan kategori “ASN Inovatif” masih menunggu persetujuan.",
    ]
    nothing_happened(ids)


def test_only_a_person_with_an_account_proposes(db, cast):
    round_, ids, ranking_id = determining(cast)
    with builders.standing_at(2024, 11, 8), pytest.raises(Forbidden, match="akunnya"):
        results.determine(
            SYSTEM,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=[ids[2]],
            decree_number="SK",
            decree_on=date(2024, 11, 7),
            override_reason=REASON,
        )
    assert DeterminationProposal.select().count() == 0


def test_a_new_final_ranking_makes_a_proposal_void(db, cast):
    second = second_admin()
    round_, ids, _, proposal_id = proposed(cast)
    Period.update(state="objection").execute()  # as when objections are heard once more
    with builders.standing_at(2024, 11, 9):
        newer = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        rankings.finalise(cast.bkpsdm, ranking_id=newer, expected_result_sha256=Ranking.get_by_id(newer).result_sha256)
    Period.update(state="determination").execute()
    assert DeterminationProposal.get_by_id(proposal_id).state == "void"
    with pytest.raises(Conflict, match="gugur"):
        proposals.approve(second, proposal_id=proposal_id)
    nothing_happened(ids)
    assert determine(cast, round_, newer, ids[:2]).determination_id is not None


def test_a_proposal_whose_nominee_is_gone_is_refused_with_the_reason(db, cast):
    second = second_admin()
    _, ids, _, proposal_id = proposed(cast)
    Nomination.update(state="withdrawn").where(Nomination.id == ids[2]).execute()
    with pytest.raises(Conflict, match="gugur"):
        proposals.approve(second, proposal_id=proposal_id)
    assert (Determination.select().count(), DeterminationProposal.get().state) == (0, "waiting")


def test_an_unknown_proposal_is_not_there(db, cast):
    for act in (proposals.approve, proposals.withdraw):
        with pytest.raises(NotFound):
            act(cast.bkpsdm, proposal_id=4711)


# Taking a determination back ----------------------------------------------------------------------------------------


def test_a_determination_is_taken_back_by_two_people_and_made_anew(db, cast):
    second = second_admin()
    round_, ids, ranking_id = determining(cast)
    first = determine(cast, round_, ranking_id, ids[:2]).determination_id
    proposal_id = proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Nomor SK keliru.")
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["awarded", "awarded", "not_awarded"]
    with pytest.raises(Forbidden):
        proposals.approve(cast.bkpsdm, proposal_id=proposal_id)
    with builders.standing_at(2024, 11, 9):
        proposals.approve(second, proposal_id=proposal_id)
    row = Determination.get_by_id(first)
    assert (row.revoked_at is not None, row.revocation_reason) == (True, "Nomor SK keliru.")
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked"] * 3
    assert [e.action for e in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)] == ["result:approve", "result:revoke"]
    second_time = determine(cast, round_, ranking_id, ids[:2], decree_number="188.45/2/Kum/2024").determination_id
    assert (second_time != first, Determination.select().count(), Winner.select().count()) == (True, 2, 4)
    with builders.standing_at(2024, 11, 16):
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    (category,) = Publication.get().file["categories"]
    assert (category["decree"]["number"], len(category["winners"])) == ("188.45/2/Kum/2024", 2)


def waiting(cast):
    """What the administrator is told to do next about the results."""
    about = {Target.PUBLICATIONS, Target.DETERMINATIONS}
    return [item.target for item in worklist(cast.bkpsdm, clock.now()) if item.target in about]


def test_what_is_public_is_withdrawn_before_it_is_taken_back(db, cast):
    second = second_admin()
    round_, ids, publication_id = published(cast)
    with pytest.raises(Conflict, match="Tarik pengumuman itu"):
        proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah orang.")
    assert waiting(cast) == []
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
    assert waiting(cast) == [Target.PUBLICATIONS]
    proposal_id = proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah orang.")
    proposals.approve(second, proposal_id=proposal_id)
    assert waiting(cast) == [Target.DETERMINATIONS]
    determine(cast, round_, Ranking.get().id, ids[:2], decree_number="188.45/3/Kum/2024")
    results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert [(row.number, row.withdrawn_at is None) for row in Publication.select().order_by(Publication.number)] == [(1, False), (2, True)]


def test_a_revocation_is_refused_where_it_makes_no_sense(db, cast):
    round_, ids, ranking_id = determining(cast)
    with pytest.raises(Conflict, match="belum mempunyai penetapan"):
        proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah.")
    with pytest.raises(Invalid, match="wajib diisi"):
        proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason=" ")
    with pytest.raises(NotFound):
        proposals.propose_revocation(cast.bkpsdm, category_id=4711, reason="Salah.")
    determine(cast, round_, ranking_id, ids[:2])
    proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah.")
    with pytest.raises(Conflict, match="menunggu persetujuan"):
        proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah.")
    Period.update(state="archived").execute()
    with pytest.raises(IllegalMove):
        proposals.propose_revocation(cast.bkpsdm, category_id=round_.category_id, reason="Salah.")
    assert DeterminationProposal.select().count() == 1
