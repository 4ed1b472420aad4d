"""A verifier in a browser: the evidence opens in the page, verdicts save themselves, the keys lead through the filtered queue."""

from __future__ import annotations

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
