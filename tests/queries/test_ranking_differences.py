"""What a new final ranking changed, told with names and labels, and only to those who read rankings."""

from __future__ import annotations

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Ranking
from sipetruk.queries.ranking_differences import difference, sealed
from sipetruk.services import rankings
from tests.services import builders, objecting
from tests.services.objecting import HIGHER, at


def overturned(cast):
    """A round whose winner an objection has changed."""
    round_, (siti, budi) = objecting.objection_stage(cast)
    objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor, cast.assessor2, criteria=["gagasan"])
    for assessor in (cast.assessor, cast.assessor2):
        objecting.remarked(assessor, budi, HIGHER)
    objecting.final(cast, round_, day=8)
    return round_, (siti, budi)


def test_everything_that_changed_is_named(db, cast):
    round_, (siti, budi) = overturned(cast)
    for who in (cast.bkpsdm, cast.viewer):
        found = difference(who, round_.category_id)
        assert (found.older.number, found.newer.number, found.category) == (1, 2, "ASN Inovatif")
        assert (found.joined_winners, found.left_winners) == (("Budi Santoso",), ("Siti Aminah",))
        lines = [
            (line.nomination_id, line.before.rank, line.after.rank, line.before.score, line.after.score, line.difference, line.rank_gain)
            for line in found.nominees
        ]
        assert lines == [(budi, 2, 1, "90,50", "100,00", "+9,50", 1), (siti, 1, 2, "98,00", "98,00", "0,00", -1)]
        assert [(each.label, each.before, each.after, each.difference, each.exact) for each in found.nominees[0].criteria] == [
            ("Gagasan", "30,50", "40,00", "+9,50", "19/2")
        ]
        assert [(each.kind_label, each.about, each.nominee, each.before, each.after) for each in found.inputs] == [
            ("Diubah", "Nilai “Gagasan” dari Siti Penilai", "Budi Santoso", "30,5", "40"),
            ("Diubah", "Nilai “Gagasan” dari Dewi Penilai", "Budi Santoso", "30,5", "40"),
        ]
        assert [(each.number, each.settled_by) for each in found.objections] == [("2024-S001", 2)]
        assert not found.is_empty


def test_a_written_decision_on_a_tie_is_told_with_its_reason(db, cast):
    round_, (siti, budi) = objecting.ranking_stage(cast, marks=(builders.FULL_MARKS, builders.FULL_MARKS), winners=2)
    with at(3):
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[budi, siti], reason="Rapat pleno.")
    objecting.final(cast, round_, day=3)
    found = difference(cast.bkpsdm, round_.category_id)
    assert [(each.kind_label, each.about, each.before, each.after) for each in found.inputs] == [
        ("Ditambahkan", "Keputusan nilai seri: Siti Aminah, Budi Santoso", "", "1. Budi Santoso; 2. Siti Aminah. Rapat pleno.")
    ]
    assert [(line.name, line.before.rank, line.after.rank, line.after.decided_by) for line in found.nominees] == [
        ("Budi Santoso", 1, 1, "Keputusan tim penilai"),
        ("Siti Aminah", 1, 2, "Keputusan tim penilai"),
    ]
    deciders = {(line.before.decider, line.after.decider) for line in found.nominees}
    assert deciders == {("Tidak perlu diputuskan: tidak mengubah pemenang", "Penentu: Keputusan tim penilai")}
    assert found.objections == ()


def test_equal_rankings_do_not_differ(db, cast):
    round_, _ = objecting.ranking_stage(cast)
    objecting.final(cast, round_, day=3)
    assert difference(cast.bkpsdm, round_.category_id).is_empty


def test_any_two_sealed_rankings_are_compared_the_older_first(db, cast):
    round_, _ = overturned(cast)
    older, newer = (each.ranking_id for each in sealed(cast.bkpsdm, round_.category_id))
    assert difference(cast.bkpsdm, round_.category_id, older_id=newer, newer_id=older) == difference(cast.bkpsdm, round_.category_id)
    assert difference(cast.bkpsdm, round_.category_id, older_id=newer, newer_id=newer).is_empty


def test_there_must_be_two_of_this_category(db, cast):
    round_, _ = objecting.ranking_stage(cast)
    draft = rankings.compute
    with at(3):
        draft(cast.bkpsdm, category_id=round_.category_id)
    for ids in ({}, {"older_id": 4711}, {"newer_id": Ranking.get(state="draft").id}):
        with pytest.raises(NotFound, match="Belum ada dua pemeringkatan final"):
            difference(cast.bkpsdm, round_.category_id, **ids)
    with pytest.raises(NotFound, match="Kategori tidak ditemukan"):
        difference(cast.bkpsdm, 4711)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_marks_of_a_difference_are_for_those_who_read_rankings(db, cast, who):
    with pytest.raises(Forbidden):
        difference(getattr(cast, who), 1)
    with pytest.raises(Forbidden):
        sealed(getattr(cast, who), 1)


def test_the_difference_costs_the_same_for_two_nominees_and_for_three(db, cast):
    def statements(round_):
        with builders.counted(db) as sent:
            difference(cast.bkpsdm, round_.category_id)
        return len(sent)

    counts = []
    for slug, marks in (("dua", 2), ("tiga", 3)):
        round_, (_, budi, *_) = objecting.objection_stage(cast, [builders.FULL_MARKS] + [objecting.SECOND] * (marks - 1), slug=slug)
        objecting.accepted(cast, budi)
        objecting.reopened(cast, budi, cast.assessor)
        objecting.remarked(cast.assessor, budi, {"gagasan": {"state": "scored", "value": "31", "note": ""}})
        objecting.final(cast, round_, day=8)
        counts.append(statements(round_))
    assert counts[0] == counts[1]
