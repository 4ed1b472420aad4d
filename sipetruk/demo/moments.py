"""When things happen in the demonstration: moments in WITA, and the schedules of its rounds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from sipetruk.rules.workflow import WITA, Stage
from sipetruk.services import clock

Windows = dict[Stage, tuple[date, date]]

_DAYS = {
    Stage.NOMINATION: 21,
    Stage.VERIFICATION: 14,
    Stage.ASSESSMENT: 14,
    Stage.RANKING: 14,
    Stage.DETERMINATION: 14,
    Stage.PUBLICATION: 14,
}
_RUNNING = 7
"""How many days ago the running stage began."""
WINDOWS_2024: Windows = {
    Stage.NOMINATION: (date(2024, 7, 15), date(2024, 8, 9)),
    Stage.VERIFICATION: (date(2024, 8, 10), date(2024, 8, 23)),
    Stage.ASSESSMENT: (date(2024, 8, 24), date(2024, 9, 13)),
    Stage.RANKING: (date(2024, 9, 14), date(2024, 9, 20)),
    Stage.DETERMINATION: (date(2024, 9, 21), date(2024, 9, 30)),
    Stage.PUBLICATION: (date(2024, 10, 1), date(2024, 10, 14)),
}
STAGE_OF = {
    "nomination": Stage.NOMINATION,
    "verification": Stage.VERIFICATION,
    "assessment": Stage.ASSESSMENT,
    "ranking": Stage.RANKING,
}


@contextmanager
def at(day: date, minutes: int = 0) -> Iterator[datetime]:
    """Stand still some minutes after eight o'clock of a working day."""
    moment = datetime.combine(day, time(8), WITA) + timedelta(minutes=minutes)
    with clock.standing_at(moment):
        yield moment


def windows_around(today: date, running: Stage | None) -> Windows:
    """A schedule in which `running` is open today; None: the first stage opens in a week."""
    begins = today + timedelta(days=_RUNNING)
    if running is not None:
        before = list(Stage)[: list(Stage).index(running)]
        begins = today - timedelta(days=_RUNNING + sum(_DAYS.get(stage, 0) for stage in before))
    found: Windows = {}
    for stage in Stage:
        if stage in _DAYS:
            found[stage] = (begins, begins + timedelta(days=_DAYS[stage] - 1))
            begins += timedelta(days=_DAYS[stage])
    return found


def spread(window: tuple[date, date], until: date, count: int) -> list[tuple[date, int]]:
    """`count` turns in order within a window, none after `until`: each its day, and how many came before it on that day."""
    first, last = window[0], min(window[1], until)
    length = max((last - first).days, 0) + 1
    days = [first + timedelta(days=index * length // max(count, 1)) for index in range(count)]
    return [(day, index - days.index(day)) for index, day in enumerate(days)]
