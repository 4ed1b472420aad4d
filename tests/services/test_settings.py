"""Settings: each changes what people meet; two people at once, wrong values and strangers change nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound
from sipetruk.models import AuditEntry, LoginAttempt, Notification, Setting
from sipetruk.queries import public
from sipetruk.queries import settings as queries
from sipetruk.rules.settings import DECLARED
from sipetruk.services import clock, notifications, proof, settings
from tests.services import builders

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TESTED = {
    "agency_name",
    "agency_address",
    "government_name",
    "signing_place",
    "help_hours",
    "help_phone",
    "help_whatsapp",
    "help_email",
    "publication_policy",
    "evidence_mb",
    "login_attempt_days",
    "notification_days",
    "webhook_days",
    "nomination_years",
    "backup_folder",
    "backup_hours",
    "upload_files",
    "upload_total_mb",
    "upload_open",
    "upload_hours",
    "upload_piece_kb",
}
"""Each is tested here, on the page it changes (tests/panel, tests/portal), on paper (tests/documents), or with retention, the system
check or uploads.
"""


def test_every_setting_has_a_test():
    assert set(DECLARED) == TESTED


def change(cast, key, value, version=0):
    settings.change(cast.bkpsdm, key=key, value=value, expected_version=version)


def test_a_setting_is_changed_and_given_back_its_default(cast):
    assert (queries.text("agency_name"), queries.number("nomination_years")) == (DECLARED["agency_name"].default, 5)
    change(cast, "nomination_years", "7")
    assert queries.number("nomination_years") == 7
    change(cast, "nomination_years", "", 1)
    view = queries.setting(cast.viewer, "nomination_years")
    assert (view.value, view.row_version, view.is_default) == ("5", 2, True)
    entries = AuditEntry.select(AuditEntry.thing_id, AuditEntry.before, AuditEntry.after).where(AuditEntry.action == "setting:edit")
    assert list(entries.order_by(AuditEntry.id).tuples()) == [
        ("nomination_years", {"value": "5"}, {"value": "7"}),
        ("nomination_years", {"value": "7"}, {"value": "5"}),
    ]


def test_what_is_refused_changes_nothing(cast):
    with pytest.raises(Invalid):
        change(cast, "nomination_years", "0")
    with pytest.raises(NotFound):
        change(cast, "secret_key", "x")
    for who in (cast.viewer, cast.verifier, cast.unit_admin):
        with pytest.raises(Forbidden):
            settings.change(who, key="nomination_years", value="7", expected_version=0)
    with pytest.raises(Forbidden):
        queries.settings(cast.verifier)
    assert Setting.select().count() == 0


def test_two_people_at_once(cast):
    change(cast, "help_phone", "0526123456")
    with pytest.raises(Conflict):
        change(cast, "help_phone", "0526999999")
    assert queries.text("help_phone") == "0526123456"


def test_several_values_cost_one_statement(cast, db):
    with builders.counted(db) as sent:
        queries.texts("agency_name", "help_phone", "help_email")
    assert len(sent) == 1


def test_attempts_are_kept_as_long_as_the_setting_says(cast):
    change(cast, "login_attempt_days", "7")
    for days in (7, 8):
        LoginAttempt.create(username_sha256="a" * 64, address="::1", at=NOW - timedelta(days=days), is_success=False)
    with clock.standing_at(NOW):
        proof.note("siapa", "::1", is_success=False)
    assert sorted(row.at for row in LoginAttempt.select()) == [NOW - timedelta(days=7), NOW]


def test_read_notifications_are_kept_as_long_as_the_setting_says(cast):
    change(cast, "notification_days", "7")
    for age in (timedelta(days=7), timedelta(days=7, seconds=1)):
        Notification.create(recipient=cast.verifier.user_id, notice="x", thing="x", thing_id="1", created_at=NOW - age, read_at=NOW - age)
    with clock.standing_at(NOW):
        assert notifications.forget_old() == 1


def test_the_public_revision_moves_with_a_setting(cast):
    before = public.publication_revision(now=NOW)
    change(cast, "help_phone", "0526123456")
    assert public.publication_revision(now=NOW) != before
