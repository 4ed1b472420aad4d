"""Periods with their schedule, categories and panels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.models import Category, Instrument, InstrumentVersion, Nomination, PanelMember, Period, Publication, StageWindow, User
from sipetruk.models.statements import Remembered
from sipetruk.queries import visible
from sipetruk.queries.listing import Listing, Sort, choice, flag, integer, text
from sipetruk.queries.untold import untold
from sipetruk.rules.disagreement import DEFAULT_LIMIT
from sipetruk.rules.permissions import Action, Actor, can
from sipetruk.rules.workflow import (
    CATEGORIES_CHANGE_IN,
    PERIOD_LABELS,
    PERIODS_GO_IN,
    PLANNED_IN,
    STAGE_LABELS,
    NominationState,
    PeriodMove,
    PeriodState,
    Stage,
    Window,
    panel_may_change,
    period_moves,
    why_naming_is_fixed,
)


@dataclass(frozen=True)
class StageView:
    stage: Stage
    label: str
    opens_on: date
    closes_on: date

    @property
    def window(self) -> Window:
        return Window(self.opens_on, self.closes_on)


@dataclass(frozen=True)
class CategoryView:
    """A category; `panel` holds (user id, name) and is empty for those who may not see it."""

    id: int
    slug: str
    name: str
    period_id: int
    winners: int
    quota_per_unit: int | None
    winners_per_unit: int | None
    instrument_version_id: int
    instrument_code: str
    instrument_name: str
    instrument_number: int
    instrument_state: str
    eligibility: Sequence[dict[str, Any]]
    panel: tuple[tuple[int, str], ...]
    nominations: dict[NominationState, int]
    row_version: int
    is_blind: bool = False
    assessors_each: int | None = None
    spread_limit: int = DEFAULT_LIMIT
    first_stage_id: int | None = None
    finalists: int | None = None

    @property
    def awaits_finalists(self) -> bool:
        """Whether this is an interview into which nobody has been brought yet, as far as the reader sees."""
        return self.first_stage_id is not None and not sum(self.nominations.values())


@dataclass(frozen=True)
class PeriodView:
    id: int
    slug: str
    name: str
    year: int
    state: PeriodState
    label: str
    row_version: int
    is_automatic: bool
    stages: tuple[StageView, ...]
    categories: tuple[CategoryView, ...]
    moves: tuple[PeriodMove, ...]
    """Steps that the workflow allows next, for those who may move a period."""
    may_change_categories: bool
    may_name_assessors: bool
    """Whether the reader names panels at all; of which category now: `may_change_panel`."""
    may_be_removed: bool
    is_planned: bool
    """The schedule may still change without a reason."""
    naming_fixed: str
    """Why name and year stay, "" where they may be changed."""

    def window(self, stage: Stage) -> Window | None:
        return next((s.window for s in self.stages if s.stage is stage), None)

    def may_change_panel(self, category: CategoryView) -> bool:
        """Whether the reader may name the assessors of a category of this period now."""
        return self.may_name_assessors and panel_may_change(self.state, awaits_finalists=category.awaits_finalists)


_YEAR = integer("Tahun periode.", "year")
PERIODS = Listing(
    "Period",
    {
        "slug": text("Kode periode.", "slug"),
        "name": text("Nama periode.", "name"),
        "year": _YEAR,
        "state": choice("Tahap yang sedang dijalani.", "state", PeriodState),
        "is_automatic": flag("Pindah tahap sendiri menurut jadwal.", "is_automatic"),
    },
    (Sort(_YEAR, is_descending=True), Sort(integer("Nomor.", "id"), is_descending=True)),
)


def periods(actor: Actor) -> list[PeriodView]:
    """Every period, newest first (6 statements however many there are)."""
    rows = list(visible.periods(actor).order_by(Period.year.desc(), Period.id.desc()))
    return _views(actor, rows)


def period(actor: Actor, period_id: int) -> PeriodView:
    """One period, or `NotFound`."""
    row = visible.get(visible.periods(actor), Period, period_id, "Periode")
    return _views(actor, [row])[0]


def category(actor: Actor, category_id: int) -> tuple[PeriodView, CategoryView]:
    """A category with its period, or `NotFound`."""
    row = visible.get(visible.categories(actor), Category, category_id, "Kategori")
    view = period(actor, row.period_id)
    return view, next(c for c in view.categories if c.id == row.id)


def naming_fixed(rows: Sequence[Any]) -> dict[int, str]:
    """For each of these periods why its name and year stay, "" where they may be changed (1 statement)."""
    standing = Publication.select(Publication.period).where(
        Publication.period.in_([row.id for row in rows]), Publication.withdrawn_at.is_null()
    )
    sealed = {id_ for (id_,) in standing.tuples()}
    return {row.id: why_naming_is_fixed(PeriodState(row.state), is_scheduled=row.id in sealed) for row in rows}


def windows_of(period_ids: Sequence[int]) -> dict[int, tuple[StageView, ...]]:
    """The schedules of these periods, each in the order of the stages (1 statement)."""
    found: dict[int, dict[Stage, StageView]] = defaultdict(dict)
    for row in StageWindow.select().where(StageWindow.period.in_(list(period_ids))):
        stage = Stage(row.stage)
        found[row.period_id][stage] = StageView(stage, STAGE_LABELS[stage], row.opens_on, row.closes_on)
    return {id_: tuple(found[id_][stage] for stage in Stage if stage in found[id_]) for id_ in period_ids}


def window(period_id: int, stage: Stage) -> Window | None:
    """The window of a stage, None when the schedule does not name it."""
    row = _WINDOW.first(period_id, stage)
    return Window(row.opens_on, row.closes_on) if row else None


_WINDOW = Remembered(lambda id_, stage: StageWindow.select().where(StageWindow.period == id_, StageWindow.stage == stage), places=2)


def _views(actor: Actor, rows: list[Any]) -> list[PeriodView]:
    ids = [row.id for row in rows]
    stages = windows_of(ids)
    categories = _categories(actor, ids)
    fixed = naming_fixed(rows)
    may_move, may_edit = can(actor, Action.PERIOD_MOVE), can(actor, Action.PERIOD_EDIT)
    return [
        PeriodView(
            row.id,
            row.slug,
            row.name,
            row.year,
            PeriodState(row.state),
            PERIOD_LABELS[PeriodState(row.state)],
            row.row_version,
            row.is_automatic,
            stages[row.id],
            tuple(categories[row.id]),
            _moves(row, categories[row.id]) if may_move else (),
            may_edit and row.state in CATEGORIES_CHANGE_IN,
            may_edit,
            may_edit and row.state in PERIODS_GO_IN and not any(sum(each.nominations.values()) for each in categories[row.id]),
            row.state in PLANNED_IN,
            fixed[row.id],
        )
        for row in rows
    ]


def _moves(row: Any, categories: Iterable[CategoryView]) -> tuple[PeriodMove, ...]:
    """The moves of the table; an interview is only opened where one waits for its nominees."""
    has_interview = any(each.awaits_finalists for each in categories)
    return tuple(move for move in period_moves(PeriodState(row.state)) if has_interview or move is not PeriodMove.OPEN_INTERVIEW)


def _categories(actor: Actor, period_ids: list[int]) -> dict[int, list[CategoryView]]:
    rows = list(
        Category.select(Category, InstrumentVersion, Instrument)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.period.in_(period_ids))
        .order_by(Category.position, Category.id)
    )
    ids = [row.id for row in rows]
    panels, counts = _panels(actor, ids), _counts(actor, ids)
    found: dict[int, list[CategoryView]] = defaultdict(list)
    for row in rows:
        version = row.instrument_version
        found[row.period_id].append(
            CategoryView(
                row.id,
                row.slug,
                row.name,
                row.period_id,
                row.winners,
                row.quota_per_unit,
                row.winners_per_unit,
                version.id,
                version.instrument.code,
                version.instrument.name,
                version.number,
                version.state,
                row.eligibility,
                tuple(panels[row.id]),
                counts[row.id],
                row.row_version,
                row.is_blind,
                row.assessors_each,
                row.spread_limit,
                row.first_stage_id,
                row.finalists,
            )
        )
    return found


def _panels(actor: Actor, category_ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """Who assesses is known to BKPSDM and the auditor, not to units."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if can(actor, Action.PROGRESS_READ):
        members = (
            PanelMember.select(PanelMember.category, User.id, User.name)
            .join(User)
            .where(PanelMember.category.in_(category_ids))
            .order_by(User.name)
            .tuples()
        )
        for category_id, user_id, name in members:
            found[category_id].append((user_id, name))
    return found


def _counts(actor: Actor, category_ids: list[int]) -> dict[int, dict[NominationState, int]]:
    """Nominations by state, counted over those that the actor may see; what is not announced counts as ranked."""
    found: dict[int, dict[NominationState, int]] = defaultdict(dict)
    query = visible.nominations(actor).where(Nomination.category.in_(category_ids))
    for category_id, state, count in _by_state(query):
        found[category_id][NominationState(state)] = count
    hidden = untold(actor)
    for category_id, state, count in _by_state(query.where(hidden)) if hidden is not None else ():
        counts = found[category_id]
        counts[NominationState.RANKED] = counts.get(NominationState.RANKED, 0) + count
        counts[NominationState(state)] -= count
        if not counts[NominationState(state)]:
            del counts[NominationState(state)]
    return found


def _by_state(query: Any) -> Iterable[Any]:
    counted = query.select(Nomination.category, Nomination.state, pw.fn.COUNT(Nomination.id))
    return list(counted.group_by(Nomination.category, Nomination.state).tuples())
