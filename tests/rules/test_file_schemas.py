"""The published schemas of the files are what the code says, and fit the files that are handed out."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from sipetruk.rules import file_schemas
from tests.rules.test_announcement import publication

FOLDER = Path(__file__).parents[2] / "static" / "schemas"
GOLDEN = json.loads((Path(__file__).parent / "golden" / "ranking-2024.json").read_text(encoding="utf-8"))
MADE = {"ranking-1.json": file_schemas.ranking_file, "publication-1.json": file_schemas.publication_file}


def validator(name):
    registry = Registry().with_resources(
        (path.name, Resource.from_contents(json.loads(path.read_text(encoding="utf-8")))) for path in FOLDER.glob("*.json")
    )
    return Draft202012Validator(MADE[name](), registry=registry)


def places(name, document):
    return sorted({error.json_path for error in validator(name).iter_errors(document)})


@pytest.mark.parametrize("name", MADE)
def test_the_published_schema_is_the_one_that_the_code_makes(name):
    assert json.loads((FOLDER / name).read_text(encoding="utf-8")) == MADE[name]()


@pytest.mark.parametrize("name", MADE)
def test_a_published_schema_is_a_schema(name):
    Draft202012Validator.check_schema(json.loads((FOLDER / name).read_text(encoding="utf-8")))


def test_a_sealed_ranking_fits():
    assert places("ranking-1.json", GOLDEN) == []


@pytest.mark.parametrize("policy", ["names", "names_and_score", "names_and_breakdown"])
def test_a_publication_fits(policy):
    assert places("publication-1.json", publication(policy)) == []


def test_a_score_that_the_policy_holds_back_does_not_fit():
    file = copy.deepcopy(publication("names_and_score"))
    file["policy"] = "names"
    assert places("publication-1.json", file) == ["$.categories[0].winners[0]", "$.categories[0].winners[1]"]


def test_a_score_that_the_policy_demands_is_missed():
    file = copy.deepcopy(publication("names"))
    file["policy"] = "names_and_score"
    assert places("publication-1.json", file) == ["$.categories[0].winners[0]", "$.categories[0].winners[1]"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda file: file.update(engine="2"), "$.engine"),
        (lambda file: file["inputs"]["nominees"][0].update(name="Siti"), "$.inputs.nominees[0]"),
        (lambda file: file["result"]["rows"][0].update(score=85), "$.result.rows[0].score"),
        (lambda file: file["inputs"]["instrument"].update(sha256="0"), "$.inputs.instrument.sha256"),
        (
            lambda file: file["inputs"]["instrument"]["definition"]["policy"].update(combine="max"),
            "$.inputs.instrument.definition.policy.combine",
        ),
    ],
)
def test_what_is_no_sealed_ranking_does_not_fit(change, place):
    file = copy.deepcopy(GOLDEN)
    change(file)
    assert place in places("ranking-1.json", file)
