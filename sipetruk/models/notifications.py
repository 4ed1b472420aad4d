"""What a person is told inside the product: a notice about a thing, until it is read; and the reminders that BKPSDM sent."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, part_of, refers_to
from sipetruk.models.periods import Period
from sipetruk.models.units import WorkUnit
from sipetruk.models.users import User


class Notification(Table):
    """`notice` names the text in `rules/notices.py`, `params` fills it; the faces make the link from `thing` and `thing_id`."""

    recipient = part_of(User, backref="notifications", index=False)
    notice = pw.CharField(max_length=40)
    thing = pw.CharField(max_length=40)
    thing_id = pw.CharField(max_length=60)
    params = DocumentField(default=dict)
    created_at = UTCDateTimeField()
    read_at = UTCDateTimeField(null=True, index=True)

    class Meta:
        indexes = ((("recipient", "id"), False), (("notice", "thing", "thing_id"), False))
        constraints = [pw.Check("length(notice) > 0")]


Notification.add_index(Notification.recipient, where=Notification.read_at.is_null(), name="notification_unread")


class Reminder(Table):
    """BKPSDM reminded a unit to nominate, or an assessor to hand in sheets; `told` people got a notification."""

    period = part_of(Period, backref="reminders")
    work_unit = refers_to(WorkUnit, null=True, backref="reminders")
    assessor = refers_to(User, null=True, backref="reminders")
    sent_at = UTCDateTimeField()
    sent_by = refers_to(User, null=True, backref="+")
    told = pw.IntegerField()

    class Meta:
        constraints = [pw.Check("(work_unit_id IS NULL) <> (assessor_id IS NULL)"), pw.Check("told > 0")]
