"""Webhooks as people look after them: made with a secret that is shown once, changed, paused, tried out, removed; messages sent again."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import peewee as pw
from cryptography.fernet import Fernet, InvalidToken

from sipetruk.errors import Conflict, IllegalMove, Invalid
from sipetruk.models import Webhook, WebhookDelivery
from sipetruk.queries import tokens, visible
from sipetruk.queries import webhooks as queries
from sipetruk.rules.permissions import Action, Actor, may_somewhere, require
from sipetruk.rules.webhooks import PAUSE_LENGTH, PING, PREFIX, SECRET_BYTES, SHOWN, DeliveryState, Event, Payload, Wish, checked
from sipetruk.services import audit, clock, webhook_sending
from sipetruk.services.transaction import check_version, held, once, one, touch, transaction

_key: bytes | None = None


@dataclass(frozen=True)
class Made:
    """A webhook and its secret, which nobody can show again; None where a repeated request made nothing."""

    webhook_id: int
    secret: str | None


def use(secret_key: str) -> None:
    """Encrypt secrets with a key made from the application's."""
    global _key  # noqa: PLW0603  # the settings of this process, as the store of evidence is
    _key = base64.urlsafe_b64encode(hashlib.sha256(b"sipetruk webhook\x00" + secret_key.encode()).digest())


def create(
    actor: Actor,
    *,
    name: str,
    url: str,
    events: Sequence[Event],
    payload: str = "",
    token_id: int | None = None,
    idempotency_key: str | None = None,
) -> Made:
    """Tell a receiver of events from now on, as far as the token (nobody's, without one) may know of them."""
    require(actor, Action.WEBHOOK_MANAGE)
    url = webhook_sending.checked_url(url)  # asks for the name in the network, so before the transaction
    secret = _new_secret()
    made: list[int] = []

    def make() -> int:
        wish = _checked(name, events, payload, token_id, None)
        row = Webhook.create(
            name=wish.name,
            url=url,
            events=[str(each) for each in wish.events],
            payload=payload,
            token=token_id,
            secret=_cipher().encrypt(secret.encode()).decode(),
            ending=secret[-SHOWN:],
            created_at=clock.now(),
            created_by=actor.user_id,
        )
        audit.record(actor, "webhook:create", "webhook", row.id, after=_told(row))
        made.append(int(row.id))
        return made[0]

    try:
        with transaction():
            webhook_id = once(actor, "webhook:create", idempotency_key, make)
    except pw.IntegrityError:  # made in this very moment by another request
        raise Conflict("Nama ini baru saja dipakai webhook lain.", "name") from None
    return Made(webhook_id, secret if made else None)


def update(
    actor: Actor,
    *,
    webhook_id: int,
    name: str,
    url: str,
    events: Sequence[Event],
    payload: str,
    token_id: int | None,
    expected_version: int,
) -> int:
    """Change whom a webhook tells of what; messages that wait go to the new address. Returns the new row version."""
    require(actor, Action.WEBHOOK_MANAGE)
    url = webhook_sending.checked_url(url)
    try:
        with transaction():
            row = _held(webhook_id, expected_version)
            wish = _checked(name, events, payload, token_id, webhook_id)
            before = _told(row)
            row.name, row.url, row.events = wish.name, url, [str(each) for each in wish.events]
            row.payload, row.token = payload, token_id
            touch(row)
            audit.record(actor, "webhook:update", "webhook", webhook_id, before=before, after=_told(row))
    except pw.IntegrityError:
        raise Conflict("Nama ini baru saja dipakai webhook lain.", "name") from None
    return int(row.row_version)


def pause(actor: Actor, *, webhook_id: int, reason: str, expected_version: int) -> int:
    """Send nothing for the time being; what happens meanwhile is not made up for. Returns the new row version."""
    require(actor, Action.WEBHOOK_MANAGE)
    reason = reason.strip()
    if not 1 <= len(reason) <= PAUSE_LENGTH or "\x00" in reason:
        raise Invalid("Alasan wajib diisi, paling banyak %(most)s karakter.", "reason", most=PAUSE_LENGTH)
    with transaction():
        row = _held(webhook_id, expected_version)
        if not row.is_active:
            raise Conflict("Webhook ini sudah dijeda.")
        row.is_active, row.paused_because = False, reason
        touch(row)
        audit.record(actor, "webhook:pause", "webhook", webhook_id, after={"name": row.name, "active": False}, reason=reason)
        return int(row.row_version)


def resume(actor: Actor, *, webhook_id: int, expected_version: int) -> int:
    """Send again, first of all what waited when it was paused. Returns the new row version."""
    require(actor, Action.WEBHOOK_MANAGE)
    with transaction():
        row = _held(webhook_id, expected_version)
        if row.is_active:
            raise Conflict("Webhook ini sedang aktif.")
        if row.token_id is not None and tokens.acting(row.token_id, today=clock.today()) is None:
            raise IllegalMove("Token webhook ini tidak berlaku lagi; ganti tokennya lebih dahulu.")
        before = row.paused_because
        row.is_active, row.paused_because, row.failures = True, "", 0
        touch(row)
        change: dict[str, Any] = {
            "before": {"name": row.name, "active": False, "reason": before},
            "after": {"name": row.name, "active": True},
        }
        audit.record(actor, "webhook:resume", "webhook", webhook_id, **change)
        return int(row.row_version)


def renew_secret(actor: Actor, *, webhook_id: int, expected_version: int) -> Made:
    """Another secret at once, for one that was lost or became known; the former one signs nothing more."""
    require(actor, Action.WEBHOOK_MANAGE)
    secret = _new_secret()
    sealed = _cipher().encrypt(secret.encode()).decode()
    with transaction():
        row = _held(webhook_id, expected_version)
        before = row.ending
        row.secret, row.ending = sealed, secret[-SHOWN:]
        touch(row)
        endings: dict[str, Any] = {"before": {"name": row.name, "ending": before}, "after": {"name": row.name, "ending": row.ending}}
        audit.record(actor, "webhook:renew_secret", "webhook", webhook_id, **endings)
    return Made(webhook_id, secret)


def remove(actor: Actor, *, webhook_id: int, expected_version: int) -> None:
    """Take a webhook away together with its log; the audit trail keeps that it was."""
    require(actor, Action.WEBHOOK_MANAGE)
    with transaction():
        WebhookDelivery.delete().where(WebhookDelivery.webhook == webhook_id).execute()  # first, as the worker holds them
        row = _held(webhook_id, expected_version)
        before = _told(row)
        row.delete_instance()
        audit.record(actor, "webhook:remove", "webhook", webhook_id, before=before)


def ping(actor: Actor, *, webhook_id: int) -> int:
    """Send a message that says nothing, also to a paused webhook, to see whether it arrives; returns its number in the log."""
    require(actor, Action.WEBHOOK_MANAGE)
    with transaction():
        row: Any = visible.get(Webhook.select(), Webhook, webhook_id, "Webhook")
        now = clock.now()
        sent = WebhookDelivery.create(uid=uuid.uuid4().hex, webhook=row, event=PING, occurred_at=now, run_at=now)
        audit.record(actor, "webhook:ping", "webhook", webhook_id, after={"name": row.name, "delivery": sent.uid})
        return int(sent.id)


def replay(actor: Actor, *, delivery_id: int) -> None:
    """Send a message that is finished once more, under the same number, with its content as it is now."""
    require(actor, Action.WEBHOOK_MANAGE)
    with transaction():
        found: Any = visible.get(WebhookDelivery.select(), WebhookDelivery, delivery_id, "Pesan")
        # the message before its webhook, as the worker holds them: so neither waits for the other
        row = one(held(WebhookDelivery.select().where(WebhookDelivery.id == delivery_id)), "Pesan")
        webhook = one(held(Webhook.select().where(Webhook.id == found.webhook_id)), "Webhook")
        if row.state == DeliveryState.WAITING:
            raise Conflict("Pesan ini masih menunggu giliran.")
        if not webhook.is_active and row.event != PING:
            raise IllegalMove("Webhook ini sedang dijeda; lanjutkan dahulu.")
        before = row.state
        row.state, row.tries, row.run_at, row.finished_at, row.lease_until = DeliveryState.WAITING, 0, clock.now(), None, None
        row.save()
        states: dict[str, Any] = {
            "before": {"delivery": row.uid, "state": str(before)},
            "after": {"delivery": row.uid, "state": str(row.state)},
        }
        audit.record(actor, "webhook:replay", "webhook", webhook.id, **states)


def opened(sealed: str) -> str | None:
    """The secret that signs; None where the application's own key is no longer the one that sealed it."""
    try:
        return _cipher().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _checked(name: str, events: Sequence[Event], payload: str, token_id: int | None, webhook_id: int | None) -> Wish:
    acts = None if token_id is None else tokens.acting(token_id, today=clock.today())
    if token_id is not None and acts is None:
        raise Invalid("Pilih token yang masih berlaku.", "tokenId")
    allowed = {action for action in Action if may_somewhere(acts, action)}
    others = Webhook.select(Webhook.name).where(Webhook.id != webhook_id) if webhook_id else Webhook.select(Webhook.name)
    return checked(Wish(name, tuple(events), _payload(payload), acts is not None), allowed, [known for (known,) in others.tuples()])


def _payload(name: str) -> Payload | None:
    found = queries.payload(name)
    if name and found is None:
        raise Invalid("Isi pesan ini tidak dikenal.", "payload")
    return found


def _held(webhook_id: int, expected_version: int) -> Any:
    visible.get(Webhook.select(Webhook.id), Webhook, webhook_id, "Webhook")
    row = one(held(Webhook.select().where(Webhook.id == webhook_id)), "Webhook")
    check_version(row, expected_version)
    return row


def _told(row: Any) -> dict[str, Any]:
    """What the trail says: the address without its question, which may hold a key of the receiver's."""
    parts = urlsplit(row.url)
    return {
        "name": row.name,
        "url": f"{parts.scheme}://{parts.netloc}{parts.path}",
        "events": list(row.events),
        "payload": row.payload,
        "token": row.token_id,
    }


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def _cipher() -> Fernet:
    if _key is None:
        raise RuntimeError("secrets of webhooks need `use` first")
    return Fernet(_key)
