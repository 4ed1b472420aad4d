"""One's own account in the browser: the second factor, a recovery code, signing out everywhere, and a password that was given."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from sipetruk.services import clock
from tests.browser.conftest import PASSWORD, Walk

WHO = "opd-dinkes"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_second_factor_from_beginning_to_end(walk):
    page = walk.public()
    first_step(walk, page)
    expect(page).to_have_url(f"{walk.base}/usulan/")
    page.get_by_role("link", name="Akun saya").click()
    walk.inspect(page)
    page.get_by_role("link", name="Faktor kedua").click()
    walk.inspect(page)
    page.get_by_label("Kata sandi Anda").fill(PASSWORD)
    page.get_by_role("button", name="Siapkan faktor kedua").click()
    expect(page.get_by_role("img", name=re.compile("Kode QR"))).to_have_js_property("complete", value=True)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    walk.inspect(page)
    totp = pyotp.TOTP(page.locator("#kunci").inner_text().replace(" ", ""))
    page.get_by_label("Kode enam angka").fill(totp.at(clock.now()))
    page.get_by_role("button", name="Aktifkan").click()
    listed = page.get_by_role("list", name="Kode pemulihan").locator("code")
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    walk.inspect(page)
    page.get_by_role("link", name="Sudah saya simpan").click()
    expect(page).to_have_url(f"{walk.base}/usulan/")

    sign_out(page)
    first_step(walk, page)
    expect(page.get_by_role("heading", name="Satu langkah lagi")).to_be_visible()
    walk.inspect(page)
    page.get_by_label("Kode", exact=True).fill("000000")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_have_text("Kode tidak cocok atau sudah dipakai.")
    page.get_by_label("Kode", exact=True).fill(totp.at(clock.now() + timedelta(seconds=30)))
    page.get_by_role("button", name="Masuk").click()
    expect(page).to_have_url(f"{walk.base}/usulan/")

    sign_out(page)
    first_step(walk, page)
    page.get_by_label("Kode", exact=True).fill(codes[0])
    page.get_by_role("button", name="Masuk").click()
    page.get_by_role("link", name="Akun saya").click()
    expect(page.get_by_text("9 kode pemulihan tersisa")).to_be_visible()

    page.get_by_role("link", name="Sesi").click()
    walk.inspect(page)
    page.get_by_role("button", name="Keluar di mana-mana, termasuk di sini").click()
    expect(page).to_have_url(f"{walk.base}/masuk")
    page.goto(f"{walk.base}/akun/")
    expect(page).to_have_url(f"{walk.base}/masuk?next=/akun/")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_password_that_was_given_is_exchanged_for_an_own_one(walk):
    official = walk.page("bkpsdm")
    official.goto(f"{walk.base}/admin/pengguna/?search={WHO}")
    official.locator("table.list tbody a").click()
    official.get_by_role("link", name="Ganti kata sandi").click()
    for label in ("Kata sandi baru", "Ulangi kata sandi"):
        official.get_by_label(label).fill("dari-administrator")
    official.get_by_role("button", name="Ganti kata sandi").click()
    expect(official.get_by_text("kata sandi awal belum diganti")).to_be_visible()
    walk.inspect(official)
    page = walk.public()
    first_step(walk, page, "dari-administrator")
    expect(page.get_by_role("heading", name="Pilih kata sandi Anda")).to_be_visible()
    walk.inspect(page)
    page.goto(f"{walk.base}/usulan/")
    expect(page).to_have_url(f"{walk.base}/akun/sandi")
    page.get_by_label("Kata sandi sekarang").fill("dari-administrator")
    for label in ("Kata sandi baru", "Ulangi kata sandi baru"):
        page.get_by_label(label, exact=True).fill("pilihan-saya-sendiri")
    page.get_by_role("button", name="Ganti kata sandi").click()
    expect(page).to_have_url(f"{walk.base}/usulan/")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Keluar")).click()
    expect(page.get_by_role("button", name=re.compile("Keluar"))).to_have_count(0)


def first_step(walk: Walk, page: Page, password: str = PASSWORD) -> None:
    page.goto(f"{walk.base}/masuk")
    page.get_by_label("Nama pengguna").fill(WHO)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
