"""The worker: takes work from the list and does it, one piece after the other, in a process of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any

import peewee as pw

from sipetruk.models.base import database
from sipetruk.services import analysis, calendar, chain, jobs, results, retention, schedules

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
CLOCK_SECONDS = 5
"""How often the worker looks whether a period has a step to take by its dates."""
DAY_SECONDS = 24 * 3600
BEAT_SECONDS = 60

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


DUTIES: tuple[tuple[str, int, Callable[[], object]], ...] = (
    ("beat", BEAT_SECONDS, jobs.beat),
    ("calendar", CLOCK_SECONDS, calendar.run_due),
    ("chain", BEAT_SECONDS, chain.publish_head),
    ("retention", DAY_SECONDS, retention.run_daily),
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
    """Work until told to stop, or until the process that started this one is gone; a database that is away is waited for."""
    clockwork = Clockwork()
    while not stop.is_set() and parent in {None, os.getppid()}:
        try:
            with database.connection_context():
                clockwork.turn()
                is_busy = work_once()
        except pw.OperationalError:
            LOG.exception("the database cannot be reached")
            is_busy = False
        if not is_busy:
            stop.wait(IDLE_SECONDS)
