"""The document in which an instrument travels: read strictly, written in full."""

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import exchange
from tests.rules.building import component, criterion, document, problems


def test_examples_are_left_out_where_there_are_none():
    found = exchange.read(document(component("a", criterion("x"))))
    assert "examples" not in exchange.write(*found)
    assert exchange.read(exchange.write(*found)) == found


def test_definition_and_examples_are_complained_about_at_once():
    with pytest.raises(Invalid) as refused:
        exchange.read({**document(), "title": "", "examples": [{"nama": "A"}]})
    assert [path for path, _ in problems(refused)] == [("title",), ("examples", "0", "name"), ("examples", "0", "nama")]


@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_what_is_no_object_is_no_instrument(value):
    with pytest.raises(Invalid, match="bukan dokumen instrumen"):
        exchange.read(value)


def test_another_version_of_the_format_is_told_apart_from_something_else():
    with pytest.raises(Invalid, match="versi format lain"):
        exchange.read({"format": "sipetruk-instrument/2", "baru": 1})
    with pytest.raises(Invalid, match="tidak menyebut format"):
        exchange.read({"format": "sipetruk-ranking/1"})
