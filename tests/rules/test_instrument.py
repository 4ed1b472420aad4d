"""Instrument definitions: reading any document, soundness at the lock, changes to drafts, comparison."""

import json
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


# Soundness ---------------------------------------------------------------------------------------------------------


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
        (("policy", "floors"), "Batas nilai menunjuk komponen “b” yang tidak dinilai."),
        (("policy", "floors"), "Batas nilai A tidak mungkin tercapai."),
        (("policy", "tie_chain"), "Urutan penentu nilai sama menunjuk “y” yang tidak dinilai."),
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
    assert errors(found) == [(("criteria", "x", "scale"), "Skala ini belum lengkap: tidak ada nilai yang memberi poin.")]


def test_trimming_needs_enough_assessors():
    found = definition(component("a", criterion("x")), aggregation={"kind": "trimmed", "k": 3}, min_assessors=5)
    assert errors(found) == [(("policy", "min_assessors"), "Cara agregasi ini memerlukan sedikitnya 7 penilai.")]


def test_advice_does_not_stop_the_lock():
    falling = {"kind": "threshold", "bands": [{"at_least": 50, "points": 10}], "else": 20}
    single = {"kind": "rubric", "levels": [{"points": 80, "label": "Ada"}]}
    found = definition(component("a", criterion("x", falling, "unit"), {**criterion("y", single), "help": ""}))
    assert errors(found) == []
    assert warnings(found) == [
        (("criteria", "x", "scale"), "Nilai yang lebih tinggi memperoleh poin lebih rendah; periksa ambangnya."),
        (("criteria", "y", "scale"), "Rubrik dengan satu tingkat tidak membedakan siapa pun."),
        (("criteria", "y", "scale"), "Jelaskan setiap tingkat rubrik agar penilai memakai ukuran yang sama."),
        (("criteria", "y", "help"), "Tambahkan petunjuk agar semua orang membaca kriteria ini dengan cara yang sama."),
        (("policy", "tie_chain"), "Belum ada penentu nilai sama; setiap nilai sama harus diputuskan tim."),
    ]
    instrument.require_lockable(found)


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
    assert ("policy", "tie_chain") in [path for path, _ in errors(found)]


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
        ("changed", ("criteria", "hasil", "component"), "Kriteria “Hasil”: komponen diubah."),
        ("changed", ("criteria", "dampak", "label"), "Kriteria “Dampak luas”: nama diubah."),
        ("changed", ("criteria", "order"), "Kriteria: urutan diubah."),
    ]
