"""The quick encoder writes what the standard library writes, byte for byte."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.api.encoding import encoded

TEXTS = st.text(st.characters(exclude_categories=[]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20
)


def plain(body):
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


@given(VALUES)
def test_any_answer_is_the_same_bytes(value):
    assert encoded({"data": value}) == plain({"data": value})


@pytest.mark.parametrize(
    "letter", [chr(code) for code in (*range(0x20), 0x22, 0x2F, 0x5C, 0x7F, 0x85, 0x2028, 0x2029, 0xFEFF, 0xFFFF, 0x1F600, 0xD800)]
)
def test_every_letter_that_is_special_somewhere(letter):
    assert encoded([letter]) == plain([letter])


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 2**64, 10**40])
def test_huge_numbers(value):
    assert encoded(value) == plain(value)


@pytest.mark.parametrize("value", [datetime(2026, 11, 24, tzinfo=UTC), object(), b"bytes"])
def test_what_is_no_json_is_a_fault_here_as_there(value):
    with pytest.raises(TypeError):
        encoded(value)
