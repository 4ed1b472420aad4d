"""Rows of an instrument workbook become the document again, with the cell in which every part of it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sipetruk.documents import instrument_sheets as sheets
from sipetruk.documents.cells import NOTHING, Found
from sipetruk.documents.instrument_rows import EXPECTED, LEVEL_LISTS
from sipetruk.documents.instrument_sheets import Sheet
from sipetruk.documents.places import Path, PlacedProblem
from sipetruk.errors import Invalid
from sipetruk.rules.predicate import PREDICATES
from sipetruk.rules.scales import LABELS

Values = dict[str, Any]

_LEVEL_KEYS = {
    "rubric": {"label", "points", "description"},
    "threshold": {"at_least", "points"},
    "choice": {"points"},
    "predicate": {"label", "points"},
    "tally": {"code", "label", "points"},
}
_SCALE_KEYS = tuple(column.key for column in sheets.SCALE_COLUMNS)
_SOURCE_KEYS = tuple(column.key for column in sheets.SOURCE_COLUMNS)
UNUSED = "Kolom ini tidak dipakai di sini; kosongkan."
_REQUIRED = "Wajib diisi."


@dataclass(frozen=True)
class Line:
    """One row that was read: its number in the sheet, its cells by key, and the one key of a row that is no table's."""

    sheet: Sheet
    number: int
    values: Values
    key: str = ""

    def place(self, key: str = "") -> str:
        where = f"lembar {self.sheet.name}, baris {self.number}"
        if not self.sheet.is_table:
            return f"{where} ({self.sheet.column(self.key).header})"
        return f"{where}, kolom {self.sheet.column(key).header}" if key else where


class Building:
    """The document so far, the places of its parts, and what is wrong."""

    def __init__(self) -> None:
        self.places: dict[Path, str] = {}
        self.problems: list[PlacedProblem] = []

    def complain(self, place: str, template: str, path: Path = (), **params: object) -> None:
        self.problems.append(PlacedProblem(template, path, params=params, place=place))

    def stands(self, line: Line, path: Path, keys: Mapping[str, str] | Sequence[str] = ()) -> None:
        """Remember where a part stands, and in which column each key of it."""
        self.places.setdefault(path, line.place())
        for key, column in keys.items() if isinstance(keys, Mapping) else zip(keys, keys, strict=True):
            self.places.setdefault((*path, *key.split(".")), line.place(column))

    def place_of(self, path: Path) -> str:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, "")


def read_cells(building: Building, sheet: Sheet, number: int, cells: Mapping[str, Found]) -> Line:
    """The values of a row; a cell that cannot be read is noted and counts as blank."""
    line = Line(sheet, number, {}, "" if sheet.is_table else next(iter(cells)))
    for key, found in cells.items():
        if found.value == "":
            continue
        try:
            value = sheet.column(key).read(found)
        except Invalid as refusal:
            building.problems += [PlacedProblem(p.template, p.path, p.code, p.params, line.place(key)) for p in refusal.problems]
            value = None
        if value is not None and value != "":
            line.values[key] = value
    return line


def build(building: Building, lines: Mapping[str, Sequence[Line]]) -> Values:
    """The document of all sheets; problems that only rows have are noted."""
    about, policy = (_whole(building, lines[sheet.name]) for sheet in (sheets.ABOUT, sheets.POLICY))
    for path, sheet in _ROOTS.items():
        building.places[path] = f"lembar {sheet.name}"
        for line in lines[sheet.name] if not sheet.is_table else ():
            building.stands(line, path, (line.key,))
    document = {
        **about,
        "policy": _nested(policy) | _limits(building, lines[sheets.LIMITS.name]),
        "components": _components(building, lines),
        "evidence": [_plain(building, line, ("evidence", str(at)), sheets.EVIDENCE) for at, line in enumerate(lines[sheets.EVIDENCE.name])],
        "fields": _fields(building, lines),
    }
    examples = _examples(building, lines[sheets.EXAMPLES.name])
    return document | ({"examples": examples} if examples else {})


_ROOTS: dict[Path, Sheet] = {
    (): sheets.ABOUT,
    ("policy",): sheets.POLICY,
    ("policy", "floors"): sheets.LIMITS,
    ("policy", "tie_chain"): sheets.LIMITS,
    ("components",): sheets.COMPONENTS,
    ("evidence",): sheets.EVIDENCE,
    ("fields",): sheets.FIELDS,
    ("examples",): sheets.EXAMPLES,
}


def _whole(building: Building, lines: Sequence[Line]) -> Values:
    """The rows of a sheet that describes one thing, as one."""
    values: Values = {}
    for line in lines:
        for key, value in line.values.items():
            if key in values:
                building.complain(line.place(), "Baris ini tertulis dua kali.")
            values[key] = value
    return values


def _nested(values: Values) -> Values:
    """Keys with a dot as objects inside the object."""
    nested: Values = {}
    for key, value in values.items():
        outer, dot, inner = key.partition(".")
        if dot:
            nested.setdefault(outer, {})[inner] = value
        else:
            nested[key] = value
    return nested


def _plain(building: Building, line: Line, path: Path, sheet: Sheet) -> Values:
    building.stands(line, path, tuple(column.key for column in sheet.columns))
    return _nested(line.values)


def _components(building: Building, lines: Mapping[str, Sequence[Line]]) -> list[Values]:
    components: list[Values] = []
    by_code: dict[str, tuple[str, Values]] = {}
    for line in lines[sheets.COMPONENTS.name]:
        number = str(len(components))
        component = _plain(building, line, ("components", number), sheets.COMPONENTS) | {"criteria": []}
        components.append(component)
        by_code.setdefault(component.get("code", ""), (number, component))
    levels = _levels_by_criterion(building, lines)
    for line in lines[sheets.CRITERIA.name]:
        code = line.values.get("component", "")
        if code not in by_code or not code:
            template = "Komponen “%(code)s” tidak ada pada lembar Komponen." if code else _REQUIRED
            building.complain(line.place("component"), template, code=code)
            continue
        at, component = by_code[code]
        path = ("components", at, "criteria", str(len(component["criteria"])))
        component["criteria"].append(_criterion(building, line, path, levels.pop(line.values.get("code", ""), [])))
    return components


def _levels_by_criterion(building: Building, lines: Mapping[str, Sequence[Line]]) -> dict[str, list[Line]]:
    known = {line.values.get("code") for line in lines[sheets.CRITERIA.name]}
    levels: dict[str, list[Line]] = {}
    for line in lines[sheets.LEVELS.name]:
        code = line.values.get("criterion", "")
        if code and code in known:
            levels.setdefault(code, []).append(line)
        else:
            template = "Kriteria “%(code)s” tidak ada pada lembar Kriteria." if code else _REQUIRED
            building.complain(line.place("criterion"), template, code=code)
    return levels


def _criterion(building: Building, line: Line, path: Path, levels: Sequence[Line]) -> Values:
    values = line.values
    building.stands(line, path, ("code", "label", "help", "weight", "evidence", "note_min_chars"))
    building.stands(line, (*path, "scale"), {"kind": "kind"} | {key: key for key in _SCALE_KEYS})
    building.stands(line, (*path, "source"), {"kind": "from", "years": "year"} | {key: key for key in _SOURCE_KEYS})
    scale = {key: values[key] for key in ("kind", *_SCALE_KEYS) if key in values}
    source = {key: values[key] for key in _SOURCE_KEYS if key in values}
    if "from" in values:
        source["kind"] = values["from"]
    if isinstance(source.get("year"), list) or ("year" in source and source.get("kind") == "award"):
        year = source.pop("year")
        source["years"] = year if isinstance(year, list) else [year]
    scale |= _scale_rows(building, scale.get("kind", ""), (*path, "scale"), levels)
    kept = {key: values[key] for key in ("code", "label", "help", "weight", "evidence", "note_min_chars") if key in values}
    return kept | {"scale": scale, "source": source}


def _scale_rows(building: Building, kind: str, path: Path, levels: Sequence[Line]) -> Values:
    key = LEVEL_LISTS.get(kind)
    if key is None:
        for line in levels if kind else ():
            building.complain(line.place(), "Skala “%(scale)s” tidak memakai lembar ini.", scale=LABELS[kind])
        return {}
    if levels:
        building.places.setdefault((*path, key), levels[0].place())
    for line in levels:
        for column in line.values.keys() - _LEVEL_KEYS[kind] - {"criterion"}:
            building.complain(line.place(column), UNUSED)
    if kind == "predicate":
        return {key: _predicate_table(building, (*path, key), levels)}
    for at, line in enumerate(levels):
        building.stands(line, (*path, key, str(at)), tuple(_LEVEL_KEYS[kind]))
    if kind == "choice":
        return {key: _choices(building, levels)}
    return {key: [{name: value for name, value in line.values.items() if name in _LEVEL_KEYS[kind]} for line in levels]}


def _choices(building: Building, levels: Sequence[Line]) -> list[Any]:
    for line in levels:
        if "points" not in line.values:
            building.complain(line.place("points"), _REQUIRED)
    return [line.values["points"] for line in levels if "points" in line.values]


def _predicate_table(building: Building, path: Path, levels: Sequence[Line]) -> Values:
    table: Values = {}
    for line in levels:
        name = " ".join(line.values.get("label", "").upper().split())
        if name not in PREDICATES:
            building.complain(line.place("label"), "Harus salah satu dari: %(options)s.", options=", ".join(PREDICATES))
        elif name in table:
            building.complain(line.place("label"), "Predikat ini tertulis dua kali.")
        elif "points" not in line.values:
            building.complain(line.place("points"), _REQUIRED)
        else:
            table[name] = line.values["points"]
            building.places[*path, name] = line.place("points")
    return table


def _fields(building: Building, lines: Mapping[str, Sequence[Line]]) -> list[Values]:
    fields: list[Values] = []
    by_code: dict[str, tuple[str, Values]] = {}
    for at, line in enumerate(lines[sheets.FIELDS.name]):
        field = _plain(building, line, ("fields", str(at)), sheets.FIELDS)
        fields.append(field)
        by_code.setdefault(field.get("code", ""), (str(at), field))
    for line in lines[sheets.OPTIONS.name]:
        code = line.values.get("field", "")
        if not code or code not in by_code:
            building.complain(line.place("field"), "Isian “%(code)s” tidak ada pada lembar Isian." if code else _REQUIRED, code=code)
            continue
        at_field, field = by_code[code]
        options = field.setdefault("options", [])
        building.stands(line, ("fields", at_field, "options", str(len(options))), ("code", "label"))
        options.append({key: line.values[key] for key in ("code", "label") if key in line.values})
    return fields


def _limits(building: Building, lines: Sequence[Line]) -> Values:
    floors: list[Values] = []
    chain: list[Values] = []
    for line in lines:
        part = line.values.get("part")
        if part == "floor":
            building.stands(line, ("policy", "floors", str(len(floors))), {"component": "code", "at_least": "at_least"})
            if line.values.get("by", "component") != "component":
                building.complain(line.place("by"), "Batas nilai hanya menurut nilai komponen.")
            floors.append({"component": line.values.get("code"), "at_least": line.values.get("at_least")})
        elif part == "tie":
            building.stands(line, ("policy", "tie_chain", str(len(chain))), ("by", "code"))
            if "at_least" in line.values:
                building.complain(line.place("at_least"), UNUSED)
            chain.append({key: line.values[key] for key in ("by", "code") if key in line.values})
        else:
            building.complain(line.place("part"), _REQUIRED)
    return {"floors": floors, "tie_chain": chain}


def _examples(building: Building, lines: Sequence[Line]) -> list[Values]:
    examples: dict[object, tuple[Path, Values]] = {}
    for line in lines:
        key = line.values.get("number", line.values.get("name"))
        path, example = examples.setdefault(key, (("examples", str(len(examples))), {"name": None, "unit": None}))
        building.stands(line, path, ("name", "unit"))
        for word in ("name", "unit"):
            given = line.values.get(word)
            if example[word] is not None and given not in (None, example[word]):
                building.complain(line.place(word), "Tulis sama dengan baris pertama contoh ini.")
            example[word] = example[word] if given is None else given
        _example_part(building, line, path, example)
    return [example for _, example in examples.values()]


def _example_part(building: Building, line: Line, path: Path, example: Values) -> None:
    part: str | None = line.values.get("part")
    code: str | None = line.values.get("code")
    value: str | None = line.values.get("value")
    if part is None:
        for key in ("code", "value"):
            if key in line.values:
                building.complain(line.place("part"), _REQUIRED)
                return
        return
    if code is None or (value is None and part != "counts"):
        building.complain(line.place("code" if code is None else "value"), _REQUIRED)
        return
    key = "values" if part == "counts" else part
    name: str = {word: key for key, word in EXPECTED.items()}.get(code, code) if part == "expected" else code
    held = example.setdefault(key, {})
    if name in held:
        building.complain(line.place("code"), "Baris ini tertulis dua kali.")
    building.places[*path, key, name] = line.place("value")
    try:
        held[name] = _example_value(part, name, value or "")
    except ValueError:
        building.complain(
            line.place("value"), "Tulis seperti nasional=1, provinsi=2." if part == "counts" else "Harus berupa bilangan bulat."
        )


def _example_value(part: str, name: str, written: str) -> Any:
    if part == "marks":
        marks = [mark.strip() for mark in written.split(";")]
        return [None if mark in {NOTHING, "-", ""} else mark for mark in marks]
    if part == "counts":
        pairs = [pair.partition("=") for pair in written.split(",") if pair.strip()]
        return {code.strip(): int(count) for code, _, count in pairs}
    if part == "attributes" or name == "rank":
        return int(written)
    return written
