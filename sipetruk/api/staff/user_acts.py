"""What BKPSDM does to users: adding, roles, passwords, sessions, and what they lost."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.nomination_acts import KEY, VERSION
from sipetruk.api.staff.people import User
from sipetruk.queries import users as queries
from sipetruk.rules.permissions import Grant, Role
from sipetruk.services import identities, second_factor, users

USER = "Pengenal pengguna."
FIRST_PASSWORD = "Kata sandi, paling sedikit 10 karakter."  # noqa: S105  # a description
PHONE = "Nomor telepon, diawali 0 atau +62; kosong berarti tidak ada."
EMAIL = "Alamat e-mail; kosong berarti tidak ada."
REASON = "Alasan; tercatat pada jejak audit."


@strawberry.type(description="Pengguna sesudah tindakan.")
class UserPayload(Payload):
    user: User | None = strawberry.field(description="Pengguna; null bila tindakan ditolak.")


@strawberry.input(description="Satu peran.")
class GrantInput:
    role: Role = strawberry.field(description="Peran.")
    unit_id: strawberry.ID | None = strawberry.field(default=None, description="Pengenal unit kerja, hanya bagi peran perangkat daerah.")


@strawberry.input(description="Menambah pengguna.")
class UserCreateInput:
    username: str = strawberry.field(description="Nama pengguna: huruf kecil, angka, titik, garis bawah, atau tanda hubung.")
    name: str = strawberry.field(description="Nama.")
    password: str = strawberry.field(description=FIRST_PASSWORD)
    grants: list[GrantInput] = strawberry.field(default_factory=list, description="Perannya.")
    phone: str = strawberry.field(default="", description=PHONE)
    email: str = strawberry.field(default="", description=EMAIL)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Mengubah nama dan cara menghubungi seorang pengguna; seluruh isinya dikirim.")
class UserUpdateInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    name: str = strawberry.field(description="Nama.")
    phone: str = strawberry.field(default="", description=PHONE)
    email: str = strawberry.field(default="", description=EMAIL)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Menetapkan seluruh peran seorang pengguna; semua sesinya berakhir.")
class UserGrantsSetInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    grants: list[GrantInput] = strawberry.field(description="Semua perannya.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Memberi kata sandi baru; semua sesi pengguna itu berakhir.")
class UserPasswordSetInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    password: str = strawberry.field(description=FIRST_PASSWORD)


@strawberry.input(description="Mengaktifkan atau menonaktifkan seorang pengguna; semua sesinya berakhir.")
class UserActiveSetInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    is_active: bool = strawberry.field(description="Boleh masuk.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengakhiri semua sesi seorang pengguna.")
class UserSessionsEndInput:
    user_id: strawberry.ID = strawberry.field(description=USER)


@strawberry.input(
    description="Mencabut faktor kedua seorang pengguna yang kehilangan ponsel dan kode pemulihannya; semua sesinya berakhir."
)
class UserSecondFactorResetInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    reason: str = strawberry.field(description=REASON)


@strawberry.input(description="Melepas hubungan seorang pengguna dengan masuk tunggal; semua sesinya berakhir.")
class UserIdentityRemoveInput:
    user_id: strawberry.ID = strawberry.field(description=USER)
    reason: str = strawberry.field(description=REASON)


@strawberry.type
class UserActs:
    """Fields of the root for changes to users."""

    @strawberry.mutation(description="Menambah pengguna.")
    def user_create(self, info: Info, given: Given[UserCreateInput]) -> UserPayload | None:
        return _payload(
            info,
            lambda: users.add(
                actor_of(info),
                username=given.username,
                name=given.name,
                password=given.password,
                grants=_grants(given.grants),
                phone=given.phone,
                email=given.email,
                idempotency_key=given.idempotency_key,
            ),
        )

    @strawberry.mutation(description="Mengubah nama, nomor telepon, dan alamat e-mail seorang pengguna.")
    def user_update(self, info: Info, given: Given[UserUpdateInput]) -> UserPayload | None:
        return _on_user(
            info,
            given.user_id,
            lambda number: users.update(
                actor_of(info),
                user_id=number,
                name=given.name,
                phone=given.phone,
                email=given.email,
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Menetapkan seluruh peran seorang pengguna.")
    def user_grants_set(self, info: Info, given: Given[UserGrantsSetInput]) -> UserPayload | None:
        return _on_user(
            info,
            given.user_id,
            lambda number: users.set_grants(
                actor_of(info), user_id=number, grants=_grants(given.grants), expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Memberi seorang pengguna kata sandi baru.")
    def user_password_set(self, info: Info, given: Given[UserPasswordSetInput]) -> UserPayload | None:
        return _on_user(info, given.user_id, lambda number: users.set_password(actor_of(info), user_id=number, password=given.password))

    @strawberry.mutation(description="Mengaktifkan atau menonaktifkan seorang pengguna.")
    def user_active_set(self, info: Info, given: Given[UserActiveSetInput]) -> UserPayload | None:
        return _on_user(
            info,
            given.user_id,
            lambda number: users.set_active(
                actor_of(info), user_id=number, is_active=given.is_active, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Mengakhiri semua sesi seorang pengguna.")
    def user_sessions_end(self, info: Info, given: Given[UserSessionsEndInput]) -> UserPayload | None:
        return _on_user(info, given.user_id, lambda number: users.end_sessions(actor_of(info), user_id=number))

    @strawberry.mutation(description="Mencabut faktor kedua seorang pengguna.")
    def user_second_factor_reset(self, info: Info, given: Given[UserSecondFactorResetInput]) -> UserPayload | None:
        return _on_user(info, given.user_id, lambda number: second_factor.reset(actor_of(info), user_id=number, reason=given.reason))

    @strawberry.mutation(description="Melepas hubungan seorang pengguna dengan masuk tunggal.")
    def user_identity_remove(self, info: Info, given: Given[UserIdentityRemoveInput]) -> UserPayload | None:
        return _on_user(info, given.user_id, lambda number: identities.remove(actor_of(info), user_id=number, reason=given.reason))


def _grants(given: list[GrantInput]) -> list[Grant]:
    return [Grant(each.role, None if each.unit_id is None else ids.number(each.unit_id, "WorkUnit", "Unit kerja")) for each in given]


def _on_user(info: Info, global_id: str, act: Callable[[int], object]) -> UserPayload:
    def do() -> int:
        number = ids.number(global_id, "User", "Pengguna")
        act(number)
        return number

    return _payload(info, do)


def _payload(info: Info, act: Callable[[], int]) -> UserPayload:
    number, errors = attempt(info, act)
    return UserPayload(user=None if number is None else _user(info, number), user_errors=errors)


def _user(info: Info, number: int) -> User | None:
    """The user as it is now; none for somebody who ended the own sessions, roles or account by this."""
    rows = {row.id: row for row in queries.users(actor_of(info))}
    return User.of(rows[number]) if number in rows else None
