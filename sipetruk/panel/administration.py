"""The pages on which the system itself is looked after."""

from __future__ import annotations

from flask_admin import Admin

from sipetruk.panel.announcements import AnnouncementPages
from sipetruk.panel.loading import LoadingPages
from sipetruk.panel.settings import SettingPages
from sipetruk.panel.signatories import SignatoryPages
from sipetruk.panel.tokens import TokenPages
from sipetruk.panel.webhooks import WebhookPages

ADMINISTER = "Pengelolaan"


def add_administration_views(admin: Admin) -> None:
    """Add them to the panel."""
    admin.add_views(
        AnnouncementPages(name="Kabar", category=ADMINISTER, endpoint="news", url="/admin/kabar"),
        SignatoryPages(name="Penanda tangan", category=ADMINISTER, endpoint="signatories", url="/admin/penandatangan"),
        SettingPages(name="Pengaturan", category=ADMINISTER, endpoint="settings", url="/admin/pengaturan"),
        TokenPages(name="Token API", category=ADMINISTER, endpoint="tokens", url="/admin/token"),
        WebhookPages(name="Webhook", category=ADMINISTER, endpoint="webhooks", url="/admin/webhook"),
        LoadingPages(name="Muat data", category=ADMINISTER, endpoint="loading", url="/admin/muat-data"),
    )
