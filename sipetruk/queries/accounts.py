"""One's own account as its pages and the schema show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sipetruk.errors import Unauthenticated
from sipetruk.models import ExternalIdentity, LoginAttempt, Membership, RecoveryCode, SecondFactor, User, WorkUnit
from sipetruk.rules.permissions import Actor, Grant, Role, own_id

RECENT = timedelta(days=30)
MOST_SIGN_INS = 20


@dataclass(frozen=True)
class SignInRow:
    """One sign-in whose session may still be open."""

    at: datetime
    address: str
    device: str


@dataclass(frozen=True)
class Account:
    id: int
    username: str
    name: str
    phone: str | None
    email: str | None
    grants: tuple[tuple[Role, str], ...]
    """Roles with the name of their work unit, empty for roles without one."""
    raw_grants: tuple[Grant, ...]
    row_version: int
    second_factor_since: datetime | None
    recovery_codes_left: int
    identity_since: datetime | None
    sign_ins: tuple[SignInRow, ...]


def own(actor: Actor, *, name_hash: str, now: datetime) -> Account:
    """The account of whoever asks (6 statements); sign-ins are those since the last time that all sessions were ended."""
    user = User.get_or_none(User.id == own_id(actor)) if own_id(actor) is not None else None
    if user is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    grants = list(
        Membership.select(Membership.role, Membership.work_unit, WorkUnit.name)
        .left_outer_join(WorkUnit)
        .where(Membership.user == user.id)
        .order_by(Membership.id)
        .tuples()
    )
    since = max(now - RECENT, user.sessions_ended_at or user.created_at)
    sign_ins = (
        LoginAttempt.select()
        .where(LoginAttempt.username_sha256 == name_hash, LoginAttempt.is_success, LoginAttempt.at >= since)
        .order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc())
        .limit(MOST_SIGN_INS)
    )
    codes = RecoveryCode.select().where(RecoveryCode.user == user.id, RecoveryCode.used_at.is_null())
    return Account(
        id=user.id,
        username=user.username,
        name=user.name,
        phone=user.phone,
        email=user.email,
        grants=tuple((Role(role), unit or "") for role, _, unit in grants),
        raw_grants=tuple(Grant(Role(role), unit_id) for role, unit_id, _ in grants),
        row_version=user.row_version,
        second_factor_since=_moment(SecondFactor.get_or_none(SecondFactor.user == user.id), "confirmed_at"),
        recovery_codes_left=codes.count(),
        identity_since=_moment(ExternalIdentity.select().where(ExternalIdentity.user == user.id).first(), "linked_at"),
        sign_ins=tuple(SignInRow(row.at, row.address, row.device) for row in sign_ins),
    )


def _moment(row: object, column: str) -> datetime | None:
    found: datetime | None = getattr(row, column) if row is not None else None
    return found
