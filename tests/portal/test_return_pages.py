"""A return is answered on a page of its own; a signature shows what it is worth; a double click does its thing once."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sipetruk.models import Endorsement, Nomination, ReturnItem
from sipetruk.services import checks, nominations
from tests.portal import pages
from tests.portal.test_nomination_pages import address, upload
from tests.services import builders
from tests.services.builders import PDF, version_of

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def while_it_is_corrected():
    with builders.standing_at(2024, 10, 14):
        yield


@pytest.fixture
def unit(app, cast, sign_in):
    return sign_in(app.test_client(), cast.unit_admin)


@pytest.fixture
def head(app, cast, sign_in):
    return sign_in(app.test_client(), cast.unit_head)


@pytest.fixture
def id_(cast):
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    verdicts = {"proposal": ("absent", "Halaman <2> hilang."), "skp": ("present", "")}
    version = checks.record_items(cast.verifier, nomination_id=nomination_id, items=verdicts, expected_version=version_of(nomination_id))
    due_on = date(2024, 10, 20)
    checks.return_(cast.verifier, nomination_id=nomination_id, reason="Lengkapi proposal.", due_on=due_on, expected_version=version)
    return nomination_id


@pytest.fixture
def page(unit, id_):
    return address(unit)


def send(client, page, *, headers=None, **replies):
    text = client.get(page).text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")}
    return client.post(page, data=form | {name.replace("__", "-"): value for name, value in replies.items()}, headers=headers or {})


def saved():
    return {row.requirement: row.reply for row in ReturnItem.select()}


def test_every_point_is_listed_with_the_words_of_the_verifier_and_its_reply(unit, page):
    text = unit.get(f"{page}/jawaban").text
    assert pages.headings(text, 3) == ["Alasan pengembalian", "Proposal"]
    assert pages.plain(text, "<blockquote>", "</blockquote>") == ["Lengkapi proposal.", "TIDAK ADA. Halaman <2> hilang."]
    assert re.findall(r'<textarea[^>]* name="([^"]+)"', text) == ["r-", "r-proposal"]
    assert pages.forbidden(text) == []
    answer = send(unit, f"{page}/jawaban", **{"r-": "Siap.", "r-proposal": "Ada di </textarea> lampiran."})
    assert (answer.status_code, saved()) == (303, {"": "Siap.", "proposal": "Ada di </textarea> lampiran."})
    text = unit.get(f"{page}/jawaban").text
    assert pages.plain(text, '<span class="tag good">', "</span>") == ["sudah dijawab"] * 2
    assert "Ada di </textarea> lampiran" not in text


def test_a_new_file_answers_too(unit, page):
    assert upload(unit, page, content=PDF + b"lengkap").status_code == 303
    text = unit.get(f"{page}/jawaban").text
    assert "Berkasnya sudah diganti sesudah dikembalikan." in text
    assert "belum dijawab" not in text
    assert "Serahkan kepada kepala" in unit.get(page).text


def test_replies_save_themselves_and_a_second_tab_sees_both_texts(unit, page):
    old = unit.get(f"{page}/jawaban").text
    answer = send(unit, f"{page}/jawaban", headers=JSON, **{"r-": "", "r-proposal": "Tab pertama"})
    assert (answer.status_code, answer.json["saved_at"]) == (200, "10.00.00")
    form = {name: pages.hidden(old, name) for name in ("csrf_token", "expected_version")} | {"r-": "", "r-proposal": "Tab kedua"}
    assert unit.post(f"{page}/jawaban", data=form, headers=JSON).status_code == 409
    conflict = unit.post(f"{page}/jawaban", data=form)
    assert (conflict.status_code, re.findall(r"</b>(Tab[^<]*)</div>", conflict.text)) == (409, ["Tab kedua", "Tab pertama"])
    assert saved()["proposal"] == "Tab pertama"
    again = {name: pages.hidden(conflict.text, name) for name in ("csrf_token", "expected_version", "r-", "r-proposal")}
    merging = unit.post(f"{page}/jawaban", data={**again, "then": "edit"})
    assert (merging.status_code, "\nTab kedua</textarea>" in merging.text, saved()["proposal"]) == (200, True, "Tab pertama")
    assert unit.post(f"{page}/jawaban", data=again).status_code == 303
    assert saved()["proposal"] == "Tab kedua"


def test_a_refused_reply_stands_at_its_point_and_late_ones_are_given_back(unit, page):
    refused = send(unit, f"{page}/jawaban", **{"r-": "", "r-proposal": "x" * 2_001})
    assert (refused.status_code, pages.errors(refused.text)) == (422, ["Paling banyak 2000 karakter."])
    assert ("x" * 2_001 in refused.text, saved()["proposal"]) == (True, "")
    text = unit.get(f"{page}/jawaban").text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")} | {"r-proposal": "Terlambat"}
    with builders.standing_at(2024, 10, 21):
        late = unit.post(f"{page}/jawaban", data=form)
        assert unit.post(f"{page}/jawaban", data=form, headers=JSON).json == {
            "errors": {"": ["Batas waktu perbaikan usulan ini sudah lewat."]}
        }
    assert (late.status_code, "Terlambat" in late.text, saved()["proposal"]) == (422, True, "")


def test_the_head_reads_the_replies_with_what_is_to_be_signed(unit, head, page):
    send(unit, f"{page}/jawaban", **{"r-": "Siap.", "r-proposal": "Ada di lampiran."})
    text = head.get(f"{page}/sahkan").text
    assert "Jawaban atas pengembalian 14 Oktober 2024" in text
    assert pages.plain(text, "<dd>", "</dd>")[-2:] == ["Siap.", "Ada di lampiran."]
    assert "<form class" not in head.get(f"{page}/jawaban").text


def test_a_nomination_that_never_came_back_has_no_such_page(app, unit, page, cast, sign_in):
    outsider = sign_in(app.test_client(), cast.outsider)
    builders.drafted(cast, builders.open_round(cast, slug="2025"), "Wati Lestari")
    answers = [outsider.get(f"{page}/jawaban"), unit.get(f"{address(unit, 'Wati Lestari')}/jawaban"), unit.get("/usulan/apa/jawaban")]
    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_signature_is_computed_again_with_every_look(unit, page, id_, cast):
    nominations.withdraw(cast.unit_admin, nomination_id=id_, reason="Ganti calon.", expected_version=version_of(id_))
    with builders.during_nomination():
        builders.endorsed(cast, builders.open_round(cast, slug="2025"), "Wati Lestari")
        text = unit.get(address(unit, "Wati Lestari")).text
        assert (Endorsement.select().order_by(Endorsement.id.desc()).get().content_sha256 in text, "masih sesuai" in text) == (True, True)
        Nomination.update(answers={"judul": "Diganti diam-diam"}).execute()
        text = unit.get(address(unit, "Wati Lestari")).text
        assert ("masih sesuai" in text, "tidak sesuai" in text) == (False, True)


def test_a_void_signature_is_announced_until_the_next(unit, head, cast):
    with builders.during_nomination():
        id_ = builders.endorsed(cast, builders.open_round(cast))
        page = address(unit)
        upload(unit, page, content=PDF + b"lagi")
        told = pages.plain(unit.get(page).text, '<div class="message info">', "</div>")
        reason = "Isian atau bukti berubah sesudah disahkan. Usulan perlu disahkan kembali sebelum diajukan."
        assert told == [f"Pengesahan batal pada 2 Oktober 2024 pukul 10.00 WITA: {reason}"]
        nominations.endorse(cast.unit_head, nomination_id=id_, expected_version=version_of(id_))
        assert "Pengesahan batal pada" not in unit.get(page).text


def test_a_double_click_does_its_thing_once(unit, head, cast):
    with builders.during_nomination():
        id_ = builders.filled(cast, builders.open_round(cast))
        page = address(unit)
        for client, step in ((unit, "serahkan"), (head, "sahkan"), (unit, "ajukan")):
            text = client.get(f"{page}/{step}").text
            form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version", "key")}
            assert [client.post(f"{page}/{step}", data=form).status_code for _ in range(2)] == [303, 303]
    assert (Nomination.get_by_id(id_).state, Endorsement.select().count()) == ("submitted", 1)


def test_replies_wait_until_somebody_has_signed_in_again(app, unit, page, cast, sign_in):
    text = unit.get(f"{page}/jawaban").text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")} | {"r-": "Sudah <lengkap>.", "r-proposal": ""}
    own, ended = {"Origin": "http://localhost"}, app.test_client()
    kept = ended.post(f"{page}/jawaban", data=form, headers=own)
    assert (kept.status_code, pages.hidden(kept.text, "r-"), pages.hidden(kept.text, "csrf_token")) == (401, "Sudah <lengkap>.", "")
    sign_in(ended, cast.unit_admin)
    again = form | {"csrf_token": ""}
    back = ended.post(f"{page}/jawaban", data=again, headers=own)
    assert (back.status_code, "Sudah &lt;lengkap&gt;." in back.text, saved()) == (422, True, {"": "", "proposal": ""})
    assert ended.post(f"{page}/jawaban", data=again | {"csrf_token": pages.token(back.text)}).status_code == 303
    assert saved() == {"": "Sudah <lengkap>.", "proposal": ""}
    stranger = ended.post(f"{page}/jawaban", data=again, headers={"Origin": "https://jahat.example"})
    assert (stranger.status_code, "<form" in stranger.text.split('id="main"')[1]) == (400, False)


def test_the_note_of_a_step_waits_too(app, head, page, cast, sign_in):
    text = head.get(f"{page}/kembalikan").text
    form = {name: pages.hidden(text, name) for name in ("expected_version", "key")} | {"note": "Perbaiki <judul>."}
    own, ended = {"Origin": "http://localhost"}, app.test_client()
    kept = ended.post(f"{page}/kembalikan", data=form, headers=own)
    assert (kept.status_code, pages.hidden(kept.text, "note")) == (401, "Perbaiki <judul>.")
    sign_in(ended, cast.unit_head)
    back = ended.post(f"{page}/kembalikan", data=form, headers=own)
    assert (back.status_code, "Perbaiki &lt;judul&gt;." in back.text, Nomination.get().row_version) == (
        422,
        True,
        int(form["expected_version"]),
    )
    assert ended.post(f"{page}/kembalikan", data=form | {"csrf_token": pages.token(back.text)}).status_code == 303
