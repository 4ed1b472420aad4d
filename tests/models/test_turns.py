"""One writer of a SQLite file at a time, across threads and processes; and a turn is given back whatever happens."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading

import peewee as pw
import pytest

from sipetruk.models import turns
from sipetruk.models.base import connect

SOON, LONG = 0.05, 30.0
HOLDER = """
import sys
from sipetruk.models.base import connect
db = connect(sys.argv[1])
db.connect()
with db.atomic():
    db.execute_sql("INSERT INTO thing VALUES (1, NULL)")
    print("holds", flush=True)
    sys.stdin.read()
"""


def test_a_turn_lasts_from_the_outermost_begin_to_its_end(file):
    with file.atomic():
        with file.atomic():
            _insert(file, 1)
        with pytest.raises(ZeroDivisionError):
            _insert_and_fail(file)
        assert not _is_free(file, within=SOON)
    assert (_is_free(file), _things(file)) == (True, [1])


def test_reading_takes_no_turn(file):
    with _held(file):
        assert _things(file) == []


def test_a_transaction_that_fails_gives_its_turn_back(file):
    with pytest.raises(ZeroDivisionError):
        _insert_and_fail(file)
    assert (_is_free(file), _things(file)) == (True, [])


def test_a_begin_that_fails_gives_its_turn_back(file):
    file.pragma("busy_timeout", 0)
    other = sqlite3.connect(file.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(pw.OperationalError, match="locked"), file.atomic():
        pytest.fail("nobody can write here")
    assert _is_free(file)
    other.close()
    with file.atomic():
        _insert(file, 1)
    assert (_is_free(file), _things(file)) == (True, [1])


def test_a_commit_that_fails_gives_its_turn_back(file):
    with pytest.raises(pw.IntegrityError), file.atomic():
        _insert(file, 1, of=7)
    assert (_is_free(file), _things(file)) == (True, [])


def test_a_connection_that_was_closed_inside_gives_its_turn_back(file):
    with pytest.raises(pw.ProgrammingError), file.atomic():
        file.connection().close()
    assert _is_free(file)


def test_a_block_that_rolls_back_and_goes_on_has_another_turn(file):
    with file.atomic() as block:
        _insert(file, 1)
        block.rollback()
        assert not _is_free(file, within=SOON)
        _insert(file, 2)
    assert (_is_free(file), _things(file)) == (True, [2])


def test_a_process_that_is_killed_gives_its_turn_back(file):
    command = [sys.executable, "-c", HOLDER, f"sqlite:///{file.database}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "holds\n"
        assert not _is_free(file, within=SOON)
        holder.kill()
        holder.wait()
    with file.atomic():
        _insert(file, 2)
    assert (_is_free(file), _things(file)) == (True, [2])


def test_threads_take_turns(file):
    inside, most = [], []

    def write(number):
        with file.connection_context(), file.atomic():
            inside.append(number)
            most.append(len(inside))
            _insert(file, number)
            inside.remove(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    with _held(file):
        for thread in threads:
            thread.start()
        assert most == []
    for thread in threads:
        thread.join()
    assert (set(most), _things(file), _is_free(file)) == ({1}, list(range(20)), True)


def test_who_waited_in_vain_writes_all_the_same_and_keeps_nothing(impatient):
    with _held(impatient), impatient.atomic():
        _insert(impatient, 1)
    assert (_things(impatient), _is_free(impatient)) == ([1], True)


def test_who_is_called_off_while_waiting_keeps_nothing(file):
    def call_off(*_):
        raise InterruptedError

    before = signal.signal(signal.SIGALRM, call_off)
    try:
        with _held(file), pytest.raises(InterruptedError):
            _wait_with_an_alarm(file)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert _is_free(file)


def test_where_no_lock_can_be_made_sqlite_alone_decides(file):
    os.mkdir(f"{file.database}.turn")  # noqa: PTH102  # a name, not a path
    with file.atomic():
        _insert(file, 1)
    assert _things(file) == [1]


def _insert(db, number, of=None):
    db.execute_sql("INSERT INTO thing VALUES (?, ?)", (number, of))


def _insert_and_fail(db):
    with db.atomic():
        _insert(db, 2)
        raise ZeroDivisionError


def _wait_with_an_alarm(db):
    signal.setitimer(signal.ITIMER_REAL, SOON)
    with db.atomic():
        pytest.fail("nobody can write here")


def _things(db):
    return [number for (number,) in db.execute_sql("SELECT id FROM thing ORDER BY id")]


class _held:  # noqa: N801  # reads as a word of the language
    """Somebody else has the turn."""

    def __init__(self, db):
        self.descriptor = os.open(f"{db.database}.turn", os.O_RDONLY | os.O_CREAT, 0o644)

    def __enter__(self):
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_):
        os.close(self.descriptor)


def _is_free(db, within=LONG):
    """Whether a turn is to be had in time."""
    found = turns.take(f"{db.database}.turn", within)
    if found is not None:
        turns.release(found)
    return found is not None


@pytest.fixture
def file(tmp_path):
    db = connect(f"sqlite:///{tmp_path / 'a.db'}")
    with db.connection_context():
        db.execute_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, of INTEGER REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED)")
        yield db


@pytest.fixture
def impatient(file, monkeypatch):
    monkeypatch.setattr(file, "_patience", SOON)
    return file
