"""The head's signature: what was signed, as a hash that anybody can compute again, and every signature of a nomination."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.models import Endorsement, Evidence, ReturnItem, Review, User
from sipetruk.models.statements import Remembered
from sipetruk.rules import seal

Files = Sequence[tuple[str, str]]
"""Requirement and hash of each file of a nomination."""


@dataclass(frozen=True)
class EndorsementView:
    """A signature; `is_intact` says whether the content of today still has the hash that was signed."""

    by_name: str
    at: datetime
    note: str
    values: Mapping[str, Any]
    content_sha256: str
    is_intact: bool
    voided_at: datetime | None
    void_reason: str


def files_of(nomination_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """The files of nominations in a fixed order (1 statement)."""
    query = Evidence.select(Evidence.nomination, Evidence.requirement, Evidence.blob).where(Evidence.nomination.in_(nomination_ids))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for nomination_id, requirement, sha256 in query.order_by(Evidence.requirement, Evidence.blob).tuples():
        found[nomination_id].append((requirement, sha256))
    return found


def files(nomination_id: int) -> list[tuple[str, str]]:
    """The files of one nomination in the same order (1 statement)."""
    return [(requirement, sha256) for requirement, sha256 in _FILES.all(nomination_id)]


def content(nomination: Any, files: Files) -> dict[str, Any]:
    """What a unit hands in: the nominee, the answers and every evidence file."""
    return {
        "nomination": nomination.number,
        "employee": nomination.employee_id,
        "answers": nomination.answers,
        "evidence": [list(pair) for pair in sorted(files)],
    }


def content_sha256(nomination: Any, files: Files) -> str:
    return seal.sha256(content(nomination, files))


def signed_sha256(nomination: Any, files: Files, values: Mapping[str, Any]) -> str:
    """The hash of all that a head signs: the content, the head's own values, and the replies to a return (1 statement).

    What was never submitted was never returned (none).
    """
    replies = {} if nomination.submitted_at is None else _replies(nomination.id)
    return seal.sha256(content(nomination, files) | {"values": dict(values), "replies": replies})


def endorsements(nomination: Any, files: Files) -> tuple[EndorsementView, ...]:
    """Every signature of a nomination, the oldest first (2 statements)."""
    rows: Iterable[Any] = (
        Endorsement.select(Endorsement, User).join(User).where(Endorsement.nomination == nomination.id).order_by(Endorsement.id)
    )
    replies = _replies(nomination.id)
    signed = content(nomination, files) | {"replies": replies}
    return tuple(
        EndorsementView(
            row.endorsed_by.name,
            row.endorsed_at,
            row.note,
            row.values,
            row.content_sha256,
            seal.sha256(signed | {"values": row.values}) == row.content_sha256,
            row.voided_at,
            row.void_reason,
        )
        for row in rows
    )


def _replies(nomination_id: int) -> dict[str, dict[str, str]]:
    """The replies to every return, by its number and the requirement."""
    found: dict[str, dict[str, str]] = {}
    for review_id, requirement, reply in _REPLIES.all(nomination_id):
        found.setdefault(str(review_id), {})[requirement] = reply
    return found


_FILES = Remembered(
    lambda id_: (
        Evidence.select(Evidence.requirement, Evidence.blob)
        .where(Evidence.nomination == id_)
        .order_by(Evidence.requirement, Evidence.blob)
        .tuples()
    ),
    places=1,
)
_REPLIES = Remembered(
    lambda id_: (
        ReturnItem.select(ReturnItem.review, ReturnItem.requirement, ReturnItem.reply)
        .join(Review)
        .where(Review.nomination == id_, ReturnItem.reply != "")
        .tuples()
    ),
    places=1,
)
