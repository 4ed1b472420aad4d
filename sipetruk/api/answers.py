"""Answers without errors, kept under the key that makes them what they are: public ones, and those about a schema."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict

from flask import Flask

from sipetruk.api.request import GraphQLRequest

MOST_KEPT = 16_384
"""Small bodies weigh less than what surrounds them."""
MOST_BYTES = 16 * 1024 * 1024
LARGEST_KEPT = 512 * 1024
LANGUAGE = "id"


def etag(asked: GraphQLRequest, media_type: str, revision: str) -> str:
    """The strong tag of the answer: document, variables, language, form of the answer and public revision."""
    parts = [asked.source, asked.variables, asked.operation_name, LANGUAGE, media_type, revision]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()[:40]


def kept_by(app: Flask) -> Answers:
    """The answers that this application keeps in its process."""
    found: Answers = app.extensions.setdefault(__name__, Answers())
    return found


class Answers:
    """The latest bodies by their tag; a tag names one body for ever, so nothing here is ever out of date."""

    def __init__(self, *, most: int = MOST_KEPT, most_bytes: int = MOST_BYTES, largest: int = LARGEST_KEPT) -> None:
        self.most = most
        self.most_bytes = most_bytes
        self.largest = largest
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, tag: str) -> bytes | None:
        with self._lock:
            body = self._bodies.get(tag)
            if body is not None:
                self._bodies.move_to_end(tag)
            return body

    def keep(self, tag: str, body: bytes) -> None:
        if len(body) > self.largest:
            return
        with self._lock:
            self._bytes += len(body) - len(self._bodies.pop(tag, b""))
            self._bodies[tag] = body
            while self._bytes > self.most_bytes or len(self._bodies) > self.most:
                self._bytes -= len(self._bodies.popitem(last=False)[1])
