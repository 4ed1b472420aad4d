"""How long which personal data stays, and from when a finished period's nominations may be emptied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sipetruk.rules.dates import shifted_day
from sipetruk.rules.settings import DECLARED
from sipetruk.rules.workflow import WITA, NominationState

GONE = "(dihapus sesuai retensi)"
"""What stands where personal data was."""
KEEP_UNREAD_DAYS = 400
"""How long a notification waits to be read."""
KEPT_STATES = frozenset({NominationState.AWARDED})
"""Winners stay: what was published about them refers to it."""
KEPT_OF_PERSON = ("unit_code", "unit_name")
"""Of the copy of a person, what says nothing of the person."""


@dataclass(frozen=True)
class Rule:
    """`key` names the rule and, in settings, how long; `what` is what goes."""

    key: str
    what: str

    @property
    def label(self) -> str:
        return DECLARED[self.key].label

    @property
    def basis(self) -> str:
        return DECLARED[self.key].help

    @property
    def unit(self) -> str:
        return DECLARED[self.key].unit


RULES = (
    Rule("login_attempt_days", "catatan percobaan masuk"),
    Rule("notification_days", "pemberitahuan"),
    Rule("webhook_days", "catatan pengiriman webhook"),
    Rule("nomination_years", "usulan"),
)


def days_before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def years_before(now: datetime, years: int) -> datetime:
    """The same moment so many years ago, by the calendar of the regency; the 29th of February becomes the 28th."""
    local = now.astimezone(WITA)
    return datetime.combine(shifted_day(local.date(), -years), local.timetz())


def emptied(person: dict[str, str] | None) -> dict[str, str]:
    """The copy of a person with nothing of the person left in it."""
    blank = dict.fromkeys(person or (), "")
    kept = {name: (person or {}).get(name, "") for name in KEPT_OF_PERSON}
    return {**blank, "full_name": GONE, "name": GONE, **kept}
