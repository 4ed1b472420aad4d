"""What holds for every answer, whichever room gives it: headers, error pages, probes, connections, settings."""

import re

import peewee as pw
import pytest

from sipetruk import migrations
from sipetruk.app import HEADERS, PAGES, create_app
from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound, TooManyAttempts, Unauthenticated
from sipetruk.models import WorkUnit
from sipetruk.models.base import database
from sipetruk.rules.permissions import Role
from sipetruk.windows import load_settings, window

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.parametrize("path", ["/", "/masuk", "/healthz", "/tidak-ada", "/static/tokens.css"])
def test_every_answer_carries_the_security_headers(client, path):
    answer = client.get(path)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/", "/masuk", "/tidak-ada"])
def test_pages_keep_to_the_policy_that_they_send(client, path):
    text = client.get(path).text
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=", text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*"', text) == []
    assert '<html lang="id"' in text


@ONE_ENGINE
def test_a_page_that_is_not_there_says_so_in_indonesian(client):
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert PAGES[404][0] in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


@ONE_ENGINE
@pytest.mark.parametrize("path", ["/graphql/tidak-ada", "/graphql/staff/tidak-ada"])
def test_a_machine_gets_json_even_for_an_address_that_is_not_there(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    assert answer.json["errors"][0]["extensions"] == {"code": "NOT_FOUND", "requestId": answer.headers["X-Request-ID"]}


@ONE_ENGINE
@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Invalid("Isian %(what)s tidak dikenal.", what="nama"), 400),
        (Forbidden("Anda tidak berhak mengubah <b>ini</b>."), 403),
        (NotFound("Usulan tidak ditemukan."), 404),
        (Conflict("Data ini sudah diubah orang lain."), 409),
        (TooManyAttempts("Coba lagi dalam 15 menit."), 429),
    ],
)
def test_a_refusal_becomes_a_page_with_its_own_words(app, refusal, status):
    @app.get("/menolak")
    def refuse():
        raise refusal

    answer = app.test_client().get("/menolak")
    assert answer.status_code == status
    assert refusal.message.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;") in answer.text


@ONE_ENGINE
def test_who_is_not_signed_in_is_asked_to_and_comes_back(app):
    @app.get("/perlu-masuk")
    def private():
        raise Unauthenticated("Masuklah lebih dahulu.")

    answer = app.test_client().get("/perlu-masuk?a=1")
    assert (answer.status_code, answer.location) == (302, "/masuk?next=/perlu-masuk?a%3D1")


@ONE_ENGINE
def test_a_fault_shows_nothing_of_itself(app, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/rusak")
    def broken():
        raise ZeroDivisionError("rahasia dapur")

    answer = app.test_client().get("/rusak")
    assert answer.status_code == 500
    assert PAGES[500][0] in answer.text
    assert "rahasia dapur" not in answer.text
    assert answer.headers["X-Request-ID"] in caplog.text


@ONE_ENGINE
def test_a_database_that_is_away_is_said_so(app, monkeypatch):
    def away(**_):
        raise pw.OperationalError("connection refused")

    monkeypatch.setattr(database.obj, "connect", away)
    answer = app.test_client().get("/masuk")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert PAGES[503][0] in answer.text
    assert app.test_client().get("/healthz").status_code == 200


@ONE_ENGINE
def test_a_request_that_is_too_large_is_refused_with_the_limit(client):
    answer = client.post("/masuk", data=b"x" * (13 * 1024 * 1024), content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "12 MB" in answer.text


@ONE_ENGINE
def test_a_form_of_a_whole_instrument_is_not_too_many_fields(app, client, csrf):
    token = csrf(client, "/masuk")
    fields = {f"level-{number}": "x" for number in range(2000)}
    answer = client.post(
        "/masuk", data={"csrf_token": token, "username": "x", "password": "y", **fields}, content_type="multipart/form-data"
    )
    assert answer.status_code == 401


@ONE_ENGINE
def test_a_form_without_its_token_changes_nothing(client):
    answer = client.post("/masuk", data={"username": "x", "password": "y"})
    assert answer.status_code == 400
    assert "Halaman ini terbuka terlalu lama." in answer.text


def test_ready_means_database_and_migrations(app, client, db):
    migrations.drop_everything()
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").text == f"migrations pending: {', '.join(migrations.pending())}\n"
    migrations.upgrade()
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ok\n")
    assert client.get("/healthz").text == "ok\n"


def test_the_icon_is_found_where_browsers_look_for_it(client):
    icon = client.get("/favicon.ico", follow_redirects=True)
    assert (icon.status_code, icon.mimetype, len(icon.history)) == (200, "image/svg+xml", 1)


def test_each_request_opens_and_closes_its_own_connection(app, db):
    seen = []

    @app.get("/menghitung")
    def count():
        seen.append(not database.is_closed())
        return str(WorkUnit.select().count())

    db.close()
    assert app.test_client().get("/menghitung").text == "0"
    assert (seen, database.is_closed()) == ([True], True)
    app.test_client().get("/static/tokens.css")
    assert database.is_closed()
    db.connect()


def test_what_a_failing_request_left_unfinished_is_rolled_back(app, db):
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/setengah")
    def half():
        database.begin()
        WorkUnit.create(code="a", name="A")
        raise ZeroDivisionError

    db.close()
    assert app.test_client().get("/setengah").status_code == 500
    db.connect()
    assert WorkUnit.select().count() == 0


@ONE_ENGINE
def test_static_files_with_a_version_are_kept_for_a_year_and_others_asked_for_again(app, client):
    with app.test_request_context():
        address = app.url_for("static", filename="tokens.css")
    assert re.fullmatch(r"/static/tokens\.css\?v=[0-9a-f]{12}", address)
    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/tokens.css").headers["Cache-Control"] == "no-cache"
    assert "Cache-Control" not in client.get("/static/tidak-ada.css?v=1").headers


@ONE_ENGINE
def test_what_scripts_and_styles_fetch_themselves_is_kept_as_long_and_never_older_than_they_are(app, client):
    """Their own addresses change with every change of what they name, since they name its version."""
    folder = window("static")
    named = {
        (path.name, address)
        for path in (*folder.glob("*.js"), *folder.glob("*.css"))
        for pair in re.findall(r'from "\./([^"]+)"|url\("?([^")]+)"?\)', path.read_text())
        for address in pair
        if address
    }
    with app.test_request_context():
        wanted = {(path, app.url_for("static", filename=address.partition("?")[0])) for path, address in named}
    assert {(path, f"/static/{address}") for path, address in named} == wanted
    assert len(wanted) == 8
    assert {client.get(address).headers["Cache-Control"] for _, address in wanted} == {"public, max-age=31536000, immutable"}


@ONE_ENGINE
def test_pages_that_ignore_the_session_set_no_cookie(client, cast, sign_in):
    sign_in(client, cast.bkpsdm)
    for path in ("/healthz", "/static/tokens.css", "/tidak-ada.txt"):
        answer = client.get(path)
        assert (answer.headers.get("Set-Cookie"), answer.headers.get("Vary")) == (None, None)


@ONE_ENGINE
def test_production_sends_its_cookie_over_https_only(db, database_url, data_dir):
    environ = {
        "SIPETRUK_ENV": "production",
        "SIPETRUK_SECRET_KEY": "kunci-rahasia-yang-panjang",
        "SIPETRUK_DATABASE_URL": database_url,
        "SIPETRUK_DATA_DIR": str(data_dir),
        "SIPETRUK_TRUSTED_PROXIES": "1",
    }
    app = create_app(load_settings(environ))
    database.initialize(db)
    answer = app.test_client().get("/masuk", headers={"X-Forwarded-Proto": "https", "X-Request-ID": "dari-proxy-0001"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sipetruk=")
    assert cookie.split("; ", 1)[1] == "Secure; HttpOnly; Path=/; SameSite=Lax"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["X-Request-ID"] == "dari-proxy-0001"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIPETRUK_ENV", "prod"),
        ("SIPETRUK_PORT", "delapan"),
        ("SIPETRUK_PORT", "70000"),
        ("SIPETRUK_PORT", "-1"),
        ("SIPETRUK_WORKERS", "0"),
        ("SIPETRUK_TRUSTED_PROXIES", "yes"),
        ("SIPETRUK_MAX_UPLOAD_MB", "0"),
        ("SIPETRUK_LOG_LEVEL", "info"),
        ("SIPETRUK_SECOND_FACTOR_ROLES", "admin"),
        ("SIPETRUK_WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("SIPETRUK_OIDC_ISSUER", "sso.balangan.go.id"),
        ("SIPETRUK_OIDC_ISSUER", "https://sso.balangan.go.id/?a=1"),
        ("SIPETRUK_OIDC_ISSUER", "https://[::1"),
        ("SIPETRUK_OIDC_LINK", "nip"),
        ("SIPETRUK_SECRET_KEY", "123456"),
        ("SIPETRUK_DATABASE_URL", "mysql://x"),
        ("SIPETRUK_DATABASE_URL", "sqlite://"),
        ("SIPETRUK_DATABASE_URL", "sqlite:///:memory:"),
        ("SIPETRUK_DATABASE_URL", "postgresql://[::1/sipetruk"),
        ("SIPETRUK_DATABASE_URL", "postgresql://sipetruk:100%@localhost/sipetruk"),
        ("SIPETRUK_DATA_DIR", "~tidak-ada-orangnya/data"),
    ],
)
def test_a_setting_without_sense_stops_the_start_and_is_named(tmp_path, name, value):
    with pytest.raises(SystemExit) as stop:
        load_settings({"SIPETRUK_DATA_DIR": str(tmp_path), name: value})
    assert str(stop.value).startswith(f"Pengaturan {name} tidak dapat dipakai: ")


def test_the_roles_of_the_settings_are_the_roles_of_the_award(tmp_path):
    every = ", ".join(Role)
    assert load_settings({"SIPETRUK_DATA_DIR": str(tmp_path), "SIPETRUK_SECOND_FACTOR_ROLES": every}).second_factor_roles == tuple(Role)
    assert load_settings({"SIPETRUK_DATA_DIR": str(tmp_path)}).second_factor_roles == ()


def test_single_sign_on_is_set_whole_or_not_at_all(tmp_path):
    base = {"SIPETRUK_DATA_DIR": str(tmp_path)}
    provider = {"SIPETRUK_OIDC_ISSUER": "https://sso.balangan.go.id/realms/asn", "SIPETRUK_OIDC_CLIENT_ID": "sipetruk"}
    secret = tmp_path / "rahasia"
    secret.write_text("rahasia-klien\n", encoding="utf-8")
    found = load_settings(base | provider | {"SIPETRUK_OIDC_CLIENT_SECRET_FILE": str(secret)}).single_sign_on
    assert (found.issuer, found.client_id, found.client_secret, found.label, found.link) == (
        provider["SIPETRUK_OIDC_ISSUER"], "sipetruk", "rahasia-klien", "SSO", "none",
    )  # fmt: skip
    assert load_settings(base).single_sign_on is None
    with pytest.raises(SystemExit, match="SIPETRUK_OIDC_CLIENT_SECRET"):
        load_settings(base | provider)
    with pytest.raises(SystemExit, match="SIPETRUK_OIDC_ISSUER"):
        load_settings(base | {"SIPETRUK_OIDC_CLIENT_ID": "sipetruk"})
    plain = {"SIPETRUK_ENV": "production", "SIPETRUK_SECRET_KEY": "x" * 20, "SIPETRUK_OIDC_ISSUER": "http://sso.balangan.go.id"}
    with pytest.raises(SystemExit, match="https://"):
        load_settings(base | provider | plain)


def test_production_without_a_secret_key_does_not_start(tmp_path):
    with pytest.raises(SystemExit, match="SIPETRUK_SECRET_KEY"):
        load_settings({"SIPETRUK_DATA_DIR": str(tmp_path), "SIPETRUK_ENV": "production"})
    assert list(tmp_path.iterdir()) == []


def test_development_makes_a_secret_key_and_keeps_it(tmp_path):
    first = load_settings({"SIPETRUK_DATA_DIR": str(tmp_path)})
    assert load_settings({"SIPETRUK_DATA_DIR": str(tmp_path)}).secret_key == first.secret_key
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("secret_key", 0o600)]
    assert len(first.secret_key) == 64


def test_a_secret_key_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "secret_key").mkdir()
    with pytest.raises(SystemExit, match=r"Pengaturan SIPETRUK_SECRET_KEY tidak dapat dipakai: berkas .*secret_key tidak dapat dibuat"):
        load_settings({"SIPETRUK_DATA_DIR": str(tmp_path)})


def test_a_secret_may_come_from_a_file_but_not_twice(tmp_path):
    secret = tmp_path / "kunci"
    secret.write_text("kunci-dari-berkas-yang-panjang\n", encoding="utf-8")
    given = {"SIPETRUK_DATA_DIR": str(tmp_path), "SIPETRUK_ENV": "production", "SIPETRUK_SECRET_KEY_FILE": str(secret)}
    assert load_settings(given).secret_key == "kunci-dari-berkas-yang-panjang"
    with pytest.raises(SystemExit, match="jangan keduanya"):
        load_settings({**given, "SIPETRUK_SECRET_KEY": "x" * 20})
    with pytest.raises(SystemExit, match="tidak dapat dibaca"):
        load_settings({**given, "SIPETRUK_SECRET_KEY_FILE": str(tmp_path / "tidak-ada")})
