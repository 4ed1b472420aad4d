"""Whatever is sent, the answer is JSON with a code and never a 5xx."""

import json

import pytest
from graphql import get_named_type

from sipetruk.api.engine import DocumentRefused
from sipetruk.api.staff.schema import ENGINE as STAFF

JSON = "application/json"


def post(body):
    return json.dumps(body).encode() if not isinstance(body, bytes) else body


DOUBLING = " ".join(f"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}" for i in range(60)) + " fragment F60 on Query { hello }"
CYCLE = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }"

BODIES = {
    "empty": b"",
    "space": b"   ",
    "null": b"null",
    "number": b"7",
    "text": b'"query"',
    "list": b"[]",
    "batch": [{"query": "{ hello }"}, {"query": "{ hello }"}],
    "empty object": {},
    "half": b'{"query": "{ hello }"',
    "trailing": b'{"query": "{ hello }"} x',
    "broken utf-8": b'{"query": "\xff\xfe"}',
    "overlong utf-8": b'{"query": "\xc0\xaf"}',
    "utf-16": '{"query": "{ hello }"}'.encode("utf-16"),
    "bom": b"\xef\xbb\xbf" + b'{"query": "{ hello }"}',
    "nul byte": b'{"query": "{ hello }\x00"}',
    "escaped nul": b'{"query": "query($n: String!) { hello(name: $n) }", "variables": {"n": "a\\u0000b"}}',
    "nul in a literal": {"query": '{ hello(name: "a\\u0000b") }'},
    "lone surrogate": b'{"query": "query($n: String!) { hello(name: $n) }", "variables": {"n": "\\ud800"}}',
    "surrogate key": b'{"query": "{ hello }", "variables": {"\\udfff": 1}}',
    "surrogate in the query": b'{"query": "{ hello(name: \\"\\ud83d\\") }"}',
    "NaN": b'{"query": "{ hello }", "variables": {"n": NaN}}',
    "Infinity": b'{"query": "{ hello }", "variables": {"n": -Infinity}}',
    "1e999": b'{"query": "{ hello }", "variables": {"n": 1e999}}',
    "huge int": b'{"query": "query($n: Int) { things(first: $n) { totalCount } }", "variables": {"n": ' + b"9" * 4000 + b"}}",
    "endless int": b'{"query": "{ hello }", "variables": {"n": ' + b"9" * 20_000 + b"}}",
    "huge int literal": {"query": "{ things(first: " + "9" * 5000 + ") { totalCount } }"},
    "deep json": b'{"query": "{ hello }", "variables": {"n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "deep variables": {"query": "query($w: Wish) { wish(wish: $w) }", "variables": {"w": json.loads('{"inner":' * 30 + "{}" + "}" * 30)}},
    "deep literal": {"query": "{ wish(wish: " + "{inner: " * 400 + "null" + "}" * 400 + ") }"},
    "deep list literal": {"query": "{ hello(name: " + "[" * 700 + "]" * 700 + ") }"},
    "deep selection": {"query": "{ thing " + "{ friend " * 300 + "{ number }" + "}" * 301},
    "unclosed": {"query": "{" * 700},
    "doubling fragments": {"query": "{ ...F0 } " + DOUBLING},
    "fragment cycle": {"query": CYCLE},
    "self cycle": {"query": "{ ...A } fragment A on Query { ...A thing { ...A } }"},
    "unknown fragment": {"query": "{ ...Nowhere }"},
    "fragment on nothing": {"query": "{ ...A } fragment A on Nowhere { a }"},
    "many tokens": {"query": "{ " + "hello " * 2000 + "}"},
    "many aliases": {"query": "{ " + " ".join(f"a{i}: hello" for i in range(200)) + "}"},
    "many directives": {"query": "{ hello " + "@skip(if: false) " * 100 + "}"},
    "many operations": {"query": " ".join(f"query Q{i} {{ hello }}" for i in range(50)), "operationName": "Q1"},
    "many variables": {"query": "query(" + " ".join(f"$v{i}: Int" for i in range(100)) + ") { hello }"},
    "long text": {"query": "# " + "x" * 20_000 + "\n{ hello }"},
    "many comments": {"query": "#\n" * 500 + "{ hello }"},
    "commas only": {"query": "," * 1000},
    "empty selection": {"query": "{ thing { } }"},
    "no selection": {"query": "{ thing }"},
    "leaf with selection": {"query": "{ hello { length } }"},
    "huge page": {"query": "{ things(first: 1000000) { nodes { number } } }"},
    "negative page": {"query": "{ things(first: -1) { nodes { number } } }"},
    "page as text": {"query": "query($n: Int) { things(first: $n) { totalCount } }", "variables": {"n": "ten"}},
    "page as bool": {"query": "query($n: Int) { things(first: $n) { totalCount } }", "variables": {"n": True}},
    "strange cursor": {"query": '{ things(after: "W10") { totalCount } }'},
    "forged cursor": {"query": '{ things(after: "W1sic3RyIiwieCJdXQ") { totalCount } }'},
    "bad decimal": {"query": '{ half(of: "1e999999999") }'},
    "decimal float": {"query": "{ half(of: 1.5) }"},
    "bad date": {"query": '{ day(on: "2026-02-30") }'},
    "week date": {"query": '{ day(on: "2026-W10-1") }'},
    "bad moment": {"query": '{ moment(at: "9999-12-31T23:59:59-23:59") }'},
    "subscription": {"query": "subscription { hello }"},
    "schema definition": {"query": "type A { b: Int }"},
    "defer": {"query": "{ thing { ... @defer { number } } }"},
    "operation name number": {"query": "{ hello }", "operationName": 5},
    "unknown hash": {"documentId": "sha256:" + "0" * 64},
    "odd hash": {"documentId": "md5:1"},
    "hash as number": {"documentId": 1},
    "odd persisted query": {"extensions": {"persistedQuery": []}},
    "other persisted version": {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}}},
    "wrong persisted hash": {"query": "{ hello }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    "crash": {"query": "{ fatal }"},
    "own exception": {"query": "{ broken }"},
}

CODES = {
    "BAD_REQUEST",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "BAD_USER_INPUT",
    "QUERY_TOO_COMPLEX",
    "PERSISTED_QUERY_NOT_FOUND",
    "INTERNAL_SERVER_ERROR",
}


def test_there_are_enough():
    assert len(BODIES) >= 40


@pytest.mark.parametrize("accept", [JSON, "application/graphql-response+json"])
@pytest.mark.parametrize("path", ["/graphql", "/graphql/staff"])
@pytest.mark.parametrize("name", BODIES)
def test_no_body_breaks_it(http, path, name, accept):
    answer = http.post(path, data=post(BODIES[name]), content_type=JSON, headers={"Accept": accept})
    assert answer.status_code in {200, 400}
    assert answer.content_type == f"{accept}; charset=utf-8"
    codes = {error["extensions"]["code"] for error in answer.json["errors"]}
    assert codes <= CODES
    assert "secret" not in answer.text
    if name not in {"crash", "own exception"}:
        assert "INTERNAL_SERVER_ERROR" not in codes


@pytest.mark.parametrize(
    "address",
    [
        "/graphql?query=%ff%fe",
        "/graphql?query=%ED%A0%80",
        "/graphql?query={hello}&variables={",
        "/graphql?query={hello}&variables=[]",
        "/graphql?query={hello}&variables=" + "[" * 5000,
        "/graphql?query={hello}&extensions=7",
        "/graphql?query=",
        "/graphql?",
        "/graphql?documentId=",
        "/graphql?" + "&".join(f"a{i}=1" for i in range(100)),
        "/graphql?query={hello(name:%22%00%22)}",
    ],
)
def test_no_address_breaks_it(http, address):
    answer = http.get(address)
    assert answer.status_code in {200, 400}
    assert answer.json["errors"][0]["extensions"]["code"] in CODES


@pytest.mark.parametrize("accept", [";;;,", "application/json;q=x", "\x80", "*/*;q=9", "a" * 5000])
def test_no_accept_header_breaks_it(http, accept):
    answer = http.post("/graphql", json={"query": "{ hello }"}, headers={"Accept": accept})
    assert answer.status_code in {200, 406}
    assert answer.is_json


def test_a_fault_is_logged_and_masked(http, caplog):
    answer = http.post("/graphql", json={"query": "{ broken }"}).json
    assert answer["data"] == {"broken": None}
    error = answer["errors"][0]
    assert error["extensions"].keys() == {"code", "requestId"}
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["message"] == "Terjadi gangguan pada sistem. Sebutkan nomor permintaan ini bila melapor."
    assert "ZeroDivisionError: secret detail" in caplog.text
    assert error["extensions"]["requestId"] in caplog.text


def test_what_a_caller_mistypes_is_not_logged(http, caplog):
    http.post("/graphql", json={"query": "{ nothing }"})
    assert caplog.text == ""


def test_a_refusal_keeps_its_code_and_words(ask):
    error = ask("{ refused }")["errors"][0]
    assert (error["message"], error["path"]) == ("Data ini sudah berubah.", ["refused"])
    assert error["extensions"]["code"] == "CONFLICT"


HEAVY = {
    'eligibilityCount(categoryId: "x") { total }': 2,
    'standing(categoryId: "x") { complete }': 4,
    'rankingExport(rankingId: "x") { text }': 4,
    'rankingExplanation(categoryId: "x", nominationId: "y") { score }': 7,
    'nominationScore(nominationId: "x") { score }': 7,
    'analysis(categoryId: "x") { document }': 7,
    'instrumentTryout(versionId: "x") { winners }': 4,
    'instrumentBacktest(versionId: "x", categoryId: "y") { moved }': 4,
    'instrumentExport(versionId: "x", kind: XLSX) { base64 }': 7,
    'ahpProposal(matrix: [["1"]]) { basisPoints }': 20,
}


@pytest.mark.parametrize("field", HEAVY)
def test_heavy_work_cannot_be_asked_for_again_and_again(field):
    def plan(times):
        return STAFF.plan("{ " + " ".join(f"a{i}: {field}" for i in range(times)) + " }", {}, None)

    plan(1)
    with pytest.raises(DocumentRefused) as refused:
        plan(HEAVY[field])
    assert refused.value.answer("r").errors[0]["extensions"]["limit"] == "cost"


GUESSES = {
    "ownPasswordChange": 'oldPassword: "a", password: "b"',
    "secondFactorBegin": 'password: "a"',
    "secondFactorConfirm": 'code: "1"',
    "secondFactorDisable": 'password: "a", code: "1"',
    "recoveryCodesRenew": 'password: "a", code: "1"',
    "ownIdentityRemove": 'password: "a"',
}


@pytest.mark.parametrize("act", GUESSES)
def test_a_password_or_a_code_is_tried_once_in_an_operation(act):
    field = f"{act}(input: {{{GUESSES[act]}}}) {{ __typename }}"
    STAFF.plan(f"mutation {{ {field} }}", {}, None)
    with pytest.raises(DocumentRefused) as refused:
        STAFF.plan(f"mutation {{ {field} again: {field} }}", {}, None)
    assert refused.value.answer("r").errors[0]["extensions"]["limit"] == "cost"


def test_every_act_that_asks_for_a_password_is_one_of_them():
    acts = STAFF.schema.mutation_type.fields
    asking = {name for name, field in acts.items() if "password" in get_named_type(field.args["input"].type).fields}
    assert asking - {"userCreate", "userPasswordSet"} == GUESSES.keys() - {"secondFactorConfirm"}


def test_a_hundred_nodes_are_not_a_hundred_trials():
    with pytest.raises(DocumentRefused):
        STAFF.plan('{ nodes(ids: ["x"]) { ... on InstrumentVersion { tryout { winners } } } }', {}, None)


def test_imports_count_for_the_work_they_are():
    query = 'mutation { instrumentImport(input: {file: ""}) { userErrors { message } } }'
    assert STAFF.plan(query, {}, None).shape.cost >= 1000
