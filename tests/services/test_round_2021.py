"""The round of 2021 by the services: no assessor, values from data, the unit and its head; the printed rule is the applied one."""

import io

import pytest

from sipetruk.errors import Invalid
from sipetruk.models import Nomination, Ranking, Sheet
from sipetruk.queries.rankings import ranking
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import checks, evidence, nominations, people, rankings
from sipetruk.starters import starter
from tests.services import builders

ANSWERS = {
    "nama_inovasi": "Antrean daring puskesmas",
    "keterangan_inovasi": "Pasien mengambil nomor antrean dari rumah lewat telepon genggam.",
    "inovasi": "40",
}


def nominee(cast, round_, name, ekinerja, attendance, behaviour):
    """A submitted and accepted nominee with these facts in hundredths; None is not on record."""
    employee_id = builders.employee(cast.unit_id, name)
    if ekinerja is not None:
        people.record_series(SYSTEM, records=[people.SeriesRecord(employee_id, "ekinerja", 2021, 3, ekinerja)])
    if behaviour is not None:
        people.record_series(SYSTEM, records=[people.SeriesRecord(employee_id, "perilaku", 2020, 0, behaviour)])
    if attendance is not None:
        people.record_attendance(SYSTEM, records=[people.AttendanceRecord(employee_id, 2021, 3, attendance)])
    with builders.during_nomination():
        id_ = nominations.draft(cast.unit_admin, category_id=round_.category_id, employee_id=employee_id)
        nominations.save_answers(cast.unit_admin, nomination_id=id_, answers=ANSWERS, expected_version=1)
        stream = io.BytesIO(builders.PDF + name.encode())
        evidence.store(cast.unit_admin, nomination_id=id_, requirement="cetak_penilaian", filename="cetak.pdf", stream=stream)
        nominations.endorse(cast.unit_head, nomination_id=id_, values={"teamwork": "25"}, expected_version=builders.version_of(id_))
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    with builders.standing_at(2024, 10, 14):
        builders.check_all(cast, id_, ["cetak_penilaian"])
        checks.accept(cast.verifier, nomination_id=id_, expected_version=builders.version_of(id_))
    return id_


def computed(cast, people_):
    """Rank a round with these nominees: name -> (ekinerja, attendance, behaviour)."""
    round_ = builders.open_round(cast, starter("balangan-2021"), panel=[])
    for name, facts in people_.items():
        nominee(cast, round_, name, *facts)
    with builders.standing_at(2024, 11, 1):
        for step in (PeriodMove.START_VERIFICATION, PeriodMove.START_ASSESSMENT, PeriodMove.START_RANKING):
            builders.move(cast, round_, step)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    return ranking_id, {row.name: row for row in ranking(cast.bkpsdm, round_.category_id).rows}


def test_the_thresholds_of_2021_are_applied_as_they_are_printed(cast):
    _, rows = computed(
        cast,
        {
            "Tepat Batas": (8_500, 9_500, 7_600),
            "Kurang Sedikit": (8_499, 9_499, 7_599),
            "Kurang Kinerja": (8_499, 9_500, 7_600),
        },
    )
    assert {name: (row.score, row.rank) for name, row in rows.items()} == {
        "Tepat Batas": ("95.00", 1),
        "Kurang Kinerja": ("85.00", 2),
        "Kurang Sedikit": ("65.00", 3),
    }


def test_without_marks_of_assessors_there_are_no_sheets_and_everybody_is_assessed(cast):
    ranking_id, _ = computed(cast, {"Tepat Batas": (8_500, 9_500, 7_600)})
    assert Sheet.select().count() == 0
    assert [n.state for n in Nomination.select()] == ["assessed"]
    with builders.standing_at(2024, 11, 1):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=Ranking.get_by_id(ranking_id).result_sha256)
    assert [n.state for n in Nomination.select()] == ["ranked"]


@pytest.mark.parametrize("gap", [(None, 9_500, 7_600), (8_500, None, 7_600), (8_500, 9_500, None)])
def test_a_fact_that_is_not_on_record_is_incomplete_and_never_zero(cast, gap):
    ranking_id, rows = computed(cast, {"Belum Tercatat": gap, "Tepat Batas": (8_500, 9_500, 7_600)})
    row = rows["Belum Tercatat"]
    assert (row.status, row.score, row.rank) == ("INCOMPLETE", None, None)
    with builders.standing_at(2024, 11, 1), pytest.raises(Invalid):
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=Ranking.get_by_id(ranking_id).result_sha256)
    assert Ranking.get_by_id(ranking_id).state == "draft"
