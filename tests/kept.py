"""What tests would otherwise build again and again is kept for the length of a run: stages of a round, addresses of pages.

A function that builds a stage in the database of a test is decorated with `@kept`. When it is called again with the same
arguments on a database in the same known state - new, or built by such functions alone - a copy of what it built before is laid
in the place of that database, which takes a fraction of the time. Once a test has written anything itself it simply builds.
"""

from __future__ import annotations

import copy
import functools
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee as pw
from playhouse.pool import PooledDatabase
from werkzeug.routing import Rule

from sipetruk.services import clock

if TYPE_CHECKING:
    from tests.conftest import Templates

WORTH_SECONDS = {"sqlite": 0.05, "postgresql": 0.25}
"""What takes longer than this to build is kept: laying a copy takes 10 ms here and 80 ms there."""
READING = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SHOW", "SET")


@dataclass
class Stages:
    """The stages kept in one run; `present` is the database of the running test."""

    seconds: dict[tuple[str, ...], float] = field(default_factory=dict)
    built: dict[tuple[str, ...], tuple[str, Any]] = field(default_factory=dict)
    present: Place | None = None


@dataclass
class Place:
    """The database and the folder of files of one test."""

    templates: Templates
    engine: str
    address: str
    db: pw.Database
    files: Path
    state: tuple[str, ...] | None = ()
    """The calls that made what stands in the database; None once anything else has written to it."""


_stages = Stages()


def begin(place: Place | None) -> None:
    """A test begins on this database, or, with None, it has ended."""
    _stages.present = place


def keep_to_pages(*_: Any, **__: Any) -> None:
    """A page is asked for: what the application holds in memory belongs to this very database, which stays from now on."""
    if _stages.present is not None:
        _stages.present.state = None


def kept(build: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what this function builds; its arguments must show in full in their `repr`, and its result must be of plain values."""

    @functools.wraps(build)
    def laid(cast: Any, *args: Any, **options: Any) -> Any:
        place = _stages.present
        if place is None or place.state is None or not place.db.is_connection_usable() or place.db.in_transaction():
            return build(cast, *args, **options)
        call = f"{build.__module__}.{build.__qualname__}{args!r}{sorted(options.items())!r}{clock._frozen.get()}"
        key = (place.engine, *place.state, call)
        if key in _stages.built:
            source, result = _stages.built[key]
            _lay(place, source)
        else:
            began = time.perf_counter()
            result = build(cast, *args, **options)
            if _stages.seconds.get(key, 0) > WORTH_SECONDS[place.engine]:
                _stages.built[key] = _keep(place, f"stage_{len(_stages.built)}"), copy.deepcopy(result)
            _stages.seconds[key] = time.perf_counter() - began
        place.state = key[1:]
        return copy.deepcopy(result)

    return laid


def _keep(place: Place, name: str) -> str:
    """Copy what stands in the place; the name under which it is kept."""
    with _closed(place.db):
        place.templates.save(place.engine, place.address, name)
    if place.files.exists():
        shutil.copytree(place.files, place.templates.files_of(name))
    return name


def _lay(place: Place, name: str) -> None:
    with _closed(place.db):
        place.templates.lay(place.engine, name, place.address)
    if place.templates.files_of(name).exists():
        shutil.copytree(place.templates.files_of(name), place.files, dirs_exist_ok=True)


@contextmanager
def _closed(db: pw.Database) -> Iterator[None]:
    """No connection of ours is open within the block."""
    db.close()
    if isinstance(db, PooledDatabase):
        db.close_all()
    yield
    db.connect()


def watch_writing() -> None:
    """Notice the first statement of a test that changes its database."""
    execute = pw.Database.execute_sql

    def watched(self: pw.Database, sql: str, *args: Any, **options: Any) -> Any:
        place = _stages.present
        if place is not None and place.state is not None and not sql.lstrip().upper().startswith(READING):
            place.state = None
        return execute(self, sql, *args, **options)

    pw.Database.execute_sql = watched


def keep_addresses() -> None:
    """Compile the address of each page once: an application is made for every test, and four fifths of that were this."""
    compile_builder, known = Rule._compile_builder, {}  # no other way to make an application quicker

    def remembered(self: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002  # as werkzeug declares it
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(self, append_unknown)
        return known[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]  # as above
