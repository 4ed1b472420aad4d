"""A round through the staff schema over HTTP, as the real people: what is refused, what nobody else may see."""

from __future__ import annotations

import json

import pytest

from sipetruk.models import AuditEntry, Category, Evidence, Nomination, Period, Ranking, StageWindow
from sipetruk.services import nominations
from tests.api.person import OWN, gid
from tests.api.test_hostile import BODIES
from tests.services import builders
from tests.services.test_results import SECOND, determining

ANSWERS = [
    {"code": "judul", "value": "Antrean daring puskesmas"},
    {"code": "tingkat", "value": "kabupaten"},
    {"code": "penghargaan", "counts": [{"code": "nasional", "count": 1}]},
]

only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def saved(payload):
    assert payload["userErrors"] == []
    return payload["nomination"]


def test_a_unit_its_head_and_a_verifier(person, cast):
    round_ = builders.open_round(cast)
    employee_id = builders.employee(cast.unit_id, "Budi Santoso")
    unit, head, verifier = person(cast.unit_admin), person(cast.unit_head), person(cast.verifier)
    with builders.during_nomination():
        given = {"categoryId": gid("Category", round_.category_id), "employeeId": gid("Employee", employee_id), "idempotencyKey": "k1"}
        drafted = saved(unit.act("nominationDraft", given))
        assert saved(unit.act("nominationDraft", given))["id"] == drafted["id"]
        assert Nomination.select().count() == 1
        assert drafted["missing"][0] == {"message": "Wajib diisi.", "path": ["answers", "judul"]}
        id_ = drafted["id"]
        filled = saved(unit.act("nominationAnswersSave", {"nominationId": id_, "answers": ANSWERS, "expectedVersion": drafted["version"]}))
        stored = builders.attach(cast.unit_admin, Nomination.get().id)
        found = unit.run("Nomination", id=id_)["nomination"]
        assert [file["id"] for file in found["evidence"]] == [gid("Evidence", stored)]
        assert found["missing"] == []
        assert filled["state"] == "DRAFT"
        signed = saved(head.act("nominationEndorse", {"nominationId": id_, "note": "Setuju.", "expectedVersion": found["version"]}))
        assert (signed["state"], signed["allowedMoves"]) == ("ENDORSED", ["SEND_BACK", "WITHDRAW"])
        back = saved(head.act("nominationSendBack", {"nominationId": id_, "note": "Perbaiki judul.", "expectedVersion": signed["version"]}))
        assert back["state"] == "DRAFT"
        signed = saved(head.act("nominationEndorse", {"nominationId": id_, "expectedVersion": back["version"]}))
        sent = saved(unit.act("nominationSubmit", {"nominationId": id_, "expectedVersion": signed["version"]}))
        assert sent["state"] == "SUBMITTED"
    with builders.standing_at(2024, 10, 14):
        for code in ("proposal", "skp"):
            saved(verifier.act("checkItemRecord", {"nominationId": id_, "requirement": code, "verdict": "PRESENT"}))
        given = {"nominationId": id_, "reason": "Proposal tidak terbaca.", "dueOn": "2024-10-15"}
        version = builders.version_of(Nomination.get().id)
        returned = saved(verifier.act("nominationReturn", given | {"expectedVersion": version}))
        assert returned["state"] == "RETURNED"
        assert unit.run("Nomination", id=id_)["nomination"]["history"][0]["reason"] == "Proposal tidak terbaca."
    faces = {entry.face for entry in AuditEntry.select() if entry.thing == "nomination"}
    assert "api" in faces


def test_assessors_then_the_committee_then_the_public(person, cast, client):
    round_, numbers = builders.assessing(cast, "Siti Aminah", "Budi Santoso", winners=1)
    assessors = [person(cast.assessor), person(cast.assessor2)]
    bkpsdm = person(cast.bkpsdm)
    category, period = gid("Category", round_.category_id), gid("Period", round_.period_id)
    sheet = "{ sheet { summary { version state marked } } userErrors { message path code } }"
    with builders.standing_at(2024, 10, 24):
        for assessor in assessors:
            for number, marks in zip(numbers, (builders.FULL_MARKS, SECOND), strict=True):
                given = [
                    {"criterion": code, "state": "SCORED", "value": mark["value"], "note": mark["note"]} for code, mark in marks.items()
                ]
                id_ = gid("Nomination", number)
                recorded = assessor.act("marksRecord", {"nominationId": id_, "marks": given, "expectedVersion": 1}, sheet)
                assert (recorded["userErrors"], recorded["sheet"]["summary"]["marked"]) == ([], 3)
                sent = assessor.act("sheetSubmit", {"nominationId": id_, "expectedVersion": 2}, sheet)
                assert (sent["userErrors"], sent["sheet"]["summary"]["state"]) == ([], "SUBMITTED")
        progress = bkpsdm.ask(
            "query($id: ID!) { categoryProgress(categoryId: $id) { isComplete assessors { name open submitted } } }", id=category
        )
        assert progress["categoryProgress"]["isComplete"] is True
    with builders.standing_at(2024, 11, 1):
        move = "{ period { state version } userErrors { message } }"
        version = Period.get_by_id(round_.period_id).row_version
        moved = bkpsdm.act("periodMove", {"periodId": period, "move": "START_RANKING", "expectedVersion": version}, move)
        assert moved == {"period": {"state": "RANKING", "version": version + 1}, "userErrors": []}
        ranking = (
            "{ ranking { summary { id state resultSha256 } rows { nodes { name rank score isProposed } } } userErrors { message code } }"
        )
        computed = bkpsdm.act("rankingCompute", {"categoryId": category}, ranking)["ranking"]
        assert [(row["name"], row["rank"], row["score"], row["isProposed"]) for row in computed["rows"]["nodes"]] == [
            ("Siti Aminah", 1, "100.00", True),
            ("Budi Santoso", 2, "90.50", False),
        ]
        final = {"categoryId": category, "rankingId": computed["summary"]["id"], "expectedResultSha256": "0" * 64}
        refused = bkpsdm.act("rankingFinalise", final, ranking)
        assert (refused["ranking"], refused["userErrors"][0]["code"], Ranking.get().state) == (None, "CONFLICT", "draft")
        final["expectedResultSha256"] = computed["summary"]["resultSha256"]
        assert bkpsdm.act("rankingFinalise", final, ranking)["ranking"]["summary"]["state"] == "FINAL"
    with builders.standing_at(2024, 11, 6):
        version = Period.get_by_id(round_.period_id).row_version
        bkpsdm.act("periodMove", {"periodId": period, "move": "START_DETERMINATION", "expectedVersion": version}, move)
        results = (
            "{ results { categories { determination { winners { name place } } } publications { policy winners } }"
            " userErrors { message path code } }"
        )
        decree = {
            "categoryId": category,
            "rankingId": final["rankingId"],
            "nominationIds": [gid("Nomination", numbers[0])],
            "decreeNumber": "188.45/1/Kum/2024",
            "decreeOn": "2024-11-06",
            "citations": [{"nominationId": gid("Nomination", numbers[0]), "text": "Antrean tanpa kertas."}],
        }
        determined = bkpsdm.act("resultDetermine", decree, results)
        assert determined["userErrors"] == []
        assert determined["results"]["categories"][0]["determination"]["winners"] == [{"name": "Siti Aminah", "place": 1}]
    with builders.standing_at(2024, 11, 16):
        shown = bkpsdm.act("resultPublish", {"periodId": period, "policy": "NAMES_AND_SCORE"}, results)
        assert shown["results"]["publications"] == [{"policy": "NAMES_AND_SCORE", "winners": 1}]
        answer = client.post("/graphql", json={"query": "{ latestPublication { winners { nodes { name score } } } }"})
        assert answer.json["data"]["latestPublication"]["winners"]["nodes"] == [{"name": "Siti Aminah", "score": "100.00"}]


@only_sqlite
def test_bkpsdm_prepares_a_round(person, cast):
    bkpsdm = person(cast.bkpsdm)
    payload = "{ version { id summary { version state number } document } userErrors { message path code } }"
    made = bkpsdm.act("instrumentCreate", {"code": "baru", "name": "Baru", "definition": builders.tiny_instrument()}, payload)
    assert made["userErrors"] == []
    version = made["version"]
    changed = version["document"] | {"title": "Judul baru"}
    given = {"versionId": version["id"], "definition": changed, "expectedVersion": version["summary"]["version"]}
    assert bkpsdm.act("instrumentDefinitionSave", given, payload)["version"]["document"]["title"] == "Judul baru"
    stale = bkpsdm.act("instrumentDefinitionSave", given, payload)
    assert (stale["version"], stale["userErrors"][0]["code"], stale["userErrors"][0]["path"]) == (None, "CONFLICT", ["expectedVersion"])
    locked = bkpsdm.act("instrumentVersionLock", {"versionId": version["id"], "expectedVersion": 2}, payload)
    assert locked["version"]["summary"]["state"] == "LOCKED"
    created = bkpsdm.act(
        "periodCreate", {"name": "ASN Berprestasi", "year": 2025, "slug": "2025"}, "{ period { id version } userErrors { message } }"
    )["period"]
    windows = [{"stage": "NOMINATION", "opensOn": "2025-10-01", "closesOn": "2025-10-15"}]
    scheduled = bkpsdm.act(
        "periodWindowsSet",
        {"periodId": created["id"], "windows": windows, "expectedVersion": created["version"]},
        "{ period { stages { stage closesOn } } userErrors { message path } }",
    )
    assert scheduled["userErrors"] == []
    assert scheduled["period"]["stages"] == [{"stage": "NOMINATION", "closesOn": "2025-10-15"}]
    category = {"periodId": created["id"], "name": "Inovatif", "slug": "inovatif", "instrumentVersionId": version["id"], "winnersMax": 3}
    rule = {"fact": "service_years", "operator": "at_least", "value": 4, "effect": "BLOCK"}
    payload = "{ category { id version rules { label value } panel { name } } userErrors { message path code } }"
    added = bkpsdm.act("categoryAdd", category | {"rules": [rule]}, payload)
    assert added["userErrors"] == []
    assert [each["value"] for each in added["category"]["rules"]] == [4]
    panel = [gid("User", cast.assessor.user_id), gid("User", cast.assessor2.user_id)]
    team = {"categoryId": added["category"]["id"], "userIds": panel, "expectedVersion": added["category"]["version"]}
    put = bkpsdm.act("categoryPanelSet", team, payload)
    assert [each["name"] for each in put["category"]["panel"]] == ["Dewi Penilai", "Siti Penilai"]
    late = bkpsdm.act("categoryPanelSet", team | {"userIds": panel[:1]}, payload)
    assert [(each["path"], each["code"]) for each in late["userErrors"]] == [(["expectedVersion"], "CONFLICT")]
    kept = bkpsdm.ask("query($id: ID!) { node(id: $id) { ... on Category { panel { name } } } }", id=added["category"]["id"])["node"]
    assert kept["panel"] == put["category"]["panel"]


@only_sqlite
def test_a_float_in_a_definition_is_refused(person, cast):
    document = builders.tiny_instrument() | {"policy": {"min_assessors": 2.5}}
    query = "mutation($input: InstrumentCreateInput!) { instrumentCreate(input: $input) { userErrors { message } } }"
    bkpsdm = person(cast.bkpsdm)
    assert bkpsdm.code(query, input={"code": "x", "name": "x", "definition": document}) == "BAD_USER_INPUT"
    wrong = bkpsdm.act(
        "instrumentCreate",
        {"code": "x", "name": "x", "definition": [1, {"a": None}]},
        "{ version { id } userErrors { message path code } }",
    )
    assert (wrong["version"], wrong["userErrors"][0]["code"]) == (None, "BAD_USER_INPUT")


@only_sqlite
def test_a_second_tab_cannot_overwrite(person, cast):
    round_ = builders.open_round(cast)
    number = builders.drafted(cast, round_)
    unit = person(cast.unit_admin)
    given = {"nominationId": gid("Nomination", number), "answers": ANSWERS, "expectedVersion": 1}
    with builders.during_nomination():
        assert unit.act("nominationAnswersSave", given)["userErrors"] == []
        refused = unit.act("nominationAnswersSave", given | {"answers": [{"code": "judul", "value": "Lain"}]})
    assert refused["nomination"] is None
    assert [(error["code"], error["path"]) for error in refused["userErrors"]] == [("CONFLICT", ["expectedVersion"])]
    assert Nomination.get_by_id(number).answers["judul"] == "Antrean daring puskesmas"


@only_sqlite
def test_every_bad_answer_is_named_and_none_is_saved(person, cast):
    number = builders.drafted(cast, builders.open_round(cast))
    wrong = [{"code": "judul", "value": "x" * 101}, {"code": "tingkat", "value": "bulan"}, {"code": "aneh", "value": "1"}]
    with builders.during_nomination():
        refused = person(cast.unit_admin).act(
            "nominationAnswersSave", {"nominationId": gid("Nomination", number), "answers": wrong, "expectedVersion": 1}
        )
    assert sorted(error["path"] for error in refused["userErrors"]) == [["answers", "aneh"], ["answers", "judul"], ["answers", "tingkat"]]
    assert Nomination.get_by_id(number).answers == {}


@only_sqlite
def test_what_is_said_twice_is_refused_at_its_place_and_nothing_is_saved(person, cast):
    number = builders.drafted(cast, builders.open_round(cast))
    unit, bkpsdm = person(cast.unit_admin), person(cast.bkpsdm)
    version = Nomination.get_by_id(number).row_version
    twice = [{"code": "judul", "value": "Satu"}, {"code": "judul"}]
    counts = [{"code": "penghargaan", "counts": [{"code": "nasional", "count": 1}, {"code": "nasional", "count": 2}]}]
    period = Nomination.get_by_id(number).category.period
    window = {"stage": "NOMINATION", "opensOn": "2024-10-01", "closesOn": "2024-10-15"}
    windows = {"periodId": gid("Period", period.id), "windows": [window, window | {"closesOn": "2024-12-31"}], "expectedVersion": 1}
    with builders.during_nomination():
        refused = [
            unit.act("nominationAnswersSave", {"nominationId": gid("Nomination", number), "answers": each, "expectedVersion": version})
            for each in (twice, counts)
        ] + [bkpsdm.act("periodWindowsSet", windows, "{ period { id } userErrors { path code } }")]
    assert [(error["path"], error["code"]) for each in refused for error in each["userErrors"]] == [
        (["answers", "judul"], "BAD_USER_INPUT"),
        (["answers", "penghargaan", "nasional"], "BAD_USER_INPUT"),
        (["windows", "nomination"], "BAD_USER_INPUT"),
    ]
    assert Nomination.get_by_id(number).answers == {}
    assert StageWindow.select().where(StageWindow.closes_on == "2024-12-31").count() == 0


MUTATIONS_ON_A_NOMINATION = {
    "nominationAnswersSave": {"answers": ANSWERS, "expectedVersion": 1},
    "nominationEndorse": {"expectedVersion": 1},
    "nominationSendBack": {"note": "x", "expectedVersion": 1},
    "nominationSubmit": {"expectedVersion": 1},
    "nominationWithdraw": {"reason": "x", "expectedVersion": 1},
    "checkItemRecord": {"requirement": "proposal", "verdict": "PRESENT"},
    "nominationReturn": {"reason": "x", "dueOn": "2024-10-15", "expectedVersion": 1},
    "nominationAccept": {"expectedVersion": 1},
    "nominationReject": {"reason": "x", "expectedVersion": 1},
}


@only_sqlite
def test_another_units_nomination_is_as_unknown_as_an_invented_one(person, cast):
    number = builders.endorsed(cast, builders.open_round(cast))
    evidence = Evidence.get()
    stranger = person(cast.outsider)
    theirs, invented = gid("Nomination", number), gid("Nomination", number + 1000)
    with builders.during_nomination():
        for mutation, given in MUTATIONS_ON_A_NOMINATION.items():
            answers = [stranger.act(mutation, {"nominationId": id_} | given) for id_ in (theirs, invented, "bukan", gid("Period", 1))]
            assert answers == [answers[0]] * 4, mutation
            assert answers[0]["nomination"] is None
            assert [error["code"] for error in answers[0]["userErrors"]] == ["NOT_FOUND"], mutation
        for query in (
            "query($id: ID!) { nomination(id: $id) { id } }",
            "query($id: ID!) { node(id: $id) { id } }",
            "query($id: ID!) { sheet(nominationId: $id) { reason } }",
        ):
            found = [stranger.post(query, id=id_).json["data"] for id_ in (theirs, invented, "bukan")]
            assert found == [dict.fromkeys(found[0])] * 3
        removed = [stranger.act("evidenceRemove", {"evidenceId": gid("Evidence", id_)}) for id_ in (evidence.id, evidence.id + 1000)]
        assert removed[0] == removed[1]
        assert stranger.run("UnitNominations")["nominations"] == {
            "nodes": [],
            "pageInfo": {"hasNextPage": False, "endCursor": None},
            "totalCount": 0,
        }
        where = {"unit": {"eq": gid("WorkUnit", cast.unit_id)}}
        query = 'query($where: NominationWhere) { nominations(where: $where, search: "Budi") { totalCount } }'
        assert stranger.ask(query, where=where)["nominations"]["totalCount"] == 0
    assert Nomination.get_by_id(number).state == "endorsed"
    assert Evidence.select().count() == 1


@only_sqlite
def test_what_a_role_may_not_do_is_forbidden(person, cast):
    round_ = builders.open_round(cast)
    category = gid("Category", round_.category_id)
    unit, assessor, viewer = person(cast.unit_admin), person(cast.assessor), person(cast.viewer)
    compute = "mutation($input: RankingComputeInput!) { rankingCompute(input: $input) { userErrors { message } } }"
    for who in (unit, assessor, viewer):
        assert who.code(compute, input={"categoryId": category}) == "FORBIDDEN"
    for query in (
        "{ auditEntries { totalCount } }",
        "{ users { totalCount } }",
        f'{{ ranking(categoryId: "{category}") {{ category }} }}',
        f'{{ categoryProgress(categoryId: "{category}") {{ category }} }}',
    ):
        assert unit.code(query) == "FORBIDDEN"
        assert assessor.code(query) == "FORBIDDEN"
    create = 'mutation { periodCreate(input: {name: "x", year: 2025, slug: "x"}) { userErrors { message } } }'
    assert viewer.code(create) == "FORBIDDEN"
    assert Period.select().count() == 1
    assert unit.ask("{ instrumentVersions { totalCount } }") == {"instrumentVersions": {"totalCount": 0}}


@only_sqlite
def test_an_assessor_sees_only_the_own_sheet(person, cast):
    _, (number, _) = builders.assessing(cast, "Siti Aminah", "Budi Santoso")
    with builders.standing_at(2024, 10, 24):
        builders.assess(cast.assessor, number)
    query = (
        "query($id: ID!) { sheet(nominationId: $id) {"
        " summary { state marked nominee { name } } components { criteria { mark { value } } } } }"
    )
    own = person(cast.assessor).ask(query, id=gid("Nomination", number))["sheet"]
    other = person(cast.assessor2).ask(query, id=gid("Nomination", number))["sheet"]
    assert (own["summary"]["marked"], other["summary"]["marked"]) == (3, 0)
    marks = [criterion["mark"] for part in other["components"] for criterion in part["criteria"]]
    assert marks == [None] * 3
    assert person(cast.assessor3).ask(query, id=gid("Nomination", number)) == {"sheet": None}
    nominee = person(cast.assessor).post(query, id=gid("Nomination", number)).text
    assert Nomination.get_by_id(number).employee.nip not in nominee


@only_sqlite
def test_bad_marks_are_all_named_and_none_is_kept(person, cast):
    _, (number,) = builders.assessing(cast, "Siti Aminah")
    marks = [
        {"criterion": "gagasan", "state": "SCORED", "value": "40.25"},
        {"criterion": "dampak", "state": "SCORED", "value": "7"},
        {"criterion": "disiplin", "state": "SCORED", "value": "1"},
    ]
    with builders.standing_at(2024, 10, 24):
        refused = person(cast.assessor).act(
            "marksRecord",
            {"nominationId": gid("Nomination", number), "marks": marks, "expectedVersion": 1},
            "{ sheet { reason } userErrors { path code } }",
        )
    assert refused["sheet"] is None
    assert [error["path"] for error in refused["userErrors"]] == [["marks", "gagasan"], ["marks", "dampak"]]


@only_sqlite
def test_the_viewer_and_the_waiting_work(person, cast):
    builders.filled(cast, builders.open_round(cast))
    with builders.during_nomination():
        found = person(cast.unit_head).run("UnitNominations")
    assert found["viewer"]["name"] == "Ahmad Kepala"
    assert [(role["role"], role["unit"]["code"]) for role in found["viewer"]["roles"]] == [("OPD_HEAD", "dinkes")]
    assert [(each["name"], each["canNominate"]) for each in found["openCategories"]] == [("ASN Inovatif", False)]
    (row,) = found["nominations"]["nodes"]
    assert (row["employee"]["name"], row["state"], row["missingCount"], row["allowedMoves"]) == (
        "Budi Santoso",
        "DRAFT",
        0,
        ["ENDORSE", "SEND_BACK", "WITHDRAW"],
    )


def test_what_missed_its_deadline_says_why_in_the_list_and_alone(person, cast):
    id_ = gid("Nomination", builders.drafted(cast, builders.open_round(cast)))
    ask = "query($id: ID!) { nominations { nodes { tooLate missingCount } } nomination(id: $id) { tooLate allowedMoves } }"
    closed = "Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA."
    for day, late, moves in ((15, None, ["EDIT", "WITHDRAW"]), (16, closed, ["WITHDRAW"])):
        with builders.standing_at(2024, 10, day):
            found = person(cast.unit_admin).ask(ask, id=id_)
        assert found["nominations"]["nodes"] == [{"tooLate": late, "missingCount": 3}]
        assert found["nomination"] == {"tooLate": late, "allowedMoves": moves}


@only_sqlite
def test_eligible_employees_are_of_the_own_unit(person, cast):
    rules = [{"fact": "service_years", "operator": "at_least", "value": 40, "effect": "block", "message": "Masa kerja kurang."}]
    round_ = builders.open_round(cast, eligibility_rules=rules)
    builders.employee(cast.unit_id, "Budi Santoso")
    builders.employee(cast.other_unit_id, "Wati Lestari")
    query = {"categoryId": gid("Category", round_.category_id)}
    with builders.during_nomination():
        found = person(cast.unit_admin).run("EligibleEmployees", **query)["eligibleEmployees"]
    assert [(each["name"], each["canBeNominated"]) for each in found["nodes"]] == [("Budi Santoso", False)]
    assert [(each["status"], each["message"]) for each in found["nodes"][0]["outcomes"]] == [("FAILED", "Masa kerja kurang.")]


def test_a_unit_reads_what_is_left_of_its_quota(person, cast):
    round_ = builders.open_round(cast, quota_per_unit=2)
    readers = ("unit_admin", "unit_head", "outsider", "bkpsdm", "verifier", "viewer")

    def left():
        with builders.during_nomination():
            (found,) = zip(*(person(getattr(cast, who)).run("UnitNominations")["openCategories"] for who in readers), strict=True)
        return {who: category["quotaLeft"] for who, category in zip(readers, found, strict=True)}

    nobody = dict.fromkeys(("bkpsdm", "verifier", "viewer"))
    assert left() == {"unit_admin": 2, "unit_head": 2, "outsider": 2, **nobody}
    builders.drafted(cast, round_, "Budi Santoso")
    assert left() == {"unit_admin": 1, "unit_head": 1, "outsider": 2, **nobody}
    used = builders.submitted(cast, round_, "Wati Lestari")
    assert left() == {"unit_admin": 0, "unit_head": 0, "outsider": 2, **nobody}
    with builders.during_nomination():
        nominations.withdraw(cast.unit_admin, nomination_id=used, reason="Pindah.", expected_version=builders.version_of(used))
    assert left() == {"unit_admin": 1, "unit_head": 1, "outsider": 2, **nobody}
    Category.update(quota_per_unit=None).execute()
    assert left() == dict.fromkeys(readers)


@only_sqlite
def test_more_categories_cost_no_more_statements(person, cast, db):
    first = Category.get_by_id(builders.open_round(cast, quota_per_unit=2).category_id)
    unit = person(cast.unit_admin)
    measured = []
    for number in range(3):
        with builders.during_nomination(), builders.counted(db) as sent:
            rows = unit.run("UnitNominations")["openCategories"]
        measured.append(([row["quotaLeft"] for row in rows], len(sent)))
        Category.create(**{**first.__data__, "id": None, "slug": f"lain-{number}", "name": f"Lain {number}", "position": number + 2})
    assert measured == [([2], measured[0][1]), ([2, 2], measured[0][1]), ([2, 2, 2], measured[0][1])]


@only_sqlite
def test_more_rows_cost_no_more_statements(person, cast, db):
    round_ = builders.open_round(cast)
    unit = person(cast.unit_admin)

    def statements():
        builders.filled(cast, round_, "Pegawai")
        with builders.during_nomination(), builders.counted(db) as sent:
            rows = unit.run("UnitNominations")["nominations"]["totalCount"]
        lists = len(sent)
        with builders.during_nomination(), builders.counted(db) as sent:
            unit.run("EligibleEmployees", categoryId=gid("Category", round_.category_id))
        return rows, (lists, len(sent))

    measured = dict(statements() for _ in range(6))
    assert list(measured) == [1, 2, 3, 4, 5, 6]
    assert len(set(measured.values())) == 1


@only_sqlite
def test_faults_in_the_staff_schema_suggest_nothing(person, cast):
    answer = person(cast.unit_admin).post("{ nominatons { totalCount } }")
    assert answer.json["errors"][0]["message"] == "Cannot query field 'nominatons' on type 'Query'."


@only_sqlite
def test_nobody_signed_in_gets_nothing(client, app):
    for query in ("{ viewer { name } }", "{ __schema { types { name } } }"):
        answer = client.post("/graphql/staff", json={"query": query}, headers=OWN)
        assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")


@only_sqlite
def test_a_forged_request_is_not_carried_out(person, cast):
    round_ = builders.open_round(cast)
    unit = person(cast.unit_admin)
    body = json.dumps({"query": "{ viewer { name } }"})
    for headers in ({"Origin": "https://jahat.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        answer = unit.client.post("/graphql/staff", data=body, content_type="application/json", headers=headers)
        assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    answer = unit.client.post("/graphql/staff", data=body, content_type="text/plain", headers=OWN)
    assert answer.status_code == 415
    assert round_.period_id


@only_sqlite
def test_the_winners_decree_needs_a_final_ranking(person, cast):
    round_, numbers, ranking_id = determining(cast)
    bkpsdm = person(cast.bkpsdm)
    given = {
        "categoryId": gid("Category", round_.category_id),
        "rankingId": gid("Ranking", ranking_id),
        "nominationIds": [gid("Nomination", numbers[2])],
        "decreeNumber": "1",
        "decreeOn": "2024-11-07",
    }
    with builders.standing_at(2024, 11, 8):
        refused = bkpsdm.act("resultDetermine", given, "{ results { period } userErrors { message path code } }")
    assert refused["results"] is None
    assert [error["code"] for error in refused["userErrors"]] == ["BAD_USER_INPUT"] * len(refused["userErrors"])
    assert Nomination.get_by_id(numbers[2]).state == "ranked"


@only_sqlite
def test_no_body_breaks_the_whole_application(person, cast):
    browser = person(cast.unit_admin).client
    for path in ("/graphql", "/graphql/staff"):
        for name, body in BODIES.items():
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            answer = browser.post(path, data=raw, content_type="application/json", headers=OWN)
            assert answer.status_code in {200, 400}, name
            assert all("INTERNAL" not in error["extensions"]["code"] for error in answer.json["errors"]), (path, name)
