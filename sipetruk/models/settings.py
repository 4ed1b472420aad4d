"""Operating settings that an admin changes in the panel; what is not here has the default of its declaration."""

import peewee as pw

from sipetruk.models.base import Table, UTCDateTimeField, refers_to
from sipetruk.models.users import User


class Setting(Table):
    """The value as text; `rules/settings.py` says of which kind it is and what it means."""

    key = pw.CharField(max_length=60, primary_key=True)
    value = pw.TextField()
    updated_at = UTCDateTimeField()
    updated_by = refers_to(User, null=True, backref="+")
    row_version = pw.IntegerField(default=1)
