"""Messages from the act to the receiver: what is told to whom and when, signed, tried again, and never lost or sent too early."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from sipetruk import jobs
from sipetruk.api import webhooks as messages
from sipetruk.cli import main
from sipetruk.models import AuditEntry, Membership, Notification, Webhook, WebhookDelivery, WebhookEvent
from sipetruk.models.base import database
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.scopes import Scope
from sipetruk.rules.webhooks import EVENTS, MOST_FAILURES, MOST_TRIES, Event
from sipetruk.rules.workflow import WITA
from sipetruk.services import announcements, checks, clock, events, results, schedules, tokens, webhook_deliveries, webhooks
from sipetruk.services.transaction import transaction
from sipetruk.windows import load_settings
from tests.api.person import gid
from tests.receiver import receiving
from tests.services import builders, hooks
from tests.services.hooks import log, made
from tests.services.test_schedules import determined

GUIDE = (
    (Path(__file__).parents[2] / "docs" / "integrators.md").read_text(encoding="utf-8").partition("## Webhooks")[2].partition("\n## ")[0]
)
MOMENT = datetime(2024, 11, 18, 9, 0, 0, tzinfo=WITA)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)


def snippet(language):
    (code,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return code


@pytest.fixture(autouse=True)
def _settings():
    hooks.use_settings()


@pytest.fixture
def receiver():
    with receiving() as found:
        yield found


def work():
    """Let the worker send all that is due."""
    while jobs.deliver_once():
        pass


def told(receiver):
    return [json.loads(body) for _, body in receiver.got]


def genuine(secret, receiver, at=0, now=None, **changes):
    names = {}
    exec(snippet("python"), names)  # noqa: S102  # the guide's own lines
    headers, body = receiver.got[at]
    now = now if now is not None else int(headers["SIPetruk-Timestamp"])
    return names["is_genuine"](secret, headers | changes, body, now)


def test_a_nomination_is_told_signed_and_with_what_the_operation_answers(db, cast, receiver):
    token_id = hooks.token(cast)
    new = made(
        cast, Event.NOMINATION_SUBMITTED, Event.NOMINATION_ACCEPTED, url=receiver.url, token_id=token_id, payload="staff/NominationState"
    )
    round_ = builders.open_round(cast)
    nomination_id = builders.submitted(cast, round_)
    work()
    ((headers, _),) = receiver.got
    (message,) = told(receiver)
    row = WebhookDelivery.get()
    assert (headers["SIPetruk-Event"], headers["SIPetruk-Delivery"], headers["Content-Type"]) == (
        "nomination.submitted",
        row.uid,
        "application/json",
    )
    number = builders.Nomination.get_by_id(nomination_id).number
    assert message == {
        "event": "nomination.submitted",
        "delivery": row.uid,
        "occurredAt": row.occurred_at.isoformat().replace("+00:00", "Z"),
        "subject": {"kind": "Nomination", "id": gid("Nomination", nomination_id), "number": number},
        "data": {"nomination": message["data"]["nomination"]},
    }
    found = message["data"]["nomination"]
    assert (found["number"], found["state"], found["unit"]["code"]) == (number, "SUBMITTED", "dinkes")
    assert (row.state, row.status, row.answer, row.tries, row.thing_id) == ("delivered", 200, "diterima", 1, nomination_id)
    assert (Webhook.get().delivered_at is not None, WebhookEvent.select().count()) == (True, 0)
    assert genuine(new.secret, receiver)
    assert not genuine(new.secret, receiver, now=int(headers["SIPetruk-Timestamp"]) + 301)
    assert not genuine(new.secret + "x", receiver)
    assert not genuine(new.secret, receiver, **{"SIPetruk-Timestamp": str(int(headers["SIPetruk-Timestamp"]) + 1)})
    assert not genuine(new.secret, receiver, **{"SIPetruk-Signature": ""})


@SQLITE
def test_nothing_is_told_twice_and_nobody_is_told_what_was_not_asked_for(db, cast, receiver):
    made(cast, Event.NOMINATION_RETURNED, url=receiver.url, token_id=hooks.token(cast))
    builders.submitted(cast, builders.open_round(cast))
    work()
    assert (receiver.got, WebhookDelivery.select().count(), WebhookEvent.select().count()) == ([], 0, 0)


@SQLITE
@pytest.mark.parametrize("language", ["js", "php"])
def test_the_other_snippets_of_the_guide_know_a_genuine_message(db, cast, receiver, language):
    program = shutil.which({"js": "node", "php": "php"}[language])
    if program is None:
        pytest.skip(f"no interpreter for {language} here")
    new = made(cast, url=receiver.url)
    webhooks.ping(cast.bkpsdm, webhook_id=new.webhook_id)
    work()
    ((headers, body),) = receiver.got
    lower = {name.lower(): value for name, value in headers.items() if name.startswith("SIPetruk")}
    stamp = int(lower["sipetruk-timestamp"])
    tried = [(new.secret, lower, body, stamp), ("whs_x", lower, body, stamp), (new.secret, lower, body, stamp + 301)]
    tried += [(new.secret, lower, body + b" ", stamp), (new.secret, {}, body, stamp)]
    given = json.dumps([[secret, names, text.decode(), now] for secret, names, text, now in tried])
    if language == "js":
        ask = f"JSON.parse({given!r}).map(([s, h, b, n]) => isGenuine(s, h, Buffer.from(b), n))"
        command = [program, "-e", f"{snippet('js')}\nconsole.log(JSON.stringify({ask}))"]
    else:
        ask = "json_encode(array_map(fn($t) => is_genuine(...$t), json_decode($argv[1], true)))"
        command = [program, "-r", f"{snippet('php')}\necho {ask};", given]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)  # the guide's own lines
    assert json.loads(said.stdout) == [True, False, False, False, False]


def test_a_publication_is_told_at_its_second_and_not_when_it_is_sealed(db, cast, receiver):
    made(cast, Event.RESULT_PUBLISHED, Event.RESULT_WITHDRAWN, url=receiver.url, payload="public/Period")
    round_ = determined(cast)
    with clock.standing_at(datetime(2024, 11, 15, 10, tzinfo=WITA)):
        first = results.publish(cast.bkpsdm, period_id=round_.period_id, at=MOMENT - timedelta(hours=1))
        schedules.reschedule(cast.bkpsdm, publication_id=first, at=MOMENT)
        work()
    with clock.standing_at(MOMENT - timedelta(microseconds=1)):
        work()
    assert receiver.got == []
    with clock.standing_at(MOMENT):
        work()
    (message,) = told(receiver)
    assert (message["event"], message["occurredAt"], message["subject"]["slug"]) == ("result.published", "2024-11-18T01:00:00Z", "2024")
    assert message["data"]["period"]["publication"]["publishedAt"] == "2024-11-18T01:00:00Z"
    with clock.standing_at(MOMENT + timedelta(hours=1)):
        results.unpublish(cast.bkpsdm, publication_id=first + 1, note="Salah tulis.")
        work()
    assert (told(receiver)[1]["event"], told(receiver)[1]["data"]["period"]["publication"]) == ("result.withdrawn", None)


@SQLITE
def test_what_is_called_off_before_its_moment_is_never_told(db, cast, receiver):
    made(cast, Event.ANNOUNCEMENT_PUBLISHED, Event.ANNOUNCEMENT_WITHDRAWN, url=receiver.url, payload="public/Announcement")
    with clock.standing_at(NOW):
        number = announcements.create(cast.bkpsdm, slug="jadwal", text=Text("Jadwal", "Isi"))
        at = {"announcement_id": number}
        announcements.publish(cast.bkpsdm, **at, expected_version=1, publish_at=NOW + timedelta(hours=1))
        announcements.unschedule(cast.bkpsdm, **at, expected_version=2)
        announcements.publish(cast.bkpsdm, **at, expected_version=3, publish_at=NOW + timedelta(hours=2))
        announcements.publish(cast.bkpsdm, **at, expected_version=4, publish_at=NOW + timedelta(hours=3))
    for hours, count in ((1, 0), (2, 0), (3, 1), (4, 1)):
        with clock.standing_at(NOW + timedelta(hours=hours)):
            work()
        assert len(receiver.got) == count
    assert told(receiver)[0]["data"]["announcement"]["title"] == "Jadwal"
    with clock.standing_at(NOW + timedelta(hours=5)):
        announcements.withdraw(cast.bkpsdm, **at, note="Keliru", expected_version=5)
        work()
    assert [each["event"] for each in told(receiver)] == ["announcement.published", "announcement.withdrawn"]


def test_a_unit_is_told_of_its_own_and_a_token_without_the_scope_of_nothing(db, cast, receiver):
    mine = hooks.token(cast, owner=cast.unit_admin, name="Dinkes")
    theirs = hooks.token(cast, owner=cast.outsider, name="Dishub")
    made(cast, Event.NOMINATION_SUBMITTED, name="Dinkes", url=f"{receiver.url}?dinkes", token_id=mine, payload="staff/NominationState")
    made(cast, Event.NOMINATION_SUBMITTED, name="Dishub", url=f"{receiver.url}?dishub", token_id=theirs, payload="staff/NominationState")
    builders.submitted(cast, builders.open_round(cast))
    work()
    assert [(row.webhook.name, row.state) for row in WebhookDelivery.select()] == [("Dinkes", "delivered")]
    assert len(receiver.got) == 1


@SQLITE
def test_who_may_no_longer_know_is_not_told(db, cast, receiver):
    token_id = hooks.token(cast, owner=cast.unit_admin)
    made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=token_id)
    builders.submitted(cast, builders.open_round(cast))
    webhook_deliveries.spread()
    Membership.update(work_unit=cast.other_unit_id).where(Membership.user == cast.unit_admin.user_id).execute()
    work()
    assert (receiver.got, log()) == ([], [("nomination.submitted", "skipped", 0, "not_visible")])


@SQLITE
def test_a_dead_token_pauses_the_webhook_and_people_are_told(db, cast, receiver):
    token_id = hooks.token(cast)
    made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=token_id)
    tokens.revoke(cast.bkpsdm, token_id=token_id, reason="Bocor")
    builders.submitted(cast, builders.open_round(cast))
    work()
    row, entry = Webhook.get(), AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (receiver.got, row.is_active, row.paused_because) == ([], False, webhook_deliveries.NO_TOKEN)
    assert (entry.action, entry.actor, entry.reason) == ("webhook:pause", "sistem", webhook_deliveries.NO_TOKEN)
    notice = Notification.get(notice="webhook_paused")
    assert (notice.recipient_id, notice.thing, notice.thing_id, notice.params) == (
        cast.bkpsdm.user_id,
        "webhook",
        str(row.id),
        {"webhook": "Portal"},
    )
    assert log() == [("nomination.submitted", "waiting", 0, "")]


@SQLITE
def test_a_changed_key_of_the_application_pauses_as_well(db, cast, receiver):
    webhook_id = made(cast, url=receiver.url).webhook_id
    webhooks.use("kunci lain sama sekali")
    webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
    work()
    assert (Webhook.get().paused_because, receiver.got, log()) == (webhook_deliveries.NO_SECRET, [], [("ping", "failed", 0, "payload")])


@SQLITE
def test_it_is_tried_again_under_the_same_number_and_given_up_at_last(db, cast, receiver):
    made(cast, Event.PERIOD_STAGE_CHANGED, url=receiver.url, token_id=hooks.token(cast, Scope.PERIODS_READ), payload="staff/PeriodState")
    receiver.status, receiver.answer = 503, b"sedang sibuk"
    with clock.standing_at(NOW):
        period_id = builders.prepared_round(cast).period_id
        with transaction():
            events.happened(Event.PERIOD_STAGE_CHANGED, period_id, slug="2024", before="open", after="verification")
    moment = NOW
    for tries in range(1, MOST_TRIES + 1):
        with clock.standing_at(moment - timedelta(seconds=1)):
            work()
        assert len(receiver.got) == tries - 1
        with clock.standing_at(moment):
            work()
        assert len(receiver.got) == tries
        moment += timedelta(seconds=10 * 4 ** (tries - 1))
    row = WebhookDelivery.get()
    assert (row.state, row.tries, row.status, row.error, row.answer) == ("failed", 8, 503, "status", "sedang sibuk")
    assert (len({headers["SIPetruk-Delivery"] for headers, _ in receiver.got}), Webhook.get().failures) == (1, 8)
    assert told(receiver)[0]["subject"]["after"] == "verification"
    receiver.status = 200
    with clock.standing_at(moment + timedelta(days=9)):
        webhooks.replay(cast.bkpsdm, delivery_id=row.id)
        work()
    assert (log(), len(receiver.got), Webhook.get().failures) == ([("period.stage_changed", "delivered", 1, "")], 9, 0)
    assert receiver.got[8][0]["SIPetruk-Delivery"] == row.uid


@SQLITE
def test_too_many_failures_in_a_row_pause_it_and_a_ping_still_goes(db, cast, receiver):
    webhook_id = made(cast, url=receiver.url).webhook_id
    receiver.status = 500
    for _ in range(MOST_FAILURES):
        webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
    work()
    row = Webhook.get()
    assert (row.is_active, row.failures, "Gagal 16 kali" in row.paused_because) == (False, MOST_FAILURES, True)
    assert Notification.select().where(Notification.notice == "webhook_paused").count() == 1
    receiver.status = 200
    webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
    work()
    assert (log()[-1], Webhook.get().is_active) == (("ping", "delivered", 1, ""), False)
    webhooks.resume(cast.bkpsdm, webhook_id=webhook_id, expected_version=row.row_version)
    assert (Webhook.get().is_active, Webhook.get().failures) == (True, 0)


@SQLITE
def test_while_it_is_paused_what_waits_waits_and_what_happens_is_not_made_up_for(db, cast, receiver):
    at = {
        "webhook_id": made(
            cast, Event.NOMINATION_SUBMITTED, Event.NOMINATION_RETURNED, url=receiver.url, token_id=hooks.token(cast)
        ).webhook_id
    }
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    webhook_deliveries.spread()
    webhooks.pause(cast.bkpsdm, **at, reason="Pindah server", expected_version=1)
    builders.submitted(cast, round_, "Wati Lestari")
    work()
    assert (receiver.got, log()) == ([], [("nomination.submitted", "waiting", 0, "")])
    webhooks.resume(cast.bkpsdm, **at, expected_version=2)
    work()
    assert (len(receiver.got), log()) == (1, [("nomination.submitted", "delivered", 1, "")])


def test_a_worker_that_dies_after_handing_on_or_while_sending_loses_nothing(db, cast, receiver, monkeypatch):
    webhook_id = made(cast, url=receiver.url).webhook_id

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with clock.standing_at(NOW):
        webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
        with monkeypatch.context() as patched:
            patched.setattr(messages.webhook_deliveries, "settle", die)
            with pytest.raises(Killed):
                jobs.deliver_once()
        work()
        assert (len(receiver.got), log()) == (1, [("ping", "waiting", 1, "")])
    with clock.standing_at(NOW + timedelta(seconds=61)):
        work()
    assert ([headers["SIPetruk-Delivery"] for headers, _ in receiver.got], log()) == (
        [WebhookDelivery.get().uid] * 2,
        [("ping", "delivered", 2, "")],
    )


def test_an_event_outlives_a_worker_that_dies_while_handing_on(db, cast, receiver, monkeypatch):
    made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=hooks.token(cast))
    builders.submitted(cast, builders.open_round(cast))
    before = WebhookEvent.select().count()
    with monkeypatch.context() as patched:
        patched.setattr(webhook_deliveries, "may_see", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            webhook_deliveries.spread()
    assert (WebhookEvent.select().count(), WebhookDelivery.select().count()) == (before, 0)
    work()
    assert len(receiver.got) == 1


@SQLITE
def test_the_worker_sends_from_a_thread_of_its_own_until_it_is_stopped(db, cast, receiver):
    webhooks.ping(cast.bkpsdm, webhook_id=made(cast, url=receiver.url).webhook_id)
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run, args=(stop,))
    worker.start()
    try:
        assert receiver.has_got.wait(20)
    finally:
        stop.set()
        worker.join(20)
    assert (worker.is_alive(), len(receiver.got)) == (False, 1)


@SQLITE
def test_the_command_sends_what_waits(db, cast, receiver, database_url, data_dir, monkeypatch):
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", database_url)
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(data_dir))
    webhooks.use(load_settings().secret_key)
    webhooks.ping(cast.bkpsdm, webhook_id=made(cast, url=receiver.url).webhook_id)
    assert CliRunner().invoke(main, ["worker", "--once"], catch_exceptions=False).exit_code == 0
    database.initialize(db)
    assert (len(receiver.got), log()) == (1, [("ping", "delivered", 1, "")])


@SQLITE
def test_a_fault_of_ours_ends_no_courier(db, cast, receiver, monkeypatch, caplog):
    webhooks.ping(cast.bkpsdm, webhook_id=made(cast, url=receiver.url).webhook_id)
    with monkeypatch.context() as patched:
        patched.setattr(messages, "spread", lambda: 1 / 0)
        assert jobs.deliver_once() is False
    assert "messages could not be sent" in caplog.text
    work()
    assert len(receiver.got) == 1


@SQLITE
def test_a_message_whose_workers_all_died_is_given_up(db, cast, receiver):
    webhook_id = made(cast, url=receiver.url).webhook_id
    for seconds in range(0, 61 * MOST_TRIES, 61):
        with clock.standing_at(NOW + timedelta(seconds=seconds)):
            if not seconds:
                webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
            assert webhook_deliveries.claim() is not None
            assert webhook_deliveries.claim() is None
    with clock.standing_at(NOW + timedelta(days=1)):
        work()
    assert (receiver.got, log()) == ([], [("ping", "failed", 8, "died")])


@SQLITE
def test_who_lost_the_lease_has_nothing_to_note(db, cast, receiver):
    webhook_id = made(cast, url=receiver.url).webhook_id
    with clock.standing_at(NOW):
        webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
        late = webhook_deliveries.claim()
    with clock.standing_at(NOW + timedelta(seconds=61)):
        work()
    webhook_deliveries.settle(late, messages.Outcome("status", 1, 500))
    assert (log(), Webhook.get().failures) == ([("ping", "delivered", 2, "")], 0)


@SQLITE
def test_an_operation_that_the_token_may_not_read_gives_its_code_and_no_data(db, cast, receiver):
    token_id = hooks.token(cast, Scope.OBJECTIONS_READ, Scope.NOMINATIONS_READ)
    made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=token_id, payload="staff/NominationScore")
    builders.submitted(cast, builders.open_round(cast))
    work()
    (message,) = told(receiver)
    assert (message["data"], message.get("error")) in [(None, "FORBIDDEN"), (None, "NOT_FOUND"), ({"nominationScore": None}, None)]


@SQLITE
def test_a_content_that_cannot_be_made_is_a_failed_try_and_holds_nobody_up(db, cast, receiver):
    made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=hooks.token(cast), payload="staff/NominationState")
    Webhook.update(payload="staff/Lama").execute()
    builders.submitted(cast, builders.open_round(cast))
    webhooks.ping(cast.bkpsdm, webhook_id=Webhook.get().id)
    work()
    assert sorted(log()) == [("nomination.submitted", "waiting", 1, "payload"), ("ping", "delivered", 1, "")]


@SQLITE
def test_neither_log_keeps_what_was_sent(db, cast, receiver, caplog):
    new = made(cast, Event.NOMINATION_SUBMITTED, url=receiver.url, token_id=hooks.token(cast), payload="staff/Nomination")
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    nip = builders.employee_of(nomination_id).nip
    receiver.answer = f"Budi Santoso {nip} diterima".encode()
    with caplog.at_level(logging.DEBUG):
        work()
    (message,) = told(receiver)
    assert message["data"]["nomination"]["employee"] is not None
    kept = str(list(WebhookDelivery.select().dicts())) + caplog.text
    assert [part for part in ("Budi", nip, new.secret, message["data"]["nomination"]["unit"]["name"]) if part in kept] == []
    assert WebhookDelivery.get().state == "delivered"


@SQLITE
def test_each_act_is_told_under_its_name(db, cast, receiver):
    made(
        cast,
        *(event for event in Event if EVENTS[event].thing == "nomination"),
        url=receiver.url,
        token_id=hooks.token(cast),
        payload="staff/NominationState",
    )
    round_ = builders.open_round(cast)
    ids = [builders.submitted(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari")]
    with builders.standing_at(2024, 10, 17):
        for nomination_id in ids:
            builders.check_all(cast, nomination_id)
        checks.reject(cast.verifier, nomination_id=ids[0], reason="Tidak memenuhi.", expected_version=builders.version_of(ids[0]))
        checks.accept(cast.verifier, nomination_id=ids[1], expected_version=builders.version_of(ids[1]))
    work()
    seen = [(each["event"], each["subject"]["id"]) for each in told(receiver)]
    one, two = (gid("Nomination", number) for number in ids)
    assert seen == [
        ("nomination.submitted", one),
        ("nomination.submitted", two),
        ("nomination.rejected", one),
        ("nomination.accepted", two),
    ]


def test_the_guide_lists_the_events_as_they_are():
    rows = re.findall(r"^\| `([a-z_.]+)` \| `?([a-z:]+)`? \| ([a-z]+) \|$", GUIDE, re.MULTILINE)
    assert rows == [(str(event), str(meaning.needs or "nothing"), meaning.thing) for event, meaning in EVENTS.items()]


ONE = "{ webhook { id name url events payload token { id name } isActive pausedBecause version } userErrors { path code } }"
WITH_SECRET = "{ webhook { id ending version } secret userErrors { path code } }"
MESSAGE = "{ delivery { id number event state tries nextTryAt error } userErrors { path code } }"


@SQLITE
def test_looked_after_through_the_schema(person, cast, receiver):
    me = person(cast.bkpsdm)
    given = {"name": "Portal", "url": receiver.url, "events": ["RESULT_PUBLISHED"], "payload": "public/Period"}
    new = me.act("webhookCreate", given | {"idempotencyKey": "k"}, WITH_SECRET)
    again = me.act("webhookCreate", given | {"idempotencyKey": "k"}, WITH_SECRET)
    key = new["webhook"]["id"]
    assert (new["secret"][-4:], again["secret"], again["webhook"]["id"], again["userErrors"]) == (new["webhook"]["ending"], None, key, [])
    (listed,) = me.ask('{ webhooks(where: {name: {eq: "Portal"}}) { nodes { name events isActive createdBy deliveredAt } } }')["webhooks"][
        "nodes"
    ]
    assert listed == {"name": "Portal", "events": ["RESULT_PUBLISHED"], "isActive": True, "createdBy": "Rina Admin", "deliveredAt": None}
    assert me.act("webhookPause", {"webhookId": key, "reason": "x", "expectedVersion": 7}, ONE)["userErrors"] == [
        {"path": ["expectedVersion"], "code": "CONFLICT"}
    ]
    paused = me.act("webhookPause", {"webhookId": key, "reason": "Pindah", "expectedVersion": 1}, ONE)["webhook"]
    assert (paused["isActive"], paused["pausedBecause"], paused["version"]) == (False, "Pindah", 2)
    assert me.act("webhookResume", {"webhookId": key, "expectedVersion": 2}, ONE)["webhook"]["isActive"] is True
    token = gid("ApiToken", hooks.token(cast))
    change = given | {"events": ["NOMINATION_SUBMITTED"], "payload": "staff/NominationState", "tokenId": token}
    changed = me.act("webhookUpdate", change | {"webhookId": key, "expectedVersion": 3}, ONE)["webhook"]
    assert (changed["events"], changed["payload"]) == (["NOMINATION_SUBMITTED"], "staff/NominationState")
    assert changed["token"] == {"id": token, "name": "Portal"}
    wrong = me.act("webhookUpdate", given | {"tokenId": None, "events": ["OBJECTION_FILED"], "webhookId": key, "expectedVersion": 4}, ONE)
    assert wrong == {
        "webhook": None,
        "userErrors": [{"path": ["events"], "code": "BAD_USER_INPUT"}, {"path": ["payload"], "code": "BAD_USER_INPUT"}],
    }
    sent = me.act("webhookPing", {"webhookId": key}, MESSAGE)["delivery"]
    assert (sent["event"], sent["state"], sent["tries"], sent["nextTryAt"] is not None) == ("ping", "WAITING", 0, True)
    assert me.act("webhookDeliveryReplay", {"deliveryId": sent["id"]}, MESSAGE)["userErrors"] == [{"path": [], "code": "CONFLICT"}]
    work()
    only = f'webhookDeliveries(webhookId: "{key}", where: {{state: {{eq: DELIVERED}}}})'
    found = me.ask(f"{{ {only} {{ totalCount nodes {{ number status answer }} }} }}")["webhookDeliveries"]
    assert found == {"totalCount": 1, "nodes": [{"number": sent["number"], "status": 200, "answer": "diterima"}]}
    assert me.act("webhookDeliveryReplay", {"deliveryId": sent["id"]}, MESSAGE)["delivery"]["state"] == "WAITING"
    renewed = me.act("webhookSecretRenew", {"webhookId": key, "expectedVersion": 4}, WITH_SECRET)
    assert (renewed["secret"] != new["secret"], renewed["webhook"]["version"]) == (True, 5)
    assert me.act("webhookRemove", {"webhookId": key, "expectedVersion": 5}, "{ userErrors { code } }") == {"userErrors": []}
    assert (Webhook.select().count(), WebhookDelivery.select().count()) == (0, 0)


@SQLITE
def test_nobody_else_reads_or_acts_through_the_schema(person, cast):
    webhook_id = made(cast).webhook_id
    payloads = person(cast.bkpsdm).ask("{ webhookPayloads { name events } }")["webhookPayloads"]
    assert {each["name"]: each["events"] for each in payloads}["staff/Objection"] == [
        "OBJECTION_FILED",
        "OBJECTION_DECIDED",
        "OBJECTION_WITHDRAWN",
    ]
    for who in (cast.viewer, cast.verifier, cast.unit_admin):
        other = person(who)
        for query in (
            "{ webhooks { totalCount } }",
            f'{{ webhook(id: "{gid("Webhook", webhook_id)}") {{ name }} }}',
            f'{{ webhookDeliveries(webhookId: "{gid("Webhook", webhook_id)}") {{ totalCount }} }}',
            "{ webhookPayloads { name } }",
            f'mutation {{ webhookPing(input: {{webhookId: "{gid("Webhook", webhook_id)}"}}) {{ userErrors {{ code }} }} }}',
        ):
            assert other.code(query) == "FORBIDDEN"
    assert WebhookDelivery.select().count() == 0
