"""The builder: parts are moved, copied, removed and brought back; what is typed is saved by itself; nobody's work is lost."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest

from sipetruk.models import AuditEntry, InstrumentVersion
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import instruments as services
from sipetruk.starters import starter
from tests.services import builders

PAGE = "/admin/instrumen"
JSON = {"Accept": "application/json"}


@pytest.fixture
def version(cast):
    return services.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))


def tree(version_id):
    return rules.parse(InstrumentVersion.get_by_id(version_id).definition)


def at(version_id):
    return InstrumentVersion.get_by_id(version_id).row_version


def codes(version_id):
    return {part.code: [criterion.code for criterion in part.criteria] for part in tree(version_id).components}


def text_of(page):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def builder(visit, version):
    """The builder of one person: press a button with the version on the screen."""
    visitor = visit("bkpsdm")

    class Builder:
        def press(self, path, **data):
            return visitor.post(f"{PAGE}/{version}/{path}", **{"row_version": str(at(version)), **data})

        def page(self, path=""):
            return visitor.get(f"{PAGE}/{version}/{path}").text

        def save(self, path, **data):
            sent = {"csrf_token": visitor.token, **data}
            return visitor.client.post(f"{PAGE}/{version}/{path}", data=sent, headers=JSON)

        def form(self, path, **changes):
            return visitor.form(f"{PAGE}/{version}/{path}", **changes)

    return Builder()


# Moving, copying, removing


def test_order_changes_by_buttons(builder, version):
    first, second, *rest = codes(version)["inovatif"]
    builder.press(f"kriteria/{second}/geser/", step="-1")
    assert codes(version)["inovatif"] == [second, first, *rest]
    builder.press("komponen/inovatif/geser/", step="1")
    assert list(codes(version)) == ["kinerja_disiplin", "inovatif", "rekam_jejak"]


def test_order_changes_by_a_drag_within_and_between_components(builder, version):
    inovatif, kinerja = codes(version)["inovatif"], codes(version)["kinerja_disiplin"]
    builder.press(f"kriteria/{inovatif[0]}/geser/", to="2")
    assert codes(version)["inovatif"] == [inovatif[1], inovatif[2], inovatif[0], inovatif[3]]
    answer = builder.press(f"kriteria/{inovatif[0]}/geser/", to="1", component="kinerja_disiplin")
    assert answer.location == f"{PAGE}/{version}/#kriteria-{inovatif[0]}"
    assert codes(version)["kinerja_disiplin"] == [kinerja[0], inovatif[0], *kinerja[1:]]
    builder.press("komponen/rekam_jejak/geser/", to="0")
    assert list(codes(version)) == ["rekam_jejak", "inovatif", "kinerja_disiplin"]


def test_a_button_moves_a_criterion_to_the_end_of_another_component(builder, version):
    before = codes(version)
    builder.press("kriteria/manfaat/geser/", component="rekam_jejak")
    assert codes(version)["rekam_jejak"] == [*before["rekam_jejak"], "manfaat"]


@pytest.mark.parametrize("part", ["bukti", "isian"])
def test_evidence_and_questions_are_dragged(builder, version, part):
    listed = lambda: [entry.code for entry in (tree(version).evidence if part == "bukti" else tree(version).fields)]  # noqa: E731  # asked twice
    first, second, *rest = listed()
    builder.press(f"{part}/{first}/geser/", to="1")
    assert listed() == [second, first, *rest]
    builder.press(f"{part}/{first}/geser/", step="-1")
    assert listed() == [first, second, *rest]


@pytest.mark.parametrize("sent", [{}, {"step": "5"}, {"to": "-1"}, {"to": "x"}])
def test_a_move_to_nowhere_is_refused(builder, version, sent):
    before = tree(version)
    builder.press("kriteria/manfaat/geser/", **sent)
    builder.press("komponen/inovatif/geser/", **sent)
    builder.press("bukti/proposal_inovasi/geser/", **sent)
    assert (tree(version), at(version)) == (before, 1)


def test_copies_stand_below_their_originals(builder, version):
    builder.press("kriteria/manfaat/salin/")
    assert codes(version)["inovatif"][-2:] == ["manfaat", "manfaat_2"]
    builder.press("komponen/rekam_jejak/salin/")
    copy = codes(version)["rekam_jejak_2"]
    assert list(codes(version))[-2:] == ["rekam_jejak", "rekam_jejak_2"]
    assert copy == [f"{code}_2" for code in codes(version)["rekam_jejak"]]


def test_what_is_removed_comes_back_by_undo(builder, version):
    before = tree(version)
    for path, said in [
        ("kriteria/manfaat/hapus/", "Kriteria “Manfaat/dampak” dihapus."),
        ("komponen/rekam_jejak/hapus/", "Komponen “Rekam Jejak” dihapus beserta"),
        ("bukti/proposal_inovasi/hapus/", "dihapus."),
    ]:
        assert builder.press(path).status_code == 303
        page = builder.page()
        assert [said in text_of(page), f'formaction="{PAGE}/{version}/urungkan/">↶ Urungkan</button>' in page] == [True, True]
    assert tree(version) != before
    for _ in range(3):
        builder.press("urungkan/")
    assert tree(version) == before
    page = builder.page()
    assert ["Perubahan terakhir diurungkan." in page, "Belum ada yang dapat diurungkan." in page] == [True, True]
    assert [entry.action for entry in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(3)] == ["instrument:undo"] * 3


def test_the_page_says_what_an_undo_would_take_back(builder, version):
    services.edit(SYSTEM, version_id=version, expected_version=1, change=lambda t: rules.remove_criterion(t, "manfaat"))
    assert "system: Kriteria “Manfaat/dampak” dihapus. ↶ Urungkan" in text_of(builder.page()).replace(f"{SYSTEM.username}:", "system:")


def test_documents_and_questions_are_copied_by_a_button(builder, version):
    document, question = tree(version).evidence[0].code, tree(version).fields[0].code
    builder.press(f"bukti/{document}/salin/")
    builder.press(f"isian/{question}/salin/")
    after = tree(version)
    assert [each.code for each in after.evidence[:2]] == [document, f"{document}_2"]
    assert [each.code for each in after.fields[:2]] == [question, f"{question}_2"]
    assert f'id="bukti-{document}_2"' in builder.page()


@pytest.mark.parametrize("path", ["kriteria/manfaat/hapus/", "kriteria/manfaat/geser/", "komponen/inovatif/salin/", "urungkan/"])
def test_a_stale_button_does_nothing(builder, version, path):
    builder.press("kriteria/manfaat/salin/")
    before = tree(version)
    answer = builder.press(path, row_version="1", step="-1")
    assert (answer.status_code, tree(version), at(version)) == (303, before, 2)
    assert "Data ini sudah diubah orang lain" in builder.page()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "path", ["komponen/inovatif/salin/", "urungkan/", "cepat/", "kriteria/manfaat/geser/", "bukti/proposal_inovasi/geser/"]
)
def test_those_who_only_read_change_nothing(visit, version, path):
    services.edit(SYSTEM, version_id=version, expected_version=1, change=lambda t: rules.duplicate_criterion(t, "manfaat"))
    before = tree(version)
    visitor = visit("verifier")
    answer = visitor.post(f"{PAGE}/{version}/{path}", row_version="2", step="1", **{"kriteria-manfaat-label": "X"})
    assert (answer.status_code, tree(version)) == (403, before)
    page = visitor.get(f"{PAGE}/{version}/").text
    assert [word in page for word in ("formaction", "Urungkan", "<textarea", 'class="grip"')] == [False] * 4


# The lint beside the tree


def test_remarks_lead_to_the_very_field(builder, version):
    rubric = {"kind": "rubric", "levels": [{"points": 40, "label": "Baik", "description": "A."}, {"points": 0, "label": "Cukup"}]}

    def change(t):
        t = rules.update_criterion(t, "manfaat", {"scale": rubric, "help": ""})
        t = rules.update_component(t, "inovatif", {"weight": 5000})
        return rules.replace_policy(t, t.to_dict()["policy"] | {"tie_chain": [{"by": "component", "code": "tiada"}]})

    services.edit(SYSTEM, version_id=version, expected_version=1, change=change)
    lint = re.search(r'<aside class="lint".*?</aside>', builder.page(), re.DOTALL).group(0)
    found = re.findall(r'<li class="(\w+)"><a href="([^"]*)">([^<]*)</a> <span>([^<]*)</span>', lint)
    start = f"{PAGE}/{version}"
    assert [(kind, link, html.unescape(thing)) for kind, link, thing, _ in found if "/bukti/" not in link] == [
        ("error", f"{start}/komponen/inovatif/#weight", "Inovatif"),
        ("error", f"{start}/kebijakan/#tie_chain", "Penentu nilai sama"),
        ("warning", f"{start}/kriteria/manfaat/#help", "Manfaat/dampak"),
        ("warning", f"{start}/kriteria/manfaat/skala/#levels-1-description", "Manfaat/dampak"),
    ]
    assert "Harus diperbaiki 2" in text_of(lint)


def test_every_remark_leads_to_an_anchor_that_is_there(builder, version):
    def change(t):
        t = rules.update_criterion(t, "manfaat", {"help": "", "evidence": ["tiada"], "note_min_chars": 5, "source": {"kind": "unit"}})
        t = rules.update_evidence(t, "proposal_inovasi", {"accept": [], "max_mb": 50})
        return rules.update_field(t, t.fields[-1].code, {"shown_when": {"field": "tiada", "equals": "x"}})

    services.edit(SYSTEM, version_id=version, expected_version=1, change=change)
    links = set(re.findall(r'<li class="\w+"><a href="([^"]*)">', builder.page()))
    assert len(links) >= 7
    for link in links:
        path, _, anchor = link.partition("#")
        page = builder.page(path.removeprefix(f"{PAGE}/{version}/"))
        assert not anchor or f'id="{anchor}"' in page, link


def test_a_file_larger_than_the_server_takes_is_said(builder, version, app):
    limit = app.config["MAX_CONTENT_LENGTH"] // 1024 // 1024
    services.edit(
        SYSTEM, version_id=version, expected_version=1,
        change=lambda t: rules.update_evidence(t, "proposal_inovasi", {"max_mb": limit}),
    )  # fmt: skip
    assert f"Berkas sampai {limit} MB tidak dapat dikirim: batas server untuk satu kiriman {limit} MB." in builder.page()


# The lock


def test_the_lock_is_refused_with_every_reason_and_nothing_changes(builder, version):
    def change(t):
        t = rules.replace_policy(
            t, t.to_dict()["policy"] | {"combine": "weighted_sum", "tie_chain": [{"by": "criterion", "code": "tiada"}]}
        )
        t = rules.fill_in(t, {part.code: {"weight": 3333} for part in t.components}, {})
        return rules.update_criterion(t, "manfaat", {"scale": {"kind": "rubric", "levels": []}})

    services.edit(SYSTEM, version_id=version, expected_version=1, change=change)
    reasons = [
        "Jumlah bobot komponen adalah 99,99 %, harus tepat 100,00 %.",
        "Rubrik ini belum mempunyai tingkat.",
        "Urutan penentu nilai sama menunjuk “tiada” yang tidak ada.",
    ]
    before = InstrumentVersion.get_by_id(version).definition
    for answer in (builder.page("kunci/"), builder.press("kunci/", confirmed="1").text):
        said = re.findall(r'<li class="error">.*?<span>([^<]*)</span>', answer)
        assert [html.unescape(text) for text in said] == reasons
        assert "Yang terjadi bila dikunci" not in answer
    kept = InstrumentVersion.get_by_id(version)
    assert (kept.state, kept.definition, kept.sha256, kept.row_version) == ("draft", before, None, 2)


def test_the_lock_page_says_what_will_happen(builder, version):
    page = text_of(builder.page("kunci/"))
    assert "Mengunci tidak dapat dibatalkan." in page
    assert "Perubahan berikutnya dibuat sebagai draf versi 2." in page


LEAVES_IT = {"draf", "pulihkan", "purna", "impor"}
"""Steps that a locked version allows: they make another draft of it, or take it out of use."""


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_address_of_the_panel_changes_a_locked_version(visit, cast, app):
    version = builders.locked_version(builders.tiny_instrument(), actor=cast.bkpsdm)
    rows = lambda: InstrumentVersion.select().where(InstrumentVersion.id == version).dicts().get()  # noqa: E731  # asked after each step
    before, entries, visitor, answered = rows(), AuditEntry.select().count(), visit("bkpsdm"), {}
    sent = {"row_version": before["row_version"], "confirmed": "1", "step": "1", "to": "0", "label": "X", "title": "X", "code": "x"}
    start = "/admin/instrumen/<int:version_id>/"
    for rule in sorted({rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(start) and "POST" in rule.methods}):
        path = rule.removeprefix(start).replace("<any(bukti, isian):part>", "bukti").replace("<component>", "inovasi")
        code = "proposal" if path.startswith("bukti") else "inovasi" if path.startswith("komponen") else "gagasan"
        if path.rstrip("/").rpartition("/")[2] not in LEAVES_IT:
            answer = visitor.post(f"{PAGE}/{version}/{path.replace('<code>', code)}", **sent, lalu="simpan", terapkan="1")
            answered[path] = answer.status_code
            assert rows() == before, rule
    assert [path for path in ("kriteria/<code>/", "cepat/", "urungkan/", "kunci/", "buang/") if path not in answered] == []
    assert {path: status for path, status in answered.items() if status != 409} == {"bobot-ahp/": 422, "uji-coba/": 422}
    assert AuditEntry.select().count() == entries


# Typing into the tree


def was(page):
    return json.loads(html.unescape(re.search(r'name="was" value="([^"]*)"', page).group(1)))


def test_only_what_was_typed_is_saved(builder, version):
    texts = was(builder.page())
    assert texts["kriteria-manfaat-maximum"] == "40"
    sent = texts | {"kriteria-manfaat-label": "Manfaat\r\nnyata ", "kriteria-manfaat-maximum": "35", "komponen-inovatif-label": "Pembaruan"}
    answer = builder.press("cepat/", was=json.dumps(texts), **sent)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{version}/#komponen")
    found = rules.criterion(tree(version), "manfaat")
    assert (found.label, found.maximum, tree(version).components[0].label) == ("Manfaat nyata", 35, "Pembaruan")
    changed = rules.diff(rules.parse(starter("balangan-2024")), tree(version))
    assert [change.path for change in changed] == [
        ("components", "inovatif", "label"),
        ("criteria", "manfaat", "label"),
        ("criteria", "manfaat", "scale"),
    ]


def test_weights_are_typed_in_percent(builder, version):
    def change(t):
        t = rules.replace_policy(t, t.to_dict()["policy"] | {"combine": "weighted_sum"})
        return rules.update_component(t, "inovatif", {"weight": 3000})

    services.edit(SYSTEM, version_id=version, expected_version=1, change=change)
    texts = was(builder.page())
    assert (texts["komponen-inovatif-weight"], texts["komponen-rekam_jejak-weight"]) == ("30", "")
    builder.press("cepat/", was=json.dumps(texts), **texts | {"komponen-inovatif-weight": "33,33", "komponen-rekam_jejak-weight": "10"})
    assert [part.weight for part in tree(version).components] == [3333, None, 1000]


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("kriteria-manfaat-label", " ", "Wajib diisi."),
        ("kriteria-manfaat-maximum", "empat", "Bukan angka. Contoh: 12,5"),
        ("kriteria-manfaat-maximum", "0", "Poin tertinggi harus lebih besar daripada poin terendah."),
        ("komponen-inovatif-label", "x" * 201, "Field cannot be longer than 200 characters."),
    ],
)
def test_what_is_typed_wrongly_stays_and_is_marked(builder, version, name, typed, message):
    texts = was(builder.page())
    answer = builder.press("cepat/", was=json.dumps(texts), **texts | {name: typed})
    assert answer.status_code == 422
    assert re.search(rf'name="{name}"[^>]*aria-invalid="true" aria-describedby="{name}-salah"', answer.text)
    assert typed.strip() in answer.text
    saved = builder.save("cepat/", row_version="1", was=json.dumps(texts), **texts | {name: typed})
    assert (saved.status_code, list(saved.json["errors"]), saved.json["row_version"]) == (200, [name], 1)
    if "longer" not in message:
        assert saved.json["errors"][name] == [message]
    assert at(version) == 1


@pytest.mark.parametrize("sent", ["[]", "nonsense", "{}", "[" * 100_000])
def test_a_page_that_does_not_say_what_it_was_made_with_sends_everything(builder, version, sent):
    texts = was(builder.page())
    assert builder.press("cepat/", was=sent, **texts | {"kriteria-manfaat-label": "Baru"}).status_code == 303
    assert [change.path for change in rules.diff(rules.parse(starter("balangan-2024")), tree(version))] == [
        ("criteria", "manfaat", "label")
    ]


def test_two_people_typing_into_the_tree_get_both_texts(builder, version):
    texts = was(builder.page())
    renamed = {"manfaat": {"label": "Dari orang lain"}, "orisinalitas": {"label": "Asli"}}
    services.edit(SYSTEM, version_id=version, expected_version=1, change=lambda t: rules.fill_in(t, {}, renamed))
    sent = texts | {"kriteria-manfaat-label": "Dari saya"}
    answer = builder.press("cepat/", row_version="1", was=json.dumps(texts), **sent)
    assert answer.status_code == 409
    page = answer.text.split("<main")[1]
    assert re.findall(r'<div class="text">([^<]*)</div>', page) == ["Dari saya", "Dari orang lain"]
    resent = {key: html.unescape(value) for key, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)}
    assert builder.press("cepat/", **resent).status_code == 303
    assert [rules.criterion(tree(version), code).label for code in ("manfaat", "orisinalitas")] == ["Dari saya", "Asli"]


def test_what_is_typed_about_a_thing_that_is_gone_is_not_dropped_silently(builder, version):
    texts = was(builder.page())
    services.edit(SYSTEM, version_id=version, expected_version=1, change=lambda t: rules.remove_criterion(t, "manfaat"))
    before = tree(version)
    answer = builder.press("cepat/", was=json.dumps(texts), **texts | {"kriteria-manfaat-label": "Baru"})
    assert (answer.status_code, tree(version)) == (404, before)


# Saving by itself


def test_a_form_saved_by_a_script_is_answered_with_its_version_and_the_time(builder, version):
    data = builder.form("kriteria/manfaat/", label="Manfaat nyata")
    answer = builder.save("kriteria/manfaat/", **data)
    assert answer.status_code == 200
    assert (answer.json["row_version"], answer.json["here"]) == (2, f"{PAGE}/{version}/kriteria/manfaat/")
    assert re.fullmatch(r"\d\d\.\d\d\.\d\d", answer.json["saved_at"])
    assert rules.criterion(tree(version), "manfaat").label == "Manfaat nyata"
    assert "Perubahan disimpan." not in builder.page()


def test_a_new_code_moves_the_address_of_its_form(builder, version):
    answer = builder.save("kriteria/manfaat/", **builder.form("kriteria/manfaat/", code="dampak"))
    assert answer.json["here"] == f"{PAGE}/{version}/kriteria/dampak/"
    answer = builder.save("komponen/inovatif/", **builder.form("komponen/inovatif/", code="karya"))
    assert answer.json["here"] == f"{PAGE}/{version}/komponen/karya/"
    answer = builder.save("bukti/proposal_inovasi/", **builder.form("bukti/proposal_inovasi/", code="naskah"))
    assert answer.json["here"] == f"{PAGE}/{version}/bukti/naskah/"


def test_what_is_refused_to_a_script_is_named_by_field_and_the_rest_is_kept(builder, version):
    typed = {"label": "", "weight": "10,001", "code": "orisinalitas", "help": "Lihat surat keterangannya."}
    answer = builder.save("kriteria/manfaat/", **builder.form("kriteria/manfaat/", **typed))
    assert (answer.status_code, answer.json["row_version"], answer.json["here"]) == (200, 2, f"{PAGE}/{version}/kriteria/manfaat/")
    assert answer.json["errors"] == {
        "label": ["Wajib diisi."],
        "code": ["Kode orisinalitas sudah dipakai di tempat lain."],
        "weight": ["Paling banyak 2 angka di belakang koma."],
    }
    before = rules.criterion(rules.parse(starter("balangan-2024")), "manfaat")
    assert rules.criterion(tree(version), "manfaat") == replace(before, help="Lihat surat keterangannya.")


def test_of_what_is_typed_into_the_tree_the_sound_values_are_kept(builder, version):
    texts = was(builder.page())
    typed = {"kriteria-manfaat-maximum": "nol", "kriteria-manfaat-label": "Dampak", "komponen-inovatif-label": "x" * 201}
    saved = builder.save("cepat/", row_version="1", was=json.dumps(texts), **texts | typed)
    assert (saved.status_code, saved.json["row_version"]) == (200, 2)
    assert sorted(saved.json["errors"]) == ["komponen-inovatif-label", "kriteria-manfaat-maximum"]
    assert [change.path for change in rules.diff(rules.parse(starter("balangan-2024")), tree(version))] == [
        ("criteria", "manfaat", "label")
    ]


def test_what_together_says_one_thing_is_saved_together(builder, version):
    """A source with a wrong month stays what it was; so does a scale with one wrong level, with all of its page, and what a
    question has by a kind that is wrong.
    """
    before = tree(version)
    path = "kriteria/manfaat/"
    typed = {"source": "attendance", "months": "2024-13", "label": "Dampak"}
    answer = builder.save(path, **builder.form(path, **typed))
    assert (answer.status_code, list(answer.json["errors"])) == (200, ["months"])
    found = rules.criterion(tree(version), "manfaat")
    assert (found.label, found.source) == ("Dampak", rules.criterion(before, "manfaat").source)
    typed = {"rounding": "criterion", "decimals": "7", "min_assessors": "4"}
    answer = builder.save("kebijakan/", **builder.form("kebijakan/", **typed))
    assert (answer.status_code, list(answer.json["errors"])) == (200, ["decimals"])
    policy = tree(version).policy
    assert (policy.rounding, policy.min_assessors) == (before.policy.rounding, 4)
    typed = {"kind": "tidak-ada", "help": "Baca dahulu."}
    answer = builder.save("isian/uraian_inovasi/", **builder.form("isian/uraian_inovasi/", **typed))
    assert (answer.status_code, list(answer.json["errors"])) == (200, ["kind"])
    assert [change.path[-1] for change in rules.diff(before, tree(version)) if change.path[0] == "fields"] == ["help"]


@pytest.mark.parametrize(
    ("path", "typed", "named"),
    [
        ("keterangan/", {"title": "", "source": "Perbup 19/2023"}, ["title"]),
        ("komponen/inovatif/", {"weight": "101", "help": "Baca dahulu."}, ["weight"]),
        ("bukti/proposal_inovasi/", {"max_files": "99", "help": "Baca dahulu."}, ["max_files"]),
        ("isian/uraian_inovasi/", {"label": "", "help": "Baca dahulu."}, ["label"]),
    ],
)
def test_every_form_that_saves_itself_keeps_what_is_sound(builder, version, path, typed, named):
    answer = builder.save(path, **builder.form(path, **typed))
    assert (answer.status_code, list(answer.json["errors"]), at(version)) == (200, named, 2)
    changed = [change.path[-1] for change in rules.diff(rules.parse(starter("balangan-2024")), tree(version))]
    assert changed == [name for name in typed if name not in named]


def test_an_old_page_that_saves_itself_keeps_nothing(builder, version, cast):
    data = builder.form("kriteria/manfaat/", label="", help="Baca dahulu.")
    services.edit(
        cast.bkpsdm, version_id=version, expected_version=1, change=lambda t: rules.update_criterion(t, "manfaat", {"label": "Lebih cepat"})
    )
    before = tree(version)
    assert (builder.save("kriteria/manfaat/", **data).status_code, tree(version)) == (409, before)


def test_what_is_refused_in_a_row_is_named_by_its_row(builder, version):
    typed = {"levels-0-points": "100", "levels-0-label": "A", "levels-2-points": "x", "levels-2-label": "B"}
    answer = builder.save("kriteria/manfaat/skala/?jenis=rubric", **builder.form("kriteria/manfaat/skala/?jenis=rubric", **typed))
    assert (answer.status_code, answer.json) == (422, {"errors": {"levels-2-points": ["Bukan angka. Contoh: 12,5"]}})


def test_a_script_that_comes_too_late_is_told_who_was_faster_and_with_what(builder, version, cast):
    data = builder.form("kriteria/manfaat/", label="Dari tab kedua")
    services.edit(
        cast.bkpsdm, version_id=version, expected_version=1, change=lambda t: rules.update_criterion(t, "manfaat", {"label": "Lebih cepat"})
    )
    answer = builder.save("kriteria/manfaat/", **data)
    assert answer.status_code == 409
    message = re.sub(r"\d\d\.\d\d\.\d\d", "JAM", answer.json["message"])
    assert message == ("Rina Admin menyimpan perubahan lain pukul JAM: Kriteria “Lebih cepat”: nama diubah. Tulisan Anda belum disimpan.")
    assert (rules.criterion(tree(version), "manfaat").label, at(version)) == ("Lebih cepat", 2)


def test_forms_that_make_something_new_do_not_save_themselves(builder):
    pages = {path: "data-autosave" in builder.page(path) for path in ("komponen/baru/", "komponen/inovatif/", "keterangan/")}
    assert pages == {"komponen/baru/": False, "komponen/inovatif/": True, "keterangan/": True}


# Size


def large(criteria, levels=6):
    rubric = {"kind": "rubric", "levels": [{"points": 20 * n, "label": f"Tingkat {n}", "description": f"Ke-{n}."} for n in range(levels)]}
    each = [
        {"code": f"k_{n}", "label": f"Kriteria {n}", "help": "Ada.", "scale": rubric, "source": {"kind": "assessor"}}
        for n in range(criteria)
    ]
    parts = [{"code": f"p_{n}", "label": f"Bagian {n}", "criteria": each[n::2]} for n in range(2)]
    return {"format": rules.FORMAT, "title": "Besar", "policy": {"combine": "sum_of_points"}, "components": parts}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_builder_costs_the_same_for_two_criteria_and_for_sixty(visit, cast, count_statements):
    visitor = visit("bkpsdm")
    costs = []
    for size in (2, 60):
        made = services.create(cast.bkpsdm, code=f"besar-{size}", name=f"Besar {size}", definition=large(size))
        services.edit(cast.bkpsdm, version_id=made, expected_version=1, change=lambda t: rules.duplicate_criterion(t, "k_0"))
        opened = count_statements(lambda made=made: visitor.get(f"{PAGE}/{made}/"))
        moved = count_statements(lambda made=made: visitor.post(f"{PAGE}/{made}/kriteria/k_0/geser/", row_version="2", to="1"))
        typed = count_statements(
            lambda made=made: visitor.post(f"{PAGE}/{made}/cepat/", row_version="3", was="{}", **{"kriteria-k_0-label": "Baru"})
        )
        costs.append((opened, moved, typed, rules.criterion(tree(made), "k_0").label))
    assert costs[0] == costs[1]
    assert costs[0][3] == "Baru"
