"""Determinations and publications of a period, for BKPSDM and auditors."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from sipetruk.api.enums import PublicationPolicy
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.queries import results as queries
from sipetruk.rules.workflow import PeriodState


@strawberry.type(description="Pemenang yang ditetapkan dengan surat keputusan.")
class DeterminedWinner:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    place: int = strawberry.field(description="Urutan pemenang, mulai dari 1.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_name: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    citation: str = strawberry.field(description="Alasan penghargaan; kosong bila tidak ada.")


@strawberry.type(description="Penetapan pemenang sebuah kategori.")
class Determination:
    id: strawberry.ID = strawberry.field(description="Pengenal penetapan.")
    decree_number: str = strawberry.field(description="Nomor surat keputusan.")
    decree_on: date = strawberry.field(description="Tanggal surat keputusan.")
    override_reason: str = strawberry.field(description="Alasan menyimpang dari peringkat; kosong bila tidak menyimpang.")
    determined_at: datetime = strawberry.field(description="Saat ditetapkan.")
    winners: list[DeterminedWinner] = strawberry.field(description="Pemenang menurut urutan.", directives=[ListSize(assumed_size=6)])

    @classmethod
    def of(cls, row: queries.DeterminationView) -> Determination:
        return cls(
            id=gid("Determination", row.determination_id),
            decree_number=row.decree_number,
            decree_on=row.decree_on,
            override_reason=row.override_reason,
            determined_at=row.determined_at,
            winners=[
                DeterminedWinner(
                    nomination=NominationReference.of(each.nomination_id, each.number),
                    place=each.place,
                    name=each.name,
                    unit_name=each.unit_name,
                    citation=each.citation,
                )
                for each in row.winners
            ],
        )


@strawberry.type(description="Hasil sebuah kategori.")
class CategoryResult:
    id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    name: str = strawberry.field(description="Nama kategori.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    has_final_ranking: bool = strawberry.field(description="Pemeringkatan final sudah ada.")
    determination: Determination | None = strawberry.field(description="Penetapan; null bila belum ada.")


@strawberry.type(description="Satu pengumuman hasil.")
class PublicationRecord:
    id: strawberry.ID = strawberry.field(description="Pengenal pengumuman.")
    number: int = strawberry.field(description="Nomor urut dalam periode.")
    policy: PublicationPolicy = strawberry.field(description="Apa saja yang diumumkan.")
    published_at: datetime = strawberry.field(description="Saat diumumkan.")
    withdrawn_at: datetime | None = strawberry.field(description="Saat ditarik; null bila masih berlaku.")
    withdrawal_note: str = strawberry.field(description="Catatan penarikan; kosong bila masih berlaku.")
    winners: int = strawberry.field(description="Banyaknya pemenang yang diumumkan.")


@strawberry.type(description="Hasil sebuah periode.")
class Results:
    period: str = strawberry.field(description="Nama periode.")
    period_state: PeriodState = strawberry.field(description="Tahap periode.")
    categories: list[CategoryResult] = strawberry.field(description="Kategori menurut urutannya.", directives=[ListSize(assumed_size=4)])
    publications: list[PublicationRecord] = strawberry.field(
        description="Pengumuman, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=3)]
    )

    @classmethod
    def of(cls, view: queries.ResultsView) -> Results:
        return cls(
            period=view.period_name,
            period_state=view.period_state,
            categories=[
                CategoryResult(
                    id=gid("Category", each.category_id),
                    name=each.name,
                    winners_max=each.winners_max,
                    has_final_ranking=each.final_ranking_id is not None,
                    determination=Determination.of(each.determination) if each.determination else None,
                )
                for each in view.categories
            ],
            publications=[
                PublicationRecord(
                    id=gid("Publication", each.publication_id),
                    number=each.number,
                    policy=PublicationPolicy(each.policy),
                    published_at=each.published_at,
                    withdrawn_at=each.withdrawn_at,
                    withdrawal_note=each.withdrawal_note,
                    winners=each.winners,
                )
                for each in view.publications
            ],
        )


@strawberry.type(description="Apa yang akan diumumkan bila sekarang diumumkan; tidak disimpan.")
class ResultPreview:
    winners: Document = strawberry.field(description="Pemenang sejauh kebijakan membolehkan.")
    statistics: Document = strawberry.field(description="Angka setiap unit kerja.")
