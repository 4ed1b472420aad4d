"""The provisional standing of a category, and what its analysis found: never official."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import strawberry

from sipetruk.api.enums import RankingStatus, described
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.rankings import RankingSummary
from sipetruk.queries import analysis as analyses
from sipetruk.queries import standing as standings

MOST_ROWS = standings.SHOWN


class AnalysisState(StrEnum):
    NONE = "none"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


described(
    AnalysisState,
    "Keadaan analisis sebuah pemeringkatan.",
    {"none": "Belum diminta.", "waiting": "Sedang dikerjakan.", "done": "Selesai.", "failed": "Gagal; dapat diminta lagi."},
)


@strawberry.type(description="Seorang calon pada kedudukan sementara.")
class StandingRow:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_code: str = strawberry.field(description="Kode unit kerja.")
    unit_name: str = strawberry.field(description="Nama unit kerja saat diajukan.")
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    score: Decimal | None = strawberry.field(description="Nilai sementara yang dicetak; null bila belum lengkap.")
    exact: str | None = strawberry.field(description='Nilai sementara persis sebagai pecahan "n/d".')
    rank: int | None = strawberry.field(description="Peringkat sementara; nilai yang sama berbagi tempat.")
    tie_group: int | None = strawberry.field(description="Peringkat awal kelompok bernilai cetak sama; null bila sendiri.")
    decided_by_label: str = strawberry.field(
        description="Langkah yang memutus nilai seri, atau perlu tidaknya seri yang terbuka diputuskan; kosong bila tidak seri."
    )
    marks_given: int = strawberry.field(description="Banyaknya nilai yang sudah diberikan; abstain ikut dihitung.")
    marks_due: int = strawberry.field(description="Banyaknya nilai yang seharusnya.")

    @classmethod
    def of(cls, row: standings.StandingRow) -> StandingRow:
        return cls(
            nomination=NominationReference.of(row.nomination_id, row.number),
            name=row.name,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            status=RankingStatus(row.status),
            score=None if row.score is None else Decimal(row.score),
            exact=row.exact,
            rank=row.rank,
            tie_group=row.tie_group,
            decided_by_label=row.decided_by_label,
            marks_given=row.marks_given,
            marks_due=row.marks_due,
        )


@strawberry.type(description="Kedudukan sementara sebuah kategori selama dinilai. Bukan nilai resmi dan tidak disimpan.")
class Standing:
    category: str = strawberry.field(description="Nama kategori.")
    period: str = strawberry.field(description="Nama periode.")
    nominees: int = strawberry.field(description="Banyaknya calon.")
    complete: int = strawberry.field(description="Banyaknya calon yang nilainya lengkap.")
    marks_given: int = strawberry.field(description="Banyaknya nilai yang sudah diberikan.")
    marks_due: int = strawberry.field(description="Banyaknya nilai yang seharusnya.")
    rows: list[StandingRow] = strawberry.field(
        description=f"Calon menurut kedudukannya, hanya sampai {MOST_ROWS} yang teratas.", directives=[ListSize(assumed_size=MOST_ROWS)]
    )

    @classmethod
    def of(cls, found: standings.Standing) -> Standing:
        return cls(
            category=found.category_name,
            period=found.period_name,
            nominees=found.nominees,
            complete=found.complete,
            marks_given=found.marks_given,
            marks_due=found.marks_due,
            rows=[StandingRow.of(each) for each in found.rows],
        )


@strawberry.type(description="Satu koefisien; null pada nilainya berarti tidak dapat dihitung, dan alasannya disebut.")
class Coefficient:
    name: str = strawberry.field(description="Nama koefisien.")
    value: Decimal | None = strawberry.field(description="Nilainya, empat angka di belakang koma.")
    reason: str = strawberry.field(description="Mengapa tidak dapat dihitung; kosong bila dapat.")

    @classmethod
    def of(cls, name: str, given: object) -> Coefficient:
        if isinstance(given, Mapping):
            return cls(name=name, value=None, reason=str(given["reason"]))
        return cls(name=name, value=Decimal(str(given)), reason="")


@strawberry.type(description="Kesepakatan antarpenilai atas nilai akhir atau atas satu kriteria.")
class Agreement:
    code: str = strawberry.field(description="Kode kriteria; kosong bagi nilai akhir.")
    label: str = strawberry.field(description="Apa yang dibandingkan.")
    coefficients: list[Coefficient] = strawberry.field(
        description="ICC (McGraw dan Wong; Shrout dan Fleiss), alfa Krippendorff per tingkat pengukuran, dan W Kendall.",
        directives=[ListSize(assumed_size=17)],
    )

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Agreement:
        intraclass, concordance = found["intraclass"], found["concordance"]
        if "reason" in intraclass:
            named = [("ICC", intraclass)]
        else:
            both = (intraclass["mcgraw_wong"], intraclass["shrout_fleiss"])
            named = [(name, value) for group in both for name, value in group.items()]
        named += [(f"alpha {level}", value) for level, value in found["alpha"].items()]
        named += [("W", concordance if "reason" in concordance else concordance["w"])]
        return cls(code=found["code"] or "", label=found["label"], coefficients=[Coefficient.of(name, value) for name, value in named])


@strawberry.type(description="Seberapa ketat dan seberapa lebar seorang penilai menilai.")
class AssessorSeverity:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama penilai.")
    marks: int = strawberry.field(description="Banyaknya nilai.")
    severity: Coefficient = strawberry.field(description="Lebih ketat (negatif) atau lebih longgar daripada yang lain.")
    spread: Coefficient = strawberry.field(description="Lebar sebaran nilainya.")
    odd: int = strawberry.field(description="Banyaknya nilai yang ganjil.")


@strawberry.type(description="Seorang calon menurut cara lain.")
class MethodRow:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    value: Coefficient = strawberry.field(description="Nilai menurut cara itu.")
    rank: int = strawberry.field(description="Peringkat menurut cara itu.")


@strawberry.type(description="Pemeringkatan menurut cara lain, untuk dibandingkan saja.")
class MethodResult:
    label: str = strawberry.field(description="Nama cara.")
    note: str = strawberry.field(description="Penjelasan.")
    source: str = strawberry.field(description="Sumber rumusnya; kosong bila tidak dapat dihitung.")
    reason: str = strawberry.field(description="Mengapa tidak dapat dihitung; kosong bila dapat.")
    rows: list[MethodRow] = strawberry.field(description="Calon menurut urutan dokumen.", directives=[ListSize(assumed_size=30)])

    @classmethod
    def of(cls, found: Mapping[str, Any], numbers: Mapping[str, int]) -> MethodResult:
        return cls(
            label=found["label"],
            note=found["note"],
            source=found.get("source", ""),
            reason=found.get("reason", ""),
            rows=[
                MethodRow(
                    nomination=NominationReference.of(numbers[each["id"]], each["id"]),
                    value=Coefficient.of("nilai", each["value"]),
                    rank=each["rank"],
                )
                for each in found.get("rows", ())
            ],
        )


@strawberry.type(description="Analisis sebuah pemeringkatan. Bukan nilai resmi.")
class Analysis:
    ranking: RankingSummary = strawberry.field(description="Pemeringkatan yang dianalisis.")
    state: AnalysisState = strawberry.field(description="Keadaan; isi lain ada sesudah selesai.")
    made_at: datetime | None = strawberry.field(description="Saat selesai; null selama belum.")
    disclaimer: str = strawberry.field(description="Peringatan yang harus ikut dicetak; kosong selama belum selesai.")
    verdict: str = strawberry.field(description="Putusan dalam satu kata; kosong selama belum selesai.")
    sentences: list[str] = strawberry.field(description="Putusan dalam kalimat.", directives=[ListSize(assumed_size=4)])
    agreement: list[Agreement] = strawberry.field(
        description="Kesepakatan antarpenilai: nilai akhir lebih dahulu, lalu setiap kriteria.", directives=[ListSize(assumed_size=14)]
    )
    assessors: list[AssessorSeverity] = strawberry.field(description="Setiap penilai.", directives=[ListSize(assumed_size=5)])
    methods: list[MethodResult] = strawberry.field(description="Cara lain.", directives=[ListSize(assumed_size=12)])
    document: Document | None = strawberry.field(description="Seluruh analisis sebagai dokumen; null selama belum selesai.")

    @classmethod
    def of(cls, view: analyses.AnalysisView) -> Analysis:
        found = view.document or {}
        verdict = found.get("verdict", {})
        agreement = [found["agreement_on_totals"], *found["agreement"]] if found else []
        return cls(
            ranking=RankingSummary.of(view.ranking),
            state=AnalysisState(view.state),
            made_at=view.made_at,
            disclaimer=found.get("disclaimer", ""),
            verdict=verdict.get("word", ""),
            sentences=list(verdict.get("sentences", ())),
            agreement=[Agreement.of(each) for each in agreement],
            assessors=[_severity(each, view.assessors) for each in found.get("severity", {}).get("assessors", ())],
            methods=[MethodResult.of(each, view.numbers) for each in found.get("methods", ())],
            document=Document(view.document) if view.document else None,
        )


def _severity(found: Mapping[str, Any], names: Mapping[str, str]) -> AssessorSeverity:
    return AssessorSeverity(
        id=gid("User", int(found["assessor"])),
        name=names[found["assessor"]],
        marks=found["marks"],
        severity=Coefficient.of("keketatan", found["severity"]),
        spread=Coefficient.of("sebaran", found["spread"]),
        odd=found["odd"],
    )
