"""Work units, employees and reference codes for lists and choices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.models import Employee, WorkUnit
from sipetruk.queries import paging, visible
from sipetruk.queries import units as unit_queries
from sipetruk.queries.conditions import contains
from sipetruk.queries.listing import Listing, Sort, day, integer, reference, text
from sipetruk.rules.permissions import Action, Actor


@dataclass(frozen=True)
class UnitRow:
    id: int
    code: str
    name: str
    is_active: bool
    row_version: int


@dataclass(frozen=True)
class EmployeeRow:
    """An employee as staff see one; `nip` never leaves the staff faces."""

    id: int
    nip: str
    kind: str
    full_name: str
    unit_id: int
    unit_code: str
    unit_name: str
    position: str
    grade: str
    appointed_on: date


_NAME = text("Nama tanpa gelar.", "name", Employee.name)
_POSITION = text("Jabatan sekarang.", "position", Employee.position)
_UNIT_CODE = text("Kode unit kerja sekarang.", "work_unit.code", WorkUnit.code)
_BY_NAME = (Sort(_NAME), Sort(integer("Nomor.", "id", Employee.id)))
EMPLOYEES = Listing(
    "Employee",
    {
        "name": _NAME,
        "kind": text("PNS atau PPPK.", "kind", Employee.kind),
        "position": _POSITION,
        "grade": text("Golongan sekarang.", "grade", Employee.grade),
        "unit": reference("Unit kerja sekarang.", "work_unit_id", "WorkUnit", Employee.work_unit),
        "unit_code": _UNIT_CODE,
        "appointed_on": day("Tanggal mulai bekerja.", "appointed_on", Employee.appointed_on),
    },
    _BY_NAME,
)
CHOICES = Listing("EligibleEmployee", {"name": _NAME, "position": _POSITION, "unit_code": _UNIT_CODE}, _BY_NAME)
_CODE = text("Kode unit kerja.", "code")
UNITS = Listing("WorkUnit", {"code": _CODE, "name": text("Nama unit kerja.", "name")}, (Sort(_CODE),))


def units(actor: Actor, *, only_active: bool = False, search: str = "") -> list[UnitRow]:
    """Work units by name (1 statement); a search looks into former names and codes as well."""
    query = unit_queries.matching(visible.units(actor), search).order_by(WorkUnit.name)
    if only_active:
        query = query.where(WorkUnit.is_active)
    return [UnitRow(u.id, u.code, u.name, u.is_active, u.row_version) for u in query]


def employees(
    actor: Actor, *, search: str = "", unit_id: int | None = None, page: paging.PageRequest | None = None
) -> paging.Page[EmployeeRow]:
    """A page of employees by name, searched by name or number (2 statements)."""
    query = search_employees(visible.employees(actor).select(Employee, WorkUnit).join(WorkUnit), search)
    if unit_id is not None:
        query = query.where(Employee.work_unit == unit_id)
    found: paging.Page[Any] = EMPLOYEES.select(query, page or paging.PageRequest())
    return found.of([employee_row(each) for each in found.rows])


def employee_row(row: Any) -> EmployeeRow:
    """One employee, read together with the work unit."""
    unit = row.work_unit
    return EmployeeRow(row.id, row.nip, row.kind, row.full_name, unit.id, unit.code, unit.name, row.position, row.grade, row.appointed_on)


def ids_by_number(actor: Actor, numbers: Sequence[str], action: Action = Action.EMPLOYEE_READ) -> dict[str, int]:
    """Which of these numbers are on record, with the employee's id, for who may do this with them (1 statement for every 500)."""
    found: dict[str, int] = {}
    for start in range(0, len(numbers), 500):
        chunk = numbers[start : start + 500]
        found |= dict(visible.employees(actor, action).select(Employee.nip, Employee.id).where(Employee.nip.in_(chunk)).tuples())
    return found


def search_employees(query: Any, search: str) -> Any:
    """The employees whose name or number holds every word that was typed; a number may be typed as it is printed, in groups."""
    words = search.replace("\x00", "").split()[:5]
    if len(words) > 1 and "".join(words).isdecimal():
        words = ["".join(words)]
    for word in words:
        query = query.where(contains(Employee.name, word) | Employee.nip.startswith(word))
    return query
