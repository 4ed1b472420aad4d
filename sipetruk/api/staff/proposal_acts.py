"""What takes two people, and what happens to a publication before and at its moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, actor_of, attempt
from sipetruk.api.staff.period_acts import CATEGORY, PERIOD
from sipetruk.api.staff.result_acts import ResultsPayload
from sipetruk.services import proposals, schedules

PROPOSAL = "Pengenal usulan penetapan."
PUBLICATION = "Pengenal pengumuman."


@strawberry.input(description="Mengusulkan pencabutan penetapan sebuah kategori.")
class ResultRevocationProposeInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    reason: str = strawberry.field(description="Alasan.")


@strawberry.input(description="Menyetujui sebuah usulan penetapan sebagai orang kedua.")
class ResultProposalApproveInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    proposal_id: strawberry.ID = strawberry.field(description=PROPOSAL)
    note: str = strawberry.field(default="", description="Catatan.")


@strawberry.input(description="Menolak sebuah usulan penetapan sebagai orang kedua.")
class ResultProposalRejectInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    proposal_id: strawberry.ID = strawberry.field(description=PROPOSAL)
    note: str = strawberry.field(description="Alasan penolakan.")


@strawberry.input(description="Membatalkan usulan penetapan sendiri.")
class ResultProposalWithdrawInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    proposal_id: strawberry.ID = strawberry.field(description=PROPOSAL)


@strawberry.input(description="Mengubah waktu terbit pengumuman yang terjadwal; isinya harus tetap.")
class ResultRescheduleInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    publication_id: strawberry.ID = strawberry.field(description=PUBLICATION)
    at: datetime = strawberry.field(description="Waktu terbit yang baru, dengan zona waktunya.")


@strawberry.input(description="Membatalkan pengumuman yang terjadwal; ia tidak pernah terbit.")
class ResultScheduleCancelInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    publication_id: strawberry.ID = strawberry.field(description=PUBLICATION)
    reason: str = strawberry.field(description="Alasan; tidak terbaca umum.")


@strawberry.input(description="Menyelesaikan pengumuman yang sudah terbit menurut jam: periode dipindahkan dan orang diberi tahu.")
class ResultReleaseInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    publication_id: strawberry.ID = strawberry.field(description=PUBLICATION)


@strawberry.type
class ProposalActs:
    @strawberry.mutation(description="Mengusulkan pencabutan penetapan; berlaku setelah disetujui admin BKPSDM lain.")
    def result_revocation_propose(self, info: Info, given: Given[ResultRevocationProposeInput]) -> ResultsPayload | None:
        return _of_category(
            info,
            given.category_id,
            lambda number: proposals.propose_revocation(actor_of(info), category_id=number, reason=given.reason),
        )

    @strawberry.mutation(description="Menyetujui usulan penetapan; ditolak FORBIDDEN bagi pengusulnya sendiri.")
    def result_proposal_approve(self, info: Info, given: Given[ResultProposalApproveInput]) -> ResultsPayload | None:
        return _of_category(
            info,
            given.category_id,
            lambda _: proposals.approve(actor_of(info), proposal_id=_proposal(given.proposal_id), note=given.note),
        )

    @strawberry.mutation(description="Menolak usulan penetapan; ditolak FORBIDDEN bagi pengusulnya sendiri.")
    def result_proposal_reject(self, info: Info, given: Given[ResultProposalRejectInput]) -> ResultsPayload | None:
        return _of_category(
            info,
            given.category_id,
            lambda _: proposals.reject(actor_of(info), proposal_id=_proposal(given.proposal_id), note=given.note),
        )

    @strawberry.mutation(description="Membatalkan usulan penetapan sendiri selama belum diputus.")
    def result_proposal_withdraw(self, info: Info, given: Given[ResultProposalWithdrawInput]) -> ResultsPayload | None:
        return _of_category(info, given.category_id, lambda _: proposals.withdraw(actor_of(info), proposal_id=_proposal(given.proposal_id)))

    @strawberry.mutation(description="Mengubah waktu terbit pengumuman yang terjadwal.")
    def result_reschedule(self, info: Info, given: Given[ResultRescheduleInput]) -> ResultsPayload | None:
        return _of_publication(
            info,
            given.period_id,
            given.publication_id,
            lambda number: schedules.reschedule(actor_of(info), publication_id=number, at=given.at),
        )

    @strawberry.mutation(description="Membatalkan pengumuman yang terjadwal.")
    def result_schedule_cancel(self, info: Info, given: Given[ResultScheduleCancelInput]) -> ResultsPayload | None:
        return _of_publication(
            info,
            given.period_id,
            given.publication_id,
            lambda number: schedules.cancel(actor_of(info), publication_id=number, reason=given.reason),
        )

    @strawberry.mutation(description="Menyelesaikan pengumuman yang waktu terbitnya sudah tiba; biasanya dikerjakan sendiri oleh sistem.")
    def result_release(self, info: Info, given: Given[ResultReleaseInput]) -> ResultsPayload | None:
        return _of_publication(
            info, given.period_id, given.publication_id, lambda number: schedules.release(actor_of(info), publication_id=number)
        )


def _proposal(global_id: str) -> int:
    return ids.number(global_id, "ResultProposal", "Usulan penetapan")


def _of_category(info: Info, global_id: str, act: Callable[[int], object]) -> ResultsPayload:
    """Act on a category; the results of its period."""

    def do() -> int | None:
        number = ids.number(global_id, "Category", "Kategori")
        act(number)
        return reads.period_of(info, number)

    return _payload(info, do)


def _of_publication(info: Info, period: str, publication: str, act: Callable[[int], object]) -> ResultsPayload:
    """Act on a publication; the results of its period."""

    def do() -> int:
        number = ids.number(period, "Period", "Periode")
        act(ids.number(publication, "Publication", "Pengumuman"))
        return number

    return _payload(info, do)


def _payload(info: Info, do: Callable[[], int | None]) -> ResultsPayload:
    number, errors = attempt(info, do)
    return ResultsPayload(results=None if number is None else reads.results(info, number), user_errors=errors)
