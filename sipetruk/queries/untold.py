"""Results that are decided and not announced: whoever does not read rankings still sees the nomination as ranked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import peewee as pw

from sipetruk.models import Category, Nomination, Publication
from sipetruk.rules.permissions import Action, Actor, can
from sipetruk.rules.workflow import DECIDED, NominationState


def untold(actor: Actor) -> Any:
    """The condition on nominations whose result this actor is not told yet, or None where the actor reads rankings.

    Told is what a publication has let out and nobody has withdrawn since.
    """
    if can(actor, Action.RANKING_READ):
        return None
    told = Publication.select(Publication.period).where(Publication.released_at.is_null(is_null=False), Publication.withdrawn_at.is_null())
    open_ = Category.select(Category.id).where(Category.period.not_in(told))
    return Nomination.state.in_([state.value for state in DECIDED]) & Nomination.category.in_(open_)


def in_states(actor: Actor, states: Iterable[NominationState]) -> Any:
    """The condition on nominations that are in one of these states as far as the actor is told."""
    wanted = set(states)
    found = Nomination.state.in_(sorted(state.value for state in wanted))
    hidden = untold(actor)
    if hidden is None or not wanted & {*DECIDED, NominationState.RANKED}:
        return found
    return found | hidden if NominationState.RANKED in wanted else found & ~hidden


def state_column(actor: Actor) -> Any:
    """The state of nominations as far as the actor is told, in SQL."""
    hidden = untold(actor)
    return Nomination.state if hidden is None else pw.Case(None, [(hidden, NominationState.RANKED.value)], Nomination.state)


def told_state(actor: Actor, nomination: Any) -> NominationState:
    """The state of a nomination as far as the actor is told."""
    return NominationState.RANKED if untold_ids(actor, [nomination]) else NominationState(nomination.state)


def untold_ids(actor: Actor, nominations: Iterable[Any]) -> Collection[int]:
    """Which of these nominations show as ranked (no statement where none is decided)."""
    decided = [row.id for row in nominations if row.state in DECIDED]
    hidden = untold(actor) if decided else None
    if hidden is None:
        return frozenset()
    return {id_ for (id_,) in Nomination.select(Nomination.id).where(Nomination.id.in_(decided), hidden).tuples()}
