"""Units over the years: what a change must say, and how it reads on the pages of both units."""

from datetime import date

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.unit_history import Basis, Change, ChangeKind, check_basis, sentence, unit_problems
from tests.rules.building import problems

TODAY = date(2026, 11, 24)
AHEAD = ("effectiveOn", "Tanggal berlaku tidak boleh sesudah hari ini; catatlah pada harinya.")
BEFORE = ("effectiveOn", "Tanggal berlaku tidak boleh sebelum perubahan terakhir unit ini, 1 Januari 2026.")
NOTHING = ("decree", "Isi dasar hukumnya (nomor peraturan atau SK) atau keterangannya.")
WORDS = {
    "code": "Kode unit terdiri atas 2 sampai 20 huruf kecil, angka, atau tanda hubung.",
    "name": "Nama unit wajib diisi, paling banyak 200 karakter.",
}


def change(kind, *, other=None):
    return Change(kind, date(2026, 1, 1), "lama", "Nama Lama", "Perda 1", "", 1, "Unit Satu", other, "Unit Dua" if other else "")


@pytest.mark.parametrize(
    ("kind", "reader", "text"),
    [
        (ChangeKind.RENAMED, 1, "Sampai 31 Desember 2025 bernama Nama Lama (lama)."),
        (ChangeKind.MERGED, 1, "Sejak 1 Januari 2026 dilebur ke Unit Dua."),
        (ChangeKind.MERGED, 2, "Sejak 1 Januari 2026 menerima Nama Lama (lama) yang dilebur ke unit ini."),
        (ChangeKind.SPLIT, 1, "Dibentuk pada 1 Januari 2026 dari Unit Dua."),
        (ChangeKind.SPLIT, 2, "Pada 1 Januari 2026 sebagian dipisahkan menjadi Unit Satu."),
    ],
)
def test_a_change_reads_from_both_sides(kind, reader, text):
    assert sentence(change(kind, other=None if kind is ChangeKind.RENAMED else 2), reader) == text


@pytest.mark.parametrize(
    ("day", "decree", "reason", "expected"),
    [
        (TODAY, "SK", "", []),
        (date(2026, 1, 1), "", "Alasan", []),
        (date(2026, 11, 25), "SK", "", [AHEAD]),
        (date(2025, 12, 31), "SK", "", [BEFORE]),
        (TODAY, " ", " ", [NOTHING]),
        (TODAY, "x" * 150, "y" * 2_000, []),
        (TODAY, "x" * 151, "y" * 2_001, [("decree", "Paling banyak 150 karakter."), ("reason", "Paling banyak 2000 karakter.")]),
        (date(2026, 11, 25), "", "", [AHEAD, NOTHING]),
    ],
)
def test_what_a_change_rests_on(day, decree, reason, expected):
    given = Basis(day, decree, reason)
    if not expected:
        assert check_basis(given, today=TODAY, latest=date(2026, 1, 1)) == given
        return
    with pytest.raises(Invalid) as refused:
        check_basis(given, today=TODAY, latest=date(2026, 1, 1))
    assert problems(refused) == [((path,), words) for path, words in expected]


def test_the_first_change_follows_none_and_blanks_do_not_count():
    assert check_basis(Basis(date(1999, 1, 1), " SK ", " ya "), today=TODAY, latest=None) == Basis(date(1999, 1, 1), "SK", "ya")


@pytest.mark.parametrize(
    ("code", "name", "paths"),
    [
        ("ab", "A", []),
        ("dinas-1", "x" * 200, []),
        ("x" * 20, "A", []),
        ("a", "A", ["code"]),
        ("x" * 21, "A", ["code"]),
        ("Dinas", "A", ["code"]),
        ("dinas_1", "A", ["code"]),
        ("dïnas", "A", ["code"]),
        ("--", " ", ["code", "name"]),
        ("ab", "x" * 201, ["name"]),
    ],
)
def test_codes_and_names(code, name, paths):
    assert [(p.path, p.message) for p in unit_problems(code, name, ("units", "0"))] == [
        (("units", "0", path), WORDS[path]) for path in paths
    ]
