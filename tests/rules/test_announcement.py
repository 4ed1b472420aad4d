"""The file of a publication: it shows what the policy allows, and what it shows is checked from the file alone."""

import copy
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules import announcement, seal
from sipetruk.rules.checking import check
from tests.rules.building import component, criterion, definition, nominee

WORDS = {"position": "Analis", "unit_name": "Dinas Kesehatan", "unit_code": "dinkes", "innovation": "", "citation": ""}
TREE = definition(
    component("a", criterion("x")),
    component("b", criterion("y")),
    combine="mean_of_components",
    floors=[{"component": "a", "at_least": 60}],
)


def ranking():
    """Rows 90 = (100 + 80) / 2 and 81.67 = (70 + 93.33…) / 2 of a sealed ranking."""
    inputs = {
        "format": "sipetruk-ranking-inputs/1",
        "instrument": {"code": "uji", "number": 1, "sha256": seal.sha256(TREE.to_dict()), "definition": TREE.to_dict()},
        "category": {"code": "teladan", "winners": 2, "quota_per_unit": None},
        "panel": ["p1", "p2", "p3"],
        "nominees": [
            nominee("n1", {"x": {"p1": 100, "p2": 100, "p3": 100}, "y": {"p1": 80, "p2": 80, "p3": 80}}),
            nominee("n2", {"x": {"p1": 70, "p2": 70, "p3": 70}, "y": {"p1": 90, "p2": 90, "p3": 100}}),
        ],
        "decisions": [],
    }
    return seal.compute(inputs)


def publication(policy="names_and_breakdown"):
    sealed = ranking()
    rows = {row["id"]: row for row in sealed.result["rows"]}
    winners = [
        announcement.winner(policy, {"place": place, "name": name, **WORDS}, rows[who])
        for place, name, who in [(1, "Siti Aminah", "n1"), (2, "Budi Santoso", "n2")]
    ]
    category = {
        "slug": "teladan",
        "name": "Teladan",
        "awards": 2,
        "instrument": {"code": "uji", "name": "Uji", "number": 1, "sha256": seal.sha256(TREE.to_dict()), "definition": TREE.to_dict()},
        "decree": {"number": "188.45/1", "on": "2024-11-07"},
        "ranking": {"engine": "1", "input_sha256": sealed.input_sha256, "result_sha256": sealed.result_sha256},
        "winners": winners,
    }
    return announcement.document(
        period={"slug": "2024", "name": "Periode 2024", "year": 2024},
        number=1,
        published_at="2024-11-16T00:00:00+00:00",
        policy=policy,
        categories=[category],
        units=[{"code": "dinkes", "name": "Dinas Kesehatan", "nominated": 3, "verified": 2, "winners": 2}],
    )


def resealed(file):
    """The file with its hash put right, as somebody who changes it would do."""
    content = {key: value for key, value in file.items() if key != announcement.HASH}
    return {**content, announcement.HASH: seal.sha256(content)}


def changed(change, policy="names_and_breakdown"):
    """The differences of a file after a change of its only category, sealed again."""
    file = copy.deepcopy(publication(policy))
    change(file["categories"][0])
    return announcement.differences(resealed(file))


@pytest.mark.parametrize("policy", announcement.POLICIES)
def test_a_file_as_it_is_made_is_consistent(policy):
    file = publication(policy)
    assert announcement.differences(file) == []


def test_the_file_shows_no_more_than_the_policy_allows():
    shown = {policy: list(publication(policy)["categories"][0]["winners"][1]) for policy in announcement.POLICIES}
    words = ["place", "name", *WORDS]
    assert shown == {
        "names": words,
        "names_and_score": [*words, "exact", "score"],
        "names_and_breakdown": [*words, "exact", "score", "components"],
    }
    winner = publication()["categories"][0]["winners"][1]
    assert (winner["exact"], winner["score"]) == ("245/3", "81.67")
    assert winner["components"] == [
        {"code": "a", "exact": "70/1", "score": "70.00"},
        {"code": "b", "exact": "280/3", "score": "93.33"},
    ]


def test_a_changed_letter_is_found_by_the_hash():
    file = publication()
    stated = file["content_sha256"]
    file["categories"][0]["winners"][0]["name"] = "Siti Amanah"
    assert announcement.differences(file) == [f"content_sha256: tertulis “{stated}”, hitung ulang “{resealed(file)['content_sha256']}”."]


def test_a_total_that_its_components_do_not_give_is_named():
    def change(category):
        category["winners"][1] |= {"exact": "99/1", "score": "99.00"}

    assert changed(change) == [
        "Kategori “Teladan”, Budi Santoso: nilai akhir tertulis 99,00, hitung ulang dari komponennya 81,67.",
        "Kategori “Teladan”: nilai Budi Santoso tidak sesuai dengan tempatnya setelah Siti Aminah.",
    ]
    assert changed(change, "names_and_score") == [
        "Kategori “Teladan”: nilai Budi Santoso tidak sesuai dengan tempatnya setelah Siti Aminah."
    ]


def test_a_printed_score_must_be_the_rounded_exact_one():
    assert changed(lambda category: category["winners"][1].update(score="81.66")) == [
        "Kategori “Teladan”, Budi Santoso: nilai akhir tertulis 81,66, hitung ulang 81,67."
    ]
    assert changed(lambda category: category["winners"][1]["components"][1].update(score="93.34")) == [
        "Kategori “Teladan”, Budi Santoso: nilai B tertulis 93,34, hitung ulang 93,33."
    ]


def test_a_component_beyond_its_maximum_or_below_its_floor_is_named():
    def change(category):
        category["winners"][1] |= {"exact": "245/3", "components": [
            {"code": "a", "exact": "59/1", "score": "59.00"},
            {"code": "b", "exact": "313/3", "score": "104.33"},
        ]}  # fmt: skip

    assert changed(change) == [
        "Kategori “Teladan”, Budi Santoso: nilai A di bawah batas 60.",
        "Kategori “Teladan”, Budi Santoso: nilai B di luar 0 sampai 100.",
    ]


def test_the_floor_itself_and_the_maximum_itself_are_reached():
    def change(category):
        category["winners"][1] |= {"exact": "80/1", "score": "80.00", "components": [
            {"code": "a", "exact": "60/1", "score": "60.00"},
            {"code": "b", "exact": "100/1", "score": "100.00"},
        ]}  # fmt: skip

    assert changed(change) == []


def test_components_must_be_those_of_the_instrument_in_its_order():
    assert changed(lambda category: category["winners"][0]["components"].reverse()) == [
        "Kategori “Teladan”, Siti Aminah: komponen yang tertulis bukan komponen instrumen."
    ]


@pytest.mark.parametrize(("places", "is_right"), [((1, 2), True), ((1, 1), False), ((2, 2), False), ((1, 3), False), ((2, 1), False)])
def test_places_are_competition_places_and_equal_places_have_equal_scores(places, is_right):
    def change(category):
        for winner, place in zip(category["winners"], places, strict=True):
            winner["place"] = place

    assert (changed(change) == []) is is_right


def test_equal_scores_may_share_a_place():
    def change(category):
        category["winners"][1] = {**category["winners"][0], "name": "Budi Santoso"}

    assert changed(change) == []


def test_more_winners_than_awards_are_named():
    assert changed(lambda category: category.update(awards=1)) == ["Kategori “Teladan”: 2 pemenang, padahal penghargaannya 1."]


def test_winners_are_as_many_as_the_counts_per_unit_say():
    assert changed(lambda category: category["winners"][1].update(unit_code="dinsos")) == [
        "Unit dinkes: 2 pemenang menurut rekap, 1 pemenang tertulis.",
        "Unit dinsos: 0 pemenang menurut rekap, 1 pemenang tertulis.",
    ]


def test_another_instrument_than_the_one_its_hash_names_is_found():
    assert changed(lambda category: category["instrument"]["definition"].update(title="Lain")) == [
        "categories.0.instrument.sha256: Sidik instrumen tidak sama dengan isi instrumen."
    ]


def test_an_instrument_that_could_never_be_locked_is_refused():
    def change(category):
        category["instrument"]["definition"]["components"] = []

    assert changed(change)[0] == "categories.0.instrument.definition.components: Instrumen belum mempunyai komponen."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["winners"][0].update(score="tinggi"), "categories.0.winners.0.score: Ini bukan angka."),
        (lambda c: c["winners"][0].update(exact=""), "categories.0.winners.0.exact: Wajib diisi."),
        (lambda c: c["winners"][0].update(nip="1"), "categories.0.winners.0.nip: Nama ini tidak dikenal dalam format ini."),
        (lambda c: c.pop("decree"), "categories.0.decree: Wajib diisi."),
        (lambda c: c.pop("ranking"), "categories.0.ranking: Wajib diisi."),
        (lambda c: c.update(awards=-1), "categories.0.awards: Harus antara 0 dan 5000."),
    ],
)
def test_what_is_not_of_the_format_is_named_by_its_place(change, message):
    assert message in changed(change)


@pytest.mark.parametrize("nothing", [lambda part, key: part.pop(key), lambda part, key: part.update({key: None})])
def test_a_category_without_winners_needs_no_decree(nothing):
    file = publication()
    category = file["categories"][0]
    category["winners"] = []
    for key in ("decree", "ranking"):
        nothing(category, key)
    file["units"] = [{"code": "dinkes", "name": "Dinas Kesehatan", "nominated": 0, "verified": 0, "winners": 0}]
    assert announcement.differences(resealed(file)) == []


@pytest.mark.parametrize(("mode", "wrong"), [("down", []), ("half_up", ["akhir", "A"])])
def test_weights_and_rounding_of_the_instrument_hold(mode, wrong):
    """60 % of 70.005 and 40 % of 280/3 are 79.336..., cut to 79.33."""
    weighted = definition(
        component("a", criterion("x"), weight=6_000),
        component("b", criterion("y"), weight=4_000),
        combine="weighted_sum",
        rounding={"mode": mode},
    ).to_dict()

    def change(category):
        category["instrument"] |= {"definition": weighted, "sha256": seal.sha256(weighted)}
        for winner, parts, total in zip(
            category["winners"],
            ([("100", "100.00"), ("80", "80.00")], [("14001/200", "70.00"), ("280/3", "93.33")]),
            (("92", "92.00"), ("238009/3000", "79.33")),
            strict=True,
        ):
            winner |= dict(zip(("exact", "score"), total, strict=True))
            for component_, part in zip(winner["components"], parts, strict=True):
                component_ |= dict(zip(("exact", "score"), part, strict=True))

    found = changed(change)
    assert [each.partition(", Budi Santoso: nilai ")[2].partition(" ")[0] for each in found] == wrong


def test_a_component_of_no_points_adds_none():
    def change(category):
        category["winners"][1]["components"][1] |= {"exact": "0", "score": "0.00"}

    assert changed(change) == ["Kategori “Teladan”, Budi Santoso: nilai akhir tertulis 81,67, hitung ulang dari komponennya 35,00."]


BEYOND = "units.0: Pemenang tidak boleh lebih banyak daripada yang memenuhi syarat, dan itu tidak lebih daripada usulan."
PLACES = {
    "file": lambda file: file,
    "period": lambda file: file["period"],
    "unit": lambda file: file["units"][0],
    "category": lambda file: file["categories"][0],
    "instrument": lambda file: file["categories"][0]["instrument"],
    "decree": lambda file: file["categories"][0]["decree"],
    "ranking": lambda file: file["categories"][0]["ranking"],
    "winner": lambda file: file["categories"][0]["winners"][0],
    "component": lambda file: file["categories"][0]["winners"][0]["components"][0],
}


@pytest.mark.parametrize(
    ("place", "key", "last", "first_beyond", "problem"),
    [
        ("period", "year", 1945, 1944, "period.year: Harus antara 1945 dan 9999."),
        ("period", "year", 9999, 10_000, "period.year: Harus antara 1945 dan 9999."),
        ("file", "number", 1, 0, "number: Harus antara 1 dan 1000000."),
        ("file", "number", 1_000_000, 1_000_001, "number: Harus antara 1 dan 1000000."),
        ("file", "published_at", "x" * 40, "x" * 41, "published_at: Paling banyak 40 karakter."),
        ("unit", "nominated", 1_000_000, 1, BEYOND),
        ("unit", "verified", 3, 4, BEYOND),
        ("category", "awards", 5_000, 5_001, "categories.0.awards: Harus antara 0 dan 5000."),
        ("instrument", "number", 1_000_000, 1_000_001, "categories.0.instrument.number: Harus antara 1 dan 1000000."),
        ("decree", "number", "x" * 300, "x" * 301, "categories.0.decree.number: Paling banyak 300 karakter."),
        ("ranking", "engine", "x", "", "categories.0.ranking.engine: Wajib diisi."),
        ("winner", "citation", "x" * 2_000, "x" * 2_001, "categories.0.winners.0.citation: Paling banyak 2000 karakter."),
        ("winner", "place", 1, 5_001, "categories.0.winners.0.place: Harus antara 1 dan 5000."),
    ],
)  # fmt: skip
def test_every_limit_of_the_format(place, key, last, first_beyond, problem):
    found = []
    for value in (last, first_beyond):
        file = copy.deepcopy(publication())
        PLACES[place](file)[key] = value
        found.append(announcement.differences(resealed(file)))
    assert found == [[], [problem]]


@pytest.mark.parametrize(
    ("place", "key", "value", "problem"),
    [
        ("component", "score", "0" * 35 + "100.00", "categories.0.winners.0.components.0.score: Paling banyak 40 karakter."),
        ("winner", "exact", "0" * 131, "categories.0.winners.0.exact: Paling banyak 130 karakter."),
        ("unit", "nominated", 1_000_001, "units.0.nominated: Harus antara 0 dan 1000000."),
        ("instrument", "sha256", "x" * 65, "categories.0.instrument.sha256: Paling banyak 64 karakter."),
        ("file", announcement.HASH, "x" * 65, "content_sha256: Paling banyak 64 karakter."),
        ("file", "categories", [0] * 101, "categories: Paling banyak 100 isian."),
        ("file", "units", [0] * 5_001, "units: Paling banyak 5000 isian."),
        ("category", "winners", [0] * 5_001, "categories.0.winners: Paling banyak 5000 isian."),
    ],
)
def test_what_is_too_long_is_named(place, key, value, problem):
    file = copy.deepcopy(publication())
    PLACES[place](file)[key] = value
    assert problem in announcement.differences(file)


def test_what_is_no_file_at_all_is_said_first():
    assert announcement.differences([])[0] == "berkas: Bagian ini harus berupa objek dengan nama dan isi."


def test_the_instrument_names_its_faults_with_their_numbers():
    def change(category):
        category["instrument"]["definition"]["components"][0]["criteria"][0]["scale"]["max"] = 90

    assert changed(change) == [
        "categories.0.instrument.definition.components.a: Poin tertinggi komponen A adalah 90 poin, harus tepat 100 poin."
    ]


def test_a_unit_cannot_win_more_than_it_nominated():
    file = publication()
    file["units"][0]["nominated"] = 1
    assert announcement.differences(resealed(file)) == [
        "units.0: Pemenang tidak boleh lebih banyak daripada yang memenuhi syarat, dan itu tidak lebih daripada usulan."
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_any_change_of_any_place_gets_an_answer(data):
    file = json.loads(json.dumps(publication()))
    at = file
    for _ in range(data.draw(st.integers(0, 5))):
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        inner = [key for key in keys if isinstance(at[key], dict | list) and at[key]]
        if not inner:
            break
        at = at[data.draw(st.sampled_from(inner))]
    key = data.draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
    before = copy.deepcopy(at[key])
    at[key] = data.draw(JSON)
    found = check(file)
    assert found.equal is (at[key] == before and type(at[key]) is type(before))


def test_places_are_checked_in_one_pass_and_problems_have_an_end():
    document = publication("names")
    category = document["categories"][0]
    category["winners"] = [{**category["winners"][0], "place": place} for place in range(1, 5_001)]
    category["awards"] = 5_000
    started = time.process_time()
    assert [each for each in announcement.differences(document) if "tempat" in each] == []
    category["winners"][-1]["place"] = 4_998
    assert [each for each in announcement.differences(document) if "tempat" in each] == [
        f"Kategori “{category['name']}”: urutan tempat pemenang tidak benar."
    ]
    category["winners"] = [0] * 5_000
    assert len(announcement.differences(document)) == 1_000
    assert time.process_time() - started < 2
