"""The public API beside what it is made of: the same bytes from plain rows, and stock Strawberry. On SQLite, in this process.

"Stock" is Strawberry's own `execute_sync` with its parser and validation caches, on the same types and batched reads. Two queries:
what the limits allow of 100 winners, and all of 100 winners with the criteria of their components, for which the ceiling of the price
alone is raised (it costs 3,901 of 2,000); every limit is checked in both. What was read of a revision is held, as in a server; how
long the first request after a change takes is told beside.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import strawberry
from strawberry.extensions import ParserCache, ValidationCache

from bench.kept import over_http
from bench.pages import statements_of
from bench.turns import expect, of, ratio, table, turns
from sipetruk import demo, migrations
from sipetruk.api import ids
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import Engine
from sipetruk.api.frozen import Frozen, Snapshot
from sipetruk.api.limits import LIMITS
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

WINNERS, MORE_WINNERS = 100, 1_000
ROUNDS = 40
QUERY = """query Winners($after: String) { winners(first: 100, after: $after) { nodes {
  id slug name position unit { code name } category { slug name } period { id slug name year }
  rank citation innovationTitle decreeNumber decreeOn publishedAt score instrument { id code number title }
  components { code label score maximumCRITERIA }
} pageInfo { endCursor } } }"""
SHORT, WHOLE = QUERY.replace("CRITERIA", ""), QUERY.replace("CRITERIA", " criteria { code label help }")
ROWS = """
    SELECT w.id, w.slug, w.name, w.position, w.unit_code, w.unit_name, w.category_slug, w.category_name, w.place, w.citation, w.innovation,
        w.decree_number, w.decree_on, w.score, w.components, p.published_at, r.id, r.slug, r.name, r.year, i.code, v.number, i.name, v.id
    FROM published_winner w JOIN publication p ON p.id = w.publication_id JOIN period r ON r.id = p.period_id
        JOIN category c ON c.period_id = r.id AND c.slug = w.category_slug JOIN instrument_version v ON v.id = c.instrument_version_id
        JOIN instrument i ON i.id = v.instrument_id
    WHERE p.withdrawn_at IS NULL AND p.published_at <= ?
    ORDER BY p.published_at DESC, w.category_position, w.place, w.name, w.id LIMIT 100"""
REVISION = Revision()
WIDE = replace(LIMITS, cost=4_000)


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


def _ours(engine: Engine, source: str, snapshot: Snapshot | None = None, **variables: Any) -> bytes:
    """All of it but HTTP: limits, price, deadline, reads, bytes."""
    context = Context(None, "bench", snapshot=snapshot or REVISION.snapshot())
    return encoded(engine.run(engine.plan(source, variables, None), context).body())


def _first(engine: Engine, source: str, **variables: Any) -> bytes:
    """The same when nothing is held yet."""
    return _ours(engine, source, Snapshot(Frozen(), lambda: True), **variables)


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


def _plain(path: Path, whole: Mapping[str, Any], *, criteria: bool) -> Callable[[], bytes]:
    """The same bytes from SQL, dicts and orjson."""
    opened, page = sqlite3.connect(path), whole["data"]["winners"]["pageInfo"]

    def read() -> bytes:
        rows = opened.execute(ROWS, (str(datetime.now(UTC).replace(tzinfo=None)),)).fetchall()
        known = {number: _criteria(opened, number) for number in {row[-1] for row in rows}} if criteria else {}
        nodes = [_node(row, known.get(row[-1])) for row in rows]
        return orjson.dumps({"data": {"winners": {"nodes": nodes, "pageInfo": page}}, "extensions": whole["extensions"]})

    return read


def _criteria(opened: sqlite3.Connection, version: int) -> dict[str, list[dict[str, Any]]]:
    (text,) = opened.execute("SELECT definition FROM instrument_version WHERE id = ?", (version,)).fetchone()
    return {
        part["code"]: [{"code": each["code"], "label": each["label"], "help": each.get("help", "")} for each in part["criteria"]]
        for part in orjson.loads(text)["components"]
    }


def _node(row: tuple[Any, ...], criteria: Mapping[str, Any] | None) -> dict[str, Any]:
    (key, slug, name, position, unit, unit_name, category, category_name, place, citation, innovation, decree, on) = row[:13]
    score, parts, published, period, period_slug, period_name, year, code, number, title, _ = row[13:]
    components = [
        {"code": part["code"], "label": part["label"], "score": part["score"], "maximum": part["maximum"]}
        | ({} if criteria is None else {"criteria": criteria[part["code"]]})
        for part in orjson.loads(parts)
    ]
    return {
        "id": ids.encode("Winner", key),
        "slug": slug,
        "name": name,
        "position": position,
        "unit": {"code": unit, "name": unit_name},
        "category": {"slug": category, "name": category_name},
        "period": {"id": ids.encode("Period", period), "slug": period_slug, "name": period_name, "year": year},
        "rank": place,
        "citation": citation,
        "innovationTitle": innovation,
        "decreeNumber": decree,
        "decreeOn": on,
        "publishedAt": published.partition(".")[0].replace(" ", "T") + "Z",
        "score": score,
        "instrument": {"id": ids.encode("Instrument", f"{code}/{number}"), "code": code, "number": number, "title": title},
        "components": components,
    }


def _form(folder: Path) -> None:
    opened = _opened(folder, "nomination")
    source, stock, core = documents("public").named["OpenForms"], _stock(), Engine(SCHEMA, hide_suggestions=False)
    expect("stock Strawberry gives the same form", holds=orjson.loads(_ours(ENGINE, source))["data"] == orjson.loads(stock(source))["data"])
    found = turns(
        {
            "compiled": lambda: _ours(ENGINE, source),
            "compiled, nothing held": lambda: _first(ENGINE, source),
            "graphql-core": lambda: _ours(core, source),
            "stock": lambda: stock(source),
        },
        ROUNDS,
    )
    print(f"Open forms, {_size(_ours(ENGINE, source))}, SQL statements: {_statements(source)}")
    table(found)
    ratio("compiled against stock Strawberry", *of(found, "stock", "compiled"), judged="CPU", least=6.0)
    opened.close()


def _winners(folder: Path) -> None:
    opened = _opened(folder, "published")
    _fill(WINNERS)
    for title, source, engine in (("within the limits", SHORT, ENGINE), ("with all criteria", WHOLE, _wide(compiles=True))):
        _compare(title, source, engine, folder / "sipetruk.db")
    whole = _ours(ENGINE, SHORT)
    opened.close()
    over_http(folder, SHORT, whole)
    opened.connect()
    _fill(MORE_WINNERS)
    _growth()
    opened.close()


def _wide(*, compiles: bool) -> Engine:
    return Engine(SCHEMA, hide_suggestions=False, limits=WIDE, compiles=compiles)


def _compare(title: str, source: str, engine: Engine, path: Path) -> None:
    core, stock, whole = _wide(compiles=False), _stock(), _ours(engine, source)
    body = orjson.loads(whole)
    expect(f"there are {WINNERS} winners", holds=len(body["data"]["winners"]["nodes"]) == WINNERS)
    plain = _plain(path, body, criteria=source is WHOLE)
    expect("plain rows give the same bytes", holds=plain() == whole)
    expect("graphql-core gives the same data", holds=orjson.loads(_ours(core, source))["data"] == body["data"])
    found = turns(
        {
            "plain rows, orjson": plain,
            "compiled": lambda: _ours(engine, source),
            "compiled, nothing held": lambda: _first(engine, source),
            "graphql-core": lambda: _ours(core, source),
            "stock": lambda: stock(source),
        },
        ROUNDS,
    )
    print(f"\n{WINNERS} winners {title}, {_size(whole)}, SQL statements: {_statements(source, engine)}")
    table(found)
    ratio("plain rows against compiled", *of(found, "plain rows, orjson", "compiled"), judged="CPU", least=0.65)
    ratio("compiled against stock Strawberry", *of(found, "stock", "compiled"), judged="CPU", least=8.0)


def _growth() -> None:
    """Ten pages of a hundred winners against one."""

    def pages(count: int, ask: Callable[..., bytes]) -> None:
        after = None
        for _ in range(count):
            after = orjson.loads(ask(ENGINE, SHORT, after=after))["data"]["winners"]["pageInfo"]["endCursor"]

    found = turns(
        {
            f"{count:,} winners, {held}": partial(pages, count // 100, ask)
            for held, ask in (("held", _ours), ("nothing held", _first))
            for count in (WINNERS, MORE_WINNERS)
        },
        ROUNDS // 4,
    )
    print(f"\nGrowth, read page by page where there are {MORE_WINNERS:,}")
    table(found)
    for held in ("held", "nothing held"):
        ratio(f"ten times as many, {held}", *of(found, f"1,000 winners, {held}", f"100 winners, {held}"), judged="CPU", most=12.0)


def _fill(wanted: int) -> None:
    """As many winners as asked for in the newest publication of the demonstration, with as many bytes as where the aims come from."""
    first = PublishedWinner.select().order_by(PublishedWinner.publication.desc(), PublishedWinner.id).dicts().first()
    same = {**first, "citation": "Pelayanan yang cepat dan ramah. " * 46}
    del same["id"]
    there = PublishedWinner.select().count()
    with database.atomic():
        for number in range(there, wanted):
            PublishedWinner.create(**same | {"slug": f"pemenang-{number}", "name": f"Calon Nomor {number}", "place": 10 + number})


def _statements(source: str, engine: Engine = ENGINE) -> str:
    return f"{statements_of(lambda: _first(engine, source))}, when held {statements_of(lambda: _ours(engine, source))}"


def _size(body: bytes) -> str:
    return f"{len(body):,} bytes, {_fields(orjson.loads(body)['data']):,} fields"


def _fields(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + _fields(each) for each in value.values())
    return sum(_fields(each) for each in value) if isinstance(value, list) else 0


if __name__ == "__main__":
    main()
