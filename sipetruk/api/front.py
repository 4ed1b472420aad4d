"""Answers GETs of the public address that were answered before, ahead of Flask: WSGI middleware.

An answer is kept while the revision of all that is public stays the same; its strong tag names it. The first time Flask
answers, and whatever is no whole public answer goes out as Flask made it and is not kept.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from werkzeug.http import parse_etags

from sipetruk.api.codings import packed, takes_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers: TypeAlias = list[tuple[str, str]]
Asked: TypeAlias = tuple[str, str, str]

MOST_BYTES = 16 * 1024 * 1024
LARGEST_KEPT = 512 * 1024
MOST_SPELLINGS = 1_000
LONGEST_SPELLING = 8_000
"""How many addresses are remembered, and how long one may be; different ones often ask for the same answer."""
CONDITIONS = ("IF_NONE_MATCH", "IF_MODIFIED_SINCE", "IF_MATCH", "IF_UNMODIFIED_SINCE", "RANGE", "IF_RANGE")
OF_UNCHANGED = ("cache-control", "etag", "vary", "access-control-")
"""How headers begin that a 304 carries; the others stand with the answer that the reader has."""
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
        return [(name, value) for name, value in self.headers if name.lower().startswith(OF_UNCHANGED)]


class Kept:
    """An answer with its forms; each is made once, when somebody first asks for it."""

    def __init__(self, tag: str, headers: Headers, body: bytes) -> None:
        left_out = (*OF_ONE_ANSWER, "etag", "vary", "content-length")
        self._headers = [(name, value) for name, value in headers if not name.lower().startswith(left_out)]
        self._vary = ", ".join([*(value for name, value in headers if name.lower() == "vary"), "Accept-Encoding"])
        self._tag = tag
        self.body = body

    @cached_property
    def plain(self) -> Form:
        return self._form(f'"{self._tag}"', self.body, [])

    @cached_property
    def gzip(self) -> Form:
        body = packed(self.body)
        if body is None:
            return self.plain
        return self._form(f'"{self._tag}-gzip"', body, [("Content-Encoding", "gzip")])

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

    def _clear(self, revision: str) -> None:
        self._asked: dict[Asked, Kept] = {}
        self._by_tag: dict[str, Kept] = {}
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
        if environ.get("PATH_INFO") != self.path or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self.app(environ, start_response)
        spelling = environ.get("QUERY_STRING", "")
        revision = self.revision() if 0 < len(spelling) <= LONGEST_SPELLING else None
        if revision is None:
            return self.app(environ, start_response)
        asked = (spelling, environ.get("HTTP_ACCEPT", ""), environ["wsgi.url_scheme"])
        kept, more = self.shelf.find(revision, asked), None
        if kept is None:
            status, headers, body = self._from_flask(environ)
            kept = self._kept(revision, asked, status, headers, body)
            if kept is None:
                start_response(status, headers)
                return [body] if environ["REQUEST_METHOD"] == "GET" else []
            more = [(name, value) for name, value in headers if name.lower().startswith(OF_ONE_ANSWER)]
        return self._send(environ, start_response, kept, more)

    def _send(self, environ: WSGIEnvironment, start_response: StartResponse, kept: Kept, more: Headers | None) -> Iterable[bytes]:
        form = kept.gzip if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else kept.plain
        if more is None:
            more = [("X-Request-Id", self.request_id(environ))]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (known == form.tag or parse_etags(known).contains_weak(form.tag[1:-1])):
            start_response("304 NOT MODIFIED", form.unchanged + more)
            return []
        start_response("200 OK", form.headers + more)
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

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
