"""Work units (OPD) of the regency."""

import peewee as pw

from sipetruk.models.base import Table


class WorkUnit(Table):
    code = pw.CharField(max_length=20, unique=True, verbose_name="Kode", help_text="Kode singkat, dipakai pada nama akun.")
    name = pw.CharField(max_length=200, unique=True, verbose_name="Nama unit kerja")
    is_active = pw.BooleanField(default=True, verbose_name="Aktif", help_text="Unit yang dilebur atau dihapus tidak aktif.")
    row_version = pw.IntegerField(default=1)

    def __str__(self) -> str:
        return str(self.name)
