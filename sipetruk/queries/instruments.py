"""Instrument versions: the list, and one version with its sums and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.models import Category, Instrument, InstrumentVersion, Period
from sipetruk.queries import visible
from sipetruk.rules import instrument as rules
from sipetruk.rules.permissions import Actor


@dataclass(frozen=True)
class VersionRow:
    id: int
    instrument_id: int
    code: str
    name: str
    number: int
    state: str
    sha256: str | None
    created_at: datetime
    locked_at: datetime | None
    row_version: int


@dataclass(frozen=True)
class VersionView:
    """A version as its editor sees it: the tree, the sum of every level, the remarks, and the periods that use it."""

    row: VersionRow
    definition: rules.Definition
    sums: tuple[rules.LevelSum, ...]
    findings: tuple[rules.Finding, ...]
    used_by: tuple[str, ...]


def list_versions(actor: Actor, *, state: str | None = None) -> list[VersionRow]:
    """Every version that the actor may see, by instrument, newest first (1 statement)."""
    query = _joined(visible.instrument_versions(actor)).order_by(Instrument.name, InstrumentVersion.number.desc())
    if state is not None:
        query = query.where(InstrumentVersion.state == state)
    return [_row(version) for version in query]


def version(actor: Actor, version_id: int) -> VersionView:
    """One version with everything its page shows, or `NotFound` (2 statements)."""
    row = visible.get(_joined(visible.instrument_versions(actor)), InstrumentVersion, version_id, "Versi instrumen")
    definition = rules.parse(row.definition)
    used_by = (
        Period.select(Period.name).join(Category).where(Category.instrument_version == version_id).distinct().order_by(Period.name).tuples()
    )
    return VersionView(
        _row(row),
        definition,
        tuple(rules.level_sums(definition)),
        tuple(rules.lint(definition)),
        tuple(name for (name,) in used_by),
    )


def _joined(query: Any) -> Any:
    return query.select(InstrumentVersion, Instrument).join(Instrument)


def _row(version: Any) -> VersionRow:
    return VersionRow(
        version.id,
        version.instrument_id,
        version.instrument.code,
        version.instrument.name,
        version.number,
        version.state,
        version.sha256,
        version.created_at,
        version.locked_at,
        version.row_version,
    )
