"""Acts that look before they write: what somebody else did in between counts as though it had been there from the start."""

import threading
from contextlib import contextmanager
from functools import partial

import pytest

from sipetruk.errors import Conflict, IllegalMove, Invalid
from sipetruk.models import AuditEntry, Category, Mark, Nomination, Period
from sipetruk.models.base import database
from sipetruk.models.looks import LookingDatabase
from sipetruk.services import assessment, nominations
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""On PostgreSQL the rows are held from the start."""


def test_a_quota_that_was_set_in_between_refuses(cast, monkeypatch):
    round_ = builders.open_round(cast)
    first, second = (builders.endorsed(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari"))
    _submit(cast, first)
    with _in_between(monkeypatch, Category.update(quota_per_unit=1).execute), pytest.raises(Invalid, match="Kuota unit kerja"):
        _submit(cast, second)
    assert _states() == ["submitted", "endorsed"]
    assert _entries("nomination:submit") == 1


def test_answers_that_somebody_else_saved_in_between_are_not_written_over(cast, monkeypatch):
    id_ = builders.drafted(cast, builders.open_round(cast))
    with _in_between(monkeypatch, lambda: _save(cast, id_, "Pertama")), pytest.raises(Conflict):
        _save(cast, id_, "Kedua")
    assert Nomination.get_by_id(id_).answers == {"judul": "Pertama"}
    assert Nomination.get_by_id(id_).row_version == 2


def test_a_signature_under_answers_that_changed_in_between_is_refused(cast, monkeypatch):
    id_ = builders.filled(cast, builders.open_round(cast))
    version = builders.version_of(id_)
    with _in_between(monkeypatch, lambda: _save(cast, id_, "Lain")), pytest.raises(Conflict), builders.during_nomination():
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version)
    assert _states() == ["draft"]
    assert _entries("nomination:endorse") == 0


def test_a_period_that_was_closed_in_between_takes_no_submission(cast, monkeypatch):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    with _in_between(monkeypatch, Period.update(state="archived").execute), pytest.raises(IllegalMove):
        _submit(cast, id_)
    assert _states() == ["endorsed"]


def test_marks_of_a_sheet_that_was_handed_in_in_between_are_not_saved(cast, monkeypatch):
    _, (id_,) = builders.assessing(cast, "Budi Santoso")
    version = builders.sheet_version(cast.assessor, id_)
    save = partial(assessment.save_marks, cast.assessor, nomination_id=id_, expected_version=version)
    with _in_between(monkeypatch, lambda: builders.assess(cast.assessor, id_)), pytest.raises(Conflict):
        save(marks={code: {**mark, "note": "Lain"} for code, mark in builders.FULL_MARKS.items()})
    assert Mark.select().where(Mark.note == "Lain").count() == 0
    assert _entries("mark:record") == 1


def test_what_else_happened_in_between_does_not_matter(cast, monkeypatch):
    round_ = builders.open_round(cast)
    first, second = (builders.endorsed(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari"))
    with _in_between(monkeypatch, lambda: _submit(cast, first)) as times:
        _submit(cast, second)
    assert _states() == ["submitted", "submitted"]
    assert times == [1, 1]


def _submit(cast, nomination_id):
    with builders.during_nomination():
        nominations.submit(cast.unit_admin, nomination_id=nomination_id, expected_version=builders.version_of(nomination_id))


def _save(cast, nomination_id, title):
    with builders.during_nomination():
        version = Nomination.get_by_id(nomination_id).row_version if title == "Lain" else 1
        nominations.save_answers(cast.unit_admin, nomination_id=nomination_id, answers={"judul": title}, expected_version=version)


def _states():
    return [row.state for row in Nomination.select().order_by(Nomination.id)]


def _entries(action):
    return AuditEntry.select().where(AuditEntry.action == action).count()


@contextmanager
def _in_between(monkeypatch, act):
    """`act` is done by somebody else when the act in the block has looked and is about to write; how often each of both came so far."""
    times, failed = [], []

    def do():
        with database.connection_context():
            try:
                act()
            except Exception as error:  # noqa: BLE001  # it is told in the thread of the test
                failed.append(error)

    def held_up(db, seen):
        times.append(1)
        if len(times) == 1:
            other = threading.Thread(target=do)
            other.start()
            other.join()
        take_turn(db, seen)

    take_turn = LookingDatabase._take_turn  # the moment between looking and writing
    with monkeypatch.context() as patched:
        patched.setattr(LookingDatabase, "_take_turn", held_up)
        yield times
    assert failed == []
