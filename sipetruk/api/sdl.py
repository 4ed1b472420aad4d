"""The contract as text: what `graphql/public.graphql` and `graphql/staff.graphql` must say."""

from __future__ import annotations

from collections.abc import Callable

from sipetruk.api.public.schema import SCHEMA as PUBLIC
from sipetruk.api.staff.schema import SCHEMA as STAFF


def public_sdl() -> str:
    return PUBLIC.as_str().strip() + "\n"


def staff_sdl() -> str:
    return STAFF.as_str().strip() + "\n"


SDL: dict[str, Callable[[], str]] = {"public": public_sdl, "staff": staff_sdl}
