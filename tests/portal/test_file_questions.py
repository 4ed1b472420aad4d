"""A question that asks for files stands at its place in the unit's form; empty forms are downloaded where they are asked for."""

from __future__ import annotations

import io
import re

import pytest

from sipetruk.models import Evidence, InstrumentVersion, Nomination
from sipetruk.services import instruments, templates
from tests.portal import pages
from tests.portal.test_nomination_pages import address
from tests.services import builders
from tests.services.builders import JPEG, PDF, field, tiny_instrument
from tests.services.test_file_questions import PHOTO, TINGKAT

ANSWERS = {"a-judul": "Antrean", "a-tingkat": "kabupaten", "a-penghargaan.nasional": "1"}


@pytest.fixture
def round_(cast):
    document = tiny_instrument(fields=[field("judul", "Judul", "short_text"), TINGKAT, PHOTO])
    with builders.standing_at(2024, 9, 1):
        version_id = instruments.create(cast.bkpsdm, code="dengan-berkas", name="Dengan berkas", definition=document)
        for number, code in enumerate(("proposal", "foto_terapan"), start=1):
            templates.store(
                cast.bkpsdm,
                version_id=version_id,
                requirement=code,
                filename=f"Contoh {code}.pdf",
                stream=io.BytesIO(PDF),
                expected_version=number,
            )
    return builders.open_round(cast, InstrumentVersion.get_by_id(version_id).definition)


@pytest.fixture
def unit(client, cast, round_, sign_in):
    builders.drafted(cast, round_)
    with builders.during_nomination():
        yield sign_in(client, cast.unit_admin)


def save(client, page, *files, **changes):
    text = client.get(f"{page}/isian").text
    form = {"csrf_token": pages.token(text), "expected_version": pages.hidden(text, "expected_version")} | ANSWERS | changes
    return client.post(f"{page}/isian", data={**form, "a-foto_terapan": [(io.BytesIO(content), name) for content, name in files]})


def attached():
    return [(file.requirement, file.filename) for file in Evidence.select().order_by(Evidence.id)]


def test_answers_and_files_are_saved_together(unit):
    page = address(unit)
    text = unit.get(f"{page}/isian").text
    assert 'name="a-foto_terapan" multiple accept=".jpg,.jpeg"' in text
    assert "Diisi bila “Tingkat” dijawab “Kabupaten”." in text
    answer = save(unit, page, (JPEG, "satu.jpg"), (JPEG + b"2", "dua.jpg"))
    assert (answer.status_code, attached()) == (303, [("foto_terapan", "satu.jpg"), ("foto_terapan", "dua.jpg")])
    text = unit.get(f"{page}/isian").text
    assert ("satu.jpg" in text, 'type="file"' in text) == (True, False)  # two files are all that it takes
    first = text.split("data-answers data-autosave>", 1)[1].split("<button", 1)[1].split(">", 1)[0]
    assert 'name="remove"' not in first  # the Enter key presses the first button
    assert "satu.jpg" in unit.get(page).text
    assert "Foto penerapan" not in unit.get(f"{page}/bukti").text


def test_a_refused_file_stands_at_its_question_and_the_answers_are_kept(unit):
    page = address(unit)
    answer = save(unit, page, (PDF, "foto.jpg"))
    wrong = "Isi berkas ini adalah dokumen PDF, bukan JPG. Mengganti akhiran nama berkas tidak mengubah isinya."
    assert (answer.status_code, pages.errors(answer.text), attached()) == (422, [wrong], [])
    assert '<a href="#f-foto_terapan">Foto penerapan</a>' in answer.text
    assert Nomination.get().answers["judul"] == "Antrean"
    assert pages.hidden(answer.text, "expected_version") == str(Nomination.get().row_version)


def test_a_file_that_came_with_a_wrong_answer_is_chosen_once_more(unit):
    page = address(unit)
    answer = save(unit, page, (JPEG, "satu.jpg"), **{"a-penghargaan.nasional": "dua"})
    wrong = ["Berkas “satu.jpg” belum tersimpan. Pilih kembali berkasnya.", "Jumlah harus bilangan bulat."]
    assert (answer.status_code, pages.errors(answer.text), attached()) == (422, wrong, [])


def test_a_file_that_was_not_asked_for_is_refused(unit):
    page = address(unit)
    answer = save(unit, page, (JPEG, "foto.jpg"), **{"a-tingkat": "unit"})
    assert (answer.status_code, attached()) == (422, [])
    assert pages.errors(answer.text) == ["“Foto penerapan” tidak ditanyakan untuk jawaban yang tersimpan."]


def test_a_file_is_removed_at_its_question_and_what_was_typed_is_kept(unit):
    page = address(unit)
    save(unit, page, (JPEG, "satu.jpg"))
    file_id = pages.hidden(unit.get(f"{page}/isian").text, "remove")
    answer = save(unit, page, remove=file_id, confirmed="1", **{"a-judul": "Antrean baru"})
    assert (answer.status_code, attached(), Nomination.get().answers["judul"]) == (303, [], "Antrean baru")


def test_without_scripting_a_page_asks_before_a_file_of_a_question_is_removed(unit):
    page = address(unit)
    save(unit, page, (JPEG, "satu.jpg"))
    kept = attached()
    file_id = pages.hidden(unit.get(f"{page}/isian").text, "remove")
    answer = save(unit, page, remove=file_id, **{"a-judul": "Antrean baru"})
    assert (answer.status_code, answer.location) == (303, f"{page}/bukti/hapus?berkas={file_id}")
    assert (attached(), Nomination.get().answers["judul"]) == (kept, "Antrean baru")
    question = unit.get(answer.location).text
    assert "Isian tersimpan." in question
    form = {name: pages.hidden(question, name) for name in ("csrf_token", "evidence_id", "requirement", "confirmed")}
    back = re.search(r'href="([^"]+)">Batal</a>', question).group(1)
    removed = unit.post(f"{page}/bukti/hapus", data=form)
    assert (removed.status_code, removed.location, attached()) == (303, back, [])
    assert (back.startswith(f"{page}/isian"), unit.get(back).status_code) == (True, 200)


def test_a_file_goes_with_its_question_only_after_the_unit_said_so(unit):
    page = address(unit)
    save(unit, page, (JPEG, "satu.jpg"))
    text = unit.get(f"{page}/isian").text
    typed = ANSWERS | {"a-tingkat": "unit", "a-judul": "Baru"}
    form = {"csrf_token": pages.token(text), "expected_version": pages.hidden(text, "expected_version")} | typed
    itself = unit.post(f"{page}/isian", data=form | {"remove_files": "1"}, headers={"Accept": "application/json"})
    wrong = "Jawaban ini menghapus berkas “satu.jpg” pada “Foto penerapan”. Tekan tombol simpan untuk melanjutkan."
    assert (itself.status_code, itself.json["errors"]) == (200, {"a-tingkat": [wrong]})
    assert (Nomination.get().answers["judul"], Nomination.get().answers["tingkat"], len(attached())) == ("Baru", "kabupaten", 1)
    asked = save(unit, page, **{"a-tingkat": "unit"})
    assert (asked.status_code, pages.errors(asked.text), 'name="remove_files"' in asked.text) == (422, [wrong], True)
    assert len(attached()) == 1
    assert (save(unit, page, remove_files="1", **{"a-tingkat": "unit"}).status_code, attached()) == (303, [])


def test_what_is_missing_leads_to_the_question(unit):
    page = address(unit)
    save(unit, page)
    assert f'<a href="{page}/isian/1#f-foto_terapan">Foto penerapan</a>: Unggah berkasnya.' in unit.get(page).text


def test_empty_forms_are_downloaded_and_never_shown_in_the_browser(unit, app, cast, sign_in):
    page = address(unit)
    assert f'<a href="{page}/contoh/foto_terapan" download>' in unit.get(f"{page}/isian").text
    assert f'<a href="{page}/contoh/proposal" download>' in unit.get(f"{page}/bukti").text
    answer = unit.get(f"{page}/contoh/proposal")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Contoh proposal.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert unit.get(f"{page}/contoh/foto").status_code == 404
    outsider = sign_in(app.test_client(), cast.outsider)
    assert outsider.get(f"{page}/contoh/proposal").status_code == 404


def test_anybody_downloads_them_from_the_open_form(unit, app):
    anybody = app.test_client()
    text = anybody.get("/usulan-terbuka").text
    code = InstrumentVersion.get(InstrumentVersion.state == "locked").instrument.code
    assert f'<a href="/instrumen/{code}/1/contoh/foto_terapan" download>' in text
    assert "Berkas JPG, paling besar 1 MB, paling banyak 2 berkas." in text
    assert anybody.get(f"/instrumen/{code}/1/contoh/proposal").data == PDF
    assert f'<a href="/instrumen/{code}/1/contoh/proposal" download>' in anybody.get(f"/instrumen/{code}/1").text
    assert anybody.get("/instrumen/dengan-berkas/1/contoh/proposal").status_code == 404
