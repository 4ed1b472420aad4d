"""Somebody tries the API: by keyboard on a phone, and with GraphiQL as staff; nothing is loaded from elsewhere."""

import os

import pytest
from playwright.sync_api import expect

from sipetruk.portal.explorer_pages import has_graphiql
from tests.browser.conftest import PHONE, Walk, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def walk(browser, cast, database_url, data_dir):
    with serving(database_url, data_dir) as base:
        walking = Walk(base, browser)
        yield walking
        for page in walking.pages.values():
            page.context.close()
    assert walking.complaints == [], "\n".join(walking.complaints)


def test_the_api_is_tried(walk, cast):
    by_keyboard_on_a_phone(walk)
    if has_graphiql():
        as_staff_with_graphiql(walk, cast)
    elif os.environ.get("CI"):
        pytest.fail("GraphiQL is not built: node graphql/explorer/build.mjs")


def by_keyboard_on_a_phone(walk):
    page = walk.public()
    page.set_viewport_size(PHONE)
    page.goto(f"{walk.base}/data/penjelajah/?sederhana=1&contoh=Periods")
    page.get_by_label("Variabel").fill("[1]")
    page.get_by_label("Pertanyaan").press("Control+Enter")
    expect(page.get_by_role("status")).to_have_text("Variabel bukan objek JSON.")
    expect(page.get_by_label("Variabel")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type('{"first": 5}')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Berhasil, status 200, biaya 8 dari 2000.")
    expect(page.get_by_label("Jawaban")).to_contain_text('"totalCount": 0')
    page.get_by_label("Pertanyaan").fill("{ nothing }")
    page.get_by_role("button", name="Jalankan").click()
    expect(page.get_by_role("status")).to_have_text("1 galat, status 400.")
    walk.inspect(page)


def as_staff_with_graphiql(walk, cast):
    page = walk.page(cast.viewer.username)
    elsewhere, asked = [], []
    page.on("request", lambda request: elsewhere.append(request.url) if not request.url.startswith((walk.base, "data:")) else None)
    page.goto(f"{walk.base}/data/penjelajah/staf?contoh=UnreadCount")
    page.get_by_role("button", name="Execute query").click()
    expect(page.get_by_label("Result Window")).to_contain_text('"unreadCount": 0')
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"{walk.base}/data/penjelajah/staf?contoh=NotificationsMarkAllRead")
    page.get_by_role("button", name="Execute query").click()
    expect(page.get_by_label("Result Window")).to_contain_text("Tidak dijalankan.")
    assert (elsewhere, asked) == ([], ["Dokumen ini memuat mutasi dan dapat mengubah data. Jalankan?"])
    assert page.evaluate("localStorage.length") == 0
