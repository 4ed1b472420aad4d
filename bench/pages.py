"""Requests per second of the front page, of its GraphQL operation and of the health probe, in this process without a server.

One thread, on the demonstration of a published round in SQLite; with the number of SQL statements behind each answer.
"""

from __future__ import annotations

import gc
import io
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sipetruk import demo, migrations
from sipetruk.app import create_app
from sipetruk.models.base import bind, database
from sipetruk.services import clock, evidence
from sipetruk.windows import load_settings, window

SECONDS = 4.0
WARM_UP = 20


class Asked:
    """One request that is sent again and again."""

    def __init__(self, name: str, path: str, body: dict[str, Any] | None = None) -> None:
        self.name = name
        self._body = json.dumps(body).encode() if body else b""
        builder = EnvironBuilder(path, method="POST" if body else "GET", data=self._body, content_type="application/json" if body else None)
        self._environ = builder.get_environ()
        self._sent = 0

    def send(self, app: Flask) -> bytes:
        self._sent += 1
        address = f"10.0.{self._sent // 250 % 250}.{self._sent % 250}"  # as many visitors: one alone would soon be asked to wait
        environ = {**self._environ, "wsgi.input": io.BytesIO(self._body), "REMOTE_ADDR": address}
        answer, status, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
        _expect(f"{self.name} is answered with 200, not {status}", holds=status.startswith("200"))
        return b"".join(answer)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = _demonstration(Path(folder))
        operation = (window("graphql") / "operations" / "public" / "Home.graphql").read_text()
        answered = json.loads(Asked("Home", "/graphql", {"query": operation}).send(app))
        _expect("the operation is answered without errors", holds="errors" not in answered)
        _expect("there are winners to show", holds=bool(answered["data"]["latestPublication"]["winners"]))
        gc.collect()
        gc.freeze()
        print(f"{'request':<22} {'req/s':>8} {'ms':>8} {'bytes':>9} {'SQL':>5}")
        home = Asked("POST /graphql Home", "/graphql", {"query": operation})
        for asked in (Asked("GET /", "/"), home, Asked("GET /healthz", "/healthz")):
            _measure(app, asked)


def _demonstration(folder: Path) -> Flask:
    settings = load_settings({"SIPETRUK_DATA_DIR": str(folder), "SIPETRUK_LOG_LEVEL": "ERROR"})
    opened = bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    opened.connect()
    migrations.upgrade()
    demo.build(stage="published", seed=1, password="sandi-percobaan", today=clock.today())  # noqa: S106  # lives as long as the bench
    opened.close()
    return create_app(settings)


def _measure(app: Flask, asked: Asked) -> None:
    for _ in range(WARM_UP):
        answer = asked.send(app)
    statements = _statements(app, asked)
    sent, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < SECONDS:
        asked.send(app)
        sent += 1
    print(f"{asked.name:<22} {sent / passed:>8,.0f} {1000 * passed / sent:>8.2f} {len(answer):>9,} {statements:>5}")


def _statements(app: Flask, asked: Asked) -> int:
    return statements_of(lambda: asked.send(app))


def statements_of(act: Callable[[], object]) -> int:
    """How many SQL statements an act sends."""
    engine, sent = database.obj, 0
    execute = engine.execute_sql

    def counted(sql: str, params: Any = None) -> Any:
        nonlocal sent
        sent += 1
        return execute(sql, params)

    engine.execute_sql = counted
    try:
        act()
    finally:
        del engine.execute_sql
    return sent


def _expect(what: str, *, holds: bool) -> None:
    if not holds:
        raise SystemExit(f"Not so: {what}.")


if __name__ == "__main__":
    main()
