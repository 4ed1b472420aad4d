"""The audit trail as people read it: newest entries first, filtered by thing, person and day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import peewee as pw

from sipetruk.models import AuditEntry, User
from sipetruk.models.base import database
from sipetruk.queries import visible
from sipetruk.queries.conditions import Condition, in_sql
from sipetruk.queries.listing import Listing, Sort, integer, moment, text
from sipetruk.queries.paging import Page, PageRequest
from sipetruk.queries.telling import Entry, in_words
from sipetruk.rules.dates import day_text
from sipetruk.rules.permissions import RECORDED_LABELS, Action, Actor, require
from sipetruk.rules.trail import thing_label
from sipetruk.rules.workflow import Window

MOST_TALLIES = 500
DAYS_AT_ONCE = 31


_NUMBER = integer("Nomor catatan dalam rantai.", "id", AuditEntry.id)
ENTRIES = Listing(
    "Audit",
    {
        "number": _NUMBER,
        "at": moment("Saat terjadi.", "at", AuditEntry.at),
        "actor": text("Nama pengguna pelaku.", "actor", AuditEntry.actor),
        "face": text("Lewat mana: panel, portal, api, token, atau cli.", "face", AuditEntry.face),
        "action": text("Tindakan, misalnya nomination:check.", "action", AuditEntry.action),
        "thing": text("Jenis hal yang diubah.", "thing", AuditEntry.thing),
        "thing_id": text("Nomor hal yang diubah.", "thing_id", AuditEntry.thing_id),
        "reason": text("Alasan.", "reason", AuditEntry.reason, is_sortable=False),
    },
    (Sort(_NUMBER, is_descending=True),),
)
"""What may be asked of every list of entries."""


@dataclass(frozen=True)
class AuditFilters:
    """What is looked for; `person` is a user name, days are days in WITA, `thing_id` the id of a `thing`."""

    thing: str | None = None
    thing_id: str | None = None
    person: str | None = None
    day: date | None = None
    action: str | None = None
    face: str | None = None
    since: date | None = None
    until: date | None = None
    where: Condition | None = None


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
    found: Page[AuditEntry] = ENTRIES.select(_matching(filters or AuditFilters()), page or PageRequest())
    return found.of([_row(each) for each in found.rows])


def told(actor: Actor, filters: AuditFilters | None = None, page: PageRequest | None = None) -> Page[Entry]:
    """The same in words, with the differences field by field (9 statements at most)."""
    require(actor, Action.AUDIT_READ)
    found: Page[AuditEntry] = ENTRIES.select(_matching(filters or AuditFilters()), page or PageRequest())
    return found.of(in_words(found.rows))


def told_of(actor: Actor, ids: Iterable[int]) -> dict[int, Entry]:
    """Entries in words by their number, for those that are shown already (8 statements at most)."""
    require(actor, Action.AUDIT_READ)
    return {entry.id: entry for entry in in_words(list(AuditEntry.select().where(AuditEntry.id.in_(list(ids) or [0]))))}


def entry(actor: Actor, entry_id: int) -> tuple[Entry, str, int | None, int | None]:
    """One entry in words, the hash before it, and the numbers of its neighbours in the chain."""
    found = visible.get(visible.audit_entries(actor), AuditEntry, entry_id, "Catatan")
    older = AuditEntry.select(pw.fn.MAX(AuditEntry.id)).where(AuditEntry.id < entry_id).scalar()
    newer = AuditEntry.select(pw.fn.MIN(AuditEntry.id)).where(AuditEntry.id > entry_id).scalar()
    (words,) = in_words([found])
    return words, str(found.previous_hash), older, newer


@dataclass(frozen=True)
class Tally:
    """How many entries a person, a day or a kind of thing has, and when the last one was."""

    key: str
    label: str
    count: int
    last_at: datetime


def by_person(actor: Actor, filters: AuditFilters | None = None) -> tuple[Tally, ...]:
    """Everybody who acted, the most entries first; `key` is the user name (2 statements)."""
    rows = _tallied(actor, filters, AuditEntry.actor, MOST_TALLIES)
    names = dict(User.select(User.username, User.name).where(User.username.in_([row.key for row in rows] or [""])).tuples())
    return tuple(replace(row, label=names.get(row.key, row.key)) for row in rows)


def by_thing(actor: Actor, filters: AuditFilters | None = None) -> tuple[Tally, ...]:
    """Every kind of thing, the most entries first (1 statement)."""
    return tuple(replace(row, label=thing_label(row.key)) for row in _tallied(actor, filters, AuditEntry.thing, MOST_TALLIES))


def by_day(actor: Actor, filters: AuditFilters | None = None, *, before: date | None = None) -> tuple[Tally, ...]:
    """The last days (WITA) on which anything happened, the latest first; with `before` only earlier ones (1 statement)."""
    wanted = filters or AuditFilters()
    if before is not None and before > date.min:
        last = before - timedelta(days=1)
        wanted = replace(wanted, until=min(last, wanted.until) if wanted.until else last)
    rows = _tallied(actor, wanted, _local_day(), DAYS_AT_ONCE, by_key=True)
    return tuple(replace(row, label=day_text(date.fromisoformat(row.key))) for row in rows)


def _tallied(actor: Actor, filters: AuditFilters | None, column: Any, most: int, *, by_key: bool = False) -> list[Tally]:
    require(actor, Action.AUDIT_READ)
    counted, key = pw.fn.COUNT(AuditEntry.id), pw.SQL("tally_key")
    query = _matching(filters or AuditFilters()).select(column.alias("tally_key"), counted, pw.fn.MAX(AuditEntry.at)).group_by(key)
    query = query.order_by(key.desc()) if by_key else query.order_by(counted.desc(), key)
    return [Tally(str(name), str(name), int(count), last) for name, count, last in query.limit(most).tuples()]


def _local_day() -> Any:
    """The day of an entry in WITA, which is UTC+8 all year, as text."""
    if isinstance(database.obj, pw.PostgresqlDatabase):
        return pw.fn.TO_CHAR(AuditEntry.at + pw.SQL("INTERVAL '8 hours'"), "YYYY-MM-DD")
    return pw.fn.STRFTIME("%Y-%m-%d", AuditEntry.at, "+8 hours")


def things(actor: Actor) -> list[str]:
    """The kinds of thing that have entries, for a filter."""
    require(actor, Action.AUDIT_READ)
    return [thing for (thing,) in AuditEntry.select(AuditEntry.thing).distinct().order_by(AuditEntry.thing).tuples()]


def _matching(filters: AuditFilters) -> pw.ModelSelect:
    query = AuditEntry.select()
    wanted = {
        AuditEntry.thing: filters.thing,
        AuditEntry.thing_id: filters.thing_id,
        AuditEntry.actor: filters.person,
        AuditEntry.action: filters.action,
        AuditEntry.face: filters.face,
    }
    for column, given in wanted.items():
        if given:
            query = query.where(column == given.replace("\x00", ""))
    for since, until in ((filters.day, filters.day), (filters.since, None), (None, filters.until)):
        if since is not None and since > date.min:  # the first of all days begins before it in UTC
            query = query.where(AuditEntry.at >= Window(since, since).opens_at)
        if until is not None and until < date.max:
            query = query.where(AuditEntry.at < Window(until, until).closes_at)
    return query if filters.where is None else query.where(in_sql(filters.where, ENTRIES.fields, {}))


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
