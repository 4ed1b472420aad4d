"""Who signs which document, in which capacity and from when until when."""

import peewee as pw

from sipetruk.models.base import Table, one_of
from sipetruk.models.numbers import LastingNumberField
from sipetruk.rules.signatories import DOCUMENT_LABELS, STATUS_LABELS, SignatoryStatus, SignedDocument


class Signatory(Table):
    """One person for one document; on a day at most one person signs it (the service sees to it)."""

    id = LastingNumberField()
    document = pw.CharField(max_length=20, choices=list(DOCUMENT_LABELS.items()), verbose_name="Dokumen")
    name = pw.CharField(max_length=150, verbose_name="Nama dan gelar")
    position = pw.CharField(max_length=200, verbose_name="Jabatan", help_text="Tanpa Pj., Plt., Plh., atau a.n.; itu ditulis dari status.")
    rank_title = pw.CharField(max_length=80, default="", verbose_name="Pangkat")
    nip = pw.CharField(max_length=18, default="", verbose_name="NIP", help_text="Hanya untuk dokumen kedinasan; tidak pernah diumumkan.")
    status = pw.CharField(max_length=10, choices=list(STATUS_LABELS.items()), verbose_name="Status")
    on_behalf_of = pw.CharField(
        max_length=200, default="", verbose_name="Atas nama", help_text="Jabatan yang diwakili, bila statusnya a.n."
    )
    valid_from = pw.DateField(verbose_name="Berlaku sejak")
    valid_to = pw.DateField(null=True, verbose_name="Berlaku sampai", help_text="Kosong berarti belum berakhir.")
    row_version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("document", "valid_from"), True),)
        constraints = [
            one_of("document", SignedDocument),
            one_of("status", SignatoryStatus),
            pw.Check("valid_to IS NULL OR valid_to >= valid_from"),
            pw.Check("(status = 'an') = (length(on_behalf_of) > 0)"),
            pw.Check("length(nip) IN (0, 18)"),
        ]

    def __str__(self) -> str:
        return str(self.name)
