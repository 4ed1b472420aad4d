"""The hall of winners: searched, narrowed and read page by page, each by the address alone; it reveals nobody else."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import PublishedWinner
from sipetruk.portal import public_pages
from sipetruk.services import results
from tests.portal import pages
from tests.services import builders
from tests.services.test_results import published


@pytest.fixture
def round_(cast):
    """Siti Aminah and Budi Santoso won in 2024, and Wati Lestari did not."""
    found, _, publication_id = published(cast)
    return found, publication_id


def names(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return pages.headings(answer.text, 4)


def link(text, words):
    return html.unescape(re.search(rf'href="([^"]+)"[^>]*>{words}<', text).group(1))


def test_everybody_who_was_published_is_there_by_period_and_category(client, round_):
    text = client.get("/pemenang/").text
    assert (pages.headings(text, 2), pages.headings(text, 3)) == (["2 pemenang"], ["ASN Berprestasi 2024 · ASN Inovatif"])
    assert pages.headings(text, 4) == ["Siti Aminah", "Budi Santoso"]
    assert client.get("/pemenang").headers["Location"].endswith("/pemenang/")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("cari=budi", ["Budi Santoso"]),
        ("cari=++SITI+aminah", ["Siti Aminah"]),
        ("periode=2024", ["Siti Aminah", "Budi Santoso"]),
        ("periode=2024&cari=siti&kategori=&unit=", ["Siti Aminah"]),
        ("cari=Wati", []),
        ("cari=%25", []),
        ("cari=%00", ["Siti Aminah", "Budi Santoso"]),
        ("cari=" + "zz+" * 5_000, []),
    ],
)
def test_searching_and_narrowing(client, round_, asked, found):
    assert names(client, f"/pemenang/?{asked}") == found


def test_what_was_asked_for_stands_in_the_form_and_the_title(client, round_):
    text = client.get("/pemenang/?cari=budi&periode=2024").text
    assert "<title>1 pemenang dengan “budi”" in text
    assert '<option value="2024" selected>ASN Berprestasi 2024</option>' in text
    assert '<details class="narrow" open>' in text
    assert pages.hidden(text, "cari") == "budi"
    assert '<details class="narrow">' in client.get("/pemenang/?cari=budi").text


def test_nothing_found_leads_on(client, round_):
    text = client.get("/pemenang/?cari=Wati&periode=2024").text
    assert pages.headings(text, 2) == ["Tidak ada pemenang"]
    assert names(client, link(text, "Tampilkan semua pemenang")) == ["Siti Aminah", "Budi Santoso"]
    assert link(text, "Cari “Wati” tanpa saringan") == "/pemenang/?cari=Wati#hasil"


def test_pages_go_forward_and_back_and_keep_what_was_asked_for(client, round_, monkeypatch):
    monkeypatch.setattr(public_pages, "PER_PAGE", 1)
    first = client.get("/pemenang/?periode=2024").text
    assert (pages.headings(first, 4), "Pemenang sebelumnya" in first) == (["Siti Aminah"], False)
    address = link(first, "Pemenang berikutnya")
    second = client.get(address).text
    assert (pages.headings(second, 4), "Pemenang berikutnya" in second, "periode=2024" in address) == (["Budi Santoso"], False, True)
    again = client.get(link(second, "Pemenang sebelumnya")).text
    assert (pages.headings(again, 4), "Pemenang sebelumnya" in again) == (["Siti Aminah"], False)


def test_a_part_behind_the_last_winner_leads_to_the_first(client, round_, monkeypatch):
    monkeypatch.setattr(public_pages, "PER_PAGE", 1)
    address = link(client.get("/pemenang/").text, "Pemenang berikutnya")
    text = client.get(address.replace("?", "?cari=siti&")).text
    assert (pages.headings(text, 4), pages.headings(text, 2)) == ([], ["1 pemenang"])
    assert names(client, link(text, "Kembali ke awal daftar")) == ["Siti Aminah"]


@pytest.mark.parametrize("name", ["setelah", "sebelum"])
@pytest.mark.parametrize("cursor", ["x", "'", "%00", "9" * 500, "WyJXaW5uZXIsIl0"])
def test_a_place_in_the_list_that_nobody_gave_is_not_found(client, round_, name, cursor):
    assert client.get(f"/pemenang/?{name}={cursor}").status_code == 404


@pytest.mark.parametrize("name", ["periode", "kategori", "unit"])
@pytest.mark.parametrize("value", ["tidak-ada", "' OR 1=1 --", "%F0%9F%98%80", "x" * 5_000])
def test_a_choice_that_is_not_there_is_told_on_the_page(client, round_, name, value):
    answer = client.get("/pemenang/", query_string={name: value})
    assert (answer.status_code, pages.headings(answer.text, 4)) == (404, [])
    assert "Salah satu pilihan saringan tidak ada." in answer.text
    assert names(client, link(answer.text, "Tampilkan semua pemenang")) == ["Siti Aminah", "Budi Santoso"]


def test_only_units_of_winners_are_offered_and_none_of_a_withdrawn_publication(client, cast, round_):
    units = re.findall(r'<option value="([^"]+)"', client.get("/pemenang/").text.partition('name="unit"')[2])
    assert units == sorted({row.unit_code for row in PublishedWinner.select()})
    results.unpublish(cast.bkpsdm, publication_id=round_[1], note="Ada kekeliruan.")
    text = client.get("/pemenang/?cari=siti").text
    assert ("Belum ada pemenang yang diumumkan." in text, "Siti" in text, "<form" in text) == (True, False, False)


def test_a_reader_who_has_the_page_gets_it_confirmed_until_something_changes(client, cast, db, round_):
    address = "/pemenang/?cari=siti"
    first = client.get(address)
    assert (first.headers["Cache-Control"], first.headers.get("Set-Cookie")) == ("public, no-cache", None)
    has = {"If-None-Match": first.headers["ETag"]}
    with builders.counted(db) as sent:
        again = client.get(address, headers=has)
    assert (again.status_code, again.data, sent) == (304, b"", [])
    results.unpublish(cast.bkpsdm, publication_id=round_[1], note="Ada kekeliruan.")
    assert client.get(address, headers=has).status_code == 200


@pytest.mark.parametrize("address", ["/pemenang/?unit=tidak-ada", "/piagam?kode=7K2M-9QXT-04BD"])
def test_a_page_that_says_that_nothing_is_there_is_never_confirmed_empty(client, round_, address):
    answer = client.get(address, headers={"If-None-Match": "*"})
    assert (answer.status_code, pages.headings(answer.text, 1) == []) == (404, False)


def test_nothing_on_it_needs_a_weaker_policy(client, round_):
    assert pages.forbidden(client.get("/pemenang/?cari=siti&periode=2024").text) == []


@pytest.mark.parametrize("address", ["/", "/periode/2024"])
def test_the_front_page_and_the_period_lead_to_it(client, round_, address):
    text = client.get(address).text
    found = {link for link in re.findall(r'href="([^"]+)"', text) if link.startswith("/pemenang/?") or link == "/pemenang/"}
    assert found == {"/pemenang/"} | ({"/pemenang/?periode=2024"} if address != "/" else set())
