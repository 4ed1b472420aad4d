"""Every kind of scale: points, what may be typed, bounds, words, documents."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import scales
from tests.rules.building import problems

PREDICATES = {"SANGAT BAIK": 100, "BAIK": 90, "BUTUH PERBAIKAN": 70, "KURANG": 50, "SANGAT KURANG": 30}
DOCUMENTS = {
    "points": {"kind": "points", "max": 20, "step": "0.5"},
    "rubric": {"kind": "rubric", "levels": [{"points": x, "label": f"Tingkat {x}", "description": ""} for x in (10, 20, 40)]},
    "threshold": {"kind": "threshold", "bands": [{"at_least": 85, "points": 10}, {"at_least": 95, "points": 15}], "else": 0},
    "choice": {"kind": "choice", "points": [10, 15, 20, 25, 30]},
    "yes_no": {"kind": "yes_no", "yes": 10, "no": 0},
    "predicate": {"kind": "predicate", "table": PREDICATES},
    "percentage": {"kind": "percentage", "max": 20},
    "tally": {
        "kind": "tally",
        "entries": [
            {"code": "nasional", "label": "Nasional", "points": 100},
            {"code": "provinsi", "label": "Provinsi", "points": 90},
            {"code": "kabupaten", "label": "Kabupaten", "points": 80},
        ],
        "cap": 200,
    },
    "count": {"kind": "count", "points_each": "2.5", "cap": 10},
    "text": {"kind": "text", "max_chars": 10},
}


def scale(kind):
    return scales.parse_scale(DOCUMENTS[kind])


def test_there_is_an_example_of_every_kind():
    assert tuple(DOCUMENTS) == tuple(scales.KINDS) == tuple(scales.LABELS)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_document_reads_back_to_itself(kind):
    assert scales.to_dict(scale(kind)) == DOCUMENTS[kind]


@pytest.mark.parametrize(
    ("kind", "raw", "points"),
    [
        ("points", "17.5", "17.5"),
        ("points", 0, "0"),
        ("rubric", "40", "40"),
        ("threshold", "84.99", "0"),
        ("threshold", "85", "10"),
        ("threshold", "94.99", "10"),
        ("threshold", "95", "15"),
        ("choice", "25", "25"),
        ("yes_no", "1", "10"),
        ("yes_no", "0", "0"),
        ("predicate", "butuh perbaikan", "70"),
        ("predicate", "KURANG/MISCONDUCT", "50"),
        ("percentage", "97.5", "19.5"),
        ("percentage", "277/3", "277/15"),
        ("tally", {"nasional": 1, "kabupaten": 1}, "180"),
        ("tally", {"nasional": 9}, "200"),
        ("tally", {"nasional": 0}, "0"),
        ("count", "3", "7.5"),
        ("count", "5", "10"),
        ("text", "apa saja", "0"),
    ],
)
def test_points(kind, raw, points):
    assert scales.points(scale(kind), raw) == Fraction(points)


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("points", "20.5", "Nilai harus antara 0 dan 20."),
        ("points", "-1", "Nilai harus antara 0 dan 20."),
        ("points", "0.25", "Nilai harus kelipatan 0,5."),
        ("points", "dua", "Ini bukan angka."),
        ("points", {"a": 1}, "Ini bukan angka."),
        ("rubric", "30", "Nilai harus salah satu dari: 10 · 20 · 40."),
        ("choice", "12", "Nilai harus salah satu dari: 10 · 15 · 20 · 25 · 30."),
        ("yes_no", "2", "Jawab ya atau tidak."),
        ("percentage", "100.01", "Persentase harus antara 0 dan 100."),
        ("threshold", "10000.5", "Nilai harus antara 0 dan 10000."),
        ("count", "1.5", "Jumlah harus bilangan bulat antara 0 dan 999."),
        ("predicate", "hebat", "Predikat harus salah satu dari: SANGAT BAIK, BAIK, BUTUH PERBAIKAN, KURANG, SANGAT KURANG."),
        ("predicate", 7, "Pilih predikat kinerja."),
        ("tally", {"dunia": 1}, "Jenis ini tidak ada dalam daftar."),
        ("tally", {"nasional": -1}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ("tally", "nasional=1, nasional=2", "Jenis ini tertulis dua kali."),
        ("text", "sebelas huruf", "Paling banyak 10 karakter; Anda menulis 13."),
        ("text", "a\x00b", "Harus berupa teks biasa."),
    ],
)
def test_what_the_scale_does_not_allow_is_refused_with_a_reason(kind, typed, message):
    for ask in (scales.parse_raw, scales.points):
        with pytest.raises(Invalid) as refusal:
            ask(scale(kind), typed)
        assert refusal.value.message == message


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_missing_value_has_no_points(kind):
    for missing in (None, "", "  ", {}):
        with pytest.raises(Invalid, match="belum diisi"):
            scales.parse_raw(scale(kind), missing)
    with pytest.raises(Invalid, match="belum diisi"):
        scales.points(scale(kind), None)


@pytest.mark.parametrize("kind", ["points", "rubric", "threshold", "choice", "yes_no", "percentage", "count"])
def test_a_float_is_a_type_error(kind):
    with pytest.raises(TypeError):
        scales.points(scale(kind), 10.0)
    with pytest.raises(TypeError):
        scales.parse_raw(scale(kind), 10.0)


def test_a_float_count_is_a_type_error():
    with pytest.raises(TypeError):
        scales.points(scale("tally"), {"nasional": 1.0})


@pytest.mark.parametrize(
    ("kind", "typed", "raw"),
    [
        ("points", " 17,50 ", "17.5"),
        ("points", 17, "17"),
        ("yes_no", "Ya", "1"),
        ("yes_no", "tidak", "0"),
        ("predicate", "sangat  baik", "SANGAT BAIK"),
        ("tally", "nasional=2; provinsi", {"nasional": 2, "provinsi": 1, "kabupaten": 0}),
        ("tally", {"kabupaten": "3", "nasional": ""}, {"nasional": 0, "provinsi": 0, "kabupaten": 3}),
        ("text", " kata ", "kata"),
    ],
)
def test_what_is_typed_becomes_one_canonical_raw_value(kind, typed, raw):
    assert scales.parse_raw(scale(kind), typed) == raw
    assert scales.parse_raw(scale(kind), raw) == raw


@pytest.mark.parametrize(
    ("kind", "bounds", "maximum", "words"),
    [
        ("points", (0, 2000, 50), 20, "0 sampai 20 poin, kelipatan 0,5"),
        ("rubric", (1000, 4000, 1), 40, "Rubrik: 10 Tingkat 10 · 20 Tingkat 20 · 40 Tingkat 40"),
        ("threshold", (0, 1_000_000, 1), 15, "≥ 95: 15 poin; ≥ 85: 10 poin; selain itu 0 poin"),
        ("choice", (1000, 3000, 1), 30, "Pilihan poin: 10 · 15 · 20 · 25 · 30"),
        ("yes_no", (0, 100, 100), 10, "Ya 10 poin, tidak 0 poin"),
        ("predicate", None, 100, "Sangat baik 100 poin; Baik 90 poin; Butuh perbaikan 70 poin; Kurang 50 poin; Sangat kurang 30 poin"),
        ("percentage", (0, 10_000, 1), 20, "Persentase; 100 persen bernilai 20 poin"),
        ("tally", None, 200, "Hitungan: Nasional 100, Provinsi 90, Kabupaten 80; paling banyak 200 poin"),
        ("count", (0, 99_900, 100), 10, "2,5 poin per satuan, paling banyak 10 poin"),
        ("text", None, 0, "Uraian paling banyak 10 karakter, tanpa poin"),
    ],
)
def test_bounds_maximum_and_words(kind, bounds, maximum, words):
    found = scale(kind)
    assert (scales.raw_bounds(found), scales.maximum(found), scales.describe(found)) == (bounds, maximum, words)
    assert scales.is_scored(found) == (kind != "text")


def test_another_office_may_have_another_table():
    table = {"SANGAT BAIK": 100, "BAIK": 80, "BUTUH PERBAIKAN": 60, "KURANG": 40, "SANGAT KURANG": 20}
    assert scales.points(scales.parse_scale({"kind": "predicate", "table": table}), "BAIK") == 80


def test_points_may_start_above_zero():
    document = {"kind": "points", "max": 100, "step": 1, "min": 1}
    found = scales.parse_scale(document)
    assert scales.to_dict(found) == document
    assert scales.raw_bounds(found) == (100, 10_000, 100)
    with pytest.raises(Invalid, match="antara 1 dan 100"):
        scales.points(found, 0)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"kind": "points", "max": 10, "step": 3}, [(("step",), "Poin tertinggi harus dapat dicapai dengan langkah ini.")]),
        ({"kind": "points", "max": 10, "step": 0}, [(("step",), "Langkah harus lebih besar dari 0.")]),
        ({"kind": "points", "max": 0, "step": 1}, [(("max",), "Poin tertinggi harus lebih besar daripada poin terendah.")]),
        ({"kind": "points", "step": 1}, [(("max",), "Wajib diisi.")]),
        ({"kind": "points", "max": "1.234", "step": 1}, [(("max",), "Paling banyak dua angka di belakang koma.")]),
        ({"kind": "choice", "points": [1, "1.0"]}, [(("points",), "Poin yang sama tertulis dua kali.")]),
        ({"kind": "yes_no", "yes": 1, "no": 0, "maybe": 2}, [(("maybe",), "Nama ini tidak dikenal dalam format ini.")]),
        ({"kind": "percentage", "max": 0.5}, [(("max",), 'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".')]),
        (
            {"kind": "threshold", "bands": [{"at_least": 85, "points": 1}, {"at_least": 85, "points": 2}], "else": 0},
            [(("bands",), "Dua ambang tidak boleh sama.")],
        ),
    ],
)
def test_a_scale_that_makes_no_sense_is_refused_at_its_place(document, expected):
    with pytest.raises(Invalid) as refusal:
        scales.parse_scale(document)
    assert problems(refusal) == expected
