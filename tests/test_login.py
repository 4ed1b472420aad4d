"""Signing in, staying signed in, and the end of a session."""

import pytest
from flask_wtf.csrf import generate_csrf

from sipetruk.login import current_actor, safe_next
from sipetruk.login.pages import TOO_OLD
from sipetruk.models import LoginAttempt
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import users

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WRONG = "Nama pengguna atau kata sandi tidak cocok."


@pytest.fixture
def whoami(app):
    """The application with a page that says who asks, and through which face."""

    def name():
        actor = current_actor()
        return f"{actor.username} {actor.face}" if actor else "-"

    app.add_url_rule("/siapa", "whoami", name)
    app.add_url_rule("/token", "token", generate_csrf)
    app.add_url_rule("/admin/siapa", "whoami_panel", name)
    app.add_url_rule("/graphql/siapa", "whoami_api", name)
    return app


def post(client, csrf, **form):
    return client.post("/masuk", data={"csrf_token": csrf(client, "/masuk"), **form})


def test_a_person_signs_in_and_out(cast, whoami, csrf):
    client = whoami.test_client()
    assert client.get("/siapa").text == "-"
    answer = post(client, csrf, username="  BKPSDM ", password=cast.password)
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert client.get("/siapa").text == "bkpsdm portal"
    assert client.get("/admin/siapa").text == "bkpsdm panel"
    assert client.get("/graphql/siapa").text == "bkpsdm api"
    assert client.post("/keluar", data={"csrf_token": client.get("/token").text}).location == "/"
    assert client.get("/siapa").text == "-"


@ONE_ENGINE
def test_a_page_that_outlived_its_session_is_met_with_what_to_do(cast, whoami, csrf):
    client, nobody = whoami.test_client(), whoami.test_client()
    old = {"csrf_token": csrf(client, "/masuk"), "username": "bkpsdm", "password": cast.password, "next": "/siapa"}
    assert client.post("/masuk", data=old).location == "/siapa"
    again = client.post("/masuk", data=old)
    assert (again.status_code, again.location) == (303, "/masuk?next=/siapa")
    refused = nobody.post("/masuk", data=old)
    assert (refused.status_code, TOO_OLD in refused.text, 'value="bkpsdm"' in refused.text) == (400, True, True)
    assert (nobody.get("/siapa").text, cast.password in refused.text) == ("-", False)
    assert nobody.post("/keluar").location == "/"
    assert client.post("/keluar").status_code == 400
    assert client.get("/siapa").text == "bkpsdm portal"


@ONE_ENGINE
@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("http://localhost/akun/sandi?a=1", "/masuk?next=/akun/sandi?a%3D1"),
        ("http://localhost/admin/periode/5/hapus/", "/masuk"),
        ("https://example.com/akun/", "/masuk"),
        ("", "/masuk"),
    ],
)
def test_whoever_sends_a_form_after_the_session_ended_is_led_to_the_sign_in_and_back(whoami, before, back):
    answer = whoami.test_client().post("/akun/sandi", data={"password": "x"}, headers={"Referer": before})
    assert (answer.status_code, "Sesi Anda sudah berakhir" in answer.text, f'href="{back}"' in answer.text) == (400, True, True)


@ONE_ENGINE
def test_people_of_a_unit_land_on_their_own_pages(cast, whoami, csrf):
    assert post(whoami.test_client(), csrf, username="opd-dinkes", password=cast.password).location == "/usulan/"


@ONE_ENGINE
def test_after_signing_in_one_comes_back_to_where_one_was(cast, whoami, csrf):
    client = whoami.test_client()
    answer = post(client, csrf, username="bkpsdm", password=cast.password, next="/siapa?a=1")
    assert answer.location == "/siapa?a=1"
    assert client.get("/masuk?next=/siapa").location == "/siapa"


@ONE_ENGINE
@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/", "//jahat.example/", "/\\jahat.example", "\\\\jahat.example", "javascript:alert(1)", "jahat.example",
        "/ /jahat.example", "/\t/jahat.example", "/\n/jahat.example", "///jahat.example", "http:jahat.example", "/keluar", "/masuk", "",
        "/" + "a" * 3000, "/%0d%0aSet-Cookie:x=1\r\n",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_site(cast, whoami, csrf, target):
    assert safe_next(target) == ""
    assert post(whoami.test_client(), csrf, username="bkpsdm", password=cast.password, next=target).location == "/admin/"


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(cast, whoami, csrf):
    answers = []
    for username, password in [("bkpsdm", "salah-sekali"), ("tidak-ada", cast.password), ("", ""), ("bkp\x00sdm", "\x00")]:
        client = whoami.test_client()
        answer = post(client, csrf, username=username, password=password)
        answers.append((answer.status_code, WRONG in answer.text, 'role="alert"' in answer.text))
        assert client.get("/siapa").text == "-"
    assert answers == [(401, True, True)] * 4


@ONE_ENGINE
def test_the_name_is_kept_and_the_password_is_not(cast, whoami, csrf):
    answer = post(whoami.test_client(), csrf, username='si"ti', password="kata-sandi-salah")
    assert 'value="si&#34;ti"' in answer.text
    assert "kata-sandi-salah" not in answer.text


def test_after_five_failures_even_the_right_password_must_wait(cast, whoami, csrf):
    client = whoami.test_client()
    for _ in range(5):
        assert post(client, csrf, username="bkpsdm", password="salah-sekali").status_code == 401
    answer = post(client, csrf, username="bkpsdm", password=cast.password)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert "Terlalu banyak percobaan masuk yang gagal. Coba lagi dalam 15 menit." in answer.text
    assert LoginAttempt.select().where(LoginAttempt.is_success).count() == 0
    assert client.get("/siapa").text == "-"
    assert post(whoami.test_client(), csrf, username="auditor", password=cast.password).status_code == 303


def test_a_session_ends_when_the_password_changes(cast, whoami, csrf):
    client = whoami.test_client()
    post(client, csrf, username="auditor", password=cast.password)
    users.set_password(SYSTEM, user_id=cast.viewer.user_id, password="kata-sandi-baru")
    assert client.get("/siapa").text == "-"
    assert post(client, csrf, username="auditor", password=cast.password).status_code == 401
    assert post(client, csrf, username="auditor", password="kata-sandi-baru").status_code == 303


def test_a_session_ends_when_the_account_is_closed(cast, whoami, csrf):
    client = whoami.test_client()
    post(client, csrf, username="auditor", password=cast.password)
    users.set_active(SYSTEM, user_id=cast.viewer.user_id, is_active=False, expected_version=1)
    assert client.get("/siapa").text == "-"
    assert post(client, csrf, username="auditor", password=cast.password).status_code == 401


@ONE_ENGINE
def test_nothing_planted_before_signing_in_survives_it(cast, whoami, csrf):
    client = whoami.test_client()
    before = csrf(client, "/masuk")
    with client.session_transaction() as session:
        session["ditanam"] = "x"
    post(client, csrf, username="bkpsdm", password=cast.password)
    with client.session_transaction() as session:
        assert "ditanam" not in session
    assert client.post("/keluar", data={"csrf_token": before}).status_code == 400
    assert client.get("/siapa").text == "bkpsdm portal"


@ONE_ENGINE
@pytest.mark.parametrize("forged", ["", "1", "1:", ":0", "1:1", "999:0", "x:y", "1:0:0", "-1:0"])
def test_a_session_that_names_nobody_is_nobody(cast, whoami, forged):
    client = whoami.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = forged
    assert client.get("/siapa").text == "-"


@ONE_ENGINE
def test_pages_of_a_signed_in_person_are_not_kept_by_the_browser(cast, whoami, csrf):
    client = whoami.test_client()
    post(client, csrf, username="bkpsdm", password=cast.password)
    answer = client.get("/siapa")
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Cookie")


@ONE_ENGINE
def test_signing_out_is_no_link(cast, whoami, csrf):
    client = whoami.test_client()
    post(client, csrf, username="bkpsdm", password=cast.password)
    answer = client.get("/keluar")
    assert (answer.status_code, set(answer.headers["Allow"].split(", "))) == (405, {"OPTIONS", "POST"})
    assert client.get("/siapa").text == "bkpsdm portal"
