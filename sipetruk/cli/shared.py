"""What every command needs: the database of the settings, and a message with an exit code instead of a stack trace."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import peewee as pw

from sipetruk import migrations
from sipetruk.errors import Refusal
from sipetruk.models.base import bind, database
from sipetruk.services import evidence
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from config import Settings

REFUSED, UNREADABLE = 1, 2
OF_THE_DISK = {
    errno.ENOSPC: "diska penuh",
    errno.EDQUOT: "jatah diska habis",
    errno.EROFS: "diska hanya dapat dibaca",
    errno.EACCES: "tidak ada hak",
}


@contextmanager
def open_database(settings: Settings | None = None, *, takes_any: bool = False) -> Iterator[None]:
    """The database of the settings, open for one command; one that lacks a migration is refused, unless the command `takes_any`."""
    settings = settings or load_settings()
    bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    try:
        database.connect()
    except pw.DatabaseError as error:
        fail(f"Basis data tidak dapat dihubungi: {' '.join(str(error).split())} (periksa SIPETRUK_DATABASE_URL)")
    try:
        if not takes_any and (waiting := migrations.pending()):
            fail(f"Basis data belum mutakhir ({', '.join(waiting)}); jalankan dahulu: sipetruk migrate")
        yield
    except (pw.OperationalError, sqlite3.OperationalError) as error:
        fail(f"Basis data tidak melayani lagi: {' '.join(str(error).split())}")
    except OSError as error:
        if error.errno not in OF_THE_DISK:
            raise
        fail(f"{error.filename or settings.data_dir} tidak dapat dibaca atau ditulisi: {OF_THE_DISK[error.errno]}")
    finally:
        database.close()


@contextmanager
def refusals(between: str = " ") -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        fail(between.join(problem.message for problem in refusal.problems))


def write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        fail(f"{path} tidak dapat ditulisi: {OF_THE_DISK.get(error.errno or 0, error.strerror)}", UNREADABLE)


def fail(message: str, code: int = REFUSED) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
