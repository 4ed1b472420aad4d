"""How long the official ranking takes in memory, beside a plain sum of the same marks in Python and one SQL statement in SQLite.

The ranking reads and checks the document, scores exactly, breaks ties, prints every contribution and seals inputs and
result; the other two only add up. The ratio is what all of that costs.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sipetruk.models import TABLES
from sipetruk.models.base import bind, database
from sipetruk.rules import contest, instrument, seal
from sipetruk.rules.definition import Definition
from sipetruk.starters import starter

SIZES = (100, 2_000, 20_000)
ASSESSORS = 5
INSTRUMENT = "balangan-2024"
SEED = 7

SUMS = """
    SELECT nomination_id, SUM(value) AS points, RANK() OVER (ORDER BY SUM(value) DESC) AS place
    FROM mark WHERE state = 'scored' GROUP BY nomination_id ORDER BY place
"""

Sheets = list[list[list[int]]]
"""Whole points of every nominee, criterion and assessor."""

T = TypeVar("T")


def main() -> None:
    definition = instrument.parse(starter(INSTRUMENT))
    criteria = [criterion for _, criterion in instrument.all_criteria(definition)]
    print(f"{INSTRUMENT}: {len(criteria)} criteria, {ASSESSORS} assessors, {len(definition.components)} components (seconds)\n")
    print(f"{'nominees':>9} {'marks':>10} {'ranking':>9} {'marks/s':>9} {'Python sum':>11} {'x':>6} {'SQLite':>9} {'x':>6}")
    for size in SIZES:
        sheets = _sheets(size, [int(criterion.maximum) for criterion in criteria])
        summed, in_python = _timed(partial(_ranked_sums, sheets))
        in_database, in_sqlite = _in_sqlite(definition, sheets)
        document = _inputs(definition, sheets)
        gc.collect()
        sealed, ranking = _timed(partial(seal.compute, document))
        _check(sealed.result["rows"], summed, in_database, len(definition.components))
        marks = size * len(criteria) * ASSESSORS
        print(
            f"{size:>9,} {marks:>10,} {ranking:>9.3f} {marks / ranking:>9,.0f} "
            f"{in_python:>11.4f} {ranking / in_python:>6.0f} {in_sqlite:>9.4f} {ranking / in_sqlite:>6.0f}"
        )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun


def _sheets(size: int, maxima: list[int]) -> Sheets:
    chance = Random(SEED)  # noqa: S311  # the same marks every time
    return [[chance.choices(range(most + 1), k=ASSESSORS) for most in maxima] for _ in range(size)]


def _ranked_sums(sheets: Sheets) -> list[int]:
    return sorted((sum(map(sum, sheet)) for sheet in sheets), reverse=True)


def _inputs(definition: Definition, sheets: Sheets) -> dict[str, Any]:
    codes = [criterion.code for _, criterion in instrument.all_criteria(definition)]
    return {
        "format": contest.FORMAT,
        "instrument": {"code": "bench", "number": 1, "sha256": seal.sha256(definition.to_dict()), "definition": definition.to_dict()},
        "category": {"code": "bench", "winners": 3, "quota_per_unit": None},
        "panel": [str(assessor) for assessor in range(ASSESSORS)],
        "nominees": [
            {
                "id": f"n{at:05}",
                "unit": f"u{at % 45}",
                "marks": {
                    code: [{"assessor": str(who), "state": "scored", "value": str(points)} for who, points in enumerate(row)]
                    for code, row in zip(codes, sheet, strict=True)
                },
                "values": {},
                "attributes": {"length_of_service_days": at * 7919 % 9000},
            }
            for at, sheet in enumerate(sheets)
        ],
        "decisions": [],
    }


def _in_sqlite(definition: Definition, sheets: Sheets) -> tuple[list[int], float]:
    """The sums by one statement over the real table of marks, and how long the statement took."""
    bounds = [criterion.scale.bounds or (0, 0, 1) for _, criterion in instrument.all_criteria(definition)]

    def rows() -> Iterator[tuple[Any, ...]]:
        for nomination, sheet in enumerate(sheets, 1):
            for criterion, points in enumerate(sheet, 1):
                for assessor, value in enumerate(points, 1):
                    yield nomination, criterion, assessor, "scored", value * 100, *bounds[criterion - 1], "", "2026-01-01 00:00:00"

    with tempfile.TemporaryDirectory() as folder:
        opened = bind(f"sqlite:///{Path(folder) / 'bench.db'}")
        opened.connect()
        database.execute_sql("PRAGMA foreign_keys = 0")  # only marks are here; people and nominations are not
        database.create_tables(TABLES)
        columns = "nomination_id, criterion_id, assessor_id, state, value, minimum, maximum, step, note, saved_at"
        with database.atomic():
            opened.cursor().executemany(f"INSERT INTO mark ({columns}) VALUES ({', '.join('?' * 10)})", rows())
        found, seconds = _timed(partial(_all_rows, opened))
        opened.close()
    return [points // 100 for _, points, _ in found], seconds


def _all_rows(opened: Any) -> list[tuple[int, int, int]]:
    rows: list[tuple[int, int, int]] = opened.execute_sql(SUMS).fetchall()
    return rows


def _check(rows: list[dict[str, Any]], summed: list[int], in_database: list[int], components: int) -> None:
    """All three agree: an exact score is the mean over the components of the mean over the assessors."""
    exact = [Fraction(row["exact"]) for row in rows]
    if not (summed == in_database and exact == [Fraction(points, ASSESSORS * components) for points in summed]):
        raise SystemExit("The ranking, the sum in Python and the sum in SQLite differ.")


if __name__ == "__main__":
    main()
