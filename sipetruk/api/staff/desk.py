"""The determination desk of a category, for BKPSDM and auditors."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from sipetruk.api.enums import RankingStatus
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import NominationReference
from sipetruk.api.staff.rankings import RankingSummary
from sipetruk.api.staff.results import CategoryResult, Determination, ResultProposal
from sipetruk.queries import desk as queries


@strawberry.type(description="Penghargaan yang pernah diterima seorang calon.")
class EarlierAward:
    year: int = strawberry.field(description="Tahun.")
    name: str = strawberry.field(description="Nama penghargaan.")
    level: str = strawberry.field(description="Tingkat dalam kata-kata.")
    is_from_here: bool = strawberry.field(description="Ditetapkan dengan SI PETRUK; selain itu tercatat pada data kepegawaian.")


@strawberry.type(description="Calon yang diperingkat, dengan yang perlu diketahui sebelum menetapkan.")
class DeskCandidate:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_name: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    rank: int = strawberry.field(description="Peringkat.")
    unit_rank: int = strawberry.field(description="Urutan di antara calon unit kerja yang sama.")
    score: Decimal = strawberry.field(description="Nilai akhir yang dicetak (0-100).")
    is_proposed: bool = strawberry.field(description="Diusulkan menjadi pemenang oleh pemeringkatan.")
    passed_over: str = strawberry.field(description="Mengapa dilewati; kosong bila tidak.")
    decided_by_label: str = strawberry.field(
        description="Langkah yang memutus nilai seri, atau perlu tidaknya seri yang terbuka diputuskan; kosong bila tidak seri."
    )
    tie_group: int | None = strawberry.field(description="Peringkat awal kelompok bernilai cetak sama; null bila sendiri.")
    earlier: list[EarlierAward] = strawberry.field(
        description="Penghargaan sebelumnya, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=3)]
    )


@strawberry.type(description="Calon yang tidak dapat menang, dengan alasannya.")
class DeskExcluded:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    score: Decimal | None = strawberry.field(description="Nilai akhir yang dicetak; null bila belum lengkap.")
    reasons: list[str] = strawberry.field(description="Alasan.", directives=[ListSize(assumed_size=2)])


@strawberry.type(description="Sanggahan yang belum diputus.")
class PendingObjection:
    number: str = strawberry.field(description="Nomor sanggahan.")
    nomination: NominationReference = strawberry.field(description="Usulan yang disanggah.")
    filed_at: datetime = strawberry.field(description="Saat diajukan.")


@strawberry.type(description="Meja penetapan sebuah kategori: semua yang perlu dibaca sebelum pemenang ditetapkan.")
class DeterminationDesk:
    category: CategoryResult = strawberry.field(description="Kategori, penetapan yang berlaku, dan usulan yang menunggu.")
    ranking: RankingSummary | None = strawberry.field(description="Pemeringkatan final yang menjadi dasar.")
    places_left: int = strawberry.field(description="Tempat yang tidak terisi menurut pemeringkatan.")
    blocked: list[str] = strawberry.field(description="Yang menghalangi penetapan.", directives=[ListSize(assumed_size=2)])
    candidates: list[DeskCandidate] = strawberry.field(
        description="Calon yang diperingkat, yang terbaik lebih dahulu.", directives=[ListSize(assumed_size=60)]
    )
    excluded: list[DeskExcluded] = strawberry.field(
        description="Calon di bawah batas nilai komponen atau belum lengkap.", directives=[ListSize(assumed_size=10)]
    )
    objections: list[PendingObjection] = strawberry.field(
        description="Sanggahan yang belum diputus.", directives=[ListSize(assumed_size=5)]
    )
    proposals: list[ResultProposal] = strawberry.field(
        description="Semua usulan kepada orang kedua, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=3)]
    )
    revoked: list[Determination] = strawberry.field(
        description="Penetapan yang dicabut, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=1)]
    )

    @classmethod
    def of(cls, view: queries.Desk) -> DeterminationDesk:
        return cls(
            category=CategoryResult.of(view.category),
            ranking=RankingSummary.of(view.ranking.summary) if view.ranking.summary else None,
            places_left=view.places_left,
            blocked=list(view.ranking.award.blocked),
            candidates=[_candidate(each) for each in view.candidates],
            excluded=[
                DeskExcluded(
                    nomination=NominationReference.of(row.nomination_id, row.number),
                    name=row.name,
                    status=RankingStatus(row.status),
                    score=None if row.score is None else Decimal(row.score),
                    reasons=list(row.reasons),
                )
                for row in view.below
            ],
            objections=[
                PendingObjection(
                    number=each.number,
                    nomination=NominationReference.of(each.nomination_id, each.nomination_number),
                    filed_at=each.filed_at,
                )
                for each in view.objections
            ],
            proposals=[ResultProposal.of(each) for each in view.proposals],
            revoked=[Determination.of(each) for each in view.revoked],
        )


def _candidate(each: queries.Candidate) -> DeskCandidate:
    row = each.row
    return DeskCandidate(
        nomination=NominationReference.of(row.nomination_id, row.number),
        name=row.name,
        unit_name=row.unit_name,
        rank=row.rank or 0,
        unit_rank=each.unit_rank,
        score=Decimal(row.score or 0),
        is_proposed=row.is_proposed,
        passed_over=each.passed_over,
        decided_by_label=row.decided_by_label,
        tie_group=row.tie_group,
        earlier=[EarlierAward(year=one.year, name=one.name, level=one.level, is_from_here=one.is_from_here) for one in each.earlier],
    )
