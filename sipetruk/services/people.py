"""Work units, employees and the facts on record about them, as they come from the personnel systems."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from sipetruk.errors import Conflict, Invalid, Problem
from sipetruk.models import (
    Attendance,
    Employee,
    EmployeeAward,
    PerformanceRating,
    ReferenceCode,
    Sanction,
    SeriesValue,
    UnitChange,
    WorkUnit,
)
from sipetruk.models.base import Table
from sipetruk.queries import units as unit_queries
from sipetruk.rules import nip as nip_rules
from sipetruk.rules import predicate as predicate_rules
from sipetruk.rules.eligibility_values import GRADES
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.unit_history import ChangeKind, unit_problems
from sipetruk.rules.vocabulary import AWARD_LEVELS, SANCTION_LEVELS, SERIES
from sipetruk.services import audit, clock, nominations
from sipetruk.services.transaction import check_version, held, one, touch, transaction

DOUBLED = "Orang dan waktu yang sama sudah ada pada baris sebelumnya."
DOUBLED_CODE = "Kode unit ini sudah ada pada baris sebelumnya."
DOUBLED_NAME = "Nama unit ini sudah ada pada baris sebelumnya."
TAKEN_NAME = "Nama ini sudah dipakai unit kerja lain."
_BATCH = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Saved:
    """What a batch did to the rows on record."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Saved) -> Saved:
        return Saved(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


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


@dataclass(frozen=True)
class AwardRecord:
    """One award received; `level` is a key of `rules.vocabulary.AWARD_LEVELS`."""

    employee_id: int
    year: int
    level: str
    name: str
    giver: str = ""


def load_codes(actor: Actor, *, kind: str, rows: Sequence[tuple[str, str, str]]) -> None:
    """Replace one reference table by (code, name, extra) rows; an equal one is left alone."""
    require(actor, Action.EMPLOYEE_IMPORT)
    with transaction():
        known = ReferenceCode.select(ReferenceCode.code, ReferenceCode.name, ReferenceCode.extra).where(ReferenceCode.kind == kind)
        if set(known.tuples()) == set(rows):
            return
        ReferenceCode.delete().where(ReferenceCode.kind == kind).execute()
        _insert(ReferenceCode, ({"kind": kind, "code": code, "name": name, "extra": extra} for code, name, extra in rows))
        audit.record(actor, Action.EMPLOYEE_IMPORT, "codes", kind, after={"rows": len(rows)})


def register_units(actor: Actor, *, units: Sequence[NewUnit]) -> list[int]:
    """Add work units and return their ids; every bad one is named, and then nothing is saved."""
    require(actor, Action.UNIT_EDIT)
    units = [NewUnit(unit.code, unit.name.strip()) for unit in units]
    with transaction():
        codes, names = [unit.code for unit in units], [unit.name for unit in units]
        former = unit_queries.former_codes(codes)
        taken = {code for chunk in _chunks(codes) for (code,) in WorkUnit.select(WorkUnit.code).where(WorkUnit.code.in_(chunk)).tuples()}
        problems = _doubled(codes, "units", DOUBLED_CODE, "code") + _doubled(names, "units", DOUBLED_NAME, "name")
        owners = _owners(names)
        for index, unit in enumerate(units):
            place = ("units", str(index))
            problems += unit_problems(unit.code, unit.name, place)
            if unit.code in former:
                told = {"code": unit.code, "name": former[unit.code].name}
                problems.append(Problem("Kode “%(code)s” adalah kode lama %(name)s.", (*place, "code"), "CONFLICT", told))
            elif unit.code in taken:
                problems.append(Problem("Unit kerja “%(code)s” sudah ada.", (*place, "code"), "CONFLICT", {"code": unit.code}))
            elif unit.name in owners:
                problems.append(Problem(TAKEN_NAME, (*place, "name"), "CONFLICT"))
        if problems:
            raise Invalid(problems)
        ids = [int(WorkUnit.create(code=unit.code, name=unit.name).id) for unit in units]
        for unit_id, unit in zip(ids, units, strict=True):
            audit.record(actor, Action.UNIT_EDIT, "unit", unit_id, after=asdict(unit))
    return ids


def save_units(actor: Actor, *, units: Sequence[NewUnit]) -> Saved:
    """Add work units, or rename those whose code is known; every bad row is named, and then nothing is saved."""
    require(actor, Action.UNIT_EDIT)
    units = [NewUnit(unit.code, unit.name.strip()) for unit in units]
    with transaction():
        owners = _owners([unit.name for unit in units])
        former = unit_queries.former_codes([unit.code for unit in units])
        before = {row.code: row for row in unit_queries.by_codes([unit.code for unit in units])}
        problems = _doubled([unit.code for unit in units], "units", DOUBLED_CODE, "code")
        problems += _doubled([unit.name for unit in units], "units", DOUBLED_NAME, "name")
        for index, unit in enumerate(units):
            problems += unit_problems(unit.code, unit.name, ("units", str(index)))
            if unit.code in former:
                now = former[unit.code]
                template = "Ini kode lama %(name)s; kodenya sekarang %(code)s."
                problems.append(Problem(template, ("units", str(index), "code"), "CONFLICT", {"name": now.name, "code": now.code}))
            if owners.get(unit.name, unit.code) != unit.code:
                problems.append(Problem(TAKEN_NAME, ("units", str(index), "name"), "CONFLICT"))
        if problems:
            raise Invalid(problems)
        saved = _merge(WorkUnit, [asdict(unit) for unit in units], [WorkUnit.code], [WorkUnit.name])
        _note_renames(actor, [before[unit.code] for unit in units if unit.code in before and before[unit.code].name != unit.name])
        audit.record(actor, Action.UNIT_EDIT, "unit", "batch", after={"rows": len(units), **asdict(saved)})
    return saved


def update_unit(actor: Actor, *, unit_id: int, name: str, is_active: bool, expected_version: int) -> None:
    """Correct how the name of a work unit is written, or set it (in)active; a new name has a day and a basis: `units.rename`."""
    require(actor, Action.UNIT_EDIT)
    with transaction():
        unit = one(held(WorkUnit.select().where(WorkUnit.id == unit_id)), "Unit kerja")
        check_version(unit, expected_version)
        if problems := unit_problems(unit.code, name):
            raise Invalid(problems)
        if is_active and (successor := unit_queries.successor_of(unit_id)):
            raise Conflict("Unit ini sudah dilebur ke %(name)s dan tidak dapat diaktifkan lagi.", "isActive", name=successor.name)
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
    _check_employees(employees)
    with transaction():
        nips = [employee.nip for employee in employees]
        if len(set(nips)) != len(nips) or _any_known(nips):
            raise Conflict("Ada nomor induk yang sudah terdaftar.", "nip")
        _insert(Employee, (_employee_row(employee) for employee in employees))
        by_nip = dict(Employee.select(Employee.nip, Employee.id).where(Employee.nip.in_(nips)).tuples())
        audit.record(actor, Action.EMPLOYEE_IMPORT, "employees", "batch", after={"rows": len(nips)})
    return [by_nip[nip] for nip in nips]


def save_employees(actor: Actor, *, employees: Sequence[NewEmployee]) -> Saved:
    """Add employees, or bring those whose number is known up to date; every bad row is named, and then nothing is saved."""
    require(actor, Action.EMPLOYEE_IMPORT)
    doubled = _doubled([employee.nip for employee in employees], "employees", "Nomor induk ini sudah ada pada baris sebelumnya.", "nip")
    _check_employees(employees, doubled)
    rows = [_employee_row(employee) for employee in employees]
    with transaction():
        kept = [Employee._meta.fields[name] for name in _employee_row(employees[0]) if name != "nip"] if employees else []
        saved = _merge(Employee, rows, [Employee.nip], kept)
        nominations.follow_nominees(actor)
        audit.record(actor, Action.EMPLOYEE_IMPORT, "employees", "batch", after={"rows": len(rows), **asdict(saved)})
    return saved


def record_attendance(actor: Actor, *, records: Sequence[AttendanceRecord]) -> Saved:
    """Keep months of attendance; a month already on record is replaced."""
    keys = [Attendance.employee, Attendance.year, Attendance.month]
    rows = [{"employee": r.employee_id, "year": r.year, "month": r.month, "realisation": r.realisation} for r in records]
    _check(
        records,
        lambda r: (r.employee_id, r.year, r.month),
        lambda r: (
            None if 1 <= r.month <= 12 and 0 <= r.realisation <= 10_000 else "Bulan harus 1 sampai 12 dan realisasi 0 sampai 100 persen."
        ),
    )
    return _upsert(actor, Attendance, rows, keys, [Attendance.realisation])


def record_ratings(actor: Actor, *, records: Sequence[RatingRecord]) -> Saved:
    """Keep yearly performance ratings with the predicate that the matrix derives (PermenPANRB 6/2022)."""
    rows = []
    problems = _doubled([(record.employee_id, record.year) for record in records], "records", DOUBLED)
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
    return _upsert(actor, PerformanceRating, rows, keys, kept)


def record_series(actor: Actor, *, records: Sequence[SeriesRecord]) -> Saved:
    """Keep numbers of an imported series (monthly e-Kinerja, yearly behaviour score)."""
    _check(
        records,
        lambda r: (r.employee_id, r.series, r.year, r.month),
        lambda r: None if r.series in SERIES and 0 <= r.month <= 12 and r.value >= 0 else "Seri, bulan, atau nilai tidak dikenal.",
    )
    rows = [{"employee": r.employee_id, "series": r.series, "year": r.year, "month": r.month, "value": r.value} for r in records]
    keys = [SeriesValue.employee, SeriesValue.series, SeriesValue.year, SeriesValue.month]
    return _upsert(actor, SeriesValue, rows, keys, [SeriesValue.value])


def record_sanctions(actor: Actor, *, records: Sequence[SanctionRecord]) -> Saved:
    """Keep disciplinary sanctions or running examinations (PP 94/2021).

    What is on record of the same employee, start and decree is replaced; so is an examination of that start by its outcome.
    """
    require(actor, Action.EMPLOYEE_IMPORT)
    _check(
        records,
        lambda r: (r.employee_id, r.starts_on, r.decree_number),
        lambda r: (
            None
            if r.level in SANCTION_LEVELS and (r.ends_on is None or r.starts_on <= r.ends_on)
            else "Tingkat harus R, S, atau B dan akhir hukuman tidak boleh sebelum mulai."
        ),
    )
    saved = Saved()
    with transaction():
        for chunk in _chunks(records):
            saved += _replace_sanctions(chunk)
        audit.record(actor, Action.EMPLOYEE_IMPORT, "sanction", "batch", after={"rows": len(records), **asdict(saved)})
    return saved


def record_awards(actor: Actor, *, records: Sequence[AwardRecord]) -> Saved:
    """Keep awards received; the same award of a person, year and level is on record once."""
    _check(
        records,
        lambda r: (r.employee_id, r.year, r.level, r.name),
        lambda r: None if r.level in AWARD_LEVELS and r.name.strip() else "Tingkat tidak dikenal atau nama penghargaan kosong.",
    )
    rows = [{"employee": r.employee_id, "year": r.year, "level": r.level, "name": r.name, "giver": r.giver} for r in records]
    keys = [EmployeeAward.employee, EmployeeAward.year, EmployeeAward.level, EmployeeAward.name]
    return _upsert(actor, EmployeeAward, rows, keys, [EmployeeAward.giver])


def _note_renames(actor: Actor, renamed: Sequence[Any]) -> None:
    """The history of units that a file names anew; `renamed` are the rows as they were."""
    rows = [
        {
            "unit": unit.id,
            "kind": ChangeKind.RENAMED,
            "effective_on": clock.today(),
            "former_code": unit.code,
            "former_name": unit.name,
            "reason": "Berkas unit kerja dari sistem kepegawaian.",
            "recorded_at": clock.now(),
            "recorded_by": actor.user_id,
        }
        for unit in renamed
    ]
    _insert(UnitChange, rows)


def _check_employees(employees: Sequence[NewEmployee], problems: Sequence[Problem] = ()) -> None:
    found = list(problems)
    for index, employee in enumerate(employees):
        found += _employee_problems(employee, ("employees", str(index)))
    if found:
        raise Invalid(found)


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
    if employee.grade not in GRADES.get(employee.kind, ()):
        problems.append(Problem("Golongan ini bukan golongan jenis ASN tersebut.", (*path, "grade")))
    if not employee.position.strip():
        problems.append(Problem("Jabatan wajib diisi.", (*path, "position")))
    return problems


def _employee_row(employee: NewEmployee) -> dict[str, Any]:
    row = asdict(employee)
    row["work_unit"] = row.pop("unit_id")
    return row


def _any_known(nips: list[str]) -> bool:
    return any(Employee.select().where(Employee.nip.in_(chunk)).exists() for chunk in _chunks(nips))


def _check(records: Sequence[Any], key: Callable[[Any], Hashable], judge: Callable[[Any], str | None]) -> None:
    problems = _doubled([key(record) for record in records], "records", DOUBLED)
    problems += [
        Problem(template, ("records", str(index))) for index, record in enumerate(records) if (template := judge(record)) is not None
    ]
    if problems:
        raise Invalid(problems)


def _owners(names: Sequence[str]) -> dict[str, str]:
    """Which of these names a unit has already, with its code."""
    wanted = WorkUnit.select(WorkUnit.name, WorkUnit.code)
    return {name: code for chunk in _chunks(names) for name, code in wanted.where(WorkUnit.name.in_(chunk)).tuples()}


def _doubled(keys: Sequence[Hashable], group: str, template: str, *field: str) -> list[Problem]:
    """A problem for every row whose key an earlier row has already."""
    seen: set[Hashable] = set()
    problems = []
    for index, key in enumerate(keys):
        if key in seen:
            problems.append(Problem(template, (group, str(index), *field)))
        seen.add(key)
    return problems


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _insert(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> None:
    for chunk in _chunks(list(rows)):
        table.insert_many(chunk).execute()


def _upsert(actor: Actor, table: type[Table], rows: list[dict[str, Any]], keys: list[Any], kept: list[Any]) -> Saved:
    require(actor, Action.EMPLOYEE_IMPORT)
    with transaction():
        saved = _merge(table, rows, keys, kept)
        audit.record(actor, Action.EMPLOYEE_IMPORT, table._meta.table_name, "batch", after={"rows": len(rows), **asdict(saved)})
    return saved


def _merge(table: type[Table], rows: Sequence[Mapping[str, Any]], keys: list[Any], kept: list[Any]) -> Saved:
    """Insert the rows, replace those whose key is on record, and leave equal ones alone (2 statements a batch)."""
    versioned = {table.row_version: table.row_version + 1} if hasattr(table, "row_version") else {}
    saved = Saved()
    for chunk in _chunks(rows):
        known = table.select(*keys, *kept).where(keys[0].in_([row[keys[0].name] for row in chunk]))
        if "year" in chunk[0]:
            known = known.where(table._meta.fields["year"].in_({row["year"] for row in chunk}))
        on_record = {row[: len(keys)]: row[len(keys) :] for row in known.tuples()}
        before = [on_record.get(tuple(row[key.name] for key in keys)) for row in chunk]
        after = [tuple(row[column.name] for column in kept) for row in chunk]
        differing = [row for row, old, new in zip(chunk, before, after, strict=True) if old != new]
        if differing:
            table.insert_many(differing).on_conflict(conflict_target=keys, preserve=kept, update=versioned).execute()
        added = before.count(None)
        saved += Saved(added, len(differing) - added, len(chunk) - len(differing))
    return saved


def _replace_sanctions(records: Sequence[SanctionRecord]) -> Saved:
    """One batch: what it replaces is removed and all that differs inserted (3 statements)."""
    on_record: dict[tuple[int, date, str], tuple[int, SanctionRecord]] = {}
    for row in Sanction.select().where(Sanction.employee.in_({record.employee_id for record in records})):
        known = SanctionRecord(
            row.employee_id, row.level, row.starts_on, row.ends_on, row.code, row.decree_number, row.is_under_examination
        )
        on_record[row.employee_id, row.starts_on, row.decree_number] = (row.id, known)
    old, new = [], []
    for record in records:
        before = on_record.pop((record.employee_id, record.starts_on, record.decree_number), None)
        examined = (record.employee_id, record.starts_on, "")
        if before is None and examined in on_record and on_record[examined][1].is_under_examination:
            before = on_record.pop(examined)
        if before is None or before[1] != record:
            new.append({("employee" if key == "employee_id" else key): value for key, value in asdict(record).items()})
            old += [] if before is None else [before[0]]
    if old:
        Sanction.delete().where(Sanction.id.in_(old)).execute()
    _insert(Sanction, new)
    return Saved(len(new) - len(old), len(old), len(records) - len(new))
