"""What is on record about employees, as the eligibility rules want it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import peewee as pw

from sipetruk.models import (
    Attendance,
    Category,
    Determination,
    EmployeeAward,
    Nomination,
    PerformanceRating,
    Period,
    Sanction,
    Winner,
)
from sipetruk.rules.eligibility import Facts, SanctionFact
from sipetruk.rules.workflow import NominationState

GONE = (NominationState.WITHDRAWN.value, NominationState.REJECTED.value)
"""Nominations that no longer take a place in the quota of their unit."""


def facts_of(employees: Sequence[Any], category: Any) -> dict[int, Facts]:
    """The facts of each employee, by id, as a nominee of `category` (7 statements however many there are).

    What is not on record stays None. Sanctions are on record for everybody once the register holds any.
    """
    ids = [employee.id for employee in employees]
    predicates = _by_employee(
        PerformanceRating.select(PerformanceRating.employee, PerformanceRating.year, PerformanceRating.predicate).where(
            PerformanceRating.employee.in_(ids)
        )
    )
    attendance = _by_employee(
        Attendance.select(Attendance.employee, Attendance.year, Attendance.month, Attendance.realisation).where(
            Attendance.employee.in_(ids)
        )
    )
    sanctions = _sanctions(ids)
    awards = _award_years(ids)
    used, nominated = _unit_nominations(category, {employee.work_unit_id for employee in employees}, ids)
    return {
        e.id: Facts(
            kind=e.kind,
            position_type=e.position_type,
            echelon=e.echelon,
            grade=e.grade,
            born_on=e.born_on,
            appointed_on=e.appointed_on,
            legal_status=e.legal_status,
            predicates=dict(predicates[e.id]),
            sanctions=None if sanctions is None else sanctions[e.id][0],
            under_examination=None if sanctions is None else sanctions[e.id][1],
            attendance={(year, month): realisation for year, month, realisation in attendance[e.id]},
            award_years=awards[e.id],
            unit_nominations=used[e.work_unit_id] + (e.id not in nominated),
        )
        for e in employees
    }


def sanction_facts(ids: list[int]) -> dict[int, Facts]:
    """What the register of sanctions says about each employee, as eligibility reads it; unknown while the register is empty."""
    known = _sanctions(ids)
    if known is None:
        return dict.fromkeys(ids, Facts())
    return {id_: Facts(sanctions=imposed, under_examination=examined) for id_, (imposed, examined) in known.items()}


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


def _by_employee(query: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for employee_id, *rest in query.tuples():
        found[employee_id].append(rest)
    return found


def _sanctions(ids: list[int]) -> dict[int, tuple[list[SanctionFact], bool]] | None:
    """Sanctions and running examinations of each employee; None while the register is empty."""
    if not Sanction.select().exists():
        return None
    found: dict[int, tuple[list[SanctionFact], bool]] = {id_: ([], False) for id_ in ids}
    for row in Sanction.select().where(Sanction.employee.in_(ids)):
        imposed, examined = found[row.employee_id]
        if row.is_under_examination:
            examined = True
        else:
            imposed.append(SanctionFact(row.level, row.starts_on, row.ends_on))
        found[row.employee_id] = imposed, examined
    return found


def _award_years(ids: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = (
        Winner.select(Nomination.employee, Period.year)
        .join_from(Winner, Nomination)
        .join_from(Winner, Determination)
        .join_from(Determination, Category)
        .join_from(Category, Period)
        .where(Nomination.employee.in_(ids))
        .tuples()
    )
    for employee_id, year in rows:
        found[employee_id].append(year)
    return found


def _unit_nominations(category: Any, unit_ids: set[int], ids: list[int]) -> tuple[dict[int, int], set[int]]:
    """How many nominations each unit has in the category, and which of the employees are among them."""
    alive = (Nomination.category == category.id) & Nomination.state.not_in(GONE)
    counts = (
        Nomination.select(Nomination.work_unit, pw.fn.COUNT(Nomination.id))
        .where(alive, Nomination.work_unit.in_(list(unit_ids)))
        .group_by(Nomination.work_unit)
        .tuples()
    )
    nominated = Nomination.select(Nomination.employee).where(alive, Nomination.employee.in_(ids)).tuples()
    return defaultdict(int, counts), {employee_id for (employee_id,) in nominated}
