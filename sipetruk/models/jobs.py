"""Work that outlasts a request: asked for in the transaction of whoever needs it, done by a worker, at least once."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of

JOB_STATES = {"waiting": "Menunggu", "done": "Selesai", "failed": "Gagal"}


class Job(Table):
    """One piece of work on one subject; asked for again, it is the same job. `lease_until` is set while a worker has it."""

    kind = pw.CharField(max_length=40)
    subject = pw.CharField(max_length=120)
    state = pw.CharField(max_length=10, default="waiting")
    run_at = UTCDateTimeField()
    lease_until = UTCDateTimeField(null=True)
    attempts = pw.IntegerField(default=0)
    result = DocumentField(null=True)
    error = pw.TextField(default="")
    asked_at = UTCDateTimeField()
    asked_by_id = pw.IntegerField(null=True)
    finished_at = UTCDateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "subject"), True), (("state", "run_at"), False))
        constraints = [one_of("state", JOB_STATES), pw.Check("attempts >= 0")]
