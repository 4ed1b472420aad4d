"""Webhooks in the staff schema: made, changed, paused, tried out and removed by those who manage them; the log of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.enums import described
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, UserError, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.tokens import ApiToken
from sipetruk.queries import tokens
from sipetruk.queries import webhooks as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.permissions import Action, can
from sipetruk.rules.webhooks import DELIVERY_LABELS, ERRORS, EVENTS, DeliveryState, Event
from sipetruk.services import clock
from sipetruk.services import webhooks as services

described(
    Event,
    "Peristiwa yang dapat diberitahukan kepada sistem lain.",
    {str(event): f"{meaning.label} (`{event}`)." for event, meaning in EVENTS.items()},
    name="WebhookEvent",
)
described(
    DeliveryState,
    "Keadaan sebuah pesan webhook.",
    {state: f"{label.capitalize()}." for state, label in DELIVERY_LABELS.items()},
    name="WebhookDeliveryState",
)
WHICH, VERSION = "Pengenal webhook.", "Versi yang dibaca; bila sudah lain, tindakan ditolak."
MOST_EVENTS = len(Event)


@strawberry.type(description="Alamat milik sistem lain yang diberi tahu tentang peristiwa; rahasianya tidak dapat dibaca lagi.")
class Webhook:
    id: strawberry.ID = strawberry.field(description=WHICH)
    name: str = strawberry.field(description="Nama webhook.")
    url: str = strawberry.field(description="Alamat penerima.")
    events: list[Event] = strawberry.field(description="Peristiwa yang diberitahukan.", directives=[ListSize(assumed_size=5)])
    payload: str = strawberry.field(
        description="Operasi tersimpan yang menjadi isi pesan, misalnya `public/Period`; kosong bila tanpa isi."
    )
    token_number: strawberry.Private[int | None]
    ending: str = strawberry.field(description="Empat karakter terakhir rahasianya.")
    is_active: bool = strawberry.field(description="Pesan dikirim; false bila dijeda.")
    paused_because: str = strawberry.field(description="Alasan dijeda; kosong bila aktif.")
    failures: int = strawberry.field(description="Banyaknya percobaan yang gagal berturut-turut.")
    delivered_at: datetime | None = strawberry.field(description="Terakhir kali pesan diterima; null bila belum pernah.")
    created_at: datetime = strawberry.field(description="Saat dibuat.")
    created_by: str = strawberry.field(description="Nama pembuatnya; kosong bila lewat baris perintah.")
    version: int = strawberry.field(description="Versi, untuk `expectedVersion`.")

    @classmethod
    def of(cls, row: queries.WebhookRow) -> Webhook:
        return cls(
            id=gid("Webhook", row.id),
            name=row.name,
            url=row.url,
            events=list(row.events),
            payload=row.payload,
            token_number=row.token_id,
            ending=row.ending,
            is_active=row.is_active,
            paused_because=row.paused_because,
            failures=row.failures,
            delivered_at=row.delivered_at,
            created_at=row.created_at,
            created_by=row.created_by,
            version=row.row_version,
        )

    @strawberry.field(description="Token yang diwakili; null berarti hanya yang umum, atau pembaca tidak mengatur token.")
    def token(self, info: Info) -> ApiToken | None:
        actor = actor_of(info)
        if self.token_number is None or not can(actor, Action.TOKEN_MANAGE):
            return None
        known = info.context.once("tokens", lambda: {row.id: row for row in tokens.tokens(actor, today=clock.today())})
        return ApiToken.of(known[self.token_number])


@strawberry.type(description="Satu pesan kepada penerima dan hasil percobaan terakhirnya; isinya tidak disimpan.")
class WebhookDelivery:
    id: strawberry.ID = strawberry.field(description="Pengenal pesan.")
    number: str = strawberry.field(description="Nomor pesan seperti dikirim pada `SIPetruk-Delivery`; sama pada setiap percobaan.")
    event: str = strawberry.field(description="Nama peristiwa seperti dikirim, atau `ping`.")
    occurred_at: datetime = strawberry.field(description="Saat peristiwa terjadi.")
    state: DeliveryState = strawberry.field(description="Keadaannya.")
    tries: int = strawberry.field(description="Banyaknya percobaan.")
    next_try_at: datetime | None = strawberry.field(description="Saat percobaan berikutnya; null bila sudah selesai.")
    tried_at: datetime | None = strawberry.field(description="Saat percobaan terakhir; null bila belum dicoba.")
    duration_ms: int | None = strawberry.field(description="Lama percobaan terakhir dalam milidetik; null bila belum dicoba.")
    status: int | None = strawberry.field(description="Status HTTP jawaban penerima; null bila tidak ada jawaban.")
    answer: str = strawberry.field(description="Awal jawaban penerima, tanpa data pribadi.")
    error: str = strawberry.field(description="Mengapa percobaan terakhir gagal, dalam kata-kata; kosong bila tidak gagal.")
    finished_at: datetime | None = strawberry.field(description="Saat selesai; null bila masih menunggu.")

    @classmethod
    def of(cls, row: queries.DeliveryRow) -> WebhookDelivery:
        return cls(
            id=gid("WebhookDelivery", row.id),
            number=row.uid,
            event=row.event,
            occurred_at=row.occurred_at,
            state=row.state,
            tries=row.tries,
            next_try_at=row.run_at if row.state is DeliveryState.WAITING else None,
            tried_at=row.tried_at,
            duration_ms=row.duration_ms,
            status=row.status,
            answer=row.answer,
            error=ERRORS.get(row.error, row.error),
            finished_at=row.finished_at,
        )


@strawberry.type(description="Satu operasi tersimpan yang dapat menjadi isi pesan.")
class WebhookPayloadOption:
    name: str = strawberry.field(description="Nama untuk `payload`.")
    events: list[Event] = strawberry.field(description="Peristiwa yang cocok dengannya.", directives=[ListSize(assumed_size=MOST_EVENTS)])


@strawberry.type(description="Webhook sesudah tindakan.")
class WebhookPayload(Payload):
    webhook: Webhook | None = strawberry.field(description="Webhooknya; null bila ditolak.")


@strawberry.type(description="Webhook dengan rahasianya yang baru.")
class WebhookSecretPayload(Payload):
    webhook: Webhook | None = strawberry.field(description="Webhooknya; null bila ditolak.")
    secret: str | None = strawberry.field(description="Rahasianya, hanya kali ini; null bila ditolak atau permintaannya diulang.")


@strawberry.type(description="Webhook sesudah dihapus.")
class WebhookRemovePayload(Payload):
    """Nothing is left to show."""


@strawberry.type(description="Pesan sesudah tindakan; pengirimannya dilakukan pekerja.")
class WebhookDeliveryPayload(Payload):
    delivery: WebhookDelivery | None = strawberry.field(description="Pesannya; null bila ditolak.")


@strawberry.input(description="Membuat webhook.")
class WebhookCreateInput:
    name: str = strawberry.field(description="Nama, paling banyak 60 karakter, belum dipakai webhook lain.")
    url: str = strawberry.field(description="Alamat penerima, diawali https://.")
    events: list[Event] = strawberry.field(description="Peristiwa, paling sedikit satu.")
    payload: str = strawberry.field(default="", description="Operasi tersimpan sebagai isi pesan; kosong berarti tanpa isi.")
    token_id: strawberry.ID | None = strawberry.field(default=None, description="Token yang diwakili; null berarti hanya yang umum.")
    idempotency_key: str | None = strawberry.field(
        default=None, description="Kunci dari pengirim; permintaan ulang dengan kunci yang sama tidak membuat webhook lagi."
    )


@strawberry.input(description="Mengubah webhook; semua isian diganti.")
class WebhookUpdateInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)
    name: str = strawberry.field(description="Nama, paling banyak 60 karakter, belum dipakai webhook lain.")
    url: str = strawberry.field(description="Alamat penerima, diawali https://.")
    events: list[Event] = strawberry.field(description="Peristiwa, paling sedikit satu.")
    payload: str = strawberry.field(description="Operasi tersimpan sebagai isi pesan; kosong berarti tanpa isi.")
    token_id: strawberry.ID | None = strawberry.field(description="Token yang diwakili; null berarti hanya yang umum.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menjeda webhook; peristiwa selama dijeda tidak dikirim kemudian.")
class WebhookPauseInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)
    reason: str = strawberry.field(description="Alasan, paling banyak 300 karakter.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Melanjutkan webhook yang dijeda.")
class WebhookResumeInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengganti rahasia; yang lama langsung tidak dipakai lagi.")
class WebhookSecretRenewInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menghapus webhook beserta catatan pengirimannya.")
class WebhookRemoveInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengirim pesan uji.")
class WebhookPingInput:
    webhook_id: strawberry.ID = strawberry.field(description=WHICH)


@strawberry.input(description="Mengirim ulang pesan yang sudah selesai, dengan nomor yang sama.")
class WebhookDeliveryReplayInput:
    delivery_id: strawberry.ID = strawberry.field(description="Pengenal pesan.")


WEBHOOKS = Lists(queries.WEBHOOKS)
DELIVERIES = Lists(queries.DELIVERIES)


@strawberry.type
class WebhookQueries:
    @WEBHOOKS.connection(description="Semua webhook menurut nama; bagi admin BKPSDM.")
    def webhooks(self, info: Info, page: PageRequest) -> Connection[Webhook]:
        return Connection.of(queries.WEBHOOKS.cut(queries.webhooks(actor_of(info)), page), Webhook.of)

    @strawberry.field(description="Satu webhook; null bila tidak ada.")
    def webhook(self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description=WHICH)]) -> Webhook | None:  # noqa: A002  # the contract's word
        return Webhook.of(queries.webhook(actor_of(info), _number(id)))

    @DELIVERIES.connection(description="Catatan pengiriman sebuah webhook, yang terbaru lebih dahulu.")
    def webhook_deliveries(
        self, info: Info, webhook_id: Annotated[strawberry.ID, strawberry.argument(description=WHICH)], page: PageRequest
    ) -> Connection[WebhookDelivery]:
        return Connection.of(queries.deliveries(actor_of(info), _number(webhook_id), page=page), WebhookDelivery.of)

    @strawberry.field(
        description="Operasi tersimpan yang dapat menjadi isi pesan, dengan peristiwa yang cocok.", directives=[ListSize(assumed_size=20)]
    )
    def webhook_payloads(self, info: Info) -> list[WebhookPayloadOption]:
        found = queries.offered_payloads(actor_of(info))
        return [
            WebhookPayloadOption(name=each.name, events=[event for event, meaning in EVENTS.items() if each.fits(meaning.thing)])
            for each in found
        ]


@strawberry.type
class WebhookActs:
    @strawberry.mutation(description="Membuat webhook. Rahasianya ada di jawaban ini saja.")
    def webhook_create(self, info: Info, given: Given[WebhookCreateInput]) -> WebhookSecretPayload | None:
        made, errors = attempt(
            info,
            lambda: services.create(
                actor_of(info),
                name=given.name,
                url=given.url,
                events=given.events,
                payload=given.payload,
                token_id=_token(given.token_id),
                idempotency_key=given.idempotency_key,
            ),
        )
        return _with_secret(info, made, errors)

    @strawberry.mutation(description="Mengubah webhook.")
    def webhook_update(self, info: Info, given: Given[WebhookUpdateInput]) -> WebhookPayload | None:
        return _after(
            info,
            given.webhook_id,
            lambda number: services.update(
                actor_of(info),
                webhook_id=number,
                name=given.name,
                url=given.url,
                events=given.events,
                payload=given.payload,
                token_id=_token(given.token_id),
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menjeda webhook.")
    def webhook_pause(self, info: Info, given: Given[WebhookPauseInput]) -> WebhookPayload | None:
        return _after(
            info,
            given.webhook_id,
            lambda number: services.pause(actor_of(info), webhook_id=number, reason=given.reason, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Melanjutkan webhook; yang menunggu sejak dijeda dikirim.")
    def webhook_resume(self, info: Info, given: Given[WebhookResumeInput]) -> WebhookPayload | None:
        return _after(
            info,
            given.webhook_id,
            lambda number: services.resume(actor_of(info), webhook_id=number, expected_version=given.expected_version),
        )

    @strawberry.mutation(description="Mengganti rahasia webhook. Yang baru ada di jawaban ini saja.")
    def webhook_secret_renew(self, info: Info, given: Given[WebhookSecretRenewInput]) -> WebhookSecretPayload | None:
        made, errors = attempt(
            info,
            lambda: services.renew_secret(actor_of(info), webhook_id=_number(given.webhook_id), expected_version=given.expected_version),
        )
        return _with_secret(info, made, errors)

    @strawberry.mutation(description="Menghapus webhook beserta catatan pengirimannya.")
    def webhook_remove(self, info: Info, given: Given[WebhookRemoveInput]) -> WebhookRemovePayload | None:
        _, errors = attempt(
            info,
            lambda: services.remove(actor_of(info), webhook_id=_number(given.webhook_id), expected_version=given.expected_version),
        )
        return WebhookRemovePayload(user_errors=errors)

    @strawberry.mutation(description="Mengirim pesan uji, juga ke webhook yang dijeda.")
    def webhook_ping(self, info: Info, given: Given[WebhookPingInput]) -> WebhookDeliveryPayload | None:
        number, errors = attempt(info, lambda: services.ping(actor_of(info), webhook_id=_number(given.webhook_id)))
        return _with_delivery(info, number, errors)

    @strawberry.mutation(description="Mengirim ulang satu pesan dari catatan.")
    def webhook_delivery_replay(self, info: Info, given: Given[WebhookDeliveryReplayInput]) -> WebhookDeliveryPayload | None:
        def act() -> int:
            number = ids.number(given.delivery_id, "WebhookDelivery", "Pesan")
            services.replay(actor_of(info), delivery_id=number)
            return number

        number, errors = attempt(info, act)
        return _with_delivery(info, number, errors)


def _after(info: Info, webhook_id: strawberry.ID, act: Callable[[int], object]) -> WebhookPayload:
    _, errors = attempt(info, lambda: act(_number(webhook_id)))
    return WebhookPayload(webhook=None if errors else Webhook.of(queries.webhook(actor_of(info), _number(webhook_id))), user_errors=errors)


def _with_secret(info: Info, made: services.Made | None, errors: list[UserError]) -> WebhookSecretPayload:
    """The webhook is null as well where a request is repeated whose webhook was removed."""
    webhook = reads.or_none(lambda: Webhook.of(queries.webhook(actor_of(info), made.webhook_id))) if made else None
    return WebhookSecretPayload(webhook=webhook, secret=made.secret if made else None, user_errors=errors)


def _with_delivery(info: Info, number: int | None, errors: list[UserError]) -> WebhookDeliveryPayload:
    delivery = WebhookDelivery.of(queries.delivery(actor_of(info), number)) if number else None
    return WebhookDeliveryPayload(delivery=delivery, user_errors=errors)


def _number(global_id: strawberry.ID) -> int:
    return ids.number(global_id, "Webhook", "Webhook")


def _token(global_id: strawberry.ID | None) -> int | None:
    return None if global_id is None else ids.number(global_id, "ApiToken", "Token")
