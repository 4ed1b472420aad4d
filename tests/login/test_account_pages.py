"""The pages of one's own account, the second step of signing in, and what opens before a compulsory second factor is there."""

import re
from datetime import timedelta

import pyotp
import pytest

from sipetruk.models import AuditEntry, RecoveryCode, SecondFactor, User
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import clock, passwords, users
from sipetruk.windows import load_settings
from tests.api.person import OWN
from tests.portal import pages

ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
PATHS = ("", "sandi", "faktor-kedua", "faktor-kedua/matikan", "faktor-kedua/kode", "sesi")


class Person:
    """Somebody at a browser of their own who fills forms in."""

    def __init__(self, client):
        self.client = client

    def get(self, path=""):
        return self.client.get(f"/akun/{path}")

    def send(self, path="", **typed):
        return self.client.post(f"/akun/{path}", data={"csrf_token": pages.token(self.get().text), **typed})

    def is_in(self):
        return self.get().status_code == 200


def row(who):
    return User.get_by_id(who.user_id)


def code(secret, later=0):
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=later))


def switch_on(someone, password):
    """Through the pages; the secret and the recovery codes."""
    assert someone.send("faktor-kedua", password=password).location == "/akun/faktor-kedua/siapkan"
    page = someone.get("faktor-kedua/siapkan").text
    secret = re.search(r'<code id="kunci">([A-Z2-7 ]+)</code>', page).group(1).replace(" ", "")
    assert re.search(rf'<a href="otpauth://totp/[^"]*secret={secret}', page)
    assert 'src="data:image/svg+xml' in page
    answer = someone.send("faktor-kedua/siapkan", code=code(secret))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return secret, re.findall(r"<li><code>([a-z0-9-]{19})</code></li>", answer.text)


def first_step(client, csrf, username, password, target=""):
    form = {"csrf_token": csrf(client, "/masuk"), "username": username, "password": password, "next": target}
    return client.post("/masuk", data=form)


def second_step(client, given):
    return client.post("/masuk/kode", data={"csrf_token": pages.token(client.get("/masuk/kode").text), "code": given})


@pytest.mark.parametrize("path", PATHS)
@ONE_ENGINE
def test_everybody_has_the_pages_and_nobody_else(app, cast, someone, path):
    for who in (cast.bkpsdm, cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer):
        answer = someone(who).get(path)
        assert (answer.status_code, pages.forbidden(answer.text)) == (200, [])
    assert app.test_client().get(f"/akun/{path}").location.startswith("/masuk?next=/akun/")


@ONE_ENGINE
def test_both_faces_lead_there_and_it_leads_back(cast, someone):
    official, unit = someone(cast.bkpsdm), someone(cast.unit_admin)
    assert 'href="/akun/"' in official.client.get("/admin/").text
    assert 'href="/akun/"' in unit.client.get("/usulan/").text
    assert ('href="/admin/"' in official.get().text, 'href="/usulan/"' in official.get().text) == (True, False)
    assert ('href="/admin/"' in unit.get().text, 'href="/usulan/"' in unit.get().text) == (False, True)
    assert "Admin OPD, Dinas Kesehatan" in unit.get().text


def test_the_profile_is_saved(cast, someone):
    person = someone(cast.unit_admin)
    version = pages.hidden(person.get().text, "expected_version")
    answer = person.send(name="Sari Baru", phone="0812-3456-7890", email="sari@balangan.go.id", expected_version=version)
    assert answer.location == "/akun/"
    text = person.get().text
    assert ("Profil tersimpan." in text, 'value="+6281234567890"' in text) == (True, True)
    assert (row(cast.unit_admin).name, row(cast.unit_admin).phone) == ("Sari Baru", "6281234567890")


def test_a_refused_profile_keeps_what_was_typed(cast, someone):
    answer = someone(cast.unit_admin).send(name="", phone="812", email="bukan <alamat>", expected_version="1")
    assert answer.status_code == 422
    assert pages.errors(answer.text) == [
        "Nama wajib diisi, paling banyak 150 karakter.",
        "Nomor telepon diawali 0 atau +62 dan terdiri atas 8 sampai 15 angka, misalnya 0812-3456-7890.",
        "Alamat e-mail tidak sah; contoh: nama@balangan.go.id.",
    ]
    assert ('value="812"' in answer.text, 'value="bukan &lt;alamat&gt;"' in answer.text) == (True, True)
    assert row(cast.unit_admin).row_version == 1


@ONE_ENGINE
def test_a_profile_that_somebody_changed_meanwhile_shows_both_and_is_saved_the_second_time(cast, someone):
    person = someone(cast.unit_admin)
    users.update(SYSTEM, user_id=cast.unit_admin.user_id, name="Dari BKPSDM", expected_version=1)
    answer = person.send(name="Dari saya", phone="", email="", expected_version="1")
    assert answer.status_code == 409
    assert ("Dari BKPSDM" in answer.text, 'value="Dari saya"' in answer.text) == (True, True)
    again = pages.hidden(answer.text, "expected_version")
    assert person.send(name="Dari saya", phone="", email="", expected_version=again).status_code == 303
    assert row(cast.unit_admin).name == "Dari saya"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999", "\x00"])
@ONE_ENGINE
def test_a_profile_without_a_sound_version_is_a_conflict(cast, someone, version):
    assert someone(cast.unit_admin).send(name="N\x00ama", phone="\x00", email="", expected_version=version).status_code == 409


def test_a_new_password_keeps_this_session_and_ends_the_others(cast, someone):
    here, there = someone(cast.assessor), someone(cast.assessor)
    answer = here.send("sandi", oldPassword=cast.password, password="kata-sandi-baru", again="kata-sandi-baru")
    assert (answer.status_code, answer.location) == (303, "/akun/")
    assert (here.is_in(), there.is_in()) == (True, False)
    assert passwords.matches(row(cast.assessor).password_hash, "kata-sandi-baru")


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"oldPassword": "salah"}, 422, ["Kata sandi Anda tidak cocok."]),
        ({"again": "lain-lagi-sama-sekali"}, 422, ["Kedua kata sandi tidak sama."]),
        ({"password": "pendek", "again": "pendek"}, 422, ["Kata sandi paling sedikit 10 karakter."]),
        ({"oldPassword": "\x00"}, 422, ["Kata sandi Anda tidak cocok."]),
    ],
)
@ONE_ENGINE
def test_a_refused_password_is_told_at_its_field_and_never_shown(cast, someone, typed, status, words):
    form = {"oldPassword": cast.password, "password": "kata-sandi-baru", "again": "kata-sandi-baru"} | typed
    answer = someone(cast.assessor).send("sandi", **form)
    assert (answer.status_code, pages.errors(answer.text)) == (status, words)
    assert [value for value in form.values() if f'value="{value}"' in answer.text and value] == []
    assert row(cast.assessor).session_epoch == 0


@ONE_ENGINE
def test_too_many_wrong_passwords_must_wait_here_as_well(cast, someone):
    person = someone(cast.assessor)
    for _ in range(5):
        assert person.send("faktor-kedua", password="salah").status_code == 422
    assert person.send("faktor-kedua", password=cast.password).status_code == 429


def test_switching_on_signing_in_with_a_code_and_with_a_recovery_code(app, cast, someone, csrf):
    here, there = someone(cast.assessor), someone(cast.assessor)
    secret, codes = switch_on(here, cast.password)
    assert (len(codes), here.is_in(), there.is_in()) == (10, True, False)
    assert [each for each in codes if each in here.get("faktor-kedua").text] == []

    client = app.test_client()
    answer = first_step(client, csrf, "penilai1", cast.password, "/admin/bantuan/")
    assert (answer.status_code, answer.location) == (303, "/masuk/kode")
    page = client.get("/masuk/kode")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert (client.get("/admin/bantuan/").status_code, Person(client).is_in()) == (302, False)
    wrong = second_step(client, "abc")
    assert (wrong.status_code, "Kode tidak cocok atau sudah dipakai." in wrong.text) == (401, True)
    answer = second_step(client, code(secret, 30))
    assert (answer.status_code, answer.location) == (303, "/admin/bantuan/")
    assert Person(client).is_in()

    client = app.test_client()
    first_step(client, csrf, "penilai1", cast.password)
    assert second_step(client, codes[0]).location == "/admin/"
    assert "9 kode pemulihan tersisa" in Person(client).get().text


@ONE_ENGINE
def test_a_code_without_a_password_before_it_opens_nothing(app, cast, someone, csrf):
    secret, _ = switch_on(someone(cast.assessor), cast.password)
    client = app.test_client()
    assert client.get("/masuk/kode").status_code == 401
    answer = client.post("/masuk/kode", data={"csrf_token": csrf(client, "/masuk"), "code": code(secret, 30)})
    assert (answer.status_code, "Masuklah sekali lagi." in answer.text) == (401, True)


@ONE_ENGINE
def test_the_second_step_waits_ten_minutes(app, cast, someone, csrf):
    _, codes = switch_on(someone(cast.assessor), cast.password)
    client = app.test_client()
    first_step(client, csrf, "penilai1", cast.password)
    with clock.standing_at(clock.now() + timedelta(minutes=10, seconds=1)):
        assert client.get("/masuk/kode").status_code == 401
    assert second_step(client, codes[0]).status_code == 303


@ONE_ENGINE
def test_after_five_wrong_codes_the_right_one_must_wait(app, cast, someone, csrf):
    secret, _ = switch_on(someone(cast.assessor), cast.password)
    client = app.test_client()
    first_step(client, csrf, "penilai1", cast.password)
    assert [second_step(client, "000").status_code for _ in range(5)] == [401] * 5
    answer = second_step(client, code(secret, 30))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "900")
    assert first_step(app.test_client(), csrf, "penilai1", cast.password).status_code == 429
    assert first_step(app.test_client(), csrf, "penilai1", "salah").status_code == 429


def test_it_is_switched_off_and_codes_are_renewed(cast, someone):
    person = someone(cast.assessor)
    secret, codes = switch_on(person, cast.password)
    wrong = person.send("faktor-kedua/kode", password=cast.password, code="1")
    assert (wrong.status_code, pages.errors(wrong.text)) == (
        422,
        ["Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya pada aplikasi Anda, lalu coba lagi."],
    )
    renewed = person.send("faktor-kedua/kode", password=cast.password, code=codes[0])
    fresh = re.findall(r"<li><code>([a-z0-9-]{19})</code></li>", renewed.text)
    assert (renewed.status_code, len(fresh), set(fresh) & set(codes)) == (200, 10, set())
    assert person.send("faktor-kedua/matikan", password=cast.password, code=codes[1]).status_code == 422
    assert person.send("faktor-kedua/matikan", password=cast.password, code=code(secret, 30)).location == "/akun/faktor-kedua"
    assert (SecondFactor.select().count(), RecoveryCode.select().count()) == (0, 0)
    assert person.send("faktor-kedua/matikan", password=cast.password, code=fresh[0]).status_code == 409


@ONE_ENGINE
def test_a_confirmation_sent_twice_or_without_a_beginning_is_no_fault(cast, someone):
    person = someone(cast.assessor)
    assert person.get("faktor-kedua/siapkan").location == "/akun/faktor-kedua"
    assert person.send("faktor-kedua/siapkan", code="123456").location == "/akun/faktor-kedua"
    switch_on(person, cast.password)
    assert person.send("faktor-kedua/siapkan", code="123456").location == "/akun/faktor-kedua"
    assert "Faktor kedua sudah aktif." in person.get("faktor-kedua").text


@pytest.mark.parametrize(("which", "stays"), [("others", True), ("all", False), ("", False)])
def test_signing_out_everywhere(cast, someone, which, stays):
    here, there = someone(cast.assessor), someone(cast.assessor)
    assert "Yang akan berakhir" in here.get("sesi").text
    assert here.send("sesi", which=which).location == ("/akun/" if stays else "/masuk")
    assert (here.is_in(), there.is_in()) == (stays, False)
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().action == "account:sessions"


@ONE_ENGINE
def test_where_one_is_signed_in_is_named(app, cast, csrf):
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
    client = app.test_client()
    form = {"csrf_token": csrf(client, "/masuk"), "username": "penilai1", "password": cast.password}
    client.post("/masuk", data=form, headers={"User-Agent": agent})
    assert "Firefox, Windows, alamat 127.0.0.1" in client.get("/akun/sesi").text


@ONE_ENGINE
def test_without_single_sign_on_there_is_no_page_of_it(cast, someone, client):
    person = someone(cast.assessor)
    assert [person.get(path).status_code for path in ("masuk-tunggal", "masuk-tunggal/lanjut?ke=penyedia")] == [404, 302]
    assert [client.get(path).status_code for path in ("/masuk/sso", "/masuk/sso/kembali")] == [404, 404]
    assert "masuk/sso" not in client.get("/masuk").text


@pytest.mark.parametrize("compulsory", ["assessor,viewer"])
@ONE_ENGINE
def test_where_a_role_asks_for_it_nothing_opens_before(app, cast, csrf, compulsory):
    client = app.test_client()
    assert first_step(client, csrf, "penilai1", cast.password, "/admin/bantuan/").location == "/akun/faktor-kedua"
    assert client.get("/admin/bantuan/").location == "/masuk?next=/admin/bantuan/"
    assert client.get("/masuk?next=/admin/bantuan/").location == "/akun/faktor-kedua"
    assert client.post("/graphql/staff", json={"query": "{ viewer { name } }"}, headers=OWN).status_code == 401
    person = Person(client)
    assert "Peran Anda mewajibkan faktor kedua." in person.get("faktor-kedua").text
    person.send("sandi", oldPassword=cast.password, password="kata-sandi-baru", again="kata-sandi-baru")
    assert client.get("/admin/bantuan/").status_code == 302
    secret, _ = switch_on(person, "kata-sandi-baru")
    assert client.get("/admin/bantuan/").status_code == 200
    assert person.send("faktor-kedua/matikan", password="kata-sandi-baru", code=code(secret, 30)).status_code == 403
    assert first_step(app.test_client(), csrf, "verifikator", cast.password).location == "/admin/"


@pytest.fixture
def someone(app, sign_in):
    """someone(cast.assessor): signed in, with a browser of their own."""
    return lambda who: Person(sign_in(app.test_client(), who))


@pytest.fixture
def compulsory():
    return ""


@pytest.fixture
def settings(database_url, data_dir, compulsory):
    return load_settings(
        {
            "SIPETRUK_ENV": "testing",
            "SIPETRUK_DATABASE_URL": database_url,
            "SIPETRUK_DATA_DIR": str(data_dir),
            "SIPETRUK_SECOND_FACTOR_ROLES": compulsory,
        }
    )
