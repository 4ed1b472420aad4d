"""Anybody checks a file without an account: what is equal, what differs, what is no such file; nothing is kept."""

from __future__ import annotations

import copy
import io
import json
import re

from sipetruk.api.setup import RATE
from sipetruk.models import AuditEntry, Ranking
from sipetruk.portal import check_pages
from sipetruk.rules import seal
from sipetruk.services import rankings, results
from tests.portal import pages
from tests.portal.test_public_pages import published


def send(client, content, name="berkas.json"):
    return client.post("/periksa", data={"file": (io.BytesIO(content), name)})


def verdict(answer):
    return pages.plain(answer.text, '<p class="verdict', "</p>")


def test_the_page_asks_for_a_file(client):
    answer = client.get("/periksa")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (pages.headings(answer.text, 1), pages.forbidden(answer.text)) == (["Periksa berkas hasil"], [])


def test_a_sealed_ranking_is_recomputed(db, cast, client):
    published(cast, "names")
    document = rankings.export(cast.bkpsdm, ranking_id=Ranking.get().id)
    before = AuditEntry.select().count()
    answer = send(client, seal.canonical(document))
    assert (answer.status_code, AuditEntry.select().count()) == (200, before)
    assert "Cocok." in verdict(answer)[0]
    assert document["result_sha256"] in answer.text
    changed = copy.deepcopy(document)
    changed["result"]["rows"][0]["score"] = "99.99"
    answer = send(client, json.dumps(changed).encode(), "<b>lain</b>.json")
    assert "Tidak cocok." in verdict(answer)[0]
    assert "tertulis “99.99”" in answer.text
    assert "<b>lain</b>" not in answer.text


def test_the_file_of_a_publication_is_offered_and_checks_out(db, cast, client):
    published(cast, "names_and_breakdown")
    assert 'href="/periode/2024/pengumuman.json"' in client.get("/periode/2024").text
    answer = client.get("/periode/2024/pengumuman.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pengumuman-2024.json"'
    assert client.get("/periode/2024/pengumuman.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    winners = answer.json["categories"][0]["winners"]
    assert [(each["place"], each["name"], "score" in each) for each in winners] == [(1, "Siti Aminah", True), (2, "Budi Santoso", True)]
    assert "Wati" not in answer.text
    assert re.findall(r"[0-9]{18}", re.sub(r"[0-9a-f]{64}", "", answer.text)) == []
    assert "Semua yang tertulis pada pengumuman ini" in verdict(send(client, answer.data))[0]


def test_a_file_shows_names_alone_where_the_policy_says_so(db, cast, client):
    published(cast, "names")
    winner = client.get("/periode/2024/pengumuman.json").json["categories"][0]["winners"][0]
    assert sorted(winner) == ["citation", "innovation", "name", "place", "position", "unit_code", "unit_name"]


def test_a_withdrawn_publication_has_no_file(db, cast, client):
    results.unpublish(cast.bkpsdm, publication_id=published(cast, "names"), note="Nama salah eja.")
    assert client.get("/periode/2024/pengumuman.json").status_code == 404
    assert client.get("/periode/tidak-ada/pengumuman.json").status_code == 404


def test_what_cannot_be_checked_is_said_beside_the_field(client, monkeypatch):
    assert pages.errors(client.post("/periksa", data={}).text) == ["Pilih berkas yang akan diperiksa."]
    assert pages.errors(send(client, b"").text) == ["Pilih berkas yang akan diperiksa."]
    monkeypatch.setattr(check_pages, "LARGEST_MB", 0)
    answer = send(client, b"{}")
    assert (answer.status_code, pages.errors(answer.text)) == (422, [check_pages.TOO_LARGE])


def test_nonsense_gets_an_answer(client):
    for content in (b"\xff\xfe", b"[]", b"[" * 100_000, b"9" * 5000, b'{"format":"sipetruk-publication/1"}', b"null"):
        answer = send(client, content)
        assert (answer.status_code, len(verdict(answer)), "Cocok." in verdict(answer)[0]) == (200, 1, False)
    assert "Tidak dapat diperiksa." in verdict(send(client, b"[]"))[0]
    assert "Tidak cocok." in verdict(send(client, b'{"format":"sipetruk-publication/1"}'))[0]


def test_one_address_cannot_keep_the_server_busy(app, client, monkeypatch):
    monkeypatch.setattr(app.extensions[RATE], "limit", 100)
    statuses = [send(client, b" " * 6_000).status_code for _ in range(3)]
    assert statuses == [200, 429, 429]
