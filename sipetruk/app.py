"""create_app(): the one place where the parts are plugged together."""

from __future__ import annotations

import gc
import hashlib
import logging
import uuid
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import peewee as pw
from flask import Flask, Response, abort, current_app, g, json, make_response, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import Babel
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from sipetruk import migrations
from sipetruk.api.setup import GIVEN_ID, init_api
from sipetruk.errors import Conflict, Forbidden, IllegalMove, NotFound, Refusal, TooManyAttempts, Unauthenticated
from sipetruk.login import current_actor, init_login, own_page
from sipetruk.models.base import bind, database
from sipetruk.panel.setup import init_panel
from sipetruk.portal.setup import init_portal
from sipetruk.rules.permissions import Role
from sipetruk.services import evidence, second_factor, webhook_sending, webhooks
from sipetruk.taking import OneAtATime, Whole, readers
from sipetruk.windows import PACKAGE, load_settings, window

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from config import Settings

LOG = logging.getLogger("sipetruk")
YEAR = 365 * 24 * 3600
WITHOUT_DATABASE = frozenset({"static", "healthz", "favicon"})
WORK_PAGES = ("/usulan/", "/admin/", "/akun/", "/bukti/")
"""Where pages are of whoever is signed in."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
CODES = {401: "UNAUTHENTICATED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT", 429: "RATE_LIMITED"}
STATUS = {Unauthenticated: 401, Forbidden: 403, NotFound: 404, Conflict: 409, IllegalMove: 409, TooManyAttempts: 429}
PAGES = {
    400: (
        "Permintaan tidak dapat dibaca",
        "Isian yang dikirim tidak lengkap atau tidak dikenal. Kembali ke halaman sebelumnya dan coba lagi.",
    ),
    401: ("Anda belum masuk", "Masuklah lebih dahulu untuk membuka halaman ini."),
    403: ("Anda tidak berhak membuka halaman ini", "Bila menurut Anda ini keliru, hubungi pengelola SI PETRUK di BKPSDM."),
    404: ("Halaman tidak ditemukan", "Alamat ini tidak ada, sudah dipindahkan, atau bukan untuk Anda."),
    405: ("Cara membuka halaman ini keliru", "Bukalah halaman ini melalui tautan atau tombol yang tersedia."),
    409: ("Data sudah berubah", "Seseorang mengubah data ini sementara Anda membukanya. Muat ulang halaman lalu periksa isian Anda."),
    413: ("Kiriman terlalu besar", "Berkas atau isian yang dikirim melebihi batas %(limit)s MB. Perkecil berkasnya lalu unggah kembali."),
    429: ("Terlalu banyak permintaan", "Tunggu beberapa saat, lalu coba lagi."),
    500: ("Terjadi kesalahan pada sistem", "Kesalahan ini sudah dicatat. Isian Anda pada langkah terakhir belum tersimpan."),
    503: ("Layanan sedang tidak tersedia", "Basis data belum dapat dihubungi. Coba lagi beberapa menit lagi."),
}
SESSION_ENDED = ("Sesi Anda sudah berakhir", "Yang baru Anda kirim belum tersimpan. Masuklah kembali, lalu ulangi langkah itu.")
CSRF_MESSAGE = "Sesi Anda sudah berakhir atau halaman dibuka terlalu lama. Muat ulang halaman sebelumnya, lalu kirim kembali."


class Application(Flask):
    """Flask whose log names the request a fault belongs to."""

    def log_exception(self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]) -> None:
        LOG.error("%s %s failed, request %s", request.method, request.path, g.get("request_id"), exc_info=exc_info)


class Sessions(SecureCookieSessionInterface):
    """A session lives on with each page that looks at it; pages that ignore it carry no cookie and stay cacheable."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:  # noqa: ARG002  # Flask's own signature
        return session.modified or (session.accessed and session.permanent)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed:  # what was made for a person stays out of caches, also that of a shared PC
            response.headers.setdefault("Cache-Control", "no-store" if "_user_id" in session else "no-cache")
        super().save_session(app, session, response)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application; without `settings` they are read from config.py."""
    settings = settings or load_settings()
    bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    second_factor.use(settings.secret_key, map(Role, settings.second_factor_roles))
    webhooks.use(settings.secret_key)
    webhook_sending.use(settings.webhook_networks, is_production=settings.is_production)
    app = Application("sipetruk", static_folder=str(window("static")), static_url_path="/static")
    _configure(app, settings)
    _answer_with_headers(app, settings)  # first, so that a connection that fails has a request id to be logged under
    _open_and_close(app)
    _explain_refusals(app, settings)
    _register_probes(app)
    _register_icon(app)
    Babel(app, default_locale="id", default_timezone="Asia/Makassar", locale_selector=lambda: "id")
    CSRFProtect(app)
    init_login(app)
    init_panel(app)
    app.wsgi_app = Whole(app.wsgi_app)  # type: ignore[method-assign]  # Flask documents this assignment
    if settings.trusted_proxies:  # behind what the API puts in front: reading what proxies say costs more than a kept answer
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as above
    init_api(app)
    init_portal(app)
    return app


def create_worker() -> WSGIApplication:
    """The application as a process of the server runs it: what is loaded now stays out of the garbage collector's way."""
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    is_alone = readers(app.config["SETTINGS"].trusted_proxies) == 1
    return app.wsgi_app if is_alone else OneAtATime(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"])


def _configure(app: Flask, settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.env == "testing",
        MAX_CONTENT_LENGTH=(settings.max_upload_mb + 1) * 1024 * 1024,  # a file of the largest size, and the form around it
        MAX_FORM_PARTS=10_000,  # a tree of 36 criteria with 5 levels each is 1,097 fields; Flask's own limit is 1,000
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_COOKIE_NAME="__Host-sipetruk" if settings.is_production else "sipetruk",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session: a long edit is not lost
    )
    app.session_interface = Sessions()
    # the portal's own pages first, then ours for the panel, then those that libraries bring
    app.jinja_loader = ChoiceLoader([FileSystemLoader(PACKAGE / "portal" / "pages"), FileSystemLoader(window("admin") / "pages")])
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it


def _open_and_close(app: Flask) -> None:
    """One connection for each request; whatever was left unfinished is rolled back."""

    @app.before_request
    def open_connection() -> None:
        if request.endpoint not in WITHOUT_DATABASE:
            g.opened_connection = database.connect(reuse_if_open=True)

    @app.teardown_appcontext
    def close_connection(_: BaseException | None) -> None:
        if g.pop("opened_connection", False) and not database.is_closed():
            while database.in_transaction():
                database.pop_transaction().rollback(begin=False)
            database.close()


def _answer_with_headers(app: Flask, settings: Settings) -> None:
    @app.before_request
    def name_request() -> None:
        name = request.headers.get("X-Request-ID", "") if settings.trusted_proxies else ""
        g.request_id = name if GIVEN_ID.fullmatch(name) else uuid.uuid4().hex

    @app.before_request
    def refuse_broken_address() -> None:
        if "\x00" in request.path:  # a text that PostgreSQL cannot hold, so nothing is called that
            abort(404)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.is_production and request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        response.headers["X-Request-ID"] = g.get("request_id", "")
        if request.endpoint == "static" and response.status_code < 400:
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if request.args.get("v") else "no-cache"
        return response

    @app.url_defaults
    def version_static(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values and (version := _version(values["filename"], app.debug or app.testing)):
            values["v"] = version


def _version(filename: str, is_changing: bool) -> str:  # noqa: FBT001  # part of the cache key
    path = window("static") / filename
    return _digest(path, path.stat().st_mtime_ns if is_changing and path.is_file() else 0)


@lru_cache(maxsize=512)
def _digest(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""


def _explain_refusals(app: Flask, settings: Settings) -> None:
    """Pages for everything that is refused; a machine that asks the API gets JSON instead."""
    app.register_error_handler(CSRFError, _token_of_another_session)

    @app.errorhandler(Refusal)
    def refusal(error: Refusal) -> AnyResponse:
        if isinstance(error, Unauthenticated) and request.method == "GET" and not _is_api():
            return redirect(url_for("login.sign_in", next=request.full_path.rstrip("?")))
        status = STATUS.get(type(error), 400)
        return _page(status, PAGES[status][0], error.message, code=error.code)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> AnyResponse:
        if error.response is not None:
            return error.get_response()  # a redirect that the router made
        status = error.code or 500
        title, message = PAGES.get(status, PAGES[500 if status >= 500 else 400])
        answer = _page(status, title, message % {"limit": settings.max_upload_mb})
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                answer.headers[name] = value
        return answer

    @app.errorhandler(ClientDisconnected)
    def gone(error: ClientDisconnected) -> AnyResponse:
        return Response(status=error.code)  # nobody is there to read a page, and what came is not the whole form

    @app.errorhandler(pw.InterfaceError)
    @app.errorhandler(pw.OperationalError)
    def unreachable(error: pw.DatabaseError) -> AnyResponse:
        if g.get("opened_connection") is not None:
            raise error  # the connection stood: a fault of ours
        LOG.error("no database connection, request %s: %s", g.request_id, error)
        answer = _page(503, *PAGES[503])
        answer.headers["Retry-After"] = "30"
        return answer


def _is_api() -> bool:
    return request.path == "/graphql" or request.path.startswith("/graphql/")


def _token_of_another_session(_: CSRFError) -> AnyResponse:
    if current_actor() is None and not _is_api():
        return _page(400, *SESSION_ENDED, sign_in=url_for("login.sign_in", next=_page_before()))
    return _page(400, PAGES[400][0], CSRF_MESSAGE)


def _page_before() -> str | None:
    """The page of ours that the form was on, if it opens by its address: a question before an act does not."""
    before, addresses = urlsplit(request.headers.get("Referer", "")), current_app.create_url_adapter(request)
    if before.netloc != request.host or addresses is None or not addresses.test(before.path, "GET"):
        return None
    return f"{before.path}?{before.query}" if before.query else before.path


def _page(status: int, title: str, message: str, *, code: str = "", sign_in: str = "") -> Response:
    if _is_api():
        code = code or CODES.get(status, "INTERNAL_SERVER_ERROR" if status >= 500 else "BAD_REQUEST")
        body = {"errors": [{"message": message, "extensions": {"code": code, "requestId": g.request_id}}]}
        return Response(json.dumps(body), status, mimetype="application/json")
    # where the system itself fails, the page must not depend on the rest of it
    layout = "plain.html" if status >= 500 else "base.html"
    # elsewhere nobody is asked who is there: a public page is the same for everybody
    home = own_page() if status < 500 and request.path.startswith(WORK_PAGES) and not database.is_closed() else ""
    shown = {"title": title, "message": message, "status": status, "request_id": g.request_id, "sign_in": sign_in, "home": home}
    text = render_template("error.html", layout=layout, **shown)
    return make_response(text, status)


def _register_probes(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> AnyResponse:
        """The process answers."""
        return _state(200, "ok")

    @app.get("/readyz")
    def readyz() -> AnyResponse:
        """The database answers and has every migration."""
        waiting = migrations.pending()
        return _state(503, f"migrations pending: {', '.join(waiting)}") if waiting else _state(200, "ok")


def _register_icon(app: Flask) -> None:
    @app.get("/favicon.ico")
    def favicon() -> AnyResponse:
        """Browsers ask for it where no page of ours names the icon, as beside JSON."""
        answer = redirect(url_for("static", filename="favicon.svg"), 302)
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer


def _state(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
