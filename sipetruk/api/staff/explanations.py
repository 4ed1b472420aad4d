"""Why a score is what it is, and what separates two nominees: every step, in exact numbers and in sentences."""

from __future__ import annotations

from collections.abc import Mapping

import strawberry

from sipetruk.api.enums import RankingStatus
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.periods import PanelMember
from sipetruk.queries.explanations import GapView, OwnScore
from sipetruk.rules import explanation as rules


@strawberry.type(description="Nilai seorang penilai dalam penjelasan.")
class ExplainedMark:
    assessor: PanelMember = strawberry.field(description="Penilai yang memberikannya.")
    state: str = strawberry.field(description="scored, abstained, recused, not_yet, atau not_applicable.")
    value: str | None = strawberry.field(description="Nilai sebagaimana diberikan, dengan koma; null bila tidak dinilai.")
    points: str | None = strawberry.field(description="Poin persis sebagai pecahan; null bila tidak dinilai.")


@strawberry.type(description="Dari nilai sampai sumbangan sebuah kriteria.")
class ExplainedCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    marks: list[ExplainedMark] = strawberry.field(description="Nilai setiap penilai.", directives=[ListSize(assumed_size=5)])
    value: str | None = strawberry.field(description="Nilai dari data; null bila dinilai penilai.")
    points: str | None = strawberry.field(description="Poin persis sebagai pecahan; null bila belum lengkap.")
    points_shown: str | None = strawberry.field(description="Poin yang dibulatkan, dengan koma.")
    factor: str = strawberry.field(description="Satu poin menambah sekian pada nilai akhir, sebagai pecahan.")
    contribution: str | None = strawberry.field(description="Sumbangan persis terhadap nilai akhir, sebagai pecahan.")
    contribution_shown: str | None = strawberry.field(description="Sumbangan yang dicetak, dengan koma; jumlahnya tepat nilai akhir.")
    sentences: list[str] = strawberry.field(description="Langkah-langkahnya dalam kalimat.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, step: rules.CriterionStep, names: Mapping[int, str]) -> ExplainedCriterion:
        return cls(
            code=step.code,
            label=step.label,
            marks=[
                ExplainedMark(
                    assessor=PanelMember(id=gid("User", int(each.assessor)), name=names[int(each.assessor)]),
                    state=each.state,
                    value=each.value,
                    points=each.points,
                )
                for each in step.marks
            ],
            value=step.value,
            points=step.points,
            points_shown=step.points_shown,
            factor=step.factor,
            contribution=step.contribution,
            contribution_shown=step.contribution_shown,
            sentences=list(step.sentences),
        )


@strawberry.type(description="Sebuah komponen dengan kriterianya.")
class ExplainedComponent:
    code: str = strawberry.field(description="Kode komponen.")
    label: str = strawberry.field(description="Nama komponen.")
    exact: str | None = strawberry.field(description="Nilai komponen persis sebagai pecahan; null bila belum lengkap.")
    score: str | None = strawberry.field(description="Nilai komponen yang dicetak, dengan koma.")
    contribution_shown: str | None = strawberry.field(description="Jumlah sumbangan kriterianya yang dicetak, dengan koma.")
    criteria: list[ExplainedCriterion] = strawberry.field(description="Kriteria.", directives=[ListSize(assumed_size=6)])


@strawberry.type(description="Mengapa nilai seorang calon sekian: setiap langkah dari nilai penilai sampai peringkat.")
class RankingExplanation:
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    exact: str | None = strawberry.field(description='Nilai akhir persis sebagai pecahan "n/d"; null bila belum lengkap.')
    score: str | None = strawberry.field(description="Nilai akhir yang dicetak, dengan koma.")
    rank: int | None = strawberry.field(description="Peringkat; null bila tidak diperingkat.")
    components: list[ExplainedComponent] = strawberry.field(description="Komponen.", directives=[ListSize(assumed_size=4)])
    reasons: list[str] = strawberry.field(description="Alasan bila tidak diperingkat.", directives=[ListSize(assumed_size=2)])
    warnings: list[str] = strawberry.field(description="Peringatan.", directives=[ListSize(assumed_size=2)])
    sentences: list[str] = strawberry.field(description="Penutup dalam kalimat.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, why: rules.Why, names: Mapping[int, str]) -> RankingExplanation:
        """`names` are those of the assessors, by id."""
        return cls(
            status=RankingStatus(why.status),
            exact=why.exact,
            score=why.score,
            rank=why.rank,
            components=[
                ExplainedComponent(
                    code=part.code,
                    label=part.label,
                    exact=part.exact,
                    score=part.score,
                    contribution_shown=part.contribution_shown,
                    criteria=[ExplainedCriterion.of(each, names) for each in part.criteria],
                )
                for part in why.components
            ],
            reasons=list(why.reasons),
            warnings=list(why.warnings),
            sentences=list(why.sentences),
        )


@strawberry.type(description="Selisih pada satu kriteria; positif berarti yang pertama unggul.")
class GapPart:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    component: str = strawberry.field(description="Kode komponennya.")
    better_points: str = strawberry.field(description="Poin calon pertama, dengan koma.")
    other_points: str = strawberry.field(description="Poin calon kedua, dengan koma.")
    exact: str = strawberry.field(description="Selisih sumbangan persis sebagai pecahan.")
    shown: str = strawberry.field(description="Selisih yang dicetak, dengan koma; jumlahnya tepat selisih nilai akhir.")
    sentence: str = strawberry.field(description="Selisih itu dalam satu kalimat.")


@strawberry.type(description="Apa yang memisahkan dua calon, kriteria demi kriteria.")
class RankingGap:
    better_name: str = strawberry.field(description="Nama calon pertama.")
    other_name: str = strawberry.field(description="Nama calon kedua.")
    better_score: str = strawberry.field(description="Nilai akhir calon pertama yang dicetak, dengan koma.")
    other_score: str = strawberry.field(description="Nilai akhir calon kedua yang dicetak, dengan koma.")
    exact: str = strawberry.field(description="Selisih persis sebagai pecahan; positif berarti yang pertama unggul.")
    shown: str = strawberry.field(description="Selisih nilai yang dicetak, dengan koma.")
    parts: list[GapPart] = strawberry.field(description="Selisih, yang terbesar lebih dahulu.", directives=[ListSize(assumed_size=14)])
    sentences: list[str] = strawberry.field(description="Penutup dalam kalimat.", directives=[ListSize(assumed_size=2)])

    @classmethod
    def of(cls, view: GapView) -> RankingGap:
        gap = view.gap
        return cls(
            better_name=view.names[0],
            other_name=view.names[1],
            better_score=gap.scores[0],
            other_score=gap.scores[1],
            exact=gap.exact,
            shown=gap.shown,
            parts=[
                GapPart(
                    code=each.code,
                    label=each.label,
                    component=each.component,
                    better_points=each.points[0],
                    other_points=each.points[1],
                    exact=each.exact,
                    shown=each.shown,
                    sentence=each.sentence,
                )
                for each in gap.parts
            ],
            sentences=list(gap.sentences),
        )


@strawberry.type(description="Hasil satu kriteria bagi unit pengusul; nilai setiap penilai tidak disebut.")
class OwnCriterionScore:
    label: str = strawberry.field(description="Nama kriteria.")
    points: str = strawberry.field(description="Poin yang dicetak, dengan koma.")
    most: str = strawberry.field(description="Poin tertinggi.")
    contribution: str = strawberry.field(description="Sumbangan terhadap nilai akhir yang dicetak.")


@strawberry.type(description="Hasil satu komponen bagi unit pengusul.")
class OwnComponentScore:
    label: str = strawberry.field(description="Nama komponen.")
    score: str = strawberry.field(description="Nilai komponen yang dicetak.")
    contribution: str = strawberry.field(description="Sumbangan terhadap nilai akhir yang dicetak.")
    criteria: list[OwnCriterionScore] = strawberry.field(description="Kriteria.", directives=[ListSize(assumed_size=6)])


@strawberry.type(description="Nilai akhir sebuah usulan bagi yang boleh melihat usulan itu, sesudah pemeringkatan final.")
class NominationScore:
    nomination: NominationReference = strawberry.field(description="Usulan.")
    score: str | None = strawberry.field(description="Nilai akhir yang dicetak, dengan koma; null bila tidak ada.")
    rank: int | None = strawberry.field(description="Peringkat; null bila tidak diperingkat.")
    ranked: int = strawberry.field(description="Banyaknya calon yang diperingkat.")
    components: list[OwnComponentScore] = strawberry.field(description="Komponen.", directives=[ListSize(assumed_size=4)])
    reasons: list[str] = strawberry.field(description="Alasan bila tidak diperingkat.", directives=[ListSize(assumed_size=2)])
    tie: str = strawberry.field(
        description="Apa yang menentukan urutan di antara calon yang nilai tercetaknya sama, dalam kalimat; kosong bila tidak ada."
    )
    result_sha256: str = strawberry.field(description="Sidik SHA-256 hasil yang disegel.")
    winners: int = strawberry.field(description="Jumlah pemenang kategori.")
    is_proposed: bool = strawberry.field(description="Diusulkan sebagai pemenang menurut peringkat; pemenang ditetapkan kemudian.")

    @classmethod
    def of(cls, own: OwnScore) -> NominationScore:
        return cls(
            nomination=NominationReference.of(own.nomination_id, own.number),
            score=own.score,
            rank=own.rank,
            ranked=own.ranked,
            components=[
                OwnComponentScore(
                    label=part.label,
                    score=part.score,
                    contribution=part.contribution,
                    criteria=[
                        OwnCriterionScore(label=each.label, points=each.points, most=each.most, contribution=each.contribution)
                        for each in part.criteria
                    ],
                )
                for part in own.components
            ],
            reasons=list(own.reasons),
            tie=own.tie,
            result_sha256=own.result_sha256,
            winners=own.winners,
            is_proposed=own.is_proposed,
        )


@strawberry.type(description="Berkas segel sebuah pemeringkatan final: `sipetruk verify` menghitungnya kembali tanpa apa-apa lagi.")
class SealedRanking:
    document: Document = strawberry.field(description="Seluruh isi menurut `/static/schemas/ranking-1.json`.")
    text: str = strawberry.field(description="Isi berkas dalam bentuk baku (JSON kanonik), byte demi byte seperti yang disidik.")
    input_sha256: str = strawberry.field(description="Sidik SHA-256 seluruh masukan.")
    result_sha256: str = strawberry.field(description="Sidik SHA-256 hasil.")
