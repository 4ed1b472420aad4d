"""Notifications inside the product: tell people of an event in its own transaction; read, and in time forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee as pw

from sipetruk.models import Membership, Notification, PanelMember, Sheet, User, statements
from sipetruk.models.assessment import APART
from sipetruk.models.base import database
from sipetruk.models.statements import Remembered
from sipetruk.queries import retention, settings, visible
from sipetruk.rules.notices import OVERTAKES, Notice, params_of
from sipetruk.rules.permissions import Actor, Role, own_id
from sipetruk.services import clock
from sipetruk.services.transaction import held, transaction

PARAM_LENGTH = 200
_BATCH = 200


def tell(recipients: Iterable[int], notice: Notice | str, *, thing: str, thing_id: object, **params: str) -> None:
    """Tell these users of an event; call it inside the transaction of the event, so that both are saved or neither.

    The words stand in `rules/notices.py`; `params` fills their places exactly. A user named twice is told once. What the
    event overtakes of the same thing counts as read, whoever was told of it.
    """
    if not database.in_transaction():
        raise RuntimeError("a notification belongs into the transaction of its event")
    kind = Notice(notice)
    if params.keys() != params_of(kind):
        raise ValueError(f"{kind} is filled with {sorted(params_of(kind))}, not with {sorted(params)}")
    kept = {name: str(value)[:PARAM_LENGTH] for name, value in params.items()}
    event = {"notice": kind, "thing": thing, "thing_id": str(thing_id), "params": kept, "created_at": clock.now()}
    if overtaken := OVERTAKES.get(kind):
        _OVERTAKE.run(tuple(sorted(overtaken)), event["created_at"], thing, str(thing_id))
    rows = [{"recipient": user_id, **event} for user_id in sorted(set(recipients))]
    for batch in pw.chunked(rows, _BATCH):
        statements.insert_many(Notification, batch)


def users_with(role: Role, unit_id: int | None = None, *, but: Actor | None = None) -> list[int]:
    """Active users who hold the role (for that unit, where one is named), without the one who acts."""
    without = None if but is None else but.user_id
    return [id_ for (id_,) in _HOLDERS.all(unit_id is not None, without is not None, role, unit_id, without)]


def unit_people(unit_id: int, *, but: Actor | None = None) -> list[int]:
    """The active admins and heads of a work unit."""
    roles = (Role.OPD_ADMIN, Role.OPD_HEAD)
    query = User.select(User.id).join(Membership).where(User.is_active, Membership.role.in_(roles), Membership.work_unit == unit_id)
    return _ids(query, but)


def assessors_of(category_id: int, *, but: Actor | None = None) -> list[int]:
    """The active members of the panel of a category."""
    query = User.select(User.id).join(PanelMember).where(User.is_active, PanelMember.category == category_id)
    return _ids(query, but)


def assessors_of_nomination(nomination_id: int, *, but: Actor | None = None) -> list[int]:
    """The active assessors who have a sheet for a nomination and have not stepped back from it."""
    query = User.select(User.id).join(Sheet, on=(Sheet.assessor == User.id))
    return _ids(query.where(User.is_active, Sheet.nomination == nomination_id, Sheet.state.not_in(APART)), but)


def mark_read(actor: Actor, *, notification_id: int, is_read: bool = True) -> None:
    """Note that the actor has read one of the own notifications, or put it back among the unread."""
    with transaction():
        row = visible.get(held(visible.notifications(actor)), Notification, notification_id, "Pemberitahuan")
        if (row.read_at is not None) != is_read:
            row.read_at = clock.now() if is_read else None
            row.save(only=[Notification.read_at])


def mark_all_read(actor: Actor, *, up_to: int | None = None) -> int:
    """Note all the own notifications as read, up to the newest that was on the screen; returns how many were unread."""
    unread = Notification.update(read_at=clock.now()).where(Notification.recipient == own_id(actor), Notification.read_at.is_null())
    if up_to is not None:
        unread = unread.where(Notification.id <= up_to)
    with transaction():
        return int(unread.execute())


def forget_old() -> int:
    """Remove what was read long ago, and what nobody will read any more; returns how many rows went."""
    old = retention.old_notifications(clock.now(), settings.number("notification_days")).select(Notification.id)
    with transaction():
        return int(Notification.delete().where(Notification.id.in_(old)).execute())


def _ids(query: pw.ModelSelect, but: Actor | None) -> list[int]:
    if but is not None and but.user_id is not None:
        query = query.where(User.id != but.user_id)
    return [user_id for (user_id,) in query.distinct().order_by(User.id).tuples()]


def _overtake(overtaken: tuple[str, ...], now: Any, thing: Any, thing_id: Any) -> Any:
    about = (Notification.thing == thing) & (Notification.thing_id == thing_id) & Notification.read_at.is_null()
    return Notification.update({Notification.read_at: now}).where(about, Notification.notice.in_(overtaken))


def _holders(in_unit: bool, but_one: bool, role: Any, unit_id: Any, user_id: Any) -> Any:  # noqa: FBT001  # what makes another text
    query = User.select(User.id).join(Membership).where(User.is_active, Membership.role == role)
    if in_unit:
        query = query.where(Membership.work_unit == unit_id)
    if but_one:
        query = query.where(User.id != user_id)
    return query.distinct().order_by(User.id).tuples()


_OVERTAKE = Remembered(_overtake, places=3)
_HOLDERS = Remembered(_holders, places=3)
