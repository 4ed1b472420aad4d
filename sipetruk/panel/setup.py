"""init_panel(app): the pages of the panel, in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from sipetruk.login import current_actor
from sipetruk.models import Employee, WorkUnit
from sipetruk.panel.access_pages import AccessPage
from sipetruk.panel.administration import add_administration_views
from sipetruk.panel.audit_pages import AuditPages
from sipetruk.panel.cockpit import CockpitPages
from sipetruk.panel.dashboard import Dashboard
from sipetruk.panel.help import HelpPages
from sipetruk.panel.history import HistoryPages
from sipetruk.panel.instruments.pages import InstrumentPages
from sipetruk.panel.kit.access import WHO
from sipetruk.panel.kit.catalogue import TRANSLATIONS
from sipetruk.panel.master import EmployeeView
from sipetruk.panel.notifications import NotificationPages
from sipetruk.panel.periods.pages import PeriodPages
from sipetruk.panel.units import UnitView
from sipetruk.panel.users import UserPages
from sipetruk.panel.work import WORK, add_work_views
from sipetruk.rules.permissions import Actor

PREPARE, MASTER, OVERSEE = "Persiapan", "Data induk", "Pengawasan"


def init_panel(app: Flask, who: Callable[[], Actor | None] = current_actor) -> Admin:
    """Register the panel under `/admin`; `who` names the person who makes the request.

    The first page links to the endpoints in `dashboard.ADDRESSES`; a page is in the menu of those for whom it opens.
    """
    app.extensions[WHO] = who
    admin = Admin(
        app,
        name="SI PETRUK",
        index_view=Dashboard(name="Beranda", endpoint="admin", url="/admin"),
        theme=Bootstrap4Theme(base_template="panel/base.html"),
        translations_path=str(TRANSLATIONS),
    )
    admin.add_views(
        InstrumentPages(name="Instrumen", category=PREPARE, endpoint="instruments", url="/admin/instrumen"),
        PeriodPages(name="Periode", category=PREPARE, endpoint="periods", url="/admin/periode"),
    )
    admin.add_view(CockpitPages(name="Kendali periode", category=WORK, endpoint="cockpit", url="/admin/kendali"))
    add_work_views(admin)
    admin.add_view(NotificationPages(name="Pemberitahuan", endpoint="notifications", url="/admin/pemberitahuan"))
    admin.add_views(
        UnitView(WorkUnit, name="Unit kerja", category=MASTER, endpoint="units", url="/admin/unit"),
        EmployeeView(Employee, name="Pegawai", category=MASTER, endpoint="employees", url="/admin/pegawai"),
        UserPages(name="Pengguna", category=MASTER, endpoint="users", url="/admin/pengguna"),
    )
    add_administration_views(admin)
    admin.add_views(
        AuditPages(name="Jejak audit", category=OVERSEE, endpoint="audit", url="/admin/audit"),
        HistoryPages(name="Riwayat", category=OVERSEE, endpoint="history", url="/admin/riwayat"),
        AccessPage(name="Hak akses", category=OVERSEE, endpoint="access", url="/admin/hak-akses"),
        HelpPages(name="Bantuan", endpoint="help", url="/admin/bantuan"),
    )
    return admin
