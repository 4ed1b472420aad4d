"""The first page of the panel: what waits with its deadline and the very page, and the way of each round with one's duty."""

import re

import pytest

from sipetruk.panel.dashboard import ADDRESSES
from sipetruk.queries.waiting import Target
from tests.portal.pages import plain
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

UNIT_TARGETS = {Target.RETURNED, Target.DRAFTS, Target.ENDORSED, Target.QUOTA, Target.TO_ENDORSE}


def work(page):
    """Address, label and deadline of each line."""
    lines = re.findall(r"<li>\s*<span class=\"n\".*?</li>", page, re.DOTALL)
    return [
        (
            re.search(r'href="([^"]+)"', line).group(1),
            plain(line, "<a", "</a>")[0].split(">", 1)[1],
            plain(line, '<span class="due">', "</li>")[0],
        )
        for line in lines
    ]


def test_every_work_has_its_page(app):
    assert set(Target) - set(ADDRESSES) == UNIT_TARGETS
    endpoints = {name for place in ADDRESSES.values() for name in (place.endpoint, place.one) if name}
    assert endpoints - set(app.view_functions) == set()


def test_one_thing_is_linked_itself_and_several_as_their_list(visit, cast):
    round_ = builders.open_round(cast)
    first = builders.submitted(cast, round_)
    verifier = visit("verifier")
    with builders.standing_at(2024, 10, 22):
        assert work(verifier.get("/admin/").text) == [
            (f"/admin/verifikasi/{first}/", "1 usulan menunggu verifikasi", "tenggat hari ini 23.59 WITA")
        ]
        builders.submitted(cast, round_, "Wati Lestari")
        (line,) = work(verifier.get("/admin/").text)
    assert line[:2] == ("/admin/verifikasi/", "2 usulan menunggu verifikasi")
    assert verifier.get(line[0]).status_code == 200


def test_what_is_late_comes_first_and_says_so(visit, cast):
    builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 23):
        lines = work(visit("bkpsdm").get("/admin/").text)
        assert [line[2] for line in lines] == ["terlambat 8 hari (15 Oktober 2024 23.59 WITA)"]
    assert visit("bkpsdm").get(lines[0][0]).status_code == 200


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "viewer"])
def test_each_role_sees_the_way_of_the_round_with_its_own_duty(visit, cast, who):
    builders.assessing(cast, "Budi Santoso")
    duties = {"bkpsdm": "Memantau kemajuan penilai.", "assessor": "Menilai setiap calon pada lembar Anda, lalu mengirimnya."}
    with builders.standing_at(2024, 10, 24):
        page = visit(who).get("/admin/").text
    told = f" Tugas Anda: {duties[who]}" if who in duties else ""
    assert plain(page, 'aria-current="step">', "</li>") == ["Penilaian sedang berjalan 23–31 Oktober 2024 hari ini"]
    assert plain(page, '<div class="now">', "</div>") == ([f"Penilaian{told}"] if told else [])
    with builders.standing_at(2024, 11, 1):
        page = visit(who).get("/admin/").text
    waits_for = "Jadwalnya berakhir 31 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Pemeringkatan”."
    assert plain(page, '<div class="now">', "</div>") == [f"Penilaian {waits_for}{told}"]
    for address in re.findall(r'<h2 id="periode-\d+"><a href="([^"]+)"', page):
        assert visit(who).get(address).status_code == 200


def test_more_work_costs_no_more_statements(visit, cast, count_statements):
    admin = visit("bkpsdm")
    costs = []
    for slug in ("2024", "2025"):
        round_ = builders.open_round(cast, slug=slug)
        for name in ("Budi Santoso", "Wati Lestari")[: 1 + len(costs)]:
            builders.submitted(cast, round_, f"{name} {slug}")
        with builders.standing_at(2024, 10, 17):
            costs.append(count_statements(lambda: admin.get("/admin/")))
    assert costs[0] == costs[1]
