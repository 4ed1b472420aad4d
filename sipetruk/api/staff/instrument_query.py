"""What can be read about instruments: versions, comparisons, trials, finished rounds under another version, files, starters."""

from __future__ import annotations

import base64
from enum import StrEnum
from typing import Annotated

import strawberry

from sipetruk import starters
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import VersionState, described
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.instrument_comparisons import FinishedCategory, InstrumentBacktest, InstrumentComparison
from sipetruk.api.staff.instrument_summaries import InstrumentVersionSummary
from sipetruk.api.staff.instruments import InstrumentVersion
from sipetruk.api.staff.tryouts import AhpMethod, AhpProposal, InstrumentTryout, LambdaMethod
from sipetruk.documents.instrument_files import KINDS
from sipetruk.queries import backtests, instruments
from sipetruk.queries.paging import PageRequest
from sipetruk.rules import ahp, examples, tryout
from sipetruk.rules.permissions import Action, require
from sipetruk.services import instrument_files

VERSIONS = Lists(instruments.VERSIONS, enums={"state": VersionState})
VersionId = Annotated[strawberry.ID, strawberry.argument(description="Pengenal versi instrumen.")]


class InstrumentFileKind(StrEnum):
    TOML = "toml"
    JSON = "json"
    XLSX = "xlsx"


described(InstrumentFileKind, "Jenis berkas instrumen.", {kind.name: kind.label for kind in KINDS.values()})


@strawberry.type(description="Instrumen sebagai berkas; versi yang sama selalu menjadi isi yang sama.")
class InstrumentFile:
    filename: str = strawberry.field(description="Nama berkas.")
    media_type: str = strawberry.field(description="Jenis media.")
    size_bytes: int = strawberry.field(description="Ukuran dalam byte.")
    sha256: str = strawberry.field(description="Sidik SHA-256 isi berkas.")
    text: str | None = strawberry.field(description="Isi berkas; null bagi XLSX, yang bukan teks.")
    base64: str = strawberry.field(description="Isi berkas sebagai Base64.")

    @classmethod
    def of(cls, file: instrument_files.ExportedFile) -> InstrumentFile:
        is_text = not file.filename.endswith(f".{InstrumentFileKind.XLSX}")
        return cls(
            filename=file.filename,
            media_type=file.media_type,
            size_bytes=file.size,
            sha256=file.sha256,
            text=file.content.decode() if is_text else None,
            base64=base64.b64encode(file.content).decode("ascii"),
        )


@strawberry.type(description="Instrumen awal dari pustaka.")
class InstrumentStarter:
    name: str = strawberry.field(description="Nama, untuk `starter` pada `instrumentCreate`.")
    title: str = strawberry.field(description="Judul instrumen.")
    document: Document = strawberry.field(description="Seluruh isinya.")
    examples: Document = strawberry.field(description="Calon contohnya, dengan hasil yang diharapkan.")


@strawberry.type
class InstrumentQueries:
    """Fields of the root; each reads through one query or service."""

    @VERSIONS.connection(description="Versi instrumen, termasuk draf; menurut kode, yang terbaru lebih dahulu.")
    def instrument_versions(self, info: Info, page: PageRequest) -> Connection[InstrumentVersionSummary]:
        return Connection.of(instruments.VERSIONS.cut(instruments.list_versions(actor_of(info)), page), InstrumentVersionSummary.of)

    @strawberry.field(description="Satu versi instrumen; null bila tidak ada atau bukan untuk pembaca.")
    def instrument_version(
        self, info: Info, global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal versi.")]
    ) -> InstrumentVersion | None:
        return reads.by_id(global_id, "InstrumentVersion", lambda number: reads.instrument_version(info, number))

    @strawberry.field(
        description="Instrumen yang dicoba pada calon contoh yang tidak disimpan; null bila versi tidak ada.", directives=[Cost(weight=500)]
    )
    def instrument_tryout(
        self,
        info: Info,
        version_id: VersionId,
        given: Annotated[
            Document | None,
            strawberry.argument(name="examples", description="Daftar calon contoh; null berarti yang tersimpan."),
        ] = None,
        winners: Annotated[int | None, strawberry.argument(description="Banyaknya pemenang.")] = None,
    ) -> InstrumentTryout | None:
        def tried(number: int) -> InstrumentTryout:
            view = instruments.version(actor_of(info), number)
            nominees = view.examples if given is None else examples.parse(given)
            return InstrumentTryout.of(tryout.try_out(view.definition, nominees, winners))

        return reads.by_id(version_id, "InstrumentVersion", lambda number: reads.or_none(lambda: tried(number)))

    @strawberry.field(
        description="Dua versi berdampingan, juga dari instrumen yang berbeda; null bila salah satu tidak ada.",
        directives=[Cost(weight=200)],
    )
    def instrument_comparison(
        self,
        info: Info,
        old_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal versi lama.")],
        new_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal versi baru.")],
    ) -> InstrumentComparison | None:
        def compared(old: int, new: int) -> InstrumentComparison | None:
            return reads.or_none(lambda: InstrumentComparison.of(instruments.comparison(actor_of(info), old, new)))

        return reads.by_id(
            old_id, "InstrumentVersion", lambda old: reads.by_id(new_id, "InstrumentVersion", lambda new: compared(old, new))
        )

    @strawberry.field(
        description="Kategori dengan pemeringkatan final, yang terbaru lebih dahulu; satu baris per kategori.",
        directives=[ListSize(assumed_size=20)],
    )
    def finished_categories(self, info: Info) -> list[FinishedCategory]:
        return [FinishedCategory.of(each) for each in backtests.finished_categories(actor_of(info))]

    @strawberry.field(
        description="Putaran yang sudah selesai menurut versi ini; bukan nilai resmi. Null bila salah satu tidak ada.",
        directives=[Cost(weight=500)],
    )
    def instrument_backtest(
        self,
        info: Info,
        version_id: VersionId,
        category_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal kategori dengan pemeringkatan final.")],
    ) -> InstrumentBacktest | None:
        def tested(version: int, category: int) -> InstrumentBacktest | None:
            return reads.or_none(lambda: InstrumentBacktest.of(backtests.backtest(actor_of(info), version, category)))

        return reads.by_id(
            version_id,
            "InstrumentVersion",
            lambda version: reads.by_id(category_id, "Category", lambda category: tested(version, category)),
        )

    @strawberry.field(
        description="Sebuah versi sebagai berkas, beserta calon contohnya; null bila versi tidak ada.", directives=[Cost(weight=300)]
    )
    def instrument_export(
        self,
        info: Info,
        version_id: VersionId,
        kind: Annotated[InstrumentFileKind, strawberry.argument(description="Jenis berkas.")],
    ) -> InstrumentFile | None:
        def exported(number: int) -> InstrumentFile:
            return InstrumentFile.of(instrument_files.export(actor_of(info), version_id=number, kind=kind.value))

        return reads.by_id(version_id, "InstrumentVersion", lambda number: reads.or_none(lambda: exported(number)))

    @strawberry.field(description="Buku kerja XLSX kosong untuk diisi dengan tangan lalu diimpor.", directives=[Cost(weight=300)])
    def instrument_template(self, info: Info) -> InstrumentFile | None:
        require(actor_of(info), Action.INSTRUMENT_EDIT)
        return InstrumentFile.of(instrument_files.empty_template())

    @strawberry.field(description="Pustaka instrumen awal.", directives=[Cost(weight=500), ListSize(assumed_size=8)])
    def instrument_starters(self, info: Info) -> list[InstrumentStarter]:
        require(actor_of(info), Action.INSTRUMENT_EDIT)
        return [
            InstrumentStarter(
                name=name,
                title=title,
                document=Document(starters.starter(name)),
                examples=Document(starters.starter_examples(name)),
            )
            for name, title in starters.starters()
        ]

    @strawberry.field(description="Bobot dari perbandingan berpasangan (AHP); tidak disimpan.", directives=[Cost(weight=100)])
    def ahp_proposal(
        self,
        info: Info,
        matrix: Annotated[
            list[list[str]],
            strawberry.argument(description='Matriks berbalikan 1/9 sampai 9, baris demi baris, misalnya [["1","3"],["1/3","1"]].'),
        ],
        method: Annotated[AhpMethod, strawberry.argument(description="Cara menurunkan bobot.")] = AhpMethod.EIGENVECTOR,
        lambda_method: Annotated[
            LambdaMethod | None, strawberry.argument(description="Cara menghitung nilai eigen; null berarti yang lazim bagi caranya.")
        ] = None,
    ) -> AhpProposal | None:
        require(actor_of(info), Action.INSTRUMENT_EDIT)
        return AhpProposal.of(ahp.weigh(ahp.reciprocal(matrix), method.value, lambda_method.value if lambda_method else None))
