"""What a copy of a period for another year would hold, before it is made."""

from __future__ import annotations

from datetime import date

import strawberry

from sipetruk.api.enums import VersionState
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.common import PeriodReference, gid
from sipetruk.api.staff.periods import Category, EligibilityRule, PanelMember
from sipetruk.queries import period_copies as queries
from sipetruk.queries.periods import PeriodView
from sipetruk.rules.workflow import Stage


@strawberry.type(description="Jadwal satu tahap sebelum dan sesudah digeser.")
class StageCopy:
    stage: Stage = strawberry.field(description="Tahap.")
    label: str = strawberry.field(description="Nama tahap.")
    opens_on: date = strawberry.field(description="Hari pertama dahulu (WITA).")
    closes_on: date = strawberry.field(description="Hari terakhir dahulu (WITA).")
    new_opens_on: date = strawberry.field(description="Hari pertama nanti (WITA).")
    new_closes_on: date = strawberry.field(description="Hari terakhir nanti (WITA).")


@strawberry.type(description="Versi instrumen yang dapat dipilih bagi salinan.")
class VersionChoice:
    id: strawberry.ID = strawberry.field(description="Pengenal versi.")
    number: int = strawberry.field(description="Nomor versi.")
    state: VersionState = strawberry.field(description="Keadaan versi.")


@strawberry.type(description="Salinan satu kategori.")
class CategoryCopy:
    category: Category = strawberry.field(description="Kategori yang disalin.")
    name: str = strawberry.field(description="Nama kategori.")
    slug: str = strawberry.field(description="Kode kategori.")
    instrument_version: VersionChoice | None = strawberry.field(
        description="Versi yang dipakai bila tidak dipilih yang lain; null bila harus dipilih."
    )
    choices: list[VersionChoice] = strawberry.field(description="Versi yang masih dipakai.", directives=[ListSize(assumed_size=3)])
    has_newer: bool = strawberry.field(description="Ada versi terkunci yang lebih baru.")
    rules: list[EligibilityRule] = strawberry.field(description="Syarat nanti.", directives=[ListSize(assumed_size=8)])
    has_moved_rules: bool = strawberry.field(description="Bulan pada syaratnya ikut digeser.")
    panel: list[PanelMember] = strawberry.field(description="Tim penilai nanti.", directives=[ListSize(assumed_size=5)])
    left_out: list[str] = strawberry.field(description="Nama anggota yang bukan penilai aktif lagi.", directives=[ListSize(assumed_size=2)])

    @classmethod
    def of(cls, row: queries.CategoryCopy, period: PeriodView) -> CategoryCopy:
        choices = [
            VersionChoice(id=gid("InstrumentVersion", each.id), number=each.number, state=VersionState(each.state)) for each in row.choices
        ]
        return cls(
            category=next(Category.of(each, period) for each in period.categories if each.id == row.id),
            name=row.name,
            slug=row.slug,
            instrument_version=next((choice for choice, each in zip(choices, row.choices, strict=True) if each.id == row.version_id), None),
            choices=choices,
            has_newer=row.newer is not None,
            rules=[EligibilityRule.of(each) for each in row.rules],
            has_moved_rules=row.are_rules_moved,
            panel=[PanelMember(id=gid("User", user_id), name=name) for user_id, name in row.panel],
            left_out=list(row.left_out),
        )


@strawberry.type(description="Salinan sebuah periode untuk tahun lain, sebelum dibuat; tidak disimpan.")
class PeriodCopyPlan:
    period: PeriodReference = strawberry.field(description="Periode yang disalin.")
    year: int = strawberry.field(description="Tahun salinan.")
    stages: list[StageCopy] = strawberry.field(description="Jadwal.", directives=[ListSize(assumed_size=7)])
    categories: list[CategoryCopy] = strawberry.field(description="Kategori.", directives=[ListSize(assumed_size=4)])

    @classmethod
    def of(cls, plan: queries.CopyPlan) -> PeriodCopyPlan:
        return cls(
            period=PeriodReference(id=gid("Period", plan.period.id), name=plan.period.name, year=plan.period.year),
            year=plan.year,
            stages=[
                StageCopy(
                    stage=each.stage,
                    label=each.label,
                    opens_on=each.opens_on,
                    closes_on=each.closes_on,
                    new_opens_on=each.new_opens_on,
                    new_closes_on=each.new_closes_on,
                )
                for each in plan.stages
            ],
            categories=[CategoryCopy.of(each, plan.period) for each in plan.categories],
        )
