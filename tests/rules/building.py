"""Small builders of instrument and inputs documents for the tests of the rules."""

from pathlib import Path

from sipetruk import starters
from sipetruk.rules import instrument, seal

STARTERS = Path(__file__).parents[2] / "admin" / "instruments"


def starter(name):
    """The definition of a starter instrument."""
    return instrument.parse(starters.starter(name))


def criterion(code, scale=None, source="assessor", **more):
    """A criterion document; a number as scale means points 0..number in steps of 1."""
    if scale is None or isinstance(scale, int):
        scale = {"kind": "points", "max": scale or 100, "step": 1}
    source = {"kind": source} if isinstance(source, str) else source
    return {"code": code, "label": code.title(), "help": "Petunjuk.", "scale": scale, "source": source, **more}


def component(code, *criteria, **more):
    return {"code": code, "label": code.title(), "criteria": list(criteria), **more}


def document(*components, **policy):
    """An instrument document; keywords are keys of its policy."""
    return {
        "format": instrument.FORMAT,
        "title": "Instrumen uji",
        "policy": {"combine": "sum_of_points", "min_assessors": 1, "tie_chain": [], **policy},
        "components": list(components),
    }


def definition(*components, **policy):
    return instrument.parse(document(*components, **policy))


def mark(assessor, value=None, state="scored"):
    return {"assessor": assessor, "state": state, "value": None if value is None else str(value)}


def nominee(who, marks=None, *, unit="unit-1", values=None, service=None):
    """`marks` maps criterion -> {assessor: value}; a value may be a state's name, or left out for "not yet"."""
    states = ("abstained", "recused", "not_yet", "not_applicable")
    given = {
        code: [mark(who_, None, value) if value in states else mark(who_, value) for who_, value in by.items()]
        for code, by in (marks or {}).items()
    }
    return {"id": who, "unit": unit, "marks": given, "values": values or {}, "attributes": {"length_of_service_days": service}}


def inputs(definition, nominees, *, panel=("a1",), winners=3, quota=None, decisions=()):
    return {
        "format": "sipetruk-ranking-inputs/1",
        "instrument": {"code": "uji", "number": 1, "sha256": seal.sha256(definition.to_dict()), "definition": definition.to_dict()},
        "category": {"code": "teladan", "winners": winners, "quota_per_unit": quota},
        "panel": list(panel),
        "nominees": list(nominees),
        "decisions": [{"order": list(order), "reason": "Rapat tim."} for order in decisions],
    }


def computed(definition, nominees, **more):
    """The result document of a small contest."""
    return seal.compute(inputs(definition, nominees, **more)).result


def rows(result):
    return {row["id"]: row for row in result["rows"]}


def problems(refusal):
    """(path, message) of every problem of a refusal that pytest caught."""
    return [(problem.path, problem.message) for problem in refusal.value.problems]
