"""The worklist says what waits for each role, how much of it and until when."""

from datetime import date

import pytest

from sipetruk.queries.worklist import Target, WorkItem, worklist
from sipetruk.rules.permissions import Actor, Grant, Role
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import checks, clock
from tests.services import builders

ROLES = ("bkpsdm", "verifier", "assessor", "assessor2", "unit_admin", "unit_head", "viewer", "outsider")


def waiting(cast, *day):
    """What waits for each member of the cast for whom anything does."""
    with builders.standing_at(*(day or (2024, 10, 2))):
        found = {who: worklist(getattr(cast, who), clock.now()) for who in ROLES}
    return {who: items for who, items in found.items() if items}


def test_nothing_waits_where_nothing_is(cast):
    assert waiting(cast) == {}


def test_a_category_without_a_panel_waits_for_bkpsdm(cast):
    builders.prepared_round(cast, panel=())
    assert waiting(cast) == {"bkpsdm": [WorkItem("1 kategori belum mempunyai tim penilai", 1, date(2024, 10, 15), False, Target.PANELS)]}


def test_drafts_wait_for_the_unit_and_its_head_until_the_window_closes(cast):
    round_ = builders.open_round(cast)
    builders.drafted(cast, round_, "Budi Santoso")
    builders.drafted(cast, round_, "Wati Lestari")
    builders.endorsed(cast, round_, "Udin Hasan")
    last_day = date(2024, 10, 15)
    assert waiting(cast) == {
        "unit_admin": [
            WorkItem("2 usulan masih berupa draf", 2, last_day, False, Target.DRAFTS),
            WorkItem("1 usulan sudah disahkan dan siap diajukan", 1, last_day, False, Target.ENDORSED),
        ],
        "unit_head": [WorkItem("2 draf usulan belum Anda sahkan", 2, last_day, False, Target.TO_ENDORSE)],
    }
    assert [item.is_late for item in waiting(cast, 2024, 10, 15)["unit_admin"]] == [False, False]
    assert [item.is_late for item in waiting(cast, 2024, 10, 16)["unit_admin"]] == [True, True]


def test_submitted_nominations_wait_for_the_verifier(cast):
    round_ = builders.open_round(cast)
    for name in ("Budi Santoso", "Wati Lestari", "Udin Hasan"):
        builders.submitted(cast, round_, name)
    assert waiting(cast) == {"verifier": [WorkItem("3 usulan menunggu verifikasi", 3, date(2024, 10, 22), False, Target.CHECKS)]}


def test_a_returned_nomination_waits_for_the_unit_and_after_a_change_for_its_head(cast):
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 14):
        version = builders.version_of(nomination_id)
        due_on = date(2024, 10, 18)
        checks.return_(cast.verifier, nomination_id=nomination_id, reason="Kurang.", due_on=due_on, expected_version=version)
    returned = WorkItem("1 usulan dikembalikan untuk diperbaiki", 1, due_on, False, Target.RETURNED)
    assert waiting(cast) == {"unit_admin": [returned]}
    with builders.standing_at(2024, 10, 17):
        builders.attach(cast.unit_admin, nomination_id, content=builders.PDF + b"baru")
    again = WorkItem("1 usulan hasil perbaikan belum Anda sahkan", 1, due_on, False, Target.TO_ENDORSE)
    assert waiting(cast) == {"unit_admin": [returned], "unit_head": [again]}


def test_open_sheets_wait_for_their_assessor_and_are_counted_for_bkpsdm(cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    builders.assess(cast.assessor, budi)
    last_day = date(2024, 10, 31)
    assert waiting(cast, 2024, 10, 24) == {
        "bkpsdm": [WorkItem("3 lembar penilaian belum selesai di seluruh tim penilai", 3, last_day, False, Target.PROGRESS)],
        "assessor": [WorkItem("1 lembar penilaian belum dikirim", 1, last_day, False, Target.SHEETS)],
        "assessor2": [WorkItem("2 lembar penilaian belum dikirim", 2, last_day, False, Target.SHEETS)],
    }
    builders.assess(cast.assessor, wati)
    for id_ in (budi, wati):
        builders.assess(cast.assessor2, id_)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    ranking = WorkItem("1 kategori belum mempunyai pemeringkatan final", 1, date(2024, 11, 5), False, Target.RANKINGS)
    assert waiting(cast, 2024, 11, 2) == {"bkpsdm": [ranking]}


def test_several_roles_of_one_person_are_listed_in_the_order_of_the_round(cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_, "Budi Santoso")
    builders.drafted(cast, round_, "Wati Lestari")
    both = Actor(99, "dua", "Dua Peran", (Grant(Role.VERIFIER), Grant(Role.OPD_ADMIN, cast.unit_id)), "panel")
    with builders.during_nomination():
        assert [item.target for item in worklist(both, clock.now())] == [Target.DRAFTS, Target.CHECKS]


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "unit_admin", "unit_head"])
def test_more_work_costs_no_more_statements(cast, db, who):
    def cost():
        with builders.during_nomination(), builders.counted(db) as sent:
            worklist(getattr(cast, who), clock.now())
        return len(sent)

    nothing = cost()
    round_ = builders.open_round(cast)
    for name in ("Budi Santoso", "Wati Lestari"):
        builders.submitted(cast, round_, name)
        builders.drafted(cast, round_, f"{name} Kedua")
    assert cost() == nothing
