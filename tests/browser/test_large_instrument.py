"""An instrument of 60 criteria with 6 levels each opens, is typed into, has its rubric edited and a criterion moved, all in the browser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

COMPONENTS, CRITERIA, LEVELS = 6, 10, 6
SAVED = re.compile(r"^Tersimpan pukul \d\d\.\d\d\.\d\d$")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_sixty_criteria_of_six_levels(walk):
    page = walk.page("bkpsdm")
    page.goto(f"{walk.base}/admin/instrumen/impor/")
    page.get_by_label("Nama instrumen").fill("Instrumen besar")
    page.get_by_label("Kode").fill("besar")
    body = json.dumps(large()).encode()
    page.get_by_label("Berkas instrumen").set_input_files({"name": "besar.json", "mimeType": "application/json", "buffer": body})
    page.get_by_role("button", name="Periksa berkas").click()
    page.get_by_role("button", name="Impor sebagai instrumen baru").click()
    page.get_by_role("link", name="Susun", exact=True).click()
    expect(page.locator("tr[data-level=criterion]")).to_have_count(COMPONENTS * CRITERIA)

    name = page.locator("#kriteria-k_5_9-label")
    name.fill("Yang paling akhir")
    name.blur()
    expect(page.locator("[data-saved=cepat]")).to_have_text(SAVED)
    page.locator("#kriteria-k_5_9").get_by_role("link", name=re.compile("^Rubrik")).click()
    expect(page.locator("fieldset.rows tbody tr")).to_have_count(LEVELS)
    page.get_by_label("Nama tingkat, baris 6").fill("Istimewa")
    page.get_by_role("button", name="Simpan skala").click()
    expect(page.locator("#kriteria-k_5_9")).to_contain_text("Istimewa")
    page.get_by_role("button", name="Naikkan Yang paling akhir").click()
    expect(page.locator("body > .sr[role=status]")).to_have_text("Urutan disimpan.")
    page.reload()
    last = page.locator('tbody[data-code="c_5"] tr[data-level=criterion]').evaluate_all("rows => rows.slice(-2).map(row => row.id)")
    assert last == ["kriteria-k_5_9", "kriteria-k_5_8"]


def large() -> dict[str, Any]:
    levels = [{"points": 2 * number, "label": f"Tingkat {number}", "description": f"Uraian {number}. " * 4} for number in range(LEVELS)]
    same = {"help": "Petunjuk bagi penilai. " * 4, "scale": {"kind": "rubric", "levels": levels}, "source": {"kind": "assessor"}}
    components = [
        {
            "code": f"c_{at}",
            "label": f"Komponen {at}",
            "criteria": [{"code": f"k_{at}_{number}", "label": f"Kriteria {at}.{number}", **same} for number in range(CRITERIA)],
        }
        for at in range(COMPONENTS)
    ]
    policy = {"combine": "mean_of_components"}
    return {"format": "sipetruk-instrument/1", "title": "Instrumen besar", "policy": policy, "components": components}
