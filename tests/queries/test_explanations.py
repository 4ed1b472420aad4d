"""Why a score is what it is, for whom it concerns: a unit learns of its own nominee only, and only when units are told."""

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Period
from sipetruk.queries import explanations
from sipetruk.queries.rankings import ranking
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings
from tests.services import builders, test_interviews
from tests.services.test_results import determining


def test_a_unit_reads_the_outcome_of_its_own_nominee_and_no_single_mark(db, cast):
    _, ids, _ = determining(cast)
    own = explanations.own_score(cast.unit_admin, ids[1])
    assert (own.rank, own.ranked, own.reasons) == (2, 3, ())
    assert sum(float(part.contribution.replace(",", ".")) for part in own.components) == pytest.approx(float(own.score.replace(",", ".")))
    assert all(each.points and each.most for part in own.components for each in part.criteria)
    assert explanations.own_score(cast.unit_head, ids[1]) == own


def test_nobody_of_another_unit_reads_it(db, cast):
    _, ids, _ = determining(cast)
    for id_ in (ids[0], 999):
        with pytest.raises(NotFound):
            explanations.own_score(cast.outsider, id_)


def test_who_assessed_or_checked_a_nomination_is_not_told_what_others_gave(db, cast):
    _, ids, _ = determining(cast)
    for actor in (cast.assessor, cast.verifier):
        with pytest.raises(NotFound):
            explanations.own_score(actor, ids[1])
    assert explanations.own_score(cast.viewer, ids[1]) == explanations.own_score(cast.unit_admin, ids[1])


def test_before_the_ranking_is_final_and_the_round_has_moved_on_nobody_is_told(db, cast):
    round_, ids = builders.assessing(cast, "Siti Aminah")
    with builders.standing_at(2024, 10, 24):
        for assessor in (cast.assessor, cast.assessor2):
            builders.assess(assessor, ids[0], builders.FULL_MARKS)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        with pytest.raises(NotFound):
            explanations.own_score(cast.unit_admin, ids[0])
        sealed = rankings.Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sealed)
        with pytest.raises(NotFound):
            explanations.own_score(cast.unit_admin, ids[0])
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    assert explanations.own_score(cast.unit_admin, ids[0]).rank == 1


def test_units_and_assessors_read_no_ranking(db, cast):
    round_, ids, _ = determining(cast)
    for actor in (cast.unit_admin, cast.assessor, cast.verifier):
        with pytest.raises(Forbidden):
            explanations.why(actor, round_.category_id, ids[0])
        with pytest.raises(Forbidden):
            explanations.gap(actor, round_.category_id, ids[0], ids[1])
    assert explanations.gap(cast.viewer, round_.category_id, ids[0], ids[1]).names == ("Siti Aminah", "Budi Santoso")


@pytest.mark.parametrize("winners", [2, 3], ids=["across the last place", "within"])
def test_a_tie_after_a_first_stage_is_told_as_one_that_needs_no_decision(db, cast, winners):
    round_, _, _ = test_interviews.ranked(cast, winners=winners)
    view = ranking(cast.bkpsdm, round_.category_id)
    tied = [row.nomination_id for row in view.rows if row.decided_by == "unresolved"]
    said = "Tidak perlu diputuskan: semua yang seri pada batas finalis lanjut"
    assert ([tie.said for tie in view.open_ties], {row.decided_by_label for row in view.rows}) == ([said], {"", said})
    sentence = f"Nilai tercetaknya sama dengan calon lain; urutannya t{said[1:]}."
    assert explanations.why(cast.bkpsdm, round_.category_id, tied[0]).tie == sentence
    Period.update(state="objection").execute()
    assert explanations.own_score(cast.unit_admin, tied[0]).tie == sentence
