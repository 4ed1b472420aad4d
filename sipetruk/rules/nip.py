"""Employee numbers: NIP of a PNS and NI of a PPPK, both 18 digits, built differently (BKN).

NIP: birth yyyymmdd, first appointment yyyymm, sex 1|2, sequence 3. NI PPPK: birth 8, year 4, contract number 2, sex 1,
sequence 3; its digits 13-14 are no month, and a new contract gives a new number. No message repeats the number, since
it holds a birth date and the sex.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sipetruk.errors import Invalid

PNS, PPPK = KINDS = ("PNS", "PPPK")
LENGTH = 18
_YOUNGEST = 15
_OLDEST = 70
_LAST_MONTH = 12


@dataclass(frozen=True)
class EmployeeNumber:
    """A checked number. `month` is the month of appointment (PNS), `contract` the contract number (PPPK)."""

    digits: str
    kind: str
    birth: date
    year: int
    sex: str
    sequence: str
    month: int | None = None
    contract: str | None = None

    @property
    def printed(self) -> str:
        return format_nip(self.digits)


def parse(text: str, kind: str) -> EmployeeNumber:
    """Read a number of the given kind, with or without blanks; raises Invalid for the first thing that is wrong."""
    if kind not in KINDS:
        raise Invalid("Jenis ASN harus PNS atau PPPK.", "kind")
    digits = "".join(text.split())
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdecimal()):
        raise Invalid("Nomor induk terdiri atas tepat 18 angka.", "nip")
    birth = _birth(digits)
    year = int(digits[8:12])
    if not birth.year + _YOUNGEST <= year <= birth.year + _OLDEST:
        raise Invalid("Tahun pada angka ke-9 sampai ke-12 tidak sesuai dengan tanggal lahir.", "nip")
    sex = digits[14]
    if sex not in "12":
        raise Invalid("Angka ke-15 harus 1 (laki-laki) atau 2 (perempuan).", "nip")
    if digits[15:] == "000":
        raise Invalid("Nomor urut pada tiga angka terakhir tidak boleh 000.", "nip")
    number = EmployeeNumber(digits, kind, birth, year, sex, digits[15:])
    return _with_month(number) if kind == PNS else _with_contract(number)


def format_nip(digits: str) -> str:
    """The number as papers print it: "19900101 201505 1 001"."""
    return f"{digits[:8]} {digits[8:14]} {digits[14:15]} {digits[15:]}"


def is_valid(text: str, kind: str) -> bool:
    try:
        parse(text, kind)
    except Invalid:
        return False
    return True


def _birth(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise Invalid("Delapan angka pertama harus tanggal lahir (tahun, bulan, hari).", "nip") from None


def _with_month(number: EmployeeNumber) -> EmployeeNumber:
    month = int(number.digits[12:14])
    if not 1 <= month <= _LAST_MONTH:
        raise Invalid("Angka ke-13 dan ke-14 NIP harus bulan pengangkatan (01 sampai 12).", "nip")
    return replace(number, month=month)


def _with_contract(number: EmployeeNumber) -> EmployeeNumber:
    return replace(number, contract=number.digits[12:14])
