"""JSON Schemas (2020-12) of the files that SI PETRUK hands out: the sealed ranking and the publication.

They say what a file looks like, for whoever writes a program around it; whether its numbers are right says `checking`.
The instrument inside has a schema of its own, next to these two.
"""

from __future__ import annotations

from typing import Any

from sipetruk.rules import announcement, contest, definition, ranking, seal
from sipetruk.rules.instrument_schema import DIALECT
from sipetruk.rules.instrument_schema import NAME as INSTRUMENT
from sipetruk.rules.weighing import MARK_STATES, SCORED

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 80}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FROM_ONE: Schema = {"type": "integer", "minimum": 1}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_RATIO: Schema = {"type": "string", "pattern": "^-?[0-9]+/[0-9]+$", "description": "The exact value n/d."}
_PRINTED: Schema = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$", "description": "The value as printed, with a decimal point."}
_RAW: Schema = {"type": ["string", "object", "null"], "description": "What was given, before the scale turns it into points."}


def ranking_file() -> Schema:
    """The sealed file of a final ranking (`sipetruk-ranking/1`)."""
    return {
        "$schema": DIALECT,
        "$id": "ranking-1.json",
        "title": "SI PETRUK: sealed ranking",
        "description": "Inputs and result of one ranking with their SHA-256 over canonical JSON (UTF-8 NFC, sorted keys, no blanks).",
        **_object(
            {
                "format": {"const": seal.FORMAT},
                "engine": {"const": seal.ENGINE},
                "inputs": _inputs(),
                "input_sha256": _HASH,
                "result": _result(),
                "result_sha256": _HASH,
            }
        ),
    }


def publication_file() -> Schema:
    """The file of a publication (`sipetruk-publication/1`); what of a winner must be there follows from the policy."""
    return {
        "$schema": DIALECT,
        "$id": "publication-1.json",
        "title": "SI PETRUK: publication",
        "description": "Winners as far as the publication's policy allows, counts per unit, and the instruments they were chosen by.",
        **_object(
            {
                "format": {"const": announcement.FORMAT},
                "period": _object({"slug": _TEXT, "name": _TEXT, "year": _FROM_ONE}),
                "number": _FROM_ONE,
                "published_at": {"type": "string", "format": "date-time"},
                "policy": {"enum": list(announcement.POLICIES)},
                "categories": _list(_published_category()),
                "units": _list(_object({"code": _TEXT, "name": _TEXT, "nominated": _COUNT, "verified": _COUNT, "winners": _COUNT})),
                announcement.HASH: _HASH,
            }
        ),
        "allOf": [
            _when_policy("names", {"not": {"anyOf": [{"required": ["score"]}, {"required": ["components"]}]}}),
            _when_policy("names_and_score", {"required": ["exact", "score"], "not": {"required": ["components"]}}),
            _when_policy("names_and_breakdown", {"required": ["exact", "score", "components"]}),
        ],
    }


def _inputs() -> Schema:
    criteria = {"type": "object", "description": "By the code of the criterion."}
    nominee = {
        "id": _ID,
        "unit": _ID,
        "marks": {**criteria, "additionalProperties": _list(_mark())},
        "values": {**criteria, "additionalProperties": _RAW},
        "attributes": _object({code: {"type": ["integer", "null"]} for code in definition.ATTRIBUTES}),
    }
    return _object(
        {
            "format": {"const": contest.FORMAT},
            "instrument": _object({"code": _ID, "number": _FROM_ONE, "sha256": _HASH, "definition": {"$ref": INSTRUMENT}}),
            "category": _object({"code": _ID, "winners": _COUNT, "quota_per_unit": {"type": ["integer", "null"], "minimum": 1}}),
            "panel": _list(_ID),
            "nominees": _list(_object(nominee)),
            "decisions": _list(_object({"order": {**_list(_ID), "minItems": 2}, "reason": _TEXT})),
        }
    )


def _mark() -> Schema:
    mark = _object({"assessor": _ID, "state": {"enum": list(MARK_STATES)}, "value": {"type": ["string", "null"]}})
    scored = {"properties": {"state": {"const": SCORED}}}
    given, absent = ({"properties": {"value": {"type": kind}}} for kind in ("string", "null"))
    return {**mark, "if": scored, "then": given, "else": absent}


def _result() -> Schema:
    reasons = _list({"type": "object", "required": ["code"]})
    row = {
        "id": _ID,
        "status": {"enum": list(ranking.STATUSES)},
        "reasons": reasons,
        "exact": _or_null(_RATIO),
        "score": _or_null(_PRINTED),
        "rank": {"type": ["integer", "null"], "minimum": 1},
        "tie_group": {"type": ["integer", "null"], "minimum": 1},
        "decided_by": {"type": ["string", "null"]},
        "components": _list(_object({"code": _TEXT, "exact": _or_null(_RATIO), "score": _or_null(_PRINTED)})),
        "criteria": _list(
            _object(
                {
                    "code": _TEXT,
                    "component": _TEXT,
                    "panel_value": _RAW,
                    "points": _or_null(_RATIO),
                    "contribution": _or_null(_RATIO),
                    "shown_contribution": _or_null(_PRINTED),
                    "marks": _COUNT,
                }
            )
        ),
        "warnings": reasons,
    }
    award = {
        "winners": _list(_ID),
        "passed_over": _list(_object({"id": _ID, "reason": {"type": "object", "required": ["code"]}})),
        "unresolved": _list(_list(_ID)),
        "blocked": reasons,
        "unused_decisions": _list(_list(_ID)),
    }
    return _object(
        {"format": {"const": ranking.FORMAT}, "engine": {"const": seal.ENGINE}, "rows": _list(_object(row)), "award": _object(award)}
    )


def _published_category() -> Schema:
    category = {
        "slug": _TEXT,
        "name": _TEXT,
        "awards": _COUNT,
        "instrument": _object({"code": _TEXT, "name": _TEXT, "number": _FROM_ONE, "sha256": _HASH, "definition": {"$ref": INSTRUMENT}}),
        "decree": _object({"number": _TEXT, "on": {"type": "string", "format": "date"}}),
        "ranking": _object({"engine": _TEXT, "input_sha256": _HASH, "result_sha256": _HASH}),
        "winners": _list(_winner()),
    }
    without = [key for key in category if key not in {"decree", "ranking"}]
    return {**_object(category, required=without), "if": _has_winners(), "then": {"required": ["decree", "ranking"]}}


def _has_winners() -> Schema:
    return {"properties": {"winners": {"minItems": 1}}}


def _winner() -> Schema:
    words = dict.fromkeys(("name", "position", "unit_name", "unit_code", "innovation", "citation"), _TEXT)
    numbers = {"exact": _RATIO, "score": _PRINTED, "components": _list(_object({"code": _TEXT, "exact": _RATIO, "score": _PRINTED}))}
    return _object({"place": _FROM_ONE, **words, **numbers}, required=["place", *words])


def _when_policy(policy: str, winner: Schema) -> Schema:
    category = {"properties": {"winners": {"items": winner}}}
    return {"if": {"properties": {"policy": {"const": policy}}}, "then": {"properties": {"categories": {"items": category}}}}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    names = list(properties) if required is None else required
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": ["string", "null"]}
