"""Work units, employees and the facts on record about them, as they come from the personnel systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sipetruk.errors import Conflict, Invalid, Problem
from sipetruk.models import Attendance, Employee, PerformanceRating, ReferenceCode, Sanction, SeriesValue, WorkUnit
from sipetruk.models.base import Table
from sipetruk.models.employees import SANCTION_LEVELS, SERIES
from sipetruk.rules import nip as nip_rules
from sipetruk.rules import predicate as predicate_rules
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.services import audit
from sipetruk.services.transaction import check_version, held, one, touch, transaction

_BATCH = 500


@dataclass(frozen=True)
class NewUnit:
    code: str
    name: str


@dataclass(frozen=True)
class NewEmployee:
    """An employee; `nip` is a NIP (PNS) or NI PPPK of 18 digits, its birth date and kind must agree with the rest."""

    nip: str
    kind: str
    name: str
    unit_id: int
    position: str
    position_type: str
    grade: str
    appointed_on: date
    born_on: date
    title_front: str = ""
    title_back: str = ""
    echelon: str = "99"
    legal_status: str = "01"


@dataclass(frozen=True)
class AttendanceRecord:
    """`realisation` in hundredths of a percent, 0..10000."""

    employee_id: int
    year: int
    month: int
    realisation: int


@dataclass(frozen=True)
class RatingRecord:
    """Both ratings of a year; a predicate that contradicts them is refused, an absent one is derived."""

    employee_id: int
    year: int
    work_result: str
    behaviour: str
    predicate: str | None = None


@dataclass(frozen=True)
class SeriesRecord:
    """One number of a series in hundredths; month 0 is a value for the whole year."""

    employee_id: int
    series: str
    year: int
    month: int
    value: int


@dataclass(frozen=True)
class SanctionRecord:
    employee_id: int
    level: str
    starts_on: date
    ends_on: date | None = None
    code: str = ""
    decree_number: str = ""
    is_under_examination: bool = False


def load_codes(actor: Actor, *, kind: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Replace one reference table by (code, name, extra) rows."""
    require(actor, Action.EMPLOYEE_IMPORT)
    with transaction():
        ReferenceCode.delete().where(ReferenceCode.kind == kind).execute()
        _insert(ReferenceCode, ({"kind": kind, "code": code, "name": name, "extra": extra} for code, name, extra in rows))
        audit.record(actor, Action.EMPLOYEE_IMPORT, "codes", kind, after={"rows": len(rows)})


def register_units(actor: Actor, *, units: Sequence[NewUnit]) -> list[int]:
    """Add work units and return their ids."""
    require(actor, Action.UNIT_EDIT)
    for unit in units:
        _check_unit(unit.code, unit.name)
    with transaction():
        clash = WorkUnit.select(WorkUnit.code).where(
            WorkUnit.code.in_([u.code for u in units]) | WorkUnit.name.in_([u.name for u in units])
        )
        if code := clash.scalar():
            raise Conflict("Unit kerja “%(code)s” sudah ada.", "code", code=code)
        ids = [int(WorkUnit.create(code=unit.code, name=unit.name).id) for unit in units]
        for unit_id, unit in zip(ids, units, strict=True):
            audit.record(actor, Action.UNIT_EDIT, "unit", unit_id, after=asdict(unit))
    return ids


def update_unit(actor: Actor, *, unit_id: int, name: str, is_active: bool, expected_version: int) -> None:
    """Rename a work unit or set it inactive; nominations keep the name they were submitted under."""
    require(actor, Action.UNIT_EDIT)
    with transaction():
        unit = one(held(WorkUnit.select().where(WorkUnit.id == unit_id)), "Unit kerja")
        check_version(unit, expected_version)
        _check_unit(unit.code, name)
        if WorkUnit.select().where(WorkUnit.name == name.strip(), WorkUnit.id != unit_id).exists():
            raise Conflict("Unit kerja bernama “%(name)s” sudah ada.", "name", name=name.strip())
        before = {"name": unit.name, "is_active": unit.is_active}
        unit.name, unit.is_active = name.strip(), is_active
        touch(unit)
        after = {"name": unit.name, "is_active": unit.is_active}
        audit.record(actor, Action.UNIT_EDIT, "unit", unit_id, before=before, after=after)


def register_employees(actor: Actor, *, employees: Sequence[NewEmployee]) -> list[int]:
    """Add employees and return their ids; every bad row is named, and then nothing is saved."""
    require(actor, Action.EMPLOYEE_IMPORT)
    problems: list[Problem] = []
    for index, employee in enumerate(employees):
        problems += _employee_problems(employee, ("employees", str(index)))
    if problems:
        raise Invalid(problems)
    with transaction():
        nips = [employee.nip for employee in employees]
        if len(set(nips)) != len(nips) or _any_known(nips):
            raise Conflict("Ada nomor induk yang sudah terdaftar.", "nip")
        _insert(Employee, (_employee_row(employee) for employee in employees))
        by_nip = dict(Employee.select(Employee.nip, Employee.id).where(Employee.nip.in_(nips)).tuples())
        audit.record(actor, Action.EMPLOYEE_IMPORT, "employees", "batch", after={"rows": len(nips)})
    return [by_nip[nip] for nip in nips]


def record_attendance(actor: Actor, *, records: Sequence[AttendanceRecord]) -> None:
    """Keep months of attendance; a month already on record is replaced."""
    keys = [Attendance.employee, Attendance.year, Attendance.month]
    rows = [{"employee": r.employee_id, "year": r.year, "month": r.month, "realisation": r.realisation} for r in records]
    _check(
        records,
        lambda r: (
            None if 1 <= r.month <= 12 and 0 <= r.realisation <= 10_000 else "Bulan harus 1 sampai 12 dan realisasi 0 sampai 100 persen."
        ),
    )
    _upsert(actor, Attendance, rows, keys, [Attendance.realisation])


def record_ratings(actor: Actor, *, records: Sequence[RatingRecord]) -> None:
    """Keep yearly performance ratings with the predicate that the matrix derives (PermenPANRB 6/2022)."""
    rows = []
    problems = []
    for index, record in enumerate(records):
        try:
            result = predicate_rules.parse_rating(record.work_result)
            behaviour = predicate_rules.parse_rating(record.behaviour)
            derived = predicate_rules.derive(result, behaviour)
            if record.predicate is not None:
                predicate_rules.require_consistent(result, behaviour, record.predicate)
        except Invalid as refusal:
            problems += [Problem(p.template, ("records", str(index), *p.path), p.code, p.params) for p in refusal.problems]
            continue
        rows.append(
            {
                "employee": record.employee_id,
                "year": record.year,
                "work_result": result,
                "behaviour": behaviour,
                "predicate": derived,
            }
        )
    if problems:
        raise Invalid(problems)
    keys = [PerformanceRating.employee, PerformanceRating.year]
    kept = [PerformanceRating.work_result, PerformanceRating.behaviour, PerformanceRating.predicate]
    _upsert(actor, PerformanceRating, rows, keys, kept)


def record_series(actor: Actor, *, records: Sequence[SeriesRecord]) -> None:
    """Keep numbers of an imported series (monthly e-Kinerja, yearly behaviour score)."""
    _check(
        records,
        lambda r: None if r.series in SERIES and 0 <= r.month <= 12 and r.value >= 0 else "Seri, bulan, atau nilai tidak dikenal.",
    )
    rows = [{"employee": r.employee_id, "series": r.series, "year": r.year, "month": r.month, "value": r.value} for r in records]
    keys = [SeriesValue.employee, SeriesValue.series, SeriesValue.year, SeriesValue.month]
    _upsert(actor, SeriesValue, rows, keys, [SeriesValue.value])


def record_sanctions(actor: Actor, *, records: Sequence[SanctionRecord]) -> None:
    """Add disciplinary sanctions or running examinations (PP 94/2021)."""
    require(actor, Action.EMPLOYEE_IMPORT)
    _check(
        records,
        lambda r: (
            None
            if r.level in SANCTION_LEVELS and (r.ends_on is None or r.starts_on <= r.ends_on)
            else "Tingkat harus R, S, atau B dan akhir hukuman tidak boleh sebelum mulai."
        ),
    )
    with transaction():
        _insert(Sanction, ({("employee" if k == "employee_id" else k): v for k, v in asdict(r).items()} for r in records))
        audit.record(actor, Action.EMPLOYEE_IMPORT, "sanction", "batch", after={"rows": len(records)})


def _check_unit(code: str, name: str) -> None:
    problems = []
    if not (2 <= len(code) <= 20 and code.replace("-", "").isalnum() and code == code.lower() and code.isascii()):
        template = "Kode unit terdiri atas 2 sampai 20 huruf kecil, angka, atau tanda hubung."
        problems.append(Problem(template, ("code",)))
    if not 1 <= len(name.strip()) <= 200:
        problems.append(Problem("Nama unit wajib diisi, paling banyak 200 karakter.", ("name",)))
    if problems:
        raise Invalid(problems)


def _employee_problems(employee: NewEmployee, path: tuple[str, ...]) -> list[Problem]:
    problems = []
    try:
        parsed = nip_rules.parse(employee.nip, employee.kind)
        if parsed.birth != employee.born_on:
            problems.append(Problem("Tanggal lahir tidak sama dengan yang terkandung dalam nomor induk.", (*path, "born_on")))
    except Invalid as refusal:
        problems += [Problem(p.template, (*path, "nip"), p.code, p.params) for p in refusal.problems]
    if not 1 <= len(employee.name.strip()) <= 150:
        problems.append(Problem("Nama wajib diisi, paling banyak 150 karakter.", (*path, "name")))
    if not employee.position.strip():
        problems.append(Problem("Jabatan wajib diisi.", (*path, "position")))
    return problems


def _employee_row(employee: NewEmployee) -> dict[str, Any]:
    row = asdict(employee)
    row["work_unit"] = row.pop("unit_id")
    return row


def _any_known(nips: list[str]) -> bool:
    chunks = (nips[start : start + _BATCH] for start in range(0, len(nips), _BATCH))
    return any(Employee.select().where(Employee.nip.in_(chunk)).exists() for chunk in chunks)


def _check(records: Sequence[Any], judge: Any) -> None:
    problems = [
        Problem(template, ("records", str(index))) for index, record in enumerate(records) if (template := judge(record)) is not None
    ]
    if problems:
        raise Invalid(problems)


def _insert(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    for start in range(0, len(rows), _BATCH):
        table.insert_many(rows[start : start + _BATCH]).execute()


def _upsert(actor: Actor, table: type[Table], rows: list[dict[str, Any]], keys: list[Any], kept: list[Any]) -> None:
    require(actor, Action.EMPLOYEE_IMPORT)
    with transaction():
        for start in range(0, len(rows), _BATCH):
            chunk = table.insert_many(rows[start : start + _BATCH])
            chunk.on_conflict(conflict_target=keys, preserve=kept).execute()
        audit.record(actor, Action.EMPLOYEE_IMPORT, table._meta.table_name, "batch", after={"rows": len(rows)})
