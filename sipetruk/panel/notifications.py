"""The bell of the panel: the own notifications, and the way from each to what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for

from sipetruk.api import ids
from sipetruk.errors import Invalid, NotFound
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.queries import notifications as queries
from sipetruk.queries import paging
from sipetruk.queries.notifications import NotificationRow
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import UNIT_ROLES, Action, Actor, may_somewhere
from sipetruk.services import notifications

PAGE_SIZE = 25
UNREAD, ALL = "belum-dibaca", "semua"
UNIT_PAGES = "/usulan/"
OWN_SHEETS = frozenset(
    {
        Notice.ASSESSMENT_OPENED,
        Notice.REMINDER_ASSESS,
        Notice.REMINDER_ASSESS_UNDATED,
        Notice.PANEL_JOINED,
        Notice.PANEL_LEFT,
        Notice.PANEL_DISSOLVED,
    }
)
RESULTS = frozenset({Notice.RESULT_PUBLISHED, Notice.RESULT_WITHDRAWN})
DETERMINED = frozenset({Notice.RESULT_DETERMINED, Notice.APPROVAL_ASKED, Notice.APPROVAL_GIVEN, Notice.APPROVAL_REFUSED})


@dataclass(frozen=True)
class Way:
    """From a thing (told by one of `notices`, if any are named) to its page, for those who hold one of `needs` somewhere."""

    thing: str
    endpoint: str
    names: str
    needs: tuple[Action, ...]
    notices: frozenset[Notice] = frozenset()


WAYS = (
    Way("nomination", "checks.show_nomination", "nomination_id", (Action.NOMINATION_CHECK, Action.AUDIT_READ)),
    Way("nomination", "sheets.show_sheet", "nomination_id", (Action.MARK_RECORD,)),
    Way("relation", "conflicts.index", "", (Action.RELATION_READ,)),
    Way("sheet", "sheets.show_sheet", "nomination_id", (Action.MARK_RECORD,)),
    Way("objection", "objections.show_objection", "objection_id", (Action.OBJECTION_DECIDE,)),
    Way("category", "sheets.index", "", (Action.MARK_RECORD,), OWN_SHEETS),
    Way("category", "determinations.determine", "category_id", (Action.RESULT_DETERMINE,), DETERMINED),
    Way("category", "rankings.show_ranking", "category_id", (Action.RANKING_READ,)),
    Way("period", "sheets.index", "", (Action.MARK_RECORD,), OWN_SHEETS),
    Way("period", "determinations.show_results", "period_id", (Action.RANKING_READ,), RESULTS),
    Way("period", "cockpit.show_cockpit", "period_id", (Action.PROGRESS_READ,)),
    Way("period", "periods.show_period", "period_id", (Action.PERIOD_READ,)),
    Way("webhook", "webhooks.show_webhook", "webhook_id", (Action.WEBHOOK_MANAGE,)),
)
"""The first that fits is taken."""


class NotificationPages(Page):
    """Everything under /admin/pemberitahuan/."""

    needs = Action.PERMISSION_READ
    intro = "Yang terjadi pada usulan, penilaian, dan periode yang menyangkut pekerjaan Anda."

    def is_visible(self) -> bool:
        """The bell on every page leads here, not the menu."""
        return False

    @expose("/")
    def index(self) -> Answer:
        only_unread = request.args.get("tampil") != ALL
        try:
            page = paging.asked(first=PAGE_SIZE, after=request.args.get("setelah") or None)
            found = queries.notifications(self.actor, only_unread=only_unread, page=page)
        except Invalid:
            raise NotFound("Bagian daftar ini tidak ditemukan.") from None
        return self.render(
            "panel/notifications.html", page=found, only_unread=only_unread, newest=max((row.id for row in found.rows), default=0)
        )

    @expose("/<int:notification_id>/buka/", ("POST",))
    def open_(self, notification_id: int) -> Answer:
        """Note that it was read, and go to what it is about."""
        row = queries.notification(self.actor, notification_id)
        notifications.mark_read(self.actor, notification_id=notification_id)
        return redirect(address(self.actor, row), SEE_OTHER)

    @expose("/<int:notification_id>/tandai/", ("POST",))
    def mark(self, notification_id: int) -> Answer:
        is_read = request.form.get("dibaca") != "0"
        notifications.mark_read(self.actor, notification_id=notification_id, is_read=is_read)
        return redirect(self._list(), SEE_OTHER)

    @expose("/semua-dibaca/", ("POST",))
    def mark_all(self) -> Answer:
        newest = ids.as_number(request.form.get("sampai", ""))
        return self.act(
            lambda: notifications.mark_all_read(self.actor, up_to=newest),
            to=self._list(),
            done="Semua pemberitahuan ditandai sudah dibaca.",
        )

    def _list(self) -> str:
        return str(self.get_url(".index", tampil=ALL) if request.form.get("tampil") == ALL else self.get_url(".index"))


def address(actor: Actor, row: NotificationRow) -> str:
    """The page of the thing that a notification is about, as far as its reader works there; else the first page."""
    if row.thing == "account":
        return url_for("account.index")
    if actor.roles <= UNIT_ROLES:
        return UNIT_PAGES + (ids.encode("Nomination", row.thing_id) if row.thing == "nomination" else "")
    number = ids.as_number(row.thing_id)
    for way in WAYS if number is not None else ():
        fits = way.thing == row.thing and (not way.notices or row.notice in way.notices)
        if fits and any(may_somewhere(actor, action) for action in way.needs):
            values: dict[str, Any] = {way.names: number} if way.names else {}
            return url_for(way.endpoint, **values)
    return url_for("admin.index")
