"""The pages on which the system itself is looked after."""

from __future__ import annotations

from flask_admin import Admin

from sipetruk.panel.announcements import AnnouncementPages
from sipetruk.panel.loading import LoadingPages

ADMINISTER = "Pengelolaan"


def add_administration_views(admin: Admin) -> None:
    """Add them to the panel."""
    admin.add_views(
        AnnouncementPages(name="Kabar", category=ADMINISTER, endpoint="news", url="/admin/kabar"),
        LoadingPages(name="Muat data", category=ADMINISTER, endpoint="loading", url="/admin/muat-data"),
    )
