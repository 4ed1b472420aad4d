"""What can be read about panels, conflicts of interest and differences between assessors."""

from __future__ import annotations

from typing import Annotated

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.enums import PlanMode
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.panels import AssessorLink, DeclaredRelation, Disagreements, PanelDesk, PanelPlan, RelationCandidate
from sipetruk.queries import conflicts, disagreement, panels

CategoryId = Annotated[strawberry.ID, strawberry.argument(description="Pengenal kategori.")]


@strawberry.type
class PanelQueries:
    """Fields of the root; each reads through one query."""

    @strawberry.field(description="Tim penilai sebuah kategori; null bila kategori tidak ada.", directives=[Cost(weight=100)])
    def panel_desk(self, info: Info, category_id: CategoryId) -> PanelDesk | None:
        return reads.by_id(category_id, "Category", lambda number: reads.or_none(lambda: PanelDesk.of(panels.desk(actor_of(info), number))))

    @strawberry.field(description="Rencana pembagian penilai; tidak disimpan. Null bila kategori tidak ada.", directives=[Cost(weight=200)])
    def panel_plan(
        self,
        info: Info,
        category_id: CategoryId,
        mode: Annotated[PlanMode, strawberry.argument(description="Cara pembagian.")] = PlanMode.FRESH,
    ) -> PanelPlan | None:
        def planned(number: int) -> PanelPlan:
            return PanelPlan.of(panels.plan(actor_of(info), number, panels.Mode(mode.value)))

        return reads.by_id(category_id, "Category", lambda number: reads.or_none(lambda: planned(number)))

    @strawberry.field(description="Perbedaan nilai antarpenilai; null bila kategori tidak ada.", directives=[Cost(weight=300)])
    def disagreements(self, info: Info, category_id: CategoryId) -> Disagreements | None:
        def found(number: int) -> Disagreements:
            return Disagreements.of(disagreement.disagreements(actor_of(info), number))

        return reads.by_id(category_id, "Category", lambda number: reads.or_none(lambda: found(number)))

    @strawberry.field(description="Semua hubungan yang dinyatakan penilai.", directives=[ListSize(assumed_size=30)])
    def declared_relations(self, info: Info) -> list[DeclaredRelation]:
        return [DeclaredRelation.of(row) for row in conflicts.relations(actor_of(info))]

    @strawberry.field(description="Hubungan yang dinyatakan sendiri.", directives=[ListSize(assumed_size=10)])
    def own_relations(self, info: Info) -> list[DeclaredRelation]:
        return [DeclaredRelation.of(row) for row in conflicts.own_relations(actor_of(info))]

    @strawberry.field(
        description="Pegawai menurut nama, bagi penilai yang menyatakan hubungan; paling banyak 20.",
        directives=[ListSize(assumed_size=20)],
    )
    def relation_candidates(
        self, info: Info, search: Annotated[str, strawberry.argument(description="Sedikitnya tiga huruf dari nama.")]
    ) -> list[RelationCandidate]:
        return [
            RelationCandidate(id=gid("Employee", each.id), name=each.name, position=each.position, unit=each.unit)
            for each in conflicts.search(actor_of(info), search[:100])
        ]

    @strawberry.field(description="Akun penilai dan siapa mereka dalam data pegawai.", directives=[ListSize(assumed_size=10)])
    def assessor_links(self, info: Info) -> list[AssessorLink]:
        return [AssessorLink.of(row) for row in conflicts.links(actor_of(info))]
