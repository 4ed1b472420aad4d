"""The list of work outside requests: ask for it, take it, finish it. A worker that dies loses its lease, never the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sipetruk.models import Job
from sipetruk.models.base import database
from sipetruk.rules.permissions import Actor
from sipetruk.services import clock
from sipetruk.services.transaction import transaction

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 5
ERROR_LENGTH = 500


@dataclass(frozen=True)
class Claimed:
    id: int
    kind: str
    subject: str
    attempts: int


def ask(actor: Actor, *, kind: str, subject: str) -> int:
    """Put a piece of work on the list, inside the transaction that needs it; work that failed is tried anew. Returns its id."""
    job = Job.get_or_none(kind=kind, subject=subject)
    now = clock.now()
    if job is None:
        return int(Job.create(kind=kind, subject=subject, run_at=now, asked_at=now, asked_by_id=actor.user_id).id)
    if job.state == "failed":
        Job.update(state="waiting", run_at=now, attempts=0, error="", finished_at=None).where(Job.id == job.id).execute()
    return int(job.id)


def claim() -> Claimed | None:
    """Take the work that has waited longest, for the length of a lease; None when nothing waits."""
    now = clock.now()
    with transaction():
        free = Job.lease_until.is_null() | (Job.lease_until < now)
        query = Job.select().where(Job.state == "waiting", Job.run_at <= now, free).order_by(Job.run_at, Job.id).limit(1)
        job = (query.for_update("FOR UPDATE SKIP LOCKED") if database.for_update else query).first()
        if job is None:
            return None
        Job.update(attempts=Job.attempts + 1, lease_until=now + LEASE).where(Job.id == job.id).execute()
    return Claimed(job.id, job.kind, job.subject, job.attempts + 1)


def finish(job_id: int, result: dict[str, Any]) -> None:
    with transaction():
        Job.update(state="done", result=result, error="", lease_until=None, finished_at=clock.now()).where(Job.id == job_id).execute()


def fail(claimed: Claimed, error: str) -> None:
    """Give the work back to be tried later, after a growing pause; after the last attempt it has failed."""
    is_last = claimed.attempts >= MOST_ATTEMPTS
    now = clock.now()
    with transaction():
        Job.update(
            state="failed" if is_last else "waiting",
            run_at=now + timedelta(seconds=2**claimed.attempts),
            lease_until=None,
            error=error[:ERROR_LENGTH],
            finished_at=now if is_last else None,
        ).where(Job.id == claimed.id).execute()
