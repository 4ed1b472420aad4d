"""Announcements in the panel: written, looked at, scheduled in WITA, withdrawn; and what the reader sees on the portal."""

from datetime import UTC, datetime

import pytest

from sipetruk.models import Announcement
from sipetruk.services import clock
from tests.panel.visitor import fields_of
from tests.portal.pages import forbidden

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def standing():
    with clock.standing_at(NOON):
        yield


def written(visitor, **changes):
    given = {"title": "Jadwal pembekalan", "body": "Hadir **Senin**. <script>alert(1)</script>"} | changes
    assert visitor.send("/admin/kabar/baru/", **given).status_code == 303
    return Announcement.select().order_by(Announcement.id.desc()).first()


def test_written_looked_at_scheduled_and_read(visit, client, cast):
    visitor = visit("bkpsdm")
    made = written(visitor)
    assert made.slug == "jadwal-pembekalan"
    page = visitor.get(f"/admin/kabar/{made.id}/").text
    assert "<p>Hadir <strong>Senin</strong>. &lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert forbidden(page) == []
    assert visitor.send(f"/admin/kabar/{made.id}/terbit/", publish_at="2026-11-25T00:00").status_code == 303
    assert Announcement.get().publish_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert client.get("/kabar/jadwal-pembekalan").status_code == 404
    with clock.standing_at(datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC)):
        assert "Jadwal pembekalan" not in client.get("/kabar/").text
    with clock.standing_at(datetime(2026, 11, 24, 16, 0, tzinfo=UTC)):
        assert "Jadwal pembekalan" in client.get("/kabar/").text
        assert "<p>Hadir <strong>Senin</strong>." in client.get("/kabar/jadwal-pembekalan").text


def test_what_is_wrong_stands_at_its_field(visit, cast):
    visitor = visit("bkpsdm")
    answer = visitor.send("/admin/kabar/baru/", title="Judul", body="Isi", title_en="Title")
    assert (answer.status_code, fields_of(answer.text)["title_en"]) == (422, "Title")
    assert "Inggris keduanya" in answer.text
    assert visitor.send("/admin/kabar/baru/", title="日本", body="Isi").status_code == 422
    assert visitor.send("/admin/kabar/baru/", title="a\x00", body="Isi").status_code == 422
    assert Announcement.select().count() == 0
    made = written(visitor)
    for wrong in ({"publish_at": "kemarin"}, {"publish_at": "2026-12-01T00:00", "ends_at": "2026-12-01T00:00"}):
        assert visitor.send(f"/admin/kabar/{made.id}/terbit/", **wrong).status_code == 422
    assert Announcement.get().publish_at is None


def test_two_people_at_once_see_both_texts(visit, cast):
    visitor = visit("bkpsdm")
    made = written(visitor)
    old = visitor.form(f"/admin/kabar/{made.id}/ubah/", body="Punya saya")
    visitor.send(f"/admin/kabar/{made.id}/ubah/", body="Punya orang lain")
    answer = visitor.post(f"/admin/kabar/{made.id}/ubah/", **old)
    assert answer.status_code == 409
    assert "Punya saya" in answer.text
    assert "Punya orang lain" in answer.text


def test_taken_back_thrown_away_withdrawn(visit, cast):
    visitor = visit("bkpsdm")
    made = written(visitor)
    visitor.send(f"/admin/kabar/{made.id}/terbit/", publish_at="2026-11-25T00:00")
    assert visitor.post(f"/admin/kabar/{made.id}/batal-jadwal/", row_version="2").status_code == 303
    assert Announcement.get().publish_at is None
    visitor.send(f"/admin/kabar/{made.id}/terbit/")
    assert visitor.send(f"/admin/kabar/{made.id}/tarik/", note="Keliru.").status_code == 303
    assert "Keliru." in visitor.get(f"/admin/kabar/{made.id}/").text
    other = written(visitor, title="Lain")
    assert visitor.post(f"/admin/kabar/{other.id}/buang/", row_version="1").status_code == 200
    assert visitor.post(f"/admin/kabar/{other.id}/buang/", row_version="1", confirmed="1").status_code == 303
    assert [row.slug for row in Announcement.select()] == [made.slug]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_do_what(visit, cast):
    made = written(visit("bkpsdm"))
    reader = visit("viewer")
    assert reader.get(f"/admin/kabar/{made.id}/").status_code == 200
    assert "Ubah isi" not in reader.get(f"/admin/kabar/{made.id}/").text
    for step in ("ubah", "terbit", "tarik"):
        assert reader.get(f"/admin/kabar/{made.id}/{step}/").status_code == 403
    assert reader.post(f"/admin/kabar/{made.id}/buang/", row_version="1", confirmed="1").status_code == 403
    assert visit("verifier").get("/admin/kabar/").status_code == 403
    assert visit("bkpsdm").get("/admin/kabar/999/").status_code == 404
    assert Announcement.select().count() == 1
