"""The worker: takes work from the list and does it, one piece after the other, in a process of its own."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

import peewee as pw

from sipetruk.models.base import database
from sipetruk.services import analysis, jobs, results, schedules

LOG = logging.getLogger(__name__)
IDLE_SECONDS = 0.5

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


def run(stop: threading.Event, parent: int | None = None) -> None:
    """Work until told to stop, or until the process that started this one is gone; a database that is away is waited for."""
    while not stop.is_set() and parent in {None, os.getppid()}:
        try:
            with database.connection_context():
                is_busy = work_once()
        except pw.OperationalError:
            LOG.exception("the database cannot be reached")
            is_busy = False
        if not is_busy:
            stop.wait(IDLE_SECONDS)
