"""A database made by the migrations equals one made from the models, and holds what it must hold, on both engines."""

import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import peewee as pw
import pytest

from sipetruk import migrations
from sipetruk.models import (
    TABLES,
    Announcement,
    AuditEntry,
    Category,
    Criterion,
    Employee,
    Instrument,
    InstrumentVersion,
    Mark,
    MarkHistory,
    Nomination,
    Period,
    Publication,
    PublishedWinner,
    Ranking,
    User,
    WorkUnit,
)
from sipetruk.models.base import bind, database
from sipetruk.models.triggers import TRIGGERS, TRUNCATE, create_triggers
from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, webhooks
from tests.services import builders, hooks

NOW = datetime(2024, 11, 24, 3, 0, tzinfo=UTC)


def test_the_migrations_make_what_the_models_say(blank):
    migrations.upgrade()
    migrated = picture(blank)
    migrations.drop_everything()
    database.create_tables(TABLES)
    create_triggers()
    assert migrated == picture(blank)


def test_every_table_of_the_models_is_there(blank):
    migrations.upgrade()
    assert set(blank.get_tables()) - {"schema_migration", "sqlite_sequence"} == {model._meta.table_name for model in TABLES}


def test_a_second_upgrade_changes_nothing(blank):
    names = [path.stem for path in sorted(migrations.FOLDER.glob("0*.py"))]
    assert migrations.pending() == names
    assert migrations.upgrade() == names
    assert migrations.pending() == []
    assert migrations.upgrade() == []


def test_two_processes_upgrade_at_once(blank, copied, tmp_path):
    program = (
        "from sipetruk import migrations; from sipetruk.models.base import bind, database; import sys;"
        "bind(sys.argv[1]); database.connect(); print(len(migrations.upgrade()))"
    )
    command = [sys.executable, "-c", program, copied.url]
    running = [subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [(process.communicate(timeout=60)[0].strip(), process.returncode) for process in running]
    made = str(len(list(migrations.FOLDER.glob("0*.py"))))
    assert sorted(answers) == [("0", 0), ("0", 0), (made, 0)]


def test_migrations_are_numbered_without_gaps_and_say_what_they_change():
    paths = sorted(migrations.FOLDER.glob("0*.py"))
    assert [path.name[:4] for path in paths] == [f"{number:04}" for number in range(1, len(paths) + 1)]
    assert [path.name for path in paths if not re.match(r'"""[A-Z].+\.', path.read_text(encoding="utf-8"))] == []


def test_passwords_that_are_there_already_count_as_their_owners(blank):
    migrations._runner().up("0001_initial")
    columns = "username, name, password_hash, is_active, session_epoch, created_at, row_version"
    blank.execute_sql(f"INSERT INTO \"user\" ({columns}) VALUES ('lama', 'Lama', 'x', TRUE, 0, '2024-11-24 03:00:00', 1)")
    assert migrations.upgrade()[0] == "0002_given_password"
    assert [(user.username, user.has_given_password) for user in User.select()] == [("lama", False)]


@pytest.fixture
def before_numbers_lasted(cast, db, tmp_path):
    """A SQLite database as it was before numbers lasted, with the rows of a round in assessment."""
    round_, (id_,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, id_)
    Category.create(
        period=round_.period_id, slug="tahap-2", name="B", instrument_version=round_.version_id, first_stage=round_.category_id, finalists=1
    )
    announcements.create(cast.bkpsdm, slug="maklumat", text=Text("Maklumat", "Isi."))
    hooks.use_settings()
    webhooks.ping(cast.bkpsdm, webhook_id=hooks.made(cast).webhook_id)
    db.close()
    old = bind(f"sqlite:///{tmp_path}/old.db")
    old.connect()
    migrations._runner().up("0002_given_password")
    old.execute_sql("PRAGMA foreign_keys = OFF")
    old.execute_sql(f"ATTACH '{db.database}' AS made")
    names = sorted(set(old.get_tables()) - {"schema_migration"})
    for name in names:  # criteria come before their version, which is locked
        columns = ", ".join(f'"{column.name}"' for column in old.get_columns(name))
        old.execute_sql(f'INSERT INTO main."{name}" ({columns}) SELECT {columns} FROM made."{name}"')
    old.execute_sql("DETACH made")
    old.execute_sql("PRAGMA foreign_keys = ON")
    yield old
    old.close()
    database.initialize(db)
    db.connect()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_database_with_rows_is_rebuilt_whole(before_numbers_lasted):
    old = before_numbers_lasted
    before = rows_of(old)
    filled = {name for name, rows in before.items() if rows}
    assert filled >= {"period", "category", "evidence", "instrument_version", "criterion", "mark", "announcement", "webhook_delivery"}
    assert migrations.upgrade() == [path.stem for path in sorted(migrations.FOLDER.glob("0*.py"))[2:]]
    assert rows_of(old) == before
    assert old.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert old.execute_sql("PRAGMA foreign_key_check").fetchall() == []
    assert old.execute_sql("PRAGMA foreign_keys").fetchone() == (1,)
    refused(InstrumentVersion.update(definition={}))
    refused(Criterion.update(maximum=4000))
    refused(Criterion.insert(version=InstrumentVersion.get(), code="lain", position=9, minimum=0, maximum=100, step=1))
    refused(Period.delete())
    refused(Category.update(winners=0))
    migrated = picture(old)
    migrations.drop_everything()
    database.create_tables(TABLES)
    create_triggers()
    assert migrated == picture(old)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_numbers_that_were_given_before_are_not_given_again(before_numbers_lasted):
    gone = {"at": NOW, "actor": "a", "face": "cli", "action": "period:remove", "thing": "period"}
    for thing_id in ("41", "9", "rows", "2099-akhir"):
        AuditEntry.create(**gone, thing_id=thing_id, previous_hash=f"before {thing_id}", hash=f"of {thing_id}")
    last = Announcement.select(pw.fn.MAX(Announcement.id)).scalar()
    migrations.upgrade()
    assert Period.create(slug="2025", name="2025", year=2025, created_at=NOW).id == 42
    assert Announcement.create(slug="lagi", title="Lagi", body="Isi.", created_at=NOW, updated_at=NOW).id == last + 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nothing_is_rebuilt_while_a_dropped_table_would_take_others_along(before_numbers_lasted):
    old = before_numbers_lasted
    before = rows_of(old)
    with pytest.raises(RuntimeError, match="foreign keys"), old.atomic():
        migrations.upgrade()
    assert rows_of(old) == before
    assert migrations.pending()[0] == "0003_lasting_numbers"


def rows_of(db):
    names = set(db.get_tables()) - {"schema_migration", "sqlite_sequence"}
    return {name: sorted(map(repr, db.execute_sql(f'SELECT * FROM "{name}"').fetchall())) for name in names}


# What the triggers forbid; the rows below are the least that each table takes.


def test_the_audit_trail_is_only_added_to(migrated):
    entry = AuditEntry.create(at=NOW, actor="a", face="cli", action="x:y", thing="t", thing_id="1", previous_hash="0" * 64, hash="1" * 64)
    refused(AuditEntry.update(reason="lain").where(AuditEntry.id == entry.id))
    refused(AuditEntry.delete().where(AuditEntry.id == entry.id))
    assert [e.reason for e in AuditEntry.select()] == [""]


def test_a_locked_version_never_changes(migrated):
    version = locked_version()
    to_draft = ({"state": "draft"}, {"state": "draft", "sha256": None})
    changes = ({"definition": {"a": 1}}, {"examples": [1]}, {"sha256": "b" * 64}, {"number": 2}, {"locked_at": None}, *to_draft)
    for change in changes:
        refused(InstrumentVersion.update(**change))
    refused(InstrumentVersion.delete())
    InstrumentVersion.update(state="retired", row_version=2).execute()
    for change in changes:
        refused(InstrumentVersion.update(**change))
    seen = InstrumentVersion.get()
    assert (seen.state, seen.definition, seen.examples, seen.sha256, seen.number) == ("retired", {}, [], "a" * 64, 1)
    assert (seen.locked_at, seen.id) == (NOW, version.id)


def test_a_draft_may_change_and_go(migrated):
    instrument = Instrument.create(code="b", name="Draf")
    InstrumentVersion.create(instrument=instrument, number=1, definition={}, created_at=NOW)
    InstrumentVersion.update(definition={"a": 1}).execute()
    assert InstrumentVersion.get().definition == {"a": 1}
    assert InstrumentVersion.delete().execute() == 1


def test_a_criterion_of_a_locked_version_never_changes(migrated):
    criterion = locked_criterion()
    refused(Criterion.update(maximum=4000))
    refused(Criterion.delete())
    assert Criterion.get_by_id(criterion.id).maximum == 2000


def test_a_locked_version_takes_no_further_criterion(migrated):
    criterion = locked_criterion()
    for state in ("locked", "retired"):
        InstrumentVersion.update(state=state).execute()
        refused(Criterion.insert(version=criterion.version_id, code="lain", position=2, minimum=0, maximum=100, step=1))
    assert [row.code for row in Criterion.select()] == ["inovasi"]


def test_a_final_ranking_never_changes(migrated):
    ranking = Ranking.create(
        category=category(), number=1, engine="1", inputs="{}", input_sha256="a" * 64, result="{}", result_sha256="b" * 64, computed_at=NOW
    )
    Ranking.update(result='{"a":1}').execute()
    Ranking.update(state="final", finalised_at=NOW).execute()
    for change in ({"result": "{}"}, {"inputs": "[]"}, {"result_sha256": "c" * 64}, {"finalised_at": None}, {"number": 9}):
        refused(Ranking.update(**change))
    refused(Ranking.delete())
    Ranking.update(state="superseded").execute()
    refused(Ranking.update(result="{}"))
    seen = Ranking.get_by_id(ranking.id)
    assert (seen.state, seen.result, seen.number) == ("superseded", '{"a":1}', 1)


def test_a_publication_can_only_be_withdrawn(migrated):
    publication = Publication.create(
        period=category().period, number=1, policy="names", file={}, content_sha256="a" * 64, made_at=NOW, published_at=NOW
    )
    PublishedWinner.create(
        publication=publication, slug="a", category_slug="pns", category_name="PNS", category_position=1, place=1, name="Siti",
        position="Analis", unit_name="Dinas", unit_code="d", decree_number="1", decree_on=date(2024, 11, 24),
    )  # fmt: skip
    refused(Publication.update(policy="names_and_score"))
    refused(Publication.update(file={"format": "lain"}))
    refused(Publication.update(published_at=NOW - timedelta(days=1), made_at=NOW - timedelta(days=2)))
    refused(Publication.update(withdrawn_at=NOW))
    refused(Publication.delete())
    refused(PublishedWinner.update(name="Lain"))
    refused(PublishedWinner.delete())
    Publication.update(withdrawn_at=NOW, withdrawal_note="salah ketik").execute()
    assert [(p.policy, p.withdrawal_note) for p in Publication.select()] == [("names", "salah ketik")]
    assert [w.name for w in PublishedWinner.select()] == ["Siti"]


def test_the_database_itself_refuses_a_mark_out_of_bounds(migrated):
    criterion = locked_criterion()
    assessor = User.create(username="penilai", name="Penilai", password_hash="x", created_at=NOW)
    nomination = a_nomination(assessor)
    bounds = {"minimum": 0, "maximum": 2000, "step": 50}
    row = {"nomination": nomination, "criterion": criterion, "assessor": assessor, "state": "scored", "saved_at": NOW}
    for value, stated in [(2050, bounds), (-50, bounds), (25, bounds), (2050, {**bounds, "maximum": 4000}), (None, bounds)]:
        refused(Mark.insert(**row, value=value, **stated))
    assert Mark.select().count() == 0
    Mark.insert(**row, value=1750, **bounds).execute()
    MarkHistory.create(**row, value=1750)
    refused(MarkHistory.update(value=0))
    refused(MarkHistory.delete())
    assert [(m.value, m.state) for m in MarkHistory.select()] == [(1750, "scored")]


def test_the_triggers_of_the_models_are_the_triggers_of_the_database(migrated):
    can_truncate = isinstance(migrated, pw.PostgresqlDatabase)
    expected = [trigger.name for trigger in TRIGGERS if can_truncate or trigger.event != TRUNCATE]
    assert sorted(picture(migrated)["triggers"]) == sorted(expected)


OPERATIONS = Path(__file__).parent.parent / "docs" / "operations.md"
WAYS_IN = [
    "UPDATE instrument_version SET definition = '[]'",
    "UPDATE instrument_version SET state = 'draft', sha256 = NULL",
    "DELETE FROM instrument_version",
    "INSERT INTO criterion (version_id, code, position, minimum, maximum, step) SELECT id, 'lain', 9, 0, 1, 1 FROM instrument_version",
    "UPDATE criterion SET maximum = 4000",
    "DELETE FROM criterion",
    "TRUNCATE instrument_version CASCADE",
    "ALTER TABLE instrument_version DISABLE TRIGGER ALL",
    "DROP TRIGGER instrument_version_no_update ON instrument_version",
    "DROP TABLE instrument_version CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "SET session_replication_role = replica",
]


@pytest.fixture
def web_role(migrated):
    """The role of the application, made as the guide says; the tables belong to somebody else."""
    name = f"sipetruk_web_{os.getpid()}"
    (block,) = re.findall(r"```sql\n(.*?)```", OPERATIONS.read_text(encoding="utf-8"), re.DOTALL)
    for statement in block.replace("sipetruk_web", name).split(";"):
        if statement.strip():
            migrated.execute_sql(statement)
    yield name
    migrated.execute_sql("RESET ROLE")
    migrated.execute_sql(f"DROP OWNED BY {name}")
    migrated.execute_sql(f"DROP ROLE {name}")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_no_sql_of_the_applications_role_changes_a_locked_version(migrated, web_role):
    locked_criterion()
    before = (list(InstrumentVersion.select().dicts()), list(Criterion.select().dicts()))
    with pytest.raises(pw.DatabaseError, match="not emptied"), migrated.atomic():
        migrated.execute_sql("TRUNCATE instrument_version CASCADE")  # not even who owns the tables
    migrated.execute_sql(f"SET ROLE {web_role}")
    for statement in WAYS_IN:
        with pytest.raises(pw.DatabaseError), migrated.atomic():
            migrated.execute_sql(statement)
    assert (list(InstrumentVersion.select().dicts()), list(Criterion.select().dicts())) == before
    assert before[0][0]["state"] == "locked"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_the_applications_role_is_enough_for_the_work(migrated, web_role):
    migrated.execute_sql(f"SET ROLE {web_role}")
    assert migrations.pending() == []
    instrument = Instrument.create(code="b", name="Draf")
    version = InstrumentVersion.create(instrument=instrument, number=1, definition={}, created_at=NOW)
    Criterion.create(version=version, code="inovasi", position=1, minimum=0, maximum=2000, step=50)
    assert InstrumentVersion.update(state="locked", sha256="a" * 64, locked_at=NOW).execute() == 1


def refused(query):
    with pytest.raises(pw.IntegrityError), database.atomic():
        query.execute()


def locked_version():
    instrument = Instrument.create(code="a", name="Instrumen")
    return InstrumentVersion.create(
        instrument=instrument, number=1, state="locked", definition={}, sha256="a" * 64, created_at=NOW, locked_at=NOW
    )


def locked_criterion():
    """The only criterion of a locked version, written before its lock."""
    version = InstrumentVersion.create(instrument=Instrument.create(code="c", name="Instrumen"), number=1, definition={}, created_at=NOW)
    criterion = Criterion.create(version=version, code="inovasi", position=1, minimum=0, maximum=2000, step=50)
    InstrumentVersion.update(state="locked", sha256="a" * 64, locked_at=NOW).where(InstrumentVersion.id == version.id).execute()
    return criterion


def category():
    period = Period.create(slug="2024", name="2024", year=2024, created_at=NOW)
    version = InstrumentVersion.get_or_none() or locked_version()
    return Category.create(period=period, slug="pns", name="PNS", instrument_version=version)


def a_nomination(user):
    unit = WorkUnit.create(code="d", name="Dinas")
    employee = Employee.create(
        nip="1" * 18, kind="PNS", name="Siti", work_unit=unit, position="Analis", position_type="4", grade="III/b",
        appointed_on=date(2015, 1, 1), born_on=date(1990, 1, 1),
    )  # fmt: skip
    return Nomination.create(
        number="1", category=category(), employee=employee, work_unit=unit, created_at=NOW, updated_at=NOW, created_by=user
    )


def picture(db):
    """Everything a database says about itself: columns, keys, checks, indexes and triggers, by table."""
    tables = {name: _table(db, name) for name in db.get_tables() if name != "schema_migration"}
    return {"tables": tables, "triggers": _triggers(db)}


def _table(db, name):
    return {
        "columns": [(c.name, c.full_type, c.null, c.primary_key, c.default) for c in db.get_columns(name)],
        "primary key": list(db.get_primary_keys(name)),
        "indexes": sorted((i.name, tuple(i.columns), i.unique, _plain(i.sql)) for i in db.get_indexes(name)),
        "constraints": _constraints(db, name),
    }


def _constraints(db, name):
    if isinstance(db, pw.PostgresqlDatabase):
        sql = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
        return sorted(row[0] for row in db.execute_sql(sql, (f'"{name}"',)).fetchall())
    (text,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
    return sorted(_plain(part) for part in _parts(text))


def _parts(text):
    """The comma-separated parts between the outer parentheses of a CREATE TABLE."""
    depth, part = 0, ""
    for character in text[text.index("(") + 1 : text.rindex(")")]:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield part
            part = ""
        else:
            part += character
    yield part


def _plain(sql):
    return re.sub(r"\s+", " ", (sql or "").replace('"', "")).strip()


def _triggers(db):
    if isinstance(db, pw.PostgresqlDatabase):
        sql = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    else:
        sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    return dict(db.execute_sql(sql).fetchall())


@pytest.fixture
def blank(db):
    """A database in which nothing is yet."""
    migrations.drop_everything()
    return db


@pytest.fixture
def migrated(blank):
    migrations.upgrade()
    return blank
