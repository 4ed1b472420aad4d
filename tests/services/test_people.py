"""Units, employees and facts: every bad row is named and then nothing is saved."""

from dataclasses import fields
from datetime import date

import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid
from sipetruk.models import (
    Attendance,
    AuditEntry,
    Employee,
    Endorsement,
    Nomination,
    Notification,
    PerformanceRating,
    Sanction,
    WorkUnit,
)
from sipetruk.rules import journey
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import people
from tests.services import builders


def new(nip, **changes):
    person = {
        "nip": nip,
        "kind": "PNS",
        "name": "Budi Santoso",
        "unit_id": 1,
        "position": "Analis",
        "position_type": "4",
        "grade": "III/a",
        "appointed_on": date(2015, 5, 1),
        "born_on": date(1986, 9, 26),
    }
    return people.NewEmployee(**(person | changes))


def test_pns_and_pppk_are_registered(cast):
    pppk = new("198609262023211001", kind="PPPK", grade="IX", appointed_on=date(2023, 6, 1), unit_id=cast.unit_id)
    ids = people.register_employees(SYSTEM, employees=[new("198609262015051001", unit_id=cast.unit_id), pppk])
    assert [Employee.get_by_id(id_).kind for id_ in ids] == ["PNS", "PPPK"]


def test_every_bad_row_is_named_and_nothing_is_saved(cast):
    rows = [
        new("198609262015051001", unit_id=cast.unit_id),
        new("123", unit_id=cast.unit_id),
        new("198609262015051002", unit_id=cast.unit_id, born_on=date(1990, 1, 1)),
        new("198609262015051003", unit_id=cast.unit_id, name=" "),
    ]
    with pytest.raises(Invalid) as refused:
        people.register_employees(SYSTEM, employees=rows)
    assert [p.path for p in refused.value.problems] == [
        ("employees", "1", "nip"),
        ("employees", "2", "born_on"),
        ("employees", "3", "name"),
    ]
    assert "123" not in refused.value.message
    assert Employee.select().count() == 0


def test_a_number_is_registered_once(cast):
    people.register_employees(SYSTEM, employees=[new("198609262015051001", unit_id=cast.unit_id)])
    with pytest.raises(Conflict):
        people.register_employees(SYSTEM, employees=[new("198609262015051001", unit_id=cast.unit_id)])
    assert Employee.select().count() == 1


def test_saving_adds_changes_and_leaves_equal_rows_alone(cast):
    budi, wati = (new(f"19860926201505100{n}", unit_id=cast.unit_id) for n in (1, 2))
    assert people.save_employees(SYSTEM, employees=[budi]) == people.Saved(added=1)
    moved = new("198609262015051001", unit_id=cast.other_unit_id)
    assert people.save_employees(SYSTEM, employees=[moved, wati]) == people.Saved(added=1, changed=1)
    assert people.save_employees(SYSTEM, employees=[moved, wati]) == people.Saved(unchanged=2)
    rows = [(row.work_unit_id, row.row_version) for row in Employee.select().order_by(Employee.nip)]
    assert rows == [(cast.other_unit_id, 2), (cast.unit_id, 1)]
    trail = AuditEntry.select().where(AuditEntry.thing == "employees").order_by(AuditEntry.id)
    assert [entry.after for entry in trail] == [
        {"rows": 1, "added": 1, "changed": 0, "unchanged": 0},
        {"rows": 2, "added": 1, "changed": 1, "unchanged": 0},
        {"rows": 2, "added": 0, "changed": 0, "unchanged": 2},
    ]


def test_saving_refuses_doubles_and_a_grade_of_the_other_kind(cast):
    rows = [new("198609262015051001", unit_id=cast.unit_id), new("198609262015051001", unit_id=cast.unit_id, grade="IX")]
    with pytest.raises(Invalid) as refused:
        people.save_employees(SYSTEM, employees=rows)
    assert [p.path for p in refused.value.problems] == [("employees", "1", "nip"), ("employees", "1", "grade")]
    assert Employee.select().count() == 0


def test_saving_nothing_is_no_fault(cast):
    assert people.save_employees(SYSTEM, employees=[]) == people.save_units(SYSTEM, units=[]) == people.Saved()


def test_saving_units_renames_the_known_and_refuses_the_name_of_another(cast):
    with pytest.raises(Forbidden):
        people.save_units(cast.unit_admin, units=[people.NewUnit("dinkes", "Milik Saya")])
    with pytest.raises(Invalid) as refused:
        people.save_units(SYSTEM, units=[people.NewUnit("dinkes", "Baru"), people.NewUnit("lain", "Dinas Perhubungan")])
    assert [p.path for p in refused.value.problems] == [("units", "1", "name")]
    assert WorkUnit.get_by_id(cast.unit_id).row_version == 1
    assert people.save_units(SYSTEM, units=[people.NewUnit("dinkes", " Baru "), people.NewUnit("lain", "Lain")]) == people.Saved(1, 1)
    assert (WorkUnit.get_by_id(cast.unit_id).name, WorkUnit.get_by_id(cast.unit_id).row_version) == ("Baru", 2)


def test_the_same_month_twice_is_refused(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    with pytest.raises(Invalid) as refused:
        people.record_attendance(SYSTEM, records=[people.AttendanceRecord(id_, 2024, 4, 9_000)] * 2)
    assert [p.path for p in refused.value.problems] == [("records", "1")]
    assert Attendance.select().count() == 0


def test_a_sanction_is_kept_once_and_an_examination_gives_way_to_its_outcome(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    examined = people.SanctionRecord(id_, "S", date(2024, 1, 1), is_under_examination=True)
    decided = people.SanctionRecord(id_, "R", date(2024, 1, 1), date(2024, 12, 31), decree_number="SK/1")
    assert people.record_sanctions(SYSTEM, records=[examined]) == people.Saved(added=1)
    assert people.record_sanctions(SYSTEM, records=[examined]) == people.Saved(unchanged=1)
    assert people.record_sanctions(SYSTEM, records=[decided]) == people.Saved(changed=1)
    assert people.record_sanctions(SYSTEM, records=[decided]) == people.Saved(unchanged=1)
    assert [(row.level, row.decree_number, row.is_under_examination) for row in Sanction.select()] == [("R", "SK/1", False)]


def test_a_month_on_record_is_replaced(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    for realisation in (9_000, 9_750):
        people.record_attendance(SYSTEM, records=[people.AttendanceRecord(id_, 2024, 4, realisation)])
    assert [row.realisation for row in Attendance.select()] == [9_750]


def test_a_month_out_of_range_is_refused(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    records = [people.AttendanceRecord(id_, 2024, 4, 9_000), people.AttendanceRecord(id_, 2024, 13, 9_000)]
    with pytest.raises(Invalid) as refused:
        people.record_attendance(SYSTEM, records=records)
    assert [p.path for p in refused.value.problems] == [("records", "1")]
    assert Attendance.select().count() == 0


def test_the_predicate_is_derived_and_a_contradiction_refused(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    people.record_ratings(SYSTEM, records=[people.RatingRecord(id_, 2023, "DIATAS ESPEKTASI", "SESUAI EKSPEKTASI")])
    assert [(r.work_result, r.behaviour, r.predicate) for r in PerformanceRating.select()] == [("DI ATAS", "SESUAI", "BAIK")]
    with pytest.raises(Invalid):
        people.record_ratings(SYSTEM, records=[people.RatingRecord(id_, 2022, "SESUAI", "SESUAI", "SANGAT BAIK")])
    assert PerformanceRating.select().count() == 1


def test_a_sanction_of_an_unknown_level_is_refused(cast):
    id_ = builders.employee(cast.unit_id, "Budi Santoso")
    with pytest.raises(Invalid):
        people.record_sanctions(SYSTEM, records=[people.SanctionRecord(id_, "X", date(2024, 1, 1))])
    assert Sanction.select().count() == 0


def test_units_have_a_code_and_a_name_of_their_own(cast):
    before = WorkUnit.select().count()
    new = [("Besar Sekali", ""), ("dinkes", "Nama Lain"), ("baru", " Dinas Kesehatan "), ("baru", "Unit"), ("lain", "Unit ")]
    name = WorkUnit.get(WorkUnit.code == "dinkes").name
    with pytest.raises(Invalid) as refused:
        people.register_units(SYSTEM, units=[people.NewUnit(code, text.replace("Dinas Kesehatan", name)) for code, text in new])
    assert sorted((problem.path[1:], problem.code) for problem in refused.value.problems) == [
        (("0", "code"), "BAD_USER_INPUT"),
        (("0", "name"), "BAD_USER_INPUT"),
        (("1", "code"), "CONFLICT"),
        (("2", "name"), "CONFLICT"),
        (("3", "code"), "BAD_USER_INPUT"),
        (("4", "name"), "BAD_USER_INPUT"),
    ]
    assert WorkUnit.select().count() == before


def test_a_unit_is_renamed_by_bkpsdm_only_and_under_its_version(cast):
    with pytest.raises(Forbidden):
        people.update_unit(cast.unit_admin, unit_id=cast.unit_id, name="Milik Saya", is_active=True, expected_version=1)
    with pytest.raises(Conflict):
        people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name="Nama Baru", is_active=True, expected_version=7)
    people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name="Nama Baru", is_active=False, expected_version=1)
    unit = WorkUnit.get_by_id(cast.unit_id)
    assert (unit.name, unit.is_active, unit.row_version) == ("Nama Baru", False, 2)


def test_a_draft_follows_its_nominee_to_another_unit_and_what_was_submitted_stays(cast):
    round_ = builders.open_round(cast)
    signed, sent = builders.endorsed(cast, round_), builders.submitted(cast, round_, "Siti Aminah")
    moving = []
    for number in (signed, sent):
        nominee = builders.employee_of(number)
        kept = {each.name: getattr(nominee, each.name) for each in fields(people.NewEmployee) if each.name != "unit_id"}
        moving.append(people.NewEmployee(**kept, unit_id=cast.other_unit_id))
    with builders.during_nomination():
        people.save_employees(cast.bkpsdm, employees=moving)
    places = {row.id: (row.work_unit_id, row.state) for row in Nomination.select()}
    assert places == {signed: (cast.other_unit_id, "draft"), sent: (cast.unit_id, "submitted")}
    assert [row.void_reason for row in Endorsement.select().where(Endorsement.nomination == signed)] == [journey.NOMINEE_MOVED]
    told = Notification.select().where(Notification.notice == "nomination_moved").order_by(Notification.id)
    ours = [who.user_id for who in (cast.outsider, cast.unit_admin, cast.unit_head)]
    assert sorted((row.recipient_id, row.thing) for row in told) == sorted(zip(ours, ("nomination", "period", "period"), strict=True))
    entry = AuditEntry.get(AuditEntry.action == "nomination:move")
    assert (entry.thing_id, entry.before, entry.after) == (str(signed), {"unit": cast.unit_id}, {"unit": cast.other_unit_id})
    assert people.save_employees(cast.bkpsdm, employees=moving).unchanged == 2
    assert AuditEntry.select().where(AuditEntry.action == "nomination:move").count() == 1
