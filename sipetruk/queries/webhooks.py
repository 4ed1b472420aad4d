"""Webhooks: the list, one with its log, for whom each acts, and whether that one may be told of an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.models import ApiToken, Category, Nomination, Objection, Period, User, Webhook, WebhookDelivery
from sipetruk.queries import paging, tokens, visible
from sipetruk.queries.listing import Listing, Sort, choice, integer, moment, text
from sipetruk.queries.stored_operations import payloads
from sipetruk.rules.permissions import Action, Actor, may_somewhere, require
from sipetruk.rules.tokens import TokenState
from sipetruk.rules.webhooks import EVENTS, DeliveryState, Event, Payload


@dataclass(frozen=True)
class WebhookRow:
    """One webhook without its secret; `ending` is how people recognise that."""

    id: int
    name: str
    url: str
    events: tuple[Event, ...]
    payload: str
    token_id: int | None
    token: str
    ending: str
    is_active: bool
    paused_because: str
    failures: int
    delivered_at: datetime | None
    created_at: datetime
    created_by: str
    row_version: int


@dataclass(frozen=True)
class DeliveryRow:
    """One message and what came of its last try."""

    id: int
    webhook_id: int
    uid: str
    event: str
    about: Mapping[str, str]
    occurred_at: datetime
    state: DeliveryState
    tries: int
    run_at: datetime
    tried_at: datetime | None
    duration_ms: int | None
    status: int | None
    answer: str
    error: str
    finished_at: datetime | None


DELIVERIES = Listing(
    "WebhookDelivery",
    {
        "event": text("Nama peristiwa.", "event", WebhookDelivery.event),
        "state": choice("Keadaan pesan.", "state", DeliveryState, WebhookDelivery.state),
        "occurred_at": moment("Saat terjadi.", "occurred_at", WebhookDelivery.occurred_at),
        "tried_at": moment("Saat percobaan terakhir.", "tried_at", WebhookDelivery.tried_at, is_nullable=True),
    },
    (Sort(integer("Nomor.", "id", WebhookDelivery.id), is_descending=True),),
)


WEBHOOKS = Listing(
    "Webhook",
    {
        "name": text("Nama webhook.", "name"),
        "url": text("Alamat penerima.", "url"),
        "delivered_at": moment("Terakhir kali pesan diterima.", "delivered_at", is_nullable=True),
        "created_at": moment("Saat dibuat.", "created_at"),
    },
    (Sort(text("Nama webhook.", "name")), Sort(integer("Nomor.", "id"))),
)


def webhooks(actor: Actor) -> list[WebhookRow]:
    """Every webhook by name (1 statement), for those who manage them."""
    require(actor, Action.WEBHOOK_MANAGE)
    return [_row(row) for row in _with_names().order_by(Webhook.name)]


def webhook(actor: Actor, webhook_id: int) -> WebhookRow:
    require(actor, Action.WEBHOOK_MANAGE)
    return _row(visible.get(_with_names(), Webhook, webhook_id, "Webhook"))


def deliveries(
    actor: Actor, webhook_id: int, *, state: DeliveryState | None = None, page: paging.PageRequest | None = None
) -> paging.Page[DeliveryRow]:
    """A page of the log of a webhook, newest first (3 statements)."""
    require(actor, Action.WEBHOOK_MANAGE)
    visible.get(Webhook.select(Webhook.id), Webhook, webhook_id, "Webhook")
    query = WebhookDelivery.select().where(WebhookDelivery.webhook == webhook_id)
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    found: paging.Page[Any] = DELIVERIES.select(query, page or paging.PageRequest())
    return found.of([_delivery(each) for each in found.rows])


def delivery(actor: Actor, delivery_id: int) -> DeliveryRow:
    require(actor, Action.WEBHOOK_MANAGE)
    return _delivery(visible.get(WebhookDelivery.select(), WebhookDelivery, delivery_id, "Pesan"))


def offered_tokens(actor: Actor, *, today: date) -> list[tuple[int, str]]:
    """Tokens with which a webhook may act: those that are good today, by name (2 statements)."""
    require(actor, Action.WEBHOOK_MANAGE)
    rows = tokens.tokens(actor, today=today)
    return sorted(((row.id, f"{row.name} ({row.owner})") for row in rows if row.state is TokenState.ACTIVE), key=lambda pair: pair[1])


def payload(name: str) -> Payload | None:
    """The stored operation with this name; None where there is none (any more)."""
    return payloads().get(name)


def offered_payloads(actor: Actor) -> list[Payload]:
    """The stored operations that fit at least one event; inside, those that are about what happened."""
    require(actor, Action.WEBHOOK_MANAGE)
    things = {meaning.thing for meaning in EVENTS.values()}
    found = [each for each in payloads().values() if any(each.fits(thing) for thing in things)]
    return [each for each in found if each.schema == "public" or each.required]


def may_see(actor: Actor | None, event: Event, thing_id: int) -> bool:
    """Whether a subscriber may be told of an event: everybody of what is public, else as it may read the thing itself."""
    meaning = EVENTS[event]
    if meaning.needs is None:
        return True
    if actor is None or not may_somewhere(actor, meaning.needs):
        return False
    scopes: Mapping[str, tuple[Any, Any]] = {
        "period": (visible.periods, Period),
        "category": (lambda who: visible.rankings_of(who, Category.select()), Category),
        "nomination": (visible.nominations, Nomination),
        "objection": (visible.objections, Objection),
    }
    scope, model = scopes[meaning.thing]
    return bool(scope(actor).where(model.id == thing_id).exists())


def _with_names() -> Any:
    return (
        Webhook.select(Webhook, ApiToken.name.alias("token_name"), User.name.alias("maker"))
        .join(ApiToken, pw.JOIN.LEFT_OUTER, on=Webhook.token)
        .switch(Webhook)
        .join(User, pw.JOIN.LEFT_OUTER, on=Webhook.created_by)
        .objects()
    )


def _row(row: Any) -> WebhookRow:
    return WebhookRow(
        id=row.id,
        name=row.name,
        url=row.url,
        events=events_of(row.events),
        payload=row.payload,
        token_id=row.token_id,
        token=row.token_name or "",
        ending=row.ending,
        is_active=row.is_active,
        paused_because=row.paused_because,
        failures=row.failures,
        delivered_at=row.delivered_at,
        created_at=row.created_at,
        created_by=row.maker or "",
        row_version=row.row_version,
    )


def events_of(kept: Iterable[str]) -> tuple[Event, ...]:
    """The events of a webhook in the order of the form; one that is no longer known counts for nothing."""
    chosen = set(kept)
    return tuple(event for event in EVENTS if event in chosen)


def _delivery(row: Any) -> DeliveryRow:
    return DeliveryRow(
        id=row.id,
        webhook_id=row.webhook_id,
        uid=row.uid,
        event=row.event,
        about=row.about,
        occurred_at=row.occurred_at,
        state=DeliveryState(row.state),
        tries=row.tries,
        run_at=row.run_at,
        tried_at=row.tried_at,
        duration_ms=row.duration_ms,
        status=row.status,
        answer=row.answer,
        error=row.error,
        finished_at=row.finished_at,
    )
