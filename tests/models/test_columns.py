"""What a column holds: documents and moments, each written one way."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.models.base import DocumentField, UTCDateTimeField

DOCUMENTS, MOMENTS = DocumentField(), UTCDateTimeField()
WITA = timezone(timedelta(hours=8))
FIRST = datetime(1900, 1, 1, tzinfo=UTC)
LEAVES = st.none() | st.booleans() | st.integers() | st.text()


class Colour(StrEnum):
    RED = "merah"


class Number(int):
    """A whole number of another kind."""


def _plainly(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=20))
def test_a_document_is_written_as_plain_json_with_sorted_names_and_read_back(value):
    if value is None:
        assert DOCUMENTS.db_value(value) is None
    else:
        assert DOCUMENTS.db_value(value) == _plainly(value)
        assert DOCUMENTS.python_value(DOCUMENTS.db_value(value)) == value


def test_every_character_is_written_as_it_is():
    for first in range(0, 0x110000, 0x1000):
        text = "".join(map(chr, range(first, first + 0x1000)))
        assert DOCUMENTS.db_value([text, {text: text}]) == _plainly([text, {text: text}])


@pytest.mark.parametrize(
    "value",
    [Colour.RED, {"a": Colour.RED, Colour.RED: 1}, [Number(3), (1, (2,))], {1: "a", 2: "b"}, 2**64, -(2**70), [10**40]],
    ids=str,
)
def test_what_is_nearly_plain_is_written_as_plain(value):
    assert DOCUMENTS.db_value(value) == _plainly(value)


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), Decimal("1.5"), Fraction(1, 2), date(2026, 11, 29), datetime.now(UTC), uuid.uuid4(), b"a", {1}, SimpleNamespace()],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("within", [lambda value: value, lambda value: [[value]], lambda value: {"a": ({"b": value},)}])
def test_what_is_no_json_of_whole_numbers_is_refused_wherever_it_stands(value, within):
    with pytest.raises(TypeError, match=f"a {type(value).__name__} has no place in a stored document"):
        DOCUMENTS.db_value(within(value))


@given(st.timedeltas(timedelta(0), timedelta(days=100_000)).map(lambda since: FIRST + since), st.sampled_from([UTC, WITA]))
def test_a_moment_is_kept_in_utc_to_the_microsecond(moment, zone):
    kept = MOMENTS.db_value(moment.astimezone(zone))
    assert (kept.tzinfo, kept.replace(tzinfo=UTC)) == (None, moment)
    for come_back in (kept, kept.isoformat(" ")):  # as PostgreSQL and SQLite give it
        found = MOMENTS.python_value(come_back)
        assert (found, found.tzinfo) == (moment, UTC)


def test_a_moment_of_no_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        MOMENTS.db_value(FIRST.replace(tzinfo=None))


def test_nothing_stays_nothing():
    assert (MOMENTS.db_value(None), MOMENTS.python_value(None), DOCUMENTS.python_value(None)) == (None, None, None)
