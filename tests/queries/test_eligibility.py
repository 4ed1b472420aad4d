"""Rules tried on one employee and counted over all, always by the same check and on the same records."""

from datetime import date

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Attendance, Category, Employee, EmployeeAward, PerformanceRating, Sanction
from sipetruk.queries import eligibility as queries
from sipetruk.queries import facts
from sipetruk.rules import eligibility
from sipetruk.rules.permissions import SYSTEM
from tests.services import builders

TODAY = date(2024, 10, 2)
LEVELS = {"levels": ["R", "S", "B"]}
EVERY = [
    {"fact": "kind", "operator": "in", "value": ["PNS"]},
    {"fact": "position_type", "operator": "in", "value": ["2"]},
    {"fact": "echelon", "operator": "in", "value": ["99"]},
    {"fact": "grade", "operator": "between", "value": {"PNS": {"from": "III/a", "to": "IV/e"}}},
    {"fact": "age", "operator": "at_most", "value": 50},
    {"fact": "service_years", "operator": "at_least", "value": 5},
    {"fact": "legal_status", "operator": "in", "value": ["01"]},
    {"fact": "predicate", "operator": "at_least", "value": {"years": 2, "predicate": "BAIK"}},
    {"fact": "sanction_ever", "operator": "none", "value": LEVELS},
    {"fact": "sanction_within", "operator": "none", "value": {**LEVELS, "years": 2}},
    {"fact": "sanction_serving", "operator": "none", "value": LEVELS, "effect": "warn"},
    {"fact": "under_examination", "operator": "none", "value": None},
    {"fact": "attendance", "operator": "at_least", "value": {"months": ["2024-04", "2024-05"], "percent": 95}},
    {"fact": "award_within", "operator": "none", "value": 2},
    {"fact": "unit_quota", "operator": "at_most", "value": 2},
]
"""One rule about every fact there is."""


@pytest.fixture
def round_(cast):
    found = builders.open_round(cast, eligibility_rules=EVERY)
    assert [rule["fact"] for rule in EVERY] == list(eligibility.RULES)
    return found


@pytest.fixture
def staff(cast, round_):
    """One without fault, one with a failed rule, one of whom a rule cannot be judged; the last is of another unit."""
    builders.submitted(cast, round_, "Budi Santoso")
    good = Employee.get(Employee.name == "Budi Santoso").id
    young = builders.employee(cast.unit_id, "Wati Lestari", appointed_on=date(2022, 5, 1))
    unrated = builders.employee(cast.other_unit_id, "Siti Aminah")
    for employee_id, years in ((good, (2022, 2023)), (young, (2022, 2023)), (unrated, (2023,))):
        for year in years:
            PerformanceRating.insert(employee=employee_id, year=year, work_result="SESUAI", behaviour="SESUAI", predicate="BAIK").execute()
        Attendance.insert_many([{"employee": employee_id, "year": 2024, "month": m, "realisation": 9700} for m in (3, 4, 5)]).execute()
    Sanction.insert(employee=young, level="R", starts_on=date(2023, 1, 1)).execute()
    return good, young, unrated


def count(cast, round_, who="bkpsdm", **options):
    return queries.count(getattr(cast, who), round_.category_id, today=TODAY, **options)


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "viewer"])
def test_one_employee_under_every_rule(cast, round_, staff, who):
    good, young, unrated = staff
    found = [queries.trial(getattr(cast, who), round_.category_id, id_, today=TODAY) for id_ in staff]
    assert [trial.verdict for trial in found] == ["passed", "failed", "unknown"]
    assert [trial.employee.full_name for trial in found] == ["Budi Santoso", "Wati Lestari", "Siti Aminah"]
    assert [o.rule.fact for o in found[1].outcomes if o.status != "passed"] == [
        "service_years", "sanction_ever", "sanction_within", "sanction_serving",
    ]  # fmt: skip
    assert [(o.rule.fact, o.seen, o.source) for o in found[2].outcomes if o.status != "passed"] == [
        ("predicate", "2022 belum tercatat, 2023 BAIK", "Data predikat kinerja")
    ]
    assert {good, young, unrated} == set(staff)


def test_rules_that_are_not_saved_are_tried_without_saving(cast, round_, staff):
    rules = eligibility.parse_rules([{"fact": "service_years", "operator": "at_least", "value": 2}])
    trial = queries.trial(cast.bkpsdm, round_.category_id, staff[1], today=TODAY, rules=rules)
    assert (trial.verdict, [outcome.seen for outcome in trial.outcomes]) == ("passed", ["2 tahun"])
    counted = count(cast, round_, rules=rules)
    assert (counted.total, counted.eligible) == (3, 3)
    assert Category.get_by_id(round_.category_id).eligibility == [rule.to_dict() for rule in eligibility.parse_rules(EVERY)]


def test_the_count_is_what_every_single_trial_says(cast, round_, staff):
    counted = count(cast, round_)
    assert (counted.total, counted.eligible, counted.blocked, counted.uncertain) == (3, 1, 1, 1)
    trials = [queries.trial(cast.bkpsdm, round_.category_id, id_, today=TODAY) for id_ in staff]
    for at, row in enumerate(counted.rules):
        statuses = [trial.outcomes[at].status for trial in trials]
        assert (row.rule.fact, row.passed, row.failed, row.unknown) == (
            EVERY[at]["fact"], statuses.count("passed"), statuses.count("failed"), statuses.count("unknown")
        )  # fmt: skip


def test_reading_only_what_the_rules_look_at_changes_no_judgement(cast, round_, staff):
    rules = eligibility.parse_rules(EVERY)
    category = Category.get_by_id(round_.category_id)
    people = list(Employee.select())
    narrow = facts.facts_of_all(Employee.select(), category, facts.Wanted.by(rules, TODAY))
    for id_, wide in facts.facts_of(people, category).items():
        assert [eligibility.judge(rule, narrow[id_], TODAY) for rule in rules] == [eligibility.judge(rule, wide, TODAY) for rule in rules]


def test_without_rules_everybody_is_eligible(cast, round_, staff):
    counted = count(cast, round_, rules=())
    assert (counted.total, counted.eligible, counted.rules) == (3, 3, ())


def test_an_empty_register_of_sanctions_is_unknown(cast, round_, staff):
    Sanction.delete().execute()
    counted = count(cast, round_)
    assert {row.rule.fact: row.unknown for row in counted.rules if row.unknown == 3} == dict.fromkeys(
        ("sanction_ever", "sanction_within", "sanction_serving", "under_examination"), 3
    )
    assert (counted.eligible, counted.blocked, counted.uncertain) == (0, 1, 2)


def test_an_award_of_the_regency_on_record_may_be_this_one_and_is_never_passed_over_in_silence(cast, round_, staff):
    awards = [("kabupaten", 2023, "ASN Berprestasi"), ("kabupaten", 2020, "ASN Berprestasi"), ("nasional", 2023, "Satyalancana")]
    for employee_id, (level, year, name) in zip((staff[0], staff[2], staff[2]), awards, strict=True):
        EmployeeAward.insert(employee=employee_id, level=level, year=year, name=name, giver="").execute()
    counted = count(cast, round_)
    assert [(row.passed, row.failed, row.unknown) for row in counted.rules if row.rule.fact == "award_within"] == [(2, 0, 1)]
    told = {o.rule.fact: o for o in queries.trial(cast.bkpsdm, round_.category_id, staff[0], today=TODAY).outcomes}["award_within"]
    assert (told.status, told.blocks) == ("unknown", False)
    assert told.message == (
        "Belum dapat dipastikan: Penghargaan ASN berprestasi tidak ada dalam 2 tahun terakhir (tercatat: “ASN Berprestasi” 2023 pada "
        "register penghargaan; pastikan apakah ini penghargaan yang sama)."
    )


def test_the_count_costs_the_same_for_more_employees(cast, db, round_, staff):
    with builders.counted(db) as few:
        count(cast, round_)
    for number in range(5):
        builders.employee(cast.unit_id, f"Pegawai {number}")
    with builders.counted(db) as many:
        count(cast, round_)
    assert len(few) == len(many) <= 10


@pytest.mark.parametrize("who", ["unit_admin", "unit_head", "assessor", "outsider"])
def test_those_who_may_not_see_every_employee_try_nothing(cast, round_, staff, who):
    actor = getattr(cast, who)
    with pytest.raises(Forbidden):
        queries.trial(actor, round_.category_id, staff[0], today=TODAY)
    with pytest.raises(Forbidden):
        queries.count(actor, round_.category_id, today=TODAY)
    with pytest.raises(Forbidden):
        queries.search(actor, "budi")


def test_what_is_not_there_is_not_found(cast, round_, staff):
    for category_id, employee_id in ((round_.category_id, 999_999), (999_999, staff[0])):
        with pytest.raises(NotFound):
            queries.trial(SYSTEM, category_id, employee_id, today=TODAY)
    with pytest.raises(NotFound):
        queries.count(SYSTEM, 999_999, today=TODAY)


def test_the_search_goes_by_name_or_number(cast, round_, staff):
    nip = Employee.get_by_id(staff[1]).nip
    assert [[row.id for row in queries.search(cast.bkpsdm, words)] for words in ("lestari", nip, "tidak ada", " ")] == [
        [staff[1]], [staff[1]], [], []
    ]  # fmt: skip


def test_rules_may_name_every_month_there_is(db, cast):
    round_ = builders.prepared_round(cast)
    months = [f"{year}-{month:02}" for year in range(1990, 2100) for month in range(1, 13)]
    rule = {"fact": "attendance", "operator": "at_least", "effect": "block", "message": ""}
    listed = [{**rule, "value": {"months": months[at : at + 120], "percent": 90}} for at in range(0, len(months), 120)]
    counted = queries.count(cast.bkpsdm, round_.category_id, today=date(2024, 10, 1), rules=eligibility.parse_rules(listed))
    assert (counted.total, len(counted.rules)) == (counted.uncertain, 11)
