"""What a unit hands in for a nominee: answers to the form and small PDF files that say they are examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from random import Random

from sipetruk.demo.people import NOMINEES
from sipetruk.demo.units import UNITS
from sipetruk.rules import form, scales
from sipetruk.rules.definition import Definition, EvidenceRequirement
from sipetruk.rules.exact import exact_text

_IDEAS: dict[str, tuple[str, ...]] = {
    "arsip": ("Arsip Bergerak Masuk Desa", "Pojok Baca Balai Adat", "Alih Media Arsip Tanah dalam Sehari"),
    "kepegawaian": ("Kenaikan Pangkat Tanpa Map", "Ruang Belajar ASN Balangan", "Peta Talenta Satu Layar"),
    "kesehatan": ("Antrean Daring Puskesmas Tanpa Kertas", "Bidan Siaga Lintas Sungai", "Kader Cegah Stunting Berbasis Dasawisma"),
    "keuangan": ("Rekonsiliasi Kas Harian Otomatis", "Pajak Daerah Lewat Warung", "Aset Desa Terpeta"),
    "komputer": ("Satu Data Balangan untuk Semua", "Pusat Bantuan Digital Kecamatan", "Jaringan Darurat Tenaga Surya"),
    "layanan": ("Layanan Kependudukan di Pasar Mingguan", "Loket Ramah Lansia", "Surat Keterangan Selesai Sepuluh Menit"),
    "lingkungan": ("Bank Sampah Sekolah Sungai Pitap", "Sungai Balangan Terpantau", "Kompos Pasar untuk Kebun Warga"),
    "pendidikan": ("Guru Keliling Pegunungan Meratus", "Literasi Banjar untuk Kelas Awal", "Bengkel Sains Barang Bekas"),
    "pengawasan": ("Klinik Konsultasi Dana Desa", "Peringatan Dini Temuan Berulang", "Audit Jarak Jauh Berbasis Risiko"),
    "pertanian": ("Pupuk Hayati dari Limbah Karet", "Sawah Tadah Hujan Panen Dua Kali", "Lumbung Ikan Pekarangan"),
    "rencana": ("Musrenbang Terbuka Lewat Gawai", "Peta Usulan Warga", "Papan Kinerja Program Bulanan"),
    "sosial": ("Rumah Aman Perempuan dan Anak", "Data Bantuan Sosial Tanpa Ganda", "Posyandu Remaja Balangan"),
    "tanggap": ("Siaga Banjar Berbasis Radio Warga", "Peta Evakuasi Kampung", "Patroli Ramah Sekolah"),
    "teknik": ("Jembatan Gantung Swakelola", "Uji Kendaraan Tanpa Antre", "Aduan Jalan Rusak Tujuh Hari"),
    "umum": ("Rapat Tanpa Kertas", "Layanan Tamu Satu Pintu", "Jadwal Kendaraan Dinas Bersama"),
    "usaha": ("Pasar Digital UMKM Meratus", "Kelas Ekspor Anyaman Purun", "Wisata Desa Terpadu"),
}
_PROBLEM = (
    "Sebelum gagasan ini dijalankan, warga dan rekan kerja menunggu lama karena berkas berpindah tangan beberapa kali dan tidak ada "
    "yang tahu sampai di mana urusannya."
)
_STEPS = (
    "Calon memetakan alur kerja bersama tim, menghapus langkah yang tidak perlu, menyusun panduan singkat, lalu mencobanya selama "
    "tiga bulan sebelum diterapkan di seluruh unit."
)
_BENEFITS = (
    "Waktu layanan turun dari lima hari menjadi satu hari, keluhan berkurang separuh, dan biaya cetak hemat tiga juta rupiah sebulan.",
    "Warga yang terlayani naik dari 40 menjadi 95 orang setiap pekan tanpa tambahan petugas, dan hasilnya dapat diperiksa setiap bulan.",
    "Kesalahan data turun dari 12 menjadi 2 persen, dan empat unit lain sudah memakai cara yang sama dengan pendampingan calon.",
)
_REASONS = (
    "Calon menjadi tempat bertanya rekan kerja, selalu menyelesaikan tugas tepat waktu, dan tetap ramah ketika pekerjaan menumpuk.",
    "Calon bersedia bertugas di desa yang sulit dijangkau, mendampingi pegawai baru, dan menolak pemberian yang tidak semestinya.",
    "Calon memimpin tim kecil dengan memberi contoh, mencatat kemajuan secara terbuka, dan mengajak semua orang ikut memperbaiki.",
)
_SENTENCE = "Uraian ini adalah contoh yang dibuat untuk memperagakan aplikasi. "
_DECIDED = {"judul_inovasi": "title", "uraian_inovasi": "story", "manfaat_inovasi": "benefit", "alasan_pengusulan": "reason"}


def titles() -> dict[tuple[str, int], str]:
    """The title of the innovation of whoever holds a place in a unit; no two are equal."""
    found: dict[tuple[str, int], str] = {}
    taken: Counter[str] = Counter()
    for place in NOMINEES:
        for unit in UNITS:
            ideas = _IDEAS[unit.field]
            idea = ideas[taken[unit.field] % len(ideas)]
            found[unit.code, place] = idea if taken[unit.field] < len(ideas) else f"{idea} di {unit.name}"
            taken[unit.field] += 1
    return found


def answers(definition: Definition, chance: Random, innovation: str, year: int) -> dict[str, object]:
    """Complete answers to the unit's form, whatever it asks."""
    words = {
        "title": innovation,
        "story": f"{_PROBLEM} Melalui “{innovation}”, urusan itu dapat dipantau dari awal sampai selesai. {_STEPS}",
        "benefit": chance.choice(_BENEFITS),
        "reason": chance.choice(_REASONS),
    }
    given: dict[str, object] = {}
    for asked in form.fields(definition):
        if form.is_shown(asked, given) and (asked.required or chance.random() < 0.5):  # half of what is optional
            given[asked.code] = words[_DECIDED[asked.code]] if asked.code in _DECIDED else _answer(asked, chance, year)
    return given


def head_values(definition: Definition, chance: Random) -> dict[str, object]:
    """What the head fills in with the endorsement."""
    return {asked.code: _answer(asked, chance, 0) for asked in form.head_fields(definition)}


def pdf(requirement: EvidenceRequirement) -> bytes:
    """A valid one-page PDF that names the document it stands for; the same bytes every time."""
    plain = requirement.label.encode("ascii", "replace").decode().replace("(", "[").replace(")", "]").replace("\\", "/")
    lines = f"BT /F1 18 Tf 60 760 Td (Contoh: {plain}) Tj 0 -30 Td /F1 11 Tf (Berkas peragaan SI PETRUK, bukan dokumen asli.) Tj ET"
    stream = lines.encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    ending = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table) + ending


def _answer(asked: form.Input, chance: Random, year: int) -> object:
    found: object
    match asked.kind:
        case "number":
            best = asked.max if asked.max is not None else asked.min
            found = exact_text(Fraction(1) if best is None else best)
        case "date":
            found = f"{year - 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        case "choice":
            found = asked.options[-1].code
        case "choices":
            found = [asked.options[0].code]
        case "link":
            found = "https://balangankab.go.id/"
        case "declaration":
            found = True
        case "tally":
            found = _counts(asked)
        case _:
            found = (_SENTENCE * (1 + (asked.min_chars or 0) // len(_SENTENCE))).strip()[: asked.max_chars]
    return found


def _counts(asked: form.Input) -> Mapping[str, int]:
    if not isinstance(asked.scale, scales.Tally):
        raise TypeError("only a tally asks for counts")
    return {entry.code: 1 for entry in asked.scale.entries[-1:]}
