"""Webhooks in the panel: made, shown once, changed with its version, paused, tried out, sent again, removed; and what nobody else may."""

import re

import pytest

from sipetruk.models import Webhook, WebhookDelivery
from sipetruk.rules.scopes import Scope
from sipetruk.services import clock
from tests.panel.visitor import fields_of
from tests.services import hooks

NEW = "/admin/webhook/baru/"
GIVEN = {"name": "Portal", "url": hooks.URL, "events": ["result.published", "result.withdrawn"], "payload": "public/Period"}
SECRET = re.compile(r"whs_[A-Za-z0-9_-]{43}")
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(visit):
    hooks.use_settings()
    return visit("bkpsdm")


@pytest.fixture
def address(visitor):
    visitor.post(NEW, **visitor.form(NEW, **GIVEN))
    return f"/admin/webhook/{Webhook.get().id}/"


def numbers(text):
    """The numbers of the messages on a page."""
    return set(re.findall(r"nomor ([0-9a-f]{32})", text.replace("<wbr>", "")))


def test_shown_once_and_never_again(visitor):
    sent = visitor.form(NEW, **GIVEN)
    page = visitor.post(NEW, **sent)
    (secret,) = SECRET.findall(page.text)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    row = Webhook.get()
    address = f"/admin/webhook/{row.id}/"
    reload = visitor.post(NEW, **sent)
    assert (reload.status_code, reload.headers["Location"], Webhook.select().count()) == (303, address, 1)
    pages = [visitor.get(each).text for each in ("/admin/webhook/", address, f"{address}ubah/", f"/admin/riwayat/webhook/{row.id}/")]
    assert [SECRET.search(text) for text in pages] == [None] * 4
    assert (f"whs_…{secret[-4:]}" in pages[1], "belum pernah" in pages[0], "Membuat webhook" in pages[3]) == (True, True, True)


@SQLITE
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "wajib"),
        ({"name": "x" * 61}, "60 karakter"),
        ({"name": "a\x00"}, "karakter yang tidak dapat disimpan"),
        ({"url": "http://contoh.go.id/"}, "diawali https://"),
        ({"url": "https://10.0.0.1/"}, "tidak boleh dikirimi"),
        ({"url": "x" * 501}, "500 karakter"),
        ({"events": []}, "wajib"),
        ({"events": ["apa.saja"]}, "Salah satu pilihan ini tidak ada."),
        ({"events": ["nomination.submitted"], "payload": ""}, "memerlukan token"),
        ({"payload": "staff/NominationSubmit"}, "Pilihan ini tidak ada."),
        ({"payload": "public/Announcement"}, "tidak cocok"),
        ({"token": "999999"}, "Pilihan ini tidak ada."),
        ({"token": "x"}, ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(visitor, changes, words):
    answer = visitor.send(NEW, **GIVEN | changes)
    assert (answer.status_code, words in answer.text, Webhook.select().count()) == (422, True, 0)
    if "name" not in changes:
        assert fields_of(answer.text)["name"] == "Portal"


@SQLITE
def test_changed_with_the_version_that_was_read(visitor, address, cast):
    token_id = hooks.token(cast, Scope.NOMINATIONS_READ)
    form = visitor.form(f"{address}ubah/")
    assert (form["name"], form["events"], form["payload"], form["token"]) == ("Portal", GIVEN["events"], "public/Period", "")
    changes = {"name": "SILKa", "events": ["nomination.returned"], "payload": "staff/NominationState", "token": str(token_id)}
    answer = visitor.post(f"{address}ubah/", **form | changes)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    row = Webhook.get()
    assert (row.name, row.events, row.payload, row.token_id) == ("SILKa", ["nomination.returned"], "staff/NominationState", token_id)
    stale = visitor.post(f"{address}ubah/", **form | {"name": "Lain"})
    assert (stale.status_code, "Lain" in stale.text, Webhook.get().name) == (409, True, "SILKa")


@SQLITE
def test_paused_with_a_reason_and_resumed(visitor, address):
    assert visitor.send(f"{address}jeda/", reason=" ").status_code == 422
    assert visitor.send(f"{address}jeda/", reason="Pindah server").headers["Location"] == address
    text = visitor.get(address).text
    assert ("Pindah server" in text, "Lanjutkan" in text, Webhook.get().is_active) == (True, True, False)
    visitor.post(f"{address}lanjutkan/", row_version="1")
    assert Webhook.get().is_active is False
    visitor.post(f"{address}lanjutkan/", row_version="2")
    assert (Webhook.get().is_active, "aktif kembali" in visitor.get(address).text) == (True, True)


@SQLITE
def test_tried_out_and_sent_again_from_the_log(visitor, address):
    visitor.post(f"{address}uji/")
    sent = WebhookDelivery.get()
    again = f"{address}pesan/{sent.id}/kirim-ulang/"
    text = visitor.get(address).text
    assert (sent.event, numbers(text), again in text, "belum dicoba" in text) == ("ping", {sent.uid}, False, True)
    done = {"state": "failed", "finished_at": clock.now(), "tried_at": clock.now(), "duration_ms": 12, "status": 500, "error": "status"}
    WebhookDelivery.update(tries=8, answer="<b>rusak</b>", **done).execute()
    text = visitor.get(address).text
    assert (again in text, "&lt;b&gt;rusak" in text, "selain 2xx" in text) == (True, True, True)
    assert [numbers(visitor.get(f"{address}?keadaan={state}").text) for state in ("failed", "delivered")] == [{sent.uid}, set()]
    assert visitor.post(f"/admin/webhook/999/pesan/{sent.id}/kirim-ulang/").status_code == 404
    visitor.post(again)
    assert (WebhookDelivery.get().state, WebhookDelivery.get().tries) == ("waiting", 0)
    assert "masih menunggu" in visitor.client.post(again, data={"csrf_token": visitor.token}, follow_redirects=True).text


@SQLITE
def test_the_secret_is_renewed_and_the_webhook_removed_only_after_a_question(visitor, address):
    before = Webhook.get().ending
    asked = visitor.post(f"{address}rahasia/", row_version="1")
    assert (asked.status_code, "langsung berakhir" in asked.text, Webhook.get().ending) == (200, True, before)
    page = visitor.post(f"{address}rahasia/", row_version="1", confirmed="1")
    (secret,) = SECRET.findall(page.text)
    assert (Webhook.get().ending, Webhook.get().row_version, page.headers["Cache-Control"]) == (secret[-4:], 2, "no-store")
    stale = visitor.post(f"{address}hapus/", row_version="1", confirmed="1")
    assert (stale.status_code, Webhook.select().count()) == (303, 1)
    asked = visitor.post(f"{address}hapus/", row_version="2")
    assert ("tidak dapat dibatalkan" in asked.text, Webhook.select().count()) == (True, 1)
    assert visitor.post(f"{address}hapus/", row_version="2", confirmed="1").headers["Location"] == "/admin/webhook/"
    assert (Webhook.select().count(), visitor.get(address).status_code) == (0, 404)


@SQLITE
def test_nobody_else_opens_these_pages(visit, visitor, address):
    for who in ("verifier", "assessor", "viewer"):
        other = visit(who)
        opened = [other.get(each).status_code for each in ("/admin/webhook/", NEW, address, f"{address}ubah/", f"{address}jeda/")]
        pressed = [
            other.post(f"{address}{each}/", row_version="1", confirmed="1").status_code for each in ("uji", "hapus", "rahasia", "lanjutkan")
        ]
        assert (who, opened, pressed) == (who, [403] * 5, [403] * 4)
        assert "/admin/webhook/" not in other.get("/admin/hak-akses/").text
    assert Webhook.select().count() == 1


@SQLITE
@pytest.mark.parametrize("query", ["keadaan=x", "setelah=x", "setelah=%00", "keadaan=failed&setelah=W10", "keadaan=%00"])
def test_a_part_of_the_log_that_does_not_exist(visitor, address, query):
    assert visitor.get(f"{address}?{query}").status_code == 404


@SQLITE
def test_a_long_log_is_read_part_by_part(visitor, address):
    for _ in range(27):
        visitor.post(f"{address}uji/")
    first = visitor.get(address).text
    (more,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = visitor.get(more.replace("&amp;", "&")).text
    shown = [numbers(text) for text in (first, second)]
    assert ([len(each) for each in shown], shown[0] & shown[1]) == ([25, 2], set())
