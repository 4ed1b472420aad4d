"""How work units came to be what they are: renamed, merged into another, split off from another."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.units import WorkUnit
from sipetruk.models.users import User
from sipetruk.rules.unit_history import KIND_LABELS, ChangeKind


class UnitChange(Table):
    """One change of a unit; what it was called before stands here, what it is called now stands in the unit."""

    unit = part_of(WorkUnit, backref="changes", verbose_name="Unit kerja")
    kind = pw.CharField(max_length=10, choices=list(KIND_LABELS.items()), verbose_name="Perubahan")
    effective_on = pw.DateField(verbose_name="Berlaku sejak")
    former_code = pw.CharField(max_length=20, index=True, verbose_name="Kode lama")
    former_name = pw.CharField(max_length=200, verbose_name="Nama lama")
    other = refers_to(WorkUnit, null=True, backref="+", verbose_name="Unit yang lain")
    decree = pw.CharField(max_length=150, default="", verbose_name="Dasar")
    reason = pw.TextField(default="", verbose_name="Keterangan")
    recorded_at = UTCDateTimeField(verbose_name="Dicatat")
    recorded_by = refers_to(User, null=True, backref="+")

    class Meta:
        constraints = [
            one_of("kind", ChangeKind),
            pw.Check("(other_id IS NOT NULL) = (kind IN ('merged', 'split'))"),
            pw.Check("other_id IS NULL OR other_id <> unit_id"),
            pw.Check("length(decree) + length(reason) > 0"),
        ]
