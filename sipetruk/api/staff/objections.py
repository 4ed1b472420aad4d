"""Objections, what a unit may do about a result, and the sheets behind a nominee with their history."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.enums import ObjectionAction, SheetState
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.assessment import SheetReopening
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.periods import Category, PanelMember
from sipetruk.queries import objections as queries
from sipetruk.queries import reopenings
from sipetruk.queries.reopenings import SheetOverview
from sipetruk.rules.workflow import NominationState, ObjectionState


@strawberry.type(description="Sebuah sanggahan atas hasil pemeringkatan final.")
class Objection:
    id: strawberry.ID = strawberry.field(description="Pengenal sanggahan.")
    number: str = strawberry.field(description="Nomor sanggahan.")
    state: ObjectionState = strawberry.field(description="Keadaan.")
    state_label: str = strawberry.field(description="Keadaan dalam kata-kata.")
    nomination: NominationReference = strawberry.field(description="Usulan yang hasilnya disanggah.")
    nominee: str = strawberry.field(description="Nama dan gelar calon.")
    unit_code: str = strawberry.field(description="Kode unit pengusul.")
    unit_name: str = strawberry.field(description="Nama unit pengusul.")
    category_number: strawberry.Private[int]
    category_name: str = strawberry.field(description="Nama kategori.")
    period_name: str = strawberry.field(description="Nama periode.")
    ranking_number: int = strawberry.field(description="Nomor pemeringkatan final yang disanggah.")
    reason: str = strawberry.field(description="Alasan.")
    letter_number: str = strawberry.field(description="Nomor surat, bila dicatat BKPSDM atas nama unit; kosong bila tidak.")
    letter_on: date | None = strawberry.field(description="Tanggal surat diterima.")
    file_name: str = strawberry.field(description="Nama lampiran; kosong bila tidak ada.")
    filed_at: datetime = strawberry.field(description="Saat diajukan.")
    filed_by: str = strawberry.field(description="Nama yang mengajukan; “BKPSDM” bagi unit bila dicatat dari surat.")
    decision: str = strawberry.field(description="Alasan keputusan; kosong sebelum diputus.")
    decided_at: datetime | None = strawberry.field(description="Saat diputus.")
    decided_by: str = strawberry.field(description="Nama yang memutus; “BKPSDM” bagi unit.")
    withdrawal_reason: str = strawberry.field(description="Alasan pencabutan.")
    withdrawn_at: datetime | None = strawberry.field(description="Saat dicabut.")
    settled_by: int | None = strawberry.field(description="Nomor pemeringkatan final baru yang dihasilkannya.")
    no_change_note: str = strawberry.field(description="Mengapa hasil tidak berubah, bila demikian.")
    is_unsettled: bool = strawberry.field(description="Diterima, tetapi belum ditindaklanjuti.")
    allowed_actions: list[ObjectionAction] = strawberry.field(
        description="Yang dapat dilakukan pembaca sekarang.", directives=[ListSize(assumed_size=3)]
    )
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")

    @classmethod
    def of(cls, row: queries.ObjectionRow) -> Objection:
        return cls(
            id=gid("Objection", row.id),
            number=row.number,
            state=row.state,
            state_label=row.label,
            nomination=NominationReference.of(row.nomination_id, row.nomination_number),
            nominee=row.nominee,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            category_number=row.category_id,
            category_name=row.category,
            period_name=row.period,
            ranking_number=row.ranking_number,
            reason=row.reason,
            letter_number=row.letter_number,
            letter_on=row.letter_on,
            file_name=row.filename,
            filed_at=row.filed_at,
            filed_by=row.filed_by,
            decision=row.decision,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            withdrawal_reason=row.withdrawal_reason,
            withdrawn_at=row.withdrawn_at,
            settled_by=row.settled_by,
            no_change_note=row.no_change_note,
            is_unsettled=row.is_unsettled,
            allowed_actions=[ObjectionAction(move) for move in row.moves],
            version=row.row_version,
        )

    @strawberry.field(description="Kategori.")
    def category(self, info: Info) -> Category | None:
        return reads.category(info, self.category_number)


@strawberry.type(description="Apakah pembaca dapat menyanggah hasil sebuah usulan sekarang, dan sanggahan yang sudah ada.")
class ObjectionFiling:
    can_file: bool = strawberry.field(description="Dapat menyanggah sekarang.")
    is_letter_needed: bool = strawberry.field(description="Harus menyebut surat unit, karena bukan unit itu sendiri.")
    why_not: str = strawberry.field(description="Mengapa tidak dapat; kosong bila dapat.")
    opens_on: date | None = strawberry.field(description="Hari pertama masa sanggah.")
    closes_on: date | None = strawberry.field(description="Hari terakhir masa sanggah, sampai pukul 23.59 WITA.")
    objections: list[Objection] = strawberry.field(description="Sanggahan, yang lama lebih dahulu.", directives=[ListSize(assumed_size=2)])

    @classmethod
    def of(cls, found: queries.Filing) -> ObjectionFiling:
        return cls(
            can_file=found.may_file,
            is_letter_needed=found.needs_letter,
            why_not=found.why_not,
            opens_on=found.opens_on,
            closes_on=found.closes_on,
            objections=[Objection.of(row) for row in found.objections],
        )


@strawberry.type(description="Satu nilai yang pernah diberikan.")
class MarkHistoryEntry:
    at: datetime = strawberry.field(description="Saat disimpan.")
    criterion: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    state_label: str = strawberry.field(description="Keadaan nilai dalam kata-kata.")
    value: str = strawberry.field(description="Nilai, dengan koma; kosong bila bukan angka.")
    note: str = strawberry.field(description="Catatan.")


@strawberry.type(description="Lembar seorang penilai untuk sebuah usulan, dengan riwayatnya.")
class PanelSheet:
    id: strawberry.ID = strawberry.field(description="Pengenal lembar.")
    assessor: PanelMember = strawberry.field(description="Penilai pemilik lembar.")
    state: SheetState = strawberry.field(description="Keadaan.")
    reason: str = strawberry.field(description="Alasan mengundurkan diri atau dilepas.")
    submitted_at: datetime | None = strawberry.field(description="Saat dikirim.")
    replaces: str = strawberry.field(description="Nama penilai yang digantikan; kosong bila tidak menggantikan.")
    is_replaced: bool = strawberry.field(description="Tempatnya sudah diisi pengganti.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")
    reopenings: list[SheetReopening] = strawberry.field(
        description="Setiap kali dibuka kembali, yang lama lebih dahulu.", directives=[ListSize(assumed_size=1)]
    )
    history: list[MarkHistoryEntry] = strawberry.field(
        description="Setiap nilai yang pernah diberikan, yang lama lebih dahulu.", directives=[ListSize(assumed_size=20)]
    )

    @classmethod
    def of(cls, sheet: SheetOverview) -> PanelSheet:
        return cls(
            id=gid("Sheet", sheet.id),
            assessor=PanelMember(id=gid("User", sheet.assessor_id), name=sheet.assessor),
            state=SheetState(sheet.state),
            reason=sheet.reason,
            submitted_at=sheet.submitted_at,
            replaces=sheet.replaces,
            is_replaced=sheet.is_replaced,
            version=sheet.row_version,
            reopenings=[SheetReopening.of(each) for each in sheet.reopenings],
            history=[
                MarkHistoryEntry(
                    at=each.at, criterion=each.code, label=each.label, state_label=each.state_label, value=each.value, note=each.note
                )
                for each in sheet.history
            ],
        )


@strawberry.type(description="Semua lembar penilaian sebuah usulan, bagi BKPSDM dan auditor.")
class NominationSheets:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    state: NominationState = strawberry.field(description="Status usulan.")
    version: int = strawberry.field(description="Versi usulan, untuk `expectedVersion`.")
    sheets: list[PanelSheet] = strawberry.field(description="Lembar, menurut nama penilai.", directives=[ListSize(assumed_size=5)])

    @classmethod
    def of(cls, found: reopenings.NominationSheets) -> NominationSheets:
        return cls(
            nomination=NominationReference.of(found.nomination_id, found.number),
            state=NominationState(found.state),
            version=found.row_version,
            sheets=[PanelSheet.of(each) for each in found.sheets],
        )


@strawberry.type(description="Penilai yang dapat mengisi tempat pada sebuah usulan.")
class AbleAssessor:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama.")
    conflict: str = strawberry.field(description="Benturan kepentingan yang menghalangi; kosong bila tidak ada.")
