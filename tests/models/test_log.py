"""SQLite's log: a commit appends to it, and the worker brings it into the file."""

import shutil
import sqlite3
import threading
import time

import pytest

from sipetruk import jobs
from sipetruk.models import Period
from sipetruk.models.base import LOG_PAGES, bring_home, database
from sipetruk.services import periods


def names_in_file(path, folder):
    """The periods in the file alone, without its log."""
    alone = shutil.copyfile(path, folder / "alone.db")
    opened = sqlite3.connect(alone)
    try:
        return [name for (name,) in opened.execute("SELECT name FROM period")]
    finally:
        opened.close()


def make(cast):
    periods.create(cast.bkpsdm, name="Periode baru", year=2027, slug="2027")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_committed_stands_in_the_log_until_it_is_brought_home(cast, tmp_path):
    make(cast)
    path = database.obj.database
    assert "Periode baru" not in names_in_file(path, tmp_path)
    bring_home()
    assert "Periode baru" in names_in_file(path, tmp_path)


def test_bringing_home_changes_nothing_that_is_read(cast):
    make(cast)
    bring_home()
    assert Period.select().where(Period.slug == "2027").count() == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_writer_brings_home_only_a_long_log(db):
    assert db.execute_sql("PRAGMA wal_autocheckpoint").fetchone() == (LOG_PAGES,)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_waits_for_a_reader_of_the_past(cast, tmp_path):
    reader = sqlite3.connect(database.obj.database, isolation_level=None)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM period").fetchone()
    make(cast)
    bring_home()
    assert reader.execute("SELECT count(*) FROM period").fetchone() == before
    reader.close()
    bring_home()
    assert "Periode baru" in names_in_file(database.obj.database, tmp_path)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_worker_brings_home_what_others_commit(cast, tmp_path):
    stop = threading.Event()
    worker = threading.Thread(target=jobs.run, args=(stop,))
    worker.start()
    try:
        make(cast)
        until = time.monotonic() + 30
        while "Periode baru" not in names_in_file(database.obj.database, tmp_path) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        stop.set()
        worker.join()
    assert "Periode baru" in names_in_file(database.obj.database, tmp_path)
