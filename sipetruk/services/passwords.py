"""Hashing of passwords: argon2id at 19 MiB, 2 passes (OWASP), about 20 ms."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sipetruk.errors import Invalid

LEAST, MOST = 10, 200
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_DUMMY = _HASHER.hash("nobody has this password")


def hashed(password: str, *usernames: str) -> str:
    """The hash to keep, or `Invalid` when the password is too short, too long or the name of one of its users."""
    if password.casefold() in (each.casefold() for each in usernames):
        raise Invalid("Kata sandi tidak boleh sama dengan nama pengguna.", "password")
    if len(password) < LEAST:
        raise Invalid("Kata sandi paling sedikit %(least)s karakter.", "password", least=LEAST)
    if len(password) > MOST:
        raise Invalid("Kata sandi paling banyak %(most)s karakter.", "password", most=MOST)
    return str(_HASHER.hash(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; for an unknown user the same time is spent and the answer is no."""
    try:
        _HASHER.verify(password_hash or _DUMMY, password[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)
