"""The steps of a nomination that a person confirms: hand over, endorse, send back, submit, withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from sipetruk.portal import given, kept, source
from sipetruk.portal.unit import Page, expected_version, is_conflict, load, only_for_units

blueprint = Blueprint("steps", __name__, url_prefix="/usulan")
blueprint.before_request(only_for_units)


@dataclass(frozen=True)
class Step:
    """One step: the move that allows it, the operation that takes it, and the words of its page.

    `field` names the note that the operation takes with it.
    """

    move: str
    operation: str
    title: str
    explanation: str
    button: str
    done: str
    field: str = ""
    label: str = ""
    is_required: bool = False
    is_final: bool = False
    shows_content: bool = False
    asks_head: bool = False


HAND_OVER = Step(
    "HAND_OVER",
    "NominationHandOver",
    "Serahkan kepada kepala",
    "Kepala perangkat daerah diberi tahu bahwa usulan ini menunggu pengesahannya. Bila sesudahnya Anda mengubah isian atau bukti, "
    "penyerahan ini batal dan usulan perlu diserahkan kembali.",
    "Serahkan untuk disahkan",
    "Usulan diserahkan dan menunggu pengesahan kepala perangkat daerah.",
)
ENDORSE = Step(
    "ENDORSE",
    "NominationEndorse",
    "Periksa dan sahkan",
    "Dengan mengesahkan, Anda menyatakan telah memeriksa isian dan bukti di atas. Perubahan sesudahnya membatalkan pengesahan.",
    "Sahkan usulan",
    "Usulan disahkan. Admin perangkat daerah dapat mengajukannya ke BKPSDM.",
    field="note",
    label="Catatan",
    shows_content=True,
    asks_head=True,
)
SEND_BACK = Step(
    "SEND_BACK",
    "NominationSendBack",
    "Kembalikan ke penyusun",
    "Usulan kembali menjadi draf agar dapat diperbaiki oleh admin perangkat daerah.",
    "Kembalikan",
    "Usulan dikembalikan ke penyusun.",
    field="note",
    label="Apa yang perlu diperbaiki?",
    is_required=True,
)
SUBMIT = Step(
    "SUBMIT",
    "NominationSubmit",
    "Ajukan ke BKPSDM",
    "Setelah diajukan, isian dan bukti tidak dapat diubah lagi, kecuali BKPSDM mengembalikannya untuk diperbaiki.",
    "Ya, ajukan sekarang",
    "Usulan diajukan ke BKPSDM. Perkembangannya dapat Anda ikuti di halaman ini.",
)
WITHDRAW = Step(
    "WITHDRAW",
    "NominationWithdraw",
    "Tarik usulan",
    "Usulan yang ditarik tidak ikut dinilai dan tidak dapat dikembalikan lagi.",
    "Ya, tarik usulan",
    "Usulan ditarik.",
    field="reason",
    label="Alasan penarikan",
    is_required=True,
    is_final=True,
)


@blueprint.route("/<nomination_id>/serahkan", methods=["GET", "POST"])
def hand_over(nomination_id: str) -> Page:
    return _confirm(nomination_id, HAND_OVER)


@blueprint.route("/<nomination_id>/sahkan", methods=["GET", "POST"])
def endorse(nomination_id: str) -> Page:
    return _confirm(nomination_id, ENDORSE)


@blueprint.route("/<nomination_id>/kembalikan", methods=["GET", "POST"])
def send_back(nomination_id: str) -> Page:
    return _confirm(nomination_id, SEND_BACK)


@blueprint.route("/<nomination_id>/ajukan", methods=["GET", "POST"])
def submit(nomination_id: str) -> Page:
    return _confirm(nomination_id, SUBMIT)


@blueprint.route("/<nomination_id>/tarik", methods=["GET", "POST"])
def withdraw(nomination_id: str) -> Page:
    return _confirm(nomination_id, WITHDRAW)


def _confirm(nomination_id: str, step: Step) -> Page:
    return _take(nomination_id, step) if request.method == "POST" else _ask(nomination_id, step)


def _ask(nomination_id: str, step: Step) -> Page:
    shown = load(nomination_id)
    if step.move not in shown["nomination"]["allowedMoves"]:
        flash(f"Langkah “{step.title}” tidak tersedia untuk usulan ini sekarang.", "info")
        return redirect(url_for("nominations.show", nomination_id=nomination_id))
    return render_template("nomination/confirm.html", **shown, step=step, problems=[], typed={}, note="", key=uuid.uuid4().hex)


def _take(nomination_id: str, step: Step) -> Page:
    note, key, version = _note(step), _key(), expected_version()
    head_fields = load(nomination_id)["nomination"]["form"]["headFields"] if step.asks_head else []
    typed = given.typed(head_fields, request.form)
    values, problems = given.as_input(head_fields, typed, "values")
    if not problems:
        sent = {"nominationId": nomination_id, "expectedVersion": version, "idempotencyKey": key or None}
        sent |= {step.field: note} if step.field else {}
        sent |= {"values": values} if step.asks_head else {}
        _, problems = source.act(step.operation, **sent)
    if not problems:
        flash(step.done, "good")
        return redirect(url_for("nominations.show", nomination_id=nomination_id), 303)
    return _again(nomination_id, step, problems, typed)


def _again(nomination_id: str, step: Step, problems: source.Problems, typed: dict[str, Any]) -> Page:
    """What was refused, with what has changed meanwhile, so that the next attempt is about what the person now sees."""
    status = 409 if is_conflict(problems) else 422
    shown = {"step": step, "problems": problems, "typed": typed, "note": _note(step), "key": _key() or uuid.uuid4().hex}
    return render_template("nomination/confirm.html", **load(nomination_id), **shown), status


def _note(step: Step) -> str:
    return request.form.get(step.field, "").replace("\r\n", "\n")


def _key() -> str:
    return request.form.get("key", "")[:100]


def _kept(step: Step) -> Callable[..., Page]:
    def shown_again(nomination_id: str) -> Page:
        fields = load(nomination_id)["nomination"]["form"]["headFields"] if step.asks_head else []
        return _again(nomination_id, step, kept.PROBLEMS, given.typed(fields, request.form))

    return shown_again


kept.give_back(blueprint, {"steps.endorse": _kept(ENDORSE), "steps.send_back": _kept(SEND_BACK), "steps.withdraw": _kept(WITHDRAW)})
