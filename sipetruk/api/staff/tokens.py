"""Tokens of programs in the staff schema: made, listed and revoked by those who manage them."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from sipetruk.api import ids
from sipetruk.api.connections import Connection
from sipetruk.api.context import Info
from sipetruk.api.enums import described
from sipetruk.api.listings import Lists
from sipetruk.api.listsize import ListSize
from sipetruk.api.staff.acts import Given, Payload, actor_of, attempt
from sipetruk.api.staff.common import gid
from sipetruk.queries import tokens as queries
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.scopes import SCOPES, Scope
from sipetruk.rules.tokens import STATE_LABELS, TokenState
from sipetruk.services import clock
from sipetruk.services import tokens as services

SCOPE_WORDS = {key: f"{each.label}: {each.explanation}" for key, each in SCOPES.items()}
described(Scope, "Cakupan: apa yang boleh dilakukan dengan sebuah token.", SCOPE_WORDS)
described(TokenState, "Keadaan sebuah token.", STATE_LABELS)
WHICH = "Pengenal token."


@strawberry.type(description="Token dengan mana sebuah program bertindak untuk seorang pengguna; rahasianya tidak dapat dibaca lagi.")
class ApiToken:
    id: strawberry.ID = strawberry.field(description=WHICH)
    name: str = strawberry.field(description="Nama token, seperti tercatat pada jejak audit.")
    purpose: str = strawberry.field(description="Untuk apa dan siapa yang memegangnya.")
    owner: str = strawberry.field(description="Pengguna yang diwakili.")
    ending: str = strawberry.field(description="Empat karakter terakhir rahasianya.")
    scopes: list[Scope] = strawberry.field(description="Cakupannya.", directives=[ListSize(assumed_size=5)])
    state: TokenState = strawberry.field(description="Keadaan hari ini.")
    created_at: datetime = strawberry.field(description="Saat dibuat.")
    created_by: str = strawberry.field(description="Nama pembuatnya; kosong bila lewat baris perintah.")
    expires_on: date = strawberry.field(description="Hari terakhir token berlaku (WITA).")
    last_used_at: datetime | None = strawberry.field(description="Terakhir dipakai, teliti sampai satu menit; null bila belum pernah.")
    revoked_at: datetime | None = strawberry.field(description="Saat dicabut; null bila tidak dicabut.")
    revoked_by: str = strawberry.field(description="Nama pencabutnya; dapat kosong.")
    reason: str = strawberry.field(description="Alasan dicabut; kosong bila tidak dicabut.")

    @classmethod
    def of(cls, row: queries.TokenRow) -> ApiToken:
        return cls(
            id=gid("ApiToken", row.id),
            name=row.name,
            purpose=row.purpose,
            owner=row.owner,
            ending=row.ending,
            scopes=list(row.scopes),
            state=row.state,
            created_at=row.created_at,
            created_by=row.created_by,
            expires_on=row.expires_on,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
            revoked_by=row.revoked_by,
            reason=row.reason,
        )


@strawberry.type(description="Token sesudah dibuat.")
class TokenCreatePayload(Payload):
    token: ApiToken | None = strawberry.field(description="Tokennya; null bila ditolak.")
    secret: str | None = strawberry.field(description="Rahasia token, hanya kali ini; null bila ditolak atau permintaannya diulang.")


@strawberry.type(description="Token sesudah dicabut.")
class TokenPayload(Payload):
    token: ApiToken | None = strawberry.field(description="Tokennya; null bila ditolak.")


@strawberry.input(description="Membuat token. Haknya tidak pernah melebihi hak pengguna yang diwakili.")
class TokenCreateInput:
    name: str = strawberry.field(description="Nama, paling banyak 40 karakter, belum dipakai token lain.")
    purpose: str = strawberry.field(description="Untuk apa dan siapa yang memegangnya, paling banyak 300 karakter.")
    owner_id: strawberry.ID = strawberry.field(description="Pengenal pengguna yang diwakili: aktif dan mempunyai peran.")
    scopes: list[Scope] = strawberry.field(description="Cakupan, paling sedikit satu.")
    expires_on: date | None = strawberry.field(
        default=None, description="Hari terakhir berlaku (WITA), paling lama 365 hari lagi; null berarti 90 hari lagi."
    )
    idempotency_key: str | None = strawberry.field(
        default=None, description="Kunci dari pengirim; permintaan ulang dengan kunci yang sama tidak membuat token lagi."
    )


@strawberry.input(description="Mencabut token untuk seterusnya.")
class TokenRevokeInput:
    token_id: strawberry.ID = strawberry.field(description=WHICH)
    reason: str = strawberry.field(description="Alasan, paling banyak 300 karakter; tercatat pada jejak audit.")


TOKENS = Lists(queries.TOKENS)


@strawberry.type
class TokenQueries:
    @TOKENS.connection(description="Semua token, yang terbaru lebih dahulu; bagi admin BKPSDM.")
    def tokens(self, info: Info, page: PageRequest) -> Connection[ApiToken]:
        return Connection.of(queries.TOKENS.cut(queries.tokens(actor_of(info), today=clock.today()), page), ApiToken.of)


@strawberry.type
class TokenActs:
    @strawberry.mutation(description="Membuat token. Rahasianya ada di jawaban ini saja.")
    def token_create(self, info: Info, given: Given[TokenCreateInput]) -> TokenCreatePayload | None:
        made, errors = attempt(
            info,
            lambda: services.create(
                actor_of(info),
                name=given.name,
                purpose=given.purpose,
                owner_id=ids.number(given.owner_id, "User", "Pengguna"),
                scopes=given.scopes,
                expires_on=given.expires_on,
                idempotency_key=given.idempotency_key,
            ),
        )
        token = ApiToken.of(queries.token(actor_of(info), made.token_id, today=clock.today())) if made else None
        return TokenCreatePayload(token=token, secret=made.secret if made else None, user_errors=errors)

    @strawberry.mutation(description="Mencabut token; permintaan berikutnya dengan token itu ditolak.")
    def token_revoke(self, info: Info, given: Given[TokenRevokeInput]) -> TokenPayload | None:
        def act() -> int:
            number = ids.number(given.token_id, "ApiToken", "Token")
            services.revoke(actor_of(info), token_id=number, reason=given.reason)
            return number

        number, errors = attempt(info, act)
        token = ApiToken.of(queries.token(actor_of(info), number, today=clock.today())) if number else None
        return TokenPayload(token=token, user_errors=errors)
