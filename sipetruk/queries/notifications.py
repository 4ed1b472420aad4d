"""What a person was told: the own notifications, newest first, and how many are unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import peewee as pw

from sipetruk.models import Notification
from sipetruk.queries import paging, visible
from sipetruk.queries.listing import Listing, Sort, integer, moment, text
from sipetruk.rules.notices import text_of
from sipetruk.rules.permissions import Actor, own_id


@dataclass(frozen=True)
class NotificationRow:
    """One notification; the face makes its link from `thing` and `thing_id`."""

    id: int
    notice: str
    text: str
    thing: str
    thing_id: str
    created_at: datetime
    read_at: datetime | None


NOTIFICATIONS = Listing(
    "Notification",
    {
        "notice": text("Jenis pemberitahuan.", "notice", Notification.notice),
        "thing": text("Jenis hal yang dimaksud.", "thing", Notification.thing),
        "created_at": moment("Saat diberitahukan.", "created_at", Notification.created_at),
        "read_at": moment("Saat dibaca.", "read_at", Notification.read_at, is_nullable=True),
    },
    (Sort(integer("Nomor.", "id", Notification.id), is_descending=True),),
)


def notifications(actor: Actor, *, only_unread: bool = False, page: paging.PageRequest | None = None) -> paging.Page[NotificationRow]:
    """A page of the actor's own notifications, newest first (2 statements)."""
    query = visible.notifications(actor)
    if only_unread:
        query = query.where(Notification.read_at.is_null())
    found: paging.Page[Notification] = NOTIFICATIONS.select(query, page or paging.PageRequest())
    return found.of([_row(each) for each in found.rows])


def notification(actor: Actor, notification_id: int) -> NotificationRow:
    """One of the actor's own notifications, or `NotFound`."""
    return _row(visible.get(visible.notifications(actor), Notification, notification_id, "Pemberitahuan"))


def unread(actor: Actor | None) -> int:
    """How many of the actor's notifications are unread (1 statement)."""
    if own_id(actor) is None:
        return 0
    query = Notification.select(pw.fn.COUNT(Notification.id))
    return int(query.where(Notification.recipient == own_id(actor), Notification.read_at.is_null()).scalar() or 0)


def _row(row: Notification) -> NotificationRow:
    return NotificationRow(row.id, row.notice, text_of(row.notice, row.params), row.thing, row.thing_id, row.created_at, row.read_at)
