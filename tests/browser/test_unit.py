"""A unit's officer and head on a telephone 360 px wide: choose, fill in step by step, upload, hand over, sign, hand in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Walk
from tests.services.builders import PDF

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NARROW = {"width": 360, "height": 740}
LONG = "Pelayanan menjadi lebih cepat dan lebih mudah bagi masyarakat. " * 3


@pytest.fixture
def demo_stage() -> str:
    """Units nominate."""
    return "nomination"


def test_a_unit_nominates_on_a_telephone(walk: Walk, tmp_path: Path) -> None:
    officer, head = (phone(walk, name) for name in ("opd-dinkes", "kepala-dinkes"))
    choose(walk, officer)
    fill_in(walk, officer)
    lose_the_connection(walk, officer, tmp_path / "besar.pdf")
    upload(officer)
    walk.inspect(officer)
    officer.get_by_role("link", name="Ke ringkasan usulan").click()
    expect(officer.get_by_role("link", name="Serahkan kepada kepala")).to_be_visible()
    place = officer.url
    officer.get_by_role("link", name="Serahkan kepada kepala").click()
    officer.get_by_role("button", name="Serahkan untuk disahkan").click()
    expect(officer.get_by_text("Menunggu pengesahan", exact=True)).to_be_visible()
    head.goto(place)
    expect(head.get_by_text("Menunggu pengesahan", exact=True)).to_be_visible()
    head.get_by_role("link", name="Periksa dan sahkan").click()
    head.get_by_role("button", name="Sahkan usulan").click()
    expect(head.get_by_text("masih sesuai")).to_be_visible()
    walk.inspect(head)
    officer.goto(place)
    officer.get_by_role("link", name="Ajukan ke BKPSDM").click()
    officer.get_by_role("button", name="Ya, ajukan sekarang").click()
    expect(officer.get_by_text("Diajukan", exact=True)).to_be_visible()
    walk.inspect(officer)


def phone(walk: Walk, name: str) -> Page:
    page = walk.page(name)
    page.set_viewport_size(NARROW)
    return page


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is wider than 360 px"


def choose(walk: Walk, page: Page) -> None:
    """An employee is looked for by number, which stands in no address."""
    page.goto(f"{walk.base}/usulan/")
    fits(page)
    page.get_by_role("link", name=re.compile("^Usulkan pegawai")).first.click()
    row = page.get_by_role("listitem").filter(has=page.get_by_role("button", name=re.compile("^Usulkan "))).first
    number = re.search(r"\d{8} \d{6} \d \d{3}", row.inner_text())
    assert number is not None
    page.get_by_label("Nama atau NIP").fill(number[0])
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_text(re.compile("^1 pegawai"))).to_be_visible()
    assert re.search(r"\d{6}", page.url) is None
    fits(page)
    page.get_by_role("button", name=re.compile("^Usulkan ")).click()
    page.wait_for_url("**/isian/1")


def fill_in(walk: Walk, page: Page) -> None:
    """What is typed is kept without a button; what cannot be right is named; the next step follows."""
    page.get_by_label("Judul inovasi").fill("Jalan Terang")
    page.get_by_label("Tautan pendukung").fill("bukan alamat")
    page.get_by_label("Uraian inovasi").fill(LONG)
    expect(page.locator("[data-saved]")).to_contain_text("kecuali isian yang ditandai")
    walk.inspect(page)
    page.set_viewport_size(NARROW)
    stay_with_what_is_wrong(page)
    page.goto(page.url)
    expect(page.get_by_label("Judul inovasi")).to_have_value("Jalan Terang")
    page.get_by_label("Uji coba").check()
    page.get_by_label("Manfaat bagi").fill(LONG)
    fits(page)
    page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url("**/isian/2")
    page.get_by_label("Alasan pengusulan").fill(LONG)
    page.get_by_label("Kami menyatakan").check()
    page.get_by_role("button", name="Simpan dan lanjut ke bukti").click()
    page.wait_for_url("**/bukti")


def stay_with_what_is_wrong(page: Page) -> None:
    """A wrong answer is not left behind unasked, a slow press of a button counts, and what was mended is wrong no longer."""
    link = page.get_by_label("Tautan pendukung")
    link.fill("masih bukan alamat")
    page.get_by_role("link", name=re.compile("^Bukti dukung")).first.click()
    expect(link).to_be_focused()
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name=re.compile("^Bukti dukung")).first.click(no_wait_after=True)
    expect(link).to_have_value("masih bukan alamat")
    link.fill("tetap bukan alamat")
    page.get_by_role("button", name="Simpan isian", exact=True).and_(page.locator(":not([tabindex='-1'])")).hover()
    page.mouse.down()
    page.wait_for_timeout(300)  # what typing saves would have moved the button by now
    page.mouse.up()
    expect(page.get_by_role("heading", name="Ada satu hal yang perlu diperbaiki")).to_be_visible()
    link.fill("https://balangankab.go.id")
    link.blur()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Tersimpan pukul \d\d\.\d\d\.\d\d$"))
    expect(page.locator(".error, .errors, .wrong, .problem")).to_have_count(0)
    assert asked == ["beforeunload"]


def lose_the_connection(walk: Walk, page: Page, file: Path) -> None:
    """A file in three pieces: the second is lost and sent again by itself; the third after the page was left, though asked."""
    first = page.locator("section.requirement").filter(has=page.locator("input[type=file]")).first
    section = page.locator(f"#{first.get_attribute('id')}")
    file.write_bytes(PDF + b"x" * 1_200_000)
    pieces: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "PATCH":
            pieces.append(route.request.headers["upload-offset"])
            if len(pieces) == 2 or len(pieces) > 3:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route("**/uploads/tus/*", lose)
    section.locator("input[type=file]").set_input_files(file)
    section.get_by_role("button", name="Unggah").click()
    expect(section.get_by_text("Sambungan terputus pada 87 %. Menyambung kembali")).to_be_visible()
    walk.inspect(page)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    page.unroute("**/uploads/tus/*")  # not before: the page that was left goes on by itself
    expect(section.get_by_text("Unggahan “besar.pdf” terhenti pada 87 %")).to_be_visible()
    with page.expect_request(lambda request: request.method == "PATCH") as last:
        section.locator("input[type=file]").set_input_files(file)
        section.get_by_role("button", name="Lanjutkan").click()
    expect(section.get_by_role("link", name="besar.pdf")).to_be_visible()
    assert (pieces[:3], last.value.headers["upload-offset"]) == (["0", "524288", "524288"], "1048576")
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    section.get_by_role("button", name="Hapus besar.pdf").click()
    expect(section.get_by_role("link", name="besar.pdf")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    section.get_by_role("button", name="Hapus besar.pdf").click()
    expect(page.get_by_text("Berkas dihapus.")).to_be_visible()
    assert asked[1].startswith("Hapus berkas “besar.pdf”?")
    walk.complaints[:] = [each for each in walk.complaints if "net::ERR_CONNECTION_RESET" not in each]


def upload(page: Page) -> None:
    """A program under the name of a document is refused by what it is; then every file that is asked for, under a long name."""
    lacking = page.locator("section.requirement").filter(has=page.locator(".tag.warn"))
    for number in range(20):
        if not (count := lacking.count()):
            break
        name = f"Bukti_{'yang_bernama_panjang_' * 5}{number}.pdf"
        content = PDF + str(number).encode() if number else b"MZ\x90\x00"
        lacking.first.locator("input[type=file]").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
        if number == 1:
            lacking.nth(1).locator("input[type=file]").set_input_files({"name": "lain.pdf", "mimeType": "application/pdf", "buffer": PDF})
        lacking.first.get_by_role("button", name="Unggah").click()
        if number:
            expect(lacking).to_have_count(count - 1)
        else:
            expect(page.get_by_text("adalah program Windows (EXE)")).to_be_visible()
        if number == 1:  # a file that is chosen for another document meanwhile stays chosen
            expect(lacking.first.locator(".chosen")).to_have_text("lain.pdf")
            assert lacking.first.locator("input[type=file]").evaluate("place => place.files[0].name") == "lain.pdf"
    fits(page)
