"""The reader's side of announcements: list, one, English, feed, empty, and nothing that runs."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest

from sipetruk.rules.announcement_states import Text
from sipetruk.services import announcements, clock
from tests.portal.pages import forbidden, headings, plain

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def standing():
    with clock.standing_at(NOON):
        yield


def publish(cast, slug, text, **more):
    number = announcements.create(cast.bkpsdm, slug=slug, text=text, **more)
    announcements.publish(cast.bkpsdm, announcement_id=number, expected_version=1, ends_at=NOON + timedelta(days=30))


def test_an_empty_list_says_so_in_both_languages(client, cast):
    assert plain(client.get("/kabar/").text, '<div class="empty">', "</div>") == ["Belum ada pengumuman."]
    assert plain(client.get("/kabar/?bahasa=en").text, '<div class="empty">', "</div>") == ["There are no announcements yet."]


def test_one_announcement_in_both_languages(client, cast):
    publish(cast, "jadwal", Text("Jadwal & <b>tempat</b>", "# Waktu\n\nSenin.", "Schedule", "# When\n\nMonday."))
    page = client.get("/kabar/jadwal")
    assert headings(page.text, 1) == ["Jadwal & <b>tempat</b>"]
    assert headings(page.text, 2) == ["Waktu"]
    assert "Terbit <time" in page.text
    assert "24 November 2026" in page.text
    assert forbidden(page.text) == []
    english = client.get("/kabar/jadwal?bahasa=en").text
    assert (headings(english, 1), headings(english, 2)) == (["Schedule"], ["When"])
    assert '<article class="prose" lang="en">' in english
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert client.get("/kabar/jadwal", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_what_was_not_translated_says_so(client, cast):
    publish(cast, "satu", Text("Hanya Indonesia", "Isi"))
    text = client.get("/kabar/satu?bahasa=en").text
    assert "Available in Indonesian only." in text
    assert "Baca dalam bahasa Indonesia" not in text
    assert '<h2 lang="id">' in client.get("/kabar/?bahasa=en").text


def test_the_list_goes_on_page_by_page(client, cast):
    for n in range(12):
        publish(cast, f"n{n}", Text(f"Kabar {n}", "Isi"), is_pinned=n == 0)
    text = client.get("/kabar/").text
    titles = [title for title in headings(text, 2) if title.startswith("Kabar")]
    assert (titles[0], len(titles)) == ("Kabar 0", 10)
    older = text.split('href="/kabar/?setelah=')[1].split('"')[0].replace("&amp;", "&")
    assert [title for title in headings(client.get(f"/kabar/?setelah={older}").text, 2) if title.startswith("Kabar")] == [
        "Kabar 2",
        "Kabar 1",
    ]
    for broken in ("x", "%00", "a" * 2000):
        assert client.get(f"/kabar/?setelah={broken}").status_code == 404
    assert client.get("/kabar/?bahasa=xx").status_code == 200


def test_the_feed_is_well_formed_and_holds_what_can_be_read(client, cast):
    publish(cast, "satu", Text("A & <b>B</b>", "Isi ]]> <script>"))
    announcements.create(cast.bkpsdm, slug="draf", text=Text("Rahasia", "Isi"))
    answer = client.get("/kabar/umpan.xml")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.text)  # noqa: S314  # our own feed
    assert [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")] == ["A & <b>B</b>"]
    assert feed.findtext(f"{ATOM}updated") == "2026-11-24T04:00:00Z"


def test_addresses_that_are_none(client, cast):
    assert [client.get(f"/kabar/{slug}").status_code for slug in ("tidak-ada", "a%00b", "..", "x" * 500)] == [404, 404, 404, 404]
