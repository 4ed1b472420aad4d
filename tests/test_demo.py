"""The demonstration: always the same for the same seed, whole at every stage, and told through the services."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from sipetruk import demo
from sipetruk.demo import round as demo_round
from sipetruk.demo.units import UNITS
from sipetruk.errors import Conflict, Invalid
from sipetruk.models import (
    TABLES,
    AuditEntry,
    Employee,
    Evidence,
    InstrumentVersion,
    LoginAttempt,
    Nomination,
    Period,
    PublishedWinner,
    Ranking,
    Review,
    Sanction,
    Sheet,
    User,
    WorkUnit,
)
from sipetruk.queries import public
from sipetruk.rules import nip, seal
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.workflow import PeriodState, Stage, Window
from sipetruk.services import audit, clock, evidence, rankings, sign_in

PASSWORD = "rahasia-peragaan"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
NIP = re.compile(r"[0-9]{18}")


@pytest.fixture(autouse=True)
def store(data_dir):
    evidence.use_store(data_dir / "evidence")


@pytest.fixture
def smaller(monkeypatch):
    """A third of the units nominate, so that a stage is reached sooner; the story stays the same."""
    monkeypatch.setattr(demo_round, "UNITS", UNITS[:16])
    monkeypatch.setattr(demo_round, "PPPK_UNITS", 3)


def build(stage, seed=1):
    demo.build(stage=stage, seed=seed, password=PASSWORD, today=TODAY)


def test_the_regency_has_its_units_people_and_accounts(db):
    build("preparation")
    assert WorkUnit.select().count() == 45
    people = list(Employee.select())
    assert len(people) == 405
    assert all(nip.parse(person.nip, person.kind).birth == person.born_on for person in people)
    assert {person.kind for person in people} == {"PNS", "PPPK"}
    assert all(int(person.nip[-3:]) >= 900 for person in people)
    assert Sanction.select().count() == 5
    names = {user.username for user in User.select()}
    central = {"bkpsdm", "verifikator", "auditor", *(f"penilai{number}" for number in range(1, 6))}
    units = {f"{who}-{unit.code}" for who in ("opd", "kepala") for unit in WorkUnit.select()}
    assert names == central | units
    assert sign_in.authenticate(username="opd-kec-paringin", password=PASSWORD, address="127.0.0.1").session_epoch == 0
    versions = [(row.instrument.code, row.number, row.state) for row in InstrumentVersion.select().order_by(InstrumentVersion.id)]
    assert versions == [
        ("balangan-2021", 1, "locked"),
        ("balangan-2023", 1, "locked"),
        ("balangan-2024", 1, "locked"),
        ("berakhlak", 1, "locked"),
        ("enam-sifat-pp-11-2017", 1, "locked"),
        ("kemnaker-2025", 1, "locked"),
        ("balangan-2024", 2, "locked"),
        ("balangan-2024", 3, "draft"),
    ]


def test_the_same_seed_gives_the_same_data_and_another_seed_other_people(db):
    def content():
        """Every row without what counts on after the rollback: ids and what is built on them."""
        found = {}
        for table in TABLES:
            counted = {"id", "actor_id", "thing_id", "before", "after", "hash", "previous_hash", "password_hash"}
            counted |= {field.name for field in table._meta.refs}
            rows = table.select().order_by(*table._meta.get_primary_keys()).dicts()
            found[table.__name__] = [{key: value for key, value in row.items() if key not in counted} for row in rows]
        return found

    def told(seed):
        with db.atomic() as transaction:
            build("preparation", seed)
            found = content()
            transaction.rollback()
        return found

    first = told(1)
    assert told(1) == first
    assert [row["name"] for row in told(2)["Employee"]] != [row["name"] for row in first["Employee"]]


def stands_at(stage, state):
    """The demonstration at a stage: its round is in that state, and the window of that stage is open."""
    build(stage)
    period = Period.get()
    assert (period.state, period.year) == (state, 2026)
    windows = {Stage(row.stage): Window(row.opens_on, row.closes_on) for row in period.windows}
    assert [found for found, window in windows.items() if window.is_open(NOW)] == ([] if stage == "preparation" else [Stage(stage)])
    assert audit.verify().broken_at is None
    return Counter(row.state for row in Nomination.select())


def test_in_preparation_nothing_is_open(db):
    assert stands_at("preparation", PeriodState.PREPARATION) == {}
    assert public.open_forms(now=NOW) == ()


def test_while_nominations_are_open_units_are_at_different_points(db, smaller):
    assert set(stands_at("nomination", PeriodState.OPEN)) == {"draft", "endorsed", "submitted"}
    assert [form.category.name for form in public.open_forms(now=NOW)] == ["PNS Berprestasi", "PPPK Berprestasi"]


def test_in_verification_half_of_the_work_waits(db, smaller):
    states = stands_at("verification", PeriodState.VERIFICATION)
    assert states == {"verified": 8, "submitted": 11, "returned": 1, "rejected": 1, "withdrawn": 1}


def test_in_assessment_the_panel_is_at_different_points(db, smaller):
    states = stands_at("assessment", PeriodState.ASSESSMENT)
    assert states == {"verified": 19, "returned": 1, "rejected": 1, "withdrawn": 1}
    sheets = Counter((row.assessor.username, row.state) for row in Sheet.select())
    assert (sheets["penilai1", "submitted"], sheets["penilai1", "open"]) == (19, 0)
    assert (sheets["penilai5", "submitted"], sheets["penilai5", "recused"]) == (0, 1)
    assert (sheets["penilai3", "submitted"], sheets["penilai3", "open"]) == (9, 10)


def test_in_ranking_a_first_computation_waits_to_be_looked_at(db, smaller):
    states = stands_at("ranking", PeriodState.RANKING)
    assert states == {"assessed": 19, "returned": 1, "rejected": 1, "withdrawn": 1}
    assert [(row.state, json.loads(row.result)["award"]["blocked"]) for row in Ranking.select()] == [("draft", []), ("draft", [])]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_round_of_2024_is_told_to_its_end(db, data_dir):
    build("published")
    past = Period.get(slug="2024")
    assert past.state == PeriodState.PUBLISHED
    states = Counter(row.state for row in Nomination.select() if row.category.period_id == past.id)
    assert states == {"awarded": 6, "not_awarded": 49, "returned": 1, "rejected": 1, "withdrawn": 1}
    assert Counter(row.decision for row in Review.select()) == {"accepted": 55, "returned": 2, "rejected": 1}
    assert Counter(row.state for row in Sheet.select()) == {"submitted": 274, "recused": 1}
    _, present = public.periods(now=NOW)[::-1]
    assert (present.state, [category.is_open for category in present.categories]) == (PeriodState.OPEN, [True, True])

    ranking = Ranking.get(state="final", category=past.categories.order_by().first().id)
    rows = json.loads(ranking.result)["rows"]
    assert [(row["rank"], row["tie_group"], row["decided_by"]) for row in rows[:4]] == [
        (1, None, None),
        (2, None, None),
        (3, 3, "component:inovatif"),
        (4, 3, "component:inovatif"),
    ]
    assert rows[2]["exact"] == rows[3]["exact"]
    assert seal.verify(rankings.export(SYSTEM, ranking_id=ranking.id)).equal

    publication = public.latest_publication(now=clock.now())
    assert [(winner.category_slug, winner.place) for winner in publication.winners] == [
        (category, place) for category in ("pns-berprestasi", "pppk-berprestasi") for place in (1, 2, 3)
    ]
    assert all(winner.score and len(winner.components) == 3 and winner.innovation for winner in publication.winners)
    assert len({winner.innovation for winner in publication.winners}) == 6
    assert NIP.findall(json.dumps(list(PublishedWinner.select().dicts()), default=str)) == []

    assert len([path for path in data_dir.rglob("*") if len(path.name) == 64]) == 7
    assert Evidence.select().count() > 300
    moments = [entry.at for entry in AuditEntry.select(AuditEntry.at).order_by(AuditEntry.id)]
    assert moments == sorted(moments)
    assert max(moments) < NOW
    assert audit.verify().broken_at is None
    assert LoginAttempt.select().count() == 0


def test_a_database_with_anything_in_it_is_left_alone(db, cast):
    before = AuditEntry.select().count()
    with pytest.raises(Conflict, match="sudah berisi"):
        build("preparation")
    assert (AuditEntry.select().count(), WorkUnit.select().count()) == (before, 2)


def test_an_unknown_stage_or_a_day_before_the_story_is_refused(db):
    with pytest.raises(Invalid, match="preparation, nomination, verification, assessment, ranking, published"):
        build("lunch")
    with pytest.raises(Invalid, match="pilih hari yang lebih kemudian"):
        demo.build(stage="preparation", seed=1, password=PASSWORD, today=date(2024, 1, 1))
    assert WorkUnit.select().count() == 0


def test_a_password_too_short_leaves_nothing_behind(db):
    with pytest.raises(Invalid, match="Kata sandi"):
        demo.build(stage="preparation", seed=1, password="pendek", today=TODAY)
    assert WorkUnit.select().count() == 0
