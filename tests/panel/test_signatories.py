"""Signatories in the panel, with the lines as they will stand on paper; and the same over the staff schema."""

import pytest

from sipetruk.models import Signatory
from tests.panel.visitor import fields_of

NEW = "/admin/penandatangan/baru/"
GIVEN = {
    "name": "Drs. H. Ahmad, M.Si.",
    "position": "Sekretaris Daerah",
    "status": "an",
    "on_behalf_of": "Bupati Balangan",
    "rank_title": "Pembina Utama Muda",
    "nip": "19860926 201505 1 001",
    "valid_from": "2026-01-01",
    "documents": ["decree", "certificate"],
}


def test_named_for_two_documents_shown_as_printed_ended_and_removed(visit, cast):
    visitor = visit("bkpsdm")
    assert visitor.send(NEW, **GIVEN).status_code == 303
    page = visitor.get("/admin/penandatangan/").text
    for line in ("a.n. Bupati Balangan<br>Sekretaris Daerah,", "Drs. H. Ahmad, M.Si.<br>Pembina Utama Muda<br>NIP 19860926 201505 1 001"):
        assert page.count(line) == 2
    row = Signatory.get(Signatory.document == "decree")
    assert visitor.send(f"/admin/penandatangan/{row.id}/ubah/", valid_to="2026-06-30").status_code == 303
    assert "1 Januari 2026 – 30 Juni 2026" in visitor.get("/admin/penandatangan/").text
    assert visitor.post(f"/admin/penandatangan/{row.id}/hapus/", row_version="2").status_code == 200
    assert visitor.post(f"/admin/penandatangan/{row.id}/hapus/", row_version="2", confirmed="1").status_code == 303
    assert [row.document for row in Signatory.select()] == ["certificate"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "definitif"}, "Kosongkan, kecuali statusnya a.n."),
        ({"status": "pj", "on_behalf_of": "", "position": "Plt. Kepala"}, "Tulis jabatannya saja"),
        ({"status": "raja"}, "Pilihan ini tidak ada."),
        ({"documents": ["decree", "ijazah"]}, "Salah satu pilihan ini tidak ada."),
        ({"documents": []}, "wajib"),
        ({"nip": "198609262015131001"}, "bulan pengangkatan"),
        ({"valid_from": "32-01-2026"}, "Berlaku sejak</a>: Bukan tanggal yang sah.</li>"),
        ({"valid_from": ""}, "Berlaku sejak</a>: Wajib diisi.</li>"),
        ({"valid_to": "2025-01-01"}, "Tidak boleh sebelum tanggal mulai."),
    ],
)
def test_what_is_wrong_stands_at_its_field(visit, cast, changes, words):
    answer = visit("bkpsdm").send(NEW, **(GIVEN | changes))
    assert (answer.status_code, words in answer.text) == (422, True)
    assert fields_of(answer.text)["name"] == GIVEN["name"]
    assert Signatory.select().count() == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_read_and_change(visit, cast):
    assert [visit(who).get("/admin/penandatangan/").status_code for who in ("viewer", "verifier", "assessor", "unit_admin")] == [
        200,
        200,
        403,
        403,
    ]
    assert visit("viewer").get(NEW).status_code == 403
    assert visit("viewer").post(NEW, **GIVEN).status_code == 403
    assert Signatory.select().count() == 0
