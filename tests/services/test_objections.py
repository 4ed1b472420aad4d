"""Objections: filed in their window by the unit or for it, decided once by somebody else, and followed up before the round goes on."""

from __future__ import annotations

import io
from datetime import date

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Nomination, Notification, Objection, Period, Ranking, User
from sipetruk.models.base import database
from sipetruk.queries.users import actor_of
from sipetruk.queries.worklist import worklist
from sipetruk.rules.objecting import Letter
from sipetruk.rules.permissions import Grant, Role
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import clock, nominations, objections, periods, rankings, users
from tests.services import builders, objecting
from tests.services.objecting import REASON, at

LETTER = Letter("800/12/Dinkes", date(2024, 11, 7))
NOT_THERE = "Sanggahan tidak ditemukan."


def second_admin(cast):
    users.add(cast.bkpsdm, username="bkpsdm2", name="Dua", password="rahasia-bersama", grants=[Grant(Role.BKPSDM_ADMIN)])
    return actor_of(User.get(username="bkpsdm2").id, 0, "panel")


def states():
    return [(row.number, row.state) for row in Objection.select().order_by(Objection.id)]


def notices(actor):
    rows = Notification.select().where(Notification.recipient == actor.user_id).order_by(Notification.id)
    return [row.notice for row in rows if row.notice.startswith("objection")]


def test_a_unit_objects_to_the_final_ranking_of_its_nominee(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    objection = Objection.get_by_id(objecting.filed(cast, budi))
    final = Ranking.get(category=round_.category_id, state="final")
    assert (objection.number, objection.state, objection.reason, objection.nomination_id, objection.ranking_id) == (
        "2024-S001",
        "filed",
        REASON,
        budi,
        final.id,
    )
    assert (objection.filed_by_id, objection.letter_number, objection.letter_on, objection.filename) == (
        cast.unit_admin.user_id,
        "",
        None,
        "",
    )
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.thing, entry.thing_id, entry.reason) == ("objection:file", "objection", str(objection.id), REASON)
    assert entry.after == {"number": "2024-S001", "nomination": "2024-0002", "ranking": 1}
    assert notices(cast.bkpsdm) == ["objection_filed"]


def test_the_head_of_the_unit_may_object_as_well(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    objecting.filed(cast, budi, who=cast.unit_head)
    assert states() == [("2024-S001", "filed")]


@pytest.mark.parametrize("who", ["outsider", "verifier", "assessor", "viewer"])
def test_nobody_else_objects(db, cast, who):
    _, (_, budi) = objecting.objection_stage(cast)
    with pytest.raises((Forbidden, NotFound)):
        objecting.filed(cast, budi, who=getattr(cast, who))
    assert states() == []


def test_the_window_is_exact_to_the_second(db, cast):
    round_, (siti, budi) = objecting.ranking_stage(cast)
    with at(5, 12):
        objecting.schedule(cast, round_)
        version = Period.get_by_id(round_.period_id).row_version
        periods.move(
            cast.bkpsdm, period_id=round_.period_id, move=PeriodMove.OPEN_OBJECTION, expected_version=version, reason="Lebih cepat."
        )
    with at(5, 23, 59, 59), pytest.raises(IllegalMove, match="baru dibuka pada 6 November 2024"):
        objections.file(cast.unit_admin, nomination_id=siti, reason=REASON)
    with at(6, 0, 0, 0):
        objections.file(cast.unit_admin, nomination_id=siti, reason=REASON)
    with at(8, 23, 59, 59):
        objections.file(cast.unit_admin, nomination_id=budi, reason=REASON)
    with at(8, 23, 59, 59):
        objections.withdraw(cast.unit_admin, objection_id=1, reason="Keliru.", expected_version=1)
    with at(9, 0, 0, 0), pytest.raises(IllegalMove, match="sudah berakhir pada 8 November 2024"):
        objections.file(cast.unit_admin, nomination_id=siti, reason=REASON)
    assert states() == [("2024-S001", "withdrawn"), ("2024-S002", "filed")]


def test_only_in_the_objection_stage(db, cast):
    round_, (siti, budi) = objecting.ranking_stage(cast)
    with pytest.raises(IllegalMove, match="menunggu masa sanggah; periode ini berada pada tahap “Pemeringkatan”"):
        objecting.filed(cast, budi)
    with at(6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    with pytest.raises(IllegalMove, match="sudah berlalu: periode ini berada pada tahap “Penetapan”"):
        objecting.filed(cast, siti)
    assert states() == []


def test_a_stage_that_nobody_could_use_does_not_open(db, cast):
    round_, _ = objecting.ranking_stage(cast)
    with at(6), pytest.raises(Invalid, match="Jadwal masa sanggah belum diisi"):
        builders.move(cast, round_, PeriodMove.OPEN_OBJECTION)


def test_a_schedule_taken_away_leaves_no_way_in(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    with at(6):
        objecting.schedule(cast, round_, window=None)
    with pytest.raises(IllegalMove, match="Jadwal masa sanggah periode ini belum diisi"):
        objecting.filed(cast, budi)


def test_one_open_objection_for_each_nominee(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    objecting.filed(cast, budi)
    with pytest.raises(Conflict, match="belum diputus"):
        objecting.filed(cast, budi)
    objecting.filed(cast, siti)
    assert states() == [("2024-S001", "filed"), ("2024-S002", "filed")]
    row = Objection.get()
    with pytest.raises(pw.IntegrityError), database.atomic():
        Objection.create(number="X", nomination=budi, ranking=row.ranking_id, reason="x", filed_at=row.filed_at)


def test_after_a_decision_another_objection_may_follow(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    first = objecting.filed(cast, budi)
    with at(7):
        objections.reject(cast.bkpsdm, objection_id=first, reason="Nilai sesuai rubrik.", expected_version=1)
    objecting.filed(cast, budi)
    assert states() == [("2024-S001", "rejected"), ("2024-S002", "filed")]


def test_the_same_key_files_once(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    assert objecting.filed(cast, budi, idempotency_key="k") == objecting.filed(cast, budi, idempotency_key="k")
    assert states() == [("2024-S001", "filed")]


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("", "wajib diisi"),
        ("  ", "wajib diisi"),
        ("Tidak adil.", "paling sedikit 20 karakter; baru ada 11"),
        ("x" * 4001, "Paling banyak 4000"),
    ],
)
def test_a_reason_says_something(db, cast, reason, message):
    _, (_, budi) = objecting.objection_stage(cast)
    with at(7), pytest.raises(Invalid, match=message) as refusal:
        objections.file(cast.unit_admin, nomination_id=budi, reason=reason)
    assert [problem.path for problem in refusal.value.problems] == [("reason",)]
    assert states() == []


def test_a_letter_is_filed_by_bkpsdm_and_counts_by_the_day_of_its_receipt(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    with at(9):
        objections.file(cast.bkpsdm, nomination_id=budi, reason=REASON, letter=Letter(" 800/12/Dinkes ", date(2024, 11, 8)))
    row = Objection.get()
    assert (row.letter_number, row.letter_on) == ("800/12/Dinkes", date(2024, 11, 8))
    assert notices(cast.unit_admin) == ["objection_on_behalf"]
    for letter, message in (
        (Letter("800/13", date(2024, 11, 9)), "dalam masa sanggah, 6 November 2024 sampai 8 November 2024"),
        (Letter("800/13", date(2024, 11, 5)), "dalam masa sanggah"),
        (Letter("800/13", date(2024, 11, 10)), "tidak boleh setelah hari ini"),
        (Letter(" ", date(2024, 11, 8)), "Nomor surat wajib diisi"),
        (Letter("x" * 121, date(2024, 11, 8)), "paling banyak 120"),
        (None, "Sebutkan surat"),
    ):
        with at(9), pytest.raises(Invalid, match=message):
            objections.file(cast.bkpsdm, nomination_id=siti, reason=REASON, letter=letter)
    assert states() == [("2024-S001", "filed")]


def test_a_unit_names_no_letter(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    with pytest.raises(Invalid, match="Surat hanya dicatat"):
        objecting.filed(cast, budi, letter=LETTER)


def test_a_file_goes_with_it_and_is_read_by_whom_it_concerns(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    file = objections.Attachment("../../surat keberatan.exe", io.BytesIO(builders.PDF))
    objection_id = objecting.filed(cast, budi, attachment=file)
    opened = objections.open_attachment(cast.unit_head, objection_id)
    assert (opened.filename, opened.media_type, opened.path.read_bytes()) == ("surat keberatan.exe.pdf", "application/pdf", builders.PDF)
    assert objections.open_attachment(cast.viewer, objection_id) == opened
    for who in (cast.outsider, cast.assessor, cast.verifier):
        with pytest.raises(NotFound, match=NOT_THERE):
            objections.open_attachment(who, objection_id)


@pytest.mark.parametrize(("content", "message"), [(b"", "kosong"), (b"MZ\x90\x00program", "bukan"), (b"<svg/>", "bukan")])
def test_a_file_that_is_none_keeps_the_objection_back(db, cast, content, message):
    _, (_, budi) = objecting.objection_stage(cast)
    with pytest.raises(Invalid, match=message) as refusal:
        objecting.filed(cast, budi, attachment=objections.Attachment("surat.pdf", io.BytesIO(content)))
    assert refusal.value.problems[0].path == ("file",)
    assert states() == []


def test_without_a_file_there_is_none_to_open(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    with pytest.raises(NotFound, match="Lampiran tidak ditemukan"):
        objections.open_attachment(cast.unit_admin, objection_id)


def test_a_nominee_who_is_not_ranked_has_no_result_to_object_to(db, cast):
    _, ids = objecting.objection_stage(cast)
    Nomination.update(state="rejected").where(Nomination.id == ids[1]).execute()
    with pytest.raises(IllegalMove, match="tidak mempunyai hasil yang dapat disanggah"):
        objecting.filed(cast, ids[1])


def test_an_objection_is_decided_once(db, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    with at(9):
        objections.accept(cast.bkpsdm, objection_id=objection_id, reason=" Proposal belum dibaca. ", expected_version=1)
    row = Objection.get()
    assert (row.state, row.decision, row.decided_by_id, row.row_version) == ("accepted", "Proposal belum dibaca.", cast.bkpsdm.user_id, 2)
    for act in (objections.accept, objections.reject):
        with at(9), pytest.raises(IllegalMove, match="sudah “Diterima”"):
            act(cast.bkpsdm, objection_id=objection_id, reason="Lagi.", expected_version=2)
    with at(8), pytest.raises(IllegalMove, match="tidak dapat dicabut"):
        objections.withdraw(cast.unit_admin, objection_id=objection_id, reason="Terlambat.", expected_version=2)
    assert notices(cast.unit_admin) == ["objection_decided"]
    with pytest.raises(pw.IntegrityError), database.atomic():
        Objection.update(decision="Lain.").execute()
    with pytest.raises(pw.IntegrityError), database.atomic():
        Objection.delete().execute()


@pytest.mark.parametrize("act", ["accept", "reject"])
def test_a_decision_needs_words_and_the_version_that_was_read(db, cast, act):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    with at(7), pytest.raises(Invalid, match="wajib diisi"):
        getattr(objections, act)(cast.bkpsdm, objection_id=objection_id, reason=" ", expected_version=1)
    with at(7), pytest.raises(Conflict):
        getattr(objections, act)(cast.bkpsdm, objection_id=objection_id, reason="Alasan.", expected_version=7)
    assert states() == [("2024-S001", "filed")]


@pytest.mark.parametrize("who", ["unit_admin", "unit_head", "viewer", "verifier", "assessor", "outsider"])
def test_only_bkpsdm_decides(db, cast, who):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    for act in (objections.accept, objections.reject):
        with at(7), pytest.raises((Forbidden, NotFound)):
            act(getattr(cast, who), objection_id=objection_id, reason="Alasan.", expected_version=1)
    assert states() == [("2024-S001", "filed")]


def test_nobody_decides_what_he_filed_nor_what_concerns_his_own_unit(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    by_letter = objecting.filed(cast, budi, who=cast.bkpsdm, letter=LETTER)
    with at(7), pytest.raises(Forbidden, match="diputus oleh admin BKPSDM lain"):
        objections.reject(cast.bkpsdm, objection_id=by_letter, reason="Alasan.", expected_version=1)
    other = second_admin(cast)
    with at(7):
        objections.reject(other, objection_id=by_letter, reason="Alasan.", expected_version=1)
    by_unit = objecting.filed(cast, siti)
    both = type(other)(other.user_id, other.username, other.name, (*other.grants, Grant(Role.OPD_HEAD, cast.unit_id)), "panel")
    with at(7), pytest.raises(Forbidden):
        objections.accept(both, objection_id=by_unit, reason="Alasan.", expected_version=1)
    assert states() == [("2024-S001", "rejected"), ("2024-S002", "filed")]


def test_who_filed_takes_it_back_with_a_reason(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    by_unit = objecting.filed(cast, budi)
    by_letter = objecting.filed(cast, siti, who=cast.bkpsdm, letter=LETTER)
    with at(7), pytest.raises(Forbidden, match="hanya dapat dicabut oleh unit itu"):
        objections.withdraw(cast.bkpsdm, objection_id=by_unit, reason="Alasan.", expected_version=1)
    with at(7), pytest.raises(Invalid, match="wajib diisi"):
        objections.withdraw(cast.unit_head, objection_id=by_unit, reason="", expected_version=1)
    with at(7), pytest.raises(Conflict):
        objections.withdraw(cast.unit_head, objection_id=by_unit, reason="Keliru.", expected_version=3)
    for who in (cast.outsider, cast.viewer, cast.assessor):
        with at(7), pytest.raises((Forbidden, NotFound)):
            objections.withdraw(who, objection_id=by_unit, reason="Keliru.", expected_version=1)
    assert states() == [("2024-S001", "filed"), ("2024-S002", "filed")]
    with at(9):
        objections.withdraw(cast.unit_head, objection_id=by_unit, reason="Keliru.", expected_version=1)
        objections.withdraw(cast.bkpsdm, objection_id=by_letter, reason="Surat dicabut.", expected_version=1)
    assert states() == [("2024-S001", "withdrawn"), ("2024-S002", "withdrawn")]
    assert [row.withdrawal_reason for row in Objection.select().order_by(Objection.id)] == ["Keliru.", "Surat dicabut."]


def test_the_stage_does_not_end_while_something_is_open_and_names_it(db, cast):
    round_, (siti, budi) = objecting.objection_stage(cast)
    open_, decided = objecting.filed(cast, siti), objecting.filed(cast, budi)
    with at(8):
        objections.accept(cast.bkpsdm, objection_id=decided, reason="Alasan.", expected_version=1)
    with at(9), pytest.raises(IllegalMove) as refusal:
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    assert [problem.message for problem in refusal.value.problems] == [
        "Sanggahan 2024-S001 belum diputus.",
        "Sanggahan 2024-S002 diterima, tetapi belum menghasilkan pemeringkatan final baru atau catatan bahwa hasil tidak berubah.",
    ]
    with at(9):
        objections.reject(cast.bkpsdm, objection_id=open_, reason="Alasan.", expected_version=1)
        objections.note_no_change(cast.bkpsdm, objection_id=decided, note="Pembulatan dijelaskan.", expected_version=2)
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    assert Period.get_by_id(round_.period_id).state == "determination"
    assert notices(cast.unit_admin)[-1] == "objection_settled"
    with at(9), pytest.raises(IllegalMove, match="sudah berlalu"):
        objections.reject(cast.bkpsdm, objection_id=open_, reason="Alasan.", expected_version=2)


def test_an_equal_ranking_settles_nothing(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.accepted(cast, budi)
    objecting.final(cast, round_, day=8)
    row = Objection.get_by_id(objection_id)
    assert (row.settled_by_id, row.no_change_note, row.row_version) == (None, "", 2)


def test_a_note_is_for_what_was_accepted_and_is_not_open(db, cast):
    round_, (siti, budi) = objecting.objection_stage(cast)
    rejected, chosen = objecting.filed(cast, siti), objecting.accepted(cast, budi)
    note = {"note": "Hasil tetap.", "expected_version": 2}
    with at(8):
        objections.reject(cast.bkpsdm, objection_id=rejected, reason="Alasan.", expected_version=1)
    with at(8), pytest.raises(IllegalMove, match="hanya untuk sanggahan yang diterima"):
        objections.note_no_change(cast.bkpsdm, objection_id=rejected, **note)
    with at(8), pytest.raises(Invalid, match="wajib diisi"):
        objections.note_no_change(cast.bkpsdm, objection_id=chosen, note="", expected_version=2)
    with at(8), pytest.raises(Conflict):
        objections.note_no_change(cast.bkpsdm, objection_id=chosen, note="Tetap.", expected_version=9)
    for who in (cast.unit_admin, cast.viewer):
        with at(8), pytest.raises(Forbidden):
            objections.note_no_change(who, objection_id=chosen, **note)
    objecting.reopened(cast, budi, cast.assessor)
    with at(8), pytest.raises(IllegalMove, match="sedang dibuka kembali"):
        objections.note_no_change(cast.bkpsdm, objection_id=chosen, **note)
    objecting.remarked(cast.assessor, budi, {})
    objecting.final(cast, round_, day=8)
    with at(8):
        objections.note_no_change(cast.bkpsdm, objection_id=chosen, **note)
    with at(8), pytest.raises(Conflict, match="sudah tercatat"):
        objections.note_no_change(cast.bkpsdm, objection_id=chosen, note="Lagi.", expected_version=3)
    assert Objection.get_by_id(chosen).no_change_note == "Hasil tetap."


def test_a_nominee_under_reassessment_keeps_the_round_from_going_on(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor)
    with at(8):
        nominations.withdraw(cast.unit_admin, nomination_id=budi, reason="Pindah tugas.", expected_version=builders.version_of(budi))
    with at(9), pytest.raises(IllegalMove, match="2024-S001 diterima"):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)


def test_a_former_final_ranking_is_still_exported(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    former = Ranking.get(category=round_.category_id, state="final").id
    objecting.accepted(cast, budi)
    objecting.final(cast, round_, day=8)
    assert Ranking.get_by_id(former).state == "superseded"
    assert rankings.export(cast.viewer, ranking_id=former)["result_sha256"] == Ranking.get_by_id(former).result_sha256


def test_the_work_list_says_what_waits_for_a_decision_and_for_what_follows(db, cast):
    _, (siti, budi) = objecting.objection_stage(cast)
    objecting.filed(cast, siti)
    objecting.accepted(cast, budi)
    with at(8):
        found = [(item.sentence, item.thing_id) for item in worklist(cast.bkpsdm, clock.now()) if item.target == "objections"]
    assert found == [
        ("1 sanggahan menunggu keputusan, tenggat hari ini 23.59 WITA", 1),
        ("1 sanggahan diterima menunggu tindak lanjut, tenggat hari ini 23.59 WITA", 2),
    ]


def test_an_objection_whose_nominee_withdraws_is_settled_by_the_next_ranking(db, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor)
    with at(8):
        nominations.withdraw(cast.unit_admin, nomination_id=budi, reason="Pindah tugas.", expected_version=builders.version_of(budi))
    ranking_id = objecting.final(cast, round_, day=8)
    assert Objection.get_by_id(objection_id).settled_by_id == ranking_id
