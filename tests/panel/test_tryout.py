"""Trying an instrument in the panel: every step is shown, nothing is stored unless asked, what is wrong is named in its place."""

import re

import pytest

from sipetruk.models import InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments as services
from sipetruk.starters import starter, starter_examples
from tests.panel.visitor import Visitor
from tests.services import builders

PAGE = "/admin/instrumen"
TYPED = {
    "nominees": "1", "assessors": "2", "c0-name": "Budi", "c0-m-gagasan-0": "40", "c0-m-gagasan-1": "30,5", "c0-m-dampak-0": "20",
    "c0-m-dampak-1": "20", "c0-m-disiplin-0": "1", "c0-m-disiplin-1": "0", "c0-v-penghargaan.nasional": "1",
}  # fmt: skip
"""(40 + 30.5) / 2 + 20 + 20 / 2 + 20 = 85.25."""


def test_typed_values_are_computed_and_nothing_is_stored(visit, version):
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="hitung", **TYPED)
    assert answer.status_code == 200
    assert [
        text in answer.text for text in ("85,25", "Rata-rata dari 40 · 30,5 = 35,25 poin", "Nasional 1 bernilai 20 poin", "tanpa harapan")
    ] == [True] * 4
    assert 'value="30,5"' in answer.text
    stored = InstrumentVersion.get_by_id(version)
    assert (stored.examples, stored.row_version) == ([], 1)


def test_a_locked_version_may_be_tried_by_its_readers(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    for who in ("bkpsdm", "viewer", "verifier", "assessor"):
        answer = visit(who).post(f"{PAGE}/{version}/uji-coba/", lalu="hitung", **TYPED)
        assert (answer.status_code, "85,25" in answer.text, "Simpan sebagai contoh" in answer.text) == (200, True, False)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="2", **TYPED)
    assert (answer.status_code, InstrumentVersion.get_by_id(version).examples) == (422, [])
    assert "sudah terkunci" in answer.text


def test_what_was_typed_is_kept_as_examples_with_what_came_out(visit, version):
    visitor = visit("bkpsdm")
    page = visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="ambil-0", **TYPED).text
    assert re.search(r'name="c0-score" value="85,25"', page)
    assert "✓ sesuai harapan" in page
    expected = {"c0-status": "RANKED", "c0-score": "85,25", "c0-rank": "1"}
    answer = visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="1", **TYPED, **expected)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/uji-coba/")
    assert InstrumentVersion.get_by_id(version).examples == [
        {
            "name": "Budi",
            "unit": None,
            "marks": {"gagasan": ["40", "30.5"], "dampak": ["20", "20"], "disiplin": ["1", "0"]},
            "values": {"penghargaan": {"nasional": 1, "provinsi": 0}},
            "attributes": {},
            "expected": {"status": "RANKED", "score": "85.25", "rank": 1},
        }
    ]
    shown = visitor.get(answer.location).text
    assert [text in shown for text in ("✓ sesuai harapan", 'name="c0-m-gagasan-1" value="30,5"', "85,25")] == [True] * 3


def test_a_wrong_expectation_is_red_and_stops_the_lock(visit, version, cast):
    visitor = visit("bkpsdm")
    visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="1", **TYPED, **{"c0-status": "RANKED", "c0-score": "90"})
    page = visitor.get(f"{PAGE}/{version}/uji-coba/").text
    assert "Nilai akhir diharapkan 90, ternyata 85,25." in page
    assert "Contoh “Budi”: nilai akhir diharapkan 90, ternyata 85,25." in visitor.get(f"{PAGE}/{version}/kunci/").text
    answer = visitor.post(f"{PAGE}/{version}/kunci/", row_version="2", confirmed="y")
    assert (answer.status_code, InstrumentVersion.get_by_id(version).state) == (422, "draft")
    assert "Contoh “Budi”: nilai akhir diharapkan 90, ternyata 85,25." in answer.text


def test_a_mark_out_of_bounds_is_named_beside_its_input(visit, version):
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="1", **TYPED | {"c0-m-gagasan-1": "41"})
    assert answer.status_code == 422
    assert '<a href="#c0-m-gagasan-1">Contoh “Budi”, “Gagasan”, penilai 2: Nilai harus antara 0 dan 40.</a>' in answer.text
    assert re.search(r'name="c0-m-gagasan-1" value="41"[^>]*aria-invalid="true" aria-describedby="c0-m-gagasan-1-salah"', answer.text)
    assert InstrumentVersion.get_by_id(version).examples == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"c0-name": ""}, "Wajib diisi."),
        ({"c0-m-gagasan-0": "<b>x</b>"}, "Contoh “Budi”, “Gagasan”, penilai 1: Ini bukan angka."),
        ({"c0-v-penghargaan.nasional": "dua"}, "Jumlah untuk “Nasional” harus bilangan bulat antara 0 dan 999."),
        ({"c0-a-length_of_service_days": "lama"}, "Harus berupa bilangan bulat."),
        ({"c0-status": "RANKED", "c0-score": "abc"}, "Tulis nilai sebagai bilangan bulat atau teks desimal"),
        ({"c0-status": "RANKED", "c0-rank": "0"}, "Harus antara 1 dan 50."),
        ({"c0-status": "LAIN"}, "Pilih salah satu: RANKED, INCOMPLETE, NOT_ELIGIBLE."),
        ({"nominees": "2", "c1-name": "Budi"}, "Nama contoh yang sama tertulis dua kali."),
    ],
)
def test_whatever_is_typed_wrong_comes_back_with_its_reason(visit, version, typed, message):
    for step in ("hitung", "simpan", "ambil"):
        answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu=step, row_version="1", **TYPED | typed)
        assert (answer.status_code, message in answer.text, "<b>x</b>" in answer.text) == (422, True, False)
    assert InstrumentVersion.get_by_id(version).examples == []


def test_nominees_are_added_and_removed_without_losing_what_was_typed(visit, version):
    visitor = visit("bkpsdm")
    page = visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="tambah", **TYPED).text
    assert ('name="nominees" value="2"' in page, 'name="c1-name" value="Contoh 1"' in page, 'value="30,5"' in page) == (True, True, True)
    two = TYPED | {"nominees": "2", "c1-name": "Wati", "c1-m-gagasan-0": "11"}
    page = visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="hapus-0", **two).text
    assert ('name="nominees" value="1"' in page, 'name="c0-name" value="Wati"' in page, 'name="c0-m-gagasan-0" value="11"' in page) == (
        True,
    ) * 3


@pytest.mark.parametrize("number", ["", "tiga", "0", "-1", "100", "9" * 30])
def test_a_number_of_assessors_that_is_none_loses_no_marks(visit, version, number):
    sent = TYPED | {"assessors": number, "assessors_before": "2"}
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="hitung", **sent)
    assert answer.status_code == 422
    assert re.search(r'id="assessors-salah"><li>Jumlah penilai harus bilangan bulat dari 1 sampai \d+\.</li>', answer.text)
    assert f'name="assessors" inputmode="numeric" value="{number}"' in answer.text
    assert 'name="c0-m-gagasan-1" value="30,5"' in answer.text


def test_what_is_wrong_says_with_which_nominee_and_a_full_form_takes_no_more(visit, version):
    sent = {"nominees": "50", "assessors": "1", **{f"c{at}-name": f"Calon {at}" for at in range(49)}}
    page = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="hitung", **sent).text
    assert '<a href="#c49-name">Calon 50: Wajib diisi.</a>' in page
    assert "Tambah calon" not in page


def test_an_empty_mark_is_no_zero(visit, version):
    page = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="hitung", **TYPED | {"c0-m-gagasan-1": ""}).text
    assert "Nilai “Gagasan” baru dari 1 penilai, sedikitnya 2." in page


def test_a_second_editor_is_told_what_is_stored_now(visit, version, cast):
    other = {"name": "Dari rekan", "marks": {"gagasan": ["1", "1"]}}
    services.save_examples(cast.bkpsdm, version_id=version, examples=[other], expected_version=1)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="1", **TYPED)
    assert (answer.status_code, "“Dari rekan”" in answer.text, 'name="c0-name" value="Budi"' in answer.text) == (409, True, True)
    assert [example["name"] for example in InstrumentVersion.get_by_id(version).examples] == ["Dari rekan"]


def test_readers_try_a_draft_but_keep_nothing(visit, version):
    answer = visit("verifier").post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="1", **TYPED)
    assert (answer.status_code, InstrumentVersion.get_by_id(version).examples) == (403, [])
    assert visit("unit_admin").get(f"{PAGE}/{version}/uji-coba/").status_code == 403
    assert visit("bkpsdm").get(f"{PAGE}/4711/uji-coba/").status_code == 404


@pytest.mark.parametrize("name", ["balangan-2021", "balangan-2023", "balangan-2024", "kemnaker-2025"])
def test_every_starter_shows_its_examples_as_expected(visit, cast, name):
    id_ = services.create(cast.bkpsdm, code=name, name=name, definition=starter(name), examples=starter_examples(name))
    page = visit("bkpsdm").get(f"{PAGE}/{id_}/uji-coba/").text
    assert (page.count("✓ sesuai harapan"), page.count("✗")) == (3, 0)


def test_an_instrument_without_criteria_says_that_there_is_nothing_to_try(visit, cast):
    id_ = services.create(cast.bkpsdm, code="kosong", name="Kosong")
    answer = visit("bkpsdm").get(f"{PAGE}/{id_}/uji-coba/")
    assert (answer.status_code, "belum mempunyai kriteria berpoin" in answer.text) == (200, True)


def test_examples_of_a_criterion_that_is_gone_are_named_and_dropped_by_saving(visit, version, cast):
    example = {"name": "Budi", "marks": {"gagasan": ["1", "1"], "disiplin": ["1", "1"]}}
    services.save_examples(cast.bkpsdm, version_id=version, examples=[example], expected_version=1)
    services.edit(cast.bkpsdm, version_id=version, change=lambda tree: rules.remove_criterion(tree, "disiplin"), expected_version=2)
    visitor = visit("bkpsdm")
    page = visitor.get(f"{PAGE}/{version}/uji-coba/")
    assert (page.status_code, "Contoh “Budi” mengisi kriteria “disiplin”" in page.text) == (200, True)
    typed = {"nominees": "1", "assessors": "2", "c0-name": "Budi", "c0-m-gagasan-0": "1", "c0-m-gagasan-1": "1"}
    visitor.post(f"{PAGE}/{version}/uji-coba/", lalu="simpan", row_version="3", **typed)
    assert InstrumentVersion.get_by_id(version).examples[0]["marks"] == {"gagasan": ["1", "1"]}


@pytest.fixture
def visit(app, cast):
    """visit("bkpsdm"): that member of the cast, signed in with a client of their own."""
    return lambda who: Visitor(app.test_client(), getattr(cast, who))


@pytest.fixture
def version(cast):
    """A draft of the small instrument."""
    return services.create(cast.bkpsdm, code="kecil", name="Kecil", definition=builders.tiny_instrument())
