"""The one door of the audit trail: every change adds an entry, chained to the one before it by its hash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.models import AuditEntry, ChainHead, statements
from sipetruk.models.base import database
from sipetruk.models.statements import Remembered
from sipetruk.rules import seal
from sipetruk.rules.permissions import Action, Actor
from sipetruk.services import clock

GENESIS = "0" * 64
_CHAIN_LOCK = 815002
_VERIFY_BATCH = 2_000
_SEALED = ("actor_id", "actor", "face", "action", "thing", "thing_id", "before", "after", "reason")
_LAST = Remembered(lambda: AuditEntry.select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1).tuples(), places=0)


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
    previous = (_LAST.first() or [GENESIS])[0]
    entry = {
        "at": clock.now(),
        "actor_id": actor.user_id,
        "actor": actor.username,
        "face": actor.face,
        "action": str(action),
        "thing": thing,
        "thing_id": str(thing_id),
        "before": before,
        "after": after,
        "reason": reason,
    }
    sealed = {"previous_hash": previous, "hash": seal.chain_hash(previous, _content(entry))}
    statements.insert_many(AuditEntry, [entry | sealed])


@dataclass(frozen=True)
class ChainVerdict:
    """`broken_at` is the id of the first entry that does not fit, `unfitting` the day of the first published head that does
    not; None when the chain holds and agrees with all `heads` that were published.
    """

    entries: int
    head: str
    broken_at: int | None
    heads: int = 0
    unfitting: date | None = None

    @property
    def holds(self) -> bool:
        return self.broken_at is None and self.unfitting is None


@dataclass(frozen=True, order=True)
class KeptHead:
    """A published head as it is kept: here, or by somebody outside."""

    day: date
    entries: int
    head: str


def verify(told: Callable[[int], object] = lambda _count: None, kept: Iterable[KeptHead] = ()) -> ChainVerdict:
    """Recompute the chain from its first entry, and compare the heads that were published and those `kept` outside.

    `told` hears how far it is.
    """
    published = sorted({*kept, *(KeptHead(row.day, row.entries, row.head) for row in ChainHead.select())})
    hashes = {0: GENESIS}
    previous, last_id, count, broken_at = GENESIS, 0, 0, None
    wanted = {head.entries for head in published}
    while broken_at is None:
        batch = list(AuditEntry.select().where(AuditEntry.id > last_id).order_by(AuditEntry.id).limit(_VERIFY_BATCH))
        if not batch:
            break
        for entry in batch:
            if entry.previous_hash != previous or entry.hash != seal.chain_hash(previous, _content(entry.__data__)):
                broken_at = entry.id
                break
            previous, last_id, count = entry.hash, entry.id, count + 1
            if count in wanted:
                hashes[count] = previous
        told(count)
    unfitting = next((head.day for head in published if hashes.get(head.entries) != head.head), None)
    return ChainVerdict(count, previous, broken_at, len(published), unfitting)


def end_of_chain() -> tuple[int, str]:
    """How many entries there are, and the hash of the last; entries that are added meanwhile do not count."""
    last = AuditEntry.select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).first()
    return (0, GENESIS) if last is None else (AuditEntry.select().where(AuditEntry.id <= last.id).count(), str(last.hash))


def _content(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the hash of an entry seals, of its columns."""
    return {name: entry[name] for name in _SEALED} | {"at": entry["at"].isoformat()}
