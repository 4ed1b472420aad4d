"""How much it takes to change who is first: weights, chance, one assessor less, one nominee less; and the words for it."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sipetruk.rules import contest as contests
from sipetruk.rules.analysis import leaving, robustness
from sipetruk.rules.analysis.acceptability import Acceptability, acceptability
from sipetruk.rules.analysis.leaving import LeftOut, without_assessor, without_each_assessor, without_each_nominee, without_nominee
from sipetruk.rules.analysis.linear import Model, Part, by_component, by_criterion
from sipetruk.rules.analysis.outcome import NotComputable, listed, percent, places
from sipetruk.rules.analysis.robustness import Verdict, main_model, verdict
from sipetruk.rules.analysis.weights import DOWN, UP, WeightChange, smallest, weight_changes
from sipetruk.rules.ranking import Award, rank
from tests.rules.building import component, criterion, definition, inputs, nominee


def model(weights, *scores):
    parts = tuple(Part(f"p{at}", f"P{at}", Fraction(weight)) for at, weight in enumerate(weights, 1))
    rows = tuple(tuple(Fraction(score) for score in row) for row in scores)
    return Model(parts, tuple("ABCDEFGH"[: len(rows)]), rows)


def contest(marks, *, panel=("a1", "a2", "a3"), winners=1, quota=None, units=None, decisions=(), **policy):
    """Two criteria x and y of 50 points; `marks` maps nominee -> ((x of each assessor), (y of each assessor))."""
    instrument = definition(component("a", criterion("x", 50)), component("b", criterion("y", 50)), **policy)
    given_ = [
        nominee(
            who,
            {code: dict(zip(panel, each, strict=True)) for code, each in zip("xy", both, strict=True)},
            unit=(units or {}).get(who, who),
        )
        for who, both in marks.items()
    ]
    return contests.parse(inputs(instrument, given_, panel=panel, winners=winners, quota=quota, decisions=decisions))


# The linear model --------------------------------------------------------------------------------------------------


def ranked(instrument, points):
    given_ = [nominee(who, {code: {"a1": value} for code, value in marks.items()}) for who, marks in points.items()]
    read = contests.parse(inputs(instrument, given_))
    return read.definition, rank(read)


def test_a_weighted_instrument_has_the_weights_it_states():
    instrument = definition(
        component("a", criterion("x", 50, weight=2500), criterion("y", 20, weight=7500), weight=4000),
        component("b", criterion("z", 10), weight=6000),
        combine="weighted_sum",
    )
    found = by_component(*ranked(instrument, {"n1": {"x": 25, "y": 20, "z": 1}}))
    assert [(part.code, part.label, part.weight) for part in found.parts] == [("a", "A", Fraction(2, 5)), ("b", "B", Fraction(3, 5))]
    assert found.scores == ((Fraction(175, 2), 10),)
    assert found.totals() == (41,)
    criteria = by_criterion(*ranked(instrument, {"n1": {"x": 25, "y": 20, "z": 1}}))
    assert [(part.code, part.weight) for part in criteria.parts] == [("x", Fraction(1, 10)), ("y", Fraction(3, 10)), ("z", Fraction(3, 5))]
    assert criteria.scores == ((50, 100, 10),)
    assert criteria.totals() == (41,)


def test_a_sum_of_points_has_the_weights_of_its_maxima():
    instrument = definition(component("a", criterion("x", 30), criterion("y", 40)), component("b", criterion("z", 30)))
    found = by_component(*ranked(instrument, {"n1": {"x": 30, "y": 5, "z": 15}}))
    assert [part.weight for part in found.parts] == [Fraction(7, 10), Fraction(3, 10)]
    assert found.scores == ((50, 50),)


def test_a_mean_of_components_has_equal_weights():
    instrument = definition(
        component("a", criterion("x", 100)), component("b", criterion("y", 60), criterion("z", 40)), combine="mean_of_components"
    )
    found = by_criterion(*ranked(instrument, {"n1": {"x": 80, "y": 30, "z": 40}}))
    assert [part.weight for part in found.parts] == [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]
    assert found.scores == ((80, 50, 100),)
    assert found.totals() == (75,)
    assert [part.weight for part in by_component(*ranked(instrument, {})).parts] == [Fraction(1, 2), Fraction(1, 2)]


def test_only_nominees_with_a_place_are_in_the_model_the_first_one_leads():
    read = contest({"n1": ((10,) * 3, (20,) * 3), "n2": ((40,) * 3, (20,) * 3), "n3": ((40,) * 3, ("not_yet",) * 3)})
    found = by_component(read.definition, rank(read))
    assert (found.alternatives, found.scores) == (("n2", "n1"), ((80, 40), (20, 40)))


# The smallest change of a weight -----------------------------------------------------------------------------------


def test_the_winner_stays_first_until_the_weight_falls_by_a_fifth():
    innovation = model(("0.3", "0.7"), (90, 60), ("13.7", "83.7"))
    innovation = replace(innovation, parts=(replace(innovation.parts[0], label="Inovasi"), innovation.parts[1]))
    up, down, other_up, other_down = weight_changes(innovation)
    assert (down.new_weight, down.change, down.relative) == (Fraction(237, 1000), Fraction(-63, 1000), Fraction(21, 100))
    assert down.challengers == ("B",)
    assert down.message == "Pemenang tetap pertama sampai bobot Inovasi turun 21 % (dari 30 % menjadi 23,7 %)."
    assert (up.direction, up.new_weight, up.change, up.relative, up.challengers, up.size) == (UP, None, None, None, (), None)
    assert up.message == "Bobot Inovasi naik: tidak ada perubahan bobot yang mengubah pemenang."
    assert (other_up.direction, other_up.new_weight, other_up.relative) == (UP, Fraction(763, 1000), Fraction(9, 100))
    assert other_up.message == "Pemenang tetap pertama sampai bobot P2 naik 9 % (dari 70 % menjadi 76,3 %)."
    assert (other_down.direction, other_down.challengers) == (DOWN, ())
    assert smallest([up, down, other_up, other_down]) is other_up
    assert smallest([up, other_down]) is None


def test_the_other_weights_keep_their_proportions():
    found = weight_changes(model(("1/2", "1/4", "1/4"), (80, 50, 40), (40, 100, 70), (40, 60, 60)))
    assert (found[1].new_weight, found[1].challengers) == (Fraction(1, 2), ("B",))
    assert found[0].challengers == ()
    assert found[1].message == "Bobot P1 turun: perubahan sekecil apa pun mengubah pemenang."
    assert found[3].challengers == ()
    nearest = weight_changes(model(("1/2", "1/4", "1/4"), (90, 50, 40), (40, 100, 70), (40, 100, 70), (40, 60, 60)))[1]
    assert (nearest.new_weight, nearest.challengers) == (Fraction(4, 9), ("B", "C"))


def test_meeting_at_the_end_of_the_range_passes_nobody():
    assert [change.challengers for change in weight_changes(model(("1/2", "1/2"), (60, 60), (60, 0)))] == [()] * 4
    assert [change.challengers for change in weight_changes(model(("1/2", "1/2"), (60, 60), (0, 60)))] == [()] * 4


def test_one_part_with_all_the_weight_has_nothing_to_give():
    only = model(("1",), (60,), (50,))
    assert weight_changes(only) == (WeightChange(only.parts[0], UP, 1), WeightChange(only.parts[0], DOWN, 1))
    one, _, none_up, none_down = weight_changes(model(("1", "0"), (60, 0), (50, 100)))
    assert (one.challengers, none_down.challengers) == ((), ())
    assert (none_up.new_weight, none_up.relative, none_up.size) == (Fraction(1, 11), None, Fraction(1, 11))
    assert none_up.message == "Pemenang tetap pertama sampai bobot P2 naik (dari 0 % menjadi 9,1 %)."


def test_an_official_leader_who_is_behind_before_rounding_is_passed_by_any_change():
    found = weight_changes(model(("1/2", "1/2"), (50, 50), (60, 41)))
    assert [(change.new_weight, change.change, change.challengers) for change in found] == [(Fraction(1, 2), 0, ("B",))] * 4


def test_the_set_of_the_best_changes_when_anybody_outside_passes_anybody_inside():
    three = model(("1/2", "1/2"), (90, 50), (40, 90), (80, 40))
    assert weight_changes(three, 2)[0].challengers == ("C",)
    assert weight_changes(three, 2)[0].new_weight == Fraction(5, 9)
    assert weight_changes(three, 2)[0].message == "2 terbaik tidak berubah sampai bobot P1 naik 11,1 % (dari 50 % menjadi 55,6 %)."
    assert weight_changes(three, 2)[1].message == "Bobot P1 turun: tidak ada perubahan bobot yang mengubah 2 terbaik."
    assert weight_changes(three)[0].challengers == ()
    assert weight_changes(three)[1].new_weight == Fraction(4, 9)


def test_the_nearest_of_several_who_can_be_passed_counts():
    found = weight_changes(model(("1/2", "1/2"), (95, 70), (65, 40), (5, 80)), 2)[1]
    assert (found.new_weight, found.challengers) == (Fraction(2, 5), ("C",))
    without = weight_changes(model(("1/2", "1/2"), (50, 70), (60, 40)))
    assert smallest(without).new_weight == Fraction(3, 4)
    assert smallest([*weight_changes(model(("1/2", "1/2"), (50, 50), (60, 41))), *without]).change == 0


def test_a_part_that_can_contribute_nothing_scores_nothing():
    instrument = definition(component("a", criterion("x", 100)), component("b", criterion("y", 50, weight=10_000), weight=0))
    instrument = replace(instrument, policy=replace(instrument.policy, combine="weighted_sum"))
    instrument = replace(instrument, components=(replace(instrument.components[0], weight=10_000), instrument.components[1]))
    given_ = [nominee("n1", {"x": {"a1": 0}, "y": {"a1": 50}})]
    read = replace(contests.parse(inputs(definition(component("a", criterion("x", 100))), [])), definition=instrument, panel=("a1",))
    marked = contests.parse(inputs(definition(component("a", criterion("x", 50), criterion("y", 50))), given_)).nominees
    for build in (by_component, by_criterion):
        found = build(instrument, rank(replace(read, nominees=marked)))
        assert [part.weight for part in found.parts] == [1, 0]
        assert found.scores == ((0, 0),)


SCORES = st.integers(2, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(1, 9), min_size=n, max_size=n),
        st.lists(st.lists(st.integers(0, 10), min_size=n, max_size=n), min_size=2, max_size=5),
    )
)


def leads(parts, scores, at, weight):
    """Whether the first is behind nobody when part `at` has this weight and the others share the rest as before."""
    scaled = [weight if at == other else part * (1 - weight) / (1 - parts[at]) for other, part in enumerate(parts)]
    totals = [sum(w * s for w, s in zip(scaled, row, strict=True)) for row in scores]
    return totals[0] == max(totals)


@given(SCORES)
def test_the_first_leads_up_to_the_change_and_not_beyond(given_):
    raw, scores = given_
    parts = [Fraction(weight, sum(raw)) for weight in raw]
    scores = sorted(scores, key=lambda row: -sum(w * s for w, s in zip(parts, row, strict=True)))
    tiny = Fraction(1, 10**9)
    for at, change in enumerate(weight_changes(model(parts, *scores))):
        part, end = at // 2, Fraction(change.direction == UP)
        if change.new_weight is None:
            assert leads(parts, scores, part, end)
        else:
            sign = 1 if change.direction == UP else -1
            assert leads(parts, scores, part, change.new_weight)
            assert not leads(parts, scores, part, change.new_weight + sign * tiny)


# Rank acceptability ------------------------------------------------------------------------------------------------


def test_half_of_all_weightings_for_each_of_two_opposites():
    found = acceptability(model(("1/2", "1/2"), (100, 0), (0, 100)), "biji")
    assert found.counts == ((4983, 5017), (5017, 4983))
    assert found.index("A") == Fraction(4983, 10_000)
    assert found.index("A", 2) == Fraction(5017, 10_000)


def test_two_thirds_where_a_third_of_the_weight_is_enough():
    """A leads where 100 w > 50 (1 - w), so where w > 1/3; w is even between 0 and 1."""
    found = acceptability(model(("1/2", "1/2"), (100, 0), (0, 50)), "biji")
    assert float(found.index("A")) == pytest.approx(2 / 3, abs=0.015)


def test_three_parts_are_drawn_evenly():
    found = acceptability(model(("1/3", "1/3", "1/3"), (90, 0, 0), (0, 90, 0), (0, 0, 90)), "biji")
    assert [float(found.index(who)) for who in "ABC"] == pytest.approx([1 / 3] * 3, abs=0.015)


def test_the_seed_decides_and_is_kept():
    two = model(("1/2", "1/2"), (100, 0), (0, 90))
    assert acceptability(two, "x", 500) == acceptability(two, "x", 500)
    assert acceptability(two, "x", 500).counts != acceptability(two, "y", 500).counts
    assert (acceptability(two, "x", 500).seed, acceptability(two, "x", 500).draws) == ("x", 500)


def test_equal_alternatives_share_every_place():
    found = acceptability(model(("1/2", "1/2"), (50, 50), (60, 70), (50, 50), (10, 10)), "x", 100)
    assert found.counts == ((0, 100, 0, 0), (100, 0, 0, 0), (0, 100, 0, 0), (0, 0, 0, 100))


def test_nobody_and_nothing_are_no_fault():
    assert acceptability(model(("1",)), "x", 10) == Acceptability((), (), 10, "x")
    assert acceptability(model((), ()), "x", 10).counts == ((),)


@given(SCORES)
def test_every_alternative_has_one_place_in_every_draw(given_):
    raw, scores = given_
    found = acceptability(model([Fraction(weight, sum(raw)) for weight in raw], *scores), "x", 50)
    assert [sum(row) for row in found.counts] == [50] * len(scores)
    best = [at for at, row in enumerate(scores) if all(mine >= other for theirs in scores for mine, other in zip(row, theirs, strict=True))]
    assert all(found.counts[at][0] == 50 for at in best)


# One assessor less, one nominee less -------------------------------------------------------------------------------

SPLIT = {"n1": ((40, 40, 40), (30, 30, 30)), "n2": ((30, 30, 50), (30, 30, 45)), "n3": ((20, 20, 20), (10, 10, 10))}
"""n1 has 70, n2 has 71.67 and depends on a3."""


def test_without_the_assessor_who_favours_somebody_another_is_first():
    read = contest(SPLIT, min_assessors=3)
    first, second, third = without_each_assessor(read, rank(read))
    assert third == LeftOut(
        removed="a3",
        ranks={"n1": 1, "n2": 2, "n3": 3},
        first=("n1",),
        winners=("n1",),
        first_changes=True,
        winners_change=True,
        moved=("n1", "n2"),
        lowered_to=2,
    )
    assert (first.removed, first.first, first.first_changes, first.winners_change, first.moved) == ("a1", ("n2",), False, False, ())
    assert second.ranks == {"n2": 1, "n1": 2, "n3": 3}


def test_the_contest_without_an_assessor_is_one_mark_and_one_member_smaller():
    read = contest(SPLIT, min_assessors=3)
    smaller = without_assessor(read, "a2")
    assert (smaller.panel, smaller.definition.policy.min_assessors) == (("a1", "a3"), 2)
    assert [mark.assessor for mark in smaller.nominees[0].marks["y"]] == ["a1", "a3"]
    assert read.panel == ("a1", "a2", "a3")
    assert without_assessor(contest(SPLIT, min_assessors=1), "a2").definition.policy.min_assessors == 1
    assert without_assessor(read, "siapa") is read


def test_too_few_marks_without_an_assessor_cannot_be_compared():
    read = contest({"n1": ((40,), (30,)), "n2": ((30,), (30,))}, panel=("a1",), min_assessors=1)
    (only,) = without_each_assessor(read, rank(read))
    assert only.failure == NotComputable("nilai yang tersisa terlalu sedikit untuk 2 calon")
    assert (only.first, only.winners, only.lowered_to) == ((), (), 1)


def test_without_the_winner_the_next_one_is_first_and_nothing_else_changes():
    read = contest(SPLIT)
    first, second, third = without_each_nominee(read, rank(read))
    assert second == LeftOut("n2", {"n1": 1, "n3": 2}, ("n1",), ("n1",), first_changes=False, winners_change=False, moved=())
    assert first == LeftOut("n1", {"n2": 1, "n3": 2}, ("n2",), ("n2",), first_changes=False, winners_change=False, moved=())
    assert third == LeftOut("n3", {"n2": 1, "n1": 2}, ("n2",), ("n2",), first_changes=False, winners_change=False, moved=())


def test_a_nominee_who_fills_the_quota_of_a_unit_makes_room():
    read = contest(SPLIT, winners=2, quota=1, units={"n1": "u", "n2": "u", "n3": "v"})
    stands = rank(read)
    assert stands.award.winners == ("n2", "n3")
    without = {each.removed: each for each in without_each_nominee(read, stands)}
    assert without["n2"].winners == ("n1", "n3")
    assert without["n2"].winners_change is False
    assert without["n1"].winners == ("n2", "n3")


def test_the_decision_of_the_committee_holds_among_those_who_remain():
    tied = dict.fromkeys(("n1", "n2", "n3"), ((20, 20, 20), (20, 20, 20)))
    read = contest(tied, decisions=[("n3", "n1", "n2")])
    without = {each.removed: each for each in without_each_nominee(read, rank(read))}
    assert without["n3"].ranks == {"n1": 1, "n2": 2}
    assert [decision.order for decision in without_nominee(read, "n3").decisions] == [("n1", "n2")]
    assert without_nominee(without_nominee(read, "n3"), "n1").decisions == ()


def test_whoever_is_not_there_cannot_be_missed():
    read = contest(SPLIT, decisions=[("n1", "n2")])
    assert without_nominee(read, "siapa") == read


def test_a_blocked_award_is_compared_with_nothing():
    tied = {"n1": ((20, 20, 20), (20, 20, 20)), "n2": ((20, 20, 20), (20, 20, 20)), "n3": ((10, 10, 10), (0, 0, 0))}
    read = contest(tied)
    assert [each.winners_change for each in without_each_nominee(read, rank(read))] == [None] * 3
    assert [each.winners for each in without_each_nominee(read, rank(read))] == [("n2",), ("n1",), ()]
    assert [each.winners_change for each in without_each_assessor(read, rank(read))] == [None] * 3


def test_a_winner_who_is_missing_is_no_change_unless_another_loses_the_award():
    award = Award(("n1", "n2"), (), (), (), ())
    changes = [
        leaving._winners_change(removed, award, Award(after, (), (), (), ()))
        for removed, after in [
            ("n1", ("n2", "n3")),
            ("n1", ("n3", "n4")),
            ("n1", ("n2",)),
            ("n5", ("n2", "n1")),
            ("n5", ("n1", "n2", "n3")),
        ]
    ]
    assert changes == [False, True, False, False, True]


def test_only_who_has_another_place_among_those_who_are_left_has_moved():
    before = {"n1": 2, "n2": 5, "n3": None, "n4": 7}
    assert leaving._moved(before, {"n1": 1, "n2": 3, "n3": None, "n4": 4}) == ()
    assert leaving._moved(before, {"n1": 3, "n2": 1, "n3": None, "n4": 4}) == ("n1", "n2")


def test_only_those_without_a_place_remain():
    read = contest({"n1": SPLIT["n1"], "n2": ((1,) * 3, ("not_yet",) * 3)}, winners=0)
    first, second = without_each_nominee(read, rank(read))
    assert (first.ranks, first.failure) == ({"n2": None}, leaving.NOBODY_PLACED)
    assert (second.ranks, second.failure) == ({"n1": 1}, None)


def test_one_nominee_alone_leaves_nobody():
    read = contest({"n1": SPLIT["n1"]})
    (only,) = without_each_nominee(read, rank(read))
    assert (only.ranks, only.first, only.failure) == ({}, (), leaving.NOBODY_PLACED)


CONTESTS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=3, max_size=3), st.lists(st.sampled_from([0, 1, 2, 2, "abstained"]), min_size=3, max_size=3)
    ),
    min_size=1,
    max_size=7,
)


@given(CONTESTS, st.integers(1, 3), st.sampled_from([None, 1]), st.booleans())
def test_closing_the_gap_is_what_the_official_code_would_say(marks, winners, quota, chain):
    nominees = {f"n{at}": both for at, both in enumerate(marks)}
    units = {who: f"u{at % 2}" for at, who in enumerate(nominees)}
    tie_chain = [{"by": "criterion", "code": "y"}] if chain else []
    read = contest(nominees, winners=winners, quota=quota, units=units, tie_chain=tie_chain, min_assessors=2)
    stands = rank(read)
    for each in without_each_nominee(read, stands):
        official = rank(without_nominee(read, each.removed))
        assert each.ranks == {row.id: row.rank for row in official.rows}
        if each.winners_change is not None:
            assert set(each.winners) == set(official.award.winners)
        assert each.moved == ()
        assert each.first_changes is False


# Verdict -----------------------------------------------------------------------------------------------------------


def judged(read):
    return robustness.robustness(read, rank(read), "biji")


CLEAR = {"n1": ((45, 45, 45), (45, 45, 45)), "n2": ((30, 30, 30), (46, 46, 46)), "n3": ((20, 20, 20), (10, 10, 10))}


def test_a_clear_winner_is_solid():
    found = judged(contest(CLEAR))
    assert found.verdict == Verdict(
        "kokoh",
        (
            "Pemenang tetap pertama sampai bobot A turun 87,5 % (dari 50 % menjadi 6,3 %).",
            "Pemenang berada di peringkat pertama pada 94 % dari 10.000 susunan bobot acak.",
            "Tanpa salah satu penilai pemenang tetap pertama (3 kali dihitung ulang).",
            "Tanpa salah satu calon lain pemenang tetap pertama (3 kali dihitung ulang).",
        ),
    )
    assert found.weights_source.startswith("Instrumen ini menjumlahkan poin tanpa bobot.")
    assert len(found.component_changes) == len(found.criterion_changes) == 4
    assert found.award_changes == ()
    assert [each.removed for each in found.left_out_nominees] == ["n1", "n2", "n3"]
    assert found.acceptability.seed == "biji"
    assert judged(contest(CLEAR, winners=3)).award_changes == ()


def test_a_winner_by_one_assessor_is_sensitive():
    found = judged(contest(SPLIT, winners=2))
    assert found.verdict.word == "peka"
    assert found.verdict.sentences[2] == "Tanpa salah satu penilai pemenang berganti pada 1 dari 3 kali hitung ulang."
    assert [change.inside for change in found.award_changes] == [2] * 4


def test_a_winner_by_a_weight_or_by_few_weightings_is_sensitive():
    close = {"n1": ((30, 30, 30), (30, 30, 30)), "n2": ((28, 28, 28), (31, 31, 31)), "n3": ((46, 46, 46), (13, 13, 13))}
    found = judged(contest(close))
    assert found.verdict.word == "peka"
    assert found.verdict.sentences[0] == "Pemenang tetap pertama sampai bobot A naik 3 % (dari 50 % menjadi 51,5 %)."
    assert not any(each.first_changes for each in found.left_out_assessors)


def test_a_winner_better_everywhere_needs_no_words_about_weights():
    found = judged(contest({"n1": ((45,) * 3, (45,) * 3), "n2": ((30,) * 3, (40,) * 3)}))
    assert found.verdict.sentences[:2] == (
        "Tidak ada perubahan satu bobot komponen yang mengubah pemenang.",
        "Pemenang berada di peringkat pertama pada 100 % dari 10.000 susunan bobot acak.",
    )
    assert found.verdict.word == "kokoh"


def test_one_nominee_or_a_shared_first_place_has_no_verdict():
    alone = judged(contest({"n1": SPLIT["n1"]}))
    assert alone.verdict == Verdict("tidak dapat dihitung", ("Tidak dapat dihitung: kurang dari dua calon berperingkat.",))
    assert (alone.acceptability, alone.component_changes, alone.criterion_changes) == (robustness.ONE_NOMINEE, (), ())
    shared = judged(contest({"n1": SPLIT["n1"], "n2": SPLIT["n1"]}))
    assert shared.verdict == Verdict("tidak dapat dihitung", ("Tidak dapat dihitung: peringkat pertama masih seri.",))


def test_what_cannot_be_compared_is_said():
    two = {"n1": ((45,), (45,)), "n2": ((30,), (40,))}
    found = judged(contest(two, panel=("a1",)))
    assert found.verdict.sentences[2] == "Tanpa salah satu penilai: tidak dapat dihitung."
    assert found.verdict.word == "kokoh"


def test_some_comparisons_may_be_missing():
    read = contest(CLEAR)
    stands = rank(read)
    broken = replace(without_each_assessor(read, stands)[0], first_changes=True, failure=leaving.NOBODY_PLACED)
    some = verdict(
        stands, (), acceptability(by_component(read.definition, stands), "x", 10), [broken, *without_each_assessor(read, stands)], []
    )
    assert some.word == "kokoh"
    assert some.sentences[2:] == (
        "Tanpa salah satu penilai pemenang tetap pertama (3 kali dihitung ulang). 1 lainnya tidak dapat dihitung.",
        "Tanpa salah satu calon lain: tidak dapat dihitung.",
    )


@pytest.mark.parametrize(("share", "word"), [(49, "peka"), (50, "kokoh")])
def test_half_of_all_weightings_is_enough(share, word):
    read = contest(CLEAR)
    stands = rank(read)
    given_ = Acceptability(("n1", "n2", "n3"), ((share, 100 - share, 0),) * 3, 100, "x")
    assert verdict(stands, (), given_, (), ()).word == word


@pytest.mark.parametrize(("weight", "word"), [("0.55", "peka"), ("0.551", "kokoh")])
def test_a_tenth_of_a_weight_is_near(weight, word):
    read = contest(CLEAR)
    stands = rank(read)
    change = replace(weight_changes(model(("1/2", "1/2"), (60, 50), (40, 90)))[0], relative=Fraction(weight) * 2 - 1)
    given_ = Acceptability(("n1", "n2", "n3"), ((100, 0, 0),) * 3, 100, "x")
    assert (
        verdict(stands, (replace(change, new_weight=Fraction(weight), change=Fraction(weight) - Fraction(1, 2)),), given_, (), ()).word
        == word
    )


def test_one_component_is_looked_at_by_its_criteria():
    one, two = model(("1",), (50,)), model(("1/2", "1/2"), (50, 60))
    assert main_model(one, two) is two
    assert main_model(two, one) is two


# Words and places --------------------------------------------------------------------------------------------------


def test_words_and_places():
    assert (percent(Fraction(1, 3)), percent(Fraction(1)), percent(Fraction(1, 2000))) == ("33,3 %", "100 %", "0,1 %")
    assert [listed(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == ["A", "A dan B", "A, B dan C"]
    assert places([1.0, 1.0 + 1e-12, 0.5]) == (1, 1, 3)
    assert places([]) == ()
    assert NotComputable("x").message == "Tidak dapat dihitung: x."


@given(st.lists(st.integers(0, 5)))
def test_a_place_is_one_more_than_the_number_of_better_ones(values):
    assume(values)
    assert places(values) == tuple(1 + sum(other > value for other in values) for value in values)
