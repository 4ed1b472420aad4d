"""What public answers call a round and an instrument when they only point at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PeriodRef:
    id: int
    slug: str
    name: str
    year: int


@dataclass(frozen=True)
class InstrumentRef:
    code: str
    number: int
    name: str


def period_ref(row: Any) -> PeriodRef:
    return PeriodRef(row.id, row.slug, row.name, row.year)
