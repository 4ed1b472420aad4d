"""A period taken over for another year: what moves, what stays, and what is refused with nothing saved."""

from datetime import date

import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound
from sipetruk.models import AuditEntry, Category, InstrumentVersion, Nomination, PanelMember, Period, StageWindow, User
from sipetruk.queries import notifications as notices
from sipetruk.queries import period_copies as queries
from sipetruk.rules.workflow import Stage
from sipetruk.services import instruments, notifications, periods, users
from sipetruk.services.period_copies import copy
from tests.services import builders

RULES = [
    {"fact": "age", "operator": "at_most", "value": 50},
    {"fact": "attendance", "operator": "at_least", "value": {"months": ["2023-12", "2024-02"], "percent": 95}, "effect": "warn"},
]
LEAP = {Stage.NOMINATION: (date(2024, 2, 29), date(2024, 3, 15)), Stage.VERIFICATION: (date(2024, 12, 20), date(2025, 1, 10))}


@pytest.fixture
def source(cast):
    round_ = builders.prepared_round(cast, eligibility_rules=RULES, quota_per_unit=2, winners=2)
    version = Period.get_by_id(round_.period_id).row_version
    periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=LEAP, expected_version=version)
    return round_


def taken(cast, source, **changes):
    return copy(cast.bkpsdm, **{"period_id": source.period_id, "name": "Putaran 2025", "slug": "2025", "year": 2025} | changes)


def counts():
    return [model.select().count() for model in (Period, StageWindow, Category, PanelMember, AuditEntry)]


def test_everything_but_the_nominations_is_taken_over(cast, source):
    new_id = taken(cast, source)
    new = Period.get_by_id(new_id)
    assert (new.name, new.slug, new.year, new.state) == ("Putaran 2025", "2025", 2025, "preparation")
    windows = {w.stage: (w.opens_on, w.closes_on) for w in StageWindow.select().where(StageWindow.period == new_id)}
    assert windows == {
        "nomination": (date(2025, 2, 28), date(2025, 3, 15)),
        "verification": (date(2025, 12, 20), date(2026, 1, 10)),
    }
    old, made = Category.get(Category.period == source.period_id), Category.get(Category.period == new_id)
    for key in ("name", "slug", "position", "winners", "quota_per_unit", "winners_per_unit", "instrument_version_id"):
        assert getattr(made, key) == getattr(old, key), key
    assert [rule["value"] for rule in made.eligibility] == [50, {"months": ["2024-12", "2025-02"], "percent": 95}]
    assert [rule["effect"] for rule in made.eligibility] == ["block", "warn"]
    panels = [{m.user_id for m in PanelMember.select().where(PanelMember.category == each.id)} for each in (old, made)]
    assert panels[0] == panels[1] != set()
    assert Nomination.select().count() == 0


def test_the_audit_says_where_the_period_came_from(cast, source):
    new_id = taken(cast, source)
    last = list(AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2))[::-1]
    assert [(entry.actor, entry.action, entry.thing) for entry in last] == [
        ("bkpsdm", "period:edit", "period"),
        ("bkpsdm", "period:edit", "category"),
    ]
    assert (last[0].thing_id, last[0].after["copied_from"]) == (str(new_id), Period.get_by_id(source.period_id).slug)


def test_the_same_key_copies_once(cast, source):
    first = taken(cast, source, idempotency_key="a")
    before = counts()
    assert taken(cast, source, idempotency_key="a") == first
    assert counts() == before


def test_members_who_assess_no_longer_are_left_out(cast, source):
    panel = [m.user_id for m in PanelMember.select().where(PanelMember.category == source.category_id)]
    gone = User.get_by_id(panel[0])
    users.set_active(cast.bkpsdm, user_id=gone.id, is_active=False, expected_version=gone.row_version)
    plan = queries.plan(cast.bkpsdm, source.period_id, 2025)
    assert plan.categories[0].left_out == (gone.name,)
    new_id = taken(cast, source)
    made = Category.get(Category.period == new_id)
    assert {m.user_id for m in PanelMember.select().where(PanelMember.category == made.id)} == set(panel[1:])


@pytest.fixture
def newer(cast, source):
    instrument = InstrumentVersion.get_by_id(source.version_id).instrument_id
    version_id = instruments.start_draft(cast.bkpsdm, instrument_id=instrument)
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    return version_id


def version_of(period_id):
    return Category.get(Category.period == period_id).instrument_version_id


def test_the_same_version_is_kept_and_a_newer_one_offered(cast, source, newer):
    (category,) = queries.plan(cast.bkpsdm, source.period_id, 2025).categories
    assert (category.version_id, category.newer.id, [choice.id for choice in category.choices]) == (
        source.version_id,
        newer,
        [newer, source.version_id],
    )
    assert version_of(taken(cast, source)) == source.version_id
    assert version_of(taken(cast, source, slug="lain", versions={source.category_id: newer})) == newer


def test_a_retired_version_gives_way_to_the_newest(cast, source, newer):
    row = InstrumentVersion.get_by_id(source.version_id)
    instruments.retire(cast.bkpsdm, version_id=row.id, reason="Diganti.", expected_version=row.row_version)
    assert version_of(taken(cast, source)) == newer


def test_without_a_version_in_use_the_category_is_named(cast, source):
    row = InstrumentVersion.get_by_id(source.version_id)
    instruments.retire(cast.bkpsdm, version_id=row.id, reason="Diganti.", expected_version=row.row_version)
    before = counts()
    with pytest.raises(Invalid, match="pilih versi instrumen yang masih dipakai") as refusal:
        taken(cast, source)
    assert [problem.path for problem in refusal.value.problems] == [("versions", str(source.category_id))]
    assert counts() == before


@pytest.mark.parametrize(
    ("changes", "kind", "path"),
    [
        ({"slug": "2024"}, Conflict, "slug"),
        ({"slug": "Ada Spasi"}, Invalid, "slug"),
        ({"year": 1999}, Invalid, "year"),
        ({"name": " "}, Invalid, "name"),
        ({"versions": {999_999: 1}}, Invalid, "versions"),
    ],
)
def test_a_refused_copy_saves_nothing(cast, source, changes, kind, path):
    before = counts()
    with pytest.raises(kind) as refusal:
        taken(cast, source, **changes)
    assert [problem.path[0] for problem in refusal.value.problems] == [path]
    assert counts() == before


def test_a_version_of_another_instrument_is_refused(cast, source):
    other = builders.locked_version()
    before = counts()
    with pytest.raises(Invalid):
        taken(cast, source, versions={source.category_id: other})
    assert counts() == before


def test_a_rule_on_an_unknown_fact_is_refused_by_its_row(cast, source):
    Category.update(eligibility=[*RULES, {"fact": "zodiak"}]).where(Category.id == source.category_id).execute()
    before = counts()
    with pytest.raises(Invalid, match="Syarat nomor 3 memakai fakta yang tidak dikenal"):
        taken(cast, source)
    assert counts() == before


def test_a_period_that_is_not_there_is_not_found(cast, source):
    before = counts()
    with pytest.raises(NotFound):
        taken(cast, source, period_id=999_999)
    assert counts() == before


@pytest.mark.parametrize("who", ["viewer", "verifier", "unit_admin", "assessor"])
def test_only_those_who_set_up_periods_copy_them(cast, source, who):
    before = counts()
    with pytest.raises(Forbidden):
        copy(getattr(cast, who), period_id=source.period_id, name="Putaran 2025", slug="2025", year=2025)
    with pytest.raises(Forbidden):
        queries.plan(getattr(cast, who), source.period_id, 2025)
    assert counts() == before


def test_the_plan_costs_the_same_for_more_categories(cast, db, source):
    with builders.counted(db) as few:
        queries.plan(cast.bkpsdm, source.period_id, 2025)
    for slug in ("b", "c", "d"):
        periods.add_category(
            cast.bkpsdm, period_id=source.period_id, name=slug, slug=slug, instrument_version_id=source.version_id, winners=1
        )
    with builders.counted(db) as many:
        plan = queries.plan(cast.bkpsdm, source.period_id, 2025)
    assert (len(few), len(plan.categories)) == (len(many), 4)


def test_a_year_to_which_the_months_of_a_rule_cannot_move_is_refused(cast, source):
    before = counts()
    for act in (lambda: taken(cast, source, year=2126, slug="2126"), lambda: queries.plan(cast.bkpsdm, source.period_id, 2126)):
        with pytest.raises(Invalid, match="tidak dapat dipindah sejauh itu"):
            act()
    assert counts() == before


def test_assessors_are_told_of_the_panels_that_they_are_in_now(cast, source):
    notifications.mark_all_read(cast.assessor)
    category = Category.get(period=taken(cast, source))
    told = [row.text for row in notices.notifications(cast.assessor, only_unread=True).rows]
    assert told == [f"Anda menjadi anggota tim penilai kategori “{category.name}”, Putaran 2025."]
