"""BKPSDM reminds a unit; the unit's officer finds it at the bell, works, and the work lists follow."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def demo_stage():
    """The round takes nominations, some of them on their way."""
    return "nomination"


def test_a_unit_is_reminded_and_finds_it_at_the_bell(walk):
    admin = walk.page("bkpsdm")
    admin.goto(f"{walk.base}/admin/")
    expect(admin.get_by_role("heading", name="Yang menunggu Anda")).to_be_visible()
    expect(admin.get_by_text("hari ini", exact=True)).to_be_visible()
    walk.inspect(admin)
    admin.get_by_role("link", name="Kendali periode").first.click()
    walk.inspect(admin)
    admin.get_by_role("link", name="Lihat semua unit").click()
    admin.get_by_label("Tampilkan").select_option("belum")
    admin.get_by_role("button", name="Terapkan").click()
    expect(admin).to_have_url(re.compile("tampil=belum"))
    code = admin.locator("tbody tr .hint").first.inner_text().split(";")[0].strip()
    admin.locator("tbody tr").first.get_by_role("button", name="Ingatkan").press("Enter")
    expect(admin.get_by_role("status").first).to_contain_text("1 unit diingatkan; 2 orang diberi tahu.")
    walk.inspect(admin)

    unit = walk.page(f"opd-{code}")
    unit.goto(f"{walk.base}/usulan/")
    expect(unit.get_by_role("heading", name="Yang menunggu Anda")).to_be_visible()
    walk.inspect(unit)
    bell = unit.get_by_role("link", name="Pemberitahuan")
    count = int(bell.locator(".many").inner_text().split()[0])
    bell.click()
    walk.inspect(unit)
    unit.get_by_role("button", name="Unit Anda belum mengajukan usulan").click()
    expect(unit.get_by_role("heading", level=1)).to_contain_text("Usulan")
    left = unit.locator(".bell .many")
    if count > 1:
        expect(left).to_have_text(re.compile(rf"^\s*{count - 1}\b"))
    else:
        expect(left).to_have_count(0)

    admin.locator("tbody tr").first.get_by_role("button", name="Ingatkan").press("Enter")
    expect(admin.get_by_role("heading", name="Mohon dipastikan")).to_be_visible()
    admin.get_by_role("link", name="Batal").click()
    admin.goto(f"{walk.base}/admin/pemberitahuan/?tampil=semua")
    walk.inspect(admin)
