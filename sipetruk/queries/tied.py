"""Categories whose draft of a ranking, which is the latest computation, has ties that wait: for a decision, or for the next computation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import peewee as pw

from sipetruk.models import Category, Period, Ranking, StageWindow, TieDecision
from sipetruk.queries.conditions import is_postgres
from sipetruk.queries.interviews import first_stages
from sipetruk.rules import reasons
from sipetruk.rules.workflow import DECIDABLE_IN, Stage


@dataclass(frozen=True)
class Tied:
    """A category whose latest computation is a draft with open ties; `said` is what is to be said of them (`reasons.open_ties`).

    `period` is its number, name and year, `due` the last day of the ranking.
    """

    category_id: int
    period: tuple[int, str, int]
    due: date | None
    said: frozenset[str]


def blocking() -> list[Tied]:
    """Those where something blocks, so that a tie may wait for a decision, in the order of the periods (1 statement)."""
    return _tied(~Ranking.result.contains('"blocked":[]'))


def decided() -> list[Tied]:
    """Those in which a tie was decided, in the same order (1 statement)."""
    return _tied(TieDecision.id.is_null(is_null=False))


def _tied(condition: Any) -> list[Tied]:
    award, quota = _part(Ranking.result, "award"), _part(Ranking.inputs, "category", "quota_per_unit")
    period, is_first_stage = (Period.id, Period.name, Period.year), Category.id.in_(first_stages())
    is_its_window = (StageWindow.period == Period.id) & (StageWindow.stage == Stage.RANKING)
    query = (
        Ranking.select(Category.id, *period, StageWindow.closes_on, award, quota, is_first_stage, TieDecision.order)
        .join_from(Ranking, Category)
        .join_from(Category, Period)
        .join_from(Period, StageWindow, pw.JOIN.LEFT_OUTER, on=is_its_window)
        .join_from(Category, TieDecision, pw.JOIN.LEFT_OUTER)
        .where(Period.state.in_(list(DECIDABLE_IN)), Ranking.state == "draft", condition)
        .order_by(Period.id, Category.id)
    )
    found = []
    for category, rows in groupby(query.tuples(), key=itemgetter(slice(8))):
        id_, *of_period, due, award_text, quota_per_unit, goes_on = category
        document = {"inputs": {"category": {"quota_per_unit": quota_per_unit}}, "result": {"award": json.loads(award_text)}}
        orders = [row[8] for row in rows if row[8] is not None]
        said = reasons.open_ties(document, is_first_stage=bool(goes_on), decided=orders)
        found.append(Tied(id_, tuple(of_period), due, frozenset(said.values())))
    return found


def _part(document: pw.Field, *path: str) -> Any:
    """A part of a document that is kept as text: an object as text again, null as None."""
    if is_postgres():
        return pw.fn.JSON_EXTRACT_PATH_TEXT(document.cast("JSON"), *path)
    return pw.fn.JSON_EXTRACT(document, ".".join(("$", *path)))
