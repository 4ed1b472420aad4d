"""A starter for another year, and the code that a name suggests."""

import pytest

from sipetruk.rules import adaptation, instrument, naming
from tests.rules.building import starter


@pytest.mark.parametrize(
    ("name", "year"), [("balangan-2023", 2023), ("balangan-2024", None), ("berakhlak", None), ("enam-sifat-pp-11-2017", 2026)]
)
def test_the_year_of_the_data(name, year):
    assert adaptation.data_year(starter(name)) == year


def test_months_and_years_move_together_and_nothing_else_changes():
    found = starter("balangan-2023")
    moved = adaptation.for_year(found, 2027, "Putaran 2027")
    assert [change.path for change in instrument.diff(found, moved)] == [
        ("title",),
        ("criteria", "predikat_skp", "source"),
        ("criteria", "kehadiran_3bln", "source"),
    ]
    assert instrument.criterion(moved, "predikat_skp").source.year == 2026
    assert instrument.criterion(moved, "kehadiran_3bln").source.months == ("2027-04", "2027-05", "2027-06")
    assert adaptation.for_year(moved, 2023, found.title) == found


def test_an_instrument_without_times_only_gets_its_title():
    found = starter("berakhlak")
    assert [change.path for change in instrument.diff(found, adaptation.for_year(found, 2027, "Baru"))] == [("title",)]


def test_the_last_year_of_a_title_is_replaced():
    assert adaptation.title_for(starter("balangan-2023"), 2027) == "SI PETRUK Kabupaten Balangan 2027"
    assert adaptation.title_for(starter("berakhlak"), 2027) == "Nilai dasar ASN BerAKHLAK"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ASN Berprestasi", "asn-berprestasi"),
        ("  Pegawai – Teladan (2026) ", "pegawai-teladan-2026"),
        ("Éléve", "eleve"),
        ("!!!", ""),
        ("kata " * 30, "-".join(["kata"] * 12)),
        ("x" * 80, "x" * 60),
    ],
)
def test_a_code_is_suggested_by_the_name(name, code):
    assert naming.suggest_code(name) == code
