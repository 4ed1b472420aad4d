"""A nominee's code tells nothing, never changes and is nobody else's; texts lose what would tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipetruk.rules import blind


def test_codes_are_never_shared():
    assert len({blind.code(number) for number in range(1, 50_001)}) == 50_000
    assert [blind.code(number) for number in (1, 2, 3_199_999)] == ["FJFJW", "GDMNM", "CSPWQ"]
    room = len(blind.LETTERS) ** 5
    assert blind.code(room + 1) == blind.code(1) + "1"


@given(st.integers(1, 2**31 - 1))
def test_a_code_is_five_letters_without_a_vowel(number):
    assert set(blind.code(number)[:5]) <= set("BCDFGHJKLMNPQRSTVWXZ")
    assert blind.called(number) == f"Calon {blind.code(number)}"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Saya, Budi Santoso, dari Dinas Perhubungan.", "Saya, [disamarkan], dari [disamarkan]."),
        ("BUDI   SANTOSO\n(santoso)", "[disamarkan]\n([disamarkan])"),
        ("Budi\nSantoso", "[disamarkan]"),
        ("budidaya ikan", "budidaya ikan"),
        ("", ""),
        ("NIP 198609262015051001", "NIP [disamarkan]"),
        ("dr. Budi", "dr. [disamarkan]"),
    ],
)
def test_what_would_tell_is_taken_out(text, clean):
    words = blind.telling("Budi Santoso", "Dinas Perhubungan", "198609262015051001", None, "")
    assert blind.redacted(text, words) == clean


def test_words_alone_tell_only_where_they_are_of_the_name():
    assert blind.telling("Budi Santoso", "Dinas Perhubungan") == ("Dinas Perhubungan", "Budi Santoso", "Santoso", "Budi")
    assert blind.telling("Ani", "Yo") == ("Ani",)
    assert blind.telling("Budi bin Ali al Amin") == ("Budi bin Ali al Amin", "Amin", "Budi")


def test_signs_in_a_name_are_only_signs():
    assert blind.redacted("a (b c. d, a (bxc. d", blind.telling("(b c.")) == "a [disamarkan] d, a (bxc. d"
    assert blind.redacted("Dinas A+B (Pusat) dan AAB", blind.telling("x", "A+B (Pusat")) == "Dinas [disamarkan]) dan AAB"
    assert blind.redacted("tetap", ()) == "tetap"
