"""Questions about the schema itself: answered once, to the byte as graphql-core answers them, charged each time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from graphql import get_introspection_query, parse

from sipetruk.api.answers import Answers
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import DocumentRefused, Engine
from sipetruk.api.frozen import Frozen, Snapshot
from sipetruk.api.introspection import MOST_KEPT, asks_only_about_schema
from sipetruk.api.operations import ENGINES
from sipetruk.api.rate import Rate
from sipetruk.api.stored import Documents
from sipetruk.api.view import Callers, PublicEndpoint, StaffEndpoint
from tests.api import conftest as toys

EVERYTHING = get_introspection_query(
    specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True, one_of=True
)
FIELDS = "query($name: String!, $old: Boolean = false) { __type(name: $name) { fields(includeDeprecated: $old) { name } } }"
PARTS = """
query Roots($all: Boolean = true) { ...Root kind: __typename @skip(if: $all) }
query One($name: String!) { first: __type(name: $name) { ...Shown } second: __type(name: "Mutation") { ...Shown } __typename }
fragment Root on Query { __schema { queryType { ...Shown } mutationType @include(if: $all) { name } ...Directives } }
fragment Directives on __Schema { directives { name args { defaultValue } } }
fragment Shown on __Type { __typename kind name description enumValues(includeDeprecated: true) { name } ... on __Type { isOneOf } }
"""
ASKED = [
    (EVERYTHING, None, {}),
    (get_introspection_query(descriptions=False), "IntrospectionQuery", {}),
    ("{ __schema { types { name fields(includeDeprecated: true) { name args { name defaultValue } isDeprecated } } } }", None, {}),
    ("{ __typename }", None, {}),
    (FIELDS, None, {"name": "Query"}),
    (FIELDS, None, {"name": "Query", "old": True}),
    (FIELDS, None, {"name": "Tidak"}),
    (FIELDS, None, {"name": "Query", "old": None}),
    (FIELDS, None, {"name": "Query", "old": 1}),
    (FIELDS, None, {}),
    (PARTS, "Roots", {}),
    (PARTS, "Roots", {"all": False}),
    (PARTS, "One", {"name": "Language"}),
    (PARTS, "One", {"name": "Query", "more": 1}),
    (PARTS, "Two", {}),
    (PARTS, None, {}),
    ("{ __schma { types { name } } }", None, {}),
    ("{ __schema { types { fields { type { fields { name } } } } } }", None, {}),
]


@pytest.mark.parametrize("schema", ["public", "staff"])
def test_an_answer_is_the_same_to_the_byte_however_often_it_is_asked_for(schema):
    ask = Address(ENGINES[schema])
    expected = [by_core(ENGINES[schema], *asked) for asked in ASKED]
    for _ in range(3):
        assert [ask(*asked).data for asked in ASKED] == expected


def test_what_was_answered_is_not_run_again(runs):
    ask = Address(toys.engine())
    for _ in range(3):
        assert [ask(FIELDS, None, {"name": name}).json["data"] for name in ("Leaf", "Mutation")] == [
            {"__type": {"fields": [{"name": "name"}, {"name": "costly"}, {"name": "more"}]}},
            {"__type": {"fields": [{"name": "bump"}]}},
        ]
    assert len(runs) == 2


def test_what_has_errors_or_asks_for_more_runs_each_time(runs):
    ask = Address(toys.engine())
    for _ in range(2):
        assert ask(FIELDS, None, {"name": None}).json["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        assert ask("{ __typename hello }").json["data"] == {"__typename": "Query", "hello": "Halo, dunia"}
    assert len(runs) == 4


def test_one_is_not_true():
    ask = Address(toys.engine())
    found = [ask(FIELDS, None, {"name": "Leaf", "old": old}).json for old in (True, 1, True)]
    assert ["errors" in each for each in found] == [False, True, False]


def test_a_kept_answer_is_charged_and_refused_like_any_other(monkeypatch):
    ask = Address(toys.engine())
    first, second = ask(EVERYTHING), ask(EVERYTHING)
    assert [int(each.headers["RateLimit-Remaining"]) for each in (first, second)] == [39_800, 39_600]
    monkeypatch.setattr("sipetruk.api.rate.MIN_COST", 40_000)
    assert ask(EVERYTHING).status_code == 429


def test_an_answer_takes_the_form_that_is_asked_for():
    ask = Address(toys.engine())
    kinds = ["application/json", "application/graphql-response+json"]
    assert [ask("{ __typename }", accept=kind).mimetype for kind in kinds] == kinds


def test_a_name_that_is_nearly_right_is_suggested_to_the_public_only():
    said = {name: Address(engine)("{ __schema { typs { name } } }").data for name, engine in ENGINES.items()}
    assert {name: b"Did you mean" in data for name, data in said.items()} == {"public": True, "staff": False}


def test_several_threads_get_the_same_answers():
    engine = toys.engine()
    ask = Address(engine)
    asked = [(EVERYTHING, None, {}), *((FIELDS, None, {"name": f"T{number}"}) for number in range(2 * MOST_KEPT)), (EVERYTHING, None, {})]
    expected = [by_core(engine, *each) for each in asked]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            assert list(threads.map(lambda each: ask(*each).data, asked)) == expected


def test_what_is_kept_has_a_bound(runs):
    engine = toys.engine()
    ask = Address(engine)
    for number in [0, *range(2 * MOST_KEPT), 0]:
        ask(f"{{ a{number}: __typename }}")
    assert len(runs) == 2 * MOST_KEPT + 1
    kept = engine.compiled_about_schema
    assert (len(kept._known), len(kept._functions)) == (MOST_KEPT, MOST_KEPT)
    answers = Answers(most=3, most_bytes=10, largest=6)
    for tag, body in {"a": b"1", "b": b"22", "large": b"7777777", "c": b"1", "d": b"1", "e": b"666666"}.items():
        answers.keep(tag, body)
    assert [answers.get(tag) for tag in "abcde"] == [None, None, b"1", b"1", b"666666"]


def test_the_whole_staff_schema_is_kept(runs):
    ask = Address(ENGINES["staff"])
    assert ask(EVERYTHING).data == ask(EVERYTHING).data
    assert len(runs) == 1


@pytest.mark.parametrize("schema", ["public", "staff"])
def test_the_first_answer_is_made_by_a_function_of_its_own(schema):
    engine = ENGINES[schema]
    operation = engine.plan(EVERYTHING, {}, None)
    assert engine.compiled_about_schema.run(operation.document, operation.node, {}, Context(None, "r")) is not None


def test_nothing_about_the_schema_is_kept_with_what_is_public():
    frozen, engine = Frozen(), ENGINES["public"]
    engine.run(engine.plan(EVERYTHING, {}, None), Context(None, "r", snapshot=Snapshot(frozen, lambda: True)))
    assert len(frozen) == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{ __schema { types { name } } }", True),
        ('{ a: __typename __type(name: "hello") { name } }', True),
        ("{ ... @include(if: false) { ...A } } fragment A on Query { ...B ...B __typename } fragment B on Query { __typename }", True),
        ("{ hello }", False),
        ("{ __typename hello @skip(if: true) }", False),
        ("{ __schema: hello }", False),
        ("{ __typename ...A } fragment A on Query { ... { ...B } } fragment B on Query { hello }", False),
        ("mutation { __typename }", False),
    ],
)  # fmt: skip
def test_only_questions_about_the_schema_alone_count(source, expected):
    document = parse(source)
    assert asks_only_about_schema(document, document.definitions[0]) is expected


def by_core(engine, source, name, variables):
    """The body that graphql-core makes of it, without anything kept or compiled."""
    plain = Engine(engine.strawberry, hide_suggestions=engine.hide_suggestions)
    plain.compiled_about_schema = None
    try:
        return encoded(plain.run(plain.plan(source, variables, name), Context(None, "r")).body())
    except DocumentRefused as refused:
        return encoded(refused.answer("r").body())


class Address:
    """An address of its own for an engine; each call posts an operation to it."""

    def __init__(self, engine):
        rate, documents = Rate(clock=lambda: 0.0), Documents({})
        if engine.hide_suggestions:
            view = StaffEndpoint.as_view("asked", engine, documents, rate, Callers(lambda: toys.ADMIN))
        else:
            view = PublicEndpoint.as_view("asked", engine, documents, rate, lambda: uuid.uuid4().hex)  # whose own answers never come back
        self.app = flask.Flask("asked")
        self.app.before_request(lambda: setattr(flask.g, "request_id", "r"))
        self.app.add_url_rule("/", view_func=view)

    def __call__(self, source, name=None, variables=None, accept="application/json"):
        asked = {"query": source, "operationName": name, "variables": variables}
        return self.app.test_client().post("/", json=asked, headers={"Accept": accept})


@pytest.fixture
def runs(monkeypatch):
    """An entry for each operation that was run."""
    found = []
    run = Engine.run
    monkeypatch.setattr(Engine, "run", lambda *args: found.append(1) or run(*args))
    return found
