"""The official number: worked examples of 2021 and 2024, every way of combining, aggregating and rounding."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import instrument, scoring
from sipetruk.rules.scoring import Mark
from sipetruk.rules.weighing import Sums
from tests.rules.building import component, computed, criterion, definition, nominee, rows, starter

PANEL = ("a1", "a2", "a3")


def marks(**by_criterion):
    """Marks of a1, a2, ... per criterion; None is "not yet", a text is a state."""

    def one(at, value):
        if value is None or isinstance(value, str):
            return Mark(f"a{at}", value or "not_yet")
        return Mark(f"a{at}", "scored", Fraction(value))

    return {code: tuple(one(at, value) for at, value in enumerate(values, 1)) for code, values in by_criterion.items()}


# 2024: three components of 100 points, mean of the components, mean of three assessors ------------------------------

CODES_2024 = {
    "inovatif": ("orisinalitas", "efisiensi", "keberlanjutan", "manfaat"),
    "kinerja_disiplin": ("dampak_organisasi", "keterlibatan", "disiplin"),
    "rekam_jejak": (
        "pengalaman_jabatan",
        "pengembangan_kompetensi",
        "penghargaan_diterima",
        "moralitas",
        "tingkat_pendidikan",
        "penugasan_lain",
    ),
}
ALL_2024 = tuple(code for codes in CODES_2024.values() for code in codes)


def sheet(*points):
    """One assessor's thirteen marks."""
    assert len(points) == len(ALL_2024)
    return dict(zip(ALL_2024, points, strict=True))


def by_criterion(**sheets):
    return {code: {assessor: given[code] for assessor, given in sheets.items()} for code in ALL_2024}


A1 = sheet(16, 17, 15, 32, 34, 33, 18, 16, 15, 12, 18, 8, 7)
A2 = sheet(18, 16, 16, 35, 35, 34, 19, 17, 16, 14, 19, 8, 8)
A3 = sheet(17, 15, 14, 30, 36, 32, 17, 15, 14, 10, 20, 9, 6)


def test_the_worked_example_of_2024():
    row = rows(computed(starter("balangan-2024"), [nominee("n1", by_criterion(a1=A1, a2=A2, a3=A3))], panel=PANEL))["n1"]
    # inovatif (80 + 85 + 76) / 3 = 241/3, kinerja & disiplin (85 + 88 + 85) / 3 = 86, rekam jejak (76 + 82 + 74) / 3 = 232/3
    assert [(part["code"], part["exact"], part["score"]) for part in row["components"]] == [
        ("inovatif", "241/3", "80.33"),
        ("kinerja_disiplin", "86/1", "86.00"),
        ("rekam_jejak", "232/3", "77.33"),
    ]
    # (241/3 + 86 + 232/3) / 3 = 731/9 = 81,222...
    assert (row["status"], row["exact"], row["score"], row["rank"]) == ("RANKED", "731/9", "81.22", 1)
    first = row["criteria"][0]
    assert first == {
        "code": "orisinalitas",
        "component": "inovatif",
        "panel_value": "17",
        "points": "17/1",
        "contribution": "17/3",
        "shown_contribution": "5.67",
        "marks": 3,
    }
    assert sum(Fraction(part["contribution"]) for part in row["criteria"]) == Fraction("731/9")
    assert sum(Fraction(part["shown_contribution"]) for part in row["criteria"]) == Fraction("81.22")


@pytest.mark.parametrize(
    ("total_of_300", "printed"),
    [(248, "82.67"), (247, "82.33"), (300, "100.00"), (0, "0.00"), (1, "0.33"), (2, "0.67")],
)
def test_2024_divides_the_total_by_three_and_rounds_half_up(total_of_300, printed):
    found = starter("balangan-2024")
    left, same = total_of_300, {}
    for _, each in instrument.all_criteria(found):
        same[each.code] = min(left, int(each.maximum))
        left -= same[each.code]
    row = rows(computed(found, [nominee("n1", by_criterion(a1=same, a2=same, a3=same))], panel=PANEL))["n1"]
    assert (row["exact"], row["score"]) == (
        f"{Fraction(total_of_300, 3).numerator}/{Fraction(total_of_300, 3).denominator}",
        printed,
    )


def test_a_missing_mark_makes_the_nominee_incomplete_and_is_never_0():
    given = by_criterion(a1=A1, a2=A2, a3=A3)
    del given["disiplin"]["a3"]
    result = computed(starter("balangan-2024"), [nominee("n1", given)], panel=PANEL)
    row = rows(result)["n1"]
    assert (row["status"], row["exact"], row["score"], row["rank"]) == ("INCOMPLETE", None, None, None)
    assert row["reasons"] == [{"code": "MARKS_NOT_YET", "criterion": "disiplin", "assessors": ["a3"]}]
    assert [part["score"] for part in row["components"]] == ["80.33", None, "77.33"]
    assert result["award"]["blocked"] == [{"code": "INCOMPLETE_NOMINEE", "id": "n1"}]
    assert result["award"]["winners"] == []


def test_0_is_a_legal_mark():
    zero = dict.fromkeys(ALL_2024, 0)
    row = rows(computed(starter("balangan-2024"), [nominee("n1", by_criterion(a1=zero, a2=zero, a3=zero))], panel=PANEL))["n1"]
    assert (row["status"], row["score"], row["rank"]) == ("RANKED", "0.00", 1)


def test_too_few_marks_after_a_recusal_are_incomplete():
    given = by_criterion(a1=A1, a2=A2, a3=A3)
    given["manfaat"]["a2"] = "recused"
    row = rows(computed(starter("balangan-2024"), [nominee("n1", given)], panel=PANEL))["n1"]
    assert row["reasons"] == [{"code": "TOO_FEW_MARKS", "criterion": "manfaat", "found": 2, "needed": 3}]


# 2021: thresholds, levels and the head's points, from data ----------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "score"),
    [
        ({"kinerja": "85", "kehadiran": "95", "inovasi": "40", "perilaku": "76", "teamwork": "30"}, "100.00"),
        ({"kinerja": "84.99", "kehadiran": "95", "inovasi": "40", "perilaku": "76", "teamwork": "30"}, "90.00"),
        ({"kinerja": "85", "kehadiran": "94.99", "inovasi": "40", "perilaku": "76", "teamwork": "30"}, "90.00"),
        ({"kinerja": "85", "kehadiran": "95", "inovasi": "40", "perilaku": "75.99", "teamwork": "30"}, "90.00"),
        ({"kinerja": "84.99", "kehadiran": "94.99", "inovasi": "10", "perilaku": "75.99", "teamwork": "10"}, "20.00"),
        ({"kinerja": "0", "kehadiran": "28499/300", "inovasi": "30", "perilaku": "110", "teamwork": "25"}, "65.00"),
    ],
)
def test_worked_examples_of_2021(values, score):
    row = rows(computed(starter("balangan-2021"), [nominee("n1", values=values)], panel=()))["n1"]
    assert (row["status"], row["score"]) == ("RANKED", score)


def test_2021_without_a_month_of_data_is_incomplete():
    values = {"kinerja": "85", "kehadiran": None, "inovasi": "40", "teamwork": "30"}
    row = rows(computed(starter("balangan-2021"), [nominee("n1", values=values)], panel=()))["n1"]
    assert (row["status"], row["score"]) == ("INCOMPLETE", None)
    assert row["reasons"] == [{"code": "VALUE_MISSING", "criterion": "kehadiran"}, {"code": "VALUE_MISSING", "criterion": "perilaku"}]


# 2023 and the ministry's instrument --------------------------------------------------------------------------------


def test_2023_keeps_the_score_of_somebody_below_the_gate():
    good = {"predikat_skp": "SANGAT BAIK", "kehadiran_3bln": "97.5", "teamwork": "75", "inovasi": "Antrean daring"}
    result = computed(
        starter("balangan-2023"),
        [nominee("n1", values=good), nominee("n2", values={**good, "predikat_skp": "KURANG"})],
        panel=(),
    )
    found = rows(result)
    assert (found["n1"]["status"], found["n1"]["exact"], found["n1"]["score"]) == ("RANKED", "545/6", "90.83")
    assert (found["n2"]["status"], found["n2"]["score"], found["n2"]["rank"]) == ("NOT_ELIGIBLE", "74.17", None)
    assert found["n2"]["reasons"] == [{"code": "BELOW_FLOOR", "component": "kinerja", "score": "50.00", "at_least": "90"}]
    assert result["award"]["winners"] == ["n1"]


def test_the_ministry_of_manpower_weighs_components():
    found = starter("kemnaker-2025")
    yes = {each.code: {"a1": 1} for _, each in instrument.all_criteria(found) if each.scale.kind == "yes_no"}
    values = dict(zip([each.code for each in instrument.component(found, "berakhlak").criteria], (80, 85, 90, 75, 88, 92, 81), strict=True))
    given = {**yes, "penghargaan": {"a1": 0}, "skp_naik": {"a1": 0}, **{code: {"a1": value} for code, value in values.items()}}
    row = rows(computed(found, [nominee("n1", given)]))["n1"]
    # integritas 30, prestasi & inovasi 20 of 30, SKP 10 of 20, BerAKHLAK mean 591/7 x 20 %
    assert (row["exact"], row["score"]) == ("2691/35", "76.89")
    assert [part["score"] for part in row["components"]] == ["100.00", "66.67", "50.00", "84.43"]


# Aggregation, combining, rounding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aggregation", "values", "expected"),
    [
        ({"kind": "mean"}, (70, 80, 85), "235/3"),
        ({"kind": "median"}, (70, 80, 85), "80"),
        ({"kind": "median"}, (70, 80, 85, 90), "82.5"),
        ({"kind": "trimmed", "k": 1}, (0, 80, 85, 90, 100), "85"),
        ({"kind": "trimmed", "k": 2}, (0, 80, 81, 90, 100), "81"),
        ({"kind": "trimmed", "k": 1}, (0, 80, 85, 90, 100, 7), "65.5"),
    ],
)
def test_aggregation_over_the_panel(aggregation, values, expected):
    found = definition(component("a", criterion("x")), aggregation=aggregation)
    assert scoring.score(found, marks(x=values), {}).total == Fraction(expected)


def test_trimmed_needs_five_marks_and_more_when_more_is_cut():
    for k, values, needed in ((1, (70, 80, 85, 90), 5), (3, (1, 2, 3, 4, 5, 6), 7)):
        found = definition(component("a", criterion("x")), aggregation={"kind": "trimmed", "k": k})
        score = scoring.score(found, marks(x=values), {})
        assert score.total is None
        assert score.missing == ({"code": "TOO_FEW_MARKS", "criterion": "x", "found": len(values), "needed": needed},)


def test_aggregate_refuses_floats():
    with pytest.raises(TypeError):
        scoring.aggregate(instrument.Aggregation(), [1.5, 2.5])
    with pytest.raises(TypeError):
        scoring.score(definition(component("a", criterion("x"))), {"x": (Mark("a1", "scored", 80.0),)}, {})


def test_abstained_recused_and_not_applicable_leave_the_denominator():
    found = definition(component("a", criterion("x")))
    score = scoring.score(found, marks(x=(80, "abstained", 90, "recused", "not_applicable")), {})
    assert (score.total, score.criteria[0].marks) == (85, 2)
    assert score.warnings == ({"code": "FEWER_MARKS", "criterion": "x", "found": 2, "panel": 5},)


def test_a_mark_outside_its_scale_is_refused():
    with pytest.raises(Invalid, match="antara 0 dan 100"):
        scoring.score(definition(component("a", criterion("x"))), marks(x=(101,)), {})


def weighted(stage="end", decimals=2, mode="half_up"):
    return definition(
        component("a", criterion("x", 40, weight=7500), criterion("y", 10, weight=2500), weight=6000),
        component("b", criterion("z", 30), criterion("w", 10), weight=4000),
        combine="weighted_sum",
        rounding={"stage": stage, "decimals": decimals, "mode": mode},
    )


def test_weighted_sum():
    score = scoring.score(weighted(), marks(x=(30,), y=(9,), z=(20,), w=(7,)), {})
    # a = 75 % x 30/40 + 25 % x 9/10 = 78,75; b = 27/40 = 67,5; total = 60 % a + 40 % b
    assert [part.score for part in score.components] == [Fraction("78.75"), Fraction("67.5")]
    assert score.total == Fraction("74.25")
    assert [part.contribution for part in score.criteria] == [Fraction("33.75"), Fraction("13.5"), Fraction(20), Fraction(7)]


@pytest.mark.parametrize(
    ("stage", "components", "total", "official"),
    [
        ("end", ("244/3", "232/3"), "238/3", "79.3"),
        ("component", ("81.3", "77.3"), "79.3", "79.3"),
        ("criterion", ("81.4", "77.3"), "79.35", "79.4"),
    ],
)
def test_rounding_happens_at_the_stage_that_the_policy_names(stage, components, total, official):
    found = definition(
        component("a", criterion("x", 50), criterion("y", 50)),
        component("b", criterion("z", 100)),
        combine="mean_of_components",
        rounding={"stage": stage, "decimals": 1},
    )
    score = scoring.score(found, marks(x=(40, 41, 41), y=(40, 41, 41), z=(77, 77, 78)), {})
    assert [part.score for part in score.components] == [Fraction(part) for part in components]
    assert (score.total, score.official) == (Fraction(total), Fraction(official))
    assert sum(part.contribution for part in score.criteria) == score.total


def test_rounding_each_criterion_may_change_the_total():
    found = {
        stage: definition(component("a", criterion("x", 50), criterion("y", 50)), rounding={"stage": stage, "decimals": 0})
        for stage in ("end", "component", "criterion")
    }
    given = marks(x=(40, 41), y=(30, 31))
    officials = {stage: scoring.score(each, given, {}).official for stage, each in found.items()}
    assert officials == {"end": 71, "component": 71, "criterion": 72}


def test_floors_compare_the_printed_component_score():
    found = definition(
        component("a", criterion("x")),
        component("b", criterion("y")),
        combine="mean_of_components",
        floors=[{"component": "a", "at_least": "66.67"}],
    )
    assert scoring.score(found, marks(x=(66, 67, 67), y=(1, 1, 1)), {}).below_floor == ()
    assert scoring.score(found, marks(x=(66, 67, 66), y=(99, 99, 99)), {}).below_floor == (
        {"code": "BELOW_FLOOR", "component": "a", "score": "66.33", "at_least": "66.67"},
    )


def test_an_unfinished_scale_is_refused_rather_than_divided_by():
    found = definition(component("a", criterion("x", {"kind": "rubric", "levels": []}), weight=10_000), combine="weighted_sum")
    with pytest.raises(Invalid) as refusal:
        scoring.score(found, {}, {})
    assert (refusal.value.message, refusal.value.problems[0].path) == (
        "Skala ini belum lengkap: tidak ada nilai yang memberi poin.",
        ("criteria", "x", "scale"),
    )


def test_criteria_are_rounded_like_an_official_judging_sheet():
    """7.25 and 9.75 are dropped, (8 + 8.25 + 8.75) / 3 = 8.333… -> 8.33, x 3.333 = 27.76389 -> 27.76; 50 x 0.6667 = 33.335 -> 33.34."""
    panel = ["a1", "a2", "a3", "a4", "a5"]
    sheet = definition(
        component(
            "a",
            criterion("x", {"kind": "points", "max": 10, "step": "0.25"}, weight=3333),
            criterion("y", weight=6667),
            weight=10_000,
        ),
        combine="weighted_sum",
        aggregation={"kind": "trimmed", "k": 1},
        rounding={"stage": "criterion", "mode": "half_up", "decimals": 2},
        min_assessors=5,
    )
    marks = {"x": dict(zip(panel, ["9.75", "8", "7.25", "8.75", "8.25"], strict=True)), "y": dict.fromkeys(panel, "50")}
    (row,) = computed(sheet, [nominee("n1", marks)], panel=panel)["rows"]
    assert [(each["points"], each["contribution"], each["shown_contribution"]) for each in row["criteria"]] == [
        ("833/100", "694/25", "27.76"),
        ("50/1", "1667/50", "33.34"),
    ]
    assert (row["exact"], row["score"]) == ("611/10", "61.10")


def test_the_median_is_the_middle_however_many_marks_there_are():
    values = [Fraction(value) for value in (1, 2, 7, 50, 60, 99)]
    found = [scoring.aggregate(instrument.Aggregation("median"), values[:count]) for count in range(1, 7)]
    assert found == [1, Fraction(3, 2), 2, Fraction(9, 2), 7, Fraction(57, 2)]


def test_one_mark_is_its_own_mean_and_five_can_be_trimmed():
    assert scoring.aggregate(instrument.Aggregation("mean"), [Fraction(7)]) == 7
    assert scoring.aggregate(instrument.Aggregation("trimmed", 2), [Fraction(value) for value in (1, 9, 3, 9, 5)]) == 5
    for kind, few in (("mean", []), ("trimmed", [Fraction(1)] * 4)):
        with pytest.raises(ValueError):
            scoring.aggregate(instrument.Aggregation(kind), few)


@pytest.mark.parametrize(
    ("stage", "mode", "total", "official", "printed"),
    [
        ("end", "half_up", "25.125", "25.13", "25.13"),
        ("end", "half_even", "25.125", "25.12", "25.12"),
        ("end", "down", "25.125", "25.12", "25.12"),
        ("component", "half_up", "25.13", "25.13", "25.13"),
        ("component", "half_even", "25.12", "25.12", "25.12"),
        ("component", "down", "25.12", "25.12", "25.12"),
        ("criterion", "half_up", "25.13", "25.13", "25.13"),
        ("criterion", "half_even", "25.12", "25.12", "25.12"),
        ("criterion", "down", "25.12", "25.12", "25.12"),
    ],
)
def test_the_mode_of_rounding_is_used_at_every_stage(stage, mode, total, official, printed):
    found = definition(component("a", criterion("x", 100)), rounding={"stage": stage, "mode": mode})
    score = scoring.score(found, marks(x=(25, 25, 25, 26, 25, 25, 25, 25)), {})
    assert (score.total, score.official) == (Fraction(total), Fraction(official))
    assert (score.components[0].printed, score.components[0].official, score.shown) == (printed, Fraction(printed), (printed,))


def test_a_value_from_data_has_no_marks_behind_it():
    found = definition(component("a", criterion("x", 60), criterion("y", {"kind": "percentage", "max": 40}, "unit")))
    score = scoring.score(found, marks(x=(30,)), {"y": "50"})
    assert [(each.code, each.panel_value, each.points, each.marks) for each in score.criteria] == [("x", "30", 30, 1), ("y", "50", 20, 0)]
    assert score.total == 50


def test_what_is_incomplete_still_says_what_there_is():
    found = definition(
        component("a", criterion("x", 60), criterion("y", {"kind": "percentage", "max": 20}, "unit")),
        component("b", criterion("z", 20)),
        min_assessors=2,
    )
    score = scoring.score(found, marks(x=(30, "abstained"), z=(10, 20)), {})
    assert [(each.code, each.component, each.panel_value, each.points, each.marks) for each in score.criteria] == [
        ("x", "a", None, None, 1),
        ("y", "a", None, None, 0),
        ("z", "b", "15", 15, 2),
    ]
    assert [(each.code, each.score) for each in score.components] == [("a", None), ("b", 15)]
    assert (score.total, score.official, score.shown) == (None, None, ())


def test_without_a_weight_nothing_is_added():
    found = definition(
        component("a", criterion("x", 40, weight=10_000), criterion("y", 10), weight=10_000),
        component("b", criterion("z", 30)),
        combine="weighted_sum",
    )
    score = scoring.score(found, marks(x=(20,), y=(10,), z=(15,)), {})
    assert score.total == 50
    assert [(each.code, each.score, each.printed) for each in score.components] == [("a", 50, "50.00"), ("b", 50, "50.00")]
    assert [each.contribution for each in score.criteria] == [50, 0, 0]


def test_the_mode_is_used_for_the_product_too():
    """6.25 points are cut to 6.2, times 9.9 is 61.38, cut to 61.3; 9 points times 0.1 are 0.9."""
    found = definition(
        component(
            "a", criterion("x", {"kind": "points", "max": 10, "step": "0.25"}, weight=9900), criterion("y", 10, weight=100), weight=10_000
        ),
        combine="weighted_sum",
        rounding={"stage": "criterion", "mode": "down", "decimals": 1},
    )
    score = scoring.score(found, marks(y=(9,)) | {"x": (Mark("a1", "scored", "6.25"),)}, {})
    assert [(each.points, each.part) for each in score.criteria] == [(Fraction("6.2"), Fraction("61.3")), (9, Fraction("0.9"))]


def test_counts_from_data_are_scored():
    tally = {"kind": "tally", "entries": [{"code": "nasional", "label": "Nasional", "points": 5}], "cap": 40}
    found = definition(component("a", criterion("x", 60), criterion("y", tally, "unit")))
    assert scoring.score(found, marks(x=(30,)), {"y": {"nasional": 2}}).total == 40


def test_sums_of_marks_with_values_from_data():
    found = definition(component("a", criterion("x", 60), criterion("y", {"kind": "percentage", "max": 40}, "unit")), min_assessors=2)
    scorer = scoring.Scorer(found)
    of_two = scorer.score_sums({"x": Sums(90_000_000, 2)}, {"y": "50"}, 2)
    assert (of_two.total, of_two.missing, of_two.warnings) == (65, (), ())
    stepped_back = scorer.score_sums({"x": Sums(90_000_000, 2)}, {"y": "50"}, 3, 1)
    few = {"code": "FEWER_MARKS", "criterion": "x", "found": 2, "panel": 3}
    assert (stepped_back.total, stepped_back.missing, stepped_back.warnings) == (65, (), (few,))
    nothing = scorer.score_sums({}, {}, 3, 1)
    waiting = {"code": "MARKS_NOT_YET", "criterion": "x", "waiting": 2}
    assert (nothing.total, nothing.missing) == (None, (waiting, {"code": "VALUE_MISSING", "criterion": "y"}))
    assert [each.marks for each in nothing.criteria] == [0, 0]
    short = scorer.score_sums({"x": Sums(40_000_000, 1, 1)}, {"y": "50"}, 3, 1)
    assert short.missing == ({"code": "TOO_FEW_MARKS", "criterion": "x", "found": 1, "needed": 2},)
    with pytest.raises(ValueError, match="more marks than assessors"):
        scorer.score_sums({"x": Sums(90_000_000, 3)}, {"y": "50"}, 3, 1)


def test_without_any_marks_they_are_too_few():
    found = scoring.score(definition(component("a", criterion("x", 60)), min_assessors=2), {}, {})
    assert found.missing == ({"code": "TOO_FEW_MARKS", "criterion": "x", "found": 0, "needed": 2},)
