"""What anybody may read: rounds and their schedule, instruments in use, open forms, and what has been published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import (
    Category,
    Instrument,
    InstrumentVersion,
    Period,
    Publication,
    PublishedWinner,
    StageWindow,
)
from sipetruk.models.base import Table, database
from sipetruk.rules import eligibility, instrument
from sipetruk.rules.workflow import WITA, PeriodState, Stage, Window

FINISHED = frozenset({PeriodState.PUBLISHED, PeriodState.ARCHIVED})
MOST_FOUND = 200


@dataclass(frozen=True)
class PeriodRef:
    id: int
    slug: str
    name: str
    year: int


@dataclass(frozen=True)
class PublicStage:
    """First and last day of a stage, both inclusive, in WITA."""

    stage: Stage
    opens_on: date
    closes_on: date
    is_open: bool


@dataclass(frozen=True)
class Requirement:
    """A condition for nominees in words; `effect` is "block" or "warn"."""

    label: str
    effect: str


@dataclass(frozen=True)
class InstrumentRef:
    code: str
    number: int
    name: str


@dataclass(frozen=True)
class PublicCategory:
    """`is_open` says whether units may nominate now; `closes_on` is the last day for it."""

    id: int
    slug: str
    name: str
    description: str
    period: PeriodRef
    winners_max: int
    quota_per_unit: int | None
    requirements: tuple[Requirement, ...]
    instrument: InstrumentRef
    opens_on: date | None
    closes_on: date | None
    is_open: bool


@dataclass(frozen=True)
class PublicPeriod:
    id: int
    slug: str
    name: str
    year: int
    state: PeriodState
    stages: tuple[PublicStage, ...]
    categories: tuple[PublicCategory, ...]


@dataclass(frozen=True)
class OpenForm:
    """A category that takes nominations now; `rules.form.fields(definition)` is its form."""

    category: PublicCategory
    definition: instrument.Definition


@dataclass(frozen=True)
class Rounds:
    """Rounds that have begun, newest first, with what makes the forms of their categories."""

    periods: tuple[PublicPeriod, ...]
    definitions: Mapping[int, Mapping[str, Any]]

    def open_forms(self) -> tuple[OpenForm, ...]:
        """Categories that take nominations, with the instrument that makes their form."""
        open_ = (category for found in self.periods for category in found.categories if category.is_open)
        return tuple(OpenForm(category, instrument.parse(self.definitions[category.id])) for category in open_)


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


def rounds(*, now: datetime) -> Rounds:
    """All rounds that have begun (3 statements)."""
    return _rounds(_begun(), now)


def periods(*, now: datetime) -> tuple[PublicPeriod, ...]:
    """All rounds that have begun, newest first."""
    return rounds(now=now).periods


def period(slug: str, *, now: datetime) -> PublicPeriod:
    """One round by its slug; one in preparation is not there yet."""
    found = _rounds(_begun().where(Period.slug == slug), now).periods
    if not found:
        raise NotFound("%(what)s tidak ditemukan.", what="Periode")
    return found[0]


def current_period(*, now: datetime) -> PublicPeriod | None:
    """The newest round that is running: begun and not yet published."""
    running = (found for found in periods(now=now) if found.state not in FINISHED)
    return next(running, None)


def open_forms(*, now: datetime) -> tuple[OpenForm, ...]:
    """Categories that take nominations at `now`, with the instrument that makes their form."""
    return _rounds(_begun().where(Period.state == PeriodState.OPEN), now).open_forms()


def open_categories(*, now: datetime) -> tuple[PublicCategory, ...]:
    """Categories that take nominations at `now`."""
    return tuple(form.category for form in open_forms(now=now))


def instrument_version(code: str, number: int) -> PublicInstrument:
    """A locked version, when a round that has begun uses it."""
    used = Category.select(Category.instrument_version).join(Period).where(Period.state != PeriodState.PREPARATION)
    found: Any = (
        InstrumentVersion.select(InstrumentVersion, Instrument)
        .join(Instrument)
        .where(
            Instrument.code == code,
            InstrumentVersion.number == number,
            InstrumentVersion.state != "draft",
            InstrumentVersion.id.in_(used),
        )
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


def publication_revision(*, now: datetime) -> str:
    """The key of every cache of public answers: another one as soon as anything public may read differently.

    One statement. Row versions only grow, so their sums change with every edit; the day in WITA opens and closes windows.
    """
    tables: tuple[tuple[type[Table], Any], ...] = (
        (Period, pw.fn.SUM(Period.row_version)),
        (Category, pw.fn.SUM(Category.row_version)),
        (Instrument, pw.fn.SUM(Instrument.row_version)),
        (InstrumentVersion, pw.fn.SUM(InstrumentVersion.row_version)),
        (Publication, pw.fn.COUNT(Publication.withdrawn_at)),
    )
    counts = [model.select(expression) for model, total in tables for expression in (pw.fn.COUNT(pw.SQL("*")), pw.fn.MAX(model.id), total)]
    row = database.execute(pw.Select(columns=counts)).fetchone()
    seen = f"{now.astimezone(WITA).date().isoformat()} {list(row)}"
    return hashlib.sha256(seen.encode()).hexdigest()[:20]


# How rows become values --------------------------------------------------------------------------------------------------

_PLACES = (PublishedWinner.category_position, PublishedWinner.place, PublishedWinner.name, PublishedWinner.id)


def _begun() -> Any:
    return Period.select().where(Period.state != PeriodState.PREPARATION)


def _rounds(query: Any, now: datetime) -> Rounds:
    rows = list(query.order_by(Period.year.desc(), Period.id.desc()))
    windows, categories = _windows(rows), _categories(rows)
    return Rounds(
        tuple(_period(row, windows.get(row.id, {}), categories.get(row.id, []), now) for row in rows),
        {row.id: row.instrument_version.definition for found in categories.values() for row in found},
    )


def _standing() -> Any:
    """Publications that the public may see, with their periods; the only way to them in this module."""
    return Publication.select(Publication, Period).join(Period).where(Publication.withdrawn_at.is_null())


def _winners() -> Any:
    """Published winners of standing publications, with what they belong to."""
    same_category = (Category.period == Publication.period) & (Category.slug == PublishedWinner.category_slug)
    return (
        PublishedWinner.select(
            PublishedWinner, Publication, Period, Category.id, InstrumentVersion.number, Instrument.code, Instrument.name
        )
        .join_from(PublishedWinner, Publication)
        .join_from(Publication, Period)
        .join_from(PublishedWinner, Category, on=same_category, attr="category")
        .join_from(Category, InstrumentVersion)
        .join_from(InstrumentVersion, Instrument)
        .where(Publication.withdrawn_at.is_null())
    )


def _windows(periods_: Iterable[Any]) -> dict[int, dict[Stage, Window]]:
    found: dict[int, dict[Stage, Window]] = {}
    for row in StageWindow.select().where(StageWindow.period.in_([p.id for p in periods_])):
        found.setdefault(row.period_id, {})[Stage(row.stage)] = Window(row.opens_on, row.closes_on)
    return found


def _categories(periods_: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = (
        Category.select(Category, InstrumentVersion, Instrument)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.period.in_([p.id for p in periods_]))
        .order_by(Category.position, Category.id)
    )
    for row in rows:
        found.setdefault(row.period_id, []).append(row)
    return found


def _ref(row: Any) -> PeriodRef:
    return PeriodRef(row.id, row.slug, row.name, row.year)


def _period(row: Any, windows: Mapping[Stage, Window], categories: Iterable[Any], now: datetime) -> PublicPeriod:
    return PublicPeriod(
        id=row.id,
        slug=row.slug,
        name=row.name,
        year=row.year,
        state=PeriodState(row.state),
        stages=tuple(
            PublicStage(stage, windows[stage].opens_on, windows[stage].closes_on, windows[stage].is_open(now))
            for stage in Stage
            if stage in windows
        ),
        categories=tuple(_category(category, row, windows, now) for category in categories),
    )


def _category(row: Any, period_row: Any, windows: Mapping[Stage, Window], now: datetime) -> PublicCategory:
    nomination = windows.get(Stage.NOMINATION)
    version = row.instrument_version
    return PublicCategory(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=version.definition["description"],
        period=_ref(period_row),
        winners_max=row.winners,
        quota_per_unit=row.quota_per_unit,
        requirements=tuple(Requirement(rule.describe(), rule.effect) for rule in eligibility.parse_rules(row.eligibility)),
        instrument=InstrumentRef(version.instrument.code, version.number, version.instrument.name),
        opens_on=nomination.opens_on if nomination else None,
        closes_on=nomination.closes_on if nomination else None,
        is_open=period_row.state == PeriodState.OPEN and nomination is not None and nomination.is_open(now),
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
        period=_ref(row.period),
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
        period=_ref(row.publication.period),
        instrument=InstrumentRef(version.instrument.code, version.number, version.instrument.name),
        published_at=row.publication.published_at,
        policy=row.publication.policy,
    )
