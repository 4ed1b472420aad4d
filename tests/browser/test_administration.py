"""Administration by hand: an announcement drafted, scheduled and read when its moment has come; a unit merged into another."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sipetruk.rules.workflow import WITA
from sipetruk.services import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]


def test_an_announcement_is_scheduled_and_a_unit_merged(walk, tmp_path):
    admin, reader = walk.page("bkpsdm"), walk.public()

    admin.goto(f"{walk.base}/admin/kabar/baru/")
    admin.get_by_label("Judul wajib").fill("Pembekalan tim penilai")
    admin.get_by_label("Isi wajib").fill("Hadir **Senin** pukul 08.00.\n\n- Bawa surat tugas\n- <script>alert(1)</script>")
    walk.inspect(admin)
    admin.get_by_role("button", name="Simpan draf").click()
    admin.get_by_text("Belum diterjemahkan ke bahasa Inggris").wait_for()
    walk.inspect(admin)
    admin.get_by_role("link", name="Terbitkan atau jadwalkan").click()
    tomorrow = (clock.now().astimezone(WITA) + timedelta(days=1)).strftime("%Y-%m-%dT00:00")
    admin.get_by_label("Terbit (WITA)").fill(tomorrow)
    admin.get_by_role("button", name="Terbitkan").click()
    expect(admin.get_by_text("Dijadwalkan", exact=True)).to_have_count(1)
    reader.goto(f"{walk.base}/kabar/")
    expect(reader.get_by_text("Belum ada pengumuman.")).to_have_count(1)

    admin.get_by_role("link", name="Ubah waktu terbit").click()
    admin.get_by_label("Terbit (WITA)").fill("")
    admin.get_by_role("button", name="Terbitkan").click()
    expect(admin.get_by_text("Dijadwalkan", exact=True)).to_have_count(0)
    reader.reload()
    walk.inspect(reader)
    reader.get_by_role("link", name="Pembekalan tim penilai").click()
    expect(reader.locator("article strong")).to_have_text("Senin")
    assert reader.locator("article script").count() == 0
    walk.inspect(reader)
    _picture(reader, tmp_path, "kabar")

    admin.goto(f"{walk.base}/admin/unit/?search=perhubungan")
    admin.get_by_role("link", name="Lihat Dinas Perhubungan").click()
    admin.get_by_role("link", name="Lebur ke unit lain").click()
    admin.get_by_label("Dilebur ke wajib").select_option(label="Dinas Kesehatan")
    admin.get_by_label("Berlaku sejak wajib").fill("2024-01-02")
    admin.get_by_label("Dasar hukum").fill("Perda 5 Tahun 2024")
    walk.inspect(admin)
    admin.get_by_role("button", name="Lanjutkan").click()
    admin.get_by_text("Ini tidak dapat diurungkan.").wait_for()
    walk.inspect(admin)
    admin.get_by_role("button", name="Lebur unit").click()
    admin.get_by_text("Sejak 2 Januari 2024 dilebur ke Dinas Kesehatan.").wait_for()
    walk.inspect(admin)
    for page in ("pengaturan/", "pengaturan/periksa/", "pengaturan/retensi/", "penandatangan/", "muat-data/", "kabar/"):
        admin.goto(f"{walk.base}/admin/{page}")
        walk.inspect(admin)
        _picture(admin, tmp_path, page.strip("/").replace("/", "-"))


def _picture(page, folder: Path, name: str) -> None:
    """What the page looks like, for whoever wants to see it after a failure."""
    page.screenshot(path=folder / f"{name}.png", full_page=True)
