"""What happens to work units over the years: renamed, merged, split; each with its day, its basis and its trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from sipetruk.errors import Conflict, IllegalMove, Invalid, NotFound, Problem
from sipetruk.models import Employee, Membership, Nomination, UnitChange, User, WorkUnit
from sipetruk.models.base import database
from sipetruk.queries import units as queries
from sipetruk.queries import visible
from sipetruk.rules import journey
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.unit_history import Basis, ChangeKind, check_basis, unit_problems
from sipetruk.services import audit, clock, nominations, notifications
from sipetruk.services.transaction import check_version, held, one, touch, transaction

Moved: TypeAlias = tuple[str, int, dict[str, Any] | None, dict[str, Any]]
"""What the trail says of a thing that went with its unit: kind, number, before, after."""


def rename(actor: Actor, *, unit_id: int, code: str, name: str, basis: Basis, expected_version: int) -> None:
    """Give a unit another name or code from a day on; what was submitted and published keeps the old one."""
    require(actor, Action.UNIT_EDIT)
    with transaction():
        unit = _held(actor, unit_id)
        check_version(unit, expected_version)
        clean = check_basis(basis, today=clock.today(), latest=_latest(unit_id))
        code, name = code.strip(), name.strip()
        if (code, name) == (unit.code, unit.name):
            raise Invalid("Nama dan kode masih sama.", "name")
        _require_free(code, name, unit_id)
        before = {"code": unit.code, "name": unit.name}
        _note(actor, unit, ChangeKind.RENAMED, clean)
        unit.code, unit.name = code, name
        touch(unit)
        after = {"code": code, "name": name, "effective_on": clean.effective_on.isoformat(), "decree": clean.decree}
        audit.record(actor, "unit:rename", "unit", unit_id, before=before, after=after, reason=clean.reason)


def merge(actor: Actor, *, unit_id: int, into_id: int, basis: Basis, expected_version: int) -> None:
    """Merge a unit into another, which takes over its employees, open nominations and accounts; the unit becomes inactive.

    Refused with everything that stands in the way: inactive units, nominations under assessment, quotas that both exceed.
    A head of the merged unit keeps the role only where the other has none; endorsements of open drafts are void.
    """
    require(actor, Action.UNIT_EDIT)
    with transaction():
        ordered = sorted({unit_id, into_id})
        rows = {row.id: row for row in _lightly_held(visible.units(actor).where(WorkUnit.id.in_(ordered)).order_by(WorkUnit.id))}
        unit, into = (_of(rows, key) for key in (unit_id, into_id))
        check_version(unit, expected_version)
        clean = check_basis(basis, today=clock.today(), latest=_latest(unit_id))
        _hold_employees(unit_id)
        plan = queries.merge_plan(actor, unit_id, into_id)
        if plan.blockers:
            raise IllegalMove([Problem(text, ("intoId",), IllegalMove.code) for text in plan.blockers])
        Employee.update(work_unit=into_id, row_version=Employee.row_version + 1).where(Employee.work_unit == unit_id).execute()
        told = _move_nominations([number for number, _, _ in plan.nominations], unit_id, into_id) + _move_members(plan, into_id)
        _note(actor, unit, ChangeKind.MERGED, clean, other=into)
        unit.is_active = False
        touch(unit)
        touch(into)
        after = {
            "is_active": False,
            "into": into_id,
            "effective_on": clean.effective_on.isoformat(),
            "decree": clean.decree,
            "employees": plan.employees,
            "nominations": [number for _, number, _ in plan.nominations],
            "users": sorted({user_id for user_id, *_ in plan.moved}),
            "users_ended": sorted({user_id for user_id, *_ in plan.ended}),
        }
        for thing, thing_id, then, now in told:  # the end of the trail is held from the first entry on, so every row is held by now
            audit.record(actor, "unit:merge", thing, thing_id, before=then, after=now)
        audit.record(actor, "unit:merge", "unit", unit_id, before={"is_active": True}, after=after, reason=clean.reason)


def split(actor: Actor, *, unit_id: int, code: str, name: str, employee_ids: Sequence[int], basis: Basis, expected_version: int) -> int:
    """Make a new unit out of a part of another one; the employees named go with it. Returns the id of the new unit."""
    require(actor, Action.UNIT_EDIT)
    with transaction():
        unit = _held(actor, unit_id)
        check_version(unit, expected_version)
        if not unit.is_active:
            raise IllegalMove("%(name)s tidak aktif.", name=unit.name)
        clean = check_basis(basis, today=clock.today(), latest=None)
        code, name = code.strip(), name.strip()
        _require_free(code, name, None)
        moving = _require_movable(actor, unit, employee_ids)
        made = WorkUnit.create(code=code, name=name)
        if moving:
            Employee.update(work_unit=made.id, row_version=Employee.row_version + 1).where(Employee.id.in_(moving)).execute()
        _note(actor, made, ChangeKind.SPLIT, clean, other=unit)
        touch(unit)
        after = {
            "code": code,
            "name": name,
            "from": unit_id,
            "effective_on": clean.effective_on.isoformat(),
            "decree": clean.decree,
            "employees": len(moving),
        }
        audit.record(actor, "unit:split", "unit", made.id, after=after, reason=clean.reason)
    return int(made.id)


def _held(actor: Actor, unit_id: int) -> Any:
    return one(_lightly_held(visible.units(actor).where(WorkUnit.id == unit_id)), "Unit kerja")


def _lightly_held(query: Any) -> Any:
    """Units held so that rows that refer to them may still be made: whoever makes one holds a person that is waited for here."""
    return query.for_update("FOR NO KEY UPDATE") if database.for_update else query


def _of(rows: dict[int, Any], unit_id: int) -> Any:
    if unit_id not in rows:
        raise NotFound("%(what)s tidak ditemukan.", what="Unit kerja")
    return rows[unit_id]


def _hold_employees(unit_id: int) -> None:
    """Nobody begins a nomination of an employee of this unit meanwhile: it would stay behind in a unit without people."""
    list(held(Employee.select(Employee.id).where(Employee.work_unit == unit_id).order_by(Employee.id)).tuples())


def _latest(unit_id: int) -> Any:
    """The day of the last change of the unit itself."""
    return (
        UnitChange.select(UnitChange.effective_on)
        .where(UnitChange.unit == unit_id)
        .order_by(UnitChange.effective_on.desc())
        .limit(1)
        .scalar()
    )


def _require_free(code: str, name: str, unit_id: int | None) -> None:
    """Refuse a code or name that is none, is another unit's, or a code that was another unit's."""
    if problems := unit_problems(code, name):
        raise Invalid(problems)
    for other in WorkUnit.select().where((WorkUnit.code == code) | (WorkUnit.name == name)):
        if other.id != unit_id:
            field = "code" if other.code == code else "name"
            raise Conflict("Sudah dipakai unit lain: %(name)s (%(code)s).", field, name=other.name, code=other.code)
    former = queries.former_codes([code]).get(code)
    if former is not None and former.id != unit_id:
        raise Conflict("Kode “%(code)s” adalah kode lama %(name)s.", "code", code=code, name=former.name)


def _require_movable(actor: Actor, unit: Any, employee_ids: Sequence[int]) -> list[int]:
    """The employees of the unit who may leave it: those without a nomination that is still on its way."""
    wanted = sorted(set(employee_ids))
    query = visible.employees(actor).select(Employee.id, Employee.work_unit).where(Employee.id.in_(wanted)).order_by(Employee.id)
    known = dict(held(query).tuples()) if wanted else {}
    if any(known.get(each) != unit.id for each in wanted):
        raise Invalid("Pegawai yang dipilih bukan pegawai unit ini.", "employeeIds")
    if wanted and (found := queries.unfinished(wanted)):
        template = "Usulan %(number)s belum selesai; pegawainya belum dapat dipindahkan."
        raise IllegalMove([Problem(template, ("employeeIds",), IllegalMove.code, {"number": number}) for number in found])
    return wanted


def _note(actor: Actor, unit: Any, kind: ChangeKind, basis: Basis, other: Any = None) -> None:
    UnitChange.create(
        unit=unit,
        kind=kind,
        effective_on=basis.effective_on,
        former_code=(other if kind is ChangeKind.SPLIT else unit).code,
        former_name=(other if kind is ChangeKind.SPLIT else unit).name,
        other=other,
        decree=basis.decree,
        reason=basis.reason,
        recorded_at=clock.now(),
        recorded_by=actor.user_id,
    )


def _move_nominations(ids: Sequence[int], unit_id: int, into_id: int) -> list[Moved]:
    """Open nominations answer to the new unit: its head has not signed them, so an open draft loses its endorsement."""
    told: list[Moved] = []
    for nomination in held(Nomination.select().where(Nomination.id.in_(ids)).order_by(Nomination.id)) if ids else ():
        before = {"unit": unit_id, "state": nomination.state}
        nomination.work_unit = into_id
        if nomination.state in {"endorsed", "returned"}:
            nominations.note_change(nomination, journey.UNIT_MERGED)
        else:
            touch(nomination)
        told.append(("nomination", nomination.id, before, {"unit": into_id, "state": nomination.state}))
    return told


def _move_members(plan: queries.MergePlan, into_id: int) -> list[Moved]:
    """Roles go with the unit or end; whoever is concerned signs in anew, so that no old right lives on."""
    if plan.moved:
        Membership.update(work_unit=into_id).where(Membership.id.in_([membership for _, membership, _, _ in plan.moved])).execute()
    if plan.ended:
        Membership.delete().where(Membership.id.in_([membership for _, membership, _, _ in plan.ended])).execute()
    told: list[Moved] = []
    for user_id in sorted({user_id for user_id, *_ in (*plan.moved, *plan.ended)}):
        user = one(held(User.select().where(User.id == user_id)), "Pengguna")
        user.session_epoch += 1
        touch(user)
        roles = [{"role": role, "unit_id": into_id} for holder, _, role, _ in plan.moved if holder == user_id]
        gone = [{"role": role} for holder, _, role, _ in plan.ended if holder == user_id]
        notifications.tell([user_id], Notice.ACCOUNT_ROLES, thing="user", thing_id=user_id)
        told.append(("user", user_id, None, {"moved": roles, "ended": gone}))
    return told
