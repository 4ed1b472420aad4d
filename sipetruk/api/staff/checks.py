"""The verifier's queue with its filters, what stands in the way of accepting, and accepting several at once."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import described
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import few
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, UserError, actor_of, attempt, keyed
from sipetruk.api.staff.common import NominationReference
from sipetruk.api.staff.nominations import NOMINATIONS, NominationSummary
from sipetruk.queries import checks as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.workflow import NominationState
from sipetruk.services import checks, clock


class QueueDue(StrEnum):
    LATE = "lewat"
    TOMORROW = "besok"
    WEEK = "minggu"


class QueueTaken(StrEnum):
    MINE = "saya"
    OTHERS = "orang"
    NOBODY = "belum"


class QueueEligibility(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


described(QueueDue, "Tenggat usulan.", queries.DUE)
described(QueueTaken, "Siapa yang sudah memeriksa.", queries.TAKEN)
described(QueueEligibility, "Hasil syarat kategori menurut data hari ini.", queries.ELIGIBILITY)


@strawberry.type(description="Apa yang masih terbuka pada sebuah usulan sebelum diterima.")
class CheckReadiness:
    nomination: NominationSummary = strawberry.field(description="Usulan.")
    is_acceptable: bool = strawberry.field(description="Dapat diterima sekarang.")
    forbids: list[str] = strawberry.field(description="Yang menghalangi.", directives=[ListSize(assumed_size=5)])
    warns: list[str] = strawberry.field(
        description="Yang perlu diketahui, tetapi tidak menghalangi.", directives=[ListSize(assumed_size=5)]
    )


@strawberry.input(description="Satu usulan dengan versi yang dibaca.")
class NominationVersionInput:
    nomination_id: strawberry.ID = strawberry.field(description="Pengenal usulan.")
    expected_version: int = strawberry.field(description="Versi data yang dibaca (`version`).")


@strawberry.input(description="Menerima beberapa usulan sekaligus, masing-masing tersendiri.")
class NominationsAcceptInput:
    nominations: list[NominationVersionInput] = strawberry.field(description="Usulan, 1 sampai 100.")
    note: str = strawberry.field(default="", description="Catatan, sama bagi semua.")


@strawberry.type(description="Apa yang terjadi pada satu usulan.")
class NominationAcceptance:
    nomination_number: strawberry.Private[int]
    named: strawberry.Private[tuple[int, ...]]
    is_accepted: bool = strawberry.field(description="Diterima (memenuhi syarat).")
    user_errors: list[UserError] = strawberry.field(
        description="Mengapa tidak; kosong bila diterima.", directives=[ListSize(assumed_size=5)]
    )

    @strawberry.field(description="Usulan; null bila bukan untuk pembaca.")
    def nomination(self, info: Info) -> NominationReference | None:
        return reads.nomination_among(info, self.nomination_number, self.named)

    @classmethod
    def all_of(cls, done: Sequence[checks.Accepted]) -> list[NominationAcceptance]:
        named = tuple(each.nomination_id for each in done)
        return [
            cls(
                nomination_number=each.nomination_id,
                named=named,
                is_accepted=not each.problems,
                user_errors=[UserError(message=p.message, path=list(p.path), code=p.code) for p in each.problems],
            )
            for each in done
        ]


@strawberry.type(description="Apa yang terjadi pada setiap usulan; yang satu tidak menghalangi yang lain.")
class NominationsAcceptPayload(Payload):
    outcomes: list[NominationAcceptance] = strawberry.field(
        description="Satu baris bagi setiap usulan, menurut urutan yang dikirim.", directives=[ListSize(assumed_size=20)]
    )


@strawberry.type
class CheckQueries:
    @NOMINATIONS.connection(description="Antrean verifikasi; yang menunggu diurutkan dari yang paling lama menunggu.")
    def check_queue(
        self,
        info: Info,
        page: PageRequest,
        state: Annotated[
            NominationState | None, strawberry.argument(description="Status; null berarti semua status.")
        ] = NominationState.SUBMITTED,
        search: Annotated[str, strawberry.argument(description="Kata dalam nama, nomor, atau unit.")] = "",
        due: Annotated[QueueDue | None, strawberry.argument(description="Tenggat.")] = None,
        taken: Annotated[QueueTaken | None, strawberry.argument(description="Siapa yang sudah memeriksa.")] = None,
        eligibility: Annotated[QueueEligibility | None, strawberry.argument(description="Hasil syarat kategori.")] = None,
    ) -> Connection[NominationSummary]:
        filters = queries.QueueFilters(
            state=state, search=search, due=str(due or ""), taken=str(taken or ""), eligible=str(eligibility or "")
        )
        found = queries.queue(actor_of(info), filters, now=clock.now(), today=clock.today(), page=page)
        return Connection.of(found, NominationSummary.of)

    @strawberry.field(
        description="Yang masih terbuka pada usulan yang dipilih, paling banyak 100; yang tidak ada dilewati.",
        directives=[ListSize(assumed_size=20), Cost(weight=100)],
    )
    def check_readiness(
        self,
        info: Info,
        nomination_ids: Annotated[list[strawberry.ID], strawberry.argument(description="Pengenal usulan.")],
    ) -> list[CheckReadiness]:
        numbers = [number for each in few(nomination_ids) if (number := _number(each, "Nomination")) is not None]
        return [
            CheckReadiness(
                nomination=NominationSummary.of(each.row),
                is_acceptable=each.is_acceptable,
                forbids=list(each.forbids),
                warns=list(each.warns),
            )
            for each in queries.readiness(actor_of(info), numbers, now=clock.now(), today=clock.today())
        ]


@strawberry.type
class CheckActs:
    @strawberry.mutation(
        description="Menerima beberapa usulan: setiap usulan dalam transaksinya sendiri, yang tidak dapat diterima disebut alasannya."
    )
    def nominations_accept(self, info: Info, given: Given[NominationsAcceptInput]) -> NominationsAcceptPayload | None:
        def act() -> tuple[checks.Accepted, ...]:
            named = ((ids.number(each.nomination_id, "Nomination", "Usulan"), each.expected_version) for each in given.nominations)
            return checks.accept_many(actor_of(info), versions=keyed(named, "nominations"), note=given.note)

        done, errors = attempt(info, act)
        return NominationsAcceptPayload(outcomes=NominationAcceptance.all_of(done or ()), user_errors=errors)


def _number(global_id: str | None, kind: str) -> int | None:
    """The number that an id names; -1, which no row has, for an id of another kind."""
    if global_id is None:
        return None
    found = ids.decode(global_id)
    number = ids.as_number(found[1]) if found is not None and found[0] == kind else None
    return -1 if number is None else number
