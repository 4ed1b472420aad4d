"""Schemathesis asks every operation of both schemas in all the ways that their types allow, as three kinds of people.

In the suite each of them asks the same operations at every run; `make fuzz` lets them ask every one a hundred times, and
otherwise each time.
"""

from __future__ import annotations

import json
import os
import re

import pytest
import schemathesis
from graphql import parse_value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import graphql
from schemathesis.core.failures import FailureGroup
from schemathesis.graphql import nodes
from schemathesis.graphql.checks import GraphQLServerError

from sipetruk.api.limits import LIMITS
from sipetruk.api.setup import PUBLIC_PATH, RATE, STAFF_PATH
from sipetruk.models.base import database
from tests.api.person import OWN, gid
from tests.services.test_results import published

EACH = int(os.environ.get("SIPETRUK_FUZZ", "0"))
"""How often every operation is asked; 0 for as many as the suite has time for."""
REFUSALS = {"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "CONFLICT"}
"""Refusals at a field. The tool knows only Apollo's codes for bad input and takes these for faults of the server."""
CODES = REFUSALS | {"BAD_USER_INPUT", "BAD_REQUEST", "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
KINDS = ("Nomination", "Period", "Category", "InstrumentVersion", "User", "Employee", "WorkUnit", "Ranking", "Publication", "Evidence")
IDS = [gid(kind, number) for kind in KINDS for number in (1, 2, 999)] + ["", "x", "Tm9tYQ==", "\u00e9"]
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(str) | st.sampled_from(["1e999999", "-0", "82.67", "NaN", ""])
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["title", "policy", "a"]), inner, max_size=3),
    max_leaves=4,
)
UNHURRIED = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
AS_NAME = re.compile(r'"(title|policy|a)": ')

graphql.scalar("ID", st.sampled_from(IDS).map(nodes.String))
graphql.scalar("Decimal", NUMBERS.map(nodes.String))
graphql.scalar("Document", DOCUMENTS.map(lambda value: parse_value(AS_NAME.sub(r"\1: ", json.dumps(value)))))


class SignedIn:
    """The application as the browser of somebody who is signed in sees it."""

    def __init__(self, app, client):
        self.app = app
        self.cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in client._cookies.values())

    def __call__(self, environ, start_response):
        return self.app({**environ, "HTTP_COOKIE": self.cookies, "HTTP_ORIGIN": OWN["Origin"]}, start_response)


def asked(app, path, examples):
    """Ask every operation at an address; the codes of errors that came."""
    codes = set()
    operations = [found.ok().as_strategy() for found in graphql.from_wsgi(path, app).get_all_operations()]

    def ask(case):
        with database.atomic() as undone:
            response = case.call()
            undone.rollback()
        codes.update(validated(case, response))

    how = settings(max_examples=EACH or examples, derandomize=not EACH, **UNHURRIED)
    for strategy in operations if EACH else [st.one_of(operations)]:
        how(given(strategy)(ask))()
    return codes


def validated(case, response):
    """The codes of the errors in an answer that Schemathesis, and the limits, have nothing against."""
    codes = {error["extensions"]["code"] for error in response.json().get("errors", ())}
    try:
        case.validate_response(response, excluded_checks=[schemathesis.checks.positive_data_acceptance])
    except FailureGroup as group:
        faults = [each for each in group.exceptions if not isinstance(each, GraphQLServerError) or not codes <= REFUSALS]
        if faults:
            raise
    assert (response.status_code, codes - CODES) == (200, set()), response.text
    assert response.headers["content-type"] == ["application/json; charset=utf-8"]
    assert response.elapsed < LIMITS.seconds
    return codes


@pytest.fixture
def round_(cast):
    return published(cast, policy="names_and_breakdown")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", [None, "unit_admin", "bkpsdm"])
def test_no_operation_fails_in_any_way_that_its_types_allow(app, cast, round_, sign_in, who):
    app.extensions[RATE].limit = 10**9
    if who is None:
        assert asked(app, PUBLIC_PATH, 50) <= {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX"}
    else:
        person = SignedIn(app, sign_in(app.test_client(), getattr(cast, who)))
        assert "UNAUTHENTICATED" not in asked(person, STAFF_PATH, 120)
