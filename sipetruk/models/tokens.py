"""Tokens with which programs act for a person, as far as their scopes allow."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, refers_to
from sipetruk.models.users import User


class ApiToken(Table):
    """One token. Its secret is shown once; only a hash and the last characters are kept."""

    name = pw.CharField(max_length=40, unique=True, verbose_name="Nama")
    purpose = pw.CharField(max_length=300, verbose_name="Keperluan")
    owner = refers_to(User, backref="tokens", verbose_name="Bertindak untuk")
    secret_sha256 = pw.CharField(max_length=64, unique=True)
    ending = pw.CharField(max_length=4, verbose_name="Akhiran")
    scopes = DocumentField(verbose_name="Cakupan")
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    created_by = refers_to(User, null=True, backref="tokens_made", verbose_name="Dibuat oleh")
    expires_on = pw.DateField(verbose_name="Berlaku sampai")
    last_used_at = UTCDateTimeField(null=True, verbose_name="Terakhir dipakai")
    revoked_at = UTCDateTimeField(null=True, verbose_name="Dicabut")
    revoked_by = refers_to(User, null=True, backref="tokens_revoked", verbose_name="Dicabut oleh")
    reason = pw.CharField(max_length=300, default="", verbose_name="Alasan dicabut")

    class Meta:
        constraints = [
            pw.Check("length(secret_sha256) = 64"),
            pw.Check("length(ending) = 4"),
            pw.Check("(revoked_at IS NOT NULL) = (length(reason) > 0)"),
            pw.Check("revoked_by_id IS NULL OR revoked_at IS NOT NULL"),
        ]

    def __str__(self) -> str:
        return str(self.name)
