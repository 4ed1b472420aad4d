"""One's own account in the schema: what it is, and what its owner changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.cost import Cost
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.api.staff.people import UserRole
from sipetruk.api.staff.user_acts import EMAIL, FIRST_PASSWORD, PHONE
from sipetruk.login import keep_session, request_address
from sipetruk.queries import accounts as queries
from sipetruk.rules.permissions import Actor
from sipetruk.services import accounts, clock, identities, proof, second_factor, users

T = TypeVar("T")
OWN_PASSWORD = "Kata sandi sekarang."  # noqa: S105  # a description
CODE = "Enam angka dari aplikasi autentikator, atau satu kode pemulihan yang belum dipakai."
ONE_GUESS = Cost(weight=1_000)
"""A password or a code is asked for: two of these are more than one operation may cost."""


@strawberry.type(description="Satu kali masuk yang sesinya mungkin masih berjalan.")
class SignIn:
    at: datetime = strawberry.field(description="Saatnya.")
    address: str = strawberry.field(description="Alamat jaringan.")
    device: str = strawberry.field(description="Peramban dan sistem; kosong bila tidak dikenal.")


@strawberry.type(description="Akun orang yang masuk.")
class Account:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    username: str = strawberry.field(description="Nama pengguna.")
    name: str = strawberry.field(description="Nama.")
    phone: str | None = strawberry.field(description="Nomor telepon, angka internasional tanpa tanda.")
    email: str | None = strawberry.field(description="Alamat e-mail.")
    roles: list[UserRole] = strawberry.field(description="Perannya.", directives=[ListSize(assumed_size=3)])
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")
    second_factor_confirmed_at: datetime | None = strawberry.field(description="Sejak kapan faktor kedua aktif; null bila tidak aktif.")
    is_second_factor_required: bool = strawberry.field(description="Perannya mewajibkan faktor kedua.")
    recovery_codes_left: int = strawberry.field(description="Banyaknya kode pemulihan yang belum dipakai.")
    single_sign_on_linked_at: datetime | None = strawberry.field(description="Sejak kapan terhubung dengan masuk tunggal; null bila tidak.")
    sign_ins: list[SignIn] = strawberry.field(
        description="Sesi yang mungkin masih berjalan, yang terakhir lebih dahulu.",
        directives=[ListSize(assumed_size=queries.MOST_SIGN_INS)],
    )


@strawberry.type(description="Akun sesudah tindakan.")
class AccountPayload(Payload):
    account: Account | None = strawberry.field(description="Akun; null bila tindakan ditolak.")


@strawberry.type(description="Rahasia bagi aplikasi autentikator; belum berlaku sebelum dikonfirmasi dengan kode.")
class SecondFactorPayload(Payload):
    secret: str | None = strawberry.field(description="Kunci yang diketik di aplikasi; null bila ditolak.")
    uri: str | None = strawberry.field(description="Alamat otpauth untuk kode QR; null bila ditolak.")


@strawberry.type(description="Kode pemulihan, ditampilkan satu kali ini saja.")
class RecoveryCodesPayload(Payload):
    codes: list[str] = strawberry.field(description="Kode; kosong bila ditolak.", directives=[ListSize(assumed_size=second_factor.CODES)])
    account: Account | None = strawberry.field(description="Akun; null bila tindakan ditolak.")


@strawberry.input(description="Mengubah profil sendiri; seluruh isinya dikirim.")
class OwnProfileUpdateInput:
    name: str = strawberry.field(description="Nama.")
    phone: str = strawberry.field(default="", description=PHONE)
    email: str = strawberry.field(default="", description=EMAIL)
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mengganti kata sandi sendiri.")
class OwnPasswordChangeInput:
    old_password: str = strawberry.field(description=OWN_PASSWORD)
    password: str = strawberry.field(description=FIRST_PASSWORD)


@strawberry.input(description="Mengakhiri semua sesi sendiri.")
class OwnSessionsEndInput:
    is_this_kept: bool = strawberry.field(default=True, description="Sesi ini sendiri tetap berjalan.")


@strawberry.input(description="Menyiapkan faktor kedua.")
class SecondFactorBeginInput:
    password: str = strawberry.field(description=OWN_PASSWORD)


@strawberry.input(description="Melepas hubungan akun sendiri dengan masuk tunggal.")
class OwnIdentityRemoveInput:
    password: str = strawberry.field(description=OWN_PASSWORD)


@strawberry.input(description="Kode pertama dari aplikasi autentikator.")
class SecondFactorConfirmInput:
    code: str = strawberry.field(description="Enam angka dari aplikasi autentikator.")


@strawberry.input(description="Mematikan faktor kedua.")
class SecondFactorDisableInput:
    password: str = strawberry.field(description=OWN_PASSWORD)
    code: str = strawberry.field(description=CODE)


@strawberry.input(description="Membuat kode pemulihan baru.")
class RecoveryCodesRenewInput:
    password: str = strawberry.field(description=OWN_PASSWORD)
    code: str = strawberry.field(description=CODE)


@strawberry.type
class AccountQueries:
    """The field of the root for one's own account."""

    @strawberry.field(description="Akun orang yang masuk.")
    def account(self, info: Info) -> Account | None:
        return _account(actor_of(info))


@strawberry.type
class AccountActs:
    """Fields of the root for changes to one's own account."""

    @strawberry.mutation(description="Mengubah profil sendiri.")
    def own_profile_update(self, info: Info, given: Given[OwnProfileUpdateInput]) -> AccountPayload | None:
        return _payload(
            info,
            lambda: accounts.update_profile(
                actor_of(info), name=given.name, phone=given.phone, email=given.email, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Mengganti kata sandi sendiri; semua sesi lain berakhir.", directives=[ONE_GUESS])
    def own_password_change(self, info: Info, given: Given[OwnPasswordChangeInput]) -> AccountPayload | None:
        def do() -> None:
            epoch = accounts.change_password(actor_of(info), old=given.old_password, new=given.password, address=request_address())
            keep_session(epoch)

        return _payload(info, do)

    @strawberry.mutation(description="Mengakhiri semua sesi sendiri.")
    def own_sessions_end(self, info: Info, given: Given[OwnSessionsEndInput]) -> AccountPayload | None:
        def do() -> None:
            actor = actor_of(info)
            epoch = users.end_sessions(actor, user_id=actor.user_id or 0)
            if given.is_this_kept:
                keep_session(epoch)

        return _payload(info, do)

    @strawberry.mutation(description="Menyiapkan faktor kedua: rahasia bagi aplikasi autentikator.", directives=[ONE_GUESS])
    def second_factor_begin(self, info: Info, given: Given[SecondFactorBeginInput]) -> SecondFactorPayload | None:
        made, errors = attempt(info, lambda: second_factor.begin(actor_of(info), password=given.password, address=request_address()))
        return SecondFactorPayload(secret=made.secret if made else None, uri=made.uri if made else None, user_errors=errors)

    @strawberry.mutation(description="Mengaktifkan faktor kedua dengan kode pertamanya; semua sesi lain berakhir.", directives=[ONE_GUESS])
    def second_factor_confirm(self, info: Info, given: Given[SecondFactorConfirmInput]) -> RecoveryCodesPayload | None:
        def do() -> tuple[str, ...]:
            done = second_factor.confirm(actor_of(info), code=given.code, address=request_address())
            keep_session(done.session_epoch, has_second_factor=True)
            return done.codes

        return _codes(info, do)

    @strawberry.mutation(description="Mematikan faktor kedua, bila peran tidak mewajibkannya.", directives=[ONE_GUESS])
    def second_factor_disable(self, info: Info, given: Given[SecondFactorDisableInput]) -> AccountPayload | None:
        return _payload(
            info,
            lambda: second_factor.disable(actor_of(info), password=given.password, code=given.code, address=request_address()),
        )

    @strawberry.mutation(description="Membuat kode pemulihan baru; yang lama tidak berlaku lagi.", directives=[ONE_GUESS])
    def recovery_codes_renew(self, info: Info, given: Given[RecoveryCodesRenewInput]) -> RecoveryCodesPayload | None:
        return _codes(
            info,
            lambda: second_factor.renew_codes(actor_of(info), password=given.password, code=given.code, address=request_address()),
        )

    @strawberry.mutation(description="Melepas hubungan akun sendiri dengan masuk tunggal.", directives=[ONE_GUESS])
    def own_identity_remove(self, info: Info, given: Given[OwnIdentityRemoveInput]) -> AccountPayload | None:
        return _payload(info, lambda: identities.unlink(actor_of(info), password=given.password, address=request_address()))


def _account(actor: Actor) -> Account:
    found = queries.own(actor, name_hash=proof.name_hash(actor.username), now=clock.now())
    return Account(
        id=gid("User", found.id),
        username=found.username,
        name=found.name,
        phone=found.phone,
        email=found.email,
        roles=[UserRole.of(grant) for grant in found.raw_grants],
        version=found.row_version,
        second_factor_confirmed_at=found.second_factor_since,
        is_second_factor_required=second_factor.is_compulsory(actor),
        recovery_codes_left=found.recovery_codes_left,
        single_sign_on_linked_at=found.identity_since,
        sign_ins=[SignIn(at=row.at, address=row.address, device=row.device) for row in found.sign_ins],
    )


def _payload(info: Info, act: Callable[[], object]) -> AccountPayload:
    _, errors = attempt(info, act)
    return AccountPayload(account=None if errors else _account(actor_of(info)), user_errors=errors)


def _codes(info: Info, act: Callable[[], tuple[str, ...]]) -> RecoveryCodesPayload:
    codes, errors = attempt(info, act)
    return RecoveryCodesPayload(codes=list(codes or ()), account=None if errors else _account(actor_of(info)), user_errors=errors)
