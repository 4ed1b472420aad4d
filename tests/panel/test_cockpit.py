"""The cockpit of a period: who has not nominated, who has not finished, what blocks, and what BKPSDM can do about it."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from sipetruk.models import Notification, Period, Reminder, StageWindow, User
from sipetruk.services import people
from tests.portal.pages import headings, plain
from tests.services import builders

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def admin(visit):
    return visit("bkpsdm")


def rows(text):
    """The rows of the first table that has any, as texts."""
    return [plain(f"<x>{row}</x>", "<x>", "</x>")[0] for row in re.findall(r"<tr>(.*?)</tr>", text.split("<tbody>")[1], re.DOTALL)]


def notes(text):
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in re.findall(r'<div class="note[^>]*>(.*?)</div>', text, re.DOTALL)]


def asked(text):
    """The question of a page that asks, and what it says besides."""
    (question,) = plain(text, '<p class="question">', "</p>")
    return question, re.findall("<li>([^<]*)</li>", text.split('<p class="question">')[1])


def follow(visitor, answer):
    assert answer.status_code == 303
    return visitor.get(answer.headers["Location"]).text


def test_the_only_running_period_opens_at_once(admin, cast):
    assert "Belum ada periode yang berjalan." in admin.get("/admin/kendali/").text
    first = builders.open_round(cast)
    assert admin.get("/admin/kendali/").headers["Location"] == f"/admin/kendali/{first.period_id}/"
    builders.prepared_round(cast, slug="2025")
    assert admin.get("/admin/kendali/").text.count("/admin/kendali/") > 2


def test_the_cockpit_shows_units_categories_and_what_blocks(admin, cast):
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    with builders.standing_at(2024, 10, 9):
        page = admin.get(f"/admin/kendali/{round_.period_id}/").text
    assert headings(page, 1) == ["Kendali ASN Berprestasi 2024"]
    assert headings(page, 2) == [
        "Perjalanan periode",
        "Langkah berikutnya",
        "Unit kerja",
        "Usulan menurut kategori",
        "Kemajuan penilai",
    ]
    assert plain(page, '<p class="big-count">', "</p>") == ["1 dari 2 unit sudah mengajukan; 1 belum ."]
    assert headings(page, 3) == ["Mulai verifikasi"]
    assert "tidak ada penghalang" in page
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, builders.PeriodMove.START_VERIFICATION)
        page = admin.get(f"/admin/kendali/{round_.period_id}/").text
    blockers = plain(page, "Sebelum langkah ini:</p><ul>", "</ul>")
    assert blockers == ["Masih ada 1 usulan yang belum diverifikasi."]
    assert '<a href="/admin/verifikasi/">Masih ada 1 usulan' in page


def test_one_unit_is_reminded_with_one_press_and_a_second_time_only_after_a_question(admin, cast):
    round_ = builders.open_round(cast)
    path = f"/admin/kendali/{round_.period_id}/ingatkan-unit/"
    sent = {"unit": str(cast.other_unit_id), "cari": "hubungan", "tampil": "belum", "urut": "nama"}
    with builders.standing_at(2024, 10, 9):
        answer = admin.post(path, **sent)
        assert answer.headers["Location"] == f"/admin/kendali/{round_.period_id}/unit/?cari=hubungan&tampil=belum&urut=nama"
        page = follow(admin, answer)
        assert notes(page) == ["1 unit diingatkan; 1 orang diberi tahu."]
        assert "9 Oktober 2024 pukul 10.00 WITA" in page
        again = admin.post(path, **sent)
        assert headings(again.text, 1) == ["Mohon dipastikan"]
        assert (again.status_code, Reminder.select().count()) == (200, 1)
        assert notes(follow(admin, admin.post(path, **sent, lagi="1", confirmed="1"))) == ["1 unit diingatkan; 1 orang diberi tahu."]
    assert Reminder.select().count() == 2


def test_all_units_are_reminded_only_after_a_question_that_says_how_many(admin, cast):
    round_ = builders.open_round(cast)
    path = f"/admin/kendali/{round_.period_id}/ingatkan-unit/"
    left_out = "1 unit dilewati karena sudah diingatkan hari ini."
    with builders.standing_at(2024, 10, 9):
        admin.post(path, unit=str(cast.other_unit_id))
        before = (Notification.select().count(), Reminder.select().count())
        page = admin.post(path, tampil="belum").text
        assert asked(page) == (
            "Ingatkan 1 unit sekarang?",
            ["2 orang diberi tahu; pemberitahuannya tidak dapat ditarik kembali.", left_out],
        )
        assert (Notification.select().count(), Reminder.select().count()) == before
        done = admin.post(path, tampil="belum", confirmed="1")
        assert notes(follow(admin, done)) == [f"1 unit diingatkan; 2 orang diberi tahu. {left_out}"]
        once_more = (
            "Semua yang perlu diingatkan sudah diingatkan hari ini.",
            ["3 orang diberi tahu; pemberitahuannya tidak dapat ditarik kembali."],
        )
        for answered in ({}, {"confirmed": "1"}):
            page = admin.post(path, tampil="belum", **answered).text
            assert (asked(page), 'name="lagi" value="1"' in page, Reminder.select().count()) == (once_more, True, 2)
        done = admin.post(path, tampil="belum", lagi="1", confirmed="1")
        assert notes(follow(admin, done)) == ["2 unit diingatkan; 3 orang diberi tahu."]
    assert Reminder.select().count() == 4


def test_nonsense_reminds_nobody(admin, cast):
    round_ = builders.open_round(cast)
    before = Notification.select().count()
    path = f"/admin/kendali/{round_.period_id}"
    with builders.standing_at(2024, 10, 9):
        for given in ({"unit": "x"}, {"unit": ""}, {"unit": "999"}):
            assert admin.post(f"{path}/ingatkan-unit/", **given).status_code == 404
        assert admin.post("/admin/kendali/999/ingatkan-unit/").status_code == 404
        assert admin.get("/admin/kendali/999/").status_code == 404
        assert admin.get("/admin/kendali/999999999999/").status_code == 404
        assert notes(follow(admin, admin.post(f"{path}/ingatkan-penilai/")))[0].startswith("Periode berada pada tahap")
        assert admin.get(f"{path}/unit/?cari=%00&tampil=x&urut=y").status_code == 200
    with builders.standing_at(2024, 10, 16):
        text = follow(admin, admin.post(f"{path}/ingatkan-unit/"))
    assert notes(text) == ["Pengusulan sudah ditutup pada 15 Oktober 2024 pukul 23.59 WITA."]
    assert (Notification.select().count(), Reminder.select().count()) == (before, 0)


def test_the_list_of_units_is_searched_filtered_and_sorted(admin, cast):
    people.register_units(cast.bkpsdm, units=[people.NewUnit("aaa", "Zeni Daerah")])
    round_ = builders.open_round(cast)
    builders.submitted(cast, round_)
    builders.drafted(cast, round_, "Wati Lestari")
    path = f"/admin/kendali/{round_.period_id}/unit/"

    def units(query=""):
        return re.findall(r'<th scope="row">([^<]+)<span', admin.get(path + query).text)

    health = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
    assert units() == ["Zeni Daerah", health, "Dinas Perhubungan"]
    assert units("?urut=nama") == [health, "Dinas Perhubungan", "Zeni Daerah"]
    assert units("?urut=diajukan&tampil=semua")[0] == health
    assert units("?tampil=belum") == ["Zeni Daerah", "Dinas Perhubungan"]
    assert units("?tampil=sudah") == [health]
    assert units("?tampil=draf") == []
    assert units("?cari=dinas+HUB") == ["Dinas Perhubungan"]
    assert "Tidak ada unit yang cocok." in admin.get(path + "?cari=tidakada").text


def test_the_list_of_units_leaves_as_csv_and_xlsx_without_formulas(admin, cast):
    round_ = builders.open_round(cast)
    people.WorkUnit.update(name="=HYPERLINK(1)").where(people.WorkUnit.id == cast.other_unit_id).execute()
    builders.submitted(cast, round_)
    csv = admin.get(f"/admin/kendali/{round_.period_id}/unit.csv?tampil=belum")
    lines = csv.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "Kode,Unit kerja,Belum diajukan,Diajukan,Ditarik,Perubahan terakhir,Terakhir diingatkan,Admin dan kepala"
    assert lines[1:] == ["dishub,'=HYPERLINK(1),0,0,0,–,–,Lina Pengusul (Admin OPD)"]
    assert csv.headers["Content-Disposition"] == "attachment; filename=unit-2024.csv"
    book = load_workbook(io.BytesIO(admin.get(f"/admin/kendali/{round_.period_id}/unit.xlsx").data))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [row[:5] for row in cells] == [
        ["dinkes", "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana", 0, 1, 0],
        ["dishub", "=HYPERLINK(1)", 0, 0, 0],
    ]
    assert book.worksheets[0]["B3"].data_type == "s"
    assert admin.get(f"/admin/kendali/{round_.period_id}/unit.pdf").status_code == 404


def test_people_with_a_telephone_have_a_link_with_the_text(admin, visit, cast):
    round_ = builders.open_round(cast)
    User.update(phone="628123456789").where(User.id == cast.outsider.user_id).execute()
    with builders.standing_at(2024, 10, 9):
        page = admin.get(f"/admin/kendali/{round_.period_id}/unit/").text
        (link,) = re.findall(r'<a href="(https://wa\.me/[^"]+)" target="_blank" rel="noreferrer noopener">', page)
        assert link.startswith(
            "https://wa.me/628123456789?text=Yth.%20Bapak%2FIbu%2C%20menurut%20catatan%20SI%20PETRUK%20Dinas%20Perhubungan"
        )
        assert "wa.me" not in visit("viewer").get(f"/admin/kendali/{round_.period_id}/unit/").text


def test_assessors_are_shown_with_their_progress_and_reminded(admin, cast):
    round_, (budi, _) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    User.update(phone="628123456789").where(User.id == cast.assessor2.user_id).execute()
    with builders.standing_at(2024, 10, 24):
        builders.assess(cast.assessor, budi)
        page = admin.get(f"/admin/kendali/{round_.period_id}/").text
        table = page.split('id="penilai"')[1]
        assert rows(table)[0].startswith("Dewi Penilai 0 dari 2")
        assert rows(table)[1].startswith("Siti Penilai 1 dari 2")
        assert "https://wa.me/628123456789?text=Yth.%20Bapak%2FIbu%20penilai%2C%202%20lembar" in table
        answer = admin.post(f"/admin/kendali/{round_.period_id}/ingatkan-penilai/", penilai=str(cast.assessor.user_id))
        assert answer.headers["Location"] == f"/admin/kendali/{round_.period_id}/#penilai"
        assert notes(follow(admin, answer)) == ["1 penilai diingatkan; 1 orang diberi tahu."]
        assert "Perbedaan antarpenilai" in headings(page, 2)


def test_all_assessors_are_reminded_only_after_a_question_that_says_how_many(admin, cast):
    round_, _ = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    path = f"/admin/kendali/{round_.period_id}/ingatkan-penilai/"
    with builders.standing_at(2024, 10, 24):
        before = Notification.select().count()
        page = admin.post(path).text
        assert asked(page) == ("Ingatkan 2 penilai sekarang?", ["2 orang diberi tahu; pemberitahuannya tidak dapat ditarik kembali."])
        assert (Notification.select().count(), Reminder.select().count()) == (before, 0)
        assert notes(follow(admin, admin.post(path, confirmed="1"))) == ["2 penilai diingatkan; 2 orang diberi tahu."]
    assert Reminder.select().count() == 2


def test_the_run_of_the_dates_is_switched(admin, cast):
    round_ = builders.open_round(cast)
    path = f"/admin/kendali/{round_.period_id}/"
    version = str(Period.get_by_id(round_.period_id).row_version)
    page = follow(admin, admin.post(f"{path}otomatis/", otomatis="0", row_version=version))
    assert notes(page) == ["Periode dipindahkan oleh BKPSDM; jadwal tidak memindahkannya."]
    assert Period.get_by_id(round_.period_id).is_automatic is False
    stale = follow(admin, admin.post(f"{path}otomatis/", otomatis="1", row_version=version))
    assert notes(stale)[0].startswith("Data ini sudah diubah orang lain")
    assert Period.get_by_id(round_.period_id).is_automatic is False


def test_a_stage_is_extended_on_a_page_of_its_own(admin, cast):
    round_ = builders.open_round(cast)
    path = f"/admin/kendali/{round_.period_id}/perpanjang/nomination/"
    told = "Tahap sesudahnya tidak ikut bergeser: Verifikasi administrasi 16–22 Oktober 2024; "
    assert told in admin.get(path).text
    with builders.standing_at(2024, 10, 9):
        refused = admin.send(path, closes_on="2024-10-15", reason="Jaringan terputus.")
        assert (refused.status_code, "Hari terakhir yang baru harus setelah 15 Oktober 2024." in refused.text) == (422, True)
        assert admin.send(path, closes_on="2024-10-20", reason="").status_code == 422
        page = follow(admin, admin.send(path, closes_on="2024-10-20", reason="Jaringan terputus."))
    assert notes(page) == ["Tahap “Pengusulan” diperpanjang; yang bekerja pada tahap itu diberi tahu."]
    assert StageWindow.get(period=round_.period_id, stage="nomination").closes_on == date(2024, 10, 20)
    for wrong in ("objection", "x"):
        assert admin.get(f"/admin/kendali/{round_.period_id}/perpanjang/{wrong}/").status_code == 404


def test_the_cockpit_is_for_bkpsdm_and_read_by_auditors(visit, cast):
    round_ = builders.open_round(cast)
    path = f"/admin/kendali/{round_.period_id}/"
    viewer = visit("viewer")
    page = viewer.get(path).text
    assert (viewer.get(path).status_code, "Ingatkan" in page, "Perpanjang" in page, "otomatis" in page) == (200, False, False, False)
    for place, given in (("ingatkan-unit/", {}), ("ingatkan-penilai/", {}), ("otomatis/", {"otomatis": "0", "row_version": "1"})):
        assert viewer.post(path + place, **given).status_code == 403
    assert viewer.get(f"{path}perpanjang/nomination/").status_code == 403
    for who in ("verifier", "assessor", "unit_admin"):
        assert visit(who).get(path).status_code == 403
    assert Reminder.select().count() == 0


def test_more_units_cost_no_more_statements(admin, cast, count_statements):
    round_ = builders.open_round(cast)

    def costs():
        with builders.standing_at(2024, 10, 9):
            return [
                count_statements(lambda place=place: admin.get(f"/admin/kendali/{round_.period_id}/{place}")) for place in ("", "unit/")
            ]

    few = costs()
    people.register_units(cast.bkpsdm, units=[people.NewUnit(f"u{number}", f"Unit {number}") for number in range(50)])
    for name in ("Budi Santoso", "Wati Lestari", "Udin Hasan"):
        builders.submitted(cast, round_, name)
    assert costs() == few
