"""A password that an administrator gave opens one page: the one where its owner chooses another."""

from datetime import timedelta

import peewee as pw
import pyotp
import pytest

from sipetruk.models import AuditEntry, User
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.scopes import Scope
from sipetruk.services import clock, second_factor, tokens, users
from sipetruk.windows import load_settings
from tests.api.person import OWN
from tests.portal import pages

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
GIVEN, CHOSEN = "dari-administrator", "pilihan-saya-sendiri"
WORDS = "Anda memakai kata sandi dari administrator. Pilih kata sandi Anda sendiri untuk melanjutkan."


class Newcomer:
    """Somebody at a browser, signed in with the password that was given."""

    def __init__(self, client, csrf, username, target=""):
        self.client = client
        form = {"csrf_token": csrf(client, "/masuk"), "username": username, "password": GIVEN, "next": target}
        self.answer = client.post("/masuk", data=form)

    def choose(self, old=GIVEN, new=CHOSEN, again=None):
        form = {"csrf_token": self.token(), "oldPassword": old, "password": new, "again": new if again is None else again}
        return self.client.post("/akun/sandi", data=form)

    def token(self):
        return pages.token(self.client.get("/akun/sandi").text)

    def ask(self, query="{ viewer { name } }"):
        return self.client.post("/graphql/staff", json={"query": query}, headers=OWN)


def counts():
    return User.select().count(), AuditEntry.select().count(), User.select(pw.fn.SUM(User.row_version)).scalar()


def give(who):
    users.set_password(SYSTEM, user_id=who.user_id, password=GIVEN)


def is_given(who):
    return User.get_by_id(who.user_id).has_given_password


@pytest.mark.parametrize(
    ("who", "target", "landing"),
    [("assessor", "", "/admin/"), ("unit_admin", "", "/usulan/"), ("assessor", "/admin/bantuan/?a=1", "/admin/bantuan/?a=1")],
)
def test_an_own_password_comes_first_and_then_what_was_wanted(app, cast, csrf, who, target, landing):
    who = getattr(cast, who)
    give(who)
    person = Newcomer(app.test_client(), csrf, who.username, target)
    assert (person.answer.status_code, person.answer.location) == (303, "/akun/sandi")
    page = person.client.get("/akun/sandi")
    assert (page.status_code, pages.forbidden(page.text)) == (200, [])
    assert pages.plain(page.text, '<div class="message info" role="status"><p>', "</p>") == [WORDS]
    assert [address for address in ("/admin/", "/usulan/") if f'href="{address}"' in page.text] == []
    answer = person.choose()
    assert (answer.status_code, answer.location) == (303, landing)
    assert person.client.get(landing).status_code == 200
    assert not is_given(who)
    again = app.test_client()
    form = {"csrf_token": csrf(again, "/masuk"), "username": who.username, "password": CHOSEN}
    assert again.post("/masuk", data=form).location == ("/usulan/" if who == cast.unit_admin else "/admin/")


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/pengguna/", "/usulan/", "/akun/", "/akun/faktor-kedua", "/akun/sesi", "/data/penjelajah/staf"]
)
@ONE_ENGINE
def test_every_other_page_leads_there_and_is_opened_afterwards(app, cast, csrf, path):
    give(cast.bkpsdm)
    person = Newcomer(app.test_client(), csrf, "bkpsdm")
    led = person.client.get(path)
    assert (led.status_code, led.location) == (302, f"/masuk?next={path}")
    assert person.client.get(led.location).location == "/akun/sandi"
    assert person.choose().location == path


def test_nothing_else_is_done_meanwhile(app, cast, csrf):
    give(cast.bkpsdm)
    person = Newcomer(app.test_client(), csrf, "bkpsdm")
    before = counts()
    token = {"csrf_token": person.token()}
    new = {"username": "baru", "name": "Baru", "password": "panjang-sekali", "again": "panjang-sekali"}
    assert person.client.post("/admin/pengguna/baru/", data={**token, **new}).location == "/masuk"
    assert person.client.post("/akun/", data={**token, "name": "Lain", "expected_version": "2"}).status_code == 401
    assert person.client.post("/akun/sesi", data={**token, "which": "others"}).status_code == 401
    assert person.client.post("/akun/faktor-kedua", data={**token, "password": GIVEN}).status_code == 401
    refused = person.ask('mutation { userCreate(input: {username: "baru", name: "Baru", password: "panjang-sekali"}) { user { id } } }')
    assert (refused.status_code, refused.json["errors"][0]["message"]) == (401, WORDS)
    assert refused.json["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    own = f'mutation {{ ownPasswordChange(input: {{oldPassword: "{GIVEN}", password: "{CHOSEN}"}}) {{ userErrors {{ code }} }} }}'
    assert person.ask(own).status_code == 401
    assert person.client.get("/graphql/staff/evidence/x").status_code in {401, 404}
    assert counts() == before
    assert is_given(cast.bkpsdm)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"old": "salah-sekali"}, ["Kata sandi Anda tidak cocok."]),
        ({"new": GIVEN}, ["Kata sandi baru sama dengan yang lama."]),
        ({"new": "pendek"}, ["Kata sandi paling sedikit 10 karakter."]),
        ({"again": "lain-lagi-sekali"}, ["Kedua kata sandi tidak sama."]),
    ],
)
@ONE_ENGINE
def test_a_choice_that_is_refused_opens_nothing(app, cast, csrf, typed, words):
    give(cast.assessor)
    person = Newcomer(app.test_client(), csrf, "penilai1", "/admin/bantuan/")
    answer = person.choose(**typed)
    assert (answer.status_code, pages.errors(answer.text)) == (422, words)
    assert (person.client.get("/admin/").status_code, is_given(cast.assessor)) == (302, True)
    assert person.choose().location == "/admin/bantuan/"


@ONE_ENGINE
def test_the_way_out_and_what_is_for_everybody_stay_open(app, cast, csrf):
    give(cast.assessor)
    person = Newcomer(app.test_client(), csrf, "penilai1")
    assert [person.client.get(path).status_code for path in ("/", "/data", "/static/favicon.svg")] == [200, 200, 200]
    assert person.client.post("/graphql", json={"query": "{ __typename }"}).status_code == 200
    assert person.client.post("/keluar", data={"csrf_token": person.token()}).location == "/"
    assert person.client.get("/akun/sandi").location == "/masuk?next=/akun/sandi"


@ONE_ENGINE
def test_a_password_that_is_given_anew_ends_this_session_too(app, cast, csrf):
    give(cast.assessor)
    person = Newcomer(app.test_client(), csrf, "penilai1")
    give(cast.assessor)
    assert person.client.get("/akun/sandi").location == "/masuk?next=/akun/sandi"
    again = Newcomer(app.test_client(), csrf, "penilai1", "/akun/sandi")
    assert again.choose().location == "/admin/"


def test_the_code_of_the_second_factor_comes_before(app, cast, csrf):
    secret = second_factor.begin(cast.assessor, password=cast.password, address="").secret
    second_factor.confirm(cast.assessor, code=pyotp.TOTP(secret).at(clock.now()), address="")
    later = pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))
    codes = second_factor.renew_codes(cast.assessor, password=cast.password, code=later, address="")
    give(cast.assessor)
    person = Newcomer(app.test_client(), csrf, "penilai1", "/admin/bantuan/")
    assert person.answer.location == "/masuk/kode"
    assert person.client.get("/akun/sandi").status_code == 302
    form = {"csrf_token": pages.token(person.client.get("/masuk/kode").text), "code": codes[0]}
    assert person.client.post("/masuk/kode", data=form).location == "/akun/sandi"
    assert person.client.get("/admin/bantuan/").status_code == 302
    assert person.choose().location == "/admin/bantuan/"


@pytest.mark.parametrize("more", [{"SIPETRUK_SECOND_FACTOR_ROLES": "assessor"}])
@ONE_ENGINE
def test_a_second_factor_that_is_still_missing_comes_after(app, cast, csrf, more):
    give(cast.assessor)
    person = Newcomer(app.test_client(), csrf, "penilai1", "/admin/bantuan/")
    assert person.answer.location == "/akun/sandi"
    assert person.client.get("/akun/faktor-kedua").status_code == 302
    assert person.choose().location == "/akun/faktor-kedua"
    assert (person.client.get("/akun/faktor-kedua").status_code, person.client.get("/admin/bantuan/").status_code) == (200, 302)


def test_a_program_with_a_token_goes_on(app, cast):
    made = tokens.create(cast.bkpsdm, name="SILKa", purpose="Membaca.", owner_id=cast.viewer.user_id, scopes=[Scope.UNITS_READ])
    give(cast.viewer)
    asked = {"json": {"query": "{ viewer { name } }"}, "headers": {"Authorization": f"Bearer {made.secret}"}}
    assert app.test_client().post("/graphql/staff", **asked).json["data"]["viewer"]["name"] == "Nur Auditor"
    assert is_given(cast.viewer)


@pytest.fixture
def more():
    return {}


@pytest.fixture
def settings(database_url, data_dir, more):
    given = {"SIPETRUK_ENV": "testing", "SIPETRUK_DATABASE_URL": database_url, "SIPETRUK_DATA_DIR": str(data_dir)}
    return load_settings({**given, **more})
