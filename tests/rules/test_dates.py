"""Days and numbers in words, as minutes begin; the words are those of the Indonesian language."""

from datetime import date

import pytest

from sipetruk.rules.dates import day_in_words, number_in_words


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
