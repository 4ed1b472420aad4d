"""The root of the staff schema."""

from __future__ import annotations

import strawberry

from sipetruk.api.context import Info


@strawberry.type(description="Yang dapat dibaca orang yang masuk.")
class Query:
    @strawberry.field(description="Nama orang yang masuk.")
    def name(self, info: Info) -> str | None:
        return info.context.actor.name if info.context.actor else None
