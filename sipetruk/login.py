"""A request becomes an Actor: the sign-in page, the session and its end."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from sipetruk.errors import Refusal, TooManyAttempts
from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import UNIT_ROLES, Actor
from sipetruk.services import users

blueprint = Blueprint("login", __name__)
FACES = {"/admin": "panel", "/graphql": "api"}
MAX_USERNAME, MAX_PASSWORD, MAX_NEXT = 60, 200, 2000


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


def init_login(app: Flask) -> None:
    manager = LoginManager()
    manager.login_view = "login.sign_in"
    manager.login_message = None
    manager.session_protection = None  # the session is bound to the user's epoch, not to an address that phones change
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)
    # no cookie remembers anybody here, and looking for one would make every public page depend on the session
    app.after_request_funcs[None].remove(manager._update_remember_cookie)  # noqa: SLF001  # there is no option for it
    app.register_blueprint(blueprint)
    app.jinja_env.globals["current_actor"] = current_actor


def current_actor() -> Actor | None:
    """Who makes this request, or None; the actor knows through which face."""
    if not current_user.is_authenticated:
        return None
    actor: Actor = current_user.actor
    return actor


@blueprint.get("/masuk")
def sign_in() -> AnyResponse | str:
    target = safe_next(request.args.get("next", ""))
    actor = current_actor()
    if actor is not None:
        return redirect(target or _landing(actor))
    return render_template("sign_in.html", next=target, username="", problem="")


@blueprint.post("/masuk")
def sign_in_submit() -> AnyResponse:
    target = safe_next(request.form.get("next", ""))
    username = request.form.get("username", "").strip()[:MAX_USERNAME]
    password = request.form.get("password", "")[: MAX_PASSWORD + 1]
    try:
        signed_in = users.authenticate(username=username, password=password, address=request.remote_addr or "")
    except TooManyAttempts as refusal:
        answer = _refused(refusal, target, username, 429)
        answer.headers["Retry-After"] = str(users.FAILURE_WINDOW.seconds)
        return answer
    except Refusal as refusal:
        return _refused(refusal, target, username, 401)
    actor = actor_of(signed_in.user_id, signed_in.session_epoch, _face(request.path))
    if actor is None:
        return redirect(url_for("login.sign_in"))
    session.clear()  # nothing that somebody planted before survives the sign-in
    session.permanent = True
    login_user(SessionUser(actor, signed_in.session_epoch))
    return redirect(target or _landing(actor), 303)


@blueprint.post("/keluar")
def sign_out() -> AnyResponse:
    logout_user()
    session.clear()
    return redirect("/", 303)


def safe_next(target: str) -> str:
    """A path of this very site, or nothing: never another host, whatever a browser makes of the spelling."""
    if not _is_plain(target) or not target.startswith("/") or target.startswith("//"):
        return ""
    return "" if urlsplit(target).path in {"/masuk", "/keluar"} else target


def _is_plain(target: str) -> bool:
    return len(target) <= MAX_NEXT and target.isprintable() and not set(target) & set("\\ ")


def _refused(refusal: Refusal, target: str, username: str, status: int) -> Response:
    return make_response(render_template("sign_in.html", next=target, username=username, problem=refusal.message), status)


def _landing(actor: Actor) -> str:
    return "/usulan/" if actor.roles and actor.roles <= UNIT_ROLES else "/admin/"


def _load(session_id: str) -> SessionUser | None:
    user_id, _, epoch = session_id.partition(":")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    actor = actor_of(int(user_id), int(epoch), _face(request.path))
    return SessionUser(actor, int(epoch)) if actor else None


def _face(path: str) -> str:
    return next((face for start, face in FACES.items() if path == start or path.startswith(f"{start}/")), "portal")
