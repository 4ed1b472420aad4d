"""The whole analysis from one sealed document: everything has a value or a reason, and it is always the same."""

import copy
import json
from fractions import Fraction
from pathlib import Path

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import seal
from sipetruk.rules.analysis import agreement, report
from sipetruk.rules.analysis.linear import Model
from sipetruk.rules.analysis.methods import Outcome
from sipetruk.rules.analysis.outcome import NotComputable
from sipetruk.rules.analysis.report import analyse
from tests.rules.building import component, criterion, definition, inputs, nominee

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "ranking-2024.json").read_text())

YES_NO = {"kind": "yes_no", "yes": 20, "no": 5}


def sealed(*nominees, panel=("a1", "a2", "a3")):
    """Component a: x of 50 points and y, a yes-or-no question; component b: z from data."""
    instrument = definition(
        component("a", criterion("x", 50, weight=7500), criterion("y", YES_NO, weight=2500), weight=6000),
        component("b", criterion("z", 10, source="unit", weight=10_000), weight=4000),
        combine="weighted_sum",
    )
    return seal.document(seal.compute(inputs(instrument, nominees, panel=panel)))


def three():
    return sealed(
        nominee("n1", {"x": {"a1": 40, "a2": 45, "a3": 20}, "y": {"a1": 1, "a2": 1, "a3": "abstained"}}, values={"z": "5"}),
        nominee("n2", {"x": {"a1": 50, "a2": 50, "a3": 25}, "y": {"a1": 1, "a2": 0, "a3": 0}}, values={"z": "9"}),
        nominee("n3", {"x": {"a1": 10, "a2": "not_yet", "a3": 5}, "y": {"a1": 0, "a2": 0, "a3": 0}}, values={"z": "9"}),
    )


def test_the_worked_round_of_2024():
    found = analyse(GOLDEN)
    assert found.disclaimer.startswith("Analisis untuk panitia, bukan nilai resmi.")
    assert found.seed == found.robustness.acceptability.seed == GOLDEN["input_sha256"]
    assert found.matrix.alternatives == ("n3", "n2", "n1", "n4")
    assert {answer.note for answer in found.methods[:-1]} == {""}
    assert [answer.outcome.label for answer in found.methods[:-1]] == [answer.label for answer in found.methods[:-1]]
    assert (found.nominees, found.ranks) == (("n3", "n2", "n1", "n4"), {"n3": 1, "n2": 2, "n1": 3, "n4": 4})
    assert (found.panel, found.winners) == (("a1", "a2", "a3"), 2)
    assert found.agreement_on_totals.table[0] == (85, 85, 85)
    assert found.agreement_on_totals.intraclass.icc2k == Fraction(290, 623)
    assert found.agreement_on_totals.concordance.w == Fraction(3, 5)
    assert [each.severity for each in found.severity.assessors] == [Fraction(-35, 26), Fraction(85, 26), Fraction(-25, 13)]
    assert found.robustness.verdict.word == "kokoh"
    assert found.matrix.values == found.robustness.components.scores
    assert [answer.outcome.ranks for answer in found.methods if isinstance(answer.outcome, Outcome)] == [(1, 2, 2, 4)] * 10
    assert found.methods[-1].outcome == NotComputable("tidak ada secondary factor")


def test_the_same_document_gives_the_same_analysis_whatever_its_order():
    mixed = copy.deepcopy(GOLDEN)
    mixed["inputs"]["nominees"].reverse()
    mixed["inputs"]["panel"].reverse()
    assert analyse(mixed) == analyse(GOLDEN)


def test_marks_are_seen_as_points_and_missing_ones_as_missing():
    found = analyse(three())
    x, y = found.agreement
    assert found.nominees == ("n2", "n1", "n3")
    assert (x.code, x.label, x.table) == ("x", "X", ((50, 50, 25), (40, 45, 20), (10, None, 5)))
    assert (y.code, y.table) == ("y", ((20, 5, 5), (20, 20, None), (5, 5, 5)))
    assert x.intraclass.left_out == x.concordance.left_out == 1
    assert x.alpha["interval"] == agreement.krippendorff(x.table, "interval")
    assert list(x.alpha) == ["nominal", "ordinal", "interval", "ratio"]
    assert found.ranks == {"n2": 1, "n1": 2, "n3": None}


def test_totals_of_an_assessor_are_what_the_marks_alone_contribute():
    """60 % x (75 % of x in 50 + 25 % of y in 20): for n2 of a1 60 x (0.75 + 0.25), of a2 60 x (0.75 + 0.0625)."""
    totals = analyse(three()).agreement_on_totals
    assert (totals.code, totals.label) == ("", "Nilai akhir menurut tiap penilai")
    assert totals.table == (
        (60, Fraction(195, 4), Fraction(105, 4)),
        (51, Fraction(111, 2), None),
        (Fraction(51, 4), None, Fraction(33, 4)),
    )


def test_severity_is_in_per_cent_of_the_criterion():
    first, second, third = analyse(three()).severity.assessors
    assert (first.assessor, first.marks, second.marks, third.marks) == ("a1", 6, 5, 5)
    assert first.severity == (Fraction(50, 3) + 10 + 5 + 50 + 0 + 0) / 6


def test_an_odd_mark_is_found_with_its_nominee_and_criterion():
    panel = ("a1", "a2", "a3")
    alike = [nominee(f"n{at}", {"x": dict.fromkeys(panel, 40 + at), "y": dict.fromkeys(panel, 1)}, values={"z": "5"}) for at in range(6)]
    odd = nominee("n9", {"x": {"a1": 40, "a2": 10, "a3": 40}, "y": dict.fromkeys(panel, 1)}, values={"z": "5"})
    (found,) = analyse(sealed(*alike, odd)).severity.odd_marks
    assert (found.assessor, found.nominee, found.criterion, found.mark, found.others, found.distance) == ("a2", "n9", "x", 20, 80, -60)


def test_methods_rank_the_components_and_say_what_they_assume():
    document = sealed(
        nominee("n1", {"x": {"a1": 40}, "y": {"a1": 1}}, values={"z": "5"}),
        nominee("n2", {"x": {"a1": 20}, "y": {"a1": 0}}, values={"z": "10"}),
        panel=("a1",),
    )
    found = analyse(document)
    assert [(part.code, part.weight) for part in found.matrix.criteria] == [("a", 3), ("b", 2)]
    assert found.matrix.values == ((85, 50), (Fraction(145, 4), 100))
    assert found.methods[0].outcome.values == pytest.approx((0.6 + 0.2, 0.6 * 36.25 / 85 + 0.4))
    assert [answer.label for answer in found.methods] == [
        "SAW, normalisasi rasio (maks/min)",
        "SAW, normalisasi maksimum",
        "SAW, normalisasi min-maks",
        "SAW, normalisasi jumlah",
        "SAW, normalisasi vektor",
        "WP (Weighted Product)",
        "WPM (Weighted Product Model)",
        "TOPSIS",
        "MOORA",
        "CPI (Composite Performance Index)",
        "Profile matching",
    ]
    profile = found.methods[-1]
    assert profile.note == report.PROFILE_NOTE
    assert profile.outcome.values == (4.2, 3.2)


def test_a_refusal_of_a_method_names_the_nominee():
    document = sealed(
        nominee("n1", {"x": dict.fromkeys(("a1", "a2", "a3"), 40), "y": dict.fromkeys(("a1", "a2", "a3"), 1)}, values={"z": "0"}),
        nominee("n2", {"x": dict.fromkeys(("a1", "a2", "a3"), 20), "y": dict.fromkeys(("a1", "a2", "a3"), 1)}, values={"z": "0"}),
    )
    answers = {answer.label: answer.outcome for answer in analyse(document, {"n1": "Siti"}).methods}
    assert answers["WP (Weighted Product)"] == NotComputable("nilai Siti pada B adalah nol (dan 1 sebab lain)")
    assert answers["TOPSIS"] == NotComputable("semua alternatif bernilai nol pada B")
    assert answers["TOPSIS"].message == "Tidak dapat dihitung: semua alternatif bernilai nol pada B."


def test_a_round_without_nominees_has_reasons_instead_of_numbers():
    found = analyse(sealed())
    assert (found.nominees, found.agreement[0].table) == ((), ())
    assert {each.intraclass for each in found.agreement} == {agreement.ONE_SUBJECT}
    assert found.robustness.verdict.word == "tidak dapat dihitung"
    assert {str(answer.outcome.reason) for answer in found.methods[:-1]} == {"tidak ada alternatif atau kriteria"}
    assert found.severity.odd_marks == ()


def test_data_alone_leave_nothing_for_assessors_to_agree_on():
    instrument = definition(component("a", criterion("z", 100, source="unit")))
    given_ = [nominee("n1", values={"z": "80"}), nominee("n2", values={"z": "60"})]
    found = analyse(seal.document(seal.compute(inputs(instrument, given_))))
    assert found.agreement == ()
    assert found.agreement_on_totals.table == ((None,), (None,))
    assert found.agreement_on_totals.intraclass == agreement.ONE_RATER
    assert found.robustness.verdict.word == "kokoh"


@pytest.mark.parametrize("document", [{}, {"inputs": None}, {"inputs": {"format": "lain"}}])
def test_a_document_that_is_not_sound_is_refused(document):
    with pytest.raises(Invalid):
        analyse(document)


def test_nothing_of_the_document_is_changed():
    before = copy.deepcopy(GOLDEN)
    analyse(GOLDEN)
    assert before == GOLDEN


def test_only_floats_that_are_never_official_leave_the_package():
    """The official rules do not know the analysis."""
    rules = Path(report.__file__).parents[1]
    knowing = [path.name for path in rules.glob("*.py") if "rules.analysis" in path.read_text(encoding="utf-8")]
    assert knowing == []


def test_without_parts_no_method_has_an_answer():
    empty = Model((), ("n1",), ((),))
    answers = report._methods(report._matrix(empty, {}), empty)
    assert [answer.outcome for answer in answers] == [NotComputable("tidak ada alternatif atau kriteria")] * 10 + [
        NotComputable("tidak ada kriteria")
    ]
