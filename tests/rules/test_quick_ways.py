"""Where the rules take a quick way, it gives what the careful way gives: the same numbers, bytes and refusals."""

import copy
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.errors import Invalid
from sipetruk.rules import canonical, contest, exact, instrument, scales, scoring, seal
from sipetruk.rules.weighing import Mark
from tests.rules.building import component, criterion, definition, inputs, mark, nominee
from tests.rules.test_properties import CRITERIA, PANEL, contests

# Scoring: remembered whole numbers against plain fractions -----------------------------------------------------------

KINDS = {
    "points": {"kind": "points", "max": 40, "step": "0.25"},
    "rubric": {"kind": "rubric", "levels": [{"points": points, "label": str(points)} for points in (0, 13, 40)]},
    "percentage": {"kind": "percentage", "max": 40},
    "count": {"kind": "count", "points_each": "0.75", "cap": 40},
    "threshold": {"kind": "threshold", "bands": [{"at_least": "85", "points": 40}, {"at_least": "70.5", "points": 15}], "else": 0},
}
RAW = {
    "points": st.integers(0, 160).map(lambda quarters: exact.exact_text(Fraction(quarters, 4))),
    "rubric": st.sampled_from(["0", "13", "40"]),
    "percentage": st.integers(0, 10_000).map(lambda value: exact.exact_text(Fraction(value, 100))) | st.sampled_from(["100/3", "1/7"]),
    "count": st.integers(0, 60).map(str),
    "threshold": st.sampled_from(["70.49", "70.5", "84.99", "85", "28499/300"]),
}


@st.composite
def sheets(draw):
    """An instrument with two criteria of any kinds, and several nominees with five to seven complete marks on each."""
    kinds = {"x": draw(st.sampled_from(sorted(KINDS))), "y": draw(st.sampled_from(sorted(KINDS)))}
    aggregation = draw(st.sampled_from([{"kind": "mean"}, {"kind": "median"}, {"kind": "trimmed", "k": 1}, {"kind": "trimmed", "k": 2}]))
    rounding = {"stage": draw(st.sampled_from(["end", "component", "criterion"])), "decimals": draw(st.integers(0, 3))}
    parts = [criterion(code, KINDS[kind]) for code, kind in kinds.items()]
    if draw(st.booleans()):
        share = draw(st.integers(0, 10_000))
        parts = [{**part, "weight": weight} for part, weight in zip(parts, (share, 10_000 - share), strict=True)]
        found = definition(component("a", *parts, weight=10_000), combine="weighted_sum", aggregation=aggregation, rounding=rounding)
    else:
        found = definition(component("a", *parts), component("b", criterion("z", 20)), aggregation=aggregation, rounding=rounding)
    kinds_of = {each.code: kinds.get(each.code) for _, each in instrument.all_criteria(found)}
    raw = {code: RAW[kind] if kind else st.integers(0, 20).map(str) for code, kind in kinds_of.items()}
    panel = [f"a{at}" for at in range(draw(st.integers(5, 7)))]
    sheet = st.fixed_dictionaries({code: st.tuples(*[each] * len(panel)) for code, each in raw.items()})
    return found, [_marks(panel, given_) for given_ in draw(st.lists(sheet, min_size=1, max_size=5))]


def _marks(panel, sheet):
    return {code: [Mark(who, "scored", value) for who, value in zip(panel, row, strict=True)] for code, row in sheet.items()}


def by_hand(found, marks):
    """Total and contributions as the policy reads, one fraction after the other."""

    def at(stage, value):
        return exact.rounded(value, found.policy.rounding.decimals) if found.policy.rounding.stage == stage else value

    contributions = {}
    for part in found.components:
        points = {}
        for each in part.criteria:
            worth = [scales.points(each.scale, given_.value) for given_ in marks[each.code]]
            share = Fraction(each.weight * 100, 10_000) / each.maximum if found.policy.combine == "weighted_sum" else 1
            points[each.code] = at("criterion", at("criterion", scoring.aggregate(found.policy.aggregation, worth)) * share)
        unrounded = sum(points.values())
        stretch = at("component", unrounded) / unrounded if unrounded else 1
        contributions |= {code: value * stretch for code, value in points.items()}
    return sum(contributions.values()), contributions


@given(sheets())
def test_whole_numbers_give_what_fractions_give(drawn):
    found, sheets_ = drawn
    scorer = scoring.Scorer(found)
    for marks in sheets_:
        score = scorer.score(marks, {})
        assert (score.total, {part.code: part.contribution for part in score.criteria}) == by_hand(found, marks)


@given(contests())
def test_what_was_scored_before_changes_no_score(document_):
    read = contest.parse(document_)
    scorer = scoring.Scorer(read.definition)
    for each in (*read.nominees, *read.nominees):
        assert scorer.score(each.marks, each.values) == scoring.score(read.definition, each.marks, each.values)


def test_what_equals_a_known_number_is_not_taken_for_it():
    scorer = scoring.Scorer(definition(component("a", criterion("x"))))
    assert scorer.score({"x": [Mark("a1", "scored", "1")]}, {}).total == 1
    for value in (True, 1.0):
        with pytest.raises(TypeError):
            scorer.score({"x": [Mark("a1", "scored", value)]}, {})


# Reading: known entries against one entry after the other ------------------------------------------------------------

ENTRIES = st.fixed_dictionaries(
    {
        "assessor": st.sampled_from([*PANEL, *PANEL, "a9", 1, None]),
        "state": st.sampled_from(["scored"] * 6 + ["abstained", "not_yet", "x", None]),
        "value": st.sampled_from(["0", "1", "1", "1,0", " 1", "1.5", "99999", "", 1, 1.0, True, None]),
    },
    optional={"note": st.just("x")},
)
LISTS = st.lists(ENTRIES | st.just("x"), max_size=4) | st.permutations(PANEL).map(
    lambda panel: [{"assessor": who, "state": "scored", "value": "1"} for who in panel]
)


def outcome(document_):
    try:
        return contest.parse(document_)
    except Invalid as refusal:
        return refusal.problems


@given(contests(), st.lists(LISTS, max_size=4), st.data())
def test_known_entries_are_read_as_the_first_one_was(document_, lists, data):
    for given_ in lists if document_["nominees"] else ():
        data.draw(st.sampled_from(document_["nominees"]))["marks"][data.draw(st.sampled_from(CRITERIA))] = given_
    carefully = copy.deepcopy(document_)
    for each in carefully["nominees"]:
        each["marks"] = {code: tuple(given_) for code, given_ in each["marks"].items()}  # only lists are read the quick way
    assert outcome(document_) == outcome(carefully)


def test_an_entry_that_equals_a_known_one_is_still_refused():
    found = definition(component("a", criterion("x")))
    told = inputs(found, [nominee("n1", {"x": {"a1": 1}}), nominee("n2", {"x": {"a1": 1}}), nominee("n3", {"x": {"a1": 1}})])
    told["nominees"][1]["marks"]["x"][0]["value"] = 1.0
    told["nominees"][2]["marks"]["x"] = [{**mark("a1", 1), "note": "x"}]
    assert [(problem.path, problem.message) for problem in outcome(told)] == [
        (("nominees", "1", "marks", "x", "0", "value"), "Tulis nilai sebagai bilangan bulat atau teks desimal."),
        (("nominees", "2", "marks", "x", "0", "note"), "Nama ini tidak dikenal dalam format ini."),
    ]


# Order: one pass against every pair ---------------------------------------------------------------------------------


@given(contests(complete=True))
def test_a_warning_stands_where_the_exact_order_differs_from_the_places(document_):
    ranked = seal.compute(document_).result["rows"]
    for one in ranked:
        equals = [other for other in ranked if other["score"] == one["score"]]
        differs = any(
            (Fraction(one["exact"]) > Fraction(other["exact"]) and one["rank"] >= other["rank"])
            or (Fraction(one["exact"]) < Fraction(other["exact"]) and one["rank"] <= other["rank"])
            for other in equals
        )
        assert ({"code": "EXACT_ORDER_DIFFERS"} in one["warnings"]) == differs


# Canonical bytes: written at once against looked at one by one --------------------------------------------------------


class Word(str):
    __slots__ = ()


TEXTS = st.text('ae\u0301\u00e9n\u0303\n"\\\u1100\u1161\u0327 ', max_size=5) | st.sampled_from(["\ud800", Word("e\u0301")])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([2**63, -(2**63), 1.0, b"x"]) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(TEXTS | st.sampled_from([1, None]), inner, max_size=3),
    max_leaves=8,
)


def attempt(write, value):
    try:
        return write(value)
    except Invalid as refusal:
        return refusal.message
    except TypeError as fault:
        return str(fault)


@given(VALUES)
def test_canonical_bytes_are_those_of_the_careful_way(value):
    def carefully(value):
        return canonical.written(canonical._plain(value, canonical._DEEPEST)).encode()

    assert attempt(canonical.canonical, value) == attempt(carefully, value)


def test_what_is_usual_goes_the_quick_way(monkeypatch):
    nested = []
    for _ in range(canonical._USUAL_DEPTH):
        nested = [nested]
    monkeypatch.delattr(canonical, "_plain")
    assert canonical.canonical(nested) == canonical.written(nested).encode()
    written = '{"a":-9223372036854775807,"b":["é",true,null,[9223372036854775807]]}'
    assert canonical.canonical({"b": ["é", True, None, (2**63 - 1,)], "a": 1 - 2**63}) == written.encode()


# Sealing: text put together from shared pieces against one document ---------------------------------------------------


@given(contests(), st.permutations(["n1", "e\u0301", "\u00e9", 'n\u0303 "1\\']))
def test_the_pieces_of_a_sealed_text_are_those_of_the_document(document_, names):
    """Also where a name has to be composed first, or needs escapes."""
    for each, name in zip(document_["nominees"], names, strict=False):
        each["id"] = each["unit"] = name
    sealed, written = seal.compute(document_), seal.write(document_)
    assert written.inputs.encode() == canonical.canonical(sealed.inputs)
    assert written.result.encode() == canonical.canonical(sealed.result)
    hashes = canonical.sha256(sealed.inputs), canonical.sha256(sealed.result)
    assert (sealed.input_sha256, sealed.result_sha256) == hashes == (written.input_sha256, written.result_sha256)
    assert seal.input_sha256(document_) == sealed.input_sha256
