"""The ranking as staff read it: names for numbers, words for codes, ties, the proposal, and whether the data moved on."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Ranking
from sipetruk.queries.rankings import ComponentScore, final_ranking_id, ranking
from sipetruk.queries.results import DeterminedWinner, results
from sipetruk.rules.workflow import PeriodMove, PeriodState
from sipetruk.services import nominations, rankings
from sipetruk.services import results as results_service
from tests.services import builders

NOW = datetime(2030, 1, 1, tzinfo=UTC)

SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}


def ranked(cast, *marks, names=("Siti Aminah", "Budi Santoso", "Wati Lestari"), **options):
    round_, ids = builders.assessing(cast, *names[: len(marks)], **options)
    with builders.standing_at(2024, 10, 24):
        for id_, given in zip(ids, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, given)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    return round_, ids


def test_rows_carry_names_scores_and_every_contribution(db, cast):
    round_, ids = ranked(cast, builders.FULL_MARKS, SECOND)
    view = ranking(cast.viewer, round_.category_id)
    assert (view.category_name, view.period_state, view.winners_max, view.engine) == ("ASN Inovatif", PeriodState.RANKING, 1, "1")
    assert (view.summary.number, view.summary.state, view.summary.computed_by) == (1, "draft", "Rina Admin")
    assert [(row.nomination_id, row.name, row.unit_code, row.rank, row.score, row.is_proposed) for row in view.rows] == [
        (ids[0], "Siti Aminah", "dinkes", 1, "100.00", True),
        (ids[1], "Budi Santoso", "dinkes", 2, "90.50", False),
    ]
    second = view.rows[1]
    assert second.components == (
        ComponentScore("inovasi", "Inovasi", "50.50"),
        ComponentScore("rekam_jejak", "Rekam jejak", "40.00"),
    )
    assert [(part.label, part.panel_value, part.points, part.shown_contribution, part.marks) for part in second.criteria] == [
        ("Gagasan", "30.5", "30.50", "30.50", 2),
        ("Dampak", "20", "20.00", "20.00", 2),
        ("Disiplin", "20", "20.00", "20.00", 2),
        ("Penghargaan", "nasional: 1, provinsi: 0", "20.00", "20.00", 0),
    ]
    assert (view.award.winners, view.award.blocked, view.is_stale) == ((ids[0],), (), False)


def test_a_tie_that_the_chain_decides_says_so(db, cast):
    document = builders.tiny_instrument()
    document["components"][1]["criteria"][0]["scale"] = {"kind": "points", "max": 20, "step": 1}
    more_idea = SECOND | {"disiplin": {"state": "scored", "value": "10", "note": ""}}
    less_idea = builders.FULL_MARKS | {
        "gagasan": {"state": "scored", "value": "20.5", "note": ""},
        "disiplin": {"state": "scored", "value": "20", "note": ""},
    }
    round_, ids = ranked(cast, less_idea, more_idea, document=document)
    view = ranking(cast.bkpsdm, round_.category_id)
    assert [(row.nomination_id, row.score, row.rank, row.tie_group, row.decided_by, row.decided_by_label) for row in view.rows] == [
        (ids[1], "80.50", 1, 1, "component:inovasi", "Nilai Inovasi"),
        (ids[0], "80.50", 2, 1, "component:inovasi", "Nilai Inovasi"),
    ]
    assert [[row.nomination_id for row in tie] for tie in view.ties] == [[ids[1], ids[0]]]


def test_an_unresolved_tie_is_shown_with_what_it_blocks(db, cast):
    round_, ids = ranked(cast, SECOND, SECOND)
    view = ranking(cast.bkpsdm, round_.category_id)
    assert view.award.winners == ()
    assert view.award.unresolved == (tuple(ids),)
    assert view.award.blocked == ("2 calon bernilai sama memperebutkan 1 tempat terakhir; tim harus memutuskan urutannya.",)
    assert [row.decided_by_label for row in view.rows] == ["Belum diputuskan", "Belum diputuskan"]
    rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[ids[1], ids[0]], reason="Rapat tim.")
    decided = ranking(cast.bkpsdm, round_.category_id)
    assert [(entry.order, entry.reason) for entry in decided.decisions] == [(("2024-0002", "2024-0001"), "Rapat tim.")]
    assert decided.is_stale
    assert decided.award.blocked == ("Urutan 2 calon bernilai sama sudah diputuskan; hitung ulang agar berlaku.",)
    assert [tie.waits for view in (view, decided) for tie in view.open_ties] == [True, False]
    assert {row.decided_by_label for row in decided.rows} == {"Sudah diputuskan, berlaku setelah dihitung ulang"}


def test_what_is_missing_is_said_in_words(db, cast):
    round_, (budi,) = builders.assessing(cast, "Budi")
    builders.assess(cast.assessor, budi)
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    view = ranking(cast.bkpsdm, round_.category_id)
    assert (view.rows[0].status, view.rows[0].score, dict(view.statuses)) == ("INCOMPLETE", None, {"INCOMPLETE": 1})
    assert view.rows[0].reasons == tuple(f"Nilai “{label}” belum diberikan oleh 1 penilai." for label in ("Gagasan", "Dampak", "Disiplin"))
    assert view.award.blocked == ("Penilaian Budi belum lengkap.",)


def test_a_draft_tells_when_the_data_moved_on(db, cast):
    round_, ids = ranked(cast, builders.FULL_MARKS, SECOND)
    nominations.withdraw(cast.unit_admin, nomination_id=ids[1], reason="Pindah.", expected_version=builders.version_of(ids[1]))
    view = ranking(cast.bkpsdm, round_.category_id)
    assert view.is_stale
    assert [row.nomination_id for row in view.rows] == ids


def test_before_any_computation_there_is_an_empty_view(db, cast):
    round_ = builders.open_round(cast)
    view = ranking(cast.bkpsdm, round_.category_id)
    assert (view.summary, view.rows, view.history, view.is_stale) == (None, (), (), False)
    with pytest.raises(NotFound):
        final_ranking_id(cast.bkpsdm, round_.category_id)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head"])
def test_rankings_are_for_the_admin_and_the_auditor(db, cast, who):
    round_ = builders.open_round(cast)
    with pytest.raises(Forbidden):
        ranking(getattr(cast, who), round_.category_id)
    with pytest.raises(Forbidden):
        results(getattr(cast, who), round_.period_id, now=NOW)


def test_a_ranking_costs_the_same_for_one_row_and_for_three(db, cast):
    one, _ = ranked(cast, SECOND, slug="satu")
    three, _ = ranked(cast, SECOND, SECOND, SECOND, slug="tiga")
    counts = []
    for round_ in (one, three):
        with builders.counted(db) as sent:
            ranking(cast.bkpsdm, round_.category_id)
        counts.append(len(sent))
    assert counts == [18, 18]


def test_results_show_final_ranking_decree_and_publications(db, cast):
    round_, ids = ranked(cast, builders.FULL_MARKS, SECOND)
    with builders.standing_at(2024, 11, 6):
        ranking_id = Ranking.get(category=round_.category_id).id
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
        before = results(cast.viewer, round_.period_id, now=NOW)
        results_service.determine(
            cast.bkpsdm,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=[ids[0]],
            decree_number="SK-1",
            decree_on=date(2024, 11, 6),
        )
        publication_id = results_service.publish(cast.bkpsdm, period_id=round_.period_id)
    assert [(part.slug, part.final_ranking_id, part.determination) for part in before.categories] == [("inovatif", ranking_id, None)]
    assert before.standing is None
    after = results(cast.viewer, round_.period_id, now=NOW)
    winners = after.categories[0].determination.winners
    unit = winners[0].unit_name
    assert winners == (DeterminedWinner(ids[0], "2024-0001", 1, "Siti Aminah", unit, ""),)
    assert (after.period_state, after.standing.publication_id, after.standing.winners) == (PeriodState.PUBLISHED, publication_id, 1)
    results_service.unpublish(cast.bkpsdm, publication_id=publication_id, note="Keliru.")
    gone = results(cast.viewer, round_.period_id, now=NOW)
    assert (gone.standing, gone.publications[0].withdrawal_note) == (None, "Keliru.")
