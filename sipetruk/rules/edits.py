"""Changes to an instrument draft: each takes a definition and returns a new, structurally valid one.

Every change is made on the document and read again, so an edit can never leave something that `parse` would refuse.
A code that is renamed is renamed wherever the policy names it; a thing that is removed is left to `lint` to miss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sipetruk.errors import Invalid, NotFound
from sipetruk.rules.definition import Definition
from sipetruk.rules.parsing import parse
from sipetruk.rules.reading import is_code

Document = dict[str, Any]
_NO_COMPONENT = "Komponen ini tidak ada dalam instrumen."
_NO_CRITERION = "Kriteria ini tidak ada dalam instrumen."


def add_component(definition: Definition, values: Mapping[str, object], to_index: int | None = None) -> Definition:
    """Add a component from its document ({"code", "label", ...}), at the end or at a place."""
    document = definition.to_dict()
    _insert(_components(document), dict(values), to_index)
    return parse(document)


def update_component(definition: Definition, code: str, values: Mapping[str, object]) -> Definition:
    """Replace the given keys of a component; a new code carries the policy's references along."""
    document = definition.to_dict()
    components = _components(document)
    components[_index(components, code, _NO_COMPONENT)].update(values)
    _rename_references(document, "component", code, values.get("code", code))
    return parse(document)


def remove_component(definition: Definition, code: str) -> Definition:
    """Remove a component with its criteria."""
    document = definition.to_dict()
    components = _components(document)
    del components[_index(components, code, _NO_COMPONENT)]
    return parse(document)


def move_component(definition: Definition, code: str, to_index: int) -> Definition:
    """Put a component at another place; places beyond the ends mean the ends."""
    document = definition.to_dict()
    components = _components(document)
    _insert(components, components.pop(_index(components, code, _NO_COMPONENT)), to_index)
    return parse(document)


def add_criterion(definition: Definition, component: str, values: Mapping[str, object], to_index: int | None = None) -> Definition:
    """Add a criterion from its document ({"code", "label", "scale", "source", ...}) to a component."""
    document = definition.to_dict()
    _insert(_criteria(document, component), dict(values), to_index)
    return parse(document)


def update_criterion(definition: Definition, code: str, values: Mapping[str, object]) -> Definition:
    """Replace the given keys of a criterion; a new code carries the policy's references along."""
    document = definition.to_dict()
    siblings, at = _find_criterion(document, code)
    siblings[at].update(values)
    _rename_references(document, "criterion", code, values.get("code", code))
    return parse(document)


def remove_criterion(definition: Definition, code: str) -> Definition:
    document = definition.to_dict()
    siblings, at = _find_criterion(document, code)
    del siblings[at]
    return parse(document)


def move_criterion(definition: Definition, code: str, component: str, to_index: int) -> Definition:
    """Put a criterion at a place of the same or another component."""
    document = definition.to_dict()
    target = _criteria(document, component)
    siblings, at = _find_criterion(document, code)
    _insert(target, siblings.pop(at), to_index)
    return parse(document)


def duplicate_criterion(definition: Definition, code: str, new_code: str | None = None) -> Definition:
    """Put a copy right behind a criterion, under `new_code` or the next free code ("manfaat_2")."""
    document = definition.to_dict()
    siblings, at = _find_criterion(document, code)
    chosen = new_code or _free_code(document, code)
    if not is_code(chosen):
        raise Invalid("Kode hanya boleh berisi huruf kecil, angka dan garis bawah, dan diawali huruf.", "code")
    _insert(siblings, {**siblings[at], "code": chosen, "label": f"{siblings[at]['label']} (salinan)"}, at + 1)
    return parse(document)


def replace_policy(definition: Definition, policy: Mapping[str, object]) -> Definition:
    return parse({**definition.to_dict(), "policy": dict(policy)})


def set_evidence(definition: Definition, evidence: Sequence[Mapping[str, object]]) -> Definition:
    return parse({**definition.to_dict(), "evidence": [dict(requirement) for requirement in evidence]})


def set_fields(definition: Definition, fields: Sequence[Mapping[str, object]]) -> Definition:
    return parse({**definition.to_dict(), "fields": [dict(field) for field in fields]})


def set_about(definition: Definition, *, title: str, description: str, source: str) -> Definition:
    """Replace the words that say what the instrument is."""
    return parse({**definition.to_dict(), "title": title, "description": description, "source": source})


def _components(document: Document) -> list[Document]:
    return cast("list[Document]", document["components"])


def _criteria(document: Document, component: str) -> list[Document]:
    components = _components(document)
    return cast("list[Document]", components[_index(components, component, _NO_COMPONENT)]["criteria"])


def _find_criterion(document: Document, code: str) -> tuple[list[Document], int]:
    for component in _components(document):
        for at, criterion in enumerate(component["criteria"]):
            if criterion["code"] == code:
                return component["criteria"], at
    raise NotFound(_NO_CRITERION)


def _index(things: list[Document], code: str, otherwise: str) -> int:
    for at, thing in enumerate(things):
        if thing["code"] == code:
            return at
    raise NotFound(otherwise)


def _insert(things: list[Document], thing: Document, to_index: int | None) -> None:
    things.insert(len(things) if to_index is None else max(0, to_index), thing)


def _rename_references(document: Document, by: str, old: str, new: object) -> None:
    for floor in document["policy"]["floors"]:
        if by == "component" and floor["component"] == old:
            floor["component"] = new
    for step in document["policy"]["tie_chain"]:
        if step["by"] == by and step["code"] == old:
            step["code"] = new


def _free_code(document: Document, code: str) -> str:
    taken = {criterion["code"] for component in _components(document) for criterion in component["criteria"]}
    taken |= {field["code"] for field in document["fields"]}
    number = 2
    while f"{code[:46]}_{number}" in taken:
        number += 1
    return f"{code[:46]}_{number}"
