"""Places from sums are the places of the official ranking: the same exact totals, printed scores, ranks, ties and deciders."""

from fractions import Fraction
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules import contest, reasons, scales, seal, tally
from sipetruk.rules.definition import all_criteria
from sipetruk.rules.ranking import rank
from sipetruk.rules.scoring import Scorer
from sipetruk.rules.weighing import MILLION, Mark, Sums, millionths
from tests.rules.building import component, criterion, definition, inputs, mark
from tests.rules.building import nominee as entered

PANEL = ("a1", "a2", "a3")
SCALES = {
    "points": ({"kind": "points", "max": 20, "step": "0.5"}, ["0", "7.5", "20"]),
    "rubric": ({"kind": "rubric", "levels": [{"points": points, "label": str(points)} for points in (0, 13, 20)]}, ["0", "13", "20"]),
    "choice": ({"kind": "choice", "points": [0, 5, 20]}, ["0", "5", "20"]),
    "percentage": ({"kind": "percentage", "max": 20}, ["0", "33.33", "100"]),
    "yes_no": ({"kind": "yes_no", "yes": 20, "no": 0}, ["1", "0"]),
    "not_nothing": ({"kind": "yes_no", "yes": 20, "no": 4}, ["1", "0"]),
    "count": ({"kind": "count", "points_each": "2.5", "cap": 20}, ["0", "3", "9"]),
    "threshold": (
        {"kind": "threshold", "bands": [{"at_least": 85, "points": 20}, {"at_least": 70, "points": 15}], "else": 1},
        ["85", "70", "5"],
    ),
}
IN_PROPORTION = {"points", "rubric", "choice", "percentage", "yes_no"}
CHAINS = (
    [],
    [{"by": "component", "code": "b"}],
    [{"by": "criterion", "code": "x"}, {"by": "attribute", "code": "length_of_service_days"}],
)


@st.composite
def instruments(draw):
    kinds = [draw(st.sampled_from(sorted(SCALES))) for _ in range(2)]
    policy = {
        "combine": draw(st.sampled_from(["sum_of_points", "weighted_sum", "mean_of_components"])),
        "rounding": {"stage": draw(st.sampled_from(["end", "end", "end", "component", "criterion"])), "decimals": draw(st.integers(0, 2))},
        "min_assessors": draw(st.integers(1, 3)),
        "tie_chain": draw(st.sampled_from(CHAINS)),
        "floors": draw(st.sampled_from([[], [], [{"component": "a", "at_least": 20}]])),
    }
    x, y = (SCALES[kind][0] for kind in kinds)
    match policy["combine"]:
        case "sum_of_points":
            first, second = component("a", criterion("x", x), criterion("y", y)), component("b", criterion("z", 60))
        case "mean_of_components":
            rest = {"kind": "choice", "points": [0, 60]}
            first = component("a", criterion("x", x), criterion("y", y), criterion("w", rest))
            second = component("b", criterion("z", 100))
            kinds = [*kinds, "60"]
        case _:
            outer, inner = draw(st.integers(0, 20)) * 500, draw(st.integers(0, 20)) * 500
            first = component("a", criterion("x", x, weight=inner), criterion("y", y, weight=10_000 - inner), weight=outer)
            second = component("b", criterion("z", 60), weight=10_000 - outer)
    values = {"x": SCALES[kinds[0]][1], "y": SCALES[kinds[1]][1], "z": ["0", "1", "60"]}
    if len(kinds) > 2:
        values["w"] = ["0", "60"]
    return definition(first, second, **policy), values, set(kinds) <= IN_PROPORTION | {"60"}


@st.composite
def contests(draw):
    """An inputs document in which equal totals are common, and its scales are in proportion or not."""
    found, values, in_proportion = draw(instruments())
    unusual = st.sampled_from([None] * 30 + ["abstained", "recused", "not_yet"])

    def marks():
        given_ = {}
        for code, options in values.items():
            states = [draw(unusual) for _ in PANEL]
            given_[code] = [
                mark(who, state=state) if state else mark(who, draw(st.sampled_from(options)))
                for who, state in zip(PANEL, states, strict=True)
            ]
        return given_

    size = draw(st.integers(0, 5))
    nominees = [
        {
            "id": str(number),
            "unit": "u",
            "marks": marks(),
            "values": {},
            "attributes": {"length_of_service_days": draw(st.sampled_from([1, 2, None]))},
        }
        for number in range(1, size + 1)
    ]
    order = draw(st.permutations([each["id"] for each in nominees]))
    decisions = [order[: draw(st.integers(2, size))]] if size > 1 and draw(st.booleans()) else []
    return found, inputs(found, nominees, panel=PANEL, decisions=decisions), in_proportion


def sums_of(found, nominee):
    """What a database keeps of one nominee: sums of points, and of raw values in hundredths, per criterion."""
    points, raw = {}, {}
    for _, each in all_criteria(found):
        scored = [given_ for given_ in nominee.marks[each.code] if given_.state == "scored"]
        left_out = [given_ for given_ in nominee.marks[each.code] if given_.state in {"abstained", "recused"}]
        points[each.code] = Sums(sum(millionths(each.scale, given_.value) for given_ in scored), len(scored), len(left_out))
        raw[each.code] = sum(int(Fraction(given_.value) * 100) for given_ in scored)
    return points, raw


def official(read):
    """The places of the official ranking."""
    return [(row.id, row.status, row.score.total, row.score.official, row.rank, row.tie_group, row.decided_by) for row in rank(read).rows]


def told(places):
    """The same of places from sums, in the order of a result."""
    rows = [
        (str(place.id), place.status, place.total, None if place.printed is None else Fraction(place.printed), *place[4:])
        for place in places
    ]
    return sorted(rows, key=lambda row: (row[4] is None, row[4] or 0, row[0]))


def compared(line, added, attributes, ids):
    """What the database would add up for the steps of the chain."""
    sums = {who: [sum(weight * added[who][code] for code, weight in step.weights.items()) for step in line.steps.values()] for who in ids}
    return sums, {who: attributes[who] for who in ids}


@given(contests())
def test_places_from_sums_are_the_official_places(drawn):
    found, document_, in_proportion = drawn
    read = contest.parse(document_)
    sums = {int(nominee.id): sums_of(found, nominee) for nominee in read.nominees}
    attributes = {int(nominee.id): nominee.attributes for nominee in read.nominees}
    decisions = [tuple(map(int, decision.order)) for decision in read.decisions]
    scorer = Scorer(found)

    def look(ids):
        scores = {who: scorer.score_sums(sums[who][0], {}, len(PANEL)) for who in ids}
        return tally.Closer(scores, {who: attributes[who] for who in ids})

    everybody = look(list(sums))
    assert told(tally.places_of_scores(found, everybody.scores, everybody.attributes, decisions)) == official(read)

    lines = (tally.linear(found, len(PANEL)), tally.linear_raw(found, len(PANEL)))
    is_plain = found.policy.rounding.stage == "end" and not found.policy.floors
    assert [line is not None for line in lines] == [is_plain, is_plain and in_proportion]
    for line, added in zip(
        lines,
        (
            {who: {code: each.points for code, each in kept.items()} for who, (kept, _) in sums.items()},
            {who: raw for who, (_, raw) in sums.items()},
        ),
        strict=True,
    ):
        if line is not None:
            rows = [
                (
                    who,
                    sum(weight * added[who][code] for code, weight in line.weights.items()) * tally.PACKED
                    + sum(each.scored for each in sums[who][0].values()),
                )
                for who in sums
            ]
            compare = partial(compared, line, added, attributes)
            assert told(tally.places(found, line, rows, look, compare, decisions=decisions)) == official(read)


@given(contests())
def test_a_score_from_sums_is_the_score_of_the_marks(drawn):
    found, document_, _ = drawn
    scorer = Scorer(found)
    for nominee in contest.parse(document_).nominees:
        of_marks, of_sums = scorer.score(nominee.marks, {}), scorer.score_sums(sums_of(found, nominee)[0], {}, len(PANEL))
        parts = ("total", "official", "components", "criteria", "shown", "below_floor", "warnings")
        assert [getattr(of_sums, part) for part in parts] == [getattr(of_marks, part) for part in parts]
        assert [_without_names(reason) for reason in of_marks.missing] == list(of_sums.missing)


def _without_names(reason):
    known = {key: value for key, value in reason.items() if key != "assessors"}
    return known | ({"waiting": len(reason["assessors"])} if "assessors" in reason else {})


# What sums cannot tell ----------------------------------------------------------------------------------------------

PLAIN = (component("a", criterion("x", 40)), component("b", criterion("z", 60)))


@pytest.mark.parametrize(
    ("policy", "panel"),
    [
        ({"aggregation": {"kind": "median"}}, 3),
        ({"aggregation": {"kind": "trimmed", "k": 1}}, 5),
        ({"rounding": {"stage": "component"}}, 3),
        ({"rounding": {"stage": "criterion"}}, 3),
        ({"floors": [{"component": "a", "at_least": 1}]}, 3),
        ({"min_assessors": 4}, 3),
        ({}, 0),
    ],
)
def test_what_needs_more_than_one_sum_is_not_added_by_the_database(policy, panel):
    found = definition(*PLAIN, **policy)
    assert (tally.linear(found, panel), tally.linear_raw(found, panel)) == (None, None)


def test_values_from_elsewhere_are_not_added_by_the_database():
    found = definition(component("a", criterion("x", 40)), component("b", criterion("z", 60, "unit")))
    assert tally.linear(found, 3) is None


def test_a_sum_that_no_database_could_add_is_not_added_by_it():
    """Weights and maxima without a common divisor make sums beyond 64 bits; a closer look at everybody gives the places then."""
    parts = [criterion(f"k{most}", most, weight=weight) for most, weight in ((97, 3331), (89, 3329), (83, 3340))]
    found = definition(component("a", *parts, weight=9973), component("b", criterion("z", 79), weight=27), combine="weighted_sum")
    assert (tally.linear(found, 3), tally.linear_raw(found, 3)) == (None, None)
    plain = definition(
        component("a", criterion("x", 40), weight=2500), component("b", criterion("z", 60), weight=7500), combine="weighted_sum"
    )
    assert tally.linear_raw(plain, 3) == tally.Linear({"x": 1, "z": 2}, Fraction(1, 480), 6, {})


def test_weights_of_a_mean_of_components():
    """Two components count half each; three marks of a point are a million millionths each: 1 / (2 x 3 x 1 000 000)."""
    found = definition(component("a", criterion("x")), component("b", criterion("z")), combine="mean_of_components")
    assert tally.linear(found, 3) == tally.Linear({"x": 1, "z": 1}, Fraction(1, 6_000_000), 6, {})
    assert tally.linear_raw(found, 3) == tally.Linear({"x": 1, "z": 1}, Fraction(1, 600), 6, {})


def test_what_a_tie_chain_compares_has_lines_of_its_own():
    """A component's score is without the weight of the component; attributes are not added up."""
    found = definition(
        component("a", criterion("x", 40), criterion("y", 60), weight=2500),
        component("b", criterion("z", 50), weight=7500),
        combine="weighted_sum",
        tie_chain=[
            {"by": "component", "code": "a"},
            {"by": "attribute", "code": "length_of_service_days"},
            {"by": "criterion", "code": "z"},
            {"by": "component", "code": "b"},
        ],
    )
    assert tally.linear_raw(found, 2) == tally.Linear(
        {"x": 1, "y": 1, "z": 6},
        Fraction(1, 800),
        6,
        {"component:a": tally.Line({"x": 1, "y": 1}, Fraction(1, 200)), "criterion:z": tally.Line({"z": 1}, Fraction(1, 200))}
        | {"component:b": tally.Line({"z": 1}, Fraction(1, 100))},
    )


def test_sums_of_more_marks_than_assessors_are_a_fault():
    with pytest.raises(ValueError, match="more marks than assessors"):
        Scorer(definition(*PLAIN)).score_sums({"x": Sums(0, 4)}, {}, 3)


def test_only_a_mean_is_taken_from_sums():
    with pytest.raises(ValueError, match="only a mean"):
        Scorer(definition(*PLAIN, aggregation={"kind": "median"})).score_sums({"x": Sums(0, 3)}, {}, 3)


def test_points_are_whole_millionths_for_marks_with_two_decimals():
    assert millionths(scales.parse_scale({"kind": "percentage", "max": "0.37"}), "33.33") == 123_321
    with pytest.raises(ValueError, match="whole number"):
        millionths(scales.parse_scale({"kind": "percentage", "max": 1}), "1/3")


# Places from sums, by hand ------------------------------------------------------------------------------------------

CHAIN = [{"by": "component", "code": "b"}, {"by": "criterion", "code": "x"}, {"by": "attribute", "code": "length_of_service_days"}]
MARKS = {
    1: (40, 50),  # 90
    2: (30, 50),  # 80, and 50 on b
    3: (40, 40),  # 80, and 40 on b
    4: (20, 40),  # 60, longer in service than 5
    5: (20, 40),
    6: (10, 50),  # 60, and 50 on b
    7: (0, 1),
}
SERVICE = {4: 900, 5: 800}


def ranked_by_hand(marks=MARKS, *, chain=(), decisions=(), seen=None, apart=()):
    """Places of nominees of one assessor, who gave each x and z; `seen` are the scores of those who need a closer look."""
    found = definition(*PLAIN, tie_chain=list(chain))
    line = tally.linear(found, 1)
    asked = []

    def look(ids):
        asked.append(("look", sorted(ids)))
        return tally.Closer({who: seen[who] for who in ids}, {})

    def compare(ids):
        asked.append(("compare", sorted(ids)))
        part = {"criterion:x": 0, "component:b": 1}
        sums = {who: [marks[who][part[name]] * MILLION for name in line.steps] for who in ids if marks[who]}
        return sums, {who: {"length_of_service_days": SERVICE.get(who)} for who in ids}

    rows = [(who, sum(given_) * MILLION * tally.PACKED + 2 if given_ else None) for who, given_ in marks.items()]
    return tally.places(found, line, rows, look, compare, apart=apart, decisions=decisions), asked


def brief(places):
    return [(place.id, place.printed, place.rank, place.tie_group, place.decided_by) for place in places]


def test_nothing_separates_equals_where_nobody_asked_for_it():
    places, asked = ranked_by_hand()
    assert brief(places) == [
        (1, "90.00", 1, None, None),
        (2, "80.00", 2, 2, "unresolved"),
        (3, "80.00", 2, 2, "unresolved"),
        (4, "60.00", 4, 4, "unresolved"),
        (5, "60.00", 4, 4, "unresolved"),
        (6, "60.00", 4, 4, "unresolved"),
        (7, "1.00", 7, None, None),
    ]
    assert {place.status for place in places} == {"RANKED"}
    assert [place.total for place in places] == [90, 80, 80, 60, 60, 60, 1]
    assert asked == []


def test_a_criterion_separates_equals():
    places, _ = ranked_by_hand({2: (30, 50), 3: (40, 40)}, chain=[{"by": "criterion", "code": "x"}])
    assert brief(places) == [(3, "80.00", 1, 1, "criterion:x"), (2, "80.00", 2, 1, "criterion:x")]


def test_the_chain_separates_equals_step_by_step():
    places, asked = ranked_by_hand(chain=CHAIN)
    assert brief(places) == [
        (1, "90.00", 1, None, None),
        (2, "80.00", 2, 2, "component:b"),
        (3, "80.00", 3, 2, "component:b"),
        (6, "60.00", 4, 4, "component:b"),
        (4, "60.00", 5, 4, "attribute:length_of_service_days"),
        (5, "60.00", 6, 4, "attribute:length_of_service_days"),
        (7, "1.00", 7, None, None),
    ]
    assert asked == [("compare", [2, 3, 4, 5, 6])]


def test_a_decision_separates_equals_without_a_chain():
    places, asked = ranked_by_hand(decisions=[(3, 2), (1, 7)])
    assert brief(places)[:4] == [
        (1, "90.00", 1, None, None),
        (3, "80.00", 2, 2, "committee"),
        (2, "80.00", 3, 2, "committee"),
        (4, "60.00", 4, 4, "unresolved"),
    ]
    assert asked == [("compare", [2, 3, 4, 5, 6])]


def test_who_is_incomplete_or_apart_is_looked_at_and_takes_the_place_of_the_score():
    """5 has no marks; 3 is one whose assessor stepped back, and another gave 40 and 30: with 70 the third place."""
    found = definition(*PLAIN)
    scorer = Scorer(found)
    seen = {
        3: scorer.score_sums({"x": Sums(40 * MILLION, 1), "z": Sums(30 * MILLION, 1)}, {}, 2, 1),
        5: scorer.score_sums({}, {}, 1),
    }
    places, asked = ranked_by_hand(MARKS | {5: None}, seen=seen, apart={3})
    assert [(place.id, place.status, place.total, place.rank, place.tie_group) for place in places] == [
        (1, "RANKED", 90, 1, None),
        (2, "RANKED", 80, 2, None),
        (3, "RANKED", 70, 3, None),
        (4, "RANKED", 60, 4, 4),
        (6, "RANKED", 60, 4, 4),
        (7, "RANKED", 1, 6, None),
        (5, "INCOMPLETE", None, None, None),
    ]
    assert asked == [("look", [3, 5])]


def test_who_was_looked_at_and_ties_keeps_the_score_that_was_seen():
    """3 stands apart and comes to 80 as well: 50 on b, like 2, and less on x."""
    scorer = Scorer(definition(*PLAIN, tie_chain=CHAIN))
    seen = {3: scorer.score_sums({"x": Sums(20 * MILLION, 1), "z": Sums(60 * MILLION, 1)}, {}, 2, 1)}
    places, _ = ranked_by_hand(MARKS | {3: None}, chain=CHAIN, seen=seen, apart={3})
    assert brief(places)[:3] == [
        (1, "90.00", 1, None, None),
        (3, "80.00", 2, 2, "component:b"),
        (2, "80.00", 3, 2, "component:b"),
    ]


@pytest.mark.parametrize(("decimals", "printed"), [(0, "3"), (1, "3.3"), (2, "3.33")])
def test_a_total_is_printed_as_the_policy_says(decimals, printed):
    found = definition(*PLAIN, rounding={"stage": "end", "mode": "down", "decimals": decimals})
    line = tally.linear(found, 3)
    rows = [(1, 10 * MILLION * tally.PACKED + 6)]
    (place,) = tally.places(found, line, rows, None, None)
    assert (place.printed, place.total, place.rank, place.tie_group, place.decided_by) == (printed, Fraction(10, 3), 1, None, None)


@pytest.mark.parametrize(
    ("scale", "share"),
    [
        ({"kind": "points", "max": 40, "step": 1}, Fraction(1, 100)),
        ({"kind": "choice", "points": [0, 10]}, Fraction(1, 100)),
        ({"kind": "percentage", "max": 25}, Fraction(1, 400)),
        ({"kind": "yes_no", "yes": 30, "no": 0}, Fraction(3, 10)),
        ({"kind": "yes_no", "yes": 30, "no": 5}, None),
        ({"kind": "count", "points_each": 2, "cap": 20}, None),
    ],
)
def test_the_points_of_a_hundredth(scale, share):
    assert tally.slope(scales.parse_scale(scale)) == share


@pytest.mark.parametrize(("panel", "least", "is_linear"), [(1, 1, True), (3, 3, True), (2, 3, False)])
def test_a_panel_that_is_just_large_enough(panel, least, is_linear):
    assert (tally.linear(definition(*PLAIN, min_assessors=least), panel) is not None) == is_linear


def test_more_marks_than_fit_beside_a_sum_are_not_added_by_the_database():
    """32,767 marks of two criteria fit: 16,383 assessors, not 16,384."""
    found = definition(*PLAIN)
    assert (tally.linear(found, 16_383).marks, tally.linear(found, 16_384)) == (32_766, None)


def test_whoever_has_no_attributes_stays_tied():
    chain = [{"by": "attribute", "code": "length_of_service_days"}]
    found = definition(component("a", criterion("x", 100)), tie_chain=chain)
    alike = Scorer(found).score({"x": (Mark("a1", "scored", "50"),)}, {})
    placed = tally.places_of_scores(found, {1: alike, 2: alike}, {})
    assert [(place.rank, place.decided_by) for place in placed] == [(1, "unresolved"), (1, "unresolved")]


def test_totals_are_rounded_as_the_policy_says():
    found = definition(*PLAIN, rounding={"mode": "down", "decimals": 0})
    (place,) = tally.places(found, tally.linear(found, 1), [(1, 80_500_000 * tally.PACKED + 2)], None, None)
    assert (place.total, place.printed) == (Fraction("80.5"), "80")


@pytest.mark.parametrize("step", [{"by": "component", "code": "b"}, {"by": "criterion", "code": "x"}])
def test_a_step_of_the_chain_compares_what_is_printed(step):
    found = definition(*PLAIN, rounding={"mode": "down", "decimals": 0}, tie_chain=[step])
    rows = [(who, 80 * MILLION * tally.PACKED + 2) for who in (1, 2)]
    (first, second) = tally.places(found, tally.linear(found, 1), rows, None, lambda _: ({1: [40_500_000], 2: [40_200_000]}, {}))
    assert (first.decided_by, second.decided_by) == ("unresolved", "unresolved")


@pytest.mark.parametrize("seed", range(40))
def test_an_open_tie_is_told_as_the_ranking_tells_it(seed):
    chance = Random(seed)  # noqa: S311  # the same contests every time
    found = definition(component("a", criterion("x")))
    units = {who: f"u{chance.randint(1, 3)}" for who in range(8, 15)}
    given = {who: {"a1": 10 * chance.randint(1, 3)} for who in units} | ({9: {}} if chance.random() < 0.3 else {})
    most, quota, is_first_stage = chance.randint(1, 6), chance.choice([None, 1, 2]), chance.random() < 0.2
    people = [entered(str(who), {"x": marks}, unit=units[who]) for who, marks in given.items()]
    sealed = seal.compute(inputs(found, people, winners=most, quota=quota))
    official = reasons.open_ties(seal.document(sealed), is_first_stage=is_first_stage)
    read, scorer = contest.parse(sealed.inputs), Scorer(found)
    placed = tally.places_of_scores(found, {int(each.id): scorer.score(each.marks, each.values) for each in read.nominees}, {})
    ranked = [place for place in placed if place.rank is not None]
    incomplete = [place.id for place in placed if place.rank is None]
    unit_of = {} if quota is None else units
    said = tally.open_ties(ranked, incomplete, most, quota, unit_of, is_first_stage=is_first_stage)
    assert said == {int(who): words for group, words in official.items() for who in group}
