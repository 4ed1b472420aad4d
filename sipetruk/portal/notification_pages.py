"""The unit's notifications: the list, one opened, all marked as read; and the number beside the bell."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from sipetruk.errors import NotFound
from sipetruk.portal import source
from sipetruk.portal.unit import Page, only_for_units

blueprint = Blueprint("told", __name__, url_prefix="/pemberitahuan")
blueprint.before_request(only_for_units)

ALL = "semua"


@blueprint.get("/")
def index() -> Page:
    only_unread = request.args.get("tampil") != ALL
    found = source.staff("Notifications", onlyUnread=only_unread, first=20, after=request.args.get("setelah") or None)
    return render_template("notifications.html", **found, only_unread=only_unread)


@blueprint.post("/buka")
def open_() -> Page:
    """Note that it was read, and go to the nomination, or to the own account, that it is about."""
    row = _mark(is_read=True)
    if row["thing"] == "account":
        return redirect(url_for("account.index"), 303)
    about = row["nomination"]
    return redirect(url_for("nominations.show", nomination_id=about["id"]) if about else url_for("nominations.index"), 303)


@blueprint.post("/tandai")
def mark() -> Page:
    _mark(is_read=request.form.get("dibaca") != "0")
    return redirect(_list(), 303)


@blueprint.post("/semua-dibaca")
def mark_all() -> Page:
    _, problems = source.act("NotificationsMarkAllRead", upTo=request.form.get("sampai") or None)
    for problem in problems:
        flash(problem["message"], "bad")
    if not problems:
        flash("Semua pemberitahuan ditandai sudah dibaca.", "good")
    return redirect(_list(), 303)


def unread_count() -> int:
    """How many notifications the reader of this page has not read; asked once a page."""
    if "unread_count" not in g:
        g.unread_count = source.staff("UnreadCount")["unreadCount"]
    return int(g.unread_count)


def _mark(*, is_read: bool) -> dict[str, Any]:
    payload, problems = source.act("NotificationMarkRead", notificationId=request.form.get("id", ""), isRead=is_read)
    if problems:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemberitahuan")
    row: dict[str, Any] = payload["notification"]
    return row


def _list() -> str:
    return url_for("told.index", tampil=ALL) if request.form.get("tampil") == ALL else url_for("told.index")
