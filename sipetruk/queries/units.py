"""Work units with their history: what they were called, what became of them, and what a merger would move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from sipetruk.models import Category, Employee, Membership, Nomination, Period, UnitChange, User, WorkUnit
from sipetruk.queries import facts, visible
from sipetruk.queries.conditions import contains
from sipetruk.rules.permissions import ROLE_LABELS, Action, Actor, Role, require
from sipetruk.rules.unit_history import WHAT_STAYS, Change, ChangeKind
from sipetruk.rules.workflow import NOMINATION_LABELS, NominationState, PeriodState

MOVING = (NominationState.DRAFT, NominationState.ENDORSED, NominationState.SUBMITTED, NominationState.RETURNED)
"""States in which a nomination goes with its unit into the one that takes over, while its period takes corrections."""
MOVES_IN = (PeriodState.PREPARATION, PeriodState.OPEN, PeriodState.VERIFICATION)
HOLDING = (NominationState.VERIFIED, NominationState.ASSESSED, NominationState.RANKED)
"""States in which marks, conflicts and limits per unit already depend on the unit, until the results are published."""
FINISHED = (PeriodState.PUBLISHED, PeriodState.ARCHIVED)
_MOST_STEPS = 50


@dataclass(frozen=True)
class UnitRecord:
    """A unit with what happened to it, oldest first; `successor` is the unit that it was merged into in the end."""

    id: int
    code: str
    name: str
    is_active: bool
    row_version: int
    changes: tuple[Change, ...]
    successor: tuple[int, str] | None
    employees: int


@dataclass(frozen=True)
class MergePlan:
    """What merging a unit into another would move, end and leave, and what stands in its way."""

    employees: int
    nominations: tuple[tuple[int, str, str], ...]
    moved: tuple[tuple[int, int, str, str], ...]
    ended: tuple[tuple[int, int, str, str], ...]
    blockers: tuple[str, ...]


def unit(actor: Actor, unit_id: int) -> UnitRecord:
    """One unit with its history (4 statements, however long it is)."""
    row = visible.get(visible.units(actor), WorkUnit, unit_id, "Unit kerja")
    successor = successor_of(row.id)
    return UnitRecord(
        row.id,
        row.code,
        row.name,
        row.is_active,
        row.row_version,
        changes_of(row.id),
        (successor.id, successor.name) if successor else None,
        visible.employees(actor).where(Employee.work_unit == row.id).count(),
    )


def changes_of(unit_id: int) -> tuple[Change, ...]:
    """What happened to a unit, and what was merged into it or split from it, oldest first (1 statement)."""
    one, two = WorkUnit.alias(), WorkUnit.alias()
    query = (
        UnitChange.select(UnitChange, one.name.alias("unit_name"), two.name.alias("other_name"))
        .join_from(UnitChange, one, on=UnitChange.unit == one.id, attr="of")
        .join_from(UnitChange, two, pw.JOIN.LEFT_OUTER, on=UnitChange.other == two.id, attr="to")
        .where((UnitChange.unit == unit_id) | (UnitChange.other == unit_id))
        .order_by(UnitChange.effective_on, UnitChange.id)
        .dicts()
    )
    return tuple(
        Change(
            ChangeKind(row["kind"]),
            row["effective_on"],
            row["former_code"],
            row["former_name"],
            row["decree"],
            row["reason"],
            row["unit"],
            row["unit_name"],
            row["other"],
            row["other_name"] or "",
        )
        for row in query
    )


def by_codes(codes: Sequence[str]) -> list[Any]:
    """The units with these codes."""
    return [row for start in range(0, len(codes), 500) for row in WorkUnit.select().where(WorkUnit.code.in_(codes[start : start + 500]))]


def former_codes(codes: Sequence[str]) -> dict[str, Any]:
    """Which of these codes a unit had before and has no longer, with the unit as it is now."""
    found = {}
    for start in range(0, len(codes), 500):
        chunk = codes[start : start + 500]
        query = UnitChange.select(UnitChange, WorkUnit).join(WorkUnit, on=UnitChange.unit == WorkUnit.id)
        for row in query.where(UnitChange.former_code.in_(chunk), UnitChange.former_code != WorkUnit.code):
            found[row.former_code] = row.unit
    return found


def ids_by_any_code(actor: Actor) -> Mapping[str, int]:
    """The unit behind every code, former ones included; a unit that was merged leads to the one that took over (3 statements)."""
    current = {unit.code: unit.id for unit in visible.units(actor)}
    changes = UnitChange.select(UnitChange.kind, UnitChange.unit, UnitChange.other, UnitChange.former_code).tuples()
    into, former = {}, {}
    for kind, unit_id, other_id, former_code in changes:
        former[former_code] = unit_id
        if kind == ChangeKind.MERGED:
            into[unit_id] = other_id
    return {code: _end(into, unit_id) for code, unit_id in (former | current).items()}


def successor_of(unit_id: int) -> Any:
    """The unit that one was merged into in the end, or None."""
    into = dict(UnitChange.select(UnitChange.unit, UnitChange.other).where(UnitChange.kind == ChangeKind.MERGED).tuples())
    end = _end(into, unit_id)
    return None if end == unit_id else WorkUnit.get_by_id(end)


def matching(query: Any, search: str) -> Any:
    """The units whose code or name, now or before, holds every word that was typed; those that took over a found one as well."""
    for word in search.replace("\x00", "").split()[:5]:
        before = contains(UnitChange.former_name, word) | contains(UnitChange.former_code, word)
        own = UnitChange.select(UnitChange.unit).where(before, UnitChange.kind != ChangeKind.SPLIT)
        taken = UnitChange.select(UnitChange.other).where(before | UnitChange.unit.in_(own), UnitChange.kind == ChangeKind.MERGED)
        named = contains(WorkUnit.name, word) | contains(WorkUnit.code, word)
        query = query.where(named | WorkUnit.id.in_(own) | WorkUnit.id.in_(taken))
    return query


def merge_plan(actor: Actor, unit_id: int, into_id: int) -> MergePlan:
    """What `services.units.merge` would do with these two units, for who may do it (7 statements)."""
    require(actor, Action.UNIT_EDIT)
    source = visible.get(visible.units(actor), WorkUnit, unit_id, "Unit kerja")
    target = visible.get(visible.units(actor), WorkUnit, into_id, "Unit kerja")
    members = _members(source.id)
    heads = [user_id for user_id, _, role, _ in _members(target.id) if role == Role.OPD_HEAD]
    doubled = {(user_id, role) for user_id, _, role, _ in _members(target.id)}
    stays = [each for each in members if (each[0], each[2]) not in doubled and not (each[2] == Role.OPD_HEAD and heads)]
    return MergePlan(
        employees=Employee.select().where(Employee.work_unit == source.id).count(),
        nominations=tuple(_nominations(source.id).where(Nomination.state.in_(MOVING), Period.state.in_(MOVES_IN)).tuples()),
        moved=tuple(stays),
        ended=tuple(each for each in members if each not in stays),
        blockers=tuple(_blockers(source, target)),
    )


def consequences(plan: MergePlan) -> tuple[str, ...]:
    """What a merger would do, in words, for those who decide on it."""
    lines = [f"{plan.employees} pegawai pindah."]
    if plan.nominations:
        numbers = ", ".join(number for _, number, _ in plan.nominations)
        lines.append(f"Usulan yang belum selesai pindah: {numbers}. Pengesahan draf tidak berlaku lagi.")
    lines += [f"{name}: peran {ROLE_LABELS[Role(role)]} pindah; harus masuk kembali." for _, _, role, name in plan.moved]
    lines += [f"{name}: peran {ROLE_LABELS[Role(role)]} berakhir; unit tujuan sudah mempunyainya." for _, _, role, name in plan.ended]
    return (*lines, f"Unit ini menjadi tidak aktif. {WHAT_STAYS}")


def _members(unit_id: int) -> list[tuple[int, int, str, str]]:
    """(user, membership, role, name) of everybody with a role in the unit."""
    query = Membership.select(User.id, Membership.id, Membership.role, User.name).join(User, on=Membership.user == User.id)
    return list(query.where(Membership.work_unit == unit_id).order_by(Membership.id).tuples())


def _nominations(unit_id: int) -> Any:
    return (
        Nomination.select(Nomination.id, Nomination.number, Nomination.state)
        .join(Category, on=Nomination.category == Category.id)
        .join(Period, on=Category.period == Period.id)
        .where(Nomination.work_unit == unit_id)
        .order_by(Nomination.number)
    )


def unfinished(employee_ids: Sequence[int]) -> list[str]:
    """Numbers of the nominations of these employees that are still on their way; a draft that its round left behind is not."""
    on_its_way = (Nomination.state.in_(MOVING) & Period.state.in_(MOVES_IN)) | (
        Nomination.state.in_(HOLDING) & Period.state.not_in(FINISHED)
    )
    query = Nomination.select(Nomination.number).join(Category).join(Period).where(Nomination.employee.in_(employee_ids), on_its_way)
    return [number for (number,) in query.order_by(Nomination.number).tuples()]


def _blockers(source: Any, target: Any) -> list[str]:
    found = []
    if source.id == target.id:
        found.append("Pilih unit lain; sebuah unit tidak dapat dilebur ke dirinya sendiri.")
    found += [f"{each.name} tidak aktif." for each in (source, target) if not each.is_active]
    held = _nominations(source.id).where(Nomination.state.in_(HOLDING), Period.state.not_in(FINISHED)).tuples()
    found += [
        f"Usulan {number} berstatus “{NOMINATION_LABELS[NominationState(state)]}”; lebur unit sesudah hasilnya diumumkan."
        for _, number, state in held
    ]
    return found + _quota_blockers(source.id, target.id)


def _quota_blockers(source_id: int, target_id: int) -> list[str]:
    """Categories in which both units together would have more nominations than one unit may have."""
    query = (
        Nomination.select(Category.id, Category.name, Category.quota_per_unit, Nomination.work_unit)
        .join(Category, on=Nomination.category == Category.id)
        .join(Period, on=Category.period == Period.id)
        .where(
            Nomination.work_unit.in_([source_id, target_id]),
            Nomination.state.not_in(facts.GONE),
            Period.state.in_(MOVES_IN),
            ~Category.quota_per_unit.is_null(),
        )
        .order_by(Category.id)
    )
    counts: dict[tuple[str, int], list[int]] = {}
    for _, name, quota, unit_id in query.tuples():
        counts.setdefault((name, quota), []).append(unit_id)
    return [
        f"Kategori {name}: kuota {quota} usulan per unit, kedua unit bersama mempunyai {len(units)}."
        for (name, quota), units in counts.items()
        if len(units) > quota and source_id in units
    ]


def _end(into: Mapping[int, int], unit_id: int) -> int:
    """Where following mergers from this unit leads; a unit can be merged only once, so the way ends."""
    for _ in range(_MOST_STEPS):
        if unit_id not in into:
            break
        unit_id = into[unit_id]
    return unit_id
