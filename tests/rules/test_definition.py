"""An instrument's own values: the document of a source, and the highest scores."""

from fractions import Fraction

import pytest

from sipetruk.rules.definition import Source, component_maximum, total_maximum
from tests.rules.building import component, criterion, definition

TEXT = {"kind": "text", "max_chars": 100}


@pytest.mark.parametrize(
    ("source", "document"),
    [
        (Source(), {"kind": "assessor"}),
        (Source("attendance"), {"kind": "attendance", "months": []}),
        (Source("imported", series="ekinerja", months=("2024-01",)), {"kind": "imported", "series": "ekinerja", "months": ["2024-01"]}),
        (Source("imported", series="ekinerja", year=2024), {"kind": "imported", "series": "ekinerja", "year": 2024}),
        (Source("predicate"), {"kind": "predicate", "year": None}),
        (Source("predicate", years=(2023, 2024)), {"kind": "predicate", "years": [2023, 2024]}),
        (Source("award"), {"kind": "award", "years": []}),
        (Source("sanction", check="examination", within_years=2), {"kind": "sanction", "check": "examination", "within_years": 2}),
        (Source("sanction", check="record"), {"kind": "sanction", "check": "record", "levels": []}),
    ],
)
def test_a_source_writes_what_its_kind_uses_even_where_it_is_not_filled_in_yet(source, document):
    assert source.to_dict() == document


@pytest.mark.parametrize(
    ("combine", "weight", "parts", "total"),
    [
        ("sum_of_points", None, [70, 30, 0], 100),
        ("mean_of_components", None, [70, 30, 0], 50),
        ("weighted_sum", 5_050, [100, 100, 0], 101),
        ("weighted_sum", None, [100, 100, 0], 0),
    ],
)
def test_the_highest_scores(combine, weight, parts, total):
    tree = definition(
        component("a", criterion("x", 60), criterion("y", 10), weight=weight),
        component("b", criterion("z", 30), weight=weight),
        component("c", criterion("kata", TEXT), weight=weight),
        combine=combine,
    )
    assert [component_maximum(tree, part) for part in tree.components] == parts
    assert total_maximum(tree) == Fraction(total)


@pytest.mark.parametrize("combine", ["sum_of_points", "mean_of_components", "weighted_sum"])
def test_without_components_there_is_nothing_to_reach(combine):
    assert total_maximum(definition(combine=combine)) == 0
