"""How near a deadline is, in words: today, tomorrow, in so many days, or late; a last day ends at 23.59 WITA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sipetruk.rules.dates import day_text
from sipetruk.rules.workflow import WITA

SOON_DAYS = 3
"""So many days before its end a deadline is near."""


@dataclass(frozen=True)
class Deadline:
    """A last day seen from a moment; `days` are those left after today, below 0 once it has passed."""

    day: date
    days: int

    @property
    def is_late(self) -> bool:
        return self.days < 0

    @property
    def is_soon(self) -> bool:
        return 0 <= self.days <= SOON_DAYS

    @property
    def words(self) -> str:
        """As it follows "tenggat": "besok 23.59 WITA"."""
        if self.days < 0:
            return f"terlambat {-self.days} hari ({day_text(self.day)} 23.59 WITA)"
        if self.days == 0:
            return "hari ini 23.59 WITA"
        if self.days == 1:
            return "besok 23.59 WITA"
        return f"dalam {self.days} hari ({day_text(self.day)} 23.59 WITA)"


def deadline(day: date, now: datetime) -> Deadline:
    """The deadline on `day` seen from `now` (aware)."""
    if now.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return Deadline(day, (day - now.astimezone(WITA).date()).days)
