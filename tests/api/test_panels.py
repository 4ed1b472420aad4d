"""Panels, relations and differences between assessors through the staff schema: the same services, the same refusals."""

from __future__ import annotations

import pytest

from sipetruk.models import Assignment, Category, DeclaredRelation, Sheet, User
from tests.api.person import gid
from tests.services import builders
from tests.services.test_panels import settings, verifying, version

PANEL = (
    "{ panel { isBlind assessorsEach spreadLimit version members { name load conflicts } blockers nominees { name found wanted isComplete"
    " pairs { name conflict isAssigned sheet } } } userErrors { message path code } }"
)
RELATIONS = "{ relations { id employee unit kind label note withdrawnAt } userErrors { message path code } }"
DESK = (
    "query($id: ID!) { panelDesk(categoryId: $id) { category { id } leastMarks blockers nominees { name pairs { name conflict sheet } } } }"
)
PLAN = """query($id: ID!, $mode: PanelPlanMode!) { panelPlan(categoryId: $id, mode: $mode) {
  mode size isComplete digest nominees { name assessors leftOut missing } loads { name here elsewhere } } }"""
DIFFERENCES = """query($id: ID!) { disagreements(categoryId: $id) {
  limit compared nominees isClosed rows { name criterion label size most share marks { assessor points } } } }"""


@pytest.fixture
def round_(cast):
    return verifying(cast, "Budi Santoso", "Wati Lestari")


def test_bkpsdm_sets_plans_and_assigns(person, cast, round_):
    where, (budi, _) = round_
    bkpsdm, category = person(cast.bkpsdm), gid("Category", where.category_id)
    given = {"categoryId": category, "isBlind": True, "assessorsEach": 2, "spreadLimit": 1_250, "expectedVersion": version(where)}
    told = bkpsdm.act("categoryAssessmentSet", given, PANEL)
    assert (told["userErrors"], told["panel"]["isBlind"], told["panel"]["assessorsEach"], told["panel"]["spreadLimit"]) == (
        [],
        True,
        2,
        1_250,
    )
    assert told["panel"]["blockers"] == [
        f"Kategori “ASN Inovatif”: {name} baru mempunyai 0 dari 2 penilai." for name in ("Budi Santoso", "Wati Lestari")
    ]
    plan = bkpsdm.ask(PLAN, id=category, mode="FRESH")["panelPlan"]
    assert (plan["size"], plan["isComplete"], [row["missing"] for row in plan["nominees"]]) == (2, True, [0, 0])
    applied = bkpsdm.act("panelPlanApply", {"categoryId": category, "mode": "FRESH", "digest": plan["digest"]}, PANEL)
    assert (applied["userErrors"], applied["panel"]["blockers"], Assignment.select().count()) == ([], [], 4)
    stale = bkpsdm.act("panelPlanApply", {"categoryId": category, "mode": "FILL", "digest": plan["digest"]}, PANEL)
    assert [(error["code"], error["path"]) for error in stale["userErrors"]] == [("CONFLICT", ["digest"])]
    named = [gid("User", cast.assessor.user_id), gid("User", cast.assessor3.user_id)]
    by_hand = {"nominationId": gid("Nomination", budi), "userIds": named, "expectedVersion": applied["panel"]["version"]}
    told = bkpsdm.act("nominationAssessorsSet", by_hand, PANEL)
    (row,) = [each for each in told["panel"]["nominees"] if each["name"] == "Budi Santoso"]
    assert [(pair["name"], pair["isAssigned"]) for pair in row["pairs"]] == [
        ("Dewi Penilai", False),
        ("Hasan Penilai", True),
        ("Siti Penilai", True),
    ]
    stale = bkpsdm.act("nominationAssessorsSet", by_hand, PANEL)
    assert stale["userErrors"][0]["code"] == "CONFLICT"
    shown = bkpsdm.ask("query($id: ID!) { node(id: $id) { ... on Category { isBlind assessorsEach spreadLimit } } }", id=category)["node"]
    assert shown == {"isBlind": True, "assessorsEach": 2, "spreadLimit": 1_250}


def test_a_wrong_setting_names_its_field(person, cast, round_):
    given = {"categoryId": gid("Category", round_[0].category_id), "isBlind": False, "assessorsEach": 1, "spreadLimit": 0}
    told = person(cast.bkpsdm).act("categoryAssessmentSet", given | {"expectedVersion": version(round_[0])}, PANEL)
    assert [(error["path"], error["code"]) for error in told["userErrors"]] == [
        (["assessorsEach"], "BAD_USER_INPUT"),
        (["spreadLimit"], "BAD_USER_INPUT"),
    ]
    assert Category.get().spread_limit == 3_000


def test_an_assessor_declares_and_bkpsdm_reads(person, cast, round_):
    where, _ = round_
    assessor, bkpsdm = person(cast.assessor), person(cast.bkpsdm)
    found = assessor.ask('{ relationCandidates(search: "budi san") { id name position unit } }')["relationCandidates"]
    assert [each["name"] for each in found] == ["Budi Santoso"]
    told = assessor.act("relationDeclare", {"employeeId": found[0]["id"], "kind": "FAMILY", "note": "Adik."}, RELATIONS)
    (relation,) = told["relations"]
    assert (told["userErrors"], relation["kind"], relation["label"], relation["note"]) == ([], "FAMILY", "hubungan keluarga", "Adik.")
    again = assessor.act("relationDeclare", {"employeeId": found[0]["id"], "kind": "DISPUTE"}, RELATIONS)
    assert ([error["code"] for error in again["userErrors"]], again["relations"]) == (["CONFLICT"], [])
    read = "{ declaredRelations { assessor employee kind note } }"
    expected = [{"assessor": "Siti Penilai", "employee": "Budi Santoso", "kind": "FAMILY", "note": "Adik."}]
    assert [person(who).ask(read)["declaredRelations"] for who in (cast.bkpsdm, cast.viewer)] == [expected, expected]
    category = gid("Category", where.category_id)
    desk = bkpsdm.ask(DESK, id=category)["panelDesk"]
    assert desk["category"] == {"id": category}
    assert desk["nominees"][0]["pairs"][2] == {
        "name": "Siti Penilai",
        "conflict": "hubungan yang dinyatakan: hubungan keluarga",
        "sheet": None,
    }
    back = assessor.act("relationWithdraw", {"relationId": relation["id"]}, RELATIONS)
    assert (back["userErrors"], back["relations"][0]["withdrawnAt"] is None) == ([], False)
    missing = person(cast.assessor2).act("relationWithdraw", {"relationId": relation["id"]}, RELATIONS)
    assert missing["userErrors"][0]["code"] == "NOT_FOUND"
    assert DeclaredRelation.select().count() == 1


def test_bkpsdm_says_who_an_assessor_is(person, cast):
    employee_id = builders.employee(cast.unit_id, "Siti Penilai")
    bkpsdm, user = person(cast.bkpsdm), gid("User", cast.assessor.user_id)
    version_ = User.get_by_id(cast.assessor.user_id).row_version
    wanted = "{ link { name employee unit version } userErrors { message code } }"
    given = {"userId": user, "employeeId": gid("Employee", employee_id), "expectedVersion": version_}
    told = bkpsdm.act("userEmployeeLink", given, wanted)
    assert (told["userErrors"], told["link"]["employee"]) == ([], "Siti Penilai")
    assert bkpsdm.act("userEmployeeLink", given, wanted)["userErrors"][0]["code"] == "CONFLICT"
    links = person(cast.viewer).ask("{ assessorLinks { name employee unitsOfRoles } }")["assessorLinks"]
    assert {"name": "Siti Penilai", "employee": "Siti Penilai", "unitsOfRoles": []} in links


def test_differences_are_told_without_marks_until_the_stage_closes(person, cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi)
    builders.assess(cast.assessor2, budi, builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "7.5", "note": ""}})
    found = person(cast.bkpsdm).ask(DIFFERENCES, id=gid("Category", round_.category_id))["disagreements"]
    assert found == {
        "limit": 3_000,
        "compared": 1,
        "nominees": 1,
        "isClosed": False,
        "rows": [
            {
                "name": "Budi Santoso",
                "criterion": "gagasan",
                "label": "Gagasan",
                "size": "32,5",
                "most": "40",
                "share": "81,25",
                "marks": [],
            }
        ],
    }


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_others_read_and_change_nothing(person, cast, round_, who):
    where, (budi, _) = round_
    settings(cast, where)
    somebody, category = person(getattr(cast, who)), gid("Category", where.category_id)
    codes = [somebody.code(DESK, id=category), somebody.code(PLAN, id=category, mode="FRESH"), somebody.code(DIFFERENCES, id=category)]
    codes += [somebody.code("{ declaredRelations { id } }"), somebody.code("{ assessorLinks { id } }")]
    acts = {
        "categoryAssessmentSet": {"categoryId": category, "isBlind": True, "assessorsEach": None, "spreadLimit": 1, "expectedVersion": 1},
        "panelPlanApply": {"categoryId": category, "mode": "FRESH", "digest": "x"},
        "nominationAssessorsSet": {"nominationId": gid("Nomination", budi), "userIds": [], "expectedVersion": 1},
        "userEmployeeLink": {"userId": gid("User", 1), "employeeId": None, "expectedVersion": 1},
    }
    for name, given in acts.items():
        kind = name[0].upper() + name[1:] + "Input"
        codes.append(somebody.code(f"mutation($input: {kind}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}", input=given))
    assert codes == ["FORBIDDEN"] * len(codes)
    assert (Assignment.select().count(), Sheet.select().count(), Category.get().is_blind) == (0, 0, False)


def test_what_is_not_there_is_null(person, cast):
    bkpsdm = person(cast.bkpsdm)
    for id_ in (gid("Category", 999), gid("Period", 1), "x"):
        assert [bkpsdm.ask(DESK, id=id_), bkpsdm.ask(PLAN, id=id_, mode="FILL"), bkpsdm.ask(DIFFERENCES, id=id_)] == [
            {"panelDesk": None},
            {"panelPlan": None},
            {"disagreements": None},
        ]
