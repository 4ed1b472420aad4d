"""Answers on their way between a form and the contract."""

import pytest
from werkzeug.datastructures import MultiDict

from sipetruk.portal import given
from sipetruk.portal.given import Given


def question(code, kind, **changes):
    options = [{"code": "a", "label": "Pilihan A"}, {"code": "b", "label": "Pilihan B"}]
    return {"code": code, "label": code.title(), "kind": kind, "options": options, "unit": ""} | changes


FIELDS = [
    question("judul", "SHORT_TEXT"),
    question("tahap", "CHOICE"),
    question("sasaran", "CHOICES"),
    question("penghargaan", "TALLY"),
    question("benar", "DECLARATION"),
    question("biaya", "NUMBER", unit="juta"),
]
SENT = MultiDict(
    [
        ("a-judul", " Dapur\r\ngizi "),
        ("a-tahap", "a"),
        ("a-sasaran", "a"),
        ("a-sasaran", "b"),
        ("a-penghargaan.a", "2"),
        ("a-penghargaan.b", ""),
        ("a-benar", "1"),
        ("a-biaya", "12,5"),
    ]
)


def test_a_form_becomes_input_of_the_contract():
    inputs, problems = given.as_input(FIELDS, given.typed(FIELDS, SENT), "answers")
    assert problems == []
    assert inputs == [
        {"code": "judul", "value": " Dapur\ngizi "},
        {"code": "tahap", "value": "a"},
        {"code": "sasaran", "values": ["a", "b"]},
        {"code": "penghargaan", "counts": [{"code": "a", "count": 2}]},
        {"code": "benar", "value": "1"},
        {"code": "biaya", "value": "12,5"},
    ]


@pytest.mark.parametrize("count", ["dua", "1,5", "-1", "²", "9" * 30, "0" * 12 + "9" * 12, "0" * 5000])
def test_a_count_that_is_no_number_is_said_beside_its_question(count):
    fields = [question("penghargaan", "TALLY")]
    inputs, problems = given.as_input(fields, given.typed(fields, MultiDict({"a-penghargaan.a": count})), "answers")
    assert inputs == []
    assert problems == [{"message": "Jumlah harus bilangan bulat.", "path": ["answers", "penghargaan"], "code": "BAD_USER_INPUT"}]


def test_typed_and_stored_answers_are_compared_by_what_they_mean():
    stored = {
        "judul": Given("Dapur\ngizi"),
        "tahap": Given("b"),
        "sasaran": Given(values=("b", "a")),
        "penghargaan": Given(counts={"a": "2", "b": "0"}),
        "benar": Given("1"),
        "biaya": Given("12.5"),
    }
    assert [field["code"] for field in given.differing(FIELDS, given.typed(FIELDS, SENT), stored)] == ["tahap"]


def test_answers_read_as_words():
    answers = given.typed(FIELDS, SENT)
    shown = [given.shown(field, answers[field["code"]]) for field in FIELDS]
    assert shown == [" Dapur\ngizi ", "Pilihan A", "Pilihan A, Pilihan B", "Pilihan A: 2", "Ya, dinyatakan", "12,5 juta"]
    assert [given.shown(field, None) for field in FIELDS] == [""] * 6


def test_only_answers_are_sent_once_more():
    form = MultiDict([("csrf_token", "x"), ("expected_version", "1"), ("then", "edit"), ("a-sasaran", "a"), ("a-sasaran", "b")])
    assert given.pairs(form) == [("a-sasaran", "a"), ("a-sasaran", "b")]
