"""Changes of a whole definition: weights of a level, and the months and years of its data moved to another round."""

from datetime import date

import pytest

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import instrument
from sipetruk.rules.dates import shifted_day, shifted_month
from tests.rules.building import component, criterion, definition, document, problems

TEXT = {"kind": "text", "max_chars": 100}


@pytest.fixture
def weighted():
    parts = (component("a", criterion("x"), criterion("y"), criterion("catatan", TEXT)), component("b", criterion("z")))
    return definition(*parts, combine="weighted_sum")


def test_components_take_their_weights(weighted):
    changed = instrument.set_weights(weighted, None, {"a": 6_000, "b": 4_000})
    assert [part.weight for part in changed.components] == [6_000, 4_000]


def test_the_scored_criteria_of_a_component_take_their_weights(weighted):
    changed = instrument.set_weights(weighted, "a", {"x": 7_500, "y": 2_500})
    assert [each.weight for each in changed.components[0].criteria] == [7_500, 2_500, None]
    assert changed.components[1] == weighted.components[1]


EACH = "Bobot harus diberikan kepada setiap unsur tingkat ini, dan hanya kepadanya."


@pytest.mark.parametrize(
    ("part", "weights", "message"),
    [
        (None, {"a": 10_000}, EACH),
        (None, {"a": 5_000, "b": 3_000, "c": 2_000}, EACH),
        (None, {"x": 5_000, "y": 5_000}, EACH),
        ("a", {"x": 5_000, "y": 4_000, "catatan": 1_000}, EACH),
        (None, {"a": 5_000, "b": 4_000}, "Jumlah bobot 9000, harus 10000 (100 %)."),
        ("a", {"x": 6_000, "y": 4_001}, "Jumlah bobot 10001, harus 10000 (100 %)."),
    ],
)
def test_weights_of_another_level_or_sum_are_refused(weighted, part, weights, message):
    with pytest.raises(Invalid) as refusal:
        instrument.set_weights(weighted, part, weights)
    assert problems(refusal) == [(("weights",), message)]


@pytest.mark.parametrize(("combine", "words"), [("sum_of_points", "Jumlah semua poin"), ("mean_of_components", "Rata-rata nilai komponen")])
def test_weights_that_nobody_applies_are_refused(combine, words):
    with pytest.raises(Invalid) as refusal:
        instrument.set_weights(definition(component("a", criterion("x")), combine=combine), None, {"a": 10_000})
    assert problems(refusal) == [(("weights",), f"Bobot tidak dipakai pada instrumen ini, karena cara menghitungnya “{words}”.")]


NO_COMPONENT, NO_CRITERION = "Komponen ini tidak ada dalam instrumen.", "Kriteria ini tidak ada dalam instrumen."
NO_EVIDENCE, NO_FIELD = "Bukti dukung ini tidak ada dalam instrumen.", "Pertanyaan ini tidak ada dalam instrumen."


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        (lambda found: instrument.component(found, "z"), NO_COMPONENT),
        (lambda found: instrument.criterion(found, "a"), NO_CRITERION),
        (lambda found: instrument.set_weights(found, "z", {"x": 10_000}), NO_COMPONENT),
        (lambda found: instrument.update_component(found, "z", {}), NO_COMPONENT),
        (lambda found: instrument.remove_component(found, "z"), NO_COMPONENT),
        (lambda found: instrument.move_component(found, "z", 0), NO_COMPONENT),
        (lambda found: instrument.duplicate_component(found, "z"), NO_COMPONENT),
        (lambda found: instrument.add_criterion(found, "z", criterion("baru")), NO_COMPONENT),
        (lambda found: instrument.move_criterion(found, "x", "z", 0), NO_COMPONENT),
        (lambda found: instrument.update_criterion(found, "a", {}), NO_CRITERION),
        (lambda found: instrument.remove_criterion(found, "a"), NO_CRITERION),
        (lambda found: instrument.move_criterion(found, "a", "b", 0), NO_CRITERION),
        (lambda found: instrument.duplicate_criterion(found, "a"), NO_CRITERION),
        (lambda found: instrument.update_evidence(found, "x", {}), NO_EVIDENCE),
        (lambda found: instrument.move_evidence(found, "x", 0), NO_EVIDENCE),
        (lambda found: instrument.duplicate_evidence(found, "x"), NO_EVIDENCE),
        (lambda found: instrument.update_field(found, "x", {}), NO_FIELD),
        (lambda found: instrument.move_field(found, "x", 0), NO_FIELD),
        (lambda found: instrument.duplicate_field(found, "x"), NO_FIELD),
        (lambda found: instrument.set_template(found, "x", None), "Bukti atau pertanyaan ini tidak ada dalam instrumen."),
    ],
)
def test_what_is_not_there_is_not_found(weighted, attempt, message):
    with pytest.raises(NotFound) as refusal:
        attempt(weighted)
    assert problems(refusal) == [((), message)]


def test_a_copy_under_a_code_that_is_none_is_refused(weighted):
    with pytest.raises(Invalid) as refusal:
        instrument.duplicate_criterion(weighted, "x", "Dua Kata")
    assert problems(refusal) == [(("code",), "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.")]
    assert [each.code for each in instrument.duplicate_criterion(weighted, "x", "baru").components[0].criteria[:2]] == ["x", "baru"]


def test_a_copy_of_a_long_code_stays_as_short_as_a_code_must():
    code = "a" * 50
    found = definition(component("b" * 50, criterion(code)))
    assert instrument.duplicate_criterion(found, code).components[0].criteria[1].code == "a" * 46 + "_2"
    twice = instrument.duplicate_criterion(instrument.duplicate_criterion(found, code), code)
    assert [each.code for each in twice.components[0].criteria] == [code, "a" * 46 + "_3", "a" * 46 + "_2"]
    copy = instrument.duplicate_component(found, "b" * 50).components[1]
    assert (copy.code, copy.criteria[0].code) == ("b" * 46 + "_2", "a" * 46 + "_2")


TEMPLATE = {"name": "formulir.pdf", "sha256": "0" * 64, "bytes": 10}


@pytest.fixture
def asking():
    return instrument.parse(
        {
            **document(component("a", criterion("x", evidence=["surat"]), criterion("y", evidence=["foto"]))),
            "evidence": [{"code": "surat", "label": "Surat"}, {"code": "foto", "label": "Foto"}],
            "fields": [
                {"code": "judul", "label": "Judul", "kind": "short_text"},
                {
                    "code": "naskah",
                    "label": "Naskah",
                    "kind": "file",
                    "accept": ["jpg"],
                    "max_mb": 7,
                    "max_files": 3,
                    "template": TEMPLATE,
                    "shown_when": {"field": "judul", "equals": "a"},
                },
            ],
        }
    )


def test_a_form_to_fill_in_belongs_to_evidence_or_to_a_question_for_files(asking):
    found = instrument.set_template(instrument.set_template(asking, "foto", TEMPLATE), "naskah", None)
    assert [each.template for each in found.requirements] == [None, instrument.Template("formulir.pdf", "0" * 64, 10), None]
    with pytest.raises(NotFound):
        instrument.set_template(asking, "judul", TEMPLATE)


def test_a_question_that_no_longer_asks_for_files_forgets_what_they_may_be(asking):
    found = instrument.update_field(asking, "naskah", {"kind": "long_text"})
    assert found.fields[1] == instrument.FormField("naskah", "Naskah", "long_text", shown_when=instrument.ShownWhen("judul", "a"))
    assert instrument.update_field(asking, "naskah", {"max_mb": 9}).fields[1].requirement.max_mb == 9


def test_without_a_new_code_nothing_is_renamed(asking):
    assert instrument.update_field(asking, "judul", {"label": "Nama"}).fields[1] == asking.fields[1]
    assert instrument.update_evidence(asking, "surat", {"label": "Naskah"}).components == asking.components
    tied = instrument.replace_policy(
        asking,
        {
            **asking.policy.to_dict(),
            "tie_chain": [{"by": "component", "code": "a"}, {"by": "criterion", "code": "x"}, {"by": "criterion", "code": "y"}],
            "floors": [{"component": "a", "at_least": 10}],
        },
    )
    assert instrument.update_component(tied, "a", {"label": "B"}).policy == tied.policy
    assert instrument.update_criterion(tied, "x", {"label": "B"}).policy == tied.policy
    assert [step.code for step in instrument.update_criterion(tied, "x", {"code": "a2"}).policy.tie_chain] == ["a", "a2", "y"]
    assert instrument.update_criterion(tied, "x", {"code": "a2"}).policy.floors == tied.policy.floors


def test_a_copy_of_the_last_stands_behind_it(asking):
    assert [each.code for each in instrument.duplicate_evidence(asking, "foto").evidence] == ["surat", "foto", "foto_2"]
    assert [each.code for each in instrument.move_evidence(asking, "foto", 0).evidence] == ["foto", "surat"]


def test_places_beyond_the_ends_mean_the_ends(asking):
    def order(found):
        return [each.code for each in found.components[0].criteria]

    assert [order(instrument.move_criterion(asking, "y", "a", to)) for to in (-5, 0, 1, 5)] == [["y", "x"]] * 2 + [["x", "y"]] * 2
    assert [order(instrument.add_criterion(asking, "a", criterion("z"), to)) for to in (None, 0, 1, 9)] == [
        ["x", "y", "z"], ["z", "x", "y"], ["x", "z", "y"], ["x", "y", "z"],
    ]  # fmt: skip
    assert [[each.code for each in instrument.add_component(asking, {"code": "b", "label": "B"}, to).components] for to in (None, 0)] == [
        ["a", "b"], ["b", "a"],
    ]  # fmt: skip


def test_what_is_wrong_elsewhere_keeps_its_place():
    counted = definition(component("a", criterion("x", {"kind": "yes_no", "yes": 5, "no": 0})))
    with pytest.raises(Invalid) as refusal:
        instrument.fill_in(counted, {}, {"x": {"maximum": 5}})
    assert problems(refusal) == [(("criteria", "x", "maximum"), "Nama ini tidak dikenal dalam format ini.")]


def test_months_and_years_of_data_move_together():
    tree = definition(
        component(
            "data",
            criterion("hadir", {"kind": "percentage", "max": 50}, {"kind": "attendance", "months": ["2023-12", "2024-01"]}),
            criterion("predikat", {"kind": "predicate", "table": {"BAIK": 50}}, {"kind": "predicate", "year": 2023}),
            criterion("penghargaan", {"kind": "count", "points_each": 5, "cap": 10}, {"kind": "award", "years": [2022, 2023]}),
            criterion("gagasan"),
        )
    )
    moved = instrument.shift_years(tree, 1)
    assert [each.source.months for each in moved.components[0].criteria] == [("2024-12", "2025-01"), (), (), ()]
    assert [each.source.named_years for each in moved.components[0].criteria] == [(), (2024,), (2023, 2024), ()]
    assert instrument.shift_years(moved, -1) == tree
    assert instrument.named_times(tree) == ("2022", "2023", "2023-12", "2024-01")


@pytest.mark.parametrize(
    ("day", "by", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2025, 2, 28), -1, date(2024, 2, 28)),
        (date(2024, 10, 1), 1, date(2025, 10, 1)),
        (date(2024, 10, 1), 0, date(2024, 10, 1)),
    ],
)
def test_a_day_keeps_its_place_in_the_year(day, by, expected):
    assert shifted_day(day, by) == expected


def test_a_month_keeps_its_number():
    assert [shifted_month("2024-12", by) for by in (1, 0, -24)] == ["2025-12", "2024-12", "2000-12"]
