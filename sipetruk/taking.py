"""How a process of the server takes requests: read side by side, answered one at a time.

Whoever sends slowly then keeps nobody waiting, and the interpreter, SQLite and whoever waits for an answer are spared threads
that take turns in the middle of it.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

READERS = 32
"""So many requests a process reads at a time, unless a proxy gathers them."""
WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}
IN_MEMORY = 512 * 1024
CHUNK = 64 * 1024


def readers(trusted_proxies: int) -> int:
    """How many threads a process reads requests with: one behind a proxy, which hands on whole ones: others make answers dearer."""
    return 1 if trusted_proxies else READERS


class Whole:
    """WSGI middleware: a body that ends before the length that was stated for it is missed (400), and not taken for all of it.

    The server says that its bodies end by themselves, which is so for those of no stated length.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return self.app(environ, start_response)


class OneAtATime:
    """WSGI middleware: gathers the body of a request, then waits for its turn. A body larger than `most` bytes is left unread."""

    def __init__(self, app: WSGIApplication, most: int) -> None:
        self.app = app
        self.most = most
        self._turn = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or self.most + 1)  # of an unknown length: one more than anybody may send
        is_bare = environ["REQUEST_METHOD"] in WITHOUT_BODY
        if is_bare:  # what may come with it all the same is nobody's: reading it would hold the turn
            environ["wsgi.input"] = io.BytesIO()
            environ.pop("CONTENT_LENGTH", None)
        if is_bare or length > self.most + 1:
            with self._turn:
                return self.app(environ, start_response)
        body = environ["wsgi.input"] = _gathered(environ["wsgi.input"], length)
        try:
            with self._turn:
                return ClosingIterator(self.app(environ, start_response), body.close)
        except BaseException:
            body.close()
            raise


def _gathered(source: IO[bytes], most: int) -> IO[bytes]:
    """What comes of a body, up to so many bytes; of one that breaks off what had come: `Whole` sees that more was stated."""
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever asked for it closes it
    left = most
    while left > 0 and (chunk := _next(source, min(CHUNK, left))):
        body.write(chunk)
        left -= len(chunk)
    body.seek(0)
    return body


def _next(source: IO[bytes], most: int) -> bytes:
    """The next bytes; none where the sender has gone."""
    try:
        return source.read(most)
    except OSError:
        return b""
