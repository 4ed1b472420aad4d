"""What an assessor does on the own sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import MarkState
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt, keyed
from sipetruk.api.staff.assessment import Sheet
from sipetruk.api.staff.nomination_acts import NOMINATION
from sipetruk.services import assessment

VERSION = "Versi lembar yang dibaca; ditolak CONFLICT bila sudah berubah."


@strawberry.type(description="Lembar penilaian sesudah tindakan.")
class SheetPayload(Payload):
    sheet: Sheet | None = strawberry.field(description="Lembar; null bila tindakan ditolak.")


@strawberry.input(description="Nilai satu kriteria; tanpa `state` berarti nilainya ditarik kembali.")
class MarkInput:
    criterion: str = strawberry.field(description="Kode kriteria.")
    state: MarkState | None = strawberry.field(default=None, description="Dinilai atau abstain; null menarik kembali nilai.")
    value: str | None = strawberry.field(default=None, description='Nilai mentah, misalnya "17.5" atau "17,5"; kosong bila abstain.')
    note: str = strawberry.field(default="", description="Catatan, atau alasan abstain.")


@strawberry.input(description="Menyimpan nilai pada lembar sendiri; satu nilai salah, tidak ada yang disimpan.")
class MarksRecordInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    marks: list[MarkInput] = strawberry.field(description="Nilai; kriteria yang tidak disebut tidak berubah.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengundurkan diri dari menilai seorang calon.")
class NominationRecuseInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    reason: str = strawberry.field(description="Alasan.")


@strawberry.input(description="Mengirim lembar penilaian yang sudah lengkap.")
class SheetSubmitInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type
class AssessmentActs:
    @strawberry.mutation(description="Menyimpan nilai pada lembar sendiri.")
    def marks_record(self, info: Info, given: Given[MarksRecordInput]) -> SheetPayload | None:
        return _on_sheet(
            info,
            given.nomination_id,
            lambda number: assessment.save_marks(
                actor_of(info),
                nomination_id=number,
                marks=keyed(((each.criterion, _mark(each)) for each in given.marks), "marks"),
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Mengundurkan diri dari menilai seorang calon.")
    def nomination_recuse(self, info: Info, given: Given[NominationRecuseInput]) -> SheetPayload | None:
        return _on_sheet(
            info,
            given.nomination_id,
            lambda number: assessment.recuse(actor_of(info), nomination_id=number, reason=given.reason),
        )

    @strawberry.mutation(description="Mengirim lembar penilaian yang sudah lengkap.")
    def sheet_submit(self, info: Info, given: Given[SheetSubmitInput]) -> SheetPayload | None:
        return _on_sheet(
            info,
            given.nomination_id,
            lambda number: assessment.submit_sheet(actor_of(info), nomination_id=number, expected_version=given.expected_version),
        )


def _mark(given: MarkInput) -> dict[str, Any] | None:
    return None if given.state is None else {"state": given.state.value, "value": given.value, "note": given.note}


def _on_sheet(info: Info, global_id: str, act: Callable[[int], object]) -> SheetPayload:
    def do() -> int:
        number = ids.number(global_id, "Nomination", "Lembar penilaian")
        act(number)
        return number

    number, errors = attempt(info, do)
    return SheetPayload(sheet=None if number is None else reads.sheet(info, number), user_errors=errors)
