"""Numbers of rows that may be removed, for tables whose numbers are known outside: in global ids, addresses and idempotency keys."""

from __future__ import annotations

from typing import Any

import peewee as pw

from sipetruk.models.base import database


class LastingNumberField(pw.AutoField):
    """The number of a row, which no other row ever gets: on SQLite as well, where by default the next one gets that of a removed row."""

    def ddl(self, ctx: Any) -> Any:
        written = super().ddl(ctx)
        return pw.NodeList((written, pw.SQL("AUTOINCREMENT"))) if isinstance(database.obj, pw.SqliteDatabase) else written
