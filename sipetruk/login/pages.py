"""The pages of signing in, with password and code, and of signing out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from sipetruk.errors import Refusal, TooManyAttempts
from sipetruk.login import sessions
from sipetruk.login.sessions import address, current_actor, device, face_of, go_on, safe_next
from sipetruk.services import proof
from sipetruk.services import sign_in as services

blueprint = Blueprint("login", __name__)
MAX_USERNAME, MAX_PASSWORD, MAX_CODE = 60, 200, 40
TOO_OLD = "Halaman ini terbuka terlalu lama. Isi kata sandi Anda sekali lagi."
TOO_LATE = "Langkah masuk ini sudah tidak berlaku. Masuklah sekali lagi."


@blueprint.get("/masuk")
def sign_in() -> AnyResponse | str:
    target = safe_next(request.args.get("next", ""))
    actor = current_actor()
    if actor is not None:
        return redirect(sessions.onward(actor, target))
    return sign_in_page(target)


@blueprint.post("/masuk")
def sign_in_submit() -> AnyResponse:
    target = safe_next(request.form.get("next", ""))
    username = request.form.get("username", "").strip()[:MAX_USERNAME]
    password = request.form.get("password", "")[: MAX_PASSWORD + 1]
    try:
        signed_in = services.authenticate(username=username, password=password, address=address(), device=device())
    except Refusal as refusal:
        return refused(refusal, sign_in_page(target, username, refusal.message))
    return go_on(signed_in, target)


@blueprint.get("/masuk/kode")
def code() -> AnyResponse:
    if sessions.waiting() is None:
        return make_response(sign_in_page("", "", TOO_LATE), 401)
    return _no_store(make_response(render_template("sign_in_code.html", problem="")))


@blueprint.post("/masuk/kode")
def code_submit() -> AnyResponse:
    found = sessions.waiting()
    if found is None:
        return make_response(sign_in_page("", "", TOO_LATE), 401)
    first, target = found
    given = request.form.get("code", "")[:MAX_CODE]
    try:
        signed_in = services.confirm(first, code=given, address=address(), device=device(), face=face_of(request.path))
    except Refusal as refusal:
        return _no_store(refused(refusal, render_template("sign_in_code.html", problem=refusal.message)))
    return go_on(signed_in, target)


@blueprint.errorhandler(CSRFError)
def token_of_another_session(error: CSRFError) -> AnyResponse:
    """A page that stayed open while its session ended or another began: whoever is there already, or gone already, is told nothing."""
    is_here = current_actor() is not None
    target = safe_next(request.form.get("next", ""))
    if request.endpoint == "login.sign_out" and not is_here:
        return redirect("/", 303)
    if request.endpoint == "login.sign_in_submit" and is_here:
        return redirect(url_for("login.sign_in", next=target or None), 303)
    if request.endpoint == "login.sign_in_submit":
        return make_response(sign_in_page(target, request.form.get("username", "").strip()[:MAX_USERNAME], TOO_OLD), 400)
    handler: Any = current_app.error_handler_spec[None][error.code][CSRFError]
    page: AnyResponse = handler(error)  # the page that every other form gets
    return page


@blueprint.post("/keluar")
def sign_out() -> AnyResponse:
    sessions.end_session()
    return redirect("/", 303)


def sign_in_page(target: str, username: str = "", problem: str = "") -> str:
    provider = current_app.config["SETTINGS"].single_sign_on
    label = provider.label if provider is not None else ""
    return render_template("sign_in.html", next=target, username=username, problem=problem, single_sign_on=label)


def refused(refusal: Refusal, page: str, status: int = 401) -> Response:
    """The page again, with the status of the refusal; whoever tried too often is told when to come back."""
    if isinstance(refusal, TooManyAttempts):
        return make_response(page, 429, {"Retry-After": str(proof.FAILURE_WINDOW.seconds)})
    return make_response(page, status)


def _no_store(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
