"""Employees and users as staff see them."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.common import WorkUnit, gid
from sipetruk.queries import people, users
from sipetruk.rules.permissions import ROLE_LABELS, Grant, Role


@strawberry.type(description="Pegawai ASN.")
class Employee:
    id: strawberry.ID = strawberry.field(description="Pengenal pegawai.")
    name: str = strawberry.field(description="Nama dan gelar.")
    nip: str = strawberry.field(description="NIP atau NI PPPK; hanya untuk yang masuk, tidak pernah diumumkan.")
    kind: str = strawberry.field(description="PNS atau PPPK.")
    unit: WorkUnit = strawberry.field(description="Unit kerja sekarang.")
    position: str = strawberry.field(description="Jabatan sekarang.")
    grade: str = strawberry.field(description="Golongan sekarang.")
    appointed_on: date = strawberry.field(description="Tanggal mulai bekerja.")

    @classmethod
    def of(cls, row: people.EmployeeRow) -> Employee:
        return cls(
            id=gid("Employee", row.id),
            name=row.full_name,
            nip=row.nip,
            kind=row.kind,
            unit=WorkUnit.of(row.unit_id, row.unit_code, row.unit_name),
            position=row.position,
            grade=row.grade,
            appointed_on=row.appointed_on,
        )


@strawberry.type(description="Satu peran seorang pengguna.")
class UserRole:
    role: Role = strawberry.field(description="Peran.")
    label: str = strawberry.field(description="Nama peran.")
    unit_number: strawberry.Private[int | None]

    @strawberry.field(description="Unit kerja; null bagi peran tanpa unit.")
    def unit(self, info: Info) -> WorkUnit | None:
        return None if self.unit_number is None else reads.work_units(info).get(self.unit_number)

    @classmethod
    def of(cls, grant: Grant) -> UserRole:
        return cls(role=grant.role, label=ROLE_LABELS[grant.role], unit_number=grant.unit_id)


@strawberry.type(description="Pengguna SI PETRUK.")
class User:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    username: str = strawberry.field(description="Nama pengguna.")
    name: str = strawberry.field(description="Nama.")
    phone: str | None = strawberry.field(description="Nomor telepon, angka internasional tanpa tanda, misalnya 6281234567890.")
    email: str | None = strawberry.field(description="Alamat e-mail.")
    is_active: bool = strawberry.field(description="Boleh masuk.")
    has_second_factor: bool = strawberry.field(description="Memakai faktor kedua.")
    is_linked: bool = strawberry.field(description="Terhubung dengan masuk tunggal.")
    has_given_password: bool = strawberry.field(description="Kata sandi dari admin belum diganti pemiliknya.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")
    roles: list[UserRole] = strawberry.field(description="Perannya.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, row: users.UserRow) -> User:
        return cls(
            id=gid("User", row.id),
            username=row.username,
            name=row.name,
            phone=row.phone,
            email=row.email,
            is_active=row.is_active,
            has_second_factor=row.has_second_factor,
            is_linked=row.is_linked,
            has_given_password=row.has_given_password,
            version=row.row_version,
            roles=[UserRole.of(grant) for grant in row.raw_grants],
        )
