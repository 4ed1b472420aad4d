"""Variables that are read by what was found out once are those that graphql-core reads, and what it refuses is left to it."""

from functools import cache, partial
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLError, GraphQLInputObjectType, GraphQLList, GraphQLNonNull, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sipetruk.api.compiled import variables
from sipetruk.api.compiled.unusual import Unusual
from sipetruk.api.compiled.variables import DEEPEST, Variables, values
from sipetruk.api.public.schema import SCHEMA as PUBLIC
from sipetruk.api.staff.schema import SCHEMA as STAFF

SCHEMAS = {"public": PUBLIC._schema, "staff": STAFF._schema}
INPUTS = [
    (of, name) for of, schema in SCHEMAS.items() for name, kind in schema.type_map.items() if isinstance(kind, GraphQLInputObjectType)
]
WRONG = st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.text(max_size=5), st.lists(st.integers(), max_size=2))
SOUND = {
    "Date": st.just("2026-11-24"),
    "DateTime": st.just("2026-11-24T08:00:00Z"),
    "Decimal": st.just("12.5"),
    "Int": st.integers(-(2**31), 2**31 - 1),
    "Boolean": st.booleans(),
    "Float": st.integers(0, 9),
}


@cache
def of_type(kind: Any, depth: int = 0, *, is_sound: bool) -> st.SearchStrategy[Any]:
    """Values of a type, or some that may be wrong."""
    if isinstance(kind, GraphQLNonNull):
        return some_of(kind.of_type, depth, is_sound=is_sound)
    return st.one_of(st.none(), some_of(kind, depth, is_sound=is_sound))


def some_of(kind: Any, depth: int, *, is_sound: bool) -> st.SearchStrategy[Any]:
    """The same without null where they are right."""
    if isinstance(kind, GraphQLInputObjectType):
        found = _object(kind, depth, is_sound=is_sound)
    elif isinstance(kind, GraphQLList):
        found = st.lists(of_type(kind.of_type, depth + 1, is_sound=is_sound), max_size=2)
    elif isinstance(kind, GraphQLEnumType):
        found = st.sampled_from([*kind.values])
    else:
        found = SOUND.get(kind.name, st.text(max_size=9))
    return found if is_sound else st.one_of(found, WRONG)


def _object(kind: Any, depth: int, *, is_sound: bool) -> st.SearchStrategy[Any]:
    fields = {
        name: of_type(field.type, depth + 1, is_sound=is_sound) for name, field in kind.fields.items() if depth < 3 or _is_needed(field)
    }
    needed = {name: each for name, each in fields.items() if _is_needed(kind.fields[name])}
    others = {name: each for name, each in fields.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=others if is_sound else {**others, "tidak_ada": st.none()})


def _is_needed(field: Any) -> bool:
    return isinstance(field.type, GraphQLNonNull)


def told(read: Any) -> Any:
    """All that is said of variables; None where they are refused. A type is made anew for each document."""
    if not isinstance(read, VariableValues):
        return None
    sources = [(name, str(each.signature.type), each.signature.default, each.value) for name, each in read.sources.items()]
    return repr((sources, read.coerced))


@pytest.mark.parametrize("of", SCHEMAS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data())
def test_variables_are_those_that_graphql_core_reads(of, data):
    schema = SCHEMAS[of]
    kind = data.draw(st.sampled_from([kind for kind in schema.type_map.values() if isinstance(kind, GraphQLInputObjectType)]))
    document = parse(f"query ($one: {kind}!, $two: {kind}, $many: [{kind}!]) {{ __typename }}").definitions[0]
    some = partial(some_of, kind, 0, is_sound=data.draw(st.booleans()))
    given_ = data.draw(st.fixed_dictionaries({"one": some()}, optional={"two": some() | st.none(), "many": st.lists(some(), max_size=2)}))
    theirs = get_variable_values(schema, document.variable_definitions, given_)
    try:
        ours = values(Variables(schema).expected(document), given_)
    except (Unusual, GraphQLError, ValueError):
        return
    assert told(ours) == told(theirs)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("NominationAnswersSaveInput!", {"nominationId": "Tm9t", "answers": [{"code": "a", "value": "b"}], "expectedVersion": 1}),
        ("NominationAnswersSaveInput", None),
        ("[ID!]!", ["a", "b"]),
        ("Int", 3),
    ],
)
def test_sound_variables_are_read_without_graphql_core(kind, value):
    document = parse(f"query ($it: {kind}) {{ __typename }}").definitions[0]
    expected = Variables(SCHEMAS["staff"]).expected(document)
    theirs = get_variable_values(SCHEMAS["staff"], document.variable_definitions, {"it": value, "other": 1})
    assert told(values(expected, {"it": value, "other": 1})) == told(theirs)


def test_an_input_that_two_threads_meet_first_is_read_whole_by_both(monkeypatch):
    document = parse("query ($it: NominationAnswersSaveInput!) { __typename }").definitions[0]
    expected = Variables(SCHEMAS["staff"]).expected(document)
    sound = {"it": {"nominationId": "a", "answers": [], "expectedVersion": 1}}
    found = []

    def held_up(field):
        if not found:  # between two fields another thread comes by
            found.append(None)
            found[0] = told(values(expected, sound))
        return otherwise(field)

    otherwise = variables._otherwise
    monkeypatch.setattr(variables, "_otherwise", held_up)
    found += [told(values(expected, sound)) for _ in range(2)]
    assert found == [told(get_variable_values(SCHEMAS["staff"], document.variable_definitions, sound))] * 3


@pytest.mark.parametrize(
    ("kind", "given_"),
    [
        ("ID!", {}),
        ("ID!", {"it": None}),
        ("[ID!]", {"it": ["a", None]}),
        ("[ID!]", {"it": "a"}),
        ("NominationAnswersSaveInput", {"it": []}),
        ("NominationAnswersSaveInput", {"it": {}}),
        ("NominationAnswersSaveInput", {"it": {"nominationId": "a", "answers": [], "expectedVersion": 1, "tidakAda": 1}}),
        ("NominationAnswersSaveInput", {"it": {"nominationId": "a", "answers": None, "expectedVersion": 1}}),
        ("Int = 3", {}),
    ],
)
def test_what_graphql_core_has_to_decide_is_left_to_it(kind, given_):
    document = parse(f"query ($it: {kind}) {{ __typename }}").definitions[0]
    expected = Variables(SCHEMAS["staff"]).expected(document)
    with pytest.raises(Unusual):
        values(expected, given_)


@pytest.mark.parametrize("kind", ["Nomination", "TidakAda"])
def test_a_type_that_no_variable_has_is_left_to_graphql_core(kind):
    with pytest.raises(Unusual):
        Variables(SCHEMAS["staff"]).expected(parse(f"query ($it: {kind}) {{ __typename }}").definitions[0])


def test_values_that_lie_deep_are_left_to_graphql_core():
    document = parse("query ($it: " + "[" * (DEEPEST + 2) + "ID" + "]" * (DEEPEST + 2) + ") { __typename }").definitions[0]
    value: Any = "a"
    for _ in range(DEEPEST + 2):
        value = [value]
    with pytest.raises(Unusual):
        values(Variables(SCHEMAS["staff"]).expected(document), {"it": value})
