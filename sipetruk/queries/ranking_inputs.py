"""The inputs of a ranking: all that the official number depends on, as one document that holds no personal data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from sipetruk.models import (
    Attendance,
    Category,
    Criterion,
    Endorsement,
    Instrument,
    InstrumentVersion,
    Mark,
    Nomination,
    PanelMember,
    PerformanceRating,
    SeriesValue,
    Sheet,
    StageWindow,
    TieDecision,
    WorkUnit,
)
from sipetruk.queries import facts, interviews
from sipetruk.rules import attendance, contest, definition, instrument, records, seal, series
from sipetruk.rules.exact import exact_text
from sipetruk.rules.workflow import NominationState, Stage

RANKABLE = (NominationState.VERIFIED, NominationState.ASSESSED, NominationState.RANKED)
"""States of the nominations that take part."""

_HUNDRED = 100
_WITHOUT_MARKS = {"recused": "recused", "dropped": "not_applicable", "none": "not_applicable"}
"""How a ranking calls an assessor who gives no marks, by the state of the sheet."""
_Facts = dict[int, dict[Any, Any]]
"""What is known of each employee (or nomination), by its id."""


def ranking_inputs(category_id: int) -> dict[str, Any]:
    """The document that `rules.seal.compute` takes, built with a constant number of SQL statements.

    A nominee is called by the number of the nomination, an assessor by the number of the account.
    """
    category = contested(category_id)
    version = category.instrument_version
    criteria = scored_criteria(instrument.parse(version.definition))
    panel = panel_of(category_id)
    known = Known(category, criteria)
    marks = _Marks(category_id)
    return {
        "format": contest.FORMAT,
        "instrument": {
            "code": version.instrument.code,
            "number": version.number,
            "sha256": version.sha256,
            "definition": version.definition,
        },
        "category": {
            "code": category.slug,
            "winners": category.winners,
            "quota_per_unit": category.winners_per_unit,
        },
        "panel": [str(user_id) for user_id in panel],
        "nominees": [
            {
                "id": nomination.number,
                "unit": nomination.work_unit.code,
                "marks": {
                    criterion.code: [marks.of(nomination.id, criterion.code, user_id) for user_id in panel]
                    for criterion in criteria
                    if criterion.source.kind == "assessor"
                },
                "values": known.values(nomination),
                "attributes": known.attributes(nomination),
            }
            for nomination in known.nominations
        ],
        "decisions": [{"order": row.order, "reason": row.reason} for row in decisions_on(category_id, known.numbers)],
    }


def input_sha256(category_id: int) -> str:
    """The hash that a ranking of the category would have as its inputs now: another one means that the data changed."""
    return seal.input_sha256(ranking_inputs(category_id))


def contested(category_id: int) -> Any:
    """The category with its instrument."""
    return (
        Category.select(Category, InstrumentVersion, Instrument)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.id == category_id)
        .get()
    )


def scored_criteria(tree: definition.Definition) -> list[definition.Criterion]:
    return [criterion for _, criterion in definition.all_criteria(tree) if criterion.is_scored]


def panel_of(category_id: int) -> list[int]:
    """The assessors of a category."""
    return sorted(row.user_id for row in PanelMember.select(PanelMember.user).where(PanelMember.category == category_id))


def taking_part(category_id: int) -> Any:
    """The condition on nominations that take part in a category."""
    return (Nomination.category == category_id) & Nomination.state.in_(RANKABLE)


def decisions_on(category_id: int, numbers: Collection[str]) -> list[Any]:
    """The last written order of each group; one that names somebody who no longer takes part is about another group."""
    rows = TieDecision.select().where(TieDecision.category == category_id).order_by(TieDecision.id)
    latest = {frozenset(row.order): row for row in rows}
    return [row for group, row in latest.items() if group <= set(numbers)]


class Known:
    """What is known of the nominees of a category, or of some of them, apart from their marks."""

    def __init__(self, category: Any, criteria: Iterable[definition.Criterion], *, only: Collection[int] | None = None) -> None:
        nominations = Nomination.select(Nomination, WorkUnit).join(WorkUnit).where(taking_part(category.id))
        if only is not None:
            nominations = nominations.where(Nomination.id.in_(list(only)))
        self.nominations = list(nominations.order_by(Nomination.number))
        self._criteria = [criterion for criterion in criteria if criterion.source.kind != "assessor"]
        self._closes_on = _nomination_close(category.period_id)
        kinds = {criterion.source.kind for criterion in self._criteria}
        brought = interviews.totals(category) if "first_stage" in kinds else {}
        self._values = _Values(category.id, _Records(self.nominations, kinds, self._closes_on), brought) if kinds else None

    @property
    def numbers(self) -> set[str]:
        return {nomination.number for nomination in self.nominations}

    def values(self, nomination: Any) -> dict[str, Any]:
        """The raw value of every criterion that no assessor marks."""
        return {criterion.code: self._values.of(nomination, criterion) for criterion in self._criteria} if self._values else {}

    def attributes(self, nomination: Any) -> dict[str, int | None]:
        return _attributes(nomination.person, self._closes_on)


def attributes_of(category: Any, only: Collection[int] | None = None) -> dict[int, dict[str, int | None]]:
    """The attributes that may break ties, by nomination, of all who take part or of some."""
    closes_on = _nomination_close(category.period_id)
    rows = Nomination.select(Nomination.id, Nomination.person).where(taking_part(category.id))
    if only is not None:
        rows = rows.where(Nomination.id.in_(list(only)))
    return {id_: _attributes(person, closes_on) for id_, person in rows.tuples().iterator()}


def _attributes(person: Mapping[str, str], closes_on: date | None) -> dict[str, int | None]:
    return {"length_of_service_days": _service_days(person, closes_on)}


def _nominations(category_id: int) -> Any:
    return Nomination.select(Nomination.id).where(taking_part(category_id))


def _employees(category_id: int) -> Any:
    return Nomination.select(Nomination.employee).where(taking_part(category_id))


def _nomination_close(period_id: int) -> date | None:
    window = StageWindow.get_or_none(StageWindow.period == period_id, StageWindow.stage == Stage.NOMINATION)
    return window.closes_on if window else None


def _service_days(person: Mapping[str, str], closes_on: date | None) -> int | None:
    """Length of service at the close of the nominations, of the person as submitted."""
    return None if closes_on is None else max((closes_on - date.fromisoformat(person["appointed_on"])).days, 0)


class _Marks:
    """Marks and sheets of a category: what an assessor said about a nominee on a criterion, or that nothing was said yet.

    Whoever stepped back is recused; whoever was let go, or never had a sheet of a nominee that has sheets, is not asked.
    """

    def __init__(self, category_id: int) -> None:
        sheets = Sheet.select(Sheet.nomination, Sheet.assessor, Sheet.state).where(Sheet.nomination.in_(_nominations(category_id)))
        self._sheets = {(nomination, assessor): state for nomination, assessor, state in sheets.tuples()}
        self._with_sheets = {nomination for nomination, _ in self._sheets}
        rows = (
            Mark.select(Mark.nomination, Criterion.code, Mark.assessor, Mark.state, Mark.value)
            .join(Criterion)
            .where(Mark.nomination.in_(_nominations(category_id)))
            .tuples()
        )
        self._marks = {(nomination, code, assessor): (state, value) for nomination, code, assessor, state, value in rows}

    def of(self, nomination_id: int, code: str, user_id: int) -> dict[str, Any]:
        state, value = self._marks.get((nomination_id, code, user_id), ("not_yet", None))
        sheet = self._sheets.get((nomination_id, user_id), "none" if nomination_id in self._with_sheets else "open")
        if sheet in _WITHOUT_MARKS:
            state, value = _WITHOUT_MARKS[sheet], None
        text = None if value is None else exact_text(Fraction(value, _HUNDRED))
        return {"assessor": str(user_id), "state": state, "value": text}


class _Records:
    """What the registers of sanctions and awards say; each is read only when a criterion draws on it."""

    def __init__(self, nominations: Iterable[Any], kinds: set[str], on: date | None) -> None:
        ids = [nomination.employee_id for nomination in nominations]
        self._on = on
        self._sanctions = facts.sanction_facts(ids) if "sanction" in kinds else {}
        self._awards = facts.awards_on_record(ids) if "award" in kinds else None

    def of(self, employee_id: int, criterion: definition.Criterion) -> Any:
        if criterion.source.kind == "sanction":
            return records.sanction(criterion.source, self._sanctions[employee_id], self._on)
        return records.awards(criterion, None if self._awards is None else self._awards[employee_id])


class _Values:
    """Values that no assessor gives: answers of the unit, of its head, and facts on record about the employee."""

    def __init__(self, category_id: int, registers: _Records, brought: Mapping[int, str]) -> None:
        people = _employees(category_id)
        self._registers = registers
        self._brought = brought
        live = Endorsement.select().where(Endorsement.nomination.in_(_nominations(category_id)), Endorsement.voided_at.is_null())
        self._head: dict[int, dict[str, Any]] = {row.nomination_id: row.values for row in live.order_by(Endorsement.id)}
        self._attendance = _by_owner(
            (row.employee_id, (row.year, row.month), row.realisation) for row in Attendance.select().where(Attendance.employee.in_(people))
        )
        self._predicates = _by_owner(
            (row.employee_id, row.year, row.predicate) for row in PerformanceRating.select().where(PerformanceRating.employee.in_(people))
        )
        self._series = _by_owner(
            (row.employee_id, (row.series, row.year, row.month), row.value)
            for row in SeriesValue.select().where(SeriesValue.employee.in_(people))
        )

    def of(self, nomination: Any, criterion: definition.Criterion) -> Any:
        """The raw value, or None where it is not on record: the criterion is then incomplete, never 0."""
        source, employee_id = criterion.source, nomination.employee_id
        match source.kind:
            case "unit":
                return nomination.answers.get(criterion.code)
            case "unit_head":
                return self._head.get(nomination.id, {}).get(criterion.code)
            case "first_stage":
                return self._brought.get(employee_id)
            case "sanction" | "award":
                return self._registers.of(employee_id, criterion)
            case _:
                return self._of_series(source, employee_id)

    def _of_series(self, source: definition.Source, employee_id: int) -> Any:
        """What is on record month by month or year by year."""
        match source.kind:
            case "attendance":
                share = attendance.percentage(source.months, self._attendance[employee_id])
                return _text(share if isinstance(share, Fraction) else None)
            case "predicate":
                return records.predicate(source, self._predicates[employee_id])
            case "imported":
                return _text(series.mean(source, self._series[employee_id]))
            case _:
                raise ValueError(f"unknown source {source.kind!r}")


def _by_owner(rows: Iterable[tuple[int, Any, Any]]) -> _Facts:
    found: _Facts = defaultdict(dict)
    for owner, key, value in rows:
        found[owner][key] = value
    return found


def _text(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
