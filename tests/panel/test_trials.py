"""“Coba syarat”: saved rules and rules being edited, on one employee and on all; nothing is saved, no number in an address."""

from __future__ import annotations

import html
import json
import re

import pytest

from sipetruk.models import AuditEntry, Category
from sipetruk.rules.workflow import PeriodMove
from tests.panel.visitor import fields_of
from tests.services import builders

PAGE = "/admin/periode"
AGE = {"fact": "age", "operator": "at_most", "value": 30}


@pytest.fixture
def category(cast):
    return builders.prepared_round(cast, eligibility_rules=[AGE]).category_id


@pytest.fixture
def budi(cast):
    builders.employee(cast.unit_id, "Wati Lestari")
    return builders.employee(cast.unit_id, "Budi <b>Santoso</b>")


def stored(category):
    return Category.get_by_id(category).eligibility


def inputs_of(text, action):
    """The fields of the form of one button."""
    form = next(f for f in re.findall(r"<form.*?</form>", text, re.DOTALL) if action in f)
    tags = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    sent = [(tag["name"], html.unescape(tag.get("value", ""))) for tag in tags]
    return html.unescape(re.search(r'action="([^"]+)"', form).group(1)), {key: [v for k, v in sent if k == key] for key, _ in sent}


@pytest.mark.parametrize(
    ("who", "status"), [("bkpsdm", 200), ("verifier", 200), ("viewer", 200), ("assessor", 403), ("unit_admin", 403), ("unit_head", 403)]
)
def test_who_may_try(visit, category, who, status):
    visitor = visit(who)
    path = f"{PAGE}/kategori/{category}/coba/"
    assert visitor.get(path).status_code == status
    assert (path in visitor.get(f"{PAGE}/kategori/{category}/").text) == (status == 200)


def test_an_employee_is_searched_by_post_and_tried(visit, category, budi):
    visitor, path = visit("bkpsdm"), f"{PAGE}/kategori/{category}/coba/"
    found = visitor.post(path, cari="santoso").text
    assert [int(id_) for id_ in re.findall(r'name="pegawai" value="(\d+)"', found)] == [budi]
    assert "Budi &lt;b&gt;Santoso&lt;/b&gt;" in found
    assert visitor.get(f"{path}?cari=santoso").text.count('name="pegawai"') == 0
    for text in (visitor.post(path, pegawai=str(budi)).text, visitor.get(f"{path}?pegawai={budi}").text):
        assert '<div class="note bad" role="status"><b>Tidak dapat diusulkan</b></div>' in text
        assert "Usia paling banyak 30 tahun" in text
        assert "Data pegawai: lahir 26 September 1986" in text


def test_all_are_counted_without_names(visit, category, budi):
    text = visit("verifier").post(f"{PAGE}/kategori/{category}/coba/", hitung="1").text
    numbers = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)", text)
    assert numbers == [("Pegawai seluruhnya", "2"), ("Dapat diusulkan", "0"), ("Terhalang", "2"), ("Belum dapat dipastikan", "0")]
    assert "Santoso" not in text


def test_a_rule_being_edited_is_tried_without_saving_and_then_saved(visit, category, budi):
    visitor, editor = visit("bkpsdm"), f"{PAGE}/kategori/{category}/syarat/0/"
    entries = AuditEntry.select().count()
    text = visitor.send(editor, value="60", coba="1").text
    assert "Yang dicoba belum disimpan." in text
    url, sent = inputs_of(text, 'name="hitung"')
    tried = visitor.post(url, hitung="1", **sent).text
    assert ("<dt>Dapat diusulkan</dt><dd>2") in tried
    assert (stored(category)[0]["value"], AuditEntry.select().count()) == (30, entries)
    url, sent = inputs_of(tried, "Kembali menyunting")
    again = visitor.post(url, confirmed="0", **sent)
    assert (again.status_code, fields_of(again.text)["value"], stored(category)[0]["value"]) == (200, "60", 30)
    url, sent = inputs_of(tried, "Simpan syarat ini")
    assert visitor.post(url, **sent).status_code == 303
    assert [rule["value"] for rule in stored(category)] == [60]


def test_a_new_rule_is_tried_beside_the_saved_ones(visit, category, budi):
    text = (
        visit("bkpsdm").send(f"{PAGE}/kategori/{category}/syarat/baru/?fakta=service_years", operator="at_least", value="3", coba="1").text
    )
    _, sent = inputs_of(text, 'name="hitung"')
    assert [rule["fact"] for rule in json.loads(sent["konsep"][0])["rules"]] == ["age", "service_years"]
    assert [rule["fact"] for rule in stored(category)] == ["age"]


def test_a_rule_that_cannot_be_read_comes_back_to_its_editor(visit, category):
    answer = visit("bkpsdm").send(f"{PAGE}/kategori/{category}/syarat/0/", value="", coba="1")
    assert (answer.status_code, fields_of(answer.text)["value"]) == (422, "")
    assert 'id="value-salah"' in answer.text


@pytest.mark.parametrize("text", ["{", "[]", '{"rules": [], "fact": 1}', '{"rules": 5, "fact": "age", "at": 0, "fields": []}'])
def test_what_this_page_did_not_write_is_refused(visit, category, text):
    assert visit("bkpsdm").post(f"{PAGE}/kategori/{category}/coba/", konsep=text).status_code == 422


def test_nobody_and_nothing_are_not_found(visit, category):
    visitor = visit("bkpsdm")
    assert visitor.get(f"{PAGE}/kategori/{category}/coba/?pegawai=999999").status_code == 404
    assert visitor.get(f"{PAGE}/kategori/999999/coba/").status_code == 404


def test_a_stored_rule_on_an_unknown_fact_is_named_and_can_only_be_removed(visit, cast):
    round_ = builders.prepared_round(cast, eligibility_rules=[AGE])
    category = round_.category_id
    Category.update(eligibility=[AGE, {"fact": "zodiak", "operator": "in", "value": ["leo"]}]).where(Category.id == category).execute()
    visitor = visit("bkpsdm")
    text = visitor.get(f"{PAGE}/kategori/{category}/").text
    assert "Syarat nomor 2 memakai fakta yang tidak dikenal: “zodiak”" in text
    assert visitor.get(f"{PAGE}/kategori/{category}/syarat/1/").status_code == 404
    with builders.standing_at(2024, 10, 1):
        answer = visitor.send(f"{PAGE}/{round_.period_id}/pindah/{PeriodMove.OPEN}/")
    assert answer.status_code == 422
    assert "Syarat nomor 2 memakai fakta yang tidak dikenal: “zodiak”." in answer.text
    version = str(Category.get_by_id(category).row_version)
    visitor.post(f"{PAGE}/kategori/{category}/syarat/1/hapus/", confirmed="1", row_version=version)
    assert [rule["fact"] for rule in stored(category)] == ["age"]
