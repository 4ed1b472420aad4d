"""The list of work outside requests: ask for it, take it, finish it. A worker that dies loses its lease, never the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sipetruk.models import Job
from sipetruk.models.base import database
from sipetruk.rules.permissions import Actor
from sipetruk.services import clock
from sipetruk.services.transaction import transaction

LEASE = timedelta(seconds=120)
MOST_ATTEMPTS = 5
ERROR_LENGTH = 500
DIED = "WorkerDied"
HEARTBEAT = "heartbeat"
"""The kind of the row that is no work: when a worker last was there."""


@dataclass(frozen=True)
class Claimed:
    id: int
    kind: str
    subject: str
    attempts: int


def ask(actor: Actor, *, kind: str, subject: str, run_at: datetime | None = None) -> int:
    """Put a piece of work on the list, inside the transaction that needs it, perhaps for later; work that failed is tried anew.

    Returns its id.
    """
    now = clock.now()
    Job.insert(kind=kind, subject=subject, run_at=run_at or now, asked_at=now, asked_by_id=actor.user_id).on_conflict_ignore().execute()
    job = Job.get(kind=kind, subject=subject)
    if job.state == "failed":
        Job.update(state="waiting", run_at=now, attempts=0, error="", finished_at=None).where(Job.id == job.id).execute()
    return int(job.id)


def claim() -> Claimed | None:
    """Take the work that has waited longest, for the length of a lease; None when nothing waits.

    Work whose workers died at every attempt is given up here: nobody was left to say that it failed.
    """
    now = clock.now()
    free = Job.lease_until.is_null() | (Job.lease_until < now)
    due = Job.select().where(Job.state == "waiting", Job.run_at <= now, free).order_by(Job.run_at, Job.id).limit(1)
    if not due.exists():  # nobody is kept from writing by a look
        return None
    with transaction():
        deadly = (Job.state == "waiting") & (Job.attempts >= MOST_ATTEMPTS) & (Job.lease_until < now)
        Job.update(state="failed", error=DIED, lease_until=None, finished_at=now).where(deadly).execute()
        job = (due.for_update("FOR UPDATE SKIP LOCKED") if database.for_update else due).first()
        if job is None:
            return None
        Job.update(attempts=Job.attempts + 1, lease_until=now + LEASE).where(Job.id == job.id).execute()
    return Claimed(job.id, job.kind, job.subject, job.attempts + 1)


def progress(kind: str, subject: str, result: dict[str, Any]) -> None:
    """Keep how far a piece of work is, and the worker's lease with it, so that long work is not taken for abandoned."""
    with transaction():
        Job.update(result=result, lease_until=clock.now() + LEASE).where(
            Job.kind == kind, Job.subject == subject, Job.state == "waiting"
        ).execute()


def finish(job_id: int, result: dict[str, Any]) -> None:
    with transaction():
        Job.update(state="done", result=result, error="", lease_until=None, finished_at=clock.now()).where(Job.id == job_id).execute()


def fail(claimed: Claimed, error: str) -> None:
    """Give the work back to be tried later, after a growing pause; after the last attempt it has failed.

    Whoever lost the lease to another worker has nothing to give back.
    """
    is_last = claimed.attempts >= MOST_ATTEMPTS
    now = clock.now()
    with transaction():
        Job.update(
            state="failed" if is_last else "waiting",
            run_at=now + timedelta(seconds=2**claimed.attempts),
            lease_until=None,
            error=error[:ERROR_LENGTH],
            finished_at=now if is_last else None,
        ).where(Job.id == claimed.id, Job.state == "waiting", Job.attempts == claimed.attempts).execute()


def beat() -> None:
    """A sign of life of a worker, for those who look whether one is there."""
    now = clock.now()
    with transaction():
        Job.insert(kind=HEARTBEAT, subject="worker", state="done", run_at=now, asked_at=now, finished_at=now).on_conflict(
            conflict_target=(Job.kind, Job.subject), update={Job.finished_at: now}
        ).execute()
