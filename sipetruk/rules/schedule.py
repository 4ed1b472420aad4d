"""What a period does by its dates: the step that is due at a moment, and why; whether it is ready is asked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sipetruk.rules.dates import day_text
from sipetruk.rules.workflow import STAGE_LABELS, STAGE_OF_STATE, PeriodMove, PeriodState, Stage, Window, period_moves

RUNNING = (PeriodState.PREPARATION, *STAGE_OF_STATE)
"""States in which the dates of a period ask for a step; winners are determined, published and archived by people."""


@dataclass(frozen=True)
class Due:
    """A step that the schedule asks for; `stage` is the one whose first or last day has come.

    `by_people`: that the preparation is finished is for people to say. Once they have, nominations begin by the dates. So is
    whether a ranking that is late, or that of an interview, is heard without days for objections or with new ones.
    """

    move: PeriodMove
    stage: Stage
    reason: str
    by_people: bool = False


def due(state: PeriodState, windows: Mapping[Stage, Window], now: datetime) -> Due | None:
    """The step that is due, or None: a preparation ends by 00.00 of the first day of nominations, a stage after 23.59 of its last."""
    if state is PeriodState.PREPARATION:
        window = windows.get(Stage.NOMINATION)
        if window is None or not window.is_open(now):
            return None  # a window that has passed meanwhile opens nothing any more
        reason = f"Jadwal tahap “{STAGE_LABELS[Stage.NOMINATION]}” dimulai {day_text(window.opens_on)}."
        return Due(PeriodMove.OPEN, Stage.NOMINATION, reason, by_people=True)
    stage = STAGE_OF_STATE.get(state)
    window = windows.get(stage) if stage else None
    if stage is None or window is None or now < window.closes_at:
        return None
    reason = f"Jadwal tahap “{STAGE_LABELS[stage]}” berakhir {day_text(window.closes_on)} pukul 23.59 WITA."
    move = _next(state, windows)
    is_too_late = move is PeriodMove.OPEN_OBJECTION and now >= windows[Stage.OBJECTION].closes_at
    return Due(move, stage, reason, by_people=is_too_late)


def _next(state: PeriodState, windows: Mapping[Stage, Window]) -> PeriodMove:
    """The usual next step; objections are heard where the schedule names days for them."""
    moves = period_moves(state)
    if PeriodMove.OPEN_OBJECTION in moves and Stage.OBJECTION not in windows:
        moves = tuple(move for move in moves if move is not PeriodMove.OPEN_OBJECTION)
    return moves[0]
