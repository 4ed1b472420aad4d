"""The worker: takes work from the list and does it, one piece after the other, in a process of its own.

Beside it go messages, and what was committed is brought from SQLite's log into its file.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import peewee as pw

from sipetruk.api import webhooks
from sipetruk.models.base import bring_home, database
from sipetruk.services import analysis, calendar, chain, jobs, results, retention, schedules, uploads

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
CLOCK_SECONDS = 5
"""How often the worker looks whether a period has a step to take by its dates."""
DAY_SECONDS = 24 * 3600
BEAT_SECONDS = 60
UPLOADS_SECONDS = 600

Handler = Callable[[str], dict[str, Any]]
"""Does the work on a subject and returns what is kept of it."""

HANDLERS: dict[str, Handler] = {analysis.KIND: analysis.work, chain.KIND: chain.work, results.RELEASE: schedules.work}


def work_once() -> bool:
    """Do one piece of work, if any waits; a failure is noted with the work and never ends the worker."""
    claimed = jobs.claim()
    if claimed is None:
        return False
    try:
        jobs.finish(claimed.id, HANDLERS[claimed.kind](claimed.subject))
    except Exception as error:  # whatever a handler raises belongs to its job
        LOG.exception("job %s failed", claimed.id)
        jobs.fail(claimed, type(error).__name__)
    return True


def deliver_once() -> bool:
    """Hand on what has happened and send one message, if any is due; says whether there was anything to do."""
    try:
        return bool(webhooks.spread()) | webhooks.send_next()
    except pw.OperationalError:
        raise
    except Exception:  # whatever it was, the courier comes again
        LOG.exception("messages could not be sent")
        return False


DUTIES: tuple[tuple[str, int, Callable[[], object]], ...] = (
    ("beat", BEAT_SECONDS, jobs.beat),
    ("calendar", CLOCK_SECONDS, calendar.run_due),
    ("chain", BEAT_SECONDS, chain.publish_head),
    ("retention", DAY_SECONDS, retention.run_daily),
    ("uploads", UPLOADS_SECONDS, uploads.forget_expired),
)
"""What is done again after so many seconds."""


class Clockwork:
    """What is done by the clock and asked for by nobody: a sign of life, steps of periods that are due, data past its time."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def turn(self) -> None:
        """Do what is due again; a failure is logged and tried at the next turn."""
        for name, seconds, act in DUTIES:
            now = time.monotonic()
            if now - self._last.get(name, -DAY_SECONDS) >= seconds:
                self._last[name] = now
                try:
                    act()
                except pw.OperationalError:
                    raise
                except Exception:  # one kind of work never keeps the others from being done
                    LOG.exception("the clockwork could not do %s", name)


def run(stop: threading.Event, parent: int | None = None) -> None:
    """Work until told to stop, or until the process that started this one is gone.

    Messages go out from a thread of their own, so that a slow receiver keeps no period from its step; a slow disk keeps neither.
    """
    clockwork, over = Clockwork(), threading.Event()

    def work() -> bool:
        clockwork.turn()
        return work_once()

    courier = threading.Thread(target=_repeat, args=(deliver_once, over.is_set, over), name="courier")
    keeper = threading.Thread(target=_keep_home, args=(over,), name="keeper")
    courier.start()
    keeper.start()
    try:
        _repeat(work, lambda: stop.is_set() or parent not in {None, os.getppid()}, stop)
    finally:
        over.set()
        courier.join()
        keeper.join()


def _keep_home(over: threading.Event) -> None:
    """Bring home what is committed, over a connection that stays: whoever closes the last one does it, and that shall be no request.

    Every minute it is another one, for a file that has taken the place of the former.
    """

    def keep() -> bool:
        until = time.monotonic() + BEAT_SECONDS
        while bring_home() and not over.wait(IDLE_SECONDS) and time.monotonic() < until:
            pass
        return False

    _repeat(keep, over.is_set, over)


def _repeat(act: Callable[[], bool], is_over: Callable[[], bool], pause: threading.Event) -> None:
    """Act again and again, without a pause while there is something to do; a database that is away is waited for."""
    while not is_over():
        try:
            with database.connection_context():
                is_busy = act()
        except pw.OperationalError:
            LOG.exception("the database cannot be reached")
            is_busy = False
        if not is_busy:
            pause.wait(IDLE_SECONDS)
