"""The audit trail in the panel: filtered, counted, entry by entry, as a file; and the history of every record as a tab."""

import csv
import html
import io
import re
from datetime import UTC, date, datetime

import pytest

from sipetruk import jobs as worker
from sipetruk.models import AuditEntry, ChainHead, Job, Period
from sipetruk.models.base import database
from sipetruk.rules.announcement_states import Text
from sipetruk.rules.permissions import Action
from sipetruk.services import announcements, audit, chain, clock, people, periods
from tests.services import builders

PAGE = "/admin/audit/"


@pytest.fixture
def renamed(cast):
    """A unit with a new name; the number of the entry that says so."""
    people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name="Dinkes baru", is_active=True, expected_version=1)
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first().id


def shown(answer):
    assert answer.status_code == 200, answer.text
    return [int(number) for number in re.findall(r'<li id="catatan-(\d+)">', answer.text)]


def test_an_entry_is_told_in_words_with_the_difference(visit, renamed):
    text = html.unescape(visit("viewer").get(f"{PAGE}?tindakan=unit:edit&orang=bkpsdm").text)
    assert '<p class="count" role="status">1 catatan</p>' in text
    for words in ("Mengubah unit kerja", "Rina Admin (bkpsdm)", "lewat Panel", "Nama unit kerja", "Dinkes baru"):
        assert words in text, words
    entry = AuditEntry.get_by_id(renamed)
    detail = visit("viewer").get(f"{PAGE}{renamed}/").text
    assert [word in detail for word in ("Dinkes baru", entry.hash, entry.previous_hash, 'rel="prev"')] == [True] * 4
    assert 'rel="next"' not in detail


def test_an_entry_about_many_things_names_no_number_and_promises_no_changes(visit, cast):
    with database.atomic():
        for number in (1, 2):
            audit.record(cast.bkpsdm, Action.RETENTION_APPLY, "retention", "rows", before={"number": 1}, after={"number": number})
    text = html.unescape(visit("viewer").get(f"{PAGE}?hal=retention").text)
    assert (text.count("· Retensi<"), "Retensi rows" in text) == (2, False)
    assert re.findall(r"<summary>([^<]+)<span", text) == ["1 perubahan", "Rincian"]


def test_filters_narrow_the_trail_and_stay_in_the_links(visit, cast, renamed):
    visitor = visit("viewer")
    for query, found in {
        f"hal=unit&nomor={cast.unit_id}": 2,
        "hal=unit&tindakan=unit:edit&lewat=panel": 1,
        "lewat=portal": 0,
        "sejak=2999-01-01": 0,
        "sampai=2001-01-01": 0,
        "orang=tidak-ada": 0,
    }.items():
        assert len(shown(visitor.get(f"{PAGE}?{query}"))) == found, query
    assert "Tidak ada catatan yang cocok dengan saringan ini." in visitor.get(f"{PAGE}?lewat=portal").text
    assert f'{PAGE}orang/?hal=unit"' in visitor.get(f"{PAGE}?hal=unit").text


@pytest.mark.parametrize("face", ["", "orang/", "hari/", "hal/", "unduh.csv"])
def test_nonsense_in_the_address_is_no_fault(visit, face):
    visitor = visit("viewer")
    texts = ("sejak=kemarin", "sampai=9999-12-31", "sejak=0001-01-01", "hal=%00", "nomor=%27", "orang=" + "x" * 500)
    for query in (*texts, "_external=1", "endpoint=x", "sebelum_hari=9999-12-31"):
        assert visitor.get(f"{PAGE}{face}?{query}").status_code == 200, query


def test_a_forged_place_is_refused(visit):
    assert visit("viewer").get(f"{PAGE}?sesudah=palsu").status_code == 422
    assert visit("viewer").get(f"{PAGE}999999/").status_code == 404


def test_pages_follow_each_other(visit, cast):
    with database.atomic():
        for number in range(30):
            audit.record(cast.bkpsdm, Action.UNIT_EDIT, "unit", 9, after={"name": f"Unit {number}"})
    visitor = visit("viewer")
    first = visitor.get(f"{PAGE}?hal=unit&nomor=9")
    onward = html.unescape(re.search(r'rel="next" href="([^"]+)"', first.text).group(1))
    second = visitor.get(onward)
    assert shown(first) + shown(second) == sorted(shown(first) + shown(second), reverse=True)
    assert (len(shown(first)), len(shown(second))) == (25, 5)
    back = html.unescape(re.search(r'rel="prev" href="([^"]+)"', second.text).group(1))
    assert shown(visitor.get(back)) == shown(first)


def test_the_trail_is_counted_by_person_by_day_and_by_thing(visit, cast):
    for moment in (datetime(2024, 10, 14, 15, 59, 59, tzinfo=UTC), datetime(2024, 10, 14, 16, 0, tzinfo=UTC)):
        with clock.standing_at(moment), database.atomic():
            audit.record(cast.verifier, Action.NOMINATION_CHECK, "nomination", 1, after={"state": "verified"})
    visitor = visit("viewer")
    person = visitor.get(f"{PAGE}orang/?hal=nomination").text
    assert re.findall(r'orang=(\w+)">(.*?)</a>.*?class="num">(\d+)<', person, re.DOTALL) == [("verifikator", "Yusuf Verifikator", "2")]
    days = visitor.get(f"{PAGE}hari/?hal=nomination").text
    assert re.findall(r'<a href="[^"]+">(\d+ Oktober 2024)</a>', days) == ["15 Oktober 2024", "14 Oktober 2024"]
    things = visitor.get(f"{PAGE}hal/?orang=verifikator").text
    assert re.findall(r'hal=(\w+)">(.*?)</a>', things) == [("nomination", "Usulan")]


def test_the_file_holds_what_the_filters_leave(visit, renamed):
    answer = visit("viewer").get(f"{PAGE}unduh.csv?tindakan=unit:edit&orang=bkpsdm")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == ("text/csv", 'attachment; filename="jejak-audit.csv"')
    titles, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    found = dict(zip(titles, row, strict=True))
    assert (found["Nomor"], found["Nama"], found["Tindakan"], found["Hal"]) == (
        str(renamed),
        "Rina Admin",
        "Mengubah unit kerja",
        "Unit kerja",
    )
    assert found["Perubahan"].endswith("→ Dinkes baru")


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_others_read_neither_trail_nor_history(visit, cast, renamed, who):
    visitor = visit(who)
    for path in (PAGE, f"{PAGE}{renamed}/", f"{PAGE}orang/", f"{PAGE}unduh.csv", f"/admin/riwayat/unit/{cast.unit_id}/"):
        answer = visitor.get(path)
        assert (answer.status_code, "Dinkes baru" in answer.text) == (403, False), path


@pytest.mark.parametrize("page", ["new/", "edit/?id=1", "delete/?id=1"])
def test_the_audit_is_only_read(visit, page):
    visitor = visit("bkpsdm")
    assert [visitor.get(f"{PAGE}{page}").status_code, visitor.post(f"{PAGE}{page}").status_code] == [404, 404]


# Whether the trail is whole


def test_the_check_is_asked_for_watched_and_read(visit, cast):
    chain.publish_head()
    visitor, page = visit("viewer"), f"{PAGE}keutuhan/"
    assert "Belum pernah diperiksa" in visitor.get(page).text
    assert (visitor.post(page).status_code, visitor.post(page).status_code, Job.select().count()) == (303, 303, 1)
    waiting = visitor.get(page).text
    assert ["Sedang diperiksa" in waiting, '<meta http-equiv="refresh" content="3">' in waiting, "Periksa sekarang" in waiting] == [
        True,
        True,
        False,
    ]
    worker.work_once()
    done = visitor.get(page).text
    assert "<b>✓ Utuh.</b>" in done
    assert "dan dengan 1 ujung rantai yang diumumkan" in done
    assert audit.verify().head in done


def test_a_head_that_does_not_fit_is_named(visit, cast):
    ChainHead.insert(day=date(2024, 10, 2), entries=1, head="f" * 64, published_at=clock.now()).execute()
    visitor = visit("viewer")
    visitor.post(f"{PAGE}keutuhan/")
    worker.work_once()
    assert "Ujung rantai yang diumumkan untuk 2 Oktober 2024 adalah yang pertama tidak cocok." in visitor.get(f"{PAGE}keutuhan/").text


def test_others_ask_for_no_check(visit):
    assert [visit("verifier").post(f"{PAGE}keutuhan/").status_code, Job.select().count()] == [403, 0]


# Histories


def test_every_record_page_has_the_tab(visit, cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    employee = builders.employee_of(id_).id
    news = announcements.create(cast.bkpsdm, slug="kabar", text=Text("Judul", "Isi."))
    visitor = visit("bkpsdm")
    for page, thing, record in [
        (f"/admin/periode/{round_.period_id}/", "period", round_.period_id),
        (f"/admin/periode/{round_.period_id}/jadwal/", "period", round_.period_id),
        (f"/admin/periode/kategori/{round_.category_id}/", "category", round_.category_id),
        (f"/admin/verifikasi/{id_}/", "nomination", id_),
        (f"/admin/pengguna/{cast.viewer.user_id}/", "user", cast.viewer.user_id),
        (f"/admin/unit/details/?id={cast.unit_id}", "unit", cast.unit_id),
        (f"/admin/pegawai/details/?id={employee}", "employee", employee),
        (f"/admin/pemeringkatan/{round_.category_id}/", "category", round_.category_id),
        (f"/admin/penetapan/{round_.period_id}/", "period", round_.period_id),
        (f"/admin/tim-penilai/{round_.category_id}/", "category", round_.category_id),
        (f"/admin/kabar/{news}/", "announcement", news),
    ]:
        address = f"/admin/riwayat/{thing}/{record}/"
        text = visitor.get(page).text
        assert f'<li><a href="{page}" aria-current="page">Isi</a></li><li><a href="{address}">Riwayat</a></li>' in text, page
        history = visitor.get(address)
        assert history.status_code == 200
        assert f'<a href="{address}" aria-current="page">Riwayat</a>' in history.text
        assert shown(history), page
    assert f'href="/admin/instrumen/{round_.version_id}/riwayat/"' in visitor.get(f"/admin/instrumen/{round_.version_id}/").text


def test_who_may_not_read_the_trail_is_offered_no_tab(visit, cast):
    id_ = builders.submitted(cast, builders.open_round(cast))
    assert "/admin/riwayat/" not in visit("verifier").get(f"/admin/verifikasi/{id_}/").text


def test_the_history_of_what_was_removed_says_so_and_leads_to_no_page_of_it(visit, cast):
    round_ = builders.prepared_round(cast)
    periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=Period.get_by_id(round_.period_id).row_version)
    text = visit("viewer").get(f"/admin/riwayat/period/{round_.period_id}/").text
    assert "Riwayat ASN Berprestasi 2024" in text
    assert "Periode ini sudah dihapus; catatannya tetap ada." in text
    assert f"/admin/periode/{round_.period_id}/" not in text


@pytest.mark.parametrize("path", ["period/999/", "job/1/", "period/0/", "period/99999999999999999999/", "%00/1/", "nomination/abc/"])
def test_a_history_of_nothing_is_not_found(visit, path):
    assert visit("bkpsdm").get(f"/admin/riwayat/{path}").status_code == 404
