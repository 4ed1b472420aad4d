"""A moment as it is written on paper and on every page: 24 November 2026 pukul 08.05 WITA."""

from __future__ import annotations

from datetime import datetime

from sipetruk.rules.dates import day_text
from sipetruk.rules.workflow import WITA


def moment_text(moment: datetime) -> str:
    """24 November 2026 pukul 08.05 WITA, from an aware moment."""
    local = _local(moment)
    return f"{day_text(local)} pukul {local:%H.%M} WITA"


def hour_text(moment: datetime) -> str:
    """08.05 WITA, of a moment whose day is known."""
    return f"{_local(moment):%H.%M} WITA"


def clock_text(moment: datetime) -> str:
    """08.05.30 in WITA, for what has just been saved."""
    return f"{_local(moment):%H.%M.%S}"


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an aware datetime is needed")
    return moment.astimezone(WITA)
