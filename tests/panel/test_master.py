"""Units, employees, users, audit, rights, help, and the first page."""

from __future__ import annotations

import ast
import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import sipetruk
from sipetruk.models import Attendance, AuditEntry, Membership, PerformanceRating, SeriesValue, User, WorkUnit
from sipetruk.panel.help import guides
from sipetruk.rules.permissions import ACTION_LABELS, RECORDED_LABELS, SYSTEM, Action, Grant, Role
from sipetruk.rules.trail import THINGS
from sipetruk.rules.workflow import Stage
from sipetruk.services import passwords, people, periods
from tests.panel.visitor import fields_of

PAGES = {
    "/admin/": ("bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"),
    "/admin/unit/": ("bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"),
    "/admin/pegawai/": ("bkpsdm", "verifier", "viewer", "unit_admin", "unit_head"),
    "/admin/pengguna/": ("bkpsdm",),
    "/admin/audit/": ("bkpsdm", "viewer"),
    "/admin/hak-akses/": ("bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"),
    "/admin/bantuan/": ("bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"])
@pytest.mark.parametrize("page", sorted(PAGES))
def test_who_may_open_which_page(visit, page, who):
    assert visit(who).get(page).status_code == (200 if who in PAGES[page] else 403)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", sorted(PAGES))
def test_nobody_signed_in_is_sent_to_the_sign_in_page(client, cast, page):
    answer = client.get(page)
    assert (answer.status_code, answer.location) == (302, f"/masuk?next={page}")


@pytest.mark.parametrize("who", ["bkpsdm", "unit_admin"])
def test_the_menu_offers_only_what_opens(visit, who):
    visitor = visit(who)
    offered = {page for page in PAGES if f'<a href="{page}"' in visitor.get("/admin/hak-akses/").text}
    assert offered == {page for page in PAGES if who in PAGES[page]}


# Units


def test_a_unit_is_added_and_renamed(visit, cast):
    visitor = visit("bkpsdm")
    assert visitor.send("/admin/unit/new/", code="bpkad", name="BPKAD").status_code == 303
    made = WorkUnit.get(WorkUnit.code == "bpkad")
    data = visitor.form(f"/admin/unit/edit/?id={made.id}", name="Badan Pengelolaan Keuangan", is_active="y")
    assert visitor.post(f"/admin/unit/edit/?id={made.id}", **data).status_code == 303
    changed = WorkUnit.get_by_id(made.id)
    assert (changed.name, changed.is_active, changed.code, changed.row_version) == ("Badan Pengelolaan Keuangan", True, "bpkad", 2)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action) == ("bkpsdm", "panel", "unit:edit")


def test_a_taken_unit_code_is_refused_and_the_text_stays(visit, cast):
    answer = visit("bkpsdm").send("/admin/unit/new/", code="dinkes", name="Nama baru")
    assert answer.status_code == 422
    assert fields_of(answer.text)["name"] == "Nama baru"
    assert WorkUnit.select().count() == 2


def test_units_are_not_removed(visit, cast):
    assert visit("bkpsdm").post("/admin/unit/delete/", id=cast.unit_id, confirmed="1").status_code == 403
    assert WorkUnit.select().count() == 2


# Employees


@pytest.fixture
def employees(cast):
    def new(number, name, unit_id):
        nip = f"19850101200501100{number}"
        return people.NewEmployee(nip, "PNS", name, unit_id, "Analis", "4", "III/b", date(2005, 1, 1), date(1985, 1, 1))

    new_ones = [new(1, "Rahmawati", cast.unit_id), new(2, "Fauzi", cast.other_unit_id)]
    return people.register_employees(cast.bkpsdm, employees=new_ones)


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("bkpsdm", "", ["Fauzi", "Rahmawati"]),
        ("bkpsdm", "?search=rahma", ["Rahmawati"]),
        ("bkpsdm", "?search=19850101", []),
        ("unit_admin", "", ["Rahmawati"]),
        ("unit_admin", "?search=Fauzi", []),
    ],
)
def test_employees_are_listed_within_rights(visit, employees, who, query, expected):
    text = visit(who).get(f"/admin/pegawai/{query}").text
    assert [name for name in ("Fauzi", "Rahmawati") if f'data-label="Nama">{name}<' in text] == expected


def test_an_employee_of_another_unit_is_not_found(visit, employees):
    visitor = visit("unit_admin")
    assert [visitor.get(f"/admin/pegawai/details/?id={id_}").status_code for id_ in (*employees, 999)] == [200, 404, 404]


def test_a_number_is_sent_and_never_stands_in_an_address(visit, employees):
    own, other = "19850101 200501 1 001", "198501012005011002"
    visitor = visit("unit_admin")
    assert visitor.post("/admin/pegawai/nomor/", nomor=own).headers["Location"] == f"/admin/pegawai/details/?id={employees[0]}"
    for number, words in ((other, "Tidak ada pegawai dengan nomor induk itu."), ("", "terdiri atas 18 angka"), ("\x00" * 9, "18 angka")):
        answer = visitor.post("/admin/pegawai/nomor/", nomor=number)
        assert [answer.status_code, words in answer.text, f'value="{number}" aria-invalid="true"' in answer.text] == [422, True, True]


@pytest.mark.parametrize("page", ["new/", "edit/?id=1", "delete/?id=1"])
def test_employees_are_only_read(visit, employees, page):
    visitor = visit("bkpsdm")
    assert [visitor.get(f"/admin/pegawai/{page}").status_code, visitor.post(f"/admin/pegawai/{page}").status_code] == [403, 403]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_employee_list_costs_the_same_for_few_and_for_many(visit, cast, employees, count_statements):
    visitor = visit("bkpsdm")
    few = count_statements(lambda: visitor.get("/admin/pegawai/?page_size=100"))
    more = [
        people.NewEmployee(
            f"198501012005011{n:03}", "PNS", f"Pegawai {n}", cast.unit_id, "Analis", "4", "III/b", date(2005, 1, 1), date(1985, 1, 1)
        )
        for n in range(10, 110)
    ]
    people.register_employees(SYSTEM, employees=more)
    assert count_statements(lambda: visitor.get("/admin/pegawai/?page_size=100")) == few


# Users


def user(username):
    return User.get(User.username == username)


def test_a_user_is_added_with_roles(visit, cast):
    visitor = visit("bkpsdm")
    typed = {"name": "Baru", "username": "baru", "password": "kata-sandi-baru", "again": "kata-sandi-baru"}
    roles = {"grants-0-role": "assessor", "grants-1-role": "opd_admin", "grants-1-unit": str(cast.unit_id)}
    answer = visitor.send("/admin/pengguna/baru/", **typed, **roles)
    made = user("baru")
    assert (answer.status_code, answer.location) == (303, f"/admin/pengguna/{made.id}/")
    assert passwords.matches(made.password_hash, "kata-sandi-baru")
    rows = Membership.select().where(Membership.user == made).order_by(Membership.id)
    assert [Grant(Role(row.role), row.work_unit_id) for row in rows] == [Grant(Role.ASSESSOR), Grant(Role.OPD_ADMIN, cast.unit_id)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"username": "bkpsdm"}, "Nama pengguna “bkpsdm” sudah dipakai."),
        ({"username": "Ada Spasi"}, "Nama pengguna terdiri atas 3 sampai 60 huruf kecil"),
        ({"password": "pendek", "again": "pendek"}, "Kata sandi paling sedikit 10 karakter."),
        ({"again": "lain sekali"}, "Kedua kata sandi tidak sama."),
        ({"grants-0-role": "opd_admin"}, "Peran Admin OPD memerlukan unit kerja."),
        ({"grants-0-unit": "1"}, "Pilih peran untuk setiap unit kerja yang dipilih."),
    ],
)
def test_a_refused_user_keeps_what_was_typed_but_the_password(visit, cast, changes, message):
    typed = {"name": "Baru", "username": "baru", "password": "kata-sandi-baru", "again": "kata-sandi-baru"}
    count = User.select().count()
    answer = visit("bkpsdm").send("/admin/pengguna/baru/", **typed | changes)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert fields_of(answer.text)["name"] == "Baru"
    assert ["kata-sandi-baru" in answer.text, User.select().count()] == [False, count]


def test_roles_are_replaced_and_sessions_end(visit, cast):
    visitor = visit("bkpsdm")
    path = f"/admin/pengguna/{cast.verifier.user_id}/peran/"
    assert visitor.send(path, **{"grants-0-role": "viewer"}).status_code == 303
    assert [row.role for row in Membership.select().where(Membership.user == cast.verifier.user_id)] == ["viewer"]
    assert User.get_by_id(cast.verifier.user_id).session_epoch == 1


def test_stale_roles_do_not_overwrite(visit, cast):
    visitor = visit("bkpsdm")
    path = f"/admin/pengguna/{cast.verifier.user_id}/peran/"
    second = visitor.form(path, **{"grants-0-role": "bkpsdm_admin"})
    visitor.send(path, **{"grants-0-role": "viewer"})
    assert visitor.post(path, **second).status_code == 409
    assert [row.role for row in Membership.select().where(Membership.user == cast.verifier.user_id)] == ["viewer"]


def test_a_password_is_replaced(visit, cast):
    path = f"/admin/pengguna/{cast.viewer.user_id}/sandi/"
    visit("bkpsdm").send(path, password="sandi yang panjang", again="sandi yang panjang")
    assert passwords.matches(User.get_by_id(cast.viewer.user_id).password_hash, "sandi yang panjang")


def test_a_user_is_deactivated_after_asking_and_comes_back(visit, cast):
    visitor = visit("bkpsdm")
    path = f"/admin/pengguna/{cast.viewer.user_id}/aktif/"
    visitor.post(path, row_version="1", is_active="0")
    assert User.get_by_id(cast.viewer.user_id).is_active
    visitor.post(path, row_version="1", is_active="0", confirmed="1")
    assert not User.get_by_id(cast.viewer.user_id).is_active
    visitor.post(path, row_version="2", is_active="1")
    assert User.get_by_id(cast.viewer.user_id).is_active


@pytest.mark.parametrize("path", ["999/", "999/peran/", "999/sandi/"])
def test_a_user_who_is_not_there_is_not_found(visit, cast, path):
    assert visit("bkpsdm").get(f"/admin/pengguna/{path}").status_code == 404


@pytest.mark.parametrize("query", ["", "?search=siti", "?role=assessor", "?role=nobody", "?search=%00"])
def test_users_are_searched(visit, cast, query):
    text = visit("bkpsdm").get(f"/admin/pengguna/{query}").text
    assert "Siti Penilai" in text


# Audit


def test_everything_that_is_recorded_has_a_name():
    folder = Path(sipetruk.__file__).parent / "services"
    calls = [
        (node, import_module(f"sipetruk.services.{path.stem}"))
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
    ]
    actions = {_named_by(call.args[1], module) for call, module in calls} - {None}
    things = {_named_by(call.args[2], module) for call, module in calls} - {None, "table_name"}
    things |= {table._meta.table_name for table in (Attendance, PerformanceRating, SeriesValue)}
    assert {"sheet:submit", "ranking:decide_tie", "unit:edit"} <= actions
    assert [actions - set(RECORDED_LABELS), things - set(THINGS)] == [set(), set()]


def _named_by(node, module):
    """The text of a literal, the value of an action or of a name of its module, or the last name of anything else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):  # a variable of the function, made from names that stand in the table, has no value here
        return getattr(module, node.id, None)
    return str(getattr(Action, getattr(node, "attr", ""), getattr(node, "attr", None) or ast.unparse(node)))


# Rights, help, first page


def test_the_permission_table_shows_every_action(visit, cast):
    text = visit("assessor").get("/admin/hak-akses/").text
    assert [action for action in ACTION_LABELS if f"<code>{action}</code>" not in text] == []


@pytest.mark.parametrize(("topic", "who"), [("4-verifikator", "verifier"), ("5-penilai", "assessor"), ("6-auditor", "viewer")])
def test_the_links_of_a_guide_open_for_its_reader(visit, cast, topic, who):
    visitor = visit(who)
    article = visitor.get(f"/admin/bantuan/{topic}/").text.partition("<article")[2].partition("</article>")[0]
    links = re.findall(r'href="([^"]+)"', article)
    assert links != []
    assert [link for link in links if visitor.get(link).status_code != 200] == []


def test_a_guide_for_others_has_no_links_that_are_refused(visit, cast):
    article = visit("verifier").get("/admin/bantuan/6-auditor/").text.partition("<article")[2].partition("</article>")[0]
    assert re.findall(r'href="([^"]+)"', article) == [
        "/admin/instrumen/",
        "/admin/periode/",
        "/admin/verifikasi/",
        "/jejak-audit",
        "/admin/hak-akses/",
    ]
    assert "<b>Jejak audit</b>" in article


def test_the_permission_table_keeps_acronyms(visit, cast):
    text = visit("assessor").get("/admin/hak-akses/").text
    assert "Mengajukan usulan ke BKPSDM<" in text


def test_every_guide_opens(visit, cast):
    visitor = visit("verifier")
    assert [visitor.get(f"/admin/bantuan/{name}/").status_code for name, _ in guides()] == [200] * len(guides())
    assert visitor.get("/admin/bantuan/..%2fpages/").status_code == 404


def test_the_first_page_shows_work_and_the_round(visit, cast):
    made = periods.create(cast.bkpsdm, name="Putaran 2026", year=2026, slug="2026")
    windows = {Stage.NOMINATION: (date(2026, 11, 1), date(2026, 11, 30))}
    periods.set_windows(cast.bkpsdm, period_id=made, windows=windows, expected_version=1)
    text = visit("bkpsdm").get("/admin/").text
    assert ["Putaran 2026" in text, "1–30 November 2026" in text, 'aria-current="step"' in text] == [True, True, True]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_posts_without_a_token_are_refused(client, visit, cast):
    visit("bkpsdm")
    answer = client.post(f"/admin/pengguna/{cast.viewer.user_id}/aktif/", data={"row_version": "1", "confirmed": "1"})
    assert (answer.status_code, User.get_by_id(cast.viewer.user_id).is_active) == (400, True)
