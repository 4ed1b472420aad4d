"""What tests would otherwise build again and again is kept for a run: stages of a round, addresses and templates of pages.

A function that builds a stage in the database of a test is decorated with `@kept`. When it is called again with the same
arguments on a database in the same known state - new, or built by such functions alone - a copy of what it built before is laid
in the place of that database, which takes a fraction of the time. Once a test has written anything itself it simply builds.
"""

from __future__ import annotations

import copy
import functools
import itertools
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee as pw
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from playhouse.pool import PooledDatabase
from werkzeug.routing import Rule

from sipetruk.models.turns import TurnsDatabase
from sipetruk.services import clock, passwords

if TYPE_CHECKING:
    from tests.conftest import Templates

WORTH_SECONDS = {"sqlite": 0.05, "postgresql": 0.15}
"""A stage is kept where so much work of this process lies between it and the stage before: a copy takes 10 ms here, 50 ms there."""
LAYING_SECONDS = {"sqlite": 0.015, "postgresql": 0.06}
"""What laying a stage takes: what is called again and again is kept once the rest of its building adds up to what is worth it."""
MOST = {"sqlite": 150, "postgresql": 60}
"""So many stages are kept at a time, the last used ones: one takes 1 MB here and 10 MB there."""
OUTSIDE_TESTS = passwords._HASHER
"""How the product hashes passwords."""
READING = ("SELECT", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SHOW", "SET")


@dataclass
class Stages:
    """The stages kept in one run; `present` is the database of the running test."""

    built: dict[tuple[str, ...], tuple[str, Any]] = field(default_factory=dict)
    """By engine and calls: the name and what the last call returned; the last used one is the last."""
    built_again: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """By engine and calls: seconds spent so far that laying would have spared."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
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
    work: float = 0
    """Seconds of building since a stage was last laid or kept."""
    since: float | None = None
    """While building: the moment from which the work counts."""


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
            source, result = _stages.built[key] = _stages.built.pop(key)
            _lay(place, source)
        else:
            is_whole, began = place.since is None, time.monotonic()
            with _working(place):
                result = build(cast, *args, **options)
                spared = max(0, time.monotonic() - began - LAYING_SECONDS[place.engine]) if is_whole else 0
                _stages.built_again[key] += spared
                if max(time.process_time() - place.since, _stages.built_again[key]) > WORTH_SECONDS[place.engine]:
                    _keep(place, key, result)
        place.state = key[1:]
        return copy.deepcopy(result)

    return laid


@contextmanager
def _working(place: Place) -> Iterator[None]:
    """Count the work of the block; one stage is built by the help of others."""
    if place.since is not None:
        yield
        return
    place.since = time.process_time() - place.work
    try:
        yield
    finally:
        place.work = time.process_time() - place.since
        place.since = None


def _keep(place: Place, key: tuple[str, ...], result: Any) -> None:
    """Copy what stands in the place, and forget what was not used for the longest time."""
    name = f"stage_{next(_stages.numbers)}"
    with _closed(place.db):
        place.templates.save(place.engine, place.address, name)
    if place.files.exists():
        shutil.copytree(place.files, place.templates.files_of(name))
    _stages.built[key] = name, copy.deepcopy(result)
    _stages.built_again.pop(key, None)
    kept_here = [known for known in _stages.built if known[0] == place.engine]
    if len(kept_here) > MOST[place.engine]:
        place.templates.forget(place.engine, _stages.built.pop(kept_here[0])[0])
    _start_counting(place)


def _lay(place: Place, name: str) -> None:
    with _closed(place.db):
        place.templates.lay(place.engine, name, place.address, untouched=place.state == ())
    if place.templates.files_of(name).exists():
        shutil.copytree(place.templates.files_of(name), place.files, dirs_exist_ok=True)
    _start_counting(place)


def _start_counting(place: Place) -> None:
    place.work, place.since = 0, None if place.since is None else time.process_time()


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
    for kind in (pw.Database, TurnsDatabase):  # the second sends its statements itself
        kind.execute_sql = _watched(kind.execute_sql)


def _watched(execute: Callable[..., Any]) -> Callable[..., Any]:
    def watched(self: pw.Database, sql: str, *args: Any, **options: Any) -> Any:
        place = _stages.present
        if place is not None and place.state is not None and not sql.lstrip().upper().startswith(READING):
            place.state = None
        return execute(self, sql, *args, **options)

    return watched


def hash_quickly() -> None:
    """Let a password cost next to nothing: most tests sign somebody in."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def keep_addresses() -> None:
    """Compile the address of each page once: an application is made for every test, and four fifths of that were this."""
    compile_builder, known = Rule._compile_builder, {}  # no other way to make an application quicker

    def remembered(self: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002  # as werkzeug declares it
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(self, append_unknown)
        return known[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]  # as above


class Compiled(BytecodeCache):
    """Templates as they were compiled for any application with the same extensions."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, ...], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get(self._name(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[self._name(bucket)] = bucket.code

    @staticmethod
    def _name(bucket: Bucket) -> tuple[Any, ...]:
        return bucket.key, bucket.checksum, *sorted(bucket.environment.extensions)


def keep_templates() -> None:
    """Compile each template once, not for every application again."""
    create, compiled = Flask.create_jinja_environment, Compiled()

    def created(self: Flask) -> Any:
        environment = create(self)
        environment.bytecode_cache = compiled
        return environment

    Flask.create_jinja_environment = created  # type: ignore[method-assign]  # as above
