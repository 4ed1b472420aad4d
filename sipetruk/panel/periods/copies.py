"""A period taken over for the next year: what would be copied is shown before anything is written."""

from __future__ import annotations

from typing import Any

from flask import request

from sipetruk.models.instruments import VERSION_STATES
from sipetruk.panel.kit import Answer, Page, expose
from sipetruk.panel.periods.forms import CopyForm, copy_form
from sipetruk.queries import period_copies as queries
from sipetruk.queries import periods
from sipetruk.queries.period_copies import CategoryCopy, CopyPlan
from sipetruk.rules.dates import YEARS
from sipetruk.rules.permissions import Action, require
from sipetruk.services import period_copies as services

PREVIEW = "pratinjau"
"""The button that shows the dates of the year that was typed."""


class CopyPages(Page):
    """“Salin untuk tahun berikutnya”."""

    needs = Action.PERIOD_READ

    @expose("/<int:period_id>/salin/", ("GET", "POST"))
    def copy(self, period_id: int) -> Answer:
        require(self.actor, Action.PERIOD_EDIT)
        source = periods.period(self.actor, period_id)
        plan = queries.plan(self.actor, period_id, _year(request.form.get("year", ""), source.year + 1))
        form = _form(plan, request.form or None)

        def save() -> int:
            return services.copy(
                self.actor,
                period_id=period_id,
                name=form.name.data,
                slug=form.slug.data,
                year=form.year.data,
                versions=form.versions(),
                idempotency_key=form.once,
            )

        page = {"plan": plan, "back": str(self.get_url(".show_period", period_id=period_id))}
        if PREVIEW in request.form:
            return (
                self.render("panel/period/copy.html", form=form, **page)
                if form.validate()
                else self.show("panel/period/copy.html", form, **page)
            )
        answer = self.submit(
            form,
            save,
            to=lambda new_id: str(self.get_url(".show_period", period_id=new_id)),
            done="Periode disalin. Periksa jadwal, syarat, dan tim penilainya; semuanya masih dapat diubah.",
        )
        return answer or self.show("panel/period/copy.html", form, **page)


def _form(plan: CopyPlan, sent: Any) -> CopyForm:
    old, new = str(plan.period.year), str(plan.year)
    start: dict[str, Any] = {
        "name": plan.period.name.replace(old, new) if old in plan.period.name else f"{plan.period.name} {new}"[:150],
        "slug": plan.period.slug.replace(old, new) if old in plan.period.slug else f"{plan.period.slug[:55]}-{new}",
        "year": plan.year,
    }
    choices = {}
    for category in plan.categories:
        start[f"version_{category.id}"] = category.version_id
        choices[category.id] = (f"Versi instrumen: {category.name}", _offered(category))
    return copy_form(choices, sent, **start)


def _offered(category: CategoryCopy) -> list[tuple[int, str]]:
    return [
        (choice.id, f"{category.instrument_name} versi {choice.number} ({VERSION_STATES[choice.state].lower()})")
        for choice in category.choices
    ]


def _year(text: str, otherwise: int) -> int:
    """The year whose dates are shown: the one that was typed, where it is a year at all."""
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS else otherwise
