"""Single sign-on against a real provider on this machine: who gets in, and every lie that does not."""

import http.client
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest

from sipetruk.models import ExternalIdentity, LoginAttempt
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import clock, identities, second_factor, users
from sipetruk.windows import load_settings
from tests.login.provider import CLIENT_ID, CLIENT_SECRET, Provider
from tests.portal import pages

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
DOUBTED = "Jawaban SSO Balangan tidak dapat dipercaya, jadi Anda belum masuk. Coba lagi."


def at_the_provider(location):
    """What the provider answers to the browser that was sent there: the address back."""
    there = urlsplit(location)
    connection = http.client.HTTPConnection(there.hostname, there.port, timeout=5)
    connection.request("GET", f"{there.path}?{there.query}")
    found = connection.getresponse().headers["Location"]
    connection.close()
    back = urlsplit(found)
    assert (back.netloc, back.path) == ("localhost", "/masuk/sso/kembali")
    return f"{back.path}?{back.query}"


def come(client, start="/masuk/sso"):
    return client.get(at_the_provider(client.get(start).location))


def problem(answer):
    (found,) = pages.plain(answer.text, '<p class="problem" role="alert" id="sign-in-problem">', "</p>")
    return found


def is_signed_in(client):
    return client.get("/akun/").status_code == 200


def link(who, issuer, subject="s-1"):
    identities.link(who, issuer=issuer, subject=subject)


def test_a_linked_person_signs_in_and_lands_where_they_wanted(client, cast, provider):
    link(cast.assessor, provider.issuer)
    assert 'href="/masuk/sso?next=/admin/penilaian/"' in client.get("/masuk?next=/admin/penilaian/").text
    answer = come(client, "/masuk/sso?next=/admin/penilaian/")
    assert (answer.status_code, answer.location) == (303, "/admin/penilaian/")
    assert "Siti Penilai" in client.get("/akun/").text
    (asked,) = provider.asked
    assert (asked["response_type"], asked["code_challenge_method"], asked["scope"]) == ("code", "S256", "openid profile email")
    assert asked["nonce"]
    assert [row.is_success for row in LoginAttempt.select()] == [True]
    assert client.get("/masuk/sso?next=/akun/").location == "/akun/"


@ONE_ENGINE
def test_whoever_comes_through_the_provider_has_no_use_of_the_password_that_was_given(client, cast, provider):
    link(cast.assessor, provider.issuer)
    users.set_password(SYSTEM, user_id=cast.assessor.user_id, password="dari-administrator")
    assert come(client, "/masuk/sso?next=/admin/penilaian/").location == "/admin/penilaian/"
    assert client.get("/admin/penilaian/").status_code == 200


@ONE_ENGINE
def test_it_leads_to_no_other_site(client, cast, provider):
    link(cast.assessor, provider.issuer)
    assert come(client, "/masuk/sso?next=https://jahat.example/").location == "/admin/"


@pytest.mark.parametrize(
    ("lie", "change"),
    [
        ("", {"nonce": "lain"}),
        ("", {"nonce": None}),
        ("", {"exp": 1_700_000_000, "iat": 1_700_000_000}),
        ("", {"exp": None}),
        ("", {"iss": "http://lain.example"}),
        ("", {"aud": "aplikasi-lain"}),
        ("", {"sub": None}),
        ("stranger", {}),
        ("unsigned", {}),
        ("no token", {}),
        ("garbage", {}),
    ],
)
@ONE_ENGINE
def test_a_token_that_is_not_what_it_should_be_lets_nobody_in(client, cast, provider, lie, change):
    link(cast.assessor, provider.issuer)
    provider.lie, provider.change = lie, change
    answer = come(client)
    assert (answer.status_code, problem(answer)) == (401, DOUBTED)
    assert not is_signed_in(client)
    assert LoginAttempt.select().count() == 0


@ONE_ENGINE
def test_a_provider_that_calls_itself_something_else_is_not_asked(client, cast, provider):
    provider.lie = "issuer"
    answer = client.get("/masuk/sso")
    assert (answer.status_code, problem(answer)) == (401, DOUBTED)
    provider.lie = ""
    link(cast.assessor, provider.issuer)
    assert come(client).status_code == 303


@ONE_ENGINE
def test_a_provider_that_is_not_there_is_said_to_be(client, cast, provider):
    provider.stop()
    assert problem(client.get("/masuk/sso")).startswith("SSO Balangan tidak dapat dihubungi.")


@ONE_ENGINE
def test_a_provider_that_does_not_answer_is_left_alone_for_a_while(client, cast, provider):
    link(cast.assessor, provider.issuer)
    with clock.standing_at(clock.now()):
        for lie in ("down", ""):
            provider.lie = lie
            assert problem(client.get("/masuk/sso")).startswith("SSO Balangan tidak dapat dihubungi.")
    with clock.standing_at(clock.now() + timedelta(seconds=16)):
        assert come(client).status_code == 303


@ONE_ENGINE
def test_an_answer_that_nobody_asked_for_counts_for_nothing(app, cast, provider):
    link(cast.assessor, provider.issuer)
    mine, theirs = app.test_client(), app.test_client()
    back = at_the_provider(theirs.get("/masuk/sso").location)
    words = "Langkah masuk ini sudah tidak berlaku atau dimulai di peramban lain. Coba lagi."
    assert problem(mine.get(back)) == words
    query = parse_qs(urlsplit(back).query)
    wrong = urlencode({"code": query["code"][0], "state": "lain"})
    assert problem(theirs.get(f"/masuk/sso/kembali?{wrong}")) == words
    for path in ("/masuk/sso/kembali", "/masuk/sso/kembali?code=x", "/masuk/sso/kembali?state=%00&code=%00"):
        assert problem(theirs.get(path)) == words
    assert not is_signed_in(mine)
    assert not is_signed_in(theirs)


@ONE_ENGINE
def test_an_answer_counts_once(client, cast, provider):
    link(cast.assessor, provider.issuer)
    back = at_the_provider(client.get("/masuk/sso").location)
    assert client.get(back).status_code == 303
    assert client.post("/keluar", data={"csrf_token": pages.token(client.get("/akun/").text)}).status_code == 303
    assert client.get(back).status_code == 401


@ONE_ENGINE
def test_whoever_turns_back_is_told_so(client, cast, provider):
    provider.lie = "denied"
    assert problem(come(client)) == "Masuk lewat SSO Balangan dibatalkan."


def test_somebody_unknown_is_told_what_to_do(client, cast, provider):
    answer = come(client)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (401, "no-store")
    assert problem(answer).startswith("Akun SSO Balangan Anda belum terhubung dengan pengguna SI PETRUK.")
    assert not is_signed_in(client)
    assert ExternalIdentity.select().count() == 0


def test_somebody_inactive_is_told_so(client, cast, provider):
    link(cast.assessor, provider.issuer)
    users.set_active(SYSTEM, user_id=cast.assessor.user_id, is_active=False, expected_version=1)
    assert problem(come(client)) == "Pengguna SI PETRUK Anda tidak aktif. Hubungi BKPSDM."
    assert not is_signed_in(client)


@pytest.mark.parametrize("oidc_link", ["email"])
@pytest.mark.parametrize(("verified", "status"), [(True, 303), (False, 401), ("true", 401), (None, 401)])
@ONE_ENGINE
def test_only_an_address_that_the_provider_verified_links(client, cast, provider, verified, status):
    users.update(SYSTEM, user_id=cast.assessor.user_id, name="Siti", email="siti@balangan.go.id", expected_version=1)
    provider.person = {"sub": "s-1", "email": "siti@balangan.go.id", "email_verified": verified}
    assert come(client).status_code == status
    assert is_signed_in(client) == (status == 303)


@pytest.mark.parametrize("oidc_link", ["username"])
@ONE_ENGINE
def test_claims_that_are_no_texts_link_nobody(client, cast, provider):
    for person in ({"sub": "s-1", "preferred_username": ["penilai1"]}, {"sub": 7, "preferred_username": "penilai1"}):
        provider.person = person
        assert come(client).status_code == 401
    provider.person = {"sub": "s-1", "preferred_username": "penilai1"}
    assert come(client).status_code == 303


@ONE_ENGINE
def test_the_second_factor_is_still_asked_for(client, cast, provider):
    link(cast.assessor, provider.issuer)
    made = second_factor.begin(cast.assessor, password=cast.password, address="")
    now = pyotp.TOTP(made.secret)
    second_factor.confirm(cast.assessor, code=now.at(clock.now()), address="")
    answer = come(client, "/masuk/sso?next=/admin/bantuan/")
    assert answer.location == "/masuk/kode"
    assert not is_signed_in(client)
    form = {"csrf_token": pages.token(client.get("/masuk/kode").text), "code": now.at(clock.now() + timedelta(seconds=30))}
    assert client.post("/masuk/kode", data=form).location == "/admin/bantuan/"


@ONE_ENGINE
def test_a_person_links_the_own_account_and_takes_the_link_away(client, cast, provider, sign_in):
    sign_in(client, cast.unit_admin)
    token = pages.token(client.get("/akun/masuk-tunggal").text)
    wrong = client.post("/akun/masuk-tunggal", data={"csrf_token": token, "password": "salah"})
    assert (wrong.status_code, pages.errors(wrong.text)) == (422, ["Kata sandi Anda tidak cocok."])
    answer = client.post("/akun/masuk-tunggal", data={"csrf_token": token, "password": cast.password})
    assert answer.location == "/akun/masuk-tunggal/lanjut"
    assert "Lanjut ke SSO Balangan" in client.get(answer.location).text
    assert come(client, "/akun/masuk-tunggal/lanjut?ke=penyedia").location == "/akun/"
    assert "Akun SSO Balangan “penilai1” terhubung." in client.get("/akun/").text
    assert [row.user_id for row in ExternalIdentity.select()] == [cast.unit_admin.user_id]
    gone = client.post("/akun/masuk-tunggal", data={"csrf_token": token, "password": cast.password})
    assert (gone.location, ExternalIdentity.select().count()) == ("/akun/", 0)


@ONE_ENGINE
def test_no_link_without_the_password_first(client, cast, provider, sign_in):
    sign_in(client, cast.unit_admin)
    assert client.get("/akun/masuk-tunggal/lanjut?ke=penyedia").location == "/akun/masuk-tunggal"
    assert client.get("/masuk/sso").location == "/usulan/"
    assert ExternalIdentity.select().count() == 0


@ONE_ENGINE
def test_an_identity_of_somebody_else_is_not_taken_over(client, cast, provider, sign_in):
    link(cast.assessor, provider.issuer)
    sign_in(client, cast.unit_admin)
    token = pages.token(client.get("/akun/masuk-tunggal").text)
    client.post("/akun/masuk-tunggal", data={"csrf_token": token, "password": cast.password})
    assert come(client, "/akun/masuk-tunggal/lanjut?ke=penyedia").location == "/akun/"
    assert "Akun itu sudah terhubung dengan pengguna SI PETRUK." in client.get("/akun/").text
    assert [row.user_id for row in ExternalIdentity.select()] == [cast.assessor.user_id]


@pytest.fixture
def provider():
    made = Provider()
    yield made
    if made.thread.is_alive():
        made.stop()


@pytest.fixture
def oidc_link():
    return "none"


@pytest.fixture
def settings(database_url, data_dir, provider, oidc_link):
    return load_settings(
        {
            "SIPETRUK_ENV": "testing",
            "SIPETRUK_DATABASE_URL": database_url,
            "SIPETRUK_DATA_DIR": str(data_dir),
            "SIPETRUK_OIDC_ISSUER": provider.issuer,
            "SIPETRUK_OIDC_CLIENT_ID": CLIENT_ID,
            "SIPETRUK_OIDC_CLIENT_SECRET": CLIENT_SECRET,
            "SIPETRUK_OIDC_LABEL": "SSO Balangan",
            "SIPETRUK_OIDC_LINK": oidc_link,
        }
    )
