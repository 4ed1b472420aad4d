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
MANY = frozenset({"rows", "batch", "store"})
"""What stands in the place of the number where an entry is about many things at once."""
FACES = {"panel": "Panel", "portal": "Portal", "api": "API", "cli": "Baris perintah", "token": "Token API"}


def thing_label(thing: str) -> str:
    """The kind of thing in words; one that nobody named stays as it is recorded."""
    return THINGS.get(thing, thing)


def subject(thing: str, thing_id: str) -> str:
    """What an entry is about in words: the kind of thing, and which one unless it is about many.

    >>> subject("nomination", "12"), subject("retention", "rows")
    ('Usulan 12', 'Retensi')
    """
    return thing_label(thing) if thing_id in MANY else f"{thing_label(thing)} {thing_id}"


def face_label(face: str) -> str:
    return FACES.get(face, face)
