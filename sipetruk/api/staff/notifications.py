"""Notifications: what the viewer was told, and noting that it was read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.listings import Lists
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import NominationReference, gid
from sipetruk.api.staff.periods import Category, Period
from sipetruk.queries import notifications as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.services import notifications


@strawberry.type(description="Satu pemberitahuan kepada pembaca.")
class Notification:
    id: strawberry.ID = strawberry.field(description="Pengenal pemberitahuan.")
    notice: str = strawberry.field(description="Jenis pemberitahuan.")
    text: str = strawberry.field(description="Isinya dalam satu kalimat.")
    thing: str = strawberry.field(description="Jenis hal yang dimaksud.")
    created_at: datetime = strawberry.field(description="Saat diberitahukan.")
    read_at: datetime | None = strawberry.field(description="Saat dibaca; null bila belum.")
    number: strawberry.Private[int | None]
    named: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="Usulan yang dimaksud; null bagi hal lain, atau bila bukan untuk pembaca.")
    def nomination(self, info: Info) -> NominationReference | None:
        return reads.nomination_among(info, self.number if self.thing == "nomination" else None, self.named)

    @strawberry.field(description="Periode yang dimaksud; null bagi hal lain.")
    def period(self, info: Info) -> Period | None:
        return reads.period(info, self.number) if self.thing == "period" and self.number else None

    @strawberry.field(description="Kategori yang dimaksud; null bagi hal lain.")
    def category(self, info: Info) -> Category | None:
        return reads.category(info, self.number) if self.thing == "category" and self.number else None

    @classmethod
    def of(cls, row: queries.NotificationRow, named: tuple[int, ...]) -> Notification:
        """`named` are the nominations that are named together with this one, by number."""
        return cls(
            id=gid("Notification", row.id),
            notice=row.notice,
            text=row.text,
            thing=row.thing,
            created_at=row.created_at,
            read_at=row.read_at,
            number=ids.as_number(row.thing_id),
            named=named,
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
        found = queries.notifications(actor_of(info), only_unread=only_unread, page=page)
        named = _named(found.rows)
        return Connection.of(found, lambda row: Notification.of(row, named))

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
        shown = Notification.of(row, _named([row])) if row else None
        return NotificationPayload(notification=shown, unread_count=queries.unread(actor), user_errors=problems)

    @strawberry.mutation(description="Menandai semua pemberitahuan sendiri sudah dibaca.")
    def notifications_mark_all_read(self, info: Info, given: Given[NotificationsMarkAllReadInput]) -> NotificationsPayload | None:
        actor = actor_of(info)

        def act() -> int:
            newest = None if given.up_to is None else ids.number(given.up_to, "Notification", "Pemberitahuan")
            return notifications.mark_all_read(actor, up_to=newest)

        marked, problems = attempt(info, act)
        return NotificationsPayload(marked=marked or 0, unread_count=queries.unread(actor), user_errors=problems)


def _named(rows: Sequence[queries.NotificationRow]) -> tuple[int, ...]:
    """The numbers of the nominations that the rows are about."""
    numbers = (ids.as_number(row.thing_id) for row in rows if row.thing == "nomination")
    return tuple(number for number in numbers if number is not None)
