"""What the public will read, before it does: the same pages, for whoever may publish; and the note when it was withdrawn."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from sipetruk.models import Publication
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock, results, schedules
from tests.portal import pages
from tests.services.test_results import determine, determining

MOMENT = datetime(2024, 11, 18, 9, tzinfo=WITA)
SEALED_AT = MOMENT - timedelta(days=3)
SECOND = timedelta(seconds=1)


@pytest.fixture
def round_(cast):
    found, ids, ranking_id = determining(cast)
    determine(cast, found, ranking_id, ids[:2], citations={ids[0]: "Antrean tanpa <kertas>."})
    return found


def main_of(answer):
    """What stands between the main tags, without the line that says that it is a preview, with the links of the public page."""
    text = re.search(r"<main.*</main>", answer.text, re.DOTALL).group(0)
    text = re.sub(r'<p class="sand" role="status">.*?</p>\n', "", text)
    text = re.sub(r'/pratinjau/\d+/pemenang/([\w-]+)\?policy=\w+"', r'/pemenang/\1"', text)
    text = re.sub(r'/pratinjau/\d+/muka\?policy=\w+"', '/"', text)
    return re.sub(r'/pratinjau/\d+\?policy=\w+"', '/periode/2024"', text)


@pytest.mark.parametrize("policy", ["names", "names_and_score", "names_and_breakdown"])
def test_the_preview_is_the_public_page(client, sign_in, cast, round_, policy):
    id_ = round_.period_id
    sign_in(client, cast.bkpsdm)
    with clock.standing_at(SEALED_AT):
        addresses = {"/periode/2024": "", "/": "/muka", "/pemenang/siti-aminah-2024": "/pemenang/siti-aminah-2024"}
        before = {public: client.get(f"/pratinjau/{id_}{address}?policy={policy}") for public, address in addresses.items()}
        assert [answer.status_code for answer in before.values()] == [200] * 3
        assert {answer.headers["Cache-Control"] for answer in before.values()} == {"private, no-store"}
        assert ["Pratinjau, belum diumumkan." in answer.text for answer in before.values()] == [True] * 3
        assert client.get("/pemenang/siti-aminah-2024").status_code == 404
        assert Publication.select().count() == 0
        results.publish(cast.bkpsdm, period_id=id_, policy=policy)
        for public, preview in before.items():
            assert main_of(client.get(public)) == main_of(preview), public


def test_links_stay_within_the_preview(client, sign_in, cast, round_):
    sign_in(client, cast.bkpsdm)
    text = client.get(f"/pratinjau/{round_.period_id}?policy=names_and_score").text
    links = [link for link in re.findall(r'href="([^"]+)"', text) if re.search("pemenang/[^?]", link)]
    assert links == [
        f"/pratinjau/{round_.period_id}/pemenang/{name}-2024?policy=names_and_score" for name in ("siti-aminah", "budi-santoso")
    ]


def test_the_sealed_copy_is_what_is_looked_at_and_nobody_else_sees_it(app, client, sign_in, cast, round_):
    with clock.standing_at(SEALED_AT):
        publication_id = results.publish(cast.bkpsdm, period_id=round_.period_id, policy="names_and_score", at=MOMENT)
    sign_in(client, cast.bkpsdm)
    anybody = app.test_client()
    hidden = ("/pemenang/siti-aminah-2024", "/periode/2024/pengumuman.json")
    with clock.standing_at(MOMENT - SECOND):
        preview = client.get(f"/pratinjau/{round_.period_id}?policy=names")
        assert "100,00" in preview.text, "the sealed policy counts, not the one asked for"
        unknown = anybody.get("/pemenang/tidak-ada-2024")
        for address in hidden:
            answer = anybody.get(address)
            assert (answer.status_code, "Siti" in answer.text) == (404, False)
        assert re.sub(r"[0-9a-f]{32}", "", anybody.get(hidden[0]).text) == re.sub(r"[0-9a-f]{32}", "", unknown.text)
        for address in ("/", "/periode/2024", "/periode/"):
            assert "Siti Aminah" not in anybody.get(address).text
        asked = anybody.get("/graphql?query={latestPublication{id} winners{totalCount} unitStatistics(year:2024){nominations}}").json[
            "data"
        ]
        assert asked == {"latestPublication": None, "winners": {"totalCount": 0}, "unitStatistics": []}
    with clock.standing_at(MOMENT):
        assert [anybody.get(address).status_code for address in hidden] == [200, 200]
        assert "Siti Aminah" in anybody.get("/").text
        assert main_of(anybody.get("/periode/2024")) == main_of(preview)
        assert Publication.get().id == publication_id


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "viewer", "outsider"])
def test_only_who_may_publish_looks_at_it(client, sign_in, cast, round_, who):
    sign_in(client, getattr(cast, who))
    for address in ("", "/muka", "/pemenang/siti-aminah-2024"):
        answer = client.get(f"/pratinjau/{round_.period_id}{address}")
        assert (answer.status_code, "Siti Aminah" in answer.text) == (403, False)


def test_a_stranger_is_asked_to_sign_in_and_nonsense_is_not_found(client, sign_in, cast, round_):
    assert client.get(f"/pratinjau/{round_.period_id}").status_code in {302, 303, 401}
    sign_in(client, cast.bkpsdm)
    for address in ("4711", f"{2**40}", f"{round_.period_id}?policy=semua", f"{round_.period_id}/pemenang/wati-lestari-2024", "x"):
        assert client.get(f"/pratinjau/{address}").status_code == 404, address


def test_a_withdrawn_publication_leaves_its_note_and_nothing_else(client, cast, round_):
    with clock.standing_at(MOMENT):
        publication_id = results.publish(cast.bkpsdm, period_id=round_.period_id)
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Unit <kerja> seorang pemenang keliru.\nMaaf.")
        text = client.get("/periode/2024").text
        (told,) = pages.plain(text, '<h2 id="penarikan-1">', "</section>")
        assert told.startswith("Pengumuman no. 1 ditarik Diumumkan 18 November 2024, ditarik 18 November 2024.")
        assert told.endswith("Belum ada pengumuman pengganti. Unit <kerja> seorang pemenang keliru. Maaf.")
        assert "keliru" in client.get("/").text
        for address in ("/pemenang/siti-aminah-2024", "/periode/2024/pengumuman.json"):
            assert client.get(address).status_code == 404
        asked = client.get(
            '/graphql?query={latestWithdrawal{number note period{slug}} period(slug:"2024"){withdrawals{number note}}}'
        ).json["data"]
        assert asked["latestWithdrawal"] == {
            "number": 1,
            "note": "Unit <kerja> seorang pemenang keliru.\nMaaf.",
            "period": {"slug": "2024"},
        }
        assert asked["period"]["withdrawals"] == [{"number": 1, "note": "Unit <kerja> seorang pemenang keliru.\nMaaf."}]
    with clock.standing_at(MOMENT + SECOND):
        results.publish(cast.bkpsdm, period_id=round_.period_id)
        text = client.get("/periode/2024").text
        assert ("Belum ada pengumuman pengganti" in text, "penarikan-1" in text, "Siti Aminah" in text) == (False, True, True)
        assert "keliru" not in client.get("/").text
        assert client.get("/graphql?query={latestWithdrawal{number}}").json["data"] == {"latestWithdrawal": None}


def test_what_was_called_off_before_its_moment_leaves_no_trace(client, cast, round_):
    with clock.standing_at(SEALED_AT):
        publication_id = results.publish(cast.bkpsdm, period_id=round_.period_id, at=MOMENT)
        schedules.cancel(cast.bkpsdm, publication_id=publication_id, reason="Rahasia dapur.")
    with clock.standing_at(MOMENT + SECOND):
        assert ["Rahasia" in client.get(address).text for address in ("/", "/periode/2024")] == [False, False]
        assert client.get("/graphql?query={latestWithdrawal{number}}").json["data"] == {"latestWithdrawal": None}
