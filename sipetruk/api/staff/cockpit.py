"""BKPSDM's cockpit of a period: units, assessors, what stands in the way; reminders, and the run of the dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, UserError, actor_of, attempt
from sipetruk.api.staff.common import WorkUnit, gid
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.api.staff.period_acts import PERIOD, PeriodPayload
from sipetruk.api.staff.periods import Period, StateCount
from sipetruk.queries import cockpit as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.workflow import NOMINATION_LABELS, PeriodMove, Stage
from sipetruk.services import calendar, readiness, reminders

AGAIN = "true bila pengingat kedua pada hari yang sama memang dimaksudkan."


@strawberry.type(description="Seseorang yang dapat diingatkan.")
class Contact:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    name: str = strawberry.field(description="Nama.")
    role: str = strawberry.field(description="Perannya.")
    phone: str | None = strawberry.field(description="Nomor telepon dengan kode negara; null bila tidak ada atau bukan untuk pembaca.")

    @classmethod
    def of(cls, row: queries.Contact) -> Contact:
        return cls(id=gid("User", row.user_id), name=row.name, role=row.role, phone=row.phone)


@strawberry.type(description="Satu unit kerja di dalam sebuah periode.")
class UnitProgress:
    unit: WorkUnit = strawberry.field(description="Unit kerja.")
    nominations: list[StateCount] = strawberry.field(description="Banyaknya usulan per status.", directives=[ListSize(assumed_size=4)])
    unfinished: int = strawberry.field(description="Usulan yang belum diajukan.")
    handed_in: int = strawberry.field(description="Usulan yang sudah diajukan dan tidak ditarik.")
    people: list[Contact] = strawberry.field(description="Admin dan kepala unit itu.", directives=[ListSize(assumed_size=2)])
    changed_at: datetime | None = strawberry.field(description="Perubahan terakhir pada usulannya; null bila belum ada.")
    reminded_at: datetime | None = strawberry.field(description="Pengingat terakhir; null bila belum pernah.")

    @classmethod
    def of(cls, row: queries.UnitRow) -> UnitProgress:
        counts = [StateCount(state=state, label=NOMINATION_LABELS[state], count=count) for state, count in row.counts.items()]
        return cls(
            unit=WorkUnit.of(row.id, row.code, row.name),
            nominations=counts,
            unfinished=row.unfinished,
            handed_in=row.handed_in,
            people=[Contact.of(each) for each in row.people],
            changed_at=row.changed_at,
            reminded_at=row.reminded_at,
        )


@strawberry.type(description="Kemajuan seorang penilai di dalam sebuah periode.")
class AssessorWorkload:
    assessor: Contact = strawberry.field(description="Penilai.")
    open: int = strawberry.field(description="Lembar yang belum dikirim.")
    submitted: int = strawberry.field(description="Lembar yang sudah dikirim.")
    apart: int = strawberry.field(description="Lembar yang ditinggalkan karena mengundurkan diri atau dilepas.")
    reminded_at: datetime | None = strawberry.field(description="Pengingat terakhir; null bila belum pernah.")

    @classmethod
    def of(cls, row: queries.AssessorRow) -> AssessorWorkload:
        return cls(assessor=Contact.of(row.contact), open=row.open, submitted=row.submitted, apart=row.apart, reminded_at=row.reminded_at)


@strawberry.type(description="Satu langkah periode berikutnya dan yang menghalanginya.")
class NextStep:
    move: PeriodMove = strawberry.field(description="Langkah.")
    label: str = strawberry.field(description="Nama langkah.")
    stage_ends_on: date | None = strawberry.field(description="Hari terakhir tahap sekarang (WITA); null bila tanpa jadwal.")
    blockers: list[UserError] = strawberry.field(description="Penghalang; kosong bila tidak ada.", directives=[ListSize(assumed_size=5)])

    @classmethod
    def of(cls, row: readiness.Outlook) -> NextStep:
        blockers = [UserError(message=each.message, path=list(each.path), code=each.code) for each in row.blockers]
        return cls(move=row.move, label=row.label, stage_ends_on=row.stage_ends.closes_on if row.stage_ends else None, blockers=blockers)


@strawberry.type(description="Ruang kendali sebuah periode.")
class Cockpit:
    period: Period = strawberry.field(description="Periode, dengan kategori dan banyaknya usulan per status.")
    next_steps: list[NextStep] = strawberry.field(description="Langkah berikutnya.", directives=[ListSize(assumed_size=2)])
    silent_units: int = strawberry.field(description="Unit aktif yang belum mengajukan usulan.")
    assessors: list[AssessorWorkload] = strawberry.field(
        description="Kemajuan penilai, menurut nama.", directives=[ListSize(assumed_size=10)]
    )


UNITS = Lists(queries.UNITS)
Show = Annotated[str, strawberry.argument(description="semua, belum, draf, atau sudah (mengajukan).")]


@strawberry.type
class CockpitQueries:
    @strawberry.field(description="Ruang kendali sebuah periode; null bila periode tidak ada.")
    def cockpit(self, info: Info, period_id: Annotated[strawberry.ID, strawberry.argument(description=PERIOD)]) -> Cockpit | None:
        return reads.by_id(period_id, "Period", lambda number: reads.or_none(lambda: _cockpit(info, number)))

    @UNITS.connection(description="Unit kerja di dalam sebuah periode, menurut kode; null bila periode tidak ada.")
    def unit_progress(
        self,
        info: Info,
        page: PageRequest,
        period_id: Annotated[strawberry.ID, strawberry.argument(description=PERIOD)],
        search: Annotated[str, strawberry.argument(description="Kata dalam kode atau nama unit.")] = "",
        show: Show = "semua",
    ) -> Connection[UnitProgress] | None:
        found = reads.by_id(period_id, "Period", lambda number: reads.or_none(lambda: queries.cockpit(actor_of(info), number)))
        if found is None:
            return None
        rows = queries.arranged(found.units, search=search, show=show)
        return Connection.of(queries.UNITS.cut(rows, page), UnitProgress.of)


@strawberry.input(description="Mengingatkan unit yang belum mengajukan usulan.")
class UnitsRemindInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    unit_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Unit tertentu; null berarti semua yang belum mengajukan."
    )
    is_again: bool = strawberry.field(default=False, description=AGAIN)


@strawberry.input(description="Mengingatkan penilai yang lembarnya belum dikirim.")
class AssessorsRemindInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    user_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Penilai tertentu; null berarti semua yang belum selesai."
    )
    is_again: bool = strawberry.field(default=False, description=AGAIN)


@strawberry.input(description="Mengatur apakah periode pindah tahap sendiri menurut jadwal.")
class PeriodAutomaticSetInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    is_automatic: bool = strawberry.field(description="true: pindah sendiri bila tidak ada penghalang.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Memperpanjang tahap yang belum selesai.")
class StageExtendInput:
    period_id: strawberry.ID = strawberry.field(description=PERIOD)
    stage: Stage = strawberry.field(description="Tahap.")
    closes_on: date = strawberry.field(description="Hari terakhir yang baru (WITA).")
    reason: str = strawberry.field(description="Alasan perpanjangan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.type(description="Pengingat yang terkirim.")
class RemindedPayload(Payload):
    count: int = strawberry.field(description="Banyaknya unit atau penilai yang diingatkan.")
    people: int = strawberry.field(description="Banyaknya orang yang diberi tahu.")
    already: int = strawberry.field(description="Dilewati karena sudah diingatkan hari ini.")
    unreachable: int = strawberry.field(description="Dilewati karena tidak mempunyai pengguna aktif.")


@strawberry.type
class CockpitActs:
    @strawberry.mutation(description="Mengingatkan unit yang belum mengajukan usulan; tiap unit sekali sehari.")
    def units_remind(self, info: Info, given: Given[UnitsRemindInput]) -> RemindedPayload | None:
        wanted = given.unit_ids
        return _reminded(
            info,
            lambda: reminders.remind_units(
                actor_of(info),
                period_id=ids.number(given.period_id, "Period", "Periode"),
                unit_ids=None if wanted is None else [ids.number(each, "WorkUnit", "Unit kerja") for each in wanted],
                again=given.is_again,
            ),
        )

    @strawberry.mutation(description="Mengingatkan penilai yang lembarnya belum dikirim; tiap penilai sekali sehari.")
    def assessors_remind(self, info: Info, given: Given[AssessorsRemindInput]) -> RemindedPayload | None:
        wanted = given.user_ids
        return _reminded(
            info,
            lambda: reminders.remind_assessors(
                actor_of(info),
                period_id=ids.number(given.period_id, "Period", "Periode"),
                user_ids=None if wanted is None else [ids.number(each, "User", "Pengguna") for each in wanted],
                again=given.is_again,
            ),
        )

    @strawberry.mutation(description="Mengatur apakah periode pindah tahap sendiri menurut jadwal.")
    def period_automatic_set(self, info: Info, given: Given[PeriodAutomaticSetInput]) -> PeriodPayload | None:
        def act(number: int) -> int:
            return calendar.set_automatic(
                actor_of(info), period_id=number, is_automatic=given.is_automatic, expected_version=given.expected_version
            )

        return _period(info, given.period_id, act)

    @strawberry.mutation(description="Memperpanjang tahap yang belum selesai, dengan alasan; yang bekerja pada tahap itu diberi tahu.")
    def stage_extend(self, info: Info, given: Given[StageExtendInput]) -> PeriodPayload | None:
        def act(number: int) -> int:
            return calendar.extend(
                actor_of(info),
                period_id=number,
                stage=given.stage,
                closes_on=given.closes_on,
                reason=given.reason,
                expected_version=given.expected_version,
            )

        return _period(info, given.period_id, act)


def _cockpit(info: Info, number: int) -> Cockpit:
    found = queries.cockpit(actor_of(info), number)
    return Cockpit(
        period=Period.of(found.period),
        next_steps=[NextStep.of(each) for each in readiness.outlook(found.period)],
        silent_units=found.silent,
        assessors=[AssessorWorkload.of(each) for each in found.assessors],
    )


def _reminded(info: Info, act: Callable[[], reminders.Reminded]) -> RemindedPayload:
    done, problems = attempt(info, act)
    done = done or reminders.Reminded(0, 0, 0, 0)
    return RemindedPayload(count=done.count, people=done.people, already=done.already, unreachable=done.unreachable, user_errors=problems)


def _period(info: Info, period_id: strawberry.ID, act: Callable[[int], int]) -> PeriodPayload:
    def done() -> int:
        number = ids.number(period_id, "Period", "Periode")
        act(number)
        return number

    number, problems = attempt(info, done)
    return PeriodPayload(period=None if number is None else reads.period(info, number), user_errors=problems)
