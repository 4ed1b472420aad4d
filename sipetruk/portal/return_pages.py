"""Answering a return: the verifier's words point by point, and beside each the unit's reply and its new files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for

from sipetruk.errors import NotFound
from sipetruk.portal import kept, source
from sipetruk.portal.unit import Page, expected_version, is_conflict, load, only_for_units, wants_json
from sipetruk.rules.moments import clock_text
from sipetruk.services import clock

blueprint = Blueprint("returns", __name__, url_prefix="/usulan")
blueprint.before_request(only_for_units)

PREFIX = "r-"


@blueprint.get("/<nomination_id>/jawaban")
def replies(nomination_id: str) -> Page:
    shown = _load(nomination_id)
    return _page(shown, {}, [], shown["nomination"]["version"])


@blueprint.post("/<nomination_id>/jawaban")
def save_replies(nomination_id: str) -> Page:
    shown, version = _load(nomination_id), expected_version()
    typed = _typed(shown)
    problems: source.Problems = []
    if request.form.get("then") != "edit":
        sent = [{"code": code, "text": text} for code, text in typed.items()]
        payload, problems = source.act("NominationReply", nominationId=nomination_id, replies=sent, expectedVersion=version)
        if wants_json():
            return _told(payload, problems)
        if not problems:
            flash("Jawaban tersimpan.", "good")
            return redirect(url_for("returns.replies", nomination_id=nomination_id), 303)
        if is_conflict(problems):
            return render_template("nomination/replies_conflict.html", **_load(nomination_id), typed=typed), 409
    return _page(shown, typed, problems, version)


def _kept(nomination_id: str) -> Page:
    shown = _load(nomination_id)
    return _page(shown, _typed(shown), kept.PROBLEMS, expected_version())


kept.give_back(blueprint, {"returns.save_replies": _kept})


def _typed(shown: Mapping[str, Any]) -> dict[str, str]:
    return {item["code"]: request.form.get(PREFIX + item["code"], "").replace("\r\n", "\n") for item in shown["last"]["items"]}


def _told(payload: Mapping[str, Any], problems: source.Problems) -> Page:
    """What became of the replies, for the script that saves while a person types."""
    if is_conflict(problems):
        return jsonify(message=problems[0]["message"]), 409
    if problems:
        errors: dict[str, list[str]] = {}
        for each in problems:
            errors.setdefault(PREFIX + each["path"][1] if len(each["path"]) > 1 else "", []).append(each["message"])
        return jsonify(errors=errors), 422
    return jsonify(row_version=payload["nomination"]["version"], saved_at=clock_text(clock.now())), 200


def _page(shown: Mapping[str, Any], typed: Mapping[str, str], problems: source.Problems, version: int) -> Page:
    return render_template("nomination/replies.html", **shown, typed=typed, problems=problems, version=version), 422 if problems else 200


def _load(nomination_id: str) -> dict[str, Any]:
    """The nomination and its last return; not found where it never came back."""
    shown = load(nomination_id)
    if not shown["nomination"]["returns"]:
        raise NotFound("Usulan ini tidak pernah dikembalikan.")
    return {**shown, "last": shown["nomination"]["returns"][-1]}
