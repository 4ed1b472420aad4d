"""What a person is told inside the product: a notice about a thing, until it is read."""

import peewee as pw

from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, part_of
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
