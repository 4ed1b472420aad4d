"""The unit's notifications: the number in the menu, the list, one opened, all marked as read."""

import pytest

from sipetruk.queries.notifications import unread
from sipetruk.services import notifications
from sipetruk.services.transaction import transaction
from tests.portal.pages import forbidden, headings, plain, token
from tests.services import builders


@pytest.fixture
def unit(client, cast, sign_in):
    return sign_in(client, cast.unit_admin)


def tell(who, thing_id=1, thing="nomination"):
    with transaction():
        notifications.tell([who.user_id], "nomination_accepted", thing=thing, thing_id=thing_id, number="2024-0001")


def post(client, path, **data):
    return client.post(path, data={"csrf_token": token(client.get("/pemberitahuan/").text), **data})


def test_the_menu_counts_what_is_unread(unit, cast):
    assert plain(unit.get("/usulan/").text, '<a class="bell"', "</a>") == ['href="/pemberitahuan/">Pemberitahuan']
    tell(cast.unit_admin)
    assert plain(unit.get("/usulan/").text, '<a class="bell" href="/pemberitahuan/">', "</a>") == ["Pemberitahuan 1 belum dibaca"]


def test_one_is_opened_at_its_nomination(unit, cast):
    id_ = builders.drafted(cast, builders.open_round(cast))
    notifications.mark_all_read(cast.unit_admin)
    tell(cast.unit_admin, id_)
    page = unit.get("/pemberitahuan/").text
    assert (headings(page, 1), forbidden(page)) == (["Pemberitahuan"], [])
    told = plain(page, '<ul class="told">', "</ul>")
    assert told[0].startswith("Belum dibaca: Usulan 2024-0001 dinyatakan memenuhi syarat.")
    given = page.split('name="id" value="')[1].split('"')[0]
    answer = post(unit, "/pemberitahuan/buka", id=given)
    assert answer.status_code == 303
    assert unit.get(answer.headers["Location"]).status_code == 200
    assert headings(unit.get("/pemberitahuan/").text, 2) == ["Semua sudah dibaca"]
    assert post(unit, "/pemberitahuan/tandai", id=given, dibaca="0", tampil="semua").headers["Location"] == "/pemberitahuan/?tampil=semua"
    assert unread(cast.unit_admin) == 1


def test_all_are_marked_as_read(unit, cast):
    tell(cast.unit_admin, thing="period")
    tell(cast.unit_admin)
    assert post(unit, "/pemberitahuan/semua-dibaca", sampai="x").status_code == 303
    assert unread(cast.unit_admin) == 2
    assert post(unit, "/pemberitahuan/semua-dibaca").headers["Location"] == "/pemberitahuan/"
    assert unread(cast.unit_admin) == 0


def test_those_of_another_and_nonsense_are_not_there(unit, cast):
    tell(cast.outsider)
    for wrong in ("", "x", "Tm90aWZpY2F0aW9uOjE"):
        assert post(unit, "/pemberitahuan/buka", id=wrong).status_code == 404
    assert unit.get("/pemberitahuan/?setelah=x").status_code == 404
    assert headings(unit.get("/pemberitahuan/?tampil=semua").text, 2) == ["Belum ada pemberitahuan"]


def test_the_pages_are_for_units(client, cast, sign_in):
    assert client.get("/pemberitahuan/").status_code == 302
    assert sign_in(client, cast.verifier).get("/pemberitahuan/").status_code == 403
