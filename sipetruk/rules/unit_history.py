"""What can happen to a work unit, and how its history reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.dates import day_text

WHAT_STAYS = "Usulan yang sudah diajukan dan hasil yang sudah diumumkan tetap memakai nama pada waktu itu."
MOST_CHARS = {"decree": 150, "reason": 2_000}


class ChangeKind(StrEnum):
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"


KIND_LABELS: dict[ChangeKind, str] = {
    ChangeKind.RENAMED: "Berganti nama atau kode",
    ChangeKind.MERGED: "Dilebur ke unit lain",
    ChangeKind.SPLIT: "Dibentuk dari unit lain",
}


@dataclass(frozen=True)
class Basis:
    """From which day a change holds, and on what it rests: a decree, a reason in words, or both."""

    effective_on: date
    decree: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """One change of a unit as its history tells it; `other_name` is the unit that it was merged into or split from."""

    kind: ChangeKind
    effective_on: date
    former_code: str
    former_name: str
    decree: str
    reason: str
    unit_id: int
    unit_name: str
    other_id: int | None = None
    other_name: str = ""


def check_basis(basis: Basis, *, today: date, latest: date | None) -> Basis:
    """The basis without blanks around it; refused when the day lies ahead or before the last change, or nothing is given."""
    clean = Basis(basis.effective_on, basis.decree.strip(), basis.reason.strip())
    problems = []
    if clean.effective_on > today:
        problems.append(Problem("Tanggal berlaku tidak boleh sesudah hari ini; catatlah pada harinya.", ("effectiveOn",)))
    if latest is not None and clean.effective_on < latest:
        template = "Tanggal berlaku tidak boleh sebelum perubahan terakhir unit ini, %(day)s."
        problems.append(Problem(template, ("effectiveOn",), params={"day": day_text(latest)}))
    if not clean.decree and not clean.reason:
        problems.append(Problem("Isi dasar hukumnya (nomor peraturan atau SK) atau keterangannya.", ("decree",)))
    for name, most in MOST_CHARS.items():
        if len(getattr(clean, name)) > most:
            problems.append(Problem("Paling banyak %(most)s karakter.", (name,), params={"most": most}))
    if problems:
        raise Invalid(problems)
    return clean


def sentence(change: Change, unit_id: int) -> str:
    """A change in words, as told on the page of the unit with this id."""
    day = day_text(change.effective_on)
    match change.kind:
        case ChangeKind.RENAMED:
            return f"Sampai {day_text(change.effective_on - timedelta(days=1))} bernama {change.former_name} ({change.former_code})."
        case ChangeKind.MERGED if change.unit_id == unit_id:
            return f"Sejak {day} dilebur ke {change.other_name}."
        case ChangeKind.MERGED:
            return f"Sejak {day} menerima {change.former_name} ({change.former_code}) yang dilebur ke unit ini."
        case ChangeKind.SPLIT if change.unit_id == unit_id:
            return f"Dibentuk pada {day} dari {change.other_name}."
    return f"Pada {day} sebagian dipisahkan menjadi {change.unit_name}."


def unit_problems(code: str, name: str, path: tuple[str, ...] = ()) -> list[Problem]:
    """What is wrong with the code and the name of a unit."""
    problems = []
    if not (2 <= len(code) <= 20 and code.replace("-", "").isalnum() and code == code.lower() and code.isascii()):
        template = "Kode unit terdiri atas 2 sampai 20 huruf kecil, angka, atau tanda hubung."
        problems.append(Problem(template, (*path, "code")))
    if not 1 <= len(name.strip()) <= 200:
        problems.append(Problem("Nama unit wajib diisi, paling banyak 200 karakter.", (*path, "name")))
    return problems
