"""Tokens in the panel: made, shown once, listed, revoked; and what nobody else may."""

import re

import pytest

from sipetruk.models import ApiToken, AuditEntry
from tests.panel.visitor import fields_of

NEW = "/admin/token/baru/"
GIVEN = {"name": "SILKa", "purpose": "Kehadiran bulanan", "scopes": ["attendance:import", "units:read"]}
SECRET = re.compile(r"spk_[A-Za-z0-9_-]{43}")


def given(cast, **changes):
    return GIVEN | {"owner": str(cast.viewer.user_id)} | changes


def test_shown_once_and_never_again(visit, cast):
    visitor = visit("bkpsdm")
    sent = visitor.form(NEW, **given(cast))
    page = visitor.post(NEW, **sent)
    (secret,) = SECRET.findall(page.text)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    reload = visitor.post(NEW, **sent)
    row = ApiToken.get()
    address = f"/admin/token/{row.id}/"
    assert (reload.status_code, reload.headers["Location"], ApiToken.select().count()) == (303, address, 1)
    pages = [visitor.get(each).text for each in ("/admin/token/", address, f"/admin/riwayat/api_token/{row.id}/")]
    assert [SECRET.search(text) for text in pages] == [None] * 3
    assert (f"spk_…{secret[-4:]}" in pages[1], "belum pernah" in pages[0], "Membuat token API" in pages[2]) == (True, True, True)
    assert secret not in str([(each.before, each.after) for each in AuditEntry.select()])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_whoever_writes_a_program_is_shown_where_to_begin(visit):
    visitor = visit("bkpsdm")
    found = re.findall(r'href="(/data/[^"]+)"', visitor.get("/admin/token/").text)
    assert [(each, visitor.get(each).status_code) for each in found] == [("/data/penjelajah/staf", 200), ("/data/skema/staf/", 200)]


def test_revoked_with_a_reason_after_a_question(visit, cast):
    visitor = visit("bkpsdm")
    visitor.post(NEW, **visitor.form(NEW, **given(cast)))
    address = f"/admin/token/{ApiToken.get().id}/"
    assert visitor.send(f"{address}cabut/", reason=" ").status_code == 422
    asked = visitor.send(f"{address}cabut/", reason="Bocor")
    assert (asked.status_code, "tidak dapat dibatalkan" in asked.text, ApiToken.get().revoked_at) == (200, True, None)
    back = visitor.post(f"{address}cabut/", reason="Bocor", confirmed="0")
    assert (back.status_code, fields_of(back.text)["reason"]) == (200, "Bocor")
    assert visitor.post(f"{address}cabut/", reason="Bocor", confirmed="1").headers["Location"] == address
    assert (ApiToken.get().reason, "Dicabut" in visitor.get(address).text) == ("Bocor", True)
    again = visitor.post(f"{address}cabut/", reason="Lagi", confirmed="1")
    assert (again.status_code, "sudah dicabut" in again.text, ApiToken.get().reason) == (422, True, "Bocor")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "wajib"),
        ({"name": "x" * 41}, "Paling banyak 40 karakter."),
        ({"name": "a\x00"}, "karakter yang tidak dapat disimpan"),
        ({"purpose": ""}, "wajib"),
        ({"owner": "999999"}, "Pilihan ini tidak ada."),
        ({"owner": "x"}, ""),
        ({"scopes": ["user:manage"]}, "Salah satu pilihan ini tidak ada."),
        ({"scopes": []}, "wajib"),
        ({"expires_on": "2000-01-01"}, "Pilih tanggal dari"),
        ({"expires_on": "9999-12-31"}, "Pilih tanggal dari"),
        ({"expires_on": "besok"}, ""),
    ],
)
def test_what_is_wrong_stands_at_its_field(visit, cast, changes, words):
    answer = visit("bkpsdm").send(NEW, **given(cast, **changes))
    assert (answer.status_code, words in answer.text, ApiToken.select().count()) == (422, True, 0)
    assert fields_of(answer.text)["purpose"] == changes.get("purpose", GIVEN["purpose"])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_name_is_taken_once(visit, cast):
    visitor = visit("bkpsdm")
    visitor.send(NEW, **given(cast))
    answer = visitor.send(NEW, **given(cast, name="silka"))
    assert (answer.status_code, "sudah dipakai" in answer.text, ApiToken.select().count()) == (422, True, 1)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_only_administrators_open_it(visit, cast):
    visitor = visit("bkpsdm")
    visitor.send(NEW, **given(cast))
    address = f"/admin/token/{ApiToken.get().id}/"
    for who in ("viewer", "verifier", "assessor", "unit_admin"):
        other = visit(who)
        assert [other.get(each).status_code for each in ("/admin/token/", NEW, address)] == [403] * 3
        assert other.post(f"{address}cabut/", reason="x", confirmed="1").status_code == 403
    assert ApiToken.get().revoked_at is None
    assert [visit("bkpsdm").get(f"/admin/token/{number}/").status_code for number in (99999999999, 999)] == [404, 404]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_list_takes_as_many_statements_for_many_as_for_one(visit, cast, count_statements):
    visitor = visit("bkpsdm")
    visitor.send(NEW, **given(cast))
    one = count_statements(lambda: visitor.get("/admin/token/"))
    for number in range(20):
        visitor.send(NEW, **given(cast, name=f"Token {number}"))
    assert count_statements(lambda: visitor.get("/admin/token/")) == one
