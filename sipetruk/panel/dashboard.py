"""The first page of the panel: what waits for this person, and where each round stands."""

from __future__ import annotations

from flask import current_app, url_for
from flask_admin import AdminIndexView

from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.queries import periods
from sipetruk.queries.worklist import Target, worklist
from sipetruk.rules.permissions import Action, may_somewhere
from sipetruk.rules.workflow import PERIOD_LABELS, PeriodState
from sipetruk.services import clock

ADDRESSES = {
    Target.CHECKS: "checks.index",
    Target.SHEETS: "sheets.index",
    Target.PANELS: "periods.index",
    Target.PROGRESS: "rankings.index",
    Target.RANKINGS: "rankings.index",
    Target.DETERMINATIONS: "determinations.index",
}
"""Where the work of the panel is done; the work of units is done on the unit's own pages."""
UNIT_PAGES = "/usulan/"


class Dashboard(Page, AdminIndexView):  # type: ignore[misc]  # flask_admin is untyped
    needs = Action.PERMISSION_READ

    @expose("/")
    def index(self) -> Answer:
        items = [(item, _address(item.target)) for item in worklist(self.actor, clock.now())]
        rounds = []
        if may_somewhere(self.actor, Action.PERIOD_READ):
            rounds = [(period, _steps(period)) for period in periods.periods(self.actor) if period.state is not PeriodState.ARCHIVED]
        return self.render("panel/dashboard.html", items=items, rounds=rounds)


def _address(target: Target) -> str:
    endpoint = ADDRESSES.get(target, "")
    if endpoint in current_app.view_functions:
        return url_for(endpoint)
    return "" if endpoint else UNIT_PAGES


def _steps(period: periods.PeriodView) -> list[tuple[str, str, periods.StageView | None]]:
    """Every stage of the round with "done", "now" or "next", and its window where it has one."""
    states: list[PeriodState] = [state for state in PeriodState if state is not PeriodState.ARCHIVED]
    if period.state is not PeriodState.OBJECTION:
        states.remove(PeriodState.OBJECTION)  # an optional stage, shown only while it runs
    windows = {str(row.stage): row for row in period.stages}
    at = states.index(period.state)
    steps = []
    for place, state in enumerate(states):
        when = "now" if place == at else "done" if place < at else "next"
        steps.append((PERIOD_LABELS[state], when, windows.get(STAGES.get(state, ""))))
    return steps


STAGES = {
    PeriodState.OPEN: "nomination",
    PeriodState.VERIFICATION: "verification",
    PeriodState.ASSESSMENT: "assessment",
    PeriodState.RANKING: "ranking",
    PeriodState.OBJECTION: "objection",
    PeriodState.DETERMINATION: "determination",
    PeriodState.PUBLISHED: "publication",
}
