"""The provisional standing is what an official ranking would say now, from kept sums and from the marks alike."""

from __future__ import annotations

from random import Random

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Category, Mark, MarkSum, Nomination, Ranking
from sipetruk.queries import standing
from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.queries.rankings import ranking
from sipetruk.rules import seal
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import assessment, rankings
from tests.services import builders

ANSWERS = {"judul": "Antrean daring puskesmas", "tingkat": "kabupaten"}


def part(code, *criteria):
    return {"code": code, "label": code.upper(), "help": "", "weight": None, "criteria": list(criteria)}


def instrument(*, last=None, **policy):
    """100 points: x 30 and y 20 in one component, z 50 in the other."""
    x = builders.criterion("x", "X", {"kind": "points", "max": 30, "step": "0.5"})
    y = builders.criterion("y", "Y", {"kind": "choice", "points": [0, 10, 20]})
    z = last or builders.criterion("z", "Z", {"kind": "percentage", "max": 50})
    base = builders.tiny_instrument()
    policy = base["policy"] | {"tie_chain": []} | policy
    return base | {"components": [part("a", x, y), part("b", z)], "policy": policy}


THRESHOLD = builders.criterion("z", "Z", {"kind": "threshold", "bands": [{"at_least": "60", "points": 50}], "else": 5})
FROM_THE_UNIT = builders.criterion("z", "Z", {"kind": "choice", "points": [0, 25, 50]}, source="unit")
WEIGHTED = {
    "policy": builders.tiny_instrument()["policy"] | {"combine": "weighted_sum", "tie_chain": [{"by": "criterion", "code": "x"}]},
}
INSTRUMENTS = {
    "one sum": instrument(),
    "a tie chain": instrument(tie_chain=[{"by": "component", "code": "b"}, {"by": "attribute", "code": "length_of_service_days"}]),
    "a threshold": instrument(last=THRESHOLD, tie_chain=[{"by": "component", "code": "a"}]),
    "a floor": instrument(floors=[{"component": "a", "at_least": "20"}]),
    "rounding on the way": instrument(rounding={"stage": "criterion", "mode": "half_up", "decimals": 0}),
    "a median": instrument(aggregation={"kind": "median"}),
    "weights": instrument() | WEIGHTED,
}
for _part, _weight in zip(INSTRUMENTS["weights"]["components"], (3_700, 6_300), strict=True):
    _part["weight"] = _weight
VALUES = {"x": ("0", "12.5", "30"), "y": ("0", "10", "20"), "z": ("0", "60", "100")}


def assessing(cast, *names, document, answers=ANSWERS, **options):
    """A round in assessment with a verified nomination for each name."""
    round_ = builders.open_round(cast, document, **options)
    ids = [builders.verified(cast, round_, name, answers) for name in names]
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
    return round_, ids


def official(category_id):
    """(number, status, exact, printed, rank, tie group, decider) as a ranking of the present marks says."""
    rows = seal.compute(ranking_inputs(category_id)).result["rows"]
    return [tuple(row[key] for key in ("id", "status", "exact", "score", "rank", "tie_group", "decided_by")) for row in rows]


def told(category_id, *, kept):
    numbers = dict(Nomination.select(Nomination.id, Nomination.number).tuples())
    rows = [
        (numbers[place.id], place.status, None if place.total is None else "/".join(map(str, place.total.as_integer_ratio())), *place[3:])
        for place in standing.places(category_id, kept=kept)
    ]
    return sorted(rows, key=lambda row: (row[4] is None, row[4] or 0, row[0]))


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_the_standing_is_what_a_ranking_would_say_now(db, cast, kind):
    chance = Random(kind)  # noqa: S311  # the same marks every time
    panel = (cast.assessor, cast.assessor2, cast.assessor3)
    round_, ids = assessing(cast, "Satu", "Dua", "Tiga", "Empat", "Lima", document=INSTRUMENTS[kind], panel=panel)
    with builders.standing_at(2024, 10, 24):
        for step, (who, id_) in enumerate((who, id_) for _ in range(2) for id_ in ids for who in panel):
            if step == 17:
                assessment.recuse(cast.assessor3, nomination_id=ids[0], reason="Kerabat.")
            if step >= 17 and (who, id_) == (cast.assessor3, ids[0]):
                continue
            marks = {code: {"state": "scored", "value": chance.choice(values), "note": ""} for code, values in VALUES.items()}
            if chance.random() < 0.2:
                marks["x"] = {"state": "abstained", "note": "Tidak tahu."}
            assessment.save_marks(who, nomination_id=id_, marks=marks, expected_version=builders.sheet_version(who, id_))
            if step % 5 == 0:
                expected = official(round_.category_id)
                assert told(round_.category_id, kept=True) == expected
                assert told(round_.category_id, kept=False) == expected


def test_values_from_the_unit_and_decisions_count(db, cast):
    round_, ids = assessing(cast, "Satu", "Dua", document=instrument(last=FROM_THE_UNIT), answers=ANSWERS | {"z": "25"})
    with builders.standing_at(2024, 10, 24):
        for id_ in ids:
            for who in (cast.assessor, cast.assessor2):
                builders.assess(who, id_, {code: {"state": "scored", "value": "10", "note": ""} for code in ("x", "y")})
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        tied = [(row.rank, row.decided_by) for row in standing.standing(cast.bkpsdm, round_.category_id).rows]
        assert tied == [(1, "unresolved"), (1, "unresolved")]
        for winners, per_unit, first_stage, said in (
            (1, None, False, "Belum diputuskan"),
            (2, 1, False, "Belum diputuskan"),
            (2, None, False, "Tidak perlu diputuskan: tidak mengubah pemenang"),
            (2, 2, False, "Tidak perlu diputuskan: tidak mengubah pemenang"),
            (1, None, True, "Tidak perlu diputuskan: semua yang seri pada batas finalis lanjut"),
        ):
            Category.update(winners=winners, winners_per_unit=per_unit).execute()
            if first_stage:
                interview_of(round_)
            rankings.compute(cast.bkpsdm, category_id=round_.category_id)
            for first in (standing.SHOWN, 1):
                rows = standing.standing(cast.bkpsdm, round_.category_id, first=first).rows
                assert {(row.decided_by_label, row.decider) for row in rows} == {(said, said)}
            assert {row.decider for row in ranking(cast.bkpsdm, round_.category_id).rows} == {said}
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=ids[::-1], reason="Rapat pleno.")
    rows = standing.standing(cast.bkpsdm, round_.category_id).rows
    assert [(row.nomination_id, row.rank, row.score, row.decided_by_label) for row in rows] == [
        (ids[1], 1, "45.00", "Keputusan tim penilai"),
        (ids[0], 2, "45.00", "Keputusan tim penilai"),
    ]
    assert told(round_.category_id, kept=True) == official(round_.category_id)


def interview_of(round_):
    stage = Category.get_by_id(round_.category_id)
    given = {"period": stage.period_id, "instrument_version": stage.instrument_version_id, "position": 2, "winners": 1}
    Category.create(name="Wawancara", slug="wawancara", first_stage=stage.id, finalists=1, **given)


def test_while_somebody_is_incomplete_no_tie_is_called_needless(db, cast):
    round_, ids = assessing(cast, "Satu", "Dua", "Tiga", document=instrument())
    with builders.standing_at(2024, 10, 24):
        for id_ in ids[:2]:
            for who in (cast.assessor, cast.assessor2):
                builders.assess(who, id_, {code: {"state": "scored", "value": values[-1], "note": ""} for code, values in VALUES.items()})
    found = standing.standing(cast.bkpsdm, round_.category_id)
    assert [row.decider for row in found.rows] == ["Belum diputuskan", "Belum diputuskan", ""]


def test_rows_say_who_stands_where_and_how_far_the_marks_are(db, cast):
    round_, (satu, dua) = assessing(cast, "Satu", "Dua", document=instrument())
    with builders.standing_at(2024, 10, 24):
        full = {code: {"state": "scored", "value": values[-1], "note": ""} for code, values in VALUES.items()}
        builders.assess(cast.assessor, dua, full)
        builders.assess(cast.assessor2, dua, full | {"x": {"state": "scored", "value": "12.5", "note": ""}})
        version = builders.sheet_version(cast.assessor, satu)
        assessment.save_marks(cast.assessor, nomination_id=satu, marks={"x": full["x"]}, expected_version=version)
    found = standing.standing(cast.bkpsdm, round_.category_id)
    assert (found.nominees, found.complete, found.marks_given, found.marks_due) == (2, 1, 7, 12)
    assert [
        (row.nomination_id, row.name, row.status, row.exact, row.score, row.rank, row.is_complete, row.marks_given, row.marks_due)
        for row in found.rows
    ] == [
        (dua, "Dua", "RANKED", "365/4", "91.25", 1, True, 6, 6),
        (satu, "Satu", "INCOMPLETE", None, None, None, False, 1, 6),
    ]
    assert standing.standing(cast.bkpsdm, round_.category_id, first=1).rows == found.rows[:1]
    assert Ranking.select().count() == 0


def test_before_the_assessment_nobody_has_a_place(db, cast):
    round_ = builders.open_round(cast, instrument())
    found = standing.standing(cast.bkpsdm, round_.category_id)
    assert (found.rows, found.nominees, found.complete, found.marks_given, found.marks_due) == ((), 0, 0, 0, 0)


def test_only_those_who_read_rankings_see_it(db, cast):
    round_, _ = assessing(cast, "Satu", document=instrument())
    for actor in (cast.assessor, cast.unit_admin, cast.outsider):
        with pytest.raises(Forbidden):
            standing.standing(actor, round_.category_id)
    with pytest.raises(NotFound):
        standing.standing(cast.bkpsdm, 999_999)


def test_the_standing_costs_the_same_for_one_nominee_and_for_three(db, cast):
    counts = []
    for slug, names in (("satu", ["Satu"]), ("tiga", ["Dua", "Tiga", "Empat"])):
        round_, _ = assessing(cast, *names, document=INSTRUMENTS["a tie chain"], slug=slug)
        with builders.counted(db) as sent:
            standing.standing(cast.bkpsdm, round_.category_id)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_official_ranking_never_reads_the_kept_sums(db, cast):
    round_, ids = assessing(cast, "Satu", document=instrument())
    with builders.standing_at(2024, 10, 24):
        for who in (cast.assessor, cast.assessor2):
            builders.assess(who, ids[0], {code: {"state": "scored", "value": values[-1], "note": ""} for code, values in VALUES.items()})
    before = official(round_.category_id)
    MarkSum.update(points=0).execute()
    assert official(round_.category_id) == before
    assert told(round_.category_id, kept=False) == before
    assert Mark.select().count() == 6
