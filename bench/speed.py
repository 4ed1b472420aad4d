"""Measures this machine on a published demo round: pages and operations of the public, and the computing of a ranking.

Everything runs on 127.0.0.1 in a folder of its own, with a fixed number of requests, and is gone afterwards.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sipetruk.models import Ranking
from sipetruk.models.base import bind, database
from sipetruk.rules import seal

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 8
REQUESTS = 400
ROUNDS = 20
OPERATIONS = 40  # more would be answered with 429: the public API counts cost per address
PAGES = ("/healthz", "/", "/periode/", "/data")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sipetruk-bench-") as folder:
        environ = {**os.environ, "SIPETRUK_DATA_DIR": folder, "SIPETRUK_ENV": "development"}
        environ.pop("SIPETRUK_DATABASE_URL", None)
        command = [sys.executable, "-m", "sipetruk"]
        began = time.perf_counter()
        subprocess.run(
            [*command, "demo", "--stage", "published", "--seed", "1"], env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        print(f"demo round through the services: {time.perf_counter() - began:.1f} s")
        with _server([*command, "serve", "--workers", "1"], environ) as port:
            print(f"\n{'one process, ' + str(CONNECTIONS) + ' connections':<36}{'req/s':>8}{'median ms':>11}{'p99 ms':>9}{'bytes':>9}")
            for path in PAGES:
                _measure(path, lambda connection, path=path: connection.request("GET", path), port)
            for file in sorted((ROOT / "graphql" / "operations" / "public").glob("*.graphql")):
                text = file.read_text(encoding="utf-8")
                if "$" not in text:
                    body = json.dumps({"query": text})
                    _measure(f"operation {file.stem}", lambda connection, body=body: _post(connection, body), port, OPERATIONS)
        _compute(Path(folder) / "sipetruk.db")


@contextmanager
def _server(command: list[str], environ: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with subprocess.Popen([*command, "--port", str(port)], env=environ, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(300):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield port
        finally:
            server.terminate()


def _post(connection: http.client.HTTPConnection, body: str) -> None:
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json", "Accept": "application/graphql-response+json"})


def _measure(name: str, ask: Callable[[http.client.HTTPConnection], None], port: int, requests: int = REQUESTS) -> None:
    def one_connection(_: int) -> list[tuple[float, int, int]]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        seen = []
        for _ in range(requests // CONNECTIONS):
            began = time.perf_counter()
            ask(connection)
            answer = connection.getresponse()
            size = len(answer.read())
            seen.append((time.perf_counter() - began, answer.status, size))
        connection.close()
        return seen

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        seen = [row for rows in pool.map(one_connection, range(CONNECTIONS)) for row in rows]
    took = time.perf_counter() - began
    times = sorted(row[0] * 1000 for row in seen)
    states = {row[1] for row in seen} - {200}
    failed = f"  answered {sorted(states)}" if states else ""
    print(
        f"{name:<36}{len(seen) / took:>8.0f}{statistics.median(times):>11.1f}{times[int(len(times) * 0.99)]:>9.1f}{seen[0][2]:>9}{failed}"
    )


def _compute(file: Path) -> None:
    bind(f"sqlite:///{file}")
    with database.connection_context():
        inputs = json.loads(Ranking.select(Ranking.inputs).order_by(Ranking.id.desc()).limit(1).scalar())
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        seal.compute(inputs)
        times.append(time.perf_counter() - began)
    marks = sum(len(marks) for nominee in inputs["nominees"] for marks in nominee["marks"].values())
    print(f"\nranking {len(inputs['nominees'])} nominees with {marks} marks, exact and sealed: {statistics.median(times) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
