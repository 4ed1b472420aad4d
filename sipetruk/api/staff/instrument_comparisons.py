"""What differs between versions, what happened to one, and a finished round once more under another."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import strawberry

from sipetruk.api.enums import RankingStatus, described
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.instrument_summaries import InstrumentVersionSummary
from sipetruk.queries import backtests, instrument_history
from sipetruk.queries import instruments as queries
from sipetruk.rules import backtest as rules
from sipetruk.rules import comparison
from sipetruk.rules.exact import printed

SHARE_DECIMALS = 2


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


described(ChangeKind, "Jenis perbedaan dua isi instrumen.", comparison.KINDS, name="InstrumentChangeKind")


@strawberry.type(description="Satu perbedaan antara dua isi instrumen.")
class InstrumentChange:
    kind: ChangeKind = strawberry.field(description="Jenis perbedaan.")
    path: list[str] = strawberry.field(description="Letaknya menurut kode.", directives=[ListSize(assumed_size=3)])
    message: str = strawberry.field(description="Perbedaan dalam kata-kata.")
    was: str = strawberry.field(description="Isi lama dalam kata-kata; kosong bila tidak ada.")
    now: str = strawberry.field(description="Isi baru dalam kata-kata; kosong bila tidak ada.")
    before: Document | None = strawberry.field(description="Isi lama sebagai dokumen; null bila tidak ada.")
    after: Document | None = strawberry.field(description="Isi baru sebagai dokumen; null bila tidak ada.")

    @classmethod
    def of(cls, change: comparison.Change) -> InstrumentChange:
        return cls(
            kind=ChangeKind(change.kind),
            path=list(change.path),
            message=change.message,
            was=change.was,
            now=change.now,
            before=None if change.before is None else Document(change.before),
            after=None if change.after is None else Document(change.after),
        )


@strawberry.type(description="Pengaruh sebuah kriteria terhadap nilai akhir, sebelum dan sesudah.")
class CriterionShare:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    component: str = strawberry.field(description="Nama komponennya.")
    before: Decimal | None = strawberry.field(description="Paling banyak sekian persen dari nilai akhir dahulu; null bila tidak ada.")
    after: Decimal | None = strawberry.field(description="Paling banyak sekian persen dari nilai akhir kini; null bila tidak ada.")
    difference: Decimal = strawberry.field(description="Selisihnya dalam persen dari nilai akhir.")

    @classmethod
    def of(cls, share: comparison.Share) -> CriterionShare:
        return cls(
            code=share.code,
            label=share.label,
            component=share.component,
            before=None if share.before is None else _percent(share.before),
            after=None if share.after is None else _percent(share.after),
            difference=_percent(share.difference),
        )


@strawberry.type(description="Dua versi instrumen berdampingan.")
class InstrumentComparison:
    old: InstrumentVersionSummary = strawberry.field(description="Versi lama.")
    new: InstrumentVersionSummary = strawberry.field(description="Versi baru.")
    changes: list[InstrumentChange] = strawberry.field(
        description="Semua perbedaan menurut urutan isi; kosong bila sama.", directives=[ListSize(assumed_size=30)]
    )
    shares: list[CriterionShare] = strawberry.field(
        description="Pengaruh setiap kriteria terhadap nilai akhir.", directives=[ListSize(assumed_size=20)]
    )

    @classmethod
    def of(cls, view: queries.ComparisonView) -> InstrumentComparison:
        return cls(
            old=InstrumentVersionSummary.of(view.old),
            new=InstrumentVersionSummary.of(view.new),
            changes=[InstrumentChange.of(each) for each in view.changes],
            shares=[CriterionShare.of(each) for each in view.shares],
        )


@strawberry.type(description="Satu kejadian dalam riwayat sebuah versi.")
class InstrumentHistoryEntry:
    id: strawberry.ID = strawberry.field(description="Pengenal catatan audit.")
    at: datetime = strawberry.field(description="Saat terjadi.")
    who: str = strawberry.field(description="Nama pelakunya.")
    face: str = strawberry.field(description="Lewat mana: panel, api, portal, atau cli.")
    summary: str = strawberry.field(description="Apa yang dilakukan, dalam satu kalimat.")
    reason: str = strawberry.field(description="Alasan; kosong bila tidak ada.")
    changes: list[InstrumentChange] = strawberry.field(description="Perbedaan sesudahnya.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, row: instrument_history.HistoryEntry) -> InstrumentHistoryEntry:
        return cls(
            id=gid("AuditEntry", row.id),
            at=row.at,
            who=row.who,
            face=row.face,
            summary=row.summary,
            reason=row.reason,
            changes=[InstrumentChange.of(each) for each in row.changes],
        )


@strawberry.type(description="Kategori dengan pemeringkatan final, yang dapat diuji ulang.")
class FinishedCategory:
    id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    name: str = strawberry.field(description="Nama kategori.")
    period: str = strawberry.field(description="Nama periode.")
    instrument: str = strawberry.field(description="Nama instrumen yang dipakai.")
    number: int = strawberry.field(description="Nomor versi instrumen itu.")

    @classmethod
    def of(cls, row: backtests.FinishedCategory) -> FinishedCategory:
        return cls(id=gid("Category", row.id), name=row.name, period=row.period, instrument=row.instrument, number=row.number)


@strawberry.type(description="Satu kriteria dari versi yang diuji ulang.")
class BacktestCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    share: Decimal = strawberry.field(description="Paling banyak sekian persen dari nilai akhir.")
    why_not: str = strawberry.field(description="Mengapa data putaran itu tidak dapat dipakai; kosong bila dipakai.")
    note: str = strawberry.field(description="Perbedaan skala dengan kata-kata; kosong bila skalanya sama.")

    @classmethod
    def of(cls, match: rules.Match) -> BacktestCriterion:
        return cls(code=match.code, label=match.label, share=_percent(match.share), why_not=match.why_not, note=match.note)


@strawberry.type(description="Seorang calon dahulu, dan menurut versi yang diuji ulang.")
class BacktestRow:
    name: str = strawberry.field(description="Nama dan gelar.")
    unit: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    old_rank: int | None = strawberry.field(description="Peringkat dahulu; null bila tidak diperingkat.")
    old_score: Decimal | None = strawberry.field(description="Nilai dahulu; null bila tidak ada.")
    new_rank: int | None = strawberry.field(description="Peringkat menurut versi ini; null bila tidak diperingkat.")
    new_score: Decimal | None = strawberry.field(description="Nilai menurut versi ini; null bila tidak ada.")
    new_status: RankingStatus = strawberry.field(description="Kedudukan menurut versi ini.")
    change: int | None = strawberry.field(description="Naik (positif) atau turun sekian peringkat; null bila salah satu tidak ada.")
    has_won: bool = strawberry.field(description="Diusulkan menang dahulu.")
    is_winner: bool = strawberry.field(description="Diusulkan menang menurut versi ini.")
    reasons: list[str] = strawberry.field(description="Alasan bila tidak diperingkat.", directives=[ListSize(assumed_size=2)])

    @classmethod
    def of(cls, row: backtests.BacktestRow) -> BacktestRow:
        tried = row.row
        return cls(
            name=row.name,
            unit=row.unit,
            old_rank=tried.old_rank,
            old_score=None if tried.old_score is None else Decimal(tried.old_score),
            new_rank=tried.new_rank,
            new_score=None if tried.new_score is None else Decimal(tried.new_score),
            new_status=RankingStatus(tried.new_status),
            change=tried.change,
            has_won=row.has_won,
            is_winner=row.would_win,
            reasons=list(tried.reasons),
        )


@strawberry.type(description="Putaran yang sudah selesai, dihitung sekali lagi menurut versi lain. Bukan nilai resmi.")
class InstrumentBacktest:
    category: FinishedCategory = strawberry.field(description="Putaran yang dipakai.")
    coverage: Decimal = strawberry.field(description="Sekian persen dari nilai akhir didukung data putaran itu.")
    matched: list[BacktestCriterion] = strawberry.field(
        description="Kriteria yang datanya dipakai.", directives=[ListSize(assumed_size=14)]
    )
    unmatched: list[BacktestCriterion] = strawberry.field(description="Kriteria tanpa data.", directives=[ListSize(assumed_size=6)])
    gone: list[str] = strawberry.field(description="Nama kriteria dahulu yang tidak dipakai lagi.", directives=[ListSize(assumed_size=6)])
    left_out: list[str] = strawberry.field(description="Aturan yang tidak dapat diterapkan.", directives=[ListSize(assumed_size=3)])
    blocked: list[str] = strawberry.field(description="Mengapa pemenang tidak dapat ditentukan.", directives=[ListSize(assumed_size=3)])
    moved: int = strawberry.field(description="Banyaknya calon yang peringkatnya berubah.")
    rows: list[BacktestRow] = strawberry.field(description="Semua calon menurut peringkat baru.", directives=[ListSize(assumed_size=30)])

    @classmethod
    def of(cls, view: backtests.BacktestView) -> InstrumentBacktest:
        found = view.found
        return cls(
            category=FinishedCategory.of(view.category),
            coverage=_percent(found.coverage),
            matched=[BacktestCriterion.of(each) for each in found.matched],
            unmatched=[BacktestCriterion.of(each) for each in found.unmatched],
            gone=list(found.gone),
            left_out=list(found.left_out),
            blocked=list(found.blocked),
            moved=view.moved,
            rows=[BacktestRow.of(each) for each in view.rows],
        )


def _percent(share: Fraction) -> Decimal:
    return Decimal(printed(share, SHARE_DECIMALS))
