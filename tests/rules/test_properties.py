"""What must hold for every instrument, panel and set of marks (SCORING, "Properties every test run checks")."""

import json
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sipetruk.rules import canonical, instrument, scoring, seal
from sipetruk.rules.scoring import Mark
from tests.rules.building import component, criterion, definition, inputs, mark, rows

CI_EXAMPLES = 100
always = settings(max_examples=(10 if settings.default.max_examples == CI_EXAMPLES else 2) * settings.default.max_examples)
"""Every test of this file: 1 000 examples in CI (see `conftest`)."""

PANEL = ("a1", "a2", "a3", "a4", "a5")
CRITERIA = ("x", "y", "z")
STATES = ("scored", "abstained", "recused", "not_yet", "not_applicable")
STAGES = st.sampled_from(["end", "component", "criterion"])
AGGREGATIONS = st.sampled_from([{"kind": "mean"}, {"kind": "median"}, {"kind": "trimmed", "k": 1}, {"kind": "trimmed", "k": 2}])
CHAINS = (
    [],
    [{"by": "criterion", "code": "x"}, {"by": "attribute", "code": "length_of_service_days"}],
    [{"by": "component", "code": "b"}],
)


@st.composite
def weights(draw, count):
    """Basis points that sum to 10 000; a weight may be 0."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=count - 1, max_size=count - 1)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 10_000], strict=True)]


@st.composite
def definitions(draw):
    """Sound instruments over the criteria x, y, z with every policy."""
    combine = draw(st.sampled_from(["sum_of_points", "mean_of_components", "weighted_sum"]))
    aggregation, floor = draw(AGGREGATIONS), draw(st.integers(0, 20))
    policy = {
        "combine": combine,
        "aggregation": aggregation,
        "rounding": {"stage": draw(STAGES), "mode": "half_up", "decimals": draw(st.integers(0, 3))},
        "min_assessors": 5 if aggregation["kind"] == "trimmed" else draw(st.integers(1, 3)),
        "floors": [{"component": "b", "at_least": floor}] if floor > 15 else [],
        "tie_chain": draw(st.sampled_from(CHAINS)),
    }
    if combine == "sum_of_points":
        high = draw(st.integers(1, 50))
        return definition(component("a", criterion("x", high), criterion("y", 50 - high + 1)), component("b", criterion("z", 49)), **policy)
    if combine == "mean_of_components":
        high = draw(st.integers(1, 99))
        return definition(component("a", criterion("x", high), criterion("y", 100 - high)), component("b", criterion("z", 100)), **policy)
    outer, inner = draw(weights(2)), draw(st.none() | weights(2))
    own = [{}, {}] if inner is None else [{"weight": weight} for weight in inner]
    first = component("a", criterion("x", draw(st.integers(1, 100)), **own[0]), criterion("y", 20, **own[1]), weight=outer[0])
    return definition(first, component("b", criterion("z", 10), weight=outer[1]), **policy)


def _marks(sheet, highest, complete):
    """Fifteen bytes as five marks per criterion; a low byte may be a state without a value, unless the sheet is complete."""

    def cell(at, byte):
        state = STATES[byte] if byte < len(STATES) and not complete else "scored"
        return mark(PANEL[at % 5], byte % (highest[at // 5] + 1) if state == "scored" else None, state)

    cells = [cell(at, byte) for at, byte in enumerate(sheet)]
    return {code: cells[5 * at : 5 * at + 5] for at, code in enumerate(CRITERIA)}


def _nominee(who, marks, unit, service):
    return {"id": who, "unit": unit, "marks": marks, "values": {}, "attributes": {"length_of_service_days": service}}


@st.composite
def contests(draw, *, complete=False):
    """An inputs document with up to four nominees of two units, many of whom have the marks of an earlier one."""
    found = draw(definitions())
    highest = [int(instrument.criterion(found, code).maximum) for code in CRITERIA]
    people = draw(st.lists(st.binary(min_size=18, max_size=18), max_size=4))
    nominees = []
    for at, (*_, like, unit, service) in enumerate(people):
        sheet = people[min(at, like % 8)][:15]
        nominees.append(_nominee(f"n{at}", _marks(sheet, highest, complete), f"u{unit % 2}", service % 3))
    quota = draw(st.none() | st.integers(1, 2))
    return inputs(found, nominees, panel=PANEL, winners=draw(st.integers(1, 3)), quota=quota)


def same_scores(old, new):
    """Every nominee of the old result has the same score in the new one, and the same order to the others."""
    before, after = rows(old), rows(new)
    common = before.keys() & after.keys()
    keys = ("status", "exact", "score", "reasons", "components", "criteria")
    scores = all(before[who][key] == after[who][key] for who in common for key in keys)
    ranked = [who for who in common if before[who]["rank"] is not None]
    pairs = [(one, two) for one in ranked for two in ranked]
    return scores and all((before[one]["rank"] < before[two]["rank"]) == (after[one]["rank"] < after[two]["rank"]) for one, two in pairs)


def decided(document_, data):
    """The sealed ranking, with a decision of the committee in the inputs for every tie that only one can end."""
    sealed = seal.compute(document_)
    ties = sealed.result["award"]["unresolved"]
    document_["decisions"] = [{"order": data.draw(st.permutations(tie)), "reason": "Rapat tim."} for tie in ties]
    return seal.compute(document_) if ties else sealed


@always
@given(contests(), st.data())
def test_the_order_of_entry_changes_neither_result_nor_hash(document_, data):
    sealed = decided(document_, data)
    shuffled = json.loads(json.dumps(document_))
    for key in ("nominees", "panel", "decisions"):
        shuffled[key] = data.draw(st.permutations(shuffled[key]))
    for nominee in shuffled["nominees"]:
        nominee["marks"] = dict(data.draw(st.permutations(list(nominee["marks"].items()))))
        for code, marks in nominee["marks"].items():
            nominee["marks"][code] = data.draw(st.permutations(marks))
    shuffled = dict(reversed(shuffled.items()))
    again = seal.compute(shuffled)
    assert again == sealed
    assert canonical.sha256(seal.document(again)) == canonical.sha256(seal.document(sealed))


@always
@given(contests(complete=True), st.data())
def test_raising_a_mark_never_worsens_the_place(document_, data):
    assume(document_["nominees"])
    found = instrument.parse(document_["instrument"]["definition"])
    who = data.draw(st.sampled_from(document_["nominees"]))
    before = rows(seal.compute(document_).result)[who["id"]]
    code = data.draw(st.sampled_from(CRITERIA))
    entry = data.draw(st.sampled_from(who["marks"][code]))
    entry["value"] = str(data.draw(st.integers(int(entry["value"]), int(instrument.criterion(found, code).maximum))))
    after = rows(seal.compute(document_).result)[who["id"]]
    assert Fraction(after["exact"]) >= Fraction(before["exact"])
    assert before["rank"] is None or after["rank"] <= before["rank"]


@always
@given(contests(), st.data())
def test_nobody_depends_on_who_else_takes_part(document_, data):
    assume(document_["nominees"])
    whole = seal.compute(document_).result
    document_["nominees"].remove(data.draw(st.sampled_from(document_["nominees"])))
    assert same_scores(seal.compute(document_).result, whole)


@always
@given(st.integers(0, 100), weights(2), weights(2), AGGREGATIONS, st.sampled_from(["end", "component"]))
def test_equal_marks_give_that_value_under_every_weighting(value, outer, inner, aggregation, stage):
    found = definition(
        component("a", criterion("x", 100, weight=inner[0]), criterion("y", 100, weight=inner[1]), weight=outer[0]),
        component("b", criterion("z", 100), weight=outer[1]),
        combine="weighted_sum",
        aggregation=aggregation,
        rounding={"stage": stage},
    )
    marks = {code: [Mark(assessor, "scored", Fraction(value)) for assessor in PANEL] for code in CRITERIA}
    assert scoring.score(found, marks, {}).total == value


@always
@given(st.binary(min_size=15, max_size=15), weights(3), AGGREGATIONS)
def test_the_score_lies_between_the_lowest_and_the_highest_mark(sheet, shares, aggregation):
    parts = [component(code, criterion(code, 100), weight=share) for code, share in zip(CRITERIA, shares, strict=True)]
    found = definition(*parts, combine="weighted_sum", aggregation=aggregation)
    values = [byte % 101 for byte in sheet]
    marks = {
        code: [Mark(who, "scored", Fraction(values[5 * row + at])) for at, who in enumerate(PANEL)] for row, code in enumerate(CRITERIA)
    }
    assert min(values) <= scoring.score(found, marks, {}).total <= max(values)


@always
@given(st.lists(st.integers(0, 20), min_size=9, max_size=9), st.integers(0, 2))
def test_all_weight_on_one_criterion_gives_that_criterion(values, chosen):
    inner = [10_000 * (at == chosen) for at in range(2)] if chosen < 2 else [10_000, 0]
    found = definition(
        component("a", criterion("x", 40, weight=inner[0]), criterion("y", 20, weight=inner[1]), weight=10_000 * (chosen < 2)),
        component("b", criterion("z", 25), weight=10_000 * (chosen == 2)),
        combine="weighted_sum",
    )
    marks = {
        code: [Mark(who, "scored", Fraction(values[3 * row + at])) for at, who in enumerate(PANEL[:3])] for row, code in enumerate("xyz")
    }
    own = sum(values[3 * chosen : 3 * chosen + 3])
    assert scoring.score(found, marks, {}).total == Fraction(own * 100, 3 * (40, 20, 25)[chosen])


@always
@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 5000))
def test_splitting_a_criterion_into_equal_halves_changes_nothing(x, y, half):
    whole = component("a", criterion("x", 40, weight=2 * half), criterion("y", 20, weight=10_000 - 2 * half), weight=10_000)
    halves = component(
        "a", criterion("x", 40, weight=half), criterion("x2", 40, weight=half), criterion("y", 20, weight=10_000 - 2 * half), weight=10_000
    )
    marks = {code: [Mark("a1", "scored", Fraction(value))] for code, value in (("x", x), ("x2", x), ("y", y))}
    totals = [scoring.score(definition(part, combine="weighted_sum"), marks, {}).total for part in (whole, halves)]
    assert totals[0] == totals[1]


@always
@given(definitions(), st.binary(min_size=15, max_size=15), st.sampled_from(["abstained", "recused", "not_applicable"]))
def test_an_absent_mark_equals_an_assessor_who_is_not_on_the_panel(found, sheet, state):
    highest = {code: int(instrument.criterion(found, code).maximum) for code in CRITERIA}
    five = {
        code: [Mark(who, "scored", Fraction(sheet[5 * row + at] % (highest[code] + 1))) for at, who in enumerate(PANEL)]
        for row, code in enumerate(CRITERIA)
    }
    six = {code: [*marks, Mark("a6", state)] for code, marks in five.items()}
    absent, smaller = scoring.score(found, six, {}), scoring.score(found, five, {})
    assert (absent.total, absent.components, absent.criteria) == (smaller.total, smaller.components, smaller.criteria)


@always
@given(st.lists(st.integers(1, 100), min_size=2, max_size=2))
def test_0_does_not_equal_absent(values):
    found = definition(component("a", criterion("x")))
    given_ = [Mark(f"a{at}", "scored", Fraction(value)) for at, value in enumerate(values)]
    absent = scoring.score(found, {"x": [*given_, Mark("a9", "abstained")]}, {})
    zero = scoring.score(found, {"x": [*given_, Mark("a9", "scored", Fraction(0))]}, {})
    assert zero.total < absent.total


@always
@given(contests())
def test_contributions_sum_to_the_score_and_shown_parts_to_the_printed_score(document_):
    for row in seal.compute(document_).result["rows"]:
        if row["exact"] is None:
            assert row["status"] == "INCOMPLETE"
            assert [part["contribution"] for part in row["criteria"]] == [None] * 3
        else:
            assert sum(Fraction(part["contribution"]) for part in row["criteria"]) == Fraction(row["exact"])
            assert sum(Fraction(part["shown_contribution"]) for part in row["criteria"]) == Fraction(row["score"])


@always
@given(contests(complete=True))
def test_a_quota_never_lets_a_lower_one_pass_a_higher_one_of_an_unfilled_unit(document_):
    result = seal.compute(document_).result
    unit = {nominee["id"]: nominee["unit"] for nominee in document_["nominees"]}
    award, quota = result["award"], document_["category"]["quota_per_unit"]
    rank = {row["id"]: row["rank"] for row in result["rows"] if row["rank"] is not None}
    winners = award["winners"]
    passed = {entry["id"] for entry in award["passed_over"]}
    assert len(winners) <= document_["category"]["winners"]
    assert set(winners) <= rank.keys()
    for winner in winners:
        better = [who for who in rank if rank[who] < rank[winner] and who not in winners]
        assert set(better) <= passed
        for who in better:
            taken = [each for each in winners if unit[each] == unit[who] and rank[each] <= rank[who]]
            assert len(taken) == quota
    if quota is not None:
        assert all(sum(unit[each] == name for each in winners) <= quota for name in ("u0", "u1"))


@always
@given(contests())
def test_a_rank_is_one_more_than_the_number_of_better_ones(document_):
    """Better is who has the higher printed score or, where it is equal, the higher value at the first step that differs."""
    service = {nominee["id"]: nominee["attributes"]["length_of_service_days"] for nominee in document_["nominees"]}
    policy = instrument.parse(document_["instrument"]["definition"]).policy

    def printed(row, step):
        if step.by == "attribute":
            return service[row["id"]]
        if step.by == "component":
            return next(Fraction(part["score"]) for part in row["components"] if part["code"] == step.code)
        points = next(Fraction(part["points"]) for part in row["criteria"] if part["code"] == step.code)
        return half_up(points, policy.rounding.decimals)

    ranked = [row for row in seal.compute(document_).result["rows"] if row["rank"] is not None]
    keys = {row["id"]: (Fraction(row["score"]), *[printed(row, step) for step in policy.tie_chain]) for row in ranked}
    assert {row["id"]: row["rank"] for row in ranked} == {who: 1 + sum(other > own for other in keys.values()) for who, own in keys.items()}


def half_up(value, decimals):
    """Half up, as people round on paper."""
    return Fraction(int(value * 10**decimals + Fraction(1, 2)), 10**decimals)


@always
@given(contests())
def test_serialise_parse_hash_is_an_identity(document_):
    sealed = seal.compute(document_)
    again = json.loads(canonical.canonical(seal.document(sealed)))
    assert again == seal.document(sealed)
    assert seal.verify(again) == seal.Verdict(equal=True, differences=[])
    assert seal.compute(again["inputs"]) == sealed


@always
@given(definitions())
def test_a_definition_reads_back_to_itself_and_keeps_its_hash(found):
    instrument.require_lockable(found)
    assert instrument.parse(json.loads(json.dumps(found.to_dict()))) == found
    assert canonical.sha256(dict(reversed(found.to_dict().items()))) == canonical.sha256(found.to_dict())
