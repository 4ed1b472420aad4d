"""Objections in the panel: the register and its file, decisions, letters, sheets opened again, replaced and let go, the difference."""

from __future__ import annotations

import io

import pytest

from sipetruk.models import Objection, Ranking, Reopening, Sheet
from sipetruk.services import users
from tests.services import builders, objecting
from tests.services.objecting import HIGHER, REASON, at

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def visit(app, sign_in):
    return lambda who: sign_in(app.test_client(), who)


def post(client, csrf, path, **data):
    return client.post(path, data={"csrf_token": csrf(client, path)} | data)


def test_the_register_is_filtered_and_exported(db, cast, visit):
    _, (siti, budi) = objecting.objection_stage(cast)
    first, second = objecting.filed(cast, siti), objecting.accepted(cast, budi)
    client = visit(cast.bkpsdm)
    with at(8):
        page = client.get("/admin/sanggah/").text
        assert (page.count("2024-S00"), "2 sanggahan" in page, "menunggu tindak lanjut" in page) == (2, True, True)
        assert f'href="/admin/sanggah/{first}/"' in page
        for query, found in (
            ("status=filed", ["2024-S001"]),
            ("status=tindak_lanjut", ["2024-S002"]),
            ("cari=budi", ["2024-S002"]),
            ("cari=tidak+ada", []),
            ("status=lain&kategori=x&unit=x&periode=99999999999", ["2024-S001", "2024-S002"]),
        ):
            text = client.get(f"/admin/sanggah/?{query}").text
            assert [number for number in ("2024-S001", "2024-S002") if number in text] == found, query
            rows = client.get(f"/admin/sanggah/ekspor.csv?{query}").text.splitlines()
            assert [row.partition(",")[0] for row in rows[1:]] == found
        assert "Diterima" in client.get(f"/admin/sanggah/{second}/").text
    auditor = visit(cast.viewer)
    page = auditor.get(f"/admin/sanggah/{first}/").text
    assert (REASON in page, "Terima sanggahan" in page) == (True, False)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "outsider"])
def test_the_pages_are_closed_to_others(db, cast, visit, who):
    client = visit(getattr(cast, who))
    for path in ("/admin/sanggah/", "/admin/sanggah/1/", "/admin/sanggah/ekspor.csv", "/admin/lembar/", "/admin/lembar/1/"):
        assert client.get(path).status_code in {302, 303, 403, 404}, path


def test_bkpsdm_decides_once_with_a_reason(db, cast, visit, csrf):
    _, (_, budi) = objecting.objection_stage(cast)
    objection_id = objecting.filed(cast, budi)
    client = visit(cast.bkpsdm)
    path = f"/admin/sanggah/{objection_id}/terima/"
    with at(8):
        answer = post(client, csrf, path, reason=" ", row_version="1")
        assert (answer.status_code, "Isian belum disimpan" in answer.text) == (422, True)
        assert (
            post(client, csrf, path, reason="Proposal belum dibaca.", row_version="1").headers["Location"]
            == f"/admin/sanggah/{objection_id}/"
        )
        page = client.get(f"/admin/sanggah/{objection_id}/").text
        assert ("Menunggu tindak lanjut" in page, "Buka kembali lembar" in page) == (True, True)
        again = post(client, csrf, f"/admin/sanggah/{objection_id}/tolak/", reason="Lagi.", row_version="2")
        assert (again.status_code, "sudah “Diterima”" in again.text) == (422, True)
        for wrong in ("lain", "terima%00"):
            assert client.get(f"/admin/sanggah/{objection_id}/{wrong}/").status_code == 404
    assert [(row.state, row.decision) for row in Objection.select()] == [("accepted", "Proposal belum dibaca.")]


def test_a_letter_is_taken_in_and_decided_by_somebody_else(db, cast, visit, csrf):
    _, (_, budi) = objecting.objection_stage(cast)
    client = visit(cast.bkpsdm)
    path = f"/admin/sanggah/baru/{budi}/"
    with at(8):
        assert f'href="{path}"' in client.get("/admin/sanggah/baru/?cari=budi").text
        data = {"number": "800/12", "received_on": "2024-11-07", "reason": REASON}
        late = post(client, csrf, path, **data | {"received_on": "2024-11-05"})
        assert (late.status_code, "dalam masa sanggah" in late.text, REASON in late.text) == (422, True, True)
        bad = post(client, csrf, path, **data, file=(io.BytesIO(b"MZ"), "surat.pdf"))
        assert (bad.status_code, 'id="file-salah"' in bad.text) == (422, True)
        done = post(client, csrf, path, **data, file=(io.BytesIO(builders.PDF), "surat.pdf"))
        page = client.get(done.headers["Location"]).text
        assert ("surat 800/12 yang diterima 7 November 2024" in page, "Terima sanggahan" in page, "Cabut sanggahan" in page) == (
            True,
            False,
            True,
        )
        with client.get(f"{done.headers['Location']}berkas/") as file:
            assert (file.data, file.headers["Content-Disposition"]) == (builders.PDF, "attachment; filename=surat.pdf")
        refused = post(client, csrf, f"{done.headers['Location']}tolak/", reason="Alasan.", row_version="1")
        assert refused.status_code == 403
    assert Objection.get().state == "filed"


def test_sheets_are_opened_again_marked_and_the_difference_is_shown(db, cast, visit, csrf):
    round_, (_, budi) = objecting.objection_stage(cast)
    objecting.accepted(cast, budi)
    client, assessor = visit(cast.bkpsdm), visit(cast.assessor)
    with at(8):
        path = f"/admin/lembar/{budi}/buka/"
        version = str(builders.version_of(budi))
        none = post(client, csrf, path, reason="Alasan.", row_version=version)
        assert (none.status_code, Reopening.select().count()) == (422, 0)
        (sheet_id,) = objecting.sheets(budi, cast.assessor)
        done = post(client, csrf, path, sheets=str(sheet_id), criteria="gagasan", reason="Baca ulang proposal.", row_version=version)
        assert done.headers["Location"] == f"/admin/lembar/{budi}/"
        page = client.get(f"/admin/lembar/{budi}/").text
        assert ("karena sanggahan 2024-S001" in page, "Hanya Gagasan" in page, "Riwayat nilai Siti Penilai (3)" in page) == (
            True,
            True,
            True,
        )
        sheet = assessor.get(f"/admin/penilaian/{budi}/").text
        assert ("Baca ulang proposal." in sheet, "tidak dibuka kembali" in sheet) == (True, True)
        assert ('name="value-gagasan"' in sheet, 'name="value-disiplin"' in sheet) == (True, False)
        data = {"value-gagasan": "40", "note-gagasan": "Dibaca ulang.", "row_version": str(builders.sheet_version(cast.assessor, budi))}
        assert post(assessor, csrf, f"/admin/penilaian/{budi}/", **data).status_code == 303
        data = {"row_version": str(builders.sheet_version(cast.assessor, budi))}
        assert post(assessor, csrf, f"/admin/penilaian/{budi}/kirim/", **data).status_code == 303
    objecting.final(cast, round_, day=8)
    category = round_.category_id
    for who in (client, visit(cast.viewer)):
        page = who.get(f"/admin/pemeringkatan/{category}/perbedaan/").text
        for text in ("Budi Santoso", "+4,75", "Gagasan: 30,50 menjadi 35,25", "2024-S001", "Usulan pemenang tidak berubah"):
            assert text in page
        rows = who.get(f"/admin/pemeringkatan/{category}/perbedaan.csv").text.splitlines()
        assert 'Kriteria,2024-0002,Budi Santoso,Gagasan,"30,50","35,25","+4,75"' in rows
    assert "Perbedaan dengan final sebelumnya" in client.get(f"/admin/pemeringkatan/{category}/").text
    for query in ("lama=0", "baru=99", "lama=x&baru=%00"):
        assert client.get(f"/admin/pemeringkatan/{category}/perbedaan/?{query}").status_code in {200, 404}


def test_an_assessor_is_replaced_or_let_go(db, cast, visit, csrf):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso", panel=(cast.assessor, cast.assessor2))
    client = visit(cast.bkpsdm)
    sheet = Sheet.get(assessor=cast.assessor2.user_id)
    with builders.standing_at(2024, 10, 25):
        assert "Budi Santoso" in client.get(f"/admin/lembar/?kategori={round_.category_id}").text
        path = f"/admin/lembar/{budi}/{sheet.id}/"
        users.set_active(cast.bkpsdm, user_id=cast.assessor3.user_id, is_active=False, expected_version=1)
        nobody = client.get(f"{path}ganti/").text
        assert ("Belum ada penilai lain yang dapat ditunjuk." in nobody, "Tunjuk pengganti" in nobody) == (True, False)
        users.set_active(cast.bkpsdm, user_id=cast.assessor3.user_id, is_active=True, expected_version=2)
        dropped = post(client, csrf, f"{path}lepas/", reason="Sakit.", row_version="1")
        assert (dropped.status_code, "Tunjuk pengganti" in dropped.text) == (422, True)
        missing = post(client, csrf, f"{path}ganti/", reason="Sakit.", row_version="1")
        assert missing.status_code == 422
        done = post(client, csrf, f"{path}ganti/", assessor=str(cast.assessor3.user_id), reason="Sakit.", row_version="1")
        assert done.headers["Location"] == f"/admin/lembar/{budi}/"
        page = client.get(f"/admin/lembar/{budi}/").text
        assert ("Menggantikan" in page, "Dilepas" in page) == (True, True)
        assert client.get(f"/admin/lembar/{budi}/4711/ganti/").status_code == 404
    assert [row.state for row in Sheet.select().order_by(Sheet.id)] == ["open", "dropped", "open"]


def test_all_sheets_of_an_absent_assessor_go_over(db, cast, visit, csrf):
    round_, _ = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    client = visit(cast.bkpsdm)
    path = f"/admin/lembar/kategori/{round_.category_id}/ganti/"
    with builders.standing_at(2024, 10, 25):
        assert f'href="{path}"' in client.get(f"/admin/lembar/?kategori={round_.category_id}").text
        assert "Dewi Penilai (2 lembar)" in client.get(path).text
        data = {"former": str(cast.assessor2.user_id), "reason": "Cuti."}
        assert post(client, csrf, path, **data, assessor="4711").status_code == 422
        done = post(client, csrf, path, **data, assessor=str(cast.assessor3.user_id))
        assert (done.status_code, done.headers["Location"]) == (303, f"/admin/lembar/?kategori={round_.category_id}")
        again = post(client, csrf, path, **data, assessor=str(cast.assessor3.user_id))
        assert again.status_code == 422
    assert Sheet.select().where(Sheet.assessor == cast.assessor3.user_id, Sheet.state == "open").count() == 2
    assert visit(cast.viewer).get(path).status_code == 403


def test_where_nothing_may_be_opened_the_page_says_why(db, cast, visit):
    _, (siti, _) = objecting.ranking_stage(cast)
    client = visit(cast.bkpsdm)
    with at(3):
        assert "karena sanggahan yang diterima" in client.get(f"/admin/lembar/{siti}/").text
        assert client.get(f"/admin/lembar/{siti}/buka/").status_code == 409
    assert Ranking.select().count() == 1


def test_the_register_costs_the_same_for_one_row_and_for_three(db, cast, visit):
    _, ids = objecting.objection_stage(cast, [objecting.FIRST, objecting.SECOND, HIGHER | builders.FULL_MARKS])
    client = visit(cast.bkpsdm)

    def statements():
        with builders.counted(db) as sent:
            assert client.get("/admin/sanggah/").status_code == 200
        return len(sent)

    objecting.filed(cast, ids[0])
    one = statements()
    for id_ in ids[1:]:
        objecting.filed(cast, id_)
    assert statements() == one
