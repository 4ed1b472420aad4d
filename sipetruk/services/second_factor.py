"""The second factor of a person: an authenticator (TOTP), confirmed by a code, and recovery codes that count once each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from sipetruk.errors import Conflict, Forbidden, Invalid
from sipetruk.models import RecoveryCode, SecondFactor, User
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, require
from sipetruk.services import audit, clock, notifications, proof
from sipetruk.services.transaction import held, one, touch, transaction
from sipetruk.services.users import close_sessions

CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH, GROUP = 16, 4
SECONDS, DRIFT = 30, 1
ENROLMENT = timedelta(minutes=30)
NAME = "SI PETRUK"
REASON_LENGTH = 500
WRONG = "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya pada aplikasi Anda, lalu coba lagi."

_key: bytes | None = None
_compulsory: frozenset[Role] = frozenset()


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator is given: the secret to type, or the address that a QR code carries."""

    secret: str
    uri: str


@dataclass(frozen=True)
class Confirmed:
    """Recovery codes, to be shown this once, and the epoch of the one session that goes on."""

    codes: tuple[str, ...]
    session_epoch: int


def use(secret_key: str, compulsory: Iterable[Role] = ()) -> None:
    """Encrypt secrets with a key made from the application's; people of the roles named must have a second factor."""
    global _key, _compulsory  # noqa: PLW0603  # the settings of this process, as the store of evidence is
    _key = base64.urlsafe_b64encode(hashlib.sha256(b"sipetruk second factor\x00" + secret_key.encode()).digest())
    _compulsory = frozenset(compulsory)


def is_compulsory(actor: Actor) -> bool:
    """Whether a role of this person asks for a second factor."""
    return bool(actor.roles & _compulsory)


def is_on(user_id: int) -> bool:
    """Whether signing in asks this user for a code."""
    return bool(SecondFactor.select().where(SecondFactor.user == user_id, SecondFactor.confirmed_at.is_null(is_null=False)).exists())


def begin(actor: Actor, *, password: str, address: str) -> Enrolment:
    """Make a new secret; it does not count before `confirm`. The password keeps others from an unwatched screen."""
    proof.require_password(actor, password, address=address)
    secret = pyotp.random_base32()
    sealed = _cipher().encrypt(secret.encode()).decode()
    with transaction():
        user = _held_own(actor)
        if is_on(user.id):
            raise Conflict("Faktor kedua sudah aktif.")
        SecondFactor.delete().where(SecondFactor.user == user.id).execute()
        SecondFactor.create(user=user.id, secret=sealed, started_at=clock.now())
        audit.record(actor, "account:second_factor", "user", user.id, after={"second_factor": "started"})
    return _enrolment(secret, user.username)


def enrolment(actor: Actor) -> Enrolment | None:
    """The secret that waits to be confirmed, for half an hour; None when there is none."""
    user = proof.own_row(actor)
    since = clock.now() - ENROLMENT
    row = SecondFactor.get_or_none(SecondFactor.user == user.id, SecondFactor.confirmed_at.is_null(), SecondFactor.started_at > since)
    secret = _opened(row) if row is not None else None
    return _enrolment(secret, user.username) if secret is not None else None


def confirm(actor: Actor, *, code: str, address: str) -> Confirmed:
    """Switch the second factor on with a first code; every other session ends."""
    user = proof.own_row(actor)
    codes = _new_codes()
    with transaction():
        user = _held_own(actor)
        proof.throttle(user.username, address)
        row = SecondFactor.get_or_none(SecondFactor.user == user.id)
        if row is not None and row.confirmed_at is not None:
            raise Conflict("Faktor kedua sudah aktif.")
        if row is None or row.started_at <= clock.now() - ENROLMENT:
            raise Invalid("Waktu penyiapan sudah lewat. Mulailah lagi dari awal.", "code")
        is_right = _takes(row, _digits(code))
        if is_right:
            row.confirmed_at = clock.now()
            row.save()
            _keep_codes(user.id, codes)
            close_sessions(user)
            touch(user)
            audit.record(actor, "account:second_factor", "user", user.id, before={"second_factor": "off"}, after={"second_factor": "on"})
        else:
            proof.note(user.username, address, is_success=False)
    if not is_right:
        raise Invalid(WRONG, "code")
    return Confirmed(tuple(map(spelled, codes)), user.session_epoch)


def disable(actor: Actor, *, password: str, code: str, address: str) -> None:
    """Switch the second factor off, with password and code; not where a role asks for it."""
    if is_compulsory(actor):
        raise Forbidden("Peran Anda mewajibkan faktor kedua; faktor kedua tidak dapat dimatikan.")
    proof.require_password(actor, password, address=address)
    with _proven(actor, code, address) as user:
        _remove(user.id)
        touch(user)
        audit.record(actor, "account:second_factor", "user", user.id, before={"second_factor": "on"}, after={"second_factor": "off"})


def renew_codes(actor: Actor, *, password: str, code: str, address: str) -> tuple[str, ...]:
    """New recovery codes, shown this once; the old ones count no longer."""
    proof.require_password(actor, password, address=address)
    codes = _new_codes()
    with _proven(actor, code, address) as user:
        _keep_codes(user.id, codes)
        audit.record(actor, "account:second_factor", "user", user.id, after={"recovery_codes": "renewed"})
    return tuple(map(spelled, codes))


def reset(actor: Actor, *, user_id: int, reason: str) -> None:
    """Take the second factor away from somebody who lost the authenticator; all sessions end, the reason is on record."""
    require(actor, Action.USER_MANAGE)
    if user_id == actor.user_id:
        raise Invalid("Faktor kedua sendiri dimatikan di halaman Akun saya, dengan kata sandi dan kode.")
    reason = reason.strip()
    if not 1 <= len(reason) <= REASON_LENGTH:
        raise Invalid("Alasan wajib diisi, paling banyak %(most)s karakter.", "reason", most=REASON_LENGTH)
    with transaction():
        user = one(held(User.select().where(User.id == user_id)), "Pengguna")
        if not is_on(user_id):
            raise Invalid("Pengguna ini tidak memakai faktor kedua.")
        _remove(user_id)
        close_sessions(user)
        touch(user)
        notifications.tell([user_id], Notice.ACCOUNT_FACTOR_RESET, thing="account", thing_id=user_id)
        change = {"before": {"second_factor": "on"}, "after": {"second_factor": "off"}}
        audit.record(actor, "user:second_factor_reset", "user", user_id, **change, reason=reason)


def accepts(user: Any, code: str, *, face: str) -> bool:
    """Whether the code counts for the held row of a user; it is used up. Call it inside the transaction that goes on with it."""
    row = SecondFactor.get_or_none(SecondFactor.user == user.id, SecondFactor.confirmed_at.is_null(is_null=False))
    if row is None:
        return False
    if _takes(row, _digits(code)):
        row.save()
        return True
    unused = (RecoveryCode.user == user.id) & (RecoveryCode.code_sha256 == _hash(user.id, code)) & RecoveryCode.used_at.is_null()
    if RecoveryCode.update(used_at=clock.now()).where(unused).execute() != 1:
        return False
    who, left = Actor(user.id, user.username, user.name, (), face), codes_left(user.id)
    notifications.tell([user.id], Notice.ACCOUNT_RECOVERY, thing="account", thing_id=user.id, count=str(left))
    audit.record(who, "account:second_factor", "user", user.id, after={"recovery_code": "used", "recovery_codes_left": left})
    return True


def codes_left(user_id: int) -> int:
    """How many recovery codes were not used yet."""
    return int(RecoveryCode.select().where(RecoveryCode.user == user_id, RecoveryCode.used_at.is_null()).count())


def spelled(code: str) -> str:
    """A recovery code in groups, easier to write down; the dashes do not count."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


@contextmanager
def _proven(actor: Actor, code: str, address: str) -> Iterator[Any]:
    """The actor's own held row, in a transaction that a right code has opened; a wrong one is kept as a failure."""
    with transaction():
        user = _held_own(actor)
        proof.throttle(user.username, address)
        if not is_on(user.id):
            raise Conflict("Faktor kedua tidak aktif.")
        if accepts(user, code, face=actor.face):
            yield user
            return
        proof.note(user.username, address, is_success=False)  # while the row is held, so that guesses at once are counted one by one
    raise Invalid(WRONG, "code")


def _held_own(actor: Actor) -> Any:
    return one(held(User.select().where(User.id == proof.own_row(actor).id)), "Pengguna")


def _remove(user_id: int) -> None:
    SecondFactor.delete().where(SecondFactor.user == user_id).execute()
    RecoveryCode.delete().where(RecoveryCode.user == user_id).execute()


def _keep_codes(user_id: int, codes: Iterable[str]) -> None:
    RecoveryCode.delete().where(RecoveryCode.user == user_id).execute()
    RecoveryCode.insert_many([{"user": user_id, "code_sha256": _hash(user_id, code)} for code in codes]).execute()


def _new_codes() -> list[str]:
    return ["".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]


def _hash(user_id: int, code: str) -> str:
    """79 bits of chance cannot be guessed from a hash, so a quick one will do."""
    plain = "".join(code.lower().replace("-", "").split())
    return hashlib.sha256(f"{user_id}:{plain}".encode()).hexdigest()


def _takes(row: Any, digits: str) -> bool:
    """Whether the digits are those of this half minute, of the one before or after, and of none that was taken already."""
    secret = _opened(row)
    if secret is None or len(digits) != 6:
        return False
    now = int(clock.now().timestamp()) // SECONDS
    for step in range(max(now - DRIFT, row.last_step + 1), now + DRIFT + 1):
        if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), digits):
            row.last_step = step
            return True
    return False


def _digits(code: str) -> str:
    plain = "".join(code.split())
    return plain if plain.isascii() and plain.isdecimal() else ""


def _enrolment(secret: str, username: str) -> Enrolment:
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=NAME))


def _cipher() -> Fernet:
    if _key is None:
        raise RuntimeError("no key: call use() first")
    return Fernet(_key)


def _opened(row: Any) -> str | None:
    """The secret of a row; None when the application's key has changed since, and only recovery codes are left."""
    try:
        return _cipher().decrypt(row.secret.encode()).decode()
    except InvalidToken:
        return None
