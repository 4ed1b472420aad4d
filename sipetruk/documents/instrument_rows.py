"""An instrument document as rows of sheets, the same document in another shape: each column carries one key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sipetruk.documents import instrument_sheets as sheets
from sipetruk.documents.cells import NOTHING, Cell
from sipetruk.documents.instrument_sheets import Sheet

Row = list[Cell]

LEVEL_LISTS = {"rubric": "levels", "threshold": "bands", "choice": "points", "predicate": "table", "tally": "entries"}
"""Where the scales that have rows keep them."""


def rows(document: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The cells of every sheet, by its name; `instrument_building.build` makes the document of them again."""
    criteria = [(part["code"], criterion) for part in document["components"] for criterion in part["criteria"]]
    policy = _flat(document["policy"])
    filled: list[tuple[Sheet, Iterator[Mapping[str, Any]]]] = [
        (sheets.ABOUT, iter([document])),
        (sheets.COMPONENTS, iter(document["components"])),
        (sheets.CRITERIA, (_criterion(code, criterion) for code, criterion in criteria)),
        (sheets.LEVELS, (level for _, criterion in criteria for level in _levels(criterion))),
        (sheets.EVIDENCE, (_flat(need) for need in document["evidence"])),
        (sheets.FIELDS, (_flat(field) for field in document["fields"])),
        (sheets.OPTIONS, ({"field": field["code"], **option} for field in document["fields"] for option in field["options"])),
        (sheets.POLICY, iter([policy])),
        (sheets.LIMITS, _limits(document["policy"])),
        (sheets.EXAMPLES, (row for at, example in enumerate(document.get("examples", ()), 1) for row in _example(at, example))),
    ]
    return {sheet.name: [_row(sheet, values) for values in things] for sheet, things in filled}


def _row(sheet: Sheet, values: Mapping[str, Any]) -> Row:
    return [None if values.get(column.key) is None else column.write(values[column.key]) for column in sheet.columns]


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects as keys with a dot, as the columns name them."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= {f"{key}.{inner}": item for inner, item in value.items()} if isinstance(value, Mapping) else {key: value}
    return flat


def _criterion(component: str, criterion: Mapping[str, Any]) -> dict[str, Any]:
    scale, source = criterion["scale"], criterion["source"]
    row = {key: value for key, value in criterion.items() if key not in {"scale", "source"}}
    row |= {key: value for key, value in scale.items() if key != LEVEL_LISTS.get(scale["kind"])}
    row |= {key: value for key, value in source.items() if key not in {"kind", "years"}}
    if "years" in source:
        row["year"] = source["years"]
    return row | {"component": component, "from": source["kind"]}


def _levels(criterion: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    scale, code = criterion["scale"], criterion["code"]
    listed = scale.get(LEVEL_LISTS.get(scale["kind"], ""), ())
    for item in listed.items() if isinstance(listed, Mapping) else listed:
        match item:
            case Mapping():
                yield {**item, "code": item.get("code"), "criterion": code}
            case (name, points):
                yield {"criterion": code, "label": name, "points": points}
            case points:
                yield {"criterion": code, "points": points}


def _limits(policy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for floor in policy["floors"]:
        yield {"part": "floor", "by": "component", "code": floor["component"], "at_least": floor["at_least"]}
    for step in policy["tie_chain"]:
        yield {"part": "tie", **step}


def _example(number: int, example: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    head = {"number": number, "name": example["name"], "unit": example["unit"]}
    found = list(_example_parts(example))
    for part, code, value in found:
        yield {**head, "part": part, "code": code, "value": value}
    if not found:
        yield head


def _example_parts(example: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for code, marks in example["marks"].items():
        yield "marks", code, "; ".join(NOTHING if mark is None else str(mark).replace(".", ",") for mark in marks)
    for code, value in example["values"].items():
        if isinstance(value, Mapping):
            yield "counts", code, ", ".join(f"{entry}={count}" for entry, count in value.items())
        else:
            yield "values", code, str(value)
    for code, value in example["attributes"].items():
        yield "attributes", code, str(value)
    expected = example["expected"] or {}
    for key, word in EXPECTED.items():
        if expected.get(key) is not None:
            yield "expected", word, str(expected[key]).replace(".", ",")


EXPECTED = {"status": "status", "score": "nilai", "rank": "peringkat"}
"""What is expected of an example, and its word in the sheet."""
