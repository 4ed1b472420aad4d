"""Whose cookie counts: forged requests, other origins, and the public address that knows nobody."""

import flask
import pytest

WHO = {"query": "{ who }"}
OWN = {"Origin": "http://localhost"}


def staff(http, headers, **kw):
    return http.post("/graphql/staff", json=WHO, headers=headers, **kw)


@pytest.fixture
def with_cookie(http):
    http.set_cookie("sipetruk", "a session")
    return http


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, OWN, {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}],
)
def test_our_own_pages_may_send_cookies(with_cookie, headers):
    assert staff(with_cookie, headers).json["data"] == {"who": "bkpsdm"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "null"},
    ],
)
def test_nobody_else_may(with_cookie, headers):
    answer = staff(with_cookie, headers)
    assert (answer.status_code, answer.json["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_plain_form_cannot_reach_it(with_cookie, content_type):
    answer = with_cookie.post("/graphql/staff", data='{"query": "{ who }"}', content_type=content_type, headers=OWN)
    assert answer.status_code == 415


def test_nobody_signed_in(toy, http):
    toy.state["actor"] = None
    answer = staff(http, OWN)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_token_needs_no_cookie_and_no_origin(with_cookie, toy):
    toy.state["actor"] = None
    assert staff(with_cookie, {"Authorization": "Bearer good"}).json["data"] == {"who": "bkpsdm"}
    for wrong in ("Bearer bad", "Basic good", "good", ""):
        assert staff(with_cookie, {"Authorization": wrong}).status_code == 401


def test_a_wrong_token_does_not_fall_back_to_the_cookie(with_cookie):
    assert staff(with_cookie, {"Authorization": "Bearer bad", **OWN}).status_code == 401


def test_staff_answers_are_never_kept_nor_shared(with_cookie):
    answer = staff(with_cookie, OWN)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]
    preflight = with_cookie.options("/graphql/staff", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"})
    assert not [name for name in dict(preflight.headers) if name.startswith("Access-Control")]


def test_the_public_address_sees_no_cookie(with_cookie):
    answer = with_cookie.post("/graphql", json={"query": "{ who cookies }"})
    assert answer.json["data"] == {"who": None, "cookies": 0}


def test_the_public_address_is_open_to_every_origin_without_credentials(http):
    headers = {"Origin": "https://balangankab.go.id", "Access-Control-Request-Method": "POST"}
    preflight = http.options("/graphql", headers=headers)
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    answer = http.post("/graphql", json=WHO, headers={"Origin": "https://balangankab.go.id"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert http.post("/graphql", data=b"x").headers["Access-Control-Allow-Origin"] == "*"


def test_a_lasting_session_is_not_renewed_by_a_public_answer(toy, http):
    @toy.get("/sign-in")
    def sign_in():
        flask.session.permanent = True
        flask.session["_user_id"] = "1:1"
        return ""

    http.get("/sign-in")
    answer = http.get("/graphql?query={hello}")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
