"""The interview: the best of a first ranking, marked anew by its own instrument, to which the first total may belong exactly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Category, Determination, Nomination, Period, Publication, Ranking, Sheet, Winner
from sipetruk.queries import conflicts, panels
from sipetruk.queries import interviews as queries
from sipetruk.rules import checking, seal
from sipetruk.rules.canonical import canonical
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import assessment, interviews, nominations, periods, proposals, rankings, reassessment, results
from tests.kept import kept
from tests.services import builders
from tests.services.second import second_admin

NAMES = ("Siti Aminah", "Budi Santoso", "Wati Lestari", "Anang Syahrani")
FIRST = ("40", "30.5", "30.5", "10")
BELOW = ("30", "20", "10", "0")
"""What both assessors give for "gagasan": totals 100, 90.5, 90.5 and 70; below the floor of 60 points, 80 to 50."""


def interview_instrument() -> dict[str, Any]:
    """60 % the first stage's exact total, 40 % what the jury gives of 100."""
    document = builders.tiny_instrument()
    first = builders.criterion("tahap_pertama", "Nilai tahap pertama", {"kind": "percentage", "max": 100}, source="first_stage")
    jury = builders.criterion("juri", "Wawancara", {"kind": "points", "max": 100, "step": "0.5"})
    document["policy"] |= {"combine": "weighted_sum", "tie_chain": []}
    document["components"] = [
        {"code": "awal", "label": "Tahap pertama", "help": "", "weight": 6000, "criteria": [first]},
        {"code": "wawancara", "label": "Wawancara", "help": "", "weight": 4000, "criteria": [jury]},
    ]
    document["evidence"], document["fields"] = [], []
    return document


@kept
def prepared(cast, *, finalists=2, winners=1, document=None, first=None):
    """A period with a category and its interview, both with a panel, still in preparation; `first` is the instrument before it."""
    round_ = builders.prepared_round(cast, first, winners=winners)
    version_id = builders.locked_version(document or interview_instrument(), actor=cast.bkpsdm)
    interview_id = periods.add_category(
        cast.bkpsdm,
        period_id=round_.period_id,
        name="ASN Inovatif, wawancara",
        slug="wawancara",
        instrument_version_id=version_id,
        winners=winners,
    )
    periods.set_panel(cast.bkpsdm, category_id=interview_id, user_ids=[cast.assessor.user_id, cast.assessor2.user_id])
    if finalists is not None:
        set_stage(cast, interview_id, round_.category_id, finalists)
    return round_, interview_id


def set_stage(cast, category_id, first_id, finalists):
    version = Category.get_by_id(category_id).row_version
    return interviews.set_stage(
        cast.bkpsdm, category_id=category_id, first_stage_id=first_id, finalists=finalists, expected_version=version
    )


def begun(cast, *, is_blind=False, **options):
    """The first stage being assessed, and who takes part in it."""
    round_, interview_id = prepared(cast, **options)
    Category.update(is_blind=is_blind).execute()
    with builders.standing_at(2024, 10, 1):
        builders.move(cast, round_, PeriodMove.OPEN)
    ids = [builders.verified(cast, round_, name) for name in NAMES]
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
    return round_, interview_id, ids


@kept
def ranked(cast, *, marks=FIRST, **options):
    """The first stage assessed and its ranking final; the interview not yet open."""
    round_, interview_id, ids = begun(cast, **options)
    with builders.standing_at(2024, 10, 24):
        for id_, value in zip(ids, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": value, "note": ""}})
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        finalise(cast, round_.category_id)
    return round_, interview_id, ids


def finalise(cast, category_id):
    ranking_id = rankings.compute(cast.bkpsdm, category_id=category_id)
    sha256 = Ranking.get_by_id(ranking_id).result_sha256
    rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    return ranking_id


def move(cast, round_, step, reason="Sesuai rapat."):
    version = Period.get_by_id(round_.period_id).row_version
    return periods.move(cast.bkpsdm, period_id=round_.period_id, move=step, expected_version=version, reason=reason)


@kept
def held(cast, marks=("60", "90", "80.5"), **options):
    """The interview marked (by both alike) and its ranking final; the nominations in it, in the order of their numbers."""
    round_, interview_id, ids = ranked(cast, **options)
    with builders.standing_at(2024, 11, 2):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        inside = [row.id for row in Nomination.select().where(Nomination.category == interview_id).order_by(Nomination.number)]
        for id_, value in zip(inside, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, {"juri": {"state": "scored", "value": value, "note": ""}})
        move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = finalise(cast, interview_id)
    return round_, interview_id, ids, inside, ranking_id


def left_in_the_first_stage(cast, *, is_blind=False):
    """As `ranked`, but Siti, who goes on, was left by the second assessor, whose place a third one took."""
    round_, interview_id, ids = begun(cast, is_blind=is_blind)
    with builders.standing_at(2024, 10, 24):
        assessment.recuse(cast.assessor2, nomination_id=ids[0], reason="Kami pernah berselisih.")
        left = Sheet.get(nomination=ids[0], assessor=cast.assessor2.user_id)
        given = {"user_id": cast.assessor3.user_id, "reason": "Pengganti.", "expected_version": left.row_version}
        reassessment.replace(cast.bkpsdm, sheet_id=left.id, **given)
        for id_, value in zip(ids, FIRST, strict=True):
            for assessor in (cast.assessor, cast.assessor3 if id_ == ids[0] else cast.assessor2):
                builders.assess(assessor, id_, builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": value, "note": ""}})
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        finalise(cast, round_.category_id)
    return round_, interview_id, ids


def sheets_of(category_id):
    """Who has a sheet of whom, by name and account."""
    rows = Sheet.select(Nomination.person, Sheet.assessor).join(Nomination).where(Nomination.category == category_id)
    return sorted((person["full_name"], assessor) for person, assessor in rows.tuples())


def final_rows(category_id):
    return rankings.stored_seal(Ranking.get(Ranking.category == category_id, Ranking.state == "final")).result["rows"]


def rows_of(ranking_id):
    sealed = rankings.stored_seal(Ranking.get_by_id(ranking_id))
    return [(row["id"], row["rank"], row["exact"], row["score"]) for row in sealed.result["rows"]]


def test_the_best_of_the_first_stage_go_on_and_all_who_tie_at_the_border(db, cast):
    round_, interview_id, ids = ranked(cast)
    with builders.standing_at(2024, 11, 2):
        assert move(cast, round_, PeriodMove.OPEN_INTERVIEW) == "assessment"
    inside = list(Nomination.select().where(Nomination.category == interview_id).order_by(Nomination.number))
    numbers = [Nomination.get_by_id(id_).number for id_ in ids]
    assert [(row.number, row.state) for row in inside] == [(f"{number}-W", "verified") for number in numbers[:3]], (
        "90.5 twice at the border"
    )
    assert [(row.person["full_name"], row.answers["judul"]) for row in inside] == [(name, builders.ANSWERS["judul"]) for name in NAMES[:3]]
    known = conflicts.candidates(Nomination.category == interview_id)
    assert {each.endorsed_by for each in known.values()} == {frozenset({cast.unit_head.user_id})}, "who signed does not assess here either"
    sheets = Sheet.select().where(Sheet.nomination.in_([row.id for row in inside]))
    assert sorted((sheet.assessor_id, sheet.state) for sheet in sheets) == sorted(
        [(actor.user_id, "open") for actor in (cast.assessor, cast.assessor2)] * 3
    )
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked"] * 4
    assert AuditEntry.get(action="interview:begin").after == {"finalists": numbers[:3]}


def test_no_tie_stands_in_the_way_of_a_first_stage_since_all_who_tie_go_on(db, cast):
    round_, interview_id, _ = ranked(cast, winners=2)
    award = rankings.stored_seal(Ranking.get(category=round_.category_id, state="final")).result["award"]
    assert [reason["code"] for reason in award["blocked"]] == ["TIE_ACROSS_LAST_AWARD"]
    with builders.standing_at(2024, 11, 2):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
    assert Nomination.select().where(Nomination.category == interview_id).count() == 3


def test_the_first_total_counts_exactly_and_the_seal_is_recomputed_from_the_file_alone(db, cast):
    _, _, ids, inside, ranking_id = held(cast)
    numbers = [Nomination.get_by_id(id_).number for id_ in inside]
    # 60 % of 100, 90.5, 90.5 and 40 % of 60, 90, 80.5
    assert [Fraction(60, 100) * first + Fraction(40, 100) * jury for first, jury in ((100, 60), (Fraction("90.5"), 90))] == [
        84,
        Fraction("90.3"),
    ]
    assert rows_of(ranking_id) == [
        (numbers[1], 1, "903/10", "90.30"),
        (numbers[2], 2, "173/2", "86.50"),
        (numbers[0], 3, "84/1", "84.00"),
    ]
    document = rankings.export(cast.bkpsdm, ranking_id=ranking_id)
    assert [nominee["values"] for nominee in document["inputs"]["nominees"]] == [
        {"tahap_pertama": "100"},
        {"tahap_pertama": "90.5"},
        {"tahap_pertama": "90.5"},
    ]
    assert seal.verify(document).equal
    assert checking.check_bytes(canonical(document)).equal
    document["inputs"]["nominees"][0]["values"]["tahap_pertama"] = "99"
    assert not seal.verify(document).equal
    assert len(ids) == 4


def test_the_winner_of_the_interview_wins_and_is_counted_once(db, cast):
    round_, interview_id, ids, inside, ranking_id = held(cast)
    with builders.standing_at(2024, 11, 6):
        move(cast, round_, PeriodMove.START_DETERMINATION)
        with pytest.raises(IllegalMove, match="ASN Inovatif, wawancara"):
            determine(cast, round_.category_id, Ranking.get(category=round_.category_id, state="final").id, ids[:1])
        with pytest.raises(Invalid) as refusal:
            results.publish(cast.bkpsdm, period_id=round_.period_id)
        assert [problem.message for problem in refusal.value.problems] == ["Pemenang kategori “ASN Inovatif, wawancara” belum ditetapkan."]
        determine(cast, interview_id, ranking_id, [inside[1]])
        assert [Nomination.get_by_id(id_).state for id_ in inside] == ["not_awarded", "awarded", "not_awarded"]
        assert [Nomination.get_by_id(id_).state for id_ in ids] == ["not_awarded", "awarded", "not_awarded", "not_awarded"]
        results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_breakdown")
    publication = Publication.get()
    assert publication.statistics["total"] == {"nominated": 4, "verified": 4, "winners": 1}
    assert [winner.name for winner in publication.winners] == ["Budi Santoso"]
    assert checking.check_bytes(canonical(publication.file)).equal


def test_taking_the_determination_back_reaches_the_first_stage_as_well(db, cast):
    second = second_admin()
    round_, interview_id, ids, inside, ranking_id = held(cast)
    with builders.standing_at(2024, 11, 6):
        move(cast, round_, PeriodMove.START_DETERMINATION)
        determine(cast, interview_id, ranking_id, [inside[1]])
        proposal_id = proposals.propose_revocation(cast.bkpsdm, category_id=interview_id, reason="Salah.")
        proposals.approve(second, proposal_id=proposal_id)
    assert {Nomination.get_by_id(id_).state for id_ in (*ids, *inside)} == {"ranked"}
    assert (Determination.select().count(), Winner.select().count()) == (1, 1)


def determine(cast, category_id, ranking_id, nomination_ids):
    return results.determine(
        cast.bkpsdm,
        category_id=category_id,
        ranking_id=ranking_id,
        nomination_ids=nomination_ids,
        decree_number="SK-1",
        decree_on=date(2024, 11, 5),
    )


def test_the_round_does_not_go_on_without_the_interview(db, cast):
    round_, interview_id, _ = ranked(cast)
    with builders.standing_at(2024, 11, 6):
        with pytest.raises(IllegalMove, match="Tahap wawancara belum dibuka untuk kategori: ASN Inovatif, wawancara"):
            move(cast, round_, PeriodMove.START_DETERMINATION)
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        with pytest.raises(IllegalMove, match="6 lembar penilaian"):
            move(cast, round_, PeriodMove.START_RANKING)
    assert Period.get_by_id(round_.period_id).state == "assessment"
    assert Nomination.select().where(Nomination.category == interview_id).count() == 3


def test_where_nobody_reaches_the_floor_there_is_no_interview_and_the_round_goes_on(db, cast):
    document = builders.tiny_instrument()
    document["policy"]["floors"] = [{"component": document["components"][0]["code"], "at_least": 60}]
    round_, _, _ = ranked(cast, first=document, marks=BELOW)
    assert {row["status"] for row in final_rows(round_.category_id)} == {"NOT_ELIGIBLE"}
    assert queries.waiting(round_.period_id) == []
    with builders.standing_at(2024, 11, 6):
        with pytest.raises(IllegalMove, match="tidak mempunyai kategori wawancara yang belum dibuka"):
            move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        assert move(cast, round_, PeriodMove.START_DETERMINATION) == "determination"


def test_what_the_finalists_were_taken_from_does_not_change_any_more(db, cast):
    round_, _, ids = ranked(cast)
    with builders.standing_at(2024, 11, 2):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        sheet = Sheet.select().where(Sheet.nomination == ids[0]).first()
        with pytest.raises(IllegalMove):
            reassessment.reopen(
                cast.bkpsdm, nomination_id=ids[0], sheet_ids=[sheet.id], reason="Salah.", expected_version=builders.version_of(ids[0])
            )
        with pytest.raises(IllegalMove, match="tidak dapat dilakukan karena periode"):
            move(cast, round_, PeriodMove.OPEN_INTERVIEW)
    Period.update(state="ranking").execute()
    draft = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    with pytest.raises(IllegalMove, match="Tahap wawancara sudah dibuka"):
        rankings.finalise(cast.bkpsdm, ranking_id=draft, expected_result_sha256=Ranking.get_by_id(draft).result_sha256)
    with pytest.raises(IllegalMove, match="tidak mempunyai kategori wawancara yang belum dibuka"):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
    assert Ranking.select().where(Ranking.state == "final").count() == 1


def test_an_interview_needs_the_first_ranking(db, cast):
    round_, _ = prepared(cast)
    Period.update(state="ranking").execute()
    with pytest.raises(IllegalMove, match="belum mempunyai pemeringkatan final untuk wawancara: ASN Inovatif, wawancara"):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)


@pytest.mark.parametrize("is_blind", [False, True])
def test_who_stepped_back_from_a_nominee_does_not_assess_them_in_the_interview(db, cast, is_blind):
    round_, interview_id, _ = left_in_the_first_stage(cast, is_blind=is_blind)
    why = "sudah mengundurkan diri dari menilai calon ini"
    desk = panels.desk(cast.bkpsdm, interview_id)
    found = {(row.name, pair.user_id): pair.conflict for row in desk.rows for pair in row.pairs if pair.conflict}
    assert found == {("Siti Aminah", cast.assessor2.user_id): why}
    assert (len(desk.rows), desk.is_ahead, desk.may_change, desk.may_assign) == (3, True, True, False)
    (short,) = desk.blockers
    assert short.message.endswith(f"Siti Aminah baru mempunyai 1 dari 2 penilai. Dewi Penilai tidak boleh menilai ({why}).")
    with builders.standing_at(2024, 11, 2):
        with pytest.raises(Invalid, match="Siti Aminah baru mempunyai 1 dari 2 penilai"):
            move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        jury = [cast.assessor.user_id, cast.assessor2.user_id, cast.assessor3.user_id]
        periods.set_panel(cast.bkpsdm, category_id=interview_id, user_ids=jury)
        with pytest.raises(IllegalMove, match="tidak dapat diubah setelah penilaian dimulai"):
            periods.set_panel(cast.bkpsdm, category_id=round_.category_id, user_ids=jury)
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)
        with pytest.raises(IllegalMove, match="tidak dapat diubah setelah penilaian dimulai"):
            periods.set_panel(cast.bkpsdm, category_id=interview_id, user_ids=jury[:2])
    expected = [(name, who) for name in ("Budi Santoso", "Siti Aminah", "Wati Lestari") for who in sorted(jury)]
    expected.remove(("Siti Aminah", cast.assessor2.user_id))
    assert sheets_of(interview_id) == expected
    siti = next(row.id for row in Nomination.select().where(Nomination.category == interview_id) if row.person["full_name"] == NAMES[0])
    (entry,) = AuditEntry.select().where(AuditEntry.action == "sheet:exclude")
    assert (entry.thing_id, entry.after) == (str(interview_id), {"excluded": {str(siti): {str(cast.assessor2.user_id): ["stepped_back"]}}})
    pairs = {
        pair.user_id: pair.conflict for row in panels.desk(cast.bkpsdm, interview_id).rows if row.name == NAMES[0] for pair in row.pairs
    }
    assert pairs == {cast.assessor.user_id: "", cast.assessor2.user_id: why, cast.assessor3.user_id: ""}
    sheet = Sheet.get(nomination=siti, assessor=cast.assessor.user_id)
    given = {"user_id": cast.assessor2.user_id, "reason": "Pengganti.", "expected_version": sheet.row_version}
    with builders.standing_at(2024, 11, 2), pytest.raises(Invalid, match="sudah mengundurkan diri"):
        reassessment.replace(cast.bkpsdm, sheet_id=sheet.id, **given)


def test_a_period_without_an_interview_has_none_to_open(db, cast):
    round_, _ = prepared(cast, finalists=None, document=builders.tiny_instrument())
    Period.update(state="ranking").execute()
    with pytest.raises(IllegalMove, match="tidak mempunyai kategori wawancara"):
        move(cast, round_, PeriodMove.OPEN_INTERVIEW)


def test_units_nominate_nobody_into_an_interview(db, cast):
    round_, interview_id = prepared(cast)
    with builders.standing_at(2024, 10, 1):
        builders.move(cast, round_, PeriodMove.OPEN)
    employee_id = builders.employee(cast.unit_id, "Rudi")
    with builders.during_nomination(), pytest.raises(IllegalMove, match="Peserta wawancara"):
        nominations.draft(cast.unit_admin, category_id=interview_id, employee_id=employee_id)
    assert Nomination.select().count() == 0


def test_the_value_of_a_first_stage_belongs_into_an_interview(db, cast):
    round_, _ = prepared(cast, finalists=None)
    with builders.standing_at(2024, 10, 1), pytest.raises(Invalid) as refusal:
        builders.move(cast, round_, PeriodMove.OPEN)
    assert [problem.message for problem in refusal.value.problems] == [
        "Instrumen kategori “ASN Inovatif, wawancara” memakai nilai tahap pertama, padahal kategori ini bukan tahap wawancara."
    ]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda first, _: (first, None), "finalists"),
        (lambda _, __: (None, 3), "finalists"),
        (lambda first, _: (first, 0), "finalists"),
        (lambda first, _: (first, 1_001), "finalists"),
        (lambda _, own: (own, 3), "firstStageId"),
        (lambda _, __: (4711, 3), "firstStageId"),
    ],
)
def test_a_stage_is_another_category_of_the_same_period(db, cast, change, path):
    round_, interview_id = prepared(cast, finalists=None)
    with pytest.raises(Invalid) as refusal:
        set_stage(cast, interview_id, *change(round_.category_id, interview_id))
    assert [problem.path for problem in refusal.value.problems] == [(path,)]
    assert (Category.get_by_id(interview_id).first_stage_id, Category.get_by_id(interview_id).finalists) == (None, None)


def test_there_is_one_interview_and_nothing_behind_it(db, cast):
    round_, interview_id = prepared(cast)
    third = periods.add_category(
        cast.bkpsdm, period_id=round_.period_id, name="Lain", slug="lain", instrument_version_id=round_.version_id, winners=1
    )
    with pytest.raises(Conflict, match="sudah mempunyai tahap wawancara"):
        set_stage(cast, third, round_.category_id, 2)
    with pytest.raises(Invalid, match="hanya satu tahap"):
        set_stage(cast, third, interview_id, 2)
    with pytest.raises(Invalid, match="hanya satu tahap"):
        set_stage(cast, round_.category_id, third, 2)
    version = Category.get_by_id(round_.category_id).row_version
    with pytest.raises(Conflict, match="Lepaskan dahulu"):
        periods.remove_category(cast.bkpsdm, category_id=round_.category_id, expected_version=version)
    with pytest.raises(Conflict):
        interviews.set_stage(cast.bkpsdm, category_id=interview_id, first_stage_id=None, finalists=None, expected_version=99)
    assert queries.interview_of(round_.category_id).id == interview_id
    set_stage(cast, interview_id, None, None)
    assert queries.interview_of(round_.category_id) is None


def test_a_stage_is_set_in_preparation_by_who_may(db, cast):
    round_, interview_id = prepared(cast)
    for who in ("verifier", "assessor", "unit_admin", "unit_head", "viewer"):
        with pytest.raises(Forbidden):
            interviews.set_stage(getattr(cast, who), category_id=interview_id, first_stage_id=None, finalists=None, expected_version=1)
    with pytest.raises(NotFound):
        interviews.set_stage(cast.bkpsdm, category_id=4711, first_stage_id=None, finalists=None, expected_version=1)
    with builders.standing_at(2024, 10, 1):
        builders.move(cast, round_, PeriodMove.OPEN)
    with pytest.raises(IllegalMove):
        set_stage(cast, interview_id, None, None)
    assert Category.get_by_id(interview_id).finalists == 2
