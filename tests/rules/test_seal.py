"""The seal: canonical bytes, golden hashes, verification from the file alone, tampering named, nonsense survived."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid
from sipetruk.rules import contest, seal
from tests.rules.building import component, criterion, definition, inputs, mark, nominee, problems

GOLDEN = json.loads((Path(__file__).parent / "golden" / "ranking-2024.json").read_text())
INPUT_SHA256 = "5e33546059207b8e1421ac864a2bc801e58de63fd9f437f76ca1b47201fc0ec6"
RESULT_SHA256 = "468b9a5e2a71d485eccd3105e91fe72be5ea14c83461f98fba22c8ebb95d14b2"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def golden():
    return copy.deepcopy(GOLDEN)


def small():
    return inputs(definition(component("a", criterion("x"))), [nominee("n1", {"x": {"a1": 80}}), nominee("n2", {"x": {"a1": 70}})])


# Golden ------------------------------------------------------------------------------------------------------------


def test_the_hashes_of_the_worked_round_of_2024_never_change(golden):
    sealed = seal.compute(golden["inputs"])
    assert (sealed.input_sha256, sealed.result_sha256) == (INPUT_SHA256, RESULT_SHA256)
    assert seal.document(sealed) == golden
    assert seal.verify(golden) == seal.Verdict(equal=True, differences=[])


def test_the_places_of_the_worked_round_of_2024(golden):
    assert [(row["id"], row["score"], row["rank"], row["decided_by"]) for row in golden["result"]["rows"]] == [
        ("n3", "85.00", 1, None),
        ("n2", "81.22", 2, "committee"),
        ("n1", "81.22", 3, "committee"),
        ("n4", "79.44", 4, None),
    ]
    assert golden["result"]["award"]["winners"] == ["n3", "n2"]


# Canonical bytes ---------------------------------------------------------------------------------------------------


def test_canonical_bytes_are_sorted_composed_and_without_blanks():
    assert seal.canonical({"b": [1, None, True], "a": "e\u0301"}) == '{"a":"\u00e9","b":[1,null,true]}'.encode()
    assert seal.sha256({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    "value", [1.0, {"a": [0.5]}, [[0.5], [1]], [{"a": 0.5}, {"a": 1}], {1: "a"}, [{1: "a"}, {"a": 1}], {"a": b"x"}, {"a"}, object()]
)
def test_what_a_document_never_holds_is_a_type_error(value):
    with pytest.raises(TypeError):
        seal.canonical(value)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (2**63, "Bilangan ini terlalu besar."),
        ([-(2**63)], "Bilangan ini terlalu besar."),
        ("\ud800", "Teks ini tidak dapat ditulis sebagai UTF-8."),
        ({"\ud800": 1}, "Teks ini tidak dapat ditulis sebagai UTF-8."),
        ({"e\u0301": 1, "\u00e9": 2}, "Nama yang sama tertulis dua kali."),
    ],
)
def test_what_cannot_be_written_the_same_everywhere_is_refused(value, message):
    with pytest.raises(Invalid) as refusal:
        seal.canonical(value)
    assert refusal.value.message == message
    assert seal.canonical(2**63 - 1) == b"9223372036854775807"


@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}])
def test_nesting_beyond_any_document_is_refused(wrap):
    deep = "\u00e9"
    for _ in range(40):
        deep = wrap(deep)
    assert seal.canonical(deep).decode().count("\u00e9") == 1
    with pytest.raises(Invalid) as refusal:
        seal.canonical(wrap(deep))
    assert refusal.value.message == "Dokumen ini bersusun terlalu dalam."


def test_a_chain_seals_everything_before_it():
    first = seal.chain_hash("", {"what": "lock"})
    assert first == seal.sha256({"previous": "", "entry": {"what": "lock"}})
    assert seal.chain_hash(first, {"what": "open"}) != seal.chain_hash(seal.chain_hash("", {"what": "Lock"}), {"what": "open"})


# Inputs ------------------------------------------------------------------------------------------------------------


def test_different_spellings_of_the_same_inputs_have_one_hash():
    one, two = small(), small()
    two["nominees"][0]["marks"]["x"][0]["value"] = "80,00"
    two["nominees"].reverse()
    two["panel"] = ["a1"]
    assert seal.compute(one) == seal.compute(two)


def test_an_absent_entry_is_the_same_as_not_yet():
    one, two = small(), small()
    one["nominees"][0]["marks"] = {}
    two["nominees"][0]["marks"]["x"] = [mark("a1", None, "not_yet")]
    assert seal.compute(one) == seal.compute(two)


def test_words_without_points_stay_out_of_the_sealed_file():
    found = definition(component("a", criterion("x"), criterion("cerita", {"kind": "text", "max_chars": 50}, "unit")))
    told = inputs(found, [nominee("n1", {"x": {"a1": 80}}, values={"cerita": "rahasia"})])
    assert "rahasia" not in seal.canonical(seal.document(seal.compute(told))).decode()


def test_inputs_name_every_problem_at_its_place():
    wrong = small()
    wrong["panel"] = ["a1", "a2"]
    wrong["nominees"][0]["marks"]["x"] = [mark("a1", 101), mark("a1", 5), mark("a9", 5), {**mark("a2", None, "recused"), "value": "7"}]
    wrong["nominees"][1]["marks"]["tiada"] = []
    wrong["nominees"].append(nominee("n1", {"x": {"a1": 0.5}}))
    wrong["nominees"][2]["marks"]["x"][0]["value"] = 0.5
    wrong["decisions"] = [{"order": ["n1"], "reason": ""}, {"order": ["n1", "n7"], "reason": "ok"}]
    with pytest.raises(Invalid) as refusal:
        contest.parse(wrong)
    assert sorted(problems(refusal)) == sorted(
        [
            (("nominees", "0", "marks", "x", "0", "value"), "Nilai harus antara 0 dan 100."),
            (("nominees", "0", "marks", "x", "3", "value"), "Hanya nilai yang sudah diberikan boleh memuat angka."),
            (("nominees", "0", "marks", "x"), "Seorang penilai hanya boleh memberi satu nilai per kriteria."),
            (("nominees", "0", "marks", "x"), "Nilai ini diberikan oleh seseorang di luar tim penilai."),
            (("nominees", "1", "marks", "tiada"), "Nama ini tidak dikenal dalam format ini."),
            (("nominees", "2", "marks", "x", "0", "value"), "Tulis nilai sebagai bilangan bulat atau teks desimal."),
            (("decisions", "0", "order"), "Keputusan mengurutkan sedikitnya dua calon."),
            (("decisions", "0", "reason"), "Wajib diisi."),
            (("nominees",), "Calon yang sama tertulis dua kali."),
            (("decisions",), "Keputusan menyebut calon yang tidak ikut dalam pemeringkatan ini."),
        ]
    )


def test_only_a_sound_instrument_with_its_own_hash_is_ranked():
    unsound = inputs(definition(component("a", criterion("x", 99))), [])
    with pytest.raises(Invalid) as refusal:
        seal.compute(unsound)
    assert problems(refusal) == [
        (("instrument", "definition", "components"), "Jumlah poin tertinggi semua kriteria adalah 99 poin, harus tepat 100 poin.")
    ]
    forged = small()
    forged["instrument"]["definition"]["title"] = "Lain"
    with pytest.raises(Invalid) as refusal:
        seal.compute(forged)
    assert problems(refusal) == [(("instrument", "sha256"), "Sidik instrumen tidak sama dengan isi instrumen.")]


# Tampering ---------------------------------------------------------------------------------------------------------


def differences(document):
    verdict = seal.verify(document)
    assert verdict.equal is False
    return verdict.differences


def test_a_changed_score_is_named(golden):
    golden["result"]["rows"][1]["score"] = "91.22"
    assert differences(golden) == ["result.rows[n2].score: tertulis “91.22”, hitung ulang “81.22”."]


def test_a_changed_mark_is_named_by_what_follows_from_it(golden):
    golden["inputs"]["nominees"][3]["marks"]["manfaat"][2]["value"] = "40"
    found = differences(golden)
    assert found[0].startswith(f"input_sha256: tertulis “{INPUT_SHA256}”, hitung ulang “")
    assert "result.rows[n4].exact: tertulis “715/9”, hitung ulang “725/9”." in found
    assert len(found) == 10


def test_swapped_winners_are_named(golden):
    golden["result"]["award"]["winners"] = ["n3", "n1"]
    assert differences(golden) == ["result.award.winners[1]: tertulis “n1”, hitung ulang “n2”."]


def test_a_changed_hash_a_missing_part_and_an_added_part_are_named(golden):
    golden["result_sha256"] = "0" * 64
    del golden["result"]["award"]["blocked"]
    golden["result"]["rows"][0]["photo"] = "x"
    golden["result"]["rows"].append({})
    golden["note"] = "x"
    assert differences(golden) == [
        "note: tidak dikenal dalam dokumen ini.",
        "result.rows[n3].photo: tidak ada dalam hasil hitung ulang.",
        "result.rows[4]: tidak ada dalam hasil hitung ulang.",
        "result.award.blocked: tertulis tidak ada, hitung ulang daftar berisi 0.",
        f"result_sha256: tertulis “{'0' * 64}”, hitung ulang “{RESULT_SHA256}”.",
    ]


def test_another_type_is_another_value(golden):
    golden["result"]["rows"][0]["rank"] = 1.0
    assert differences(golden) == ["result.rows[n3].rank: tertulis pecahan biner 1.0, hitung ulang 1."]
    golden["result"]["rows"][0]["rank"] = True
    assert differences(golden) == ["result.rows[n3].rank: tertulis ya, hitung ulang 1."]


def test_a_changed_instrument_is_named(golden):
    golden["inputs"]["instrument"]["definition"]["policy"]["min_assessors"] = 1
    assert differences(golden) == ["inputs.instrument.sha256: Sidik instrumen tidak sama dengan isi instrumen."]


def test_another_format_or_engine_is_not_guessed_at(golden):
    assert differences({**golden, "engine": "2"}) == ["engine: tertulis “2”; program ini hanya mengenal “1”."]
    assert differences({**golden, "format": 7}) == ["format: tertulis 7, seharusnya “sipetruk-ranking/1”."]
    assert differences([golden]) == ["Berkas ini bukan dokumen pemeringkatan SI PETRUK."]


@given(JSON)
def test_any_json_value_gets_a_verdict(value):
    assert not seal.verify(value).equal
    assert not seal.verify({"format": "sipetruk-ranking/1", "engine": "1", "inputs": value}).equal


@given(st.data())
def test_any_damage_to_a_real_document_gets_a_verdict(data):
    damaged = place = copy.deepcopy(GOLDEN)
    for _ in range(data.draw(st.integers(0, 8))):
        keys = list(range(len(place)) if isinstance(place, list) else place)
        inner = [key for key in keys if isinstance(place[key], (dict, list)) and place[key]]
        if not inner:
            break
        place = place[data.draw(st.sampled_from(inner))]
    key = data.draw(st.sampled_from(list(range(len(place)) if isinstance(place, list) else place)))
    place[key] = data.draw(JSON)
    verdict = seal.verify(damaged)
    assert verdict.equal == (not verdict.differences)
    if verdict.equal:
        normal = seal.document(seal.compute(damaged["inputs"]))
        assert normal == GOLDEN


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("x", "“x”"),
        ("a" * 70, f"“{'a' * 70}”"),
        ("a" * 71, f"“{'a' * 70}…”"),
        ("a\x00b", "“a?b”"),
        (None, "kosong"),
        (False, "tidak"),
        (True, "ya"),
        (7, "7"),
        (2**63 - 1, "9223372036854775807"),
        (-(2**63), "bilangan yang sangat besar"),
        (0.5, "pecahan biner 0.5"),
        ([1, 2], "daftar berisi 2"),
        ({"a": 1}, "objek berisi 1"),
        (b"x", "bytes"),
    ],
)
def test_any_value_has_a_short_picture(golden, value, words):
    golden["result"]["engine"] = value
    assert differences(golden) == [f"result.engine: tertulis {words}, hitung ulang “1”."]


def test_a_document_without_format_or_engine_says_so(golden):
    assert differences({"engine": "1"}) == ["format: tertulis tidak ada, seharusnya “sipetruk-ranking/1”."]
    del golden["engine"]
    assert differences(golden) == ["engine: tertulis tidak ada; program ini hanya mengenal “1”."]


def test_at_most_ten_differences_are_told(golden):
    for row in golden["result"]["rows"]:
        for part in row["criteria"]:
            part["points"] = "0/1"
    assert len(differences(golden)) == 10
    golden["inputs"]["nominees"] = [{} for _ in range(20)]
    assert len(differences(golden)) == 10


def test_names_that_are_no_text_are_named_by_their_type(golden):
    golden[7] = 1
    golden["a\x00"] = 1
    golden["result"]["award"][8] = 1
    golden["result"]["rows"][0]["criteria"][1]["code"] = "lain"
    assert differences(golden) == [
        "int: tidak dikenal dalam dokumen ini.",
        "a?: tidak dikenal dalam dokumen ini.",
        "result.rows[n3].criteria[efisiensi].code: tertulis “lain”, hitung ulang “efisiensi”.",
        "result.award.int: tidak ada dalam hasil hitung ulang.",
    ]
    del golden["input_sha256"]
    assert differences(golden)[2] == f"input_sha256: tertulis tidak ada, hitung ulang “{INPUT_SHA256}”."


def test_a_missing_row_and_another_kind_of_part_are_named(golden):
    golden["result"]["rows"].pop()
    golden["result"]["award"]["winners"] = {}
    assert differences(golden) == [
        "result.rows[n4]: tertulis tidak ada, hitung ulang objek berisi 11.",
        "result.award.winners: tertulis objek berisi 0, hitung ulang daftar berisi 2.",
    ]
    assert differences({**golden, "result": []})[0].startswith("result: tertulis daftar berisi 0, hitung ulang objek berisi ")
