"""What-if methods and Kendall's W against further worked examples that were published, each with its source.

Where only a program's published check was at hand, and not the paper that it names, that is said.
"""

from fractions import Fraction
from statistics import correlation, pstdev

import pytest

from sipetruk.rules.analysis import methods
from sipetruk.rules.analysis.agreement import kendall
from sipetruk.rules.analysis.profile import Factor, profile_matching
from tests.rules.analysis.test_methods import matrix, rounded

SIX_BY_THREE = ("66 56 95\n61 55 166\n65 49 113\n95 56 99\n63 43 178\n74 59 140", "--+")
"""The matrix that the package pymcdm (Kizielewicz, Shekhovtsov & Salabun, 2023, SoftwareX 22, 101368) checks its normalisations with
(github.com/kotbaton/pymcdm, test/test_normalizations.py)."""

PRINTED = {
    "ratio": """
        0.92424242 0.76785714 0.53370787  1.0 0.78181818 0.93258427         0.93846154 0.87755102 0.63483146
        0.64210526 0.76785714 0.55617978  0.96825397 1.0 1.0                0.82432432 0.72881356 0.78651685""",
    "max": """
        0.30526316 0.05084746 0.53370787  0.35789474 0.06779661 0.93258427  0.31578947 0.16949153 0.63483146
        0.0 0.05084746 0.55617978         0.33684211 0.27118644 1.0         0.22105263 0.0 0.78651685""",
    "minmax": """
        0.85294118 0.1875 0.0             1.0 0.25 0.85542169               0.88235294 0.625 0.21686747
        0.0 0.1875 0.04819277             0.94117647 1.0 1.0                0.61764706 0.0 0.54216867""",
    "sum": """
        0.17447136 0.155945 0.12010114    0.1887723 0.15878037 0.20986094   0.17715554 0.17822286 0.14285714
        0.12121168 0.155945 0.12515803    0.18277952 0.20309117 0.22503161  0.15560959 0.1480156 0.17699115""",
    "vector": """
        0.62375904 0.57085288 0.28587109  0.65226214 0.57851622 0.49952212  0.62945966 0.62449627 0.34003614
        0.45844104 0.57085288 0.29790777  0.6408609 0.67047632 0.53563215   0.57815408 0.54786285 0.42128371""",
}


@pytest.mark.parametrize("normalisation", PRINTED)
def test_every_normalisation_as_the_package_pymcdm_prints_it(normalisation):
    text, kinds = SIX_BY_THREE
    printed = [float(number) for number in PRINTED[normalisation].split()]
    for at in range(3):
        found = methods.saw(matrix(text, [at == other for other in range(3)], kinds), normalisation)
        assert rounded(found.values, 8) == printed[at::3]


def test_saw_by_maximum_is_that_by_ratio_where_nothing_is_a_cost():
    """The warehouse by rating of Kusumadewi et al. (2006), which the book prints as 17; 13.117; 13.6 with weights that sum to 18."""
    found = methods.saw(matrix("4 4 5 3 3\n3 3 4 2 3\n5 4 2 2 2", (5, 3, 4, 4, 2), "+++++"), methods.MAX)
    assert rounded([18 * value for value in found.values], 3) == [17, 13.117, 13.6]


def critic(text, kinds):
    """Weights by CRITIC (Diakoulaki, Mavrotas & Papayannakis, 1995) of the min-max normalised columns, times 10^12."""
    size = len(kinds)
    columns = [methods.saw(matrix(text, [at == other for other in range(size)], kinds), methods.MINMAX).values for at in range(size)]
    raw = [pstdev(one) * sum(1 - correlation(one, other) for other in columns if other is not one) for one in columns]
    return [round(10**12 * each / sum(raw)) for each in raw]


@pytest.mark.parametrize(
    ("text", "kinds", "printed"),
    [
        ("4 5 10\n3 10 6\n3 20 2\n2 15 5", "+++", [0.536356, 0.422726, 0.586404, 0.418160]),
        (
            "0.9 30 500 4\n0.1 50 5 6\n0.5 80 8 6\n0.8 40 100 4\n0.7 60 20 5\n0.6 60 10 5",
            "+--+",
            [0.471261, 0.669839, 0.645343, 0.587153, 0.647361, 0.622660],
        ),
    ],
)
def test_saw_by_min_max_with_critic_weights_as_the_package_mcdm_prints_it(text, kinds, printed):
    """The first is in its documentation, the second in its tests (Akestoridis, github.com/akestoridis/mcdm, README.md and
    mcdm/tests/test_main.py, "SAW", "CRITIC", "Linear2")."""
    assert rounded(methods.saw(matrix(text, critic(text, kinds), kinds), methods.MINMAX).values, 6) == printed


def test_moora_of_siregar_2021():
    """Siregar et al. (2021), "Decision support system for selection technique using MOORA method", IOP Conf. Ser. Mater. Sci. Eng.
    1088, 012022; inputs and values as the package pymcdm quotes them (test/test_mcdm.py, TestMOORA)."""
    text = "1.5 3 5 3.3\n2 7 5 3.35\n3 1 5 3.07\n2.2 4 5 3.5\n2 5 3 3.09\n3.2 2 3 3.48\n2.775 3 5 3.27"
    found = methods.moora(matrix(text, (30, 20, 10, 40), "-+++"))
    assert rounded(found.values, 4) == [0.1801, 0.2345, 0.0625, 0.1757, 0.1683, 0.0742, 0.1197]
    assert found.ranks == (2, 1, 7, 3, 4, 6, 5)


def test_moora_of_the_factory_sites_where_the_page_is_right_for_the_first_only():
    """Mirza, "MOORA Algorithm" (mathresearcher.com/multi-objective-optimization-on-the-basis-of-ratio-analysis-moora).

    It works out site 1 as 0.297 - 0.209 = 0.088, which is right. For the others it prints the costs 0.173, 0.252, 0.211 and the values
    0.125, 0.045, 0.086 with places 1, 4, 2, which neither its matrix nor its own order of values gives.
    """
    found = methods.moora(matrix("8 7 100 50\n6 9 80 30\n9 6 120 40\n7 8 90 60", (3, 3, 2, 2), "++--"))
    gain, loss = (rounded(column.values, 3) for column in found.columns)
    assert (gain, loss) == ([0.297] * 4, [0.209, 0.146, 0.208, 0.221])
    assert rounded(found.values, 4) == [0.0875, 0.1509, 0.0888, 0.0761]
    assert (round(0.297 - 0.209, 3), found.ranks) == (0.088, (3, 1, 2, 4))


def test_cpi_of_the_carriers_of_rumandan_2022():
    """Rumandan (2022), "Implementasi Composite Performance Index (CPI) ... Mitra Pengiriman Barang", KLIK 3(1), 17-25, tables 1, 2 and 5.
    One line of its working has 150 x 0.2 = 30 for A33; its tables 3 and 4 have the right 100 and 20."""
    found = methods.cpi(matrix("4 3 3 4\n3 4 3 5\n2 3 3 4\n3 4 4 5", (20, 30, 20, 30), "++-+"))
    assert rounded(found.values, 2) == [120, 127.5, 100, 122.5]
    assert found.ranks == (3, 1, 4, 2)


def test_cpi_of_the_vendors_of_a_lecture():
    """The workbook arsip/cpi-1.xlsx of the lecture github.com/ruang-belajar/dss, which leaves out the factor of 100."""
    found = methods.cpi(matrix("50 80 70\n40 75 85\n45 90 75", (40, 35, 25), "-++"))
    assert rounded([value / 100 for value in found.values], 12) == [0.943333333333, 1.053571428571, 1.043412698413]
    assert found.ranks == (3, 1, 2)


def test_profile_matching_of_the_employees_of_a_lecture():
    """docs/profile-matching.md of the lecture github.com/ruang-belajar/dss: CF, SF and the final scores of four candidates."""
    wanted = [
        Factor(code, code, target, core)
        for code, target, core in (
            ("education", 4, False),
            ("experience", 5, True),
            ("technical", 5, True),
            ("communication", 4, False),
            ("leadership", 4, True),
        )
    ]
    levels = [[4, 5, 4, 3, 3], [3, 4, 5, 4, 4], [4, 3, 4, 5, 5], [5, 5, 3, 4, 2]]
    found = profile_matching(("A", "B", "C", "D"), wanted, levels)
    assert [rounded(column.values, 3) for column in found.columns] == [
        [4.333, 4.667, 3.833, 3.667],
        [4.5, 4.5, 4.75, 4.75],
        [4.4, 4.6, 4.2, 4.1],
    ]
    assert (rounded(found.values, 3), found.ranks) == ([4.4, 4.6, 4.2, 4.1], (2, 1, 3, 4))


def test_profile_matching_of_the_scholars_of_kodingbuton():
    """The workbook of kodingbuton.com/2022/04/spk-metode-profile-matching.html as the same lecture keeps it
    (arsip/profile-matching-1.xlsx): grade, income | dependants, semester."""
    wanted = [Factor("ipk", "IPK", 3, core=True), Factor("penghasilan", "Penghasilan", 3, core=True)]
    wanted += [Factor("tanggungan", "Tanggungan", 3, core=False), Factor("semester", "Semester", 2, core=False)]
    levels = [[3, 4, 4, 2], [4, 3, 3, 2], [4, 4, 4, 3], [2, 2, 2, 3]]
    found = profile_matching(("AFIKA", "AQILA", "ADIVA", "AMIRA"), wanted, levels)
    assert [column.values for column in found.columns[:2]] == [(4.75, 4.75, 4.5, 4), (4.75, 5, 4.5, 4.25)]
    assert (found.values, found.ranks) == ((4.75, 4.85, 4.5, 4.1), (2, 1, 3, 4))


def test_kendall_w_with_ties_of_the_nag_library():
    """NAG Library Manual, example of G08DAF (support.nag.com, examples/baseresults/g08dafe.r): three comparisons of ten objects, 0.828."""
    comparisons = """
        1.0 4.5 2.0 4.5 3.0 7.5 6.0 9.0 7.5 10.0
        2.5 1.0 2.5 4.5 4.5 8.0 9.0 6.5 10.0 6.5
        2.0 1.0 4.5 4.5 4.5 4.5 8.0 8.0 8.0 10.0"""
    ranks = [[Fraction(each) for each in line.split()] for line in comparisons.strip().splitlines()]
    found = kendall([list(column) for column in zip(*ranks, strict=True)])
    assert (round(float(found.w), 3), found.df) == (0.828, 9)
    assert found.chi_square == 27 * found.w
