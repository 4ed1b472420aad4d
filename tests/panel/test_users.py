"""Users in the panel: how to reach them, and what an administrator takes away from whoever lost it."""

import pyotp
import pytest

from sipetruk.models import AuditEntry, ExternalIdentity, User
from sipetruk.services import clock, identities, second_factor
from tests.panel.visitor import fields_of


def row(who):
    return User.get_by_id(who.user_id)


def last():
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first()


def test_a_profile_is_changed_and_shown(visit, cast):
    visitor, path = visit("bkpsdm"), f"/admin/pengguna/{cast.unit_admin.user_id}/"
    answer = visitor.send(f"{path}profil/", name="Sari Baru", phone="0812-3456-7890", email="Sari@Balangan.go.id")
    assert (answer.status_code, answer.location) == (303, path)
    assert (row(cast.unit_admin).name, row(cast.unit_admin).phone, row(cast.unit_admin).email) == (
        "Sari Baru",
        "6281234567890",
        "sari@balangan.go.id",
    )
    text = visitor.get(path).text
    assert ("+6281234567890" in text, "sari@balangan.go.id" in text) == (True, True)


def test_whoever_has_not_chosen_an_own_password_is_marked(visit, cast):
    visitor, path, words = visit("bkpsdm"), f"/admin/pengguna/{cast.assessor.user_id}/", "kata sandi awal belum diganti"
    pages = ("/admin/pengguna/", path)
    assert [words in visitor.get(page).text for page in pages] == [False, False]
    answer = visitor.send(f"{path}sandi/", password="dari-administrator", again="dari-administrator")
    assert (answer.status_code, row(cast.assessor).has_given_password) == (303, True)
    assert [visitor.get(page).text.count(words) for page in pages] == [1, 1]


def test_a_refused_profile_says_so_at_the_fields(visit, cast):
    path = f"/admin/pengguna/{cast.unit_admin.user_id}/profil/"
    answer = visit("bkpsdm").send(path, phone="812", email="bukan alamat")
    assert answer.status_code == 422
    assert "Nomor telepon diawali 0 atau +62" in answer.text
    assert "Alamat e-mail tidak sah" in answer.text
    sent = fields_of(answer.text)
    assert (sent["phone"], sent["email"], row(cast.unit_admin).row_version) == ("812", "bukan alamat", 1)


def test_a_second_factor_is_taken_away_with_a_reason(visit, cast):
    second_factor.use("kunci untuk pengujian")
    made = second_factor.begin(cast.assessor, password=cast.password, address="")
    second_factor.confirm(cast.assessor, code=pyotp.TOTP(made.secret).at(clock.now()), address="")
    visitor, path = visit("bkpsdm"), f"/admin/pengguna/{cast.assessor.user_id}/"
    assert f'href="{path}faktor-kedua/"' in visitor.get(path).text
    assert visitor.send(f"{path}faktor-kedua/", reason=" ").status_code == 422
    assert second_factor.is_on(cast.assessor.user_id)
    assert visitor.send(f"{path}faktor-kedua/", reason="Ponsel hilang.").location == path
    assert (second_factor.is_on(cast.assessor.user_id), last().reason, last().face) == (False, "Ponsel hilang.", "panel")
    assert f'href="{path}faktor-kedua/"' not in visitor.get(path).text
    again = visitor.send(f"{path}faktor-kedua/", reason="Sekali lagi.")
    assert (again.status_code, "Pengguna ini tidak memakai faktor kedua." in again.text) == (422, True)


def test_a_link_is_taken_away_with_a_reason(visit, cast):
    identities.link(cast.assessor, issuer="https://sso.example", subject="s-1")
    visitor, path = visit("bkpsdm"), f"/admin/pengguna/{cast.assessor.user_id}/"
    assert visitor.send(f"{path}masuk-tunggal/", reason="").status_code == 422
    assert visitor.send(f"{path}masuk-tunggal/", reason="Salah orang.").location == path
    assert (ExternalIdentity.select().count(), last().reason) == (0, "Salah orang.")
    assert visitor.send(f"{path}masuk-tunggal/", reason="Salah orang.").status_code == 422


@pytest.mark.parametrize("path", ["profil", "faktor-kedua", "masuk-tunggal"])
def test_nobody_else_opens_these_pages_and_nobody_unknown_has_one(visit, cast, path):
    assert visit("bkpsdm").get(f"/admin/pengguna/999/{path}/").status_code == 404
    assert visit("viewer").get(f"/admin/pengguna/{cast.assessor.user_id}/{path}/").status_code == 403


def test_the_own_role_of_an_administrator_is_kept_and_the_page_says_why(visit, cast):
    path = f"/admin/pengguna/{cast.bkpsdm.user_id}/peran/"
    visitor = visit("bkpsdm")
    answer = visitor.send(path, **{"grants-0-role": ""})
    words = "Peran Admin BKPSDM tidak dapat dilepas dari akun sendiri; mintalah admin lain."
    assert [answer.status_code, f'<li><a href="#grants">Peran</a>: {words}</li>' in answer.text] == [422, True]
    assert visitor.get(path).status_code == 200


def test_a_new_user_is_asked_for_the_person_first_then_the_roles_then_the_password(visit, cast):
    text = visit("bkpsdm").get("/admin/pengguna/baru/").text
    places = [text.index(f'id="{name}"') for name in ("name", "phone", "email", "username", "grants", "password", "again")]
    assert places == sorted(places)
    assert '<p class="help" id="password-bantuan">Paling sedikit 10 karakter.' in text
