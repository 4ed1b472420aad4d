"""Instruments out of documents and files: tried first, then written just as they were shown."""

from __future__ import annotations

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.listsize import ListSize
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.documents import content
from sipetruk.api.staff.instrument_comparisons import InstrumentChange
from sipetruk.api.staff.instrument_summaries import Finding
from sipetruk.api.staff.instruments import InstrumentVersion
from sipetruk.errors import Invalid
from sipetruk.services import instrument_files as services


@strawberry.type(description="Apa yang akan atau baru saja dilakukan sebuah impor.")
class InstrumentImportTrial:
    sha256: str = strawberry.field(description="Sidik isi yang diperiksa; dikirim kembali sebagai `expectedSha256`.")
    document: Document = strawberry.field(description="Isi yang dibaca, ditulis lengkap.")
    is_new: bool = strawberry.field(description="Menjadi instrumen baru.")
    is_unchanged: bool = strawberry.field(description="Isinya sama dengan yang sudah ada.")
    changes: list[InstrumentChange] = strawberry.field(
        description="Perbedaan dari isi sebelumnya; kosong bagi instrumen baru.", directives=[ListSize(assumed_size=30)]
    )
    findings: list[Finding] = strawberry.field(description="Catatan; tidak menghalangi impor.", directives=[ListSize(assumed_size=10)])
    mismatches: list[str] = strawberry.field(
        description="Calon contoh yang hasilnya tidak seperti diharapkan; tidak menghalangi impor.", directives=[ListSize(assumed_size=5)]
    )

    @classmethod
    def of(cls, trial: services.Trial) -> InstrumentImportTrial:
        return cls(
            sha256=trial.sha256,
            document=Document(trial.document),
            is_new=trial.changes is None,
            is_unchanged=trial.changes_nothing,
            changes=[InstrumentChange.of(each) for each in trial.changes or ()],
            findings=[Finding.of(each) for each in trial.findings],
            mismatches=[each.message for each in trial.mismatches],
        )


@strawberry.type(description="Impor sesudah dicoba atau dilakukan; setiap masalah isinya ada pada `userErrors`.")
class InstrumentImportPayload(Payload):
    trial: InstrumentImportTrial | None = strawberry.field(description="Apa yang akan atau baru saja dilakukan; null bila ditolak.")
    version: InstrumentVersion | None = strawberry.field(description="Draf yang ditulis; null bila hanya dicoba atau ditolak.")


@strawberry.input(
    description="Mengimpor instrumen: ke dalam draf, menjadi draf berikutnya sebuah instrumen, atau menjadi instrumen baru."
    " Isi `document` atau `file`, salah satu."
)
class InstrumentImportInput:
    document: Document | None = strawberry.field(default=None, description="Isi menurut `/static/schemas/instrument-1.json`.")
    file: str | None = strawberry.field(default=None, description="Berkas TOML, JSON, atau XLSX sebagai Base64.")
    version_id: strawberry.ID | None = strawberry.field(default=None, description="Pengenal draf yang isinya diganti.")
    expected_version: int | None = strawberry.field(default=None, description="Versi data draf itu; wajib bersama `versionId`.")
    instrument_id: strawberry.ID | None = strawberry.field(default=None, description="Pengenal instrumen yang mendapat draf berikutnya.")
    code: str = strawberry.field(default="", description="Kode instrumen baru.")
    name: str = strawberry.field(default="", description="Nama instrumen baru.")
    is_dry_run: bool = strawberry.field(default=False, description="Hanya dicoba: tidak ada yang disimpan.")
    expected_sha256: str | None = strawberry.field(default=None, description="Sidik dari percobaan; isi lain ditolak CONFLICT.")


@strawberry.type
class InstrumentFileActs:
    @strawberry.mutation(description="Mengimpor instrumen dari dokumen atau berkas, atau mencobanya saja.", directives=[Cost(weight=1000)])
    def instrument_import(self, info: Info, given: Given[InstrumentImportInput]) -> InstrumentImportPayload | None:
        done, errors = attempt(info, lambda: _import(info, given))
        trial, number = done or (None, None)
        return InstrumentImportPayload(
            trial=None if trial is None else InstrumentImportTrial.of(trial),
            version=None if number is None else reads.instrument_version(info, number),
            user_errors=errors,
        )


def _import(info: Info, given: InstrumentImportInput) -> tuple[services.Trial, int | None]:
    """What was tried, and the draft that it was written into unless it was to be tried only."""
    actor, target = actor_of(info), _target(given)
    if (given.document is None) == (given.file is None):
        raise Invalid("Kirim dokumen atau berkas, salah satu.", "document")
    if given.file is not None:
        trial = services.try_file(actor, content=content(given.file, "file"), target=target)
    else:
        trial = services.try_document(actor, document=given.document, target=target)
    if given.is_dry_run:
        return trial, None
    expected = given.expected_sha256 or trial.sha256
    return trial, services.import_document(actor, document=trial.document, target=target, expected_sha256=expected)


def _target(given: InstrumentImportInput) -> services.Target:
    if given.version_id is not None:
        if given.instrument_id is not None:
            raise Invalid("Pilih satu tujuan: draf atau instrumen.", "instrumentId")
        if given.expected_version is None:
            raise Invalid("Versi data draf wajib disebut.", "expectedVersion")
        number = ids.number(given.version_id, "InstrumentVersion", "Versi instrumen")
        return services.Target(version_id=number, expected_version=given.expected_version)
    if given.instrument_id is not None:
        return services.Target(instrument_id=ids.number(given.instrument_id, "Instrument", "Instrumen"))
    return services.Target(code=given.code, name=given.name)
