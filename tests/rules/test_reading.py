"""Reading somebody else's document: what every question answers, and what it notes where the document has no fit answer."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.reading import MOST_PROBLEMS, Problems, Reader, clean_text, is_code, is_month, safe_key

PATH = ("bagian",)
REQUIRED = "Wajib diisi."
PLAIN = "Harus berupa teks biasa."
WHOLE = "Harus berupa bilangan bulat."
NUMBER = 'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".'
SHORT = "Harus berupa teks pendek."
CODE = "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf."


def asked(ask, value):
    """What a question about the key "x" answers when the document says `value`, and the sentences that it notes."""
    problems = Problems()
    reader = Reader({"x": value}, PATH, problems)
    answer = ask(reader)
    reader.done()
    assert {problem.path for problem in problems.found} <= {(*PATH, "x")}
    return answer, *[problem.message for problem in problems.found]


@pytest.mark.parametrize(
    ("ask", "value", "expected"),
    [
        (lambda r: r.text("x"), " a\r\nb\rc ", ("a\nb\nc",)),
        (lambda r: r.text("x"), None, ("", REQUIRED)),
        (lambda r: r.text("x"), " ", ("", REQUIRED)),
        (lambda r: r.text("x"), 7, ("", PLAIN)),
        (lambda r: r.text("x"), "a\x00", ("", PLAIN)),
        (lambda r: r.text("x"), "a" * 300, ("a" * 300,)),
        (lambda r: r.text("x"), "a" * 301, ("a" * 301, "Paling banyak 300 karakter.")),
        (lambda r: r.text("x", 2), "abc", ("abc", "Paling banyak 2 karakter.")),
        (lambda r: r.text("x", required=False), None, ("",)),
        (lambda r: r.text("x", required=False), "", ("",)),
        (lambda r: r.text("x", required=False), False, ("", PLAIN)),
        (lambda r: r.code("x"), "a" * 50, ("a" * 50,)),
        (lambda r: r.code("x"), "a" * 51, ("a" * 51, "Paling banyak 50 karakter.", CODE)),
        (lambda r: r.code("x"), "Dua Kata", ("Dua Kata", CODE)),
        (lambda r: r.code("x"), "", ("", REQUIRED)),
        (lambda r: r.one_of("x", ("a", "b")), "b", ("b",)),
        (lambda r: r.one_of("x", ("a", "b")), "c", ("a", "Pilih salah satu: a, b.")),
        (lambda r: r.one_of("x", ("a", "b")), None, ("a", "Pilih salah satu: a, b.")),
        (lambda r: r.one_of("x", ("a", "b")), ["a"], ("a", "Pilih salah satu: a, b.")),
        (lambda r: r.one_of("x", ("a", "b"), "b"), None, ("b",)),
        (lambda r: r.one_of("x", ("a", "b"), "b"), "c", ("b", "Pilih salah satu: a, b.")),
        (lambda r: r.integer("x", 2, 5), 2, (2,)),
        (lambda r: r.integer("x", 2, 5), 5, (5,)),
        (lambda r: r.integer("x", 2, 5), 6, (2, "Harus antara 2 dan 5.")),
        (lambda r: r.integer("x", 2, 5), None, (2, REQUIRED)),
        (lambda r: r.integer("x", 2, 5, 3), None, (3,)),
        (lambda r: r.integer("x", 2, 5, 3), 1, (3, "Harus antara 2 dan 5.")),
        (lambda r: r.integer("x", 2, 5), True, (2, WHOLE)),
        (lambda r: r.integer("x", 2, 5), "3", (2, WHOLE)),
        (lambda r: r.optional_integer("x", 2, 5), None, (None,)),
        (lambda r: r.optional_integer("x", 0, 5), 0, (0,)),
        (lambda r: r.optional_integer("x", 2, 5), 3.0, (None, WHOLE)),
        (lambda r: r.optional_integer("x", 2, 5), 6, (None, "Harus antara 2 dan 5.")),
        (lambda r: r.number("x"), "12,5", (Fraction(25, 2),)),
        (lambda r: r.number("x"), 0, (0,)),
        (lambda r: r.number("x"), 1_000_000, (1_000_000,)),
        (lambda r: r.number("x"), "1000000.01", (0, "Harus antara 0 dan 1000000.")),
        (lambda r: r.number("x"), -1, (0, "Harus antara 0 dan 1000000.")),
        (lambda r: r.number("x", 2, 5), 6, (2, "Harus antara 2 dan 5.")),
        (lambda r: r.number("x", 2, 5), 1, (2, "Harus antara 2 dan 5.")),
        (lambda r: r.number("x", 2, 5), None, (2, REQUIRED)),
        (lambda r: r.number("x", 2, 5, Fraction(3)), None, (3,)),
        (lambda r: r.number("x", 2, 5, Fraction(3)), "empat", (3, "Ini bukan angka.")),
        (lambda r: r.number("x"), 2.5, (0, NUMBER)),
        (lambda r: r.number("x"), "1.25", (Fraction(5, 4),)),
        (lambda r: r.number("x"), "1.255", (0, "Paling banyak dua angka di belakang koma.")),
        (lambda r: r.optional_number("x"), None, (None,)),
        (lambda r: r.optional_number("x"), 1_000_000, (1_000_000,)),
        (lambda r: r.optional_number("x"), 1_000_001, (None, "Harus antara 0 dan 1000000.")),
        (lambda r: r.optional_number("x"), -1, (None, "Harus antara 0 dan 1000000.")),
        (lambda r: r.optional_number("x", -2, 5), -2, (-2,)),
        (lambda r: r.optional_number("x", -2, 5), 6, (None, "Harus antara -2 dan 5.")),
        (lambda r: r.flag("x", default=True), None, (True,)),
        (lambda r: r.flag("x", default=True), False, (False,)),
        (lambda r: r.flag("x", default=True), 0, (True, "Harus ya atau tidak (true atau false).")),
        (lambda r: list(r.items("x")), None, ([],)),
        (lambda r: list(r.items("x")), ["a", None], ([("0", "a"), ("1", None)],)),
        (lambda r: list(r.items("x")), ("a",), ([("0", "a")],)),
        (lambda r: list(r.items("x")), "ab", ([], "Harus berupa daftar.")),
        (lambda r: len(list(r.items("x"))), [1] * 200, (200,)),
        (lambda r: len(list(r.items("x"))), [1] * 201, (0, "Paling banyak 200 isian.")),
        (lambda r: list(r.items("x", 1)), [1, 2], ([], "Paling banyak 1 isian.")),
        (lambda r: len(r.objects("x", lambda inner: inner.path)), [{}] * 200, (200,)),
        (lambda r: r.objects("x", lambda inner: inner.path), [{}] * 201, ((), "Paling banyak 200 isian.")),
        (lambda r: r.objects("x", lambda inner: inner.path, 1), [{}, {}], ((), "Paling banyak 1 isian.")),
        (lambda r: r.objects("x", lambda inner: inner.path), [{}, {}], (((*PATH, "x", "0"), (*PATH, "x", "1")),)),
        (lambda r: r.texts("x"), [" a ", "b"], (("a", "b"),)),
        (lambda r: len(r.texts("x")), [str(at) for at in range(200)], (200,)),
        (lambda r: r.texts("x"), [str(at) for at in range(201)], ((), "Paling banyak 200 isian.")),
        (lambda r: r.texts("x", 1), ["a", "b"], ((), "Paling banyak 1 isian.")),
        (lambda r: r.texts("x"), ["a" * 100], (("a" * 100,),)),
    ],
)
def test_every_question_has_an_answer_and_notes_what_is_wrong(ask, value, expected):
    assert asked(ask, value) == expected


def test_a_list_holds_each_thing_once():
    problems = Problems()
    reader = Reader({}, PATH, problems)
    reader.refuse_doubles("x", iter([1, 2]), "Ganda.")
    assert problems.found == []
    reader.refuse_doubles("x", iter([1, 1, 2, 2]), "Ganda.")
    assert problems.found == [Problem("Ganda.", (*PATH, "x"), "BAD_USER_INPUT", {})]


@pytest.mark.parametrize(
    ("given", "texts", "noted"),
    [
        (["a", "", "a" * 101, 7, "b\x00"], ("a",), [("1", SHORT), ("2", SHORT), ("3", SHORT), ("4", SHORT)]),
        (["a", "b", " a "], ("a", "b"), [("2", "Isian ini tertulis dua kali.")]),
    ],
)
def test_members_of_a_list_are_named_by_their_place(given, texts, noted):
    problems = Problems()
    assert Reader({"x": given}, PATH, problems).texts("x") == texts
    assert problems.found == [Problem(text, (*PATH, "x", at), "BAD_USER_INPUT", {}) for at, text in noted]


def test_members_that_are_no_objects_are_noted_and_left_out():
    problems = Problems()
    found = Reader({"x": [{"y": 1}, 7]}, PATH, problems).objects("x", lambda inner: inner.raw("y"))
    assert found == (1,)
    assert problems.found == [Problem("Bagian ini harus berupa objek dengan nama dan isi.", (*PATH, "x", "1"), "BAD_USER_INPUT", {})]


def test_a_nested_object_must_be_there():
    problems = Problems()
    reader = Reader({"x": {"y": 1}}, PATH, problems)
    inner = reader.nested("x")
    assert (inner.path, inner.is_object, inner.raw("y"), inner.raw("z")) == ((*PATH, "x"), True, 1, None)
    missing = reader.nested("z")
    assert (missing.is_object, missing.value) == (False, {})
    assert [(problem.path, problem.message) for problem in problems.found] == [
        ((*PATH, "z"), "Bagian ini harus berupa objek dengan nama dan isi.")
    ]


def test_a_name_that_nobody_asked_for_is_noted():
    problems = Problems()
    reader = Reader({"x": 1, "y": 2, 3: 4, "z\n": 5}, PATH, problems)
    assert (reader.has("x"), reader.has("a"), reader.raw("x")) == (True, False, 1)
    reader.done()
    unknown = "Nama ini tidak dikenal dalam format ini."
    assert [(problem.path, problem.message) for problem in problems.found] == [
        ((*PATH, "y"), unknown),
        ((*PATH, "int"), unknown),
        ((*PATH, "z?"), unknown),
    ]


def test_a_note_stands_at_a_key_or_at_the_whole_and_makes_it_unsound():
    problems = Problems()
    reader = Reader({}, PATH, problems)
    problems.refuse_if_any()
    assert reader.sound("x", "y")
    reader.note("y", "Salah %(what)s.", what="tulis")
    assert (reader.sound("x"), reader.sound("y"), reader.sound("x", "y")) == (True, False, False)
    reader.note(None, "Semua salah.")
    with pytest.raises(Invalid) as refusal:
        problems.refuse_if_any()
    assert [(problem.path, problem.message, problem.code) for problem in refusal.value.problems] == [
        ((*PATH, "y"), "Salah tulis.", "BAD_USER_INPUT"),
        (PATH, "Semua salah.", "BAD_USER_INPUT"),
    ]


def test_words_and_codes():
    assert [clean_text("e\u0301\r\n"), clean_text("a\tb\nc"), clean_text("a\x0bb"), clean_text("a\ud800")] == [
        "\u00e9",
        "a\tb\nc",
        None,
        None,
    ]
    assert [is_code("a_1"), is_code("1a"), is_code("A"), is_code("a-b"), is_code("a" * 51)] == [True, False, False, False, False]
    assert [is_month("2024-12"), is_month("1990-01"), is_month("2024-13"), is_month("2024-1"), is_month("1989-12")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [safe_key("a" * 61), safe_key("a\x00b"), safe_key(None), safe_key(3)] == ["a" * 60, "a?b", "NoneType", "int"]


def test_reading_stops_where_there_is_no_end_of_problems():
    problems = Problems()
    with pytest.raises(Invalid) as refused:
        Reader({"x": [0] * 1_000_000}, PATH, problems).objects("x", lambda each: each, 1_000_000)
    assert len(refused.value.problems) == len(problems.found) == MOST_PROBLEMS
    assert refused.value.problems[-1].path == (*PATH, "x", str(MOST_PROBLEMS - 1))
