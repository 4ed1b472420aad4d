"""An objection through the staff schema over HTTP: filed, accepted, sheets marked again, a new winner; what is refused and hidden."""

from __future__ import annotations

import base64

import pytest

from sipetruk.models import Objection, Ranking, Reopening, Sheet
from tests.api.person import gid
from tests.services import builders, objecting
from tests.services.objecting import REASON, at

OBJECTION = """{ objection { id number state allowedActions isUnsettled settledBy noChangeNote decidedBy filedBy fileName version }
    userErrors { message path code } }"""
SHEETS = "{ sheets { state version sheets { id assessor { id name } state replaces version } } userErrors { message path code } }"
RANKING = "{ ranking { summary { id resultSha256 } } userErrors { message path code } }"
SHEET = "{ sheet { summary { state version } } userErrors { message path code } }"
FILING = """query($id: ID!) { objectionFiling(nominationId: $id) { canFile isLetterNeeded whyNot closesOn
    objections { number state decision decidedBy } } }"""
LIST = "query($w: ObjectionWhere) { objections(where: $w) { totalCount nodes { number state nominee unitName category { name } } } }"
DIFFERENCE = """query($id: ID!) { rankingDifference(categoryId: $id) { isEmpty older { number } newer { number } joinedWinners leftWinners
    nominees { name difference exact rankGain before { rank score isWinner } after { rank score isWinner }
    criteria { label before after difference } }
    inputs { kind about nominee before after } objections { number } } }"""
HIDDEN = ("outsider", "verifier", "assessor")


def done(payload):
    assert payload["userErrors"] == []
    return payload


def refused(payload):
    return [(each["code"], each["path"]) for each in payload["userErrors"]]


def final(admin, category):
    ranking = done(admin.act("rankingCompute", {"categoryId": category}, RANKING))["ranking"]["summary"]
    given = {"categoryId": category, "rankingId": ranking["id"], "expectedResultSha256": ranking["resultSha256"]}
    done(admin.act("rankingFinalise", given, RANKING))


def test_an_objection_changes_the_winner(person, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    category, nomination = gid("Category", round_.category_id), gid("Nomination", budi)
    unit, admin, auditor = person(cast.unit_admin), person(cast.bkpsdm), person(cast.viewer)
    with at(7):
        assert unit.ask(FILING, id=nomination)["objectionFiling"]["canFile"] is True
        given = {"nominationId": nomination, "reason": REASON, "idempotencyKey": "k1", "fileName": "surat.pdf"}
        given["file"] = base64.b64encode(builders.PDF).decode()
        filed = done(unit.act("objectionFile", given, OBJECTION))["objection"]
        assert done(unit.act("objectionFile", given, OBJECTION))["objection"] == filed
        assert (filed["number"], filed["state"], filed["allowedActions"], filed["fileName"]) == (
            "2024-S001",
            "FILED",
            ["WITHDRAW"],
            "surat.pdf",
        )
        assert admin.ask(LIST, w={"state": {"in": ["FILED"]}, "isUnsettled": {"eq": False}})["objections"] == {
            "totalCount": 1,
            "nodes": [
                {
                    "number": "2024-S001",
                    "state": "FILED",
                    "nominee": "Budi Santoso",
                    "unitName": "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana",
                    "category": {"name": "ASN Inovatif"},
                }
            ],
        }
        given = {"objectionId": filed["id"], "reason": "Proposal belum dibaca.", "expectedVersion": filed["version"]}
        taken = done(admin.act("objectionAccept", given, OBJECTION))["objection"]
        assert (taken["state"], taken["isUnsettled"], taken["allowedActions"]) == ("ACCEPTED", True, ["REOPEN", "NOTE"])
        assert refused(admin.act("objectionReject", given | {"expectedVersion": taken["version"]}, OBJECTION)) == [("ILLEGAL_MOVE", [])]
        found = admin.ask("query($id: ID!) { nominationSheets(nominationId: $id) { version sheets { id } } }", id=nomination)[
            "nominationSheets"
        ]
        given = {
            "nominationId": nomination,
            "sheetIds": [each["id"] for each in found["sheets"]],
            "criteria": ["gagasan"],
            "reason": "Menindaklanjuti sanggahan.",
            "expectedVersion": found["version"],
        }
        opened = done(admin.act("sheetsReopen", given, SHEETS))["sheets"]
        assert (opened["state"], [each["state"] for each in opened["sheets"]]) == ("VERIFIED", ["OPEN", "OPEN"])
        for who in (cast.assessor, cast.assessor2):
            assessor = person(who)
            asked = "query($id: ID!) { sheet(nominationId: $id) { summary { version } reopening { reason criteria objection } } }"
            sheet = assessor.ask(asked, id=nomination)["sheet"]
            assert sheet["reopening"] == {"reason": "Menindaklanjuti sanggahan.", "criteria": ["gagasan"], "objection": "2024-S001"}
            mark = {"criterion": "gagasan", "state": "SCORED", "value": "40"}
            given = {"nominationId": nomination, "marks": [mark], "expectedVersion": sheet["summary"]["version"]}
            version = done(assessor.act("marksRecord", given, SHEET))["sheet"]["summary"]["version"]
            done(assessor.act("sheetSubmit", {"nominationId": nomination, "expectedVersion": version}, SHEET))
    with at(8):
        final(admin, category)
        for reader in (admin, auditor):
            told = reader.ask(DIFFERENCE, id=category)["rankingDifference"]
            assert (told["isEmpty"], told["older"]["number"], told["newer"]["number"]) == (False, 1, 2)
            assert (told["joinedWinners"], told["leftWinners"]) == (["Budi Santoso"], ["Siti Aminah"])
            assert [(each["name"], each["difference"], each["rankGain"]) for each in told["nominees"]] == [
                ("Budi Santoso", "+9,50", 1),
                ("Siti Aminah", "0,00", -1),
            ]
            assert [each["about"] for each in told["inputs"]] == ["Nilai “Gagasan” dari Siti Penilai", "Nilai “Gagasan” dari Dewi Penilai"]
            assert told["objections"] == [{"number": "2024-S001"}]
        seen = unit.ask(FILING, id=nomination)["objectionFiling"]
        assert seen["objections"] == [
            {"number": "2024-S001", "state": "ACCEPTED", "decision": "Proposal belum dibaca.", "decidedBy": "BKPSDM"}
        ]
        assert unit.ask("query($id: ID!) { objection(id: $id) { settledBy } }", id=filed["id"])["objection"] == {"settledBy": 2}
    assert Ranking.select().where(Ranking.state == "final").count() == 1


@pytest.mark.parametrize("who", HIDDEN)
def test_objections_of_others_are_not_there(person, cast, who):
    _, (_, budi) = objecting.objection_stage(cast)
    objection = gid("Objection", objecting.filed(cast, budi))
    reader = person(getattr(cast, who))
    with at(7):
        assert reader.ask(LIST)["objections"] == {"totalCount": 0, "nodes": []}
        assert reader.ask("query($id: ID!) { objection(id: $id) { number } }", id=objection) == {"objection": None}
        given = {"objectionId": objection, "reason": "Alasan.", "expectedVersion": 1}
        for act in ("objectionAccept", "objectionReject", "objectionWithdraw"):
            assert refused(reader.act(act, given, OBJECTION)) == [("NOT_FOUND", [])]
        assert refused(reader.act("objectionNote", {"objectionId": objection, "note": "x", "expectedVersion": 1}, OBJECTION)) == [
            ("NOT_FOUND", [])
        ]
    assert [row.state for row in Objection.select()] == ["filed"]


def test_refusals_name_their_place(person, cast):
    _, (_, budi) = objecting.objection_stage(cast)
    nomination = gid("Nomination", budi)
    unit, admin = person(cast.unit_admin), person(cast.bkpsdm)
    with at(7):
        for given, expected in (
            ({"reason": "Pendek."}, [("BAD_USER_INPUT", ["reason"])]),
            ({"reason": REASON, "file": "bukan base64", "fileName": "a.pdf"}, [("BAD_USER_INPUT", ["file"])]),
            ({"reason": REASON, "file": "TVo="}, [("BAD_USER_INPUT", ["fileName"])]),
            ({"reason": REASON, "file": "TVo=", "fileName": "a.pdf"}, [("BAD_USER_INPUT", ["file"])]),
            ({"reason": REASON, "letter": {"number": "1", "receivedOn": "2024-11-07"}}, [("BAD_USER_INPUT", ["letter"])]),
        ):
            assert refused(unit.act("objectionFile", {"nominationId": nomination} | given, OBJECTION)) == expected
        given = {"nominationId": nomination, "reason": REASON}
        assert refused(admin.act("objectionFile", given, OBJECTION)) == [("BAD_USER_INPUT", ["letter", "number"])]
        assert refused(unit.act("objectionFile", given | {"nominationId": "bukan"}, OBJECTION)) == [("NOT_FOUND", [])]
        for query in (
            "objection(id: $id) { number }",
            "objectionFiling(nominationId: $id) { canFile }",
            "nominationSheets(nominationId: $id) { version }",
        ):
            assert set(admin.ask(f"query($id: ID!) {{ {query} }}", id=gid("Objection", 4711)).values()) == {None}
    assert Objection.select().count() == 0


def test_sheets_are_replaced_and_let_go(person, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    admin = person(cast.bkpsdm)
    sheet = Sheet.get(assessor=cast.assessor2.user_id)
    able = "query($id: ID!) { ableAssessors(nominationId: $id) { id name conflict } }"
    with builders.standing_at(2024, 10, 25):
        (third,) = admin.ask(able, id=gid("Nomination", budi))["ableAssessors"]
        assert (third["name"], third["conflict"]) == ("Hasan Penilai", "")
        given = {"sheetId": gid("Sheet", sheet.id), "reason": "Sakit.", "expectedVersion": 1}
        assert refused(admin.act("sheetDrop", given, SHEETS)) == [("BAD_USER_INPUT", [])]
        found = done(admin.act("sheetReplace", given | {"assessorId": third["id"]}, SHEETS))["sheets"]
        assert [(each["assessor"]["name"], each["state"], each["replaces"]) for each in found["sheets"]] == [
            ("Dewi Penilai", "DROPPED", ""),
            ("Hasan Penilai", "OPEN", "Dewi Penilai"),
            ("Siti Penilai", "OPEN", ""),
        ]
        for who in (cast.viewer, cast.unit_admin):
            act = "mutation($i: SheetDropInput!) { sheetDrop(input: $i) { userErrors { code } } }"
            assert person(who).code(act, i=given) == "FORBIDDEN"


def test_marks_and_their_history_are_for_bkpsdm_and_auditors(person, cast):
    round_, (_, budi) = objecting.objection_stage(cast)
    history = "query($id: ID!) { nominationSheets(nominationId: $id) { sheets { history { value } } } }"
    for who in (cast.assessor, cast.unit_admin, cast.unit_head, cast.verifier):
        assert person(who).code(history, id=gid("Nomination", budi)) == "FORBIDDEN"
        assert person(who).code(DIFFERENCE, id=gid("Category", round_.category_id)) == "FORBIDDEN"
    assert person(cast.viewer).ask(DIFFERENCE, id=gid("Category", round_.category_id)) == {"rankingDifference": None}
    assert Reopening.select().count() == 0
