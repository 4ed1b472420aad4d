"""Sheets of assessors, their marks (one row per nominee, criterion and assessor), what they add up to, and the history of each mark."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.instruments import Criterion
from sipetruk.models.nominations import Nomination
from sipetruk.models.users import User

SHEET_STATES = {"open": "Dinilai", "submitted": "Dikirim", "recused": "Mengundurkan diri", "dropped": "Dilepas"}
APART = ("recused", "dropped")
"""States of a sheet whose marks no longer count."""
MARK_STATES = {"scored": "Dinilai", "abstained": "Abstain"}


class Sheet(Table):
    """What one assessor has to do for one nominee; `replaces` is the sheet of the assessor whose place this one takes."""

    nomination = part_of(Nomination, backref="sheets")
    assessor = refers_to(User, backref="sheets")
    state = pw.CharField(max_length=10, default="open", verbose_name="Keadaan")
    reason = pw.TextField(default="", verbose_name="Alasan mengundurkan diri atau dilepas")
    submitted_at = UTCDateTimeField(null=True)
    replaces = pw.ForeignKeyField("self", null=True, unique=True, on_delete="CASCADE", backref="replacement")
    row_version = pw.IntegerField(default=1)

    class Meta:
        indexes = ((("nomination", "assessor"), True), (("assessor", "state"), False))
        constraints = [one_of("state", SHEET_STATES), pw.Check("state NOT IN ('recused', 'dropped') OR length(reason) > 0")]


class Assignment(Table):
    """Who is to assess a nominee, named before the assessment begins; only where not the whole panel does."""

    nomination = part_of(Nomination, backref="assignments")
    assessor = refers_to(User, backref="assignments")

    class Meta:
        primary_key = pw.CompositeKey("nomination", "assessor")


class Mark(Table):
    """A raw value in hundredths; an absent row is "not yet", never 0.

    The bounds of the criterion are part of the row, tied to it by a composite foreign key, so that the database
    itself refuses a value out of bounds or off the step.
    """

    nomination = part_of(Nomination, backref="marks", index=False)
    criterion = refers_to(Criterion, backref="marks")
    assessor = refers_to(User, backref="marks")
    state = pw.CharField(max_length=10)
    value = pw.IntegerField(null=True)
    minimum = pw.IntegerField()
    maximum = pw.IntegerField()
    step = pw.IntegerField()
    note = pw.TextField(default="")
    saved_at = UTCDateTimeField()

    class Meta:
        primary_key = pw.CompositeKey("nomination", "criterion", "assessor")
        constraints = [
            one_of("state", MARK_STATES),
            pw.Check("(state = 'scored') = (value IS NOT NULL)"),
            pw.Check("value IS NULL OR (value BETWEEN minimum AND maximum AND ((value - minimum) / step) * step = value - minimum)"),
            pw.SQL("FOREIGN KEY (criterion_id, minimum, maximum, step) REFERENCES criterion (id, minimum, maximum, step)"),
        ]


class MarkSum(Table):
    """What the marks on one criterion of one nominee add up to, kept in the transaction that changes a mark.

    `points` are millionths of a point, of which every scale gives a whole number; marks of assessors who stepped back
    are left out. Only the provisional standing reads it: an official ranking is computed from the marks themselves.
    """

    nomination = part_of(Nomination, backref="mark_sums", index=False)
    criterion = refers_to(Criterion, backref="+", index=False)
    scored = pw.IntegerField()
    abstained = pw.IntegerField()
    points = pw.BigIntegerField()

    class Meta:
        primary_key = pw.CompositeKey("nomination", "criterion")
        indexes = ((("nomination", "points", "scored"), False),)


class MarkHistory(Table):
    """Every value a mark has had; rows are only ever added (trigger)."""

    nomination = part_of(Nomination, backref="mark_history")
    criterion = refers_to(Criterion, backref="+")
    assessor = refers_to(User, backref="+")
    state = pw.CharField(max_length=10)
    value = pw.IntegerField(null=True)
    note = pw.TextField(default="")
    saved_at = UTCDateTimeField()

    class Meta:
        indexes = ((("nomination", "criterion", "assessor", "saved_at"), False),)
