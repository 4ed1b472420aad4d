"""What the public resolvers read, each at most once per request."""

from __future__ import annotations

from collections.abc import Mapping

from sipetruk.api.context import Info
from sipetruk.api.tree_types import Criterion, components_of
from sipetruk.errors import NotFound
from sipetruk.queries import public
from sipetruk.rules.instrument import Definition
from sipetruk.services import clock

PUBLICATIONS = "publications"
ROUNDS = "rounds"
"""Under which keys a request reads publications and rounds; a preview puts its own there beforehand."""


def periods(info: Info) -> tuple[public.PublicPeriod, ...]:
    return _rounds(info).periods


def publications(info: Info) -> tuple[public.PublicPublication, ...]:
    return info.context.once(PUBLICATIONS, lambda: public.publications(now=clock.now()))


def publications_by_period(info: Info) -> dict[str, public.PublicPublication]:
    """The newest standing publication of each period, by its slug."""
    return {row.period.slug: row for row in reversed(publications(info))}


def winner(info: Info, slug: str) -> public.PublicWinner | None:
    """The winner with this address: of a publication that was put here to be looked at beforehand, else of one that is public."""
    if previewed := info.context.read(PUBLICATIONS):
        return next((each for row in previewed for each in row.winners if each.slug == slug), None)
    try:
        return public.winner(slug, now=clock.now())
    except NotFound:
        return None


def winner_by_code(code: str) -> public.PublicWinner | None:
    try:
        return public.winner_by_code(code, now=clock.now())
    except NotFound:
        return None


def criteria(info: Info, of: public.InstrumentRef) -> dict[str, list[Criterion]]:
    """The criteria of each component of a version that is public, by the component's code."""
    known: Mapping[tuple[str, int], Definition] = info.context.once("definitions", public.definitions)
    found: dict[str, list[Criterion]] = info.context.once(
        ("criteria", of.code, of.number), lambda: {part.code: part.criteria for part in components_of(known[of.code, of.number])}
    )
    return found


def withdrawals(info: Info) -> tuple[public.Withdrawal, ...]:
    return info.context.once("withdrawals", lambda: public.withdrawals(now=clock.now()))


def open_forms(info: Info) -> tuple[public.OpenForm, ...]:
    return info.context.once("open forms", lambda: _rounds(info).open_forms())


def open_trees(info: Info) -> dict[int, Definition]:
    """The instrument of each category that takes nominations, by the id of the category."""
    return {found.category.id: found.definition for found in open_forms(info)}


def _rounds(info: Info) -> public.Rounds:
    return info.context.once(ROUNDS, lambda: public.rounds(now=clock.now()))
