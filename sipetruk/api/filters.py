"""The inputs of `where` that all lists share: typed operators, one input for each kind of value."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any

import strawberry

from sipetruk.api.enums import described
from sipetruk.queries.conditions import Kind

IS_NULL = "true: hanya yang kosong; false: hanya yang berisi."
ONE_OF = "Salah satu dari ini, paling banyak 100; daftar kosong tidak mencocokkan apa pun."
AT_LEAST = "Paling kecil ini."
AT_MOST = "Paling besar ini."


@strawberry.input(
    description="Penyaring teks; semua yang diisi harus cocok. Teks dibandingkan huruf demi huruf menurut kode Unicode, paling panjang 200."
)
class StringFilter:
    eq: str | None = strawberry.field(default=None, description="Persis teks ini, dengan huruf besar dan kecilnya.")
    in_: list[str] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    contains: str | None = strawberry.field(
        default=None, description="Memuat teks ini; hanya huruf A-Z yang tidak dibedakan besar kecilnya, tanpa karakter pengganti."
    )
    gte: str | None = strawberry.field(default=None, description="Sama dengan atau sesudah teks ini.")
    lte: str | None = strawberry.field(default=None, description="Sama dengan atau sebelum teks ini.")


@strawberry.input(description="Penyaring bilangan bulat; semua yang diisi harus cocok.")
class IntFilter:
    eq: int | None = strawberry.field(default=None, description="Sama dengan angka ini.")
    in_: list[int] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    gte: int | None = strawberry.field(default=None, description=AT_LEAST)
    lte: int | None = strawberry.field(default=None, description=AT_MOST)
    is_null: bool | None = strawberry.field(default=None, description=IS_NULL)


@strawberry.input(description="Penyaring angka desimal; semua yang diisi harus cocok.")
class DecimalFilter:
    eq: Decimal | None = strawberry.field(default=None, description="Sama dengan angka ini; 82.50 sama dengan 82.5.")
    in_: list[Decimal] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    gte: Decimal | None = strawberry.field(default=None, description=AT_LEAST)
    lte: Decimal | None = strawberry.field(default=None, description=AT_MOST)
    is_null: bool | None = strawberry.field(default=None, description=IS_NULL)


@strawberry.input(description="Penyaring tanggal (WITA); semua yang diisi harus cocok.")
class DateFilter:
    eq: date | None = strawberry.field(default=None, description="Pada hari ini.")
    in_: list[date] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    gte: date | None = strawberry.field(default=None, description="Pada hari ini atau sesudahnya.")
    lte: date | None = strawberry.field(default=None, description="Pada hari ini atau sebelumnya.")
    is_null: bool | None = strawberry.field(default=None, description=IS_NULL)


@strawberry.input(description="Penyaring waktu, teliti sampai detik seperti yang ditampilkan; semua yang diisi harus cocok.")
class DateTimeFilter:
    eq: datetime | None = strawberry.field(default=None, description="Pada detik ini.")
    in_: list[datetime] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    gte: datetime | None = strawberry.field(default=None, description="Pada detik ini atau sesudahnya.")
    lte: datetime | None = strawberry.field(default=None, description="Pada detik ini atau sebelumnya.")
    is_null: bool | None = strawberry.field(default=None, description=IS_NULL)


@strawberry.input(description="Penyaring ya atau tidak.")
class BooleanFilter:
    eq: bool | None = strawberry.field(default=None, description="Sama dengan ini.")


@strawberry.input(description="Penyaring pengenal; semua yang diisi harus cocok. Pengenal yang tidak dikenal tidak mencocokkan apa pun.")
class IdFilter:
    eq: strawberry.ID | None = strawberry.field(default=None, description="Sama dengan pengenal ini.")
    in_: list[strawberry.ID] | None = strawberry.field(default=None, name="in", description=ONE_OF)
    is_null: bool | None = strawberry.field(default=None, description=IS_NULL)


class SortDirection(StrEnum):
    ASC = "asc"
    DESC = "desc"


described(
    SortDirection,
    "Arah urutan; yang kosong selalu di akhir.",
    {"asc": "Dari yang kecil, awal, atau lama.", "desc": "Dari yang besar, akhir, atau baru."},
)

FILTERS: dict[Kind, type] = {
    Kind.TEXT: StringFilter,
    Kind.INTEGER: IntFilter,
    Kind.DECIMAL: DecimalFilter,
    Kind.DATE: DateFilter,
    Kind.MOMENT: DateTimeFilter,
    Kind.FLAG: BooleanFilter,
    Kind.REFERENCE: IdFilter,
}


@cache
def of_enum(kind: type[Enum]) -> Any:
    """The filter of an enum of the contract: `NominationStateFilter` for `NominationState`."""
    definition: Any = kind.__strawberry_definition__  # type: ignore[attr-defined]  # set when the enum was described
    members: dict[str, Any] = {
        "__annotations__": {"eq": kind | None, "in_": list[kind] | None},  # type: ignore[valid-type]  # made from a value
        "eq": strawberry.field(default=None, description="Sama dengan ini."),
        "in_": strawberry.field(default=None, name="in", description=ONE_OF),
    }
    name = f"{definition.name}Filter"
    return strawberry.input(
        type(name, (), members), description=f"Penyaring menurut nilai `{definition.name}`; semua yang diisi harus cocok."
    )
