"""The number of what was removed is never that of something else, on either database: who kept it finds nothing."""

import re
from datetime import date
from pathlib import Path

import pytest

import sipetruk
from sipetruk import models
from sipetruk.errors import NotFound
from sipetruk.models import TABLES, Announcement, Instrument, InstrumentVersion, Period, Signatory, Webhook, WebhookDelivery
from sipetruk.models.numbers import LastingNumberField
from sipetruk.queries import visible
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument
from sipetruk.services import announcements, evidence, instruments, periods, signatories, webhooks
from tests.services import builders, hooks

SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(sipetruk.__file__).parent.rglob("*.py"))


def a_period(cast):
    id_ = periods.create(cast.bkpsdm, name="Keliru", year=2024, slug="keliru")
    periods.remove(cast.bkpsdm, period_id=id_, expected_version=1)
    return id_


def a_category(cast):
    round_ = builders.prepared_round(cast) if not Period.select().exists() else None
    period = Period.get()
    version_id = round_.version_id if round_ else InstrumentVersion.get().id
    wanted = {"name": "Keliru", "slug": "keliru", "winners": 1}
    id_ = periods.add_category(cast.bkpsdm, period_id=period.id, instrument_version_id=version_id, **wanted)
    periods.remove_category(cast.bkpsdm, category_id=id_, expected_version=1)
    return id_


def a_category_with_its_period(cast):
    round_ = builders.prepared_round(cast)
    version = Period.get_by_id(round_.period_id).row_version
    periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=version)
    return round_.category_id


def a_file(cast):
    id_ = models.Nomination.get().id if models.Nomination.select().exists() else builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        file = builders.attach(cast.unit_admin, id_)
        evidence.remove(cast.unit_admin, evidence_id=file)
    return file


def a_draft(cast):
    id_ = instruments.create(cast.bkpsdm, code="keliru", name="Keliru")
    instruments.discard_draft(cast.bkpsdm, version_id=id_, expected_version=1)
    return id_


def an_instrument(cast):
    id_ = instruments.create(cast.bkpsdm, code="keliru", name="Keliru")
    number = Instrument.get().id
    instruments.discard_draft(cast.bkpsdm, version_id=id_, expected_version=1)
    return number


def an_announcement(cast):
    id_ = announcements.create(cast.bkpsdm, slug="keliru", text=Text("Keliru", "Isi."))
    announcements.remove(cast.bkpsdm, announcement_id=id_, expected_version=1)
    return id_


def a_signatory(cast):
    who = Person("Siti", "Sekretaris Daerah", SignatoryStatus.DEFINITIVE)
    (id_,) = signatories.add(cast.bkpsdm, documents=[SignedDocument.MINUTES], person=who, valid_from=date(2024, 1, 1))
    signatories.remove(cast.bkpsdm, signatory_id=id_, expected_version=1)
    return id_


def a_webhook(cast):
    hooks.use_settings()
    id_ = hooks.made(cast).webhook_id
    webhooks.remove(cast.bkpsdm, webhook_id=id_, expected_version=1)
    return id_


def a_message(cast):
    hooks.use_settings()
    id_ = hooks.made(cast).webhook_id
    message = webhooks.ping(cast.bkpsdm, webhook_id=id_)
    webhooks.remove(cast.bkpsdm, webhook_id=id_, expected_version=1)
    return message


WAYS = [
    a_period,
    a_category,
    a_category_with_its_period,
    a_file,
    a_draft,
    an_instrument,
    an_announcement,
    a_signatory,
    a_webhook,
    a_message,
]


@pytest.mark.parametrize("made_and_removed", WAYS)
def test_the_next_one_gets_another_number(cast, made_and_removed):
    assert made_and_removed(cast) < made_and_removed(cast) < made_and_removed(cast)


def test_the_old_number_finds_nothing(cast):
    first = a_period(cast)
    periods.create(cast.bkpsdm, name="Lain", year=2024, slug="lain")
    with pytest.raises(NotFound):
        visible.get(visible.periods(cast.bkpsdm), Period, first, "Periode")
    with pytest.raises(NotFound):
        periods.remove(cast.bkpsdm, period_id=first, expected_version=1)
    assert [row.name for row in Period.select()] == ["Lain"]


NAMED_OTHERWISE = {"Relation": "DeclaredRelation", "ResultProposal": "DeterminationProposal"}
GOES_WITHOUT = {
    "Notification": "removed oldest first, long after; a number leads nobody but its recipient, and to nothing but a mark as read",
    "Upload": "is known by a text made of chance",
}
"""Kinds of global ids whose rows are removed and have ordinary numbers, with the reason."""


def test_whatever_has_a_global_id_and_can_be_removed_has_such_a_number():
    kinds = set(re.findall(r"""(?:gid|ids\.encode|ids\.number|by_id)\([^()]*?["']([A-Z]\w+)["']""", SOURCE)) - GOES_WITHOUT.keys()
    assert {"Period", "Evidence", "User", "WebhookDelivery", "Notification"} - kinds == {"Notification"}
    tables = {getattr(models, NAMED_OTHERWISE.get(kind, kind)) for kind in kinds}
    lasting = {table for table in TABLES if isinstance(table._meta.primary_key, LastingNumberField)}
    assert (tables - lasting) & removed() == set()
    assert lasting <= tables & removed()


def removed():
    """Tables of which rows are removed somewhere: by statement, one by one (as `WAYS` do), or with what they are part of."""
    found = {getattr(models, name) for name in re.findall(r"\b([A-Z]\w+)\.delete\(", SOURCE)}
    found |= {models.Period, models.Category, models.Evidence, InstrumentVersion, Announcement, Signatory, Webhook, WebhookDelivery}
    while True:
        parts = {table for table in TABLES if any(key.on_delete == "CASCADE" and key.rel_model in found for key in table._meta.refs)}
        if parts <= found:
            return found
        found |= parts
