"""Changes of a whole definition: weights of a level, and the months and years of its data moved to another round."""

from datetime import date

import pytest

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules import instrument
from sipetruk.rules.dates import shifted_day, shifted_month
from tests.rules.building import component, criterion, definition, problems

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


@pytest.mark.parametrize("weights", [{"a": 10_000}, {"a": 5_000, "b": 4_000}, {"a": 5_000, "b": 3_000, "c": 2_000}])
def test_weights_of_another_level_or_sum_are_refused(weighted, weights):
    with pytest.raises(Invalid) as refusal:
        instrument.set_weights(weighted, None, weights)
    assert [path for path, _ in problems(refusal)] == [("weights",)]


def test_a_component_that_is_not_there_is_not_found(weighted):
    with pytest.raises(NotFound):
        instrument.set_weights(weighted, "c", {"x": 10_000})


@pytest.mark.parametrize("combine", ["sum_of_points", "mean_of_components"])
def test_weights_that_nobody_applies_are_refused(combine):
    with pytest.raises(Invalid, match="Bobot tidak dipakai pada instrumen ini"):
        instrument.set_weights(definition(component("a", criterion("x")), combine=combine), None, {"a": 10_000})


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
