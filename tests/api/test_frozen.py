"""What is read of the public is read once for a revision, and never shown when it no longer holds or does not yet hold."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sipetruk.api import frozen
from sipetruk.api.compiled.runner import LONGEST_ARGUMENTS
from sipetruk.api.context import Context
from sipetruk.api.engine import Engine
from sipetruk.api.frozen import Frozen, Snapshot
from sipetruk.api.public.schema import SCHEMA
from sipetruk.api.revision import Revision
from sipetruk.models import Announcement, Period
from sipetruk.models.base import database
from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, clock, results, settings
from tests.queries.test_public import published
from tests.services import builders
from tests.services.test_schedules import BEFORE, MOMENT, scheduled

NAMES = "query($first: Int) { winners(first: $first) { nodes { name } } }"
FORMS = "{ openCategories { name form { fields { label } } } }"
LATER = MOMENT + timedelta(days=400)


class Public:
    """The public schema as a process serves it: every query compiled, what was read kept for as long as it holds."""

    def __init__(self):
        self.revision = Revision()
        self.engine = Engine(SCHEMA, hide_suggestions=False, compiles=True)
        self.engine.compiled.times_seen = 1

    def ask(self, source, **variables):
        answer = self.engine.run(self.engine.plan(source, variables, None), Context(None, "r", snapshot=self.revision.snapshot()))
        assert answer.errors == ()
        return answer.data

    def names(self, **variables):
        return [each["name"] for each in self.ask(NAMES, **variables)["winners"]["nodes"]]


@pytest.fixture
def public(db):
    return Public()


def sent(db, public, source, **variables):
    """The statements of an operation but those that ask whether anything changed."""
    with builders.counted(db) as found:
        public.ask(source, **variables)
    return [sql for sql in found if "pg_current_snapshot" not in str(sql)]


def test_a_second_request_reads_nothing_and_another_page_is_read(db, cast, public):
    published(cast, "Siti Aminah", "Budi Santoso", winners=2)
    public.ask(NAMES)
    assert (sent(db, public, NAMES), sent(db, public, "{ winners { nodes { slug rank } } }")) == ([], [])
    assert len(sent(db, public, NAMES, first=1)) > 0
    both = ["Siti Aminah", "Budi Santoso"]
    assert [public.names(), public.names(first=1), public.names()] == [both, both[:1], both]


def test_a_form_is_made_once(db, cast, public):
    with builders.standing_at(2024, 10, 1):
        builders.open_round(cast)
        first = public.ask(FORMS)
        assert (sent(db, public, FORMS), public.ask(FORMS)) == ([], first)
        assert first["openCategories"][0]["form"]["fields"] != []


def test_what_is_withdrawn_is_gone_at_once_and_what_follows_is_there(cast, public):
    _, _, publication_id = published(cast)
    assert public.names() == public.names() == ["Siti Aminah"]
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Keliru.")
    assert public.names() == public.names() == []


def test_a_sealed_publication_is_read_at_its_very_second(cast, public):
    scheduled(cast)
    found = []
    for moment in (BEFORE, BEFORE, MOMENT, BEFORE, MOMENT + timedelta(days=3)):
        with clock.standing_at(moment):
            found.append((public.names(), public.names()))
    none, winners = ([], []), (["Siti Aminah", "Budi Santoso"],) * 2
    assert found == [none, none, winners, none, winners]


def test_each_language_is_read_for_itself_and_for_as_long_as_it_holds(cast, public):
    with clock.standing_at(LATER):
        number = announcements.create(cast.bkpsdm, slug="jadwal", text=Text("Jadwal", "Isi.", "Schedule", "Text."))
        ends = LATER + timedelta(hours=1)
        announcements.publish(cast.bkpsdm, announcement_id=number, expected_version=1, ends_at=ends)

    def titles(moment):
        with clock.standing_at(moment):
            asked = [public.ask(f"{{ announcements(language: {language}) {{ nodes {{ title }} }} }}") for language in ("ID", "EN", "ID")]
        return [[each["title"] for each in data["announcements"]["nodes"]] for data in asked]

    assert [titles(LATER), titles(ends - timedelta(seconds=1)), titles(ends)] == [[["Jadwal"], ["Schedule"], ["Jadwal"]]] * 2 + [[[]] * 3]
    assert Announcement.select().count() == 1


def test_a_setting_that_was_changed_is_read_again(cast, public):
    phone = "{ contact { phone } }"
    before = public.ask(phone)
    settings.change(cast.bkpsdm, key="help_phone", value="052612345", expected_version=0)
    assert (before == public.ask(phone), public.ask(phone)) == (False, {"contact": {"phone": "052612345"}})


def test_a_commit_of_something_private_leaves_what_was_read(db, cast, public):
    published(cast)
    public.names()
    database.execute_sql("UPDATE work_unit SET name = name")
    assert [sql for sql in sent(db, public, NAMES) if "published_winner" in str(sql)] == []


def test_whoever_changes_something_sees_it_before_and_nobody_else_does(db, cast, public):
    published(cast)
    periods = "{ periods { nodes { name } } }"
    before, revision = public.ask(periods), public.revision.within()
    with db.atomic() as transaction:
        Period.update(name="Lain", row_version=Period.row_version + 1).execute()
        assert public.revision.snapshot() is None
        assert public.revision.within() != revision
        assert public.ask(periods) == {"periods": {"nodes": [{"name": "Lain"}]}} != before
        transaction.rollback()
    assert (public.ask(periods), public.revision.within()) == (before, revision)


def test_what_was_read_while_something_was_committed_is_not_kept(db, cast, public):
    database.execute_sql("UPDATE work_unit SET name = name")
    seen = []

    def read():
        seen.append(1)
        if len(seen) == 1:
            database.execute_sql("UPDATE work_unit SET name = name")
        return "value"

    for _ in range(3):
        snapshot = public.revision.snapshot()
        assert snapshot.once("key", None, read) == snapshot.once("key", None, read) == "value"
        snapshot.settle()
    assert len(seen) == 2


def test_what_fails_is_not_kept():
    snapshot = Snapshot(Frozen(), lambda: True)
    with pytest.raises(ZeroDivisionError):
        snapshot.once("key", None, lambda: 1 // 0)
    assert snapshot.once("key", None, lambda: 1) == snapshot.once("key", None, lambda: 2) == 1


def test_what_is_kept_has_bounds(monkeypatch):
    monkeypatch.setattr(frozen, "MOST_OBJECTS", 20)
    kept = Frozen()
    kept.keep("too much", [[]] * 30, None)
    assert (kept.get("too much"), len(kept)) == (None, 0)
    for number in range(5):
        kept.keep(number, [[number], {"a": [number]}], None)
    assert [kept.get(number) is None for number in range(5)] == [True, True, True, True, False]
    assert len(kept) <= 20
    kept.keep(4, "again", None)
    assert kept.get(4)[0] == [[4], {"a": [4]}]


def test_what_many_have_in_common_is_counted_once():
    kept, shared = Frozen(), [[1], [2]]
    for number in range(3):
        kept.keep(number, shared, None)
    assert len(kept) == 1 + 3 + 1 + 1


def test_long_arguments_are_asked_each_time(db, cast, public):
    published(cast)
    asked = "query($s: String!) { winners(search: $s) { nodes { name } } }"
    public.ask(asked, s="x" * LONGEST_ARGUMENTS)
    assert len(sent(db, public, asked, s="x" * LONGEST_ARGUMENTS)) > 0
    public.ask(asked, s="Siti")
    assert sent(db, public, asked, s="Siti") == []
