"""What the audit trail calls things and faces, in words."""

THINGS = {
    "unit": "Unit kerja",
    "employee": "Pegawai",
    "employees": "Data pegawai (impor)",
    "codes": "Tabel kode",
    "user": "Pengguna",
    "instrument_version": "Versi instrumen",
    "period": "Periode",
    "category": "Kategori",
    "nomination": "Usulan",
    "evidence": "Bukti dukung",
    "sheet": "Lembar penilaian",
    "relation": "Pernyataan hubungan",
    "attendance": "Kehadiran",
    "performance_rating": "Predikat kinerja",
    "series_value": "Nilai bulanan atau tahunan",
    "sanction": "Hukuman disiplin",
    "ranking": "Pemeringkatan",
    "objection": "Sanggahan",
    "determination": "Penetapan",
    "publication": "Pengumuman",
    "signatory": "Penanda tangan",
    "announcement": "Pengumuman umum",
    "setting": "Pengaturan",
    "api_token": "Token API",
    "webhook": "Webhook",
    "retention": "Retensi",
}
"""What an entry calls the kind of thing that was changed -> words."""
FACES = {"panel": "Panel", "portal": "Portal", "api": "API", "cli": "Baris perintah", "token": "Token API"}


def thing_label(thing: str) -> str:
    """The kind of thing in words; one that nobody named stays as it is recorded."""
    return THINGS.get(thing, thing)


def face_label(face: str) -> str:
    return FACES.get(face, face)
