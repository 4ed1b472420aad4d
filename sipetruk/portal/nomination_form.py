"""The form of a nomination: in steps or on one page, saved by its button or by itself, and what was typed when it cannot be saved."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from sipetruk.api import uploads
from sipetruk.errors import NotFound, Problem, Refusal
from sipetruk.login import current_actor
from sipetruk.portal import given, source
from sipetruk.portal.given import Field, Given
from sipetruk.portal.unit import Page, expected_version, is_conflict, load, only_for_units, unit_actor, wants_json
from sipetruk.portal.words import clock_text

blueprint = Blueprint("form", __name__, url_prefix="/usulan")
blueprint.before_request(only_for_units)

SESSION_ENDED = "Sesi Anda sempat berakhir, jadi isian ini belum tersimpan. Periksa, lalu simpan sekali lagi."


@dataclass(frozen=True)
class Part:
    """A step of the form: its questions, those that depend on other steps only as far as they are asked; 0 is the whole form."""

    number: int
    title: str
    fields: Sequence[Field]


@blueprint.get("/<nomination_id>/isian")
@blueprint.get("/<nomination_id>/isian/<int:part>")
def answers(nomination_id: str, part: int = 0) -> Page:
    shown = load(nomination_id)
    return _page(shown, _part(shown, part), [], shown["nomination"]["version"])


@blueprint.post("/<nomination_id>/isian")
@blueprint.post("/<nomination_id>/isian/<int:part>")
def save_answers(nomination_id: str, part: int = 0) -> Page:
    shown, version = load(nomination_id), expected_version()
    here = _part(shown, part)
    typed = given.typed(here.fields, request.form)
    merged = {**shown["answers"], **typed}
    if wants_json():
        return _save_itself(shown, merged, version)
    inputs, problems = given.as_input(shown["nomination"]["form"]["fields"], merged, "answers")
    if request.form.get("then") != "edit" and not problems:
        _, problems = source.act("NominationAnswersSave", nominationId=nomination_id, answers=inputs, expectedVersion=version)
        if not problems:
            problems = _change_files(nomination_id, shown["nomination"]["form"]["fields"])
            if not problems:
                return _after_saving(nomination_id, here)
            shown = load(nomination_id)  # the answers are saved, a file with them is not
            return _page(shown, here, problems, shown["nomination"]["version"])
        if is_conflict(problems):
            again = given.pairs(request.form)
            return render_template("nomination/conflict.html", **load(nomination_id), part=here, typed=typed, pairs=again), 409
    shown["answers"] = merged
    return _page(shown, here, problems, version)


@blueprint.errorhandler(CSRFError)
def keep_what_was_typed(error: CSRFError) -> Page:
    """The session ended while somebody was filling in: the text comes back in its form, or waits on a page until they sign in.

    Only for a form that came from a page of ours: what another site sends is shown to nobody.
    """
    if wants_json():
        return jsonify(message=SESSION_ENDED), 401
    if request.endpoint == "form.save_answers" and _is_ours():
        with contextlib.suppress(Refusal, BadRequest):
            return _kept(dict(request.view_args or {}))
    handler: Any = current_app.error_handler_spec[None][error.code][CSRFError]
    page: Page = handler(error)  # the page that every other form gets
    return page


def _kept(arguments: dict[str, Any]) -> Page:
    if current_actor() is None:
        address = url_for("form.save_answers", **arguments)
        return render_template("nomination/kept.html", address=address, pairs=_everything_sent()), 401
    only_for_units()
    shown = load(arguments["nomination_id"])
    here = _part(shown, arguments.get("part", 0))
    shown["answers"] |= given.typed(here.fields, request.form)
    return _page(shown, here, [{"message": SESSION_ENDED, "path": [], "code": "UNAUTHENTICATED"}], expected_version())


def parts(fields: Sequence[Field]) -> list[tuple[str, list[Field]]]:
    """The groups of questions, which are the steps of the form."""
    found: dict[str, list[Field]] = {}
    for each in fields:
        found.setdefault(each["group"], []).append(each)
    return list(found.items())


def _part(shown: Mapping[str, Any], number: int) -> Part:
    fields = shown["nomination"]["form"]["fields"]
    if number == 0:
        return Part(0, "", fields)
    groups = parts(fields)
    if number > len(groups):
        raise NotFound("Bagian formulir ini tidak ada.")
    title, own = groups[number - 1]
    return Part(number, title or "Isian", given.asked_in(fields, own, shown["answers"]))


def _page(shown: Mapping[str, Any], part: Part, problems: source.Problems, version: int) -> Page:
    text = render_template("nomination/answers.html", **shown, part=part, problems=problems, version=version)
    return text, 422 if problems else 200


def _change_files(nomination_id: str, fields: Sequence[Field]) -> source.Problems:
    """Attach the files that came with the answers, or remove the one that is no longer wanted."""
    unwanted = request.form.get("remove", "")
    return source.act("EvidenceRemove", evidenceId=unwanted)[1] if unwanted else _attach_files(nomination_id, fields)


def _after_saving(nomination_id: str, part: Part) -> Page:
    flash("Isian tersimpan, berkas dihapus." if request.form.get("remove") else "Isian tersimpan.", "good")
    then = request.form.get("then")
    count = len(parts(load(nomination_id)["nomination"]["form"]["fields"]))
    if then == "next" and 0 < part.number < count:
        return redirect(url_for("form.answers", nomination_id=nomination_id, part=part.number + 1), 303)
    if then in {"next", "evidence"}:
        return redirect(url_for("nominations.evidence", nomination_id=nomination_id), 303)
    return redirect(url_for("form.answers", nomination_id=nomination_id, part=part.number or None), 303)


def _save_itself(shown: Mapping[str, Any], merged: Mapping[str, Given], version: int) -> Page:
    """Answer a script that saves while a person types: an answer that is refused is named and all others are kept."""
    nomination_id, fields = shown["nomination"]["id"], shown["nomination"]["form"]["fields"]
    refused: source.Problems = []
    kept, put_back = dict(merged), set[str]()
    while True:
        inputs, problems = given.as_input(fields, kept, "answers")
        payload: Mapping[str, Any] = {}
        if not problems:
            payload, problems = source.act("NominationAnswersSave", nominationId=nomination_id, answers=inputs, expectedVersion=version)
        if is_conflict(problems):
            return jsonify(message=problems[0]["message"]), 409
        if not problems:
            saved = {"row_version": payload["nomination"]["version"], "saved_at": clock_text()}
            return jsonify(saved | ({"errors": _by_input(refused)} if refused else {})), 200
        refused += problems
        wrong = {each["path"][1] for each in problems if len(each["path"]) > 1} - put_back
        if not wrong:
            return jsonify(errors=_by_input(refused)), 422
        put_back |= wrong
        kept |= {code: shown["answers"].get(code, given.NOTHING) for code in wrong}


def _by_input(problems: source.Problems) -> dict[str, list[str]]:
    """What is wrong, by the name of the input; what is about none of them under the empty name."""
    found: dict[str, list[str]] = {}
    for each in problems:
        found.setdefault(given.PREFIX + each["path"][1] if len(each["path"]) > 1 else "", []).append(each["message"])
    return found


def _attach_files(nomination_id: str, fields: Sequence[Field]) -> source.Problems:
    """Attach what was chosen at the questions that ask for files; what was wrong stands at its question."""
    problems: source.Problems = []
    for asked in fields:
        for file in request.files.getlist(given.PREFIX + asked["code"]) if asked["file"] else ():
            if file.filename:
                received = uploads.receive(unit_actor(), nomination_id, asked["code"], file)
                problems += [told(each, "answers", asked["code"]) for each in received.problems]
    return problems


def told(problem: Problem, *path: str) -> dict[str, Any]:
    """A problem in the form in which operations tell theirs."""
    return {"message": problem.message, "path": list(path), "code": problem.code}


def _is_ours() -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is not None and urlsplit(origin).netloc == request.host


def _everything_sent() -> list[tuple[str, str]]:
    """What has to be sent once more, whoever signs in meanwhile."""
    return [*given.pairs(request.form), ("expected_version", request.form.get("expected_version", "")), ("csrf_token", "")]
