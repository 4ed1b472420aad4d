"""Announcements in the public schema: what can be read now, in Indonesian or English."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.cost import Cost
from sipetruk.api.enums import described
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import Node
from sipetruk.documents import markdown
from sipetruk.queries.paging import PageRequest
from sipetruk.queries.public import announcements as queries
from sipetruk.services import clock


class Language(StrEnum):
    ID = "id"
    EN = "en"


described(Language, "Bahasa sebuah pengumuman.", {"id": "Bahasa Indonesia.", "en": "Bahasa Inggris."})
Wanted = Annotated[Language, strawberry.argument(description="Bahasa yang diinginkan; yang belum diterjemahkan berbahasa Indonesia.")]


@strawberry.type(description="Pengumuman umum yang dapat dibaca siapa saja.")
class Announcement(Node):
    slug: str = strawberry.field(description="Bagian akhir alamat halamannya.")
    language: Language = strawberry.field(description="Bahasa judul dan isi di bawah ini.")
    languages: list[Language] = strawberry.field(description="Bahasa yang tersedia.", directives=[ListSize(assumed_size=2)])
    title: str = strawberry.field(description="Judul.")
    body: str = strawberry.field(description="Isi, sebagai Markdown.")
    is_pinned: bool = strawberry.field(description="Disematkan di atas daftar.")
    published_at: datetime = strawberry.field(description="Sejak kapan dapat dibaca.")
    updated_at: datetime = strawberry.field(description="Kapan terakhir diubah.")
    ends_at: datetime | None = strawberry.field(description="Sampai kapan dapat dibaca; null bila tanpa batas.")

    @strawberry.field(description="Isi sebagai HTML yang aman: tanpa skrip, gambar, atau HTML mentah.", directives=[Cost(weight=5)])
    def body_html(self) -> str:
        return markdown.to_html(self.body)

    @strawberry.field(description="Awal isi sebagai teks biasa.", directives=[Cost(weight=5)])
    def excerpt(self) -> str:
        return markdown.excerpt(self.body)

    @classmethod
    def of(cls, row: queries.PublicAnnouncement) -> Announcement:
        return cls(
            id=strawberry.ID(ids.encode("Announcement", row.id)),
            slug=row.slug,
            language=Language(row.language),
            languages=[Language(each) for each in row.languages],
            title=row.title,
            body=row.body,
            is_pinned=row.is_pinned,
            published_at=row.published_at,
            updated_at=row.updated_at,
            ends_at=row.ends_at,
        )


ANNOUNCEMENTS = Lists(queries.ANNOUNCEMENTS)


@strawberry.type
class AnnouncementQueries:
    @ANNOUNCEMENTS.connection(description="Pengumuman umum: yang disematkan lebih dahulu, lalu yang terbaru.")
    def announcements(self, page: PageRequest, language: Wanted = Language.ID) -> Connection[Announcement]:
        return Connection.of(queries.announcements(page, now=clock.now(), language=language), Announcement.of)

    @strawberry.field(description="Satu pengumuman umum; null bila tidak ada, belum terbit, atau sudah berakhir.")
    def announcement(
        self,
        slug: Annotated[str, strawberry.argument(description="Bagian akhir alamat halamannya.")],
        language: Wanted = Language.ID,
    ) -> Announcement | None:
        found = queries.announcement(now=clock.now(), slug=slug, language=language)
        return Announcement.of(found) if found else None


def by_key(key: str) -> Announcement | None:
    """The announcement that a global id names, in Indonesian."""
    number = ids.as_number(key)
    found = queries.announcement(now=clock.now(), announcement_id=number) if number is not None else None
    return Announcement.of(found) if found else None
