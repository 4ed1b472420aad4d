"""What happens in the award is written down for those outside who asked to be told: one row, in the transaction of the act."""

from __future__ import annotations

from datetime import datetime

from sipetruk.models import WebhookEvent, statements
from sipetruk.models.base import database
from sipetruk.rules.webhooks import Event
from sipetruk.services import clock


def happened(event: Event, thing_id: int, *, at: datetime | None = None, **about: str) -> None:
    """Write down that something happened, or will have at a moment; call it inside the transaction of the act.

    `about` says in a few words which thing it was, and nothing about a person. The worker hands it on (`webhook_deliveries.spread`).
    """
    if not database.in_transaction():
        raise RuntimeError("an event belongs into the transaction of what happened")
    statements.insert(WebhookEvent(event=event, thing_id=thing_id, about=about, occurred_at=at or clock.now()))


def called_off(event: Event, thing_id: int) -> None:
    """What was to happen at a moment that has not come will not: nobody is told of it."""
    if not database.in_transaction():
        raise RuntimeError("an event belongs into the transaction of what happened")
    ahead = WebhookEvent.occurred_at > clock.now()
    WebhookEvent.delete().where(WebhookEvent.event == event, WebhookEvent.thing_id == thing_id, ahead).execute()
