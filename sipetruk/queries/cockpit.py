"""BKPSDM's cockpit of a period: units with what they did, assessors with what is left, and when they were reminded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import Category, Membership, Nomination, Reminder, Sheet, User, WorkUnit
from sipetruk.models.assessment import APART
from sipetruk.queries import periods
from sipetruk.queries.listing import Listing, Sort, integer, moment, text
from sipetruk.rules.permissions import ROLE_LABELS, UNIT_ROLES, Action, Actor, Role, can, require
from sipetruk.rules.workflow import NOT_SUBMITTED, NominationState


@dataclass(frozen=True)
class Contact:
    """Somebody who can be reminded; `phone` as international digits, only for those who may remind."""

    user_id: int
    name: str
    role: str
    phone: str | None


@dataclass(frozen=True)
class UnitRow:
    """One unit in a period: nominations by state, its people, its last change and its last reminder."""

    id: int
    code: str
    name: str
    counts: Mapping[NominationState, int]
    people: tuple[Contact, ...]
    changed_at: datetime | None
    reminded_at: datetime | None

    @property
    def unfinished(self) -> int:
        return sum(self.counts.get(state, 0) for state in NOT_SUBMITTED)

    @property
    def handed_in(self) -> int:
        """Nominations that BKPSDM has received and that were not withdrawn."""
        return sum(count for state, count in self.counts.items() if state not in {*NOT_SUBMITTED, NominationState.WITHDRAWN})


_CODE = text("Kode unit kerja.", "code")
UNITS = Listing(
    "UnitProgress",
    {
        "code": _CODE,
        "name": text("Nama unit kerja.", "name"),
        "unfinished": integer("Usulan yang belum diajukan.", "unfinished"),
        "handed_in": integer("Usulan yang sudah diajukan dan tidak ditarik.", "handed_in"),
        "changed_at": moment("Perubahan terakhir pada usulannya.", "changed_at", is_nullable=True),
        "reminded_at": moment("Pengingat terakhir.", "reminded_at", is_nullable=True),
    },
    (Sort(_CODE),),
)


@dataclass(frozen=True)
class AssessorRow:
    """One assessor in a period: how many sheets are open, submitted, or left by stepping back."""

    contact: Contact
    open: int
    submitted: int
    apart: int
    reminded_at: datetime | None

    @property
    def total(self) -> int:
        return self.open + self.submitted


@dataclass(frozen=True)
class Cockpit:
    """A period as BKPSDM steers it; the categories with their counts stand in `period`."""

    period: periods.PeriodView
    units: tuple[UnitRow, ...]
    assessors: tuple[AssessorRow, ...]

    @property
    def silent(self) -> int:
        """How many units have not handed in anything."""
        return sum(1 for unit in self.units if not unit.handed_in)


def cockpit(actor: Actor, period_id: int) -> Cockpit:
    """The cockpit of a period, or `NotFound`; a fixed number of statements."""
    require(actor, Action.PROGRESS_READ)
    period = periods.period(actor, period_id)
    reachable = can(actor, Action.REMINDER_SEND)
    return Cockpit(period, tuple(_units(period_id, with_phones=reachable)), tuple(_assessors(period_id, with_phones=reachable)))


SHOWN: dict[str, tuple[str, Callable[[UnitRow], bool]]] = {
    "semua": ("Semua unit", lambda _: True),
    "belum": ("Belum mengajukan", lambda unit: not unit.handed_in),
    "draf": ("Baru berupa draf", lambda unit: bool(unit.unfinished) and not unit.handed_in),
    "sudah": ("Sudah mengajukan", lambda unit: bool(unit.handed_in)),
}
"""Which units a list shows: code -> words and question."""
SORTED: dict[str, tuple[str, Callable[[UnitRow], Any]]] = {
    "kode": ("Kode", lambda unit: unit.code),
    "nama": ("Nama", lambda unit: unit.name.casefold()),
    "diajukan": ("Diajukan", lambda unit: (-unit.handed_in, unit.code)),
    "draf": ("Draf", lambda unit: (-unit.unfinished, unit.code)),
    "diingatkan": ("Terakhir diingatkan", lambda unit: (unit.reminded_at is not None, unit.reminded_at, unit.code)),
}
"""What a list of units is sorted by."""


def arranged(units: Iterable[UnitRow], *, search: str = "", show: str = "semua", sort: str = "kode") -> list[UnitRow]:
    """The units that a list asks for, in its order; what is not known counts as not asked."""
    _, is_shown = SHOWN.get(show, SHOWN["semua"])
    _, key = SORTED.get(sort, SORTED["kode"])
    words = search.casefold().split()
    found = [unit for unit in units if is_shown(unit) and all(word in f"{unit.code} {unit.name}".casefold() for word in words)]
    return sorted(found, key=key)


def silent_units(period_id: int) -> list[int]:
    """Active units that have handed in nothing in the period (1 statement)."""
    early = [*sorted(NOT_SUBMITTED), NominationState.WITHDRAWN]
    busy = Nomination.select(Nomination.work_unit).join(Category).where(Category.period == period_id, Nomination.state.not_in(early))
    query = WorkUnit.select(WorkUnit.id).where(WorkUnit.is_active, WorkUnit.id.not_in(busy)).order_by(WorkUnit.id)
    return [id_ for (id_,) in query.tuples()]


def open_sheets(period_id: int) -> dict[int, int]:
    """How many sheets wait for each assessor of the period (1 statement)."""
    query = Sheet.select(Sheet.assessor, pw.fn.COUNT(Sheet.id)).join(Nomination).join(Category)
    waiting = (Category.period == period_id) & (Sheet.state == "open") & (Nomination.state == NominationState.VERIFIED)
    return dict(query.where(waiting).group_by(Sheet.assessor).tuples())


def _units(period_id: int, *, with_phones: bool) -> Iterable[UnitRow]:
    counts: dict[int, dict[NominationState, int]] = defaultdict(dict)
    changed: dict[int, datetime] = {}
    query = (
        Nomination.select(Nomination.work_unit, Nomination.state, pw.fn.COUNT(Nomination.id), pw.fn.MAX(Nomination.updated_at))
        .join(Category)
        .where(Category.period == period_id)
        .group_by(Nomination.work_unit, Nomination.state)
    )
    for unit_id, state, count, at in query.tuples():
        moment = Nomination.updated_at.python_value(at)
        counts[unit_id][NominationState(state)] = count
        changed[unit_id] = max(moment, changed.get(unit_id, moment))
    units = list(WorkUnit.select().where(WorkUnit.is_active | WorkUnit.id.in_(list(counts))).order_by(WorkUnit.code))
    people, reminded = _people([unit.id for unit in units], with_phones=with_phones), _reminded(period_id, Reminder.work_unit)
    for unit in units:
        yield UnitRow(unit.id, unit.code, unit.name, counts[unit.id], tuple(people[unit.id]), changed.get(unit.id), reminded.get(unit.id))


def _people(unit_ids: list[int], *, with_phones: bool) -> dict[int, list[Contact]]:
    query = Membership.select(Membership.work_unit, User.id, User.name, Membership.role, User.phone).join(User)
    query = query.where(User.is_active, Membership.role.in_(sorted(UNIT_ROLES)), Membership.work_unit.in_(unit_ids))
    found: dict[int, list[Contact]] = defaultdict(list)
    for unit_id, user_id, name, role, phone in query.order_by(Membership.role, User.name).tuples():
        found[unit_id].append(Contact(user_id, name, ROLE_LABELS[Role(role)], phone if with_phones else None))
    return found


def _assessors(period_id: int, *, with_phones: bool) -> Iterable[AssessorRow]:
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    contacts: dict[int, Contact] = {}
    query = (
        Sheet.select(User.id, User.name, User.phone, Sheet.state, pw.fn.COUNT(Sheet.id))
        .join(User, on=(Sheet.assessor == User.id))
        .switch(Sheet)
        .join(Nomination)
        .join(Category)
        .where(Category.period == period_id, Nomination.state != NominationState.WITHDRAWN)
        .group_by(User.id, User.name, User.phone, Sheet.state)
        .order_by(User.name, User.id)
    )
    for user_id, name, phone, state, count in query.tuples():
        contacts[user_id] = Contact(user_id, name, ROLE_LABELS[Role.ASSESSOR], phone if with_phones else None)
        counts[user_id]["apart" if state in APART else state] += count
    reminded = _reminded(period_id, Reminder.assessor)
    for user_id, contact in contacts.items():
        found = counts[user_id]
        yield AssessorRow(contact, found["open"], found["submitted"], found["apart"], reminded.get(user_id))


def _reminded(period_id: int, column: pw.Field) -> dict[int, datetime]:
    query = Reminder.select(column, pw.fn.MAX(Reminder.sent_at)).where(Reminder.period == period_id, column.is_null(is_null=False))
    return {id_: Reminder.sent_at.python_value(at) for id_, at in query.group_by(column).tuples()}
