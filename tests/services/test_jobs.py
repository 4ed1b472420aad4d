"""Work outside requests: asked for once, done at least once, tried again after a failure, never lost with a worker."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from sipetruk import jobs as worker
from sipetruk.models import Job
from sipetruk.models.base import database
from sipetruk.services import clock, jobs
from sipetruk.services.transaction import transaction

START = datetime(2026, 11, 24, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_rest(db):
    with clock.standing_at(START):
        yield


def later(**wait):
    return clock.standing_at(START + timedelta(**wait))


def states():
    return [(job.subject, job.state, job.attempts) for job in Job.select().order_by(Job.id)]


def test_work_that_is_asked_for_twice_is_one_piece_of_work(cast):
    first = jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    assert (jobs.ask(cast.viewer, kind="uji", subject="1"), jobs.ask(cast.bkpsdm, kind="uji", subject="2") == first) == (first, False)
    assert states() == [("1", "waiting", 0), ("2", "waiting", 0)]


def test_a_piece_of_work_is_taken_by_one_worker_and_comes_back_when_its_lease_is_over(cast):
    jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    taken = jobs.claim()
    assert (taken.subject, taken.attempts, jobs.claim()) == ("1", 1, None)
    with later(seconds=119):
        assert jobs.claim() is None
    with later(seconds=121):
        assert jobs.claim().attempts == 2


def test_what_is_done_keeps_its_result_and_is_not_done_again(cast, monkeypatch):
    monkeypatch.setitem(worker.HANDLERS, "uji", lambda subject: {"subject": subject})
    job_id = jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    assert (worker.work_once(), worker.work_once()) == (True, False)
    job = Job.get_by_id(job_id)
    assert (job.state, job.result, job.lease_until, job.finished_at) == ("done", {"subject": "1"}, None, START)
    assert (jobs.ask(cast.bkpsdm, kind="uji", subject="1"), worker.work_once()) == (job_id, False)


def test_a_failure_is_tried_again_after_growing_pauses_and_then_given_up(cast, monkeypatch):
    def fail(subject):
        raise ValueError(f"nothing of {subject} may stand in the note")

    monkeypatch.setitem(worker.HANDLERS, "uji", fail)
    jobs.ask(cast.bkpsdm, kind="uji", subject="rahasia")
    elapsed = 0
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        with later(seconds=elapsed):
            assert (worker.work_once(), worker.work_once()) == (True, False)
        elapsed += 2**attempt
    job = Job.get()
    assert (job.state, job.attempts, job.error, job.result) == ("failed", 5, "ValueError", None)
    with later(days=1):
        assert worker.work_once() is False


def test_work_that_was_given_up_can_be_asked_for_again(cast, monkeypatch):
    job_id = jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    Job.update(state="failed", attempts=5, error="ValueError", finished_at=START).execute()
    assert jobs.ask(cast.bkpsdm, kind="uji", subject="1") == job_id
    monkeypatch.setitem(worker.HANDLERS, "uji", lambda _: {})
    assert (worker.work_once(), states()) == (True, [("1", "done", 1)])


def test_a_kind_that_nobody_knows_fails_and_harms_nothing(cast):
    jobs.ask(cast.bkpsdm, kind="lama", subject="1")
    assert (worker.work_once(), Job.get().error) == (True, "KeyError")


def test_work_whose_workers_all_died_is_given_up_and_can_be_asked_for_again(cast):
    job_id = jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    for attempt in range(jobs.MOST_ATTEMPTS):
        with later(seconds=121 * attempt):
            assert jobs.claim().attempts == attempt + 1
    with later(seconds=121 * jobs.MOST_ATTEMPTS):
        assert jobs.claim() is None
        job = Job.get_by_id(job_id)
        assert (job.state, job.error, job.lease_until, job.finished_at) == ("failed", "WorkerDied", None, clock.now())
        jobs.ask(cast.bkpsdm, kind="uji", subject="1")
        assert jobs.claim().attempts == 1


def test_a_worker_that_lost_its_lease_undoes_nothing_of_the_one_that_took_over(cast):
    job_id = jobs.ask(cast.bkpsdm, kind="uji", subject="1")
    slow = jobs.claim()
    with later(seconds=121):
        quick = jobs.claim()
        jobs.fail(slow, "ValueError")
        assert (states(), jobs.claim()) == ([("1", "waiting", 2)], None)
        jobs.finish(quick.id, {"n": 1})
        jobs.fail(slow, "ValueError")
    job = Job.get_by_id(job_id)
    assert (job.state, job.result, job.error) == ("done", {"n": 1}, "")


def test_two_who_ask_at_once_ask_for_the_same_work(cast):
    start = Barrier(2)

    def ask(who):
        with database.connection_context():
            start.wait()
            with transaction():
                return jobs.ask(who, kind="uji", subject="1")

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask, (cast.bkpsdm, cast.viewer))
    assert (first == second, states()) == (True, [("1", "waiting", 0)])
