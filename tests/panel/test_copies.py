"""“Salin untuk tahun berikutnya”: what would be copied is shown, the year can be tried, and pressing twice copies once."""

from __future__ import annotations

import pytest

from sipetruk.models import InstrumentVersion, Period
from sipetruk.services import instruments
from tests.panel.visitor import fields_of
from tests.services import builders

PAGE = "/admin/periode"


@pytest.fixture
def source(cast):
    return builders.prepared_round(cast, eligibility_rules=[{"fact": "age", "operator": "at_most", "value": 50}])


def test_only_bkpsdm_copies(visit, source):
    path = f"{PAGE}/{source.period_id}/salin/"
    assert visit("bkpsdm").get(path).status_code == 200
    viewer = visit("viewer")
    assert [viewer.get(path).status_code, viewer.post(path, year="2025").status_code] == [403, 403]
    assert path not in viewer.get(f"{PAGE}/{source.period_id}/").text
    assert visit("bkpsdm").get(f"{PAGE}/999999/salin/").status_code == 404


def test_the_next_year_is_proposed_and_its_days_are_shown(visit, source):
    visitor = visit("bkpsdm")
    assert f"{PAGE}/{source.period_id}/salin/" in visitor.get(f"{PAGE}/{source.period_id}/").text
    text = visitor.get(f"{PAGE}/{source.period_id}/salin/").text
    sent = fields_of(text)
    assert (sent["name"], sent["year"], sent["slug"]) == ("ASN Berprestasi 2025", "2025", "2025")
    assert sent[f"version_{source.category_id}"] == str(source.version_id)
    assert "1 Oktober 2025 – 15 Oktober 2025" in text
    assert "Usia paling banyak 50 tahun" in text


def test_another_year_is_previewed_without_saving(visit, source):
    answer = visit("bkpsdm").send(f"{PAGE}/{source.period_id}/salin/", year="2027", name="Putaran 2027", pratinjau="1")
    assert "1 Oktober 2027 – 15 Oktober 2027" in answer.text
    assert (fields_of(answer.text)["name"], Period.select().count()) == ("Putaran 2027", 1)


def test_the_copy_is_made_once_however_often_the_button_is_pressed(visit, source):
    visitor, path = visit("bkpsdm"), f"{PAGE}/{source.period_id}/salin/"
    sent = visitor.form(path)
    first, second = visitor.post(path, **sent), visitor.post(path, **sent)
    made = Period.get(Period.slug == "2025")
    assert (first.status_code, first.location, second.location) == (303, f"{PAGE}/{made.id}/", first.location)
    assert Period.select().count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"slug": "2024"}, "slug", "Alamat “2024” sudah dipakai periode lain."),
        ({"year": "dua ribu"}, "year", "Bukan bilangan bulat. Contoh: 12"),
        ({"year": "1999"}, "year", "Angka harus antara 2000 dan 2200."),
        ({"name": ""}, "name", "Wajib diisi."),
    ],
)
def test_a_refused_copy_keeps_what_was_typed(visit, source, changes, field, message):
    answer = visit("bkpsdm").send(f"{PAGE}/{source.period_id}/salin/", **changes)
    assert answer.status_code == 422
    assert f'<ul class="errors" id="{field}-salah"><li>{message}</li></ul>' in answer.text
    assert (fields_of(answer.text)[field], Period.select().count()) == (changes[field], 1)


def test_a_newer_version_is_pointed_out_and_a_retired_one_refused_at_its_field(visit, cast, source):
    row = InstrumentVersion.get_by_id(source.version_id)
    newer = instruments.start_draft(cast.bkpsdm, instrument_id=row.instrument_id)
    instruments.lock(cast.bkpsdm, version_id=newer, expected_version=1)
    visitor, path = visit("bkpsdm"), f"{PAGE}/{source.period_id}/salin/"
    assert "Sudah ada versi 2 yang lebih baru dan terkunci." in visitor.get(path).text
    sent = visitor.form(path)
    instruments.retire(cast.bkpsdm, version_id=source.version_id, reason="Diganti.", expected_version=row.row_version)
    answer = visitor.post(path, **sent)
    assert (answer.status_code, Period.select().count()) == (422, 1)
    assert f'id="version_{source.category_id}-salah"' in answer.text


def test_a_draft_for_next_year_is_offered_where_data_have_a_time(visit, cast):
    document = builders.tiny_instrument()
    document["components"][1]["criteria"][0]["scale"] = {"kind": "percentage", "max": 20}
    document["components"][1]["criteria"][0]["source"] = {"kind": "attendance", "months": ["2024-04"]}
    timed, timeless = builders.locked_version(document), builders.locked_version()
    visitor, words = visit("bkpsdm"), "Buat draf, data digeser satu tahun"
    assert [words in visitor.get(f"/admin/instrumen/{id_}/").text for id_ in (timed, timeless)] == [True, False]
    answer = visitor.post(f"/admin/instrumen/{timed}/draf/", geser="1")
    made = InstrumentVersion.get(instrument=InstrumentVersion.get_by_id(timed).instrument_id, number=2)
    assert (answer.status_code, made.definition["components"][1]["criteria"][0]["source"]["months"]) == (303, ["2025-04"])
