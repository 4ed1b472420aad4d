"""The returns of a nomination: what the verifier said point by point, and what the unit replied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.models import ReturnItem, Review, User
from sipetruk.queries import endorsements
from sipetruk.queries.endorsements import Files
from sipetruk.rules import returning
from sipetruk.rules.definition import Definition

REASON_LABEL = "Alasan pengembalian"


@dataclass(frozen=True)
class ReturnItemView:
    """One point; `requirement` is empty for the reason itself. `is_renewed`: a new file, or a changed content, since then."""

    requirement: str
    label: str
    verdict: str
    note: str
    reply: str
    replied_by: str
    replied_at: datetime | None
    is_renewed: bool
    is_answered: bool


@dataclass(frozen=True)
class ReturnView:
    """One return: by whom, until when, and its points. `is_open` while the unit still works on it."""

    review_id: int
    at: datetime
    by_name: str
    reason: str
    due_on: date | None
    items: tuple[ReturnItemView, ...]
    is_open: bool

    def item(self, requirement: str) -> ReturnItemView | None:
        return next((each for each in self.items if each.requirement == requirement), None)


def returns(nomination: Any, definition: Definition, files: Files) -> tuple[ReturnView, ...]:
    """Every return of a nomination, the oldest first (2 statements)."""
    reviews = list(
        Review.select(Review, User).join(User).where(Review.nomination == nomination.id, Review.decision == "returned").order_by(Review.id)
    )
    rows = (
        ReturnItem.select(ReturnItem, User)
        .join(User, pw.JOIN.LEFT_OUTER)
        .where(ReturnItem.review.in_([review.id for review in reviews]))
        .order_by(ReturnItem.requirement)
    )
    items: dict[int, list[ReturnItemView]] = defaultdict(list)
    for row in rows:
        items[row.review_id].append(_view(row, nomination, definition, files))
    return tuple(
        ReturnView(
            review.id,
            review.decided_at,
            review.decided_by.name,
            review.reason,
            review.due_on,
            tuple(items[review.id]),
            nomination.state == "returned" and review is reviews[-1],
        )
        for review in reviews
    )


def open_points(
    nominations: Sequence[Any], definitions: Mapping[int, Definition], files: Mapping[int, Files]
) -> dict[int, list[returning.Point]]:
    """What the units of returned nominations have to answer, by nomination (1 statement, none when nothing is returned)."""
    returned = {each.id: each for each in nominations if each.state == "returned"}
    if not returned:
        return {}
    latest = (
        Review.select(pw.fn.MAX(Review.id))
        .where(Review.nomination.in_(list(returned)), Review.decision == "returned")
        .group_by(Review.nomination)
    )
    rows = ReturnItem.select(ReturnItem, Review.nomination).join(Review).where(Review.id.in_(latest)).order_by(ReturnItem.requirement)
    points: dict[int, list[returning.Point]] = defaultdict(list)
    for row in rows:
        of = returned[row.review.nomination_id]
        label = _label(definitions[of.id], row.requirement)
        points[of.id].append(returning.Point(row.requirement, label, row.reply, _is_renewed(row, of, files.get(of.id, ()))))
    return points


def what_lies_there(nomination: Any, files: Files, requirement: str) -> list[str]:
    """The hashes that a point compares: of the files of its requirement, or of the whole content for the reason."""
    if requirement == returning.REASON:
        return [endorsements.content_sha256(nomination, files)]
    return [sha256 for code, sha256 in files if code == requirement]


def _view(row: Any, nomination: Any, definition: Definition, files: Files) -> ReturnItemView:
    renewed = _is_renewed(row, nomination, files)
    return ReturnItemView(
        row.requirement,
        _label(definition, row.requirement),
        row.verdict,
        row.note,
        row.reply,
        row.replied_by.name if row.replied_by_id else "",
        row.replied_at,
        renewed,
        returning.Point(row.requirement, "", row.reply, renewed).is_answered,
    )


def _is_renewed(row: Any, nomination: Any, files: Files) -> bool:
    return returning.is_renewed(row.seen, what_lies_there(nomination, files, row.requirement))


def _label(definition: Definition, requirement: str) -> str:
    if requirement == returning.REASON:
        return REASON_LABEL
    return next((each.label for each in definition.requirements if each.code == requirement), requirement)
