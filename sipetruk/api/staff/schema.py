"""The staff schema, built once."""

from __future__ import annotations

import strawberry

from sipetruk.api.engine import Engine
from sipetruk.api.scalars import config
from sipetruk.api.staff.query import Query

SCHEMA = strawberry.Schema(Query, config=config())
ENGINE = Engine(SCHEMA, hide_suggestions=True)
