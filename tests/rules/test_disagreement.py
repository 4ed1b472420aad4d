"""Assessors differ where the distance of their points is larger than the limit, exactly."""

from fractions import Fraction

import pytest

from sipetruk.rules.disagreement import DEFAULT_LIMIT, differences

MOST = {
    "gagasan": ("Gagasan", Fraction(40)),
    "dampak": ("Dampak", Fraction(20)),
    "catatan": ("Catatan", Fraction(0)),
    "kecil": ("Kecil", Fraction(1)),
}


def points(**given):
    return {code: [Fraction(each) for each in values] for code, values in given.items()}


@pytest.mark.parametrize(
    ("given", "limit", "found"),
    [
        ({}, DEFAULT_LIMIT, []),
        ({"gagasan": ["40"]}, 1, []),
        ({"gagasan": ["12", "24"]}, 3_000, []),
        ({"gagasan": ["12", "24"]}, 2_999, [("gagasan", Fraction(12), Fraction(3_000), 2)]),
        ({"gagasan": ["20", "20"]}, 1, []),
        ({"gagasan": ["10", "30", "0.5"]}, 3_000, [("gagasan", Fraction("29.5"), Fraction(7_375), 3)]),
        (
            {"gagasan": ["0", "20"], "dampak": ["0", "20"]},
            3_000,
            [("dampak", Fraction(20), Fraction(10_000), 2), ("gagasan", Fraction(20), Fraction(5_000), 2)],
        ),
        ({"catatan": ["0", "0"]}, 1, []),
        ({"kecil": ["0", "1"]}, 9_999, [("kecil", Fraction(1), Fraction(10_000), 2)]),
    ],
)
def test_the_criteria_with_their_distance(given, limit, found):
    told = [(each.criterion, each.size, each.share, each.assessors) for each in differences(points(**given), MOST, limit)]
    assert told == found


def test_a_difference_has_its_words_and_its_ends():
    (found,) = differences(points(gagasan=["10", "30"]), MOST)
    assert (found.label, found.lowest, found.highest, found.most) == ("Gagasan", 10, 30, 40)
