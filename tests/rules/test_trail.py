"""The audit trail in words; what nobody named stays as it is recorded."""

import pytest

from sipetruk.rules.trail import face_label, thing_label


@pytest.mark.parametrize(("thing", "words"), [("unit", "Unit kerja"), ("api_token", "Token API"), ("rocket", "rocket")])
def test_a_thing_has_words(thing, words):
    assert thing_label(thing) == words


@pytest.mark.parametrize(("face", "words"), [("cli", "Baris perintah"), ("panel", "Panel"), ("fax", "fax")])
def test_a_face_has_words(face, words):
    assert face_label(face) == words
