"""One real round in the browser, each step by its own person: from the draft of an instrument to the name on the portal."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from sipetruk.services import clock
from tests.browser import ready
from tests.browser.conftest import Walk
from tests.services.builders import PDF

UNIT = "dinkes"
ASSESSORS = ("penilai1", "penilai2", "penilai3")
PERIOD = "Putaran Peramban"
WORKER_MS = 90_000
"""How long the worker may take that computes beside the server."""
STAGES = ("Pengusulan", "Verifikasi administrasi", "Penilaian", "Pemeringkatan", "Penetapan", "Pengumuman")


def test_from_the_instrument_to_the_winner_on_the_portal(walk, tmp_path, engine):
    walk.is_inspecting = engine == "sqlite"
    prepare_the_instrument(walk)
    prepare_the_period(walk)
    nominate(walk, "Jalan Terang")
    nominate(walk, "Pasar Bersih")
    check(walk)
    assess(walk)
    rank(walk, tmp_path)
    winner = determine(walk)
    publish(walk)
    read_as_the_public(walk, winner)


def prepare_the_instrument(walk: Walk) -> None:
    """BKPSDM opens the draft, breaks a sum and sees it, is refused the lock, mends it, and locks the version."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/")
    page.get_by_role("row").filter(has_text="Draf").get_by_role("link").first.click()
    expect(page.get_by_text("100 dari 100 poin")).to_have_count(3)
    _set_largest_points(page, "35")
    expect(page.get_by_text("95 dari 100 poin")).to_have_count(1)  # which also waits for what the button of the form saves
    page.get_by_role("link", name="Kunci versi ini").click()
    expect(page.get_by_role("heading", name="Yang harus diperbaiki dahulu")).to_be_visible()
    page.get_by_role("link", name="Kembali ke instrumen").click()
    walk.inspect(page)
    _set_largest_points(page, "40")
    expect(page.get_by_text("100 dari 100 poin")).to_have_count(3)
    page.get_by_role("link", name="Kunci versi ini").click()
    page.get_by_label("Saya mengerti bahwa versi ini tidak dapat diubah lagi.").check()
    page.get_by_role("button", name=re.compile("^Kunci versi")).click()
    expect(page.get_by_text("dikunci dan tidak akan berubah lagi")).to_be_visible()
    expect(page.get_by_role("link", name="Ubah keterangan")).to_have_count(0)


def _set_largest_points(page: Page, points: str) -> None:
    row = page.get_by_role("row").filter(has_text="Manfaat/dampak")
    row.get_by_role("link", name=re.compile("Rentang poin")).click()
    page.get_by_label("Poin tertinggi").fill(points)
    page.get_by_role("button", name="Simpan").click()


def prepare_the_period(walk: Walk) -> None:
    """BKPSDM makes a period with its schedule, a category on the locked version and a panel, and opens it."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/periode/")
    page.get_by_role("link", name="Buat periode").click()
    page.get_by_label("Nama periode").fill(PERIOD)
    page.get_by_label("Tahun").fill(str(clock.today().year))
    page.get_by_label("Alamat").fill("putaran-peramban")
    page.get_by_role("button", name="Buat periode").click()
    walk.inspect(page)
    page.get_by_role("link", name="Ubah jadwal").click()
    first = clock.today()
    for number, stage in enumerate(STAGES):
        page.get_by_label(f"{stage} mulai").fill((first + timedelta(days=7 * number)).isoformat())
        page.get_by_label(f"{stage} sampai").fill((first + timedelta(days=7 * number + 6)).isoformat())
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name="Tambah kategori").click()
    page.get_by_label("Nama kategori").fill("ASN Berprestasi")
    page.get_by_label("Kode").fill("asn-berprestasi")
    newest = page.get_by_label("Versi instrumen").locator("option").filter(has_text="SI PETRUK Balangan").filter(has_not_text="20")
    page.get_by_label("Versi instrumen").select_option(newest.first.get_attribute("value"))
    page.get_by_label("Jumlah pemenang").fill("1")
    page.get_by_label("Kuota usulan per unit kerja").fill("2")
    page.get_by_role("button", name=re.compile("Tambah|Simpan")).click()
    page.get_by_role("link", name=re.compile("Ubah tim penilai|Tentukan tim penilai|Pilih tim penilai")).click()
    for box in page.get_by_role("checkbox").all()[:3]:
        box.check()
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("link", name=PERIOD).click()
    page.get_by_role("link", name="Buka pengusulan").click()
    page.get_by_role("button", name="Buka pengusulan").click()
    expect(page.get_by_text("Pengusulan dibuka", exact=True)).to_be_visible()


def nominate(walk: Walk, innovation: str) -> None:
    """The unit's officer nominates an employee, keeps an unfinished draft, completes it; the head endorses; it is handed in."""
    officer, head = walk.page(f"opd-{UNIT}"), walk.page(f"kepala-{UNIT}")
    officer.goto(f"{walk.base}/usulan/")
    officer.get_by_role("link", name="Usulkan pegawai dalam kategori ASN Berprestasi").click()
    officer.get_by_role("button", name=re.compile("^Usulkan ")).first.click()
    officer.wait_for_url("**/isian/1")
    name = officer.locator("h1").inner_text()
    officer.get_by_role("link", name="Semua isian dalam satu halaman").click()
    officer.get_by_label("Judul inovasi").fill(innovation)
    officer.get_by_label("Tautan pendukung").fill("bukan alamat")
    officer.get_by_role("button", name="Simpan isian").click()
    expect(officer.get_by_role("alert")).to_contain_text("Tautan pendukung")
    expect(officer.get_by_label("Judul inovasi")).to_have_value(innovation)
    walk.inspect(officer)
    _answer(officer, innovation)
    officer.get_by_role("button", name="Simpan dan lanjut ke bukti").click()
    officer.wait_for_url("**/bukti")  # the button waits for what is being saved
    _attach_everything(officer, innovation)
    walk.inspect(officer)
    officer.get_by_role("link", name="Ke ringkasan usulan").click()
    officer.get_by_role("link", name="Serahkan kepada kepala").click()
    officer.get_by_role("button", name="Serahkan untuk disahkan").click()
    expect(officer.get_by_text("Menunggu pengesahan", exact=False).first).to_be_visible()
    head.goto(officer.url)
    head.get_by_role("link", name="Periksa dan sahkan").click()
    expect(head.get_by_role("button", name="Sahkan usulan")).to_be_visible()
    walk.inspect(head)
    _endorse_and_hand_in(head, officer)
    officer.goto(f"{walk.base}/usulan/")
    expect(officer.get_by_role("link", name=name)).to_be_visible()


def _endorse_and_hand_in(head: Page, officer: Page) -> None:
    head.get_by_role("button", name="Sahkan usulan").click()
    expect(head.get_by_text("masih sesuai")).to_be_visible()
    officer.reload()
    officer.get_by_role("link", name="Ajukan ke BKPSDM").click()
    officer.get_by_role("button", name="Ya, ajukan sekarang").click()
    expect(officer.get_by_text("Diajukan", exact=True).first).to_be_visible()


def _answer(page: Page, innovation: str) -> None:
    page.get_by_label("Tautan pendukung").fill("")
    page.get_by_label("Judul inovasi").fill(innovation)
    page.get_by_label("Uji coba").check()
    expect(page.get_by_label("Mulai diterapkan")).to_be_hidden()
    for label in ("Uraian inovasi", "Manfaat bagi organisasi dan masyarakat", "Alasan pengusulan"):
        page.get_by_label(label).fill(f"{innovation}: " + "pelayanan menjadi lebih cepat dan lebih mudah bagi masyarakat. " * 3)
    page.get_by_label("Kami menyatakan").check()


def _attach_everything(page: Page, innovation: str) -> None:
    """One file for each requirement that still lacks one."""
    for number in range(20):
        lacking = page.locator("section.requirement").filter(has=page.locator(".tag.warn"))
        if lacking.count() == 0:
            return
        heading = lacking.first.get_by_role("heading").inner_text()
        content = PDF + f"{innovation} {number}".encode()
        lacking.first.locator("input[type=file]").set_input_files({"name": "bukti.pdf", "mimeType": "application/pdf", "buffer": content})
        lacking.first.get_by_role("button", name="Unggah").click()
        section = page.locator("section.requirement").filter(has_text=heading)
        expect(section.get_by_role("link", name="bukti.pdf")).to_be_visible()
    raise AssertionError("the requirements never became complete")


def check(walk: Walk) -> None:
    """The verifier returns one nomination, which the unit corrects, then finds everything there and accepts both."""
    verifier = walk.page("verifikator")
    _open_waiting(walk, verifier, "Pasar Bersih")
    walk.inspect(verifier)
    verifier.get_by_role("link", name=re.compile("^Kembalikan")).click()
    verifier.get_by_label("Yang harus diperbaiki").fill("Uraian inovasi belum menyebut hasil.")
    verifier.get_by_label("Batas perbaikan").fill((clock.today() + timedelta(days=3)).isoformat())
    verifier.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(verifier.get_by_text("Usulan dikembalikan kepada unit pengusul.")).to_be_visible()
    _correct(walk)
    for _ in range(2):
        _open_waiting(walk, verifier, "")
        for item in verifier.locator("fieldset.check-item").all():
            lacks = item.get_by_text("Tidak ada berkas.").count() > 0
            _choose(item.get_by_role("radio", name="TIDAK ADA" if lacks else "ADA", exact=True))
        verifier.get_by_role("button", name="Simpan hasil pemeriksaan").click()
        expect(verifier.get_by_text("Hasil pemeriksaan disimpan.")).to_be_visible()
        verifier.get_by_role("link", name=re.compile("^Terima")).click()
        verifier.get_by_role("button", name="Terima, MS").click()
        expect(verifier.get_by_text("Usulan diterima (memenuhi syarat).")).to_be_visible()
    verifier.goto(f"{walk.base}/admin/verifikasi/")
    expect(verifier.get_by_text("0 usulan menunggu")).to_be_visible()
    _move(walk, "Mulai verifikasi")
    _move(walk, "Mulai penilaian")


def _choose(radio: Locator) -> None:
    """Choose by keyboard, since evidence that still loads moves what a mouse aims at; again where its viewer took the focus."""
    for _ in range(5):
        radio.press("Space")
        if radio.is_checked():
            return
    expect(radio).to_be_checked()


def _open_waiting(walk: Walk, page: Page, innovation: str) -> None:
    page.goto(f"{walk.base}/admin/verifikasi/")
    for address in [link.get_attribute("href") for link in page.locator("tbody th").get_by_role("link").all()]:
        page.goto(f"{walk.base}{address}")
        if innovation in page.get_by_role("main").inner_text():
            return
    raise AssertionError(f"{innovation} is not waiting")


def _correct(walk: Walk) -> None:
    """The unit reads the reason, changes the answer, has it endorsed again and hands it in again."""
    officer, head = walk.page(f"opd-{UNIT}"), walk.page(f"kepala-{UNIT}")
    officer.goto(f"{walk.base}/usulan/")
    officer.get_by_role("listitem").filter(has_text="Dikembalikan").get_by_role("heading").get_by_role("link").click()
    expect(officer.get_by_text("Uraian inovasi belum menyebut hasil.").first).to_be_visible()
    officer.get_by_role("link", name="Ubah isian").click()
    officer.get_by_label("Uraian inovasi").fill("Pasar Bersih: sampah berkurang separuh dalam enam bulan. " * 3)
    officer.get_by_role("button", name="Simpan isian").click()
    expect(officer.get_by_text("Isian tersimpan.")).to_be_visible()
    officer.get_by_role("link", name="Ringkasan").click()
    expect(officer.get_by_role("heading", name="Langkah berikutnya")).to_be_visible()
    head.goto(officer.url)
    head.get_by_role("link", name="Periksa dan sahkan").click()
    _endorse_and_hand_in(head, officer)


def _move(walk: Walk, step: str) -> None:
    """BKPSDM takes the period on, ahead of its schedule: refused without a reason, done with one."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/periode/")
    page.get_by_role("link", name=PERIOD).click()
    page.get_by_role("link", name=step).click()
    page.get_by_role("main").get_by_role("button", name=step).click()
    refused, done = page.get_by_text("Untuk mendahului jadwal, tuliskan alasannya."), page.get_by_text(f"{step}: selesai.")
    expect(refused.or_(done).first).to_be_visible()
    if refused.count():
        page.get_by_label("Alasan").fill("Semua unit sudah selesai.")
        page.get_by_role("main").get_by_role("button", name=step).click()
    expect(done).to_be_visible()


def assess(walk: Walk) -> None:
    """Each assessor scores both nominees alone; an impossible mark is refused and kept on the page; sheets are handed in."""
    for username in ASSESSORS:
        page = walk.page(username)
        page.goto(f"{walk.base}/admin/penilaian/")
        addresses = [link.get_attribute("href") for link in page.locator("tbody th").get_by_role("link").all()]
        assert len(addresses) == 2
        for address in addresses:
            page.goto(f"{walk.base}{address}")
            first = page.get_by_label("Nilai Orisinalitas")
            first.fill("99")
            page.get_by_role("button", name="Simpan", exact=True).click()
            expect(page.get_by_role("alert").first).to_be_visible()
            expect(first).to_have_value("99")
            if username == ASSESSORS[0]:  # the sheets of the others are the same page
                walk.inspect(page)
            is_winner = "Jalan Terang" in page.get_by_role("main").text_content()
            for criterion in page.locator("fieldset.criterion").all():
                found = re.search(r"0 sampai (\d+) poin", criterion.inner_text())
                assert found is not None
                criterion.get_by_role("textbox").first.fill(str(int(found[1]) - (0 if is_winner else 5)))
            page.get_by_role("button", name="Simpan dan periksa untuk dikirim").click()
            page.get_by_role("main").get_by_role("button", name=re.compile("^Kirim")).click()
            expect(page.get_by_text("dikirim dan terkunci.")).to_be_visible()
    _move(walk, "Mulai pemeringkatan")


def rank(walk: Walk, folder: Path) -> None:
    """BKPSDM computes, finalises, takes the sealed file; anybody recomputes it from the file alone, changed or not."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/pemeringkatan/")
    page.get_by_role("region", name=PERIOD).get_by_role("link", name="ASN Berprestasi").click()
    page.get_by_role("button", name="Hitung pemeringkatan").click()
    rows = page.locator("table.ranking tbody tr")
    expect(rows.nth(0)).to_contain_text("100,00")
    walk.inspect(page)
    study(walk, page)
    page.get_by_role("link", name="Tetapkan sebagai final").click()
    page.get_by_role("button", name="Tetapkan final dan segel").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh berkas tersegel (JSON)").click()
    sealed = folder / "ranking.json"
    download.value.save_as(sealed)
    assert ready.exit_code("verify", str(sealed)) == 0
    document = json.loads(sealed.read_text(encoding="utf-8"))
    document["result"]["rows"][0]["score"] = "99.99"
    sealed.write_text(json.dumps(document), encoding="utf-8")
    assert ready.exit_code("verify", str(sealed)) == 1
    have_it_checked(walk, sealed)
    _move(walk, "Mulai penetapan")


def study(walk: Walk, page: Page) -> None:
    """Before it is final: the standing, why a score is what it is, the gap of two nominees, the analysis made by the worker."""
    here = page.url
    page.get_by_role("link", name="Peringkat sementara").click()
    walk.inspect(page)
    page.goto(here)
    page.locator("table.ranking tbody tr").first.get_by_role("link").first.click()
    page.emulate_media(media="print")
    expect(page.get_by_text("Rata-rata 3 nilai: (").first).to_be_visible()  # on paper nothing stays folded
    page.emulate_media(media="screen")
    expect(page.get_by_text("Rata-rata 3 nilai: (").first).to_be_hidden()
    page.get_by_text("Langkahnya").first.click()
    walk.inspect(page)
    page.get_by_role("button", name="Lihat selisih").click()
    expect(page.get_by_role("heading", name="Selisih dua calon")).to_be_visible()
    walk.inspect(page)
    page.goto(here)
    page.get_by_role("link", name="Analisis", exact=True).click()
    page.get_by_role("button", name="Hitung analisis").click()
    expect(page.get_by_role("heading", name="Seberapa kokoh pemenangnya")).to_be_visible(timeout=WORKER_MS)
    walk.inspect(page)
    page.goto(here)


def have_it_checked(walk: Walk, changed: Path) -> None:
    """Anybody has the portal check a file; one that was changed is named as such."""
    page = walk.public()
    page.goto(f"{walk.base}/periksa")
    page.get_by_label("Berkas JSON").set_input_files(changed)
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("alert")).to_contain_text("Tidak cocok.")
    walk.inspect(page)


def determine(walk: Walk) -> str:
    """BKPSDM takes the winner from the final ranking, with the decree; returns the winner's name."""
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/penetapan/")
    page.get_by_role("link", name=PERIOD).click()
    page.get_by_role("link", name="Tetapkan pemenang ASN Berprestasi").click()
    candidate = page.locator("li.candidate").first
    name = candidate.locator("label b").inner_text()
    expect(candidate.get_by_role("checkbox")).to_be_checked()
    candidate.get_by_role("textbox").fill("Lampu jalan desa yang dirawat warga.")
    page.get_by_label("Nomor SK").fill("188.45/100/Kum")
    page.get_by_label("Tanggal SK").fill(clock.today().isoformat())
    walk.inspect(page)
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Tetapkan pemenang").click()
    expect(page.get_by_text("SK 188.45/100/Kum")).to_be_visible()
    return name


def publish(walk: Walk) -> None:
    page = walk.page("bkpsdm")
    page.get_by_role("link", name="Umumkan hasil").click()
    walk.inspect(page)
    page.get_by_role("button", name="Lanjut mengumumkan").click()
    page.get_by_role("button", name="Umumkan", exact=True).click()
    expect(page.get_by_text("Hasil diumumkan.", exact=True)).to_be_visible()


def read_as_the_public(walk: Walk, winner: str) -> None:
    """Anybody finds the winner on the portal, on a phone too, and over GraphQL; nobody else and no number is to be found."""
    page = walk.public()
    page.goto(f"{walk.base}/")
    expect(page.get_by_text(winner).first).to_be_visible()
    walk.inspect(page)
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Pemenang").click()
    page.get_by_role("searchbox").fill("tidak ada namanya")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("heading", name="Tidak ada pemenang")).to_be_visible()
    walk.inspect(page)
    page.go_back()
    page.get_by_role("searchbox").fill(winner)
    page.get_by_text("Saring menurut").click()
    page.get_by_label("Periode", exact=True).select_option(PERIOD)
    page.get_by_role("button", name="Terapkan saringan").click()
    expect(page.get_by_role("heading", name="1 pemenang")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("link", name=winner).first.click()
    expect(page.get_by_text("188.45/100/Kum")).to_be_visible()
    walk.inspect(page)
    query = "{ latestPublication { winners { nodes { name innovationTitle score } } } }"
    answer = page.request.post(f"{walk.base}/graphql", data={"query": query})
    won = {"name": winner, "innovationTitle": "Jalan Terang", "score": None}
    assert answer.json()["data"] == {"latestPublication": {"winners": {"nodes": [won]}}}
    assert re.search(r"\d{18}", page.content() + answer.text()) is None
