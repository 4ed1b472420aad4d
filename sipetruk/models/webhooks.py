"""Webhooks: who is told of what at which address, what happened and is not yet handed on, and each message on its way."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.numbers import LastingNumberField
from sipetruk.models.tokens import ApiToken
from sipetruk.models.users import User
from sipetruk.rules.webhooks import DeliveryState


class Webhook(Table):
    """One subscription. Its secret is shown once and kept encrypted, since every message is signed with it."""

    id = LastingNumberField()
    name = pw.CharField(max_length=60, unique=True, verbose_name="Nama")
    url = pw.CharField(max_length=500, verbose_name="Alamat")
    events = DocumentField(verbose_name="Peristiwa")
    payload = pw.CharField(max_length=80, default="", verbose_name="Isi pesan")
    token = refers_to(ApiToken, null=True, backref="webhooks", verbose_name="Bertindak dengan token")
    secret = pw.TextField()
    ending = pw.CharField(max_length=4, verbose_name="Akhiran")
    is_active = pw.BooleanField(default=True, verbose_name="Aktif")
    paused_because = pw.CharField(max_length=300, default="", verbose_name="Alasan dijeda")
    failures = pw.IntegerField(default=0, verbose_name="Gagal berturut-turut")
    delivered_at = UTCDateTimeField(null=True, verbose_name="Terakhir terkirim")
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    created_by = refers_to(User, null=True, backref="webhooks_made", verbose_name="Dibuat oleh")
    row_version = pw.IntegerField(default=1)

    class Meta:
        constraints = [
            pw.Check("length(ending) = 4"),
            pw.Check("length(url) > 0"),
            pw.Check("failures >= 0"),
            pw.Check("is_active = (length(paused_because) = 0)"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class WebhookEvent(Table):
    """What happened, or will have at its moment, until it is handed on: written in the transaction of the act itself."""

    event = pw.CharField(max_length=40)
    thing_id = pw.IntegerField()
    about = DocumentField(default=dict)
    occurred_at = UTCDateTimeField()

    class Meta:
        indexes = ((("occurred_at", "id"), False), (("event", "thing_id"), False))


class WebhookDelivery(Table):
    """One message to one receiver, with what came of its last try; its content is made anew at each try and never kept."""

    id = LastingNumberField()
    uid = pw.CharField(max_length=32, unique=True)
    webhook = part_of(Webhook, backref="deliveries", index=False)
    event = pw.CharField(max_length=40)
    thing_id = pw.IntegerField(null=True)
    about = DocumentField(default=dict)
    occurred_at = UTCDateTimeField()
    state = pw.CharField(max_length=10, default=DeliveryState.WAITING)
    tries = pw.IntegerField(default=0)
    run_at = UTCDateTimeField()
    lease_until = UTCDateTimeField(null=True)
    tried_at = UTCDateTimeField(null=True)
    duration_ms = pw.IntegerField(null=True)
    status = pw.IntegerField(null=True)
    answer = pw.CharField(max_length=200, default="")
    error = pw.CharField(max_length=20, default="")
    finished_at = UTCDateTimeField(null=True, index=True)

    class Meta:
        indexes = ((("state", "run_at"), False), (("webhook", "id"), False))
        constraints = [
            one_of("state", DeliveryState),
            pw.Check("tries >= 0"),
            pw.Check("length(uid) = 32"),
            pw.Check("(state = 'waiting') = (finished_at IS NULL)"),
        ]
