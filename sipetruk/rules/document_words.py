"""The values of an instrument document as people read them: weights in percent, scales in a line, codes as labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sipetruk.rules import scales
from sipetruk.rules import vocabulary as v
from sipetruk.rules.definition import FULL_SCORE, Definition, all_criteria
from sipetruk.rules.exact import format_number, fraction

NOTHING = "tidak ada"
_PROVIDERS = {"unit": "diunggah perangkat daerah", "system": "data sistem"}


class Words:
    """The words of one definition; `of` puts the value at a key of its document into a line of text."""

    def __init__(self, definition: Definition) -> None:
        self._parts = {part.code: part.label for part in definition.components}
        self._criteria = {each.code: each.label for _, each in all_criteria(definition)}
        self._evidence = {need.code: need.label for need in definition.evidence}
        self._fields = {question.code: question for question in definition.fields}
        self._known: Mapping[str, Callable[[Any], str]] = {
            "weight": weight,
            "scale": lambda value: scales.describe(scales.parse_scale(value)),
            "source": lambda value: source(value) if isinstance(value, dict) else _PROVIDERS.get(value, str(value)),
            "evidence": self._labels,
            "component": lambda code: self._parts.get(code, code),
            "combine": lambda code: v.COMBINE[code],
            "aggregation": _aggregation,
            "rounding": _rounding,
            "floors": self._floors,
            "tie_chain": self._chain,
            "kind": lambda code: v.FIELD_KINDS.get(code, code),
            "accept": lambda kinds: ", ".join(kind.upper() for kind in kinds),
            "options": lambda options: "; ".join(option["label"] for option in options),
            "shown_when": self._condition,
            "template": lambda value: str(value["name"]),
        }

    def of(self, key: str, value: Any) -> str:
        """One line; nothing at all has its own word."""
        if value is None or value in ("", [], {}):
            return NOTHING
        if isinstance(value, bool):
            return "ya" if value else "tidak"
        if key in self._known:
            return self._known[key](value)
        if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
            return ", ".join(map(str, value))
        return str(value)

    def thing(self, kind: str, document: Mapping[str, Any]) -> str:
        """What a component, criterion, piece of evidence or question is, in one line."""
        match kind:
            case "criteria":
                told = [self.of("scale", document["scale"]), f"dari {self.of('source', document['source'])}"]
                told += [f"bobot {weight(document['weight'])}"] if document["weight"] is not None else []
                return "; ".join(told)
            case "components":
                return "" if document["weight"] is None else f"bobot {weight(document['weight'])}"
            case "fields":
                return f"{self.of('kind', document['kind'])}, {'wajib' if document['required'] else 'boleh kosong'}"
        return "wajib" if document["required"] else "boleh kosong"

    def _labels(self, codes: Sequence[str]) -> str:
        return ", ".join(self._evidence.get(code, code) for code in codes)

    def _floors(self, floors: Sequence[Mapping[str, Any]]) -> str:
        told = [(self._parts.get(x["component"], x["component"]), format_number(fraction(x["at_least"]))) for x in floors]
        return "; ".join(f"{label} paling rendah {least}" for label, least in told)

    def _chain(self, steps: Sequence[Mapping[str, Any]]) -> str:
        labels = {"component": self._parts, "criterion": self._criteria, "attribute": v.ATTRIBUTES}
        return ", lalu ".join(labels[step["by"]].get(step["code"], step["code"]) for step in steps)

    def _condition(self, shown: Mapping[str, Any]) -> str:
        question = self._fields.get(shown["field"])
        if question is None:
            return f"“{shown['field']}” dijawab “{shown['equals']}”"
        options = {option.code: option.label for option in question.options}
        return f"“{question.label}” dijawab “{options.get(shown['equals'], shown['equals'])}”"


def weight(basis_points: int) -> str:
    """Basis points as a percentage."""
    return percent(Fraction(basis_points, FULL_SCORE))


def percent(value: Fraction) -> str:
    """A share as a percentage, with at most two decimals: "33,33 %"."""
    exact = format_number(value)
    return f"{exact if len(exact.partition(',')[2]) <= 2 else format_number(value, 2)} %"


def source(document: Mapping[str, Any]) -> str:
    """Who gives a value, and from which records where it is taken over."""
    told = [v.SERIES[document["series"]] if document.get("series") else v.SOURCES[document["kind"]]]
    if document.get("check"):
        told.append(v.SANCTION_CHECKS[document["check"]])
    if document.get("within_years"):
        told.append(f"{document['within_years']} tahun terakhir")
    times = [*document.get("months", ()), *map(str, document.get("years", ()))]
    times += [str(document["year"])] if document.get("year") else []
    told += [", ".join(times)] if times else []
    if document.get("levels"):
        told.append("tingkat " + ", ".join((v.SANCTION_LEVELS | v.AWARD_LEVELS).get(level, level) for level in document["levels"]))
    return " · ".join(told)


def _rounding(value: Mapping[str, Any]) -> str:
    decimals = f"{value['decimals']} angka di belakang koma"
    return f"{v.ROUNDING_STAGE[value['stage']]}, {decimals}, {v.ROUNDING_MODE[value['mode']].lower()}"


def _aggregation(value: Mapping[str, Any]) -> str:
    cut = f", {value['k']} di tiap ujung" if value["kind"] == "trimmed" else ""
    return v.AGGREGATION[value["kind"]] + cut
