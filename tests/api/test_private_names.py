"""Names of Strawberry and graphql-core that are not promised to stay; each upgrade must pass here first."""

import inspect
from importlib.metadata import version

import graphql
import strawberry
from graphql import GraphQLResolveInfo
from graphql.execution.collect_fields import collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from sipetruk.api.listsize import ListSize


@strawberry.type
class Query:
    @strawberry.field(directives=[ListSize(assumed_size=3)])
    def names(self) -> list[str]:
        return []


def test_the_versions_are_the_ones_that_were_read():
    assert (version("strawberry-graphql"), version("graphql-core")) == ("0.341.2", "3.3.2")


def test_a_schema_holds_its_graphql_core_schema():
    assert isinstance(strawberry.Schema(Query)._schema, graphql.GraphQLSchema)


def test_a_field_knows_its_strawberry_definition():
    assert GraphQLCoreConverter.DEFINITION_BACKREF == "strawberry-definition"
    field = strawberry.Schema(Query)._schema.query_type.fields["names"]
    assert field.extensions["strawberry-definition"].directives == [ListSize(assumed_size=3)]


def test_the_executor_builds_resolve_info_once_per_field():
    parameters = list(inspect.signature(StrawberryGraphQLCoreExecutionContext.build_resolve_info).parameters)
    assert parameters == ["self", "field_def", "field_nodes", "parent_type", "path"]


def test_the_rules_that_strawberry_adds_to_validation():
    assert {MaybeNullValidationRule, OneOfInputValidationRule} <= set(graphql.ValidationRule.__subclasses__()) | set(
        graphql.ASTValidationRule.__subclasses__()
    )


def test_execute_takes_what_the_engine_gives():
    taken = inspect.signature(graphql.execute).parameters
    given = {"executor_class", "is_awaitable", "is_async_iterable", "hide_suggestions", "max_coercion_errors", "custom_context_args"}
    assert given <= set(taken)
    assert {"max_lexical_tokens", "max_comments", "max_source_length", "allow_empty_selection_sets"} <= set(
        inspect.signature(graphql.parse).parameters
    )


def test_what_compiling_a_query_reads_of_both_libraries():
    schema = strawberry.Schema(Query)._schema
    definition = schema.query_type.fields["names"].extensions["strawberry-definition"]
    assert (definition.is_basic_field, definition.python_name, definition.default_resolver) == (False, "names", getattr)
    document = graphql.parse("{ a: names }")
    fragments, given = {}, VariableValues({}, {})
    found = collect_fields(schema, fragments, given, schema.query_type, document.definitions[0]).grouped_field_set
    assert [(key, [each.node.name.value for each in details]) for key, details in found.items()] == [("a", ["names"])]
    assert list(inspect.signature(collect_subfields).parameters)[:6] == [
        "schema",
        "fragments",
        "variable_values",
        "operation",
        "return_type",
        "field_details_list",
    ]
    assert GraphQLResolveInfo._fields == (
        "field_name",
        "field_nodes",
        "return_type",
        "parent_type",
        "path",
        "schema",
        "fragments",
        "root_value",
        "operation",
        "variable_values",
        "context",
        "is_awaitable",
        "abort_signal",
        "async_helpers",
    )
