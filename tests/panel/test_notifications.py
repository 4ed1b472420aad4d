"""The bell of the panel: the number on every page, the list, one opened at what it is about."""

import re

import pytest

from sipetruk.models import Notification
from sipetruk.panel.notifications import WAYS
from sipetruk.services import notifications
from sipetruk.services.transaction import transaction
from tests.panel.visitor import Visitor
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def tell(who, notice="nomination_submitted", thing="nomination", thing_id=1, **params):
    with transaction():
        notifications.tell([who.user_id], notice, thing=thing, thing_id=thing_id, **(params or {"number": "2024-0001"}))
    return Notification.select().order_by(Notification.id.desc()).get().id


def bell(text):
    found = re.search(r'<a class="bell"[^>]*>.*?</svg>\s*(.*?)</a>', text, re.DOTALL).group(1)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_the_bell_counts_what_is_unread_on_every_page(visit, cast):
    verifier = visit("verifier")
    assert bell(verifier.get("/admin/").text) == "Pemberitahuan, semua sudah dibaca"
    tell(cast.verifier)
    assert bell(verifier.get("/admin/verifikasi/").text) == "1 pemberitahuan belum dibaca"
    assert "Pemberitahuan</a>" not in verifier.get("/admin/").text, "it is no entry of the menu"


def test_opening_one_marks_it_and_leads_to_what_it_is_about(visit, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    notifications.mark_all_read(cast.verifier)
    told = tell(cast.verifier, thing_id=id_)
    verifier = visit("verifier")
    assert "Usulan 2024-0001 diajukan dan menunggu verifikasi." in verifier.get("/admin/pemberitahuan/").text
    answer = verifier.post(f"/admin/pemberitahuan/{told}/buka/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin/verifikasi/{id_}/")
    assert verifier.get(answer.headers["Location"]).status_code == 200
    page = verifier.get("/admin/pemberitahuan/").text
    assert "Tidak ada pemberitahuan yang belum dibaca" in page
    assert "Usulan 2024-0001" in verifier.get("/admin/pemberitahuan/?tampil=semua").text
    verifier.post(f"/admin/pemberitahuan/{told}/tandai/", dibaca="0")
    assert bell(verifier.get("/admin/").text) == "1 pemberitahuan belum dibaca"


def test_all_are_marked_up_to_the_newest_that_was_shown(visit, cast):
    first = tell(cast.viewer)
    tell(cast.viewer)
    viewer = visit("viewer")
    answer = viewer.post("/admin/pemberitahuan/semua-dibaca/", sampai=str(first), tampil="semua")
    assert answer.headers["Location"] == "/admin/pemberitahuan/?tampil=semua"
    assert bell(viewer.get("/admin/").text) == "1 pemberitahuan belum dibaca"
    viewer.post("/admin/pemberitahuan/semua-dibaca/", sampai="sembarang")
    assert bell(viewer.get("/admin/").text) == "Pemberitahuan, semua sudah dibaca"


def test_those_of_another_and_nonsense_are_not_there(visit, client, cast):
    theirs = tell(cast.verifier)
    viewer = visit("viewer")
    for path in (
        f"/admin/pemberitahuan/{theirs}/buka/",
        f"/admin/pemberitahuan/{theirs}/tandai/",
        "/admin/pemberitahuan/99999999999/buka/",
    ):
        assert viewer.post(path).status_code == 404
    assert viewer.get("/admin/pemberitahuan/?setelah=x").status_code == 404
    assert Notification.get_by_id(theirs).read_at is None
    assert client.get(f"/admin/pemberitahuan/{theirs}/buka/").status_code == 405


PLACES = [
    ("bkpsdm", "ranking_final", "category", "/admin/pemeringkatan/{category}/"),
    ("bkpsdm", "result_determined", "category", "/admin/penetapan/kategori/{category}/"),
    ("bkpsdm", "result_published", "period", "/admin/penetapan/{period}/"),
    ("bkpsdm", "period_moved", "period", "/admin/kendali/{period}/"),
    ("verifier", "period_moved", "period", "/admin/periode/{period}/"),
    ("assessor", "panel_joined", "category", "/admin/penilaian/"),
    ("assessor", "assessment_opened", "period", "/admin/penilaian/"),
    ("assessor", "sheet_assigned", "nomination", "/admin/penilaian/1/"),
    ("verifier", "ranking_final", "category", "/admin/"),
    ("unit_admin", "nomination_accepted", "nomination", "/usulan/Tm9taW5hdGlvbjox"),
    ("unit_admin", "period_moved", "period", "/usulan/"),
    ("bkpsdm", "nomination_submitted", "unheard_of", "/admin/"),
]


@pytest.mark.parametrize(("who", "notice", "thing", "place"), PLACES)
def test_each_kind_leads_to_its_page(client, cast, who, notice, thing, place):
    round_ = builders.prepared_round(cast)
    ids = {"period": round_.period_id, "category": round_.category_id}
    filled = dict.fromkeys(notifications.params_of(notifications.Notice(notice)), "1")
    told = tell(getattr(cast, who), notice, thing, ids.get(thing, 1), **filled)
    answer = Visitor(client, getattr(cast, who)).post(f"/admin/pemberitahuan/{told}/buka/")
    assert answer.headers["Location"] == place.format(**ids)


def test_every_way_leads_to_a_page(app):
    assert {way.endpoint for way in WAYS} - set(app.view_functions) == set()


def test_more_notifications_cost_no_more_statements(visit, cast, count_statements):
    viewer = visit("viewer")
    costs = []
    for more in (1, 20):
        for _ in range(more):
            tell(cast.viewer)
        costs.append(count_statements(lambda: viewer.get("/admin/pemberitahuan/")))
    assert costs[0] == costs[1]
