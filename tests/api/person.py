"""Somebody of the cast who works with the staff schema over HTTP."""

from __future__ import annotations

from sipetruk.api import ids
from sipetruk.api.stored import documents

OWN = {"Origin": "http://localhost"}
ACT = "{ nomination { id state version allowedMoves missing { message path } } userErrors { message path code } }"


class Person:
    """Somebody signed in with a browser of their own."""

    def __init__(self, app, sign_in, who):
        self.client = sign_in(app.test_client(), who)

    def post(self, query, **variables):
        return self.client.post("/graphql/staff", json={"query": query, "variables": variables}, headers=OWN)

    def ask(self, query, **variables):
        answer = self.post(query, **variables)
        assert answer.status_code == 200
        assert "errors" not in answer.json, answer.json["errors"]
        return answer.json["data"]

    def run(self, name, **variables):
        return self.ask(documents("staff").named[name], **variables)

    def act(self, mutation, given, selection=ACT):
        """Run one act with its input; its payload."""
        kind = mutation[0].upper() + mutation[1:] + "Input"
        return self.ask(f"mutation($input: {kind}!) {{ {mutation}(input: $input) {selection} }}", input=given)[mutation]

    def code(self, query, **variables):
        """The code of the error that the request itself gets."""
        (error,) = self.post(query, **variables).json["errors"]
        return error["extensions"]["code"]


def gid(kind, number):
    return ids.encode(kind, number)
