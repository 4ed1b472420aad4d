"""Signatories in the staff schema, with the lines as they are printed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.queries import signatories as queries
from sipetruk.rules.permissions import Action, require
from sipetruk.rules.signatories import (
    DOCUMENT_LABELS,
    STATUS_LABELS,
    Person,
    SignatoryStatus,
    SignedDocument,
    footing,
    heading,
    one_line,
)
from sipetruk.services import signatories as services

described(SignatoryStatus, "Kedudukan seorang penanda tangan.", STATUS_LABELS)
described(SignedDocument, "Dokumen yang ditandatangani.", DOCUMENT_LABELS)
SIGNATORY = "Pengenal penanda tangan."


@strawberry.type(description="Seorang penanda tangan satu jenis dokumen.")
class Signatory:
    id: strawberry.ID = strawberry.field(description=SIGNATORY)
    document: SignedDocument = strawberry.field(description="Dokumen yang ditandatangani.")
    name: str = strawberry.field(description="Nama dan gelar.")
    position: str = strawberry.field(description="Jabatan.")
    status: SignatoryStatus = strawberry.field(description="Kedudukan.")
    on_behalf_of: str = strawberry.field(description="Jabatan yang diwakili; kosong kecuali atas nama.")
    rank_title: str = strawberry.field(description="Pangkat; dapat kosong.")
    nip: str = strawberry.field(description="NIP; dapat kosong, tidak pernah diumumkan.")
    starts_on: date = strawberry.field(description="Hari pertama.")
    ends_on: date | None = strawberry.field(description="Hari terakhir; null bila belum berakhir.")
    heading: list[str] = strawberry.field(description="Baris di atas tanda tangan.", directives=[ListSize(assumed_size=2)])
    footing: list[str] = strawberry.field(
        description="Baris di bawah tanda tangan, pada dokumen kedinasan.", directives=[ListSize(assumed_size=3)]
    )
    one_line: str = strawberry.field(description="Kedudukan dalam satu baris: a.n. Bupati Balangan, Sekretaris Daerah.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")

    @classmethod
    def of(cls, row: queries.SignatoryView) -> Signatory:
        person = row.person
        return cls(
            id=gid("Signatory", row.id),
            document=row.document,
            name=person.name,
            position=person.position,
            status=person.status,
            on_behalf_of=person.on_behalf_of,
            rank_title=person.rank_title,
            nip=person.nip,
            starts_on=row.valid_from,
            ends_on=row.valid_to,
            heading=list(heading(person)),
            footing=list(footing(person, with_nip=True)),
            one_line=one_line(person),
            version=row.row_version,
        )


@strawberry.type(description="Daftar penanda tangan sesudah tindakan.")
class SignatoriesPayload(Payload):
    signatories: list[Signatory] = strawberry.field(
        description="Yang baru saja dicatat atau diubah; kosong bila ditolak atau dihapus.", directives=[ListSize(assumed_size=5)]
    )


@strawberry.input(description="Orang yang menandatangani.")
class SignatoryPersonInput:
    name: str = strawberry.field(description="Nama dan gelar.")
    position: str = strawberry.field(description="Jabatan, tanpa Pj., Plt., Plh., atau a.n.")
    status: SignatoryStatus = strawberry.field(description="Kedudukan.")
    on_behalf_of: str = strawberry.field(default="", description="Jabatan yang diwakili, bila atas nama.")
    rank_title: str = strawberry.field(default="", description="Pangkat.")
    nip: str = strawberry.field(default="", description="NIP.")


@strawberry.input(description="Mencatat penanda tangan bagi satu atau beberapa dokumen.")
class SignatoryAddInput:
    documents: list[SignedDocument] = strawberry.field(description="Dokumen yang ditandatangani.")
    person: SignatoryPersonInput = strawberry.field(description="Orangnya.")
    starts_on: date = strawberry.field(description="Hari pertama.")
    ends_on: date | None = strawberry.field(default=None, description="Hari terakhir; null bila belum diketahui.")


@strawberry.input(description="Mengubah atau mengakhiri seorang penanda tangan; seluruh isinya dikirim.")
class SignatoryUpdateInput:
    signatory_id: strawberry.ID = strawberry.field(description=SIGNATORY)
    person: SignatoryPersonInput = strawberry.field(description="Orangnya.")
    starts_on: date = strawberry.field(description="Hari pertama.")
    ends_on: date | None = strawberry.field(description="Hari terakhir; null bila belum diketahui.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menghapus penanda tangan yang keliru dicatat.")
class SignatoryRemoveInput:
    signatory_id: strawberry.ID = strawberry.field(description=SIGNATORY)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type
class SignatoryQueries:
    @strawberry.field(description="Semua penanda tangan menurut dokumen; daftar pendek.", directives=[ListSize(assumed_size=30)])
    def signatories(self, info: Info) -> list[Signatory]:
        return [Signatory.of(row) for row in queries.signatories(actor_of(info))]

    @strawberry.field(description="Siapa yang menandatangani sebuah dokumen pada suatu hari; null bila tidak ada.")
    def signatory_on(
        self,
        info: Info,
        document: Annotated[SignedDocument, strawberry.argument(description="Dokumen.")],
        day: Annotated[date, strawberry.argument(description="Hari (WITA).")],
    ) -> Signatory | None:
        require(actor_of(info), Action.SIGNATORY_READ)
        found = queries.signatory_on(document, day)
        return Signatory.of(found) if found else None


@strawberry.type
class SignatoryActs:
    @strawberry.mutation(description="Mencatat penanda tangan bagi satu atau beberapa dokumen.")
    def signatory_add(self, info: Info, given: Given[SignatoryAddInput]) -> SignatoriesPayload | None:
        made, errors = attempt(
            info,
            lambda: services.add(
                actor_of(info),
                documents=given.documents,
                person=_person(given.person),
                valid_from=given.starts_on,
                valid_to=given.ends_on,
            ),
        )
        return _payload(info, made or [], errors)

    @strawberry.mutation(description="Mengubah atau mengakhiri seorang penanda tangan.")
    def signatory_update(self, info: Info, given: Given[SignatoryUpdateInput]) -> SignatoriesPayload | None:
        def act() -> list[int]:
            number = ids.number(given.signatory_id, "Signatory", "Penanda tangan")
            services.update(
                actor_of(info),
                signatory_id=number,
                person=_person(given.person),
                valid_from=given.starts_on,
                valid_to=given.ends_on,
                expected_version=given.expected_version,
            )
            return [number]

        made, errors = attempt(info, act)
        return _payload(info, made or [], errors)

    @strawberry.mutation(description="Menghapus penanda tangan yang keliru dicatat.")
    def signatory_remove(self, info: Info, given: Given[SignatoryRemoveInput]) -> SignatoriesPayload | None:
        _, errors = attempt(
            info,
            lambda: services.remove(
                actor_of(info),
                signatory_id=ids.number(given.signatory_id, "Signatory", "Penanda tangan"),
                expected_version=given.expected_version,
            ),
        )
        return SignatoriesPayload(signatories=[], user_errors=errors)


def _person(given: SignatoryPersonInput) -> Person:
    return Person(given.name, given.position, given.status, given.on_behalf_of, given.rank_title, given.nip)


def _payload(info: Info, numbers: list[int], errors: list[Any]) -> SignatoriesPayload:
    found = [queries.signatory(actor_of(info), number) for number in numbers]
    return SignatoriesPayload(signatories=[Signatory.of(row) for row in found], user_errors=errors)
