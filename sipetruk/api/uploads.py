"""Files: evidence and empty forms uploaded by an ordinary POST that answers JSON, and the download of what the actor may read."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import flask
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from sipetruk import imports
from sipetruk.api import ids
from sipetruk.api.encoding import encoded
from sipetruk.api.faults import Code, RequestRefused
from sipetruk.api.view import JSON, Callers, actor_of
from sipetruk.errors import Forbidden, Invalid, Problem, Refusal, Unauthenticated
from sipetruk.login import why_nobody
from sipetruk.rules.permissions import Actor
from sipetruk.services import evidence, results, templates

UPLOADS_PATH = "/graphql/staff/uploads"
TEMPLATES_PATH = "/graphql/staff/templates"
DECREES_PATH = "/graphql/staff/decrees"
IMPORTS_PATH = "/graphql/staff/imports"
INLINE = frozenset({"application/pdf", "image/png", "image/jpeg"})
SANDBOX = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Received:
    """What became of an upload: the global id of the evidence, or what was wrong with it."""

    evidence_id: str | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Stored:
    """What became of an empty form: the new row version of its draft, or what was wrong with it."""

    version: int | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What a file of the personnel system did to what is on record, or what was wrong with it, row by row."""

    saved: imports.Saved | None
    problems: tuple[Problem, ...] = ()


def receive(actor: Actor, nomination_id: str, requirement: str, file: FileStorage | None) -> Received:
    """Attach an uploaded file to the nomination with this global id; a refusal by rule is an answer, not an exception."""
    try:
        number = ids.number(nomination_id, "Nomination", "Usulan")
        if file is None or not file.filename:
            raise Invalid("Pilih berkas yang akan diunggah.", "file")
        stored = evidence.store(actor, nomination_id=number, requirement=requirement, filename=file.filename, stream=file.stream)
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return Received(None, refusal.problems)
    return Received(ids.encode("Evidence", stored))


def receive_template(actor: Actor, version_id: str, requirement: str, expected_version: str, file: FileStorage | None) -> Stored:
    """Give a piece of evidence or a file question of a draft its form to fill in; the new row version, or what was wrong."""
    try:
        number = ids.number(version_id, "InstrumentVersion", "Versi instrumen")
        if file is None or not file.filename:
            raise Invalid("Pilih berkas yang akan diunggah.", "file")
        if not re.fullmatch(r"\d{1,9}", expected_version, re.ASCII):
            raise Invalid("Versi data draf wajib disebut.", "expectedVersion")
        version = templates.store(
            actor,
            version_id=number,
            requirement=requirement,
            filename=file.filename,
            stream=file.stream,
            expected_version=int(expected_version),
        )
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return Stored(None, refusal.problems)
    return Stored(version)


def receive_personnel(actor: Actor, kind: str, file: FileStorage | None, is_dry_run: str) -> Loaded:
    """Take in a CSV file of the personnel system, or only try it; every bad row is named, and then nothing is saved."""
    try:
        if kind not in imports.KINDS:
            raise Invalid("Jenis berkas tidak dikenal.", "kind")
        if file is None or not file.filename:
            raise Invalid("Pilih berkas yang akan dimuat.", "file")
        if is_dry_run not in {"true", "false", ""}:  # a trial that is misspelt must not load anything
            raise Invalid("Isi `true` atau `false`.", "isDryRun")
        saved = imports.load(actor, kind, file.stream.read(), dry_run=is_dry_run == "true")
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return Loaded(None, refusal.problems)
    return Loaded(saved)


def receive_decree(actor: Actor, determination_id: str, file: FileStorage | None) -> tuple[Problem, ...]:
    """Keep the signed decree of a determination; what was wrong with it, if anything was."""
    try:
        number = ids.number(determination_id, "Determination", "Penetapan")
        if file is None or not file.filename:
            raise Invalid("Pilih berkas yang akan diunggah.", "file")
        results.attach_decree(actor, determination_id=number, filename=file.filename, stream=file.stream)
    except (Forbidden, Unauthenticated):
        raise
    except Refusal as refusal:
        return refusal.problems
    return ()


def send(opened: evidence.OpenedFile, *, is_inline: bool = False) -> flask.Response:
    """A file out of the evidence store, so that a browser neither guesses what it is nor runs anything in it.

    What is shown may stand in a frame of our own pages, nowhere else; what is downloaded in none.
    """
    response = flask.send_file(
        opened.path, mimetype=opened.media_type, as_attachment=not is_inline, download_name=opened.filename, max_age=0
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    ancestors, old_words = ("'self'", "SAMEORIGIN") if is_inline else ("'none'", "DENY")
    response.headers["Content-Security-Policy"] = f"{SANDBOX}; frame-ancestors {ancestors}"
    response.headers["X-Frame-Options"] = old_words
    return response


def add_evidence(app: flask.Flask, callers: Callers) -> None:
    """The addresses. A browser sends the token of its form and comes from our own pages; a program sends its bearer token."""
    blueprint = flask.Blueprint("evidence", __name__)

    @blueprint.post(UPLOADS_PATH)
    def upload() -> flask.Response:
        return answer(lambda: _upload(callers))

    @blueprint.post(TEMPLATES_PATH)
    def upload_template() -> flask.Response:
        return answer(lambda: _upload_template(callers))

    @blueprint.post(IMPORTS_PATH)
    def upload_personnel() -> flask.Response:
        return answer(lambda: _upload_personnel(callers))

    @blueprint.post(DECREES_PATH)
    def upload_decree() -> flask.Response:
        return answer(lambda: _upload_decree(callers))

    @blueprint.get("/sk/<determination_id>")
    def download_decree(determination_id: str) -> flask.Response:
        actor = _reader(callers)
        opened = results.open_decree(actor, ids.number(determination_id, "Determination", "Berkas SK"))
        return send(opened, is_inline=flask.request.args.get("tampil") == "1")

    @blueprint.get("/bukti/<evidence_id>")
    def download(evidence_id: str) -> flask.Response:
        actor = _reader(callers)
        opened = evidence.open_file(actor, ids.number(evidence_id, "Evidence", "Berkas bukti"))
        return send(opened, is_inline=flask.request.args.get("tampil") == "1" and opened.media_type in INLINE)

    app.register_blueprint(blueprint)
    if "csrf" in app.extensions:
        for view in (upload, upload_template, upload_personnel, upload_decree):
            app.extensions["csrf"].exempt(view)  # `_sent` asks for it, except of a program with a bearer token


def _reader(callers: Callers) -> Actor:
    """Who opens a file: a person with a session from anywhere, or a program with a token."""
    if "Authorization" in flask.request.headers:
        try:
            return actor_of(flask.request, callers)
        except RequestRefused as refused:
            flask.abort(refused.status)
    actor = callers.by_session()
    if actor is None:
        raise Unauthenticated(why_nobody())
    return actor


def _upload(callers: Callers) -> flask.Response:
    actor, form, file = _sent(callers)
    received = receive(actor, form.get("nominationId", ""), form.get("requirement", ""), file)
    return _said({"evidenceId": received.evidence_id}, received.problems)


def _upload_template(callers: Callers) -> flask.Response:
    actor, form, file = _sent(callers)
    stored = receive_template(actor, form.get("versionId", ""), form.get("requirement", ""), form.get("expectedVersion", ""), file)
    return _said({"version": stored.version}, stored.problems)


def _upload_personnel(callers: Callers) -> flask.Response:
    actor, form, file = _sent(callers)
    loaded = receive_personnel(actor, form.get("kind", ""), file, form.get("isDryRun", ""))
    return _said({"saved": None if loaded.saved is None else asdict(loaded.saved)}, loaded.problems)


def _upload_decree(callers: Callers) -> flask.Response:
    actor, form, file = _sent(callers)
    problems = receive_decree(actor, form.get("determinationId", ""), file)
    return _said({"determinationId": None if problems else form["determinationId"]}, problems)


def _sent(callers: Callers) -> tuple[Actor, Mapping[str, str], FileStorage | None]:
    """Who sends, the fields, and the file."""
    actor = sender(callers)
    try:
        return actor, flask.request.form, flask.request.files.get("file")
    except RequestEntityTooLarge:
        raise RequestRefused(413, "Berkas terlalu besar.") from None


def sender(callers: Callers) -> Actor:
    """Who sends a file. A page of ours sends the token of its form as well, a program has none."""
    actor = actor_of(flask.request, callers)
    if "Authorization" not in flask.request.headers and "csrf" in flask.current_app.extensions:
        flask.current_app.extensions["csrf"].protect()
    return actor


def _said(done: dict[str, object], problems: tuple[Problem, ...]) -> flask.Response:
    return flask.Response(encoded(done | {"userErrors": user_errors(problems)}), content_type=f"{JSON}; charset=utf-8")


def user_errors(problems: tuple[Problem, ...]) -> list[dict[str, object]]:
    return [{"message": each.message, "path": list(each.path), "code": each.code} for each in problems]


def answer(respond: Callable[[], flask.Response]) -> flask.Response:
    """The answer, or the refusal in the form of every error of the API."""
    request_id = str(flask.g.get("request_id") or uuid.uuid4().hex)
    try:
        response = respond()
    except RequestRefused as refused:
        response = _error(refused.status, refused.message, refused.code, request_id)
    except Forbidden as refusal:
        response = _error(403, refusal.message, Code.FORBIDDEN, request_id)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _error(status: int, message: str, code: Code, request_id: str) -> flask.Response:
    body = {"errors": [{"message": message, "extensions": {"code": code.value, "requestId": request_id}}]}
    return flask.Response(encoded(body), status, content_type=f"{JSON}; charset=utf-8")
