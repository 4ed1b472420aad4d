"""Files that come in pieces: what was announced of each, and what was made of it once it was whole."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, one_of, part_of
from sipetruk.models.evidence import Evidence
from sipetruk.models.nominations import Nomination
from sipetruk.models.objections import Objection
from sipetruk.models.users import User


class Upload(Table):
    """The name under which its bytes lie is the id; they are evidence or an attachment only once they are whole and checked."""

    id = pw.CharField(max_length=32, primary_key=True)
    purpose = pw.CharField(max_length=10)
    nomination = part_of(Nomination, backref="+")
    requirement = pw.CharField(max_length=60, default="")
    filename = pw.CharField(max_length=255)
    size = pw.BigIntegerField()
    metadata = pw.CharField(max_length=2000, default="")
    begun_by = part_of(User, backref="+")
    begun_at = UTCDateTimeField()
    expires_at = UTCDateTimeField(index=True)
    evidence = part_of(Evidence, backref="+", null=True, unique=True)
    objection = part_of(Objection, backref="+", null=True, unique=True)

    class Meta:
        constraints = [
            one_of("purpose", ("evidence", "objection")),
            pw.Check("size > 0"),
            pw.Check("(purpose = 'evidence') = (requirement <> '')"),
            pw.Check("evidence_id IS NULL OR purpose = 'evidence'"),
            pw.Check("objection_id IS NULL OR purpose = 'objection'"),
        ]
