"""Adds whether the password of a user was given by an administrator; the passwords of those who are there count as their own."""

from __future__ import annotations

from typing import Any

import peewee as pw


def up(migrator: Any, db: pw.Database) -> None:
    flag = "BOOLEAN" if isinstance(db, pw.PostgresqlDatabase) else "INTEGER"
    db.execute_sql(f'ALTER TABLE "user" ADD COLUMN has_given_password {flag} NOT NULL DEFAULT FALSE')
