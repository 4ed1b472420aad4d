"""The revision of all that is public, as cheap to ask for as an answer that is kept needs it to be."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

import peewee as pw

from sipetruk.models.base import database
from sipetruk.models.changes import Changes
from sipetruk.queries.public import next_change, publication_revision
from sipetruk.services import clock

LOG = logging.getLogger("sipetruk")


@dataclass(frozen=True)
class _Seen:
    """A revision, and what it holds for: nothing committed since, and no moment come."""

    revision: str
    stamp: object
    since: datetime
    until: datetime


class Revision:
    """Reads the revision again when anything was committed or the clock has reached a moment that shows or hides something."""

    def __init__(self) -> None:
        self._changes = Changes()
        self._seen: _Seen | None = None

    def __call__(self) -> str | None:
        """The revision that holds now; None while the database cannot be asked."""
        try:
            now, stamp, seen = clock.now(), self._changes.stamp(), self._seen
            if seen is None or seen.stamp != stamp or not seen.since <= now < seen.until:
                # the stamp was read first: what is committed meanwhile makes another one, so nothing old is taken for new
                seen = self._seen = self._read(stamp, now)
        except (pw.PeeweeException, sqlite3.Error, OSError) as problem:
            LOG.warning("kept answers are not used: %s", problem)
            return None
        return seen.revision

    def _read(self, stamp: object, now: datetime) -> _Seen:
        with database.connection_context() if database.is_closed() else nullcontext():
            return _Seen(publication_revision(now=now), stamp, now, next_change(now=now))
