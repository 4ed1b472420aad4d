"""How one cell of a file becomes a value; Invalid says what is wrong with it and never repeats a number of a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date

from sipetruk.errors import Invalid
from sipetruk.rules.eligibility_values import GRADES
from sipetruk.rules.nip import LENGTH

_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_DECIMAL = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_TEXT_COLUMN = "Jadikan kolom ini teks sebelum mengisi atau mengekspornya."


def number(text: str) -> str:
    """The 18 digits of a NIP or NI PPPK; what a spreadsheet does to them is recognised."""
    digits = "".join(text.removeprefix("'").split())
    if _SCIENTIFIC.fullmatch(digits):
        raise Invalid(f"Nomor induk rusak oleh lembar kerja menjadi bentuk seperti 1,9E+17. {_TEXT_COLUMN}")
    if not (digits.isascii() and digits.isdecimal()):
        raise Invalid("Nomor induk terdiri atas tepat 18 angka.")
    if len(digits) < LENGTH:
        raise Invalid(
            f"Nomor induk hanya %(found)s angka, harus 18; mungkin terpotong oleh lembar kerja. {_TEXT_COLUMN}", found=len(digits)
        )
    if len(digits) > LENGTH:
        raise Invalid("Nomor induk terdiri atas tepat 18 angka.")
    if digits.endswith("000"):
        raise Invalid(f"Tiga angka terakhir nomor induk menjadi 000: dibulatkan oleh lembar kerja. {_TEXT_COLUMN}")
    return digits


def text(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise Invalid("Paling banyak %(longest)s karakter.", longest=longest)
        return " ".join(cell.split())

    return read


def one_of(options: Collection[str]) -> Callable[[str], str]:
    """One of a few words, in any letter case."""
    known = {option.casefold(): option for option in options}

    def read(cell: str) -> str:
        if cell.casefold() not in known:
            raise Invalid("Harus salah satu dari: %(options)s.", options=", ".join(options))
        return known[cell.casefold()]

    return read


def code(table: Collection[str], width: int) -> Callable[[str], str]:
    """A code of a SIASN table; a zero in front that a spreadsheet dropped is put back."""

    def read(cell: str) -> str:
        if cell.zfill(width) not in table:
            raise Invalid("Bukan kode SIASN; pilihannya: %(options)s.", options=", ".join(sorted(table)))
        return cell.zfill(width)

    return read


def grade(cell: str) -> str:
    """A grade of a PNS ("III/b") or a PPPK ("IX")."""
    known = {grade.casefold(): grade for grades in GRADES.values() for grade in grades}
    if cell.casefold() not in known:
        raise Invalid("Golongan ditulis seperti III/b (PNS) atau IX (PPPK).")
    return known[cell.casefold()]


def day(cell: str) -> date:
    for pattern, order in ((_YEAR_FIRST, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
        if found := pattern.fullmatch(cell):
            try:
                return date(*(int(found.group(part)) for part in order))
            except ValueError:
                raise Invalid("Tanggal ini tidak ada dalam kalender.") from None
    raise Invalid("Tanggal ditulis seperti 2024-06-30 atau 30-06-2024.")


def year(cell: str) -> int:
    if not _YEAR.fullmatch(cell):
        raise Invalid("Tahun ditulis dengan empat angka, misalnya 2024.")
    return int(cell)


def month(lowest: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if not (cell.isascii() and cell.isdecimal() and len(cell) <= 2 and lowest <= int(cell) <= 12):
            raise Invalid("Bulan harus %(lowest)s sampai 12.", lowest=lowest)
        return int(cell)

    return read


def hundredths(most: int | None = None) -> Callable[[str], int]:
    """A decimal number with a comma or a point as an exact count of hundredths."""

    def read(cell: str) -> int:
        found = _DECIMAL.fullmatch(cell)
        if found is None:
            raise Invalid("Angka ditulis seperti 97,50 dengan paling banyak dua angka di belakang koma.")
        value = int(found.group(1)) * 100 + int((found.group(2) or "").ljust(2, "0"))
        if most is not None and value > most * 100:
            raise Invalid("Paling besar %(most)s.", most=most)
        return value

    return read


def flag(cell: str) -> bool:
    words = {"ya": True, "1": True, "tidak": False, "0": False}
    if cell.casefold() not in words:
        raise Invalid("Harus ya atau tidak.")
    return words[cell.casefold()]
