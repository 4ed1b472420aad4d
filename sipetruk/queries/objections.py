"""The register of objections, an objection with all that came of it, and what a unit may still do about a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.errors import Refusal
from sipetruk.models import Category, Employee, Nomination, Objection, Period, Ranking, User, WorkUnit
from sipetruk.queries import paging, visible
from sipetruk.queries.conditions import words_in
from sipetruk.queries.listing import Listing, Sort, choice, day, flag, integer, moment, reference, text
from sipetruk.queries.periods import window
from sipetruk.rules import objecting
from sipetruk.rules.permissions import UNIT_ROLES, Action, Actor, Subject, can
from sipetruk.rules.workflow import (
    OBJECTION_LABELS,
    NominationState,
    ObjectionState,
    PeriodState,
    Stage,
)

MOST_ROWS = 5_000
"""Rows of the register that one file holds."""


@dataclass(frozen=True)
class ObjectionRow:
    """An objection. `moves` names what this actor may do now: accept, reject, withdraw, reopen, note.

    `settled_by` is the number of the final ranking that an accepted objection led to; `is_unsettled` that it still waits.
    Names of the people of BKPSDM are told to BKPSDM and auditors only.
    """

    id: int
    number: str
    state: ObjectionState
    label: str
    nomination_id: int
    nomination_number: str
    nominee: str
    unit_code: str
    unit_name: str
    category_id: int
    category: str
    period_id: int
    period: str
    ranking_number: int
    ranking_id: int
    reason: str
    letter_number: str
    letter_on: date | None
    filename: str
    filed_at: datetime
    filed_by: str
    decision: str
    decided_at: datetime | None
    decided_by: str
    withdrawal_reason: str
    withdrawn_at: datetime | None
    settled_by: int | None
    settled_by_id: int | None
    no_change_note: str
    is_unsettled: bool
    moves: tuple[str, ...]
    row_version: int


@dataclass(frozen=True)
class Filing:
    """Whether the actor may object to the result of a nominee now, and if not why; the last day, and what was filed so far."""

    nomination_id: int
    may_file: bool
    needs_letter: bool
    why_not: str
    opens_on: date | None
    closes_on: date | None
    objections: tuple[ObjectionRow, ...]


def unsettled() -> Any:
    """The condition on accepted objections that have led neither to a new final ranking nor to a note."""
    return (Objection.state == ObjectionState.ACCEPTED) & Objection.settled_by.is_null() & (Objection.no_change_note == "")


_FILED_AT = moment("Saat diajukan.", "filed_at", Objection.filed_at)
OBJECTIONS = Listing(
    "Objection",
    {
        "number": text("Nomor sanggahan.", "number", Objection.number),
        "state": choice("Keadaan.", "state", ObjectionState, Objection.state),
        "is_unsettled": flag("Diterima dan belum ditindaklanjuti.", "", unsettled(), is_sortable=False),
        "nomination": reference("Usulan.", "nomination_id", "Nomination", Objection.nomination),
        "category": reference("Kategori.", "nomination.category_id", "Category", Nomination.category),
        "period": reference("Periode.", "nomination.category.period_id", "Period", Category.period),
        "unit": reference("Unit kerja pengusul.", "nomination.work_unit_id", "WorkUnit", Nomination.work_unit),
        "letter_on": day("Tanggal surat.", "letter_on", Objection.letter_on, is_nullable=True),
        "filed_at": _FILED_AT,
        "decided_at": moment("Saat diputus.", "decided_at", Objection.decided_at, is_nullable=True),
        "withdrawn_at": moment("Saat dicabut.", "withdrawn_at", Objection.withdrawn_at, is_nullable=True),
    },
    (Sort(_FILED_AT, is_descending=True), Sort(integer("Nomor.", "id", Objection.id), is_descending=True)),
)


def open_acceptance(nomination_id: int) -> Any:
    """The accepted objection to which the assessment of a nominee is being opened again, or None."""
    return Objection.select().where(unsettled(), Objection.nomination == nomination_id).order_by(Objection.id.desc()).first()


def register(
    actor: Actor,
    *,
    page: paging.PageRequest | None = None,
    states: Sequence[ObjectionState] = (),
    is_unsettled: bool = False,
    period_id: int | None = None,
    category_id: int | None = None,
    unit_id: int | None = None,
    search: str = "",
) -> paging.Page[ObjectionRow]:
    """A page of the objections that the actor may read, the latest filed first (2 statements)."""
    query = _filtered(actor, states, is_unsettled, period_id, category_id, unit_id, search)
    found: paging.Page[Any] = OBJECTIONS.select(query, page or paging.PageRequest())
    return found.of([_row(actor, each) for each in found.rows])


def all_rows(
    actor: Actor,
    *,
    states: Sequence[ObjectionState] = (),
    is_unsettled: bool = False,
    period_id: int | None = None,
    category_id: int | None = None,
    unit_id: int | None = None,
    search: str = "",
) -> list[ObjectionRow]:
    """The same as one list, by number, for a file (1 statement)."""
    query = _filtered(actor, states, is_unsettled, period_id, category_id, unit_id, search)
    return [_row(actor, each) for each in query.order_by(Objection.number, Objection.id).limit(MOST_ROWS)]


def objection(actor: Actor, objection_id: int) -> ObjectionRow:
    """One objection, or `NotFound` when it is not there or not the actor's to read (1 statement)."""
    return _row(actor, visible.get(_joined(visible.objections(actor)), Objection, objection_id, "Sanggahan"))


def of_rankings(actor: Actor, category_id: int, numbers: Iterable[int]) -> list[ObjectionRow]:
    """The objections that led to one of these final rankings of a category (1 statement)."""
    settling = Ranking.select(Ranking.id).where(Ranking.category == category_id, Ranking.number.in_(list(numbers)))
    query = _joined(visible.objections(actor)).where(Objection.settled_by.in_(settling))
    return [_row(actor, each) for each in query.order_by(Objection.number)]


def filing(actor: Actor, nomination_id: int, *, now: datetime) -> Filing:
    """What the actor may do about the result of a nominee; `NotFound` when the nominee is not the actor's to see (4 statements)."""
    scope = visible.nominations(actor).select(Nomination, Category, Period).join(Category).join(Period)
    nomination: Any = visible.get(scope, Nomination, nomination_id, "Usulan")
    rows = tuple(
        _row(actor, each) for each in _joined(visible.objections(actor)).where(Objection.nomination == nomination_id).order_by(Objection.id)
    )
    period = nomination.category.period
    stage = window(period.id, Stage.OBJECTION)
    needs_letter = not is_of_unit(actor, nomination.work_unit_id)
    why_not = ""
    if not can(actor, Action.OBJECTION_FILE, Subject(unit_id=nomination.work_unit_id)):
        why_not = "Sanggahan diajukan oleh unit pengusul atau dicatat BKPSDM."
    elif any(row.state is ObjectionState.FILED for row in rows):
        why_not = "Usulan ini masih mempunyai sanggahan yang belum diputus."
    else:
        letter = objecting.Letter("-", stage.opens_on) if needs_letter and stage else None
        try:
            objecting.require_fileable(NominationState(nomination.state), PeriodState(period.state), stage, now, letter)
        except Refusal as refusal:
            why_not = refusal.message
    return Filing(
        nomination_id,
        may_file=not why_not,
        needs_letter=needs_letter,
        why_not=why_not,
        opens_on=stage.opens_on if stage else None,
        closes_on=stage.closes_on if stage else None,
        objections=rows,
    )


def is_of_unit(actor: Actor, unit_id: int) -> bool:
    """Whether the actor holds a role for this work unit."""
    return any(grant.role in UNIT_ROLES and grant.unit_id == unit_id for grant in actor.grants)


_FILED_BY, _DECIDED_BY, _OBJECTED, _SETTLING = User.alias(), User.alias(), Ranking.alias(), Ranking.alias()


def _joined(query: Any) -> Any:
    return (
        query.select(
            Objection,
            Nomination,
            WorkUnit,
            Category,
            Period,
            _FILED_BY.id,
            _FILED_BY.name,
            _DECIDED_BY.id,
            _DECIDED_BY.name,
            _OBJECTED.id,
            _OBJECTED.number,
            _SETTLING.id,
            _SETTLING.number,
        )
        .join_from(Objection, Nomination)
        .join_from(Nomination, WorkUnit)
        .join_from(Nomination, Employee)
        .join_from(Nomination, Category)
        .join_from(Category, Period)
        .join_from(Objection, _FILED_BY, pw.JOIN.LEFT_OUTER, on=(Objection.filed_by == _FILED_BY.id), attr="filer")
        .join_from(Objection, _DECIDED_BY, pw.JOIN.LEFT_OUTER, on=(Objection.decided_by == _DECIDED_BY.id), attr="decider")
        .join_from(Objection, _OBJECTED, on=(Objection.ranking == _OBJECTED.id), attr="objected")
        .join_from(Objection, _SETTLING, pw.JOIN.LEFT_OUTER, on=(Objection.settled_by == _SETTLING.id), attr="settling")
    )


def _filtered(
    actor: Actor,
    states: Sequence[ObjectionState],
    is_unsettled: bool,  # noqa: FBT001  # named by its callers
    period_id: int | None,
    category_id: int | None,
    unit_id: int | None,
    search: str,
) -> Any:
    query = _joined(visible.objections(actor))
    if states:
        query = query.where(Objection.state.in_([state.value for state in states]))
    if is_unsettled:
        query = query.where(unsettled())
    for column, wanted in ((Category.period, period_id), (Nomination.category, category_id), (Nomination.work_unit, unit_id)):
        if wanted is not None:
            query = query.where(column == wanted)
    searched = words_in((Objection.number, Nomination.number, Employee.name, WorkUnit.name), search)
    return query.where(*searched) if searched else query


def _row(actor: Actor, found: Any) -> ObjectionRow:
    nomination = found.nomination
    category, period = nomination.category, nomination.category.period
    state = ObjectionState(found.state)
    waits = state is ObjectionState.ACCEPTED and found.settled_by_id is None and not found.no_change_note
    own = is_of_unit(actor, nomination.work_unit_id)
    reads_names = can(actor, Action.RANKING_READ)
    person: Mapping[str, Any] = nomination.person or {}
    return ObjectionRow(
        found.id,
        found.number,
        state,
        OBJECTION_LABELS[state],
        nomination.id,
        nomination.number,
        person.get("full_name", ""),
        nomination.work_unit.code,
        person.get("unit_name") or nomination.work_unit.name,
        category.id,
        category.name,
        period.id,
        period.name,
        found.objected.number,
        found.objected.id,
        found.reason,
        found.letter_number,
        found.letter_on,
        found.filename,
        found.filed_at,
        found.filer.name if found.filed_by_id and (own or reads_names) and (reads_names or not found.letter_number) else "BKPSDM",
        found.decision,
        found.decided_at,
        (found.decider.name if found.decided_by_id and reads_names else "BKPSDM") if found.decided_at else "",
        found.withdrawal_reason,
        found.withdrawn_at,
        found.settling.number if found.settled_by_id else None,
        found.settled_by_id,
        found.no_change_note,
        waits,
        tuple(_moves(actor, found, state, nomination, waits=waits)),
        found.row_version,
    )


def _moves(actor: Actor, found: Any, state: ObjectionState, nomination: Any, *, waits: bool) -> Iterable[str]:
    """What the actor may do with an objection now."""
    if PeriodState(nomination.category.period.state) is not PeriodState.OBJECTION:
        return
    subject, own = Subject(unit_id=nomination.work_unit_id), is_of_unit(actor, nomination.work_unit_id)
    if state is ObjectionState.FILED:
        if can(actor, Action.OBJECTION_DECIDE, subject) and found.filed_by_id != actor.user_id and not own:
            yield from ("accept", "reject")
        if can(actor, Action.OBJECTION_FILE, subject) and (own or found.letter_number):
            yield "withdraw"
    if waits and can(actor, Action.SHEET_REOPEN, subject):
        yield "reopen"
    if waits and nomination.state == NominationState.RANKED and can(actor, Action.OBJECTION_DECIDE, subject):
        yield "note"
