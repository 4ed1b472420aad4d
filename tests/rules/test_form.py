"""The nomination form: its questions, what counts as an answer, what is still missing."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid
from sipetruk.rules import form, instrument
from sipetruk.rules.form import Option
from sipetruk.rules.reading import LARGEST
from tests.rules.building import component, criterion, document, problems, starter

FIELDS = [
    {"code": "judul", "label": "Judul", "kind": "short_text", "required": True, "min_chars": 5, "max_chars": 20},
    {"code": "uraian", "label": "Uraian", "kind": "long_text"},
    {"code": "jumlah", "label": "Jumlah", "kind": "number", "min": 1, "max": "10.5"},
    {"code": "tanggal", "label": "Tanggal", "kind": "date"},
    {
        "code": "tahap",
        "label": "Tahap",
        "kind": "choice",
        "required": True,
        "options": [{"code": "gagasan", "label": "Gagasan"}, {"code": "diterapkan", "label": "Diterapkan"}],
    },
    {"code": "sejak", "label": "Sejak", "kind": "date", "required": True, "shown_when": {"field": "tahap", "equals": "diterapkan"}},
    {
        "code": "bidang",
        "label": "Bidang",
        "kind": "choices",
        "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}, {"code": "c", "label": "C"}],
    },
    {"code": "lainnya", "label": "Lainnya", "kind": "short_text", "shown_when": {"field": "bidang", "equals": "c"}},
    {"code": "tautan", "label": "Tautan", "kind": "link"},
    {"code": "benar", "label": "Benar", "kind": "declaration", "required": True},
    {"code": "saksi", "label": "Saksi", "kind": "short_text", "shown_when": {"field": "benar", "equals": "1"}},
]
RUBRIC = {"kind": "rubric", "levels": [{"points": "12.5", "label": "Cukup"}, {"points": 40, "label": "Baik"}]}
TALLY = {"kind": "tally", "entries": [{"code": "nasional", "label": "Nasional", "points": 10}], "cap": 20}
EVIDENCE = [
    {"code": "proposal", "label": "Proposal"},
    {"code": "piagam", "label": "Piagam", "required": False},
    {"code": "rekap", "label": "Rekap", "source": "system"},
]
FULL = {
    "judul": "Antrean",
    "tahap": "diterapkan",
    "sejak": "2024-01-31",
    "benar": "on",
    "inovasi": "40",
    "penghargaan": {"nasional": "1"},
    "persen": "97,5",
}


@pytest.fixture
def definition():
    return instrument.parse(
        {
            **document(
                component(
                    "a",
                    criterion("inovasi", RUBRIC, "unit"),
                    criterion("penghargaan", TALLY, "unit"),
                    criterion("persen", {"kind": "percentage", "max": 20}, "unit"),
                    criterion("tim", {"kind": "choice", "points": [10, 20]}, "unit_head"),
                    criterion("wawancara", 10),
                )
            ),
            "fields": FIELDS,
            "evidence": EVIDENCE,
        }
    )


def test_the_form_is_the_fields_and_then_the_criteria_of_the_unit(definition):
    assert [each.code for each in form.fields(definition)] == [each["code"] for each in FIELDS] + ["inovasi", "penghargaan", "persen"]
    rubric, tally, percent = form.fields(definition)[-3:]
    assert (rubric.kind, rubric.required, rubric.options) == (
        "choice",
        True,
        (Option("12.5", "12,5 · Cukup"), Option("40", "40 · Baik")),
    )
    assert (tally.kind, tally.options) == ("tally", (Option("nasional", "Nasional"),))
    assert (percent.kind, percent.min, percent.max) == ("number", 0, 100)


def test_the_form_of_a_definition_is_made_once_and_goes_to_no_other_definition(definition):
    assert form.fields(definition) is form.fields(definition)
    assert form.head_fields(definition) != form.fields(definition)
    other = replace(definition, fields=())
    assert [each.code for each in form.fields(other)] != [each.code for each in form.fields(definition)]
    again = instrument.parse(definition.to_dict())
    assert again == definition, "what is kept beside a definition is no part of it"


def test_the_head_is_asked_for_the_heads_criteria(definition):
    (asked,) = form.head_fields(definition)
    assert (asked.code, asked.kind, [option.code for option in asked.options]) == ("tim", "choice", ["10", "20"])
    assert form.validate_head_values(definition, {"tim": "20"}) == {"tim": "20"}
    with pytest.raises(Invalid) as refusal:
        form.validate_head_values(definition, {})
    assert problems(refusal) == [(("values", "tim"), "Wajib diisi.")]
    assert form.validate_head_values(definition, {}, complete=False) == {}


def test_complete_answers_become_canonical(definition):
    given_ = {**FULL, "judul": "  Antrean  ", "jumlah": "2,50", "bidang": ["c", "a"], "lainnya": "x", "tautan": "https://balangan.go.id/a"}
    assert form.validate_answers(definition, given_, complete=True) == {
        "judul": "Antrean",
        "jumlah": "2.5",
        "tahap": "diterapkan",
        "sejak": "2024-01-31",
        "bidang": ["a", "c"],
        "lainnya": "x",
        "tautan": "https://balangan.go.id/a",
        "benar": True,
        "inovasi": "40",
        "penghargaan": {"nasional": 1},
        "persen": "97.5",
    }
    assert form.missing(definition, given_, {"proposal"}) == []


def test_clean_answers_are_clean(definition):
    clean = form.validate_answers(definition, FULL, complete=True)
    assert form.validate_answers(definition, clean, complete=True) == clean


def test_a_draft_may_lack_anything_but_not_hold_nonsense(definition):
    assert form.validate_answers(definition, {"judul": "A", "uraian": "", "bidang": []}, complete=False) == {"judul": "A"}
    with pytest.raises(Invalid) as refusal:
        form.validate_answers(definition, {"judul": "x" * 21, "asing": "1", "wawancara": "10"}, complete=False)
    assert problems(refusal) == [
        (("answers", "asing"), "Isian ini tidak ada dalam formulir."),
        (("answers", "wawancara"), "Isian ini tidak ada dalam formulir."),
        (("answers", "judul"), "Paling banyak 20 karakter; Anda menulis 21."),
    ]


def test_what_is_missing_is_named_in_the_order_of_the_form(definition):
    found = form.missing(definition, {"judul": "Abc"}, set())
    assert [(problem.path, problem.message) for problem in found] == [
        (("answers", "judul"), "Paling sedikit 5 karakter; Anda menulis 3."),
        (("answers", "tahap"), "Wajib diisi."),
        (("answers", "benar"), "Wajib diisi."),
        (("answers", "inovasi"), "Wajib diisi."),
        (("answers", "penghargaan"), "Wajib diisi."),
        (("answers", "persen"), "Wajib diisi."),
        (("evidence", "proposal"), "Lampirkan “Proposal”."),
    ]


def test_a_question_that_is_not_shown_is_neither_required_nor_kept(definition):
    hidden = {**FULL, "tahap": "gagasan", "bidang": ["a"], "lainnya": "x"}
    clean = form.validate_answers(definition, hidden, complete=True)
    assert "sejak" not in clean
    assert "lainnya" not in clean
    assert form.validate_answers(definition, {"benar": True, "saksi": "Budi"}, complete=False) == {"benar": True, "saksi": "Budi"}
    assert form.validate_answers(definition, {"benar": "", "saksi": "Budi"}, complete=False) == {}


def test_a_question_brings_everything_that_the_form_says_of_it():
    definition = instrument.parse(
        {
            **document(
                component(
                    "a",
                    criterion("catatan", {"kind": "text", "max_chars": 90}, "unit"),
                    criterion("poin", {"kind": "points", "min": 2, "max": 10, "step": "0.5"}, "unit", help=""),
                    criterion("aktif", {"kind": "yes_no", "yes": 5, "no": 0}, "unit"),
                    criterion("predikat", {"kind": "predicate", "table": {"SANGAT BAIK": 20, "BAIK": 10}}, "unit"),
                    criterion("tim", {"kind": "choice", "points": ["2.5", 20]}, "unit"),
                )
            ),
            "fields": [
                {"code": "biaya", "label": "Biaya", "help": "Dalam juta.", "group": "Dana", "unit": "Rp", "kind": "number"},
                {"code": "cerita", "label": "Cerita", "kind": "long_text", "min_chars": 5, "max_chars": 50},
                {"code": "surel", "label": "Surel", "kind": "link", "required": False},
            ],
        }
    )
    assert form.fields(definition) == (
        form.Input("biaya", "Biaya", "number", "Dalam juta.", "Dana", unit="Rp"),
        form.Input("cerita", "Cerita", "long_text", min_chars=5, max_chars=50),
        form.Input("surel", "Surel", "link", max_chars=500),
        *(
            form.Input(each.code, each.label, kind, help_, "Penilaian", required=True, scale=each.scale, **more)
            for each, kind, help_, more in zip(
                definition.components[0].criteria,
                ("long_text", "number", "choice", "choice", "choice"),
                ("Petunjuk.", "2 sampai 10 poin, kelipatan 0,5", "Petunjuk.", "Petunjuk.", "Petunjuk."),
                (
                    {"max_chars": 90},
                    {"min": Fraction(2), "max": Fraction(10), "step": Fraction(1, 2)},
                    {"options": (Option("1", "Ya"), Option("0", "Tidak"))},
                    {"options": (Option("SANGAT BAIK", "Sangat baik"), Option("BAIK", "Baik"))},
                    {"options": (Option("2.5", "2,5 poin"), Option("20", "20 poin"))},
                ),
                strict=True,
            )
        ),
    )


def test_what_stands_in_the_way_keeps_the_order_of_the_form_after_what_is_not_in_it(definition):
    found = form.missing(definition, {**FULL, "benar": None, "judul": "", "persen": "", "asing": "1"}, {"proposal"})
    assert [problem.path[-1] for problem in found] == ["judul", "benar", "persen", "asing"]


def test_files_are_asked_for_where_their_question_is_shown():
    definition = instrument.parse(
        {
            **document(component("a", criterion("x", 100))),
            "fields": [
                {"code": "ada", "label": "Ada", "kind": "short_text", "min_chars": 5},
                {"code": "surat", "label": "Surat", "kind": "file", "required": True, "shown_when": {"field": "ada", "equals": "ya"}},
            ],
            "evidence": EVIDENCE,
        }
    )
    assert [each.code for each in form.requirements(definition, {"ada": "ya"})] == ["proposal", "piagam", "rekap", "surat"]
    assert [each.code for each in form.requirements(definition, {"ada": "tidak"})] == ["proposal", "piagam", "rekap"]


def test_the_first_answer_that_hides_a_question_is_named():
    chain = [
        {"code": "ada", "label": "Ada", "kind": "short_text"},
        {"code": "jenis", "label": "Jenis", "kind": "short_text", "shown_when": {"field": "ada", "equals": "ya"}},
        {"code": "surat", "label": "Surat", "kind": "file", "shown_when": {"field": "jenis", "equals": "resmi"}},
    ]
    definition = instrument.parse({**document(component("a", criterion("x", 100))), "fields": chain, "evidence": EVIDENCE})
    before = {"ada": "ya", "jenis": "resmi"}
    for after, named in (({"ada": "tidak"}, "ada"), ({"ada": "ya", "jenis": "lain"}, "jenis"), (before, "surat")):
        assert form.cause(definition, "surat", before, after) == named
    assert form.cause(definition, "proposal", before, {}) == "proposal"


def test_a_declaration_is_made_or_not(definition):
    made, not_made = (True, "1", " Ya ", "on", "TRUE"), (False, "0", "Tidak", "OFF", " false ", "")
    for values, expected in ((made, {"benar": True}), (not_made, {})):
        assert [form.validate_answers(definition, {"benar": value}, complete=False) for value in values] == [expected] * len(values)


def test_one_choice_alone_may_be_a_text(definition):
    assert form.validate_answers(definition, {"bidang": "b"}, complete=False) == {"bidang": ["b"]}


@pytest.mark.parametrize(
    ("code", "value", "clean"),
    [
        ("judul", "x" * 20, "x" * 20),
        ("judul", "x" * 5, "x" * 5),
        ("jumlah", 1, "1"),
        ("jumlah", "10,5", "10.5"),
        ("persen", 97, "97"),
        ("persen", 100, "100"),
        ("tautan", "http://balangan.go.id", "http://balangan.go.id"),
    ],
)
def test_the_first_and_the_last_that_fit_are_taken(definition, code, value, clean):
    assert form.validate_answers(definition, {**FULL, code: value}, complete=True)[code] == clean


def test_the_largest_number_is_read_and_the_next_is_refused(definition):
    plain = instrument.parse({**document(), "fields": [{"code": "n", "label": "N", "kind": "number"}]})
    for number in (LARGEST, -LARGEST):
        assert form.validate_answers(plain, {"n": number}, complete=False) == {"n": str(number)}
    for number, message in (
        (LARGEST + 1, "Harus berupa teks biasa."),
        (str(LARGEST + 1), f"Paling besar {LARGEST}."),
        (str(-LARGEST - 1), f"Paling kecil -{LARGEST}."),
    ):
        with pytest.raises(Invalid) as refusal:
            form.validate_answers(plain, {"n": number}, complete=False)
        assert problems(refusal) == [(("answers", "n"), message)]


@pytest.mark.parametrize(
    ("code", "value", "message"),
    [
        ("jumlah", "0", "Paling kecil 1."),
        ("jumlah", "10,51", "Paling besar 10,5."),
        ("jumlah", "1.234", "Paling banyak dua angka di belakang koma."),
        ("jumlah", "banyak", "Ini bukan angka."),
        ("jumlah", 11, "Paling besar 10,5."),
        ("jumlah", 1.5, "Tulis angka sebagai teks, misalnya 12,5."),
        ("tanggal", "31-01-2024", "Tulis tanggal sebagai tahun-bulan-hari, misalnya 2024-06-30."),
        ("tanggal", "2024-02-30", "Tulis tanggal sebagai tahun-bulan-hari, misalnya 2024-06-30."),
        ("tahap", "selesai", "Pilih salah satu jawaban yang tersedia."),
        ("bidang", ["a", "z"], "Pilih hanya jawaban yang tersedia."),
        ("tautan", "javascript:alert(1)", "Tulis alamat lengkap yang diawali https://."),
        ("judul", "x" * 21, "Paling banyak 20 karakter; Anda menulis 21."),
        ("tautan", "ftp://balangan.go.id/a", "Tulis alamat lengkap yang diawali https://."),
        ("tautan", "https:///a", "Tulis alamat lengkap yang diawali https://."),
        ("tautan", "https://balangan.go.id/a b", "Tulis alamat lengkap yang diawali https://."),
        ("tautan", "balangan.go.id", "Tulis alamat lengkap yang diawali https://."),
        ("tautan", "https://[", "Tulis alamat lengkap yang diawali https://."),
        ("benar", "mungkin", "Centang pernyataan ini atau kosongkan."),
        ("uraian", ["a"], "Harus berupa teks biasa."),
        ("uraian", "a\x07b", "Harus berupa teks biasa."),
        ("inovasi", "13", "Nilai harus salah satu dari: 12,5 · 40."),
        ("persen", "101", "Persentase harus antara 0 dan 100."),
        ("persen", True, "Isian ini tidak dapat dibaca."),
        ("penghargaan", {"nasional": 1.0}, "Jumlah harus bilangan bulat."),
    ],
)
def test_an_answer_that_cannot_be_right_is_refused_even_in_a_draft(definition, code, value, message):
    with pytest.raises(Invalid) as refusal:
        form.validate_answers(definition, {code: value}, complete=False)
    assert problems(refusal) == [(("answers", code), message)]
    assert refusal.value.problems[0].code == "BAD_USER_INPUT"


def test_a_number_too_long_to_write_is_refused(definition):
    with pytest.raises(Invalid, match="teks biasa"):
        form.validate_answers(definition, {"jumlah": 10**5000}, complete=False)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*FULL, "uraian", "jumlah", "bidang", "tautan"]) | st.text(max_size=5), VALUES), st.booleans())
def test_any_answers_are_read_or_refused(answers, complete):
    definition = instrument.parse({**document(component("a", criterion("inovasi", RUBRIC, "unit"))), "fields": FIELDS})
    try:
        clean = form.validate_answers(definition, answers, complete=complete)
    except Invalid as refusal:
        assert refusal.message  # noqa: PT017 - either outcome is right
    else:
        assert form.validate_answers(definition, clean, complete=complete) == clean


def test_the_form_of_2021_asks_unit_and_head():
    definition = starter("balangan-2021")
    assert [each.code for each in form.fields(definition)] == ["nama_inovasi", "keterangan_inovasi", "inovasi"]
    assert [each.code for each in form.head_fields(definition)] == ["teamwork"]
