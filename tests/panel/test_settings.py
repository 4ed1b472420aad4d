"""Settings, the check of the system and retention in the panel; what each setting changes on the pages that people meet."""

import html
import re

import pytest

from sipetruk.models import AuditEntry, Nomination, Setting
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.settings import DECLARED
from sipetruk.services import instruments, settings
from tests.panel.visitor import fields_of
from tests.services import builders
from tests.services.test_results import determine, determining
from tests.services.test_retention import archived, five_years_later

PAGES = ("/admin/pengaturan/", "/admin/pengaturan/periksa/", "/admin/pengaturan/retensi/")


def change(cast, key, value):
    settings.change(cast.bkpsdm, key=key, value=value, expected_version=0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_setting_is_changed_on_its_page(visit, cast):
    visitor = visit("bkpsdm")
    assert visitor.send("/admin/pengaturan/nomination_years/ubah/", value="7").status_code == 303
    assert "7 tahun" in visitor.get("/admin/pengaturan/").text
    answer = visitor.send("/admin/pengaturan/nomination_years/ubah/", value="banyak")
    assert (answer.status_code, fields_of(answer.text)["value"]) == (422, "banyak")
    assert "Harus bilangan bulat 1 sampai 30." in answer.text
    stale = visitor.form("/admin/pengaturan/nomination_years/ubah/", value="8") | {"row_version": "0"}
    assert visitor.post("/admin/pengaturan/nomination_years/ubah/", **stale).status_code == 409
    assert Setting.get().value == "7"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_setting_has_a_page_that_opens(visit, cast):
    visitor = visit("bkpsdm")
    assert {visitor.get(f"/admin/pengaturan/{key}/ubah/").status_code for key in DECLARED} == {200}
    assert visitor.send("/admin/pengaturan/publication_policy/ubah/", value="semua").status_code == 422
    assert [visitor.get(f"/admin/pengaturan/{key}/ubah/").status_code for key in ("secret_key", "a%00b", "..")] == [404, 404, 404]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_secret_is_shown(visit, cast, app):
    text = visit("bkpsdm").get("/admin/pengaturan/").text
    found = app.config["SETTINGS"]
    assert "SIPETRUK_SECRET_KEY" in text
    assert found.secret_key not in text
    assert found.database_url not in text
    assert str(found.data_dir) in html.unescape(text)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_open_and_change(visit, cast):
    for page in PAGES:
        assert [visit(who).get(page).status_code for who in ("bkpsdm", "viewer", "verifier", "unit_admin")] == [200, 200, 403, 403]
    reader = visit("viewer")
    assert "/ubah/" not in reader.get("/admin/pengaturan/").text
    assert reader.get("/admin/pengaturan/help_phone/ubah/").status_code == 403
    assert reader.post("/admin/pengaturan/help_phone/ubah/", value="0526123456", row_version="0").status_code == 403
    assert reader.post("/admin/pengaturan/retensi/terapkan/", confirmed="1").status_code == 403
    assert Setting.select().count() == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_check_names_each_problem_with_its_cure(visit, cast):
    text = visit("bkpsdm").get("/admin/pengaturan/periksa/").text
    assert "Folder cadangan belum diatur." in text
    assert "Yang perlu dilakukan:" in text
    assert "Tidak dipakai." in text


def test_retention_is_shown_asked_and_done(visit, cast):
    _, (winner, other, _), _ = archived(cast)
    visitor = visit("bkpsdm")
    with five_years_later():
        text = visitor.get("/admin/pengaturan/retensi/").text
        assert "sudah waktunya" in text
        assert visitor.post("/admin/pengaturan/retensi/terapkan/").status_code == 200
        assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 0
        assert visitor.post("/admin/pengaturan/retensi/terapkan/", confirmed="1").status_code == 303
        assert Nomination.select().where(~Nomination.purged_at.is_null()).count() == 2
        assert "Hapus yang lewat sekarang" not in visitor.get("/admin/pengaturan/retensi/").text
        for who, page in (("verifier", f"/admin/verifikasi/{other}/"), ("viewer", f"/admin/verifikasi/{other}/")):
            shown = visit(who).get(page)
            assert (shown.status_code, "dihapus sesuai retensi" in shown.text) == (200, True)
        assert "dihapus sesuai retensi" not in visit("verifier").get(f"/admin/verifikasi/{winner}/").text
    noted = AuditEntry.select().where(AuditEntry.action == "retention:apply", AuditEntry.face == "panel", AuditEntry.thing == "nomination")
    assert noted.count() == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_usual_size_of_evidence_begins_new_forms(visit, cast):
    change(cast, "evidence_mb", "3")
    draft = instruments.create(SYSTEM, code="baru", name="Baru", definition=builders.tiny_instrument())
    shown = visit("bkpsdm").form(f"/admin/instrumen/{draft}/bukti/baru/")
    assert shown["max_mb"] == "3"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_usual_policy_begins_the_page_of_a_publication(visit, cast):
    round_, ids, ranking_id = determining(cast)
    determine(cast, round_, ranking_id, ids[:2])
    change(cast, "publication_policy", "names_and_score")
    text = visit("bkpsdm").get(f"/admin/penetapan/{round_.period_id}/umumkan/").text
    chosen = [tag for tag in re.findall(r"<input[^>]*>", text) if 'name="policy"' in tag and "checked" in tag]
    assert ['value="names_and_score"' in tag for tag in chosen] == [True]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("key", "may_be_emptied"), [("evidence_mb", True), ("publication_policy", False)])
def test_only_what_can_be_emptied_is_said_to_be(visit, cast, key, may_be_emptied):
    assert ("Kosongkan untuk memakai bawaan." in visit("bkpsdm").get(f"/admin/pengaturan/{key}/ubah/").text) == may_be_emptied
