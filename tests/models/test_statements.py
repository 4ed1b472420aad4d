"""Texts that are written once are the texts that Peewee writes each time, and the rows the rows that it reads, on both databases."""

from __future__ import annotations

import importlib
import pkgutil
from contextlib import contextmanager
from datetime import UTC, datetime

import peewee as pw
import pytest

import sipetruk.queries
import sipetruk.services
from sipetruk.models import (
    AuditEntry,
    Endorsement,
    IdempotencyKey,
    Nomination,
    Notification,
    Period,
    ReturnItem,
    Review,
    Sheet,
    WebhookEvent,
    statements,
)
from sipetruk.models.statements import Remembered
from sipetruk.rules.permissions import Role
from sipetruk.rules.workflow import Stage
from tests.services import builders

NOW = datetime(2024, 10, 2, 3, 4, 5, 678_901, tzinfo=UTC)


def test_each_statement_is_what_peewee_writes_and_reads(cast, examples):
    found, read = _all_remembered(), set()
    assert sorted(examples) == sorted(found)
    for name, given in [(name, given) for name, several in examples.items() for given in several]:
        remembered, query = found[name], found[name].build(*given)
        assert (name, *remembered.sql(*given)) == (name, *query.sql())
        if isinstance(query, pw.ModelSelect):
            rows = _plain(list(query))
            assert (name, [_plain(remembered.all(*given)) for _ in range(2)]) == (name, [rows, rows])
            read.update({name} if rows else ())
    assert {name for name in found if isinstance(found[name].build(*examples[name][0]), pw.ModelSelect)} == read


def test_what_is_compared_with_none_is_another_text(cast):
    remembered = Remembered(lambda due: Nomination.select().where(Nomination.due_on == due), places=1)
    with pytest.raises(TypeError, match="None"):
        remembered.all(None)


def test_rows_are_added_as_peewee_adds_them(cast, db):
    id_ = builders.drafted(cast, builders.open_round(cast), "Budi Santoso")

    def entry():
        given = {"at": NOW, "actor": "rina", "face": "cli", "action": "a", "thing": "nomination", "thing_id": str(id_)}
        return AuditEntry(**given, before=None, after={"b": 1, "a": [2]}, reason="", previous_hash="1" * 64, hash="2" * 64)

    def signature():
        return Endorsement(nomination=id_, endorsed_by=cast.unit_head.user_id, endorsed_at=NOW, content_sha256="0" * 64, values={}, note="")

    def event():
        return WebhookEvent(event="nomination.submitted", thing_id=id_, about={"number": "1"}, occurred_at=NOW)

    for make in (entry, signature, event):
        with _sent(db) as theirs, db.atomic() as block:
            make().save(force_insert=True)
            block.rollback()
        with _sent(db) as ours, db.atomic() as block:
            statements.insert(make())
            newest = type(make()).select().order_by(type(make()).id.desc()).get()
            block.rollback()
        assert ours[0] == theirs[0]
        assert {name: newest.__data__[name] for name in make().__data__ if name != "id"} == make().__data__


def test_several_rows_are_added_in_one_statement(cast, db):
    row = {"notice": "result_published", "thing": "period", "thing_id": "1", "params": {"b": 1}, "created_at": NOW}
    rows = [{"recipient": user.user_id, **row} for user in (cast.bkpsdm, cast.unit_head, cast.unit_admin)]
    for some in ([], rows[:1], rows):
        with _sent(db) as ours:
            statements.insert_many(Notification, some)
        assert ours == ([Notification.insert_many(some).sql()] if some else [])
    added = Notification.select().order_by(Notification.id)
    assert [each.recipient_id for each in added] == [rows[0]["recipient"], *(each["recipient"] for each in rows)]
    assert {str(each.params) for each in added} == {"{'b': 1}"}


def test_a_default_is_never_left_to_a_text_that_was_written_before(cast, db):
    with pytest.raises(TypeError, match="Endorsement is added without"), _sent(db) as sent:
        statements.insert_many(Endorsement, [{"nomination": 1, "endorsed_by": 1, "endorsed_at": NOW}])
    assert sent == []


def test_only_what_was_changed_is_saved(cast, db):
    nomination = Nomination.get_by_id(builders.drafted(cast, builders.open_round(cast), "Budi Santoso"))
    nomination.handed_over_at, nomination.answers["judul"] = NOW, "Antrean"
    kept = {name: getattr(nomination, name) for name in ("answers", "handed_over_at", "person")}
    with _sent(db) as ours:
        statements.save(nomination)
    assert ours == [Nomination.update(**kept).where(Nomination.id == nomination.id).sql()]
    assert nomination.dirty_fields == []
    assert _plain(Nomination.get_by_id(nomination.id)) == _plain(nomination)


def test_a_row_that_was_not_changed_is_not_saved(cast, db):
    notification = Notification.create(
        recipient=cast.bkpsdm.user_id, notice="result_published", thing="period", thing_id="1", params={}, created_at=NOW
    )
    period = Period.create(slug="a", name="A", year=2024, state="preparation", created_at=NOW)
    for row, expected in ((Period.get_by_id(period.id), 0), (Notification.get_by_id(notification.id), 1)):
        with _sent(db) as ours:
            statements.save(row)
        assert len(ours) == expected


def test_what_was_read_beside_a_row_does_not_change_it(cast, db):
    nomination = Nomination.get_by_id(builders.drafted(cast, builders.open_round(cast), "Budi Santoso"))
    category = nomination.category
    again = Nomination.get_by_id(nomination.id)
    with _sent(db) as ours:
        statements.attach(again, "category", category)
        assert again.category is category
    assert (ours, again.dirty_fields) == ([], [])


@contextmanager
def _sent(db):
    """The statements of the block with their values, without those that only begin and end."""
    execute, found = db.execute_sql, []

    def listen(sql, params=None):
        if not sql.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            found.append((sql, list(params or ())))
        return execute(sql, params)

    db.execute_sql = listen
    try:
        yield found
    finally:
        del db.execute_sql


def _plain(found):
    """Rows with what was read beside them, as values that can be compared."""
    if isinstance(found, list):
        return [_plain(each) for each in found]
    if isinstance(found, tuple):
        return found
    return found.__data__, {name: _plain(other) for name, other in found.__rel__.items()}


def _all_remembered():
    found = {}
    for package in (sipetruk.queries, sipetruk.services):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(each.name)
            for name, value in vars(module).items():
                if isinstance(value, Remembered):
                    found[f"{each.name.removeprefix('sipetruk.')}.{name}"] = value
    return found


@pytest.fixture
def examples(cast):
    """Arguments of every such statement; those that read find something."""
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_, "Budi Santoso")
    by_actor = [(actor, id_) for actor in (cast.bkpsdm, cast.unit_admin, cast.assessor, cast.outsider)]
    unit, admin = cast.unit_id, cast.unit_admin.user_id
    _returned_and_answered(cast, id_)
    Sheet.create(nomination=id_, assessor=cast.assessor.user_id)
    IdempotencyKey.create(actor_id=admin, action="nomination:submit", key="a", thing_id=str(id_), at=NOW)
    return {
        "queries.endorsements._FILES": [(id_,)],
        "queries.endorsements._REPLIES": [(id_,)],
        "queries.nominations._ONE": by_actor,
        "queries.periods._WINDOW": [(round_.period_id, Stage.NOMINATION)],
        "services.assessment._OWN_SHEET": by_actor,
        "services.audit._LAST": [()],
        "services.nominations._CATEGORY": [(round_.category_id,)],
        "services.nominations._HELD": by_actor,
        "services.nominations._LIVE": [(id_,)],
        "services.nominations._NOMINEE": [(Nomination.get_by_id(id_).employee_id,)],
        "services.nominations._PERIOD": [(round_.period_id,)],
        "services.nominations._PERIOD_OF": by_actor,
        "services.nominations._VOID": [(NOW, "berubah", id_)],
        "services.notifications._HOLDERS": [
            (True, True, Role.OPD_HEAD, unit, admin),
            (True, False, Role.OPD_ADMIN, unit, None),
            (False, True, Role.VERIFIER, None, admin),
            (False, False, Role.VERIFIER, None, None),
        ],
        "services.notifications._OVERTAKE": [(("nomination_endorsed", "nomination_to_endorse"), NOW, "nomination", str(id_))],
        "services.transaction._KNOWN": [(admin, "nomination:submit", "a")],
    }


def _returned_and_answered(cast, id_):
    review = Review.create(
        nomination=id_, decision="returned", reason="Lengkapi.", due_on=NOW.date(), decided_by=cast.verifier.user_id, decided_at=NOW
    )
    by = {"replied_by": cast.unit_admin.user_id, "replied_at": NOW}
    ReturnItem.create(review=review, requirement="proposal", verdict="absent", note="", seen=[], reply="Sudah.", **by)
