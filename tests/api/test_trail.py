"""Histories, the trail in words, counts, the check of the chain and the verifier's queue through both schemas."""

from __future__ import annotations

import pytest

from sipetruk import jobs as worker
from sipetruk.models import Nomination
from sipetruk.services import audit, chain, checks
from tests.api.person import gid
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

HISTORY = """query($id: ID!) { recordHistory(id: $id, first: 1) { totalCount nodes {
    who face action thingLabel reason differences { label before after } } } }"""
TRAIL = """query($where: AuditWhere) { auditTrail(where: $where) { totalCount nodes { actor action } } }"""
TALLIES = """query($by: AuditTallyBy!) { auditTallies(by: $by) { key label count } }"""
CHECK = "{ auditCheck { state checked total heads brokenAt unfittingOn isWhole } }"
QUEUE = """query($where: NominationWhere, $taken: QueueTaken, $due: QueueDue, $eligibility: QueueEligibility) {
  checkQueue(where: $where, taken: $taken, due: $due, eligibility: $eligibility) { totalCount nodes { id } } }"""
READY = """query($ids: [ID!]!) { checkReadiness(nominationIds: $ids) { nomination { id } isAcceptable forbids warns } }"""
ACCEPTED = "{ outcomes { nomination { id number } isAccepted userErrors { message code } } userErrors { code } }"
HEADS = "{ auditHeads(first: 1) { totalCount nodes { day entries head } } }"


def test_a_record_tells_its_history_to_auditors_only(person, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 16):
        checks.reject(cast.verifier, nomination_id=id_, reason="Bukan pegawai aktif.", expected_version=builders.version_of(id_))
    found = person(cast.viewer).ask(HISTORY, id=gid("Nomination", id_))["recordHistory"]
    assert found["nodes"][0] == {
        "who": "Yusuf Verifikator",
        "face": "Panel",
        "action": "Memeriksa, menerima, mengembalikan, atau menolak usulan",
        "thingLabel": "Usulan",
        "reason": "Bukan pegawai aktif.",
        "differences": [{"label": "Status", "before": "Diajukan", "after": "Tidak memenuhi syarat"}],
    }
    for nothing in (gid("Nomination", 999), gid("Sheet", 1), "xyz"):
        assert person(cast.viewer).ask(HISTORY, id=nothing) == {"recordHistory": None}
    assert person(cast.verifier).code(HISTORY, id=gid("Nomination", id_)) == "FORBIDDEN"


def test_the_trail_is_filtered_and_counted(person, cast):
    viewer = person(cast.viewer)
    between = {"gte": "2020-01-01T00:00:00Z", "lte": "2999-01-01T00:00:00Z"}
    found = viewer.ask(TRAIL, where={"action": {"eq": "unit:edit"}, "face": {"eq": "cli"}, "at": between})["auditTrail"]
    assert (found["totalCount"], {row["action"] for row in found["nodes"]}) == (2, {"Mengubah unit kerja"})
    assert viewer.ask(TRAIL, where={"at": {"lte": "2001-01-01T00:00:00Z"}})["auditTrail"]["totalCount"] == 0
    people = viewer.ask(TALLIES, by="PERSON")["auditTallies"]
    assert [(row["key"], row["count"]) for row in people] == [("sistem", 11)]
    assert [row["label"] for row in viewer.ask(TALLIES, by="THING")["auditTallies"]] == ["Pengguna", "Unit kerja"]
    assert [row["count"] for row in viewer.ask(TALLIES, by="DAY")["auditTallies"]] == [11]
    for query, given in ((TRAIL, {}), (TALLIES, {"by": "DAY"}), (CHECK, {})):
        assert person(cast.verifier).code(query, **given) == "FORBIDDEN"


def test_the_check_of_the_chain_is_asked_for_and_read(person, cast):
    chain.publish_head()
    viewer = person(cast.viewer)
    assert viewer.ask(CHECK) == {"auditCheck": None}
    asked = viewer.act("auditCheckRequest", {}, "{ check { state } userErrors { code } }")
    assert asked == {"check": {"state": "waiting"}, "userErrors": []}
    worker.work_once()
    entries = audit.verify().entries
    assert viewer.ask(CHECK)["auditCheck"] == {
        "state": "done", "checked": entries, "total": entries, "heads": 1, "brokenAt": None, "unfittingOn": None, "isWhole": True,
    }  # fmt: skip
    assert person(cast.verifier).code("mutation { auditCheckRequest(input: {}) { userErrors { code } } }") == "FORBIDDEN"


def test_the_heads_are_public(client, cast):
    with builders.standing_at(2024, 10, 1):
        chain.publish_head()
    verdict = audit.verify()
    found = client.post("/graphql", json={"query": HEADS}).json["data"]["auditHeads"]
    assert found == {"totalCount": 1, "nodes": [{"day": "2024-10-01", "entries": verdict.entries, "head": verdict.head}]}
    page = client.get("/jejak-audit")
    assert (page.status_code, verdict.head in page.text, "1 Oktober 2024" in page.text) == (200, True, True)
    assert client.get("/jejak-audit.txt").text.splitlines()[1:] == [f"2024-10-01 {verdict.entries} {verdict.head}"]
    assert client.get("/jejak-audit?setelah=palsu").status_code == 404


def test_the_queue_is_filtered_and_several_are_accepted(person, cast):
    round_ = builders.open_round(cast)
    ids = [builders.submitted(cast, round_, name) for name in ("Wati Lestari", "Budi Santoso")]
    with builders.standing_at(2024, 10, 17):
        builders.check_all(cast, ids[0])
        verifier = person(cast.verifier)
        taken = {"taken": "MINE", "due": "WEEK", "eligibility": "PASSED"}
        where = {"category": {"eq": gid("Category", round_.category_id)}}
        assert [row["id"] for row in verifier.ask(QUEUE, where=where, **taken)["checkQueue"]["nodes"]] == [gid("Nomination", ids[0])]
        assert verifier.ask(QUEUE, where={"period": {"eq": gid("Category", 1)}})["checkQueue"]["totalCount"] == 0
        open_points = verifier.ask(READY, ids=[gid("Nomination", each) for each in (*ids, 999)])["checkReadiness"]
        assert [(row["isAcceptable"], len(row["forbids"])) for row in open_points] == [(True, 0), (False, 2)]
        asked = [{"nominationId": gid("Nomination", each), "expectedVersion": builders.version_of(each)} for each in ids]
        done = verifier.act("nominationsAccept", {"nominations": asked}, ACCEPTED)
    assert [(row["isAccepted"], [error["code"] for error in row["userErrors"]]) for row in done["outcomes"]] == [
        (True, []),
        (False, ["BAD_USER_INPUT", "BAD_USER_INPUT"]),
    ]
    assert [row["nomination"] for row in done["outcomes"]] == [
        {"id": gid("Nomination", each), "number": Nomination.get_by_id(each).number} for each in ids
    ]
    assert [Nomination.get_by_id(each).state for each in ids] == ["verified", "submitted"]
    refused = verifier.act("nominationsAccept", {"nominations": [{"nominationId": "xyz", "expectedVersion": 1}]}, ACCEPTED)
    assert refused == {"outcomes": [], "userErrors": [{"code": "NOT_FOUND"}]}
    assert verifier.act("nominationsAccept", {"nominations": []}, ACCEPTED)["userErrors"] == [{"code": "BAD_USER_INPUT"}]
    mutation = f"mutation($input: NominationsAcceptInput!) {{ nominationsAccept(input: $input) {ACCEPTED} }}"
    assert person(cast.bkpsdm).code(mutation, input={"nominations": asked}) == "FORBIDDEN"
