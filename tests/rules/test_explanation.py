"""Every score and every gap is told from the sealed document alone, exact and as printed, in sentences that add up."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import explanation, seal
from sipetruk.rules.explanation import GapPart, MarkStep
from tests.rules.building import component, criterion, definition, inputs, nominee, problems
from tests.rules.test_properties import contests

PANEL = ("a1", "a2", "a3")
FOUND = definition(
    component("a", criterion("x", 40), criterion("y", 60)),
    component("b", criterion("z", {"kind": "choice", "points": [0, 50, 100]}, "unit")),
    combine="mean_of_components",
)


def document(found=FOUND, nominees=None, **more):
    given_ = nominees or [
        nominee("n1", {"x": {"a1": 30, "a2": 31, "a3": 31}, "y": {"a1": 60, "a2": 59, "a3": "abstained"}}, values={"z": "100"}),
        nominee("n2", {"x": {"a1": 40, "a2": 40, "a3": 40}, "y": {"a1": 10, "a2": 10, "a3": 10}}, values={"z": "100"}),
        nominee("n3", {"x": {"a1": 40}}, values={"z": "50"}),
    ]
    return seal.document(seal.compute(inputs(found, given_, panel=PANEL, **more)))


TABLE = {"SANGAT BAIK": 30, "BAIK": 25, "BUTUH PERBAIKAN": 10, "KURANG": 5, "SANGAT KURANG": 0}


def shown(text):
    return Fraction(text.replace(",", "."))


def test_every_step_from_mark_to_total():
    """(92/3 + 119/2 + 100) / 2: a mean of components, with one abstention."""
    told = explanation.why(document(), "n1")
    assert (told.id, told.status, told.exact, told.score, told.rank) == ("n1", "RANKED", "1141/12", "95,08", 1)
    assert [(part.code, part.exact, part.score, part.contribution_shown) for part in told.components] == [
        ("a", "541/6", "90,17", "45,08"),
        ("b", "100/1", "100,00", "50,00"),
    ]
    x, y = told.components[0].criteria
    assert x.marks == (
        MarkStep("a1", "scored", "30", "30/1"),
        MarkStep("a2", "scored", "31", "31/1"),
        MarkStep("a3", "scored", "31", "31/1"),
    )
    assert (x.value, x.points, x.points_shown, x.factor, x.contribution, x.contribution_shown) == (
        None,
        "92/3",
        "30,67",
        "1/2",
        "46/3",
        "15,33",
    )
    assert x.sentences == (
        "Rata-rata 3 nilai: (30 + 31 + 31) : 3 = 92/3 poin.",
        "92/3 poin × 0,5 menambah 15,33 pada nilai akhir.",
    )
    assert y.marks[2] == MarkStep("a3", "abstained", None, None)
    assert y.sentences == (
        "Rata-rata 2 nilai: (60 + 59) : 2 = 59,5 poin.",
        "Tidak dihitung: 1 abstain.",
        "59,5 poin × 0,5 menambah 29,75 pada nilai akhir.",
    )
    (z,) = told.components[1].criteria
    assert (z.marks, z.value, z.sentences) == (
        (),
        "100",
        ("100 memberi 100 poin.", "100 poin × 0,5 menambah 50,00 pada nilai akhir."),
    )
    assert told.sentences == ("Nilai akhir adalah jumlah semua kriteria: 1141/12, dicetak 95,08.", "Peringkat 1.")
    assert told.warnings == ("Nilai “Y” dari 2 di antara 3 penilai.",)


def test_a_missing_mark_is_told_and_gives_no_total():
    told = explanation.why(document(), "n3")
    assert (told.status, told.exact, told.score, told.rank) == ("INCOMPLETE", None, None, None)
    assert told.components[0].contribution_shown is None
    assert told.components[0].criteria[1].sentences == (
        "Belum ada nilai, sehingga tidak ada poin; nilai yang belum ada tidak dihitung nol.",
        "Tidak dihitung: 3 belum dinilai.",
    )
    assert told.sentences == ("Nilai akhir belum dapat dihitung karena ada nilai yang belum lengkap.",)
    assert told.reasons == ("Nilai “X” belum diberikan oleh 2 penilai.", "Nilai “Y” belum diberikan oleh 3 penilai.")


@pytest.mark.parametrize(
    ("policy", "sentences"),
    [
        ({"aggregation": {"kind": "median"}}, ("Nilai tengah dari 1; 2; 2 = 2 poin.", "2 poin menambah 2,00 pada nilai akhir.")),
        (
            {"rounding": {"stage": "criterion", "decimals": 1}},
            ("Rata-rata 3 nilai: (1 + 2 + 2) : 3 = 5/3 poin.", "Dibulatkan menjadi 1,7 poin.", "1,7 poin menambah 1,7 pada nilai akhir."),
        ),
        (
            {"rounding": {"stage": "component", "decimals": 1}},
            (
                "Rata-rata 3 nilai: (1 + 2 + 2) : 3 = 5/3 poin.",
                "5/3 poin × 1 menambah 1,7 pada nilai akhir, sesudah pembulatan menurut aturan instrumen.",
            ),
        ),
    ],
)
def test_the_policy_is_told(policy, sentences):
    found = definition(component("a", criterion("x")), **policy)
    told = explanation.why(document(found, [nominee("n1", {"x": {"a1": 1, "a2": 2, "a3": 2}})]), "n1")
    assert told.components[0].criteria[0].sentences == sentences


def test_a_trimmed_mean_is_told():
    panel = tuple("abcde")
    found = definition(component("a", criterion("x")), aggregation={"kind": "trimmed", "k": 1}, min_assessors=5)
    told_inputs = inputs(found, [nominee("n1", {"x": dict(zip(panel, (9, 7, 8, 1, 7), strict=True))})], panel=panel)
    told = explanation.why(seal.document(seal.compute(told_inputs)), "n1")
    assert told.components[0].criteria[0].sentences[0] == (
        "Rata-rata tanpa 1 nilai tertinggi dan 1 terendah dari 9; 7; 8; 1; 7 = 22/3 poin."
    )


def test_the_gap_of_two_nominees_by_criterion():
    told = explanation.gap(document(), "n1", "n2")
    assert (told.ids, told.scores, told.exact, told.shown) == (("n1", "n2"), ("95,08", "75,00"), "241/12", "20,08")
    assert told.sentences == ("Selisih nilai akhir 20,08: 95,08 lawan 75,00.",)
    assert told.parts == (
        GapPart("y", "Y", "a", ("59,5", "10"), "99/4", "24,75", "Y: unggul 24,75 (59,5 poin terhadap 10 poin)."),
        GapPart("x", "X", "a", ("92/3", "40"), "-14/3", "-4,67", "X: tertinggal 4,67 (92/3 poin terhadap 40 poin)."),
        GapPart("z", "Z", "b", ("100", "100"), "0/1", "0,00", "Z: sama (100 poin)."),
    )


def test_equal_scores_have_no_gap_but_a_decider():
    found = definition(component("a", criterion("x", 50)), component("b", criterion("y", 50)), tie_chain=[{"by": "component", "code": "b"}])
    same = [nominee("n1", {"x": dict.fromkeys(PANEL, 10), "y": dict.fromkeys(PANEL, 30)}),
            nominee("n2", {"x": dict.fromkeys(PANEL, 30), "y": dict.fromkeys(PANEL, 10)})]  # fmt: skip
    told = explanation.gap(document(found, same), "n1", "n2")
    assert (told.exact, told.shown) == ("0/1", "0,00")
    assert told.sentences == (
        "Nilai akhir tercetak sama: 40,00.",
        "Nilai tercetaknya sama dengan calon lain; penentu urutan: Nilai B.",
    )
    assert explanation.why(document(found, same), "n1").sentences[-1] == (
        "Nilai tercetaknya sama dengan calon lain; penentu urutan: Nilai B."
    )


def test_strangers_and_the_incomplete_are_refused():
    told = document()
    for ask in (lambda: explanation.why(told, "n9"), lambda: explanation.gap(told, "n1", "n9"), lambda: explanation.gap(told, "n9", "n1")):
        with pytest.raises(NotFound) as unknown:
            ask()
        assert problems(unknown) == [((), "Calon tidak ditemukan.")]
    for pair in (("n1", "n3"), ("n3", "n1")):
        with pytest.raises(Invalid) as refused:
            explanation.gap(told, *pair)
        assert problems(refused) == [((), "Selisih hanya dapat dihitung antara calon yang nilainya lengkap.")]


def test_values_that_nobody_marks_are_told_in_words():
    found = definition(
        component(
            "a",
            criterion("x", 40),
            criterion("kinerja", {"kind": "predicate", "table": TABLE}, {"kind": "predicate", "year": 2023}),
            criterion(
                "piagam",
                {"kind": "tally", "entries": [{"code": c, "label": c, "points": "2.5"} for c in ("nas", "kab")], "cap": 30},
                "unit",
            ),
            criterion("cerita", {"kind": "text", "max_chars": 9}, "unit"),
        )
    )
    marks = {"x": dict.fromkeys(PANEL, "10")}
    given_ = [nominee("n1", marks, values={"kinerja": "BAIK", "piagam": {"nas": 2, "kab": 1}}), nominee("n2", marks)]
    told = [explanation.why(document(found, given_), who).components[0] for who in ("n1", "n2")]
    assert [[(each.code, each.value, each.sentences[0]) for each in part.criteria[1:]] for part in told] == [
        [
            ("kinerja", "BAIK", "BAIK memberi 25 poin."),
            ("piagam", "kab: 1, nas: 2", "kab: 1, nas: 2 memberi 7,5 poin."),
        ],
        [
            (code, "-", "Belum ada nilai, sehingga tidak ada poin; nilai yang belum ada tidak dihitung nol.")
            for code in ("kinerja", "piagam")
        ],
    ]
    assert [(step.points, step.points_shown, step.contribution, step.contribution_shown) for step in told[1].criteria[1:]] == [
        (None,) * 4
    ] * 2
    assert [(step.points, step.points_shown, step.contribution, step.contribution_shown) for step in told[0].criteria[2:]] == [
        ("15/2", "7,50", "15/2", "7,50")
    ]
    assert [(step.code, step.label, len(step.sentences)) for step in told[1].criteria] == [
        ("x", "X", 1),
        ("kinerja", "Kinerja", 1),
        ("piagam", "Piagam", 1),
    ]
    assert (told[0].label, told[0].score) == ("A", "42,50")


def test_a_weight_of_a_criterion_is_told_as_its_factor():
    """40 points are 75 % of a component of 50 %: a point adds 0.5 x 0.75 x 100 / 40."""
    found = definition(
        component("a", criterion("x", 40, weight=7_500), criterion("y", 10, weight=2_500), weight=5_000),
        component("b", criterion("z", 50), weight=5_000),
        combine="weighted_sum",
    )
    marks = {
        "x": {"a1": 20, "a2": 20, "a3": "abstained"},
        "y": {"a1": 4, "a2": "recused", "a3": "abstained"},
        "z": dict.fromkeys(PANEL, 25),
    }
    parts = explanation.why(document(found, [nominee("n1", marks)]), "n1").components
    assert [(step.code, step.factor, step.contribution_shown) for part in parts for step in part.criteria] == [
        ("x", "15/16", "18,75"),
        ("y", "5/4", "5,00"),
        ("z", "1/1", "25,00"),
    ]
    assert parts[0].criteria[1].sentences == (
        "Rata-rata 1 nilai: (4) : 1 = 4 poin.",
        "Tidak dihitung: 1 mengundurkan diri, 1 abstain.",
        "4 poin × 1,25 menambah 5,00 pada nilai akhir.",
    )


def test_the_smallest_difference_that_is_printed_is_told():
    found = definition(component("a", criterion("x", {"kind": "points", "max": 100, "step": "0.01"})))
    people = [nominee(who, {"x": dict.fromkeys(PANEL, mark)}) for who, mark in (("n1", "10.01"), ("n2", "10"))]
    told = [explanation.gap(document(found, people), *pair).parts[0].sentence for pair in (("n1", "n2"), ("n2", "n1"))]
    assert told == ["X: unggul 0,01 (10,01 poin terhadap 10 poin).", "X: tertinggal 0,01 (10 poin terhadap 10,01 poin)."]


def test_the_highest_points_are_printed_by_criterion():
    assert explanation.maxima(document()) == {"x": "40", "y": "60", "z": "100"}


def test_a_total_that_prints_as_it_is_is_told_once_and_a_place_only_where_there_is_one():
    found = definition(component("a", criterion("x")), floors=[{"component": "a", "at_least": 50}])
    told = document(found, [nominee(f"n{at}", {"x": dict.fromkeys(PANEL, 40 + at)}) for at in (5, 20)])
    assert [explanation.why(told, who).sentences for who in ("n20", "n5")] == [
        ("Nilai akhir adalah jumlah semua kriteria: 60,00.", "Peringkat 1."),
        ("Nilai akhir adalah jumlah semua kriteria: 45,00.",),
    ]
    assert explanation.why(told, "n5").reasons == ("Nilai A 45,00 di bawah batas 50.",)


def test_a_difference_too_small_to_be_printed_is_told_as_almost_the_same():
    found = definition(component("a", criterion("x", 60), criterion("y", 40)), rounding={"stage": "end", "decimals": 0})
    people = [nominee("n1", {"x": {"a1": 30, "a2": 30, "a3": 31}, "y": dict.fromkeys(PANEL, 20)}),
              nominee("n2", {"x": dict.fromkeys(PANEL, 30), "y": dict.fromkeys(PANEL, 20)})]  # fmt: skip
    told = explanation.gap(document(found, people), "n1", "n2")
    assert [part.sentence for part in told.parts] == ["X: hampir sama (91/3 poin terhadap 30 poin).", "Y: sama (20 poin)."]
    assert (told.exact, told.shown, told.sentences[0]) == ("1/3", "0", "Nilai akhir tercetak sama: 50.")
    assert told.parts[0].shown == "0"


def test_a_gap_is_told_without_its_sign_and_equal_parts_by_code():
    found = definition(component("a", criterion("y", 50), criterion("x", 50)))
    people = [
        nominee(who, {"x": dict.fromkeys(PANEL, points), "y": dict.fromkeys(PANEL, points)}) for who, points in (("n1", 10), ("n2", 30))
    ]
    told = explanation.gap(document(found, people), "n1", "n2")
    assert (told.shown, told.sentences) == ("-40,00", ("Selisih nilai akhir 40,00: 20,00 lawan 60,00.",))
    assert [(part.code, part.shown) for part in told.parts] == [("x", "-20,00"), ("y", "-20,00")]


def test_places_among_equal_scores_that_nobody_decided_are_told_so():
    found = definition(component("a", criterion("x")))
    people = [nominee(who, {"x": dict.fromkeys(PANEL, 10)}) for who in ("n1", "n2")]
    across = document(found, people, winners=1)
    undecided = "Nilai tercetaknya sama dengan calon lain; urutannya belum diputuskan."
    assert (explanation.why(across, "n2").tie, explanation.gap(across, "n1", "n2").sentences[1:]) == (undecided, (undecided,))
    of_both = document(found, people, winners=2)
    needless = "Nilai tercetaknya sama dengan calon lain; urutannya tidak perlu diputuskan: tidak mengubah pemenang."
    assert (explanation.why(of_both, "n2").tie, explanation.gap(of_both, "n2", "n1").sentences[1:]) == (needless, (needless,))
    said = {("n1", "n2"): "Sudah diputuskan, berlaku setelah dihitung ulang"}
    decided = "Nilai tercetaknya sama dengan calon lain; urutannya sudah diputuskan, berlaku setelah dihitung ulang."
    assert (explanation.why(across, "n1", said).tie, explanation.gap(across, "n1", "n2", said).sentences[1:]) == (decided, (decided,))
    assert explanation.gap(document(found, people[:1]), "n1", "n1").sentences == ("Nilai akhir tercetak sama: 10,00.",)


def test_a_gap_read_from_the_other_side_is_its_negative():
    there, back = explanation.gap(document(), "n1", "n2"), explanation.gap(document(), "n2", "n1")
    assert {part.code: Fraction(part.exact) for part in back.parts} == {part.code: -Fraction(part.exact) for part in there.parts}
    assert (back.exact, back.shown) == ("-241/12", "-20,08")


@given(contests(complete=True), st.data())
def test_parts_of_a_gap_add_up_exact_and_shown(document_, data):
    assume(document_["nominees"])
    told = seal.document(seal.compute(document_))
    rows = {row["id"]: row for row in told["result"]["rows"]}
    one, other = (data.draw(st.sampled_from(sorted(rows))) for _ in range(2))
    found = explanation.gap(told, one, other)
    assert sum(Fraction(part.exact) for part in found.parts) == Fraction(found.exact)
    assert Fraction(found.exact) == Fraction(rows[one]["exact"]) - Fraction(rows[other]["exact"])
    assert sum(shown(part.shown) for part in found.parts) == shown(found.shown)
    assert shown(found.shown) == Fraction(rows[one]["score"]) - Fraction(rows[other]["score"])
    decimals = 10 ** told["inputs"]["instrument"]["definition"]["policy"]["rounding"]["decimals"]
    assert all(abs(shown(part.shown) - Fraction(part.exact)) * decimals <= 1 for part in found.parts)


@given(contests())
def test_shown_contributions_add_up_to_the_printed_total(document_):
    told = seal.document(seal.compute(document_))
    for row in told["result"]["rows"]:
        found = explanation.why(told, row["id"])
        parts = [part.contribution_shown for part in found.components]
        if row["score"] is None:
            assert None in parts or not parts or found.exact is None
        else:
            assert sum(map(shown, parts)) == Fraction(row["score"])
            assert all(
                sum(shown(step.contribution_shown) for step in part.criteria) == shown(part.contribution_shown) for part in found.components
            )
