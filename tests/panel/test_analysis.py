"""The analysis of a ranking on its page: asked for, made by the worker, read; only by those who may."""

import re

import pytest

from sipetruk import jobs as worker
from sipetruk.models import AuditEntry, Job, Ranking
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings
from tests.services import builders

SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}
THIRD = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "10", "note": ""}}


@pytest.fixture
def category_id(db, cast):
    round_, ids = builders.assessing(cast, "Siti Aminah", "Budi Santoso", "Wati Lestari", winners=2)
    with builders.standing_at(2024, 10, 24):
        for id_, marks in zip(ids, (builders.FULL_MARKS, SECOND, THIRD), strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, marks)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    return round_.category_id


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_an_analysis_is_asked_for_made_and_read(cast, visit, category_id):
    bkpsdm = visit("bkpsdm")
    address = f"/admin/pemeringkatan/{category_id}/analisis/"
    assert "belum dibuat" in text(bkpsdm.get(address))
    answer = bkpsdm.post(address)
    assert answer.status_code == 303
    waiting = bkpsdm.get(address)
    assert ('http-equiv="refresh"' in waiting.text, "Analisis sedang dihitung" in waiting.text) == (True, True)
    assert worker.work_once() is True
    page = bkpsdm.get(address)
    shown = text(page)
    assert "Bukan nilai resmi." in shown
    assert re.search(r"Seberapa kokoh pemenangnya: (kokoh|peka)", shown)
    for name in ("Siti Aminah", "Budi Santoso", cast.assessor.name, cast.assessor2.name, "ICC(A,k)", "TOPSIS", "W Kendall"):
        assert name in shown, name
    assert 'http-equiv="refresh"' not in page.text
    assert re.findall(r"\sstyle=|<script(?![^>]*src)", page.text) == []
    assert AuditEntry.select().where(AuditEntry.action == "analysis:read").count() == 0


def test_what_is_made_is_not_made_again(cast, visit, category_id):
    bkpsdm = visit("bkpsdm")
    for _ in range(2):
        bkpsdm.post(f"/admin/pemeringkatan/{category_id}/analisis/")
        worker.work_once()
    assert [(job.subject, job.state, job.attempts) for job in Job.select()] == [(str(Ranking.get().id), "done", 1)]


def test_a_failed_analysis_can_be_asked_for_again(cast, visit, category_id):
    bkpsdm = visit("bkpsdm")
    address = f"/admin/pemeringkatan/{category_id}/analisis/"
    bkpsdm.post(address)
    Job.update(state="failed").execute()
    assert "Analisis tidak selesai." in text(bkpsdm.get(address))
    bkpsdm.post(address)
    worker.work_once()
    assert "Seberapa kokoh" in text(bkpsdm.get(address))


def test_the_auditor_reads_it_and_nobody_else(cast, visit, category_id):
    address = f"/admin/pemeringkatan/{category_id}/analisis/"
    assert visit("viewer").get(address).status_code == 200
    for who in ("assessor", "verifier"):
        for send in (visit(who).get, visit(who).post):
            assert send(address).status_code == 403
    assert Job.select().count() == 0


def test_a_category_without_a_ranking_has_no_analysis(db, cast, visit):
    round_, _ = builders.assessing(cast, "Siti Aminah")
    assert visit("bkpsdm").get(f"/admin/pemeringkatan/{round_.category_id}/analisis/").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "999", "9" * 23])
def test_an_analysis_of_no_ranking_is_not_found(visit, category_id, number):
    assert visit("bkpsdm").get(f"/admin/pemeringkatan/{category_id}/analisis/?perhitungan={number}").status_code == 404
