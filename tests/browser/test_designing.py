"""Weights by pairs, rules tried on employees, a period copied: each page inspected by axe and at the width of a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def test_weights_rules_and_next_years_period(walk):
    page = walk.page("bkpsdm")
    weigh_components(walk, page)
    prepare_category(walk, page)
    try_rules(walk, page)
    copy_period(walk, page)
    assert walk.complaints == []


def weigh_components(walk: Walk, page: Page) -> None:
    """The ministry's instrument has weights: its components are compared, first in a circle, then so that they agree."""
    page.goto(f"{walk.base}/admin/instrumen/baru/?awal=kemnaker-2025")
    page.get_by_label("Nama instrumen").fill("Instrumen Kementerian")
    page.get_by_label("Kode").fill("kementerian")
    page.get_by_role("button", name="Buat instrumen").click()
    page.get_by_role("link", name="Bobot AHP").click()
    walk.inspect(page)
    page.get_by_role("button", name="Hitung bobot").click()
    expect(page.get_by_text("Bobot belum dapat dihitung.")).to_be_visible()
    walk.inspect(page)
    for at, question in enumerate(page.locator("select[name^=banding]").all()):
        question.select_option("9" if at % 2 else "1/9")
    page.get_by_role("button", name="Hitung bobot").click()
    expect(page.get_by_text("Rasio konsistensi").first).to_be_visible()
    walk.inspect(page)
    for question in page.locator("select[name^=banding]").all():
        question.select_option("1")
    page.get_by_role("button", name="Hitung lagi").click()
    expect(page.get_by_text("sepenuhnya konsisten")).to_be_visible()
    page.get_by_role("button", name="Terapkan bobot").click()
    walk.inspect(page)
    page.get_by_role("button", name="Terapkan bobot").click()
    expect(page.get_by_text("Bobot hasil perbandingan diterapkan.")).to_be_visible()


def prepare_category(walk: Walk, page: Page) -> None:
    page.goto(f"{walk.base}/admin/periode/baru/")
    page.get_by_label("Nama periode").fill("ASN Berprestasi 2024")
    page.get_by_label("Tahun").fill("2024")
    page.get_by_label("Alamat").fill("asn-2024")
    page.get_by_role("button", name="Buat periode").click()
    page.get_by_role("link", name="Ubah jadwal").click()
    page.get_by_label("Pengusulan mulai").fill("2024-02-29")
    page.get_by_label("Pengusulan sampai").fill("2024-03-20")
    page.get_by_role("button", name="Simpan jadwal").click()
    page.get_by_role("link", name="Tambah kategori").click()
    page.get_by_label("Nama kategori").fill("Administrasi")
    page.get_by_label("Kode").fill("administrasi")
    page.get_by_label("Versi instrumen").select_option(index=1)
    page.get_by_role("button", name="Tambah kategori").click()


def try_rules(walk: Walk, page: Page) -> None:
    """A rule is tried while it is being written, on one employee and on all, and only then saved."""
    page.get_by_label("Tambah syarat tentang").select_option("service_years")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_label("Hubungan").select_option("at_least")
    page.get_by_label("Nilai").fill("10")
    page.get_by_label("Bila tidak terpenuhi").select_option("block")
    walk.inspect(page)
    page.get_by_role("button", name="Coba tanpa menyimpan").click()
    expect(page.get_by_text("Yang dicoba belum disimpan.")).to_be_visible()
    page.get_by_label("Nama atau NIP").fill("a")
    page.get_by_role("button", name="Cari pegawai").click()
    walk.inspect(page)
    page.get_by_role("button", name=re.compile("^Coba pada ")).first.click()
    expect(page.get_by_text("Data pegawai: TMT pengangkatan")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("button", name="Hitung seluruh pegawai").click()
    expect(page.get_by_text("Pegawai seluruhnya")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("button", name="Simpan syarat ini").click()
    expect(page.get_by_text("Syarat disimpan.")).to_be_visible()
    walk.inspect(page)


def copy_period(walk: Walk, page: Page) -> None:
    page.get_by_role("link", name="ASN Berprestasi 2024").first.click()
    page.get_by_role("link", name="Salin untuk tahun berikutnya").click()
    expect(page.get_by_text("28 Februari 2025")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("button", name="Salin periode").click()
    expect(page.get_by_role("heading", name="ASN Berprestasi 2025")).to_be_visible()
