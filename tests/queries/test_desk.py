"""The determination desk: the facts of a category, who may read them, and what reading them costs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import EmployeeAward, Nomination
from sipetruk.queries.desk import EarlierAward, desk
from sipetruk.queries.results import proposals_of, results
from tests.services import builders
from tests.services.test_results import THIRD, determine, determining

NOW = datetime(2024, 11, 8, 2, tzinfo=UTC)
TIED = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}


def test_the_desk_tells_the_places_the_limits_and_who_was_passed_over(db, cast):
    round_, ids, ranking_id = determining(cast, marks=(builders.FULL_MARKS, TIED, THIRD), winners_per_unit=1)
    found = desk(cast.bkpsdm, round_.category_id, now=NOW)
    assert (found.category.winners_max, found.category.winners_per_unit, found.places_left) == (2, 1, 1)
    assert [(each.row.nomination_id, each.row.is_proposed, each.unit_rank, each.passed_over) for each in found.candidates] == [
        (ids[0], True, 1, ""),
        (ids[1], False, 2, "Kuota unit kerja ini (1) sudah terisi."),
        (ids[2], False, 3, "Kuota unit kerja ini (1) sudah terisi."),
    ]
    assert (found.category.final_ranking_id, found.category.may_be_determined, found.below, found.objections) == (ranking_id, True, (), ())


def test_floors_name_who_cannot_win(db, cast):
    document = builders.tiny_instrument()
    document["policy"] |= {"floors": [{"component": "inovasi", "at_least": 40}]}
    round_, ids, _ = determining(cast, marks=(builders.FULL_MARKS, THIRD), document=document)
    found = desk(cast.viewer, round_.category_id, now=NOW)
    assert [each.row.nomination_id for each in found.candidates] == [ids[0]]
    assert [(row.nomination_id, row.reasons) for row in found.below] == [(ids[1], ("Nilai Inovasi 30,00 di bawah batas 40.",))]
    assert found.places_left == 1


def test_what_somebody_won_before_is_told_from_both_registers(db, cast):
    first, ids, ranking_id = determining(cast, slug="2023")
    determine(cast, first, ranking_id, ids[:2])
    again, later, _ = determining(cast, slug="2024")
    employee_id = Nomination.get_by_id(ids[0]).employee_id
    Nomination.update(employee=employee_id).where(Nomination.id == later[1]).execute()
    EmployeeAward.create(employee=employee_id, year=2019, level="nasional", name="Satyalancana", giver="Presiden")
    found = {each.row.nomination_id: each.earlier for each in desk(cast.bkpsdm, again.category_id, now=NOW).candidates}
    assert found[later[1]] == (
        EarlierAward(2024, "ASN Inovatif, ASN Berprestasi 2023, tempat ke-1", "Kabupaten", is_from_here=True),
        EarlierAward(2019, "Satyalancana", "Nasional", is_from_here=False),
    )
    assert (found[later[0]], found[later[2]]) == ((), ())


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_it_is_for_the_admin_and_the_auditor(db, cast, who):
    round_, _, _ = determining(cast)
    for read in (
        lambda actor: desk(actor, round_.category_id, now=NOW),
        lambda actor: proposals_of(actor, round_.category_id),
    ):
        with pytest.raises(Forbidden):
            read(getattr(cast, who))


def test_without_a_final_ranking_there_is_no_desk(db, cast):
    round_ = builders.prepared_round(cast)
    for category_id in (round_.category_id, 4711, 2**40):
        with pytest.raises(NotFound):
            desk(cast.bkpsdm, category_id, now=NOW)


def test_it_costs_the_same_for_two_nominees_and_for_four(db, cast):
    two, ids, _ = determining(cast, marks=(builders.FULL_MARKS, TIED), slug="dua")
    four, more, _ = determining(cast, marks=(builders.FULL_MARKS, TIED, TIED, THIRD), slug="empat", winners=3)
    for chosen in (*ids, *more):
        EmployeeAward.create(employee=Nomination.get_by_id(chosen).employee, year=2020, level="nasional", name="A", giver="B")
    counts = []
    for round_ in (two, four):
        for read in (
            lambda r=round_: desk(cast.bkpsdm, r.category_id, now=NOW),
            lambda r=round_: results(cast.bkpsdm, r.period_id, now=NOW),
        ):
            with builders.counted(db) as sent:
                read()
            counts.append(len(sent))
    assert counts[:2] == counts[2:]
