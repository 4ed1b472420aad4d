"""The analysis of a ranking, for the committee: never official, made by the worker, shown with its numbers as text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import request

from sipetruk.panel.kit import Answer, Page, expose, show
from sipetruk.queries import analysis as queries
from sipetruk.rules.permissions import Action, require
from sipetruk.services import analysis

SHOWN_NOMINEES = 12
"""Rows of the acceptability table: who is first most often; the others are counted below it."""
WIDTH = Decimal(100)


class AnalysisPages(Page):
    """The page of an analysis: asked for, waited for, read."""

    @expose("/<int:category_id>/analisis/", ("GET", "POST"))
    def analysis(self, category_id: int) -> Answer:
        require(self.actor, Action.ANALYSIS_READ)
        view = queries.analysis(self.actor, category_id, ranking_id=request.args.get("perhitungan", type=int))
        here = str(self.get_url(".analysis", category_id=category_id, perhitungan=view.ranking.ranking_id))
        if request.method == "POST":
            return self.act(
                lambda: analysis.request(self.actor, ranking_id=view.ranking.ranking_id),
                to=here,
                done="Analisis sedang dihitung.",
            )
        return self.render(
            "panel/ranking/analysis.html",
            view=view,
            here=here,
            told=told,
            span=span,
            share=share,
            parts=_parts(view.document) if view.document else {},
            ranks={each["id"]: each["rank"] for each in view.document["nominees"]} if view.document else {},
            labels={each["code"]: each["label"] for each in view.document["agreement"]} if view.document else {},
            back=self.get_url(".show_ranking", category_id=category_id),
        )


def told(value: str | Mapping[str, Any] | None, decimals: int = 2) -> str:
    """A number of an analysis as a person reads it, or that there is none."""
    if value is None:
        return "–"
    return "tidak dapat dihitung" if isinstance(value, Mapping) else show.number(value, decimals)


def share(value: str | None) -> str:
    """A share as a percentage: "0.4040" is "40,4 %"."""
    return "–" if value is None else f"{show.number(str(Decimal(value) * 100), 1)} %"


def span(value: str | Mapping[str, Any], most: str = "1") -> str:
    """How long the bar of a number is, out of 100; nothing where there is no number."""
    if isinstance(value, Mapping):
        return "0"
    wanted = abs(Decimal(value)) * WIDTH / Decimal(most)
    return f"{min(wanted, WIDTH):.2f}"


def _parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """What the page leaves out, counted: nobody reads a hundred rows of zeros."""
    acceptability = document["acceptability"]
    rows = acceptability.get("rows", [])
    severities = [abs(Decimal(each["severity"])) for each in document["severity"]["assessors"] if isinstance(each["severity"], str)]
    return {
        "acceptable": rows[:SHOWN_NOMINEES],
        "not_shown": max(0, len(rows) - SHOWN_NOMINEES),
        "farthest": str(max([*severities, Decimal(1)])),
        "changing_nominees": [each for each in document["without_nominees"] if each["first_changes"] or each["winners_change"]],
        "changing_assessors": [each for each in document["without_assessors"] if each["first_changes"] or each["winners_change"]],
    }
