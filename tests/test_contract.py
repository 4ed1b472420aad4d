"""The GraphQL contract: printed from the code, described throughout, never broken, and enough for our own pages."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import graphql
import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    build_schema,
    get_introspection_query,
    is_introspection_type,
    is_specified_scalar_type,
)

from sipetruk import errors
from sipetruk.api.cost import words
from sipetruk.api.operations import ENGINES
from sipetruk.api.sdl import SDL
from sipetruk.api.stored import documents
from sipetruk.services import clock
from sipetruk.windows import window
from tests import evolution

SCHEMAS = ["public", "staff"]
OPERATIONS = [(schema, name) for schema in SCHEMAS for name in documents(schema).named]
FOLDER = window("graphql")
ROOT = Path(__file__).parent.parent


def own_types(schema):
    for named in ENGINES[schema].schema.type_map.values():
        if not is_introspection_type(named) and not is_specified_scalar_type(named):
            yield named


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_committed_contract_is_what_the_code_says(schema):
    committed = (FOLDER / f"{schema}.graphql").read_text(encoding="utf-8")
    assert committed == SDL[schema](), f"write it anew: sipetruk schema prints it; the file is graphql/{schema}.graphql"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_no_client_of_the_last_release_is_broken(schema):
    released = build_schema((FOLDER / "released" / f"{schema}.graphql").read_text(encoding="utf-8"))
    assert evolution.faults(released, build_schema(SDL[schema]()), clock.today()) == []


RELEASED = """
type Query { a: Int b(x: Int @deprecated(reason: "Use y. Removal on 2026-11-29."), y: Int): Int c: Side
  old: Int @deprecated(reason: "Use a. Removal on 2026-11-28.") older: Old @deprecated(reason: "Use a. Removal on 2026-11-01.") }
enum Side { LEFT RIGHT }
type Old { a: Int }
"""
TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("was", "becomes", "faults"),
    [
        ("", "", []),
        ("a: Int b", "a: Int new: Int b", []),
        ("a: Int b", 'a: Int @deprecated(reason: "Use b. Removal on 2027-11-28.") b', []),
        (
            "a: Int b",
            'a: Int @deprecated(reason: "Use b. Removal on 2027-11-27.") b',
            ["Query.a: removal on 2027-11-27 leaves clients less than 12 months from today"],
        ),
        ("a: Int b", "a: Int @deprecated b", ['Query.a: the reason must read "Use x. Removal on YYYY-MM-DD."']),
        (
            "RIGHT",
            'RIGHT @deprecated(reason: "Use LEFT. Removal on 2027-02-30.")',
            ['Side.RIGHT: the reason must read "Use x. Removal on YYYY-MM-DD."'],
        ),
        ("2026-11-29", "2027-01-01", []),
        ("2026-11-29", "2026-11-28", ["Query.b(x:): 2026-11-29 was announced, 2026-11-28 is earlier"]),
        ("type Query { a: Int", "type Query {", ["Query.a: removed without having been deprecated in a release"]),
        ("LEFT ", "", ["Side.LEFT: removed without having been deprecated in a release"]),
        ('old: Int @deprecated(reason: "Use a. Removal on 2026-11-28.")', "", []),
        ('x: Int @deprecated(reason: "Use y. Removal on 2026-11-29."), ', "", ["Query.b(x:): removed before 2026-11-29, as was announced"]),
        ("y: Int)", "y: String)", ["Argument Query.b(y:) has changed type from Int to String."]),
        ("a: Int b", "a: Int! b", []),
        ("y: Int)", "y: Int, z: Int!)", ["A required argument Query.b(z:) was added."]),
    ],
)
def test_a_change_that_clients_were_not_told_in_time_is_noticed(was, becomes, faults):
    current = RELEASED.replace(was, becomes, 1) if was else RELEASED
    assert (current != RELEASED) == bool(was)
    assert evolution.faults(build_schema(RELEASED), build_schema(current), TODAY) == faults


def test_a_type_goes_with_the_last_field_that_led_to_it():
    current = RELEASED.replace("type Old { a: Int }", "").replace('older: Old @deprecated(reason: "Use a. Removal on 2026-11-01.")', "")
    assert evolution.faults(build_schema(RELEASED), build_schema(current), TODAY) == []
    assert evolution.faults(build_schema(RELEASED), build_schema(current), date(2026, 10, 31)) == [
        "Query.older: removed before 2026-11-01, as was announced"
    ]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_a_field_costs_beside_the_usual_stands_in_its_description(schema):
    engine = ENGINES[schema]
    fields = {place: engine.schema.type_map[place[0]].fields[place[1]].description for place in {*engine.list_sizes, *engine.weights}}
    assert {
        place for place, text in fields.items() if not text.endswith(words(engine.weights.get(place), engine.list_sizes.get(place)))
    } == set()
    assert len(fields) > 20
    printed = build_schema(SDL[schema]())
    assert {place for place, text in fields.items() if printed.type_map[place[0]].fields[place[1]].description != text} == set()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_everything_has_a_description(schema):
    without = []
    for named in own_types(schema):
        if not named.description:
            without.append(named.name)
        if isinstance(named, GraphQLEnumType):
            without += [f"{named.name}.{name}" for name, value in named.values.items() if not value.description]
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            without += [f"{named.name}.{name}" for name, field in named.fields.items() if not field.description]
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in named.fields.items():
                without += [f"{named.name}.{name}({arg})" for arg, given in field.args.items() if not given.description]
    assert without == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_names_follow_the_rules(schema):
    floats, wrong = [], []
    for named in own_types(schema):
        operators = isinstance(named, GraphQLInputObjectType) and named.name.endswith("Filter")
        for name, field in ({} if operators else getattr(named, "fields", {})).items():
            kind = graphql.get_named_type(field.type).name
            floats += [f"{named.name}.{name}"] if kind == "Float" else []
            if kind == "DateTime" and name != "at" and not name.endswith("At"):
                wrong.append(f"{named.name}.{name}")
            if kind == "Date" and name != "day" and not name.endswith("On"):
                wrong.append(f"{named.name}.{name}")
            if kind == "Boolean" and not name.startswith(("is", "has", "can")):
                wrong.append(f"{named.name}.{name}")
    assert (floats, wrong) == ([], [])


WORDS_OF_THE_TRAIL = {("AuditEntry", "thingId"), ("HistoryRecord", "thingId")}
"""Not ids of the contract: what the trail calls a thing, which may be long gone."""


def test_references_are_objects_and_no_ids():
    outputs = [
        (named.name, name, graphql.get_named_type(field.type).name)
        for schema in SCHEMAS
        for named in own_types(schema)
        if isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in named.fields.items()
    ]
    assert {(kind, name) for kind, name, _ in outputs if name.endswith(("Id", "Ids"))} == WORDS_OF_THE_TRAIL
    assert {(kind, name) for kind, name, of in outputs if of == "ID" and name != "id"} == set()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_root_fields_that_return_one_object_are_nullable(schema):
    query = ENGINES[schema].schema.query_type
    required = [
        name
        for name, field in query.fields.items()
        if graphql.is_non_null_type(field.type)
        and graphql.is_object_type(field.type.of_type)
        and not field.type.of_type.name.endswith("Connection")
    ]
    assert required == []


def test_a_mutation_has_one_input_and_a_nullable_payload_with_user_errors():
    for name, field in ENGINES["staff"].schema.mutation_type.fields.items():
        assert list(field.args) == ["input"], name
        assert isinstance(field.type, GraphQLObjectType), name
        assert str(field.type.fields["userErrors"].type) == "[UserError!]!", name


UNGUARDED = {
    "what it does can be done once only, from one state": "evidenceRemove nominationRecuse panelPlanApply relationWithdraw"
    " sheetsHandOver tieDecide analysisRequest resultDetermine resultUnpublish resultRevocationPropose resultProposalApprove"
    " resultProposalReject resultProposalWithdraw resultReschedule resultScheduleCancel resultRelease retentionPurgePeriod tokenRevoke"
    " userSecondFactorReset userIdentityRemove ownIdentityRemove secondFactorBegin secondFactorConfirm secondFactorDisable",
    "a second one is refused by what it would be called": "relationDeclare instrumentVersionRestore workUnitsRegister signatoryAdd",
    "doing it again changes nothing, or what is said last counts": "checkItemRecord rankingCompute notificationMarkRead"
    " notificationsMarkAllRead retentionApply codesLoad userPasswordSet userSessionsEnd ownPasswordChange ownSessionsEnd"
    " recoveryCodesRenew",
    "doing it twice is meant, or asked about": "unitsRemind assessorsRemind webhookPing webhookDeliveryReplay",
    "each thing in it has its own version": "nominationsAccept",
}


def test_what_creates_takes_a_key_and_what_edits_takes_the_version_that_was_read():
    acts = ENGINES["staff"].schema.mutation_type.fields
    inputs = {name: graphql.get_named_type(field.args["input"].type).fields for name, field in acts.items()}
    guarded = {name for name, given in inputs.items() if any(each == "idempotencyKey" or each.startswith("expected") for each in given)}
    assert guarded | {name for names in UNGUARDED.values() for name in names.split()} == acts.keys()
    assert guarded & {name for names in UNGUARDED.values() for name in names.split()} == set()


def test_the_public_schema_cannot_change_anything():
    assert ENGINES["public"].schema.mutation_type is None
    assert ENGINES["public"].schema.subscription_type is None


def codes_of_refusals():
    """Every code that a refusal by rule can carry, as the source says it."""
    found = {kind.code for kind in errors.Refusal.__subclasses__()} - {"FORBIDDEN", "UNAUTHENTICATED"}
    for path in [*(ROOT / "sipetruk/services").rglob("*.py"), *(ROOT / "sipetruk/rules").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                given = [*node.args[2:3], *(each.value for each in node.keywords if each.arg == "code")]
                found |= {each.value for each in given if isinstance(each, ast.Constant)}
    return found


def test_every_code_of_a_refusal_stands_in_the_contract_and_in_the_guide():
    described = ENGINES["staff"].schema.type_map["UserError"].fields["code"].description
    guide = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8").split("## Changing (staff)")[1].split("top-level")[0]
    codes = codes_of_refusals()
    assert set(re.findall(r"[A-Z_]{4,}", described)) == codes
    assert set(re.findall(r"`([A-Z_]+)`", guide)) == codes


PRIVATE = {"nip", "answers", "evidenceFiles", "marks", "predicate", "attendance", "sanctions", "eligibility", "employee", "assessors"}


def test_the_public_schema_has_no_private_field():
    found = [f"{named.name}.{name}" for named in own_types("public") for name in getattr(named, "fields", {}) if name in PRIVATE]
    assert found == []


@pytest.mark.parametrize(("schema", "name"), OPERATIONS)
def test_an_operation_of_our_pages_fits_the_contract_and_its_limits(schema, name):
    operation = ENGINES[schema].plan(documents(schema).named[name], {"first": 20}, None)
    assert operation.node.name.value == name


@pytest.mark.parametrize("schema", SCHEMAS)
def test_tools_can_read_the_contract(schema):
    assert ENGINES[schema].plan(get_introspection_query(), {}, None).shape.cost == 200


def test_the_window_folder_holds_no_python():
    assert list(FOLDER.rglob("*.py")) == []
    assert "site-packages" in str(graphql.__file__)
