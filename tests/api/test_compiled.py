"""Compiled queries answer to the byte what graphql-core answers: stored documents, made-up queries, errors and all."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
import strawberry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sipetruk import demo, migrations
from sipetruk.api.compiled import runner
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import DocumentRefused, Engine
from sipetruk.api.limits import Limits
from sipetruk.api.public.schema import SCHEMA
from sipetruk.api.revision import Revision
from sipetruk.api.scalars import config
from sipetruk.api.stored import documents
from sipetruk.models.base import bind, database
from sipetruk.services import clock, evidence
from tests.api import conftest as toys
from tests.api.questions import questions

WIDE = Limits(cost=10**7, fields=10**4, aliases=10**4, depth=30, directives=10**4, tokens=10**5, source_chars=10**6, seconds=60)
NOW = datetime(2030, 3, 4, 5, 6, 7, tzinfo=UTC)


def pair(schema):
    """The same schema run by graphql-core and by compiled functions."""
    by_core, compiled = (Engine(schema, hide_suggestions=False, limits=WIDE, compiles=compiles) for compiles in (False, True))
    compiled.compiled.times_seen = 1
    return by_core, compiled


PUBLIC = pair(SCHEMA)
REVISION = Revision()
TOY = pair(strawberry.Schema(toys.Query, toys.Mutation, config=config()))


def answer(engine, source, variables, name=None, snapshot=None):
    with clock.standing_at(NOW):
        try:
            return encoded(engine.run(engine.plan(source, variables, name), Context(None, "r", snapshot=snapshot)).body())
        except DocumentRefused as refused:
            return encoded(refused.answer("r").body())


def frozen():
    """What was read of the demonstration before, by any test."""
    with clock.standing_at(NOW):
        return REVISION.snapshot()


def by_itself(engine, source, variables, name=None):
    """What the compiled function alone answers; None where it leaves the answer to graphql-core."""
    operation = engine.plan(source, variables, name)
    with clock.standing_at(NOW):
        return engine.compiled.run(operation.document, operation.node, operation.variables, Context(None, "r"))


def same(engines, source, variables=None, name=None, snapshot=None):
    expected, found = (answer(engine, source, variables or {}, name, snapshot) for engine in engines)
    assert found == expected
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The demonstration of a published round; the names under which its things are found, by the names of arguments."""
    folder = tmp_path_factory.mktemp("demonstration")
    engine = bind(f"sqlite:///{folder / 'demo.db'}")
    evidence.use_store(folder / "evidence")
    with engine.connection_context():
        migrations.upgrade()
        demo.build(stage="published", seed=1, password="sandi-percobaan", today=NOW.date())
        yield _names()


@pytest.fixture
def demonstration(published):
    assert not database.is_closed()
    return published


def _names():
    source = """{ periods { nodes { id slug year categories { id instrument { id code number } } } }
        winners(first: 5) { nodes { id slug name checkCode unit { code } category { slug } } pageInfo { endCursor } }
        announcements { nodes { id slug } } publications { nodes { id } } }"""
    engine = PUBLIC[0]
    with clock.standing_at(NOW):
        found = engine.run(engine.plan(source, {}, None), Context(None, "r")).data
    rows = {name: page["nodes"] for name, page in found.items()}
    categories = [each for row in rows["periods"] for each in row["categories"]]
    instruments = [each["instrument"] for each in categories]
    things = [*(row for page in rows.values() for row in page), *categories, *instruments]
    ids = [thing["id"] for thing in things]
    cursor = found["winners"]["pageInfo"]["endCursor"]
    return {
        "id": ids,
        "ids": ids,
        "slug": [thing["slug"] for thing in things if "slug" in thing],
        "code": [*(each["code"] for each in instruments), *(each["checkCode"] for each in rows["winners"])],
        "number": [each["number"] for each in instruments],
        "year": [row["year"] for row in rows["periods"]],
        "search": [rows["winners"][0]["name"].split()[0]],
        "after": [cursor],
        "before": [cursor],
        "first": [1, 2, 50],
        "last": [1, 2],
    }


def variables_of(name, names):
    given = {"language": "EN"}
    given["slug"] = next(slug for slug in names["slug"] if _fits(name, slug))
    given["code"], given["number"] = names["code"][0], names["number"][0]
    return given


def _fits(name, slug):
    source = {
        "Period": "query($slug: String!) { found: period(slug: $slug) { id } }",
        "Winner": "query($slug: String!) { found: winner(slug: $slug) { id } }",
        "Announcement": "query($slug: String!) { found: announcement(slug: $slug) { id } }",
    }.get(name)
    return source is None or b'"found":{' in answer(PUBLIC[0], source, {"slug": slug})


@pytest.mark.parametrize("name", sorted(documents("public").named))
def test_every_stored_document_is_answered_the_same_by_its_own_function(demonstration, name):
    source, variables = documents("public").named[name], variables_of(name, demonstration)
    found = same(PUBLIC, source, variables)
    assert [same(PUBLIC, source, variables, snapshot=frozen()) for _ in range(2)] == [found, found]
    assert b'"errors"' not in found
    assert len(found) > 300 or name in {"AuditHeads", "CertificateCheck", "Contact"}
    assert by_itself(PUBLIC[1], source, variables) is not None
    same(PUBLIC, source, {name: "tidak-ada" if isinstance(value, str) else value for name, value in variables.items()})
    same(PUBLIC, source, {})


MADE_UP = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def test_made_up_queries_are_answered_the_same(demonstration):
    snapshot, counted = frozen(), {"all": 0, "whole": 0, "by itself": 0}

    @MADE_UP
    @given(questions(SCHEMA._schema, demonstration))
    def ask(asked):
        found = same(PUBLIC, asked.source, asked.variables, snapshot=snapshot)
        counted["all"] += 1
        if b'"errors"' not in found:
            counted["whole"] += 1
            counted["by itself"] += by_itself(PUBLIC[1], asked.source, asked.variables) is not None

    ask()
    assert counted["whole"] > counted["all"] / 2
    assert counted["by itself"] == counted["whole"]


@MADE_UP
@given(questions(TOY[0].schema, {"on": ["2026-11-24", "2026-02-30"], "at": ["2026-11-24T01:00:00Z"], "of": ["82.67"]}))
def test_made_up_queries_with_errors_are_answered_the_same(asked):
    same(TOY, asked.source, asked.variables)


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("{ broken hello }", {}),
        ("{ hello fatal }", {}),
        ("{ refused a: refused }", {}),
        ("query($n: String!) { hello(name: $n) }", {}),
        ("query($n: String!) { hello(name: $n) }", {"n": 5}),
        ("query($n: String) { hello(name: $n) }", {"n": None}),
        ("query($n: String = null) { hello(name: $n) }", {}),
        ("query($w: Wish) { wish(wish: $w) }", {"w": {"text": "a", "inner": {"text": 1}}}),
        ("query($w: Wish) { wish(wish: $w) }", {"w": {"text": "a", "inner": {"text": "b"}}}),
        ("query($t: String!) { wish(wish: {text: $t}) }", {"t": "a"}),
        ("{ __schema { queryType { name } } hello }", {}),
        ('{ __type(name: "Leaf") { name } }', {}),
        ("mutation { bump }", {}),
        ("{ __typename }", {}),
        ("{ thing @skip(if: true) { number } }", {}),
        ("query($s: Boolean = true) { hello @skip(if: $s) who }", {}),
        ("query($s: Boolean = true) { hello @skip(if: $s) who }", {"s": False}),
        ("query($s: Boolean!) { thing { ...T @include(if: $s) number } } fragment T on Thing { leaves { name } }", {"s": True}),
        ("query($s: Boolean!) { thing { ...T @include(if: $s) number } } fragment T on Thing { leaves { name } }", {"s": False}),
        ("{ thing { friend { number } } thing { friend { leaves { name } number } } }", {}),
        ("{ things(first: 101) { nodes { number } } }", {}),
        ('{ things(after: "x") { nodes { number } } }', {}),
        ("{ things(first: 3) { edges { cursor node { number leaves { name more { name } } } } pageInfo { endCursor } totalCount } }", {}),
    ],
)
def test_what_is_unusual_is_answered_the_same(source, variables):
    for _ in range(2):
        same(TOY, source, variables)


def test_one_of_two_operations_runs_the_one_that_was_named():
    source = 'query A { hello } query B { a: hello(name: "b") }'
    assert [same(TOY, source, {}, name) for name in ("A", "B", "A")] == [
        same(TOY, source, {}, "A"),
        same(TOY, source, {}, "B"),
        same(TOY, source, {}, "A"),
    ]
    assert by_itself(TOY[1], source, {}, "B") == {"a": "Halo, b"}


@strawberry.type
class Odd:
    """Things that a resolver might give although its type says otherwise."""

    text: str
    number: int
    flag: bool
    maybe: str | None = None
    many: list[str] | None = None

    @strawberry.field
    def self(self) -> Odd:
        return self

    @strawberry.field
    def nothing(self) -> Odd:
        return None

    @strawberry.field
    def no_odd(self) -> Odd | None:
        return None


ODD = [
    None,
    "",
    "a",
    0,
    1,
    True,
    2**31 - 1,
    2**31,
    -(2**31),
    1.0,
    1.5,
    float("nan"),
    [],
    ["a"],
    [None],
    ("a", 1),
    {},
    "1",
    ValueError("x"),
    object,
]


@pytest.mark.parametrize("value", ODD, ids=repr)
@pytest.mark.parametrize("name", ["text", "number", "flag", "maybe", "many"])
def test_values_that_do_not_fit_their_type_are_answered_the_same(name, value):
    @strawberry.type
    class Query:
        @strawberry.field
        def odd(self) -> Odd | None:
            return Odd(**{"text": "t", "number": 1, "flag": False, name: value})

        @strawberry.field
        def raw(self) -> Odd | None:
            return value

    engines = pair(strawberry.Schema(Query))
    same(engines, f"{{ odd {{ {name} self {{ {name} __typename }} noOdd {{ text }} }} }}")
    same(engines, "{ odd { nothing { __typename } } }")
    same(engines, "{ raw { __typename } }")


def test_a_document_is_compiled_when_it_is_asked_for_again():
    engine = Engine(TOY[0].strawberry, hide_suggestions=False, compiles=True)
    assert [by_itself(engine, "{ hello }", {}) for _ in range(3)] == [None, {"hello": "Halo, dunia"}, {"hello": "Halo, dunia"}]


def test_what_is_kept_has_a_bound():
    engine = TOY[1]
    for number in range(2 * runner.MOST_KEPT):
        by_itself(engine, f"{{ a{number}: hello }}", {})
    kept = engine.compiled
    assert (len(kept._known), len(kept._functions)) == (runner.MOST_KEPT, runner.MOST_KEPT)
    assert by_itself(engine, "{ a0: hello }", {}) == {"a0": "Halo, dunia"}


def test_a_query_that_took_too_long_ends_with_the_same_error(monkeypatch):
    found = []
    for engine in TOY:
        operation = engine.plan("{ hello thing { number } }", {}, None)
        clock_ = iter([0.0])
        monkeypatch.setattr(time, "monotonic", lambda clock_=clock_: next(clock_, 10**6))
        found.append(encoded(engine.run(operation, Context(None, "r")).body()))
        monkeypatch.undo()
    assert found[0] == found[1]
    assert b"QUERY_TOO_COMPLEX" in found[0]


@given(st.text())
def test_any_text_is_answered_the_same(text):
    if "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text):
        same(TOY, "query($n: String!) { hello(name: $n) }", {"n": text})
