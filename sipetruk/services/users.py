"""Users: who may sign in and what they are in the award."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, Invalid, Problem
from sipetruk.models import Membership, UnitChange, User, WorkUnit
from sipetruk.queries import units as unit_queries
from sipetruk.rules.contacts import email_of, phone_of
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import ROLE_LABELS, UNIT_ROLES, Action, Actor, Grant, Role, own_id, require
from sipetruk.rules.unit_history import ChangeKind
from sipetruk.services import audit, clock, notifications, passwords
from sipetruk.services.transaction import check_version, held, once, one, touch, transaction

TAKEN = "Nama pengguna “%(name)s” sudah dipakai."
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


@dataclass(frozen=True)
class NewUser:
    """A user to be added; `password` is kept only as its hash."""

    username: str
    name: str
    grants: tuple[Grant, ...]
    phone: str = ""
    email: str = ""


def add(
    actor: Actor,
    *,
    username: str,
    name: str,
    password: str,
    grants: Sequence[Grant],
    phone: str = "",
    email: str = "",
    idempotency_key: str | None = None,
) -> int:
    """Add one user, who has to choose an own password; `Invalid` names what is wrong, `Conflict` a name that is taken."""
    require(actor, Action.USER_MANAGE)
    users = [NewUser(username, name, tuple(grants), phone, email)]
    contacts, password_hash = _contacts(users), passwords.hashed(password, username)
    try:
        with transaction():
            return once(
                actor,
                Action.USER_MANAGE,
                idempotency_key,
                lambda: _create(actor, users, contacts, password_hash, has_given_password=True)[0],
            )
    except pw.IntegrityError:  # made in this very moment by another request
        raise Conflict(TAKEN, "username", name=username) from None


def add_many(actor: Actor, *, users: Sequence[NewUser], password: str, has_given_password: bool = True) -> list[int]:
    """Add several users with the same first password, hashed once; each has to choose an own one unless this one is theirs."""
    require(actor, Action.USER_MANAGE)
    password_hash = passwords.hashed(password, *(user.username for user in users))
    contacts = _contacts(users)
    with transaction():
        return _create(actor, users, contacts, password_hash, has_given_password=has_given_password)


def _contacts(users: Sequence[NewUser]) -> list[tuple[str | None, str | None]]:
    """How each can be reached, in one spelling; refuses what is wrong with any of them."""
    contacts = []
    for user in users:
        contacts.append(_checked(user.username, user.name, user.phone, user.email))
        _check_grants(user.grants)
    return contacts


def _create(
    actor: Actor,
    users: Sequence[NewUser],
    contacts: Sequence[tuple[str | None, str | None]],
    password_hash: str,
    *,
    has_given_password: bool,
) -> list[int]:
    taken = User.select(User.username).where(User.username.in_([user.username for user in users]))
    if name := taken.scalar():
        raise Conflict(TAKEN, "username", name=name)
    ids = []
    for user, (phone, email) in zip(users, contacts, strict=True):
        row = User.create(
            username=user.username,
            name=user.name.strip(),
            phone=phone,
            email=email,
            password_hash=password_hash,
            has_given_password=has_given_password,
            created_at=clock.now(),
        )
        _write_grants(row.id, user.grants)
        ids.append(row.id)
    for user, user_id in zip(users, ids, strict=True):
        after = {"username": user.username, "grants": _grants_json(user.grants)}
        audit.record(actor, Action.USER_MANAGE, "user", user_id, after=after)
    return ids


def update(actor: Actor, *, user_id: int, name: str, phone: str = "", email: str = "", expected_version: int) -> None:
    """Change the name shown for a user, and how to reach this person; an empty text takes a number or an address away."""
    require(actor, Action.USER_MANAGE)
    with transaction():
        user = _held_user(user_id)
        check_version(user, expected_version)
        before, after = write_profile(user, name=name, phone=phone, email=email)
        audit.record(actor, Action.USER_MANAGE, "user", user_id, before=before, after=after)


def write_profile(user: Any, *, name: str, phone: str, email: str) -> tuple[dict[str, str], dict[str, str]]:
    """Save name, telephone number and address of a held row; before and after for the audit, without numbers and addresses."""
    number, address = _checked(user.username, name, phone, email)
    before, after = {"name": user.name}, {"name": name.strip()}
    for part, old, new in (("phone", user.phone, number), ("email", user.email, address)):
        if old != new:
            after[part] = "changed" if new else "removed"
    user.name, user.phone, user.email = name.strip(), number, address
    touch(user)
    return before, after


def set_grants(actor: Actor, *, user_id: int, grants: Sequence[Grant], expected_version: int) -> None:
    """Replace the roles of a user; all sessions end, so that no old right lives on.

    Nobody gives up the own right to manage users: whoever does it by mistake could be the last one who has it.
    """
    require(actor, Action.USER_MANAGE)
    _check_grants(grants)
    if user_id == actor.user_id and Role.BKPSDM_ADMIN not in {grant.role for grant in grants}:
        label = ROLE_LABELS[Role.BKPSDM_ADMIN]
        raise Invalid("Peran %(role)s tidak dapat dilepas dari akun sendiri; mintalah admin lain.", "grants", role=label)
    with transaction():
        user = _held_user(user_id)
        check_version(user, expected_version)
        before = _grants_json(Grant(row.role, row.work_unit_id) for row in Membership.select().where(Membership.user == user_id))
        Membership.delete().where(Membership.user == user_id).execute()
        _write_grants(user_id, grants)
        close_sessions(user)
        touch(user)
        _tell_owner(actor, user_id, Notice.ACCOUNT_ROLES)
        audit.record(actor, Action.USER_MANAGE, "user", user_id, before={"grants": before}, after={"grants": _grants_json(grants)})


def set_password(actor: Actor, *, user_id: int, password: str) -> None:
    """Give a user a new password; all sessions end, and whoever got it from somebody else has to choose an own one."""
    require(actor, Action.USER_MANAGE)
    named = User.get_or_none(User.id == user_id)
    password_hash = passwords.hashed(password, named.username if named else "")
    with transaction():
        user = _held_user(user_id)
        user.password_hash = password_hash
        user.has_given_password = user_id != own_id(actor)
        close_sessions(user)
        touch(user)
        _tell_owner(actor, user_id, Notice.ACCOUNT_PASSWORD)
        audit.record(actor, Action.USER_MANAGE, "user", user_id, after={"password": "changed"})


def set_active(actor: Actor, *, user_id: int, is_active: bool, expected_version: int) -> None:
    """Let a user sign in or no longer; deactivating ends all sessions."""
    require(actor, Action.USER_MANAGE)
    if user_id == actor.user_id and not is_active:
        raise Invalid("Anda tidak dapat menonaktifkan akun sendiri.", "isActive")
    with transaction():
        user = _held_user(user_id)
        check_version(user, expected_version)
        before, user.is_active = user.is_active, is_active
        close_sessions(user)
        touch(user)
        audit.record(actor, Action.USER_MANAGE, "user", user_id, before={"is_active": before}, after={"is_active": is_active})


def end_sessions(actor: Actor, *, user_id: int) -> int:
    """Sign a user out everywhere; everybody may do this to themselves. The epoch for a session that goes on."""
    is_own = user_id == own_id(actor)
    if not is_own:
        require(actor, Action.USER_MANAGE)
    with transaction():
        user = _held_user(user_id)
        close_sessions(user)
        touch(user)
        if is_own:
            audit.record(actor, "account:sessions", "user", user_id, after={"sessions": "ended"})
        else:
            audit.record(actor, Action.USER_MANAGE, "user", user_id, after={"sessions": "ended"})
    return int(user.session_epoch)


def close_sessions(user: Any) -> None:
    """End every session of a held row, with the change that its caller saves."""
    user.session_epoch += 1
    user.sessions_ended_at = clock.now()


def _tell_owner(actor: Actor, user_id: int, notice: Notice) -> None:
    if user_id != actor.user_id:
        notifications.tell([user_id], notice, thing="account", thing_id=user_id)


def _held_user(user_id: int) -> Any:
    return one(held(User.select().where(User.id == user_id)), "Pengguna")


def _checked(username: str, name: str, phone: str, email: str) -> tuple[str | None, str | None]:
    """Telephone number and address as they are kept, or `Invalid` with all that is wrong."""
    problems: list[Problem] = []
    if not USERNAME.fullmatch(username):
        template = "Nama pengguna terdiri atas 3 sampai 60 huruf kecil, angka, titik, garis bawah, atau tanda hubung."
        problems.append(Problem(template, ("username",)))
    if not 1 <= len(name.strip()) <= 150:
        problems.append(Problem("Nama wajib diisi, paling banyak 150 karakter.", ("name",)))
    found: list[str | None] = []
    for read, text in ((phone_of, phone), (email_of, email)):
        try:
            found.append(read(text))
        except Invalid as refused:
            problems += refused.problems
    if problems:
        raise Invalid(problems)
    return found[0], found[1]


def _check_grants(grants: Iterable[Grant]) -> None:
    grants = list(grants)
    if len(set(grants)) != len(grants):
        raise Invalid("Peran yang sama disebut dua kali.", "grants")
    for grant in grants:
        label = ROLE_LABELS[grant.role]
        if grant.role in UNIT_ROLES and grant.unit_id is None:
            raise Invalid("Peran %(role)s memerlukan unit kerja.", "grants", role=label)
        if grant.role not in UNIT_ROLES and grant.unit_id is not None:
            raise Invalid("Peran %(role)s tidak terikat pada unit kerja.", "grants", role=label)
    unit_ids = {grant.unit_id for grant in grants if grant.unit_id is not None}
    if WorkUnit.select().where(WorkUnit.id.in_(unit_ids)).count() != len(unit_ids):
        raise Invalid("Unit kerja tidak ditemukan.", "grants")
    merged = UnitChange.select(UnitChange.unit).where(UnitChange.unit.in_(unit_ids), UnitChange.kind == ChangeKind.MERGED)
    for unit in WorkUnit.select().where(WorkUnit.id.in_(merged)):
        into = unit_queries.successor_of(unit.id)
        raise Invalid("%(name)s sudah dilebur; pilih %(into)s.", "grants", name=unit.name, into=into.name)


def _write_grants(user_id: int, grants: Iterable[Grant]) -> None:
    rows = [{"user": user_id, "role": grant.role, "work_unit": grant.unit_id} for grant in grants]
    if rows:
        Membership.insert_many(rows).execute()


def _grants_json(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    ordered = sorted(grants, key=lambda grant: (str(grant.role), grant.unit_id or 0))
    return [{"role": str(grant.role), "unit_id": grant.unit_id} for grant in ordered]
