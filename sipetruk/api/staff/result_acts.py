"""What BKPSDM does from the marks to the publication."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import PublicationPolicy
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt, keyed
from sipetruk.api.staff.period_acts import CATEGORY, PERIOD
from sipetruk.api.staff.rankings import Ranking
from sipetruk.api.staff.results import Results
from sipetruk.api.staff.standings import Analysis
from sipetruk.queries import analysis as analyses
from sipetruk.services import analysis, rankings, results


@strawberry.type(description="Pemeringkatan sesudah tindakan.")
class RankingPayload(Payload):
    ranking: Ranking | None = strawberry.field(description="Pemeringkatan kategori; null bila tindakan ditolak.")


@strawberry.type(description="Hasil periode sesudah tindakan.")
class ResultsPayload(Payload):
    results: Results | None = strawberry.field(description="Hasil periode; null bila tindakan ditolak.")


@strawberry.type(description="Analisis sesudah diminta.")
class AnalysisPayload(Payload):
    analysis: Analysis | None = strawberry.field(description="Analisis, biasanya masih dikerjakan; null bila tindakan ditolak.")


@strawberry.input(description="Meminta analisis sebuah pemeringkatan; diminta lagi, pekerjaannya tetap satu.")
class AnalysisRequestInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    ranking_id: strawberry.ID = strawberry.field(description="Pengenal pemeringkatan kategori itu.")


@strawberry.input(description="Menghitung pemeringkatan sebuah kategori.")
class RankingComputeInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)


@strawberry.input(description="Keputusan tertulis atas nilai seri.")
class TieDecideInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    nomination_ids: list[strawberry.ID] = strawberry.field(description="Pengenal usulan yang seri, yang terbaik lebih dahulu.")
    reason: str = strawberry.field(description="Alasan.")


@strawberry.input(description="Memfinalkan dan menyegel pemeringkatan.")
class RankingFinaliseInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    ranking_id: strawberry.ID = strawberry.field(description="Pengenal pemeringkatan yang dibaca.")
    expected_result_sha256: str = strawberry.field(description="Sidik hasil yang dibaca; ditolak CONFLICT bila berbeda.")


@strawberry.input(description="Alasan penghargaan bagi seorang pemenang.")
class CitationInput:
    nomination_id: strawberry.ID = strawberry.field(description="Pengenal usulan.")
    text: str = strawberry.field(description="Alasan penghargaan.")


@strawberry.input(description="Menetapkan pemenang dari pemeringkatan final.")
class ResultDetermineInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    ranking_id: strawberry.ID = strawberry.field(description="Pengenal pemeringkatan final.")
    nomination_ids: list[strawberry.ID] = strawberry.field(description="Pengenal usulan yang menang, menurut urutan.")
    decree_number: str = strawberry.field(description="Nomor surat keputusan.")
    decree_on: date = strawberry.field(description="Tanggal surat keputusan.")
    citations: list[CitationInput] = strawberry.field(default_factory=list, description="Alasan penghargaan.")
    override_reason: str | None = strawberry.field(
        default=None, description="Alasan, bila menyimpang dari peringkat; pilihan itu lalu menunggu persetujuan admin BKPSDM lain."
    )


@strawberry.input(description="Mengumumkan hasil periode.")
class ResultPublishInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    policy: PublicationPolicy = strawberry.field(default=PublicationPolicy.NAMES, description="Apa saja yang diumumkan.")
    at: datetime | None = strawberry.field(
        default=None, description="Waktu terbit, dengan zona waktunya; salinannya dibuat sekarang dan tidak terbaca siapa pun sebelum itu."
    )
    expected_sha256: str | None = strawberry.field(
        default=None, description="Sidik pratinjau yang dibaca; ditolak CONFLICT bila isinya sudah lain."
    )


@strawberry.input(description="Menarik pengumuman; salinannya tetap disimpan.")
class ResultUnpublishInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    publication_id: strawberry.ID = strawberry.field(description="Pengenal pengumuman.")
    note: str = strawberry.field(description="Alasan penarikan.")


@strawberry.type
class ResultActs:
    @strawberry.mutation(description="Menghitung pemeringkatan sebuah kategori; perhitungan sementara yang lama digantikan.")
    def ranking_compute(self, info: Info, given: Given[RankingComputeInput]) -> RankingPayload | None:
        return _ranking(info, given.category_id, lambda number: rankings.compute(actor_of(info), category_id=number))

    @strawberry.mutation(description="Mencatat keputusan tertulis atas nilai seri; sesudahnya hitung ulang.")
    def tie_decide(self, info: Info, given: Given[TieDecideInput]) -> RankingPayload | None:
        return _ranking(
            info,
            given.category_id,
            lambda number: rankings.decide_tie(
                actor_of(info), category_id=number, order=_nominations(given.nomination_ids), reason=given.reason
            ),
        )

    @strawberry.mutation(description="Memfinalkan dan menyegel pemeringkatan; sesudahnya tidak berubah lagi.")
    def ranking_finalise(self, info: Info, given: Given[RankingFinaliseInput]) -> RankingPayload | None:
        return _ranking(
            info,
            given.category_id,
            lambda _: rankings.finalise(
                actor_of(info),
                ranking_id=ids.number(given.ranking_id, "Ranking", "Pemeringkatan"),
                expected_result_sha256=given.expected_result_sha256,
            ),
        )

    @strawberry.mutation(description="Meminta analisis sebuah pemeringkatan; dikerjakan di luar permintaan ini.")
    def analysis_request(self, info: Info, given: Given[AnalysisRequestInput]) -> AnalysisPayload | None:
        def act() -> tuple[int, int]:
            category = ids.number(given.category_id, "Category", "Kategori")
            ranking = ids.number(given.ranking_id, "Ranking", "Pemeringkatan")
            analyses.analysis(actor_of(info), category, ranking_id=ranking)
            analysis.request(actor_of(info), ranking_id=ranking)
            return category, ranking

        done, errors = attempt(info, act)
        shown = None if done is None else analyses.analysis(actor_of(info), done[0], ranking_id=done[1])
        return AnalysisPayload(analysis=None if shown is None else Analysis.of(shown), user_errors=errors)

    @strawberry.mutation(
        description="Menetapkan pemenang dari pemeringkatan final dengan surat keputusan; yang menyimpang menjadi usulan (`proposal`)."
    )
    def result_determine(self, info: Info, given: Given[ResultDetermineInput]) -> ResultsPayload | None:
        def act() -> int | None:
            number = ids.number(given.category_id, "Category", "Kategori")
            results.determine(
                actor_of(info),
                category_id=number,
                ranking_id=ids.number(given.ranking_id, "Ranking", "Pemeringkatan"),
                nomination_ids=_nominations(given.nomination_ids),
                decree_number=given.decree_number,
                decree_on=given.decree_on,
                citations=keyed(
                    ((ids.number(each.nomination_id, "Nomination", "Usulan"), each.text) for each in given.citations), "citations"
                ),
                override_reason=given.override_reason,
            )
            return reads.period_of(info, number)

        return _results(info, act)

    @strawberry.mutation(description="Mengumumkan hasil periode: salinan untuk umum menurut kebijakan, sekarang atau pada waktu terbitnya.")
    def result_publish(self, info: Info, given: Given[ResultPublishInput]) -> ResultsPayload | None:
        def act() -> int:
            number = ids.number(given.period_id, "Period", "Periode")
            results.publish(actor_of(info), period_id=number, policy=given.policy.value, at=given.at, expected_sha256=given.expected_sha256)
            return number

        return _results(info, act)

    @strawberry.mutation(description="Menarik pengumuman; salinannya tetap disimpan.")
    def result_unpublish(self, info: Info, given: Given[ResultUnpublishInput]) -> ResultsPayload | None:
        def act() -> int:
            number = ids.number(given.period_id, "Period", "Periode")
            publication = ids.number(given.publication_id, "Publication", "Pengumuman")
            results.unpublish(actor_of(info), publication_id=publication, note=given.note)
            return number

        return _results(info, act)


def _nominations(global_ids: list[strawberry.ID]) -> list[int]:
    return [ids.number(each, "Nomination", "Usulan") for each in global_ids]


def _ranking(info: Info, global_id: str, act: Callable[[int], object]) -> RankingPayload:
    def do() -> int:
        number = ids.number(global_id, "Category", "Kategori")
        act(number)
        return number

    number, errors = attempt(info, do)
    return RankingPayload(ranking=None if number is None else reads.ranking(info, number), user_errors=errors)


def _results(info: Info, act: Callable[[], int | None]) -> ResultsPayload:
    number, errors = attempt(info, act)
    return ResultsPayload(results=None if number is None else reads.results(info, number), user_errors=errors)
