"""What the database refuses because a constraint holds, in words for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import peewee as pw

from sipetruk.errors import Conflict, Invalid, Refusal

UNIQUE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
REFERENCE = {"23503", "23001", "SQLITE_CONSTRAINT_FOREIGNKEY"}
NEEDED = {"23502", "SQLITE_CONSTRAINT_NOTNULL"}


@contextmanager
def constraints_refuse() -> Iterator[None]:
    """A violated constraint becomes a refusal; the transaction it broke has already been rolled back."""
    try:
        yield
    except pw.IntegrityError as fault:
        raise refusal_for(fault) from fault


def refusal_for(fault: pw.IntegrityError) -> Refusal:
    """The refusal that says what a violated constraint means."""
    original = getattr(fault, "orig", None) or fault.__cause__ or fault
    state = str(getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None) or "")
    if state in UNIQUE:
        return Conflict("Data dengan isian yang sama sudah ada.")
    if state in REFERENCE or "FOREIGN KEY" in str(original):  # SQLite reports RESTRICT as a trigger
        return Conflict("Data ini masih dipakai data lain, jadi tidak dapat dihapus, atau yang dirujuknya baru saja dihapus.")
    if state in NEEDED:
        return Invalid("Ada isian wajib yang kosong.")
    return Invalid("Isian ini melanggar aturan data.")
