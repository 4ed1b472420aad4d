"""The GraphQL contract: printed from the code, described throughout, never broken, and enough for our own pages."""

from __future__ import annotations

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
from graphql.utilities import find_breaking_changes, find_dangerous_changes

from sipetruk.api.operations import ENGINES
from sipetruk.api.sdl import SDL
from sipetruk.api.stored import documents
from sipetruk.windows import window

SCHEMAS = ["public", "staff"]
OPERATIONS = [(schema, name) for schema in SCHEMAS for name in documents(schema).named]
FOLDER = window("graphql")


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
    current = build_schema(SDL[schema]())
    broken = [change.description for change in find_breaking_changes(released, current)]
    assert [each for each in broken if not was_deprecated(released, each)] == []


def test_a_removed_field_would_be_noticed():
    released = build_schema('type Query { a: Int b: Int @deprecated(reason: "Use a. Removal on 2028-01-01.") }')
    without_a, without_b = build_schema("type Query { b: Int }"), build_schema("type Query { a: Int }")
    (change,) = find_breaking_changes(released, without_a)
    assert not was_deprecated(released, change.description)
    (change,) = find_breaking_changes(released, without_b)
    assert was_deprecated(released, change.description)
    assert find_dangerous_changes(released, released) == []


def was_deprecated(released, description):
    """Whether the change removes a field that the release had marked: "Field Query.b was removed."."""
    words = description.rstrip(".").split()
    if words[:1] != ["Field"] or words[2:] != ["was", "removed"]:
        return False
    type_name, name = words[1].split(".")
    field = released.get_type(type_name).fields.get(name)
    return field is not None and field.deprecation_reason is not None


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
        for name, field in getattr(named, "fields", {}).items():
            kind = graphql.get_named_type(field.type).name
            floats += [f"{named.name}.{name}"] if kind == "Float" else []
            if kind == "DateTime" and name != "at" and not name.endswith("At"):
                wrong.append(f"{named.name}.{name}")
            if kind == "Date" and name != "day" and not name.endswith("On"):
                wrong.append(f"{named.name}.{name}")
            if kind == "Boolean" and not name.startswith(("is", "has", "can")):
                wrong.append(f"{named.name}.{name}")
    assert (floats, wrong) == ([], [])


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


def test_the_public_schema_cannot_change_anything():
    assert ENGINES["public"].schema.mutation_type is None
    assert ENGINES["public"].schema.subscription_type is None


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
