"""What a verifier works through: the nominations that wait, in order, and the evidence of one beside what was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import peewee as pw

from sipetruk.errors import Problem
from sipetruk.models import CheckItem, Nomination, Period, Review, StageWindow
from sipetruk.models.nominations import VERDICTS
from sipetruk.queries import facts, nominations, paging
from sipetruk.queries.evidence import EvidenceView
from sipetruk.queries.nominations import CheckItemView, NominationRow, NominationView
from sipetruk.queries.returns import ReturnItemView
from sipetruk.rules import accepting, eligibility, form
from sipetruk.rules.permissions import Actor
from sipetruk.rules.workflow import CORRECTABLE_IN, NominationMove, NominationState, PeriodState, Stage

DUE = {"lewat": "Sudah lewat", "besok": "Hari ini atau besok", "minggu": "Tujuh hari ke depan"}
TAKEN = {"saya": "Sudah saya periksa", "orang": "Diperiksa verifikator lain", "belum": "Belum ada yang memeriksa"}
ELIGIBILITY = {"passed": "Terpenuhi", "failed": "Ada yang tidak terpenuhi", "unknown": "Ada yang belum diketahui"}


@dataclass(frozen=True)
class QueueFilters:
    """What a verifier looks for; nothing given means all. `due` is a key of DUE, `taken` of TAKEN, `eligible` of ELIGIBILITY."""

    state: NominationState | None = NominationState.SUBMITTED
    period_id: int | None = None
    category_id: int | None = None
    unit_id: int | None = None
    search: str = ""
    due: str = ""
    taken: str = ""
    eligible: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.state is NominationState.SUBMITTED


WAITING = QueueFilters()


@dataclass(frozen=True)
class Place:
    """Where a nomination stands in a queue; `at` is None when it is not in it. Its neighbours are known all the same."""

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
    past: tuple[tuple[datetime, CheckItemView], ...] = ()
    """The verdicts of earlier decisions, each with the moment of the decision, the oldest first."""


def queue(
    actor: Actor, filters: QueueFilters, *, now: datetime, today: date, page: paging.PageRequest | None = None
) -> paging.Page[NominationRow]:
    """A page of the nominations that match, those that wait in the order in which they were handed in."""
    return nominations.nominations(
        actor, now=now, page=page, longest_waiting_first=filters.is_waiting, **_asked(actor, filters, today=today)
    )


def place_in_queue(actor: Actor, nomination_id: int, filters: QueueFilters = WAITING, *, today: date) -> Place:
    """The neighbours of a nomination among all that match, in the order of the queue (1 statement, 9 with `eligible`)."""
    key = Nomination.submitted_at if filters.is_waiting else Nomination.updated_at
    query = nominations.matching(actor, **_asked(actor, filters, today=today)).select(key, Nomination.id)
    if filters.is_waiting:
        query = query.where(Nomination.submitted_at.is_null(is_null=False), Period.state.in_(list(CORRECTABLE_IN)))
    keys = sorted(query.tuples())
    own = next((each for each in keys if each[1] == nomination_id), None)
    if own is None:
        own = Nomination.select(key, Nomination.id).where(Nomination.id == nomination_id).tuples().first()
    if own is None or own[0] is None:
        return Place(None, len(keys), None, keys[0][1] if keys else None)
    before, after = keys[: bisect_left(keys, own)], keys[bisect_right(keys, own) :]
    if not filters.is_waiting:
        before, after = after[::-1], before[::-1]
    is_in = len(before) + len(after) < len(keys)
    return Place(len(before) + 1 if is_in else None, len(keys), before[-1][1] if before else None, after[0][1] if after else None)


def requirements(view: NominationView) -> tuple[RequirementView, ...]:
    """What the instrument asks for given the answers, in its order: evidence, then the questions that ask for files."""
    found = {item.requirement: item for item in view.check_items}
    last = view.returns[-1] if view.returns else None
    past: dict[str, list[tuple[datetime, CheckItemView]]] = defaultdict(list)
    for review in view.reviews:
        for then in review.items:
            past[then.requirement].append((review.at, then))
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
                tuple(past[wanted.code]),
            )
        )
    return tuple(views)


def obstacles(view: NominationView, move: NominationMove) -> Sequence[Problem]:
    """What would be refused if the decision were made now, before anybody has made it."""
    return accepting.obstacles(
        move,
        state=view.state,
        period=view.period_state,
        wanted=form.requirements(view.definition, view.answers),
        verdicts={item.requirement: item.verdict for item in view.check_items},
    )


# What stands in the way of accepting ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Readiness:
    """One of the chosen nominations: what forbids accepting it, and what a verifier should know before accepting all the same."""

    row: NominationRow
    forbids: tuple[str, ...]
    warns: tuple[str, ...]

    @property
    def is_acceptable(self) -> bool:
        return not self.forbids


def readiness(actor: Actor, ids: Sequence[int], *, now: datetime, today: date) -> tuple[Readiness, ...]:
    """The chosen nominations that the actor may see, in the order given, each with its open points (a fixed number of
    statements for each category among them).
    """
    page = paging.PageRequest(size=max(1, len(ids)))
    rows = {row.id: row for row in nominations.nominations(actor, now=now, where=[Nomination.id.in_(list(ids))], page=page).rows}
    verdicts: dict[int, dict[str, str]] = defaultdict(dict)
    items = CheckItem.select(CheckItem.nomination, CheckItem.requirement, CheckItem.verdict).where(CheckItem.nomination.in_(list(rows)))
    for id_, code, verdict in items.tuples():
        verdicts[id_][code] = verdict
    found = {each.id: each for each in nominations.matching(actor, where=[Nomination.id.in_(list(rows))])}
    outcomes = _outcomes(found.values(), today)
    return tuple(
        _readiness(rows[id_], found[id_], verdicts[id_], outcomes[id_]) for id_ in dict.fromkeys(ids) if id_ in rows and id_ in found
    )


def _readiness(row: NominationRow, nomination: Any, verdicts: Mapping[str, str], outcomes: Iterable[eligibility.Outcome]) -> Readiness:
    definition = nominations.definition_of(nomination.category.instrument_version)
    wanted, period = form.requirements(definition, nomination.answers), PeriodState(nomination.category.period.state)
    forbids = accepting.obstacles(NominationMove.ACCEPT, state=row.state, period=period, wanted=wanted, verdicts=verdicts)
    unchecked = [item.label for item in wanted if not item.required and item.code not in verdicts]
    warns = [f"Bukti “{label}” (boleh tidak ada) belum diperiksa." for label in unchecked]
    warns += [outcome.message for outcome in outcomes if outcome.status != eligibility.PASSED]
    return Readiness(row, tuple(problem.message for problem in forbids), tuple(warns))


# Filters ----------------------------------------------------------------------------------------------------------------


def _asked(actor: Actor, filters: QueueFilters, *, today: date) -> dict[str, Any]:
    """The filters as `queries.nominations` takes them."""
    asked: dict[str, Any] = {
        "category_id": filters.category_id,
        "period_id": filters.period_id,
        "unit_id": filters.unit_id,
        "states": [filters.state] if filters.state else (),
        "search": filters.search,
    }
    where = [*_due(filters.due, today), *_taken(filters.taken, actor)]
    if filters.eligible:
        wanted = replace(filters, eligible="")
        candidates = list(nominations.matching(actor, **_asked(actor, wanted, today=today)))
        fitting = [id_ for id_, outcomes in _outcomes(candidates, today).items() if _overall(outcomes) == filters.eligible]
        where.append(Nomination.id.in_(fitting) if fitting else pw.SQL("1 = 0"))
    return asked | {"where": where}


def _due(wanted: str, today: date) -> list[Any]:
    """By the day until which something has to happen: the unit's correction, or else the end of the check."""
    window = StageWindow.select(StageWindow.closes_on).where(StageWindow.period == Period.id, StageWindow.stage == Stage.VERIFICATION.value)
    due = pw.fn.COALESCE(Nomination.due_on, window)
    match wanted:
        case "lewat":
            return [due < today]
        case "besok":
            return [due >= today, due <= today + timedelta(days=1)]
        case "minggu":
            return [due >= today, due <= today + timedelta(days=7)]
    return []


def _taken(wanted: str, actor: Actor) -> list[Any]:
    """By who has said anything of its evidence or decided about it."""
    items, reviews = CheckItem.select(CheckItem.nomination), Review.select(Review.nomination)
    own = Nomination.id.in_(items.where(CheckItem.checked_by == actor.user_id)) | Nomination.id.in_(
        reviews.where(Review.decided_by == actor.user_id)
    )
    anybody = Nomination.id.in_(items) | Nomination.id.in_(reviews)
    return {"saya": [own], "orang": [anybody, ~own], "belum": [~anybody]}.get(wanted, [])


def _outcomes(found: Iterable[Any], today: date) -> dict[int, list[eligibility.Outcome]]:
    """What the rules of its category say of each nominee today (8 statements for each category)."""
    by_category: dict[int, list[Any]] = defaultdict(list)
    for each in found:
        by_category[each.category_id].append(each)
    outcomes = {}
    for group in by_category.values():
        category = group[0].category
        rules = eligibility.parse_rules(category.eligibility)
        known = facts.facts_of([each.employee for each in group], category)
        for each in group:
            outcomes[each.id] = eligibility.check(rules, known[each.employee_id], today)
    return outcomes


def _overall(outcomes: Iterable[eligibility.Outcome]) -> str:
    """Failed where any rule failed, else unknown where any is unknown: also those that only warn are worth a look."""
    found = {outcome.status for outcome in outcomes}
    return next((status for status in (eligibility.FAILED, eligibility.UNKNOWN) if status in found), eligibility.PASSED)


def _files(evidence: Iterable[EvidenceView], code: str) -> tuple[EvidenceView, ...]:
    return tuple(file for file in evidence if file.requirement == code)
