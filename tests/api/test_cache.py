"""Public GET answers carry a strong tag; the tag changes with whatever the answer depends on."""

import pytest

from sipetruk.api.answers import LARGEST_KEPT, MOST_BYTES, Answers
from sipetruk.api.engine import Engine

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


def test_the_same_question_is_answered_once(http, monkeypatch):
    runs = []
    run = Engine.run
    monkeypatch.setattr(Engine, "run", lambda *args: runs.append(1) or run(*args))
    assert http.get(GET).data == http.get(GET).data
    assert runs == [1]


@pytest.mark.parametrize("query", ["{broken}", "{nothing}", "{"])
def test_errors_are_not_kept(http, query):
    answer = http.get("/graphql", query_string={"query": query})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_a_post_is_not_kept(http):
    answer = http.post("/graphql", json={"query": "{ hello }"})
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


def test_what_is_kept_has_a_bound():
    answers = Answers()
    answers.keep("too large", b"x" * (LARGEST_KEPT + 1))
    for number in range(MOST_BYTES // LARGEST_KEPT + 1):
        answers.keep(str(number), b"x" * LARGEST_KEPT)
    answers.keep("1", b"again")
    kept = [tag for tag in ("too large", *map(str, range(MOST_BYTES // LARGEST_KEPT + 1))) if answers.get(tag) is not None]
    assert kept == [str(number) for number in range(1, MOST_BYTES // LARGEST_KEPT + 1)]
    assert answers.get("1") == b"again"
