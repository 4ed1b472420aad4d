"""The history of any record: what was done to it, by whom, and what differs; one page for every kind of record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for

from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.panel.kit.records import record_url
from sipetruk.queries import paging
from sipetruk.queries.history import history
from sipetruk.rules.permissions import Action

PAGE_SIZE = 25


class HistoryPages(Page):
    """Everything under /admin/riwayat/."""

    needs = Action.AUDIT_READ
    intro = "Siapa mengubah apa, kapan, dan lewat mana, yang terbaru di atas."

    def is_visible(self) -> bool:
        """Not in the menu: a history is opened from its record."""
        return False

    @expose("/")
    def index(self) -> Answer:
        """Without a record: the whole trail."""
        return redirect(url_for("audit.index"), SEE_OTHER)

    @expose("/<thing>/<int:record_id>/")
    def show_history(self, thing: str, record_id: int) -> Answer:
        found = history(self.actor, thing, record_id, page_asked())
        link = self._link(thing, record_id)
        if found.is_gone:  # there is no page of it, so no tab leads there
            return self.render("panel/history/show.html", found=found, page=found.page, record_url="", record_tabs=(), link=link)
        return self.render("panel/history/show.html", found=found, page=found.page, record_url=record_url(thing, record_id), link=link)

    def _link(self, thing: str, record_id: int) -> Callable[..., str]:
        """The address of another page of the same history."""
        return lambda **place: str(self.get_url(".show_history", thing=thing, record_id=record_id, **place))


def page_asked(size: int = PAGE_SIZE) -> Any:
    """The page that the address asks for: `sesudah` older entries than this, `sebelum` newer ones."""
    after, before = request.args.get("sesudah"), request.args.get("sebelum")
    return paging.asked(last=size, before=before) if before else paging.asked(first=size, after=after)
