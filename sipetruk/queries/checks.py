"""What a verifier works through: the nominations that wait, in order, and the evidence of one beside what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sipetruk.models import Category, Nomination, Period
from sipetruk.models.nominations import VERDICTS
from sipetruk.queries import visible
from sipetruk.queries.evidence import EvidenceView
from sipetruk.queries.nominations import NominationView
from sipetruk.queries.returns import ReturnItemView
from sipetruk.rules import form
from sipetruk.rules.permissions import Actor
from sipetruk.rules.workflow import CORRECTABLE_IN, NominationState


@dataclass(frozen=True)
class Place:
    """Where a nomination stands among those that wait; `at` is None when it does not wait."""

    at: int | None
    waiting: int
    previous_id: int | None
    next_id: int | None


@dataclass(frozen=True)
class RequirementView:
    """One evidence requirement with the files for it and the verdict, if there is one."""

    code: str
    label: str
    help: str
    is_required: bool
    source: str
    files: tuple[EvidenceView, ...]
    verdict: str
    verdict_label: str
    note: str
    by_name: str
    at: datetime | None
    returned: ReturnItemView | None = None
    """What the last return said of it, and what the unit has answered."""


def place_in_queue(actor: Actor, nomination_id: int) -> Place:
    """The neighbours of a nomination among all that wait for the check, the longest waiting first (1 statement)."""
    query = (
        visible.nominations(actor)
        .select(Nomination.id)
        .join(Category)
        .join(Period)
        .where(Nomination.state == NominationState.SUBMITTED, Period.state.in_(list(CORRECTABLE_IN)))
        .order_by(Nomination.submitted_at, Nomination.id)
    )
    ids = [id_ for (id_,) in query.tuples()]
    if nomination_id not in ids:
        return Place(None, len(ids), None, ids[0] if ids else None)
    at = ids.index(nomination_id)
    return Place(at + 1, len(ids), ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None)


def requirements(view: NominationView) -> tuple[RequirementView, ...]:
    """What the instrument asks for given the answers, in its order: evidence, then the questions that ask for files."""
    found = {item.requirement: item for item in view.check_items}
    last = view.returns[-1] if view.returns else None
    views = []
    for wanted in form.requirements(view.definition, view.answers):
        item = found.get(wanted.code)
        views.append(
            RequirementView(
                wanted.code,
                wanted.label,
                wanted.help,
                wanted.required,
                wanted.source,
                _files(view.evidence, wanted.code),
                item.verdict if item else "",
                VERDICTS[item.verdict] if item else "",
                item.note if item else "",
                item.by_name if item else "",
                item.at if item else None,
                last.item(wanted.code) if last else None,
            )
        )
    return tuple(views)


def _files(evidence: Iterable[EvidenceView], code: str) -> tuple[EvidenceView, ...]:
    return tuple(file for file in evidence if file.requirement == code)
