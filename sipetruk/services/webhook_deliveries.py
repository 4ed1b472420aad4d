"""Messages on their way: events handed on to who asked for them, each taken, tried and noted; nothing is lost with a worker."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sipetruk.models import Webhook, WebhookDelivery, WebhookEvent
from sipetruk.models.base import database
from sipetruk.queries import tokens
from sipetruk.queries.webhooks import events_of, may_see
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import SYSTEM, Actor, Role
from sipetruk.rules.webhooks import ERRORS, MOST_FAILURES, MOST_TRIES, PING, DeliveryState, Event, kept_answer, pause_after
from sipetruk.services import audit, clock, notifications
from sipetruk.services.transaction import held, transaction
from sipetruk.services.webhook_sending import Outcome
from sipetruk.services.webhooks import opened

LEASE = timedelta(seconds=60)
NO_TOKEN = "Tokennya dicabut, kedaluwarsa, atau pemiliknya tidak aktif."  # noqa: S105  # words
NO_SECRET = "Rahasianya tidak dapat dibuka lagi karena kunci aplikasi diganti; buat rahasia baru."  # noqa: S105  # words
_BATCH = 50


@dataclass(frozen=True)
class Claimed:
    """A message that this worker has for the length of a lease, and all that sending it takes."""

    id: int
    uid: str
    tries: int
    webhook_id: int
    url: str
    secret: str
    payload: str
    actor: Actor | None
    event: str
    thing_id: int | None
    about: dict[str, str]
    occurred_at: datetime


def spread() -> int:
    """Hand on what has happened by now: a message for each webhook that asked for it and may know; returns how many events.

    Each event and its messages change in one transaction, so that a worker may die at any moment.
    """
    now = clock.now()
    due = WebhookEvent.select().where(WebhookEvent.occurred_at <= now).order_by(WebhookEvent.occurred_at, WebhookEvent.id).limit(_BATCH)
    if not due.exists():  # nobody is kept from writing by a look
        return 0
    with transaction():
        events = list(due.for_update("FOR UPDATE SKIP LOCKED") if database.for_update else due)
        if not events:
            return 0
        webhooks = list(Webhook.select().where(Webhook.is_active).order_by(Webhook.id))
        actors = {
            token_id: tokens.acting(token_id, today=clock.today()) for token_id in {each.token_id for each in webhooks if each.token_id}
        }
        for happening in events:
            _hand_on(happening, webhooks, actors, now)
        WebhookEvent.delete().where(WebhookEvent.id.in_([each.id for each in events])).execute()
    return len(events)


def _hand_on(happening: Any, webhooks: Iterable[Any], actors: dict[int, Actor | None], now: datetime) -> None:
    if happening.event not in set(Event):  # written by another version
        return
    event = Event(happening.event)
    rows = [
        {
            "uid": uuid.uuid4().hex,
            "webhook": webhook.id,
            "event": event,
            "thing_id": happening.thing_id,
            "about": happening.about,
            "occurred_at": happening.occurred_at,
            "run_at": now,
        }
        for webhook in webhooks
        if event in events_of(webhook.events) and _may_know(webhook, actors, event, happening.thing_id)
    ]
    if rows:
        WebhookDelivery.insert_many(rows).execute()


def _may_know(webhook: Any, actors: dict[int, Actor | None], event: Event, thing_id: int) -> bool:
    """One whose token is no longer good is given the message all the same: taking it up pauses the webhook and says why."""
    actor = actors.get(webhook.token_id) if webhook.token_id else None
    return (webhook.token_id is not None and actor is None) or may_see(actor, event, thing_id)


def claim() -> Claimed | None:
    """Take the message that has waited longest, for the length of a lease; None when none is due.

    One whose workers died at every try is given up here; one that its webhook may no longer know is left unsent.
    """
    while _due().exists():
        with transaction():
            query = _due()
            row = (query.for_update("FOR UPDATE SKIP LOCKED") if database.for_update else query).first()
            if row is None:
                return None
            webhook: Any = held(Webhook.select().where(Webhook.id == row.webhook_id)).get()
            taken = _taken(row, webhook)
        if taken is not None:
            return taken
    return None


def _due() -> Any:
    now = clock.now()
    free = WebhookDelivery.lease_until.is_null() | (WebhookDelivery.lease_until < now)
    active = Webhook.select(Webhook.id).where(Webhook.is_active)
    goes = WebhookDelivery.webhook.in_(active) | (WebhookDelivery.event == PING)
    query = WebhookDelivery.select().where(WebhookDelivery.state == DeliveryState.WAITING, WebhookDelivery.run_at <= now, free, goes)
    return query.order_by(WebhookDelivery.run_at, WebhookDelivery.id).limit(1)


def _taken(row: Any, webhook: Any) -> Claimed | None:
    """The message, leased; None where it cannot be sent, which is noted."""
    secret = opened(webhook.secret)
    actor = tokens.acting(webhook.token_id, today=clock.today()) if webhook.token_id else None
    if secret is None or (webhook.token_id is not None and actor is None):
        _pause(webhook, NO_SECRET if secret is None else NO_TOKEN)
        if row.event == PING:
            _finish(row, DeliveryState.FAILED, "payload")
        return None
    if row.tries >= MOST_TRIES:
        _finish(row, DeliveryState.FAILED, "died")
        return None
    if row.event != PING and not (row.event in set(Event) and may_see(actor, Event(row.event), row.thing_id)):
        _finish(row, DeliveryState.SKIPPED, "not_visible")
        return None
    row.tries, row.lease_until = row.tries + 1, clock.now() + LEASE
    row.save(only=[WebhookDelivery.tries, WebhookDelivery.lease_until])
    return Claimed(
        row.id,
        row.uid,
        row.tries,
        webhook.id,
        webhook.url,
        secret,
        webhook.payload,
        actor,
        row.event,
        row.thing_id,
        row.about,
        row.occurred_at,
    )


def settle(claimed: Claimed, outcome: Outcome, sent: Iterable[str] = ()) -> None:
    """Note what came of a try: done, to be tried again later, or given up; too many failures pause the webhook.

    Whoever lost the lease to another worker has nothing to note.
    """
    now = clock.now()
    with transaction():
        mine = (WebhookDelivery.id == claimed.id) & (WebhookDelivery.tries == claimed.tries)
        found = WebhookDelivery.select().where(mine, WebhookDelivery.state == DeliveryState.WAITING)
        row = held(found).first()
        webhook = held(Webhook.select().where(Webhook.id == claimed.webhook_id)).first()
        if row is None or webhook is None:
            return
        row.tried_at, row.duration_ms, row.status = now, outcome.duration_ms, outcome.status
        row.answer, row.error, row.lease_until = kept_answer(outcome.answer, sent), outcome.error, None
        if not outcome.error:
            row.state, row.finished_at = DeliveryState.DELIVERED, now
            webhook.failures, webhook.delivered_at = 0, now
        else:
            webhook.failures += 1
            pause = pause_after(row.tries)
            row.run_at = now + (pause or timedelta())
            if pause is None or claimed.event == PING:
                row.state, row.finished_at = DeliveryState.FAILED, now
        row.save()
        webhook.save(only=[Webhook.failures, Webhook.delivered_at])
        if webhook.is_active and webhook.failures >= MOST_FAILURES:
            _pause(webhook, f"Gagal {webhook.failures} kali berturut-turut; terakhir: {ERRORS[outcome.error]}.")


def forget_old(limit: datetime) -> int:
    """Remove from the log what was finished before a moment; returns how many messages."""
    with transaction():
        return int(WebhookDelivery.delete().where(WebhookDelivery.finished_at < limit).execute())


def _finish(row: Any, state: DeliveryState, error: str) -> None:
    row.state, row.error, row.finished_at, row.lease_until = state, error, clock.now(), None
    row.save(only=[WebhookDelivery.state, WebhookDelivery.error, WebhookDelivery.finished_at, WebhookDelivery.lease_until])


def _pause(webhook: Any, reason: str) -> None:
    """Stop sending until somebody has looked, and tell those who can."""
    if not webhook.is_active:
        return
    webhook.is_active, webhook.paused_because = False, reason
    webhook.row_version += 1
    webhook.save(only=[Webhook.is_active, Webhook.paused_because, Webhook.row_version])
    admins = notifications.users_with(Role.BKPSDM_ADMIN)
    notifications.tell(admins, Notice.WEBHOOK_PAUSED, thing="webhook", thing_id=webhook.id, webhook=webhook.name)
    audit.record(SYSTEM, "webhook:pause", "webhook", webhook.id, after={"name": webhook.name, "active": False}, reason=reason)
