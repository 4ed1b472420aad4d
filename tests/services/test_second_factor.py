"""The second factor: nothing counts before its code, every code counts once, and wrong ones are counted like wrong passwords."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, TooManyAttempts, Unauthenticated
from sipetruk.models import AuditEntry, LoginAttempt, Notification, RecoveryCode, SecondFactor, User
from sipetruk.models.base import database
from sipetruk.rules.permissions import SYSTEM, Role
from sipetruk.services import clock, second_factor, sign_in, users

NOW = datetime(2026, 11, 24, 2, 0, 10, tzinfo=UTC)
KEY = "kunci untuk pengujian"
HERE = "203.0.113.5"


def at(seconds=0):
    return clock.standing_at(NOW + timedelta(seconds=seconds))


def code(secret, seconds=0):
    return pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))


def begin(who, password="rahasia-bersama"):
    return second_factor.begin(who, password=password, address=HERE)


def confirm(who, given):
    return second_factor.confirm(who, code=given, address=HERE)


def first_step(username="penilai1", password="rahasia-bersama"):
    return sign_in.authenticate(username=username, password=password, address=HERE)


def second_step(first, given):
    return sign_in.confirm(first, code=given, address=HERE)


def steps():
    return [
        (entry.action, entry.after) for entry in AuditEntry.select().order_by(AuditEntry.id) if entry.thing_id and entry.thing == "user"
    ]


def test_it_counts_only_after_a_first_code(cast):
    with at():
        made = begin(cast.assessor)
        assert made.uri == f"otpauth://totp/SI%20PETRUK:penilai1?secret={made.secret}&issuer=SI%20PETRUK"
        assert second_factor.enrolment(cast.assessor) == made
        assert not first_step().needs_code
        with pytest.raises(Invalid) as refused:
            confirm(cast.assessor, "000000" if code(made.secret) != "000000" else "000001")
        assert [problem.path for problem in refused.value.problems] == [("code",)]
        assert not second_factor.is_on(cast.assessor.user_id)
        done = confirm(cast.assessor, code(made.secret))
    assert (len(done.codes), len(set(done.codes)), {len(each) for each in done.codes}) == (10, 10, {19})
    assert done.session_epoch == User.get_by_id(cast.assessor.user_id).session_epoch == 1
    assert second_factor.enrolment(cast.assessor) is None
    with at(60):
        first = first_step()
        assert first.needs_code
        after = second_step(first, code(made.secret, 60))
    assert (after.user_id, after.session_epoch, after.needs_code) == (cast.assessor.user_id, 1, False)


def test_an_enrolment_waits_half_an_hour(cast):
    with at():
        made = begin(cast.assessor)
    with at(30 * 60 + 1):
        assert second_factor.enrolment(cast.assessor) is None
        with pytest.raises(Invalid, match="Mulailah lagi dari awal"):
            confirm(cast.assessor, code(made.secret, 30 * 60 + 1))
    assert not second_factor.is_on(cast.assessor.user_id)


def test_beginning_asks_for_the_own_password(cast):
    with pytest.raises(Invalid, match="Kata sandi Anda tidak cocok"):
        begin(cast.assessor, "salah-sekali")
    assert SecondFactor.select().count() == 0
    assert [row.is_success for row in LoginAttempt.select()] == [False]


def test_beginning_again_makes_a_new_secret_but_not_where_one_counts(cast, switched_on):
    with at(), pytest.raises(Conflict):
        begin(cast.assessor)
    with at():
        assert begin(cast.viewer).secret != begin(cast.viewer).secret
        assert SecondFactor.select().where(SecondFactor.user == cast.viewer.user_id).count() == 1


def test_a_code_counts_once_and_none_before_it_any_more(cast, switched_on):
    with at(60):
        second_step(first_step(), code(switched_on.secret, 60))
        for seconds in (60, 30, 0):
            with pytest.raises(Unauthenticated, match="tidak cocok atau sudah dipakai"):
                second_step(first_step(), code(switched_on.secret, seconds))
        assert second_step(first_step(), code(switched_on.secret, 90)).user_id == cast.assessor.user_id


def test_the_code_of_the_confirmation_opens_nothing(cast, switched_on):
    with at(5), pytest.raises(Unauthenticated):
        second_step(first_step(), code(switched_on.secret))


@pytest.mark.parametrize("drift", [-60, 60])
def test_a_clock_that_is_a_minute_off_is_off(cast, switched_on, drift):
    with at(300), pytest.raises(Unauthenticated):
        second_step(first_step(), code(switched_on.secret, 300 + drift))


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "x" * 5000])
def test_what_is_no_code_is_refused(cast, switched_on, given):
    with at(60), pytest.raises(Unauthenticated):
        second_step(first_step(), given)


def test_spaces_in_a_code_do_not_matter(cast, switched_on):
    given = code(switched_on.secret, 60)
    with at(60):
        assert second_step(first_step(), f" {given[:3]} {given[3:]} ").user_id == cast.assessor.user_id


def test_a_recovery_code_counts_once_however_it_is_typed(cast, switched_on):
    with at(60):
        second_step(first_step(), switched_on.codes[0].upper().replace("-", " "))
        assert second_factor.codes_left(cast.assessor.user_id) == 9
        with pytest.raises(Unauthenticated):
            second_step(first_step(), switched_on.codes[0])
    assert steps()[-1] == ("account:second_factor", {"recovery_code": "used", "recovery_codes_left": 9})
    assert [(row.notice, row.params) for row in Notification.select().where(Notification.recipient == cast.assessor.user_id)] == [
        ("account_recovery", {"count": "9"})
    ]


def test_a_recovery_code_of_somebody_else_opens_nothing(cast, switched_on):
    with at():
        other = begin(cast.viewer)
        confirm(cast.viewer, code(other.secret))
    with at(60), pytest.raises(Unauthenticated):
        second_step(first_step("auditor"), switched_on.codes[0])


def test_wrong_codes_and_wrong_passwords_close_a_name_together(cast, switched_on):
    with at(60):
        first = first_step()
        for given in ("1", "2", "3"):
            with pytest.raises(Unauthenticated):
                second_step(first, given)
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                first_step(password="salah")
        with pytest.raises(TooManyAttempts):
            second_step(first, code(switched_on.secret, 60))
        with pytest.raises(TooManyAttempts):
            first_step()
        with pytest.raises(TooManyAttempts):
            first_step(password="salah")
    with at(60 + 15 * 60 + 1):
        assert second_step(first_step(), code(switched_on.secret, 60 + 15 * 60 + 1)).user_id == cast.assessor.user_id


def test_a_right_password_alone_is_neither_a_sign_in_nor_a_failure(cast, switched_on):
    before = LoginAttempt.select().count()
    with at(60):
        assert first_step().needs_code
    assert LoginAttempt.select().count() == before


@pytest.mark.parametrize("change", ["password", "inactive", "gone"])
def test_the_second_step_ends_with_what_the_first_was_proven_for(cast, switched_on, change):
    with at(60):
        first = first_step()
        if change == "password":
            users.set_password(SYSTEM, user_id=first.user_id, password="kata-sandi-baru")
        elif change == "inactive":
            users.set_active(SYSTEM, user_id=first.user_id, is_active=False, expected_version=2)
        else:
            first = sign_in.SignedIn(4711, 0, needs_code=True)
        with pytest.raises(Unauthenticated, match="Mulailah dari awal"):
            second_step(first, code(switched_on.secret, 60))


@pytest.mark.parametrize("kind", ["authenticator", "recovery"])
def test_one_code_sent_many_times_at_once_counts_once(cast, switched_on, kind):
    given = code(switched_on.secret, 60) if kind == "authenticator" else switched_on.codes[0]

    def come(_):
        with at(60):
            database.connect()
            try:
                second_step(sign_in.SignedIn(cast.assessor.user_id, 1, needs_code=True), given)
            except (Unauthenticated, TooManyAttempts):
                return False
            finally:
                database.close()
            return True

    with ThreadPoolExecutor(4) as many:
        assert sorted(many.map(come, range(4))) == [False, False, False, True]


def test_it_is_switched_off_with_password_and_code(cast, switched_on):
    def off(password, given):
        second_factor.disable(cast.assessor, password=password, code=given, address=HERE)

    with at(60):
        for password, given in (("salah", code(switched_on.secret, 60)), ("rahasia-bersama", "123")):
            with pytest.raises(Invalid):
                off(password, given)
        assert second_factor.is_on(cast.assessor.user_id)
        off("rahasia-bersama", code(switched_on.secret, 60))
        assert not first_step().needs_code
        with pytest.raises(Conflict):
            off("rahasia-bersama", code(switched_on.secret, 60))
    assert (SecondFactor.select().count(), RecoveryCode.select().count()) == (0, 0)


def test_where_a_role_asks_for_it_it_stays_on(cast, switched_on):
    second_factor.use(KEY, [Role.ASSESSOR])
    assert (second_factor.is_compulsory(cast.assessor), second_factor.is_compulsory(cast.viewer)) == (True, False)
    with at(60), pytest.raises(Forbidden, match="mewajibkan"):
        second_factor.disable(cast.assessor, password="rahasia-bersama", code=code(switched_on.secret, 60), address=HERE)
    assert second_factor.is_on(cast.assessor.user_id)


def test_new_recovery_codes_take_the_place_of_the_old(cast, switched_on):
    with at(60):
        with pytest.raises(Invalid):
            second_factor.renew_codes(cast.assessor, password="rahasia-bersama", code="1", address=HERE)
        codes = second_factor.renew_codes(cast.assessor, password="rahasia-bersama", code=switched_on.codes[0], address=HERE)
        assert second_factor.codes_left(cast.assessor.user_id) == 10
        with pytest.raises(Unauthenticated):
            second_step(first_step(), switched_on.codes[1])
        assert second_step(first_step(), codes[1]).user_id == cast.assessor.user_id


def test_an_administrator_takes_it_away_with_a_reason(cast, switched_on):
    number = cast.assessor.user_id
    with pytest.raises(Invalid, match="Alasan wajib diisi"):
        second_factor.reset(cast.bkpsdm, user_id=number, reason="  ")
    for who in (cast.verifier, cast.assessor, cast.assessor2, cast.unit_admin, cast.viewer):
        with pytest.raises(Forbidden):
            second_factor.reset(who, user_id=number, reason="Ponsel hilang.")
    with pytest.raises(Invalid, match="Akun saya"):
        second_factor.reset(cast.bkpsdm, user_id=cast.bkpsdm.user_id, reason="Ponsel hilang.")
    assert second_factor.is_on(number)
    second_factor.reset(cast.bkpsdm, user_id=number, reason="Ponsel hilang.")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.before, entry.after, entry.reason) == (
        "user:second_factor_reset", {"second_factor": "on"}, {"second_factor": "off"}, "Ponsel hilang.",
    )  # fmt: skip
    assert User.get_by_id(number).session_epoch == 2
    assert not first_step().needs_code
    assert [row.notice for row in Notification.select().where(Notification.recipient == number)] == ["account_factor_reset"]
    with pytest.raises(Invalid, match="tidak memakai"):
        second_factor.reset(cast.bkpsdm, user_id=number, reason="Sekali lagi.")


def test_a_new_key_of_the_application_leaves_the_recovery_codes(cast, switched_on):
    second_factor.use("kunci lain sama sekali")
    with at(60):
        with pytest.raises(Unauthenticated):
            second_step(first_step(), code(switched_on.secret, 60))
        assert second_step(first_step(), switched_on.codes[0]).user_id == cast.assessor.user_id


def test_no_secret_stands_in_the_database_or_the_audit(cast, switched_on):
    kept = str([list(table.select().dicts()) for table in (SecondFactor, RecoveryCode, AuditEntry, LoginAttempt)])
    assert [
        word for word in (switched_on.secret, *switched_on.codes, *(each.replace("-", "") for each in switched_on.codes)) if word in kept
    ] == []


def test_the_command_line_has_no_account(cast):
    with pytest.raises(Unauthenticated):
        begin(SYSTEM)


class On:
    def __init__(self, secret, codes):
        self.secret, self.codes = secret, codes


@pytest.fixture(autouse=True)
def key():
    second_factor.use(KEY)
    yield
    second_factor.use(KEY)


@pytest.fixture
def switched_on(cast):
    """The second factor of `cast.assessor`, on since NOW."""
    with at():
        made = begin(cast.assessor)
        return On(made.secret, confirm(cast.assessor, code(made.secret)).codes)
