"""Where a remark on an instrument can be mended: the page and the very field, and what the thing is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sipetruk.rules import instrument as rules

Address = Callable[..., str]
"""The address of a view, by its name and values (`get_url`)."""

PARTS = {"evidence": "bukti", "fields": "isian"}
FIELDS = {"else": "otherwise"}
"""Names in the document whose field on the screen is called otherwise."""


@dataclass(frozen=True)
class Remark:
    """A finding as a page shows it; `place` is empty where nothing can be changed."""

    severity: str
    message: str
    thing: str
    place: str


def remarks(tree: rules.Definition, findings: Iterable[rules.Finding], address: Address | None) -> list[Remark]:
    """Findings with the name of the thing and, given `address`, the place to mend it."""
    names = names_of(tree)
    return [
        Remark(
            finding.severity,
            finding.message,
            names.get(finding.path[:2], ""),
            place(finding.path, address) if address else "",
        )
        for finding in findings
    ]


def names_of(tree: rules.Definition) -> dict[tuple[str, ...], str]:
    """What every part of an instrument is called, by the beginning of a path."""
    names: dict[tuple[str, ...], str] = {("components", part.code): part.label for part in tree.components}
    names |= {("criteria", criterion.code): criterion.label for _, criterion in rules.all_criteria(tree)}
    names |= {("evidence", need.code): need.label for need in tree.evidence}
    names |= {("fields", field.code): field.label for field in tree.fields}
    rest = {"floors": "Batas nilai", "tie_chain": "Penentu nilai sama", "min_assessors": "Jumlah penilai"}
    return names | {("policy", key): label for key, label in rest.items()}


def place(path: tuple[str, ...], address: Address) -> str:
    """The address of the field that a path means."""
    view, values, steps = _editor(path)
    return address(view, **values, _anchor=_field(steps)) if view else ""


def _editor(path: tuple[str, ...]) -> tuple[str, dict[str, str], Iterable[str]]:
    """The view in which a path is mended, its values, and the steps to the field there."""
    editor: tuple[str, dict[str, str], Iterable[str]] = "", {}, ()
    match path:
        case ("criteria", code, "scale", *rest):
            editor = ".edit_scale", {"code": code}, rest
        case ("criteria", code, *rest):
            editor = ".edit_criterion", {"code": code}, rest[:1]
        case ("components", code, key):
            editor = ".edit_component", {"code": code}, (key,)
        case ("components", *rest):
            editor = ".show_version", {}, ("-".join(("komponen", *rest)),)
        case ("policy", *rest):
            editor = ".edit_policy", {}, rest[:1]
        case ("evidence" | "fields" as part, code, *rest):
            editor = ".edit_entry", {"part": PARTS[part], "code": code}, rest[:1]
    return editor


def _field(steps: Iterable[str]) -> str | None:
    """The id of a field: its steps in the document, joined as WTForms joins them."""
    return "-".join(FIELDS.get(step, step) for step in steps) or None
