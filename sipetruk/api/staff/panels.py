"""Panels of a category, conflicts of interest, automatic plans and differences between assessors, as staff see them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.enums import PlanMode, RelationKind, SheetState
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.periods import Category
from sipetruk.queries import conflicts, disagreement, panels
from sipetruk.rules.exact import format_number
from sipetruk.rules.workflow import PeriodState


@strawberry.type(description="Seorang penilai terhadap seorang calon.")
class PanelPair:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama penilai.")
    conflict: str = strawberry.field(description="Alasan benturan kepentingan; kosong bila tidak ada.")
    is_assigned: bool = strawberry.field(description="Ditugaskan menilai calon ini.")
    sheet: SheetState | None = strawberry.field(description="Keadaan lembar; null bila tidak ada lembar.")


@strawberry.type(description="Seorang calon dengan seluruh tim penilai.")
class PanelNominee:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama calon.")
    unit: str = strawberry.field(description="Unit kerja saat diajukan.")
    pairs: list[PanelPair] = strawberry.field(description="Setiap anggota tim.", directives=[ListSize(assumed_size=7)])
    found: int = strawberry.field(description="Penilai yang boleh dan akan menilai.")
    wanted: int = strawberry.field(description="Penilai yang diperlukan.")
    is_complete: bool = strawberry.field(description="Penilainya cukup.")


@strawberry.type(description="Anggota tim penilai dengan bebannya.")
class PanelLoad:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama penilai.")
    load: int = strawberry.field(description="Banyaknya calon yang dinilai.")
    conflicts: int = strawberry.field(description="Banyaknya calon dengan benturan kepentingan.")


@strawberry.type(description="Tim penilai sebuah kategori: siapa menilai siapa, dan apa yang menghalangi dimulainya penilaian.")
class PanelDesk:
    category_number: strawberry.Private[int]
    period_state: PeriodState = strawberry.field(description="Tahap periodenya.")
    is_blind: bool = strawberry.field(description="Penilai tidak melihat siapa calonnya.")
    assessors_each: int | None = strawberry.field(description="Penilai per calon; null berarti seluruh tim.")
    spread_limit: int = strawberry.field(description="Batas perbedaan, perseratus persen dari poin tertinggi kriteria.")
    least_marks: int = strawberry.field(description="Nilai paling sedikit per kriteria menurut instrumen.")
    members: list[PanelLoad] = strawberry.field(description="Anggota tim.", directives=[ListSize(assumed_size=7)])
    nominees: list[PanelNominee] = strawberry.field(description="Calon yang memenuhi syarat.", directives=[ListSize(assumed_size=60)])
    blockers: list[str] = strawberry.field(
        description="Yang menghalangi penilaian dimulai, dengan nama calon.", directives=[ListSize(assumed_size=5)]
    )
    version: int = strawberry.field(description="Versi kategori; dikirim kembali sebagai `expectedVersion`.")

    @classmethod
    def of(cls, desk: panels.PanelDesk) -> PanelDesk:
        return cls(
            category_number=desk.category_id,
            period_state=desk.period_state,
            is_blind=desk.is_blind,
            assessors_each=desk.assessors_each,
            spread_limit=desk.spread_limit,
            least_marks=desk.least,
            members=[
                PanelLoad(id=gid("User", each.user_id), name=each.name, load=each.load, conflicts=each.conflicts) for each in desk.members
            ],
            nominees=[_nominee(row) for row in desk.rows],
            blockers=[problem.message for problem in desk.blockers],
            version=desk.row_version,
        )

    @strawberry.field(description="Kategori.")
    def category(self, info: Info) -> Category | None:
        return reads.category(info, self.category_number)


@strawberry.type(description="Seorang calon dalam rencana pembagian.")
class PlannedNominee:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama calon.")
    assessors: list[str] = strawberry.field(description="Nama penilainya.", directives=[ListSize(assumed_size=5)])
    left_out: list[str] = strawberry.field(description="Yang dikecualikan, dengan alasan.", directives=[ListSize(assumed_size=2)])
    missing: int = strawberry.field(description="Penilai yang masih kurang.")


@strawberry.type(description="Beban seorang penilai menurut rencana.")
class PlannedLoad:
    name: str = strawberry.field(description="Nama penilai.")
    here: int = strawberry.field(description="Calon di kategori ini.")
    elsewhere: int = strawberry.field(description="Calon di kategori lain pada periode yang sama.")


@strawberry.type(description="Rencana pembagian otomatis sebelum disimpan (`panelPlanApply`).")
class PanelPlan:
    mode: PlanMode = strawberry.field(description="Cara pembagian.")
    size: int = strawberry.field(description="Penilai per calon.")
    is_complete: bool = strawberry.field(description="Setiap calon mendapat penilai yang cukup.")
    nominees: list[PlannedNominee] = strawberry.field(description="Calon.", directives=[ListSize(assumed_size=60)])
    loads: list[PlannedLoad] = strawberry.field(description="Beban setiap penilai.", directives=[ListSize(assumed_size=7)])
    digest: str = strawberry.field(description="Sidik rencana ini; dikirim kembali agar tepat rencana ini yang disimpan.")

    @classmethod
    def of(cls, plan: panels.PlanView) -> PanelPlan:
        return cls(
            mode=PlanMode(plan.mode),
            size=plan.size,
            is_complete=plan.is_complete,
            nominees=[
                PlannedNominee(
                    nomination=NominationReference.of(row.nomination_id, row.number),
                    name=row.name,
                    assessors=list(row.assessors),
                    left_out=list(row.left_out),
                    missing=row.missing,
                )
                for row in plan.rows
            ],
            loads=[PlannedLoad(name=name, here=here, elsewhere=elsewhere) for name, here, elsewhere in plan.loads],
            digest=plan.digest,
        )


@strawberry.type(description="Poin seorang penilai pada sebuah kriteria.")
class DifferingMark:
    assessor: str = strawberry.field(description="Nama penilai.")
    points: Decimal | None = strawberry.field(description="Poin; null bila abstain.")
    note: str = strawberry.field(description="Catatan.")


@strawberry.type(description="Kriteria yang dinilai terlalu berbeda oleh para penilai seorang calon.")
class Difference:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama calon.")
    criterion: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    size: str = strawberry.field(description="Selisih poin tertinggi dan terendah, dengan koma desimal.")
    most: str = strawberry.field(description="Poin tertinggi kriteria.")
    share: str = strawberry.field(description="Selisih dalam persen dari poin tertinggi, dua desimal.")
    marks: list[DifferingMark] = strawberry.field(
        description="Nilai setiap penilai; kosong sampai tahap penilaian selesai.", directives=[ListSize(assumed_size=5)]
    )


@strawberry.type(description="Perbedaan nilai antarpenilai di atas batas kategori.")
class Disagreements:
    limit: int = strawberry.field(description="Batas, perseratus persen.")
    compared: int = strawberry.field(description="Calon dengan sedikitnya dua lembar yang sudah dikirim.")
    nominees: int = strawberry.field(description="Calon yang ditandai.")
    is_closed: bool = strawberry.field(description="Tahap penilaian sudah selesai, sehingga nilainya terbaca.")
    rows: list[Difference] = strawberry.field(description="Yang paling besar lebih dahulu.", directives=[ListSize(assumed_size=20)])

    @classmethod
    def of(cls, found: disagreement.Disagreements) -> Disagreements:
        return cls(
            limit=found.limit,
            compared=found.compared,
            nominees=found.nominees,
            is_closed=found.is_closed,
            rows=[_difference(row) for row in found.rows],
        )


@strawberry.type(description="Pegawai yang ditemukan ketika penilai menyatakan hubungan; tanpa NIP.")
class RelationCandidate:
    id: strawberry.ID = strawberry.field(description="Pengenal pegawai.")
    name: str = strawberry.field(description="Nama dan gelar.")
    position: str = strawberry.field(description="Jabatan.")
    unit: str = strawberry.field(description="Unit kerja.")


@strawberry.type(description="Hubungan yang dinyatakan seorang penilai.")
class DeclaredRelation:
    id: strawberry.ID = strawberry.field(description="Pengenal pernyataan.")
    assessor: str = strawberry.field(description="Nama penilai.")
    employee: str = strawberry.field(description="Nama pegawai.")
    unit: str = strawberry.field(description="Unit kerja pegawai.")
    kind: RelationKind = strawberry.field(description="Jenis hubungan.")
    label: str = strawberry.field(description="Hubungan dalam kata-kata.")
    note: str = strawberry.field(description="Keterangan; kosong bila tidak ada.")
    declared_at: datetime = strawberry.field(description="Saat dinyatakan.")
    withdrawn_at: datetime | None = strawberry.field(description="Saat dicabut; null selama berlaku.")

    @classmethod
    def of(cls, row: conflicts.RelationRow) -> DeclaredRelation:
        return cls(
            id=gid("Relation", row.id),
            assessor=row.assessor,
            employee=row.employee,
            unit=row.unit,
            kind=RelationKind(row.kind),
            label=row.label,
            note=row.note,
            declared_at=row.declared_at,
            withdrawn_at=row.withdrawn_at,
        )


@strawberry.type(description="Akun seorang penilai dan siapa dia dalam data pegawai.")
class AssessorLink:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama.")
    employee: str = strawberry.field(description="Nama pegawai; kosong bila belum dicatat.")
    unit: str = strawberry.field(description="Unit kerja pegawai; kosong bila belum dicatat.")
    units_of_roles: list[str] = strawberry.field(description="Unit kerja dari peran OPD.", directives=[ListSize(assumed_size=2)])
    version: int = strawberry.field(description="Versi data pengguna; dikirim kembali sebagai `expectedVersion`.")

    @classmethod
    def of(cls, row: conflicts.LinkRow) -> AssessorLink:
        return cls(
            id=gid("User", row.user_id),
            name=row.name,
            employee=row.employee,
            unit=row.unit,
            units_of_roles=list(row.units_of_roles),
            version=row.row_version,
        )


def _nominee(row: panels.NomineeRow) -> PanelNominee:
    return PanelNominee(
        nomination=NominationReference.of(row.nomination_id, row.number),
        name=row.name,
        unit=row.unit,
        pairs=[
            PanelPair(
                id=gid("User", each.user_id),
                name=each.name,
                conflict=each.conflict,
                is_assigned=each.is_assigned,
                sheet=SheetState(each.sheet) if each.sheet else None,
            )
            for each in row.pairs
        ],
        found=row.found,
        wanted=row.wanted,
        is_complete=row.is_complete,
    )


def _difference(row: disagreement.DifferenceRow) -> Difference:
    return Difference(
        nomination=NominationReference.of(row.nomination_id, row.number),
        name=row.name,
        criterion=row.criterion,
        label=row.label,
        size=format_number(row.size),
        most=format_number(row.most),
        share=format_number(row.share / 100, 2),
        marks=[
            DifferingMark(
                assessor=mark.assessor,
                points=None if mark.points is None else Decimal(mark.points.numerator) / mark.points.denominator,
                note=mark.note,
            )
            for mark in row.marks
        ],
    )
