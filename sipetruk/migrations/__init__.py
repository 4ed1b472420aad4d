"""Numbered changes of the database, run forward only, one process at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import peewee as pw
from playhouse.migrations import Runner

from sipetruk.models.base import database

FOLDER = Path(__file__).parent
_UPGRADE_LOCK = 815001
_PATIENCE = 600


class BrokenReferences(Exception):
    """A migration left rows that refer to nothing; the database must be restored from its copy."""


def pending() -> list[str]:
    """Names of the migrations that this database has not had yet; needs an open connection."""
    return [migration.name for migration in _runner().status() if migration.applied is None]


def upgrade() -> list[str]:
    """Apply what is pending and name it; several processes may call this at once. Needs an open connection."""
    with _one_at_a_time():
        applied: list[str] = _runner().up()
        if isinstance(database.obj, pw.SqliteDatabase) and applied:
            broken = database.execute_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise BrokenReferences(str(broken[:5]))
    return applied


def drop_everything() -> None:
    """Remove every table with its contents; needs an open connection."""
    is_postgresql = isinstance(database.obj, pw.PostgresqlDatabase)
    with _one_at_a_time():
        if not is_postgresql:
            database.execute_sql("PRAGMA foreign_keys = OFF")
        for table in set(database.get_tables()) - {"sqlite_sequence"}:  # SQLite keeps that one itself
            database.execute_sql(f'DROP TABLE "{table}"' + (" CASCADE" if is_postgresql else ""))
        if not is_postgresql:
            database.execute_sql("PRAGMA foreign_keys = ON")


def _runner() -> Runner:
    return Runner(database.obj, str(FOLDER))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the upgrade lock: an advisory one on PostgreSQL, a file beside the database on SQLite."""
    if isinstance(database.obj, pw.PostgresqlDatabase):
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_UPGRADE_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_UPGRADE_LOCK,))
    else:
        lock = sqlite3.connect(f"{database.obj.database}.upgrade-lock", timeout=_PATIENCE, isolation_level=None)
        try:
            lock.execute("BEGIN EXCLUSIVE")  # a lock that every system has, and that dies with its process
            yield
        finally:
            lock.close()
