"""Submissions with 15 answers through the staff schema, beside the same rows written by the DB-API alone: four processes, SQLite.

A submission is one operation of three mutations: the answers are saved, the head endorses, the unit submits; permissions, limits,
rules, audit trail and notifications are in it, and each mutation is a transaction of its own, as what one person does and another builds
on. Beside it the statements by which exactly these rows were written, in the same three transactions: nothing is read, checked or computed
there, and no hash of the trail. A third turn writes them all in one transaction, which no unit and head could share. Beside all of them
what was committed is brought into the file every half second, as the worker of a server does.
What is compared is how many a second the four processes make together. Each process makes some that are not counted first, so that
texts and plans that a server keeps are there, as they are in a server.
"""

from __future__ import annotations

import gc
import multiprocessing
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench.turns import expect, ratio
from sipetruk import migrations
from sipetruk.api import ids
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.staff.schema import ENGINE
from sipetruk.jobs import IDLE_SECONDS
from sipetruk.models import InstrumentVersion, Nomination, Period
from sipetruk.models.base import SQLITE_PRAGMAS, bind
from sipetruk.rules import instrument
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import clock, instruments, nominations, people, periods, users

PROCESSES, EACH, BEFORE, ROUNDS, ANSWERS = 4, 200, 10, 5, 15
KINDS = ("raw", "raw, one transaction", "graphql")
OWN = BEFORE + EACH
"""How many nominations each process has in a round."""
MOST_P99 = 50.0
SUBMIT = """mutation Submit($save: NominationAnswersSaveInput!, $endorse: NominationEndorseInput!, $submit: NominationSubmitInput!) {
  nominationAnswersSave(input: $save) { userErrors { message } }
  nominationEndorse(input: $endorse) { userErrors { message } }
  nominationSubmit(input: $submit) { nomination { id state } userErrors { message } }
}"""
Statements = list[tuple[str, tuple[Any, ...]]]
Transactions = list[Statements]


@dataclass(frozen=True)
class Turn:
    """What one process has to do in one round."""

    path: str
    nominations: list[tuple[Actor, int]]
    writes: list[Transactions]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sipetruk-bench-") as name:
        folder = Path(name)
        drafts = _prepared(folder / "drafts.db")
        writes = _recorded(_copy(folder, "recorded"), drafts)
        context = multiprocessing.get_context("spawn")
        pipes = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            context.Process(target=_work, args=(theirs,), daemon=True).start()
            pipes.append(ours)
        for each in pipes:
            each.recv()
        rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
        times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        for number in range(ROUNDS):
            for kind, rate in rates.items():
                path = _copy(folder, f"{kind}-{number}")
                made, taken = _round(pipes, kind, str(path), drafts, writes)
                rate.append(made)
                times[kind] += taken
                _check(path)
        for each in pipes:
            each.send(None)
    _tell(rates, times, sum(map(len, writes[0])))


def _tell(rates: dict[str, list[float]], times: dict[str, list[tuple[float, float]]], statements: int) -> None:
    print(f"\nSubmissions with {ANSWERS} answers, {PROCESSES} processes, {statements} statements that write, no lock error")
    print(f"  {'':<28}{'a second':>10}{'median ms':>11}{'p99 ms':>9}{'CPU ms':>9}")
    slowest, computed = {}, {}
    for kind, rate in rates.items():
        taken = sorted(each for each, _ in times[kind])
        slowest[kind] = taken[int(len(taken) * 0.99)] * 1000
        computed[kind] = statistics.median(each for _, each in times[kind]) * 1000
        middle = statistics.median(taken) * 1000
        print(f"  {kind:<28}{statistics.median(rate):>10.0f}{middle:>11.2f}{slowest[kind]:>9.1f}{computed[kind]:>9.2f}")
    by_rate = {kind: statistics.median(rates["graphql"]) / statistics.median(rate) for kind, rate in rates.items()}
    ratio("GraphQL against the DB-API", by_rate["raw"], computed["raw"] / computed["graphql"], judged="wall", least=0.3)
    print(f"  {'the same, raw in one transaction':<40}{by_rate['raw, one transaction']:>7.2f}x")
    missed = "  MISSED" if slowest["graphql"] > MOST_P99 else ""
    print(f"  {'p99 of GraphQL':<40}{slowest['graphql']:>7.1f} ms  (at most {MOST_P99:.0f}){missed}")


def _round(
    pipes: list[Connection], kind: str, path: str, drafts: list[tuple[Actor, int]], writes: list[Transactions]
) -> tuple[float, list[tuple[float, float]]]:
    """How many a second all processes together made, and how long each took, on the clock and computing."""
    for at, pipe in enumerate(pipes):
        mine = slice(at * OWN, (at + 1) * OWN)
        pipe.send((kind, Turn(path, drafts[mine], writes[mine])))
    for pipe in pipes:
        pipe.recv()
    with _brought_home(path):
        for pipe in pipes:
            pipe.send("now")
        found = [pipe.recv() for pipe in pipes]
    began, ended = min(each[0] for each in found), max(each[1] for each in found)
    return PROCESSES * EACH / (ended - began), [time for each in found for time in each[2]]


@contextmanager
def _brought_home(path: str) -> Iterator[None]:
    """What is committed in the block is brought into the file beside it."""
    over = threading.Event()

    def bring() -> None:
        opened = sqlite3.connect(path, isolation_level=None)
        while not over.wait(IDLE_SECONDS):
            opened.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        opened.close()

    beside = threading.Thread(target=bring)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()


# In each process ------------------------------------------------------------------------------------------------------


def _work(pipe: Connection) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # as a process of the server does
    pipe.send("ready")
    while (asked := pipe.recv()) is not None:
        kind, turn = asked
        acts, close = _graphql(turn) if kind == "graphql" else _raw(turn, in_one=kind != "raw")
        for act in acts[:BEFORE]:
            act()
        pipe.send("ready")
        pipe.recv()
        began, taken = time.monotonic(), []
        for act in acts[BEFORE:]:
            computed, begun = time.process_time(), time.perf_counter()
            act()
            taken.append((time.perf_counter() - begun, time.process_time() - computed))
        pipe.send((began, time.monotonic(), taken))
        close()


def _graphql(turn: Turn) -> tuple[list[Callable[[], None]], Callable[[], None]]:
    opened = bind(f"sqlite:///{turn.path}")
    opened.connect()
    return [lambda who=who, id_=id_: submit(who, id_) for who, id_ in turn.nominations], lambda: bool(opened.close()) and None


def _raw(turn: Turn, *, in_one: bool) -> tuple[list[Callable[[], None]], Callable[[], None]]:
    opened = sqlite3.connect(turn.path, timeout=20, isolation_level=None)
    for name, value in SQLITE_PRAGMAS.items():
        opened.execute(f"PRAGMA {name} = {value}")

    def write(transactions: Transactions) -> None:
        for statements in [list(chain(*transactions))] if in_one else transactions:
            opened.execute("BEGIN IMMEDIATE")
            for sql, given in statements:
                opened.execute(sql, given).fetchall()
            opened.execute("COMMIT")

    return [lambda each=each: write(each) for each in turn.writes], opened.close


def submit(who: Actor, nomination_id: int) -> None:
    """All of it but HTTP."""
    key = ids.encode("Nomination", nomination_id)
    answers = [{"code": f"jawaban_{number}", "value": f"Jawaban ke-{number} atas pertanyaan itu."} for number in range(ANSWERS)]
    variables = {
        "save": {"nominationId": key, "answers": answers, "expectedVersion": 1},
        "endorse": {"nominationId": key, "expectedVersion": 2},
        "submit": {"nominationId": key, "expectedVersion": 3},
    }
    answer = ENGINE.run(ENGINE.plan(SUBMIT, variables, None), Context(who, "bench"))
    body = encoded(answer.body())
    done = answer.data is not None and (answer.data["nominationSubmit"] or {}).get("nomination")
    expect(f"a submission is taken: {body.decode()}", holds=bool(done))


# Before ---------------------------------------------------------------------------------------------------------------


def _prepared(path: Path) -> list[tuple[Actor, int]]:
    """A round that takes nominations, with drafts of four units: whose, and which."""
    opened = bind(f"sqlite:///{path}")
    opened.connect()
    migrations.upgrade()
    category = _open_category()
    drafts = []
    for at in range(PROCESSES):
        (unit,) = people.register_units(SYSTEM, units=[people.NewUnit(f"unit-{at}", f"Unit {at}")])
        grants = (Grant(Role.OPD_ADMIN, unit), Grant(Role.OPD_HEAD, unit))
        (user,) = users.add_many(SYSTEM, users=[users.NewUser(f"unit-{at}", f"Pengusul {at}", grants)], password="sandi-percobaan")  # noqa: S106  # lives as long as the bench
        who = Actor(user, f"unit-{at}", f"Pengusul {at}", grants, "api")
        staff = [_employee(at * OWN + number, unit) for number in range(OWN)]
        numbers = people.register_employees(SYSTEM, employees=staff)
        drafts += [(who, nominations.draft(who, category_id=category, employee_id=number)) for number in numbers]
    opened.close()
    return drafts


def _open_category() -> int:
    fields = [{"code": f"jawaban_{number}", "label": f"Pertanyaan {number}", "kind": "long_text"} for number in range(ANSWERS)]
    criterion = {"code": "k", "label": "K", "scale": {"kind": "points", "max": 100, "step": 1}, "source": {"kind": "assessor"}}
    component = {"code": "c", "label": "C", "criteria": [criterion]}
    policy = {"combine": "sum_of_points", "min_assessors": 1, "tie_chain": [{"by": "component", "code": "c"}]}
    document = {"format": instrument.FORMAT, "title": "Ukur", "policy": policy, "components": [component], "fields": fields}
    version = instruments.create(SYSTEM, code="ukur", name="Ukur", definition=instrument.parse(document).to_dict())
    instruments.lock(SYSTEM, version_id=version, expected_version=InstrumentVersion.get_by_id(version).row_version)
    today = clock.today()
    period = periods.create(SYSTEM, name="Ukur", year=today.year, slug="ukur")
    windows = {
        stage: (today + timedelta(days=10 * at), today + timedelta(days=10 * at + 9))
        for at, stage in enumerate((Stage.NOMINATION, Stage.VERIFICATION, Stage.ASSESSMENT, Stage.RANKING, Stage.DETERMINATION))
    }
    windows[Stage.PUBLICATION] = (today + timedelta(days=50), today + timedelta(days=59))
    periods.set_windows(SYSTEM, period_id=period, windows=windows, expected_version=1)
    category = periods.add_category(SYSTEM, period_id=period, instrument_version_id=version, name="Ukur", slug="ukur", winners=1)
    (judge,) = users.add_many(SYSTEM, users=[users.NewUser("penilai", "Penilai", (Grant(Role.ASSESSOR),))], password="sandi-percobaan")  # noqa: S106  # as above
    periods.set_panel(SYSTEM, category_id=category, user_ids=[judge])
    version_now = Period.get_by_id(period).row_version
    periods.move(SYSTEM, period_id=period, move=PeriodMove.OPEN, expected_version=version_now)
    return category


def _employee(number: int, unit: int) -> people.NewEmployee:
    return people.NewEmployee(
        nip=f"19860926201505{1 + number % 2}{number + 1:03d}",
        kind="PNS",
        name=f"Calon {number}",
        unit_id=unit,
        position="Pranata Komputer Ahli Muda",
        position_type="2",
        grade="III/c",
        appointed_on=date(2015, 5, 1),
        born_on=date(1986, 9, 26),
    )


def _recorded(path: Path, drafts: list[tuple[Actor, int]]) -> list[Transactions]:
    """The statements that write, of each submission, by transaction."""
    opened = bind(f"sqlite:///{path}")
    opened.connect()
    execute, begin, found = opened.execute_sql, opened.begin, []

    def listen(sql: str, params: Any = None, **more: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            found[-1][-1].append((sql, tuple(params or ())))
        return execute(sql, params, **more)

    def begun(*given: Any) -> None:
        found[-1].append([])
        begin(*given)

    opened.execute_sql, opened.begin = listen, begun
    for who, nomination in drafts:
        found.append([])
        submit(who, nomination)
    del opened.execute_sql, opened.begin
    opened.close()
    return found


def _copy(folder: Path, name: str) -> Path:
    return Path(shutil.copyfile(folder / "drafts.db", folder / f"{name}.db"))


def _check(path: Path) -> None:
    opened = bind(f"sqlite:///{path}")
    with opened.connection_context():
        waiting = Nomination.select().where(Nomination.state == "submitted").count()
    expect(f"every nomination is submitted in {path.name}, not {waiting}", holds=waiting == PROCESSES * OWN)


if __name__ == "__main__":
    main()
