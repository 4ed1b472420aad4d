"""Winners that deviate take two people; the publication is looked at, scheduled, goes public by the clock, and is withdrawn."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from sipetruk.rules.workflow import WITA
from sipetruk.services import clock
from tests.browser.conftest import Walk, serving
from tests.services.second import second_admin
from tests.services.test_results import determining

PATIENCE = 60
LEADS = (5, 15, 60)
"""Seconds until the results go public: more, where so few have passed before the form is filled in."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_from_an_override_to_a_withdrawn_publication(browser, database_url, cast, data_dir):
    second_admin()
    round_, _, _ = determining(cast)
    with serving(database_url, data_dir) as base:
        walk = Walk(base, browser)
        desk = f"{base}/admin/penetapan/kategori/{round_.category_id}/"
        results = f"{base}/admin/penetapan/{round_.period_id}/"
        propose(walk, desk)
        approve(walk, results)
        schedule(walk, results)
        goes_public(walk)
        withdraw(walk, results)
        for page in walk.pages.values():
            page.context.close()
    assert walk.complaints == [], "\n".join(walk.complaints)


def propose(walk: Walk, desk: str) -> None:
    """The third in rank instead of the second; nothing takes effect."""
    page = walk.page("bkpsdm")
    page.goto(desk)
    walk.inspect(page)
    page.locator("label", has_text="Budi Santoso").get_by_role("checkbox").uncheck()
    page.get_by_text("Pilih pemenang lain").click()
    page.locator("label", has_text="Wati Lestari").get_by_role("checkbox").check()
    page.get_by_label("Nomor SK").fill("188.45/9/KUM/2024")
    page.get_by_label("Tanggal SK").fill("2024-11-07")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Pilihan ini menyimpang dari peringkat. Tuliskan alasannya.").first).to_be_visible()
    page.get_by_label("Alasan menyimpang dari peringkat").fill("Budi Santoso pindah ke luar daerah.")
    page.get_by_role("button", name="Lanjut").click()
    expect(page.get_by_text("Belum ada yang berlaku")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_text("menunggu persetujuan admin BKPSDM lain").first).to_be_visible()


def approve(walk: Walk, results: str) -> None:
    page = walk.page("bkpsdm2")
    page.goto(results)
    page.get_by_role("link", name=re.compile("Putuskan usulan")).click()
    expect(page.get_by_text("Budi Santoso pindah ke luar daerah.")).to_be_visible()
    walk.inspect(page)
    page.get_by_label("Catatan").fill("Sudah dibahas.")
    page.get_by_role("button", name="Setujui").click()
    expect(page.get_by_text("Usulan disetujui dan berlaku.")).to_be_visible()
    walk.inspect(page)


def schedule(walk: Walk, results: str) -> None:
    """Looked at as the public will see it, then sealed for a moment that comes in a few seconds."""
    page = walk.page("bkpsdm2")
    page.goto(results)
    page.get_by_role("link", name="Umumkan hasil").click()
    walk.inspect(page)
    page.get_by_role("link", name="halaman periode").click()
    expect(page.get_by_text("Pratinjau, belum diumumkan.")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("link", name="Wati Lestari").click()
    expect(page.get_by_role("heading", name="Wati Lestari")).to_be_visible()
    page.get_by_role("link", name="Kembali ke panel").click()
    page.get_by_label("Pada waktu tertentu").check()
    reads_first_what_is_chosen(walk, page)
    for seconds in LEADS:
        if is_scheduled(page, clock.now() + timedelta(seconds=seconds)):
            return
    raise AssertionError("the moment was always over before it could be confirmed")


def reads_first_what_is_chosen(walk: Walk, page: Page) -> None:
    """A choice that was not previewed is shown, with what was typed, before anything is asked; what is seen is the choice."""
    for policy in ("Nama dan nilai akhir", "Nama saja"):
        page.get_by_role("radio", name=re.compile(f"^{policy}")).check()
        page.get_by_role("button", name="Lanjut mengumumkan").click()
        note = page.get_by_role("alert").filter(has_text=f"Anda memilih “{policy}”")
        expect(note).to_be_focused()
        expect(page.get_by_role("heading", name=f"Persis inilah yang menjadi publik: {policy.lower()}")).to_be_visible()
        expect(page.get_by_label("Pada waktu tertentu")).to_be_checked()
        walk.inspect(page)


def is_scheduled(page: Page, moment: datetime) -> bool:
    """Ask for this moment and confirm it; false where it was over before, which the page says."""
    page.get_by_label("Tanggal dan jam (WITA)").fill(f"{moment.astimezone(WITA):%Y-%m-%dT%H:%M:%S}")
    late = page.get_by_text("Waktu terbit harus setelah sekarang.")
    for button, answer in (
        ("Lanjut mengumumkan", "sebelum saat itu tidak terbaca di mana pun"),
        ("Jadwalkan", "Pengumuman dijadwalkan; salinannya sudah disegel."),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_text(answer).or_(late).first).to_be_visible()
        if late.count():
            return False
    return True


def goes_public(walk: Walk) -> None:
    page = walk.public()
    reload_until(page, f"{walk.base}/pemenang/wati-lestari-2024", "Wati Lestari")
    page.goto(f"{walk.base}/")
    expect(page.get_by_role("heading", name="Budi Santoso")).to_have_count(0)
    expect(page.get_by_role("heading", name="Wati Lestari")).to_be_visible()


def withdraw(walk: Walk, results: str) -> None:
    page = walk.page("bkpsdm2")
    reload_until(page, results, "Tampil di halaman publik sejak")
    walk.inspect(page)
    page.get_by_role("link", name=re.compile("Tarik")).click()
    page.get_by_label("Catatan penarikan").fill("Nama unit keliru.")
    page.get_by_role("button", name="Tarik pengumuman").click()
    expect(page.get_by_text("Pengumuman ditarik.")).to_be_visible()
    walk.inspect(page)
    public = walk.public()
    public.goto(f"{walk.base}/periode/2024")
    expect(public.get_by_role("heading", name="Pengumuman no. 1 ditarik")).to_be_visible()
    expect(public.get_by_text("Nama unit keliru.")).to_be_visible()
    expect(public.get_by_text("Wati Lestari")).to_have_count(0)
    walk.inspect(public)


def reload_until(page: Page, address: str, text: str) -> None:
    """Ask for the page again and again, as an impatient reader does."""
    deadline = time.monotonic() + PATIENCE
    page.goto(address)
    while page.get_by_text(text).count() == 0:
        assert time.monotonic() < deadline, f"{address} never said {text!r}"
        page.goto(address)
