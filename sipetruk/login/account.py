"""One's own account: profile, password, second factor, single sign-on and sessions; the same pages for everybody who signs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from sipetruk.errors import Conflict, Forbidden, Problem, Refusal, TooManyAttempts, Unauthenticated
from sipetruk.errors import NotFound as Missing
from sipetruk.login import sso
from sipetruk.login.sessions import GIVEN, SET_UP, address, current_actor, end_session, keep_session, landing, onward, why_nobody
from sipetruk.queries import accounts as queries
from sipetruk.rules.permissions import Actor
from sipetruk.services import accounts, clock, identities, proof, second_factor, users

blueprint = Blueprint("account", __name__, url_prefix="/akun")
Page = str | Response | tuple[str, int]
T = TypeVar("T")
AGAIN = "Kedua kata sandi tidak sama."


@blueprint.before_request
def only_for_people() -> None:
    _actor()


@blueprint.get("/")
def index() -> Page:
    account = _account()
    return _page("index", account=account, typed=_stored(account))


@blueprint.post("/")
def save_profile() -> Page:
    typed = {name: _given(name, 300) for name in ("name", "phone", "email")}
    version = request.form.get("expected_version", "")
    expected = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    _, problems, status = _tried(lambda: accounts.update_profile(_actor(), **typed, expected_version=expected))
    if not problems:
        flash("Profil tersimpan.", "good")
        return redirect(url_for(".index"), 303)
    return _page("index", account=_account(), typed=typed, problems=problems, is_stale=status == 409), status


@blueprint.get("/sandi")
def password() -> Page:
    return _page("password")


@blueprint.post("/sandi")
def change_password() -> Page:
    old, new = _given("oldPassword", 201), _given("password", 201)
    if new != _given("again", 201):
        return _page("password", problems=[Problem(AGAIN, ("again",))]), 422
    epoch, problems, status = _tried(lambda: accounts.change_password(_actor(), old=old, new=new, address=address()))
    if epoch is None:
        return _page("password", problems=problems), status
    wanted = session.get(GIVEN)
    keep_session(epoch)
    if wanted is not None:
        return redirect(onward(_actor(), "" if wanted == request.path else wanted), 303)
    flash("Kata sandi diganti. Semua sesi lain berakhir; sesi ini tetap berjalan.", "good")
    return redirect(url_for(".index"), 303)


@blueprint.get("/faktor-kedua", endpoint="second_factor")
def second_factor_page() -> Page:
    return _page("second_factor", account=_account(), is_compulsory=second_factor.is_compulsory(_actor()))


@blueprint.post("/faktor-kedua")
def begin_second_factor() -> Page:
    given = _given("password", 201)
    made, problems, status = _tried(lambda: second_factor.begin(_actor(), password=given, address=address()))
    if made is None:
        shown = {"account": _account(), "is_compulsory": second_factor.is_compulsory(_actor())}
        return _page("second_factor", **shown, problems=problems), status
    return redirect(url_for(".set_up"), 303)


@blueprint.get("/faktor-kedua/siapkan")
def set_up() -> Page:
    made = second_factor.enrolment(_actor())
    if made is None:
        return redirect(url_for(".second_factor"))
    return _set_up(made, [])


@blueprint.post("/faktor-kedua/siapkan")
def confirm_second_factor() -> Page:
    given = _given("code", 40)
    done, problems, status = _tried(lambda: second_factor.confirm(_actor(), code=given, address=address()))
    if done is not None:
        keep_session(done.session_epoch, has_second_factor=True)
        return _page("codes", codes=done.codes, is_new=True, onward=landing(_actor()))
    made = second_factor.enrolment(_actor())
    if made is None:
        for each in problems:
            flash(each.message, "bad")
        return redirect(url_for(".second_factor"), 303)
    return _set_up(made, problems), status


@blueprint.get("/faktor-kedua/matikan")
def second_factor_off() -> Page:
    return _page("proof", **_OFF)


@blueprint.post("/faktor-kedua/matikan")
def disable_second_factor() -> Page:
    given = {"password": _given("password", 201), "code": _given("code", 40)}
    _, problems, status = _tried(lambda: second_factor.disable(_actor(), **given, address=address()))
    if problems:
        return _page("proof", **_OFF, problems=problems), status
    flash("Faktor kedua dimatikan. Masuk cukup dengan kata sandi.", "good")
    return redirect(url_for(".second_factor"), 303)


@blueprint.get("/faktor-kedua/kode")
def recovery_codes() -> Page:
    return _page("proof", **_CODES)


@blueprint.post("/faktor-kedua/kode")
def renew_codes() -> Page:
    given = {"password": _given("password", 201), "code": _given("code", 40)}
    codes, problems, status = _tried(lambda: second_factor.renew_codes(_actor(), **given, address=address()))
    if codes is None:
        return _page("proof", **_CODES, problems=problems), status
    return _page("codes", codes=codes, is_new=False, onward=url_for(".second_factor"))


@blueprint.get("/sesi")
def sessions() -> Page:
    return _page("sessions", account=_account())


@blueprint.post("/sesi")
def end_sessions() -> Page:
    """All sessions end; with `others` this one goes on."""
    actor = _actor()
    epoch = users.end_sessions(actor, user_id=actor.user_id or 0)
    if request.form.get("which") == "others":
        keep_session(epoch)
        flash("Semua sesi lain diakhiri.", "good")
        return redirect(url_for(".index"), 303)
    end_session()
    return redirect(url_for("login.sign_in"), 303)


@blueprint.get("/masuk-tunggal")
def single_sign_on() -> Page:
    _label()
    return _page("single_sign_on", account=_account())


@blueprint.post("/masuk-tunggal")
def change_single_sign_on() -> Page:
    """Take the link away, or prepare to make one: the next page holds a link, since a form may not lead to another site."""
    _label()
    actor, given = _actor(), _given("password", 201)
    is_linked = _account().identity_since is not None
    if is_linked:
        _, problems, status = _tried(lambda: identities.unlink(actor, password=given, address=address()))
    else:
        _, problems, status = _tried(lambda: proof.require_password(actor, given, address=address()))
    if problems:
        return _page("single_sign_on", account=_account(), problems=problems), status
    if is_linked:
        flash("Hubungan dilepas. Masuklah dengan nama pengguna dan kata sandi.", "good")
        return redirect(url_for(".index"), 303)
    session[LEAVING] = sso.link_purpose(actor)
    return redirect(url_for(".leave"), 303)


@blueprint.get("/masuk-tunggal/lanjut")
def leave() -> Page:
    """The page with the link to the provider, and the link itself."""
    purpose = session.get(LEAVING)
    if purpose is None:
        return redirect(url_for(".single_sign_on"))
    if request.args.get("ke") != "penyedia":
        return _page("leave")
    session.pop(LEAVING)
    return sso.leave(purpose)


LEAVING = "sso_leaving"
_OFF: dict[str, Any] = {
    "title": "Matikan faktor kedua",
    "words": "Sesudah dimatikan, siapa pun yang mengetahui kata sandi Anda dapat masuk. Kode pemulihan ikut hangus.",
    "button": "Matikan faktor kedua",
    "is_grave": True,
}
_CODES: dict[str, Any] = {
    "title": "Kode pemulihan baru",
    "words": "Sepuluh kode baru dibuat dan ditampilkan satu kali. Kode yang lama tidak berlaku lagi.",
    "button": "Buat kode baru",
    "is_grave": False,
}


def _actor() -> Actor:
    actor = current_actor()
    if actor is None:
        raise Unauthenticated(why_nobody())
    return actor


def _account() -> queries.Account:
    actor = _actor()
    return queries.own(actor, name_hash=proof.name_hash(actor.username), now=clock.now())


def _stored(account: queries.Account) -> dict[str, str]:
    return {"name": account.name, "phone": f"+{account.phone}" if account.phone else "", "email": account.email or ""}


def _given(name: str, most: int) -> str:
    return request.form.get(name, "").replace("\x00", "")[:most]


def _tried(act: Callable[[], T]) -> tuple[T | None, list[Problem], int]:
    """What an act gave back, or why it was refused and with which status. Nothing there and nobody there stay refusals."""
    try:
        return act(), [], 200
    except (Missing, Unauthenticated):
        raise
    except Refusal as refusal:
        kinds: dict[type[Refusal], int] = {TooManyAttempts: 429, Conflict: 409, Forbidden: 403}
        return None, list(refusal.problems), kinds.get(type(refusal), 422)


def _set_up(made: second_factor.Enrolment, problems: list[Problem]) -> str:
    picture = segno.make(made.uri, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    groups = " ".join(made.secret[at : at + 4] for at in range(0, len(made.secret), 4))
    return _page("set_up", picture=picture, address=made.uri, secret=groups, problems=problems)


def _label() -> str:
    found = current_app.config["SETTINGS"].single_sign_on
    if found is None:
        raise NotFound
    return str(found.label)


def _page(name: str, *, problems: list[Problem] | None = None, **values: Any) -> str:
    provider = current_app.config["SETTINGS"].single_sign_on
    wrong: dict[str, list[str]] = {}
    for each in problems or []:
        wrong.setdefault(each.path[-1] if each.path else "", []).append(each.message)
    shared = {"wrong": wrong, "single_sign_on": provider.label if provider else "", "must_choose": GIVEN in session}
    shared["must_set_up"] = session.get(SET_UP, False) or GIVEN in session  # no way to what does not open yet
    return render_template(f"account/{name}.html", actor=_actor(), **shared, **values)
