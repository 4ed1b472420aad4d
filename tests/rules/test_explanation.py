"""Every score and every gap is told from the sealed document alone, exact and as printed, in sentences that add up."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import explanation, seal
from sipetruk.rules.explanation import GapPart, MarkStep
from tests.rules.building import component, criterion, definition, inputs, nominee
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


def shown(text):
    return Fraction(text.replace(",", "."))


def test_every_step_from_mark_to_total():
    """(92/3 + 119/2 + 100) / 2: a mean of components, with one abstention."""
    told = explanation.why(document(), "n1")
    assert (told.status, told.exact, told.score, told.rank) == ("RANKED", "1141/12", "95,08", 1)
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
    for ask in (lambda: explanation.why(told, "n9"), lambda: explanation.gap(told, "n1", "n9")):
        with pytest.raises(NotFound):
            ask()
    for pair in (("n1", "n3"), ("n3", "n1")):
        with pytest.raises(Invalid):
            explanation.gap(told, *pair)


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
