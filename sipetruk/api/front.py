"""Answers GETs of the public address that were answered before, ahead of Flask: WSGI middleware.

An answer is kept while the revision of all that is public stays the same; its strong tag names it. The first time Flask
answers, and whatever is no whole public answer goes out as Flask made it and is not kept. What is said to a question that was
put before in the very same words lies ready.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from werkzeug.http import parse_etags

from sipetruk.api.codings import coding, packed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers: TypeAlias = list[tuple[str, str]]
Asked: TypeAlias = tuple[str, str, str, str]
"""What an answer depends on: the address's spelling, `Accept`, and the scheme, ours and the one that a proxy tells."""
Question: TypeAlias = tuple[str, str, str, str, str, str, str]
"""The same with what its form depends on: method, `Accept-Encoding` and `If-None-Match`."""

MOST_BYTES = 16 * 1024 * 1024
LARGEST_KEPT = 512 * 1024
MOST_SPELLINGS = 1_000
LONGEST_SPELLING = 8_000
"""How many questions are remembered, and how long one may be; different ones often ask for the same answer."""
LONGEST_CODING = 200
CONDITIONS = ("IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_MATCH", "IF_UNMODIFIED_SINCE", "RANGE", "IF_RANGE")
UNCHANGED = "304 NOT MODIFIED"
OF_UNCHANGED = {"cache-control", "content-location", "etag", "expires", "vary", "access-control-allow-origin"}
"""What a 304 carries (RFC 9110, 15.4.5), and who may read it. All else stands with the answer that the reader has (RFC 9111, 3.2)."""
OF_ONE_ANSWER = ("x-request-id", "ratelimit-", "date", "set-cookie")
"""How headers begin that belong to a single answer and are never kept."""


@dataclass(frozen=True)
class Form:
    """One form of an answer, ready to be sent."""

    tag: str
    headers: Headers
    body: bytes

    @cached_property
    def unchanged(self) -> Headers:
        """The headers for a reader who has this form already: those that say for how long, and to whom."""
        return [(name, value) for name, value in self.headers if name.lower() in OF_UNCHANGED]


class Ready(NamedTuple):
    """What is said to a question for as long as the revision holds; but for the name of its request a 200 is complete."""

    revision: str
    status: str
    headers: Headers
    body: list[bytes]


class Kept:
    """An answer with its forms; each is made once, when somebody first asks for it."""

    def __init__(self, tag: str, headers: Headers, body: bytes) -> None:
        left_out = (*OF_ONE_ANSWER, "etag", "vary", "content-length")
        self._headers = [(name, value) for name, value in headers if not name.lower().startswith(left_out)]
        self._vary = ", ".join([*(value for name, value in headers if name.lower() == "vary"), "Accept-Encoding"])
        self._tag = tag
        self._forms: dict[str, Form] = {}
        self.body = body

    def form(self, by: str) -> Form:
        """The answer packed by a coding; as it is for "", and where packing is not worth it."""
        if by not in self._forms:
            body = packed(self.body, by) if by else None
            if body is not None:
                self._forms[by] = self._form(f'"{self._tag}-{by}"', body, [("Content-Encoding", by)])
            else:
                self._forms[by] = self.form("") if by else self._form(f'"{self._tag}"', self.body, [])
        return self._forms[by]

    def _form(self, tag: str, body: bytes, more: Headers) -> Form:
        own = [("ETag", tag), ("Vary", self._vary), ("Content-Length", str(len(body)))]
        return Form(tag, [*self._headers, *more, *own], body)


class Shelf:
    """What is kept of one revision: by its tag, and under every spelling by which it was asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clear("")

    def find(self, revision: str, asked: Asked) -> Kept | None:
        return self._asked.get(asked) if revision == self._revision else None

    def keep(self, revision: str, asked: Asked, made: Kept, tag: str) -> Kept:
        with self._lock:
            if revision != self._revision or len(self._asked) >= MOST_SPELLINGS:
                self._clear(revision)
            found = self._by_tag.get(tag)
            if found is None:
                if self._bytes + len(made.body) > MOST_BYTES:
                    self._clear(revision)
                found = self._by_tag[tag] = made
                self._bytes += len(made.body)
            self._asked[asked] = found
            return found

    def remember(self, question: Question, ready: Ready) -> None:
        with self._lock:
            if ready.revision == self._revision:
                if len(self.ready) >= MOST_SPELLINGS:
                    self.ready.clear()
                self.ready[question] = ready

    def _clear(self, revision: str) -> None:
        self._asked: dict[Asked, Kept] = {}
        self._by_tag: dict[str, Kept] = {}
        self.ready: dict[Question, Ready] = {}
        self._bytes = 0
        self._revision = revision


class AnswersInFront:
    """The middleware: `revision` says what holds now (None: unknown, so Flask answers), `request_id` names a request."""

    def __init__(
        self, app: WSGIApplication, path: str, revision: Callable[[], str | None], request_id: Callable[[WSGIEnvironment], str]
    ) -> None:
        self.app = app
        self.path = path
        self.revision = revision
        self.request_id = request_id
        self.shelf = Shelf()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != self.path:
            return self.app(environ, start_response)
        get = environ.get
        question = (
            get("QUERY_STRING", ""),
            get("HTTP_ACCEPT", ""),
            environ["wsgi.url_scheme"],
            get("HTTP_X_FORWARDED_PROTO", ""),
            environ["REQUEST_METHOD"],
            get("HTTP_ACCEPT_ENCODING", ""),
            get("HTTP_IF_NONE_MATCH", ""),
        )
        ready = self.shelf.ready.get(question)
        if ready is None or ready.revision != self.revision():
            return self._answer(environ, start_response, question)
        return self._said(ready, environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse, question: Question) -> Iterable[bytes]:
        """The answer to what does not lie ready: from the shelf, or from Flask."""
        spelling, accept, scheme, told, method, *_ = question
        asked = spelling, accept, scheme, told
        may_be_kept = method in {"GET", "HEAD"} and spelling and sum(map(len, asked)) <= LONGEST_SPELLING
        revision = self.revision() if may_be_kept else None
        if revision is None:
            return self.app(environ, start_response)
        kept = self.shelf.find(revision, asked)
        if kept is not None:
            return self._said(self._ready(revision, kept, question), environ, start_response)
        status, headers, body = self._from_flask(environ)
        kept = self._kept(revision, asked, status, headers, body)
        if kept is None:
            start_response(status, headers)
            return [body] if method == "GET" else []
        ready = self._ready(revision, kept, question)
        start_response(ready.status, ready.headers + [(name, value) for name, value in headers if name.lower().startswith(OF_ONE_ANSWER)])
        return ready.body

    def _said(self, ready: Ready, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """A 304 names no request: a cache would write that name over the one of the answer that it has."""
        named = [] if ready.status == UNCHANGED else [("X-Request-Id", self.request_id(environ))]
        start_response(ready.status, ready.headers + named)
        return ready.body

    def _ready(self, revision: str, kept: Kept, question: Question) -> Ready:
        """What is said to the question; remembered unless its reader names tags that are none, or old ones."""
        *_, method, accepted, known = question
        form = kept.form(coding(accepted))
        if known and (known == form.tag or parse_etags(known).contains_weak(form.tag[1:-1])):
            ready = Ready(revision, UNCHANGED, form.unchanged, [])
        else:
            ready = Ready(revision, "200 OK", form.headers, [form.body] if method == "GET" else [])
        if known in {"", form.tag} and len(accepted) <= LONGEST_CODING:
            self.shelf.remember(question, ready)
        return ready

    def _from_flask(self, environ: WSGIEnvironment) -> tuple[str, Headers, bytes]:
        """Flask's whole answer to the same question asked without conditions."""
        asked = {name: value for name, value in environ.items() if name.removeprefix("HTTP_") not in CONDITIONS}
        asked["REQUEST_METHOD"] = "GET"
        begun: list[Any] = []
        written: list[bytes] = []

        def begin(status: str, headers: Headers, _: object = None, /) -> Callable[[bytes], object]:
            begun[:] = [status, headers]
            return written.append

        answer = self.app(asked, begin)
        try:
            written.extend(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return begun[0], begun[1], b"".join(written)

    def _kept(self, revision: str, asked: Asked, status: str, headers: Headers, body: bytes) -> Kept | None:
        """The answer, kept when anybody may have it for as long as the revision holds; None for every other one."""
        named = {name.lower(): value for name, value in headers}
        tag = named.get("etag", "").strip('"')
        is_public = status.startswith("200") and tag and named.get("cache-control", "").startswith("public")
        if not is_public or "set-cookie" in named or len(body) > LARGEST_KEPT or self.revision() != revision:
            return None
        return self.shelf.keep(revision, asked, Kept(tag, headers, body), tag)
