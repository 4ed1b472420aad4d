"""What is copied to the public when results are published: winners as far as the policy allows, counts per unit, and the file of both."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.models import (
    Category,
    Determination,
    Instrument,
    InstrumentVersion,
    Nomination,
    Publication,
    PublishedWinner,
    Ranking,
    Winner,
    WorkUnit,
)
from sipetruk.rules import announcement, definition, instrument
from sipetruk.rules.canonical import sha256
from sipetruk.rules.exact import exact_text
from sipetruk.rules.permissions import Actor
from sipetruk.rules.workflow import NominationState

INNOVATION_FIELD = "judul_inovasi"
"""The code of the form field whose answer is the title of the winner's innovation."""
INNOVATION_LENGTH = 300
VERIFIED = frozenset(
    {
        NominationState.VERIFIED,
        NominationState.ASSESSED,
        NominationState.RANKED,
        NominationState.AWARDED,
        NominationState.NOT_AWARDED,
    }
)
PERSONAL_NUMBER = re.compile(r"[0-9]{8}[ .-]?[0-9]{6}[ .-]?[0-9][ .-]?[0-9]{3}")
"""18 digits as NIP and NI PPPK are written; they hold a birth date and never go public."""


@dataclass(frozen=True)
class Content:
    """What a publication shows, and the hash of it: the same whenever it is made from the same facts."""

    winners: list[dict[str, Any]]
    statistics: dict[str, Any]
    sha256: str


def content(period: Any, policy: str) -> Content:
    """What the public would read of a period under a policy."""
    rows, counts = winners(period, policy), statistics(period.id)
    shown = [row | {"decree_on": row["decree_on"].isoformat()} for row in rows]
    return Content(rows, counts, sha256({"policy": policy, "winners": shown, "statistics": counts}))


def save(actor: Actor, period: Any, policy: str, *, made_at: datetime, published_at: datetime) -> tuple[Any, int]:
    """Make the copy of a held period: the publication and how many winners it names. It is public from `published_at` on."""
    number = (Publication.select(pw.fn.MAX(Publication.number)).where(Publication.period == period).scalar() or 0) + 1
    made = content(period, policy)
    publication = Publication.create(
        period=period,
        number=number,
        policy=policy,
        statistics=made.statistics,
        file=file(period, number=number, published_at=published_at, policy=policy, counts=made.statistics),
        content_sha256=made.sha256,
        made_at=made_at,
        published_at=published_at,
        published_by=actor.user_id,
        released_at=made_at if made_at == published_at else None,
    )
    if made.winners:
        PublishedWinner.insert_many([{"publication": publication, **winner} for winner in made.winners]).execute()
    return publication, len(made.winners)


def statistics(period_id: int) -> dict[str, Any]:
    """Counts per unit and in all: nominations submitted, found to meet the conditions, awarded. Nobody is named.

    Who went on to an interview was nominated once, and is counted once.
    """
    rows = (
        Nomination.select(WorkUnit.code, WorkUnit.name, Nomination.state)
        .join_from(Nomination, Category)
        .join_from(Nomination, WorkUnit)
        .where(Category.period == period_id, Category.first_stage.is_null(), Nomination.submitted_at.is_null(is_null=False))
        .order_by(WorkUnit.name)
        .tuples()
    )
    units: dict[str, dict[str, Any]] = {}
    for code, name, state in rows:
        unit = units.setdefault(code, {"code": code, "name": name, "nominated": 0, "verified": 0, "winners": 0})
        unit["nominated"] += 1
        unit["verified"] += NominationState(state) in VERIFIED
        unit["winners"] += state == NominationState.AWARDED
    counts = ("nominated", "verified", "winners")
    return {"units": list(units.values()), "total": {count: sum(unit[count] for unit in units.values()) for count in counts}}


def winners(period: Any, policy: str) -> list[dict[str, Any]]:
    """Rows of `PublishedWinner` without their publication; scores are left out unless the policy names them."""
    rows = _determined(period)
    scores = {row.determination.ranking_id: _Scores(row.determination.ranking) for row in rows} if policy != "names" else {}
    slugs = _Slugs(period, (row.nomination.person for row in rows))
    return [_copy(row, policy, slugs, scores.get(row.determination.ranking_id)) for row in rows]


def file(period: Any, *, number: int, published_at: datetime, policy: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    """The file of a publication, which anybody can check (`rules.announcement`); `counts` are its `statistics`."""
    determinations: dict[int, list[Any]] = {}
    for row in _determined(period):
        determinations.setdefault(row.determination.category_id, []).append(row)
    categories = (
        Category.select(Category, InstrumentVersion, Instrument)
        .join(InstrumentVersion)
        .join(Instrument)
        .where(Category.period == period)
        .order_by(Category.position, Category.id)
    )
    return announcement.document(
        period={"slug": period.slug, "name": period.name, "year": period.year},
        number=number,
        published_at=published_at.isoformat(timespec="seconds"),
        policy=policy,
        categories=[_category(category, determinations.get(category.id, []), policy) for category in categories],
        units=counts["units"],
    )


def without_numbers(text: str) -> str:
    """The text with anything that looks like a NIP taken out."""
    return PERSONAL_NUMBER.sub("…", text)


def _determined(period: Any) -> list[Any]:
    """The winners of a period with all that is said of them, by category and place (1 statement)."""
    return list(
        Winner.select(Winner, Determination, Ranking, Category, Nomination, WorkUnit)
        .join_from(Winner, Determination)
        .join_from(Determination, Ranking)
        .join_from(Determination, Category)
        .join_from(Winner, Nomination)
        .join_from(Nomination, WorkUnit)
        .where(Category.period == period, Determination.revoked_at.is_null())
        .order_by(Category.position, Winner.place, Nomination.number)
    )


def _category(category: Any, rows: Sequence[Any], policy: str) -> dict[str, Any]:
    """A category as the file shows it; without winners it has no decree and no ranking to name."""
    version = category.instrument_version
    shown: dict[str, Any] = {
        "slug": category.slug,
        "name": category.name,
        "awards": category.winners,
        "instrument": {
            "code": version.instrument.code,
            "name": version.instrument.name,
            "number": version.number,
            "sha256": version.sha256,
            "definition": version.definition,
        },
        "winners": [],
    }
    if rows:
        determination = rows[0].determination
        ranking = determination.ranking
        sealed = {row["id"]: row for row in json.loads(ranking.result)["rows"]}
        shown["decree"] = {"number": determination.decree_number, "on": determination.decree_on.isoformat()}
        shown["ranking"] = {key: getattr(ranking, key) for key in ("engine", "input_sha256", "result_sha256")}
        shown["winners"] = [announcement.winner(policy, _words(row), sealed[row.nomination.number]) for row in rows]
    return shown


def _words(row: Any) -> dict[str, Any]:
    """What the public may read of a winner whatever the policy."""
    nomination, person = row.nomination, row.nomination.person
    return {
        "place": row.place,
        "name": person["full_name"],
        "position": without_numbers(person["position"]),
        "unit_name": person["unit_name"],
        "unit_code": nomination.work_unit.code,
        "innovation": without_numbers(str(nomination.answers.get(INNOVATION_FIELD) or ""))[:INNOVATION_LENGTH],
        "citation": without_numbers(row.citation),
    }


def _copy(row: Any, policy: str, slugs: _Slugs, scores: _Scores | None) -> dict[str, Any]:
    determination, nomination = row.determination, row.nomination
    category = determination.category
    return {
        "slug": slugs.take(nomination.person),
        "category_slug": category.slug,
        "category_name": category.name,
        "category_position": category.position,
        **_words(row),
        "decree_number": determination.decree_number,
        "decree_on": determination.decree_on,
        "score": scores.total(nomination.number) if scores else None,
        "components": scores.components(nomination.number) if scores and policy == "names_and_breakdown" else None,
    }


class _Scores:
    """Printed scores of a final ranking."""

    def __init__(self, ranking: Any) -> None:
        self._rows = {row["id"]: row for row in json.loads(ranking.result)["rows"]}
        self._definition = instrument.parse(json.loads(ranking.inputs)["instrument"]["definition"])

    def total(self, number: str) -> str:
        return str(self._rows[number]["score"])

    def components(self, number: str) -> list[dict[str, str]]:
        printed = {part["code"]: part["score"] for part in self._rows[number]["components"]}
        return [
            {
                "code": part.code,
                "label": part.label,
                "score": printed[part.code],
                "maximum": exact_text(definition.component_maximum(self._definition, part)),
            }
            for part in self._definition.components
            if part.code in printed
        ]


class _Slugs:
    """Addresses made of name and year, such as `siti-aminah-2024`: the same again when a period is published again.

    An address that a publication of another period has ever had stays with that period; here it gets this period's slug.
    """

    def __init__(self, period: Any, people: Iterable[dict[str, Any]]) -> None:
        self._period = period
        self._elsewhere: set[str] = set()
        self._given: set[str] = set()
        for stem in {self._stem(person) for person in people}:
            others = (
                PublishedWinner.select(PublishedWinner.slug)
                .join(Publication)
                .where(Publication.period != period, PublishedWinner.slug.startswith(stem))
            )
            self._elsewhere |= {row.slug for row in others}

    def take(self, person: dict[str, Any]) -> str:
        stem = self._stem(person)
        if stem in self._elsewhere:
            stem = f"{stem}-{self._period.slug}"
        slug, again = stem, 1
        while slug in self._elsewhere | self._given:
            again += 1
            slug = f"{stem}-{again}"
        self._given.add(slug)
        return slug

    def _stem(self, person: dict[str, Any]) -> str:
        plain = unicodedata.normalize("NFKD", person["name"]).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z]+", plain)
        return f"{'-'.join(words)[:100].rstrip('-') or 'pemenang'}-{self._period.year}"
