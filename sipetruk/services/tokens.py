"""Tokens for programs: made for a person and some scopes, shown once, revoked with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, Invalid
from sipetruk.models import ApiToken, Membership, User
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.scopes import Scope
from sipetruk.rules.tokens import PREFIX, REASON_LENGTH, SECRET_BYTES, SHOWN, USE_NOTED_EVERY, USUAL_DAYS, Wish, checked, fingerprint
from sipetruk.services import audit, clock
from sipetruk.services.transaction import held, once, one, transaction


@dataclass(frozen=True)
class Made:
    """A token and its secret, which nobody can show again; None where a repeated request made nothing."""

    token_id: int
    secret: str | None


def create(
    actor: Actor,
    *,
    name: str,
    purpose: str,
    owner_id: int,
    scopes: Sequence[Scope],
    expires_on: date | None = None,
    idempotency_key: str | None = None,
) -> Made:
    """Make a token that acts for a user within these scopes, for 90 days unless said otherwise and never for more than a year."""
    require(actor, Action.TOKEN_MANAGE)
    today = clock.today()
    wish = Wish(name, purpose, tuple(scopes), expires_on or today + timedelta(days=USUAL_DAYS))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made: list[int] = []

    def make() -> int:
        clean = checked(wish, today, [known for (known,) in ApiToken.select(ApiToken.name).tuples()])
        _check_owner(owner_id)
        made.append(_insert(actor, clean, owner_id, secret))
        return made[0]

    try:
        with transaction():
            token_id = once(actor, "token:create", idempotency_key, make)
    except pw.IntegrityError:  # made in this very moment by another request
        raise Conflict("Nama ini baru saja dipakai token lain.", "name") from None
    return Made(token_id, secret if made else None)


def revoke(actor: Actor, *, token_id: int, reason: str) -> None:
    """End a token at once and for good."""
    require(actor, Action.TOKEN_MANAGE)
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_LENGTH or "\x00" in reason:
        raise Invalid("Alasan wajib diisi, paling banyak %(most)s karakter.", "reason", most=REASON_LENGTH)
    with transaction():
        row = one(held(ApiToken.select().where(ApiToken.id == token_id)), "Token")
        if row.revoked_at is not None:
            raise Conflict("Token ini sudah dicabut.")
        row.revoked_at, row.revoked_by, row.reason = clock.now(), actor.user_id, reason
        row.save(only=[ApiToken.revoked_at, ApiToken.revoked_by, ApiToken.reason])
        change: dict[str, Any] = {"before": {"name": row.name, "revoked": False}, "after": {"name": row.name, "revoked": True}}
        audit.record(actor, "token:revoke", "api_token", token_id, **change, reason=reason)


def note_use(token_id: int) -> None:
    """Note that a token was used, at most once a minute; called when the answer is on its way."""
    now = clock.now()
    is_due = ApiToken.last_used_at.is_null() | (ApiToken.last_used_at <= now - USE_NOTED_EVERY)
    with transaction():
        ApiToken.update(last_used_at=now).where(ApiToken.id == token_id, is_due).execute()


def _check_owner(owner_id: int) -> None:
    with_role = User.id.in_(Membership.select(Membership.user))
    if not User.select().where(User.id == owner_id, User.is_active, with_role).exists():
        raise Invalid("Pilih pengguna aktif yang mempunyai peran.", "ownerId")


def _insert(actor: Actor, wish: Wish, owner_id: int, secret: str) -> int:
    row = ApiToken.create(
        name=wish.name,
        purpose=wish.purpose,
        owner=owner_id,
        secret_sha256=fingerprint(secret),
        ending=secret[-SHOWN:],
        scopes=[str(each) for each in wish.scopes],
        created_at=clock.now(),
        created_by=actor.user_id,
        expires_on=wish.expires_on,
    )
    told = {"name": wish.name, "purpose": wish.purpose, "user": owner_id, "scopes": [str(each) for each in wish.scopes]}
    audit.record(actor, "token:create", "api_token", row.id, after={**told, "expires_on": wish.expires_on.isoformat()})
    return int(row.id)
