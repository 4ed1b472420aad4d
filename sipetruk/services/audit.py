"""The one door of the audit trail: every change adds an entry, chained to the one before it by its hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sipetruk.models import AuditEntry
from sipetruk.models.base import database
from sipetruk.rules import seal
from sipetruk.rules.permissions import Action, Actor
from sipetruk.services import clock

GENESIS = "0" * 64
_CHAIN_LOCK = 815002
_VERIFY_BATCH = 2_000


def record(
    actor: Actor,
    action: Action | str,
    thing: str,
    thing_id: object,
    *,
    before: Any = None,
    after: Any = None,
    reason: str = "",
) -> None:
    """Add an entry; must run last in the transaction of the change, so that both are saved or neither.

    `before` and `after` are JSON values without floats and without personal numbers (NIP).
    """
    if not database.in_transaction():
        raise RuntimeError("an audit entry belongs into the transaction of its change")
    if database.for_update:  # PostgreSQL: one writer at a time at the end of the chain; SQLite has one writer anyway
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_CHAIN_LOCK,))
    previous = AuditEntry.select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1).scalar() or GENESIS
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor.user_id,
        actor=actor.username,
        face=actor.face,
        action=str(action),
        thing=thing,
        thing_id=str(thing_id),
        before=before,
        after=after,
        reason=reason,
        previous_hash=previous,
    )
    entry.hash = seal.chain_hash(previous, _content(entry))
    entry.save(force_insert=True)


@dataclass(frozen=True)
class ChainVerdict:
    """`broken_at` is the id of the first entry that does not fit, None when the chain holds."""

    entries: int
    head: str
    broken_at: int | None


def verify() -> ChainVerdict:
    """Recompute the chain from its first entry."""
    previous, last_id, count = GENESIS, 0, 0
    while batch := list(AuditEntry.select().where(AuditEntry.id > last_id).order_by(AuditEntry.id).limit(_VERIFY_BATCH)):
        for entry in batch:
            expected = seal.chain_hash(previous, _content(entry))
            if entry.previous_hash != previous or entry.hash != expected:
                return ChainVerdict(count, previous, entry.id)
            previous, last_id, count = entry.hash, entry.id, count + 1
    return ChainVerdict(count, previous, None)


def _content(entry: AuditEntry) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "actor_id": entry.actor_id,
        "actor": entry.actor,
        "face": entry.face,
        "action": entry.action,
        "thing": entry.thing,
        "thing_id": entry.thing_id,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
    }
