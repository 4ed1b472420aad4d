"""Days, spans of days and numbers as they are written; the words are those of the Indonesian language."""

from datetime import date

import pytest

from sipetruk.rules.dates import day_in_words, number_in_words, span_text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (9, "sembilan"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (111, "seratus sebelas"),
        (219, "dua ratus sembilan belas"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1100, "seribu seratus"),
        (2024, "dua ribu dua puluh empat"),
        (2100, "dua ribu seratus"),
        (9999, "sembilan ribu sembilan ratus sembilan puluh sembilan"),
    ],
)
def test_a_number_in_words(number, words):
    assert number_in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10000])
def test_numbers_without_words_stop_the_program(number):
    with pytest.raises(ValueError, match="0 to 9999"):
        number_in_words(number)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2024, 2, 29), "Kamis tanggal dua puluh sembilan bulan Februari tahun dua ribu dua puluh empat"),
        (date(2026, 11, 30), "Senin tanggal tiga puluh bulan November tahun dua ribu dua puluh enam"),
        (date(2028, 12, 31), "Minggu tanggal tiga puluh satu bulan Desember tahun dua ribu dua puluh delapan"),
    ],
)
def test_a_day_in_words(day, words):
    assert day_in_words(day) == words


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2024, 10, 1), date(2024, 10, 1), "1 Oktober 2024"),
        (date(2024, 10, 1), date(2024, 10, 15), "1–15 Oktober 2024"),
        (date(2024, 10, 28), date(2024, 11, 3), "28 Oktober – 3 November 2024"),
        (date(2024, 12, 28), date(2025, 1, 3), "28 Desember 2024 – 3 Januari 2025"),
        (date(2024, 10, 1), date(2025, 10, 15), "1 Oktober 2024 – 15 Oktober 2025"),
    ],
)
def test_a_span_says_each_part_once(first, last, written):
    assert span_text(first, last) == written
