"""What-if methods against worked examples that somebody published, and what they refuse."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid
from sipetruk.rules.analysis import methods
from sipetruk.rules.analysis.methods import BENEFIT, COST, NORMALISATIONS, Criterion, Matrix
from sipetruk.rules.analysis.outcome import places
from sipetruk.rules.analysis.profile import GAP_VALUE, Factor, profile_matching
from tests.rules.building import problems

ALL = (
    *(lambda matrix, each=each: methods.saw(matrix, each) for each in NORMALISATIONS),
    methods.weighted_product,
    methods.weighted_product_model,
    methods.topsis,
    methods.moora,
    methods.cpi,
)


def matrix(text, weights, kinds):
    """`kinds` has a + for every benefit and a - for every cost."""
    values = tuple(tuple(None if value == "." else Fraction(value) for value in line.split()) for line in text.strip().splitlines())
    criteria = tuple(
        Criterion(f"c{at}", f"C{at}", weight, BENEFIT if kind == "+" else COST)
        for at, (weight, kind) in enumerate(zip(weights, kinds, strict=True), 1)
    )
    return Matrix(tuple(f"A{at}" for at in range(1, len(values) + 1)), criteria, values)


def label_of(method):
    return method(matrix("1\n2", (1,), "+")).label


def rounded(values, decimals):
    return [round(value, decimals) for value in values]


FIGHTERS = (
    "2.0 1500 20000 5.5 5 9\n2.5 2700 18000 6.5 3 5\n1.8 2000 21000 4.5 7 7\n2.2 1800 20000 5.0 5 5",
    (20, 10, 10, 10, 20, 30),
    "+++-++",
)
"""The choice of a fighter aircraft in Hwang & Yoon (1981), "Multiple Attribute Decision Making", chapter 3."""

WAREHOUSE = ("0.75 2000 18 50 500\n0.50 1500 20 40 450\n0.90 2050 35 35 800", (5, 3, 4, 4, 2), "-+-+-")
"""The site of a warehouse in Kusumadewi et al. (2006), "Fuzzy Multi-Attribute Decision Making", chapter 3."""

MILLING = (
    """
    581818 54.49 3 5500
    595454 49.73 3 4500
    586060 51.24 3 5000
    522727 45.71 3 5800
    561818 52.66 3 5200
    543030 74.46 4 5600
    522727 75.42 4 5800
    486970 62.62 4 5600
    509394 65.87 4 6400
    513333 70.67 4 6000""",
    (467, 160, 95, 278),
    "---+",
)
"""Chakraborty, Zavadskas & Antucheviciene (2015), "Applications of WASPAS Method", ECECSR 49(1), 5-22, example 2."""

HEATING = (
    """
    33.95 23.78 11.45 39.97 29.44 167.10 3.852
    38.9 4.17 6.32 0.01 4.29 132.52 25.184
    37.59 9.36 8.23 4.35 10.22 136.71 10.845
    30.44 37.59 13.91 74.08 45.10 198.34 2.186
    36.21 14.79 9.17 17.77 17.06 148.3 6.610
    37.8 8.55 7.97 2.35 9.25 134.83 11.935""",
    (1,) * 7,
    "----+-+",
)
"""Kracka, Brauers & Zavadskas (2010), "Ranking Heating Losses in a Building", Inzinerine Ekonomika 21(4), 352-359."""

PRODUCTS = ("25 20 15 30\n10 30 20 30\n30 10 30 10", (20, 15, 40, 25), "++++")
"""Triantaphyllou (2000), "Multi-Criteria Decision Making Methods: A Comparative Study", chapter 2, for WSM and WPM."""


# SAW ---------------------------------------------------------------------------------------------------------------


def test_saw_by_ratio_of_the_warehouse_by_rating_of_kusumadewi_2006():
    """The rated variant of the example: the book leaves the weights as they are (sum 18) and prints 17; 13.117; 13.6."""
    found = methods.saw(matrix("4 4 5 3 3\n3 3 4 2 3\n5 4 2 2 2", (5, 3, 4, 4, 2), "+++++"))
    assert rounded([18 * value for value in found.values], 3) == [17, 13.117, 13.6]
    assert found.ranks == (1, 3, 2)
    assert (found.method, found.label) == ("saw-ratio", "SAW, normalisasi rasio (maks/min)")


def test_saw_by_ratio_of_chakraborty_2015():
    found = methods.saw(matrix(*MILLING))
    assert rounded(found.values, 4) == pytest.approx(
        [0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784], abs=1.1e-4
    )
    assert found.ranks == (6, 10, 8, 1, 5, 9, 7, 3, 2, 4)


def test_saw_by_ratio_of_the_fighters_where_the_book_adds_entries_it_had_rounded():
    """Hwang & Yoon (1981) print 0.835, 0.709, 0.852, 0.738: the sums of a table already rounded to two decimals."""
    book = ((80, 56, 95, 82, 71, 100), (100, 100, 86, 69, 43, 56), (72, 74, 100, 100, 100, 78), (88, 67, 95, 90, 71, 56))
    weights = FIGHTERS[1]
    assert [sum(w * r for w, r in zip(weights, row, strict=True)) for row in book] == [8350, 7090, 8520, 7380]
    found = methods.saw(matrix(*FIGHTERS))
    assert rounded(found.values, 4) == [0.8355, 0.7073, 0.8514, 0.7374]
    assert found.ranks == (2, 4, 1, 3)


def test_saw_by_sum_of_the_heating_losses_of_kracka_2010():
    """The table of the paper; values and ranks are those that the package scikit-criteria checks itself with."""
    found = methods.saw(matrix(*HEATING), methods.SUM)
    assert rounded(found.values, 8) == [0.12040426, 0.34582350, 0.13838192, 0.12841246, 0.12346084, 0.14351701]
    assert found.ranks == (6, 1, 3, 4, 5, 2)


def test_the_vector_normalisation_is_that_of_hwang_and_yoon_1981():
    """With all weight on one criterion the value is the entry of the normalised table."""
    text, _, kinds = FIGHTERS
    columns = [methods.saw(matrix(text, [at == other for other in range(6)], kinds), methods.VECTOR).values for at in range(6)]
    assert [rounded(column, 4) for at, column in enumerate(columns) if at != 3] == [
        [0.4671, 0.5839, 0.4204, 0.5139],
        [0.3662, 0.6591, 0.4882, 0.4394],
        [0.5056, 0.4550, 0.5308, 0.5056],
        [0.4811, 0.2887, 0.6736, 0.4811],
        [0.6708, 0.3727, 0.5217, 0.3727],
    ]
    assert rounded(columns[3], 4) == [round(1 - r, 4) for r in (0.5069, 0.5990, 0.4147, 0.4608)]


@pytest.mark.parametrize(
    ("normalisation", "benefit", "cost"),
    [
        ("ratio", [0.2, 0.5, 1], [1, 0.4, 0.2]),
        ("max", [0.2, 0.5, 1], [0.8, 0.5, 0]),
        ("minmax", [0, 0.375, 1], [1, 0.625, 0]),
        ("sum", [2 / 17, 5 / 17, 10 / 17], [0.5 / 0.8, 0.2 / 0.8, 0.1 / 0.8]),
        ("vector", [2 / 129**0.5, 5 / 129**0.5, 10 / 129**0.5], [1 - 2 / 129**0.5, 1 - 5 / 129**0.5, 1 - 10 / 129**0.5]),
    ],
)
def test_every_normalisation_by_hand(normalisation, benefit, cost):
    assert methods.saw(matrix("2\n5\n10", (1,), "+"), normalisation).values == pytest.approx(benefit)
    assert methods.saw(matrix("2\n5\n10", (1,), "-"), normalisation).values == pytest.approx(cost)


def test_an_unknown_normalisation_is_a_fault():
    with pytest.raises(ValueError, match="unknown normalisation 'log'"):
        methods.saw(matrix("2\n5", (1,), "+"), "log")


# Products ----------------------------------------------------------------------------------------------------------


def test_weighted_product_of_the_warehouse_of_kusumadewi_2006():
    found = methods.weighted_product(matrix(*WAREHOUSE))
    assert rounded(found.columns[0].values, 4) == [2.4187, 2.4270, 1.7462]
    assert rounded(found.values, 4) == [0.3669, 0.3682, 0.2649]
    assert found.ranks == (2, 1, 3)


def test_weighted_product_of_triantaphyllou_2000_in_the_proportions_of_its_vector_s():
    found = methods.weighted_product(matrix(*PRODUCTS))
    first, second, third = found.values
    assert rounded([first / second, first / third, second / third], 3) == [1.007, 1.067, 1.059]
    assert sum(found.values) == pytest.approx(1)


def test_weighted_product_model_of_triantaphyllou_2000():
    """R(A1/A2) = 1.007, R(A1/A3) = 1.067, R(A2/A3) = 1.059: A1 is best."""
    found = methods.weighted_product_model(matrix(*PRODUCTS))
    first, second, third = found.values
    assert rounded([first / second, first / third, second / third], 3) == [1.007, 1.067, 1.059]
    assert found.ranks == (1, 2, 3)


def test_weighted_product_model_of_chakraborty_2015():
    found = methods.weighted_product_model(matrix(*MILLING))
    assert rounded(found.values, 4) == pytest.approx(
        [0.8578, 0.8144, 0.8408, 0.9413, 0.8632, 0.8241, 0.8454, 0.8915, 0.8987, 0.8697], abs=1.1e-4
    )
    assert found.ranks == (6, 10, 8, 1, 5, 9, 7, 3, 2, 4)


# TOPSIS ------------------------------------------------------------------------------------------------------------


def test_topsis_of_the_fighters_of_hwang_and_yoon_1981():
    """The book prints C = 0.643, 0.268, 0.613, 0.312; the third is exactly 0.61354, so 0.614."""
    found = methods.topsis(matrix(*FIGHTERS))
    assert rounded(found.values, 3) == [0.643, 0.268, 0.614, 0.312]
    assert rounded(found.values[2:3], 5) == [0.61354]
    assert rounded(found.columns[0].values, 4) == [0.0546, 0.1197, 0.0580, 0.1009]
    assert rounded(found.columns[1].values, 4) == [0.0984, 0.0439, 0.0920, 0.0458]
    assert found.ranks == (1, 4, 2, 3)


def test_topsis_of_the_warehouse_of_kusumadewi_2006():
    """The book weights with 5, 3, 4, 4, 2 as they are, so its distances are 18 times ours; the closeness is the same."""
    found = methods.topsis(matrix(*WAREHOUSE))
    assert [rounded([18 * value for value in column.values], 4) for column in found.columns] == [
        [0.9871, 0.7706, 2.4418],
        [1.9849, 2.1991, 0.5104],
    ]
    assert rounded(found.values, 4) == [0.6679, 0.7405, 0.1729]
    assert found.ranks == (2, 1, 3)


def test_topsis_of_tzeng_and_huang_2011():
    found = methods.topsis(matrix("5 8 4\n7 6 8\n8 8 6\n7 4 6", (3, 4, 3), "+++"))
    assert found.values == pytest.approx([0.5037, 0.6581, 0.7482, 0.3340], abs=1e-4)
    assert found.ranks == (3, 2, 1, 4)


# MOORA and CPI -----------------------------------------------------------------------------------------------------


def test_moora_of_the_heating_losses_of_kracka_2010():
    """The paper leaves all seven criteria with the weight 1, so its values are 7 times ours."""
    found = methods.moora(matrix(*HEATING))
    assert rounded([7 * value for value in found.values], 8) == [
        -1.62447867,
        -0.25233889,
        -0.84635037,
        -2.23363519,
        -1.18698242,
        -0.77456208,
    ]
    assert found.ranks == (5, 1, 3, 6, 4, 2)


def test_moora_by_hand():
    """Norms 5 and 13: gains 3/5 and 4/5, losses 5/13 and 12/13, half of each."""
    found = methods.moora(matrix("3 5\n4 12", (5000, 5000), "+-"))
    assert found.values == pytest.approx([0.3 - 2.5 / 13, 0.4 - 6 / 13])
    assert [column.values for column in found.columns] == [pytest.approx((0.3, 0.4)), pytest.approx((2.5 / 13, 6 / 13))]
    assert methods.moora(matrix("-3\n4", (1,), "+")).values == pytest.approx([-0.6, 0.8])


def test_cpi_of_three_industries_after_marimin_2004():
    """The matrix of Marimin's lecture (IRR, B/C, payback time); by his rules, worked out by hand, 107.0, 88.03 and
    110.23, so cocoa is first."""
    found = methods.cpi(matrix("30 1.10 5\n20 1.15 6\n25 1.20 4", (3, 3, 4), "++-"))
    assert found.values == pytest.approx([107, 30 + 0.3 * 115 / 1.1 + 0.4 * 400 / 6, 37.5 + 0.3 * 120 / 1.1 + 40])
    assert rounded(found.values, 2) == [107.0, 88.03, 110.23]
    assert found.ranks == (2, 3, 1)


def test_cpi_of_three_crops_where_the_published_solution_divides_by_the_maximum():
    """Nugraha (2010, scribd 48739288) prints 97.0, 69.2 and 92.5. For IRR it divides by the largest value (40) and gives that 100,
    against the rule it states itself (the minimum, 15, is 100). Right are 147, 87.92 and 130; here the order is the same."""
    found = methods.cpi(matrix("40 1.4 5\n15 1.25 6\n30 1.2 4", (3, 3, 4), "++-"))
    assert rounded(found.values, 2) == [147.0, 87.92, 130.0]
    assert found.ranks == (1, 3, 2)
    as_printed = [
        0.3 * irr / 40 * 100 + 0.3 * bc / 1.2 * 100 + 0.4 * 4 / pbp * 100 for irr, bc, pbp in ((40, 1.4, 5), (15, 1.25, 6), (30, 1.2, 4))
    ]
    assert rounded(as_printed, 1) == [97.0, 69.2, 92.5]


@pytest.mark.parametrize(
    ("method", "about", "columns"),
    [
        (ALL[0], ("saw-ratio", "SAW, normalisasi rasio (maks/min)", "Fishburn (1967); Hwang & Yoon (1981)"), ()),
        (ALL[4], ("saw-vector", "SAW, normalisasi vektor", "Fishburn (1967); Hwang & Yoon (1981)"), ()),
        (methods.weighted_product, ("wp", "WP (Weighted Product)", "Kusumadewi dkk. (2006)"), ("Vektor S",)),
        (methods.weighted_product_model, ("wpm", "WPM (Weighted Product Model)", "Bridgman (1922); Triantaphyllou (2000)"), ()),
        (methods.topsis, ("topsis", "TOPSIS", "Hwang & Yoon (1981)"), ("D+", "D-")),
        (methods.moora, ("moora", "MOORA", "Brauers & Zavadskas (2006)"), ("Jumlah keuntungan", "Jumlah biaya")),
        (methods.cpi, ("cpi", "CPI (Composite Performance Index)", "Marimin (2004)"), ()),
    ],
)
def test_every_method_says_what_it_is_and_where_it_is_from(method, about, columns):
    found = method(matrix(*FIGHTERS))
    assert (found.method, found.label, found.source) == about
    assert tuple(column.label for column in found.columns) == columns
    assert found.alternatives == ("A1", "A2", "A3", "A4")


# Refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ALL)
def test_every_method_names_what_is_missing(method):
    with pytest.raises(Invalid) as refusal:
        method(matrix("1 2\n. 3\n4 .", (1, 1), "++"))
    label = label_of(method)
    assert problems(refusal) == [
        (("A2", "c1"), f"{label} tidak dapat dihitung: nilai A2 pada C1 tidak ada."),
        (("A3", "c2"), f"{label} tidak dapat dihitung: nilai A3 pada C2 tidak ada."),
    ]


@pytest.mark.parametrize("method", ALL)
@pytest.mark.parametrize(
    ("weights", "words"), [((0, 0), "bobot tidak boleh negatif dan tidak boleh semuanya nol"), ((2, -1), "bobot tidak boleh negatif")]
)
def test_every_method_wants_weights(method, weights, words):
    with pytest.raises(Invalid, match=words) as refusal:
        method(matrix("1 2\n2 3", weights, "++"))
    assert refusal.value.message == f"{label_of(method)} tidak dapat dihitung: bobot tidak boleh negatif dan tidak boleh semuanya nol."


@pytest.mark.parametrize("method", ALL)
def test_every_method_wants_alternatives_and_criteria(method):
    for empty in (Matrix((), (Criterion("c", "C", 1),), ()), Matrix(("A",), (), ((),))):
        with pytest.raises(Invalid) as refusal:
            method(empty)
        assert refusal.value.message == f"{label_of(method)} tidak dapat dihitung: tidak ada alternatif atau kriteria."


@pytest.mark.parametrize("method", [methods.weighted_product, methods.weighted_product_model, methods.cpi])
def test_products_and_cpi_refuse_zero(method):
    with pytest.raises(Invalid) as refusal:
        method(matrix("1 2\n0 3", (1, 1), "+-"))
    label = label_of(method)
    assert problems(refusal) == [(("A2", "c1"), f"{label} tidak dapat dihitung: nilai A2 pada C1 adalah nol.")]


@pytest.mark.parametrize("normalisation", ["ratio", "sum"])
def test_reciprocals_refuse_a_cost_of_zero_only(normalisation):
    assert methods.saw(matrix("0 2\n4 3", (1, 1), "+-"), normalisation).ranks == (2, 1)
    with pytest.raises(Invalid) as refusal:
        methods.saw(matrix("0 2\n4 0", (1, 1), "+-"), normalisation)
    label = methods.SAW_LABELS[normalisation]
    assert problems(refusal) == [(("A2", "c2"), f"{label} tidak dapat dihitung: nilai A2 pada C2 adalah nol.")]


@pytest.mark.parametrize("method", [ALL[1], ALL[4], methods.topsis, methods.moora])
def test_a_column_of_zeros_has_nothing_to_divide_by(method):
    with pytest.raises(Invalid) as refusal:
        method(matrix("1 0\n2 0", (1, 1), "++"))
    label = label_of(method)
    assert problems(refusal) == [(("c2",), f"{label} tidak dapat dihitung: semua alternatif bernilai nol pada C2.")]


def test_the_range_of_equal_values_is_nothing_to_divide_by():
    with pytest.raises(Invalid) as refusal:
        methods.saw(matrix("1 5\n2 5", (1, 1), "++"), methods.MINMAX)
    assert problems(refusal) == [(("c2",), "SAW, normalisasi min-maks tidak dapat dihitung: semua alternatif bernilai sama pada C2.")]


def test_equal_alternatives_are_at_no_distance():
    with pytest.raises(Invalid, match=r"^TOPSIS tidak dapat dihitung: semua alternatif bernilai sama\.$"):
        methods.topsis(matrix("1 5\n1 5", (1, 1), "++"))


@pytest.mark.parametrize("method", [each for each in ALL if each is not methods.moora])
def test_negative_values_are_refused(method):
    with pytest.raises(Invalid) as refusal:
        method(matrix("-1\n2", (1,), "+"))
    assert problems(refusal) == [(("A1", "c1"), f"{label_of(method)} tidak dapat dihitung: nilai A1 pada C1 kurang dari nol.")]


# What holds for every matrix ---------------------------------------------------------------------------------------

MATRICES = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(1, 9), min_size=n, max_size=n), min_size=2, max_size=5),
        st.lists(st.integers(1, 9), min_size=n, max_size=n),
        st.text("+-", min_size=n, max_size=n),
    )
)


@pytest.mark.parametrize("method", ALL)
@given(given_=MATRICES, chance=st.randoms(use_true_random=False))
def test_the_order_of_alternatives_changes_nothing(method, given_, chance):
    rows, weights, kinds = given_
    order = chance.sample(range(len(rows)), len(rows))
    texts = ["\n".join(" ".join(map(str, rows[at])) for at in ats) for ats in (range(len(rows)), order)]
    try:
        found, mixed = (method(matrix(text, weights, kinds)) for text in texts)
    except Invalid:
        return
    assert mixed.ranks == tuple(found.ranks[at] for at in order)
    assert mixed.values == pytest.approx([found.values[at] for at in order])


@pytest.mark.parametrize("method", ALL)
@given(given_=MATRICES)
def test_who_is_better_everywhere_is_first(method, given_):
    rows, weights, kinds = given_
    best = [10 if kind == "+" else Fraction(1, 2) for kind in kinds]
    text = "\n".join(" ".join(map(str, row)) for row in [best, *rows])
    assert method(matrix(text, weights, kinds)).ranks[0] == 1


def test_equal_values_share_a_place():
    assert methods.saw(matrix("1 3\n3 1\n1 1\n3 3", (1, 1), "++")).ranks == (2, 2, 4, 1)
    assert places([1e-10, 0.0, 1e-8]) == (2, 2, 1)


# Profile matching --------------------------------------------------------------------------------------------------


def factors(targets, core, aspect=""):
    return [Factor(f"{aspect}{at}", f"F{at}", target, at in core, aspect) for at, target in enumerate(targets, 1)]


def test_the_gap_table_of_kusrini_2007():
    assert {gap: float(value) for gap, value in GAP_VALUE.items()} == {
        0: 5, 1: 4.5, -1: 4, 2: 3.5, -2: 3, 3: 2.5, -3: 2, 4: 1.5, -4: 1,
    }  # fmt: skip


def test_profile_matching_of_the_intelligence_of_an_employee_after_kusrini_2007():
    """K1001 has 2 4 3 3 2 2 4 3 2 3, wanted are 3 3 4 4 3 4 4 5 3 4 (lecture of Setiyaningsih, Unikama, after Kusrini). Gaps
    -1 +1 -1 -1 -1 -2 0 -2 -1 -1, bobot 4 4.5 4 4 4 3 5 3 4 4. With the first five as core, by hand: NCF 4.1, NSF 3.8,
    N 3.98."""
    wanted = factors((3, 3, 4, 4, 3, 4, 4, 5, 3, 4), {1, 2, 3, 4, 5})
    found = profile_matching(("K1001",), wanted, [[2, 4, 3, 3, 2, 2, 4, 3, 2, 3]])
    assert [(column.label, column.values) for column in found.columns] == [("NCF", (4.1,)), ("NSF", (3.8,)), ("N", (3.98,))]
    assert (found.values, found.ranks, found.alternatives) == ((3.98,), (1,), ("K1001",))
    assert (found.method, found.label, found.source) == ("profile", "Profile matching", "Kusrini (2007)")


def test_profile_matching_of_aspects_with_weights_by_hand():
    """a: cores 5 and 4, secondary 3 -> 0.6 x 4.5 + 0.4 x 3 = 3.9; b: core 4.5, secondary 5 -> 4.7; 20 : 80 gives 4.54."""
    wanted = [*factors((3, 3, 3), {1, 2}, "a"), *factors((3, 3), {1}, "b")]
    levels = [[3, 2, 1, 4, 3], [3, 3, 3, 3, 3]]
    found = profile_matching(("X", "Y"), wanted, levels, {"a": 20, "b": 80})
    assert (found.values, found.ranks) == ((4.54, 5.0), (2, 1))
    assert [column.label for column in found.columns] == ["NCF a", "NSF a", "N a", "NCF b", "NSF b", "N b"]
    assert profile_matching(("X", "Y"), wanted, levels).values == (4.3, 5.0)
    assert profile_matching(("X", "Y"), wanted, levels, core_share=Fraction(1)).values == (4.5, 5.0)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (factors((3, 3), {1, 2}), "Profile matching tidak dapat dihitung: tidak ada secondary factor."),
        (factors((3, 3), set(), "sikap"), "Profile matching tidak dapat dihitung: tidak ada core factor pada sikap."),
    ],
)
def test_an_aspect_needs_core_and_secondary_factors(wanted, words):
    with pytest.raises(Invalid) as refusal:
        profile_matching(("X",), wanted, [[1, 2]])
    assert refusal.value.message == words


def test_profile_matching_names_what_is_missing_or_beyond_the_table():
    with pytest.raises(Invalid) as refusal:
        profile_matching(("X", "Y"), factors((3, 5), {1}), [[None, 2], [8, 5]])
    assert problems(refusal) == [
        (("X", "1"), "Profile matching tidak dapat dihitung: nilai X pada F1 tidak ada."),
        (("Y", "1"), "Profile matching tidak dapat dihitung: selisih Y pada F1 di luar tabel gap (-4 sampai 4)."),
    ]
    with pytest.raises(Invalid) as nothing:
        profile_matching(("X",), [], [[]])
    assert nothing.value.message == "Profile matching tidak dapat dihitung: tidak ada kriteria."
