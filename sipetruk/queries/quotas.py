"""Quotas of work units: how many nominations of a category take a place in them, and how many more a unit may begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import peewee as pw

from sipetruk.models import Nomination
from sipetruk.queries import facts
from sipetruk.rules.permissions import Action, Actor, Condition, granted


def taken(category_ids: Collection[int], unit_ids: Collection[int], *, but: int | None = None) -> Counter[tuple[int, int]]:
    """How many nominations take a place, by category and unit (1 statement); `but` is a nomination that is not counted."""
    query = Nomination.select(Nomination.category, Nomination.work_unit, pw.fn.COUNT(Nomination.id)).where(
        Nomination.category.in_(list(category_ids)), Nomination.work_unit.in_(list(unit_ids)), Nomination.state.not_in(facts.GONE)
    )
    if but is not None:
        query = query.where(Nomination.id != but)
    rows = query.group_by(Nomination.category, Nomination.work_unit).tuples()
    return Counter({(category_id, unit_id): count for category_id, unit_id, count in rows})


def left(actor: Actor, quotas: Mapping[int, int | None]) -> dict[int, int]:
    """How many nominations the actor's own unit may still begin in each category (1 statement at most); `quotas` by category.

    What has no quota is left out, and so is everything for whoever reads the nominations of no unit as its own, or of several.
    """
    units = {grant.unit_id for condition, grant in granted(actor, Action.NOMINATION_READ) if condition is Condition.OWN_UNIT}
    limits = {id_: quota for id_, quota in quotas.items() if quota is not None}
    unit_id = units.pop() if len(units) == 1 else None
    if unit_id is None or not limits:
        return {}
    used = taken(limits, [unit_id])
    return {id_: max(0, quota - used[id_, unit_id]) for id_, quota in limits.items()}
