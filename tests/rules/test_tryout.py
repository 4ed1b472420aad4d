"""Trying an instrument: each step is what the ranking itself computes, and examples are held against it."""

from dataclasses import replace
from fractions import Fraction

import pytest

from sipetruk import starters
from sipetruk.errors import Invalid
from sipetruk.rules import examples, instrument, scales, seal, tryout
from sipetruk.rules.examples import Example, Expected
from sipetruk.rules.tryout import ComponentStep, CriterionStep, MarkStep, Trial
from tests.rules.building import component, criterion, definition, document, inputs, mark, problems, starter

STARTERS = tuple(sorted(name for name, _ in starters.starters()))


def tried(name):
    return {trial.example.name: trial for trial in tryout.try_out(starter(name), examples.parse(starters.starter_examples(name))).trials}


def outcome(trial):
    return trial.status, trial.exact, trial.score, trial.rank


@pytest.mark.parametrize("name", STARTERS)
def test_every_starter_gives_its_expected_numbers(name):
    found = examples.parse(starters.starter_examples(name))
    assert len(found) == 3
    assert all(example.expected is not None for example in found)
    assert tryout.mismatches(starter(name), found) == []


def test_2021_counts_a_value_at_its_threshold_and_none_below():
    """85, 95 and 76 are reached: 10 + 10 + 40 + 10 + 30 = 100; a hundredth less each: 0 + 0 + 30 + 0 + 25 = 55."""
    found = tried("balangan-2021")
    assert {name: outcome(trial) for name, trial in found.items()} == {
        "Tepat pada batas": ("RANKED", "100/1", "100.00", 1),
        "Sedikit di bawah batas": ("RANKED", "55/1", "55.00", 2),
        "Kehadiran belum tercatat": ("INCOMPLETE", None, None, None),
    }
    below = [(step.value, step.points) for part in found["Sedikit di bawah batas"].components for step in part.criteria]
    assert below == [("84,99", 0), ("94,99", 0), ("30 · Dimanfaatkan seluruh pegawai", 30), ("75,99", 0), ("25", 25)]
    assert found["Kehadiran belum tercatat"].reasons == ("Data “Kehadiran bulanan paling rendah 95 persen” belum ada.",)


def test_2023_is_the_mean_of_three_components_above_a_floor():
    """(100 + 98.5 + 100) / 3 = 99.5; (90 + 96.25 + 75) / 3 = 87.083...; (70 + 100 + 100) / 3 = 90 with 70 below the floor of 90."""
    found = tried("balangan-2023")
    assert [outcome(trial) for trial in found.values()] == [
        ("RANKED", "199/2", "99.50", 1),
        ("RANKED", "1045/12", "87.08", 2),
        ("NOT_ELIGIBLE", "90/1", "90.00", None),
    ]
    assert found["Predikat di bawah baik"].reasons == ("Nilai Kinerja 70,00 di bawah batas 90.",)


def test_2024_shows_every_step_of_a_mean_that_does_not_end():
    """Panel means 17 + 15 + 18 + 34 = 84, 35 + 31 + 19 = 85, 16 + 15 + 11 + 19 + 9 + 9 = 79; (84 + 85 + 79) / 3 = 248/3 = 82.67."""
    found = tried("balangan-2024")
    first = found["Rata-rata yang tidak habis dibagi"]
    assert outcome(first) == ("RANKED", "248/3", "82.67", 2)
    assert [(part.printed, part.maximum, part.factor, part.contribution) for part in first.components] == [
        ("84.00", 100, Fraction(1, 3), 28),
        ("85.00", 100, Fraction(1, 3), Fraction(85, 3)),
        ("79.00", 100, Fraction(1, 3), Fraction(79, 3)),
    ]
    assert [step.points for part in first.components for step in part.criteria] == [17, 15, 18, 34, 35, 31, 19, 16, 15, 11, 19, 9, 9]
    step = first.components[0].criteria[0]
    assert [(given.assessor, given.shown, given.points) for given in step.marks] == [(1, "17", 17), (2, "18", 18), (3, "16", 16)]
    assert (step.how, step.factor, step.part, step.contribution) == ("Rata-rata dari 17 · 18 · 16 = 17 poin", 1, 17, Fraction(17, 3))
    assert sum(Fraction(each.shown) for part in first.components for each in part.criteria) == Fraction("82.67")


def test_2024_equal_scores_are_placed_by_the_more_innovative():
    """18 in place of 17 makes 85 for Inovatif, 34 in place of 35 makes 84: again 248/3, but the higher first component stands first."""
    found = tried("balangan-2024")
    second = found["Nilai sama, lebih inovatif"]
    assert (outcome(second), second.is_tied, second.decided_by) == (("RANKED", "248/3", "82.67", 1), True, "Nilai Inovatif")
    third = found["Hanya dua penilai pada satu kriteria"]
    assert (third.status, third.reasons) == ("INCOMPLETE", ("Nilai “Orisinalitas” baru dari 2 penilai, sedikitnya 3.",))


def test_the_ministry_weighs_shares_of_points():
    """30/30 x 30 + 20/30 x 30 + 10/20 x 20 + 596/700 x 20 = 30 + 20 + 10 + 17.0286 = 77.03; 30 x 20/30 + 30 + 20 + 20 = 90."""
    found = tried("kemnaker-2025")
    assert [outcome(trial) for trial in found.values()] == [
        ("RANKED", "2696/35", "77.03", 3), ("RANKED", "100/1", "100.00", 1), ("RANKED", "90/1", "90.00", 2),
    ]  # fmt: skip
    assert [part.contribution for part in found["Tanpa penghargaan dan SKP tidak meningkat"].components] == [30, 20, 10, Fraction(596, 35)]


def test_the_seven_core_values_count_alike():
    """Sums of three marks 260 + 220 + 240 + 280 + 220 + 180 + 260 = 1660, / 3 / 7 = 79.05; 240 for the first is 1640: 78.10."""
    found = tried("berakhlak")
    assert [outcome(trial) for trial in found.values()] == [
        ("RANKED", "1660/21", "79.05", 1), ("RANKED", "1640/21", "78.10", 2), ("INCOMPLETE", None, None, None),
    ]  # fmt: skip
    assert found["Satu penilai abstain pada Adaptif"].reasons == ("Nilai “Perilaku adaptif” baru dari 2 penilai, sedikitnya 3.",)


def test_of_equal_six_qualities_the_better_work_stands_first():
    """80 + 220/3 + 260/3 + 80 + 88.5 + (60 + 100/3) = 501.83, / 6 = 83.64; 98.5 and 50 in place of 88.5 and 60 give the same."""
    found = tried("enam-sifat-pp-11-2017")
    assert [(*outcome(trial), trial.decided_by) for trial in found.values()] == [
        ("RANKED", "3011/36", "83.64", 1, "Nilai Prestasi kerja"),
        ("RANKED", "3011/36", "83.64", 2, "Nilai Prestasi kerja"),
        ("INCOMPLETE", None, None, None, ""),
    ]


@pytest.mark.parametrize("name", STARTERS)
def test_a_trial_is_what_the_sealed_ranking_gives(name):
    """The same people through the official door: same score, same rank, same contributions."""
    tree, given = starter(name), examples.parse(starters.starter_examples(name))
    size = max((len(marks) for example in given for marks in example.marks.values()), default=0)
    panel = [f"a{number}" for number in range(size)]

    def nominee(at, example):
        states = {None: "abstained"}
        marks = {
            code: [mark(who, raw, states.get(raw, "scored")) for who, raw in zip(panel, by, strict=True)]
            for code, by in example.marks.items()
        }
        return {"id": f"n{at}", "unit": f"u{at}", "marks": marks, "values": dict(example.values), "attributes": {}}

    rows = seal.compute(inputs(tree, [nominee(at, each) for at, each in enumerate(given)], panel=panel)).result["rows"]
    official = {row["id"]: row for row in rows}
    for at, trial in enumerate(tryout.try_out(tree, given).trials):
        row = official[f"n{at}"]
        assert (trial.status, trial.exact, trial.score, trial.rank) == (row["status"], row["exact"], row["score"], row["rank"])
        steps = [step for part in trial.components for step in part.criteria]
        assert [step.shown for step in steps] == [each["shown_contribution"] for each in row["criteria"]]


SMALL = document(component("inovasi", criterion("gagasan", 60), criterion("hadir", {"kind": "percentage", "max": 40}, "unit")))


def small(*given):
    return tryout.try_out(instrument.parse(SMALL), given)


def test_nothing_given_is_incomplete_and_never_zero():
    (trial,) = small(Example("A")).trials
    assert (trial.status, trial.score) == ("INCOMPLETE", None)
    assert trial.reasons == ("Nilai “Gagasan” baru dari 0 penilai, sedikitnya 1.", "Data “Hadir” belum ada.")


def test_a_zero_is_a_mark():
    (trial,) = small(Example("A", marks={"gagasan": ("0",)}, values={"hadir": "0"})).trials
    assert outcome(trial) == ("RANKED", "0/1", "0.00", 1)


def test_a_value_that_cannot_be_read_names_example_criterion_and_assessor():
    with pytest.raises(Invalid) as refused:
        small(Example("A"), Example("B", marks={"gagasan": ("10", "61"), "lama": ("1",)}, values={"hadir": "101"}))
    assert problems(refused) == [
        (("examples", "1", "marks", "gagasan", "1"), "Contoh “B”, “Gagasan”, penilai 2: Nilai harus antara 0 dan 60."),
        (("examples", "1", "marks", "lama"), "Contoh “B” mengisi kriteria “lama”, yang tidak dinilai dengan cara itu dalam instrumen ini."),
        (("examples", "1", "values", "hadir"), "Contoh “B”, “Hadir”: Persentase harus antara 0 dan 100."),
    ]


def test_every_difference_from_what_is_expected_is_named():
    given = Example("A", marks={"gagasan": ("30",)}, values={"hadir": "50"}, expected=Expected("NOT_ELIGIBLE", Fraction("50.01"), 2))
    (trial,) = small(given).trials
    found = [(problem.path, problem.message) for problem in tryout.mismatches(instrument.parse(SMALL), [given])]
    assert trial.is_as_expected is False
    assert found == [
        (("examples", "0", "expected", "status"), "Contoh “A”: keadaan diharapkan Tidak memenuhi syarat, ternyata Diperingkat."),
        (("examples", "0", "expected", "score"), "Contoh “A”: nilai akhir diharapkan 50,01, ternyata 50,00."),
        (("examples", "0", "expected", "rank"), "Contoh “A”: peringkat diharapkan 2, ternyata 1."),
    ]


def test_what_came_out_can_be_kept_as_what_is_expected():
    given = Example("A", marks={"gagasan": ("31", "30", "30")}, values={"hadir": "50"})
    (trial,) = small(given).trials
    assert (trial.outcome, trial.is_as_expected) == (Expected("RANKED", Fraction("50.33"), 1), None)
    kept = Example("A", marks=given.marks, values=given.values, expected=trial.outcome)
    assert tryout.mismatches(instrument.parse(SMALL), [kept]) == []


def test_values_that_no_longer_fit_are_mismatches_too():
    given = Example("A", values={"gagasan": "3"})
    assert [problem.path for problem in tryout.mismatches(instrument.parse(SMALL), [given])] == [("examples", "0", "values", "gagasan")]


def test_an_unfinished_draft_may_be_tried_and_says_what_is_unsound():
    tree = definition(component("inovasi", criterion("gagasan", 60)), tie_chain=[{"by": "component", "code": "hilang"}])
    found = tryout.try_out(tree, [Example("A", marks={"gagasan": ("30",)}), Example("B", marks={"gagasan": ("30",)})])
    assert [outcome(trial) for trial in found.trials] == [("RANKED", "30/1", "30.00", 1)] * 2
    assert {finding.path[0] for finding in found.findings} == {"components", "policy"}


def test_winners_are_named_when_their_number_is_asked():
    given = [
        Example("A", marks={"gagasan": ("30",)}, values={"hadir": "0"}),
        Example("B", marks={"gagasan": ("31",)}, values={"hadir": "0"}),
    ]
    assert tryout.try_out(instrument.parse(SMALL), given, winners=1).winners == ("B",)
    assert [trial.example.name for trial in tryout.try_out(instrument.parse(SMALL), given).by_rank] == ["B", "A"]


def test_raw_values_in_words():
    tally = scales.parse_scale({"kind": "tally", "entries": [{"code": "nasional", "label": "Nasional", "points": 10}], "cap": 20})
    yes_no = scales.parse_scale({"kind": "yes_no", "yes": 1, "no": 0})
    assert [tryout.in_words(tally, {"nasional": 2}), tryout.in_words(tally, {"nasional": 0}), tryout.in_words(tally, None)] == [
        "Nasional 2", "tidak ada", "–",
    ]  # fmt: skip
    assert [tryout.in_words(yes_no, "1"), tryout.in_words(yes_no, "0")] == ["Ya", "Tidak"]
    assert tryout.in_words(scales.parse_scale({"kind": "percentage", "max": 100}), "96.25") == "96,25 %"


# Every step of two trials

ONE = Example(
    "Satu",
    marks={"x": ("10", "20", "31", "40", "0", None), "y": ("1", "0", "1", "1", "1", "1")},
    values={"d": "80"},
    attributes={"length_of_service_days": 900},
)
TWO = Example("Dua", marks={"x": ("10",)}, expected=Expected("RANKED", Fraction(50), 1))


def both():
    found = definition(
        component(
            "a", criterion("x", 40, weight=7500), criterion("d", {"kind": "percentage", "max": 50}, "unit", weight=2500), weight=6000
        ),
        component("b", criterion("y", {"kind": "yes_no", "yes": 20, "no": 5}, weight=10_000), weight=4000),
        combine="weighted_sum",
        aggregation={"kind": "trimmed", "k": 1},
        min_assessors=5,
        rounding={"mode": "down", "decimals": 1},
    )
    return tryout.try_out(found, [ONE, TWO], 1)


def test_every_step_from_marks_to_total():
    """x: (10 + 20 + 31) / 3 x 15/8 = 38.125, d: 40 / 2 = 20, together 58.125 x 60 %; y: 100 x 40 %; 74.875 is printed as 74.8."""
    assert both().trials[0] == Trial(
        example=ONE,
        status="RANKED",
        status_label="Diperingkat",
        components=(
            ComponentStep(
                code="a",
                label="A",
                criteria=(
                    CriterionStep(
                        code="x",
                        label="X",
                        source="Tim penilai",
                        scale="0 sampai 40 poin, kelipatan 1",
                        marks=(
                            MarkStep(1, "10", "10", 10),
                            MarkStep(2, "20", "20", 20),
                            MarkStep(3, "31", "31", 31),
                            MarkStep(4, "40", "40", 40),
                            MarkStep(5, "0", "0", 0),
                            MarkStep(6, None, "abstain", None),
                        ),
                        value="–",
                        how="Rata-rata tanpa nilai ekstrem (1 di tiap ujung) dari 10 · 20 · 31 · 40 · 0 = 20,3333 poin",
                        points=Fraction(61, 3),
                        factor=Fraction(15, 8),
                        part=Fraction(305, 8),
                        contribution=Fraction(183, 8),
                        shown="22.8",
                    ),
                    CriterionStep(
                        code="d",
                        label="D",
                        source="Formulir usulan perangkat daerah",
                        scale="Persentase; 100 persen bernilai 50 poin",
                        marks=(),
                        value="80 %",
                        how="80 % bernilai 40 poin",
                        points=40,
                        factor=Fraction(1, 2),
                        part=20,
                        contribution=12,
                        shown="12.0",
                    ),
                ),
                score=Fraction(465, 8),
                printed="58.1",
                maximum=100,
                factor=Fraction(3, 5),
                contribution=Fraction(279, 8),
            ),
            ComponentStep(
                code="b",
                label="B",
                criteria=(
                    CriterionStep(
                        code="y",
                        label="Y",
                        source="Tim penilai",
                        scale="Ya 20 poin, tidak 5 poin",
                        marks=(
                            MarkStep(1, "1", "Ya", 20),
                            MarkStep(2, "0", "Tidak", 5),
                            MarkStep(3, "1", "Ya", 20),
                            MarkStep(4, "1", "Ya", 20),
                            MarkStep(5, "1", "Ya", 20),
                            MarkStep(6, "1", "Ya", 20),
                        ),
                        value="–",
                        how="Rata-rata tanpa nilai ekstrem (1 di tiap ujung) dari 20 · 5 · 20 · 20 · 20 · 20 = 20 poin",
                        points=20,
                        factor=5,
                        part=100,
                        contribution=40,
                        shown="40.0",
                    ),
                ),
                score=100,
                printed="100.0",
                maximum=100,
                factor=Fraction(2, 5),
                contribution=40,
            ),
        ),
        exact="599/8",
        total=Fraction(599, 8),
        score="74.8",
        rank=1,
        is_tied=False,
        decided_by="",
        attributes=(("Masa kerja", 900),),
        reasons=(),
        warnings=("Nilai “X” dari 5 di antara 6 penilai.",),
        differences=(),
    )


def test_a_trial_without_marks_and_data_says_what_is_missing():
    found = both()
    assert (found.winners, found.blocked) == ((), ("Penilaian Dua belum lengkap.",))
    assert replace(found.trials[1], differences=()) == Trial(
        example=TWO,
        status="INCOMPLETE",
        status_label="Belum lengkap",
        components=(
            ComponentStep(
                code="a",
                label="A",
                criteria=(
                    CriterionStep(
                        code="x",
                        label="X",
                        source="Tim penilai",
                        scale="0 sampai 40 poin, kelipatan 1",
                        marks=(MarkStep(1, "10", "10", 10),),
                        value="–",
                        how="Belum dapat dihitung.",
                        points=None,
                        factor=Fraction(15, 8),
                        part=None,
                        contribution=None,
                        shown=None,
                    ),
                    CriterionStep(
                        code="d",
                        label="D",
                        source="Formulir usulan perangkat daerah",
                        scale="Persentase; 100 persen bernilai 50 poin",
                        marks=(),
                        value="–",
                        how="Data belum ada; tidak dihitung sebagai 0.",
                        points=None,
                        factor=Fraction(1, 2),
                        part=None,
                        contribution=None,
                        shown=None,
                    ),
                ),
                score=None,
                printed=None,
                maximum=100,
                factor=Fraction(3, 5),
                contribution=None,
            ),
            ComponentStep(
                code="b",
                label="B",
                criteria=(
                    CriterionStep(
                        code="y",
                        label="Y",
                        source="Tim penilai",
                        scale="Ya 20 poin, tidak 5 poin",
                        marks=(),
                        value="–",
                        how="Belum dapat dihitung.",
                        points=None,
                        factor=5,
                        part=None,
                        contribution=None,
                        shown=None,
                    ),
                ),
                score=None,
                printed=None,
                maximum=100,
                factor=Fraction(2, 5),
                contribution=None,
            ),
        ),
        exact=None,
        total=None,
        score=None,
        rank=None,
        is_tied=False,
        decided_by="",
        attributes=(("Masa kerja", None),),
        reasons=("Nilai “X” baru dari 1 penilai, sedikitnya 5.", "Data “D” belum ada.", "Nilai “Y” baru dari 0 penilai, sedikitnya 5."),
        warnings=(),
        differences=(),
    )
    assert [(problem.path, problem.message) for problem in found.trials[1].differences] == [
        (("examples", "1", "expected", "status"), "Contoh “Dua”: keadaan diharapkan Diperingkat, ternyata Belum lengkap."),
        (("examples", "1", "expected", "score"), "Contoh “Dua”: nilai akhir diharapkan 50, ternyata tidak ada."),
        (("examples", "1", "expected", "rank"), "Contoh “Dua”: peringkat diharapkan 1, ternyata tidak ada."),
    ]


@pytest.mark.parametrize(
    ("scale", "raw", "words"),
    [
        ({"kind": "tally", "entries": [{"code": "a", "label": "A", "points": 1}], "cap": 9}, {"a": 2, "lama": 3, "b": 0}, "A 2, lama 3"),
        ({"kind": "tally", "entries": [{"code": "a", "label": "A", "points": 1}], "cap": 9}, {"a": 0}, "tidak ada"),
        ({"kind": "predicate", "table": {"BAIK": 1}}, "SANGAT BAIK", "Sangat baik"),
        ({"kind": "rubric", "levels": [{"points": 5, "label": "Ada"}]}, "5", "5 · Ada"),
        ({"kind": "rubric", "levels": [{"points": 5, "label": "Ada"}]}, "6", "6"),
        ({"kind": "text", "max_chars": 9}, "bebas", "bebas"),
        ({"kind": "text", "max_chars": 9}, None, "–"),
    ],
)
def test_a_raw_value_in_words(scale, raw, words):
    assert tryout.in_words(scales.parse_scale(scale), raw) == words


def test_ties_of_examples_are_broken_by_criteria_and_attributes():
    by = [{"by": "criterion", "code": "x"}, {"by": "attribute", "code": "length_of_service_days"}]
    found = definition(component("a", criterion("x", 50), criterion("y", 50)), tie_chain=by)
    low = {"x": ("10",), "y": ("20",)}
    tried = tryout.try_out(
        found,
        [
            Example("A", marks=low, attributes={"length_of_service_days": 1}),
            Example("B", marks={"x": ("20",), "y": ("10",)}),
            Example("C", marks=low, attributes={"length_of_service_days": 5}),
        ],
    )
    assert [(trial.rank, trial.is_tied) for trial in tried.trials] == [(3, True), (1, True), (2, True)]
    assert tried.winners == ()


def test_examples_are_read_as_their_scales_write_them():
    found = definition(component("a", criterion("x", 50), criterion("d", {"kind": "percentage", "max": 50}, "unit")))
    (read,) = tryout.read(found, [Example("A", marks={"x": ("10.0", None)}, values={"d": "80.50"})])
    assert (read.marks, read.values) == ({"x": ("10", None)}, {"d": "80.5"})
