"""An objection in the browser: filed by the unit, accepted, the sheets marked again, and a new final ranking that shows the difference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sipetruk.models import Period
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import clock, periods
from tests.browser.conftest import Walk, serving
from tests.cast import Cast
from tests.conftest import Copy
from tests.services import builders, objecting

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def stage(browser: Browser, copied: Copy, cast: Cast, data_dir: Path) -> Iterator[tuple[Walk, int]]:
    """A server on a round whose objection stage runs today, and its category; the second nominee has reason to object."""
    round_, _ = objecting.ranking_stage(cast)
    windows = {stage: days for stage, days in builders.WINDOWS.items() if stage not in {Stage.DETERMINATION, Stage.PUBLICATION}}
    windows[Stage.OBJECTION] = (clock.today(), clock.today() + timedelta(days=2))
    version = Period.get_by_id(round_.period_id).row_version
    periods.set_windows(cast.bkpsdm, period_id=round_.period_id, windows=windows, expected_version=version, reason="Masa sanggah.")
    builders.move(cast, round_, PeriodMove.OPEN_OBJECTION)
    with serving(copied.url, data_dir) as base:
        walking = Walk(base, browser)
        yield walking, round_.category_id
        for page in walking.pages.values():
            page.context.close()
    assert walking.complaints == [], "\n".join(walking.complaints)


def test_an_objection_changes_the_winner(stage: tuple[Walk, int], tmp_path: Path) -> None:
    walk, category_id = stage
    file_it(walk, tmp_path)
    accept_and_open(walk)
    mark_again(walk)
    rank_again(walk, category_id)
    read_the_outcome(walk)


def file_it(walk: Walk, folder: Path) -> None:
    page = walk.page("opd-dinkes")
    page.goto(f"{walk.base}/usulan/")
    page.get_by_role("link", name="Budi Santoso").click()
    page.get_by_role("link", name="Lihat nilai").click()
    expect(page.get_by_text("tidak diusulkan sebagai salah satu dari 1 pemenang")).to_be_visible()
    walk.inspect(page)
    page.get_by_role("link", name="Sanggah hasil ini").click()
    page.get_by_label("Alasan sanggahan").fill("Terlalu pendek.")
    page.get_by_role("button", name="Ajukan sanggahan").click()
    expect(page.get_by_text("paling sedikit 20 karakter")).to_have_count(2)
    walk.inspect(page)
    expect(page.get_by_label("Alasan sanggahan")).to_have_value("Terlalu pendek.")
    page.get_by_label("Alasan sanggahan").fill(objecting.REASON)
    letter = folder / "keberatan.pdf"
    letter.write_bytes(builders.PDF)
    page.get_by_label("Lampiran").set_input_files(letter)
    page.get_by_role("button", name="Ajukan sanggahan").click()
    expect(page.get_by_text("Menunggu keputusan")).to_be_visible()
    walk.inspect(page)


def accept_and_open(walk: Walk) -> None:
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/sanggah/")
    walk.inspect(page)
    page.get_by_role("link", name=re.compile("2024-S001")).click()
    walk.inspect(page)
    page.get_by_role("link", name="Terima sanggahan").click()
    page.get_by_label("Alasan keputusan").fill("Proposal belum dibaca seluruhnya.")
    walk.inspect(page)
    page.get_by_role("button", name="Terima sanggahan").click()
    expect(page.get_by_text("Menunggu tindak lanjut.")).to_be_visible()
    page.get_by_role("link", name="Buka kembali lembar").click()
    for name in ("Siti Penilai", "Dewi Penilai"):
        page.get_by_label(name).check()
    page.get_by_label("Gagasan").check()
    page.get_by_label("Alasan").fill("Bandingkan lagi dengan proposal.")
    walk.inspect(page)
    page.get_by_role("button", name="Buka kembali").click()
    expect(page.get_by_text("karena sanggahan 2024-S001")).to_have_count(2)
    page.get_by_text("Riwayat nilai Siti Penilai").click()
    walk.inspect(page)


def mark_again(walk: Walk) -> None:
    for username in ("penilai1", "penilai2"):
        page = walk.page(username)
        page.goto(f"{walk.base}/admin/penilaian/")
        page.get_by_role("link", name="Budi Santoso").click()
        expect(page.get_by_text("Bandingkan lagi dengan proposal.")).to_be_visible()
        expect(page.get_by_text("tidak dibuka kembali")).to_have_count(2)
        page.get_by_label(re.compile("^Nilai Gagasan")).fill("40")
        walk.inspect(page)
        page.get_by_role("button", name="Simpan dan periksa untuk dikirim").click()
        page.get_by_role("button", name=re.compile("^Kirim")).click()
        expect(page.get_by_text("dikirim dan terkunci")).to_be_visible()


def rank_again(walk: Walk, category_id: int) -> None:
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/pemeringkatan/{category_id}/")
    page.get_by_role("button", name="Hitung ulang").click()
    page.get_by_role("link", name="Tetapkan sebagai final").click()
    page.get_by_role("button", name="Tetapkan final dan segel").click()
    page.get_by_role("link", name="Perbedaan dengan final sebelumnya").click()
    expect(page.get_by_text("Gagasan: 30,50 menjadi 40,00 (+9,50)")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text=re.compile("^masuk"))).to_contain_text("Budi Santoso")
    expect(page.get_by_role("listitem").filter(has_text=re.compile("^keluar"))).to_contain_text("Siti Aminah")
    expect(page.get_by_role("link", name="2024-S001")).to_be_visible()
    walk.inspect(page)


def read_the_outcome(walk: Walk) -> None:
    page = walk.page("opd-dinkes")
    page.reload()
    expect(page.get_by_text("pemeringkatan final baru no. 2")).to_be_visible()
    page.get_by_role("link", name="Lihat nilai").click()
    expect(page.get_by_text("calon ini diusulkan sebagai salah satu dari 1 pemenang")).to_be_visible()
