"""What every choice that an instrument offers is called, and in one sentence what it does; the only place of these words."""

from __future__ import annotations

COMBINE = {
    "sum_of_points": "Jumlah semua poin",
    "mean_of_components": "Rata-rata nilai komponen",
    "weighted_sum": "Jumlah nilai komponen menurut bobot",
}
AGGREGATION = {"mean": "Rata-rata", "median": "Median", "trimmed": "Rata-rata tanpa nilai ekstrem"}
ROUNDING_STAGE = {
    "end": "Hanya nilai akhir",
    "component": "Nilai komponen, lalu nilai akhir",
    "criterion": "Nilai kriteria, lalu nilai akhir",
}
ROUNDING_MODE = {"half_up": "Setengah ke atas", "half_even": "Setengah ke angka genap", "down": "Selalu ke bawah"}
TIE_STEP = {"component": "Nilai komponen", "criterion": "Nilai kriteria", "attribute": "Data pegawai"}
ATTRIBUTES = {"length_of_service_days": "Masa kerja"}
SOURCES = {
    "assessor": "Tim penilai",
    "unit": "Formulir usulan perangkat daerah",
    "unit_head": "Kepala perangkat daerah",
    "attendance": "Data kehadiran",
    "predicate": "Data predikat kinerja",
    "imported": "Data nilai bulanan atau tahunan",
    "sanction": "Data hukuman disiplin",
    "award": "Data penghargaan",
    "first_stage": "Nilai akhir tahap pertama",
}
SERIES = {"ekinerja": "Nilai e-Kinerja", "perilaku": "Nilai perilaku"}
SANCTION_CHECKS = {
    "ever": "Tidak pernah dijatuhi hukuman disiplin",
    "within": "Tidak dijatuhi hukuman disiplin dalam beberapa tahun terakhir",
    "serving": "Tidak sedang menjalani hukuman disiplin",
    "examination": "Tidak sedang dalam pemeriksaan disiplin",
}
SANCTION_LEVELS = {"R": "Ringan", "S": "Sedang", "B": "Berat"}
AWARD_LEVELS = {
    "internasional": "Internasional",
    "nasional": "Nasional",
    "provinsi": "Provinsi",
    "kabupaten": "Kabupaten",
    "instansi": "Perangkat daerah",
}
FIELD_KINDS = {
    "short_text": "Teks pendek",
    "long_text": "Teks panjang",
    "number": "Angka",
    "date": "Tanggal",
    "choice": "Satu pilihan",
    "choices": "Beberapa pilihan",
    "file": "Berkas",
    "link": "Tautan",
    "declaration": "Pernyataan",
}

EFFECTS: dict[str, dict[str, str]] = {
    "combine": {
        "sum_of_points": "Poin semua kriteria dijumlahkan; jumlah poin tertinggi harus tepat 100.",
        "mean_of_components": "Poin dijumlahkan dalam tiap komponen (tertinggi tepat 100), lalu nilai komponen dirata-ratakan sama berat.",
        "weighted_sum": "Tiap komponen bernilai 0 sampai 100, lalu dikalikan bobotnya; jumlah bobot harus tepat 100 %.",
    },
    "aggregation": {
        "mean": "Nilai setiap penilai berpengaruh sama besar.",
        "median": "Nilai tengah yang dipakai, sehingga satu nilai yang jauh berbeda tidak menggeser hasil.",
        "trimmed": "Nilai tertinggi dan terendah dibuang lebih dahulu; memerlukan sedikitnya lima penilai.",
    },
    "rounding": {
        "end": "Perhitungan memakai pecahan utuh dan hanya hasil akhirnya yang dibulatkan.",
        "component": "Nilai komponen dibulatkan seperti yang dicetak, lalu dipakai menghitung nilai akhir.",
        "criterion": "Nilai tiap kriteria dibulatkan, dikalikan bobotnya, dibulatkan lagi, lalu dijumlahkan, seperti pada lembar kertas.",
    },
    "mode": {
        "half_up": "Tepat setengah dibulatkan ke atas, seperti di atas kertas: 82,665 menjadi 82,67.",
        "half_even": "Tepat setengah dibulatkan ke angka genap terdekat: 82,665 menjadi 82,66 dan 82,675 menjadi 82,68.",
        "down": "Angka selebihnya dibuang: 82,669 menjadi 82,66.",
    },
    "decimals": {"": "Banyaknya angka di belakang koma pada nilai yang dicetak."},
    "min_assessors": {"": "Calon yang dinilai oleh penilai lebih sedikit dari ini dinyatakan belum lengkap dan tidak diperingkat."},
    "floors": {"": "Calon yang nilai komponennya di bawah batas tetap ditampilkan nilainya, tetapi tidak dapat menang."},
    "tie_chain": {
        "": "Bila nilai akhir sama, langkah ini dibandingkan berurutan dan yang lebih tinggi menang; tanpa langkah, tim memutuskan."
    },
    "source": {
        "assessor": "Setiap penilai memberi nilai sendiri pada lembar penilaian.",
        "unit": "Perangkat daerah mengisinya pada formulir usulan.",
        "unit_head": "Kepala perangkat daerah mengisinya saat mengesahkan usulan.",
        "attendance": "Rata-rata kehadiran pada bulan yang disebut; satu bulan tanpa data membuat nilai belum lengkap, tidak dihitung 0.",
        "predicate": "Predikat tahun yang disebut; bila lebih dari satu tahun, predikat terendah yang dipakai.",
        "imported": "Rata-rata bulan yang disebut, atau nilai satu tahun.",
        "sanction": "“Ya” berarti bebas hukuman disiplin menurut data kepegawaian pada hari terakhir pengusulan.",
        "award": "Penghargaan pada tahun yang disebut dihitung menurut tingkatnya.",
        "first_stage": "Nilai akhir calon pada pemeringkatan final tahap pertama, tanpa pembulatan; hanya untuk kategori wawancara.",
    },
    "field": {
        "short_text": "Satu baris tulisan.",
        "long_text": "Uraian beberapa paragraf.",
        "number": "Angka dengan satuan dan batas.",
        "date": "Satu tanggal pada kalender.",
        "choice": "Memilih tepat satu jawaban.",
        "choices": "Boleh memilih beberapa jawaban.",
        "file": "Mengunggah berkas pada tempat pertanyaan ini.",
        "link": "Alamat halaman yang diawali https://.",
        "declaration": "Kalimat yang dicentang sebagai pernyataan.",
    },
}
"""What each choice means for those whom it concerns, by what is chosen and by the code of the choice ("" where one number is)."""
