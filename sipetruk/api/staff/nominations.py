"""Nominations as staff see them: a line of a list, and the whole of one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import strawberry

from sipetruk.api.enums import Decision, Move, Verdict
from sipetruk.api.form_types import NominationForm
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import Node
from sipetruk.api.staff.common import (
    Answer,
    EligibilityOutcome,
    NominationReference,
    PeriodReference,
    WorkUnit,
    gid,
    stored_answers,
)
from sipetruk.errors import Problem
from sipetruk.queries import nominations as queries
from sipetruk.queries.endorsements import EndorsementView
from sipetruk.queries.evidence import EvidenceView
from sipetruk.queries.journeys import JourneyStep as JourneyStepView
from sipetruk.queries.returns import ReturnItemView, ReturnView
from sipetruk.rules.journey import Step as NominationStep
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState

TOO_LATE = "Mengapa yang masih di unit kerja ini tidak dapat diajukan lagi; null bila masih dapat, belum dibuka, atau sudah diajukan."


@strawberry.type(description="Calon: pegawai yang diusulkan.")
class Nominee:
    name: str = strawberry.field(description="Nama dan gelar.")
    nip: str = strawberry.field(description="NIP atau NI PPPK; hanya untuk yang masuk, tidak pernah diumumkan.")
    position: str = strawberry.field(description="Jabatan, sebagaimana saat diajukan.")


@strawberry.type(description="Kategori sebuah usulan.")
class NominationCategory:
    id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    name: str = strawberry.field(description="Nama kategori.")
    period: PeriodReference = strawberry.field(description="Periode kategori ini.")
    closes_on: date | None = strawberry.field(description="Hari terakhir pengusulan (WITA).")


@strawberry.type(description="Sesuatu yang masih kurang sebelum usulan dapat diajukan.")
class Missing:
    code: str = strawberry.field(description="Jenis kekurangan.")
    message: str = strawberry.field(description="Kekurangan dalam kata-kata.")
    path: list[str] = strawberry.field(
        description="Letaknya: `answers` atau `evidence`, lalu kodenya.", directives=[ListSize(assumed_size=3)]
    )

    @classmethod
    def of(cls, problem: Problem) -> Missing:
        return cls(code=problem.code, message=problem.message, path=list(problem.path))


@strawberry.type(description="Berkas bukti yang dilampirkan.")
class Evidence:
    id: strawberry.ID = strawberry.field(description="Pengenal berkas bukti.")
    requirement: str = strawberry.field(description="Kode bukti dalam instrumen.")
    filename: str = strawberry.field(description="Nama berkas.")
    media_type: str = strawberry.field(description="Jenis isi: application/pdf, image/jpeg, atau image/png.")
    size_bytes: int = strawberry.field(description="Ukuran dalam byte.")
    uploaded_at: datetime = strawberry.field(description="Saat diunggah.")
    also_for: list[str] = strawberry.field(
        description="Kode bukti lain dalam usulan ini yang dilampiri berkas yang sama; biasanya kosong.",
        directives=[ListSize(assumed_size=2)],
    )
    also_in: list[str] = strawberry.field(
        description="Nomor usulan lain dari unit yang sama yang dilampiri berkas yang sama, sejauh boleh dilihat pembaca.",
        directives=[ListSize(assumed_size=2)],
    )
    url: str = strawberry.field(description="Alamat unduh, bagi yang berhak; tambahkan `?tampil=1` untuk membukanya di peramban.")

    @classmethod
    def of(cls, row: EvidenceView) -> Evidence:
        return cls(
            id=gid("Evidence", row.id),
            requirement=row.requirement,
            filename=row.filename,
            media_type=row.media_type,
            size_bytes=row.size,
            uploaded_at=row.uploaded_at,
            also_for=list(row.also_for),
            also_in=list(row.also_in),
            url=f"/bukti/{gid('Evidence', row.id)}",
        )


@strawberry.type(description="Satu pengesahan oleh kepala unit kerja.")
class Endorsement:
    by_name: str = strawberry.field(description="Nama yang mengesahkan.")
    at: datetime = strawberry.field(description="Saat disahkan.")
    note: str = strawberry.field(description="Catatan; kosong bila tidak ada.")
    values: list[Answer] = strawberry.field(description="Isian kepala unit kerja.", directives=[ListSize(assumed_size=5)])
    content_sha256: str = strawberry.field(
        description="SHA-256 dari seluruh isi yang disahkan: calon, isian, berkas, jawaban atas pengembalian, dan isian kepala."
    )
    is_intact: bool = strawberry.field(
        description="Isi usulan sekarang, bila dihitung ulang, masih sama dengan yang disahkan; tidak lagi sesudah `purgedAt`."
    )
    voided_at: datetime | None = strawberry.field(description="Saat pengesahan batal; null bila masih berlaku.")
    void_reason: str = strawberry.field(description="Mengapa batal; kosong bila masih berlaku.")

    @classmethod
    def of(cls, row: EndorsementView) -> Endorsement:
        return cls(
            by_name=row.by_name,
            at=row.at,
            note=row.note,
            values=stored_answers(row.values),
            content_sha256=row.content_sha256,
            is_intact=row.is_intact,
            voided_at=row.voided_at,
            void_reason=row.void_reason,
        )


@strawberry.type(description="Pengembalian kepada penyusun oleh kepala unit kerja.")
class SentBack:
    note: str = strawberry.field(description="Apa yang perlu diperbaiki.")
    by_name: str = strawberry.field(description="Nama yang mengembalikan.")
    at: datetime = strawberry.field(description="Saat dikembalikan.")


@strawberry.type(description="Satu butir pengembalian: kata verifikator saat itu, dan jawaban unit kerja.")
class ReturnItem:
    code: str = strawberry.field(description="Kode bukti dalam instrumen; kosong bagi alasan pengembalian itu sendiri.")
    label: str = strawberry.field(description="Nama bukti.")
    verdict: Verdict | None = strawberry.field(description="Hasil pemeriksaan saat itu; null bagi alasan pengembalian.")
    note: str = strawberry.field(description="Catatan verifikator saat itu.")
    reply: str = strawberry.field(description="Jawaban unit kerja; kosong bila belum dijawab dengan kata-kata.")
    replied_by: str = strawberry.field(description="Nama yang menjawab; kosong bila belum.")
    replied_at: datetime | None = strawberry.field(description="Saat dijawab.")
    is_renewed: bool = strawberry.field(description="Sejak dikembalikan ada berkas baru, atau isi usulan berubah bagi alasan pengembalian.")
    is_answered: bool = strawberry.field(description="Sudah dijawab, dengan kata-kata atau dengan perbaikan.")

    @classmethod
    def of(cls, row: ReturnItemView) -> ReturnItem:
        return cls(
            code=row.requirement,
            label=row.label,
            verdict=Verdict(row.verdict) if row.verdict else None,
            note=row.note,
            reply=row.reply,
            replied_by=row.replied_by,
            replied_at=row.replied_at,
            is_renewed=row.is_renewed,
            is_answered=row.is_answered,
        )


@strawberry.type(description="Satu pengembalian oleh verifikator, butir demi butir.")
class Return:
    at: datetime = strawberry.field(description="Saat dikembalikan.")
    by_name: str = strawberry.field(description="Nama verifikator.")
    reason: str = strawberry.field(description="Alasan.")
    due_on: date | None = strawberry.field(description="Batas perbaikan (WITA).")
    is_open: bool = strawberry.field(description="Masih dikerjakan unit kerja.")
    items: list[ReturnItem] = strawberry.field(description="Butir yang dijawab.", directives=[ListSize(assumed_size=6)])

    @classmethod
    def of(cls, row: ReturnView) -> Return:
        items = [ReturnItem.of(each) for each in row.items]
        return cls(at=row.at, by_name=row.by_name, reason=row.reason, due_on=row.due_on, is_open=row.is_open, items=items)


@strawberry.type(description="Satu langkah dalam perjalanan usulan, dalam kata-kata.")
class JourneyStep:
    step: NominationStep = strawberry.field(description="Langkahnya.")
    label: str = strawberry.field(description="Langkah dalam kata-kata.")
    at: datetime = strawberry.field(description="Saat terjadi.")
    by_name: str = strawberry.field(description="Nama pelakunya; kosong bila tidak disebut.")
    note: str = strawberry.field(description="Catatan atau alasan; kosong bila tidak ada.")
    due_on: date | None = strawberry.field(description="Batas perbaikan (WITA), bila dikembalikan.")

    @classmethod
    def of(cls, row: JourneyStepView) -> JourneyStep:
        return cls(step=row.step, label=row.label, at=row.at, by_name=row.by_name, note=row.note, due_on=row.due_on)


@strawberry.type(description="Hasil pemeriksaan satu bukti oleh verifikator.")
class CheckItem:
    code: str = strawberry.field(description="Kode bukti dalam instrumen.")
    label: str = strawberry.field(description="Nama bukti.")
    verdict: Verdict = strawberry.field(description="Ada atau tidak ada.")
    note: str = strawberry.field(description="Catatan; kosong bila tidak ada.")
    by_name: str = strawberry.field(description="Nama verifikator.")
    at: datetime = strawberry.field(description="Saat diperiksa.")

    @classmethod
    def of(cls, row: queries.CheckItemView, labels: Mapping[str, str]) -> CheckItem:
        return cls(
            code=row.requirement,
            label=labels.get(row.requirement, row.requirement),
            verdict=Verdict(row.verdict),
            note=row.note,
            by_name=row.by_name,
            at=row.at,
        )


@strawberry.type(description="Satu keputusan verifikasi administrasi.")
class Review:
    verdict: Decision = strawberry.field(description="Keputusan.")
    reason: str = strawberry.field(description="Alasan; dapat kosong bila diterima.")
    due_on: date | None = strawberry.field(description="Batas perbaikan (WITA), bila dikembalikan.")
    by_name: str = strawberry.field(description="Nama verifikator.")
    at: datetime = strawberry.field(description="Saat diputuskan.")
    items: list[CheckItem] = strawberry.field(
        description="Hasil pemeriksaan setiap bukti pada saat diputuskan.", directives=[ListSize(assumed_size=10)]
    )


@strawberry.type(description="Satu baris daftar usulan.")
class NominationSummary:
    id: strawberry.ID = strawberry.field(description="Pengenal usulan.")
    number: str = strawberry.field(description="Nomor usulan.")
    state: NominationState = strawberry.field(description="Status.")
    state_label: str = strawberry.field(description="Nama status.")
    version: int = strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")
    employee: Nominee = strawberry.field(description="Calon.")
    unit: WorkUnit = strawberry.field(description="Unit kerja pengusul.")
    category: NominationCategory = strawberry.field(description="Kategori.")
    due_on: date | None = strawberry.field(description="Batas perbaikan (WITA), bila dikembalikan.")
    handed_over_at: datetime | None = strawberry.field(
        description="Saat diserahkan kepada kepala unit kerja untuk disahkan; null bila tidak sedang menunggu pengesahan."
    )
    missing_count: int = strawberry.field(description="Banyaknya kekurangan sebelum dapat diajukan.")
    too_late: str | None = strawberry.field(description=TOO_LATE)
    allowed_moves: list[Move] = strawberry.field(
        description="Yang dapat dilakukan pembaca sekarang.", directives=[ListSize(assumed_size=6)]
    )
    submitted_at: datetime | None = strawberry.field(description="Saat diajukan.")
    updated_at: datetime = strawberry.field(description="Perubahan terakhir.")

    @classmethod
    def of(cls, row: queries.NominationRow) -> NominationSummary:
        return cls(
            id=gid("Nomination", row.id),
            number=row.number,
            state=row.state,
            state_label=row.label,
            version=row.row_version,
            employee=_nominee(row),
            unit=WorkUnit.of(row.unit_id, row.unit_code, row.unit_name),
            category=_category(row),
            due_on=row.due_on,
            handed_over_at=row.handed_over_at,
            missing_count=row.missing_count,
            too_late=row.too_late or None,
            allowed_moves=[Move(move) for move in row.moves],
            submitted_at=row.submitted_at,
            updated_at=row.updated_at,
        )


NOMINATIONS = Lists(queries.NOMINATIONS)


@strawberry.type(description="Usulan dengan seluruh isinya, sejauh boleh dilihat pembaca.")
class Nomination(Node):
    """What is asked for is read when it is asked for."""

    view: strawberry.Private[queries.NominationView]

    @strawberry.field(description="Nomor usulan.")
    def number(self) -> str:
        return self.view.number

    @strawberry.field(description="Status.")
    def state(self) -> NominationState:
        return self.view.state

    @strawberry.field(description="Nama status.")
    def state_label(self) -> str:
        return NOMINATION_LABELS[self.view.state]

    @strawberry.field(description="Versi data; dikirim kembali sebagai `expectedVersion`.")
    def version(self) -> int:
        return self.view.row_version

    @strawberry.field(description="Calon.")
    def employee(self) -> Nominee:
        return _nominee(self.view.row)

    @strawberry.field(description="Unit kerja pengusul.")
    def unit(self) -> WorkUnit:
        return WorkUnit.of(self.view.row.unit_id, self.view.row.unit_code, self.view.row.unit_name)

    @strawberry.field(description="Kategori.")
    def category(self) -> NominationCategory:
        return _category(self.view.row)

    @strawberry.field(description="Usulan pada tahap pertama, yang membawa calon ini ke wawancara; null bila bukan tahap wawancara.")
    def first_stage(self) -> NominationReference | None:
        found = self.view.first_stage
        return NominationReference.of(*found) if found else None

    @strawberry.field(description="Formulir sebagaimana ditetapkan instrumen.")
    def form(self) -> NominationForm:
        return NominationForm.of(self.view.definition)

    @strawberry.field(description="Jawaban yang tersimpan.", directives=[ListSize(assumed_size=15)])
    def answers(self) -> list[Answer]:
        return stored_answers(self.view.answers)

    @strawberry.field(description="Berkas bukti.", directives=[ListSize(assumed_size=10)])
    def evidence(self) -> list[Evidence]:
        return [Evidence.of(each) for each in self.view.evidence]

    @strawberry.field(description="Saat diserahkan kepada kepala unit kerja untuk disahkan; null bila tidak sedang menunggu pengesahan.")
    def handed_over_at(self) -> datetime | None:
        return self.view.handed_over_at

    @strawberry.field(description="Pengesahan yang masih berlaku; null bila belum ada.")
    def endorsement(self) -> Endorsement | None:
        return Endorsement.of(self.view.endorsement) if self.view.endorsement else None

    @strawberry.field(description="Semua pengesahan, yang batal juga; yang terlama lebih dahulu.", directives=[ListSize(assumed_size=3)])
    def endorsements(self) -> list[Endorsement]:
        return [Endorsement.of(each) for each in self.view.endorsements]

    @strawberry.field(description="Pengembalian oleh verifikator, yang terlama lebih dahulu.", directives=[ListSize(assumed_size=2)])
    def returns(self) -> list[Return]:
        return [Return.of(each) for each in self.view.returns]

    @strawberry.field(description="Perjalanan usulan, yang terlama lebih dahulu.", directives=[ListSize(assumed_size=12)])
    def journey(self) -> list[JourneyStep]:
        return [JourneyStep.of(each) for each in self.view.journey]

    @strawberry.field(description="Pengembalian oleh kepala unit kerja, bila itu tindakan terakhirnya; null bila tidak.")
    def sent_back(self) -> SentBack | None:
        back = self.view.sent_back
        return SentBack(note=back.note, by_name=back.by_name, at=back.at) if back else None

    @strawberry.field(description="Hasil pemeriksaan syarat kategori.", directives=[ListSize(assumed_size=8)])
    def eligibility(self) -> list[EligibilityOutcome]:
        return [EligibilityOutcome.of(outcome) for outcome in self.view.eligibility]

    @strawberry.field(description="Kekurangan sebelum dapat diajukan.", directives=[ListSize(assumed_size=10)])
    def missing(self) -> list[Missing]:
        return [Missing.of(problem) for problem in self.view.missing]

    @strawberry.field(description=TOO_LATE)
    def too_late(self) -> str | None:
        return self.view.row.too_late or None

    @strawberry.field(description="Keputusan verifikasi, yang terlama lebih dahulu.", directives=[ListSize(assumed_size=5)])
    def history(self) -> list[Review]:
        return [
            Review(
                verdict=Decision(each.decision),
                reason=each.reason,
                due_on=each.due_on,
                by_name=each.by_name,
                at=each.at,
                items=[CheckItem.of(item, self._labels()) for item in each.items],
            )
            for each in self.view.reviews
        ]

    @strawberry.field(description="Hasil pemeriksaan bukti.", directives=[ListSize(assumed_size=10)])
    def check_items(self) -> list[CheckItem]:
        return [CheckItem.of(each, self._labels()) for each in self.view.check_items]

    @strawberry.field(description="Yang dapat dilakukan pembaca sekarang.", directives=[ListSize(assumed_size=6)])
    def allowed_moves(self) -> list[Move]:
        return [Move(move) for move in self.view.row.moves]

    @strawberry.field(description="Batas perbaikan (WITA), bila dikembalikan.")
    def due_on(self) -> date | None:
        return self.view.due_on

    @strawberry.field(description="Saat draf dibuat.")
    def created_at(self) -> datetime:
        return self.view.created_at

    @strawberry.field(description="Saat diajukan.")
    def submitted_at(self) -> datetime | None:
        return self.view.submitted_at

    @strawberry.field(description="Saat isinya dihapus sesuai retensi; null bila masih utuh.")
    def purged_at(self) -> datetime | None:
        return self.view.purged_at

    @strawberry.field(description="Perubahan terakhir.")
    def updated_at(self) -> datetime:
        return self.view.updated_at

    @classmethod
    def of(cls, view: queries.NominationView) -> Nomination:
        return cls(id=gid("Nomination", view.id), view=view)

    def _labels(self) -> Mapping[str, str]:
        return {wanted.code: wanted.label for wanted in self.view.definition.requirements}


@strawberry.type(description="Pegawai unit sendiri yang dapat dipilih sebagai calon, dengan hasil pemeriksaan syarat.")
class EligibleEmployee:
    id: strawberry.ID = strawberry.field(description="Pengenal pegawai.")
    name: str = strawberry.field(description="Nama dan gelar.")
    nip: str = strawberry.field(description="NIP atau NI PPPK.")
    position: str = strawberry.field(description="Jabatan sekarang.")
    unit: WorkUnitName = strawberry.field(description="Unit kerja sekarang.")
    outcomes: list[EligibilityOutcome] = strawberry.field(
        description="Hasil pemeriksaan syarat kategori.", directives=[ListSize(assumed_size=8)]
    )
    is_nominated: bool = strawberry.field(description="Sudah diusulkan dalam kategori ini.")
    can_be_nominated: bool = strawberry.field(description="Tidak ada syarat wajib yang gagal dan belum diusulkan.")

    @classmethod
    def of(cls, row: queries.EmployeeChoice) -> EligibleEmployee:
        return cls(
            id=gid("Employee", row.id),
            name=row.full_name,
            nip=row.nip,
            position=row.position,
            unit=WorkUnitName(code=row.unit_code, name=row.unit_name),
            outcomes=[EligibilityOutcome.of(outcome) for outcome in row.outcomes],
            is_nominated=row.is_nominated,
            can_be_nominated=row.can_be_nominated,
        )


@strawberry.type(description="Unit kerja sebagai kode dan nama.")
class WorkUnitName:
    code: str = strawberry.field(description="Kode unit kerja.")
    name: str = strawberry.field(description="Nama unit kerja.")


def _nominee(row: queries.NominationRow) -> Nominee:
    return Nominee(name=row.employee_name, nip=row.nip, position=row.position)


def _category(row: queries.NominationRow) -> NominationCategory:
    return NominationCategory(
        id=gid("Category", row.category_id),
        name=row.category_name,
        period=PeriodReference(id=gid("Period", row.period_id), name=row.period_name, year=row.year),
        closes_on=row.closes_on,
    )
