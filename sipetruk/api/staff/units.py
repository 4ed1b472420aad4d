"""Work units with their history, and what may happen to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

import strawberry

from sipetruk.api import ids
from sipetruk.api.context import Info
from sipetruk.api.enums import described
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff import reads
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import NominationReference, WorkUnit, gid
from sipetruk.api.staff.nomination_acts import VERSION
from sipetruk.queries import units as queries
from sipetruk.rules.unit_history import KIND_LABELS, Basis, Change, ChangeKind, sentence
from sipetruk.services import people, units

described(ChangeKind, "Apa yang terjadi pada sebuah unit kerja.", KIND_LABELS, name="UnitChangeKind")
UNIT = "Pengenal unit kerja."
CODE = "Kode unit kerja, 2 sampai 20 huruf kecil, angka, atau tanda hubung."
NAME = "Nama unit kerja."


@strawberry.type(description="Unit kerja sebagai rujukan.")
class UnitName:
    id: strawberry.ID = strawberry.field(description=UNIT)
    name: str = strawberry.field(description="Nama unit kerja sekarang.")


@strawberry.type(description="Satu perubahan dalam riwayat sebuah unit kerja.")
class UnitChange:
    kind: ChangeKind = strawberry.field(description="Jenis perubahan.")
    text: str = strawberry.field(description="Perubahan dalam kata-kata.")
    effective_on: date = strawberry.field(description="Hari pertama berlakunya.")
    former_code: str = strawberry.field(description="Kode sebelumnya; bagi unit bentukan, kode unit asalnya.")
    former_name: str = strawberry.field(description="Nama sebelumnya; bagi unit bentukan, nama unit asalnya.")
    decree: str = strawberry.field(description="Dasar hukum; dapat kosong.")
    reason: str = strawberry.field(description="Keterangan; dapat kosong.")
    other: UnitName | None = strawberry.field(description="Unit lain yang bersangkutan; null bila hanya berganti nama.")

    @classmethod
    def of(cls, change: Change, unit_id: int) -> UnitChange:
        is_own = change.unit_id == unit_id
        other = (change.other_id, change.other_name) if is_own else (change.unit_id, change.unit_name)
        return cls(
            kind=change.kind,
            text=sentence(change, unit_id),
            effective_on=change.effective_on,
            former_code=change.former_code,
            former_name=change.former_name,
            decree=change.decree,
            reason=change.reason,
            other=None if other[0] is None else UnitName(id=gid("WorkUnit", other[0]), name=other[1]),
        )


@strawberry.type(description="Unit kerja dengan riwayatnya.")
class WorkUnitRecord:
    id: strawberry.ID = strawberry.field(description=UNIT)
    code: str = strawberry.field(description="Kode sekarang.")
    name: str = strawberry.field(description="Nama sekarang.")
    is_active: bool = strawberry.field(description="Unit ini masih ada.")
    version: int = strawberry.field(description="Versi data, untuk `expectedVersion`.")
    employees: int = strawberry.field(description="Banyaknya pegawai yang boleh dilihat pembaca.")
    successor: UnitName | None = strawberry.field(description="Unit yang meneruskan unit yang dilebur; null bila tidak dilebur.")
    history: list[UnitChange] = strawberry.field(
        description="Riwayat, yang terlama lebih dahulu; daftar pendek.", directives=[ListSize(assumed_size=10)]
    )

    @classmethod
    def of(cls, unit: queries.UnitRecord) -> WorkUnitRecord:
        return cls(
            id=gid("WorkUnit", unit.id),
            code=unit.code,
            name=unit.name,
            is_active=unit.is_active,
            version=unit.row_version,
            employees=unit.employees,
            successor=UnitName(id=gid("WorkUnit", unit.successor[0]), name=unit.successor[1]) if unit.successor else None,
            history=[UnitChange.of(change, unit.id) for change in unit.changes],
        )


@strawberry.type(description="Akibat melebur sebuah unit kerja ke unit lain, sebelum dilakukan.")
class UnitMergePlan:
    consequences: list[str] = strawberry.field(description="Yang akan terjadi, dalam kata-kata.", directives=[ListSize(assumed_size=10)])
    blockers: list[str] = strawberry.field(
        description="Yang menghalangi; kosong bila dapat dilebur.", directives=[ListSize(assumed_size=10)]
    )
    employees: int = strawberry.field(description="Banyaknya pegawai yang pindah.")
    nominations: list[NominationReference] = strawberry.field(
        description="Usulan yang belum selesai dan ikut pindah.", directives=[ListSize(assumed_size=10)]
    )


@strawberry.type(description="Unit kerja sesudah tindakan.")
class WorkUnitPayload(Payload):
    work_unit: WorkUnitRecord | None = strawberry.field(description="Unit kerja; null bila tindakan ditolak.")


@strawberry.type(description="Unit kerja yang ditambahkan.")
class WorkUnitsPayload(Payload):
    work_units: list[WorkUnit] = strawberry.field(
        description="Unit kerja, urutannya tetap; kosong bila ditolak.", directives=[ListSize(assumed_size=50)]
    )


@strawberry.input(description="Unit kerja baru.")
class NewWorkUnitInput:
    code: str = strawberry.field(description=CODE)
    name: str = strawberry.field(description=NAME)


@strawberry.input(description="Menambah unit kerja, semuanya atau tidak satu pun.")
class WorkUnitsRegisterInput:
    units: list[NewWorkUnitInput] = strawberry.field(description="Unit kerja baru.")


@strawberry.input(description="Memperbaiki tulisan nama, atau menyatakan unit aktif atau tidak; nama baru dicatat dengan `workUnitRename`.")
class WorkUnitUpdateInput:
    work_unit_id: strawberry.ID = strawberry.field(description=UNIT)
    name: str = strawberry.field(description=NAME)
    is_active: bool = strawberry.field(description="Unit ini masih ada.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Mencatat nama atau kode baru sejak suatu hari; isi dasar hukum, keterangan, atau keduanya.")
class WorkUnitRenameInput:
    work_unit_id: strawberry.ID = strawberry.field(description=UNIT)
    code: str = strawberry.field(description=CODE)
    name: str = strawberry.field(description=NAME)
    effective_on: date = strawberry.field(description="Hari pertama berlakunya; tidak boleh sesudah hari ini.")
    decree: str = strawberry.field(default="", description="Dasar hukum.")
    reason: str = strawberry.field(default="", description="Keterangan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Melebur unit kerja ke unit lain; `unitMergePlan` menunjukkan akibatnya lebih dahulu.")
class WorkUnitMergeInput:
    work_unit_id: strawberry.ID = strawberry.field(description="Pengenal unit yang dilebur.")
    into_id: strawberry.ID = strawberry.field(description="Pengenal unit yang menerima.")
    effective_on: date = strawberry.field(description="Hari pertama berlakunya; tidak boleh sesudah hari ini.")
    decree: str = strawberry.field(default="", description="Dasar hukum.")
    reason: str = strawberry.field(default="", description="Keterangan.")
    expected_version: int = strawberry.field(description=VERSION)


@strawberry.input(description="Membentuk unit kerja baru dari sebagian unit lain.")
class WorkUnitSplitInput:
    work_unit_id: strawberry.ID = strawberry.field(description="Pengenal unit asal.")
    code: str = strawberry.field(description=CODE)
    name: str = strawberry.field(description=NAME)
    employee_ids: list[strawberry.ID] = strawberry.field(default_factory=list, description="Pengenal pegawai yang ikut pindah.")
    effective_on: date = strawberry.field(description="Hari pertama berlakunya; tidak boleh sesudah hari ini.")
    decree: str = strawberry.field(default="", description="Dasar hukum.")
    reason: str = strawberry.field(default="", description="Keterangan.")
    expected_version: int = strawberry.field(description="Versi data unit asal yang dibaca sebelumnya.")


@strawberry.type
class UnitQueries:
    @strawberry.field(description="Satu unit kerja dengan riwayatnya; null bila tidak ada.")
    def work_unit(
        self, info: Info, global_id: Annotated[strawberry.ID, strawberry.argument(name="id", description=UNIT)]
    ) -> WorkUnitRecord | None:
        return reads.by_id(global_id, "WorkUnit", lambda number: _unit(info, number))

    @strawberry.field(description="Akibat melebur sebuah unit kerja ke unit lain; null bila salah satunya tidak ada.")
    def unit_merge_plan(
        self,
        info: Info,
        work_unit_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal unit yang dilebur.")],
        into_id: Annotated[strawberry.ID, strawberry.argument(description="Pengenal unit yang menerima.")],
    ) -> UnitMergePlan | None:
        plan = reads.or_none(
            lambda: queries.merge_plan(
                actor_of(info), ids.number(work_unit_id, "WorkUnit", "Unit kerja"), ids.number(into_id, "WorkUnit", "Unit kerja")
            )
        )
        if plan is None:
            return None
        return UnitMergePlan(
            consequences=list(queries.consequences(plan)),
            blockers=list(plan.blockers),
            employees=plan.employees,
            nominations=[NominationReference.of(number, text) for number, text, _ in plan.nominations],
        )


@strawberry.type
class UnitActs:
    @strawberry.mutation(description="Menambah unit kerja.")
    def work_units_register(self, info: Info, given: Given[WorkUnitsRegisterInput]) -> WorkUnitsPayload | None:
        new = [people.NewUnit(each.code, each.name) for each in given.units]
        made, errors = attempt(info, lambda: people.register_units(actor_of(info), units=new))
        return WorkUnitsPayload(work_units=[reads.work_units(info)[number] for number in made or ()], user_errors=errors)

    @strawberry.mutation(description="Memperbaiki tulisan nama unit kerja, atau menyatakannya aktif atau tidak.")
    def work_unit_update(self, info: Info, given: Given[WorkUnitUpdateInput]) -> WorkUnitPayload | None:
        return _on_unit(
            info,
            given.work_unit_id,
            lambda number: people.update_unit(
                actor_of(info), unit_id=number, name=given.name, is_active=given.is_active, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Mencatat nama atau kode baru sebuah unit kerja.")
    def work_unit_rename(self, info: Info, given: Given[WorkUnitRenameInput]) -> WorkUnitPayload | None:
        basis = Basis(given.effective_on, given.decree, given.reason)
        return _on_unit(
            info,
            given.work_unit_id,
            lambda number: units.rename(
                actor_of(info), unit_id=number, code=given.code, name=given.name, basis=basis, expected_version=given.expected_version
            ),
        )

    @strawberry.mutation(description="Melebur unit kerja ke unit lain, yang menerima pegawai, akun, dan usulan yang belum selesai.")
    def work_unit_merge(self, info: Info, given: Given[WorkUnitMergeInput]) -> WorkUnitPayload | None:
        basis = Basis(given.effective_on, given.decree, given.reason)
        return _on_unit(
            info,
            given.work_unit_id,
            lambda number: units.merge(
                actor_of(info),
                unit_id=number,
                into_id=ids.number(given.into_id, "WorkUnit", "Unit kerja"),
                basis=basis,
                expected_version=given.expected_version,
            ),
        )

    @strawberry.mutation(description="Membentuk unit kerja baru dari sebagian unit lain.")
    def work_unit_split(self, info: Info, given: Given[WorkUnitSplitInput]) -> WorkUnitPayload | None:
        basis = Basis(given.effective_on, given.decree, given.reason)
        return _unit_payload(
            info,
            lambda: units.split(
                actor_of(info),
                unit_id=ids.number(given.work_unit_id, "WorkUnit", "Unit kerja"),
                code=given.code,
                name=given.name,
                employee_ids=[ids.number(each, "Employee", "Pegawai") for each in given.employee_ids],
                basis=basis,
                expected_version=given.expected_version,
            ),
        )


def _unit(info: Info, number: int) -> WorkUnitRecord | None:
    return reads.or_none(lambda: WorkUnitRecord.of(queries.unit(actor_of(info), number)))


def _on_unit(info: Info, global_id: str, act: Callable[[int], object]) -> WorkUnitPayload:
    def do() -> int:
        number = ids.number(global_id, "WorkUnit", "Unit kerja")
        act(number)
        return number

    return _unit_payload(info, do)


def _unit_payload(info: Info, act: Callable[[], int]) -> WorkUnitPayload:
    number, errors = attempt(info, act)
    return WorkUnitPayload(work_unit=None if number is None else _unit(info, number), user_errors=errors)
