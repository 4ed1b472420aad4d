"""The questions behind the worklist: for each role what may wait, period by period, each one statement (the quota is three).

To add a line: a member of `Target`, a question that returns rows, a row in `_QUESTIONS`; the faces add the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

import peewee as pw

from sipetruk.models import (
    Category,
    Determination,
    DeterminationProposal,
    Nomination,
    Objection,
    PanelMember,
    Period,
    Publication,
    Ranking,
    Sheet,
    StageWindow,
)
from sipetruk.models.assessment import APART
from sipetruk.queries import quotas, tied, visible
from sipetruk.queries.interviews import first_stages
from sipetruk.queries.objections import unsettled
from sipetruk.queries.ranking_inputs import RANKABLE
from sipetruk.queries.tied import Tied
from sipetruk.rules import reasons
from sipetruk.rules.permissions import Action, Actor, Condition, Role, granted
from sipetruk.rules.workflow import (
    CORRECTABLE_IN,
    DETERMINABLE_IN,
    MARKABLE_IN,
    STAGE_OF_STATE,
    WITA,
    NominationState,
    ObjectionState,
    PeriodState,
    Stage,
)


class Target(StrEnum):
    """Where the work is done; each face knows its own address for it."""

    RETURNED = "returned"
    DRAFTS = "drafts"
    ENDORSED = "endorsed"
    QUOTA = "quota"
    TO_ENDORSE = "to_endorse"
    CHECKS = "checks"
    OVERDUE = "overdue"
    SHEETS = "sheets"
    PANELS = "panels"
    UNCHECKED = "unchecked"
    PROGRESS = "progress"
    TIES = "ties"
    RANKINGS = "rankings"
    OBJECTIONS = "objections"
    DETERMINATIONS = "determinations"
    APPROVALS = "approvals"
    PUBLICATIONS = "publications"
    MOVES = "moves"
    ROUNDS = "rounds"


@dataclass(frozen=True)
class Row:
    """How much waits in one period, until when, and one of the things; `total` is what it is counted out of."""

    period_id: int
    period: str
    year: int
    count: int
    due: date | None
    thing_id: int | None = None
    total: int = 0


Question = Callable[[Actor, datetime], Iterable[Row]]


def for_actor(actor: Actor, now: datetime) -> Iterator[tuple[Target, str, Row]]:
    """Target, text and row of everything that waits, in the order of the round."""
    today = now.astimezone(WITA).date()
    for role, questions in _QUESTIONS.items():
        if role in actor.roles:
            for target, label, ask in questions:
                late = _TOO_LATE.get(ask, label)
                yield from ((target, late if row.due and row.due < today else label, row) for row in ask(actor, now) if row.count)


# The unit -----------------------------------------------------------------------------------------------------------


def _returned(actor: Actor, _: datetime) -> Iterable[Row]:
    query = _of_unit(actor, Action.NOMINATION_DRAFT).where(_CORRECTABLE, Nomination.handed_over_at.is_null())
    return _rows(query, Nomination.id, Nomination.due_on)


def _drafts(actor: Actor, _: datetime) -> Iterable[Row]:
    query = _of_unit(actor, Action.NOMINATION_DRAFT)
    return _until(Stage.NOMINATION, query.where(_in_open(NominationState.DRAFT), Nomination.handed_over_at.is_null()), Nomination.id)


def _endorsed(actor: Actor, _: datetime) -> Iterable[Row]:
    query = _of_unit(actor, Action.NOMINATION_SUBMIT).where(_in_open(NominationState.ENDORSED))
    return _until(Stage.NOMINATION, query, Nomination.id)


def _quota(actor: Actor, now: datetime) -> Iterable[Row]:
    """Nominations that the own units may still begin, in categories with a quota, while the window is open."""
    units = _own_units(actor, Action.NOMINATION_DRAFT)
    today = now.astimezone(WITA).date()
    window = (StageWindow.period == Period.id) & (StageWindow.stage == Stage.NOMINATION)
    open_now = (StageWindow.opens_on <= today) & (StageWindow.closes_on >= today)
    columns = (Category.id, Category.quota_per_unit, Period.id, Period.name, Period.year, StageWindow.closes_on)
    categories = list(
        Category.select(*columns)
        .join(Period)
        .join(StageWindow, on=window)
        .where(Period.state == PeriodState.OPEN, open_now, Category.quota_per_unit.is_null(is_null=False), Category.first_stage.is_null())
        .order_by(Period.id)
        .tuples()
    )
    used = quotas.taken([row[0] for row in categories], units)
    left: dict[int, Row] = {}
    for category_id, quota, period_id, name, year, closes_on in categories:
        more = sum(max(0, quota - used[category_id, unit_id]) for unit_id in units)
        before = left[period_id].count if period_id in left else 0
        left[period_id] = Row(period_id, name, year, before + more, closes_on)
    return left.values()


def _to_endorse(actor: Actor, _: datetime) -> Iterable[Row]:
    query = _of_unit(actor, Action.NOMINATION_ENDORSE)
    return _until(
        Stage.NOMINATION, query.where(_in_open(NominationState.DRAFT), Nomination.handed_over_at.is_null(is_null=False)), Nomination.id
    )


def _to_endorse_again(actor: Actor, _: datetime) -> Iterable[Row]:
    query = _of_unit(actor, Action.NOMINATION_ENDORSE).where(_CORRECTABLE, Nomination.handed_over_at.is_null(is_null=False))
    return _rows(query, Nomination.id, Nomination.due_on)


# BKPSDM and the panel -----------------------------------------------------------------------------------------------


def _to_check(actor: Actor, _: datetime) -> Iterable[Row]:
    query = visible.nominations(actor, Action.NOMINATION_CHECK).join(Category).join(Period)
    submitted = (Nomination.state == NominationState.SUBMITTED) & Period.state.in_(list(CORRECTABLE_IN))
    return _until(Stage.VERIFICATION, query.where(submitted), Nomination.id)


def _overdue(actor: Actor, now: datetime) -> Iterable[Row]:
    query = visible.nominations(actor, Action.NOMINATION_CHECK).join(Category).join(Period)
    return _rows(query.where(_CORRECTABLE, Nomination.due_on < now.astimezone(WITA).date()), Nomination.id, Nomination.due_on)


def _own_sheets(actor: Actor, _: datetime) -> Iterable[Row]:
    mine = Sheet.select().join(Nomination).join(Category).join(Period).where(Sheet.assessor == actor.user_id)
    mine = mine.where(Period.state.in_(list(MARKABLE_IN)), Sheet.state.not_in(APART), Nomination.state != NominationState.WITHDRAWN)
    is_open = (Sheet.state == "open") & (Nomination.state == NominationState.VERIFIED)
    opened = pw.Case(None, [(is_open, 1)], 0)
    only = pw.fn.MIN(pw.Case(None, [(is_open, Sheet.nomination)], None))
    query = (
        mine.join_from(Period, StageWindow, pw.JOIN.LEFT_OUTER, on=_window_of_marking())
        .select(*_PERIOD, pw.fn.SUM(opened), pw.fn.MIN(StageWindow.closes_on), only, pw.fn.COUNT(Sheet.id))
        .group_by(*_PERIOD)
        .order_by(Period.id)
    )
    return [Row(id_, name, year, int(count), due, only, total) for id_, name, year, count, due, only, total in query.tuples()]


def _all_sheets(_: Actor, __: datetime) -> Iterable[Row]:
    query = Sheet.select().join(Nomination).join(Category).join(Period)
    query = query.join_from(Period, StageWindow, pw.JOIN.LEFT_OUTER, on=_window_of_marking())
    return _rows(query.where(*_OPEN_SHEET), Sheet.id, StageWindow.closes_on)


def _without_panel(_: Actor, __: datetime) -> Iterable[Row]:
    states = [PeriodState.PREPARATION, PeriodState.OPEN, PeriodState.VERIFICATION]
    query = Category.select().join(Period)
    query = query.where(Period.state.in_(states), Category.id.not_in(PanelMember.select(PanelMember.category)))
    return _until(Stage.NOMINATION, query, Category.id)


def _unchecked(_: Actor, __: datetime) -> Iterable[Row]:
    query = Nomination.select().join(Category).join(Period)
    query = query.where(Nomination.state == NominationState.SUBMITTED, Period.state == PeriodState.VERIFICATION)
    return _until(Stage.VERIFICATION, query, Nomination.id)


def _ties(_: Actor, __: datetime) -> Iterable[Row]:
    """Categories whose latest computation leaves a tie to the committee."""
    return _by_period(each for each in tied.blocking() if reasons.UNDECIDED in each.said)


def _decided_ties(_: Actor, __: datetime) -> Iterable[Row]:
    """Categories whose ties are decided, which applies with the next computation only."""
    return _by_period(each for each in tied.decided() if reasons.DECIDED in each.said and reasons.UNDECIDED not in each.said)


def _without_ranking(_: Actor, __: datetime) -> Iterable[Row]:
    final = Ranking.select(Ranking.category).where(Ranking.state == "final")
    query = (
        Category.select()
        .join(Period)
        .where(Period.state == PeriodState.RANKING, Category.id.not_in(final), Category.id.in_(_with_nominees()))
    )
    return _until(Stage.RANKING, query, Category.id)


def _objections(_: Actor, __: datetime) -> Iterable[Row]:
    query = Objection.select().join(Nomination).join(Category).join(Period).where(Objection.state == ObjectionState.FILED)
    return _until(Stage.OBJECTION, query, Objection.id)


def _unsettled(_: Actor, __: datetime) -> Iterable[Row]:
    """Accepted objections that have led neither to a new final ranking nor to a note: they hold the round back."""
    query = Objection.select().join(Nomination).join(Category).join(Period).where(unsettled())
    return _until(Stage.OBJECTION, query, Objection.id)


def _without_winners(_: Actor, __: datetime) -> Iterable[Row]:
    is_waiting = Category.id.not_in(_determined()) & Category.id.in_(_with_nominees()) & Category.id.not_in(first_stages())
    query = Category.select().join(Period).where(Period.state.in_(list(DETERMINABLE_IN)), is_waiting)
    return _until(Stage.DETERMINATION, query, Category.id)


def _approvals(actor: Actor, _: datetime) -> Iterable[Row]:
    query = DeterminationProposal.select().join(Category).join(Period)
    waiting = (DeterminationProposal.state == "waiting") & (DeterminationProposal.proposed_by != actor.user_id)
    return _until(Stage.DETERMINATION, query.where(waiting), Category.id)


def _unpublished(_: Actor, __: datetime) -> Iterable[Row]:
    standing = Publication.select(Publication.period).where(Publication.withdrawn_at.is_null())
    open_ = Category.id.not_in(_determined()) & Category.id.in_(_with_nominees()) & Category.id.not_in(first_stages())
    waiting = Category.select(Category.period).where(open_)
    determinable = Period.state.in_(list(DETERMINABLE_IN))
    query = Period.select().where(determinable, Period.id.not_in(standing), Period.id.not_in(waiting))
    return _until(Stage.PUBLICATION, query, Period.id)


def _moves(_: Actor, now: datetime) -> Iterable[Row]:
    """Periods that are still at a stage whose last day has passed."""
    today = now.astimezone(WITA).date()
    at_stage = [(Period.state == state) & (StageWindow.stage == stage) for state, stage in STAGE_OF_STATE.items()]
    overdue = Period.select().join(StageWindow, on=(StageWindow.period == Period.id)).where(StageWindow.closes_on < today)
    return _rows(overdue.where(_any(at_stage)), Period.id, StageWindow.closes_on)


def _rounds(_: Actor, __: datetime) -> Iterable[Row]:
    resting = [PeriodState.PREPARATION, PeriodState.ARCHIVED]
    return _rows(Period.select().where(Period.state.not_in(resting)), Period.id, None)


_QUESTIONS: dict[Role, tuple[tuple[Target, str, Question], ...]] = {
    Role.OPD_ADMIN: (
        (Target.RETURNED, "{count} usulan dikembalikan untuk diperbaiki", _returned),
        (Target.DRAFTS, "{count} usulan masih berupa draf", _drafts),
        (Target.ENDORSED, "{count} usulan sudah disahkan dan siap diajukan", _endorsed),
        (Target.QUOTA, "{count} usulan lagi masih dapat Anda buat menurut kuota", _quota),
    ),
    Role.OPD_HEAD: (
        (Target.TO_ENDORSE, "{count} usulan menunggu pengesahan Anda", _to_endorse),
        (Target.TO_ENDORSE, "{count} usulan hasil perbaikan menunggu pengesahan Anda", _to_endorse_again),
    ),
    Role.VERIFIER: (
        (Target.CHECKS, "{count} usulan menunggu verifikasi", _to_check),
        (Target.OVERDUE, "{count} usulan yang dikembalikan lewat batas perbaikannya", _overdue),
    ),
    Role.ASSESSOR: ((Target.SHEETS, "{count} dari {total} lembar penilaian Anda belum dikirim", _own_sheets),),
    Role.BKPSDM_ADMIN: (
        (Target.PANELS, "{count} kategori belum mempunyai tim penilai", _without_panel),
        (Target.UNCHECKED, "{count} usulan belum diverifikasi sehingga penilaian belum dapat dimulai", _unchecked),
        (Target.PROGRESS, "{count} lembar penilaian belum selesai di seluruh tim penilai", _all_sheets),
        (Target.TIES, "{count} kategori dengan nilai seri yang harus diputus", _ties),
        (Target.TIES, "{count} kategori yang nilai serinya sudah diputus menunggu dihitung ulang", _decided_ties),
        (Target.RANKINGS, "{count} kategori belum mempunyai pemeringkatan final", _without_ranking),
        (Target.OBJECTIONS, "{count} sanggahan menunggu keputusan", _objections),
        (Target.OBJECTIONS, "{count} sanggahan diterima menunggu tindak lanjut", _unsettled),
        (Target.DETERMINATIONS, "{count} kategori belum ditetapkan pemenangnya", _without_winners),
        (Target.APPROVALS, "{count} penetapan menunggu persetujuan Anda", _approvals),
        (Target.PUBLICATIONS, "{count} periode siap diumumkan hasilnya", _unpublished),
        (Target.MOVES, "{count} periode menunggu dipindahkan ke tahap berikutnya", _moves),
    ),
    Role.VIEWER: ((Target.ROUNDS, "{count} periode dapat Anda periksa", _rounds),),
}
"""What to ask for each role, in the order of the round."""
_TOO_LATE: dict[Question, str] = {
    _drafts: "{count} draf usulan terlambat diajukan",
    _endorsed: "{count} usulan yang sudah disahkan terlambat diajukan",
    _to_endorse: "{count} usulan terlambat disahkan",
}
"""What is said instead after the last day of nominations: nothing can be done about it any more."""


# What the questions share -------------------------------------------------------------------------------------------

_PERIOD = (Period.id, Period.name, Period.year)
_CORRECTABLE = (Nomination.state == NominationState.RETURNED) & Period.state.in_(list(CORRECTABLE_IN))
_OPEN_SHEET = (Sheet.state == "open", Period.state.in_(list(MARKABLE_IN)), Nomination.state == NominationState.VERIFIED)


def _in_open(state: NominationState) -> Any:
    return (Nomination.state == state) & (Period.state == PeriodState.OPEN)


def _with_nominees() -> pw.ModelSelect:
    """Categories in which somebody can be ranked at all."""
    return Nomination.select(Nomination.category).where(Nomination.state.in_(RANKABLE))


def _determined() -> pw.ModelSelect:
    return Determination.select(Determination.category).where(Determination.revoked_at.is_null())


def _own_units(actor: Actor, action: Action) -> list[int]:
    """The units for which the actor may take the action."""
    found = {grant.unit_id for condition, grant in granted(actor, action) if condition is Condition.OWN_UNIT}
    return sorted(unit_id for unit_id in found if unit_id is not None)


def _of_unit(actor: Actor, action: Action) -> pw.ModelSelect:
    """Nominations of the units for which the actor may take the action, with category and period."""
    return visible.nominations(actor).join(Category).join(Period).where(Nomination.work_unit.in_(_own_units(actor, action)))


def _window_of(stage: Stage) -> Any:
    return (StageWindow.period == Period.id) & (StageWindow.stage == stage)


def _window_of_marking() -> Any:
    """The window in which an open sheet may be filled in: a sheet that an objection opened again is due with that stage."""
    stages = [(Period.state == state) & (StageWindow.stage == STAGE_OF_STATE[state]) for state in sorted(MARKABLE_IN)]
    return (StageWindow.period == Period.id) & _any(stages)


def _until(stage: Stage, query: pw.ModelSelect, counted: pw.Field) -> list[Row]:
    """Counts by period, due on the last day of the stage."""
    return _rows(query.join_from(Period, StageWindow, pw.JOIN.LEFT_OUTER, on=_window_of(stage)), counted, StageWindow.closes_on)


def _rows(query: pw.ModelSelect, counted: pw.Field, due: pw.Field | None) -> list[Row]:
    """Counts by period with the nearest deadline, and the first of the things counted."""
    nearest = pw.fn.MIN(due) if due is not None else pw.Value(None)
    found = query.select(*_PERIOD, pw.fn.COUNT(counted), nearest, pw.fn.MIN(counted)).group_by(*_PERIOD).order_by(Period.id).tuples()
    return [Row(id_, name, year, int(count), day, only) for id_, name, year, count, day, only in found]


def _by_period(categories: Iterable[Tied]) -> list[Row]:
    """Counts by period, due on the last day of the ranking."""
    found = []
    for (id_, name, year), group in groupby(categories, key=attrgetter("period")):
        same = list(group)
        found.append(Row(id_, name, year, len(same), same[0].due, min(each.category_id for each in same)))
    return found


def _any(clauses: list[Any]) -> Any:
    whole = clauses[0]
    for clause in clauses[1:]:
        whole = whole | clause
    return whole
