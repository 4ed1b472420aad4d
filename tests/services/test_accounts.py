"""One's own profile and password, and the sessions that end with a change."""

import pytest

from sipetruk.errors import Conflict, Invalid, TooManyAttempts, Unauthenticated
from sipetruk.models import AuditEntry, User
from sipetruk.queries import accounts as queries
from sipetruk.queries.users import actor_of
from sipetruk.rules.permissions import SYSTEM, Role
from sipetruk.services import accounts, clock, proof, sign_in, users
from tests.services.builders import counted

HERE = "203.0.113.5"


def row(who):
    return User.get_by_id(who.user_id)


def own(who):
    return queries.own(who, name_hash=proof.name_hash(who.username), now=clock.now())


def last():
    return AuditEntry.select().order_by(AuditEntry.id.desc()).first()


def update(who, *, name="Siti Penilai", phone="", email="", version=1):
    accounts.update_profile(who, name=name, phone=phone, email=email, expected_version=version)


def change(who, old="rahasia-bersama", new="kata-sandi-baru"):
    return accounts.change_password(who, old=old, new=new, address=HERE)


def test_a_person_changes_the_own_profile_and_the_audit_keeps_no_number(cast):
    update(cast.assessor, name=" Siti Aminah ", phone="0812-3456-7890", email="Siti@Balangan.go.id")
    found = row(cast.assessor)
    assert (found.name, found.phone, found.email, found.row_version) == ("Siti Aminah", "6281234567890", "siti@balangan.go.id", 2)
    assert (last().action, last().before, last().after) == (
        "account:profile",
        {"name": "Siti Penilai"},
        {"name": "Siti Aminah", "phone": "changed", "email": "changed"},
    )
    update(cast.assessor, name="Siti Aminah", email="siti@balangan.go.id", version=2)
    assert (row(cast.assessor).phone, last().after) == (None, {"name": "Siti Aminah", "phone": "removed"})
    assert "81234567890" not in str(list(AuditEntry.select().dicts()))


def test_a_stale_profile_and_a_wrong_one_are_refused(cast):
    with pytest.raises(Conflict):
        update(cast.assessor, version=7)
    with pytest.raises(Invalid) as refused:
        update(cast.assessor, name=" ", phone="812", email="siti")
    assert [problem.path for problem in refused.value.problems] == [("name",), ("phone",), ("email",)]
    assert (row(cast.assessor).name, row(cast.assessor).row_version) == ("Siti Penilai", 1)


def test_a_new_password_ends_the_other_sessions(cast):
    epoch = change(cast.assessor)
    assert (epoch, row(cast.assessor).session_epoch) == (1, 1)
    assert actor_of(cast.assessor.user_id, 0, "panel") is None
    assert sign_in.authenticate(username="penilai1", password="kata-sandi-baru", address=HERE).session_epoch == 1
    assert (last().action, last().after) == ("account:password", {"password": "changed"})


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ("salah-sekali", "kata-sandi-baru", ("oldPassword",), "Kata sandi Anda tidak cocok."),
        ("rahasia-bersama", "pendek", ("password",), "Kata sandi paling sedikit 10 karakter."),
        ("rahasia-bersama", "x" * 201, ("password",), "Kata sandi paling banyak 200 karakter."),
        ("rahasia-bersama", "rahasia-bersama", ("password",), "Kata sandi baru sama dengan yang lama."),
        ("rahasia-bersama", "Penilai1", ("password",), "Kata sandi tidak boleh sama dengan nama pengguna."),
    ],
)
def test_a_password_that_is_refused_changes_nothing(cast, old, new, path, words):
    before = row(cast.assessor).password_hash
    with pytest.raises(Invalid) as refused:
        change(cast.assessor, old, new)
    assert ([problem.path for problem in refused.value.problems], refused.value.message) == ([path], words)
    assert (row(cast.assessor).password_hash, row(cast.assessor).session_epoch) == (before, 0)


def test_guessing_the_old_password_is_slowed_like_signing_in(cast):
    for _ in range(5):
        with pytest.raises(Invalid):
            change(cast.assessor, "salah-sekali")
    with pytest.raises(TooManyAttempts):
        change(cast.assessor)
    with pytest.raises(TooManyAttempts):
        sign_in.authenticate(username="penilai1", password="rahasia-bersama", address="203.0.113.9")


def test_whoever_was_deactivated_and_the_command_line_have_no_account(cast):
    users.set_active(SYSTEM, user_id=cast.assessor.user_id, is_active=False, expected_version=1)
    for who in (cast.assessor, SYSTEM):
        with pytest.raises(Unauthenticated):
            update(who, version=2)
        with pytest.raises(Unauthenticated):
            change(who)


def test_the_account_shows_roles_and_the_sign_ins_that_may_still_live(cast):
    for device in ("Firefox, Windows", "Chrome, Android"):
        sign_in.authenticate(username="opd-dinkes", password="rahasia-bersama", address=HERE, device=device)
    with pytest.raises(Unauthenticated):
        sign_in.authenticate(username="opd-dinkes", password="salah", address="203.0.113.66")
    found = own(cast.unit_admin)
    assert found.grants == ((Role.OPD_ADMIN, "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"),)
    assert [(each.address, each.device) for each in found.sign_ins] == [(HERE, "Chrome, Android"), (HERE, "Firefox, Windows")]
    assert users.end_sessions(cast.unit_admin, user_id=cast.unit_admin.user_id) == 1
    assert own(cast.unit_admin).sign_ins == ()
    assert (last().action, last().after) == ("account:sessions", {"sessions": "ended"})


def test_an_account_costs_the_same_however_often_one_signed_in(cast, db):
    with counted(db) as few:
        own(cast.assessor)
    for _ in range(5):
        sign_in.authenticate(username="penilai1", password="rahasia-bersama", address=HERE)
    with counted(db) as many:
        assert len(own(cast.assessor).sign_ins) == 5
    assert (len(few), len(many)) == (6, 6)
