"""Notifications: what the viewer was told, and noting that it was read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.listings import Lists
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.queries import notifications as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.services import notifications

KINDS = {"nomination": "Nomination", "period": "Period", "category": "Category"}
"""Things of a notification that the contract knows by an id."""


@strawberry.type(description="Satu pemberitahuan kepada pembaca.")
class Notification:
    id: strawberry.ID = strawberry.field(description="Pengenal pemberitahuan.")
    notice: str = strawberry.field(description="Jenis pemberitahuan.")
    text: str = strawberry.field(description="Isinya dalam satu kalimat.")
    thing: str = strawberry.field(description="Jenis hal yang dimaksud.")
    thing_id: strawberry.ID | None = strawberry.field(
        description="Pengenal usulan, periode, atau kategori yang dimaksud; null bagi hal lain."
    )
    created_at: datetime = strawberry.field(description="Saat diberitahukan.")
    read_at: datetime | None = strawberry.field(description="Saat dibaca; null bila belum.")

    @classmethod
    def of(cls, row: queries.NotificationRow) -> Notification:
        kind = KINDS.get(row.thing)
        number = ids.as_number(row.thing_id)
        return cls(
            id=gid("Notification", row.id),
            notice=row.notice,
            text=row.text,
            thing=row.thing,
            thing_id=gid(kind, number) if kind and number else None,
            created_at=row.created_at,
            read_at=row.read_at,
        )


NOTIFICATIONS = Lists(queries.NOTIFICATIONS)


@strawberry.type
class NotificationQueries:
    @NOTIFICATIONS.connection(description="Pemberitahuan kepada pembaca, yang terbaru lebih dahulu.")
    def notifications(
        self,
        info: Info,
        page: PageRequest,
        only_unread: Annotated[bool, strawberry.argument(description="Hanya yang belum dibaca.")] = False,  # noqa: FBT002  # an argument of the contract
    ) -> Connection[Notification]:
        return Connection.of(queries.notifications(actor_of(info), only_unread=only_unread, page=page), Notification.of)

    @strawberry.field(description="Banyaknya pemberitahuan yang belum dibaca.")
    def unread_count(self, info: Info) -> int:
        return queries.unread(actor_of(info))


@strawberry.input(description="Menandai satu pemberitahuan sudah atau belum dibaca.")
class NotificationMarkReadInput:
    notification_id: strawberry.ID = strawberry.field(description="Pengenal pemberitahuan.")
    is_read: bool = strawberry.field(default=True, description="false mengembalikannya ke yang belum dibaca.")


@strawberry.input(description="Menandai semua pemberitahuan sudah dibaca.")
class NotificationsMarkAllReadInput:
    up_to: strawberry.ID | None = strawberry.field(
        default=None, description="Pengenal pemberitahuan terbaru yang sudah terlihat; yang lebih baru tetap belum dibaca."
    )


@strawberry.type(description="Pemberitahuan sesudah tindakan.")
class NotificationPayload(Payload):
    notification: Notification | None = strawberry.field(description="Pemberitahuan; null bila tindakan ditolak.")
    unread_count: int = strawberry.field(description="Banyaknya yang belum dibaca sekarang.")


@strawberry.type(description="Banyaknya pemberitahuan sesudah tindakan.")
class NotificationsPayload(Payload):
    marked: int = strawberry.field(description="Banyaknya yang baru ditandai.")
    unread_count: int = strawberry.field(description="Banyaknya yang belum dibaca sekarang.")


@strawberry.type
class NotificationActs:
    @strawberry.mutation(description="Menandai satu pemberitahuan sendiri sudah atau belum dibaca.")
    def notification_mark_read(self, info: Info, given: Given[NotificationMarkReadInput]) -> NotificationPayload | None:
        actor = actor_of(info)

        def act() -> queries.NotificationRow:
            number = ids.number(given.notification_id, "Notification", "Pemberitahuan")
            notifications.mark_read(actor, notification_id=number, is_read=given.is_read)
            return queries.notification(actor, number)

        row, problems = attempt(info, act)
        shown = Notification.of(row) if row else None
        return NotificationPayload(notification=shown, unread_count=queries.unread(actor), user_errors=problems)

    @strawberry.mutation(description="Menandai semua pemberitahuan sendiri sudah dibaca.")
    def notifications_mark_all_read(self, info: Info, given: Given[NotificationsMarkAllReadInput]) -> NotificationsPayload | None:
        actor = actor_of(info)

        def act() -> int:
            newest = None if given.up_to is None else ids.number(given.up_to, "Notification", "Pemberitahuan")
            return notifications.mark_all_read(actor, up_to=newest)

        marked, problems = attempt(info, act)
        return NotificationsPayload(marked=marked or 0, unread_count=queries.unread(actor), user_errors=problems)
