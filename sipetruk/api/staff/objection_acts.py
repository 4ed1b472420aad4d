"""What units and BKPSDM do about objections, and how sheets are opened again, replaced and let go."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.documents import content
from sipetruk.api.staff.nomination_acts import KEY, NOMINATION
from sipetruk.api.staff.objections import NominationSheets, Objection
from sipetruk.errors import Invalid
from sipetruk.queries import objections as queries
from sipetruk.queries import reopenings
from sipetruk.rules.objecting import Letter
from sipetruk.services import objections, reassessment, uploads

OBJECTION = "Pengenal sanggahan."
VERSION = "Versi sanggahan yang dibaca (`version`); ditolak CONFLICT bila sudah berubah."
SHEET = "Pengenal lembar."
SHEET_VERSION = "Versi lembar yang dibaca; ditolak CONFLICT bila sudah berubah."


@strawberry.type(description="Sanggahan sesudah tindakan.")
class ObjectionPayload(Payload):
    objection: Objection | None = strawberry.field(description="Sanggahan; null bila tindakan ditolak.")


@strawberry.type(description="Lembar-lembar sebuah usulan sesudah tindakan.")
class SheetsPayload(Payload):
    sheets: NominationSheets | None = strawberry.field(description="Lembar penilaian usulan; null bila tindakan ditolak.")


@strawberry.input(description="Surat sanggahan yang diterima BKPSDM dari unit.")
class LetterInput:
    number: str = strawberry.field(description="Nomor surat.")
    received_on: date = strawberry.field(description="Tanggal surat diterima.")


@strawberry.input(description="Menyanggah hasil pemeringkatan final sebuah usulan.")
class ObjectionFileInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    reason: str = strawberry.field(description="Alasan, 20 sampai 4000 karakter.")
    letter: LetterInput | None = strawberry.field(default=None, description="Surat unit; wajib bila BKPSDM mencatat atas nama unit.")
    file_name: str = strawberry.field(default="", description="Nama lampiran, bila ada.")
    file: str | None = strawberry.field(default=None, description="Lampiran PDF, JPG, atau PNG sebagai teks Base64, sampai sekitar 180 kB.")
    upload_id: strawberry.ID | None = strawberry.field(
        default=None, description="Lampiran yang sudah selesai diunggah (header SIPetruk-Upload), sebagai ganti `file`; sampai 5 MB."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mencabut sanggahan yang belum diputus.")
class ObjectionWithdrawInput:
    objection_id: strawberry.ID = strawberry.field(description=OBJECTION)
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menerima sanggahan.")
class ObjectionAcceptInput:
    objection_id: strawberry.ID = strawberry.field(description=OBJECTION)
    reason: str = strawberry.field(description="Alasan keputusan; terbaca oleh unit.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menolak sanggahan.")
class ObjectionRejectInput:
    objection_id: strawberry.ID = strawberry.field(description=OBJECTION)
    reason: str = strawberry.field(description="Alasan keputusan; terbaca oleh unit.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mencatat bahwa sanggahan yang diterima tidak mengubah hasil.")
class ObjectionNoteInput:
    objection_id: strawberry.ID = strawberry.field(description=OBJECTION)
    note: str = strawberry.field(description="Mengapa hasil tidak berubah; terbaca oleh unit.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Membuka kembali lembar yang sudah dikirim.")
class SheetsReopenInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    sheet_ids: list[strawberry.ID] = strawberry.field(description="Pengenal lembar; semua dibuka atau tidak satu pun.")
    criteria: list[str] = strawberry.field(default_factory=list, description="Kode kriteria yang boleh berubah; kosong berarti semua.")
    reason: str = strawberry.field(description="Alasan; terbaca oleh penilai.")
    expected_version: int = strawberry.field(description="Versi usulan yang dibaca; ditolak CONFLICT bila sudah berubah.")


@strawberry.input(description="Mengganti penilai yang mengundurkan diri, dilepas, atau berhalangan.")
class SheetReplaceInput:
    sheet_id: strawberry.ID = strawberry.field(description=SHEET)
    assessor_id: strawberry.ID = strawberry.field(description="Pengenal pengguna yang menggantikan.")
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=SHEET_VERSION)


@strawberry.type(description="Lembar seorang penilai sesudah dialihkan.")
class SheetsHandOverPayload(Payload):
    count: int | None = strawberry.field(description="Banyaknya lembar yang beralih; null bila tindakan ditolak.")
    left: list[str] = strawberry.field(
        description="Nomor usulan yang tidak beralih: benturan kepentingan, atau pengganti sudah mempunyai lembarnya.",
        directives=[ListSize(assumed_size=3)],
    )


@strawberry.input(description="Mengalihkan semua lembar yang belum dikirim seorang penilai pada sebuah kategori.")
class SheetsHandOverInput:
    category_id: strawberry.ID = strawberry.field(description="Pengenal kategori.")
    former_id: strawberry.ID = strawberry.field(description="Pengenal penilai yang digantikan.")
    assessor_id: strawberry.ID = strawberry.field(description="Pengenal pengguna yang menggantikan.")
    reason: str = strawberry.field(description="Alasan.")


@strawberry.input(description="Melepas penilai yang berhalangan tanpa pengganti.")
class SheetDropInput:
    sheet_id: strawberry.ID = strawberry.field(description=SHEET)
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=SHEET_VERSION)


@strawberry.type
class ObjectionActs:
    @strawberry.mutation(description="Menyanggah hasil pemeringkatan final, selama masa sanggah.")
    def objection_file(self, info: Info, given: Given[ObjectionFileInput]) -> ObjectionPayload | None:
        def act() -> int:
            letter = Letter(given.letter.number, given.letter.received_on) if given.letter else None
            number = ids.number(given.nomination_id, "Nomination", "Usulan")
            with _attachment(info, given, number) as attachment:
                return objections.file(
                    actor_of(info),
                    nomination_id=number,
                    reason=given.reason,
                    letter=letter,
                    attachment=attachment,
                    idempotency_key=given.idempotency_key,
                )

        return _objection(info, act)

    @strawberry.mutation(description="Mencabut sanggahan yang belum diputus.")
    def objection_withdraw(self, info: Info, given: Given[ObjectionWithdrawInput]) -> ObjectionPayload | None:
        return _on_objection(
            info,
            given.objection_id,
            lambda number: objections.withdraw(
                actor_of(info), objection_id=number, reason=given.reason, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Menerima sanggahan; lembar penilaian usulannya dapat dibuka kembali.")
    def objection_accept(self, info: Info, given: Given[ObjectionAcceptInput]) -> ObjectionPayload | None:
        return _on_objection(
            info,
            given.objection_id,
            lambda number: objections.accept(
                actor_of(info), objection_id=number, reason=given.reason, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Menolak sanggahan.")
    def objection_reject(self, info: Info, given: Given[ObjectionRejectInput]) -> ObjectionPayload | None:
        return _on_objection(
            info,
            given.objection_id,
            lambda number: objections.reject(
                actor_of(info), objection_id=number, reason=given.reason, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Mencatat bahwa sanggahan yang diterima tidak mengubah hasil.")
    def objection_note(self, info: Info, given: Given[ObjectionNoteInput]) -> ObjectionPayload | None:
        return _on_objection(
            info,
            given.objection_id,
            lambda number: objections.note_no_change(
                actor_of(info), objection_id=number, note=given.note, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Membuka kembali lembar yang sudah dikirim; nilai lama tetap dalam riwayat.")
    def sheets_reopen(self, info: Info, given: Given[SheetsReopenInput]) -> SheetsPayload | None:
        def act() -> int:
            number = ids.number(given.nomination_id, "Nomination", "Usulan")
            reassessment.reopen(
                actor_of(info),
                nomination_id=number,
                sheet_ids=[ids.number(each, "Sheet", "Lembar penilaian") for each in given.sheet_ids],
                criteria=given.criteria,
                reason=given.reason,
                expected_version=given.expected_version,
            )
            return number

        return _sheets(info, act)

    @strawberry.mutation(description="Mengganti penilai yang mengundurkan diri, dilepas, atau berhalangan.")
    def sheet_replace(self, info: Info, given: Given[SheetReplaceInput]) -> SheetsPayload | None:
        def act() -> int:
            new_id = reassessment.replace(
                actor_of(info),
                sheet_id=ids.number(given.sheet_id, "Sheet", "Lembar penilaian"),
                user_id=ids.number(given.assessor_id, "User", "Pengguna"),
                reason=given.reason,
                expected_version=given.expected_version,
            )
            return reopenings.nomination_of(actor_of(info), new_id)

        return _sheets(info, act)

    @strawberry.mutation(description="Mengalihkan semua lembar yang belum dikirim seorang penilai, selama tahap penilaian.")
    def sheets_hand_over(self, info: Info, given: Given[SheetsHandOverInput]) -> SheetsHandOverPayload | None:
        def act() -> tuple[int, tuple[str, ...]]:
            return reassessment.replace_all(
                actor_of(info),
                category_id=ids.number(given.category_id, "Category", "Kategori"),
                former_id=ids.number(given.former_id, "User", "Pengguna"),
                user_id=ids.number(given.assessor_id, "User", "Pengguna"),
                reason=given.reason,
            )

        done, errors = attempt(info, act)
        count, left = (None, ()) if done is None else done
        return SheetsHandOverPayload(count=count, left=list(left), user_errors=errors)

    @strawberry.mutation(description="Melepas penilai yang berhalangan tanpa pengganti, bila sisanya cukup.")
    def sheet_drop(self, info: Info, given: Given[SheetDropInput]) -> SheetsPayload | None:
        def act() -> int:
            number = ids.number(given.sheet_id, "Sheet", "Lembar penilaian")
            reassessment.drop(actor_of(info), sheet_id=number, reason=given.reason, expected_version=given.expected_version)
            return reopenings.nomination_of(actor_of(info), number)

        return _sheets(info, act)


def _attachment(info: Info, given: ObjectionFileInput, nomination_id: int) -> AbstractContextManager[objections.Attachment | None]:
    if given.upload_id is not None:
        if given.file is not None:
            raise Invalid("Kirim lampiran sebagai unggahan atau sebagai teks Base64, jangan keduanya.", "uploadId")
        kind, key = ids.decode(given.upload_id) or ("", "")
        return uploads.attachment(actor_of(info), upload_id=key if kind == "Upload" else "", nomination_id=nomination_id)
    if given.file is None:
        return nullcontext()
    if not given.file_name.strip():
        raise Invalid("Nama lampiran wajib disebut.", "fileName")
    return nullcontext(objections.Attachment(given.file_name, io.BytesIO(content(given.file, "file"))))


def _on_objection(info: Info, global_id: str, act: Callable[[int], object]) -> ObjectionPayload:
    def do() -> int:
        number = ids.number(global_id, "Objection", "Sanggahan")
        act(number)
        return number

    return _objection(info, do)


def _objection(info: Info, act: Callable[[], int]) -> ObjectionPayload:
    number, errors = attempt(info, act)
    shown = None if number is None else reads.or_none(lambda: Objection.of(queries.objection(actor_of(info), number)))
    return ObjectionPayload(objection=shown, user_errors=errors)


def _sheets(info: Info, act: Callable[[], int]) -> SheetsPayload:
    number, errors = attempt(info, act)
    shown = None if number is None else reads.or_none(lambda: NominationSheets.of(reopenings.sheets_of(actor_of(info), number)))
    return SheetsPayload(sheets=shown, user_errors=errors)
