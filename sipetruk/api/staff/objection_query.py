"""What can be read about objections, the sheets behind a nominee, and what a new final ranking changed."""

from __future__ import annotations

from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import actor_of
from sipetruk.api.staff.category_query import CategoryId, NominationId
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.objections import AbleAssessor, NominationSheets, Objection, ObjectionFiling
from sipetruk.api.staff.ranking_differences import RankingDifference
from sipetruk.queries import objections, ranking_differences, reopenings
from sipetruk.queries.paging import PageRequest
from sipetruk.services import clock

OBJECTIONS = Lists(objections.OBJECTIONS)
ObjectionId = Annotated[strawberry.ID, strawberry.argument(name="id", description="Pengenal sanggahan.")]
RankingId = Annotated[strawberry.ID | None, strawberry.argument(description="Pengenal pemeringkatan; null berarti yang terakhir.")]


@strawberry.type
class ObjectionQueries:
    """Fields of the root; each reads through one query."""

    @OBJECTIONS.connection(description="Register sanggahan yang boleh dibaca, yang terakhir diajukan lebih dahulu.")
    def objections(
        self,
        info: Info,
        page: PageRequest,
        search: Annotated[str, strawberry.argument(description="Kata yang dicari: nomor, nama calon, atau unit.")] = "",
    ) -> Connection[Objection]:
        return Connection.of(objections.register(actor_of(info), page=page, search=search), Objection.of)

    @strawberry.field(description="Satu sanggahan; null bila tidak ada atau bukan untuk pembaca.")
    def objection(self, info: Info, global_id: ObjectionId) -> Objection | None:
        return reads.by_id(
            global_id, "Objection", lambda number: reads.or_none(lambda: Objection.of(objections.objection(actor_of(info), number)))
        )

    @strawberry.field(description="Dapatkah hasil sebuah usulan disanggah, dan sanggahannya; null bila usulan tidak ada.")
    def objection_filing(self, info: Info, nomination_id: NominationId) -> ObjectionFiling | None:
        return reads.by_id(
            nomination_id,
            "Nomination",
            lambda number: reads.or_none(lambda: ObjectionFiling.of(objections.filing(actor_of(info), number, now=clock.now()))),
        )

    @strawberry.field(
        description="Lembar penilaian sebuah usulan dengan riwayat setiap nilai; null bila usulan tidak ada.", directives=[Cost(weight=100)]
    )
    def nomination_sheets(self, info: Info, nomination_id: NominationId) -> NominationSheets | None:
        return reads.by_id(
            nomination_id,
            "Nomination",
            lambda number: reads.or_none(lambda: NominationSheets.of(reopenings.sheets_of(actor_of(info), number))),
        )

    @strawberry.field(
        description="Penilai yang dapat mengisi tempat pada sebuah usulan; null bila usulan tidak ada.",
        directives=[Cost(weight=50), ListSize(assumed_size=50)],
    )
    def able_assessors(self, info: Info, nomination_id: NominationId) -> list[AbleAssessor] | None:
        def able(number: int) -> list[AbleAssessor]:
            found = reopenings.able_assessors(actor_of(info), number)
            return [AbleAssessor(id=gid("User", each.user_id), name=each.name, conflict=each.conflict) for each in found]

        return reads.by_id(nomination_id, "Nomination", lambda number: reads.or_none(lambda: able(number)))

    @strawberry.field(
        description="Perbedaan dua pemeringkatan final sebuah kategori, bawaan dua yang terakhir; null bila belum ada dua.",
        directives=[Cost(weight=500)],
    )
    def ranking_difference(
        self, info: Info, category_id: CategoryId, older_id: RankingId = None, newer_id: RankingId = None
    ) -> RankingDifference | None:
        def told(number: int) -> RankingDifference:
            older, newer = _wanted(older_id, "Ranking"), _wanted(newer_id, "Ranking")
            return RankingDifference.of(ranking_differences.difference(actor_of(info), number, older_id=older, newer_id=newer))

        return reads.by_id(category_id, "Category", lambda number: reads.or_none(lambda: told(number)))


def _wanted(global_id: strawberry.ID | None, kind: str) -> int | None:
    """The number that is asked for; -1, which no row has, for an id of another kind."""
    if global_id is None:
        return None
    found = ids.decode(global_id)
    number = ids.as_number(found[1]) if found is not None and found[0] == kind else None
    return -1 if number is None else number
