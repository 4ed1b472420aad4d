"""One part of a version as those see it who fill it in: shown beside its editor, by the templates of the real pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sipetruk.api import shapes
from sipetruk.panel.assessment import SheetForm, marks_form
from sipetruk.queries.assessment import CriterionView, components_to_mark
from sipetruk.rules import instrument as rules

MISFIT = "Skalanya belum cocok dengan sumber ini; ubah skalanya."
TITLES = {
    "assessor": "Yang dilihat penilai",
    "unit": "Yang dilihat perangkat daerah",
    "unit_head": "Yang dilihat kepala perangkat daerah",
}


@dataclass(frozen=True)
class Face:
    """Exactly one of: a criterion to mark (`criterion` with `marks`), a question (`field`), a document (`wanted`), or words."""

    title: str
    labels: dict[str, str]
    base: str = ""
    criterion: CriterionView | None = None
    marks: SheetForm | None = None
    field: dict[str, Any] | None = None
    fields: tuple[dict[str, Any], ...] = ()
    wanted: dict[str, Any] | None = None
    words: tuple[str, ...] = ()


def of_criterion(tree: rules.Definition, code: str) -> Face:
    """What the person who gives the value of a criterion sees, or where the value comes from."""
    found = rules.criterion(tree, code)
    kind = found.source.kind
    labels = {need.code: need.label for need in tree.requirements}
    if kind == "assessor":
        components = components_to_mark(tree, {})
        shown = next(criterion for part in components for criterion in part.criteria if criterion.code == code)
        return Face(TITLES[kind], labels, criterion=shown, marks=marks_form(components, 0))
    if kind in TITLES:
        form = shapes.nomination_form(tree)
        fields = tuple(form["fields"] if kind == "unit" else form["headFields"])
        return Face(TITLES[kind], labels, field=next(field for field in fields if field["code"] == code), fields=fields)
    words = (
        f"Diambil dari: {rules.SOURCES[kind]}. Tidak ada yang mengisinya.",
        rules.EFFECTS["source"][kind],
        f"{found.scale.describe()}." if isinstance(found.scale, rules.SCALES_OF_SOURCE[kind]) else MISFIT,
    )
    return Face("Dari data", labels, words=words)


def of_entry(tree: rules.Definition, part: str, code: str, base: str) -> Face:
    """A question of the form, or a document that is asked for, as the unit sees it."""
    form = shapes.nomination_form(tree)
    title = TITLES["unit"]
    if part == "bukti":
        return Face(title, {}, base, wanted=next(each for each in form["evidence"] if each["code"] == code))
    return Face(title, {}, base, field=next(field for field in form["fields"] if field["code"] == code), fields=tuple(form["fields"]))
