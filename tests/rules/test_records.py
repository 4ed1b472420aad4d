"""Facts on record: performance predicate, attendance, series of values, employee numbers (all numbers are made up)."""

from datetime import date
from fractions import Fraction

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules import attendance, nip, predicate, series
from sipetruk.rules.attendance import Incomplete
from sipetruk.rules.definition import Source

# Predicate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "behaviour", "expected"),
    [
        ("DI ATAS", "DI ATAS", "SANGAT BAIK"),
        ("DI ATAS", "SESUAI", "BAIK"),
        ("DI ATAS", "DI BAWAH", "KURANG"),
        ("SESUAI", "DI ATAS", "BAIK"),
        ("SESUAI", "SESUAI", "BAIK"),
        ("SESUAI", "DI BAWAH", "KURANG"),
        ("DI BAWAH", "DI ATAS", "BUTUH PERBAIKAN"),
        ("DI BAWAH", "SESUAI", "BUTUH PERBAIKAN"),
        ("DI BAWAH", "DI BAWAH", "SANGAT KURANG"),
    ],
)
def test_the_matrix_of_permenpanrb_6_2022(work, behaviour, expected):
    assert predicate.derive(work, behaviour) == expected
    assert predicate.require_consistent(work, behaviour, expected.lower()) == expected


@pytest.mark.parametrize("text", ["DI ATAS EKSPEKTASI", "DIATAS ESPEKTASI", "di atas ekspektasi", "Di Atas"])
def test_both_spellings_of_a_rating_are_read(text):
    assert predicate.parse_rating(text) == predicate.Rating.ABOVE


def test_a_predicate_that_contradicts_its_ratings_is_refused():
    with pytest.raises(Invalid) as refusal:
        predicate.require_consistent("SESUAI", "DIBAWAH ESPEKTASI", "BAIK")
    assert refusal.value.problems[0].path == ("predicate",)
    assert refusal.value.message == (
        "Predikat BAIK bertentangan dengan hasil kerja SESUAI EKSPEKTASI dan perilaku DI BAWAH EKSPEKTASI, yang menghasilkan KURANG."
    )


def test_unknown_words_are_refused():
    with pytest.raises(Invalid) as refusal:
        predicate.parse_rating("LUAR BIASA")
    assert refusal.value.message == "Penilaian harus DI ATAS, SESUAI atau DI BAWAH EKSPEKTASI."
    with pytest.raises(Invalid, match="salah satu dari"):
        predicate.parse_predicate("ISTIMEWA")


def test_predicates_are_ordered():
    assert predicate.at_least("BAIK", "BAIK")
    assert predicate.at_least("SANGAT BAIK", "BAIK")
    assert not predicate.at_least("BUTUH PERBAIKAN", "BAIK")
    assert [predicate.parse_predicate(text) for text in ("Kurang/Misconduct", "misconduct")] == ["KURANG", "KURANG"]


# Attendance --------------------------------------------------------------------------------------------------------


def test_the_percentage_is_the_exact_mean_of_the_months():
    records = {(2024, 4): 10_000, (2024, 5): 9833, (2024, 6): 9550, (2024, 7): 0}
    assert attendance.percentage(["2024-04", "2024-05", (2024, 6)], records) == Fraction(29_383, 300)


def test_a_month_without_a_record_makes_it_incomplete_and_0_is_a_record():
    assert attendance.percentage(["2024-06", "2024-05", "2024-04"], {(2024, 5): 9000}) == Incomplete(((2024, 4), (2024, 6)))
    assert attendance.percentage(["2024-04"], {(2024, 4): 0}) == 0


def test_just_below_a_threshold_stays_below():
    assert attendance.percentage(["2024-04", "2024-05"], {(2024, 4): 9500, (2024, 5): 9499}) < 95


def test_realisation_is_never_below_zero():
    assert [attendance.realisation(cut) for cut in (0, 250, 12_000)] == [10_000, 9750, 0]
    with pytest.raises(TypeError):
        attendance.realisation(2.5)
    with pytest.raises(Invalid) as refusal:
        attendance.realisation(-1)
    assert refusal.value.message == "Pengurang tidak boleh negatif."


@pytest.mark.parametrize("record", [95.5, True, "9500"])
def test_attendance_is_kept_as_whole_hundredths(record):
    with pytest.raises(TypeError):
        attendance.percentage(["2024-04"], {(2024, 4): record})


@pytest.mark.parametrize(
    ("wanted", "record", "message"),
    [
        (["2024-04"], 10_001, "Kehadiran harus antara 0 dan 100 persen."),
        (["2024-04"], -1, "Kehadiran harus antara 0 dan 100 persen."),
        ([], 9500, "Sebutkan bulan kehadiran yang dihitung."),
        (["2024-13"], 9500, "Tulis bulan seperti 2024-04."),
    ],
)
def test_attendance_refuses_other_ranges_and_no_month(wanted, record, message):
    with pytest.raises(Invalid) as refusal:
        attendance.percentage(wanted, {(2024, 4): record})
    assert refusal.value.message == message


# Series -----------------------------------------------------------------------------------------------------------


def test_a_series_is_the_exact_mean_of_the_months_that_the_source_names():
    source = Source("imported", months=("2024-04", "2024-05", "2024-06"), series="ekinerja")
    records = {("ekinerja", 2024, 4): 8500, ("ekinerja", 2024, 5): 9033, ("ekinerja", 2024, 6): 0, ("ekinerja", 2024, 7): 9900}
    assert series.mean(source, records) == Fraction(17_533, 300)


def test_a_series_of_a_year_is_its_one_value():
    source = Source("imported", year=2024, series="perilaku")
    assert series.mean(source, {("perilaku", 2024, series.WHOLE_YEAR): 7650, ("perilaku", 2024, 1): 1}) == Fraction("76.5")


@pytest.mark.parametrize(
    "source", [Source("imported", ("2024-04", "2024-05"), series="ekinerja"), Source("imported", (), 2024, "ekinerja")]
)
def test_a_series_with_a_missing_value_is_incomplete_and_never_0(source):
    assert series.mean(source, {("ekinerja", 2024, 4): 8500, ("perilaku", 2024, 5): 8500, ("perilaku", 2024, 0): 8500}) is None


# Employee numbers --------------------------------------------------------------------------------------------------


def test_a_nip_is_read_and_printed_in_groups():
    found = nip.parse("19900228 201505 1 001", nip.PNS)
    assert (found.birth, found.year, found.month, found.contract, found.sex, found.sequence) == (
        date(1990, 2, 28),
        2015,
        5,
        None,
        "1",
        "001",
    )
    assert (found.digits, found.kind, found.printed) == ("199002282015051001", nip.PNS, "19900228 201505 1 001")
    assert nip.format_nip("199001012015051001") == "19900101 201505 1 001"


def test_a_pppk_number_holds_a_contract_where_a_nip_holds_a_month():
    found = nip.parse("199001012021212007", nip.PPPK)
    assert (found.year, found.month, found.contract, found.sex, found.sequence) == (2021, None, "21", "2", "007")
    assert found.kind == nip.PPPK
    assert [nip.is_valid("199001012021212007", kind) for kind in nip.KINDS] == [False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("19900228201505100", "Nomor induk terdiri atas tepat 18 angka."),
        ("19900228201505100x", "Nomor induk terdiri atas tepat 18 angka."),
        ("١٩٩٠٠٢٢٨٢٠١٥٠٥١٠٠١", "Nomor induk terdiri atas tepat 18 angka."),
        ("199002302015051001", "Delapan angka pertama harus tanggal lahir (tahun, bulan, hari)."),
        ("199002281995051001", "Tahun pada angka ke-9 sampai ke-12 tidak sesuai dengan tanggal lahir."),
        ("199012312004121001", "Tahun pada angka ke-9 sampai ke-12 tidak sesuai dengan tanggal lahir."),
        ("199012312061121001", "Tahun pada angka ke-9 sampai ke-12 tidak sesuai dengan tanggal lahir."),
        ("199002282015001001", "Angka ke-13 dan ke-14 NIP harus bulan pengangkatan (01 sampai 12)."),
        ("199002282015131001", "Angka ke-13 dan ke-14 NIP harus bulan pengangkatan (01 sampai 12)."),
        ("199002282015053001", "Angka ke-15 harus 1 (laki-laki) atau 2 (perempuan)."),
        ("199002282015051000", "Nomor urut pada tiga angka terakhir tidak boleh 000."),
    ],
)
def test_a_wrong_number_is_refused_without_repeating_it(text, message):
    with pytest.raises(Invalid) as refusal:
        nip.parse(text, nip.PNS)
    assert (refusal.value.message, refusal.value.problems[0].path) == (message, ("nip",))


@pytest.mark.parametrize("text", ["199012312005011001", "199012312060121001"])
def test_the_first_and_the_last_year_and_month_of_an_appointment(text):
    assert nip.is_valid(text, nip.PNS)


def test_the_kind_is_pns_or_pppk():
    with pytest.raises(Invalid) as refusal:
        nip.parse("199002282015051001", "CPNS")
    assert (refusal.value.message, refusal.value.problems[0].path) == ("Jenis ASN harus PNS atau PPPK.", ("kind",))
