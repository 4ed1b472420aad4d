"""GraphQL over HTTP: the audits of graphql-http (server.ts, 60 of them), and the statuses and headers around them."""

import io
import json

import pytest

JSON = "application/json"
GQL = "application/graphql-response+json"
OK = {"query": "{ __typename }"}
TYPE = {"query": "query Type($name: String!) { __type(name: $name) { name } }", "variables": {"name": "sometype"}}
NAMED = {"query": "query Query { __typename }", "operationName": "Query"}
COERCE = {"query": "query CoerceFailure($id: ID!){ __typename }", "variables": {"id": None}}
UNKNOWN_FIELD = {"query": "{ f31403dfe404bccbb0e835f2629c6a7 }"}
TOKEN = {"Authorization": "Bearer good"}
WRONG = [{"obj": "ect"}, 0, False, ["array"]]
NO_MAP = ["string", 0, False, ["array"]]


def audits():
    """(name, accept, body, status, what the body must be: "data", "errors" or None)"""
    yield "22EB", GQL, OK, 200, "data"
    yield "4655", JSON, OK, 200, "data"
    yield "47DE", "*/*", OK, 200, "data"
    yield "80D8", None, OK, 200, "data"
    yield "82A3", None, OK, 200, "data"
    yield "BF61", None, {"query": '{ __type(name: "Run🏃Swim🏊") { name } }'}, 200, "data"
    yield "78D5", None, OK, 200, "data"
    yield "2C94", None, OK, 200, "data"
    yield "03D4", None, OK, 200, "data"
    yield "423L", GQL, {"notquery": "{ __typename }"}, 400, "errors"
    for i, wrong in enumerate(WRONG):
        yield f"LKJ{i}", None, {"query": wrong}, 400, "errors"
        yield f"6C0{i}", None, {**OK, "operationName": wrong}, 400, "errors"
    yield "34A2", GQL, OK, 200, "data"
    yield "13EE", JSON, OK, 200, "data"
    yield "8161", GQL, NAMED, 200, "data"
    yield "B8B3", JSON, NAMED, 200, "data"
    for i, name in enumerate(["variables", "operationName", "extensions"]):
        yield f"94B{i}", GQL, {**OK, name: None}, 200, "data"
        yield f"022{i}", JSON, {**OK, name: None}, 200, "data"
    for i, wrong in enumerate(NO_MAP):
        yield f"476{i}", None, {**OK, "variables": wrong}, 400, "errors"
        yield f"58B{i}", None, {**OK, "extensions": wrong}, 400, "errors"
    yield "2EA1", GQL, TYPE, 200, "data"
    yield "28B9", JSON, TYPE, 200, "data"
    yield "428F", GQL, {**OK, "extensions": {"some": "value"}}, 200, "data"
    yield "1B7A", JSON, {**OK, "extensions": {"some": "value"}}, 200, "data"
    yield "B6DC", None, b'{ "not a JSON', 400, "errors"
    yield "BCF8", None, b'{ "not a JSON', 400, "errors"
    yield "8764", None, {"qeury": "{ __typename }"}, 400, "errors"
    yield "3E3A", None, {"qeury": "{ __typename }"}, 400, "errors"
    yield "572B", JSON, {"query": "{"}, 200, "errors"
    yield "FDE2", JSON, UNKNOWN_FIELD, 200, "errors"
    yield "7B9B", JSON, COERCE, 200, "errors"
    for name in ("865D", "556A", "D586"):
        yield name, GQL, {"query": "{"}, 400, "errors"
    for name in ("51FE", "74FF", "5E5B"):
        yield name, GQL, UNKNOWN_FIELD, 400, "errors"
    yield "86EE", GQL, COERCE, 400, "errors"


AUDITS = list(audits())


def test_all_audits_are_here():
    in_get_tests = {"5A70", "9C48", "D6D5", "6A70"}
    without_body = {"9ABE", "A5BF"}
    assert len({name for name, *_ in AUDITS} | in_get_tests | without_body) == 60


@pytest.mark.parametrize(("name", "accept", "body", "status", "key"), AUDITS, ids=[a[0] for a in AUDITS])
def test_audit(http, name, accept, body, status, key):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = http.post("/graphql", data=raw, content_type=JSON, headers={"Accept": accept} if accept else {})
    assert answer.status_code == status
    assert answer.content_type == f"{GQL if accept == GQL else JSON}; charset=utf-8"
    assert [part for part in ("data", "errors") if part in answer.json] == [key]


def test_audit_5a70_get_with_a_query(http):
    assert http.get("/graphql", query_string=OK).json["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("accept", [GQL, JSON])
def test_audits_d6d5_and_6a70_get_with_variables(http, accept):
    given = {"query": TYPE["query"], "variables": json.dumps(TYPE["variables"])}
    answer = http.get("/graphql", query_string=given, headers={"Accept": accept})
    assert (answer.status_code, answer.json["data"]) == (200, {"__type": None})


def test_audit_9c48_a_mutation_by_get_is_not_allowed(http):
    answer = http.get("/graphql", query_string={"query": "mutation { __typename }"}, headers={"Accept": GQL})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "data" not in answer.json


def test_audit_9abe_a_content_type_is_needed(http):
    assert http.post("/graphql").status_code == 415


def test_audit_a5bf_a_body_is_needed(http):
    assert http.post("/graphql", content_type=JSON).status_code == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/graphql",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-patch+json",
        "text/plain; charset=application/json",
        "application/json; charset=utf-16",
    ],
)
@pytest.mark.parametrize("path", ["/graphql", "/graphql/staff"])
def test_only_exactly_json_is_read(http, path, content_type):
    answer = http.post(path, data=json.dumps(OK), content_type=content_type)
    assert (answer.status_code, answer.headers["Accept"]) == (415, JSON)
    assert answer.json["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_compressed_body_is_not_read(http):
    answer = http.post("/graphql", data=b"\x1f\x8b", content_type=JSON, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("accept", ["text/html", "image/png, text/*;q=0.5", "application/json;q=0"])
def test_other_forms_of_answers_do_not_exist(http, accept):
    answer = http.post("/graphql", json=OK, headers={"Accept": accept})
    assert (answer.status_code, answer.content_type) == (406, f"{JSON}; charset=utf-8")


@pytest.mark.parametrize(
    ("accept", "used"),
    [(f"{GQL}, {JSON};q=0.9", GQL), (f"{JSON}, {GQL};q=0.5", JSON), ("text/html, */*;q=0.1", JSON), ("application/*", JSON)],
)
def test_the_preferred_form_is_used(http, accept, used):
    answer = http.post("/graphql", json=OK, headers={"Accept": accept})
    assert (answer.content_type, answer.headers["Vary"]) == (f"{used}; charset=utf-8", "Accept")


def test_a_large_body_is_refused_unread(http):
    answer = http.post("/graphql", data=b'{"query": "' + b"x" * 256 * 1024, content_type=JSON)
    assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (413, "BAD_REQUEST")


def test_a_large_body_of_unknown_length_is_cut_off_and_refused(http):
    body = io.BytesIO(b'{"query": "' + b"x" * 300 * 1024)
    given = {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": "", "CONTENT_TYPE": JSON}
    answer = http.post("/graphql", environ_overrides=given)
    assert (answer.status_code, body.tell() < 290 * 1024) == (413, True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_are_named_in_allow(http, method):
    answer = http.open("/graphql", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert answer.json["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_page_of_any_origin_may_ask_with_the_tag_of_what_it_has(http):
    answer = http.options("/graphql", headers={"Origin": "https://koran.example", "Access-Control-Request-Headers": "if-none-match"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type, Accept, If-None-Match"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_staff_address_takes_only_post_from_pages(http):
    answer = http.get("/graphql/staff", query_string=OK, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_a_program_with_a_token_reads_by_get_and_nobody_keeps_the_answer(http):
    answer = http.get("/graphql/staff", query_string={"query": "{ who }"}, headers=TOKEN)
    assert (answer.status_code, answer.json["data"], answer.headers["Cache-Control"]) == (200, {"who": "bkpsdm"}, "no-store")
    assert set(answer.headers["Vary"].split(", ")) == {"Accept", "Authorization", "Cookie"}
    assert http.get("/graphql/staff", query_string=OK, headers={"Authorization": "Bearer bad"}).status_code == 401
    options = http.options("/graphql/staff", headers=TOKEN)
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, POST, OPTIONS")


def test_a_token_changes_nothing_by_get(http):
    answer = http.get("/graphql/staff", query_string={"query": "mutation { bump }"}, headers=TOKEN)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(("text", "status"), [("198503152010011004", 400), ("1985031520100110041", 200), ("19850315201001100a", 200)])
def test_the_number_of_an_employee_stands_in_no_address(http, text, status):
    asked = {"query": "query ($name: String!) { hello(name: $name) }", "variables": json.dumps({"name": text})}
    answer = http.get("/graphql/staff", query_string=asked, headers=TOKEN)
    assert (answer.status_code, text in answer.text) == (status, status == 200)


def test_several_operations_need_a_name(http):
    two = "query A { __typename } query B { hello }"
    assert http.post("/graphql", json={"query": two}).json["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert http.post("/graphql", json={"query": two, "operationName": "B"}).json["data"] == {"hello": "Halo, dunia"}
    unknown = http.post("/graphql", json={"query": two, "operationName": "C"})
    assert unknown.json["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_every_answer_names_its_request(http):
    answer = http.post("/graphql", json={"query": "{"})
    assert answer.headers["X-Request-Id"] == answer.json["errors"][0]["extensions"]["requestId"]


def test_a_browser_at_the_bare_address_is_shown_the_page_about_it(http):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert (http.get("/graphql", headers=browser).status_code, http.get("/graphql", headers=browser).location) == (303, "/data")
    assert http.get("/graphql?query={hello}", headers=browser).json["data"] == {"hello": "Halo, dunia"}
    assert http.get("/graphql").status_code == 400


def test_a_parameter_given_twice_is_ambiguous(http):
    assert http.get("/graphql?query={hello}&query={who}").status_code == 400


def test_cost_is_shown(ask):
    answer = ask("{ things(first: 10) { nodes { number leaves { name } } pageInfo { hasNextPage } } }")
    # connection 1 + pageInfo 1 + nodes (1 + 10 x (1 + leaves (1 + 5 x 1)))
    assert answer["extensions"] == {"cost": {"requested": 73, "max": 2000, "depth": 3}}
