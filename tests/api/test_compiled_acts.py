"""Mutations run as functions of their own, and whatever happens each act is done once, in its turn, and shown as graphql-core shows it."""

from __future__ import annotations

import time

import pytest
import strawberry
from hypothesis import given, settings
from hypothesis import strategies as st

from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import DocumentRefused, Engine
from sipetruk.api.scalars import config
from sipetruk.errors import Conflict

LOG: list[str] = []


@strawberry.type
class Done:
    text: str
    odd: int | None = None

    @strawberry.field
    def log(self) -> list[str]:
        """What has been done when this is shown."""
        return list(LOG)

    @strawberry.field
    def again(self) -> Done:
        return self

    @strawberry.field
    def broken(self) -> str | None:
        raise ZeroDivisionError("secret detail")

    @strawberry.field
    def fatal(self) -> str:
        raise ZeroDivisionError("secret detail")


@strawberry.type
class Query:
    @strawberry.field
    def log(self) -> list[str]:
        return list(LOG)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add(self, text: str = "x", number: int = 1) -> Done | None:
        LOG.append(text)
        return Done(text=text, odd=2**40 if number == 2 else 1)

    @strawberry.mutation
    def nothing(self) -> Done | None:
        LOG.append("nothing")
        return None

    @strawberry.mutation
    def refused(self) -> Done | None:
        LOG.append("refused")
        raise Conflict("Data ini sudah berubah.", "expectedVersion")

    @strawberry.mutation
    def must(self) -> Done:
        LOG.append("must")
        raise ZeroDivisionError("secret detail")


SCHEMA = strawberry.Schema(Query, Mutation, config=config())
BY_CORE, COMPILED = (Engine(SCHEMA, hide_suggestions=False, compiles=compiles) for compiles in (False, True))
assert COMPILED.compiled is not None
COMPILED.compiled.times_seen = 1


def answer(engine, source, variables=None):
    """The answer, and what was done for it."""
    LOG.clear()
    try:
        body = engine.run(engine.plan(source, variables or {}, None), Context(None, "r")).body()
    except DocumentRefused as refused:
        body = refused.answer("r").body()
    return encoded(body), list(LOG)


def same(source, variables=None):
    expected = answer(BY_CORE, source, variables)
    assert [answer(COMPILED, source, variables) for _ in range(2)] == [expected, expected]
    return expected


def by_itself(source, variables=None):
    """What the compiled function alone shows; None where it leaves the rest to graphql-core."""
    LOG.clear()
    operation = COMPILED.plan(source, variables or {}, None)
    return COMPILED.compiled.run(operation.document, operation.node, operation.variables, Context(None, "r"))


def test_acts_are_done_one_after_the_other_and_each_is_shown_before_the_next():
    body, done = same('mutation { a: add(text: "1") { log } b: add(text: "2") { text log } }')
    assert done == ["1", "2"]
    assert b'{"a":{"log":["1"]},"b":{"text":"2","log":["1","2"]}}' in body
    assert by_itself('mutation { a: add(text: "1") { log } }') == {"a": {"log": ["1"]}}


@pytest.mark.parametrize(
    ("source", "variables", "done"),
    [
        ("mutation { add { text broken } b: add { log } }", {}, ["x", "x"]),
        ("mutation { add { log } b: add { text broken log } c: add { log } }", {}, ["x", "x", "x"]),
        ("mutation { add { log } b: add { again { fatal } } c: add { log } }", {}, ["x", "x", "x"]),
        ("mutation { add { log } b: add(number: 2) { odd log } c: add { log } }", {}, ["x", "x", "x"]),
        ("mutation { add { log } refused { log } c: add { log } }", {}, ["x", "refused", "x"]),
        ("mutation { refused { log } add { log broken } }", {}, ["refused", "x"]),
        ("mutation { add { log } must { log } c: add { log } }", {}, ["x", "must"]),
        ("mutation { nothing { log } add { log } }", {}, ["nothing", "x"]),
        ("mutation { add { log } add { text again { log } } }", {}, ["x"]),
        ("mutation { ...Both __typename } fragment Both on Mutation { add { log } nothing { text } }", {}, ["x", "nothing"]),
        ("mutation($t: String!) { add(text: $t) { text } }", {"t": "a"}, ["a"]),
        ("mutation($t: String!) { add { log } b: add(text: $t) { text } }", {}, []),
        ("mutation($t: String!) { add { log } b: add(text: $t) { text } }", {"t": 5}, []),
        ("mutation($t: String) { add { log } b: add(text: $t) { text } }", {"t": None}, ["x"]),
        ("mutation($s: Boolean!) { add { log } b: add @skip(if: $s) { log } }", {"s": True}, ["x"]),
        ("mutation($s: Boolean!) { add { log } b: add @skip(if: $s) { log } }", {"s": False}, ["x", "x"]),
        ("mutation { add { none } }", {}, []),
    ],
)
def test_whatever_happens_each_act_is_done_once(source, variables, done):
    assert same(source, variables)[1] == done


SELECTIONS = st.lists(st.sampled_from(["text", "log", "odd", "broken", "again { log broken }", "again { fatal }"]), min_size=1, max_size=3)
ACTS = st.tuples(st.sampled_from(["add", "add(number: 2)", 'add(text: "y")', "nothing", "refused", "must"]), SELECTIONS)


@settings(max_examples=150, deadline=None)
@given(st.lists(ACTS, min_size=1, max_size=4))
def test_any_acts_are_done_and_shown_the_same(acts):
    same("mutation { " + " ".join(f"a{at}: {act} {{ {' '.join(shown)} }}" for at, (act, shown) in enumerate(acts)) + " }")


def test_time_that_is_up_ends_the_acts_and_repeats_none(monkeypatch):
    found = []
    for engine in (BY_CORE, COMPILED):
        LOG.clear()
        operation = engine.plan("mutation { a: add { log } b: add { log } c: add { log } }", {}, None)
        monkeypatch.setattr(time, "monotonic", lambda: 10.0**6 if len(LOG) > 1 else 0.0)
        found.append((encoded(engine.run(operation, Context(None, "r")).body()), list(LOG)))
        monkeypatch.undo()
    assert [done for _, done in found] == [["x", "x"]] * 2
    assert all(b"QUERY_TOO_COMPLEX" in body for body, _ in found)
