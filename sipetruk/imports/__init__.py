"""Files of the personnel system on their way in: read whole, every bad row named, then all is saved or nothing."""

from __future__ import annotations

from sipetruk.errors import Invalid, Problem
from sipetruk.imports.kinds import KINDS, Kind
from sipetruk.imports.sheet import Row, read
from sipetruk.models.base import database
from sipetruk.queries import people as people_queries
from sipetruk.queries import units as unit_queries
from sipetruk.rules.permissions import Action, Actor
from sipetruk.services.people import Saved

__all__ = ["KINDS", "Saved", "load"]


def load(actor: Actor, kind: str, content: bytes, *, dry_run: bool = False) -> Saved:
    """Save a CSV file of one kind; with `dry_run` say what that would do and save nothing.

    Raises Invalid. The path of a problem is (row, column) with the row as a spreadsheet counts it, (row,) when it is about
    the whole row, and () when the file itself cannot be used. No message repeats a number of an employee.
    """
    chosen = KINDS[kind]
    rows, problems = read(content, chosen.columns)
    with database.atomic() as block:
        problems += _look_up(actor, chosen, rows)
        bad = {problem.path[0] for problem in problems}
        sound = [row for row in rows if str(row.number) not in bad]
        saved = Saved()
        try:
            saved = chosen.save(actor, [row.values for row in sound])
        except Invalid as refusal:
            problems += [_at_row(problem, chosen, sound) for problem in refusal.problems]
        if problems:
            raise Invalid(sorted(problems, key=lambda problem: int(problem.path[0])))
        if dry_run:
            block.rollback()
    return saved


def _look_up(actor: Actor, kind: Kind, rows: list[Row]) -> list[Problem]:
    """Put the ids of units and employees that the rows name into the rows."""
    problems = []
    if kind.names_unit:
        units = unit_queries.ids_by_any_code(actor)
        template = "Kode unit ini tidak dikenal: %(code)s."
        for row in (row for row in rows if "kode_unit" in row.values):
            row.values["unit_id"] = units.get(row.values["kode_unit"])
            if row.values["unit_id"] is None:
                shown = {"code": row.shown("kode_unit")}
                problems.append(Problem(template, (str(row.number), "kode_unit"), "NOT_FOUND", shown))
    if kind.names_employee:
        numbers = [row.values["nip"] for row in rows if "nip" in row.values]
        employees = people_queries.ids_by_number(actor, list(dict.fromkeys(numbers)), Action.EMPLOYEE_IMPORT)
        for row in (row for row in rows if "nip" in row.values):
            row.values["employee_id"] = employees.get(row.values["nip"])
            if row.values["employee_id"] is None:
                problems.append(Problem("Pegawai dengan nomor induk ini belum terdaftar.", (str(row.number), "nip"), "NOT_FOUND"))
    return problems


def _at_row(problem: Problem, kind: Kind, rows: list[Row]) -> Problem:
    """A problem of a service, which counts records from 0 by its own field names, at its row and column of the file."""
    _, index, *field = problem.path
    column = tuple(kind.fields[name] for name in field if name in kind.fields)
    return Problem(problem.template, (str(rows[int(index)].number), *column), problem.code, problem.params)
