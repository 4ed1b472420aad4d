"""Rankings in the panel: computing, ties, the final seal with its export, and why a score is what it is."""

from __future__ import annotations

import html
import json
import re
from decimal import Decimal
from functools import partial

import pytest

from sipetruk.models import AuditEntry, Category, Nomination, Period, Ranking, TieDecision
from sipetruk.panel.kit import show
from sipetruk.panel.rankings import exact_decimals, exact_value
from sipetruk.queries import rankings as queries
from sipetruk.rules import seal
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings
from tests.kept import kept
from tests.services import builders

PAGE = "/admin/pemeringkatan/"
SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}
NAMES = ("Siti Aminah", "Budi Santoso", "Wati Lestari")


@kept
def assessed(cast, *given, **options):
    """A round in ranking: one nominee for each set of marks that both assessors give; None is left unmarked."""
    round_, ids = builders.assessing(cast, *NAMES[: len(given)], **options)
    with builders.standing_at(2024, 10, 24):
        for id_, marks in zip(ids, given, strict=True):
            for assessor in (cast.assessor, cast.assessor2) if marks else ():
                builders.assess(assessor, id_, marks)
    return round_.category_id, ids, round_


@pytest.fixture
def ranking(cast):
    """Two nominees with different scores, ready to be ranked."""
    category_id, ids, round_ = assessed(cast, builders.FULL_MARKS, SECOND)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        yield category_id, ids


@pytest.fixture
def tie(cast):
    """Two nominees whom nothing separates."""
    category_id, ids, round_ = assessed(cast, SECOND, SECOND)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        rankings.compute(cast.bkpsdm, category_id=category_id)
        yield category_id, ids


def address(category_id, step=""):
    return f"{PAGE}{category_id}/{step}"


def text_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def final_form(visitor, category_id):
    page = visitor.get(address(category_id, "final/")).text
    return dict(re.findall(r'name="(ranking_id|result_sha256)" type="hidden" value="([^"]*)"', page))


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_others_see_nothing_of_it(visit, ranking, who):
    category_id, ids = ranking
    visitor = visit(who)
    paths = ("", f"{category_id}/", f"{category_id}/final/", f"{category_id}/calon/{ids[0]}/", f"{category_id}/seri/0/", "ekspor/1.json")
    for path in paths:
        answer = visitor.get(PAGE + path)
        assert (answer.status_code, "Siti Aminah" in answer.text) == (403, False), path
    assert visitor.post(address(category_id, "hitung/")).status_code == 403
    assert Ranking.select().count() == 0


def test_the_auditor_reads_and_changes_nothing(visit, ranking, cast):
    category_id, ids = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    visitor = visit("viewer")
    page = visitor.get(address(category_id))
    assert (page.status_code, "Siti Aminah" in page.text) == (200, True)
    assert ["Hitung ulang" in page.text, "Tetapkan sebagai final" in page.text] == [False, False]
    assert visitor.get(address(category_id, f"calon/{ids[0]}/")).status_code == 200
    assert visitor.get(address(category_id, "final/")).status_code == 403
    assert visitor.post(address(category_id, "final/"), ranking_id="1", result_sha256="x").status_code == 403
    visitor.post(address(category_id, "hitung/"))
    assert [(r.number, r.state) for r in Ranking.select()] == [(1, "draft")]


@pytest.mark.parametrize("path", ["999/", "999/final/", "1/calon/999/", "1/seri/0/", "1/final/", "ekspor/999.json", "1/?perhitungan=999"])
def test_what_is_not_there_is_not_found(visit, ranking, path):
    assert visit("bkpsdm").get(PAGE + path).status_code == 404


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("verification", (False, False, False, False)),
        ("assessment", (True, True, False, False)),
        ("ranking", (True, True, True, True)),
        ("objection", (False, True, True, True)),
        ("determination", (False, False, False, False)),
    ],
)
def test_only_what_the_stage_allows_is_offered(visit, ranking, cast, state, offered):
    category_id, _ = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    Period.update(state=state).execute()
    view = queries.ranking(cast.bkpsdm, category_id)
    assert (view.is_provisional, view.may_compute, view.may_decide, view.may_finalise) == offered
    page = visit("bkpsdm").get(address(category_id)).text
    assert ("Peringkat sementara" in page, "Hitung ulang" in page, "Tetapkan sebagai final" in page) == (*offered[:2], offered[3])
    auditor = queries.ranking(cast.viewer, category_id)
    assert (auditor.may_compute, auditor.may_decide, auditor.may_finalise) == (False, False, False)


def test_computing_shows_places_scores_and_components(visit, ranking):
    category_id, _ = ranking
    visitor = visit("bkpsdm")
    assert "Belum dihitung." in visitor.get(address(category_id)).text
    answer = visitor.post(address(category_id, "hitung/"))
    assert (answer.status_code, answer.location) == (303, address(category_id))
    page = visitor.get(address(category_id)).text
    rows = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
        for row in re.findall(r"<tr[^>]*>\s*<td data-label=\"Peringkat\".*?</tr>", page, re.DOTALL)
    ]
    assert ["100,00" in rows[0], "Siti Aminah" in rows[0], "diusulkan menang" in rows[0]] == [True, True, True]
    assert ["90,50" in rows[1], "50,50" in rows[1], "Budi Santoso" in rows[1], "diusulkan menang" in rows[1]] == [True, True, True, False]
    assert re.findall(r'<td data-label="Nilai terisi" class="num">(.*?)</td>', page) == ["6 dari 6", "6 dari 6"]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action) == ("bkpsdm", "panel", "ranking:compute")


def test_contributions_add_up_to_the_score(visit, ranking, cast):
    category_id, ids = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    page = visit("bkpsdm").get(address(category_id, f"calon/{ids[1]}/")).text
    parts = re.findall(r'<td data-label="Sumbangan ke nilai akhir" class="num">(.*?)</td>', page)
    assert parts == ["30,50", "20,00", "20,00", "20,00"]
    assert sum(Decimal(part.replace(",", ".")) for part in parts) == Decimal("90.50")
    assert re.findall(r'data-label="Sumbangan komponen">(.*?)</td>', page) == ["50,50", "40,00"]
    assert 'data-label="Nilai akhir">90,50</td>' in page


def test_a_missing_mark_stands_apart_with_its_reason(visit, cast):
    category_id, _, _ = assessed(cast, builders.FULL_MARKS, None)
    with builders.standing_at(2024, 10, 24):
        rankings.compute(cast.bkpsdm, category_id=category_id)
        told = text_of(visit("bkpsdm").get(address(category_id)))
    assert "Nilai belum lengkap (1)" in told
    assert "Nilai “Gagasan” belum diberikan oleh 2 penilai." in told


def test_data_that_moved_on_is_said(visit, cast):
    category_id, ids, _ = assessed(cast, builders.FULL_MARKS, None)
    with builders.standing_at(2024, 10, 24):
        rankings.compute(cast.bkpsdm, category_id=category_id)
        builders.assess(cast.assessor, ids[1])
        assert "Data berubah sejak dihitung." in visit("bkpsdm").get(address(category_id)).text


def test_a_tie_is_decided_in_writing(visit, tie):
    category_id, ids = tie
    visitor = visit("bkpsdm")
    told = text_of(visitor.get(address(category_id)))
    assert "Nilai seri yang belum diputuskan" in told
    path = address(category_id, "seri/0/")
    typed = {f"place-{ids[0]}": "2", f"place-{ids[1]}": "1", "reason": "Rapat pleno 1 November: masa pengabdian lebih lama."}
    assert visitor.send(path, **typed).status_code == 303
    waiting = text_of(visitor.get(address(category_id)))
    assert "Nilai seri yang belum diputuskan" not in waiting
    assert "Urutan 2 calon bernilai sama sudah diputuskan; hitung ulang agar berlaku." in waiting
    assert waiting.count("Sudah diputuskan, berlaku setelah dihitung ulang.") == 3  # the tie, and both lines
    why = text_of(visitor.get(address(category_id, f"calon/{ids[0]}/")))
    assert "urutannya sudah diputuskan, berlaku setelah dihitung ulang." in why
    decision = TieDecision.get()
    numbers = {n.id: n.number for n in Nomination.select()}
    assert (decision.order, decision.reason) == ([numbers[ids[1]], numbers[ids[0]]], typed["reason"])
    visitor.post(address(category_id, "hitung/"))
    told = text_of(visitor.get(address(category_id)))
    assert ["Keputusan tim penilai" in told, "belum diputuskan" in told] == [True, False]


def test_a_tie_that_changes_no_winner_needs_no_decision(visit, tie):
    category_id, ids = tie
    Category.update(winners=2).execute()
    visitor = visit("bkpsdm")
    visitor.post(address(category_id, "hitung/"))
    told = text_of(visitor.get(address(category_id)))
    assert ["belum diputuskan" in told.lower(), "Tim memutuskan" in told, "Putuskan urutan" in told] == [False, False, True]
    assert told.count("Tidak perlu diputuskan: tidak mengubah pemenang.") == 3  # the tie, and both lines
    why = text_of(visitor.get(address(category_id, f"calon/{ids[0]}/")))
    assert "urutannya tidak perlu diputuskan: tidak mengubah pemenang." in why


def test_an_old_computation_knows_of_no_decision_that_a_newer_one_applied(visit, tie):
    category_id, ids = tie
    visitor = visit("bkpsdm")
    typed = {f"place-{ids[0]}": "2", f"place-{ids[1]}": "1", "reason": "Rapat pleno."}
    visitor.send(address(category_id, "seri/0/"), **typed)
    visitor.post(address(category_id, "hitung/"))
    old = Ranking.select().order_by(Ranking.number).get().id
    pages = (address(category_id, f"?perhitungan={old}"), address(category_id, f"calon/{ids[0]}/?perhitungan={old}"))
    for told in (text_of(visitor.get(page)) for page in pages):
        assert ["belum diputuskan" in told.lower(), "sudah diputuskan" in told.lower()] == [True, False]


@pytest.mark.parametrize(
    ("places", "reason", "field"),
    [(("1", "1"), "Sama.", "place"), (("1", ""), "Kosong.", "place"), (("1", "2"), " ", "reason"), (("1", "3"), "Di luar.", "place")],
)
def test_a_refused_decision_keeps_what_was_typed(visit, tie, places, reason, field):
    category_id, ids = tie
    typed = {f"place-{ids[0]}": places[0], f"place-{ids[1]}": places[1], "reason": reason}
    answer = visit("bkpsdm").send(address(category_id, "seri/0/"), **typed)
    assert (answer.status_code, TieDecision.select().count()) == (422, 0)
    assert re.search(rf'<ul class="errors" id="{field}[^"]*-salah">', answer.text)
    assert reason in answer.text
    assert f'<option selected value="{places[0]}">' in answer.text


def test_an_open_tie_cannot_be_made_final(visit, tie):
    category_id, _ = tie
    visitor = visit("bkpsdm")
    answer = visitor.post(address(category_id, "final/"), **final_form(visitor, category_id))
    assert (answer.status_code, Ranking.get().state) == (422, "draft")
    assert "seri pada batas pemenang" in text_of(answer)


def test_the_final_page_shows_hashes_and_seals(visit, ranking):
    category_id, ids = ranking
    visitor = visit("bkpsdm")
    visitor.post(address(category_id, "hitung/"))
    stored = Ranking.get()
    page = visitor.get(address(category_id, "final/")).text
    assert [stored.input_sha256 in page, stored.result_sha256 in page] == [True, True]
    sent = final_form(visitor, category_id)
    assert visitor.post(address(category_id, "final/"), **sent).status_code == 303
    assert (Ranking.get().state, [Nomination.get_by_id(id_).state for id_ in ids]) == ("final", ["ranked", "ranked"])
    again = visitor.post(address(category_id, "final/"), **sent)
    assert (again.status_code, "Pemeringkatan ini sudah final." in again.text) == (422, True)


def test_a_result_that_nobody_saw_is_not_sealed(visit, ranking):
    category_id, _ = ranking
    visitor = visit("bkpsdm")
    visitor.post(address(category_id, "hitung/"))
    sent = final_form(visitor, category_id)
    for changes in ({"result_sha256": "0" * 64}, {"ranking_id": ""}, {"ranking_id": "x"}):
        assert visitor.post(address(category_id, "final/"), **(sent | changes)).status_code in {404, 422}, changes
    assert Ranking.get().state == "draft"


def test_the_export_verifies_from_the_file_alone(visit, ranking, cast):
    category_id, _ = ranking
    ranking_id = rankings.compute(cast.bkpsdm, category_id=category_id)
    visitor = visit("viewer")
    assert visitor.get(f"{PAGE}ekspor/{ranking_id}.json").status_code == 422
    rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=Ranking.get().result_sha256)
    answer = visitor.get(f"{PAGE}ekspor/{ranking_id}.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="pemeringkatan-inovatif-{ranking_id}.json"'
    assert seal.verify(json.loads(answer.data)).equal is True


def test_the_page_costs_the_same_for_one_and_for_many(visit, cast, count_statements):
    costs = []
    for slug, names in (("satu", 1), ("banyak", 3)):
        round_, ids = builders.assessing(cast, *(f"{name} {slug}" for name in NAMES[:names]), slug=slug)
        with builders.standing_at(2024, 10, 24):
            for id_ in ids:
                builders.assess(cast.assessor, id_)
                builders.assess(cast.assessor2, id_)
            rankings.compute(cast.bkpsdm, category_id=round_.category_id)
            open_page = partial(visit("bkpsdm").get, address(round_.category_id))
            open_page()
            costs.append(count_statements(open_page))
    assert costs[0] == costs[1]


def test_numbers_of_one_column_have_equal_decimals():
    assert exact_decimals(["40", "12.5", None]) == 1
    assert exact_decimals(["40", "65/3"]) == 2
    assert [exact_value(text, 2) for text in ("40", "12.5", "65/3", None)] == ["40,00", "12,50", "21,67", "–"]
    assert [show.score(text, 2) for text in ("90", "87.5", "82.67", None)] == ["90,00", "87,50", "82,67", "–"]
    assert show.score("90") == "90"


# The provisional standing ---------------------------------------------------------------------------------------------


def test_the_provisional_standing_is_told_as_not_official(visit, cast):
    category_id, _, _ = assessed(cast, SECOND, builders.FULL_MARKS, None)
    page = text_of(visit("bkpsdm").get(address(category_id, "sementara/")))
    assert "Peringkat sementara" in page
    assert "Belum resmi. Inilah urutan bila penilaian berhenti sekarang." in page
    assert "Calon yang nilainya lengkap 2 dari 3 Nilai penilai yang masuk 12 dari 18" in page
    order = [page.index(name) for name in ("Budi Santoso", "Siti Aminah", "Wati Lestari")]
    assert order == sorted(order)
    assert "100,00 6 dari 6" in page
    assert "90,50 6 dari 6" in page
    assert "0 dari 6 Belum lengkap; nilai yang belum ada tidak dihitung sebagai nol." in page
    assert Ranking.select().count() == 0


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "outsider"])
def test_the_provisional_standing_is_for_those_who_read_rankings(visit, cast, who):
    category_id, _, _ = assessed(cast, SECOND)
    answer = visit(who).get(address(category_id, "sementara/"))
    assert answer.status_code == 403
    assert "90,50" not in answer.text


def test_the_ranking_page_leads_to_the_provisional_standing(visit, cast):
    category_id, _, _ = assessed(cast, SECOND)
    assert address(category_id, "sementara/") in visit("bkpsdm").get(address(category_id)).text


def test_every_step_of_a_score_is_told(cast, visit, ranking):
    category_id, ids = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    page = text_of(visit("bkpsdm").get(address(category_id, f"calon/{ids[1]}/")))
    assert "Rata-rata 2 nilai: (30,5 + 30,5) : 2 = 30,5 poin." in page
    assert "Nilai akhir adalah jumlah semua kriteria:" in page


def test_two_nominees_side_by_side_add_up_to_the_gap(cast, visit, ranking):
    category_id, ids = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    bkpsdm = visit("bkpsdm")
    page = bkpsdm.get(address(category_id, f"selisih/?calon={ids[0]}&lawan={ids[1]}"))
    shown = [cell.replace(",", ".") for cell in re.findall(r'data-label="Selisih">([^<]*)<', page.text)]
    *parts, whole = map(Decimal, shown)
    assert (sum(parts), whole > 0) == (whole, True)
    assert "Siti Aminah dan Budi Santoso" in text_of(page)
    backwards = bkpsdm.get(address(category_id, f"selisih/?calon={ids[1]}&lawan={ids[0]}"))
    assert Decimal(re.findall(r'data-label="Selisih">([^<]*)<', backwards.text)[-1].replace(",", ".")) == -whole


def test_the_gap_asks_for_two_nominees_and_knows_no_strangers(cast, visit, ranking):
    category_id, ids = ranking
    rankings.compute(cast.bkpsdm, category_id=category_id)
    bkpsdm = visit("bkpsdm")
    assert "Pilih calon" in text_of(bkpsdm.get(address(category_id, "selisih/")))
    assert bkpsdm.get(address(category_id, f"selisih/?calon={ids[0]}&lawan=999")).status_code == 404
    assert bkpsdm.get(address(category_id, f"selisih/?calon=x&lawan={ids[0]}")).status_code == 200
    assert visit("assessor").get(address(category_id, "selisih/")).status_code == 403
