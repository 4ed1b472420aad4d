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


def level(points, *, label="Tingkat", **more):
    return {"points": points, "label": label, **more}


def entry(code, *, label="Isian", points=1):
    return {"code": code, "label": label, "points": points}


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
        ("tally", 7, "Isi jumlah untuk setiap jenis."),
        ("tally", {"nasional": 1000}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ("tally", {"nasional": "1000"}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ("tally", {"nasional": True}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ("tally", {"nasional": []}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ("text", "a\x00b", "Harus berupa teks biasa."),
        ("text", 7, "Harus berupa teks biasa."),
    ],
)
def test_what_the_scale_does_not_allow_is_refused_with_a_reason(kind, typed, message):
    for ask in (scales.parse_raw, scales.points):
        with pytest.raises(Invalid) as refusal:
            ask(scale(kind), typed)
        assert refusal.value.message == message


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_missing_value_has_no_points(kind):
    for missing in (None, "", "  ", {}, {"nasional": None}, {"nasional": None, "provinsi": ""}):
        with pytest.raises(Invalid) as refusal:
            scales.parse_raw(scale(kind), missing)
        assert refusal.value.message == "Nilai belum diisi."
    with pytest.raises(Invalid) as refusal:
        scales.points(scale(kind), None)
    assert refusal.value.message == "Nilai belum diisi."


def test_a_predicate_outside_the_table_has_no_points():
    found = scales.parse_scale({"kind": "predicate", "table": {"BAIK": 80}})
    with pytest.raises(Invalid) as refusal:
        scales.points(found, "kurang")
    assert refusal.value.message == "Predikat KURANG tidak ada dalam tabel instrumen ini."


@pytest.mark.parametrize(
    ("kind", "raw", "points"),
    [
        ("percentage", 100, 20),
        ("percentage", 0, 0),
        ("count", 999, 10),
        ("tally", {"nasional": 999}, 200),
        ("tally", {"nasional": "999"}, 200),
        ("text", "a" * 10, 0),
        ("threshold", 10_000, 15),
    ],
)
def test_the_largest_and_the_smallest_value_are_allowed(kind, raw, points):
    found = scales.points(scale(kind), raw)
    assert (found, type(found)) == (points, Fraction)


def test_an_unfinished_scale_says_so():
    empty = {
        "rubric": {"kind": "rubric", "levels": []},
        "choice": {"kind": "choice", "points": []},
        "predicate": {"kind": "predicate", "table": {}},
        "tally": {"kind": "tally", "entries": [], "cap": 5},
    }
    found = {kind: scales.parse_scale(document) for kind, document in empty.items()}
    assert {kind: scales.describe(each) for kind, each in found.items()} == {
        "rubric": "Rubrik: belum diisi",
        "choice": "Pilihan poin: belum diisi",
        "predicate": "Tabel predikat belum diisi",
        "tally": "Hitungan: belum diisi; paling banyak 5 poin",
    }
    assert [scales.maximum(each) for each in found.values()] == [0, 0, 0, 0]
    assert [scales.points(found["tally"], {}), type(scales.points(found["tally"], {}))] == [0, Fraction]


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
        ("tally", "nasional=2\nprovinsi=1", {"nasional": 2, "provinsi": 1, "kabupaten": 0}),
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
    assert scales.parse_scale({"kind": "points", "max": 5, "step": 3, "min": 2}).min == 2
    odd = scales.Points(Fraction(10), Fraction(3), Fraction(1))
    assert [scales.points(odd, raw) for raw in (1, 4, 10)] == [1, 4, 10]
    for raw in (2, 3, 6):
        with pytest.raises(Invalid, match="kelipatan 3"):
            scales.points(odd, raw)
    with pytest.raises(Invalid, match="kelipatan 0"):
        scales.points(scales.Points(Fraction(10), Fraction(0)), 1)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"kind": "points", "max": 10, "step": 3}, [(("step",), "Poin tertinggi harus dapat dicapai dengan langkah ini.")]),
        ({"kind": "points", "max": 10, "step": 0}, [(("step",), "Langkah harus lebih besar dari 0.")]),
        ({"kind": "points", "max": 0, "step": 1}, [(("max",), "Poin tertinggi harus lebih besar daripada poin terendah.")]),
        ({"kind": "points", "max": 5, "step": 2, "min": 2}, [(("step",), "Poin tertinggi harus dapat dicapai dengan langkah ini.")]),
        ({"kind": "points", "step": 1}, [(("max",), "Wajib diisi.")]),
        ({"kind": "points", "max": 5}, [(("step",), "Wajib diisi.")]),
        ({"kind": "points", "max": 5, "step": 2, "min": -1}, [(("min",), "Harus antara 0 dan 1000000.")]),
        ({"kind": "rubric", "levels": [level(1), level(1)]}, [(("levels",), "Dua tingkat tidak boleh mempunyai poin yang sama.")]),
        ({"kind": "rubric", "levels": [level(1, label="a" * 201)]}, [(("levels", "0", "label"), "Paling banyak 200 karakter.")]),
        (
            {"kind": "rubric", "levels": [level(1, description="a" * 1001)]},
            [(("levels", "0", "description"), "Paling banyak 1000 karakter.")],
        ),
        ({"kind": "rubric", "levels": [level(at) for at in range(51)]}, [(("levels",), "Paling banyak 50 isian.")]),
        (
            {"kind": "threshold", "bands": [{"at_least": at, "points": at} for at in range(51)], "else": 0},
            [(("bands",), "Paling banyak 50 isian.")],
        ),
        (
            {"kind": "threshold", "bands": [{"at_least": 10_001, "points": 1}], "else": 0},
            [(("bands", "0", "at_least"), "Harus antara 0 dan 10000.")],
        ),
        ({"kind": "choice", "points": [1, 2.5]}, [(("points",), 'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".')]),
        (
            {"kind": "tally", "entries": [entry("a"), entry("a")], "cap": 1},
            [(("entries",), "Dua isian tidak boleh mempunyai kode yang sama.")],
        ),
        (
            {"kind": "tally", "entries": [entry("a", label="a" * 201)], "cap": 1},
            [(("entries", "0", "label"), "Paling banyak 200 karakter.")],
        ),
        ({"kind": "text", "max_chars": 0}, [(("max_chars",), "Harus antara 1 dan 20000.")]),
        ({"kind": "text", "max_chars": 20_001}, [(("max_chars",), "Harus antara 1 dan 20000.")]),
        (
            {"kind": "x"},
            [(("kind",), f"Pilih salah satu: {', '.join(scales.KINDS)}."), (("max",), "Wajib diisi."), (("step",), "Wajib diisi.")],
        ),
        (7, [((), "Bagian ini harus berupa objek dengan nama dan isi."), (("max_chars",), "Wajib diisi.")]),
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


def test_the_longest_scale_is_read():
    longest = [level(at, label="a" * 200, description="a" * 1000) for at in range(50)]
    assert len(scales.parse_scale({"kind": "rubric", "levels": longest}).levels) == 50
    bands = [{"at_least": 10_000 - at, "points": at} for at in range(50)]
    assert len(scales.parse_scale({"kind": "threshold", "bands": bands, "else": 0}).bands) == 50
    assert scales.parse_scale({"kind": "tally", "entries": [entry("a", label="a" * 200)], "cap": 1}).entries[0].label == "a" * 200
    assert [scales.parse_scale({"kind": "text", "max_chars": most}).max_chars for most in (1, 20_000)] == [1, 20_000]


def test_0_may_be_one_of_the_points_to_choose():
    assert scales.points(scales.parse_scale({"kind": "choice", "points": [0, 5]}), "0") == 0
