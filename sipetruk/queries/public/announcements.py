"""Announcements that anybody may read at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.models import Announcement
from sipetruk.queries import paging

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


def announcements(page: paging.PageRequest, *, now: datetime, language: str = "id") -> paging.Page[PublicAnnouncement]:
    """A page of them, pinned ones first, then the newest (2 statements); what was not translated is in Indonesian."""
    keys = _public(Announcement.select(Announcement.id, Announcement.is_pinned, Announcement.publish_at), now)
    ordered = sorted(keys.tuples(), key=lambda row: (row[1], row[2], row[0]), reverse=True)
    found = paging.cut(ordered, lambda row: (int(row[1]), row[2], row[0]), page, descending=(True, True, True))
    wanted = [row[0] for row in found.rows]
    rows = {row.id: row for row in Announcement.select().where(Announcement.id.in_(wanted))} if wanted else {}
    shown = tuple(_shown(rows[key], language) for key in wanted)
    return paging.Page(shown, found.cursors, found.has_next, found.has_previous, found.total)


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
