"""Weights from comparing pairs: published examples, exact and approximate ways, refusals, and what always holds."""

import doctest
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid
from sipetruk.rules import ahp
from tests.rules.building import problems

DRINKS = """
1    9  5    2    1    1    1/2
1/9  1  1/3  1/9  1/9  1/9  1/9
1/5  3  1    1/3  1/4  1/3  1/9
1/2  9  3    1    1/2  1    1/3
1    9  4    2    1    2    1/2
1    9  3    1    1/2  1    1/3
2    9  9    3    2    3    1
"""
"""Coffee, wine, tea, beer, soda, milk, water: Saaty (2008), Decision making with the analytic hierarchy process, IJSSci 1(1), table 2."""

FRUIT = """
1    1/3  5
3    1    7
1/5  1/7  1
"""
"""Apple, banana, cherry: Teknomo (2006), Analytic Hierarchy Process (AHP) Tutorial, revoledu.com."""

LEADER = {(0, 1): 4, (0, 2): 3, (0, 3): 7, (1, 2): "1/3", (1, 3): 3, (2, 3): 5}
"""Experience, education, charisma, age: "Analytic hierarchy process - leader example", Wikipedia; numbers as AHPy 2.0 prints them."""
CANDIDATES = [
    {(0, 1): "1/4", (0, 2): 4, (1, 2): 9},
    {(0, 1): 3, (0, 2): "1/5", (1, 2): "1/7"},
    {(0, 1): 5, (0, 2): 9, (1, 2): 4},
    {(0, 1): "1/3", (0, 2): 5, (1, 2): 9},
]


def test_saatys_drinks_by_the_eigenvector():
    found = ahp.weigh(_read(DRINKS))
    assert _shown(found.weights) == ["0.177", "0.019", "0.042", "0.116", "0.190", "0.129", "0.327"]
    assert f"{found.consistency.ratio:.3f}" == "0.022"
    assert found.consistency.verdict == "cukup konsisten"
    assert (found.method, found.consistency.lambda_method, found.consistency.ri_table) == ("eigenvector", "eigenvalue", "Saaty (1980)")
    assert found.basis_points == (1775, 191, 418, 1164, 1896, 1288, 3268)


def test_teknomos_fruit_by_column_mean_and_column_sums():
    found = ahp.weigh(_read(FRUIT), "column_mean", "column_sums")
    assert [f"{weight:.4f}" for weight in found.weights] == ["0.2828", "0.6434", "0.0738"]
    assert f"{found.consistency.lambda_max:.4f}" == "3.0967"
    assert f"{found.consistency.index:.4f}" == "0.0484"
    assert f"{found.consistency.ratio:.3f}" == "0.083"


def test_the_column_mean_is_exact():
    first, *_ = ahp.weights(_read(FRUIT), "column_mean")
    assert first == Fraction(1, 3) * (Fraction(5, 21) + Fraction(7, 31) + Fraction(5, 13))


def test_a_hierarchy_multiplies_down():
    criteria = ahp.weigh(ahp.matrix(4, LEADER))
    assert _shown(criteria.weights) == ["0.548", "0.127", "0.270", "0.056"]
    assert f"{criteria.consistency.ratio:.3f}" == "0.044"
    local = [ahp.weights(ahp.matrix(3, judgements)) for judgements in CANDIDATES]
    found = ahp.global_weights(criteria.weights, local)
    totals = [float(sum(column)) for column in zip(*found, strict=True)]
    assert [round(total, 2) for total in totals] == [0.36, 0.49, 0.15]
    assert sum(ahp.basis_points([weight for group in found for weight in group])) == 10_000


def test_a_hierarchy_of_exact_weights_stays_exact():
    assert ahp.global_weights([Fraction(1, 3), Fraction(2, 3)], [[Fraction(1, 2), Fraction(1, 2)], [Fraction(1)]]) == (
        (Fraction(1, 6), Fraction(1, 6)),
        (Fraction(2, 3),),
    )
    assert ahp.global_weights([0.5], [[Fraction(1, 2)]]) == ((0.25,),)
    assert type(ahp.global_weights([Fraction(1, 2)], [[0.5]])[0][0]) is float
    with pytest.raises(Invalid) as refusal:
        ahp.global_weights([Fraction(1)], [])
    assert problems(refusal) == [(("local",), "Setiap unsur tingkat pertama memerlukan bobot tingkat keduanya.")]


@pytest.mark.parametrize(("size", "judgements"), [(1, {}), (2, {(0, 1): 9})])
@pytest.mark.parametrize("method", ahp.METHODS)
def test_one_or_two_things_always_agree(size, judgements, method):
    found = ahp.weigh(ahp.matrix(size, judgements), method).consistency
    assert found == ahp.Consistency(size, float(size), ahp.LAMBDA_OF[method], 0.0, 0.0, "Saaty (1980)", 0.0)
    assert found.is_acceptable
    assert found.verdict == "selalu konsisten, karena hanya ada satu perbandingan atau tidak ada"


def test_a_circle_is_inconsistent_and_the_farthest_judgement_is_named():
    found = ahp.weigh(ahp.matrix(4, {(0, 1): 2, (0, 2): 4, (0, 3): "1/8", (1, 2): 2, (1, 3): 4, (2, 3): 2}))
    assert not found.consistency.is_acceptable
    assert found.consistency.verdict.startswith("belum konsisten")
    assert (found.worst.first, found.worst.second, found.worst.given) == (0, 3, Fraction(1, 8))
    assert found.worst.implied == found.weights[0] / found.weights[3]
    assert found.worst.suggested == ahp.nearest(found.worst.implied)


def test_judgements_that_agree_have_no_deviation():
    found = ahp.weigh(ahp.matrix(3, {(0, 1): 2, (1, 2): 2, (0, 2): 4}))
    assert found.deviations == ()
    assert found.worst is None
    assert found.consistency.verdict == "sepenuhnya konsisten"
    assert found.basis_points == (5714, 2857, 1429)


MISSING, OFF_SCALE, TWICE, NOWHERE = "belum dijawab", "harus dari 1/9 sampai 9", "dijawab dua kali dan tidak saling berbalikan", "tidak ada"


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        ({(0, 1): 3}, [("0-2", "1 dan 3", MISSING), ("1-2", "2 dan 3", MISSING)]),
        ({(0, 1): 3, (0, 2): 10, (1, 2): 1}, [("0-2", "1 dan 3", OFF_SCALE)]),
        ({(0, 1): "tiga", (0, 2): "1/10", (1, 2): 0}, [
            ("0-1", "1 dan 2", OFF_SCALE), ("0-2", "1 dan 3", OFF_SCALE), ("1-2", "2 dan 3", OFF_SCALE),
        ]),
        ({(0, 1): 3, (0, 2): 1, (1, 2): 1, (1, 0): 3}, [("0-1", "1 dan 2", TWICE)]),
        ({(2, 2): 1, (0, 3): 1, (3, 0): 1, (-1, 0): 1, (0, 1): 3, (0, 2): 1, (1, 2): 1}, [
            ("2-2", "3 dan 3", NOWHERE), ("0-3", "1 dan 4", NOWHERE), ("3-0", "4 dan 1", NOWHERE), ("-1-0", "0 dan 1", NOWHERE),
        ]),
    ],
)  # fmt: skip
def test_every_missing_or_wrong_judgement_is_named(judgements, expected):
    with pytest.raises(Invalid) as refusal:
        ahp.matrix(3, judgements)
    assert problems(refusal) == [(("judgements", path), f"Perbandingan {pair} {what}.") for path, pair, what in expected]


def test_a_judgement_the_other_way_round_is_turned():
    assert ahp.matrix(2, {(1, 0): 3}) == ahp.matrix(2, {(0, 1): "1/3"}) == ((1, Fraction(1, 3)), (3, 1))


SQUARE, DIAGONAL = "Matriks perbandingan harus persegi.", "Diagonal matriks perbandingan harus 1."
SIZE = "Yang dibandingkan harus 1 sampai 15."


@pytest.mark.parametrize(
    ("rows", "message"),
    [([[1, 2]], SQUARE), ([], SIZE), ([[1] * 16 for _ in range(16)], SIZE), ([[1, 1, 1], [1, 1, 1]], SQUARE), ([[2, 1], [1, 1]], DIAGONAL)],
)
def test_what_is_no_matrix_of_comparisons_is_refused(rows, message):
    with pytest.raises(Invalid) as refusal:
        ahp.reciprocal(rows)
    assert problems(refusal) == [(("matrix",), message)]


def test_a_matrix_that_is_not_reciprocal_is_refused():
    with pytest.raises(Invalid, match="berbalikan"):
        ahp.reciprocal([[1, 2], [2, 1]])


def test_the_largest_matrix_is_weighed():
    assert ahp.weigh(ahp.reciprocal([[1] * 15 for _ in range(15)])).consistency == ahp.Consistency(
        15, 15.0, "eigenvalue", 0.0, 1.59, "Saaty (1980)", 0.0
    )


def test_a_float_is_a_fault_of_the_caller():
    with pytest.raises(TypeError):
        ahp.matrix(2, {(0, 1): 0.5})


@pytest.mark.parametrize(
    ("call", "field", "message"),
    [
        (lambda m: ahp.weights(m, "guess"), "method", "Cara menghitung bobot tidak dikenal."),
        (lambda m: ahp.weigh(m, "column_mean", "guess"), "lambdaMethod", "Cara menghitung lambda tidak dikenal."),
    ],
)
def test_an_unknown_way_is_refused(call, field, message):
    with pytest.raises(Invalid) as refusal:
        call(ahp.matrix(3, {(0, 1): 1, (0, 2): 1, (1, 2): 1}))
    assert problems(refusal) == [((field,), message)]


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [Fraction(-1), Fraction(2)]])
def test_weights_that_are_none_have_no_basis_points(weights):
    with pytest.raises(Invalid) as refusal:
        ahp.basis_points(weights)
    assert problems(refusal) == [(("weights",), "Bobot tidak boleh negatif dan tidak boleh semuanya nol.")]


@pytest.mark.parametrize(
    ("weights", "points"),
    [
        ([Fraction(1, 2), Fraction(3, 2)], (2500, 7500)),
        ([Fraction(10**13 - 1, 10**13), Fraction(10**13, 10**13)], (5000, 5000)),
        ([Fraction(1), Fraction(0)], (10_000, 0)),
        ([0.25, 0.75], (2500, 7500)),
        ([Fraction(1, 4), 0.75], (2500, 7500)),
        ([0.1 + 0.2, 0.3, 0.3], (3334, 3333, 3333)),
        ([0.3, 0.1 + 0.2, 0.3], (3334, 3333, 3333)),
        ([Fraction(1, 3), Fraction(1, 3) + Fraction(1, 10**13), Fraction(1, 3)], (3333, 3334, 3333)),
    ],
)
def test_weights_become_basis_points(weights, points):
    assert ahp.basis_points(weights) == points


@pytest.mark.parametrize(
    ("ratio", "judgement"), [(1.0, 1), (2.4, 2), (2.5, 3), (0.45, Fraction(1, 2)), (0.4, Fraction(1, 3)), (20.0, 9), (0.01, Fraction(1, 9))]
)
def test_the_nearest_judgement_is_nearest_by_factor(ratio, judgement):
    assert ahp.nearest(ratio) == judgement


@pytest.mark.parametrize(("way", "expected"), [("eigenvalue", "3.3750"), ("mean_ratio", "3.1667"), ("column_sums", "6.7500")])
def test_the_largest_eigenvalue_is_found_as_named(way, expected):
    """With weights that are neither the eigenvector nor of the sum 1, the three ways differ."""
    compared = ahp.matrix(3, {(0, 1): 2, (0, 2): 4, (1, 2): 1})
    assert f"{ahp.consistency(compared, [1.0, 0.5, 0.5], way).lambda_max:.4f}" == expected


def test_the_eigenvalue_is_what_consistency_asks_for_unless_told_otherwise():
    compared = ahp.matrix(3, {(0, 1): 2, (0, 2): 4, (1, 2): 1})
    assert ahp.consistency(compared, [1.0, 0.5, 0.5]) == ahp.consistency(compared, [1.0, 0.5, 0.5], "eigenvalue")


def test_every_judgement_that_differs_is_listed_the_farthest_first():
    alike = ahp.matrix(3, {(0, 1): 1, (0, 2): 1, (1, 2): 1})
    assert ahp.deviations(alike, [1.0, 0.5, 0.5]) == (
        ahp.Deviation(0, 1, Fraction(1), 2.0, Fraction(2), 2.0),
        ahp.Deviation(0, 2, Fraction(1), 2.0, Fraction(2), 2.0),
    )
    assert [(each.first, each.second) for each in ahp.deviations(alike, [1.0, 1.2, 1.4])] == [(0, 2), (0, 1), (1, 2)]
    assert [(each.first, each.second) for each in ahp.deviations(alike, [1.0, 1.2, 1.2000000002])] == [(0, 1), (0, 2)]


def test_equal_thirds_give_the_rest_to_the_first():
    assert ahp.basis_points([1 / 3, 1 / 3, 1 / 3]) == (3334, 3333, 3333)


def test_the_examples_in_the_documentation():
    assert doctest.testmod(ahp).failed == 0


@st.composite
def matrices(draw):
    size = draw(st.integers(1, 8))
    return ahp.matrix(size, {pair: draw(st.sampled_from(ahp.STEPS)) for pair in combinations(range(size), 2)})


@given(matrices(), st.sampled_from(sorted(ahp.METHODS)))
def test_weights_sum_to_one_and_basis_points_to_ten_thousand(compared, method):
    found = ahp.weigh(compared, method)
    assert sum(found.basis_points) == 10_000
    assert abs(sum(found.weights) - 1) < 1e-12
    assert min(found.weights) > 0
    assert all(abs(points - weight * 10_000) < 1 + 1e-6 for points, weight in zip(found.basis_points, found.weights, strict=True))
    assert found.consistency.ratio >= 0


@given(matrices(), st.sampled_from(sorted(ahp.METHODS)), st.randoms(use_true_random=False))
def test_naming_the_things_in_another_order_gives_the_same_weights(compared, method, chance):
    order = list(range(len(compared)))
    chance.shuffle(order)
    shuffled = ahp.reciprocal([[compared[i][j] for j in order] for i in order])
    before, after = ahp.weigh(compared, method), ahp.weigh(shuffled, method)
    assert [after.weights[place] for place in range(len(order))] == pytest.approx([before.weights[thing] for thing in order])
    assert after.consistency.ratio == pytest.approx(before.consistency.ratio, abs=1e-9)


@given(st.lists(st.integers(1, 3), min_size=2, max_size=6), st.sampled_from(sorted(ahp.METHODS)))
def test_consistent_judgements_give_back_the_shares_they_came_from(shares, method):
    compared = ahp.matrix(len(shares), {(i, j): Fraction(shares[i], shares[j]) for i, j in combinations(range(len(shares)), 2)})
    found = ahp.weigh(compared, method)
    assert found.weights == pytest.approx([share / sum(shares) for share in shares])
    assert found.consistency.ratio == pytest.approx(0, abs=1e-9)


def _read(text):
    return ahp.reciprocal([line.split() for line in text.strip().splitlines()])


def _shown(weights):
    return [f"{weight:.3f}" for weight in weights]
