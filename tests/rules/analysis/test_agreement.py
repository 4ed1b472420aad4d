"""Agreement of assessors against published tables, and what must hold for any table."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sipetruk.rules.analysis import agreement
from sipetruk.rules.analysis.agreement import LEVELS, intraclass, kendall, krippendorff, mean_squares
from sipetruk.rules.analysis.outcome import NotComputable, shown

MARKS = st.integers(0, 6)
TABLES = st.integers(2, 5).flatmap(lambda k: st.lists(st.lists(MARKS, min_size=k, max_size=k), min_size=2, max_size=6))
GAPPED = st.integers(2, 4).flatmap(lambda k: st.lists(st.lists(MARKS | st.none(), min_size=k, max_size=k), min_size=1, max_size=6))


def rounded(answers, decimals):
    return {name: round(float(answer), decimals) for name, answer in answers.items()}


def columns(text):
    """A table whose lines are raters, "." a missing mark."""
    raters = [[None if mark == "." else Fraction(mark) for mark in line.split()] for line in text.strip().splitlines()]
    return [list(unit) for unit in zip(*raters, strict=True)]


def rows(text):
    return [[Fraction(mark) for mark in line.split()] for line in text.strip().splitlines()]


# Intraclass correlation --------------------------------------------------------------------------------------------

SHROUT_FLEISS = rows("9 2 5 8\n6 1 3 2\n8 4 6 8\n7 1 2 6\n10 5 6 9\n6 2 4 7")
"""Shrout & Fleiss (1979), table 2: four ratings on six targets."""


def test_the_analysis_of_variance_of_shrout_and_fleiss_1979_table_3():
    squares = mean_squares(SHROUT_FLEISS)
    found = (squares.between, squares.within, squares.raters, squares.residual)
    assert [round(float(each), 2) for each in found] == [11.24, 6.26, 32.49, 1.02]
    assert squares.between == Fraction(1349, 120)
    halves = [[mark / 2 for mark in row] for row in SHROUT_FLEISS]
    assert mean_squares(halves) == agreement.MeanSquares(squares.between / 4, squares.raters / 4, squares.residual / 4, squares.within / 4)
    assert intraclass(SHROUT_FLEISS).mean_squares == squares


def test_all_six_coefficients_of_shrout_and_fleiss_1979_table_4():
    found = intraclass(SHROUT_FLEISS)
    assert rounded(found.shrout_fleiss, 2) == {
        "ICC(1,1)": 0.17,
        "ICC(2,1)": 0.29,
        "ICC(3,1)": 0.71,
        "ICC(1,4)": 0.44,
        "ICC(2,4)": 0.62,
        "ICC(3,4)": 0.91,
    }
    assert (found.subjects, found.raters, found.left_out) == (6, 4, 0)


def test_mcgraw_and_wong_name_the_two_way_coefficients():
    found = intraclass(SHROUT_FLEISS)
    assert found.mcgraw_wong == {"ICC(A,1)": found.icc2, "ICC(A,k)": found.icc2k, "ICC(C,1)": found.icc3, "ICC(C,k)": found.icc3k}


ANXIETY = rows(
    """
    3 3 2
    3 6 1
    3 4 4
    4 6 4
    5 2 3
    5 4 2
    2 2 1
    3 4 6
    5 3 1
    2 3 1
    2 2 1
    6 3 2
    1 3 3
    5 3 3
    2 2 1
    2 2 1
    1 1 3
    2 3 3
    4 3 2
    3 4 2"""
)
"""The ratings of anxiety (20 subjects, 3 raters) that the R package irr (Gamer, Lemon & Singh) documents its functions with."""


def test_agreement_of_the_anxiety_ratings_of_the_r_package_irr():
    assert round(float(intraclass(ANXIETY).mcgraw_wong["ICC(A,1)"]), 3) == 0.198


def test_consistent_raters_who_do_not_agree_as_in_the_help_of_the_r_package_irr():
    raters = """
        5 12 11 10 9 7 5 12 12 7 12 17 15 13 6 13 20 14 13 11
        14 22 21 19 22 16 13 24 20 19 26 22 26 18 10 26 30 22 23 23
        27 31 29 29 32 23 29 28 30 28 31 35 34 32 30 29 39 37 33 29"""
    found = intraclass(columns(raters))
    assert (round(float(found.icc3), 3), round(float(found.icc2), 3)) == (0.695, 0.108)


def test_subjects_that_lack_a_mark_do_not_count():
    found = intraclass([*SHROUT_FLEISS, [1, None, 2, 3]])
    assert found.left_out == 1
    assert found.shrout_fleiss == intraclass(SHROUT_FLEISS).shrout_fleiss


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([], agreement.ONE_SUBJECT),
        ([[1], [2]], agreement.ONE_RATER),
        ([[1]], agreement.ONE_RATER),
        ([[1, 2, 3]], agreement.ONE_SUBJECT),
        ([[1, 2], [None, 3]], agreement.ONE_SUBJECT),
        ([[4, 4], [4, 4]], agreement.ALL_EQUAL),
    ],
)
def test_no_intraclass_correlation_without_two_raters_two_subjects_and_variance(table, reason):
    assert intraclass(table) == reason


def test_subjects_that_do_not_differ_have_no_coefficient_of_the_mean():
    found = intraclass([[1, 2], [2, 1]])
    assert (found.icc1, found.icc3) == (-1, -1)
    assert (found.icc1k, found.icc2k, found.icc3k) == (agreement.NO_SUBJECT_VARIANCE,) * 3
    assert found.icc2 == agreement.NO_SUBJECT_VARIANCE
    assert agreement.NO_SUBJECT_VARIANCE.message.startswith("Tidak dapat dihitung: nilai para calon")


def test_raters_who_only_differ_by_a_constant_are_consistent_and_do_not_agree():
    found = intraclass([[1, 3], [2, 4], [3, 5]])
    assert (found.icc3, found.icc3k) == (1, 1)
    assert (found.icc2, found.icc2k) == (Fraction(1, 3), Fraction(1, 2))


@pytest.mark.parametrize("table", [[], [[1, 2]], [[1], [2]], [[1, 2], [3, None]]])
def test_mean_squares_need_a_complete_table(table):
    with pytest.raises(ValueError, match="complete table"):
        mean_squares(table)


@given(TABLES)
def test_sums_of_squares_add_up_and_no_mean_square_is_negative(table):
    squares = mean_squares(table)
    n, k = len(table), len(table[0])
    assert n * (k - 1) * squares.within == (k - 1) * squares.raters + (n - 1) * (k - 1) * squares.residual
    assert min(squares.between, squares.raters, squares.residual, squares.within) >= 0


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_subjects_and_raters_changes_no_coefficient(table, chance):
    order = chance.sample(range(len(table[0])), len(table[0]))
    mixed = [[row[at] for at in order] for row in chance.sample(table, len(table))]
    assert intraclass(mixed) == intraclass(table)
    assert kendall(mixed) == kendall(table)
    for level in ("nominal", "ordinal", "interval"):
        assert krippendorff(mixed, level) == krippendorff(table, level)


@given(TABLES)
def test_no_coefficient_is_above_one(table):
    found = intraclass(table)
    assume(not isinstance(found, NotComputable))
    assert all(isinstance(answer, NotComputable) or answer <= 1 for answer in found.shrout_fleiss.values())


# Krippendorff's alpha ----------------------------------------------------------------------------------------------

FOUR_OBSERVERS = columns(
    """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 ."""
)
"""Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units, missing data."""


def test_alpha_of_the_four_observers_of_krippendorff_2011():
    found = {level: krippendorff(FOUR_OBSERVERS, level) for level in LEVELS}
    assert rounded(found, 3) == {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}


def test_alpha_of_binary_data_of_two_observers_of_krippendorff_2011_section_a():
    assert round(float(krippendorff(columns("0 1 0 0 0 0 0 0 1 0\n1 1 1 0 0 1 0 0 0 0"), "nominal")), 3) == 0.095


def test_alpha_of_nominal_data_of_two_observers_of_krippendorff_2011_section_b():
    meg_and_owen = columns("1 1 2 2 4 3 3 3 5 4 4 1\n2 1 2 2 2 3 3 3 5 4 4 4")
    assert round(float(krippendorff(meg_and_owen, "nominal")), 3) == 0.692


@pytest.mark.parametrize("level", LEVELS)
def test_perfect_agreement_is_exactly_one(level):
    assert krippendorff([[1, 1, None], [2, 2, 2], [0, None, 0]], level) == 1


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([], agreement.NO_PAIRS),
        ([[1], [2]], agreement.NO_PAIRS),
        ([[1, None], [None, 2]], agreement.NO_PAIRS),
        ([[3, 3], [3, 3], [4, None]], agreement.ALL_EQUAL),
    ],
)
def test_no_alpha_without_pairs_or_variation(table, reason, level):
    assert krippendorff(table, level) == reason


def test_ratio_data_are_not_negative_and_an_unknown_level_is_a_fault():
    assert krippendorff([[-1, 2], [1, 1]], "ratio") == agreement.NEGATIVE_RATIO
    assert krippendorff([[0, 2], [2, 0]], "ratio") == -0.5
    with pytest.raises(ValueError, match="unknown level 'cardinal'"):
        krippendorff([[0, 2], [1, 1]], "cardinal")


def test_marks_with_decimals_are_exact():
    halves = [[Fraction(value) / 2 for value in unit] for unit in ([1, 2], [3, 3], [5, 4])]
    assert krippendorff(halves, "interval") == krippendorff([[1, 2], [3, 3], [5, 4]], "interval") == Fraction(5, 6)


@given(GAPPED, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_one_only_for_perfect_agreement_and_never_above(table, level):
    found = krippendorff(table, level)
    assume(not isinstance(found, NotComputable))
    marks = [{mark for mark in unit if mark is not None} for unit in table]
    assert found <= 1
    assert (found == 1) == all(len(unit) < 2 for unit in marks)


@given(GAPPED)
def test_alpha_by_the_coincidences_of_the_paper(table):
    """The general formula of Krippendorff (2011), with the metric differences written out as he does."""
    units = [[mark for mark in unit if mark is not None] for unit in table]
    values = sorted(mark for unit in units if len(unit) > 1 for mark in unit)
    assume(len(set(values)) > 1)
    n = {value: values.count(value) for value in values}
    differences = {
        "nominal": lambda c, k: Fraction(c != k),
        "ordinal": lambda c, k: (sum(n[g] for g in n if min(c, k) <= g <= max(c, k)) - Fraction(n[c] + n[k], 2)) ** 2,
        "interval": lambda c, k: Fraction((c - k) ** 2),
        "ratio": lambda c, k: Fraction((c - k) ** 2, (c + k) ** 2) if c != k else Fraction(0),
    }
    for level, difference in differences.items():
        observed = sum(
            sum(difference(unit[a], unit[b]) for a in range(len(unit)) for b in range(len(unit)) if a != b) / (len(unit) - 1)
            for unit in units
            if len(unit) > 1
        )
        expected = sum(n[c] * n[k] * difference(c, k) for c in n for k in n) / Fraction(len(values) - 1)
        assert float(krippendorff(table, level)) == pytest.approx(float(1 - observed / expected), abs=1e-12)


# Kendall's W -------------------------------------------------------------------------------------------------------

FIRST_BASE = rows(
    "5.40 5.50 5.55\n5.85 5.70 5.75\n5.20 5.60 5.50\n5.55 5.50 5.40\n5.90 5.85 5.70\n5.45 5.55 5.60\n5.40 5.40 5.35\n5.45 5.50 5.35\n"
    "5.25 5.15 5.00\n5.85 5.80 5.70\n5.25 5.20 5.10\n5.65 5.55 5.45\n5.60 5.35 5.45\n5.05 5.00 4.95\n5.50 5.50 5.40\n5.45 5.55 5.50\n"
    "5.55 5.55 5.35\n5.45 5.50 5.55\n5.50 5.45 5.25\n5.65 5.60 5.40\n5.70 5.65 5.55\n6.30 6.30 6.25"
)
"""Hollander & Wolfe (1973), p. 140: 22 players (raters) round first base by three methods (subjects), with ties. The help of R's
friedman.test prints chi-squared = 11.143, df = 2."""


def test_the_chi_square_of_hollander_and_wolfe_with_ties():
    found = kendall([list(method) for method in zip(*FIRST_BASE, strict=True)])
    assert (found.chi_square, found.df, found.w) == (Fraction(78, 7), 2, Fraction(39, 154))
    assert round(float(found.chi_square), 3) == 11.143


def test_the_w_of_the_anxiety_ratings_of_the_r_package_irr():
    found = kendall(ANXIETY)
    assert (round(float(found.w), 2), round(float(found.chi_square), 1), found.df) == (0.54, 30.8, 19)


def test_the_birds_of_zar_2010_example_20_5():
    """Wing, tail and bill length of twelve birds; the rank sums are those that Unistat prints for the example."""
    birds = columns(
        """
        10.4 10.8 11.1 10.2 10.3 10.2 10.7 10.5 10.8 11.2 10.6 11.4
        7.4 7.6 7.9 7.2 7.4 7.1 7.4 7.2 7.8 7.7 7.8 8.3
        17.0 17.0 20.0 14.5 15.5 13.0 19.5 16.0 21.0 20.0 18.0 22.0"""
    )
    rank_sums = [Fraction(text) for text in ["14.5", "21", "30.5", "6", "11", "3.5", "20", "11.5", "29", "28.5", "22.5", "36"]]
    deviation = sum((each - Fraction(39, 2)) ** 2 for each in rank_sums)
    ties = 6 * (2**3 - 2) + (3**3 - 3)
    found = kendall(birds)
    assert found.w == 12 * deviation / (9 * (12**3 - 12) - 3 * ties) == Fraction(2351, 2544)
    assert found.chi_square == 3 * 11 * found.w


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([], agreement.ONE_SUBJECT),
        ([[1], [2]], agreement.ONE_RATER),
        ([[1]], agreement.ONE_RATER),
        ([[1, 2], [2, None]], agreement.ONE_SUBJECT),
        ([[1, 5], [1, 5], [1, 5]], agreement.ALL_TIED),
    ],
)
def test_no_w_without_two_raters_two_subjects_and_some_order(table, reason):
    assert kendall(table) == reason


def test_opposite_orders_have_no_concordance_and_equal_orders_all():
    assert kendall([[1, 3], [2, 2], [3, 1]]).w == 0
    assert kendall([[1, 2], [2, 4]]).w == 1
    same = kendall([[1, 10], [2, 20], [2, 20], [None, 1], [3, 30]])
    assert (same.w, same.left_out, same.subjects, same.raters) == (1, 1, 4, 2)


@given(TABLES)
def test_w_is_between_nothing_and_everything(table):
    found = kendall(table)
    assume(not isinstance(found, NotComputable))
    assert 0 <= found.w <= 1
    assert found.chi_square == found.raters * (found.subjects - 1) * found.w


def test_an_answer_is_shown_with_a_comma_or_as_not_computable():
    assert (shown(Fraction(39, 154)), shown(0.5, 1), shown(agreement.ONE_RATER)) == ("0,253", "0,5", "tidak dapat dihitung")
