"""Panels are complete, nobody judges whom they may not, the work is spread as evenly as can be, and equal input gives an equal plan."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules.assigning import Plan, Unmet, assign, one_panel

NOMINEES = st.integers(0, 8).map(lambda count: list(range(1, count + 1)))
ASSESSORS = st.integers(0, 6).map(lambda count: list(range(11, count + 11)))


@st.composite
def problems(draw, nominees=NOMINEES, assessors=ASSESSORS):
    people, judges = draw(nominees), draw(assessors)
    barred = {each: draw(st.sets(st.sampled_from(judges))) if judges else set() for each in people}
    load = {each: draw(st.integers(0, 5)) for each in judges}
    return people, judges, barred, draw(st.integers(1, 4)), load


def work(plan: Plan, judges, load):
    return sorted(load.get(each, 0) + plan.load().get(each, 0) for each in judges)


@given(problems())
def test_every_panel_is_as_large_as_it_can_be_and_holds_nobody_who_is_barred(problem):
    people, judges, barred, size, load = problem
    plan = assign(people, judges, barred, size, load=load)
    assert list(plan.panels) == people
    for nominee, panel in plan.panels.items():
        free = set(judges) - barred[nominee]
        assert len(panel) == len(set(panel)) == min(size, len(free))
        assert set(panel) <= free
    assert plan.unmet == tuple(Unmet(each, len(plan.panels[each]), size) for each in people if len(plan.panels[each]) < size)


@given(problems(st.integers(0, 4).map(lambda n: list(range(1, n + 1))), st.integers(1, 4).map(lambda n: list(range(11, n + 11)))))
def test_no_other_plan_spreads_the_work_more_evenly(problem):
    people, judges, barred, size, load = problem
    plan = assign(people, judges, barred, size, load=load)
    choices = [list(combinations(sorted(set(judges) - barred[each]), len(plan.panels[each]))) for each in people]
    best = min(sum((load[each] + sum(each in panel for panel in panels)) ** 2 for each in judges) for panels in product(*choices))
    assert sum(each**2 for each in work(plan, judges, load)) == best


@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(problem, chance):
    people, judges, barred, size, load = problem
    mixed_people, mixed_judges = list(people), list(judges)
    chance.shuffle(mixed_people)
    chance.shuffle(mixed_judges)
    mixed = {each: sorted(barred[each], reverse=True) for each in mixed_people}
    assert assign(mixed_people, mixed_judges, mixed, size, load=load) == assign(people, judges, barred, size, load=load)
    assert one_panel(mixed_people, mixed_judges, mixed, size, load=load) == one_panel(people, judges, barred, size, load=load)


@given(problems(), st.data())
def test_what_is_kept_stays_unless_it_is_barred(problem, data):
    people, judges, barred, size, load = problem
    kept = {each: data.draw(st.sets(st.sampled_from(judges))) if judges else set() for each in people}
    plan = assign(people, judges, barred, size, load=load, kept=kept)
    for each in people:
        stays = kept[each] - barred[each]
        assert stays <= set(plan.panels[each])
        assert len(plan.panels[each]) == max(len(stays), min(size, len(set(judges) - barred[each])))


@pytest.mark.parametrize(
    ("nominees", "assessors", "barred", "size", "load", "kept", "panels"),
    [
        (2, 3, {1: [11], 2: [13]}, 1, {11: 1}, {}, {1: (13,), 2: (12,)}),
        (2, 4, {1: [11], 2: [14]}, 2, {}, {1: [12]}, {1: (12, 14), 2: (11, 13)}),
        (3, 4, {1: [11, 14], 2: [11], 3: [13, 14]}, 1, {11: 1}, {}, {1: (13,), 2: (14,), 3: (12,)}),
        (3, 4, {1: [11, 12, 14], 3: [11]}, 2, {11: 4, 12: 3, 13: 1}, {1: [13]}, {1: (13,), 2: (12, 14), 3: (13, 14)}),
        (3, 4, {1: [14], 2: [11, 13], 3: [14]}, 1, {13: 4}, {}, {1: (12,), 2: (14,), 3: (11,)}),
        (3, 5, {1: [12, 14], 2: [14, 15], 3: [12, 13, 15]}, 1, {12: 6, 13: 3, 15: 1}, {}, {1: (15,), 2: (11,), 3: (14,)}),
        (4, 4, {1: [12], 2: [12], 3: [14], 4: [13, 14]}, 2, {}, {}, {1: (13, 14), 2: (13, 14), 3: (11, 12), 4: (11, 12)}),
        (4, 4, {1: [14], 2: [13, 14], 3: [12, 13], 4: [13]}, 1, {14: 1}, {}, {1: (13,), 2: (12,), 3: (11,), 4: (12,)}),
        (4, 4, {1: [12, 14], 2: [13, 14], 3: [13, 14], 4: [11]}, 1, {12: 6}, {}, {1: (13,), 2: (11,), 3: (11,), 4: (14,)}),
        (4, 4, {1: [11, 12], 2: [13, 14], 3: [11, 14], 4: [13, 14]}, 1, {11: 2}, {}, {1: (14,), 2: (12,), 3: (13,), 4: (12,)}),
        (4, 4, {1: [13, 14], 2: [13], 3: [12, 14], 4: [14]}, 2, {13: 4, 14: 2}, {1: [12]}, {
            1: (11, 12), 2: (12, 14), 3: (11, 13), 4: (11, 12),
        }),
        (5, 5, {1: [12, 13], 2: [11, 15], 3: [13, 14], 4: [11, 14], 5: [14, 15]}, 2, {11: 3, 13: 1, 14: 1}, {}, {
            1: (14, 15), 2: (12, 14), 3: (12, 15), 4: (13, 15), 5: (12, 13),
        }),
        (6, 4, {1: [11, 13], 2: [11, 14], 3: [12, 13, 14], 4: [12, 14], 5: [11, 14], 6: [13, 14]}, 1, {}, {}, {
            1: (14,), 2: (13,), 3: (11,), 4: (13,), 5: (12,), 6: (12,),
        }),
    ],
)  # fmt: skip
def test_work_is_handed_on_along_chains(nominees, assessors, barred, size, load, kept, panels):
    """Small cases in which the first choice is not the most even one, some with two chains one after the other."""
    plan = assign(range(1, nominees + 1), range(11, assessors + 11), barred, size, load=load, kept=kept)
    assert plan.panels == panels


def test_who_keeps_a_nominee_has_that_work_already():
    assert assign([1, 2], [7, 8], {}, 1, kept={1: [7]}).panels == {1: (7,), 2: (8,)}
    assert assign([1, 2], [7, 8], {}, 1, load={8: 1}, kept={1: [7]}).panels == {1: (7,), 2: (7,)}
    assert assign([1, 2], [7, 8], {}, 1, load={7: 5, 8: 5}, kept={1: [7]}).panels == {1: (7,), 2: (8,)}


def test_five_assessors_share_twelve_nominees_three_each():
    plan = assign(range(1, 13), range(1, 6), {4: [1, 2], 9: [3]}, 3)
    assert (plan.unmet, sorted(plan.load().values())) == ((), [7, 7, 7, 7, 8])


def test_who_has_much_to_do_elsewhere_gets_less():
    plan = assign([1, 2, 3, 4], [7, 8], {}, 1, load={7: 3})
    assert plan.panels == {1: (8,), 2: (8,), 3: (8,), 4: (7,)}


def test_a_plan_says_for_whom_it_could_not_be_met():
    assert assign([1, 2], [7, 8, 9], {2: [7, 8]}, 2).unmet == (Unmet(2, 1, 2),)
    assert assign([1], [], {}, 2).unmet == (Unmet(1, 0, 2),)


@given(problems())
def test_one_panel_for_all_leaves_out_only_conflicts(problem):
    people, judges, barred, size, load = problem
    plan = one_panel(people, judges, barred, size, load=load)
    together = sorted({each for panel in plan.panels.values() for each in panel})
    assert len(together) <= size
    for nominee, panel in plan.panels.items():
        assert not set(panel) & barred[nominee]
        assert set(together) - set(panel) <= barred[nominee]


def test_one_panel_prefers_those_without_conflicts_then_the_least_to_do():
    assert one_panel([1, 2], [7, 8, 9], {1: [8]}, 2, load={9: 5}).panels == {1: (7, 9), 2: (7, 9)}
    assert one_panel([1], [7, 8, 9], {}, 2, load={7: 1, 8: 2}).panels == {1: (7, 9)}
    assert one_panel([1], [11, 12, 13], {1: [12]}, 1, load={11: 1, 12: 3}).panels == {1: (13,)}
    assert one_panel([1, 2], [7, 8], {1: [8]}, 2) == Plan({1: (7,), 2: (7, 8)}, (Unmet(1, 1, 2),))


def test_a_plan_has_one_document():
    assert assign([2, 1], [8, 7], {}, 2).document() == {"1": [7, 8], "2": [7, 8]}
