"""What a new final ranking changed, as the contract tells it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from sipetruk.api.enums import RankingState, RankingStatus
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.objections import Objection
from sipetruk.queries import ranking_differences as queries


@strawberry.type(description="Pemeringkatan yang pernah difinalkan.")
class SealedRankingSummary:
    id: strawberry.ID = strawberry.field(description="Pengenal pemeringkatan.")
    number: int = strawberry.field(description="Nomor perhitungan dalam kategori.")
    state: RankingState = strawberry.field(description="Keadaan: final atau digantikan.")
    finalised_at: datetime = strawberry.field(description="Saat difinalkan.")
    result_sha256: str = strawberry.field(description="Sidik SHA-256 hasil.")

    @classmethod
    def of(cls, row: queries.SealedSummary) -> SealedRankingSummary:
        return cls(
            id=gid("Ranking", row.ranking_id),
            number=row.number,
            state=RankingState(row.state),
            finalised_at=row.finalised_at,
            result_sha256=row.result_sha256,
        )


@strawberry.type(description="Kedudukan seorang calon pada salah satu pemeringkatan.")
class DifferencePlace:
    status: RankingStatus = strawberry.field(description="Kedudukan.")
    rank: int | None = strawberry.field(description="Peringkat; null bila tidak diperingkat.")
    score: str | None = strawberry.field(description="Nilai yang dicetak, dengan koma; null bila tidak ada.")
    exact: str | None = strawberry.field(description="Nilai persis sebagai pecahan.")
    is_winner: bool = strawberry.field(description="Diusulkan sebagai pemenang.")

    @classmethod
    def of(cls, place: queries.Place | None) -> DifferencePlace | None:
        if place is None:
            return None
        return cls(status=RankingStatus(place.status), rank=place.rank, score=place.score, exact=place.exact, is_winner=place.is_winner)


@strawberry.type(description="Sumbangan satu kriteria sebelum dan sesudah.")
class DifferenceCriterion:
    code: str = strawberry.field(description="Kode kriteria.")
    label: str = strawberry.field(description="Nama kriteria.")
    before: str = strawberry.field(description="Sumbangan lama, dengan koma.")
    after: str = strawberry.field(description="Sumbangan baru, dengan koma.")
    difference: str = strawberry.field(description="Selisih dengan tandanya, dengan koma.")
    exact: str = strawberry.field(description="Selisih persis sebagai pecahan.")


@strawberry.type(description="Calon yang kedudukan, nilai, atau rinciannya berbeda.")
class DifferenceNominee:
    nomination: NominationReference | None = strawberry.field(description="Usulan.")
    name: str = strawberry.field(description="Nama dan gelar.")
    unit_name: str = strawberry.field(description="Unit pengusul.")
    before: DifferencePlace | None = strawberry.field(description="Pada pemeringkatan lama; null bila tidak ikut.")
    after: DifferencePlace | None = strawberry.field(description="Pada pemeringkatan baru; null bila tidak ikut.")
    difference: str | None = strawberry.field(description="Selisih nilai dengan tandanya, dengan koma.")
    exact: str | None = strawberry.field(description="Selisih persis sebagai pecahan.")
    rank_gain: int | None = strawberry.field(description="Naik berapa peringkat; negatif berarti turun.")
    criteria: list[DifferenceCriterion] = strawberry.field(
        description="Kriteria yang sumbangannya berbeda.", directives=[ListSize(assumed_size=3)]
    )

    @classmethod
    def of(cls, line: queries.NomineeLine) -> DifferenceNominee:
        return cls(
            nomination=None if line.nomination_id is None else NominationReference.of(line.nomination_id, line.number),
            name=line.name,
            unit_name=line.unit,
            before=DifferencePlace.of(line.before),
            after=DifferencePlace.of(line.after),
            difference=line.difference,
            exact=line.exact,
            rank_gain=line.rank_gain,
            criteria=[
                DifferenceCriterion(
                    code=each.code,
                    label=each.label,
                    before=each.before,
                    after=each.after,
                    difference=each.difference,
                    exact=each.exact,
                )
                for each in line.criteria
            ],
        )


@strawberry.type(description="Satu masukan yang berbeda: nilai, data, anggota tim, atau keputusan nilai seri.")
class DifferenceInput:
    kind: str = strawberry.field(description="added, removed, atau changed.")
    about: str = strawberry.field(description="Masukan yang dimaksud, dalam kata-kata.")
    nominee: str = strawberry.field(description="Nama calon; kosong bila tidak menyangkut seorang calon.")
    before: str = strawberry.field(description="Isi lama.")
    after: str = strawberry.field(description="Isi baru.")


@strawberry.type(description="Perbedaan dua pemeringkatan final sebuah kategori.")
class RankingDifference:
    sealed: list[SealedRankingSummary] = strawberry.field(
        description="Semua yang pernah difinalkan, yang lama lebih dahulu.", directives=[ListSize(assumed_size=3)]
    )
    older: SealedRankingSummary = strawberry.field(description="Pemeringkatan lama.")
    newer: SealedRankingSummary = strawberry.field(description="Pemeringkatan baru.")
    is_empty: bool = strawberry.field(description="Tidak ada yang berbeda.")
    nominees: list[DifferenceNominee] = strawberry.field(
        description="Calon yang berbeda, menurut peringkat baru.", directives=[ListSize(assumed_size=20)]
    )
    joined_winners: list[str] = strawberry.field(description="Yang menjadi usulan pemenang.", directives=[ListSize(assumed_size=2)])
    left_winners: list[str] = strawberry.field(description="Yang tidak lagi diusulkan menang.", directives=[ListSize(assumed_size=2)])
    inputs: list[DifferenceInput] = strawberry.field(description="Masukan yang berbeda.", directives=[ListSize(assumed_size=30)])
    objections: list[Objection] = strawberry.field(
        description="Sanggahan yang menghasilkan pemeringkatan baru.", directives=[ListSize(assumed_size=2)]
    )

    @classmethod
    def of(cls, view: queries.DifferenceView) -> RankingDifference:
        return cls(
            sealed=[SealedRankingSummary.of(each) for each in view.sealed],
            older=SealedRankingSummary.of(view.older),
            newer=SealedRankingSummary.of(view.newer),
            is_empty=view.is_empty,
            nominees=[DifferenceNominee.of(line) for line in view.nominees],
            joined_winners=list(view.joined_winners),
            left_winners=list(view.left_winners),
            inputs=[
                DifferenceInput(kind=each.kind, about=each.about, nominee=each.nominee, before=each.before, after=each.after)
                for each in view.inputs
            ],
            objections=[Objection.of(row) for row in view.objections],
        )
