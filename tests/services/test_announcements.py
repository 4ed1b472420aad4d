"""Announcements by the clock: draft, scheduled, published, ended, withdrawn, and what each state allows."""

from datetime import UTC, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import Announcement, AuditEntry
from sipetruk.queries import announcements as queries
from sipetruk.queries import paging, public
from sipetruk.queries.public import announcements as public_queries
from sipetruk.rules.announcement_states import AnnouncementState, Text
from sipetruk.services import announcements, clock

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
"""00.00 WITA on 25 November."""
SECOND = timedelta(seconds=1)
TEXT = Text("Jadwal pembekalan", "Pembekalan penilai **Senin**.")


@pytest.fixture(autouse=True)
def standing():
    with clock.standing_at(NOON):
        yield


@pytest.fixture
def draft(cast):
    return announcements.create(cast.bkpsdm, slug="pembekalan", text=TEXT)


def publish(cast, number, version=1, **times):
    announcements.publish(cast.bkpsdm, announcement_id=number, expected_version=version, **times)


def readable(moment):
    return [row.slug for row in public_queries.announcements(paging.PageRequest(), now=moment).rows]


def state(cast, number, moment):
    return queries.announcement(cast.bkpsdm, number, now=moment).state


def test_a_scheduled_announcement_appears_at_midnight_wita(cast, draft):
    assert readable(NOON) == []
    publish(cast, draft, publish_at=MIDNIGHT, ends_at=MIDNIGHT + timedelta(days=1))
    moments = [MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + timedelta(days=1) - SECOND, MIDNIGHT + timedelta(days=1)]
    assert [readable(moment) for moment in moments] == [[], ["pembekalan"], ["pembekalan"], []]
    assert [state(cast, draft, moment) for moment in moments] == [
        AnnouncementState.SCHEDULED,
        AnnouncementState.PUBLISHED,
        AnnouncementState.PUBLISHED,
        AnnouncementState.ENDED,
    ]


def test_the_public_revision_moves_only_with_what_can_be_read(cast, draft):
    before = public.publication_revision(now=NOON)
    announcements.update(cast.bkpsdm, announcement_id=draft, text=Text("Baru", "Isi"), is_pinned=False, expected_version=1)
    publish(cast, draft, 2, publish_at=NOON + timedelta(hours=1), ends_at=NOON + timedelta(hours=2))
    assert public.publication_revision(now=NOON) == before
    seen = [public.publication_revision(now=NOON + timedelta(hours=hours)) for hours in (1, 2)]
    assert len({before, *seen}) == 3
    with clock.standing_at(NOON + timedelta(hours=1)):
        announcements.update(cast.bkpsdm, announcement_id=draft, text=TEXT, is_pinned=True, expected_version=3)
    assert public.publication_revision(now=NOON + timedelta(hours=1)) not in seen


def test_published_at_once_and_withdrawn_with_a_reason(cast, draft):
    publish(cast, draft)
    assert readable(NOON) == ["pembekalan"]
    with pytest.raises(Invalid):
        announcements.withdraw(cast.bkpsdm, announcement_id=draft, note=" ", expected_version=2)
    announcements.withdraw(cast.bkpsdm, announcement_id=draft, note="Tanggalnya keliru.", expected_version=2)
    assert readable(NOON) == []
    assert public_queries.announcement(now=NOON, slug="pembekalan") is None
    entries = AuditEntry.select(AuditEntry.action, AuditEntry.reason).where(AuditEntry.thing == "announcement").order_by(AuditEntry.id)
    assert list(entries.tuples()) == [
        ("announcement:edit", ""),
        ("announcement:publish", ""),
        ("announcement:withdraw", "Tanggalnya keliru."),
    ]


def test_a_schedule_is_changed_and_taken_back(cast, draft):
    publish(cast, draft, publish_at=MIDNIGHT)
    publish(cast, draft, 2, publish_at=MIDNIGHT + timedelta(days=1))
    announcements.unschedule(cast.bkpsdm, announcement_id=draft, expected_version=3)
    assert state(cast, draft, MIDNIGHT + timedelta(days=9)) == AnnouncementState.DRAFT
    announcements.remove(cast.bkpsdm, announcement_id=draft, expected_version=4)
    assert Announcement.select().count() == 0


def test_a_moment_that_has_passed_means_now(cast, draft):
    publish(cast, draft, publish_at=NOON - timedelta(days=3))
    assert Announcement.get().publish_at == NOON


@pytest.mark.parametrize(
    ("slug", "text", "path"),
    [
        ("Besar", TEXT, "slug"),
        ("", TEXT, "slug"),
        ("x" * 81, TEXT, "slug"),
        ("a", Text(" ", "isi"), "title"),
        ("a", Text("judul", ""), "body"),
        ("a", Text("judul", "x" * 20_001), "body"),
        ("a", Text("judul", "isi", "title"), "bodyEn"),
        ("a", Text("judul", "isi", "", "body"), "titleEn"),
    ],
)
def test_what_cannot_be_written(cast, slug, text, path):
    with pytest.raises(Invalid) as refused:
        announcements.create(cast.bkpsdm, slug=slug, text=text)
    assert [p.path for p in refused.value.problems] == [(path,)]
    assert Announcement.select().count() == 0


def test_an_address_is_given_once_and_a_resent_creation_creates_nothing(cast, draft):
    with pytest.raises(Conflict):
        announcements.create(cast.bkpsdm, slug="pembekalan", text=TEXT)
    first = announcements.create(cast.bkpsdm, slug="dua", text=TEXT, idempotency_key="k")
    assert announcements.create(cast.bkpsdm, slug="dua", text=TEXT, idempotency_key="k") == first
    assert Announcement.select().count() == 2


def test_steps_that_its_state_does_not_allow(cast, draft):
    for step in (announcements.unschedule, announcements.withdraw):
        more = {"note": "x"} if step is announcements.withdraw else {}
        with pytest.raises(IllegalMove):
            step(cast.bkpsdm, announcement_id=draft, expected_version=1, **more)
    with pytest.raises(Invalid) as ends:
        publish(cast, draft, publish_at=MIDNIGHT, ends_at=MIDNIGHT)
    assert [p.path for p in ends.value.problems] == [("endsAt",)]
    publish(cast, draft)
    with pytest.raises(IllegalMove):
        announcements.remove(cast.bkpsdm, announcement_id=draft, expected_version=2)
    with pytest.raises(IllegalMove):
        publish(cast, draft, 2)
    with pytest.raises(Conflict):
        announcements.update(cast.bkpsdm, announcement_id=draft, text=TEXT, is_pinned=True, expected_version=1)
    with pytest.raises(NotFound):
        announcements.update(cast.bkpsdm, announcement_id=999, text=TEXT, is_pinned=True, expected_version=1)
    assert Announcement.get().row_version == 2


def test_only_bkpsdm_writes_and_the_auditor_reads(cast, draft):
    for who in (cast.viewer, cast.verifier, cast.unit_admin):
        with pytest.raises(Forbidden):
            announcements.create(who, slug="x", text=TEXT)
        with pytest.raises(Forbidden):
            announcements.publish(who, announcement_id=draft, expected_version=1)
        with pytest.raises(Forbidden):
            announcements.remove(who, announcement_id=draft, expected_version=1)
    assert [row.slug for row in queries.announcements(cast.viewer, now=NOON)] == ["pembekalan"]
    with pytest.raises(Forbidden):
        queries.announcements(cast.verifier, now=NOON)


def test_pinned_ones_come_first_then_the_newest_page_by_page(cast):
    for n in range(5):
        number = announcements.create(cast.bkpsdm, slug=f"n{n}", text=TEXT, is_pinned=n == 1)
        with clock.standing_at(NOON + timedelta(minutes=n)):
            publish(cast, number)
    later = NOON + timedelta(hours=1)
    first = public_queries.announcements(paging.asked(first=3), now=later)
    rest = public_queries.announcements(paging.asked(first=3, after=first.cursors[-1]), now=later)
    assert [row.slug for row in first.rows] == ["n1", "n4", "n3"]
    assert [row.slug for row in rest.rows] == ["n2", "n0"]
    assert (first.has_next, rest.has_next, rest.total) == (True, False, 5)


def test_english_where_it_was_translated(cast, draft):
    publish(cast, draft)
    number = announcements.create(cast.bkpsdm, slug="dua", text=Text("Judul", "Isi", "Title", "Body"))
    publish(cast, number)
    rows = {row.slug: row for row in public_queries.announcements(paging.PageRequest(), now=NOON, language="en").rows}
    assert (rows["dua"].language, rows["dua"].title, rows["dua"].languages) == ("en", "Title", ("id", "en"))
    assert (rows["pembekalan"].language, rows["pembekalan"].title, rows["pembekalan"].languages) == ("id", TEXT.title, ("id",))
