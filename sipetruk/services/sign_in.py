"""Signing in: the password, then the code of the second factor where there is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sipetruk.errors import Unauthenticated
from sipetruk.models import User
from sipetruk.services import passwords, proof, second_factor
from sipetruk.services.transaction import held, transaction


@dataclass(frozen=True)
class SignedIn:
    """What a session remembers: it ends when the user's epoch moves on. With `needs_code` nobody is signed in yet.

    `has_given_password` says that the password which was typed is known to the administrator who gave it.
    """

    user_id: int
    session_epoch: int
    needs_code: bool = False
    has_given_password: bool = False


def authenticate(*, username: str, password: str, address: str, device: str = "") -> SignedIn:
    """Who this is, or `Unauthenticated` in the same words for a wrong name, a wrong password and an inactive user.

    After 5 failures for a name or 30 from an address within 15 minutes: `TooManyAttempts`, whatever the password.
    """
    username = username.strip().lower()
    proof.throttle(username, address)
    user: Any = User.get_or_none(User.username == username) if "\x00" not in username else None
    is_right = passwords.matches(user.password_hash if user else None, password) and user is not None and user.is_active
    needs_code = is_right and second_factor.is_on(user.id)
    with transaction():
        if not needs_code:  # a first step alone is neither a failure nor a sign-in
            proof.note(username, address, is_success=is_right, device=device)
        if is_right and passwords.is_outdated(user.password_hash):
            User.update(password_hash=passwords.hashed(password)).where(User.id == user.id).execute()
    if not is_right:
        raise Unauthenticated("Nama pengguna atau kata sandi tidak cocok.")
    return SignedIn(user.id, user.session_epoch, needs_code, user.has_given_password)


def confirm(first: SignedIn, *, code: str, address: str, device: str = "", face: str = "portal") -> SignedIn:
    """The second step, with a code of the authenticator or a recovery code; each counts once.

    Failures count together with those of the password, so that a known password opens no unlimited guessing.
    """
    with transaction():
        user = held(User.select().where(User.id == first.user_id)).first()
        if user is None or not user.is_active or user.session_epoch != first.session_epoch:
            raise Unauthenticated("Langkah masuk ini sudah tidak berlaku. Mulailah dari awal.")
        proof.throttle(user.username, address)
        is_right = second_factor.accepts(user, code, face=face)
        proof.note(user.username, address, is_success=is_right, device=device)
    if not is_right:
        raise Unauthenticated("Kode tidak cocok atau sudah dipakai.")
    return SignedIn(user.id, user.session_epoch, has_given_password=first.has_given_password)
