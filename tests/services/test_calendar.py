"""A period runs by its dates: each step at the exact second, with its reason on record; what blocks is told once a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier

import pytest

from sipetruk import jobs
from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid
from sipetruk.models import AuditEntry, Notification, Period, StageWindow
from sipetruk.models.base import database
from sipetruk.queries import notifications as told
from sipetruk.rules.workflow import WITA, PeriodMove, PeriodState, Stage
from sipetruk.services import calendar, clock, nominations, notifications, periods
from tests.services import builders


def at(*moment):
    return clock.standing_at(datetime(*moment, tzinfo=WITA))


def run_at(*moment):
    """What moved at this moment, and the state of the only period after it."""
    with at(*moment):
        moved = calendar.run_due()
    return len(moved), str(Period.select().get().state)


def period():
    return Period.select().get()


def waiting(cast):
    return [row.text for row in told.notifications(cast.bkpsdm, only_unread=True).rows]


def test_nominations_close_by_themselves(cast):
    builders.open_round(cast)
    assert run_at(2024, 10, 15, 23, 59, 59) == (0, "open")
    assert run_at(2024, 10, 16, 0, 0, 0) == (1, "verification")
    assert run_at(2024, 10, 16, 0, 0, 1) == (0, "verification")
    entry = AuditEntry.select().where(AuditEntry.action == "period:move").order_by(AuditEntry.id.desc()).get()
    assert (entry.actor, entry.before, entry.after, entry.reason) == (
        "sistem",
        {"state": "open"},
        {"state": "verification"},
        "Jadwal tahap “Pengusulan” berakhir 15 Oktober 2024 pukul 23.59 WITA.",
    )
    assert waiting(cast)[0] == "ASN Berprestasi 2024 memasuki tahap “Verifikasi administrasi”."


def test_a_period_that_was_opened_ahead_takes_nominations_by_its_dates(cast):
    round_ = builders.prepared_round(cast)
    with at(2024, 9, 25):
        builders.move(cast, round_, PeriodMove.OPEN)
    nominee = builders.employee(cast.unit_id, "Budi Santoso")
    with at(2024, 9, 30, 23, 59, 59), pytest.raises(IllegalMove):
        nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=nominee)
    with at(2024, 10, 1, 0, 0, 0):
        assert nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=nominee)


def test_a_round_goes_its_whole_way_where_nothing_blocks(cast):
    round_ = builders.open_round(cast)
    builders.verified(cast, round_)
    assert run_at(2024, 10, 16) == (1, "verification")
    assert run_at(2024, 10, 23) == (1, "assessment")
    assert run_at(2024, 11, 1) == (0, "assessment")
    nomination = periods.Category.get_by_id(round_.category_id).nominations.get()
    with at(2024, 11, 1, 8):
        for who in (cast.assessor, cast.assessor2):
            builders.assess(who, nomination.id)
    assert run_at(2024, 11, 1, 8) == (1, "ranking")
    assert run_at(2024, 11, 6) == (0, "ranking")


def test_what_blocks_is_told_once_a_day_and_not_while_it_is_unread(cast):
    builders.submitted(cast, builders.open_round(cast))
    assert run_at(2024, 10, 16) == (1, "verification")
    notifications.mark_all_read(cast.bkpsdm)
    version = period().row_version
    assert run_at(2024, 10, 23, 0, 0, 0) == (0, "verification")
    text = (
        "Menurut jadwal tahap “Verifikasi administrasi”, ASN Berprestasi 2024 seharusnya sudah melangkah, tetapi masih ada penghalangnya."
    )
    assert waiting(cast) == [text]
    run_at(2024, 10, 24, 8)
    assert waiting(cast) == [text], "the first is still unread"
    with at(2024, 10, 24, 9):
        notifications.mark_all_read(cast.bkpsdm)
    run_at(2024, 10, 23, 23, 59, 59)
    assert waiting(cast) == [], "not twice a day"
    run_at(2024, 10, 25, 0, 0, 0)
    assert waiting(cast) == [text]
    assert period().row_version == version, "nothing of a refused step is kept"
    assert AuditEntry.select().where(AuditEntry.action == "period:move").count() == 2


def test_the_end_of_the_preparation_is_for_people_to_say(cast):
    builders.prepared_round(cast)
    assert run_at(2024, 9, 30, 23, 59, 59) == (0, "preparation")
    assert waiting(cast) == []
    assert run_at(2024, 10, 1, 0, 0, 0) == (0, "preparation")
    text = "Menurut jadwal tahap “Pengusulan”, sudah waktunya ASN Berprestasi 2024 melangkah; langkahnya menunggu keputusan Anda."
    assert waiting(cast) == [text]
    with at(2024, 10, 1, 8):
        notifications.mark_all_read(cast.bkpsdm)
    assert run_at(2024, 10, 16, 0, 0, 0) == (0, "preparation")
    assert waiting(cast) == [], "a window that has passed opens nothing any more"


def test_a_period_that_people_move_waits_for_them(cast):
    builders.open_round(cast)
    calendar.set_automatic(cast.bkpsdm, period_id=period().id, is_automatic=False, expected_version=period().row_version)
    assert run_at(2024, 10, 16) == (0, "open")
    text = "Menurut jadwal tahap “Pengusulan”, sudah waktunya ASN Berprestasi 2024 melangkah; langkahnya menunggu keputusan Anda."
    assert waiting(cast) == [text]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.before, entry.after) == ({"is_automatic": True}, {"is_automatic": False})


def test_the_switch_is_bkpsdms_and_is_no_older_version(cast):
    builders.open_round(cast)
    before = period()
    for who in (cast.viewer, cast.unit_admin, cast.verifier):
        with pytest.raises(Forbidden):
            calendar.set_automatic(who, period_id=before.id, is_automatic=False, expected_version=before.row_version)
    with pytest.raises(Conflict):
        calendar.set_automatic(cast.bkpsdm, period_id=before.id, is_automatic=False, expected_version=before.row_version - 1)
    assert (period().is_automatic, period().row_version) == (True, before.row_version)


def test_several_workers_take_a_step_once(cast):
    builders.open_round(cast)
    barrier = Barrier(3)

    def run(_):
        with database.connection_context(), at(2024, 10, 16):
            barrier.wait()
            return len(calendar.run_due())

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 1
    moves = AuditEntry.select().where(AuditEntry.action == "period:move", AuditEntry.actor == "sistem")
    assert [row.after for row in moves] == [{"state": "verification"}]


def test_a_stage_is_extended_with_a_reason_and_then_closes_later(cast):
    builders.open_round(cast)
    notifications.mark_all_read(cast.unit_admin)
    with at(2024, 10, 15, 23, 59, 59):
        extend(cast, closes_on=date(2024, 10, 16))
    assert [row.text for row in told.notifications(cast.unit_admin, only_unread=True).rows] == [
        "Tahap “Pengusulan” ASN Berprestasi 2024 kini berlangsung sampai 16 Oktober 2024 pukul 23.59 WITA."
    ]
    assert run_at(2024, 10, 16, 23, 59, 59) == (0, "open")
    assert run_at(2024, 10, 17) == (1, "verification")
    entry = AuditEntry.select().where(AuditEntry.reason == "Jaringan terputus.").get()
    assert (entry.before["nomination"], entry.after["nomination"]) == (["2024-10-01", "2024-10-15"], ["2024-10-01", "2024-10-16"])


REFUSED = [
    ({"reason": " "}, "Alasan perpanjangan wajib diisi."),
    ({"closes_on": date(2024, 10, 15)}, "Hari terakhir yang baru harus setelah 15 Oktober 2024."),
    ({"closes_on": date(2024, 10, 16), "on": (2024, 10, 17)}, "Hari terakhir yang baru tidak boleh sudah lewat."),
    ({"closes_on": date(9999, 12, 31)}, "Tahun harus antara 2000 dan 2200."),
    ({"stage": Stage.OBJECTION}, "Tahap “Masa sanggah” belum mempunyai jadwal."),
]


@pytest.mark.parametrize(("given", "message"), REFUSED)
def test_an_extension_that_makes_no_sense_is_refused(cast, given, message):
    builders.open_round(cast)
    before = (period().row_version, Notification.select().count())
    given = dict(given)
    with at(*given.pop("on", (2024, 10, 10))), pytest.raises(Invalid) as refused:
        extend(cast, **given)
    assert refused.value.message == message
    assert (period().row_version, Notification.select().count(), closing_days()[0]) == (*before, date(2024, 10, 15))


def test_a_stage_that_is_over_is_not_extended_and_only_bkpsdm_extends(cast):
    round_ = builders.open_round(cast)
    with at(2024, 10, 16, 8):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
        with pytest.raises(IllegalMove):
            extend(cast)
        extend(cast, stage=Stage.ASSESSMENT, closes_on=date(2024, 11, 2))
        with pytest.raises(Forbidden):
            extend(cast, who=cast.viewer, stage=Stage.ASSESSMENT, closes_on=date(2024, 11, 3))
        with pytest.raises(Conflict):
            extend(cast, stage=Stage.ASSESSMENT, closes_on=date(2024, 11, 3), expected_version=1)
    assert [closing_days()[i] for i in (0, 2)] == [date(2024, 10, 15), date(2024, 11, 2)]


def test_the_worker_turns_the_clockwork(cast):
    builders.open_round(cast)
    clockwork = jobs.Clockwork()
    with at(2024, 10, 15):
        clockwork.turn()
    with at(2024, 10, 16):
        clockwork.turn()
        assert period().state == PeriodState.OPEN, "it looked a moment ago"
        jobs.Clockwork().turn()
    assert period().state == PeriodState.VERIFICATION


def extend(cast, who=None, **given):
    wanted = {"stage": Stage.NOMINATION, "closes_on": date(2024, 10, 20), "reason": "Jaringan terputus."} | given
    calendar.extend(who or cast.bkpsdm, period_id=period().id, **{"expected_version": period().row_version, **wanted})


def closing_days():
    rows = {row.stage: row.closes_on for row in StageWindow.select()}
    return [rows[stage] for stage in Stage if stage in rows]
