"""The instrument pages: a person opens the 2024 instrument, edits a draft in plain forms, and locks a version."""

from __future__ import annotations

import html
import re

import pytest

from sipetruk.models import AuditEntry, InstrumentVersion
from sipetruk.queries import instruments as queries
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import instruments as services
from sipetruk.starters import starter
from tests.panel.visitor import fields_of

PAGE = "/admin/instrumen"
NOT_FOUND = "Data yang Anda cari tidak ada, atau bukan untuk Anda."


@pytest.fixture
def version(cast):
    return services.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))


def tree(version_id):
    return rules.parse(InstrumentVersion.get_by_id(version_id).definition)


def row_version(version_id):
    return InstrumentVersion.get_by_id(version_id).row_version


# Reading


@pytest.mark.parametrize(
    ("who", "status"),
    [("bkpsdm", 200), ("verifier", 200), ("assessor", 200), ("viewer", 200), ("unit_admin", 403), ("unit_head", 403)],
)
def test_who_may_read_an_instrument(visit, version, who, status):
    visitor = visit(who)
    assert [visitor.get(f"{PAGE}/").status_code, visitor.get(f"{PAGE}/{version}/").status_code] == [status, status]


def test_the_page_shows_tree_sums_and_findings(visit, version):
    text = visit("bkpsdm").get(f"{PAGE}/{version}/").text
    assert len(re.findall(r'<tr id="kriteria-', text)) == len(list(rules.all_criteria(tree(version))))
    assert text.count("<b>100</b> dari 100 poin") == 3
    assert "Inovatif" in text


def test_rules_and_conditions_are_told_in_labels(visit, version):
    services.edit(
        SYSTEM, version_id=version, expected_version=1,
        change=lambda t: rules.replace_policy(
            t, t.to_dict()["policy"] | {"floors": [{"component": "kinerja_disiplin", "at_least": "60"}]}
        ),
    )  # fmt: skip
    text = html.unescape(re.sub(r"<[^>]+>", "", visit("bkpsdm").get(f"{PAGE}/{version}/").text))
    assert "2. Nilai komponen “Kinerja & Disiplin (sampai semester 1)”; 3. Data pegawai Masa kerja" in text
    assert "Kinerja & Disiplin (sampai semester 1) ≥ 60" in text
    assert "wajib, ditanyakan bila “Tahap inovasi” dijawab “Sudah diterapkan”" in text


def test_a_new_draft_is_offered_only_where_there_is_none(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    visitor = visit("bkpsdm")
    assert "Buat draf baru dari versi ini" in visitor.get(f"{PAGE}/{version}/").text
    draft = services.start_draft(cast.bkpsdm, instrument_id=InstrumentVersion.get_by_id(version).instrument_id)
    page = visitor.get(f"{PAGE}/{version}/").text
    assert ["Buat draf baru" in page, f'href="{PAGE}/{draft}/">Lanjutkan draf versi 2' in page] == [False, True]


def test_a_running_sum_says_what_is_missing(visit, version):
    services.edit(
        SYSTEM, version_id=version, expected_version=1,
        change=lambda t: rules.update_criterion(t, "manfaat", {"scale": {"kind": "points", "max": 35, "step": 1}}),
    )  # fmt: skip
    text = visit("bkpsdm").get(f"{PAGE}/{version}/").text
    assert "<b>95</b> dari 100 poin – kurang 5" in text
    assert "adalah 95 poin, harus tepat 100 poin." in text
    assert f'<a href="{PAGE}/{version}/#komponen-inovatif">Inovatif</a>' in text


@pytest.mark.parametrize("path", ["999999/", "999999/kunci/", "999999/komponen/baru/", "99999999999999999999/"])
def test_a_version_that_does_not_exist_is_not_found(visit, version, path):
    answer = visit("bkpsdm").get(f"{PAGE}/{path}")
    assert (answer.status_code, NOT_FOUND in answer.text) == (404, True)


@pytest.mark.parametrize("path", ["komponen/tidak_ada/", "kriteria/tidak_ada/", "kriteria/tidak_ada/skala/", "bukti/x/", "isian/x/"])
def test_a_part_that_does_not_exist_is_not_found(visit, version, path):
    assert visit("bkpsdm").get(f"{PAGE}/{version}/{path}").status_code == 404


EDITORS = [
    "keterangan/", "kebijakan/", "komponen/baru/", "komponen/inovatif/", "komponen/inovatif/kriteria/baru/", "kriteria/manfaat/",
    "kriteria/manfaat/skala/", "bukti/baru/", "bukti/proposal_inovasi/", "isian/baru/", "kunci/",
]  # fmt: skip


@pytest.mark.parametrize("path", EDITORS)
def test_editors_open_for_bkpsdm(visit, version, path):
    answer = visit("bkpsdm").get(f"{PAGE}/{version}/{path}")
    assert (answer.status_code, 'name="row_version"' in answer.text) == (200, True)
    assert re.findall(r'aria-current="page">([^<]+)</a>', answer.text.split("<main")[1]) == ["Susun"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", EDITORS)
def test_editors_stay_closed_for_those_who_only_read(visit, version, path):
    assert visit("viewer").get(f"{PAGE}/{version}/{path}").status_code == 403


# Editing: every form keeps its text and every change is in the audit


def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(visit, version):
    visitor = visit("bkpsdm")
    before = tree(version)
    for path in (
        "keterangan/",
        "kebijakan/",
        "komponen/inovatif/",
        "kriteria/manfaat/",
        "kriteria/manfaat/skala/",
        "bukti/proposal_inovasi/",
    ):
        data = visitor.form(f"{PAGE}/{version}/{path}")
        assert visitor.post(f"{PAGE}/{version}/{path}", **data).status_code == 303, path
    assert tree(version) == before


def test_a_criterion_is_edited_and_audited(visit, version):
    visitor = visit("bkpsdm")
    data = visitor.form(f"{PAGE}/{version}/kriteria/manfaat/", label="Manfaat nyata", note_min_chars="20", component="rekam_jejak")
    answer = visitor.post(f"{PAGE}/{version}/kriteria/manfaat/", **data)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/#kriteria-manfaat")
    found = rules.criterion(tree(version), "manfaat")
    assert (found.label, found.note_min_chars) == ("Manfaat nyata", 20)
    assert tree(version).components[2].criteria[-1] == found
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.actor, entry.face, entry.action, entry.thing_id) == ("bkpsdm", "panel", "instrument:edit", str(version))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": ""}, "Wajib diisi."),
        ({"code": "Kode Salah"}, "Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf."),
        ({"code": "orisinalitas"}, "Kode orisinalitas sudah dipakai di tempat lain."),
        ({"weight": "100,001"}, "Paling banyak 2 angka di belakang koma."),
        ({"source": "attendance", "months": "2024-13"}, "bukan bulan."),
    ],
)
def test_a_refused_criterion_keeps_what_was_typed(visit, version, changes, message):
    visitor = visit("bkpsdm")
    data = visitor.form(f"{PAGE}/{version}/kriteria/manfaat/", help="Petunjuk baru yang panjang", **changes)
    before = InstrumentVersion.get_by_id(version).definition
    answer = visitor.post(f"{PAGE}/{version}/kriteria/manfaat/", **data)
    assert answer.status_code == 422
    assert message in answer.text
    assert fields_of(answer.text)["help"] == "Petunjuk baru yang panjang"
    kept = {name: fields_of(answer.text)[name] for name in changes}
    assert {name: text[0] if isinstance(text, list) else text for name, text in kept.items()} == changes
    assert (InstrumentVersion.get_by_id(version).definition, row_version(version)) == (before, 1)


def test_a_new_criterion_goes_on_to_its_scale(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/komponen/inovatif/kriteria/baru/"
    answer = visitor.post(path, **visitor.form(path, label="Replikasi", code="replikasi", kind="rubric", source="assessor"))
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/kriteria/replikasi/skala/")
    assert rules.criterion(tree(version), "replikasi").scale == scales.Rubric(())


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_new_criterion_is_described_at_once_and_its_code_follows_from_its_name(visit, version):
    """A second one of the same name gets a number; what the source needs is asked on the same page."""
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/komponen/inovatif/kriteria/baru/"
    for code in ("hadir_tepat_waktu", "hadir_tepat_waktu_2"):
        data = {"label": "Hadir tepat waktu", "code": "", "help": "Menurut mesin.", "kind": "percentage", "evidence": ["proposal_inovasi"]}
        answer = visitor.post(path, **visitor.form(path, source="attendance", months="2026-01\n2026-02", **data))
        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/kriteria/{code}/skala/")
        made = rules.criterion(tree(version), code)
        assert (made.help, made.source.months, made.evidence) == ("Menurut mesin.", ("2026-01", "2026-02"), ("proposal_inovasi",))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_new_component_has_the_code_of_its_name(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/komponen/baru/"
    answer = visitor.post(path, **visitor.form(path, label="Rekam jejak & karya", code=""))
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/#komponen-rekam_jejak_karya")
    assert tree(version).components[-1].label == "Rekam jejak & karya"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_monthly_data_without_its_name_is_refused_at_that_field(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/komponen/inovatif/kriteria/baru/"
    answer = visitor.post(path, **visitor.form(path, label="Kinerja bulanan", kind="percentage", source="imported", months="2026-01"))
    assert answer.status_code == 422
    assert 'id="series-salah"' in answer.text
    assert row_version(version) == 1


SCALES = {
    "points": ({"max": "17,5", "step": "0,5", "min": ""}, {"max": "17.5", "step": "0.5"}),
    "rubric": (
        {"levels-0-points": "100", "levels-0-label": "Sangat baik", "levels-2-points": "50", "levels-2-label": "Cukup",
         "levels-2-description": "Ada buktinya"},
        {"levels": [{"points": 100, "label": "Sangat baik", "description": ""},
                    {"points": 50, "label": "Cukup", "description": "Ada buktinya"}]},
    ),
    "threshold": (
        {"bands-0-at_least": "95", "bands-0-points": "20", "bands-1-at_least": "84,99", "bands-1-points": "10", "otherwise": "0"},
        {"bands": [{"at_least": 95, "points": 20}, {"at_least": "84.99", "points": 10}], "else": 0},
    ),
    "choice": ({"points": "100\n80\n12,5"}, {"points": [100, 80, "12.5"]}),
    "yes_no": ({"yes": "100", "no": "0"}, {"yes": 100, "no": 0}),
    "predicate": (
        {"sangat_baik": "100", "baik": "90", "butuh_perbaikan": "70", "kurang": "50", "sangat_kurang": "30"},
        {"table": {"SANGAT BAIK": 100, "BAIK": 90, "BUTUH PERBAIKAN": 70, "KURANG": 50, "SANGAT KURANG": 30}},
    ),
    "percentage": ({"max": "100"}, {"max": 100}),
    "tally": (
        {"entries-0-code": "nasional", "entries-0-label": "Tingkat nasional", "entries-0-points": "100", "cap": "100"},
        {"entries": [{"code": "nasional", "label": "Tingkat nasional", "points": 100}], "cap": 100},
    ),
    "count": ({"points_each": "5", "cap": "20"}, {"points_each": 5, "cap": 20}),
    "text": ({"max_chars": "500"}, {"max_chars": 500}),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", sorted(SCALES))
def test_every_kind_of_scale_has_its_editor(visit, version, kind):
    typed, expected = SCALES[kind]
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/kriteria/manfaat/skala/?jenis={kind}"
    answer = visitor.post(path, **visitor.form(path, **typed))
    assert answer.status_code == 303, answer.text
    assert scales.to_dict(rules.criterion(tree(version), "manfaat").scale) == {"kind": kind, **expected}
    again = visitor.form(f"{PAGE}/{version}/kriteria/manfaat/skala/")
    assert visitor.post(f"{PAGE}/{version}/kriteria/manfaat/skala/", **again).status_code == 303
    assert scales.to_dict(rules.criterion(tree(version), "manfaat").scale) == {"kind": kind, **expected}


def test_a_problem_in_a_row_stands_in_that_row(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/kriteria/manfaat/skala/?jenis=rubric"
    typed = {"levels-0-points": "100", "levels-0-label": "A", "levels-2-points": "50", "levels-2-label": ""}
    answer = visitor.post(path, **visitor.form(path, **typed))
    assert answer.status_code == 422
    assert '<ul class="errors" id="levels-2-label-salah"><li>Wajib diisi.</li></ul>' in answer.text
    assert row_version(version) == 1


def test_policy_floors_and_tie_chain_are_rows(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/kebijakan/"
    typed = {
        "min_assessors": "5",
        "aggregation": "trimmed",
        "k": "1",
        "mode": "down",
        "decimals": "1",
        "floors-0-component": "inovatif",
        "floors-0-at_least": "60,5",
    }
    answer = visitor.post(path, **visitor.form(path, **typed))
    assert answer.status_code == 303
    policy = tree(version).policy
    assert policy.rounding == rules.Rounding("end", "down", 1)
    assert "Hanya nilai akhir, 1 angka di belakang koma, selalu ke bawah" in visitor.get(f"{PAGE}/{version}/").text
    assert (policy.min_assessors, policy.aggregation, policy.floors[0].component) == (5, rules.Aggregation("trimmed", 1), "inovatif")
    assert rules.Definition("x", policy=policy).to_dict()["policy"]["floors"] == [{"component": "inovatif", "at_least": "60.5"}]


def test_questions_of_the_form_are_added_and_moved(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/isian/baru/"
    count = len(tree(version).fields)
    typed = {"label": "Jenis inovasi", "code": "jenis_inovasi", "kind": "choice", "options-0-label": "Perorangan", "options-1-label": "Tim"}
    assert visitor.post(path, **visitor.form(path, **typed)).status_code == 303
    assert [o.label for o in tree(version).fields[-1].options] == ["Perorangan", "Tim"]
    visitor.post(f"{PAGE}/{version}/isian/jenis_inovasi/geser/", row_version="2", step="-1")
    codes = [field.code for field in tree(version).fields]
    assert codes.index("jenis_inovasi") == max(count - 1, 0)


def test_a_stale_form_shows_both_texts(visit, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/kriteria/manfaat/"
    second = visitor.form(path, label="Dari tab kedua")
    visitor.post(path, **visitor.form(path, label="Dari tab pertama"))
    answer = visitor.post(path, **second)
    assert answer.status_code == 409
    assert ["Dari tab pertama" in answer.text, "Dari tab kedua" in answer.text] == [True, True]
    assert (rules.criterion(tree(version), "manfaat").label, row_version(version)) == ("Dari tab pertama", 2)
    resent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text.split("<main")[1]))
    assert visitor.post(path, **{**second, "row_version": resent["row_version"]}).status_code == 303
    assert rules.criterion(tree(version), "manfaat").label == "Dari tab kedua"


# The life of a version


def test_an_instrument_is_made_from_a_starter(visit):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/baru/"
    answer = visitor.post(path, **visitor.form(path, starter="balangan-2024", name="Putaran baru", code="putaran-baru"))
    made = InstrumentVersion.get()
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{made.id}/")
    assert (made.number, made.state, made.instrument.code) == (1, "draft", "putaran-baru")
    assert tree(made.id) == rules.parse(starter("balangan-2024"))


def test_an_empty_instrument_is_made(visit):
    visitor = visit("bkpsdm")
    answer = visitor.post(f"{PAGE}/baru/", **visitor.form(f"{PAGE}/baru/", name="Kosong", code="kosong"))
    assert answer.status_code == 303
    assert tree(InstrumentVersion.get().id).components == ()


def test_a_taken_code_is_refused_at_its_field(visit, version):
    visitor = visit("bkpsdm")
    answer = visitor.post(f"{PAGE}/baru/", **visitor.form(f"{PAGE}/baru/", name="Dua", code="asn-2024"))
    assert answer.status_code == 422
    assert '<ul class="errors" id="code-salah"><li>Kode instrumen “asn-2024” sudah dipakai.</li></ul>' in answer.text
    assert InstrumentVersion.select().count() == 1


def test_locking_freezes_the_version(visit, version):
    visitor = visit("bkpsdm")
    page = visitor.get(f"{PAGE}/{version}/kunci/").text
    assert page.count("dari 100 poin") == 3
    answer = visitor.post(f"{PAGE}/{version}/kunci/", row_version="1")
    assert (answer.status_code, "Centang dahulu: mengunci tidak dapat dibatalkan." in answer.text) == (422, True)
    assert InstrumentVersion.get_by_id(version).state == "draft"
    answer = visitor.post(f"{PAGE}/{version}/kunci/", row_version="1", confirmed="1")
    assert answer.status_code == 303
    locked = InstrumentVersion.get_by_id(version)
    assert (locked.state, len(locked.sha256)) == ("locked", 64)
    for path in ("keterangan/", "kriteria/manfaat/", "kunci/"):
        assert visitor.get(f"{PAGE}/{version}/{path}").status_code == 409, path
    text = visitor.get(f"{PAGE}/{version}/").text
    assert [locked.sha256 in text, ">Ubah<" in text, "Hapus" in text] == [True, False, False]


def test_an_unsound_version_is_not_locked_and_says_why(visit, version, cast):
    services.edit(cast.bkpsdm, version_id=version, change=lambda t: rules.remove_criterion(t, "manfaat"), expected_version=1)
    visitor = visit("bkpsdm")
    page = visitor.get(f"{PAGE}/{version}/kunci/").text
    assert ["Yang harus diperbaiki dahulu" in page, '<button class="btn main">Kunci' in page] == [True, False]
    answer = visitor.post(f"{PAGE}/{version}/kunci/", row_version="2", confirmed="1")
    assert (answer.status_code, InstrumentVersion.get_by_id(version).state) == (422, "draft")


def test_what_is_locked_is_what_was_on_the_screen(visit, version, cast):
    services.edit(cast.bkpsdm, version_id=version, change=lambda t: rules.duplicate_criterion(t, "manfaat"), expected_version=1)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/kunci/", row_version="1", confirmed="1")
    assert (answer.status_code, InstrumentVersion.get_by_id(version).state) == (409, "draft")
    assert ["Lihat keadaan sekarang" in answer.text, '<button class="btn main"' in answer.text] == [True, False]


def test_a_new_draft_starts_from_a_locked_version(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    answer = visit("bkpsdm").post(f"{PAGE}/{version}/draf/")
    made = InstrumentVersion.get(InstrumentVersion.number == 2)
    assert (answer.status_code, answer.location, made.state) == (303, f"{PAGE}/{made.id}/", "draft")


def test_the_lock_page_shows_what_changed_since_the_last_version(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    draft = services.start_draft(cast.bkpsdm, instrument_id=InstrumentVersion.get().instrument_id)
    visitor = visit("bkpsdm")
    assert "Isinya sama persis." in visitor.get(f"{PAGE}/{draft}/kunci/").text
    services.edit(cast.bkpsdm, version_id=draft, change=lambda t: rules.duplicate_criterion(t, "manfaat"), expected_version=1)
    page = visitor.get(f"{PAGE}/{draft}/kunci/").text
    assert re.findall(r'<th scope="row">([^<]*)<span class="sr"> (\w+)\.</span>', page) == [
        ("Kriteria “Manfaat/dampak (salinan)”", "ditambahkan")
    ]


def test_discarding_a_draft_asks_first(visit, version):
    visitor = visit("bkpsdm")
    visitor.post(f"{PAGE}/{version}/buang/", row_version="1")
    assert InstrumentVersion.select().count() == 1
    answer = visitor.post(f"{PAGE}/{version}/buang/", row_version="1", confirmed="1")
    assert (answer.status_code, InstrumentVersion.select().count()) == (303, 0)


def test_retiring_needs_a_reason(visit, version, cast):
    services.lock(cast.bkpsdm, version_id=version, expected_version=1)
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{version}/purna/"
    assert "tidak dapat dipilih lagi untuk kategori baru; ini tidak dapat dibatalkan" in visitor.get(path).text
    assert visitor.post(path, **visitor.form(path)).status_code == 422
    assert visitor.post(path, **visitor.form(path, reason="Diganti peraturan baru")).status_code == 303
    assert queries.version(cast.bkpsdm, version).row.state == "retired"
    page = visitor.get(f"{PAGE}/{version}/").text
    assert re.search(r"Tidak dipakai lagi</span>, dikunci \d", page)  # when it was retired stands in its history


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("path", ["kriteria/manfaat/hapus/", "komponen/inovatif/geser/", "kunci/", "draf/", "buang/", "keterangan/"])
def test_those_who_only_read_change_nothing(visit, version, path):
    before = InstrumentVersion.get_by_id(version).definition
    visitor = visit("assessor")
    answer = visitor.post(f"{PAGE}/{version}/{path}", row_version="1", confirmed="1", step="1", title="x")
    assert answer.status_code == 403
    assert [v.definition for v in InstrumentVersion.select()] == [before]
    assert InstrumentVersion.get().state == "draft"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_list_costs_the_same_for_one_and_for_many(visit, version, cast, count_statements):
    visitor = visit("bkpsdm")
    few = count_statements(lambda: visitor.get(f"{PAGE}/"))
    for number in range(10):
        services.create(cast.bkpsdm, code=f"lain-{number}", name=f"Lain {number}")
    assert count_statements(lambda: visitor.get(f"{PAGE}/")) == few
