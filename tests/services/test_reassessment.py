"""Sheets opened again, assessors replaced or let go once the assessment has begun: marks, sums, states and traces stay right."""

from __future__ import annotations

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import (
    AuditEntry,
    Mark,
    MarkHistory,
    Nomination,
    Notification,
    Objection,
    PanelMember,
    Period,
    Ranking,
    Reopening,
    Sheet,
    User,
)
from sipetruk.models.base import database
from sipetruk.queries import reopenings, standing
from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import Grant, Role
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import assessment, objections, rankings, reassessment, users
from tests.kept import kept
from tests.services import builders, objecting
from tests.services.objecting import FIRST, HIGHER, SECOND, at

ALL = ("verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider")


def october(day=25):
    return builders.standing_at(2024, 10, day)


def reopen(cast, nomination_id, *actors, who=None, reason="Nilai terlewat dibaca.", criteria=(), version=None):
    return reassessment.reopen(
        who or cast.bkpsdm,
        nomination_id=nomination_id,
        sheet_ids=objecting.sheets(nomination_id, *actors),
        reason=reason,
        criteria=criteria,
        expected_version=version or builders.version_of(nomination_id),
    )


def replace(cast, sheet, by, *, who=None, reason="Sakit.", version=None):
    return reassessment.replace(
        who or cast.bkpsdm, sheet_id=sheet.id, user_id=by.user_id, reason=reason, expected_version=version or sheet.row_version
    )


def drop(cast, sheet, *, who=None, reason="Sakit.", version=None):
    return reassessment.drop(who or cast.bkpsdm, sheet_id=sheet.id, reason=reason, expected_version=version or sheet.row_version)


def sheet_of(actor, nomination_id):
    return Sheet.get(nomination=nomination_id, assessor=actor.user_id)


def state_of(nomination_id):
    return Nomination.get_by_id(nomination_id).state


def sums_are_right(category_id):
    """The kept sums give the places that the marks themselves give."""
    return standing.places(category_id, kept=True) == standing.places(category_id, kept=False)


def marks_of(category_id, number, code="gagasan"):
    nominees = {each["id"]: each for each in ranking_inputs(category_id)["nominees"]}
    return [(mark["state"], mark["value"]) for mark in nominees[number]["marks"][code]]


def actions():
    return [(row.action, row.thing) for row in AuditEntry.select().order_by(AuditEntry.id)]


@kept
def assessed_one(cast, **options):
    """A round in assessment whose only nominee both assessors have marked."""
    round_, (budi,) = builders.assessing(cast, "Budi Santoso", **options)
    with october(24):
        for assessor in (cast.assessor, cast.assessor2):
            builders.assess(assessor, budi, FIRST)
    return round_, budi


# Opening again ------------------------------------------------------------------------------------------------------


def test_a_submitted_sheet_is_opened_again_with_a_reason_and_a_trace(db, cast):
    _, budi = assessed_one(cast)
    before = sheet_of(cast.assessor, budi)
    history = MarkHistory.select().count()
    with october():
        version = reopen(cast, budi, cast.assessor)
    sheet = sheet_of(cast.assessor, budi)
    trace = Reopening.get()
    assert (sheet.state, sheet.submitted_at, state_of(budi), builders.version_of(budi)) == ("open", None, "verified", version)
    assert (
        trace.sheet_id,
        trace.reason,
        trace.criteria,
        trace.reopened_by_id,
        trace.submitted_at,
        trace.closed_at,
        trace.objection_id,
    ) == (
        sheet.id,
        "Nilai terlewat dibaca.",
        [],
        cast.bkpsdm.user_id,
        before.submitted_at,
        None,
        None,
    )
    assert (Mark.select().count(), MarkHistory.select().count()) == (6, history)
    assert actions()[-2:] == [("sheet:reopen", "sheet"), ("nomination:reopen", "nomination")]
    told = Notification.select().where(Notification.recipient == cast.assessor.user_id).order_by(Notification.id.desc()).get()
    assert (told.notice, told.thing, told.thing_id) == ("sheet_reopened", "sheet", str(budi))
    assert sheet_of(cast.assessor2, budi).state == "submitted"


def test_the_assessor_marks_again_and_hands_in_again(db, cast):
    round_, budi = assessed_one(cast)
    with october():
        reopen(cast, budi, cast.assessor)
        version = assessment.save_marks(
            cast.assessor, nomination_id=budi, marks=HIGHER, expected_version=builders.sheet_version(cast.assessor, budi)
        )
        assessment.submit_sheet(cast.assessor, nomination_id=budi, expected_version=version)
    assert (state_of(budi), sheet_of(cast.assessor, budi).state, Reopening.get().closed_at is not None) == ("assessed", "submitted", True)
    values = [row.value for row in MarkHistory.select().where(MarkHistory.assessor == cast.assessor.user_id).order_by(MarkHistory.id)]
    assert (3800 in values, values[-1]) == (True, 4000)
    assert sums_are_right(round_.category_id)
    with october():
        reopen(cast, budi, cast.assessor)
    assert Reopening.select().count() == 2


def test_only_the_chosen_criteria_change(db, cast):
    _, budi = assessed_one(cast)
    with october():
        reopen(cast, budi, cast.assessor, criteria=["gagasan"])
        version = builders.sheet_version(cast.assessor, budi)
        other = {"disiplin": {"state": "scored", "value": "0", "note": ""}}
        for marks in (other, HIGHER | other, {"dampak": None}):
            with pytest.raises(Invalid, match="tidak dibuka kembali") as refusal:
                assessment.save_marks(cast.assessor, nomination_id=budi, marks=marks, expected_version=version)
            assert refusal.value.problems[0].path[0] == "marks"
        assert Mark.select().where(Mark.value == 4000).count() == 0
        assessment.save_marks(cast.assessor, nomination_id=budi, marks=FIRST | HIGHER, expected_version=version)
    assert Mark.select().where(Mark.value == 4000).count() == 1


def test_several_sheets_are_opened_or_none(db, cast):
    _, budi = assessed_one(cast)
    with october():
        reopen(cast, budi, cast.assessor)
        with pytest.raises(IllegalMove, match="“Dinilai” tidak dapat dibuka kembali"):
            reopen(cast, budi, cast.assessor, cast.assessor2)
        with pytest.raises(Invalid, match="Pilih sedikitnya satu"):
            reopen(cast, budi)
        with pytest.raises(NotFound):
            reassessment.reopen(
                cast.bkpsdm, nomination_id=budi, sheet_ids=[4711], reason="Alasan.", expected_version=builders.version_of(budi)
            )
    assert (Reopening.select().count(), sheet_of(cast.assessor2, budi).state) == (1, "submitted")


def test_a_reopening_needs_a_reason_known_criteria_and_the_version_that_was_read(db, cast):
    _, budi = assessed_one(cast)
    with october():
        for reason in ("", "   "):
            with pytest.raises(Invalid, match="wajib diisi"):
                reopen(cast, budi, cast.assessor, reason=reason)
        with pytest.raises(Invalid, match="tidak dinilai oleh tim penilai"):
            reopen(cast, budi, cast.assessor, criteria=["penghargaan"])
        with pytest.raises(Conflict):
            reopen(cast, budi, cast.assessor, version=1)
        with pytest.raises(NotFound):
            reassessment.reopen(cast.bkpsdm, nomination_id=4711, sheet_ids=[1], reason="Alasan.", expected_version=1)
    assert (Reopening.select().count(), state_of(budi)) == (0, "assessed")


@pytest.mark.parametrize("who", ALL)
def test_only_bkpsdm_reopens_replaces_and_lets_go(db, cast, who):
    _, budi = assessed_one(cast, panel=None)
    actor, sheet = getattr(cast, who), sheet_of(cast.assessor, budi)
    with october():
        for act in (
            lambda: reopen(cast, budi, cast.assessor, who=actor),
            lambda: replace(cast, sheet, cast.assessor3, who=actor),
            lambda: drop(cast, sheet, who=actor),
        ):
            with pytest.raises(Forbidden):
                act()
    assert (Reopening.select().count(), Sheet.select().count(), state_of(budi)) == (0, 2, "assessed")


def test_in_ranking_nothing_is_opened_again(db, cast):
    _, (siti, _) = objecting.ranking_stage(cast)
    with at(3), pytest.raises(IllegalMove, match="karena sanggahan yang diterima; periode ini pada tahap “Pemeringkatan”"):
        reopen(cast, siti, cast.assessor)
    assert Reopening.select().count() == 0


def test_what_is_final_is_not_opened_again_while_others_have_their_interview(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    Period.update(state="assessment").execute()
    with pytest.raises(IllegalMove, match="sudah final; penilaiannya hanya dibuka kembali karena sanggahan yang diterima"):
        reopen(cast, budi, cast.assessor)
    assert state_of(budi) == "ranked"
    assert Reopening.select().count() == 0


def test_in_the_objection_stage_only_what_an_accepted_objection_is_about(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    with at(7), pytest.raises(IllegalMove, match="hanya dibuka kembali untuk usulan yang sanggahannya diterima"):
        reopen(cast, budi, cast.assessor)
    with at(7):
        objections.accept(cast.bkpsdm, objection_id=objection_id, reason="Alasan.", expected_version=1)
        with pytest.raises(IllegalMove, match="hanya dibuka kembali"):
            reopen(cast, siti, cast.assessor)
        reopen(cast, budi, cast.assessor, criteria=["gagasan"])
    assert [(row.objection_id, row.criteria) for row in Reopening.select()] == [(objection_id, ["gagasan"])]
    assert (state_of(budi), state_of(siti)) == ("verified", "ranked")


def test_what_was_settled_opens_nothing_more(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.accepted(cast, budi)
    with at(7):
        objections.note_no_change(cast.bkpsdm, objection_id=objection_id, note="Hasil tetap.", expected_version=2)
        with pytest.raises(IllegalMove, match="hanya dibuka kembali"):
            reopen(cast, budi, cast.assessor)


def test_once_winners_are_to_be_determined_nothing_is_opened_again(db, cast):
    round_, (siti, _) = objecting.ranking_stage(cast)
    with at(6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
        with pytest.raises(IllegalMove, match="tahap “Penetapan”: hasilnya tidak dapat diubah lagi"):
            reopen(cast, siti, cast.assessor)
        with pytest.raises(IllegalMove, match="hasilnya tidak dapat diubah lagi"):
            replace(cast, sheet_of(cast.assessor, siti), cast.assessor3)


def test_the_database_keeps_the_trace(db, cast):
    _, budi = assessed_one(cast)
    with october():
        reopen(cast, budi, cast.assessor)
    for query in (Reopening.update(reason="Lain."), Reopening.delete()):
        with pytest.raises(pw.IntegrityError), database.atomic():
            query.execute()


# An objection that changes the winner -------------------------------------------------------------------------------


def test_an_objection_changes_the_winner(db, cast):
    round_, (siti, budi) = objecting.objection_stage(cast)
    first = Ranking.get(category=round_.category_id, state="final")
    objection_id = objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor, cast.assessor2, criteria=["gagasan"])
    objecting.remarked(cast.assessor, budi, HIGHER)
    with at(8):
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        with pytest.raises(Invalid, match="lembar penilaiannya belum dikirim semua"):
            rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    objecting.remarked(cast.assessor2, budi, HIGHER)
    with at(9), pytest.raises(IllegalMove, match="diterima, tetapi belum"):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    second = Ranking.get_by_id(objecting.final(cast, round_, day=8))
    objection = Objection.get_by_id(objection_id)
    assert (objection.settled_by_id, objection.state) == (second.id, "accepted")
    assert [(row.number, row.state, row.finalised_at is not None) for row in Ranking.select().order_by(Ranking.number)] == [
        (1, "superseded", True),
        (2, "superseded", False),
        (3, "final", True),
    ]
    assert Ranking.get_by_id(first.id).result_sha256 == first.result_sha256
    entry = AuditEntry.select().where(AuditEntry.action == "ranking:finalise").order_by(AuditEntry.id.desc()).get()
    assert entry.after["objections"] == ["2024-S001"]
    assert sums_are_right(round_.category_id)
    with at(9):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    assert (state_of(siti), state_of(budi)) == ("ranked", "ranked")


def test_what_does_not_touch_the_nominee_of_an_objection_does_not_settle_it(db, cast):
    round_, (siti, budi) = objecting.objection_stage(cast)
    of_siti, of_budi = objecting.accepted(cast, siti), objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor)
    objecting.remarked(cast.assessor, budi, HIGHER)
    ranking_id = objecting.final(cast, round_, day=8)
    assert [(row.id, row.settled_by_id) for row in Objection.select().order_by(Objection.id)] == [(of_siti, None), (of_budi, ranking_id)]


# Replacing and letting go -------------------------------------------------------------------------------------------


def test_an_absent_assessor_is_replaced(db, cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    with october():
        builders.assess(cast.assessor, budi, FIRST)
        version = builders.sheet_version(cast.assessor2, budi)
        assessment.save_marks(cast.assessor2, nomination_id=budi, marks={"gagasan": FIRST["gagasan"]}, expected_version=version)
        old = sheet_of(cast.assessor2, budi)
        new = Sheet.get_by_id(replace(cast, old, cast.assessor3))
        assert (Sheet.get_by_id(old.id).state, Sheet.get_by_id(old.id).reason) == ("dropped", "Sakit.")
        assert (new.assessor_id, new.state, new.replaces_id) == (cast.assessor3.user_id, "open", old.id)
        assert sums_are_right(round_.category_id)
        builders.assess(cast.assessor3, budi, SECOND)
        for assessor in (cast.assessor, cast.assessor2):
            builders.assess(assessor, wati, SECOND)
    assert (state_of(budi), state_of(wati)) == ("assessed", "assessed")
    assert marks_of(round_.category_id, "2024-0001") == [("scored", "38"), ("not_applicable", None), ("scored", "30.5")]
    assert marks_of(round_.category_id, "2024-0002") == [("scored", "30.5"), ("scored", "30.5"), ("not_applicable", None)]
    assert sums_are_right(round_.category_id)
    assert [(place.printed, place.rank) for place in standing.places(round_.category_id)] == [("94.25", 1), ("90.50", 2)]
    members = PanelMember.select().where(PanelMember.category == round_.category_id).order_by(PanelMember.user)
    assert [row.user_id for row in members] == [cast.assessor.user_id, cast.assessor2.user_id, cast.assessor3.user_id]
    told = [(row.recipient_id, row.notice) for row in Notification.select().where(Notification.thing == "sheet").order_by(Notification.id)]
    assert told == [(cast.assessor2.user_id, "sheet_dropped"), (cast.assessor3.user_id, "sheet_assigned")]


def test_who_stepped_back_is_replaced_and_the_nominee_is_assessed_again(db, cast):
    round_, budi = builders.assessing(cast, "Budi Santoso")[0], Nomination.get().id
    with october():
        builders.assess(cast.assessor, budi, FIRST)
        assessment.recuse(cast.assessor2, nomination_id=budi, reason="Saudara kandung.")
        assert state_of(budi) == "assessed"
        old = sheet_of(cast.assessor2, budi)
        replace(cast, old, cast.assessor3)
        assert (state_of(budi), Sheet.get_by_id(old.id).state, Sheet.get_by_id(old.id).reason) == (
            "verified",
            "recused",
            "Saudara kandung.",
        )
        with pytest.raises(Conflict, match="sudah diisi pengganti"):
            replace(cast, Sheet.get_by_id(old.id), cast.assessor3)
        builders.assess(cast.assessor3, budi, SECOND)
    assert state_of(budi) == "assessed"
    assert [(place.status, place.printed) for place in standing.places(round_.category_id)] == [("RANKED", "94.25")]
    assert sums_are_right(round_.category_id)


def test_every_open_sheet_of_an_absent_assessor_goes_over_at_once(db, cast):
    round_, (budi, wati, siti) = builders.assessing(cast, "Budi Santoso", "Wati Lestari", "Siti Aminah")
    given = {"category_id": round_.category_id, "former_id": cast.assessor2.user_id, "reason": "Cuti melahirkan."}
    with october():
        builders.assess(cast.assessor2, siti, FIRST)
        replace(cast, sheet_of(cast.assessor, wati), cast.assessor3)
        assert reassessment.replace_all(cast.bkpsdm, user_id=cast.assessor3.user_id, **given) == (1, ("2024-0002",))
        states = {(row.nomination_id, row.assessor_id): row.state for row in Sheet.select()}
        assert [states[id_, cast.assessor2.user_id] for id_ in (budi, wati, siti)] == ["dropped", "open", "submitted"]
        assert states[budi, cast.assessor3.user_id] == "open"
        before = Sheet.select().count()
        for user_id, message in (
            (cast.assessor3.user_id, "tidak dapat menilai satu pun"),
            (cast.assessor2.user_id, "tidak dapat menilai satu pun"),
            (cast.viewer.user_id, "pengguna aktif dengan peran penilai"),
        ):
            with pytest.raises(Invalid, match=message):
                reassessment.replace_all(cast.bkpsdm, user_id=user_id, **given)
        with pytest.raises(Invalid, match="tidak mempunyai lembar yang belum dikirim"):
            reassessment.replace_all(cast.bkpsdm, user_id=cast.assessor.user_id, **given | {"former_id": cast.viewer.user_id})
        with pytest.raises(Invalid, match="wajib diisi"):
            reassessment.replace_all(cast.bkpsdm, user_id=cast.assessor.user_id, **given | {"reason": ""})
        with pytest.raises(NotFound):
            reassessment.replace_all(cast.bkpsdm, user_id=cast.assessor.user_id, **given | {"category_id": 4711})
        for who in (cast.viewer, cast.assessor, cast.unit_admin):
            with pytest.raises(Forbidden):
                reassessment.replace_all(who, user_id=cast.assessor.user_id, **given)
        assert Sheet.select().count() == before
        assert reopenings.with_open_sheets(cast.bkpsdm, round_.category_id) == [
            (cast.assessor2.user_id, "Dewi Penilai", 1),
            (cast.assessor3.user_id, "Hasan Penilai", 2),
            (cast.assessor.user_id, "Siti Penilai", 2),
        ]


def test_after_the_assessment_sheets_go_over_one_by_one(db, cast):
    round_, _ = objecting.ranking_stage(cast)
    with at(3), pytest.raises(IllegalMove, match="sesudahnya satu per satu"):
        reassessment.replace_all(
            cast.bkpsdm,
            category_id=round_.category_id,
            former_id=cast.assessor.user_id,
            user_id=cast.assessor3.user_id,
            reason="Sakit.",
        )


def test_a_replacement_may_be_replaced(db, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    fourth = an_assessor(cast, "penilai4")
    with october():
        replace(cast, sheet_of(cast.assessor2, budi), cast.assessor3)
        replace(cast, sheet_of(cast.assessor3, budi), fourth)
    assert [row.state for row in Sheet.select().order_by(Sheet.id)] == ["open", "dropped", "dropped", "open"]


def test_what_stands_against_a_replacement(db, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    sheet = sheet_of(cast.assessor2, budi)
    of_unit = an_assessor(cast, "penilai-dinkes", Grant(Role.OPD_ADMIN, cast.unit_id))
    with october():
        for by, message in (
            (cast.viewer, "pengguna aktif dengan peran penilai"),
            (cast.assessor, "sudah mempunyai lembar"),
            (cast.assessor2, "sudah mempunyai lembar"),
            (of_unit, "benturan kepentingan: unit kerja yang sama dengan calon"),
        ):
            with pytest.raises(Invalid, match=message) as refusal:
                replace(cast, sheet, by)
            assert refusal.value.problems[0].path == ("userId",)
        with pytest.raises(Invalid, match="wajib diisi"):
            replace(cast, sheet, cast.assessor3, reason=" ")
        with pytest.raises(Conflict):
            replace(cast, sheet, cast.assessor3, version=9)
        with pytest.raises(NotFound):
            reassessment.replace(cast.bkpsdm, sheet_id=4711, user_id=cast.assessor3.user_id, reason="Sakit.", expected_version=1)
        able = reopenings.able_assessors(cast.bkpsdm, budi)
        assert [(each.name, each.conflict) for each in able] == [
            ("Hasan Penilai", ""),
            ("Penilai-Dinkes", "unit kerja yang sama dengan calon"),
        ]
        builders.assess(cast.assessor2, budi, FIRST)
        with pytest.raises(IllegalMove, match="sudah dikirim dan nilainya dihitung"):
            replace(cast, sheet_of(cast.assessor2, budi), cast.assessor3)
    assert Sheet.select().count() == 2


def test_an_assessor_is_let_go_where_enough_are_left(db, cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso", panel=(cast.assessor, cast.assessor2, cast.assessor3))
    with october():
        for assessor in (cast.assessor, cast.assessor2):
            builders.assess(assessor, budi, FIRST)
        version = builders.sheet_version(cast.assessor3, budi)
        assessment.save_marks(cast.assessor3, nomination_id=budi, marks={"gagasan": SECOND["gagasan"]}, expected_version=version)
        drop(cast, sheet_of(cast.assessor3, budi))
    assert (state_of(budi), sheet_of(cast.assessor3, budi).state) == ("assessed", "dropped")
    assert marks_of(round_.category_id, "2024-0001") == [("scored", "38"), ("scored", "38"), ("not_applicable", None)]
    assert [(place.status, place.printed) for place in standing.places(round_.category_id)] == [("RANKED", "98.00")]
    assert sums_are_right(round_.category_id)
    assert Mark.select().where(Mark.assessor == cast.assessor3.user_id).count() == 1


def test_nobody_is_let_go_where_too_few_would_be_left(db, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    with october():
        builders.assess(cast.assessor, budi, FIRST)
        with pytest.raises(Invalid, match="Tersisa 1 penilai, padahal instrumen menghendaki paling sedikit 2"):
            drop(cast, sheet_of(cast.assessor2, budi))
        with pytest.raises(IllegalMove, match="hanya lembar yang belum dikirim"):
            drop(cast, sheet_of(cast.assessor, budi))
        with pytest.raises(Invalid, match="wajib diisi"):
            drop(cast, sheet_of(cast.assessor2, budi), reason="")
        with pytest.raises(Conflict):
            drop(cast, sheet_of(cast.assessor2, budi), version=9)
    assert [row.state for row in Sheet.select().order_by(Sheet.id)] == ["submitted", "open"]


def test_a_sheet_that_was_left_is_not_marked_any_more(db, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso", panel=(cast.assessor, cast.assessor2, cast.assessor3))
    with october():
        drop(cast, sheet_of(cast.assessor3, budi))
        with pytest.raises(IllegalMove, match="dilepas"):
            assessment.save_marks(cast.assessor3, nomination_id=budi, marks=HIGHER, expected_version=2)
    assert Mark.select().count() == 0


def test_after_an_accepted_objection_an_assessor_may_step_back_and_be_replaced(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor)
    with at(7, 13):
        assessment.recuse(cast.assessor, nomination_id=budi, reason="Berselisih dengan calon.")
        assert (state_of(budi), Reopening.get().closed_at is not None) == ("assessed", True)
        replace(cast, sheet_of(cast.assessor, budi), cast.assessor3)
        builders.assess(cast.assessor3, budi, FIRST)
    ranking_id = objecting.final(cast, round_, day=8)
    assert Objection.get().settled_by_id == ranking_id
    assert sums_are_right(round_.category_id)


def test_the_ranking_does_not_start_with_nominees_who_would_stay_incomplete(db, cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    abstaining = FIRST | {"disiplin": {"state": "abstained", "value": "", "note": "Tidak mengenal."}}
    with october():
        builders.assess(cast.assessor, budi, FIRST)
        assessment.recuse(cast.assessor2, nomination_id=budi, reason="Saudara kandung.")
        builders.assess(cast.assessor, wati, FIRST)
        builders.assess(cast.assessor2, wati, abstaining)
    with builders.standing_at(2024, 11, 1), pytest.raises(IllegalMove) as refusal:
        builders.move(cast, round_, PeriodMove.START_RANKING)
    assert [problem.message for problem in refusal.value.problems] == [
        "Usulan 2024-0001 tinggal mempunyai 1 penilai, paling sedikit 2. Tunjuk pengganti.",
        "Usulan 2024-0002: ada kriteria yang hanya dinilai 1 orang, paling sedikit 2. Buka kembali lembarnya.",
    ]
    with builders.standing_at(2024, 11, 1):
        replace(cast, sheet_of(cast.assessor2, budi), cast.assessor3)
        builders.assess(cast.assessor3, budi, FIRST)
        reopen(cast, wati, cast.assessor2, criteria=["disiplin"])
        version = builders.sheet_version(cast.assessor2, wati)
        marks = {"disiplin": FIRST["disiplin"]}
        version = assessment.save_marks(cast.assessor2, nomination_id=wati, marks=marks, expected_version=version)
        assessment.submit_sheet(cast.assessor2, nomination_id=wati, expected_version=version)
        builders.move(cast, round_, PeriodMove.START_RANKING)
    assert (state_of(budi), state_of(wati)) == ("assessed", "assessed")


# Reading ------------------------------------------------------------------------------------------------------------


def test_the_history_of_marks_is_for_bkpsdm_and_auditors(db, cast):
    _, budi = assessed_one(cast)
    with october():
        reopen(cast, budi, cast.assessor, criteria=["gagasan"])
        version = builders.sheet_version(cast.assessor, budi)
        assessment.save_marks(cast.assessor, nomination_id=budi, marks=HIGHER, expected_version=version)
    for who in (cast.bkpsdm, cast.viewer):
        found = reopenings.sheets_of(who, budi)
        (sheet,) = [each for each in found.sheets if each.assessor_id == cast.assessor.user_id]
        values = [(each.label, each.value) for each in sheet.history if each.code == "gagasan"]
        assert values == [("Gagasan", "38"), ("Gagasan", "40")]
        assert [(each.reason, each.criteria, each.by_name) for each in sheet.reopenings] == [
            ("Nilai terlewat dibaca.", ("gagasan",), "Rina Admin")
        ]
    for who in (cast.assessor, cast.unit_admin, cast.unit_head, cast.verifier, cast.outsider):
        with pytest.raises(Forbidden):
            reopenings.sheets_of(who, budi)


def test_reading_the_sheets_costs_the_same_for_two_assessors_and_for_three(db, cast):
    def statements(nomination_id):
        with builders.counted(db) as sent:
            reopenings.sheets_of(cast.bkpsdm, nomination_id)
        return len(sent)

    two, three = (
        builders.assessing(cast, "Dua", slug="dua"),
        builders.assessing(cast, "Tiga", slug="tiga", panel=(cast.assessor, cast.assessor2, cast.assessor3)),
    )
    for round_, actors in ((two, (cast.assessor, cast.assessor2)), (three, (cast.assessor, cast.assessor2, cast.assessor3))):
        with october():
            for actor in actors:
                builders.assess(actor, round_[1][0], FIRST)
            reopen(cast, round_[1][0], *actors)
    assert statements(two[1][0]) == statements(three[1][0])


def an_assessor(cast, username, *grants):
    users.add(cast.bkpsdm, username=username, name=username.title(), password="rahasia-bersama", grants=[Grant(Role.ASSESSOR), *grants])
    return actor_of(User.get(username=username).id, 0, "panel")
