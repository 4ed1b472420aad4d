"""What a unit has to answer when a nomination came back from the administrative check, and what it answered."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, one_of, part_of, refers_to
from sipetruk.models.nominations import VERDICTS, Review
from sipetruk.models.users import User

REASON = ""
"""Stands for the reason of the return itself, where an item is about no single requirement."""


class ReturnItem(Table):
    """One point of a return: the verifier's words at that time, and the unit's reply to them.

    `seen` holds the hashes of what lay there then: of the files of the requirement, or of the whole content.
    """

    review = part_of(Review, backref="return_items")
    requirement = pw.CharField(max_length=60)
    verdict = pw.CharField(max_length=10, default="")
    note = pw.TextField(default="")
    seen = DocumentField(default=list)
    reply = pw.TextField(default="")
    replied_by = refers_to(User, backref="+", null=True)
    replied_at = UTCDateTimeField(null=True)

    class Meta:
        primary_key = pw.CompositeKey("review", "requirement")
        constraints = [one_of("verdict", ("", *VERDICTS)), pw.Check("(replied_at IS NULL) = (reply = '')")]
