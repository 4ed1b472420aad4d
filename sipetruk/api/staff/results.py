"""Determinations and publications of a period, for BKPSDM and auditors."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from sipetruk.api.enums import ProposalKind, ProposalState, PublicationPolicy
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.queries import results as queries
from sipetruk.queries.results import PublicationState
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
    decree_name: str = strawberry.field(description="Nama berkas SK; kosong bila berkasnya belum disimpan.")
    decree_sha256: str = strawberry.field(description="Sidik berkas SK; kosong bila berkasnya belum disimpan.")
    decree_url: str | None = strawberry.field(description="Alamat unduh berkas SK bagi yang berhak; null bila belum disimpan.")
    override_reason: str = strawberry.field(description="Alasan menyimpang dari peringkat; kosong bila tidak menyimpang.")
    determined_at: datetime = strawberry.field(description="Saat ditetapkan.")
    determined_by: str = strawberry.field(description="Yang menetapkan; pada penyimpangan, yang menyetujuinya.")
    revoked_at: datetime | None = strawberry.field(description="Saat dicabut; null bila berlaku.")
    revocation_reason: str = strawberry.field(description="Alasan pencabutan; kosong bila berlaku.")
    winners: list[DeterminedWinner] = strawberry.field(description="Pemenang menurut urutan.", directives=[ListSize(assumed_size=6)])

    @classmethod
    def of(cls, row: queries.DeterminationView) -> Determination:
        return cls(
            id=gid("Determination", row.determination_id),
            decree_number=row.decree_number,
            decree_on=row.decree_on,
            decree_name=row.decree_name,
            decree_sha256=row.decree_sha256,
            decree_url=decree_address(row.determination_id) if row.decree_name else None,
            override_reason=row.override_reason,
            determined_at=row.determined_at,
            determined_by=row.determined_by,
            revoked_at=row.revoked_at,
            revocation_reason=row.revocation_reason,
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


@strawberry.type(description="Calon yang diusulkan menjadi pemenang.")
class ProposedWinner:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_name: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    citation: str = strawberry.field(description="Alasan penghargaan; kosong bila tidak ada.")


@strawberry.type(
    description="Usulan yang memerlukan persetujuan orang kedua: pemenang yang menyimpang dari peringkat, atau pencabutan penetapan."
)
class ResultProposal:
    id: strawberry.ID = strawberry.field(description="Pengenal usulan penetapan.")
    kind: ProposalKind = strawberry.field(description="Apa yang diusulkan.")
    state: ProposalState = strawberry.field(description="Keadaan.")
    reason: str = strawberry.field(description="Alasan pengusul.")
    note: str = strawberry.field(description="Catatan yang memutus; kosong selama belum diputus.")
    proposed_by: str = strawberry.field(description="Pengusul.")
    proposed_at: datetime = strawberry.field(description="Saat diusulkan.")
    decided_by: str = strawberry.field(description="Yang memutus; kosong selama belum diputus.")
    decided_at: datetime | None = strawberry.field(description="Saat diputus; null selama menunggu.")
    decree_number: str = strawberry.field(description="Nomor SK yang diusulkan; kosong pada pencabutan.")
    decree_on: date | None = strawberry.field(description="Tanggal SK yang diusulkan; null pada pencabutan.")
    winners: list[ProposedWinner] = strawberry.field(
        description="Pemenang yang diusulkan; kosong pada pencabutan.", directives=[ListSize(assumed_size=6)]
    )
    can_decide: bool = strawberry.field(description="Pembaca dapat menyetujui atau menolaknya sekarang.")
    can_withdraw: bool = strawberry.field(description="Pembaca adalah pengusulnya dan dapat membatalkannya sekarang.")

    @classmethod
    def of(cls, row: queries.ProposalView) -> ResultProposal:
        return cls(
            id=gid("ResultProposal", row.proposal_id),
            kind=ProposalKind(row.kind),
            state=ProposalState(row.state),
            reason=row.reason,
            note=row.note,
            proposed_by=row.proposed_by,
            proposed_at=row.proposed_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            decree_number=row.decree_number,
            decree_on=row.decree_on,
            winners=[
                ProposedWinner(
                    nomination=NominationReference.of(each.nomination_id, each.number),
                    name=each.name,
                    unit_name=each.unit_name,
                    citation=each.citation,
                )
                for each in row.winners
            ],
            can_decide=row.may_decide,
            can_withdraw=row.may_withdraw,
        )


@strawberry.type(description="Hasil sebuah kategori.")
class CategoryResult:
    id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    name: str = strawberry.field(description="Nama kategori.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    winners_per_unit: int | None = strawberry.field(description="Pemenang paling banyak dari satu unit; null bila tanpa batas.")
    finalists: int | None = strawberry.field(description="Banyaknya finalis, bila kategori ini tahap wawancara; selain itu null.")
    decided_in: str | None = strawberry.field(description="Kategori wawancara tempat pemenang ditetapkan; null bila di kategori ini.")
    has_final_ranking: bool = strawberry.field(description="Pemeringkatan final sudah ada.")
    determination: Determination | None = strawberry.field(description="Penetapan yang berlaku; null bila belum ada.")
    proposal: ResultProposal | None = strawberry.field(description="Usulan yang menunggu persetujuan; null bila tidak ada.")
    can_be_determined: bool = strawberry.field(description="Pemenang dapat ditetapkan atau diusulkan sekarang.")

    @classmethod
    def of(cls, row: queries.CategoryResult) -> CategoryResult:
        return cls(
            id=gid("Category", row.category_id),
            name=row.name,
            winners_max=row.winners_max,
            winners_per_unit=row.winners_per_unit,
            finalists=row.finalists,
            decided_in=row.decided_in or None,
            has_final_ranking=row.final_ranking_id is not None,
            determination=Determination.of(row.determination) if row.determination else None,
            proposal=ResultProposal.of(row.proposal) if row.proposal else None,
            can_be_determined=row.may_be_determined,
        )


@strawberry.type(description="Satu pengumuman hasil.")
class PublicationRecord:
    id: strawberry.ID = strawberry.field(description="Pengenal pengumuman.")
    number: int = strawberry.field(description="Nomor urut dalam periode.")
    policy: PublicationPolicy = strawberry.field(description="Apa saja yang diumumkan.")
    state: PublicationState = strawberry.field(description="Keadaan sekarang.")
    content_sha256: str = strawberry.field(description="Sidik isi, sama dengan sidik pratinjaunya.")
    made_at: datetime = strawberry.field(description="Saat salinannya dibuat dan disegel.")
    published_at: datetime = strawberry.field(description="Saat diumumkan; pada yang terjadwal, saat akan terbit.")
    withdrawn_at: datetime | None = strawberry.field(description="Saat ditarik atau dibatalkan; null bila masih berlaku.")
    withdrawal_note: str = strawberry.field(
        description="Catatan penarikan, terbaca umum; pada yang dibatalkan, alasannya. Kosong bila masih berlaku."
    )
    winners: int = strawberry.field(description="Banyaknya pemenang yang diumumkan.")
    is_awaiting_release: bool = strawberry.field(
        description="Sudah terbit menurut jam, tetapi periode belum dipindahkan dan orang belum diberi tahu."
    )


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
            categories=[CategoryResult.of(each) for each in view.categories],
            publications=[
                PublicationRecord(
                    id=gid("Publication", each.publication_id),
                    number=each.number,
                    policy=PublicationPolicy(each.policy),
                    state=each.state,
                    content_sha256=each.content_sha256,
                    made_at=each.made_at,
                    published_at=each.published_at,
                    withdrawn_at=each.withdrawn_at,
                    withdrawal_note=each.withdrawal_note,
                    winners=each.winners,
                    is_awaiting_release=each.awaits_release,
                )
                for each in view.publications
            ],
        )


@strawberry.type(description="Apa yang akan diumumkan bila sekarang diumumkan; tidak disimpan.")
class ResultPreview:
    winners: Document = strawberry.field(description="Pemenang sejauh kebijakan membolehkan.")
    statistics: Document = strawberry.field(description="Angka setiap unit kerja.")
    sha256: str = strawberry.field(description="Sidik isinya, untuk `expectedSha256` saat mengumumkan.")


def decree_address(determination_id: int) -> str:
    """Where the file of a decree is read."""
    return f"/sk/{gid('Determination', determination_id)}"
