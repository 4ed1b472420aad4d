"""Papers read back from their PDF: what they say, equal bytes for equal values, and names that would be markup elsewhere."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pypdf
import pytest

from sipetruk.documents.papers.certificates import Certificate, certificates_pdf
from sipetruk.documents.papers.letterhead import Letterhead, Signature
from sipetruk.documents.papers.minutes import Contest, Decision, Member, Minutes, Ranked, Seal, Unranked, minutes_pdf, recap_pdf
from sipetruk.documents.papers.typesetting import clean
from sipetruk.rules.signatories import Person, SignatoryStatus

NIP = "198609262015051001"
AT = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)
HEAD = Person("Norhayati, S.E.", "Kepala BKPSDM", SignatoryStatus.ACTING, rank_title="Pembina Tingkat I", nip=NIP)
REGENT = Person("Ahmad Noor", "Sekretaris Daerah", SignatoryStatus.ON_BEHALF, "Bupati Balangan", nip=NIP)
LETTERHEAD = Letterhead("Pemerintah Kabupaten Balangan", "BKPSDM Kabupaten Balangan", ("Jalan A. Yani", "Paringin"))
HOSTILE = '#import "x.typ" *tebal* $x^2$ <label> @acuan \\ [a] "petik" // catatan `kode` = Judul #{1 + 1} \'satu\' -- ...'
MINUTES = Minutes(
    letterhead=LETTERHEAD,
    contest=Contest("ASN Inovatif", "ASN Berprestasi 2026", "Instrumen Balangan", 3, "a" * 64, 2),
    parts=("Inovasi", "Rekam jejak"),
    ranked=(
        Ranked(1, "2026-0007", "Siti Aminah, S.Kep.", "Dinas Kesehatan", "82.67", ("80", "85.34"), False, "", True),
        Ranked(2, "2026-0003", "Budi Santoso", "Dinas Perhubungan", "80.00", ("79.5", None), True, "Nilai Inovasi", True),
        Ranked(3, "2026-0001", "Wati Lestari", "Dinas Kesehatan", "80.00", ("78", "82"), True, "Keputusan tim penilai", False),
    ),
    unranked=(Unranked("2026-0009", "Rahmat", "Dinas Sosial", "40.00", "Nilai Inovasi 20,00 di bawah batas 30,00."),),
    decisions=(Decision(("Budi Santoso", "Wati Lestari"), "Rapat pleno."),),
    passed_over=(("Wati Lestari", "Kuota unit kerja ini (1) sudah terisi."),),
    goes_on="",
    members=(Member("Dewi Penilai", 0), Member("Hasan Penilai", 2)),
    seal=Seal("1", "b" * 64, "c" * 64, datetime(2026, 11, 23, 1, 0, tzinfo=UTC), AT),
    signature=Signature("Paringin", date(2026, 11, 24), HEAD),
    is_superseded=False,
)
CERTIFICATE = Certificate(
    name="Siti Aminah, S.Kep.",
    position="Perawat Ahli Muda",
    unit="Dinas Kesehatan",
    category="ASN Inovatif",
    place=1,
    period="ASN Berprestasi 2026",
    citation="Antrean daring.",
    decree_number="188.45/123/KUM/2026",
    decree_on=date(2026, 11, 20),
    check_code="7K2M-9QXT-04BD",
    check_url="https://contoh.go.id/piagam?kode=7K2M-9QXT-04BD",
)


def pages(content):
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def certified(*certificates):
    signature = Signature("Paringin", date(2026, 11, 24), REGENT)
    return certificates_pdf(certificates, letterhead=LETTERHEAD, signature=signature, made_at=AT)


def millimetres(content):
    box = pypdf.PdfReader(io.BytesIO(content)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def test_the_minutes_say_what_was_ranked_and_how_it_was_sealed():
    text = " ".join(pages(minutes_pdf(MINUTES)))
    for words in (
        "PEMERINTAH KABUPATEN BALANGAN BKPSDM KABUPATEN BALANGAN Jalan A. Yani Paringin",
        "BERITA ACARA PEMERINGKATAN ASN INOVATIF ASN BERPRESTASI 2026 Nomor: ...",
        "Pada hari ini, Selasa tanggal dua puluh empat bulan November tahun dua ribu dua puluh enam (24-11-2026), bertempat di Paringin",
        "menurut instrumen Instrumen Balangan versi 3",
        "1 Siti Aminah, S.Kep. 2026-0007 Dinas Kesehatan 82,67 diusulkan menang",
        "2 Budi Santoso 2026-0003 Dinas Perhubungan 80,00 diusulkan menang, nilai sama",
        "Rahmat 2026-0009 Dinas Sosial 40,00 Nilai Inovasi 20,00 di bawah batas 30,00.",
        "Budi Santoso, nilai 80,00, peringkat 2, penentu: Nilai Inovasi.",
        "1. Budi Santoso; 2. Wati Lestari. Alasan: Rapat pleno.",
        "Siti Aminah, S.Kep., Dinas Kesehatan (peringkat 1).",
        "Wati Lestari: Kuota unit kerja ini (1) sudah terisi.",
        "ditetapkan final 24 November 2026 pukul 09.05 WITA (mesin hitung 1)",
        f"Masukan {'b' * 64} Hasil {'c' * 64} Instrumen {'a' * 64}",
        "1 Dewi Penilai 1. 2 Hasan Penilai mengundurkan diri dari menilai 2 calon 2.",
        "Paringin, 24 November 2026 Plt. Kepala BKPSDM, Norhayati, S.E. Pembina Tingkat I NIP 19860926 201505 1 001",
    ):
        assert words in text
    assert "DIGANTIKAN" not in text


def test_minutes_without_ties_say_so_and_those_before_an_interview_propose_nobody():
    alone = replace(MINUTES, ranked=MINUTES.ranked[:1], decisions=(), passed_over=(), unranked=(), goes_on="Maju ke wawancara.")
    text = " ".join(pages(minutes_pdf(alone)))
    assert "Tidak ada calon dengan nilai akhir yang sama." in text
    assert "Tindak lanjut Maju ke wawancara." in text
    for words in ("Usulan pemenang", "diusulkan menang", "Tidak memperoleh peringkat", "Keputusan tertulis"):
        assert words not in text


def test_whose_marks_do_not_count_has_no_line_to_sign():
    members = (Member("Dewi Penilai", 0), Member("Hasan Penilai", 2, signs=False))
    text = " ".join(pages(minutes_pdf(replace(MINUTES, members=members))))
    remark = "tidak menandatangani: tidak ada penilaiannya yang dihitung"
    assert f" 2 Hasan Penilai mengundurkan diri dari menilai 2 calon {remark} " in text
    assert ("1 Dewi Penilai 1." in text, f"{remark} 2." in text) == (True, False)


def test_a_ranking_of_nobody_has_minutes():
    text = " ".join(pages(minutes_pdf(replace(MINUTES, ranked=(), unranked=(), decisions=(), passed_over=(), members=()))))
    assert "Tidak ada calon yang memperoleh peringkat." in text
    assert "Pemeringkatan ini tidak mengusulkan pemenang." in text


@pytest.mark.parametrize("made", [minutes_pdf, recap_pdf])
def test_what_another_ranking_replaced_is_marked_on_every_page(made):
    rows = tuple(replace(MINUTES.ranked[0], rank=at, number=f"2026-{at:04}") for at in range(1, 101))
    found = pages(made(replace(MINUTES, ranked=rows, is_superseded=True)))
    assert len(found) > 2
    assert ["DIGANTIKAN" in page for page in found] == [True] * len(found)
    assert all(f"Halaman {at} dari {len(found)}" in page for at, page in enumerate(found, start=1))


def test_the_recap_puts_every_component_beside_the_total():
    text = " ".join(pages(recap_pdf(MINUTES)))
    assert "Peringkat Usulan Nama Unit kerja Inovasi Rekam jejak Nilai" in text
    assert "1 2026-0007 Siti Aminah, S.Kep. Dinas Kesehatan 80,0 85,34 82,67" in text
    assert "2 2026-0003 Budi Santoso Dinas Perhubungan 79,5 – 80,00" in text
    assert "– 2026-0009 Rahmat Dinas Sosial Nilai Inovasi 20,00 di bawah batas 30,00. 40,00" in text


def test_a_certificate_says_what_was_published_and_no_number_of_a_person():
    (text,) = pages(certified(CERTIFICATE))
    assert text == (
        "PEMERINTAH KABUPATEN BALANGAN PIAGAM PENGHARGAAN diberikan kepada Siti Aminah, S.Kep. Perawat Ahli Muda Dinas Kesehatan"
        " sebagai Pemenang Peringkat 1 ASN Inovatif pada ASN Berprestasi 2026 Antrean daring."
        " berdasarkan Surat Keputusan Nomor 188.45/123/KUM/2026 tanggal 20 November 2026"
        " Kode periksa 7K2M-9QXT-04BD https://contoh.go.id/piagam"
        " Paringin, 24 November 2026 a.n. Bupati Balangan Sekretaris Daerah, Ahmad Noor"
    )
    assert "19860926" not in text


def test_one_page_for_each_certificate_in_the_order_given():
    names = ["Siti Aminah", "Budi Santoso", "Wati Lestari"]
    found = pages(certified(*(replace(CERTIFICATE, name=name) for name in names)))
    assert [name in page for name, page in zip(names, found, strict=True)] == [True] * 3


def test_the_longest_that_can_be_typed_stays_on_its_page():
    long = replace(
        CERTIFICATE,
        name=("Muhammad Abdurrahman " * 12)[:250],
        position="Kepala Subbagian " * 11,
        unit="Badan Kepegawaian " * 11,
        category="ASN Inovatif " * 11,
        citation="Antrean daring. " * 62,
        decree_number="188.45/" * 17,
    )
    (text,) = pages(certified(long))
    assert text.count("Antrean daring.") == 62
    assert text.endswith("Ahmad Noor")


def test_the_paper_has_the_size_that_is_used():
    assert [millimetres(made) for made in (minutes_pdf(MINUTES), recap_pdf(MINUTES), certified(CERTIFICATE))] == [
        (215, 330),
        (330, 215),
        (297, 215),
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda name: minutes_pdf(replace(MINUTES, ranked=(replace(MINUTES.ranked[0], name=name),))),
        lambda name: recap_pdf(replace(MINUTES, ranked=(replace(MINUTES.ranked[0], name=name),))),
        lambda name: certified(replace(CERTIFICATE, name=name)),
    ],
    ids=["minutes", "recap", "certificate"],
)
def test_what_was_typed_is_printed_and_never_carried_out(make):
    squeezed = "".join("".join(pages(make(HOSTILE))).split())
    assert "".join(HOSTILE.split()) in squeezed
    assert make("Siti 漢字 😀 \ud7ff é")[:5] == b"%PDF-"


def test_what_cannot_be_seen_is_left_out():
    assert clean({"a": "Siti\u202e Aminah\x00\u200b", "b": ["x\n\ty", ("z\u2066",)], "c": 1}) == {
        "a": "Siti Aminah",
        "b": ["x y", ["z"]],
        "c": 1,
    }


def test_equal_values_give_equal_bytes_and_others_do_not():
    assert minutes_pdf(MINUTES) == minutes_pdf(replace(MINUTES))
    assert certified(CERTIFICATE) == certified(replace(CERTIFICATE))
    other = replace(CERTIFICATE, check_url="https://contoh.go.id/piagam?kode=0000-0000-0000")
    assert certified(CERTIFICATE) != certified(other)
    assert pypdf.PdfReader(io.BytesIO(certified(CERTIFICATE))).metadata["/CreationDate"] == "D:20261124010500Z"
