"""What the pages of a work unit share: who may open them, one nomination, and the version that a page was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from sipetruk.errors import Forbidden, NotFound, Unauthenticated
from sipetruk.login import current_actor, why_nobody
from sipetruk.portal import given, source
from sipetruk.rules.permissions import UNIT_ROLES, Actor

LARGEST_VERSION = 2**31 - 1
Page = str | Response | tuple[str | Response, int]


def only_for_units() -> None:
    """Refuse whoever holds no role for a work unit; runs before each of these pages."""
    if not unit_actor().roles & UNIT_ROLES:
        raise Forbidden("Halaman ini untuk admin dan kepala perangkat daerah.")


def unit_actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Unauthenticated(why_nobody())
    return actor


def load(nomination_id: str) -> dict[str, Any]:
    """One nomination with its answers by code; `NotFound` when it is not there or not the reader's to see."""
    nomination = source.staff("Nomination", id=nomination_id)["nomination"]
    if nomination is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Usulan")
    signed = nomination["endorsement"]
    return {
        "nomination": nomination,
        "answers": given.stored(nomination["answers"]),
        "head_values": given.stored(signed["values"]) if signed else {},
    }


def is_confirmed() -> bool:
    """Whether the person said yes to the question before what cannot be undone, on its page or to `static/ask.js`."""
    return request.form.get("confirmed") == "1"


def expected_version() -> int:
    """The version that the page was made from."""
    text = request.form.get("expected_version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= LARGEST_VERSION):
        raise BadRequest
    return int(text)


def lost_files(inputs: Mapping[str, Sequence[str]]) -> source.Problems:
    """What to say of files that came with a form which is shown again: they have to be chosen once more. `inputs`: path by name."""
    return [
        {"message": f"Berkas “{file.filename}” belum tersimpan. Pilih kembali berkasnya.", "path": [*path], "code": "BAD_USER_INPUT"}
        for name, path in inputs.items()
        for file in request.files.getlist(name)
        if file.filename
    ]


def wants_json() -> bool:
    """Whether a script sent the form and waits for data."""
    return request.accept_mimetypes.best == "application/json"


def is_conflict(problems: source.Problems) -> bool:
    return any(each["code"] == "CONFLICT" for each in problems)
