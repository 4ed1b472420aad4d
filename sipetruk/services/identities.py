"""Identities at the provider of the single sign-on: they say who somebody is, never what somebody may do."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, Invalid, Unauthenticated
from sipetruk.models import ExternalIdentity, User
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, clock, notifications, proof, second_factor
from sipetruk.services.sign_in import SignedIn
from sipetruk.services.transaction import held, one, touch, transaction
from sipetruk.services.users import close_sessions

UNKNOWN = (
    "Akun %(label)s Anda belum terhubung dengan pengguna SI PETRUK. Masuklah dengan kata sandi lalu hubungkan di halaman Akun saya,"
    " atau mintalah BKPSDM membuatkan pengguna."
)
TAKEN = "Akun itu sudah terhubung dengan pengguna SI PETRUK."
SUBJECT_LENGTH = 255


class LinkBy(StrEnum):
    """How an identity that was never seen finds its user."""

    NONE = "none"
    USERNAME = "username"
    EMAIL = "email"


def sign_in(
    *,
    issuer: str,
    subject: str,
    username: str,
    email: str,
    link_by: LinkBy,
    label: str,
    address: str,
    device: str = "",
    face: str = "portal",
) -> SignedIn:
    """The user whom a proven identity stands for; a second factor is still asked for.

    An identity that is not linked yet is linked to the one active user of the same name or address, where the setting says
    so; `email` must be one that the provider calls verified. `Unauthenticated` says what is missing. No user is ever made.
    """
    _check(subject)
    with transaction():
        row = ExternalIdentity.get_or_none(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
        user = User.get_by_id(row.user_id) if row is not None else _match(link_by, username, email)
        if user is None:
            raise Unauthenticated(UNKNOWN, label=label)
        if not user.is_active:
            raise Unauthenticated("Pengguna SI PETRUK Anda tidak aktif. Hubungi BKPSDM.")
        if row is None:
            who = Actor(user.id, user.username, user.name, (), face)
            _link(who, user.id, issuer, subject, how=str(link_by))
        needs_code = second_factor.is_on(user.id)
        if not needs_code:
            proof.note(user.username, address, is_success=True, device=device)
    return SignedIn(user.id, user.session_epoch, needs_code)


def link(actor: Actor, *, issuer: str, subject: str) -> None:
    """Link one's own account to an identity that the provider has just proven."""
    _check(subject)
    user_id = proof.own_row(actor).id
    with transaction():
        _link(actor, user_id, issuer, subject, how="own")


def unlink(actor: Actor, *, password: str, address: str) -> None:
    """Take one's own link away; signing in is by password again."""
    proof.require_password(actor, password, address=address)
    with transaction():
        _remove(actor.user_id)
        audit.record(actor, "account:identity", "user", actor.user_id, before={"identity": "linked"}, after={"identity": "none"})


def remove(actor: Actor, *, user_id: int, reason: str) -> None:
    """Take somebody's link away, for instance when it went to the wrong user; all sessions end, also those that began with it."""
    require(actor, Action.USER_MANAGE)
    reason = reason.strip()
    if not 1 <= len(reason) <= second_factor.REASON_LENGTH:
        raise Invalid("Alasan wajib diisi, paling banyak %(most)s karakter.", "reason", most=second_factor.REASON_LENGTH)
    with transaction():
        user = one(held(User.select().where(User.id == user_id)), "Pengguna")
        _remove(user_id)
        close_sessions(user)
        touch(user)
        notifications.tell([user_id], Notice.ACCOUNT_UNLINKED, thing="account", thing_id=user_id)
        change = {"before": {"identity": "linked"}, "after": {"identity": "none"}}
        audit.record(actor, "user:identity_remove", "user", user_id, **change, reason=reason)


def _match(link_by: LinkBy, username: str, email: str) -> Any:
    """The one user whom the claim names; several with one address are none, and so is a letter that only looks like ours."""
    claim = {LinkBy.USERNAME: username, LinkBy.EMAIL: email}.get(link_by, "").strip()
    if not claim.isascii():  # lower() makes a k of the Kelvin sign
        return None
    column = User.username if link_by is LinkBy.USERNAME else User.email
    found = list(User.select().where(column == claim.lower()).limit(2)) if claim else []
    return found[0] if len(found) == 1 else None


def _link(actor: Actor, user_id: int, issuer: str, subject: str, *, how: str) -> None:
    if ExternalIdentity.select().where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject).exists():
        raise Conflict(TAKEN)
    if ExternalIdentity.select().where(ExternalIdentity.user == user_id, ExternalIdentity.issuer == issuer).exists():
        raise Conflict("Pengguna SI PETRUK ini sudah terhubung dengan akun lain. Mintalah BKPSDM melepas hubungan itu.")
    try:
        ExternalIdentity.create(user=user_id, issuer=issuer, subject=subject, linked_at=clock.now())
    except pw.IntegrityError:  # linked in this very moment by another request
        raise Conflict(TAKEN) from None
    notifications.tell([user_id], Notice.ACCOUNT_LINKED, thing="account", thing_id=user_id)
    audit.record(actor, "account:identity", "user", user_id, before={"identity": "none"}, after={"identity": "linked", "by": how})


def _remove(user_id: int | None) -> None:
    if ExternalIdentity.delete().where(ExternalIdentity.user == user_id).execute() == 0:
        raise Invalid("Tidak ada akun yang terhubung.")


def _check(subject: str) -> None:
    if not 1 <= len(subject) <= SUBJECT_LENGTH or "\x00" in subject:
        raise Unauthenticated("Jawaban penyedia masuk tunggal tidak lengkap.")
