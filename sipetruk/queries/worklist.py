"""What waits for a person: counts with their deadline, for each role that the person has, the nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sipetruk.queries import waiting
from sipetruk.queries.waiting import Target
from sipetruk.rules.deadlines import Deadline, deadline
from sipetruk.rules.permissions import Actor, own_id

__all__ = ["ON_NOMINATIONS", "Target", "WorkItem", "worklist"]

ON_NOMINATIONS = frozenset(
    {Target.RETURNED, Target.DRAFTS, Target.ENDORSED, Target.TO_ENDORSE, Target.CHECKS, Target.OVERDUE, Target.UNCHECKED, Target.SHEETS}
)
"""Work whose things are nominations: their ids are those of nominations."""


@dataclass(frozen=True)
class WorkItem:
    """One line of the list: what waits in one period, with its count.

    `due` is the nearest deadline; `thing_id` is the thing itself where only one waits, so that a face can link to it.
    """

    label: str
    count: int
    due: date | None
    target: Target
    period_id: int
    period: str
    year: int
    thing_id: int | None = None
    deadline: Deadline | None = None

    @property
    def is_late(self) -> bool:
        return self.deadline is not None and self.deadline.is_late

    @property
    def words(self) -> str:
        """The deadline in words, "" without one: "besok 23.59 WITA"."""
        return self.deadline.words if self.deadline else ""

    @property
    def sentence(self) -> str:
        """The whole line: "3 usulan menunggu verifikasi, tenggat besok 23.59 WITA"."""
        if self.deadline is None:
            return self.label
        return f"{self.label}, {self.words}" if self.is_late else f"{self.label}, tenggat {self.words}"


def worklist(actor: Actor, now: datetime) -> list[WorkItem]:
    """What waits for the actor, the nearest deadline first, then in the order of the round. A fixed number of statements.

    Nothing waits for a token: it is nobody who could be late.
    """
    if own_id(actor) is None:
        return []
    found = [_item(target, label, row, now) for target, label, row in waiting.for_actor(actor, now)]
    return sorted(found, key=lambda item: (item.due is None, item.due or date.max))


def _item(target: Target, label: str, row: waiting.Row, now: datetime) -> WorkItem:
    text = label.format(count=row.count, total=row.total)
    only = row.thing_id if row.count == 1 else None
    return WorkItem(
        text, row.count, row.due, target, row.period_id, row.period, row.year, only, deadline(row.due, now) if row.due else None
    )
