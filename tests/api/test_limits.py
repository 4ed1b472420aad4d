"""How much one operation may ask for."""

import time

import pytest
from graphql import get_introspection_query, parse

from sipetruk.api.engine import DocumentRefused
from sipetruk.api.limits import measure


def shape(engine, query, **variables):
    return measure(engine.schema, parse(query), variables, list_sizes=engine.list_sizes, weights=engine.weights)


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{ hello who }", 0),
        ("{ thing { number } }", 1),
        ("{ thing { friend { number } } }", 2),
        ("{ feast { number } }", 1 + 70),
        ("{ snack }", 3),
        ("{ snack again: snack thing { leaves { name costly } } }", 3 + 3 + 1 + 1 + 5 * (1 + 2)),
        ("{ feast { friend { number } } a: feast { number } }", 2 + 70 + 1 + 70),
        ("{ thing { leaves { name } } }", 1 + 1 + 5),
        ("{ things { totalCount } }", 1),
        ("{ things { nodes { number } } }", 1 + 1 + 20),
        ("{ things(first: 3) { nodes { number } } }", 1 + 1 + 3),
        ("{ things(first: 3) { edges { cursor node { number } } } }", 1 + 1 + 3 * 2),
        ("{ things(first: 2) { nodes { friend { leaves { name } } } } }", 1 + 1 + 2 * (1 + 1 + 1 + 5)),
        ("{ ...A } fragment A on Query { thing { number } b: thing { number } }", 2),
        ("{ things(first: 4) { ...N } } fragment N on ThingConnection { nodes { number } }", 1 + 1 + 4),
        ("{ __schema { types { name } } }", 200),
        ('{ __type(name: "Thing") { name } }', 1),
    ],
)
def test_the_price_of_an_operation(toy_engine, query, cost):
    assert shape(toy_engine, query).cost == cost


def test_a_page_size_may_come_in_a_variable(toy_engine):
    query = "query($n: Int = 50) { things(first: $n) { nodes { number } } }"
    assert shape(toy_engine, query).cost == 1 + 1 + 50
    assert shape(toy_engine, query, n=7).cost == 1 + 1 + 7


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int) { things(first: $n) { nodes { number } } }", {"n": 100.0}),
        ("query($n: Int) { things(first: 100, last: $n) { nodes { number } } }", {}),
        ("query($n: Int) { things(last: $n, first: 100) { nodes { number } } }", {"n": None}),
        ("query($n: Int = 100) { things(first: $n) { nodes { number } } }", {}),
    ],
)
def test_no_spelling_makes_a_page_cheaper(toy_engine, query, variables):
    assert shape(toy_engine, query, **variables).cost == 1 + 1 + 100


def refused(engine, query, **variables):
    with pytest.raises(DocumentRefused) as caught:
        engine.plan(query, variables, None)
    return caught.value.answer("r").errors[0]["extensions"]


def chain(depth):
    return "{ thing " + "{ friend " * (depth - 1) + "{ number }" + "}" * depth


@pytest.mark.parametrize(
    ("what", "fits", "too_much"),
    [
        ("depth", chain(10), chain(11)),
        ("fields", "{ " + "hello " * 300 + "}", "{ " + "hello " * 301 + "}"),
        ("aliases", "{ " + " ".join(f"a{i}: hello" for i in range(30)) + " }", "{ " + " ".join(f"a{i}: hello" for i in range(31)) + " }"),
        (
            "directives",
            "{ " + "hello @skip(if: false) " * 50 + "}",
            "{ " + "hello @skip(if: false) " * 51 + "}",
        ),
        ("mutations", "mutation { bump " + " ".join(f"a{i}: bump" for i in range(3)) + " }", "mutation { bump bump bump bump bump }"),
        (
            "cost",
            "{ things(first: 100) { nodes { leaves { more { name } } } } }",
            "{ things(first: 100) { nodes { leaves { more { more { more { name } } } } } } }",
        ),
    ],
)
def test_a_limit_holds_exactly(toy_engine, what, fits, too_much):
    toy_engine.plan(fits, {}, None)
    answer = refused(toy_engine, too_much)
    assert (answer["code"], answer["limit"], answer["found"] > answer["max"]) == ("QUERY_TOO_COMPLEX", what, True)


def test_operations_and_variables(toy_engine):
    eleven = " ".join(f"query Q{i} {{ hello }}" for i in range(11))
    assert refused(toy_engine, eleven)["limit"] == "operations"
    many = "query(" + " ".join(f"$v{i}: String!" for i in range(51)) + ") { hello }"
    assert refused(toy_engine, many)["limit"] == "variables"


@pytest.mark.parametrize("size", [0, -1, 101, 101.0, 1e300, 10**6])
def test_a_page_has_1_to_100_rows(toy_engine, size):
    query = "query($n: Int) { things(first: $n) { totalCount } }"
    assert refused(toy_engine, query, n=size)["code"] == "BAD_USER_INPUT"


def test_doubling_fragments_are_counted_in_no_time(toy_engine):
    doubling = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(45))
    started = time.monotonic()
    answer = refused(toy_engine, "{ ...F0 } " + doubling + " fragment F45 on Query { hello }")
    assert time.monotonic() - started < 0.5
    assert answer["limit"] == "fields"


def test_tools_can_read_the_schema(toy_engine):
    operation = toy_engine.plan(get_introspection_query(), {}, None)
    assert (operation.shape.cost, operation.shape.depth) == (200, 0)


@pytest.mark.parametrize(
    ("query", "limit"),
    [
        ("{ __schema { types { name } } a: __schema { types { name } } }", "schemas"),
        ("{ ...A } fragment A on Query { a: __schema { types { name } } b: __schema { types { name } } }", "schemas"),
        ("{ __schema { types { fields { type { fields { name } } } } } }", "lists"),
        ("{ __schema { types { fields { args { type { ofType { inputFields { name } } } } } } } }", "lists"),
        ("{ __schema { types { ...T } } } fragment T on __Type { possibleTypes { interfaces { name } } }", "lists"),
    ],
)
def test_the_schema_is_not_read_within_itself(toy_engine, query, limit):
    assert refused(toy_engine, query)["limit"] == limit


def test_one_type_may_be_read_with_the_types_of_its_fields(toy_engine):
    query = '{ __type(name: "Thing") { fields { type { ofType { fields { name } } } } } }'
    assert toy_engine.plan(query, {}, None).shape.cost == 1


def test_at_most_five_errors_are_reported(ask):
    assert len(ask("{ a b c d e f g h }")["errors"]) == 5


def test_names_are_not_suggested_where_they_are_secret(toy_engine):
    with pytest.raises(DocumentRefused) as caught:
        toy_engine.plan("{ helo }", {}, None)
    assert caught.value.answer("r").errors[0]["message"] == "Cannot query field 'helo' on type 'Query'."


def test_an_operation_ends_at_its_deadline(toy_engine, ask, monkeypatch):
    moments = iter([0.0] + [100.0] * 10)
    monkeypatch.setattr("sipetruk.api.engine.time.monotonic", lambda: next(moments))
    answer = ask("{ hello who }", accept="application/graphql-response+json")
    assert "data" not in answer
    assert answer["errors"][0]["extensions"] | {"requestId": ""} == {"code": "QUERY_TOO_COMPLEX", "limit": "seconds", "requestId": ""}
