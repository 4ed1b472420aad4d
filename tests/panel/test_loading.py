"""Files of the personnel system by hand: tried first, every bad row named, loaded as a whole."""

import io

import pytest

from sipetruk.models import Employee, WorkUnit

PAGE = "/admin/muat-data/"
GOOD = b"kode_unit,nama_unit\nbpkad,BPKAD\n"


def sent(visitor, content, **changes):
    given = {"kind": "units", "file": (io.BytesIO(content), "unit.csv")} | changes
    return visitor.client.post(PAGE, data={"csrf_token": visitor.token, **given}, content_type="multipart/form-data")


def test_a_file_is_tried_and_then_loaded(visit, cast):
    visitor = visit("bkpsdm")
    tried = sent(visitor, GOOD, is_trial="y")
    assert (tried.status_code, "1 ditambahkan, 0 diganti, 0 sudah sama" in tried.text) == (200, True)
    assert WorkUnit.select().count() == 2
    assert sent(visitor, GOOD).status_code == 303
    assert "Unit kerja dimuat: 1 ditambahkan" in visitor.get(PAGE).text
    assert WorkUnit.select().count() == 3


def test_bad_rows_are_listed_with_their_column(visit, cast):
    answer = sent(visit("bkpsdm"), b"kode_unit,nama_unit\nbpkad,BPKAD\nBESAR,<b>X</b>\nlain,\n")
    assert answer.status_code == 422
    assert "2 hal harus diperbaiki. Tidak ada yang disimpan." in answer.text
    assert "<code>kode_unit</code>" in answer.text
    assert "<b>X</b>" not in answer.text
    assert "Berkas “unit.csv” belum disimpan; pilihlah sekali lagi." in answer.text
    assert WorkUnit.select().count() == 2


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("content", "words"), [(b"", "Berkas ini kosong"), (b"PK\x03\x04", "buku kerja Excel"), (b"\xff\xfe", "bukan teks UTF-8")]
)
def test_files_that_are_none(visit, cast, content, words):
    answer = sent(visit("bkpsdm"), content)
    assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_number_of_a_person_is_repeated(visit, cast):
    heading = b"nip,tahun,bulan,realisasi\n"
    answer = sent(visit("bkpsdm"), heading + b"198609262015051001,2024,13,97\n", kind="attendance")
    assert answer.status_code == 422
    assert "198609262015051001" not in answer.text
    assert Employee.select().count() == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_load_files(visit, cast):
    assert [visit(who).get(PAGE).status_code for who in ("bkpsdm", "verifier", "viewer", "unit_admin")] == [200, 403, 403, 403]
