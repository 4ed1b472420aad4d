"""The sheets of an instrument workbook: their columns, in the words that people fill in."""

from __future__ import annotations

from dataclasses import dataclass

from sipetruk.documents.cells import Column, choice, flag, months, number, percent, text, texts, whole, years
from sipetruk.rules import definition as d
from sipetruk.rules import scales, vocabulary

HINT = "Petunjuk:"
"""The row below the headers begins with this word; it explains the columns and is not read."""

CODE = "Huruf kecil, angka, dan garis bawah; diawali huruf."
EVIDENCE_SOURCE = {"unit": "Diunggah perangkat daerah", "system": "Data sistem, tidak diunggah"}
LIMIT = {"floor": "Batas nilai", "tie": "Penentu nilai sama"}
EXAMPLE_PART = {
    "marks": "Nilai penilai",
    "values": "Nilai lain",
    "counts": "Hitungan",
    "attributes": "Data pegawai",
    "expected": "Hasil yang diharapkan",
}


@dataclass(frozen=True)
class Sheet:
    """One sheet. A table has a row for each thing; otherwise each column stands as a row of its own: label, content, hint."""

    name: str
    columns: tuple[Column, ...]
    is_table: bool = True
    is_needed: bool = False

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


ABOUT = Sheet(
    "Instrumen",
    (
        text("Format", "format", f"Biarkan {d.FORMAT}."),
        text("Judul", "title", "Nama lengkap instrumen."),
        text("Keterangan", "description", "Untuk siapa instrumen ini dan bagaimana nilai akhirnya dibentuk."),
        text("Sumber", "source", "Peraturan atau surat yang menjadi dasar."),
    ),
    is_table=False,
    is_needed=True,
)
COMPONENTS = Sheet(
    "Komponen",
    (
        text("Kode", "code", CODE, 20),
        text("Nama", "label", "Nama komponen."),
        text("Petunjuk", "help", "Apa yang dinilai.", 50),
        percent("Bobot (%)", "weight", "Kosongkan bila instrumen tidak memakai bobot."),
    ),
    is_needed=True,
)
SCALE_COLUMNS = (
    number("Poin tertinggi", "max", "Rentang poin; persentase: poin untuk 100 persen."),
    number("Langkah", "step", "Rentang poin: kelipatan nilai."),
    number("Poin terendah", "min", "Rentang poin: biasanya kosong (0)."),
    number("Poin bila ya", "yes", "Ya atau tidak."),
    number("Poin bila tidak", "no", "Ya atau tidak."),
    number("Poin tiap satuan", "points_each", "Jumlah."),
    number("Batas poin", "cap", "Jumlah dan daftar hitungan: poin paling banyak."),
    number("Selain itu", "else", "Ambang nilai: poin bila tidak mencapai satu ambang pun."),
    whole("Karakter terbanyak", "max_chars", "Uraian tanpa poin."),
)
SOURCE_COLUMNS = (
    months("Bulan data", "months", "Misalnya 2024-04, 2024-05."),
    years("Tahun data", "year", "Predikat, penghargaan, nilai tahunan; beberapa tahun dipisahkan koma."),
    choice("Data nilai", "series", d.SERIES, "Untuk data nilai bulanan atau tahunan."),
    choice("Pemeriksaan hukuman", "check", d.SANCTION_CHECKS, "Untuk data hukuman disiplin."),
    whole("Dalam tahun terakhir", "within_years", "Untuk hukuman dalam beberapa tahun terakhir."),
    texts("Tingkat hukuman", "levels", "R, S, B; kosong berarti semua, – berarti tidak satu pun.", says_nothing=True),
)
CRITERIA = Sheet(
    "Kriteria",
    (
        text("Komponen", "component", "Kode komponen pada lembar Komponen.", 20),
        text("Kode", "code", CODE, 20),
        text("Nama", "label", "Nama kriteria."),
        text("Petunjuk", "help", "Bagaimana membaca kriteria ini.", 50),
        percent("Bobot (%)", "weight", "Persen dari komponen; boleh kosong."),
        choice("Skala", "kind", scales.LABELS, "Tingkat, ambang, dan daftarnya pada lembar Tingkat skala."),
        *SCALE_COLUMNS,
        choice("Sumber nilai", "from", d.SOURCES, "Siapa yang memberi nilai."),
        *SOURCE_COLUMNS,
        texts("Bukti", "evidence", "Kode bukti pada lembar Bukti, dipisahkan koma."),
        whole("Catatan paling sedikit", "note_min_chars", "Banyaknya karakter catatan penilai."),
    ),
    is_needed=True,
)
LEVELS = Sheet(
    "Tingkat skala",
    (
        text("Kriteria", "criterion", "Kode kriteria; satu baris untuk satu tingkat.", 20),
        text("Kode", "code", "Hanya daftar hitungan.", 20),
        text("Nama", "label", "Nama tingkat rubrik, predikat, atau hal yang dihitung."),
        number("Ambang (≥)", "at_least", "Hanya ambang nilai."),
        number("Poin", "points", "Poin tingkat ini."),
        text("Penjelasan", "description", "Hanya rubrik: ukuran tingkat ini.", 60),
    ),
)
FILE_COLUMNS = (
    texts("Jenis berkas", "accept", "pdf, jpg, png; kosong berarti semua.", says_nothing=True),
    whole("Ukuran terbesar (MB)", "max_mb", "Tiap berkas."),
    whole("Berkas paling banyak", "max_files", "Banyaknya berkas."),
    text("Nama contoh berkas", "template.name", "Berkas kosong untuk diisi; berkasnya sendiri tidak ikut.", 24),
    text("SHA-256 contoh berkas", "template.sha256", "Sidik contoh berkas.", 24),
    whole("Ukuran contoh berkas", "template.bytes", "Dalam byte."),
)
EVIDENCE = Sheet(
    "Bukti",
    (
        text("Kode", "code", CODE, 20),
        text("Nama", "label", "Nama dokumen."),
        text("Petunjuk", "help", "Apa yang harus terlihat.", 50),
        flag("Wajib", "required", "Ya atau tidak."),
        choice("Diperoleh dari", "source", EVIDENCE_SOURCE, "Data sistem tidak perlu diunggah."),
        *FILE_COLUMNS,
    ),
)
FIELDS = Sheet(
    "Isian",
    (
        text("Kode", "code", CODE, 20),
        text("Pertanyaan", "label", "Pertanyaan pada formulir usulan."),
        choice("Jenis", "kind", d.FIELD_KINDS, "Pilihan jawaban ditulis pada lembar Pilihan."),
        text("Kelompok", "group", "Pertanyaan sekelompok tampil bersama."),
        text("Petunjuk", "help", "Keterangan di bawah pertanyaan.", 50),
        flag("Wajib", "required", "Ya atau tidak."),
        whole("Karakter paling sedikit", "min_chars", "Untuk teks."),
        whole("Karakter paling banyak", "max_chars", "Untuk teks."),
        number("Angka terkecil", "min", "Untuk angka."),
        number("Angka terbesar", "max", "Untuk angka."),
        text("Satuan", "unit", "Untuk angka.", 16),
        text("Tampil bila isian", "shown_when.field", "Kode isian yang lebih dahulu.", 20),
        text("berjawaban", "shown_when.equals", "Kode jawabannya; 1 untuk pernyataan."),
        *FILE_COLUMNS,
    ),
)
OPTIONS = Sheet(
    "Pilihan",
    (
        text("Isian", "field", "Kode isian; satu baris untuk satu pilihan.", 20),
        text("Kode", "code", CODE, 20),
        text("Nama", "label", "Jawaban yang terbaca."),
    ),
)
POLICY = Sheet(
    "Kebijakan",
    (
        choice("Cara menggabungkan nilai", "combine", d.COMBINE, "Bagaimana nilai akhir dibentuk."),
        choice("Gabungan nilai para penilai", "aggregation.kind", d.AGGREGATION, "Dari nilai beberapa penilai menjadi satu."),
        whole("Nilai ekstrem dibuang", "aggregation.k", "Hanya untuk rata-rata tanpa nilai ekstrem; di tiap ujung."),
        choice("Pembulatan", "rounding.stage", d.ROUNDING_STAGE, "Apa yang dibulatkan."),
        choice("Cara membulatkan", "rounding.mode", vocabulary.ROUNDING_MODE, "Biasanya setengah ke atas."),
        whole("Angka di belakang koma", "rounding.decimals", "0 sampai 4."),
        whole("Penilai paling sedikit", "min_assessors", "Kurang dari ini nilainya belum lengkap."),
    ),
    is_table=False,
)
LIMITS = Sheet(
    "Batas & penentu",
    (
        choice("Jenis", "part", LIMIT, "Penentu nilai sama dibandingkan dari atas ke bawah."),
        choice("Menurut", "by", d.TIE_STEP, "Batas nilai selalu menurut nilai komponen."),
        text("Kode", "code", f"Kode komponen atau kriteria; data pegawai: {', '.join(d.ATTRIBUTES)}.", 28),
        number("Paling sedikit", "at_least", "Hanya batas nilai."),
    ),
)
EXAMPLES = Sheet(
    "Contoh",
    (
        whole("No.", "number", "Baris dengan nomor sama adalah satu calon rekaan."),
        text("Nama contoh", "name", "Nama calon rekaan."),
        text("Unit", "unit", "Boleh kosong.", 16),
        choice("Bagian", "part", EXAMPLE_PART, "Apa yang ditulis pada baris ini."),
        text("Kode", "code", f"Kode kriteria; data pegawai: {', '.join(d.ATTRIBUTES)}; hasil: status, nilai, peringkat.", 28),
        text("Nilai", "value", f"Nilai para penilai dipisahkan titik koma, {'–'} bila abstain: 17,5; 18; –", 30),
    ),
)

SHEETS = (ABOUT, COMPONENTS, CRITERIA, LEVELS, EVIDENCE, FIELDS, OPTIONS, POLICY, LIMITS, EXAMPLES)
LISTS = "Daftar"
"""The hidden sheet with the words that may be chosen; it is not read."""
