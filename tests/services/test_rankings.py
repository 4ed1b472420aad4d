"""Rankings are computed from what was marked, decided in writing where they tie, made final once, and sealed."""

from __future__ import annotations

import json

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Nomination, Ranking, Sheet, TieDecision
from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.rules import seal
from sipetruk.rules.workflow import NominationState, PeriodMove
from sipetruk.services import assessment, nominations, rankings
from tests.kept import kept
from tests.services import builders

WORSE = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}


@kept
def assessed(cast, marks, **options):
    """A round in ranking with one nominee for each entry of `marks`, marked alike by both assessors."""
    names = [f"Calon {number}" for number in range(1, len(marks) + 1)]
    round_, ids = builders.assessing(cast, *names, **options)
    with builders.standing_at(2024, 10, 24):
        for id_, given in zip(ids, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, given)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    return round_, ids


def result_of(ranking_id):
    return json.loads(Ranking.get_by_id(ranking_id).result)


def places(ranking_id):
    return [(row["id"], row["status"], row["score"], row["rank"]) for row in result_of(ranking_id)["rows"]]


def final(cast, round_):
    with builders.standing_at(2024, 11, 2):
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    return ranking_id


def test_the_scores_are_those_of_the_marks(db, cast):
    round_, _ = assessed(cast, [WORSE, builders.FULL_MARKS])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    assert places(ranking_id) == [("2024-0002", "RANKED", "100.00", 1), ("2024-0001", "RANKED", "90.50", 2)]
    assert result_of(ranking_id)["award"]["winners"] == ["2024-0002"]


def test_computing_twice_gives_the_same_hashes_and_replaces_the_draft(db, cast):
    round_, _ = assessed(cast, [WORSE, builders.FULL_MARKS])
    first, second = (Ranking.get_by_id(rankings.compute(cast.bkpsdm, category_id=round_.category_id)) for _ in range(2))
    assert (first.input_sha256, first.result_sha256) == (second.input_sha256, second.result_sha256)
    states = [(row.number, row.state) for row in Ranking.select().order_by(Ranking.number)]
    assert states == [(1, "superseded"), (2, "draft")]


def test_the_inputs_hold_no_personal_data(db, cast):
    round_, ids = assessed(cast, [builders.FULL_MARKS])
    text = json.dumps(ranking_inputs(round_.category_id))
    person = Nomination.get_by_id(ids[0]).employee
    assert person.nip not in text
    assert person.name not in text
    assert cast.assessor.name not in text
    assert cast.assessor.username not in text


def test_the_inputs_cost_the_same_for_one_nominee_and_for_three(db, cast):
    one, _ = builders.assessing(cast, "Satu", slug="satu")
    three, _ = builders.assessing(cast, "Dua", "Tiga", "Empat", slug="tiga")
    counts = []
    for round_ in (one, three):
        with builders.counted(db) as sent:
            ranking_inputs(round_.category_id)
        counts.append(len(sent))
    assert counts == [11, 11]


def test_a_mark_not_yet_given_is_incomplete_and_never_zero(db, cast):
    round_, (budi,) = builders.assessing(cast, "Budi")
    builders.assess(cast.assessor, budi)
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    assert places(ranking_id) == [("2024-0001", "INCOMPLETE", None, None)]
    entry = ranking_inputs(round_.category_id)["nominees"][0]["marks"]["gagasan"]
    assert entry == [
        {"assessor": str(cast.assessor.user_id), "state": "scored", "value": "40"},
        {"assessor": str(cast.assessor2.user_id), "state": "not_yet", "value": None},
    ]


def test_an_incomplete_nominee_blocks_finalising(db, cast):
    panel = (cast.assessor, cast.assessor2, cast.assessor3)
    round_, (budi,) = builders.assessing(cast, "Budi", panel=panel)
    for assessor in panel:
        builders.assess(assessor, budi)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        Sheet.update(state="recused", reason="Atasan langsung.").where(Sheet.assessor != cast.assessor.user_id).execute()
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        with pytest.raises(Invalid, match="2024-0001 belum lengkap"):
            rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    assert Ranking.get_by_id(ranking_id).state == "draft"
    assert Nomination.get_by_id(budi).state == NominationState.ASSESSED


def test_the_marks_of_who_stepped_back_do_not_count(db, cast):
    panel = (cast.assessor, cast.assessor2, cast.assessor3)
    round_, (budi,) = builders.assessing(cast, "Budi", panel=panel)
    builders.assess(cast.assessor, budi)
    builders.assess(cast.assessor2, budi)
    version = builders.sheet_version(cast.assessor3, budi)
    assessment.save_marks(cast.assessor3, nomination_id=budi, marks=WORSE, expected_version=version)
    assessment.recuse(cast.assessor3, nomination_id=budi, reason="Saudara kandung.")
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    assert places(ranking_id) == [("2024-0001", "RANKED", "100.00", 1)]
    states = [mark["state"] for mark in ranking_inputs(round_.category_id)["nominees"][0]["marks"]["gagasan"]]
    assert states == ["scored", "scored", "recused"]


def test_a_withdrawn_nominee_is_not_ranked(db, cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi", "Wati")
    for assessor in (cast.assessor, cast.assessor2):
        builders.assess(assessor, wati)
    nominations.withdraw(cast.unit_admin, nomination_id=budi, reason="Pindah tugas.", expected_version=builders.version_of(budi))
    assert places(rankings.compute(cast.bkpsdm, category_id=round_.category_id)) == [("2024-0002", "RANKED", "100.00", 1)]


def test_finalising_moves_the_nominees_and_seals_the_result(db, cast):
    round_, ids = assessed(cast, [WORSE, builders.FULL_MARKS])
    ranking_id = final(cast, round_)
    row = Ranking.get_by_id(ranking_id)
    assert (row.state, row.finalised_by_id) == ("final", cast.bkpsdm.user_id)
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked", "ranked"]
    entry = AuditEntry.select().where(AuditEntry.action == "ranking:finalise").get()
    assert entry.after == {
        "number": 1,
        "input_sha256": row.input_sha256,
        "result_sha256": row.result_sha256,
        "ranked": ["2024-0001", "2024-0002"],
    }


def test_the_exported_file_verifies_from_itself_alone(db, cast):
    round_, _ = assessed(cast, [WORSE, builders.FULL_MARKS])
    document = json.loads(json.dumps(rankings.export(cast.bkpsdm, ranking_id=final(cast, round_))))
    assert seal.verify(document) == seal.Verdict(equal=True, differences=[])
    document["result"]["rows"][0]["score"] = "99.99"
    assert not seal.verify(document).equal


def test_a_draft_is_not_exported(db, cast):
    round_, _ = assessed(cast, [WORSE])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    with pytest.raises(Invalid, match="Hanya pemeringkatan final"):
        rankings.export(cast.bkpsdm, ranking_id=ranking_id)


def test_data_that_changed_since_the_computation_refuse_the_final(db, cast):
    round_, (_, wati) = assessed(cast, [WORSE, builders.FULL_MARKS])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    nominations.withdraw(cast.unit_admin, nomination_id=wati, reason="Pindah tugas.", expected_version=builders.version_of(wati))
    with pytest.raises(Conflict, match="Data berubah sejak"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    assert Ranking.get_by_id(ranking_id).state == "draft"


def test_only_the_result_that_was_seen_becomes_final(db, cast):
    round_, _ = assessed(cast, [WORSE])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    with pytest.raises(Conflict, match="bukan hasil pemeringkatan ini"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256="0" * 64)
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    with pytest.raises(Conflict, match="perhitungan yang lebih baru"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)


def test_a_final_ranking_is_final(db, cast):
    round_, _ = assessed(cast, [WORSE])
    ranking_id = final(cast, round_)
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    with pytest.raises(Conflict, match="sudah final"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)


def test_a_tie_across_the_last_place_waits_for_a_written_decision(db, cast):
    round_, (budi, wati) = assessed(cast, [WORSE, WORSE])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    assert result_of(ranking_id)["award"]["unresolved"] == [["2024-0001", "2024-0002"]]
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    with pytest.raises(Invalid, match="seri pada batas pemenang"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[wati, budi], reason="Pengabdian di daerah terpencil.")
    with pytest.raises(Invalid, match="pada batas pemenang sudah diputuskan"):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    result = result_of(final(cast, round_))
    assert [(row["id"], row["rank"], row["decided_by"]) for row in result["rows"]] == [
        ("2024-0002", 1, "committee"),
        ("2024-0001", 2, "committee"),
    ]
    assert result["award"]["winners"] == ["2024-0002"]


def test_a_decision_is_only_about_nominees_that_are_tied(db, cast):
    round_, (budi, wati, _) = assessed(cast, [WORSE, builders.FULL_MARKS, WORSE])
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    for order, message in (
        ([budi, wati], "tepat calon yang nilainya masih seri"),
        ([budi, budi], "disebut dua kali"),
        ([budi, 999], "tidak dikenal"),
    ):
        with pytest.raises(Invalid, match=message):
            rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=order, reason="Alasan.")
    assert TieDecision.select().count() == 0


def test_a_decision_needs_a_reason(db, cast):
    round_, (budi, wati) = assessed(cast, [WORSE, WORSE])
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    with pytest.raises(Invalid, match="Alasan keputusan wajib diisi"):
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[wati, budi], reason="  ")
    for reason in ("x" * 4_001, "Rapat\x00pleno."):  # what no sealed document may carry would stop every later computation
        with pytest.raises(Invalid):
            rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[wati, budi], reason=reason)
    assert TieDecision.select().count() == 0


def test_a_later_decision_replaces_an_earlier_one(db, cast):
    round_, (budi, wati) = assessed(cast, [WORSE, WORSE])
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    for order in ([wati, budi], [budi, wati]):
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=order, reason="Keputusan rapat.")
    assert result_of(final(cast, round_))["award"]["winners"] == ["2024-0001"]


def test_nothing_is_computed_before_the_assessment(db, cast):
    round_ = builders.open_round(cast)
    with pytest.raises(IllegalMove, match="belum atau tidak lagi saatnya menghitung"):
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    assert Ranking.select().count() == 0


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer"])
def test_only_the_admin_computes_decides_and_finalises(db, cast, who):
    round_, ids = assessed(cast, [WORSE])
    ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        rankings.compute(actor, category_id=round_.category_id)
    with pytest.raises(Forbidden):
        rankings.decide_tie(actor, category_id=round_.category_id, order=ids, reason="Alasan.")
    with pytest.raises(Forbidden):
        rankings.finalise(actor, ranking_id=ranking_id, expected_result_sha256=sha256)
    assert [(row.id, row.state) for row in Ranking.select()] == [(ranking_id, "draft")]


def test_an_unknown_category_or_ranking_is_not_found(db, cast):
    with pytest.raises(NotFound):
        rankings.compute(cast.bkpsdm, category_id=4711)
    with pytest.raises(NotFound):
        rankings.finalise(cast.bkpsdm, ranking_id=4711, expected_result_sha256="")
    with pytest.raises(NotFound):
        rankings.export(cast.bkpsdm, ranking_id=4711)
