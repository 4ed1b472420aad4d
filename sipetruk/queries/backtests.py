"""Finished rounds once more under another version of an instrument: never official, nothing is stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sipetruk.models import Category, Instrument, InstrumentVersion, Nomination, Period, Ranking
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.rules import backtest as rules
from sipetruk.rules.instrument import parse
from sipetruk.rules.permissions import Action, Actor, require


@dataclass(frozen=True)
class FinishedCategory:
    """A category with a final ranking, and the instrument version it was ranked by."""

    id: int
    name: str
    period: str
    instrument: str
    number: int

    @property
    def label(self) -> str:
        return f"{self.period} · {self.name} ({self.instrument} v{self.number})"


@dataclass(frozen=True)
class BacktestRow:
    """A nominee with a name; `has_won` and `would_win` are by the proposal of the old and the new ranking."""

    name: str
    unit: str
    row: rules.BacktestRow
    has_won: bool
    would_win: bool


@dataclass(frozen=True)
class BacktestView:
    category: FinishedCategory
    found: rules.Backtest
    rows: tuple[BacktestRow, ...]

    @property
    def gained(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows if row.would_win and not row.has_won)

    @property
    def lost(self) -> tuple[str, ...]:
        return tuple(row.name for row in self.rows if row.has_won and not row.would_win)

    @property
    def moved(self) -> int:
        """How many would stand at another rank, or at none."""
        return sum(1 for row in self.rows if row.row.old_rank != row.row.new_rank)


def finished_categories(actor: Actor) -> list[FinishedCategory]:
    """Every category that can be backtested, newest period first (1 statement)."""
    _require(actor)
    return [_category(row) for row in _finished(actor).order_by(Period.year.desc(), Period.id.desc(), Category.id)]


def backtest(actor: Actor, version_id: int, category_id: int) -> BacktestView:
    """The final ranking of a category, recomputed under the version (4 statements whatever its size).

    Raises Invalid where no criterion matches, or where the version is too unfinished to be computed.
    """
    _require(actor)
    version: Any = visible.get(visible.instrument_versions(actor), InstrumentVersion, version_id, "Versi instrumen")
    category: Any = visible.get(_finished(actor), Category, category_id, "Pemeringkatan final")
    require_not_assessing(actor, category_id)
    ranking: Any = Ranking.select(Ranking.inputs, Ranking.result).where(Ranking.category == category_id, Ranking.state == "final").get()
    found = rules.backtest(parse(version.definition), json.loads(ranking.inputs), json.loads(ranking.result))
    people = {row.number: row for row in _people(category_id)}
    before, after = set(found.winners_before), set(found.winners_after)
    rows = tuple(
        BacktestRow(people[row.id].person["full_name"], people[row.id].person["unit_name"], row, row.id in before, row.id in after)
        for row in found.rows
    )
    return BacktestView(_category(category), found, rows)


def _require(actor: Actor) -> None:
    """Whoever tries a draft on real people must be allowed to see their ranking and to make the instrument."""
    require(actor, Action.RANKING_READ)
    require(actor, Action.INSTRUMENT_EDIT)


def _finished(actor: Actor) -> Any:
    final = Ranking.select(Ranking.category).where(Ranking.state == "final")
    return (
        visible.categories(actor)
        .select(Category, Period, InstrumentVersion, Instrument)
        .join(Period)
        .switch(Category)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.id.in_(visible.rankings_of(actor, final)))
    )


def _people(category_id: int) -> Any:
    return Nomination.select(Nomination.number, Nomination.person).where(
        Nomination.category == category_id, Nomination.person.is_null(is_null=False)
    )


def _category(row: Any) -> FinishedCategory:
    version = row.instrument_version
    return FinishedCategory(row.id, row.name, row.period.name, version.instrument.name, version.number)
