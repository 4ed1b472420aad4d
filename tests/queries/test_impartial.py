"""An assessor who holds another role as well sees nothing of the others while the category is assessed, and all of it afterwards."""

import pytest

from sipetruk.errors import Forbidden
from sipetruk.models import Membership, Ranking, Sheet
from sipetruk.queries import analysis, backtests, disagreement, explanations, rankings, standing
from sipetruk.queries.users import actor_of
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings as service
from tests.services import builders

READS = {
    "standing": lambda actor, round_, _: standing.standing(actor, round_.category_id),
    "ranking": lambda actor, round_, _: rankings.ranking(actor, round_.category_id),
    "why": lambda actor, round_, nominee: explanations.why(actor, round_.category_id, nominee),
    "gap": lambda actor, round_, nominee: explanations.gap(actor, round_.category_id, nominee, nominee),
    "analysis": lambda actor, round_, _: analysis.analysis(actor, round_.category_id),
    "disagreements": lambda actor, round_, _: disagreement.disagreements(actor, round_.category_id),
}


@pytest.fixture
def both(cast):
    """Siti assesses and administers."""
    Membership.create(user=cast.assessor.user_id, role="bkpsdm_admin")
    return actor_of(cast.assessor.user_id, 0, "panel")


@pytest.fixture
def assessed(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    for who in (cast.assessor, cast.assessor2):
        builders.assess(who, budi)
    service.compute(cast.bkpsdm, category_id=round_.category_id)
    return round_, budi


@pytest.mark.parametrize("name", READS)
def test_nothing_is_read_while_the_category_is_assessed(both, assessed, name):
    round_, budi = assessed
    with pytest.raises(Forbidden) as refusal:
        READS[name](both, round_, budi)
    assert refusal.value.message == "Anda menilai pada kategori ini; nilai penilai lain terbuka setelah tahap penilaian selesai."


@pytest.mark.parametrize("name", ["standing", "ranking", "why", "analysis", "disagreements"])
def test_everything_is_read_afterwards(cast, both, assessed, name):
    round_, budi = assessed
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    READS[name](both, round_, budi)


def test_an_own_sheet_that_is_open_again_closes_it_once_more(cast, both, assessed):
    round_, budi = assessed
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = service.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        service.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    assert service.export(both, ranking_id=ranking_id)["result_sha256"] == sha256
    Sheet.update(state="open", submitted_at=None).where(Sheet.assessor == both.user_id).execute()
    with pytest.raises(Forbidden):
        READS["standing"](both, round_, budi)
    with pytest.raises(Forbidden):
        service.export(both, ranking_id=ranking_id)
    with pytest.raises(Forbidden):
        backtests.backtest(both, round_.version_id, round_.category_id)
    READS["standing"](cast.bkpsdm, round_, budi)


def test_who_assesses_elsewhere_reads_here(cast, assessed):
    round_, budi = assessed
    Membership.create(user=cast.assessor3.user_id, role="viewer")
    READS["standing"](actor_of(cast.assessor3.user_id, 0, "panel"), round_, budi)
