"""Numbers, dates and moments as text; opaque ids."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from graphql import GraphQLError

from sipetruk.api import ids
from sipetruk.api.scalars import _read_date, _read_decimal, _read_moment, _write_date, _write_decimal, _write_moment
from sipetruk.errors import NotFound


@pytest.mark.parametrize("text", ["0", "-1", "82.67", "100.00", "0.5"])
def test_decimals_come_back_as_they_went(text):
    assert _write_decimal(_read_decimal(text)) == text


@pytest.mark.parametrize("value", [1, 1.5, True, None, "1e5", "NaN", "Infinity", "1,5", " 1", "", "1.", "९", "1" * 13, [], {}])
def test_no_other_number(value):
    with pytest.raises(GraphQLError):
        _read_decimal(value)


def test_floats_are_never_shown():
    with pytest.raises(TypeError):
        _write_decimal(0.1)


def test_large_and_small_are_written_out():
    assert _write_decimal(Decimal("1E+3")) == "1000"


def test_dates():
    assert _read_date("2026-11-24") == date(2026, 11, 24)
    assert _write_date(date(2026, 11, 24)) == "2026-11-24"
    for wrong in ("20261124", "2026-W48-2", "2026-02-30", "24-11-2026", 5, None):
        with pytest.raises(GraphQLError):
            _read_date(wrong)
    with pytest.raises(TypeError):
        _write_date(datetime(2026, 11, 24, tzinfo=UTC))


def test_moments_are_shown_in_utc():
    assert _write_moment(_read_moment("2026-11-24T09:00:00+08:00")) == "2026-11-24T01:00:00Z"
    for wrong in ("2026-11-24", "2026-11-24T09:00:00", "2026-11-24T25:00:00Z", 5):
        with pytest.raises(GraphQLError):
            _read_moment(wrong)
    with pytest.raises(TypeError):
        _write_moment(datetime(2026, 11, 24))  # noqa: DTZ001  # the point of this line


def test_ids_are_opaque_and_exact():
    assert ids.decode(ids.encode("Nomination", 12)) == ("Nomination", "12")
    assert ids.number(ids.encode("Nomination", 12), "Nomination", "Usulan") == 12


@pytest.mark.parametrize(
    "text", ["", "x", "=", "Tm9taW5hdGlvbjoxMg==", "12", "é", "A" * 500, ids.encode("X", "a b"), ids.encode("X", "\x00")]
)
def test_what_we_did_not_make_is_nothing(text):
    assert ids.decode(text) is None


@pytest.mark.parametrize("key", ["0", "01", "1" * 10, "-1", "1.0", "a", "1/2"])
def test_a_number_is_a_number(key):
    with pytest.raises(NotFound):
        ids.number(ids.encode("Nomination", key), "Nomination", "Usulan")


def test_another_kind_is_an_unknown_thing():
    with pytest.raises(NotFound, match="Usulan tidak ditemukan"):
        ids.number(ids.encode("Period", 1), "Nomination", "Usulan")
