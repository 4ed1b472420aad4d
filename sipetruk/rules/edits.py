"""Changes to an instrument draft: each takes a definition and returns a new, structurally valid one.

Every change is made on the document and read again, so an edit can never leave something that `parse` would refuse.
A code that is renamed is renamed wherever the policy names it; a thing that is removed is left to `lint` to miss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sipetruk.errors import Invalid, NotFound, Problem
from sipetruk.rules.dates import shifted_month
from sipetruk.rules.definition import COMBINE, FULL_WEIGHT, Definition, all_criteria
from sipetruk.rules.definition import component as component_of
from sipetruk.rules.parsing import parse
from sipetruk.rules.reading import is_code

Document = dict[str, Any]
NO_WEIGHTS = "Bobot tidak dipakai pada instrumen ini, karena cara menghitungnya “%(combine)s”."
_NO_COMPONENT = "Komponen ini tidak ada dalam instrumen."
_NO_CRITERION = "Kriteria ini tidak ada dalam instrumen."
_NO_EVIDENCE = "Bukti dukung ini tidak ada dalam instrumen."
_NO_FIELD = "Pertanyaan ini tidak ada dalam instrumen."

MAXIMUM_KEYS = {"points": "max", "percentage": "max", "tally": "cap", "count": "cap"}
"""Kinds of scale whose most points are one number of the document, and the name of that number."""


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


def duplicate_component(definition: Definition, code: str) -> Definition:
    """Put a copy right behind a component, with copies of its criteria, all under the next free codes."""
    document = definition.to_dict()
    components = _components(document)
    at = _index(components, code, _NO_COMPONENT)
    copy = {**components[at], "code": _next_free(code, {part["code"] for part in components}), "criteria": []}
    copy["label"] = f"{copy['label']} (salinan)"
    components.insert(at + 1, copy)
    for criterion in components[at]["criteria"]:
        copy["criteria"].append({**criterion, "code": _free_code(document, criterion["code"])})
    return parse(document)


def fill_in(
    definition: Definition, components: Mapping[str, Mapping[str, object]], criteria: Mapping[str, Mapping[str, object]]
) -> Definition:
    """Set single values of many components and criteria at once: "label", "weight", and "maximum", the most points of a scale.

    A refusal names its places by code: ("criteria", "manfaat", "maximum").
    """
    document = definition.to_dict()
    for part in _components(document):
        part.update(components.get(part["code"], {}))
        for criterion in part["criteria"]:
            values = dict(criteria.get(criterion["code"], {}))
            key = MAXIMUM_KEYS.get(criterion["scale"]["kind"])
            if "maximum" in values and key:
                criterion["scale"] = {**criterion["scale"], key: values.pop("maximum")}
            criterion.update(values)
    try:
        return parse(document)
    except Invalid as refusal:
        raise Invalid([_named(problem, document) for problem in refusal.problems]) from None


def replace_policy(definition: Definition, policy: Mapping[str, object]) -> Definition:
    return parse({**definition.to_dict(), "policy": dict(policy)})


def set_evidence(definition: Definition, evidence: Sequence[Mapping[str, object]]) -> Definition:
    return parse({**definition.to_dict(), "evidence": [dict(requirement) for requirement in evidence]})


def set_fields(definition: Definition, fields: Sequence[Mapping[str, object]]) -> Definition:
    return parse({**definition.to_dict(), "fields": [dict(field) for field in fields]})


def update_evidence(definition: Definition, code: str, values: Mapping[str, object]) -> Definition:
    """Replace the given keys of a piece of evidence; a new code carries the criteria that ask for it along."""
    document = definition.to_dict()
    evidence = document["evidence"]
    evidence[_index(evidence, code, _NO_EVIDENCE)].update(values)
    new = values.get("code", code)
    for component in _components(document):
        for criterion in component["criteria"]:
            criterion["evidence"] = [new if named == code else named for named in criterion["evidence"]]
    return parse(document)


def update_field(definition: Definition, code: str, values: Mapping[str, object]) -> Definition:
    """Replace the given keys of a question; a new code carries the questions that depend on it along."""
    document = definition.to_dict()
    fields = document["fields"]
    changed = fields[_index(fields, code, _NO_FIELD)]
    changed.update(values)
    if changed.get("kind") != "file":
        for key in ("accept", "max_mb", "max_files", "template"):
            changed.pop(key, None)
    for field in fields:
        condition = field["shown_when"]
        if isinstance(condition, dict) and condition.get("field") == code:
            field["shown_when"] = {**condition, "field": values.get("code", code)}
    return parse(document)


def move_evidence(definition: Definition, code: str, to_index: int) -> Definition:
    """Put a piece of evidence at another place; places beyond the ends mean the ends."""
    document = definition.to_dict()
    _insert(document["evidence"], document["evidence"].pop(_index(document["evidence"], code, _NO_EVIDENCE)), to_index)
    return parse(document)


def move_field(definition: Definition, code: str, to_index: int) -> Definition:
    """Put a question at another place; places beyond the ends mean the ends."""
    document = definition.to_dict()
    _insert(document["fields"], document["fields"].pop(_index(document["fields"], code, _NO_FIELD)), to_index)
    return parse(document)


def duplicate_evidence(definition: Definition, code: str) -> Definition:
    """Put a copy right behind a piece of evidence, under the next free code."""
    return _duplicate(definition, "evidence", code, _NO_EVIDENCE)


def duplicate_field(definition: Definition, code: str) -> Definition:
    """Put a copy right behind a question, under the next free code."""
    return _duplicate(definition, "fields", code, _NO_FIELD)


def _duplicate(definition: Definition, part: str, code: str, otherwise: str) -> Definition:
    document = definition.to_dict()
    things = document[part]
    at = _index(things, code, otherwise)
    copy = {**things[at], "code": _free_code(document, code), "label": f"{things[at]['label']} (salinan)"}
    things.insert(at + 1, copy)
    return parse(document)


def set_template(definition: Definition, code: str, template: Mapping[str, object] | None) -> Definition:
    """Give a piece of evidence or a file question the form that is to be filled in, or take it away."""
    document = definition.to_dict()
    files = [*document["evidence"], *(field for field in document["fields"] if field["kind"] == "file")]
    files[_index(files, code, "Bukti atau pertanyaan ini tidak ada dalam instrumen.")]["template"] = template
    return parse(document)


def set_about(definition: Definition, *, title: str, description: str, source: str) -> Definition:
    """Replace the words that say what the instrument is."""
    return parse({**definition.to_dict(), "title": title, "description": description, "source": source})


def set_weights(definition: Definition, component: str | None, weights: Mapping[str, int]) -> Definition:
    """Give the components, or the scored criteria of one component, these weights in basis points.

    Refused unless the instrument is a weighted sum (elsewhere a weight would be printed but not applied) and the
    weights name exactly the things of that level and sum to 10 000.
    """
    if definition.policy.combine != "weighted_sum":
        raise Invalid(NO_WEIGHTS, "weights", combine=COMBINE[definition.policy.combine])
    document = definition.to_dict()
    if component is None:
        level, wanted = _components(document), [part.code for part in definition.components]
    else:
        part = component_of(definition, component)
        level, wanted = _criteria(document, component), [criterion.code for criterion in part.scored]
    if set(weights) != set(wanted):
        raise Invalid("Bobot harus diberikan kepada setiap unsur tingkat ini, dan hanya kepadanya.", "weights")
    if sum(weights.values()) != FULL_WEIGHT:
        raise Invalid("Jumlah bobot %(found)s, harus 10000 (100 %%).", "weights", found=sum(weights.values()))
    for thing in level:
        thing["weight"] = weights.get(thing["code"])
    return parse(document)


def shift_years(definition: Definition, by: int) -> Definition:
    """Move every month and year of data that the criteria name by whole years."""
    document = definition.to_dict()
    for component in _components(document):
        for criterion in component["criteria"]:
            source = criterion["source"]
            if source.get("months"):
                source["months"] = [shifted_month(month, by) for month in source["months"]]
            if source.get("years"):
                source["years"] = [year + by for year in source["years"]]
            if source.get("year") is not None:
                source["year"] += by
    return parse(document)


def named_times(definition: Definition) -> tuple[str, ...]:
    """The months and years of data that the criteria name, in order, each once."""
    sources = [criterion.source for _, criterion in all_criteria(definition)]
    return tuple(sorted({*(m for source in sources for m in source.months), *(str(y) for source in sources for y in source.named_years)}))


def _components(document: Document) -> list[Document]:
    components: list[Document] = document["components"]
    return components


def _criteria(document: Document, component: str) -> list[Document]:
    components = _components(document)
    criteria: list[Document] = components[_index(components, component, _NO_COMPONENT)]["criteria"]
    return criteria


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
    return _next_free(code, taken | {thing["code"] for part in ("fields", "evidence") for thing in document[part]})


def _next_free(code: str, taken: set[str]) -> str:
    number = 2
    while f"{code[:46]}_{number}" in taken:
        number += 1
    return f"{code[:46]}_{number}"


def _named(problem: Problem, document: Document) -> Problem:
    """The same problem with codes instead of positions, and "maximum" for the number of the scale that it means."""
    match problem.path:
        case ("components", at, "criteria", inner, "scale", *_):
            criterion = _components(document)[int(at)]["criteria"][int(inner)]
            path: tuple[str, ...] = ("criteria", criterion["code"], "maximum")
        case ("components", at, "criteria", inner, *rest):
            path = ("criteria", _components(document)[int(at)]["criteria"][int(inner)]["code"], *rest)
        case ("components", at, *rest):
            path = ("components", _components(document)[int(at)]["code"], *rest)
        case path:
            pass
    return replace(problem, path=path)
