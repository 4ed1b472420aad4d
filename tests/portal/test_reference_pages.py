"""The reference of the schemas: everything is there, every link leads somewhere, and it can be searched without scripts."""

import re
from html import unescape

import pytest
from graphql import specified_scalar_types

from sipetruk.api.described import TYPE_NAME, described, english, in_language, search
from sipetruk.portal.reference_pages import with_names
from tests.portal.pages import forbidden, headings, plain


def links(text):
    return [unescape(each) for each in re.findall(r'href="(/data/[^"#]*)', text)]


def test_the_index_names_every_type(client):
    page = client.get("/data/skema/")
    assert (page.status_code, page.headers["Cache-Control"], forbidden(page.text)) == (200, "public, no-cache", [])
    assert {name for name in described("public") if f'href="/data/skema/{name}"' not in page.text} == set()
    assert client.get("/data/skema/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def test_every_page_of_the_public_schema_opens_and_links_to_pages_that_open(client):
    reached = {address for name in described("public") for address in links(client.get(f"/data/skema/{name}?bahasa=en").text)}
    assert {address: status for address in reached if (status := client.get(address).status_code) not in {200, 302}} == {}
    assert len(reached) > len(described("public"))


def test_a_type_with_its_fields_costs_and_documents(client):
    text = client.get("/data/skema/Announcement").text
    assert (headings(text, 1), headings(text, 2)) == (
        ["Announcement"],
        ["Kolom", "Terkait", "Dipakai oleh", "Dokumen tersimpan yang memakainya"],
    )
    (entry,) = plain(text, '<dt id="bodyHtml">', "</dd>")
    assert entry.startswith("bodyHtml : String ! Isi sebagai HTML yang aman")
    assert "Biaya tambahan: 5." in entry
    assert entry.count("Biaya") == 1
    assert 'href="/data/penjelajah/?contoh=Announcement"' in text
    english_text = client.get("/data/skema/Announcement?bahasa=en").text
    assert "Additional cost: 5." in english_text
    assert 'lang="en"' in english_text


@pytest.mark.parametrize("language", ["id", "en"])
def test_names_within_a_description_are_code(client, language):
    page = client.get(f"/data/skema/Query?bahasa={language}").text
    (entry,) = re.findall(r'<dt id="node">.*?<dd>(.*?)\n', page, re.DOTALL)
    assert ("<code>id</code>" in entry, "`" in page) == (True, False)
    assert with_names("a `b` <c> `<d>`") == "a <code>b</code> &lt;c&gt; <code>&lt;d&gt;</code>"


def test_arguments_with_their_defaults(client):
    (entry,) = plain(client.get("/data/skema/Query?bahasa=en").text, '<dt id="announcements">', "<dt id=")
    assert "language : Language ! (default ID )" in entry


@pytest.mark.parametrize(
    ("text", "first"),
    [("WINNER", "winner"), ("keyset nothing", None), ("nilai komponen menjadi", "combine"), ("\x00<b>", None), ("  ", None)],
)
def test_search(client, text, first):
    page = client.get("/data/skema/", query_string={"cari": text})
    assert (page.status_code, forbidden(page.text)) == (200, [])
    found = search("public", text, "id") if text.strip() else []
    assert ((found[0][1] or found[0][0]).name.lower() if found else None) == first
    assert ("Tidak ada yang cocok." in page.text) == (not found and bool(text.strip()))


def test_what_is_no_type(client):
    assert [client.get(f"/data/skema/{name}").status_code for name in ("Nomination", "__Schema", "x%00")] == [404] * 3


def test_the_staff_reference_is_for_who_signed_in(client, cast, sign_in):
    assert [client.get(f"/data/skema/staf/{name}").status_code for name in ("", "Nomination", "Nothing")] == [302, 302, 302]
    sign_in(client, cast.viewer)
    page = client.get("/data/skema/staf/Mutation")
    assert (page.status_code, page.headers["Cache-Control"], forbidden(page.text)) == (200, "no-store", [])
    assert 'id="nominationSubmit"' in page.text
    menu = plain(page.text.split('<nav class="menu"')[1].split("</nav>")[0], "<li>", "</li>")
    assert (menu[-3:], "Masuk" in menu) == (["Panel", "Akun saya", f"Keluar ({cast.viewer.name})"], False)
    assert 'href="/data/penjelajah/staf?contoh=NominationSubmit"' in page.text
    searched = client.get("/data/skema/staf/?bahasa=en&cari=nominationSubmit").text
    assert "Submits an endorsed nomination to BKPSDM." in searched


def texts(schema):
    """Every description of our own, with a star for the name of a type."""
    return {TYPE_NAME.sub("`*`", text) for text in every_text(schema)}


def every_text(schema):
    for each in described(schema).values():
        if each.name in specified_scalar_types:
            continue
        yield each.description
        for member in each.members:
            yield member.description
            yield from (argument.description for argument in member.arguments)


def test_the_public_schema_is_described_in_english_as_well():
    assert sorted(texts("public") - english().keys()) == [], "add them to graphql/descriptions.en.toml"
    assert [text for text in english().values() if not text.strip()] == []


def test_nearly_all_of_the_staff_schema_is_too():
    missing = sorted(texts("staff") - english().keys())
    assert len(missing) <= len(texts("staff")) // 20, missing


def test_no_english_description_is_left_over():
    assert sorted(english().keys() - texts("public") - texts("staff")) == []
    assert in_language("Belum ada yang menerjemahkan `Winner` ini.", "en") == "Belum ada yang menerjemahkan `Winner` ini."
    assert in_language("Isian yang dapat mengurutkan `Winner`.", "en") == "Fields by which `Winner` can be ordered."
