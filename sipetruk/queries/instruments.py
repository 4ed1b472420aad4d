"""Instrument versions: the list, and one version with its sums and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period
from sipetruk.models.instruments import VERSION_STATES
from sipetruk.queries import visible
from sipetruk.queries.listing import Listing, Sort, choice, integer, moment, text
from sipetruk.rules import instrument as rules
from sipetruk.rules.comparison import Share, shares
from sipetruk.rules.examples import Example
from sipetruk.rules.examples import parse as parse_examples
from sipetruk.rules.permissions import Action, Actor, can


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

    @property
    def is_draft(self) -> bool:
        return self.state == "draft"

    @property
    def state_label(self) -> str:
        return VERSION_STATES[self.state]


_CODE, _NUMBER = text("Kode instrumen.", "code"), integer("Nomor versi.", "number")
VERSIONS = Listing(
    "InstrumentVersion",
    {
        "code": _CODE,
        "name": text("Nama instrumen.", "name"),
        "number": _NUMBER,
        "state": choice("Keadaan versi.", "state", VERSION_STATES),
        "created_at": moment("Saat dibuat.", "created_at"),
        "locked_at": moment("Saat dikunci.", "locked_at", is_nullable=True),
    },
    (Sort(_CODE), Sort(_NUMBER, is_descending=True)),
)


@dataclass(frozen=True)
class VersionView:
    """A version as its editor sees it: the tree, the sum of every level, the remarks, the periods that use it, and its examples."""

    row: VersionRow
    definition: rules.Definition
    sums: tuple[rules.LevelSum, ...]
    findings: tuple[rules.Finding, ...]
    used_by: tuple[str, ...]
    may_edit: bool
    """Whether this is a draft and the reader may change it."""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class ComparisonView:
    """Two versions side by side; `changes` lead from the old to the new one, `shares` are percentages of the total."""

    old: VersionRow
    new: VersionRow
    changes: tuple[rules.Change, ...]
    shares: tuple[Share, ...]


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
        row.state == "draft" and can(actor, Action.INSTRUMENT_EDIT),
        parse_examples(row.examples),
    )


def draft_of(actor: Actor, instrument_id: int) -> VersionRow | None:
    """The draft of an instrument, of which there is one at a time (1 statement)."""
    return next((row for row in list_versions(actor, state="draft") if row.instrument_id == instrument_id), None)


def fixed_before(actor: Actor, version: VersionRow) -> VersionRow | None:
    """The newest version of the same instrument that was locked before this one was made (1 statement)."""
    earlier = (
        row
        for row in list_versions(actor)
        if row.instrument_id == version.instrument_id and row.number < version.number and not row.is_draft
    )
    return max(earlier, key=lambda row: row.number, default=None)


def comparison(actor: Actor, old_id: int, new_id: int) -> ComparisonView:
    """Any two versions, also of different instruments, or `NotFound` (1 statement)."""
    known = {0, *(id_ for id_ in (old_id, new_id) if 0 < id_ <= visible.LARGEST_ID)}
    found = {row.id: row for row in _joined(visible.instrument_versions(actor)).where(InstrumentVersion.id.in_(known))}
    if not {old_id, new_id} <= found.keys():
        raise NotFound("%(what)s tidak ditemukan.", what="Versi instrumen")
    old, new = (rules.parse(found[id_].definition) for id_ in (old_id, new_id))
    return ComparisonView(_row(found[old_id]), _row(found[new_id]), tuple(rules.diff(old, new)), tuple(shares(old, new)))


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
