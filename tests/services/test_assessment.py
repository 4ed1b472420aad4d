"""Every assessor scores alone, on a sheet of the own; what was saved is kept, and what is missing is never 0."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from threading import Barrier

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Criterion, Mark, MarkHistory, MarkSum, Nomination, Sheet
from sipetruk.models.base import database
from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import assessment, nominations
from tests.services import builders
from tests.services.builders import FULL_MARKS, sheet_version


def scored(value, note=""):
    return {"state": "scored", "value": value, "note": note}


def save(actor, nomination_id, marks, version=None):
    version = sheet_version(actor, nomination_id) if version is None else version
    return assessment.save_marks(actor, nomination_id=nomination_id, marks=marks, expected_version=version)


def submit(actor, nomination_id):
    return assessment.submit_sheet(actor, nomination_id=nomination_id, expected_version=sheet_version(actor, nomination_id))


def kept(model=Mark):
    """(username, criterion, state, value in hundredths, note) of every mark, in a stable order."""
    rows = model.select().order_by(model.saved_at, model.assessor, model.criterion)
    return [(row.assessor.username, row.criterion.code, row.state, row.value, row.note) for row in rows]


def problems_of(refusal):
    return [(problem.path, problem.message) for problem in refusal.value.problems]


@pytest.fixture
def nomination_id(cast):
    _, (id_,) = builders.assessing(cast, "Budi Santoso")
    return id_


def test_each_member_of_the_panel_gets_a_sheet_for_each_verified_nominee(cast):
    round_ = builders.open_round(cast)
    verified = [builders.verified(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari")]
    withdrawn = builders.verified(cast, round_, "Udin Hasan")
    builders.drafted(cast, round_, "Tidak Jadi")
    nominations.withdraw(cast.bkpsdm, nomination_id=withdrawn, reason="Pindah.", expected_version=builders.version_of(withdrawn))
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    assert Sheet.select().count() == 0
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
    sheets = Sheet.select(Sheet.nomination, Sheet.assessor, Sheet.state).order_by(Sheet.nomination, Sheet.assessor)
    assert list(sheets.tuples()) == [(id_, member.user_id, "open") for id_ in verified for member in (cast.assessor, cast.assessor2)]


def test_marks_are_kept_in_hundredths_with_author_and_history(cast, nomination_id):
    version = save(cast.assessor, nomination_id, {"gagasan": scored("12,5", " Baik. "), "disiplin": scored("ya")})
    version = save(cast.assessor, nomination_id, {"gagasan": scored("0")}, version)
    assert version == 3
    assert kept() == [("penilai1", "disiplin", "scored", 100, ""), ("penilai1", "gagasan", "scored", 0, "")]
    assert [row[1:4] for row in kept(MarkHistory)] == [
        ("gagasan", "scored", 1250),
        ("disiplin", "scored", 100),
        ("gagasan", "scored", 0),
    ]


def test_two_assessors_do_not_overwrite_each_other(cast, nomination_id):
    save(cast.assessor, nomination_id, {"gagasan": scored("10")})
    save(cast.assessor2, nomination_id, {"gagasan": scored("30")})
    assert [row[:4] for row in kept()] == [("penilai1", "gagasan", "scored", 1000), ("penilai2", "gagasan", "scored", 3000)]


def test_an_unnamed_criterion_stays_and_null_takes_a_mark_back(cast, nomination_id):
    save(cast.assessor, nomination_id, {"gagasan": scored("10"), "disiplin": scored("1")})
    save(cast.assessor, nomination_id, {"disiplin": None, "dampak": None})
    assert [row[1:4] for row in kept()] == [("gagasan", "scored", 1000)]
    assert [row[1:4] for row in kept(MarkHistory)] == [
        ("gagasan", "scored", 1000),
        ("disiplin", "scored", 100),
        ("disiplin", "removed", None),
    ]


def test_saving_the_same_again_changes_nothing(cast, nomination_id):
    version = save(cast.assessor, nomination_id, {"gagasan": scored("12.50")})
    before = (AuditEntry.select().count(), MarkHistory.select().count())
    assert save(cast.assessor, nomination_id, {"gagasan": scored("12,5"), "dampak": None}) == version
    assert (AuditEntry.select().count(), MarkHistory.select().count()) == before


def test_every_bad_mark_is_named_and_none_is_saved(cast, nomination_id):
    before = AuditEntry.select().count()
    marks = {
        "gagasan": scored("40.5"),
        "dampak": scored("15"),
        "disiplin": {"state": "abstained", "value": None, "note": " "},
        "penghargaan": scored("20"),
        "gaya": scored("1"),
    }
    with pytest.raises(Invalid) as refusal:
        save(cast.assessor, nomination_id, marks)
    assert problems_of(refusal) == [
        (("marks", "gagasan"), "Nilai harus antara 0 dan 40."),
        (("marks", "dampak"), "Nilai harus salah satu dari: 0 · 10 · 20."),
        (("marks", "disiplin", "note"), "Tulis alasan abstain."),
        (("marks", "penghargaan"), "Kriteria ini tidak dinilai oleh tim penilai pada instrumen ini."),
        (("marks", "gaya"), "Kriteria ini tidak dinilai oleh tim penilai pada instrumen ini."),
    ]
    with pytest.raises(Invalid):
        save(cast.assessor, nomination_id, {"gagasan": scored("20"), "disiplin": scored("2")})
    assert (kept(), kept(MarkHistory), AuditEntry.select().count(), sheet_version(cast.assessor, nomination_id)) == ([], [], before, 1)


@pytest.mark.parametrize(
    ("mark", "path", "message"),
    [
        (scored("12,25"), ("marks", "gagasan"), "Nilai harus kelipatan 0,5."),
        (scored("-1"), ("marks", "gagasan"), "Nilai harus antara 0 dan 40."),
        (scored("empat"), ("marks", "gagasan"), "Ini bukan angka."),
        (scored("1e1"), ("marks", "gagasan"), "Ini bukan angka."),
        (scored(""), ("marks", "gagasan"), "Nilai belum diisi."),
        (scored(None), ("marks", "gagasan"), "Nilai belum diisi."),
        (scored("10", "x" * 2_001), ("marks", "gagasan", "note"), "Paling banyak 2000 karakter."),
        (scored("10", "nol\x00"), ("marks", "gagasan", "note"), "Harus berupa teks biasa."),
        ({"state": "abstained", "value": "3", "note": "Ragu."}, ("marks", "gagasan"), "Abstain berarti tanpa nilai: kosongkan nilainya."),
        ({"state": "recused", "value": None, "note": ""}, ("marks", "gagasan", "state"), "Keadaan nilai harus “dinilai” atau “abstain”."),
    ],
)
def test_what_is_no_mark_is_refused(cast, nomination_id, mark, path, message):
    with pytest.raises(Invalid) as refusal:
        save(cast.assessor, nomination_id, {"gagasan": mark})
    assert (problems_of(refusal), kept()) == ([(path, message)], [])


def test_the_database_itself_refuses_a_value_out_of_bounds_or_off_the_step(cast, nomination_id):
    row = Criterion.get(code="gagasan")
    bounds = {"minimum": row.minimum, "maximum": row.maximum, "step": row.step}
    mark = {"nomination": nomination_id, "criterion": row, "assessor": cast.assessor.user_id, "state": "scored"}
    mark["saved_at"] = datetime.now(UTC)
    wrong = [({"value": 4_050}, {}), ({"value": 1_225}, {}), ({"value": 4_050}, {"maximum": 5_000}), ({"value": None}, {})]
    for value, forged in wrong:
        with pytest.raises(pw.IntegrityError), database.atomic():
            Mark.create(**mark, **(bounds | forged), **value)
    assert kept() == []


def test_a_second_tab_cannot_overwrite(cast, nomination_id):
    save(cast.assessor, nomination_id, {"gagasan": scored("10")}, version=1)
    with pytest.raises(Conflict) as refusal:
        save(cast.assessor, nomination_id, {"gagasan": scored("20")}, version=1)
    assert refusal.value.problems[0].path == ("expectedVersion",)
    assert [row[3] for row in kept()] == [1000]


def test_the_audit_names_the_criteria_and_not_the_values(cast, nomination_id):
    save(cast.assessor, nomination_id, {"gagasan": scored("12,5"), "disiplin": {"state": "abstained", "note": "Tidak tahu."}})
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.actor, entry.action, entry.thing, entry.before) == ("penilai1", "mark:record", "sheet", None)
    assert entry.after == {"nomination": nomination_id, "marks": {"gagasan": "scored", "disiplin": "abstained"}}


def test_a_sheet_is_handed_in_complete_and_never_changes_again(cast, nomination_id):
    save(cast.assessor, nomination_id, {"dampak": scored("20", "Singkat")})
    with pytest.raises(Invalid) as refusal:
        submit(cast.assessor, nomination_id)
    assert problems_of(refusal) == [
        (("marks", "gagasan"), "“Gagasan” belum dinilai."),
        (("marks", "dampak", "note"), "Catatan untuk “Dampak” paling sedikit 10 karakter; baru ada 7."),
        (("marks", "disiplin"), "“Disiplin” belum dinilai."),
    ]
    save(cast.assessor, nomination_id, FULL_MARKS | {"disiplin": {"state": "abstained", "note": "Tidak tahu."}})
    submit(cast.assessor, nomination_id)
    before, history = kept(), kept(MarkHistory)
    sheet = Sheet.get(nomination=nomination_id, assessor=cast.assessor.user_id)
    assert (sheet.state, sheet.submitted_at is None) == ("submitted", False)
    for change in (
        lambda: save(cast.assessor, nomination_id, {"gagasan": scored("1")}),
        lambda: submit(cast.assessor, nomination_id),
        lambda: assessment.recuse(cast.assessor, nomination_id=nomination_id, reason="Saudara."),
    ):
        with pytest.raises(IllegalMove) as refusal:
            change()
        assert refusal.value.message == "Lembar penilaian ini sudah dikirim dan tidak dapat diubah lagi."
    assert (kept(), kept(MarkHistory)) == (before, history)


def test_handing_in_checks_what_the_assessor_has_seen(cast, nomination_id):
    save(cast.assessor, nomination_id, FULL_MARKS)
    with pytest.raises(Conflict):
        assessment.submit_sheet(cast.assessor, nomination_id=nomination_id, expected_version=1)
    assert Sheet.get(nomination=nomination_id, assessor=cast.assessor.user_id).state == "open"


def test_the_last_sheet_completes_the_assessment_of_the_nominee(cast, nomination_id):
    builders.assess(cast.assessor, nomination_id)
    assert Nomination.get_by_id(nomination_id).state == "verified"
    builders.assess(cast.assessor2, nomination_id)
    assert Nomination.get_by_id(nomination_id).state == "assessed"
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.actor, entry.action, entry.before, entry.after) == (
        "penilai2",
        "nomination:assess",
        {"state": "verified"},
        {"state": "assessed"},
    )


def test_marks_of_a_recused_assessor_are_kept_and_left_out_of_the_ranking(cast):
    round_, (nomination_id,) = builders.assessing(cast, "Budi Santoso", panel=(cast.assessor, cast.assessor2, cast.assessor3))
    save(cast.assessor3, nomination_id, {"gagasan": scored("1")})
    builders.assess(cast.assessor, nomination_id)
    builders.assess(cast.assessor2, nomination_id)
    with pytest.raises(Invalid) as refused:
        assessment.recuse(cast.assessor3, nomination_id=nomination_id, reason="x" * 2_001)
    assert [problem.path for problem in refused.value.problems] == [("reason",)]
    assessment.recuse(cast.assessor3, nomination_id=nomination_id, reason="Saudara kandung.")

    assert Nomination.get_by_id(nomination_id).state == "assessed"
    sheet = Sheet.get(nomination=nomination_id, assessor=cast.assessor3.user_id)
    assert (sheet.state, sheet.reason) == ("recused", "Saudara kandung.")
    assert ("penilai3", "gagasan", "scored", 100, "") in kept()
    (nominee,) = ranking_inputs(round_.category_id)["nominees"]
    assert {mark["assessor"]: (mark["state"], mark["value"]) for mark in nominee["marks"]["gagasan"]} == {
        str(cast.assessor.user_id): ("scored", "40"),
        str(cast.assessor2.user_id): ("scored", "40"),
        str(cast.assessor3.user_id): ("recused", None),
    }
    with pytest.raises(IllegalMove) as refusal:
        save(cast.assessor3, nomination_id, {"gagasan": scored("40")})
    assert refusal.value.message == "Anda sudah mengundurkan diri dari menilai calon ini."


@pytest.mark.parametrize("reason", ["", "  ", "nol\x00", "x" * 2_001])
def test_stepping_back_needs_a_reason(cast, nomination_id, reason):
    with pytest.raises(Invalid):
        assessment.recuse(cast.assessor, nomination_id=nomination_id, reason=reason)
    assert [sheet.state for sheet in Sheet.select()] == ["open", "open"]


def test_who_has_no_sheet_cannot_mark(cast, nomination_id):
    for actor, refused, message in (
        (cast.assessor3, NotFound, "Usulan tidak ditemukan."),
        (cast.outsider, NotFound, "Usulan tidak ditemukan."),
        (cast.bkpsdm, Forbidden, "Anda tidak berhak memberi nilai pada lembar sendiri."),
        (cast.verifier, Forbidden, "Anda tidak berhak memberi nilai pada lembar sendiri."),
        (cast.unit_admin, Forbidden, "Anda tidak berhak memberi nilai pada lembar sendiri."),
    ):
        with pytest.raises(refused) as refusal:
            save(actor, nomination_id, {"gagasan": scored("40")}, version=1)
        assert refusal.value.message == message
    assert kept() == []


def test_no_marks_after_the_assessment(cast):
    round_, (nomination_id, other_id) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    for id_ in (nomination_id, other_id):
        builders.assess(cast.assessor, id_)
    builders.assess(cast.assessor2, nomination_id)
    nominations.withdraw(cast.bkpsdm, nomination_id=other_id, reason="Pensiun.", expected_version=builders.version_of(other_id))
    with pytest.raises(IllegalMove) as refusal:
        save(cast.assessor2, other_id, {"gagasan": scored("1")})
    assert refusal.value.message == "Usulan berstatus “Ditarik” tidak sedang dinilai."
    builders.move(cast, round_, PeriodMove.START_RANKING)
    with pytest.raises(IllegalMove) as refusal:
        save(cast.assessor2, other_id, {"gagasan": scored("1")})
    assert refusal.value.message == "Nilai hanya dapat diisi pada tahap penilaian; periode ini berada pada tahap “Pemeringkatan”."


def together(*acts):
    """What each act answers or refuses, all begun at the same moment on connections of their own."""
    start = Barrier(len(acts))

    def run(act):
        with database.connection_context():
            start.wait()
            try:
                return act()
            except Conflict as refusal:
                return type(refusal)

    with ThreadPoolExecutor(len(acts)) as pool:
        return [found.result() for found in [pool.submit(run, act) for act in acts]]


def test_of_two_tabs_saving_at_once_one_is_refused(cast, nomination_id):
    answers = together(*[lambda value=value: save(cast.assessor, nomination_id, {"gagasan": scored(value)}, 1) for value in ("10", "20")])
    assert sorted(answers, key=str) == [2, Conflict]
    assert [row[3] for row in kept()] == [[1000, 2000][answers.index(2)]]
    assert len(kept(MarkHistory)) == 1


def test_the_last_two_sheets_handed_in_at_once_complete_the_assessment(cast, nomination_id):
    for actor in (cast.assessor, cast.assessor2):
        save(actor, nomination_id, FULL_MARKS)
    assert together(*[lambda actor=actor: submit(actor, nomination_id) for actor in (cast.assessor, cast.assessor2)]) == [3, 3]
    assert (Nomination.get_by_id(nomination_id).state, [row.state for row in Sheet.select()]) == ("assessed", ["submitted"] * 2)


# Kept sums -----------------------------------------------------------------------------------------------------------


def counted_anew(nomination_ids):
    """What the marks of assessors who did not step back add up to, mark by mark, in points: (scored, abstained, points)."""
    found = {}
    stepped_back = {(row.nomination_id, row.assessor_id) for row in Sheet.select().where(Sheet.state == "recused")}
    for mark in Mark.select(Mark, Criterion).join(Criterion, on=(Mark.criterion == Criterion.id)):
        if mark.nomination_id not in nomination_ids or (mark.nomination_id, mark.assessor_id) in stepped_back:
            continue
        worth = Fraction(mark.value or 0, 100) * (20 if mark.criterion.code == "disiplin" else 1)
        scored, abstained, points = found.get((mark.nomination_id, mark.criterion.code), (0, 0, 0))
        is_scored = mark.state == "scored"
        found[mark.nomination_id, mark.criterion.code] = (scored + is_scored, abstained + (not is_scored), points + worth)
    return found


def kept_sums():
    rows = MarkSum.select(MarkSum, Criterion).join(Criterion, on=(MarkSum.criterion == Criterion.id))
    kept = {(row.nomination_id, row.criterion.code): (row.scored, row.abstained, Fraction(row.points, 10**6)) for row in rows}
    return {key: sums for key, sums in kept.items() if any(sums)}


@pytest.mark.parametrize("seed", range(3))
def test_kept_sums_are_those_of_the_marks_whatever_is_saved(db, cast, seed):
    chance = Random(seed)  # noqa: S311  # the same saves every time
    panel = (cast.assessor, cast.assessor2, cast.assessor3)
    _, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari", panel=panel)
    choices = {"gagasan": ("0", "17,5", "40"), "dampak": ("0", "10", "20"), "disiplin": ("1", "0")}
    with builders.standing_at(2024, 10, 24):
        for _ in range(25):
            who, id_ = chance.choice(panel), chance.choice(ids)
            if Sheet.get(nomination=id_, assessor=who.user_id).state == "recused":
                continue
            if chance.random() < 0.06:
                assessment.recuse(who, nomination_id=id_, reason="Kerabat.")
                continue
            marks = {code: {"state": "scored", "value": chance.choice(values), "note": ""} for code, values in choices.items()}
            marks[chance.choice(list(choices))] = chance.choice([None, {"state": "abstained", "note": "Tidak tahu."}])
            named = {code: marks[code] for code in chance.sample(list(marks), chance.randint(1, 3))}
            assessment.save_marks(who, nomination_id=id_, marks=named, expected_version=builders.sheet_version(who, id_))
            assert kept_sums() == counted_anew(ids)


def test_two_assessors_who_save_at_once_both_count(cast, nomination_id):
    together(*[lambda actor=actor: save(actor, nomination_id, FULL_MARKS) for actor in (cast.assessor, cast.assessor2)])
    assert kept_sums() == counted_anew([nomination_id])
    assert kept_sums()[nomination_id, "gagasan"] == (2, 0, 80)


def test_a_refused_sheet_changes_no_sum(db, cast):
    _, (id_,) = builders.assessing(cast, "Budi Santoso")
    with builders.standing_at(2024, 10, 24):
        marks = {"gagasan": {"state": "scored", "value": "40", "note": ""}, "dampak": {"state": "scored", "value": "11", "note": ""}}
        with pytest.raises(Invalid):
            assessment.save_marks(cast.assessor, nomination_id=id_, marks=marks, expected_version=1)
    assert MarkSum.select().count() == 0
