"""What anybody sees: winners as far as the policy allows, rounds, instruments, open forms; and nothing that is not public."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest

from sipetruk.models import Ranking
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import rankings, results
from tests.portal import pages
from tests.services import builders

SECOND = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "30.5", "note": ""}}
THIRD = builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "10", "note": ""}}
STATIC = ("tokens.css", "portal.css", "answers.js", "upload.js")


def published(cast, policy):
    """Siti Aminah and Budi Santoso win, Wati Lestari does not; returns the id of the publication."""
    round_, ids = builders.assessing(cast, "Siti Aminah", "Budi Santoso", "Wati Lestari", winners=2)
    with builders.standing_at(2024, 10, 24):
        for id_, marks in zip(ids, (builders.FULL_MARKS, SECOND, THIRD), strict=True):
            for assessor in (cast.assessor, cast.assessor2):
                builders.assess(assessor, id_, marks)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
        ranking_id = rankings.compute(cast.bkpsdm, category_id=round_.category_id)
        sha256 = Ranking.get_by_id(ranking_id).result_sha256
        rankings.finalise(cast.bkpsdm, ranking_id=ranking_id, expected_result_sha256=sha256)
    with builders.standing_at(2024, 11, 6):
        builders.move(cast, round_, PeriodMove.START_DETERMINATION)
        results.determine(
            cast.bkpsdm,
            category_id=round_.category_id,
            ranking_id=ranking_id,
            nomination_ids=ids[:2],
            decree_number="188.45/1/Kum/2024",
            decree_on=date(2024, 11, 6),
            citations={ids[0]: "Antrean tanpa <kertas>."},
        )
    with builders.standing_at(2024, 11, 16):
        return results.publish(cast.bkpsdm, period_id=round_.period_id, policy=policy)


def addresses(client):
    """Every public page that the front page and the page of the round lead to."""
    found = {"/", "/periode/", "/periode/2024", "/usulan-terbuka", "/data", "/masuk"}
    for page in ("/", "/periode/2024", "/usulan-terbuka"):
        found |= {link for link in re.findall(r'href="(/[^"#?]*)', client.get(page).text) if not link.startswith("/static")}
    return sorted(found - {"/usulan/"})


@pytest.mark.parametrize(("day", "stage"), [(15, "Pengusulan dibuka"), (16, "Pengusulan sudah ditutup")])
def test_nominations_are_over_after_their_last_day_for_everybody(client, cast, day, stage):
    builders.open_round(cast)
    with builders.standing_at(2024, 10, day):
        assert f"Tahap sekarang: {stage.lower()}." in client.get("/").text
        assert f"Tahap sekarang: <b>{stage}</b>." in client.get("/periode/2024").text
        assert f'<span class="tag warn">{stage}</span>' in client.get("/periode/").text


def test_before_the_first_round_the_front_page_says_so(client):
    answer = client.get("/")
    assert (answer.status_code, pages.headings(answer.text, 1)) == (200, ["ASN Berprestasi Kabupaten Balangan"])
    assert "Belum ada periode yang dibuka." in answer.text
    assert "Belum ada periode yang dibuka." in client.get("/periode/").text


def test_a_running_round_opens_the_front_page_until_there_are_winners(client, cast):
    builders.open_round(cast)
    with builders.during_nomination():
        text = client.get("/").text
    assert pages.headings(text, 1) == ["ASN Berprestasi 2024"]
    assert pages.plain(text, '<li class="now">', "</li>") == ["Pengusulan berlangsung 1–15 Oktober 2024"]
    assert len(pages.plain(text, '<li class="next">', "</li>")) == 5


def test_names_are_all_that_the_usual_policy_shows(client, cast):
    published(cast, "names")
    text = client.get("/").text
    assert pages.headings(text, 3) == ["Siti Aminah", "Budi Santoso"]
    assert "Dua pegawai terpilih dari 3 usulan" in text
    assert "nilai akhir" not in text
    winner = client.get("/pemenang/siti-aminah-2024").text
    assert pages.headings(winner, 1) == ["Siti Aminah"]
    assert "Antrean tanpa &lt;kertas&gt;." in winner
    assert "Nilai akhir" not in winner


def test_scores_are_shown_where_the_policy_names_them(client, cast):
    published(cast, "names_and_score")
    text = client.get("/").text
    assert pages.plain(text, '<p class="score">', "</p>") == ["100,00 nilai akhir", "90,50 nilai akhir"]
    assert '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden' not in text


def test_components_are_shown_where_the_policy_names_them(client, cast):
    published(cast, "names_and_breakdown")
    text = client.get("/").text
    assert pages.plain(text, '<ul class="legend" aria-label="Nilai tiap komponen">', "</ul>") == [
        "Inovasi 60,00 Rekam jejak 40,00",
        "Inovasi 50,50 Rekam jejak 40,00",
    ]
    assert [row.split() for row in pages.plain(client.get("/pemenang/budi-santoso-2024").text, "<tr>", "</tr>")[1:]] == [
        ["Inovasi", "50,50", "60"],
        ["Rekam", "jejak", "40,00", "40"],
    ]


def shown(app, macro, *given):
    """A piece that pages share, as it is shown."""
    with app.test_request_context():
        return str(getattr(app.jinja_env.get_template("parts.html").module, macro)(*given))


def test_component_scores_that_do_not_add_up_have_a_bar_each(app):
    components = [{"label": "Inovatif", "score": "98.40", "maximum": "100"}, {"label": "Rekam jejak", "score": "30.00", "maximum": "40"}]
    text = shown(app, "component_scores", components)
    assert pages.plain(text, '<ul class="apart" aria-label="Nilai tiap komponen">', "</ul>") == [
        "Inovatif 98,40 dari 100 Rekam jejak 30,00 dari 40"
    ]
    assert re.findall(r'<rect class="(\w+)" width="([0-9.]+)"', text) == [
        ("rest", "100"),
        ("c0", "98.40"),
        ("rest", "100"),
        ("c1", "75.00"),
    ]


@pytest.mark.parametrize(("count", "tables"), [(10, [10]), (11, [10, 1]), (45, [10, 35])])
def test_units_beyond_the_tenth_open_on_demand(app, count, tables):
    units = [{"name": f"Dinas {number}", "nominations": 1, "winners": 0} for number in range(count)]
    text = shown(app, "unit_figures", units, "Angka")
    assert [table.count('<th scope="row">') for table in text.split("<details")] == tables
    assert pages.plain(text, "<summary>", "</summary>") == [f"{rest} perangkat daerah lainnya" for rest in tables[1:]]


def test_no_page_names_who_did_not_win_or_a_number_of_an_employee(client, cast):
    published(cast, "names_and_breakdown")
    for address in addresses(client):
        text = client.get(address).text
        assert "Wati" not in text, address
        assert pages.NIP.findall(text) == [], address


def test_a_withdrawn_publication_takes_its_pages_away(client, cast):
    publication_id = published(cast, "names")
    with builders.standing_at(2024, 11, 17):
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Salah ketik nama.")
    answer = client.get("/pemenang/siti-aminah-2024")
    assert (answer.status_code, pages.headings(answer.text, 1)) == (404, ["Halaman tidak ditemukan"])
    assert "Siti" not in client.get("/").text


def test_a_round_in_preparation_is_not_there_yet(client, cast):
    builders.prepared_round(cast)
    assert [client.get(page).status_code for page in ("/periode/2024", "/periode/1999")] == [404, 404]


def test_the_page_of_a_round_tells_schedule_categories_and_method(client, cast):
    rules = [{"fact": "age", "operator": "at_most", "value": 50, "effect": "block", "message": ""}]
    builders.open_round(cast, eligibility_rules=rules, quota_per_unit=2)
    text = client.get("/periode/2024").text
    assert pages.headings(text, 2) == ["Jadwal", "Kategori"]
    assert pages.plain(text, "<ul>", "</ul>")[-1] == "Usia paling banyak 50 tahun"
    assert "paling banyak 2 dari setiap perangkat daerah" in text


def test_the_instrument_is_shown_with_every_level_of_its_scales(client, cast):
    builders.open_round(cast)
    link = re.search(r'href="(/instrumen/[^"]+)"', client.get("/periode/2024").text)
    text = client.get(link.group(1)).text
    assert pages.headings(text, 2) == ["Cara menghitung", "Inovasi", "Rekam jejak", "Bukti dukung", "Versi ini"]
    assert pages.plain(text, '<ul class="levels">', "</ul>")[0] == (
        "0 Tidak ada: Tanpa dampak. 10 Terbatas : Di unit sendiri. 20 Luas: Di seluruh kabupaten.".replace(" :", ":")
    )
    assert [client.get(page).status_code for page in ("/instrumen/tidak-ada/1", "/instrumen/x/99999999999999999999")] == [404, 404]


def test_the_open_form_lists_its_questions_and_evidence(client, cast):
    builders.open_round(cast)
    with builders.during_nomination():
        text = client.get("/usulan-terbuka").text
    assert pages.plain(text, "<li><b>", "</b>") == ["Judul inovasi", "Tingkat", "Penghargaan", "Proposal", "Foto kegiatan", "Laporan SKP"]
    with builders.standing_at(2024, 10, 16):
        assert "Saat ini tidak ada pengusulan yang dibuka." in client.get("/usulan-terbuka").text


def test_open_data_shows_a_query_that_runs(client):
    text = client.get("/data").text
    example = re.search(r'href="(/graphql\?query=[^"]+)"', text)
    assert client.get(example.group(1).replace("&amp;", "&")).get_json()["data"] == {"latestPublication": None}


@pytest.mark.parametrize("cursor", ["x", "'", "%00", "9" * 500])
def test_a_place_in_a_list_that_nobody_gave_is_not_found(client, cast, cursor):
    builders.open_round(cast)
    assert client.get(f"/periode/?setelah={cursor}").status_code == 404


def test_a_reader_who_has_a_page_gets_it_confirmed_and_no_cookie(client, cast):
    builders.open_round(cast)
    first = client.get("/")
    assert (first.headers["Cache-Control"], first.headers.get("Set-Cookie")) == ("public, no-cache", None)
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nothing_on_a_page_needs_a_weaker_policy(client, cast):
    published(cast, "names_and_breakdown")
    for address in [*addresses(client), "/tidak-ada"]:
        answer = client.get(address)
        assert pages.forbidden(answer.text) == [], address
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_page_with_its_look_is_small(client, cast):
    published(cast, "names_and_breakdown")
    look = sum(len(gzip.compress(client.get(f"/static/{name}").data)) for name in STATIC)
    weights = {address: look + len(gzip.compress(client.get(address).data)) for address in addresses(client)}
    assert {address: size for address, size in weights.items() if size > 40_000} == {}
