"""Strict and generous assessors, flat ones, and marks far from everybody else's."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules.analysis import severity
from sipetruk.rules.analysis.severity import AssessorSeverity, Cell, OddMark, modified_z, odd_marks


def cells(table, criterion="x"):
    """`table` maps nominee -> {assessor: per cent}."""
    return [Cell(nominee, criterion, {who: Fraction(mark) for who, mark in marks.items()}) for nominee, marks in table.items()]


def test_severity_is_the_mean_distance_to_the_panel_of_the_same_cells():
    found = severity.severity(("a", "b", "c"), cells({"n1": {"a": 60, "b": 70, "c": 80}, "n2": {"a": 50, "b": 70}, "n3": {"c": 90}}))
    assert [(each.assessor, each.marks, each.compared, each.severity) for each in found.assessors] == [
        ("a", 2, 2, Fraction(-10)),
        ("b", 2, 2, Fraction(5)),
        ("c", 2, 1, Fraction(10)),
    ]


def test_spread_is_the_deviation_within_criteria_over_that_of_the_panel():
    flat_and_wide = [
        *cells({"n1": {"a": 50, "b": 40}, "n2": {"a": 60, "b": 70}}),
        *cells({"n1": {"a": 90, "b": 0}, "n2": {"a": 100, "b": 30}}, "y"),
    ]
    first, second = severity.severity(("a", "b"), flat_and_wide).assessors
    assert first.spread == pytest.approx((50 / 250) ** 0.5)
    assert second.spread == pytest.approx((450 / 250) ** 0.5)


def test_criteria_with_more_marks_weigh_more_in_the_spread():
    """a: squares 200 with 2 degrees of freedom and 50 with 1; b: 200 with 1."""
    uneven = [
        *cells({"n1": {"a": 50}, "n2": {"a": 60}, "n3": {"a": 70}}),
        *cells({"n1": {"a": 20, "b": 40}, "n2": {"a": 30, "b": 60}}, "y"),
    ]
    first, second = severity.severity(("a", "b"), uneven).assessors
    assert first.spread == pytest.approx((250 / 3 / ((250 / 3 + 200) / 2)) ** 0.5)
    assert second.spread == pytest.approx((200 / ((250 / 3 + 200) / 2)) ** 0.5)


def test_an_assessor_without_marks_or_company_has_no_numbers():
    found = severity.severity(("a", "b"), cells({"n1": {"a": 60}}))
    assert found.assessors == (
        AssessorSeverity("a", 1, 0, severity.NOBODY_ELSE, severity.NO_SPREAD, 0),
        AssessorSeverity("b", 0, 0, severity.NOBODY_ELSE, severity.NO_SPREAD, 0),
    )
    assert severity.severity((), []) == severity.Severity((), ())


def test_a_panel_that_always_gives_the_same_has_no_spread():
    found = severity.severity(("a", "b"), cells({"n1": {"a": 60, "b": 60}, "n2": {"a": 60, "b": 60}}))
    assert [each.spread for each in found.assessors] == [severity.NO_SPREAD] * 2
    assert [each.severity for each in found.assessors] == [0, 0]


def test_the_modified_z_score_of_iglewicz_and_hoaglin():
    """Iglewicz & Hoaglin (1993): median 3, MAD 1, so 100 has 0.6745 x 97."""
    assert modified_z([1, 2, 3, 4, 100]) == pytest.approx([-1.349, -0.6745, 0, 0.6745, 65.4265])


def test_where_half_the_values_are_alike_the_mean_absolute_deviation_takes_over():
    assert modified_z([5, 5, 5, 9]) == pytest.approx([0, 0, 0, 4 / 1.253314])
    assert modified_z([5, 5, 5]) == [0, 0, 0]
    assert modified_z([]) == []


ALIKE = {f"n{at}": {"a": 70, "b": 72, "c": 74, "d": 71} for at in range(10)}


def test_a_mark_far_from_the_others_is_odd():
    (found,) = odd_marks(cells({**ALIKE, "n4": {"a": 70, "b": 72, "c": 20, "d": 71}}))
    assert (found.assessor, found.nominee, found.criterion, found.mark, found.others, found.distance) == (
        "c",
        "n4",
        "x",
        20,
        71,
        Fraction(-101, 2),
    )
    assert found.z < -3.5
    report = severity.severity(("a", "b", "c", "d"), cells({**ALIKE, "n4": {"a": 70, "b": 72, "c": 20, "d": 71}}))
    assert [each.odd for each in report.assessors] == [0, 0, 1, 0]
    assert report.odd_marks == (found,)
    assert "Iglewicz & Hoaglin" in report.rule


def test_a_mark_less_than_ten_points_away_is_never_odd():
    assert odd_marks(cells({**ALIKE, "n4": {"a": 70, "b": 72, "c": 61, "d": 70}})) == ()
    (found,) = odd_marks(cells({**ALIKE, "n4": {"a": 70, "b": 70, "c": 60, "d": 70}}))
    assert found == OddMark("c", "n4", "x", Fraction(60), Fraction(70), Fraction(-10), found.z)


def test_a_mark_is_odd_beyond_the_limit_and_not_at_it():
    """The distances to the medians are 13.49 but for the last, which is 70 or a little more: z = 0.6745 x 70 / 13.49 = 3.5."""

    def found(lower, highest):
        even = dict.fromkeys("ab", "36.51") | dict.fromkeys("cd", "63.49")
        return odd_marks(cells({"n1": even, "n2": even, "n3": {"a": lower, "b": lower, "c": "43.49", "d": highest}}))

    assert found("16.51", "100") == ()
    assert [(mark.assessor, mark.distance) for mark in found("16.51", "100.01")] == [("d", Fraction("70.01"))]


def test_two_marks_alone_cannot_say_which_is_odd():
    assert odd_marks(cells({"n1": {"a": 0, "b": 100}, **{f"m{at}": {"a": 50, "b": 50} for at in range(9)}})) == ()


def test_odd_marks_are_judged_criterion_by_criterion_the_farthest_first():
    wild = {f"n{at}": {"a": at * 10, "b": 100 - at * 10, "c": 50, "d": 0} for at in range(10)}
    found = odd_marks(
        [*cells({**ALIKE, "n4": {"a": 70, "b": 99, "c": 74, "d": 71}, "n5": {"a": 1, "b": 72, "c": 74, "d": 71}}), *cells(wild, "y")]
    )
    assert [(each.assessor, each.nominee, each.criterion) for each in found] == [("a", "n5", "x"), ("b", "n4", "x")]


@given(st.dictionaries(st.text("no", min_size=1, max_size=4), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 100)), max_size=6))
def test_severities_weighted_by_their_cells_cancel_out(table):
    found = severity.severity(tuple("abcd"), cells(table))
    assert sum(each.severity * each.compared for each in found.assessors if each.compared) == 0
