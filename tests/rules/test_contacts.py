"""Telephone numbers and e-mail addresses are kept in one spelling."""

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.contacts import email_of, phone_of
from tests.rules.building import problems


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("0812 3456 7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("62812.3456.7890", "6281234567890"),
        ("0062 812 3456 7890", "6281234567890"),
        ("+62 (0)812 3456 7890", "6281234567890"),
        ("(0526) 202-8001", "625262028001"),
        ("+81 90 1234 5678", "819012345678"),
        ("  ", None),
        ("", None),
    ],
)
def test_a_telephone_number_is_kept_as_international_digits(typed, kept):
    assert phone_of(typed) == kept


@pytest.mark.parametrize(
    "typed", ["81234567890", "+", "0", "0812", "+0812345678", "0812345678901234", "08x2345678", "٠٨١٢٣٤٥٦٧٨", "08\x0012345678"]
)
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        phone_of(typed)
    assert problems(refused) == [
        (("phone",), "Nomor telepon diawali 0 atau +62 dan terdiri atas 8 sampai 15 angka, misalnya 0812-3456-7890.")
    ]


@pytest.mark.parametrize(
    ("typed", "kept"), [(" Rina.Admin@Balangan.GO.ID ", "rina.admin@balangan.go.id"), ("a+b@x-y.id", "a+b@x-y.id"), ("", None), (" ", None),
     ("a@b.c", "a@b.c"), ("a" * 64 + "@x.id", "a" * 64 + "@x.id"), ("a@" + "b." * 125 + "id", "a@" + "b." * 125 + "id")],
)  # fmt: skip
def test_an_address_is_kept_in_small_letters(typed, kept):
    assert email_of(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["rina", "rina@", "@balangan.go.id", "rina@balangan", "ri na@balangan.go.id", "a@b@c.id", "rina@-x.id", "r..a@x.id", "a\x00b@x.id",
     "a@x.id\nBcc: b@x.id", "é@x.id", "a" * 65 + "@x.id", "a@" + "b." * 130 + "id", "a@" + "b." * 126 + "i",
     "a@bc"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        email_of(typed)
    assert problems(refused) == [(("email",), "Alamat e-mail tidak sah; contoh: nama@balangan.go.id.")]
