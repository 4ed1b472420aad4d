"""What is past its time: how many rows of which kind, and which periods will follow when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.models import Category, Evidence, LoginAttempt, Nomination, Notification, Period, WebhookDelivery
from sipetruk.queries import settings
from sipetruk.rules.dates import shifted_day
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.retention import KEEP_UNREAD_DAYS, KEPT_STATES, RULES, Rule, days_before, years_before
from sipetruk.rules.workflow import WITA, PeriodState


@dataclass(frozen=True)
class Due:
    """What a rule would remove now; `files` counts the evidence that goes with nominations."""

    rule: Rule
    length: int
    count: int
    files: int = 0


@dataclass(frozen=True)
class PeriodDue:
    """An archived period: how many of its nominations are still whole, and the day from which they may go."""

    id: int
    name: str
    year: int
    archived_at: datetime
    nominations: int
    due_on: date
    is_due: bool


@dataclass(frozen=True)
class Plan:
    due: tuple[Due, ...]
    periods: tuple[PeriodDue, ...]


def plan(actor: Actor, *, now: datetime) -> Plan:
    """What would be removed now, and what will be (7 statements)."""
    require(actor, Action.SETTING_READ)
    lengths = settings.texts(*(rule.key for rule in RULES))
    years = int(lengths["nomination_years"])
    nominations = due_nominations(years_before(now, years))
    files = Evidence.select().where(Evidence.nomination.in_(nominations.select(Nomination.id))).count()
    counts: Mapping[str, tuple[int, int]] = {
        "login_attempt_days": (old_attempts(days_before(now, int(lengths["login_attempt_days"]))).count(), 0),
        "notification_days": (old_notifications(now, int(lengths["notification_days"])).count(), 0),
        "webhook_days": (old_deliveries(days_before(now, int(lengths["webhook_days"]))).count(), 0),
        "nomination_years": (nominations.count(), files),
    }
    due = tuple(Due(rule, int(lengths[rule.key]), *counts[rule.key]) for rule in RULES)
    return Plan(due, _periods(years, now))


def old_attempts(limit: datetime) -> Any:
    return LoginAttempt.select().where(LoginAttempt.at < limit)


def old_notifications(now: datetime, days: int) -> Any:
    """Those that were read so many days ago, and those that nobody will read any more."""
    is_stale = Notification.created_at < days_before(now, KEEP_UNREAD_DAYS)
    return Notification.select().where((Notification.read_at < days_before(now, days)) | is_stale)


def old_deliveries(limit: datetime) -> Any:
    return WebhookDelivery.select().where(WebhookDelivery.finished_at < limit)


def due_nominations(limit: datetime, period_id: int | None = None) -> Any:
    """Nominations of periods archived before `limit` that won nothing and are still whole."""
    query = _whole().where(Period.archived_at < limit)
    return query if period_id is None else query.where(Period.id == period_id)


def _whole() -> Any:
    return (
        Nomination.select()
        .join(Category, on=Nomination.category == Category.id)
        .join(Period, on=Category.period == Period.id)
        .where(
            Period.state == PeriodState.ARCHIVED,
            Nomination.state.not_in([state.value for state in KEPT_STATES]),
            Nomination.purged_at.is_null(),
        )
    )


def _periods(years: int, now: datetime) -> tuple[PeriodDue, ...]:
    counted: dict[int, int] = {}
    for (period_id,) in _whole().select(Period.id).tuples():
        counted[period_id] = counted.get(period_id, 0) + 1
    limit = years_before(now, years)
    rows = Period.select().where(Period.state == PeriodState.ARCHIVED, ~Period.archived_at.is_null()).order_by(Period.archived_at)
    return tuple(
        PeriodDue(
            row.id,
            row.name,
            row.year,
            row.archived_at,
            counted.get(row.id, 0),
            shifted_day(row.archived_at.astimezone(WITA).date(), years),
            row.archived_at < limit,
        )
        for row in rows
    )
