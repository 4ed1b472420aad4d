"""The history of one record: its entries of the audit trail, and those of the things that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import (
    Announcement,
    ApiToken,
    AuditEntry,
    Category,
    Determination,
    Employee,
    InstrumentVersion,
    Nomination,
    Objection,
    Period,
    Publication,
    Ranking,
    Sheet,
    Signatory,
    User,
    Webhook,
    WorkUnit,
)
from sipetruk.queries import visible
from sipetruk.queries.audit import ENTRIES
from sipetruk.queries.paging import Page, PageRequest
from sipetruk.queries.telling import Entry, in_words
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.trail import THINGS
from sipetruk.rules.workflow import EDITABLE

LARGEST_ID = visible.LARGEST_ID
NAMES = ("name", "title", "number")
"""Where an entry tells the name of its record."""
NAMED_WITHIN = 50
"""So many of the last entries of a removed record are looked through for its name."""


@dataclass(frozen=True)
class Record:
    """A kind of record with a history: how one is found among those that the actor may see, and what belongs to it."""

    find: Callable[[Actor, int], str]
    """The name of the record, or `NotFound`."""
    belonging: Callable[[int], Any] = lambda _id: None
    """A condition on the entries of other things; None where there are none."""


@dataclass(frozen=True)
class History:
    thing: str
    label: str
    id: int
    name: str
    page: Page[Entry]
    is_gone: bool = False
    """The record itself was removed; its entries stay."""


def history(actor: Actor, thing: str, record_id: int, page: PageRequest | None = None) -> History:
    """A page of what happened to a record, newest first; for who may read the audit trail and see the record.

    What was removed has its history still, under the name by which it went.
    """
    require(actor, Action.AUDIT_READ)
    record = RECORDS.get(thing)
    if record is None or not 0 < record_id <= LARGEST_ID:
        raise NotFound("%(what)s tidak ditemukan.", what=THINGS.get(thing, "Riwayat"))
    own = (AuditEntry.thing == thing) & (AuditEntry.thing_id == str(record_id))
    try:
        name, is_gone = record.find(actor, record_id), False
        own = _one_life(own, is_gone=False)
    except NotFound:
        own = _one_life(own, is_gone=True)
        name, is_gone = _last_name(visible.audit_entries(actor).where(own)), True
        if not name:
            raise
    belonging = record.belonging(record_id)
    query = visible.audit_entries(actor).where(own if belonging is None else own | belonging)
    found: Page[AuditEntry] = ENTRIES.select(query, page or PageRequest())
    return History(thing, THINGS.get(thing, thing), record_id, name, found.of(in_words(found.rows)), is_gone)


def _one_life(own: Any, *, is_gone: bool) -> Any:
    """The entries of the record that has this number, or had it last: SQLite once gave the number of what was removed again.

    A life ends with an entry that tells what was and nothing that is.
    """
    ends = AuditEntry.select(AuditEntry.id).where(own, AuditEntry.before.is_null(is_null=False), AuditEntry.after.is_null())
    before = ends.order_by(AuditEntry.id.desc()).offset(1 if is_gone else 0).limit(1).scalar()
    return own if before is None else own & (AuditEntry.id > before)


def _last_name(entries: Any) -> str:
    """The name that a record had last, as its entries tell; empty where none does."""
    told = entries.select(AuditEntry.before, AuditEntry.after).order_by(AuditEntry.id.desc()).limit(NAMED_WITHIN).tuples()
    documents = (each for change in told for each in reversed(change) if isinstance(each, Mapping))
    return next((str(each[key]) for each in documents for key in NAMES if each.get(key)), "")


def _of(rows: Any, thing: str) -> Any:
    """Entries of the things whose ids a query gives."""
    ids = [str(id_) for (id_,) in rows.tuples()]
    return (AuditEntry.thing == thing) & AuditEntry.thing_id.in_(ids) if ids else None


def _any(*conditions: Any) -> Any:
    found = [each for each in conditions if each is not None]
    return reduce(or_, found) if found else None


def _of_period(period_id: int) -> Any:
    return _of(Publication.select(Publication.id).where(Publication.period == period_id), "publication")


def _of_category(category_id: int) -> Any:
    return _any(
        _of(Ranking.select(Ranking.id).where(Ranking.category == category_id), "ranking"),
        _of(Determination.select(Determination.id).where(Determination.category == category_id), "determination"),
    )


def _of_nomination(nomination_id: int) -> Any:
    """Its files, the removed ones included, and its sheets; their entries name the nomination.

    Files come and go while the unit works on it: between the first entry of the nomination and, once it is handed in, the last.
    """
    naming = f'"nomination":{nomination_id}'
    files = [column.contains(f"{naming}{end}") for column in (_text(AuditEntry.before), _text(AuditEntry.after)) for end in ",}"]
    first, last = AuditEntry.select(pw.fn.MIN(AuditEntry.id), pw.fn.MAX(AuditEntry.id)).where(
        AuditEntry.thing == "nomination", AuditEntry.thing_id == str(nomination_id)
    ).tuples().get()  # fmt: skip
    among = AuditEntry.id >= (first or 0)
    if last and Nomination.select().where(Nomination.id == nomination_id, Nomination.state.not_in(list(EDITABLE))).exists():
        among &= AuditEntry.id <= last
    return _any(
        (AuditEntry.thing == "evidence") & among & reduce(or_, files),
        _of(Sheet.select(Sheet.id).where(Sheet.nomination == nomination_id), "sheet"),
        _of(Objection.select(Objection.id).where(Objection.nomination == nomination_id), "objection"),
    )


def _text(column: Any) -> Any:
    """A document as the text in which it is stored."""
    return column.cast("TEXT").converter(str)


def _of_employee(employee_id: int) -> Any:
    return _of(Nomination.select(Nomination.id).where(Nomination.employee == employee_id), "nomination")


def _unit(actor: Actor, unit_id: int) -> str:
    return str(visible.get(visible.units(actor), WorkUnit, unit_id, "Unit kerja").name)


def _token(actor: Actor, token_id: int) -> str:
    require(actor, Action.TOKEN_MANAGE)
    return str(visible.get(ApiToken.select(), ApiToken, token_id, "Token").name)


def _webhook(actor: Actor, webhook_id: int) -> str:
    require(actor, Action.WEBHOOK_MANAGE)
    return str(visible.get(Webhook.select(), Webhook, webhook_id, "Webhook").name)


def _version(actor: Actor, version_id: int) -> str:
    found = visible.get(visible.instrument_versions(actor), InstrumentVersion, version_id, "Versi instrumen")
    return f"{found.instrument.name} v{found.number}"


def _ranking(actor: Actor, ranking_id: int) -> str:
    query = visible.rankings_of(actor, Ranking.select(Ranking, Category).join(Category))
    found = visible.get(query, Ranking, ranking_id, "Pemeringkatan")
    return f"{found.category.name} nomor {found.number}"


def _publication(actor: Actor, publication_id: int) -> str:
    seen = visible.periods(actor).select(Period.id)
    query = Publication.select(Publication.id, Publication.number, Period).join(Period).where(Publication.period.in_(seen))
    found = visible.get(query, Publication, publication_id, "Pengumuman")
    return f"{found.period.name} nomor {found.number}"


def _announcement(actor: Actor, announcement_id: int) -> str:
    require(actor, Action.ANNOUNCEMENT_READ)
    return str(visible.get(Announcement.select(), Announcement, announcement_id, "Pengumuman umum").title)


def _signatory(actor: Actor, signatory_id: int) -> str:
    require(actor, Action.SIGNATORY_READ)
    return str(visible.get(Signatory.select(), Signatory, signatory_id, "Penanda tangan").name)


def _user(_actor: Actor, user_id: int) -> str:
    """Whoever reads the trail reads the names of those who acted."""
    return str(visible.get(User.select(), User, user_id, "Pengguna").name)


RECORDS: Mapping[str, Record] = {
    "period": Record(lambda actor, id_: str(visible.get(visible.periods(actor), Period, id_, "Periode").name), _of_period),
    "category": Record(lambda actor, id_: str(visible.get(visible.categories(actor), Category, id_, "Kategori").name), _of_category),
    "instrument_version": Record(_version),
    "nomination": Record(lambda actor, id_: str(visible.get(visible.nominations(actor), Nomination, id_, "Usulan").number), _of_nomination),
    "unit": Record(_unit),
    "employee": Record(lambda actor, id_: str(visible.get(visible.employees(actor), Employee, id_, "Pegawai").full_name), _of_employee),
    "user": Record(_user),
    "ranking": Record(_ranking),
    "publication": Record(_publication),
    "objection": Record(lambda actor, id_: str(visible.get(visible.objections(actor), Objection, id_, "Sanggahan").number)),
    "announcement": Record(_announcement),
    "signatory": Record(_signatory),
    "api_token": Record(_token),
    "webhook": Record(_webhook),
}
"""Every kind of record that has a history of its own; the panel's tab and the staff schema follow this table."""
