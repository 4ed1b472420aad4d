"""A bearer token becomes an actor; that it was used is noted once the answer has left."""

from __future__ import annotations

import logging

import peewee as pw
from flask import Response, after_this_request

from sipetruk.models.base import database
from sipetruk.queries import tokens as queries
from sipetruk.rules.permissions import Actor
from sipetruk.services import clock, tokens

LOG = logging.getLogger(__name__)


def actor_of_token(secret: str) -> Actor | None:
    """The actor of a good token; None for a wrong, expired or revoked one, or one whose owner may no longer sign in."""
    found = queries.bearer(secret, now=clock.now(), today=clock.today())
    if found is None:
        return None
    if found.is_use_due and found.actor.token_id is not None:
        _note_afterwards(found.actor.token_id)
    return found.actor


def _note_afterwards(token_id: int) -> None:
    @after_this_request
    def when_sent(response: Response) -> Response:
        response.call_on_close(lambda: _note(token_id))
        return response


def _note(token_id: int) -> None:
    """The answer is gone already, so nobody waits for the lock, and a failure costs no more than this note."""
    is_opened = False
    try:
        is_opened = database.connect(reuse_if_open=True)
        tokens.note_use(token_id)
    except (pw.OperationalError, pw.InterfaceError):
        LOG.info("the use of token %d could not be noted", token_id)
    finally:
        if is_opened:
            database.close()
