"""Users: the actor of a session, and the lists that administrators see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sipetruk.models import ExternalIdentity, Membership, SecondFactor, User, WorkUnit
from sipetruk.queries.conditions import words_in
from sipetruk.queries.listing import Listing, Sort, flag, text
from sipetruk.rules.permissions import Action, Actor, Grant, Role, require


@dataclass(frozen=True)
class UserRow:
    id: int
    username: str
    name: str
    phone: str | None
    email: str | None
    is_active: bool
    grants: tuple[tuple[Role, str], ...]
    """Roles with the name of their work unit, empty for roles without one."""
    raw_grants: tuple[Grant, ...]
    row_version: int
    has_second_factor: bool
    is_linked: bool
    """Whether this person signs in through the single sign-on as well."""
    has_given_password: bool
    """Whether the password came from an administrator, and its owner has not chosen an own one yet."""


_USERNAME = text("Nama pengguna.", "username")
USERS = Listing(
    "User",
    {
        "username": _USERNAME,
        "name": text("Nama.", "name"),
        "is_active": flag("Boleh masuk.", "is_active"),
        "has_second_factor": flag("Memakai faktor kedua.", "has_second_factor"),
        "is_linked": flag("Terhubung dengan masuk tunggal.", "is_linked"),
        "has_given_password": flag("Kata sandi dari admin belum diganti pemiliknya.", "has_given_password"),
    },
    (Sort(_USERNAME),),
)


def actor_of(user_id: int, session_epoch: int, face: str) -> Actor | None:
    """The actor of a live session, or None when the user is gone, inactive or signed out elsewhere (2 statements)."""
    user = User.get_or_none(User.id == user_id)
    if user is None or not user.is_active or user.session_epoch != session_epoch:
        return None
    grants = tuple(
        Grant(Role(role), unit_id)
        for role, unit_id in Membership.select(Membership.role, Membership.work_unit)
        .where(Membership.user == user_id)
        .order_by(Membership.id)
        .tuples()
    )
    return Actor(user.id, user.username, user.name, grants, face)


def users(actor: Actor, *, role: Role | None = None, search: str = "") -> list[UserRow]:
    """Every user with roles (4 statements), for those who manage users."""
    require(actor, Action.USER_MANAGE)
    return _users(role, search)


def assessors(actor: Actor) -> list[UserRow]:
    """Active users who hold the role of assessor: those a panel can be made of."""
    require(actor, Action.PERIOD_EDIT)
    return [row for row in _users(Role.ASSESSOR, "") if row.is_active]


def _users(role: Role | None, search: str) -> list[UserRow]:
    query = User.select().order_by(User.username)
    for condition in words_in((User.name, User.username), search):
        query = query.where(condition)
    if role is not None:
        query = query.where(User.id.in_(Membership.select(Membership.user).where(Membership.role == role)))
    names: dict[int, list[tuple[Role, str]]] = defaultdict(list)
    grants: dict[int, list[Grant]] = defaultdict(list)
    memberships = (
        Membership.select(Membership.user, Membership.role, Membership.work_unit, WorkUnit.name)
        .left_outer_join(WorkUnit)
        .order_by(Membership.id)
        .tuples()
    )
    for user_id, role_, unit_id, unit_name in memberships:
        names[user_id].append((Role(role_), unit_name or ""))
        grants[user_id].append(Grant(Role(role_), unit_id))
    confirmed = SecondFactor.select(SecondFactor.user).where(SecondFactor.confirmed_at.is_null(is_null=False))
    with_factor = {user_id for (user_id,) in confirmed.tuples()}
    linked = {user_id for (user_id,) in ExternalIdentity.select(ExternalIdentity.user).tuples()}
    return [
        UserRow(
            id=u.id,
            username=u.username,
            name=u.name,
            phone=u.phone,
            email=u.email,
            is_active=u.is_active,
            grants=tuple(names[u.id]),
            raw_grants=tuple(grants[u.id]),
            row_version=u.row_version,
            has_second_factor=u.id in with_factor,
            is_linked=u.id in linked,
            has_given_password=u.has_given_password,
        )
        for u in query
    ]
