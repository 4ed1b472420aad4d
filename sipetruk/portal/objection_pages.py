"""The unit's pages about the result of a nominee: objecting to it, following the decision, taking an objection back."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from sipetruk.api import ids, objection_files, uploads
from sipetruk.errors import NotFound
from sipetruk.portal import kept, source
from sipetruk.portal.unit import Page, expected_version, is_conflict, load, lost_files, only_for_units, unit_actor
from sipetruk.rules.objecting import LEAST_REASON, MOST_REASON
from sipetruk.services import objections

blueprint = Blueprint("objecting", __name__, url_prefix="/usulan")
blueprint.before_request(only_for_units)

LIMITS = {"least": LEAST_REASON, "most": MOST_REASON, "megabytes": objections.ATTACHMENT_MB}
FILE = {"file": ("file",)}


def filing(nomination_id: str) -> dict[str, Any]:
    """What the unit may do about the result, and its objections so far."""
    found = source.staff("NominationObjections", id=nomination_id)["objectionFiling"]
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Usulan")
    return dict(found)


@blueprint.get("/<nomination_id>/sanggah")
def show(nomination_id: str) -> Page:
    return _page(nomination_id)


@blueprint.post("/<nomination_id>/sanggah")
def file(nomination_id: str) -> Page:
    reason = _reason()
    key = request.form.get("key", "")[:100] or None
    filed = objection_files.receive(unit_actor(), nomination_id, reason, request.files.get("file"), key)
    if filed.problems:
        problems = [{"message": each.message, "path": list(each.path), "code": each.code} for each in filed.problems]
        if not any(each["path"] == ["file"] for each in problems):
            problems += lost_files(FILE)
        return _page(nomination_id, problems, reason, key or ""), 409 if is_conflict(problems) else 422
    flash("Sanggahan diajukan. Keputusan BKPSDM dapat Anda baca di halaman ini.", "good")
    return redirect(url_for("objecting.show", nomination_id=nomination_id), 303)


@blueprint.get("/<nomination_id>/sanggah/<objection_id>/berkas")
def attachment(nomination_id: str, objection_id: str) -> Page:
    _one(nomination_id, objection_id)
    return uploads.send(objections.open_attachment(unit_actor(), ids.number(objection_id, "Objection", "Sanggahan")))


@blueprint.route("/<nomination_id>/sanggah/<objection_id>/cabut", methods=["GET", "POST"])
def withdraw(nomination_id: str, objection_id: str) -> Page:
    objection = _one(nomination_id, objection_id)
    reason = _reason()
    problems: source.Problems = []
    if request.method == "POST":
        version = expected_version()
        _, problems = source.act("ObjectionWithdraw", objectionId=objection_id, reason=reason, expectedVersion=version)
        if not problems:
            flash("Sanggahan dicabut.", "good")
            return redirect(url_for("objecting.show", nomination_id=nomination_id), 303)
        objection = _one(nomination_id, objection_id)
    elif "WITHDRAW" not in objection["allowedActions"]:
        flash("Sanggahan ini tidak dapat dicabut lagi.", "info")
        return redirect(url_for("objecting.show", nomination_id=nomination_id))
    return _withdrawal(nomination_id, objection, problems, reason)


def _reason() -> str:
    return request.form.get("reason", "").replace("\r\n", "\n")


def _withdrawal(nomination_id: str, objection: dict[str, Any], problems: source.Problems, reason: str) -> Page:
    shown = {"objection": objection, "problems": problems, "reason": reason}
    status = 200 if not problems else 409 if is_conflict(problems) else 422
    return render_template("nomination/objection_withdraw.html", **load(nomination_id), **shown), status


def _kept(nomination_id: str) -> Page:
    return _page(nomination_id, kept.PROBLEMS + lost_files(FILE), _reason(), request.form.get("key", "")[:100]), 422


def _withdrawal_kept(nomination_id: str, objection_id: str) -> Page:
    return _withdrawal(nomination_id, _one(nomination_id, objection_id), kept.PROBLEMS, _reason())


kept.give_back(blueprint, {"objecting.file": _kept, "objecting.withdraw": _withdrawal_kept})


def _page(nomination_id: str, problems: source.Problems | None = None, reason: str = "", key: str = "") -> str:
    shown = {"filing": filing(nomination_id), "problems": problems or [], "reason": reason, "key": key or uuid.uuid4().hex}
    return render_template("nomination/objection.html", **load(nomination_id), **shown, limits=LIMITS)


def _one(nomination_id: str, objection_id: str) -> dict[str, Any]:
    """An objection to the result of this nomination."""
    found = next((each for each in filing(nomination_id)["objections"] if each["id"] == objection_id), None)
    if found is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Sanggahan")
    return dict(found)
