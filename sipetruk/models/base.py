"""The database both engines share: connection, base table and column types."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
import peewee as pw
from playhouse.pool import PooledPostgresqlDatabase

from sipetruk.models.looks import LookingDatabase

database = pw.DatabaseProxy()
"""The one database; `bind` gives it its engine."""

LOG_PAGES = 16_000
"""Pages of 4 KB in the log of SQLite at which a writer brings them into the file itself; long before, the worker does it."""
SQLITE_PRAGMAS = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": "normal", "cache_size": -16_000, "wal_autocheckpoint": LOG_PAGES}


def connect(url: str, *, max_connections: int = 16) -> pw.Database:
    """An unopened database for `sqlite:///path` or `postgresql://...`; ValueError for anything else.

    SQLite transactions begin IMMEDIATE: with the default, one writer in three lost its work under load. They take turns.
    """
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = unquote(url.removeprefix("sqlite:///"))
        if not path or ":memory:" in path or path == url:
            raise ValueError("A SQLite database needs a file: sqlite:///path/to/file.db")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        return LookingDatabase(path, pragmas=SQLITE_PRAGMAS, timeout=20, lock_type="IMMEDIATE", autoconnect=False)
    if scheme in {"postgres", "postgresql"}:
        pooled: pw.Database = PooledPostgresqlDatabase(
            "postgresql" + url.removeprefix(scheme),
            prefer_psycopg3=True,
            autoconnect=False,
            max_connections=max_connections,
            stale_timeout=300,
            timeout=10,
        )
        return pooled
    raise ValueError(f"Unknown database scheme {scheme!r}: use sqlite:/// or postgresql://")


def bind(url: str) -> pw.Database:
    """Make `database` stand for the database at `url`."""
    engine = connect(url)
    database.initialize(engine)
    return engine


def bring_home() -> bool:
    """Bring what SQLite's log holds into the file, as far as no reader needs it there; keeps neither writers nor readers waiting.

    A commit only appends to the log. Bringing it home waits for the disk, so the worker does that and no request.
    False on PostgreSQL, which does it by itself.
    """
    has_log = isinstance(database.obj, pw.SqliteDatabase)
    if has_log:
        database.execute_sql("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return has_log


def plain_rows(query: Any) -> Iterable[tuple[Any, ...]]:
    """Rows of numbers and texts as the driver gives them, unconverted: for hundreds of thousands of rows."""
    rows: Iterable[tuple[Any, ...]] = database.execute(query)
    return rows


class UTCDateTimeField(pw.DateTimeField):
    """An aware moment, stored as UTC without a zone in both engines; naive values are refused."""

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a naive datetime was given")
            moment = value.astimezone(UTC)
            return datetime.combine(moment.date(), moment.time())  # `replace` takes five times as long
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return datetime.fromisoformat(f"{value}+00:00")
        return value if value is None or value.tzinfo else datetime.combine(value.date(), value.time(), UTC)


_DOCUMENTS = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_QUICKLY = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_READ = json.JSONDecoder().raw_decode
_LEAVES = frozenset({str, int, bool, type(None)})


class DocumentField(pw.TextField):
    """A JSON document kept as text, the same on both engines; floats are refused, numbers are ints or strings."""

    def db_value(self, value: Any) -> Any:
        if value is None:
            return None
        _require_plain(value)
        try:
            return orjson.dumps(value, option=_QUICKLY).decode()
        except orjson.JSONEncodeError:  # large numbers, enums, keys that are no text: the same text, or what is wrong
            return _DOCUMENTS.encode(value)

    def python_value(self, value: Any) -> Any:
        return None if value is None else _READ(value)[0]


def _require_plain(value: object) -> None:
    """TypeError for anything but text, integers, true, false, null, and lists and objects of them."""
    if isinstance(value, dict):
        parts: Iterable[object] = value.values()
    elif isinstance(value, list | tuple):
        parts = value
    elif value is None or isinstance(value, str | int):
        return
    else:
        raise TypeError(f"a {type(value).__name__} has no place in a stored document")
    for part in parts:
        if type(part) not in _LEAVES:
            _require_plain(part)


def one_of(column: str, values: Iterable[str]) -> pw.Node:
    """CHECK that a text column holds one of the values (an enum or a list)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return pw.Check(f"{column} IN ({listed})")


class Table(pw.Model):
    """Base of every table."""

    id: Any

    class Meta:
        database = database
        legacy_table_names = False


def part_of(to: type[pw.Model], **options: Any) -> pw.ForeignKeyField:
    """A reference to a thing of which this row is a part."""
    return pw.ForeignKeyField(to, on_delete="CASCADE", **options)


def refers_to(to: type[pw.Model], **options: Any) -> pw.ForeignKeyField:
    """A reference to a thing that may not disappear while this row exists."""
    return pw.ForeignKeyField(to, on_delete="RESTRICT", **options)
