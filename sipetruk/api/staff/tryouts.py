"""An instrument tried on made-up nominees, every step of it; and weights that comparing pairs proposes. Never official."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import strawberry

from sipetruk.api.enums import RankingStatus, described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.instrument_summaries import Finding
from sipetruk.rules import ahp
from sipetruk.rules import tryout as rules
from sipetruk.rules.exact import printed, ratio_text

DECIMALS = 6


class AhpMethod(StrEnum):
    EIGENVECTOR = "eigenvector"
    COLUMN_MEAN = "column_mean"


class LambdaMethod(StrEnum):
    EIGENVALUE = "eigenvalue"
    MEAN_RATIO = "mean_ratio"
    COLUMN_SUMS = "column_sums"


described(AhpMethod, "Cara menurunkan bobot dari perbandingan.", ahp.METHODS)
described(LambdaMethod, "Cara menghitung nilai eigen terbesar.", ahp.LAMBDA_METHODS, name="AhpLambdaMethod")


@strawberry.type(description="Nilai dari seorang penilai contoh.")
class TryoutMark:
    assessor: int = strawberry.field(description="Nomor penilai contoh, mulai dari 1.")
    raw: str | None = strawberry.field(description="Nilai mentah; null berarti abstain.")
    shown: str = strawberry.field(description="Nilai dalam kata-kata.")
    points: str | None = strawberry.field(description="Poin persis sebagai pecahan; null bila abstain.")


@strawberry.type(description="Dari nilai mentah sampai sumbangan sebuah kriteria.")
class TryoutCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    source: str = strawberry.field(description="Asal nilai dalam kata-kata.")
    scale: str = strawberry.field(description="Skala dalam kata-kata.")
    marks: list[TryoutMark] = strawberry.field(description="Nilai penilai contoh.", directives=[ListSize(assumed_size=3)])
    value: str = strawberry.field(description="Nilai dari data, dalam kata-kata; tanda pisah bila dinilai penilai.")
    how: str = strawberry.field(description="Bagaimana nilai menjadi poin, dalam kata-kata.")
    points: str | None = strawberry.field(description="Poin persis sebagai pecahan; null bila belum dapat dihitung.")
    factor: str | None = strawberry.field(description="Satu poin menambah sekian pada komponen, sebagai pecahan.")
    part: str | None = strawberry.field(description="Bagian dari nilai komponen, sebagai pecahan.")
    contribution: str | None = strawberry.field(description="Sumbangan persis terhadap nilai akhir, sebagai pecahan.")
    shown_contribution: Decimal | None = strawberry.field(description="Sumbangan yang dicetak; jumlahnya tepat nilai akhir.")

    @classmethod
    def of(cls, step: rules.CriterionStep) -> TryoutCriterion:
        return cls(
            code=step.code,
            label=step.label,
            source=step.source,
            scale=step.scale,
            marks=[TryoutMark(assessor=each.assessor, raw=each.raw, shown=each.shown, points=_exact(each.points)) for each in step.marks],
            value=step.value,
            how=step.how,
            points=_exact(step.points),
            factor=_exact(step.factor),
            part=_exact(step.part),
            contribution=_exact(step.contribution),
            shown_contribution=_decimal(step.shown),
        )


@strawberry.type(description="Sebuah komponen calon contoh, dengan kriterianya.")
class TryoutComponent:
    code: str = strawberry.field(description="Kode komponen.")
    label: str = strawberry.field(description="Nama komponen.")
    criteria: list[TryoutCriterion] = strawberry.field(description="Kriteria.", directives=[ListSize(assumed_size=5)])
    score: Decimal | None = strawberry.field(description="Nilai komponen yang dicetak; null bila belum lengkap.")
    maximum: str = strawberry.field(description="Nilai tertinggi komponen, sebagai pecahan.")
    factor: str = strawberry.field(description="Satu poin komponen menambah sekian pada nilai akhir, sebagai pecahan.")
    contribution: str | None = strawberry.field(description="Sumbangan persis terhadap nilai akhir, sebagai pecahan.")

    @classmethod
    def of(cls, step: rules.ComponentStep) -> TryoutComponent:
        return cls(
            code=step.code,
            label=step.label,
            criteria=[TryoutCriterion.of(each) for each in step.criteria],
            score=_decimal(step.printed),
            maximum=ratio_text(step.maximum),
            factor=ratio_text(step.factor),
            contribution=_exact(step.contribution),
        )


@strawberry.type(description="Seorang calon contoh dengan seluruh perhitungannya.")
class TryoutNominee:
    name: str = strawberry.field(description="Nama calon contoh.")
    unit: str | None = strawberry.field(description="Unit kerja contoh; null bila berdiri sendiri.")
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    score: Decimal | None = strawberry.field(description="Nilai akhir yang dicetak; null bila belum lengkap.")
    exact: str | None = strawberry.field(description='Nilai akhir persis sebagai pecahan "n/d".')
    rank: int | None = strawberry.field(description="Peringkat; null bila tidak diperingkat.")
    is_tied: bool = strawberry.field(description="Nilai cetaknya sama dengan calon contoh lain.")
    decided_by_label: str = strawberry.field(description="Langkah yang memutus nilai seri; kosong bila tidak seri.")
    components: list[TryoutComponent] = strawberry.field(description="Komponen.", directives=[ListSize(assumed_size=4)])
    reasons: list[str] = strawberry.field(description="Alasan bila tidak diperingkat.", directives=[ListSize(assumed_size=2)])
    warnings: list[str] = strawberry.field(description="Peringatan.", directives=[ListSize(assumed_size=2)])
    is_as_expected: bool | None = strawberry.field(description="Hasil sama dengan yang diharapkan; null bila tidak ada harapan.")
    differences: list[str] = strawberry.field(description="Beda dengan yang diharapkan.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, trial: rules.Trial) -> TryoutNominee:
        return cls(
            name=trial.example.name,
            unit=trial.example.unit,
            status=RankingStatus(trial.status),
            score=_decimal(trial.score),
            exact=trial.exact,
            rank=trial.rank,
            is_tied=trial.is_tied,
            decided_by_label=trial.decided_by,
            components=[TryoutComponent.of(each) for each in trial.components],
            reasons=list(trial.reasons),
            warnings=list(trial.warnings),
            is_as_expected=trial.is_as_expected,
            differences=[each.message for each in trial.differences],
        )


@strawberry.type(description="Instrumen yang dicoba pada calon contoh, dengan kode yang memeringkat calon sungguhan. Tidak disimpan.")
class InstrumentTryout:
    nominees: list[TryoutNominee] = strawberry.field(
        description="Calon contoh menurut urutannya; paling banyak 50.", directives=[ListSize(assumed_size=5)]
    )
    winners: list[str] = strawberry.field(description="Nama calon contoh yang menang.", directives=[ListSize(assumed_size=3)])
    blocked: list[str] = strawberry.field(description="Mengapa pemenang tidak dapat ditentukan.", directives=[ListSize(assumed_size=3)])
    findings: list[Finding] = strawberry.field(description="Yang masih menghalangi penguncian.", directives=[ListSize(assumed_size=10)])

    @classmethod
    def of(cls, found: rules.Tryout) -> InstrumentTryout:
        return cls(
            nominees=[TryoutNominee.of(each) for each in found.trials],
            winners=list(found.winners),
            blocked=list(found.blocked),
            findings=[Finding.of(each) for each in found.findings],
        )


@strawberry.type(description="Satu perbandingan yang menyimpang dari bobot hasilnya.")
class AhpDeviation:
    first: int = strawberry.field(description="Letak unsur pertama, mulai dari 0.")
    second: int = strawberry.field(description="Letak unsur kedua, mulai dari 0.")
    given: str = strawberry.field(description='Perbandingan yang diberikan, misalnya "3" atau "1/3".')
    implied: Decimal = strawberry.field(description="Perbandingan menurut bobot hasilnya.")
    suggested: str = strawberry.field(description="Perbandingan terdekat pada skala.")
    factor: Decimal = strawberry.field(description="Beda keduanya, sekian kali.")


@strawberry.type(description="Bobot dari perbandingan berpasangan (AHP): usulan, tidak disimpan, dan bukan angka resmi.")
class AhpProposal:
    method: AhpMethod = strawberry.field(description="Cara menurunkan bobot.")
    weights: list[Decimal] = strawberry.field(description="Bobot setiap unsur; jumlahnya 1.", directives=[ListSize(assumed_size=6)])
    basis_points: list[int] = strawberry.field(
        description="Bobot dalam basis poin; jumlahnya tepat 10000, untuk `instrumentWeightsSet`.", directives=[ListSize(assumed_size=6)]
    )
    lambda_max: Decimal = strawberry.field(description="Nilai eigen terbesar.")
    lambda_method: LambdaMethod = strawberry.field(description="Cara menghitungnya.")
    consistency_index: Decimal = strawberry.field(description="Indeks konsistensi (CI).")
    random_index: Decimal = strawberry.field(description="Indeks acak (RI) menurut tabelnya.")
    random_index_table: str = strawberry.field(description="Tabel RI yang dipakai.")
    consistency_ratio: Decimal = strawberry.field(description="Rasio konsistensi (CR).")
    is_acceptable: bool = strawberry.field(description="CR paling banyak 0,1.")
    verdict: str = strawberry.field(description="Rasio itu dalam kata-kata.")
    deviations: list[AhpDeviation] = strawberry.field(
        description="Perbandingan yang menyimpang, yang terjauh lebih dahulu.", directives=[ListSize(assumed_size=15)]
    )

    @classmethod
    def of(cls, found: ahp.Weighing) -> AhpProposal:
        agreed = found.consistency
        return cls(
            method=AhpMethod(found.method),
            weights=[_rounded(each) for each in found.weights],
            basis_points=list(found.basis_points),
            lambda_max=_rounded(agreed.lambda_max),
            lambda_method=LambdaMethod(agreed.lambda_method),
            consistency_index=_rounded(agreed.index),
            random_index=_rounded(agreed.random_index),
            random_index_table=agreed.ri_table,
            consistency_ratio=_rounded(agreed.ratio),
            is_acceptable=agreed.is_acceptable,
            verdict=agreed.verdict,
            deviations=[
                AhpDeviation(
                    first=each.first,
                    second=each.second,
                    given=str(each.given),
                    implied=_rounded(each.implied),
                    suggested=str(each.suggested),
                    factor=_rounded(each.factor),
                )
                for each in found.deviations
            ],
        )


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else ratio_text(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _rounded(number: float) -> Decimal:
    return Decimal(printed(Fraction(number), DECIMALS))
