"""The kinds of files, each with its columns (as SILKa and SIASN name them) and the service that saves its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sipetruk.imports import cells
from sipetruk.imports.sheet import REQUIRED, Column
from sipetruk.models.employees import KINDS as ASN_KINDS
from sipetruk.reference import siasn_codes
from sipetruk.rules import predicate
from sipetruk.rules.permissions import Actor
from sipetruk.rules.vocabulary import AWARD_LEVELS, SANCTION_LEVELS, SERIES
from sipetruk.services import people
from sipetruk.services.people import Saved

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """`fields` names the column behind a field of which the service may complain."""

    columns: tuple[Column, ...]
    save: Callable[[Actor, Sequence[Values]], Saved]
    names_unit: bool = False
    names_employee: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


def _units(actor: Actor, rows: Sequence[Values]) -> Saved:
    return people.save_units(actor, units=[people.NewUnit(row["kode_unit"], row["nama_unit"]) for row in rows])


def _employees(actor: Actor, rows: Sequence[Values]) -> Saved:
    employees = [
        people.NewEmployee(
            nip=row["nip"],
            kind=row["jenis"],
            name=row["nama"],
            unit_id=row["unit_id"],
            position=row["jabatan"],
            position_type=row["jenis_jabatan"],
            grade=row["golongan"],
            appointed_on=row["tmt_pengangkatan"],
            born_on=row["tanggal_lahir"],
            title_front=row["gelar_depan"],
            title_back=row["gelar_belakang"],
            echelon=row["eselon"],
            legal_status=row["kedudukan_hukum"],
        )
        for row in rows
    ]
    return people.save_employees(actor, employees=employees)


def _attendance(actor: Actor, rows: Sequence[Values]) -> Saved:
    records = [people.AttendanceRecord(row["employee_id"], row["tahun"], row["bulan"], row["realisasi"]) for row in rows]
    return people.record_attendance(actor, records=records)


def _ratings(actor: Actor, rows: Sequence[Values]) -> Saved:
    records = [
        people.RatingRecord(row["employee_id"], row["tahun"], row["hasil_kerja"], row["perilaku_kerja"], row["predikat"]) for row in rows
    ]
    return people.record_ratings(actor, records=records)


def _series(actor: Actor, rows: Sequence[Values]) -> Saved:
    records = [people.SeriesRecord(row["employee_id"], row["seri"], row["tahun"], row["bulan"], row["nilai"]) for row in rows]
    return people.record_series(actor, records=records)


def _sanctions(actor: Actor, rows: Sequence[Values]) -> Saved:
    records = [
        people.SanctionRecord(
            row["employee_id"],
            row["tingkat"],
            row["tmt_hukuman"],
            row["akhir_hukuman"],
            decree_number=row["nomor_sk"],
            is_under_examination=row["diperiksa"],
        )
        for row in rows
    ]
    return people.record_sanctions(actor, records=records)


def _awards(actor: Actor, rows: Sequence[Values]) -> Saved:
    records = [
        people.AwardRecord(row["employee_id"], row["tahun"], row["tingkat"], row["nama_penghargaan"], row["pemberi"]) for row in rows
    ]
    return people.record_awards(actor, records=records)


def _siasn(kind: str) -> list[str]:
    return [code for code, _, _ in siasn_codes()[kind]]


_NIP = Column("nip", cells.number, REQUIRED)
_YEAR = Column("tahun", cells.year, REQUIRED)

KINDS = {
    "units": Kind(
        (Column("kode_unit", cells.text(20), REQUIRED), Column("nama_unit", cells.text(200), REQUIRED)),
        _units,
        fields={"code": "kode_unit", "name": "nama_unit"},
    ),
    "employees": Kind(
        (
            _NIP,
            Column("jenis", cells.one_of(ASN_KINDS), REQUIRED),
            Column("nama", cells.text(150), REQUIRED),
            Column("gelar_depan", cells.text(40), ""),
            Column("gelar_belakang", cells.text(60), ""),
            Column("kode_unit", cells.text(20), REQUIRED),
            Column("jabatan", cells.text(200), REQUIRED),
            Column("jenis_jabatan", cells.code(_siasn("jenis_jabatan"), 1), REQUIRED),
            Column("eselon", cells.code(_siasn("eselon"), 2), "99"),
            Column("golongan", cells.grade, REQUIRED),
            Column("tmt_pengangkatan", cells.day, REQUIRED),
            Column("tanggal_lahir", cells.day, REQUIRED),
            Column("kedudukan_hukum", cells.code(_siasn("kedudukan_hukum"), 2), REQUIRED),
        ),
        _employees,
        names_unit=True,
        fields={"nip": "nip", "kind": "jenis", "name": "nama", "position": "jabatan", "born_on": "tanggal_lahir", "grade": "golongan"},
    ),
    "attendance": Kind(
        (_NIP, _YEAR, Column("bulan", cells.month(1), REQUIRED), Column("realisasi", cells.hundredths(100), REQUIRED)),
        _attendance,
        names_employee=True,
    ),
    "ratings": Kind(
        (
            _NIP,
            _YEAR,
            Column("hasil_kerja", predicate.parse_rating, REQUIRED),
            Column("perilaku_kerja", predicate.parse_rating, REQUIRED),
            Column("predikat", predicate.parse_predicate, None, may_be_left_out=True),
        ),
        _ratings,
        names_employee=True,
        fields={"predicate": "predikat"},
    ),
    "series": Kind(
        (
            _NIP,
            Column("seri", cells.one_of(SERIES), REQUIRED),
            _YEAR,
            Column("bulan", cells.month(0), 0, may_be_left_out=True),
            Column("nilai", cells.hundredths(), REQUIRED),
        ),
        _series,
        names_employee=True,
    ),
    "sanctions": Kind(
        (
            _NIP,
            Column("tingkat", cells.one_of(SANCTION_LEVELS), REQUIRED),
            Column("tmt_hukuman", cells.day, REQUIRED),
            Column("akhir_hukuman", cells.day, None),
            Column("nomor_sk", cells.text(80), ""),
            Column("diperiksa", cells.flag, False),  # noqa: FBT003  # the value of an empty cell
        ),
        _sanctions,
        names_employee=True,
    ),
    "awards": Kind(
        (
            _NIP,
            _YEAR,
            Column("tingkat", cells.one_of(AWARD_LEVELS), REQUIRED),
            Column("nama_penghargaan", cells.text(200), REQUIRED),
            Column("pemberi", cells.text(150), "", may_be_left_out=True),
        ),
        _awards,
        names_employee=True,
    ),
}
