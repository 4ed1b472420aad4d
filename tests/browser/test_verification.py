"""A verifier in a browser: the evidence opens in the page, verdicts save themselves, the keys lead through the filtered queue."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sipetruk.models import CheckItem
from sipetruk.services import nominations
from tests.browser.conftest import Walk, serving
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 41>>stream
BT /F1 24 Tf 40 100 Td (PROPOSAL) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def submitted(cast, round_, name):
    id_ = builders.drafted(cast, round_, name)
    with builders.during_nomination():
        nominations.save_answers(cast.unit_admin, nomination_id=id_, answers=builders.ANSWERS, expected_version=builders.version_of(id_))
        builders.attach(cast.unit_admin, id_, content=PDF + str(id_).encode())
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=builders.version_of(id_))
        nominations.submit(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    return id_


@pytest.fixture
def checking(browser, cast, database_url, data_dir):
    """A walk among three nominations that wait, and their numbers in the order of the queue."""
    round_ = builders.open_round(cast)
    ids = [submitted(cast, round_, name) for name in ("Siti Aminah", "Budi Santoso", "Wati Lestari")]
    with serving(database_url, data_dir) as base:
        walk = Walk(base, browser)
        yield walk, ids
        for page in walk.pages.values():
            page.context.close()
    assert walk.complaints == [], "\n".join(walk.complaints)


def test_the_summary_of_a_refused_page_goes_once_what_it_names_is_saved(checking):
    walk, (first, *_) = checking
    page = walk.page("verifikator")
    page.goto(f"{walk.base}/admin/verifikasi/{first}/")
    page.locator("[name=note-foto]").evaluate("field => { field.value = 'Buram.'; }")  # as without scripting: nothing saves it before
    page.get_by_role("button", name="Simpan hasil pemeriksaan").click()
    summary, foto = page.locator("#ringkasan"), page.locator("#verdict-foto")
    expect(summary).to_contain_text("Isian belum disimpan.")
    expect(page.locator("#verdict-foto-salah")).to_be_visible()
    summary.get_by_role("link").focus()
    foto.get_by_label("TIDAK ADA").evaluate("box => box.click()")
    page.locator("[name=verdict-skp][value=present]").evaluate("box => box.click()")
    expect(page.locator("[data-saved]")).to_contain_text("Tersimpan pukul")
    expect(summary).to_have_count(0)
    expect(page.locator("[data-saved]")).to_be_focused()
    expect(page.locator("ul.errors, [aria-invalid], [aria-describedby$=-salah]")).to_have_count(0)
    walk.inspect(page)
    page.locator("[name=note-skp]").fill("x" * 2001)
    page.locator("[name=verdict-foto][value=present]").check()
    page.locator("[name=note-foto]").fill("Tampak jelas.")
    expect(page.locator("[data-saved]")).to_contain_text("kecuali isian yang ditandai")
    expect(page.locator("#note-skp-salah")).to_have_text("Paling banyak 2000 karakter.")
    page.locator("[name=verdict-foto][value=absent]").check()
    page.locator("[name=note-skp]").fill("Tidak sesuai.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Tersimpan pukul \d\d\.\d\d\.\d\d$"))
    found = [(item.requirement, item.verdict, item.note) for item in CheckItem.select().order_by(CheckItem.requirement)]
    assert found == [("foto", "absent", "Tampak jelas."), ("skp", "present", "Tidak sesuai.")]


def test_evidence_in_the_page_and_the_queue_by_keys(checking):
    walk, (first, second, _) = checking
    page = walk.page("verifikator")
    page.goto(f"{walk.base}/admin/verifikasi/?cari=a&pemeriksa=belum")
    with page.expect_response(lambda answer: "/bukti/" in answer.url) as shown:
        page.get_by_role("link", name="Siti Aminah").click()
    assert shown.value.status == 200
    expect(page.locator(".viewer iframe").first).to_be_visible()
    page.get_by_role("group", name="Proposal").get_by_label("ADA", exact=True).check()
    page.get_by_role("group", name="Proposal").get_by_label("Catatan").fill("Lengkap.")
    page.keyboard.press("Alt+PageDown")
    page.wait_for_url(f"**/verifikasi/{second}/?cari=a&pemeriksa=belum")
    assert [(item.nomination_id, item.verdict, item.note) for item in CheckItem.select()] == [(first, "present", "Lengkap.")]
    walk.inspect(page)
    page.go_back()
    page.wait_for_url(f"**/verifikasi/{first}/*")
    expect(page.get_by_role("group", name="Proposal").get_by_label("ADA", exact=True)).to_be_checked()
