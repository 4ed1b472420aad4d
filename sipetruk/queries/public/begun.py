"""Rounds that have begun as anybody may read them: schedule, categories, and the forms that are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period, Publication, StageWindow
from sipetruk.queries.listing import Listing, Sort, choice, integer, text
from sipetruk.queries.public.refs import InstrumentRef, PeriodRef, period_ref
from sipetruk.queries.public.standing import is_public
from sipetruk.rules import eligibility, instrument
from sipetruk.rules.workflow import PERIOD_LABELS, PeriodState, Stage, Window, stage_words

FINISHED = frozenset({PeriodState.PUBLISHED, PeriodState.ARCHIVED})


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
class PublicCategory:
    """`is_open` says whether units may nominate now; `closes_on` is the last day for it.

    An interview takes nobody but the best `finalists` of its `first_stage`.
    """

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
    first_stage: str
    finalists: int | None


@dataclass(frozen=True)
class PublicPeriod:
    id: int
    slug: str
    name: str
    year: int
    state: PeriodState
    label: str
    stages: tuple[PublicStage, ...]
    categories: tuple[PublicCategory, ...]


_YEAR = integer("Tahun periode.", "year")
PERIODS = Listing(
    "Period",
    {
        "slug": text("Bagian akhir alamat halaman periode.", "slug"),
        "name": text("Nama periode.", "name"),
        "year": _YEAR,
        "state": choice("Tahap yang sedang dijalani.", "state", PeriodState),
    },
    (Sort(_YEAR, is_descending=True), Sort(integer("Nomor.", "id"), is_descending=True)),
)


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

    def with_state(self, period_id: int, state: PeriodState) -> Rounds:
        """The same rounds, one of them in another state: as they will read."""
        changed = (replace(found, state=state, label=PERIOD_LABELS[state]) if found.id == period_id else found for found in self.periods)
        return replace(self, periods=tuple(changed))

    def open_forms(self) -> tuple[OpenForm, ...]:
        """Categories that take nominations, with the instrument that makes their form."""
        open_ = (category for found in self.periods for category in found.categories if category.is_open)
        return tuple(OpenForm(category, instrument.parse(self.definitions[category.id])) for category in open_)


def rounds(*, now: datetime) -> Rounds:
    """All rounds that have begun (3 statements)."""
    return _rounds(_begun(now), now)


def periods(*, now: datetime) -> tuple[PublicPeriod, ...]:
    """All rounds that have begun, newest first."""
    return rounds(now=now).periods


def period(slug: str, *, now: datetime) -> PublicPeriod:
    """One round by its slug; one in preparation is not there yet."""
    found = _rounds(_begun(now).where(Period.slug == slug), now).periods
    if not found:
        raise NotFound("%(what)s tidak ditemukan.", what="Periode")
    return found[0]


def current_period(*, now: datetime) -> PublicPeriod | None:
    """The newest round that is running: begun and not yet published."""
    running = (found for found in periods(now=now) if found.state not in FINISHED)
    return next(running, None)


def open_forms(*, now: datetime) -> tuple[OpenForm, ...]:
    """Categories that take nominations at `now`, with the instrument that makes their form."""
    return _rounds(_begun(now).where(Period.state == PeriodState.OPEN), now).open_forms()


def open_categories(*, now: datetime) -> tuple[PublicCategory, ...]:
    """Categories that take nominations at `now`."""
    return tuple(form.category for form in open_forms(now=now))


def _begun(now: datetime) -> Any:
    """Rounds after their preparation, each with whether its result is public: true from that very moment on."""
    published = pw.fn.EXISTS(Publication.select(pw.SQL("1")).where(Publication.period == Period.id, is_public(now)))
    return Period.select(Period, published.alias("is_public")).where(Period.state != PeriodState.PREPARATION)


def _state(row: Any) -> PeriodState:
    state = PeriodState(row.state)
    return PeriodState.PUBLISHED if state is PeriodState.DETERMINATION and row.is_public else state


def _rounds(query: Any, now: datetime) -> Rounds:
    rows = list(query.order_by(Period.year.desc(), Period.id.desc()))
    windows, categories = _windows(rows), _categories(rows)
    return Rounds(
        tuple(_period(row, windows.get(row.id, {}), categories.get(row.id, []), now) for row in rows),
        {row.id: row.instrument_version.definition for found in categories.values() for row in found},
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


def _period(row: Any, windows: Mapping[Stage, Window], categories: Sequence[Any], now: datetime) -> PublicPeriod:
    names = {category.id: category.name for category in categories}
    return PublicPeriod(
        id=row.id,
        slug=row.slug,
        name=row.name,
        year=row.year,
        state=_state(row),
        label=stage_words(_state(row), windows, now),
        stages=tuple(
            PublicStage(stage, windows[stage].opens_on, windows[stage].closes_on, windows[stage].is_open(now))
            for stage in Stage
            if stage in windows
        ),
        categories=tuple(_category(category, row, windows, now, names) for category in categories),
    )


def _category(row: Any, period_row: Any, windows: Mapping[Stage, Window], now: datetime, names: Mapping[int, str]) -> PublicCategory:
    nomination = windows.get(Stage.NOMINATION)
    version = row.instrument_version
    return PublicCategory(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=version.definition["description"],
        period=period_ref(period_row),
        winners_max=row.winners,
        quota_per_unit=row.quota_per_unit,
        requirements=tuple(Requirement(rule.describe(), rule.effect) for rule in eligibility.parse_rules(row.eligibility)),
        instrument=InstrumentRef(version.instrument.code, version.number, version.instrument.name),
        opens_on=nomination.opens_on if nomination and row.first_stage_id is None else None,
        closes_on=nomination.closes_on if nomination and row.first_stage_id is None else None,
        is_open=row.first_stage_id is None and period_row.state == PeriodState.OPEN and nomination is not None and nomination.is_open(now),
        first_stage=names.get(row.first_stage_id, ""),
        finalists=row.finalists,
    )
