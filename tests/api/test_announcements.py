"""Announcements over both schemas: written by staff, read by anybody when their moment has come."""

from datetime import UTC, datetime, timedelta

import pytest

from sipetruk.models import Announcement
from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, clock
from tests.api.person import gid

ONE = "{ announcement { id slug title state version previewHtml publishAt } userErrors { path code message } }"
PUBLIC = "query($slug: String!, $in: Language!) { announcement(slug: $slug, language: $in) { title language bodyHtml } }"
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def anybody(client):
    def ask(query, **variables):
        answer = client.post("/graphql", json={"query": query, "variables": variables})
        assert "errors" not in answer.json, answer.json
        return answer.json["data"]

    return ask


def test_from_the_draft_to_the_reader(person, anybody, cast):
    me = person(cast.bkpsdm)
    given = {"slug": "jadwal", "title": "Jadwal", "body": "**Senin** <script>x</script>", "titleEn": "Schedule", "bodyEn": "*Monday*"}
    made = me.act("announcementCreate", given | {"idempotencyKey": "a"}, ONE)
    assert made["announcement"]["state"] == "DRAFT"
    assert made["announcement"]["previewHtml"] == "<p><strong>Senin</strong> &lt;script&gt;x&lt;/script&gt;</p>"
    key = made["announcement"]["id"]
    assert anybody(PUBLIC, slug="jadwal", **{"in": "ID"}) == {"announcement": None}
    published = me.act("announcementPublish", {"announcementId": key, "expectedVersion": 1}, ONE)["announcement"]
    assert (published["state"], published["version"]) == ("PUBLISHED", 2)
    assert anybody(PUBLIC, slug="jadwal", **{"in": "EN"}) == {
        "announcement": {"title": "Schedule", "language": "EN", "bodyHtml": "<p><em>Monday</em></p>"}
    }
    assert anybody("{ announcements { nodes { slug title } totalCount } }")["announcements"] == {
        "nodes": [{"slug": "jadwal", "title": "Jadwal"}],
        "totalCount": 1,
    }
    assert anybody("query($id: ID!) { node(id: $id) { ... on Announcement { slug } } }", id=key) == {"node": {"slug": "jadwal"}}
    withdrawn = me.act("announcementWithdraw", {"announcementId": key, "note": "Keliru.", "expectedVersion": 2}, ONE)["announcement"]
    assert withdrawn["state"] == "WITHDRAWN"
    assert anybody(PUBLIC, slug="jadwal", **{"in": "ID"}) == {"announcement": None}
    assert anybody("query($id: ID!) { node(id: $id) { id } }", id=key) == {"node": None}


def test_scheduled_changed_unscheduled_and_thrown_away(person, cast):
    me = person(cast.bkpsdm)
    key = me.act("announcementCreate", {"slug": "a", "title": "A", "body": "B"}, ONE)["announcement"]["id"]
    later = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    given = {"announcementId": key, "publishAt": later, "expectedVersion": 1}
    assert me.act("announcementPublish", given, ONE)["announcement"]["state"] == "SCHEDULED"
    given = {"announcementId": key, "title": "A2", "body": "B", "expectedVersion": 2}
    assert me.act("announcementUpdate", given, ONE)["announcement"]["title"] == "A2"
    assert me.act("announcementUnschedule", {"announcementId": key, "expectedVersion": 3}, ONE)["announcement"]["state"] == "DRAFT"
    listed = me.ask("{ announcements { nodes { slug state } } }")["announcements"]["nodes"]
    assert listed == [{"slug": "a", "state": "DRAFT"}]
    assert me.act("announcementRemove", {"announcementId": key, "expectedVersion": 4}, ONE) == {"announcement": None, "userErrors": []}
    assert Announcement.select().count() == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_refusals(person, cast):
    me = person(cast.bkpsdm)
    refused = me.act("announcementCreate", {"slug": "A", "title": "A", "body": "B"}, ONE)
    assert [(e["path"], e["code"]) for e in refused["userErrors"]] == [(["slug"], "BAD_USER_INPUT")]
    refused = me.act("announcementRemove", {"announcementId": gid("Period", 1), "expectedVersion": 1}, ONE)
    assert [e["code"] for e in refused["userErrors"]] == ["NOT_FOUND"]
    query = "mutation($input: AnnouncementCreateInput!) { announcementCreate(input: $input) { userErrors { code } } }"
    assert person(cast.verifier).code(query, input={"slug": "a", "title": "A", "body": "B"}) == "FORBIDDEN"
    assert person(cast.verifier).code("{ announcements { totalCount } }") == "FORBIDDEN"
    assert Announcement.select().count() == 0


def test_more_announcements_cost_no_more_statements(client, cast, db):
    def statements():
        seen = []
        original = db.execute_sql
        db.execute_sql = lambda sql, *a, **k: (seen.append(sql), original(sql, *a, **k))[1]
        try:
            client.post("/graphql", json={"query": "{ announcements(first: 100) { nodes { title bodyHtml } } }"})
        finally:
            del db.execute_sql
        return len(seen)

    def add(slug):
        number = announcements.create(cast.bkpsdm, slug=slug, text=Text("J", "I"))
        announcements.publish(cast.bkpsdm, announcement_id=number, expected_version=1)

    add("a0")
    one = statements()
    for n in range(1, 9):
        add(f"a{n}")
    assert statements() == one
