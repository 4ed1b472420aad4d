"""The way a nomination has gone, read from the audit trail and from its endorsements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.models import AuditEntry, User
from sipetruk.queries.endorsements import EndorsementView
from sipetruk.rules import journey
from sipetruk.rules.journey import NAMELESS, STEP_LABELS, Step


@dataclass(frozen=True)
class JourneyStep:
    """One thing that happened to a nomination; `by_name` is empty where nobody is named."""

    step: Step
    label: str
    at: datetime
    by_name: str
    note: str
    due_on: date | None


def steps(nomination_id: int, endorsements: Iterable[EndorsementView]) -> tuple[JourneyStep, ...]:
    """The steps of a nomination, the oldest first; replies that follow one another are one step (1 statement)."""
    query = (
        AuditEntry.select(AuditEntry, User.name)
        .join(User, pw.JOIN.LEFT_OUTER, on=(AuditEntry.actor_id == User.id), attr="user")
        .where(AuditEntry.thing == "nomination", AuditEntry.thing_id == str(nomination_id), AuditEntry.action.in_(journey.ACTIONS))
        .order_by(AuditEntry.id)
    )
    found: list[JourneyStep] = []
    for entry in query:
        kind = journey.step_of(entry.action, entry.before, entry.after)
        if kind is None:
            continue
        made = _step(kind, entry)
        if kind is Step.REPLIED and found and found[-1].step is Step.REPLIED:
            found.pop()
        found.append(made)
    found += [
        JourneyStep(Step.VOIDED, STEP_LABELS[Step.VOIDED], each.voided_at, "", each.void_reason, None)
        for each in endorsements
        if each.voided_at is not None and each.void_reason in journey.TOLD_VOIDS
    ]
    return tuple(sorted(found, key=lambda step: step.at))


def _step(kind: Step, entry: Any) -> JourneyStep:
    due = (entry.after or {}).get("due_on") if kind is Step.RETURNED else None
    user = getattr(entry, "user", None)
    name = "" if kind in NAMELESS else (user.name if user is not None and user.name else entry.actor)
    return JourneyStep(kind, STEP_LABELS[kind], entry.at, name, entry.reason, date.fromisoformat(due) if due else None)
