"""The unit's pages about the result of its nominee: it objects in time, reads the decision, takes an objection back."""

from __future__ import annotations

import io

import pytest

from sipetruk.api import ids
from sipetruk.models import Objection
from sipetruk.services import objections
from tests.portal import pages
from tests.services import builders, objecting
from tests.services.objecting import REASON, at

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def address(nomination_id, rest=""):
    return f"/usulan/{ids.encode('Nomination', nomination_id)}{rest}"


@pytest.fixture
def stage(db, cast):
    return objecting.objection_stage(cast)


@pytest.fixture
def unit(client, sign_in, cast):
    return sign_in(client, cast.unit_admin)


def file(client, csrf, nomination_id, **data):
    path = address(nomination_id, "/sanggah")
    return client.post(path, data={"csrf_token": csrf(client, path), "key": "k"} | data)


def test_the_unit_sees_its_outcome_and_until_when_it_may_object(stage, unit, cast):
    _, (siti, budi) = stage
    with at(7):
        score = " ".join(unit.get(address(budi, "/nilai")).text.split())
        assert "tidak diusulkan sebagai salah satu dari 1 pemenang. Hasil ini belum diumumkan." in score
        assert "Masa sanggah berlangsung sampai <b>8 November 2024 pukul 23.59 WITA</b>" in score
        assert "calon ini diusulkan sebagai" in " ".join(unit.get(address(siti, "/nilai")).text.split())
        assert ("Siti Aminah" in score, cast.assessor.name in score, pages.forbidden(score)) == (False, False, [])
        assert f'href="{address(budi, "/sanggah")}"' in unit.get(address(budi)).text
    with at(9, 0, 0, 0):
        assert "/sanggah" not in unit.get(address(budi, "/nilai")).text
        assert "sudah berakhir pada 8 November 2024 pukul 23.59 WITA" in unit.get(address(budi, "/sanggah")).text


def test_an_objection_with_a_file_is_filed_once(stage, unit, csrf):
    _, (_, budi) = stage
    with at(7):
        for _ in range(2):
            answer = file(unit, csrf, budi, reason=REASON, file=(io.BytesIO(builders.PDF), "keberatan.pdf"))
            assert (answer.status_code, answer.headers["Location"]) == (303, address(budi, "/sanggah"))
        page = unit.get(address(budi, "/sanggah")).text
        assert ("2024-S001" in page, "Menunggu keputusan" in page, 'name="reason"' in page) == (True, True, False)
        link = address(budi, f"/sanggah/{ids.encode('Objection', Objection.get().id)}/berkas")
        assert f'href="{link}"' in page
        with unit.get(link) as got:
            assert (got.status_code, got.data) == (200, builders.PDF)
    assert Objection.select().count() == 1


def test_what_was_typed_stays_and_the_problem_stands_at_its_field(stage, unit, csrf):
    _, (_, budi) = stage
    with at(7):
        short = file(unit, csrf, budi, reason="Tidak <adil>.")
        assert (short.status_code, "Tidak &lt;adil&gt;." in short.text, 'id="f-reason-error"' in short.text) == (422, True, True)
        long = file(unit, csrf, budi, reason="Panjang. " * 500)
        assert (long.status_code, "Panjang. " * 500 in long.text, "maxlength" in long.text) == (422, True, False)
        wrong = file(unit, csrf, budi, reason=REASON, file=(io.BytesIO(b"MZ"), "a.pdf"))
        assert (wrong.status_code, REASON in wrong.text, 'id="f-file-error"' in wrong.text) == (422, True, True)
        lost = file(unit, csrf, budi, reason="Tidak adil.", file=(io.BytesIO(builders.PDF), "bukti.pdf"))
        said = ["Uraikan dengan paling sedikit 20 karakter; baru ada 11.", "Berkas “bukti.pdf” belum tersimpan. Pilih kembali berkasnya."]
        assert (lost.status_code, pages.errors(lost.text), '<a href="#f-file">Lampiran</a>' in lost.text) == (422, said, True)
    with at(9, 0, 0, 0):
        late = file(unit, csrf, budi, reason=REASON)
        assert (late.status_code, "sudah berakhir" in late.text) == (422, True)
    assert Objection.select().count() == 0


def test_the_decision_is_read_without_the_name_of_who_decided(stage, unit, cast):
    _, (_, budi) = stage
    objection_id = objecting.filed(cast, budi)
    with at(8):
        objections.reject(cast.bkpsdm, objection_id=objection_id, reason="Nilai sesuai rubrik.", expected_version=1)
        page = unit.get(address(budi, "/sanggah")).text
        assert ("Nilai sesuai rubrik." in page, "Ditolak" in page, cast.bkpsdm.name in page) == (True, True, False)
        assert 'name="reason"' in page


def test_an_objection_is_taken_back_with_a_reason(stage, unit, csrf, cast):
    _, (_, budi) = stage
    global_id = ids.encode("Objection", objecting.filed(cast, budi))
    path = address(budi, f"/sanggah/{global_id}/cabut")
    with at(7):
        data = {"csrf_token": csrf(unit, path), "expected_version": "1"}
        assert unit.post(path, data=data | {"reason": ""}).status_code == 422
        assert unit.post(path, data=data | {"reason": "Keliru.", "expected_version": "7"}).status_code == 409
        assert unit.post(path, data=data | {"reason": "Keliru.", "expected_version": "x"}).status_code == 400
        assert unit.post(path, data=data | {"reason": "Keliru."}).headers["Location"] == address(budi, "/sanggah")
        assert unit.get(path).headers["Location"] == address(budi, "/sanggah")
        assert "Keliru." in unit.get(address(budi, "/sanggah")).text
    assert Objection.get().state == "withdrawn"


def test_another_unit_finds_nothing(stage, client, sign_in, cast):
    _, (siti, budi) = stage
    global_id = ids.encode("Objection", objecting.filed(cast, budi))
    other = sign_in(client, cast.outsider)
    for rest in ("/sanggah", f"/sanggah/{global_id}/berkas", f"/sanggah/{global_id}/cabut"):
        assert other.get(address(budi, rest)).status_code == 404
    unit = sign_in(client.application.test_client(), cast.unit_admin)
    for path in (address(siti, f"/sanggah/{global_id}/cabut"), address(budi, "/sanggah/x/cabut"), "/usulan/x/sanggah"):
        assert unit.get(path).status_code == 404


def test_a_reason_waits_until_somebody_has_signed_in_again(stage, app, cast, sign_in):
    _, (_, budi) = stage
    own, ended, path = {"Origin": "http://localhost"}, app.test_client(), address(budi, "/sanggah")
    with at(7):
        kept = ended.post(path, data={"reason": REASON, "key": "k"}, headers=own)
        assert (kept.status_code, pages.hidden(kept.text, "reason"), pages.hidden(kept.text, "key")) == (401, REASON, "k")
        sign_in(ended, cast.unit_admin)
        back = ended.post(path, data={"reason": REASON, "key": "k", "csrf_token": ""}, headers=own)
        assert (back.status_code, REASON in back.text, Objection.select().count()) == (422, True, 0)
        filed = ended.post(path, data={"reason": REASON, "key": "k", "csrf_token": pages.token(back.text)})
        assert (filed.status_code, Objection.select().count()) == (303, 1)
