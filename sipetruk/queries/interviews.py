"""Categories that are the interview of another one: who is in them, and what the first stage brought."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import peewee as pw

from sipetruk.models import Category, Nomination, Ranking
from sipetruk.rules import finalists


def interview_of(category_id: int) -> Any:
    """The category that is the interview of this one, or None."""
    return Category.get_or_none(Category.first_stage == category_id)


def is_held(category_id: int) -> bool:
    """Whether the interview after this category has begun."""
    return bool(Nomination.select().join(Category).where(Category.first_stage == category_id).exists())


def awaits_finalists(category: Any) -> bool:
    """Whether this is an interview into which nobody has been brought yet."""
    return category.first_stage_id is not None and not Nomination.select().where(Nomination.category == category.id).exists()


def going_in(category: Any) -> pw.Expression:
    """The condition on nominations of the stage before that go on into this interview: nobody's without a final ranking (1 statement)."""
    final = Ranking.get_or_none(Ranking.category == category.first_stage_id, Ranking.state == "final")
    chosen = finalists.finalists(json.loads(str(final.result))["rows"], category.finalists) if final else ()
    return (Nomination.category == category.first_stage_id) & Nomination.number.in_(list(chosen))


def waiting(period_id: int) -> list[Any]:
    """Interviews of a period into which nobody has been brought yet, without those for which a final ranking has nobody."""
    begun = Nomination.select(Nomination.category).join(Category).where(Category.period == period_id)
    rows = Category.select().where(Category.period == period_id, Category.first_stage.is_null(is_null=False), Category.id.not_in(begun))
    found = list(rows.order_by(Category.position, Category.id))
    firsts = [category.first_stage_id for category in found]
    finals = Ranking.select(Ranking.category, Ranking.result).where(Ranking.category.in_(firsts), Ranking.state == "final")
    empty = {id_ for id_, result in finals.tuples() if not finalists.totals(json.loads(result)["rows"])}
    return [category for category in found if category.first_stage_id not in empty]


def without_final(categories: Iterable[Any]) -> list[Any]:
    """The interviews among these whose first stage has no final ranking."""
    finals = {id_ for (id_,) in Ranking.select(Ranking.category).where(Ranking.state == "final").tuples()}
    return [category for category in categories if category.first_stage_id not in finals]


def first_stages() -> pw.ModelSelect:
    """Categories whose winners are determined in their interview."""
    interview = Category.alias()
    return interview.select(interview.first_stage).where(interview.first_stage.is_null(is_null=False))


def totals(category: Any) -> Mapping[int, str]:
    """The exact total that each employee brings into the interview from the first stage's final ranking (2 statements)."""
    if category.first_stage_id is None:
        return {}
    final = Ranking.get_or_none(Ranking.category == category.first_stage_id, Ranking.state == "final")
    if final is None:
        return {}
    by_number = finalists.totals(json.loads(str(final.result))["rows"])
    people = Nomination.select(Nomination.number, Nomination.employee).where(Nomination.category == category.first_stage_id)
    return {employee_id: by_number[number] for number, employee_id in people.tuples() if number in by_number}
