"""The chain of the audit trail as something to prove: its head published once a day, its check asked for and done by the worker."""

from __future__ import annotations

from typing import Any

from sipetruk.models import AuditEntry, ChainHead
from sipetruk.queries import chain
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit, clock, jobs
from sipetruk.services.transaction import once, transaction

KIND = chain.KIND


def publish_head() -> bool:
    """Publish the end of the chain for today (WITA), once; False when it stands there already.

    What outsiders keep of it proves later that nothing before it was changed: `audit.verify` compares every published head.
    """
    today = clock.today()
    if ChainHead.select().where(ChainHead.day == today).exists():
        return False
    with transaction():
        entries, head = audit.end_of_chain()
        query = ChainHead.insert(day=today, entries=entries, head=head, published_at=clock.now()).on_conflict_ignore()
        query.execute()
    return True


def request_check(actor: Actor, *, idempotency_key: str | None = None) -> int:
    """Ask the worker to recompute the chain; while a check is under way it is the same one. Returns the job's id."""
    require(actor, Action.AUDIT_READ)

    def ask() -> int:
        subject = chain.running_subject() or clock.now().isoformat(timespec="microseconds")
        return jobs.ask(actor, kind=KIND, subject=subject)

    with transaction():
        return once(actor, Action.AUDIT_READ, idempotency_key, ask)


def work(subject: str) -> dict[str, Any]:
    """The check that a job asks for; how far it is stands with the job while it runs."""
    total = AuditEntry.select().count()
    verdict = audit.verify(lambda count: jobs.progress(KIND, subject, {"checked": count, "total": total}))
    return {
        "checked": verdict.entries,
        "total": max(total, verdict.entries),
        "head": verdict.head,
        "broken_at": verdict.broken_at,
        "heads": verdict.heads,
        "unfitting": verdict.unfitting and verdict.unfitting.isoformat(),
    }
