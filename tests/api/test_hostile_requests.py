"""The hostile set against the whole application: quick, never a 5xx, and telling nothing that the sender did not know."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type, is_leaf_type, is_required_argument

from sipetruk.api.context import Context
from sipetruk.api.engine import DocumentRefused
from sipetruk.api.public.schema import ENGINE as PUBLIC
from sipetruk.api.setup import RATE
from sipetruk.api.staff.schema import ENGINE as STAFF
from sipetruk.models.base import database
from tests.api.person import OWN, gid
from tests.api.reach import sample
from tests.api.test_hostile import BODIES, CODES, JSON

SECONDS = 0.1
"""What one hostile request may take of the processor."""
ALONE = 0.012
"""What counting the squares of 200,000 numbers takes where nothing else runs."""
TELLS = re.compile(
    r"Traceback|File \"|site-packages|sipetruk[./]|\.py\b|/(work|usr|home|tmp|root|var)/|SELECT |sqlite|psycopg|peewee", re.IGNORECASE
)
GUESSED = re.compile(r"did you mean", re.IGNORECASE)
DEEP = "ofType { name " * 6 + "}" * 6
CIRCLE = "fragment T on __Type { name fields { type { ...U } } } fragment U on __Type { name interfaces { ...T } }"
WIDE = " ".join(f"a{number}: nodes(ids: $ids) {{ id }}" for number in range(25))
EVERY_ID = [gid("Period", number) for number in range(1, 101)]
QUERIES = {
    "a circle of introspection": {"query": f"{{ __schema {{ types {{ ...T }} }} }} {CIRCLE}"},
    "introspection within introspection": {"query": f'{{ __type(name: "Query") {{ fields {{ type {{ {DEEP} }} }} }} }}'},
    "fields of the types of all fields": {"query": "{ __schema { types { fields { type { fields { type { name } } } } } } }"},
    "introspection many times": {"query": "{ " + " ".join(f"a{number}: __schema {{ types {{ name }} }}" for number in range(30)) + " }"},
    "types by name many times": {"query": "{ " + " ".join(f'a{number}: __type(name: "Query") {{ name }}' for number in range(30)) + " }"},
    "wide and shallow": {"query": f"query($ids: [ID!]!) {{ {WIDE} }}", "variables": {"ids": EVERY_ID}},
    "too many ids": {"query": "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", "variables": {"ids": EVERY_ID * 10}},
    "one page of everything": {"query": "{ periods(first: 100) { nodes { categories { name } } } }"},
    "pages in pages": {"query": "{ periods(first: 100) { nodes { categories { period { name } } } edges { node { id } } } }"},
    "a page from both ends": {"query": "{ periods(first: 5, last: 5) { totalCount } }"},
    "an endless cursor": {"query": f'{{ periods(after: "{"A" * 9000}") {{ totalCount }} }}'},
    "an endless search": {"query": "query($s: String!) { node(id: $s) { id } }", "variables": {"s": "a" * 200_000}},
    "a misspelt root": {"query": "{ nominatons { totalCount } }"},
    "a misspelt field": {"query": "{ periods { nodes { nme slag versoin allowedMove } } }"},
    "a misspelt argument": {"query": '{ periods(serach: "x", fist: 1) { totalCount } }'},
    "a misspelt type": {"query": "{ node(id: 1) { ... on Nominaton { id } } }"},
    "a field of the other schema": {"query": "{ users { nodes { username } } auditHeads { totalCount } }"},
    "many errors": {"query": "{ " + " ".join(f"x{number}" for number in range(250)) + " }"},
    "directives of nobody": {"query": "{ periods @cost(weight: 0) @listSize(assumedSize: 1) { totalCount } }"},
    "a fragment over and over": {"query": "{ " + "...F " * 200 + "} fragment F on Query { __typename }"},
    "deep inline fragments": {"query": "{ " + "... { " * 55 + "__typename" + " }" * 55 + " }"},
    "very deep inline fragments": {"query": "{ " + "... { " * 300 + "__typename" + " }" * 300 + " }"},
    "a variable in a variable": {"query": "query($a: ID = $b, $b: ID!) { node(id: $a) { id } }", "variables": {"b": "x"}},
    "a variable that is none": {"query": "query($a: Period) { __typename }", "variables": {"a": {}}},
    "a name of a prototype": {"query": "{ __typename }", "variables": {"__proto__": {"a": 1}, "constructor": 1}},
}
FORMS = {
    "text": ("text/plain", json.dumps({"query": "{ __typename }"})),
    "form": ("application/x-www-form-urlencoded", "query={__typename}"),
    "multipart": (
        "multipart/form-data; boundary=x",
        '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--\r\n',
    ),
    "json of another kind": ("application/json; charset=utf-7", json.dumps({"query": "{ __typename }"})),
    "xml": ("text/xml", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
}
FOREIGN = [
    {"Origin": "https://jahat.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://localhost.jahat.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-site"},
    {"Referer": "http://localhost/"},
    {},
]
REFUSALS = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT"}
only_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def sent(ask):
    """The answer of a request, and how much of the processor it took at best, as a machine with nothing else to do counts it."""
    took = []
    while True:
        began = time.thread_time()
        answer = ask()
        took.append(time.thread_time() - began)
        if min(took) < SECONDS or len(took) == 3:
            return answer, min(took) if min(took) < SECONDS else min(took) / slowness()


def slowness():
    """How many times slower than alone this machine is at the moment, since others share its processor."""
    began = time.thread_time()
    sum(number * number for number in range(200_000))
    return max(1.0, (time.thread_time() - began) / ALONE)


def judged(name, asked, answer, took):
    """Nothing against an answer, or what."""
    told = [found.group() for found in TELLS.finditer(answer.text) if found.group() not in asked]
    wrong = [
        answer.status_code >= 500 and answer.status_code,
        took >= SECONDS and f"{took:.3f} s",
        told,
        not answer.is_json and answer.content_type,
        {error["extensions"]["code"] for error in answer.json.get("errors", ())} - CODES - REFUSALS,
    ]
    return [(name, each) for each in wrong if each]


@only_sqlite
@pytest.mark.parametrize("path", ["/graphql", "/graphql/staff"])
def test_a_hostile_operation_is_answered_quickly_and_tells_nothing(app, cast, person, path):
    app.extensions[RATE].limit = 10**9
    client = person(cast.unit_admin).client
    assert len({**BODIES, **QUERIES}) >= 90
    wrong = []
    for name, body in {**BODIES, **QUERIES}.items():
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer, took = sent(lambda raw=raw: client.post(path, data=raw, content_type=JSON, headers=OWN))
        wrong += judged(name, raw.decode("latin-1"), answer, took)
        if path == "/graphql/staff" and GUESSED.search(answer.text):
            wrong.append((name, "a suggestion"))
    assert wrong == []


@only_sqlite
def test_what_the_public_schema_suggests_are_its_own_names(app, client):
    """Names that only the staff schema has stand in no answer to the public that does not ask for them by name."""
    app.extensions[RATE].limit = 10**9
    private = names_of(STAFF.schema) - names_of(PUBLIC.schema)
    assert {"allowedMoves", "NominationSummary", "handedOverAt"} <= private
    wrong = []
    for name, body in QUERIES.items():
        text = client.post("/graphql", json=body).text
        wrong += [(name, word) for word in re.findall(r"\w+[a-z][A-Z]\w+", text) if word in private and word not in body["query"]]
    assert wrong == []


def names_of(schema):
    kinds = [kind for kind in schema.type_map.values() if not kind.name.startswith("__")]
    return {kind.name for kind in kinds} | {name for kind in kinds for name in getattr(kind, "fields", {})}


@only_sqlite
def test_no_other_form_of_request_reaches_an_operation(app, cast, person):
    client = person(cast.bkpsdm).client
    wrong = []
    for path in ("/graphql", "/graphql/staff"):
        for name, (content_type, body) in FORMS.items():
            answer, took = sent(
                lambda path=path, kind=content_type, body=body: client.post(path, data=body, content_type=kind, headers=OWN)
            )
            wrong += judged(name, body, answer, took) + ([] if answer.status_code == 415 else [(name, path, answer.status_code)])
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"):
            query = {"query": 'mutation { nominationWithdraw(input: {nominationId: "x", reason: "y", expectedVersion: 1}) { __typename } }'}
            answer = client.open(path, method=method, query_string=query, headers=OWN)
            expected = {200, 400, 405} if path == "/graphql" else {405}
            wrong += [] if answer.status_code in expected and "data" not in answer.text else [(path, method, answer.status_code)]
    assert wrong == []


@only_sqlite
@pytest.mark.parametrize("headers", FOREIGN)
def test_cookies_from_another_site_open_nothing(cast, person, headers):
    client = person(cast.bkpsdm).client
    answer, took = sent(lambda: client.post("/graphql/staff", json={"query": "{ viewer { username } }"}, headers=headers))
    assert (answer.status_code, took < SECONDS, "bkpsdm" in answer.text) == (403, True, False)
    assert not {"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"} & set(answer.headers.keys())


WRONG = [None, True, -1, 10**30, 1.5, "", "\u0000", "x" * 5000, [], [[[]]], {}, {"a": {"b": []}}, [None], ["x", 1]]


def variables_of(kind, known):
    """Wrong values for a variable of this type: as a whole, and in each field of an input that was not seen before."""
    yield from WRONG
    inner = get_named_type(kind)
    if isinstance(inner, GraphQLInputObjectType) and inner.name not in known:
        known.add(inner.name)
        for number, (name, field) in enumerate(inner.fields.items()):
            is_input = isinstance(get_named_type(field.type), GraphQLInputObjectType)
            for value in variables_of(field.type, known) if is_input else (WRONG[number % len(WRONG) :] + WRONG)[:3]:
                yield wrapped(kind, {name: value})


def wrapped(kind, value):
    if isinstance(kind, GraphQLNonNull):
        return wrapped(kind.of_type, value)
    return [wrapped(kind.of_type, value)] if isinstance(kind, GraphQLList) else value


@only_sqlite
@pytest.mark.parametrize("engine_", [PUBLIC, STAFF], ids=["public", "staff"])
def test_a_wrong_type_in_any_variable_is_refused(app, cast, engine_):
    actor = cast.bkpsdm if engine_ is STAFF else None
    wrong, known = [], set()
    with app.test_request_context("/"):
        for root in filter(None, (engine_.schema.query_type, engine_.schema.mutation_type)):
            operation = "query" if root is engine_.schema.query_type else "mutation"
            for name, definition in root.fields.items():
                below = "" if is_leaf_type(get_named_type(definition.type)) else " { __typename }"
                for argument, each in definition.args.items():
                    others = {key: arg.type for key, arg in definition.args.items() if is_required_argument(arg) and key != argument}
                    declared = ", ".join([f"$v: {each.type}", *(f"${key}: {of}" for key, of in others.items())])
                    given = ", ".join([f"{argument}: $v", *(f"{key}: ${key}" for key in others)])
                    source = f"{operation} A({declared}) {{ {name}({given}){below} }}"
                    rest = {key: sample(of, key, defaultdict(lambda: "x")) for key, of in others.items()}
                    for value in variables_of(each.type, known):
                        codes = answered(engine_, actor, source, {**rest, "v": value})
                        wrong += [(source, value, code) for code in codes - CODES - REFUSALS | codes & {"INTERNAL_SERVER_ERROR"}]
    assert wrong == []


def answered(engine, actor, source, variables):
    """The codes of an answer; whatever was done is undone."""
    try:
        operation = engine.plan(source, variables, None)
    except DocumentRefused as refused:
        body = refused.answer("r").body()
    else:
        with database.atomic() as undone:
            body = engine.run(operation, Context(actor, "r")).body()
            undone.rollback()
    assert not TELLS.search(str(body).replace(str(variables["v"]), "")), (source, variables)
    return {error["extensions"]["code"] for error in body.get("errors", ())}
