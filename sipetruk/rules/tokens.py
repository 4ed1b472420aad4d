"""Tokens of programs: what a sound one is, what its secret looks like, and whether it still opens anything."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sipetruk.errors import Invalid, Problem
from sipetruk.rules.dates import day_text
from sipetruk.rules.scopes import Scope

PREFIX = "spk_"
"""How every secret begins, so that people and scanners of repositories recognise one."""
SECRET_BYTES = 32
SHOWN = 4
NAME_LENGTH = 40
PURPOSE_LENGTH = 300
REASON_LENGTH = 300
USUAL_DAYS = 90
MOST_DAYS = 365
USE_NOTED_EVERY = timedelta(minutes=1)
_SECRET = re.compile(r"spk_[A-Za-z0-9_-]{43}", re.ASCII)


class TokenState(StrEnum):
    ACTIVE = "active"
    IDLE = "idle"
    EXPIRED = "expired"
    REVOKED = "revoked"


STATE_LABELS: dict[TokenState, str] = {
    TokenState.ACTIVE: "berlaku",
    TokenState.IDLE: "pemilik nonaktif",
    TokenState.EXPIRED: "kedaluwarsa",
    TokenState.REVOKED: "dicabut",
}


@dataclass(frozen=True)
class Wish:
    """What somebody wants a token to be."""

    name: str
    purpose: str
    scopes: tuple[Scope, ...]
    expires_on: date


def looks_like_secret(text: str) -> bool:
    return _SECRET.fullmatch(text) is not None


def holds_secret(text: str) -> bool:
    """Whether a secret stands anywhere in a text."""
    return _SECRET.search(text) is not None


def fingerprint(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain hash is enough: nobody can try them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def state_of(*, is_revoked: bool, expires_on: date, is_owner_active: bool, today: date) -> TokenState:
    """Whether a token opens anything today; the day of its expiry still counts."""
    if is_revoked:
        return TokenState.REVOKED
    if expires_on < today:
        return TokenState.EXPIRED
    return TokenState.ACTIVE if is_owner_active else TokenState.IDLE


def checked(wish: Wish, today: date, known: Collection[str] = ()) -> Wish:
    """The wish without blanks around its texts; `Invalid` names all that is wrong."""
    clean = Wish(wish.name.strip(), wish.purpose.strip(), wish.scopes, wish.expires_on)
    last = today + timedelta(days=MOST_DAYS)
    problems = [
        Problem("Wajib diisi, paling banyak %(most)s karakter.", (name,), params={"most": most})
        for name, most in (("name", NAME_LENGTH), ("purpose", PURPOSE_LENGTH))
        if not 1 <= len(getattr(clean, name)) <= most or "\x00" in getattr(clean, name)
    ]
    if not problems and not clean.name.isprintable():
        problems.append(Problem("Satu baris saja.", ("name",)))
    if clean.name.casefold() in {each.casefold() for each in known}:
        problems.append(Problem("Nama ini sudah dipakai token lain.", ("name",)))
    if not clean.scopes or len(set(clean.scopes)) != len(clean.scopes):
        problems.append(Problem("Pilih paling sedikit satu cakupan, masing-masing sekali.", ("scopes",)))
    if not today <= clean.expires_on <= last:
        words = {"first": day_text(today), "last": day_text(last)}
        problems.append(Problem("Pilih tanggal dari %(first)s sampai %(last)s.", ("expiresOn",), params=words))
    if problems:
        raise Invalid(problems)
    return clean
