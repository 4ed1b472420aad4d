"""Announcements: what BKPSDM tells everybody beside the results, in Indonesian and, if wanted, in English."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, refers_to
from sipetruk.models.numbers import LastingNumberField
from sipetruk.models.users import User


class Announcement(Table):
    """Whether it can be read follows from the clock: `publish_at` has come, `ends_at` has not, nobody withdrew it."""

    id = LastingNumberField()
    slug = pw.CharField(max_length=80, unique=True, verbose_name="Alamat", help_text="Bagian akhir alamat halamannya.")
    title = pw.CharField(max_length=200, verbose_name="Judul")
    body = pw.TextField(verbose_name="Isi")
    title_en = pw.CharField(max_length=200, default="", verbose_name="Judul (Inggris)")
    body_en = pw.TextField(default="", verbose_name="Isi (Inggris)")
    is_pinned = pw.BooleanField(default=False, verbose_name="Disematkan")
    publish_at = UTCDateTimeField(null=True, index=True, verbose_name="Terbit")
    ends_at = UTCDateTimeField(null=True, verbose_name="Berakhir")
    withdrawn_at = UTCDateTimeField(null=True, verbose_name="Ditarik")
    withdrawal_note = pw.TextField(default="", verbose_name="Alasan penarikan")
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    created_by = refers_to(User, null=True, backref="+")
    updated_at = UTCDateTimeField(verbose_name="Diubah")
    row_version = pw.IntegerField(default=1)

    class Meta:
        constraints = [
            pw.Check("ends_at IS NULL OR (publish_at IS NOT NULL AND ends_at > publish_at)"),
            pw.Check("withdrawn_at IS NULL OR (publish_at IS NOT NULL AND length(withdrawal_note) > 0)"),
            pw.Check("(title_en = '') = (body_en = '')"),
        ]

    def __str__(self) -> str:
        return str(self.title)
