"""Announcements that anybody may read at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import Announcement
from sipetruk.queries import paging
from sipetruk.queries.listing import Listing, Sort, flag, integer, moment, text

LANGUAGES = ("id", "en")


@dataclass(frozen=True)
class PublicAnnouncement:
    """An announcement in one language; `languages` are those in which it can be read."""

    id: int
    slug: str
    language: str
    languages: tuple[str, ...]
    title: str
    body: str
    is_pinned: bool
    published_at: datetime
    updated_at: datetime
    ends_at: datetime | None


_IS_PINNED = flag("Disematkan di atas daftar.", "is_pinned", Announcement.is_pinned)
_PUBLISHED_AT = moment("Sejak kapan dapat dibaca.", "published_at", Announcement.publish_at)
ANNOUNCEMENTS = Listing(
    "Announcement",
    {
        "slug": text("Bagian akhir alamat halamannya.", "slug", Announcement.slug),
        "title": text("Judul dalam bahasa yang diinginkan.", "title", is_sortable=False),
        "is_pinned": _IS_PINNED,
        "published_at": _PUBLISHED_AT,
        "updated_at": moment("Kapan terakhir diubah.", "updated_at", Announcement.updated_at),
        "ends_at": moment("Sampai kapan dapat dibaca.", "ends_at", Announcement.ends_at, is_nullable=True),
    },
    (
        Sort(_IS_PINNED, is_descending=True),
        Sort(_PUBLISHED_AT, is_descending=True),
        Sort(integer("Nomor.", "id", Announcement.id), is_descending=True),
    ),
)


def announcements(page: paging.PageRequest, *, now: datetime, language: str = "id") -> paging.Page[PublicAnnouncement]:
    """A page of them, pinned ones first, then the newest (2 statements); what was not translated is in Indonesian."""
    title = Announcement.title
    if language == "en":
        title = pw.Case(None, [(Announcement.title_en == "", Announcement.title)], Announcement.title_en)
    query = _public(Announcement.select(), now)
    return ANNOUNCEMENTS.select(query, page, read=lambda row: _shown(row, language), columns={"title": title})


def announcement(*, now: datetime, slug: str = "", announcement_id: int | None = None, language: str = "id") -> PublicAnnouncement | None:
    """One announcement by its address or its id; None unless it can be read now (1 statement)."""
    wanted = Announcement.slug == slug if announcement_id is None else Announcement.id == announcement_id
    row = _public(Announcement.select(), now).where(wanted).first()
    return _shown(row, language) if row else None


def _public(query: Any, now: datetime) -> Any:
    is_over = ~Announcement.ends_at.is_null() & (Announcement.ends_at <= now)
    return query.where(Announcement.publish_at <= now, Announcement.withdrawn_at.is_null(), ~is_over)


def _shown(row: Any, language: str) -> PublicAnnouncement:
    is_english = language == "en" and bool(row.title_en)
    return PublicAnnouncement(
        row.id,
        row.slug,
        "en" if is_english else "id",
        LANGUAGES if row.title_en else LANGUAGES[:1],
        row.title_en if is_english else row.title,
        row.body_en if is_english else row.body,
        row.is_pinned,
        row.publish_at,
        row.updated_at,
        row.ends_at,
    )
