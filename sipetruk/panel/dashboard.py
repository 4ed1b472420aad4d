"""The first page of the panel: what waits for this person, the nearest deadline first, and where each round stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, url_for
from flask_admin import AdminIndexView

from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.queries.timeline import timelines
from sipetruk.queries.worklist import Target, WorkItem, worklist
from sipetruk.rules.permissions import Action
from sipetruk.services import clock


@dataclass(frozen=True)
class Address:
    """Where the work is done; `one` is the page of the single thing that waits and `names` its argument.

    `by_period` is set where the list is that of one period, `args` narrows a list.
    """

    endpoint: str
    one: str = ""
    names: str = ""
    by_period: bool = False
    args: dict[str, str] = field(default_factory=dict)


_CHECK = ("checks.show_nomination", "nomination_id")
ADDRESSES = {
    Target.CHECKS: Address("checks.index", *_CHECK),
    Target.OVERDUE: Address("checks.index", *_CHECK, args={"status": "returned"}),
    Target.UNCHECKED: Address("checks.index", *_CHECK),
    Target.SHEETS: Address("sheets.index", "sheets.show_sheet", "nomination_id"),
    Target.PANELS: Address("periods.show_period", "periods.show_category", "category_id", by_period=True),
    Target.PROGRESS: Address("cockpit.show_cockpit", by_period=True),
    Target.TIES: Address("rankings.index", "rankings.show_ranking", "category_id"),
    Target.RANKINGS: Address("rankings.index", "rankings.show_ranking", "category_id"),
    Target.OBJECTIONS: Address("objections.index"),
    Target.DETERMINATIONS: Address("determinations.show_results", "determinations.determine", "category_id", by_period=True),
    Target.APPROVALS: Address("determinations.show_results", by_period=True),
    Target.PUBLICATIONS: Address("determinations.show_results", by_period=True),
    Target.MOVES: Address("cockpit.show_cockpit", by_period=True),
    Target.ROUNDS: Address("cockpit.show_cockpit", by_period=True),
}
"""Where the work of the panel is done; the work of units is done on the unit's own pages."""
UNIT_PAGES = "/usulan/"


class Dashboard(Page, AdminIndexView):  # type: ignore[misc]  # flask_admin is untyped
    needs = Action.PERMISSION_READ

    @expose("/")
    def index(self) -> Answer:
        now = clock.now()
        items = [(item, address(item)) for item in worklist(self.actor, now)]
        return self.render("panel/dashboard.html", items=items, rounds=timelines(self.actor, now))


def address(item: WorkItem) -> str:
    """The very page on which this is done; "" for a page that this installation lacks."""
    place = ADDRESSES.get(item.target)
    if place is None:
        return UNIT_PAGES
    values: dict[str, Any] = {place.names: item.thing_id}
    if item.thing_id is not None and place.one in current_app.view_functions:
        return url_for(place.one, **values)
    if place.endpoint not in current_app.view_functions:
        return ""
    values = dict(place.args)
    if place.by_period:
        values["period_id"] = item.period_id
    return url_for(place.endpoint, **values)
