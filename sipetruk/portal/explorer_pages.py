"""The explorer: write a GraphQL document, run it, read the answer; stored documents are there to begin with.

GraphiQL where `graphql/explorer/build.mjs` put it beside the static files; a plain page of our own otherwise, and for whoever prefers it.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from sipetruk import windows
from sipetruk.api.examples import Example, examples
from sipetruk.errors import NotFound, Unauthenticated
from sipetruk.login import current_actor
from sipetruk.portal import source

blueprint = Blueprint("explorer", __name__, url_prefix="/data/penjelajah")

FIRST = {"public": "Home", "staff": "UnreadCount"}
"""The example that stands there where none was chosen."""


@blueprint.get("/")
def public() -> Response:
    response = _page("public", _with_real_names(_chosen("public")))
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]  # Werkzeug returns the response it was given


@blueprint.get("/staf")
def staff() -> Response:
    if current_actor() is None:
        raise Unauthenticated("Silakan masuk terlebih dahulu.")
    example = _chosen("staff")
    return _page("staff", {"query": example.text, "variables": example.variables})


def has_graphiql() -> bool:
    return (windows.window("static") / "graphiql" / "graphiql.js").is_file()


def _page(schema: str, given: dict[str, str]) -> Response:
    shown: dict[str, Any] = {
        "schema": schema,
        "examples": list(examples(schema).values()),
        "chosen": request.args.get("contoh"),
        "address": url_for(f"api.{schema}"),
        "has_graphiql": has_graphiql(),
        "is_plain": not has_graphiql() or request.args.get("sederhana") == "1",
        **given,
    }
    return make_response(render_template("explorer.html", **shown))


def _chosen(schema: str) -> Example:
    name = request.args.get("contoh") or FIRST[schema]
    if name not in examples(schema):
        raise NotFound("%(what)s tidak ditemukan.", what="Contoh")
    return examples(schema)[name]


def _with_real_names(example: Example) -> dict[str, str]:
    """The example with things that are public now, so that running it shows something."""
    home = source.public("Home")
    latest = home["latestPublication"]
    slugs = {
        "Winner": [each["slug"] for each in latest["winners"]["nodes"]] if latest else [],
        "Period": [each["slug"] for each in (latest and latest["period"], home["currentPeriod"]) if each],
    }
    if not slugs.get(example.name):
        return {"query": example.text, "variables": example.variables}
    return {"query": example.text, "variables": json.dumps({"slug": slugs[example.name][0]}, indent=2)}
