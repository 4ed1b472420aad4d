"""The unit's first page says what waits, until when and where, and shows the way of the period with the reader's duties."""

import pytest

from sipetruk.services import nominations
from tests.portal.pages import forbidden, plain
from tests.services import builders


@pytest.fixture
def home(client, cast, sign_in):
    """home(who, day) is that person's first page on a day of October 2024."""

    def home(who, day):
        sign_in(client, getattr(cast, who))
        with builders.standing_at(2024, 10, day):
            page = client.get("/usulan/").text
        client.post("/keluar", data={"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0]})
        assert forbidden(page) == []
        return page

    return home


def waiting(page):
    return plain(page.replace('<li class="late">', "<li>"), "<li>\n      <a", "</li>") if '<ul class="waits">' in page else []


def test_what_waits_is_listed_with_its_deadline_and_its_place(home, cast):
    assert "Tidak ada pekerjaan yang menunggu saat ini." in home("unit_admin", 2)
    id_ = builders.filled(cast, builders.open_round(cast, quota_per_unit=2))
    page = home("unit_admin", 14)
    assert [each.split("> ", 1)[-1] for each in waiting(page)] == [
        'href="/usulan/Tm9taW5hdGlvbjox">1 usulan masih berupa draf tenggat besok 23.59 WITA ASN Berprestasi 2024',
        'href="#open-title">1 usulan lagi masih dapat Anda buat menurut kuota tenggat besok 23.59 WITA ASN Berprestasi 2024',
    ]
    assert '<li class="late">' not in page
    assert "terlambat 1 hari (15 Oktober 2024 23.59 WITA)" in home("unit_admin", 16)
    with builders.during_nomination():
        nominations.hand_over(cast.unit_admin, nomination_id=id_, expected_version=builders.version_of(id_))
    (line,) = waiting(home("unit_head", 15))
    assert line == 'href="/usulan/Tm9taW5hdGlvbjox">1 usulan menunggu pengesahan Anda tenggat hari ini 23.59 WITA ASN Berprestasi 2024'


def test_the_way_of_the_period_marks_today_and_names_the_duties(home, cast):
    builders.prepared_round(cast)
    assert "Perjalanan ASN Berprestasi 2024" not in home("unit_head", 2)
    builders.Period.update(state="open").execute()
    page = home("unit_head", 2)
    assert plain(page, 'aria-current="step">', "</li>") == [
        "Pengusulan dibuka sedang berjalan hari ini 1–15 Oktober 2024 Tugas Anda: Memeriksa dan mengesahkan usulan unit Anda."
    ]
    assert "Hari ini 2 Oktober 2024." in page
    (now,) = plain(home("unit_head", 16), 'aria-current="step">', "</li>")
    closed = "Ditutup 15 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Verifikasi administrasi”."
    assert now == f"Pengusulan sudah ditutup 1–15 Oktober 2024 {closed}"
