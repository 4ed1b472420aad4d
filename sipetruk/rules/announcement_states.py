"""Announcements: when one can be read, and what it must say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sipetruk.errors import Invalid, Problem

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MOST_TITLE, MOST_BODY, MOST_SLUG, MOST_NOTE = 200, 20_000, 80, 1_000


class AnnouncementState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


STATE_LABELS: dict[AnnouncementState, str] = {
    AnnouncementState.DRAFT: "Draf",
    AnnouncementState.SCHEDULED: "Dijadwalkan",
    AnnouncementState.PUBLISHED: "Terbit",
    AnnouncementState.ENDED: "Berakhir",
    AnnouncementState.WITHDRAWN: "Ditarik",
}


@dataclass(frozen=True)
class Text:
    """What an announcement says; the English half is there as a whole or not at all."""

    title: str
    body: str
    title_en: str = ""
    body_en: str = ""


def state_of(publish_at: datetime | None, ends_at: datetime | None, withdrawn_at: datetime | None, now: datetime) -> AnnouncementState:
    """Where an announcement stands at `now` (aware): the moment of publication belongs to it, that of its end does not."""
    if withdrawn_at is not None:
        return AnnouncementState.WITHDRAWN
    if publish_at is None:
        return AnnouncementState.DRAFT
    if now < publish_at:
        return AnnouncementState.SCHEDULED
    if ends_at is not None and now >= ends_at:
        return AnnouncementState.ENDED
    return AnnouncementState.PUBLISHED


def checked(text: Text) -> Text:
    """The text without blanks around it; `Invalid` names what is missing or too long."""
    clean = Text(text.title.strip(), text.body.strip(), text.title_en.strip(), text.body_en.strip())
    problems = [Problem("Wajib diisi.", (name,)) for name in ("title", "body") if not getattr(clean, name)]
    for name, most in (("title", MOST_TITLE), ("body", MOST_BODY), ("title_en", MOST_TITLE), ("body_en", MOST_BODY)):
        if len(getattr(clean, name)) > most:
            problems.append(Problem("Paling banyak %(most)s karakter.", (_path(name),), params={"most": most}))
    if bool(clean.title_en) != bool(clean.body_en):
        missing = "title_en" if clean.body_en else "body_en"
        problems.append(Problem("Isi judul dan isi bahasa Inggris keduanya, atau kosongkan keduanya.", (_path(missing),)))
    if problems:
        raise Invalid(problems)
    return clean


def check_slug(slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > MOST_SLUG:
        raise Invalid("Alamat terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak %(most)s karakter.", "slug", most=MOST_SLUG)


def check_times(publish_at: datetime, ends_at: datetime | None, now: datetime) -> None:
    """Refuse an announcement that would end before it appears, or has ended already."""
    if ends_at is not None and ends_at <= max(publish_at, now):
        raise Invalid("Waktu berakhir harus sesudah waktu terbit dan sesudah sekarang.", "endsAt")


def _path(name: str) -> str:
    return {"title_en": "titleEn", "body_en": "bodyEn"}.get(name, name)
