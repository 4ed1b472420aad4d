"""The published schema of the instrument format is what the code makes; it fits what the rules accept and refuses less than they do."""

import copy
import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from sipetruk.errors import Invalid
from sipetruk.rules import exchange
from sipetruk.rules.instrument_schema import NAME, instrument_schema
from tests.rules.building import STARTERS
from tests.rules.instruments import instruments

FILE = Path(__file__).parents[2] / "static" / "schemas" / NAME
VALIDATOR = Draft202012Validator(json.loads(FILE.read_text(encoding="utf-8")))
STARTER = tomllib.loads((STARTERS / "balangan-2024.toml").read_text(encoding="utf-8"))


def test_the_published_schema_is_the_one_that_the_code_makes():
    assert json.loads(FILE.read_text(encoding="utf-8")) == instrument_schema()


def test_the_published_schema_is_a_schema():
    Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_starter_fits_as_it_is_written_and_as_it_is_exported(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(VALIDATOR.iter_errors(document)) == []
    assert list(VALIDATOR.iter_errors(exchange.write(*exchange.read(document)))) == []


@given(instruments())
def test_whatever_is_exported_fits(found):
    assert [error.message for error in VALIDATOR.iter_errors(exchange.write(*found))] == []


def _change(path, value):
    document = copy.deepcopy(STARTER)
    *outer, last = path
    place = document
    for step in outer:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


SCALE = ("components", 0, "criteria", 0, "scale")
SOURCE = ("components", 0, "criteria", 0, "source")
REFUSED = [
    (("format",), "sipetruk-instrument/2"),
    (("format",), None),
    (("title",), " "),
    (("title",), 5),
    (("note",), "tak dikenal"),
    (("policy", "combine"), "average"),
    (("policy", "min_assessors"), "3"),
    (("policy", "rounding", "decimals"), 5),
    (("components", 0, "code"), "Kode Besar"),
    (("components", 0, "weight"), 10_001),
    (("components", 0, "criteria", 0, "label"), None),
    (("evidence", 0, "max_mb"), 0),
    (("evidence", 0, "required"), "ya"),
    (SCALE, {"kind": "points", "max": 1.5, "step": 1}),
    (SCALE, {"kind": "points", "max": 20}),
    (SCALE, {"kind": "points", "max": "dua puluh", "step": 1}),
    (SCALE, {"kind": "rubric", "levels": [{"points": 1}]}),
    (SCALE, {"kind": "rubric", "levels": [], "cap": 5}),
    (SCALE, {"kind": "threshold", "bands": [{"at_least": -1, "points": 1}], "else": 0}),
    (SCALE, {"kind": "choice", "points": [True]}),
    (SCALE, {"kind": "yes_no", "yes": 1}),
    (SCALE, {"kind": "predicate", "table": {"ISTIMEWA": 100}}),
    (SCALE, {"kind": "percentage"}),
    (SCALE, {"kind": "tally", "entries": [{"code": "a", "label": "A"}], "cap": 1}),
    (SCALE, {"kind": "count", "points_each": 1, "cap": [1]}),
    (SCALE, {"kind": "text", "max_chars": 0}),
    (SCALE, {"kind": "lain"}),
    (SOURCE, {"kind": "attendance", "months": "2024-04"}),
    (SOURCE, {"kind": "predicate", "year": 1800}),
    (SOURCE, {"kind": "imported", "months": []}),
    (SOURCE, {"kind": "assessor", "year": 2024}),
    (("fields",), [{"code": "x", "label": "X", "kind": "date", "accept": ["pdf"]}]),
    (("fields",), [{"code": "x", "label": "X", "kind": "choice", "options": [{"code": "a"}]}]),
    (("examples",), [{"name": "A", "marks": {"manfaat": [1.5]}}]),
    (("examples",), [{"name": "A", "attributes": {"shoe_size": 42}}]),
]


@pytest.mark.parametrize(("path", "value"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_the_schema_refuses_the_rules_refuse(path, value):
    document = _change(path, value)
    assert not VALIDATOR.is_valid(document)
    with pytest.raises(Invalid):
        exchange.read(document)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("description",), None),
        (("policy",), None),
        (SCALE, {"kind": "points", "max": " 12,5 ", "step": "1/2"}),
        (SOURCE, {"kind": "sanction"}),
        (SOURCE, {"kind": "sanction", "check": "within", "within_years": 2, "levels": ["B"]}),
        (SOURCE, {"kind": "award", "years": [2024]}),
        (("fields",), [{"code": "x", "label": "X", "kind": "file", "accept": ["pdf"], "max_files": 2}]),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_the_rules_accept_the_schema_accepts(path, value):
    document = _change(path, value) if value is not None or path[0] in STARTER else STARTER
    exchange.read(document)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
