"""Settings: every declaration is complete and its default is a value; what can be typed and what cannot."""

import pytest

from sipetruk.errors import Invalid
from sipetruk.rules.settings import DECLARED, GROUPS, Kind, clean, whatsapp_link


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
def test_a_declaration_is_complete(declared):
    assert declared.group in GROUPS
    assert declared.label
    assert declared.help.endswith((".", "diperiksa."))
    assert clean(declared, declared.default) == declared.default
    assert clean(declared, "  ") == declared.default
    if declared.kind is Kind.NUMBER:
        assert declared.low <= int(declared.default) <= declared.high
        assert [clean(declared, str(limit)) for limit in (declared.low, declared.high)] == [str(declared.low), str(declared.high)]


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("agency_name", " BKPSDM ", "BKPSDM"),
        ("help_phone", "(0526) 202-1234", "05262021234"),
        ("help_whatsapp", "+62 812-3456-7890", "+6281234567890"),
        ("help_email", "bkpsdm@balangankab.go.id", "bkpsdm@balangankab.go.id"),
        ("publication_policy", "names_and_score", "names_and_score"),
        ("agency_name", "x" * 200, "x" * 200),
        ("login_attempt_days", "000000030", "30"),
        ("backup_folder", "/var/backups/sipetruk", "/var/backups/sipetruk"),
    ],
)
def test_what_is_kept(key, typed, kept):
    assert clean(DECLARED[key], typed) == kept


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("agency_name", "x" * 201),
        ("agency_name", "a\x00b"),
        ("help_phone", "nomor"),
        ("help_phone", "12345"),
        ("help_whatsapp", "+62 812 abc"),
        ("help_email", "bukan-surel"),
        ("help_email", "a@b"),
        ("help_email", "a b@contoh.go.id"),
        ("publication_policy", "semuanya"),
        ("login_attempt_days", "6"),
        ("login_attempt_days", "731"),
        ("login_attempt_days", "0000000030"),
        ("login_attempt_days", "-9"),
        ("login_attempt_days", "9,5"),
        ("login_attempt_days", "٩٠"),
        ("nomination_years", "0"),
        ("backup_folder", "cadangan"),
        ("backup_folder", "/var/../etc"),
    ],
)
def test_what_is_refused(key, typed):
    with pytest.raises(Invalid) as refused:
        clean(DECLARED[key], typed)
    assert [p.path for p in refused.value.problems] == [("value",)]


def test_a_number_becomes_the_address_of_a_conversation():
    assert [whatsapp_link(number) for number in ("", "6281234", "+6281234", "081234")] == [
        "",
        "https://wa.me/6281234",
        "https://wa.me/6281234",
        "https://wa.me/6281234",
    ]


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("agency_name", "a\x00b", "Isian memuat karakter yang tidak dapat disimpan."),
        ("agency_address", "x" * 501, "Paling banyak 500 karakter."),
        ("login_attempt_days", "6", "Harus bilangan bulat 7 sampai 730."),
    ],
)
def test_a_refusal_says_what_is_wanted(key, typed, words):
    with pytest.raises(Invalid) as refused:
        clean(DECLARED[key], typed)
    assert refused.value.message == words
