"""The editors of an instrument with scripting on: rows, conditions by their words, and the preview beside and in full."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk

NARROW = {"width": 360, "height": 780}


@pytest.fixture
def draft(walk: Walk) -> tuple[Page, str]:
    """The page of the draft of 2024 and its address."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/admin/instrumen/\d+/"))
    return page, page.url.partition("#")[0]


def inspect(walk: Walk, page: Page) -> None:
    """Axe, and no wider than the narrowest phone."""
    walk.inspect(page)
    page.set_viewport_size(NARROW)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), f"{page.url} is wider than 360 px"
    page.set_viewport_size({"width": 1280, "height": 800})


def test_editors_and_previews(walk, draft, engine):
    walk.is_inspecting = engine == "sqlite"
    page, version = draft
    rubric(walk, page, version)
    rows_save_themselves(page, version)
    source(walk, page, version)
    policy(walk, page, version)
    question(walk, page, version)
    previews(walk, page, version)


def rubric(walk: Walk, page: Page, version: str) -> None:
    """Rows are added, moved and taken away without a round trip; the preview follows what is typed."""
    page.goto(f"{version}kriteria/manfaat/skala/?jenis=rubric")
    face = page.get_by_label("Pratinjau", exact=True)
    for number, (points, label) in enumerate((("0", "Tidak ada"), ("20", "Sedang"), ("40", "Luas")), start=1):
        if number > 1:
            page.get_by_role("button", name="Tambah baris").click()
        page.get_by_label(f"Poin, baris {number}").fill(points)
        page.get_by_label(f"Nama tingkat, baris {number}").fill(label)
    expect(face.get_by_text("Luas", exact=True)).to_be_visible()
    expect(face.get_by_role("radio").first).to_be_disabled()
    page.get_by_role("button", name="Naikkan baris 3").click()
    page.get_by_role("button", name="Hapus baris 1").press("Enter")
    expect(page.get_by_label("Nama tingkat, baris 1")).to_have_value("Luas")
    expect(page.get_by_label("Nama tingkat, baris 2")).to_have_value("Sedang")
    expect(face.get_by_text("Tidak ada", exact=True)).to_have_count(0)
    inspect(walk, page)
    page.get_by_role("button", name="Simpan skala").click()
    expect(page.get_by_text("Rubrik: 40 Luas · 20 Sedang")).to_be_visible()


def rows_save_themselves(page: Page, version: str) -> None:
    """A row that is moved or taken away is saved like anything typed."""
    page.goto(f"{version}kriteria/manfaat/skala/")
    page.get_by_role("button", name="Turunkan baris 1").click()
    expect(page.locator("[data-saved]")).to_have_text(re.compile("^Tersimpan pukul"))
    page.get_by_role("button", name="Hapus baris 2").click()
    page.get_by_role("link", name="Riwayat").click()  # a link waits for what is being saved
    page.wait_for_url("**/riwayat/")
    page.goto(f"{version}kriteria/manfaat/skala/")
    expect(page.get_by_label("Nama tingkat, baris 1")).to_have_value("Sedang")
    expect(page.get_by_label("Nama tingkat, baris 2")).to_have_count(0)


def source(walk: Walk, page: Page, version: str) -> None:
    """Only what the chosen source needs is asked, and the preview says where the value comes from."""
    page.goto(f"{version}kriteria/manfaat/")
    expect(page.get_by_label("Tahun data")).to_be_hidden()
    page.get_by_role("radio", name=re.compile("Data hukuman disiplin")).check()
    page.get_by_role("radio", name=re.compile("Tidak dijatuhi hukuman disiplin dalam beberapa")).check()
    expect(page.get_by_label("Dalam berapa tahun terakhir")).to_be_visible()
    expect(page.get_by_label("Panjang catatan penilai")).to_be_hidden()
    expect(page.get_by_label("Pratinjau", exact=True).get_by_text("Diambil dari: Data hukuman disiplin.")).to_be_visible()
    inspect(walk, page)


def policy(walk: Walk, page: Page, version: str) -> None:
    page.goto(f"{version}kebijakan/")
    expect(page.get_by_label("Nilai ekstrem yang dibuang")).to_be_hidden()
    page.get_by_role("radio", name=re.compile("Rata-rata tanpa nilai ekstrem")).check()
    expect(page.get_by_label("Nilai ekstrem yang dibuang")).to_be_visible()
    inspect(walk, page)


def question(walk: Walk, page: Page, version: str) -> None:
    """A file question that is asked for one answer: the answer is chosen by its words, the empty form is uploaded after."""
    page.goto(f"{version}isian/baru/")
    page.get_by_label(re.compile("^Pertanyaan")).first.fill("Tahap inovasi sekarang")
    page.get_by_role("radio", name=re.compile("Satu pilihan")).check()
    page.get_by_label("Jawaban, baris 1").fill("Gagasan")
    page.get_by_role("button", name="Tambah baris").click()
    page.get_by_label("Jawaban, baris 2").fill("Sudah diterapkan")
    inspect(walk, page)
    page.get_by_role("button", name="Tambah", exact=True).click()
    page.wait_for_url(re.compile("#isian-tahap_inovasi_sekarang"))

    page.goto(f"{version}isian/baru/")
    page.get_by_label(re.compile("^Pertanyaan")).first.fill("Foto penerapan")
    page.get_by_role("radio", name=re.compile("^Berkas")).check()
    page.get_by_label("JPG").check()
    page.get_by_label("Tampil hanya bila").select_option(label="Tahap inovasi sekarang")
    page.get_by_label("dijawab", exact=True).select_option(label="Sudah diterapkan")
    face = page.get_by_label("Pratinjau", exact=True)
    expect(face.get_by_text("Diisi bila “Tahap inovasi sekarang” dijawab “Sudah diterapkan”.")).to_be_visible()
    inspect(walk, page)
    page.get_by_role("button", name="Tambah", exact=True).click()
    page.wait_for_url(re.compile("#isian-foto_penerapan"))
    page.goto(f"{version}isian/foto_penerapan/")
    page.get_by_label(re.compile("^Berkas yang akan diunduh")).set_input_files(
        {"name": "Contoh foto.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n isi"}
    )
    page.get_by_role("button", name="Unggah berkas contoh").click()
    expect(page.get_by_role("link", name="Contoh foto.png")).to_be_visible()
    inspect(walk, page)
    page.goto(f"{version}bukti/baru/")
    inspect(walk, page)


def previews(walk: Walk, page: Page, version: str) -> None:
    for role, seen in (("unit", "Foto penerapan"), ("penilai", "Lembar penilaian"), ("umum", "Cara menghitung")):
        page.goto(f"{version}pratinjau/?sebagai={role}")
        expect(page.get_by_text("Pratinjau – tidak ada yang disimpan")).to_be_visible()
        expect(page.get_by_text(seen).first).to_be_visible()
        for kind in ("input", "textarea", "button[type=submit]"):
            for place in page.locator(f"main .inert {kind}:visible").all():
                expect(place).to_be_disabled()
        inspect(walk, page)
