"""A unit reads what became of its own nominee: the outcome of every criterion, no single mark, nothing of others."""

from __future__ import annotations

from sipetruk.api import ids
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings
from tests.portal import pages
from tests.services import builders
from tests.services.test_rankings import WORSE, assessed, final
from tests.services.test_results import determining


def address(nomination_id):
    return f"/usulan/{ids.encode('Nomination', nomination_id)}/nilai"


def test_a_unit_reads_the_score_of_its_own_nominee(db, cast, client, sign_in):
    _, nominations, _ = determining(cast)
    sign_in(client, cast.unit_admin)
    answer = client.get(address(nominations[1]))
    assert (answer.status_code, pages.forbidden(answer.text)) == (200, [])
    assert "peringkat 2 dari 3 calon" in " ".join(answer.text.split())
    assert ('30,50 <span class="of">dari 40</span>' in answer.text, "penentu urutan" in answer.text) == (True, False)
    for other in ("Siti Aminah", "Wati Lestari", cast.assessor.name):
        assert other not in answer.text
    assert f'href="{address(nominations[1])}"' in client.get(address(nominations[1]).removesuffix("/nilai")).text


def test_what_decided_between_equal_scores_is_told(db, cast, client, sign_in):
    round_, (budi, wati) = assessed(cast, [WORSE, WORSE])
    rankings.compute(cast.bkpsdm, category_id=round_.category_id)
    rankings.decide_tie(cast.bkpsdm, category_id=round_.category_id, order=[wati, budi], reason="Pengabdian di daerah terpencil.")
    final(cast, round_)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
    sign_in(client, cast.unit_admin)
    for nomination_id, place in ((wati, 1), (budi, 2)):
        text = " ".join(client.get(address(nomination_id)).text.split())
        assert f"peringkat {place} dari 2 calon" in text
        assert "Nilai tercetaknya sama dengan calon lain; penentu urutan: Keputusan tim penilai." in text
        assert "terpencil" not in text


def test_another_unit_finds_nothing(db, cast, client, sign_in):
    _, nominations, _ = determining(cast)
    sign_in(client, cast.outsider)
    assert client.get(address(nominations[1])).status_code == 404
