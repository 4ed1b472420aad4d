"""The inputs of a ranking: every place with its limits, and one normal form whatever the spelling and the order."""

import copy

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import contest, seal
from tests.rules.building import component, criterion, definition, inputs, mark, nominee

IDENTITY = "Tanda pengenal harus berupa teks."
TALLY = {"kind": "tally", "entries": [{"code": "nasional", "label": "Nasional", "points": 5}], "cap": 10}
FOUND = definition(
    component(
        "a",
        criterion("x", 80),
        criterion("y", {"kind": "percentage", "max": 10}, {"kind": "attendance", "months": ["2024-04"]}),
        criterion("z", TALLY, "unit"),
        criterion("w", {"kind": "text", "max_chars": 9}, "unit"),
    )
)
VALUES = {"y": "95.5", "z": {"nasional": 1}, "w": "cerita"}
TWO = inputs(
    FOUND,
    [
        nominee("n1", {"x": {"a1": 70, "a2": 80}}, values={**VALUES}, service=100),
        nominee("n2", {"x": {"a1": 60, "a2": "recused"}}, values={**VALUES}),
    ],
    panel=("a1", "a2"),
    decisions=[("n1", "n2")],
)


def changed(*path, to):
    document = copy.deepcopy(TWO)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return document


def said(document):
    try:
        contest.parse(document)
    except Invalid as refusal:
        return [(problem.path, problem.message) for problem in refusal.problems]
    return []


def test_the_normal_form_has_everything_once_and_in_order():
    normal = contest.parse(TWO).to_dict()
    assert normal["nominees"][0] == {
        "id": "n1",
        "unit": "unit-1",
        "marks": {"x": [mark("a1", 70), mark("a2", 80)]},
        "values": {"y": "95.5", "z": {"nasional": 1}},
        "attributes": {"length_of_service_days": 100},
    }
    assert {key: normal[key] for key in ("format", "category", "panel", "decisions")} == {
        "format": "sipetruk-ranking-inputs/1",
        "category": {"code": "teladan", "winners": 3, "quota_per_unit": None},
        "panel": ["a1", "a2"],
        "decisions": [{"order": ["n1", "n2"], "reason": "Rapat tim."}],
    }
    assert normal["instrument"] == {**TWO["instrument"], "definition": FOUND.to_dict()}
    assert contest.parse(normal).to_dict() == normal


def test_numbers_as_identities_are_taken_as_their_digits():
    numbered = changed("nominees", 0, "id", to=7)
    numbered["decisions"] = []
    numbered["nominees"][0]["unit"] = -3
    numbered["panel"] = [1, "a2"]
    for each in numbered["nominees"]:
        each["marks"]["x"][0]["assessor"] = 1
    found = contest.parse(numbered)
    assert ([each.id for each in found.nominees], found.nominees[0].unit, found.panel) == (["7", "n2"], "-3", ("1", "a2"))


@pytest.mark.parametrize("path", [("nominees", 0, "id"), ("nominees", 0, "unit")])
@pytest.mark.parametrize("to", ["", " a", "a ", "a\nb", "a" * 81, True, None, 1.0, 2**63, []])
def test_an_identity_is_a_short_text(path, to):
    document = changed(*path, to=to)
    document["decisions"] = []
    assert said(document) == [(tuple(map(str, path)), IDENTITY)]


@pytest.mark.parametrize("to", ["a" * 80, "a b", 2**63 - 1])
def test_other_identities_are_taken(to):
    document = changed("nominees", 0, "unit", to=to)
    assert contest.parse(document).nominees[0].unit == str(to)


@pytest.mark.parametrize(
    ("path", "to", "alone", "message"),
    [
        (("format",), "x", True, "Pilih salah satu: sipetruk-ranking-inputs/1."),
        (("instrument", "code"), "a" * 81, True, "Paling banyak 80 karakter."),
        (("instrument", "code"), "", True, "Wajib diisi."),
        (("instrument", "number"), 0, True, "Harus antara 1 dan 1000000."),
        (("instrument", "number"), 1_000_001, True, "Harus antara 1 dan 1000000."),
        (("instrument", "sha256"), "0" * 64, True, "Sidik instrumen tidak sama dengan isi instrumen."),
        (("category", "code"), "a" * 81, True, "Paling banyak 80 karakter."),
        (("category", "winners"), -1, True, "Harus antara 0 dan 50000."),
        (("category", "winners"), 50_001, True, "Harus antara 0 dan 50000."),
        (("category", "quota_per_unit"), 0, True, "Harus antara 1 dan 50000."),
        (("category", "quota_per_unit"), 50_001, True, "Harus antara 1 dan 50000."),
        (("category", "note"), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (("instrument", "note"), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (("note",), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (("panel",), ["a1", "a2", "a1"], True, "Tanda pengenal yang sama tertulis dua kali."),
        (("panel",), ["a1", "a2", ""], True, IDENTITY),
        (("panel",), "a1", False, "Harus berupa daftar."),
        (("nominees",), 7, False, "Harus berupa daftar."),
        (("nominees", 0, "note"), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (("nominees", 0, "marks"), 7, True, "Bagian ini harus berupa objek dengan nama dan isi."),
        (("nominees", 0, "marks", "y"), [], True, "Nama ini tidak dikenal dalam format ini."),
        (("nominees", 0, "marks", "x", 0, "state"), "x", True, "Pilih salah satu: scored, abstained, recused, not_yet, not_applicable."),
        (("nominees", 0, "marks", "x", 0, "note"), "x", True, "Nama ini tidak dikenal dalam format ini."),
        (("nominees", 0, "marks", "x", 0, "assessor"), "", False, IDENTITY),
        (("nominees", 0, "marks", "x", 0, "value"), "81", True, "Nilai harus antara 0 dan 80."),
        (("nominees", 0, "marks", "x", 0, "value"), None, True, "Nilai belum diisi."),
        (("nominees", 0, "marks", "x", 0, "value"), 70.0, True, "Tulis nilai sebagai bilangan bulat atau teks desimal."),
        (("nominees", 1, "marks", "x", 1, "value"), "7", True, "Hanya nilai yang sudah diberikan boleh memuat angka."),
        (("nominees", 0, "values", "x"), "7", True, "Nama ini tidak dikenal dalam format ini."),
        (("nominees", 0, "values", "y"), "101", True, "Persentase harus antara 0 dan 100."),
        (("nominees", 0, "values", "z"), {"nasional": 1.0}, True, "Tulis nilai sebagai bilangan bulat atau teks desimal."),
        (("nominees", 0, "values", "z"), {"desa": 1}, True, "Jenis ini tidak ada dalam daftar."),
        (("nominees", 0, "attributes", "usia"), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (("nominees", 0, "attributes", "length_of_service_days"), -1_000_001, True, "Harus antara -1000000 dan 1000000."),
        (("nominees", 0, "attributes", "length_of_service_days"), 1_000_001, True, "Harus antara -1000000 dan 1000000."),
        (("nominees", 0, "attributes", "length_of_service_days"), "9", True, "Harus berupa bilangan bulat."),
        (("decisions", 0, "order"), ["n1"], True, "Keputusan mengurutkan sedikitnya dua calon."),
        (("decisions", 0, "order"), ["n1", "n1"], True, "Tanda pengenal yang sama tertulis dua kali."),
        (("decisions", 0, "reason"), "", True, "Wajib diisi."),
        (("decisions", 0, "reason"), "a" * 4001, True, "Paling banyak 4000 karakter."),
        (("decisions", 0, "note"), 1, True, "Nama ini tidak dikenal dalam format ini."),
        (
            ("decisions",),
            [{"order": ["n1", "n2"], "reason": "a"}, {"order": ["n2", "n1"], "reason": "b"}],
            True,
            "Ada dua keputusan untuk calon yang sama.",
        ),
        (
            ("decisions",),
            [{"order": ["n1", "n9"], "reason": "a"}],
            True,
            "Keputusan menyebut calon yang tidak ikut dalam pemeringkatan ini.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(path, to, alone, message):
    found = said(changed(*path, to=to))
    assert found[0] == (tuple(map(str, path)), message)
    assert (len(found) == 1) == alone


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("instrument", "number"), 1_000_000),
        (("instrument", "code"), "a" * 80),
        (("category", "code"), "a" * 80),
        (("category", "winners"), 0),
        (("category", "winners"), 50_000),
        (("category", "quota_per_unit"), 1),
        (("category", "quota_per_unit"), 50_000),
        (("nominees", 0, "attributes", "length_of_service_days"), -1_000_000),
        (("nominees", 0, "attributes", "length_of_service_days"), 1_000_000),
        (("nominees", 0, "attributes"), None),
        (("nominees", 0, "values"), None),
        (("nominees", 0, "marks"), None),
        (("decisions", 0, "reason"), "a" * 4000),
        (("decisions",), None),
        (("panel",), ["a1", "a2", *[f"b{at}" for at in range(97)]]),
    ],
)
def test_the_first_and_the_last_that_fit_are_taken(path, to):
    assert said(changed(*path, to=to)) == []


def test_a_panel_has_at_most_ninety_nine_members():
    crowd = [f"b{at:02}" for at in range(98)]
    assert said(changed("panel", to=["a1", "a2", *crowd]))[0] == (("panel",), "Paling banyak 99 isian.")
    most = [mark(f"c{at:02}", 1) for at in range(100)]
    assert said(changed("nominees", 0, "marks", "x", to=most)) == [(("nominees", "0", "marks", "x"), "Paling banyak 99 isian.")]


def test_a_problem_of_the_instrument_stands_below_it():
    document = changed("instrument", "definition", to={**FOUND.to_dict(), "title": ""})
    assert said(document) == [(("instrument", "definition", "title"), "Wajib diisi.")]
    assert said({}) == [
        (("format",), "Pilih salah satu: sipetruk-ranking-inputs/1."),
        (("instrument",), "Bagian ini harus berupa objek dengan nama dan isi."),
        (("instrument", "definition"), "Bagian ini harus berupa objek dengan nama dan isi."),
        (("instrument", "definition", "format"), "Pilih salah satu: sipetruk-instrument/1."),
        (("instrument", "definition", "title"), "Wajib diisi."),
    ]


def test_lists_are_sorted_and_absent_marks_are_not_yet():
    document = changed("nominees", 0, "marks", "x", to=[mark("a2", "80,0")])
    document["nominees"].reverse()
    document["panel"] = ["a2", "a1"]
    normal = contest.parse(document).to_dict()
    assert [each["id"] for each in normal["nominees"]] == ["n1", "n2"]
    assert normal["panel"] == ["a1", "a2"]
    assert normal["nominees"][0]["marks"] == {"x": [mark("a1", None, "not_yet"), mark("a2", 80)]}
    alone = contest.parse(changed("nominees", 0, "marks", "x", to=[mark("a2", None, "abstained")])).to_dict()
    assert alone["nominees"][0]["marks"] == {"x": [mark("a1", None, "not_yet"), mark("a2", None, "abstained")]}


def test_whole_lists_of_marks_are_put_in_order_and_looked_at_closely():
    place = ("nominees", 0, "marks", "x")
    turned = contest.parse(changed(*place, to=[mark("a2", 80), mark("a1", 70)])).to_dict()
    assert turned["nominees"][0]["marks"]["x"] == [mark("a1", 70), mark("a2", 80)]
    where = ("nominees", "0", "marks", "x")
    assert said(changed(*place, to=[mark("a1", 70), mark("a2", 80), mark("a1", 70)])) == [
        (where, "Seorang penilai hanya boleh memberi satu nilai per kriteria.")
    ]
    states = "Pilih salah satu: scored, abstained, recused, not_yet, not_applicable."
    assert said(changed(*place, to=[mark(who, None, "lupa") for who in ("a1", "a2")])) == [
        ((*where, at, key), message) for at in ("0", "1") for key, message in (("state", states), ("value", "Nilai belum diisi."))
    ]
    equal = [{"assessor": who, "state": "scored", "value": value} for who, value in (("a1", 1), ("a2", True))]
    assert said(changed(*place, to=equal)) == [((*where, "1", "value"), "Tulis nilai sebagai bilangan bulat atau teks desimal.")]


def test_decisions_are_sorted_by_those_whom_they_order():
    people = [nominee(f"n{at}", {"x": {"a1": 70 + at // 3, "a2": 70}}, values={**VALUES}) for at in range(1, 5)]
    document = inputs(FOUND, people, panel=("a1", "a2"), decisions=[("n4", "n3"), ("n2", "n1")])
    assert [each.order for each in contest.parse(document).decisions] == [("n2", "n1"), ("n4", "n3")]


def test_the_texts_that_are_sealed_are_those_of_the_documents():
    accented = changed("nominees", 0, "unit", to="unit e\u0301")
    incomplete = changed("nominees", 0, "marks", to={})
    only_marks = inputs(
        definition(component("a", criterion("x", 50), criterion("y", 50))), [nominee("n1", {"x": {"a1": 1}, "y": {"a1": 2}})]
    )
    for document in (TWO, accented, incomplete, only_marks):
        read = contest.parse(document)
        assert read.canonical() == seal.canonical(read.to_dict())
        sealed, written = seal.compute(document), seal.write(document)
        assert (written.inputs, written.result) == (seal.canonical(sealed.inputs).decode(), seal.canonical(sealed.result).decode())
        assert (written.input_sha256, written.result_sha256, written.engine) == (sealed.input_sha256, sealed.result_sha256, "1")
        assert seal.input_sha256(document) == sealed.input_sha256 == seal.sha256(sealed.inputs)


def test_lists_have_a_largest_number_of_members():
    many = [nominee(f"n{at}", {"x": {"a1": 1, "a2": 1}}, values={**VALUES}) for at in range(201)]
    assert len(contest.parse(inputs(FOUND, many, panel=("a1", "a2"))).nominees) == 201
    assert said(changed("nominees", to=[{}] * 50_001))[0] == (("nominees",), "Paling banyak 50000 isian.")
    decisions = [{"order": ["n1", "n2"], "reason": "Rapat."}] * 1001
    assert said(changed("decisions", to=decisions)) == [(("decisions",), "Paling banyak 1000 isian.")]
    assert said(changed("decisions", to=decisions[1:])) == [(("decisions",), "Ada dua keputusan untuk calon yang sama.")]


def test_a_hash_has_sixty_four_characters():
    place = ("instrument", "sha256")
    assert said(changed(*place, to="0" * 65)) == [
        (place, "Paling banyak 64 karakter."),
        (place, "Sidik instrumen tidak sama dengan isi instrumen."),
    ]
