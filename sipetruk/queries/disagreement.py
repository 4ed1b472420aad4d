"""Where assessors differ more than a category allows: by nominee and criterion, once their sheets are in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sipetruk.models import Category, Criterion, InstrumentVersion, Mark, Nomination, Period, Sheet, User
from sipetruk.queries import visible
from sipetruk.queries.impartial import require_not_assessing
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import disagreement, instrument, scales
from sipetruk.rules.definition import Definition
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.workflow import NominationState, PeriodState


@dataclass(frozen=True)
class GivenMark:
    """What one assessor gave: points and note, read only after the stage has closed."""

    assessor: str
    points: Fraction | None
    note: str


@dataclass(frozen=True)
class DifferenceRow:
    """A criterion on which the assessors of a nominee lie too far apart: `size` in points, `share` in basis points of `most`.

    `marks` is empty while the category is still being assessed: then only the distance is shown.
    """

    nomination_id: int
    number: str
    name: str
    unit: str
    criterion: str
    label: str
    size: Fraction
    most: Fraction
    share: Fraction
    assessors: int
    marks: tuple[GivenMark, ...]


@dataclass(frozen=True)
class Disagreements:
    """The rows of a category, the greatest share first; `compared` nominees have two sheets or more that are in."""

    category_id: int
    category: str
    period_id: int
    period: str
    limit: int
    compared: int
    is_closed: bool
    rows: tuple[DifferenceRow, ...]

    @property
    def nominees(self) -> int:
        return len({row.nomination_id for row in self.rows})


def disagreements(actor: Actor, category_id: int) -> Disagreements:
    """The differences of a category, for BKPSDM and auditors (a fixed number of statements).

    Whoever sits on its panel learns nothing of the others before the stage has closed.
    """
    require(actor, Action.ANALYSIS_READ)
    query = visible.categories(actor).select(Category, Period, InstrumentVersion)
    query = query.join_from(Category, Period).join_from(Category, InstrumentVersion)
    category: Any = visible.get(query, Category, category_id, "Kategori")
    is_closed = category.period.state != PeriodState.ASSESSMENT
    require_not_assessing(actor, category_id)
    definition = definition_of(category.instrument_version)
    compared, given = _given(category_id, definition)
    rows = [row for nominee in compared.values() for row in _rows(nominee, given[nominee.id], definition, category.spread_limit)]
    if not is_closed:
        rows = [_without_marks(row) for row in rows]
    return Disagreements(
        category_id=category.id,
        category=category.name,
        period_id=category.period_id,
        period=category.period.name,
        limit=category.spread_limit,
        compared=len(compared),
        is_closed=is_closed,
        rows=tuple(sorted(rows, key=lambda row: (-row.share, row.number, row.criterion))),
    )


def _given(category_id: int, definition: Definition) -> tuple[dict[int, Any], dict[int, dict[str, list[GivenMark]]]]:
    """Nominees with at least two sheets that are in, and what these sheets gave, by nominee and criterion (2 statements)."""
    sheets: dict[int, int] = defaultdict(int)
    nominees = {}
    rows = (
        Sheet.select(Sheet, Nomination)
        .join(Nomination)
        .where(Nomination.category == category_id, Sheet.state == "submitted", Nomination.state != NominationState.WITHDRAWN)
    )
    for sheet in rows.order_by(Sheet.nomination, Sheet.assessor):
        sheets[sheet.nomination_id] += 1
        nominees[sheet.nomination_id] = sheet.nomination
    compared = {id_: nominee for id_, nominee in nominees.items() if sheets[id_] > 1}
    by_code = {each.code: each.scale for _, each in instrument.all_criteria(definition) if each.source.kind == "assessor"}
    given: dict[int, dict[str, list[GivenMark]]] = defaultdict(lambda: defaultdict(list))
    same_sheet = (Sheet.nomination == Mark.nomination) & (Sheet.assessor == Mark.assessor) & (Sheet.state == "submitted")
    marks = (
        Mark.select(Mark.nomination, Criterion.code, User.name, Mark.value, Mark.note)
        .join(Criterion, on=(Mark.criterion == Criterion.id))
        .switch(Mark)
        .join(Sheet, on=same_sheet)
        .switch(Mark)
        .join(User, on=(Mark.assessor == User.id))
        .switch(Mark)
        .join(Nomination, on=(Mark.nomination == Nomination.id))
        .where(Nomination.category == category_id)
        .order_by(User.name, User.id)
    )
    for nomination_id, code, name, value, note in marks.tuples():
        if nomination_id in compared and code in by_code:
            points = None if value is None or not scales.is_scored(by_code[code]) else scales.points(by_code[code], Fraction(value, 100))
            given[nomination_id][code].append(GivenMark(name, points, note))
    return compared, given


def _rows(nominee: Any, given: dict[str, list[GivenMark]], definition: Definition, limit: int) -> list[DifferenceRow]:
    most = {
        each.code: (each.label, each.maximum)
        for _, each in instrument.all_criteria(definition)
        if each.source.kind == "assessor" and each.is_scored
    }
    points = {code: [mark.points for mark in marks if mark.points is not None] for code, marks in given.items()}
    person = nominee.person or {}
    return [
        DifferenceRow(
            nominee.id,
            nominee.number,
            person.get("full_name", ""),
            person.get("unit_name", ""),
            found.criterion,
            found.label,
            found.size,
            found.most,
            found.share,
            found.assessors,
            tuple(given[found.criterion]),
        )
        for found in disagreement.differences(points, most, limit)
    ]


def _without_marks(row: DifferenceRow) -> DifferenceRow:
    return replace(row, marks=())
