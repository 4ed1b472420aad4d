"""Categories through the staff schema: rules tried and counted, a period copied, standing, explanation, analysis, sealed file."""

from __future__ import annotations

import json

import pytest

from sipetruk import jobs
from sipetruk.models import AuditEntry, Category, Job, Period, Ranking
from sipetruk.rules import seal
from tests.api.person import gid
from tests.services import builders
from tests.services.test_results import SECOND, determining

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

SERVICE = {"fact": "service_years", "operator": "at_least", "value": 40, "effect": "BLOCK", "message": "Masa kerja kurang."}
COUNT = """query($id: ID!, $rules: [EligibilityRuleInput!]) { eligibilityCount(categoryId: $id, rules: $rules) {
    total eligible blocked uncertain rules { label passed failed unknown } } }"""
TRIAL = """query($id: ID!, $who: ID!, $rules: [EligibilityRuleInput!]) {
    eligibilityTrial(categoryId: $id, employeeId: $who, rules: $rules) {
    employee { id name unit { name } } verdict outcomes { status message } } }"""
PLAN = """query($id: ID!, $year: Int!) { periodCopyPlan(periodId: $id, year: $year) { year period { name }
    stages { stage opensOn newOpensOn } categories { category { id } instrumentVersion { id } hasNewer choices { number state }
    panel { name } leftOut } } }"""
COPIED = "{ period { slug year stages { opensOn } categories { name panel { name } } } userErrors { message path code } }"
STANDING = """query($id: ID!) { standing(categoryId: $id) {
    nominees complete marksGiven marksDue rows { name status rank score marksGiven marksDue } } }"""
WHY = """query($id: ID!, $who: ID!) { rankingExplanation(categoryId: $id, nominationId: $who) { status score rank sentences
    components { code score criteria { code points contributionShown sentences marks { assessor { id name } state points } } } } }"""
GAP = """query($id: ID!, $a: ID!, $b: ID!) { rankingGap(categoryId: $id, betterId: $a, otherId: $b) {
    betterName otherName shown exact parts { code shown sentence } sentences } }"""
OWN = """query($id: ID!) { nominationScore(nominationId: $id) {
    nomination { id } score rank ranked components { label criteria { label points most } } } }"""
EXPORT = "query($id: ID!) { rankingExport(rankingId: $id) { document text inputSha256 resultSha256 } }"
ANALYSIS = """{ state disclaimer verdict sentences agreement { label coefficients { name value reason } }
    assessors { name marks severity { value } }
    methods { label reason rows { rank value { value } nomination { number } } } document }"""


def test_rules_are_tried_on_one_employee_and_counted_over_all(person, cast):
    round_ = builders.prepared_round(cast)
    budi = builders.employee(cast.unit_id, "Budi Santoso")
    builders.employee(cast.other_unit_id, "Wati Lestari")
    bkpsdm, category = person(cast.bkpsdm), gid("Category", round_.category_id)
    with builders.standing_at(2024, 10, 1):
        plain = bkpsdm.ask(COUNT, id=category)["eligibilityCount"]
        assert plain == {"total": 2, "eligible": 2, "blocked": 0, "uncertain": 0, "rules": []}
        counted = bkpsdm.ask(COUNT, id=category, rules=[SERVICE])["eligibilityCount"]
        assert (counted["total"], counted["blocked"], counted["rules"][0]["failed"]) == (2, 2, 2)
        tried = bkpsdm.ask(TRIAL, id=category, who=gid("Employee", budi), rules=[SERVICE])["eligibilityTrial"]
        assert tried == {
            "employee": {
                "id": gid("Employee", budi),
                "name": "Budi Santoso",
                "unit": {"name": "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"},
            },
            "verdict": "FAILED",
            "outcomes": [{"status": "FAILED", "message": "Masa kerja kurang."}],
        }
        assert bkpsdm.ask(TRIAL, id=category, who=gid("Employee", 999)) == {"eligibilityTrial": None}
        (error,) = bkpsdm.post(COUNT, id=category, rules=[SERVICE | {"fact": "zodiak"}]).json["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        for who in (cast.assessor, cast.unit_admin):
            assert person(who).code(COUNT, id=category) == "FORBIDDEN"
            assert person(who).code(TRIAL, id=category, who=gid("Employee", budi)) == "FORBIDDEN"
    assert Category.get_by_id(round_.category_id).eligibility == []


def test_a_period_is_shown_as_a_copy_and_then_copied(person, cast):
    round_ = builders.prepared_round(cast)
    bkpsdm, period = person(cast.bkpsdm), gid("Period", round_.period_id)
    plan = bkpsdm.ask(PLAN, id=period, year=2025)["periodCopyPlan"]
    assert plan["stages"][0] == {"stage": "NOMINATION", "opensOn": "2024-10-01", "newOpensOn": "2025-10-01"}
    (category,) = plan["categories"]
    assert category["category"] == {"id": gid("Category", round_.category_id)}
    assert category["instrumentVersion"] == {"id": gid("InstrumentVersion", round_.version_id)}
    assert [each["name"] for each in category["panel"]] == ["Dewi Penilai", "Siti Penilai"]
    assert Period.select().count() == 1
    given = {"periodId": period, "name": "ASN Berprestasi 2025", "year": 2025, "slug": "2025", "idempotencyKey": "k"}
    copied = bkpsdm.act("periodCopy", given, COPIED)
    assert copied["userErrors"] == []
    assert (copied["period"]["slug"], copied["period"]["stages"][0]["opensOn"]) == ("2025", "2025-10-01")
    assert [len(each["panel"]) for each in copied["period"]["categories"]] == [2]
    assert bkpsdm.act("periodCopy", given, COPIED) == copied
    assert Period.select().count() == 2


def test_a_copy_that_cannot_be_is_refused_and_nobody_else_may_copy(person, cast):
    round_ = builders.prepared_round(cast)
    bkpsdm, period = person(cast.bkpsdm), gid("Period", round_.period_id)
    given = {"periodId": period, "name": "ASN Berprestasi 2025", "year": 2025, "slug": "2024"}
    taken = bkpsdm.act("periodCopy", given, COPIED)
    assert [(error["code"], error["path"]) for error in taken["userErrors"]] == [("CONFLICT", ["slug"])]
    version = {"categoryId": gid("Category", round_.category_id), "versionId": gid("InstrumentVersion", 999)}
    wrong = bkpsdm.act("periodCopy", given | {"slug": "2025", "versions": [version]}, COPIED)
    assert [error["path"] for error in wrong["userErrors"]] == [["versions", str(round_.category_id)]]
    for year in (1999, 10_000, -1):
        assert bkpsdm.code(PLAN, id=period, year=year) == "BAD_USER_INPUT"
    mutation = "mutation($input: PeriodCopyInput!) { periodCopy(input: $input) { userErrors { code } } }"
    for who in (cast.assessor, cast.unit_admin, cast.viewer):
        assert person(who).code(mutation, input=given | {"slug": "2025"}) == "FORBIDDEN"
        assert person(who).code(PLAN, id=period, year=2025) == "FORBIDDEN"
    assert Period.select().count() == 1


def test_a_period_made_by_mistake_is_removed(person, cast):
    period = gid("Period", builders.prepared_round(cast).period_id)
    bkpsdm, selection = person(cast.bkpsdm), "{ period { slug } userErrors { message path code } }"
    given = {"periodId": period, "expectedVersion": Period.get().row_version}
    mutation = "mutation($input: PeriodRemoveInput!) { periodRemove(input: $input) { userErrors { code } } }"
    for who in (cast.verifier, cast.assessor, cast.unit_admin, cast.viewer):
        assert person(who).code(mutation, input=given) == "FORBIDDEN"
    stale = bkpsdm.act("periodRemove", given | {"expectedVersion": 1}, selection)
    assert [(error["code"], error["path"]) for error in stale["userErrors"]] == [("CONFLICT", ["expectedVersion"])]
    assert Period.select().count() == 1
    assert bkpsdm.act("periodRemove", given, selection) == {"period": None, "userErrors": []}
    assert (Period.select().count(), Category.select().count()) == (0, 0)
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).get().action == "period:remove"
    for number in (period, gid("Period", 999), gid("Category", 1)):
        refused = bkpsdm.act("periodRemove", given | {"periodId": number}, selection)
        assert [(error["code"], error["message"]) for error in refused["userErrors"]] == [("NOT_FOUND", "Periode tidak ditemukan.")]


def test_an_open_period_is_not_removed(person, cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_, "Budi Santoso")
    given = {"periodId": gid("Period", round_.period_id), "expectedVersion": Period.get().row_version}
    refused = person(cast.bkpsdm).act("periodRemove", given, "{ period { slug } userErrors { path code } }")
    assert refused == {"period": None, "userErrors": [{"path": [], "code": "ILLEGAL_MOVE"}]}
    assert (Period.select().count(), Category.select().count()) == (1, 1)


def test_the_standing_while_assessors_are_at_work(person, cast):
    round_, (siti, budi) = builders.assessing(cast, "Siti Aminah", "Budi Santoso")
    with builders.standing_at(2024, 10, 24):
        for assessor in (cast.assessor, cast.assessor2):
            builders.assess(assessor, siti)
        builders.assess(cast.assessor, budi, SECOND)
    bkpsdm, category = person(cast.bkpsdm), gid("Category", round_.category_id)
    found = bkpsdm.ask(STANDING, id=category)["standing"]
    assert (found["nominees"], found["complete"], found["marksGiven"], found["marksDue"]) == (2, 1, 9, 12)
    assert found["rows"][0] == {
        "name": "Siti Aminah",
        "status": "RANKED",
        "rank": 1,
        "score": "100.00",
        "marksGiven": 6,
        "marksDue": 6,
    }
    assert found["rows"][1]["status"] == "INCOMPLETE"
    for who in (cast.assessor, cast.unit_admin, cast.verifier):
        assert person(who).code(STANDING, id=category) == "FORBIDDEN"
    assert Ranking.select().count() == 0


def test_why_a_score_and_what_separates_two_nominees(person, cast):
    round_, ids, _ = determining(cast)
    category, first, second = gid("Category", round_.category_id), gid("Nomination", ids[0]), gid("Nomination", ids[1])
    bkpsdm = person(cast.bkpsdm)
    why = bkpsdm.ask(WHY, id=category, who=first)["rankingExplanation"]
    assert (why["status"], why["score"], why["rank"]) == ("RANKED", "100,00", 1)
    marks = why["components"][0]["criteria"][0]["marks"]
    assert [mark["assessor"] for mark in marks] == [
        {"id": gid("User", each.user_id), "name": each.name} for each in (cast.assessor, cast.assessor2)
    ]
    assert [mark["points"] for mark in marks] == ["40/1", "40/1"]
    gap = bkpsdm.ask(GAP, id=category, a=first, b=second)["rankingGap"]
    assert (gap["betterName"], gap["otherName"], gap["shown"]) == ("Siti Aminah", "Budi Santoso", "9,50")
    assert bkpsdm.ask(WHY, id=category, who=gid("Nomination", 999)) == {"rankingExplanation": None}
    assert bkpsdm.ask(GAP, id=category, a=first, b="bukan") == {"rankingGap": None}
    unit = person(cast.unit_admin)
    own = unit.ask(OWN, id=second)["nominationScore"]
    assert (own["nomination"]["id"], own["score"], own["rank"], own["ranked"]) == (second, "90,50", 2, 3)
    assert person(cast.outsider).ask(OWN, id=second) == {"nominationScore": None}
    for who in (cast.unit_admin, cast.assessor):
        assert person(who).code(WHY, id=category, who=first) == "FORBIDDEN"
        assert person(who).code(GAP, id=category, a=first, b=second) == "FORBIDDEN"


def test_the_sealed_file_is_verified_as_it_comes(person, cast):
    round_, _, ranking_id = determining(cast)
    bkpsdm = person(cast.bkpsdm)
    file = bkpsdm.ask(EXPORT, id=gid("Ranking", ranking_id))["rankingExport"]
    assert seal.verify(json.loads(file["text"])).equal is True
    assert json.loads(file["text"]) == file["document"]
    stored = Ranking.get_by_id(ranking_id)
    assert (file["inputSha256"], file["resultSha256"]) == (stored.input_sha256, stored.result_sha256)
    assert bkpsdm.ask(EXPORT, id=gid("Ranking", 999)) == {"rankingExport": None}
    draft = {**stored.__data__, "number": stored.number + 1, "state": "draft", "finalised_at": None, "finalised_by": None}
    draft_id = Ranking.insert({name: value for name, value in draft.items() if name != "id"}).execute()
    assert bkpsdm.code(EXPORT, id=gid("Ranking", draft_id)) == "BAD_USER_INPUT"
    for who in (cast.unit_admin, cast.assessor):
        assert person(who).code(EXPORT, id=gid("Ranking", ranking_id)) == "FORBIDDEN"
    assert round_.category_id


def test_an_analysis_is_asked_for_once_and_read_when_done(person, cast):
    round_, _, ranking_id = determining(cast)
    category = gid("Category", round_.category_id)
    query = f"query($id: ID!) {{ analysis(categoryId: $id) {ANALYSIS} }}"
    bkpsdm = person(cast.bkpsdm)
    assert bkpsdm.ask(query, id=category)["analysis"]["state"] == "NONE"
    given = {"categoryId": category, "rankingId": gid("Ranking", ranking_id)}
    payload = "{ analysis { state ranking { id number } } userErrors { code } }"
    for _ in range(2):
        asked = bkpsdm.act("analysisRequest", given, payload)
        assert asked == {"analysis": {"state": "WAITING", "ranking": {"id": given["rankingId"], "number": 1}}, "userErrors": []}
    assert Job.select().count() == 1
    assert jobs.work_once() is True
    found = bkpsdm.ask(query, id=category)["analysis"]
    assert (found["state"], found["verdict"]) == ("DONE", found["document"]["verdict"]["word"])
    assert {each["name"]: each["marks"] for each in found["assessors"]} == {"Siti Penilai": 9, "Dewi Penilai": 9}
    assert all((each["value"] is None) == bool(each["reason"]) for row in found["agreement"] for each in row["coefficients"])
    assert [len(method["rows"]) for method in found["methods"]] == [0 if method["reason"] else 3 for method in found["methods"]]
    missing = bkpsdm.act("analysisRequest", given | {"rankingId": gid("Ranking", 999)}, payload)
    assert missing == {"analysis": None, "userErrors": [{"code": "NOT_FOUND"}]}
    mutation = "mutation($input: AnalysisRequestInput!) { analysisRequest(input: $input) { userErrors { code } } }"
    for who in (cast.unit_admin, cast.assessor):
        assert person(who).code(query, id=category) == "FORBIDDEN"
        assert person(who).code(mutation, input=given) == "FORBIDDEN"
    assert Job.select().count() == 1


def test_what_would_be_published_is_shown_first(person, cast):
    round_, _, _ = determining(cast)
    query = """query($id: ID!) { resultPreview(periodId: $id, policy: NAMES_AND_SCORE) { winners statistics } }"""
    before = AuditEntry.select().count()
    assert person(cast.bkpsdm).ask(query, id=gid("Period", round_.period_id))["resultPreview"]["winners"] == []
    assert person(cast.viewer).code(query, id=gid("Period", round_.period_id)) == "FORBIDDEN"
    assert AuditEntry.select().count() == before


def test_more_nominees_cost_no_more_statements(person, cast, db):
    def statements(*names):
        slug = f"{len(names)}"
        round_, numbers = builders.assessing(cast, *names, slug=slug)
        with builders.standing_at(2024, 10, 24):
            for number in numbers:
                for assessor in (cast.assessor, cast.assessor2):
                    builders.assess(assessor, number)
        bkpsdm, category = person(cast.bkpsdm), gid("Category", round_.category_id)
        with builders.standing_at(2024, 10, 25):
            query = "mutation($input: RankingComputeInput!) { rankingCompute(input: $input) { userErrors { code } } }"
            assert bkpsdm.ask(query, input={"categoryId": category}) == {"rankingCompute": {"userErrors": []}}
            counts = []
            for asked, more in ((STANDING, {}), (WHY, {"who": gid("Nomination", numbers[0])}), (COUNT, {})):
                with builders.counted(db) as sent:
                    bkpsdm.ask(asked, id=category, **more)
                counts.append(len(sent))
        return counts

    assert statements("Siti Aminah") == statements("Budi Santoso", "Wati Lestari", "Ani Rahma")
