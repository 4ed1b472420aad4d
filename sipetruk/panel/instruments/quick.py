"""Names, weights and most points typed straight into the tree: one form over the whole page, of which only what changed is saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import wtforms
from flask import request
from wtforms.validators import Length, NumberRange, Optional

from sipetruk.panel.instruments.forms import basis_points, exact, in_percent
from sipetruk.panel.kit import DecimalComma, PlainText, Required, VersionedForm
from sipetruk.panel.kit.fields import Fits
from sipetruk.queries.instruments import VersionView
from sipetruk.rules import instrument as rules
from sipetruk.rules import scales

THINGS = {"komponen": "components", "kriteria": "criteria"}
LABELS = {"label": "nama", "weight": "bobot (%)", "maximum": "poin tertinggi"}
WAS = "was"
"""The hidden field with the texts that the page was made with, so that only what a person changed is sent on."""


@dataclass(frozen=True)
class Cell:
    """One value that is typed into the tree: its name in the form, what it is, and the text in it."""

    name: str
    title: str
    text: str


class QuickForm(VersionedForm):
    """Only the fields that a person changed; refusals name them by the place in the instrument."""

    def refuse(self, path: Any, message: str) -> bool:
        match tuple(path):
            case (("components" | "criteria") as kind, code, key, *_):
                thing = next(name for name, part in THINGS.items() if part == kind)
                return super().refuse((f"{thing}-{code}-{key}",), message)
        return False


def cells_of(tree: rules.Definition) -> dict[str, Cell]:
    """Every value of a tree that can be typed into the page, by its name."""
    return {cell.name: cell for cell in _cells(tree)}


def _cells(tree: rules.Definition) -> Iterator[Cell]:
    is_weighted = tree.policy.combine == "weighted_sum"
    for part in tree.components:
        yield Cell(f"komponen-{part.code}-label", f"Nama komponen {part.label}", part.label)
        if is_weighted or part.weight is not None:
            yield Cell(f"komponen-{part.code}-weight", f"Bobot {part.label} dalam persen", _text(in_percent(part.weight)))
        for criterion in part.criteria:
            name = f"kriteria-{criterion.code}"
            yield Cell(f"{name}-label", f"Nama kriteria {criterion.label}", criterion.label)
            if criterion.weight is not None or (is_weighted and part.is_weighted and criterion.is_scored):
                yield Cell(f"{name}-weight", f"Bobot {criterion.label} dalam persen", _text(in_percent(criterion.weight)))
            if key := rules.MAXIMUM_KEYS.get(criterion.scale.kind):
                most = scales.to_dict(criterion.scale)[key]
                yield Cell(f"{name}-maximum", f"Poin tertinggi {criterion.label}", str(most).replace(".", ","))


def changed_names(cells: dict[str, Cell]) -> list[str]:
    """Names of the values that differ from what the page was made with; all that were sent when it does not say."""
    try:
        was = json.loads(request.form.get(WAS, "{}"))
    except (ValueError, RecursionError):
        was = {}
    was = was if isinstance(was, dict) else {}
    sent = [name for name in request.form if name.split("-")[0] in THINGS and name.count("-") == 2]
    return [name for name in sent if request.form[name] != was.get(name) and (name in cells or name in was)]


def quick_form(names: list[str], view: VersionView, sent: Any) -> VersionedForm:
    """A form of these values, filled with what is stored; a thing that is gone has empty ones."""
    cells = cells_of(view.definition)
    fields = {name: _field(name, cells.get(name)) for name in names}
    made: type[VersionedForm] = type("QuickForm", (QuickForm,), fields)
    stored = {name: _stored(name, cells[name].text) for name in names if name in cells}
    return made(sent, data={"row_version": view.row.row_version, **stored})


def filled_in(tree: rules.Definition, form: VersionedForm, names: list[str]) -> rules.Definition:
    """The tree with what was typed into these cells, but for those with something wrong."""
    for name in names:
        _require(tree, name)
    return rules.fill_in(tree, **values_of(form, [name for name in names if not form[name].errors]))


def values_of(form: VersionedForm, names: list[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """What was typed, as `rules.fill_in` takes it."""
    values: dict[str, dict[str, dict[str, Any]]] = {"components": {}, "criteria": {}}
    for name in names:
        thing, code, key = name.split("-")
        data = form[name].data
        read = basis_points(data) if key == "weight" else exact(data) if key == "maximum" else data
        values[THINGS[thing]].setdefault(code, {})[key] = read
    return values


def _field(name: str, cell: Cell | None) -> Any:
    thing, code, key = name.split("-")
    title = cell.title if cell else f"{thing} {code}: {LABELS.get(key, key)}"
    if key == "weight":
        return DecimalComma(title, [Optional(), Fits(5, 2), NumberRange(0, 100)])
    if key == "maximum":
        return DecimalComma(title, [Required(), Fits(8, 2)])
    return wtforms.StringField(title, [Required(), PlainText(), Length(max=200 if thing == "komponen" else 300)], filters=[_one_line])


def _one_line(text: str | None) -> str | None:
    return None if text is None else " ".join(text.split())


def _stored(name: str, text: str) -> Any:
    if name.endswith("-label"):
        return text
    return Decimal(text.replace(",", ".")) if text else None


def _text(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")


def _require(tree: rules.Definition, name: str) -> None:
    """NotFound when the thing has gone meanwhile: what was typed about it is not dropped silently."""
    thing, code, _ = name.split("-")
    if thing == "komponen":
        rules.component(tree, code)
    else:
        rules.criterion(tree, code)
