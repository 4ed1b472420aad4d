"""What is on record about employees, as the eligibility rules want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.models import (
    Attendance,
    Category,
    Determination,
    Employee,
    EmployeeAward,
    Nomination,
    PerformanceRating,
    Period,
    Sanction,
    Winner,
)
from sipetruk.models.base import plain_rows
from sipetruk.rules.attendance import parse_month
from sipetruk.rules.eligibility import Facts, Rule, SanctionFact
from sipetruk.rules.workflow import NominationState

GONE = (NominationState.WITHDRAWN.value, NominationState.REJECTED.value)
"""Nominations that no longer take a place in the quota of their unit."""

REGENCY = "kabupaten"
"""The level of the award itself, in the register of awards."""

PERSON = (
    Employee.id,
    Employee.work_unit,
    Employee.kind,
    Employee.position_type,
    Employee.echelon,
    Employee.grade,
    Employee.born_on,
    Employee.appointed_on,
    Employee.legal_status,
)
"""What the rules read of an employee's own row, in the order in which `_gathered` takes it apart."""

Scope = Callable[[Any], Any]
"""The WHERE clause that keeps the rows of the wanted employees, made for the column that names the employee."""


@dataclass(frozen=True)
class Wanted:
    """Which records are read: all of them, or only those that some rules look at."""

    ratings_from: int | None = 0
    """The earliest year; None reads none."""
    months: frozenset[tuple[int, int]] | None = None
    """None reads every month."""
    sanctions: bool = True
    awards: bool = True
    nominations: bool = True

    @classmethod
    def by(cls, rules: Iterable[Rule], today: date) -> Wanted:
        listed = list(rules)
        facts = {rule.fact for rule in listed}
        spans = [rule.value["years"] for rule in listed if rule.fact == "predicate"]
        months = [parse_month(month) for rule in listed if rule.fact == "attendance" for month in rule.value["months"]]
        return cls(
            ratings_from=today.year - max(spans) if spans else None,
            months=frozenset(months),
            sanctions=bool(facts & {"sanction_ever", "sanction_within", "sanction_serving", "under_examination"}),
            awards="award_within" in facts,
            nominations="unit_quota" in facts,
        )


EVERYTHING = Wanted()


def facts_of(employees: Sequence[Any], category: Any, wanted: Wanted = EVERYTHING) -> dict[int, Facts]:
    """The facts of each employee, by id, as a nominee of `category` (8 statements at most, however many there are).

    What is not on record stays None. Sanctions are on record for everybody once the register holds any.
    """
    ids = [employee.id for employee in employees]
    rows = [
        (e.id, e.work_unit_id, e.kind, e.position_type, e.echelon, e.grade, e.born_on, e.appointed_on, e.legal_status) for e in employees
    ]
    return _gathered(rows, lambda employee: employee.in_(ids), category, wanted)


def facts_of_all(employees: Any, category: Any, wanted: Wanted) -> dict[int, Facts]:
    """The same for every employee of a query, reading only what is wanted (9 statements at most)."""
    rows = list(employees.select(*PERSON).tuples())
    return _gathered(rows, lambda employee: employee.in_(employees.select(Employee.id)), category, wanted)


def _gathered(rows: Sequence[tuple[Any, ...]], scope: Scope, category: Any, wanted: Wanted) -> dict[int, Facts]:
    predicates = _predicates(scope, wanted.ratings_from)
    attendance = _attendance(scope, wanted.months)
    sanctions = _sanctions(scope) if wanted.sanctions else None
    awards, similar = (_award_years(scope), _similar_awards(scope)) if wanted.awards else ({}, {})
    used, nominated = _unit_nominations(category, scope) if wanted.nominations else ({}, set())
    found = {}
    for id_, unit_id, kind, position_type, echelon, grade, born_on, appointed_on, legal_status in rows:
        found[id_] = Facts(
            kind=kind,
            position_type=position_type,
            echelon=echelon,
            grade=grade,
            born_on=born_on,
            appointed_on=appointed_on,
            legal_status=legal_status,
            predicates=predicates.get(id_, {}),
            sanctions=None if sanctions is None else sanctions[0].get(id_, ()),
            under_examination=None if sanctions is None else id_ in sanctions[1],
            attendance=attendance.get(id_, {}),
            award_years=awards.get(id_, ()) if wanted.awards else None,
            similar_awards=similar.get(id_, ()),
            unit_nominations=used.get(unit_id, 0) + (id_ not in nominated) if wanted.nominations else None,
        )
    return found


def _predicates(scope: Scope, earliest: int | None) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    if earliest is not None:
        rows = PerformanceRating.select(PerformanceRating.employee, PerformanceRating.year, PerformanceRating.predicate)
        for employee_id, year, predicate in plain_rows(rows.where(scope(PerformanceRating.employee), PerformanceRating.year >= earliest)):
            found[employee_id][year] = predicate
    return found


def _attendance(scope: Scope, months: frozenset[tuple[int, int]] | None) -> dict[int, dict[tuple[int, int], int]]:
    found: dict[int, dict[tuple[int, int], int]] = defaultdict(dict)
    if months is not None and not months:
        return found
    rows = Attendance.select(Attendance.employee, Attendance.year, Attendance.month, Attendance.realisation).where(
        scope(Attendance.employee)
    )
    if months is not None:
        counted = [year * 12 + month for year, month in sorted(months)]
        rows = rows.where(Attendance.year.in_({year for year, _ in months}), (Attendance.year * 12 + Attendance.month).in_(counted))
    for employee_id, year, month, realisation in plain_rows(rows):
        found[employee_id][year, month] = realisation
    return found


def sanction_facts(ids: list[int]) -> dict[int, Facts]:
    """What the register of sanctions says about each employee, as eligibility reads it; unknown while the register is empty."""
    known = _sanctions(lambda employee: employee.in_(ids))
    if known is None:
        return dict.fromkeys(ids, Facts())
    imposed, examined = known
    return {id_: Facts(sanctions=imposed.get(id_, ()), under_examination=id_ in examined) for id_ in ids}


def awards_on_record(ids: list[int]) -> dict[int, list[tuple[str, int]]] | None:
    """Level and year of each employee's awards; None while the register is empty, since then nothing is known of anybody."""
    if not EmployeeAward.select().exists():
        return None
    found: dict[int, list[tuple[str, int]]] = {id_: [] for id_ in ids}
    rows = EmployeeAward.select(EmployeeAward.employee, EmployeeAward.level, EmployeeAward.year).where(EmployeeAward.employee.in_(ids))
    for employee_id, level, year in rows.tuples():
        found[employee_id].append((level, year))
    return found


def person_snapshot(employee: Any) -> dict[str, str]:
    """The copy of a person that a nomination keeps; it holds no personal number."""
    return {
        "full_name": employee.full_name,
        "name": employee.name,
        "title_front": employee.title_front,
        "title_back": employee.title_back,
        "kind": employee.kind,
        "position": employee.position,
        "position_type": employee.position_type,
        "echelon": employee.echelon,
        "grade": employee.grade,
        "unit_code": employee.work_unit.code,
        "unit_name": employee.work_unit.name,
        "appointed_on": employee.appointed_on.isoformat(),
    }


def _sanctions(scope: Scope) -> tuple[dict[int, list[SanctionFact]], set[int]] | None:
    """Sanctions by employee, and who is under examination; None while the register is empty."""
    if not Sanction.select().exists():
        return None
    imposed: dict[int, list[SanctionFact]] = defaultdict(list)
    examined: set[int] = set()
    for row in Sanction.select().where(scope(Sanction.employee)):
        if row.is_under_examination:
            examined.add(row.employee_id)
        else:
            imposed[row.employee_id].append(SanctionFact(row.level, row.starts_on, row.ends_on))
    return imposed, examined


def _award_years(scope: Scope) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = (
        Winner.select(Nomination.employee, Period.year)
        .join_from(Winner, Nomination)
        .join_from(Winner, Determination)
        .join_from(Determination, Category)
        .join_from(Category, Period)
        .where(scope(Nomination.employee), Determination.revoked_at.is_null())
        .tuples()
    )
    for employee_id, year in rows:
        found[employee_id].append(year)
    return found


def _similar_awards(scope: Scope) -> dict[int, list[tuple[int, str]]]:
    """Awards of the regency on record, such as those of rounds before this application."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = EmployeeAward.select(EmployeeAward.employee, EmployeeAward.year, EmployeeAward.name)
    for employee_id, year, name in plain_rows(rows.where(scope(EmployeeAward.employee), EmployeeAward.level == REGENCY)):
        found[employee_id].append((year, name))
    return found


def _unit_nominations(category: Any, scope: Scope) -> tuple[dict[int, int], set[int]]:
    """How many nominations each unit has in the category, and which of the employees are among them."""
    alive = (Nomination.category == category.id) & Nomination.state.not_in(GONE)
    counts = Nomination.select(Nomination.work_unit, pw.fn.COUNT(Nomination.id)).where(alive).group_by(Nomination.work_unit).tuples()
    nominated = Nomination.select(Nomination.employee).where(alive, scope(Nomination.employee)).tuples()
    return dict(counts), {employee_id for (employee_id,) in nominated}
