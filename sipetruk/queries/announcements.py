"""Announcements for those who write them: every state, drafts included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.models import Announcement
from sipetruk.queries import visible
from sipetruk.queries.listing import Listing, Sort, choice, flag, integer, moment, text
from sipetruk.rules.announcement_states import AnnouncementState, state_of
from sipetruk.rules.permissions import Action, Actor, require


@dataclass(frozen=True)
class AnnouncementView:
    """An announcement with the state that the clock gives it."""

    id: int
    slug: str
    title: str
    body: str
    title_en: str
    body_en: str
    is_pinned: bool
    publish_at: datetime | None
    ends_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_note: str
    updated_at: datetime
    row_version: int
    state: AnnouncementState


ANNOUNCEMENTS = Listing(
    "Announcement",
    {
        "slug": text("Bagian akhir alamat halamannya.", "slug"),
        "title": text("Judul.", "title"),
        "is_pinned": flag("Disematkan di atas daftar.", "is_pinned"),
        "state": choice("Keadaan sekarang.", "state", AnnouncementState),
        "publish_at": moment("Sejak kapan dapat dibaca.", "publish_at", is_nullable=True),
        "ends_at": moment("Sampai kapan dapat dibaca.", "ends_at", is_nullable=True),
        "withdrawn_at": moment("Kapan ditarik.", "withdrawn_at", is_nullable=True),
        "updated_at": moment("Kapan terakhir diubah.", "updated_at"),
    },
    (Sort(integer("Nomor.", "id"), is_descending=True),),
)


def announcements(actor: Actor, *, now: datetime) -> list[AnnouncementView]:
    """All of them: what is still to come and drafts first, then the newest (1 statement)."""
    require(actor, Action.ANNOUNCEMENT_READ)
    query = Announcement.select().order_by(Announcement.publish_at.desc(nulls="FIRST"), Announcement.id.desc())
    return [_view(row, now) for row in query]


def announcement(actor: Actor, announcement_id: int, *, now: datetime) -> AnnouncementView:
    require(actor, Action.ANNOUNCEMENT_READ)
    return _view(visible.get(Announcement.select(), Announcement, announcement_id, "Pengumuman"), now)


def _view(row: Any, now: datetime) -> AnnouncementView:
    return AnnouncementView(
        row.id,
        row.slug,
        row.title,
        row.body,
        row.title_en,
        row.body_en,
        row.is_pinned,
        row.publish_at,
        row.ends_at,
        row.withdrawn_at,
        row.withdrawal_note,
        row.updated_at,
        row.row_version,
        state_of(row.publish_at, row.ends_at, row.withdrawn_at, now),
    )
