"""The pages of a round: a period with its schedule, categories with rules and panels, and the steps of the round."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sipetruk.models import AuditEntry, Category, PanelMember, Period, StageWindow
from sipetruk.panel.periods.rule_forms import FORMS
from sipetruk.rules import eligibility
from sipetruk.rules.workflow import PeriodMove, Stage
from sipetruk.services import instruments, periods
from sipetruk.starters import starter
from tests.panel.visitor import fields_of
from tests.services import builders
from tests.services.test_interviews import prepared

PAGE = "/admin/periode"
WINDOW = {"nomination_opens": "2026-11-01", "nomination_closes": "2026-11-30"}


@pytest.fixture
def version(cast):
    version_id = instruments.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))
    instruments.lock(cast.bkpsdm, version_id=version_id, expected_version=1)
    return version_id


@pytest.fixture
def period(cast):
    return periods.create(cast.bkpsdm, name="Putaran 2026", year=2026, slug="2026")


@pytest.fixture
def category(cast, period, version):
    return periods.add_category(
        cast.bkpsdm, period_id=period, name="Administrasi", slug="administrasi", instrument_version_id=version, winners=3, quota_per_unit=2
    )


def last_entry():
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    return entry.actor, entry.face, entry.action, entry.thing


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "assessor", "viewer", "unit_admin", "unit_head"])
def test_everybody_reads_the_schedule(visit, period, category, who):
    visitor = visit(who)
    for path in ("", f"{period}/", f"kategori/{category}/"):
        answer = visitor.get(f"{PAGE}/{path}")
        assert (answer.status_code, ">Ubah" in answer.text) == (200, who == "bkpsdm" and path != ""), path


WRITING = ["baru/", "{period}/ubah/", "{period}/jadwal/", "{period}/pindah/open/", "{period}/kategori/baru/", "kategori/{category}/ubah/",
           "kategori/{category}/tim/", "kategori/{category}/syarat/baru/?fakta=age"]  # fmt: skip


@pytest.mark.parametrize("path", WRITING)
def test_only_bkpsdm_writes(visit, client, cast, period, category, path):
    path = f"{PAGE}/" + path.format(period=period, category=category)
    assert visit("bkpsdm").get(path).status_code == 200
    visitor = visit("viewer")
    assert [visitor.get(path).status_code, visitor.post(path, row_version="1").status_code] == [403, 403]


@pytest.mark.parametrize("path", ["999/", "999/ubah/", "kategori/999/", "kategori/999/tim/", "1/pindah/lompat/", "kategori/1/syarat/9/"])
def test_what_is_not_there_is_not_found(visit, category, path):
    assert visit("bkpsdm").get(f"{PAGE}/{path}").status_code == 404


def test_a_period_is_made(visit):
    answer = visit("bkpsdm").send(f"{PAGE}/baru/", name="Putaran 2026", year="2026", slug="putaran-2026")
    made = Period.get()
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/{made.id}/")
    assert (made.name, made.year, made.slug, made.state) == ("Putaran 2026", 2026, "putaran-2026", "preparation")
    assert last_entry() == ("bkpsdm", "panel", "period:edit", "period")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"slug": "2026"}, "slug", "Alamat “2026” sudah dipakai periode lain."),
        ({"slug": "Ada Spasi"}, "slug", "Alamat terdiri atas huruf kecil, angka, dan tanda hubung, paling banyak 60 karakter."),
        ({"year": "1999"}, "year", "Angka harus antara 2000 dan 2200."),
        ({"name": " "}, "name", "Wajib diisi."),
    ],
)
def test_a_refused_period_keeps_what_was_typed(visit, period, changes, field, message):
    typed = {"name": "Putaran lain", "year": "2027", "slug": "lain"} | changes
    answer = visit("bkpsdm").send(f"{PAGE}/baru/", **typed)
    assert answer.status_code == 422
    assert f'<ul class="errors" id="{field}-salah"><li>{message}</li></ul>' in answer.text
    assert {name: fields_of(answer.text)[name] for name in typed} == typed
    assert Period.select().count() == 1


def test_name_and_year_are_shown_as_fixed_once_the_result_is_published(visit, period):
    visitor, page = visit("bkpsdm"), f"{PAGE}/{period}/ubah/"
    assert " readonly" not in visitor.get(page).text
    assert "Ubah nama atau tahun" in visitor.get(f"{PAGE}/{period}/").text
    Period.update(state="published").execute()
    assert "Ubah nama atau tahun" not in visitor.get(f"{PAGE}/{period}/").text
    shown = visitor.get(page).text
    assert re.findall(r'<input[^>]*name="(name|year)"[^>]* readonly', shown) == ["name", "year"]
    fixed = "Nama dan tahun periode tetap sejak hasilnya diumumkan, juga setelah ditarik: berkas dan piagam yang beredar menyebutnya."
    assert shown.count(fixed) == 1
    for changes in ({"name": "Nama lain"}, {"year": "2027"}):
        answer = visitor.send(page, **changes)
        assert (answer.status_code, Period.get().name, Period.get().year) == (422, "Putaran 2026", 2026)
        (field,) = changes
        assert f'<ul class="errors" id="{field}-salah"><li>{fixed}</li></ul>' in answer.text


def test_the_schedule_is_saved(visit, period):
    answer = visit("bkpsdm").send(f"{PAGE}/{period}/jadwal/", **WINDOW)
    assert answer.status_code == 303
    assert [(w.stage, w.opens_on, w.closes_on) for w in StageWindow.select()] == [("nomination", date(2026, 11, 1), date(2026, 11, 30))]
    assert last_entry() == ("bkpsdm", "panel", "period:edit", "period")


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({**WINDOW, "nomination_closes": ""}, "nomination_closes", "Isi kedua tanggal, atau kosongkan keduanya."),
        ({**WINDOW, "nomination_closes": "2026-10-01"}, "nomination_opens", "Tahap “Pengusulan” berakhir sebelum dimulai."),
        ({**WINDOW, "nomination_closes": "30 November"}, "nomination_closes", "Bukan tanggal yang sah."),
    ],
)
def test_a_refused_schedule_keeps_what_was_typed(visit, period, typed, field, message):
    answer = visit("bkpsdm").send(f"{PAGE}/{period}/jadwal/", **typed)
    assert answer.status_code == 422
    assert f'<ul class="errors" id="{field}-salah"><li>{message}</li></ul>' in answer.text
    assert fields_of(answer.text)["nomination_opens"] == "2026-11-01"
    assert StageWindow.select().count() == 0


def test_a_stale_schedule_shows_both(visit, period):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{period}/jadwal/"
    second = visitor.form(path, **WINDOW)
    visitor.send(path, **WINDOW | {"nomination_closes": "2026-12-05"})
    answer = visitor.post(path, **second)
    assert (answer.status_code, "2026-12-05" in answer.text, "2026-11-30" in answer.text) == (409, True, True)
    assert StageWindow.get().closes_on == date(2026, 12, 5)


def test_a_category_is_added_changed_and_removed(visit, period, version):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/{period}/kategori/baru/"
    visitor.send(path, name="Guru", slug="guru", version=str(version), winners="2", quota="1")
    made = Category.get()
    assert (made.name, made.winners, made.quota_per_unit, made.winners_per_unit) == ("Guru", 2, 1, None)
    visitor.send(f"{PAGE}/kategori/{made.id}/ubah/", name="Guru dan pengawas", quota="")
    changed = Category.get()
    assert (changed.name, changed.quota_per_unit, changed.instrument_version_id) == ("Guru dan pengawas", None, version)
    visitor.post(f"{PAGE}/kategori/{made.id}/hapus/", row_version="2")
    assert Category.select().count() == 1
    visitor.post(f"{PAGE}/kategori/{made.id}/hapus/", row_version="2", confirmed="1")
    assert Category.select().count() == 0


def test_a_refused_category_says_where(visit, category, period, version):
    answer = visit("bkpsdm").send(f"{PAGE}/{period}/kategori/baru/", name="Dua", slug="administrasi", version=str(version), winners="0")
    assert answer.status_code == 422
    assert '<ul class="errors" id="winners-salah"><li>Angka harus antara 1 dan 1000.</li></ul>' in answer.text
    assert Category.select().count() == 1


def test_the_panel_is_picked_from_assessors(visit, cast, category):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/kategori/{category}/tim/"
    page = visitor.get(path).text
    assert [name in page for name in ("Siti Penilai", "Dewi Penilai", "Yusuf Verifikator")] == [True, True, False]
    chosen = [cast.assessor.user_id, cast.assessor2.user_id]
    assert visitor.send(path, members=[str(i) for i in chosen]).status_code == 303
    assert sorted(m.user_id for m in PanelMember.select()) == sorted(chosen)


def test_somebody_who_is_no_assessor_cannot_be_picked(visit, cast, category):
    answer = visit("bkpsdm").send(f"{PAGE}/kategori/{category}/tim/", members=[str(cast.verifier.user_id)])
    assert (answer.status_code, PanelMember.select().count()) == (422, 0)


def test_a_stale_panel_does_not_overwrite(visit, cast, category):
    visitor = visit("bkpsdm")
    path = f"{PAGE}/kategori/{category}/tim/"
    second = visitor.form(path, members=[str(cast.assessor2.user_id)])
    visitor.send(path, members=[str(cast.assessor.user_id)])
    assert visitor.post(path, **second).status_code == 409
    assert [m.user_id for m in PanelMember.select()] == [cast.assessor.user_id]


RULES = {
    "kind": ({"value": ["PNS"]}, ["PNS"]),
    "position_type": ({"value": ["2"], "operator": "not_in"}, ["2"]),
    "echelon": ({"value": ["99"], "operator": "in"}, ["99"]),
    "grade": (
        {"PNS_from": "III/a", "PNS_to": "IV/e", "PPPK_from": "IX", "PPPK_to": "XVII"},
        {"PNS": {"from": "III/a", "to": "IV/e"}, "PPPK": {"from": "IX", "to": "XVII"}},
    ),
    "age": ({"value": "55", "operator": "at_most"}, 55),
    "service_years": ({"value": "5", "operator": "at_least"}, 5),
    "legal_status": ({"value": ["01"]}, ["01"]),
    "predicate": ({"years": "2", "predicate": "BAIK"}, {"years": 2, "predicate": "BAIK"}),
    "sanction_ever": ({"levels": ["B"]}, {"levels": ["B"]}),
    "sanction_within": ({"levels": ["S", "B"], "years": "2"}, {"years": 2, "levels": ["S", "B"]}),
    "sanction_serving": ({"levels": ["R", "S", "B"]}, {"levels": ["R", "S", "B"]}),
    "under_examination": ({}, None),
    "attendance": ({"percent": "97,5", "months": "2024-05\n2024-04"}, {"months": ["2024-04", "2024-05"], "percent": "97.5"}),
    "award_within": ({"value": "3"}, 3),
    "unit_quota": ({"value": "2"}, 2),
}


def test_every_fact_of_the_catalogue_has_a_form():
    assert set(FORMS) == set(eligibility.RULES) == set(RULES)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fact", sorted(RULES))
def test_a_rule_is_written_and_read_back(visit, category, fact):
    typed, value = RULES[fact]
    visitor = visit("bkpsdm")
    answer = visitor.send(f"{PAGE}/kategori/{category}/syarat/baru/?fakta={fact}", effect="warn", message="Kalimat kami", **typed)
    assert answer.status_code == 303, answer.text
    rule = Category.get().eligibility[0]
    assert (rule["fact"], rule["value"], rule["effect"], rule["message"]) == (fact, value, "warn", "Kalimat kami")
    assert visitor.send(f"{PAGE}/kategori/{category}/syarat/0/").status_code == 303
    assert Category.get().eligibility == [rule]
    assert eligibility.parse_rule(rule).describe() in visitor.get(f"{PAGE}/kategori/{category}/").text.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("fact", "typed", "message"),
    [
        ("kind", {"value": []}, "Pilih sedikitnya satu."),
        ("age", {"value": "200", "operator": "at_most"}, "Harus antara 15 dan 70."),
        ("grade", {"PNS_from": "IV/e", "PNS_to": "III/a"}, "Batas tertinggi berada di bawah batas terendah."),
        ("attendance", {"percent": "95", "months": "April"}, "Tulis bulan seperti 2024-04."),
    ],
)
def test_a_refused_rule_says_why(visit, category, fact, typed, message):
    answer = visit("bkpsdm").send(f"{PAGE}/kategori/{category}/syarat/baru/?fakta={fact}", **typed)
    assert (answer.status_code, message in answer.text) == (422, True)
    assert Category.get().eligibility == []


def test_a_rule_is_removed_after_asking(visit, cast, category):
    visitor = visit("bkpsdm")
    visitor.send(f"{PAGE}/kategori/{category}/syarat/baru/?fakta=age", value="55", operator="at_most")
    visitor.send(f"{PAGE}/kategori/{category}/syarat/baru/?fakta=unit_quota", value="2")
    answer = visitor.post(f"{PAGE}/kategori/{category}/syarat/0/hapus/", row_version="3")
    assert "Hapus syarat “Usia paling banyak 55 tahun”?" in answer.text
    visitor.post(f"{PAGE}/kategori/{category}/syarat/0/hapus/", row_version="3", confirmed="1")
    assert [rule["fact"] for rule in Category.get().eligibility] == ["unit_quota"]


def test_opening_says_everything_that_is_missing(visit, period, category):
    answer = visit("bkpsdm").send(f"{PAGE}/{period}/pindah/open/")
    assert answer.status_code == 422
    for message in ("Jadwal pengusulan belum diisi.", "Tim penilai kategori “Administrasi” berjumlah 0, paling sedikit 3."):
        assert message in answer.text
    assert Period.get().state == "preparation"


def test_a_period_moves_to_its_next_stage(visit, cast, period, category):
    periods.set_windows(
        cast.bkpsdm,
        period_id=period,
        windows={Stage.NOMINATION: (date(2026, 11, 1), date(2026, 11, 30))},
        expected_version=Period.get().row_version,
    )
    team = [cast.assessor.user_id, cast.assessor2.user_id, cast.assessor3.user_id]
    periods.set_panel(cast.bkpsdm, category_id=category, user_ids=team)
    visitor = visit("bkpsdm")
    assert "Buka pengusulan" in visitor.get(f"{PAGE}/{period}/").text
    answer = visitor.send(f"{PAGE}/{period}/pindah/open/")
    assert (answer.status_code, Period.get().state) == (303, "open")
    assert last_entry() == ("bkpsdm", "panel", "period:move", "period")


def test_a_period_is_removed_after_a_page_that_names_what_goes(visit, cast):
    round_ = builders.prepared_round(cast)
    visitor, page = visit("bkpsdm"), f"{PAGE}/{round_.period_id}/"
    version = Period.get().row_version
    form = re.search(r'<form method="post" action="[^"]*/hapus/".*?</form>', visitor.get(page).text, re.DOTALL).group(0)
    assert (f'action="{page}hapus/"' in form, f'name="row_version" value="{version}"' in form) == (True, True)
    asked = visitor.post(f"{page}hapus/", row_version=version).text
    assert "Hapus periode “ASN Berprestasi 2024” beserta isinya? Yang dihapus tidak dapat dikembalikan." in asked
    assert re.findall(r"<li>([^<]*(?:Jadwal|Kategori|diberi tahu)[^<]*)</li>", asked) == [
        "Jadwal 6 tahap",
        "Kategori “ASN Inovatif” dengan 2 anggota tim penilai",
        "Anggota tim penilai diberi tahu.",
    ]
    assert Period.select().count() == 1
    answer = visitor.post(f"{page}hapus/", row_version=version, confirmed="1")
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/")
    assert (Period.select().count(), Category.select().count(), StageWindow.select().count(), PanelMember.select().count()) == (0, 0, 0, 0)
    assert "Periode “ASN Berprestasi 2024” dihapus." in visitor.get(f"{PAGE}/").text
    assert last_entry() == ("bkpsdm", "panel", "period:remove", "period")
    assert visitor.get(page).status_code == 404


def test_a_period_with_nominations_is_not_offered_for_removal_and_stays(visit, cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_, "Budi Santoso")
    Period.update(state="preparation").execute()
    visitor, page = visit("bkpsdm"), f"{PAGE}/{round_.period_id}/"
    assert "Hapus periode" not in visitor.get(page).text
    visitor.post(f"{page}hapus/", row_version=Period.get().row_version, confirmed="1")
    said = "Periode “ASN Berprestasi 2024” tidak dapat dihapus karena sudah ada usulan pada kategori: ASN Inovatif (1)."
    assert said in visitor.get(f"{PAGE}/").text
    assert (Period.select().count(), Category.select().count()) == (1, 1)


def test_only_bkpsdm_is_offered_the_removal_and_only_in_preparation(visit, cast, period):
    page = f"{PAGE}/{period}/"
    for who in ("verifier", "assessor", "viewer"):
        assert "Hapus periode" not in visit(who).get(page).text
        assert visit(who).post(f"{page}hapus/", row_version="1", confirmed="1").status_code == 403
    assert "Hapus periode" in visit("bkpsdm").get(page).text
    Period.update(state="open").execute()
    assert "Hapus periode" not in visit("bkpsdm").get(page).text
    assert Period.select().count() == 1


def test_the_trail_says_what_was_removed(visit, cast):
    round_ = builders.prepared_round(cast)
    periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=Period.get().row_version)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    shown = visit("viewer").get(f"/admin/audit/{entry.id}/").text
    for words in ("Menghapus periode yang keliru dibuat beserta isinya", "ASN Berprestasi 2024", "ASN Inovatif"):
        assert words in shown


def test_a_refused_step_leads_to_where_it_is_mended(visit, cast):
    round_, _ = builders.assessing(cast, "Siti Aminah")
    answer = visit("bkpsdm").send(f"{PAGE}/{round_.period_id}/pindah/start_ranking/", reason="Lebih awal.")
    assert (answer.status_code, "Masih ada 2 lembar penilaian yang belum dikirim." in answer.text) == (422, True)
    assert f'<a href="/admin/pemeringkatan/{round_.category_id}/">Pemeringkatan ASN Inovatif</a>' in answer.text
    assert "Tempat memperbaikinya" not in visit("bkpsdm").get(f"{PAGE}/{round_.period_id}/pindah/start_ranking/").text


def test_only_the_usual_next_step_is_the_main_one(visit, cast):
    round_, ids = builders.assessing(cast, "Siti Aminah")
    for id_ in ids:
        builders.assess(cast.assessor, id_)
        builders.assess(cast.assessor2, id_)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    page = visit("bkpsdm").get(f"{PAGE}/{round_.period_id}/").text
    assert re.findall(r'<a class="(btn[ main]*)" href="[^"]*/pindah/(\w+)/"', page) == [
        ("btn", "open_objection"),
        ("btn main", "start_determination"),
    ]


def test_the_team_is_not_offered_once_assessment_began(visit, cast):
    round_ = builders.open_round(cast)
    path = f"{PAGE}/kategori/{round_.category_id}/"
    assert "Ubah tim penilai" in visit("bkpsdm").get(path).text
    Period.update(state="assessment").execute()
    assert "Ubah tim penilai" not in visit("bkpsdm").get(path).text


def test_a_step_that_was_taken_already_is_mended_nowhere(visit, cast):
    round_ = builders.open_round(cast)
    visitor, path = visit("bkpsdm"), f"{PAGE}/{round_.period_id}/pindah/open/"
    answer = visitor.send(path)
    assert (answer.status_code, "berada pada tahap “Pengusulan dibuka”" in answer.text, "Tempat memperbaikinya" in answer.text) == (
        422,
        True,
        False,
    )


def test_the_categories_of_a_period_tell_which_is_an_interview(visit, cast):
    round_, _ = prepared(cast)
    assert "wawancara 2 terbaik dari ASN Inovatif" in visit("viewer").get(f"{PAGE}/{round_.period_id}/").text


def test_a_stale_step_is_refused(visit, cast, period, category):
    visitor = visit("bkpsdm")
    form = visitor.form(f"{PAGE}/{period}/pindah/open/")
    periods.update(cast.bkpsdm, period_id=period, name="Nama lain", year=2026, expected_version=Period.get().row_version)
    answer = visitor.post(f"{PAGE}/{period}/pindah/open/", **form)
    assert (answer.status_code, Period.get().state) == (409, "preparation")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_list_costs_the_same_for_one_and_for_many(visit, cast, category, version, count_statements):
    visitor = visit("bkpsdm")
    few = count_statements(lambda: visitor.get(f"{PAGE}/"))
    for year in range(2030, 2050):
        made = periods.create(cast.bkpsdm, name=f"Putaran {year}", year=year, slug=str(year))
        periods.add_category(cast.bkpsdm, period_id=made, name="A", slug="a", instrument_version_id=version, winners=1)
    assert count_statements(lambda: visitor.get(f"{PAGE}/")) == few
