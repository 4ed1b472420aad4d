"""Files in pieces, after the tus protocol 1.0 (https://tus.io/protocols/resumable-upload): creation, expiration, checksum, termination.

A refusal by rule answers 422 with `userErrors` as an ordinary upload has them; another's upload, an unknown and an expired one
are 404 alike.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from email.utils import format_datetime

import flask

from sipetruk.api import ids
from sipetruk.api.encoding import encoded
from sipetruk.api.faults import RequestRefused
from sipetruk.api.uploads import UPLOADS_PATH, answer, sender, user_errors
from sipetruk.api.view import JSON, Callers
from sipetruk.errors import Forbidden, NotFound, Refusal, TooManyAttempts, Unauthenticated
from sipetruk.queries import settings
from sipetruk.rules.permissions import Actor
from sipetruk.services import uploads
from sipetruk.services.parts import Full, Moved

RESUMABLE_PATH = f"{UPLOADS_PATH}/tus"
VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,checksum,termination"
PIECE_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 2000
STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (Moved, 409),
    (uploads.Damaged, 460),
    (Full, 507),
    (TooManyAttempts, 429),
    (Refusal, 422),
)
"""The first kind that fits decides; 460 is the protocol's own."""
_NUMBER = re.compile(r"\d{1,15}", re.ASCII)


def add_resumable(app: flask.Flask, callers: Callers) -> None:
    """The addresses; a browser and a program prove themselves as for an ordinary upload."""
    blueprint = flask.Blueprint("resumable", __name__)
    methods = ["HEAD", "PATCH", "DELETE", "POST", "OPTIONS"]

    @blueprint.route(RESUMABLE_PATH, methods=["POST", "OPTIONS"], provide_automatic_options=False)
    def begin() -> flask.Response:
        return _answer({"POST": lambda: _begin(sender(callers))})

    @blueprint.route(f"{RESUMABLE_PATH}/<upload_id>", methods=methods, provide_automatic_options=False)
    def go_on(upload_id: str) -> flask.Response:
        acts = {
            "HEAD": lambda: _show(sender(callers), upload_id),
            "PATCH": lambda: _append(sender(callers), upload_id),
            "DELETE": lambda: _cancel(sender(callers), upload_id),
        }
        return _answer(acts)

    app.register_blueprint(blueprint)
    if "csrf" in app.extensions:
        app.extensions["csrf"].exempt(blueprint)  # `sender` asks for it, except of a program with a bearer token


def _answer(acts: dict[str, Callable[[], flask.Response]]) -> flask.Response:
    """What the method asks for; some programs and proxies can only POST and name the method in a header."""
    request = flask.request
    method = request.headers.get("X-HTTP-Method-Override", request.method) if request.method == "POST" else request.method
    if method == "OPTIONS":
        response = _offer()
    elif request.headers.get("Tus-Resumable") != VERSION:
        response = answer(lambda: _refuse(412, f"Alamat ini memakai protokol tus {VERSION}: kirim header Tus-Resumable."))
        response.headers["Tus-Version"] = VERSION
    else:
        act = acts.get(method) or (lambda: _refuse(405, "Metode ini tidak dilayani di sini."))
        response = answer(lambda: _refusing(act))
        if response.status_code == 405:
            response.headers["Allow"] = ", ".join((*acts, "OPTIONS"))
    response.headers["Tus-Resumable"] = VERSION
    return response


def _refuse(status: int, message: str) -> flask.Response:
    raise RequestRefused(status, message)


def _refusing(act: Callable[[], flask.Response]) -> flask.Response:
    try:
        return act()
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        status = next(status for kind, status in STATUS if isinstance(refusal, kind))
        body = encoded({"evidenceId": None, "userErrors": user_errors(refusal.problems)})
        return flask.Response(body, status, content_type=f"{JSON}; charset=utf-8")


def _offer() -> flask.Response:
    response = _empty(204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(_largest())
    response.headers["Tus-Checksum-Algorithm"] = ",".join(uploads.ALGORITHMS)
    return response


def _begin(actor: Actor) -> flask.Response:
    size = _number("Upload-Length")
    if size > _largest():
        raise RequestRefused(413, "Berkas terlalu besar.")
    raw = flask.request.headers.get("Upload-Metadata", "")
    told = _metadata(raw)
    announced = uploads.Announced(
        purpose=told.get("purpose", uploads.EVIDENCE),
        nomination_id=ids.number(told.get("nominationId", ""), "Nomination", "Usulan"),
        requirement=told.get("requirement", ""),
        filename=told.get("filename", ""),
        size=size,
        metadata=raw,
    )
    begun = uploads.begin(actor, announced=announced)
    response = _standing(begun, 201)
    response.headers["Location"] = f"{RESUMABLE_PATH}/{begun.id}"
    response.headers["SIPetruk-Piece"] = str(settings.number("upload_piece_kb") * 1024)
    return response


def _show(actor: Actor, upload_id: str) -> flask.Response:
    found = uploads.progress(actor, upload_id=upload_id)
    response = _standing(found, 200)
    response.headers["Upload-Length"] = str(found.size)
    if found.metadata:
        response.headers["Upload-Metadata"] = found.metadata
    return response


def _append(actor: Actor, upload_id: str) -> flask.Response:
    if flask.request.mimetype != PIECE_TYPE:
        raise RequestRefused(415, f"Potongan berkas dikirim sebagai {PIECE_TYPE}.")
    offset, checksum = _number("Upload-Offset"), _checksum(flask.request.headers.get("Upload-Checksum"))
    stream = flask.request.stream
    return _standing(uploads.append(actor, upload_id=upload_id, offset=offset, stream=stream, checksum=checksum), 204)


def _cancel(actor: Actor, upload_id: str) -> flask.Response:
    uploads.cancel(actor, upload_id=upload_id)
    return _empty(204)


def _standing(progress: uploads.Progress, status: int) -> flask.Response:
    response = _empty(status)
    response.headers["Upload-Offset"] = str(progress.offset)
    response.headers["SIPetruk-Upload"] = ids.encode("Upload", progress.id)
    if progress.evidence_id is not None:
        response.headers["SIPetruk-Evidence"] = ids.encode("Evidence", progress.evidence_id)
    else:
        response.headers["Upload-Expires"] = format_datetime(progress.expires_at, usegmt=True)
    return response


def _empty(status: int) -> flask.Response:
    response = flask.Response(status=status)
    response.headers.pop("Content-Type", None)
    return response


def _largest() -> int:
    return int(flask.current_app.config["SETTINGS"].max_upload_mb) * 1024 * 1024


def _number(header: str) -> int:
    text = flask.request.headers.get(header, "")
    if not _NUMBER.fullmatch(text):
        raise RequestRefused(400, f"Header {header} wajib berisi bilangan bulat.")
    return int(text)


def _metadata(raw: str) -> dict[str, str]:
    """Pairs of a name and a text in Base64."""
    pairs = [each.strip().partition(" ") for each in raw.split(",") if each.strip()]
    try:
        found = {name: base64.b64decode(value.strip(), validate=True).decode() for name, _, value in pairs}
    except ValueError:
        found = {}
    if len(found) != len(pairs) or len(raw) > LONGEST_METADATA:
        raise RequestRefused(400, "Header Upload-Metadata berisi pasangan nama dan teks Base64, dipisah koma.")
    return found


def _checksum(given: str | None) -> uploads.Checksum | None:
    if given is None:
        return None
    algorithm, _, digest = given.partition(" ")
    try:
        decoded = base64.b64decode(digest.strip(), validate=True)
    except binascii.Error:
        decoded = b""
    if algorithm not in uploads.ALGORITHMS or not decoded:
        raise RequestRefused(400, f"Header Upload-Checksum berisi {' atau '.join(uploads.ALGORITHMS)} dan nilainya dalam Base64.")
    return uploads.Checksum(algorithm, decoded)
