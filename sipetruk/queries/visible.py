"""What an actor may see, noun by noun: the one place where rows are scoped, for every face and for every write."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import (
    AuditEntry,
    Category,
    DeclaredRelation,
    Employee,
    InstrumentVersion,
    Nomination,
    Notification,
    Objection,
    Period,
    Sheet,
    WorkUnit,
)
from sipetruk.models.assessment import APART
from sipetruk.models.base import Table
from sipetruk.rules.permissions import Action, Actor, Condition, granted, own_id

LARGEST_ID = 2**31 - 1
_NOTHING = pw.SQL("1 = 0")


def nominations(actor: Actor | None, action: Action = Action.NOMINATION_READ) -> Any:
    """Nominations that the actor may see: all, those of the own unit, those that the actor assesses.

    Whoever assesses blindly works on the sheet and reads its evidence, but does not read the nomination itself.
    """

    def assigned() -> Any:
        found = _with_own_sheet(actor, still_assessed(actor))
        if action is Action.NOMINATION_READ:
            found &= Nomination.category.not_in(Category.select(Category.id).where(Category.is_blind))
        return found

    return Nomination.select().where(_scope(actor, action, Nomination.work_unit, assigned))


def to_assess(actor: Actor | None) -> Any:
    """The same with those that the actor assesses blindly, or no longer: for what is done on the sheet itself."""
    return Nomination.select().where(_scope(actor, Action.NOMINATION_READ, Nomination.work_unit, lambda: _with_own_sheet(actor)))


def employees(actor: Actor | None, action: Action = Action.EMPLOYEE_READ) -> Any:
    """Employees that the actor may see: all, or those of the own unit."""
    return Employee.select().where(_scope(actor, action, Employee.work_unit))


def sheets(actor: Actor | None) -> Any:
    """The actor's own sheets; nobody sees the sheet of another. Not `can_read` is one of a nominee whom the actor no longer assesses."""
    return Sheet.select(Sheet, still_assessed(actor).alias("can_read")).where(Sheet.assessor == own_id(actor))


def still_assessed(actor: Actor | None) -> Any:
    """Whether the nominee of an own sheet is still the actor's to assess, as a condition on `Sheet`.

    Not once the actor stepped back or was let go, and not while a relation to the nominee is declared. In a blind category
    the declaration alone closes no sheet: which one it is would tell who stands behind a code.
    """
    related = (
        Nomination.select(Nomination.id)
        .join(DeclaredRelation, on=(DeclaredRelation.employee == Nomination.employee))
        .join_from(Nomination, Category)
        .where(DeclaredRelation.user == (actor.user_id if actor else None), DeclaredRelation.withdrawn_at.is_null(), ~Category.is_blind)
    )
    return Sheet.state.not_in(APART) & Sheet.nomination.not_in(related)


def notifications(actor: Actor | None) -> Any:
    """The actor's own notifications; nobody reads those of another."""
    return Notification.select().where(Notification.recipient == own_id(actor))


def panel_sheets(actor: Actor | None, action: Action) -> Any:
    """Sheets of everybody, for who reopens or replaces them."""
    return Sheet.select().where(_scope(actor, action))


def objections(actor: Actor | None) -> Any:
    """Objections that the actor may read: all, or those about nominees of the own unit."""
    seen = Nomination.select(Nomination.id).where(_scope(actor, Action.OBJECTION_READ, Nomination.work_unit))
    return Objection.select().where(Objection.nomination.in_(seen))


def periods(actor: Actor | None) -> Any:
    return Period.select().where(_scope(actor, Action.PERIOD_READ))


def categories(actor: Actor | None) -> Any:
    return Category.select().where(_scope(actor, Action.PERIOD_READ))


def instrument_versions(actor: Actor | None) -> Any:
    return InstrumentVersion.select().where(_scope(actor, Action.INSTRUMENT_READ))


def units(actor: Actor | None) -> Any:
    return WorkUnit.select().where(_scope(actor, Action.UNIT_READ))


def audit_entries(actor: Actor | None) -> Any:
    return AuditEntry.select().where(_scope(actor, Action.AUDIT_READ))


def rankings_of(actor: Actor | None, query: Any) -> Any:
    return query.where(_scope(actor, Action.RANKING_READ))


def get(query: Any, model: type[Table], id_: object, what: str) -> Any:
    """The row with this id within the scope, or `NotFound`: the same answer for "not yours" and "not there"."""
    return there(query.where(model._meta.primary_key == id_).first() if is_id(id_) else None, what)


def is_id(id_: object) -> bool:
    """Whether a row can have this id."""
    return isinstance(id_, int) and not isinstance(id_, bool) and 0 < id_ <= LARGEST_ID


def there(row: Any, what: str) -> Any:
    """The row, or `NotFound` naming what was looked for when there is none."""
    if row is None:
        raise NotFound("%(what)s tidak ditemukan.", what=what)
    return row


def _with_own_sheet(actor: Actor | None, *conditions: Any) -> Any:
    return Nomination.id.in_(Sheet.select(Sheet.nomination).where(Sheet.assessor == (actor.user_id if actor else None), *conditions))


def _scope(actor: Actor | None, action: Action, unit: Any = None, assigned: Callable[[], Any] | None = None) -> Any:
    """The WHERE clause of a permission row; `assigned` is made only for who needs it."""
    clauses: list[Any] = []
    for condition, grant in granted(actor, action) if actor else ():
        if condition is Condition.ALWAYS:
            return pw.SQL("1 = 1")
        if condition is Condition.OWN_UNIT and unit is not None:
            clauses.append(unit == grant.unit_id)
        if condition is Condition.ASSIGNED and assigned is not None:
            clauses.append(assigned())
    return reduce(or_, clauses) if clauses else _NOTHING
