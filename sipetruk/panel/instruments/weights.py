"""Weights found by comparing pairs (AHP): shown with their consistency, applied to a draft only when the officer accepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from http import HTTPStatus
from itertools import combinations

from flask import flash, redirect, request

from sipetruk.errors import Conflict, Invalid
from sipetruk.panel.instruments.base import InstrumentBase, sent_version
from sipetruk.panel.kit import Answer, expose
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import ahp
from sipetruk.rules import instrument as rules
from sipetruk.rules.exact import format_number
from sipetruk.services import instruments as services

GET_POST = ("GET", "POST")
COMPONENTS = "komponen"
"""The level of the components; every other level is the criteria of one component, named by its code."""
APPLY = "terapkan"
MOST_REMARKS = 3


@dataclass(frozen=True)
class Thing:
    """A component or criterion that is compared; `weight` is the present one in basis points."""

    code: str
    label: str
    weight: int | None


@dataclass(frozen=True)
class Pair:
    """One question: its field, the two things, what was chosen ("" for nothing), and what is wrong with it."""

    name: str
    first: Thing
    second: Thing
    options: tuple[tuple[str, str], ...]
    chosen: str
    error: str


class WeightPages(InstrumentBase):
    """The weight designer; all of it works by sending one form, nothing is stored until weights are accepted."""

    @expose("/<int:version_id>/bobot-ahp/", GET_POST)
    def weights(self, version_id: int) -> Answer:
        view = self.view(version_id)
        level = request.values.get("tingkat", COMPONENTS)
        things = _things(view.definition, level)
        method = request.form.get("cara", "eigenvector")
        found: ahp.Weighing | None = None
        errors: dict[str, str] = {}
        if request.method == "POST" and 1 <= len(things) <= ahp.MOST_THINGS:
            try:
                found = ahp.weigh(ahp.matrix(len(things), _judgements(things)), method)
            except Invalid as refusal:
                errors = {problem.path[-1]: problem.message for problem in refusal.problems}
        answer = None
        if found and APPLY in request.form and not self.reconsidered():
            answer = self._apply(view, level, things, found)
        return answer or self._designer(view, level, things, method, found, errors)

    def _designer(
        self, view: VersionView, level: str, things: list[Thing], method: str, found: ahp.Weighing | None, errors: dict[str, str]
    ) -> Answer:
        """The page, with everything that was chosen; 422 when something is missing or weights were not accepted by the rules."""
        combine = view.definition.policy.combine
        page = self.render(
            "panel/instrument/weights.html",
            view=view,
            level=level,
            levels=[(COMPONENTS, "Komponen"), *((part.code, f"Kriteria pada {part.label}") for part in view.definition.components)],
            things=things,
            most=ahp.MOST_THINGS,
            pairs=_pairs(things, errors),
            errors=errors,
            method=method,
            methods=ahp.METHODS,
            lambda_methods=ahp.LAMBDA_METHODS,
            found=found,
            remarks=[_remark(each, things) for each in found.deviations[:MOST_REMARKS]] if found else [],
            why_not="" if combine == "weighted_sum" else rules.NO_WEIGHTS % {"combine": rules.COMBINE[combine]},
            may_apply=view.may_edit,
            weight_text=_percent,
            decimals=_decimals,
        )
        was_refused = errors or (APPLY in request.form and not self.reconsidered())
        return page, int(HTTPStatus.UNPROCESSABLE_ENTITY if was_refused else HTTPStatus.OK)

    def _apply(self, view: VersionView, level: str, things: list[Thing], found: ahp.Weighing) -> Answer | None:
        """Ask with the weights before and after, then save them as one change of the draft; None when they cannot be applied."""
        view, component = self.draft(view.row.id), None if level == COMPONENTS else level
        weights = {thing.code: points for thing, points in zip(things, found.basis_points, strict=True)}

        def change(tree: rules.Definition) -> rules.Definition:
            return rules.set_weights(tree, component, weights)

        try:
            change(view.definition)
        except Invalid as refusal:
            self.warn(refusal)
            return None
        if not self.confirmed():
            ratio = _decimals(found.consistency.ratio, 3)
            question = f"Terapkan bobot ini pada draf? Rasio konsistensi {ratio}: {found.consistency.verdict}."
            lines = tuple(f"{each.label}: {_percent(each.weight)} menjadi {_percent(weights[each.code])}" for each in things)
            return self.ask(question, button="Terapkan bobot", details=lines, grave=not found.consistency.is_acceptable, keep=True)
        try:
            services.edit(self.actor, version_id=view.row.id, change=change, expected_version=sent_version())
        except Conflict as refusal:
            self.warn(refusal)
            return None
        flash("Bobot hasil perbandingan diterapkan.", "success")
        return redirect(self.address(view.row.id, COMPONENTS if component is None else f"komponen-{component}"), HTTPStatus.SEE_OTHER)


def _things(tree: rules.Definition, level: str) -> list[Thing]:
    """What is compared at a level; NotFound for a component that is not there."""
    listed = tree.components if level == COMPONENTS else rules.component(tree, level).scored
    return [Thing(each.code, each.label, each.weight) for each in listed]


def _judgements(things: Sequence[Thing]) -> dict[tuple[int, int], str]:
    """What was chosen for each pair; a pair without a choice is left out."""
    chosen = {(i, j): request.form.get(_name(things[i], things[j]), "") for i, j in combinations(range(len(things)), 2)}
    return {pair: text for pair, text in chosen.items() if text}


def _pairs(things: Sequence[Thing], errors: dict[str, str]) -> list[Pair]:
    if len(things) > ahp.MOST_THINGS:
        return []
    pairs = []
    for i, j in combinations(range(len(things)), 2):
        first, second = things[i], things[j]
        options = tuple((str(step), ahp.in_words(step, first.label, second.label)) for step in ahp.STEPS)
        name = _name(first, second)
        wrong = "Pilih salah satu." if f"{i}-{j}" in errors else ""
        pairs.append(Pair(name, first, second, options, request.form.get(name, ""), wrong))
    return pairs


def _remark(deviation: ahp.Deviation, things: Sequence[Thing]) -> str:
    """One judgement beside what the weights, and so all judgements together, say."""
    first, second = things[deviation.first].label, things[deviation.second].label
    given = ahp.in_words(deviation.given, first, second)
    if deviation.suggested == deviation.given:
        return f"{given} – sudah yang terdekat pada skala."
    return f"{given} – menurut bobot hasilnya: {ahp.in_words(deviation.suggested, first, second)}."


def _name(first: Thing, second: Thing) -> str:
    return f"banding-{first.code}-{second.code}"


def _percent(points: int | None) -> str:
    return "belum ada" if points is None else f"{format_number(Fraction(points, 100), 2)} %"


def _decimals(value: float, places: int) -> str:
    return f"{value:.{places}f}".replace(".", ",")
