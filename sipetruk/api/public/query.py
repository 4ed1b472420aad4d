"""The root of the public schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import MOST_NODES, Node, few
from sipetruk.api.public import announcements, reads
from sipetruk.api.public.announcements import AnnouncementQueries
from sipetruk.api.public.contact import ContactQueries
from sipetruk.api.public.types import (
    PUBLICATIONS,
    WINNERS,
    AuditHead,
    Category,
    Instrument,
    Period,
    Publication,
    UnitStatistic,
    Winner,
    WinnerChoices,
    Withdrawal,
)
from sipetruk.errors import NotFound
from sipetruk.queries import chain, public
from sipetruk.queries.paging import PageRequest
from sipetruk.services import clock

PERIODS = Lists(public.PERIODS)
AUDIT_HEADS = Lists(chain.HEADS)


@strawberry.type(description="Yang dapat dibaca siapa saja tanpa masuk.")
class Query(AnnouncementQueries, ContactQueries):
    @strawberry.field(description="Sesuatu menurut `id`; null bila tidak ada atau bukan untuk umum.")
    def node(
        self,
        info: Info,
        global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal dari jawaban sebelumnya.")],
    ) -> Node | None:
        return _node(info, global_id)

    @strawberry.field(
        description="Beberapa hal menurut `id`, urutannya tetap; null bagi yang tidak ada. Paling banyak 100.",
        directives=[ListSize(assumed_size=MOST_NODES)],
    )
    def nodes(
        self,
        info: Info,
        global_ids: Annotated[list[strawberry.ID], strawberry.argument(name="ids", description="Pengenal, paling banyak 100.")],
    ) -> list[Node | None]:
        return [_node(info, each) for each in few(global_ids)]

    @PERIODS.connection(description="Periode yang sudah dibuka untuk umum, yang terbaru lebih dahulu.")
    def periods(self, info: Info, page: PageRequest) -> Connection[Period]:
        return Connection.of(public.PERIODS.cut(reads.periods(info), page), Period.of)

    @strawberry.field(description="Satu periode; null bila tidak ada.")
    def period(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Bagian akhir alamat halaman periode.")]
    ) -> Period | None:
        return next((Period.of(row) for row in reads.periods(info) if row.slug == slug), None)

    @strawberry.field(description="Periode terbaru yang sedang berjalan; null bila tidak ada.")
    def current_period(self, info: Info) -> Period | None:
        return next((Period.of(row) for row in reads.periods(info) if row.state not in public.FINISHED), None)

    @strawberry.field(description="Kategori yang sedang menerima usulan; daftar pendek.", directives=[ListSize(assumed_size=4)])
    def open_categories(self, info: Info) -> list[Category]:
        return [Category.of(found.category) for found in reads.open_forms(info)]

    @strawberry.field(description="Versi instrumen yang pernah atau sedang dipakai; null bila tidak ada.")
    def instrument(
        self,
        code: Annotated[str, strawberry.argument(description="Kode instrumen.")],
        number: Annotated[int, strawberry.argument(description="Nomor versi.")],
    ) -> Instrument | None:
        return _instrument(code, number)

    @strawberry.field(description="Pengumuman terbaru; null bila belum pernah ada.")
    def latest_publication(self, info: Info) -> Publication | None:
        return next((Publication.of(row) for row in reads.publications(info)), None)

    @strawberry.field(description="Penarikan terbaru yang belum disusul pengumuman baru periodenya; null bila tidak ada.")
    def latest_withdrawal(self, info: Info) -> Withdrawal | None:
        standing = reads.publications_by_period(info)
        return next((Withdrawal.of(row) for row in reads.withdrawals(info) if row.period.slug not in standing), None)

    @PUBLICATIONS.connection(description="Semua pengumuman yang berlaku, yang terbaru lebih dahulu.")
    def publications(self, info: Info, page: PageRequest) -> Connection[Publication]:
        return Connection.of(public.PUBLICATIONS.cut(reads.publications(info), page), Publication.of)

    @strawberry.field(description="Satu pemenang; null bila tidak ada atau pengumumannya ditarik.")
    def winner(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Bagian akhir alamat halaman pemenang.")]
    ) -> Winner | None:
        found = reads.winner(info, slug)
        return Winner.of(found) if found else None

    @strawberry.field(
        description="Pemenang pada sebuah piagam, menurut kode periksanya; null bila kode itu tidak ada atau pengumumannya ditarik.",
        directives=[Cost(weight=20)],
    )
    def winner_by_code(
        self,
        code: Annotated[str, strawberry.argument(description="Kode pada piagam; huruf besar kecil dan tanda hubung tidak berarti.")],
    ) -> Winner | None:
        found = reads.winner_by_code(code)
        return Winner.of(found) if found else None

    @WINNERS.connection(description="Pemenang yang pernah diumumkan, yang terbaru lebih dahulu.")
    def winners(
        self,
        page: PageRequest,
        search: Annotated[str, strawberry.argument(description="Kata dalam nama, unit kerja, jabatan, atau judul inovasi.")] = "",
    ) -> Connection[Winner]:
        return Connection.of(public.winners(page, now=clock.now(), search=search), Winner.of)

    @strawberry.field(description="Menurut periode, kategori, dan unit kerja apa `winners` dapat disaring.")
    def winner_choices(self) -> WinnerChoices | None:
        return WinnerChoices.of(public.winner_choices(now=clock.now()))

    @AUDIT_HEADS.connection(
        description="Ujung rantai jejak audit yang diumumkan setiap hari, yang terbaru lebih dahulu; simpanlah untuk mencocokkannya kelak."
    )
    def audit_heads(self, page: PageRequest) -> Connection[AuditHead]:
        return Connection.of(chain.heads(page), AuditHead.of)

    @strawberry.field(
        description="Angka setiap unit kerja dalam pengumuman tahun ini; kosong bila belum diumumkan.",
        directives=[ListSize(assumed_size=45)],
    )
    def unit_statistics(self, info: Info, year: Annotated[int, strawberry.argument(description="Tahun periode.")]) -> list[UnitStatistic]:
        return [
            UnitStatistic.of(unit) for row in reads.publications_by_period(info).values() if row.period.year == year for unit in row.units
        ]


def _node(info: Info, global_id: str) -> Node | None:
    kind, key = ids.decode(global_id) or ("", "")
    look_up = _LOOK_UPS.get(kind)
    return look_up(info, key) if look_up else None


def _period(info: Info, key: str) -> Period | None:
    return next((Period.of(row) for row in reads.periods(info) if row.id == ids.as_number(key)), None)


def _category(info: Info, key: str) -> Category | None:
    rows = (category for row in reads.periods(info) for category in row.categories)
    return next((Category.of(row) for row in rows if row.id == ids.as_number(key)), None)


def _publication(info: Info, key: str) -> Publication | None:
    return next((Publication.of(row) for row in reads.publications(info) if row.id == ids.as_number(key)), None)


def _winner(info: Info, key: str) -> Winner | None:
    rows = (winner for row in reads.publications(info) for winner in row.winners)
    return next((Winner.of(row) for row in rows if row.id == ids.as_number(key)), None)


def _version(_: Info, key: str) -> Instrument | None:
    code, _slash, number = key.rpartition("/")
    return _instrument(code, ids.as_number(number) or 0)


_LOOK_UPS: dict[str, Callable[[Info, str], Node | None]] = {
    "Period": _period,
    "Category": _category,
    "Publication": _publication,
    "Winner": _winner,
    "Instrument": _version,
    "Announcement": lambda _, key: announcements.by_key(key),
}


def _instrument(code: str, number: int) -> Instrument | None:
    try:
        return Instrument.of(public.instrument_version(code, number))
    except NotFound:
        return None
