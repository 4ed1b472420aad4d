"""What a work unit and its head do: draft, fill in, endorse, submit, withdraw; and every way in which they may not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Endorsement, Nomination
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.workflow import WITA, NominationState
from sipetruk.services import audit, checks, clock, nominations, people
from tests.services import builders


def state(nomination_id):
    return Nomination.get_by_id(nomination_id).state


def actions(thing="nomination"):
    return [entry.action for entry in AuditEntry.select().where(AuditEntry.thing == thing).order_by(AuditEntry.id)]


def test_from_the_draft_to_the_submission(cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    nomination = Nomination.get_by_id(id_)
    assert (nomination.number, nomination.state) == ("2024-0001", "submitted")
    assert nomination.answers == {
        "judul": "Antrean daring puskesmas",
        "tingkat": "kabupaten",
        "penghargaan": {"nasional": 1, "provinsi": 0},
    }
    assert nomination.person["full_name"] == "Budi Santoso"
    assert nomination.submitted_at == datetime(2024, 10, 2, 2, tzinfo=UTC)
    assert [a for a in actions() if a.startswith("nomination:")] == [
        "nomination:draft",
        "nomination:draft",
        "nomination:endorse",
        "nomination:submit",
    ]
    assert audit.verify().broken_at is None


def test_the_copy_of_the_person_stays_as_it_was_at_submission(cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    people.update_unit(SYSTEM, unit_id=cast.unit_id, name="Dinas Kesehatan", is_active=True, expected_version=1)
    assert Nomination.get_by_id(id_).person["unit_name"] == "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"


def test_another_unit_gets_the_same_answer_as_for_what_is_not_there(cast):
    id_ = builders.filled(cast, builders.open_round(cast))
    before = Nomination.get_by_id(id_).row_version
    said = []
    with builders.during_nomination():
        for asked in (id_, 999_999, -1):
            with pytest.raises(NotFound) as refused:
                nominations.save_answers(cast.outsider, nomination_id=asked, answers={}, expected_version=before)
            said.append((refused.value.code, refused.value.message, refused.value.problems[0].path))
    assert said == [("NOT_FOUND", "Usulan tidak ditemukan.", ())] * 3
    assert Nomination.get_by_id(id_).row_version == before


def test_an_employee_of_another_unit_cannot_be_nominated(cast):
    round_ = builders.open_round(cast)
    other = builders.employee(cast.other_unit_id, "Orang Lain")
    with builders.during_nomination(), pytest.raises(NotFound):
        nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=other)
    assert Nomination.select().count() == 0


@pytest.mark.parametrize("who", ["unit_head", "bkpsdm", "verifier", "viewer"])
def test_only_the_unit_admin_drafts(cast, who):
    round_ = builders.open_round(cast)
    own = builders.employee(cast.unit_id, "Budi Santoso")
    with builders.during_nomination(), pytest.raises(Forbidden):
        nominations.draft(getattr(cast, who), category_id=round_.category_id, employee_id=own)
    assert Nomination.select().count() == 0


def test_the_unit_admin_cannot_endorse_and_the_head_cannot_submit(cast):
    id_ = builders.filled(cast, builders.open_round(cast))
    with builders.during_nomination():
        with pytest.raises(Forbidden):
            nominations.endorse(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
        with pytest.raises(Forbidden):
            nominations.submit(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
    assert state(id_) == NominationState.ENDORSED


def test_the_same_key_makes_one_draft(cast):
    round_ = builders.open_round(cast)
    own = builders.employee(cast.unit_id, "Budi Santoso")
    with builders.during_nomination():
        ids = [
            nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=own, idempotency_key="klik-1") for _ in range(3)
        ]
    assert len(set(ids)) == 1
    assert Nomination.select().count() == 1


def test_the_same_person_twice_in_a_category_is_a_conflict(cast):
    round_ = builders.open_round(cast)
    own = builders.employee(cast.unit_id, "Budi Santoso")
    with builders.during_nomination():
        nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=own)
        with pytest.raises(Conflict) as refused:
            nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=own)
    assert refused.value.problems[0].path == ("employeeId",)
    assert Nomination.select().count() == 1


def test_the_quota_of_a_unit_is_enforced_and_a_withdrawn_nomination_frees_it(cast):
    round_ = builders.open_round(cast, quota_per_unit=1)
    first = builders.drafted(cast, round_, "Budi Santoso")
    with pytest.raises(Invalid, match="Kuota unit kerja pada kategori ini 1 usulan"):
        builders.drafted(cast, round_, "Wati Lestari")
    with builders.during_nomination():
        nominations.withdraw(cast.unit_admin, nomination_id=first, reason="Salah orang", expected_version=1)
    builders.drafted(cast, round_, "Hendra Wijaya")
    assert [n.state for n in Nomination.select().order_by(Nomination.id)] == ["withdrawn", "draft"]


def test_a_stale_version_is_a_conflict_and_nothing_is_lost(cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        nominations.save_answers(cast.unit_admin, nomination_id=id_, answers={"judul": "Pertama"}, expected_version=1)
        with pytest.raises(Conflict) as refused:
            nominations.save_answers(cast.unit_admin, nomination_id=id_, answers={"judul": "Kedua"}, expected_version=1)
    assert refused.value.problems[0].path == ("expectedVersion",)
    assert Nomination.get_by_id(id_).answers == {"judul": "Pertama"}


def test_an_unfinished_draft_is_kept_and_bad_answers_are_named(cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        nominations.save_answers(cast.unit_admin, nomination_id=id_, answers={"judul": "Hanya judul"}, expected_version=1)
        with pytest.raises(Invalid) as refused:
            nominations.save_answers(cast.unit_admin, nomination_id=id_, answers={"judul": "x" * 101, "tidak_ada": "1"}, expected_version=2)
    assert sorted(problem.path for problem in refused.value.problems) == [("answers", "judul"), ("answers", "tidak_ada")]
    assert Nomination.get_by_id(id_).answers == {"judul": "Hanya judul"}


def test_an_incomplete_nomination_cannot_be_endorsed(cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination(), pytest.raises(Invalid) as refused:
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=1)
    assert ("answers", "judul") in {problem.path for problem in refused.value.problems}
    assert (state(id_), Endorsement.select().count()) == ("draft", 0)


def test_a_change_after_the_endorsement_voids_it(cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    with builders.during_nomination():
        nominations.save_answers(
            cast.unit_admin,
            nomination_id=id_,
            answers=builders.ANSWERS | {"judul": "Judul lain"},
            expected_version=builders.version_of(id_),
        )
        assert state(id_) == NominationState.DRAFT
        assert Endorsement.get().voided_at is not None
        with pytest.raises(IllegalMove):
            nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    assert state(id_) == NominationState.DRAFT


def test_a_new_file_after_the_endorsement_voids_it(cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    with builders.during_nomination():
        builders.attach(cast.unit_admin, id_, content=builders.PDF + b"lain", filename="kedua.pdf")
    assert state(id_) == NominationState.DRAFT


def test_the_head_sends_back_with_a_note(cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    with builders.during_nomination():
        with pytest.raises(Invalid, match="Catatan"):
            nominations.send_back(cast.unit_head, nomination_id=id_, note=" ", expected_version=builders.version_of(id_))
        nominations.send_back(cast.unit_head, nomination_id=id_, note="Lengkapi dampaknya", expected_version=builders.version_of(id_))
    assert state(id_) == NominationState.DRAFT
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().reason == "Lengkapi dampaknya"


def test_the_deadline_is_the_last_second_of_its_day_in_wita(cast):
    on_time = builders.endorsed(cast, builders.open_round(cast))
    last = datetime(2024, 10, 15, 23, 59, 59, tzinfo=WITA)
    with clock.standing_at(last + timedelta(seconds=1)), pytest.raises(IllegalMove, match="ditutup pada 15 Oktober 2024"):
        nominations.submit(cast.unit_admin, nomination_id=on_time, expected_version=builders.version_of(on_time))
    assert state(on_time) == NominationState.ENDORSED
    with clock.standing_at(last):
        nominations.submit(cast.unit_admin, nomination_id=on_time, expected_version=builders.version_of(on_time))
    assert state(on_time) == NominationState.SUBMITTED


def test_a_blocking_rule_stops_the_nomination_and_names_itself(cast):
    rules = [{"fact": "age", "operator": "at_most", "value": 30, "effect": "block", "message": ""}]
    round_ = builders.open_round(cast, eligibility_rules=rules)
    with pytest.raises(Invalid) as refused:
        builders.drafted(cast, round_)
    assert [(p.code, p.path) for p in refused.value.problems] == [("NOT_ELIGIBLE", ("employeeId",))]
    assert "tercatat: 38 tahun" in refused.value.message
    assert Nomination.select().count() == 0


def test_a_warning_and_an_unknown_fact_do_not_stop_it(cast):
    rules = [
        {"fact": "age", "operator": "at_most", "value": 30, "effect": "warn", "message": ""},
        {"fact": "predicate", "operator": "at_least", "value": {"predicate": "BAIK", "years": 2}, "effect": "block", "message": ""},
    ]
    builders.drafted(cast, builders.open_round(cast, eligibility_rules=rules))
    assert Nomination.select().count() == 1


def test_a_returned_nomination_is_corrected_and_submitted_again(cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    with builders.standing_at(2024, 10, 14):
        checks.return_(
            cast.verifier,
            nomination_id=id_,
            reason="Proposal tidak terbaca",
            due_on=date(2024, 10, 20),
            expected_version=builders.version_of(id_),
        )
    with builders.standing_at(2024, 10, 18):
        nominations.save_answers(
            cast.unit_admin,
            nomination_id=id_,
            answers=builders.ANSWERS | {"judul": "Diperbaiki"},
            expected_version=builders.version_of(id_),
        )
        assert state(id_) == NominationState.RETURNED
        with pytest.raises(IllegalMove, match="mengesahkannya kembali"):
            nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    assert state(id_) == NominationState.SUBMITTED


def test_a_submitted_nomination_cannot_be_changed_but_can_be_withdrawn_with_a_reason(cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with builders.during_nomination():
        with pytest.raises(IllegalMove):
            nominations.save_answers(cast.unit_admin, nomination_id=id_, answers={}, expected_version=builders.version_of(id_))
        with pytest.raises(Invalid):
            nominations.withdraw(cast.unit_admin, nomination_id=id_, reason="", expected_version=builders.version_of(id_))
        nominations.withdraw(cast.unit_head, nomination_id=id_, reason="Pindah tugas", expected_version=builders.version_of(id_))
    assert state(id_) == NominationState.WITHDRAWN
