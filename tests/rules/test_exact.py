"""Exact numbers: read, printed, rounded, shared out."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules import exact


@pytest.mark.parametrize(
    ("given_", "value"),
    [(7, Fraction(7)), ("17.5", Fraction(35, 2)), ("17,5", Fraction(35, 2)), (" 8 ", Fraction(8)), ("248/3", Fraction(248, 3)), ("-1", -1)],
)
def test_ints_decimals_and_ratios_are_read(given_, value):
    assert exact.fraction(given_) == value


@pytest.mark.parametrize("given_", [1.5, True, None, [], {}, 2 + 0j])
def test_a_float_or_a_bool_is_a_fault_of_the_caller(given_):
    with pytest.raises(TypeError):
        exact.fraction(given_)


@pytest.mark.parametrize("given_", ["", "x", "1/0", "1e5", "nan", "٣", "1.2.3", "9" * 5000, "1/2/3", "--1"])
def test_text_that_is_no_number_is_refused(given_):
    with pytest.raises(ValueError):
        exact.fraction(given_)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [("248/3", 2, "82.67"), ("0.005", 2, "0.01"), ("0.0049", 2, "0.00"), ("2.5", 0, "3"), ("-0.5", 0, "-1"), ("100", 2, "100.00")],
)
def test_half_up_rounds_as_people_do_on_paper(value, decimals, text):
    assert exact.printed(Fraction(value), decimals) == text


def test_the_other_modes():
    values = [Fraction(value) for value in ("0.4", "0.5", "0.6", "1.5", "2.5", "2.6", "3.5", "-1.5", "-2.5")]
    assert {mode: [exact.rounded(value, 0, mode) for value in values] for mode in exact.ROUNDING_MODES} == {
        "half_up": [0, 1, 1, 2, 3, 3, 4, -2, -3],
        "half_even": [0, 0, 1, 2, 2, 3, 4, -2, -2],
        "down": [0, 0, 0, 1, 2, 2, 3, -1, -2],
    }
    half = Fraction(5, 2)
    assert [exact.rounded(half, 0, mode) for mode in exact.ROUNDING_MODES] == [3, 2, 2]
    assert exact.rounded(Fraction(-5, 2), 0, "down") == -2
    with pytest.raises(ValueError):
        exact.rounded(half, 0, "up")


def test_numbers_on_paper_have_a_decimal_comma():
    assert exact.format_number(Fraction(248, 3), 2) == "82,67"
    assert exact.format_number(Fraction(35, 2)) == "17,5"
    assert [exact.format_number(Fraction(value)) for value in ("100", "0.5", "7.00004", "7.00005")] == ["100", "0,5", "7", "7,0001"]


def test_a_value_is_spelled_with_at_most_four_decimals_or_as_a_ratio():
    assert [exact.exact_text(Fraction(value)) for value in ("10", "0.5", "0.0625", "0.03125", "1/3")] == [
        "10",
        "0.5",
        "0.0625",
        "1/32",
        "1/3",
    ]


@given(st.fractions(-1000, 1000, max_denominator=10_000))
def test_the_exact_text_reads_back_to_the_same_value(value):
    assert exact.fraction(exact.exact_text(value)) == value
    assert exact.fraction(exact.ratio_text(value)) == value


@given(
    st.lists(st.fractions(0, 100, max_denominator=700), min_size=1, max_size=15),
    st.integers(0, 4),
    st.sampled_from(exact.ROUNDING_MODES),
)
def test_shown_parts_add_up_to_the_printed_total_and_stray_less_than_one_unit(parts, decimals, mode):
    total = exact.rounded(exact.total(parts), decimals, mode)
    shown = exact.shown_units(*exact.over_one_denominator(parts), int(total * 10**decimals), decimals)
    unit = 10**decimals
    assert sum(shown) == total * unit
    assert all(abs(part * unit - found) < 1 for part, found in zip(parts, shown, strict=True))
    assert all(found == 0 for part, found in zip(parts, shown, strict=True) if part == 0)


@given(st.lists(st.fractions(-100, 100, max_denominator=700), max_size=10))
def test_one_denominator_changes_no_value_and_the_total_is_the_sum(values):
    numerators, denominator = exact.over_one_denominator(values)
    assert [Fraction(numerator, denominator) for numerator in numerators] == values
    assert exact.total(values) == sum(values)


def test_a_whole_number_in_a_document_is_an_int_and_any_other_a_text():
    found = [exact.document_number(Fraction(value)) for value in ("3", "0", "0.5", "2.5", "1/3")]
    assert [(value, type(value)) for value in found] == [(3, int), (0, int), ("0.5", str), ("2.5", str), ("1/3", str)]


def test_half_up_is_what_rounding_means_unless_something_else_is_said():
    assert (exact.rounded(Fraction(5, 2), 0), exact.printed(Fraction(5, 2), 0)) == (3, "3")
