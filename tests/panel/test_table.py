"""Every trap of Flask-Admin on Peewee, asked of the safe view."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import peewee as pw
import pytest
from flask_admin.model.form import InlineFormAdmin

from sipetruk.panel.kit import TableView
from sipetruk.panel.kit.columns import form_for
from sipetruk.services.transaction import STALE
from tests.panel.conftest import FaultyPage, Office, Worker, WorkerView

NOT_FOUND = "Data yang Anda cari tidak ada, atau bukan untuk Anda."


def filled(**changes):
    office = Office.get(Office.code == "A").id
    form = {"code": "w9", "name": "Dewi", "office": office, "level": "low", "rank": "1", "is_active": "y", "row_version": "1"}
    return form | changes


def worker(code):
    return Worker.get(Worker.code == code)


# 1 and 4: nothing is edited inside lists, so no inline row, no list cell and no look-up can go round the rights


@pytest.mark.parametrize(
    "feature",
    [
        {"inline_models": (InlineFormAdmin(Worker),)},
        {"column_editable_list": ("name",)},
        {"form_ajax_refs": {"office": {"fields": ("name",)}}},
    ],
    ids=["inline_models", "column_editable_list", "form_ajax_refs"],
)
def test_features_that_write_past_services_are_refused_when_the_view_is_made(feature):
    view = type("View", (WorkerView,), feature)
    with pytest.raises(TypeError, match=next(iter(feature))):
        view(Worker, endpoint="v")


def test_the_primary_key_is_no_column_and_no_field(kit):
    view = TableView(Office, endpoint="v")
    assert view.scaffold_list_columns() == ["code", "name"]
    assert list(form_for(Office, ("code", "name"), {})()._fields) == ["code", "name"]


def test_a_cell_cannot_be_written_through_ajax_update(kit):
    answer = kit.as_("bkpsdm").post("/admin/worker/ajax/update/", data={"list_form_pk": worker("w1").id, "name": "HACK"})
    assert (answer.status_code, worker("w1").name) == (404, "Aminah")


def test_ajax_lookup_answers_nothing(kit):
    assert kit.as_("bkpsdm").get("/admin/worker/ajax/lookup/?name=office&query=K&limit=-1").status_code == 404


# 2: the form calls a service, which saves everything or nothing


def test_a_new_row_is_made_by_the_service(kit):
    answer = kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(score="12,5", born_on="1991-02-03"))
    assert answer.status_code == 303
    row = worker("w9")
    assert (row.name, row.score, row.born_on, row.office.code, row.deputy_at) == ("Dewi", Decimal("12.5"), date(1991, 2, 3), "A", None)


def test_a_refusal_stands_at_its_field_and_the_typed_text_stays(kit):
    answer = kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(name="Salah ketik", note="panjang sekali"))
    assert answer.status_code == 422
    assert '<ul class="errors" id="name-salah"><li>Nama ini tidak diterima.</li></ul>' in answer.text
    assert 'value="Salah ketik"' in answer.text
    assert "panjang sekali</textarea>" in answer.text
    assert Worker.select().count() == 3


def test_a_broken_constraint_is_explained_and_the_typed_text_stays(kit):
    answer = kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(code="w1"))
    assert answer.status_code == 422
    assert "Data dengan isian yang sama sudah ada." in answer.text
    assert 'value="Dewi"' in answer.text
    assert Worker.select().count() == 3


# 3: deleting leaves the choice to the foreign key


def test_deleting_never_takes_other_rows_along(kit):
    office = Office.get(Office.code == "A").id
    answer = kit.as_("bkpsdm").post("/admin/office/delete/", data={"id": office, "confirmed": "1"}, follow_redirects=True)
    assert "Data ini masih dipakai data lain, jadi tidak dapat dihapus" in answer.text
    assert (Office.select().count(), Worker.select().count()) == (2, 3)


def test_deleting_asks_first(kit):
    data = {"id": worker("w3").id}
    client = kit.as_("bkpsdm")
    answer = client.post("/admin/worker/delete/", data=data)
    assert "Hapus pekerja “Citra”?" in answer.text
    assert Worker.select().count() == 3
    assert client.post("/admin/worker/delete/", data={**data, "confirmed": "1"}).status_code == 303
    assert Worker.select().count() == 2


# 4: one scoped door to every row


@pytest.mark.parametrize("page", ["details", "edit", "delete"])
@pytest.mark.parametrize("id_", ["999", "abc", "99999999999999999999", "-1", "1;drop", "", "%00"])
def test_rows_that_do_not_exist_are_not_found(kit, page, id_):
    answer = kit.as_("bkpsdm").get(f"/admin/worker/{page}/?id={id_}")
    assert (answer.status_code, NOT_FOUND in answer.text) == (404, True)


def test_rows_of_others_get_the_same_answer_as_rows_that_do_not_exist(kit):
    client = kit.as_("unit")
    theirs = client.get(f"/admin/worker/details/?id={worker('w2').id}")
    nothing = client.get("/admin/worker/details/?id=999")
    assert (theirs.status_code, theirs.text) == (nothing.status_code, nothing.text)


def test_the_list_shows_only_what_the_actor_may_see(kit):
    text = kit.as_("unit").get("/admin/worker/").text
    assert ["Aminah" in text, "Budi" in text, "Citra" in text] == [True, False, True]


def test_bulk_actions_reach_only_visible_rows_and_ask_first(kit):
    ids = [worker("w1").id, worker("w2").id, "abc", "999"]
    client = kit.as_("unit")
    answer = client.post("/admin/worker/action/", data={"action": "greet", "rowid": ids})
    assert "Sapa yang dipilih?" in answer.text
    assert WorkerView.greeted == []
    client.post("/admin/worker/action/", data={"action": "greet", "rowid": ids, "confirmed": "1"})
    assert WorkerView.greeted == [worker("w1").id]


def test_an_unknown_action_is_refused(kit):
    assert kit.as_("unit").post("/admin/worker/action/", data={"action": "delete", "rowid": ["1"]}).status_code == 403


# 5: faults are faults, odd addresses are not


def test_a_type_error_surfaces_once(kit):
    with pytest.raises(TypeError, match="a fault of the program"):
        kit.as_("bkpsdm").get("/admin/faulty/")
    assert FaultyPage.runs == [1]


@pytest.mark.parametrize(
    "query",
    [
        "page=-1", "page=99999999999999999999", "page=abc", "sort=99", "sort=-1", "sort=abc&desc=x", "sort=4",
        "page_size=-5", "page_size=100000", "search=%00", "search=%25_%5C", "endpoint=x&_external=1&_anchor=y&values=z",
        "office=abc", "office=99999999999", "born_on-from=2024-13-01",
        "born_on-until=9999-12-31", "seen_at-from=0001-01-01", "is_active=maybe", "rank=1e3", "level=%00", "office-code=A", "flt0_0=1",
    ],
)  # fmt: skip
def test_odd_addresses_of_the_list_are_no_fault(kit, query):
    assert kit.as_("bkpsdm").get(f"/admin/worker/?{query}").status_code == 200


# 6: filters, search and sorting go through references in a fixed number of statements


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Citra", "Aminah", "Budi"]),  # without a score comes last on both engines
        ("sort=5&desc=1", ["Citra", "Aminah", "Budi"]),
        ("sort=5", ["Aminah", "Citra", "Budi"]),
        ("sort=2", ["Budi", "Aminah", "Citra"]),
        ("search=kantor+dua", ["Budi"]),
        ("search=budi+kantor", ["Budi"]),
        ("search=%25", []),
        ("level=high", ["Citra", "Budi"]),
        ("office-code=A", ["Citra", "Aminah"]),
        ("is_active=0", []),
        ("rank=1&level=low", ["Aminah"]),
        ("born_on-from=1990-05-17&born_on-until=1990-05-17", ["Budi"]),
        ("seen_at-from=2026-01-01&seen_at-until=2026-01-01", ["Aminah"]),  # 15.59 UTC is 23.59 WITA
        ("seen_at-from=2026-01-02", []),
    ],
)
def test_search_filters_and_order(kit, query, expected):
    text = kit.as_("bkpsdm").get(f"/admin/worker/?{query}").text
    assert re.findall('data-label="Nama">(.*?)<', text) == expected


def test_a_filter_over_a_reference_offers_what_is_there_now(kit):
    client = kit.as_("bkpsdm")
    client.get("/admin/worker/")
    Office.create(code="C", name="Kantor Tiga")
    assert ">Kantor Tiga</option>" in client.get("/admin/worker/").text


def test_a_reference_without_scoped_choices_is_refused_when_the_view_is_made():
    view = type("View", (WorkerView,), {"references": {}})
    with pytest.raises(TypeError, match="never listed unscoped"):
        view(Worker, endpoint="v")


def test_the_list_costs_the_same_for_one_row_and_for_a_hundred(kit, db, count_statements):
    client = kit.as_("bkpsdm")
    few = count_statements(lambda: client.get("/admin/worker/?page_size=100"))
    office = Office.get(Office.code == "A")
    row = {"office": office, "deputy_at": office, "level": "low"}
    Worker.insert_many([row | {"code": f"m{i}", "name": f"Orang {i}"} for i in range(100)]).execute()
    many = count_statements(lambda: client.get("/admin/worker/?page_size=100"))
    assert many == few <= 4


# 7: our formats


@pytest.mark.parametrize(("typed", "stored"), [("12,5", "12.5"), ("12.5", "12.5"), (" 100 ", "100"), ("", None)])
def test_decimals_have_a_comma(kit, typed, stored):
    kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(score=typed))
    assert worker("w9").score == (None if stored is None else Decimal(stored))


@pytest.mark.parametrize("typed", ["abc", "NaN", "Infinity", "1e999", "12,345", "1000"])
def test_what_is_no_decimal_is_refused_and_stays(kit, typed):
    answer = kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(score=typed))
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert Worker.select().count() == 3


@pytest.mark.parametrize("level", ["", "middle", None])
def test_a_choice_is_never_made_by_silence(kit, level):
    data = filled() if level is None else filled(level=level)
    if level is None:
        del data["level"]
    assert kit.as_("bkpsdm").post("/admin/worker/new/", data=data).status_code == 422
    assert Worker.select().count() == 3


@pytest.mark.parametrize("office", ["", "999", "abc", "99999999999999999999"])
def test_a_reference_to_nothing_is_refused(kit, office):
    assert kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(office=office)).status_code == 422
    assert Worker.select().count() == 3


def test_a_blank_number_takes_the_default_of_its_column(kit):
    kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(rank=""))
    assert worker("w9").rank == 1


@pytest.mark.parametrize("rank", ["99999999999", "1.5", "x", "١"])
def test_a_number_that_no_column_holds_is_refused(kit, rank):
    assert kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(rank=rank)).status_code == 422


def test_json_that_is_none_is_refused_and_stays(kit):
    answer = kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(extra='{"a": '))
    assert answer.status_code == 422
    assert "{&#34;a&#34;: </textarea>" in answer.text


def test_json_goes_there_and_back(kit):
    kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(extra='{"a": ["é", 1]}'))
    assert worker("w9").extra == {"a": ["é", 1]}


def test_moments_are_typed_in_wita_and_kept_in_utc(kit):
    kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(seen_at="2026-11-24T08:30"))
    assert worker("w9").seen_at == datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def test_an_untouched_moment_keeps_its_seconds(kit):
    row = worker("w1")
    client = kit.as_("bkpsdm")
    assert 'value="2026-01-01T23:59"' in client.get(f"/admin/worker/edit/?id={row.id}").text
    client.post(f"/admin/worker/edit/?id={row.id}", data=filled(code="w1", name="Aminah B.", seen_at="2026-01-01T23:59"))
    assert (worker("w1").name, worker("w1").seen_at) == ("Aminah B.", datetime(2026, 1, 1, 15, 59, 30, tzinfo=UTC))


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "x" * 41, "   "])
def test_text_that_no_column_holds_is_refused(kit, name):
    assert kit.as_("bkpsdm").post("/admin/worker/new/", data=filled(name=name)).status_code == 422


# 8: a second tab cannot overwrite


def test_a_stale_form_shows_both_texts_and_saves_nothing(kit):
    row = worker("w1")
    client = kit.as_("bkpsdm")
    first = client.post(f"/admin/worker/edit/?id={row.id}", data=filled(code="w1", name="Tab pertama", note="lama"))
    second = client.post(f"/admin/worker/edit/?id={row.id}", data=filled(code="w1", name="Tab kedua", note="lama"))
    assert (first.status_code, second.status_code) == (303, 409)
    assert [text in second.text for text in ("Tab pertama", "Tab kedua")] == [True, True]
    assert '<input type="hidden" name="name" value="Tab kedua">' in second.text
    assert '<input type="hidden" name="row_version" value="2">' in second.text
    assert (worker("w1").name, worker("w1").row_version) == ("Tab pertama", 2)


def test_after_seeing_both_the_own_text_can_be_saved(kit):
    row = worker("w1")
    client = kit.as_("bkpsdm")
    client.post(f"/admin/worker/edit/?id={row.id}", data=filled(code="w1", name="Tab pertama"))
    answer = client.post(f"/admin/worker/edit/?id={row.id}", data=filled(code="w1", name="Tab kedua", row_version="2"))
    assert (answer.status_code, worker("w1").name, worker("w1").row_version) == (303, "Tab kedua", 3)


def test_a_form_without_a_version_never_overwrites(kit):
    row = worker("w1")
    data = filled(code="w1", name="Tanpa versi")
    del data["row_version"]
    assert kit.as_("bkpsdm").post(f"/admin/worker/edit/?id={row.id}", data=data).status_code == 409
    assert worker("w1").name == "Aminah"


def test_a_conflict_of_another_kind_stands_in_the_form(kit):
    answer = kit.as_("bkpsdm").post(f"/admin/worker/edit/?id={worker('w1').id}", data=filled(code="w2"))
    assert (answer.status_code, STALE in answer.text) == (422, False)
    assert worker("w1").name == "Aminah"


def test_a_locked_row_says_why(kit):
    Worker.update(name="Pensiun").where(Worker.code == "w1").execute()
    client = kit.as_("bkpsdm")
    for page in ("edit", "delete"):
        answer = client.get(f"/admin/worker/{page}/?id={worker('w1').id}")
        assert (answer.status_code, "Pekerja ini sudah pensiun." in answer.text) == (409, True)


# 9: files that leave the panel


def test_an_exported_list_holds_no_formulas(kit):
    Worker.update(name='=HYPERLINK("http://x")').where(Worker.code == "w1").execute()
    answer = kit.as_("unit").get("/admin/worker/export/csv/?search=HYPER")
    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Kode,Nama,Kantor,Wakil di,Tingkat,Nilai,Terlihat,Aktif"
    assert lines[1].startswith('w1,"\'=HYPERLINK(""http://x"")",Kantor Satu,–,')
    assert len(lines) == 2


@pytest.mark.parametrize("kind", ["xlsx", "json", "html", "../x"])
def test_other_exports_do_not_exist(kit, kind):
    assert kit.as_("bkpsdm").get(f"/admin/worker/export/{kind}/").status_code == 404


# 10: rights are asked at every request, and user data is never markup


def test_a_view_is_made_without_a_request():
    view = WorkerView(Worker, endpoint="v")
    assert (view.can_create, view.can_edit, view.can_delete) == (True, True, True)


@pytest.mark.parametrize(("role", "status"), [("bkpsdm", 200), ("unit", 200), ("assessor", 403), (None, 302)])
def test_the_list_opens_only_for_those_who_may_read(kit, role, status):
    assert kit.as_(role).get("/admin/worker/").status_code == status


@pytest.mark.parametrize("page", ["new/", "edit/?id=1", "delete/?id=1"])
def test_writing_is_closed_to_readers(kit, page):
    client = kit.as_("unit")
    assert client.get(f"/admin/worker/{page}").status_code == 403
    assert client.post(f"/admin/worker/{page}", data=filled(confirmed="1")).status_code == 403
    assert sorted(w.name for w in Worker.select()) == ["Aminah", "Budi", "Citra"]


def test_readers_are_offered_no_writing(kit):
    text = kit.as_("unit").get("/admin/worker/").text
    assert [word in text for word in ("Tambah pekerja", ">Ubah<", ">Hapus<")] == [False, False, False]


def test_text_of_users_is_never_markup(kit):
    Worker.update(name="<img src=x onerror=alert(1)>", note="<script>x</script>").where(Worker.code == "w1").execute()
    Office.update(name="<img src=x>").execute()
    client = kit.as_("bkpsdm")
    id_ = worker("w1").id
    for page in ("", "new/", f"edit/?id={id_}", f"details/?id={id_}", f"delete/?id={id_}"):
        text = client.get(f"/admin/worker/{page}").text
        assert ["<img src=x" in text, "<script>x" in text] == [False, False], page


# 11: nothing on a page needs inline code, and nothing comes from elsewhere


@pytest.mark.parametrize("page", ["worker/", "worker/new/", "worker/edit/?id=1", "worker/delete/?id=1", "worker/edit/?id=0"])
def test_pages_keep_the_content_security_policy(kit, page):
    text = kit.as_("bkpsdm").get(f"/admin/{page}").text
    assert "<script>" not in text
    assert [text.count("<script"), text.count('<script type="module" src="/static/')] == [2, 2]
    assert [mark in text for mark in (" style=", " onclick=", "//cdn", "jquery", "bootstrap", "javascript:", "<style")] == [False] * 7


def test_words_of_the_libraries_are_indonesian(kit):
    client = kit.as_("bkpsdm")
    answer = client.post("/admin/worker/new/", data=filled(name="", born_on="17 Mei"))
    assert ["Wajib diisi." in answer.text, "Bukan tanggal yang sah." in answer.text] == [True, True]
    assert "Paling banyak 40 karakter." in client.post("/admin/worker/new/", data=filled(name="x" * 41)).text


def test_a_filter_may_not_take_a_reserved_name():
    class Odd(pw.Model):
        page = pw.CharField()

    view = type("View", (TableView,), {"column_filters": ("page",)})
    with pytest.raises(ValueError, match="'page'"):
        view(Odd, endpoint="v")
