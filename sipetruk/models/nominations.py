"""Nominations: what a unit enters, the endorsement of its head, and the verifier's check."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.employees import Employee
from sipetruk.models.periods import Category
from sipetruk.models.units import WorkUnit
from sipetruk.models.users import User
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState

VERDICTS = {"present": "ADA", "absent": "TIDAK ADA"}
DECISIONS = {"returned": "Dikembalikan", "accepted": "Diterima", "rejected": "Ditolak"}


class Nomination(Table):
    """`person` is the copy of name, titles, position, grade and unit as they were at submission."""

    number = pw.CharField(max_length=40, unique=True, verbose_name="Nomor usulan")
    category = refers_to(Category, backref="nominations", verbose_name="Kategori")
    employee = refers_to(Employee, backref="nominations", verbose_name="Calon")
    work_unit = refers_to(WorkUnit, backref="nominations", verbose_name="Unit pengusul")
    state = pw.CharField(
        max_length=20, default=NominationState.DRAFT.value, choices=list(NOMINATION_LABELS.items()), index=True, verbose_name="Status"
    )
    answers = DocumentField(default=dict)
    person = DocumentField(null=True)
    created_at = UTCDateTimeField(verbose_name="Dibuat")
    created_by = refers_to(User, backref="+")
    updated_at = UTCDateTimeField(verbose_name="Diubah")
    handed_over_at = UTCDateTimeField(null=True, verbose_name="Diserahkan kepada kepala")
    submitted_at = UTCDateTimeField(null=True, verbose_name="Diajukan")
    purged_at = UTCDateTimeField(null=True, verbose_name="Dihapus sesuai retensi")
    due_on = pw.DateField(null=True, verbose_name="Batas perbaikan")
    row_version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("category", "employee"), True),)
        constraints = [
            one_of("state", NominationState),
            pw.Check("handed_over_at IS NULL OR state IN ('draft', 'returned')"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Endorsement(Table):
    """The head's signature: who, when, over which content; a later change of the nomination voids it."""

    nomination = part_of(Nomination, backref="endorsements")
    endorsed_by = refers_to(User, backref="+")
    endorsed_at = UTCDateTimeField()
    content_sha256 = pw.CharField(max_length=64)
    values = DocumentField(default=dict)
    note = pw.TextField(default="")
    voided_at = UTCDateTimeField(null=True)
    void_reason = pw.TextField(default="")

    class Meta:
        constraints = [pw.Check("(voided_at IS NULL) = (void_reason = '')")]


class CheckItem(Table):
    """The verifier's verdict on one evidence requirement."""

    nomination = part_of(Nomination, backref="check_items")
    requirement = pw.CharField(max_length=60)
    verdict = pw.CharField(max_length=10)
    note = pw.TextField(default="")
    checked_by = refers_to(User, backref="+")
    checked_at = UTCDateTimeField()

    class Meta:
        primary_key = pw.CompositeKey("nomination", "requirement")
        constraints = [one_of("verdict", VERDICTS)]


class Review(Table):
    """A decision of the administrative check; a nomination may be returned more than once.

    `items` keeps the verdict on each requirement as it was then, since a later round writes over it.
    """

    nomination = part_of(Nomination, backref="reviews")
    decision = pw.CharField(max_length=10)
    reason = pw.TextField(default="")
    due_on = pw.DateField(null=True)
    items = DocumentField(default=list)
    decided_by = refers_to(User, backref="+")
    decided_at = UTCDateTimeField()

    class Meta:
        constraints = [one_of("decision", DECISIONS), pw.Check("decision = 'accepted' OR length(reason) > 0")]
