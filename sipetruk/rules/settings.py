"""Every setting that an admin may change in the panel: key, label, help, kind, default and limits, in one place.

What the server needs before it has a database (addresses, secrets, folders) stands in config.py instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sipetruk.errors import Invalid
from sipetruk.rules.announcement import POLICIES

_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PHONE = re.compile(r"\+?[0-9]{6,15}")
_FOLDER = re.compile(r"/[^\x00-\x1f]{0,299}")


class Kind(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    PHONE = "phone"
    EMAIL = "email"
    FOLDER = "folder"


AGENCY, ROUND, RETENTION, OPERATION = "BKPSDM", "Pelaksanaan", "Masa simpan data", "Server"
GROUPS = (AGENCY, ROUND, RETENTION, OPERATION)


@dataclass(frozen=True)
class Declared:
    """A setting; `low` and `high` limit a number, `most` the characters of a text, `unit` follows the number."""

    key: str
    group: str
    label: str
    help: str
    kind: Kind
    default: str = ""
    low: int = 0
    high: int = 0
    most: int = 200
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


_LAW = "UU 27/2022 pasal 16 ayat (2): data pribadi dihapus setelah masa simpannya berakhir."
DECLARED: dict[str, Declared] = {
    each.key: each
    for each in (
        Declared(
            "agency_name", AGENCY, "Nama instansi", "Tampil pada halaman kontak portal dan kepala surat.", Kind.TEXT,
            "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia Kabupaten Balangan",
        ),
        Declared(
            "agency_address", AGENCY, "Alamat instansi", "Tampil pada halaman kontak portal dan kepala surat.", Kind.LONG_TEXT, most=500
        ),
        Declared(
            "government_name", AGENCY, "Nama pemerintah daerah", "Baris pertama kepala surat dan piagam.", Kind.TEXT,
            "Pemerintah Kabupaten Balangan",
        ),
        Declared(
            "signing_place", AGENCY, "Tempat penandatanganan", "Ditulis sebelum tanggal pada berita acara, rekapitulasi, dan piagam.",
            Kind.TEXT, "Paringin", most=60,
        ),
        Declared("help_hours", AGENCY, "Jam layanan", "Misalnya Senin sampai Jumat, 08.00 sampai 16.00 WITA.", Kind.TEXT),
        Declared("help_phone", AGENCY, "Telepon bantuan", "Angka saja, boleh diawali tanda tambah.", Kind.PHONE),
        Declared(
            "help_whatsapp", AGENCY, "WhatsApp bantuan",
            "Dengan kode negara, misalnya 6281234567890; menjadi tautan wa.me pada halaman kontak.", Kind.PHONE,
        ),
        Declared("help_email", AGENCY, "Surel bantuan", "Tampil pada halaman kontak portal.", Kind.EMAIL),
        Declared(
            "publication_policy", ROUND, "Yang diumumkan, bawaan", "Pilihan awal ketika hasil akan diumumkan; setiap periode boleh lain.",
            Kind.CHOICE, "names", choices=POLICIES,
        ),
        Declared(
            "evidence_mb", ROUND, "Ukuran bukti, bawaan", "Batas ukuran awal ketika bukti baru ditambahkan pada sebuah draf instrumen.",
            Kind.NUMBER, "5", low=1, high=50, unit="MB",
        ),
        Declared(
            "upload_files", ROUND, "Berkas bukti per usulan", "Paling banyak sekian berkas bukti pada satu usulan, apa pun jenisnya.",
            Kind.NUMBER, "60", low=10, high=500, unit="berkas",
        ),
        Declared(
            "upload_total_mb", ROUND, "Ukuran semua bukti per usulan",
            "Batas jumlah ukuran semua berkas bukti pada satu usulan. Batas satu berkas ada pada instrumen dan SIPETRUK_MAX_UPLOAD_MB.",
            Kind.NUMBER, "200", low=50, high=10_000, unit="MB",
        ),
        Declared(
            "login_attempt_days", RETENTION, "Catatan percobaan masuk",
            f"Alamat jaringan dan perangkat setiap percobaan masuk dihapus setelah sekian hari. {_LAW}",
            Kind.NUMBER, "90", low=7, high=730, unit="hari",
        ),
        Declared(
            "notification_days", RETENTION, "Pemberitahuan yang sudah dibaca",
            f"Dihapus sekian hari sesudah dibaca; yang tidak pernah dibaca, sesudah 400 hari. {_LAW}",
            Kind.NUMBER, "90", low=7, high=730, unit="hari",
        ),
        Declared(
            "webhook_days", RETENTION, "Catatan pengiriman webhook",
            f"Pesan yang sudah selesai dihapus dari catatan setelah sekian hari, dan sesudah itu tidak dapat dikirim ulang. {_LAW}",
            Kind.NUMBER, "30", low=1, high=365, unit="hari",
        ),
        Declared(
            "nomination_years", RETENTION, "Isian dan bukti yang tidak menang",
            "Isian formulir, berkas bukti, dan salinan data pribadi usulan yang tidak menang dihapus sekian tahun sesudah periodenya"
            f" diarsipkan. Pemeringkatan tersegel, pengumuman, dan jejak audit tidak disentuh. {_LAW} Sesuaikan dengan Jadwal Retensi"
            " Arsip kabupaten.",
            Kind.NUMBER, "5", low=1, high=30, unit="tahun",
        ),
        Declared(
            "upload_open", OPERATION, "Unggahan berjalan per orang",
            "Paling banyak sekian unggahan yang belum selesai untuk satu orang; yang dimulai lebih dari satu jam lalu memberi tempat.",
            Kind.NUMBER, "5", low=1, high=50, unit="unggahan",
        ),
        Declared(
            "upload_hours", OPERATION, "Umur unggahan yang belum selesai",
            "Unggahan yang terputus dapat dilanjutkan selama sekian jam sejak dimulai, lalu dibuang.",
            Kind.NUMBER, "24", low=1, high=168, unit="jam",
        ),
        Declared(
            "upload_piece_kb", OPERATION, "Ukuran potongan unggahan",
            "Peramban mengirim berkas per potongan sebesar ini; pada jaringan yang sering putus, lebih kecil lebih baik.",
            Kind.NUMBER, "512", low=64, high=8192, unit="kB",
        ),
        Declared(
            "backup_folder", OPERATION, "Folder cadangan", "Alamat lengkap folder di server tempat cadangan disimpan, untuk diperiksa.",
            Kind.FOLDER, most=300,
        ),
        Declared(
            "backup_hours", OPERATION, "Umur cadangan terbaru", "Berkas terbaru yang lebih tua dari ini dinyatakan bermasalah.",
            Kind.NUMBER, "26", low=1, high=720, unit="jam",
        ),
    )
}  # fmt: skip
"""Key -> declaration, in the order of the page."""


def clean(declared: Declared, text: str) -> str:
    """The value as it is kept; `Invalid` says what it must look like. Nothing given is the default."""
    value = text.strip()
    if "\x00" in value:
        raise Invalid("Isian memuat karakter yang tidak dapat disimpan.", "value")
    if not value:
        return declared.default
    if problem := _problem(declared, value):
        raise Invalid(problem, "value")
    if declared.kind is Kind.NUMBER:
        return str(int(value))
    return _digits(value) if declared.kind is Kind.PHONE else value


def whatsapp_link(number: str) -> str:
    """The address that opens a conversation; empty without a number. A leading 0 is Indonesia."""
    digits = number.removeprefix("+")
    return f"https://wa.me/{'62' + digits[1:] if digits.startswith('0') else digits}" if digits else ""


def _problem(declared: Declared, value: str) -> str:
    """What is wrong with a value of this kind; empty when nothing is."""
    return "" if _FITS[declared.kind](declared, value) else _MUST[declared.kind].format(declared=declared)


def _is_number(declared: Declared, value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 9 and declared.low <= int(value) <= declared.high


def _is_short(declared: Declared, value: str) -> bool:
    return len(value) <= declared.most


_FITS: dict[Kind, Callable[[Declared, str], bool]] = {
    Kind.TEXT: _is_short,
    Kind.LONG_TEXT: _is_short,
    Kind.NUMBER: _is_number,
    Kind.CHOICE: lambda declared, value: value in declared.choices,
    Kind.PHONE: lambda _, value: bool(_PHONE.fullmatch(_digits(value))),
    Kind.EMAIL: lambda declared, value: bool(_EMAIL.fullmatch(value)) and _is_short(declared, value),
    Kind.FOLDER: lambda _, value: bool(_FOLDER.fullmatch(value)) and ".." not in value.split("/"),
}
_MUST: dict[Kind, str] = {
    Kind.TEXT: "Paling banyak {declared.most} karakter.",
    Kind.LONG_TEXT: "Paling banyak {declared.most} karakter.",
    Kind.NUMBER: "Harus bilangan bulat {declared.low} sampai {declared.high}.",
    Kind.CHOICE: "Pilihan ini tidak ada.",
    Kind.PHONE: "Nomor terdiri atas 6 sampai 15 angka, boleh diawali tanda tambah.",
    Kind.EMAIL: "Alamat surel ditulis seperti nama@contoh.go.id.",
    Kind.FOLDER: "Alamat folder lengkap, diawali garis miring, tanpa titik dua beruntun.",
}


def _digits(value: str) -> str:
    return re.sub(r"[\s().-]", "", value)
