"""The public API beside what it is made of: the same bytes from plain rows, stock Strawberry, and a bare WSGI server.

Contenders take turns, so that whatever else the machine does meets all of them alike; medians, and what they make of each other.
On SQLite. "Stock" is Strawberry's own `execute_sync` with its parser and validation caches, on the same types and batched reads.
"""

from __future__ import annotations

import gc
import gzip
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import strawberry
from strawberry.extensions import ParserCache, ValidationCache

from bench.pages import statements_of
from sipetruk import demo, migrations
from sipetruk.api import ids
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import Engine
from sipetruk.api.public.announcements import Announcement
from sipetruk.api.public.query import Query
from sipetruk.api.public.schema import ENGINE, SCHEMA
from sipetruk.api.public.types import Category, Instrument, Period, Publication, Winner
from sipetruk.api.revision import Revision
from sipetruk.api.scalars import config
from sipetruk.api.stored import documents
from sipetruk.models import PublishedWinner
from sipetruk.models.base import bind, database
from sipetruk.services import clock, evidence

WINNERS = 100
ROUNDS = 60
HTTP_ROUNDS = 400
QUERY = """query Winners { winners(first: 100) { nodes {
  id slug name position unit { code name } category { slug name } period { id slug name year }
  rank citation innovationTitle decreeNumber decreeOn publishedAt score instrument { id code number title }
  components { code label score maximum }
} } }"""
ROWS = """
    SELECT w.id, w.slug, w.name, w.position, w.unit_code, w.unit_name, w.category_slug, w.category_name, w.place, w.citation, w.innovation,
        w.decree_number, w.decree_on, w.score, w.components, p.published_at, r.id, r.slug, r.name, r.year, i.code, v.number, i.name
    FROM published_winner w JOIN publication p ON p.id = w.publication_id JOIN period r ON r.id = p.period_id
        JOIN category c ON c.period_id = r.id AND c.slug = w.category_slug JOIN instrument_version v ON v.id = c.instrument_version_id
        JOIN instrument i ON i.id = v.instrument_id
    WHERE p.withdrawn_at IS NULL AND p.published_at <= ?
    ORDER BY p.published_at DESC, w.category_slug, w.place, w.name, w.id LIMIT 100"""
AIMS = {
    "rows": 0.65,
    "stock": 8.0,
    "form": 6.0,
    "cached": 0.9,
    "gzip": 2.5,
    "304": 4.0,
}
REVISION = Revision()
PORTS = {"bare": 18471, "kept": 18472}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="sipetruk-bench-") as folder:
        _form(Path(folder) / "form")
        _winners(Path(folder) / "winners")


def _opened(folder: Path, stage: str) -> Any:
    folder.mkdir()
    engine = bind(f"sqlite:///{folder / 'sipetruk.db'}")
    evidence.use_store(folder / "evidence")
    engine.connect()
    migrations.upgrade()
    demo.build(stage=stage, seed=1, password="sandi-percobaan", today=clock.today())  # noqa: S106  # lives as long as the bench
    return engine


# In this process ----------------------------------------------------------------------------------------------------


def _ours(engine: Engine, source: str) -> bytes:
    """All of it but HTTP: limits, price, deadline, reads, bytes."""
    return encoded(engine.run(engine.plan(source, {}, None), Context(None, "bench", snapshot=REVISION.snapshot())).body())


def _stock() -> Callable[[str], bytes]:
    schema = strawberry.Schema(
        Query,
        types=[Announcement, Category, Instrument, Period, Publication, Winner],
        config=config(),
        extensions=[ParserCache, ValidationCache],
    )

    def ask(source: str) -> bytes:
        found = schema.execute_sync(source, context_value=Context(None, "bench"))
        return encoded({"data": found.data})

    return ask


def _plain(path: Path, extensions: Any) -> Callable[[], bytes]:
    """The same bytes from SQL, dicts and orjson."""
    opened = sqlite3.connect(path)
    encode = ids.encode

    def read() -> bytes:
        now = datetime.now(UTC).replace(tzinfo=None)
        nodes = []
        for row in opened.execute(ROWS, (str(now),)):
            (key, slug, name, position, unit, unit_name, category, category_name, place, citation, innovation, decree, on) = row[:13]
            score, parts, published, period, period_slug, period_name, year, code, number, title = row[13:]
            moment = published.partition(".")[0].replace(" ", "T") + "Z"
            nodes.append(
                {
                    "id": encode("Winner", key),
                    "slug": slug,
                    "name": name,
                    "position": position,
                    "unit": {"code": unit, "name": unit_name},
                    "category": {"slug": category, "name": category_name},
                    "period": {"id": encode("Period", period), "slug": period_slug, "name": period_name, "year": year},
                    "rank": place,
                    "citation": citation,
                    "innovationTitle": innovation,
                    "decreeNumber": decree,
                    "decreeOn": on,
                    "publishedAt": moment,
                    "score": score,
                    "instrument": {"id": encode("Instrument", f"{code}/{number}"), "code": code, "number": number, "title": title},
                    "components": [
                        {"code": part["code"], "label": part["label"], "score": part["score"], "maximum": part["maximum"]}
                        for part in orjson.loads(parts)
                    ]
                    if parts
                    else None,
                }
            )
        return orjson.dumps({"data": {"winners": {"nodes": nodes}}, "extensions": extensions})

    return read


def _turns(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median milliseconds of each, measured in turns."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for act in contenders.values():
        for _ in range(3):
            act()
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for name, act in contenders.items():
            begun = time.perf_counter()
            act()
            times[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(each) for name, each in times.items()}


def _form(folder: Path) -> None:
    opened = _opened(folder, "nomination")
    source, stock, core = documents("public").named["OpenForms"], _stock(), Engine(SCHEMA, hide_suggestions=False)
    same = orjson.loads(_ours(ENGINE, source))["data"] == orjson.loads(stock(source))["data"]
    _expect("stock Strawberry gives the same form", holds=same)
    found = _turns(
        {"compiled": lambda: _ours(ENGINE, source), "graphql-core": lambda: _ours(core, source), "stock": lambda: stock(source)}, ROUNDS
    )
    print(f"Open forms, {len(_ours(ENGINE, source)):,} bytes, {statements_of(lambda: _ours(ENGINE, source))} SQL statements")
    _table(found)
    _ratio("form", "compiled against stock Strawberry", found["stock"] / found["compiled"])
    opened.close()


def _winners(folder: Path) -> None:
    opened = _opened(folder, "published")
    _fill()
    core, stock = Engine(SCHEMA, hide_suggestions=False), _stock()
    whole = _ours(ENGINE, QUERY)
    body = orjson.loads(whole)
    _expect(f"there are {WINNERS} winners", holds=len(body["data"]["winners"]["nodes"]) == WINNERS)
    plain = _plain(folder / "sipetruk.db", body["extensions"])
    _expect("plain rows give the same bytes", holds=plain() == whole)
    _expect("graphql-core gives the same bytes", holds=_ours(core, QUERY) == whole)
    found = _turns(
        {
            "plain rows, orjson": plain,
            "compiled": lambda: _ours(ENGINE, QUERY),
            "graphql-core": lambda: _ours(core, QUERY),
            "stock": lambda: stock(QUERY),
        },
        ROUNDS,
    )
    print(f"\n{WINNERS} winners, {len(whole):,} bytes, {statements_of(lambda: _ours(ENGINE, QUERY))} SQL statements")
    _table(found)
    _ratio("rows", "plain rows against compiled", found["plain rows, orjson"] / found["compiled"])
    _ratio("stock", "compiled against stock Strawberry", found["stock"] / found["compiled"])
    opened.close()
    _over_http(folder, whole)


def _fill() -> None:
    """As many winners as asked for, each with three components, in the newest publication of the demonstration."""
    first = PublishedWinner.select().order_by(PublishedWinner.publication.desc(), PublishedWinner.id).dicts().first()
    parts = [{"code": f"k{at}", "label": f"Komponen {at}", "score": f"{80 + at}.25", "maximum": "100"} for at in range(3)]
    same = {**first, "components": parts, "score": "91.25", "citation": "Pelayanan yang cepat dan ramah. " * 6}
    del same["id"]
    with database.atomic():
        for number in range(WINNERS - PublishedWinner.select().count()):
            PublishedWinner.create(**same | {"slug": f"pemenang-{number}", "name": f"Calon Nomor {number}", "place": 10 + number})


# Over HTTP ----------------------------------------------------------------------------------------------------------

BARE = """
from pathlib import Path
BODY = Path({path!r}).read_bytes()
HEADERS = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(BODY)))]
def app(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""


class Reader:
    """One connection that stays open, and as little as possible around it."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        self.request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray(1 << 20)

    def ask(self) -> bytes:
        self.connection.sendall(self.request)
        view, got, end, size = memoryview(self.buffer), 0, -1, 0
        while end < 0 or got < end + size:
            count = self.connection.recv_into(view[got:])
            _expect("the server keeps the connection open", holds=count > 0)
            got += count
            if end < 0 and (found := self.buffer.find(b"\r\n\r\n", 0, got)) >= 0:
                end = found + 4
                head = bytes(self.buffer[:end]).lower()
                size = int(head.partition(b"content-length:")[2].partition(b"\r")[0] or 0)
        return bytes(self.buffer[:got])


def _over_http(folder: Path, whole: bytes) -> None:
    (folder / "body.json").write_bytes(whole)
    (folder / "bare_wsgi.py").write_text(BARE.format(path=str(folder / "body.json")))
    env = {**os.environ, "SIPETRUK_DATA_DIR": str(folder), "SIPETRUK_LOG_LEVEL": "ERROR", "PYTHONPATH": f"{folder}:."}
    env["SIPETRUK_DATABASE_URL"] = f"sqlite:///{folder / 'sipetruk.db'}"
    targets = {"bare": ("bare_wsgi:app",), "kept": ("--factory", "sipetruk.app:create_worker")}
    servers = []
    try:
        for name, target in targets.items():
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORTS[name]), "--workers", "1"]
            command += ["--blocking-threads", "1", "--no-access-log", "--log-level", "error", *target]
            servers.append(subprocess.Popen(command, env=env))
        for port in PORTS.values():
            _wait(port)
        _measure_http(whole)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(20)


def _measure_http(whole: bytes) -> None:
    path = "/graphql?query=" + quote(" ".join(QUERY.split()))
    plain = Reader(PORTS["kept"], path)
    answer = plain.ask()
    _expect("the server gives the same bytes", holds=answer.endswith(whole))
    packed = Reader(PORTS["kept"], path, Accept_Encoding="gzip")
    head, _, body = packed.ask().partition(b"\r\n\r\n")
    _expect("packed it is the same", holds=gzip.decompress(body) == whole)
    tag = head.lower().partition(b"etag: ")[2].partition(b"\r")[0].decode()
    known = Reader(PORTS["kept"], path, Accept_Encoding="gzip", If_None_Match=tag)
    _expect("a known answer is not sent again", holds=b" 304 " in known.ask()[:40])
    bare = Reader(PORTS["bare"], path)
    found = _turns({"bare WSGI": bare.ask, "kept": plain.ask, "kept, gzip": packed.ask, "kept, 304": known.ask}, HTTP_ROUNDS)
    print(f"\nThe same over HTTP, one connection, granian with one process ({len(body):,} bytes packed)")
    _table(found)
    _ratio("cached", "kept against the bare server", found["bare WSGI"] / found["kept"])
    _ratio("gzip", "packed against kept", found["kept"] / found["kept, gzip"])
    _ratio("304", "304 against kept", found["kept"] / found["kept, 304"])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"Nothing answers on port {port}.")


def _table(found: dict[str, float]) -> None:
    for name, milliseconds in found.items():
        print(f"  {name:<24}{milliseconds:>9.3f} ms")


def _ratio(aim: str, name: str, ratio: float) -> None:
    state = "" if ratio >= AIMS[aim] else "  MISSED"
    print(f"  {name:<40}{ratio:>7.2f}x   (at least {AIMS[aim]}){state}")


def _expect(what: str, *, holds: bool) -> None:
    if not holds:
        raise SystemExit(f"Not so: {what}.")


if __name__ == "__main__":
    main()
