"""Employees and users as staff see them."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import WorkUnit, gid
from sipetruk.queries import people, users
from sipetruk.rules.permissions import ROLE_LABELS, Role


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
    unit_name: str = strawberry.field(description="Nama unit kerja; kosong bagi peran tanpa unit.")


@strawberry.type(description="Pengguna SI PETRUK.")
class User:
    id: strawberry.ID = strawberry.field(description="Pengenal pengguna.")
    username: str = strawberry.field(description="Nama pengguna.")
    name: str = strawberry.field(description="Nama.")
    is_active: bool = strawberry.field(description="Boleh masuk.")
    roles: list[UserRole] = strawberry.field(description="Perannya.", directives=[ListSize(assumed_size=3)])

    @classmethod
    def of(cls, row: users.UserRow) -> User:
        return cls(
            id=gid("User", row.id),
            username=row.username,
            name=row.name,
            is_active=row.is_active,
            roles=[UserRole(role=role, label=ROLE_LABELS[role], unit_name=unit) for role, unit in row.grants],
        )
