"""What BKPSDM does with announcements: write, schedule, publish, withdraw; the clock does the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid
from sipetruk.models import Announcement
from sipetruk.rules.announcement_states import MOST_NOTE, STATE_LABELS, AnnouncementState, Text, check_slug, check_times, checked, state_of
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.webhooks import Event
from sipetruk.services import audit, clock, events
from sipetruk.services.transaction import check_version, held, once, one, touch, transaction

STATE = AnnouncementState


def create(actor: Actor, *, slug: str, text: Text, is_pinned: bool = False, idempotency_key: str | None = None) -> int:
    """Begin an announcement as a draft; returns its id."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    check_slug(slug)
    clean = checked(text)
    with transaction():
        return once(actor, Action.ANNOUNCEMENT_EDIT, idempotency_key, lambda: _create(actor, slug, clean, is_pinned=is_pinned))


def update(actor: Actor, *, announcement_id: int, text: Text, is_pinned: bool, expected_version: int) -> None:
    """Change what an announcement says; also one that can be read already, which then says when it was changed."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    clean = checked(text)
    with transaction():
        row = _held(announcement_id, expected_version)
        _require(row, STATE.DRAFT, STATE.SCHEDULED, STATE.PUBLISHED)
        before = _content(row)
        row.title, row.body, row.title_en, row.body_en = clean.title, clean.body, clean.title_en, clean.body_en
        row.is_pinned = is_pinned
        touch(row)
        audit.record(actor, Action.ANNOUNCEMENT_EDIT, "announcement", announcement_id, before=before, after=_content(row))


def publish(
    actor: Actor, *, announcement_id: int, expected_version: int, publish_at: datetime | None = None, ends_at: datetime | None = None
) -> None:
    """Let a draft be read from a moment on, at once without one; a scheduled one gets another moment."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    now = clock.now()
    begins = max(publish_at or now, now)
    check_times(begins, ends_at, now)
    with transaction():
        row = _held(announcement_id, expected_version)
        _require(row, STATE.DRAFT, STATE.SCHEDULED)
        before = _times(row)
        row.publish_at, row.ends_at = begins, ends_at
        touch(row)
        events.called_off(Event.ANNOUNCEMENT_PUBLISHED, announcement_id)
        events.happened(Event.ANNOUNCEMENT_PUBLISHED, announcement_id, at=begins, slug=row.slug)
        audit.record(actor, "announcement:publish", "announcement", announcement_id, before=before, after=_times(row))


def unschedule(actor: Actor, *, announcement_id: int, expected_version: int) -> None:
    """Make a scheduled announcement a draft again, before anybody could read it."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    with transaction():
        row = _held(announcement_id, expected_version)
        _require(row, STATE.SCHEDULED)
        before = _times(row)
        row.publish_at = row.ends_at = None
        touch(row)
        events.called_off(Event.ANNOUNCEMENT_PUBLISHED, announcement_id)
        audit.record(actor, "announcement:publish", "announcement", announcement_id, before=before, after=_times(row))


def withdraw(actor: Actor, *, announcement_id: int, note: str, expected_version: int) -> None:
    """Take back an announcement that can be read or was; the reason stays on record."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    note = note.strip()
    if not 1 <= len(note) <= MOST_NOTE:
        raise Invalid("Alasan penarikan wajib diisi, paling banyak %(most)s karakter.", "note", most=MOST_NOTE)
    with transaction():
        row = _held(announcement_id, expected_version)
        _require(row, STATE.PUBLISHED, STATE.ENDED)
        row.withdrawn_at, row.withdrawal_note = clock.now(), note
        touch(row)
        events.happened(Event.ANNOUNCEMENT_WITHDRAWN, announcement_id, slug=row.slug)
        after = {"withdrawn_at": row.withdrawn_at.isoformat()}
        audit.record(actor, "announcement:withdraw", "announcement", announcement_id, after=after, reason=note)


def remove(actor: Actor, *, announcement_id: int, expected_version: int) -> None:
    """Throw away a draft; what could be read once is withdrawn instead and stays on record."""
    require(actor, Action.ANNOUNCEMENT_EDIT)
    with transaction():
        row = _held(announcement_id, expected_version)
        _require(row, STATE.DRAFT)
        before = _content(row)
        row.delete_instance()
        audit.record(actor, "announcement:remove", "announcement", announcement_id, before=before)


def _create(actor: Actor, slug: str, text: Text, *, is_pinned: bool) -> int:
    if Announcement.select().where(Announcement.slug == slug).exists():
        raise Conflict("Alamat “%(slug)s” sudah dipakai pengumuman lain.", "slug", slug=slug)
    now = clock.now()
    row = Announcement.create(
        slug=slug,
        title=text.title,
        body=text.body,
        title_en=text.title_en,
        body_en=text.body_en,
        is_pinned=is_pinned,
        created_at=now,
        created_by=actor.user_id,
        updated_at=now,
    )
    audit.record(actor, Action.ANNOUNCEMENT_EDIT, "announcement", row.id, after={"slug": slug, **_content(row)})
    return int(row.id)


def _held(announcement_id: int, expected_version: int) -> Any:
    row = one(held(Announcement.select().where(Announcement.id == announcement_id)), "Pengumuman")
    check_version(row, expected_version)
    return row


def _require(row: Any, *states: AnnouncementState) -> None:
    found = state_of(row.publish_at, row.ends_at, row.withdrawn_at, clock.now())
    if found not in states:
        raise IllegalMove("Pengumuman berstatus “%(state)s”; langkah ini tidak dapat dilakukan.", state=STATE_LABELS[found])


def _content(row: Any) -> dict[str, Any]:
    return {
        "title": row.title,
        "body": row.body,
        "title_en": row.title_en,
        "body_en": row.body_en,
        "is_pinned": row.is_pinned,
    }


def _times(row: Any) -> dict[str, Any]:
    return {name: value.isoformat() if (value := getattr(row, name)) else None for name in ("publish_at", "ends_at")}
