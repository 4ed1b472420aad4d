"""The code on a certificate: the same for the same content, forgiving about how it is typed, and nothing else."""

import pytest

from sipetruk.rules.check_codes import ALPHABET, check_code, read_code

SHA = "a" * 64


def test_a_code_follows_from_the_content_and_the_winner():
    assert check_code(SHA, "siti-aminah-2024") == "6E4S-7F1D-36W5"
    assert len({check_code(SHA, f"w-{n}") for n in range(2_000)} | {check_code("b" * 64, f"w-{n}") for n in range(2_000)}) == 4_000
    letters = {letter for n in range(500) for letter in check_code(SHA, str(n)).replace("-", "")}
    assert letters == set(ALPHABET)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7K2M-9QXT-04BD", "7K2M-9QXT-04BD"),
        (" 7k2m 9qxt\n04bd ", "7K2M-9QXT-04BD"),
        ("7K2M–9QXT—O4BD", "7K2M-9QXT-04BD"),
        ("oil1.oil1.oil1", "0111-0111-0111"),
        ("7K2M-9QXT-04B", None),
        ("7K2M-9QXT-04BDD", None),
        ("7K2M-9QXT-04BU", None),
        ("7K2M-9QXT-04B٣", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_what_is_typed(typed, read):
    assert read_code(typed) == read
