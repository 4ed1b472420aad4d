"""What anybody reads: rounds that have begun, instruments in use, open forms, standing publications; nothing else."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period, PublishedWinner, Ranking
from sipetruk.queries import public
from sipetruk.rules.unit_history import Basis
from sipetruk.rules.workflow import PeriodMove, PeriodState, Stage
from sipetruk.services import instruments, periods, rankings, results, units
from tests.services import builders

OPEN_DAY = datetime(2024, 10, 2, 2, tzinfo=UTC)
NOW = datetime(2030, 1, 1, tzinfo=UTC)
SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}


def published(cast, *names, policy="names", winners=1, **options):
    """A published round: the first nominee wins with 100, the others have 90.5."""
    names = names or ("Siti Aminah", "Budi Santoso")
    round_, ids = builders.assessing(cast, *names, winners=winners, **options)
    with builders.standing_at(2024, 10, 24):
        for id_ in ids:
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, builders.FULL_MARKS if id_ == ids[0] else SECOND)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
        version = Period.get_by_id(round_.period_id).row_version
        periods.move(
            cast.bkpsdm,
            period_id=round_.period_id,
            move=PeriodMove.START_DETERMINATION,
            expected_version=version,
            reason="Semua selesai.",
        )
        results.determine(
            cast.bkpsdm,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=ids[:winners],
            decree_number="SK-1",
            decree_on=date(2024, 11, 5),
        )
        publication_id = results.publish(cast.bkpsdm, period_id=round_.period_id, policy=policy)
    return round_, ids, publication_id


def test_a_round_in_preparation_is_not_there(db, cast):
    round_ = builders.prepared_round(cast)
    assert public.periods(now=OPEN_DAY) == ()
    assert public.current_period(now=OPEN_DAY) is None
    with pytest.raises(NotFound):
        public.period("2024", now=OPEN_DAY)
    version = InstrumentVersion.get_by_id(round_.version_id)
    with pytest.raises(NotFound):
        public.instrument_version(version.instrument.code, 1)


def test_an_open_round_shows_stages_requirements_and_instrument(db, cast):
    rules = [{"fact": "service_years", "operator": "at_least", "value": 4, "effect": "block", "message": ""}]
    round_ = builders.open_round(cast, quota_per_unit=2, eligibility_rules=rules)
    found = public.period("2024", now=OPEN_DAY)
    assert (found.id, found.slug, found.year, found.state) == (round_.period_id, "2024", 2024, PeriodState.OPEN)
    assert [(stage.stage, stage.opens_on, stage.closes_on, stage.is_open) for stage in found.stages] == [
        (stage, *builders.WINDOWS[stage], stage is Stage.NOMINATION) for stage in builders.WINDOWS
    ]
    (category,) = found.categories
    assert (category.slug, category.winners_max, category.quota_per_unit, category.closes_on, category.is_open) == (
        "inovatif",
        1,
        2,
        date(2024, 10, 15),
        True,
    )
    assert category.requirements == (public.Requirement("Masa kerja paling sedikit 4 tahun", "block"),)
    assert (category.instrument.number, category.instrument.name) == (1, "Instrumen kecil")
    assert public.current_period(now=OPEN_DAY) == found
    assert public.periods(now=OPEN_DAY) == (found,)


def test_the_form_is_open_to_the_last_second_of_the_last_day_in_wita(db, cast):
    builders.open_round(cast)
    closing = datetime(2024, 10, 15, 16, tzinfo=UTC)
    assert [form.category.slug for form in public.open_forms(now=closing - timedelta(seconds=1))] == ["inovatif"]
    assert public.open_forms(now=closing) == ()
    assert public.open_categories(now=closing) == ()


def test_an_open_form_carries_its_instrument(db, cast):
    builders.open_round(cast)
    (form,) = public.open_forms(now=OPEN_DAY)
    assert [field.code for field in form.definition.fields] == ["judul", "tingkat"]
    assert public.open_categories(now=OPEN_DAY) == (form.category,)


def test_only_locked_versions_that_a_round_uses_are_public(db, cast):
    round_ = builders.open_round(cast)
    version = InstrumentVersion.get_by_id(round_.version_id)
    code = version.instrument.code
    found = public.instrument_version(code, 1)
    assert (found.version_id, found.number, found.state, found.sha256) == (version.id, 1, "locked", version.sha256)
    assert found.definition.to_dict() == version.definition
    instruments.start_draft(cast.bkpsdm, instrument_id=version.instrument_id)
    other = InstrumentVersion.get_by_id(builders.locked_version())
    for hidden in ((code, 2), (other.instrument.code, 1), ("tidak-ada", 1)):
        with pytest.raises(NotFound):
            public.instrument_version(*hidden)


def test_the_latest_publication_has_its_winners_and_counts(db, cast):
    round_, _, publication_id = published(cast)
    found = public.latest_publication(now=NOW)
    assert (found.id, found.number, found.period.id, found.policy) == (publication_id, 1, round_.period_id, "names")
    assert [(winner.place, winner.slug, winner.name, winner.score, winner.components) for winner in found.winners] == [
        (1, "siti-aminah-2024", "Siti Aminah", None, None)
    ]
    assert (found.nominated, found.verified, found.awarded) == (2, 2, 1)
    assert [(unit.code, unit.nominated, unit.verified, unit.winners) for unit in found.units] == [("dinkes", 2, 2, 1)]
    assert public.publications(now=NOW) == (found,)
    assert public.publication_of("2024", now=NOW) == found
    assert public.current_period(now=OPEN_DAY) is None


def test_a_winner_by_address_with_what_the_policy_allows(db, cast):
    round_, _, _ = published(cast, policy="names_and_breakdown")
    found = public.winner("siti-aminah-2024", now=NOW)
    assert (found.name, found.score, found.decree_number, found.decree_on) == ("Siti Aminah", "100.00", "SK-1", date(2024, 11, 5))
    assert found.components == (
        public.ComponentScore("inovasi", "Inovasi", "60.00", "60"),
        public.ComponentScore("rekam_jejak", "Rekam jejak", "40.00", "40"),
    )
    instrument = InstrumentVersion.get_by_id(round_.version_id).instrument
    assert found.instrument == public.InstrumentRef(instrument.code, 1, "Instrumen kecil")
    for slug in ("budi-santoso-2024", "tidak-ada"):
        with pytest.raises(NotFound):
            public.winner(slug, now=NOW)


def test_nothing_of_a_withdrawn_publication_is_left(db, cast):
    round_, _, publication_id = published(cast)
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Keliru.")
    assert public.latest_publication(now=NOW) is None
    assert (public.publications(now=NOW), public.publication_of("2024", now=NOW), public.winners(now=NOW).rows) == ((), None, ())
    with pytest.raises(NotFound):
        public.winner("siti-aminah-2024", now=NOW)
    second = results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_score")
    assert [each.id for each in public.publications(now=NOW)] == [second]
    assert (public.winner("siti-aminah-2024", now=NOW).score, public.winners(now=NOW).total) == ("100.00", 1)


def test_winners_are_searched_only_by_what_is_public(db, cast):
    _, ids, _ = published(cast)
    nip = builders.employee_of(ids[0]).nip
    assert [winner.name for winner in public.winners(now=NOW, search="aminah pranata").rows] == ["Siti Aminah"]
    for nothing in (nip, "Budi", "100", "%"):
        assert public.winners(now=NOW, search=nothing).rows == ()


def test_winners_are_narrowed_by_what_occurs_among_them_under_its_latest_name(db, cast):
    assert public.winner_choices(now=NOW) == public.WinnerChoices((), (), ())
    published(cast)
    first = PublishedWinner.get()
    basis = Basis(date(2024, 10, 1), "Perda 5")
    with builders.standing_at(2024, 10, 2):
        units.rename(cast.bkpsdm, unit_id=cast.unit_id, code=first.unit_code, name="Dinas Baru", basis=basis, expected_version=1)
    _, _, withdrawn = published(cast, slug="lain")
    found = public.winner_choices(now=NOW)
    assert [period.slug for period in found.periods] == ["lain", "2024"]
    assert [(each.code, each.name) for each in found.units] == [(first.unit_code, "Dinas Baru")]
    assert [(each.code, each.name) for each in found.categories] == [(first.category_slug, first.category_name)]
    results.unpublish(cast.bkpsdm, publication_id=withdrawn, note="Keliru.")
    assert [(each.code, each.name) for each in public.winner_choices(now=NOW).units] == [(first.unit_code, first.unit_name)]


def test_no_personal_number_and_no_loser_is_readable(db, cast):
    _, ids, _ = published(cast, policy="names_and_score")
    text = repr([asdict(found) for found in (*public.publications(now=NOW), *public.periods(now=OPEN_DAY), *public.winners(now=NOW).rows)])
    assert builders.employee_of(ids[0]).nip not in text
    assert "Budi Santoso" not in text


def test_public_pages_cost_the_same_for_one_round_and_for_three(db, cast):
    def counts():
        found = []
        for read in (
            lambda: public.periods(now=OPEN_DAY),
            lambda: public.open_forms(now=OPEN_DAY),
            lambda: public.publications(now=NOW),
            lambda: public.latest_publication(now=NOW),
            lambda: public.winners(now=NOW).total,
            lambda: public.winner_choices(now=NOW),
            lambda: public.publication_revision(now=OPEN_DAY),
        ):
            with builders.counted(db) as sent:
                read()
            found.append(len(sent))
        return found

    published(cast, slug="a")
    builders.open_round(cast, slug="b")
    one = counts()
    published(cast, "Wati", "Ani", "Uli", winners=3, slug="c")
    builders.open_round(cast, slug="d")
    assert (one, counts()) == ([3, 3, 2, 2, 2, 3, 1],) * 2


def test_the_revision_changes_with_everything_that_is_public(db, cast):
    seen = []

    def note(now=OPEN_DAY):
        revision = public.publication_revision(now=now)
        assert revision == public.publication_revision(now=now)
        seen.append(revision)

    note()
    round_ = builders.prepared_round(cast)
    note()
    with builders.standing_at(2024, 10, 1):
        builders.move(cast, round_, PeriodMove.OPEN)
    note()
    longer = builders.WINDOWS | {Stage.NOMINATION: (date(2024, 10, 1), date(2024, 10, 16))}
    version = Period.get_by_id(round_.period_id).row_version
    periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=longer, expected_version=version, reason="Diperpanjang.")
    note()
    note(OPEN_DAY + timedelta(days=1))
    note(NOW)
    _, _, publication_id = published(cast, slug="lain")
    note(NOW)
    results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Keliru.")
    note(NOW)
    version = InstrumentVersion.get_by_id(round_.version_id)
    instruments.retire(cast.bkpsdm, version_id=version.id, reason="Diganti.", expected_version=version.row_version)
    note(NOW)
    assert len(set(seen)) == len(seen) == 9
    assert Category.select().count() == 2
    assert Instrument.select().count() == 2
