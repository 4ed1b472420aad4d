"""The unit's pages: its list, choosing an employee, and one nomination with its form and its evidence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from sipetruk.api import ids, uploads
from sipetruk.errors import Forbidden, NotFound, Problem
from sipetruk.portal import given, source
from sipetruk.portal.unit import Page, expected_version, is_conflict, load, only_for_units, unit_actor
from sipetruk.services import templates

blueprint = Blueprint("nominations", __name__, url_prefix="/usulan")

blueprint.before_request(only_for_units)

LONGEST_SEARCH = 100


@blueprint.get("/")
def index() -> Page:
    return render_template("nomination/index.html", **source.staff("UnitNominations", first=20, after=request.args.get("setelah") or None))


@blueprint.get("/baru/<category_id>")
def choose(category_id: str) -> Page:
    return _choice(category_id, request.args.get("cari", ""), [])


@blueprint.post("/baru/<category_id>")
def start(category_id: str) -> Page:
    payload, problems = source.act(
        "NominationDraft",
        categoryId=category_id,
        employeeId=request.form.get("employee_id", ""),
        idempotencyKey=request.form.get("key", "")[:100] or None,
    )
    if problems:
        return _choice(category_id, request.form.get("cari", ""), problems), 422
    flash("Draf usulan dibuat. Lengkapi isian dan buktinya.", "good")
    return redirect(url_for("nominations.answers", nomination_id=payload["nomination"]["id"]), 303)


@blueprint.get("/<nomination_id>")
def show(nomination_id: str) -> Page:
    return render_template("nomination/show.html", **load(nomination_id))


@blueprint.get("/<nomination_id>/nilai")
def score(nomination_id: str) -> Page:
    """What became of the nomination, step by step, once units are told."""
    result = source.staff("NominationScore", id=nomination_id)["nominationScore"]
    return render_template("nomination/score.html", **load(nomination_id), result=result)


@blueprint.get("/<nomination_id>/isian")
def answers(nomination_id: str) -> Page:
    shown = load(nomination_id)
    return render_template("nomination/answers.html", **shown, problems=[], version=shown["nomination"]["version"])


@blueprint.post("/<nomination_id>/isian")
def save_answers(nomination_id: str) -> Page:
    shown, version = load(nomination_id), expected_version()
    fields = shown["nomination"]["form"]["fields"]
    typed = given.typed(fields, request.form)
    unwanted = request.form.get("remove", "")
    inputs, problems = given.as_input(fields, typed, "answers")
    then = request.form.get("then")
    if then != "edit" and not problems:
        _, problems = source.act("NominationAnswersSave", nominationId=nomination_id, answers=inputs, expectedVersion=version)
        if not problems:
            problems = _attach_files(nomination_id, fields) if not unwanted else _remove_file(unwanted)
            if problems:
                shown = load(nomination_id)
                return render_template("nomination/answers.html", **shown, problems=problems, version=shown["nomination"]["version"]), 422
            flash("Isian tersimpan, berkas dihapus." if unwanted else "Isian tersimpan.", "good")
            onwards = "nominations.evidence" if then == "evidence" else "nominations.answers"
            return redirect(url_for(onwards, nomination_id=nomination_id), 303)
        if is_conflict(problems):
            again = given.pairs(request.form)
            return render_template("nomination/conflict.html", **load(nomination_id), typed=typed, pairs=again), 409
    shown["answers"] = typed
    return render_template("nomination/answers.html", **shown, problems=problems, version=version), 422 if problems else 200


@blueprint.get("/<nomination_id>/contoh/<requirement>")
def template(nomination_id: str, requirement: str) -> Page:
    """The empty form that a piece of evidence or a file question of the nomination asks to be filled in."""
    return uploads.send(templates.open_of_nomination(unit_actor(), ids.number(nomination_id, "Nomination", "Usulan"), requirement))


@blueprint.get("/<nomination_id>/bukti")
def evidence(nomination_id: str) -> Page:
    return render_template("nomination/evidence.html", **load(nomination_id), problems=[], requirement="")


@blueprint.post("/<nomination_id>/bukti")
def attach(nomination_id: str) -> Page:
    requirement = request.form.get("requirement", "")
    received = uploads.receive(unit_actor(), nomination_id, requirement, request.files.get("file"))
    problems = [_told(each, *each.path) for each in received.problems]
    return _after_evidence(nomination_id, requirement, problems, "Berkas tersimpan.")


@blueprint.post("/<nomination_id>/bukti/hapus")
def remove_evidence(nomination_id: str) -> Page:
    problems = _remove_file(request.form.get("evidence_id", ""))
    return _after_evidence(nomination_id, request.form.get("requirement", ""), problems, "Berkas dihapus.")


def _attach_files(nomination_id: str, fields: Sequence[given.Field]) -> source.Problems:
    """Attach what was chosen at the questions that ask for files; what was wrong stands at its question."""
    problems: source.Problems = []
    for asked in fields:
        for file in request.files.getlist(given.PREFIX + asked["code"]) if asked["file"] else ():
            if file.filename:
                received = uploads.receive(unit_actor(), nomination_id, asked["code"], file)
                problems += [_told(each, "answers", asked["code"]) for each in received.problems]
    return problems


def _remove_file(evidence_id: str) -> source.Problems:
    return source.act("EvidenceRemove", evidenceId=evidence_id)[1]


def _told(problem: Problem, *path: str) -> dict[str, Any]:
    """A problem in the form in which operations tell theirs."""
    return {"message": problem.message, "path": list(path), "code": problem.code}


def _choice(category_id: str, search: str, problems: source.Problems) -> str:
    search = search.replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = source.staff("EligibleEmployees", categoryId=category_id, search=search, first=20, after=request.args.get("setelah") or None)
    category = next((each for each in found["openCategories"] if each["id"] == category_id), None)
    if category is None or found["eligibleEmployees"] is None:
        raise NotFound("Kategori ini tidak sedang dibuka.")
    if not category["canNominate"]:
        raise Forbidden("Usulan disusun oleh admin perangkat daerah.")
    shown = {"category": category, "employees": found["eligibleEmployees"], "search": search, "problems": problems, "key": uuid.uuid4().hex}
    return render_template("nomination/choose.html", **shown)


def _after_evidence(nomination_id: str, requirement: str, problems: source.Problems, done: str) -> Page:
    if problems:
        shown = load(nomination_id)
        return render_template("nomination/evidence.html", **shown, problems=problems, requirement=requirement), 422
    flash(done, "good")
    return redirect(url_for("nominations.evidence", nomination_id=nomination_id, _anchor=f"e-{requirement}"), 303)
