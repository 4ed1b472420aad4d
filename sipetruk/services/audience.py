"""Who is told of what happens to a whole period, and telling them; each inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.models import Category, Membership, Nomination, PanelMember, User
from sipetruk.rules.dates import day_text
from sipetruk.rules.notices import TOLD_OF_MOVE, TOLD_OF_STAGE, Notice
from sipetruk.rules.permissions import UNIT_ROLES, Actor, Role
from sipetruk.rules.workflow import NOT_SUBMITTED, PERIOD_LABELS, STAGE_LABELS, PeriodState, Stage
from sipetruk.services import notifications


def moved(actor: Actor, period: Any, state: PeriodState) -> None:
    """The period has reached a state."""
    told = TOLD_OF_MOVE.get(state)
    if told:
        people = _people(told, period.id, only_nominating=state is PeriodState.OBJECTION)
        _tell(actor, people, Notice.PERIOD_MOVED, period, stage=PERIOD_LABELS[state])


def rescheduled(actor: Actor, period: Any, before: Mapping[Stage, date], after: Mapping[Stage, date]) -> None:
    """The last day of stages has changed; stages that lost their window are not spoken of."""
    for stage, closes_on in after.items():
        if before.get(stage) != closes_on:
            people = _people(TOLD_OF_STAGE[stage], period.id)
            _tell(actor, people, Notice.SCHEDULE_CHANGED, period, stage=STAGE_LABELS[stage], day=day_text(closes_on))


def result(actor: Actor, period: Any, notice: Notice) -> None:
    """The result was published or withdrawn: all who took part in the round are told."""
    everybody = frozenset(Role)
    _tell(actor, _people(everybody, period.id, only_nominating=True), notice, period)


def assessors(period_id: int) -> list[int]:
    """The active members of the panels of a period."""
    query = User.select(User.id).join(PanelMember).join(Category).where(User.is_active, Category.period == period_id)
    return [user_id for (user_id,) in query.distinct().tuples()]


def _tell(actor: Actor, people: Iterable[int], notice: Notice, period: Any, **params: str) -> None:
    others = [user_id for user_id in people if user_id != actor.user_id]
    notifications.tell(others, notice, thing="period", thing_id=period.id, period=period.name, **params)


def _people(roles: Iterable[Role], period_id: int, *, only_nominating: bool = False) -> list[int]:
    """Active users with these roles; assessors only of this period's panels, unit people perhaps only of units that nominated."""
    found = set(assessors(period_id)) if Role.ASSESSOR in roles else set()
    wanted = set(roles) - {Role.ASSESSOR}
    if wanted:
        query = User.select(User.id).join(Membership).where(User.is_active, Membership.role.in_(sorted(wanted)))
        if only_nominating:
            query = query.where(Membership.role.not_in(sorted(UNIT_ROLES)) | Membership.work_unit.in_(_nominating(period_id)))
        found |= {user_id for (user_id,) in query.distinct().tuples()}
    return sorted(found)


def _nominating(period_id: int) -> pw.ModelSelect:
    """The units that have handed in a nomination in the period."""
    early = sorted(NOT_SUBMITTED)
    return Nomination.select(Nomination.work_unit).join(Category).where(Category.period == period_id, Nomination.state.not_in(early))
