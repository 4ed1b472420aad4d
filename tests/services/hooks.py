"""Webhooks for tests: the settings of a developing machine, a receiver, a token and a subscription to it."""

from __future__ import annotations

from sipetruk.models import WebhookDelivery
from sipetruk.rules.scopes import Scope
from sipetruk.rules.webhooks import Event
from sipetruk.services import tokens, webhook_sending, webhooks

KEY = "kunci untuk pengujian"
URL = "http://127.0.0.1:9/terima"


def use_settings() -> None:
    webhooks.use(KEY)
    webhook_sending.use((), is_production=False)


def token(cast, *scopes, owner=None, name="Portal"):
    owner = owner or cast.viewer
    return tokens.create(cast.bkpsdm, name=name, purpose="Uji", owner_id=owner.user_id, scopes=scopes or [Scope.NOMINATIONS_READ]).token_id


def made(cast, *events, actor=None, **changes):
    given = {"name": "Portal", "url": URL, "events": events or [Event.RESULT_PUBLISHED]}
    return webhooks.create(actor or cast.bkpsdm, **(given | changes))


def log():
    """The log as it is: event, state, tries and error of each message."""
    return [(row.event, row.state, row.tries, row.error) for row in WebhookDelivery.select().order_by(WebhookDelivery.id)]
