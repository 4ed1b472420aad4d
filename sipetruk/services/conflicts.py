"""Conflicts of interest that no record shows: what assessors declare, and who an account is in the personnel records."""

from __future__ import annotations

from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import Category, DeclaredRelation, Employee, Nomination, Period, Sheet, User
from sipetruk.queries import conflicts as queries
from sipetruk.rules.conflicts import RELATIONS
from sipetruk.rules.conflicts import Conflict as Interest
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.rules.reading import clean_text
from sipetruk.rules.workflow import MARKABLE_IN, NominationState
from sipetruk.services import assessment, audit, clock, notifications
from sipetruk.services.transaction import check_version, held, one, touch, transaction

NOTE_LENGTH = 500


def declare(actor: Actor, *, employee_id: int, kind: str, note: str = "") -> int:
    """Declare a relation to an employee, nominated or not; returns its id. It counts from now on.

    The actor steps back from every open sheet for a nomination of this employee, with the relation as the reason.
    """
    require(actor, Action.RELATION_DECLARE)
    text = _checked(kind, note)
    with transaction():
        employee: Any = one(Employee.select().where(Employee.id == employee_id), "Pegawai")
        user: Any = one(held(User.select().where(User.id == actor.user_id)), "Pengguna")
        if user.employee_id == employee.id:
            raise Invalid("Ini data Anda sendiri; benturan dengan diri sendiri sudah dihitung.", "employeeId")
        live = DeclaredRelation.select().where(
            DeclaredRelation.user == user, DeclaredRelation.employee == employee, DeclaredRelation.withdrawn_at.is_null()
        )
        if live.exists():
            raise Conflict("Hubungan dengan pegawai ini sudah Anda nyatakan. Cabut dahulu bila keterangannya berubah.", "employeeId")
        relation = DeclaredRelation.create(user=user, employee=employee, kind=kind, note=text, declared_at=clock.now())
        left = _step_back(actor, employee.id, kind)
        admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
        notifications.tell(admins, Notice.RELATION_DECLARED, thing="relation", thing_id=relation.id)
        after = {"employee": employee.id, "kind": kind, "sheets_left": left}
        audit.record(actor, Action.RELATION_DECLARE, "relation", relation.id, after=after)
    return int(relation.id)


def withdraw(actor: Actor, *, relation_id: int) -> None:
    """Take back an own declaration; it stays on record, and sheets that were left because of it stay left."""
    require(actor, Action.RELATION_DECLARE)
    with transaction():
        relation = queries.relation_of(actor, relation_id)
        if relation.withdrawn_at is not None:
            raise IllegalMove("Pernyataan ini sudah dicabut.")
        relation.withdrawn_at = clock.now()
        relation.save()
        before = {"employee": relation.employee_id, "kind": relation.kind}
        audit.record(actor, "relation:withdraw", "relation", relation.id, before=before)


def link_employee(actor: Actor, *, user_id: int, employee_id: int | None, expected_version: int) -> int:
    """Say which employee an account belongs to, so that the own unit counts as a conflict; returns the new row version."""
    require(actor, Action.USER_MANAGE)
    with transaction():
        user: Any = one(held(User.select().where(User.id == user_id)), "Pengguna")
        check_version(user, expected_version)
        if employee_id is not None:
            one(Employee.select().where(Employee.id == employee_id), "Pegawai")
            other = User.get_or_none(User.employee == employee_id, User.id != user_id)
            if other is not None:
                raise Conflict("Pegawai ini sudah tercatat sebagai pengguna “%(name)s”.", "employeeId", name=other.username)
        before, user.employee = user.employee_id, employee_id
        touch(user)
        audit.record(actor, "user:link", "user", user_id, before={"employee": before}, after={"employee": employee_id})
        return int(user.row_version)


def _checked(kind: str, note: str) -> str:
    """The note, cleaned; Invalid for an unknown relation, and for another relation that nobody explains."""
    problems = []
    if kind not in RELATIONS:
        problems.append(Problem("Pilih jenis hubungan dari daftar.", ("kind",)))
    text = clean_text(note)
    if text is None:
        problems.append(Problem("Harus berupa teks biasa.", ("note",)))
    elif len(text) > NOTE_LENGTH:
        problems.append(Problem("Paling banyak %(longest)s karakter.", ("note",), params={"longest": NOTE_LENGTH}))
    elif kind == "other" and not text:
        problems.append(Problem("Jelaskan hubungannya.", ("note",)))
    if problems:
        raise Invalid(problems)
    return text or ""


def _step_back(actor: Actor, employee_id: int, kind: str) -> list[int]:
    """Leave the open sheets for this employee; returns their nominations."""
    waiting = (
        Sheet.select(Sheet.nomination)
        .join(Nomination)
        .join(Category)
        .join(Period)
        .where(
            Sheet.assessor == actor.user_id,
            Sheet.state == "open",
            Nomination.employee == employee_id,
            Nomination.state == NominationState.VERIFIED,
            Period.state.in_(list(MARKABLE_IN)),
        )
    )
    nominations = [nomination_id for (nomination_id,) in waiting.order_by(Sheet.nomination).tuples()]
    reason = Interest("declared", kind).words.capitalize() + "."
    for nomination_id in nominations:
        assessment.recuse(actor, nomination_id=nomination_id, reason=reason)
    return nominations
