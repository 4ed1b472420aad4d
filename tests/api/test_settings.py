"""Settings, the check of the system, retention and the contact over both schemas."""

import pytest

from sipetruk.models import Nomination, Setting
from tests.api.person import gid
from tests.services.test_results import determining
from tests.services.test_retention import archived, five_years_later

ONE = "{ setting { key value version } userErrors { path code } }"
DONE = "{ loginAttempts notifications nominations userErrors { code message } }"


def test_a_setting_is_changed_and_the_public_contact_follows(person, client, cast):
    me = person(cast.bkpsdm)
    given = {"key": "help_whatsapp", "value": "0812 3456 7890", "expectedVersion": 0}
    assert me.act("settingChange", given, ONE) == {
        "setting": {"key": "help_whatsapp", "value": "081234567890", "version": 1},
        "userErrors": [],
    }
    refused = me.act("settingChange", given, ONE)
    assert refused == {"setting": None, "userErrors": [{"path": ["expectedVersion"], "code": "CONFLICT"}]}
    wrong = me.act("settingChange", given | {"value": "x", "expectedVersion": 1}, ONE)
    assert wrong["userErrors"] == [{"path": ["value"], "code": "BAD_USER_INPUT"}]
    assert me.act("settingChange", given | {"key": "rahasia"}, ONE)["userErrors"][0]["code"] == "NOT_FOUND"
    answer = client.post("/graphql", json={"query": "{ contact { whatsappUrl name } }"}).json["data"]["contact"]
    assert answer["whatsappUrl"] == "https://wa.me/6281234567890"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_auditor_reads_and_strangers_do_not(person, cast):
    reader = person(cast.viewer)
    assert len(reader.ask("{ settings { key value default } }")["settings"]) > 10
    names = [each["name"] for each in reader.ask("{ systemChecks { name verdict said cure } }")["systemChecks"]]
    assert names[:3] == ["Folder data", "Ruang kosong", "Basis data"]
    stranger = person(cast.unit_admin)
    for query in ("{ settings { key } }", "{ systemChecks { name } }", "{ retentionPlan { due { key } } }"):
        assert stranger.code(query) == "FORBIDDEN"
    assert reader.code("mutation { retentionApply(input: {}) { nominations } }") == "FORBIDDEN"
    change = "mutation($input: SettingChangeInput!) { settingChange(input: $input) { userErrors { code } } }"
    assert reader.code(change, input={"key": "help_phone", "value": "0526123456", "expectedVersion": 0}) == "FORBIDDEN"
    assert Setting.select().count() == 0


def test_retention_is_planned_and_applied(person, cast):
    round_, _, _ = archived(cast)
    with five_years_later():
        me = person(cast.bkpsdm)
        plan = me.ask("{ retentionPlan { due { key count files } periods { nominations dueOn isDue } } }")["retentionPlan"]
        assert plan["due"][-1] == {"key": "nomination_years", "count": 2, "files": 2}
        assert plan["periods"] == [{"nominations": 2, "dueOn": "2030-01-01", "isDue": True}]
        assert me.act("retentionApply", {"isDryRun": True}, DONE)["nominations"] == 2
        assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 0
        done = me.act("retentionPurgePeriod", {"periodId": gid("Period", round_.period_id)}, DONE)
        assert done == {"loginAttempts": 0, "notifications": 0, "nominations": 2, "userErrors": []}
        assert me.act("retentionApply", {}, DONE)["nominations"] == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_period_under_way_is_refused(person, cast):
    round_, _, _ = determining(cast, winners=1)
    refused = person(cast.bkpsdm).act("retentionPurgePeriod", {"periodId": gid("Period", round_.period_id)}, DONE)
    assert [each["code"] for each in refused["userErrors"]] == ["ILLEGAL_MOVE"]
    assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 0
