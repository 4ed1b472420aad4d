"""The values of a document in words: every key that has its own words, unknown codes as they are, and what is left empty."""

from fractions import Fraction

import pytest

from sipetruk.rules import document_words, instrument
from sipetruk.rules.document_words import Words
from tests.rules.building import component, criterion, document

EVIDENCE = {"code": "piagam", "label": "Piagam asli", "required": True, "source": "unit", "accept": ["pdf"], "max_mb": 1, "max_files": 1}
QUESTIONS = [
    {
        "code": "jenjang",
        "label": "Jenjang",
        "kind": "choice",
        "options": [{"code": "s1", "label": "Sarjana"}, {"code": "s2", "label": "Magister"}],
    },
    {"code": "judul", "label": "Judul", "kind": "short_text"},
]


@pytest.fixture
def words():
    parts = component("inovasi", criterion("gagasan", 60)), component("disiplin", criterion("hadir", 40))
    return Words(instrument.parse(document(*parts) | {"evidence": [EVIDENCE], "fields": QUESTIONS}))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("label", None, "tidak ada"),
        ("label", "", "tidak ada"),
        ("weight", None, "tidak ada"),
        ("evidence", [], "tidak ada"),
        ("template", {}, "tidak ada"),
        ("required", True, "ya"),
        ("required", False, "tidak"),
        ("label", "Nama baru", "Nama baru"),
        ("max_mb", 5, "5"),
        ("anything", ["a", "b", 3], "a, b, 3"),
        ("anything", {"a": 1, "b": 2}, "a, b"),
        ("weight", 2550, "25,5 %"),
        ("scale", {"kind": "points", "max": 40, "step": "0.5"}, "0 sampai 40 poin, kelipatan 0,5"),
        ("source", {"kind": "assessor"}, "Tim penilai"),
        ("source", "unit", "diunggah perangkat daerah"),
        ("source", "system", "data sistem"),
        ("source", "kurir", "kurir"),
        ("evidence", ["piagam", "foto"], "Piagam asli, foto"),
        ("component", "inovasi", "Inovasi"),
        ("component", "hilang", "hilang"),
        ("combine", "mean_of_components", "Rata-rata nilai komponen"),
        ("aggregation", {"kind": "median"}, "Median"),
        ("aggregation", {"kind": "trimmed", "k": 1}, "Rata-rata tanpa nilai ekstrem, 1 di tiap ujung"),
        (
            "rounding",
            {"stage": "component", "mode": "half_even", "decimals": 2},
            "Nilai komponen, lalu nilai akhir, 2 angka di belakang koma, setengah ke angka genap",
        ),
        (
            "floors",
            [{"component": "inovasi", "at_least": "60.5"}, {"component": "hilang", "at_least": "1"}],
            "Inovasi paling rendah 60,5; hilang paling rendah 1",
        ),
        (
            "tie_chain",
            [
                {"by": "component", "code": "inovasi"},
                {"by": "criterion", "code": "hadir"},
                {"by": "attribute", "code": "length_of_service_days"},
                {"by": "criterion", "code": "hilang"},
            ],
            "Inovasi, lalu Hadir, lalu Masa kerja, lalu hilang",
        ),
        ("kind", "long_text", "Teks panjang"),
        ("kind", "suara", "suara"),
        ("accept", ["pdf", "jpg"], "PDF, JPG"),
        ("options", [{"code": "a", "label": "Baik"}, {"code": "b", "label": "Cukup"}], "Baik; Cukup"),
        ("shown_when", {"field": "jenjang", "equals": "s2"}, "“Jenjang” dijawab “Magister”"),
        ("shown_when", {"field": "jenjang", "equals": "s3"}, "“Jenjang” dijawab “s3”"),
        ("shown_when", {"field": "judul", "equals": "x"}, "“Judul” dijawab “x”"),
        ("shown_when", {"field": "hilang", "equals": "ya"}, "“hilang” dijawab “ya”"),
        ("template", {"name": "surat.docx", "sha256": "0" * 64}, "surat.docx"),
    ],
)
def test_a_value_in_words(words, key, value, told):
    assert words.of(key, value) == told


@pytest.mark.parametrize(
    ("kind", "thing", "told"),
    [
        ("criteria", criterion("x", 40, weight=None), "0 sampai 40 poin, kelipatan 1; dari Tim penilai"),
        (
            "criteria",
            criterion("x", 40, "unit", weight=3000),
            "0 sampai 40 poin, kelipatan 1; dari Formulir usulan perangkat daerah; bobot 30 %",
        ),
        ("components", {"weight": None}, ""),
        ("components", {"weight": 3333}, "bobot 33,33 %"),
        ("fields", {"kind": "date", "required": True}, "Tanggal, wajib"),
        ("fields", {"kind": "file", "required": False}, "Berkas, boleh kosong"),
        ("evidence", {"required": True}, "wajib"),
        ("evidence", {"required": False}, "boleh kosong"),
    ],
)
def test_a_thing_in_one_line(words, kind, thing, told):
    assert words.thing(kind, thing) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(Fraction(25), "25 %"), (Fraction(51, 2), "25,5 %"), (Fraction(1999, 40), "49,98 %"), (Fraction(100, 3), "33,33 %")],
)
def test_a_share_has_at_most_two_decimals(share, told):
    assert document_words.percent(share) == told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"kind": "unit_head"}, "Kepala perangkat daerah"),
        ({"kind": "attendance", "months": ["2023-11", "2023-12"]}, "Data kehadiran · 2023-11, 2023-12"),
        ({"kind": "predicate", "year": 2023}, "Data predikat kinerja · 2023"),
        ({"kind": "predicate", "years": [2022, 2023]}, "Data predikat kinerja · 2022, 2023"),
        ({"kind": "imported", "series": "perilaku", "years": [2023]}, "Nilai perilaku · 2023"),
        (
            {"kind": "sanction", "check": "serving", "within_years": 2, "levels": ["R", "B", "X"]},
            "Data hukuman disiplin · Tidak sedang menjalani hukuman disiplin · 2 tahun terakhir · tingkat Ringan, Berat, X",
        ),
        ({"kind": "award", "levels": ["nasional"]}, "Data penghargaan · tingkat Nasional"),
    ],
)
def test_where_a_value_comes_from(source, told):
    assert document_words.source(source) == told
