"""Removing personal data that is past its time; rankings, publications and the audit trail are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sipetruk.errors import IllegalMove
from sipetruk.models import CheckItem, Endorsement, Evidence, LoginAttempt, Nomination, Period, ReturnItem, Review
from sipetruk.queries import retention as queries
from sipetruk.queries import settings, visible
from sipetruk.rules.dates import day_text
from sipetruk.rules.permissions import SYSTEM, Action, Actor, require
from sipetruk.rules.retention import GONE, days_before, emptied, years_before
from sipetruk.rules.workflow import WITA, PeriodState
from sipetruk.services import audit, clock, evidence_cleaning, notifications, webhook_deliveries
from sipetruk.services.transaction import held, one, transaction

_BATCH = 100
UNUSED = timedelta(days=1)
"""Bytes that nothing refers to any more go when they have lain untouched for this long: an upload under way is safe."""


def apply(actor: Actor, *, is_dry_run: bool = False) -> dict[str, int]:
    """Remove what is past its time; returns how many of each, or in a dry run how many there are.

    Doing it again removes nothing more.
    """
    require(actor, Action.RETENTION_APPLY)
    now = clock.now()
    if is_dry_run:
        counts = [due.count for due in queries.plan(actor, now=now).due]
        return dict(zip(("login_attempts", "notifications", "deliveries", "nominations"), counts, strict=True))
    with transaction():
        limit = days_before(now, settings.number("login_attempt_days"))
        attempts = int(LoginAttempt.delete().where(LoginAttempt.at < limit).execute())
        forgotten = notifications.forget_old()
        deliveries = webhook_deliveries.forget_old(days_before(now, settings.number("webhook_days")))
        if attempts or forgotten or deliveries:
            after = {"login_attempts": attempts, "notifications": forgotten, "deliveries": deliveries}
            audit.record(actor, Action.RETENTION_APPLY, "retention", "rows", after=after)
    purged = _purge(actor, None)
    if purged:
        evidence_cleaning.clean(older_than=UNUSED, is_dry_run=False)
    return {"login_attempts": attempts, "notifications": forgotten, "deliveries": deliveries, "nominations": purged}


def purge_period(actor: Actor, *, period_id: int) -> int:
    """Empty the nominations of one archived period whose time has come; returns how many."""
    require(actor, Action.RETENTION_APPLY)
    period = one(visible.periods(actor).where(Period.id == period_id), "Periode")
    if period.state != PeriodState.ARCHIVED or period.archived_at is None:
        raise IllegalMove("Periode “%(name)s” belum diarsipkan; datanya masih diperlukan.", name=period.name)
    years = settings.number("nomination_years")
    if period.archived_at >= years_before(clock.now(), years):
        raise IllegalMove(
            "Periode “%(name)s” diarsipkan %(day)s; isiannya disimpan %(years)s tahun.",
            name=period.name,
            day=day_text(period.archived_at.astimezone(WITA).date()),
            years=years,
        )
    purged = _purge(actor, period_id)
    evidence_cleaning.clean(older_than=UNUSED, is_dry_run=False)
    return purged


def run_daily() -> None:
    """What the worker does once a day, in the name of the system."""
    apply(SYSTEM)


def _purge(actor: Actor, period_id: int | None) -> int:
    """Empty nominations, a hundred in one transaction, until none is left that is due."""
    limit = years_before(clock.now(), settings.number("nomination_years"))
    purged = 0
    while True:
        with transaction():
            rows = list(queries.due_nominations(limit, period_id).order_by(Nomination.id).limit(_BATCH))
            if not rows:
                return purged
            wanted = Nomination.select().where(Nomination.id.in_([row.id for row in rows]), Nomination.purged_at.is_null())
            rows = list(held(wanted.order_by(Nomination.id)))  # without those that were emptied while it waited
            _empty(actor, rows)
        purged += len(rows)


def _empty(actor: Actor, rows: Sequence[Any]) -> None:
    ids = [row.id for row in rows]
    files: dict[int, int] = {}
    for (number,) in Evidence.select(Evidence.nomination).where(Evidence.nomination.in_(ids)).tuples():
        files[number] = files.get(number, 0) + 1
    Evidence.delete().where(Evidence.nomination.in_(ids)).execute()
    Endorsement.update(values={}, note="").where(Endorsement.nomination.in_(ids)).execute()
    CheckItem.update(note="").where(CheckItem.nomination.in_(ids)).execute()
    reviews = Review.select(Review.id).where(Review.nomination.in_(ids))
    ReturnItem.update(note="").where(ReturnItem.review.in_(reviews)).execute()
    ReturnItem.update(reply=GONE).where(ReturnItem.review.in_(reviews), ReturnItem.reply != "").execute()
    Review.update(reason=GONE).where(Review.nomination.in_(ids), Review.reason != "").execute()
    for number, items in Review.select(Review.id, Review.items).where(Review.nomination.in_(ids)).tuples():
        Review.update(items=[{**item, "note": ""} for item in items]).where(Review.id == number).execute()
    for row in rows:
        Nomination.update(answers={}, person=emptied(row.person), purged_at=clock.now(), row_version=Nomination.row_version + 1).where(
            Nomination.id == row.id
        ).execute()
        audit.record(actor, Action.RETENTION_APPLY, "nomination", row.id, after={"files": files.get(row.id, 0)})
