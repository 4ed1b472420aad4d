"""The difference of two sealed rankings: exact, complete, its own inverse backwards, and empty for equals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules import ranking_difference as rules
from sipetruk.rules import seal
from sipetruk.rules.exact import fraction
from sipetruk.rules.ranking_difference import Change, CriterionMove, Standing, difference, facts
from tests.rules import building
from tests.rules.test_properties import contests

CRITERIA = building.definition(building.component("inovasi", building.criterion("gagasan", 50), building.criterion("dampak", 50)))


def sealed(inputs):
    computed = seal.compute(inputs)
    return {"inputs": computed.inputs, "result": computed.result}


def of(marks, *, winners=1, decisions=(), panel=("a1", "a2")):
    """A ranking of nominees by name, each with (gagasan, dampak) of both assessors alike."""
    nominees = [
        building.nominee(who, {"gagasan": dict.fromkeys(panel, first), "dampak": dict.fromkeys(panel, second)})
        for who, (first, second) in marks.items()
    ]
    return sealed(building.inputs(CRITERIA, nominees, panel=panel, winners=winners, decisions=decisions))


@given(contests())
def test_equals_do_not_differ(document):
    found = sealed(document)
    assert difference(found, found) == rules.Difference((), (), (), ())
    assert difference(found, found).is_empty


@given(contests(), contests())
def test_the_old_facts_with_the_changes_are_the_new_facts(one, other):
    old, new = sealed(one), sealed(other)
    found = difference(old, new)
    assert rules.apply(facts(old["inputs"]), found.inputs) == facts(new["inputs"])
    assert rules.apply(facts(new["inputs"]), difference(new, old).inputs) == facts(old["inputs"])


@given(contests(), contests())
def test_the_way_back_is_the_mirror_of_the_way_there(one, other):
    there, back = difference(sealed(one), sealed(other)), difference(sealed(other), sealed(one))
    mirror = {"added": "removed", "removed": "added", "changed": "changed"}
    assert back.inputs == tuple(Change(mirror[each.kind], each.key, each.after, each.before) for each in there.inputs)
    assert {move.id: (move.after, move.before) for move in back.nominees} == {move.id: (move.before, move.after) for move in there.nominees}
    assert (set(back.joined_winners), set(back.left_winners)) == (set(there.left_winners), set(there.joined_winners))


@given(contests(), contests())
def test_equal_inputs_are_the_only_ones_without_a_changed_input(one, other):
    old, new = sealed(one), sealed(other)
    assert (difference(old, new).inputs == ()) == (old["inputs"] == new["inputs"])


@given(contests(complete=True), st.data())
def test_the_contributions_that_differ_add_up_to_the_difference_of_the_total(document, data):
    before = sealed(document)
    for nominee in document["nominees"]:
        for marks in nominee["marks"].values():
            marks[data.draw(st.integers(0, 4))]["value"] = "0"
    for move in difference(before, sealed(document)).nominees:
        if move.difference is not None:
            assert sum((fraction(each.difference) for each in move.criteria), Fraction(0)) == fraction(move.difference)


def test_a_changed_mark_names_who_gave_it_and_everything_that_follows():
    old = of({"ani": ("10", "10"), "budi": ("12", "10")})
    new = of({"ani": ("15", "10"), "budi": ("12", "10")})
    found = difference(old, new)
    assert found.inputs == (
        Change("changed", ("marks", "ani", "gagasan", "a1"), ["scored", "10"], ["scored", "15"]),
        Change("changed", ("marks", "ani", "gagasan", "a2"), ["scored", "10"], ["scored", "15"]),
    )
    assert [(move.id, move.before.rank, move.after.rank, move.rank_gain, move.difference) for move in found.nominees] == [
        ("ani", 2, 1, 1, "5/1"),
        ("budi", 1, 2, -1, "0/1"),
    ]
    assert found.nominees[0].criteria == (CriterionMove("gagasan", "10/1", "15/1"),)
    assert found.nominees[1].criteria == ()
    assert (found.joined_winners, found.left_winners) == (("ani",), ("budi",))


def test_who_leaves_and_who_comes_has_no_line_in_one_of_the_two():
    found = difference(of({"ani": ("10", "10"), "budi": ("12", "10")}), of({"ani": ("10", "10"), "citra": ("9", "9")}))
    assert [(move.id, move.before and move.before.rank, move.after and move.after.rank, move.rank_gain) for move in found.nominees] == [
        ("ani", 2, 1, 1),
        ("citra", None, 2, None),
        ("budi", 1, None, None),
    ]
    assert [(each.kind, each.key) for each in found.inputs if each.key[0] == "nominee"] == [
        ("removed", ("nominee", "budi")),
        ("added", ("nominee", "citra")),
    ]


def test_a_decision_on_a_tie_is_an_input_and_names_the_winner():
    tie = {"ani": ("10", "10"), "budi": ("10", "10")}
    decided = [["budi", "ani"]]
    found = difference(of(tie), of(tie, decisions=decided))
    assert found.inputs == (Change("added", ("decision", "ani", "budi"), None, [["budi", "ani"], "Rapat tim."]),)
    assert (found.joined_winners, found.left_winners) == (("budi",), ())
    assert [(move.id, move.before.decided_by, move.after.decided_by) for move in found.nominees] == [
        ("budi", "unresolved", "committee"),
        ("ani", "unresolved", "committee"),
    ]


def test_what_counts_for_a_nominee_is_told_apart_from_what_does_not():
    marks = {"ani": ("10", "10"), "budi": ("12", "10")}
    old, new = of(marks), of(marks | {"ani": ("11", "10")})
    assert rules.touches(old["inputs"], new["inputs"], "ani")
    assert not rules.touches(old["inputs"], new["inputs"], "budi")
    tie = {"ani": ("10", "10"), "budi": ("10", "10"), "citra": ("1", "1")}
    decided = of(tie, decisions=[["budi", "ani"]])
    assert [rules.touches(of(tie)["inputs"], decided["inputs"], who) for who in tie] == [True, True, False]
    other_way = of(tie, decisions=[["ani", "budi"]])
    assert [rules.touches(other_way["inputs"], decided["inputs"], who) for who in tie] == [True, True, False]


def test_a_new_member_of_the_panel_who_is_not_asked_does_not_touch_a_nominee():
    def document(state):
        marks = {code: {"a1": "10", "a2": state} for code in ("gagasan", "dampak")}
        return building.inputs(CRITERIA, [building.nominee("ani", marks)], panel=("a1", "a2"), winners=1)

    alone = building.inputs(
        CRITERIA, [building.nominee("ani", {code: {"a1": "10"} for code in ("gagasan", "dampak")})], panel=("a1",), winners=1
    )
    assert not rules.touches(sealed(alone)["inputs"], sealed(document("not_applicable"))["inputs"], "ani")
    assert rules.touches(sealed(alone)["inputs"], sealed(document("recused"))["inputs"], "ani")


def test_every_input_is_a_fact_with_its_place():
    values = building.definition(building.component("inovasi", building.criterion("gagasan", 50), building.criterion("data", 50, "unit")))
    given = building.nominee("ani", {"gagasan": {"a1": "10", "a2": "recused"}}, values={"data": "7"}, service=900)
    found = building.inputs(values, [given], panel=("a1", "a2"), winners=1, decisions=[["budi", "ani"]])
    assert facts(found) == {
        ("panel", "a1"): True,
        ("panel", "a2"): True,
        ("category", "code"): "teladan",
        ("category", "winners"): 1,
        ("category", "quota_per_unit"): None,
        ("instrument", "code"): "uji",
        ("instrument", "number"): 1,
        ("instrument", "sha256"): found["instrument"]["sha256"],
        ("nominee", "ani"): "unit-1",
        ("values", "ani", "data"): "7",
        ("attributes", "ani", "length_of_service_days"): 900,
        ("marks", "ani", "gagasan", "a1"): ["scored", "10"],
        ("marks", "ani", "gagasan", "a2"): ["recused", None],
        ("decision", "ani", "budi"): [["budi", "ani"], "Rapat tim."],
    }


def test_a_line_is_told_as_it_stands_in_each_ranking():
    found = difference(of({"ani": ("10", "10")}), of({"ani": ("15", "10")}))
    assert [(move.before, move.after) for move in found.nominees] == [
        (Standing("RANKED", 1, "20.00", "20/1", None, True), Standing("RANKED", 1, "25.00", "25/1", None, True))
    ]
    found = difference(of({"ani": ("9", "9"), "budi": ("10", "10")}), of({"ani": ("8", "9"), "budi": ("10", "10")}))
    assert [move.after.is_winner for move in found.nominees] == [False]


def test_a_change_is_only_applied_to_what_it_is_about():
    old = facts(of({"ani": ("10", "10")})["inputs"])
    for change in (
        Change("added", ("panel", "a1"), None, True),
        Change("removed", ("panel", "a9"), True, None),
        Change("changed", ("nominee", "ani"), "lain", "unit-2"),
    ):
        with pytest.raises(ValueError, match="does not fit"):
            rules.apply(old, [change])
