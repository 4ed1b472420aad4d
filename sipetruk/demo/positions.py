"""Positions that fit the work of a unit, with the kind of position, the usual grades and the usual titles."""

from __future__ import annotations

from dataclasses import dataclass

FUNCTIONAL, GENERAL, STRUCTURAL = "2", "4", "1"
"""SIASN codes of jenis_jabatan."""


@dataclass(frozen=True)
class Position:
    name: str
    kind: str
    grades: tuple[str, ...]
    titles: tuple[str, ...]


_MUDA = ("III/c", "III/d")
_PERTAMA = ("III/a", "III/b")
_TERAMPIL = ("II/c", "II/d", "III/a")


def _expert(name: str, *titles: str) -> tuple[Position, Position]:
    return (
        Position(f"{name} Ahli Muda", FUNCTIONAL, _MUDA, titles),
        Position(f"{name} Ahli Pertama", FUNCTIONAL, _PERTAMA, titles),
    )


def _skilled(name: str, *titles: str) -> Position:
    return Position(f"{name} Terampil", FUNCTIONAL, _TERAMPIL, titles)


_EVERYWHERE = (
    *_expert("Perencana", "S.E.", "S.Sos.", "S.IP."),
    *_expert("Analis Sumber Daya Manusia Aparatur", "S.Sos.", "S.IP.", "S.H."),
    _skilled("Arsiparis", "A.Md."),
    Position("Penelaah Teknis Kebijakan", GENERAL, _PERTAMA, ("S.Sos.", "S.E.", "S.H.")),
    Position("Pengelola Layanan Operasional", GENERAL, _TERAMPIL, ("A.Md.",)),
    Position("Pengadministrasi Perkantoran", GENERAL, ("II/b", "II/c", "II/d"), ("",)),
)

_FIELDS: dict[str, tuple[Position, ...]] = {
    "arsip": (*_expert("Pustakawan", "S.IP.", "S.Sos."), *_expert("Arsiparis", "S.Sos.", "S.IP.")),
    "kepegawaian": (*_expert("Analis Sumber Daya Manusia Aparatur", "S.Sos.", "S.H."), *_expert("Asesor SDM Aparatur", "S.Psi.")),
    "kesehatan": (
        *_expert("Perawat", "S.Kep., Ns."),
        *_expert("Tenaga Promosi Kesehatan dan Ilmu Perilaku", "S.KM."),
        _skilled("Bidan", "A.Md.Keb."),
        *_expert("Apoteker", "S.Farm."),
    ),
    "keuangan": (*_expert("Analis Keuangan Pusat dan Daerah", "S.E.", "S.Ak."), *_expert("Penilai Pajak", "S.E.")),
    "komputer": (
        *_expert("Pranata Komputer", "S.Kom."),
        *_expert("Pranata Hubungan Masyarakat", "S.I.Kom."),
        _skilled("Pranata Komputer", "A.Md.Kom."),
    ),
    "layanan": (
        *_expert("Administrator Database Kependudukan", "S.Kom.", "S.IP."),
        Position("Pengolah Data dan Informasi", GENERAL, _PERTAMA, ("S.Kom.", "S.IP.")),
    ),
    "lingkungan": (*_expert("Pengendali Dampak Lingkungan", "S.T.", "S.Si."), _skilled("Pengawas Lingkungan Hidup", "A.Md.")),
    "pendidikan": (*_expert("Guru", "S.Pd."), *_expert("Pengawas Sekolah", "S.Pd., M.Pd."), *_expert("Pamong Budaya", "S.S.")),
    "pengawasan": (*_expert("Auditor", "S.E.", "S.Ak.", "S.H."), *_expert("Pengawas Penyelenggaraan Urusan Pemerintahan Daerah", "S.H.")),
    "pertanian": (
        *_expert("Penyuluh Pertanian", "S.P."),
        *_expert("Analis Ketahanan Pangan", "S.P.", "S.TP."),
        _skilled("Penyuluh Perikanan", "A.Md.Pi."),
    ),
    "rencana": (*_expert("Perencana", "S.E.", "S.T."), *_expert("Peneliti", "S.Si., M.Si.")),
    "sosial": (
        *_expert("Pekerja Sosial", "S.Tr.Sos.", "S.Sos."),
        *_expert("Penggerak Swadaya Masyarakat", "S.Sos."),
        *_expert("Penyuluh Keluarga Berencana", "S.Sos."),
    ),
    "tanggap": (*_expert("Analis Kebencanaan", "S.T.", "S.Si."), _skilled("Polisi Pamong Praja", "A.Md.")),
    "teknik": (
        *_expert("Teknik Tata Bangunan dan Perumahan", "S.T."),
        *_expert("Penata Ruang", "S.T."),
        _skilled("Penguji Kendaraan Bermotor", "A.Md.T."),
    ),
    "umum": (*_expert("Pranata Hubungan Masyarakat", "S.I.Kom."), *_expert("Analis Kebijakan", "S.IP.", "S.H.")),
    "usaha": (
        *_expert("Penyuluh Perindustrian dan Perdagangan", "S.E."),
        *_expert("Mediator Hubungan Industrial", "S.H."),
        *_expert("Adyatama Kepariwisataan dan Ekonomi Kreatif", "S.Par."),
    ),
}


def of(field: str) -> tuple[Position, ...]:
    """What people of a unit of this field may be: its own positions first, those of every unit after."""
    return _FIELDS[field] + _EVERYWHERE


PPPK_GRADES = {"III": "IX", "II/": "VII"}
"""The PPPK grade of a position that a PNS holds at a grade beginning so."""
