"""One's own account: profile and password. Everybody who signs in may do this, and to nobody else."""

from __future__ import annotations

from sipetruk.errors import Invalid
from sipetruk.models import User
from sipetruk.rules.permissions import Actor
from sipetruk.services import audit, passwords, proof
from sipetruk.services.transaction import check_version, held, one, touch, transaction
from sipetruk.services.users import close_sessions, write_profile


def update_profile(actor: Actor, *, name: str, phone: str, email: str, expected_version: int) -> None:
    """Change one's own name, telephone number and e-mail address."""
    user_id = proof.own_row(actor).id
    with transaction():
        user = one(held(User.select().where(User.id == user_id)), "Pengguna")
        check_version(user, expected_version)
        before, after = write_profile(user, name=name, phone=phone, email=email)
        audit.record(actor, "account:profile", "user", user_id, before=before, after=after)


def change_password(actor: Actor, *, old: str, new: str, address: str) -> int:
    """A new password of one's own, with the old one; every other session ends. The epoch for the one that goes on."""
    own = proof.own_row(actor)
    proof.require_password(actor, old, address=address, field="oldPassword")
    if new == old:
        raise Invalid("Kata sandi baru sama dengan yang lama.", "password")
    password_hash = passwords.hashed(new, own.username)
    with transaction():
        user = one(held(User.select().where(User.id == own.id)), "Pengguna")
        user.password_hash = password_hash
        user.has_given_password = False
        close_sessions(user)
        touch(user)
        audit.record(actor, "account:password", "user", user.id, after={"password": "changed"})
    return int(user.session_epoch)
