"""Evidence is what its bytes are, belongs to one nomination, and is seen only by who may see that nomination."""

import hashlib
import io
from datetime import date

import pytest

from sipetruk.errors import Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, Blob, CheckItem, Endorsement, Evidence, Nomination
from sipetruk.services import checks, evidence, nominations
from tests.services import builders
from tests.services.builders import JPEG, PDF, PNG, attach

MEGABYTE = 1024 * 1024
NO_PDF = "Isi berkas ini bukan PDF. Mengganti akhiran nama berkas tidak mengubah isinya."


def files_in(data_dir):
    return sorted(path for path in (data_dir / "evidence").rglob("*") if path.is_file())


def refused(cast, nomination_id, **given):
    with builders.during_nomination(), pytest.raises(Invalid) as refusal:
        attach(cast.unit_admin, nomination_id, **given)
    return [(problem.path, problem.message) for problem in refusal.value.problems]


def test_a_file_is_kept_under_the_hash_of_its_bytes(cast, data_dir):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        evidence_id = attach(cast.unit_admin, nomination_id, filename="Proposal Inovasi.PDF")

    sha256 = hashlib.sha256(PDF).hexdigest()
    assert files_in(data_dir) == [data_dir / "evidence" / sha256[:2] / sha256[2:4] / sha256]
    assert files_in(data_dir)[0].read_bytes() == PDF
    saved = Evidence.get_by_id(evidence_id)
    assert (saved.nomination_id, saved.requirement, saved.blob_id, saved.filename, saved.uploaded_by_id) == (
        nomination_id,
        "proposal",
        sha256,
        "Proposal Inovasi.PDF",
        cast.unit_admin.user_id,
    )
    assert list(Blob.select(Blob.sha256, Blob.size, Blob.media_type).tuples()) == [(sha256, len(PDF), "application/pdf")]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.actor, entry.action, entry.thing, entry.thing_id) == ("opd-dinkes", "evidence:attach", "evidence", str(evidence_id))
    assert entry.after == {
        "nomination": nomination_id,
        "requirement": "proposal",
        "sha256": sha256,
        "filename": "Proposal Inovasi.PDF",
        "size": len(PDF),
    }


@pytest.mark.parametrize(("content", "media_type"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_pictures_are_recognised_by_their_bytes(cast, content, media_type):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        evidence_id = attach(cast.unit_admin, nomination_id, "foto", content, "kegiatan.bin")
    assert Evidence.get_by_id(evidence_id).blob.media_type == media_type


@pytest.mark.parametrize(
    ("requirement", "content", "filename", "path", "message"),
    [
        ("proposal", b"", "kosong.pdf", ("file",), "Berkas ini kosong (0 byte)."),
        ("proposal", b"Daftar hadir rapat", "proposal.pdf", ("file",), NO_PDF),
        ("proposal", PNG, "proposal.pdf", ("file",), NO_PDF.replace("bukan", "adalah gambar PNG, bukan")),
        ("proposal", b"%PD", "potong.pdf", ("file",), NO_PDF),
        (
            "foto",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "foto.png",
            ("file",),
            "Isi berkas ini adalah gambar SVG, bukan JPG atau PNG. Mengganti akhiran nama berkas tidak mengubah isinya.",
        ),
        ("proposal", PDF + bytes(MEGABYTE), "besar.pdf", ("file",), "Berkas lebih besar dari batas 1 MB."),
        ("ijazah", PDF, "ijazah.pdf", ("requirement",), "Jenis bukti ini tidak ada pada instrumen."),
        (
            "skp",
            PDF,
            "skp.pdf",
            ("requirement",),
            "Bukti “Laporan SKP” diambil dari data kepegawaian, tidak perlu diunggah.",
        ),
    ],
    ids=["empty", "text", "picture", "cut off", "svg", "too large", "unknown", "from the system"],
)
def test_what_is_no_evidence_is_refused_and_leaves_nothing(cast, data_dir, requirement, content, filename, path, message):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    before = AuditEntry.select().count()
    assert refused(cast, nomination_id, requirement=requirement, content=content, filename=filename) == [(path, message)]
    assert (Evidence.select().count(), Blob.select().count(), AuditEntry.select().count()) == (0, 0, before)
    assert files_in(data_dir) == []


def test_the_largest_size_is_allowed_and_one_byte_more_is_not(cast):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    largest = PDF + bytes(MEGABYTE - len(PDF))
    with builders.during_nomination():
        attach(cast.unit_admin, nomination_id, content=largest)
    assert refused(cast, nomination_id, content=largest + b"\x00") == [(("file",), "Berkas lebih besar dari batas 1 MB.")]


def test_reading_stops_at_the_limit(cast):
    class Endless:
        read_bytes = 0

        def read(self, size):
            self.read_bytes += size
            return b"%PDF-".ljust(size, b"\x00")

    nomination_id = builders.drafted(cast, builders.open_round(cast))
    stream = Endless()
    with builders.during_nomination(), pytest.raises(Invalid):
        evidence.store(cast.unit_admin, nomination_id=nomination_id, requirement="proposal", filename="a.pdf", stream=stream)
    assert stream.read_bytes <= MEGABYTE + 2 * 64 * 1024


def test_an_upload_that_breaks_off_leaves_nothing(cast, data_dir):
    class Broken(io.RawIOBase):
        def read(self, _=-1):
            raise ConnectionResetError

    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination(), pytest.raises(ConnectionResetError):
        evidence.store(cast.unit_admin, nomination_id=nomination_id, requirement="proposal", filename="a.pdf", stream=Broken())
    assert (Evidence.select().count(), files_in(data_dir)) == (0, [])


def test_the_same_file_twice_is_noticed(cast):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        attach(cast.unit_admin, nomination_id, filename="satu.pdf")
    message = "Berkas yang sama sudah diunggah untuk bukti “Proposal” dengan nama “satu.pdf”."
    assert refused(cast, nomination_id, filename="dua.pdf") == [(("file",), message)]
    assert Evidence.select().count() == 1


def test_no_more_files_than_the_instrument_allows(cast, data_dir):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        for part in (b"satu", b"dua"):
            attach(cast.unit_admin, nomination_id, content=PDF + part)
    message = "Bukti “Proposal” paling banyak 2 berkas. Hapus berkas yang lama terlebih dahulu."
    assert refused(cast, nomination_id, content=PDF + b"tiga") == [(("file",), message)]
    assert (Evidence.select().count(), len(files_in(data_dir))) == (2, 2)


def test_two_nominations_may_hold_the_same_bytes(cast, data_dir):
    round_ = builders.open_round(cast)
    first, second = builders.drafted(cast, round_, "Budi Santoso"), builders.drafted(cast, round_, "Wati Lestari")
    with builders.during_nomination():
        kept, removed = attach(cast.unit_admin, first), attach(cast.unit_admin, second)
        evidence.remove(cast.unit_admin, evidence_id=removed)
    assert [row.id for row in Evidence.select()] == [kept]
    assert evidence.open_file(cast.unit_admin, kept).path.read_bytes() == PDF
    assert len(files_in(data_dir)) == 1


PDF_KIND = evidence.KINDS[0]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("proposal.pdf", "proposal.pdf"),
        ("C:\\Users\\Sari\\Desktop\\proposal.PDF", "proposal.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        ("surat.exe", "surat.exe.pdf"),
        ("fdp\u202efdp.exe", "fdpfdp.exe.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("  .pdf", "berkas.pdf"),
        ("...", "berkas.pdf"),
        ("", "berkas.pdf"),
        ("usulan\x00.pdf", "usulan.pdf"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("laporan akhir  2024.pdf", "laporan akhir 2024.pdf"),
        ("\ud800rusak.pdf", "rusak.pdf"),
    ],
)
def test_names_of_files_are_cleaned(given, kept):
    assert evidence.clean_filename(given, PDF_KIND) == kept


def test_another_unit_gets_the_same_answer_as_for_an_unknown_nomination(cast):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    answers = []
    for id_ in (nomination_id, 999_999, 2**40):
        with builders.during_nomination(), pytest.raises(NotFound) as refusal:
            attach(cast.outsider, id_)
        answers.append(refusal.value.message)
    assert answers == ["Usulan tidak ditemukan."] * 3
    assert Evidence.select().count() == 0


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "unit_head", "viewer"])
def test_only_the_officer_of_the_unit_attaches(cast, who):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination(), pytest.raises(Forbidden) as refusal:
        attach(getattr(cast, who), nomination_id)
    assert refusal.value.message == "Anda tidak berhak mengunggah dan menghapus bukti dukung."
    assert Evidence.select().count() == 0


def test_whether_a_file_may_be_removed_is_known_before_it_is(cast, data_dir):
    with builders.during_nomination():
        evidence_id = attach(cast.unit_admin, builders.drafted(cast, builders.open_round(cast)))
        evidence.require_removable(cast.unit_admin, evidence_id=evidence_id)
        with pytest.raises(Forbidden, match="Anda tidak berhak mengunggah dan menghapus bukti dukung"):
            evidence.require_removable(cast.unit_head, evidence_id=evidence_id)
        with pytest.raises(NotFound):
            evidence.require_removable(cast.outsider, evidence_id=evidence_id)
    assert Evidence.select().count() == 1


def test_a_submitted_nomination_takes_no_files(cast):
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    evidence_id = Evidence.get(nomination=nomination_id).id
    with builders.during_nomination():
        with pytest.raises(IllegalMove):
            attach(cast.unit_admin, nomination_id, content=PDF + b"lain")
        with pytest.raises(IllegalMove):
            evidence.remove(cast.unit_admin, evidence_id=evidence_id)
        with pytest.raises(IllegalMove):
            evidence.require_removable(cast.unit_admin, evidence_id=evidence_id)
    assert [row.id for row in Evidence.select()] == [evidence_id]


def test_no_files_after_the_nomination_window(cast):
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 16), pytest.raises(IllegalMove):
        attach(cast.unit_admin, nomination_id)
    assert Evidence.select().count() == 0


def test_a_returned_nomination_takes_files_until_the_end_of_its_deadline(cast):
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 14):
        checks.return_(
            cast.verifier,
            nomination_id=nomination_id,
            reason="Proposal belum ditandatangani.",
            due_on=date(2024, 10, 20),
            expected_version=builders.version_of(nomination_id),
        )
    with builders.standing_at(2024, 10, 20):
        kept = attach(cast.unit_admin, nomination_id, content=PDF + b"bertanda tangan")
    with builders.standing_at(2024, 10, 21), pytest.raises(IllegalMove):
        evidence.remove(cast.unit_admin, evidence_id=kept)
    assert Evidence.select().count() == 2


def test_a_new_file_voids_the_endorsement_and_the_verdict_on_it(cast):
    nomination_id = builders.submitted(cast, builders.open_round(cast))
    with builders.standing_at(2024, 10, 14):
        builders.check_all(cast, nomination_id)
        checks.return_(
            cast.verifier,
            nomination_id=nomination_id,
            reason="Proposal belum ditandatangani.",
            due_on=date(2024, 10, 20),
            expected_version=builders.version_of(nomination_id),
        )
    version = builders.version_of(nomination_id)
    with builders.standing_at(2024, 10, 15):
        attach(cast.unit_admin, nomination_id, content=PDF + b"baru")
    assert [item.requirement for item in CheckItem.select()] == ["skp"]
    assert nominations.live_endorsement(Nomination.get_by_id(nomination_id)) is None
    assert builders.version_of(nomination_id) == version + 1


def test_removing_a_file_reopens_an_endorsed_draft(cast):
    nomination_id = builders.endorsed(cast, builders.open_round(cast))
    evidence_id = Evidence.get(nomination=nomination_id).id
    with builders.during_nomination():
        evidence.remove(cast.unit_admin, evidence_id=evidence_id)
    assert (Nomination.get_by_id(nomination_id).state, Evidence.select().count()) == ("draft", 0)
    assert [row.voided_at is None for row in Endorsement.select()] == [False]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.thing_id, entry.before["filename"], entry.after) == (
        "evidence:remove",
        str(evidence_id),
        "proposal.pdf",
        None,
    )


def test_a_file_opens_for_who_may_see_the_nomination_and_is_unknown_to_others(cast):
    _, (nomination_id,) = builders.assessing(cast, "Budi Santoso")
    evidence_id = Evidence.get(nomination=nomination_id).id
    for reader in (cast.bkpsdm, cast.verifier, cast.viewer, cast.unit_admin, cast.unit_head, cast.assessor):
        opened = evidence.open_file(reader, evidence_id)
        assert (opened.path.read_bytes(), opened.media_type, opened.filename) == (PDF, "application/pdf", "proposal.pdf")
    answers = []
    for stranger, id_ in ((cast.outsider, evidence_id), (cast.assessor3, evidence_id), (cast.outsider, 999_999)):
        with pytest.raises(NotFound) as refusal:
            evidence.open_file(stranger, id_)
        answers.append(refusal.value.message)
    assert answers == ["Berkas bukti tidak ditemukan."] * 3
