"""The desk of the panels and of conflicts in the panel: read by BKPSDM and auditors, changed by BKPSDM; own relations by assessors."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import Assignment, Category, DeclaredRelation, Nomination, Sheet, User
from sipetruk.services import conflicts
from tests.panel.visitor import fields_of
from tests.services import builders
from tests.services.test_panels import settings, verifying

DESK = "/admin/tim-penilai/"


@pytest.fixture
def desk(cast):
    """A round in the administrative check; Hasan is a relative of Wati."""
    round_, ids = verifying(cast, "Budi Santoso", "Wati Lestari")
    conflicts.declare(cast.assessor3, employee_id=builders.employee_of(ids[1]).id, kind="family", note="Sepupu.")
    return round_, ids


def page_of(round_, step=""):
    return f"{DESK}{round_.category_id}/{step}"


def text(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def error(answer, field):
    found = re.search(rf'<ul class="errors" id="{field}-salah">(.*?)</ul>', answer.text, re.DOTALL)
    return html.unescape(re.sub(r"</?li>", "", found.group(1))) if found else None


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_panels_are_for_bkpsdm_and_auditors(visit, desk, who):
    visitor = visit(who)
    for address in (DESK, page_of(desk[0]), page_of(desk[0], "perbedaan/"), "/admin/benturan/"):
        answer = visitor.get(address)
        assert (answer.status_code, "Wati Lestari" in answer.text) == (403, False)


def test_an_auditor_reads_and_changes_nothing(visit, desk, cast):
    round_, (budi, _) = desk
    visitor = visit("viewer")
    for step in ("", "perbedaan/"):
        assert visitor.get(page_of(round_, step)).status_code == 200
    assert "Lihat rencana" not in visitor.get(page_of(round_)).text
    for step in ("cara/", "otomatis/", f"calon/{budi}/"):
        assert [visitor.get(page_of(round_, step)).status_code, visitor.post(page_of(round_, step)).status_code] == [403, 403]
    assert visitor.post(f"/admin/benturan/penilai/{cast.assessor.user_id}/", nip="").status_code == 403
    assert Assignment.select().count() == 0


def test_the_desk_shows_conflicts_with_their_reason(visit, desk):
    page = text(visit("bkpsdm").get(page_of(desk[0])))
    assert "Hasan Penilai hubungan yang dinyatakan: hubungan keluarga" in page
    assert "Belum dapat dimulai" not in page
    assert "ASN Inovatif" in text(visit("bkpsdm").get(DESK))


def test_what_blocks_is_named(visit, desk, cast):
    settings(cast, desk[0], assessors_each=3)
    page = text(visit("bkpsdm").get(page_of(desk[0])))
    why = "Hasan Penilai tidak boleh menilai (hubungan yang dinyatakan: hubungan keluarga)."
    assert f"Penilaian belum dapat dimulai. Kategori “ASN Inovatif”: Wati Lestari baru mempunyai 2 dari 3 penilai. {why}" in page
    assert "Budi Santoso baru mempunyai" not in page


def test_how_a_category_is_assessed_is_set_with_a_decimal_comma(visit, desk):
    visitor, address = visit("bkpsdm"), page_of(desk[0], "cara/")
    answer = visitor.send(address, is_blind="y", each="2", spread="12,5")
    assert (answer.status_code, answer.location) == (303, page_of(desk[0]))
    category = Category.get()
    assert (category.is_blind, category.assessors_each, category.spread_limit) == (True, 2, 1_250)
    assert fields_of(visitor.get(address).text)["spread"] == "12,5"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"each": "1"}, "each"),
        ({"each": "dua"}, "each"),
        ({"each": "-3"}, "each"),
        ({"spread": "0"}, "spread"),
        ({"spread": ""}, "spread"),
        ({"spread": "100,01"}, "spread"),
        ({"spread": "1,234"}, "spread"),
        ({"spread": "NaN"}, "spread"),
    ],
)
def test_a_wrong_setting_is_told_at_its_field_and_stays_typed(visit, desk, changes, field):
    answer = visit("bkpsdm").send(page_of(desk[0], "cara/"), **({"each": "", "spread": "30"} | changes))
    assert answer.status_code == 422
    assert error(answer, field)
    assert f'value="{changes[field]}"' in answer.text
    assert Category.get().spread_limit == 3_000


def test_a_second_tab_sees_both_settings(visit, desk):
    visitor, address = visit("bkpsdm"), page_of(desk[0], "cara/")
    first, second = visitor.form(address, spread="20"), visitor.form(address, spread="40")
    assert visitor.post(address, **first).status_code == 303
    answer = visitor.post(address, **second)
    assert (answer.status_code, Category.get().spread_limit) == (409, 2_000)


def test_a_plan_is_shown_and_applied(visit, desk, cast):
    settings(cast, desk[0], assessors_each=2)
    visitor, address = visit("bkpsdm"), page_of(desk[0], "otomatis/")
    shown = visitor.get(f"{address}?cara=fresh")
    assert "Setiap calon mendapat 2 penilai, tanpa benturan kepentingan." in text(shown)
    assert Assignment.select().count() == 0
    digest = re.search(r'name="digest" value="(\w+)"', shown.text).group(1)
    answer = visitor.post(address, cara="fresh", digest=digest)
    assert (answer.status_code, answer.location) == (303, page_of(desk[0]))
    assert Assignment.select().count() == 4


@pytest.mark.parametrize(
    "sent", [{}, {"digest": "0" * 64}, {"digest": "x" * 500}, {"digest": "\x00"}, {"cara": "one_panel", "digest": "a"}]
)
def test_another_plan_is_not_applied(visit, desk, sent):
    answer = visit("bkpsdm").post(page_of(desk[0], "otomatis/"), **({"cara": "fresh"} | sent))
    assert (answer.status_code, Assignment.select().count()) == (422, 0)


def test_a_plan_that_cannot_be_met_names_who_and_why(visit, desk, cast):
    settings(cast, desk[0], assessors_each=3)
    page = text(visit("bkpsdm").get(page_of(desk[0], "otomatis/")))
    assert "Wati Lestari (2024-0002): kurang 1. Hasan Penilai: hubungan yang dinyatakan: hubungan keluarga." in page


def test_assessors_are_named_by_hand(visit, desk, cast):
    _, (_, wati) = desk
    visitor, address = visit("bkpsdm"), page_of(desk[0], f"calon/{wati}/")
    form = visitor.get(address)
    assert "Hasan Penilai: hubungan yang dinyatakan: hubungan keluarga" in text(form)
    assert re.findall(r'name="members" type="checkbox" value="(\d+)"', form.text) == [
        str(cast.assessor2.user_id),
        str(cast.assessor.user_id),
    ]
    named = [str(cast.assessor.user_id), str(cast.assessor2.user_id)]
    assert visitor.send(address, members=named).status_code == 303
    assert sorted(Assignment.select().tuples()) == [(wati, cast.assessor.user_id), (wati, cast.assessor2.user_id)]
    few = visitor.send(address, members=named[:1])
    assert (few.status_code, error(few, "members")) == (422, "Setiap calon memerlukan sedikitnya 2 penilai; baru dipilih 1.")
    for wrong in (str(cast.assessor3.user_id), "999999", "abc"):
        assert visitor.send(address, members=[*named, wrong]).status_code == 422
    assert Assignment.select().count() == 2


@pytest.mark.parametrize("step", ["", "cara/", "otomatis/", "perbedaan/", "calon/1/"])
def test_what_is_not_there_is_not_found(visit, desk, step):
    assert visit("bkpsdm").get(f"{DESK}999999/{step}").status_code == 404
    assert visit("bkpsdm").get(f"{DESK}{2**40}/{step}").status_code == 404


def test_nonsense_in_the_address_is_no_fault(visit, desk):
    visitor = visit("bkpsdm")
    assert visitor.get(page_of(desk[0], "otomatis/?cara=semua")).status_code == 404
    assert visitor.get(page_of(desk[0], "calon/999999/")).status_code == 404


def test_differences_show_their_size_but_no_mark_during_the_assessment(visit, cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi)
    builders.assess(cast.assessor2, budi, builders.FULL_MARKS | {"gagasan": {"state": "scored", "value": "7.5", "note": "Kurang baru."}})
    answer = visit("bkpsdm").get(page_of(round_, "perbedaan/"))
    assert "Gagasan 32,5 dari 40 poin 81,25 %" in text(answer)
    assert "Kurang baru." not in answer.text


# Relations ----------------------------------------------------------------------------------------------------------


def test_an_assessor_declares_and_takes_back(visit, cast):
    budi = builders.employee(cast.unit_id, "Budi Santoso")
    visitor = visit("assessor")
    found = visitor.get("/admin/hubungan/?cari=budi")
    assert re.findall(r'<option value="(\d+)">([^<]+)', found.text)[0] == (
        str(budi),
        "Budi Santoso, Pranata Komputer Ahli Muda, Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana",
    )
    relation = {"cari": "budi", "employee": str(budi), "kind": "dispute", "note": "Sengketa <b>tanah</b>."}
    answer = visitor.post("/admin/hubungan/", **(relation | {"kind": "other", "note": "", "confirmed": "1"}))
    assert (answer.status_code, error(answer, "note")) == (422, "Jelaskan hubungannya.")
    asked = visitor.post("/admin/hubungan/", **relation)
    assert ("Nyatakan hubungan dengan Budi Santoso?" in asked.text, "Hubungan: sedang berselisih" in asked.text) == (True, True)
    assert DeclaredRelation.select().count() == 0
    back = visitor.post("/admin/hubungan/", **relation, confirmed="0")
    assert (back.status_code, "Sengketa &lt;b&gt;tanah&lt;/b&gt;." in back.text, DeclaredRelation.select().count()) == (200, True, 0)
    assert visitor.post("/admin/hubungan/", **relation, confirmed="1").status_code == 303
    page = visitor.get("/admin/hubungan/")
    assert "Sengketa &lt;b&gt;tanah&lt;/b&gt;." in page.text
    relation = DeclaredRelation.get()
    asked = visitor.post(f"/admin/hubungan/{relation.id}/cabut/")
    assert "Cabut pernyataan hubungan dengan Budi Santoso?" in asked.text
    assert DeclaredRelation.get().withdrawn_at is None
    assert visitor.post(f"/admin/hubungan/{relation.id}/cabut/", confirmed="1").status_code == 303
    assert DeclaredRelation.get().withdrawn_at is not None


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"cari": "budi", "employee": "999999", "kind": "family"},
        {"cari": "budi", "employee": "abc", "kind": "family"},
        {"cari": "budi", "kind": "kawan"},
        {"cari": "\x00", "employee": "1", "kind": "family"},
        {"cari": "budi", "employee": str(2**40), "kind": "family", "note": "x" * 600},
    ],
)
def test_what_is_no_relation_is_refused(visit, cast, sent):
    builders.employee(cast.unit_id, "Budi Santoso")
    assert visit("assessor").post("/admin/hubungan/", **sent).status_code == 422
    assert DeclaredRelation.select().count() == 0


def test_declaring_during_the_assessment_leaves_the_sheet(visit, cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    employee = str(Nomination.get_by_id(budi).employee_id)
    answer = visit("assessor").post("/admin/hubungan/", cari="budi", employee=employee, kind="family", confirmed="1")
    assert answer.status_code == 303
    assert Sheet.get(assessor=cast.assessor.user_id).state == "recused"
    listed = text(visit("bkpsdm").get("/admin/benturan/"))
    assert "Siti Penilai Budi Santoso" in listed


def test_bkpsdm_says_who_an_assessor_is(visit, cast):
    budi = builders.employee(cast.unit_id, "Budi Santoso")
    nip = builders.Employee.get_by_id(budi).nip
    visitor, address = visit("bkpsdm"), f"/admin/benturan/penilai/{cast.assessor.user_id}/"
    for typed, message in (("123", "Tidak ada pegawai dengan nomor ini."), ("x" * 31, None)):
        answer = visitor.send(address, nip=typed)
        assert answer.status_code == 422
        assert error(answer, "nip") == message or message is None
    assert visitor.send(address, nip=f"{nip[:8]} {nip[8:]}").status_code == 303
    assert User.get_by_id(cast.assessor.user_id).employee_id == budi
    assert visitor.get("/admin/benturan/penilai/999999/").status_code == 404
    assert visitor.send(address, nip="").status_code == 303
    assert User.get_by_id(cast.assessor.user_id).employee_id is None


def test_pages_cost_the_same_for_one_and_for_many(visit, desk, count_statements):
    visitor = visit("bkpsdm")
    addresses = [DESK, page_of(desk[0]), page_of(desk[0], "otomatis/"), page_of(desk[0], "perbedaan/"), "/admin/benturan/"]

    def costs():
        for address in addresses:
            visitor.get(address)
        return [count_statements(lambda address=address: visitor.get(address)) for address in addresses]

    many = costs()
    DeclaredRelation.delete().execute()
    Nomination.update(state="rejected").where(Nomination.id != desk[1][0]).execute()
    assert costs() == many
