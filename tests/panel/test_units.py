"""The page of a work unit: its history, and how it is renamed, merged and split by hand."""

import pytest

from sipetruk.models import AuditEntry, Employee, UnitChange, WorkUnit
from tests.panel.visitor import fields_of
from tests.services import builders

BASIS = {"effective_on": "2024-10-09", "decree": "Perda 5 Tahun 2024"}
OLD = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"


def test_a_unit_is_renamed_and_its_page_tells(visit, cast):
    visitor = visit("bkpsdm")
    page = f"/admin/unit/{cast.unit_id}/nama/"
    assert visitor.send(page, name="Dinas Kesehatan", code="dinkes-2", **BASIS).status_code == 303
    text = visitor.get(f"/admin/unit/details/?id={cast.unit_id}").text
    assert f"Sampai 8 Oktober 2024 bernama {OLD} (dinkes)." in text
    assert "Perda 5 Tahun 2024" in text
    found = visitor.get("/admin/unit/?search=pengendalian").text
    assert ("Dinas Kesehatan" in found, "Dinas Perhubungan" in found) == (True, False)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(visit, cast):
    visitor = visit("bkpsdm")
    answer = visitor.send(f"/admin/unit/{cast.unit_id}/nama/", name="Dinas Perhubungan", code="x", effective_on="2999-01-01", decree="SK")
    assert answer.status_code == 422
    assert "Tanggal berlaku tidak boleh sesudah hari ini" in answer.text
    assert fields_of(answer.text)["name"] == "Dinas Perhubungan"
    for given in ({"effective_on": "31-12-2024"}, {"effective_on": ""}, {"row_version": "abc"}):
        sent = visitor.form(f"/admin/unit/{cast.unit_id}/nama/", name="Baru", code="baru", decree="SK", effective_on="2024-10-09")
        assert visitor.post(f"/admin/unit/{cast.unit_id}/nama/", **(sent | given)).status_code in {409, 422}
    assert UnitChange.select().count() == 0


def test_a_merger_shows_what_will_move_before_it_happens(visit, cast):
    builders.employee(cast.unit_id, "Budi Santoso")
    visitor = visit("bkpsdm")
    page = f"/admin/unit/{cast.unit_id}/lebur/"
    sent = visitor.form(page, into=str(cast.other_unit_id), **BASIS)
    asked = visitor.post(page, **sent)
    assert asked.status_code == 200
    for line in ("1 pegawai pindah.", "Sari Pengusul: peran Admin OPD pindah", "Ini tidak dapat diurungkan."):
        assert line in asked.text
    assert WorkUnit.get_by_id(cast.unit_id).is_active
    assert visitor.post(page, **sent, confirmed="1").status_code == 303
    assert not WorkUnit.get_by_id(cast.unit_id).is_active
    assert Employee.get().work_unit_id == cast.other_unit_id
    text = visitor.get(f"/admin/unit/details/?id={cast.unit_id}").text
    assert "penerusnya" in text
    assert "Lebur ke unit lain" not in text
    assert AuditEntry.select().where(AuditEntry.face == "panel", AuditEntry.action == "unit:merge").count() == 3


def test_blockers_of_a_merger_are_named(visit, cast):
    builders.assessing(cast, "Budi Santoso")
    visitor = visit("bkpsdm")
    page = f"/admin/unit/{cast.unit_id}/lebur/"
    answer = visitor.send(page, into=str(cast.other_unit_id), **BASIS)
    assert answer.status_code == 422
    assert "lebur unit sesudah hasilnya diumumkan" in answer.text
    answer = visitor.send(page, into=str(cast.other_unit_id), effective_on="2999-01-01")
    for words in ("diumumkan", "Tanggal berlaku tidak boleh sesudah hari ini", "Isi dasar hukumnya"):
        assert [answer.status_code, words in answer.text] == [422, True], words  # said at once, and before the question
    assert visitor.send(page, into="77777", **BASIS).status_code == 422
    assert WorkUnit.get_by_id(cast.unit_id).is_active


def test_a_unit_is_split_by_numbers(visit, cast):
    moving = builders.employee(cast.unit_id, "Budi Santoso")
    nip = Employee.get_by_id(moving).nip
    visitor = visit("bkpsdm")
    page = f"/admin/unit/{cast.unit_id}/pecah/"
    refused = visitor.send(page, name="Dinas KB", code="dppkb", employees=f"{nip}\n199001012015051999", **BASIS)
    assert (refused.status_code, "pada baris 2" in refused.text) == (422, True)
    assert (
        visitor.send(page, name="Dinas KB", code="dppkb", employees=f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", **BASIS).status_code
        == 303
    )
    assert Employee.get_by_id(moving).work_unit_id == WorkUnit.get(WorkUnit.code == "dppkb").id


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["verifier", "assessor", "viewer", "unit_admin", "unit_head"])
def test_others_read_units_and_change_none(visit, cast, who):
    visitor = visit(who)
    text = visitor.get(f"/admin/unit/details/?id={cast.unit_id}").text
    assert "Ganti nama" not in text
    for step in ("nama", "lebur", "pecah"):
        assert visitor.get(f"/admin/unit/{cast.unit_id}/{step}/").status_code == 403
        assert visitor.post(f"/admin/unit/{cast.unit_id}/{step}/", **BASIS).status_code == 403


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_unit_that_is_not_there(visit, cast):
    visitor = visit("bkpsdm")
    assert [visitor.get(f"/admin/unit/{number}/nama/").status_code for number in (999, 2**40)] == [404, 404]
    assert [visitor.get(f"/admin/unit/details/?id={key}").status_code for key in ("999", "x", "")] == [404, 404, 404]


def test_the_page_of_a_unit_costs_the_same_however_long_its_history(visit, cast, count_statements):
    visitor = visit("bkpsdm")
    visitor.send(f"/admin/unit/{cast.unit_id}/nama/", name="Nama 0", code="dinkes", **BASIS)
    page = f"/admin/unit/details/?id={cast.unit_id}"
    one = count_statements(lambda: visitor.get(page))
    for n in range(1, 5):
        visitor.send(f"/admin/unit/{cast.unit_id}/nama/", name=f"Nama {n}", code="dinkes", **BASIS)
    assert count_statements(lambda: visitor.get(page)) == one
