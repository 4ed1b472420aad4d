"""Rebuilds on SQLite the tables whose removed rows are known outside, so that none of their numbers is given twice; nothing on PostgreSQL."""

from __future__ import annotations

from typing import Any

import peewee as pw

TABLES = ("instrument", "instrument_version", "period", "category", "evidence", "signatory", "announcement", "webhook", "webhook_delivery")
KEY = "id INTEGER NOT NULL PRIMARY KEY"


def up(migrator: Any, db: pw.Database) -> None:
    if isinstance(db, pw.PostgresqlDatabase):
        return
    if db.execute_sql("PRAGMA foreign_keys").fetchone() != (0,):
        raise RuntimeError("with its foreign keys held, a dropped table would take along the rows that refer to it")
    triggers = db.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:  # they name tables that are not there for a moment
        db.execute_sql(f"DROP TRIGGER {name}")
    for table in TABLES:
        _rebuild(db, table)
    for _, made_by in triggers:
        db.execute_sql(made_by)


def _rebuild(db: pw.Database, table: str) -> None:
    """Another table beside it takes its rows, its name and its indexes: the way that SQLite describes."""
    made_by = {
        kind: [sql for (sql,) in db.execute_sql("SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name = ?", (kind, table)).fetchall()]
        for kind in ("table", "index")
    }
    columns = made_by["table"][0].partition("(")[2]
    if KEY not in columns:
        raise RuntimeError(f"table {table} is not as it was made")
    db.execute_sql(f"CREATE TABLE rebuilt ({columns.replace(KEY, f'{KEY} AUTOINCREMENT', 1)}")
    db.execute_sql(f"INSERT INTO rebuilt SELECT * FROM {table}")
    db.execute_sql(f"DROP TABLE {table}")
    db.execute_sql(f"ALTER TABLE rebuilt RENAME TO {table}")
    for index in made_by["index"]:
        db.execute_sql(index)
    _pass_over(db, table)


def _pass_over(db: pw.Database, table: str) -> None:
    """Numbers of rows that are gone stand in the audit trail: the next one comes after them."""
    given = "SELECT CAST(thing_id AS INTEGER) FROM audit_entry WHERE thing = ? AND thing_id NOT GLOB '*[^0-9]*'"
    last = f"SELECT MAX(number) FROM (SELECT id AS number FROM {table} UNION {given})"
    (number,) = db.execute_sql(last, (table,)).fetchone()
    db.execute_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    db.execute_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number or 0))
