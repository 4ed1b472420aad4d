"""GraphQL over HTTP: what a request must look like, which status and headers an answer has, who may send cookies.

A request that is none is refused with its own status (400, 405, 406, 413, 415, 429). An operation that cannot run
(it does not parse, fit the schema or the limits) answers 400 without `data` as `application/graphql-response+json`,
and 200 with `errors` as plain `application/json`, as the specification asks for older clients.
"""

from __future__ import annotations

import re
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote_to_bytes

import flask
from flask.typing import ResponseReturnValue
from flask.views import View

from sipetruk.api import answers, introspection
from sipetruk.api.context import Context
from sipetruk.api.encoding import encoded
from sipetruk.api.engine import Answer, DocumentRefused, Engine, Operation
from sipetruk.api.faults import Code, RequestRefused
from sipetruk.api.frozen import Snapshot
from sipetruk.api.rate import Rate
from sipetruk.api.request import GraphQLRequest, read
from sipetruk.api.stored import Documents
from sipetruk.login import why_nobody
from sipetruk.rules.permissions import Actor
from sipetruk.rules.tokens import holds_secret

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
NIP = re.compile(r"(?<![0-9A-Za-z])[0-9]{18}(?![0-9A-Za-z])")
ABOUT_PATH = "/data"
"""The portal's page that explains the public address."""
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"]


class Endpoint(View, ABC):
    """What both addresses share."""

    init_every_request = False
    methods: ClassVar[list[str]] = METHODS  # every method reaches us, so that every refusal is JSON
    provide_automatic_options = False
    allowed: ClassVar[tuple[str, ...]]

    def __init__(self, engine: Engine, documents: Documents, rate: Rate) -> None:
        self.engine = engine
        self.documents = documents
        self.rate = rate
        self.about_schema = answers.Answers(
            most=introspection.MOST_KEPT, most_bytes=introspection.MOST_BYTES, largest=introspection.LARGEST_KEPT
        )

    def dispatch_request(self) -> ResponseReturnValue:
        request = flask.request
        request_id = str(flask.g.get("request_id") or uuid.uuid4().hex)
        media_type = JSON
        try:
            refuse_token_in_address(request)
            media_type = negotiated(request)
            response = self.respond(request, request_id, media_type) if self._takes(request) else _no_content(self._allow(request))
        except RequestRefused as refused:
            error = {"message": refused.message, "extensions": {"code": refused.code.value, "requestId": request_id}}
            response = flask.Response(encoded({"errors": [error]}), refused.status, content_type=_content_type(media_type))
            response.headers.update(refused.headers)
        response.headers["X-Request-Id"] = request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("Accept")
        return response

    @abstractmethod
    def respond(self, request: flask.Request, request_id: str, media_type: str) -> flask.Response:
        """Answer a request whose method this address takes."""

    def plan(self, request: flask.Request, asked: GraphQLRequest) -> Operation:
        operation = self.engine.plan(asked.source, asked.variables, asked.operation_name)
        if operation.is_mutation and request.method != "POST":
            raise RequestRefused(405, "Mutasi hanya lewat POST.", headers={"Allow": "POST"})
        return operation

    def run(
        self, asked: GraphQLRequest, operation: Operation, context: Context, media_type: str, headers: dict[str, str]
    ) -> tuple[flask.Response, bool]:
        """The answer of a planned operation, and whether it is free of errors; one about the schema itself is kept."""
        tag = answers.etag(asked, JSON, "") if operation.is_about_schema else ""
        body = self.about_schema.get(tag)
        if body is not None:
            return _with_body(body, media_type, headers), True
        answer = self.engine.run(operation, context)
        response = respond_with(answer, media_type, headers)
        if tag and not answer.errors:
            self.about_schema.keep(tag, response.get_data())
        return response, not answer.errors

    def methods_for(self, request: flask.Request) -> tuple[str, ...]:  # noqa: ARG002  # the staff address asks who sends it
        """The methods by which this request may bring an operation."""
        return self.allowed

    def _takes(self, request: flask.Request) -> bool:
        """Whether the request carries an operation; OPTIONS only asks what may be sent."""
        if request.method not in (*self.methods_for(request), "OPTIONS"):
            raise RequestRefused(405, "Metode ini tidak dilayani di sini.", headers={"Allow": self._allow(request)})
        return request.method != "OPTIONS"

    def _allow(self, request: flask.Request) -> str:
        return ", ".join((*self.methods_for(request), "OPTIONS"))


class PublicEndpoint(Endpoint):
    """`/graphql`: anonymous, cookies ignored, readable from any origin, cacheable with GET."""

    allowed = ("GET", "HEAD", "POST")

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        rate: Rate,
        revision: Callable[[], str],
        snapshot: Callable[[], Snapshot | None] = lambda: None,
    ) -> None:
        super().__init__(engine, documents, rate)
        self.revision = revision
        self.snapshot = snapshot

    def dispatch_request(self) -> ResponseReturnValue:
        if _is_a_person_looking(flask.request):
            return flask.redirect(ABOUT_PATH, 303)
        response = flask.make_response(super().dispatch_request())
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "ETag, X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
        )
        if flask.request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, POST"
            response.headers["Access-Control-Allow-Headers"] = "Content-Type, Accept, If-None-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
        return response

    def respond(self, request: flask.Request, request_id: str, media_type: str) -> flask.Response:
        asked = read(request, self.documents)
        if request.method == "POST":
            return self._answer(request, asked, request_id, media_type)[0]
        tag = answers.etag(asked, media_type, self.revision())
        body = answers.kept_by(flask.current_app).get(tag)
        if body is None:
            response, is_whole = self._answer(request, asked, request_id, media_type, tag)
            if not is_whole:
                return response
        else:
            response = flask.Response(body, content_type=_content_type(media_type))
        response.headers["Cache-Control"] = "public, max-age=30, must-revalidate"
        response.set_etag(tag)
        response.make_conditional(request)
        return response

    def _answer(
        self, request: flask.Request, asked: GraphQLRequest, request_id: str, media_type: str, tag: str | None = None
    ) -> tuple[flask.Response, bool]:
        """The answer, charged in full even when it was kept, and whether it is free of errors."""
        caller = f"address:{request.remote_addr}"
        try:
            operation = self.plan(request, asked)
        except DocumentRefused as refused:
            headers = self.rate.charge(caller, 0)
            return respond_with(refused.answer(request_id), media_type, headers), False
        headers = self.rate.charge(caller, operation.shape.cost)
        kept = answers.kept_by(flask.current_app)
        tag = tag or answers.etag(asked, media_type, self.revision())
        body = None if operation.is_mutation else kept.get(tag)
        if body is not None:
            return _with_body(body, media_type, headers), True
        response, is_whole = self.run(asked, operation, Context(None, request_id, snapshot=self.snapshot()), media_type, headers)
        if is_whole and not operation.is_mutation:
            kept.keep(tag, response.get_data())
        return response, is_whole


@dataclass(frozen=True)
class Callers:
    """How a request on the staff address becomes an actor: by its session cookie, or by a bearer token."""

    by_session: Callable[[], Actor | None]
    by_token: Callable[[str], Actor | None] | None = None


class StaffEndpoint(Endpoint):
    """`/graphql/staff`: for people who are signed in and for programs with a token; never cached.

    A program may also read with GET; a page may not, since a cookie goes along with every link.
    """

    allowed = ("POST",)
    allowed_with_token = ("GET", "HEAD", "POST")

    def __init__(self, engine: Engine, documents: Documents, rate: Rate, callers: Callers) -> None:
        super().__init__(engine, documents, rate)
        self.callers = callers

    def methods_for(self, request: flask.Request) -> tuple[str, ...]:
        return self.allowed_with_token if "Authorization" in request.headers else self.allowed

    def respond(self, request: flask.Request, request_id: str, media_type: str) -> flask.Response:
        refuse_person_in_address(request)
        asked = read(request, self.documents)
        try:
            actor = actor_of(request, self.callers)
        except RequestRefused:
            self.rate.charge(f"address:{request.remote_addr}", 0)
            raise
        caller = f"user:{actor.user_id}" if actor.token_id is None else f"token:{actor.token_id}"
        try:
            operation = self.plan(request, asked)
            headers = self.rate.charge(caller, operation.shape.cost)
            response, _ = self.run(asked, operation, Context(actor, request_id), media_type, headers)
        except DocumentRefused as refused:
            headers = self.rate.charge(caller, 0)
            response = respond_with(refused.answer(request_id), media_type, headers)
        response.vary.add("Cookie")
        response.vary.add("Authorization")
        return response


def refuse_token_in_address(request: flask.Request) -> None:
    """Addresses are kept in logs, histories and referrers: a token in one is refused, whether it is good or not."""
    if "access_token" in request.args or holds_secret(unquote_to_bytes(request.query_string).decode("latin-1")):
        raise RequestRefused(400, "Token tidak boleh ada di alamat. Kirim lewat header Authorization, dan cabut yang terlanjur terkirim.")


def refuse_person_in_address(request: flask.Request) -> None:
    """A number of an employee stands in no address either, for the same reason."""
    if NIP.search(unquote_to_bytes(request.query_string).decode("latin-1")):
        raise RequestRefused(400, "NIP tidak boleh ada di alamat. Kirim lewat POST.")


def actor_of(request: flask.Request, callers: Callers) -> Actor:
    """Who sends the request. A cookie counts only when our own pages sent it; a token needs no cookie, and none is looked at."""
    refuse_token_in_address(request)
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        actor = callers.by_token(token.strip()) if callers.by_token and scheme.lower() == "bearer" else None
    else:
        if not is_same_origin(request) and request.cookies:
            raise RequestRefused(403, "Permintaan dengan cookie harus datang dari halaman SI PETRUK sendiri.", Code.FORBIDDEN)
        actor = callers.by_session()
    if actor is None:
        message = "Silakan masuk terlebih dahulu." if authorization is not None else why_nobody()
        raise RequestRefused(401, message, Code.UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
    return actor


def is_same_origin(request: flask.Request) -> bool:
    """Whether a page of this very origin sent the request: browsers say so and no page can make them lie."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def negotiated(request: flask.Request) -> str:
    """The form of the answer that the caller prefers; JSON when it names none."""
    if not request.headers.get("Accept", "").strip():
        return JSON
    named = [media for media, quality in request.accept_mimetypes if quality > 0 and media in {JSON, RESPONSE}]
    if named:
        return str(named[0])
    best = request.accept_mimetypes.best_match([JSON, RESPONSE])
    if best is None:
        raise RequestRefused(406, f"Jawaban hanya tersedia sebagai {RESPONSE} atau {JSON}.")
    return best


def respond_with(answer: Answer, media_type: str, headers: dict[str, str]) -> flask.Response:
    status = 200 if answer.has_data or media_type == JSON else 400
    return _with_body(encoded(answer.body()), media_type, headers, status)


def _with_body(body: bytes, media_type: str, headers: dict[str, str], status: int = 200) -> flask.Response:
    response = flask.Response(body, status, content_type=_content_type(media_type))
    response.headers.update(headers)
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8"


def _is_a_person_looking(request: flask.Request) -> bool:
    """Whether a browser opens the bare address: the page about the data tells more than an error would."""
    return request.method == "GET" and not request.query_string and "text/html" in request.headers.get("Accept", "")


def _no_content(allow: str) -> flask.Response:
    response = flask.Response(status=204, headers={"Allow": allow})
    response.headers.pop("Content-Type", None)
    return response
