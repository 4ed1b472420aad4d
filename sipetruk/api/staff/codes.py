"""The code tables of SIASN, which the program brings along."""

from __future__ import annotations

import strawberry

from sipetruk.api.context import Info
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.errors import Invalid
from sipetruk.reference import siasn_codes
from sipetruk.services import people


@strawberry.type(description="Tabel kode sesudah dimuat.")
class CodesPayload(Payload):
    tables: int = strawberry.field(description="Banyaknya tabel yang dimuat; 0 bila ditolak.")


@strawberry.input(description="Memuat tabel kode SIASN.")
class CodesLoadInput:
    kinds: list[str] = strawberry.field(default_factory=list, description="Tabel yang dimuat, misalnya eselon; kosong berarti semua.")


@strawberry.type
class CodeActs:
    @strawberry.mutation(description="Memuat tabel kode SIASN yang dibawa program; aman diulang.")
    def codes_load(self, info: Info, given: Given[CodesLoadInput]) -> CodesPayload | None:
        done, errors = attempt(info, lambda: _load(info, given.kinds))
        return CodesPayload(tables=done or 0, user_errors=errors)


def _load(info: Info, kinds: list[str]) -> int:
    known = siasn_codes()
    if unknown := [kind for kind in kinds if kind not in known]:
        raise Invalid("Tabel ini tidak ada: %(kind)s. Pilihannya: %(known)s.", "kinds", kind=unknown[0][:40], known=", ".join(known))
    tables = {kind: known[kind] for kind in kinds or known}
    for kind, rows in tables.items():
        people.load_codes(actor_of(info), kind=kind, rows=rows)
    return len(tables)
