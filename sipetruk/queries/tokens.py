"""Tokens: the actor that a secret stands for, and the list that administrators see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.models import ApiToken, Membership, User
from sipetruk.queries import visible
from sipetruk.queries.listing import Listing, Sort, choice, day, integer, moment, text
from sipetruk.rules.permissions import Action, Actor, Grant, Role, require
from sipetruk.rules.scopes import SCOPES, Scope, actions_of
from sipetruk.rules.tokens import USE_NOTED_EVERY, TokenState, fingerprint, looks_like_secret, state_of

FACE = "token"


@dataclass(frozen=True)
class Bearer:
    """Who sends a token, and whether its use is worth noting again."""

    actor: Actor
    is_use_due: bool


@dataclass(frozen=True)
class TokenRow:
    """One token without its secret; `ending` is how people recognise it."""

    id: int
    name: str
    purpose: str
    owner_id: int
    owner: str
    ending: str
    scopes: tuple[Scope, ...]
    state: TokenState
    created_at: datetime
    created_by: str
    expires_on: date
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    reason: str


TOKENS = Listing(
    "ApiToken",
    {
        "name": text("Nama token.", "name"),
        "owner": text("Pengguna yang diwakili.", "owner"),
        "state": choice("Keadaan hari ini.", "state", TokenState),
        "created_at": moment("Saat dibuat.", "created_at"),
        "expires_on": day("Hari terakhir token berlaku (WITA).", "expires_on"),
        "last_used_at": moment("Terakhir dipakai.", "last_used_at", is_nullable=True),
        "revoked_at": moment("Saat dicabut.", "revoked_at", is_nullable=True),
    },
    (Sort(integer("Nomor.", "id"), is_descending=True),),
)


def bearer(secret: str, *, now: datetime, today: date) -> Bearer | None:
    """The actor of a token that is still good, else None without a word why (2 statements, none for what is no secret)."""
    if not looks_like_secret(secret):
        return None
    row: Any = _with_owner().where(ApiToken.secret_sha256 == fingerprint(secret)).first()
    if row is None or _state(row, today) is not TokenState.ACTIVE:
        return None
    return Bearer(_actor(row), row.last_used_at is None or now - row.last_used_at >= USE_NOTED_EVERY)


def acting(token_id: int, *, today: date) -> Actor | None:
    """Whom a token makes of a program of our own that acts with it, while it is good (2 statements)."""
    row: Any = _with_owner().where(ApiToken.id == token_id).first()
    return _actor(row) if row is not None and _state(row, today) is TokenState.ACTIVE else None


def tokens(actor: Actor, *, today: date) -> list[TokenRow]:
    """Every token, the latest first (2 statements), for those who manage them."""
    require(actor, Action.TOKEN_MANAGE)
    return _rows(_with_owner().order_by(ApiToken.id.desc()), today)


def token(actor: Actor, token_id: int, *, today: date) -> TokenRow:
    require(actor, Action.TOKEN_MANAGE)
    return _rows([visible.get(_with_owner(), ApiToken, token_id, "Token")], today)[0]


def owners(actor: Actor) -> list[tuple[int, str]]:
    """Whom a token may act for: users who may sign in and have a role, by name (1 statement)."""
    require(actor, Action.TOKEN_MANAGE)
    with_role = User.id.in_(Membership.select(Membership.user))
    rows = User.select(User.id, User.name, User.username).where(User.is_active, with_role).order_by(User.name, User.id)
    return [(row.id, f"{row.name} ({row.username})") for row in rows]


def _with_owner() -> Any:
    return ApiToken.select(ApiToken, User).join(User, on=ApiToken.owner)


def _actor(row: Any) -> Actor:
    held = Membership.select(Membership.role, Membership.work_unit).where(Membership.user == row.owner_id).order_by(Membership.id)
    grants = tuple(Grant(Role(role), unit_id) for role, unit_id in held.tuples())
    return Actor(row.owner_id, f"token:{row.name}", row.owner.name, grants, FACE, actions_of(row.scopes), row.id)


def _rows(found: Iterable[Any], today: date) -> list[TokenRow]:
    rows = list(found)
    people = {row.created_by_id for row in rows} | {row.revoked_by_id for row in rows}
    names = dict(User.select(User.id, User.name).where(User.id.in_([each for each in people if each])).tuples())
    return [_row(row, names, today) for row in rows]


def _state(row: Any, today: date) -> TokenState:
    return state_of(is_revoked=row.revoked_at is not None, expires_on=row.expires_on, is_owner_active=row.owner.is_active, today=today)


def _row(row: Any, names: Mapping[int, str], today: date) -> TokenRow:
    return TokenRow(
        id=row.id,
        name=row.name,
        purpose=row.purpose,
        owner_id=row.owner_id,
        owner=str(row.owner),
        ending=row.ending,
        scopes=tuple(each for each in SCOPES if each in row.scopes),
        state=_state(row, today),
        created_at=row.created_at,
        created_by=names.get(row.created_by_id, ""),
        expires_on=row.expires_on,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        revoked_by=names.get(row.revoked_by_id, ""),
        reason=row.reason,
    )
