"""An assessor's own totals are exact, only of what is marked, and the sum of the parts."""

from fractions import Fraction

from sipetruk.rules import instrument
from sipetruk.rules.own_total import own_totals
from tests.rules.building import component, criterion, definition
from tests.services.builders import tiny_instrument


def told(part):
    return part.code, part.added, part.most, part.marked, part.settled, part.criteria


def test_nothing_is_marked_and_nothing_is_counted():
    found = own_totals(instrument.parse(tiny_instrument()), {})
    assert [told(part) for part in (*found.components, found.whole)] == [
        ("inovasi", 0, 60, 0, 0, 2),
        ("rekam_jejak", 0, 20, 0, 0, 1),
        ("", 0, 80, 0, 0, 3),
    ]


def test_only_what_is_marked_counts_and_an_abstention_adds_nothing():
    values = {"gagasan": Fraction("12.5"), "disiplin": None}
    found = own_totals(instrument.parse(tiny_instrument()), values)
    assert [told(part) for part in (*found.components, found.whole)] == [
        ("inovasi", Fraction("12.5"), 60, 1, 1, 2),
        ("rekam_jejak", 0, 20, 1, 0, 1),
        ("", Fraction("12.5"), 80, 2, 1, 3),
    ]


def test_points_come_from_the_scale():
    assert own_totals(instrument.parse(tiny_instrument()), {"disiplin": Fraction(1)}).whole.added == 20


def test_a_mean_of_components_counts_each_component_for_its_share():
    document = tiny_instrument()
    document["policy"] = document["policy"] | {"combine": "mean_of_components"}
    found = own_totals(instrument.parse(document), {"gagasan": Fraction(40), "disiplin": Fraction(1)})
    assert [(part.added, part.most) for part in (*found.components, found.whole)] == [(20, 30), (10, 10), (30, 40)]


def test_weights_of_component_and_criterion_count_together():
    """60 % x 75 % of x in 50, 60 % x 25 % of y in 20, 40 % of z in 10."""
    weighted = definition(
        component("a", criterion("x", 50, weight=7500), criterion("y", 20, weight=2500), weight=6000),
        component("b", criterion("z", 10, weight=10_000), weight=4000),
        combine="weighted_sum",
    )
    found = own_totals(weighted, {"x": Fraction(40), "y": Fraction(10), "z": Fraction(5)})
    assert [told(part) for part in (*found.components, found.whole)] == [
        ("a", Fraction("43.5"), 60, 2, 2, 2),
        ("b", 20, 40, 1, 1, 1),
        ("", Fraction("63.5"), 100, 3, 3, 3),
    ]
    assert [part.label for part in (*found.components, found.whole)] == ["A", "B", ""]
