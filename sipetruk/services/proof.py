"""Proof that somebody is who they say: attempts with passwords and codes, and one throttle for both."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sipetruk.errors import Invalid, TooManyAttempts, Unauthenticated
from sipetruk.models import LoginAttempt, User
from sipetruk.queries import settings
from sipetruk.rules.permissions import Actor, own_id
from sipetruk.services import clock, passwords
from sipetruk.services.transaction import transaction

FAILURES_PER_NAME = 5
FAILURES_PER_ADDRESS = 30
FAILURE_WINDOW = timedelta(minutes=15)
DEVICE_LENGTH = 60


def throttle(username: str, address: str) -> None:
    """`TooManyAttempts` after 5 failures for a name or 30 from an address within 15 minutes, of passwords and codes together."""
    since = clock.now() - FAILURE_WINDOW
    failures = LoginAttempt.select().where(LoginAttempt.at >= since, ~LoginAttempt.is_success)
    if (
        failures.where(LoginAttempt.username_sha256 == name_hash(username)).count() >= FAILURES_PER_NAME
        or failures.where(LoginAttempt.address == address).count() >= FAILURES_PER_ADDRESS
    ):
        raise TooManyAttempts(
            "Terlalu banyak percobaan masuk yang gagal. Coba lagi dalam %(minutes)s menit.",
            minutes=FAILURE_WINDOW.seconds // 60,
        )


def note(username: str, address: str, *, is_success: bool, device: str = "") -> None:
    """Keep an attempt for the throttle, and for the list of one's own sign-ins; old ones go."""
    LoginAttempt.create(
        username_sha256=name_hash(username), address=address, at=clock.now(), is_success=is_success, device=device[:DEVICE_LENGTH]
    )
    kept = timedelta(days=settings.number("login_attempt_days"))
    LoginAttempt.delete().where(LoginAttempt.at < clock.now() - kept).execute()


def name_hash(username: str) -> str:
    """What is kept of a name that was typed: people type passwords into it."""
    return hashlib.sha256(username.strip().lower().encode()).hexdigest()


def own_row(actor: Actor) -> Any:
    """The actor's own row; the command line is nobody's account, and a token has none."""
    user = User.get_or_none(User.id == own_id(actor)) if own_id(actor) is not None else None
    if user is None or not user.is_active:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    return user


def require_password(actor: Actor, password: str, *, address: str, field: str = "password") -> None:
    """`Invalid` at the field unless this is the actor's own password; failures count as those of signing in."""
    user = own_row(actor)
    throttle(user.username, address)
    if not passwords.matches(user.password_hash, password):
        with transaction():
            note(user.username, address, is_success=False)
        raise Invalid("Kata sandi Anda tidak cocok.", field)
