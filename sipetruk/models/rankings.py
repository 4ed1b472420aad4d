"""Rankings: inputs and result as canonical JSON with their hashes; and written decisions on ties."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.periods import Category
from sipetruk.models.users import User

RANKING_STATES = {"draft": "Sementara", "final": "Final", "superseded": "Digantikan"}


class Ranking(Table):
    """One computation; a final one never changes (trigger) and is shown, not recomputed."""

    category = refers_to(Category, backref="rankings", verbose_name="Kategori")
    number = pw.IntegerField(verbose_name="Nomor")
    state = pw.CharField(max_length=10, default="draft", verbose_name="Keadaan")
    engine = pw.CharField(max_length=20)
    inputs = pw.TextField()
    input_sha256 = pw.CharField(max_length=64)
    result = pw.TextField()
    result_sha256 = pw.CharField(max_length=64)
    computed_at = UTCDateTimeField(verbose_name="Dihitung")
    computed_by = refers_to(User, null=True, backref="+")
    finalised_at = UTCDateTimeField(null=True, verbose_name="Difinalkan")
    finalised_by = refers_to(User, null=True, backref="+")

    class Meta:
        indexes = ((("category", "number"), True),)
        constraints = [one_of("state", RANKING_STATES)]


class TieDecision(Table):
    """The committee's written order of nominees whom the tie chain could not separate."""

    category = part_of(Category, backref="tie_decisions")
    order = DocumentField()
    reason = pw.TextField()
    decided_by = refers_to(User, null=True, backref="+")
    decided_at = UTCDateTimeField()

    class Meta:
        constraints = [pw.Check("length(reason) > 0")]
