"""Puts the API into the application: its two addresses, uploads and downloads of evidence."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING

from flask import Blueprint, Flask

from sipetruk.api.buckets import Buckets
from sipetruk.api.cookies import WithoutCookies
from sipetruk.api.front import AnswersInFront
from sipetruk.api.public.schema import ENGINE as PUBLIC
from sipetruk.api.rate import Rate
from sipetruk.api.resumable import add_resumable
from sipetruk.api.revision import revision_of
from sipetruk.api.staff.schema import ENGINE as STAFF
from sipetruk.api.stored import documents
from sipetruk.api.uploads import add_evidence
from sipetruk.api.view import Callers, PublicEndpoint, StaffEndpoint
from sipetruk.login import actor_of_token, current_actor

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PUBLIC_PATH = "/graphql"
STAFF_PATH = "/graphql/staff"
RATE = "sipetruk.rate"
"""Key of the application's extensions under which other pages find the rate of this server."""
RATE_FILE = "rate.table"
"""In the data folder: how much each caller has left, for all processes of this server."""
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
"""What a proxy may call a request."""


def init_api(app: Flask) -> None:
    """Register the addresses; the JSON ones have their own rule against forged requests instead of a form token."""
    blueprint = Blueprint("api", __name__)
    callers = Callers(by_session=current_actor, by_token=actor_of_token)
    rate = app.extensions[RATE] = Rate(buckets=Buckets(app.config["SETTINGS"].data_dir / RATE_FILE))
    revision = revision_of(app)
    public = PublicEndpoint.as_view("public", PUBLIC, documents("public"), rate, revision.within, revision.snapshot)
    blueprint.add_url_rule(PUBLIC_PATH, view_func=public)
    blueprint.add_url_rule(STAFF_PATH, view_func=StaffEndpoint.as_view("staff", STAFF, documents("staff"), rate, callers))
    app.register_blueprint(blueprint)
    if "csrf" in app.extensions:
        app.extensions["csrf"].exempt(blueprint)
    add_evidence(app, callers)
    add_resumable(app, callers)
    without_cookies = WithoutCookies(app.wsgi_app, PUBLIC_PATH)
    app.wsgi_app = AnswersInFront(without_cookies, PUBLIC_PATH, revision, _request_id(app))  # type: ignore[method-assign]  # Flask documents this assignment


def _request_id(app: Flask) -> Callable[[WSGIEnvironment], str]:
    """How a request is named that never reaches Flask: by its proxy, or by a number behind what is this process's own."""
    names = map(f"{os.urandom(8).hex()}%016x".__mod__, count())

    def by_proxy(environ: WSGIEnvironment) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        return given if GIVEN_ID.fullmatch(given) else next(names)

    return by_proxy if app.config["SETTINGS"].trusted_proxies else lambda _: next(names)
