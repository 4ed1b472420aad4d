"""What BKPSDM does to instruments: begin, edit as a whole document, lock, retire."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from sipetruk import starters
from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.documents import mapping, mappings
from sipetruk.api.staff.instruments import InstrumentVersion
from sipetruk.api.staff.nomination_acts import KEY, VERSION
from sipetruk.errors import Invalid
from sipetruk.services import instruments

VERSION_ID = "Pengenal versi instrumen."


@strawberry.type(description="Versi instrumen sesudah tindakan.")
class InstrumentVersionPayload(Payload):
    version: InstrumentVersion | None = strawberry.field(description="Versi; null bila tindakan ditolak atau draf dibuang.")


@strawberry.input(description="Membuat instrumen dengan draf pertamanya.")
class InstrumentCreateInput:
    code: str = strawberry.field(description="Kode: huruf kecil, angka, dan tanda hubung.")
    name: str = strawberry.field(description="Nama instrumen.")
    definition: Document | None = strawberry.field(default=None, description="Isi draf; null berarti kosong.")
    examples: Document | None = strawberry.field(default=None, description="Daftar calon contoh, seperti `examples`.")
    starter: str | None = strawberry.field(
        default=None, description="Nama instrumen awal (`instrumentStarters`) yang menjadi isi dan contohnya; tidak bersama `definition`."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Memulai draf versi baru.")
class InstrumentDraftStartInput:
    instrument_id: strawberry.ID = strawberry.field(description="Pengenal instrumen.")
    from_version_id: strawberry.ID | None = strawberry.field(default=None, description="Versi yang disalin; null berarti yang terbaru.")
    shift_years: int = strawberry.field(default=0, description="Bulan dan tahun data yang disebut kriteria digeser sekian tahun.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengambil kembali versi lama sebagai draf berikutnya.")
class InstrumentVersionRestoreInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)


@strawberry.input(description="Menyimpan calon contoh sebuah draf; diperiksa lagi saat dikunci.")
class InstrumentExamplesSaveInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    examples: Document = strawberry.field(description="Seluruh daftar calon contoh, seperti `examples`.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengurungkan perubahan terakhir sebuah draf; diulang berarti makin ke belakang.")
class InstrumentChangeUndoInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menyimpan seluruh isi sebuah draf.")
class InstrumentDefinitionSaveInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    definition: Document = strawberry.field(description="Seluruh isi, seperti `document`.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengunci draf; sesudahnya tidak berubah lagi.")
class InstrumentVersionLockInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menyatakan versi terkunci tidak dipakai lagi.")
class InstrumentVersionRetireInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    reason: str = strawberry.field(description="Alasan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Membuang sebuah draf.")
class InstrumentDraftDiscardInput:
    version_id: strawberry.ID = strawberry.field(description=VERSION_ID)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type
class InstrumentActs:
    @strawberry.mutation(description="Membuat instrumen dengan draf pertamanya.")
    def instrument_create(self, info: Info, given: Given[InstrumentCreateInput]) -> InstrumentVersionPayload | None:
        return version_payload(info, lambda: _create(info, given))

    @strawberry.mutation(description="Memulai draf versi baru.")
    def instrument_draft_start(self, info: Info, given: Given[InstrumentDraftStartInput]) -> InstrumentVersionPayload | None:
        source = given.from_version_id
        return version_payload(
            info,
            lambda: instruments.start_draft(
                actor_of(info),
                instrument_id=ids.number(given.instrument_id, "Instrument", "Instrumen"),
                from_version_id=None if source is None else ids.number(source, "InstrumentVersion", "Versi instrumen"),
                shift_years=given.shift_years,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengambil kembali versi lama sebagai draf berikutnya; ditolak selama ada draf.")
    def instrument_version_restore(self, info: Info, given: Given[InstrumentVersionRestoreInput]) -> InstrumentVersionPayload | None:
        return version_payload(
            info,
            lambda: instruments.restore(actor_of(info), version_id=ids.number(given.version_id, "InstrumentVersion", "Versi instrumen")),
        )

    @strawberry.mutation(description="Menyimpan calon contoh sebuah draf; diperiksa lagi saat dikunci.")
    def instrument_examples_save(self, info: Info, given: Given[InstrumentExamplesSaveInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.save_examples(
                actor_of(info),
                version_id=number,
                examples=mappings(given.examples, "examples"),
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Mengurungkan perubahan terakhir sebuah draf.")
    def instrument_change_undo(self, info: Info, given: Given[InstrumentChangeUndoInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.undo(actor_of(info), version_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menyimpan seluruh isi sebuah draf.")
    def instrument_definition_save(self, info: Info, given: Given[InstrumentDefinitionSaveInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.save_definition(
                actor_of(info),
                version_id=number,
                definition=mapping(given.definition, "definition"),
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Mengunci draf; sesudahnya tidak berubah lagi.")
    def instrument_version_lock(self, info: Info, given: Given[InstrumentVersionLockInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.lock(actor_of(info), version_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Menyatakan versi terkunci tidak dipakai lagi.")
    def instrument_version_retire(self, info: Info, given: Given[InstrumentVersionRetireInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.retire(
                actor_of(info), version_id=number, reason=given.reason, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Membuang sebuah draf.")
    def instrument_draft_discard(self, info: Info, given: Given[InstrumentDraftDiscardInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.discard_draft(actor_of(info), version_id=number, expected_version=given.expected_version),
        )


def version_payload(info: Info, act: Callable[[], int | None]) -> InstrumentVersionPayload:
    """The version that an act is about, read again, or why the act was refused."""
    number, errors = attempt(info, act)
    return InstrumentVersionPayload(version=None if number is None else reads.instrument_version(info, number), user_errors=errors)


def _create(info: Info, given: InstrumentCreateInput) -> int:
    if given.starter is not None and given.definition is not None:
        raise Invalid("Pilih salah satu: isi sendiri atau instrumen awal.", "starter")
    definition = None if given.definition is None else mapping(given.definition, "definition")
    examples = [] if given.examples is None else mappings(given.examples, "examples")
    if given.starter is not None:
        definition = starters.starter(given.starter)
        examples = examples or list(starters.starter_examples(given.starter))
    return instruments.create(
        actor_of(info),
        code=given.code,
        name=given.name,
        definition=definition,
        examples=examples,
        idempotency_key=given.idempotency_key,
    )


def _on_version(info: Info, global_id: str, act: Callable[[int], object]) -> InstrumentVersionPayload:
    def do() -> int:
        number = ids.number(global_id, "InstrumentVersion", "Versi instrumen")
        act(number)
        return number

    return version_payload(info, do)
