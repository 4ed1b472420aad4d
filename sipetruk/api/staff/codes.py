"""The code tables of SIASN, which the program brings along."""

from __future__ import annotations

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.staff.acts import Payload, actor_of, attempt
from sipetruk.reference import siasn_codes
from sipetruk.services import people


@strawberry.type(description="Tabel kode sesudah dimuat.")
class CodesPayload(Payload):
    tables: int = strawberry.field(description="Banyaknya tabel yang dimuat; 0 bila ditolak.")


@strawberry.type
class CodeActs:
    @strawberry.mutation(description="Memuat tabel kode SIASN yang dibawa program; aman diulang.")
    def codes_load(self, info: Info) -> CodesPayload | None:
        done, errors = attempt(info, lambda: _load(info))
        return CodesPayload(tables=done or 0, user_errors=errors)


def _load(info: Info) -> int:
    tables = siasn_codes()
    for kind, rows in tables.items():
        people.load_codes(actor_of(info), kind=kind, rows=rows)
    return len(tables)
