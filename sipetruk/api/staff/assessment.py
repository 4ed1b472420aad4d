"""An assessor's own sheets, and how far the panel of a category is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from sipetruk.api.enums import MarkState, ScaleKind, SheetState
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.queries import assessment as queries
from sipetruk.queries import reopenings
from sipetruk.rules import own_total
from sipetruk.rules.exact import exact_text


@strawberry.type(description="Calon sebagaimana dilihat penilai: tanpa NIP; hanya namanya bila penilai tidak lagi menilainya.")
class SheetNominee:
    name: str = strawberry.field(description="Nama dan gelar.")
    position: str = strawberry.field(description="Jabatan saat diajukan.")
    grade: str = strawberry.field(description="Golongan saat diajukan.")
    unit: str = strawberry.field(description="Nama unit kerja saat diajukan.")


@strawberry.type(description="Satu baris daftar lembar penilaian sendiri.")
class SheetSummary:
    nomination: NominationReference = strawberry.field(description="Usulan yang dinilai.")
    nominee: SheetNominee = strawberry.field(description="Calon.")
    category: str = strawberry.field(description="Nama kategori.")
    period: str = strawberry.field(description="Nama periode.")
    marked: int = strawberry.field(description="Banyaknya kriteria yang sudah dinilai.")
    total: int = strawberry.field(description="Banyaknya kriteria yang harus dinilai.")
    state: SheetState = strawberry.field(description="Keadaan lembar.")
    state_label: str = strawberry.field(description="Nama keadaan.")
    can_edit: bool = strawberry.field(description="Nilai masih dapat diubah.")
    version: int = strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")
    is_blind: bool = strawberry.field(description="Penilaian buta: nomor dan nama diganti kode, selebihnya kosong.")

    @classmethod
    def of(cls, row: queries.SheetRow) -> SheetSummary:
        return cls(
            nomination=NominationReference.of(row.nomination_id, row.number),
            nominee=SheetNominee(name=row.nominee.name, position=row.nominee.position, grade=row.nominee.grade, unit=row.nominee.unit),
            category=row.category,
            period=row.period,
            marked=row.marked,
            total=row.total,
            state=SheetState(row.state),
            state_label=row.state_label,
            can_edit=row.can_edit,
            version=row.row_version,
            is_blind=row.is_blind,
        )


@strawberry.type(description="Nilai sendiri pada satu kriteria.")
class Mark:
    state: MarkState = strawberry.field(description="Dinilai atau abstain.")
    value: Decimal | None = strawberry.field(description="Nilai mentah; null bila abstain.")
    note: str = strawberry.field(description="Catatan; kosong bila tidak ada.")
    saved_at: datetime = strawberry.field(description="Saat disimpan.")


@strawberry.type(description="Satu nilai yang dapat dipilih.")
class MarkOption:
    value: Decimal = strawberry.field(description="Nilai mentah.")
    label: str = strawberry.field(description="Nama tingkat.")
    description: str = strawberry.field(description="Uraian tingkat; kosong bila tidak ada.")


@strawberry.type(description="Kriteria pada lembar penilaian, dengan nilai sendiri.")
class SheetCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    kind: ScaleKind = strawberry.field(description="Jenis skala.")
    scale: str = strawberry.field(description="Cara kerja skala dalam satu kalimat.")
    minimum: Decimal = strawberry.field(description="Nilai mentah paling kecil.")
    maximum: Decimal = strawberry.field(description="Nilai mentah paling besar.")
    step: Decimal = strawberry.field(description="Kelipatan nilai mentah.")
    options: list[MarkOption] = strawberry.field(
        description="Pilihan nilai; kosong pada skala rentang.", directives=[ListSize(assumed_size=5)]
    )
    note_min_chars: int = strawberry.field(description="Paling sedikit karakter catatan; 0 berarti tidak wajib.")
    mark: Mark | None = strawberry.field(description="Nilai sendiri; null berarti belum dinilai.")

    @classmethod
    def of(cls, row: queries.CriterionView) -> SheetCriterion:
        mark = row.mark
        return cls(
            code=row.code,
            label=row.label,
            help=row.help,
            kind=ScaleKind(row.kind),
            scale=row.scale,
            minimum=Decimal(row.minimum),
            maximum=Decimal(row.maximum),
            step=Decimal(row.step),
            options=[MarkOption(value=Decimal(each.value), label=each.label, description=each.description) for each in row.options],
            note_min_chars=row.note_min_chars,
            mark=Mark(
                state=MarkState(mark.state),
                value=None if mark.value is None else Decimal(mark.value),
                note=mark.note,
                saved_at=mark.saved_at,
            )
            if mark
            else None,
        )


@strawberry.type(description="Komponen pada lembar penilaian.")
class SheetComponent:
    code: str = strawberry.field(description="Kode komponen.")
    label: str = strawberry.field(description="Nama komponen.")
    help: str = strawberry.field(description="Petunjuk; kosong bila tidak ada.")
    criteria: list[SheetCriterion] = strawberry.field(description="Kriteria yang dinilai.", directives=[ListSize(assumed_size=6)])


@strawberry.type(description="Jawaban formulir usulan sebagaimana dibaca penilai.")
class SheetAnswer:
    code: str = strawberry.field(description="Kode isian.")
    label: str = strawberry.field(description="Pertanyaan.")
    group: str = strawberry.field(description="Judul kelompok; kosong bila tanpa kelompok.")
    shown: str = strawberry.field(description="Jawaban dalam kata-kata.")


@strawberry.type(description="Berkas bukti sebagaimana dibaca penilai.")
class SheetEvidence:
    id: strawberry.ID = strawberry.field(description="Pengenal berkas bukti.")
    requirement: str = strawberry.field(description="Kode bukti dalam instrumen.")
    label: str = strawberry.field(description="Nama bukti.")
    filename: str = strawberry.field(description="Nama berkas.")
    size_bytes: int = strawberry.field(description="Ukuran dalam byte.")
    url: str = strawberry.field(description="Alamat unduh.")


@strawberry.type(description="Jumlah dari nilai sendiri yang sudah diberikan; tanpa pembulatan, bukan nilai resmi.")
class OwnTotal:
    code: str = strawberry.field(description="Kode komponen; kosong untuk keseluruhan.")
    label: str = strawberry.field(description="Nama komponen; kosong untuk keseluruhan.")
    added: str = strawberry.field(description='Tambahan pada nilai akhir sejauh ini, sebagai bilangan atau pecahan ("37.5", "95/3").')
    most: str = strawberry.field(description="Tambahan paling besar dari semua kriteria yang dinilai.")
    marked: int = strawberry.field(description="Kriteria yang sudah dinilai atau diabstain.")
    criteria: int = strawberry.field(description="Kriteria yang harus dinilai.")

    @classmethod
    def of(cls, row: own_total.OwnTotal) -> OwnTotal:
        return cls(
            code=row.code,
            label=row.label,
            added=exact_text(row.added),
            most=exact_text(row.most),
            marked=row.marked,
            criteria=row.criteria,
        )


@strawberry.type(description="Kemajuan sendiri atas semua lembar sebuah kategori.")
class OwnProgress:
    finished: int = strawberry.field(description="Lembar yang sudah dikirim.")
    sheets: int = strawberry.field(description="Lembar yang harus dikirim.")
    marked: int = strawberry.field(description="Nilai yang sudah diberikan.")
    total: int = strawberry.field(description="Nilai yang diminta.")


@strawberry.type(description="Sekali sebuah lembar yang sudah dikirim dibuka kembali.")
class SheetReopening:
    reason: str = strawberry.field(description="Alasan.")
    criteria: list[str] = strawberry.field(
        description="Kode kriteria yang boleh berubah; kosong berarti semua.", directives=[ListSize(assumed_size=3)]
    )
    by_name: str = strawberry.field(description="Nama yang membuka.")
    reopened_at: datetime = strawberry.field(description="Saat dibuka kembali.")
    submitted_at: datetime | None = strawberry.field(description="Saat sebelumnya dikirim.")
    closed_at: datetime | None = strawberry.field(description="Saat dikirim lagi; null selama terbuka.")
    objection: str = strawberry.field(description="Nomor sanggahan yang menjadi dasarnya; kosong bila tidak ada.")

    @classmethod
    def of(cls, view: reopenings.ReopeningView) -> SheetReopening:
        return cls(
            reason=view.reason,
            criteria=list(view.criteria),
            by_name=view.by_name,
            reopened_at=view.reopened_at,
            submitted_at=view.submitted_at,
            closed_at=view.closed_at,
            objection=view.objection,
        )


@strawberry.type(
    description="Lembar penilaian sendiri; lembar penilai lain tidak pernah terlihat. Isinya kosong bila penilai tidak lagi menilai "
    "calonnya: sesudah mengundurkan diri atau dilepas, dan selama ia menyatakan hubungan."
)
class Sheet:
    summary: SheetSummary = strawberry.field(description="Calon, keadaan, dan versi data.")
    reason: str = strawberry.field(description="Alasan mengundurkan diri; kosong bila tidak.")
    submitted_at: datetime | None = strawberry.field(description="Saat dikirim.")
    components: list[SheetComponent] = strawberry.field(
        description="Komponen dengan kriteria yang dinilai.", directives=[ListSize(assumed_size=4)]
    )
    answers: list[SheetAnswer] = strawberry.field(description="Jawaban formulir usulan.", directives=[ListSize(assumed_size=15)])
    evidence: list[SheetEvidence] = strawberry.field(description="Berkas bukti.", directives=[ListSize(assumed_size=10)])
    totals: list[OwnTotal] = strawberry.field(
        description="Jumlah nilai sendiri per komponen, terakhir keseluruhan.", directives=[ListSize(assumed_size=5)]
    )
    progress: OwnProgress = strawberry.field(description="Kemajuan sendiri pada kategori ini.")
    reopening: SheetReopening | None = strawberry.field(description="Mengapa lembar dibuka kembali, sampai dikirim lagi; null bila tidak.")

    @classmethod
    def of(cls, view: queries.SheetView) -> Sheet:
        return cls(
            summary=SheetSummary.of(view.row),
            reason=view.reason,
            submitted_at=view.submitted_at,
            components=[
                SheetComponent(
                    code=part.code, label=part.label, help=part.help, criteria=[SheetCriterion.of(each) for each in part.criteria]
                )
                for part in view.components
            ],
            answers=[SheetAnswer(code=each.code, label=each.label, group=each.group, shown=each.shown) for each in view.answers],
            evidence=[
                SheetEvidence(
                    id=gid("Evidence", each.id),
                    requirement=each.requirement,
                    label=each.label,
                    filename=each.filename,
                    size_bytes=each.size,
                    url=f"/bukti/{gid('Evidence', each.id)}",
                )
                for each in view.evidence
            ],
            totals=[OwnTotal.of(each) for each in (*view.totals.components, view.totals.whole)],
            progress=OwnProgress(
                finished=view.progress.finished,
                sheets=view.progress.sheets,
                marked=view.progress.marked,
                total=view.progress.total,
            ),
            reopening=None if view.reopening is None else SheetReopening.of(view.reopening),
        )


@strawberry.type(description="Kemajuan satu penilai; hanya jumlah, tanpa nilai.")
class AssessorProgress:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama penilai.")
    open: int = strawberry.field(description="Lembar yang belum dikirim.")
    submitted: int = strawberry.field(description="Lembar yang sudah dikirim.")
    recused: int = strawberry.field(description="Lembar yang ditinggalkan karena mengundurkan diri.")
    marked: int = strawberry.field(description="Banyaknya nilai yang sudah diberikan.")
    total: int = strawberry.field(description="Banyaknya nilai yang diminta.")


@strawberry.type(description="Kemajuan penilaian sebuah kategori.")
class CategoryProgress:
    category: str = strawberry.field(description="Nama kategori.")
    is_complete: bool = strawberry.field(description="Semua lembar sudah dikirim atau ditinggalkan.")
    assessors: list[AssessorProgress] = strawberry.field(description="Setiap anggota tim penilai.", directives=[ListSize(assumed_size=5)])

    @classmethod
    def of(cls, row: queries.CategoryProgress) -> CategoryProgress:
        return cls(
            category=row.category,
            is_complete=row.is_complete,
            assessors=[
                AssessorProgress(
                    id=gid("User", each.user_id),
                    name=each.name,
                    open=each.open,
                    submitted=each.submitted,
                    recused=each.recused,
                    marked=each.marked,
                    total=each.total,
                )
                for each in row.assessors
            ],
        )
