"""A database full of marks for measuring: one category, 15 criteria in three components, five assessors, every mark given.

The rows are written by SQLite itself into the real tables, the same ones every time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sipetruk.models import TABLES, Category, Criterion, Instrument, InstrumentVersion, PanelMember, Period, WorkUnit
from sipetruk.models.base import bind, database
from sipetruk.rules import instrument, seal

ASSESSORS = 5
MAXIMA = (10, 5, 5, 10, 10, 5, 5, 10, 10, 5, 5, 5, 5, 5, 5)
"""The most points of each criterion; they sum to 100."""

COMPONENTS = 3
UNITS = 45
CHAIN = [{"by": "component", "code": "k0"}, {"by": "criterion", "code": "c3"}, {"by": "attribute", "code": "length_of_service_days"}]
MOMENT = "2026-01-01 00:00:00"

_UNUSED_HERE = ("mark_criterion_id", "mark_assessor_id", "mark_history_criterion_id")
_COUNT = "WITH RECURSIVE n(id) AS (VALUES (1) UNION ALL SELECT id + 1 FROM n WHERE id < ?) "
_POINTS = "((n.id * 48271 + c.id * 69621 + p.user_id * 16807) % 2147483647 * 1103515245 % 2147483647 >> 8) % (c.maximum / 100 + 1)"
_NOMINATIONS = f"""
    INSERT INTO nomination (id, number, category_id, employee_id, work_unit_id, state, answers, person, created_at, created_by_id,
        updated_at, row_version)
    {_COUNT} SELECT id, printf('2026-%07d', id), 1, id, 1 + id % {UNITS}, 'assessed', '{{}}',
        printf('{{"appointed_on":"%d-0%d-1%d","full_name":"Calon","unit_name":"Unit"}}', 1995 + id % 25, 1 + id % 9, id % 9),
        '{MOMENT}', 1, '{MOMENT}', 1 FROM n"""
_SHEETS = f"""
    INSERT INTO sheet (nomination_id, assessor_id, state, reason, submitted_at, row_version)
    SELECT n.id, p.user_id, 'submitted', '', '{MOMENT}', 1 FROM nomination n CROSS JOIN panel_member p"""
_MARKS = f"""
    INSERT INTO mark (nomination_id, criterion_id, assessor_id, state, value, minimum, maximum, step, note, saved_at)
    SELECT n.id, c.id, p.user_id, 'scored', {_POINTS} * 100, c.minimum, c.maximum, c.step, '', '{MOMENT}'
    FROM nomination n CROSS JOIN criterion c CROSS JOIN panel_member p"""
_SUMS = """
    INSERT INTO mark_sum (nomination_id, criterion_id, scored, abstained, points)
    SELECT nomination_id, criterion_id, COUNT(value), COUNT(*) - COUNT(value), SUM(value) * 10000 FROM mark GROUP BY 1, 2"""


def definition_document(*, chain: bool = False) -> dict[str, Any]:
    """The instrument; with its tie chain nearly everybody has to be looked at closely, since few printed scores are unique."""
    step = len(MAXIMA) // COMPONENTS
    components = [
        {
            "code": f"k{at}",
            "label": f"Komponen {at + 1}",
            "criteria": [_criterion(number) for number in range(at * step, (at + 1) * step)],
        }
        for at in range(COMPONENTS)
    ]
    policy = {"combine": "sum_of_points", "min_assessors": 3, "tie_chain": CHAIN if chain else []}
    return instrument.parse({"format": instrument.FORMAT, "title": "Pengukuran", "policy": policy, "components": components}).to_dict()


def fill(file: Path, nominees: int) -> None:
    """Make the database; the foreign keys stay off, since people and accounts play no part."""
    opened = bind(f"sqlite:///{file}")
    opened.connect()
    for pragma in ("foreign_keys = 0", "synchronous = 0", "journal_mode = off"):
        database.execute_sql(f"PRAGMA {pragma}")
    database.create_tables(TABLES)
    for index in _UNUSED_HERE:
        database.execute_sql(f"DROP INDEX IF EXISTS {index}")
    with database.atomic():
        _contest()
        database.execute_sql(_NOMINATIONS, (nominees,))
        for statement in (_SHEETS, _MARKS, _SUMS):
            database.execute_sql(statement)
    opened.close()


def tie_chain(*, wanted: bool) -> None:
    """Give the instrument its tie chain, or take it away."""
    document = definition_document(chain=wanted)
    InstrumentVersion.update(definition=document, sha256=seal.sha256(document)).execute()


def _contest() -> None:
    document = definition_document()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    Period.create(name="Ukur", year=2026, slug="ukur", created_at=moment)
    Instrument.create(code="ukur", name="Pengukuran")
    InstrumentVersion.create(instrument=1, number=1, state="locked", definition=document, sha256=seal.sha256(document), created_at=moment)
    Category.create(period=1, slug="ukur", name="Ukur", instrument_version=1, winners=3)
    for at, most in enumerate(MAXIMA):
        Criterion.create(version=1, code=f"c{at}", position=at + 1, minimum=0, maximum=most * 100, step=100)
    WorkUnit.insert_many([{"code": f"U{number}", "name": f"Unit {number}"} for number in range(1, UNITS + 1)]).execute()
    PanelMember.insert_many([{"category": 1, "user": user_id} for user_id in range(1, ASSESSORS + 1)]).execute()


def _criterion(at: int) -> dict[str, Any]:
    scale = {"kind": "points", "max": MAXIMA[at], "step": 1}
    return {"code": f"c{at}", "label": f"Kriteria {at + 1}", "scale": scale, "source": {"kind": "assessor"}}
