"""What the public resolvers read, each at most once per request."""

from __future__ import annotations

from sipetruk.api.context import Info
from sipetruk.queries import public
from sipetruk.rules.instrument import Definition
from sipetruk.services import clock


def periods(info: Info) -> tuple[public.PublicPeriod, ...]:
    return _rounds(info).periods


def publications(info: Info) -> tuple[public.PublicPublication, ...]:
    return info.context.once("publications", public.publications)


def publications_by_period(info: Info) -> dict[str, public.PublicPublication]:
    """The newest standing publication of each period, by its slug."""
    return {row.period.slug: row for row in reversed(publications(info))}


def open_forms(info: Info) -> tuple[public.OpenForm, ...]:
    return info.context.once("open forms", lambda: _rounds(info).open_forms())


def open_trees(info: Info) -> dict[int, Definition]:
    """The instrument of each category that takes nominations, by the id of the category."""
    return {found.category.id: found.definition for found in open_forms(info)}


def _rounds(info: Info) -> public.Rounds:
    return info.context.once("rounds", lambda: public.rounds(now=clock.now()))
