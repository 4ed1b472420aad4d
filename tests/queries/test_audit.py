"""The audit trail is read by who may, newest first, page by page, by thing, person and day."""

from datetime import UTC, date, datetime

import pytest

from sipetruk.errors import Forbidden, Invalid
from sipetruk.models import AuditEntry
from sipetruk.models.base import database
from sipetruk.queries import audit as query
from sipetruk.queries.audit import AuditFilters
from sipetruk.queries.paging import PageRequest
from sipetruk.queries.telling import in_words
from sipetruk.rules.permissions import Action
from sipetruk.services import audit, clock
from tests.services import builders


@pytest.fixture
def trail(cast):
    """Five entries after those of the cast: three of the verifier, two of the administrator, around midnight in WITA."""
    moments = [
        (cast.verifier, "nomination", 7, datetime(2024, 10, 14, 15, 59, 59, tzinfo=UTC)),
        (cast.verifier, "nomination", 7, datetime(2024, 10, 14, 16, 0, tzinfo=UTC)),
        (cast.bkpsdm, "period", 7, datetime(2024, 10, 15, 2, tzinfo=UTC)),
        (cast.verifier, "nomination", 8, datetime(2024, 10, 15, 15, 59, 59, tzinfo=UTC)),
        (cast.bkpsdm, "nomination", 8, datetime(2024, 10, 15, 16, 0, tzinfo=UTC)),
    ]
    before = AuditEntry.select().count()
    for actor, thing, thing_id, moment in moments:
        with clock.standing_at(moment), database.atomic():
            audit.record(actor, Action.NOMINATION_CHECK, thing, thing_id, after={"state": "verified"}, reason="Lengkap.")
    rows = AuditEntry.select().order_by(AuditEntry.id)
    return [row.id for row in rows][before:]


def ids(page):
    return [row.id for row in page.rows]


def test_an_entry_says_who_did_what_to_what_and_when(cast, trail):
    row = query.entries(cast.bkpsdm, AuditFilters(thing="period"), None).rows[0]
    assert (row.id, row.at, row.actor, row.face, row.action, row.action_label) == (
        trail[2],
        datetime(2024, 10, 15, 2, tzinfo=UTC),
        "bkpsdm",
        "panel",
        "nomination:check",
        "memeriksa, menerima, mengembalikan, atau menolak usulan",
    )
    assert (row.thing, row.thing_id, row.before, row.after, row.reason) == ("period", "7", None, {"state": "verified"}, "Lengkap.")


def test_rules_roles_and_moments_are_told_as_people_write_them(cast):
    rules = [
        {"fact": "kind", "operator": "in", "value": ["PNS"]},
        {"fact": "service_years", "operator": "at_least", "value": 2, "effect": "warn"},
    ]
    after = {
        "eligibility": rules,
        "grants": [{"role": "opd_head", "unit_id": cast.outsider.user_id + 10_000}],
        "decree_on": "2024-10-01",
        "at": "2024-10-01T02:00:00+00:00",
    }
    with database.atomic():
        for document in (after, {"eligibility": [{"fact": "gone"}]}, {"eligibility": []}):
            audit.record(cast.bkpsdm, Action.NOMINATION_CHECK, "category", 7, after=document)
    rows = list(AuditEntry.select().where(AuditEntry.thing == "category", AuditEntry.thing_id == "7").order_by(AuditEntry.id))
    told = [[(each.label, each.after) for each in entry.told.differences] for entry in in_words(rows)]
    assert told == [
        [
            ("Peran", f"Peran: Kepala OPD, Unit kerja: no. {cast.outsider.user_id + 10_000}"),
            ("Syarat", "Jenis ASN harus PNS\nMasa kerja paling sedikit 2 tahun (anjuran)"),
            ("Tanggal SK", "1 Oktober 2024"),
            ("at", "1 Oktober 2024 pukul 10.00 WITA"),
        ],
        [("Syarat", "fact: gone")],
        [],
    ]


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        (AuditFilters(thing="nomination"), [4, 3, 1, 0]),
        (AuditFilters(thing="nomination", thing_id="7"), [1, 0]),
        (AuditFilters(person="verifikator"), [3, 1, 0]),
        (AuditFilters(day=date(2024, 10, 15)), [3, 2, 1]),
        (AuditFilters(person="bkpsdm", day=date(2024, 10, 16)), [4]),
        (AuditFilters(person="verif"), []),
        (AuditFilters(person="a' OR 1=1 --\x00"), []),
    ],
)
def test_filters_narrow_the_trail(cast, trail, filters, places):
    page = query.entries(cast.viewer, filters)
    assert (ids(page), page.total) == ([trail[place] for place in places], len(places))


def test_the_first_and_the_last_of_all_days_are_days_too(cast, trail):
    everything = query.entries(cast.viewer).total
    found = [query.entries(cast.viewer, each).total for each in (AuditFilters(since=date.min, until=date.max), AuditFilters(day=date.min))]
    assert found == [everything, 0]


def test_pages_neither_skip_nor_repeat_while_entries_are_added(cast, trail):
    filters = AuditFilters(thing="nomination")
    first = query.entries(cast.bkpsdm, filters, PageRequest(size=2))
    with database.atomic():
        audit.record(cast.bkpsdm, Action.NOMINATION_CHECK, "nomination", 9)
    second = query.entries(cast.bkpsdm, filters, PageRequest(size=2, after=first.cursors[-1]))
    assert (ids(first), first.has_next) == ([trail[4], trail[3]], True)
    assert (ids(second), second.has_next) == ([trail[1], trail[0]], False)


def test_a_forged_cursor_is_refused(cast):
    with pytest.raises(Invalid):
        query.entries(cast.bkpsdm, page=PageRequest(after="palsu"))


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_the_trail_is_for_bkpsdm_and_auditors(cast, who):
    with pytest.raises(Forbidden):
        query.entries(getattr(cast, who))
    with pytest.raises(Forbidden):
        query.things(getattr(cast, who))


def test_the_kinds_of_thing_are_listed_once(cast, trail):
    assert query.things(cast.viewer) == ["nomination", "period", "unit", "user"]


def test_a_page_costs_two_statements(cast, trail, db):
    with builders.counted(db) as sent:
        assert query.entries(cast.bkpsdm).total >= 5
    assert len(sent) == 2
