"""A small panel of its own for the kit: two tables, services for them, and people of two offices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

import peewee as pw
import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from flask_admin import Admin, AdminIndexView
from flask_admin.actions import action
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemLoader

from sipetruk.errors import Invalid
from sipetruk.models.base import DocumentField, Table, UTCDateTimeField, database
from sipetruk.panel.kit import Page, TableView, expose
from sipetruk.panel.kit.access import WHO
from sipetruk.panel.kit.catalogue import TRANSLATIONS
from sipetruk.rules.permissions import Action, Actor, Grant, Role
from sipetruk.services.transaction import check_version, held, touch, transaction
from sipetruk.windows import load_settings, window
from tests.cast import Cast
from tests.panel.visitor import Visitor


class Office(Table):
    code = pw.CharField(max_length=10, unique=True, verbose_name="Kode")
    name = pw.CharField(max_length=40, verbose_name="Nama kantor")


class Worker(Table):
    code = pw.CharField(max_length=10, unique=True, verbose_name="Kode")
    name = pw.CharField(max_length=40, verbose_name="Nama", help_text="Tanpa gelar.")
    office = pw.ForeignKeyField(Office, on_delete="RESTRICT", backref="workers", verbose_name="Kantor")
    deputy_at = pw.ForeignKeyField(Office, on_delete="RESTRICT", null=True, backref="deputies", verbose_name="Wakil di")
    level = pw.CharField(max_length=5, choices=[("low", "Rendah"), ("high", "Tinggi")], verbose_name="Tingkat")
    score = pw.DecimalField(max_digits=5, decimal_places=2, null=True, verbose_name="Nilai")
    rank = pw.IntegerField(default=1, verbose_name="Peringkat")
    born_on = pw.DateField(null=True, verbose_name="Lahir")
    seen_at = UTCDateTimeField(null=True, verbose_name="Terlihat")
    extra = DocumentField(null=True, verbose_name="Tambahan")
    is_active = pw.BooleanField(default=True, verbose_name="Aktif")
    note = pw.TextField(default="", verbose_name="Catatan")
    row_version = pw.IntegerField(default=1)

    def __str__(self) -> str:
        return str(self.name)


def hire(values: dict[str, Any]) -> None:
    if values["name"].startswith("Salah"):
        raise Invalid("Nama ini tidak diterima.", "input", "name")
    with transaction():
        Worker.create(**values)


def amend(row: Worker, values: dict[str, Any], expected: int) -> None:
    with transaction():
        stored = held(Worker.select().where(Worker.id == row.id)).get()
        check_version(stored, expected)
        for name, value in values.items():
            setattr(stored, name, value)
        touch(stored)


def dismiss(row: Table) -> None:
    with transaction():
        row.delete_instance()


def offices() -> list[tuple[str, str]]:
    return [(str(o.id), o.name) for o in Office.select().order_by(Office.name)]


class WorkerView(TableView):
    needs = Action.EMPLOYEE_READ
    writes = Action.EMPLOYEE_IMPORT
    one = "pekerja"
    related = ("office", "deputy_at")
    column_list = ("code", "name", "office.name", "deputy_at.name", "level", "score", "seen_at", "is_active")
    column_labels: ClassVar = {"office.name": "Kantor", "deputy_at.name": "Wakil di"}
    column_searchable_list = ("name", "office.name", "deputy_at.name")
    column_filters = ("office", "office.code", "level", "born_on", "seen_at", "is_active", "rank", "note")
    column_sortable_list = ("code", "name", "score", ("office.name", "office.name"))
    column_default_sort = ("score", True)
    references: ClassVar = {"office": offices, "deputy_at": offices}
    form_columns = ("code", "name", "office", "deputy_at", "level", "score", "rank", "born_on", "seen_at", "extra", "is_active", "note")
    can_export = can_view_details = True
    greeted: ClassVar[list[int]] = []

    def get_query(self) -> Any:
        query = Worker.select()
        return query if self.can(Action.EMPLOYEE_IMPORT) else query.where(Worker.office.in_(list(self.actor.unit_ids)))

    def create(self, _actor: Actor, values: dict[str, Any]) -> object:
        return hire(values)

    def change(self, _actor: Actor, row: Worker, values: dict[str, Any], expected_version: int) -> object:
        return amend(row, values, expected_version)

    def remove(self, _actor: Actor, row: Worker) -> object:
        return dismiss(row)

    def locked(self, row: Worker) -> str:
        return "Pekerja ini sudah pensiun." if row.name == "Pensiun" else ""

    @action("greet", "Sapa", "Sapa yang dipilih?")
    def greet(self, ids: list[int]) -> None:
        self.greeted.extend(ids)


class OfficeView(TableView):
    needs = Action.UNIT_READ
    writes = Action.UNIT_EDIT
    one = "kantor"
    column_list = ("code", "name")

    def get_query(self) -> Any:
        return Office.select()

    def remove(self, _actor: Actor, row: Office) -> object:
        return dismiss(row)


class FaultyPage(Page):
    needs = Action.UNIT_READ
    runs: ClassVar[list[int]] = []

    @expose("/")
    def index(self) -> str:
        self.runs.append(1)
        raise TypeError("a fault of the program")


@dataclass
class Kit:
    """The panel under test and its people."""

    app: Flask
    people: dict[str, Actor]
    now: list[Actor | None] = field(default_factory=lambda: [None])

    def as_(self, name: str | None) -> Any:
        self.now[0] = self.people[name] if name else None
        return self.app.test_client()


@pytest.fixture
def kit(db: pw.Database) -> Kit:
    db.create_tables([Office, Worker])
    first, second = Office.create(code="A", name="Kantor Satu"), Office.create(code="B", name="Kantor Dua")
    seen_at = datetime(2026, 1, 1, 15, 59, 30, tzinfo=UTC)
    Worker.create(code="w1", name="Aminah", office=first, level="low", score=Decimal("82.5"), seen_at=seen_at)
    Worker.create(code="w2", name="Budi", office=second, level="high", deputy_at=first, born_on="1990-05-17")
    Worker.create(code="w3", name="Citra", office=first, level="high", score=Decimal(91))
    WorkerView.greeted.clear()
    FaultyPage.runs.clear()
    people = {
        "bkpsdm": Actor(1, "bkpsdm", "Rina", (Grant(Role.BKPSDM_ADMIN),), "panel"),
        "unit": Actor(2, "opd-a", "Sari", (Grant(Role.OPD_ADMIN, first.id),), "panel"),
        "assessor": Actor(3, "penilai1", "Tono", (Grant(Role.ASSESSOR),), "panel"),
    }
    panel = Kit(_app(), people)
    panel.app.extensions[WHO] = lambda: panel.now[0]
    return panel


def _app() -> Flask:
    app = Flask("kit", static_folder=str(window("static")))
    app.config.update(SECRET_KEY="x" * 32, TESTING=True, WTF_CSRF_ENABLED=False)
    app.jinja_loader = FileSystemLoader(window("admin") / "pages")
    Babel(app, default_locale="id", default_timezone="Asia/Makassar")
    CSRFProtect(app)
    login = Blueprint("login", __name__)
    login.add_url_rule("/masuk", "sign_in", lambda: "masuk")
    login.add_url_rule("/keluar", "sign_out", lambda: "keluar", methods=("POST",))
    app.register_blueprint(login)
    account = Blueprint("account", __name__)
    account.add_url_rule("/akun/", "index", lambda: "akun")
    app.register_blueprint(account)
    home = AdminIndexView(name="Beranda", endpoint="admin", url="/admin")
    admin = Admin(app, index_view=home, theme=Bootstrap4Theme(base_template="panel/base.html"), translations_path=str(TRANSLATIONS))
    admin.add_views(
        WorkerView(Worker, name="Pekerja", category="Data induk", endpoint="worker"),
        OfficeView(Office, name="Kantor", category="Data induk", endpoint="office"),
        FaultyPage(name="Rusak", endpoint="faulty"),
    )
    return app


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, made once: its pages keep nothing between two tests, only the database changes."""
    from sipetruk.app import create_app  # noqa: PLC0415  # all of Flask-Admin and Strawberry, only where a test asks for it

    folder = str(tmp_path_factory.mktemp("panel"))
    return create_app(load_settings({"SIPETRUK_ENV": "testing", "SIPETRUK_DATA_DIR": folder}))


@pytest.fixture
def app(whole_app: Flask, db: pw.Database) -> Flask:
    database.initialize(db)  # the connection that the test itself holds
    return whole_app


@pytest.fixture
def visit(client: FlaskClient, cast: Cast) -> Any:
    """visit("bkpsdm") is that person of the cast in the real application."""
    return lambda who: Visitor(client, getattr(cast, who))


@pytest.fixture
def count_statements(db: pw.Database) -> Any:
    """How many SQL statements a call costs."""

    def count(call: Any) -> int:
        seen: list[str] = []
        original = db.execute_sql

        def listen(sql: str, *args: Any, **kwargs: Any) -> Any:
            seen.append(sql)
            return original(sql, *args, **kwargs)

        db.execute_sql = listen
        try:
            call()
        finally:
            del db.execute_sql
        return len(seen)

    return count
