"""Soundness: what stands in the way of the lock, and what is only advice; each with the place where it can be mended."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import instrument
from tests.rules.building import component, criterion, definition, document, problems


def found_as(severity, tree):
    return [(finding.path, finding.message) for finding in instrument.lint(tree) if finding.severity == severity]


def errors(tree):
    return found_as("error", tree)


def warnings(tree):
    return found_as("warning", tree)


def remarks(tree, *start):
    """Severity, rest of the path and words of the remarks on one place."""
    found = [finding for finding in instrument.lint(tree) if finding.path[: len(start)] == start]
    return [(finding.severity, finding.path[len(start) :], finding.message) for finding in found]


def sound():
    return definition(
        component("inovasi", criterion("gagasan", 60), criterion("dampak", 40)),
        component("kinerja", criterion("hasil", 100)),
        combine="mean_of_components",
        tie_chain=[{"by": "component", "code": "inovasi"}, {"by": "criterion", "code": "hasil"}],
        floors=[{"component": "kinerja", "at_least": 60}],
    )


def test_a_sound_instrument_has_no_errors_and_may_be_locked():
    assert errors(sound()) == []
    assert warnings(sound()) == []
    instrument.require_lockable(sound())
    assert [level.is_whole for level in instrument.level_sums(sound())] == [True, True]
    assert instrument.total_maximum(sound()) == 100


def test_the_lock_names_the_sum_it_found():
    found = definition(component("a", criterion("x", 95)), combine="sum_of_points")
    with pytest.raises(Invalid) as refusal:
        instrument.require_lockable(found)
    assert problems(refusal) == [(("components",), "Jumlah poin tertinggi semua kriteria adalah 95 poin, harus tepat 100 poin.")]
    assert instrument.level_sums(found) == [
        instrument.LevelSum(("components",), "Jumlah poin tertinggi semua kriteria", Fraction(95), Fraction(100), "points")
    ]


def test_weights_of_every_level_sum_to_exactly_the_whole():
    found = definition(
        component("a", criterion("x", weight=6000), criterion("y", weight=3999), weight=5000),
        component("b", criterion("z", 10), weight=4999),
        combine="weighted_sum",
    )
    assert errors(found) == [
        (("components",), "Jumlah bobot komponen adalah 99,99 %, harus tepat 100,00 %."),
        (("components", "a"), "Jumlah bobot kriteria A adalah 99,99 %, harus tepat 100,00 %."),
    ]


def test_a_weight_that_is_not_applied_is_an_error():
    found = definition(component("a", criterion("x", weight=10_000), weight=10_000), combine="sum_of_points")
    assert errors(found) == [
        (("components", "a", "weight"), "Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot komponen."),
        (("criteria", "x", "weight"), "Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot kriteria."),
    ]


def test_weights_are_given_to_all_criteria_of_a_component_or_to_none():
    found = definition(component("a", criterion("x", weight=10_000), criterion("y"), weight=10_000), combine="weighted_sum")
    assert errors(found) == [(("criteria", "y", "weight"), "Beri bobot pada semua kriteria komponen ini, atau pada tidak satu pun.")]


def test_what_is_marked_but_never_counted_is_named():
    found = definition(
        component("a", criterion("x", weight=10_000), criterion("y", weight=0), weight=10_000),
        component("b", criterion("z"), weight=0),
        combine="weighted_sum",
    )
    assert errors(found) == []
    assert warnings(found)[:2] == [
        (("criteria", "y", "weight"), "Bobot kriteria ini nol: nilainya diisi tetapi tidak dihitung. Beri bobot, atau hapus kriterianya."),
        (
            ("components", "b", "weight"),
            "Bobot komponen ini nol: nilainya diisi tetapi tidak dihitung. Beri bobot, atau hapus komponennya.",
        ),
    ]


def test_references_must_lead_somewhere():
    found = instrument.parse(
        {
            **document(
                component("a", criterion("x", evidence=["hilang"])),
                floors=[{"component": "b", "at_least": 1}, {"component": "a", "at_least": 101}],
                tie_chain=[{"by": "criterion", "code": "y"}, {"by": "attribute", "code": "length_of_service_days"}],
            ),
            "fields": [
                {"code": "f", "label": "F", "kind": "short_text", "shown_when": {"field": "g", "equals": "ya"}},
                {"code": "g", "label": "G", "kind": "choice"},
                {"code": "h", "label": "H", "kind": "choice", "options": [{"code": "ya", "label": "Ya"}]},
                {"code": "i", "label": "I", "kind": "date", "shown_when": {"field": "h", "equals": "tidak"}},
            ],
        }
    )
    assert errors(found) == [
        (("criteria", "x", "evidence"), "Bukti dukung “hilang” tidak ada dalam daftar."),
        (("policy", "floors", "0"), "Batas nilai menunjuk komponen “b” yang tidak dinilai."),
        (("policy", "floors", "1"), "Batas nilai A tidak mungkin tercapai."),
        (("policy", "tie_chain", "0"), "Urutan penentu nilai sama menunjuk “y” yang tidak ada."),
        (("fields", "f", "shown_when"), "Syarat tampil harus menunjuk pertanyaan yang lebih dahulu."),
        (("fields", "g", "options"), "Pertanyaan pilihan ini belum mempunyai pilihan jawaban."),
        (("fields", "i", "shown_when"), "Syarat tampil memakai jawaban yang tidak ada pada pilihan."),
    ]


@pytest.mark.parametrize(
    ("scale", "source", "message"),
    [
        ({"kind": "text", "max_chars": 5}, "assessor", "Skala “Uraian tanpa poin” tidak cocok dengan sumber nilai ini."),
        (100, {"kind": "attendance", "months": ["2024-04"]}, "Skala “Rentang poin” tidak cocok dengan sumber nilai ini."),
        ({"kind": "percentage", "max": 100}, {"kind": "attendance", "months": []}, "Sebutkan bulan atau tahun data yang dipakai."),
        ({"kind": "percentage", "max": 100}, {"kind": "imported", "series": "perilaku"}, "Sebutkan bulan atau tahun data yang dipakai."),
        ({"kind": "predicate", "table": {"BAIK": 100}}, {"kind": "predicate", "year": 2023}, "Isi poin untuk kelima predikat."),
    ],
)
def test_scale_and_source_must_fit(scale, source, message):
    filler = component("b", criterion("penuh"))
    found = definition(component("a", criterion("x", scale, source)), filler)
    assert message in [text for path, text in errors(found) if path[:2] == ("criteria", "x")]


def test_an_unfinished_scale_is_an_error():
    found = definition(component("a", criterion("x", {"kind": "rubric", "levels": []}), criterion("y")))
    assert errors(found) == [(("criteria", "x", "scale", "levels"), "Rubrik ini belum mempunyai tingkat.")]


def test_trimming_needs_enough_assessors():
    found = definition(component("a", criterion("x")), aggregation={"kind": "trimmed", "k": 3}, min_assessors=5)
    assert errors(found) == [(("policy", "min_assessors"), "Cara agregasi ini memerlukan sedikitnya 7 penilai.")]


def test_advice_does_not_stop_the_lock():
    falling = {"kind": "threshold", "bands": [{"at_least": 50, "points": 10}], "else": 20}
    single = {"kind": "rubric", "levels": [{"points": 80, "label": "Ada"}]}
    found = definition(component("a", criterion("x", falling, "unit"), {**criterion("y", single), "help": ""}))
    assert errors(found) == []
    assert warnings(found) == [
        (("criteria", "y", "help"), "Tambahkan petunjuk agar semua orang membaca kriteria ini dengan cara yang sama."),
        (("criteria", "x", "scale"), "Nilai yang lebih tinggi memperoleh poin lebih rendah; periksa ambangnya."),
        (("criteria", "y", "scale"), "Rubrik dengan satu tingkat tidak membedakan siapa pun."),
        (("criteria", "y", "scale", "levels", "0", "description"), "Jelaskan tingkat “Ada” agar penilai memakai ukuran yang sama."),
        (("policy", "tie_chain"), "Belum ada penentu nilai sama; setiap nilai sama harus diputuskan tim."),
    ]
    instrument.require_lockable(found)


# Scales


RUBRIC = {
    "no level": ([], [("error", ("levels",), "Rubrik ini belum mempunyai tingkat.")]),
    "one level": ([(100, "Ada", "Ada.")], [("warning", (), "Rubrik dengan satu tingkat tidak membedakan siapa pun.")]),
    "a level without words": (
        [(100, "Baik", "Ada buktinya."), (50, "Cukup", ""), (0, "Kurang", "")],
        [("warning", ("levels", "1", "description"), "Jelaskan tingkat “Cukup”, “Kurang” agar penilai memakai ukuran yang sama.")],
    ),
    "the same name twice": (
        [(100, "Baik", "A."), (50, "  baik ", "B.")],
        [("error", ("levels", "1", "label"), "Dua tingkat bernama “Baik”.")],
    ),
    "the same words twice": (
        [(100, "Baik", "Ada buktinya."), (50, "Cukup", "ada  buktinya.")],
        [
            (
                "warning",
                ("levels", "1", "description"),
                "Tingkat “Cukup” dijelaskan dengan kalimat yang sama seperti tingkat lain.",
            )
        ],
    ),
    "no order": (
        [(100, "Baik", "A."), (0, "Kurang", "B."), (50, "Cukup", "C.")],
        [("warning", ("levels",), "Urutan tingkat tidak menurut poinnya; susun dari yang terendah atau tertinggi.")],
    ),
    "more than everything": (
        [(120, "Baik", "A."), (0, "Kurang", "B.")],
        [("error", (), "Poin tertinggi 120 melebihi nilai paling tinggi, yaitu 100.")],
    ),
    "ranges that overlap": (
        [(100, "Nilai 80 - 100", "A."), (50, "Nilai 60 s.d. 80", "B.")],
        [("error", ("levels", "0", "label"), "Tingkat “Nilai 60 s.d. 80” dan “Nilai 80 - 100” tumpang tindih.")],
    ),
    "ranges with a gap": (
        [(0, "0–59", "A."), (50, "60–79", "B."), (100, "90–100", "C.")],
        [("error", ("levels", "2", "label"), "Ada celah antara tingkat “60–79” dan “90–100”.")],
    ),
    "ranges with a gap of two steps": (
        [(100, "80,2 sampai 100", "A."), (50, "60 sampai 80", "B.")],
        [("error", ("levels", "0", "label"), "Ada celah antara tingkat “60 sampai 80” dan “80,2 sampai 100”.")],
    ),
    "ranges that follow one another": ([(100, "80,1 sampai 100", "A."), (50, "60 sampai 80", "B.")], []),
    "words beside ranges": ([(100, "80–100", "A."), (50, "Selain itu", "B.")], []),
}


@pytest.mark.parametrize(("levels", "expected"), RUBRIC.values(), ids=RUBRIC)
def test_levels_of_a_rubric(levels, expected):
    scale = {"kind": "rubric", "levels": [{"points": p, "label": label, "description": words} for p, label, words in levels]}
    assert remarks(definition(component("a", criterion("x", scale))), "criteria", "x", "scale") == expected


UNFINISHED = "Skala ini belum lengkap: tidak ada nilai yang memberi poin."
NO_EFFECT = "Ambang ≥ 80 dan ≥ 90 memberi poin yang sama."
SCALES = {
    "a threshold that nobody reaches": (
        {"kind": "threshold", "bands": [{"at_least": 80, "points": 50}, {"at_least": 101, "points": 100}], "else": 0},
        {"kind": "attendance", "months": ["2024-04"]},
        [("error", ("bands", "1", "at_least"), "Ambang ≥ 101 tidak mungkin tercapai: kehadiran paling tinggi 100.")],
    ),
    "a threshold of the whole": (
        {"kind": "threshold", "bands": [{"at_least": 100, "points": 100}], "else": 0},
        {"kind": "attendance", "months": ["2024-04"]},
        [],
    ),
    "a number of the form may be larger": (
        {"kind": "threshold", "bands": [{"at_least": 101, "points": 100}], "else": 0},
        "unit",
        [],
    ),
    "two thresholds with the same points": (
        {"kind": "threshold", "bands": [{"at_least": 90, "points": 100}, {"at_least": 80, "points": 100}], "else": 0},
        "unit",
        [("warning", ("bands", "0", "points"), NO_EFFECT)],
    ),
    "a rest that is never used": (
        {"kind": "threshold", "bands": [{"at_least": 0, "points": 100}], "else": 0},
        "unit",
        [("warning", ("else",), "Poin “selain itu” tidak pernah dipakai karena ada ambang ≥ 0.")],
    ),
    "falling thresholds": (
        {"kind": "threshold", "bands": [{"at_least": 50, "points": 10}], "else": 100},
        "unit",
        [("warning", (), "Nilai yang lebih tinggi memperoleh poin lebih rendah; periksa ambangnya.")],
    ),
    "one choice": (
        {"kind": "choice", "points": [100]},
        "assessor",
        [("warning", ("points",), "Satu pilihan poin tidak membedakan siapa pun.")],
    ),
    "both answers worth the same": (
        {"kind": "yes_no", "yes": 100, "no": 100},
        "assessor",
        [("warning", ("yes",), "Jawaban ya dan tidak memberi poin yang sama.")],
    ),
    "better predicates with more points": (
        {"kind": "predicate", "table": {"SANGAT BAIK": 100, "BAIK": 90, "BUTUH PERBAIKAN": 70, "KURANG": 50, "SANGAT KURANG": 30}},
        {"kind": "predicate", "year": 2024},
        [],
    ),
    "a better predicate with fewer points": (
        {"kind": "predicate", "table": {"SANGAT BAIK": 90, "BAIK": 100, "BUTUH PERBAIKAN": 70, "KURANG": 50, "SANGAT KURANG": 30}},
        {"kind": "predicate", "year": 2024},
        [("warning", (), "Predikat yang lebih baik memperoleh poin lebih rendah; periksa tabelnya.")],
    ),
    "a cap above the sum of the entries": (
        {"kind": "tally", "entries": [{"code": "a", "label": "A", "points": 40}, {"code": "b", "label": "B", "points": 20}], "cap": 100},
        "unit",
        [
            (
                "warning",
                ("cap",),
                "Semua isian sekali saja berjumlah 60 poin; 100 poin hanya tercapai bila satu isian dihitung lebih dari sekali.",
            )
        ],
    ),
    "a cap that no count reaches": (
        {"kind": "tally", "entries": [{"code": "a", "label": "A", "points": "0.1"}], "cap": 100},
        "unit",
        [("error", ("cap",), "Poin paling banyak 100 tidak mungkin tercapai dengan isian ini.")],
    ),
    "a cap that the largest counts just reach": (
        {"kind": "tally", "entries": [{"code": "a", "label": "A", "points": "0.1"}], "cap": "99.9"},
        "unit",
        [
            (
                "warning",
                ("cap",),
                "Semua isian sekali saja berjumlah 0,1 poin; 99,9 poin hanya tercapai bila satu isian dihitung lebih dari sekali.",
            )
        ],
    ),
    "a tally without entries": ({"kind": "tally", "entries": [], "cap": 100}, "unit", [("error", (), UNFINISHED)]),
    "entries without any points": (
        {"kind": "tally", "entries": [{"code": "a", "label": "A", "points": 0}], "cap": 0},
        "unit",
        [("error", (), UNFINISHED)],
    ),
    "a scale without points": (
        {"kind": "yes_no", "yes": 0, "no": 0},
        "unit",
        [("error", (), UNFINISHED), ("warning", ("yes",), "Jawaban ya dan tidak memberi poin yang sama.")],
    ),
    "entries without and beyond the points": (
        {
            "kind": "tally",
            "entries": [
                {"code": "a", "label": "Nasional", "points": 120},
                {"code": "b", "label": "Provinsi", "points": 0},
                {"code": "c", "label": "nasional", "points": 5},
            ],
            "cap": 100,
        },
        "unit",
        [
            ("error", ("entries", "2", "label"), "Dua isian bernama “Nasional”."),
            ("warning", ("entries", "0", "points"), "Isian “Nasional” bernilai 120 poin, tetapi paling banyak 100 yang dihitung."),
            ("warning", ("entries", "1", "points"), "Isian “Provinsi” tidak memberi poin."),
        ],
    ),
    "a count that never gets there": (
        {"kind": "count", "points_each": "0.1", "cap": 100},
        "unit",
        [("error", ("cap",), "Poin paling banyak 100 tidak mungkin tercapai dengan isian ini.")],
    ),
    "a count that just gets there": ({"kind": "count", "points_each": "0.1", "cap": "99.9"}, "unit", []),
    "points that everybody gets": (
        {"kind": "points", "min": 50, "max": 100, "step": 1},
        "assessor",
        [("warning", (), "Poin terendah bukan 0; setiap calon memperoleh sedikitnya poin ini.")],
    ),
    "percentages beyond the whole": (
        {"kind": "percentage", "max": 150},
        {"kind": "attendance", "months": ["2024-04"]},
        [("error", (), "Poin tertinggi 150 melebihi nilai paling tinggi, yaitu 100.")],
    ),
}


@pytest.mark.parametrize(("scale", "source", "expected"), SCALES.values(), ids=SCALES)
def test_points_that_are_printed_can_be_reached(scale, source, expected):
    assert remarks(definition(component("a", criterion("x", scale, source))), "criteria", "x", "scale") == expected


def test_points_beyond_a_hundred_are_a_share_where_weights_decide():
    tree = definition(component("a", criterion("x", 700), weight=10_000), combine="weighted_sum")
    assert errors(tree) == []


# Names, weights, policy


def test_names_that_look_the_same():
    tree = definition(
        component("a", criterion("x", 40), {**criterion("y", 30), "label": "x"}),
        {**component("b", {**criterion("z", 30), "label": "X "}), "label": " A"},
    )
    assert errors(tree) == [
        (("components", "b", "label"), "Dua komponen bernama “A”."),
        (("criteria", "y", "label"), "Dua kriteria dalam satu komponen bernama “x”."),
    ]
    assert remarks(tree, "criteria", "z") == [("warning", ("label",), "Nama “X” juga dipakai kriteria pada komponen lain.")]


def test_a_weight_that_differs_from_the_points_is_named_with_both():
    tree = definition(component("a", criterion("x", 60, weight=6000), weight=4000), component("b", criterion("z", 40)))
    assert errors(tree) == [
        (
            ("components", "a", "weight"),
            "Bobot komponen 40 % berbeda dari poin tertingginya 60; yang dihitung poinnya, jadi kosongkan bobot.",
        ),
        (("criteria", "x", "weight"), "Cara menggabungkan nilai ini tidak memakai bobot; kosongkan bobot kriteria."),
    ]


@pytest.mark.parametrize(
    ("maxima", "expected"),
    [
        ((40, 25), ["Poin tertinggi A berjumlah 65, bukan 50 atau 100; nilainya dihitung sebagai bagian dari 65."]),
        ((30, 20), []),
        ((70, 30), []),
        ((100, 100), []),
    ],
)
def test_maxima_of_a_weighted_component(maxima, expected):
    first = component("a", criterion("x", maxima[0]), criterion("y", maxima[1]), weight=5000)
    tree = definition(first, component("b", criterion("z"), weight=5000), combine="weighted_sum")
    assert remarks(tree, "components", "a") == [("warning", ("weight",), text) for text in expected]


def test_floors_and_ties_name_what_is_there_and_counts():
    text = criterion("kata", {"kind": "text", "max_chars": 100}, "unit")
    tree = definition(
        component("a", criterion("x"), text),
        floors=[{"component": "a", "at_least": 0}],
        tie_chain=[{"by": "criterion", "code": "kata"}, {"by": "component", "code": "x"}, {"by": "component", "code": "a"}],
    )
    assert remarks(tree, "policy") == [
        ("error", ("tie_chain", "0"), "Urutan penentu nilai sama menunjuk “Kata” yang tidak dinilai."),
        ("error", ("tie_chain", "1"), "Urutan penentu nilai sama menunjuk “x” yang tidak ada."),
        ("warning", ("floors", "0"), "Batas nilai A adalah 0, jadi tidak menyaring siapa pun."),
    ]


# The form and its evidence


def with_form(*fields, evidence=(), uses=()):
    return instrument.parse(
        {**document(component("a", criterion("x", evidence=list(uses)))), "fields": list(fields), "evidence": list(evidence)}
    )


def question(code, kind="short_text", **more):
    return {"code": code, "label": code.title(), "kind": kind, **more}


def when(field, equals):
    return {"field": field, "equals": equals}


OPTIONS = [{"code": "ya", "label": "Ya"}, {"code": "belum", "label": "Belum"}]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([question("g", shown_when=when("h", "1"))], "Syarat tampil menunjuk pertanyaan yang tidak ada."),
        ([question("g", shown_when=when("g", "1"))], "Syarat tampil harus menunjuk pertanyaan yang lebih dahulu."),
        (
            [question("f", shown_when=when("g", "1")), question("g", shown_when=when("f", "1"))],
            "Syarat tampil harus menunjuk pertanyaan yang lebih dahulu.",
        ),
        (
            [question("f", "declaration"), question("g", shown_when=when("f", "ya"))],
            "Syarat tampil atas pernyataan harus berisi 1 (dicentang) atau 0 (tidak dicentang).",
        ),
        (
            [question("f", "choice", options=OPTIONS), question("g", shown_when=when("f", "tidak"))],
            "Syarat tampil memakai jawaban yang tidak ada pada pilihan.",
        ),
        ([question("f", "long_text"), question("g", shown_when=when("f", "x"))], "Syarat tampil tidak dapat menunjuk teks panjang."),
    ],
)
def test_conditions_that_can_never_hold(fields, message):
    assert [text for _, text in errors(with_form(*fields))] == [message]


def test_a_question_with_choices_needs_some():
    assert remarks(with_form(question("f", "choices", options=[])), "fields") == [
        ("error", ("f", "options"), "Pertanyaan pilihan ini belum mempunyai pilihan jawaban."),
    ]


def test_questions_and_options_that_look_the_same():
    same = [{"code": "a", "label": "Ya"}, {"code": "b", "label": "ya"}]
    tree = with_form(question("f", "choice", options=same), {**question("g"), "label": "F"}, question("h", "choice", options=OPTIONS[:1]))
    assert remarks(tree, "fields") == [
        ("error", ("f", "options"), "Dua pilihan jawaban bertuliskan “Ya”."),
        ("error", ("g", "label"), "Dua pertanyaan bertuliskan “F”."),
        ("warning", ("h", "options"), "Pertanyaan ini hanya mempunyai satu pilihan jawaban."),
    ]


def test_evidence_that_cannot_be_given_and_evidence_that_nobody_asks_for():
    tree = with_form(
        evidence=[
            {"code": "surat", "label": "Surat", "accept": []},
            {"code": "foto", "label": "Foto", "accept": [], "required": False},
            {"code": "cetak", "label": "surat", "accept": [], "source": "system"},
        ],
        uses=["surat", "foto"],
    )
    assert remarks(tree, "evidence") == [
        ("error", ("surat", "accept"), "Bukti dukung ini wajib, tetapi tidak satu pun jenis berkas diterima."),
        ("error", ("foto", "accept"), "Sebutkan jenis berkas yang diterima."),
        ("error", ("cetak", "label"), "Dua bukti dukung bernama “Surat”."),
        ("warning", ("cetak",), "Bukti dukung ini tidak diperiksa pada satu kriteria pun; hanya dilihat saat verifikasi."),
    ]


def test_files_that_the_server_would_refuse():
    tree = with_form(
        question("pindaian", "file", max_mb=20),
        evidence=[
            {"code": "surat", "label": "Surat", "max_mb": 12},
            {"code": "foto", "label": "Foto", "max_mb": 11},
            {"code": "data", "label": "Data", "max_mb": 50, "source": "system"},
        ],
    )
    found = [(finding.severity, finding.path, finding.message) for finding in instrument.upload_findings(tree, 12)]
    assert found == [
        (
            "warning",
            ("evidence", "surat", "max_mb"),
            "Berkas sampai 12 MB tidak dapat dikirim: batas server untuk satu kiriman 12 MB.",
        ),
        (
            "warning",
            ("fields", "pindaian", "max_mb"),
            "Berkas sampai 20 MB tidak dapat dikirim: batas server untuk satu kiriman 12 MB.",
        ),
    ]
    assert instrument.upload_findings(tree, None) == []


# Components, weights and sources

CHAIN = [{"by": "attribute", "code": "length_of_service_days"}]
UNCOUNTED = {"kind": "text", "max_chars": 50}
TIME = "Sebutkan bulan atau tahun data yang dipakai."


def test_components_without_criteria_and_without_points():
    found = definition(component("a", criterion("x", UNCOUNTED, "unit")), component("b"), tie_chain=CHAIN)
    assert errors(found) == [
        (("components",), "Jumlah poin tertinggi semua kriteria adalah 0 poin, harus tepat 100 poin."),
        (("components",), "Tidak ada satu pun kriteria yang dinilai dengan poin."),
        (("components", "b"), "Komponen ini belum mempunyai kriteria."),
    ]
    assert warnings(found) == [(("components", "a"), "Komponen ini hanya berisi uraian dan tidak ikut dihitung.")]


def test_the_levels_of_a_mean_are_its_components_but_those_in_words():
    found = definition(
        component("a", criterion("x")), component("b", criterion("y", UNCOUNTED, "unit")), component("c"), combine="mean_of_components"
    )
    assert instrument.level_sums(found) == [
        instrument.LevelSum(("components", "a"), "Poin tertinggi komponen A", Fraction(100), Fraction(100), "points"),
        instrument.LevelSum(("components", "c"), "Poin tertinggi komponen C", Fraction(0), Fraction(100), "points"),
    ]


def test_weights_belong_to_what_is_counted():
    found = definition(
        component("a", criterion("x"), criterion("y", UNCOUNTED, "unit", weight=1)),
        component("b", criterion("z", UNCOUNTED, "unit"), weight=10_000),
        combine="weighted_sum",
    )
    assert remarks(found, "components", "a", "weight") == [("error", (), "Komponen ini belum mempunyai bobot.")]
    assert remarks(found, "components", "b", "weight") == [("error", (), "Komponen tanpa poin tidak boleh mempunyai bobot.")]
    assert remarks(found, "criteria", "y", "weight") == [("error", (), "Kriteria berupa uraian tidak boleh mempunyai bobot.")]


def test_points_under_weights_of_criteria_need_no_sum():
    found = definition(
        component("a", criterion("x", 30, weight=6000), criterion("y", 20, weight=4000), weight=10_000), combine="weighted_sum"
    )
    assert remarks(found, "components") == []


def test_notes_are_demanded_of_assessors_only():
    found = definition(component("a", criterion("x", 50, "unit", note_min_chars=5), criterion("y", 50, note_min_chars=5)))
    words = "Catatan wajib hanya berlaku bagi kriteria yang dinilai tim penilai."
    assert remarks(found, "criteria") == [("error", ("x", "note_min_chars"), words)]


@pytest.mark.parametrize(
    ("scale", "source", "expected"),
    [
        ({"kind": "yes_no", "yes": 100, "no": 0}, {"kind": "sanction", "check": "examination"}, []),
        ({"kind": "yes_no", "yes": 100, "no": 0}, {"kind": "sanction", "check": "ever"}, []),
        ({"kind": "yes_no", "yes": 100, "no": 0}, {"kind": "sanction", "check": "within", "within_years": 5}, []),
        ({"kind": "yes_no", "yes": 100, "no": 0}, {"kind": "sanction", "check": "within"}, [("error", (), TIME)]),
        ({"kind": "count", "points_each": 10, "cap": 100}, {"kind": "award"}, [("error", (), TIME)]),
        ({"kind": "predicate", "table": {}}, {"kind": "predicate"}, [("error", (), TIME)]),
    ],
)
def test_a_source_names_its_time(scale, source, expected):
    assert remarks(definition(component("a", criterion("x", scale, source))), "criteria", "x", "source") == expected


def test_a_floor_may_be_the_whole_and_every_step_of_the_chain_is_looked_at():
    found = definition(
        component("a", criterion("x")),
        floors=[{"component": "a", "at_least": 100}],
        tie_chain=[{"by": "component", "code": "a"}, {"by": "criterion", "code": "y"}],
    )
    assert remarks(found, "policy") == [("error", ("tie_chain", "1"), "Urutan penentu nilai sama menunjuk “y” yang tidak ada.")]
