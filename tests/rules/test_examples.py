"""Made-up nominees as documents: read strictly, written in full, equal again when read back."""

from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import examples
from sipetruk.rules.examples import Example, Expected
from tests.rules.building import problems

FULL = {
    "name": "Contoh A",
    "unit": "Dinas Kesehatan",
    "marks": {"gagasan": ["17.5", "18", None]},
    "values": {"penghargaan": {"nasional": 1, "provinsi": 0}, "predikat": "BAIK", "kehadiran": "98.5"},
    "attributes": {"length_of_service_days": 1234},
    "expected": {"status": "RANKED", "score": "82.67", "rank": 1},
}


def test_what_was_read_is_written_again():
    found = examples.parse([FULL])
    assert examples.to_document(found) == [FULL]
    assert examples.parse(examples.to_document(found)) == found


def test_the_least_example_is_a_name():
    assert examples.parse([{"name": "A"}]) == (Example("A"),)
    assert examples.to_document((Example("A"),)) == [
        {"name": "A", "unit": None, "marks": {}, "values": {}, "attributes": {}, "expected": None}
    ]
    assert (examples.parse([]), examples.parse(None)) == ((), ())


def test_numbers_have_one_spelling_and_an_empty_mark_is_an_abstention():
    given = {
        "name": "A",
        "marks": {"a": [17, "17,50", ""]},
        "values": {"b": 95, "c": ""},
        "expected": {"status": "RANKED", "score": "82,60"},
    }
    assert examples.parse([given]) == (
        Example("A", marks={"a": ("17", "17.5", None)}, values={"b": "95"}, expected=Expected("RANKED", Fraction("82.6"))),
    )


def test_what_is_null_is_as_if_left_out():
    given = {"name": "A", "unit": None, "marks": None, "values": {"a": None}, "attributes": None, "expected": None}
    assert examples.parse([given]) == (Example("A"),)
    assert examples.parse([{"name": "A", "expected": {"status": "RANKED", "score": "", "rank": None}}])[0].expected == Expected("RANKED")


def test_the_largest_that_may_be_written_is_read():
    given = [
        {
            "name": "x" * 80,
            "unit": "y" * 80,
            "marks": {"a": ["1"] * 20},
            "values": {"a": "z" * 1000, "b": 10**15 - 1, "c": 151},
            "attributes": {"length_of_service_days": days},
        }
        for days in (1_000_000, -1_000_000)
    ]
    for each in given:
        (found,) = examples.parse([each])
        assert (len(found.marks["a"]), found.values["b"], found.values["c"]) == (20, "999999999999999", "151")
        assert found.attributes == each["attributes"]
    assert len(examples.parse([{"name": str(at)} for at in range(50)])) == 50


def test_an_example_gives_away_a_copy_of_its_counts():
    (found,) = examples.parse([FULL])
    found.to_dict()["values"]["penghargaan"]["nasional"] = 9
    assert found.values["penghargaan"] == {"nasional": 1, "provinsi": 0}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("x", [(("examples",), "Harus berupa daftar.")]),
        ([3], [(("examples", "0"), "Bagian ini harus berupa objek dengan nama dan isi.")]),
        ([{}], [(("examples", "0", "name"), "Wajib diisi.")]),
        ([{"name": "A"}, {"name": "A"}], [(("examples",), "Nama contoh yang sama tertulis dua kali.")]),
        ([{"name": "A", "marks": {"a": [1.5]}}], [
            (("examples", "0", "marks", "a", "0"), 'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".')
        ]),
        ([{"name": "A", "marks": {"a": ["x", "1.234"]}}], [
            (("examples", "0", "marks", "a", "0"), "Ini bukan angka."),
            (("examples", "0", "marks", "a", "1"), "Paling banyak dua angka di belakang koma."),
        ]),
        ([{"name": "A", "marks": {"A!": []}}], [
            (("examples", "0", "marks", "A!"), "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")
        ]),
        ([{"name": "A", "values": {"a": True, "b": 1.5}}], [
            (("examples", "0", "values", "a"), "Tulis nilai sebagai bilangan bulat atau teks."),
            (("examples", "0", "values", "b"), "Tulis nilai sebagai bilangan bulat atau teks."),
        ]),
        ([{"name": "A", "values": {"a": {"nasional": -1}}}], [(("examples", "0", "values", "a", "nasional"), "Harus antara 0 dan 999.")]),
        ([{"name": "A", "expected": {"status": "MENANG", "rank": 0}}], [
            (("examples", "0", "expected", "status"), "Pilih salah satu: RANKED, INCOMPLETE, NOT_ELIGIBLE."),
            (("examples", "0", "expected", "rank"), "Harus antara 1 dan 50."),
        ]),
        ([{"name": "A", "expected": {"status": "RANKED", "score": "1/3"}}], [
            (("examples", "0", "expected", "score"), "Paling banyak empat angka di belakang koma.")
        ]),
        ([{"name": "A", "values": {"a": {"Nasional": 1, "b": 2}}}], [
            (("examples", "0", "values", "a"), "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")
        ]),
        ([{"name": "A", "values": {"a": 10**15, "b": "z" * 1001}}], [
            (("examples", "0", "values", "a"), "Tulis nilai sebagai bilangan bulat atau teks."),
            (("examples", "0", "values", "b"), "Tulis nilai sebagai bilangan bulat atau teks."),
        ]),
        ([{"name": str(score), "expected": {"status": "RANKED", "score": score}} for score in ("banyak", 0.5)], [
            (("examples", at, "expected", "score"), 'Tulis nilai sebagai bilangan bulat atau teks desimal, misalnya "82.67".')
            for at in "01"
        ]),
        ([{"name": "x" * 81, "unit": "x" * 81, "marks": {"a": ["1"] * 21}, "attributes": {"length_of_service_days": 1_000_001}}], [
            (("examples", "0", "attributes", "length_of_service_days"), "Harus antara -1000000 dan 1000000."),
            (("examples", "0", "name"), "Paling banyak 80 karakter."),
            (("examples", "0", "unit"), "Paling banyak 80 karakter."),
            (("examples", "0", "marks", "a"), "Paling banyak 20 isian."),
        ]),
        ([{"name": "A", "attributes": {"length_of_service_days": -1_000_001}}], [
            (("examples", "0", "attributes", "length_of_service_days"), "Harus antara -1000000 dan 1000000."),
        ]),
        ([{"name": str(at)} for at in range(51)], [(("examples",), "Paling banyak 50 isian.")]),
        ([{"name": "A", "umur": 3}], [(("examples", "0", "umur"), "Nama ini tidak dikenal dalam format ini.")]),
    ],
)  # fmt: skip
def test_every_problem_is_named_at_its_place(given, expected):
    with pytest.raises(Invalid) as refused:
        examples.parse(given)
    assert problems(refused) == expected
