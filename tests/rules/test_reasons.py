"""Every reason, warning and block in the sentence that people read."""

from random import Random

import pytest

from sipetruk.rules import seal
from sipetruk.rules.reasons import (
    ALL_GO_ON,
    DECIDED,
    NEEDLESS,
    TEMPLATES,
    UNDECIDED,
    decider,
    explain,
    explain_decided,
    explain_decision,
    open_ties,
)
from tests.rules.building import component, criterion, definition, inputs, nominee

FOUND = definition(component("a", criterion("x", 50)), component("b", criterion("y", 50)))
REASONS = [
    ({"code": "MARKS_NOT_YET", "criterion": "x", "assessors": ["a1", "a2"]}, "Nilai “X” belum diberikan oleh 2 penilai."),
    ({"code": "MARKS_NOT_YET", "criterion": "w", "assessors": ["a1"]}, "Nilai “w” belum diberikan oleh 1 penilai."),
    ({"code": "MARKS_NOT_YET", "criterion": "x", "waiting": 2}, "Nilai “X” belum diberikan oleh 2 penilai."),
    ({"code": "TOO_FEW_MARKS", "criterion": "x", "found": 2, "needed": 3}, "Nilai “X” baru dari 2 penilai, sedikitnya 3."),
    ({"code": "VALUE_MISSING", "criterion": "y"}, "Data “Y” belum ada."),
    ({"code": "BELOW_FLOOR", "component": "a", "score": "59.99", "at_least": "60"}, "Nilai A 59,99 di bawah batas 60."),
    ({"code": "FEWER_MARKS", "criterion": "x", "found": 2, "panel": 3}, "Nilai “X” dari 2 di antara 3 penilai."),
    (
        {"code": "EXACT_ORDER_DIFFERS"},
        "Nilai tercetak sama dengan calon lain, tetapi urutan nilai eksaknya berbeda dari peringkat.",
    ),
    (
        {"code": "ATTRIBUTE_UNKNOWN", "attribute": "length_of_service_days"},
        "Masa kerja belum tercatat, sehingga tidak dapat menentukan urutan nilai sama.",
    ),
    ({"code": "ATTRIBUTE_UNKNOWN", "attribute": "usia"}, "usia belum tercatat, sehingga tidak dapat menentukan urutan nilai sama."),
    ({"code": "INCOMPLETE_NOMINEE", "id": "n1"}, "Penilaian Budi belum lengkap."),
    ({"code": "INCOMPLETE_NOMINEE", "id": "n9"}, "Penilaian seorang calon belum lengkap."),
    (
        {"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n1", "n2"], "places": 1},
        "2 calon bernilai sama memperebutkan 1 tempat terakhir; tim harus memutuskan urutannya.",
    ),
    (
        {"code": "TIE_ACROSS_QUOTA", "ids": ["n1", "n2"], "quota": 1},
        "2 calon bernilai sama melampaui kuota unit (1); tim harus memutuskan urutannya.",
    ),
    ({"code": "UNIT_QUOTA_FULL", "unit": "u1", "quota": 1}, "Kuota unit kerja ini (1) sudah terisi."),
]


@pytest.mark.parametrize(("reason", "sentence"), REASONS)
def test_a_reason_is_a_sentence(reason, sentence):
    assert explain(reason, FOUND, {"n1": "Budi"}) == sentence


def test_every_reason_has_an_example_here():
    assert {reason["code"] for reason, _ in REASONS} == TEMPLATES.keys()


def test_without_an_instrument_and_names_codes_stand_for_themselves():
    assert explain({"code": "VALUE_MISSING", "criterion": "x"}) == "Data “x” belum ada."
    assert explain({"code": "INCOMPLETE_NOMINEE", "id": "n1"}) == "Penilaian seorang calon belum lengkap."
    assert explain({"code": "BELOW_FLOOR", "component": "a.b.c", "score": "1.5", "at_least": "2"}) == "Nilai a.b.c 1,5 di bawah batas 2."
    assert explain({"code": "VALUE_MISSING", "criterion": "1.2.3"}) == "Data “1.2.3” belum ada."


@pytest.mark.parametrize(
    ("decided_by", "words"),
    [
        (None, ""),
        ("committee", "Keputusan tim penilai"),
        ("unresolved", "Belum diputuskan"),
        ("component:a", "Nilai A"),
        ("component:c", "Nilai c"),
        ("criterion:y", "Nilai Y"),
        ("attribute:length_of_service_days", "Masa kerja"),
        ("attribute:usia", "usia"),
    ],
)
def test_what_decided_a_place_in_words(decided_by, words):
    assert explain_decision(decided_by, FOUND) == words


def test_what_nothing_decided_is_told_as_the_caller_knows_it():
    assert explain_decision("unresolved", FOUND, NEEDLESS) == "Tidak perlu diputuskan: tidak mengubah pemenang"
    assert explain_decision("committee", FOUND, NEEDLESS) == "Keputusan tim penilai"


@pytest.mark.parametrize(
    ("decided_by", "words", "said"),
    [(None, "", ""), ("committee", "Keputusan tim penilai", "Penentu: Keputusan tim penilai"), ("unresolved", NEEDLESS, NEEDLESS)],
)
def test_a_place_among_equals_as_a_sentence(decided_by, words, said):
    assert decider(decided_by, words) == said


def test_a_tie_that_was_decided_blocks_until_the_next_computation():
    reason = {"code": "TIE_ACROSS_LAST_AWARD", "ids": ["n1", "n2", "n3"], "places": 1}
    assert explain_decided(reason) == "Urutan 3 calon bernilai sama sudah diputuskan; hitung ulang agar berlaku."


FIRST, SECOND, THIRD = ("n1", "n2"), ("n3", "n4"), ("n5", "n6")
LAST_AWARD = {"code": "TIE_ACROSS_LAST_AWARD", "ids": list(SECOND), "places": 1}
QUOTA = {"code": "TIE_ACROSS_QUOTA", "ids": list(SECOND), "quota": 1}
MISSING = {"code": "INCOMPLETE_NOMINEE", "id": "n9"}


def computed(*blocked, quota=None):
    """Three open ties, the best first, and what blocks the award."""
    award = {"unresolved": [list(group) for group in (FIRST, SECOND, THIRD)], "blocked": list(blocked)}
    return {"inputs": {"category": {"quota_per_unit": quota}}, "result": {"award": award}}


@pytest.mark.parametrize(
    ("blocked", "quota", "said"),
    [
        ((), None, [NEEDLESS, NEEDLESS, NEEDLESS]),
        ((), 1, [NEEDLESS, NEEDLESS, NEEDLESS]),
        ((LAST_AWARD,), None, [NEEDLESS, UNDECIDED, NEEDLESS]),
        ((LAST_AWARD,), 1, [NEEDLESS, UNDECIDED, UNDECIDED]),
        ((QUOTA,), 1, [NEEDLESS, UNDECIDED, UNDECIDED]),
        ((MISSING,), None, [UNDECIDED, UNDECIDED, UNDECIDED]),
        ((MISSING, LAST_AWARD), None, [UNDECIDED, UNDECIDED, UNDECIDED]),
    ],
)
def test_only_a_tie_that_changes_who_wins_has_to_be_decided(blocked, quota, said):
    assert open_ties(computed(*blocked, quota=quota)) == dict(zip((FIRST, SECOND, THIRD), said, strict=True))


def test_a_first_stage_leaves_no_tie_to_decide():
    assert open_ties(computed(MISSING, LAST_AWARD), is_first_stage=True) == dict.fromkeys((FIRST, SECOND, THIRD), ALL_GO_ON)


def test_a_decision_counts_for_exactly_its_group_whatever_its_order():
    decided = [["n4", "n3"], ["n1"], ["n5", "n6", "n7"]]
    assert open_ties(computed(LAST_AWARD), decided=decided) == {FIRST: NEEDLESS, SECOND: DECIDED, THIRD: NEEDLESS}
    assert open_ties(computed(), is_first_stage=True, decided=decided) == {FIRST: ALL_GO_ON, SECOND: DECIDED, THIRD: ALL_GO_ON}


def contest(chance):
    """A small contest with many equals, as a document for any decisions."""
    people = [nominee(f"n{at}", {"x": {"a1": 10 * chance.randint(1, 3)}}, unit=f"u{chance.randint(1, 3)}") for at in range(7)]
    winners, quota = chance.randint(1, 6), chance.choice([None, 1, 2])
    found = definition(component("a", criterion("x")))

    def decided(orders):
        return seal.document(seal.compute(inputs(found, people, winners=winners, quota=quota, decisions=orders)))

    return decided


@pytest.mark.parametrize("seed", range(50))
def test_no_order_of_a_tie_that_needs_no_decision_changes_who_wins(seed):
    """Ties that must be decided are, until nobody waits; then the others are put in order as well."""
    chance = Random(seed)  # noqa: S311  # the same contests every time
    decided, orders, needless = contest(chance), [], set()
    while ties := {group: said for group, said in open_ties(decided(orders)).items() if group not in orders}:
        needless |= {group for group, said in ties.items() if said == NEEDLESS}
        waiting = [group for group, said in ties.items() if said == UNDECIDED]
        if not waiting:
            break
        orders.append(tuple(chance.sample(waiting[0], len(waiting[0]))))
    alone = decided(orders)["result"]["award"]
    more = [tuple(chance.sample(group, len(group))) for group in sorted(needless)]
    both = decided([*orders, *more])["result"]["award"]
    assert (alone["blocked"], set(alone["winners"])) == ([], set(both["winners"]))
