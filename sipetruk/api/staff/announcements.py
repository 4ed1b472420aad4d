"""Announcements in the staff schema: drafts included, and what may be done with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import described
from sipetruk.api.listings import Lists
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.nomination_acts import KEY, VERSION
from sipetruk.documents import markdown
from sipetruk.queries import announcements as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.announcement_states import STATE_LABELS, AnnouncementState, Text
from sipetruk.services import announcements as services
from sipetruk.services import clock

described(AnnouncementState, "Keadaan sebuah pengumuman umum menurut jam.", STATE_LABELS)
ANNOUNCEMENTS = Lists(queries.ANNOUNCEMENTS)
ANNOUNCEMENT = "Pengenal pengumuman umum."
ENGLISH = "kosongkan bersama pasangannya bila tidak diterjemahkan."


@strawberry.type(description="Pengumuman umum, juga yang belum atau tidak lagi dapat dibaca.")
class Announcement:
    id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    slug: str = strawberry.field(description="Bagian akhir alamat halamannya.")
    title: str = strawberry.field(description="Judul.")
    body: str = strawberry.field(description="Isi, sebagai Markdown.")
    title_en: str = strawberry.field(description="Judul bahasa Inggris; kosong bila tidak diterjemahkan.")
    body_en: str = strawberry.field(description="Isi bahasa Inggris; kosong bila tidak diterjemahkan.")
    is_pinned: bool = strawberry.field(description="Disematkan di atas daftar.")
    state: AnnouncementState = strawberry.field(description="Keadaan sekarang.")
    publish_at: datetime | None = strawberry.field(description="Sejak kapan dapat dibaca; null bagi draf.")
    ends_at: datetime | None = strawberry.field(description="Sampai kapan dapat dibaca; null bila tanpa batas.")
    withdrawn_at: datetime | None = strawberry.field(description="Kapan ditarik.")
    withdrawal_note: str = strawberry.field(description="Alasan penarikan.")
    updated_at: datetime = strawberry.field(description="Kapan terakhir diubah.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")

    @strawberry.field(description="Isi seperti akan tampil, sebagai HTML yang aman.", directives=[Cost(weight=5)])
    def preview_html(self) -> str:
        return markdown.to_html(self.body)

    @classmethod
    def of(cls, row: queries.AnnouncementView) -> Announcement:
        return cls(
            id=gid("Announcement", row.id),
            slug=row.slug,
            title=row.title,
            body=row.body,
            title_en=row.title_en,
            body_en=row.body_en,
            is_pinned=row.is_pinned,
            state=row.state,
            publish_at=row.publish_at,
            ends_at=row.ends_at,
            withdrawn_at=row.withdrawn_at,
            withdrawal_note=row.withdrawal_note,
            updated_at=row.updated_at,
            version=row.row_version,
        )


@strawberry.type(description="Pengumuman umum sesudah tindakan.")
class AnnouncementPayload(Payload):
    announcement: Announcement | None = strawberry.field(description="Pengumuman; null bila ditolak atau dibuang.")


@strawberry.input(description="Menulis pengumuman umum sebagai draf.")
class AnnouncementCreateInput:
    slug: str = strawberry.field(description="Bagian akhir alamat halamannya: huruf kecil, angka, dan tanda hubung.")
    title: str = strawberry.field(description="Judul.")
    body: str = strawberry.field(description="Isi, sebagai Markdown.")
    title_en: str = strawberry.field(default="", description=f"Judul bahasa Inggris; {ENGLISH}")
    body_en: str = strawberry.field(default="", description=f"Isi bahasa Inggris; {ENGLISH}")
    is_pinned: bool = strawberry.field(default=False, description="Disematkan di atas daftar.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengubah isi pengumuman umum; seluruh isinya dikirim.")
class AnnouncementUpdateInput:
    announcement_id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    title: str = strawberry.field(description="Judul.")
    body: str = strawberry.field(description="Isi, sebagai Markdown.")
    title_en: str = strawberry.field(default="", description=f"Judul bahasa Inggris; {ENGLISH}")
    body_en: str = strawberry.field(default="", description=f"Isi bahasa Inggris; {ENGLISH}")
    is_pinned: bool = strawberry.field(default=False, description="Disematkan di atas daftar.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menerbitkan atau menjadwalkan pengumuman umum.")
class AnnouncementPublishInput:
    announcement_id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    publish_at: datetime | None = strawberry.field(default=None, description="Sejak kapan dapat dibaca; null berarti sekarang.")
    ends_at: datetime | None = strawberry.field(default=None, description="Sampai kapan dapat dibaca; null berarti tanpa batas.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menjadikan pengumuman umum yang dijadwalkan draf kembali.")
class AnnouncementUnscheduleInput:
    announcement_id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menarik pengumuman umum yang sudah terbit.")
class AnnouncementWithdrawInput:
    announcement_id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    note: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Membuang draf pengumuman umum.")
class AnnouncementRemoveInput:
    announcement_id: strawberry.ID = strawberry.field(description=ANNOUNCEMENT)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type
class AnnouncementQueries:
    @ANNOUNCEMENTS.connection(description="Pengumuman umum dalam semua keadaan, yang terakhir dibuat lebih dahulu.")
    def announcements(self, info: Info, page: PageRequest) -> Connection[Announcement]:
        return Connection.of(queries.ANNOUNCEMENTS.cut(queries.announcements(actor_of(info), now=clock.now()), page), Announcement.of)

    @strawberry.field(description="Satu pengumuman umum; null bila tidak ada.")
    def announcement(
        self, info: Info, global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description=ANNOUNCEMENT)]
    ) -> Announcement | None:
        return reads.by_id(global_id, "Announcement", lambda number: _announcement(info, number))


@strawberry.type
class AnnouncementActs:
    @strawberry.mutation(description="Menulis pengumuman umum sebagai draf.")
    def announcement_create(self, info: Info, given: Given[AnnouncementCreateInput]) -> AnnouncementPayload | None:
        return _payload(
            info,
            lambda: services.create(
                actor_of(info), slug=given.slug, text=_text(given), is_pinned=given.is_pinned, idempotency_key=given.idempotency_key
            ),
        )

    @strawberry.mutation(description="Mengubah isi pengumuman umum.")
    def announcement_update(self, info: Info, given: Given[AnnouncementUpdateInput]) -> AnnouncementPayload | None:
        return _on(
            info,
            given.announcement_id,
            lambda number: services.update(
                actor_of(info),
                announcement_id=number,
                text=_text(given),
                is_pinned=given.is_pinned,
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menerbitkan pengumuman umum sekarang atau pada suatu waktu.")
    def announcement_publish(self, info: Info, given: Given[AnnouncementPublishInput]) -> AnnouncementPayload | None:
        return _on(
            info,
            given.announcement_id,
            lambda number: services.publish(
                actor_of(info),
                announcement_id=number,
                publish_at=given.publish_at,
                ends_at=given.ends_at,
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menjadikan pengumuman umum yang dijadwalkan draf kembali.")
    def announcement_unschedule(self, info: Info, given: Given[AnnouncementUnscheduleInput]) -> AnnouncementPayload | None:
        return _on(
            info,
            given.announcement_id,
            lambda number: services.unschedule(actor_of(info), announcement_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menarik pengumuman umum yang sudah terbit.")
    def announcement_withdraw(self, info: Info, given: Given[AnnouncementWithdrawInput]) -> AnnouncementPayload | None:
        return _on(
            info,
            given.announcement_id,
            lambda number: services.withdraw(
                actor_of(info), announcement_id=number, note=given.note, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Membuang draf pengumuman umum.")
    def announcement_remove(self, info: Info, given: Given[AnnouncementRemoveInput]) -> AnnouncementPayload | None:
        return _on(
            info,
            given.announcement_id,
            lambda number: services.remove(actor_of(info), announcement_id=number, expected_version=given.expected_version),
        )


def _text(given: AnnouncementCreateInput | AnnouncementUpdateInput) -> Text:
    return Text(given.title, given.body, given.title_en, given.body_en)


def _announcement(info: Info, number: int) -> Announcement | None:
    return reads.or_none(lambda: Announcement.of(queries.announcement(actor_of(info), number, now=clock.now())))


def _on(info: Info, global_id: str, act: Callable[[int], object]) -> AnnouncementPayload:
    def do() -> int:
        number = ids.number(global_id, "Announcement", "Pengumuman")
        act(number)
        return number

    return _payload(info, do)


def _payload(info: Info, act: Callable[[], int]) -> AnnouncementPayload:
    number, errors = attempt(info, act)
    return AnnouncementPayload(announcement=None if number is None else _announcement(info, number), user_errors=errors)
