"""Small types that many things of the staff schema refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import strawberry

from sipetruk.api import ids
from sipetruk.api.enums import Effect, OutcomeStatus
from sipetruk.api.listsize import ListSize
from sipetruk.rules import eligibility


@strawberry.type(description="Unit kerja (OPD).")
class WorkUnit:
    id: strawberry.ID = strawberry.field(description="Pengenal unit kerja.")
    code: str = strawberry.field(description="Kode unit kerja.")
    name: str = strawberry.field(description="Nama unit kerja.")

    @classmethod
    def of(cls, unit_id: int, code: str, name: str) -> WorkUnit:
        return cls(id=gid("WorkUnit", unit_id), code=code, name=name)


@strawberry.type(description="Periode sebagai rujukan.")
class PeriodReference:
    id: strawberry.ID = strawberry.field(description="Pengenal periode.")
    name: str = strawberry.field(description="Nama periode.")
    year: int = strawberry.field(description="Tahun periode.")


@strawberry.type(description="Usulan sebagai rujukan.")
class NominationReference:
    id: strawberry.ID = strawberry.field(description="Pengenal usulan.")
    number: str = strawberry.field(description="Nomor usulan.")

    @classmethod
    def of(cls, nomination_id: int, number: str) -> NominationReference:
        return cls(id=gid("Nomination", nomination_id), number=number)


@strawberry.type(description="Jumlah untuk satu jenis.")
class AnswerCount:
    code: str = strawberry.field(description="Kode jenis.")
    count: int = strawberry.field(description="Jumlahnya.")


@strawberry.type(description="Satu jawaban formulir yang tersimpan.")
class Answer:
    code: str = strawberry.field(description="Kode isian.")
    value: str | None = strawberry.field(description='Jawaban sebagai teks; "1" untuk pernyataan yang dicentang; null bila berupa daftar.')
    values: list[str] = strawberry.field(
        description="Kode pilihan, bagi isian dengan beberapa pilihan.", directives=[ListSize(assumed_size=5)]
    )
    counts: list[AnswerCount] = strawberry.field(
        description="Jumlah setiap jenis, bagi isian hitungan.", directives=[ListSize(assumed_size=5)]
    )


@strawberry.type(description="Hasil pemeriksaan satu syarat terhadap data pegawai yang tercatat.")
class EligibilityOutcome:
    label: str = strawberry.field(description="Syarat dalam kata-kata.")
    status: OutcomeStatus = strawberry.field(description="Hasil pemeriksaan.")
    seen: str = strawberry.field(description="Data yang tercatat, dalam kata-kata.")
    message: str = strawberry.field(description="Penjelasan bagi pengusul.")
    effect: Effect = strawberry.field(description="Akibat bila tidak terpenuhi.")

    @classmethod
    def of(cls, outcome: eligibility.Outcome) -> EligibilityOutcome:
        return cls(
            label=outcome.rule.describe(),
            status=OutcomeStatus(outcome.status),
            seen=outcome.seen,
            message=outcome.message,
            effect=Effect(outcome.rule.effect),
        )


def gid(kind: str, number: int) -> strawberry.ID:
    return strawberry.ID(ids.encode(kind, number))


def stored_answers(answers: Mapping[str, Any]) -> list[Answer]:
    """Canonical answers as the contract shows them."""
    shown = []
    for code, answer in answers.items():
        is_list, is_count = isinstance(answer, list), isinstance(answer, dict)
        text = None if is_list or is_count else "1" if answer is True else str(answer)
        shown.append(
            Answer(
                code=code,
                value=text,
                values=list(answer) if is_list else [],
                counts=[AnswerCount(code=each, count=count) for each, count in answer.items()] if is_count else [],
            )
        )
    return shown
