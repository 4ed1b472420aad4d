"""Relations that assessors declare: who may not judge whom, beyond what the records say."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, one_of, refers_to
from sipetruk.models.employees import Employee
from sipetruk.models.users import User
from sipetruk.rules.conflicts import RELATIONS


class DeclaredRelation(Table):
    """An assessor says how he or she is related to an employee; it counts until it is taken back, and stays on record."""

    user = refers_to(User, backref="declared_relations")
    employee = refers_to(Employee, backref="declared_relations", verbose_name="Pegawai")
    kind = pw.CharField(max_length=20, choices=list(RELATIONS.items()), verbose_name="Hubungan")
    note = pw.TextField(default="", verbose_name="Keterangan")
    declared_at = UTCDateTimeField(verbose_name="Dinyatakan")
    withdrawn_at = UTCDateTimeField(null=True, verbose_name="Dicabut")

    class Meta:
        constraints = [one_of("kind", RELATIONS), pw.Check("kind <> 'other' OR length(note) > 0")]


DeclaredRelation.add_index(DeclaredRelation.user, DeclaredRelation.employee, unique=True, where=DeclaredRelation.withdrawn_at.is_null())
