"""The unit's pages: its list, choosing an employee, and one nomination with its evidence."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for

from sipetruk.api import ids, uploads
from sipetruk.errors import Forbidden, IllegalMove, NotFound
from sipetruk.portal import source
from sipetruk.portal.nomination_form import parts, told
from sipetruk.portal.nomination_words import step_of
from sipetruk.portal.objection_pages import filing
from sipetruk.portal.unit import Page, is_confirmed, load, only_for_units, unit_actor
from sipetruk.services import evidence as files
from sipetruk.services import templates

blueprint = Blueprint("nominations", __name__, url_prefix="/usulan")

blueprint.before_request(only_for_units)

LONGEST_SEARCH = 100


@blueprint.get("/")
def index() -> Page:
    return render_template("nomination/index.html", **source.staff("UnitNominations", first=20, after=request.args.get("setelah") or None))


@blueprint.get("/baru/<category_id>")
def choose(category_id: str) -> Page:
    """Whoever comes after the deadline, by a page that stayed open or an address that was kept, sees what is open now."""
    try:
        return _choice(category_id, "", [])
    except NotFound as closed:
        flash(closed.message, "info")
        return redirect(url_for("nominations.index"), 303)


@blueprint.post("/baru/<category_id>/cari")
def search(category_id: str) -> Page:
    """A search is sent like a form: a name or a number never stands in an address, a history or a log."""
    return _choice(category_id, request.form.get("cari", ""), [], after=request.form.get("setelah") or None)


@blueprint.get("/baru/<category_id>/cari")
def without_search(category_id: str) -> Page:
    """What was searched for stands in no address, so whoever opens this one begins anew."""
    return redirect(url_for("nominations.choose", category_id=category_id))


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
    nomination_id = payload["nomination"]["id"]
    steps = len(parts(load(nomination_id)["nomination"]["form"]["fields"]))
    return redirect(url_for("form.answers", nomination_id=nomination_id, part=1 if steps > 1 else None), 303)


@blueprint.get("/<nomination_id>")
def show(nomination_id: str) -> Page:
    return render_template("nomination/show.html", **load(nomination_id), filing=filing(nomination_id))


@blueprint.get("/<nomination_id>/nilai")
def score(nomination_id: str) -> Page:
    """What became of the nomination, step by step, once units are told."""
    result = source.staff("NominationScore", id=nomination_id)["nominationScore"]
    return render_template("nomination/score.html", **load(nomination_id), result=result, filing=filing(nomination_id))


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
    problems = [told(each, requirement) for each in received.problems]
    return _after_evidence(nomination_id, requirement, problems, "Berkas tersimpan.")


@blueprint.post("/<nomination_id>/bukti/hapus")
def remove_evidence(nomination_id: str) -> Page:
    """Remove a file that the unit said yes to; a press without that leads to the question."""
    evidence_id = request.form.get("evidence_id", "")
    if not is_confirmed():
        return redirect(url_for("nominations.ask_to_remove", nomination_id=nomination_id, berkas=evidence_id), 303)
    _, problems = source.act("EvidenceRemove", evidenceId=evidence_id)
    requirement, fields = request.form.get("requirement", ""), load(nomination_id)["nomination"]["form"]["fields"]
    if problems or all(each["code"] != requirement for each in fields):
        return _after_evidence(nomination_id, requirement, problems, "Berkas dihapus.")
    flash("Berkas dihapus.", "good")
    part = step_of(fields, requirement)
    return redirect(url_for("form.answers", nomination_id=nomination_id, part=part, _anchor=f"f-{requirement}"), 303)


@blueprint.get("/<nomination_id>/bukti/hapus")
def ask_to_remove(nomination_id: str) -> Page:
    """The question before a file is removed, for whoever may remove it; a file that is gone is asked about no more."""
    shown = load(nomination_id)
    asked = request.args.get("berkas")
    file = next((each for each in shown["nomination"]["evidence"] if each["id"] == asked), None)
    if file is None:
        return redirect(url_for("nominations.evidence", nomination_id=nomination_id))
    try:
        files.require_removable(unit_actor(), evidence_id=ids.number(file["id"], "Evidence", "Berkas bukti"))
    except IllegalMove as refusal:
        return _after_evidence(nomination_id, file["requirement"], [told(each) for each in refusal.problems], "")
    return render_template("nomination/remove.html", **shown, file=file)


def _choice(category_id: str, search: str, problems: source.Problems, *, after: str | None = None) -> str:
    search = search.replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = source.staff("EligibleEmployees", categoryId=category_id, search=search, first=20, after=after)
    category = next((each for each in found["openCategories"] if each["id"] == category_id), None)
    if category is None or found["eligibleEmployees"] is None:
        raise NotFound("Kategori ini tidak sedang dibuka untuk pengusulan.")
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
