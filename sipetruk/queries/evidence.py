"""The files of a nomination, and where else the same bytes lie."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.models import Blob, Evidence, Nomination
from sipetruk.queries import visible
from sipetruk.rules.permissions import Actor


@dataclass(frozen=True)
class EvidenceView:
    """A file of a nomination.

    `also_for` are the other requirements of it under which the same bytes are attached, `also_in` the numbers of the other
    nominations of the same unit that hold them.
    """

    id: int
    requirement: str
    filename: str
    media_type: str
    size: int
    uploaded_at: datetime
    also_for: tuple[str, ...]
    sha256: str = ""
    also_in: tuple[str, ...] = ()


def evidence(actor: Actor, nomination: Any) -> tuple[EvidenceView, ...]:
    """The files of a nomination in a fixed order (2 statements)."""
    rows = list(
        Evidence.select(Evidence, Blob).join(Blob).where(Evidence.nomination == nomination.id).order_by(Evidence.requirement, Evidence.id)
    )
    elsewhere = _elsewhere(actor, nomination, {row.blob_id for row in rows})
    return tuple(
        EvidenceView(
            e.id,
            e.requirement,
            e.filename,
            e.blob.media_type,
            e.blob.size,
            e.uploaded_at,
            tuple(other.requirement for other in rows if other.blob_id == e.blob_id and other.id != e.id),
            e.blob_id,
            tuple(elsewhere[e.blob_id]),
        )
        for e in rows
    )


def _elsewhere(actor: Actor, nomination: Any, hashes: set[str]) -> dict[str, list[str]]:
    """Numbers of the other nominations of the unit, as far as the actor sees them, that hold these bytes."""
    found: dict[str, list[str]] = defaultdict(list)
    seen = visible.nominations(actor).select(Nomination.id).where(Nomination.work_unit == nomination.work_unit_id)
    query = (
        Evidence.select(Evidence.blob, Nomination.number)
        .join(Nomination)
        .where(Evidence.blob.in_(sorted(hashes)), Evidence.nomination != nomination.id, Evidence.nomination.in_(seen))
        .distinct()
        .order_by(Nomination.number)
    )
    for sha256, number in query.tuples():
        found[sha256].append(number)
    return found
