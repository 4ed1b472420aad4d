"""The desk, decisions of two people, and publications with a moment, through the staff schema."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest

from sipetruk.models import Determination, DeterminationProposal, Nomination, Publication
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock
from tests.api.person import gid
from tests.services import builders
from tests.services.second import second_admin
from tests.services.test_results import determine, determining

only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
MOMENT = datetime(2024, 11, 18, 9, tzinfo=WITA)
RESULTS = (
    "{ results { categories { canBeDetermined determination { id overrideReason winners { name } revokedAt }"
    " proposal { id kind state reason proposedBy canDecide canWithdraw winners { name } } }"
    " publications { id number state contentSha256 publishedAt isAwaitingRelease } } userErrors { message path code } }"
)
DESK = """query($id: ID!) { determinationDesk(categoryId: $id) {
  ranking { id number state } placesLeft blocked
  category { winnersMax winnersPerUnit proposal { state } }
  candidates { name rank unitRank isProposed passedOver earlier { year } score decidedByLabel tieGroup unitName nomination { number } }
  excluded { name reasons } objections { number } proposals { state note decidedBy } revoked { revocationReason }
} }"""


@only_sqlite
def test_an_override_is_proposed_and_approved_by_another(person, cast):
    second = second_admin()
    round_, ids, ranking_id = determining(cast)
    first, other = person(cast.bkpsdm), person(second)
    category, chosen = gid("Category", round_.category_id), [gid("Nomination", ids[0]), gid("Nomination", ids[2])]
    given = {"categoryId": category, "rankingId": gid("Ranking", ranking_id), "nominationIds": chosen, "decreeNumber": "SK-1"}
    with builders.standing_at(2024, 11, 8):
        proposed = first.act("resultDetermine", given | {"decreeOn": "2024-11-07", "overrideReason": "Pindah."}, RESULTS)
        (row,) = proposed["results"]["categories"]
        assert (proposed["userErrors"], row["determination"], row["canBeDetermined"]) == ([], None, False)
        proposal = row["proposal"]
        assert [winner["name"] for winner in proposal["winners"]] == ["Siti Aminah", "Wati Lestari"]
        assert (proposal["kind"], proposal["state"], proposal["canDecide"], proposal["canWithdraw"]) == ("OVERRIDE", "WAITING", False, True)
        decision = {"categoryId": category, "proposalId": proposal["id"]}
        approve = f"mutation($input: ResultProposalApproveInput!) {{ resultProposalApprove(input: $input) {RESULTS} }}"
        assert first.code(approve, input=decision) == "FORBIDDEN"
        refused = other.act("resultProposalReject", decision | {"note": ""}, RESULTS)["userErrors"]
        assert [(error["path"], error["code"]) for error in refused] == [(["note"], "BAD_USER_INPUT")]
        done = other.act("resultProposalApprove", decision | {"note": "Sepakat."}, RESULTS)["results"]["categories"][0]
    assert (done["proposal"], done["determination"]["overrideReason"]) == (None, "Pindah.")
    desk = person(cast.viewer).ask(DESK, id=category)["determinationDesk"]
    assert desk["proposals"] == [{"state": "APPROVED", "note": "Sepakat.", "decidedBy": "Hadi Admin"}]
    again = other.act("resultProposalApprove", decision, RESULTS)["userErrors"]
    assert [error["code"] for error in again] == ["CONFLICT"]


@only_sqlite
def test_the_desk_is_read_by_who_reads_rankings(person, cast):
    round_, _, ranking_id = determining(cast)
    category = gid("Category", round_.category_id)
    desk = person(cast.viewer).ask(DESK, id=category)["determinationDesk"]
    assert desk["ranking"] == {"id": gid("Ranking", ranking_id), "number": 1, "state": "FINAL"}
    assert (desk["placesLeft"], desk["blocked"]) == (0, [])
    assert [(each["name"], each["rank"], each["unitRank"], each["isProposed"]) for each in desk["candidates"]] == [
        ("Siti Aminah", 1, 1, True),
        ("Budi Santoso", 2, 2, True),
        ("Wati Lestari", 3, 3, False),
    ]
    assert (desk["excluded"], desk["objections"], desk["proposals"], desk["revoked"]) == ([], [], [], [])
    assert person(cast.bkpsdm).ask(DESK, id=gid("Category", 4711)) == {"determinationDesk": None}
    assert person(cast.verifier).code(DESK, id=category) == "FORBIDDEN"


@only_sqlite
def test_a_proposal_is_withdrawn_and_a_determination_taken_back(person, cast):
    second = second_admin()
    round_, ids, ranking_id = determining(cast)
    first, other, category = person(cast.bkpsdm), person(second), gid("Category", round_.category_id)
    determine(cast, round_, ranking_id, ids[:2])
    given = {"categoryId": category, "reason": "Nomor SK keliru."}
    row = first.act("resultRevocationPropose", given, RESULTS)["results"]["categories"][0]
    decision = {"categoryId": category, "proposalId": row["proposal"]["id"]}
    assert first.act("resultProposalWithdraw", decision, RESULTS)["results"]["categories"][0]["proposal"] is None
    row = first.act("resultRevocationPropose", given, RESULTS)["results"]["categories"][0]
    done = other.act("resultProposalApprove", {"categoryId": category, "proposalId": row["proposal"]["id"]}, RESULTS)
    assert (done["results"]["categories"][0]["determination"], done["results"]["categories"][0]["canBeDetermined"]) == (None, True)
    assert other.ask(DESK, id=category)["determinationDesk"]["revoked"] == [{"revocationReason": "Nomor SK keliru."}]
    assert [row.state for row in DeterminationProposal.select().order_by(DeterminationProposal.id)] == ["withdrawn", "approved"]
    assert [Nomination.get_by_id(id_).state for id_ in ids] == ["ranked"] * 3


@only_sqlite
def test_a_publication_is_scheduled_moved_cancelled_and_released(person, cast):
    round_, ids, ranking_id = determining(cast)
    determine(cast, round_, ranking_id, ids[:2])
    bkpsdm, period = person(cast.bkpsdm), gid("Period", round_.period_id)
    with clock.standing_at(MOMENT - timedelta(days=2)):
        shown = bkpsdm.ask("query($id: ID!) { resultPreview(periodId: $id, policy: NAMES) { sha256 } }", id=period)["resultPreview"]
        stale = bkpsdm.act("resultPublish", {"periodId": period, "at": MOMENT.isoformat(), "expectedSha256": "0" * 64}, RESULTS)
        assert [(error["path"], error["code"]) for error in stale["userErrors"]] == [(["expectedSha256"], "CONFLICT")]
        given = {"periodId": period, "at": MOMENT.isoformat(), "expectedSha256": shown["sha256"]}
        (row,) = bkpsdm.act("resultPublish", given, RESULTS)["results"]["publications"]
        assert (row["state"], row["contentSha256"], row["publishedAt"]) == ("SCHEDULED", shown["sha256"], "2024-11-18T01:00:00Z")
        early = bkpsdm.act("resultRelease", {"periodId": period, "publicationId": row["id"]}, RESULTS)["userErrors"]
        assert [error["code"] for error in early] == ["ILLEGAL_MOVE"]
        later = (MOMENT + timedelta(days=1)).isoformat()
        moved = bkpsdm.act("resultReschedule", {"periodId": period, "publicationId": row["id"], "at": later}, RESULTS)
        assert [each["state"] for each in moved["results"]["publications"]] == ["SCHEDULED", "CANCELLED"]
        second = moved["results"]["publications"][0]["id"]
        cancelled = bkpsdm.act("resultScheduleCancel", {"periodId": period, "publicationId": second, "reason": "Ditunda."}, RESULTS)
        assert [each["state"] for each in cancelled["results"]["publications"]] == ["CANCELLED", "CANCELLED"]
        third = bkpsdm.act("resultPublish", given, RESULTS)["results"]["publications"][0]["id"]
    with clock.standing_at(MOMENT):
        released = bkpsdm.act("resultRelease", {"periodId": period, "publicationId": third}, RESULTS)["results"]["publications"][0]
        assert (released["state"], released["isAwaitingRelease"]) == ("PUBLIC", False)
    assert Publication.select().count() == 3


@only_sqlite
def test_the_decree_comes_and_goes_by_its_addresses(person, cast, csrf):
    round_, ids, ranking_id = determining(cast)
    determination_id = determine(cast, round_, ranking_id, ids[:2]).determination_id
    bkpsdm = person(cast.bkpsdm)
    token = csrf(bkpsdm.client, "/admin/")

    def send(who, content, id_=determination_id):
        sent = {"determinationId": gid("Determination", id_), "csrf_token": token, "file": (io.BytesIO(content), "SK.pdf")}
        return who.client.post("/graphql/staff/decrees", data=sent, headers={"Origin": "http://localhost"})

    assert send(bkpsdm, b"MZ").json["userErrors"][0]["path"] == ["file"]
    assert send(bkpsdm, builders.PDF, 4711).json["userErrors"][0]["code"] == "NOT_FOUND"
    assert send(bkpsdm, builders.PDF).json == {"determinationId": gid("Determination", determination_id), "userErrors": []}
    assert Determination.get().decree_name == "SK.pdf"
    address = f"/sk/{gid('Determination', determination_id)}"
    for who, status in ((cast.viewer, 200), (cast.unit_admin, 403)):
        with person(who).client.get(address) as answer:
            assert answer.status_code == status
    assert person(cast.bkpsdm).client.get("/sk/nothing").status_code == 404
