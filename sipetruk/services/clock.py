"""The clock of the services: real time, or a moment that a demonstration or a test stands still at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from sipetruk.rules.workflow import WITA

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)

stands_at = _frozen.get
"""The moment at which the clock stands; None where time runs."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in WITA."""
    return now().astimezone(WITA).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment` (aware) for every service."""
    if moment.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
