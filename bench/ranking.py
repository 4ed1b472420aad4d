"""How long rankings take: from marks in memory, sealed and all, and from stored marks beside SQLite's own aggregate statement.

`python -m bench.ranking` measures up to 100 000 nominees, `--million` also 1 000 000 (some 12 GB of disk, a quarter of an hour).
In the tables "SQLite" is one statement that only adds the marks of each nominee and ranks the sums; ours give the same places
with exact totals, printed scores and ties, from the marks themselves and from the sums that are kept with them.
Seconds are CPU time of the one process that works, the best of several runs.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bench import stored
from sipetruk.models import Nomination
from sipetruk.models.base import bind
from sipetruk.queries import ranking_inputs, standing
from sipetruk.rules import contest, ranking, seal

IN_MEMORY = (100, 2_000, 20_000)
STORED = (1_000, 10_000, 100_000)
MILLION = 1_000_000
ROUNDS = 3
CATEGORY = 1

AGGREGATE = """
    SELECT nomination_id, SUM(value) AS points, RANK() OVER (ORDER BY SUM(value) DESC) AS place
    FROM mark WHERE state = 'scored' GROUP BY nomination_id ORDER BY place
"""
MOST = {"marks": 1.15, "sums": 0.25}
"""How much of the aggregate statement's time ours may take."""

MOST_OF_TENFOLD = 12

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--million", action="store_true", help="also 1 000 000 nominees, 75 million marks")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.measure:
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)  # as a process of the server does
        print(json.dumps(_measure(chosen.measure) if not chosen.memory else _measure_memory(chosen.measure)))
        return
    sizes = (*STORED, MILLION) if chosen.million else STORED
    with tempfile.TemporaryDirectory(prefix="sipetruk-bench-") as folder:
        _in_memory(Path(folder))
        _from_storage(Path(folder), sizes)


# In memory ----------------------------------------------------------------------------------------------------------


def _in_memory(folder: Path) -> None:
    """Parsed marks -> rows with contributions, printed values, ties and award; and all of it from document to sealed texts."""
    marks = len(stored.MAXIMA) * stored.ASSESSORS
    print(f"From marks in memory, {marks} marks a nominee, with a tie chain\n")
    print(
        f"{'nominees':>9} {'marks':>10} {'read':>8} {'rank':>8} {'rows':>8} {'rank+rows':>10} {'read to sealed texts':>21} {'peak MB':>8}"
    )
    for size in IN_MEMORY:
        file = folder / f"memory-{size}.db"
        stored.fill(file, size)
        found = _in_a_process(file, "--memory")
        file.unlink()
        numbers = [found[key] for key in ("read", "rank", "rows")] + [found["rank"] + found["rows"], found["sealed"]]
        cells = [f"{size:,}", f"{size * marks:,}", *(f"{number:.3f}" for number in numbers), f"{found['memory']:.0f}"]
        print("".join(cell.rjust(14) for cell in cells))


def _measure_memory(file: Path) -> dict[str, float]:
    opened = bind(f"sqlite:///{file}")
    with opened.connection_context():
        stored.tie_chain(wanted=True)
        document = ranking_inputs.ranking_inputs(CATEGORY)
    best = dict.fromkeys(("read", "rank", "rows", "sealed"), float("inf"))
    for _ in range(ROUNDS):
        read, reading = _timed(partial(contest.parse, document))
        ranked, ranking_ = _timed(partial(ranking.rank, read))
        _, rows = _timed(partial(ranked.to_dict, seal.ENGINE))
        del read, ranked
        _, sealed = _timed(partial(seal.write, document))
        for key, seconds in (("read", reading), ("rank", ranking_), ("rows", rows), ("sealed", sealed)):
            best[key] = min(best[key], seconds)
    return {**best, "memory": _peak()}


# From storage -------------------------------------------------------------------------------------------------------


def _from_storage(folder: Path, sizes: tuple[int, ...]) -> None:
    marks = len(stored.MAXIMA) * stored.ASSESSORS
    titles = ("nominees", "marks", "SQLite", "of marks", "x", "of sums", "x", "peak MB", "with chain", "peak MB", "10x work costs")
    print(f"\nFrom stored marks, {marks} marks a nominee\n")
    print(_line(*titles))
    before: dict[str, float] = {}
    missed: list[str] = []
    for size in sizes:
        file = folder / f"stored-{size}.db"
        stored.fill(file, size)
        found = _in_a_process(file)
        file.unlink()
        shares = {key: found[key] / found["aggregate"] for key in MOST}
        growth = {key: found[key] / before[key] for key in MOST} if before else {}
        seconds = {key: f"{value:.3f}" for key, value in found.items()}
        times = [text for key in MOST for text in (seconds[key], f"{shares[key]:.2f}")]
        costs = " / ".join(f"{each:.1f}x" for each in growth.values())
        peaks = f"{found['memory']:.0f}", f"{found['memory with chain']:.0f}"
        chain = (seconds["chain"], peaks[1]) if found["chain"] else ("", "")
        print(_line(f"{size:,}", f"{size * marks:,}", seconds["aggregate"], *times, peaks[0], *chain, costs))
        if size >= STORED[-1]:
            missed += [f"{size:,} {key}: {share:.2f}x" for key, share in shares.items() if share > MOST[key]]
            missed += [f"{size:,} {key}: ten times the work costs {each:.1f}x" for key, each in growth.items() if each > MOST_OF_TENFOLD]
        before = found
    print(f"\nWanted from {STORED[-1]:,} on: {MOST['marks']}x of marks, {MOST['sums']}x of sums, ten times the work {MOST_OF_TENFOLD}x.")
    print("Missed: " + "; ".join(missed) if missed else "All kept.")


def _line(*cells: str) -> str:
    widths = (10, 12, 8, 9, 6, 9, 6, 8, 11, 8, 16)
    return "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))


def _measure(file: Path) -> dict[str, float]:
    """The best of several rounds, in each of which all take their turn: so that they share whatever else the machine does."""
    opened = bind(f"sqlite:///{file}")
    with opened.connection_context():
        stored.tie_chain(wanted=False)
        best = dict.fromkeys(("aggregate", *MOST), float("inf"))
        for _ in range(ROUNDS):
            rows, seconds = _timed(lambda: opened.execute_sql(AGGREGATE).fetchall())
            best["aggregate"] = min(best["aggregate"], seconds)
            expected = sorted((place, -points, id_) for id_, points, place in rows)
            del rows
            for key, kept in (("marks", False), ("sums", True)):
                places, seconds = _timed(partial(standing.places, CATEGORY, kept=kept))
                best[key] = min(best[key], seconds)
                _check(expected, places)
                del places
            del expected
        memory = _peak()
        chain = _with_chain() if Nomination.select().count() <= STORED[-1] else 0.0
    return {**best, "chain": chain, "memory": memory, "memory with chain": _peak()}


def _with_chain() -> float:
    """The same where nearly everybody has to be looked at closely, since few printed scores are unique."""
    stored.tie_chain(wanted=True)
    places, seconds = _timed(partial(standing.places, CATEGORY))
    if [place.rank for place in places] != sorted(place.rank or 0 for place in places):
        raise SystemExit("The places with a tie chain are out of order.")
    return seconds


def _check(expected: list[tuple[int, int, int]], places: list[Any]) -> None:
    """The places are those of the plain sums: in hundredths of a point, over all assessors."""
    unit = 100 * stored.ASSESSORS
    found = sorted((place.rank, -int(place.total * unit), place.id) for place in places)
    if found != expected or any(Fraction(place.printed) != place.total for place in places[:1000]):
        raise SystemExit("The places differ from those of the aggregate statement.")


def _in_a_process(file: Path, *options: str) -> dict[str, float]:
    """Measured in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.ranking", "--measure", str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parent.parent)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    gc.collect()
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def _peak() -> float:
    """The most memory this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
