"""Webhooks as people look after them: what is made and kept, every refusal, and what the database holds even against us."""

from __future__ import annotations

from datetime import UTC, datetime

import peewee as pw
import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Webhook, WebhookDelivery, WebhookEvent
from sipetruk.models.base import database
from sipetruk.queries import tokens as token_queries
from sipetruk.queries import webhooks as queries
from sipetruk.rules.scopes import Scope
from sipetruk.rules.webhooks import Event
from sipetruk.services import clock, events, nominations, tokens, webhooks
from sipetruk.services.transaction import transaction
from tests.services import builders, hooks
from tests.services.hooks import log, made
from tests.services.test_administration_at_once import at_once

NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PUBLIC = [Event.RESULT_PUBLISHED, Event.RESULT_WITHDRAWN]


@pytest.fixture(autouse=True)
def _settings():
    hooks.use_settings()


def last():
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first()


def test_what_is_kept_and_recorded(db, cast):
    token_id = hooks.token(cast)
    with clock.standing_at(NOW):
        new = made(cast, *PUBLIC, url=f"{hooks.URL}?kunci=1", payload="public/Period", token_id=token_id)
    row, entry = Webhook.get(), last()
    assert (row.events, row.payload, row.token_id, row.created_at, row.created_by_id, row.is_active) == (
        ["result.published", "result.withdrawn"],
        "public/Period",
        token_id,
        NOW,
        cast.bkpsdm.user_id,
        True,
    )
    assert (new.secret[:4], len(new.secret), row.ending, webhooks.opened(row.secret)) == ("whs_", 47, new.secret[-4:], new.secret)
    assert new.secret not in row.secret
    told = {"name": "Portal", "url": hooks.URL, "events": row.events, "payload": "public/Period", "token": token_id}
    assert (entry.action, entry.thing, entry.thing_id, entry.before, entry.after) == ("webhook:create", "webhook", str(row.id), None, told)
    assert made(cast, name="Dua").secret != new.secret


@SQLITE
@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "KEMBAR"}, "name"),
        ({"url": "http://contoh.go.id/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"events": []}, "events"),
        ({"events": [Event.NOMINATION_SUBMITTED]}, "events"),
        ({"payload": "public/Tidak"}, "payload"),
        ({"payload": "staff/NominationSubmit"}, "payload"),
        ({"payload": "public/Announcement"}, "payload"),
        ({"payload": "staff/PeriodState"}, "payload"),
        ({"token_id": 999_999}, "tokenId"),
    ],
)
def test_what_is_refused_leaves_nothing(db, cast, changes, path):
    made(cast, name="kembar")
    before = AuditEntry.select().count()
    with pytest.raises(Invalid) as refused:
        made(cast, **changes)
    assert [problem.path for problem in refused.value.problems] == [(path,)]
    given = {"name": "kembar", "url": hooks.URL, "events": PUBLIC, "payload": "", "token_id": None}
    if changes.get("name") != "KEMBAR":
        with pytest.raises(Invalid):
            webhooks.update(cast.bkpsdm, webhook_id=Webhook.get().id, expected_version=1, **(given | changes))
    assert ([row.name for row in Webhook.select()], AuditEntry.select().count()) == (["kembar"], before)


@SQLITE
def test_events_need_a_token_that_may_know_them(db, cast):
    reading = hooks.token(cast, Scope.NOMINATIONS_READ)
    made(cast, Event.NOMINATION_SUBMITTED, token_id=reading, payload="staff/NominationState")
    with pytest.raises(Invalid, match="Peristiwa “objection"):
        made(cast, Event.OBJECTION_FILED, name="Dua", token_id=reading)
    tokens.revoke(cast.bkpsdm, token_id=reading, reason="Uji")
    with pytest.raises(Invalid, match="token yang masih berlaku"):
        made(cast, Event.NOMINATION_SUBMITTED, name="Dua", token_id=reading)
    assert Webhook.select().count() == 1


@SQLITE
def test_nobody_else_looks_after_webhooks(db, cast):
    new = made(cast)
    sent = webhooks.ping(cast.bkpsdm, webhook_id=new.webhook_id)
    everything = tokens.create(cast.bkpsdm, name="Semua", purpose="x", owner_id=cast.bkpsdm.user_id, scopes=list(Scope)).token_id
    program = token_queries.acting(everything, today=clock.today())
    before = AuditEntry.select().count()
    at = {"webhook_id": new.webhook_id}
    for actor in (cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer, program, None):
        for attempt in (
            lambda actor=actor: made(cast, actor=actor or cast.viewer, name="x"),
            lambda actor=actor: webhooks.update(
                actor, **at, name="x", url=hooks.URL, events=PUBLIC, payload="", token_id=None, expected_version=1
            ),
            lambda actor=actor: webhooks.pause(actor, **at, reason="x", expected_version=1),
            lambda actor=actor: webhooks.resume(actor, **at, expected_version=1),
            lambda actor=actor: webhooks.renew_secret(actor, **at, expected_version=1),
            lambda actor=actor: webhooks.remove(actor, **at, expected_version=1),
            lambda actor=actor: webhooks.ping(actor, **at),
            lambda actor=actor: webhooks.replay(actor, delivery_id=sent),
            lambda actor=actor: queries.webhooks(actor),
            lambda actor=actor: queries.webhook(actor, new.webhook_id),
            lambda actor=actor: queries.deliveries(actor, new.webhook_id),
            lambda actor=actor: queries.delivery(actor, sent),
            lambda actor=actor: queries.offered_tokens(actor, today=clock.today()),
        ):
            with pytest.raises(Forbidden):
                attempt()
    assert (Webhook.select().count(), WebhookDelivery.select().count(), AuditEntry.select().count()) == (1, 1, before)


@SQLITE
def test_what_is_not_there(db, cast):
    at = {"webhook_id": 999}
    for attempt in (
        lambda: webhooks.pause(cast.bkpsdm, **at, reason="x", expected_version=1),
        lambda: webhooks.resume(cast.bkpsdm, **at, expected_version=1),
        lambda: webhooks.renew_secret(cast.bkpsdm, **at, expected_version=1),
        lambda: webhooks.remove(cast.bkpsdm, **at, expected_version=1),
        lambda: webhooks.ping(cast.bkpsdm, **at),
        lambda: webhooks.replay(cast.bkpsdm, delivery_id=999),
        lambda: queries.webhook(cast.bkpsdm, 999),
        lambda: queries.deliveries(cast.bkpsdm, 999),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_changed_paused_resumed_renewed_and_removed(db, cast):
    new = made(cast)
    at = {"webhook_id": new.webhook_id}
    given = {"name": "Portal baru", "url": f"{hooks.URL}/dua", "events": [Event.PERIOD_STAGE_CHANGED], "payload": "staff/PeriodState"}
    token_id = hooks.token(cast, Scope.PERIODS_READ)
    assert webhooks.update(cast.bkpsdm, **at, **given, token_id=token_id, expected_version=1) == 2
    assert (last().before["name"], last().after["name"], last().after["events"]) == ("Portal", "Portal baru", ["period.stage_changed"])
    for reason in (" ", "x" * 301, "x\x00"):
        with pytest.raises(Invalid, match="Alasan wajib"):
            webhooks.pause(cast.bkpsdm, **at, reason=reason, expected_version=2)
    assert webhooks.pause(cast.bkpsdm, **at, reason=" Pindah server ", expected_version=2) == 3
    assert (Webhook.get().is_active, Webhook.get().paused_because, last().reason) == (False, "Pindah server", "Pindah server")
    with pytest.raises(Conflict, match="sudah dijeda"):
        webhooks.pause(cast.bkpsdm, **at, reason="Lagi", expected_version=3)
    assert webhooks.resume(cast.bkpsdm, **at, expected_version=3) == 4
    with pytest.raises(Conflict, match="sedang aktif"):
        webhooks.resume(cast.bkpsdm, **at, expected_version=4)
    other = webhooks.renew_secret(cast.bkpsdm, **at, expected_version=4).secret
    assert (other != new.secret, webhooks.opened(Webhook.get().secret)) == (True, other)
    assert last().after == {"name": "Portal baru", "ending": other[-4:]}
    webhooks.ping(cast.bkpsdm, **at)
    webhooks.remove(cast.bkpsdm, **at, expected_version=5)
    assert (Webhook.select().count(), WebhookDelivery.select().count(), last().action) == (0, 0, "webhook:remove")


@SQLITE
def test_whoever_saves_second_is_told(db, cast):
    at = {"webhook_id": made(cast).webhook_id, "expected_version": 7}
    webhooks.ping(cast.bkpsdm, webhook_id=at["webhook_id"])
    for attempt in (
        lambda: webhooks.update(cast.bkpsdm, **at, name="x", url=hooks.URL, events=PUBLIC, payload="", token_id=None),
        lambda: webhooks.pause(cast.bkpsdm, **at, reason="x"),
        lambda: webhooks.resume(cast.bkpsdm, **at),
        lambda: webhooks.renew_secret(cast.bkpsdm, **at),
        lambda: webhooks.remove(cast.bkpsdm, **at),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert (Webhook.get().row_version, WebhookDelivery.select().count()) == (1, 1)


@SQLITE
def test_one_with_a_dead_token_is_not_resumed(db, cast):
    token_id = hooks.token(cast)
    at = {"webhook_id": made(cast, Event.NOMINATION_SUBMITTED, token_id=token_id).webhook_id}
    webhooks.pause(cast.bkpsdm, **at, reason="x", expected_version=1)
    tokens.revoke(cast.bkpsdm, token_id=token_id, reason="x")
    with pytest.raises(IllegalMove, match="ganti tokennya"):
        webhooks.resume(cast.bkpsdm, **at, expected_version=2)
    assert Webhook.get().is_active is False


@SQLITE
def test_a_message_is_sent_again_once_it_is_finished(db, cast):
    webhook_id = made(cast).webhook_id
    with transaction():
        sent = WebhookDelivery.create(
            uid="a" * 32, webhook=webhook_id, event=Event.RESULT_PUBLISHED, thing_id=1, occurred_at=NOW, run_at=NOW
        )
    with pytest.raises(Conflict, match="menunggu giliran"):
        webhooks.replay(cast.bkpsdm, delivery_id=sent.id)
    WebhookDelivery.update(state="failed", tries=8, error="status", finished_at=NOW).execute()
    webhooks.pause(cast.bkpsdm, webhook_id=webhook_id, reason="x", expected_version=1)
    with pytest.raises(IllegalMove, match="sedang dijeda"):
        webhooks.replay(cast.bkpsdm, delivery_id=sent.id)
    webhooks.resume(cast.bkpsdm, webhook_id=webhook_id, expected_version=2)
    webhooks.replay(cast.bkpsdm, delivery_id=sent.id)
    assert (log(), WebhookDelivery.get().finished_at, WebhookDelivery.get().uid) == (
        [("result.published", "waiting", 0, "status")],
        None,
        "a" * 32,
    )
    assert last().after == {"delivery": "a" * 32, "state": "waiting"}


def test_a_repeated_request_makes_one_and_two_at_once_share_no_name(db, cast):
    first = made(cast, idempotency_key="k")
    again = made(cast, idempotency_key="k")
    assert (again.webhook_id, again.secret) == (first.webhook_id, None)
    assert at_once(lambda _: made(cast, name="Dua")) == ["done", "refused"]
    assert Webhook.select().count() == 2


@SQLITE
def test_a_secret_sealed_under_another_key_stays_closed(db, cast):
    made(cast)
    webhooks.use("kunci lain sama sekali")
    assert webhooks.opened(Webhook.get().secret) is None


@pytest.mark.parametrize(
    "wrong", [{"ending": "x"}, {"url": ""}, {"failures": -1}, {"is_active": False}, {"paused_because": "x"}, {"name": "Dua"}]
)
def test_the_database_refuses_what_no_service_would_write(db, cast, wrong):
    made(cast)
    made(cast, name="Dua")
    with pytest.raises(pw.IntegrityError), database.atomic():
        Webhook.update(**wrong).where(Webhook.name == "Portal").execute()


def test_an_event_is_written_in_the_transaction_of_its_act_or_not_at_all(db, cast):
    for act in (lambda: events.happened(Event.RESULT_PUBLISHED, 1), lambda: events.called_off(Event.RESULT_PUBLISHED, 1)):
        with pytest.raises(RuntimeError, match="transaction"):
            act()
    round_ = builders.open_round(cast)
    nomination_id = builders.endorsed(cast, round_)
    WebhookEvent.delete().execute()

    def submit_and_fail():
        with builders.during_nomination(), transaction():
            nominations.submit(cast.unit_admin, nomination_id=nomination_id, expected_version=builders.version_of(nomination_id))
            assert [row.event for row in WebhookEvent.select()] == ["nomination.submitted"]
            raise LookupError

    with pytest.raises(LookupError):
        submit_and_fail()
    assert WebhookEvent.select().count() == 0


def test_the_list_and_the_log_cost_the_same_for_one_and_for_many(db, cast):
    webhook_id = made(cast, token_id=hooks.token(cast)).webhook_id
    webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)

    def statements():
        with builders.counted(db) as sent:
            queries.webhooks(cast.bkpsdm)
            assert queries.deliveries(cast.bkpsdm, webhook_id).total > 0
        return len(sent)

    one = statements()
    for number in range(5):
        made(cast, name=f"w{number}", token_id=hooks.token(cast, name=f"t{number}"))
        webhooks.ping(cast.bkpsdm, webhook_id=webhook_id)
    assert (one, statements()) == (4, 4)
