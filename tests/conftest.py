"""Fixtures every test may ask for; the network is closed to everything but this machine.

database_url   one empty, migrated database of its own, as an address; each test runs on SQLite and on PostgreSQL
db             the same, bound to `sipetruk.models.base.database` and connected for the test (no transaction open)
app, client    the whole application on `db`, in testing mode, and an anonymous Werkzeug client of it
sign_in        sign_in(client, cast.bkpsdm): signs a member of the cast in through the real form, and returns the client
csrf           csrf(client, "/masuk"): the CSRF token of the form on that page
cast           the people every test knows (see `tests/cast.py`), already in the database of this test:
               cast.bkpsdm, cast.verifier, cast.assessor, cast.assessor2, cast.assessor3, cast.unit_admin, cast.unit_head,
               cast.viewer and cast.outsider (an admin of another unit who may see nothing): each an `Actor`;
               cast.unit_id and cast.other_unit_id: the two work units; cast.password: one for all
data_dir       a folder of its own for the test; evidence files are kept in it
settings       the settings `app` is made with

A test that needs one engine only says so: `@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)`.
Where no PostgreSQL can be had its half is skipped with the reason; with CI set it fails instead.
"""

from __future__ import annotations

import gc
import itertools
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import peewee as pw
import pytest
from flask import Flask, appcontext_pushed
from flask.testing import FlaskClient
from playhouse.pool import PooledDatabase

from sipetruk import migrations
from sipetruk.models.base import bind, database
from sipetruk.rules.permissions import Actor
from sipetruk.windows import load_settings
from tests import kept, postgres_server

if TYPE_CHECKING:
    from tests.cast import Cast

Build = Callable[[], Any]
SPARED = "postgresql", "cast"


os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # commands of ours that tests start need not compile everything each time
kept.hash_quickly()
kept.keep_addresses()
kept.keep_templates()
kept.watch_writing()
appcontext_pushed.connect(kept.keep_to_pages)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage: there is none, and looking through half a million new objects takes a fourth of the time.

    What is loaded then stays out of the collector's way for good, which looks seldom.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 10, 10)
        gc.enable()


@dataclass
class Templates:
    """Databases built once a session and copied for each test: a copy is far cheaper than a build."""

    folder: Path
    built: dict[tuple[str, str], Any] = field(default_factory=dict)
    server: postgres_server.Server | None = None
    missing: str = ""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    stages: list[tuple[str, str]] = field(default_factory=list)
    spare: str = ""
    """A copy of the cast on PostgreSQL that nobody has written to."""

    def postgresql(self) -> postgres_server.Server:
        if self.server is None and not self.missing:
            try:
                self.server = postgres_server.start()
            except postgres_server.Unavailable as problem:
                self.missing = f"no PostgreSQL: {problem}"
        if self.server is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(self.missing)
        return self.server

    def address(self, engine: str, name: str) -> str:
        if engine == "postgresql":
            return self.postgresql().url(name)
        return f"sqlite:///{self.folder / name}.db"

    def copy(self, engine: str, template: str, build: Build) -> tuple[str, Any]:
        """The address of a fresh copy of a template, and what building the template returned."""
        source = f"template_{template}_{os.getpid()}"
        if (engine, template) not in self.built:
            if engine == "postgresql":
                self.postgresql().drop(source)
                self.postgresql().create(source)
            with _connected(self.address(engine, source)):
                self.built[engine, template] = build()
        name = self._name_of_next()
        if (engine, template) == SPARED and self.spare:
            name, self.spare = self.spare, ""
        else:
            self._copy(engine, source, name)
        return self.address(engine, name), self.built[engine, template]

    def _name_of_next(self) -> str:
        return f"test_{os.getpid()}_{next(self.numbers)}"

    def _copy(self, engine: str, source: str, name: str) -> None:
        if engine == "postgresql":
            self.postgresql().create(name, source)
        else:
            shutil.copyfile(self.folder / f"{source}.db", self.folder / f"{name}.db")

    def remove(self, engine: str, address: str) -> None:
        if engine == "postgresql":
            self.postgresql().drop(_name(address))
        else:
            for leftover in self.folder.glob(Path(address).name + "*"):
                leftover.unlink()

    def save(self, engine: str, address: str, stage: str) -> None:
        """Keep a copy of the database at an address, to which nothing is connected."""
        self._copy(engine, _name(address), self._stage(stage))
        self.stages.append((engine, stage))

    def lay(self, engine: str, stage: str, address: str, *, untouched: bool) -> None:
        """Lay what was kept in the place of the database at an address, to which nothing is connected."""
        if untouched and engine == "postgresql" and not self.spare:
            self.spare = self._name_of_next()
            self.postgresql().rename(_name(address), self.spare)
        else:
            self.remove(engine, address)
        self._copy(engine, self._stage(stage), _name(address))

    def forget(self, engine: str, stage: str) -> None:
        """Remove what was kept."""
        self.remove(engine, self.address(engine, self._stage(stage)))
        self.stages.remove((engine, stage))
        shutil.rmtree(self.files_of(stage), ignore_errors=True)

    def files_of(self, stage: str) -> Path:
        return self.folder / f"{stage}_files"

    @staticmethod
    def _stage(name: str) -> str:
        return f"{name}_{os.getpid()}"


def _name(address: str) -> str:
    return Path(address.partition("?")[0]).name.removesuffix(".db")


class _connected:  # noqa: N801  # reads as a word of the language
    """Bind and open a database, and close every connection of it afterwards."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __enter__(self) -> pw.Database:
        self.engine = bind(self.url)
        self.engine.connect()
        return self.engine

    def __exit__(self, *_: object) -> None:
        if not self.engine.is_closed():
            self.engine.close()
        if isinstance(self.engine, PooledDatabase):
            self.engine.close_all()


def _empty() -> None:
    migrations.upgrade()


def _with_cast() -> Cast:
    from tests.cast import build  # noqa: PLC0415  # the services, only where a test asks for people

    _empty()
    return build()


@pytest.fixture(scope="session")
def templates() -> Iterator[Templates]:
    found = Templates(postgres_server.quick_folder("databases-"))
    yield found
    shutil.rmtree(found.folder)
    if found.server is not None:
        if found.server.process is None:  # ours ends with everything in it
            made = [f"template_{template}" for engine, template in found.built if engine == "postgresql"]
            made += [stage for engine, stage in found.stages if engine == "postgresql"]
            for name in [*(f"{name}_{os.getpid()}" for name in made), *([found.spare] if found.spare else [])]:
                found.server.drop(name)
        found.server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@dataclass(frozen=True)
class Copy:
    """A database of one test: its address, and the cast that lives in it, if the test asked for one."""

    url: str
    cast: Cast | None


@pytest.fixture
def copied(request: pytest.FixtureRequest, engine: str, templates: Templates) -> Iterator[Copy]:
    if "cast" in request.fixturenames:
        copy = Copy(*templates.copy(engine, "cast", _with_cast))
    else:
        copy = Copy(*templates.copy(engine, "empty", _empty))
    yield copy
    templates.remove(engine, copy.url)


@pytest.fixture
def database_url(copied: Copy) -> str:
    return copied.url


@pytest.fixture
def db(database_url: str) -> Iterator[pw.Database]:
    with _connected(database_url) as opened:
        yield opened


@pytest.fixture
def cast(copied: Copy, engine: str, templates: Templates, db: pw.Database, data_dir: Path) -> Iterator[Cast]:
    from sipetruk.services import evidence  # noqa: PLC0415  # as for the people

    evidence.use_store(data_dir / "evidence")
    assert copied.cast is not None
    kept.begin(kept.Place(templates, engine, copied.url, db, data_dir / "evidence"))
    yield copied.cast
    kept.begin(None)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def settings(database_url: str, data_dir: Path) -> Any:
    return load_settings({"SIPETRUK_ENV": "testing", "SIPETRUK_DATABASE_URL": database_url, "SIPETRUK_DATA_DIR": str(data_dir)})


@pytest.fixture
def app(db: pw.Database, settings: Any) -> Flask:
    from sipetruk.app import create_app  # noqa: PLC0415  # all of Flask-Admin and Strawberry, only where a test asks for it

    made = create_app(settings)
    made.test_client_class = WholeAnswers
    database.initialize(db)  # the connection that the test itself holds
    return made


class WholeAnswers(FlaskClient):
    """Reads each answer to its end at once, so that files which were sent are closed again."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def csrf() -> Callable[[FlaskClient, str], str]:
    return _token


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, Actor], FlaskClient]:
    def sign_in(client: FlaskClient, who: Actor) -> FlaskClient:
        form = {"csrf_token": _token(client, "/masuk"), "username": who.username, "password": "rahasia-bersama"}
        answer = client.post("/masuk", data=form)
        assert answer.status_code == 303, answer.text
        return client

    return sign_in


def _token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None, f"no form on {page}"
    return found.group(1)


_connect = socket.socket.connect


def _only_this_machine(self: socket.socket, address: Any) -> None:
    if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
        raise PermissionError(f"a test tried to reach {address!r}: the network is closed")
    _connect(self, address)


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _only_this_machine)
