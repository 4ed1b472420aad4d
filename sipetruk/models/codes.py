"""Reference tables of BKN (SIASN): grades, echelons, kinds of position, sanctions, legal status, awards."""

import peewee as pw

from sipetruk.models.base import Table


class ReferenceCode(Table):
    """One entry of one table; `extra` holds a second word, such as the rank title of a grade."""

    kind = pw.CharField(max_length=40, verbose_name="Tabel")
    code = pw.CharField(max_length=10, verbose_name="Kode")
    name = pw.CharField(max_length=200, verbose_name="Nama")
    extra = pw.CharField(max_length=200, default="", verbose_name="Keterangan")

    class Meta:
        primary_key = pw.CompositeKey("kind", "code")
