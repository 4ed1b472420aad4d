"""Places and awards: ties, the tie chain, decisions of the committee, quotas, what blocks."""

import pytest

from sipetruk.rules import contest as contests
from sipetruk.rules.canonical import canonical
from sipetruk.rules.ranking import rank
from sipetruk.rules.reasons import explain, explain_decision
from tests.rules.building import component, computed, criterion, definition, inputs, nominee, rows

CHAIN = [{"by": "component", "code": "a"}, {"by": "criterion", "code": "y"}, {"by": "attribute", "code": "length_of_service_days"}]


def contest(tie_chain=CHAIN, **policy):
    return definition(
        component("a", criterion("x", 50)),
        component("b", criterion("y", 30), criterion("z", 20)),
        tie_chain=tie_chain,
        **policy,
    )


def person(who, x, y, z, *, unit="unit-1", service=None):
    return nominee(who, {"x": {"a1": x}, "y": {"a1": y}, "z": {"a1": z}}, unit=unit, service=service)


def places(result):
    return {row["id"]: (row["rank"], row["tie_group"], row["decided_by"]) for row in result["rows"]}


def test_different_scores_need_no_rule():
    result = computed(contest(), [person("n1", 10, 0, 0), person("n2", 30, 0, 0), person("n3", 20, 0, 0)])
    assert places(result) == {"n2": (1, None, None), "n3": (2, None, None), "n1": (3, None, None)}
    assert [row["id"] for row in result["rows"]] == ["n2", "n3", "n1"]
    assert result["award"] == {"winners": ["n2", "n3", "n1"], "passed_over": [], "unresolved": [], "blocked": [], "unused_decisions": []}


def test_equal_totals_share_a_place_until_a_rule_or_the_committee_decides():
    result = computed(contest(tie_chain=[]), [person("n1", 10, 10, 0), person("n2", 20, 0, 0), person("n3", 5, 0, 0)], winners=2)
    assert places(result) == {"n1": (1, 1, "unresolved"), "n2": (1, 1, "unresolved"), "n3": (3, None, None)}
    assert result["award"]["winners"] == ["n1", "n2"]
    assert result["award"]["unresolved"] == [["n1", "n2"]]
    assert result["award"]["blocked"] == []


def test_the_chain_decides_step_by_step_and_says_which_step_it_was():
    people = [
        person("n1", 20, 10, 10, service=100),
        person("n2", 15, 15, 10, service=100),
        person("n3", 15, 10, 15, service=900),
        person("n4", 15, 10, 15, service=800),
    ]
    assert places(computed(contest(), people)) == {
        "n1": (1, 1, "component:a"),
        "n2": (2, 1, "criterion:y"),
        "n3": (3, 1, "attribute:length_of_service_days"),
        "n4": (4, 1, "attribute:length_of_service_days"),
    }


def test_a_tie_that_no_rule_splits_stays_open_and_keeps_its_rank():
    people = [
        person("n1", 20, 10, 10, service=5),
        person("n2", 15, 15, 10, service=9),
        person("n3", 15, 15, 10, service=9),
        person("n4", 1, 1, 1),
    ]
    assert places(computed(contest(), people)) == {
        "n1": (1, 1, "component:a"),
        "n2": (2, 1, "unresolved"),
        "n3": (2, 1, "unresolved"),
        "n4": (4, None, None),
    }


def test_an_attribute_that_is_not_on_record_decides_nothing():
    result = computed(contest(), [person("n1", 15, 15, 10, service=9), person("n2", 15, 15, 10, service=None)])
    assert places(result) == {"n1": (1, 1, "unresolved"), "n2": (1, 1, "unresolved")}
    warning = {"code": "ATTRIBUTE_UNKNOWN", "attribute": "length_of_service_days"}
    assert {who: row["warnings"] for who, row in rows(result).items()} == {"n1": [], "n2": [warning]}
    assert explain(warning) == "Masa kerja belum tercatat, sehingga tidak dapat menentukan urutan nilai sama."


def test_ranks_follow_the_printed_score_and_a_different_exact_order_is_flagged():
    fine = contest(tie_chain=[{"by": "component", "code": "a"}], rounding={"decimals": 0})
    people = [
        nominee("n1", {"x": {"a1": 20, "a2": 20}, "y": {"a1": 10, "a2": 10}, "z": {"a1": 10, "a2": 10}}),
        nominee("n2", {"x": {"a1": 19, "a2": 19}, "y": {"a1": 11, "a2": 10}, "z": {"a1": 10, "a2": 10}}),
        nominee("n3", {"x": {"a1": 19, "a2": 19}, "y": {"a1": 10, "a2": 11}, "z": {"a1": 11, "a2": 10}}),
    ]
    result = computed(fine, people, panel=("a1", "a2"))
    assert [(row["id"], row["exact"], row["score"], row["rank"], row["decided_by"]) for row in result["rows"]] == [
        ("n1", "40/1", "40", 1, "component:a"),
        ("n2", "79/2", "40", 2, "unresolved"),
        ("n3", "40/1", "40", 2, "unresolved"),
    ]
    flag = [{"code": "EXACT_ORDER_DIFFERS"}]
    assert {who: row["warnings"] for who, row in rows(result).items()} == {"n1": [], "n2": flag, "n3": flag}


def test_the_committee_orders_exactly_the_nominees_of_an_open_tie():
    people = [person("n1", 15, 15, 10), person("n2", 15, 15, 10), person("n3", 15, 15, 10), person("n4", 50, 0, 0)]
    result = computed(contest(tie_chain=[]), people, decisions=[("n3", "n1", "n2")], winners=2)
    assert places(result) == {"n4": (1, None, None), "n3": (2, 2, "committee"), "n1": (3, 2, "committee"), "n2": (4, 2, "committee")}
    assert (result["award"]["winners"], result["award"]["unused_decisions"]) == (["n4", "n3"], [])


def test_a_decision_about_other_nominees_than_the_open_tie_is_not_applied():
    people = [person("n1", 15, 15, 10), person("n2", 15, 15, 10), person("n3", 15, 15, 9)]
    result = computed(contest(tie_chain=[]), people, decisions=[("n1", "n2", "n3")], winners=1)
    assert places(result)["n1"] == (1, 1, "unresolved")
    assert result["award"]["unused_decisions"] == [["n1", "n2", "n3"]]
    assert result["award"]["blocked"] == [{"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n1", "n2"], "places": 1}]


def test_a_tie_across_the_last_award_place_blocks():
    people = [person("n1", 30, 0, 0), person("n2", 20, 0, 0), person("n3", 20, 0, 0)]
    award = computed(contest(tie_chain=[]), people, winners=2)["award"]
    reason = {"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n2", "n3"], "places": 1}
    assert award == {"winners": [], "passed_over": [], "unresolved": [["n2", "n3"]], "blocked": [reason], "unused_decisions": []}
    assert explain(reason) == "2 calon bernilai sama memperebutkan 1 tempat terakhir; tim harus memutuskan urutannya."


def test_a_tie_below_the_award_places_blocks_nothing():
    people = [person("n1", 30, 0, 0), person("n2", 20, 0, 0), person("n3", 20, 0, 0)]
    award = computed(contest(tie_chain=[]), people, winners=1)["award"]
    assert (award["winners"], award["blocked"], award["unresolved"]) == (["n1"], [], [["n2", "n3"]])


def test_the_quota_of_a_unit_passes_over_and_says_so():
    people = [
        person("n1", 50, 0, 0, unit="dinas"),
        person("n2", 40, 0, 0, unit="dinas"),
        person("n3", 30, 0, 0, unit="badan"),
        person("n4", 20, 0, 0, unit="dinas"),
    ]
    award = computed(contest(), people, winners=2, quota=1)["award"]
    reason = {"code": "UNIT_QUOTA_FULL", "unit": "dinas", "quota": 1}
    assert (award["winners"], award["passed_over"]) == (["n1", "n3"], [{"id": "n2", "reason": reason}])
    assert explain(reason) == "Kuota unit kerja ini (1) sudah terisi."


def test_a_tie_within_a_unit_across_its_quota_blocks():
    people = [person("n1", 50, 0, 0, unit="dinas"), person("n2", 50, 0, 0, unit="dinas"), person("n3", 10, 0, 0, unit="badan")]
    award = computed(contest(tie_chain=[]), people, winners=3, quota=1)["award"]
    assert (award["winners"], award["blocked"]) == ([], [{"code": "TIE_ACROSS_QUOTA", "ids": ["n1", "n2"], "quota": 1}])


def test_a_full_unit_does_not_make_a_tie():
    people = [
        person("n1", 50, 0, 0, unit="dinas"),
        person("n2", 40, 0, 0, unit="dinas"),
        person("n3", 40, 0, 0, unit="badan"),
    ]
    award = computed(contest(tie_chain=[]), people, winners=2, quota=1)["award"]
    assert (award["winners"], award["blocked"]) == (["n1", "n3"], [])
    assert award["passed_over"] == [{"id": "n2", "reason": {"code": "UNIT_QUOTA_FULL", "unit": "dinas", "quota": 1}}]


def test_one_incomplete_nominee_blocks_the_whole_category():
    waiting = nominee("n2", {"x": {"a1": 50}, "y": {"a1": 30}})
    result = computed(contest(), [person("n1", 10, 10, 10), waiting])
    assert places(result) == {"n1": (1, None, None), "n2": (None, None, None)}
    assert result["award"]["winners"] == []
    assert result["award"]["blocked"] == [{"code": "INCOMPLETE_NOMINEE", "id": "n2"}]
    assert explain(result["award"]["blocked"][0], names={"n2": "Budi"}) == "Penilaian Budi belum lengkap."
    assert explain(rows(result)["n2"]["reasons"][0], contest()) == "Nilai “Z” belum diberikan oleh 1 penilai."


def test_no_eligible_nominee_no_winner():
    strict = contest(floors=[{"component": "a", "at_least": 40}])
    result = computed(strict, [person("n1", 39, 30, 20), person("n2", 0, 0, 0)])
    assert {row["status"] for row in result["rows"]} == {"NOT_ELIGIBLE"}
    assert (result["award"]["winners"], result["award"]["blocked"]) == ([], [])
    assert explain(rows(result)["n1"]["reasons"][0], strict) == "Nilai A 39,00 di bawah batas 40."
    assert computed(strict, [])["rows"] == []


def test_what_decided_a_place_is_put_into_words():
    found = contest()
    assert [explain_decision(step, found) for step in (None, "committee", "unresolved", "component:a", "criterion:y")] == [
        "",
        "Keputusan tim penilai",
        "Belum diputuskan",
        "Nilai A",
        "Nilai Y",
    ]
    assert explain_decision("attribute:length_of_service_days", found) == "Masa kerja"


def test_the_three_states_side_by_side_with_all_their_reasons():
    strict = contest(min_assessors=2, floors=[{"component": "a", "at_least": 10}, {"component": "b", "at_least": "20.5"}])
    panel = ("a1", "a2", "a3")
    full = {"y": {"a1": 10, "a2": 10, "a3": 10}, "z": {"a1": 10, "a2": 10, "a3": 10}}
    people = [
        nominee("n1", {**full, "x": {"a1": 20, "a2": 20, "a3": "recused"}, "y": {"a1": 20, "a2": 20, "a3": 20}}),
        nominee("n2", {**full, "x": {"a1": 9, "a2": 10, "a3": 10}}),
        nominee("n3", {**full, "x": {"a1": 0, "a2": "not_yet", "a3": "not_yet"}, "y": {"a1": 0, "a2": "recused", "a3": "abstained"}}),
    ]
    result = computed(strict, people, panel=panel)
    few = {"code": "FEWER_MARKS", "criterion": "x", "found": 2, "panel": 3}
    assert [
        (row["id"], row["status"], row["rank"], row["exact"], row["score"], row["reasons"], row["warnings"]) for row in result["rows"]
    ] == [
        ("n1", "RANKED", 1, "50/1", "50.00", [], [few]),
        (
            "n2",
            "NOT_ELIGIBLE",
            None,
            "89/3",
            "29.67",
            [
                {"code": "BELOW_FLOOR", "component": "a", "score": "9.67", "at_least": "10"},
                {"code": "BELOW_FLOOR", "component": "b", "score": "20.00", "at_least": "20.5"},
            ],
            [],
        ),
        (
            "n3",
            "INCOMPLETE",
            None,
            None,
            None,
            [
                {"code": "MARKS_NOT_YET", "criterion": "x", "assessors": ["a2", "a3"]},
                {"code": "TOO_FEW_MARKS", "criterion": "y", "found": 1, "needed": 2},
            ],
            [],
        ),
    ]
    assert result["award"]["blocked"] == [{"code": "INCOMPLETE_NOMINEE", "id": "n3"}]


def test_a_step_that_nobody_can_take_leaves_the_tie_to_the_next():
    chain = [{"by": "attribute", "code": "length_of_service_days"}, {"by": "criterion", "code": "y"}]
    result = computed(contest(chain), [person("n1", 15, 15, 10, service=9), person("n2", 15, 16, 9), person("n3", 15, 14, 11)])
    assert places(result) == {"n2": (1, 1, "criterion:y"), "n1": (2, 1, "criterion:y"), "n3": (3, 1, "criterion:y")}
    unknown = [{"code": "ATTRIBUTE_UNKNOWN", "attribute": "length_of_service_days"}]
    assert {who: row["warnings"] for who, row in rows(result).items()} == {"n1": [], "n2": unknown, "n3": unknown}


def test_several_things_block_at_once():
    people = [person("n1", 20, 0, 0), person("n2", 20, 0, 0), nominee("n4", {}), nominee("n3", {})]
    award = computed(contest(tie_chain=[]), people, winners=1)["award"]
    assert award == {
        "winners": [],
        "passed_over": [],
        "unresolved": [["n1", "n2"]],
        "blocked": [
            {"code": "INCOMPLETE_NOMINEE", "id": "n3"},
            {"code": "INCOMPLETE_NOMINEE", "id": "n4"},
            {"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n1", "n2"], "places": 1},
        ],
        "unused_decisions": [],
    }


def test_the_mode_of_rounding_decides_what_is_equal():
    """20.5 and 20.4 points on x are both 20 when rounded down, and 21 and 20 when rounded half up; so are the totals."""
    people = [
        nominee("n1", {"x": {"a1": 20, "a2": 21}, "y": {"a1": 0, "a2": 0}, "z": {"a1": 1, "a2": 1}}),
        nominee("n2", {"x": {"a1": 20, "a2": 20}, "y": {"a1": 0, "a2": 1}, "z": {"a1": 1, "a2": 1}}),
    ]
    found = {
        mode: computed(contest([{"by": "criterion", "code": "x"}], rounding={"decimals": 0, "mode": mode}), people, panel=("a1", "a2"))
        for mode in ("half_up", "down")
    }
    assert {
        mode: [(row["id"], row["score"], row["rank"], row["decided_by"]) for row in result["rows"]] for mode, result in found.items()
    } == {
        "half_up": [("n1", "22", 1, "criterion:x"), ("n2", "22", 2, "criterion:x")],
        "down": [("n1", "21", 1, "unresolved"), ("n2", "21", 1, "unresolved")],
    }


def test_every_place_against_the_exact_order_is_flagged():
    """Exact totals 40, 39.5, 40.25 and 39.75 print as 40; a is 20, 19, 18 and 17, so places follow a."""
    fine = contest(tie_chain=[{"by": "component", "code": "a"}], rounding={"decimals": 0})
    people = [
        nominee(
            f"n{at}",
            {
                "x": dict.fromkeys(("a1", "a2", "a3", "a4"), x),
                "y": {f"a{who}": 20 + (who <= more) for who in range(1, 5)},
                "z": dict.fromkeys(("a1", "a2", "a3", "a4"), z),
            },
        )
        for at, x, more, z in ((1, 20, 0, 0), (2, 19, 2, 0), (3, 18, 1, 2), (4, 17, 3, 2))
    ]
    result = computed(fine, people, panel=("a1", "a2", "a3", "a4"))
    assert [(row["id"], row["exact"], row["score"], row["rank"], row["warnings"] != []) for row in result["rows"]] == [
        ("n1", "40/1", "40", 1, True),
        ("n2", "79/2", "40", 2, True),
        ("n3", "161/4", "40", 3, True),
        ("n4", "159/4", "40", 4, True),
    ]


def test_who_is_not_eligible_keeps_the_warnings():
    strict = contest(floors=[{"component": "a", "at_least": 40}])
    people = [nominee("n1", {"x": {"a1": 30, "a2": "abstained"}, "y": {"a1": 1, "a2": 1}, "z": {"a1": 1, "a2": 1}})]
    (row,) = computed(strict, people, panel=("a1", "a2"))["rows"]
    few = {"code": "FEWER_MARKS", "criterion": "x", "found": 1, "panel": 2}
    assert (row["status"], row["exact"], row["warnings"]) == ("NOT_ELIGIBLE", "32/1", [few])


def test_a_total_of_0_is_a_total():
    fine = contest(tie_chain=[], rounding={"decimals": 0})
    zero = {code: {"a1": 0, "a2": 0, "a3": 0} for code in "xyz"}
    result = computed(fine, [nominee("n1", zero), nominee("n2", {**zero, "x": {"a1": 1, "a2": 0, "a3": 0}})], panel=("a1", "a2", "a3"))
    assert [(row["id"], row["exact"], row["score"], row["rank"], row["warnings"]) for row in result["rows"]] == [
        ("n1", "0/1", "0", 1, [{"code": "EXACT_ORDER_DIFFERS"}]),
        ("n2", "1/3", "0", 1, [{"code": "EXACT_ORDER_DIFFERS"}]),
    ]


@pytest.mark.parametrize("who", ["n2", "e\u0301"])
def test_the_text_of_a_ranking_is_the_canonical_form_of_its_document(who):
    """Whoever is incomplete has no contributions but keeps the warnings; a name that is not composed is composed in the text."""
    split = {"a1": 10, "a2": 5, "a3": "abstained"}
    short = {"a1": 10, "a2": "abstained", "a3": "abstained"}
    given = [nominee("n1", {"x": split, "y": split, "z": split}), nominee(who, {"x": split, "y": split, "z": short})]
    found = rank(contests.parse(inputs(contest(min_assessors=2), given, panel=("a1", "a2", "a3"))))
    document = found.to_dict("mesin")
    assert found.canonical("mesin") == canonical(document)
    last = document["rows"][1]
    assert (last["status"], [note["criterion"] for note in last["warnings"]]) == ("INCOMPLETE", ["x", "y"])
    assert [sorted(part) for part in last["criteria"]] == [sorted(part) for part in document["rows"][0]["criteria"]]
    assert {part["contribution"] for part in last["criteria"]} == {None}
