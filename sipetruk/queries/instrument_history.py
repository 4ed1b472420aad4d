"""What happened to an instrument version: who changed what, when, through which face, with the differences in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import Invalid
from sipetruk.models import AuditEntry, InstrumentVersion, User
from sipetruk.queries import visible
from sipetruk.queries.audit import ENTRIES
from sipetruk.queries.paging import Page, PageRequest
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import RECORDED_LABELS, Action, Actor, require

THING = "instrument_version"


@dataclass(frozen=True)
class HistoryEntry:
    """One entry of the trail; `summary` says in a sentence what was done, `changes` what differed afterwards."""

    id: int
    at: datetime
    who: str
    face: str
    summary: str
    reason: str
    changes: tuple[rules.Change, ...]


def history(actor: Actor, version_id: int, page: PageRequest | None = None) -> Page[HistoryEntry]:
    """A page of what happened to a version, newest first (4 statements)."""
    require(actor, Action.AUDIT_READ)
    visible.get(visible.instrument_versions(actor), InstrumentVersion, version_id, "Versi instrumen")
    query = visible.audit_entries(actor).where(AuditEntry.thing == THING, AuditEntry.thing_id == str(version_id))
    found: Page[Any] = ENTRIES.select(query, page or PageRequest())
    people = {row.actor_id for row in found.rows if row.actor_id is not None}
    names = dict(User.select(User.id, User.name).where(User.id.in_(people or {0})).tuples())
    return found.of([_entry(row, names.get(row.actor_id, row.actor)) for row in found.rows])


def _entry(row: Any, who: str) -> HistoryEntry:
    changes = _changes(row.before, row.after)
    return HistoryEntry(row.id, row.at, who, row.face, _summary(row, changes), row.reason, changes)


def _summary(row: Any, changes: tuple[rules.Change, ...]) -> str:
    before, after = row.before, row.after
    if _is_tree(before) and after is None:
        return "Draf dibuang."
    if _is_tree(before) and _is_tree(after):
        return f"{len(changes)} perubahan." if changes else "Disimpan tanpa perubahan."
    label = RECORDED_LABELS.get(row.action, row.action)
    told = _step(before, after) if isinstance(after, Mapping) else ""
    return told or f"{label[:1].upper()}{label[1:]}."


def _step(before: Any, after: Mapping[str, Any]) -> str:
    """What was done to a version as a whole; empty for a step that this page does not know."""
    if "examples" in after and "components" not in after:
        return _examples_summary(before, after)
    if "sha256" in after and "number" in after:
        return f"Dikunci sebagai versi {after['number']}, sidik {after['sha256'][:12]}…"
    if after.get("state") == "retired":
        return "Dinyatakan tidak dipakai lagi."
    if "instrument" in after and "number" in after:
        origin = f" sebagai salinan versi {after['from_number']}" if after.get("from_number") else ""
        return f"Draf versi {after['number']} dibuat{origin}."
    return ""


def _examples_summary(before: Any, after: Mapping[str, Any]) -> str:
    old, new = ([each["name"] for each in (document or {}).get("examples", ())] for document in (before, after))
    told = [("ditambahkan", [name for name in new if name not in old]), ("dihapus", [name for name in old if name not in new])]
    parts = [f"{verb}: {', '.join(names)}" for verb, names in told if names]
    return f"Contoh {'; '.join(parts) or 'diubah'}."


def _changes(before: Any, after: Any) -> tuple[rules.Change, ...]:
    """The differences of two trees; a document of an earlier format is left untold."""
    if not (_is_tree(before) and _is_tree(after)):
        return ()
    try:
        return tuple(rules.diff(rules.parse(before), rules.parse(after)))
    except Invalid:
        return ()


def _is_tree(document: Any) -> bool:
    return isinstance(document, Mapping) and "components" in document
