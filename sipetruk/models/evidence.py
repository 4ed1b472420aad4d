"""Evidence files: the stored bytes, known by their SHA-256, and their place in a nomination."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, part_of, refers_to
from sipetruk.models.nominations import Nomination
from sipetruk.models.numbers import LastingNumberField
from sipetruk.models.users import User


class Blob(Table):
    """Bytes in the evidence store; the name in the store is the hash."""

    sha256 = pw.CharField(max_length=64, primary_key=True)
    size = pw.BigIntegerField()
    media_type = pw.CharField(max_length=80)


class Evidence(Table):
    id = LastingNumberField()
    nomination = part_of(Nomination, backref="evidence")
    requirement = pw.CharField(max_length=60, verbose_name="Jenis bukti")
    blob = refers_to(Blob, backref="evidence")
    filename = pw.CharField(max_length=200, verbose_name="Nama berkas")
    uploaded_by = refers_to(User, backref="+")
    uploaded_at = UTCDateTimeField(verbose_name="Diunggah")

    class Meta:
        indexes = ((("nomination", "requirement", "blob"), True),)
