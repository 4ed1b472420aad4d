"""The builder in a browser: dragged, moved by keys, typed into and saved by itself, undone, and shared by two people."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from sipetruk.services import clock
from tests.browser.conftest import Walk

SAVED = re.compile(r"^Tersimpan pukul \d\d\.\d\d\.\d\d$")
NARROW = {"width": 360, "height": 740}

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def page(walk: Walk) -> Page:
    """The builder of the draft, as BKPSDM sees it on a desk."""
    page = walk.page("bkpsdm")
    page.set_viewport_size({"width": 1440, "height": 1000})
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Pemeriksaan")).to_be_visible()
    return page


def order(page: Page, component: str = "inovatif") -> list[str]:
    return page.locator(f'tbody[data-code="{component}"] > tr[data-move]').evaluate_all("rows => rows.map(row => row.id.slice(9))")


def told(page: Page, text: str | re.Pattern[str]) -> None:
    """The page says so in the region that screen readers follow."""
    expect(page.locator("body > .sr[role=status]")).to_have_text(text)


def drag(page: Page, code: str, onto: str, *, below: bool) -> None:
    page.locator(f"#kriteria-{onto}").scroll_into_view_if_needed()
    grip, target = page.locator(f"#kriteria-{code} .grip").bounding_box(), page.locator(f"#kriteria-{onto}").bounding_box()
    assert grip is not None
    assert target is not None
    x = grip["x"] + grip["width"] / 2
    page.mouse.move(x, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, target["y"] + target["height"] * (0.8 if below else 0.2), steps=12)
    page.mouse.up()


def test_parts_are_moved_by_mouse_and_keys_and_brought_back(page: Page) -> None:
    first, second, third, fourth = order(page)
    drag(page, first, second, below=True)
    told(page, "Urutan disimpan.")
    assert order(page) == [second, first, third, fourth]

    page.locator(f"#kriteria-{first} .grip").focus()
    page.keyboard.press("Space")
    told(page, re.compile(r"tempat 2 dari 4 di Inovatif\. Diangkat\.$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    told(page, re.compile(r"tempat 1 dari 4 di Kinerja & Disiplin"))
    page.keyboard.press("Space")
    told(page, "Kriteria dipindahkan.")
    assert [order(page), order(page, "kinerja_disiplin")[0]] == [[second, third, fourth], first]
    expect(page.locator(f"#kriteria-{first} .grip")).to_be_focused()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    told(page, "Dibatalkan.")
    assert order(page) == [second, third, fourth]

    page.get_by_role("button", name="Naikkan Manfaat/dampak").click()
    told(page, "Urutan disimpan.")
    expect(page.get_by_role("button", name="Naikkan Manfaat/dampak")).to_be_focused()
    page.get_by_label("Tindakan lain untuk Manfaat/dampak").click()
    page.get_by_role("button", name="Hapus Manfaat/dampak").click()
    told(page, "Kriteria “Manfaat/dampak” dihapus.")
    for _ in range(4):
        expect(page.get_by_role("button", name="Urungkan")).to_be_visible()
        page.get_by_role("button", name="Urungkan").click()
        told(page, "Perubahan terakhir diurungkan.")
        page.evaluate("document.querySelector('body > .sr[role=status]').textContent = ''")
    page.reload()
    assert order(page) == [first, second, third, fourth]


def test_a_move_that_is_not_saved_is_put_back(walk: Walk, page: Page) -> None:
    first, second, third, fourth = order(page)
    points = page.get_by_label("Poin tertinggi Manfaat/dampak")
    points.fill("nol")
    for _ in range(2):  # what is typed wrongly is not lost by pressing again
        drag(page, first, second, below=True)
        expect(page.locator("[data-saved=cepat]")).to_contain_text("kecuali isian yang ditandai")
        expect(points).to_be_focused()
        expect(points).to_have_value("nol")
        assert order(page) == [first, second, third, fourth]
    points.fill("40")
    page.context.set_offline(True)
    drag(page, first, second, below=True)
    expect(page.locator("[data-saved=cepat]")).to_contain_text("tidak tersambung ke server")
    assert order(page) == [first, second, third, fourth]
    page.context.set_offline(False)
    expect(points).to_have_value("40")
    points.blur()
    walk.complaints.clear()  # the browser says that it was offline


def test_documents_and_questions_are_moved_by_keys(page: Page) -> None:
    listed = lambda: page.locator('tbody[data-list="bukti"] > tr').evaluate_all("rows => rows.map(row => row.id)")  # noqa: E731  # asked twice
    before = listed()
    page.locator(f"#{before[0]} .grip").focus()
    for key in ("Space", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    told(page, "Urutan disimpan.")
    assert listed() == [before[1], before[0], *before[2:]]


def test_what_is_typed_is_saved_by_itself_and_the_sums_follow(walk: Walk, page: Page) -> None:
    page.clock.install(time=clock.now())
    points = page.get_by_label("Poin tertinggi Manfaat/dampak")
    points.fill("35")
    page.clock.run_for(2000)
    saved = page.locator("[data-saved=cepat]")
    expect(saved).to_have_text(SAVED)
    expect(page.locator("#jumlah-inovatif")).to_contain_text("95 dari 100 poin – kurang 5")
    expect(page.locator("#pemeriksaan")).to_contain_text("adalah 95 poin, harus tepat 100 poin.")
    expect(points).to_have_value("35")

    points.fill("nol")
    page.get_by_label("Nama kriteria Manfaat/dampak").fill("Dampak")
    points.blur()
    expect(saved).to_contain_text("kecuali isian yang ditandai")
    expect(page.locator("#urungkan")).to_contain_text("Dampak")
    expect(points).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#kriteria-manfaat-maximum-salah")).to_have_text("Bukan angka. Contoh: 12,5")
    expect(points).to_have_value("nol")
    walk.inspect(page)
    page.set_viewport_size({"width": 1440, "height": 1000})
    points.fill("40")
    with page.expect_event("domcontentloaded"):  # a link waits for what is being saved
        page.get_by_role("link", name="Ubah keterangan").click()
    source = page.get_by_label("Sumber")
    source.fill("Keputusan Bupati")
    source.blur()
    expect(page.locator("[data-saved]")).to_have_text(SAVED)
    page.reload()
    expect(page.get_by_label("Sumber")).to_have_value("Keputusan Bupati")
    page.go_back()
    page.reload()
    expect(page.locator("#jumlah-inovatif")).to_contain_text("100 dari 100 poin")


def test_a_new_code_carries_the_form_along(page: Page) -> None:
    page.locator("#kriteria-manfaat").get_by_role("link", name="Ubah Manfaat/dampak").click()
    code = page.locator("#code")
    code.fill("dampak")
    code.blur()
    expect(page.locator("[data-saved]").first).to_have_text(SAVED)
    expect(page).to_have_url(re.compile("/kriteria/dampak/$"))
    name = page.locator("#label")
    name.fill("Dampak nyata")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator("#kriteria-dampak")).to_be_visible()
    expect(page.get_by_label("Nama kriteria Dampak nyata")).to_be_visible()


def test_two_people_at_once_see_both_texts_and_lose_nothing(walk: Walk, page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    first, second = (which.get_by_label("Nama kriteria Manfaat/dampak") for which in (page, other))
    first.fill("Dari yang pertama")
    first.blur()
    expect(page.locator("[data-saved=cepat]")).to_have_text(SAVED)
    second.fill("Dari yang kedua")
    second.blur()
    told_so = other.locator("[data-saved=cepat]")
    expect(told_so).to_contain_text("menyimpan perubahan lain pukul")
    expect(told_so).to_contain_text("Kriteria “Dari yang pertama”: nama diubah. Tulisan Anda belum disimpan.")
    expect(second).to_have_value("Dari yang kedua")
    walk.inspect(other)
    other.get_by_role("button", name="Bandingkan kedua tulisan").click()
    row = other.get_by_role("row").filter(has_text="Dari yang pertama")
    expect(row).to_contain_text("Dari yang kedua")
    page.reload()
    expect(page.locator("#kriteria-manfaat-label")).to_have_value("Dari yang pertama")
    other.get_by_role("button", name="Simpan pilihan ini").click()
    expect(other.locator("#kriteria-manfaat-label")).to_have_value("Dari yang kedua")


def test_the_builder_is_open_to_everybody_and_fits_a_narrow_phone(walk: Walk, page: Page) -> None:
    page.get_by_label("Tindakan lain untuk Manfaat/dampak").click()
    walk.inspect(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    page.get_by_role("link", name="Kunci versi ini").click()
    walk.inspect(page)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_everything_works_without_scripting(walk: Walk) -> None:
    context = walk.browser.new_context(locale="id-ID", java_script_enabled=False, storage_state=walk.page("bkpsdm").context.storage_state())
    page = context.new_page()
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    page.get_by_role("button", name="Naikkan Manfaat/dampak").click()
    expect(page.get_by_text("Urutan disimpan.")).to_be_visible()
    page.get_by_label("Poin tertinggi Manfaat/dampak").fill("35")
    page.get_by_role("button", name="Simpan yang diketik").click()
    expect(page.locator("#jumlah-inovatif")).to_contain_text("95 dari 100 poin")
    page.get_by_role("button", name="Urungkan").click()
    expect(page.locator("#jumlah-inovatif")).to_contain_text("100 dari 100 poin")
    page.get_by_label("Tindakan lain untuk Manfaat/dampak").click()
    page.get_by_role("button", name="Hapus Manfaat/dampak").click()
    expect(page.get_by_text("Kriteria “Manfaat/dampak” dihapus.").first).to_be_visible()
    context.close()
