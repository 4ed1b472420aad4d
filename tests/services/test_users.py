"""Users: who may sign in, the throttle, roles, and sessions that end when a right changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from peewee import DataError, IntegrityError

from sipetruk.errors import Conflict, Forbidden, Invalid, TooManyAttempts, Unauthenticated
from sipetruk.models import AuditEntry, LoginAttempt, Membership, Notification, User
from sipetruk.queries.users import actor_of
from sipetruk.queries.users import users as listed
from sipetruk.rules.permissions import SYSTEM, Action, Grant, Role
from sipetruk.services import accounts, clock, users
from sipetruk.services import sign_in as sign_in_service
from tests import kept
from tests.services.builders import counted
from tests.services.test_administration_at_once import at_once

NOW = datetime(2024, 10, 2, 2, 0, tzinfo=UTC)


def sign_in(username="penilai1", password="rahasia-bersama", address="203.0.113.5"):
    return sign_in_service.authenticate(username=username, password=password, address=address)


def test_the_right_password_signs_in_in_any_letter_case_of_the_name(cast):
    assert sign_in(" PENILAI1 ").user_id == cast.assessor.user_id


@pytest.mark.parametrize(("username", "password"), [("penilai1", "salah"), ("tidak-ada", "rahasia-bersama"), ("", "")])
def test_wrong_name_and_wrong_password_get_the_same_words(cast, username, password):
    with pytest.raises(Unauthenticated) as refused:
        sign_in(username, password)
    assert refused.value.message == "Nama pengguna atau kata sandi tidak cocok."


def test_a_password_is_hashed_as_owasp_asks():
    assert kept.OUTSIDE_TESTS.hash("rahasia-bersama").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_password_hashed_with_other_settings_is_hashed_anew_when_its_owner_signs_in(cast):
    User.update(password_hash=kept.OUTSIDE_TESTS.hash("rahasia-bersama")).where(User.id == cast.assessor.user_id).execute()
    assert sign_in().user_id == cast.assessor.user_id
    assert User.get_by_id(cast.assessor.user_id).password_hash.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert sign_in().user_id == cast.assessor.user_id


def test_an_inactive_user_gets_the_same_words(cast):
    users.set_active(cast.bkpsdm, user_id=cast.assessor.user_id, is_active=False, expected_version=1)
    with pytest.raises(Unauthenticated, match="tidak cocok"):
        sign_in()
    assert actor_of(cast.assessor.user_id, 0, "panel") is None


def test_five_failures_close_a_name_for_a_quarter_of_an_hour(cast):
    with clock.standing_at(NOW):
        for _ in range(5):
            with pytest.raises(Unauthenticated):
                sign_in(password="salah")
        with pytest.raises(TooManyAttempts, match="15 menit"):
            sign_in()
    with clock.standing_at(NOW + timedelta(minutes=15, seconds=1)):
        assert sign_in().user_id == cast.assessor.user_id


def test_attempts_do_not_keep_what_was_typed(cast):
    with pytest.raises(Unauthenticated):
        sign_in("kata-sandi-saya", "x")
    assert "kata-sandi-saya" not in str(list(LoginAttempt.select().dicts()))


def test_many_failures_from_one_address_close_it(cast):
    with clock.standing_at(NOW):
        for number in range(30):
            with pytest.raises(Unauthenticated):
                sign_in(f"orang-{number}", "salah")
        with pytest.raises(TooManyAttempts):
            sign_in()
        assert sign_in(address="203.0.113.6").user_id == cast.assessor.user_id


def test_a_new_password_ends_every_session(cast):
    before = sign_in()
    users.set_password(cast.bkpsdm, user_id=cast.assessor.user_id, password="kata-sandi-baru")
    assert actor_of(before.user_id, before.session_epoch, "panel") is None
    after = sign_in(password="kata-sandi-baru")
    assert actor_of(after.user_id, after.session_epoch, "panel").username == "penilai1"


def test_a_password_that_somebody_else_gave_is_marked_until_its_owner_chooses_one(cast):
    def given():
        return {row.username for row in listed(cast.bkpsdm) if row.has_given_password}

    assert given() == set()
    users.add(cast.bkpsdm, username="baru", name="Baru", password="panjang-sekali", grants=[])
    users.set_password(cast.bkpsdm, user_id=cast.assessor.user_id, password="kata-sandi-baru")
    users.set_password(cast.bkpsdm, user_id=cast.bkpsdm.user_id, password="kata-sandi-sendiri")
    users.add_many(SYSTEM, users=[users.NewUser("banyak", "Banyak", ()), users.NewUser("lain", "Lain", ())], password="panjang-sekali")
    users.add_many(SYSTEM, users=[users.NewUser("peraga", "Peraga", ())], password="panjang-sekali", has_given_password=False)
    assert given() == {"baru", "penilai1", "banyak", "lain"}
    assert (sign_in("baru", "panjang-sekali").has_given_password, sign_in("auditor").has_given_password) == (True, False)
    with pytest.raises(Invalid, match="sama dengan yang lama"):
        accounts.change_password(cast.assessor, old="kata-sandi-baru", new="kata-sandi-baru", address="")
    assert "penilai1" in given()
    accounts.change_password(cast.assessor, old="kata-sandi-baru", new="pilihan-saya-sendiri", address="")
    assert given() == {"baru", "banyak", "lain"}


def test_a_program_that_sets_the_password_of_its_own_person_has_given_it(cast):
    program = replace(cast.bkpsdm, limited_to=frozenset({Action.USER_MANAGE}))
    users.set_password(program, user_id=cast.bkpsdm.user_id, password="kata-sandi-baru")
    assert User.get_by_id(cast.bkpsdm.user_id).has_given_password


def test_new_roles_end_every_session_and_are_on_record(cast):
    users.set_grants(
        cast.bkpsdm, user_id=cast.assessor.user_id, grants=[Grant(Role.VERIFIER), Grant(Role.OPD_ADMIN, cast.unit_id)], expected_version=1
    )
    assert actor_of(cast.assessor.user_id, 0, "panel") is None
    assert actor_of(cast.assessor.user_id, 1, "panel").grants == (Grant(Role.VERIFIER), Grant(Role.OPD_ADMIN, cast.unit_id))
    assert [row.notice for row in Notification.select().where(Notification.recipient == cast.assessor.user_id)] == ["account_roles"]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert entry.before == {"grants": [{"role": "assessor", "unit_id": None}]}
    assert entry.after == {"grants": [{"role": "opd_admin", "unit_id": cast.unit_id}, {"role": "verifier", "unit_id": None}]}


@pytest.mark.parametrize("grants", [[], [Grant(Role.VIEWER)]])
def test_nobody_gives_up_the_own_right_to_manage_users(cast, grants):
    with pytest.raises(Invalid, match="tidak dapat dilepas dari akun sendiri"):
        users.set_grants(cast.bkpsdm, user_id=cast.bkpsdm.user_id, grants=grants, expected_version=1)
    assert actor_of(cast.bkpsdm.user_id, 0, "panel").grants == cast.bkpsdm.grants
    kept = [Grant(Role.BKPSDM_ADMIN), Grant(Role.VIEWER)]
    users.set_grants(cast.bkpsdm, user_id=cast.bkpsdm.user_id, grants=kept, expected_version=1)
    assert actor_of(cast.bkpsdm.user_id, 1, "panel").grants == tuple(kept)


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        (Grant(Role.OPD_ADMIN, None), "Peran Admin OPD memerlukan unit kerja."),
        (Grant(Role.VERIFIER, 1), "Peran Verifikator tidak terikat pada unit kerja."),
        (Grant(Role.OPD_HEAD, 4711), "Unit kerja tidak ditemukan."),
    ],
)
def test_a_role_without_sense_is_refused(cast, grant, words):
    with pytest.raises(Invalid) as refused:
        users.add(cast.bkpsdm, username="baru", name="Baru", password="panjang-sekali", grants=[grant])
    assert refused.value.message == words
    assert User.get_or_none(User.username == "baru") is None


def test_a_name_is_used_once_and_a_short_password_is_refused(cast):
    before = User.select().count()
    with pytest.raises(Conflict):
        users.add(cast.bkpsdm, username="penilai1", name="Lagi", password="panjang-sekali", grants=[])
    with pytest.raises(Invalid, match="paling sedikit 10"):
        users.add(cast.bkpsdm, username="baru", name="Baru", password="pendek", grants=[])
    with pytest.raises(Invalid, match="sama dengan nama pengguna"):
        users.add(cast.bkpsdm, username="pegawai-baru", name="Baru", password="Pegawai-Baru", grants=[])
    with pytest.raises(Invalid, match="sama dengan nama pengguna"):
        users.set_password(cast.bkpsdm, user_id=cast.assessor.user_id, password="penilai1")
    with pytest.raises(Invalid) as refused:
        users.add(cast.bkpsdm, username="Dengan Spasi", name=" ", password="panjang-sekali", grants=[])
    assert [p.path for p in refused.value.problems] == [("username",), ("name",)]
    assert User.select().count() == before


def test_only_bkpsdm_manages_users(cast):
    for who in (cast.verifier, cast.assessor, cast.unit_admin, cast.unit_head, cast.viewer):
        with pytest.raises(Forbidden):
            users.set_password(who, user_id=cast.bkpsdm.user_id, password="diambil-alih")
        with pytest.raises(Forbidden):
            listed(who)
    assert sign_in("bkpsdm").user_id == cast.bkpsdm.user_id


def test_everybody_may_sign_themselves_out_everywhere_and_nobody_else(cast):
    users.end_sessions(cast.assessor, user_id=cast.assessor.user_id)
    assert actor_of(cast.assessor.user_id, 0, "panel") is None
    with pytest.raises(Forbidden):
        users.end_sessions(cast.assessor2, user_id=cast.assessor.user_id)


def test_nobody_locks_themselves_out(cast):
    with pytest.raises(Invalid, match="akun sendiri"):
        users.set_active(cast.bkpsdm, user_id=cast.bkpsdm.user_id, is_active=False, expected_version=1)


def test_the_list_shows_roles_with_their_units(cast):
    found = {row.username: row.grants for row in listed(cast.bkpsdm)}
    assert found["opd-dishub"] == ((Role.OPD_ADMIN, "Dinas Perhubungan"),)
    assert found["auditor"] == ((Role.VIEWER, ""),)


def test_the_list_costs_the_same_for_many_users(cast, db):
    with counted(db) as few:
        listed(cast.bkpsdm)
    users.add_many(
        SYSTEM, users=[users.NewUser(f"orang-{n}", "Orang", (Grant(Role.VERIFIER),)) for n in range(30)], password="panjang-sekali"
    )
    with counted(db) as many:
        assert len(listed(cast.bkpsdm)) == 39
    assert (len(few), len(many)) == (4, 4)


def test_a_user_is_reached_by_number_and_address_of_one_spelling(cast):
    user_id = users.add(
        cast.bkpsdm,
        username="baru",
        name="Baru",
        password="panjang-sekali",
        grants=[],
        phone="(0526) 202-8001",
        email="Baru@Balangan.go.id",
    )
    assert (User.get_by_id(user_id).phone, User.get_by_id(user_id).email) == ("625262028001", "baru@balangan.go.id")
    users.update(cast.bkpsdm, user_id=user_id, name="Baru", phone="", email="", expected_version=1)
    assert (User.get_by_id(user_id).phone, User.get_by_id(user_id).email) == (None, None)
    with pytest.raises(Invalid) as refused:
        users.update(cast.bkpsdm, user_id=user_id, name="Baru", phone="1", email="x", expected_version=2)
    assert [problem.path for problem in refused.value.problems] == [("phone",), ("email",)]
    for who in (cast.verifier, cast.unit_admin):
        with pytest.raises(Forbidden):
            users.update(who, user_id=user_id, name="Lain", expected_version=2)
    assert User.get_by_id(user_id).name == "Baru"


@pytest.mark.parametrize("values", [{"phone": "1"}, {"phone": "6" * 16}, {"email": "Besar@x.id"}, {"email": "x"}])
def test_the_database_keeps_numbers_and_addresses_in_shape(cast, values):
    with pytest.raises((IntegrityError, DataError)):
        User.update(**values).where(User.id == cast.assessor.user_id).execute()


def test_no_password_stands_in_the_audit(cast):
    users.set_password(SYSTEM, user_id=cast.assessor.user_id, password="kata-sandi-baru")
    assert "kata-sandi-baru" not in str(list(AuditEntry.select().dicts()))
    assert Membership.select().count() == 9


def test_two_users_of_one_name_at_once_are_one(cast):
    def add(number):
        users.add(cast.bkpsdm, username="baru.sekali", name=f"Orang {number}", password="rahasia-bersama", grants=[])

    assert at_once(add) == ["done", "refused"]
    assert User.select().where(User.username == "baru.sekali").count() == 1
