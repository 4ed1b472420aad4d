"""Locked instrument versions that a round uses, as anybody may read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import instrument
from sipetruk.rules.workflow import PeriodState


@dataclass(frozen=True)
class PublicInstrument:
    version_id: int
    code: str
    number: int
    name: str
    state: str
    definition: instrument.Definition
    sha256: str
    locked_at: datetime


def definitions() -> dict[tuple[str, int], instrument.Definition]:
    """Every version that is public, by code and number (1 statement, and one more for each that was not seen before)."""
    columns = (InstrumentVersion.id, InstrumentVersion.number, InstrumentVersion.state, InstrumentVersion.sha256, Instrument.code)
    rows = InstrumentVersion.select(*columns).join(Instrument).where(_is_public())
    return {(row.instrument.code, row.number): definition_of(row) for row in rows}


def _is_public() -> Any:
    used = Category.select(Category.instrument_version).join(Period).where(Period.state != PeriodState.PREPARATION)
    return (InstrumentVersion.state != "draft") & InstrumentVersion.id.in_(used)


def instrument_version(code: str, number: int) -> PublicInstrument:
    """A locked version, when a round that has begun uses it."""
    found: Any = (
        InstrumentVersion.select(InstrumentVersion, Instrument)
        .join(Instrument)
        .where(Instrument.code == code, InstrumentVersion.number == number, _is_public())
        .first()
    )
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Instrumen")
    return PublicInstrument(
        version_id=found.id,
        code=found.instrument.code,
        number=found.number,
        name=found.instrument.name,
        state=found.state,
        definition=instrument.parse(found.definition),
        sha256=found.sha256,
        locked_at=found.locked_at,
    )
