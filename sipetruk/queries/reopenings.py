"""Sheets of a nomination as those who oversee the assessment read them: states, reopenings, and every value a mark has had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import peewee as pw

from sipetruk.errors import IllegalMove
from sipetruk.models import Category, Criterion, MarkHistory, Membership, Nomination, Objection, Period, Reopening, Sheet, User, WorkUnit
from sipetruk.models.assessment import APART, MARK_STATES, SHEET_STATES
from sipetruk.queries import conflicts, visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.objections import open_acceptance
from sipetruk.rules import definition as definitions
from sipetruk.rules import objecting
from sipetruk.rules.conflicts import in_words
from sipetruk.rules.exact import format_number
from sipetruk.rules.permissions import Action, Actor, Role, can, require
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState, PeriodState


@dataclass(frozen=True)
class ReopeningView:
    """Once that a sheet was opened again; no `criteria` means all of them. `objection` is the number of what led to it."""

    reason: str
    criteria: tuple[str, ...]
    by_name: str
    reopened_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    objection: str


@dataclass(frozen=True)
class HistoryEntry:
    """One value that a mark had from `at` on; `value` as paper shows it, empty where it was no number."""

    at: datetime
    code: str
    label: str
    state_label: str
    value: str
    note: str


@dataclass(frozen=True)
class SheetOverview:
    """The sheet of one assessor for a nomination; `replaces` names whose place it took."""

    id: int
    assessor_id: int
    assessor: str
    state: str
    state_label: str
    reason: str
    submitted_at: datetime | None
    replaces: str
    is_replaced: bool
    row_version: int
    reopenings: tuple[ReopeningView, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class AbleAssessor:
    """Somebody who could take a place; `conflict` says in words what stands against it, empty where nothing does."""

    user_id: int
    name: str
    conflict: str


@dataclass(frozen=True)
class NomineeSheets:
    """A nominee with the sheets in each state; `left` of them count or will, `least` are needed."""

    nomination_id: int
    number: str
    name: str
    unit: str
    label: str
    states: Mapping[str, int]
    left: int
    least: int

    @property
    def is_short(self) -> bool:
        return self.left < self.least


@dataclass(frozen=True)
class NominationSheets:
    """Every sheet of a nomination, by name of the assessor; `criteria` are those that assessors mark, by code.

    `why_closed` says why nothing may be opened again or replaced now, empty where the actor may.
    """

    nomination_id: int
    number: str
    name: str
    category_id: int
    row_version: int
    state: str
    state_label: str
    criteria: Mapping[str, str]
    sheets: tuple[SheetOverview, ...]
    why_closed: str


def current(sheet_id: int) -> Any:
    """The reopening of a sheet that has not been handed in again, or None."""
    return Reopening.select().where(Reopening.sheet == sheet_id, Reopening.closed_at.is_null()).first()


def view(reopening: Any) -> ReopeningView:
    """A reopening as it is read; its objection and who did it must be joined."""
    return ReopeningView(
        reopening.reason,
        tuple(reopening.criteria),
        reopening.reopened_by.name if reopening.reopened_by_id else "sistem",
        reopening.reopened_at,
        reopening.submitted_at,
        reopening.closed_at,
        reopening.objection.number if reopening.objection_id else "",
    )


def told() -> Any:
    """Reopenings with who did it and the objection behind it, oldest first."""
    query = Reopening.select(Reopening, User.id, User.name, Objection.id, Objection.number)
    query = query.join(User, pw.JOIN.LEFT_OUTER, on=(Reopening.reopened_by == User.id), attr="reopened_by")
    return query.join_from(Reopening, Objection, pw.JOIN.LEFT_OUTER).order_by(Reopening.id)


def sheets_of(actor: Actor, nomination_id: int) -> NominationSheets:
    """The sheets of a nomination with everything that ever stood on them (8 statements), for those who read rankings."""
    require(actor, Action.RANKING_READ)
    nomination: Any = visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
    require_not_assessing(actor, nomination.category_id)
    scored = [each for _, each in definitions.all_criteria(definition_of(nomination.category.instrument_version))]
    labels = {each.code: each.label for each in scored if each.source.kind == "assessor"}
    rows = list(Sheet.select(Sheet, User.id, User.name).join(User).where(Sheet.nomination == nomination_id))
    names = {row.id: row.assessor.name for row in rows}
    replaced = {row.replaces_id for row in rows if row.replaces_id}
    again: dict[int, list[ReopeningView]] = defaultdict(list)
    for reopening in told().where(Reopening.sheet.in_(list(names))):
        again[reopening.sheet_id].append(view(reopening))
    history = _history(nomination_id, labels)
    return NominationSheets(
        nomination.id,
        nomination.number,
        (nomination.person or {}).get("full_name", ""),
        nomination.category_id,
        nomination.row_version,
        nomination.state,
        NOMINATION_LABELS[NominationState(nomination.state)],
        labels,
        tuple(
            SheetOverview(
                row.id,
                row.assessor_id,
                row.assessor.name,
                row.state,
                SHEET_STATES[row.state],
                row.reason,
                row.submitted_at,
                names.get(row.replaces_id, ""),
                row.id in replaced,
                row.row_version,
                tuple(again[row.id]),
                tuple(history[row.assessor_id]),
            )
            for row in sorted(rows, key=lambda row: (row.assessor.name.casefold(), row.id))
        ),
        _why_closed(actor, nomination),
    )


def _why_closed(actor: Actor, nomination: Any) -> str:
    if not can(actor, Action.SHEET_REOPEN):
        return "Hanya admin BKPSDM yang membuka kembali lembar dan mengganti penilai."
    period = PeriodState(Period.get_by_id(nomination.category.period_id).state)
    accepted = open_acceptance(nomination.id) is not None
    try:
        objecting.require_reassessable(NominationState(nomination.state), period, has_accepted=accepted)
    except IllegalMove as refusal:
        return refusal.message
    return ""


def overview(actor: Actor, category_id: int) -> list[NomineeSheets]:
    """How many sheets of each nominee are in which state, by number (4 statements), for those who read rankings."""
    require(actor, Action.RANKING_READ)
    category: Any = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    least = definition_of(category.instrument_version).policy.least_marks()
    taking_part = (Nomination.category == category_id) & Nomination.state.not_in([NominationState.WITHDRAWN, NominationState.REJECTED])
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    query = Sheet.select(Sheet.nomination, Sheet.state, pw.fn.COUNT(Sheet.id)).join(Nomination).where(taking_part)
    for nomination_id, state, count in query.group_by(Sheet.nomination, Sheet.state).tuples():
        counts[nomination_id][state] = count
    rows = Nomination.select(Nomination, WorkUnit).join(WorkUnit).where(taking_part).order_by(Nomination.number)
    found = []
    for row in rows:
        states = counts.get(row.id)
        if states:
            left = sum(count for state, count in states.items() if state not in APART)
            person, label = row.person or {}, NOMINATION_LABELS[NominationState(row.state)]
            unit = person.get("unit_name") or row.work_unit.name
            found.append(NomineeSheets(row.id, row.number, person.get("full_name", ""), unit, label, states, left, least))
    return found


def nomination_of(actor: Actor, sheet_id: int) -> int:
    """The nomination of a sheet of anybody, for who replaces or reopens sheets."""
    found: Any = visible.get(visible.panel_sheets(actor, Action.SHEET_REPLACE), Sheet, sheet_id, "Lembar penilaian")
    return int(found.nomination_id)


def able_assessors(actor: Actor, nomination_id: int) -> list[AbleAssessor]:
    """Who could take a place on the panel of a nominee, by name (7 statements)."""
    require(actor, Action.SHEET_REPLACE)
    visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
    taken = Sheet.select(Sheet.assessor).where(Sheet.nomination == nomination_id)
    found = dict(assessors().where(User.id.not_in(taken)).tuples())
    against = conflicts.found_between(conflicts.assessors(list(found)), conflicts.candidates(Nomination.id == nomination_id))
    people = [AbleAssessor(user_id, name, in_words(against.get((nomination_id, user_id), ()))) for user_id, name in found.items()]
    return sorted(people, key=lambda each: (each.name.casefold(), each.user_id))


def barred_from(user_id: int, nomination_ids: Collection[int]) -> set[int]:
    """The nominations whose assessment somebody cannot take over: a conflict of interest, or a sheet there already."""
    ids = list(nomination_ids)
    found = conflicts.found_between(conflicts.assessors([user_id]), conflicts.candidates(Nomination.id.in_(ids)))
    own = Sheet.select(Sheet.nomination).where(Sheet.assessor == user_id, Sheet.nomination.in_(ids))
    return {nomination_id for nomination_id, _ in found} | {nomination_id for (nomination_id,) in own.tuples()}


def with_open_sheets(actor: Actor, category_id: int) -> list[tuple[int, str, int]]:
    """Who has sheets of a category that are not handed in, by name: (user, name, how many) (2 statements)."""
    require(actor, Action.SHEET_REPLACE)
    visible.get(visible.categories(actor), Category, category_id, "Kategori")
    alive = (Nomination.category == category_id) & (Nomination.state == NominationState.VERIFIED)
    query = Sheet.select(User.id, User.name, pw.fn.COUNT(Sheet.id)).join(User).switch(Sheet).join(Nomination)
    rows = query.where(alive, Sheet.state == "open").group_by(User.id, User.name).tuples()
    return sorted(rows, key=lambda row: (row[1].casefold(), row[0]))


def assessors() -> Any:
    """Active users who may assess, as (id, name)."""
    return User.select(User.id, User.name).join(Membership).where(User.is_active, Membership.role == Role.ASSESSOR).distinct()


def _history(nomination_id: int, labels: Mapping[str, str]) -> dict[int, list[HistoryEntry]]:
    """Every value by assessor, the oldest first."""
    found: dict[int, list[HistoryEntry]] = defaultdict(list)
    rows = (
        MarkHistory.select(MarkHistory, Criterion.id, Criterion.code)
        .join(Criterion, on=(MarkHistory.criterion == Criterion.id))
        .where(MarkHistory.nomination == nomination_id)
        .order_by(MarkHistory.saved_at, MarkHistory.id)
    )
    for row in rows:
        code = row.criterion.code
        value = "" if row.value is None else format_number(Fraction(row.value, 100))
        state = MARK_STATES.get(row.state, "Ditarik kembali")
        found[row.assessor_id].append(HistoryEntry(row.saved_at, code, labels.get(code, code), state, value, row.note))
    return found
