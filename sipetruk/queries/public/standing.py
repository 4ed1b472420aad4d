"""Publications that are public at a moment, with their winners and counts; nothing of one that is sealed or withdrawn.

Of a withdrawn one there is the note that says why, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from sipetruk.errors import NotFound
from sipetruk.models import Category, Instrument, InstrumentVersion, Period, Publication, PublishedWinner
from sipetruk.queries.conditions import words_in
from sipetruk.queries.listing import Listing, Sort, choice, day, decimal, integer, moment, text
from sipetruk.queries.paging import Page, PageRequest
from sipetruk.queries.public.refs import InstrumentRef, PeriodRef, period_ref
from sipetruk.rules.announcement import POLICIES
from sipetruk.rules.check_codes import check_code, read_code

_COLUMNS = (
    Publication.id, Publication.number, Publication.period, Publication.policy, Publication.published_at, Publication.statistics
)  # fmt: skip
"""Everything that is shown of a publication; its file is large and asked for alone."""
_SHOWN = (
    PublishedWinner.id, PublishedWinner.slug, PublishedWinner.name, PublishedWinner.position, PublishedWinner.unit_code,
    PublishedWinner.unit_name, PublishedWinner.category_slug, PublishedWinner.category_name, PublishedWinner.place,
    PublishedWinner.citation, PublishedWinner.innovation, PublishedWinner.decree_number, PublishedWinner.decree_on,
    PublishedWinner.score, PublishedWinner.category_position, PublishedWinner.components, Publication.published_at, Publication.policy,
    Publication.content_sha256, Period.id, Period.slug, Period.name, Period.year, Instrument.code, InstrumentVersion.number,
    Instrument.name, Publication.id,
)  # fmt: skip
"""Everything that is shown of a winner, as `_read` takes it; plain rows, which are several times as quick as models of six tables."""


_ID = integer("Nomor.", "id", PublishedWinner.id)
_NAME = text("Nama dan gelar.", "name", PublishedWinner.name)
_PLACE = integer("Peringkat di antara pemenang kategori ini.", "place", PublishedWinner.place)
_CATEGORY = text("Kode kategori.", "category_slug", PublishedWinner.category_slug)
_CATEGORY_POSITION = integer("Letak kategori.", "category_position", PublishedWinner.category_position)
_PUBLISHED_AT = moment("Saat diumumkan.", "published_at", Publication.published_at)
WINNERS = Listing(
    "Winner",
    {
        "slug": text("Bagian akhir alamat halaman pemenang.", "slug", PublishedWinner.slug),
        "name": _NAME,
        "position": text("Jabatan saat diusulkan.", "position", PublishedWinner.position),
        "unit": text("Kode unit kerja.", "unit_code", PublishedWinner.unit_code),
        "unit_name": text("Nama unit kerja.", "unit_name", PublishedWinner.unit_name),
        "category": _CATEGORY,
        "category_name": text("Nama kategori.", "category_name", PublishedWinner.category_name),
        "period": text("Bagian akhir alamat halaman periode.", "period.slug", Period.slug),
        "year": integer("Tahun periode.", "period.year", Period.year),
        "rank": _PLACE,
        "score": decimal(
            "Nilai akhir; kosong bila kebijakan pengumuman tidak menyebutkannya.", "score", PublishedWinner.score, is_nullable=True
        ),
        "innovation_title": text("Judul inovasi.", "innovation", PublishedWinner.innovation),
        "decree_number": text("Nomor surat keputusan.", "decree_number", PublishedWinner.decree_number),
        "decree_on": day("Tanggal surat keputusan.", "decree_on", PublishedWinner.decree_on),
        "published_at": _PUBLISHED_AT,
    },
    (Sort(_PUBLISHED_AT, is_descending=True), Sort(_CATEGORY_POSITION), Sort(_CATEGORY), Sort(_PLACE), Sort(_NAME), Sort(_ID)),
)
WINNERS_OF_ONE = WINNERS.in_order("publication", Sort(_CATEGORY_POSITION), Sort(_PLACE), Sort(_NAME), Sort(_ID))
"""The winners of one publication, by category and place."""
_PUBLISHED = moment("Saat diumumkan.", "published_at")
PUBLICATIONS = Listing(
    "Publication",
    {
        "number": integer("Nomor urut pengumuman dalam periodenya.", "number"),
        "period": text("Bagian akhir alamat halaman periode.", "period.slug"),
        "year": integer("Tahun periode.", "period.year"),
        "policy": choice("Apa saja yang diumumkan tentang pemenang.", "policy", POLICIES),
        "published_at": _PUBLISHED,
        "nominations": integer("Banyaknya usulan yang diajukan.", "nominated"),
        "verified": integer("Banyaknya usulan yang memenuhi syarat.", "verified"),
    },
    (Sort(_PUBLISHED, is_descending=True), Sort(integer("Nomor.", "id"), is_descending=True)),
)


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
    category_position: int
    components: tuple[ComponentScore, ...] | None
    period: PeriodRef
    instrument: InstrumentRef
    published_at: datetime
    policy: str
    content_sha256: str

    @property
    def check_code(self) -> str:
        """The code on the certificate."""
        return check_code(self.content_sha256, self.slug)


@dataclass(frozen=True)
class Named:
    """A category or a unit, as it was published last."""

    code: str
    name: str


@dataclass(frozen=True)
class WinnerChoices:
    """Periods (newest first), categories and units (by name) that occur among the published winners."""

    periods: tuple[PeriodRef, ...]
    categories: tuple[Named, ...]
    units: tuple[Named, ...]


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


@dataclass(frozen=True)
class Withdrawal:
    """That a publication was withdrawn, when and why; nothing of what it held."""

    period: PeriodRef
    number: int
    published_at: datetime
    withdrawn_at: datetime
    note: str


def publications(*, now: datetime) -> tuple[PublicPublication, ...]:
    """Every publication that stands at `now`, newest first (2 statements)."""
    return _publications(_standing(now).order_by(Publication.published_at.desc(), Publication.id.desc()), now)


def latest_publication(*, now: datetime) -> PublicPublication | None:
    found = _publications(_standing(now).order_by(Publication.published_at.desc(), Publication.id.desc()).limit(1), now)
    return found[0] if found else None


def publication_of(period_slug: str, *, now: datetime) -> PublicPublication | None:
    """The publication of a round, None while it has none."""
    found = _publications(_standing(now).where(Period.slug == period_slug).order_by(Publication.id.desc()).limit(1), now)
    return found[0] if found else None


def publication_file(period_slug: str, *, now: datetime) -> dict[str, Any]:
    """The file of a round's publication (`rules.announcement`); `NotFound` while none stands."""
    row = _standing(now, Publication.file).where(Period.slug == period_slug).order_by(Publication.id.desc()).first()
    if row is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pengumuman")
    return dict(row.file)


def winner(slug: str, *, now: datetime) -> PublicWinner:
    """A winner by the slug of the page; `NotFound` also before the moment of the publication and after it was withdrawn."""
    row = next(iter(_winners(now).where(PublishedWinner.slug == slug).limit(1)), None)
    if row is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Pemenang")
    return _read(row)


def winner_by_code(typed: str, *, now: datetime) -> PublicWinner:
    """The winner whose certificate bears this code, however it was typed; `NotFound` also once its publication was withdrawn
    (2 statements).
    """
    code = read_code(typed)
    known = _winners(now).select(PublishedWinner.id, Publication.content_sha256, PublishedWinner.slug) if code else ()
    found = next((id_ for id_, content, slug in known if check_code(content, slug) == code), None)
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Piagam")
    return _read(_winners(now).where(PublishedWinner.id == found).get())


def winners(page: PageRequest | None = None, *, now: datetime, search: str = "") -> Page[PublicWinner]:
    """A page of the published winners, newest first; `search` looks into what is public: name, unit, position, innovation."""
    query = _winners(now)
    places = (PublishedWinner.name, PublishedWinner.unit_name, PublishedWinner.position, PublishedWinner.innovation)
    for condition in words_in(places, search, most=8):
        query = query.where(condition)
    return WINNERS.select(query, page or PageRequest(), read=_read)


def winner_choices(*, now: datetime) -> WinnerChoices:
    """By what the published winners can be narrowed (3 statements)."""
    periods = Period.select(Period.id, Period.slug, Period.name, Period.year).join(Publication).join(PublishedWinner).where(is_public(now))
    return WinnerChoices(
        periods=tuple(period_ref(row) for row in periods.distinct().order_by(Period.year.desc(), Period.id.desc())),
        categories=_named(PublishedWinner.category_slug, PublishedWinner.category_name, now),
        units=_named(PublishedWinner.unit_code, PublishedWinner.unit_name, now),
    )


def previewed(
    period_id: int,
    policy: str,
    winners_: Iterable[Mapping[str, Any]],
    statistics: Mapping[str, Any],
    *,
    content_sha256: str,
    now: datetime,
) -> PublicPublication:
    """A publication that is not made yet, as its readers would get it: rows as they would be saved (2 statements)."""
    row: Any = Period.get_by_id(period_id)
    number = Publication.select(pw.fn.MAX(Publication.number)).where(Publication.period == period_id).scalar() or 0
    shown = Publication(
        id=0, number=number + 1, period=row, policy=policy, published_at=now, statistics=statistics, content_sha256=content_sha256
    )
    versions = (
        Category.select(Category, InstrumentVersion, Instrument)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.period == period_id)
    )
    categories = {category.slug: category for category in versions}
    made = []
    for at, winner_ in enumerate(winners_):
        named: Any = PublishedWinner(id=at, publication=shown, **winner_)
        named.category = categories[named.category_slug]
        made.append(_winner(named))
    return _publication(shown, sorted(made, key=lambda each: (categories[each.category_slug].position, each.place, each.name)))


def sealed(publication_id: int) -> PublicPublication:
    """A publication as it is sealed, whether its moment has come or not; whoever asks has been asked for the right."""
    row: Any = Publication.select(*_COLUMNS, Period).join(Period).where(Publication.id == publication_id).get()
    (found,) = _publications([row], row.published_at)
    return found


def withdrawals(*, now: datetime) -> tuple[Withdrawal, ...]:
    """Publications that were public and are withdrawn, newest first (1 statement)."""
    columns = (Publication.number, Publication.period, Publication.published_at, Publication.withdrawn_at, Publication.withdrawal_note)
    was_public = (Publication.withdrawn_at >= Publication.published_at) & (Publication.withdrawn_at <= now)
    rows = (
        Publication.select(*columns, Period).join(Period).where(was_public).order_by(Publication.withdrawn_at.desc(), Publication.id.desc())
    )
    return tuple(Withdrawal(period_ref(row.period), row.number, row.published_at, row.withdrawn_at, row.withdrawal_note) for row in rows)


def is_public(now: datetime) -> Any:
    """The condition on publications that everybody may read; the only one there is."""
    return Publication.withdrawn_at.is_null() & (Publication.published_at <= now)


def _standing(now: datetime, *columns: Any) -> Any:
    """Publications that the public may see, with their periods; the only way to them in this module."""
    return Publication.select(*(columns or _COLUMNS), Period).join(Period).where(is_public(now))


def _winners(now: datetime) -> Any:
    """Published winners of standing publications, with what they belong to."""
    same_category = (Category.period == Publication.period) & (Category.slug == PublishedWinner.category_slug)
    return (
        PublishedWinner.select(*_SHOWN)
        .join_from(PublishedWinner, Publication)
        .join_from(Publication, Period)
        .join_from(PublishedWinner, Category, on=same_category, attr="category")
        .join_from(Category, InstrumentVersion)
        .join_from(InstrumentVersion, Instrument)
        .where(is_public(now))
        .tuples()
    )


def _named(code: Any, name: Any, now: datetime) -> tuple[Named, ...]:
    """What occurs among published winners by its code, under its latest name, in the order of the names."""
    latest = pw.fn.MAX(Publication.published_at), pw.fn.MAX(Publication.id)
    rows = PublishedWinner.select(code, name).join(Publication).where(is_public(now)).group_by(code, name).order_by(*latest).tuples()
    return tuple(sorted((Named(*row) for row in dict(rows).items()), key=lambda each: (each.name, each.code)))


def _publications(query: Any, now: datetime) -> tuple[PublicPublication, ...]:
    rows = list(query)
    found: dict[int, list[PublicWinner]] = {row.id: [] for row in rows}
    for row in WINNERS_OF_ONE.sorted(_winners(now).where(Publication.id.in_(list(found)))):
        found[row[-1]].append(_read(row))
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


def _read(row: tuple[Any, ...]) -> PublicWinner:
    """The winner of a row of `_SHOWN`."""
    *own, published_at, policy, content_sha256, period_id, period_slug, period_name, year, code, number, name, _ = row
    components = own.pop()
    shown = None if components is None else tuple(ComponentScore(**part) for part in components)
    refs = PeriodRef(period_id, period_slug, period_name, year), InstrumentRef(code, number, name)
    values = [*own, shown, *refs, published_at, policy, content_sha256]  # in the order of the fields of a winner
    return PublicWinner(*values)


def _winner(row: Any) -> PublicWinner:
    """The winner of a model that is not saved yet, with all that it belongs to."""
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
        category_position=row.category_position,
        components=None if row.components is None else tuple(ComponentScore(**part) for part in row.components),
        period=period_ref(row.publication.period),
        instrument=InstrumentRef(version.instrument.code, version.number, version.instrument.name),
        published_at=row.publication.published_at,
        policy=row.publication.policy,
        content_sha256=row.publication.content_sha256,
    )
