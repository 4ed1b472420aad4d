"""Every reason, warning and block in the sentence that people read."""

import pytest

from sipetruk.rules.reasons import TEMPLATES, explain, explain_decision
from tests.rules.building import component, criterion, definition

FOUND = definition(component("a", criterion("x", 50)), component("b", criterion("y", 50)))
REASONS = [
    ({"code": "MARKS_NOT_YET", "criterion": "x", "assessors": ["a1", "a2"]}, "Nilai “X” belum diberikan oleh 2 penilai."),
    ({"code": "MARKS_NOT_YET", "criterion": "w", "assessors": ["a1"]}, "Nilai “w” belum diberikan oleh 1 penilai."),
    ({"code": "MARKS_NOT_YET", "criterion": "x", "waiting": 2}, "Nilai “X” belum diberikan oleh 2 penilai."),
    ({"code": "TOO_FEW_MARKS", "criterion": "x", "found": 2, "needed": 3}, "Nilai “X” baru dari 2 penilai, sedikitnya 3."),
    ({"code": "VALUE_MISSING", "criterion": "y"}, "Data “Y” belum ada."),
    ({"code": "BELOW_FLOOR", "component": "a", "score": "59.99", "at_least": "60"}, "Nilai A 59,99 di bawah batas 60."),
    ({"code": "FEWER_MARKS", "criterion": "x", "found": 2, "panel": 3}, "Nilai “X” dari 2 di antara 3 penilai."),
    (
        {"code": "EXACT_ORDER_DIFFERS"},
        "Nilai tercetak sama dengan calon lain, tetapi urutan nilai eksaknya berbeda dari peringkat.",
    ),
    (
        {"code": "ATTRIBUTE_UNKNOWN", "attribute": "length_of_service_days"},
        "Masa kerja belum tercatat, sehingga tidak dapat menentukan urutan nilai sama.",
    ),
    ({"code": "ATTRIBUTE_UNKNOWN", "attribute": "usia"}, "usia belum tercatat, sehingga tidak dapat menentukan urutan nilai sama."),
    ({"code": "INCOMPLETE_NOMINEE", "id": "n1"}, "Penilaian Budi belum lengkap."),
    ({"code": "INCOMPLETE_NOMINEE", "id": "n9"}, "Penilaian seorang calon belum lengkap."),
    (
        {"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n1", "n2"], "places": 1},
        "2 calon bernilai sama memperebutkan 1 tempat terakhir; tim harus memutuskan urutannya.",
    ),
    (
        {"code": "TIE_ACROSS_QUOTA", "ids": ["n1", "n2"], "quota": 1},
        "2 calon bernilai sama melampaui kuota unit (1); tim harus memutuskan urutannya.",
    ),
    ({"code": "UNIT_QUOTA_FULL", "unit": "u1", "quota": 1}, "Kuota unit kerja ini (1) sudah terisi."),
]


@pytest.mark.parametrize(("reason", "sentence"), REASONS)
def test_a_reason_is_a_sentence(reason, sentence):
    assert explain(reason, FOUND, {"n1": "Budi"}) == sentence


def test_every_reason_has_an_example_here():
    assert {reason["code"] for reason, _ in REASONS} == TEMPLATES.keys()


def test_without_an_instrument_and_names_codes_stand_for_themselves():
    assert explain({"code": "VALUE_MISSING", "criterion": "x"}) == "Data “x” belum ada."
    assert explain({"code": "INCOMPLETE_NOMINEE", "id": "n1"}) == "Penilaian seorang calon belum lengkap."
    assert explain({"code": "BELOW_FLOOR", "component": "a.b.c", "score": "1.5", "at_least": "2"}) == "Nilai a.b.c 1,5 di bawah batas 2."
    assert explain({"code": "VALUE_MISSING", "criterion": "1.2.3"}) == "Data “1.2.3” belum ada."


@pytest.mark.parametrize(
    ("decided_by", "words"),
    [
        (None, ""),
        ("committee", "Keputusan tim penilai"),
        ("unresolved", "Belum diputuskan"),
        ("component:a", "Nilai A"),
        ("component:c", "Nilai c"),
        ("criterion:y", "Nilai Y"),
        ("attribute:length_of_service_days", "Masa kerja"),
        ("attribute:usia", "usia"),
    ],
)
def test_what_decided_a_place_in_words(decided_by, words):
    assert explain_decision(decided_by, FOUND) == words
