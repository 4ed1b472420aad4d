"""An instrument tried in the browser: a made-up nominee typed and kept, a wrong expectation that stops the lock, two versions compared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk

SMALLEST = {"width": 360, "height": 740}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_from_a_typed_nominee_to_the_lock(walk):
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    page.get_by_role("link", name="Uji coba", exact=True).click()
    expect(page.get_by_text("✓ sesuai harapan")).to_have_count(3)
    inspect(walk, page)
    type_a_nominee(page)
    expect_the_wrong_score(walk, page)
    keep_what_came_out(page)
    lock(page)
    compare(walk, page)


def type_a_nominee(page: Page) -> None:
    """A fourth nominee, every mark 10 of every assessor but one mark too high, which is named in its place; 130 points / 3 = 43.33."""
    page.get_by_role("button", name="Tambah calon").click()
    page.get_by_label("Nama calon 4").fill("Calon percobaan")
    for cell in page.locator("#calon-3 .typed input").all():
        cell.fill("10")
    first = page.get_by_label("Orisinalitas, penilai 1, Contoh 1")
    first.fill("21")
    page.get_by_role("button", name="Hitung", exact=True).click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_text(
        "Contoh “Calon percobaan”, “Orisinalitas”, penilai 1: Nilai harus antara 0 dan 20."
    )
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("Orisinalitas, penilai 1, Calon percobaan").fill("10")
    page.get_by_role("button", name="Hitung", exact=True).click()
    row = page.get_by_role("row").filter(has_text="Calon percobaan").filter(has_text="tanpa harapan")
    expect(row).to_contain_text("43,33")


def expect_the_wrong_score(walk: Walk, page: Page) -> None:
    page.get_by_label("Harapan: keadaan").nth(3).select_option("Diperingkat")
    page.get_by_label("Harapan: nilai akhir Calon percobaan").fill("43,34")
    page.get_by_role("button", name="Simpan sebagai contoh").click()
    expect(page.get_by_text("Nilai akhir diharapkan 43,34, ternyata 43,33.")).to_be_visible()
    inspect(walk, page)
    page.get_by_role("link", name="Susun", exact=True).click()
    page.get_by_role("link", name="Kunci versi ini").click()
    expect(page.get_by_role("heading", name="Yang harus diperbaiki dahulu")).to_be_visible()
    page.get_by_role("link", name="Contoh “Calon percobaan”: nilai akhir diharapkan 43,34, ternyata 43,33.").click()


def keep_what_came_out(page: Page) -> None:
    page.get_by_role("button", name="Ambil hasil hitungan sebagai harapan Calon percobaan").click()
    expect(page.get_by_text("✓ sesuai harapan")).to_have_count(4)
    page.get_by_role("button", name="Simpan sebagai contoh").click()
    expect(page.get_by_text("Contoh disimpan")).to_be_visible()


def lock(page: Page) -> None:
    page.get_by_role("link", name="Susun", exact=True).click()
    page.get_by_role("link", name="Kunci versi ini").click()
    expect(page.get_by_text("Semua 4 contoh menghasilkan nilai yang diharapkan.")).to_be_visible()
    page.get_by_label("Saya mengerti bahwa versi ini tidak dapat diubah lagi.").check()
    page.get_by_role("button", name=re.compile("^Kunci versi")).click()
    expect(page.get_by_text("dikunci dan tidak akan berubah lagi")).to_be_visible()


def compare(walk: Walk, page: Page) -> None:
    """Against the ministry's instrument, which has other criteria and weights."""
    page.get_by_role("link", name="Bandingkan", exact=True).click()
    choice = page.get_by_label("Bandingkan dengan")
    expect(choice).to_be_visible()
    choice.select_option(label=next(text for text in choice.locator("option").all_inner_texts() if "Kemen" in text or "Teladan" in text))
    page.get_by_role("button", name="Bandingkan").click()
    expect(page.get_by_role("heading", name="Bobot nyata setiap kriteria")).to_be_visible()
    inspect(walk, page)
    page.get_by_role("link", name="Riwayat", exact=True).click()
    expect(page.get_by_text("Dikunci sebagai versi")).to_be_visible()
    inspect(walk, page)


def inspect(walk: Walk, page: Page) -> None:
    """No fault that axe finds, and nothing wider than the smallest phone."""
    walk.inspect(page)
    size = page.viewport_size
    page.set_viewport_size(SMALLEST)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), page.url
    if size:
        page.set_viewport_size(size)
