"""What a unit sees of a nomination whose time is over, and the page that says whom to ask."""

from datetime import date

from sipetruk.api import ids
from sipetruk.rules.unit_history import Basis
from sipetruk.services import retention, settings, units
from tests.portal.pages import forbidden
from tests.services.test_retention import archived, five_years_later


def test_an_emptied_nomination_says_so_and_no_page_of_it_fails(client, sign_in, cast):
    _, (winner, other, _), _ = archived(cast)
    with five_years_later():
        retention.apply(cast.bkpsdm)
        browser = sign_in(client, cast.unit_admin)
        key = ids.encode("Nomination", other)
        page = browser.get(f"/usulan/{key}")
        assert (page.status_code, "dihapus sesuai retensi" in page.text) == (200, True)
        assert "Budi Santoso" not in page.text
        assert "tidak sesuai" not in page.text  # a signature whose content is gone is no forgery
        assert browser.get(f"/usulan/{key}/nilai").status_code == 200
        assert browser.get("/usulan/").status_code == 200
        assert "Siti Aminah" in browser.get(f"/usulan/{ids.encode('Nomination', winner)}").text
        for address in ("/", "/periode/"):
            assert browser.get(address).status_code == 200


def test_the_page_of_contacts_shows_each_setting(client, cast):
    empty = client.get("/kontak").text
    assert "Nomor dan alamat surel bantuan belum diisi." in empty
    given = {
        "agency_name": "BKPSDM <Balangan>",
        "agency_address": "Jalan Satu\nParingin",
        "help_hours": "Senin sampai Jumat",
        "help_phone": "0526123456",
        "help_whatsapp": "081234567890",
        "help_email": "bkpsdm@contoh.go.id",
    }
    for key, value in given.items():
        settings.change(cast.bkpsdm, key=key, value=value, expected_version=0)
    page = client.get("/kontak").text
    for piece in (
        "BKPSDM &lt;Balangan&gt;",
        "<p>Jalan Satu</p><p>Paringin</p>",
        "Senin sampai Jumat",
        'href="tel:0526123456"',
        'href="https://wa.me/6281234567890"',
        'href="mailto:bkpsdm@contoh.go.id"',
    ):
        assert piece in page
    assert forbidden(page) == ['href="https://']  # the one address outside is that of the conversation
    assert "belum diisi" not in page


def test_a_unit_that_is_renamed_keeps_its_name_in_what_was_published(client, cast):
    archived(cast)
    before = client.get("/pemenang/siti-aminah-2024").text
    basis = Basis(date(2024, 12, 1), "Perda 5 Tahun 2024")
    units.rename(cast.bkpsdm, unit_id=cast.unit_id, code="dinkes-2", name="Dinas Kesehatan Baru", basis=basis, expected_version=1)
    assert client.get("/pemenang/siti-aminah-2024").text == before
    assert "Pengendalian Penduduk" in before
    assert "Dinas Kesehatan Baru" not in client.get("/").text
