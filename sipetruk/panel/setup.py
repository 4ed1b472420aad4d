"""init_panel(app): the pages of the panel, in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from sipetruk.login import current_actor
from sipetruk.panel.access_pages import AccessPage
from sipetruk.panel.dashboard import Dashboard
from sipetruk.panel.instruments.pages import InstrumentPages
from sipetruk.panel.kit.access import WHO
from sipetruk.panel.kit.catalogue import TRANSLATIONS
from sipetruk.rules.permissions import Actor


def init_panel(app: Flask, who: Callable[[], Actor | None] = current_actor) -> Admin:
    """Register the panel under `/admin`; `who` names the person who makes the request."""
    app.extensions[WHO] = who
    admin = Admin(
        app,
        name="SI PETRUK",
        index_view=Dashboard(name="Beranda", endpoint="admin", url="/admin"),
        theme=Bootstrap4Theme(base_template="panel/base.html"),
        translations_path=str(TRANSLATIONS),
    )
    admin.add_views(
        InstrumentPages(name="Instrumen", category="Persiapan", endpoint="instruments", url="/admin/instrumen"),
        AccessPage(name="Hak akses", category="Pengawasan", endpoint="access", url="/admin/hak-akses"),
    )
    return admin
