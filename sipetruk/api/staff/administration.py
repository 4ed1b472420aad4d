"""The administration in the staff schema: units, signatories, announcements, settings, retention, tokens, webhooks, and the code tables."""

from __future__ import annotations

import strawberry

from sipetruk.api.staff.announcements import AnnouncementActs, AnnouncementQueries
from sipetruk.api.staff.codes import CodeActs
from sipetruk.api.staff.settings import SettingActs, SettingQueries
from sipetruk.api.staff.signatories import SignatoryActs, SignatoryQueries
from sipetruk.api.staff.tokens import TokenActs, TokenQueries
from sipetruk.api.staff.units import UnitActs, UnitQueries
from sipetruk.api.staff.webhooks import WebhookActs, WebhookQueries


@strawberry.type
class AdministrationQueries(UnitQueries, SignatoryQueries, AnnouncementQueries, SettingQueries, TokenQueries, WebhookQueries):
    """What those who administer read."""


@strawberry.type
class AdministrationActs(UnitActs, SignatoryActs, AnnouncementActs, SettingActs, CodeActs, TokenActs, WebhookActs):
    """What those who administer do."""
