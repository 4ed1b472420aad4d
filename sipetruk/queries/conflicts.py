"""What must be known to compute conflicts of interest, read in a fixed number of statements; and the declared relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import Category, DeclaredRelation, Employee, Endorsement, Membership, Nomination, Sheet, User, WorkUnit
from sipetruk.queries import visible
from sipetruk.queries.conditions import contains
from sipetruk.rules.conflicts import RELATIONS, Assessor, Candidate, Conflict, conflicts
from sipetruk.rules.permissions import Action, Actor, Role, require

MOST_FOUND = 20
LEAST_SEARCHED = 3
"""How many characters must be typed before employees are looked up: the list is not for browsing."""


@dataclass(frozen=True)
class RelationRow:
    """A declared relation; `withdrawn_at` is None while it counts."""

    id: int
    user_id: int
    assessor: str
    employee_id: int
    employee: str
    position: str
    unit: str
    kind: str
    label: str
    note: str
    declared_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class FoundEmployee:
    """An employee as an assessor who declares a relation sees one: no number, nothing of any nomination."""

    id: int
    name: str
    position: str
    unit: str


@dataclass(frozen=True)
class LinkRow:
    """An assessor's account and whom the personnel records say it is."""

    user_id: int
    name: str
    username: str
    employee_id: int | None
    employee: str
    nip: str
    unit: str
    units_of_roles: tuple[str, ...]
    row_version: int


def own_relations(actor: Actor) -> list[RelationRow]:
    """What the actor has declared, the latest first (1 statement)."""
    require(actor, Action.RELATION_DECLARE)
    return _relations(DeclaredRelation.user == actor.user_id)


def relations(actor: Actor, *, only_live: bool = False) -> list[RelationRow]:
    """Every declared relation, the latest first (1 statement)."""
    require(actor, Action.RELATION_READ)
    return _relations(DeclaredRelation.withdrawn_at.is_null() if only_live else None)


def search(actor: Actor, words: str) -> list[FoundEmployee]:
    """Employees whose name (never the number) fits, for who declares a relation; nothing for fewer than three characters."""
    require(actor, Action.RELATION_DECLARE)
    parts = words.replace("\x00", "").split()[:5]
    if len("".join(parts)) < LEAST_SEARCHED:
        return []
    query = Employee.select(Employee, WorkUnit).join(WorkUnit)
    for part in parts:
        query = query.where(contains(Employee.name, part))
    found = query.order_by(Employee.name, Employee.id).limit(MOST_FOUND)
    return [FoundEmployee(each.id, each.full_name, each.position, each.work_unit.name) for each in found]


def links(actor: Actor) -> list[LinkRow]:
    """The assessors' accounts and the employees that they are (2 statements)."""
    require(actor, Action.RELATION_READ)
    unit_of_employee = WorkUnit.alias()
    rows = (
        User.select(User, Employee, unit_of_employee)
        .join(Employee, pw.JOIN.LEFT_OUTER)
        .join(unit_of_employee, pw.JOIN.LEFT_OUTER)
        .where(User.is_active, User.id.in_(Membership.select(Membership.user).where(Membership.role == Role.ASSESSOR)))
        .order_by(User.name, User.id)
    )
    units: dict[int, list[str]] = defaultdict(list)
    for user_id, name in Membership.select(Membership.user, WorkUnit.name).join(WorkUnit).order_by(WorkUnit.name).tuples():
        units[user_id].append(name)
    return [_link(row, tuple(dict.fromkeys(units[row.id]))) for row in rows]


def assessors(user_ids: Collection[int]) -> dict[int, Assessor]:
    """What the rule needs to know of these users (3 statements)."""
    ids = list(user_ids)
    units: dict[int, set[int]] = defaultdict(set)
    held = Membership.select(Membership.user, Membership.work_unit).where(
        Membership.user.in_(ids), Membership.work_unit.is_null(is_null=False)
    )
    for user_id, unit_id in held.tuples():
        units[user_id].add(unit_id)
    declared: dict[int, dict[int, str]] = defaultdict(dict)
    live = DeclaredRelation.select().where(DeclaredRelation.user.in_(ids), DeclaredRelation.withdrawn_at.is_null())
    for relation in live:
        declared[relation.user_id][relation.employee_id] = relation.kind
    people_ = User.select(User.id, User.name, Employee.id, Employee.work_unit).join(Employee, pw.JOIN.LEFT_OUTER).where(User.id.in_(ids))
    found = {}
    for user_id, name, employee_id, unit_id in people_.tuples():
        own = units[user_id] | ({unit_id} if unit_id is not None else set())
        found[user_id] = Assessor(user_id, name, frozenset(own), employee_id, declared[user_id])
    return found


def candidates(taking_part: Any, *, is_going_in: bool = False) -> dict[int, Candidate]:
    """What the rule needs to know of the nominees that fulfil a condition on nominations, in the order of entry (3 statements).

    Who comes into an interview was endorsed in the category before it, and may have been left there by assessors who stepped
    back. `is_going_in` says that these nominations are those of the stage before, about to be brought into the interview.
    """
    first = Nomination.alias()
    is_same, was_before = Nomination.id == first.id, Category.first_stage == first.category

    def by_nominee(table: Any, user: Any, condition: Any) -> dict[int, set[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        rows = (
            table.select(Nomination.id, user)
            .join_from(table, first, on=(table.nomination == first.id))
            .join_from(first, Nomination, on=(Nomination.employee == first.employee))
            .join_from(Nomination, Category)
            .where(taking_part, condition)
        )
        for nomination_id, user_id in rows.tuples():
            found[nomination_id].add(user_id)
        return found

    endorsed = by_nominee(Endorsement, Endorsement.endorsed_by, is_same | was_before)
    left = by_nominee(Sheet, Sheet.assessor, (Sheet.state == "recused") & (is_same if is_going_in else was_before))
    rows = Nomination.select(Nomination, Employee).join(Employee).where(taking_part).order_by(Nomination.id)
    return {
        row.id: Candidate(
            row.id,
            (row.person or {}).get("full_name") or row.employee.full_name,
            row.employee_id,
            frozenset({row.work_unit_id, row.employee.work_unit_id}),
            frozenset({row.created_by_id}),
            frozenset(endorsed[row.id]),
            frozenset(left[row.id]),
        )
        for row in rows
    }


def found_between(who: Mapping[int, Assessor], whom: Mapping[int, Candidate]) -> dict[tuple[int, int], tuple[Conflict, ...]]:
    """Every pair (nomination, user) with a conflict, and its reasons."""
    found = {}
    for candidate in whom.values():
        for assessor in who.values():
            if reasons := conflicts(assessor, candidate):
                found[candidate.id, assessor.id] = reasons
    return found


def relation_of(actor: Actor, relation_id: int) -> Any:
    """The actor's own relation, or `NotFound`."""
    return visible.get(DeclaredRelation.select().where(DeclaredRelation.user == actor.user_id), DeclaredRelation, relation_id, "Pernyataan")


def _relations(condition: Any) -> list[RelationRow]:
    query = (
        DeclaredRelation.select(DeclaredRelation, User, Employee, WorkUnit)
        .join(User)
        .switch(DeclaredRelation)
        .join(Employee)
        .join(WorkUnit)
        .order_by(DeclaredRelation.declared_at.desc(), DeclaredRelation.id.desc())
    )
    return [
        RelationRow(
            row.id,
            row.user_id,
            row.user.name,
            row.employee_id,
            row.employee.full_name,
            row.employee.position,
            row.employee.work_unit.name,
            row.kind,
            RELATIONS[row.kind],
            row.note,
            row.declared_at,
            row.withdrawn_at,
        )
        for row in (query if condition is None else query.where(condition))
    ]


def _link(row: Any, units: tuple[str, ...]) -> LinkRow:
    employee = row.employee if row.employee_id is not None else None
    return LinkRow(
        row.id,
        row.name,
        row.username,
        row.employee_id,
        employee.full_name if employee else "",
        employee.nip if employee else "",
        employee.work_unit.name if employee else "",
        units,
        row.row_version,
    )
