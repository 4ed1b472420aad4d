"""The audit trail as people read it: newest entries first, filtered by thing, person and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.models import AuditEntry
from sipetruk.queries.paging import Page, PageRequest, select
from sipetruk.rules.permissions import RECORDED_LABELS, Action, Actor, require
from sipetruk.rules.workflow import Window


@dataclass(frozen=True)
class AuditFilters:
    """What is looked for; `person` is a user name, `day` a day in WITA, `thing_id` the id of a `thing`."""

    thing: str | None = None
    thing_id: str | None = None
    person: str | None = None
    day: date | None = None


@dataclass(frozen=True)
class AuditRow:
    """One entry; `hash` seals it together with all entries before it."""

    id: int
    at: datetime
    actor: str
    face: str
    action: str
    action_label: str
    thing: str
    thing_id: str
    before: Any
    after: Any
    reason: str
    hash: str


def entries(actor: Actor, filters: AuditFilters | None = None, page: PageRequest | None = None) -> Page[AuditRow]:
    """A page of the entries that match, newest first (2 statements)."""
    require(actor, Action.AUDIT_READ)
    found = select(_matching(filters or AuditFilters()), ((AuditEntry.id, True),), page or PageRequest())
    return Page(tuple(map(_row, found.rows)), found.cursors, found.has_next, found.has_previous, found.total)


def things(actor: Actor) -> list[str]:
    """The kinds of thing that have entries, for a filter."""
    require(actor, Action.AUDIT_READ)
    return [thing for (thing,) in AuditEntry.select(AuditEntry.thing).distinct().order_by(AuditEntry.thing).tuples()]


def _matching(filters: AuditFilters) -> pw.ModelSelect:
    query = AuditEntry.select()
    for column, wanted in ((AuditEntry.thing, filters.thing), (AuditEntry.thing_id, filters.thing_id), (AuditEntry.actor, filters.person)):
        if wanted:
            query = query.where(column == wanted.replace("\x00", ""))
    if filters.day is not None:
        day = Window(filters.day, filters.day)
        query = query.where(AuditEntry.at >= day.opens_at, AuditEntry.at < day.closes_at)
    return query


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        face=entry.face,
        action=entry.action,
        action_label=RECORDED_LABELS.get(entry.action, entry.action),
        thing=entry.thing,
        thing_id=entry.thing_id,
        before=entry.before,
        after=entry.after,
        reason=entry.reason,
        hash=entry.hash,
    )
