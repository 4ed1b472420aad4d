"""Telephone numbers and e-mail addresses of people, each in the one spelling that is kept."""

from __future__ import annotations

import re

from sipetruk.errors import Invalid

EMAIL_LENGTH = 254
_SPACING = re.compile(r"[\s().\-/]+")
_PHONE = re.compile(r"[1-9][0-9]{7,14}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+{_LABEL}")


def phone_of(text: str) -> str | None:
    """The international digits of a telephone number ("0812-3456-789" is 628123456789); None when nothing was typed.

    A number must begin with 0, +, 00 or 62, since "81..." may be Japan as well as a forgotten 0.
    """
    given = _SPACING.sub("", text)
    if not given:
        return None
    if given.startswith(("+", "00")):
        digits = given.removeprefix("+") if given.startswith("+") else given[2:]
    elif given.startswith("0"):
        digits = "62" + given[1:]
    else:
        digits = given if given.startswith("62") else ""
    if digits.startswith("620"):  # "+62 (0)812": the 0 is for callers inside the country
        digits = "62" + digits[3:]
    if not _PHONE.fullmatch(digits):
        raise Invalid("Nomor telepon diawali 0 atau +62 dan terdiri atas 8 sampai 15 angka, misalnya 0812-3456-7890.", "phone")
    return digits


def email_of(text: str) -> str | None:
    """The address in small letters; None when nothing was typed."""
    given = text.strip().lower()
    if not given:
        return None
    if not 5 <= len(given) <= EMAIL_LENGTH or len(given.partition("@")[0]) > 64 or not _EMAIL.fullmatch(given):
        raise Invalid("Alamat e-mail tidak sah; contoh: nama@balangan.go.id.", "email")
    return given
