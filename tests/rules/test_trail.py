"""The audit trail in words; what nobody named stays as it is recorded."""

import pytest

from sipetruk.rules.trail import face_label, subject, thing_label


@pytest.mark.parametrize(("thing", "words"), [("unit", "Unit kerja"), ("api_token", "Token API"), ("rocket", "rocket")])
def test_a_thing_has_words(thing, words):
    assert thing_label(thing) == words


def test_what_is_about_many_names_none_of_them():
    assert [subject("nomination", "12"), subject("retention", "rows"), subject("rocket", "3")] == ["Usulan 12", "Retensi", "rocket 3"]


@pytest.mark.parametrize(("face", "words"), [("cli", "Baris perintah"), ("panel", "Panel"), ("fax", "fax")])
def test_a_face_has_words(face, words):
    assert face_label(face) == words
