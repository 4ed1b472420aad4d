"""The revision of all that is public, as cheap to ask for as an answer that is kept needs it to be."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

import peewee as pw
from flask import Flask

from sipetruk.api.frozen import Frozen, Snapshot
from sipetruk.models.base import database
from sipetruk.models.changes import Changes, Glance
from sipetruk.queries.public import next_change, publication_revision
from sipetruk.services import clock

LOG = logging.getLogger("sipetruk")


@dataclass(frozen=True, eq=False)
class _Seen:
    """A revision, and what it holds for: nothing committed since, and no moment come."""

    revision: str
    stamp: object
    since: datetime
    until: datetime
    frozen: Frozen = field(default_factory=Frozen)


class Revision:
    """Reads the revision again when anything was committed or the clock has reached a moment that shows or hides something.

    Kept answers ask it more often than anything else: mostly a glance tells that nothing has happened since it was asked last.
    """

    def __init__(self) -> None:
        self._changes = Changes()
        self._seen: _Seen | None = None
        self._glance: tuple[Glance, str] | None = None

    def __call__(self) -> str | None:
        """The revision that holds now; None while the database cannot be asked."""
        glance = self._glance
        if glance is not None and glance[0].holds() and clock.stands_at() is None:
            return glance[1]
        seen = self._now()
        return None if seen is None else seen.revision

    def within(self) -> str:
        """The revision as this thread's connection sees it, with what its transaction has changed already."""
        found = None if _is_changing() else self()
        return publication_revision(now=clock.now()) if found is None else found

    def snapshot(self) -> Snapshot | None:
        """What was read of this revision before; None where that is not what this thread would read."""
        seen = None if _is_changing() else self._now()
        return None if seen is None else Snapshot(seen.frozen, lambda: self._now() is seen)

    def _now(self) -> _Seen | None:
        try:
            moment, now, stamp, seen = time.monotonic(), clock.now(), self._changes.stamp(), self._seen
            if seen is None or seen.stamp != stamp or not seen.since <= now < seen.until:
                # the stamp was read first: what is committed meanwhile makes another one, so nothing old is taken for new
                seen = self._seen = self._read(stamp, now, seen)
            self._glance = self._glanced(seen, moment + (seen.until - now).total_seconds())
        except (pw.PeeweeException, sqlite3.Error, OSError) as problem:
            LOG.warning("kept answers are not used: %s", problem)
            return None
        return seen

    def _glanced(self, seen: _Seen, until: float) -> tuple[Glance, str] | None:
        glance = None if clock.stands_at() else self._changes.glance(seen.stamp)
        return None if glance is None else (glance._replace(until=min(until, glance.until)), seen.revision)

    def _read(self, stamp: object, now: datetime, before: _Seen | None) -> _Seen:
        with database.connection_context() if database.is_closed() else nullcontext():
            revision, until = publication_revision(now=now), next_change(now=now)
        frozen = before.frozen if before is not None and before.revision == revision else Frozen()
        return _Seen(revision, stamp, now, until.astimezone(UTC), frozen)  # moments of one zone are compared ten times as quickly


def revision_of(app: Flask) -> Revision:
    """The one of this application in its process."""
    found: Revision = app.extensions.setdefault(__name__, Revision())
    return found


def _is_changing() -> bool:
    """Whether this thread has a transaction open, and so may see what nobody else does."""
    return not database.is_closed() and bool(database.in_transaction())
