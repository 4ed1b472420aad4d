"""The document in which an instrument travels: read strictly, written in full."""

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import exchange
from tests.rules.building import component, criterion, document, problems


def test_examples_are_left_out_where_there_are_none():
    found = exchange.read(document(component("a", criterion("x"))))
    assert "examples" not in exchange.write(*found)
    assert exchange.read(exchange.write(*found)) == found


def test_examples_travel_with_the_definition():
    given = {**document(component("a", criterion("x"))), "examples": [{"name": "Contoh A", "marks": {"x": ["80"]}}]}
    found = exchange.read(given)
    assert [example["name"] for example in exchange.write(*found)["examples"]] == ["Contoh A"]
    assert exchange.read(exchange.write(*found)) == found


def test_definition_and_examples_are_complained_about_at_once():
    with pytest.raises(Invalid) as refused:
        exchange.read({**document(), "title": "", "examples": [{"nama": "A"}]})
    assert [path for path, _ in problems(refused)] == [("title",), ("examples", "0", "name"), ("examples", "0", "nama")]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, ((), "Berkas ini bukan dokumen instrumen.")),
        ([], ((), "Berkas ini bukan dokumen instrumen.")),
        (
            {"format": "sipetruk-instrument/2", "baru": 1},
            (
                ("format",),
                "Berkas ini memakai versi format lain (sipetruk-instrument/2); program ini membaca sipetruk-instrument/1.",
            ),
        ),
        (
            {"format": "sipetruk-ranking/1"},
            (("format",), "Berkas ini tidak menyebut format sipetruk-instrument/1, jadi bukan berkas instrumen."),
        ),
        ({}, (("format",), "Berkas ini tidak menyebut format sipetruk-instrument/1, jadi bukan berkas instrumen.")),
    ],
)
def test_another_format_is_told_apart_from_something_else(value, problem):
    with pytest.raises(Invalid) as refused:
        exchange.read(value)
    assert problems(refused) == [problem]
