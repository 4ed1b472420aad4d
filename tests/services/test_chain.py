"""The head of the trail, published once a day: kept for ever, compared with the chain, checked by the worker on request."""

from datetime import UTC, date, datetime

import peewee as pw
import pytest

from sipetruk import jobs as worker
from sipetruk.errors import Forbidden
from sipetruk.models import AuditEntry, ChainHead, Job
from sipetruk.models.base import database
from sipetruk.queries import chain as queries
from sipetruk.rules.permissions import Action
from sipetruk.services import audit, chain, clock
from tests.services import builders


def grow(cast, count=1):
    with database.atomic():
        for _ in range(count):
            audit.record(cast.bkpsdm, Action.UNIT_EDIT, "unit", 1, after={"name": "x"})


def heads():
    return [(row.day, row.entries, row.head) for row in ChainHead.select().order_by(ChainHead.day)]


def test_a_day_has_one_head_however_often_it_is_asked_for(cast):
    with builders.standing_at(2024, 10, 1):
        before = audit.verify()
        assert [chain.publish_head(), chain.publish_head()] == [True, False]
        grow(cast)
        assert chain.publish_head() is False
    assert heads() == [(date(2024, 10, 1), before.entries, before.head)]


def test_the_day_is_that_of_balangan(cast):
    for moment in (datetime(2024, 10, 1, 15, 59, 59, tzinfo=UTC), datetime(2024, 10, 1, 16, 0, tzinfo=UTC)):
        with clock.standing_at(moment):
            assert chain.publish_head() is True
    assert [day for day, _, _ in heads()] == [date(2024, 10, 1), date(2024, 10, 2)]


def test_the_head_of_an_empty_trail_is_the_beginning(db):
    chain.publish_head()
    assert heads() == [(clock.today(), 0, "0" * 64)]
    assert audit.verify() == audit.ChainVerdict(0, "0" * 64, None, 1)


def test_the_chain_agrees_with_every_published_head(cast):
    for day in (1, 2, 3):
        with builders.standing_at(2024, 10, day):
            chain.publish_head()
            grow(cast, day)
    verdict = audit.verify()
    assert (verdict.holds, verdict.heads, verdict.entries) == (True, 3, AuditEntry.select().count())


@pytest.mark.parametrize(("entries", "head"), [(3, "f" * 64), (10_000, "e" * 64), (0, "d" * 64)])
def test_the_first_head_that_does_not_fit_is_named(cast, entries, head):
    with builders.standing_at(2024, 10, 1):
        chain.publish_head()
    for day in (2, 3):
        ChainHead.insert(day=date(2024, 10, day), entries=entries, head=head, published_at=clock.now()).execute()
    verdict = audit.verify()
    assert (verdict.broken_at, verdict.unfitting, verdict.holds) == (None, date(2024, 10, 2), False)


def test_a_head_kept_outside_is_compared_as_well(cast):
    good = audit.KeptHead(date(2024, 9, 1), *audit.end_of_chain())
    bad = audit.KeptHead(date(2024, 9, 2), 2, "a" * 64)
    assert audit.verify(kept=[good]).holds
    assert audit.verify(kept=[good, bad]).unfitting == date(2024, 9, 2)


@pytest.mark.parametrize("sql", ["UPDATE chain_head SET entries = 1", "DELETE FROM chain_head"])
def test_a_published_head_is_never_changed(cast, sql):
    chain.publish_head()
    before = heads()
    with pytest.raises(pw.DatabaseError), database.atomic():
        database.execute_sql(sql)
    assert heads() == before


# The check on request


def test_a_check_is_done_by_the_worker_and_says_what_it_found(cast):
    chain.publish_head()
    first, again = chain.request_check(cast.viewer), chain.request_check(cast.bkpsdm)
    assert first == again
    waiting = queries.last_check(cast.viewer)
    assert waiting is not None
    assert (waiting.state, waiting.asked_by, waiting.holds) == ("waiting", "Nur Auditor", False)
    assert worker.work_once() is True
    done = queries.last_check(cast.viewer)
    assert done is not None
    assert (done.state, done.holds, done.checked, done.heads) == ("done", True, AuditEntry.select().count(), 1)
    assert chain.request_check(cast.viewer) != first


def test_a_check_tells_how_far_it_is_and_keeps_its_lease(cast):
    chain.request_check(cast.viewer)
    job = Job.get()
    audit.verify(lambda count: worker.jobs.progress(chain.KIND, job.subject, {"checked": count, "total": 50}))
    found = queries.last_check(cast.viewer)
    assert found is not None
    assert (found.checked, found.total, Job.get().lease_until > clock.now()) == (AuditEntry.select().count(), 50, True)


def test_a_broken_chain_is_reported(cast):
    ChainHead.insert(day=date(2024, 10, 2), entries=1, head="f" * 64, published_at=clock.now()).execute()
    chain.request_check(cast.viewer)
    worker.work_once()
    found = queries.last_check(cast.viewer)
    assert found is not None
    assert (found.holds, found.unfitting) == (False, date(2024, 10, 2))


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_checks_are_for_who_may_read_the_trail(cast, who):
    with pytest.raises(Forbidden):
        chain.request_check(getattr(cast, who))
    with pytest.raises(Forbidden):
        queries.last_check(getattr(cast, who))
    assert Job.select().count() == 0


def test_the_worker_publishes_the_head_by_the_clock(cast):
    worker.Clockwork().turn()
    assert [day for day, _, _ in heads()] == [clock.today()]
