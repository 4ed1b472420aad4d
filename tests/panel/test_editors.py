"""Editors of an instrument: what is typed is kept or refused at its field, and previews are the real pages."""

from __future__ import annotations

import html
import io
import re

import pytest

from sipetruk.models import InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.services import instruments as services
from tests.panel.test_instruments import SCALES
from tests.panel.visitor import fields_of
from tests.services import builders
from tests.services.builders import PDF, field, tiny_instrument
from tests.services.test_file_questions import PHOTO, TINGKAT
from tests.services.test_templates import DOCX, NO_FORM

PAGE = "/admin/instrumen"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def document():
    head = {"code": "wibawa", "label": "Kewibawaan", "scale": {"kind": "points", "max": 10, "step": 1}, "source": {"kind": "unit_head"}}
    tree = tiny_instrument(fields=[field("judul", "Judul", "short_text"), TINGKAT, PHOTO])
    tree["components"][1]["criteria"].append(head)
    return tree


@pytest.fixture
def version(cast, document):
    return services.create(cast.bkpsdm, code="uji", name="Instrumen uji", definition=document)


def tree(version):
    return rules.parse(InstrumentVersion.get_by_id(version).definition)


def source_of(version, code="disiplin"):
    return rules.criterion(tree(version), code).source.to_dict()


def errors_at(text, name):
    found = re.search(rf'id="{name}-salah">(.*?)</ul>', text, re.DOTALL)
    return re.findall("<li>(.*?)</li>", found.group(1)) if found else []


# Sources


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"source": "attendance", "months": "2024-05", "months_from": "2024-11", "months_to": "2025-01"},
         {"kind": "attendance", "months": ["2024-05", "2024-11", "2024-12", "2025-01"]}),
        ({"source": "predicate", "years": "2023"}, {"kind": "predicate", "year": 2023}),
        ({"source": "predicate", "years": "2023, 2022"}, {"kind": "predicate", "years": [2022, 2023]}),
        ({"source": "imported", "series": "perilaku", "years": "2023"}, {"kind": "imported", "series": "perilaku", "year": 2023}),
        ({"source": "award", "years": "2022 2023"}, {"kind": "award", "years": [2022, 2023]}),
        ({"source": "sanction", "check": "within", "within_years": "2", "levels": ["S", "B"]},
         {"kind": "sanction", "check": "within", "within_years": 2, "levels": ["S", "B"]}),
        ({"source": "sanction", "check": "examination", "within_years": "9"}, {"kind": "sanction", "check": "examination"}),
        ({"source": "unit_head", "years": "2023"}, {"kind": "unit_head"}),
    ],
)  # fmt: skip
def test_every_source_keeps_what_it_needs_and_nothing_else(visit, version, typed, expected):
    path = f"{PAGE}/{version}/kriteria/disiplin/"
    assert visit("bkpsdm").send(path, **typed).status_code == 303
    assert source_of(version) == expected
    assert visit("bkpsdm").send(path).status_code == 303  # the form as it is shown again changes nothing
    assert InstrumentVersion.get_by_id(version).row_version == 2


@pytest.mark.parametrize(
    ("typed", "name", "message"),
    [
        (
            {"source": "predicate", "years": "23"},
            "years",
            "Tulis tahun dengan empat angka, misalnya 2023, dipisah koma bila lebih dari satu.",
        ),
        ({"source": "imported", "years": "2022, 2023"}, "years", "Data nilai tahunan memakai satu tahun saja."),
        ({"source": "attendance", "months_from": "2024-05"}, "months_to", "Isi bulan awal dan bulan akhir."),
        (
            {"source": "attendance", "months_from": "2024-05", "months_to": "2024-04"},
            "months_to",
            "Bulan akhir tidak boleh sebelum bulan awal.",
        ),
        ({"source": "attendance", "months_from": "Mei", "months_to": "2024-04"}, "months_from", "Tulis bulan seperti 2024-04."),
        ({"source": "sanction", "check": "within", "within_years": "90"}, "within_years", "Angka harus antara 1 dan 40."),
    ],
)
def test_a_source_is_refused_at_its_field_and_nothing_is_saved(visit, version, typed, name, message):
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/kriteria/disiplin/", **typed)
    assert answer.status_code == 422
    assert errors_at(answer.text, name) == [message]
    assert (source_of(version), InstrumentVersion.get_by_id(version).row_version) == ({"kind": "assessor"}, 1)


@pytest.mark.parametrize(
    ("path", "typed", "name", "messages"),
    [
        ("kriteria/disiplin", {"weight": "100,5"}, "weight", ["Angka harus antara 0 dan 100."]),
        ("kriteria/disiplin", {"weight": "-5"}, "weight", ["Angka harus antara 0 dan 100."]),
        ("kriteria/disiplin", {"weight": "sedikit"}, "weight", ["Bukan angka. Contoh: 12,5"]),
        ("kriteria/disiplin", {"note_min_chars": "banyak"}, "note_min_chars", ["Bukan bilangan bulat. Contoh: 12"]),
        ("kriteria/disiplin", {"note_min_chars": "99999999999"}, "note_min_chars", ["Angka terlalu besar."]),
        ("kriteria/disiplin", {"note_min_chars": "-1"}, "note_min_chars", ["Angka harus antara 0 dan 5000."]),
        ("kriteria/disiplin", {"code": "-5"}, "code", ["Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf."]),
    ],
)
def test_what_is_wrong_is_said_once_and_in_the_unit_that_was_typed(visit, version, path, typed, name, messages):
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/{path}/", **typed)
    assert [answer.status_code, errors_at(answer.text, name)] == [422, messages]
    assert InstrumentVersion.get_by_id(version).row_version == 1


def test_what_a_rule_refuses_in_a_row_is_named_on_top_as_well(visit, version):
    """The page that comes back says that nothing was saved, and the focus is on it."""
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/isian/tingkat/", **{"options-0-code": "Dua Kata"})
    message = "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf."
    assert [answer.status_code, errors_at(answer.text, "options-0-code")] == [422, [message]]
    told = '<ul><li><a href="#options">Pilihan jawaban</a>: lihat baris yang ditandai.</li></ul>'
    assert f"autofocus><b>Isian belum disimpan.</b> Yang perlu diperbaiki:\n{told}" in answer.text


@pytest.mark.parametrize("part", ["komponen", "bukti", "isian"])
def test_no_code_is_made_of_a_name_that_was_forgotten(visit, version, part):
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/{part}/baru/")
    assert [errors_at(answer.text, "label"), fields_of(answer.text)["code"]] == [["Wajib diisi."], ""]


def test_every_choice_of_the_policy_says_what_it_does(visit, version):
    text = visit("bkpsdm").get(f"{PAGE}/{version}/kebijakan/").text
    for name in ("combine", "aggregation", "rounding", "mode"):
        assert [effect in text for effect in rules.EFFECTS[name].values()] == [True] * 3
    for name in ("floors", "tie_chain", "decimals", "min_assessors"):
        assert rules.EFFECTS[name][""] in text


# Questions and evidence


def test_a_question_gets_its_code_and_its_answers_codes_from_their_words(visit, version):
    typed = {
        "label": "Jenis inovasi",
        "kind": "choice",
        "options-0-label": "Perorangan",
        "options-2-label": "Tim kerja",
        "options-2-code": "tim",
    }
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/isian/baru/", **typed)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/#isian-jenis_inovasi")
    made = tree(version).fields[-1]
    assert (made.code, [(option.code, option.label) for option in made.options]) == (
        "jenis_inovasi",
        [("perorangan", "Perorangan"), ("tim", "Tim kerja")],
    )


def test_a_condition_is_chosen_by_the_words_of_earlier_answers(visit, version):
    visitor = visit("bkpsdm")
    text = visitor.get(f"{PAGE}/{version}/isian/baru/").text
    choices = re.findall(r'<option[^>]*value="([^"]*)">([^<]*)</option>', text.split('name="shown_when"')[1].split("</select>")[0])
    assert choices == [("", "selalu tampil"), ("tingkat:kabupaten", "Tingkat: Kabupaten"), ("tingkat:unit", "Tingkat: Unit")]
    typed = {
        "label": "Manfaat",
        "kind": "number",
        "min": "1",
        "max": "10,5",
        "unit": "orang",
        "max_chars": "7",
        "shown_when": "tingkat:unit",
    }
    assert visitor.send(f"{PAGE}/{version}/isian/baru/", **typed).status_code == 303
    made = tree(version).fields[-1]
    assert (made.shown_when, made.max_chars, made.to_dict()["max"], made.unit) == (
        rules.ShownWhen("tingkat", "unit"),
        None,
        "10.5",
        "orang",
    )
    assert 'value="tingkat' not in visitor.get(f"{PAGE}/{version}/isian/judul/").text  # nothing is earlier than the first question


def test_a_file_question_round_trips_and_forgets_its_files_with_its_kind(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/isian/foto_terapan/"
    assert visitor.send(path, accept=["jpg", "png"], max_mb="12", max_files="3").status_code == 303
    made = tree(version).fields[-1].requirement
    assert (made.accept, made.max_mb, made.max_files) == (("jpg", "png"), 12, 3)
    assert visitor.send(path, kind="link").status_code == 303
    assert (tree(version).fields[-1].kind, tree(version).fields[-1].requirement) == ("link", None)


@pytest.mark.parametrize(("part", "code"), [("bukti", "proposal"), ("isian", "foto_terapan")])
def test_no_limit_promises_more_than_the_server_takes(visit, version, part, code):
    before = tree(version)
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/{part}/{code}/", max_mb="13")
    assert (answer.status_code, errors_at(answer.text, "max_mb")) == (422, ["Server ini menerima berkas paling besar 12 MB."])
    assert tree(version) == before


def test_evidence_is_added_with_a_code_of_its_own(visit, version):
    answer = visit("bkpsdm").send(f"{PAGE}/{version}/bukti/baru/", label="Proposal", source="system")
    made = tree(version).evidence[-1]
    assert (answer.status_code, made.code, made.source, made.label) == (303, "proposal_2", "system", "Proposal")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("part", "more"), [("bukti", {"source": "unit", "accept": ["pdf"]}), ("isian", {"kind": "short_text"})])
def test_the_next_form_opens_where_more_are_to_be_added(visit, version, part, more):
    """One button goes back to the tree, the other to an empty form."""
    path = f"{PAGE}/{version}/{part}/baru/"
    visitor = visit("bkpsdm")
    assert visitor.send(path, label="Yang pertama", lagi="1", **more).location == path
    assert "“Yang pertama” ditambahkan." in visitor.get(path).text
    assert visitor.send(path, label="Yang kedua", **more).location == f"{PAGE}/{version}/#{part}-yang_kedua"


@pytest.mark.parametrize(("part", "code"), [("bukti", "proposal"), ("isian", "foto_terapan")])
def test_an_empty_form_is_stored_downloaded_kept_and_taken_away(visit, version, part, code):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/{part}/{code}/"
    answer = visitor.post(f"{path}contoh/", row_version="1", file=(io.BytesIO(DOCX), "Formulir.docx"))
    assert (answer.status_code, answer.location) == (303, f"{path}#contoh")
    assert ["Formulir.docx" in visitor.get(path).text, visitor.send(path).status_code] == [True, 303]
    answer = visitor.get(f"{PAGE}/{version}/contoh/{code}")
    assert (answer.data, answer.headers["Content-Disposition"]) == (DOCX, "attachment; filename=Formulir.docx")
    answer.close()
    assert "Hapus berkas contoh ini?" in visitor.post(f"{path}contoh/hapus/", row_version="2").text
    assert visitor.post(f"{path}contoh/hapus/", row_version="2", confirmed="1").status_code == 303
    assert [need.template for need in tree(version).requirements] == [None] * 4


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [(b"MZ\x90\x00", "surat.docx", NO_FORM), (PDF + b"0" * (5 * 1024 * 1024), "besar.pdf", "Berkas lebih besar dari batas 5 MB.")],
)
def test_a_form_that_is_none_is_refused_and_nothing_is_saved(visit, version, content, name, message):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/bukti/proposal/"
    answer = visitor.post(f"{path}contoh/", row_version="1", file=(io.BytesIO(content), name))
    answer.request.environ["wsgi.input"].close()
    assert message in visitor.get(path).text
    assert (tree(version).requirements[0].template, InstrumentVersion.get_by_id(version).row_version) == (None, 1)


# What is seen


@pytest.fixture
def round_(cast, document):
    """A round on the same instrument, with 100 points so that it can be locked."""
    document["components"][1]["criteria"][-1]["scale"] = {"kind": "text", "max_chars": 100}
    return builders.open_round(cast, document)


def plain(text):
    """Markup without what tells one page from another: the token, identifiers, addresses."""
    return re.sub(r' (?:value|action)="[^"]*"', "", text)


def sections(text, start):
    return [plain(found) for found in re.findall(rf"<section {start}.*?</section>", text, re.DOTALL)]


def preview(visit, version_id, role):
    text = visit("bkpsdm").get(f"{PAGE}/{version_id}/pratinjau/?sebagai={role}").text
    assert "Pratinjau – tidak ada yang disimpan" in text
    return text


def test_the_unit_is_shown_its_own_form(visit, cast, app, sign_in, round_):
    seen = preview(visit, round_.version_id, "unit")
    builders.drafted(cast, round_)
    with builders.during_nomination():
        unit = sign_in(app.test_client(), cast.unit_admin)
        page = re.search(r'href="(/usulan/[^"/]+)">Budi Santoso', unit.get("/usulan/").text).group(1)
        form, evidence = unit.get(f"{page}/isian").text, unit.get(f"{page}/bukti").text
    real = sections(form, 'class="group"')
    assert (len(real), sections(seen, 'class="group"')[: len(real)]) == (2, real)
    assert sections(seen, 'class="requirement"') == sections(evidence, 'class="requirement"')
    assert "Kewibawaan" in seen
    assert '<fieldset class="inert" disabled' in seen


def test_the_assessor_is_shown_the_own_sheet(visit, cast):
    round_, _ = builders.assessing(cast, "Budi Santoso")
    seen = preview(visit, round_.version_id, "penilai")
    visitor = visit("assessor")
    (address,) = re.findall(r'href="(/admin/penilaian/[0-9]+/)"', visitor.get("/admin/penilaian/").text)
    real = sections(visitor.get(address).text, "aria-labelledby=.komponen-rekam_jejak")
    assert (len(real), sections(seen, "aria-labelledby=.komponen-rekam_jejak")) == (1, real)
    assert re.findall(r"<legend>(.*?)</legend>", seen) == ["Gagasan", "Dampak", "Disiplin"]
    assert '<fieldset class="beside-main inert" disabled' in seen


def test_the_public_is_shown_the_page_of_the_instrument(visit, app, round_):
    seen = preview(visit, round_.version_id, "umum")
    code = InstrumentVersion.get_by_id(round_.version_id).instrument.code
    real = app.test_client().get(f"/instrumen/{code}/1").text
    start, end = '<h1 class="plain">', '<section aria-labelledby="version-title">'
    assert real[real.index(start) : real.index(end)].strip() in seen


def test_a_preview_of_a_draft_shows_what_cannot_be_locked_yet(visit, cast):
    version = services.create(cast.bkpsdm, code="kosong", name="Kosong")
    shown = {role: visit("bkpsdm").get(f"{PAGE}/{version}/pratinjau/?sebagai={role}") for role in ("unit", "penilai", "umum", "x")}
    assert [answer.status_code for answer in shown.values()] == [200] * 4
    current = [re.findall(r'sebagai=(\w+)"[^>]*aria-current', answer.text) for answer in shown.values()]
    assert current == [["unit"], ["penilai"], ["umum"], ["unit"]]


SEEN = {
    "points": ("0 sampai 17,5 poin, kelipatan 0,5", ["decimal"]),
    "rubric": ("Rubrik: 100 Sangat baik · 50 Cukup", ["100", "50"]),
    "threshold": ("≥ 95: 20 poin; ≥ 84,99: 10 poin; selain itu 0 poin", ["decimal"]),
    "choice": ("Pilihan poin: 100 · 80 · 12,5", ["100", "80", "12.5"]),
    "yes_no": ("Ya 100 poin, tidak 0 poin", ["1", "0"]),
    "predicate": ("Sangat baik 100 poin; Baik 90 poin", ["SANGAT BAIK", "BAIK", "BUTUH PERBAIKAN", "KURANG", "SANGAT KURANG"]),
    "percentage": ("Persentase; 100 persen bernilai 100 poin", ["decimal"]),
    "tally": ("Hitungan: Tingkat nasional 100", ["numeric", "numeric"]),
    "count": ("5 poin per satuan, paling banyak 20 poin", ["decimal"]),
    "text": ("Uraian paling banyak 500 karakter, tanpa poin", ["500"]),
}
"""How each kind is told, and how it is answered: what can be picked, or how it is typed."""


@pytest.mark.parametrize("kind", sorted(SCALES))
def test_every_kind_of_scale_is_seen_as_it_will_be_filled_in(visit, version, kind):
    visitor = visit("bkpsdm")
    code = "penghargaan" if kind in {"predicate", "tally", "text"} else "gagasan"
    page = visitor.get(f"{PAGE}/{version}/kriteria/{code}/skala/?jenis={kind}").text
    address = html.unescape(re.search(r'data-face="([^"]+)"', page).group(1))
    answer = visitor.post(address, **fields_of(page) | SCALES[kind][0])
    ways = re.findall(r'type="radio"[^>]*value="([^"]+)"|inputmode="(\w+)"|data-most="(\d+)"', answer.text)
    assert (answer.status_code, SEEN[kind][0] in answer.text, ["".join(way) for way in ways]) == (200, True, SEEN[kind][1])
    assert InstrumentVersion.get_by_id(version).row_version == 1


@pytest.mark.parametrize(
    ("path", "changes", "seen"),
    [
        ("kriteria/gagasan/skala/", {"max": "35"}, "0 sampai 35 poin, kelipatan 0,5"),
        ("kriteria/dampak/skala/", {"levels-2-label": "Sangat luas"}, "<b>Sangat luas</b>"),
        ("kriteria/penghargaan/skala/", {"entries-1-label": "Tingkat provinsi"}, "Tingkat provinsi</label>"),
        ("kriteria/gagasan/", {"help": "Dibaca penilai."}, "Dibaca penilai."),
        ("kriteria/disiplin/", {"source": "sanction"}, "Diambil dari: Data hukuman disiplin."),
        ("isian/judul/", {"label": "Judul karya"}, "Judul karya"),
        ("bukti/proposal/", {"help": "Paling banyak 10 halaman."}, "Paling banyak 10 halaman."),
    ],
)
def test_an_editor_shows_what_is_seen_before_and_without_saving(visit, version, path, changes, seen):
    visitor = visit("bkpsdm")
    page = visitor.get(f"{PAGE}/{version}/{path}").text
    address = html.unescape(re.search(r'data-face="([^"]+)"', page).group(1))
    answer = visitor.post(address, **fields_of(page) | changes)
    assert (answer.status_code, seen in answer.text, seen in page) == (200, True, False)
    assert "disabled" in answer.text
    assert InstrumentVersion.get_by_id(version).row_version == 1


def test_what_cannot_be_shown_yet_says_why(visit, version):
    visitor = visit("bkpsdm")
    page = visitor.get(f"{PAGE}/{version}/kriteria/dampak/skala/").text
    address = html.unescape(re.search(r'data-face="([^"]+)"', page).group(1))
    answer = visitor.post(address, **fields_of(page) | {"levels-2-points": "10"})
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    answer = visitor.post(address, **fields_of(page) | {"levels-2-points": "banyak"})
    assert (answer.status_code, answer.text) == (422, "Lengkapi isian yang ditandai; pratinjau mengikuti sesudahnya.")


@pytest.mark.parametrize(
    "path", ["kriteria/gagasan/skala/pratinjau/", "isian/pratinjau/", "bukti/proposal/contoh/", "bukti/proposal/contoh/hapus/"]
)
def test_who_only_reads_edits_nothing(visit, version, path):
    assert visit("assessor").post(f"{PAGE}/{version}/{path}", row_version="1", confirmed="1").status_code == 403
    assert visit("assessor").get(f"{PAGE}/{version}/pratinjau/").status_code == 200
    assert InstrumentVersion.get_by_id(version).row_version == 1
