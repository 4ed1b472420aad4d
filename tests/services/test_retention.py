"""Data past its time goes, and only that: rankings, publications, winners and the trail stay and still verify."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from sipetruk.errors import Forbidden, IllegalMove, NotFound
from sipetruk.models import (
    AuditEntry,
    Blob,
    CheckItem,
    Endorsement,
    Evidence,
    LoginAttempt,
    Nomination,
    Notification,
    Period,
    Publication,
    Ranking,
    Review,
)
from sipetruk.queries import nominations as nomination_queries
from sipetruk.queries import rankings as ranking_queries
from sipetruk.queries import retention as queries
from sipetruk.rules import checking
from sipetruk.rules.retention import GONE
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import audit, clock, rankings, results, retention, settings
from tests.services import builders
from tests.services.test_results import determining

ARCHIVED_AT = datetime(2024, 12, 31, 16, 0, tzinfo=UTC)
"""00.00 WITA on 1 January 2025."""
SECOND = timedelta(seconds=1)


def archived(cast):
    """A round with one winner and two who won nothing, published and archived."""
    round_, ids, ranking_id = determining(cast, winners=1)
    given = {
        "category_id": round_.category_id,
        "ranking_id": ranking_id,
        "nomination_ids": ids[:1],
        "decree_number": "1",
        "decree_on": date(2024, 11, 7),
    }
    with builders.standing_at(2024, 11, 8):
        results.determine(cast.bkpsdm, **given)
    with builders.standing_at(2024, 11, 20):
        results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names")
    with clock.standing_at(ARCHIVED_AT):
        builders.move(cast, round_, PeriodMove.ARCHIVE)
    return round_, ids, ranking_id


def five_years_later():
    return clock.standing_at(datetime(2029, 12, 31, 16, 0, 1, tzinfo=UTC))


def test_the_moment_of_archiving_is_kept(cast):
    round_, _, _ = archived(cast)
    assert Period.get_by_id(round_.period_id).archived_at == ARCHIVED_AT


def test_after_five_years_what_did_not_win_is_emptied_and_all_seals_hold(cast):
    _, (winner, *others), ranking_id = archived(cast)
    sealed = rankings.export(cast.bkpsdm, ranking_id=ranking_id)
    for review in Review.select():
        review.items = [{**item, "note": "Tanda tangan kurang jelas."} for item in review.items]
        review.save()
    published = json.dumps(Publication.get().file, sort_keys=True)
    rows_before = (Ranking.select().count(), Publication.select().count(), AuditEntry.select().count())
    with five_years_later():
        plan = queries.plan(cast.viewer, now=clock.now())
        assert [(due.rule.key, due.count, due.files) for due in plan.due][-1] == ("nomination_years", 2, 2)
        assert [(row.nominations, row.due_on, row.is_due) for row in plan.periods] == [(2, date(2030, 1, 1), True)]
        assert retention.apply(cast.bkpsdm)["nominations"] == 2
        assert retention.apply(cast.bkpsdm)["nominations"] == 0
    for number in others:
        row = Nomination.get_by_id(number)
        assert (row.answers, row.person["full_name"], row.person["position"]) == ({}, GONE, "")
        assert row.person["unit_name"].startswith("Dinas Kesehatan")
        assert row.purged_at is not None
        assert Evidence.select().where(Evidence.nomination == number).count() == 0
    kept = Nomination.get_by_id(winner)
    assert (kept.purged_at, kept.answers != {}, Evidence.select().where(Evidence.nomination == winner).count()) == (None, True, 1)
    assert {e.note for e in Endorsement.select().where(Endorsement.nomination.in_(others))} == {""}
    assert {item.note for item in CheckItem.select().where(CheckItem.nomination.in_(others))} == {""}
    checked = [item for review in Review.select().where(Review.nomination.in_(others)) for item in review.items]
    assert {(item["requirement"], item["verdict"], item["note"]) for item in checked} == {
        ("proposal", "present", ""),
        ("skp", "present", ""),
    }
    assert {review.reason for review in Review.select().where(Review.nomination.in_(others))} <= {"", GONE}
    assert rankings.export(cast.bkpsdm, ranking_id=ranking_id) == sealed
    assert checking.check(json.loads(sealed) if isinstance(sealed, (str, bytes)) else sealed).equal
    assert json.dumps(Publication.get().file, sort_keys=True) == published
    assert checking.check(Publication.get().file).equal
    assert audit.verify().broken_at is None
    added = AuditEntry.select().where(AuditEntry.action == "retention:apply", AuditEntry.thing == "nomination")
    assert [(entry.thing_id, entry.after) for entry in added.order_by(AuditEntry.id)] == [(str(number), {"files": 1}) for number in others]
    assert (Ranking.select().count(), Publication.select().count()) == rows_before[:2]


def test_pages_of_what_was_emptied_still_answer(cast):
    round_, (winner, other, _), _ranking_id = archived(cast)
    with five_years_later():
        retention.apply(cast.bkpsdm)
        view = nomination_queries.nomination(cast.unit_admin, other, now=clock.now(), today=clock.today())
        assert (view.row.employee_name, view.row.nip, view.row.position, view.row.purged_at is not None) == (GONE, "", "", True)
        assert (view.eligibility, view.missing, view.evidence) == ((), (), ())
        assert (
            nomination_queries.nomination(cast.unit_admin, winner, now=clock.now(), today=clock.today()).row.employee_name == "Siti Aminah"
        )
        assert ranking_queries.ranking(cast.viewer, round_.category_id) is not None


def test_one_second_before_five_years_nothing_goes(cast):
    archived(cast)
    with clock.standing_at(datetime(2029, 12, 31, 16, 0, tzinfo=UTC)):
        assert retention.apply(cast.bkpsdm)["nominations"] == 0
        assert [row.is_due for row in queries.plan(cast.bkpsdm, now=clock.now()).periods] == [False]
    assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 0


def test_a_period_that_is_not_archived_is_never_emptied(cast):
    round_, _ids, _ = determining(cast, winners=1)
    with clock.standing_at(datetime(2060, 1, 1, tzinfo=UTC)):
        assert retention.apply(cast.bkpsdm)["nominations"] == 0
        with pytest.raises(IllegalMove) as refused:
            retention.purge_period(cast.bkpsdm, period_id=round_.period_id)
    assert "belum diarsipkan" in refused.value.message
    assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 0


def test_one_period_is_emptied_when_its_time_has_come(cast):
    round_, _, _ = archived(cast)
    with builders.standing_at(2026, 1, 1), pytest.raises(IllegalMove) as early:
        retention.purge_period(cast.bkpsdm, period_id=round_.period_id)
    assert "diarsipkan 1 Januari 2025; isiannya disimpan 5 tahun" in early.value.message
    settings.change(cast.bkpsdm, key="nomination_years", value="1", expected_version=0)
    with builders.standing_at(2026, 1, 2):
        assert retention.purge_period(cast.bkpsdm, period_id=round_.period_id) == 2
        with pytest.raises(NotFound):
            retention.purge_period(cast.bkpsdm, period_id=999)


def test_bytes_that_nothing_refers_to_go_with_them(cast):
    archived(cast)
    before = Blob.select().count()
    with five_years_later():
        retention.apply(cast.bkpsdm)
    shared = {row.blob_id for row in Evidence.select()}
    assert {row.sha256 for row in Blob.select()} == shared
    assert len(shared) <= before


def test_attempts_and_read_notifications_go_after_their_days(cast):
    now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    for age in (timedelta(days=90), timedelta(days=90) + SECOND):
        LoginAttempt.create(username_sha256="a" * 64, address="::1", at=now - age, is_success=False)
        Notification.create(recipient=cast.verifier.user_id, notice="x", thing="x", thing_id="1", created_at=now - age, read_at=now - age)
    unread = Notification.create(recipient=cast.verifier.user_id, notice="x", thing="x", thing_id="1", created_at=now - timedelta(days=200))
    Notification.create(recipient=cast.verifier.user_id, notice="x", thing="x", thing_id="1", created_at=now - timedelta(days=400) - SECOND)
    with clock.standing_at(now):
        assert [due.count for due in queries.plan(cast.bkpsdm, now=now).due] == [1, 2, 0, 0]
        told = retention.apply(cast.bkpsdm, is_dry_run=True)
        assert told == {"login_attempts": 1, "notifications": 2, "deliveries": 0, "nominations": 0} == retention.apply(cast.bkpsdm)
    assert LoginAttempt.select().count() == 1
    assert Notification.select().where(Notification.id == unread.id).exists()
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.thing, entry.after) == ("retention", {"login_attempts": 1, "notifications": 2, "deliveries": 0})


def test_nothing_due_leaves_no_entry(cast):
    before = AuditEntry.select().count()
    retention.apply(cast.bkpsdm)
    assert AuditEntry.select().count() == before


def test_who_may(cast):
    round_, _, _ = determining(cast, winners=1)
    for who in (cast.viewer, cast.verifier, cast.unit_admin):
        with pytest.raises(Forbidden):
            retention.apply(who)
        with pytest.raises(Forbidden):
            retention.purge_period(who, period_id=round_.period_id)
    with pytest.raises(Forbidden):
        queries.plan(cast.verifier, now=clock.now())
