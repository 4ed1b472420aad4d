"""The form of a nomination: in steps or on one page, saved by its button or by itself, and what was typed when it cannot be saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from sipetruk.api import uploads
from sipetruk.errors import NotFound, Problem
from sipetruk.portal import given, kept, source
from sipetruk.portal.given import Field, Given
from sipetruk.portal.unit import Page, expected_version, is_confirmed, is_conflict, load, lost_files, only_for_units, unit_actor, wants_json
from sipetruk.rules.moments import clock_text
from sipetruk.services import clock

blueprint = Blueprint("form", __name__, url_prefix="/usulan")
blueprint.before_request(only_for_units)


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
        _, problems = _save(nomination_id, inputs, version, keep_files=request.form.get("remove_files") != "1")
        if not problems:
            problems = _change_files(nomination_id, shown["nomination"]["form"]["fields"])
            if not problems:
                return _after_saving(nomination_id, here)
            shown = load(nomination_id)  # the answers are saved, a file with them is not
            return _page(shown, here, problems, shown["nomination"]["version"])
        if is_conflict(problems):
            return _overtaken(nomination_id, here, typed)
    shown["answers"] = merged
    return _page(shown, here, problems + _lost_files(here), version)


def _overtaken(nomination_id: str, here: Part, typed: Mapping[str, Given]) -> Page:
    """Both texts side by side; where they are the same, as after a button that was pressed twice, they are stored already."""
    now = load(nomination_id)
    is_stored = not given.differing(here.fields, typed, now["answers"])
    if is_stored and not _lost_files(here) and not request.form.get("remove"):
        return _after_saving(nomination_id, here)
    again = given.pairs(request.form)
    return render_template("nomination/conflict.html", **now, part=here, typed=typed, pairs=again), 409


def _kept(nomination_id: str, part: int = 0) -> Page:
    shown = load(nomination_id)
    here = _part(shown, part)
    shown["answers"] |= given.typed(here.fields, request.form)
    return _page(shown, here, kept.PROBLEMS + _lost_files(here), expected_version())


def _lost_files(here: Part) -> source.Problems:
    return lost_files({given.PREFIX + each["code"]: ("answers", each["code"]) for each in here.fields if each["file"]})


kept.give_back(blueprint, {"form.save_answers": _kept})


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
    """Attach the files that came with the answers, or remove the one that is no longer wanted, once the unit said yes."""
    unwanted = request.form.get("remove", "")
    if unwanted:
        return source.act("EvidenceRemove", evidenceId=unwanted)[1] if is_confirmed() else []
    return _attach_files(nomination_id, fields)


def _after_saving(nomination_id: str, part: Part) -> Page:
    unwanted = request.form.get("remove")
    flash("Isian tersimpan, berkas dihapus." if unwanted and is_confirmed() else "Isian tersimpan.", "good")
    if unwanted and not is_confirmed():
        return redirect(url_for("nominations.ask_to_remove", nomination_id=nomination_id, berkas=unwanted), 303)
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
    taken, put_back = dict(merged), set[str]()
    while True:
        inputs, problems = given.as_input(fields, taken, "answers")
        payload: Mapping[str, Any] = {}
        if not problems:
            payload, problems = _save(nomination_id, inputs, version, keep_files=True)
        if is_conflict(problems):
            return jsonify(message=problems[0]["message"]), 409
        if not problems:
            saved = {"row_version": payload["nomination"]["version"], "saved_at": clock_text(clock.now())}
            return jsonify(saved | ({"errors": _by_input(refused)} if refused else {})), 200
        refused += problems
        wrong = {each["path"][1] for each in problems if len(each["path"]) > 1} - put_back
        if not wrong:
            return jsonify(errors=_by_input(refused)), 422
        put_back |= wrong
        taken |= {code: shown["answers"].get(code, given.NOTHING) for code in wrong}


def _save(nomination_id: str, inputs: Any, version: int, *, keep_files: bool) -> tuple[dict[str, Any], source.Problems]:
    given_all = {"nominationId": nomination_id, "answers": inputs, "expectedVersion": version, "isKeepingFiles": keep_files}
    return source.act("NominationAnswersSave", **given_all)


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
