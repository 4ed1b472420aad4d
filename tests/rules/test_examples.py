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
        ([{"name": "A", "umur": 3}], [(("examples", "0", "umur"), "Nama ini tidak dikenal dalam format ini.")]),
    ],
)  # fmt: skip
def test_every_problem_is_named_at_its_place(given, expected):
    with pytest.raises(Invalid) as refused:
        examples.parse(given)
    assert problems(refused) == expected
