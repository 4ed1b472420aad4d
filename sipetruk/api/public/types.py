"""Types of the public schema; built from `queries.public` only, so that nothing else can slip out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.enums import Effect, PublicationPolicy
from sipetruk.api.form_types import NominationForm
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import Node
from sipetruk.api.public import reads
from sipetruk.api.tree_types import Component, Criterion, EvidenceRequirement, ScoringPolicy, components_of, requirements_of
from sipetruk.queries import chain, public
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.workflow import STAGE_LABELS, PeriodState, Stage


@strawberry.type(description="Periode sebagai rujukan.")
class PeriodReference:
    id: strawberry.ID = strawberry.field(description="Pengenal periode, untuk `node`.")
    slug: str = strawberry.field(description="Bagian akhir alamat halaman periode.")
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")

    @classmethod
    def of(cls, row: public.PeriodRef) -> PeriodReference:
        return cls(id=strawberry.ID(ids.encode("Period", row.id)), slug=row.slug, name=row.name, year=row.year)


@strawberry.type(description="Versi instrumen sebagai rujukan.")
class InstrumentReference:
    id: strawberry.ID = strawberry.field(description="Pengenal versi instrumen, untuk `node`.")
    code: str = strawberry.field(description="Kode instrumen.")
    number: int = strawberry.field(description="Nomor versi.")
    title: str = strawberry.field(description="Nama instrumen.")

    @classmethod
    def of(cls, row: public.InstrumentRef) -> InstrumentReference:
        return cls(id=strawberry.ID(instrument_id(row.code, row.number)), code=row.code, number=row.number, title=row.name)


@strawberry.type(description="Unit kerja (OPD) sebagaimana diumumkan.")
class UnitReference:
    code: str = strawberry.field(description="Kode unit kerja.")
    name: str = strawberry.field(description="Nama unit kerja.")


@strawberry.type(description="Kategori sebagaimana diumumkan.")
class CategoryReference:
    slug: str = strawberry.field(description="Kode kategori di dalam periodenya.")
    name: str = strawberry.field(description="Nama kategori.")


@strawberry.type(description="Jadwal satu tahap.")
class StageWindow:
    stage: Stage = strawberry.field(description="Tahap.")
    label: str = strawberry.field(description="Nama tahap.")
    opens_on: date = strawberry.field(description="Hari pertama (WITA).")
    closes_on: date = strawberry.field(description="Hari terakhir, sampai pukul 23.59 WITA.")
    is_open: bool = strawberry.field(description="Hari ini termasuk dalam jadwal tahap ini.")


@strawberry.type(description="Syarat bagi calon.")
class Requirement:
    label: str = strawberry.field(description="Syarat dalam kata-kata.")
    effect: Effect = strawberry.field(description="Akibat bila tidak terpenuhi.")


@strawberry.type(description="Kategori penghargaan dalam sebuah periode.")
class Category(Node):
    slug: str = strawberry.field(description="Kode kategori di dalam periodenya.")
    name: str = strawberry.field(description="Nama kategori.")
    description: str = strawberry.field(description="Uraian; kosong bila tidak ada.")
    period: PeriodReference = strawberry.field(description="Periode kategori ini.")
    winners_max: int = strawberry.field(description="Banyaknya pemenang paling banyak.")
    quota_per_unit: int | None = strawberry.field(
        description="Banyaknya usulan paling banyak dari satu unit kerja; null berarti tanpa batas."
    )
    requirements: list[Requirement] = strawberry.field(description="Syarat calon; daftar pendek.", directives=[ListSize(assumed_size=8)])
    instrument: InstrumentReference = strawberry.field(description="Instrumen yang dipakai.")
    first_stage: str | None = strawberry.field(
        description="Nama kategori tahap pertamanya, bila kategori ini tahap wawancara; selain itu null."
    )
    finalists: int | None = strawberry.field(
        description="Banyaknya yang terbaik pada tahap pertama yang diwawancarai; null bila bukan tahap wawancara."
    )
    is_open: bool = strawberry.field(description="Unit kerja dapat mengusulkan sekarang.")
    opens_on: date | None = strawberry.field(description="Hari pertama pengusulan (WITA).")
    closes_on: date | None = strawberry.field(description="Hari terakhir pengusulan (WITA).")
    row: strawberry.Private[public.PublicCategory]

    @strawberry.field(description="Formulir usulan; null bila pengusulan tidak sedang dibuka.")
    def form(self, info: Info) -> NominationForm | None:
        tree = reads.open_trees(info).get(self.row.id)
        return NominationForm.of(tree) if tree else None

    @classmethod
    def of(cls, row: public.PublicCategory) -> Category:
        return cls(
            id=strawberry.ID(ids.encode("Category", row.id)),
            slug=row.slug,
            name=row.name,
            description=row.description,
            period=PeriodReference.of(row.period),
            winners_max=row.winners_max,
            quota_per_unit=row.quota_per_unit,
            requirements=[Requirement(label=each.label, effect=Effect(each.effect)) for each in row.requirements],
            instrument=InstrumentReference.of(row.instrument),
            first_stage=row.first_stage or None,
            finalists=row.finalists,
            is_open=row.is_open,
            opens_on=row.opens_on,
            closes_on=row.closes_on,
            row=row,
        )


@strawberry.type(description="Nilai satu komponen dari seorang pemenang.")
class ComponentScore:
    code: str = strawberry.field(description="Kode komponen.")
    label: str = strawberry.field(description="Nama komponen.")
    score: Decimal = strawberry.field(description="Nilai yang dicetak.")
    maximum: Decimal = strawberry.field(description="Nilai paling tinggi komponen ini.")
    instrument: strawberry.Private[public.InstrumentRef]

    @strawberry.field(
        description="Kriteria komponen ini pada instrumen yang dipakai; nilai tiap kriteria tidak diumumkan. Daftar pendek.",
        directives=[ListSize(assumed_size=6)],
    )
    def criteria(self, info: Info) -> list[Criterion]:
        return reads.criteria(info, self.instrument)[self.code]


@strawberry.type(description="Pemenang sebagaimana diumumkan. NIP dan data kepegawaian tidak pernah diumumkan.")
class Winner(Node):
    slug: str = strawberry.field(description="Bagian akhir alamat halaman pemenang.")
    name: str = strawberry.field(description="Nama dan gelar.")
    position: str = strawberry.field(description="Jabatan saat diusulkan.")
    unit: UnitReference = strawberry.field(description="Unit kerja saat diusulkan.")
    category: CategoryReference = strawberry.field(description="Kategori yang dimenangkan.")
    period: PeriodReference = strawberry.field(description="Periode yang dimenangkan.")
    rank: int = strawberry.field(description="Peringkat di antara pemenang kategori ini, mulai dari 1.")
    citation: str = strawberry.field(description="Alasan penghargaan; kosong bila tidak ada.")
    innovation_title: str = strawberry.field(description="Judul inovasi; kosong bila tidak ada.")
    decree_number: str = strawberry.field(description="Nomor surat keputusan.")
    decree_on: date = strawberry.field(description="Tanggal surat keputusan.")
    published_at: datetime = strawberry.field(description="Saat diumumkan.")
    instrument: InstrumentReference = strawberry.field(description="Instrumen yang dipakai menilai.")
    row: strawberry.Private[public.PublicWinner]
    score: Decimal | None = strawberry.field(description="Nilai akhir (0-100); null bila kebijakan pengumuman tidak menyebutkannya.")
    components: list[ComponentScore] | None = strawberry.field(
        description="Nilai tiap komponen; null bila kebijakan pengumuman tidak menyebutkannya.", directives=[ListSize(assumed_size=4)]
    )

    @strawberry.field(description="Kode periksa pada piagam pemenang ini, untuk `winnerByCode`; pengumuman yang lain mempunyai kode lain.")
    def check_code(self) -> str:
        return self.row.check_code

    @classmethod
    def of(cls, row: public.PublicWinner) -> Winner:
        return cls(
            id=strawberry.ID(ids.encode("Winner", row.id)),
            slug=row.slug,
            name=row.name,
            position=row.position,
            unit=UnitReference(code=row.unit_code, name=row.unit_name),
            category=CategoryReference(slug=row.category_slug, name=row.category_name),
            period=PeriodReference.of(row.period),
            rank=row.place,
            citation=row.citation,
            innovation_title=row.innovation,
            decree_number=row.decree_number,
            decree_on=row.decree_on,
            published_at=row.published_at,
            instrument=InstrumentReference.of(row.instrument),
            row=row,
            score=Decimal(row.score) if row.score is not None else None,
            components=None
            if row.components is None
            else [
                ComponentScore(
                    code=part.code, label=part.label, score=Decimal(part.score), maximum=Decimal(part.maximum), instrument=row.instrument
                )
                for part in row.components
            ],
        )


@strawberry.type(description="Menurut apa pemenang dapat disaring: hanya yang ada di antara pemenang yang diumumkan.")
class WinnerChoices:
    periods: list[PeriodReference] = strawberry.field(
        description="Periode, yang terbaru lebih dahulu.", directives=[ListSize(assumed_size=10)]
    )
    categories: list[CategoryReference] = strawberry.field(
        description="Kategori menurut nama terakhirnya.", directives=[ListSize(assumed_size=10)]
    )
    units: list[UnitReference] = strawberry.field(
        description="Unit kerja menurut nama terakhirnya.", directives=[ListSize(assumed_size=45)]
    )

    @classmethod
    def of(cls, row: public.WinnerChoices) -> WinnerChoices:
        return cls(
            periods=[PeriodReference.of(each) for each in row.periods],
            categories=[CategoryReference(slug=each.code, name=each.name) for each in row.categories],
            units=[UnitReference(code=each.code, name=each.name) for each in row.units],
        )


WINNERS = Lists(public.WINNERS)
PUBLICATIONS = Lists(public.PUBLICATIONS, enums={"policy": PublicationPolicy})


@strawberry.type(description="Angka satu unit kerja dalam satu pengumuman; hanya jumlah, tanpa nama.")
class UnitStatistic:
    code: str = strawberry.field(description="Kode unit kerja.")
    name: str = strawberry.field(description="Nama unit kerja.")
    nominations: int = strawberry.field(description="Banyaknya usulan yang diajukan.")
    verified: int = strawberry.field(description="Banyaknya usulan yang memenuhi syarat.")
    winners: int = strawberry.field(description="Banyaknya pemenang.")

    @classmethod
    def of(cls, row: public.UnitCount) -> UnitStatistic:
        return cls(code=row.code, name=row.name, nominations=row.nominated, verified=row.verified, winners=row.winners)


@strawberry.type(description="Pengumuman hasil sebuah periode: salinan yang tidak berubah lagi.")
class Publication(Node):
    number: int = strawberry.field(description="Nomor urut pengumuman dalam periodenya.")
    period: PeriodReference = strawberry.field(description="Periode yang diumumkan.")
    policy: PublicationPolicy = strawberry.field(description="Apa saja yang diumumkan tentang pemenang.")
    published_at: datetime = strawberry.field(description="Saat diumumkan.")
    file_url: str = strawberry.field(
        description="Alamat berkas pengumuman ini, dihitung dari alamat portal; isinya dapat diperiksa dengan `sipetruk verify`."
    )
    nominations: int = strawberry.field(description="Banyaknya usulan yang diajukan dari semua unit kerja.")
    verified: int = strawberry.field(description="Banyaknya usulan yang memenuhi syarat.")
    units: list[UnitStatistic] = strawberry.field(
        description="Angka setiap unit kerja; satu baris per unit.", directives=[ListSize(assumed_size=45)]
    )
    row: strawberry.Private[public.PublicPublication]

    @WINNERS.connection(description="Pemenang menurut kategori dan peringkat.")
    def winners(self, page: PageRequest) -> Connection[Winner]:
        return Connection.of(public.WINNERS_OF_ONE.cut(self.row.winners, page, is_sorted=True), Winner.of)

    @classmethod
    def of(cls, row: public.PublicPublication) -> Publication:
        return cls(
            id=strawberry.ID(ids.encode("Publication", row.id)),
            number=row.number,
            period=PeriodReference.of(row.period),
            policy=PublicationPolicy(row.policy),
            published_at=row.published_at,
            file_url=f"/periode/{row.period.slug}/pengumuman.json",
            nominations=row.nominated,
            verified=row.verified,
            units=[UnitStatistic.of(each) for each in row.units],
            row=row,
        )


@strawberry.type(description="Pengumuman yang pernah terbit lalu ditarik; isinya tidak dapat dibaca lagi.")
class Withdrawal:
    period: PeriodReference = strawberry.field(description="Periodenya.")
    number: int = strawberry.field(description="Nomor pengumuman yang ditarik.")
    published_at: datetime = strawberry.field(description="Saat diumumkan.")
    withdrawn_at: datetime = strawberry.field(description="Saat ditarik.")
    note: str = strawberry.field(description="Catatan penarikan untuk umum.")

    @classmethod
    def of(cls, row: public.Withdrawal) -> Withdrawal:
        return cls(
            period=PeriodReference.of(row.period),
            number=row.number,
            published_at=row.published_at,
            withdrawn_at=row.withdrawn_at,
            note=row.note,
        )


@strawberry.type(description="Ujung rantai jejak audit sebagaimana diumumkan pada satu hari.")
class AuditHead:
    day: date = strawberry.field(description="Hari (WITA).")
    entries: int = strawberry.field(description="Banyaknya catatan pada saat itu.")
    head: str = strawberry.field(description="Sidik catatan terakhir, yang mengikat semua catatan sebelumnya (SHA-256).")
    published_at: datetime = strawberry.field(description="Saat dicatat.")

    @classmethod
    def of(cls, row: chain.Head) -> AuditHead:
        return cls(day=row.day, entries=row.entries, head=row.head, published_at=row.published_at)


@strawberry.type(description="Periode pemilihan ASN berprestasi.")
class Period(Node):
    slug: str = strawberry.field(description="Bagian akhir alamat halaman periode.")
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")
    state: PeriodState = strawberry.field(description="Tahap yang sedang dijalani.")
    state_label: str = strawberry.field(description="Nama tahap itu.")
    stages: list[StageWindow] = strawberry.field(
        description="Jadwal menurut urutan tahap; paling banyak satu baris per tahap.", directives=[ListSize(assumed_size=7)]
    )
    categories: list[Category] = strawberry.field(
        description="Kategori menurut urutannya; daftar pendek.", directives=[ListSize(assumed_size=4)]
    )

    @strawberry.field(description="Pengumuman yang berlaku; null selama belum diumumkan.")
    def publication(self, info: Info) -> Publication | None:
        row = reads.publications_by_period(info).get(self.slug)
        return Publication.of(row) if row else None

    @strawberry.field(
        description="Pengumuman periode ini yang pernah terbit lalu ditarik, yang terbaru lebih dahulu.",
        directives=[ListSize(assumed_size=1)],
    )
    def withdrawals(self, info: Info) -> list[Withdrawal]:
        return [Withdrawal.of(row) for row in reads.withdrawals(info) if row.period.slug == self.slug]

    @classmethod
    def of(cls, row: public.PublicPeriod) -> Period:
        return cls(
            id=strawberry.ID(ids.encode("Period", row.id)),
            slug=row.slug,
            name=row.name,
            year=row.year,
            state=row.state,
            state_label=row.label,
            stages=[
                StageWindow(
                    stage=each.stage,
                    label=STAGE_LABELS[each.stage],
                    opens_on=each.opens_on,
                    closes_on=each.closes_on,
                    is_open=each.is_open,
                )
                for each in row.stages
            ],
            categories=[Category.of(each) for each in row.categories],
        )


@strawberry.type(description="Versi instrumen yang dipakai menilai sebuah periode; setelah dikunci tidak berubah lagi.")
class Instrument(Node):
    code: str = strawberry.field(description="Kode instrumen.")
    number: int = strawberry.field(description="Nomor versi.")
    title: str = strawberry.field(description="Judul instrumen.")
    description: str = strawberry.field(description="Uraian; kosong bila tidak ada.")
    source: str = strawberry.field(description="Dasar hukum atau sumber; kosong bila tidak disebut.")
    locked_at: datetime = strawberry.field(description="Saat versi ini dikunci.")
    sha256: str = strawberry.field(description="Sidik SHA-256 isi versi ini, 64 angka heksadesimal.")
    policy: ScoringPolicy = strawberry.field(description="Aturan menghitung nilai.")
    components: list[Component] = strawberry.field(
        description="Komponen menurut urutannya; daftar pendek.", directives=[ListSize(assumed_size=4)]
    )
    evidence: list[EvidenceRequirement] = strawberry.field(
        description="Bukti yang diminta; daftar pendek.", directives=[ListSize(assumed_size=10)]
    )

    @classmethod
    def of(cls, row: public.PublicInstrument) -> Instrument:
        tree = row.definition
        return cls(
            id=strawberry.ID(instrument_id(row.code, row.number)),
            code=row.code,
            number=row.number,
            title=tree.title,
            description=tree.description,
            source=tree.source,
            locked_at=row.locked_at,
            sha256=row.sha256,
            policy=ScoringPolicy.of(tree),
            components=components_of(tree),
            evidence=requirements_of(tree),
        )


def instrument_id(code: str, number: int) -> str:
    return ids.encode("Instrument", f"{code}/{number}")
