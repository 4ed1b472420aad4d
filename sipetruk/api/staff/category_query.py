"""What can be read about categories and periods beyond their settings: trials, progress, standing, ranking, analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import PublicationPolicy
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.assessment import CategoryProgress
from sipetruk.api.staff.desk import DeterminationDesk
from sipetruk.api.staff.eligibility import EligibilityCount, EligibilityRuleInput, EligibilityTrial, read_rules
from sipetruk.api.staff.explanations import NominationScore, RankingExplanation, RankingGap, SealedRanking
from sipetruk.api.staff.period_copies import PeriodCopyPlan
from sipetruk.api.staff.rankings import Ranking
from sipetruk.api.staff.results import ResultPreview
from sipetruk.api.staff.standings import Analysis, Standing
from sipetruk.queries import analysis, assessment, desk, eligibility, explanations, period_copies, standing
from sipetruk.rules import seal
from sipetruk.services import clock, rankings, results

T = TypeVar("T")

CategoryId = Annotated[strawberry.ID, strawberry.argument(description="Pengenal kategori.")]
PeriodId = Annotated[strawberry.ID, strawberry.argument(description="Pengenal periode.")]
NominationId = Annotated[strawberry.ID, strawberry.argument(description="Pengenal usulan.")]
Rules = Annotated[
    list[EligibilityRuleInput] | None, strawberry.argument(description="Syarat yang tidak disimpan; null berarti syarat kategori.")
]


@strawberry.type
class CategoryQueries:
    """Fields of the root; each reads through one query or service."""

    @strawberry.field(
        description="Seorang pegawai diperiksa dengan syarat kategori; null bila salah satu tidak ada.", directives=[Cost(weight=20)]
    )
    def eligibility_trial(
        self,
        info: Info,
        category_id: CategoryId,
        employee_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal pegawai.")],
        rules: Rules = None,
    ) -> EligibilityTrial | None:
        def tried(category: int, employee: int) -> EligibilityTrial:
            found = eligibility.trial(actor_of(info), category, employee, today=clock.today(), rules=read_rules(rules))
            return EligibilityTrial.of(found)

        return _on_category(category_id, lambda category: reads.by_id(employee_id, "Employee", lambda employee: tried(category, employee)))

    @strawberry.field(
        description="Banyaknya pegawai kabupaten yang dapat diusulkan; null bila kategori tidak ada.", directives=[Cost(weight=1500)]
    )
    def eligibility_count(self, info: Info, category_id: CategoryId, rules: Rules = None) -> EligibilityCount | None:
        return _on_category(
            category_id,
            lambda number: EligibilityCount.of(eligibility.count(actor_of(info), number, today=clock.today(), rules=read_rules(rules))),
        )

    @strawberry.field(
        description="Salinan periode untuk tahun lain sebelum dibuat (`periodCopy`); null bila periode tidak ada.",
        directives=[Cost(weight=50)],
    )
    def period_copy_plan(
        self, info: Info, period_id: PeriodId, year: Annotated[int, strawberry.argument(description="Tahun salinan.")]
    ) -> PeriodCopyPlan | None:
        return reads.by_id(
            period_id,
            "Period",
            lambda number: reads.or_none(lambda: PeriodCopyPlan.of(period_copies.plan(actor_of(info), number, year))),
        )

    @strawberry.field(description="Kemajuan penilaian sebuah kategori; null bila kategori tidak ada.", directives=[Cost(weight=50)])
    def category_progress(self, info: Info, category_id: CategoryId) -> CategoryProgress | None:
        return _on_category(category_id, lambda number: CategoryProgress.of(assessment.progress(actor_of(info), number)))

    @strawberry.field(
        description="Kedudukan sementara selama dinilai; bukan nilai resmi. Null bila kategori tidak ada.", directives=[Cost(weight=500)]
    )
    def standing(self, info: Info, category_id: CategoryId) -> Standing | None:
        return _on_category(category_id, lambda number: Standing.of(standing.standing(actor_of(info), number)))

    @strawberry.field(description="Pemeringkatan terbaru sebuah kategori; null bila kategori tidak ada.", directives=[Cost(weight=200)])
    def ranking(self, info: Info, category_id: CategoryId) -> Ranking | None:
        return reads.by_id(category_id, "Category", lambda number: reads.ranking(info, number))

    @strawberry.field(
        description="Mengapa nilai seorang calon sekian, pada pemeringkatan terbaru; null bila tidak ada.", directives=[Cost(weight=300)]
    )
    def ranking_explanation(self, info: Info, category_id: CategoryId, nomination_id: NominationId) -> RankingExplanation | None:
        def told(category: int, nomination: int) -> RankingExplanation:
            why = explanations.why(actor_of(info), category, nomination)
            return RankingExplanation.of(why, explanations.assessors(why))

        return _on_category(
            category_id, lambda category: reads.by_id(nomination_id, "Nomination", lambda nomination: told(category, nomination))
        )

    @strawberry.field(
        description="Apa yang memisahkan dua calon pada pemeringkatan terbaru; null bila salah satu tidak ada.",
        directives=[Cost(weight=300)],
    )
    def ranking_gap(
        self,
        info: Info,
        category_id: CategoryId,
        better_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal usulan pertama, biasanya yang lebih tinggi.")],
        other_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal usulan kedua.")],
    ) -> RankingGap | None:
        def told(category: int, better: int, other: int) -> RankingGap:
            return RankingGap.of(explanations.gap(actor_of(info), category, better, other))

        return _on_category(
            category_id,
            lambda category: reads.by_id(
                better_id,
                "Nomination",
                lambda better: reads.by_id(other_id, "Nomination", lambda other: told(category, better, other)),
            ),
        )

    @strawberry.field(
        description="Nilai akhir sebuah usulan sesudah unit boleh mengetahuinya; null sebelum itu atau bila tidak ada.",
        directives=[Cost(weight=300)],
    )
    def nomination_score(self, info: Info, nomination_id: NominationId) -> NominationScore | None:
        return reads.by_id(
            nomination_id,
            "Nomination",
            lambda number: reads.or_none(lambda: NominationScore.of(explanations.own_score(actor_of(info), number))),
        )

    @strawberry.field(
        description="Berkas segel sebuah pemeringkatan final; null bila pemeringkatan tidak ada.", directives=[Cost(weight=500)]
    )
    def ranking_export(
        self, info: Info, ranking_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal pemeringkatan.")]
    ) -> SealedRanking | None:
        def exported(number: int) -> SealedRanking:
            document = rankings.export(actor_of(info), ranking_id=number)
            return SealedRanking(
                document=Document(document),
                text=seal.canonical(document).decode(),
                input_sha256=document["input_sha256"],
                result_sha256=document["result_sha256"],
            )

        return reads.by_id(ranking_id, "Ranking", lambda number: reads.or_none(lambda: exported(number)))

    @strawberry.field(
        description="Analisis pemeringkatan terbaru; bukan nilai resmi. Null selama belum ada pemeringkatan.", directives=[Cost(weight=300)]
    )
    def analysis(self, info: Info, category_id: CategoryId) -> Analysis | None:
        return _on_category(category_id, lambda number: Analysis.of(analysis.analysis(actor_of(info), number)))

    @strawberry.field(
        description="Meja penetapan sebuah kategori; null selama belum ada pemeringkatan final.", directives=[Cost(weight=300)]
    )
    def determination_desk(self, info: Info, category_id: CategoryId) -> DeterminationDesk | None:
        return _on_category(category_id, lambda number: DeterminationDesk.of(desk.desk(actor_of(info), number, now=clock.now())))

    @strawberry.field(
        description="Apa yang akan diumumkan menurut sebuah kebijakan; tidak disimpan. Null bila periode tidak ada.",
        directives=[Cost(weight=200)],
    )
    def result_preview(
        self,
        info: Info,
        period_id: PeriodId,
        policy: Annotated[PublicationPolicy, strawberry.argument(description="Apa saja yang diumumkan.")] = PublicationPolicy.NAMES,
    ) -> ResultPreview | None:
        def previewed(number: int) -> ResultPreview:
            found = results.preview(actor_of(info), period_id=number, policy=policy.value)
            winners = [dict(each) for each in found.winners]
            return ResultPreview(winners=Document(winners), statistics=Document(dict(found.statistics)), sha256=found.sha256)

        return reads.by_id(period_id, "Period", lambda number: reads.or_none(lambda: previewed(number)))


def _on_category(global_id: str, read: Callable[[int], T | None]) -> T | None:
    return reads.by_id(global_id, "Category", lambda number: reads.or_none(lambda: read(number)))
