"""The session: who makes this request, what is between the two steps of signing in, and where a person goes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import ROLE_LABELS, UNIT_ROLES, Actor
from sipetruk.services import clock, second_factor
from sipetruk.services.sign_in import SignedIn

FACES = {"/admin": "panel", "/graphql": "api"}
MAX_NEXT = 2000
SECOND_STEP, SET_UP = "second_step", "second_factor_missing"
GIVEN = "given_password"
"""In the session of somebody who signed in with a password that an administrator gave: where this person wanted to go."""
SECOND_STEP_TIME = timedelta(minutes=10)
OPEN_WITHOUT = ("/akun", "/keluar", "/masuk")
"""What opens for somebody whose role asks for a second factor that is not there yet."""
OPEN_WITH_GIVEN = ("/akun/sandi", "/keluar", "/masuk")
"""What opens for somebody who has to choose an own password first."""
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("Linux", "Linux"))
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


@dataclass(frozen=True)
class SessionUser:
    """What Flask-Login carries: the actor, and the epoch that ends the session when it moves on."""

    actor: Actor
    epoch: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.epoch}"


def init_sessions(app: Flask) -> None:
    manager = LoginManager()
    manager.login_view = "login.sign_in"
    manager.login_message = None
    manager.session_protection = None  # the session is bound to the user's epoch, not to an address that phones change
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)
    # no cookie remembers anybody here, and looking for one would make every public page depend on the session
    app.after_request_funcs[None].remove(manager._update_remember_cookie)  # noqa: SLF001  # there is no option for it
    app.jinja_env.globals.update(current_actor=current_actor, role_labels=ROLE_LABELS)


def current_actor() -> Actor | None:
    """Who makes this request, or None; the actor knows through which face."""
    if not current_user.is_authenticated:
        return None
    actor: Actor = current_user.actor
    return actor


def own_page() -> str:
    """Where somebody who is signed in works; empty for everybody else."""
    actor = current_actor()
    return landing(actor) if actor else ""


def go_on(signed_in: SignedIn, target: str) -> Response:
    """After a proof: the second step where there is one, else the session begins and the person goes to the target."""
    session.clear()  # nothing that somebody planted before survives the sign-in
    if signed_in.needs_code:
        until = int((clock.now() + SECOND_STEP_TIME).timestamp())
        session[SECOND_STEP] = {
            "user": signed_in.user_id,
            "epoch": signed_in.session_epoch,
            "given": signed_in.has_given_password,
            "until": until,
            "next": target,
        }
        return redirect(url_for("login.code"), 303)
    actor = actor_of(signed_in.user_id, signed_in.session_epoch, face_of(request.path))
    if actor is None:
        return redirect(url_for("login.sign_in"))
    session.permanent = True
    login_user(SessionUser(actor, signed_in.session_epoch))
    if second_factor.is_compulsory(actor) and not second_factor.is_on(signed_in.user_id):
        session[SET_UP] = True
    if signed_in.has_given_password:
        session[GIVEN] = target
    return redirect(onward(actor, target), 303)


def onward(actor: Actor, target: str) -> str:
    """The address where somebody who has signed in goes next: what this session still lacks comes before the target."""
    if GIVEN in session:
        session[GIVEN] = session[GIVEN] or target
        return url_for("account.password")
    return url_for("account.second_factor") if session.get(SET_UP) else target or landing(actor)


def why_nobody() -> str:
    """What to tell somebody whose request has no actor."""
    if GIVEN in session:
        return "Anda memakai kata sandi dari administrator. Pilih kata sandi Anda sendiri untuk melanjutkan."
    return "Silakan masuk terlebih dahulu."


def waiting() -> tuple[SignedIn, str] | None:
    """Who has given the password and owes the code, and where this person wants to go; None when that is too long ago."""
    found: Any = session.get(SECOND_STEP)
    if not found or found["until"] < clock.now().timestamp():
        return None
    return SignedIn(found["user"], found["epoch"], needs_code=True, has_given_password=found.get("given", False)), found["next"]


def keep_session(epoch: int, *, has_second_factor: bool | None = None) -> None:
    """This session goes on after a change that ended the others; it is written anew, so that an old copy of it is worth nothing."""
    actor = current_actor()
    if actor is None or "_user_id" not in session:
        return
    is_missing = session.get(SET_UP, False) and not has_second_factor
    session.clear()
    session.permanent = True
    login_user(SessionUser(actor, epoch))
    if is_missing:
        session[SET_UP] = True


def end_session() -> None:
    logout_user()
    session.clear()


def safe_next(target: str) -> str:
    """A path of this very site, or nothing: never another host, whatever a browser makes of the spelling."""
    if not _is_plain(target) or not target.startswith("/") or target.startswith("//"):
        return ""
    path = urlsplit(target).path
    return "" if path in {"/masuk", "/keluar"} or path.startswith("/masuk/") else target


def landing(actor: Actor) -> str:
    return "/usulan/" if actor.roles and actor.roles <= UNIT_ROLES else "/admin/"


def face_of(path: str) -> str:
    return next((face for start, face in FACES.items() if path == start or path.startswith(f"{start}/")), "portal")


def address() -> str:
    return request.remote_addr or ""


def device() -> str:
    """The browser and the system that the request names, for people to recognise their own: "Firefox, Windows"."""
    agent = request.headers.get("User-Agent", "")
    found = [next((word for sign, word in signs if sign in agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))


def _is_plain(target: str) -> bool:
    return len(target) <= MAX_NEXT and target.isprintable() and not set(target) & set("\\ ")


def _load(session_id: str) -> SessionUser | None:
    found = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,9})", session_id, re.ASCII)
    if found is None or not _opens(request.path):
        return None
    user_id, epoch = int(found[1]), int(found[2])
    actor = actor_of(user_id, epoch, face_of(request.path))
    return SessionUser(actor, epoch) if actor else None


def _opens(path: str) -> bool:
    """Whether this session is somebody's there: one that lacks something opens only what gets it."""
    if GIVEN not in session and not session.get(SET_UP):
        return True
    starts = OPEN_WITH_GIVEN if GIVEN in session else OPEN_WITHOUT
    return any(path == start or path.startswith(f"{start}/") for start in starts)
