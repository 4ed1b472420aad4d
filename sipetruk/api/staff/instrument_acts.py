"""What BKPSDM does to instruments: begin, edit as a whole document, lock, retire."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.scalars import Document
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
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
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Memulai draf versi baru.")
class InstrumentDraftStartInput:
    instrument_id: strawberry.ID = strawberry.field(description="Pengenal instrumen.")
    from_version_id: strawberry.ID | None = strawberry.field(default=None, description="Versi yang disalin; null berarti yang terbaru.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


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
        return _version(
            info,
            lambda: instruments.create(
                actor_of(info),
                code=given.code,
                name=given.name,
                definition=None if given.definition is None else _tree(given.definition),
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Memulai draf versi baru.")
    def instrument_draft_start(self, info: Info, given: Given[InstrumentDraftStartInput]) -> InstrumentVersionPayload | None:
        source = given.from_version_id
        return _version(
            info,
            lambda: instruments.start_draft(
                actor_of(info),
                instrument_id=ids.number(given.instrument_id, "Instrument", "Instrumen"),
                from_version_id=None if source is None else ids.number(source, "InstrumentVersion", "Versi instrumen"),
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Menyimpan seluruh isi sebuah draf.")
    def instrument_definition_save(self, info: Info, given: Given[InstrumentDefinitionSaveInput]) -> InstrumentVersionPayload | None:
        return _on_version(
            info,
            given.version_id,
            lambda number: instruments.save_definition(
                actor_of(info), version_id=number, definition=_tree(given.definition), expected_version=given.expected_version
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


def _tree(document: object) -> Mapping[str, object]:
    if not isinstance(document, dict):
        raise Invalid("Isi instrumen harus satu dokumen.", "definition")
    return document


def _on_version(info: Info, global_id: str, act: Callable[[int], object]) -> InstrumentVersionPayload:
    def do() -> int:
        number = ids.number(global_id, "InstrumentVersion", "Versi instrumen")
        act(number)
        return number

    return _version(info, do)


def _version(info: Info, act: Callable[[], int]) -> InstrumentVersionPayload:
    number, errors = attempt(info, act)
    return InstrumentVersionPayload(version=None if number is None else reads.instrument_version(info, number), user_errors=errors)
