"""Takes the cookies off every request to the public address before anything can read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class WithoutCookies:
    """WSGI middleware: an answer that anybody may keep must not know, nor renew, somebody's session."""

    def __init__(self, app: WSGIApplication, path: str) -> None:
        self.app = app
        self.path = path

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == self.path:
            environ.pop("HTTP_COOKIE", None)
        return self.app(environ, start_response)
