"""Publications that stand, with their winners and counts; nothing of a withdrawn one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period, Publication, PublishedWinner
from sipetruk.queries.public.refs import InstrumentRef, PeriodRef, period_ref

MOST_FOUND = 200
_COLUMNS = (
    Publication.id, Publication.number, Publication.period, Publication.policy, Publication.published_at, Publication.statistics
)  # fmt: skip
"""Everything that is shown of a publication; its file is large and asked for alone."""
_PLACES = (PublishedWinner.category_position, PublishedWinner.place, PublishedWinner.name, PublishedWinner.id)


@dataclass(frozen=True)
class ComponentScore:
    code: str
    label: str
    score: str
    maximum: str


@dataclass(frozen=True)
class PublicWinner:
    """A winner as published; `score` and `components` are None where the policy keeps them back."""

    id: int
    slug: str
    name: str
    position: str
    unit_code: str
    unit_name: str
    category_slug: str
    category_name: str
    place: int
    citation: str
    innovation: str
    decree_number: str
    decree_on: date
    score: str | None
    components: tuple[ComponentScore, ...] | None
    period: PeriodRef
    instrument: InstrumentRef
    published_at: datetime
    policy: str


@dataclass(frozen=True)
class UnitCount:
    """Nominations submitted by a unit, those that met the conditions, and winners; counts only."""

    code: str
    name: str
    nominated: int
    verified: int
    winners: int


@dataclass(frozen=True)
class PublicPublication:
    id: int
    number: int
    period: PeriodRef
    policy: str
    published_at: datetime
    winners: tuple[PublicWinner, ...]
    units: tuple[UnitCount, ...]
    nominated: int
    verified: int
    awarded: int


def publications() -> tuple[PublicPublication, ...]:
    """Every publication that stands, newest first (2 statements)."""
    return _publications(_standing().order_by(Publication.published_at.desc(), Publication.id.desc()))


def latest_publication() -> PublicPublication | None:
    found = _publications(_standing().order_by(Publication.published_at.desc(), Publication.id.desc()).limit(1))
    return found[0] if found else None


def publication_of(period_slug: str) -> PublicPublication | None:
    """The publication of a round, None while it has none."""
    found = _publications(_standing().where(Period.slug == period_slug).order_by(Publication.id.desc()).limit(1))
    return found[0] if found else None


def publication_file(period_slug: str) -> dict[str, Any]:
    """The file of a round's publication (`rules.announcement`); `NotFound` while none stands."""
    row = _standing(Publication.file).where(Period.slug == period_slug).order_by(Publication.id.desc()).first()
    if row is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pengumuman")
    return dict(row.file)


def winner(slug: str) -> PublicWinner:
    """A winner by the slug of the page; `NotFound` also when the publication was withdrawn."""
    row = _winners().where(PublishedWinner.slug == slug).first()
    if row is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemenang")
    return _winner(row)


def winners(
    *, search: str = "", year: int | None = None, unit_code: str | None = None, category_slug: str | None = None
) -> tuple[PublicWinner, ...]:
    """Published winners that fit, newest first; `search` looks into what is public: name, unit, position, innovation."""
    query = _winners()
    for word in search.split()[:8]:
        query = query.where(
            PublishedWinner.name.contains(word)
            | PublishedWinner.unit_name.contains(word)
            | PublishedWinner.position.contains(word)
            | PublishedWinner.innovation.contains(word)
        )
    for column, wanted in (
        (Period.year, year),
        (PublishedWinner.unit_code, unit_code),
        (PublishedWinner.category_slug, category_slug),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    ordered = query.order_by(Publication.published_at.desc(), *_PLACES).limit(MOST_FOUND)
    return tuple(_winner(row) for row in ordered)


def _standing(*columns: Any) -> Any:
    """Publications that the public may see, with their periods; the only way to them in this module."""
    return Publication.select(*(columns or _COLUMNS), Period).join(Period).where(Publication.withdrawn_at.is_null())


def _winners() -> Any:
    """Published winners of standing publications, with what they belong to."""
    same_category = (Category.period == Publication.period) & (Category.slug == PublishedWinner.category_slug)
    return (
        PublishedWinner.select(
            PublishedWinner,
            Publication.id,
            Publication.policy,
            Publication.published_at,
            Period,
            Category.id,
            InstrumentVersion.number,
            Instrument.code,
            Instrument.name,
        )
        .join_from(PublishedWinner, Publication)
        .join_from(Publication, Period)
        .join_from(PublishedWinner, Category, on=same_category, attr="category")
        .join_from(Category, InstrumentVersion)
        .join_from(InstrumentVersion, Instrument)
        .where(Publication.withdrawn_at.is_null())
    )


def _publications(query: Any) -> tuple[PublicPublication, ...]:
    rows = list(query)
    found: dict[int, list[PublicWinner]] = {row.id: [] for row in rows}
    for row in _winners().where(Publication.id.in_(list(found))).order_by(*_PLACES):
        found[row.publication_id].append(_winner(row))
    return tuple(_publication(row, found[row.id]) for row in rows)


def _publication(row: Any, winners_: Iterable[PublicWinner]) -> PublicPublication:
    total = row.statistics["total"]
    return PublicPublication(
        id=row.id,
        number=row.number,
        period=period_ref(row.period),
        policy=row.policy,
        published_at=row.published_at,
        winners=tuple(winners_),
        units=tuple(UnitCount(**unit) for unit in row.statistics["units"]),
        nominated=total["nominated"],
        verified=total["verified"],
        awarded=total["winners"],
    )


def _winner(row: Any) -> PublicWinner:
    version = row.category.instrument_version
    return PublicWinner(
        id=row.id,
        slug=row.slug,
        name=row.name,
        position=row.position,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        category_slug=row.category_slug,
        category_name=row.category_name,
        place=row.place,
        citation=row.citation,
        innovation=row.innovation,
        decree_number=row.decree_number,
        decree_on=row.decree_on,
        score=row.score,
        components=None if row.components is None else tuple(ComponentScore(**part) for part in row.components),
        period=period_ref(row.publication.period),
        instrument=InstrumentRef(version.instrument.code, version.number, version.instrument.name),
        published_at=row.publication.published_at,
        policy=row.publication.policy,
    )
