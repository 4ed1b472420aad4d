"""What is sent as evidence to do harm is refused by what it is, or kept as what it says it is; nothing of a refused file stays."""

import io
import struct
import zipfile

import pytest

from sipetruk.errors import Invalid
from sipetruk.models import AuditEntry, Blob, Evidence, Nomination
from sipetruk.rules.file_kinds import HEAD, LARGEST_PIXELS, kind_in_words, png_pixels
from sipetruk.services import evidence
from tests.services import builders
from tests.services.builders import JPEG, PDF, PNG, attach

MEGABYTE = 1024 * 1024
SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


def office_bomb(part="word/document.xml"):
    """A document of some kilobytes that unfolds to 50 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(part, bytes(50 * MEGABYTE))
    return made.getvalue()


def picture(width, height):
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def zip_with_pdf_in_front():
    """A document that a reader of archives opens as an archive: what is in front of it decides what it is here."""
    made = io.BytesIO(PDF)
    made.seek(0, io.SEEK_END)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("pasang.exe", b"MZ")
    return made.getvalue()


@pytest.fixture
def nomination_id(cast):
    return builders.drafted(cast, builders.open_round(cast))


REFUSED = [
    ("program", b"MZ\x90\x00\x03\x00\x00\x00", "adalah program Windows (EXE), bukan PDF"),
    ("program of Linux", b"\x7fELF\x02\x01\x01", "adalah program Linux, bukan PDF"),
    ("script", b"#!/bin/sh\nrm -rf /\n", "adalah skrip program, bukan PDF"),
    ("svg", SVG, "adalah gambar SVG, bukan PDF"),
    ("page", b"<!DOCTYPE html>" + SCRIPT, "adalah halaman HTML, bukan PDF"),
    ("page with a PDF in it", b"\n<html>" + SCRIPT + PDF, "adalah halaman HTML, bukan PDF"),
    ("word bomb", office_bomb(), "adalah berkas ZIP atau dokumen Office (DOCX, XLSX), bukan PDF"),
    ("excel bomb", office_bomb("xl/workbook.xml"), "adalah berkas ZIP atau dokumen Office (DOCX, XLSX), bukan PDF"),
    ("old word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "adalah dokumen Office lama (DOC, XLS) atau pemasang program, bukan PDF"),
    ("picture", PNG, "adalah gambar PNG, bukan PDF"),
    ("pdf after blanks", b"\n" + PDF, "bukan PDF"),
]


@pytest.mark.parametrize(("content", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_no_document_is_refused_by_what_it_is(cast, data_dir, nomination_id, content, said):
    before = AuditEntry.select().count()
    with builders.during_nomination(), pytest.raises(Invalid) as refused:
        attach(cast.unit_admin, nomination_id, content=content, filename="proposal.pdf")
    message = f"Isi berkas ini {said}. Mengganti akhiran nama berkas tidak mengubah isinya."
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [(("file",), message)]
    assert [path for path in (data_dir / "evidence").rglob("*") if path.is_file()] == []
    assert (Evidence.select().count(), Blob.select().count(), AuditEntry.select().count()) == (0, 0, before)
    assert Nomination.get_by_id(nomination_id).row_version == 1


def test_a_bomb_is_never_unfolded(cast, nomination_id, monkeypatch):
    def unfold(*_args, **_kwargs):
        raise AssertionError("an archive was opened")

    monkeypatch.setattr(zipfile, "ZipFile", unfold) if (bomb := office_bomb()) else None
    with builders.during_nomination(), pytest.raises(Invalid):
        attach(cast.unit_admin, nomination_id, content=bomb)


@pytest.mark.parametrize(
    ("requirement", "content"),
    [
        ("proposal", PDF + SCRIPT),
        ("proposal", b"%PDF-1.7\n<svg onload=alert(1)></svg>"),
        ("proposal", zip_with_pdf_in_front()),
        ("foto", JPEG + SCRIPT),
        ("foto", PNG + b"<?php system($_GET['c']); ?>"),
    ],
    ids=["pdf and page", "pdf and svg", "pdf and archive", "jpg and page", "png and php"],
)
def test_what_is_two_things_at_once_is_kept_as_what_it_begins_as(cast, nomination_id, requirement, content):
    with builders.during_nomination():
        kept = attach(cast.unit_admin, nomination_id, requirement, content, "bukti.html")
    opened = evidence.open_file(cast.unit_admin, kept)
    assert opened.media_type == {b"%": "application/pdf", b"\xff": "image/jpeg", b"\x89": "image/png"}[content[:1]]
    assert opened.filename.rpartition(".")[2] == opened.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    assert opened.path.read_bytes() == content


def test_a_picture_that_unfolds_beyond_measure_is_refused(cast, nomination_id):
    side = int(LARGEST_PIXELS**0.5)
    with builders.during_nomination():
        attach(cast.unit_admin, nomination_id, "foto", picture(side, side), "besar.png")
        evidence.remove(cast.unit_admin, evidence_id=Evidence.get().id)
        with pytest.raises(Invalid, match="terlalu banyak piksel"):
            attach(cast.unit_admin, nomination_id, "foto", picture(side, side + 1), "terlalu.png")
    assert Evidence.select().count() == 0


def test_a_hundred_megabytes_are_read_to_the_limit_only(cast, data_dir, nomination_id):
    class Hundred:
        left = 100 * MEGABYTE
        read_bytes = 0

        def read(self, size):
            given = min(size, self.left)
            self.left -= given
            self.read_bytes += given
            return b"%PDF-".ljust(given, b"\x00") if given else b""

    stream = Hundred()
    with builders.during_nomination(), pytest.raises(Invalid, match="lebih besar dari batas 1 MB"):
        evidence.store(cast.unit_admin, nomination_id=nomination_id, requirement="proposal", filename="a.pdf", stream=stream)
    assert stream.read_bytes <= MEGABYTE + 2 * 64 * 1024
    assert [path for path in (data_dir / "evidence").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\system32\\calc.exe", "calc.exe.pdf"),
        ("/absolut/proposal.pdf", "proposal.pdf"),
        ("proposal.pdf\x00.exe", "proposal.pdf.exe.pdf"),
        ('x"; filename="y.html', "x_; filename=_y.html.pdf"),
        ("baris\r\nX-Jahat: 1.pdf", "barisX-Jahat_ 1.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("....pdf", "berkas.pdf"),
    ],
)
def test_a_name_leads_nowhere_and_commands_nothing(cast, data_dir, nomination_id, given, kept):
    with builders.during_nomination():
        evidence_id = attach(cast.unit_admin, nomination_id, filename=given)
    assert Evidence.get_by_id(evidence_id).filename == kept
    folder = data_dir / "evidence"
    assert [path.relative_to(folder).parts[-1] for path in folder.rglob("*") if path.is_file()] == [Evidence.get().blob_id]


def test_a_head_that_says_nothing_has_no_name():
    assert [kind_in_words(head) for head in (b"", b"halo", bytes(HEAD))] == ["", "", ""]
    assert [png_pixels(head) for head in (b"", PNG[:20], PNG)] == [None, None, 1]
