"""Periods: schedule, categories, panels, and the guards of each step."""

import json
from datetime import date, datetime, timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import TABLES, AuditEntry, Category, Nomination, PanelMember, Period, Publication, Sheet, StageWindow
from sipetruk.queries.periods import window
from sipetruk.rules.workflow import WITA, NominationState, PeriodMove, PeriodState, Stage
from sipetruk.services import clock, instruments, interviews, nominations, periods
from tests.services import builders


def version(round_):
    return Period.get_by_id(round_.period_id).row_version


def refuse(cast, round_, step, **more):
    with pytest.raises((IllegalMove, Invalid)) as refused:
        periods.move(cast.bkpsdm, period_id=round_.period_id, move=step, expected_version=version(round_), **more)
    return refused.value


def test_a_period_is_opened_with_schedule_category_and_panel(cast):
    round_ = builders.open_round(cast)
    assert Period.get_by_id(round_.period_id).state == "open"
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.before, entry.after) == ("period:move", {"state": "preparation"}, {"state": "open"})


def test_a_bare_period_cannot_be_opened_and_says_all_that_lacks(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    with pytest.raises(Invalid) as refused:
        periods.move(cast.bkpsdm, period_id=period_id, move=PeriodMove.OPEN, expected_version=1)
    assert [p.message for p in refused.value.problems] == ["Jadwal pengusulan belum diisi.", "Periode belum mempunyai kategori."]
    assert Period.get_by_id(period_id).state == "preparation"


def test_a_panel_smaller_than_the_instrument_asks_for_cannot_start(cast):
    round_ = builders.prepared_round(cast, panel=[cast.assessor])
    assert refuse(cast, round_, PeriodMove.OPEN).message == "Tim penilai kategori “ASN Inovatif” berjumlah 1, paling sedikit 2."


def test_a_rule_on_an_unknown_fact_is_refused_when_its_category_is_saved(cast):
    round_ = builders.prepared_round(cast)
    rules = [{"fact": "age", "operator": "at_most", "value": 50}, {"fact": "zodiak", "operator": "in", "value": ["leo"]}]
    before = list(Category.select().dicts()), AuditEntry.select().count()
    same = {"name": "Lain", "instrument_version_id": round_.version_id, "winners": 1, "eligibility_rules": rules}
    changes = {**same, "quota_per_unit": None, "winners_per_unit": None, "expected_version": Category.get().row_version}
    for act in (
        lambda: periods.add_category(cast.bkpsdm, period_id=round_.period_id, slug="lain", **same),
        lambda: periods.update_category(cast.bkpsdm, category_id=round_.category_id, **changes),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert [(problem.path, problem.message) for problem in refused.value.problems] == [
            (("eligibility", "1", "fact"), "Syarat nomor 2 memakai fakta yang tidak dikenal: “zodiak”.")
        ]
    assert (list(Category.select().dicts()), AuditEntry.select().count()) == before


def test_a_category_on_a_draft_cannot_open(cast):
    round_ = builders.prepared_round(cast)
    draft = instruments.create(cast.bkpsdm, code="draf", name="Draf")
    category = Category.get_by_id(round_.category_id)
    periods.update_category(
        cast.bkpsdm,
        category_id=category.id,
        name=category.name,
        instrument_version_id=draft,
        winners=1,
        quota_per_unit=None,
        winners_per_unit=None,
        eligibility_rules=[],
        expected_version=category.row_version,
    )
    assert refuse(cast, round_, PeriodMove.OPEN).message == "Instrumen kategori “ASN Inovatif” belum dikunci."


def test_moving_ahead_of_the_schedule_needs_a_reason_to_the_second(cast):
    round_ = builders.open_round(cast)
    with clock.standing_at(datetime(2024, 10, 15, 23, 59, 59, tzinfo=WITA)):
        refusal = refuse(cast, round_, PeriodMove.START_VERIFICATION)
    assert refusal.problems[0].path == ("reason",)
    assert "sampai 15 Oktober 2024 pukul 23.59 WITA" in refusal.message
    with clock.standing_at(datetime(2024, 10, 16, 0, 0, 0, tzinfo=WITA)):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
    assert Period.get_by_id(round_.period_id).state == "verification"


def test_a_reason_lets_bkpsdm_move_ahead_and_is_on_record(cast):
    round_ = builders.open_round(cast)
    with builders.during_nomination():
        periods.move(
            cast.bkpsdm,
            period_id=round_.period_id,
            move=PeriodMove.START_VERIFICATION,
            expected_version=version(round_),
            reason="Semua unit sudah mengusulkan",
        )
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().reason == "Semua unit sudah mengusulkan"


def test_assessment_waits_for_every_check(cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_VERIFICATION)
        assert refuse(cast, round_, PeriodMove.START_ASSESSMENT).message == "Masih ada 1 usulan yang belum diverifikasi."
    assert Sheet.select().count() == 0


def test_assessment_opens_a_sheet_for_every_nominee_and_assessor(cast):
    _, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    sheets = {(s.nomination_id, s.assessor_id, s.state) for s in Sheet.select()}
    assert sheets == {(n, a.user_id, "open") for n in ids for a in (cast.assessor, cast.assessor2)}


def test_ranking_waits_for_every_sheet(cast):
    round_, ids = builders.assessing(cast, "Budi Santoso")
    with builders.standing_at(2024, 11, 1):
        assert refuse(cast, round_, PeriodMove.START_RANKING).message == "Masih ada 2 lembar penilaian yang belum dikirim."
    with builders.standing_at(2024, 10, 24):
        for who in (cast.assessor, cast.assessor2):
            builders.assess(who, ids[0])
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        names = "Pemeringkatan belum difinalkan untuk kategori: ASN Inovatif."
        with builders.standing_at(2024, 11, 6):
            assert refuse(cast, round_, PeriodMove.START_DETERMINATION).message == names
    assert Period.get_by_id(round_.period_id).state == "ranking"


def test_publishing_has_its_own_door(cast):
    round_ = builders.open_round(cast)
    assert refuse(cast, round_, PeriodMove.PUBLISH).code == "ILLEGAL_MOVE"


def test_a_stale_version_is_a_conflict(cast):
    round_ = builders.prepared_round(cast)
    with pytest.raises(Conflict):
        periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows={}, expected_version=1)
    assert StageWindow.select().count() == len(builders.WINDOWS)


def test_a_running_schedule_changes_only_with_a_reason(cast):
    round_ = builders.open_round(cast)
    windows = builders.WINDOWS | {Stage.NOMINATION: (date(2024, 10, 1), date(2024, 10, 18))}
    with pytest.raises(Invalid) as refused:
        periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=windows, expected_version=version(round_))
    assert refused.value.problems[0].path == ("reason",)
    periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=windows, expected_version=version(round_), reason="Perpanjangan")
    assert window(round_.period_id, Stage.NOMINATION).closes_on == date(2024, 10, 18)


def test_a_stage_may_not_end_before_it_begins(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    backwards = {Stage.NOMINATION: (date(2024, 10, 2), date(2024, 10, 1))}
    with pytest.raises(Invalid) as refused:
        periods.set_windows(cast.bkpsdm, period_id=period_id, windows=backwards, expected_version=1)
    assert refused.value.problems[0].path == ("windows", "nomination")
    assert StageWindow.select().count() == 0


@pytest.mark.parametrize("days", [(date(1999, 12, 31), date(2024, 10, 1)), (date(2024, 10, 1), date(9999, 12, 31))])
def test_a_stage_lies_in_years_that_a_period_may_have(cast, days):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    with pytest.raises(Invalid) as refused:
        periods.set_windows(cast.bkpsdm, period_id=period_id, windows={Stage.NOMINATION: days}, expected_version=1)
    assert (refused.value.problems[0].path, refused.value.message) == (("windows", "nomination"), "Tahun harus antara 2000 dan 2200.")
    assert StageWindow.select().count() == 0


def test_a_panel_holds_only_assessors(cast):
    round_ = builders.prepared_round(cast)
    with pytest.raises(Invalid, match="peran penilai"):
        periods.set_panel(cast.bkpsdm, category_id=round_.category_id, user_ids=[cast.verifier.user_id])
    assert {row.user_id for row in PanelMember.select()} == {cast.assessor.user_id, cast.assessor2.user_id}


def test_categories_are_fixed_once_the_period_is_open(cast):
    round_ = builders.open_round(cast)
    category = Category.get_by_id(round_.category_id)
    with pytest.raises(IllegalMove, match="Persiapan"):
        periods.remove_category(cast.bkpsdm, category_id=category.id, expected_version=category.row_version)
    assert Category.select().count() == 1


def test_bad_numbers_and_rules_of_a_category_are_all_named(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    with pytest.raises(Invalid) as refused:
        periods.add_category(
            cast.bkpsdm,
            period_id=period_id,
            name="",
            slug="Tidak Baik",
            instrument_version_id=1,
            winners=0,
            quota_per_unit=-1,
            eligibility_rules=[{"fact": "shoe_size", "operator": "in", "value": []}],
        )
    assert [p.path[0] for p in refused.value.problems] == ["name", "slug", "winners", "quotaPerUnit", "eligibility"]
    assert Category.select().count() == 0


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer"])
def test_only_bkpsdm_moves_a_period(cast, who):
    round_ = builders.prepared_round(cast)
    with pytest.raises(Forbidden):
        periods.move(getattr(cast, who), period_id=round_.period_id, move=PeriodMove.OPEN, expected_version=version(round_))
    assert Period.get_by_id(round_.period_id).state == "preparation"


def test_the_same_key_makes_one_period(cast):
    ids = {periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran", idempotency_key="k") for _ in range(2)}
    assert len(ids) == 1
    assert Period.select().count() == 1


def test_a_withdrawn_nominee_does_not_hold_the_ranking_up(cast):

    round_, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")

    with builders.standing_at(2024, 10, 24):
        for who in (cast.assessor, cast.assessor2):
            builders.assess(who, budi)
        nominations.withdraw(cast.bkpsdm, nomination_id=wati, reason="Wafat", expected_version=builders.version_of(wati))
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    assert Nomination.get_by_id(budi).state == NominationState.ASSESSED


def rows():
    """Every row of every table."""
    return json.dumps({table.__name__: list(table.select().dicts()) for table in TABLES}, default=str)


def remove(who, period_id, expected_version=None):
    expected = Period.get_by_id(period_id).row_version if expected_version is None else expected_version
    periods.remove(who, period_id=period_id, expected_version=expected)


def test_a_period_made_by_mistake_goes_with_all_that_is_in_it(cast):
    kept = builders.prepared_round(cast)
    period_id = builders.prepared_round(cast, slug="keliru", name="Guru", panel=[cast.assessor]).period_id
    first = Category.get(period=period_id)
    second = periods.add_category(
        cast.bkpsdm, period_id=period_id, name="Wawancara", slug="wawancara", instrument_version_id=kept.version_id, winners=1
    )
    interviews.set_stage(cast.bkpsdm, category_id=second, first_stage_id=first.id, finalists=3, expected_version=1)
    remove(cast.bkpsdm, period_id)
    assert [row.id for row in Period.select()] == [kept.period_id]
    assert [row.id for row in Category.select()] == [kept.category_id]
    assert {row.period_id for row in StageWindow.select()} == {kept.period_id}
    assert {row.category_id for row in PanelMember.select()} == {kept.category_id}
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    before = {"name": "ASN Berprestasi keliru", "year": 2024, "slug": "keliru", "categories": ["Guru", "Wawancara"]}
    assert (entry.actor, entry.action, entry.thing, entry.thing_id) == ("bkpsdm", "period:remove", "period", str(period_id))
    assert (entry.before, entry.after) == (before, None)
    ends = AuditEntry.select().where(AuditEntry.thing == "category", AuditEntry.after.is_null()).order_by(AuditEntry.id)
    assert [(each.thing_id, each.before["name"]) for each in ends] == [(str(first.id), "Guru"), (str(second), "Wawancara")]


def test_the_address_of_a_removed_period_is_free_again(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    remove(cast.bkpsdm, period_id)
    periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    assert Period.select().count() == 1


def test_an_open_period_stays(cast):
    round_ = builders.open_round(cast)
    before = rows()
    with pytest.raises(IllegalMove) as refused:
        remove(cast.bkpsdm, round_.period_id)
    assert refused.value.message == (
        "Periode “ASN Berprestasi 2024” tidak dapat dihapus: hanya periode pada tahap “Persiapan” yang dapat dihapus,"
        " dan tahapnya kini “Pengusulan dibuka”."
    )
    assert rows() == before


def test_a_period_with_nominations_stays_even_in_preparation(cast):
    round_ = builders.open_round(cast)
    for name in ("Budi Santoso", "Wati Lestari"):
        builders.submitted(cast, round_, name)
    Period.update(state="preparation").execute()
    before = rows()
    with pytest.raises(Conflict) as refused:
        remove(cast.bkpsdm, round_.period_id)
    assert refused.value.message == (
        "Periode “ASN Berprestasi 2024” tidak dapat dihapus karena sudah ada usulan pada kategori: ASN Inovatif (2)."
    )
    assert rows() == before


def test_a_period_of_which_something_was_published_stays_even_in_preparation(cast):
    period_id = builders.prepared_round(cast).period_id
    now = clock.now()
    Publication.create(period=period_id, number=1, policy="names", file={}, content_sha256="0" * 64, made_at=now, published_at=now)
    before = rows()
    with pytest.raises(Conflict) as refused:
        remove(cast.bkpsdm, period_id)
    assert refused.value.message == "Periode “ASN Berprestasi 2024” tidak dapat dihapus karena sudah ada pengumuman hasilnya."
    assert rows() == before


def test_a_period_that_somebody_changed_meanwhile_stays(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    periods.update(cast.bkpsdm, period_id=period_id, name="Putaran lain", year=2024, expected_version=1)
    before = rows()
    with pytest.raises(Conflict, match="sudah diubah orang lain"):
        remove(cast.bkpsdm, period_id, expected_version=1)
    assert rows() == before


@pytest.mark.parametrize("state", PeriodState)
def test_name_and_year_of_a_period_are_those_of_its_publication(cast, state):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    Period.update(state=state).execute()
    if state in {"published", "archived"}:
        before = rows()
        fixed = "Nama dan tahun periode tetap sejak hasilnya diumumkan, juga setelah ditarik: berkas dan piagam yang beredar menyebutnya."
        for name, year, fields in (("Lain", 2024, ["name"]), ("Putaran", 2025, ["year"]), ("Lain", 2025, ["name", "year"])):
            with pytest.raises(IllegalMove) as refused:
                periods.update(cast.bkpsdm, period_id=period_id, name=name, year=year, expected_version=1)
            assert [(each.path, each.message, each.code) for each in refused.value.problems] == [
                ((field,), fixed, "ILLEGAL_MOVE") for field in fields
            ]
        assert rows() == before
        assert periods.update(cast.bkpsdm, period_id=period_id, name=" Putaran ", year=2024, expected_version=1) == 2
    else:
        assert periods.update(cast.bkpsdm, period_id=period_id, name="Lain", year=2025, expected_version=1) == 2


def test_a_publication_that_waits_for_its_moment_holds_name_and_year_until_it_is_called_off(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    Period.update(state=PeriodState.DETERMINATION).execute()
    now = clock.now()
    tomorrow = now + timedelta(days=1)
    Publication.create(period=period_id, number=1, policy="names", file={}, content_sha256="0" * 64, made_at=now, published_at=tomorrow)
    with pytest.raises(IllegalMove, match="Batalkan dahulu jadwalnya") as refused:
        periods.update(cast.bkpsdm, period_id=period_id, name="Putaran", year=2025, expected_version=1)
    assert [each.path for each in refused.value.problems] == [("year",)]
    Publication.update(withdrawn_at=now, withdrawal_note="Batal.").execute()
    assert periods.update(cast.bkpsdm, period_id=period_id, name="Lain", year=2025, expected_version=1) == 2


def test_a_category_that_came_or_went_meanwhile_is_noticed(cast):
    """Whoever opens or removes a period has read which categories it has."""
    round_ = builders.prepared_round(cast)
    seen = version(round_)
    added = periods.add_category(
        cast.bkpsdm, period_id=round_.period_id, name="Guru", slug="guru", instrument_version_id=round_.version_id, winners=1
    )
    for stale in (seen, version(round_) - 1):
        with pytest.raises(Conflict, match="sudah diubah orang lain"):
            remove(cast.bkpsdm, round_.period_id, expected_version=stale)
        with pytest.raises(Conflict, match="sudah diubah orang lain"):
            periods.move(cast.bkpsdm, period_id=round_.period_id, move=PeriodMove.OPEN, expected_version=stale)
    seen = version(round_)
    periods.remove_category(cast.bkpsdm, category_id=added, expected_version=1)
    with pytest.raises(Conflict, match="sudah diubah orang lain"):
        periods.move(cast.bkpsdm, period_id=round_.period_id, move=PeriodMove.OPEN, expected_version=seen)
    assert version(round_) == seen + 1


def test_the_same_key_adds_one_category_and_changes_the_period_once(cast):
    round_ = builders.prepared_round(cast)
    values = {"name": "Guru", "slug": "guru", "instrument_version_id": round_.version_id, "winners": 1, "idempotency_key": "k"}
    before = version(round_)
    ids = {periods.add_category(cast.bkpsdm, period_id=round_.period_id, **values) for _ in range(2)}
    assert (len(ids), version(round_)) == (1, before + 1)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider"])
def test_who_may_not_remove_learns_nothing_of_what_is_there(cast, who):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    before, said = rows(), set()
    for number in (period_id, 999):
        with pytest.raises(Forbidden) as refused:
            remove(getattr(cast, who), number, expected_version=1)
        said.add(refused.value.message)
    assert said == {"Anda tidak berhak mengatur periode, jadwal, kategori, dan tim penilai."}
    assert rows() == before


def test_a_period_is_removed_once(cast):
    period_id = periods.create(cast.bkpsdm, name="Putaran", year=2024, slug="putaran")
    remove(cast.bkpsdm, period_id)
    before = rows()
    for number in (period_id, 999):
        with pytest.raises(NotFound, match="Periode tidak ditemukan"):
            remove(cast.bkpsdm, number, expected_version=1)
    assert rows() == before
