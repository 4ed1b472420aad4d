"""Public GET answers carry a strong tag; the tag changes with whatever the answer depends on."""

import pytest

from sipetruk.api.answers import LARGEST_KEPT, MOST_BYTES, Answers
from sipetruk.api.engine import Engine
from sipetruk.api.rate import Rate

GET = "/graphql?query={hello}"


def tag(http, address=GET, **headers):
    return http.get(address, headers=headers).headers["ETag"]


def test_an_answer_may_be_kept_and_asked_about(http):
    answer = http.get(GET)
    assert answer.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    assert answer.headers["ETag"].startswith('"')
    again = http.get(GET, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", answer.headers["ETag"])
    other = http.get(GET, headers={"If-None-Match": '"something else"'})
    assert (other.status_code, other.data) == (200, answer.data)


def test_head_answers_like_get_without_the_body(http):
    answer = http.head(GET)
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (200, b"", tag(http))


def test_the_tag_names_document_variables_form_and_revision(toy, http):
    query = "/graphql?query=query($n:String!){hello(name:$n)}&variables="
    tags = [
        tag(http),
        tag(http, "/graphql?query={ hello }"),
        tag(http, query + '{"n":"a"}'),
        tag(http, query + '{"n":"b"}'),
        tag(http, Accept="application/graphql-response+json"),
    ]
    toy.state["revision"] = "2"
    tags.append(tag(http))
    assert len(set(tags)) == 6


def test_a_new_revision_is_a_new_answer(toy, http):
    old = tag(http)
    toy.state["revision"] = "2"
    assert http.get(GET, headers={"If-None-Match": old}).status_code == 200


def test_the_same_question_is_answered_once(http, runs):
    assert http.get(GET).data == http.get(GET).data
    assert len(runs) == 1


@pytest.mark.parametrize("query", ["{broken}", "{nothing}", "{"])
def test_errors_are_not_kept(http, query):
    answer = http.get("/graphql", query_string={"query": query})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_nobody_else_may_keep_a_post(http):
    answer = http.post("/graphql", json={"query": "{ hello }"})
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


def test_the_same_post_runs_once_and_is_charged_each_time(toy, http, runs, monkeypatch):
    costs, charge = [], Rate.charge
    monkeypatch.setattr(Rate, "charge", lambda rate, caller, cost: costs.append(cost) or charge(rate, caller, cost))
    asked = {"query": "query($n:String!){hello(name:$n) thing{number}}", "variables": {"n": "a"}}
    first, second = http.post("/graphql", json=asked), http.post("/graphql", json=asked)
    cost = first.json["extensions"]["cost"]["requested"]
    assert (first.data, costs, len(runs)) == (second.data, [cost, cost], 1)
    assert [name for name, _ in second.headers if name.startswith("RateLimit")] == [
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
    ]
    http.post("/graphql", json=asked | {"variables": {"n": "b"}})
    toy.state["revision"] = "2"
    http.post("/graphql", json=asked)
    assert len(runs) == 3


def test_a_kept_answer_is_refused_like_any_other_when_too_much_was_asked(toy, http, runs, monkeypatch):
    asked = {"query": "{ hello }"}
    assert http.post("/graphql", json=asked).status_code == 200
    monkeypatch.setattr("sipetruk.api.rate.MIN_COST", 40_000)
    assert http.post("/graphql", json=asked).status_code == 429
    assert len(runs) == 1


def test_a_mutation_and_an_answer_with_errors_run_each_time(http, runs):
    for query in ("mutation { bump }", "{ broken }"):
        answers = [http.post("/graphql", json={"query": query}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
    assert len(runs) == 4


def test_what_is_kept_has_a_bound():
    answers = Answers()
    answers.keep("too large", b"x" * (LARGEST_KEPT + 1))
    for number in range(MOST_BYTES // LARGEST_KEPT + 1):
        answers.keep(str(number), b"x" * LARGEST_KEPT)
    answers.keep("1", b"again")
    kept = [tag for tag in ("too large", *map(str, range(MOST_BYTES // LARGEST_KEPT + 1))) if answers.get(tag) is not None]
    assert kept == [str(number) for number in range(1, MOST_BYTES // LARGEST_KEPT + 1)]
    assert answers.get("1") == b"again"


@pytest.fixture
def runs(monkeypatch):
    """An entry for each operation that was run."""
    found = []
    run = Engine.run
    monkeypatch.setattr(Engine, "run", lambda *args: found.append(1) or run(*args))
    return found
