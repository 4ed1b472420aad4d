"""What a unit, its head and a verifier do to a nomination."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import Verdict
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import AnswerInput, Given, Payload, actor_of, answers_given, attempt, keyed
from sipetruk.api.staff.nominations import Nomination
from sipetruk.services import checks, evidence, nominations, returns

NOMINATION = "Pengenal usulan."
VERSION = "Versi data yang dibaca (`version`); ditolak CONFLICT bila sudah diubah orang lain."
KEY = "Kunci buatan pengirim, 1-100 karakter: kiriman ulang dengan kunci yang sama tidak membuat apa-apa lagi."


@strawberry.type(description="Usulan sesudah tindakan.")
class NominationPayload(Payload):
    number: strawberry.Private[int | None]

    @strawberry.field(description="Usulan; null bila tindakan ditolak.")
    def nomination(self, info: Info) -> Nomination | None:
        """Read only for who asks, which is most of the work of an act."""
        return None if self.number is None else reads.nomination(info, self.number)


@strawberry.input(description="Memulai usulan seorang pegawai unit sendiri.")
class NominationDraftInput:
    category_id: strawberry.ID = strawberry.field(description="Pengenal kategori yang sedang dibuka.")
    employee_id: strawberry.ID = strawberry.field(description="Pengenal pegawai.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Menyimpan seluruh jawaban formulir; yang tidak dikirim dikosongkan.")
class NominationAnswersSaveInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    answers: list[AnswerInput] = strawberry.field(description="Jawaban; boleh belum lengkap.")
    expected_version: int = strawberry.field(description=VERSION)
    is_keeping_files: bool = strawberry.field(
        default=False, description="Tolak (REMOVES_FILES) jawaban yang menghapus berkas pertanyaan yang tidak lagi ditanyakan."
    )


@strawberry.input(description="Menyerahkan usulan yang lengkap kepada kepala unit kerja untuk disahkan.")
class NominationHandOverInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Jawaban atas satu butir pengembalian.")
class ReturnReplyInput:
    code: str = strawberry.field(description="Kode bukti; kosong bagi alasan pengembalian itu sendiri.")
    text: str = strawberry.field(description="Jawaban; teks kosong menarik jawaban.")


@strawberry.input(description="Menjawab butir pengembalian terakhir; butir yang tidak disebut tetap.")
class NominationReplyInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    replies: list[ReturnReplyInput] = strawberry.field(description="Jawaban.")
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengesahkan usulan sebagai kepala unit kerja.")
class NominationEndorseInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    values: list[AnswerInput] = strawberry.field(default_factory=list, description="Isian kepala unit kerja, bila diminta instrumen.")
    note: str = strawberry.field(default="", description="Catatan.")
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengembalikan usulan kepada penyusun sebagai kepala unit kerja.")
class NominationSendBackInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    note: str = strawberry.field(description="Apa yang perlu diperbaiki.")
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengajukan usulan yang sudah disahkan ke BKPSDM.")
class NominationSubmitInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Menarik usulan.")
class NominationWithdrawInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=VERSION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Menghapus satu berkas bukti dari usulannya.")
class EvidenceRemoveInput:
    evidence_id: strawberry.ID = strawberry.field(description="Pengenal berkas bukti.")


@strawberry.input(description="Mencatat hasil pemeriksaan satu bukti.")
class CheckItemRecordInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    requirement: str = strawberry.field(description="Kode bukti dalam instrumen.")
    verdict: Verdict = strawberry.field(description="Ada atau tidak ada.")
    note: str = strawberry.field(default="", description="Catatan.")


@strawberry.input(description="Mengembalikan usulan kepada unit kerja untuk diperbaiki.")
class NominationReturnInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    reason: str = strawberry.field(description="Apa yang perlu diperbaiki.")
    due_on: date = strawberry.field(description="Hari terakhir perbaikan (WITA).")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menerima usulan: memenuhi syarat.")
class NominationAcceptInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    note: str = strawberry.field(default="", description="Catatan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menolak usulan: tidak memenuhi syarat.")
class NominationRejectInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type
class NominationActs:
    @strawberry.mutation(description="Memulai usulan seorang pegawai unit sendiri.")
    def nomination_draft(self, info: Info, given: Given[NominationDraftInput]) -> NominationPayload | None:
        return _answer(
            info,
            lambda: nominations.draft(
                actor_of(info),
                category_id=ids.number(given.category_id, "Category", "Kategori"),
                employee_id=ids.number(given.employee_id, "Employee", "Pegawai"),
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Menyimpan jawaban formulir; perubahan membatalkan pengesahan.")
    def nomination_answers_save(self, info: Info, given: Given[NominationAnswersSaveInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.save_answers(
                actor_of(info),
                nomination_id=number,
                answers=answers_given(given.answers),
                expected_version=given.expected_version,
                keep_files=given.is_keeping_files,
            ),
        )

    @strawberry.mutation(description="Menyerahkan usulan yang lengkap kepada kepala unit kerja; perubahan sesudahnya menariknya kembali.")
    def nomination_hand_over(self, info: Info, given: Given[NominationHandOverInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.hand_over(
                actor_of(info), nomination_id=number, expected_version=given.expected_version, idempotency_key=given.idempotency_key
            ),
        )

    @strawberry.mutation(description="Menjawab butir pengembalian; perubahan membatalkan pengesahan.")
    def nomination_reply(self, info: Info, given: Given[NominationReplyInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: returns.reply(
                actor_of(info),
                nomination_id=number,
                replies=keyed(((each.code, each.text) for each in given.replies), "replies"),
                expected_version=given.expected_version,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengesahkan usulan sebagai kepala unit kerja.")
    def nomination_endorse(self, info: Info, given: Given[NominationEndorseInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.endorse(
                actor_of(info),
                nomination_id=number,
                expected_version=given.expected_version,
                values=answers_given(given.values, "values"),
                note=given.note,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengembalikan usulan kepada penyusun sebagai kepala unit kerja.")
    def nomination_send_back(self, info: Info, given: Given[NominationSendBackInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.send_back(
                actor_of(info),
                nomination_id=number,
                note=given.note,
                expected_version=given.expected_version,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengajukan usulan yang sudah disahkan ke BKPSDM.")
    def nomination_submit(self, info: Info, given: Given[NominationSubmitInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.submit(
                actor_of(info), nomination_id=number, expected_version=given.expected_version, idempotency_key=given.idempotency_key
            ),
        )

    @strawberry.mutation(description="Menarik usulan; tidak dapat dibatalkan.")
    def nomination_withdraw(self, info: Info, given: Given[NominationWithdrawInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: nominations.withdraw(
                actor_of(info),
                nomination_id=number,
                reason=given.reason,
                expected_version=given.expected_version,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Menghapus satu berkas bukti; mengunggah dilakukan lewat POST /graphql/staff/uploads.")
    def evidence_remove(self, info: Info, given: Given[EvidenceRemoveInput]) -> NominationPayload | None:
        return _answer(
            info,
            lambda: evidence.remove(actor_of(info), evidence_id=ids.number(given.evidence_id, "Evidence", "Berkas bukti")),
        )

    @strawberry.mutation(description="Mencatat hasil pemeriksaan satu bukti sebagai verifikator.")
    def check_item_record(self, info: Info, given: Given[CheckItemRecordInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: checks.record_item(
                actor_of(info), nomination_id=number, requirement=given.requirement, verdict=given.verdict.value, note=given.note
            ),
        )

    @strawberry.mutation(description="Mengembalikan usulan kepada unit kerja untuk diperbaiki.")
    def nomination_return(self, info: Info, given: Given[NominationReturnInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: checks.return_(
                actor_of(info),
                nomination_id=number,
                reason=given.reason,
                due_on=given.due_on,
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menerima usulan: memenuhi syarat.")
    def nomination_accept(self, info: Info, given: Given[NominationAcceptInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: checks.accept(actor_of(info), nomination_id=number, note=given.note, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menolak usulan: tidak memenuhi syarat.")
    def nomination_reject(self, info: Info, given: Given[NominationRejectInput]) -> NominationPayload | None:
        return _on_nomination(
            info,
            given.nomination_id,
            lambda number: checks.reject(
                actor_of(info), nomination_id=number, reason=given.reason, expected_version=given.expected_version
            ),
        )


def _on_nomination(info: Info, global_id: str, act: Callable[[int], object]) -> NominationPayload:
    def do() -> int:
        number = ids.number(global_id, "Nomination", "Usulan")
        act(number)
        return number

    return _answer(info, do)


def _answer(info: Info, act: Callable[[], int]) -> NominationPayload:
    number, errors = attempt(info, act)
    return NominationPayload(number=number, user_errors=errors)
