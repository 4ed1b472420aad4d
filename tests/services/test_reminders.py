"""Reminders go to units that have not nominated and to assessors who have not finished, each once a day."""

from datetime import datetime

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Notification, Reminder
from sipetruk.queries import notifications as told
from sipetruk.rules.permissions import Grant, Role
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock, notifications, people, reminders, users
from tests.services import builders

UNIT = "Unit Anda belum mengajukan usulan pada ASN Berprestasi 2024; batasnya 15 Oktober 2024 pukul 23.59 WITA."


def at(*moment):
    return clock.standing_at(datetime(*moment, tzinfo=WITA))


def unread(who):
    return [row.text for row in told.notifications(who, only_unread=True).rows]


def forget(cast):
    for who in (cast.unit_admin, cast.unit_head, cast.outsider, cast.assessor, cast.assessor2):
        notifications.mark_all_read(who)


def kept():
    return Reminder.select().count(), Notification.select().count(), AuditEntry.select().count()


def test_all_units_that_have_not_nominated_are_reminded_once(cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    forget(cast)
    with at(2024, 10, 9, 8):
        before = kept()
        counted = reminders.remind_units(cast.bkpsdm, period_id=round_.period_id, is_dry_run=True)
        assert kept() == before
        done = reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
    assert counted == done == reminders.Reminded(1, 1, 0, 0)
    assert (unread(cast.outsider), unread(cast.unit_admin), unread(cast.unit_head)) == ([UNIT], [], [])
    row = Reminder.select().get()
    assert (row.work_unit_id, row.assessor_id, row.sent_by_id, row.told) == (cast.other_unit_id, None, cast.bkpsdm.user_id, 1)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.after) == ("reminder:send", {"units": [cast.other_unit_id], "people": 1})


def test_a_unit_with_only_a_draft_or_a_withdrawn_nomination_has_not_nominated(cast):
    round_ = builders.open_round(cast)
    builders.endorsed(cast, round_)
    forget(cast)
    with at(2024, 10, 9, 8):
        done = reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
    assert (done.count, done.people) == (2, 3)
    assert unread(cast.unit_head) == [UNIT]


def test_a_unit_is_reminded_once_a_day_unless_a_second_time_is_meant(cast):
    round_ = builders.open_round(cast)
    one = {"period_id": round_.period_id, "unit_ids": [cast.other_unit_id]}
    with at(2024, 10, 9, 23, 59, 59):
        assert reminders.remind_units(cast.bkpsdm, **one).count == 1
        before = kept()
        with pytest.raises(Conflict) as refused:
            reminders.remind_units(cast.bkpsdm, **one)
        assert refused.value.message.startswith("Sudah diingatkan hari ini pukul 23.59 WITA.")
        assert kept() == before
        assert reminders.remind_units(cast.bkpsdm, period_id=round_.period_id) == reminders.Reminded(1, 2, 1, 0)
        with pytest.raises(Conflict) as refused:
            reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
        assert refused.value.message == "Semua yang perlu diingatkan sudah diingatkan hari ini."
        assert reminders.remind_units(cast.bkpsdm, **one, again=True).count == 1
    with at(2024, 10, 10, 0, 0, 0):
        assert reminders.remind_units(cast.bkpsdm, **one).count == 1


def test_units_are_reminded_only_while_they_can_nominate(cast):
    round_ = builders.open_round(cast)
    with at(2024, 10, 15, 23, 59, 59):
        assert reminders.remind_units(cast.bkpsdm, period_id=round_.period_id).count == 2
    before = kept()
    for moment in ((2024, 10, 16, 0, 0, 0), (2024, 9, 30, 8)):
        with at(*moment), pytest.raises(IllegalMove):
            reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
    assert kept() == before


def test_a_unit_that_has_nominated_or_is_not_there_is_refused(cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    before = kept()
    with at(2024, 10, 9, 8):
        with pytest.raises(Invalid):
            reminders.remind_units(cast.bkpsdm, period_id=round_.period_id, unit_ids=[cast.unit_id])
        for wrong in ({"unit_ids": [999]}, {"period_id": 999}):
            with pytest.raises(NotFound):
                reminders.remind_units(cast.bkpsdm, **({"period_id": round_.period_id} | wrong))
        for who in (cast.viewer, cast.verifier, cast.unit_admin):
            with pytest.raises(Forbidden):
                reminders.remind_units(who, period_id=round_.period_id)
            with pytest.raises(Forbidden):
                reminders.remind_assessors(who, period_id=round_.period_id)
    assert kept() == before


def test_a_unit_without_people_is_counted_and_nobody_is_told(cast):
    (lonely,) = people.register_units(cast.bkpsdm, units=[people.NewUnit("sepi", "Kantor Sepi")])
    round_ = builders.open_round(cast)
    users.set_active(cast.bkpsdm, user_id=cast.unit_head.user_id, is_active=False, expected_version=1)
    with at(2024, 10, 9, 8):
        assert reminders.remind_units(cast.bkpsdm, period_id=round_.period_id) == reminders.Reminded(2, 2, 0, 1)
        with pytest.raises(Invalid):
            reminders.remind_units(cast.bkpsdm, period_id=round_.period_id, unit_ids=[lonely])


def test_a_person_of_two_units_is_told_and_counted_once(cast):
    both = (Grant(Role.OPD_ADMIN, cast.unit_id), Grant(Role.OPD_HEAD, cast.other_unit_id))
    users.set_grants(cast.bkpsdm, user_id=cast.unit_admin.user_id, grants=both, expected_version=1)
    round_ = builders.open_round(cast)
    forget(cast)
    with at(2024, 10, 9, 8):
        counted = reminders.remind_units(cast.bkpsdm, period_id=round_.period_id, is_dry_run=True)
        done = reminders.remind_units(cast.bkpsdm, period_id=round_.period_id)
    assert counted == done == reminders.Reminded(2, 3, 0, 0)  # its admin, its head, and the admin of the other unit
    assert unread(cast.unit_admin) == [UNIT]
    assert {row.work_unit_id: row.told for row in Reminder.select()} == {cast.unit_id: 2, cast.other_unit_id: 2}
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).get().after["people"] == 3


def test_assessors_are_reminded_of_what_is_left(cast):
    round_, (budi, _) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    with at(2024, 10, 24, 8):
        builders.assess(cast.assessor, budi)
    forget(cast)
    words = "pada ASN Berprestasi 2024 belum dikirim; batasnya 31 Oktober 2024 pukul 23.59 WITA."
    with at(2024, 10, 25, 8):
        before = kept()
        counted = reminders.remind_assessors(cast.bkpsdm, period_id=round_.period_id, is_dry_run=True)
        assert kept() == before
        done = reminders.remind_assessors(cast.bkpsdm, period_id=round_.period_id)
        assert counted == done == reminders.Reminded(2, 2, 0, 0)
        assert unread(cast.assessor) == [f"1 lembar penilaian Anda {words}"]
        assert unread(cast.assessor2) == [f"2 lembar penilaian Anda {words}"]
        one = {"period_id": round_.period_id, "user_ids": [cast.assessor.user_id]}
        with pytest.raises(Conflict):
            reminders.remind_assessors(cast.bkpsdm, **one)
        assert reminders.remind_assessors(cast.bkpsdm, **one, again=True).count == 1
        with pytest.raises(Invalid):
            reminders.remind_assessors(cast.bkpsdm, period_id=round_.period_id, user_ids=[cast.assessor3.user_id])
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert entry.after == {"panel": [cast.assessor.user_id], "people": 1}


def test_assessors_are_reminded_only_while_they_can_mark(cast):
    round_ = builders.open_round(cast)
    before = kept()
    with at(2024, 10, 9, 8), pytest.raises(IllegalMove):
        reminders.remind_assessors(cast.bkpsdm, period_id=round_.period_id)
    assert kept() == before


def test_more_units_cost_no_more_statements(cast, db):
    round_ = builders.open_round(cast)

    def cost():
        with builders.counted(db) as sent, at(2024, 10, 9, 8):
            reminders.remind_units(cast.bkpsdm, period_id=round_.period_id, again=True)
        return len(sent)

    two = cost()
    units = people.register_units(cast.bkpsdm, units=[people.NewUnit(f"u{number}", f"Unit {number}") for number in range(10)])
    officers = [users.NewUser(f"orang{unit_id}", "Orang", (Grant(Role.OPD_ADMIN, unit_id),)) for unit_id in units]
    users.add_many(cast.bkpsdm, users=officers, password=cast.password)
    assert cost() == two
