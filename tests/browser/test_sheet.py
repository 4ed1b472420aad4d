"""An assessor at work on a blind sheet: keys, saving by itself, evidence in the page, the next nominee, abstaining, handing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from sipetruk.models import Mark, Sheet, StageWindow
from sipetruk.rules import blind
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import clock
from tests.browser.conftest import PHONE, Walk, serving
from tests.services import builders
from tests.services.test_panels import settings, verifying

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
NAMES = ("Budi Santoso", "Wati Lestari")


@pytest.fixture
def nominees(cast):
    """Two nominations of a blind category that is being assessed today."""
    round_, ids = verifying(cast, *NAMES, panel=("assessor", "assessor2"))
    settings(cast, round_, is_blind=True, assessors_each=None)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, PeriodMove.START_ASSESSMENT)
    today = clock.today()
    for stage in Stage:  # the server goes by the dates: the assessment lasts until tomorrow, the rest comes later
        later = timedelta(days=1 if stage is Stage.ASSESSMENT else 9)
        StageWindow.update(opens_on=today, closes_on=today + later).where(StageWindow.stage == stage).execute()
    return sorted(ids, key=blind.called)


def marks_of(actor, nomination_id):
    query = Mark.select().where(Mark.assessor == actor.user_id, Mark.nomination == nomination_id).order_by(Mark.criterion)
    return [(mark.criterion.code, mark.state, mark.value, mark.note) for mark in query]


def test_a_sheet_is_filled_in_by_keys_and_handed_in(browser, database_url, data_dir, cast, nominees):
    first, second = nominees
    with serving(database_url, data_dir) as base:
        walk = Walk(base, browser)
        page = walk.page(cast.assessor.username)
        page.goto(f"{base}/admin/penilaian/")
        page.get_by_role("link", name=blind.called(first)).click()
        page.get_by_role("heading", name=blind.called(first)).wait_for()
        page.wait_for_load_state()
        assert not any(name in page.content() for name in (*NAMES, "Dinas Kesehatan"))

        page.locator("[name=value-gagasan]").fill("37,5")
        page.locator("#value-dampak input").first.focus()
        page.keyboard.press("3")
        page.keyboard.press("Tab")
        page.get_by_text("Tersimpan pukul").wait_for()
        page.locator('[data-total=""] b', has_text="57,5").wait_for()
        assert marks_of(cast.assessor, first) == [("gagasan", "scored", 3750, ""), ("dampak", "scored", 2000, "")]

        keep_what_is_wrong(walk, page)
        assert marks_of(cast.assessor, first) == [("gagasan", "scored", 3750, ""), ("dampak", "scored", 1000, "")]

        page.locator(".file-here summary").first.click()
        page.locator(".file-here iframe").first.wait_for()
        walk.inspect(page)

        page.get_by_role("button", name="Simpan, berikutnya").click()
        page.get_by_role("heading", name=blind.called(second)).wait_for()
        page.get_by_role("link", name="‹ Sebelumnya").click()
        page.get_by_role("heading", name=blind.called(first)).wait_for()
        page.locator("[name=note-dampak]").fill("Dampaknya luas sekali.")
        page.get_by_label("Abstain: Disiplin").check()
        page.locator("[name=note-disiplin]").fill("Pernah bekerja bersama.")
        page.get_by_role("button", name="Simpan dan periksa untuk dikirim").click()
        page.get_by_role("heading", name="Kirim lembar penilaian?").wait_for()
        walk.inspect(page)
        page.get_by_role("button", name="Kirim dan kunci").click()
        page.get_by_role("heading", name=blind.called(second)).wait_for()
        assert Sheet.get(nomination=first, assessor=cast.assessor.user_id).state == "submitted"
        assert marks_of(cast.assessor, first)[2] == ("disiplin", "abstained", None, "Pernah bekerja bersama.")

        page.set_viewport_size(PHONE)
        page.get_by_role("button", name="Bukti", exact=True).click()
        expect(page.locator(".file-here").first).to_be_visible()
        expect(page.locator("[name=value-gagasan]")).to_be_hidden()
        page.context.close()
    assert walk.complaints == []


def keep_what_is_wrong(walk, page):
    """Of what was typed the rest is saved; the wrong mark is named at its place and not left behind unasked."""
    gagasan = page.locator("[name=value-gagasan]")
    gagasan.fill("12x")
    page.locator("#value-dampak input").nth(1).check()
    expect(page.locator("[data-saved]")).to_contain_text("kecuali isian yang ditandai")
    expect(page.locator("#value-gagasan-salah")).to_have_text("Ini bukan angka.")
    expect(gagasan).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[data-total=""] b')).to_have_text("47,5")
    page.locator(".answers-part summary").first.click()
    walk.inspect(page)
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Berikutnya ›").click(no_wait_after=True)
    expect(gagasan).to_have_value("12x")
    gagasan.fill("37,5")
    gagasan.blur()
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Tersimpan pukul \d\d\.\d\d\.\d\d$"))
    expect(page.locator(".errors, [aria-invalid]")).to_have_count(0)
    assert asked == ["beforeunload"]
