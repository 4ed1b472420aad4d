"""Instruments, their numbered versions, and the criteria of locked versions."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, refers_to
from sipetruk.models.numbers import LastingNumberField
from sipetruk.models.users import User

VERSION_STATES = {"draft": "Draf", "locked": "Terkunci", "retired": "Tidak dipakai lagi"}


class Instrument(Table):
    id = LastingNumberField()
    code = pw.CharField(max_length=60, unique=True, verbose_name="Kode", help_text="Huruf kecil, angka, dan tanda hubung.")
    name = pw.CharField(max_length=150, verbose_name="Nama instrumen")
    row_version = pw.IntegerField(default=1)

    def __str__(self) -> str:
        return str(self.name)


class InstrumentVersion(Table):
    """One numbered version: the whole tree is the document `definition`, tried on `examples`; a locked one never changes (trigger)."""

    id = LastingNumberField()
    instrument = refers_to(Instrument, backref="versions", verbose_name="Instrumen")
    number = pw.IntegerField(verbose_name="Versi")
    state = pw.CharField(max_length=10, default="draft", verbose_name="Keadaan")
    definition = DocumentField()
    examples = DocumentField(default=list)
    sha256 = pw.CharField(max_length=64, null=True, verbose_name="Sidik SHA-256")
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    created_by = refers_to(User, null=True, backref="+")
    locked_at = UTCDateTimeField(null=True, verbose_name="Dikunci")
    locked_by = refers_to(User, null=True, backref="+")
    row_version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("instrument", "number"), True),)
        constraints = [one_of("state", VERSION_STATES), pw.Check("(state = 'draft') = (sha256 IS NULL)"), pw.Check("number > 0")]

    def __str__(self) -> str:
        return f"{self.instrument.name} v{self.number}"


class Criterion(Table):
    """A criterion of a locked version: what a mark points at, with its bounds in hundredths of a point."""

    version = refers_to(InstrumentVersion, backref="criteria")
    code = pw.CharField(max_length=60)
    position = pw.IntegerField()
    minimum = pw.IntegerField()
    maximum = pw.IntegerField()
    step = pw.IntegerField()

    class Meta:
        indexes = ((("version", "code"), True), (("id", "minimum", "maximum", "step"), True))
        constraints = [pw.Check("minimum <= maximum"), pw.Check("step > 0")]
