"""Rankings with their explanation, for BKPSDM and auditors."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from sipetruk.api.connections import Connection
from sipetruk.api.enums import RankingState, RankingStatus
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.queries import rankings as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.workflow import PeriodState

ROWS = Lists(queries.ROWS, enums={"status": RankingStatus})


@strawberry.type(description="Nilai satu komponen.")
class RankingComponent:
    code: str = strawberry.field(description="Kode komponen.")
    label: str = strawberry.field(description="Nama komponen.")
    score: Decimal | None = strawberry.field(description="Nilai yang dicetak; null bila belum lengkap.")


@strawberry.type(description="Sumbangan satu kriteria.")
class RankingCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    component: str = strawberry.field(description="Kode komponennya.")
    panel_value: str | None = strawberry.field(description="Nilai tim penilai bersama-sama, atau data yang diambil; null bila belum ada.")
    points: str | None = strawberry.field(description="Poin menurut skala; null bila belum ada.")
    contribution: str | None = strawberry.field(description="Sumbangan persis terhadap nilai akhir, sebagai pecahan.")
    shown_contribution: Decimal | None = strawberry.field(description="Sumbangan yang dicetak; jumlahnya tepat nilai akhir.")
    marks: int = strawberry.field(description="Banyaknya nilai penilai yang diperhitungkan.")


@strawberry.type(description="Satu calon dalam pemeringkatan.")
class RankingRow:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_code: str = strawberry.field(description="Kode unit kerja.")
    unit_name: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    reasons: list[str] = strawberry.field(description="Alasan bila tidak diperingkat.", directives=[ListSize(assumed_size=2)])
    score: Decimal | None = strawberry.field(description="Nilai akhir yang dicetak (0-100).")
    exact: str | None = strawberry.field(description='Nilai akhir persis sebagai pecahan "n/d".')
    rank: int | None = strawberry.field(description="Peringkat; nilai yang sama berbagi tempat (1, 1, 3).")
    tie_group: int | None = strawberry.field(description="Peringkat awal kelompok bernilai cetak sama; null bila sendiri.")
    decided_by_label: str = strawberry.field(
        description="Langkah yang memutus nilai seri, atau perlu tidaknya seri yang terbuka diputuskan; kosong bila tidak seri."
    )
    components: list[RankingComponent] = strawberry.field(description="Nilai komponen.", directives=[ListSize(assumed_size=4)])
    criteria: list[RankingCriterion] = strawberry.field(description="Sumbangan kriteria.", directives=[ListSize(assumed_size=14)])
    warnings: list[str] = strawberry.field(description="Peringatan.", directives=[ListSize(assumed_size=2)])
    is_proposed: bool = strawberry.field(description="Diusulkan menjadi pemenang oleh pemeringkatan ini.")

    @classmethod
    def of(cls, row: queries.RankingRow) -> RankingRow:
        return cls(
            nomination=NominationReference.of(row.nomination_id, row.number),
            name=row.name,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            status=RankingStatus(row.status),
            reasons=list(row.reasons),
            score=_decimal(row.score),
            exact=row.exact,
            rank=row.rank,
            tie_group=row.tie_group,
            decided_by_label=row.decided_by_label,
            components=[RankingComponent(code=each.code, label=each.label, score=_decimal(each.score)) for each in row.components],
            criteria=[
                RankingCriterion(
                    code=each.code,
                    label=each.label,
                    component=each.component,
                    panel_value=each.panel_value,
                    points=each.points,
                    contribution=each.contribution,
                    shown_contribution=_decimal(each.shown_contribution),
                    marks=each.marks,
                )
                for each in row.criteria
            ],
            warnings=list(row.warnings),
            is_proposed=row.is_proposed,
        )


@strawberry.type(description="Calon yang dilewati meskipun peringkatnya cukup.")
class PassedOver:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    reason: str = strawberry.field(description="Alasan.")


@strawberry.type(description="Calon-calon yang tidak dipisahkan oleh penentu nilai seri pada instrumen.")
class UnresolvedTie:
    nominations: list[NominationReference] = strawberry.field(description="Usulan yang seri.", directives=[ListSize(assumed_size=3)])
    is_waiting: bool = strawberry.field(description="Urutannya menunggu keputusan tertulis; selain itu `said` mengatakan sebabnya.")
    said: str = strawberry.field(description="Perlu tidaknya diputuskan, dalam kata-kata.")


@strawberry.type(description="Satu perhitungan pemeringkatan.")
class RankingSummary:
    id: strawberry.ID = strawberry.field(description="Pengenal pemeringkatan.")
    number: int = strawberry.field(description="Nomor perhitungan dalam kategori.")
    state: RankingState = strawberry.field(description="Keadaan.")
    input_sha256: str = strawberry.field(description="Sidik SHA-256 seluruh masukan.")
    result_sha256: str = strawberry.field(description="Sidik SHA-256 hasil.")
    computed_at: datetime = strawberry.field(description="Saat dihitung.")
    computed_by: str | None = strawberry.field(description="Nama yang menghitung; null bila oleh sistem.")
    finalised_at: datetime | None = strawberry.field(description="Saat difinalkan.")

    @classmethod
    def of(cls, row: queries.RankingSummary) -> RankingSummary:
        return cls(
            id=gid("Ranking", row.ranking_id),
            number=row.number,
            state=RankingState(row.state),
            input_sha256=row.input_sha256,
            result_sha256=row.result_sha256,
            computed_at=row.computed_at,
            computed_by=row.computed_by,
            finalised_at=row.finalised_at,
        )


@strawberry.type(description="Pemeringkatan terbaru sebuah kategori, dengan penjelasannya.")
class Ranking:
    category: str = strawberry.field(description="Nama kategori.")
    period: str = strawberry.field(description="Nama periode.")
    period_state: PeriodState = strawberry.field(description="Tahap periode.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    summary: RankingSummary | None = strawberry.field(description="Perhitungan yang ditampilkan; null bila belum pernah dihitung.")
    is_stale: bool = strawberry.field(description="Data berubah sejak perhitungan ini; hitung ulang sebelum memfinalkan.")
    proposed: list[NominationReference] = strawberry.field(
        description="Usulan yang diusulkan menang, menurut urutan.", directives=[ListSize(assumed_size=6)]
    )
    passed_over: list[PassedOver] = strawberry.field(description="Yang dilewati.", directives=[ListSize(assumed_size=3)])
    unresolved: list[UnresolvedTie] = strawberry.field(
        description="Nilai seri yang terbuka, yang terbaik lebih dahulu; tidak semuanya perlu diputuskan.",
        directives=[ListSize(assumed_size=2)],
    )
    blocked: list[str] = strawberry.field(
        description="Mengapa pemenang belum dapat ditetapkan; kosong bila dapat.", directives=[ListSize(assumed_size=3)]
    )
    history: list[RankingSummary] = strawberry.field(
        description="Semua perhitungan, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=5)]
    )
    view: strawberry.Private[queries.RankingView]

    @ROWS.connection(description="Calon menurut peringkat; yang tidak diperingkat di akhir.")
    def rows(self, page: PageRequest) -> Connection[RankingRow]:
        return Connection.of(queries.ROWS.cut(self.view.rows, page), RankingRow.of)

    @classmethod
    def of(cls, view: queries.RankingView) -> Ranking:
        named = {row.nomination_id: NominationReference.of(row.nomination_id, row.number) for row in view.rows}
        return cls(
            category=view.category_name,
            period=view.period_name,
            period_state=view.period_state,
            winners_max=view.winners_max,
            summary=RankingSummary.of(view.summary) if view.summary else None,
            is_stale=view.is_stale,
            proposed=[named[each] for each in view.award.winners],
            passed_over=[
                PassedOver(nomination=NominationReference.of(each.nomination_id, each.number), reason=each.reason)
                for each in view.award.passed_over
            ],
            unresolved=[
                UnresolvedTie(nominations=[named[each] for each in tie.nomination_ids], is_waiting=tie.waits, said=tie.said)
                for tie in view.open_ties
            ],
            blocked=list(view.award.blocked),
            history=[RankingSummary.of(each) for each in view.history],
            view=view,
        )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
