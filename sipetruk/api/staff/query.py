"""The root of the staff schema for reading."""

from __future__ import annotations

from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.enums import SheetState
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.nodes import MOST_NODES, Node, few
from sipetruk.api.staff import reads
from sipetruk.api.staff.account_acts import AccountQueries
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.administration import AdministrationQueries
from sipetruk.api.staff.assessment import Sheet, SheetSummary
from sipetruk.api.staff.audit import AUDIT, AuditEntry, RoleGrant, Viewer, WorkItem
from sipetruk.api.staff.category_query import CategoryQueries
from sipetruk.api.staff.checks import CheckQueries
from sipetruk.api.staff.cockpit import CockpitQueries
from sipetruk.api.staff.common import PeriodReference, WorkUnit, gid
from sipetruk.api.staff.instrument_query import InstrumentQueries
from sipetruk.api.staff.nominations import NOMINATIONS, EligibleEmployee, Nomination, NominationSummary
from sipetruk.api.staff.notifications import NotificationQueries
from sipetruk.api.staff.objection_query import ObjectionQueries
from sipetruk.api.staff.panel_query import PanelQueries
from sipetruk.api.staff.people import Employee, User
from sipetruk.api.staff.periods import OpenCategory, Period, is_open, last_day
from sipetruk.api.staff.results import Results
from sipetruk.api.staff.timeline import TimelineQueries
from sipetruk.api.staff.trail import TrailQueries
from sipetruk.queries import assessment, audit, nominations, people, periods, quotas, users, worklist
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.permissions import ROLE_LABELS, Action, may_somewhere
from sipetruk.services import clock

Search = Annotated[str, strawberry.argument(description="Kata yang dicari.")]


PERIODS = Lists(periods.PERIODS)
SHEETS = Lists(assessment.SHEETS, enums={"state": SheetState})
EMPLOYEES = Lists(people.EMPLOYEES)
CHOICES = Lists(people.CHOICES)
UNITS = Lists(people.UNITS)
USERS = Lists(users.USERS)


@strawberry.type(description="Yang dapat dibaca orang yang masuk, sejauh perannya.")
class Query(
    InstrumentQueries,
    CategoryQueries,
    PanelQueries,
    ObjectionQueries,
    NotificationQueries,
    TimelineQueries,
    CockpitQueries,
    AdministrationQueries,
    AccountQueries,
    TrailQueries,
    CheckQueries,
):
    @strawberry.field(description="Orang yang masuk.")
    def viewer(self, info: Info) -> Viewer | None:
        actor = actor_of(info)
        units = {unit.id: unit for unit in people.units(actor)} if actor.unit_ids else {}
        return Viewer(
            username=actor.username,
            name=actor.name,
            roles=[
                RoleGrant(
                    role=grant.role,
                    label=ROLE_LABELS[grant.role],
                    unit=WorkUnit.of(unit.id, unit.code, unit.name) if (unit := units.get(grant.unit_id or 0)) else None,
                )
                for grant in actor.grants
            ],
            worklist=WorkItem.all_of(worklist.worklist(actor, clock.now())),
        )

    @strawberry.field(description="Sesuatu menurut `id`; null bila tidak ada atau bukan untuk pembaca.")
    def node(
        self,
        info: Info,
        global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal dari jawaban sebelumnya.")],
    ) -> Node | None:
        return _node(info, global_id)

    @strawberry.field(
        description="Beberapa hal menurut `id`, urutannya tetap; null bagi yang tidak ada. Paling banyak 100.",
        directives=[ListSize(assumed_size=MOST_NODES)],
    )
    def nodes(
        self,
        info: Info,
        global_ids: Annotated[list[strawberry.ID], strawberry.argument(name="ids", description="Pengenal, paling banyak 100.")],
    ) -> list[Node | None]:
        return [_node(info, each) for each in few(global_ids)]

    @NOMINATIONS.connection(description="Usulan yang boleh dilihat pembaca, yang terakhir berubah lebih dahulu.")
    def nominations(self, info: Info, page: PageRequest, search: Search = "") -> Connection[NominationSummary]:
        found = nominations.nominations(actor_of(info), now=clock.now(), page=page, search=search)
        return Connection.of(found, NominationSummary.of)

    @strawberry.field(description="Satu usulan; null bila tidak ada atau bukan untuk pembaca.")
    def nomination(
        self, info: Info, global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal usulan.")]
    ) -> Nomination | None:
        return reads.by_id(global_id, "Nomination", lambda number: reads.nomination(info, number))

    @strawberry.field(description="Kategori yang sedang menerima usulan; daftar pendek.", directives=[ListSize(assumed_size=4)])
    def open_categories(self, info: Info) -> list[OpenCategory]:
        actor = actor_of(info)
        can_nominate = may_somewhere(actor, Action.NOMINATION_DRAFT)
        found = [
            (period, each)
            for period in reads.all_periods(info)
            if is_open(period)
            for each in period.categories
            if each.first_stage_id is None
        ]
        left = quotas.left(actor, {each.id: each.quota_per_unit for _, each in found})
        return [
            OpenCategory(
                id=gid("Category", each.id),
                name=each.name,
                period=PeriodReference(id=gid("Period", period.id), name=period.name, year=period.year),
                closes_on=last_day(period),
                quota_per_unit=each.quota_per_unit,
                quota_left=left.get(each.id),
                can_nominate=can_nominate,
            )
            for period, each in found
        ]

    @CHOICES.connection(description="Pegawai unit sendiri yang dapat dipilih sebagai calon, menurut nama; null bila kategori tidak ada.")
    def eligible_employees(
        self,
        info: Info,
        page: PageRequest,
        category_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal kategori.")],
        search: Annotated[str | None, strawberry.argument(description="Nama atau awal NIP.")] = None,
    ) -> Connection[EligibleEmployee] | None:
        found = reads.by_id(
            category_id,
            "Category",
            lambda number: reads.or_none(
                lambda: nominations.eligible_employees(actor_of(info), number, today=clock.today(), search=search or "", page=page)
            ),
        )
        return None if found is None else Connection.of(found, EligibleEmployee.of)

    @PERIODS.connection(description="Semua periode, yang terbaru lebih dahulu.")
    def periods(self, info: Info, page: PageRequest) -> Connection[Period]:
        return Connection.of(periods.PERIODS.cut(reads.all_periods(info), page), Period.of)

    @strawberry.field(description="Satu periode; null bila tidak ada.")
    def period(
        self, info: Info, global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal periode.")]
    ) -> Period | None:
        return reads.by_id(global_id, "Period", lambda number: reads.period(info, number))

    @SHEETS.connection(description="Lembar penilaian sendiri, menurut nomor usulan.")
    def sheets(self, info: Info, page: PageRequest) -> Connection[SheetSummary]:
        return Connection.of(assessment.SHEETS.cut(assessment.sheets(actor_of(info)), page), SheetSummary.of)

    @strawberry.field(description="Lembar penilaian sendiri untuk sebuah usulan; null bila tidak ada.")
    def sheet(
        self, info: Info, nomination_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal usulan.")]
    ) -> Sheet | None:
        return reads.by_id(nomination_id, "Nomination", lambda number: reads.sheet(info, number))

    @strawberry.field(description="Hasil sebuah periode; null bila periode tidak ada.")
    def results(
        self, info: Info, period_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal periode.")]
    ) -> Results | None:
        return reads.by_id(period_id, "Period", lambda number: reads.results(info, number))

    @AUDIT.connection(description="Jejak audit, yang terbaru lebih dahulu.")
    def audit_entries(self, info: Info, page: PageRequest) -> Connection[AuditEntry]:
        return Connection.of(audit.entries(actor_of(info), None, page), AuditEntry.of)

    @EMPLOYEES.connection(description="Pegawai yang boleh dilihat pembaca, menurut nama.")
    def employees(self, info: Info, page: PageRequest, search: Search = "") -> Connection[Employee]:
        return Connection.of(people.employees(actor_of(info), search=search, page=page), Employee.of)

    @UNITS.connection(description="Unit kerja menurut kode; kata yang dicari juga dicocokkan dengan nama dan kode lama.")
    def work_units(self, info: Info, page: PageRequest, search: Search = "") -> Connection[WorkUnit]:
        found = people.UNITS.cut(people.units(actor_of(info), search=search), page)
        return Connection.of(found, lambda row: WorkUnit.of(row.id, row.code, row.name))

    @USERS.connection(description="Pengguna, menurut nama pengguna.")
    def users(self, info: Info, page: PageRequest, search: Search = "") -> Connection[User]:
        return Connection.of(users.USERS.cut(users.users(actor_of(info), search=search), page), User.of)


def _node(info: Info, global_id: str) -> Node | None:
    kind, key = ids.decode(global_id) or ("", "")
    number = ids.as_number(key)
    if number is None:
        return None
    match kind:
        case "Nomination":
            return reads.nomination(info, number)
        case "Period":
            return reads.period(info, number)
        case "Category":
            return reads.category(info, number)
        case "InstrumentVersion":
            return reads.instrument_version(info, number)
    return None
