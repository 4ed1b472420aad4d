"""What a webhook says: the stored operation of its choice, run as the one for whom it acts, signed and sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from sipetruk.api import ids, operations
from sipetruk.api.encoding import encoded
from sipetruk.errors import Refusal
from sipetruk.models import Announcement, Category, Period
from sipetruk.queries.webhooks import payload
from sipetruk.rules.webhooks import EVENTS, PING, Event, signature
from sipetruk.services import clock, webhook_deliveries, webhook_sending
from sipetruk.services.webhook_deliveries import Claimed
from sipetruk.services.webhook_sending import Outcome

LOG = logging.getLogger(__name__)
KINDS = {"period": "Period", "announcement": "Announcement", "nomination": "Nomination", "category": "Category", "objection": "Objection"}
AGENT = "SIPetruk-Webhook/1"

spread = webhook_deliveries.spread


def send_next() -> bool:
    """Send the message that has waited longest, if any is due; whatever goes wrong belongs to that message."""
    claimed = webhook_deliveries.claim()
    if claimed is None:
        return False
    sent: dict[str, Any] = {}
    try:
        sent = content(claimed)
        body = encoded(sent)
    except Exception:  # the next message must not wait for this one
        LOG.exception("message %s could not be made", claimed.uid)
        webhook_deliveries.settle(claimed, Outcome("payload", 0))
        return True
    timestamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "SIPetruk-Event": claimed.event,
        "SIPetruk-Delivery": claimed.uid,
        "SIPetruk-Timestamp": timestamp,
        "SIPetruk-Signature": signature(claimed.secret, timestamp, body),
    }
    outcome = webhook_sending.post(claimed.url, headers, body)
    webhook_deliveries.settle(claimed, outcome, _texts(sent.get("data")))
    LOG.info("message %s, try %d: %s in %d ms", claimed.uid, claimed.tries, outcome.error or outcome.status, outcome.duration_ms)
    return True


def content(claimed: Claimed) -> dict[str, Any]:
    """The message as it is now: what happened to what, and what the stored operation answers; `error` where it gives nothing."""
    made: dict[str, Any] = {
        "event": claimed.event,
        "delivery": claimed.uid,
        "occurredAt": claimed.occurred_at.isoformat().replace("+00:00", "Z"),
        "subject": None,
        "data": None,
    }
    if claimed.event == PING or claimed.thing_id is None:
        return made
    thing = EVENTS[Event(claimed.event)].thing
    made["subject"] = {"kind": KINDS[thing], "id": ids.encode(KINDS[thing], claimed.thing_id), **claimed.about}
    if claimed.payload:
        try:
            made["data"] = _data(claimed, thing, claimed.thing_id)
        except Refusal as refusal:
            made["error"] = refusal.code
    return made


def _data(claimed: Claimed, thing: str, thing_id: int) -> Mapping[str, Any]:
    chosen = payload(claimed.payload)
    if chosen is None:
        raise LookupError(f"no stored operation {claimed.payload}")
    gives = _given(thing, thing_id)
    variables = {name: gives[min(places)] for name, places in chosen.required.items()}
    return operations.run(chosen.schema, claimed.payload.partition("/")[2], variables, claimed.actor)


def _given(thing: str, thing_id: int) -> dict[str, str]:
    """What an event fills in a stored operation: the arguments that `rules.webhooks.GIVES` promises."""
    number = ids.encode(KINDS[thing], thing_id)
    if thing == "nomination":
        return dict.fromkeys(("nomination.id", "nominationScore.nominationId", "objectionFiling.nominationId"), number)
    if thing == "objection":
        return {"objection.id": number}
    if thing == "announcement":
        return {"announcement.slug": str(Announcement.get_by_id(thing_id).slug)}
    period = Category.get_by_id(thing_id).period if thing == "category" else Period.get_by_id(thing_id)
    period_id = ids.encode("Period", period.id)
    return {"period.slug": str(period.slug), "period.id": period_id, "results.periodId": period_id}


def _texts(value: object) -> Iterator[str]:
    """Every text in what was sent, so that none of it is kept from an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
