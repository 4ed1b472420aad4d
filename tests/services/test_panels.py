"""Who assesses whom before the assessment begins: settings, by hand, by plan; a conflict gets no sheet and is named."""

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import Assignment, AuditEntry, Category, Endorsement, Membership, Nomination, PanelMember, Sheet, User
from sipetruk.queries import panels as queries
from sipetruk.queries.panels import Mode
from sipetruk.queries.ranking_inputs import ranking_inputs
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import conflicts, panels, periods
from tests.kept import kept
from tests.services import builders

PANEL = ("assessor", "assessor2", "assessor3")


@kept
def verifying(cast, *names, panel=PANEL, **options):
    """A round in the administrative check with a verified nomination for each name."""
    round_ = builders.open_round(cast, panel=[getattr(cast, who) for who in panel], **options)
    ids = [builders.verified(cast, round_, name) for name in names]
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    return round_, ids


def begin(cast, round_):
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)


def version(round_):
    return Category.get_by_id(round_.category_id).row_version


def settings(cast, round_, **changes):
    values = {"is_blind": False, "assessors_each": 2, "spread_limit": 3_000, "expected_version": version(round_)} | changes
    return panels.set_assessment(cast.bkpsdm, category_id=round_.category_id, **values)


def sheets():
    return sorted(Sheet.select(Sheet.nomination, Sheet.assessor).tuples())


def assignments():
    return sorted(Assignment.select().tuples())


def problems_of(refusal):
    return [(problem.path, problem.message) for problem in refusal.value.problems]


def state_of_things():
    return assignments(), sheets(), AuditEntry.select().count(), [(c.is_blind, c.assessors_each, c.row_version) for c in Category.select()]


# Settings -----------------------------------------------------------------------------------------------------------


def test_how_a_category_is_assessed_is_kept_and_recorded(cast):
    round_, _ = verifying(cast)
    assert settings(cast, round_, is_blind=True, assessors_each=3, spread_limit=1_250) == version(round_)
    category = Category.get_by_id(round_.category_id)
    assert (category.is_blind, category.assessors_each, category.spread_limit) == (True, 3, 1_250)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.before, entry.after) == (
        "panel:settings",
        {"is_blind": False, "assessors_each": None, "spread_limit": 3_000},
        {"is_blind": True, "assessors_each": 3, "spread_limit": 1_250},
    )


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"assessors_each": 1}, ("assessorsEach",), "Isikan 2 sampai 99, atau kosongkan agar seluruh tim menilai setiap calon."),
        ({"assessors_each": 100}, ("assessorsEach",), "Isikan 2 sampai 99, atau kosongkan agar seluruh tim menilai setiap calon."),
        ({"spread_limit": 0}, ("spreadLimit",), "Isikan persentase di atas 0 sampai 100."),
        ({"spread_limit": 10_001}, ("spreadLimit",), "Isikan persentase di atas 0 sampai 100."),
    ],
)
def test_settings_that_make_no_sense_are_refused(cast, changes, path, message):
    round_, _ = verifying(cast)
    before = state_of_things()
    with pytest.raises(Invalid) as refusal:
        settings(cast, round_, **changes)
    assert (problems_of(refusal), state_of_things()) == ([(path, message)], before)


def test_settings_of_an_older_page_are_refused(cast):
    round_, _ = verifying(cast)
    before = state_of_things()
    with pytest.raises(Conflict):
        settings(cast, round_, expected_version=version(round_) - 1)
    assert state_of_things() == before


def test_once_the_assessment_has_begun_only_the_limit_changes(cast):
    round_, _ = verifying(cast, "Budi Santoso")
    begin(cast, round_)
    for changes in ({"is_blind": True, "assessors_each": None}, {"assessors_each": 2}):
        with pytest.raises(IllegalMove):
            settings(cast, round_, **changes)
    settings(cast, round_, assessors_each=None, spread_limit=500)
    assert Category.get_by_id(round_.category_id).spread_limit == 500


# By hand ------------------------------------------------------------------------------------------------------------


def test_assessors_of_a_nominee_are_named_by_hand(cast):
    round_, (budi, wati) = verifying(cast, "Budi Santoso", "Wati Lestari")
    who = [cast.assessor3.user_id, cast.assessor.user_id]
    assert panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_)) == version(round_)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.thing_id, entry.after) == ("panel:assign", str(budi), {"assessors": sorted(who)})
    begin(cast, round_)
    everybody = [getattr(cast, each).user_id for each in PANEL]
    assert sheets() == sorted([(budi, each) for each in who] + [(wati, each) for each in everybody])


def test_nobody_named_is_the_rule_of_the_category_again(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    who = [cast.assessor.user_id, cast.assessor2.user_id]
    panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_))
    panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=[], expected_version=version(round_))
    assert assignments() == []


def test_who_may_not_assess_cannot_be_named(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    Membership.create(user=cast.assessor2.user_id, role="opd_admin", work_unit=cast.unit_id)
    before = state_of_things()
    named = [cast.assessor2.user_id, cast.verifier.user_id]
    with pytest.raises(Invalid) as refusal:
        panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=named, expected_version=version(round_))
    assert problems_of(refusal) == [
        (("userIds",), "Penilai ini bukan anggota tim penilai kategori."),
        (("userIds",), "Dewi Penilai tidak boleh menilai calon ini: unit kerja yang sama dengan calon."),
    ]
    with pytest.raises(Invalid) as refusal:
        panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=[cast.assessor.user_id], expected_version=version(round_))
    assert problems_of(refusal) == [(("userIds",), "Setiap calon memerlukan sedikitnya 2 penilai; baru dipilih 1.")]
    assert state_of_things() == before


def test_assessors_are_named_before_the_assessment_and_for_who_was_accepted(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    who = [cast.assessor.user_id, cast.assessor2.user_id]
    with pytest.raises(Conflict):
        panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_) - 1)
    with pytest.raises(NotFound):
        panels.assign(cast.bkpsdm, nomination_id=999_999, user_ids=who, expected_version=version(round_))
    Nomination.update(state="submitted").execute()
    with pytest.raises(IllegalMove):
        panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_))
    Nomination.update(state="verified").execute()
    begin(cast, round_)
    with pytest.raises(IllegalMove):
        panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_))
    assert assignments() == []


def test_who_leaves_the_panel_loses_what_was_assigned(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    who = [cast.assessor.user_id, cast.assessor2.user_id]
    panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_))
    periods.set_panel(cast.bkpsdm, category_id=round_.category_id, user_ids=[cast.assessor.user_id, cast.assessor3.user_id])
    assert assignments() == [(budi, cast.assessor.user_id)]


# By plan ------------------------------------------------------------------------------------------------------------


def plan(cast, round_, mode=Mode.FRESH):
    return queries.plan(cast.bkpsdm, round_.category_id, mode)


def apply(cast, round_, mode=Mode.FRESH, digest=None):
    digest = digest or plan(cast, round_, mode).digest
    return panels.apply_plan(cast.bkpsdm, category_id=round_.category_id, mode=mode, digest=digest)


def test_a_plan_is_shown_and_exactly_it_is_applied(cast):
    round_, ids = verifying(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    settings(cast, round_)
    shown = plan(cast, round_)
    assert assignments() == []
    assert (shown.size, shown.is_complete, sorted(count for _, count, _ in shown.loads)) == (2, True, [2, 2, 2])
    apply(cast, round_)
    assert assignments() == sorted((nominee, each) for nominee, panel in shown.plan.panels.items() for each in panel)
    assert plan(cast, round_).digest == shown.digest
    begin(cast, round_)
    assert sheets() == assignments()
    assert len(sheets()) == 2 * len(ids)


def test_a_plan_that_would_be_another_one_by_now_is_refused(cast):
    round_, _ = verifying(cast, "Budi Santoso", "Wati Lestari")
    settings(cast, round_)
    digest = plan(cast, round_).digest
    Membership.create(user=cast.assessor2.user_id, role="opd_admin", work_unit=cast.unit_id)
    before = state_of_things()
    with pytest.raises(Conflict) as refusal:
        apply(cast, round_, digest=digest)
    assert (problems_of(refusal), state_of_things()) == ([(("digest",), panels.CHANGED_PLAN)], before)


def test_filling_up_keeps_what_was_named_by_hand(cast):
    round_, (budi, _) = verifying(cast, "Budi Santoso", "Wati Lestari")
    settings(cast, round_)
    who = [cast.assessor2.user_id, cast.assessor3.user_id]
    panels.assign(cast.bkpsdm, nomination_id=budi, user_ids=who, expected_version=version(round_))
    apply(cast, round_, Mode.FILL)
    assert [user_id for nominee, user_id in assignments() if nominee == budi] == sorted(who)
    assert len(assignments()) == 4


def test_one_panel_for_all_is_chosen_among_all_assessors(cast):
    round_, (budi, _) = verifying(cast, "Budi Santoso", "Wati Lestari", panel=("assessor", "assessor2"))
    settings(cast, round_, assessors_each=2)
    Membership.create(user=cast.assessor.user_id, role="opd_admin", work_unit=cast.unit_id)
    found = plan(cast, round_, Mode.ONE_PANEL)
    assert (found.is_complete, found.rows[0].assessors) == (True, ("Dewi Penilai", "Hasan Penilai"))
    apply(cast, round_, Mode.ONE_PANEL)
    members = PanelMember.select(PanelMember.user).where(PanelMember.category == round_.category_id)
    assert sorted(members.tuples()) == [(cast.assessor2.user_id,), (cast.assessor3.user_id,)]
    begin(cast, round_)
    assert [user_id for nominee, user_id in sheets() if nominee == budi] == [cast.assessor2.user_id, cast.assessor3.user_id]


def test_a_plan_says_by_name_what_cannot_be_met(cast):
    round_, (budi, _) = verifying(cast, "Budi Santoso", "Wati Lestari", panel=("assessor", "assessor2"))
    employee_id = builders.employee_of(budi).id
    conflicts.declare(cast.assessor, employee_id=employee_id, kind="family")
    row = plan(cast, round_).rows[0]
    assert (row.name, row.assessors, row.missing) == ("Budi Santoso", ("Dewi Penilai",), 1)
    assert row.left_out == ("Siti Penilai: hubungan yang dinyatakan: hubungan keluarga",)


def test_plans_are_for_bkpsdm_and_before_the_assessment(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    digest = plan(cast, round_).digest
    before = state_of_things()
    for who in ("verifier", "assessor", "unit_admin", "viewer", "outsider"):
        actor = getattr(cast, who)
        for act in (
            lambda actor=actor: queries.plan(actor, round_.category_id, Mode.FRESH),
            lambda actor=actor: panels.apply_plan(actor, category_id=round_.category_id, mode=Mode.FRESH, digest=digest),
            lambda actor=actor: panels.assign(actor, nomination_id=budi, user_ids=[], expected_version=version(round_)),
            lambda actor=actor: panels.set_assessment(
                actor, category_id=round_.category_id, is_blind=True, assessors_each=None, spread_limit=1, expected_version=version(round_)
            ),
        ):
            with pytest.raises(Forbidden):
                act()
    assert state_of_things() == before
    begin(cast, round_)
    with pytest.raises(IllegalMove):
        apply(cast, round_, digest=digest)


# The beginning of the assessment ------------------------------------------------------------------------------------


def test_a_conflict_gets_no_sheet_and_the_trail_says_why(cast):
    round_, (budi, wati) = verifying(cast, "Budi Santoso", "Wati Lestari")
    conflicts.declare(cast.assessor2, employee_id=builders.employee_of(budi).id, kind="mentor")
    begin(cast, round_)
    assert [user_id for nominee, user_id in sheets() if nominee == budi] == [cast.assessor.user_id, cast.assessor3.user_id]
    assert [user_id for nominee, user_id in sheets() if nominee == wati] == [getattr(cast, each).user_id for each in PANEL]
    entry = AuditEntry.get(AuditEntry.action == "sheet:exclude")
    assert (entry.thing, entry.thing_id, entry.after) == (
        "category",
        str(round_.category_id),
        {"excluded": {str(budi): {str(cast.assessor2.user_id): ["declared"]}}},
    )
    for who in (cast.assessor, cast.assessor3):
        builders.assess(who, budi)
    (first, _) = ranking_inputs(round_.category_id)["nominees"]
    states = {mark["assessor"]: mark["state"] for mark in first["marks"]["gagasan"]}
    assert states == {
        str(cast.assessor.user_id): "scored",
        str(cast.assessor2.user_id): "not_applicable",
        str(cast.assessor3.user_id): "scored",
    }


def test_too_few_without_a_conflict_stand_in_the_way_by_name(cast):
    round_, _ = verifying(cast, "Budi Santoso", "Wati Lestari", panel=("assessor", "assessor2"))
    Membership.create(user=cast.assessor2.user_id, role="opd_head", work_unit=cast.unit_id)
    before = state_of_things()
    with pytest.raises(Invalid) as refusal:
        begin(cast, round_)
    why = "Dewi Penilai tidak boleh menilai (unit kerja yang sama dengan calon)."
    assert problems_of(refusal) == [
        (("categories", "inovatif", "panel"), f"Kategori “ASN Inovatif”: {name} baru mempunyai 1 dari 2 penilai. {why}")
        for name in ("Budi Santoso", "Wati Lestari")
    ]
    assert state_of_things() == before


def test_nominees_without_assigned_assessors_stand_in_the_way(cast):
    round_, _ = verifying(cast, "Budi Santoso")
    settings(cast, round_, assessors_each=2)
    with pytest.raises(Invalid) as refusal:
        begin(cast, round_)
    assert [problem.message for problem in refusal.value.problems] == [
        "Kategori “ASN Inovatif”: Budi Santoso baru mempunyai 0 dari 2 penilai."
    ]


def test_the_unit_of_the_linked_employee_is_a_conflict(cast):
    round_, _ = verifying(cast, "Budi Santoso")
    employee_id = builders.employee(cast.unit_id, "Hasan Penilai")
    row_version = User.get_by_id(cast.assessor3.user_id).row_version
    conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor3.user_id, employee_id=employee_id, expected_version=row_version)
    begin(cast, round_)
    assert [user_id for _, user_id in sheets()] == [cast.assessor.user_id, cast.assessor2.user_id]


def test_a_plan_costs_the_same_for_one_and_for_many(cast, db):
    round_, ids = verifying(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    settings(cast, round_)
    apply(cast, round_)

    def costs():
        found = []
        for read in (lambda: plan(cast, round_), lambda: queries.desk(cast.bkpsdm, round_.category_id)):
            read()
            with builders.counted(db) as sent:
                read()
            found.append(len(sent))
        return found

    many = costs()
    Assignment.delete().where(Assignment.nomination != ids[0]).execute()
    Nomination.update(state="rejected").where(Nomination.id != ids[0]).execute()
    assert costs() == many


def test_who_nominated_or_endorsed_has_a_conflict(cast):
    round_, _ = verifying(cast, "Budi Santoso")
    Nomination.update(created_by=cast.assessor.user_id).execute()
    Endorsement.update(endorsed_by=cast.assessor2.user_id).execute()
    (row,) = queries.desk(cast.bkpsdm, round_.category_id).rows
    assert [(pair.name, pair.conflict) for pair in row.pairs] == [
        ("Dewi Penilai", "mengesahkan usulan ini"),
        ("Hasan Penilai", ""),
        ("Siti Penilai", "menyusun usulan ini"),
    ]


def test_who_can_no_longer_sign_in_gets_no_sheet(cast):
    round_, (budi,) = verifying(cast, "Budi Santoso")
    User.update(is_active=False).where(User.id == cast.assessor2.user_id).execute()
    desk = queries.desk(cast.bkpsdm, round_.category_id)
    assert [(member.name, member.is_active, member.load) for member in desk.members] == [
        ("Dewi Penilai", False, 0),
        ("Hasan Penilai", True, 1),
        ("Siti Penilai", True, 1),
    ]
    begin(cast, round_)
    assert sheets() == [(budi, cast.assessor.user_id), (budi, cast.assessor3.user_id)]
