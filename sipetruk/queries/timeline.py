"""Where each running period stands, as a line of its stages with the reader's own duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sipetruk.models import Period
from sipetruk.queries import visible
from sipetruk.queries.periods import windows_of
from sipetruk.rules import timeline
from sipetruk.rules.permissions import Action, Actor, can
from sipetruk.rules.workflow import PERIOD_LABELS, WITA, PeriodState


@dataclass(frozen=True)
class Timeline:
    """One period; `today` is the present day in WITA."""

    id: int
    name: str
    year: int
    state: PeriodState
    label: str
    today: date
    steps: tuple[timeline.Step, ...]


def timelines(actor: Actor, now: datetime) -> list[Timeline]:
    """Every period that is not archived, newest first; one in preparation only for those who prepare or oversee (2 statements)."""
    hidden = [PeriodState.ARCHIVED]
    if not (can(actor, Action.PERIOD_EDIT) or can(actor, Action.PROGRESS_READ)):
        hidden.append(PeriodState.PREPARATION)
    rows = list(visible.periods(actor).where(Period.state.not_in(hidden)).order_by(Period.year.desc(), Period.id.desc()))
    windows = windows_of([row.id for row in rows])
    today = now.astimezone(WITA).date()
    found = []
    for row in rows:
        state = PeriodState(row.state)
        known = {view.stage: view.window for view in windows[row.id]}
        steps = timeline.steps(state, known, today, actor.roles)
        found.append(Timeline(row.id, row.name, row.year, state, PERIOD_LABELS[state], today, steps))
    return found
