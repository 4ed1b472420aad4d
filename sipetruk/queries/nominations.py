"""Nominations as lists and as one page: form, answers, evidence, endorsement, check, and what may be done next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from sipetruk.errors import IllegalMove, Problem
from sipetruk.models import (
    Category,
    CheckItem,
    Employee,
    Endorsement,
    InstrumentVersion,
    Nomination,
    Period,
    Review,
    Sheet,
    User,
    WorkUnit,
)
from sipetruk.models.statements import Remembered
from sipetruk.queries import evidence as evidence_queries
from sipetruk.queries import facts, journeys, paging, people, returns, untold, visible
from sipetruk.queries.conditions import words_in
from sipetruk.queries.endorsements import EndorsementView, Files, endorsements, files_of
from sipetruk.queries.evidence import EvidenceView
from sipetruk.queries.journeys import JourneyStep
from sipetruk.queries.listing import Listing, Sort, choice, day, integer, moment, reference, text
from sipetruk.queries.periods import windows_of
from sipetruk.queries.returns import ReturnView
from sipetruk.rules import eligibility, form, returning
from sipetruk.rules import instrument as instrument_rules
from sipetruk.rules.journey import Step
from sipetruk.rules.permissions import Action, Actor, Subject, can
from sipetruk.rules.workflow import (
    CORRECTABLE_IN,
    NOMINATION_LABELS,
    NOMINATION_TABLE,
    NominationMove,
    NominationState,
    PeriodState,
    Stage,
    Window,
    require_editable,
    too_late,
)


@dataclass(frozen=True)
class NominationRow:
    """A nomination in a list. `moves` names what this actor may do now: edit, hand_over, endorse, send_back, submit, withdraw,
    check.
    """

    id: int
    number: str
    state: NominationState
    label: str
    category_id: int
    category_name: str
    period_id: int
    period_name: str
    year: int
    employee_name: str
    nip: str
    position: str
    unit_id: int
    unit_code: str
    unit_name: str
    due_on: date | None
    closes_on: date | None
    created_at: datetime
    updated_at: datetime
    handed_over_at: datetime | None
    submitted_at: datetime | None
    missing_count: int
    too_late: str
    moves: tuple[str, ...]
    row_version: int
    purged_at: datetime | None = None


@dataclass(frozen=True)
class SentBackView:
    """The head gave the nomination back to who drafted it, with a note."""

    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class CheckItemView:
    requirement: str
    verdict: str
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class ReviewView:
    """A decision of the check, with the verdicts on which it was made."""

    decision: str
    reason: str
    due_on: date | None
    by_name: str
    at: datetime
    items: tuple[CheckItemView, ...] = ()


class NominationView:
    """Everything that the page of a nomination shows; each part is read when it is first asked for."""

    def __init__(self, actor: Actor, found: Any, now: datetime, today: date) -> None:
        self._actor, self._found, self._now, self._today = actor, found, now, today
        self.id: int = found.id
        self.number: str = found.number
        self.row_version: int = found.row_version
        self.answers: Mapping[str, Any] = found.answers
        self.due_on: date | None = found.due_on
        self.created_at: datetime = found.created_at
        self.updated_at: datetime = found.updated_at
        self.handed_over_at: datetime | None = found.handed_over_at
        self.submitted_at: datetime | None = found.submitted_at
        self.purged_at: datetime | None = found.purged_at

    @cached_property
    def state(self) -> NominationState:
        """The state as far as the actor is told."""
        return untold.told_state(self._actor, self._found)

    @property
    def period_state(self) -> PeriodState:
        return PeriodState(self._found.category.period.state)

    @cached_property
    def row(self) -> NominationRow:
        return _rows(self._actor, [self._found], self._now)[0]

    @cached_property
    def definition(self) -> instrument_rules.Definition:
        return definition_of(self._found.category.instrument_version)

    @cached_property
    def fields(self) -> tuple[form.Input, ...]:
        return form.fields(self.definition)

    @cached_property
    def head_fields(self) -> tuple[form.Input, ...]:
        return form.head_fields(self.definition)

    @cached_property
    def person(self) -> Mapping[str, Any]:
        """The copy made at submission or, before that, the records of today."""
        return self._found.person or facts.person_snapshot(self._found.employee)

    @cached_property
    def evidence(self) -> tuple[EvidenceView, ...]:
        return evidence_queries.evidence(self._actor, self._found)

    @property
    def endorsement(self) -> EndorsementView | None:
        """The signature that stands."""
        return next((each for each in self.endorsements if each.voided_at is None), None)

    @cached_property
    def endorsements(self) -> tuple[EndorsementView, ...]:
        return endorsements(self._found, self._files)

    @cached_property
    def returns(self) -> tuple[ReturnView, ...]:
        return returns.returns(self._found, self.definition, self._files)

    @cached_property
    def journey(self) -> tuple[JourneyStep, ...]:
        return journeys.steps(self.id, self.endorsements)

    @property
    def sent_back(self) -> SentBackView | None:
        """The last act of the head, when it was to send back."""
        last = next((each for each in reversed(self.journey) if each.step in {Step.ENDORSED, Step.SENT_BACK}), None)
        return SentBackView(last.note, last.by_name, last.at) if last and last.step is Step.SENT_BACK else None

    @cached_property
    def reviews(self) -> tuple[ReviewView, ...]:
        return _reviews(self.id)

    @cached_property
    def check_items(self) -> tuple[CheckItemView, ...]:
        return _check_items(self.id)

    @cached_property
    def eligibility(self) -> tuple[eligibility.Outcome, ...]:
        if self.purged_at:
            return ()
        known = facts.facts_of([self._found.employee], self._found.category)[self._found.employee_id]
        return tuple(eligibility.check(eligibility.parse_rules(self._found.category.eligibility), known, self._today))

    @cached_property
    def missing(self) -> tuple[Problem, ...]:
        return () if self.purged_at else tuple(_missing(self._found, self.definition, self._files, _open_points(self.returns)))

    @cached_property
    def first_stage(self) -> tuple[int, str] | None:
        """Id and number of the nomination that brought the nominee into this interview; None for every other nomination."""
        category = self._found.category
        if category.first_stage_id is None:
            return None
        same = (Nomination.category == category.first_stage_id) & (Nomination.employee == self._found.employee_id)
        found: tuple[int, str] = Nomination.select(Nomination.id, Nomination.number).where(same).tuples().get()
        return found

    @property
    def _files(self) -> Files:
        return [(file.requirement, file.sha256) for file in self.evidence]


@dataclass(frozen=True)
class EmployeeChoice:
    """An employee of the own unit with the outcome of the category's rules."""

    id: int
    full_name: str
    nip: str
    position: str
    unit_code: str
    unit_name: str
    outcomes: tuple[eligibility.Outcome, ...]
    is_nominated: bool
    can_be_nominated: bool


_ID = integer("Nomor.", "id", Nomination.id)
_SUBMITTED_AT = moment("Saat diajukan.", "submitted_at", Nomination.submitted_at, is_nullable=True)
_UPDATED_AT = moment("Perubahan terakhir.", "updated_at", Nomination.updated_at)
NOMINATIONS = Listing(
    "Nomination",
    {
        "number": text("Nomor usulan.", "number", Nomination.number),
        "state": choice("Status.", "state", NominationState, Nomination.state, is_sortable=False),
        "category": reference("Kategori.", "category_id", "Category", Nomination.category),
        "period": reference("Periode.", "category.period_id", "Period", Category.period),
        "year": integer("Tahun periode.", "category.period.year", Period.year),
        "unit": reference("Unit kerja pengusul.", "work_unit_id", "WorkUnit", Nomination.work_unit),
        "unit_code": text("Kode unit kerja pengusul.", "work_unit.code", WorkUnit.code),
        "due_on": day("Batas perbaikan (WITA).", "due_on", Nomination.due_on, is_nullable=True),
        "submitted_at": _SUBMITTED_AT,
        "updated_at": _UPDATED_AT,
    },
    (Sort(_UPDATED_AT, is_descending=True), Sort(_ID, is_descending=True)),
)
"""What may be asked of lists of nominations; who is not told a result neither finds nor sorts by it."""
WAITING = NOMINATIONS.in_order("waiting", Sort(_SUBMITTED_AT), Sort(_ID))


def nominations(
    actor: Actor,
    *,
    now: datetime,
    page: paging.PageRequest | None = None,
    category_id: int | None = None,
    period_id: int | None = None,
    states: Sequence[NominationState] = (),
    unit_id: int | None = None,
    search: str = "",
    longest_waiting_first: bool = False,
    where: Sequence[Any] = (),
) -> paging.Page[NominationRow]:
    """A page of the nominations that the actor may see, the latest changed first (constant number of statements).

    With `longest_waiting_first` only those that were handed in, in the order in which they were. `where` are further
    conditions on nomination, category, period, employee and unit.
    """
    query = matching(actor, category_id=category_id, period_id=period_id, states=states, unit_id=unit_id, search=search, where=where)
    if longest_waiting_first:
        query = query.where(Nomination.submitted_at.is_null(is_null=False))
    listing = WAITING if longest_waiting_first else NOMINATIONS
    columns = {"state": untold.state_column(actor)}
    found: paging.Page[Any] = listing.select(query, page or paging.PageRequest(), columns=columns)
    return found.of(_rows(actor, found.rows, now))


def matching(
    actor: Actor,
    *,
    category_id: int | None = None,
    period_id: int | None = None,
    states: Sequence[NominationState] = (),
    unit_id: int | None = None,
    search: str = "",
    where: Sequence[Any] = (),
) -> Any:
    """The query of the nominations that the actor may see and that match, with category, period, employee and unit."""
    query = _joined(visible.nominations(actor))
    if category_id is not None:
        query = query.where(Nomination.category == category_id)
    if period_id is not None:
        query = query.where(Category.period == period_id)
    if states:
        query = query.where(untold.in_states(actor, states))
    if unit_id is not None:
        query = query.where(Nomination.work_unit == unit_id)
    for condition in (*words_in((Employee.name, Nomination.number, WorkUnit.name), search), *where):
        query = query.where(condition)
    return query


def numbers(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """What those of these nominations are called that the actor may see, by id (1 statement)."""
    query = visible.nominations(actor).select(Nomination.id, Nomination.number).where(Nomination.id.in_(list(ids)))
    return dict(query.tuples())


def nomination(actor: Actor, nomination_id: int, *, now: datetime, today: date) -> NominationView:
    """One nomination, or `NotFound` when it is not there or not the actor's to see."""
    found = _ONE.first(actor, nomination_id) if visible.is_id(nomination_id) else None
    return NominationView(actor, visible.there(found, "Usulan"), now, today)


def eligible_employees(
    actor: Actor, category_id: int, *, today: date, search: str = "", page: paging.PageRequest | None = None
) -> paging.Page[EmployeeChoice]:
    """Employees whom the actor may nominate in a category, by name, each with the outcome of its rules."""
    category = visible.get(visible.categories(actor).select(Category, Period).join(Period), Category, category_id, "Kategori")
    query = visible.employees(actor, Action.NOMINATION_DRAFT).select(Employee, WorkUnit).join(WorkUnit)
    found: paging.Page[Any] = people.CHOICES.select(people.search_employees(query, search), page or paging.PageRequest())
    rules = eligibility.parse_rules(category.eligibility)
    known = facts.facts_of(found.rows, category)
    nominated = {
        employee_id
        for (employee_id,) in Nomination.select(Nomination.employee)
        .where(Nomination.category == category_id, Nomination.employee.in_([e.id for e in found.rows]))
        .tuples()
    }
    choices = []
    for employee in found.rows:
        outcomes = tuple(eligibility.check(rules, known[employee.id], today))
        blocked = any(outcome.blocks for outcome in outcomes)
        choices.append(
            EmployeeChoice(
                employee.id,
                employee.full_name,
                employee.nip,
                employee.position,
                employee.work_unit.code,
                employee.work_unit.name,
                outcomes,
                employee.id in nominated,
                not blocked and employee.id not in nominated,
            )
        )
    return found.of(choices)


def definition_of(version: Any) -> instrument_rules.Definition:
    """The parsed definition of a version; a locked one is parsed once per process, and its row needs no more than state and hash."""
    if version.state == "draft":
        return instrument_rules.parse(version.definition or InstrumentVersion.get_by_id(version.id).definition)
    return _locked_definition(version.id, version.sha256)


@lru_cache(maxsize=64)
def _locked_definition(version_id: int, sha256: str) -> instrument_rules.Definition:
    found = InstrumentVersion.get(InstrumentVersion.id == version_id, InstrumentVersion.sha256 == sha256)
    return instrument_rules.parse(found.definition)


def _joined(query: Any) -> Any:
    return (
        query.select(
            Nomination, Category, Period, InstrumentVersion.id, InstrumentVersion.state, InstrumentVersion.sha256, Employee, WorkUnit
        )
        .join_from(Nomination, Category)
        .join_from(Category, Period)
        .join_from(Category, InstrumentVersion)
        .join_from(Nomination, Employee)
        .join_from(Nomination, WorkUnit)
    )


_ONE = Remembered(lambda actor, id_: _joined(visible.nominations(actor)).where(Nomination.id == id_), places=1)


def _rows(actor: Actor, found: Sequence[Any], now: datetime) -> tuple[NominationRow, ...]:
    ids = [row.id for row in found]
    windows = windows_of(list({row.category.period_id for row in found}))
    endorsed = {
        id_
        for (id_,) in Endorsement.select(Endorsement.nomination)
        .where(Endorsement.nomination.in_(ids), Endorsement.voided_at.is_null())
        .tuples()
    }
    definitions = {n.id: definition_of(n.category.instrument_version) for n in found}
    files = files_of(ids)
    points = returns.open_points(found, definitions, files)
    assessors, hidden = _assessors(actor, ids), untold.untold_ids(actor, found)
    rows = []
    for n in found:
        window = next((s.window for s in windows[n.category.period_id] if s.stage is Stage.NOMINATION), None)
        subject = Subject(n.work_unit_id, frozenset(assessors[n.id]))
        missing = len(_missing(n, definitions[n.id], files[n.id], points.get(n.id, ())))
        moves = _moves(actor, n, window, subject, is_endorsed=n.id in endorsed, is_complete=not missing, now=now)
        state = NominationState.RANKED if n.id in hidden else NominationState(n.state)
        late = too_late(state, PeriodState(n.category.period.state), window, n.due_on, now)
        rows.append(_row(n, state, window, missing, late.message if late else "", moves))
    return tuple(rows)


def _row(n: Any, state: NominationState, window: Window | None, missing: int, late: str, moves: Iterable[str]) -> NominationRow:
    person = n.person or {}
    return NominationRow(
        n.id,
        n.number,
        state,
        NOMINATION_LABELS[state],
        n.category_id,
        n.category.name,
        n.category.period_id,
        n.category.period.name,
        n.category.period.year,
        person.get("full_name") or n.employee.full_name,
        "" if n.purged_at else n.employee.nip,
        "" if n.purged_at else person.get("position") or n.employee.position,
        n.work_unit_id,
        n.work_unit.code,
        person.get("unit_name") or n.work_unit.name,
        n.due_on,
        window.closes_on if window else None,
        n.created_at,
        n.updated_at,
        n.handed_over_at,
        n.submitted_at,
        missing,
        late,
        tuple(moves),
        n.row_version,
        n.purged_at,
    )


def _moves(
    actor: Actor, n: Any, window: Window | None, subject: Subject, *, is_endorsed: bool, is_complete: bool, now: datetime
) -> list[str]:
    state, period_state = NominationState(n.state), PeriodState(n.category.period.state)
    moves = []
    if _is_editable(state, period_state, window, n.due_on, now):
        if can(actor, Action.NOMINATION_DRAFT, subject):
            moves.append("edit")
            if is_complete and not is_endorsed and n.handed_over_at is None:
                moves.append("hand_over")
        if can(actor, Action.NOMINATION_ENDORSE, subject):
            if is_complete and not is_endorsed:
                moves.append("endorse")
            moves.append("send_back")
        if is_endorsed and is_complete and can(actor, Action.NOMINATION_SUBMIT, subject):
            moves.append("submit")
    if (state, NominationMove.WITHDRAW) in NOMINATION_TABLE and can(actor, Action.NOMINATION_WITHDRAW, subject):
        moves.append("withdraw")
    if state is NominationState.SUBMITTED and period_state in CORRECTABLE_IN and can(actor, Action.NOMINATION_CHECK, subject):
        moves.append("check")
    return moves


def _missing(n: Any, definition: instrument_rules.Definition, files: Files, points: Iterable[returning.Point]) -> list[Problem]:
    """What stands in the way of handing in: questions, documents, points of a return; nothing is asked for an interview."""
    if n.category.first_stage_id is not None:
        return []
    return form.missing(definition, n.answers, {code for code, _ in files}) + returning.unanswered(points)


def _open_points(found: Sequence[ReturnView]) -> list[returning.Point]:
    return [
        returning.Point(item.requirement, item.label, item.reply, item.is_renewed) for each in found if each.is_open for item in each.items
    ]


def _is_editable(state: NominationState, period_state: PeriodState, window: Window | None, due_on: date | None, now: datetime) -> bool:
    try:
        require_editable(state, period_state, window, due_on, now)
    except IllegalMove:
        return False
    return True


def _assessors(actor: Actor, ids: list[int]) -> dict[int, set[int]]:
    """The actor, where the actor has a sheet: all that a condition on assignment needs to know."""
    found: dict[int, set[int]] = defaultdict(set)
    if actor.user_id is not None:
        own = Sheet.select(Sheet.nomination).where(Sheet.nomination.in_(ids), Sheet.assessor == actor.user_id)
        for (id_,) in own.tuples():
            found[id_].add(actor.user_id)
    return found


def _reviews(nomination_id: int) -> tuple[ReviewView, ...]:
    rows = list(Review.select(Review, User).join(User).where(Review.nomination == nomination_id).order_by(Review.id))
    names: dict[int, str] = {}
    if people := {item["checked_by"] for row in rows for item in row.items}:
        names = dict(User.select(User.id, User.name).where(User.id.in_(people)).tuples())
    return tuple(ReviewView(r.decision, r.reason, r.due_on, r.decided_by.name, r.decided_at, _items_then(r, names)) for r in rows)


def _items_then(review: Any, names: Mapping[int, str]) -> tuple[CheckItemView, ...]:
    """The verdicts that a decision kept."""
    found = []
    for item in review.items:
        at = datetime.fromisoformat(item["checked_at"])
        found.append(CheckItemView(item["requirement"], item["verdict"], item["note"], names.get(item["checked_by"], ""), at))
    return tuple(found)


def _check_items(nomination_id: int) -> tuple[CheckItemView, ...]:
    rows = CheckItem.select(CheckItem, User).join(User).where(CheckItem.nomination == nomination_id).order_by(CheckItem.requirement)
    return tuple(CheckItemView(c.requirement, c.verdict, c.note, c.checked_by.name, c.checked_at) for c in rows)
