"""Instrument definitions: reading any document, soundness at the lock, changes to drafts, comparison."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import instrument
from tests.rules.building import component, criterion, definition, document, problems, starter

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def errors(found):
    return [(finding.path, finding.message) for finding in instrument.lint(found) if finding.severity == "error"]


def warnings(found):
    return [(finding.path, finding.message) for finding in instrument.lint(found) if finding.severity == "warning"]


def sound():
    return definition(
        component("inovasi", criterion("gagasan", 60), criterion("dampak", 40)),
        component("kinerja", criterion("hasil", 100)),
        combine="mean_of_components",
        tie_chain=[{"by": "component", "code": "inovasi"}, {"by": "criterion", "code": "hasil"}],
        floors=[{"component": "kinerja", "at_least": 60}],
    )


# Reading -----------------------------------------------------------------------------------------------------------


@given(JSON)
def test_any_json_value_is_read_or_refused(value):
    try:
        found = instrument.parse(value)
    except Invalid as refusal:
        assert refusal.message  # noqa: PT017 - either outcome is right
    else:
        assert instrument.parse(found.to_dict()) == found


@given(st.data())
def test_any_damage_to_a_real_instrument_is_read_or_refused(data):
    damaged = json.loads(json.dumps(starter("balangan-2021").to_dict()))
    place = damaged
    for _ in range(data.draw(st.integers(0, 6))):
        keys = range(len(place)) if isinstance(place, list) else place
        inner = [key for key in keys if isinstance(place[key], (dict, list)) and place[key]]
        if not inner:
            break
        place = place[data.draw(st.sampled_from(inner))]
    keys = list(range(len(place)) if isinstance(place, list) else place)
    place[data.draw(st.sampled_from(keys))] = data.draw(JSON)
    try:
        found = instrument.parse(damaged)
    except Invalid as refusal:
        assert refusal.message  # noqa: PT017 - either outcome is right
    else:
        instrument.lint(found)
        assert instrument.parse(found.to_dict()) == found


def test_every_problem_is_named_with_its_place():
    with pytest.raises(Invalid) as refusal:
        instrument.parse(
            {
                "format": "sipetruk-instrument/1",
                "title": "",
                "policy": {"combine": "product", "min_assessors": 0},
                "components": [
                    {
                        "code": "Dua Kata",
                        "label": "A",
                        "weight": 10_001,
                        "criteria": [{"code": "x", "label": "X", "scale": {"kind": "points", "max": 2.5, "step": 1}}, 7],
                    }
                ],
                "extra": 1,
            }
        )
    assert problems(refusal) == [
        (("policy", "combine"), "Pilih salah satu: sum_of_points, mean_of_components, weighted_sum."),
        (("policy", "min_assessors"), "Harus antara 1 dan 99."),
        (("title",), "Wajib diisi."),
        (("components", "0", "code"), "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf."),
        (("components", "0", "weight"), "Harus antara 0 dan 10000."),
        (("components", "0", "criteria", "1"), "Bagian ini harus berupa objek dengan nama dan isi."),
        (
            ("components", "0", "criteria", "0", "scale", "max"),
            'Tulis angka sebagai bilangan bulat atau teks desimal, misalnya "12.5".',
        ),
        (("components", "0", "criteria", "0", "source"), "Bagian ini harus berupa objek dengan nama dan isi."),
        (("extra",), "Nama ini tidak dikenal dalam format ini."),
    ]


def test_a_code_is_the_identity_of_its_thing():
    doubled = document(component("a", criterion("x", 50), criterion("x", 50)), component("a"))
    doubled["fields"] = [{"code": "x", "label": "X", "kind": "short_text"}]
    doubled["evidence"] = [{"code": "x", "label": "X"}, {"code": "x", "label": "X"}]
    with pytest.raises(Invalid) as refusal:
        instrument.parse(doubled)
    assert problems(refusal) == [
        (("components", "1", "code"), "Kode a sudah dipakai di tempat lain."),
        (("components", "0", "criteria", "1", "code"), "Kode x sudah dipakai di tempat lain."),
        (("fields", "0", "code"), "Kode x sudah dipakai di tempat lain."),
        (("evidence", "1", "code"), "Kode x sudah dipakai di tempat lain."),
    ]


def test_text_is_kept_in_one_spelling():
    found = instrument.parse({**document(), "title": " e\u0301tude\r\n "})
    assert found.title == "\u00e9tude"


def test_a_source_names_months_or_a_year_not_both():
    both = {"kind": "imported", "series": "ekinerja", "months": ["2024-01"], "year": 2024}
    with pytest.raises(Invalid, match="bulan atau tahun"):
        definition(component("a", criterion("x", {"kind": "percentage", "max": 100}, both)))
    with pytest.raises(Invalid, match="2024-13"):
        definition(component("a", criterion("x", {"kind": "percentage", "max": 100}, {"kind": "attendance", "months": ["2024-13"]})))


def test_a_draft_may_be_unfinished():
    empty = instrument.parse({"format": "sipetruk-instrument/1", "title": "Baru"})
    assert empty.policy == instrument.Policy()
    assert errors(empty) == [
        (("components",), "Jumlah poin tertinggi semua kriteria adalah 0 poin, harus tepat 100 poin."),
        (("components",), "Instrumen belum mempunyai komponen."),
    ]


# Changes -----------------------------------------------------------------------------------------------------------


def codes(found):
    return {part.code: [each.code for each in part.criteria] for part in found.components}


def test_components_and_criteria_are_added_moved_and_removed():
    found = instrument.add_component(sound(), {"code": "rekam", "label": "Rekam"}, 0)
    found = instrument.add_criterion(found, "rekam", criterion("awal", 10))
    found = instrument.move_criterion(found, "hasil", "rekam", 0)
    found = instrument.move_component(found, "rekam", 99)
    assert list(codes(found).items()) == [("inovasi", ["gagasan", "dampak"]), ("kinerja", []), ("rekam", ["hasil", "awal"])]
    found = instrument.remove_criterion(found, "awal")
    found = instrument.remove_component(found, "inovasi")
    assert codes(found) == {"kinerja": [], "rekam": ["hasil"]}
    assert [path for path, _ in errors(found) if path[0] == "policy"] == [("policy", "floors", "0"), ("policy", "tie_chain", "0")]


def test_a_new_code_carries_the_references_of_the_policy_along():
    found = instrument.update_component(sound(), "kinerja", {"code": "prestasi", "label": "Prestasi"})
    found = instrument.update_component(found, "inovasi", {"code": "karya"})
    found = instrument.update_criterion(found, "hasil", {"code": "capaian"})
    assert [step.name for step in found.policy.tie_chain] == ["component:karya", "criterion:capaian"]
    assert [floor.component for floor in found.policy.floors] == ["prestasi"]
    instrument.require_lockable(found)


def test_a_copy_takes_the_next_free_code():
    found = instrument.duplicate_criterion(instrument.duplicate_criterion(sound(), "gagasan"), "gagasan")
    assert codes(found)["inovasi"] == ["gagasan", "gagasan_3", "gagasan_2", "dampak"]
    assert instrument.criterion(found, "gagasan_2").label == "Gagasan (salinan)"


def test_a_copy_of_a_document_or_question_stands_right_behind_it_under_a_code_of_its_own():
    need = {"label": "Proposal", "required": True, "source": "unit", "accept": ["pdf"], "max_mb": 5, "max_files": 1}
    found = instrument.set_evidence(sound(), [{"code": "proposal", **need}, {"code": "sk", **need, "label": "SK"}])
    found = instrument.set_fields(
        found, [{"code": "judul", "label": "Judul", "kind": "short_text"}, {"code": "ket", "label": "Ket", "kind": "long_text"}]
    )
    found = instrument.duplicate_field(instrument.duplicate_evidence(found, "proposal"), "judul")
    assert [(each.code, each.label, each.accept) for each in found.evidence] == [
        ("proposal", "Proposal", ("pdf",)),
        ("proposal_2", "Proposal (salinan)", ("pdf",)),
        ("sk", "SK", ("pdf",)),
    ]
    assert [(each.code, each.label, each.kind) for each in found.fields] == [
        ("judul", "Judul", "short_text"),
        ("judul_2", "Judul (salinan)", "short_text"),
        ("ket", "Ket", "long_text"),
    ]
    for copy in (instrument.duplicate_evidence, instrument.duplicate_field):
        with pytest.raises(NotFound):
            copy(found, "tiada")


def test_a_copied_component_brings_its_criteria_under_codes_of_their_own():
    found = instrument.duplicate_component(instrument.duplicate_component(sound(), "inovasi"), "inovasi")
    assert list(codes(found).items()) == [
        ("inovasi", ["gagasan", "dampak"]),
        ("inovasi_3", ["gagasan_3", "dampak_3"]),
        ("inovasi_2", ["gagasan_2", "dampak_2"]),
        ("kinerja", ["hasil"]),
    ]
    assert instrument.component(found, "inovasi_2").label == "Inovasi (salinan)"
    assert instrument.criterion(found, "gagasan_2") == replace(instrument.criterion(found, "gagasan"), code="gagasan_2")


def test_single_values_of_many_things_are_set_at_once():
    count = {"kind": "count", "points_each": 5, "cap": 20}
    start = definition(component("a", criterion("x", 60), criterion("y", count)), component("b", criterion("z")))
    found = instrument.fill_in(
        start, {"b": {"label": "Bagian B", "weight": 40}}, {"x": {"maximum": 80}, "y": {"label": "Y baru", "maximum": "17.5"}}
    )
    assert (found.components[1].label, found.components[1].weight) == ("Bagian B", 40)
    assert [(c.label, c.maximum) for _, c in instrument.all_criteria(found)] == [("X", 80), ("Y baru", Fraction(35, 2)), ("Z", 100)]
    assert found.components[1].criteria == start.components[1].criteria


def test_what_is_wrong_with_single_values_is_named_by_code():
    start = definition(component("a", criterion("x", 60)), component("b", criterion("z")))
    with pytest.raises(Invalid) as refusal:
        instrument.fill_in(start, {"b": {"label": "", "weight": 10_001}}, {"x": {"maximum": "0.5", "label": " "}})
    assert problems(refusal) == [
        (("criteria", "x", "label"), "Wajib diisi."),
        (("criteria", "x", "maximum"), "Poin tertinggi harus dapat dicapai dengan langkah ini."),
        (("components", "b", "label"), "Wajib diisi."),
        (("components", "b", "weight"), "Harus antara 0 dan 10000."),
    ]


def test_a_new_code_of_evidence_or_question_is_carried_along():
    start = instrument.parse(
        {
            **document(component("a", criterion("x", evidence=["surat", "foto"]))),
            "evidence": [{"code": "surat", "label": "Surat"}, {"code": "foto", "label": "Foto"}],
            "fields": [
                {"code": "tahap", "label": "Tahap", "kind": "choice", "options": [{"code": "ya", "label": "Ya"}]},
                {"code": "sejak", "label": "Sejak", "kind": "date", "shown_when": {"field": "tahap", "equals": "ya"}},
            ],
        }
    )
    found = instrument.update_field(instrument.update_evidence(start, "surat", {"code": "naskah"}), "tahap", {"code": "keadaan"})
    assert instrument.criterion(found, "x").evidence == ("naskah", "foto")
    assert found.fields[1].shown_when == instrument.ShownWhen("keadaan", "ya")
    moved = instrument.move_field(instrument.move_evidence(found, "naskah", 9), "sejak", 0)
    assert [[need.code for need in moved.evidence], [field.code for field in moved.fields]] == [["foto", "naskah"], ["sejak", "keadaan"]]
    for attempt in (instrument.move_evidence, instrument.move_field):
        with pytest.raises(NotFound):
            attempt(found, "tiada", 0)


def test_a_change_never_leaves_what_would_not_be_read():
    with pytest.raises(Invalid, match="sudah dipakai"):
        instrument.add_criterion(sound(), "kinerja", criterion("dampak"))
    with pytest.raises(Invalid, match="Kode hanya boleh"):
        instrument.duplicate_criterion(sound(), "hasil", "Hasil 2")
    with pytest.raises(Invalid):
        instrument.update_criterion(sound(), "hasil", {"scale": {"kind": "points", "max": 1.5}})
    for attempt in (
        lambda: instrument.remove_component(sound(), "tiada"),
        lambda: instrument.move_criterion(sound(), "tiada", "kinerja", 0),
        lambda: instrument.move_criterion(sound(), "hasil", "tiada", 0),
        lambda: instrument.criterion(sound(), "tiada"),
        lambda: instrument.component(sound(), "tiada"),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_policy_evidence_fields_and_words_are_replaced_whole():
    found = instrument.replace_policy(sound(), {"combine": "sum_of_points"})
    found = instrument.set_evidence(found, [{"code": "proposal", "label": "Proposal"}])
    found = instrument.set_fields(found, [{"code": "judul", "label": "Judul", "kind": "short_text"}])
    found = instrument.set_about(found, title="Baru", description="Uraian", source="Perbup")
    assert found.policy == instrument.Policy()
    assert [each.code for each in found.evidence + found.fields] == ["proposal", "judul"]
    assert (found.title, found.description, found.source) == ("Baru", "Uraian", "Perbup")


# Comparison --------------------------------------------------------------------------------------------------------


def test_equal_definitions_have_no_differences():
    assert instrument.diff(sound(), sound()) == []


def test_differences_are_named_thing_by_thing():
    new = instrument.update_criterion(sound(), "dampak", {"label": "Dampak luas"})
    new = instrument.move_criterion(new, "hasil", "inovasi", 0)
    new = instrument.remove_component(new, "kinerja")
    new = instrument.add_component(new, {"code": "rekam", "label": "Rekam"})
    new = instrument.replace_policy(new, {**new.policy.to_dict(), "min_assessors": 5})
    new = instrument.set_about(new, title="Putaran baru", description="", source="")
    assert [(change.kind, change.path, change.message) for change in instrument.diff(sound(), new)] == [
        ("changed", ("title",), "Instrumen: judul diubah."),
        ("changed", ("policy", "min_assessors"), "Aturan hitung: jumlah penilai paling sedikit diubah."),
        ("removed", ("components", "kinerja"), "Komponen “Kinerja” dihapus."),
        ("added", ("components", "rekam"), "Komponen “Rekam” ditambahkan."),
        ("moved", ("criteria", "hasil", "component"), "Kriteria “Hasil” dipindahkan."),
        ("changed", ("criteria", "dampak", "label"), "Kriteria “Dampak luas”: nama diubah."),
    ]
