"""The provisional standing of a category, live while it is assessed: never official, but exact and by the official rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any

import peewee as pw

from sipetruk.models import Category, Criterion, Mark, MarkSum, Nomination, Period, Sheet, TieDecision, WorkUnit
from sipetruk.models.assessment import APART
from sipetruk.models.base import database, plain_rows
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.interviews import interview_of
from sipetruk.queries.ranking_inputs import (
    Known,
    attributes_of,
    contested,
    decisions_on,
    panel_of,
    ranking_inputs,
    scored_criteria,
    taking_part,
)
from sipetruk.rules import contest, instrument, ranking, reasons, tally
from sipetruk.rules.definition import Definition
from sipetruk.rules.exact import ratio_text
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.scoring import Scorer
from sipetruk.rules.weighing import MILLION, Sums

SHOWN = 200
"""Rows of a standing that are shown."""

_FEW = 500
"""Up to so many nominees are named in a statement; of more, the whole category is read."""


@dataclass(frozen=True)
class StandingRow:
    """One nominee as things stand. `marks_given` of `marks_due` marks are in; abstaining counts as given.

    `status` is RANKED, INCOMPLETE or NOT_ELIGIBLE; only a ranked nominee has a rank.
    """

    nomination_id: int
    number: str
    name: str
    unit_code: str
    unit_name: str
    status: str
    exact: str | None
    score: str | None
    rank: int | None
    tie_group: int | None
    decided_by: str | None
    decided_by_label: str
    marks_given: int
    marks_due: int

    @property
    def is_complete(self) -> bool:
        return self.status != ranking.INCOMPLETE

    @property
    def decider(self) -> str:
        return reasons.decider(self.decided_by, self.decided_by_label)


@dataclass(frozen=True)
class Standing:
    """The first rows of a standing, and how far the whole category is."""

    category_id: int
    category_name: str
    period_id: int
    period_name: str
    rows: tuple[StandingRow, ...]
    nominees: int
    complete: int
    marks_given: int
    marks_due: int


def standing(actor: Actor, category_id: int, *, first: int = SHOWN) -> Standing:
    """Who would stand where if the assessment ended now; nothing is stored, and no ranking comes from it."""
    require(actor, Action.RANKING_READ)
    visible.get(visible.categories(actor), Category, category_id, "Kategori")
    require_not_assessing(actor, category_id)
    category = contested(category_id)
    period: Any = Period.get_by_id(category.period_id)
    definition = instrument.parse(category.instrument_version.definition)
    found = _places(category, definition, kept=True)
    shown = found[:first]
    given, due = _progress(category_id, definition)
    people = _people([place.id for place in shown])
    said = _said_of_ties(category, found, shown, is_first_stage=interview_of(category_id) is not None)
    return Standing(
        category_id=category_id,
        category_name=category.name,
        period_id=period.id,
        period_name=period.name,
        rows=tuple(_row(place, people[place.id], definition, said, given[place.id], due[place.id]) for place in shown),
        nominees=len(found),
        complete=sum(place.status != ranking.INCOMPLETE for place in found),
        marks_given=sum(given.values()),
        marks_due=sum(due.values()),
    )


def places(category_id: int, *, kept: bool = True) -> list[tally.Place]:
    """Everybody's place, best first, by the id of the nomination: from the kept sums, or from the marks themselves."""
    category = contested(category_id)
    return _places(category, instrument.parse(category.instrument_version.definition), kept=kept)


def _places(category: Any, definition: Definition, *, kept: bool) -> list[tally.Place]:
    category_id = category.id
    panel = panel_of(category_id)
    line = tally.linear(definition, len(panel)) if kept else tally.linear_raw(definition, len(panel))
    if definition.policy.aggregation.kind != "mean" or (line is None and not kept):
        return _official(category_id)
    look = _Look(category, definition, panel, kept=kept)
    if line is None:
        seen = look(_ids(category_id))
        return tally.places_of_scores(definition, seen.scores, seen.attributes, _decisions(category_id))
    sums = _added(category, line, kept=kept)
    compare = _Comparison(category, definition, line, kept=kept)
    return tally.places(definition, line, sums, look, compare, apart=look.recused.keys(), decisions=_decisions(category_id))


def _official(category_id: int) -> list[tally.Place]:
    """The places that an official ranking would give now, where sums do not say enough."""
    read = contest.parse(ranking_inputs(category_id))
    ids = dict(Nomination.select(Nomination.number, Nomination.id).where(taking_part(category_id)).tuples())
    scorer = Scorer(read.definition)
    scores = {ids[nominee.id]: scorer.score(nominee.marks, nominee.values) for nominee in read.nominees}
    attributes = {ids[nominee.id]: nominee.attributes for nominee in read.nominees}
    return tally.places_of_scores(read.definition, scores, attributes, _decisions(category_id))


def _added(category: Any, line: tally.Linear, *, kept: bool) -> Iterable[tuple[int, int | None]]:
    """(nomination, weighted sum and number of marks in one) of every nominee, added up by one statement."""
    table = _table(kept=kept)
    packed = _weighted(table, category, line) * tally.PACKED + (MarkSum.scored if kept else 1)
    added = table.select(_whole(pw.fn.SUM(packed))).where(table.nomination == Nomination.id)
    return plain_rows(Nomination.select(Nomination.id, added).where(taking_part(category.id)))


def _table(*, kept: bool) -> Any:
    return MarkSum if kept else Mark


def _weighted(table: Any, category: Any, line: tally.Line) -> Any:
    """What a row adds to the sum of a line, which may leave some criteria out."""
    unit = MarkSum.points if table is MarkSum else _long(Mark.value)
    codes = dict(Criterion.select(Criterion.id, Criterion.code).where(Criterion.version == category.instrument_version_id).tuples())
    weights = [(id_, line.weights[code]) for id_, code in codes.items() if code in line.weights]
    if line.is_plain and len(weights) == len(codes):
        return unit
    return unit * pw.Case(table.criterion, weights, 0)


def _long(column: Any) -> Any:
    """The column in 64 bits: PostgreSQL multiplies in the width of the column."""
    return column.cast("BIGINT") if isinstance(database.obj, pw.PostgresqlDatabase) else column


def _whole(added: Any) -> Any:
    """The sum as a whole number: PostgreSQL adds 64-bit numbers as decimals."""
    return added.cast("BIGINT") if isinstance(database.obj, pw.PostgresqlDatabase) else added


class _Comparison:
    """What the tie chain compares, of some nominees of a category, added up by one statement."""

    def __init__(self, category: Any, definition: Definition, line: tally.Linear, *, kept: bool) -> None:
        self._category = category
        self._steps = tuple(line.steps.values())
        self._table = _table(kept=kept)
        self._needs_attributes = any(step.by == "attribute" for step in definition.policy.tie_chain)

    def __call__(self, ids: Sequence[int]) -> tuple[dict[int, Sequence[int]], dict[int, dict[str, int | None]]]:
        only = None if len(ids) > _FEW else list(ids)
        sums = dict(self._sums(only)) if self._steps else {}
        return sums, attributes_of(self._category, only) if self._needs_attributes else {}

    def _sums(self, only: Collection[int] | None) -> Iterator[tuple[int, Sequence[int]]]:
        added = [_whole(pw.fn.SUM(_weighted(self._table, self._category, step))) for step in self._steps]
        query = self._table.select(self._table.nomination, *added).group_by(self._table.nomination)
        for id_, *sums in plain_rows(_of_category(self._category, self._table, query, only)):
            yield id_, sums


def _of_category(category: Any, table: Any, query: Any, only: Collection[int] | None) -> Any:
    """Rows of the category in the order of the nominations."""
    rows = query.join(Nomination).where(taking_part(category.id)).order_by(table.nomination)
    return rows if only is None else rows.where(table.nomination.in_(list(only)))


class _Look:
    """A closer look at some nominees of a category: their scores from the sums of each criterion."""

    def __init__(self, category: Any, definition: Definition, panel: Collection[int], *, kept: bool) -> None:
        self._category = category
        self._panel = len(panel)
        self.recused = _apart(category.id, panel)
        self._scorer = Scorer(definition)
        self._criteria = scored_criteria(definition)
        by_code = {criterion.code: criterion for criterion in self._criteria}
        rows = Criterion.select(Criterion.id, Criterion.code).where(Criterion.version == category.instrument_version_id).tuples()
        self._by_id = {id_: by_code[code] for id_, code in rows if code in by_code}
        self._needs_values = any(criterion.source.kind != "assessor" for criterion in self._criteria)
        self._needs_attributes = any(step.by == "attribute" for step in definition.policy.tie_chain)
        self._read = self._kept_sums if kept else self._sums_of_marks

    def __call__(self, ids: Sequence[int]) -> tally.Closer:
        only = None if len(ids) > _FEW else list(ids)
        values, attributes = self._people(only)
        wanted = set(ids)
        scores = {
            id_: self._scorer.score_sums(sums, values.get(id_, {}), self._panel, self.recused[id_])
            for id_, sums in self._sums(only)
            if id_ in wanted
        }
        for id_ in wanted - scores.keys():
            scores[id_] = self._scorer.score_sums({}, values.get(id_, {}), self._panel, self.recused[id_])
        return tally.Closer(scores, attributes)

    def _people(self, only: Collection[int] | None) -> tuple[dict[int, dict[str, Any]], dict[int, dict[str, int | None]]]:
        """Values and attributes by nomination, where the instrument asks for any."""
        values: dict[int, dict[str, Any]] = {}
        if self._needs_values:
            known = Known(self._category, self._criteria, only=only)
            values = {nomination.id: known.values(nomination) for nomination in known.nominations}
        return values, attributes_of(self._category, only) if self._needs_attributes else {}

    def _sums(self, only: Collection[int] | None) -> Iterator[tuple[int, dict[str, Sums]]]:
        for id_, rows in groupby(self._read(only), key=itemgetter(0)):
            yield id_, {self._by_id[criterion].code: sums for _, criterion, sums in rows if criterion in self._by_id}

    def _kept_sums(self, only: Collection[int] | None) -> Iterator[tuple[int, int, Sums]]:
        kept = MarkSum.select(MarkSum.nomination, MarkSum.criterion, MarkSum.points, MarkSum.scored, MarkSum.abstained)
        for id_, criterion, points, scored, abstained in plain_rows(_of_category(self._category, MarkSum, kept, only)):
            yield id_, criterion, Sums(points, scored, abstained)

    def _sums_of_marks(self, only: Collection[int] | None) -> Iterator[tuple[int, int, Sums]]:
        """The same from the marks of assessors who did not step back, where points are in proportion to raw values."""
        raw, scored, given = _whole(pw.fn.SUM(Mark.value)), pw.fn.COUNT(Mark.value), pw.fn.COUNT(Mark.state)
        stepped_back = (Sheet.nomination == Mark.nomination) & (Sheet.assessor == Mark.assessor) & Sheet.state.in_(APART)
        added = (
            _of_category(self._category, Mark, Mark.select(Mark.nomination, Mark.criterion, raw, scored, given), only)
            .switch(Mark)
            .join(Sheet, pw.JOIN.LEFT_OUTER, on=stepped_back)
            .where(Sheet.id.is_null())
            .group_by(Mark.nomination, Mark.criterion)
        )
        slopes = {id_: (tally.slope(criterion.scale) or 0) * MILLION for id_, criterion in self._by_id.items()}
        for id_, criterion, hundredths, marks, all_marks in plain_rows(added):
            yield id_, criterion, Sums(int((hundredths or 0) * slopes.get(criterion, 0)), marks, all_marks - marks)


def _ids(category_id: int) -> list[int]:
    return [id_ for (id_,) in Nomination.select(Nomination.id).where(taking_part(category_id)).tuples()]


def _decisions(category_id: int) -> list[tuple[int, ...]]:
    """The committee's decisions by nomination; usually there are none."""
    if not TieDecision.select().where(TieDecision.category == category_id).exists():
        return []
    ids = dict(Nomination.select(Nomination.number, Nomination.id).where(taking_part(category_id)).tuples())
    return [tuple(ids[number] for number in row.order) for row in decisions_on(category_id, ids.keys())]


def _apart(category_id: int, panel: Collection[int]) -> Counter[int]:
    """How many of the panel give a nominee no marks: they stepped back, were let go, or have no sheet of a nominee who has sheets."""
    counts = Sheet.select(Sheet.nomination, pw.fn.SUM(pw.Case(None, [(Sheet.assessor.in_(list(panel)) & Sheet.state.not_in(APART), 1)], 0)))
    counts = counts.join(Nomination).where(Nomination.category == category_id).group_by(Sheet.nomination).tuples()
    return Counter({id_: len(panel) - asked for id_, asked in counts if asked != len(panel)})


def _progress(category_id: int, definition: Definition) -> tuple[Counter[int], Counter[int]]:
    """Marks given and marks due by nomination, without those of assessors who stepped back."""
    criteria = sum(criterion.source.kind == "assessor" for criterion in scored_criteria(definition))
    given = MarkSum.select(MarkSum.nomination, pw.fn.SUM(MarkSum.scored) + pw.fn.SUM(MarkSum.abstained)).join(Nomination)
    sheets = Sheet.select(Sheet.nomination, pw.fn.COUNT(Sheet.id)).join(Nomination)
    rows = given.where(taking_part(category_id)).group_by(MarkSum.nomination).tuples()
    due = sheets.where(taking_part(category_id), Sheet.state.not_in(APART)).group_by(Sheet.nomination).tuples()
    return Counter({id_: int(count) for id_, count in rows}), Counter({id_: count * criteria for id_, count in due})


def _said_of_ties(category: Any, found: Sequence[tally.Place], shown: Sequence[tally.Place], *, is_first_stage: bool) -> dict[int, str]:
    """What is to be said of each open tie among those shown, by nomination (1 statement, where units have a quota)."""
    if not any(place.decided_by == ranking.UNRESOLVED for place in shown):
        return {}
    quota, most = category.winners_per_unit, category.winners
    reach = len(found) if quota is not None else max(most, len(shown))
    ranked = takewhile(lambda place: place.rank is not None and place.rank <= reach, found)
    units = Nomination.select(Nomination.id, WorkUnit.code).join(WorkUnit).where(taking_part(category.id))
    unit_of = {} if quota is None else dict(units.tuples())
    incomplete = [place.id for place in found if place.status == ranking.INCOMPLETE]
    return tally.open_ties(ranked, incomplete, most, quota, unit_of, is_first_stage=is_first_stage)


def _people(ids: Collection[int]) -> Mapping[int, Any]:
    rows = Nomination.select(Nomination, WorkUnit).join(WorkUnit).where(Nomination.id.in_(list(ids)))
    return {row.id: row for row in rows}


def _row(place: tally.Place, nomination: Any, definition: Definition, said: Mapping[int, str], given: int, due: int) -> StandingRow:
    return StandingRow(
        nomination_id=place.id,
        number=nomination.number,
        name=nomination.person["full_name"],
        unit_code=nomination.work_unit.code,
        unit_name=nomination.person["unit_name"],
        status=place.status,
        exact=None if place.total is None else ratio_text(place.total),
        score=place.printed,
        rank=place.rank,
        tie_group=place.tie_group,
        decided_by=place.decided_by,
        decided_by_label=reasons.explain_decision(place.decided_by, definition, said.get(place.id, reasons.UNDECIDED)),
        marks_given=given,
        marks_due=due,
    )
