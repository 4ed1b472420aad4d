"""An instrument leaves the panel as a file, is edited outside, and comes back after its difference was shown; a first instrument begins."""

from __future__ import annotations

from playwright.sync_api import expect


def test_out_as_a_file_edited_and_back_in(walk, tmp_path, engine):
    walk.is_inspecting = engine == "sqlite"
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    page.get_by_role("link", name="Berkas", exact=True).click()
    walk.inspect(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=".toml").click()
    file = tmp_path / "instrumen.toml"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")

    file.write_text(text.replace("min_assessors = 3", "min_assessors = 0"), encoding="utf-8")
    page.get_by_role("link", name="Impor berkas").click()
    page.get_by_label("Berkas instrumen").set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.get_by_text("Harus antara 1 dan 99.")).to_be_visible()
    walk.inspect(page)

    file.write_text(text.replace("min_assessors = 3", "min_assessors = 5"), encoding="utf-8")
    page.get_by_label("Berkas instrumen").set_input_files(file)
    page.get_by_role("button", name="Periksa berkas").click()
    expect(page.get_by_text("jumlah penilai paling sedikit diubah")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("button", name="Ganti isi draf").click()
    expect(page.get_by_text("Berkas diimpor menjadi isi draf ini.")).to_be_visible()


def test_a_first_instrument_step_by_step(walk, engine):
    walk.is_inspecting = engine == "sqlite"
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/awal/")
    walk.inspect(page)
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("link", name="Langkah demi langkah").click()
    walk.inspect(page)
    page.get_by_role("link", name="Nilai dasar ASN BerAKHLAK").click()
    page.get_by_label("Nama instrumen").fill("ASN BerAKHLAK Balangan")
    walk.inspect(page)
    page.get_by_role("button", name="Buat draf").click()
    expect(page.get_by_role("heading", name="Yang masih perlu")).to_be_visible()
    walk.inspect(page)
