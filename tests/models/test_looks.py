"""An act that looks before it writes: what it wrote is what it would have written in its turn, or nothing."""

from __future__ import annotations

import sqlite3

import peewee as pw
import pytest

from sipetruk.models import turns
from sipetruk.models.base import connect
from sipetruk.models.looks import Overtaken

ALL = "SELECT id, word FROM thing ORDER BY id"
SAY = "UPDATE thing SET word = ? WHERE id = ?"


def test_looking_takes_no_turn_and_sees_one_state(file, somebody_else):
    with file.looking(), file.atomic():
        before = _things(file)
        assert _is_free(file)
        somebody_else("INSERT INTO thing VALUES (3, 'three')")
        assert _things(file) == before == [(1, "one"), (2, "two")]
    assert _things(file) == [*before, (3, "three")]


def test_the_first_statement_that_writes_takes_the_turn_until_the_end(file):
    with file.looking(), file.atomic():
        assert _things(file) == [(1, "one"), (2, "two")]
        _say(file, 1, "eins")
        assert not _is_free(file)
        assert _things(file) == [(1, "eins"), (2, "two")]
    assert _is_free(file)
    assert _things(file) == [(1, "eins"), (2, "two")]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE thing SET word = 'uno' WHERE id = 1",
        "DELETE FROM thing WHERE id = 2",
        "INSERT INTO thing VALUES (3, 'three')",
        "UPDATE thing SET word = CAST(1 AS TEXT) WHERE id = 1",
    ],
)
def test_what_was_read_and_changed_before_the_writing_leaves_nothing_written(file, somebody_else, meanwhile):
    with pytest.raises(Overtaken):
        _say_after(file, lambda: somebody_else(meanwhile))
    assert _is_free(file)
    assert (2, "zwei") not in _things(file)


def test_a_row_that_was_looked_for_in_vain_and_came_leaves_nothing_written(file, somebody_else):
    with pytest.raises(Overtaken):
        _say_after(file, lambda: somebody_else("INSERT INTO thing VALUES (3, 'three')"), "SELECT 1 FROM thing WHERE word = 'three'")
    assert _things(file) == [(1, "one"), (2, "two"), (3, "three")]


def test_changes_of_what_was_not_read_do_not_matter(file, somebody_else):
    with file.looking(), file.atomic():
        (word,) = file.execute_sql("SELECT word FROM thing WHERE id = ?", (1,)).fetchone()
        somebody_else("UPDATE thing SET word = 'deux' WHERE id = 2")
        _say(file, 1, word + "!")
        assert _things(file) == [(1, "one!"), (2, "deux")]
    assert _things(file) == [(1, "one!"), (2, "deux")]


def test_only_the_first_transaction_looks(file):
    with file.looking():
        with file.atomic():
            assert _is_free(file)
        with file.atomic():
            assert not _is_free(file)


def test_a_block_that_ended_before_its_transaction_leaves_no_look_behind(file):
    with pytest.raises(ZeroDivisionError), file.looking():
        raise ZeroDivisionError
    with file.atomic():
        assert not _is_free(file)


def test_what_nobody_looks_at_is_written_at_the_end_in_one_short_turn(file, somebody_else):
    with file.looking(), file.atomic():
        assert _things(file) == [(1, "one"), (2, "two")]
        file.execute_later(SAY, ("eins", 1))
        file.execute_later(SAY, ("eins!", 1))
        assert _is_free(file)
        assert list(somebody_else(ALL)) == [(1, "one"), (2, "two")]
    assert _is_free(file)
    assert _things(file) == [(1, "eins!"), (2, "two")]


def test_it_is_written_before_anything_else_is_asked_or_sent(file):
    for send in (_things, lambda db: _say(db, 2, "zwei")):
        with file.looking(), file.atomic():
            file.execute_later(SAY, ("eins", 1))
            send(file)
            assert not _is_free(file)
            assert _things(file)[0] == (1, "eins")
            file.execute_later(SAY, ("uno", 1))
            assert _things(file)[0] == (1, "uno")


@pytest.mark.parametrize("end", [lambda _db: None, lambda db: db.execute_sql("SELECT 1")])
def test_what_was_read_and_changed_by_then_leaves_nothing_written(file, somebody_else, end):
    def act():
        with file.looking(), file.atomic():
            _things(file)
            file.execute_later(SAY, ("zwei", 2))
            somebody_else("UPDATE thing SET word = 'uno' WHERE id = 1")
            end(file)

    with pytest.raises(Overtaken):
        act()
    assert (_is_free(file), file.in_transaction()) == (True, False)
    assert _things(file) == [(1, "uno"), (2, "two")]


def test_what_cannot_be_written_at_the_end_leaves_nothing_and_is_told(file):
    def act():
        with file.looking(), file.atomic():
            file.execute_later(SAY, ("zwei", 2))
            file.execute_later("INSERT INTO thing VALUES (1, 'again')")

    with pytest.raises(pw.IntegrityError, match="UNIQUE"):
        act()
    assert (_is_free(file), file.in_transaction()) == (True, False)
    assert _things(file) == [(1, "one"), (2, "two")]


def test_a_failure_or_a_rollback_forgets_what_was_to_be_written(file):
    def act():
        with file.looking(), file.atomic():
            file.execute_later(SAY, ("eins", 1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with file.looking(), file.atomic():
        assert _things(file) == [(1, "one"), (2, "two")]
    assert _things(file) == [(1, "one"), (2, "two")]


def test_outside_of_a_look_it_is_written_at_once(file):
    file.execute_later(SAY, ("eins", 1))
    with file.atomic():
        file.execute_later(SAY, ("zwei", 2))
        assert _things(file) == [(1, "eins"), (2, "zwei")]


def test_a_failure_before_and_after_the_writing_leaves_nothing(file):
    for writes in (False, True):
        with pytest.raises(ZeroDivisionError):
            _fail(file, writes=writes)
        assert _is_free(file)
    with file.atomic():
        assert not _is_free(file)
    assert _things(file) == [(1, "one"), (2, "two")]


def test_a_turn_that_cannot_be_had_is_told_as_it_is_and_leaves_nothing(file, somebody_else):
    file.pragma("busy_timeout", 0)
    somebody_else("BEGIN IMMEDIATE")
    with pytest.raises(pw.OperationalError, match="locked"):
        _say_after(file, lambda: None)
    assert (_is_free(file), file.in_transaction()) == (True, False)
    somebody_else("ROLLBACK")
    _say_after(file, lambda: None)
    assert _things(file) == [(1, "one"), (2, "zwei")]


def test_a_savepoint_is_one_of_the_transaction_that_writes(file):
    with file.looking(), file.atomic():
        _things(file)
        with file.atomic() as savepoint:
            _say(file, 1, "eins")
            savepoint.rollback()
        _say(file, 2, "zwei")
    assert _things(file) == [(1, "one"), (2, "zwei")]


def test_peewee_reads_the_same_while_it_looks(file):
    class Thing(pw.Model):
        word = pw.TextField()

        class Meta:
            database = file
            table_name = "thing"

    def read():
        query = Thing.select().order_by(Thing.id)
        return [
            [(row.id, row.word) for row in query.clone()],
            [(row.id, row.word) for row in query.clone().iterator()],
            list(query.tuples()),
            list(query.dicts()),
            list(file.execute(query)),
            query.count(),
            query.clone().first().word,
            Thing.get_by_id(2).word,
            Thing.get_or_none(Thing.id == 3),
            query.exists(),
            Thing.select(pw.fn.MAX(Thing.id)).scalar(),
        ]

    expected = read()
    with file.looking(), file.atomic():
        assert read() == expected
        Thing.create(word="three")
        assert Thing.select().count() == 3


def _things(db):
    return list(db.execute_sql(ALL))


def _say(db, number, word):
    db.execute_sql(SAY, (word, number))


def _say_after(db, meanwhile, asked=ALL):
    """Look, let something happen, and write."""
    with db.looking(), db.atomic():
        db.execute_sql(asked).fetchall()
        meanwhile()
        _say(db, 2, "zwei")


def _fail(db, *, writes):
    with db.looking(), db.atomic():
        _things(db)
        if writes:
            _say(db, 1, "eins")
        raise ZeroDivisionError


def _is_free(db):
    found = turns.take(f"{db.database}.turn", 0.01)
    if found is not None:
        turns.release(found)
    return found is not None


@pytest.fixture
def file(tmp_path):
    db = connect(f"sqlite:///{tmp_path / 'a.db'}")
    with db.connection_context():
        db.execute_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, word TEXT)")
        db.execute_sql("INSERT INTO thing VALUES (1, 'one'), (2, 'two')")
        yield db


@pytest.fixture
def somebody_else(file):
    other = sqlite3.connect(file.database, isolation_level=None)
    yield other.execute
    other.close()
