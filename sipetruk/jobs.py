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
from sipetruk.services import analysis, calendar, jobs, notifications, results, schedules

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 0.5
CLOCK_SECONDS = 5
"""How often the worker looks whether a period has a step to take by its dates."""
DAY_SECONDS = 24 * 3600

Handler = Callable[[str], dict[str, Any]]
"""Does the work on a subject and returns what is kept of it."""

HANDLERS: dict[str, Handler] = {analysis.KIND: analysis.work, results.RELEASE: schedules.work}


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


class Clockwork:
    """What is done by the clock and asked for by nobody: steps of periods that are due, and old notifications."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def turn(self) -> None:
        """Do what is due again; a failure is logged and tried at the next turn."""
        for name, seconds, act in (("calendar", CLOCK_SECONDS, calendar.run_due), ("forget", DAY_SECONDS, notifications.forget_old)):
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
