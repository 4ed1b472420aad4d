"""The audit trail: one row per change, chained by hashes, never changed or removed (triggers)."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField


class AuditEntry(Table):
    at = UTCDateTimeField(index=True, verbose_name="Waktu")
    actor_id = pw.IntegerField(null=True, index=True)
    actor = pw.CharField(max_length=60, index=True, verbose_name="Pelaku")
    face = pw.CharField(max_length=10, verbose_name="Lewat")
    action = pw.CharField(max_length=60, index=True, verbose_name="Tindakan")
    thing = pw.CharField(max_length=40, verbose_name="Objek")
    thing_id = pw.CharField(max_length=60, verbose_name="Nomor objek")
    before = DocumentField(null=True, verbose_name="Sebelum")
    after = DocumentField(null=True, verbose_name="Sesudah")
    reason = pw.TextField(default="", verbose_name="Alasan")
    previous_hash = pw.CharField(max_length=64, unique=True)
    hash = pw.CharField(max_length=64, unique=True)

    class Meta:
        indexes = ((("thing", "thing_id"), False),)


class ChainHead(Table):
    """The end of the trail as it was published on a day (WITA): how many entries there were, and the hash of the last."""

    day = pw.DateField(primary_key=True, verbose_name="Tanggal")
    entries = pw.IntegerField(verbose_name="Banyaknya catatan")
    head = pw.CharField(max_length=64, verbose_name="Ujung rantai")
    published_at = UTCDateTimeField(verbose_name="Dicatat")

    class Meta:
        constraints = [pw.Check("entries >= 0"), pw.Check("length(head) = 64")]


class IdempotencyKey(Table):
    """A key that a caller gave with a creation: the same key again answers with the same thing."""

    actor_id = pw.IntegerField()
    action = pw.CharField(max_length=60)
    key = pw.CharField(max_length=100)
    thing_id = pw.CharField(max_length=60)
    at = UTCDateTimeField()

    class Meta:
        primary_key = pw.CompositeKey("actor_id", "action", "key")
