"""The cockpit, the way of a period, reminders and the run of the dates through the staff schema."""

import pytest

from sipetruk.models import Nomination, Period, Reminder, StageWindow
from tests.api.person import Person, gid
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

COCKPIT = """query($id: ID!) { cockpit(periodId: $id) {
  period { name isAutomatic version }
  silentUnits
  nextSteps { move label stageEndsOn blockers { message path code } }
  assessors { assessor { name role phone } open submitted apart remindedAt }
} }"""
UNITS = """query($id: ID!, $show: String!, $search: String! = "") { unitProgress(periodId: $id, show: $show, search: $search) {
  nodes { unit { code } unfinished handedIn people { name role phone } remindedAt nominations { state count } } totalCount
} }"""
REMINDED = "{ count people already unreachable userErrors { message path code } }"
PERIOD = "{ period { isAutomatic version stages { stage closesOn } } userErrors { message path code } }"


@pytest.fixture
def admin(app, sign_in, cast):
    return Person(app, sign_in, cast.bkpsdm)


def test_the_cockpit_names_the_next_step_and_what_blocks_it(admin, cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    id_ = gid("Period", round_.period_id)
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, builders.PeriodMove.START_VERIFICATION)
        found = admin.ask(COCKPIT, id=id_)["cockpit"]
    assert found["nextSteps"] == [
        {
            "move": "START_ASSESSMENT",
            "label": "Mulai penilaian",
            "stageEndsOn": "2024-10-22",
            "blockers": [{"message": "Masih ada 1 usulan yang belum diverifikasi.", "path": ["nominations"], "code": "ILLEGAL_MOVE"}],
        }
    ]
    assert (found["silentUnits"], found["assessors"], found["period"]["isAutomatic"]) == (1, [], True)
    assert admin.ask(COCKPIT, id=gid("Period", 999)) == {"cockpit": None}
    units = admin.ask(UNITS, id=id_, show="belum")["unitProgress"]
    lina = {"name": "Lina Pengusul", "role": "Admin OPD", "phone": None}
    empty = {"unit": {"code": "dishub"}, "unfinished": 0, "handedIn": 0, "people": [lina], "remindedAt": None, "nominations": []}
    assert units == {"nodes": [empty], "totalCount": 1}
    assert admin.ask(UNITS, id=id_, show="semua", search="KES")["unitProgress"]["nodes"][0]["handedIn"] == 1


def test_the_year_of_a_published_period_stays(admin, cast):
    period_id = builders.prepared_round(cast).period_id
    Period.update(state="published").execute()
    given = {"periodId": gid("Period", period_id), "name": "ASN Berprestasi 2024", "year": 2025, "expectedVersion": 3}
    refused = admin.act("periodUpdate", given, PERIOD)
    said = "Nama dan tahun periode tetap sejak hasilnya diumumkan, juga setelah ditarik: berkas dan piagam yang beredar menyebutnya."
    assert refused == {"period": None, "userErrors": [{"message": said, "path": ["year"], "code": "ILLEGAL_MOVE"}]}
    assert Period.get_by_id(period_id).year == 2024


def test_units_and_assessors_are_reminded(admin, cast):
    round_ = builders.open_round(cast)
    given = {"periodId": gid("Period", round_.period_id), "unitIds": [gid("WorkUnit", cast.other_unit_id)]}
    with builders.standing_at(2024, 10, 9):
        assert admin.act("unitsRemind", given, REMINDED) == {"count": 1, "people": 1, "already": 0, "unreachable": 0, "userErrors": []}
        (problem,) = admin.act("unitsRemind", given, REMINDED)["userErrors"]
        assert (problem["code"], problem["path"]) == ("CONFLICT", ["again"])
        assert admin.act("unitsRemind", given | {"isAgain": True}, REMINDED)["count"] == 1
        for wrong in ({"unitIds": ["x"]}, {"periodId": "x"}):
            (problem,) = admin.act("unitsRemind", given | wrong, REMINDED)["userErrors"]
            assert problem["code"] == "NOT_FOUND"
        (problem,) = admin.act("assessorsRemind", {"periodId": given["periodId"]}, REMINDED)["userErrors"]
        assert problem["code"] == "ILLEGAL_MOVE"
    assert Reminder.select().count() == 2


def test_the_run_of_the_dates_is_set_and_a_stage_extended(admin, cast):
    round_ = builders.open_round(cast)
    version = Period.get_by_id(round_.period_id).row_version
    given = {"periodId": gid("Period", round_.period_id), "expectedVersion": version}
    done = admin.act("periodAutomaticSet", given | {"isAutomatic": False}, PERIOD)
    assert (done["period"]["isAutomatic"], done["period"]["version"], done["userErrors"]) == (False, version + 1, [])
    extension = given | {"stage": "NOMINATION", "closesOn": "2024-10-20", "reason": "Jaringan terputus."}
    with builders.standing_at(2024, 10, 9):
        assert [each["code"] for each in admin.act("stageExtend", extension, PERIOD)["userErrors"]] == ["CONFLICT"]
        done = admin.act("stageExtend", extension | {"expectedVersion": version + 1}, PERIOD)
        assert done["period"]["stages"][0] == {"stage": "NOMINATION", "closesOn": "2024-10-20"}
        earlier = extension | {"expectedVersion": version + 2, "closesOn": "2024-10-19"}
        assert [each["path"] for each in admin.act("stageExtend", earlier, PERIOD)["userErrors"]] == [["closesOn"]]
    assert str(StageWindow.get(period=round_.period_id, stage="nomination").closes_on) == "2024-10-20"


def test_the_way_of_a_period_and_the_work_list_are_there_for_everybody(app, sign_in, cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    person = Person(app, sign_in, cast.verifier)
    with builders.standing_at(2024, 10, 22):
        found = person.ask(
            """{ viewer { worklist { label count dueOn dueWords isLate target nomination { id number } period { name } } }
                 timelines { period { name } state day steps { state when whenLabel waitsFor isToday duties } } }"""
        )
    (item,) = found["viewer"]["worklist"]
    assert item == {
        "label": "1 usulan menunggu verifikasi",
        "count": 1,
        "dueOn": "2024-10-22",
        "dueWords": "hari ini 23.59 WITA",
        "isLate": False,
        "target": "CHECKS",
        "nomination": {"id": gid("Nomination", id_), "number": Nomination.get_by_id(id_).number},
        "period": {"name": "ASN Berprestasi 2024"},
    }
    (line,) = found["timelines"]
    assert (line["state"], line["day"]) == ("OPEN", "2024-10-22")
    assert [(step["state"], step["when"]) for step in line["steps"] if step["isToday"]] == [("VERIFICATION", "NEXT")]
    assert [(step["whenLabel"], step["waitsFor"]) for step in line["steps"][:3]] == [
        ("selesai", None),
        ("sudah ditutup", "Ditutup 15 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Verifikasi administrasi”."),
        ("berikutnya", None),
    ]
    assert [step["duties"] for step in line["steps"]][1] == ["Boleh mulai memeriksa usulan yang sudah diajukan."]


def test_the_cockpit_is_for_bkpsdm_and_auditors(app, sign_in, cast):
    round_ = builders.open_round(cast)
    id_ = gid("Period", round_.period_id)
    assert Person(app, sign_in, cast.viewer).ask(COCKPIT, id=id_)["cockpit"]["silentUnits"] == 2
    for who in (cast.verifier, cast.unit_admin, cast.assessor):
        person = Person(app, sign_in, who)
        assert person.code(COCKPIT, id=id_) == "FORBIDDEN"
        assert person.code(UNITS, id=id_, show="semua") == "FORBIDDEN"
        remind = "mutation($input: UnitsRemindInput!) { unitsRemind(input: $input) { count } }"
        assert person.code(remind, input={"periodId": id_}) == "FORBIDDEN"
    assert Reminder.select().count() == 0
