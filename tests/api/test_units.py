"""Units and the files of the personnel system over the staff schema."""

import io

import pytest

from sipetruk.api.uploads import IMPORTS_PATH
from sipetruk.models import Employee, ReferenceCode, UnitChange, WorkUnit
from tests.api.person import OWN, gid
from tests.api.test_uploads import as_from_a_form
from tests.services import builders

UNIT = "{ workUnit { code name isActive version history { kind text decree } successor { name } } userErrors { path code message } }"
OLD = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"


def test_a_unit_is_renamed_then_merged(person, cast):
    me = person(cast.bkpsdm)
    key, into = gid("WorkUnit", cast.unit_id), gid("WorkUnit", cast.other_unit_id)
    given = {
        "workUnitId": key,
        "code": "dinkes",
        "name": "Dinas Kesehatan",
        "effectiveOn": "2024-10-09",
        "decree": "Perda 5",
        "expectedVersion": 1,
    }
    renamed = me.act("workUnitRename", given, UNIT)
    assert (renamed["userErrors"], renamed["workUnit"]["name"], renamed["workUnit"]["version"]) == ([], "Dinas Kesehatan", 2)
    assert renamed["workUnit"]["history"] == [
        {"kind": "RENAMED", "text": f"Sampai 8 Oktober 2024 bernama {OLD} (dinkes).", "decree": "Perda 5"}
    ]
    plan = me.ask(
        "query($a: ID!, $b: ID!) { unitMergePlan(workUnitId: $a, intoId: $b) { blockers employees nominations { number } } }", a=key, b=into
    )["unitMergePlan"]
    assert plan == {"blockers": [], "employees": 0, "nominations": []}
    given = {"workUnitId": key, "intoId": into, "effectiveOn": "2024-10-10", "reason": "Penataan.", "expectedVersion": 2}
    merged = me.act("workUnitMerge", given, UNIT)["workUnit"]
    assert (merged["isActive"], merged["successor"]) == (False, {"name": "Dinas Perhubungan"})
    found = me.ask('{ workUnits(search: "pengendalian") { nodes { code } } }')["workUnits"]["nodes"]
    assert found == [{"code": "dinkes"}, {"code": "dishub"}]


@pytest.mark.parametrize("who", ["outsider", "unit_admin", "assessor", "verifier", "viewer"])
def test_what_a_merger_would_do_is_told_only_to_who_may_merge(person, cast, who):
    builders.drafted(cast, builders.open_round(cast))
    query = "query($a: ID!, $b: ID!) { unitMergePlan(workUnitId: $a, intoId: $b) { consequences nominations { number } } }"
    given = {"a": gid("WorkUnit", cast.unit_id), "b": gid("WorkUnit", cast.other_unit_id)}
    assert person(getattr(cast, who)).code(query, **given) == "FORBIDDEN"


def test_refusals_have_their_path_and_nothing_is_saved(person, cast):
    me = person(cast.bkpsdm)
    given = {"workUnitId": gid("WorkUnit", cast.unit_id), "code": "dishub", "name": "X", "effectiveOn": "2024-10-09", "expectedVersion": 1}
    refused = me.act("workUnitRename", given, UNIT)
    assert [(e["path"], e["code"]) for e in refused["userErrors"]] == [(["decree"], "BAD_USER_INPUT")]
    refused = me.act("workUnitRename", given | {"decree": "SK"}, UNIT)
    assert [(e["path"], e["code"]) for e in refused["userErrors"]] == [(["code"], "CONFLICT")]
    refused = me.act("workUnitRename", given | {"workUnitId": gid("Period", 1)}, UNIT)
    assert [e["code"] for e in refused["userErrors"]] == ["NOT_FOUND"]
    assert UnitChange.select().count() == 0


def test_units_are_registered_updated_and_split(person, cast):
    me = person(cast.bkpsdm)
    made = me.act(
        "workUnitsRegister", {"units": [{"code": "bpkad", "name": "BPKAD"}]}, "{ workUnits { id code name } userErrors { path } }"
    )
    new = {"id": gid("WorkUnit", WorkUnit.get(WorkUnit.code == "bpkad").id), "code": "bpkad", "name": "BPKAD"}
    assert made == {"workUnits": [new], "userErrors": []}
    twice = {"units": [{"code": "bkad", "name": "BKAD"}, {"code": "bkad", "name": "Badan Keuangan"}]}
    refused = me.act("workUnitsRegister", twice, "{ workUnits { id } userErrors { path code } }")
    assert refused == {"workUnits": [], "userErrors": [{"path": ["units", "1", "code"], "code": "BAD_USER_INPUT"}]}
    given = {"workUnitId": new["id"], "name": "BPKPAD", "isActive": True, "expectedVersion": 1}
    assert me.act("workUnitUpdate", given, UNIT)["workUnit"]["name"] == "BPKPAD"
    moving = builders.employee(cast.unit_id, "Budi Santoso")
    given = {
        "workUnitId": gid("WorkUnit", cast.unit_id),
        "code": "dppkb",
        "name": "Dinas KB",
        "employeeIds": [gid("Employee", moving)],
        "effectiveOn": "2024-10-09",
        "decree": "Perda 5",
        "expectedVersion": 1,
    }
    assert me.act("workUnitSplit", given, UNIT)["workUnit"]["code"] == "dppkb"
    assert Employee.get_by_id(moving).work_unit.code == "dppkb"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_others_change_no_unit(person, cast):
    given = {"units": [{"code": "bpkad", "name": "BPKAD"}]}
    query = "mutation($input: WorkUnitsRegisterInput!) { workUnitsRegister(input: $input) { workUnits { id } } }"
    assert person(cast.unit_admin).code(query, input=given) == "FORBIDDEN"
    assert person(cast.viewer).code("mutation { codesLoad(input: {}) { tables } }") == "FORBIDDEN"
    assert (WorkUnit.select().count(), ReferenceCode.select().count()) == (2, 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_code_tables_are_loaded(person, cast):
    me, shape = person(cast.bkpsdm), "{ tables userErrors { path } }"
    assert me.act("codesLoad", {"kinds": ["rahasia"]}, shape) == {"tables": 0, "userErrors": [{"path": ["kinds"]}]}
    assert me.act("codesLoad", {"kinds": ["eselon"]}, shape) == {"tables": 1, "userErrors": []}
    assert me.act("codesLoad", {}, shape)["tables"] > 3
    assert ReferenceCode.select().count() > 50


@pytest.fixture
def load(app, sign_in):
    def load(who, content, *, kind="units", trial=False, headers=OWN, token=True):
        browser = sign_in(app.test_client(), who)
        form = {"kind": kind, "isDryRun": trial if isinstance(trial, str) else str(trial).lower()}
        if content is not None:
            form["file"] = (io.BytesIO(content), "data.csv")
        if token:
            form["csrf_token"] = as_from_a_form(app, browser)
        return browser.post(IMPORTS_PATH, data=form, content_type="multipart/form-data", headers=headers)

    return load


GOOD = b"kode_unit,nama_unit\nbpkad,BPKAD\ndishub,Dinas Perhubungan\n"


def test_a_file_is_tried_then_loaded(load, cast):
    tried = load(cast.bkpsdm, GOOD, trial=True)
    assert (tried.status_code, tried.json) == (200, {"saved": {"added": 1, "changed": 0, "unchanged": 1}, "userErrors": []})
    assert WorkUnit.select().count() == 2
    assert load(cast.bkpsdm, GOOD).json["saved"] == {"added": 1, "changed": 0, "unchanged": 1}
    assert WorkUnit.select().count() == 3


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("trial", ["True", "1", "yes", " true"])
def test_a_trial_that_is_misspelt_loads_nothing(load, cast, trial):
    refused = load(cast.bkpsdm, GOOD, trial=trial)
    assert refused.json == {
        "saved": None,
        "userErrors": [{"message": "Isi `true` atau `false`.", "path": ["isDryRun"], "code": "BAD_USER_INPUT"}],
    }
    assert WorkUnit.select().count() == 2


def test_every_bad_row_is_listed_and_nothing_is_saved(load, cast):
    answer = load(cast.bkpsdm, b"kode_unit,nama_unit\nbpkad,BPKAD\nBESAR,X\nlain,\n")
    assert answer.json["saved"] is None
    assert [error["path"] for error in answer.json["userErrors"]] == [["3", "kode_unit"], ["4", "nama_unit"]]
    assert WorkUnit.select().count() == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_file_that_is_none_and_people_who_may_not(load, cast):
    assert [e["path"] for e in load(cast.bkpsdm, None).json["userErrors"]] == [["file"]]
    assert [e["path"] for e in load(cast.bkpsdm, GOOD, kind="rahasia").json["userErrors"]] == [["kind"]]
    assert load(cast.bkpsdm, b"PK\x03\x04").json["userErrors"][0]["message"].startswith("Ini buku kerja Excel")
    assert load(cast.unit_admin, GOOD).status_code == 403
    assert load(cast.bkpsdm, GOOD, headers={"Origin": "https://evil.example"}).status_code == 403
    assert load(cast.bkpsdm, GOOD, token=False).status_code == 400
    assert WorkUnit.select().count() == 2
