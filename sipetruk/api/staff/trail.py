"""The audit trail in words: histories of records, counts, and the check of the chain."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.audit import AUDIT
from sipetruk.api.staff.nomination_acts import KEY
from sipetruk.queries import audit, chain
from sipetruk.queries import history as histories
from sipetruk.queries.conditions import Condition
from sipetruk.queries.paging import PageRequest
from sipetruk.queries.telling import Entry
from sipetruk.rules.differences import Difference
from sipetruk.services import chain as chain_service

KINDS = {
    "Period": "period",
    "Category": "category",
    "InstrumentVersion": "instrument_version",
    "Nomination": "nomination",
    "WorkUnit": "unit",
    "Employee": "employee",
    "User": "user",
    "Ranking": "ranking",
    "Publication": "publication",
    "Objection": "objection",
    "Announcement": "announcement",
    "Signatory": "signatory",
}
"""What an id says its thing is -> what the trail calls it."""


class TallyBy(StrEnum):
    PERSON = "person"
    DAY = "day"
    THING = "thing"


described(
    TallyBy,
    "Menurut apa catatan dihitung.",
    {"person": "Menurut orang.", "day": "Menurut hari (WITA), paling banyak 31 hari.", "thing": "Menurut jenis hal."},
    name="AuditTallyBy",
)


@strawberry.type(description="Satu isian yang berubah.")
class FieldDifference:
    path: list[str] = strawberry.field(description="Letaknya di dalam catatan, dari luar ke dalam.", directives=[ListSize(assumed_size=3)])
    label: str = strawberry.field(description="Nama isian.")
    before: str = strawberry.field(description="Sebelumnya, dalam kata-kata.")
    after: str = strawberry.field(description="Sesudahnya, dalam kata-kata.")

    @classmethod
    def of(cls, row: Difference) -> FieldDifference:
        return cls(path=list(row.path), label=row.label, before=row.before, after=row.after)


@strawberry.type(description="Satu catatan jejak audit dalam kata-kata.")
class HistoryRecord:
    number: int = strawberry.field(description="Nomor catatan dalam rantai.")
    at: datetime = strawberry.field(description="Saat terjadi.")
    actor: str = strawberry.field(description="Nama pengguna pelaku.")
    who: str = strawberry.field(description="Nama pelaku.")
    face: str = strawberry.field(description="Lewat mana, dalam kata-kata.")
    action: str = strawberry.field(description="Tindakan dalam kata-kata.")
    thing: str = strawberry.field(description="Jenis hal yang diubah.")
    thing_label: str = strawberry.field(description="Jenis hal itu dalam kata-kata.")
    thing_id: str = strawberry.field(description="Nomor hal yang diubah.")
    reason: str = strawberry.field(description="Alasan; kosong bila tidak disebut.")
    differences: list[FieldDifference] = strawberry.field(
        description="Yang berubah, isian demi isian.", directives=[ListSize(assumed_size=5)]
    )
    left_out: int = strawberry.field(description="Banyaknya perubahan lain yang tidak ditulis.")
    hash: str = strawberry.field(description="Sidik yang mengikat catatan ini dengan semua catatan sebelumnya.")

    @classmethod
    def of(cls, row: Entry) -> HistoryRecord:
        return cls(
            number=row.id,
            at=row.at,
            actor=row.actor,
            who=row.who,
            face=row.face,
            action=row.action,
            thing=row.thing,
            thing_label=row.thing_label,
            thing_id=row.thing_id,
            reason=row.reason,
            differences=[FieldDifference.of(each) for each in row.told.differences],
            left_out=row.told.left_out,
            hash=row.hash,
        )


@strawberry.type(description="Banyaknya catatan seseorang, suatu hari, atau suatu jenis hal.")
class AuditTally:
    key: str = strawberry.field(description="Nama pengguna, tanggal, atau jenis hal; dapat dipakai sebagai penyaring.")
    label: str = strawberry.field(description="Itu dalam kata-kata.")
    count: int = strawberry.field(description="Banyaknya catatan.")
    last_at: datetime = strawberry.field(description="Saat catatan terakhir.")


@strawberry.type(description="Satu pemeriksaan rantai jejak audit.")
class AuditCheck:
    state: str = strawberry.field(description="waiting, done, atau failed.")
    asked_at: datetime = strawberry.field(description="Saat diminta.")
    finished_at: datetime | None = strawberry.field(description="Saat selesai.")
    checked: int = strawberry.field(description="Banyaknya catatan yang sudah dihitung ulang.")
    total: int = strawberry.field(description="Banyaknya catatan seluruhnya.")
    head: str = strawberry.field(description="Ujung rantai; kosong selama belum selesai.")
    heads: int = strawberry.field(description="Banyaknya ujung rantai terumumkan yang dicocokkan.")
    broken_at: int | None = strawberry.field(description="Nomor catatan pertama yang tidak cocok; null bila semua cocok.")
    unfitting_on: date | None = strawberry.field(description="Hari pertama yang ujung rantainya tidak cocok; null bila semua cocok.")
    is_whole: bool = strawberry.field(description="Selesai, dan semuanya cocok.")

    @classmethod
    def of(cls, row: chain.Check) -> AuditCheck:
        return cls(
            state=row.state,
            asked_at=row.asked_at,
            finished_at=row.finished_at,
            checked=row.checked,
            total=row.total,
            head=row.head,
            heads=row.heads,
            broken_at=row.broken_at,
            unfitting_on=row.unfitting,
            is_whole=row.holds,
        )


@strawberry.input(description="Meminta pemeriksaan rantai jejak audit.")
class AuditCheckRequestInput:
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.type(description="Pemeriksaan yang diminta.")
class AuditCheckPayload(Payload):
    check: AuditCheck | None = strawberry.field(description="Pemeriksaan; null bila tindakan ditolak.")


@strawberry.type
class TrailQueries:
    @AUDIT.connection(
        description="Riwayat sebuah periode, kategori, versi instrumen, usulan, unit kerja, pegawai, pengguna, pemeringkatan, sanggahan,"
        " penanda tangan, atau pengumuman, yang terbaru lebih dahulu; null bila tidak ada. Hanya bagi pembaca jejak audit.",
        directives=[Cost(weight=100)],
    )
    def record_history(
        self,
        info: Info,
        page: PageRequest,
        global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal dari jawaban sebelumnya.")],
    ) -> Connection[HistoryRecord] | None:
        kind, key = ids.decode(global_id) or ("", "")
        found = reads.or_none(lambda: histories.history(actor_of(info), KINDS.get(kind, ""), ids.as_number(key) or 0, page))
        return None if found is None else Connection.of(found.page, HistoryRecord.of)

    @AUDIT.connection(
        description="Jejak audit dalam kata-kata, dengan perubahan isian demi isian; yang terbaru lebih dahulu.",
        directives=[Cost(weight=100)],
    )
    def audit_trail(self, info: Info, page: PageRequest) -> Connection[HistoryRecord]:
        return Connection.of(audit.told(actor_of(info), None, page), HistoryRecord.of)

    @AUDIT.narrowed(
        description="Banyaknya catatan menurut orang, hari, atau hal.", directives=[ListSize(assumed_size=31), Cost(weight=100)]
    )
    def audit_tallies(
        self,
        info: Info,
        condition: Condition | None,
        by: Annotated[TallyBy, strawberry.argument(description="Menurut apa.")],
    ) -> list[AuditTally]:
        read = {TallyBy.PERSON: audit.by_person, TallyBy.DAY: audit.by_day, TallyBy.THING: audit.by_thing}[by]
        rows = read(actor_of(info), audit.AuditFilters(where=condition))
        return [AuditTally(key=row.key, label=row.label, count=row.count, last_at=row.last_at) for row in rows]

    @strawberry.field(description="Pemeriksaan rantai jejak audit yang terakhir diminta; null bila belum pernah.")
    def audit_check(self, info: Info) -> AuditCheck | None:
        found = chain.last_check(actor_of(info))
        return None if found is None else AuditCheck.of(found)


@strawberry.type
class TrailActs:
    @strawberry.mutation(description="Meminta rantai jejak audit dihitung ulang; yang sedang berjalan tidak diulang.")
    def audit_check_request(self, info: Info, given: Given[AuditCheckRequestInput]) -> AuditCheckPayload | None:
        done, errors = attempt(info, lambda: chain_service.request_check(actor_of(info), idempotency_key=given.idempotency_key))
        found = None if done is None else chain.last_check(actor_of(info))
        return AuditCheckPayload(check=None if found is None else AuditCheck.of(found), user_errors=errors)
