"""Documents known by their hash."""

import json

import pytest

from sipetruk.api.stored import digest, documents

STORED = "query Greeting {\n  hello\n}\n"
HASH = digest(STORED)
GREETING = {"hello": "Halo, dunia"}


def persisted(sha256):
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256}}


@pytest.mark.parametrize("body", [{"documentId": f"sha256:{HASH}"}, {"extensions": persisted(HASH)}])
def test_a_stored_document_runs_by_its_hash(http, body):
    assert http.post("/graphql", json=body).json["data"] == GREETING
    as_parameters = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    assert http.get("/graphql", query_string=as_parameters).json["data"] == GREETING


def test_a_request_never_adds_a_document(http):
    query = "{ who }"
    both = {"query": query, "extensions": persisted(digest(query))}
    assert http.post("/graphql", json=both).json["data"] == {"who": None}
    answer = http.post("/graphql", json={"extensions": persisted(digest(query))})
    assert answer.status_code == 400
    assert answer.json["errors"][0]["message"] == "PersistedQueryNotFound"
    assert answer.json["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


def test_a_hash_of_something_else_is_refused(http):
    answer = http.post("/graphql", json={"query": "{ who }", "extensions": persisted(HASH)})
    assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("schema", ["public", "staff"])
def test_the_files_are_read_as_they_are(schema):
    found = documents(schema)
    assert found.named
    assert {digest(text) for text in found.named.values()} == set(found)
