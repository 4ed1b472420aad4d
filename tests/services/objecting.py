"""A round in its objection stage, for the tests of objections and of what follows from them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from sipetruk.models import Objection, Period, Ranking, Sheet
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import assessment, clock, objections, periods, rankings, reassessment
from tests.kept import kept
from tests.services import builders

FIRST = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "38", "note": ""}}
SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}
HIGHER = {"gagasan": {"state": "scored", "value": "40", "note": "Bukti proposal dibaca ulang."}}
WINDOW = (date(2024, 11, 6), date(2024, 11, 8))
REASON = "Nilai gagasan tidak sesuai dengan proposal yang dilampirkan."
WITA = timezone(timedelta(hours=8))


def at(day, hour=10, minute=0, second=0):
    """A moment of November 2024 in WITA."""
    return clock.standing_at(datetime(2024, 11, day, hour, minute, second, tzinfo=WITA).astimezone(UTC))


@kept
def ranking_stage(cast, marks=(FIRST, SECOND), **options):
    """A round in ranking with a final ranking; the first nominee of `marks` wins."""
    names = ["Siti Aminah", "Budi Santoso", "Wati Lestari"][: len(marks)]
    round_, ids = builders.assessing(cast, *names, **options)
    with builders.standing_at(2024, 10, 24):
        for id_, given in zip(ids, marks, strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, given)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    final(cast, round_, day=2)
    return round_, ids


def schedule(cast, round_, window=WINDOW):
    version = Period.get_by_id(round_.period_id).row_version
    windows = builders.WINDOWS | ({Stage.OBJECTION: window} if window else {})
    periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=windows, expected_version=version, reason="Masa sanggah.")


@kept
def objection_stage(cast, marks=(FIRST, SECOND), **options):
    """The same in the objection stage of 6 to 8 November."""
    round_, ids = ranking_stage(cast, marks, **options)
    with at(6, 0):
        schedule(cast, round_)
        builders.move(cast, round_, PeriodMove.OPEN_OBJECTION)
    return round_, ids


def final(cast, round_, *, day):
    """Compute and make final; the id of the ranking."""
    with at(day):
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    return ranking_id


def filed(cast, nomination_id, *, who=None, **more):
    with at(7):
        return objections.file(who or cast.unit_admin, nomination_id=nomination_id, reason=REASON, **more)


def accepted(cast, nomination_id):
    objection_id = filed(cast, nomination_id)
    with at(7, 11):
        objections.accept(cast.bkpsdm, objection_id=objection_id, reason="Proposal belum dibaca seluruhnya.", expected_version=1)
    return objection_id


def sheets(nomination_id, *actors):
    return [Sheet.get(nomination=nomination_id, assessor=actor.user_id).id for actor in actors]


def reopened(cast, nomination_id, *actors, criteria=(), day=7):
    with at(day, 12):
        reassessment.reopen(
            cast.bkpsdm,
            nomination_id=nomination_id,
            sheet_ids=sheets(nomination_id, *actors),
            reason="Menindaklanjuti sanggahan.",
            criteria=criteria,
            expected_version=builders.version_of(nomination_id),
        )


def remarked(actor, nomination_id, marks, *, day=7):
    with at(day, 13):
        version = assessment.save_marks(
            actor, nomination_id=nomination_id, marks=marks, expected_version=builders.sheet_version(actor, nomination_id)
        )
        assessment.submit_sheet(actor, nomination_id=nomination_id, expected_version=version)


def version_of(objection_id):
    return Objection.get_by_id(objection_id).row_version
