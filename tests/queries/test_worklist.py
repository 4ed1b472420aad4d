"""The worklist says what waits for each role, how much of it and until when, the nearest deadline first."""

from datetime import date, datetime

import pytest

from sipetruk.models import Category, DeterminationProposal, Nomination, Period
from sipetruk.queries.worklist import Target, worklist
from sipetruk.rules.permissions import Actor, Grant, Role
from sipetruk.rules.workflow import WITA, PeriodMove
from sipetruk.services import checks, clock, nominations, rankings
from tests.services import builders, objecting

ROLES = ("bkpsdm", "verifier", "assessor", "assessor2", "unit_admin", "unit_head", "viewer", "outsider")
EARLY = "dalam 13 hari (15 Oktober 2024 23.59 WITA)"


def waiting(cast, *moment, leave=("viewer",)):
    """What waits for each member of the cast for whom anything does, as sentences."""
    with clock.standing_at(datetime(*(moment or (2024, 10, 2, 10)), tzinfo=WITA)):
        found = {who: worklist(getattr(cast, who), clock.now()) for who in ROLES if who not in leave}
    return {who: [item.sentence for item in items] for who, items in found.items() if items}


def items(cast, who, *day):
    with builders.standing_at(*(day or (2024, 10, 2))):
        return worklist(getattr(cast, who), clock.now())


def test_nothing_waits_where_nothing_is(cast):
    assert waiting(cast, leave=()) == {}


def test_a_category_without_a_panel_waits_for_bkpsdm(cast):
    round_ = builders.prepared_round(cast, panel=())
    assert waiting(cast) == {"bkpsdm": [f"1 kategori belum mempunyai tim penilai, tenggat {EARLY}"]}
    (item,) = items(cast, "bkpsdm")
    place = (item.target, item.period_id, item.thing_id, item.due)
    assert place == (Target.PANELS, round_.period_id, round_.category_id, date(2024, 10, 15))


def test_drafts_wait_for_the_unit_and_for_its_head_once_they_are_handed_over(cast):
    round_ = builders.open_round(cast, quota_per_unit=5)
    builders.drafted(cast, round_, "Budi Santoso")
    wati = builders.filled(cast, round_, "Wati Lestari")
    builders.endorsed(cast, round_, "Udin Hasan")
    ready = f"1 usulan sudah disahkan dan siap diajukan, tenggat {EARLY}"
    quota = f"2 usulan lagi masih dapat Anda buat menurut kuota, tenggat {EARLY}"
    assert waiting(cast) == {
        "unit_admin": [f"2 usulan masih berupa draf, tenggat {EARLY}", ready, quota],
        "outsider": [f"5 usulan lagi masih dapat Anda buat menurut kuota, tenggat {EARLY}"],
    }
    with builders.during_nomination():
        nominations.hand_over(cast.unit_admin, nomination_id=wati, expected_version=builders.version_of(wati))
    found = waiting(cast)
    assert found["unit_admin"] == [f"1 usulan masih berupa draf, tenggat {EARLY}", ready, quota]
    assert found["unit_head"] == [f"1 usulan menunggu pengesahan Anda, tenggat {EARLY}"]
    assert [(item.target, item.thing_id) for item in items(cast, "unit_head")] == [(Target.TO_ENDORSE, wati)]


SECONDS = [
    ((2024, 10, 14, 0, 0, 0), "tenggat besok 23.59 WITA", False),
    ((2024, 10, 14, 23, 59, 59), "tenggat besok 23.59 WITA", False),
    ((2024, 10, 15, 0, 0, 0), "tenggat hari ini 23.59 WITA", False),
    ((2024, 10, 15, 23, 59, 59), "tenggat hari ini 23.59 WITA", False),
    ((2024, 10, 16, 0, 0, 0), "terlambat 1 hari (15 Oktober 2024 23.59 WITA)", True),
]


@pytest.mark.parametrize(("moment", "words", "is_late"), SECONDS)
def test_a_deadline_ends_with_the_last_second_of_its_day(cast, moment, words, is_late):
    builders.drafted(cast, builders.open_round(cast, quota_per_unit=None))
    with clock.standing_at(datetime(*moment, tzinfo=WITA)):
        found = worklist(cast.unit_admin, clock.now())
    label = "1 draf usulan terlambat diajukan" if is_late else "1 usulan masih berupa draf"
    assert [(item.sentence, item.is_late) for item in found] == [(f"{label}, {words}", is_late)]


def test_what_can_no_longer_be_signed_or_handed_in_does_not_read_as_if_it_could(cast):
    round_ = builders.open_round(cast, quota_per_unit=None)
    builders.endorsed(cast, round_, "Siti Aminah")
    id_ = builders.filled(cast, round_, "Wati Lestari")
    with builders.during_nomination():
        nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    late = "terlambat 1 hari (15 Oktober 2024 23.59 WITA)"
    found = waiting(cast, 2024, 10, 16)
    assert found["unit_admin"] == [f"1 usulan yang sudah disahkan terlambat diajukan, {late}"]
    assert found["unit_head"] == [f"1 usulan terlambat disahkan, {late}"]


def test_the_quota_is_offered_only_while_the_window_is_open_and_counts_what_is_left(cast):
    round_ = builders.open_round(cast, quota_per_unit=2)
    builders.drafted(cast, round_, "Budi Santoso")
    gone = builders.drafted(cast, round_, "Wati Lestari")
    assert [item.target for item in items(cast, "unit_admin")] == [Target.DRAFTS]
    nominations.withdraw(cast.unit_admin, nomination_id=gone, reason="Pindah.", expected_version=builders.version_of(gone))
    assert [(item.target, item.count) for item in items(cast, "unit_admin")] == [(Target.DRAFTS, 1), (Target.QUOTA, 1)]
    assert [item.target for item in items(cast, "unit_admin", 2024, 10, 16)] == [Target.DRAFTS]
    assert items(cast, "outsider", 2024, 9, 30) == []


def test_nobody_is_asked_to_nominate_for_an_interview(cast):
    first = builders.open_round(cast, quota_per_unit=1)
    builders.drafted(cast, first, "Budi Santoso")
    stage = Category.get_by_id(first.category_id)
    given = {"period": stage.period_id, "instrument_version": stage.instrument_version_id, "position": 2, "winners": 1, "quota_per_unit": 1}
    Category.create(name="Wawancara", slug="wawancara", first_stage=stage.id, finalists=3, **given)
    assert [item.target for item in items(cast, "unit_admin")] == [Target.DRAFTS]


def test_submitted_nominations_wait_for_the_verifier_and_block_the_assessment(cast):
    round_ = builders.open_round(cast, quota_per_unit=None)
    ids = [builders.submitted(cast, round_, name) for name in ("Budi Santoso", "Wati Lestari", "Udin Hasan")]
    words = "tenggat dalam 20 hari (22 Oktober 2024 23.59 WITA)"
    assert waiting(cast) == {"verifier": [f"3 usulan menunggu verifikasi, {words}"]}
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    assert waiting(cast, 2024, 10, 21, 8) == {
        "verifier": ["3 usulan menunggu verifikasi, tenggat besok 23.59 WITA"],
        "bkpsdm": ["3 usulan belum diverifikasi sehingga penilaian belum dapat dimulai, tenggat besok 23.59 WITA"],
    }
    (item,) = items(cast, "verifier")
    assert item.thing_id is None
    with builders.standing_at(2024, 10, 17):
        for id_ in ids[1:]:
            checks.reject(cast.verifier, nomination_id=id_, reason="Tidak.", expected_version=builders.version_of(id_))
    (item,) = items(cast, "verifier")
    assert item.thing_id == ids[0]


def test_a_returned_nomination_waits_for_the_unit_until_its_own_day_and_then_for_the_verifier(cast):
    id_ = builders.submitted(cast, builders.open_round(cast, quota_per_unit=None))
    with builders.standing_at(2024, 10, 14):
        due_on, version = date(2024, 10, 18), builders.version_of(id_)
        checks.return_(cast.verifier, nomination_id=id_, reason="Kurang.", due_on=due_on, expected_version=version)
    label = "1 usulan dikembalikan untuk diperbaiki,"
    assert waiting(cast, 2024, 10, 18, 23, 59, 59)["unit_admin"] == [f"{label} tenggat hari ini 23.59 WITA"]
    assert "verifier" not in waiting(cast, 2024, 10, 18, 23, 59, 59)
    late = "terlambat 1 hari (18 Oktober 2024 23.59 WITA)"
    found = waiting(cast, 2024, 10, 19, 0, 0, 0)
    assert found["unit_admin"] == [f"{label} {late}"]
    assert found["verifier"] == [f"1 usulan yang dikembalikan lewat batas perbaikannya, {late}"]
    Nomination.update(handed_over_at=datetime(2024, 10, 17, tzinfo=WITA)).where(Nomination.id == id_).execute()
    found = waiting(cast, 2024, 10, 17, 12)
    head = "1 usulan hasil perbaikan menunggu pengesahan Anda, tenggat besok 23.59 WITA"
    assert {who: found.get(who) for who in ("unit_admin", "unit_head")} == {"unit_admin": None, "unit_head": [head]}


def test_open_sheets_wait_for_their_assessor_and_are_counted_for_bkpsdm(cast):
    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    builders.assess(cast.assessor, budi)
    words = "tenggat dalam 7 hari (31 Oktober 2024 23.59 WITA)"
    assert waiting(cast, 2024, 10, 24) == {
        "bkpsdm": [f"3 lembar penilaian belum selesai di seluruh tim penilai, {words}"],
        "assessor": [f"1 dari 2 lembar penilaian Anda belum dikirim, {words}"],
        "assessor2": [f"2 dari 2 lembar penilaian Anda belum dikirim, {words}"],
    }
    assert [item.thing_id for who in ("assessor", "assessor2") for item in items(cast, who, 2024, 10, 24)] == [wati, None]
    builders.assess(cast.assessor, wati)
    for id_ in (budi, wati):
        builders.assess(cast.assessor2, id_)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    ranking = "1 kategori belum mempunyai pemeringkatan final, tenggat dalam 3 hari (5 November 2024 23.59 WITA)"
    assert waiting(cast, 2024, 11, 2) == {"bkpsdm": [ranking]}


def test_a_sheet_that_an_objection_opened_again_is_due_with_the_objections(cast):
    _, (budi, _) = objecting.objection_stage(cast)
    objecting.accepted(cast, budi)
    objecting.reopened(cast, budi, cast.assessor)
    words = "tenggat besok 23.59 WITA"
    found = waiting(cast, 2024, 11, 7, 13)
    assert found["assessor"] == [f"1 dari 2 lembar penilaian Anda belum dikirim, {words}"]
    assert f"1 lembar penilaian belum selesai di seluruh tim penilai, {words}" in found["bkpsdm"]


def tied(cast, *, winners):
    """Two nominees of equal marks, whose ranking is computed."""
    round_, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari", winners=winners)
    with builders.standing_at(2024, 10, 24):
        for id_ in ids:
            builders.assess(cast.assessor, id_)
            builders.assess(cast.assessor2, id_)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    return round_, ids


def test_a_tie_across_the_last_place_waits_for_a_decision(cast):
    round_, ids = tied(cast, winners=1)
    with builders.standing_at(2024, 11, 1):
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.TIES, Target.RANKINGS]
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=ids, reason="Musyawarah.")
        tie, again = worklist(cast.bkpsdm, clock.now())
        words = ("1 kategori yang nilai serinya sudah diputus menunggu dihitung ulang", Target.TIES, round_.category_id)
        assert ((tie.label, tie.target, tie.thing_id), again.target) == (words, Target.RANKINGS)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.RANKINGS]
        sha = rankings.Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha)
        assert worklist(cast.bkpsdm, clock.now()) == []
    with builders.standing_at(2024, 11, 6):
        assert [(item.target, item.is_late) for item in worklist(cast.bkpsdm, clock.now())] == [(Target.MOVES, True)]
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.DETERMINATIONS]


def test_a_tie_that_changes_no_winner_waits_for_nobody_until_it_is_decided_all_the_same(cast):
    round_, ids = tied(cast, winners=2)
    with builders.standing_at(2024, 11, 1):
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.RANKINGS]
        rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=ids, reason="Musyawarah.")
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.TIES, Target.RANKINGS]
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        assert [item.target for item in worklist(cast.bkpsdm, clock.now())] == [Target.RANKINGS]


def test_a_proposal_waits_for_a_second_person(cast):
    round_ = builders.open_round(cast)
    ranking = rankings.Ranking.create(
        category=round_.category_id, number=1, engine="x", inputs="{}", input_sha256="a", result='{"blocked":[]}', result_sha256="b",
        computed_at=clock.now(), computed_by=cast.bkpsdm.user_id,
    )  # fmt: skip
    values = {"category": round_.category_id, "kind": "override", "ranking": ranking, "reason": "Musyawarah.", "proposed_at": clock.now()}
    DeterminationProposal.create(**values, proposed_by=cast.verifier.user_id)
    assert [item.target for item in items(cast, "bkpsdm")] == [Target.APPROVALS]
    DeterminationProposal.update(proposed_by=cast.bkpsdm.user_id).execute()
    assert items(cast, "bkpsdm") == []


def test_a_viewer_sees_the_rounds_that_run(cast):
    builders.prepared_round(cast)
    assert items(cast, "viewer") == []
    Period.update(state="open").execute()
    assert [(item.sentence, item.target) for item in items(cast, "viewer")] == [("1 periode dapat Anda periksa", Target.ROUNDS)]


def test_a_period_that_has_outstayed_its_stage_waits_to_be_moved(cast):
    builders.open_round(cast)
    assert waiting(cast, 2024, 10, 15, 23, 59, 59).get("bkpsdm") is None
    late = "1 periode menunggu dipindahkan ke tahap berikutnya, terlambat 1 hari (15 Oktober 2024 23.59 WITA)"
    assert waiting(cast, 2024, 10, 16, 0, 0, 0)["bkpsdm"] == [late]


def test_the_nearest_deadline_comes_first_whatever_the_role(cast):
    round_ = builders.open_round(cast, quota_per_unit=None)
    builders.submitted(cast, round_, "Budi Santoso")
    returned = builders.submitted(cast, round_, "Udin Hasan")
    builders.drafted(cast, round_, "Wati Lestari")
    with builders.standing_at(2024, 10, 3):
        version = builders.version_of(returned)
        checks.return_(cast.verifier, nomination_id=returned, reason="Kurang.", due_on=date(2024, 10, 9), expected_version=version)
    both = Actor(99, "dua", "Dua Peran", (Grant(Role.VIEWER), Grant(Role.VERIFIER), Grant(Role.OPD_ADMIN, cast.unit_id)), "panel")
    with builders.during_nomination():
        found = [item.target for item in worklist(both, clock.now())]
    assert found == [Target.RETURNED, Target.DRAFTS, Target.CHECKS, Target.ROUNDS]


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "unit_admin", "unit_head", "viewer"])
def test_more_work_costs_no_more_statements(cast, db, who):
    def cost():
        with builders.during_nomination(), builders.counted(db) as sent:
            worklist(getattr(cast, who), clock.now())
        return len(sent)

    nothing = cost()
    round_ = builders.open_round(cast, quota_per_unit=None)
    for name in ("Budi Santoso", "Wati Lestari"):
        builders.submitted(cast, round_, name)
        builders.drafted(cast, round_, f"{name} Kedua")
    assert cost() == nothing
