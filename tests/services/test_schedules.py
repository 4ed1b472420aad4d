"""A publication made now and public later: sealed until the very second, then by the clock alone; moved or cancelled before."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sipetruk import jobs
from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Job, Notification, Period, Publication, PublishedWinner, WorkUnit
from sipetruk.queries import nominations, periods, public
from sipetruk.queries import results as queries
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.workflow import WITA, NominationState, PeriodState
from sipetruk.services import clock, results, schedules
from sipetruk.services import nominations as taking_out
from tests.kept import kept
from tests.services.test_results import determine, determining

SEALED_AT = datetime(2024, 11, 15, 10, 0, 0, 250_000, WITA)
MOMENT = datetime(2024, 11, 18, 9, 0, 0, tzinfo=WITA)
BEFORE = MOMENT - timedelta(microseconds=1)
SLUG = "siti-aminah-2024"


@kept
def determined(cast):
    round_, ids, ranking_id = determining(cast)
    determine(cast, round_, ranking_id, ids[:2])
    return round_


@kept
def scheduled(cast, policy="names_and_score"):
    round_ = determined(cast)
    with clock.standing_at(SEALED_AT):
        return round_, results.publish(cast.bkpsdm, period_id=round_.period_id, policy=policy, at=MOMENT)


def seen(now):
    """All that a public reader could find at a moment."""
    found = [public.publications(now=now), public.latest_publication(now=now), public.publication_of("2024", now=now)]
    found += [public.winners(now=now).rows, public.winners(now=now, search="Siti").rows, public.withdrawals(now=now)]
    for read in (lambda: public.winner(SLUG, now=now), lambda: public.publication_file("2024", now=now)):
        try:
            found.append(read())
        except NotFound as refusal:
            found.append(refusal.message)
    return [*found, public.period("2024", now=now).state]


NOTHING = [(), None, None, (), (), (), "Pemenang tidak ditemukan.", "Pengumuman tidak ditemukan.", PeriodState.DETERMINATION]


def test_nothing_is_readable_until_the_very_second_and_everything_from_it_on(db, cast):
    before = determined(cast)
    unannounced, revision = seen(BEFORE), public.publication_revision(now=BEFORE)
    with clock.standing_at(SEALED_AT):
        publication_id = results.publish(cast.bkpsdm, period_id=before.period_id, policy="names_and_score", at=MOMENT)
    assert (Publication.select().count(), PublishedWinner.select().count()) == (1, 2)
    assert seen(BEFORE) == unannounced == NOTHING
    assert public.publication_revision(now=BEFORE) == revision
    assert public.publication_revision(now=MOMENT) != public.publication_revision(now=BEFORE)
    publications, latest, of_period, winners, found, withdrawn, winner, file, state = seen(MOMENT)
    assert publications == (latest,) == (of_period,)
    assert (latest.id, latest.published_at, [each.name for each in winners]) == (publication_id, MOMENT, ["Siti Aminah", "Budi Santoso"])
    assert (found, winner, withdrawn, state) == (winners[:1], winners[0], (), PeriodState.PUBLISHED)
    assert (file["published_at"], file["policy"]) == ("2024-11-18T01:00:00+00:00", "names_and_score")
    assert Period.get().state == "determination"


def test_the_worker_moves_the_period_and_tells_people_once_the_moment_has_come(db, cast):
    _, publication_id = scheduled(cast)
    job = Job.get(kind=results.RELEASE)
    assert (job.subject, job.run_at, Notification.select().where(Notification.notice == "result_published").count()) == (
        str(publication_id),
        MOMENT,
        0,
    )
    with clock.standing_at(BEFORE):
        assert jobs.work_once() is False
    with clock.standing_at(MOMENT):
        assert (jobs.work_once(), jobs.work_once()) == (True, False)
    assert (Period.get().state, Publication.get().released_at, Job.get(kind=results.RELEASE).state) == ("published", MOMENT, "done")
    assert (
        Notification.select().where(Notification.notice == "result_published", Notification.recipient == cast.viewer.user_id).count() == 1
    )
    assert [e.action for e in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)] == ["result:release", "period:move"]
    with clock.standing_at(MOMENT + timedelta(days=1)):
        assert schedules.release(cast.bkpsdm, publication_id=publication_id) is False


def test_without_a_worker_somebody_lets_it_out_by_hand(db, cast):
    round_, publication_id = scheduled(cast)
    with clock.standing_at(BEFORE), pytest.raises(IllegalMove, match="belum sampai"):
        schedules.release(cast.bkpsdm, publication_id=publication_id)
    with clock.standing_at(MOMENT):
        assert queries.results(cast.bkpsdm, round_.period_id, now=MOMENT).publications[0].awaits_release
        assert schedules.release(cast.bkpsdm, publication_id=publication_id)
        assert not queries.results(cast.bkpsdm, round_.period_id, now=MOMENT).publications[0].awaits_release
    assert Period.get().state == "published"


def test_only_what_was_previewed_is_sealed(db, cast):
    round_ = determined(cast)
    previewed = results.preview(cast.bkpsdm, period_id=round_.period_id, policy="names").sha256
    WorkUnit.update(name="Dinas Kesehatan").where(WorkUnit.id == cast.unit_id).execute()
    with clock.standing_at(SEALED_AT), pytest.raises(Conflict, match="berubah sejak pratinjau") as refusal:
        results.publish(cast.bkpsdm, period_id=round_.period_id, at=MOMENT, expected_sha256=previewed)
    assert refusal.value.problems[0].path == ("expectedSha256",)
    assert (Publication.select().count(), Job.select().where(Job.kind == results.RELEASE).count()) == (0, 0)
    again = results.preview(cast.bkpsdm, period_id=round_.period_id, policy="names").sha256
    with clock.standing_at(SEALED_AT):
        results.publish(cast.bkpsdm, period_id=round_.period_id, at=MOMENT, expected_sha256=again)
    assert Publication.get().content_sha256 == again != previewed
    assert results.preview(cast.bkpsdm, period_id=round_.period_id, policy="names_and_score").sha256 != again


def test_what_was_sealed_goes_public_whatever_changes_meanwhile(db, cast):
    scheduled(cast)
    WorkUnit.update(name="Nama lain").where(WorkUnit.id == cast.unit_id).execute()
    assert "Nama lain" not in repr(seen(MOMENT))


def test_a_unit_learns_who_won_with_everybody_else(db, cast):
    def told(actor, now):
        rows = nominations.nominations(actor, now=now).rows
        return sorted(row.state.value for row in rows), periods.periods(actor)[0].categories[0].nominations

    def found(actor, now, state):
        return len(nominations.nominations(actor, now=now, states=[state]).rows)

    _, publication_id = scheduled(cast)
    for row in nominations.nominations(cast.unit_admin, now=BEFORE).rows:
        with pytest.raises(IllegalMove, match="Usulan berstatus “Diperingkat” tidak dapat ditarik"):
            taking_out.withdraw(cast.unit_admin, nomination_id=row.id, reason="Pindah.", expected_version=row.row_version)
    for actor in (cast.unit_admin, cast.unit_head, cast.assessor):
        assert told(actor, BEFORE) == (["ranked"] * 3, {NominationState.RANKED: 3})
        assert [
            found(actor, BEFORE, state) for state in (NominationState.RANKED, NominationState.AWARDED, NominationState.NOT_AWARDED)
        ] == [3, 0, 0]
    known = (["awarded", "awarded", "not_awarded"], {NominationState.AWARDED: 2, NominationState.NOT_AWARDED: 1})
    assert told(cast.bkpsdm, BEFORE) == told(cast.viewer, BEFORE) == known
    with clock.standing_at(MOMENT):
        schedules.release(SYSTEM, publication_id=publication_id)
    assert told(cast.unit_admin, MOMENT) == known
    assert [
        found(cast.unit_admin, MOMENT, state) for state in (NominationState.RANKED, NominationState.AWARDED, NominationState.NOT_AWARDED)
    ] == [0, 2, 1]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (SEALED_AT, "setelah sekarang"),
        (SEALED_AT.replace(microsecond=900_000), "setelah sekarang"),
        (MOMENT.replace(tzinfo=None), "zona waktu"),
        (SEALED_AT + timedelta(days=367), "satu tahun"),
    ],
)
def test_a_moment_is_later_than_now_and_within_a_year(db, cast, at, words):
    round_ = determined(cast)
    with clock.standing_at(SEALED_AT), pytest.raises(Invalid, match=words) as refusal:
        results.publish(cast.bkpsdm, period_id=round_.period_id, at=at)
    assert (refusal.value.problems[0].path, Publication.select().count()) == (("at",), 0)


def test_a_scheduled_publication_is_called_off_and_never_was_public(db, cast):
    round_, publication_id = scheduled(cast)
    with clock.standing_at(BEFORE):
        with pytest.raises(Invalid, match="wajib diisi"):
            schedules.cancel(cast.bkpsdm, publication_id=publication_id, reason=" ")
        with pytest.raises(IllegalMove, match="batalkan jadwalnya"):
            results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Salah.")
        with pytest.raises(Conflict, match="sudah dijadwalkan"):
            results.publish(cast.bkpsdm, period_id=round_.period_id)
        schedules.cancel(cast.bkpsdm, publication_id=publication_id, reason="Bupati berhalangan.")
        with pytest.raises(Conflict, match="sudah dibatalkan"):
            schedules.cancel(cast.bkpsdm, publication_id=publication_id, reason="Lagi.")
    assert seen(MOMENT) == NOTHING
    with clock.standing_at(MOMENT):
        assert jobs.work_once() is True
        view = queries.results(cast.bkpsdm, round_.period_id, now=MOMENT).publications[0]
        assert (view.state, view.withdrawal_note) == ("cancelled", "Bupati berhalangan.")
        results.publish(cast.bkpsdm, period_id=round_.period_id)
    assert (Period.get().state, [each.number for each in public.publications(now=MOMENT)]) == ("published", [2])


def test_once_public_it_is_withdrawn_not_called_off(db, cast):
    _, publication_id = scheduled(cast)
    with clock.standing_at(MOMENT):
        for act in (
            lambda: schedules.cancel(cast.bkpsdm, publication_id=publication_id, reason="Salah."),
            lambda: schedules.reschedule(cast.bkpsdm, publication_id=publication_id, at=MOMENT + timedelta(days=1)),
        ):
            with pytest.raises(IllegalMove, match="sudah terbit"):
                act()
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Nama keliru.")
        assert jobs.work_once() is True
    (withdrawal,) = public.withdrawals(now=MOMENT)
    assert (withdrawal.number, withdrawal.note, withdrawal.withdrawn_at) == (1, "Nama keliru.", MOMENT)
    assert Period.get().state == "determination"


def test_another_moment_is_another_copy_of_the_same(db, cast):
    _, publication_id = scheduled(cast)
    later = MOMENT + timedelta(days=2)
    with clock.standing_at(BEFORE):
        moved = schedules.reschedule(cast.bkpsdm, publication_id=publication_id, at=later)
    first, second = Publication.select().order_by(Publication.number)
    assert (second.id, second.published_at, second.policy) == (moved, later, "names_and_score")
    assert (second.content_sha256, first.withdrawn_at is None) == (first.content_sha256, False)
    assert seen(later - timedelta(seconds=1)) == NOTHING
    assert seen(later)[1].id == moved
    entry = AuditEntry.get(AuditEntry.action == "result:schedule", AuditEntry.thing_id == str(moved))
    assert (entry.before["published_at"], entry.after["published_at"]) == ("2024-11-18T01:00:00+00:00", "2024-11-20T01:00:00+00:00")


def test_a_changed_content_is_not_moved_silently(db, cast):
    _, publication_id = scheduled(cast)
    WorkUnit.update(name="Nama lain").where(WorkUnit.id == cast.unit_id).execute()
    with clock.standing_at(BEFORE), pytest.raises(Conflict, match="berubah sejak dijadwalkan"):
        schedules.reschedule(cast.bkpsdm, publication_id=publication_id, at=MOMENT + timedelta(days=1))
    assert (Publication.select().count(), Publication.get().withdrawn_at) == (1, None)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider"])
def test_others_may_not_touch_the_schedule(db, cast, who):
    _, publication_id = scheduled(cast)
    actor = getattr(cast, who)
    with clock.standing_at(BEFORE):
        for act in (
            lambda: schedules.cancel(actor, publication_id=publication_id, reason="Salah."),
            lambda: schedules.reschedule(actor, publication_id=publication_id, at=MOMENT + timedelta(days=1)),
            lambda: schedules.release(actor, publication_id=publication_id),
        ):
            with pytest.raises(Forbidden):
                act()
    assert (Publication.select().count(), Publication.get().withdrawn_at) == (1, None)


def test_an_unknown_publication_is_not_there(db, cast):
    for act in (
        lambda: schedules.cancel(SYSTEM, publication_id=4711, reason="Salah."),
        lambda: schedules.reschedule(SYSTEM, publication_id=4711, at=clock.now() + timedelta(days=1)),
        lambda: schedules.release(SYSTEM, publication_id=4711),
    ):
        with pytest.raises(NotFound):
            act()
