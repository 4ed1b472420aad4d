"""From the draft to BKPSDM and back: the head endorses or sends back, the unit submits or withdraws, a return shows its reason."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sipetruk.models import Endorsement, Nomination
from sipetruk.services import checks
from tests.portal import pages
from tests.portal.test_nomination_pages import address, save, upload
from tests.services import builders


@pytest.fixture(autouse=True)
def while_units_nominate():
    with builders.during_nomination():
        yield


@pytest.fixture
def unit(app, cast, sign_in):
    return sign_in(app.test_client(), cast.unit_admin)


@pytest.fixture
def head(app, cast, sign_in):
    return sign_in(app.test_client(), cast.unit_head)


def take(client, page, step, **changes):
    """Open the page of a step and confirm it."""
    text = client.get(f"{page}/{step}").text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")}
    return client.post(f"{page}/{step}", data=form | changes)


def notices(client, page):
    return pages.plain(client.get(page).text, 'role="status"><p>', "</p>")


def test_a_nomination_goes_from_the_draft_to_bkpsdm(unit, head, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    assert save(unit, page).status_code == 303
    assert upload(unit, page).status_code == 303
    assert "Serahkan kepada kepala perangkat daerah untuk disahkan" in unit.get(page).text
    assert "lengkap, belum diserahkan penyusun" in head.get("/usulan/").text
    assert take(unit, page, "serahkan").status_code == 303
    assert "menunggu pengesahan sejak 2 Oktober 2024" in unit.get("/usulan/").text
    assert "menunggu pengesahan Anda sejak 2 Oktober 2024" in head.get("/usulan/").text
    text = head.get(f"{page}/sahkan").text
    assert "Antrean daring" in text
    assert "proposal.pdf" in text
    answer = take(head, page, "sahkan", note="Sangat layak.")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert notices(head, page) == ["Usulan disahkan. Admin perangkat daerah dapat mengajukannya ke BKPSDM."]
    assert take(unit, page, "ajukan").status_code == 303
    assert Nomination.get_by_id(id_).state == "submitted"
    assert re.findall(r"<li><b>([^<]+)</b>", pages_timeline(unit, page)) == [
        "Draf disusun",
        "Diserahkan kepada kepala untuk disahkan",
        "Disahkan",
        "Diajukan ke BKPSDM",
    ]


def pages_timeline(client, page):
    return re.search(r'<ol class="timeline">(.*?)</ol>', client.get(page).text, re.DOTALL).group(1)


def test_a_step_that_is_not_open_leads_back_with_a_word(unit, head, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    for client, step in ((unit, "ajukan"), (unit, "sahkan"), (head, "sahkan")):
        answer = client.get(f"{page}/{step}")
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert notices(head, page) == ["Langkah “Periksa dan sahkan” tidak tersedia untuk usulan ini sekarang."]


def test_a_step_that_was_closed_meanwhile_is_refused(unit, cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    page = address(unit)
    text = unit.get(f"{page}/ajukan").text
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")}
    with builders.standing_at(2024, 10, 16):
        answer = unit.post(f"{page}/ajukan", data=form)
    assert (answer.status_code, Nomination.get_by_id(id_).state) == (422, "endorsed")
    assert "Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA." in answer.text


def test_the_head_does_not_sign_what_has_changed_since_it_was_read(unit, head, cast):
    id_ = builders.filled(cast, builders.open_round(cast))
    page = address(unit)
    text = head.get(f"{page}/sahkan").text
    save(unit, page, a__judul="Judul yang lain")
    form = {name: pages.hidden(text, name) for name in ("csrf_token", "expected_version")}
    answer = head.post(f"{page}/sahkan", data={**form, "note": "Catatan saya"})
    assert (answer.status_code, Endorsement.select().count(), Nomination.get_by_id(id_).state) == (409, 0, "draft")
    assert "Judul yang lain" in answer.text
    assert "\nCatatan saya</textarea>" in answer.text


def test_the_head_sends_back_with_a_note(unit, head, cast):
    id_ = builders.endorsed(cast, builders.open_round(cast))
    page = address(unit)
    refused = take(head, page, "kembalikan", note="  ")
    assert (refused.status_code, pages.errors(refused.text)) == (422, ["Catatan untuk penyusun wajib diisi."])
    assert Nomination.get_by_id(id_).state == "endorsed"
    assert take(head, page, "kembalikan", note="Lengkapi <dampaknya>.").status_code == 303
    assert Nomination.get_by_id(id_).state == "draft"
    box = pages.plain(unit.get(f"{page}/isian").text, '<section class="message info" aria-labelledby="returned-title">', "</section>")
    assert box == ["Kepala perangkat daerah meminta perbaikan Lengkapi <dampaknya>. Oleh Ahmad Kepala, 2 Oktober 2024 pukul 10.00 WITA."]
    take(head, page, "sahkan")
    assert "meminta perbaikan" not in unit.get(f"{page}/isian").text


def test_a_nomination_is_withdrawn_only_with_a_reason(unit, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    page = address(unit)
    refused = take(unit, page, "tarik", reason="")
    assert (refused.status_code, pages.errors(refused.text)) == (422, ["Alasan penarikan wajib diisi."])
    assert '<a href="#f-reason">Alasan penarikan</a>: Alasan penarikan wajib diisi.' in refused.text
    assert Nomination.get_by_id(id_).state == "submitted"
    assert take(unit, page, "tarik", reason="Pegawai pindah tugas.").status_code == 303
    assert Nomination.get_by_id(id_).state == "withdrawn"
    assert "Langkah berikutnya" not in unit.get(page).text


def test_nothing_is_lacking_in_what_was_withdrawn(unit, cast):
    builders.drafted(cast, builders.open_round(cast))
    page = address(unit)
    assert " kurang</span>" in unit.get(f"{page}/bukti").text
    assert take(unit, page, "tarik", reason="Pegawai pindah tugas.").status_code == 303
    assert " kurang</span>" not in unit.get(f"{page}/bukti").text


def test_a_returned_nomination_shows_why_item_by_item_and_until_when(unit, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    page = address(unit)
    with builders.standing_at(2024, 10, 14):
        note = "Tanda tangan <kepala> belum ada."
        checks.record_item(cast.verifier, nomination_id=id_, requirement="proposal", verdict="absent", note=note)
        checks.return_(
            cast.verifier,
            nomination_id=id_,
            reason="Proposal belum ditandatangani.",
            due_on=date(2024, 10, 20),
            expected_version=builders.version_of(id_),
        )
        box = pages.plain(unit.get(page).text, '<section class="message info" aria-labelledby="returned-title">', "</section>")
        assert box == [
            (
                "Dikembalikan untuk diperbaiki Proposal belum ditandatangani. "
                "Proposal : tidak ada. Tanda tangan <kepala> belum ada. "
                "Oleh Yusuf Verifikator, 14 Oktober 2024 pukul 10.00 WITA. Batas perbaikan: 20 Oktober 2024 pukul 23.59 WITA . "
                "Jawab butir demi butir"
            )
        ]
        assert "perbaiki sampai 20 Oktober 2024" in unit.get("/usulan/").text
        assert pages.errors(unit.get(f"{page}/bukti").text) == ["Menurut verifikator tidak ada: Tanda tangan <kepala> belum ada."]


def test_the_head_gives_the_values_that_the_instrument_asks_of_a_head(unit, head, cast):
    document = builders.tiny_instrument()
    scale = {"kind": "threshold", "bands": [{"at_least": "85", "points": 20}], "else": 0}
    document["components"][1]["criteria"][0] = builders.criterion("perilaku", "Perilaku kerja", scale, source="unit_head")
    builders.filled(cast, builders.open_round(cast, document))
    page = address(unit)
    text = head.get(f"{page}/sahkan").text
    assert pages.plain(text, '<label for="f-perilaku">', "</label>") == ["Perilaku kerja *"]
    refused = take(head, page, "sahkan", **{"a-perilaku": "delapan puluh"})
    assert refused.status_code == 422
    assert len(pages.errors(refused.text)) == 1
    assert pages.hidden(refused.text, "a-perilaku") == "delapan puluh"
    assert Endorsement.select().count() == 0
    assert take(head, page, "sahkan", **{"a-perilaku": "84,99"}).status_code == 303
    assert Endorsement.get().values == {"perilaku": "84.99"}
    assert "84,99" in unit.get(page).text
