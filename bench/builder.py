"""How long the builder of a large instrument takes to open and to save one change: 60 criteria with 6 levels each.

The application in this process, without a server, on SQLite; the draft has a trail of changes behind it, as a real one has.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from sipetruk import migrations
from sipetruk.app import create_app
from sipetruk.models.base import bind
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import SYSTEM, Actor, Grant, Role
from sipetruk.services import instruments, users
from sipetruk.windows import load_settings

COMPONENTS, CRITERIA, LEVELS = 6, 10, 6
CHANGES = 100
ROUNDS = 30
PASSWORD = "sandi-percobaan"  # noqa: S105  # lives as long as the bench
LIMITS = {"open the builder": 1000, "save one change": 300, "move a criterion": 300, "undo": 300}
"""The most milliseconds that each may take."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sipetruk-bench-") as folder:
        settings = load_settings({"SIPETRUK_DATA_DIR": folder, "SIPETRUK_ENV": "testing", "SIPETRUK_LOG_LEVEL": "ERROR"})
        opened = bind(settings.database_url)
        opened.connect()
        migrations.upgrade()
        version = _draft()
        opened.close()
        _measure(create_app(settings), version, Path(folder) / "sipetruk.db")


def _draft() -> int:
    """A large draft that has been changed a hundred times."""
    new = [users.NewUser("bkpsdm", "Rina", (Grant(Role.BKPSDM_ADMIN),))]
    (user_id,) = users.add_many(SYSTEM, users=new, password=PASSWORD, has_given_password=False)
    actor = Actor(user_id, "bkpsdm", "Rina", (Grant(Role.BKPSDM_ADMIN),))
    version = instruments.create(actor, code="besar", name="Instrumen besar", definition=_large())
    for number in range(CHANGES):
        values = {"help": f"Petunjuk ke-{number}."}
        instruments.edit(
            actor,
            version_id=version,
            expected_version=number + 1,
            change=partial(rules.update_criterion, code="k_0_0", values=values),
        )
    return version


def _large() -> dict[str, Any]:
    levels = [{"points": 2 * n, "label": f"Tingkat {n}", "description": f"Penjelasan tingkat {n}. " * 4} for n in range(LEVELS)]
    same = {"help": "Petunjuk bagi penilai. " * 4, "scale": {"kind": "rubric", "levels": levels}, "source": {"kind": "assessor"}}
    components = []
    for at in range(COMPONENTS):
        criteria = [{"code": f"k_{at}_{n}", "label": f"Kriteria {at}.{n}", **same} for n in range(CRITERIA)]
        components.append({"code": f"c_{at}", "label": f"Komponen {at}", "criteria": criteria})
    return {"format": rules.FORMAT, "title": "Besar", "policy": {"combine": "mean_of_components"}, "components": components}


def _measure(app: Flask, version: int, database: Path) -> None:
    client, page = Client(app), f"/admin/instrumen/{version}/"
    client.post("/masuk", data={"username": "bkpsdm", "password": PASSWORD, "csrf_token": _token(client.get("/masuk"))})
    text = client.get(page)
    _expect("the page opens", holds=text.status_code == 200)
    token, at = _token(text), [CHANGES + 1]

    def send(path: str, **values: str) -> TestResponse:
        data = {"csrf_token": token, "row_version": str(at[0]), **values}
        answer = client.post(page + path, data=data, headers={"Accept": "application/json"})
        at[0] += 1
        return answer

    print(f"{COMPONENTS * CRITERIA} criteria with {LEVELS} levels, {len(text.data) / 1024:,.0f} KiB of page, {CHANGES} changes behind it")
    print(f"{'':<22}{'median ms':>11}{'slowest':>9}{'limit':>7}")
    _time("open the builder", lambda _: client.get(page), 200)
    label = lambda n: {"kriteria-k_1_1-label": f"Nama {n}", "was": json.dumps({"kriteria-k_1_1-label": ""})}  # noqa: E731  # a form of one field
    _time("save one change", lambda n: send("cepat/", **label(n)), 200)
    _time("move a criterion", lambda n: send("kriteria/k_2_0/geser/", to=str(1 - n % 2)), 303)
    _time("undo", lambda _: send("urungkan/"), 303)
    print(f"database: {database.stat().st_size / 1024 / 1024:.0f} MiB")


def _time(name: str, act: Callable[[int], TestResponse], status: int) -> None:
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        answer = act(number)
        times.append((time.perf_counter() - began) * 1000)
        _expect(f"{name} is answered with {status}, not {answer.status_code}", holds=answer.status_code == status)
    median, limit = statistics.median(times), LIMITS[name]
    print(f"{name:<22}{median:>11.1f}{max(times):>9.1f}{limit:>7}")
    _expect(f"{name} stays below {limit} ms", holds=median < limit)


def _token(answer: TestResponse) -> str:
    return answer.text.partition('name="csrf_token" value="')[2].partition('"')[0]


def _expect(what: str, *, holds: bool) -> None:
    if not holds:
        raise SystemExit(f"Not so: {what}.")


if __name__ == "__main__":
    main()
