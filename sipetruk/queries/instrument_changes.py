"""The change that an undo would take back: the newest one of a draft that no undo has taken back yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import AuditEntry, User
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import Action, Actor, require

UNDO = "instrument:undo"
TREE = '{"components":'
"""How the stored document of an instrument begins; what an entry says about anything else of a version begins otherwise."""
_BATCH = 10


@dataclass(frozen=True)
class LastChange:
    """Who changed what, and when; `before` is the document that an undo brings back."""

    entry_id: int
    at: datetime
    actor: str
    changes: tuple[rules.Change, ...]
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def message(self) -> str:
        """The first difference in words, and how many more there are."""
        if not self.changes:
            return "Isi tidak berubah."
        first, more = self.changes[0].message, len(self.changes) - 1
        return f"{first} Dan {more} perubahan lain." if more else first


def last_change(actor: Actor, version_id: int) -> LastChange | None:
    """The change of a draft that an undo would take back, or None where nothing is left to undo (2 statements as a rule).

    Every undo answers for the newest change before it that no later undo answers for, so undoing again goes further back.
    """
    require(actor, Action.INSTRUMENT_READ)
    taken_back = 0
    for entry_id, action in _edits(version_id):
        if action == UNDO:
            taken_back += 1
        elif taken_back:
            taken_back -= 1
        else:
            return _change(entry_id)
    return None


def _edits(version_id: int) -> Iterator[tuple[int, str]]:
    """Id and action of every change of the tree, newest first."""
    found = (
        AuditEntry.select(AuditEntry.id, AuditEntry.action)
        .where(AuditEntry.thing == "instrument_version", AuditEntry.thing_id == str(version_id))
        .where(AuditEntry.action.in_([str(Action.INSTRUMENT_EDIT), UNDO]), _is_tree(AuditEntry.before), _is_tree(AuditEntry.after))
        .order_by(AuditEntry.id.desc())
    )
    last_id: int | None = None
    while True:
        query = found if last_id is None else found.where(AuditEntry.id < last_id)
        rows = list(query.limit(_BATCH).tuples())
        yield from rows
        if len(rows) < _BATCH:
            return
        last_id = rows[-1][0]


def _is_tree(column: Any) -> Any:
    """Whether a document is an instrument, told by its first characters instead of read whole."""
    return pw.fn.SUBSTR(column, 1, len(TREE)).converter(str) == pw.Value(TREE, converter=str)


def _change(entry_id: int) -> LastChange:
    entry = (
        AuditEntry.select(AuditEntry, User.name.alias("person"))
        .join(User, pw.JOIN.LEFT_OUTER, on=(AuditEntry.actor_id == User.id))
        .where(AuditEntry.id == entry_id)
        .objects()
        .get()
    )
    changes = rules.diff(rules.parse(entry.before), rules.parse(entry.after))
    return LastChange(entry.id, entry.at, entry.person or entry.actor, tuple(changes), entry.before, entry.after)
