"""The audit trail: entry by entry, and counted by person, by day and by kind of thing; only read, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Response, request

from sipetruk.errors import Invalid
from sipetruk.panel.history import page_asked
from sipetruk.panel.kit import Answer, Page, expose, show
from sipetruk.panel.kit.export import csv_bytes
from sipetruk.panel.kit.records import history_url
from sipetruk.queries import audit as queries
from sipetruk.queries import chain as chain_queries
from sipetruk.queries import paging
from sipetruk.queries.audit import AuditFilters
from sipetruk.queries.telling import Entry
from sipetruk.rules.permissions import RECORDED_LABELS, Action
from sipetruk.rules.trail import FACES, THINGS
from sipetruk.services import chain

ASKED = ("hal", "nomor", "orang", "tindakan", "lewat", "sejak", "sampai")
"""Names of the filters in the address, so that a filtered list can be passed on."""
TABS = (
    ("index", "Catatan"),
    ("by_person", "Menurut orang"),
    ("by_day", "Menurut hari"),
    ("by_thing", "Menurut hal"),
    ("integrity", "Keutuhan"),
)
MOST_EXPORTED = 20_000
TITLES = ("Nomor", "Waktu (WITA)", "Nama", "Nama pengguna", "Lewat", "Tindakan", "Hal", "Nomor hal", "Alasan", "Perubahan", "Sidik")


class AuditPages(Page):
    """Everything under /admin/audit/."""

    needs = Action.AUDIT_READ
    intro = "Setiap perubahan tercatat dan dirangkai dengan sidik, sehingga catatan yang diubah atau dihapus akan ketahuan."

    @expose("/")
    def index(self) -> Answer:
        page = queries.told(self.actor, filters_asked(), page_asked())
        return self._page("panel/audit/list.html", page=page)

    @expose("/orang/")
    def by_person(self) -> Answer:
        return self._page("panel/audit/tally.html", rows=queries.by_person(self.actor, filters_asked()), column="Orang", key="orang")

    @expose("/hari/")
    def by_day(self) -> Answer:
        rows = queries.by_day(self.actor, filters_asked(), before=_day("sebelum_hari"))
        older = rows[-1].key if len(rows) == queries.DAYS_AT_ONCE else ""
        return self._page("panel/audit/tally.html", rows=rows, column="Hari (WITA)", key="hari", older=older)

    @expose("/hal/")
    def by_thing(self) -> Answer:
        return self._page("panel/audit/tally.html", rows=queries.by_thing(self.actor, filters_asked()), column="Hal", key="hal")

    @expose("/keutuhan/", ("GET", "POST"))
    def integrity(self) -> Answer:
        """The check of the whole chain, done by the worker, and the heads that were published."""
        if request.method == "POST":
            here = str(self.get_url(".integrity"))
            return self.act(lambda: chain.request_check(self.actor), to=here, done="Pemeriksaan diminta dan segera dikerjakan.")
        return self._page(
            "panel/audit/integrity.html", check=chain_queries.last_check(self.actor), page=chain_queries.heads(page_asked(31))
        )

    @expose("/<int:entry_id>/")
    def show_entry(self, entry_id: int) -> Answer:
        entry, previous_hash, older, newer = queries.entry(self.actor, entry_id)
        return self.render(
            "panel/audit/show.html",
            entry=entry,
            previous_hash=previous_hash,
            older=older,
            newer=newer,
            record_history=history_url(entry.thing, entry.thing_id),
        )

    @expose("/unduh.csv")
    def export(self) -> Answer:
        """Every entry that the filters leave, as a file; a trail too long for one file asks for a shorter time."""
        filters, rows, after = filters_asked(), [], None
        while True:
            page = queries.told(self.actor, filters, paging.PageRequest(size=2_000, after=after))
            if page.total > MOST_EXPORTED:
                raise Invalid("Paling banyak %(most)s catatan dalam satu berkas. Pilih jangka waktu yang lebih pendek.", most=MOST_EXPORTED)
            rows += [_line(entry) for entry in page.rows]
            if not page.has_next:
                break
            after = page.cursors[-1]
        headers = {"Content-Disposition": 'attachment; filename="jejak-audit.csv"', "Cache-Control": "private, no-store"}
        return Response(csv_bytes(TITLES, rows), mimetype="text/csv", headers=headers)

    def _page(self, template: str, **values: Any) -> Answer:
        kept = {name: request.args[name] for name in ASKED if request.args.get(name)}
        asked = (request.endpoint or "").rpartition(".")[2]
        return self.render(
            template,
            kept=kept,
            tabs=[(label, self.get_url(f".{name}", **kept), name == asked) for name, label in TABS],
            here=self.get_url(f".{asked}"),
            things=_sorted(THINGS),
            actions=_sorted(RECORDED_LABELS),
            faces=_sorted(FACES),
            history_url=history_url,
            link=lambda **place: self.get_url(f".{asked}", **kept, **place),
            **values,
        )


def filters_asked() -> AuditFilters:
    """What the address asks for; a text that makes no sense as a day is no filter."""
    text = {name: request.args.get(name, "").strip()[:60] or None for name in ASKED}
    return AuditFilters(
        thing=text["hal"],
        thing_id=text["nomor"],
        person=text["orang"],
        action=text["tindakan"],
        face=text["lewat"],
        since=_day("sejak"),
        until=_day("sampai"),
    )


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None  # outside, a day in WITA may not be one in UTC


def _line(entry: Entry) -> list[object]:
    differences = "; ".join(f"{each.label}: {each.before} → {each.after}" for each in entry.told.differences)
    about = "; ".join(f"{label}: {text}" for label, text in entry.told.about)
    changes = " | ".join(part for part in (about, differences) if part)
    who = (entry.who, entry.actor, entry.face)
    what = (entry.action, entry.thing_label, entry.thing_id, entry.reason)
    return [entry.id, show.moment(entry.at), *who, *what, changes, entry.hash]


def _sorted(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(labels.items(), key=lambda pair: pair[1])
