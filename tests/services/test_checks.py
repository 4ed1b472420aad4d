"""The administrative check: item by item, then one decision, each with its reason and its trace."""

from datetime import UTC, date, datetime

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, CheckItem, Nomination, Review
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import checks, clock, evidence, nominations
from tests.services import builders
from tests.services.builders import PDF, version_of

CHECKING = (2024, 10, 14)


@pytest.fixture
def nomination_id(cast):
    return builders.submitted(cast, builders.open_round(cast))


def state_of(nomination_id):
    return Nomination.get_by_id(nomination_id).state


def trace():
    return (Review.select().count(), CheckItem.select().count(), AuditEntry.select().count())


def test_a_verdict_is_kept_with_its_verifier_and_a_later_one_replaces_it(cast, nomination_id):
    with builders.standing_at(*CHECKING):
        checks.record_item(cast.verifier, nomination_id=nomination_id, requirement="proposal", verdict="absent", note=" Halaman kurang. ")
        checks.record_item(cast.verifier, nomination_id=nomination_id, requirement="proposal", verdict="present")
    kept = CheckItem.select(CheckItem.requirement, CheckItem.verdict, CheckItem.note, CheckItem.checked_by)
    assert list(kept.tuples()) == [("proposal", "present", "", cast.verifier.user_id)]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.before, entry.after) == (
        "nomination:check",
        {"requirement": "proposal", "verdict": "absent", "note": "Halaman kurang."},
        {"requirement": "proposal", "verdict": "present", "note": ""},
    )


@pytest.mark.parametrize(
    ("requirement", "verdict", "path", "message"),
    [
        ("ijazah", "present", ("requirement",), "Jenis bukti ini tidak ada pada instrumen."),
        ("proposal", "maybe", ("verdict",), "Pilih ADA atau TIDAK ADA."),
        ("foto", "present", ("verdict",), "Bukti “Foto kegiatan” belum diunggah, jadi tidak dapat dinyatakan ADA."),
    ],
)
def test_a_verdict_must_make_sense(cast, nomination_id, requirement, verdict, path, message):
    before = trace()
    with builders.standing_at(*CHECKING), pytest.raises(Invalid) as refusal:
        checks.record_item(cast.verifier, nomination_id=nomination_id, requirement=requirement, verdict=verdict)
    assert [(problem.path, problem.message) for problem in refusal.value.problems] == [(path, message)]
    assert trace() == before


def test_several_verdicts_are_saved_together_and_only_what_changed_is_told(cast, nomination_id):
    before = version_of(nomination_id)
    given = {"proposal": ("present", " Lengkap. "), "skp": ("absent", "Tahun 2023 tidak ada.")}
    version = checks.record_items(cast.verifier, nomination_id=nomination_id, items=given, expected_version=before)
    assert (version, version_of(nomination_id)) == (before + 1, before + 1)
    rows = CheckItem.select().order_by(CheckItem.requirement)
    assert [(r.requirement, r.verdict, r.note) for r in rows] == [
        ("proposal", "present", "Lengkap."),
        ("skp", "absent", "Tahun 2023 tidak ada."),
    ]
    entries = AuditEntry.select().count()
    again = checks.record_items(cast.verifier, nomination_id=nomination_id, items=given, expected_version=version)
    assert (again, AuditEntry.select().count()) == (version, entries)


def test_one_bad_verdict_and_none_is_saved(cast, nomination_id):
    given = {"proposal": ("present", ""), "foto": ("present", ""), "skp": ("", "Belum dilihat.")}
    with pytest.raises(Invalid) as refusal:
        checks.record_items(cast.verifier, nomination_id=nomination_id, items=given, expected_version=version_of(nomination_id))
    assert [problem.path for problem in refusal.value.problems] == [("items", "foto", "verdict"), ("items", "skp", "verdict")]
    assert CheckItem.select().count() == 0


def test_verdicts_on_an_old_page_are_refused(cast, nomination_id):
    with pytest.raises(Conflict):
        checks.record_items(
            cast.verifier,
            nomination_id=nomination_id,
            items={"proposal": ("present", "")},
            expected_version=version_of(nomination_id) - 1,
        )
    assert CheckItem.select().count() == 0


def test_accepting_needs_every_required_evidence_to_be_there(cast, nomination_id):
    with builders.standing_at(*CHECKING):
        checks.record_item(cast.verifier, nomination_id=nomination_id, requirement="proposal", verdict="absent")
        before = trace()
        with pytest.raises(Invalid) as refusal:
            checks.accept(cast.verifier, nomination_id=nomination_id, expected_version=version_of(nomination_id))
    assert [(problem.path, problem.message) for problem in refusal.value.problems] == [
        (("checkItems", "proposal"), "Bukti wajib “Proposal” dinyatakan TIDAK ADA."),
        (("checkItems", "skp"), "Bukti “Laporan SKP” belum diperiksa."),
    ]
    assert (state_of(nomination_id), trace()) == ("submitted", before)


def test_an_accepted_nomination_is_verified(cast, nomination_id):
    with builders.standing_at(*CHECKING):
        builders.check_all(cast, nomination_id)
        version = version_of(nomination_id)
        assert checks.accept(cast.verifier, nomination_id=nomination_id, note="Lengkap.", expected_version=version) == version + 1
    assert state_of(nomination_id) == "verified"
    decided = Review.select(Review.decision, Review.reason, Review.due_on, Review.decided_by)
    assert list(decided.tuples()) == [("accepted", "Lengkap.", None, cast.verifier.user_id)]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.before, entry.after, entry.reason) == ({"state": "submitted"}, {"state": "verified", "due_on": None}, "Lengkap.")


def test_a_returned_nomination_goes_back_with_reason_and_deadline_and_can_come_again(cast, nomination_id):
    with builders.standing_at(*CHECKING):
        checks.return_(
            cast.verifier,
            nomination_id=nomination_id,
            reason="Proposal belum ditandatangani.",
            due_on=date(2024, 10, 18),
            expected_version=version_of(nomination_id),
        )
    returned = Nomination.get_by_id(nomination_id)
    assert (returned.state, returned.due_on) == ("returned", date(2024, 10, 18))
    with builders.standing_at(2024, 10, 18):
        builders.attach(cast.unit_admin, nomination_id, content=PDF + b"bertanda tangan")
        nominations.endorse(cast.unit_head, nomination_id=nomination_id, expected_version=version_of(nomination_id))
        nominations.submit(cast.unit_admin, nomination_id=nomination_id, expected_version=version_of(nomination_id))
        builders.check_all(cast, nomination_id)
        checks.accept(cast.verifier, nomination_id=nomination_id, expected_version=version_of(nomination_id))
    assert [row.decision for row in Review.select().order_by(Review.id)] == ["returned", "accepted"]
    assert (state_of(nomination_id), Nomination.get_by_id(nomination_id).due_on) == ("verified", None)


def test_the_deadline_of_a_correction_is_today_or_later(cast, nomination_id):
    before = trace()
    with builders.standing_at(*CHECKING):
        given = {"nomination_id": nomination_id, "reason": "Kurang.", "expected_version": version_of(nomination_id)}
        with pytest.raises(Invalid) as refusal:
            checks.return_(cast.verifier, due_on=date(2024, 10, 13), **given)
        assert refusal.value.problems[0].path == ("dueOn",)
        assert trace() == before
        checks.return_(cast.verifier, due_on=date(2024, 10, 14), **given)
    assert state_of(nomination_id) == "returned"


def test_a_rejected_nomination_goes_no_further(cast, nomination_id):
    with builders.standing_at(*CHECKING):
        version = version_of(nomination_id)
        version = checks.reject(cast.verifier, nomination_id=nomination_id, reason="Masih menjalani hukuman.", expected_version=version)
        with pytest.raises(IllegalMove) as refusal:
            checks.accept(cast.verifier, nomination_id=nomination_id, expected_version=version)
    assert refusal.value.message == "Usulan berstatus “Tidak memenuhi syarat” tidak dapat diterima."
    assert (state_of(nomination_id), [row.reason for row in Review.select()]) == ("rejected", ["Masih menjalani hukuman."])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2_001, "nol\x00"])
def test_returning_and_rejecting_need_a_reason(cast, nomination_id, reason):
    before = trace()
    with builders.standing_at(*CHECKING):
        given = {"nomination_id": nomination_id, "reason": reason, "expected_version": version_of(nomination_id)}
        with pytest.raises(Invalid) as rejecting:
            checks.reject(cast.verifier, **given)
        with pytest.raises(Invalid) as returning:
            checks.return_(cast.verifier, due_on=date(2024, 10, 20), **given)
    assert rejecting.value.problems[0].path == returning.value.problems[0].path == ("reason",)
    assert (state_of(nomination_id), trace()) == ("submitted", before)


def test_a_second_verifier_cannot_decide_on_what_has_changed(cast, nomination_id):
    version = version_of(nomination_id)
    with builders.standing_at(*CHECKING):
        given = {"nomination_id": nomination_id, "due_on": date(2024, 10, 20), "expected_version": version}
        checks.return_(cast.verifier, reason="Kurang.", **given)
        before = trace()
        with pytest.raises(Conflict) as refusal:
            checks.return_(cast.verifier, reason="Lain.", **given)
    assert refusal.value.problems[0].path == ("expectedVersion",)
    assert trace() == before


@pytest.mark.parametrize("who", ["bkpsdm", "unit_admin", "unit_head", "viewer"])
def test_only_verifiers_check(cast, nomination_id, who):
    before = trace()
    given = {"nomination_id": nomination_id, "reason": "Kurang.", "expected_version": version_of(nomination_id)}
    with builders.standing_at(*CHECKING):
        with pytest.raises(Forbidden):
            checks.reject(getattr(cast, who), **given)
        with pytest.raises(Forbidden):
            checks.record_item(getattr(cast, who), nomination_id=nomination_id, requirement="proposal", verdict="present")
    assert (state_of(nomination_id), trace()) == ("submitted", before)


def test_another_unit_and_an_unknown_id_get_the_same_answer(cast, nomination_id):
    answers = []
    for actor, id_ in ((cast.outsider, nomination_id), (cast.verifier, 999_999)):
        with builders.standing_at(*CHECKING), pytest.raises(NotFound) as refusal:
            checks.accept(actor, nomination_id=id_, expected_version=1)
        answers.append(refusal.value.message)
    assert answers == ["Usulan tidak ditemukan."] * 2


def test_a_draft_is_not_checked(cast):
    draft_id = builders.drafted(cast, builders.open_round(cast))
    with builders.standing_at(*CHECKING), pytest.raises(IllegalMove) as refusal:
        checks.record_item(cast.verifier, nomination_id=draft_id, requirement="skp", verdict="present")
    assert refusal.value.message == "Usulan berstatus “Draf” tidak sedang diperiksa."
    assert CheckItem.select().count() == 0


def test_nothing_is_checked_once_the_assessment_has_begun(cast):
    round_ = builders.open_round(cast)
    nomination_id = builders.verified(cast, round_)
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
        with pytest.raises(IllegalMove) as refusal:
            checks.reject(cast.verifier, nomination_id=nomination_id, reason="Terlambat.", expected_version=version_of(nomination_id))
    assert refusal.value.message == (
        "Usulan hanya dapat diperiksa selama pengusulan dan verifikasi administrasi; periode ini berada pada tahap “Penilaian”."
    )
    assert state_of(nomination_id) == "verified"


def test_evidence_can_be_read_while_it_is_checked(cast, nomination_id):
    files = Nomination.get_by_id(nomination_id).evidence
    assert [evidence.open_file(cast.verifier, file.id).filename for file in files] == ["proposal.pdf"]


# The day until which a unit corrects


@pytest.mark.parametrize(
    ("moment", "day", "is_allowed"),
    [
        (datetime(2024, 10, 17, 15, 59, 59, tzinfo=UTC), date(2024, 10, 17), True),
        (datetime(2024, 10, 17, 16, 0, 0, tzinfo=UTC), date(2024, 10, 17), False),
        (datetime(2024, 10, 17, 16, 0, 0, tzinfo=UTC), date(2024, 10, 18), True),
        (datetime(2024, 10, 17, 16, 0, 0, tzinfo=UTC), date(2024, 10, 22), True),
        (datetime(2024, 10, 17, 16, 0, 0, tzinfo=UTC), date(2024, 10, 23), False),
    ],
)
def test_a_correction_ends_in_the_future_and_within_the_check(cast, moment, day, is_allowed):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with clock.standing_at(moment):
        returned = {"nomination_id": id_, "reason": "Foto buram.", "due_on": day, "expected_version": builders.version_of(id_)}
        if is_allowed:
            checks.return_(cast.verifier, **returned)
        else:
            with pytest.raises(Invalid) as refusal:
                checks.return_(cast.verifier, **returned)
            assert [problem.path for problem in refusal.value.problems] == [("dueOn",)]
    assert (Nomination.get_by_id(id_).state, Review.select().count()) == (("returned", 1) if is_allowed else ("submitted", 0))


def test_a_decision_keeps_the_verdicts_on_which_it_was_made(cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 17):
        checks.record_item(cast.verifier, nomination_id=id_, requirement="proposal", verdict="absent", note="Halaman 3 hilang.")
        checks.return_(
            cast.verifier, nomination_id=id_, reason="Lengkapi.", due_on=date(2024, 10, 20), expected_version=builders.version_of(id_)
        )
        now = clock.now().isoformat()
    assert Review.get().items == [
        {
            "requirement": "proposal",
            "verdict": "absent",
            "note": "Halaman 3 hilang.",
            "checked_by": cast.verifier.user_id,
            "checked_at": now,
        }
    ]


# Several at once


def test_several_are_accepted_each_by_itself(cast):
    round_ = builders.open_round(cast)
    good, unchecked, stale = (builders.submitted(cast, round_, name) for name in ("Siti Aminah", "Budi Santoso", "Wati Lestari"))
    with builders.standing_at(2024, 10, 17):
        for id_ in (good, stale):
            builders.check_all(cast, id_)
        versions = {id_: builders.version_of(id_) for id_ in (good, unchecked, stale)} | {stale: 1, 999: 1}
        told = checks.accept_many(cast.verifier, versions=versions, note="Lengkap.")
    assert [(each.nomination_id, [problem.code for problem in each.problems]) for each in told] == [
        (good, []),
        (unchecked, ["BAD_USER_INPUT", "BAD_USER_INPUT"]),
        (stale, ["CONFLICT"]),
        (999, ["NOT_FOUND"]),
    ]
    assert [Nomination.get_by_id(id_).state for id_ in (good, unchecked, stale)] == ["verified", "submitted", "submitted"]
    assert [(review.nomination_id, review.reason) for review in Review.select()] == [(good, "Lengkap.")]


@pytest.mark.parametrize(("versions", "note"), [({}, ""), (dict.fromkeys(range(1, 102), 1), ""), ({1: 1}, "x" * 2_001), ({1: 1}, "\x00")])
def test_a_list_that_is_none_is_refused_as_a_whole(cast, versions, note):
    before = AuditEntry.select().count()
    with pytest.raises(Invalid):
        checks.accept_many(cast.verifier, versions=versions, note=note)
    assert AuditEntry.select().count() == before


@pytest.mark.parametrize("who", ["bkpsdm", "viewer", "assessor", "unit_admin", "unit_head", "outsider"])
def test_only_a_verifier_accepts_several(cast, who):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 17):
        builders.check_all(cast, id_)
        with pytest.raises(Forbidden):
            checks.accept_many(getattr(cast, who), versions={id_: builders.version_of(id_)})
    assert Nomination.get_by_id(id_).state == "submitted"
