"""What BKPSDM does about panels before the assessment, and what assessors declare."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import PlanMode, RelationKind
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.nomination_acts import NOMINATION
from sipetruk.api.staff.panels import AssessorLink, DeclaredRelation, PanelDesk
from sipetruk.api.staff.period_acts import CATEGORY
from sipetruk.queries import conflicts as conflict_queries
from sipetruk.queries import panels as panel_queries
from sipetruk.services import conflicts, panels

VERSION = "Versi kategori yang dibaca; ditolak CONFLICT bila sudah berubah."


@strawberry.type(description="Tim penilai sesudah tindakan.")
class PanelPayload(Payload):
    panel: PanelDesk | None = strawberry.field(description="Tim penilai kategori; null bila tindakan ditolak.")


@strawberry.type(description="Pernyataan hubungan sendiri sesudah tindakan.")
class RelationsPayload(Payload):
    relations: list[DeclaredRelation] = strawberry.field(
        description="Semua pernyataan sendiri; kosong bila tindakan ditolak.", directives=[ListSize(assumed_size=10)]
    )


@strawberry.type(description="Akun penilai sesudah tindakan.")
class AssessorLinkPayload(Payload):
    link: AssessorLink | None = strawberry.field(description="Akun; null bila tindakan ditolak atau pengguna bukan penilai.")


@strawberry.input(description="Mengatur cara sebuah kategori dinilai.")
class CategoryAssessmentSetInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    is_blind: bool = strawberry.field(description="Penilai tidak melihat siapa calonnya.")
    assessors_each: int | None = strawberry.field(description="Penilai per calon; null berarti seluruh tim.")
    spread_limit: int = strawberry.field(description="Batas perbedaan, perseratus persen: 30 % = 3000.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menentukan penilai seorang calon; daftar kosong berarti menurut aturan kategori.")
class NominationAssessorsSetInput:
    nomination_id: strawberry.ID = strawberry.field(description=NOMINATION)
    user_ids: list[strawberry.ID] = strawberry.field(description="Pengenal penilai dari tim kategori.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menyimpan rencana pembagian yang dibaca lewat `panelPlan`.")
class PanelPlanApplyInput:
    category_id: strawberry.ID = strawberry.field(description=CATEGORY)
    mode: PlanMode = strawberry.field(description="Cara pembagian.")
    digest: str = strawberry.field(description="Sidik rencana yang dibaca; ditolak CONFLICT bila rencananya sudah lain.")


@strawberry.input(description="Menyatakan hubungan sendiri dengan seorang pegawai.")
class RelationDeclareInput:
    employee_id: strawberry.ID = strawberry.field(description="Pengenal pegawai.")
    kind: RelationKind = strawberry.field(description="Pegawai itu siapa bagi penilai.")
    note: str = strawberry.field(default="", description="Keterangan; wajib untuk OTHER.")


@strawberry.input(description="Mencabut pernyataan sendiri.")
class RelationWithdrawInput:
    relation_id: strawberry.ID = strawberry.field(description="Pengenal pernyataan.")


@strawberry.input(description="Mencatat siapa seorang pengguna dalam data pegawai.")
class UserEmployeeLinkInput:
    user_id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    employee_id: strawberry.ID | None = strawberry.field(description="Pengenal pegawai; null menghapus catatan.")
    expected_version: int = strawberry.field(description="Versi data pengguna yang dibaca.")


@strawberry.type
class PanelActs:
    @strawberry.mutation(description="Mengatur cara sebuah kategori dinilai.")
    def category_assessment_set(self, info: Info, given: Given[CategoryAssessmentSetInput]) -> PanelPayload | None:
        def do() -> int:
            number = ids.number(given.category_id, "Category", "Kategori")
            panels.set_assessment(
                actor_of(info),
                category_id=number,
                is_blind=given.is_blind,
                assessors_each=given.assessors_each,
                spread_limit=given.spread_limit,
                expected_version=given.expected_version,
            )
            return number

        return _panel(info, do)

    @strawberry.mutation(description="Menentukan penilai seorang calon dengan tangan.")
    def nomination_assessors_set(self, info: Info, given: Given[NominationAssessorsSetInput]) -> PanelPayload | None:
        def do() -> int:
            number = ids.number(given.nomination_id, "Nomination", "Usulan")
            panels.assign(
                actor_of(info),
                nomination_id=number,
                user_ids=[ids.number(each, "User", "Penilai") for each in given.user_ids],
                expected_version=given.expected_version,
            )
            return panel_queries.category_of(actor_of(info), number)

        return _panel(info, do)

    @strawberry.mutation(description="Menyimpan rencana pembagian penilai.")
    def panel_plan_apply(self, info: Info, given: Given[PanelPlanApplyInput]) -> PanelPayload | None:
        def do() -> int:
            number = ids.number(given.category_id, "Category", "Kategori")
            panels.apply_plan(actor_of(info), category_id=number, mode=panel_queries.Mode(given.mode.value), digest=given.digest)
            return number

        return _panel(info, do)

    @strawberry.mutation(description="Menyatakan hubungan sendiri; lembar terbuka untuk pegawai ini ditinggalkan.")
    def relation_declare(self, info: Info, given: Given[RelationDeclareInput]) -> RelationsPayload | None:
        return _relations(
            info,
            lambda: conflicts.declare(
                actor_of(info),
                employee_id=ids.number(given.employee_id, "Employee", "Pegawai"),
                kind=given.kind.value,
                note=given.note,
            ),
        )

    @strawberry.mutation(description="Mencabut pernyataan sendiri; tetap tercatat.")
    def relation_withdraw(self, info: Info, given: Given[RelationWithdrawInput]) -> RelationsPayload | None:
        return _relations(
            info,
            lambda: conflicts.withdraw(actor_of(info), relation_id=ids.number(given.relation_id, "Relation", "Pernyataan")),
        )

    @strawberry.mutation(description="Mencatat siapa seorang pengguna dalam data pegawai.")
    def user_employee_link(self, info: Info, given: Given[UserEmployeeLinkInput]) -> AssessorLinkPayload | None:
        def do() -> int:
            number = ids.number(given.user_id, "User", "Pengguna")
            employee = None if given.employee_id is None else ids.number(given.employee_id, "Employee", "Pegawai")
            conflicts.link_employee(actor_of(info), user_id=number, employee_id=employee, expected_version=given.expected_version)
            return number

        number, errors = attempt(info, do)
        rows = [] if number is None else conflict_queries.links(actor_of(info))
        link = next((AssessorLink.of(row) for row in rows if row.user_id == number), None)
        return AssessorLinkPayload(link=link, user_errors=errors)


def _panel(info: Info, act: Callable[[], int]) -> PanelPayload:
    number, errors = attempt(info, act)
    desk = None if number is None else PanelDesk.of(panel_queries.desk(actor_of(info), number))
    return PanelPayload(panel=desk, user_errors=errors)


def _relations(info: Info, act: Callable[[], object]) -> RelationsPayload:
    _, errors = attempt(info, act)
    rows = [] if errors else conflict_queries.own_relations(actor_of(info))
    return RelationsPayload(relations=[DeclaredRelation.of(row) for row in rows], user_errors=errors)
