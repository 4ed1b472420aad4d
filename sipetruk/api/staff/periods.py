"""Periods, their schedule, categories and panels as staff see them."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.enums import Effect, VersionState
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import Node
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import PeriodReference, gid
from sipetruk.queries import periods as queries
from sipetruk.rules import eligibility
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState, PeriodMove, PeriodState, Stage
from sipetruk.services import clock


@strawberry.type(description="Jadwal satu tahap.")
class StageWindow:
    stage: Stage = strawberry.field(description="Tahap.")
    label: str = strawberry.field(description="Nama tahap.")
    opens_on: date = strawberry.field(description="Hari pertama (WITA).")
    closes_on: date = strawberry.field(description="Hari terakhir, sampai pukul 23.59 WITA.")
    is_open: bool = strawberry.field(description="Hari ini termasuk dalam jadwal tahap ini.")


@strawberry.type(description="Satu syarat kategori.")
class EligibilityRule:
    label: str = strawberry.field(description="Syarat dalam kata-kata.")
    fact: str = strawberry.field(description="Data yang diperiksa.")
    operator: str = strawberry.field(description="Pembanding.")
    value: Document = strawberry.field(description="Nilai pembanding; bentuknya menurut data yang diperiksa.")
    effect: Effect = strawberry.field(description="Akibat bila tidak terpenuhi.")
    message: str = strawberry.field(description="Kata-kata pengganti; kosong berarti kata-kata baku.")

    @classmethod
    def of(cls, rule: eligibility.Rule) -> EligibilityRule:
        return cls(
            label=rule.describe(),
            fact=rule.fact,
            operator=rule.operator,
            value=Document(rule.value),
            effect=Effect(rule.effect),
            message=rule.message,
        )


@strawberry.type(description="Versi instrumen sebagai rujukan.")
class InstrumentReference:
    id: strawberry.ID = strawberry.field(description="Pengenal versi instrumen.")
    code: str = strawberry.field(description="Kode instrumen.")
    name: str = strawberry.field(description="Nama instrumen.")
    number: int = strawberry.field(description="Nomor versi.")
    state: VersionState = strawberry.field(description="Keadaan versi.")


@strawberry.type(description="Anggota tim penilai.")
class PanelMember:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama penilai.")


@strawberry.type(description="Banyaknya usulan dengan satu status, sejauh boleh dilihat pembaca.")
class StateCount:
    state: NominationState = strawberry.field(description="Status.")
    label: str = strawberry.field(description="Nama status.")
    count: int = strawberry.field(description="Banyaknya usulan.")


@strawberry.type(description="Kategori penghargaan dalam sebuah periode.")
class Category(Node):
    slug: str = strawberry.field(description="Kode kategori di dalam periodenya.")
    name: str = strawberry.field(description="Nama kategori.")
    period: PeriodReference = strawberry.field(description="Periode kategori ini.")
    version: int = strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    quota_per_unit: int | None = strawberry.field(description="Usulan paling banyak dari satu unit kerja; null berarti tanpa batas.")
    winners_per_unit: int | None = strawberry.field(description="Pemenang paling banyak dari satu unit kerja; null berarti tanpa batas.")
    instrument: InstrumentReference = strawberry.field(description="Versi instrumen yang dipakai.")
    rules: list[EligibilityRule] = strawberry.field(description="Syarat calon.", directives=[ListSize(assumed_size=8)])
    panel: list[PanelMember] = strawberry.field(
        description="Tim penilai; kosong bagi yang tidak boleh melihatnya.", directives=[ListSize(assumed_size=5)]
    )
    nominations: list[StateCount] = strawberry.field(description="Banyaknya usulan per status.", directives=[ListSize(assumed_size=11)])
    closes_on: date | None = strawberry.field(description="Hari terakhir pengusulan (WITA).")
    is_open: bool = strawberry.field(description="Unit kerja dapat mengusulkan sekarang.")
    is_blind: bool = strawberry.field(description="Penilai tidak melihat siapa calonnya.")
    assessors_each: int | None = strawberry.field(description="Penilai per calon; null berarti seluruh tim.")
    spread_limit: int = strawberry.field(description="Batas perbedaan nilai, perseratus persen dari poin tertinggi kriteria.")
    first_stage: Category | None = strawberry.field(
        description="Kategori tahap pertama, bila kategori ini tahap wawancara; selain itu null."
    )
    finalists: int | None = strawberry.field(description="Banyaknya finalis; null bila bukan tahap wawancara.")

    @classmethod
    def of(cls, row: queries.CategoryView, period: queries.PeriodView) -> Category:
        first = next((each for each in period.categories if each.id == row.first_stage_id), None)
        return cls(
            id=gid("Category", row.id),
            slug=row.slug,
            name=row.name,
            period=PeriodReference(id=gid("Period", period.id), name=period.name, year=period.year),
            version=row.row_version,
            winners_max=row.winners,
            quota_per_unit=row.quota_per_unit,
            winners_per_unit=row.winners_per_unit,
            instrument=InstrumentReference(
                id=gid("InstrumentVersion", row.instrument_version_id),
                code=row.instrument_code,
                name=row.instrument_name,
                number=row.instrument_number,
                state=VersionState(row.instrument_state),
            ),
            rules=[EligibilityRule.of(rule) for rule in eligibility.parse_rules(list(row.eligibility))],
            panel=[PanelMember(id=gid("User", user_id), name=name) for user_id, name in row.panel],
            nominations=[StateCount(state=state, label=NOMINATION_LABELS[state], count=count) for state, count in row.nominations.items()],
            closes_on=last_day(period),
            is_open=is_open(period) and row.first_stage_id is None,
            is_blind=row.is_blind,
            assessors_each=row.assessors_each,
            spread_limit=row.spread_limit,
            first_stage=None if first is None else Category.of(first, period),
            finalists=row.finalists,
        )


@strawberry.type(description="Periode pemilihan ASN berprestasi.")
class Period(Node):
    slug: str = strawberry.field(description="Bagian akhir alamat halaman publik.")
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")
    state: PeriodState = strawberry.field(description="Tahap yang sedang dijalani.")
    state_label: str = strawberry.field(description="Nama tahap itu.")
    version: int = strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")
    stages: list[StageWindow] = strawberry.field(description="Jadwal menurut urutan tahap.", directives=[ListSize(assumed_size=7)])
    categories: list[Category] = strawberry.field(description="Kategori menurut urutannya.", directives=[ListSize(assumed_size=4)])
    allowed_moves: list[PeriodMove] = strawberry.field(
        description="Langkah yang dapat diambil pembaca sekarang.", directives=[ListSize(assumed_size=2)]
    )
    is_automatic: bool = strawberry.field(
        description="Periode pindah tahap sendiri begitu saatnya tiba menurut jadwal dan tidak ada penghalang."
    )

    @classmethod
    def of(cls, row: queries.PeriodView) -> Period:
        now = clock.now()
        return cls(
            id=gid("Period", row.id),
            slug=row.slug,
            name=row.name,
            year=row.year,
            state=row.state,
            state_label=row.label,
            version=row.row_version,
            stages=[
                StageWindow(
                    stage=each.stage,
                    label=each.label,
                    opens_on=each.opens_on,
                    closes_on=each.closes_on,
                    is_open=each.window.is_open(now),
                )
                for each in row.stages
            ],
            categories=[Category.of(each, row) for each in row.categories],
            allowed_moves=list(row.moves),
            is_automatic=row.is_automatic,
        )


@strawberry.type(description="Kategori yang sedang menerima usulan.")
class OpenCategory:
    id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    name: str = strawberry.field(description="Nama kategori.")
    period: PeriodReference = strawberry.field(description="Periode kategori ini.")
    closes_on: date | None = strawberry.field(description="Hari terakhir pengusulan (WITA).")
    quota_per_unit: int | None = strawberry.field(description="Usulan paling banyak dari satu unit kerja; null berarti tanpa batas.")
    quota_left: int | None = strawberry.field(
        description=(
            "Usulan yang masih dapat disusun unit kerja pembaca menurut kuota; yang ditarik atau ditolak tidak terhitung. "
            "Hanya tentang unit sendiri: null bila tanpa batas, atau bila pembaca tidak mewakili tepat satu unit kerja."
        )
    )
    can_nominate: bool = strawberry.field(description="Pembaca boleh menyusun usulan bagi unitnya.")


def last_day(period: queries.PeriodView) -> date | None:
    """The last day on which units may nominate."""
    window = period.window(Stage.NOMINATION)
    return window.closes_on if window else None


def is_open(period: queries.PeriodView) -> bool:
    """Whether units may nominate now."""
    window = period.window(Stage.NOMINATION)
    return period.state is PeriodState.OPEN and window is not None and window.is_open(clock.now())
