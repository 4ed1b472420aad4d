"""The audit trail, and what waits for the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.common import NominationReference, PeriodReference, WorkUnit, gid
from sipetruk.queries import audit as queries
from sipetruk.queries import worklist
from sipetruk.queries.worklist import Target
from sipetruk.rules.permissions import Role


@strawberry.type(description="Satu catatan jejak audit; tidak dapat diubah atau dihapus.")
class AuditEntry:
    at: datetime = strawberry.field(description="Saat terjadi.")
    actor: str = strawberry.field(description="Nama pengguna pelaku.")
    face: str = strawberry.field(description="Lewat mana: panel, portal, api, atau cli.")
    action: str = strawberry.field(description="Tindakan.")
    action_label: str = strawberry.field(description="Tindakan dalam kata-kata.")
    thing: str = strawberry.field(description="Jenis hal yang diubah.")
    thing_id: str = strawberry.field(description="Nomor hal yang diubah.")
    before: Document | None = strawberry.field(description="Keadaan sebelumnya; null bila tidak dicatat.")
    after: Document | None = strawberry.field(description="Keadaan sesudahnya; null bila tidak dicatat.")
    reason: str = strawberry.field(description="Alasan; kosong bila tidak disebut.")
    hash: str = strawberry.field(description="Sidik yang mengikat catatan ini dengan semua catatan sebelumnya.")

    @classmethod
    def of(cls, row: queries.AuditRow) -> AuditEntry:
        return cls(
            at=row.at,
            actor=row.actor,
            face=row.face,
            action=row.action,
            action_label=row.action_label,
            thing=row.thing,
            thing_id=row.thing_id,
            before=None if row.before is None else Document(row.before),
            after=None if row.after is None else Document(row.after),
            reason=row.reason,
            hash=row.hash,
        )


AUDIT = Lists(queries.ENTRIES)
"""Every list of entries of the trail."""


@strawberry.type(description="Satu peran, bagi satu unit kerja bila peran itu memerlukannya.")
class RoleGrant:
    role: Role = strawberry.field(description="Peran.")
    label: str = strawberry.field(description="Nama peran.")
    unit: WorkUnit | None = strawberry.field(description="Unit kerja; null bagi peran tanpa unit.")


@strawberry.type(description="Pekerjaan yang menunggu.")
class WorkItem:
    label: str = strawberry.field(description="Apa yang menunggu, dengan jumlahnya.")
    count: int = strawberry.field(description="Jumlahnya.")
    due_on: date | None = strawberry.field(description="Batas terdekat (WITA).")
    due_words: str = strawberry.field(description="Batas itu dalam kata-kata: “besok 23.59 WITA”; kosong bila tanpa batas.")
    is_late: bool = strawberry.field(description="Batasnya sudah lewat.")
    target: Target = strawberry.field(description="Letak pekerjaan.")
    period: PeriodReference = strawberry.field(description="Periode yang dimaksud.")
    nomination_number: strawberry.Private[int | None]
    named: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="Usulannya, bila hanya satu usulan yang menunggu dan pembaca boleh membukanya; selain itu null.")
    def nomination(self, info: Info) -> NominationReference | None:
        return reads.nomination_among(info, self.nomination_number, self.named)

    @classmethod
    def all_of(cls, rows: Sequence[worklist.WorkItem]) -> list[WorkItem]:
        only = [row.thing_id if row.target in worklist.ON_NOMINATIONS else None for row in rows]
        named = tuple(number for number in only if number is not None)
        return [cls._of(row, number, named) for row, number in zip(rows, only, strict=True)]

    @classmethod
    def _of(cls, row: worklist.WorkItem, number: int | None, named: tuple[int, ...]) -> WorkItem:
        return cls(
            label=row.label,
            count=row.count,
            due_on=row.due,
            due_words=row.words,
            is_late=row.is_late,
            target=row.target,
            period=PeriodReference(id=gid("Period", row.period_id), name=row.period, year=row.year),
            nomination_number=number,
            named=named,
        )


@strawberry.type(description="Orang yang masuk.")
class Viewer:
    username: str = strawberry.field(description="Nama pengguna.")
    name: str = strawberry.field(description="Nama.")
    roles: list[RoleGrant] = strawberry.field(description="Perannya; daftar pendek.", directives=[ListSize(assumed_size=3)])
    worklist: list[WorkItem] = strawberry.field(
        description="Pekerjaan yang menunggu, batas terdekat lebih dahulu.", directives=[ListSize(assumed_size=8)]
    )
