"""Where a fact about an employee comes from: the register that holds it, and when it was last loaded, by whom, through which face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import peewee as pw

from sipetruk.models import AuditEntry, User
from sipetruk.rules.permissions import Action
from sipetruk.rules.trail import face_label

REGISTERS: dict[str, tuple[str, ...]] = {
    "predicate": ("performance_rating",),
    "sanction_ever": ("sanction",),
    "sanction_within": ("sanction",),
    "sanction_serving": ("sanction",),
    "under_examination": ("sanction",),
    "attendance": ("attendance",),
    "award_within": ("employee_award",),
    "unit_quota": (),
}
"""A fact of a rule -> the registers of the audit trail from which it is read; every other fact stands in an employee's own row."""
PERSON = ("employees",)


@dataclass(frozen=True)
class Loaded:
    """The last time a register was loaded."""

    at: datetime
    by_name: str
    face: str


def last_loaded(facts: Iterable[str]) -> dict[str, Loaded | None]:
    """For each fact the last load of its register, None where nothing was ever loaded (2 statements).

    A fact that is counted from nominations has no register and is left out.
    """
    registers = {fact: REGISTERS.get(fact, PERSON) for fact in facts}
    wanted = sorted({each for found in registers.values() for each in found})
    if not wanted:
        return {}
    latest = (
        AuditEntry.select(pw.fn.MAX(AuditEntry.id))
        .where(AuditEntry.thing.in_(wanted), AuditEntry.action == str(Action.EMPLOYEE_IMPORT))
        .group_by(AuditEntry.thing)
    )
    rows = (
        AuditEntry.select(AuditEntry.thing, AuditEntry.at, AuditEntry.actor, AuditEntry.face, User.name.alias("person"))
        .join(User, pw.JOIN.LEFT_OUTER, on=(AuditEntry.actor_id == User.id))
        .where(AuditEntry.id.in_(latest))
        .objects()
    )
    loads = {row.thing: Loaded(row.at, row.person or row.actor, face_label(row.face)) for row in rows}
    return {fact: next((loads[each] for each in found if each in loads), None) for fact, found in registers.items() if found}
